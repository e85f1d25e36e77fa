//! Workbooks (xlsx, xlsm): the first sheet that begins with the header.
//!
//! Owns: what a cell says as text. Does not own: what a field may be (`kernel::intake`).
//!
//! A cell that shows 2023-01-31 holds the number 44957, or 43495 where days are counted from 1904.

use super::cells::{self, CellFault, Cells};
use super::error::{FileError, Kind};
use super::guard::guarded;
use super::read::Into;
use super::{ContactRead, pipeline, zipped};
use calamine::{Cell, DataRef, Reader, Xlsx, XlsxCellReader, XlsxError};
use kernel::finding::Code;
use kernel::intake::{Column, Field, Header, HeaderFault};
use kernel::time::Day;
use std::collections::HashSet;
use std::fmt::Write;
use std::fs::File;
use std::io::BufReader;
use std::num::NonZeroUsize;

/// Rows in a block.
const BLOCK: usize = 1 << 13;

type Sheet<'w> = XlsxCellReader<'w, BufReader<File>>;

/// Reads a workbook of `len` bytes.
pub(super) fn read(
    file: File,
    len: u64,
    threads: NonZeroUsize,
    into: &mut Into<'_>,
) -> Result<ContactRead, FileError> {
    let name = into.file.to_owned();
    let damaged = |what: String| FileError::Damaged { file: name.clone(), kind: Kind::Excel, what };
    zipped::check(&file, len, &name)?;
    let workbook = guarded(|| Xlsx::new(BufReader::new(file)));
    let mut workbook: Xlsx<_> = workbook.map_err(&damaged)?;
    let is_1904 = workbook.has_1904_epoch();
    let sheet = guarded(|| Ok::<_, String>(find_sheet(&mut workbook, &name)));
    let sheet = sheet.map_err(&damaged)??;
    let formulas = guarded(|| formulas(&mut workbook, &sheet.name)).map_err(&damaged)?;
    let cells = guarded(|| workbook.worksheet_cells_reader(&sheet.name)).map_err(&damaged)?;
    let header = sheet.header;
    let after = sheet.row;
    let mut rows = Rows { cells, header: &header, formulas, is_1904, after, pending: None };
    guarded(|| rows.skip_header()).map_err(&damaged)?;
    let mut next = || guarded(|| rows.block()).map_err(&damaged);
    let mut read = pipeline::run(&header, threads, &mut next, &cells::read, into)?;
    read.sheet = Some(sheet.name);
    read.other_sheets = sheet.others;
    Ok(read)
}

/// Where formulas stand: one that no program has computed yet has no value, which is not the same as blank.
pub(super) fn formulas(
    workbook: &mut Xlsx<BufReader<File>>,
    sheet: &str,
) -> Result<HashSet<(u32, u32)>, XlsxError> {
    let mut cells = workbook.worksheet_cells_reader(sheet)?;
    let mut places = HashSet::new();
    while let Some(cell) = cells.next_formula()? {
        if !cell.get_value().is_empty() {
            places.insert(cell.get_position());
        }
    }
    Ok(places)
}

struct Found {
    name: String,
    header: Header,
    /// Row of the header, from 0.
    row: u32,
    /// Sheets after it that have a header too.
    others: Vec<String>,
}

/// The first sheet whose first row with anything in it is a header; otherwise what is wrong with the one
/// that comes nearest.
fn find_sheet(workbook: &mut Xlsx<BufReader<File>>, file: &str) -> Result<Found, FileError> {
    let mut found: Option<Found> = None;
    let mut nearest: Option<(usize, FileError)> = None;
    for name in workbook.sheet_names() {
        let first =
            workbook.worksheet_cells_reader(&name).and_then(|mut cells| first_row(&mut cells));
        let (row, names) = match first {
            Ok(Some(first)) => first,
            // A sheet without cells, or one that is a chart.
            Ok(None) | Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => {
                let what = error.to_string();
                let file = file.to_owned();
                return Err(FileError::Damaged { file, kind: Kind::Excel, what });
            }
        };
        let header = Header::read(names.iter().map(String::as_str));
        match (header, &mut found) {
            (Ok(_), Some(found)) => found.others.push(name),
            (Ok(header), None) => found = Some(Found { name, header, row, others: Vec::new() }),
            (Err(fault), _) => {
                let known = names.iter().filter(|name| Header::knows(name)).count();
                if nearest.as_ref().is_none_or(|(most, _)| known > *most) {
                    let (file, line) = (file.to_owned(), u64::from(row) + 1);
                    let fault = no_header(known, fault);
                    let sheet = Some(name);
                    nearest = Some((known, FileError::Header { file, sheet, line, fault }));
                }
            }
        }
    }
    let no_header = || FileError::NoHeader { file: file.to_owned() };
    found.ok_or_else(|| nearest.map_or_else(no_header, |(_, error)| error))
}

