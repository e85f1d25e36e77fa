//! A file of labour, staffing, measures or surveys becomes part of the data folder.
//!
//! Owns: all of a file or nothing, and what is found in it. Does not own: the words (`findings`).

use super::super::DataFolder;
use super::super::imports::refuse_mislabelled;
use super::rows;
use crate::engine;
use crate::failure::Failure;
use crate::findings::Ahead;
use crate::findings::beside::{self, Place};
use crate::inputs;
use bulk::table::{self, TableRow};
use follow::intake::{Column, Fault, Header, Kind, read_row};
use follow::told::Reported;
use kernel::finding::{Code, Finding};
use kernel::intern::FastMap;
use kernel::register::UnitCodes;
use kernel::time::Day;
use std::sync::Arc;
use store::files::{self, Shelf};
use store::{CarerKey, Input, NewInput, Origin, RejectedInput};

/// What an import gave.
#[derive(Debug)]
pub struct ImportedInput {
    /// The file as it is listed, new or known.
    pub input: Input,
    /// Which kind of rows it has.
    pub kind: Kind,
    /// Whether the same file was imported before; then nothing was changed.
    pub was_known: bool,
    /// What was found, by line.
    pub findings: Vec<Finding>,
    /// Of a workbook, the sheet that was read and those with a header that were not.
    pub sheets: Option<(String, Vec<String>)>,
    /// Its name as findings have it, the place of its first row among those of its kind, and the line of each.
    rows: (String, usize, Vec<u64>),
}

/// What was read of a file.
#[derive(Default)]
struct ReadRows {
    rows: i64,
    accepted_lines: Vec<u64>,
    rejected: Vec<RejectedInput>,
    findings: Vec<Finding>,
}

impl DataFolder {
    /// Imports one file on a day, which stands in for blank days of report. Where no kind is said, its columns tell it.
    pub fn import_input(
        &mut self,
        input: inputs::Input,
        kind: Option<Kind>,
        origin: Origin,
        on: Day,
    ) -> Result<ImportedInput, Failure> {
        let inputs::Input { mut source, file_name: name } = input;
        refuse_mislabelled(&name, origin)?;
        let source_sha256 = source.sha256()?;
        let shown = source.name().to_owned();
        let table = table::open(&mut source, &shown, &Header::knows)?;
        let header = Header::read(kind, &table.names).map_err(|fault| {
            beside::refused_header(&shown, table.sheet.as_deref(), table.line, &fault)
        })?;
        let kind = header.kind;
        let sheets = table.sheet.clone().map(|sheet| (sheet, table.other_sheets.clone()));
        self.read_told()?;
        let told = self.told.get_or_insert_default();
        let first = told.rows(kind);
        let is_same =
            |known: &&Input| known.kind == kind.name() && known.source_sha256 == source_sha256;
        if let Some(input) = self.inputs.iter().find(is_same) {
            let (input, findings, rows) = (input.clone(), Vec::new(), (shown, first, Vec::new()));
            return Ok(ImportedInput { input, kind, was_known: true, findings, sheets, rows });
        }
        let carers = match kind {
            Kind::Staffing => Some(CarerKey::open(&self.folder)?),
            Kind::Labour | Kind::Measure | Kind::Survey => None,
        };
        let told = Arc::make_mut(told);
        let reader = Reader { header: &header, on, carers: carers.as_ref(), file: &shown };
        let read = match reader.read(table, told) {
            Ok(read) => read,
            Err(refused) => {
                told.keep(kind, first);
                return Err(refused);
            }
        };
        let kept = self.keep_input(kind, first, (source_sha256, name), (origin, on), &read);
        if kept.is_err() {
            Arc::make_mut(self.told.get_or_insert_default()).keep(kind, first);
        }
        let rows = (shown, first, read.accepted_lines);
        Ok(ImportedInput {
            input: kept?,
            kind,
            was_known: false,
            findings: read.findings,
            sheets,
            rows,
        })
    }

