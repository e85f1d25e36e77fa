//! Decisions that one person has written and another is to approve before they are recorded.
//!
//! Owns: that an approved one is recorded in the same moment, whole or not at all. Does not own: who may approve, or what a decision says.

use crate::chain;
use crate::database::{Value, insert_many, number, text};
use crate::register::{self, NewRevision};
use crate::{Store, StoreError};
use sqlx::{Any, Transaction};

/// A decision that somebody wants to record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Number from 1.
    pub seq: i64,
    /// The decision.
    pub decision_id: String,
    /// The name of its file.
    pub file: String,
    /// Its text.
    pub body: String,
    /// Who wrote it.
    pub by: String,
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// What became of it.
    pub end: Option<ProposalEnd>,
}

/// What became of a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposalEnd {
    /// `approved`, `refused` or `withdrawn`.
    pub outcome: String,
    /// Who said so.
    pub by: String,
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// Why.
    pub note: String,
}

const PROPOSAL: &str =
    "INSERT INTO proposal (seq, decision_id, file, body, by_whom, at_time) VALUES";
const END: &str = "INSERT INTO proposal_end (seq, outcome, by_whom, at_time, note) VALUES";

impl Store {
    /// Keeps a proposal, whose own number and end are not looked at; gives its number.
    pub async fn append_proposal(&self, proposal: &Proposal) -> Result<i64, StoreError> {
        let mut transaction = self.begin().await?;
        let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM proposal";
        let seq = 1 + number(&sqlx::query(last).fetch_one(&mut *transaction).await?, 0)?;
        let values = [
            Value::Int(seq),
            Value::Text(&proposal.decision_id),
            Value::Text(&proposal.file),
            Value::Text(&proposal.body),
            Value::Text(&proposal.by),
            Value::Text(&proposal.at),
        ];
        insert_many(&mut transaction, PROPOSAL, &[values]).await?;
        chain::extend(&mut transaction).await?;
        transaction.commit().await?;
        Ok(seq)
    }

    /// Ends a proposal; an approved one is recorded as `revision` in the same moment. A proposal that has ended cannot end again.
    pub async fn end_proposal(
        &self,
        seq: i64,
        end: &ProposalEnd,
        revision: Option<&NewRevision>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        end_row(&mut transaction, seq, end).await?;
        if let Some(revision) = revision {
            register::record(&mut transaction, std::slice::from_ref(revision)).await?;
        }
        chain::extend(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Every proposal, in order.
    pub async fn proposals(&self) -> Result<Vec<Proposal>, StoreError> {
        let select = "SELECT p.seq, p.decision_id, p.file, p.body, p.by_whom, p.at_time, \
            COALESCE(e.outcome, ''), COALESCE(e.by_whom, ''), COALESCE(e.at_time, ''), \
            COALESCE(e.note, '') \
            FROM proposal p LEFT JOIN proposal_end e ON e.seq = p.seq ORDER BY p.seq";
        let rows = sqlx::query(select).fetch_all(self.pool()).await?;
        let read = |row: &sqlx::any::AnyRow| {
            let end = ProposalEnd {
                outcome: text(row, 6)?,
                by: text(row, 7)?,
                at: text(row, 8)?,
                note: text(row, 9)?,
            };
            Ok(Proposal {
                seq: number(row, 0)?,
                decision_id: text(row, 1)?,
                file: text(row, 2)?,
                body: text(row, 3)?,
                by: text(row, 4)?,
                at: text(row, 5)?,
                end: Some(end).filter(|end| !end.outcome.is_empty()),
            })
        };
        rows.iter().map(read).collect()
    }
}

async fn end_row(
    transaction: &mut Transaction<'_, Any>,
    seq: i64,
    end: &ProposalEnd,
) -> Result<(), StoreError> {
    let known = sqlx::query("SELECT seq FROM proposal_end WHERE seq = $1").bind(seq);
    if known.fetch_optional(&mut **transaction).await?.is_some() {
        return Err(StoreError::ProposalEnded { seq });
    }
    let values = [
        Value::Int(seq),
        Value::Text(&end.outcome),
        Value::Text(&end.by),
        Value::Text(&end.at),
        Value::Text(&end.note),
    ];
    insert_many(transaction, END, &[values]).await
}
