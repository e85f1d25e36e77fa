//! What is kept: the register log, batches, settlements and the ledger in SQL, bulk files by their
//! hash, and, apart from all that, who hides behind a pseudonym.
//!
//! Owns: the only SQL in the product, and the promise that nothing kept is changed. Does not own: what
//! anything means (`kernel`), or the form of bulk files (`bulk`).
//!
//! `Store::open(dir)` reads what `Store::create(dir)` began; `book` adds a settlement whole or not at all.

mod batch;
mod database;
mod error;
pub mod files;
mod ledger;
mod person;
mod register;
#[cfg(test)]
mod tests;

pub use batch::{Batch, NewBatch, Origin, RejectedContact, RejectedRow, WarnedRow};
pub use database::Store;
pub use error::StoreError;
pub use ledger::{NewEntry, NewSettlement, Posting, PostingRow, Settlement};
pub use person::PersonKeys;
pub use register::{NewRevision, Revision};
