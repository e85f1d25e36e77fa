//! Why something could not be kept or read.

use kernel::time::Day;
use std::io;
use std::path::PathBuf;

/// Why something could not be kept or read. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder cannot be used.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder already holds data.
    #[error("`{}` already holds data; choose another folder, or use it as it is", folder.display())]
    AlreadyThere {
        /// Which.
        folder: PathBuf,
    },
    /// The folder holds no data.
    #[error("`{}` holds no data; `register load` begins a data folder", folder.display())]
    NotThere {
        /// Which.
        folder: PathBuf,
    },
    /// The data have a form that this version does not know.
    #[error("`{}` has form {found}, this version reads form {known}", path.display())]
    Form {
        /// The database.
        path: PathBuf,
        /// The form it has.
        found: i64,
        /// The form that this version knows.
        known: i64,
    },
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Sql(#[from] sqlx::Error),
    /// A revision would be recorded before the last one.
    #[error(
        "`{decision}` cannot be recorded on {recorded_on}: the last revision was recorded on {last}, and what was known then never changes"
    )]
    RecordedBefore {
        /// The decision.
        decision: String,
        /// The day given.
        recorded_on: Day,
        /// The day of the last revision.
        last: Day,
    },
    /// A decision that is recorded already.
    #[error(
        "the decision `{decision}` is already in the register, as revision {revision}; a change needs a new decision"
    )]
    DecisionTwice {
        /// The decision.
        decision: String,
        /// Its revision.
        revision: i64,
    },
    /// A source file that was imported already.
    #[error("`{name}` has the same content as batch {batch}, which is already imported")]
    BatchTwice {
        /// The file now given.
        name: String,
        /// The batch.
        batch: i64,
    },
    /// Someone else has booked in the meantime.
    #[error(
        "the last deed is number {found}, not {expected}: someone has booked since the preview; look at a new preview"
    )]
    Stale {
        /// The number that the caller knew.
        expected: i64,
        /// The number found.
        found: i64,
    },
    /// An id that is taken.
    #[error("the settlement `{id}` is already booked")]
    SettlementTwice {
        /// The id.
        id: String,
    },
    /// An entry whose postings do not sum to zero.
    #[error("entry {entry} of `{subject}` does not balance: its postings sum to {sum} öre")]
    Unbalanced {
        /// What the deed is done with.
        subject: String,
        /// The entry, from 1.
        entry: usize,
        /// The sum in öre.
        sum: i128,
    },
    /// A file is not what its name says.
    #[error("`{}` has the hash {found}, not {expected}", path.display())]
    HashDiffers {
        /// The file.
        path: PathBuf,
        /// Its name.
        expected: String,
        /// The hash of its content.
        found: String,
    },
    /// The key of the pseudonyms cannot be used.
    #[error("the key of the pseudonyms, `{}`: {what}", path.display())]
    Key {
        /// The key file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Something stored cannot be what was stored.
    #[error("the stored data are damaged: {0}")]
    Damaged(String),
}

impl StoreError {
    pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }
}
