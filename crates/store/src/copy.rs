//! A copy of everything that is kept: for a backup, and back again.
//!
//! Owns: that every row and every file of a folder is in the copy, in order, as it is. Does not own: where copies are kept, or the
//! key of the pseudonyms, which goes a way of its own.
//!
//! A copy is a data folder: it can be opened, and its chain of hashes is the same.

use crate::database::{Value, insert_many, number, text};
use crate::engine::Engine;
use crate::files::{self, Shelf};
use crate::tables::{self, Table};
use crate::{Database, Store, StoreError, database, home, person};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AssertSqlSafe, Column, Row};
use std::path::{Path, PathBuf};

/// Columns of the widest table.
const WIDEST: usize = 13;
/// Rows read at a time.
const PAGE: i64 = 5_000;

impl Store {
    /// Copies every row to a store that has none, all or nothing.
    pub async fn copy_rows_to(&self, other: &Self) -> Result<(), StoreError> {
        let mut from = self.look().await?;
        let mut to = other.begin().await?;
        for Table { name, columns, order } in tables::ALL {
            let count = columns.split(',').count();
            let insert = format!("INSERT INTO {name} ({columns}) VALUES");
            let mut first = 0;
            loop {
                let select = format!(
                    "SELECT {columns} FROM {name} ORDER BY {order} LIMIT {PAGE} OFFSET {first}"
                );
                let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut *from).await?;
                first += PAGE;
                match count {
                    4 => insert_many(&mut to, &insert, &values::<4>(&rows)?).await?,
                    5 => insert_many(&mut to, &insert, &values::<5>(&rows)?).await?,
                    6 => insert_many(&mut to, &insert, &values::<6>(&rows)?).await?,
                    7 => insert_many(&mut to, &insert, &values::<7>(&rows)?).await?,
                    8 => insert_many(&mut to, &insert, &values::<8>(&rows)?).await?,
                    9 => insert_many(&mut to, &insert, &values::<9>(&rows)?).await?,
                    10 => insert_many(&mut to, &insert, &values::<10>(&rows)?).await?,
                    _ => insert_many(&mut to, &insert, &values::<WIDEST>(&rows)?).await?,
                }
                if rows.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
                    break;
                }
            }
        }
        to.commit().await?;
        Ok(from.rollback().await?)
    }

    /// The bulk files that the rows name, each once.
    pub async fn named_files(&self) -> Result<Vec<(Shelf, String)>, StoreError> {
        let mut named = Vec::new();
        let selects = [
            (Shelf::Batches, "SELECT DISTINCT file FROM batch ORDER BY file"),
            (Shelf::Inputs, "SELECT DISTINCT file FROM input ORDER BY file"),
            (
                Shelf::Lines,
                "SELECT lines_hash FROM settlement UNION SELECT lines_hash FROM draft ORDER BY 1",
            ),
        ];
        for (shelf, select) in selects {
            for row in &sqlx::query(select).fetch_all(self.pool()).await? {
                named.push((shelf, text(row, 0)?));
            }
        }
        Ok(named)
    }

    /// What the database says of itself: nothing where it is whole.
    pub async fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let mut transaction = self.look().await?;
        if Engine::of(&transaction) != Engine::Sqlite {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for check in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
            for row in &sqlx::query(check).fetch_all(&mut *transaction).await? {
                let said = text(row, 0)?;
                if said != "ok" {
                    found.push(said);
                }
            }
        }
        Ok(found)
    }
}

impl Store {
    /// The triggers that keep rows from being changed, and that are gone or not as they were made.
    pub async fn missing_guards(&self) -> Result<Vec<String>, StoreError> {
        crate::guards::missing(&mut *self.look().await?).await
    }

    /// Whether it has neither decisions, batches nor deeds.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let links = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) FROM link");
        Ok(number(&links.fetch_one(self.pool()).await?, 0)? == 0)
    }
}

fn values<const COLUMNS: usize>(rows: &[AnyRow]) -> Result<Vec<[Value<'_>; COLUMNS]>, StoreError> {
    let row = |row: &AnyRow| -> Result<[Value<'_>; COLUMNS], StoreError> {
        let mut values = std::array::from_fn(|_| Value::Int(0));
        for (at, value) in values.iter_mut().enumerate() {
            *value = match row.column(at).type_info().kind() {
                AnyTypeInfoKind::BigInt | AnyTypeInfoKind::Integer => Value::Int(number(row, at)?),
                _ => Value::Own(text(row, at)?),
            };
        }
        Ok(values)
    };
    rows.iter().map(row).collect()
}

/// Stands in a copy until it is whole.
const MARK: &str = "unfinished-copy";
const READING: &str = "reading";

/// Where a copy is made until it is whole: beside the place that it is for. One with a database on a server is always in the same place,
/// since the database belongs to the folder that was begun with it.
pub fn aside(to: &Path, kept_in: &Database) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    match kept_in {
        Database::InFolder => name.push(format!(".{}.copying", std::process::id())),
        Database::Postgres(_) => name.push(".copying"),
    }
    to.with_file_name(name)
}

