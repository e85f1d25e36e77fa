//! Labour, staffing, measures and surveys as they were reported, and which of the rows stand as known on a day.
//!
//! Owns: [`Told`] and [`in_force`](Reported::in_force). Does not own: the text of a row (`intake`), or where rows are kept.
//!
//! The rules are those of contacts: of the rows about one thing the last known counts, a correction before a new report of the same day and
//! a cancellation before both (R14); rows of one day and kind that differ do not count, whichever came first (R15). What one thing is:
//! the labour of a contact; a stretch that a carer begins at a unit at a minute with a woman, or with none; a measure of a
//! contact; a question of a unit for a span of months.

mod standing;

pub use standing::{Conflict, Standing};

use crate::inputs::{Labour, Measure, Staffing, Survey};
use crate::intake::Kind;
use kernel::contact::ReportKind;
use kernel::intern::Texts;
use kernel::time::Day;

/// A row as it was reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told<T> {
    /// What the row does.
    pub report: ReportKind,
    /// The day it was reported.
    pub reported_on: Day,
    /// What it says; of a cancellation only what tells which thing it is about.
    pub row: T,
}

/// All rows that were accepted, in order of arrival. Units are as written.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// Contact ids, carers, units, names and questions.
    pub texts: Texts,
    /// Labour.
    pub labour: Vec<Told<Labour>>,
    /// Staffing.
    pub staffing: Vec<Told<Staffing>>,
    /// Measures.
    pub measures: Vec<Told<Measure>>,
    /// Surveys.
    pub surveys: Vec<Told<Survey>>,
}

impl Reported {
    /// How many rows there are of a kind.
    pub fn rows(&self, kind: Kind) -> usize {
        match kind {
            Kind::Labour => self.labour.len(),
            Kind::Staffing => self.staffing.len(),
            Kind::Measure => self.measures.len(),
            Kind::Survey => self.surveys.len(),
        }
    }

    /// Forgets the rows of a kind after the first `rows`; their texts stay, and mean nothing.
    pub fn keep(&mut self, kind: Kind, rows: usize) {
        match kind {
            Kind::Labour => self.labour.truncate(rows),
            Kind::Staffing => self.staffing.truncate(rows),
            Kind::Measure => self.measures.truncate(rows),
            Kind::Survey => self.surveys.truncate(rows),
        }
    }
}
