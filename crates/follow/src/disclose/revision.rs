//! Whether a table may be published anew.
//!
//! Owns: what may follow what was published before. Does not own: what a publication withholds ([`disclose`]).
//!
//! 97 and then 99 of the same clinic: two women can be subtracted, so the second is not published. 97 and then 110: thirteen came late.

use super::{Cell, Figure, Published, Release, disclose};
use crate::outcome::is_small;
use std::collections::{BTreeMap, BTreeSet};

/// Why a table may not be published beside what was published before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Barred {
    /// A count has changed by fewer women than the threshold.
    SmallDifference,
    /// What one publication withholds could perhaps be worked out from the other.
    Unproved,
}

/// Judges a publication (its releases in their order) beside earlier ones of the same women, cells called the same in all of them.
///
/// Every basic cell, and every figure that any of them has, told or withheld, must be what it was or differ by at least `threshold`
/// from each earlier one. So what sums and differences of them come to is nobody, or at least so many women, unless women who came and
/// women who went are set off against each other, and then it is of more. And of all that was ever withheld, and of what is withheld
/// now, there must be the proof of [`disclose`] over all releases together.
pub fn follows(new: &[Published], earlier: &[&[Published]], threshold: u64) -> Result<(), Barred> {
    if !earlier.iter().all(|old| are_apart(old, new, threshold)) {
        return Err(Barred::SmallDifference);
    }
    let mut all: Vec<Published> = Vec::new();
    for published in earlier.iter().flat_map(|old| old.iter()).chain(new) {
        if !all.contains(published) {
            all.push(published.clone());
        }
    }
    match disclose(&Release::default(), &all, threshold).exposed.is_empty() {
        true => Ok(()),
        false => Err(Barred::Unproved),
    }
}

fn are_apart(old: &[Published], new: &[Published], threshold: u64) -> bool {
    let (before, after) = (cells(old), cells(new));
    let keys: BTreeSet<&Cell> = before.keys().chain(after.keys()).copied().collect();
    let of = |cells: &BTreeMap<&Cell, u64>, key| cells.get(key).copied().unwrap_or(0);
    let is_near = |one: u64, other: u64| is_small(one.abs_diff(other), threshold);
    let changed: Vec<(&Cell, u64, u64)> = keys
        .into_iter()
        .map(|key| (key, of(&before, key), of(&after, key)))
        .filter(|(_, one, other)| one != other)
        .collect();
    let figures: BTreeSet<&Figure> =
        old.iter().chain(new).flat_map(|published| &published.release.figures).collect();
    let moved = |figure: &Figure| {
        let within = changed.iter().filter(|(cell, _, _)| super::is_within(figure, cell));
        within.fold((0, 0), |(a, b), (_, one, other)| (a + one, b + other))
    };
    changed.iter().all(|(_, one, other)| !is_near(*one, *other))
        && figures.into_iter().map(moved).all(|(one, other)| !is_near(one, other))
}

fn cells(published: &[Published]) -> BTreeMap<&Cell, u64> {
    published
        .iter()
        .flat_map(|one| &one.release.cells)
        .map(|(cell, count)| (cell, *count))
        .collect()
}
