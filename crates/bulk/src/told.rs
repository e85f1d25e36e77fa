//! Rows that were accepted of other files than contacts, as Parquet: columns of texts and whole numbers under a name of their form.
//!
//! Owns: how such columns lie in a file. Does not own: which columns a form has, or what they mean.
//!
//! The same rows in the same order give the same bytes, however the numbers of their texts came about.

use crate::columns::{self, BLANK, Cells, ParquetError, Table};
use crate::lines::TextColumn;
use kernel::intern::Texts;

/// The number of a text that is not there.
pub const NO_TEXT: u32 = BLANK;
/// A whole number that is not there.
pub const NO_NUMBER: i32 = i32::MIN;

/// One column, one value for each row.
#[derive(Debug)]
pub enum ToldColumn {
    /// Texts; [`NO_TEXT`] is none.
    Texts(TextColumn),
    /// Whole numbers; [`NO_NUMBER`] is none.
    Numbers(Vec<i32>),
}

impl ToldColumn {
    /// Texts that may be missing.
    pub fn texts<'t>(texts: impl Iterator<Item = Option<&'t str>>) -> Self {
        let mut column = TextColumn::default();
        for text in texts {
            match text {
                Some(text) => column.push(text),
                None => column.numbers.push(NO_TEXT),
            }
        }
        Self::Texts(column)
    }

    /// Whole numbers that may be missing.
    pub fn numbers(numbers: impl Iterator<Item = Option<i32>>) -> Self {
        Self::Numbers(numbers.map(|number| number.unwrap_or(NO_NUMBER)).collect())
    }
}

/// Writes `rows` rows.
pub fn write_told(
    form: &'static str,
    rows: usize,
    columns: &[(&str, ToldColumn)],
) -> Result<Vec<u8>, ParquetError> {
    let cells: Vec<(&str, Cells<'_>)> = columns
        .iter()
        .map(|(name, column)| {
            let cells = match column {
                ToldColumn::Texts(texts) => texts.cells(),
                ToldColumn::Numbers(numbers) => Cells::Int(numbers),
            };
            (*name, cells)
        })
        .collect();
    columns::write(form, rows, &cells, &[])
}

/// A file that [`write_told`] wrote.
pub struct ToldFile(Table);

impl ToldFile {
    /// Opens a file of a form.
    pub fn open(form: &'static str, bytes: &[u8]) -> Result<Self, ParquetError> {
        Table::open(form, bytes).map(Self)
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.0.rows()
    }

    /// A column as numbers of `texts`; [`NO_TEXT`] where there is none.
    pub fn texts(&self, name: &str, texts: &mut Texts) -> Result<Vec<u32>, ParquetError> {
        self.0.texts(name, texts)
    }

    /// A column of whole numbers; [`NO_NUMBER`] where there is none.
    pub fn numbers(&self, name: &str) -> Result<Vec<i32>, ParquetError> {
        self.0.ints(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were() {
        let texts = ["a", "", "b", "a"].map(|text| (!text.is_empty()).then_some(text));
        let numbers = [Some(1), None, Some(i32::MAX), Some(-7)];
        let columns = [
            ("name", ToldColumn::texts(texts.into_iter())),
            ("number", ToldColumn::numbers(numbers.into_iter())),
        ];
        let bytes = write_told("form-1", 4, &columns).unwrap();
        let file = ToldFile::open("form-1", &bytes).unwrap();
        let mut known = Texts::default();
        known.text("other");
        assert_eq!(file.texts("name", &mut known).unwrap(), [1, NO_TEXT, 2, 1]);
        assert_eq!(file.numbers("number").unwrap(), [1, NO_NUMBER, i32::MAX, -7]);
        assert!(ToldFile::open("form-2", &bytes).is_err());
    }
}
