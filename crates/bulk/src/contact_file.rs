//! Contact files as clinics send them: CSV, Excel or Parquet, each possibly packed with gzip.
//!
//! Owns: what a file is, told by its content; which bytes are a row; refusing files that are not what they
//! should be (R53). Does not own: what the fields of a row may be (`kernel::intake`).
//!
//! `kontakt_id;enhet;…` in UTF-8, UTF-16 or Windows-1252 is read as it stands, and so is the same as a sheet.

mod cells;
mod csv;
mod encoding;
mod error;
mod excel;
mod guard;
mod lines;
mod parquet;
mod pipeline;
mod read;
mod sniff;
mod source;
pub mod table;
#[cfg(test)]
mod tests;
mod zipped;

pub use error::{FileError, Kind, shortened};
pub use lines::Lines;
pub use source::Source;

use kernel::intake::{Arrival, Fault, Intake, Persons};
use kernel::time::Day;
use std::num::NonZeroUsize;

/// A contact file and how its rows are to be read.
#[derive(Clone, Copy, Debug)]
pub struct ContactFile<'a> {
    /// What findings call it.
    pub name: &'a str,
    /// The batch its reports belong to, in order of arrival from 0.
    pub batch: u32,
    /// Stands in for a blank `reported_on`.
    pub default_reported_on: Day,
    /// Threads to read with; the result is the same with any number.
    pub threads: NonZeroUsize,
}

/// What a file gave: accepted rows are in the intake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactRead {
    /// Rows under the header, rejected ones too; wholly blank ones are no rows.
    pub rows: u64,
    /// Rows that were rejected, in file order.
    pub rejected: Vec<Rejected>,
    /// Rows that were accepted though they have fewer fields than the header, in file order.
    pub short: Vec<ShortRow>,
    /// The line of each report that the intake got.
    pub accepted_lines: Lines,
    /// Of a workbook, the sheet that was read.
    pub sheet: Option<String>,
    /// Of a workbook, the sheets that have a header too and were not read.
    pub other_sheets: Vec<String>,
}

/// A row that was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file as named.
    pub file: String,
    /// Line of a CSV file, the header being 1; row of a sheet; row of Parquet from 1.
    pub line: u64,
    /// Why.
    pub fault: Fault,
    /// The value of the faulty column, possibly shortened; always blank for a person's number.
    pub value: String,
    /// The contact id, possibly blank.
    pub contact_id: String,
    /// The kind of report as written, possibly blank.
    pub report: String,
    /// The unit code as written, possibly blank.
    pub unit: String,
}

/// A row that ends before its header does; what is missing was read as blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortRow {
    /// Line, the header being 1.
    pub line: u64,
    /// Fields that it has.
    pub found: usize,
    /// Fields that the header has.
    pub expected: usize,
    /// The contact id.
    pub contact_id: String,
}

/// Reads a contact file into `intake` and numbers its persons. `progress` is told now and then how many bytes
/// of the file have been read.
///
/// A refused file may already have given reports to `intake`; the caller throws that away.
pub fn read(
    source: &mut Source,
    file: ContactFile<'_>,
    intake: &mut Intake,
    persons: &mut Persons,
    progress: &mut dyn FnMut(u64),
) -> Result<ContactRead, FileError> {
    let arrival = Arrival { batch: file.batch, default_reported_on: file.default_reported_on };
    let mut into = read::Into { file: file.name, arrival, intake, persons };
    sniff::read(source, file.threads, &mut into, progress)
}
