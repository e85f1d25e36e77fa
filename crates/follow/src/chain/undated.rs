//! Contacts that do not say how long she has been pregnant: by kind and date.
//!
//! Owns: where they belong. Does not own: contacts with days.

use super::births::Group;
use super::dated::Placed;
use super::person::{Draft, Member, World};
use super::{Basis, Phase, Reason};
use crate::care::Care;
use kernel::fact::ContactKind;

/// Places each contact in a pregnancy, losses first, for they end pregnancies and may be all that is known of one.
pub(super) fn place(rest: &[Placed], births: &[Group], drafts: &mut Vec<Draft>, world: &World<'_>) {
    let is_loss = |row: u32| world.care(row).is_some_and(|care| world.facts(care).loss);
    let order = by_begin(drafts);
    losses(rest.iter().filter(|(_, row)| is_loss(*row)), &order, births, drafts, world);
    let order = by_begin(drafts);
    let mut lost: Vec<(i32, usize)> =
        (0..).zip(drafts.iter()).filter_map(|(at, draft)| Some((draft.loss?, at))).collect();
    lost.sort_unstable();
    let of_birth = births.iter().map(|birth| birth.day).collect::<Vec<_>>();
    for (place, row) in rest.iter().filter(|(_, row)| !is_loss(*row)) {
        let Some(care) = world.care(*row) else { continue };
        let places = Places { order: &order, lost: &lost, births: &of_birth, world };
        let Some((at, phase, reason)) = places.of(care, drafts, births) else { continue };
        let Some(draft) = drafts.get_mut(at) else { continue };
        draft.unseen_birth |= reason == Reason::AfterUnseenBirth;
        draft.members.push(Member { phase, place: *place, row: *row, reason });
    }
}

/// Beginning and position of each, by beginning.
fn by_begin(drafts: &[Draft]) -> Vec<(i32, usize)> {
    let dated = (0..).zip(drafts).filter(|(_, draft)| draft.start.is_some());
    let mut order: Vec<(i32, usize)> = dated.map(|(at, draft)| (draft.begins, at)).collect();
    order.sort_unstable();
    order
}

/// The last of what is sorted by day that is not after `day`.
fn latest<T: Copy>(sorted: &[T], day: i32, of: impl Fn(&T) -> i32) -> Option<T> {
    let after = sorted.partition_point(|item| of(item) <= day);
    after.checked_sub(1).and_then(|at| sorted.get(at)).copied()
}

fn losses<'a>(
    placed: impl Iterator<Item = &'a Placed>,
    order: &[(i32, usize)],
    births: &[Group],
    drafts: &mut Vec<Draft>,
    world: &World<'_>,
) {
    let mut alone: Option<usize> = None;
    for (place, row) in placed {
        let Some(day) = world.care(*row).map(|care| care.care_date.number()) else { continue };
        let goes_on = |at: &usize| {
            let Some(draft) = drafts.get(*at) else { return false };
            match draft.birth.and_then(|birth| births.get(birth)) {
                Some(birth) => day <= birth.day,
                None => day <= draft.begins + world.rules.longest_days,
            }
        };
        let known = latest(order, day, |item| item.0).map(|item| item.1).filter(goes_on);
        let told = alone.filter(|at| {
            let loss = drafts.get(*at).and_then(|draft| draft.loss);
            loss.is_some_and(|loss| day - loss <= world.rules.same_pregnancy_days)
        });
        let (reason, phase) = match (known, told) {
            (Some(_), _) => (Reason::WithinDates, Phase::Antenatal),
            (None, Some(_)) => (Reason::AfterLoss, Phase::Postnatal),
            (None, None) => (Reason::Loss, Phase::Antenatal),
        };
        let at = known.or(told).unwrap_or_else(|| {
            drafts.push(Draft {
                start: None,
                basis: Basis::Unknown,
                birth: None,
                loss: Some(day),
                unseen_birth: false,
                begins: day,
                members: Vec::new(),
            });
            drafts.len() - 1
        });
        if known.is_none() {
            alone = Some(at);
        }
        let Some(draft) = drafts.get_mut(at) else { continue };
        if draft.birth.is_none() {
            draft.loss = Some(draft.loss.map_or(day, |loss| loss.min(day)));
        }
        draft.members.push(Member { phase, place: *place, row: *row, reason });
    }
}

struct Places<'a> {
    order: &'a [(i32, usize)],
    lost: &'a [(i32, usize)],
    /// Days of births; the draft of each stands at its position.
    births: &'a [i32],
    world: &'a World<'a>,
}

impl Places<'_> {
    fn of(
        &self,
        care: &Care,
        drafts: &[Draft],
        births: &[Group],
    ) -> Option<(usize, Phase, Reason)> {
        let day = care.care_date.number();
        let after = || self.after_birth(day);
        match care.kind {
            ContactKind::PostnatalVisit => after().or_else(|| self.after_unseen(day, drafts)),
            ContactKind::HomeVisit | ContactKind::PhysiotherapyVisit => {
                after().or_else(|| self.within(day, drafts, births))
            }
            _ => self.within(day, drafts, births).or_else(after),
        }
        .or_else(|| self.after_loss(day))
    }

    fn after_birth(&self, day: i32) -> Option<(usize, Phase, Reason)> {
        let born = latest(self.births, day, |born| *born)?;
        let at = self.births.partition_point(|other| *other < born);
        let close = day - born <= self.world.rules.after_birth_days;
        close.then_some((at, Phase::Postnatal, Reason::AfterBirth))
    }

    fn after_loss(&self, day: i32) -> Option<(usize, Phase, Reason)> {
        let (lost, at) = latest(self.lost, day, |item| item.0)?;
        let close = day - lost <= self.world.rules.after_birth_days;
        close.then_some((at, Phase::Postnatal, Reason::AfterLoss))
    }

    fn within(
        &self,
        day: i32,
        drafts: &[Draft],
        births: &[Group],
    ) -> Option<(usize, Phase, Reason)> {
        let (begins, at) = latest(self.order, day, |item| item.0)?;
        let draft = drafts.get(at)?;
        let birth = draft.birth.and_then(|birth| births.get(birth)).map(|birth| birth.day);
        let end = birth.or(draft.loss).unwrap_or(begins + self.world.rules.longest_days);
        (day <= end).then_some((at, Phase::Antenatal, Reason::WithinDates))
    }

    fn after_unseen(&self, day: i32, drafts: &[Draft]) -> Option<(usize, Phase, Reason)> {
        let rules = self.world.rules;
        let (begins, at) = latest(self.order, day, |item| item.0)?;
        let open =
            drafts.get(at).is_some_and(|draft| draft.birth.is_none() && draft.loss.is_none());
        let (first, last) =
            (rules.earliest_birth_days, rules.longest_days + rules.after_birth_days);
        let late = (first..=last).contains(&(day - begins));
        (open && late).then_some((at, Phase::Postnatal, Reason::AfterUnseenBirth))
    }
}
