//! Batches: what was imported, with the rows that were rejected.
//!
//! Owns: the list of batches, numbered from 1 in the order they came. Does not own: their reports,
//! which are in Parquet files (`files`, `bulk`).

use crate::database::{Value, insert_many, number, parsed, text};
use crate::{Store, StoreError};
use kernel::time::Day;
use sqlx::{Any, Transaction};

/// Where data come from; what rests on synthetic data is marked so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Reported by a clinic.
    Reported,
    /// Made up.
    Synthetic,
}

impl Origin {
    /// The name in files and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Synthetic => "synthetic",
        }
    }

    /// The origin of that exact name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Reported, Self::Synthetic].into_iter().find(|origin| origin.name() == name)
    }
}

/// A batch to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// SHA-256 of the file that was imported; it is imported once.
    pub source_sha256: String,
    /// SHA-256 of the Parquet file with its reports.
    pub file: String,
    /// What people call it.
    pub name: String,
    /// Origin.
    pub origin: Origin,
    /// Rows accepted.
    pub accepted: i64,
    /// The day of the import.
    pub imported_on: Day,
}

/// A listed batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Number from 1.
    pub seq: i64,
    /// SHA-256 of the file that was imported.
    pub source_sha256: String,
    /// SHA-256 of the Parquet file with its reports.
    pub file: String,
    /// What people call it.
    pub name: String,
    /// Origin.
    pub origin: Origin,
    /// Rows in the file: accepted and rejected.
    pub rows: i64,
    /// Rows accepted.
    pub accepted: i64,
    /// Rows rejected.
    pub rejected: i64,
    /// The day of the import.
    pub imported_on: Day,
}

/// A row that was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// Line in the file.
    pub line: i64,
    /// The stable name of the fault.
    pub code: String,
    /// The column.
    pub field: String,
    /// The value; never a person's number.
    pub value: String,
}

const INSERT: &str = "INSERT INTO batch (seq, source_sha256, file, name, origin, row_count, \
    accepted, rejected, imported_on) VALUES";
const INSERT_REJECTED: &str =
    "INSERT INTO rejected_row (batch, no, line, code, field, value) VALUES";

impl Store {
    /// Lists a batch with its rejected rows, all or nothing; gives its number. Refuses a source that
    /// was imported before.
    pub async fn append_batch(
        &self,
        batch: &NewBatch,
        rejected: &[RejectedRow],
    ) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        refuse_known(&mut transaction, batch).await?;
        let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM batch";
        let seq = 1 + number(&sqlx::query(last).fetch_one(&mut *transaction).await?, 0)?;
        let count = i64::try_from(rejected.len())
            .map_err(|_| StoreError::Damaged("more rejected rows than can be counted".into()))?;
        insert_many(&mut transaction, INSERT, &[values(seq, batch, count)]).await?;
        let rows: Vec<_> =
            (1..).zip(rejected).map(|(no, row)| rejected_values(seq, no, row)).collect();
        insert_many(&mut transaction, INSERT_REJECTED, &rows).await?;
        transaction.commit().await?;
        Ok(seq)
    }

    /// Every batch in order.
    pub async fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        let select = "SELECT seq, source_sha256, file, name, origin, row_count, accepted, rejected, \
            imported_on FROM batch ORDER BY seq";
        let rows = sqlx::query(select).fetch_all(self.pool()).await?;
        rows.iter().map(batch).collect()
    }

    /// The rejected rows of a batch in the order they were given.
    pub async fn rejected_rows(&self, batch: i64) -> Result<Vec<RejectedRow>, StoreError> {
        let select =
            "SELECT line, code, field, value FROM rejected_row WHERE batch = $1 ORDER BY no";
        let rows = sqlx::query(select).bind(batch).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                Ok(RejectedRow {
                    line: number(row, 0)?,
                    code: text(row, 1)?,
                    field: text(row, 2)?,
                    value: text(row, 3)?,
                })
            })
            .collect()
    }
}

async fn refuse_known(
    transaction: &mut Transaction<'_, Any>,
    batch: &NewBatch,
) -> Result<(), StoreError> {
    let known = sqlx::query("SELECT seq FROM batch WHERE source_sha256 = $1");
    let row = known.bind(batch.source_sha256.clone()).fetch_optional(&mut **transaction).await?;
    match row {
        Some(row) => {
            Err(StoreError::BatchTwice { name: batch.name.clone(), batch: number(&row, 0)? })
        }
        None => Ok(()),
    }
}

fn values(seq: i64, batch: &NewBatch, rejected: i64) -> [Value<'_>; 9] {
    [
        Value::Int(seq),
        Value::Text(&batch.source_sha256),
        Value::Text(&batch.file),
        Value::Text(&batch.name),
        Value::Text(batch.origin.name()),
        Value::Int(batch.accepted + rejected),
        Value::Int(batch.accepted),
        Value::Int(rejected),
        Value::Own(batch.imported_on.to_string()),
    ]
}

fn rejected_values(batch: i64, no: i64, row: &RejectedRow) -> [Value<'_>; 6] {
    [
        Value::Int(batch),
        Value::Int(no),
        Value::Int(row.line),
        Value::Text(&row.code),
        Value::Text(&row.field),
        Value::Text(&row.value),
    ]
}

fn batch(row: &sqlx::any::AnyRow) -> Result<Batch, StoreError> {
    Ok(Batch {
        seq: number(row, 0)?,
        source_sha256: text(row, 1)?,
        file: text(row, 2)?,
        name: text(row, 3)?,
        origin: parsed(row, 4, Origin::parse)?,
        rows: number(row, 5)?,
        accepted: number(row, 6)?,
        rejected: number(row, 7)?,
        imported_on: parsed(row, 8, Day::parse)?,
    })
}
