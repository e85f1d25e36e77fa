//! Parquet files of plain columns, without nesting.
//!
//! Owns: how a column of numbers or texts lies in a file. Does not own: which columns there are.
//!
//! A blank is `i32::MIN` or [`BLANK`] in memory and null in the file. Texts are numbers of a table of
//! distinct texts in memory, so that millions of rows cost no allocation each.

use crate::pages::{self, Unread};
use bytes::Bytes;
use kernel::intern::Texts;
use parquet::basic::{Compression, ZstdLevel};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use std::io::Write;
use std::ops::Range;
use std::str::Utf8Error;
use std::sync::Arc;

/// The number of a text that is not there.
pub(crate) const BLANK: u32 = u32::MAX;

/// Rows in a row group.
const GROUP: usize = 1 << 20;
/// Rows handed over at a time.
const SLICE: usize = 1 << 13;
/// A dictionary may grow to this many bytes before its column goes on without.
const DICTIONARY: usize = 32 << 20;

/// Why a Parquet file could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ParquetError {
    /// The file is damaged, or no Parquet file.
    #[error("the Parquet file cannot be used: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// It is a Parquet file, but not of the form expected.
    #[error("the Parquet file is not a file of {expected}: {what}")]
    Form {
        /// What it should hold.
        expected: &'static str,
        /// What is wrong.
        what: String,
    },
}

/// Texts that hardly repeat, one for each row, in one piece of memory. An empty text is no text.
///
/// Millions of contact ids cost neither an allocation nor a look-up each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdColumn {
    text: String,
    ends: Vec<usize>,
}

impl IdColumn {
    /// Adds a row.
    pub fn push(&mut self, id: Option<&str>) {
        self.text.push_str(id.unwrap_or(""));
        self.ends.push(self.text.len());
    }

    /// The text of a row from 0.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.text.get(self.span(row)?).filter(|text| !text.is_empty())
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn start(&self, row: usize) -> usize {
        let before = row.checked_sub(1).and_then(|row| self.ends.get(row));
        before.copied().unwrap_or(0)
    }

    fn span(&self, row: usize) -> Option<Range<usize>> {
        Some(self.start(row)..*self.ends.get(row)?)
    }
}