/// Folders beside a place that copies for it were cut off in, or are being made in right now.
pub fn cut_off(to: &Path) -> Vec<PathBuf> {
    let Some(name) = to.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let parent = to.parent().filter(|parent| *parent != Path::new(""));
    let Ok(entries) = std::fs::read_dir(parent.unwrap_or(Path::new("."))) else {
        return Vec::new();
    };
    let is_of = |entry: &std::fs::DirEntry| {
        let found = entry.file_name();
        let rest =
            found.to_str().and_then(|found| found.strip_prefix(name)?.strip_suffix(".copying"));
        let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.').is_some_and(is_number))
    };
    let mut found: Vec<PathBuf> =
        entries.flatten().filter(is_of).map(|entry| to.with_file_name(entry.file_name())).collect();
    found.sort();
    found
}

/// Makes the folder of a copy; whether one was cut off there.
pub fn start(aside: &Path) -> Result<bool, StoreError> {
    std::fs::create_dir_all(aside).map_err(StoreError::io(aside))?;
    let mark = aside.join(MARK);
    let is_taken_up = mark.is_file();
    std::fs::write(&mark, "").map_err(StoreError::io(&mark))?;
    Ok(is_taken_up)
}

/// Begins the rows of a copy that was started, or takes them up.
pub async fn begin(aside: &Path, kept_in: &Database) -> Result<Store, StoreError> {
    match Store::create(aside, kept_in).await {
        Err(StoreError::AlreadyThere { .. }) => Store::open_any(aside, kept_in).await,
        created => created,
    }
}

/// Where the databases of a backup are read: in a copy of their files, since to open one is to write to it, and a backup may lie where
/// nothing can be written, and stays as it is. A folder that is no backup is given back, to be refused.
pub fn read_apart(backup: &Path, aside: &Path) -> Result<PathBuf, StoreError> {
    refuse_unfinished(backup)?;
    if !backup.join(database::FILE).is_file() {
        return Ok(backup.to_path_buf());
    }
    end_reading(aside)?;
    let place = aside.join(READING);
    std::fs::create_dir(&place).map_err(StoreError::io(&place))?;
    for name in [database::FILE, person::FILE] {
        for end in ["", "-wal"] {
            let name = format!("{name}{end}");
            let (from, to) = (backup.join(&name), place.join(&name));
            if from.is_file() {
                // Not the rights of the file, which may let nobody write.
                let mut read = std::fs::File::open(&from).map_err(StoreError::io(&from))?;
                let mut written = std::fs::File::create(&to).map_err(StoreError::io(&to))?;
                std::io::copy(&mut read, &mut written).map_err(StoreError::io(&to))?;
            }
        }
    }
    Ok(place)
}

/// Removes what a backup was read in.
pub fn end_reading(aside: &Path) -> Result<(), StoreError> {
    let place = aside.join(READING);
    match place.is_dir() {
        true => std::fs::remove_dir_all(&place).map_err(StoreError::io(&place)),
        false => Ok(()),
    }
}

/// Removes a copy that failed. A database on a server belongs to the folder that was begun with it, so that one stays, to be taken up.
pub fn give_up(aside: &Path) {
    if matches!(home::remembered(aside), Ok(None)) {
        let _gone = std::fs::remove_dir_all(aside);
    }
}

/// Puts a copy that is whole in its place, where there must be nothing.
pub fn finish(aside: &Path, to: &Path) -> Result<(), StoreError> {
    let mark = aside.join(MARK);
    if mark.is_file() {
        std::fs::remove_file(&mark).map_err(StoreError::io(&mark))?;
    }
    std::fs::rename(aside, to).map_err(StoreError::io(to))?;
    let parent = to.parent().filter(|parent| *parent != Path::new(""));
    files::sync_folder(parent.unwrap_or(Path::new(".")))
}

pub(crate) fn refuse_unfinished(folder: &Path) -> Result<(), StoreError> {
    let is_here = folder.join(MARK).is_file();
    if is_here || (!folder.exists() && !cut_off(folder).is_empty()) {
        return Err(StoreError::Unfinished { folder: folder.to_path_buf() });
    }
    Ok(())
}

/// Copies a bulk file, checked on the way.
pub fn copy_file(from: &Path, to: &Path, shelf: Shelf, hash: &str) -> Result<(), StoreError> {
    let bytes = files::get(from, shelf, hash)?;
    files::put(to, shelf, &bytes, Some(hash)).map(|_| ())
}

/// Bulk files that lie in a folder and that no row names: left over from what was broken off.
pub fn unnamed_files(folder: &Path, named: &[(Shelf, String)]) -> Result<Vec<PathBuf>, StoreError> {
    let mut unnamed = Vec::new();
    for shelf in [Shelf::Batches, Shelf::Inputs, Shelf::Lines] {
        let expected: Vec<PathBuf> = named
            .iter()
            .filter(|(of, _)| *of == shelf)
            .map(|(_, hash)| files::path(folder, shelf, hash))
            .collect();
        let place = files::path(folder, shelf, "").with_file_name("");
        let Ok(entries) = std::fs::read_dir(&place) else { continue };
        for entry in entries {
            let path = entry.map_err(StoreError::io(&place))?.path();
            if !expected.contains(&path) {
                unnamed.push(path);
            }
        }
    }
    unnamed.sort();
    Ok(unnamed)
}
