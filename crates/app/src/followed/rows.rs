//! Indicators by one kind of group, as rows.

use super::group::{By, Groups, groups};
use super::year::{Layout, Part, YearOf};
use crate::data::Followed;
use follow::case::Case;
use follow::indicator::{Defined, Tally, definitions, threshold};
use follow::outcome::{Reached, Value, Why, is_small, reached};
use kernel::fact::{Gives, Indicator, Theme};
use kernel::register::View;
use kernel::time::{Day, Month};
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// The rows of a query: by theme and indicator, each group in order and the whole last.
pub fn rows<'r>(followed: &Followed, view: &View<'r>, query: &Query) -> Vec<Row<'r>> {
    let last_day = Month::new(query.year, 12).map_or(Day::MAX, Month::last_day);
    let wanted = |one: &Defined<'_>| {
        let fact = one.indicator.fact;
        query.indicator.as_ref().is_none_or(|id| *id == fact.id)
            && query.theme.is_none_or(|theme| theme == fact.theme)
    };
    let known = definitions(view, last_day);
    let mut all: Vec<Defined<'r>> = known.iter().copied().filter(wanted).collect();
    all.sort_by_key(|one| one.indicator.fact.theme);
    let threshold = threshold(view, followed.known_on);
    let mut rows = Vec::new();
    for defined in all {
        let fact = defined.indicator.fact;
        let of_year = |year, by| table_of(followed, &known, fact, (year, by, threshold));
        match (&fact.gives, query.by) {
            (Gives::CapacityUsed, _) => rows.extend(capacity(followed, query, defined)),
            (_, By::Year) => rows.extend(years(followed).filter_map(|year| {
                let whole = whole(query, defined, &*of_year(year, By::Whole)?, year);
                Some(Row { group: Some(year.to_string()), ..whole })
            })),
            // Surveys come without months or groups of women.
            (Gives::Answers(_), by) if !matches!(by, By::Unit | By::Whole) => {}
            (_, by) => {
                let table = of_year(query.year, by);
                rows.extend(table.iter().flat_map(|table| of_table(query, defined, table)));
            }
        }
    }
    rows
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

/// The births of a year by clinic, and by groups of women or else by month and quarter.
fn counted(
    followed: &Followed,
    indicators: (&[&Indicator], &Indicator),
    year: i32,
    by: By,
    threshold: u32,
) -> Option<Arc<YearOf>> {
    let by = if by.is_of_women() { by } else { By::Month };
    followed.table(indicators, (year, by, threshold), |judged| {
        let of_year = |case: &Case| case.day.year() == year;
        let clinics = groups(followed, By::Unit, of_year);
        let of_group = groups(followed, by, of_year);
        let place = |birth: usize| {
            let of = |groups: &Groups| groups.of_birth.get(birth).copied().flatten();
            of(&clinics).zip(of(&of_group))
        };
        let runs = if by == By::Month { quarters(&of_group.keys) } else { Vec::new() };
        let (clinics, groups) = (clinics.keys.clone(), of_group.keys.clone());
        YearOf::family(Layout { clinics, groups, runs }, judged, threshold, place)
    })
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
    let layout = Layout { clinics: names, groups: vec![String::new()], runs: Vec::new() };
    YearOf::of(layout, tallies, threshold).map(Arc::new)
}

/// The groups of a table in order, and the whole, or the clinic that is asked for, last.
fn of_table<'r>(query: &Query, defined: Defined<'r>, table: &YearOf) -> Vec<Row<'r>> {
    let asked = place(query, table);
    let last = whole(query, defined, table, query.year);
    let row = |at, part, key: &String| Row {
        group: Some(key.clone()),
        ..told(defined, table, at, part, query.year)
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
fn whole<'r>(query: &Query, defined: Defined<'r>, table: &YearOf, year: i32) -> Row<'r> {
    match place(query, table) {
        Some(None) => {
            let value = Value::Withheld(Why::Nobody);
            let (percent_reported, pending, reached) = (100, Some(0), None);
            Row { defined, group: None, year, value, percent_reported, pending, reached }
        }
        asked => told(defined, table, asked.flatten(), Part::All, year),
    }
}

