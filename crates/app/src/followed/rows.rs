//! Indicators by one kind of group, as rows.

use super::group::{By, Groups, groups};
use super::year::YearOf;
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
    /// Percent of those meant that are reported, rounded down.
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
    let mut all: Vec<Defined<'r>> =
        definitions(view, last_day).into_iter().filter(wanted).collect();
    all.sort_by_key(|one| one.indicator.fact.theme);
    let threshold = threshold(view, followed.known_on);
    let mut rows = Vec::new();
    for defined in all {
        let of_year = |year, by| match &defined.indicator.fact.gives {
            Gives::Answers(question) => answers(followed, question, year, threshold),
            _ => counted(followed, defined.indicator.fact, year, by, threshold),
        };
        match (&defined.indicator.fact.gives, query.by) {
            (Gives::CapacityUsed, _) => rows.extend(capacity(followed, query, defined)),
            (_, By::Year) => rows.extend(years(followed).map(|year| {
                let whole = whole(query, defined, &of_year(year, By::Whole), year);
                Row { group: Some(year.to_string()), ..whole }
            })),
            (Gives::Answers(_), By::Unit | By::Whole) => {
                rows.extend(of_table(query, defined, &of_year(query.year, By::Whole)));
            }
            // Surveys come without months or groups of women.
            (Gives::Answers(_), _) => {}
            _ => rows.extend(of_table(query, defined, &of_year(query.year, query.by))),
        }
    }
    rows
}

/// Every year in which somebody was born.
fn years(followed: &Followed) -> std::ops::Range<i32> {
    let births = &followed.gathered.cases.births;
    match (births.first(), births.last()) {
        (Some(first), Some(last)) => first.day.year()..last.day.year() + 1,
        _ => 0..0,
    }
}

/// The births of a year by clinic, and by groups of women or else by month.
fn counted(
    followed: &Followed,
    indicator: &Indicator,
    year: i32,
    by: By,
    threshold: u32,
) -> Arc<YearOf> {
    let by = if by.is_of_women() { by } else { By::Month };
    followed.table(indicator, (year, by, threshold), |judged| {
        let of_year = |case: &Case| case.day.year() == year;
        let clinics = groups(followed, By::Unit, of_year);
        let of_group = groups(followed, by, of_year);
        let place = |birth: usize| {
            let of = |groups: &Groups| groups.of_birth.get(birth).copied().flatten();
            of(&clinics).zip(of(&of_group))
        };
        YearOf::new(clinics.keys.clone(), of_group.keys.clone(), judged, threshold, place)
    })
}

/// Answers to a survey that end in a year, by clinic; they are counted elsewhere.
fn answers(followed: &Followed, question: &str, year: i32, threshold: u32) -> Arc<YearOf> {
    let texts = &followed.inputs.texts;
    let mut clinics: BTreeMap<&str, Tally> = BTreeMap::new();
    for survey in &followed.inputs.surveys {
        if texts.get(survey.question) == question && survey.to.first_day().year() == year {
            let sum = clinics.entry(texts.get(survey.unit)).or_default();
            sum.merge(&Tally {
                reported: survey.answered,
                counted: survey.counted,
                unreported: survey.asked - survey.answered,
                ..Tally::default()
            });
        }
    }
    let names = clinics.keys().map(|unit| (*unit).to_owned()).collect();
    let tallies = clinics.into_values().map(|tally| vec![tally]).collect();
    Arc::new(YearOf::of(names, vec![String::new()], tallies, threshold))
}

/// The groups of a table in order, and the whole, or the clinic that is asked for, last.
fn of_table<'r>(query: &Query, defined: Defined<'r>, table: &YearOf) -> Vec<Row<'r>> {
    let asked = query.unit.as_ref().map(|unit| table.clinics.iter().position(|one| one == unit));
    let last = whole(query, defined, table, query.year);
    let row = |at, group, key: &String| Row {
        group: Some(key.clone()),
        ..told(defined, table, at, group, query.year)
    };
    let mut rows: Vec<Row<'r>> = match (query.by, asked) {
        // Nobody gave birth at that clinic.
        (_, Some(None)) | (By::Whole | By::Year, _) => Vec::new(),
        (By::Unit, asked) => (0..)
            .zip(&table.clinics)
            .filter(|(at, _)| asked.is_none_or(|asked| asked == Some(*at)))
            .map(|(at, unit)| row(Some(at), None, unit))
            .collect(),
        (_, asked) => {
            (0..).zip(&table.groups).map(|(at, key)| row(asked.flatten(), Some(at), key)).collect()
        }
    };
    rows.push(last);
    rows
}

/// All births of a year, or those at the clinic that is asked for.
fn whole<'r>(query: &Query, defined: Defined<'r>, table: &YearOf, year: i32) -> Row<'r> {
    let asked = query.unit.as_ref().map(|unit| table.clinics.iter().position(|one| one == unit));
    match asked {
        Some(None) => {
            let value = Value::Withheld(Why::Nobody);
            let (percent_reported, pending, reached) = (100, Some(0), None);
            Row { defined, group: None, year, value, percent_reported, pending, reached }
        }
        asked => told(defined, table, asked.flatten(), None, year),
    }
}

fn told<'r>(
    defined: Defined<'r>,
    table: &YearOf,
    row: Option<usize>,
    column: Option<usize>,
    year: i32,
) -> Row<'r> {
    let indicator = defined.indicator.fact;
    let (tally, value) = (table.tally(row, column), table.value(indicator, row, column));
    let is_hidden = matches!(value, Value::Withheld(Why::TooFew | Why::GivesAway))
        || is_small(tally.pending, table.threshold());
    Row {
        defined,
        group: None,
        year,
        reached: target(defined, &value),
        value,
        percent_reported: tally.percent_reported(),
        pending: (!is_hidden).then_some(tally.pending),
    }
}

fn target(defined: Defined<'_>, value: &Value) -> Option<Reached> {
    let target = defined.target?;
    reached(target.fact, &defined.indicator.fact.gives, value)
}

/// Births against the plan of the year: counts of births, no shares of women; no small count is told of anybody.
fn capacity<'r>(followed: &Followed, query: &Query, defined: Defined<'r>) -> Vec<Row<'r>> {
    let births = &followed.gathered.cases.births;
    let count = |year: i32, unit: Option<&str>| {
        let counted = births.iter().filter(|case| {
            case.day.year() == year && unit.is_none_or(|unit| followed.unit(case.unit) == unit)
        });
        counted.count() as u64
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
