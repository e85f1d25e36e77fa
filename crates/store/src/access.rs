//! The access log: who looked at, or took out, rows about a person, and when.
//!
//! Owns: that it is kept like everything else. Does not own: which commands write to it.

use crate::chain;
use crate::database::{Value, insert_many, number, text};
use crate::{Store, StoreError};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};

/// Something that was looked at or taken out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// Who; blank where nobody said.
    pub by: String,
    /// What was done: the command.
    pub action: String,
    /// The unit whose rows they are; blank for many.
    pub unit: String,
    /// The contact; blank for many.
    pub contact: String,
    /// How many rows about persons.
    pub rows: i64,
    /// What else tells it from others: a month, a file.
    pub note: String,
}

const INSERT: &str = "INSERT INTO access (seq, at_time, by_whom, action, unit, contact_id, \
    row_count, note) VALUES";

const SELECT: &str =
    "SELECT seq, at_time, by_whom, action, unit, contact_id, row_count, note FROM access";

/// Which rows of the access log are meant.
#[derive(Clone, Copy, Debug)]
pub struct Meant<'a> {
    /// From this moment, as much of RFC 3339 as tells it: `2026-11`.
    pub from: &'a str,
    /// Until before this one.
    pub until: &'a str,
    /// Of this person; blank for all.
    pub by: &'a str,
}

impl Meant<'_> {
    /// The condition; of everybody it can be answered from an index alone.
    const fn condition(&self) -> &'static str {
        match self.by.is_empty() {
            true => "WHERE at_time >= $1 AND at_time < $2",
            false => "WHERE at_time >= $1 AND at_time < $2 AND by_whom = $3",
        }
    }

    fn bound(&self, select: String) -> Query<'static, Any, AnyArguments> {
        let query = sqlx::query(AssertSqlSafe(select)).bind(self.from.to_owned());
        let query = query.bind(self.until.to_owned());
        if self.by.is_empty() { query } else { query.bind(self.by.to_owned()) }
    }
}

impl Store {
    /// Keeps a row of the access log; gives its number.
    pub async fn append_access(&self, access: &Access) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM access";
        let seq = 1 + number(&sqlx::query(last).fetch_one(&mut *transaction).await?, 0)?;
        let values = [
            Value::Int(seq),
            Value::Text(&access.at),
            Value::Text(&access.by),
            Value::Text(&access.action),
            Value::Text(&access.unit),
            Value::Text(&access.contact),
            Value::Int(access.rows),
            Value::Text(&access.note),
        ];
        insert_many(&mut transaction, INSERT, &[values]).await?;
        chain::extend(&mut transaction).await?;
        transaction.commit().await?;
        Ok(seq)
    }

    /// The access log in order, with its numbers.
    pub async fn accesses(&self) -> Result<Vec<(i64, Access)>, StoreError> {
        read(
            &sqlx::query(AssertSqlSafe(format!("{SELECT} ORDER BY seq")))
                .fetch_all(self.pool())
                .await?,
        )
    }

    /// The last rows of the access log that are meant, the newest first, `most` of them, with their numbers.
    pub async fn last_accesses(
        &self,
        meant: Meant<'_>,
        most: i64,
    ) -> Result<Vec<(i64, Access)>, StoreError> {
        let select = format!("{SELECT} {} ORDER BY seq DESC LIMIT {most}", meant.condition());
        let found = meant.bound(select);
        read(&found.fetch_all(self.pool()).await?)
    }

    /// How many rows of the access log are meant.
    pub async fn access_count(&self, meant: Meant<'_>) -> Result<i64, StoreError> {
        let select = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM access {}", meant.condition());
        number(&meant.bound(select).fetch_one(self.pool()).await?, 0)
    }

    /// The numbers of the rows of the access log that are meant, in order.
    pub async fn access_numbers(&self, meant: Meant<'_>) -> Result<Vec<i64>, StoreError> {
        // Rows come in the order of time, unless a clock was set back; then it takes some ms to read thousands of numbers.
        let ends = format!(
            "SELECT CAST(COALESCE(MIN(seq), 1) AS BIGINT), CAST(COALESCE(MAX(seq), 0) AS BIGINT), \
             CAST(COUNT(*) AS BIGINT) FROM access {}",
            meant.condition()
        );
        let ends = meant.bound(ends).fetch_one(self.pool()).await?;
        let (first, last, count) = (number(&ends, 0)?, number(&ends, 1)?, number(&ends, 2)?);
        if last - first + 1 == count {
            return Ok((first..=last).collect());
        }
        let select = format!("SELECT seq FROM access {} ORDER BY seq", meant.condition());
        let found = meant.bound(select).fetch_all(self.pool()).await?;
        found.iter().map(|row| number(row, 0)).collect()
    }

    /// A row of the access log by its number.
    pub async fn access(&self, seq: i64) -> Result<Option<(i64, Access)>, StoreError> {
        let select = format!("{SELECT} WHERE seq = $1");
        Ok(read(&sqlx::query(AssertSqlSafe(select)).bind(seq).fetch_all(self.pool()).await?)?.pop())
    }

    /// What it has of an action.
    pub async fn accesses_of(&self, action: &str) -> Result<Vec<(i64, Access)>, StoreError> {
        let select = format!("{SELECT} WHERE action = $1 ORDER BY seq");
        let found = sqlx::query(AssertSqlSafe(select)).bind(action.to_owned());
        read(&found.fetch_all(self.pool()).await?)
    }
}

fn read(rows: &[AnyRow]) -> Result<Vec<(i64, Access)>, StoreError> {
    let read = |row: &AnyRow| {
        let access = Access {
            at: text(row, 1)?,
            by: text(row, 2)?,
            action: text(row, 3)?,
            unit: text(row, 4)?,
            contact: text(row, 5)?,
            rows: number(row, 6)?,
            note: text(row, 7)?,
        };
        Ok((number(row, 0)?, access))
    };
    rows.iter().map(read).collect()
}
