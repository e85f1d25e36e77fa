//! The database of a data folder: opening it, transactions, and inserting many rows.
//!
//! Owns: which database is used and how. Does not own: any table (`register`, `batch`, `ledger`).

use crate::address::Database;
use crate::engine::{self, Engine};
use crate::{Address, StoreError, chain, copy, guards, home};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Executor, Row, Transaction};
use std::path::{Path, PathBuf};

/// What makes each form of the tables from the one before; a new form only adds.
pub(crate) const FORMS: [&str; 7] = [
    include_str!("schema.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
    include_str!("schema-4.sql"),
    include_str!("schema-5.sql"),
    include_str!("schema-6.sql"),
    include_str!("schema-7.sql"),
];
/// The form of the tables that this version writes and reads.
const FORM: i64 = FORMS.len() as i64;
pub(crate) const FILE: &str = "vardkedja.sqlite";
/// Rows in one INSERT: more is slower on SQLite.
const ROWS: usize = 50;

/// The data of a folder: decisions, batches and the ledger, only ever added to.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    engine: Engine,
    pool: AnyPool,
}

impl Store {
    /// Begins a data folder; the folder is made where it is missing. One that holds data is refused, and so is a
    /// database that holds the data of another folder.
    pub async fn create(folder: &Path, database: &Database) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        match database {
            Database::InFolder => create_file(folder).await,
            Database::Postgres(address) => create_on_server(folder, address).await,
        }
    }

    /// Opens a data folder that [`Store::create`] began in the same database; one of an earlier form gets what it lacks. A copy that
    /// was cut off is refused.
    pub async fn open(folder: &Path, database: &Database) -> Result<Self, StoreError> {
        copy::refuse_unfinished(folder)?;
        Self::open_any(folder, database).await
    }

    /// The same, whether or not it is a copy that is not finished.
    pub(crate) async fn open_any(folder: &Path, database: &Database) -> Result<Self, StoreError> {
        let remembered = home::remembered(folder)?;
        let has_file = folder.join(FILE).is_file();
        let store = match (database, remembered) {
            (Database::InFolder, Some(home)) => {
                let folder = folder.to_path_buf();
                return Err(StoreError::Elsewhere { folder, database: home.shown });
            }
            (Database::Postgres(address), _) if has_file => {
                return Err(StoreError::InFolder {
                    folder: folder.to_path_buf(),
                    database: address.to_string(),
                });
            }
            (Database::InFolder, None) if has_file => Self::at_file(folder, "rw").await?,
            (Database::Postgres(address), Some(home)) => {
                let store = Self::on_server(folder, address).await?;
                store.refuse_other(&home.id, address).await?;
                store
            }
            (_, None) => return Err(StoreError::NotThere { folder: folder.to_path_buf() }),
        };
        store.bring_up_to_date(database).await
    }

    async fn at_file(folder: &Path, mode: &str) -> Result<Self, StoreError> {
        let pool = engine::open_file(&folder.join(FILE), mode).await?;
        Ok(Self { folder: folder.to_path_buf(), engine: Engine::Sqlite, pool })
    }

    async fn on_server(folder: &Path, address: &Address) -> Result<Self, StoreError> {
        let pool = engine::open_server(address).await?;
        Ok(Self { folder: folder.to_path_buf(), engine: Engine::Postgres, pool })
    }

    async fn form(&self) -> Result<Option<i64>, StoreError> {
        form(&mut *self.pool.acquire().await?).await
    }

    /// Refuses a database that holds other data than those of the folder with that id, or none.
    async fn refuse_other(&self, id: &str, address: &Address) -> Result<(), StoreError> {
        let is_ours = match self.form().await? {
            Some(_) => home::of(&mut *self.pool.acquire().await?).await?.as_deref() == Some(id),
            None => false,
        };
        if is_ours {
            return Ok(());
        }
        let (folder, database) = (self.folder.clone(), address.to_string());
        Err(StoreError::OtherFolder { folder, database })
    }

    async fn bring_up_to_date(self, database: &Database) -> Result<Self, StoreError> {
        match self.form().await? {
            Some(FORM) => Ok(self),
            Some(1..FORM) => {
                bring_up(&self.pool, self.engine, None).await?;
                Ok(self)
            }
            Some(found) => {
                let path = self.folder.join(FILE).display().to_string();
                let database = match database {
                    Database::InFolder => path,
                    Database::Postgres(address) => address.to_string(),
                };
                Err(StoreError::Form { database, found, known: FORM })
            }
            None => Err(StoreError::NotThere { folder: self.folder }),
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

    /// Begins a transaction that no other writer can come before.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        engine::begin(&self.pool, self.engine).await
    }

    /// Begins a transaction that only reads, and sees everything as it was at one moment.
    pub(crate) async fn look(&self) -> Result<Transaction<'static, Any>, StoreError> {
        engine::look(&self.pool, self.engine).await
    }

    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }
}

