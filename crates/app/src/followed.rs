//! What is told of indicators: by clinic, month, year or group of women.
//!
//! Owns: which births are in which group, and the rows that commands, pages and documents show. Does not own: what counts (`follow`).
//!
//! What is told is told by calendar year: the counts of one year are protected together, by clinic, by month, by both and as a whole, so
//! that no view of it gives away what another withholds; and what several indicators tell of the same births is held together
//! (`together`). A year that was published is told as it was published, whatever has come since.

pub mod continuity;
mod group;
mod material;
mod memo;
pub mod publish;
mod rows;
pub mod staffing;
pub mod standard;
mod together;
pub mod words;
mod year;

pub use group::By;
pub use material::hash;
pub use memo::Memo;
pub use rows::{Places, Query, Row, rows, years};
pub use together::{Base, Class, Key, Together};
pub use year::{Layout, Open, Part, YearOf};
