//! One person's contacts, from first to last.
//!
//! Owns: the steps: births, contacts with days, contacts without, and what becomes of each pregnancy. Does not own: the steps themselves.

use super::births::{self, Group};
use super::rules::Facts;
use super::{Basis, Birth, Chain, Ending, Episode, Link, Phase, Reason, Rules, dated, undated};
use crate::care::{Care, Cares};
use kernel::fact::ContactKind;
use kernel::time::Day;

/// What is the same for all persons.
pub(super) struct World<'a> {
    pub(super) cares: &'a Cares,
    pub(super) facts: &'a [Facts],
    pub(super) rules: &'a Rules,
    pub(super) through: i32,
}

impl World<'_> {
    pub(super) fn care(&self, row: u32) -> Option<&Care> {
        self.cares.rows.get(row as usize)
    }

    pub(super) fn facts(&self, care: &Care) -> Facts {
        let nothing = Facts { loss: false, children: None };
        self.facts.get(care.profile as usize).copied().unwrap_or(nothing)
    }

    /// The start that a delivery implies, if its days can be.
    pub(super) fn start_of_birth(&self, care: &Care) -> Option<i32> {
        let can_be = self.rules.earliest_birth_days..=self.rules.longest_days;
        let days = care.gestational_days.filter(|days| can_be.contains(days))?;
        Some(care.care_date.number() - days)
    }

    /// The start that another contact implies. Days at a visit after birth are none of a pregnancy.
    pub(super) fn start_of_contact(&self, care: &Care) -> Option<i32> {
        let days = care.gestational_days.filter(|_| care.kind != ContactKind::PostnatalVisit)?;
        Some(care.care_date.number() - days)
    }
}

/// A contact on its way into a pregnancy: sorted by phase, then by place in the person's order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    pub(super) phase: Phase,
    pub(super) place: usize,
    pub(super) row: u32,
    pub(super) reason: Reason,
}

/// A pregnancy on its way.
pub(super) struct Draft {
    pub(super) start: Option<i32>,
    pub(super) basis: Basis,
    /// Position of its birth.
    pub(super) birth: Option<usize>,
    pub(super) loss: Option<i32>,
    pub(super) unseen_birth: bool,
    /// The start, or else the first day that tells of it.
    pub(super) begins: i32,
    pub(super) members: Vec<Member>,
}

pub(super) fn link(rows: &[u32], world: &World<'_>, chain: &mut Chain) {
    let births = births::groups(rows, world);
    let (mut drafts, rest) = dated::drafts(&births, rows, world);
    undated::place(&rest, &births, &mut drafts, world);
    drafts.sort_by_key(|draft| draft.begins);
    for draft in drafts {
        keep(draft, &births, world, chain);
    }
}

fn keep(mut draft: Draft, births: &[Group], world: &World<'_>, chain: &mut Chain) {
    let birth = draft.birth.and_then(|birth| births.get(birth));
    for (at, row) in (0..).zip(birth.into_iter().flat_map(|birth| &birth.rows)) {
        let reason = if at == 0 { Reason::Birth } else { Reason::SameBirth };
        draft.members.push(Member { phase: Phase::Birth, place: at, row: *row, reason });
    }
    draft.members.sort_unstable();
    let episode = u32::try_from(chain.episodes.len()).unwrap_or(u32::MAX);
    let first = chain.members.len();
    for member in &draft.members {
        chain.members.push(member.row);
        if let Some(link) = chain.links.get_mut(member.row as usize) {
            *link = Link { episode, reason: member.reason, phase: member.phase };
        }
    }
    let up_to = |phase| first + draft.members.partition_point(|member| member.phase <= phase);
    let ends = [Phase::Antenatal, Phase::Birth, Phase::Postnatal].map(up_to);
    let person = draft.members.first().and_then(|member| world.care(member.row));
    chain.episodes.push(Episode {
        person: person.map_or(u32::MAX, |care| care.person),
        start: draft.start.map(Day::from_number),
        basis: draft.basis,
        ending: ending(&draft, birth, world),
        members: [first, ends[0], ends[1], ends[2]],
    });
}

fn ending(draft: &Draft, birth: Option<&Group>, world: &World<'_>) -> Ending {
    let first = birth.and_then(|birth| Some((birth, *birth.rows.first()?)));
    if let Some((birth, row)) = first
        && let Some(care) = world.care(row)
    {
        let (unit, day, born_at) = (care.unit, care.care_date, care.born_at);
        return Ending::Birth(Birth { row, unit, day, born_at, children: birth.children });
    }
    if let Some(day) = draft.loss {
        return Ending::Loss(Day::from_number(day));
    }
    let may_last = draft.begins + world.rules.longest_days >= world.through;
    match (draft.unseen_birth, may_last) {
        (true, _) => Ending::UnseenBirth,
        (false, true) => Ending::Ongoing,
        (false, false) => Ending::LostToFollowUp,
    }
}
