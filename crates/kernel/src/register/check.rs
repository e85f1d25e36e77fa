//! What is wrong in a register, each finding with a witness.
//!
//! Owns: the checks. Those whose findings refuse ("load error" in rules.md) must be clean before a view is
//! priced; the others are for people. Does not own: faults of form, which the ratebook reader finds.
//!
//! [`check_files`] looks at what the files say to each other, [`check_view`] at what is known as of a view, [`answers`] at a proposal and
//! a decision.

mod answer;
mod files;
mod gaps;
mod pairs;
mod rates;
mod structure;

pub use answer::answers;
pub use files::check_files;

use super::View;
use crate::finding::Finding;
use crate::time::Day;

/// All findings of a view that amounts cannot be computed with.
pub fn refusals(view: &View<'_>) -> Vec<Finding> {
    let mut findings = structure::check(view);
    findings.extend(rates::check(view));
    findings.retain(|finding| finding.refuses);
    findings
}

/// All findings of a view as known on a day.
pub fn check_view(view: &View<'_>, known_on: Day) -> Vec<Finding> {
    let mut findings = structure::check(view);
    findings.extend(rates::check(view));
    findings.extend(gaps::check(view, known_on));
    findings
}
