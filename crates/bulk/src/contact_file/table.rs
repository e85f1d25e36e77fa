//! Other files than contacts that clinics send: CSV or Excel with a header, possibly packed with gzip, row by row as texts.
//!
//! Owns: finding the header and the rows, by the same rules as contact files. Does not own: what the columns are, which the caller says.
//!
//! `carer;unit;starts_at` in UTF-8, UTF-16 or Windows-1252 is read as it stands, and so is the same as a sheet.

mod sheet;
mod text;

use super::error::{FileError, Kind};
use super::sniff::{self, Form};
use super::source::Source;
use flate2::read::MultiGzDecoder;
use kernel::finding::Code;
use std::io::{self, BufReader, Read};

/// Whether a name is one of a column.
pub type Knows<'a> = &'a dyn Fn(&str) -> bool;

/// A file whose header has been read.
pub struct TableFile<'f> {
    /// The names of the columns.
    pub names: Vec<String>,
    /// The line or row of the header, from 1.
    pub line: u64,
    /// Of a workbook, the sheet that is read.
    pub sheet: Option<String>,
    /// Of a workbook, the sheets that have such a header too and are not read.
    pub other_sheets: Vec<String>,
    file: &'f str,
    packed: Option<u64>,
    rows: Rows<'f>,
}

enum Rows<'f> {
    Text(text::Lines<'f>),
    Sheet(Vec<SheetRow>),
}

/// A row of a sheet: its number, its texts, and the first cell that cannot be read.
struct SheetRow {
    line: u64,
    texts: Vec<String>,
    bad: Option<usize>,
}

/// A row under the header. Wholly blank rows are none.
#[derive(Clone, Copy, Debug)]
pub struct TableRow<'a> {
    /// Line of a CSV file, row of a sheet; the header's is 1 where nothing stands above it.
    pub line: u64,
    /// The texts in order, as many as the row has.
    pub fields: &'a [&'a str],
    /// What the form of the row has against it, and the place of the field.
    pub fault: Option<(Code, usize)>,
}

/// Opens a file and reads its header. `file` is what findings call it; `knows` tells names of columns.
pub fn open<'f>(
    source: &mut Source,
    file: &'f str,
    knows: Knows<'_>,
) -> Result<TableFile<'f>, FileError> {
    let error = |source| FileError::Io { file: file.to_owned(), source };
    let len = source.len();
    let (start, input) = sniff::beginning(source.reopened().map_err(error)?).map_err(error)?;
    match sniff::form(&start) {
        Form::Gzip => {
            let packed = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, input));
            let damaged = |source| sniff::unpacking(file, len, source);
            let (start, unpacked) =
                sniff::beginning(sniff::limited(packed, len)).map_err(damaged)?;
            match sniff::form(&start) {
                Form::Text(form) => {
                    let opened = text::open(Box::new(unpacked), form, &start, file, knows);
                    let mut table = opened.map_err(|error| of_packed(error, file, len))?;
                    table.packed = Some(len);
                    Ok(table)
                }
                Form::Excel => {
                    let laid = Source::laid_aside(file, unpacked).map_err(damaged)?;
                    of_sheet(laid, file, knows)
                }
                form => Err(other(file, form)),
            }
        }
        Form::Text(form) => text::open(Box::new(input), form, &start, file, knows),
        Form::Excel => {
            drop(input);
            let whole = source.reopened().map_err(error)?;
            sheet::open(whole, len, file, knows)
        }
        form => Err(other(file, form)),
    }
}

fn of_sheet<'f>(
    mut laid: Source,
    file: &'f str,
    knows: Knows<'_>,
) -> Result<TableFile<'f>, FileError> {
    let len = laid.len();
    let whole =
        laid.reopened().map_err(|source| FileError::Io { file: file.to_owned(), source })?;
    sheet::open(whole, len, file, knows)
}

fn other(file: &str, form: Form) -> FileError {
    let what = match form {
        Form::Other(what) => what,
        Form::Parquet => "Parquet, which only contacts are read from",
        _ => "packed more than once",
    };
    FileError::OtherForm { file: file.to_owned(), what }
}

fn of_packed(error: FileError, file: &str, packed: u64) -> FileError {
    match error {
        FileError::Io { source, .. } => sniff::unpacking(file, packed, source),
        other => other,
    }
}

impl TableFile<'_> {
    /// Gives every row under the header, in order. Where the file is refused, rows before that have been given.
    pub fn each(self, take: &mut dyn FnMut(TableRow<'_>)) -> Result<(), FileError> {
        let columns = self.names.len();
        match self.rows {
            Rows::Text(lines) => {
                let read = lines.each(columns, take);
                read.map_err(|error| match self.packed {
                    Some(packed) => of_packed(error, self.file, packed),
                    None => error,
                })
            }
            Rows::Sheet(rows) => {
                rows.iter().for_each(|row| give(row, columns, take));
                Ok(())
            }
        }
    }
}

fn give(row: &SheetRow, columns: usize, take: &mut dyn FnMut(TableRow<'_>)) {
    let fields: Vec<&str> = row.texts.iter().map(String::as_str).collect();
    let bad = row.bad.map(|at| (Code::BadValue, at));
    let suspect = || {
        let is_suspect = |text: &&str| super::encoding::is_suspect(text);
        fields.iter().position(is_suspect).map(|at| (Code::Undecodable, at))
    };
    let fault = bad.or_else(|| too_long(&fields, columns)).or_else(suspect);
    take(TableRow { line: row.line, fields: &fields, fault });
}

/// Whether more stands in a row than the header has.
fn too_long(fields: &[&str], columns: usize) -> Option<(Code, usize)> {
    let mut more = fields.iter().skip(columns);
    more.any(|text| !text.trim().is_empty()).then_some((Code::LongRow, columns))
}

/// A damaged workbook.
fn damaged(file: &str, what: String) -> FileError {
    FileError::Damaged { file: file.to_owned(), kind: Kind::Excel, what }
}

type Input = Box<dyn Read>;

/// Leaves out the first bytes.
fn skipped(mut input: Input, count: usize) -> io::Result<Input> {
    let mut mark = [0; 3];
    input.read_exact(mark.get_mut(..count).unwrap_or_default())?;
    Ok(input)
}
