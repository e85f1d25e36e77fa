//! A copy of everything that is kept: for a backup, and back again.
//!
//! Owns: that every row and every file of a folder is in the copy, in order, as it is. Does not own: where copies are kept, or the
//! key of the pseudonyms, which goes a way of its own.
//!
//! A copy is a data folder: it can be opened, and its chain of hashes is the same.

use crate::database::{Value, insert_many, number, text};
use crate::engine::Engine;
use crate::files::{self, Shelf};
use crate::{Store, StoreError};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AssertSqlSafe, Column, Row};
use std::path::{Path, PathBuf};

/// Every table but that of the form and those of who is logged in, each after those it refers to, with its columns and the order of
/// its rows.
const TABLES: [(&str, &str, &str); 17] = [
    ("revision", "revision, recorded_on, decision_id, known_from, sha256, file, body", "revision"),
    (
        "batch",
        "seq, source_sha256, file, name, origin, row_count, accepted, rejected, imported_on",
        "seq",
    ),
    ("rejected_row", "batch, no, line, code, field, value", "batch, no"),
    (
        "rejected_contact",
        "batch, no, contact_id, unit, report, reported_on, care_date",
        "batch, no",
    ),
    ("warned_row", "batch, no, line, code, contact_id, value", "batch, no"),
    (
        "settlement",
        "seq, id, month, settled_on, revision, batches, cutoff, through, engine, lines_hash, \
         origin, total_ore, line_count",
        "seq",
    ),
    ("deed", "seq, kind, subject, by_whom, on_day, due, note", "seq"),
    (
        "deed_row",
        "deed, no, settlement, unit, payee, contact_id, element, care_month, amount_ore",
        "deed, no",
    ),
    (
        "draft",
        "deed, id, month, settled_on, revision, batches, cutoff, through, engine, lines_hash, \
         origin, total_ore, line_count",
        "deed",
    ),
    ("entry", "deed, no, unit, text", "deed, no"),
    (
        "posting",
        "deed, entry, no, account, unit, element, payer, payee, care_month, cause, decision, \
         financing, amount_ore",
        "deed, entry, no",
    ),
    ("access", "seq, at_time, by_whom, action, unit, contact_id, row_count, note", "seq"),
    ("account", "seq, name, role, provider, password, by_whom, at_time", "seq"),
    ("proposal", "seq, decision_id, file, body, by_whom, at_time", "seq"),
    ("proposal_end", "seq, outcome, by_whom, at_time, note", "seq"),
    ("idempotency", "key, by_whom, request, status, answer, at_time", "key, by_whom"),
    ("link", "seq, kind, ref, content, hash", "seq"),
];
/// Columns of the widest table.
const WIDEST: usize = 13;
/// Rows read at a time.
const PAGE: i64 = 5_000;

impl Store {
    /// Copies every row to a store that has none, all or nothing.
    pub async fn copy_rows_to(&self, other: &Self) -> Result<(), StoreError> {
        let mut from = self.look().await?;
        let mut to = other.begin().await?;
        for (table, columns, order) in TABLES {
            let count = columns.split(',').count();
            let insert = format!("INSERT INTO {table} ({columns}) VALUES");
            let mut first = 0;
            loop {
                let select = format!(
                    "SELECT {columns} FROM {table} ORDER BY {order} LIMIT {PAGE} OFFSET {first}"
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
    /// The triggers that keep rows from being changed, and that are gone or refuse nothing.
    pub async fn missing_guards(&self) -> Result<Vec<String>, StoreError> {
        let mut transaction = self.look().await?;
        let engine = Engine::of(&transaction);
        crate::guards::missing(&mut transaction, engine).await
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

/// Copies a bulk file, checked on the way.
pub fn copy_file(from: &Path, to: &Path, shelf: Shelf, hash: &str) -> Result<(), StoreError> {
    let bytes = files::get(from, shelf, hash)?;
    files::put(to, shelf, &bytes, Some(hash)).map(|_| ())
}

/// Bulk files that lie in a folder and that no row names: left over from what was broken off.
pub fn unnamed_files(folder: &Path, named: &[(Shelf, String)]) -> Result<Vec<PathBuf>, StoreError> {
    let mut unnamed = Vec::new();
    for shelf in [Shelf::Batches, Shelf::Lines] {
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
