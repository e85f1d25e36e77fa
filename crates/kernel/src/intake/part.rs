//! A piece of a file, read apart from the others, so that several threads can read at once.
//!
//! Owns: the rows that [`super::RowReader`] gives, and their texts. Does not own: the tables of all reports;
//! [`super::Intake::add`] turns the numbers of a part into theirs, part after part in the order of the file.

use super::row::{EXTRA, Row};
use crate::contact::{Profile, ReportKind};
use crate::time::Day;
use std::sync::Arc;

/// A stretch of [`Part`]'s text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    from: u32,
    until: u32,
}

/// Who a row is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum PartPerson {
    /// Nobody: a cancellation.
    None,
    /// Twelve digits.
    Number(u64),
    /// A pseudonym.
    Pseudonym(Stretch),
}

/// One accepted row, in numbers of its reader.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartRow {
    pub(super) kind: ReportKind,
    /// `None` where it is blank.
    pub(super) reported_on: Option<Day>,
    pub(super) care_date: Day,
    pub(super) unit: u32,
    pub(super) person: PartPerson,
    /// `u32::MAX` of a cancellation.
    pub(super) profile: u32,
    pub(super) extra: Extra,
    pub(super) line: u64,
    pub(super) contact_end: u32,
}

/// The fields that no price depends on, joined.
#[derive(Clone, Copy, Debug)]
pub(super) enum Extra {
    /// A cancellation has no such fields.
    None,
    /// All of them blank.
    Blank,
    /// Their texts.
    Text(Stretch),
}

impl PartRow {
    pub(super) fn cancellation(
        kind: ReportKind,
        reported_on: Option<Day>,
        care_date: Day,
        unit: u32,
        line: u64,
    ) -> Self {
        let (person, profile, extra) = (PartPerson::None, u32::MAX, Extra::None);
        Self { kind, reported_on, care_date, unit, person, profile, extra, line, contact_end: 0 }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Part {
    rows: Vec<PartRow>,
    /// Contact ids one after another.
    contacts: String,
    texts: String,
    /// What the reader came to know since the part before.
    pub(super) profiles: Vec<Arc<Profile>>,
    pub(super) units: Vec<Arc<str>>,
}

impl Part {
    pub(super) fn push(&mut self, mut row: PartRow, contact_id: &str) {
        self.contacts.push_str(contact_id);
        row.contact_end = position(self.contacts.len());
        self.rows.push(row);
    }

    pub(super) fn text(&mut self, text: &str) -> Stretch {
        let from = position(self.texts.len());
        self.texts.push_str(text);
        Stretch { from, until: position(self.texts.len()) }
    }

    pub(super) fn extra(&mut self, row: &Row<'_>) -> Extra {
        if EXTRA.iter().all(|column| row.get(*column).is_empty()) {
            return Extra::Blank;
        }
        let from = position(self.texts.len());
        for column in EXTRA {
            self.texts.push_str(row.get(column));
            self.texts.push('\u{1f}');
        }
        Extra::Text(Stretch { from, until: position(self.texts.len()) })
    }

    pub(super) fn get(&self, stretch: Stretch) -> &str {
        self.texts.get(stretch.from as usize..stretch.until as usize).unwrap_or("")
    }

    /// The rows with their contact ids.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&PartRow, &str)> {
        let mut start = 0;
        self.rows.iter().map(move |row| {
            let id = self.contacts.get(start..row.contact_end as usize).unwrap_or("");
            start = row.contact_end as usize;
            (row, id)
        })
    }

    /// The lines of the rows, in order.
    pub fn lines(&self) -> impl Iterator<Item = u64> + '_ {
        self.rows.iter().map(|row| row.line)
    }

    /// How many rows were accepted.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row was.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A part is a few megabytes of a file.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