/// Of a row without any name of a column, that it is no header says more than its first cell.
fn no_header(known: usize, fault: HeaderFault) -> HeaderFault {
    if known == 0 { HeaderFault::Missing(Column::ContactId) } else { fault }
}

/// The first row that has anything in it, and its texts up to the last one.
fn first_row(cells: &mut Sheet<'_>) -> Result<Option<(u32, Vec<String>)>, XlsxError> {
    let mut row = None;
    let mut names: Vec<String> = Vec::new();
    let mut text = String::new();
    while let Some(cell) = cells.next_cell()? {
        let (at, column) = cell.get_position();
        if row.is_some_and(|row| row != at) {
            break;
        }
        text.clear();
        let told = cell_text(cell.get_value(), None, false, &mut text);
        if told.is_err() || text.trim().is_empty() || column as usize >= MOST_COLUMNS {
            continue;
        }
        row = Some(at);
        names.resize(names.len().max(column as usize + 1), String::new());
        names[column as usize] = text.trim().to_owned();
    }
    Ok(row.map(|row| (row, names)))
}

/// No header of contacts is wider.
const MOST_COLUMNS: usize = 1_000;

struct Rows<'w, 'h> {
    cells: Sheet<'w>,
    header: &'h Header,
    formulas: HashSet<(u32, u32)>,
    is_1904: bool,
    /// Rows up to this one have been read.
    after: u32,
    pending: Option<Cell<DataRef<'w>>>,
}

impl Rows<'_, '_> {
    fn advance(&mut self) -> Result<(), String> {
        self.pending = self.cells.next_cell().map_err(|error| error.to_string())?;
        Ok(())
    }

    fn skip_header(&mut self) -> Result<(), String> {
        self.advance()?;
        while self.pending.as_ref().is_some_and(|cell| cell.get_position().0 <= self.after) {
            self.advance()?;
        }
        Ok(())
    }

    /// The next rows; rows without anything in them are left out.
    fn block(&mut self) -> Result<Option<Cells>, String> {
        let mut block = Cells::new(self.header.fields().len());
        while block.lines.len() < BLOCK && self.row(&mut block)? {}
        Ok((!block.lines.is_empty()).then_some(block))
    }

    /// Adds the next row, if there is one and it is not blank; whether there is one.
    fn row(&mut self, block: &mut Cells) -> Result<bool, String> {
        let Some(row) = self.pending.as_ref().map(|cell| cell.get_position().0) else {
            return Ok(false);
        };
        if row <= self.after {
            return Err(format!("row {} stands after row {}", row + 1, self.after + 1));
        }
        self.after = row;
        let at = block.lines.len();
        let mut next_column = 0;
        while let Some(cell) = self.pending.take_if(|cell| cell.get_position().0 == row) {
            let column = cell.get_position().1 as usize;
            if column < next_column {
                return Err(format!("a cell of row {} stands twice", row + 1));
            }
            self.cell(block, at, next_column..column, &cell);
            next_column = column + 1;
            self.advance()?;
        }
        for column in block.columns.iter_mut().skip(next_column) {
            column.end();
        }
        block.lines.push(u64::from(row) + 1);
        Ok(true)
    }

    /// Adds a cell, and blanks for the columns left out before it.
    fn cell(
        &self,
        block: &mut Cells,
        at: usize,
        blanks: std::ops::Range<usize>,
        cell: &Cell<DataRef<'_>>,
    ) {
        let column = blanks.end;
        for blank in block.columns.iter_mut().take(column).skip(blanks.start) {
            blank.end();
        }
        let field = self.header.fields().get(column);
        let Some(texts) = block.columns.get_mut(column) else {
            let mut text = String::new();
            let told = cell_text(cell.get_value(), None, false, &mut text);
            if told.is_err() || !text.trim().is_empty() {
                block.faults.push(CellFault { row: at, column: None, code: Code::LongRow });
            }
            return;
        };
        let value = cell.get_value();
        let told = if *value == DataRef::Empty && self.formulas.contains(&cell.get_position()) {
            texts.text().push_str("=…");
            Err(Code::BadValue)
        } else {
            cell_text(value, field, self.is_1904, texts.text())
        };
        texts.end();
        if let Err(code) = told {
            block.faults.push(CellFault { row: at, column: Some(column), code });
        }
    }
}