/// The place of the clinic that is asked for; `Some(None)` where nobody gave birth there.
fn place(query: &Query, table: &YearOf) -> Option<Option<usize>> {
    let unit = query.unit.as_ref()?;
    Some(table.layout.clinics.iter().position(|one| one == unit))
}

fn told<'r>(
    defined: Defined<'r>,
    table: &YearOf,
    row: Option<usize>,
    part: Part,
    year: i32,
) -> Row<'r> {
    let indicator = defined.indicator.fact;
    let (tally, value) = (table.tally(row, part), table.value(indicator, row, part));
    let is_hidden =
        matches!(value, Value::Withheld(Why::TooFew)) || is_small(tally.pending, table.threshold());
    Row {
        defined,
        group: None,
        year,
        reached: target(defined, &value),
        value,
        percent_reported: coarse(&tally, table.threshold()),
        pending: (!is_hidden).then_some(tally.pending),
    }
}

/// Percent of those meant that are reported, rounded down to steps of `threshold` births at least, telling no small count; 100 only
/// where all are.
fn coarse(tally: &Tally, threshold: u32) -> u64 {
    let (percent, meant) = (tally.percent_reported(), tally.reported + tally.unreported);
    if tally.unreported == 0 {
        return percent;
    }
    let is_wide = |step: &u64| step * meant >= 100 * u64::from(threshold);
    let step = [1, 2, 5, 10, 20, 50].into_iter().find(is_wide).unwrap_or(100);
    percent / step * step
}

fn target(defined: Defined<'_>, value: &Value) -> Option<Reached> {
    let target = defined.target?;
    reached(target.fact, &defined.indicator.fact.gives, value)
}

/// Births against the plan of the year: counts of births, no shares of women; no small count is told of anybody.
fn capacity<'r>(followed: &Followed, query: &Query, defined: Defined<'r>) -> Vec<Row<'r>> {
    let births = &followed.gathered.cases.births;
    let count = |year: i32, unit: Option<&str>| {
        let of_year = births.get(followed.births_of(year)).unwrap_or_default().iter();
        of_year.filter(|case| unit.is_none_or(|unit| followed.unit(case.unit) == unit)).count()
            as u64
    };
    let plan = |year: i32, unit: Option<&str>| -> u64 {
        let plans = followed.plans.iter();
        let fits = plans
            .filter(|((of, planned), _)| *of == year && unit.is_none_or(|unit| unit == planned));
        fits.map(|(_, births)| *births).sum()
    };
    let row = |group: Option<String>, year: i32, unit: Option<&str>| {
        let (born, planned) = (count(year, unit), plan(year, unit));
        let value = match planned {
            0 => Value::Withheld(Why::NoPlan),
            _ => Value::Number {
                of: planned,
                value: born as f64 / planned as f64 * 100.0,
                interval: None,
            },
        };
        Row { defined, group, year, value, percent_reported: 100, pending: Some(0), reached: None }
    };
    let unit = query.unit.as_deref();
    match query.by {
        By::Year => years(followed).map(|year| row(Some(year.to_string()), year, unit)).collect(),
        By::Unit => {
            let plans = followed.plans.keys().filter(|(year, _)| *year == query.year);
            let units = plans.map(|(_, unit)| unit.clone());
            let mut rows: Vec<Row<'r>> = units
                .filter(|one| unit.is_none_or(|unit| unit == one))
                .map(|one| row(Some(one.clone()), query.year, Some(&one)))
                .collect();
            rows.push(row(None, query.year, unit));
            rows
        }
        By::Whole => vec![row(None, query.year, unit)],
        _ => Vec::new(),
    }
}
