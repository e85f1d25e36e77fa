//! Indicators in a calendar year: counted by two dimensions, and protected.
//!
//! The whole and the clinics are one release; the groups (months and quarters, or groups of women) a second that knows what is told of the
//! whole; the cells within a third that knows both. A rare event is then told of the region and of each clinic, though hardly of a clinic's
//! month. Whatever the groups are, the first release is the same, so that two tables of a year agree on what is told of clinics.
//!
//! Indicators of one family are one table: births are counted by what they are to all of them, so that caesareans less the planned ones
//! give no acute ones away that are withheld.

mod revised;

pub use revised::{Held, held};

use super::memo::Memo;
use follow::disclose::{Along, Figure, Mark, Outcome, Published, Release, disclose, table};
use follow::indicator::{Judged, Tally, tally};
use follow::interval::Level;
use follow::outcome::{Value, Why, is_small, share, value};
use kernel::fact::{Gives, Indicator};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Where the number of all births is told anyway, whatever becomes of indicators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Open {
    /// Nowhere.
    #[default]
    Nowhere,
    /// Of clinics and of all, since they are held against plans.
    Clinics,
    /// Of groups too: months, for which clinics are paid.
    Groups,
}

/// What births of a year are divided by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Ids of the clinics, in order.
    pub clinics: Vec<String>,
    /// Keys of the groups, in order.
    pub groups: Vec<String>,
    /// Runs of groups that are told beside the groups (quarters): each with its key and the numbers of its groups.
    pub runs: Vec<(String, Vec<usize>)>,
    /// Where all births are told. Of less, where there are so few of them somewhere that their number gives too much away.
    pub open: Open,
}

/// A part of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// All of them.
    All,
    /// One.
    Group(usize),
    /// A run of them.
    Run(usize),
}

/// Births of a year to one indicator.
pub struct YearOf {
    /// What they are divided by.
    pub layout: Arc<Layout>,
    tallies: Vec<Vec<Tally>>,
    /// Sums of them that were asked for before.
    sums: Memo<(Option<usize>, Part), Arc<Tally>>,
    /// Those reported, those that count, and those that do not, as parts of the classes of the family.
    answers: [Along; 3],
    protected: Arc<Protected>,
}

/// What an indicator makes of a birth.
const OUT: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

/// The classes of a single indicator.
const SINGLE: [[u8; 1]; 2] = [[NO], [YES]];

const fn code(judged: Judged) -> u8 {
    match judged {
        Judged::NotMeant | Judged::Pending | Judged::MaybeMeant | Judged::Unreported => OUT,
        Judged::No | Judged::Value(_) => NO,
        Judged::Yes => YES,
    }
}

impl YearOf {
    /// Counts and protects indicators that are one table, in their order. `place` gives the clinic and the group of each birth that is
    /// asked for.
    pub fn family(
        layout: Layout,
        judged: &[Vec<Judged>],
        threshold: u32,
        place: impl Fn(usize) -> Option<(usize, usize)>,
    ) -> Vec<Self> {
        let (clinics, width) = (layout.clinics.len(), layout.groups.len());
        let cell = |birth| place(birth).map(|(clinic, group)| clinic * width + group);
        let births = judged.first().map_or(0, Vec::len);
        let coded = |birth: usize| -> Vec<u8> {
            judged.iter().map(|one| one.get(birth).map_or(OUT, |judged| code(*judged))).collect()
        };
        let mut counted: BTreeMap<Vec<u8>, Vec<u64>> = BTreeMap::new();
        if judged.len() == 1 {
            counted.extend(SINGLE.map(|class| (class.to_vec(), vec![0; clinics * width])));
        }
        for (birth, cell) in (0..births).filter_map(|birth| Some((birth, cell(birth)?))) {
            let class = coded(birth);
            if class.iter().any(|code| *code != OUT) {
                let counts = counted.entry(class).or_insert_with(|| vec![0; clinics * width]);
                counts.get_mut(cell).into_iter().for_each(|count| *count += 1);
            }
        }
        let tallies = judged.iter().map(|judged| rows(tally(judged, clinics * width, cell), width));
        let placed: Vec<usize> = (0..births).filter(|birth| cell(*birth).is_some()).collect();
        let is_of_all = |judged: &Vec<Judged>| {
            let mut own =
                placed.iter().map(|birth| judged.get(*birth).map_or(OUT, |one| code(*one)));
            own.all(|code| code != OUT)
        };
        let of_all = judged.iter().position(is_of_all);
        Self::shared(layout, tallies.collect(), (counted, of_all), threshold)
    }

