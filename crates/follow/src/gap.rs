//! Equity gaps: how far apart groups of women are, and how sure that is.
//!
//! Owns: each group held against another or against all others together, and whether the groups differ at all. Does not own: what
//! groups there are, or which gaps may be published.
//!
//! 90 of 100 in the calm area and 70 of 100 in the other: a gap of 20 points, from 9 to 31, and a ratio of 1.29.

use crate::interval::{Interval, Level, Share, difference, ratio};
use crate::special::gamma_cdf;

/// One group held against others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// The share of the group minus that of the others.
    pub difference: f64,
    /// Newcombe's interval of the difference.
    pub difference_interval: Interval,
    /// The share of the group over that of the others; `None` where theirs is 0.
    pub ratio: Option<f64>,
    /// Koopman's interval of the ratio.
    pub ratio_interval: Interval,
}

/// A group held against another; `None` where either has nobody.
pub fn gap(group: Share, other: Share, level: Level) -> Option<Gap> {
    let (one, two) = (group.value()?, other.value()?);
    Some(Gap {
        difference: one - two,
        difference_interval: difference(group, other, level),
        ratio: (two > 0.0).then(|| one / two),
        ratio_interval: ratio(group, other, level),
    })
}

/// Each group held against all others together, in the order given. The level is that of one gap: of twenty groups that are alike, one
/// is by chance outside at 95 %; [`are_alike`] asks once for all of them.
pub fn gaps(groups: &[Share], level: Level) -> Vec<Option<Gap>> {
    let count = groups.iter().map(|group| group.count).sum::<u64>();
    let of = groups.iter().map(|group| group.of).sum::<u64>();
    let others = |group: &Share| Share { count: count - group.count, of: of - group.of };
    groups.iter().map(|group| gap(*group, others(group), level)).collect()
}

/// How likely differences as large as these are where all groups are alike: Pearson's chi-square. `None` with fewer than two groups, or
/// where nobody or everybody has it. Not to be trusted where a group expects fewer than five.
pub fn are_alike(groups: &[Share]) -> Option<f64> {
    let asked = || groups.iter().filter(|group| group.of > 0);
    let count = asked().map(|group| group.count as f64).sum::<f64>();
    let of = asked().map(|group| group.of as f64).sum::<f64>();
    if asked().count() < 2 || count == 0.0 || count == of {
        return None;
    }
    let share = count / of;
    let apart = |group: &Share| {
        let away = group.count as f64 - share * group.of as f64;
        away * away / (group.of as f64 * share * (1.0 - share))
    };
    let (sum, free) = (asked().map(apart).sum::<f64>(), asked().count() - 1);
    Some(1.0 - gamma_cdf(0.5 * sum, 0.5 * free as f64))
}
