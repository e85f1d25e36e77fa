//! All that a data folder is opened with, as it was at one moment.
//!
//! Owns: that nobody can come between two of the lists. Does not own: what is in them (`register`, `batch`, `ledger`, `deed`).

use crate::{Batch, Deed, Revision, Settlement, Store, StoreError};
use crate::{batch, deed, ledger, register};

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
}

impl Store {
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
        };
        transaction.commit().await?;
        Ok(kept)
    }
}
