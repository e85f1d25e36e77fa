//! Contact files as CSV: found separator, UTF-8, one pass.
//!
//! Owns: which bytes are a row, and refusing files that are not what they should be (R53). Does not
//! own: what the fields of a row may be (`kernel::intake`).
//!
//! `kontakt_id;enhet;…` with or without a byte order mark is read as it stands.

use crate::tally::Tally;
use kernel::contact::Report;
use kernel::intake::{Column, Fault, Header, HeaderFault, Intake, Row};
use kernel::time::Day;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A contact file and how its rows are to be read.
#[derive(Clone, Copy, Debug)]
pub struct ContactFile<'a> {
    /// What findings call it.
    pub name: &'a str,
    /// The batch its reports belong to, in order of arrival from 0.
    pub batch: u32,
    /// Stands in for a blank `reported_on`.
    pub default_reported_on: Day,
}

/// What a file gave: accepted rows are in the intake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvRead {
    /// Rows under the header, rejected ones too.
    pub rows: u64,
    /// Rows that were rejected, in file order.
    pub rejected: Vec<Rejected>,
    /// The line of each report that `intake` got, in order.
    pub accepted_lines: Vec<u64>,
}

/// A row that was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file as named.
    pub file: String,
    /// Line, the header being 1.
    pub line: u64,
    /// Why.
    pub fault: Fault,
    /// The value of the faulty column; always blank for a person's number.
    pub value: String,
    /// The contact id, possibly blank.
    pub contact_id: String,
    /// The kind of report as written, possibly blank.
    pub report: String,
    /// The unit code as written, possibly blank.
    pub unit: String,
}

/// Why a file is refused; nothing of it counts.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// It cannot be read.
    #[error("cannot read `{file}`: {source}")]
    Io {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// It is not UTF-8.
    #[error("`{file}` line {line} is not UTF-8; save the file again with the encoding UTF-8")]
    NotUtf8 {
        /// The file.
        file: String,
        /// Line.
        line: u64,
    },
    /// It has no first line.
    #[error("`{file}` is empty; the first line is to hold the names of the columns")]
    NoHeader {
        /// The file.
        file: String,
    },
    /// The header is not one of a contact file.
    #[error("`{file}` line 1: {}", header_text(fault))]
    Header {
        /// The file.
        file: String,
        /// Why.
        fault: HeaderFault,
    },
    /// A quotation mark is opened and never closed, so that the rest cannot be told apart.
    #[error(
        "`{file}`: a quotation mark is opened and never closed, probably in the row that begins on line {line}; the rest of the file cannot be read safely"
    )]
    UnclosedQuote {
        /// The file.
        file: String,
        /// The line that the last row begins on.
        line: u64,
    },
    /// A row has more fields than the header.
    #[error(
        "`{file}` line {line} has {found} fields, the header {expected}; a text that holds the separator is to stand in quotation marks"
    )]
    TooManyFields {
        /// The file.
        file: String,
        /// Line.
        line: u64,
        /// Fields in the row.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },
}

fn header_text(fault: &HeaderFault) -> String {
    match fault {
        HeaderFault::Unknown(name, _) if name.is_empty() => {
            "a column has no name; take away the separator that is too many".to_owned()
        }
        HeaderFault::Unknown(name, _) if name.starts_with(|c: char| c.is_ascii_digit()) => {
            "the first line is no header; it is to hold the names of the columns".to_owned()
        }
        HeaderFault::Unknown(name, near) => {
            format!("unknown column `{name}`; the nearest known one is `{near}`")
        }
        HeaderFault::Twice(name) => format!("the column `{name}` stands twice"),
        HeaderFault::Missing(column) => format!("the compulsory column `{column}` is missing"),
    }
}

/// Bytes between two calls of `progress`.
const PROGRESS_STEP: u64 = 1 << 20;

/// Reads the CSV file at `path` into `intake`. `pseudonym` is as in [`Intake::read`]; `progress` is
/// told now and then how many bytes have been read.
///
/// A refused file may already have given reports to `intake`; the caller throws that away.
pub fn read_csv(
    path: &Path,
    file: ContactFile<'_>,
    intake: &mut Intake,
    pseudonym: &mut impl FnMut(&str) -> u32,
    progress: &mut impl FnMut(u64),
) -> Result<CsvRead, CsvError> {
    let input =
        File::open(path).map_err(|source| CsvError::Io { file: file.name.to_owned(), source })?;
    read_csv_from(input, file, intake, pseudonym, progress)
}

