//! The parts that a share gives its recipients, by the key as known.
//!
//! Owns: whose values a key has in a year. Does not own: the division (`money`), or what is paid (`settle`).
//!
//! 10 kr by 1, 1, 1 and half-up in kronor is 3 kr each, and 1 kr that nobody has.

use crate::fact::{AllocationRule, ShareKey};
use crate::money::{Money, split};
use crate::register::View;
use std::collections::BTreeMap;

/// A recipient's part of a pot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'r> {
    /// A unit or another id.
    pub recipient: &'r str,
    /// Its value in the key.
    pub weight: u64,
    /// Its part.
    pub amount: Money,
}

/// The parts of a share in a year, by recipient, each with a value above 0 (R35, R47); none of other rules, and none where
/// the key has no values or the pot cannot be divided so.
pub(super) fn parts<'r>(view: &View<'r>, rule: &AllocationRule, year: i32) -> Vec<Part<'r>> {
    let AllocationRule::Share { pot, key, rounding, residue, .. } = rule else {
        return Vec::new();
    };
    let mut values: BTreeMap<&'r str, u64> = BTreeMap::new();
    match key {
        ShareKey::Capacity => {
            for ((_, unit), plan) in view.capacity.iter().filter(|((of, _), _)| *of == year) {
                values.insert(unit.as_str(), plan.fact.deliveries);
            }
        }
        ShareKey::Named(name) => {
            // Those without a year come first, so that those of the year replace them.
            for ((of, in_year, recipient), value) in &view.keys {
                if *of == name && in_year.is_none_or(|in_year| in_year == year) {
                    values.insert(recipient, value.fact.value);
                }
            }
        }
    }
    let weights: Vec<(&str, u64)> = values.into_iter().filter(|(_, value)| *value > 0).collect();
    let Ok(split) = split(pot.amount, &weights, *rounding, residue.as_deref()) else {
        return Vec::new();
    };
    let parts = weights.into_iter().zip(split.parts);
    parts.map(|((recipient, weight), amount)| Part { recipient, weight, amount }).collect()
}
