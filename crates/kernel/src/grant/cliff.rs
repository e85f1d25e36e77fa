//! What stands unfinanced when grants end.
//!
//! Owns: what goes on without a grant, year by year. Does not own: whether the region pays it from elsewhere.
//!
//! The grant of 2025 is the last and is proposed to pay 150 Mkr of raises; from 2026 they stand unfinanced.

use super::tree::{Branch, Range, Tree};
use crate::fact::Status;

/// What grants of a year pay of what goes on without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearFinanced {
    /// The year.
    pub year: i32,
    /// By decision.
    pub decided: Range,
    /// By proposal alone.
    pub proposed: Range,
    /// Whether a grant of the year is said to be the last.
    pub is_last: bool,
    /// What stands unfinanced the year after by what is registered: all of it where the grant is the last, nothing that is
    /// known where it is not.
    pub unfinanced_after: Range,
}

/// The years of grants that pay for what goes on, in order.
pub fn years_financed(trees: &[Tree<'_>]) -> Vec<YearFinanced> {
    let mut years: Vec<YearFinanced> = Vec::new();
    for tree in trees {
        let year = tree.grant.year;
        if years.last().is_none_or(|last| last.year != year) {
            let nothing = Range::default();
            years.push(YearFinanced {
                year,
                decided: nothing,
                proposed: nothing,
                is_last: false,
                unfinanced_after: nothing,
            });
        }
        let Some(of_year) = years.last_mut() else { continue };
        of_year.is_last |= tree.grant.is_last;
        for branch in tree.headings.iter().flat_map(permanent) {
            match branch.decision.status {
                Status::Decided => of_year.decided = of_year.decided + branch.amount,
                Status::Proposed => of_year.proposed = of_year.proposed + branch.amount,
            }
        }
    }
    for year in &mut years {
        if year.is_last {
            year.unfinanced_after = year.decided + year.proposed;
        }
    }
    years
}

/// A heading that is permanent counts whole; else those of its items that are.
fn permanent<'t, 'r>(heading: &'t Branch<'r>) -> Vec<&'t Branch<'r>> {
    if heading.is_permanent {
        return vec![heading];
    }
    heading.items.iter().filter(|item| item.is_permanent).collect()
}
