//! The latest known statement of each fact about grants (R7).
//!
//! Owns: which of several statements of one id counts. Does not own: what they say.
//!
//! A heading that a decision states after a proposal stands for the proposed one; a later proposal does not displace it.

use crate::fact::{Decision, Fact, Stated, Status};
use crate::register::{Recorded, Register};
use std::collections::BTreeMap;

/// A fact with how and by whom it was stated.
pub(super) struct Said<'r, T> {
    pub fact: &'r T,
    pub stated: &'r Stated,
    pub decision: &'r Decision,
}

/// The latest statements of one kind up to a revision among decisions that count, in the order first stated.
pub(super) fn latest<'r, T>(
    register: &'r Register,
    revision: u32,
    counts: impl Fn(&Decision) -> bool,
    of: impl Fn(&'r Fact) -> Option<(&'r T, &'r str)>,
) -> Vec<Said<'r, T>> {
    let known = register.log().iter().filter(|recorded| recorded.revision <= revision);
    let mut known: Vec<&Recorded> = known.filter(|recorded| counts(&recorded.decision)).collect();
    known.sort_by_key(|recorded| (recorded.decision.known_from, &recorded.decision.id));
    let mut found: Vec<Said<'r, T>> = Vec::new();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for recorded in known {
        let decision = recorded.decision.as_ref();
        for stated in &decision.facts {
            let Some((fact, id)) = of(&stated.fact) else { continue };
            let said = Said { fact, stated, decision };
            match place.get(id).and_then(|at| found.get_mut(*at)) {
                Some(earlier)
                    if earlier.decision.status == Status::Decided
                        && decision.status == Status::Proposed => {}
                Some(earlier) => *earlier = said,
                None => {
                    place.insert(id, found.len());
                    found.push(said);
                }
            }
        }
    }
    found
}
