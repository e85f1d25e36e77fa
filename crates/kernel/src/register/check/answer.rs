//! Whether a decision is the answer to a proposal.
//!
//! Owns: what tells that the two are about one matter. Does not own: what either would pay.
//!
//! A proposal of a delivery add-on is not answered by a decision about the same add-on for other units, or for other days, or by one of
//! another case.

use super::gaps::unit_holds;
use crate::fact::{Decision, Fact, Rate, Status, UnitCondition};
use crate::register::View;
use crate::register::clash::is_possible;

/// Whether `decision` answers `proposal`: both have the same case number, or, where not both have one, the same body decides on a rate of
/// the same element that could apply to the same contact (of unit formulas: unit) on the same day. Units and assignments are of `view`.
///
/// A decision without any such rate answers its case all the same: what was proposed was then not decided.
pub fn answers(decision: &Decision, proposal: &Decision, view: &View<'_>) -> bool {
    if decision.status != Status::Decided || proposal.status == Status::Decided {
        return false;
    }
    if let (Some(one), Some(other)) = (&decision.case_number, &proposal.case_number) {
        return bare(one) == bare(other);
    }
    bare(&decision.body) == bare(&proposal.body)
        && rates(proposal).any(|asked| rates(decision).any(|given| can_meet(asked, given, view)))
}

/// Case numbers and bodies are written with and without spaces, in any case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn rates(decision: &Decision) -> impl Iterator<Item = &Rate> {
    decision.facts.iter().filter_map(|stated| match &stated.fact {
        Fact::Rate(rate) => Some(rate.as_ref()),
        _ => None,
    })
}

fn can_meet(one: &Rate, other: &Rate, view: &View<'_>) -> bool {
    let contacts = [&one.when.contact, &other.when.contact];
    one.element == other.element
        && one.valid.overlaps(other.valid)
        && is_possible(&contacts, &[], view.county())
        && can_meet_at_a_unit(one, other, view)
}

fn can_meet_at_a_unit(one: &Rate, other: &Rate, view: &View<'_>) -> bool {
    let (first, second) = (&one.when.unit, &other.when.unit);
    let is_bound = |condition: &UnitCondition| *condition != UnitCondition::default();
    if !is_bound(first) || !is_bound(second) {
        return true;
    }
    view.histories.iter().any(|history| {
        let mut days = history.changes();
        days.any(|day| unit_holds(first, history, day) && unit_holds(second, history, day))
    })
}
