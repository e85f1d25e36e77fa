//! Importing: a file becomes a batch, whole or not at all.

use super::DataFolder;
use super::judged::{self, NewRows};
use crate::engine;
use crate::failure::Failure;
use crate::findings;
use crate::inputs::Input;
use bulk::contact_file::{self, ContactFile, ContactRead};
use kernel::contact::{Report, Reports};
use kernel::finding::Finding;
use kernel::intake::Persons;
use kernel::register::UnitCodes;
use kernel::time::Day;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::files::{self, Shelf};
use store::{Batch, NewBatch, Origin, PersonKeys, RejectedRow, WarnedRow};

/// What an import gave.
#[derive(Debug)]
pub struct Imported {
    /// The batch, new or known.
    pub batch: Batch,
    /// Whether the same file was imported before; then nothing was changed.
    pub was_known: bool,
    /// What was found, by line.
    pub findings: Vec<Finding>,
    /// Of a workbook, the sheet that was read and those with a header that were not.
    pub sheets: Option<(String, Vec<String>)>,
}

/// What is listed of a batch beside its reports.
struct Kept {
    rows: u64,
    rejected: Vec<RejectedRow>,
    warned: Vec<WarnedRow>,
}

impl DataFolder {
    /// Imports one contact file on a day, which stands in for blank days of report.
    ///
    /// The reports are kept as they are; a row whose unit is not known today is told as rejected, and counts
    /// from the day the register knows the unit.
    pub fn import(
        &mut self,
        input: Input,
        origin: Origin,
        on: Day,
        tell: &mut dyn FnMut(u64),
    ) -> Result<Imported, Failure> {
        self.import_of(input, origin, on, None, tell)
    }

    /// The same for somebody who may report for some units alone: a file with a row of another unit, or about a contact that another
    /// unit reported, is refused whole.
    pub fn import_own(
        &mut self,
        input: Input,
        origin: Origin,
        on: Day,
        own: &BTreeSet<String>,
    ) -> Result<Imported, Failure> {
        self.import_of(input, origin, on, Some(own), &mut |_| {})
    }

