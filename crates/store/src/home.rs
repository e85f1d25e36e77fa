//! That a data folder and a PostgreSQL database belong together: the same id stands in both.
//!
//! Owns: the file `database` of the folder, and the table `home`. Does not own: what else is in either.

use crate::StoreError;
use crate::address::Address;
use crate::database::{Value, insert_many, text};
use crate::files::{hex, sync_folder, write_new};
use crate::seal::random;
use sqlx::{Any, AnyConnection, Transaction};
use std::fs::{self, OpenOptions};
use std::path::Path;

const FILE: &str = "database";
const INSERT: &str = "INSERT INTO home (no, folder) VALUES";

/// What a folder remembers of its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    pub(crate) id: String,
    /// The address that it was begun at, without a password.
    pub(crate) shown: String,
}

/// What a folder remembers; nothing where it has no database apart.
pub(crate) fn remembered(folder: &Path) -> Result<Option<Home>, StoreError> {
    let path = folder.join(FILE);
    if !path.is_file() {
        return Ok(None);
    }
    let written = fs::read_to_string(&path).map_err(StoreError::io(&path))?;
    match written.lines().collect::<Vec<_>>()[..] {
        [id, shown] => Ok(Some(Home { id: id.to_owned(), shown: shown.to_owned() })),
        _ => Err(StoreError::damaged(
            format!("`{}` har inte sina två rader", path.display()),
            format!("`{}` has not its two lines", path.display()),
        )),
    }
}

/// Makes a folder remember a database, before that has any table: a beginning that is cut off can then be taken up again.
pub(crate) fn remember(folder: &Path, address: &Address) -> Result<Home, StoreError> {
    let home = Home { id: hex(&random::<16>()?), shown: address.to_string() };
    let written = format!("{}\n{}\n", home.id, home.shown);
    let path = folder.join(FILE);
    let aside = path.with_extension(format!("{}.tmp", std::process::id()));
    write_new(&aside, written.as_bytes(), OpenOptions::new().create(true).truncate(true))?;
    // A link is refused where another program has come first.
    let linked = fs::hard_link(&aside, &path).map_err(StoreError::io(&path));
    fs::remove_file(&aside).map_err(StoreError::io(&aside))?;
    linked?;
    sync_folder(folder)?;
    Ok(home)
}

/// The id of the folder whose data a database holds.
pub(crate) async fn of(connection: &mut AnyConnection) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT folder FROM home").fetch_optional(connection).await?;
    row.map(|row| text(&row, 0)).transpose()
}

/// Makes a database hold the data of a folder.
pub(crate) async fn claim(
    transaction: &mut Transaction<'_, Any>,
    id: &str,
) -> Result<(), StoreError> {
    insert_many(transaction, INSERT, &[[Value::Int(1), Value::Text(id)]]).await
}
