//! Whether decisions may be entered: none may take more from a grant than there is, or go outside a mandate.
//!
//! Owns: comparing the limits that are exceeded before and after. Does not own: the limits (`kernel::grant`).

use crate::data::DataFolder;
use crate::failure::Failure;
use crate::words;
use kernel::fact::{Decision, Fact};
use kernel::grant::{Breach, Settled, breaches};
use kernel::register::Register;
use kernel::time::Day;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Refuses new decisions, each with the day it is entered, if they exceed a limit of a grant that was not exceeded before.
pub fn admit(data: &DataFolder, new: &[(Day, Decision)]) -> Result<(), Failure> {
    let grants = grants_of(new.iter().map(|(_, decision)| decision));
    if grants.is_empty() {
        return Ok(());
    }
    let settled = data.settled()?;
    let mut after = Register::default();
    for recorded in data.register().log() {
        after.record(recorded.recorded_on, Arc::clone(&recorded.decision));
    }
    for (day, decision) in new {
        after.record(*day, Arc::new(decision.clone()));
    }
    refuse_new(data.register(), &after, &grants, &settled)
}

fn refuse_new(
    before: &Register,
    after: &Register,
    grants: &BTreeSet<&str>,
    settled: &[Settled],
) -> Result<(), Failure> {
    let of = |register| {
        let all = grants.iter().flat_map(|grant| breaches(register, u32::MAX, grant, settled));
        all.collect::<BTreeSet<_>>()
    };
    let before = of(before);
    // What was exceeded before, and no further, is not the fault of the new.
    let is_known = |breach: &Breach| {
        before.iter().any(|known| known.is_of_same(breach) && known.by >= breach.by)
    };
    let new: Vec<_> = of(after)
        .into_iter()
        .filter(|breach| !is_known(breach))
        .map(|b| words::breach(&b))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let of_lang = |text: fn(&kernel::finding::Text) -> &str| {
        new.iter().map(text).collect::<Vec<_>>().join("; ")
    };
    Err(Failure::refused(
        format!("{}; inget har ändrats", of_lang(|text| &text.sv)),
        format!("{}; nothing was changed", of_lang(|text| &text.en)),
    ))
}

/// The grants that decisions state acts of.
fn grants_of<'d>(decisions: impl Iterator<Item = &'d Decision>) -> BTreeSet<&'d str> {
    let facts = decisions.flat_map(|decision| &decision.facts);
    let acts = facts.filter_map(|stated| match &stated.fact {
        Fact::GrantAct(act) => Some(act.grant.as_str()),
        _ => None,
    });
    acts.collect()
}