    fn keep_input(
        &mut self,
        kind: Kind,
        first: usize,
        (source_sha256, name): (String, String),
        (origin, imported_on): (Origin, Day),
        read: &ReadRows,
    ) -> Result<Input, Failure> {
        let told = self.told.get_or_insert_default();
        let bytes = rows::write(kind, told, first)?;
        let file = files::put(&self.folder, Shelf::Inputs, &bytes, None)?;
        let rejected = i64::try_from(read.rejected.len()).unwrap_or(i64::MAX);
        let accepted = read.rows - rejected;
        let kind = kind.name().to_owned();
        let new = NewInput { kind, source_sha256, file, name, origin, accepted, imported_on };
        let seq = self.runtime.block_on(self.store.append_input(&new, &read.rejected))?;
        let NewInput { kind, source_sha256, file, name, .. } = new;
        let rows = read.rows;
        let input = Input {
            seq,
            kind,
            source_sha256,
            file,
            name,
            origin,
            rows,
            accepted,
            rejected,
            imported_on,
        };
        self.inputs.push(input.clone());
        Ok(input)
    }

    /// Adds to what imports found what only all rows together tell: rows that have no effect since others of the same day say something
    /// else, rows of units that nobody knows, and rows that are reported on days that have not been.
    pub fn judge_inputs(&self, imported: &mut [ImportedInput]) -> Result<(), Failure> {
        let conflicts = self.told_standing(&self.extent(Day::MAX))?.conflicts;
        let view = self.register.view(u32::MAX);
        let codes = UnitCodes::new(&view);
        let Some(told) = self.told.as_ref() else { return Ok(()) };
        for one in imported.iter_mut().filter(|one| !one.was_known) {
            let (file, first, lines) = &one.rows;
            let read = one.findings.len();
            let line = |row: usize| lines.get(row.checked_sub(*first)?).copied();
            let own = conflicts.iter().filter(|conflict| conflict.kind == one.kind);
            let lines_in_conflict = own.filter_map(|conflict| line(conflict.row));
            let in_conflict: Vec<Finding> =
                lines_in_conflict.map(|line| beside::conflict(file, line, one.kind)).collect();
            // A row that has no effect is not accepted, as a contact is not.
            let count = i64::try_from(in_conflict.len()).unwrap_or(i64::MAX);
            (one.input.accepted, one.input.rejected) =
                (one.input.accepted - count, one.input.rejected + count);
            one.findings.extend(in_conflict);
            let days = reported_on(told, one.kind, *first).zip(lines);
            let ahead = Ahead::of(days.map(|(day, line)| (*line, day)), engine::today());
            one.findings.extend(ahead.map(|ahead| ahead.finding(file)));
            let mut unknown: FastMap<u32, (u64, usize)> = FastMap::default();
            let units = units(told, one.kind, *first).zip(lines);
            for ((unit, day), line) in units {
                if codes.meaning(told.texts.get(unit)).on(day).is_none() {
                    unknown.entry(unit).or_insert((*line, 0)).1 += 1;
                }
            }
            let text = |unit: u32| told.texts.get(unit);
            let found = unknown.iter();
            one.findings.extend(
                found.map(|(unit, (line, rows))| {
                    beside::unknown_unit(file, *line, text(*unit), *rows)
                }),
            );
            if let Some((sheet, _)) = &one.sheets {
                let new = one.findings.iter_mut().skip(read);
                new.for_each(|finding| crate::findings::in_sheet(finding, sheet));
            }
            one.findings.sort();
        }
        Ok(())
    }
}

/// The unit codes of rows from a place on, each with the day it is to be known.
fn units(told: &Reported, kind: Kind, first: usize) -> impl Iterator<Item = (u32, Day)> + '_ {
    let staffing = told.staffing.get(first..).filter(|_| kind == Kind::Staffing);
    let surveys = told.surveys.get(first..).filter(|_| kind == Kind::Survey);
    let staffing = staffing.unwrap_or_default().iter();
    let surveys = surveys.unwrap_or_default().iter();
    let of_staffing = staffing.map(|told| (told.row.unit, told.row.from.day()));
    of_staffing.chain(surveys.map(|told| (told.row.unit, told.row.from.first_day())))
}

