//! The two database engines: how each is opened, and how a transaction begins.
//!
//! Owns: what differs between SQLite and PostgreSQL beside the guards (`guards`). Does not own: any table.

use crate::address::Address;
use crate::error::StoreError;
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor, Transaction};
use std::path::Path;

/// SQLite: safe against a power cut; whoever must wait to write waits ten seconds.
const SQLITE: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
    PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;";
/// PostgreSQL: safe against a power cut whatever the server's default; whoever must wait to write waits a minute, and a program that
/// vanished in the middle holds nobody up for longer.
const POSTGRES: &str = "SET lock_timeout = '60s'; \
    SET idle_in_transaction_session_timeout = '60s'; \
    SELECT set_config('synchronous_commit', 'on', false) \
    WHERE current_setting('synchronous_commit') IN ('off', 'local');";
/// The turn to write, the same number for every program on the same database.
const TURN: &str = "SELECT pg_advisory_xact_lock(6840214970541)";

/// Which engine a database is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn of(connection: &AnyConnection) -> Self {
        if connection.backend_name() == "SQLite" { Self::Sqlite } else { Self::Postgres }
    }

    /// Asks for a row where there is a table `form`.
    pub(crate) const fn has_form(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'form'",
            Self::Postgres => {
                "SELECT CAST(tablename AS TEXT) FROM pg_tables \
                 WHERE schemaname = current_schema() AND tablename = 'form'"
            }
        }
    }
}

/// Opens an SQLite file for one writer at a time.
pub(crate) async fn open_file(path: &Path, mode: &str) -> Result<AnyPool, StoreError> {
    Ok(open(&file_address(path, mode), SQLITE).await?)
}

/// Opens a PostgreSQL database.
pub(crate) async fn open_server(address: &Address) -> Result<AnyPool, StoreError> {
    open(address.url(), POSTGRES).await.map_err(|source| StoreError::Unreachable {
        database: address.to_string(),
        source: Box::new(source),
    })
}

async fn open(address: &str, settings: &'static str) -> Result<AnyPool, sqlx::Error> {
    sqlx::any::install_default_drivers();
    // A pool tries again for half a minute where this fails, and then does not say why it failed.
    let mut first = AnyConnection::connect(address).await?;
    first.execute(sqlx::raw_sql(settings)).await?;
    first.close().await?;
    let options = AnyPoolOptions::new().max_connections(1).after_connect(move |connection, _| {
        Box::pin(async move { connection.execute(sqlx::raw_sql(settings)).await.map(|_| ()) })
    });
    options.connect(address).await
}

/// Bytes of a path that could mean something in an address are written as `%..`.
fn file_address(path: &Path, mode: &str) -> String {
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
pub(crate) async fn begin(
    pool: &AnyPool,
    engine: Engine,
) -> Result<Transaction<'static, Any>, StoreError> {
    match engine {
        Engine::Sqlite => Ok(pool.begin_with("BEGIN IMMEDIATE").await?),
        Engine::Postgres => {
            // Every statement after the lock sees all that was kept before it was given.
            let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
            transaction.execute(sqlx::raw_sql(TURN)).await?;
            Ok(transaction)
        }
    }
}

/// Begins a transaction that only reads, and sees everything as it was at one moment.
pub(crate) async fn look(
    pool: &AnyPool,
    engine: Engine,
) -> Result<Transaction<'static, Any>, StoreError> {
    let begin = match engine {
        Engine::Sqlite => "BEGIN DEFERRED",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    Ok(pool.begin_with(AssertSqlSafe(begin)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_can_be_an_address() {
        let address = file_address(Path::new("/a b/ö?.x"), "rw");
        assert_eq!(address, "sqlite:///a%20b/%C3%B6%3F.x?mode=rw");
    }
}
