//! Judging the rows of a new batch: which of them are rejected, and what is to be warned about.
//!
//! Only the contacts of the batch and those of its persons are looked at.

use crate::engine;
use crate::findings::{self, Place};
use bulk::contact_file::{Lines, Rejected};
use kernel::contact::{ReportKind, Reports};
use kernel::finding::{Code, Finding};
use kernel::intake::Column;
use kernel::known::{Current, Resolver, Span, rejected_rows, standing};
use kernel::plausible::{self, ShownBy, Warning};
use kernel::register::View;
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use store::{RejectedContact, RejectedRow, WarnedRow};

/// A new batch among all reports.
pub struct NewRows<'a> {
    /// All reports, those of the batch last.
    pub reports: &'a Reports,
    /// Its first row.
    pub first_row: usize,
    /// The line of each of its rows.
    pub lines: &'a Lines,
    /// What findings call the file.
    pub file: &'a str,
}

/// What was found.
#[derive(Default)]
pub struct Judged {
    /// Rows that are rejected under the register, to be told and kept.
    pub rejected: Vec<(Finding, RejectedRow)>,
    /// Warnings.
    pub warnings: Vec<Finding>,
}

impl NewRows<'_> {
    /// Judges by a view and all earlier reports. `ages` are of rows whose personal number gives an implausible
    /// one.
    pub fn judge(&self, view: &View<'_>, ages: &[(u32, i32)]) -> Judged {
        let resolver = Resolver::new(self.reports, view);
        let new_rows = self.reports.rows().get(self.first_row..).unwrap_or(&[]);
        let contacts: BTreeSet<u32> = new_rows.iter().map(|row| row.contact).collect();
        let mut judged = Judged::default();
        for (row, code) in rejected_rows(self.reports, &resolver, contacts.iter().copied()) {
            judged.rejected.extend(self.rejected(row, code));
        }
        let mut of_persons = self.contacts_of_persons();
        of_persons.extend(&contacts);
        let span = Span { known_on: Day::MAX, through: Day::MAX, batches: u32::MAX };
        let stands = standing(self.reports, &resolver, &span, of_persons.into_iter());
        let mut in_batch = vec![false; self.reports.contacts() as usize];
        for contact in &contacts {
            if let Some(is_new) = in_batch.get_mut(*contact as usize) {
                *is_new = true;
            }
        }
        let is_new = |row: u32| {
            let report = self.reports.rows().get(row as usize);
            report.and_then(|report| in_batch.get(report.contact as usize)).is_some_and(|new| *new)
        };
        let of_batch: Vec<Current> =
            stands.current.iter().filter(|current| is_new(current.row)).copied().collect();
        let (mut warnings, of_persons) = thread::scope(|scope| {
            let beside = scope.spawn(|| plausible::of_persons(self.reports, &stands.current));
            let alone = plausible::of_contacts(view, self.reports, &of_batch);
            (alone, engine::joined(beside))
        });
        warnings.extend(of_persons.into_iter().filter(|warning| {
            let other = match &warning.shown_by {
                ShownBy::Other { row, .. } => is_new(*row),
                ShownBy::Itself | ShownBy::Value(..) => false,
            };
            other || is_new(warning.row)
        }));
        judged.warnings.extend(warnings.iter().map(|warning| self.warning(view, warning)));
        for row in stands.of_nothing.into_iter().filter(|row| is_new(*row)) {
            let code = Code::CancellationOfNothing;
            judged.warnings.extend(self.reports.rows().get(row as usize).map(|report| {
                findings::of_report(self.reports, report, code, self.file, self.line(row))
            }));
        }
        let units: BTreeMap<u32, u16> = of_batch.iter().map(|c| (c.row, c.unit)).collect();
        for (row, age) in ages {
            let unit = units.get(row).map(|unit| unit_id(view, *unit));
            judged.warnings.extend(unit.and_then(|unit| self.age(unit, *row, *age)));
        }
        judged
    }

    /// The warning about rows that are reported on days that have not been.
    pub fn ahead(&self, today: Day) -> Option<Finding> {
        let new = self.reports.rows().iter().skip(self.first_row).enumerate();
        let days = new.map(|(at, row)| (self.lines.get(at).unwrap_or(0), row.reported_on));
        Some(findings::Ahead::of(days, today)?.finding(self.file))
    }

    /// The line of a row; 0 of a row in an earlier batch.
    fn line(&self, row: u32) -> u64 {
        let at = (row as usize).checked_sub(self.first_row);
        at.and_then(|at| self.lines.get(at)).unwrap_or(0)
    }

    fn rejected(&self, row: u32, code: Code) -> Option<(Finding, RejectedRow)> {
        // Rows of earlier batches were told when they came.
        let report = self.reports.rows().get(row as usize).filter(|_| self.line(row) > 0)?;
        let finding = findings::of_report(self.reports, report, code, self.file, self.line(row));
        let about = RejectedContact {
            contact_id: findings::shown_id(self.reports.contact_ids.get(report.contact)),
            unit: findings::hide_numbers(self.reports.unit_codes.get(report.unit_code)),
            report: report.kind.name().to_owned(),
            reported_on: Some(report.reported_on),
            care_date: Some(report.care_date),
        };
        let kept = kept(&finding, about);
        Some((finding, kept))
    }

    fn warning(&self, view: &View<'_>, warning: &Warning) -> Finding {
        let unit = unit_id(view, warning.unit);
        // Where the batch has only the other contact of a pair, its line shows where to look.
        let other = match &warning.shown_by {
            ShownBy::Other { row, .. } => self.line(*row),
            ShownBy::Itself | ShownBy::Value(..) => 0,
        };
        let own = self.line(warning.row);
        let line = if own > 0 { own } else { other };
        findings::of_warning(self.reports, warning, unit, self.file, line)
    }

    fn age(&self, unit: &str, row: u32, age: i32) -> Option<Finding> {
        let report = self.reports.rows().get(row as usize)?;
        let contact_id = self.reports.contact_ids.get(report.contact);
        let place = Place { file: self.file, line: self.line(row), contact_id };
        Some(findings::of_age(place, &age.to_string(), unit, report.care_date))
    }

    /// The contacts that somebody in the batch has in any report.
    fn contacts_of_persons(&self) -> BTreeSet<u32> {
        let told = |kind: ReportKind| kind != ReportKind::Cancellation;
        let new_rows = self.reports.rows().get(self.first_row..).unwrap_or(&[]);
        let mut is_asked: Vec<bool> = Vec::new();
        for report in new_rows.iter().filter(|report| told(report.kind)) {
            let person = report.person as usize;
            if is_asked.len() <= person {
                is_asked.resize(person + 1, false);
            }
            if let Some(asked) = is_asked.get_mut(person) {
                *asked = true;
            }
        }
        let asked = |person: u32| is_asked.get(person as usize).copied().unwrap_or(false);
        let rows = self.reports.rows().iter();
        rows.filter(|report| told(report.kind) && asked(report.person))
            .map(|report| report.contact)
            .collect()
    }
}