/// Reads CSV from any input; see [`read_csv`].
pub fn read_csv_from(
    input: impl Read,
    file: ContactFile<'_>,
    intake: &mut Intake,
    pseudonym: &mut impl FnMut(&str) -> u32,
    progress: &mut impl FnMut(u64),
) -> Result<CsvRead, CsvError> {
    let mut rows = Rows::open(input, file.name)?;
    let header = rows.header()?;
    let mut read = CsvRead::default();
    let mut told = 0;
    let mut last_line = 1;
    while let Some(record) = rows.next(header.fields().len())? {
        read.rows += 1;
        last_line = record.position().map_or(last_line, csv::Position::line);
        let row = Row::new(&header, record.iter());
        let accepted = accept(&row, file, intake, pseudonym);
        let line = rows.line();
        match accepted {
            Ok(_) => read.accepted_lines.push(line),
            Err(fault) => {
                let row = Row::new(&header, rows.record.iter());
                read.rejected.push(rejected(file.name, line, fault, &row));
            }
        }
        let bytes = rows.bytes();
        if bytes - told >= PROGRESS_STEP {
            told = bytes;
            progress(told);
        }
    }
    if rows.has_unclosed_quote() {
        return Err(CsvError::UnclosedQuote { file: file.name.to_owned(), line: last_line });
    }
    progress(rows.bytes());
    Ok(read)
}

fn accept(
    row: &Row<'_>,
    file: ContactFile<'_>,
    intake: &mut Intake,
    pseudonym: &mut impl FnMut(&str) -> u32,
) -> Result<Report, Fault> {
    intake.read(row, file.batch, file.default_reported_on, pseudonym)
}

fn rejected(file: &str, line: u64, fault: Fault, row: &Row<'_>) -> Rejected {
    let value = if fault.column == Column::Person { "" } else { row.get(fault.column) };
    Rejected {
        file: file.to_owned(),
        line,
        value: value.to_owned(),
        contact_id: row.get(Column::ContactId).to_owned(),
        report: row.get(Column::Report).to_owned(),
        unit: row.get(Column::Unit).to_owned(),
        fault,
    }
}

/// The rows of a file; one record is reused for all.
struct Rows<'a, R: Read> {
    file: &'a str,
    reader: csv::Reader<Tally<R>>,
    record: csv::StringRecord,
}

impl<'a, R: Read> Rows<'a, R> {
    fn open(input: R, file: &'a str) -> Result<Self, CsvError> {
        let input =
            Tally::new(input).map_err(|source| CsvError::Io { file: file.to_owned(), source })?;
        let separator = separator(input.beginning());
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 18)
            .from_reader(input);
        Ok(Self { file, reader, record: csv::StringRecord::new() })
    }

    fn header(&mut self) -> Result<Header, CsvError> {
        if !self.advance()? {
            return Err(CsvError::NoHeader { file: self.file.to_owned() });
        }
        Header::read(self.record.iter())
            .map_err(|fault| CsvError::Header { file: self.file.to_owned(), fault })
    }

    fn next(&mut self, expected: usize) -> Result<Option<&csv::StringRecord>, CsvError> {
        if !self.advance()? {
            return Ok(None);
        }
        let found = self.record.len();
        if found > expected {
            let (file, line) = (self.file.to_owned(), self.line());
            return Err(CsvError::TooManyFields { file, line, found, expected });
        }
        Ok(Some(&self.record))
    }

    fn advance(&mut self) -> Result<bool, CsvError> {
        let read = self.reader.read_record(&mut self.record);
        read.map_err(|error| {
            let file = self.file.to_owned();
            let line = self.line_of(error.position());
            match error.into_kind() {
                csv::ErrorKind::Io(source) => CsvError::Io { file, source },
                _ => CsvError::NotUtf8 { file, line },
            }
        })
    }

    /// The line the current record begins on.
    fn line(&self) -> u64 {
        self.line_of(self.record.position())
    }

    fn line_of(&self, position: Option<&csv::Position>) -> u64 {
        self.reader.get_ref().line_from(position.map_or(0, csv::Position::byte))
    }

    /// Whether the file has an odd number of quotation marks.
    fn has_unclosed_quote(&self) -> bool {
        !self.reader.get_ref().quotes().is_multiple_of(2)
    }

    fn bytes(&self) -> u64 {
        self.reader.position().byte()
    }
}

