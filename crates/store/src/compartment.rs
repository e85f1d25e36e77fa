//! A clinic's own compartment: what nobody else may read, sealed with a key of its own, apart from everything else.
//!
//! Owns: one table of rows that are only ever added to, each sealed or open, in one chain of hashes. Does not own: what the rows say, or
//! who may ask for them.
//!
//! The first row tells whose it is and is sealed with the key, so that another key is told at once. Sealed rows hold grounds, persons,
//! steps and who looked at them; open rows hold what the clinic has released to the region, which is read without a key. Beside those,
//! whose it is, how many rows there are, of how many KiB, and when the file was written is all that the file says without its key. A row
//! is filled up before it is sealed, since its length would tell what it says.
//!
//! The hashes show a change to whoever has noted a head; they need no key, so that of itself an open row proves nothing of who wrote it.

use crate::database::{Value, bytes, insert_many, number, text};
use crate::engine::{self, Engine};
use crate::files::sha256;
use crate::seal::{Sealer, new_key, read_key};
use crate::{KeyFault, StoreError, guards};
use sqlx::{Any, AnyPool, Executor, Transaction};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the file.
pub const FILE: &str = "care.sqlite";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS kept (seq BIGINT NOT NULL PRIMARY KEY, \
    open TEXT NOT NULL, sealed BLOB NOT NULL, hash TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO kept (seq, open, sealed, hash) VALUES";
const SELECT: &str = "SELECT seq, open, sealed, hash FROM kept ORDER BY seq";
const GUARDED: [guards::Guarded; 1] = [("kept", &["seq"])];
const BEGUN: &str = "begun";
/// What a sealed text is filled up with, to whole times so many bytes; no text ends with it.
const FILL: char = '\0';
const BLOCK: usize = 1_024;

fn filled(text: &str) -> String {
    let length = text.len().next_multiple_of(BLOCK);
    let mut filled = String::with_capacity(length);
    filled.push_str(text);
    filled.extend(std::iter::repeat_n(FILL, length - text.len()));
    filled
}

/// A compartment with its key.
#[derive(Clone)]
pub struct Compartment {
    clinic: String,
    pool: AnyPool,
    sealer: std::sync::Arc<Sealer>,
}

/// Says nothing about keys.
impl fmt::Debug for Compartment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compartment").field("clinic", &self.clinic).finish_non_exhaustive()
    }
}

/// A row as it lies in the file.
struct Row {
    seq: i64,
    open: String,
    sealed: Vec<u8>,
    hash: String,
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Sealed in the file.
    Sealed(String),
    /// Open to whoever reads the file.
    Open(String),
}

/// Whether the rows are those that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// How many rows.
    pub rows: i64,
    /// The hash of the last.
    pub head: String,
    /// The first row that does not follow on the one before.
    pub broken: Option<i64>,
    /// The triggers that keep rows from being changed, and that are gone or not as they were made.
    pub missing_guards: Vec<String>,
}

const fn told(path: PathBuf, what: KeyFault) -> StoreError {
    StoreError::CompartmentKey { path, what }
}

impl Compartment {
    /// Begins a clinic's compartment in a folder. A key file that is there is used; else one is made.
    pub async fn begin(folder: &Path, clinic: &str, key: &Path) -> Result<Self, StoreError> {
        let file = folder.join(FILE);
        if file.exists() {
            return Err(StoreError::AlreadyThere { folder: folder.to_path_buf() });
        }
        let secret = if key.exists() { read_key(key, told)? } else { new_key(key)? };
        let sealer = std::sync::Arc::new(Sealer::new(key, &secret, told)?);
        fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        let pool = engine::open_file(&file, "rwc").await?;
        let begun = Self { clinic: clinic.to_owned(), pool, sealer };
        let mut transaction = begun.turn().await?;
        set(&mut transaction).await?;
        let sealed = begun.sealer.seal(&begun.with(1), BEGUN)?;
        let hash = hash("", 1, clinic, &sealed);
        let row = [Value::Int(1), Value::Text(clinic), Value::Bytes(&sealed), Value::Text(&hash)];
        insert_many(&mut transaction, INSERT, &[row]).await?;
        transaction.commit().await?;
        Ok(begun)
    }

    /// Opens the compartment of a folder with its key.
    pub async fn open(folder: &Path, key: &Path) -> Result<Self, StoreError> {
        let pool = opened(folder).await?;
        if !key.is_file() {
            return Err(told(key.to_path_buf(), KeyFault::Missing));
        }
        let secret = read_key(key, told)?;
        let sealer = std::sync::Arc::new(Sealer::new(key, &secret, told)?);
        let rows = rows(&mut *pool.acquire().await?).await?;
        let first = rows.first().ok_or_else(damaged)?;
        let opened = Self { clinic: first.open.clone(), pool, sealer };
        opened.sealer.unseal(&opened.with(1), &first.sealed)?;
        Ok(opened)
    }

    /// Whose it is.
    pub fn clinic(&self) -> &str {
        &self.clinic
    }

    /// Everything that was kept, in order, with its number.
    pub async fn kept(&self) -> Result<Vec<(i64, Text)>, StoreError> {
        let rows = rows(&mut *self.pool.acquire().await?).await?;
        let read = |row: &Row| {
            let text = if row.sealed.is_empty() {
                Text::Open(row.open.clone())
            } else {
                let text = self.sealer.unseal(&self.with(row.seq), &row.sealed)?;
                Text::Sealed(text.trim_end_matches(FILL).to_owned())
            };
            Ok((row.seq, text))
        };
        rows.iter().skip(1).map(read).collect()
    }

