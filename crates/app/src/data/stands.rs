//! All that stands against the clinics as known on a day: rejected rows that nobody mended, warnings about
//! contacts in force, and contacts without a price.
//!
//! Owns: gathering it, light enough that millions of items fit. Does not own: the rules (`kernel`), or the words
//! (`findings`).

use super::DataFolder;
use super::judged::unit_id;
use crate::engine;
use crate::failure::Failure;
use crate::findings::{self, Place};
use kernel::contact::{Report, ReportKind, Reports};
use kernel::finding::{Code, Finding, Severity};
use kernel::intern::FastMap;
use kernel::known::{Current, Resolver, Span, accepted_until};
use kernel::plausible::{self, ShownBy, Warning};
use kernel::price::Reason;
use kernel::register::{UnitCodes, View};
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Batch, RejectedContact, RejectedRow, WarnedRow};

/// What kind of thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// A row that has no effect.
    Rejected,
    /// A contact that has no price.
    Unpriced,
    /// A contact that is hard to believe, and priced as it stands.
    Warning,
}

impl Family {
    /// The name in JSON and CSV.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Unpriced => "unpriced",
            Self::Warning => "warning",
        }
    }
}

/// One thing that stands.
#[derive(Clone, Debug)]
pub struct Item {
    /// Of what kind.
    pub family: Family,
    /// The stable name.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// The unit's id; of a unit that is not known, its code as written; possibly blank.
    pub unit: Arc<str>,
    /// The day of care, where it can be read.
    pub care_date: Option<Day>,
    /// The month of care; where that cannot be read, of the report or else of the import.
    pub month: Month,
    /// Number of the batch, from 0.
    pub batch: usize,
    source: Source,
}

/// What an item is told from.
#[derive(Clone, Debug)]
enum Source {
    /// A row that could not be read, by its place among those kept.
    Unread(usize),
    /// A row that was read and rejected, or a cancellation of nothing.
    Report(u32, Code),
    Warning(Warning),
    /// An age, by its place among the warned rows.
    Age(usize),
    /// The report in force of a contact without a price.
    Unpriced(u32, Reason),
}

/// Everything that stands.
pub struct Stands<'a> {
    /// The items, unsorted.
    pub items: Vec<Item>,
    batches: &'a [Batch],
    reports: &'a Reports,
    view: View<'a>,
    faulty: Arc<Faulty>,
}

/// The rows that imports rejected or warned about, as they were kept.
#[derive(Debug, Default)]
pub struct Faulty {
    /// Rejected, each with the number of its batch from 1.
    pub rejected: Vec<(i64, RejectedRow)>,
    warned: Vec<(i64, WarnedRow)>,
    lines: BTreeMap<(usize, String, String), i64>,
}

impl DataFolder {
    /// All that stands as known on a day. Refuses where amounts cannot be computed from the register.
    pub fn stands(&mut self, known_on: Day) -> Result<Stands<'_>, Failure> {
        self.reports()?;
        self.standing(known_on)
    }

    /// The same, once the reports are read.
    pub fn standing(&self, known_on: Day) -> Result<Stands<'_>, Failure> {
        let faulty = Arc::new(self.faulty()?);
        let mut stands = self.telling(known_on, &faulty)?;
        let span = Span { known_on, through: known_on, batches: u32::MAX };
        let unpriced = stands.unpriced(&span)?;
        stands.gather(&span, &unpriced);
        Ok(stands)
    }

    /// The rows that imports rejected or warned about.
    pub fn faulty(&self) -> Result<Faulty, Failure> {
        let rejected = self.runtime.block_on(self.store.rejected_rows())?;
        let warned = self.runtime.block_on(self.store.warned_rows())?;
        let lines = rejected.iter().rev().filter_map(|(batch, row)| {
            let contact_id = row.about.as_ref()?.contact_id.clone();
            Some(((number(*batch), contact_id, row.code.clone()), row.line))
        });
        let lines = lines.collect();
        Ok(Faulty { rejected, warned, lines })
    }

    /// What puts items into words, without gathering them anew.
    pub fn telling(&self, known_on: Day, faulty: &Arc<Faulty>) -> Result<Stands<'_>, Failure> {
        let view = self.register.view(self.register.as_of(known_on));
        let (items, batches, faulty) = (Vec::new(), self.batches(), Arc::clone(faulty));
        Ok(Stands { items, batches, reports: self.reports_loaded()?, view, faulty })
    }
}

/// Batches are numbered from 1 where they are kept, from 0 in reports.
fn number(batch: i64) -> usize {
    usize::try_from(batch - 1).unwrap_or(usize::MAX)
}

