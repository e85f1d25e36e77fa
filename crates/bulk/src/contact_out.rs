//! Contact files as Parquet, written group after group; for synthetic files too large for memory.
//!
//! Owns: the types that the columns of a contact file have in Parquet. Does not own: what a field means
//! (`kernel::intake`), or what the rows say.
//!
//! Dates are DATE, whole numbers INT32, yes and no BOOLEAN, everything else text; a blank field is null.

use crate::columns::{Cells, FileWriter, IdColumn, ParquetError};
use kernel::intern::Texts;
use std::io::Write;

/// One column of a group, a value for each row.
#[derive(Clone, Copy)]
pub enum Values<'a> {
    /// Texts that hardly repeat.
    Id(&'a IdColumn),
    /// Distinct texts and the number of one for each row; `u32::MAX` is blank.
    Text(&'a Texts, &'a [u32]),
    /// Days as numbers since 1970-01-01; `i32::MIN` is blank.
    Day(&'a [i32]),
    /// Whole numbers; `i32::MIN` is blank.
    Int(&'a [i32]),
    /// Yes, no or blank.
    Flag(&'a [Option<bool>]),
}

impl<'a> Values<'a> {
    fn cells(self) -> Cells<'a> {
        match self {
            Self::Id(ids) => Cells::Id(ids),
            Self::Text(texts, numbers) => Cells::Text { texts, numbers, repeated: true },
            Self::Day(days) => Cells::Day(days),
            Self::Int(numbers) => Cells::Int(numbers),
            Self::Flag(flags) => Cells::OptionalFlag(flags),
        }
    }
}

const FORM: &str = "vardkedja-contacts-1";

/// A contact file under writing.
pub struct ContactWriter<W: Write + Send> {
    out: Option<W>,
    origin: String,
    writer: Option<FileWriter<W>>,
}

impl<W: Write + Send> ContactWriter<W> {
    /// Begins a file whose metadata say `origin`: `reported` or `synthetic`.
    pub fn new(out: W, origin: &str) -> Self {
        Self { out: Some(out), origin: origin.to_owned(), writer: None }
    }

    /// Adds a group of `rows` rows. Every group has the same columns in the same order.
    pub fn write(
        &mut self,
        rows: usize,
        columns: &[(&str, Values<'_>)],
    ) -> Result<(), ParquetError> {
        let cells: Vec<_> = columns.iter().map(|(name, values)| (*name, values.cells())).collect();
        if let Some(out) = self.out.take() {
            let mark = if self.origin == "synthetic" { "SYNTETISKA DATA" } else { "" };
            let notes = [("origin", self.origin.as_str()), ("mark", mark)];
            self.writer = Some(FileWriter::new(out, FORM, &cells, &notes)?);
        }
        match &mut self.writer {
            Some(writer) => writer.write(rows, &cells),
            None => Ok(()),
        }
    }

    /// Ends the file, and gives back where it was written; a file without any group is none.
    pub fn finish(self) -> Result<Option<W>, ParquetError> {
        self.writer.map(FileWriter::finish).transpose()
    }
}
