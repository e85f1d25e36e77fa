//! Why something could not be kept or read.

use kernel::finding::Text;
use kernel::time::Day;
use std::io;
use std::path::PathBuf;

/// What is wrong with the key of the pseudonyms.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// There are pseudonyms and no key.
    #[error("it is missing, though there are pseudonyms; bring it back from its safe copy")]
    Missing,
    /// It is not as long as keys are.
    #[error("it has {0} bytes, not 32")]
    Length(usize),
    /// Others can read it; its mode.
    #[error("others can read it (mode {0:03o}); chmod 600 it")]
    OpenToOthers(u32),
    /// The pseudonyms were sealed with another one.
    #[error(
        "it is not the key that the pseudonyms were sealed with; bring the right one back from its safe copy"
    )]
    Other,
}

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
    #[error("`{database}` has form {found}, this version reads form {known}")]
    Form {
        /// The database.
        database: String,
        /// The form it has.
        found: i64,
        /// The form that this version knows.
        known: i64,
    },
    /// What was given is no address of a database.
    #[error(
        "the address of the database cannot be used: {}; write postgres://user@host:5432/name", what.en
    )]
    Address {
        /// What is wrong, without what was given: there may be a password in it.
        what: Text,
    },
    /// A database on another machine.
    #[error(
        "`{host}` is another machine, and nothing that is sent there is encrypted; use a tunnel, or add `?sslmode=disable` where the network is trusted"
    )]
    Unencrypted {
        /// The machine.
        host: String,
    },
    /// A database that does not answer.
    #[error("the database `{database}` cannot be opened: {source}")]
    Unreachable {
        /// The database.
        database: String,
        /// Why.
        source: Box<sqlx::Error>,
    },
    /// A folder whose rows are kept in another database.
    #[error("the rows of `{}` are kept in the database `{database}`; name it with --database", folder.display())]
    Elsewhere {
        /// The folder.
        folder: PathBuf,
        /// The database it was begun in.
        database: String,
    },
    /// A folder that has its own database.
    #[error(
        "the rows of `{}` are kept in the folder itself, not in the database `{database}`; leave --database out", folder.display()
    )]
    InFolder {
        /// The folder.
        folder: PathBuf,
        /// The database given.
        database: String,
    },
    /// A copy that was cut off.
    #[error(
        "`{}` is a copy that was cut off in the middle; run the same backup or restore again to get the whole of it", folder.display()
    )]
    Unfinished {
        /// The folder.
        folder: PathBuf,
    },
    /// A database that does not belong to the folder.
    #[error(
        "the database `{database}` does not belong to the data folder `{}`; where a restore was cut off, run it again with the same --data, else choose an empty database", folder.display()
    )]
    OtherFolder {
        /// The folder.
        folder: PathBuf,
        /// The database given.
        database: String,
    },
    /// Another program kept the turn to write.
    #[error("another program has been writing to the database for a long while; try again")]
    Busy,
    /// There is no more room.
    #[error("there is no more room where the data are kept: {0}")]
    Full(String),
    /// What is to be written to cannot be.
    #[error("the database cannot be written to: {0}")]
    ReadOnly(String),
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Sql(Box<sqlx::Error>),
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
    /// A proposal that has ended already.
    #[error("proposal {seq} has been approved, refused or withdrawn already")]
    ProposalEnded {
        /// The proposal.
        seq: i64,
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
        "someone else came first with deed {found} of the books (this one rested on deed {expected}); `books log` shows it, then try again"
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
        what: KeyFault,
    },
    /// The key of a clinic's compartment cannot be used.
    #[error("the key of the compartment, `{}`, cannot be used: {}", path.display(), in_compartment(what))]
    CompartmentKey {
        /// The key file.
        path: PathBuf,
        /// What is wrong.
        what: KeyFault,
    },
    /// A clinic without a compartment.
    #[error("`{}` holds no compartment; name the right clinic with --clinic, or begin one with `chain begin`", folder.display())]
    NoCompartment {
        /// Where it would lie.
        folder: PathBuf,
    },
    /// Somebody else has written to the compartment in the meantime.
    #[error(
        "someone else wrote to the compartment meanwhile (row {found}, this one rested on {expected}); look again and try again"
    )]
    CompartmentStale {
        /// The row that the caller knew.
        expected: i64,
        /// The row found.
        found: i64,
    },
    /// Something stored cannot be what was stored.
    #[error("the stored data are damaged: {}", .0.en)]
    Damaged(Text),
}

fn in_compartment(what: &KeyFault) -> String {
    match what {
        KeyFault::Missing => "there is no such file; name the key with --key".to_owned(),
        KeyFault::Other => "the compartment was sealed with another one".to_owned(),
        KeyFault::Length(_) | KeyFault::OpenToOthers(_) => what.to_string(),
    }
}

impl StoreError {
    pub(crate) fn damaged(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Damaged(Text::new(sv, en))
    }

    pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full(format!("`{}`: {source}", path.display())),
            _ => Self::Io { path, source },
        }
    }
}

/// What people can do something about has a kind of its own.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(code) = error.as_database_error().and_then(|error| error.code()) else {
            return Self::Sql(Box::new(error));
        };
        // SQLite's codes are numbers, of which the last byte is the kind; PostgreSQL's have five signs.
        let of_sqlite = if code.len() == 5 { None } else { code.parse::<u32>().ok() };
        match (of_sqlite.map(|code| code & 0xff), code.as_ref()) {
            (Some(5), _) | (_, "55P03" | "40001" | "40P01") => Self::Busy,
            // 4874: the memory that the users of a file share cannot grow.
            (Some(13), _) | (_, "4874" | "53100") => Self::Full(error.to_string()),
            (Some(8), _) | (_, "25006") => Self::ReadOnly(error.to_string()),
            _ => Self::Sql(Box::new(error)),
        }
    }
}
