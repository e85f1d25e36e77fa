//! Batches: what was imported, with the rows that were rejected.
//!
//! Owns: the list of batches, numbered from 1 in the order they came. Does not own: their reports,
//! which are in Parquet files (`files`, `bulk`).

use crate::chain;
use crate::database::{Value, insert_many, number, parsed, text};
use crate::{Store, StoreError};
use kernel::time::Day;
use sqlx::{Any, AnyConnection, Transaction};

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
    /// What it was about; none in batches that were imported before this was kept.
    pub about: Option<RejectedContact>,
}

/// What a rejected row was about, as written; blank where nothing was, and never a person's number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RejectedContact {
    /// Contact id.
    pub contact_id: String,
    /// Unit code.
    pub unit: String,
    /// Kind of report.
    pub report: String,
    /// Day of the report, where it could be read.
    pub reported_on: Option<Day>,
    /// Day of care, where it could be read.
    pub care_date: Option<Day>,
}

/// A row that was kept with a warning that only the import can give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarnedRow {
    /// Line in the file.
    pub line: i64,
    /// The stable name of the warning.
    pub code: String,
    /// The contact.
    pub contact_id: String,
    /// What shows it; never a person's number.
    pub value: String,
}

const INSERT: &str = "INSERT INTO batch (seq, source_sha256, file, name, origin, row_count, \
    accepted, rejected, imported_on) VALUES";
const INSERT_REJECTED: &str =
    "INSERT INTO rejected_row (batch, no, line, code, field, value) VALUES";
const INSERT_ABOUT: &str = "INSERT INTO rejected_contact (batch, no, contact_id, unit, report, \
    reported_on, care_date) VALUES";
const INSERT_WARNED: &str =
    "INSERT INTO warned_row (batch, no, line, code, contact_id, value) VALUES";

impl Store {
    /// Lists a batch with its rejected and its warned rows, all or nothing; gives its number. Refuses a
    /// source that was imported before.
    pub async fn append_batch(
        &self,
        batch: &NewBatch,
        rejected: &[RejectedRow],
        warned: &[WarnedRow],
    ) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        refuse_known(&mut transaction, batch).await?;
        let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM batch";
        let seq = 1 + number(&sqlx::query(last).fetch_one(&mut *transaction).await?, 0)?;
        let count = i64::try_from(rejected.len()).unwrap_or(i64::MAX);
        insert_many(&mut transaction, INSERT, &[values(seq, batch, count)]).await?;
        let rows: Vec<_> =
            (1..).zip(rejected).map(|(no, row)| rejected_values(seq, no, row)).collect();
        insert_many(&mut transaction, INSERT_REJECTED, &rows).await?;
        let about = (1..).zip(rejected).filter_map(|(no, row)| Some((no, row.about.as_ref()?)));
        let about: Vec<_> = about.map(|(no, about)| about_values(seq, no, about)).collect();
        insert_many(&mut transaction, INSERT_ABOUT, &about).await?;
        let rows: Vec<_> = (1..).zip(warned).map(|(no, row)| warned_values(seq, no, row)).collect();
        insert_many(&mut transaction, INSERT_WARNED, &rows).await?;
        chain::extend(&mut transaction).await?;
        transaction.commit().await?;
        Ok(seq)
    }

    /// Every batch in order.
    pub async fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        batches(&mut *self.pool().acquire().await?).await
    }

    /// Every rejected row with the number of its batch, in the order they were given.
    pub async fn rejected_rows(&self) -> Result<Vec<(i64, RejectedRow)>, StoreError> {
        let select = "SELECT r.batch, r.line, r.code, r.field, r.value, \
            COALESCE(c.contact_id, ''), COALESCE(c.unit, ''), COALESCE(c.report, ''), \
            COALESCE(c.reported_on, ''), COALESCE(c.care_date, ''), COALESCE(c.no, 0) \
            FROM rejected_row r LEFT JOIN rejected_contact c ON c.batch = r.batch AND c.no = r.no \
            ORDER BY r.batch, r.no";
        let rows = sqlx::query(select).fetch_all(self.pool()).await?;
        let read = |row: &sqlx::any::AnyRow| {
            let about = RejectedContact {
                contact_id: text(row, 5)?,
                unit: text(row, 6)?,
                report: text(row, 7)?,
                reported_on: Day::parse(&text(row, 8)?),
                care_date: Day::parse(&text(row, 9)?),
            };
            let rejected = RejectedRow {
                line: number(row, 1)?,
                code: text(row, 2)?,
                field: text(row, 3)?,
                value: text(row, 4)?,
                about: (number(row, 10)? > 0).then_some(about),
            };
            Ok((number(row, 0)?, rejected))
        };
        rows.iter().map(read).collect()
    }

    /// Every warned row with the number of its batch, in the order they were given.
    pub async fn warned_rows(&self) -> Result<Vec<(i64, WarnedRow)>, StoreError> {
        let select =
            "SELECT batch, line, code, contact_id, value FROM warned_row ORDER BY batch, no";
        let rows = sqlx::query(select).fetch_all(self.pool()).await?;
        let read = |row: &sqlx::any::AnyRow| {
            let warned = WarnedRow {
                line: number(row, 1)?,
                code: text(row, 2)?,
                contact_id: text(row, 3)?,
                value: text(row, 4)?,
            };
            Ok((number(row, 0)?, warned))
        };
        rows.iter().map(read).collect()
    }
}

pub(crate) async fn batches(connection: &mut AnyConnection) -> Result<Vec<Batch>, StoreError> {
    let select = "SELECT seq, source_sha256, file, name, origin, row_count, accepted, rejected, \
        imported_on FROM batch ORDER BY seq";
    let rows = sqlx::query(select).fetch_all(connection).await?;
    rows.iter().map(batch).collect()
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

fn about_values(batch: i64, no: i64, about: &RejectedContact) -> [Value<'_>; 7] {
    let day = |day: Option<Day>| Value::Own(day.map_or_else(String::new, |day| day.to_string()));
    [
        Value::Int(batch),
        Value::Int(no),
        Value::Text(&about.contact_id),
        Value::Text(&about.unit),
        Value::Text(&about.report),
        day(about.reported_on),
        day(about.care_date),
    ]
}

fn warned_values(batch: i64, no: i64, row: &WarnedRow) -> [Value<'_>; 6] {
    [
        Value::Int(batch),
        Value::Int(no),
        Value::Int(row.line),
        Value::Text(&row.code),
        Value::Text(&row.contact_id),
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