/// The days of report of rows from a place on.
fn reported_on(told: &Reported, kind: Kind, first: usize) -> impl Iterator<Item = Day> {
    let days: Vec<Day> = match kind {
        Kind::Labour => told.labour.iter().skip(first).map(|row| row.reported_on).collect(),
        Kind::Staffing => told.staffing.iter().skip(first).map(|row| row.reported_on).collect(),
        Kind::Measure => told.measures.iter().skip(first).map(|row| row.reported_on).collect(),
        Kind::Survey => told.surveys.iter().skip(first).map(|row| row.reported_on).collect(),
    };
    days.into_iter()
}

/// Whether a field may hold a name or a number of somebody, and not only what was meant as an instant (`2023-01-31T14:05`).
fn may_name(text: &str) -> bool {
    let is_of_instant = |c: char| c.is_ascii_digit() || "-:+.TZ ".contains(c);
    !text.contains(['-', ':']) || !text.chars().all(is_of_instant)
}

/// Reads the rows of one file.
struct Reader<'a> {
    header: &'a Header,
    on: Day,
    carers: Option<&'a CarerKey>,
    file: &'a str,
}

impl Reader<'_> {
    fn read(&self, table: table::TableFile<'_>, told: &mut Reported) -> Result<ReadRows, Failure> {
        let mut read = ReadRows::default();
        let mut known: FastMap<Box<str>, String> = FastMap::default();
        let mut carer = |text: &str| match known.get(text) {
            Some(name) => name.clone(),
            None => {
                let name = self.carers.map_or_else(String::new, |key| key.pseudonym(text));
                known.insert(text.into(), name.clone());
                name
            }
        };
        let sheet = table.sheet.clone();
        table.each(&mut |row| {
            read.rows += 1;
            let column =
                |at: usize| self.header.columns.get(at).or_else(|| self.header.columns.first());
            let of_form = row.fault.map(|(code, at)| Fault {
                code,
                column: column(at).copied().unwrap_or(Column::ContactId),
                why: None,
            });
            let done = match of_form {
                Some(fault) => Err(fault),
                None => read_row(self.header, row.fields, self.on, &mut carer, told),
            };
            match done {
                Ok(()) => {
                    read.accepted_lines.push(row.line);
                    if row.fields.len() < self.header.columns.len() {
                        let place = self.place(&row);
                        read.findings.push(beside::short_row(place, row.fields.len(), self.header));
                    }
                }
                Err(fault) => self.reject(&row, &fault, &mut read),
            }
        })?;
        if let Some(sheet) = sheet {
            read.findings.iter_mut().for_each(|finding| crate::findings::in_sheet(finding, &sheet));
        }
        Ok(read)
    }

    fn place<'t>(&'t self, row: &'t TableRow<'_>) -> Place<'t> {
        let contact = self.header.get(Column::ContactId, row.fields);
        Place { file: self.file, line: row.line, contact }
    }

    fn reject(&self, row: &TableRow<'_>, fault: &Fault, read: &mut ReadRows) {
        // Who worked is nobody's business, and in a row where something is wrong her name may stand in any field.
        let may_name_carer = self.header.kind == Kind::Staffing;
        let value = self.header.get(fault.column, row.fields);
        let is_shown = fault.code != Code::LongRow && !(may_name_carer && may_name(value));
        let mut place = self.place(row);
        if may_name_carer {
            place.contact = "";
        }
        let finding = beside::rejected(place, fault, if is_shown { value } else { "" });
        read.rejected.push(RejectedInput {
            line: i64::try_from(row.line).unwrap_or(i64::MAX),
            code: fault.code.name().to_owned(),
            field: fault.column.name().to_owned(),
            value: finding.value.clone().unwrap_or_default(),
        });
        read.findings.push(finding);
    }
}
