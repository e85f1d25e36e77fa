//! All that a data folder is opened with, as it was at one moment.
//!
//! Owns: that nobody can come between two of the lists. Does not own: what is in them (`register`, `batch`, `ledger`, `deed`, `input`).

use crate::database::number;
use crate::{Batch, Deed, Input, Revision, Settlement, Store, StoreError};
use crate::{batch, deed, input, ledger, register};

/// What is kept, in order, beside entries and rejected rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The register log.
    pub revisions: Vec<Revision>,
    /// What was imported.
    pub batches: Vec<Batch>,
    /// What was booked.
    pub settlements: Vec<Settlement>,
    /// What was put down to be attested.
    pub drafts: Vec<Settlement>,
    /// What was done.
    pub deeds: Vec<Deed>,
    /// What was imported beside contacts.
    pub inputs: Vec<Input>,
}

/// How far each list that is only added to has come: whoever has read so far has read everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Revisions of the register.
    pub revisions: i64,
    /// Batches.
    pub batches: i64,
    /// Deeds; a settlement or a draft comes with one.
    pub deeds: i64,
    /// Files imported beside contacts.
    pub inputs: i64,
}

impl Store {
    /// How far the lists have come.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let select = "SELECT CAST(COALESCE((SELECT MAX(revision) FROM revision), 0) AS BIGINT), \
            CAST(COALESCE((SELECT MAX(seq) FROM batch), 0) AS BIGINT), \
            CAST(COALESCE((SELECT MAX(seq) FROM deed), 0) AS BIGINT), \
            CAST(COALESCE((SELECT MAX(seq) FROM input), 0) AS BIGINT)";
        let row = sqlx::query(select).fetch_one(self.pool()).await?;
        Ok(Head {
            revisions: number(&row, 0)?,
            batches: number(&row, 1)?,
            deeds: number(&row, 2)?,
            inputs: number(&row, 3)?,
        })
    }

    /// Everything of one moment. Were the settlements read before another's booking and the deeds after it, the next booking would be
    /// admitted though it knows nothing of the one before.
    pub async fn kept(&self) -> Result<Kept, StoreError> {
        let mut transaction = self.look().await?;
        let kept = Kept {
            revisions: register::revisions(&mut transaction).await?,
            batches: batch::batches(&mut transaction).await?,
            settlements: ledger::settlements(&mut transaction).await?,
            drafts: ledger::drafts(&mut transaction).await?,
            deeds: deed::deeds(&mut transaction).await?,
            inputs: input::inputs(&mut transaction).await?,
        };
        transaction.commit().await?;
        Ok(kept)
    }
}
