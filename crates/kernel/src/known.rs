//! Which reports are in force as known on a day, and which rows are rejected (R14–R18, R48, R58).
//!
//! Owns: [`in_force`], from all reports to one row for each contact. Does not own: faults of the text
//! itself (`intake`), which it only counts within the span that is asked for.
//!
//! rows = in force + superseded + cancelled + rejected (+ those outside the span).

mod standing;

pub use standing::{Current, Standing, accepted_until, standing};

use crate::contact::{Contacts, Report, ReportKind, Reports};
use crate::finding::Code;
use crate::intake::Fault;
use crate::register::{UnitCodes, UnitMeaning, View};
use crate::time::Day;
use std::collections::BTreeMap;
use std::ops::Range;

/// What to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Reports up to this day, inclusive; a blank day counts as known since always (R17).
    pub known_on: Day,
    /// Care up to this day, inclusive (R18).
    pub through: Day,
    /// Batches before this number.
    pub batches: u32,
}

/// The contacts in force and what became of the other rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// One row for each contact with care within the span, in order of contact number.
    pub contacts: Contacts,
    /// Rejected rows by code, with care within the span.
    pub rejected: BTreeMap<Code, i64>,
    /// Rejected rows with care after the span.
    pub rejected_after_span: i64,
    /// Accepted rows that a later one supersedes, or that say the same again.
    pub superseded: i64,
    /// Contacts whose last report is a cancellation.
    pub cancelled: i64,
    /// Contacts in force with care after the span.
    pub after_span: i64,
}

impl InForce {
    /// Adds what was found for another range of contacts, which must follow this one.
    pub fn append(&mut self, mut other: Self) {
        self.contacts.contact.append(&mut other.contacts.contact);
        self.contacts.unit.append(&mut other.contacts.unit);
        self.contacts.care_date.append(&mut other.contacts.care_date);
        self.contacts.person.append(&mut other.contacts.person);
        self.contacts.profile.append(&mut other.contacts.profile);
        self.contacts.lag_months.append(&mut other.contacts.lag_months);
        for (code, count) in other.rejected {
            *self.rejected.entry(code).or_default() += count;
        }
        self.superseded += other.superseded;
        self.cancelled += other.cancelled;
        self.after_span += other.after_span;
        self.rejected_after_span += other.rejected_after_span;
    }
}

/// Which unit each code of the reports means in a view.
#[derive(Clone, Debug)]
pub struct Resolver {
    meanings: Vec<UnitMeaning>,
}

impl Resolver {
    /// For the codes of `reports` in `view`.
    pub fn new(reports: &Reports, view: &View<'_>) -> Self {
        let codes = UnitCodes::new(view);
        let texts = reports.unit_codes.values().iter();
        Self { meanings: texts.map(|code| codes.meaning(code)).collect() }
    }
}

/// Counts the faulty rows that lie within the span (R18, R58).
pub fn count_faults<'f>(
    faults: impl Iterator<Item = &'f Fault>,
    span: &Span,
) -> BTreeMap<Code, i64> {
    let mut rejected = BTreeMap::new();
    for fault in faults {
        let care_after = fault.care_date.is_some_and(|care| care > span.through);
        let reported_after = fault.reported_on.is_some_and(|day| day > span.known_on);
        if !care_after && !reported_after {
            *rejected.entry(fault.code).or_default() += 1;
        }
    }
    rejected
}

/// The contacts in force among those numbered in `range`.
pub fn in_force(reports: &Reports, resolver: &Resolver, span: &Span, range: Range<u32>) -> InForce {
    let meanings = &resolver.meanings;
    let mut result = InForce::default();
    let mut rows: Vec<Seen> = Vec::new();
    for contact in range {
        rows.clear();
        rows.extend(seen(reports, meanings, span, contact));
        result.judge(contact, &mut rows, span);
    }
    result
}

/// Rows of some contacts that are rejected under a register, by row number; for findings at import.
pub fn rejected_rows(
    reports: &Reports,
    resolver: &Resolver,
    contacts: impl Iterator<Item = u32>,
) -> Vec<(u32, Code)> {
    let meanings = &resolver.meanings;
    contacts.flat_map(|contact| rejected_of_contact(reports, meanings, contact)).collect()
}

fn rejected_of_contact(
    reports: &Reports,
    meanings: &[UnitMeaning],
    contact: u32,
) -> Vec<(u32, Code)> {
    let numbers: Vec<u32> = reports.rows_of_contact(contact).collect();
    let mut rows: Vec<Seen> = numbers
        .iter()
        .filter_map(|number| {
            Some(Seen::new(*number, reports.rows().get(*number as usize)?, meanings))
        })
        .collect();
    rows.sort_by_key(Seen::slot);
    reject_conflicts(&mut rows);
    rows.iter().filter_map(|row| Some((row.number, row.rejected?))).collect()
}

