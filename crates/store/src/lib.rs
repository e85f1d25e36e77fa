//! What is kept: the register log, batches, settlements and the ledger in SQL, bulk files by their
//! hash, and, apart from all that, who hides behind a pseudonym.
//!
//! Owns: the only SQL in the product, and the promise that nothing kept is changed. Does not own: what
//! anything means (`kernel`), or the form of bulk files (`bulk`).
//!
//! `Store::open(dir, &database)` reads what `Store::create(dir, &database)` began; `append_deed` books a settlement whole or not at all.

mod access;
mod account;
mod address;
mod batch;
mod chain;
pub mod compartment;
pub mod copy;
mod database;
mod deed;
mod engine;
mod error;
pub mod files;
mod guards;
mod home;
mod input;
mod kept;
mod ledger;
mod person;
mod proposal;
mod register;
mod seal;
mod tables;
#[cfg(test)]
mod tests;

pub use access::{Access, Meant};
pub use account::{Account, Session};
pub use address::{Address, Database};
pub use batch::{Batch, NewBatch, Origin, RejectedContact, RejectedRow, WarnedRow};
pub use chain::{BreakKind, Broken, Chain};
pub use compartment::Compartment;
pub use database::Store;
pub use deed::{Brings, Deed, DeedRow, NewDeed, NewEntry, Posting, PostingRow};
pub use error::{KeyFault, StoreError};
pub use input::{Input, NewInput, RejectedInput};
pub use kept::{Head, Kept};
pub use ledger::{NewSettlement, Settlement};
pub use person::{CarerKey, PersonKeys};
pub use proposal::{Proposal, ProposalEnd};
pub use register::{NewRevision, Revision};
