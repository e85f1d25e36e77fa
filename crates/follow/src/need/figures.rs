//! What may leave the clinic: counts of a year, few enough and large enough to say nothing of one woman.
//!
//! Owns: which counts there are, and which of them are withheld. Does not own: the threshold (decided data), or what was released before.
//!
//! Each figure that is told, and each difference of two of them, is 0 or at least the threshold; the grounds are at least the threshold or
//! withheld together, since "none of them" is a ground too. How many were paid and followed up differently is told under the same rule.

use super::chain::{Chain, Decided};
use super::course::Step;
use kernel::named;

named! {
    /// What is counted: each is a part of the one before it.
    Figure {
        /// Referrals received, those withdrawn while waiting too.
        Referred = "referred",
        /// Of them, eligible.
        Eligible = "eligible",
        /// Of them, offered a place.
        Offered = "offered",
        /// Of them, accepted.
        Accepted = "accepted",
        /// Of them, started.
        Started = "started",
        /// Of them, kept through birth.
        Kept = "kept",
    }
}

/// How many figures there are.
pub const FIGURES: usize = Figure::ALL.len();

/// Counts of women expected to give birth in a year. Never shown as they are: [`Counts::released`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the order of [`Figure::ALL`]; never increasing.
    pub figures: [u32; FIGURES],
    /// Of the eligible, those with a clinical ground.
    pub clinical: u32,
    /// Deliveries that were paid and followed up differently.
    pub differences: u32,
}

/// What may be told; `None` is withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Released {
    /// In the order of [`Figure::ALL`].
    pub figures: [Option<u32>; FIGURES],
    /// Of the eligible, those with a clinical ground, and those with social grounds alone.
    pub grounds: Option<[u32; 2]>,
    /// Deliveries that were paid and followed up differently.
    pub differences: Option<u32>,
}

impl Counts {
    /// Of women whose due day lies in a year, and of so many deliveries of it that were paid and followed up differently.
    pub fn of(chain: &Chain, year: i32, decided: Decided<'_>, differences: u32) -> Self {
        let mut counts = Self { differences, ..Self::default() };
        let cases = chain.cases.values().filter(|case| case.referral.due_on.year() == year);
        for case in cases {
            let assessed = decided.assess(&case.referral);
            let mut reached = [
                true,
                assessed.is_eligible() || case.reached(Step::Offer),
                case.reached(Step::Offer),
                case.reached(Step::Accept),
                case.reached(Step::Start),
                case.reached(Step::Keep),
            ];
            // Each is a part of the one before.
            let mut before = true;
            for one in &mut reached {
                before = before && *one;
                *one = before;
            }
            for (count, reached) in counts.figures.iter_mut().zip(reached) {
                *count += u32::from(reached);
            }
            counts.clinical += u32::from(reached[1] && assessed.clinical.is_some());
        }
        counts
    }

    /// What may be told where no count below `threshold` may be known. Between two figures that are told lie 0 women or at least the
    /// threshold; `kept` is told where it is 0 or at least the threshold, and so upwards.
    pub fn released(&self, threshold: u32) -> Released {
        let mut released = Released::default();
        let mut told = 0;
        for (count, out) in self.figures.iter().zip(&mut released.figures).rev() {
            let more = count - told;
            if more == 0 || more >= threshold {
                (*out, told) = (Some(*count), *count);
            }
        }
        let eligible = self.figures[Figure::Eligible as usize];
        let parts = [self.clinical, eligible - self.clinical];
        let is_told = released.figures[Figure::Eligible as usize].is_some();
        if is_told && parts.iter().all(|part| *part >= threshold.max(1)) {
            released.grounds = Some(parts);
        }
        let is_told = self.differences == 0 || self.differences >= threshold;
        released.differences = is_told.then_some(self.differences);
        released
    }
}

impl Released {
    /// Whether this may follow on one that was told before of the same year, so that nobody is told of by subtracting the two: no count
    /// that both tell differs by few women, and no figure that only one of them tells lies few women from a figure that the other tells.
    pub fn may_follow(&self, before: &Self, threshold: u32) -> bool {
        let far = |one: u32, other: u32| one == other || one.abs_diff(other) >= threshold;
        let same = self.counts().into_iter().zip(before.counts());
        let is_same_far = same.into_iter().all(|pair| match pair {
            (Some(now), Some(then)) => far(now, then),
            _ => true,
        });
        is_same_far && self.is_far_from_hidden(before, far) && before.is_far_from_hidden(self, far)
    }

    /// Whether what the other tells and this withholds lies far from all figures of this.
    fn is_far_from_hidden(&self, other: &Self, far: impl Fn(u32, u32) -> bool) -> bool {
        let hidden = self.figures.iter().zip(other.figures).filter(|(own, _)| own.is_none());
        let mut told = hidden.filter_map(|(_, told)| told);
        told.all(|told| self.figures.iter().flatten().all(|own| far(*own, told)))
    }

    /// All that is told, each in its place.
    fn counts(&self) -> Vec<Option<u32>> {
        let grounds = self.grounds.map_or([None; 2], |parts| parts.map(Some));
        self.figures.iter().copied().chain(grounds).chain([self.differences]).collect()
    }
}
