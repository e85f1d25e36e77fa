//! Why a contact file is refused; nothing of it counts.

use kernel::intake::HeaderFault;
use std::io;

/// What a file was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook: xlsx or xlsm.
    Excel,
    /// Parquet.
    Parquet,
    /// Packed with gzip.
    Gzip,
}

impl Kind {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Excel => "Excel",
            Self::Parquet => "Parquet",
            Self::Gzip => "gzip",
        }
    }
}

/// Why a file is refused; nothing of it counts.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("cannot read `{file}`: {source}")]
    Io {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// It is damaged, or cut off.
    #[error("`{file}` is damaged or cut off as {}: {what}; send it again", kind.name())]
    Damaged {
        /// The file.
        file: String,
        /// What it was taken for.
        kind: Kind,
        /// What the reader says.
        what: String,
    },
    /// It unpacks to so much more than it is that it cannot be a contact file.
    #[error(
        "`{file}` unpacks to more than {limit_mb} MB, which no contact file of its size does; nothing was read"
    )]
    Swells {
        /// The file.
        file: String,
        /// The limit, in millions of bytes.
        limit_mb: u64,
    },
    /// It has a form that is known but not read.
    #[error("`{file}` is {what}; save it as xlsx, CSV or Parquet")]
    OtherForm {
        /// The file.
        file: String,
        /// What it is.
        what: &'static str,
    },
    /// It is neither text, Excel nor Parquet.
    #[error("`{file}` is no contact file: neither text with a header, Excel nor Parquet")]
    NotContacts {
        /// The file.
        file: String,
    },
    /// It has no first line.
    #[error("`{file}` is empty; the first line is to hold the names of the columns")]
    NoHeader {
        /// The file.
        file: String,
    },
    /// The header is not one of a contact file.
    #[error("`{file}` {}: {}", place_text(sheet.as_deref(), *line), header_text(fault))]
    Header {
        /// The file.
        file: String,
        /// The sheet, of a workbook.
        sheet: Option<String>,
        /// Line; 0 where the form has no lines.
        line: u64,
        /// Why.
        fault: HeaderFault,
    },
    /// A quotation mark is opened and never closed, or closed in the middle of a field, so that the rest
    /// cannot be told apart.
    #[error(
        "`{file}` line {line}: a quotation mark is opened and not closed at the end of its field; the rest of the file cannot be read safely"
    )]
    UnclosedQuote {
        /// The file.
        file: String,
        /// The line that the row begins on.
        line: u64,
    },
    /// A row is longer than any row of contacts.
    #[error(
        "`{file}` line {line} is longer than {limit_kb} kB, which no row of contacts is; nothing was read"
    )]
    LineTooLong {
        /// The file.
        file: String,
        /// The line that the row begins on.
        line: u64,
        /// The limit, in thousands of bytes.
        limit_kb: u64,
    },
    /// A column of Parquet has a type that is no field of a contact.
    #[error(
        "`{file}`: the column `{column}` is {found}; write it as text, a date, a whole number or a boolean, lists as text parted by spaces"
    )]
    ColumnType {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// What it is.
        found: String,
    },
}

fn place_text(sheet: Option<&str>, line: u64) -> String {
    match (sheet, line) {
        (Some(sheet), line) => format!("sheet `{sheet}` row {line}"),
        (None, 0) => "columns".to_owned(),
        (None, line) => format!("line {line}"),
    }
}

fn header_text(fault: &HeaderFault) -> String {
    match fault {
        HeaderFault::Unknown(name, _) if name.is_empty() => {
            "a column has no name; take away the separator that is too many".to_owned()
        }
        HeaderFault::Unknown(name, _) if name.starts_with(|c: char| c.is_ascii_digit()) => {
            "this is no header; it is to hold the names of the columns".to_owned()
        }
        HeaderFault::Unknown(name, near) => {
            format!("unknown column `{}`; the nearest known one is `{near}`", shortened(name))
        }
        HeaderFault::Twice(one, other) if one == other => {
            format!("the column `{one}` stands twice")
        }
        HeaderFault::Twice(one, other) => format!("`{one}` and `{other}` are the same column"),
        HeaderFault::Missing(column) => format!("the compulsory column `{column}` is missing"),
    }
}

/// The beginning of a long text; a finding is to be read.
pub fn shortened(text: &str) -> String {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}
