//! Indicators by one kind of group, as rows.

use super::group::{By, Groups, groups};
use super::material::of_year;
use super::together::{Base, Key, Together};
use super::year::{Layout, Open, Part, YearOf};
use crate::data::Followed;
use crate::engine;
use follow::case::Case;
use follow::indicator::{Defined, Tally};
use follow::outcome::{Reached, Value, Why, is_small, reached};
use kernel::fact::{Gives, Indicator, Theme};
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Calendar year of birth.
    pub year: i32,
    /// By what.
    pub by: By,
    /// At one clinic.
    pub unit: Option<String>,
    /// One indicator.
    pub indicator: Option<String>,
    /// One part of follow-up.
    pub theme: Option<Theme>,
}

/// An indicator in one group.
#[derive(Clone, Debug)]
pub struct Row<'r> {
    /// The definition and its target.
    pub defined: Defined<'r>,
    /// Key of the group; `None` for the whole.
    pub group: Option<String>,
    /// Year, for rows by year; else the year that is asked for.
    pub year: i32,
    /// The day as known on which the year was published as it is told here; `None` where it is not published.
    pub as_published: Option<Day>,
    /// What is told.
    pub value: Value,
    /// Percent of those meant that are reported, rounded down; of few births in wide steps.
    pub percent_reported: u64,
    /// Births for which it is too early; `None` where that many could be known again.
    pub pending: Option<u64>,
    /// Whether the target is reached.
    pub reached: Option<Reached>,
}

impl Row<'_> {
    /// What the indicator is called.
    pub fn label(&self) -> &str {
        let indicator = &self.defined.indicator;
        indicator.stated.label.as_deref().unwrap_or(&indicator.fact.id)
    }
}

/// The rows of a query: by theme and indicator, each group in order and the whole last. A year that is published is told as it was; where
/// that cannot be told any more, each of its values says so.
pub fn rows<'r>(followed: &'r Followed, query: &Query) -> Vec<Row<'r>> {
    let wanted = |one: &Defined<'_>| {
        let fact = one.indicator.fact;
        query.indicator.as_ref().is_none_or(|id| *id == fact.id)
            && query.theme.is_none_or(|theme| theme == fact.theme)
    };
    let asked = Told::of(followed, query.year);
    let defined =
        asked.as_ref().map_or_else(|| of_year(followed, query.year), |told| told.known.clone());
    let mut all: Vec<Defined<'r>> = defined.into_iter().filter(wanted).collect();
    all.sort_by_key(|one| one.indicator.fact.theme);
    let years: BTreeMap<i32, Option<Told<'r>>> = match query.by {
        By::Year => years(followed).map(|year| (year, Told::of(followed, year))).collect(),
        _ => BTreeMap::from([(query.year, asked)]),
    };
    count_ahead(&years, query.by);
    let mut rows = Vec::new();
    for defined in all {
        for (year, told) in &years {
            let as_published = followed.publication(*year).map(|one| one.extent.known_on);
            let own = match told {
                Some(told) => told.rows(query, defined, *year),
                None => vec![nothing(query, defined, *year)],
            };
            rows.extend(own.into_iter().map(|row| Row { as_published, ..row }));
        }
    }
    rows
}

/// Counts and protects the years on threads; what is made is kept, and told in order afterwards.
fn count_ahead(years: &BTreeMap<i32, Option<Told<'_>>>, by: By) {
    let threads = engine::threads();
    if threads < 2 {
        return;
    }
    let told = || years.iter().filter_map(|(year, told)| Some((*year, told.as_ref()?)));
    // Every family once: two indicators of one would be counted twice at the same time.
    let mut tables = Vec::new();
    for (year, told) in told() {
        let mut seen = BTreeSet::new();
        for one in &told.known {
            let fact = one.indicator.fact;
            if seen.insert(fact.family.as_ref().unwrap_or(&fact.id)) {
                tables.push((year, told, fact));
            }
        }
    }
    shared(threads, &tables, |(year, told, fact)| {
        for by in BTreeSet::from([By::Month, divided(by)]) {
            table_of(told.followed, &told.known, fact, (*year, by, told.threshold));
        }
    });
    let years: Vec<_> = told().collect();
    shared(threads, &years, |(year, told)| {
        together(told.followed, *year, by);
    });
}

/// Does jobs on threads.
pub(super) fn shared<J: Sync>(threads: usize, jobs: &[J], work: impl Fn(&J) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(job);
                }
            });
        }
    });
}

/// What is told of a year.
struct Told<'r> {
    followed: &'r Followed,
    known: Vec<Defined<'r>>,
    threshold: u32,
}

