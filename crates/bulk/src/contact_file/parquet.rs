//! Parquet: columns by the names of the contract, row group by row group.
//!
//! Owns: what a value of each type says as text. Does not own: what a field may be (`kernel::intake`).
//!
//! A column of dates, whole numbers or booleans is read as one of their texts would be.

use super::cells::{self, CellFault, Cells, Texts};
use super::error::{FileError, Kind};
use super::guard::guarded;
use super::read::Into;
use super::{ContactRead, pipeline};
use kernel::finding::Code;
use kernel::intake::Header;
use kernel::time::Day;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use std::fmt::Write;
use std::fs::File;
use std::num::NonZeroUsize;

/// Rows in a block.
const BLOCK: usize = 1 << 13;

/// Reads a file.
pub(super) fn read(
    file: File,
    threads: NonZeroUsize,
    into: &mut Into<'_>,
) -> Result<ContactRead, FileError> {
    let name = into.file.to_owned();
    let damaged =
        |what: String| FileError::Damaged { file: name.clone(), kind: Kind::Parquet, what };
    let reader = guarded(|| SerializedFileReader::new(file)).map_err(&damaged)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let names: Vec<&str> =
        schema.columns().iter().map(|column| column.path().parts()[0].as_str()).collect();
    let header = Header::read(names.iter().copied());
    let fault = |fault| FileError::Header { file: name.clone(), sheet: None, line: 0, fault };
    let types: Result<Vec<Meaning>, FileError> =
        schema.columns().iter().map(|column| meaning(column, &name)).collect();
    let header = header.map_err(fault)?;
    let mut groups =
        Groups { reader: &reader, types: types?, group: 0, columns: Vec::new(), rows: 0 };
    let mut next = || guarded(|| groups.block()).map_err(&damaged);
    pipeline::run(&header, threads, &mut next, &cells::read, into)
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Text,
    Whole,
    Unsigned,
    Date,
    /// Units in a second, and whether it is counted in UTC.
    Instant(i64, bool),
    Number,
    Flag,
}

fn meaning(column: &ColumnDescriptor, file: &str) -> Result<Meaning, FileError> {
    let wrong = |found: &str| FileError::ColumnType {
        file: file.to_owned(),
        column: column.path().string(),
        found: found.to_owned(),
    };
    if column.max_rep_level() > 0 || column.path().parts().len() > 1 {
        return Err(wrong("a list or a structure"));
    }
    let logical = column.logical_type_ref();
    let converted = column.converted_type();
    let is_decimal =
        matches!(logical, Some(LogicalType::Decimal(_))) || converted == ConvertedType::DECIMAL;
    let is_time = matches!(logical, Some(LogicalType::Time(_)))
        || matches!(converted, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS);
    if is_time || (is_decimal && column.type_scale() != 0) {
        return Err(wrong(if is_time { "a time of day" } else { "a decimal number" }));
    }
    let is_unsigned = match logical {
        Some(LogicalType::Integer(int)) => !int.is_signed,
        _ => matches!(converted, ConvertedType::UINT_32 | ConvertedType::UINT_64),
    };
    let whole = if is_unsigned { Meaning::Unsigned } else { Meaning::Whole };
    match column.physical_type() {
        Type::BYTE_ARRAY if !is_decimal => Ok(Meaning::Text),
        Type::INT32 => {
            let is_date =
                matches!(logical, Some(LogicalType::Date)) || converted == ConvertedType::DATE;
            Ok(if is_date { Meaning::Date } else { whole })
        }
        Type::INT64 => Ok(instant(logical, converted).unwrap_or(whole)),
        Type::INT96 => Ok(Meaning::Instant(1_000_000_000, false)),
        Type::BOOLEAN => Ok(Meaning::Flag),
        Type::FLOAT | Type::DOUBLE => Ok(Meaning::Number),
        Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => Err(wrong("bytes of a fixed length")),
    }
}

fn instant(logical: Option<&LogicalType>, converted: ConvertedType) -> Option<Meaning> {
    match (logical, converted) {
        (Some(LogicalType::Timestamp(stamp)), _) => {
            let per_second = match stamp.unit {
                TimeUnit::MILLIS => 1_000,
                TimeUnit::MICROS => 1_000_000,
                TimeUnit::NANOS => 1_000_000_000,
            };
            Some(Meaning::Instant(per_second, stamp.is_adjusted_to_u_t_c))
        }
        (_, ConvertedType::TIMESTAMP_MILLIS) => Some(Meaning::Instant(1_000, true)),
        (_, ConvertedType::TIMESTAMP_MICROS) => Some(Meaning::Instant(1_000_000, true)),
        _ => None,
    }
}

struct Groups<'f> {
    reader: &'f SerializedFileReader<File>,
    types: Vec<Meaning>,
    /// The next row group.
    group: usize,
    /// Of the current row group.
    columns: Vec<ColumnReader>,
    /// Rows given.
    rows: u64,
}

