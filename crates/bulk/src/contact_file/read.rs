//! One row at a time into a part; one part at a time into the intake.
//!
//! Owns: what is told of a row beside its fields. Does not own: threads (`pipeline`), or forms of files.

use super::encoding::is_suspect;
use super::error::{FileError, shortened};
use super::lines::Lines;
use super::{ContactRead, Rejected, ShortRow};
use kernel::finding::Code;
use kernel::intake::{
    Arrival, Column, Fault, Field, Header, Intake, Part, Persons, ReaderNumbers, Row, RowReader,
};

/// Where what is read goes.
pub(super) struct Into<'a> {
    pub(super) file: &'a str,
    pub(super) arrival: Arrival,
    pub(super) intake: &'a mut Intake,
    pub(super) persons: &'a mut Persons,
}

impl Into<'_> {
    /// Adds a block that the reader of `numbers` read; blocks come in the order of the file.
    pub(super) fn add(
        &mut self,
        block: BlockRead,
        numbers: &mut ReaderNumbers,
        read: &mut ContactRead,
    ) -> Result<(), FileError> {
        let persons = &mut *self.persons;
        let mut person = |person: kernel::intake::Person<'_>| persons.number(person);
        self.intake.add(&block.part, numbers, self.arrival, &mut person);
        read.accepted_lines.extend(block.part.lines());
        read.rows += block.rows;
        read.rejected.extend(block.rejected);
        read.short.extend(block.short);
        block.refused.map_or(Ok(()), Err)
    }
}

impl Lines {
    fn extend(&mut self, lines: impl Iterator<Item = u64>) {
        lines.for_each(|line| self.push(line));
    }
}

/// What was made of a block.
#[derive(Default)]
pub(super) struct BlockRead {
    pub(super) part: Part,
    pub(super) rows: u64,
    pub(super) rejected: Vec<Rejected>,
    pub(super) short: Vec<ShortRow>,
    /// Why the file is refused; found after the rows above.
    pub(super) refused: Option<FileError>,
}

/// How a row lies in its file.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) line: u64,
    /// How many fields it has.
    pub(super) fields: usize,
    /// What its form has against it.
    pub(super) fault: Option<(Code, Column)>,
    /// Whether a field may hold what no text has.
    pub(super) is_suspect: bool,
}

/// Reads the rows of blocks; one for each thread.
pub(super) struct BlockReader<'h> {
    pub(super) file: &'h str,
    pub(super) header: &'h Header,
    pub(super) reader: RowReader,
}

impl<'h> BlockReader<'h> {
    pub(super) fn new(file: &'h str, header: &'h Header) -> Self {
        Self { file, header, reader: RowReader::default() }
    }

    /// Reads a row into a block. A wholly blank row is no row.
    pub(super) fn row(&mut self, row: &Row<'_>, place: Place, block: &mut BlockRead) {
        if place.fault.is_none() && row.get(Column::ContactId).is_empty() && row.is_blank() {
            return;
        }
        block.rows += 1;
        let form = place.fault.or_else(|| {
            let suspect = || row.texts().find(|(_, text)| is_suspect(text));
            let column = if place.is_suspect { suspect()?.0 } else { return None };
            Some((Code::Undecodable, column))
        });
        let read = match form {
            Some((code, column)) => Err(Fault::of(code, column, row)),
            None => self.reader.read(row, place.line, &mut block.part),
        };
        match read {
            Ok(()) if place.fields < self.header.fields().len() => block.short.push(ShortRow {
                line: place.line,
                found: place.fields,
                expected: self.header.fields().len(),
                contact_id: shortened(row.get(Column::ContactId)),
            }),
            Ok(()) => {}
            Err(fault) => block.rejected.push(self.rejected(row, place.line, fault)),
        }
    }

    fn rejected(&self, row: &Row<'_>, line: u64, fault: Fault) -> Rejected {
        let value = if fault.column == Column::Person { "" } else { row.get(fault.column) };
        Rejected {
            file: self.file.to_owned(),
            line,
            value: shortened(value),
            contact_id: shortened(row.get(Column::ContactId)),
            report: shortened(row.get(Column::Report)),
            unit: shortened(row.get(Column::Unit)),
            fault,
        }
    }

    /// The column of a position; of a class, the contact id.
    pub(super) fn column(&self, at: usize) -> Column {
        match self.header.fields().get(at) {
            Some(Field::Column(column)) => *column,
            _ => Column::ContactId,
        }
    }
}
