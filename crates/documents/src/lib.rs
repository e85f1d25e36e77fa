//! Documents that people open: Excel workbooks whose sums are formulas.
//!
//! Owns: how sheets are laid out and written. Does not own: what stands in them, or where they are kept.

pub mod sheet;