    /// Adds rows, all or none. Where `after` is given, nothing may have been added since that row. Gives the number of the last.
    pub async fn append(&self, after: Option<i64>, texts: &[Text]) -> Result<i64, StoreError> {
        let mut transaction = self.turn().await?;
        let last = "SELECT seq, open, sealed, hash FROM kept ORDER BY seq DESC LIMIT 1";
        let row = sqlx::query(last).fetch_one(&mut *transaction).await?;
        let (mut seq, mut head) = (number(&row, 0)?, text(&row, 3)?);
        if let Some(expected) = after.filter(|expected| *expected != seq) {
            return Err(StoreError::CompartmentStale { expected, found: seq });
        }
        for one in texts {
            seq += 1;
            let (open, sealed) = match one {
                Text::Open(text) => (text.as_str(), Vec::new()),
                Text::Sealed(text) => ("", self.sealer.seal(&self.with(seq), &filled(text))?),
            };
            head = hash(&head, seq, open, &sealed);
            let row =
                [Value::Int(seq), Value::Text(open), Value::Bytes(&sealed), Value::Text(&head)];
            insert_many(&mut transaction, INSERT, &[row]).await?;
        }
        transaction.commit().await?;
        Ok(seq)
    }

    /// Lets go of the file.
    pub async fn close(self) {
        self.pool.close().await;
    }

    async fn turn(&self) -> Result<Transaction<'static, Any>, StoreError> {
        engine::begin(&self.pool, Engine::Sqlite).await
    }

    /// A sealed row can stand nowhere but in its own place of its own compartment.
    fn with(&self, seq: i64) -> Vec<u8> {
        format!("{}\n{seq}", self.clinic).into_bytes()
    }
}

/// What the clinic of a folder has released, in order; needs no key. Nothing where there is no compartment.
pub async fn released(folder: &Path) -> Result<Vec<String>, StoreError> {
    if !folder.join(FILE).is_file() {
        return Ok(Vec::new());
    }
    let pool = opened(folder).await?;
    let rows = rows(&mut *pool.acquire().await?).await?;
    pool.close().await;
    let open = rows.into_iter().skip(1).filter(|row| row.sealed.is_empty());
    Ok(open.map(|row| row.open).collect())
}

/// Copies a compartment to another folder, sealed as it is. What an earlier try left of the copy goes.
pub async fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let pool = opened(from).await?;
    let rows = rows(&mut *pool.acquire().await?).await?;
    pool.close().await;
    fs::create_dir_all(to).map_err(StoreError::io(to))?;
    for end in ["", "-wal", "-shm"] {
        let left = to.join(format!("{FILE}{end}"));
        if left.is_file() {
            fs::remove_file(&left).map_err(StoreError::io(&left))?;
        }
    }
    let other = engine::open_file(&to.join(FILE), "rwc").await?;
    let mut transaction = engine::begin(&other, Engine::Sqlite).await?;
    set(&mut transaction).await?;
    let values: Vec<_> = rows
        .iter()
        .map(|row| {
            let (open, sealed) = (Value::Text(&row.open), Value::Bytes(&row.sealed));
            [Value::Int(row.seq), open, sealed, Value::Text(&row.hash)]
        })
        .collect();
    insert_many(&mut transaction, INSERT, &values).await?;
    transaction.commit().await?;
    other.close().await;
    Ok(())
}

async fn set(transaction: &mut Transaction<'_, Any>) -> Result<(), StoreError> {
    transaction.execute(TABLE).await?;
    Ok(guards::set_on_sqlite(transaction, &GUARDED).await?)
}

/// Walks the chain of a folder's compartment; needs no key.
pub async fn whole(folder: &Path) -> Result<Whole, StoreError> {
    let pool = opened(folder).await?;
    let rows = rows(&mut *pool.acquire().await?).await?;
    let missing_guards = guards::missing_on_sqlite(&mut *pool.acquire().await?, &GUARDED).await?;
    pool.close().await;
    let mut whole = Whole { rows: 0, head: String::new(), broken: None, missing_guards };
    for row in rows {
        let is_next = row.seq == whole.rows + 1;
        let follows = row.hash == hash(&whole.head, row.seq, &row.open, &row.sealed);
        if whole.broken.is_none() && !(is_next && follows) {
            whole.broken = Some(row.seq);
        }
        (whole.rows, whole.head) = (row.seq, row.hash);
    }
    Ok(whole)
}

async fn opened(folder: &Path) -> Result<AnyPool, StoreError> {
    let file = folder.join(FILE);
    if !file.is_file() {
        return Err(StoreError::NoCompartment { folder: folder.to_path_buf() });
    }
    engine::open_file(&file, "rw").await
}

async fn rows(connection: &mut sqlx::AnyConnection) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query(SELECT).fetch_all(connection).await?;
    let read = |row: &sqlx::any::AnyRow| {
        let (seq, open, sealed) = (number(row, 0)?, text(row, 1)?, bytes(row, 2)?);
        Ok(Row { seq, open, sealed, hash: text(row, 3)? })
    };
    rows.iter().map(read).collect()
}

/// With the length of the open text before it, no row can pass for another.
fn hash(before: &str, seq: i64, open: &str, sealed: &[u8]) -> String {
    let head = format!("{before}\n{seq}\n{}:{open}\n", open.len());
    sha256(&[head.as_bytes(), sealed].concat())
}

fn damaged() -> StoreError {
    StoreError::damaged("ett fack utan sin första rad", "a compartment without its first row")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_different_lengths_are_sealed_as_long_ones() {
        let lengths = ["", "mild", "severe", &"x".repeat(BLOCK)].map(|text| filled(text).len());
        assert_eq!(lengths, [0, BLOCK, BLOCK, BLOCK]);
        assert_eq!(filled(&"x".repeat(BLOCK + 1)).len(), 2 * BLOCK);
        assert_eq!(filled("mild").trim_end_matches(FILL), "mild");
    }
}
