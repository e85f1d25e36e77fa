//! An indicator in a calendar year: counted by two dimensions, and protected.
//!
//! The whole and the clinics are one release; the groups (months, or groups of women) a second that knows what is told of the whole; the
//! cells within a third that knows both. A rare event is then told of the region and of each clinic, though hardly of a clinic's month.
//! Whatever the groups are, the first release is the same, so that two tables of a year agree on what is told of clinics.

use follow::disclose::{Along, Figure, Mark, Outcome, Published, Release, disclose, table};
use follow::indicator::{Judged, Tally, tally};
use follow::interval::Level;
use follow::outcome::{Value, Why, share, value};
use kernel::fact::{Gives, Indicator};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Births of a year by clinic, and by month or another group.
pub struct YearOf {
    /// Ids of the clinics, in order.
    pub clinics: Vec<String>,
    /// Keys of the groups, in order.
    pub groups: Vec<String>,
    tallies: Vec<Vec<Tally>>,
    margins: Published,
    within: OnceLock<BTreeMap<Figure, Mark>>,
    threshold: u32,
}

/// The answers of a share, as a dimension.
const NO: u32 = 0;
const YES: u32 = 1;
/// Both together, and each.
const ANSWERS: [Option<u32>; 3] = [None, Some(YES), Some(NO)];

impl YearOf {
    /// Counts and protects. `place` gives the clinic and the group of each birth that is asked for.
    pub fn new(
        clinics: Vec<String>,
        groups: Vec<String>,
        judged: &[Judged],
        threshold: u32,
        place: impl Fn(usize) -> Option<(usize, usize)>,
    ) -> Self {
        let width = groups.len();
        let cell = |birth| place(birth).map(|(clinic, group)| clinic * width + group);
        let counted = tally(judged, clinics.len() * width, cell);
        let tallies = counted.chunks(width.max(1)).map(<[Tally]>::to_vec).collect();
        Self::of(clinics, groups, tallies, threshold)
    }

    /// Protects what is counted already: a row for each clinic, a tally for each group.
    pub fn of(
        clinics: Vec<String>,
        groups: Vec<String>,
        tallies: Vec<Vec<Tally>>,
        threshold: u32,
    ) -> Self {
        let margins = margins(&tallies, threshold);
        Self { clinics, groups, tallies, margins, within: OnceLock::new(), threshold }
    }

    /// Below this many persons a count is not told.
    pub const fn threshold(&self) -> u32 {
        self.threshold
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
        let told = share(tally.counted, tally.reported, self.threshold, Level::P95);
        self.guarded(told, &ANSWERS, (row, column))
    }

    /// What may be told of it.
    pub fn value(&self, indicator: &Indicator, row: Option<usize>, column: Option<usize>) -> Value {
        let tally = self.tally(row, column);
        let told = value(indicator, &tally, self.threshold, Level::P95);
        let answers: &[Option<u32>] = match indicator.gives {
            Gives::Mean(_) | Gives::Median(_) => &[None],
            _ => &ANSWERS,
        };
        self.guarded(told, answers, (row, column))
    }

    /// The value, unless one of its counts must be withheld for others' sake.
    fn guarded(
        &self,
        told: Value,
        answers: &[Option<u32>],
        (row, column): (Option<usize>, Option<usize>),
    ) -> Value {
        let marks = match (row, column) {
            (Some(_), Some(_)) => self.within.get_or_init(|| self.protect_within()),
            _ => &self.margins.marks,
        };
        let is_withheld = |answer: &Option<u32>| {
            let figure = vec![along(row), along(column), answer.map_or(Along::All, Along::one)];
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

/// What becomes of the figures of a release; where a proof is wanting for one, none but those of the whole is told.
fn judged(release: &Release, earlier: &[Published], threshold: u32) -> BTreeMap<Figure, Mark> {
    let Outcome { mut marks, exposed } = disclose(release, earlier, threshold.into());
    if !exposed.is_empty() {
        let parts = marks.iter_mut().filter(|(figure, _)| !is_whole(figure));
        parts.for_each(|(_, mark)| *mark = Mark::Withheld);
    }
    marks
}

fn is_whole(figure: &Figure) -> bool {
    figure.first() == Some(&Along::All)
}

/// Clinics first; then groups, knowing what the whole has shown. Where that is withheld, no group is told, since groups add up to it.
fn margins(tallies: &[Vec<Tally>], threshold: u32) -> Published {
    let width = tallies.first().map_or(0, Vec::len);
    let rows = margin(&sums(tallies.iter().map(|columns| columns.iter().collect())));
    let of_column = |column| tallies.iter().filter_map(move |row| row.get(column)).collect();
    let columns = margin(&sums((0..width).map(of_column)));
    let clinics = judged(&rows, &[], threshold);
    let whole: BTreeMap<Figure, Mark> = clinics
        .iter()
        .filter(|(figure, _)| is_whole(figure))
        .map(|(f, m)| (f.clone(), *m))
        .collect();
    let is_told = whole.values().all(|mark| *mark != Mark::Withheld);
    let figures = whole.keys().cloned().collect();
    let known =
        Published { release: Release { cells: columns.cells.clone(), figures }, marks: whole };
    let groups = judged(&columns, &[known], threshold);
    let mut marks = BTreeMap::new();
    for (figure, mark) in groups.into_iter().filter(|(figure, _)| !is_whole(figure)) {
        marks.insert(placed(figure, 0), if is_told { mark } else { Mark::Withheld });
    }
    marks.extend(clinics.into_iter().map(|(figure, mark)| (placed(figure, 1), mark)));
    let mut release = cells(tallies);
    release.figures = marks.keys().cloned().collect();
    Published { release, marks }
}

/// A figure of one margin as one of the table: all of the other dimension.
fn placed(mut figure: Figure, at: usize) -> Figure {
    figure.insert(at, Along::All);
    figure
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
        release.figures = table(&[rows, columns, Along::each([NO, YES])]).into_iter().collect();
        judged(&release, std::slice::from_ref(&self.margins), self.threshold)
    }
}