impl<'r> Told<'r> {
    fn of(followed: &'r Followed, year: i32) -> Option<Self> {
        let followed = followed.of_year(year)?;
        Some(Self { followed, known: of_year(followed, year), threshold: followed.threshold() })
    }

    /// An indicator in the year.
    fn rows(&self, query: &Query, defined: Defined<'r>, year: i32) -> Vec<Row<'r>> {
        let fact = defined.indicator.fact;
        let is_it = |known: &Defined<'_>| {
            let known = known.indicator.fact;
            known.id == fact.id && known.valid.from == fact.valid.from
        };
        // A published year has the indicators that were published; each year has its own target.
        let Some(defined) = self.known.iter().copied().find(|known| is_it(known)) else {
            return Vec::new();
        };
        let fact = defined.indicator.fact;
        let table = |by| table_of(self.followed, &self.known, fact, (year, by, self.threshold));
        match (&fact.gives, query.by) {
            (Gives::CapacityUsed, _) => capacity(self.followed, query, defined, year),
            (_, By::Year) => {
                let table = table(By::Whole);
                let whole = table.map(|table| self.whole(query, defined, &table, year));
                whole.into_iter().map(|row| of_its_year(row, year)).collect()
            }
            // Surveys come without months or groups of women.
            (Gives::Answers(_), by) if !matches!(by, By::Unit | By::Whole) => Vec::new(),
            (_, by) => {
                table(by).iter().flat_map(|table| self.of_table(query, defined, table)).collect()
            }
        }
    }

    /// The groups of a table in order, and the whole, or the clinic that is asked for, last.
    fn of_table(&self, query: &Query, defined: Defined<'r>, table: &YearOf) -> Vec<Row<'r>> {
        let asked = place(query, table);
        let last = self.whole(query, defined, table, query.year);
        let row = |at, part, key: &String| Row {
            group: Some(key.clone()),
            ..self.told(defined, table, (at, part), (query.year, query.by))
        };
        let mut rows: Vec<Row<'r>> = match (query.by, asked) {
            // Nobody gave birth at that clinic.
            (_, Some(None)) | (By::Whole | By::Year, _) => Vec::new(),
            (By::Unit, asked) => (0..)
                .zip(&table.layout.clinics)
                .filter(|(at, _)| asked.is_none_or(|asked| asked == Some(*at)))
                .map(|(at, unit)| row(Some(at), Part::All, unit))
                .collect(),
            (By::Quarter, asked) => (0..)
                .zip(&table.layout.runs)
                .map(|(at, (key, _))| row(asked.flatten(), Part::Run(at), key))
                .collect(),
            (_, asked) => (0..)
                .zip(&table.layout.groups)
                .map(|(at, key)| row(asked.flatten(), Part::Group(at), key))
                .collect(),
        };
        rows.push(last);
        rows
    }

    /// All births of a year, or those at the clinic that is asked for.
    fn whole(&self, query: &Query, defined: Defined<'r>, table: &YearOf, year: i32) -> Row<'r> {
        match place(query, table) {
            Some(None) => nobody(defined, year),
            asked => self.told(defined, table, (asked.flatten(), Part::All), (year, query.by)),
        }
    }

    fn told(
        &self,
        defined: Defined<'r>,
        table: &YearOf,
        (row, part): (Option<usize>, Part),
        (year, by): (i32, By),
    ) -> Row<'r> {
        // That nobody gave birth there is known, as the births of clinics and months are.
        let by_month = divided(by) == By::Month && part != Part::All;
        if by_month && !places(self.followed, year, By::Month).is_anybody(row, part) {
            return nobody(defined, year);
        }
        let indicator = defined.indicator.fact;
        let tally = table.tally(row, part);
        let Key::Indicator(id, day) = Key::of(indicator) else { return nobody(defined, year) };
        let together = together(self.followed, year, by);
        let value = match table.value(indicator, row, part) {
            // That is told by the percent reported.
            little @ Value::Withheld(Why::TooLittleReported) => little,
            told if together.tells(&Key::Indicator(id.clone(), day), row, part) => told,
            _ => Value::Withheld(Why::TooFew),
        };
        let is_hidden = matches!(value, Value::Withheld(Why::TooFew))
            || is_small(tally.pending, table.threshold())
            || !together.tells(&Key::Pending(id, day), row, part);
        Row {
            reached: target(defined, &value),
            value,
            percent_reported: coarse(&tally, table.threshold()),
            pending: (!is_hidden).then_some(tally.pending),
            ..nobody(defined, year)
        }
    }
}

fn of_its_year(row: Row<'_>, year: i32) -> Row<'_> {
    Row { group: Some(year.to_string()), ..row }
}

/// An indicator of which nothing can be told, since what was published does not follow any more.
fn nothing<'r>(query: &Query, defined: Defined<'r>, year: i32) -> Row<'r> {
    let row = Row {
        value: Value::Withheld(Why::NotAsPublished),
        percent_reported: 0,
        pending: None,
        ..nobody(defined, year)
    };
    if query.by == By::Year { of_its_year(row, year) } else { row }
}

