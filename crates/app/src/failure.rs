//! How a command ends.
//!
//! Owns: the exit codes 0 done, 1 findings or a failed check, 2 wrong usage, 3 refused and nothing
//! changed. Does not own: what is found.

use kernel::finding::{Finding, Text};

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

    /// The exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Refused(..) => 3,
        }
    }
}

/// Errors whose text is one for both languages: file systems, databases, file forms.
macro_rules! refused {
    ($($error:ty),+) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                let text = error.to_string();
                Self::refused(text.clone(), text)
            }
        }
    )+};
}

refused!(
    store::StoreError,
    bulk::csv_in::CsvError,
    bulk::ParquetError,
    crate::ratebook::ReadError,
    std::io::Error,
    serde_json::Error,
    csv::Error
);

impl From<kernel::price::TooLarge> for Failure {
    fn from(error: kernel::price::TooLarge) -> Self {
        Self::refused(
            format!("beloppet för `{}` är större än vad som kan räknas exakt", error.of),
            format!("the amount of `{}` is larger than can be computed exactly", error.of),
        )
    }
}
