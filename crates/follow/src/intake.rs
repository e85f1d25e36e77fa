//! From the text of a row that clinics report beside contacts to a value, or to the fault that rejects it.
//!
//! Owns: the kinds of file, their columns, and what each field may hold. Does not own: file formats (`bulk`), the pseudonyms of carers,
//! or which row is in force (`told`).
//!
//! `F1;spontaneous;2023-01-31T02:10;2023-01-31T09:45` is the labour of contact F1, whose active phase took 455 minutes.

mod columns;
mod measures;
mod row;

pub use columns::{ALIASES, Column, Header, HeaderFault, Kind};
pub use measures::{MEASURES, MeasureKind, REFUSED, measure};
pub use row::{Fault, expected, read_row};
