//! Excel sheets whose sums are formulas, so that a reader can see what they are made of and try other amounts.
//!
//! Owns: the layout of a sheet and the addresses of its cells. Does not own: amounts; a formula comes with the result that
//! the product computed, which is what programs that do not calculate show.
//!
//! `Cell::sum(2, 5..=9, result)` is `=SUM(C5:C9)`.

use crate::amount::point;
use kernel::money::Money;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};
use std::ops::RangeInclusive;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// An amount, shown in kronor and öre.
    Amount(Money),
    /// A formula without its equals sign, and what it comes to.
    Formula {
        /// As Excel writes it in English.
        text: String,
        /// What it comes to.
        result: Money,
    },
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The sum of rows of a column (from 0); rows as Excel numbers them, from 1. Without rows it is 0.
    pub fn sum(column: u16, rows: RangeInclusive<u32>, result: Money) -> Self {
        let name = column_name(column);
        let text = if rows.is_empty() {
            "0".to_owned()
        } else {
            format!("SUM({name}{}:{name}{})", rows.start(), rows.end())
        };
        Self::Formula { text, result }
    }
}

/// The letters of a column, from 0.
pub fn column_name(column: u16) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    match column / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", column_name(more - 1)),
    }
}

/// A sheet: notes, a row of headings, and rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name, at most 31 characters.
    pub name: String,
    /// Lines above the table; that the data are synthetic stands first.
    pub notes: Vec<String>,
    /// Headings.
    pub heads: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// How many of the last rows are sums.
    pub sums: usize,
}

impl Sheet {
    /// The row, as Excel numbers it, of the row at `index` from 0.
    pub fn row_number(&self, index: usize) -> u32 {
        let above = self.notes.len() + usize::from(!self.notes.is_empty()) + 1;
        u32::try_from(above + index + 1).unwrap_or(u32::MAX)
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        let amount = Format::new().set_num_format("#,##0.00;[Red]-#,##0.00");
        let sum = Format::new().set_num_format("#,##0.00;[Red]-#,##0.00").set_bold();
        let number = Format::new().set_num_format("#,##0");
        sheet.set_name(&self.name)?;
        for (row, note) in (0..).zip(&self.notes) {
            sheet.write_string_with_format(row, 0, note, &bold)?;
        }
        let first = self.row_number(0);
        for (column, text) in (0..).zip(&self.heads) {
            sheet.write_string_with_format(first - 2, column, text, &head)?;
            sheet.set_column_width(column, width(self, column))?;
        }
        let plain = self.rows.len().saturating_sub(self.sums);
        for (index, (row, cells)) in (first - 1..).zip(&self.rows).enumerate() {
            let is_sum = index >= plain;
            let of_amount = if is_sum { &sum } else { &amount };
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Blank => continue,
                    Cell::Text(text) if is_sum => {
                        sheet.write_string_with_format(row, column, text, &bold)?
                    }
                    Cell::Text(text) => sheet.write_string(row, column, text)?,
                    Cell::Number(count) => {
                        sheet.write_number_with_format(row, column, whole(*count), &number)?
                    }
                    Cell::Amount(money) => {
                        sheet.write_number_with_format(row, column, kronor(*money), of_amount)?
                    }
                    Cell::Formula { text, result } => {
                        let formula = Formula::new(text).set_result(point(*result));
                        sheet.write_formula_with_format(row, column, formula, of_amount)?
                    }
                };
            }
        }
        sheet.set_freeze_panes(first - 1, 1)?;
        Ok(())
    }
}

fn width(sheet: &Sheet, column: u16) -> f64 {
    let texts = sheet.rows.iter().filter_map(|row| match row.get(usize::from(column)) {
        Some(Cell::Text(text)) => Some(text.chars().count()),
        Some(Cell::Amount(_) | Cell::Formula { .. }) => Some(17),
        _ => None,
    });
    let widest = texts.max().unwrap_or(10).clamp(10, 50);
    u32::try_from(widest).map_or(50.0, f64::from)
}

/// The number that Excel keeps. Its numbers are binary; up to 90 000 milliards of kronor the öre is exact.
#[expect(clippy::cast_precision_loss, reason = "a cell of Excel is a binary number")]
fn kronor(money: Money) -> f64 {
    money.ore() as f64 / 100.0
}

/// Counts are far below what a binary number holds exactly.
#[expect(clippy::cast_precision_loss, reason = "a cell of Excel is a binary number")]
fn whole(count: i64) -> f64 {
    count as f64
}

/// The bytes of a workbook; the same sheets give the same bytes.
///
/// # Errors
/// Where a sheet has a name that Excel does not take, or more than it holds.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed day, since the bytes must not depend on the clock.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&day));
    for sheet in sheets {
        sheet.write(workbook.add_worksheet())?;
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    fn sheet() -> Sheet {
        let kronor = Money::from_kronor;
        let mut sheet = Sheet {
            name: "Läget".into(),
            notes: vec!["SYNTETISKA DATA".into()],
            heads: vec!["Post".into(), "Belopp".into()],
            rows: vec![
                vec![Cell::text("a"), Cell::Amount(kronor(1_000))],
                vec![Cell::text("b"), Cell::Amount(Money::from_ore(-50))],
            ],
            sums: 1,
        };
        let rows = sheet.row_number(0)..=sheet.row_number(1);
        let sum = Cell::sum(1, rows, Money::from_ore(99_950));
        sheet.rows.push(vec![Cell::text("Summa"), sum]);
        sheet
    }

    #[test]
    fn sums_are_formulas_over_the_rows_above_them() {
        let bytes = workbook(&[sheet()]).unwrap();
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let formulas = read.worksheet_formula("Läget").unwrap();
        assert_eq!(formulas.get_value((5, 1)), Some(&"SUM(B4:B5)".to_owned()));
        let values = read.worksheet_range("Läget").unwrap();
        assert_eq!(values.get_value((0, 0)), Some(&Data::String("SYNTETISKA DATA".into())));
        assert_eq!(values.get_value((4, 1)), Some(&Data::Float(-0.5)));
        assert_eq!(values.get_value((5, 1)), Some(&Data::Float(999.5)));
    }

    #[test]
    fn the_same_sheets_give_the_same_bytes() {
        assert_eq!(workbook(&[sheet()]).unwrap(), workbook(&[sheet()]).unwrap());
    }

    #[test]
    fn columns_have_letters() {
        let names = [0, 25, 26, 51, 52, 701, 702].map(column_name);
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
