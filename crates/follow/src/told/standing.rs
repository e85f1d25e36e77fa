//! Which rows stand as known on a day.
//!
//! Owns: order, conflicts and cancellations. Does not own: which unit a code means, which the caller says.

use super::{Reported, Told};
use crate::inputs::{Inputs, Labour, Measure, Staffing, Survey};
use crate::intake::Kind;
use kernel::contact::ReportKind;
use kernel::intern::{FastMap, Texts};
use kernel::time::Day;

/// What stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The rows in force, ordered by what they are about, so that the order of arrival makes no difference.
    pub inputs: Inputs,
    /// Rows that do not count since others of the same day and kind say something else.
    pub conflicts: Vec<Conflict>,
}

/// A row that does not count because of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Of which kind.
    pub kind: Kind,
    /// Its place among the rows of the kind.
    pub row: usize,
}

/// What tells which thing a row is about, in ranks of texts; shorter keys end in zeros.
type Key = [i64; 4];

trait About: Copy + PartialEq {
    fn key(&self, rank: &[u32]) -> Key;
}

fn ranked(rank: &[u32], text: u32) -> i64 {
    i64::from(rank.get(text as usize).copied().unwrap_or(u32::MAX))
}

impl About for Labour {
    fn key(&self, rank: &[u32]) -> Key {
        [ranked(rank, self.contact), 0, 0, 0]
    }
}

impl About for Staffing {
    fn key(&self, rank: &[u32]) -> Key {
        let woman = self.contact.map_or(-1, |contact| ranked(rank, contact));
        [ranked(rank, self.unit), self.from.number(), ranked(rank, self.carer), woman]
    }
}

impl About for Measure {
    fn key(&self, rank: &[u32]) -> Key {
        [ranked(rank, self.contact), ranked(rank, self.name), 0, 0]
    }
}

impl About for Survey {
    fn key(&self, rank: &[u32]) -> Key {
        let months = (i64::from(self.from.number()), i64::from(self.to.number()));
        [ranked(rank, self.unit), ranked(rank, self.question), months.0, months.1]
    }
}

impl Reported {
    /// The rows in force as known on a day. `unit_id` gives the id of the unit that a code means on a day; a row whose unit is not known
    /// does not count.
    pub fn in_force(
        &self,
        known_on: Day,
        unit_id: &mut dyn FnMut(&str, Day) -> Option<String>,
    ) -> Standing {
        let mut units = Units { texts: self.texts.clone(), known: FastMap::default(), unit_id };
        let known = |on: Day| on <= known_on;
        let staffing = self.staffing.iter().enumerate().filter(|(_, told)| known(told.reported_on));
        let staffing: Vec<_> = staffing
            .filter_map(|(at, told)| {
                let unit = units.id(told.row.unit, told.row.from.day())?;
                Some((at, Told { row: Staffing { unit, ..told.row }, ..*told }))
            })
            .collect();
        let surveys = self.surveys.iter().enumerate().filter(|(_, told)| known(told.reported_on));
        let surveys: Vec<_> = surveys
            .filter_map(|(at, told)| {
                let unit = units.id(told.row.unit, told.row.from.first_day())?;
                Some((at, Told { row: Survey { unit, ..told.row }, ..*told }))
            })
            .collect();
        let rank = ranks(&units.texts);
        let mut conflicts = Vec::new();
        let mut inputs = Inputs {
            labour: stands(numbered(&self.labour, known_on), &rank, Kind::Labour, &mut conflicts),
            staffing: stands(staffing, &rank, Kind::Staffing, &mut conflicts),
            measures: stands(
                numbered(&self.measures, known_on),
                &rank,
                Kind::Measure,
                &mut conflicts,
            ),
            surveys: stands(surveys, &rank, Kind::Survey, &mut conflicts),
            ..Inputs::default()
        };
        inputs.texts = units.texts;
        Standing { inputs, conflicts }
    }
}

/// Ids of units as numbers of texts, found once for each code and day.
struct Units<'a> {
    texts: Texts,
    known: FastMap<(u32, i32), Option<u32>>,
    unit_id: &'a mut dyn FnMut(&str, Day) -> Option<String>,
}

impl Units<'_> {
    fn id(&mut self, code: u32, day: Day) -> Option<u32> {
        let Self { texts, known, unit_id } = self;
        *known.entry((code, day.number())).or_insert_with(|| {
            let id = unit_id(texts.get(code), day)?;
            Some(texts.text(&id))
        })
    }
}

fn numbered<T: Copy>(rows: &[Told<T>], known_on: Day) -> Vec<(usize, Told<T>)> {
    let rows = rows.iter().copied().enumerate();
    rows.filter(|(_, told)| told.reported_on <= known_on).collect()
}

/// The place of each text among all in order, by number.
fn ranks(texts: &Texts) -> Vec<u32> {
    let values = texts.values();
    let mut order: Vec<u32> = (0..u32::try_from(values.len()).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by_key(|number| values.get(*number as usize));
    let mut rank = vec![0; values.len()];
    for (place, number) in (0..).zip(order) {
        if let Some(rank) = rank.get_mut(number as usize) {
            *rank = place;
        }
    }
    rank
}

/// The rows in force by key.
fn stands<T: About>(
    rows: Vec<(usize, Told<T>)>,
    rank: &[u32],
    kind: Kind,
    conflicts: &mut Vec<Conflict>,
) -> Vec<T> {
    let mut sorted: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(at, (_, told))| (told.row.key(rank), told.reported_on, told.report, at))
        .collect();
    sorted.sort_unstable();
    let told = |at: usize| rows.get(at).map(|(_, told)| told.row);
    let mut standing = Vec::with_capacity(sorted.len());
    for same in sorted.chunk_by(|a, b| a.0 == b.0) {
        let mut last = None;
        for slot in same.chunk_by(|a, b| (a.1, a.2) == (b.1, b.2)) {
            let Some((_, _, report, first)) = slot.first().copied() else { continue };
            let says_more = report != ReportKind::Cancellation;
            if says_more && slot.iter().any(|row| told(row.3) != told(first)) {
                let rows = slot.iter().filter_map(|row| rows.get(row.3));
                conflicts.extend(rows.map(|(row, _)| Conflict { kind, row: *row }));
                continue;
            }
            last = Some((report, first));
        }
        let counts = last.filter(|(report, _)| *report != ReportKind::Cancellation);
        standing.extend(counts.and_then(|(_, at)| told(at)));
    }
    standing
}
