//! Tables for programs of others as Parquet: named columns of texts, days, numbers and yes or no.
//!
//! Owns: how such a table lies in a file. Does not own: which columns there are.
//!
//! Each part is a row group or more, so that what is large is written piece by piece.

use crate::columns::{BLANK, Cells, FileWriter, IdColumn, ParquetError};
use crate::lines::TextColumn;
use std::io::Write;

/// A column; an empty text is null in the file.
#[derive(Clone, Debug)]
pub enum Column {
    /// Texts that repeat.
    Text(TextColumn),
    /// Texts that hardly repeat.
    Id(IdColumn),
    /// Days as numbers since 1970-01-01.
    Day(Vec<i32>),
    /// Whole numbers.
    Long(Vec<i64>),
    /// Yes or no.
    Flag(Vec<bool>),
}

impl Column {
    /// The text of every row.
    pub fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut column = TextColumn::default();
        for text in texts {
            match text.as_ref() {
                "" => column.numbers.push(BLANK),
                text => column.push(text),
            }
        }
        Self::Text(column)
    }

    fn cells(&self) -> Cells<'_> {
        match self {
            Self::Text(column) => column.cells(),
            Self::Id(column) => Cells::Id(column),
            Self::Day(days) => Cells::Day(days),
            Self::Long(numbers) => Cells::Long(numbers),
            Self::Flag(flags) => Cells::Flag(flags),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Text(column) => column.numbers.len(),
            Self::Id(column) => column.len(),
            Self::Day(days) => days.len(),
            Self::Long(numbers) => numbers.len(),
            Self::Flag(flags) => flags.len(),
        }
    }
}

/// Columns of equal length with their names.
pub type Part = Vec<(&'static str, Column)>;

/// Writes parts with the same columns, one after another; the same parts give the same bytes. What the file says of
/// its `origin` stands among its notes.
pub fn write<W: Write + Send, E: From<ParquetError>>(
    out: W,
    form: &str,
    origin: &str,
    first: Part,
    rest: impl IntoIterator<Item = Result<Part, E>>,
) -> Result<W, E> {
    let notes = [("origin", origin)];
    let mut writer = FileWriter::new(out, form, &cells(&first), &notes)?;
    add(&mut writer, &first)?;
    for part in rest {
        add(&mut writer, &part?)?;
    }
    Ok(writer.finish()?)
}

fn cells(part: &Part) -> Vec<(&str, Cells<'_>)> {
    part.iter().map(|(name, column)| (*name, column.cells())).collect()
}

fn add<W: Write + Send>(writer: &mut FileWriter<W>, part: &Part) -> Result<(), ParquetError> {
    let rows = part.iter().map(|(_, column)| column.len()).max().unwrap_or(0);
    writer.write(rows, &cells(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::Table;

    fn part(texts: [&str; 2], numbers: [i64; 2]) -> Part {
        vec![("unit", Column::texts(texts)), ("amount_ore", Column::Long(numbers.into()))]
    }

    #[test]
    fn parts_come_back_as_one_table() {
        let rest = [Ok::<_, ParquetError>(part(["b", "a"], [-7, i64::MAX]))];
        let bytes = write(Vec::new(), "form", "synthetic", part(["a", ""], [1, 2]), rest).unwrap();
        let table = Table::open("form", &bytes).unwrap();
        assert_eq!(table.note("origin"), Some("synthetic"));
        assert_eq!(table.longs("amount_ore").unwrap(), [1, 2, -7, i64::MAX]);
        let mut texts = kernel::intern::Texts::default();
        let units = table.texts("unit", &mut texts).unwrap();
        let shown: Vec<_> = units.iter().map(|unit| texts.value(*unit).map(|it| &**it)).collect();
        assert_eq!(shown, [Some("a"), None, Some("b"), Some("a")]);
    }
}
