//! The functional core of Vårdkedja: what was decided and what was reported become exact amounts.
//!
//! Owns: every rule about amounts (`rules.md`, R1–R60). Does not own: files, databases, clocks,
//! threads, languages of the interface; those belong to the crates around it.
//!
//! Values in, values out. Modules in reading order:

pub mod contact;
pub mod explain;
pub mod fact;
pub mod finding;
pub mod grant;
pub mod id;
pub mod intake;
pub mod intern;
pub mod journal;
pub mod known;
pub mod ledger;
pub mod money;
mod named;
pub mod paper;
pub mod plausible;
pub mod pregnancy;
pub mod price;
pub mod register;
pub mod scrutiny;
pub mod settle;
pub mod time;
pub mod unreported;
