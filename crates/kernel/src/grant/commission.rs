//! Commissions (uppdrag) from council to board to administration: which stand, which are overdue, and what answered them.
//!
//! Owns: where a commission stands on a day. Does not own: whether an answer is good enough.
//!
//! A commission due 2022-06-30 that no known decision answers is overdue on 2022-07-01.

use super::stated::{Said, latest};
use crate::fact::{Commission, Decision, Fact, Stated, Status};
use crate::register::Register;
use crate::time::Day;

/// A commission and where it stands.
#[derive(Clone, Debug)]
pub struct Followed<'r> {
    /// What was commissioned.
    pub commission: &'r Commission,
    /// How it was stated.
    pub stated: &'r Stated,
    /// By which decision.
    pub decision: &'r Decision,
    /// Where it stands.
    pub state: CommissionState<'r>,
}

/// Where a commission stands.
#[derive(Clone, Copy, Debug)]
pub enum CommissionState<'r> {
    /// Not answered, and not past its day or without one.
    Open,
    /// Not answered, and past its day.
    Overdue,
    /// Answered by a known decision.
    Answered(&'r Decision),
}

impl CommissionState<'_> {
    /// The name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Answered(_) => "answered",
        }
    }
}

/// All decided commissions as known at a revision, by when they were known, decision and order in it.
pub fn commissions(register: &Register, revision: u32, day: Day) -> Vec<Followed<'_>> {
    let is_decided = |decision: &Decision| decision.status == Status::Decided;
    let all = latest(register, revision, is_decided, |fact| match fact {
        Fact::Commission(commission) => Some((commission, commission.id.as_str())),
        _ => None,
    });
    let mut followed = Vec::with_capacity(all.len());
    for Said { fact: commission, stated, decision } in all {
        let answer = commission.answered_by.as_ref().and_then(|id| {
            let mut known = register.log().iter().filter(|one| one.revision <= revision);
            known.find(|one| one.decision.id == *id && is_decided(&one.decision))
        });
        let state = match answer {
            Some(recorded) => CommissionState::Answered(&recorded.decision),
            None if commission.due.is_some_and(|due| due < day) => CommissionState::Overdue,
            None => CommissionState::Open,
        };
        followed.push(Followed { commission, stated, decision, state });
    }
    followed
}