    /// Protects what is counted already: a row for each clinic, a tally for each group.
    pub fn of(layout: Layout, tallies: Vec<Vec<Tally>>, threshold: u32) -> Option<Self> {
        let count = |of: fn(&Tally) -> u64| tallies.iter().flatten().map(of).collect::<Vec<_>>();
        let no = count(|tally| tally.reported - tally.counted);
        let counted = BTreeMap::from([(vec![NO], no), (vec![YES], count(|tally| tally.counted))]);
        Self::shared(layout, vec![tallies], (counted, None), threshold).pop()
    }

    fn shared(
        layout: Layout,
        tallies: Vec<Vec<Vec<Tally>>>,
        (counted, of_all): (BTreeMap<Vec<u8>, Vec<u64>>, Option<usize>),
        threshold: u32,
    ) -> Vec<Self> {
        let classes: Vec<&Vec<u8>> = counted.keys().collect();
        let of = |own: usize, holds: fn(u8) -> bool| {
            let within = (0..)
                .zip(&classes)
                .filter(|(_, class)| class.get(own).is_some_and(|code| holds(*code)));
            let within: std::collections::BTreeSet<u32> = within.map(|(at, _)| at).collect();
            if within.len() == classes.len() { Along::All } else { Along::Of(within) }
        };
        let answers: Vec<[Along; 3]> = (0..tallies.len())
            .map(|own| {
                [
                    of(own, |code| code != OUT),
                    of(own, |code| code == YES),
                    of(own, |code| code == NO),
                ]
            })
            .collect();
        let width = layout.groups.len();
        let (classes, by_class) =
            counted.into_iter().map(|(class, counts)| (class, rows(counts, width))).unzip();
        let layout = Arc::new(layout);
        let all = of_all.and_then(|own| answers.get(own)).map(|[reported, ..]| reported.clone());
        let told = (answers.as_slice(), all);
        let protected = Arc::new(Protected::new(&layout, classes, by_class, told, threshold));
        let one = |(tallies, answers)| Self {
            layout: Arc::clone(&layout),
            tallies,
            sums: Memo::default(),
            answers,
            protected: Arc::clone(&protected),
        };
        tallies.into_iter().zip(answers).map(one).collect()
    }

    /// Below this many persons a count is not told.
    pub fn threshold(&self) -> u32 {
        self.protected.threshold
    }

    /// The tally of a clinic and a part of the groups; `None` is all clinics.
    pub fn tally(&self, row: Option<usize>, part: Part) -> Arc<Tally> {
        self.sums.get((row, part), || Arc::new(self.summed(row, part)))
    }

    fn summed(&self, row: Option<usize>, part: Part) -> Tally {
        let run = match part {
            Part::Run(run) => self.layout.runs.get(run).map(|(_, groups)| groups.as_slice()),
            _ => None,
        };
        let is_within = |at: usize| match part {
            Part::All => true,
            Part::Group(group) => group == at,
            Part::Run(_) => run.is_some_and(|groups| groups.contains(&at)),
        };
        let rows =
            self.tallies.iter().enumerate().filter(|(at, _)| row.is_none_or(|row| row == *at));
        let cells = rows.flat_map(|(_, columns)| columns.iter().enumerate());
        Tally::sum(cells.filter(|(under, _)| is_within(*under)).map(|(_, tally)| tally))
    }

    /// What may be told of it as a share.
    pub fn share(&self, row: Option<usize>, part: Part) -> Value {
        let tally = self.tally(row, part);
        let told = share(tally.counted, tally.reported, self.threshold(), Level::P95);
        self.guarded(told, &self.answers, row, part)
    }

    /// What may be told of it.
    pub fn value(&self, indicator: &Indicator, row: Option<usize>, part: Part) -> Value {
        let tally = self.tally(row, part);
        let told = value(indicator, &tally, self.threshold(), Level::P95);
        let answers = match indicator.gives {
            Gives::Mean(_) | Gives::Median(_) => &self.answers[..1],
            _ => &self.answers[..],
        };
        self.guarded(told, answers, row, part)
    }

    /// Of how many births something is reported, where that may be told.
    pub fn size(&self, row: Option<usize>, part: Part) -> Option<u64> {
        match self.protected.mark(row, part, &self.answers[0]) {
            Some(Mark::Shown(count)) => Some(count),
            _ => None,
        }
    }

