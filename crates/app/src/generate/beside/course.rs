//! The course of a labour: how it began, and its active phase.
//!
//! Owns: durations, and the file of labour. Does not own: when the child is born, which the contact says.

use super::{Birth, DayText, Region, day_text, push, push_contact, push_day};
use crate::generate::calendar::Calendar;
use crate::generate::chance::Chance;
use crate::generate::content::{Location, procedure};
use crate::generate::facts::beside as facts;
use crate::generate::pregnancy::{Mode, Pregnancy};
use follow::inputs::LabourStart;
use follow::minute::{Minute, NoMinute};
use kernel::time::Day;

/// A birth with its labour.
#[derive(Clone, Copy)]
pub(super) struct Course {
    pub(super) birth: Birth,
    pub(super) start: LabourStart,
    /// First minute of the active phase; none where there is none, or where nobody wrote it down.
    pub(super) from: Option<Minute>,
    /// The minute of birth.
    pub(super) until: Minute,
    /// Whether there was an active phase at the clinic, though perhaps nobody wrote down when it began.
    pub(super) has_phase: bool,
    /// Whether the midwives' stretches of this birth were written down.
    pub(super) has_staffing: bool,
}

impl Course {
    pub(super) fn draw(birth: &Birth, pregnancy: &Pregnancy, chance: &mut Chance) -> Self {
        let content = &birth.content;
        let until = instant(content.care_date, content.born_at.unwrap_or(0).into());
        let begun = content.procedures.has(procedure::PROSTAGLANDIN)
            || content.procedures.has(procedure::OXYTOCIN);
        let acute = pregnancy.mode == Mode::AcuteCaesarean;
        let induced = begun || (acute && chance.of(facts::INDUCED_ACUTE));
        let at_home = content.place == Location::Home;
        let unassisted = chance.of(facts::UNASSISTED)
            && pregnancy.mode == Mode::Spontaneous
            && !at_home
            && !induced;
        let start = match pregnancy.mode {
            Mode::PlannedCaesarean => LabourStart::PlannedCaesarean,
            _ if unassisted => LabourStart::Unassisted,
            _ if induced => LabourStart::Induced,
            _ => LabourStart::Spontaneous,
        };
        let (mean, spread) = facts::ACTIVE_MINUTES[pregnancy.pair()];
        let minutes = (chance.bell(mean, spread) as i64).clamp(facts::SHORTEST, facts::LONGEST);
        let has_phase = !matches!(start, LabourStart::PlannedCaesarean | LabourStart::Unassisted);
        let (is_missing, has_staffing) =
            (chance.of(facts::NO_ACTIVE_FROM), !chance.of(facts::NO_STAFFING));
        let from = (has_phase && !is_missing).then(|| until.plus(-minutes));
        Self { birth: *birth, start, from, until, has_phase, has_staffing }
    }

    /// Where it stands among those of a clinic: by the start of its phase.
    pub(super) fn sorted_by(&self) -> (Minute, u32) {
        (self.from.unwrap_or(self.until), self.birth.content.pregnancy)
    }
}

/// The instant of a clock time; one that the spring leaves out is an hour later, one that autumn has twice is the first.
fn instant(day: Day, minute: i64) -> Minute {
    let later = |minute| Minute::of_clock(day, minute).ok();
    match Minute::of_clock(day, minute) {
        Ok(found) => found,
        Err(NoMinute::Twice) => Minute::from_number(i64::from(day.number()) * 1_440 + minute - 120),
        Err(_) => later(minute + 60).unwrap_or(Minute::from_number(0)),
    }
}

/// Writes an instant by Swedish clocks, with an offset in the night when an hour comes twice.
pub(super) fn push_instant(minute: Minute, calendar: &Calendar, bytes: &mut Vec<u8>) {
    let (day, of_day) = (minute.day(), minute.minute_of_day());
    push_day(day_text(calendar, day), bytes);
    push(bytes, format_args!("T{:02}:{:02}", of_day / 60, of_day % 60));
    if Minute::of_clock(day, of_day).is_err() {
        push(bytes, format_args!("+{:02}:00", minute.offset() / 60));
    }
}

/// The file of labour.
pub(super) fn write(courses: &[Course], reported_on: DayText, region: Region<'_>) -> Vec<u8> {
    let mut bytes = b"contact_id,reported_on,labour_start,active_from,active_until\n".to_vec();
    for course in courses {
        push_contact(course.birth.contact, &mut bytes);
        bytes.push(b',');
        push_day(reported_on, &mut bytes);
        push(&mut bytes, format_args!(",{},", course.start));
        if let Some(from) = course.from {
            push_instant(from, region.calendar, &mut bytes);
        }
        bytes.push(b',');
        push_instant(course.until, region.calendar, &mut bytes);
        bytes.push(b'\n');
    }
    bytes
}
