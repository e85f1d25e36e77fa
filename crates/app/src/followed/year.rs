//! An indicator in a calendar year: counted by two dimensions, and protected as one table with its margins.

use crate::data::Followed;
use follow::disclose::{Along, Mark, Release, disclose, table};
use follow::indicator::{Judged, Tally};
use follow::interval::Level;
use follow::outcome::{Value, Why, value};
use kernel::fact::{Gives, Indicator};
use std::collections::BTreeMap;

/// Births of a year by clinic and month, or by group alone (the second dimension has one value then).
pub struct YearOf {
    tallies: Vec<Vec<Tally>>,
    marks: BTreeMap<Vec<Along>, Mark>,
    threshold: u32,
}

/// The answers of a share, as a dimension.
const NO: u32 = 0;
const YES: u32 = 1;

impl YearOf {
    /// Counts and protects. `place` gives the row and column of each birth that is asked for.
    pub fn new(
        followed: &Followed,
        judged: &[Judged],
        (rows, columns): (usize, usize),
        threshold: u32,
        place: impl Fn(usize) -> Option<(usize, usize)>,
    ) -> Self {
        let births = followed.gathered.cases.births.len();
        let mut tallies = vec![vec![Tally::default(); columns]; rows];
        for (birth, judged) in (0..births).zip(judged) {
            let cell = place(birth).and_then(|(row, column)| tallies.get_mut(row)?.get_mut(column));
            if let Some(tally) = cell {
                tally.add(*judged);
            }
        }
        for tally in tallies.iter_mut().flatten() {
            tally.values.sort_by(f64::total_cmp);
        }
        let marks = protect(&tallies, threshold);
        Self { tallies, marks, threshold }
    }

    /// The tally of a row and a column; `None` is all of them.
    pub fn tally(&self, row: Option<usize>, column: Option<usize>) -> Tally {
        let mut sum = Tally::default();
        for (at, columns) in self.tallies.iter().enumerate() {
            for (under, tally) in columns.iter().enumerate() {
                if row.is_none_or(|row| row == at) && column.is_none_or(|column| column == under) {
                    sum.merge(tally);
                }
            }
        }
        sum
    }

    /// What may be told of it.
    pub fn value(&self, indicator: &Indicator, row: Option<usize>, column: Option<usize>) -> Value {
        let tally = self.tally(row, column);
        let told = value(indicator, &tally, self.threshold, Level::P95);
        let answers: &[Along] = match indicator.gives {
            Gives::Mean(_) | Gives::Median(_) => &[Along::All],
            _ => &[Along::All, Along::one(YES), Along::one(NO)],
        };
        let is_withheld = |answer: &Along| {
            let figure = vec![along(row), along(column), answer.clone()];
            self.marks.get(&figure) == Some(&Mark::Withheld)
        };
        match told {
            Value::Withheld(_) => told,
            _ if answers.iter().any(is_withheld) => Value::Withheld(Why::GivesAway),
            _ => told,
        }
    }
}

fn along(place: Option<usize>) -> Along {
    place.map_or(Along::All, |place| Along::one(number(place)))
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn protect(tallies: &[Vec<Tally>], threshold: u32) -> BTreeMap<Vec<Along>, Mark> {
    let mut release = Release::default();
    for (row, columns) in tallies.iter().enumerate() {
        for (column, tally) in columns.iter().enumerate() {
            let cell = |answer| vec![number(row), number(column), answer];
            release.cells.insert(cell(NO), tally.reported - tally.counted);
            release.cells.insert(cell(YES), tally.counted);
        }
    }
    let rows = (0..tallies.len()).map(number);
    let columns = (0..tallies.first().map_or(0, Vec::len)).map(number);
    let axes = [Along::each(rows), Along::each(columns), Along::each([NO, YES])];
    release.figures = table(&axes).into_iter().collect();
    disclose(&release, &[], threshold.into()).marks
}
