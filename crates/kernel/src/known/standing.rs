//! What stands as known on a day, contact by contact: the report in force, and the rejected rows that no
//! accepted one has mended.
//!
//! Owns: [`standing`]. Does not own: which rows are in force or rejected (the room itself).
//!
//! A row of 3 March with an unknown unit is mended by an accepted one of 3 March or later; a correction of the
//! same day is later than a new report (R14).

use super::{Resolver, Seen, Span, reject_conflicts, seen};
use crate::contact::{ReportKind, Reports};
use crate::finding::Code;
use crate::time::Day;

/// The report in force of one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    /// Its row in the reports.
    pub row: u32,
    /// Number of the unit in the view.
    pub unit: u16,
}

/// What stands of some contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Reports in force with care within the span.
    pub current: Vec<Current>,
    /// Rejected rows without an accepted one as late or later; of rows that share contact, day, kind and code
    /// the first.
    pub rejected: Vec<(u32, Code)>,
    /// Cancellations of contacts that nobody reported, one row for each contact (R14).
    pub of_nothing: Vec<u32>,
}

impl Standing {
    /// Adds what stands of other contacts.
    pub fn append(&mut self, mut other: Self) {
        self.current.append(&mut other.current);
        self.rejected.append(&mut other.rejected);
        self.of_nothing.append(&mut other.of_nothing);
    }
}

/// What stands of the contacts within a span.
pub fn standing(
    reports: &Reports,
    resolver: &Resolver,
    span: &Span,
    contacts: impl Iterator<Item = u32>,
) -> Standing {
    let mut standing = Standing::default();
    let mut rows: Vec<Seen<'_>> = Vec::new();
    for contact in contacts {
        rows.clear();
        rows.extend(seen(reports, &resolver.meanings, span, contact));
        rows.sort_by_key(|row| (row.slot(), row.number));
        reject_conflicts(&mut rows);
        standing.add(&rows, span);
    }
    standing
}

impl Standing {
    fn add(&mut self, rows: &[Seen<'_>], span: &Span) {
        let last = rows.iter().rfind(|row| row.rejected.is_none());
        let mended = last.map(Seen::slot);
        let mut told = None;
        for row in rows.iter().filter(|row| mended.is_none_or(|mended| row.slot() > mended)) {
            let Some(code) = row.rejected else { continue };
            if row.report.care_date <= span.through && told != Some((row.slot(), code)) {
                self.rejected.push((row.number, code));
            }
            told = Some((row.slot(), code));
        }
        match last {
            Some(Seen { number, report, unit: Some(unit), .. })
                if report.care_date <= span.through =>
            {
                self.current.push(Current { row: *number, unit: *unit });
            }
            _ => {}
        }
        if rows.iter().all(|row| row.report.kind == ReportKind::Cancellation) {
            self.of_nothing.extend(rows.first().map(|row| row.number));
        }
    }
}

/// Day and kind of the last accepted report of a contact within a span: what rejected rows up to then are
/// mended by.
pub fn accepted_until(
    reports: &Reports,
    resolver: &Resolver,
    span: &Span,
    contact: u32,
) -> Option<(Day, ReportKind)> {
    let mut rows: Vec<Seen<'_>> = seen(reports, &resolver.meanings, span, contact).collect();
    rows.sort_by_key(Seen::slot);
    reject_conflicts(&mut rows);
    rows.iter().rfind(|row| row.rejected.is_none()).map(Seen::slot)
}
