//! Counts of births and minutes by whatever the caller asks: unit, month, weekday, hour.
//!
//! Owns: the adding up. Does not own: shares, intervals or what may be shown of small groups.
//!
//! Clock hours are Swedish and begin where hours of UTC do; the hour that occurs twice in autumn counts in both its minutes.

use super::{Apart, Birth, Fault, Missing, Outcome, Span, spans};
use crate::minute::Minute;
use std::collections::BTreeMap;

/// Births of one group. `births` = `measured` + all of `missing`, `faulty` and `apart`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub births: u64,
    /// Measured ones: the denominator of every share.
    pub measured: u64,
    /// Active minutes of the measured ones.
    pub active_minutes: u64,
    /// Minutes of those with a midwife of her own.
    pub own_minutes: u64,
    /// How many of the measured ones reach each per cent of own minutes, in the order asked.
    pub met: Vec<u64>,
    /// Not measured, by reason.
    pub missing: BTreeMap<Missing, u64>,
    /// Faulty, by fault.
    pub faulty: BTreeMap<Fault, u64>,
    /// Without active phase at the clinic.
    pub apart: BTreeMap<Apart, u64>,
}

impl Tally {
    fn add(&mut self, birth: &Birth, percents: &[u64]) {
        self.births += 1;
        self.met.resize(percents.len(), 0);
        match birth.outcome {
            Outcome::Missing(reason) => *self.missing.entry(reason).or_default() += 1,
            Outcome::Faulty(fault) => *self.faulty.entry(fault).or_default() += 1,
            Outcome::Apart(apart) => *self.apart.entry(apart).or_default() += 1,
            Outcome::Measured => {
                self.measured += 1;
                self.active_minutes += birth.active_minutes();
                self.own_minutes += birth.own_minutes();
                for (met, percent) in self.met.iter_mut().zip(percents) {
                    *met += u64::from(birth.met(*percent) == Some(true));
                }
            }
        }
    }
}

/// Counts births by what `key` says of each; `percents` are whole per cent (75, 90, 100). A key of `None` is a group of its own where the
/// key is an `Option`.
pub fn tally<K: Ord>(
    births: &[Birth],
    percents: &[u64],
    key: impl Fn(&Birth) -> K,
) -> BTreeMap<K, Tally> {
    let mut tallies: BTreeMap<K, Tally> = BTreeMap::new();
    for birth in births {
        tallies.entry(key(birth)).or_default().add(birth, percents);
    }
    tallies
}

/// Minutes of active phases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Minutes {
    /// All whose active phase is known.
    pub active: u64,
    /// With a midwife of her own.
    pub own: u64,
    /// Nobody knows.
    pub unknown: u64,
}

impl std::ops::AddAssign for Minutes {
    fn add_assign(&mut self, other: Self) {
        self.active += other.active;
        self.own += other.own;
        self.unknown += other.unknown;
    }
}

/// Counts minutes by what `key` says of a birth and a minute of it; asked once for each clock hour, so a key may not depend on the minute
/// within the hour.
pub fn minutes_by<K: Ord>(
    births: &[Birth],
    key: impl Fn(&Birth, Minute) -> K,
) -> BTreeMap<K, Minutes> {
    let mut sums: BTreeMap<K, Minutes> = BTreeMap::new();
    for birth in births {
        for hour in birth.active.into_iter().flat_map(hours) {
            let sum = sums.entry(key(birth, hour.from)).or_default();
            let within = |set: &[Span]| spans::within(set, hour).map(Span::minutes).sum::<u64>();
            sum.active += hour.minutes();
            sum.own += within(&birth.own);
            sum.unknown += within(&birth.unknown);
        }
    }
    sums
}

/// A stretch cut at whole hours.
fn hours(span: Span) -> impl Iterator<Item = Span> {
    let mut from = span.from;
    std::iter::from_fn(move || {
        let until = from.plus(60 - from.number().rem_euclid(60)).min(span.until);
        let hour = Span::new(from, until)?;
        from = until;
        Some(hour)
    })
}