async fn create_file(folder: &Path) -> Result<Store, StoreError> {
    if let Some(home) = home::remembered(folder)? {
        let folder = folder.to_path_buf();
        return Err(StoreError::Elsewhere { folder, database: home.shown });
    }
    let store = Store::at_file(folder, "rwc").await?;
    if store.form().await?.is_some() {
        return Err(StoreError::AlreadyThere { folder: folder.to_path_buf() });
    }
    bring_up(&store.pool, store.engine, None).await?;
    Ok(store)
}

async fn create_on_server(folder: &Path, address: &Address) -> Result<Store, StoreError> {
    let folder_is = |database: String| (folder.to_path_buf(), database);
    if folder.join(FILE).is_file() {
        let (folder, database) = folder_is(address.to_string());
        return Err(StoreError::InFolder { folder, database });
    }
    let store = Store::on_server(folder, address).await?;
    let is_begun = store.form().await?.is_some();
    let home = match home::remembered(folder)? {
        Some(home) if is_begun => {
            store.refuse_other(&home.id, address).await?;
            return Err(StoreError::AlreadyThere { folder: folder.to_path_buf() });
        }
        // A beginning that was cut off is taken up again.
        Some(home) if home.shown == address.to_string() => home,
        Some(home) => {
            let (folder, database) = folder_is(home.shown);
            return Err(StoreError::Elsewhere { folder, database });
        }
        None if is_begun => {
            let (folder, database) = folder_is(address.to_string());
            return Err(StoreError::OtherFolder { folder, database });
        }
        None => home::remember(folder, address)?,
    };
    bring_up(&store.pool, store.engine, Some(&home.id)).await?;
    store.refuse_other(&home.id, address).await?;
    Ok(store)
}

/// Adds the tables of every form after the one that is there, all or nothing.
pub(crate) async fn bring_up(
    pool: &AnyPool,
    engine: Engine,
    begun_by: Option<&str>,
) -> Result<(), StoreError> {
    let mut transaction = engine::begin(pool, engine).await?;
    // Asked again inside the transaction: another program may have come first.
    let there = form(&mut transaction).await?.unwrap_or(0);
    for (sql, version) in FORMS.iter().zip(1..) {
        if version > there {
            transaction.execute(sqlx::raw_sql(*sql)).await?;
        }
    }
    if let (0, Some(id)) = (there, begun_by) {
        home::claim(&mut transaction, id).await?;
    }
    guards::set(&mut transaction, engine).await?;
    chain::extend(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

async fn form(connection: &mut AnyConnection) -> Result<Option<i64>, StoreError> {
    let tables = sqlx::query(Engine::of(connection).has_form());
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
        let is_numbered = Engine::of(transaction) == Engine::Postgres;
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
        Value::Text(text) => query.bind(storable(text)),
        Value::Own(text) => query.bind(storable(text)),
        Value::Bytes(bytes) => query.bind(bytes.to_vec()),
    }
}

/// PostgreSQL keeps no NUL in a text; a row that was rejected for one is told with its picture, on either engine.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{2400}")
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
    parse(&text).ok_or_else(|| {
        StoreError::damaged(
            format!("`{text}` i kolumn {column}"),
            format!("`{text}` in column {column}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(placeholders(2, 2, true), "($1, $2), ($3, $4)");
        assert_eq!(placeholders(2, 2, false), "(?, ?), (?, ?)");
    }
}