/// The id of a unit of a view.
pub fn unit_id<'v>(view: &'v View<'_>, unit: u16) -> &'v str {
    view.histories.get(usize::from(unit)).map_or("", |history| history.id.as_str())
}

/// A row that could not be read, to be told and kept. `default_reported_on` stands in for a blank day.
pub fn unreadable(row: &Rejected, default_reported_on: Day) -> (Finding, RejectedRow) {
    let finding = findings::of_row(row);
    let blank_day = || (row.fault.column != Column::ReportedOn).then_some(default_reported_on);
    let about = RejectedContact {
        contact_id: findings::shown_id(&row.contact_id),
        unit: findings::hide_numbers(&row.unit),
        report: row.report.clone(),
        reported_on: row.fault.reported_on.or_else(blank_day),
        care_date: row.fault.care_date,
    };
    let kept = kept(&finding, about);
    (finding, kept)
}

fn kept(finding: &Finding, about: RejectedContact) -> RejectedRow {
    RejectedRow {
        line: i64::from(finding.line),
        code: finding.code.name().to_owned(),
        field: finding.field.clone().unwrap_or_default(),
        value: finding.value.clone().unwrap_or_default(),
        about: Some(about),
    }
}

/// The rows of a new batch whose personal number gives an implausible age. While a batch is read its persons are
/// numbered as in `numbers`.
pub fn ages(reports: &Reports, first_row: usize, numbers: &[String]) -> Vec<(u32, i32)> {
    let told = (0_u32..).zip(reports.rows()).skip(first_row);
    told.filter(|(_, report)| report.kind != ReportKind::Cancellation)
        .filter_map(|(row, report)| {
            let number = numbers.get(report.person as usize)?;
            Some((row, plausible::implausible_age(number, report.care_date)?))
        })
        .collect()
}

/// Ages as they are kept, since nobody can compute them again from pseudonyms.
pub fn kept_ages(new: &NewRows<'_>, ages: &[(u32, i32)]) -> Vec<WarnedRow> {
    let kept = |(row, age): &(u32, i32)| {
        let report = new.reports.rows().get(*row as usize)?;
        Some(WarnedRow {
            line: i64::try_from(new.line(*row)).unwrap_or(i64::MAX),
            code: Code::ImplausibleAge.name().to_owned(),
            contact_id: new.reports.contact_ids.get(report.contact).to_owned(),
            value: age.to_string(),
        })
    };
    ages.iter().filter_map(kept).collect()
}
