//! Tables in workbooks.
//!
//! Owns: which sheet is read, and what a cell says as text. Does not own: what a field may be.
//!
//! A cell with an instant is written to the minute, `2023-01-31 14:05`, and one with a day as `2023-01-31 00:00`.

use super::{Knows, Rows, SheetRow, TableFile, damaged};
use crate::contact_file::error::FileError;
use crate::contact_file::excel::formulas;
use crate::contact_file::guard::guarded;
use crate::contact_file::zipped;
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use kernel::time::Day;
use std::fs::File;
use std::io::BufReader;

type Workbook = Xlsx<BufReader<File>>;

/// No header is wider.
const MOST_COLUMNS: usize = 1_000;

struct Found {
    name: String,
    rows: Vec<SheetRow>,
    known: usize,
}

pub(super) fn open<'f>(
    input: File,
    len: u64,
    file: &'f str,
    knows: Knows<'_>,
) -> Result<TableFile<'f>, FileError> {
    zipped::check(&input, len, file)?;
    let damaged = |what: String| damaged(file, what);
    let mut workbook: Workbook = guarded(|| Xlsx::new(BufReader::new(input))).map_err(&damaged)?;
    let mut found: Option<Found> = None;
    let mut others = Vec::new();
    for name in workbook.sheet_names() {
        let rows = guarded(|| Ok::<_, String>(sheet_rows(&mut workbook, &name)));
        let rows = match rows.map_err(&damaged)? {
            Ok(rows) => rows,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(damaged(error.to_string())),
        };
        let Some(first) = rows.first() else { continue };
        let known = first.texts.iter().filter(|name| knows(name)).count();
        let is_header = known > 0 && known == first.texts.len();
        match &found {
            Some(before) if is_header && before.known == before.rows[0].texts.len() => {
                others.push(name);
            }
            Some(before) if before.known >= known => {}
            _ => found = Some(Found { name, rows, known }),
        }
    }
    let Some(found) = found else { return Err(FileError::NoHeader { file: file.to_owned() }) };
    let mut rows = found.rows;
    let header = rows.remove(0);
    Ok(TableFile {
        names: header.texts,
        line: header.line,
        sheet: Some(found.name),
        other_sheets: others,
        file,
        packed: None,
        rows: Rows::Sheet(rows),
    })
}

/// The rows with anything in them. What stands right of the header's last column is kept as one text: enough to refuse the row.
fn sheet_rows(workbook: &mut Workbook, sheet: &str) -> Result<Vec<SheetRow>, XlsxError> {
    let is_1904 = workbook.has_1904_epoch();
    let formulas = formulas(workbook, sheet)?;
    let mut cells = workbook.worksheet_cells_reader(sheet)?;
    let mut rows: Vec<SheetRow> = Vec::new();
    while let Some(cell) = cells.next_cell()? {
        let (at, column) = cell.get_position();
        let (line, column) = (u64::from(at) + 1, column as usize);
        let is_uncomputed =
            *cell.get_value() == DataRef::Empty && formulas.contains(&(at, cell.get_position().1));
        let text = if is_uncomputed {
            Err("=…".to_owned())
        } else {
            cell_text(cell.get_value(), is_1904)
        };
        let is_blank = text.as_deref().is_ok_and(|text| text.trim().is_empty());
        if is_blank || column >= MOST_COLUMNS {
            continue;
        }
        if rows.last().is_none_or(|row| row.line != line) {
            rows.push(SheetRow { line, texts: Vec::new(), bad: None });
        }
        let column = match rows.as_slice() {
            [header, _, ..] => column.min(header.texts.len()),
            _ => column,
        };
        let Some(row) = rows.last_mut() else { continue };
        row.texts.resize(row.texts.len().max(column + 1), String::new());
        row.bad = row.bad.or(text.is_err().then_some(column));
        if let Some(place) = row.texts.get_mut(column) {
            *place = text.unwrap_or_else(|error| error).trim().to_owned();
        }
    }
    Ok(rows)
}

/// What a cell says; of one that holds an error, the error.
fn cell_text(value: &DataRef<'_>, is_1904: bool) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Bool(value) => if *value { "1" } else { "0" }.to_owned(),
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => value.to_string(),
        DataRef::DateTime(value) if value.is_duration() || value.as_f64() < 1.0 => {
            value.as_f64().to_string()
        }
        DataRef::DateTime(value) => instant(value.as_f64(), is_1904),
        DataRef::Error(error) => return Err(error.to_string()),
    })
}

/// A day counted by the sheet with a part of a day, to the second; the seconds are dropped, as they are in a text.
fn instant(days: f64, is_1904: bool) -> String {
    // 1899-12-30 is day 0, and four years and a day later in the other system.
    let epoch = if is_1904 { -24_107 } else { -25_569 };
    let minutes = ((days * 86_400.0).round() as i64).div_euclid(60);
    let day = i32::try_from(minutes.div_euclid(1_440)).unwrap_or(i32::MAX / 2);
    let minute = minutes.rem_euclid(1_440);
    format!("{} {:02}:{:02}", Day::from_number(epoch + day), minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_of_an_instant_are_dropped() {
        assert_eq!(instant(44_957.586_805_55, false), "2023-01-31 14:05");
        assert_eq!(instant(44_957.586_805_55 + 59.0 / 86_400.0, false), "2023-01-31 14:05");
        assert_eq!(instant(44_957.0, false), "2023-01-31 00:00");
        assert_eq!(instant(43_495.0, true), "2023-01-31 00:00");
    }
}
