//! How a command ends.
//!
//! Owns: the exit codes 0 done, 1 findings or a failed check, 2 wrong usage, 3 refused and nothing
//! changed. Does not own: what is found.

mod words;

use kernel::finding::{Finding, Text};
use std::fmt::Display;
use std::io;
use words::of_file;

/// How a command that ran to its end ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 1.
    Findings,
}

/// Why a command did not run to its end.
#[derive(Debug)]
pub enum Failure {
    /// Exit code 2.
    Usage(Text),
    /// Exit code 3; nothing was changed.
    Refused(Text, Vec<Finding>),
    /// Exit code 3; what was asked for is not there, or not for those who ask.
    NotThere,
    /// Exit code 3; the role of who asks may not see or do it.
    NotAllowed,
}

impl Failure {
    /// A refusal in both languages.
    pub fn refused(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Refused(Text::new(sv, en), Vec::new())
    }

    /// Wrong usage in both languages.
    pub fn usage(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Usage(Text::new(sv, en))
    }

    /// A file or folder that cannot be read.
    pub fn unreadable(name: impl Display, error: &io::Error) -> Self {
        Self::refused(
            format!("`{name}` går inte att läsa: {}", of_file(error)),
            format!("`{name}` cannot be read: {error}"),
        )
    }

    /// A file or folder that cannot be written.
    pub fn unwritable(name: impl Display, error: &io::Error) -> Self {
        Self::refused(
            format!("`{name}` går inte att skriva: {}", of_file(error)),
            format!("`{name}` cannot be written: {error}"),
        )
    }

    /// What is said of it.
    pub fn text(&self) -> Text {
        match self {
            Self::Usage(text) | Self::Refused(text, _) => text.clone(),
            Self::NotThere => Text::new("det finns inte här", "it is not here"),
            Self::NotAllowed => Text::new(
                "din roll får inte se eller göra det här; be en administratör om du behöver det",
                "your role may not see or do this; ask an administrator if you need it",
            ),
        }
    }

    /// The exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Refused(..) | Self::NotThere | Self::NotAllowed => 3,
        }
    }
}

/// Errors of other crates, told in both languages.
macro_rules! refused {
    ($($error:ty => $words:path),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Refused($words(&error), Vec::new())
            }
        }
    )+};
}

refused!(
    store::StoreError => words::store,
    bulk::contact_file::FileError => words::contact_file,
    bulk::ParquetError => words::parquet,
    crate::ratebook::ReadError => words::ratebook,
    io::Error => words::io,
);

impl From<kernel::price::TooLarge> for Failure {
    fn from(error: kernel::price::TooLarge) -> Self {
        Self::refused(
            format!("beloppet för `{}` är större än vad som kan räknas exakt", error.of),
            format!("the amount of `{}` is larger than can be computed exactly", error.of),
        )
    }
}
