//! An indicator in a calendar year: counted by two dimensions, and protected.
//!
//! The whole and the margins (each row, each column) are one release. The cells within are a later one, which knows what the first has
//! shown and withholds what would give the rest away: a rare event is then told of the region and of each clinic, though hardly of a
//! clinic's month.

use crate::data::Followed;
use follow::disclose::{Along, Figure, Mark, Published, Release, disclose, table};
use follow::indicator::{Judged, Tally};
use follow::interval::Level;
use follow::outcome::{Value, Why, value};
use kernel::fact::{Gives, Indicator};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Births of a year by clinic and month, or by group alone (the second dimension has one value then).
pub struct YearOf {
    tallies: Vec<Vec<Tally>>,
    margins: Published,
    within: OnceLock<BTreeMap<Figure, Mark>>,
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
        let margins = margins(&tallies, threshold);
        Self { tallies, margins, within: OnceLock::new(), threshold }
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

    /// What may be told of it as a share.
    pub fn share(&self, row: Option<usize>, column: Option<usize>) -> Value {
        let tally = self.tally(row, column);
        let told =
            follow::outcome::share(tally.counted, tally.reported, self.threshold, Level::P95);
        self.guarded(told, &[Along::All, Along::one(YES), Along::one(NO)], (row, column))
    }

    /// What may be told of it.
    pub fn value(&self, indicator: &Indicator, row: Option<usize>, column: Option<usize>) -> Value {
        let tally = self.tally(row, column);
        let told = value(indicator, &tally, self.threshold, Level::P95);
        let answers: &[Along] = match indicator.gives {
            Gives::Mean(_) | Gives::Median(_) => &[Along::All],
            _ => &[Along::All, Along::one(YES), Along::one(NO)],
        };
        self.guarded(told, answers, (row, column))
    }

    /// The value, unless one of its counts must be withheld for others' sake.
    fn guarded(
        &self,
        told: Value,
        answers: &[Along],
        (row, column): (Option<usize>, Option<usize>),
    ) -> Value {
        let marks = match (row, column) {
            (Some(_), Some(_)) => self.within.get_or_init(|| self.protect_within()),
            _ => &self.margins.marks,
        };
        let is_withheld = |answer: &Along| {
            let figure = vec![along(row), along(column), answer.clone()];
            marks.get(&figure) == Some(&Mark::Withheld)
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

/// Every basic cell: row, column, answer.
fn cells(tallies: &[Vec<Tally>]) -> Release {
    let mut release = Release::default();
    for (row, columns) in tallies.iter().enumerate() {
        for (column, tally) in columns.iter().enumerate() {
            let cell = |answer| vec![number(row), number(column), answer];
            release.cells.insert(cell(NO), tally.reported - tally.counted);
            release.cells.insert(cell(YES), tally.counted);
        }
    }
    release
}

/// One margin with the whole: its parts as basic cells, since nothing finer is told with it.
fn margin(parts: &[Tally]) -> Release {
    let mut release = Release::default();
    for (at, tally) in parts.iter().enumerate() {
        release.cells.insert(vec![number(at), NO], tally.reported - tally.counted);
        release.cells.insert(vec![number(at), YES], tally.counted);
    }
    let axes = [Along::each((0..parts.len()).map(number)), Along::each([NO, YES])];
    release.figures = table(&axes).into_iter().collect();
    release
}

fn sums<'t>(groups: impl Iterator<Item = Vec<&'t Tally>>) -> Vec<Tally> {
    let sum = |group: Vec<&Tally>| {
        let mut sum = Tally::default();
        group.into_iter().for_each(|tally| sum.merge(tally));
        sum
    };
    groups.map(sum).collect()
}

/// Rows first; then columns, knowing what the whole has shown. Where the whole is withheld, or the columns cannot be protected beside it,
/// no column is told.
fn margins(tallies: &[Vec<Tally>], threshold: u32) -> Published {
    let width = tallies.first().map_or(0, Vec::len);
    let rows = margin(&sums(tallies.iter().map(|columns| columns.iter().collect())));
    let of_column = |column| tallies.iter().filter_map(move |row| row.get(column)).collect();
    let columns = margin(&sums((0..width).map(of_column)));
    let told = disclose(&rows, &[], threshold.into()).marks;
    let is_whole = |figure: &Figure| figure.first() == Some(&Along::All);
    let whole: BTreeMap<Figure, Mark> =
        told.iter().filter(|(figure, _)| is_whole(figure)).map(|(f, m)| (f.clone(), *m)).collect();
    let known = Published {
        release: Release { cells: columns.cells.clone(), figures: whole.keys().cloned().collect() },
        marks: whole.clone(),
    };
    let outcome = disclose(&columns, &[known], threshold.into());
    let hide = whole.values().any(|mark| *mark == Mark::Withheld) || !outcome.exposed.is_empty();
    let mut marks = BTreeMap::new();
    let wider = |figure: &Figure, is_column: bool| {
        let part = figure.first().cloned().unwrap_or(Along::All);
        let answer = figure.get(1).cloned().unwrap_or(Along::All);
        if is_column { vec![Along::All, part, answer] } else { vec![part, Along::All, answer] }
    };
    for (figure, mark) in outcome.marks.iter().filter(|(figure, _)| !is_whole(figure)) {
        marks.insert(wider(figure, true), if hide { Mark::Withheld } else { *mark });
    }
    for (figure, mark) in &told {
        marks.insert(wider(figure, false), *mark);
    }
    let mut release = cells(tallies);
    release.figures = marks.keys().cloned().collect();
    Published { release, marks }
}

fn axes(tallies: &[Vec<Tally>]) -> (Vec<Along>, Vec<Along>) {
    let width = tallies.first().map_or(0, Vec::len);
    let each = |length| (0..length).map(|at| Along::one(number(at))).collect();
    (each(tallies.len()), each(width))
}

impl YearOf {
    /// The cells within, after the margins are known. Where the margins have given too much away already, none of them is told.
    fn protect_within(&self) -> BTreeMap<Figure, Mark> {
        let mut release = cells(&self.tallies);
        let (rows, columns) = axes(&self.tallies);
        let figures = table(&[rows, columns, Along::each([NO, YES])]);
        release.figures = figures.iter().cloned().collect();
        let earlier = std::slice::from_ref(&self.margins);
        let outcome = disclose(&release, earlier, self.threshold.into());
        if outcome.exposed.is_empty() {
            return outcome.marks;
        }
        figures.into_iter().map(|figure| (figure, Mark::Withheld)).collect()
    }
}
