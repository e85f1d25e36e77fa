//! What was imported beside contacts, for the follow-up, with the rows that were rejected.
//!
//! Owns: the list of such files, numbered from 1 in the order they came. Does not own: their rows, which are in Parquet files (`files`,
//! `bulk`), or what kinds of file there are.

use crate::batch::Origin;
use crate::database::{Value, insert_many, number, parsed, text};
use crate::{Store, StoreError, chain};
use kernel::time::Day;
use sqlx::AnyConnection;

/// A file to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInput {
    /// Which kind of rows it has.
    pub kind: String,
    /// SHA-256 of the file that was imported; it is imported once as each kind.
    pub source_sha256: String,
    /// SHA-256 of the Parquet file with its accepted rows.
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

/// A listed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Number from 1.
    pub seq: i64,
    /// Which kind of rows it has.
    pub kind: String,
    /// SHA-256 of the file that was imported.
    pub source_sha256: String,
    /// SHA-256 of the Parquet file with its accepted rows.
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
pub struct RejectedInput {
    /// Line in the file.
    pub line: i64,
    /// The stable name of the fault.
    pub code: String,
    /// The column.
    pub field: String,
    /// The value; never a person's or a carer's.
    pub value: String,
}

const INSERT: &str = "INSERT INTO input (seq, kind, source_sha256, file, name, origin, row_count, \
    accepted, rejected, imported_on) VALUES";
const INSERT_REJECTED: &str =
    "INSERT INTO input_rejected (input, no, line, code, field, value) VALUES";

impl Store {
    /// Lists a file with its rejected rows, all or nothing; gives its number. Refuses a source that was imported before as the same kind.
    pub async fn append_input(
        &self,
        input: &NewInput,
        rejected: &[RejectedInput],
    ) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        let known = sqlx::query("SELECT seq FROM input WHERE kind = $1 AND source_sha256 = $2")
            .bind(input.kind.clone())
            .bind(input.source_sha256.clone());
        if let Some(row) = known.fetch_optional(&mut *transaction).await? {
            let (name, batch) = (input.name.clone(), number(&row, 0)?);
            return Err(StoreError::BatchTwice { name, batch });
        }
        let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM input";
        let seq = 1 + number(&sqlx::query(last).fetch_one(&mut *transaction).await?, 0)?;
        let count = i64::try_from(rejected.len()).unwrap_or(i64::MAX);
        insert_many(&mut transaction, INSERT, &[values(seq, input, count)]).await?;
        let rows: Vec<_> =
            (1..).zip(rejected).map(|(no, row)| rejected_values(seq, no, row)).collect();
        insert_many(&mut transaction, INSERT_REJECTED, &rows).await?;
        chain::extend(&mut transaction).await?;
        transaction.commit().await?;
        Ok(seq)
    }

    /// Every rejected row with the number of its file, in the order they were given.
    pub async fn rejected_inputs(&self) -> Result<Vec<(i64, RejectedInput)>, StoreError> {
        let select =
            "SELECT input, line, code, field, value FROM input_rejected ORDER BY input, no";
        let rows = sqlx::query(select).fetch_all(self.pool()).await?;
        let read = |row: &sqlx::any::AnyRow| {
            let rejected = RejectedInput {
                line: number(row, 1)?,
                code: text(row, 2)?,
                field: text(row, 3)?,
                value: text(row, 4)?,
            };
            Ok((number(row, 0)?, rejected))
        };
        rows.iter().map(read).collect()
    }
}

pub(crate) async fn inputs(connection: &mut AnyConnection) -> Result<Vec<Input>, StoreError> {
    let select = "SELECT seq, kind, source_sha256, file, name, origin, row_count, accepted, \
        rejected, imported_on FROM input ORDER BY seq";
    let rows = sqlx::query(select).fetch_all(connection).await?;
    rows.iter().map(input).collect()
}

fn values(seq: i64, input: &NewInput, rejected: i64) -> [Value<'_>; 10] {
    [
        Value::Int(seq),
        Value::Text(&input.kind),
        Value::Text(&input.source_sha256),
        Value::Text(&input.file),
        Value::Text(&input.name),
        Value::Text(input.origin.name()),
        Value::Int(input.accepted + rejected),
        Value::Int(input.accepted),
        Value::Int(rejected),
        Value::Own(input.imported_on.to_string()),
    ]
}

fn rejected_values(input: i64, no: i64, row: &RejectedInput) -> [Value<'_>; 6] {
    [
        Value::Int(input),
        Value::Int(no),
        Value::Int(row.line),
        Value::Text(&row.code),
        Value::Text(&row.field),
        Value::Text(&row.value),
    ]
}

fn input(row: &sqlx::any::AnyRow) -> Result<Input, StoreError> {
    Ok(Input {
        seq: number(row, 0)?,
        kind: text(row, 1)?,
        source_sha256: text(row, 2)?,
        file: text(row, 3)?,
        name: text(row, 4)?,
        origin: parsed(row, 5, Origin::parse)?,
        rows: number(row, 6)?,
        accepted: number(row, 7)?,
        rejected: number(row, 8)?,
        imported_on: parsed(row, 9, Day::parse)?,
    })
}