    fn import_of(
        &mut self,
        input: Input,
        origin: Origin,
        on: Day,
        own: Option<&BTreeSet<String>>,
        tell: &mut dyn FnMut(u64),
    ) -> Result<Imported, Failure> {
        let Input { mut source, file_name: name } = input;
        refuse_mislabelled(&name, origin)?;
        let source_sha256 = source.sha256()?;
        if let Some(batch) = self.batches.iter().find(|b| b.source_sha256 == source_sha256) {
            let (batch, findings, sheets) = (batch.clone(), Vec::new(), None);
            return Ok(Imported { batch, was_known: true, findings, sheets });
        }
        let number = u32::try_from(self.batches.len()).unwrap_or(u32::MAX);
        let shown = source.name().to_owned();
        let file = ContactFile {
            name: &shown,
            batch: number,
            default_reported_on: on,
            threads: engine::reading_threads(),
        };
        let first_row = self.reports()?.rows().len();
        let mut persons = Persons::default();
        let read = contact_file::read(&mut source, file, self.intake()?, &mut persons, tell);
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                // What the refused file already gave is forgotten.
                self.intake = None;
                return Err(error.into());
            }
        };
        if let Some(own) = own
            && let Err(refused) = self.refuse_others(first_row, &read, own)
        {
            self.intake = None;
            return Err(refused);
        }
        let order: Vec<String> = persons.texts().collect();
        let ages = judged::ages(self.reports_loaded()?, first_row, &order);
        self.pseudonymise(first_row, &order)?;
        let lines = &read.accepted_lines;
        let new = NewRows { reports: self.reports_loaded()?, first_row, lines, file: &shown };
        let found = new.judge(&self.register.view(u32::MAX), &ages);
        let warned = judged::kept_ages(&new, &ages);
        let unread = read.rejected.iter().map(|row| judged::unreadable(row, on));
        let (mut findings, rejected): (Vec<_>, Vec<_>) = unread.chain(found.rejected).unzip();
        findings.extend(found.warnings);
        findings.extend(new.ahead(engine::today()));
        findings.extend(read.short.iter().map(|row| findings::of_short_row(&shown, row)));
        findings.sort();
        if let Some(sheet) = &read.sheet {
            findings.iter_mut().for_each(|finding| findings::in_sheet(finding, sheet));
        }
        let kept = Kept { rows: read.rows, rejected, warned };
        let batch = self.keep(first_row, source_sha256, name, origin, on, &kept)?;
        let sheets = read.sheet.map(|sheet| (sheet, read.other_sheets));
        Ok(Imported { batch, was_known: false, findings, sheets })
    }

    /// Refuses rows that are not of some units, with their lines, before anything is kept of them.
    fn refuse_others(
        &self,
        first_row: usize,
        read: &ContactRead,
        own: &BTreeSet<String>,
    ) -> Result<(), Failure> {
        let reports = self.reports_loaded()?;
        let view = self.register.view(u32::MAX);
        let codes = UnitCodes::new(&view);
        let is_own = |code: &str, day: Day| {
            let unit = codes.meaning(code).on(day);
            unit.is_some_and(|unit| own.contains(judged::unit_id(&view, unit)))
        };
        let is_own_report =
            |report: &Report| is_own(reports.unit_codes.get(report.unit_code), report.care_date);
        let mut others: Vec<(u64, String)> = Vec::new();
        let new = reports.rows().iter().skip(first_row).enumerate();
        for (at, report) in new {
            // A correction or cancellation must not reach a contact that another unit has reported.
            let of_contact = || reports.of_contact(report.contact);
            if !is_own_report(report) || !of_contact().all(is_own_report) {
                let code = reports.unit_codes.get(report.unit_code);
                let line = read.accepted_lines.get(at).unwrap_or(0);
                others.push((line, findings::hide_numbers(code)));
            }
        }
        let unread = read.rejected.iter().filter(|row| !row.unit.trim().is_empty());
        let strangers = unread.filter(|row| !is_own(row.unit.trim(), on_any_day()));
        others.extend(strangers.map(|row| (row.line, findings::hide_numbers(&row.unit))));
        if others.is_empty() {
            return Ok(());
        }
        others.sort();
        Err(of_others(&others))
    }

    pub(super) fn reports_loaded(&self) -> Result<&Reports, Failure> {
        let missing =
            || Failure::refused("kontakterna är inte lästa", "the contacts are not loaded");
        self.loaded_reports().ok_or_else(missing)
    }

    /// Refuses to give pseudonyms where those that were given are lost.
    pub(super) fn refuse_lost_persons(&self) -> Result<(), Failure> {
        let table = self.folder.join("persons.sqlite");
        if self.batches.is_empty() || table.is_file() {
            return Ok(());
        }
        let shown = table.display();
        Err(Failure::refused(
            format!("`{shown}` saknas: utan den får samma person en ny pseudonym; återställ filen"),
            format!(
                "`{shown}` is missing: without it the same person would get a new pseudonym; restore the file"
            ),
        ))
    }

    /// Gives the persons of a new batch their pseudonyms, which were not known while it was read.
    fn pseudonymise(&mut self, first_row: usize, numbers: &[String]) -> Result<(), Failure> {
        // Keys that a clone of the folder has too may have learned others since: they are opened anew.
        if self.person_keys.as_mut().and_then(Arc::get_mut).is_none() {
            self.refuse_lost_persons()?;
            let keys = self.runtime.block_on(PersonKeys::open(&self.folder))?;
            self.person_keys = Some(Arc::new(keys));
        }
        let Some(keys) = self.person_keys.as_mut().and_then(Arc::get_mut) else {
            return Ok(());
        };
        let pseudonyms = self.runtime.block_on(keys.pseudonyms(numbers))?;
        let persons = Arc::make_mut(&mut self.persons);
        let known: Vec<u32> = pseudonyms.iter().map(|name| persons.text(name)).collect();
        let number = |person: u32| known.get(person as usize).copied().unwrap_or(person);
        self.intake()?.reports.renumber_persons(first_row, number);
        Ok(())
    }

    fn keep(
        &mut self,
        first_row: usize,
        source_sha256: String,
        name: String,
        origin: Origin,
        imported_on: Day,
        kept: &Kept,
    ) -> Result<Batch, Failure> {
        let reports = self.reports_loaded()?;
        let range = first_row..reports.rows().len();
        let bytes = bulk::batch::write_batch(reports, range, |person| self.persons.get(person))?;
        let file = files::put(&self.folder, Shelf::Batches, &bytes, None)?;
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let rows = i64::try_from(kept.rows).unwrap_or(i64::MAX);
        let accepted = rows - count(kept.rejected.len());
        let new = NewBatch { source_sha256, file, name, origin, accepted, imported_on };
        let seq =
            self.runtime.block_on(self.store.append_batch(&new, &kept.rejected, &kept.warned))?;
        let batch = Batch {
            seq,
            source_sha256: new.source_sha256,
            file: new.file,
            name: new.name,
            origin,
            rows,
            accepted,
            rejected: count(kept.rejected.len()),
            imported_on,
        };
        self.batches.push(batch.clone());
        Ok(batch)
    }
}

/// A file that calls itself synthetic is not imported as reported care.
pub(super) fn refuse_mislabelled(name: &str, origin: Origin) -> Result<(), Failure> {
    if origin == Origin::Reported && name.to_uppercase().contains("SYNTETISK") {
        return Err(Failure::refused(
            format!(
                "`{name}` är syntetiska data enligt sitt namn; importera med --origin synthetic"
            ),
            format!("`{name}` is synthetic by its name; import it with --origin synthetic"),
        ));
    }
    Ok(())
}

/// The most lines that are told one by one.
const LINES_TOLD: usize = 20;

/// A day for rows whose own cannot be read: what a code means then is what it means last.
const fn on_any_day() -> Day {
    Day::MAX
}

fn of_others(lines: &[(u64, String)]) -> Failure {
    let count = lines.len();
    let told = |word: &str| {
        let rows = lines.iter().take(LINES_TOLD);
        let rows: Vec<String> =
            rows.map(|(line, code)| format!("{word} {line} (`{code}`)")).collect();
        rows.join(", ")
    };
    let more = count.saturating_sub(LINES_TOLD);
    let (more_sv, more_en) = match more {
        0 => (String::new(), String::new()),
        more => (format!(" och {more} till"), format!(" and {more} more")),
    };
    let (rows_sv, rows_en) = match count {
        1 => ("rad", "row is"),
        _ => ("rader", "rows are"),
    };
    Failure::refused(
        format!(
            "{count} {rows_sv} gäller enheter eller kontakter som inte är era: {}{more_sv}. Ingenting ur filen är sparat; ta bort raderna eller rätta enhetskoden och skicka filen igen",
            told("rad")
        ),
        format!(
            "{count} {rows_en} about units or contacts that are not yours: {}{more_en}. Nothing of the file is kept; remove the rows or mend the unit code and send the file again",
            told("line")
        ),
    )
}