    /// How many count, where that may be told.
    pub fn count(&self, row: Option<usize>, part: Part) -> Option<u64> {
        match self.protected.mark(row, part, &self.answers[1]) {
            Some(Mark::Shown(count)) => Some(count),
            _ => None,
        }
    }

    /// Whether of a part the births reported, those that count and those that do not are withheld for the sake of the family.
    pub fn withheld(&self, row: Option<usize>, part: Part) -> [bool; 3] {
        let is_withheld = |answer| self.protected.mark(row, part, answer) == Some(Mark::Withheld);
        self.answers.each_ref().map(is_withheld)
    }

    /// The value, unless one of its counts must be withheld for others' sake.
    fn guarded(&self, told: Value, answers: &[Along], row: Option<usize>, part: Part) -> Value {
        let is_withheld = |answer| self.protected.mark(row, part, answer) == Some(Mark::Withheld);
        // Also where nobody is meant or too little reported: that, too, would tell more than that it is withheld.
        if answers.iter().any(is_withheld) { Value::Withheld(Why::TooFew) } else { told }
    }
}

/// Cells in order, as rows of so many.
fn rows<T: Clone>(cells: Vec<T>, width: usize) -> Vec<Vec<T>> {
    cells.chunks(width.max(1)).map(<[T]>::to_vec).collect()
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn each(length: usize) -> Vec<Along> {
    (0..length).map(|at| Along::one(number(at))).collect()
}

/// What may be told of a family of indicators in a year.
struct Protected {
    /// What a birth of each class is to every indicator of the family.
    classes: Vec<Vec<u8>>,
    /// By class, clinic and group.
    counts: Vec<Vec<Vec<u64>>>,
    /// Parts of the classes that are told.
    answers: Vec<Along>,
    /// That of all births, where an indicator is of all, and where their number is told anyway.
    all: Option<Along>,
    open: Open,
    /// Runs of groups that are told.
    runs: Vec<Along>,
    /// Clinics and groups.
    size: (usize, usize),
    margins: Published,
    within: OnceLock<BTreeMap<Figure, Mark>>,
    threshold: u32,
}

impl Protected {
    fn new(
        layout: &Layout,
        classes: Vec<Vec<u8>>,
        counts: Vec<Vec<Vec<u64>>>,
        (answers, all): (&[[Along; 3]], Option<Along>),
        threshold: u32,
    ) -> Self {
        let mut answers: Vec<Along> = answers.iter().flatten().cloned().collect();
        answers.sort();
        answers.dedup();
        let run = |(_, groups): &(String, Vec<usize>)| {
            Along::Of(groups.iter().map(|group| number(*group)).collect())
        };
        let mut new = Self {
            classes,
            counts,
            answers,
            all,
            open: layout.open,
            runs: layout.runs.iter().map(run).collect(),
            size: (layout.clinics.len(), layout.groups.len()),
            margins: Published { release: Release::default(), marks: BTreeMap::new() },
            within: OnceLock::new(),
            threshold,
        };
        new.open = new.open.min(new.widest());
        new.margins = new.of_margins();
        new
    }

    fn mark(&self, row: Option<usize>, part: Part, answer: &Along) -> Option<Mark> {
        let column = match part {
            Part::All => Along::All,
            Part::Group(group) => Along::one(number(group)),
            Part::Run(run) => self.runs.get(run)?.clone(),
        };
        let marks = match (row, part) {
            (None, _) | (_, Part::All) => &self.margins.marks,
            _ => self.within.get_or_init(|| self.protect_within()),
        };
        let row = row.map_or(Along::All, |row| Along::one(number(row)));
        marks.get(&vec![row, column, answer.clone()]).copied()
    }

    /// Every basic cell: clinic, group, class.
    fn cells(&self) -> Release {
        let mut release = Release::default();
        for (class, rows) in self.counts.iter().enumerate() {
            for (row, columns) in rows.iter().enumerate() {
                for (column, count) in columns.iter().enumerate() {
                    release.cells.insert([row, column, class].map(number).to_vec(), *count);
                }
            }
        }
        release
    }

    /// One margin with the whole: its parts as basic cells, since nothing finer is told with it.
    fn margin(
        &self,
        parts: usize,
        runs: &[Along],
        of: impl Fn(&[Vec<u64>], usize) -> u64,
    ) -> Release {
        let mut release = Release::default();
        for (class, rows) in self.counts.iter().enumerate() {
            for part in 0..parts {
                release.cells.insert([part, class].map(number).to_vec(), of(rows, part));
            }
        }
        let mut along = each(parts);
        along.extend(runs.iter().cloned());
        along.push(Along::All);
        release.figures = table(&[along, self.answers.clone()]).into_iter().collect();
        release
    }

    /// Clinics first; then groups, knowing what the whole has shown. Where that is withheld, no group is told, since groups add up to it.
    fn of_margins(&self) -> Published {
        let (clinics, groups) = self.size;
        let rows = self.margin(clinics, &[], |rows, row| {
            rows.get(row).map_or(0, |columns| columns.iter().sum())
        });
        let columns = self.margin(groups, &self.runs, |rows, column| {
            rows.iter().filter_map(|columns| columns.get(column)).sum()
        });
        let clinics = self.judged(rows, Vec::new(), self.open >= Open::Clinics);
        let whole: BTreeMap<Figure, Mark> = clinics
            .iter()
            .filter(|(figure, _)| is_whole(figure))
            .map(|(f, m)| (f.clone(), *m))
            .collect();
        let is_told = whole.values().all(|mark| *mark != Mark::Withheld);
        let figures = whole.keys().cloned().collect();
        let known =
            Published { release: Release { cells: columns.cells.clone(), figures }, marks: whole };
        let groups = self.judged(columns, vec![known], self.open >= Open::Groups);
        let mut marks = BTreeMap::new();
        for (figure, mark) in groups.into_iter().filter(|(figure, _)| !is_whole(figure)) {
            marks.insert(placed(figure, 0), if is_told { mark } else { Mark::Withheld });
        }
        marks.extend(clinics.into_iter().map(|(figure, mark)| (placed(figure, 1), mark)));
        let mut release = self.cells();
        release.figures = marks.keys().cloned().collect();
        Published { release, marks }
    }

    /// The cells within, after the margins are known. Where the margins have given too much away already, none of them is told.
    fn protect_within(&self) -> BTreeMap<Figure, Mark> {
        let mut release = self.cells();
        let (rows, columns) = (each(self.size.0), [each(self.size.1), self.runs.clone()].concat());
        release.figures = table(&[rows, columns, self.answers.clone()]).into_iter().collect();
        self.judged(release, vec![self.margins.clone()], self.open >= Open::Groups)
    }

    /// Whether all births are so many at each clinic, and in each cell, that their number may be told.
    fn widest(&self) -> Open {
        let (clinics, groups) = self.size;
        let count = |row: usize, column: usize| -> u64 {
            let of = self.counts.iter().filter_map(|rows| rows.get(row)?.get(column));
            of.sum()
        };
        let is_few = |count: u64| is_small(count, self.threshold);
        let of_clinic = |row: usize| (0..groups).map(|column| count(row, column)).sum();
        if (0..clinics).map(of_clinic).any(is_few) {
            Open::Nowhere
        } else if (0..clinics).any(|row| (0..groups).any(|column| is_few(count(row, column)))) {
            Open::Clinics
        } else {
            Open::Groups
        }
    }

    /// What becomes of the figures of a release; where a proof is wanting for one, none but those of the whole is told, and those of all
    /// births, where these are told anyway.
    fn judged(
        &self,
        mut release: Release,
        mut earlier: Vec<Published>,
        is_open: bool,
    ) -> BTreeMap<Figure, Mark> {
        let mut open = BTreeMap::new();
        if let Some(all) = self.all.as_ref().filter(|_| is_open) {
            let (of_all, others) =
                release.figures.into_iter().partition(|figure| figure.last() == Some(all));
            release.figures = others;
            let known = Release { cells: release.cells.clone(), figures: of_all };
            open = disclose(&known, &[], 0).marks;
            earlier.push(Published { release: known, marks: open.clone() });
        }
        let Outcome { mut marks, exposed } = disclose(&release, &earlier, self.threshold.into());
        if !exposed.is_empty() {
            let parts = marks.iter_mut().filter(|(figure, _)| !is_whole(figure));
            parts.for_each(|(_, mark)| *mark = Mark::Withheld);
        }
        marks.extend(open);
        marks
    }
}

fn is_whole(figure: &Figure) -> bool {
    figure.first() == Some(&Along::All)
}

/// A figure of one margin as one of the table: all of the other dimension.
fn placed(mut figure: Figure, at: usize) -> Figure {
    figure.insert(at, Along::All);
    figure
}