impl Groups<'_> {
    fn block(&mut self) -> Result<Option<Cells>, ParquetError> {
        loop {
            let mut block = Cells::new(self.types.len());
            let mut counts = Vec::with_capacity(self.types.len());
            for ((at, column), meaning) in self.columns.iter_mut().enumerate().zip(&self.types) {
                let faults = &mut block.faults;
                counts.push(column_texts(column, *meaning, at, &mut block.columns[at], faults)?);
            }
            let count = counts.first().copied().unwrap_or(0);
            if counts.iter().any(|other| *other != count) {
                return Err(ParquetError::General("its columns differ in length".to_owned()));
            }
            if count > 0 {
                block.faults.sort_by_key(|fault| fault.row);
                block.lines = (0..count as u64).map(|row| self.rows + row + 1).collect();
                self.rows += count as u64;
                return Ok(Some(block));
            }
            if self.group == self.reader.num_row_groups() {
                return Ok(None);
            }
            let group = self.reader.get_row_group(self.group)?;
            self.columns = (0..self.types.len())
                .map(|column| group.get_column_reader(column))
                .collect::<Result<_, _>>()?;
            self.group += 1;
        }
    }
}

/// Reads the next values of a column as texts; how many.
fn column_texts(
    column: &mut ColumnReader,
    meaning: Meaning,
    at: usize,
    texts: &mut Texts,
    faults: &mut Vec<CellFault>,
) -> Result<usize, ParquetError> {
    match column {
        ColumnReader::ByteArrayColumnReader(column) => {
            let mut row = 0;
            values(column, &mut |value| {
                match value.map(|value| std::str::from_utf8(value.data())) {
                    None => texts.end(),
                    Some(Ok(value)) => texts.push(value),
                    Some(Err(_)) => {
                        faults.push(CellFault { row, column: Some(at), code: Code::Undecodable });
                        texts.push("\u{fffd}");
                    }
                }
                row += 1;
            })
        }
        ColumnReader::Int32ColumnReader(column) => values(column, &mut |value| {
            let wide = |value: &i32| match meaning {
                Meaning::Unsigned => i64::from(*value as u32),
                _ => i64::from(*value),
            };
            write_whole(value.map(wide), meaning, texts);
        }),
        ColumnReader::Int64ColumnReader(column) => {
            values(column, &mut |value| write_whole(value.copied(), meaning, texts))
        }
        ColumnReader::Int96ColumnReader(column) => {
            values(column, &mut |value| write_whole(value.map(|v| v.to_nanos()), meaning, texts))
        }
        ColumnReader::BoolColumnReader(column) => values(column, &mut |value| {
            texts.push(value.map_or("", |flag| if *flag { "1" } else { "0" }));
        }),
        ColumnReader::FloatColumnReader(column) => {
            values(column, &mut |value| write_number(value.map(|v| f64::from(*v)), texts))
        }
        ColumnReader::DoubleColumnReader(column) => {
            values(column, &mut |value| write_number(value.copied(), texts))
        }
        ColumnReader::FixedLenByteArrayColumnReader(_) => {
            Err(ParquetError::General("bytes of a fixed length".to_owned()))
        }
    }
}

fn write_whole(value: Option<i64>, meaning: Meaning, texts: &mut Texts) {
    let text = texts.text();
    // Writing to a text cannot fail.
    let _ = match (value, meaning) {
        (None, _) => Ok(()),
        (Some(value), Meaning::Unsigned) => write!(text, "{}", value as u64),
        (Some(value), Meaning::Date) => write_day(value, text),
        (Some(value), Meaning::Instant(per_second, is_utc)) => {
            let (seconds, parts) = (value.div_euclid(per_second), value.rem_euclid(per_second));
            let of_day = seconds.rem_euclid(86_400);
            let day = write_day(seconds.div_euclid(86_400), text);
            if (of_day, parts) == (0, 0) {
                day
            } else {
                let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
                let zone = if is_utc { "Z" } else { "" };
                write!(text, "T{hour:02}:{minute:02}:{second:02}{zone}")
            }
        }
        (Some(value), _) => write!(text, "{value}"),
    };
    texts.end();
}

/// A day of the years that have four digits, or else a number that is no day.
fn write_day(number: i64, text: &mut String) -> std::fmt::Result {
    const YEARS: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;
    match i32::try_from(number) {
        Ok(day) if YEARS.contains(&number) => write!(text, "{}", Day::from_number(day)),
        _ => write!(text, "{number}"),
    }
}

/// A number that is none stands for a blank, as data frames write it.
fn write_number(value: Option<f64>, texts: &mut Texts) {
    if let Some(value) = value.filter(|value| !value.is_nan()) {
        let _ = if value.fract() == 0.0 && value.abs() < 1e15 {
            write!(texts.text(), "{}", value as i64)
        } else {
            write!(texts.text(), "{value}")
        };
    }
    texts.end();
}

/// Hands over the next cells of a column, `None` for a null; how many.
fn values<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    each: &mut impl FnMut(Option<&T::T>),
) -> Result<usize, ParquetError> {
    let mut all = 0;
    let mut values: Vec<T::T> = Vec::with_capacity(BLOCK);
    let mut levels: Vec<i16> = Vec::with_capacity(BLOCK);
    while all < BLOCK {
        values.clear();
        levels.clear();
        let (records, _, _) =
            column.read_records(BLOCK - all, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            break;
        }
        all += records;
        if levels.is_empty() {
            values.iter().for_each(|value| each(Some(value)));
            continue;
        }
        let mut known = values.iter();
        for level in &levels {
            each(if *level > 0 { known.next() } else { None });
        }
    }
    Ok(all)
}
