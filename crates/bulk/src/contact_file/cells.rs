//! Rows that are cells already: of a sheet, or of Parquet.
//!
//! Owns: a block of them as texts. Does not own: what a cell's text is (`excel`, `parquet`).

use super::encoding::is_suspect;
use super::read::{BlockRead, BlockReader, Place};
use kernel::finding::Code;
use kernel::intake::{Column, Row};

/// The texts of one column, one for each row.
#[derive(Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// Adds to the text of the next row, which [`Texts::end`] ends.
    pub(super) fn text(&mut self) -> &mut String {
        &mut self.text
    }

    pub(super) fn end(&mut self) {
        self.ends.push(self.text.len());
    }

    fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).and_then(|row| self.ends.get(row)).copied().unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or("")
    }
}

/// What a cell has against its row.
pub(super) struct CellFault {
    pub(super) row: usize,
    pub(super) column: Option<usize>,
    pub(super) code: Code,
}

/// A block of rows.
#[derive(Default)]
pub(super) struct Cells {
    /// As many as the header has.
    pub(super) columns: Vec<Texts>,
    /// The number of each row in its file.
    pub(super) lines: Vec<u64>,
    /// By row.
    pub(super) faults: Vec<CellFault>,
}

impl Cells {
    pub(super) fn new(columns: usize) -> Self {
        let columns = std::iter::repeat_with(Texts::default).take(columns).collect();
        Self { columns, lines: Vec::new(), faults: Vec::new() }
    }
}

/// Reads a block.
pub(super) fn read(reader: &mut BlockReader<'_>, cells: Cells) -> BlockRead {
    let mut block = BlockRead::default();
    let header = reader.header;
    let is_suspect = cells.columns.iter().any(|column| is_suspect(&column.text));
    let mut faults = cells.faults.iter().peekable();
    for (at, line) in cells.lines.iter().enumerate() {
        let mut row = Row::blank();
        for (field, column) in header.fields().iter().zip(&cells.columns) {
            row.put(field, column.get(at));
        }
        let mut fault = None;
        while let Some(next) = faults.next_if(|fault| fault.row == at) {
            let column = next.column.map_or(Column::ContactId, |column| reader.column(column));
            fault = fault.or(Some((next.code, column)));
        }
        let fields = header.fields().len();
        reader.row(&row, Place { line: *line, fields, fault, is_suspect }, &mut block);
    }
    block
}
