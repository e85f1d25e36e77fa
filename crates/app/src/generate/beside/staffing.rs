//! Who was with whom: three shifts a day, with hand-overs, and sometimes two women with one midwife.
//!
//! Owns: the stretches, the file of them, and how many minutes of each active phase a woman had a midwife of her own. Does not own: when
//! a phase is (`course`).

use super::course::{Course, push_instant};
use super::{DayText, Region, push, push_contact, push_day};
use crate::generate::chance::Chance;
use crate::generate::content::Profession;
use crate::generate::facts::{beside as facts, planted};
use crate::generate::places::Staff;
use follow::minute::Minute;
use kernel::fact::UnitKind;
use kernel::time::Month;
use std::collections::BTreeMap;

/// Minutes of the day when a shift ends.
const SHIFTS: [i64; 3] = [7 * 60, 15 * 60, 23 * 60];

/// A stretch that is still to be seen by later births. `course` is its place in the month; none for a birth of an earlier month.
#[derive(Clone, Copy)]
struct Stretch {
    unit: u16,
    carer: u16,
    course: Option<usize>,
    from: Minute,
    until: Minute,
}

impl Stretch {
    fn overlap(&self, from: Minute, until: Minute) -> Option<(Minute, Minute)> {
        let (from, until) = (self.from.max(from), self.until.min(until));
        (from < until).then_some((from, until))
    }
}

/// Midwives who are busy when a month begins, by unit.
#[derive(Default)]
pub(super) struct Rota {
    busy: BTreeMap<u16, Vec<Stretch>>,
}

/// Minutes of an active phase, and of those how many with a midwife of her own.
pub(super) type Met = Option<(i64, i64)>;

impl Rota {
    /// The file of a month, and for each birth what came of it; none where something was not written down.
    pub(super) fn month(
        &mut self,
        month: Month,
        courses: &[Course],
        reported_on: DayText,
        region: Region<'_>,
        chance: &mut Chance,
    ) -> (Vec<u8>, Vec<Met>) {
        let mut shift = Shift {
            month,
            courses,
            region,
            unit: None,
            before: std::mem::take(&mut self.busy),
            busy: Vec::new(),
            stretches: vec![Vec::new(); courses.len()],
            shared: vec![Vec::new(); courses.len()],
        };
        for (at, course) in courses.iter().enumerate() {
            shift.staff(at, course, chance);
        }
        let met = (0..courses.len()).map(|at| shift.met(at)).collect();
        let bytes = shift.write(reported_on, chance);
        let end = courses.iter().map(|course| course.until).max();
        for stretch in shift.stretches.into_iter().flatten() {
            // A birth of the next month can have begun in this one.
            if end.is_some_and(|end| stretch.until.since(end) > -2 * facts::LONGEST) {
                self.busy
                    .entry(stretch.unit)
                    .or_default()
                    .push(Stretch { course: None, ..stretch });
            }
        }
        (bytes, met)
    }
}

/// A month under way.
struct Shift<'a> {
    month: Month,
    courses: &'a [Course],
    region: Region<'a>,
    /// The unit whose births are looked at.
    unit: Option<u16>,
    /// Stretches of the month before.
    before: BTreeMap<u16, Vec<Stretch>>,
    /// Stretches at the unit that a birth from now on can overlap.
    busy: Vec<Stretch>,
    stretches: Vec<Vec<Stretch>>,
    /// Of each birth the minutes when its midwife had another woman too.
    shared: Vec<Vec<(Minute, Minute)>>,
}