/// Writes what a cell says to `text`. A number in a column of dates is a day counted by the sheet.
fn cell_text(
    value: &DataRef<'_>,
    field: Option<&Field>,
    is_1904: bool,
    text: &mut String,
) -> Result<(), Code> {
    let is_date = matches!(field, Some(Field::Column(Column::CareDate | Column::ReportedOn)));
    let is_residence = matches!(field, Some(Field::Column(Column::Residence)));
    let written = match value {
        DataRef::Empty => Ok(()),
        // A sheet that takes a municipality for a number shows no first zero.
        DataRef::Int(value) if is_residence => write!(text, "{value:04}"),
        DataRef::Float(value) if is_residence && value.fract() == 0.0 => write!(text, "{value:04}"),
        DataRef::String(value) => text.write_str(value),
        DataRef::SharedString(value) => text.write_str(value),
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => text.write_str(value),
        DataRef::Bool(value) => text.write_str(if *value { "1" } else { "0" }),
        DataRef::Int(value) if is_date => write_number(*value as f64, is_1904, true, text),
        DataRef::Int(value) => write!(text, "{value}"),
        DataRef::Float(value) => write_number(*value, is_1904, is_date, text),
        DataRef::DateTime(value) if value.is_duration() => write!(text, "{}", value.as_f64()),
        // A time of day alone.
        DataRef::DateTime(value) if value.as_f64() < 1.0 => {
            write!(text, "{}", value.as_f64()).map_err(|_| Code::BadValue)?;
            return if is_date { Err(Code::BadValue) } else { Ok(()) };
        }
        DataRef::DateTime(value) => {
            let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
            let date = write!(text, "{year:04}-{month:02}-{day:02}");
            // A column of dates asks for the day alone.
            if is_date || (hour, minute, second) == (0, 0, 0) {
                date
            } else {
                write!(text, " {hour:02}:{minute:02}:{second:02}")
            }
        }
        DataRef::Error(error) => {
            let _ = write!(text, "{error}");
            return Err(Code::BadValue);
        }
    };
    written.map_err(|_| Code::BadValue)
}

/// Days that a sheet may count to a date without saying so in the cell's form: about 1982 to 2105.
const SERIALS: std::ops::Range<f64> = 30_000.0..75_000.0;

fn write_number(value: f64, is_1904: bool, is_date: bool, text: &mut String) -> std::fmt::Result {
    if is_date && SERIALS.contains(&value) {
        // 1899-12-30 is day 0, and four years and a day later in the other system.
        let epoch = if is_1904 { -24_107 } else { -25_569 };
        return write!(text, "{}", Day::from_number(epoch + value as i32));
    }
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return write!(text, "{}", value as i64);
    }
    write!(text, "{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &DataRef<'_>, column: Option<Column>, is_1904: bool) -> String {
        let mut text = String::new();
        let field = column.map(Field::Column);
        let _ = cell_text(value, field.as_ref(), is_1904, &mut text);
        text
    }

    #[test]
    fn days_are_counted_from_1900_or_1904() {
        let day = Some(Column::CareDate);
        assert_eq!(text(&DataRef::Float(44_957.0), day, false), "2023-01-31");
        assert_eq!(text(&DataRef::Float(44_957.75), day, false), "2023-01-31");
        assert_eq!(text(&DataRef::Float(43_495.0), day, true), "2023-01-31");
        assert_eq!(text(&DataRef::Float(20_230_131.0), day, false), "20230131");
        assert_eq!(text(&DataRef::Float(2_023.0), day, false), "2023");
    }

    #[test]
    fn numbers_are_written_without_a_needless_fraction() {
        assert_eq!(text(&DataRef::Float(274.0), None, false), "274");
        assert_eq!(text(&DataRef::Float(180.0), Some(Column::Residence), false), "0180");
        assert_eq!(text(&DataRef::Float(39.5), None, false), "39.5");
        assert_eq!(text(&DataRef::Float(199_103_202_394.0), None, false), "199103202394");
        assert_eq!(text(&DataRef::Bool(true), None, false), "1");
    }
}