/// What the last accepted report of a contact within a span does, if there is one (R14, R16).
pub fn last_accepted(
    reports: &Reports,
    resolver: &Resolver,
    span: &Span,
    contact: u32,
) -> Option<ReportKind> {
    accepted_until(reports, resolver, span, contact).map(|(_, kind)| kind)
}

fn seen<'r>(
    reports: &'r Reports,
    meanings: &[UnitMeaning],
    span: &Span,
    contact: u32,
) -> impl Iterator<Item = Seen<'r>> {
    let numbers = reports.rows_of_contact(contact);
    numbers.filter_map(|number| {
        let report = reports.rows().get(number as usize)?;
        let is_known = report.reported_on <= span.known_on && report.batch < span.batches;
        is_known.then(|| Seen::new(number, report, meanings))
    })
}

/// A report with the unit its code means.
struct Seen<'r> {
    number: u32,
    report: &'r Report,
    unit: Option<u16>,
    /// Why it is rejected, if it is.
    rejected: Option<Code>,
}

impl<'r> Seen<'r> {
    fn new(number: u32, report: &'r Report, meanings: &[UnitMeaning]) -> Self {
        if report.kind == ReportKind::Cancellation {
            return Self { number, report, unit: None, rejected: None };
        }
        let meaning = meanings.get(report.unit_code as usize);
        let unit = meaning.and_then(|meaning| meaning.on(report.care_date));
        let after_report = report.reported_on != Day::MIN && report.care_date > report.reported_on;
        let rejected = if unit.is_none() {
            Some(Code::UnknownUnit)
        } else if after_report {
            Some(Code::CareDateAfterReport)
        } else {
            None
        };
        Self { number, report, unit, rejected }
    }

    /// Rows of the same contact on this day and of this kind must say the same (R15).
    fn slot(&self) -> (Day, ReportKind) {
        (self.report.reported_on, self.report.kind)
    }

    /// Everything the row says; a cancellation says nothing more (R16).
    fn content(&self) -> Option<(Option<u16>, Day, u32, u32, u32)> {
        let report = self.report;
        let content = (self.unit, report.care_date, report.person, report.profile, report.extra);
        (report.kind != ReportKind::Cancellation).then_some(content)
    }
}

impl InForce {
    fn judge(&mut self, contact: u32, rows: &mut [Seen<'_>], span: &Span) {
        rows.sort_by_key(Seen::slot);
        reject_conflicts(rows);
        let mut accepted: i64 = 0;
        let mut last: Option<&Seen<'_>> = None;
        let mut first_report: Option<Day> = None;
        for row in rows.iter() {
            if let Some(code) = row.rejected {
                if row.report.care_date <= span.through {
                    *self.rejected.entry(code).or_default() += 1;
                } else {
                    self.rejected_after_span += 1;
                }
                continue;
            }
            accepted += 1;
            last = Some(row);
            if row.report.kind != ReportKind::Cancellation && first_report.is_none() {
                first_report = Some(row.report.reported_on);
            }
        }
        self.superseded += (accepted - 1).max(0);
        match last {
            None => {}
            Some(Seen { report, unit: Some(unit), .. }) => {
                if report.care_date > span.through {
                    self.after_span += 1;
                    return;
                }
                self.contacts.contact.push(contact);
                self.contacts.unit.push(*unit);
                self.contacts.care_date.push(report.care_date);
                self.contacts.person.push(report.person);
                self.contacts.profile.push(report.profile);
                self.contacts.lag_months.push(lag_months(report.care_date, first_report));
            }
            Some(_) => self.cancelled += 1,
        }
    }
}

/// Rejects every accepted row of a slot whose rows differ, repetitions too (R15, R22). Rows that all
/// say the same stay, and count once: one is in force, the others are superseded by it.
fn reject_conflicts(rows: &mut [Seen<'_>]) {
    for slot in rows.chunk_by_mut(|a, b| a.slot() == b.slot()) {
        let mut contents = slot.iter().filter(|row| row.rejected.is_none()).map(Seen::content);
        let first = contents.next();
        if contents.any(|content| Some(content) != first) {
            for row in slot.iter_mut().filter(|row| row.rejected.is_none()) {
                row.rejected = Some(Code::ConflictingReports);
            }
        }
    }
}

/// Whole months between the month of care and that of the first report (R13).
fn lag_months(care_date: Day, first_report: Option<Day>) -> u16 {
    match first_report {
        None | Some(Day::MIN) => 0,
        Some(reported_on) => {
            let months = reported_on.month().number() - care_date.month().number();
            u16::try_from(months.max(0)).unwrap_or(u16::MAX)
        }
    }
}