impl Shift<'_> {
    fn staff(&mut self, at: usize, course: &Course, chance: &mut Chance) {
        let unit = course.birth.content.unit;
        if self.unit != Some(unit) {
            self.unit = Some(unit);
            self.busy = self.before.remove(&unit).unwrap_or_default();
        }
        if !course.has_phase || !course.has_staffing {
            return;
        }
        let (begins, _) = course.sorted_by();
        self.busy.retain(|stretch| stretch.until > begins.plus(-facts::SHORTEST));
        let staff = self.region.places.staff(unit);
        let Some(from) = course.from else {
            // Nobody knows when the phase began, so nobody else's midwife is taken.
            let from = course.until.plus(-facts::SHORTEST);
            if let Some(carer) = self.free(unit, staff, None, (from, course.until), chance) {
                let stretch = Stretch { unit, carer, course: Some(at), from, until: course.until };
                self.stretches[at].push(stretch);
                self.busy.push(Stretch { course: None, ..stretch });
            }
            return;
        };
        let mut begins = from;
        while begins < course.until {
            let ends = shift_end(begins).min(course.until);
            self.segment(at, course, (begins, ends), staff, chance);
            begins = ends;
        }
    }

    fn segment(
        &mut self,
        at: usize,
        course: &Course,
        (begins, ends): (Minute, Minute),
        staff: Staff,
        chance: &mut Chance,
    ) {
        let content = &course.birth.content;
        let id = &self.region.places.get(content.unit).id;
        let shares = chance.of(planted::shared(id, self.month).unwrap_or(facts::SHARED));
        let waits = i64::from(chance.between(5, 40));
        let is_late = chance.of(facts::HAND_OVER_GAP);
        let from =
            if is_late && ends.since(begins) > 2 * waits { begins.plus(waits) } else { begins };
        let delivers = content.profession == Profession::Midwife && ends == course.until;
        let own = delivers.then_some(content.carer);
        let carer =
            self.other_woman(at, content.unit, (from, ends)).filter(|_| shares && own.is_none());
        let carer = carer.or_else(|| self.free(content.unit, staff, own, (from, ends), chance));
        let Some(carer) = carer else { return };
        let stretch = Stretch { unit: content.unit, carer, course: Some(at), from, until: ends };
        for other in
            self.busy.iter().filter(|other| (other.unit, other.carer) == (stretch.unit, carer))
        {
            if let (Some(other_at), Some(both)) = (other.course, other.overlap(from, ends))
                && other_at != at
            {
                self.shared[at].push(both);
                self.shared[other_at].push(both);
            }
        }
        self.stretches[at].push(stretch);
        self.busy.push(stretch);
    }

    /// A midwife who is with one other woman in active phase.
    fn other_woman(&self, at: usize, unit: u16, (from, until): (Minute, Minute)) -> Option<u16> {
        let found = self.busy.iter().rev().find(|other| {
            other.course.is_some_and(|course| course != at)
                && other.overlap(from, until).is_some()
                && self.is_free_of_others(other.carer, other.course, unit, (from, until))
        });
        found.map(|other| other.carer)
    }

    fn is_free_of_others(
        &self,
        carer: u16,
        than: Option<usize>,
        unit: u16,
        (from, until): (Minute, Minute),
    ) -> bool {
        let mut of_carer =
            self.busy.iter().filter(|other| (other.unit, other.carer) == (unit, carer));
        of_carer.all(|other| other.course == than || other.overlap(from, until).is_none())
    }

    /// The midwife that is wanted or another one, with nobody else at the time.
    fn free(
        &self,
        unit: u16,
        staff: Staff,
        wanted: Option<u16>,
        span: (Minute, Minute),
        chance: &mut Chance,
    ) -> Option<u16> {
        let is_free = |carer: &u16| {
            let mut of_carer =
                self.busy.iter().filter(|other| (other.unit, other.carer) == (unit, *carer));
            of_carer.all(|other| other.overlap(span.0, span.1).is_none())
        };
        let drawn: Vec<u16> = (0..TRIES).map(|_| staff.midwife(chance)).collect();
        wanted.into_iter().chain(drawn).find(is_free)
    }

    /// Minutes of the phase, and of those with a midwife of her own.
    fn met(&self, at: usize) -> Met {
        let course = self.courses.get(at)?;
        let from = course.from.filter(|_| course.has_staffing)?;
        let minutes = course.until.since(from);
        let mut own = vec![false; usize::try_from(minutes).unwrap_or(0)];
        let mut mark = |(begins, ends): (Minute, Minute), is_own: bool| {
            let place =
                |minute: Minute| usize::try_from(minute.since(from).clamp(0, minutes)).unwrap_or(0);
            own[place(begins)..place(ends)].fill(is_own);
        };
        self.stretches[at].iter().for_each(|stretch| mark((stretch.from, stretch.until), true));
        self.shared[at].iter().for_each(|both| mark(*both, false));
        Some((minutes, own.iter().filter(|is_own| **is_own).count() as i64))
    }

    /// The file: stretches with a woman, birth by birth, then those with nobody.
    fn write(&self, reported_on: DayText, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = b"carer,unit,contact_id,starts_at,ends_at,reported_on\n".to_vec();
        let mut row = |carer: u16,
                       unit: u16,
                       course: Option<&Course>,
                       from: Minute,
                       until: Minute| {
            push(&mut bytes, format_args!("bm-{carer:04},{},", self.region.places.get(unit).id));
            if let Some(course) = course {
                push_contact(course.birth.contact, &mut bytes);
            }
            bytes.push(b',');
            push_instant(from, self.region.calendar, &mut bytes);
            bytes.push(b',');
            push_instant(until, self.region.calendar, &mut bytes);
            bytes.push(b',');
            push_day(reported_on, &mut bytes);
            bytes.push(b'\n');
        };
        for (course, stretches) in self.courses.iter().zip(&self.stretches) {
            for one in stretches {
                row(one.carer, one.unit, Some(course), one.from, one.until);
            }
        }
        let days = self.month.last_day().number() - self.month.first_day().number();
        for unit in self.region.places.of_kind(UnitKind::DeliveryClinic) {
            for nth in 0..=days {
                let day = self.month.first_day().plus(nth);
                let Some(from) = Minute::of_clock(day, SHIFTS[0])
                    .ok()
                    .filter(|_| self.region.places.is_open(*unit, day))
                else {
                    continue;
                };
                let mut begins = from;
                for _ in SHIFTS {
                    let ends = shift_end(begins);
                    row(self.region.places.staff(*unit).midwife(chance), *unit, None, begins, ends);
                    begins = ends;
                }
            }
        }
        bytes
    }
}

/// Midwives that are asked whether they are free.
const TRIES: usize = 12;

/// When the shift ends that a minute is in.
fn shift_end(minute: Minute) -> Minute {
    let of_day = minute.minute_of_day();
    let end = SHIFTS.into_iter().find(|end| *end > of_day).unwrap_or(SHIFTS[0] + 24 * 60);
    minute.plus(end - of_day)
}
