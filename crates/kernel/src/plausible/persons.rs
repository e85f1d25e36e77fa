//! What contacts of one person show beside each other.
//!
//! Each contact is compared with what comes before it, by care date and contact id; so of a pair the later is
//! warned about, and which that is does not depend on the order of rows.

use super::{ShownBy, Warning};
use crate::contact::{Report, Reports};
use crate::fact::ContactKind;
use crate::finding::Code;
use crate::known::Current;

/// Two deliveries of one person this many days apart or less are implausible: 20 weeks (R19).
pub const DAYS_BETWEEN_BIRTHS: i32 = 140;
/// Deliveries this many days apart or less are one birth, such as of twins before and after midnight.
pub const DAYS_OF_ONE_BIRTH: i32 = 1;
/// How far the beginnings of a pregnancy that two contacts imply may lie apart: an ultrasound moves the date by
/// less.
pub const DAYS_OF_REDATING: i32 = 21;

/// A contact of a person.
#[derive(Clone, Copy)]
struct Visit<'r> {
    report: &'r Report,
    current: Current,
    contact_id: &'r str,
    kind: ContactKind,
    gestational_days: Option<i32>,
}

impl Visit<'_> {
    fn days_since(&self, other: &Self) -> i32 {
        self.report.care_date.number() - other.report.care_date.number()
    }

    fn warn(&self, code: Code, other: &Self, days: i32) -> Warning {
        let shown_by = ShownBy::Other { row: other.current.row, days };
        Warning { row: self.current.row, unit: self.current.unit, code, shown_by }
    }
}

/// The warnings that contacts of one person show together; `current` holds all contacts of every person that is
/// asked about.
pub fn of_persons(reports: &Reports, current: &[Current]) -> Vec<Warning> {
    let visit = |current: &Current| {
        let report = reports.rows().get(current.row as usize)?;
        let profile = reports.profile(report.profile)?;
        Some(Visit {
            report,
            current: *current,
            contact_id: reports.contact_ids.get(report.contact),
            kind: profile.kind,
            gestational_days: profile.gestational_days,
        })
    };
    let mut visits: Vec<Visit<'_>> = current.iter().filter_map(visit).collect();
    visits.sort_unstable_by(|a, b| {
        let day = |visit: &Visit<'_>| (visit.report.person, visit.report.care_date);
        day(a).cmp(&day(b)).then_with(|| a.contact_id.cmp(b.contact_id))
    });
    let mut warnings = Vec::new();
    for of_person in visits.chunk_by(|a, b| a.report.person == b.report.person) {
        deliveries(of_person, &mut warnings);
        duplicates(of_person, &mut warnings);
        dates(of_person, &mut warnings);
    }
    warnings
}

fn deliveries(visits: &[Visit<'_>], warnings: &mut Vec<Warning>) {
    let mut before: Option<&Visit<'_>> = None;
    for visit in visits.iter().filter(|visit| visit.kind == ContactKind::Delivery) {
        if let Some(before) = before {
            let days = visit.days_since(before);
            if days <= DAYS_OF_ONE_BIRTH {
                warnings.push(visit.warn(Code::SecondDelivery, before, days));
            } else if days <= DAYS_BETWEEN_BIRTHS {
                warnings.push(visit.warn(Code::TwoBirths, before, days));
            }
        }
        before = Some(visit);
    }
}

fn duplicates(visits: &[Visit<'_>], warnings: &mut Vec<Warning>) {
    for of_day in visits.chunk_by(|a, b| a.report.care_date == b.report.care_date) {
        for (at, visit) in of_day.iter().enumerate().skip(1) {
            let mut before = of_day.iter().take(at).rev();
            if let Some(other) = before.find(|other| is_duplicate(visit, other)) {
                warnings.push(visit.warn(Code::LikelyDuplicate, other, 0));
            }
        }
    }
}

/// Of the same person and day. A day may well have several telephone calls or contacts of other kinds, so those
/// must say the same in everything; deliveries have a warning of their own.
fn is_duplicate(a: &Visit<'_>, b: &Visit<'_>) -> bool {
    let same_content = || a.report.profile == b.report.profile && a.report.extra == b.report.extra;
    let is_enough = match a.kind {
        ContactKind::Delivery => false,
        ContactKind::Phone | ContactKind::Other => same_content(),
        _ => true,
    };
    is_enough && a.kind == b.kind && a.current.unit == b.current.unit
}

/// Contacts whose days of pregnancy do not fit those of the contact before. Where one contact alone is out of
/// line, the one after it, which fits the one before it, is not warned about.
fn dates(visits: &[Visit<'_>], warnings: &mut Vec<Warning>) {
    let (mut before, mut before_that): (Option<Dated<'_>>, Option<Dated<'_>>) = (None, None);
    for visit in visits {
        let Some(dated) = Dated::of(visit) else {
            if visit.kind == ContactKind::Delivery {
                (before, before_that) = (None, None);
            }
            continue;
        };
        if let Some(before) = before.filter(|before| before.disagrees(&dated))
            && before_that.is_none_or(|before_that| before_that.disagrees(&dated))
        {
            let days = dated.start - before.start;
            warnings.push(visit.warn(Code::PregnancyDatesDisagree, before.visit, days));
        }
        (before, before_that) = (Some(dated), before);
    }
}

/// A contact that says how far the pregnancy has come.
#[derive(Clone, Copy)]
struct Dated<'v> {
    visit: &'v Visit<'v>,
    days: i32,
    /// The day number on which the pregnancy began, as it implies.
    start: i32,
}

impl<'v> Dated<'v> {
    /// Visits in pregnancy and deliveries; after a birth the days mean nothing.
    fn of(visit: &'v Visit<'v>) -> Option<Self> {
        let counts = matches!(
            visit.kind,
            ContactKind::Delivery
                | ContactKind::MidwifeVisit
                | ContactKind::DoctorVisit
                | ContactKind::Ultrasound
        );
        let days = visit.gestational_days.filter(|_| counts)?;
        Some(Self { visit, days, start: visit.report.care_date.number() - days })
    }

    /// Whether a later contact cannot be of the same pregnancy, nor of one that began after this contact.
    fn disagrees(&self, later: &Self) -> bool {
        let falls = later.days < self.days && later.visit.days_since(self.visit) > 0;
        let is_far = (later.start - self.start).abs() > DAYS_OF_REDATING;
        let is_next = later.start > self.visit.report.care_date.number();
        (falls || is_far) && !is_next
    }
}
