//! The register log: which decisions became known, and when that was recorded.
//!
//! Owns: revisions, numbered from 1 in the order they were recorded. Does not own: what a decision
//! says; its text is kept as it was read.

use crate::chain;
use crate::database::{Value, insert_many, number, parsed, text};
use crate::files::sha256;
use crate::{Store, StoreError};
use kernel::time::Day;
use sqlx::{Any, AnyConnection, Row, Transaction};

/// A decision to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    /// The day it is recorded; never before that of an earlier revision.
    pub recorded_on: Day,
    /// The decision.
    pub decision_id: String,
    /// The day it says it was known from.
    pub known_from: Day,
    /// The file it was read from.
    pub file: String,
    /// Its text as read.
    pub body: String,
}

/// A recorded decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Number from 1.
    pub revision: i64,
    /// The day it was recorded.
    pub recorded_on: Day,
    /// The decision.
    pub decision_id: String,
    /// The day it says it was known from.
    pub known_from: Day,
    /// SHA-256 of its text.
    pub sha256: String,
    /// The file it was read from.
    pub file: String,
    /// Its text as read.
    pub body: String,
}

const INSERT: &str = "INSERT INTO revision \
    (revision, recorded_on, decision_id, known_from, sha256, file, body) VALUES";
const SELECT: &str = "SELECT revision, recorded_on, decision_id, known_from, sha256, file, body \
    FROM revision ORDER BY revision";

impl Store {
    /// Records decisions in the order given, all or none; gives the number of the last revision.
    ///
    /// Refuses a day before that of an earlier revision, and a decision that is recorded already.
    pub async fn append_decisions(&self, decisions: &[NewRevision]) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        let last = record(&mut transaction, decisions).await?;
        chain::extend(&mut transaction).await?;
        transaction.commit().await?;
        Ok(last)
    }

    /// Every revision in order.
    pub async fn revisions(&self) -> Result<Vec<Revision>, StoreError> {
        revisions(&mut *self.pool().acquire().await?).await
    }
}

/// Records decisions in the order given; gives the number of the last revision.
pub(crate) async fn record(
    transaction: &mut Transaction<'_, Any>,
    decisions: &[NewRevision],
) -> Result<i64, StoreError> {
    let (mut last, mut last_day) = last_revision(transaction).await?;
    for decision in decisions {
        if decision.recorded_on < last_day {
            return Err(StoreError::RecordedBefore {
                decision: decision.decision_id.clone(),
                recorded_on: decision.recorded_on,
                last: last_day,
            });
        }
        refuse_known(transaction, &decision.decision_id).await?;
        last += 1;
        last_day = decision.recorded_on;
        insert_many(transaction, INSERT, &[values(last, decision)]).await?;
    }
    Ok(last)
}

pub(crate) async fn revisions(connection: &mut AnyConnection) -> Result<Vec<Revision>, StoreError> {
    let rows = sqlx::query(SELECT).fetch_all(connection).await?;
    rows.iter().map(revision).collect()
}

async fn last_revision(transaction: &mut Transaction<'_, Any>) -> Result<(i64, Day), StoreError> {
    let last = "SELECT revision, recorded_on FROM revision ORDER BY revision DESC LIMIT 1";
    let row = sqlx::query(last).fetch_optional(&mut **transaction).await?;
    row.map_or(Ok((0, Day::MIN)), |row| Ok((number(&row, 0)?, parsed(&row, 1, Day::parse)?)))
}

async fn refuse_known(
    transaction: &mut Transaction<'_, Any>,
    decision: &str,
) -> Result<(), StoreError> {
    let known = sqlx::query("SELECT revision FROM revision WHERE decision_id = $1");
    let row = known.bind(decision.to_owned()).fetch_optional(&mut **transaction).await?;
    match row {
        Some(row) => Err(StoreError::DecisionTwice {
            decision: decision.to_owned(),
            revision: row.try_get(0)?,
        }),
        None => Ok(()),
    }
}

fn values(number: i64, decision: &NewRevision) -> [Value<'_>; 7] {
    [
        Value::Int(number),
        Value::Own(decision.recorded_on.to_string()),
        Value::Text(&decision.decision_id),
        Value::Own(decision.known_from.to_string()),
        Value::Own(sha256(decision.body.as_bytes())),
        Value::Text(&decision.file),
        Value::Text(&decision.body),
    ]
}

fn revision(row: &sqlx::any::AnyRow) -> Result<Revision, StoreError> {
    let revision = Revision {
        revision: number(row, 0)?,
        recorded_on: parsed(row, 1, Day::parse)?,
        decision_id: text(row, 2)?,
        known_from: parsed(row, 3, Day::parse)?,
        sha256: text(row, 4)?,
        file: text(row, 5)?,
        body: text(row, 6)?,
    };
    if sha256(revision.body.as_bytes()) != revision.sha256 {
        let number = revision.revision;
        return Err(StoreError::damaged(
            format!("revision {number} har en annan text"),
            format!("revision {number} has another text"),
        ));
    }
    Ok(revision)
}