/// An indicator of nobody.
fn nobody(defined: Defined<'_>, year: i32) -> Row<'_> {
    Row {
        defined,
        group: None,
        year,
        as_published: None,
        value: Value::Withheld(Why::Nobody),
        percent_reported: 100,
        pending: Some(0),
        reached: None,
    }
}

/// The births of a year to an indicator, protected together with its family among the definitions that are known.
pub(super) fn table_of(
    followed: &Followed,
    known: &[Defined<'_>],
    indicator: &Indicator,
    (year, by, threshold): (i32, By, u32),
) -> Option<Arc<YearOf>> {
    if let Gives::Answers(question) = &indicator.gives {
        return answers(followed, question, year, threshold);
    }
    let is_kin = |other: &&Indicator| {
        other.id == indicator.id || (other.family.is_some() && other.family == indicator.family)
    };
    let family: Vec<&Indicator> =
        known.iter().map(|one| one.indicator.fact).filter(is_kin).collect();
    counted(followed, (&family, indicator), year, by, threshold)
}

/// Every year in which somebody was born.
pub fn years(followed: &Followed) -> std::ops::Range<i32> {
    let births = &followed.gathered.cases.births;
    match (births.first(), births.last()) {
        (Some(first), Some(last)) => first.day.year()..last.day.year() + 1,
        _ => 0..0,
    }
}

/// How births are divided: by groups of women, or else by month and quarter.
fn divided(by: By) -> By {
    if by.is_of_women() { by } else { By::Month }
}

/// What is told of the births of a year together.
pub(super) fn together(followed: &Followed, year: i32, by: By) -> Arc<Together> {
    let by = divided(by);
    followed.together.get((year, by), || Arc::new(Together::of(followed, year, by)))
}

/// What is told of the clinics of a year together.
pub(super) fn base(followed: &Followed, year: i32) -> Arc<Base> {
    followed.bases.get(year, || Arc::new(Base::of(followed, year)))
}

/// Where the births of a year are counted.
pub(super) fn places(followed: &Followed, year: i32, by: By) -> Arc<Places> {
    followed.places.get((year, by), || Arc::new(Places::of(followed, year, by)))
}

/// The births of a year by clinic, and by groups of women or else by month and quarter.
fn counted(
    followed: &Followed,
    indicators: (&[&Indicator], &Indicator),
    year: i32,
    by: By,
    threshold: u32,
) -> Option<Arc<YearOf>> {
    let by = divided(by);
    followed.table(indicators, (year, by, threshold), |judged| {
        let places = places(followed, year, by);
        YearOf::family(places.layout.clone(), judged, threshold, |birth| {
            places.place(birth.checked_sub(places.first)?)
        })
    })
}

/// Where each birth of a year is counted: the same for every indicator.
pub struct Places {
    pub(super) layout: Layout,
    /// The place of the year's first birth in the order of all.
    first: usize,
    /// Numbers of clinic and group, of the year's births in order.
    of_birth: Vec<Option<(usize, usize)>>,
}

impl Places {
    /// The clinic and the group of a birth of the year.
    pub(super) fn place(&self, birth: usize) -> Option<(usize, usize)> {
        self.of_birth.get(birth).copied().flatten()
    }

    /// Whether somebody gave birth at a clinic, or at any, in a part of the groups.
    fn is_anybody(&self, row: Option<usize>, part: Part) -> bool {
        let run = |run: usize| self.layout.runs.get(run).map(|(_, groups)| groups.as_slice());
        let is_within = |group: usize| match part {
            Part::All => true,
            Part::Group(own) => own == group,
            Part::Run(own) => run(own).is_some_and(|groups| groups.contains(&group)),
        };
        let is_it = |(clinic, group): &(usize, usize)| {
            row.is_none_or(|row| row == *clinic) && is_within(*group)
        };
        self.of_birth.iter().flatten().any(is_it)
    }

    fn of(followed: &Followed, year: i32, by: By) -> Self {
        let is_asked = |case: &Case| case.day.year() == year;
        let clinics = groups(followed, By::Unit, is_asked);
        let of_group = groups(followed, by, is_asked);
        let runs = if by == By::Month { quarters(&of_group.keys) } else { Vec::new() };
        let open = if by.is_of_women() { Open::Clinics } else { Open::Groups };
        let births = followed.births_of(year);
        let of = |groups: &Groups, birth: usize| groups.of_birth.get(birth).copied().flatten();
        Self {
            first: births.start,
            of_birth: births.map(|at| of(&clinics, at).zip(of(&of_group, at))).collect(),
            layout: Layout { clinics: clinics.keys, groups: of_group.keys, runs, open },
        }
    }
}

/// The quarters of months such as `2023-05`, as `2023-q2`.
fn quarters(months: &[String]) -> Vec<(String, Vec<usize>)> {
    let mut quarters: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, key) in months.iter().enumerate() {
        let Some((year, month)) = key.split_once('-') else { continue };
        let Ok(month) = month.parse::<u32>() else { continue };
        quarters.entry(format!("{year}-q{}", month.div_ceil(3))).or_default().push(at);
    }
    quarters.into_iter().collect()
}

/// Answers to a survey that end in a year, by clinic; they are counted elsewhere.
fn answers(followed: &Followed, question: &str, year: i32, threshold: u32) -> Option<Arc<YearOf>> {
    let texts = &followed.inputs.texts;
    let mut clinics: BTreeMap<&str, Tally> = BTreeMap::new();
    for survey in &followed.inputs.surveys {
        if texts.get(survey.question) == question && survey.to.first_day().year() == year {
            let sum = clinics.entry(texts.get(survey.unit)).or_default();
            sum.reported += survey.answered;
            sum.counted += survey.counted;
            sum.unreported += survey.asked - survey.answered;
        }
    }
    let names = clinics.keys().map(|unit| (*unit).to_owned()).collect();
    let tallies = clinics.into_values().map(|tally| vec![tally]).collect();
    let groups = vec![String::new()];
    let layout = Layout { clinics: names, groups, ..Layout::default() };
    YearOf::of(layout, tallies, threshold).map(Arc::new)
}

/// The place of the clinic that is asked for; `Some(None)` where nobody gave birth there.
fn place(query: &Query, table: &YearOf) -> Option<Option<usize>> {
    let unit = query.unit.as_ref()?;
    Some(table.layout.clinics.iter().position(|one| one == unit))
}

/// Percent of those meant that are reported, rounded down to steps of `threshold` births at least; 100 where fewer than so many are
/// not, nobody or a few alike: it tells no small count, and not that there is one.
fn coarse(tally: &Tally, threshold: u32) -> u64 {
    let (percent, meant) = (tally.percent_reported(), tally.reported + tally.unreported);
    if tally.unreported < u64::from(threshold) {
        return 100;
    }
    let is_wide = |step: &u64| step * meant >= 100 * u64::from(threshold);
    let step = [1, 2, 5, 10, 20, 50].into_iter().find(is_wide).unwrap_or(100);
    percent / step * step
}

fn target(defined: Defined<'_>, value: &Value) -> Option<Reached> {
    let target = defined.target?;
    reached(target.fact, &defined.indicator.fact.gives, value)
}

/// How many were born in a year, at one clinic or all.
pub(super) fn born(followed: &Followed, year: i32, unit: Option<&str>) -> u64 {
    let births = &followed.gathered.cases.births;
    let of_year = births.get(followed.births_of(year)).unwrap_or_default().iter();
    of_year.filter(|case| unit.is_none_or(|unit| followed.unit(case.unit) == unit)).count() as u64
}

/// Births against the plan of the year: counts of births, no shares of women; no small count is told of anybody.
fn capacity<'r>(
    followed: &Followed,
    query: &Query,
    defined: Defined<'r>,
    year: i32,
) -> Vec<Row<'r>> {
    let plan = |unit: Option<&str>| -> u64 {
        let plans = followed.plans.iter();
        let fits = plans
            .filter(|((of, planned), _)| *of == year && unit.is_none_or(|unit| unit == planned));
        fits.map(|(_, births)| *births).sum()
    };
    let row = |group: Option<String>, unit: Option<&str>| {
        let (born, planned) = (born(followed, year, unit), plan(unit));
        let value = match planned {
            0 => Value::Withheld(Why::NoPlan),
            _ => Value::Number {
                of: planned,
                value: born as f64 / planned as f64 * 100.0,
                interval: None,
            },
        };
        Row { group, value, ..nobody(defined, year) }
    };
    let unit = query.unit.as_deref();
    match query.by {
        By::Year => vec![row(Some(year.to_string()), unit)],
        By::Unit => {
            let plans = followed.plans.keys().filter(|(of, _)| *of == year);
            let units = plans.map(|(_, unit)| unit.clone());
            let mut rows: Vec<Row<'r>> = units
                .filter(|one| unit.is_none_or(|unit| unit == one))
                .map(|one| row(Some(one.clone()), Some(&one)))
                .collect();
            rows.push(row(None, unit));
            rows
        }
        By::Whole => vec![row(None, unit)],
        _ => Vec::new(),
    }
}
