//! How contacts are reported: when, with which faults, corrections and cancellations.
//!
//! Owns: the chain of reports of each contact and what of it is in force in the end. Does not own:
//! what the contact is, or the text of its rows.
//!
//! What a correction says is how it was; the report before it was wrong. So the contacts in force
//! are the births and visits that took place, but for faults that nobody mended in time.

use super::calendar::Calendar;
use super::chance::Chance;
use super::content::{Content, Profession, diagnosis};
use super::facts::reporting as facts;
use super::places::Places;
use super::row::{ContactNumber, Fault, Line};
use super::truth::Truth;
use kernel::contact::ReportKind;
use kernel::fact::ContactKind;
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, VecDeque};

/// Takes contacts, gives the reports of each month.
pub(super) struct Reporting {
    from: Month,
    to: Month,
    next: Month,
    months: VecDeque<Vec<Line>>,
    serials: BTreeMap<i32, u32>,
}

impl Reporting {
    pub(super) fn new(from: Month, to: Month) -> Self {
        Self { from, to, next: from, months: VecDeque::new(), serials: BTreeMap::new() }
    }

    /// Reports a contact, and perhaps a copy of it that is cancelled later. Care before the span
    /// is passed over. Counts into `truth`. Gives the number of the contact.
    pub(super) fn report(
        &mut self,
        content: Content,
        places: &Places,
        calendar: &Calendar,
        chance: &mut Chance,
        truth: &mut Truth,
    ) -> Option<ContactNumber> {
        if content.care_date < self.from.first_day() {
            return None;
        }
        let number = self.number(content.care_date);
        let mut chain = Chain { number, places, calendar, chance, lines: Vec::new() };
        chain.report(content, self.from);
        let first = chain.lines.first().map(|line| line.reported_on);
        let lines = std::mem::take(&mut chain.lines);
        let cancelled = first.filter(|_| chain.chance.of(facts::CANCELLED));
        let copy = cancelled.map(|first| {
            chain.number = self.number(content.care_date);
            chain.copy(content, first);
            chain.lines
        });
        self.keep(lines, truth);
        copy.into_iter().for_each(|lines| self.keep(lines, truth));
        Some(number)
    }

    fn number(&mut self, care_date: Day) -> ContactNumber {
        let year = care_date.year();
        let serial = self.serials.entry(year).or_default();
        *serial += 1;
        ContactNumber { year, serial: *serial }
    }

    /// The reports of the next month in order of reporting.
    pub(super) fn take_month(&mut self) -> Vec<Line> {
        self.next = self.next.plus(1);
        let mut lines = self.months.pop_front().unwrap_or_default();
        lines.sort_by_key(|line| line.reported_on);
        lines
    }

    fn keep(&mut self, lines: Vec<Line>, truth: &mut Truth) {
        let end = self.to.last_day();
        let in_span = |line: &Line| line.reported_on <= end;
        count(lines.iter().filter(|line| in_span(line)), truth);
        for line in lines {
            if in_span(&line) {
                self.put(line);
            } else if line.content.care_date <= end {
                truth.after_span += 1;
            }
        }
    }

    fn put(&mut self, line: Line) {
        let ahead = line.reported_on.month().number() - self.next.number();
        debug_assert!(ahead >= 0, "a report of a month already taken");
        let place = ahead.max(0) as usize;
        if self.months.len() <= place {
            self.months.resize_with(place + 1, Vec::new);
        }
        self.months[place].push(line);
    }
}

/// Counts what the reports of one contact, all in the span, come to.
fn count<'a>(lines: impl Iterator<Item = &'a Line> + Clone, truth: &mut Truth) {
    let accepted = lines.clone().filter(|line| line.fault.is_none());
    let Some(first) = accepted.clone().min_by_key(|line| line.reported_on) else { return };
    truth.contacts += 1;
    truth.sent_again += u64::from(lines.clone().any(|line| line.fault.is_some()));
    let lag = first.reported_on.month().number() - first.content.care_date.month().number();
    *truth.late.entry(lag.max(0) as u16).or_default() += 1;
    let last = accepted.max_by_key(|line| (line.reported_on, line.report));
    if let Some(last) = last.filter(|line| line.report != ReportKind::Cancellation) {
        truth.in_force += 1;
        let content = &last.content;
        *truth.in_force_by_kind.entry(content.kind).or_default() += 1;
        truth.cell_samples += u64::from(content.cell_sample);
        let counselling = content.diagnoses.has(diagnosis::CONTRACEPTION);
        let without_days = content.gestational_days.is_none() && !counselling;
        truth.without_days += u64::from(content.kind == ContactKind::MidwifeVisit && without_days);
    }
}

/// The reports of one contact under way.
struct Chain<'a> {
    number: ContactNumber,
    places: &'a Places,
    calendar: &'a Calendar,
    chance: &'a mut Chance,
    lines: Vec<Line>,
}

