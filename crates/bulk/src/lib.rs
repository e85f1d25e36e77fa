//! Bulk files: contact files in, batches and settlement lines as Parquet.
//!
//! Owns: how rows lie in files, separators, encodings, columns. Does not own: what a field means
//! (`kernel::intake`), where files are kept (`store`), or what a row is worth (`kernel::price`).
//!
//! The same rows always give the same bytes, so that a file can be named by its hash.

pub mod batch;
mod columns;
pub mod contact_file;
pub mod contact_out;
pub mod lines;
mod pages;
pub mod plain;
pub mod told;

pub use columns::{IdColumn, ParquetError};
pub use contact_file::table;