/// The separator that the first line has most of; `;` where there is none at all.
fn separator(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: u8| line.iter().filter(|byte| **byte == separator).count();
    // The last of equals wins.
    [b',', b'\t', b';'].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b';')
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::finding::Code;

    const HEADER: &str = "contact_id;unit;person;kind;care_date;profession";
    const PERSON: &str = "991981000010";

    fn read(bytes: &[u8]) -> (Result<CsvRead, CsvError>, Intake) {
        let mut intake = Intake::default();
        let file = ContactFile { name: "k.csv", batch: 3, default_reported_on: Day::MIN };
        let read = read_csv_from(bytes, file, &mut intake, &mut |_| 7, &mut |_| {});
        (read, intake)
    }

    fn row(id: &str) -> String {
        format!("{id};u;{PERSON};delivery;2023-02-11;midwife")
    }

    #[test]
    fn rows_are_read_whatever_the_separator_and_line_end() {
        let text = format!("{HEADER}\n{}\n{}\n", row("D1"), row("D2"));
        let variants = [
            text.clone(),
            text.replace(';', ","),
            text.replace(';', "\t"),
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
            text.trim_end().to_owned(),
            text.replace("D1;u", "\"D1\";\"u\""),
        ];
        for variant in variants {
            let (read, intake) = read(variant.as_bytes());
            let expected = CsvRead { rows: 2, rejected: vec![], accepted_lines: vec![2, 3] };
            assert_eq!(read.unwrap(), expected, "{variant}");
            assert_eq!(intake.reports.contact_ids.get(0), "D1");
            assert_eq!(intake.reports.rows()[1].batch, 3);
        }
    }

    #[test]
    fn a_rejected_row_is_told_with_its_line_but_never_with_a_persons_number() {
        for end in ["\n", "\r\n"] {
            let text = [
                HEADER,
                &row("D1"),
                "",
                "D2;u;199001019999;delivery;2023-02-11",
                "D3;u;x;birth;2023-02-11",
                "",
            ]
            .join(end);
            let (read, intake) = read(text.as_bytes());
            let rejected = read.unwrap().rejected;
            assert_eq!(intake.reports.rows().len(), 1);
            let told: Vec<_> =
                rejected.iter().map(|r| (r.line, r.fault.code, r.value.as_str())).collect();
            assert_eq!(told, [(4, Code::BadPerson, ""), (5, Code::BadValue, "birth")]);
            assert_eq!(rejected[0].contact_id, "D2");
        }
    }

    #[test]
    fn missing_fields_at_the_end_are_blank_and_too_many_refuse_the_file() {
        let (good, _) = read(format!("{HEADER}\nD1;u;{PERSON};delivery;2023-02-11\n").as_bytes());
        assert_eq!(good.unwrap().rejected, []);
        let (bad, _) = read(format!("{HEADER}\n{}\n{};x\n", row("D1"), row("D2")).as_bytes());
        let text = bad.unwrap_err().to_string();
        assert!(text.starts_with("`k.csv` line 3 has 7 fields, the header 6"), "{text}");
    }

    #[test]
    fn what_is_no_contact_file_is_refused() {
        let refused = |bytes: &[u8]| read(bytes).0.unwrap_err().to_string();
        assert!(refused(b"").contains("is empty"));
        assert!(refused(b"contact_id;unti\n").contains("`unti`; the nearest known one is `unit`"));
        assert!(refused(b"contact_id;unit\n").contains("`person` is missing"));
        assert!(refused(b"unit;unit\n").contains("stands twice"));
        let latin1 = format!("{HEADER}\n{}\nD2;", row("D1")).into_bytes();
        assert!(refused(&[&latin1[..], b"\xe5\n"].concat()).contains("line 3 is not UTF-8"));
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_refuses_the_file() {
        let text = "contact_id,unit,person,kind,care_date,born_at\n\
            a,u1,p-1,delivery,2022-02-01,\"hemma\nb,u1,p-2,delivery,2022-02-01,x\n";
        let file = ContactFile { name: "f.csv", batch: 0, default_reported_on: Day::MIN };
        let mut intake = Intake::default();
        let read = read_csv_from(text.as_bytes(), file, &mut intake, &mut |_| 0, &mut |_| {});
        assert!(matches!(read, Err(CsvError::UnclosedQuote { line: 2, .. })), "{read:?}");
    }

    #[test]
    fn quoted_text_may_hold_separators_and_line_ends() {
        let text = format!("{HEADER}\nD1;u;{PERSON};delivery;2023-02-11;\"a;b\nc\"\nD2;u\n");
        let (read, intake) = read(text.as_bytes());
        assert_eq!(read.unwrap().rejected[0].line, 4);
        let profile = intake.reports.profile(0).unwrap();
        assert_eq!(profile.profession.as_deref(), Some("a;b\nc"));
    }
}
