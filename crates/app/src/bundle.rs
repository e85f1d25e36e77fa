//! The receipt (kvitto): one file with what a unit needs to compute its settlement again without the data folder.
//!
//! Owns: what stands in a receipt, its form as files, and the check of it from itself alone. Does not own: any amount
//! (`kernel::settle`), or how a data folder gives a receipt (`data`).
//!
//! `earlier posted + lines = what is right under the basis`, contact by contact: that is what a receipt lets its reader see.

mod archive;
mod check;
mod contacts;
mod line;
mod manifest;
mod standing;

pub use archive::{Members, pack, unpack};
pub(crate) use check::marks;
pub use check::{Checked, Difference, Fault, Key, check};
pub(crate) use contacts::read_contacts;
pub use contacts::{Persons, contact_csv};
pub use line::Line;
pub use manifest::{
    BasisJson, Decided, FORM, GivenFact, Manifest, Marked, Member, Outcome, Settled, Step,
};
pub(crate) use standing::{Seen, standing};

use kernel::price::Reason;
use std::collections::BTreeMap;

/// Everything that a receipt says.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// What it is about, and what it rests on; `members` is filled in when it is packed.
    pub manifest: Manifest,
    /// The texts of the decisions, in the order of `manifest.decisions`.
    pub decisions: Vec<String>,
    /// The unit's own reports as contact files: those that the settlement before knew, then those that each
    /// settlement was the first to know.
    pub contacts: Vec<String>,
    /// What earlier settlements posted for these contacts and for the unit.
    pub posted: Vec<Line>,
    /// The lines of the month's settlements.
    pub lines: Vec<Line>,
    /// Contacts in force that have no price, and why.
    pub unpriced: BTreeMap<String, Reason>,
}