/// The cells of one column, one for each row.
pub(crate) enum Cells<'a> {
    /// Texts that hardly repeat.
    Id(&'a IdColumn),
    /// Distinct texts and a number for each row. `repeated` tells whether a dictionary pays.
    Text { texts: &'a Texts, numbers: &'a [u32], repeated: bool },
    /// Whole numbers; `i32::MIN` is blank.
    Int(&'a [i32]),
    /// Days as numbers since 1970-01-01; `i32::MIN` is blank.
    Day(&'a [i32]),
    /// Large whole numbers, never blank.
    Long(&'a [i64]),
    /// Yes or no, never blank.
    Flag(&'a [bool]),
    /// Yes, no or blank.
    OptionalFlag(&'a [Option<bool>]),
}

impl Cells<'_> {
    fn declaration(&self, name: &str) -> String {
        match self {
            Self::Id(_) | Self::Text { .. } => format!("optional binary {name} (UTF8);"),
            Self::Int(_) => format!("optional int32 {name};"),
            Self::Day(_) => format!("optional int32 {name} (DATE);"),
            Self::Long(_) => format!("required int64 {name};"),
            Self::Flag(_) => format!("required boolean {name};"),
            Self::OptionalFlag(_) => format!("optional boolean {name};"),
        }
    }
}

/// Writes a file of `rows` rows; `form` is what [`Table::open`] asks for.
pub(crate) fn write(
    form: &'static str,
    rows: usize,
    columns: &[(&str, Cells<'_>)],
    notes: &[(&str, &str)],
) -> Result<Vec<u8>, ParquetError> {
    let mut writer = FileWriter::new(Vec::new(), form, columns, notes)?;
    writer.write(rows, columns)?;
    writer.finish()
}

/// A file under writing, group after group; memory holds one of them.
pub(crate) struct FileWriter<W: Write + Send>(SerializedFileWriter<W>);

impl<W: Write + Send> FileWriter<W> {
    /// Begins a file with the columns that the first of its groups has.
    pub(crate) fn new(
        out: W,
        form: &str,
        columns: &[(&str, Cells<'_>)],
        notes: &[(&str, &str)],
    ) -> Result<Self, ParquetError> {
        let declarations: String =
            columns.iter().map(|(name, cells)| cells.declaration(name)).collect();
        let schema = parse_message_type(&format!("message rows {{ {declarations} }}"))?;
        let properties = Arc::new(properties(form, columns, notes)?);
        Ok(Self(SerializedFileWriter::new(out, Arc::new(schema), properties)?))
    }

    /// Adds `rows` rows.
    pub(crate) fn write(
        &mut self,
        rows: usize,
        columns: &[(&str, Cells<'_>)],
    ) -> Result<(), ParquetError> {
        let tables: Vec<_> = columns.iter().map(|(_, cells)| byte_arrays(cells)).collect();
        for start in (0..rows).step_by(GROUP) {
            let mut group = self.0.next_row_group()?;
            let span = start..rows.min(start + GROUP);
            for ((_, cells), table) in columns.iter().zip(&tables) {
                write_column(&mut group, cells, table, span.clone())?;
            }
            group.close()?;
        }
        Ok(())
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> Result<W, ParquetError> {
        Ok(self.0.into_inner()?)
    }
}

fn properties(
    form: &str,
    columns: &[(&str, Cells<'_>)],
    notes: &[(&str, &str)],
) -> Result<WriterProperties, ParquetError> {
    let note = |(key, value): (&str, &str)| KeyValue::new(key.to_owned(), value.to_owned());
    let all: Vec<KeyValue> =
        std::iter::once(("form", form)).chain(notes.iter().copied()).map(note).collect();
    // The name of the writer stays the same whatever its version, so that the bytes do.
    let mut builder = WriterProperties::builder()
        .set_created_by("vardkedja".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_dictionary_page_size_limit(DICTIONARY)
        .set_key_value_metadata(Some(all));
    for (name, cells) in columns {
        if matches!(cells, Cells::Id(_) | Cells::Text { repeated: false, .. }) {
            builder = builder.set_column_dictionary_enabled(ColumnPath::from(*name), false);
        }
    }
    Ok(builder.build())
}

fn byte_arrays(cells: &Cells<'_>) -> Vec<ByteArray> {
    match cells {
        Cells::Text { texts, .. } => {
            texts.values().iter().map(|text| ByteArray::from(text.as_ref())).collect()
        }
        _ => Vec::new(),
    }
}

fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: &Cells<'_>,
    table: &[ByteArray],
    span: Range<usize>,
) -> Result<(), ParquetError> {
    match cells {
        Cells::Id(ids) => {
            let (start, end) = (ids.start(span.start), ids.start(span.end));
            let bytes = Bytes::copy_from_slice(&ids.text.as_bytes()[start..end]);
            let rows: Vec<Range<usize>> = span.filter_map(|row| ids.span(row)).collect();
            let id = |row: &Range<usize>| {
                (!row.is_empty())
                    .then(|| ByteArray::from(bytes.slice(row.start - start..row.end - start)))
            };
            write_cells::<ByteArrayType, _, _>(group, &rows, true, id)
        }
        Cells::Text { numbers, .. } => {
            let text = |number: &u32| table.get(*number as usize).cloned();
            write_cells::<ByteArrayType, _, _>(group, &numbers[span], true, text)
        }
        Cells::Int(values) | Cells::Day(values) => {
            let known = |value: &i32| (*value != i32::MIN).then_some(*value);
            write_cells::<Int32Type, _, _>(group, &values[span], true, known)
        }
        Cells::Long(values) => {
            write_cells::<Int64Type, _, _>(group, &values[span], false, |value| Some(*value))
        }
        Cells::Flag(values) => {
            write_cells::<BoolType, _, _>(group, &values[span], false, |value| Some(*value))
        }
        Cells::OptionalFlag(values) => {
            write_cells::<BoolType, _, _>(group, &values[span], true, |value| *value)
        }
    }
}

/// Writes the next column of the group, slice by slice through two reused buffers.
fn write_cells<T: DataType, C, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: &[C],
    optional: bool,
    value: impl Fn(&C) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let mut values = Vec::with_capacity(SLICE);
    let mut levels = Vec::with_capacity(SLICE);
    for slice in cells.chunks(SLICE) {
        values.clear();
        levels.clear();
        for cell in slice {
            let value = value(cell);
            levels.push(i16::from(value.is_some()));
            values.extend(value);
        }
        let levels = optional.then_some(levels.as_slice());
        column.typed::<T>().write_batch(&values, levels, None)?;
    }
    column.close()?;
    Ok(())
}

/// A file under reading.
pub(crate) struct Table {
    form: &'static str,
    reader: SerializedFileReader<Bytes>,
    rows: usize,
}

impl Table {
    /// Opens a file that was written as `form`.
    pub(crate) fn open(form: &'static str, bytes: &[u8]) -> Result<Self, ParquetError> {
        let reader = SerializedFileReader::new(Bytes::copy_from_slice(bytes))?;
        let rows = usize::try_from(reader.metadata().file_metadata().num_rows());
        let table = Self { form, reader, rows: rows.unwrap_or(0) };
        match table.note("form") {
            Some(found) if found == form => Ok(table),
            found => Err(table.fault(format!("it says {found:?}"))),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// A note in the file's metadata.
    pub(crate) fn note(&self, key: &str) -> Option<&str> {
        let notes = self.reader.metadata().file_metadata().key_value_metadata()?;
        notes.iter().find(|note| note.key == key)?.value.as_deref()
    }

    fn fault(&self, what: String) -> ParquetError {
        ParquetError::Form { expected: self.form, what }
    }

    /// The number of a column, and whether it can have nulls.
    fn place(&self, name: &str) -> Result<(usize, bool), ParquetError> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let at = schema.columns().iter().position(|column| column.name() == name);
        let at = at.ok_or_else(|| self.fault(format!("the column {name} is missing")))?;
        Ok((at, schema.column(at).max_def_level() > 0))
    }

    fn columns(&self, name: &str) -> Result<Vec<ColumnReader>, ParquetError> {
        let (at, _) = self.place(name)?;
        let groups = 0..self.reader.num_row_groups();
        groups.map(|group| Ok(self.reader.get_row_group(group)?.get_column_reader(at)?)).collect()
    }

    /// Gives every cell of a text column: by its pages where they are of the kind that we write, else one by one.
    fn text_cells(&self, name: &str, cells: &mut impl pages::Cells) -> Result<(), ParquetError> {
        let (at, optional) = self.place(name)?;
        for group in 0..self.reader.num_row_groups() {
            let group = self.reader.get_row_group(group)?;
            let before = cells.count();
            match pages::read(group.get_column_page_reader(at)?.as_mut(), optional, cells) {
                Ok(()) => continue,
                Err(Unread::Parquet(error)) => return Err(error.into()),
                Err(Unread::OtherKind) => cells.keep(before),
            }
            let ColumnReader::ByteArrayColumnReader(mut column) = group.get_column_reader(at)?
            else {
                return Err(self.wrong_type(name));
            };
            read_cells(&mut column, &mut |cell: Option<&ByteArray>| match cell {
                Some(cell) => cells.text(cell.data()),
                None => cells.blank(),
            })?;
        }
        Ok(())
    }

    fn whole<T>(&self, name: &str, cells: Vec<T>) -> Result<Vec<T>, ParquetError> {
        if cells.len() == self.rows {
            return Ok(cells);
        }
        Err(self.fault(format!("the column {name} has {} of {} rows", cells.len(), self.rows)))
    }

    fn wrong_type(&self, name: &str) -> ParquetError {
        self.fault(format!("the column {name} has another type"))
    }

    /// The column as numbers of `texts`; [`BLANK`] where there is none.
    pub(crate) fn texts(&self, name: &str, texts: &mut Texts) -> Result<Vec<u32>, ParquetError> {
        let numbers = Vec::with_capacity(self.rows);
        let mut cells =
            TextCells { texts, numbers, known: Vec::new(), last: (Vec::new(), BLANK), fault: None };
        self.text_cells(name, &mut cells)?;
        match cells.fault {
            Some(error) => Err(self.fault(format!("the column {name}: {error}"))),
            None => self.whole(name, cells.numbers),
        }
    }

    /// The column as texts that hardly repeat.
    pub(crate) fn ids(&self, name: &str) -> Result<IdColumn, ParquetError> {
        let ids = IdColumn { text: String::new(), ends: Vec::with_capacity(self.rows) };
        let mut cells = IdCells { ids, known: Vec::new(), fault: None };
        self.text_cells(name, &mut cells)?;
        let ids = cells.ids;
        match cells.fault {
            Some(error) => Err(self.fault(format!("the column {name}: {error}"))),
            None if ids.len() == self.rows => Ok(ids),
            None => {
                let what = format!("the column {name} has {} of {} rows", ids.len(), self.rows);
                Err(self.fault(what))
            }
        }
    }

    /// The column as whole numbers; `i32::MIN` where there is none.
    pub(crate) fn ints(&self, name: &str) -> Result<Vec<i32>, ParquetError> {
        let mut cells = Vec::with_capacity(self.rows);
        for column in self.columns(name)? {
            let ColumnReader::Int32ColumnReader(mut column) = column else {
                return Err(self.wrong_type(name));
            };
            read_cells(&mut column, &mut |cell| cells.push(cell.copied().unwrap_or(i32::MIN)))?;
        }
        self.whole(name, cells)
    }

    /// The column as large whole numbers.
    pub(crate) fn longs(&self, name: &str) -> Result<Vec<i64>, ParquetError> {
        let mut cells = Vec::with_capacity(self.rows);
        for column in self.columns(name)? {
            let ColumnReader::Int64ColumnReader(mut column) = column else {
                return Err(self.wrong_type(name));
            };
            read_cells(&mut column, &mut |cell| cells.extend(cell))?;
        }
        self.whole(name, cells)
    }

    /// The column as yes or no.
    pub(crate) fn flags(&self, name: &str) -> Result<Vec<bool>, ParquetError> {
        let mut cells = Vec::with_capacity(self.rows);
        for column in self.columns(name)? {
            let ColumnReader::BoolColumnReader(mut column) = column else {
                return Err(self.wrong_type(name));
            };
            read_cells(&mut column, &mut |cell| cells.extend(cell))?;
        }
        self.whole(name, cells)
    }
}

/// Cells as numbers of a table of texts.
struct TextCells<'t> {
    texts: &'t mut Texts,
    numbers: Vec<u32>,
    /// The numbers of the texts of the dictionary.
    known: Vec<u32>,
    /// The text that stood for itself last.
    last: (Vec<u8>, u32),
    fault: Option<Utf8Error>,
}

impl TextCells<'_> {
    fn number(&mut self, text: &[u8]) -> u32 {
        match std::str::from_utf8(text) {
            Ok(text) => self.texts.text(text),
            Err(error) => {
                self.fault = Some(error);
                BLANK
            }
        }
    }
}

impl pages::Cells for TextCells<'_> {
    fn count(&self) -> usize {
        self.numbers.len()
    }

    fn keep(&mut self, count: usize) {
        self.numbers.truncate(count);
    }

    fn dictionary(&mut self, texts: &[Bytes]) {
        self.known = texts.iter().map(|text| self.number(text)).collect();
    }

    fn blank(&mut self) {
        self.numbers.push(BLANK);
    }

    fn known(&mut self, number: u32) {
        self.numbers.push(self.known.get(number as usize).copied().unwrap_or(BLANK));
    }

    fn text(&mut self, text: &[u8]) {
        if self.last.1 == BLANK || self.last.0 != text {
            self.last.1 = self.number(text);
            self.last.0.clear();
            self.last.0.extend_from_slice(text);
        }
        self.numbers.push(self.last.1);
    }
}

/// Cells as texts one after the other.
struct IdCells {
    ids: IdColumn,
    known: Vec<Bytes>,
    fault: Option<Utf8Error>,
}

impl IdCells {
    fn push(&mut self, text: &[u8]) {
        match std::str::from_utf8(text) {
            Ok(text) => self.ids.push(Some(text)),
            Err(error) => self.fault = Some(error),
        }
    }
}

impl pages::Cells for IdCells {
    fn count(&self) -> usize {
        self.ids.len()
    }

    fn keep(&mut self, count: usize) {
        self.ids.text.truncate(self.ids.start(count));
        self.ids.ends.truncate(count);
    }

    fn dictionary(&mut self, texts: &[Bytes]) {
        self.known = texts.to_vec();
    }

    fn blank(&mut self) {
        self.ids.push(None);
    }

    fn known(&mut self, number: u32) {
        let text = self.known.get(number as usize).cloned().unwrap_or_default();
        self.push(&text);
    }

    fn text(&mut self, text: &[u8]) {
        self.push(text);
    }
}

/// Hands over every cell of a column chunk, `None` for a null.
fn read_cells<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    each: &mut impl FnMut(Option<&T::T>),
) -> Result<(), ParquetError> {
    let mut values: Vec<T::T> = Vec::with_capacity(SLICE);
    let mut levels: Vec<i16> = Vec::with_capacity(SLICE);
    loop {
        values.clear();
        levels.clear();
        let (records, _, _) = column.read_records(SLICE, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Ok(());
        }
        if levels.is_empty() {
            values.iter().for_each(|value| each(Some(value)));
            continue;
        }
        let mut known = values.iter();
        for level in &levels {
            each(if *level > 0 { known.next() } else { None });
        }
    }
}
