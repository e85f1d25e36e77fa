//! The formula *share*: a pot divided by a key (R35–R37).
//!
//! 60 000 000 kr by planned capacity 5 500 of 28 100 gives Danderyd 11 743 772 kr.

use crate::fact::{Decision, Formula, Rate, ShareKey};
use crate::money::{Money, SplitError, split};
use crate::register::View;
use crate::time::Period;

/// A recipient and its value in the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant<'r> {
    /// A unit or another id.
    pub recipient: &'r str,
    /// Its value, above 0.
    pub value: u64,
}

/// A pot divided as a view knows its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division<'r> {
    /// Who takes part, in order of id.
    pub participants: Vec<Participant<'r>>,
    /// Their parts, in the same order.
    pub parts: Vec<Money>,
    /// What is left unallocated.
    pub residual: Money,
}

/// Divides the pot of a share rate among all recipients with a value above 0 for its year,
/// restricted by `when.unit` only if given. No agreement is asked for.
pub fn division<'r>(view: &View<'r>, rate: &Rate) -> Result<Division<'r>, SplitError> {
    let Formula::Share { pot, key, rounding, residue, .. } = &rate.formula else {
        return Err(SplitError::NoWeights);
    };
    let mut participants = participants(view, key, year(rate.valid));
    if let Some(units) = &rate.when.unit.unit {
        participants.retain(|one| units.iter().any(|unit| unit.as_str() == one.recipient));
    }
    let weights: Vec<(&str, u64)> =
        participants.iter().map(|one| (one.recipient, one.value)).collect();
    let split = split(*pot, &weights, *rounding, residue.as_deref())?;
    Ok(Division { participants, parts: split.parts, residual: split.residual })
}

fn year(valid: Period) -> i32 {
    valid.from.year()
}

/// Recipients with a value above 0, in order of id. A value of the year wins over one without (R47).
fn participants<'r>(view: &View<'r>, key: &ShareKey, year: i32) -> Vec<Participant<'r>> {
    let all: Vec<Participant<'r>> = match key {
        ShareKey::Capacity => view
            .capacity
            .iter()
            .filter(|((of_year, _), _)| *of_year == year)
            .map(|((_, unit), plan)| Participant {
                recipient: unit.as_str(),
                value: plan.fact.deliveries,
            })
            .collect(),
        ShareKey::Named(name) => {
            let of_key = view.keys.iter().filter(|((other, _, _), _)| *other == name);
            let mut values = std::collections::BTreeMap::new();
            // Values without year come first in the map, so those of the year overwrite them.
            for ((_, of_year, recipient), value) in of_key {
                if of_year.is_none_or(|of_year| of_year == year) {
                    values.insert(*recipient, value.fact.value);
                }
            }
            values.into_iter().map(|(recipient, value)| Participant { recipient, value }).collect()
        }
    };
    all.into_iter().filter(|participant| participant.value > 0).collect()
}

/// The decisions that the key's values come from.
pub(super) fn key_decisions<'r>(
    view: &View<'r>,
    key: &ShareKey,
    valid: Period,
) -> Vec<&'r Decision> {
    let year = if valid.from == crate::time::Day::MIN { 0 } else { year(valid) };
    match key {
        ShareKey::Capacity => {
            let of_year = view.capacity.iter().filter(|((of_year, _), _)| *of_year == year);
            of_year.map(|(_, plan)| plan.decision).collect()
        }
        ShareKey::Named(name) => {
            let of_key = view.keys.iter().filter(|((other, of_year, _), _)| {
                *other == name && of_year.is_none_or(|of_year| of_year == year)
            });
            of_key.map(|(_, value)| value.decision).collect()
        }
    }
}
