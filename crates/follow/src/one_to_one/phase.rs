//! Active phases: which are known, and when a woman of whom it is unknown may be in one.
//!
//! Owns: the judging of labour. Does not own: midwives.

use super::spans::Span;
use super::{Apart, Delivery, Fault, Limits, Missing, Outcome};
use crate::inputs::{Labour, LabourStart};
use crate::minute::Minute;
use kernel::intern::FastMap;
use kernel::time::Day;

/// What is known of one contact's active phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// It.
    Known(Span),
    /// Not known; she may be in it during `window`.
    Open { outcome: Outcome, window: Span },
    /// There is none.
    Never(Outcome),
}

/// The active phases of all contacts and women.
pub(super) struct Phases {
    of_contact: FastMap<u32, Judged>,
    woman_of: FastMap<u32, u32>,
    /// Sets.
    of_woman: FastMap<u32, Vec<Span>>,
    /// Numbers from here on are women known by a contact alone.
    first_free: u32,
}

impl Phases {
    pub(super) fn new(deliveries: &[Delivery], labour: &[Labour], limits: &Limits) -> Self {
        let mut of_contact: FastMap<u32, Judged> = FastMap::default();
        let mut rows: Vec<&Labour> = labour.iter().collect();
        rows.sort_unstable_by_key(|row| {
            (row.contact, row.active_from, row.active_until, row.start)
        });
        rows.dedup();
        let days: FastMap<u32, Day> =
            deliveries.iter().map(|delivery| (delivery.contact, delivery.care_date)).collect();
        for same in rows.chunk_by(|a, b| a.contact == b.contact) {
            let judged = match same {
                [row] if is_away(row, days.get(&row.contact).copied(), limits) => Judged::Open {
                    outcome: Outcome::Faulty(Fault::NotAtBirth),
                    window: Span::ALWAYS,
                },
                [row] => judge(row, limits),
                _ => Judged::Open {
                    outcome: Outcome::Faulty(Fault::Conflicting),
                    window: Span::ALWAYS,
                },
            };
            of_contact.extend(same.first().map(|row| (row.contact, judged)));
        }
        let mut women: FastMap<u32, u32> = FastMap::default();
        let mut woman_of: FastMap<u32, u32> = FastMap::default();
        for delivery in deliveries {
            let next = u32::try_from(women.len()).unwrap_or(u32::MAX);
            woman_of.insert(delivery.contact, *women.entry(delivery.woman).or_insert(next));
        }
        let first_free = u32::try_from(women.len()).unwrap_or(u32::MAX);
        let mut phases = Self { of_contact, woman_of, of_woman: FastMap::default(), first_free };
        let known: Vec<(u32, Span)> =
            rows.iter().filter_map(|row| phases.known(row.contact)).collect();
        for (woman, span) in known {
            phases.of_woman.entry(woman).or_default().push(span);
        }
        for spans in phases.of_woman.values_mut() {
            *spans = super::spans::merge(std::mem::take(spans));
        }
        phases
    }

    fn known(&mut self, contact: u32) -> Option<(u32, Span)> {
        let woman = self.meet(contact);
        let Judged::Known(span) = self.of_contact(contact) else { return None };
        Some((woman, span))
    }

    /// The woman's number; a contact that is no delivery here is a woman of its own.
    fn meet(&mut self, contact: u32) -> u32 {
        let next = self.woman_of.len();
        let next = u32::try_from(next).unwrap_or(u32::MAX).saturating_add(self.first_free);
        *self.woman_of.entry(contact).or_insert(next)
    }

    /// The woman's number, if any delivery or labour names the contact.
    pub(super) fn woman(&self, contact: u32) -> Option<u32> {
        self.woman_of.get(&contact).copied()
    }

    pub(super) fn of_contact(&self, contact: u32) -> Judged {
        let nothing =
            Judged::Open { outcome: Outcome::Missing(Missing::NoLabour), window: Span::ALWAYS };
        self.of_contact.get(&contact).copied().unwrap_or(nothing)
    }

    /// All known active phases of a woman: a set.
    pub(super) fn of_woman(&self, woman: u32) -> &[Span] {
        self.of_woman.get(&woman).map_or(&[], |spans| spans)
    }

    /// Positions of labour whose contact is no delivery.
    pub(super) fn stray(&self, labour: &[Labour]) -> Vec<usize> {
        let stray = |row: &Labour| self.woman(row.contact).is_none_or(|w| w >= self.first_free);
        (0..).zip(labour).filter(|(_, row)| stray(row)).map(|(at, _)| at).collect()
    }
}

/// What is wrong with a stretch, if anything.
pub(super) fn fault(from: Minute, until: Minute, longest: i64) -> Option<Fault> {
    match until.since(from) {
        ..0 => Some(Fault::EndBeforeStart),
        0 => Some(Fault::ZeroLength),
        minutes => (minutes > longest).then_some(Fault::TooLong),
    }
}

/// Whether the phase ends (or begins, where no end is said) too far from the day of the delivery.
fn is_away(labour: &Labour, care_date: Option<Day>, limits: &Limits) -> bool {
    let said = labour.active_until.or(labour.active_from);
    let days = said.zip(care_date).map(|(said, day)| said.day().number() - day.number());
    days.is_some_and(|days| days.abs() > limits.days_from_care)
}

fn judge(labour: &Labour, limits: &Limits) -> Judged {
    let apart = |apart| Judged::Never(Outcome::Apart(apart));
    match labour.start {
        LabourStart::PlannedCaesarean => return apart(Apart::PlannedCaesarean),
        LabourStart::Unassisted => return apart(Apart::Unassisted),
        LabourStart::Spontaneous | LabourStart::Induced => {}
    }
    let longest = limits.labour_minutes;
    let open = |outcome, window| Judged::Open { outcome, window };
    let missing = |reason, from, until| {
        open(Outcome::Missing(reason), Span::new(from, until).unwrap_or(Span::ALWAYS))
    };
    match (labour.active_from, labour.active_until) {
        (None, None) => missing(Missing::NoActivePhase, Span::ALWAYS.from, Span::ALWAYS.until),
        (None, Some(until)) => missing(Missing::NoActiveStart, until.plus(-longest), until),
        (Some(from), None) => missing(Missing::NoActiveEnd, from, from.plus(longest)),
        (Some(from), Some(until)) => match fault(from, until, longest) {
            None => Judged::Known(Span { from, until }),
            Some(fault) => open(Outcome::Faulty(fault), Span::ALWAYS),
        },
    }
}