impl Chain<'_> {
    fn push(
        &mut self,
        reported_on: Day,
        report: ReportKind,
        fault: Option<Fault>,
        content: Content,
    ) {
        let contact = self.number;
        self.lines.push(Line { reported_on, contact, report, fault, repeats: false, content });
    }

    /// A working day `low` to `high` days after `day`.
    fn later(&mut self, day: Day, low: i32, high: i32) -> Day {
        self.calendar.working_day(day.plus(self.chance.between(low, high)))
    }

    /// The first report, with its faults and repetition, then its corrections.
    fn report(&mut self, content: Content, from: Month) {
        let first = self.first_day(content.care_date);
        let corrected = self.chance.of(facts::CORRECTED);
        let wrong = if corrected { self.distort(content, from) } else { content };
        let Some(day) = self.new_report(first, wrong) else { return };
        if !corrected {
            return;
        }
        let mut day = self.later(day, 2, 70);
        if self.chance.of(facts::CORRECTED_TWICE) {
            let still_wrong = self.distort(content, from);
            self.push(day, ReportKind::Correction, None, still_wrong);
            day = self.later(day, 2, 70);
        }
        self.push(day, ReportKind::Correction, None, content);
    }

    /// Reports the contact as new; the day of the report that stands, if any does.
    fn new_report(&mut self, day: Day, content: Content) -> Option<Day> {
        let fault = if self.chance.of(facts::FAULTY) { self.fault(day, &content) } else { None };
        let Some(fault) = fault else {
            self.push(day, ReportKind::New, None, content);
            if self.chance.of(facts::DUPLICATED) {
                self.push(day, ReportKind::New, None, content);
                self.lines.last_mut()?.repeats = true;
            }
            return Some(day);
        };
        let faulty = match fault {
            Fault::CareAfterReport => Content { care_date: day.plus(1), ..content },
            _ => content,
        };
        self.push(day, ReportKind::New, Some(fault), faulty);
        if fault == Fault::Conflict {
            let other = Content { parity: content.parity + 1, ..content };
            self.push(day, ReportKind::New, Some(fault), other);
        }
        if !self.chance.of(facts::SENT_AGAIN) {
            return None;
        }
        let again = self.later(day, 2, 15);
        self.push(again, ReportKind::New, None, content);
        Some(again)
    }

    /// A contact registered by mistake: reported, cancelled, and a few visits brought back.
    fn copy(&mut self, content: Content, first: Day) {
        self.push(first, ReportKind::New, None, content);
        let cancelled = self.later(first, 3, 45);
        self.push(cancelled, ReportKind::Cancellation, None, content);
        let is_birth = content.kind == ContactKind::Delivery;
        if !is_birth && self.chance.of(facts::BROUGHT_BACK) {
            let again = self.later(cancelled, 2, 20);
            self.push(again, ReportKind::New, None, content);
        }
    }

    /// Mostly within days and no later than the last working day of the month of care; care after
    /// that day is reported in the next month.
    fn first_day(&mut self, care_date: Day) -> Day {
        let drawn = self.chance.unit();
        if drawn < facts::LATE {
            let months = 1 + self.chance.weighted(&facts::LATE_MONTHS) as i32;
            return self.day_of(care_date.month().plus(months));
        }
        if drawn < facts::LATE + facts::VERY_LATE {
            let months = self.chance.between(4, 8);
            return self.day_of(care_date.month().plus(months));
        }
        let days = (self.chance.unit() * self.chance.unit() * 10.0) as i32;
        let day = self.calendar.working_day(care_date.plus(days));
        let deadline = self.calendar.deadline(care_date);
        if care_date <= deadline { day.min(deadline) } else { self.calendar.working_day(care_date) }
    }

    /// A day of a month, no later than its last working day.
    fn day_of(&mut self, month: Month) -> Day {
        let first = month.first_day();
        let day = self.calendar.working_day(first.plus(self.chance.between(0, 27)));
        day.min(self.calendar.deadline(first))
    }

    /// A fault of a first report; care after the report only where that day is in the same month,
    /// so that it is not after a span that ends there (R18).
    fn fault(&mut self, day: Day, content: &Content) -> Option<Fault> {
        let fault = match self.chance.weighted(&facts::FAULTS) {
            0 => Fault::Missing(self.chance.pick(&Fault::BLANK)?),
            1 => Fault::Bad(self.chance.pick(&Fault::BAD)?),
            2 => Fault::Person,
            3 => Fault::Unit,
            4 if day.plus(1).month() == day.month() => Fault::CareAfterReport,
            4 => Fault::Person,
            _ => Fault::Conflict,
        };
        debug_assert!(content.care_date <= day);
        Some(fault)
    }

    /// The contact as somebody first had it wrong.
    fn distort(&mut self, content: Content, from: Month) -> Content {
        let birth = content.kind == ContactKind::Delivery;
        match self.chance.below(5) {
            0 => self.on_another_day(content, from),
            1 if !birth => self.at_another_unit(content),
            1 | 2 if birth => Content { drg: content.drg.with_other_suffix(), ..content },
            3 if birth && content.enrolled == Some(true) => {
                Content { enrolled: Some(false), by_team: Some(false), team: 0, ..content }
            }
            _ if birth => {
                Content { diagnoses: content.diagnoses.toggled(diagnosis::HAEMORRHAGE), ..content }
            }
            2 if content.gestational_days.is_some() => {
                let blank = self.chance.of(facts::BLANK_DAYS);
                let days = content.gestational_days.filter(|_| !blank).map(|days| days - 1);
                Content { gestational_days: days, ..content }
            }
            _ => self.by_another_carer(content),
        }
    }

    fn on_another_day(&mut self, content: Content, from: Month) -> Content {
        let day = content.care_date.plus(-self.chance.between(1, 3));
        let possible = day >= from.first_day() && self.places.is_open(content.unit, day);
        if possible { Content { care_date: day, ..content } } else { content }
    }

    fn at_another_unit(&mut self, content: Content) -> Content {
        let unit = self.places.another(content.unit, content.care_date, self.chance);
        Content { unit: unit.unwrap_or(content.unit), ..content }
    }

    fn by_another_carer(&mut self, content: Content) -> Content {
        let staff = self.places.staff(content.unit);
        let carer = match content.profession {
            Profession::Midwife | Profession::Physiotherapist => staff.midwife(self.chance),
            Profession::Doctor => staff.doctor(self.chance),
        };
        Content { carer, ..content }
    }
}
