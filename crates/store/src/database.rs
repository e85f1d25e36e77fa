//! The database of a data folder: opening it, transactions, and inserting many rows.
//!
//! Owns: which database is used and how. Does not own: any table (`register`, `batch`, `ledger`).

use crate::{StoreError, chain, guards};
use sqlx::any::{AnyArguments, AnyPoolOptions, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor, Row, Transaction};
use std::path::{Path, PathBuf};

/// What makes each form of the tables from the one before; a new form only adds.
const FORMS: [&str; 3] =
    [include_str!("schema.sql"), include_str!("schema-2.sql"), include_str!("schema-3.sql")];
/// The form of the tables that this version writes and reads.
const FORM: i64 = FORMS.len() as i64;
const FILE: &str = "vardkedja.sqlite";
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;";
/// Rows in one INSERT: more is slower on SQLite.
const ROWS: usize = 50;

/// The data of a folder: decisions, batches and the ledger, only ever added to.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    pool: AnyPool,
}

impl Store {
    /// Begins a data folder; the folder is made where it is missing. One that holds data is refused.
    pub async fn create(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        let pool = connect(&folder.join(FILE), "rwc").await?;
        if form(&mut *pool.acquire().await?).await?.is_some() {
            return Err(StoreError::AlreadyThere { folder: folder.to_path_buf() });
        }
        bring_up(&pool).await?;
        Ok(Self { folder: folder.to_path_buf(), pool })
    }

    /// Opens a data folder that [`Store::create`] began; one of an earlier form gets what it lacks.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let not_there = || StoreError::NotThere { folder: folder.to_path_buf() };
        if !path.is_file() {
            return Err(not_there());
        }
        let pool = connect(&path, "rw").await?;
        let found = form(&mut *pool.acquire().await?).await?;
        match found {
            Some(FORM) => Ok(Self { folder: folder.to_path_buf(), pool }),
            Some(1..FORM) => {
                bring_up(&pool).await?;
                Ok(Self { folder: folder.to_path_buf(), pool })
            }
            Some(found) => Err(StoreError::Form { path, found, known: FORM }),
            None => Err(not_there()),
        }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Waits until everything is written and lets go of the files.
    pub async fn close(self) {
        self.pool.close().await;
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        begin(&self.pool).await
    }

    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }
}

/// Opens an SQLite file for one writer at a time, safe against a power cut.
pub(crate) async fn connect(path: &Path, mode: &str) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    let address = address(path, mode);
    // A pool tries again for half a minute where this fails, and then does not say why it failed.
    let mut first = AnyConnection::connect(&address).await?;
    first.execute(sqlx::raw_sql(PRAGMAS)).await?;
    first.close().await?;
    let options = AnyPoolOptions::new().max_connections(1).after_connect(|connection, _| {
        Box::pin(async move { connection.execute(sqlx::raw_sql(PRAGMAS)).await.map(|_| ()) })
    });
    Ok(options.connect(&address).await?)
}

/// Bytes of a path that could mean something in an address are written as `%..`.
fn address(path: &Path, mode: &str) -> String {
    let mut address = "sqlite://".to_owned();
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            address.push(byte.into());
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address + "?mode=" + mode
}

/// Begins a transaction that no other writer can come before: what it reads still holds when it writes.
pub(crate) async fn begin(pool: &AnyPool) -> Result<Transaction<'static, Any>, StoreError> {
    Ok(pool.begin_with("BEGIN IMMEDIATE").await?)
}

/// Adds the tables of every form after the one that is there, all or nothing.
async fn bring_up(pool: &AnyPool) -> Result<(), StoreError> {
    let mut transaction = begin(pool).await?;
    // Asked again inside the transaction: another program may have come first.
    let there = form(&mut transaction).await?.unwrap_or(0);
    for (sql, version) in FORMS.iter().zip(1..) {
        if version > there {
            transaction.execute(sqlx::raw_sql(*sql)).await?;
        }
    }
    guards::set(&mut transaction).await?;
    chain::extend(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

async fn form(connection: &mut AnyConnection) -> Result<Option<i64>, StoreError> {
    let tables =
        sqlx::query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'form'");
    if tables.fetch_optional(&mut *connection).await?.is_none() {
        return Ok(None);
    }
    let last = "SELECT version FROM form ORDER BY version DESC LIMIT 1";
    let row = sqlx::query(last).fetch_optional(&mut *connection).await?;
    row.map(|row| number(&row, 0)).transpose()
}

/// A value of a row to insert.
pub(crate) enum Value<'a> {
    Int(i64),
    Text(&'a str),
    Own(String),
    Bytes(&'a [u8]),
}

type Bound<'q> = Query<'q, Any, AnyArguments>;

/// Inserts rows of `columns` values each, some at a time; `insert` ends in `VALUES`.
pub(crate) async fn insert_many<const COLUMNS: usize>(
    transaction: &mut Transaction<'_, Any>,
    insert: &str,
    rows: &[[Value<'_>; COLUMNS]],
) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS) {
        // SQLite takes a number for a name, and looks through all names at each value.
        let is_numbered = transaction.backend_name() != "SQLite";
        let sql = format!("{insert} {}", placeholders(chunk.len(), COLUMNS, is_numbered));
        // The text is made of constants and places; values are bound, never written into it.
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in chunk.iter().flatten() {
            query = bind(query, value);
        }
        query.execute(&mut **transaction).await?;
    }
    Ok(())
}

fn bind<'q>(query: Bound<'q>, value: &Value<'_>) -> Bound<'q> {
    match value {
        Value::Int(int) => query.bind(*int),
        Value::Text(text) => query.bind((*text).to_owned()),
        Value::Own(text) => query.bind(text.clone()),
        Value::Bytes(bytes) => query.bind(bytes.to_vec()),
    }
}

/// `($1, $2), ($3, $4)`, or `(?, ?), (?, ?)`
fn placeholders(rows: usize, columns: usize, is_numbered: bool) -> String {
    let row = |row: usize| {
        let place = |column: usize| format!("${}", row * columns + column);
        let places =
            (1..=columns).map(|column| if is_numbered { place(column) } else { "?".into() });
        format!("({})", places.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

pub(crate) fn number(row: &AnyRow, column: usize) -> Result<i64, StoreError> {
    Ok(row.try_get(column)?)
}

pub(crate) fn text(row: &AnyRow, column: usize) -> Result<String, StoreError> {
    Ok(row.try_get(column)?)
}

pub(crate) fn bytes(row: &AnyRow, column: usize) -> Result<Vec<u8>, StoreError> {
    Ok(row.try_get(column)?)
}

/// A text of a row as what it was written from.
pub(crate) fn parsed<T>(
    row: &AnyRow,
    column: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    let text = text(row, column)?;
    parse(&text).ok_or_else(|| StoreError::Damaged(format!("`{text}` in column {column}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(placeholders(2, 2, true), "($1, $2), ($3, $4)");
        assert_eq!(placeholders(2, 2, false), "(?, ?), (?, ?)");
    }

    #[test]
    fn any_path_can_be_an_address() {
        assert_eq!(address(Path::new("/a b/ö?.x"), "rw"), "sqlite:///a%20b/%C3%B6%3F.x?mode=rw");
    }
}