impl Stands<'_> {
    /// The ids of the units that are known, in order.
    pub fn unit_ids(&self) -> impl Iterator<Item = &str> {
        self.view.histories.iter().map(|history| history.id.as_str())
    }

    fn unpriced(&self, span: &Span) -> Result<Vec<(u32, Reason)>, Failure> {
        let mut priced = engine::price(self.view.clone(), self.reports, &[], span)?;
        priced.unpriced_contacts(|_| true)
    }

    fn gather(&mut self, span: &Span, unpriced: &[(u32, Reason)]) {
        let resolver = Resolver::new(self.reports, &self.view);
        let stands = engine::standing(self.reports, &resolver, span);
        let codes = UnitCodes::new(&self.view);
        let mut items = self.unread(span, &resolver, &codes);
        for (row, code) in stands.rejected {
            items.extend(self.of_report(row, code, &codes, (Family::Rejected, Severity::Error)));
        }
        for row in stands.of_nothing {
            let (code, family) = (Code::CancellationOfNothing, Family::Warning);
            items.extend(self.of_report(row, code, &codes, (family, Severity::Warning)));
        }
        let reasons: FastMap<u32, Reason> = unpriced.iter().copied().collect();
        let units: Vec<Arc<str>> =
            self.view.histories.iter().map(|history| Arc::from(history.id.as_str())).collect();
        let unit = |number: u16| units.get(usize::from(number)).cloned().unwrap_or_default();
        for Current { row, unit: number } in &stands.current {
            let Some(report) = self.reports.rows().get(*row as usize) else { continue };
            let reason = reasons.get(&report.contact).copied();
            let Some((reason, severity)) = reason.zip(reason.and_then(findings::severity_of))
            else {
                continue;
            };
            let source = Source::Unpriced(*row, reason);
            let what = (Family::Unpriced, reason.name(), severity);
            items.push(item(what, report, unit(*number), source));
        }
        let mut warnings = plausible::of_contacts(&self.view, self.reports, &stands.current);
        warnings.extend(plausible::of_persons(self.reports, &stands.current));
        for warning in warnings {
            let Some(report) = self.reports.rows().get(warning.row as usize) else { continue };
            if reasons.get(&report.contact).is_some_and(|reason| says_the_same(*reason, &warning)) {
                continue;
            }
            let unit = unit(warning.unit);
            let what = (Family::Warning, warning.code.name(), Severity::Warning);
            items.push(item(what, report, unit, Source::Warning(warning)));
        }
        items.extend(self.ages(&stands.current, unit));
        self.items = items;
    }

    /// Rows that could not be read and that no accepted row has mended. Rows without a contact id cannot be
    /// followed, and stand; what rows were about was not kept always, and those are left out.
    fn unread(&self, span: &Span, resolver: &Resolver, codes: &UnitCodes) -> Vec<Item> {
        let mut items = Vec::new();
        for (at, (batch, row)) in self.faulty.rejected.iter().enumerate() {
            let batch = number(*batch);
            let imported_on = self.batches.get(batch).map_or(Day::MAX, |batch| batch.imported_on);
            let is_unread =
                |code: &Code| matches!(code, Code::MissingField | Code::BadValue | Code::BadPerson);
            let code = Code::parse(&row.code).filter(is_unread);
            let Some((code, about)) = code.zip(row.about.as_ref()) else { continue };
            let known = about.reported_on.unwrap_or(imported_on);
            let care_after = about.care_date.is_some_and(|care| care > span.through);
            if known > span.known_on || care_after || self.is_mended(about, known, span, resolver) {
                continue;
            }
            let day = about.care_date.unwrap_or(known);
            let meaning = codes.meaning(&about.unit).on(day);
            let unit = meaning.map_or(about.unit.as_str(), |unit| unit_id(&self.view, unit));
            items.push(Item {
                family: Family::Rejected,
                code: code.name(),
                severity: Severity::Error,
                unit: Arc::from(unit),
                care_date: about.care_date,
                month: day.month(),
                batch,
                source: Source::Unread(at),
            });
        }
        items
    }

    fn is_mended(
        &self,
        about: &RejectedContact,
        known: Day,
        span: &Span,
        resolver: &Resolver,
    ) -> bool {
        let kind = ReportKind::parse(&about.report).unwrap_or(ReportKind::New);
        let contact = self.reports.contact_ids.find(about.contact_id.as_str());
        let until = contact.and_then(|c| accepted_until(self.reports, resolver, span, c));
        until.is_some_and(|until| until >= (known, kind))
    }

    fn of_report(
        &self,
        row: u32,
        code: Code,
        codes: &UnitCodes,
        (family, severity): (Family, Severity),
    ) -> Option<Item> {
        let report = self.reports.rows().get(row as usize)?;
        let written = self.reports.unit_codes.get(report.unit_code);
        let meaning = codes.meaning(written).on(report.care_date);
        let unit = meaning.map_or(written, |unit| unit_id(&self.view, unit));
        let unit = Arc::from(findings::hide_numbers(unit));
        Some(item((family, code.name(), severity), report, unit, Source::Report(row, code)))
    }

    /// Ages that the import saw, of contacts whose report in force came with that batch.
    fn ages(&self, current: &[Current], unit: impl Fn(u16) -> Arc<str>) -> Vec<Item> {
        if self.faulty.warned.is_empty() {
            return Vec::new();
        }
        let wanted: BTreeSet<&str> =
            self.faulty.warned.iter().map(|(_, row)| row.contact_id.as_str()).collect();
        let wanted: FastMap<u32, ()> = wanted
            .into_iter()
            .filter_map(|id| Some((self.reports.contact_ids.find(id)?, ())))
            .collect();
        let mut in_force: FastMap<(u32, u32), Current> = FastMap::default();
        for current in current {
            if let Some(report) = self.reports.rows().get(current.row as usize)
                && wanted.contains_key(&report.contact)
            {
                in_force.insert((report.contact, report.batch), *current);
            }
        }
        let found = self.faulty.warned.iter().enumerate().filter_map(|(at, (batch, row))| {
            let contact = self.reports.contact_ids.find(row.contact_id.as_str())?;
            let batch = u32::try_from(number(*batch)).unwrap_or(u32::MAX);
            let current = in_force.get(&(contact, batch))?;
            let report = self.reports.rows().get(current.row as usize)?;
            let what = (Family::Warning, Code::ImplausibleAge.name(), Severity::Warning);
            Some(item(what, report, unit(current.unit), Source::Age(at)))
        });
        found.collect()
    }

    /// An item in words.
    pub fn finding(&self, item: &Item) -> Option<Finding> {
        let file = self.batches.get(item.batch).map_or("", |batch| batch.name.as_str());
        match &item.source {
            Source::Unread(at) => findings::of_kept_row(file, &self.faulty.rejected.get(*at)?.1),
            Source::Report(row, code) => {
                let report = self.reports.rows().get(*row as usize)?;
                let line = self.line(item.batch, report, code.name());
                Some(findings::of_report(self.reports, report, *code, file, line))
            }
            Source::Warning(warning) => {
                Some(findings::of_warning(self.reports, warning, &item.unit, file, 0))
            }
            Source::Age(at) => {
                let (_, row) = self.faulty.warned.get(*at)?;
                let line = u64::try_from(row.line).unwrap_or(0);
                let place = Place { file, line, contact_id: &row.contact_id };
                Some(findings::of_age(place, &row.value, &item.unit, item.care_date?))
            }
            Source::Unpriced(row, reason) => {
                let report = self.reports.rows().get(*row as usize)?;
                let contact_id = self.reports.contact_ids.get(report.contact);
                let place = Place { file, line: 0, contact_id };
                let profile = self.reports.profile(report.profile);
                findings::of_unpriced(*reason, item.severity, place, profile)
            }
        }
    }

    /// The line that a rejected report stood in, where the import kept it.
    fn line(&self, batch: usize, report: &Report, code: &str) -> u64 {
        let contact = findings::shown_id(self.reports.contact_ids.get(report.contact));
        let line = self.faulty.lines.get(&(batch, contact, code.to_owned()));
        line.and_then(|line| u64::try_from(*line).ok()).unwrap_or(0)
    }
}

/// Whether the reason for which a contact has no price says what a warning says too.
fn says_the_same(reason: Reason, warning: &Warning) -> bool {
    let of_drg = matches!(warning.shown_by, ShownBy::Value(kernel::intake::Column::Drg, _));
    match warning.code {
        Code::NoAgreement | Code::NoGestationalDays => true,
        Code::UnknownCode => reason == Reason::NoWeight && of_drg,
        _ => false,
    }
}

fn item(
    (family, code, severity): (Family, &'static str, Severity),
    report: &Report,
    unit: Arc<str>,
    source: Source,
) -> Item {
    let has_care = report.care_date != Day::MIN;
    let day = if has_care { report.care_date } else { report.reported_on };
    Item {
        family,
        code,
        severity,
        unit,
        care_date: has_care.then_some(report.care_date),
        month: day.month(),
        batch: report.batch as usize,
        source,
    }
}
