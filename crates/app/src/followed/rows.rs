//! Indicators by one kind of group, as rows.

use super::group::{By, groups};
use super::year::YearOf;
use crate::data::{Clinics, Followed};
use follow::case::Case;
use follow::indicator::{Defined, definitions, threshold};
use follow::interval::Level;
use follow::outcome::{Reached, Value, Why, reached, share};
use kernel::fact::{Gives, Theme};
use kernel::register::View;
use kernel::time::{Day, Month};
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
    let first_day = Month::new(query.year, 1).map_or(Day::MIN, Month::first_day);
    let wanted = |one: &Defined<'_>| {
        let fact = one.indicator.fact;
        query.indicator.as_ref().is_none_or(|id| *id == fact.id)
            && query.theme.is_none_or(|theme| theme == fact.theme)
    };
    let mut all: Vec<Defined<'r>> =
        definitions(view, first_day.plus(364)).into_iter().filter(wanted).collect();
    all.sort_by_key(|one| one.indicator.fact.theme);
    let threshold = threshold(view, followed.known_on);
    let mut rows = Vec::new();
    for defined in all {
        match &defined.indicator.fact.gives {
            Gives::Answers(question) => {
                rows.extend(answers(followed, query, defined, question, threshold));
            }
            Gives::CapacityUsed => rows.extend(capacity(followed, query, defined)),
            _ if query.by == By::Year => rows.extend(by_year(followed, query, defined, threshold)),
            _ => rows.extend(by_group(followed, query, defined, threshold)),
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

fn by_year<'r>(
    followed: &Followed,
    query: &Query,
    defined: Defined<'r>,
    threshold: u32,
) -> Vec<Row<'r>> {
    let row = |year: i32| {
        let counted = clinics(followed, defined, year, threshold);
        let (table, units) = &*counted;
        let at = query.unit.as_ref().map(|unit| units.iter().position(|one| one == unit));
        let of = at.map(|at| at.unwrap_or(usize::MAX));
        let mut row = told(defined, table, of, None, year);
        row.group = Some(year.to_string());
        row
    };
    years(followed).map(row).collect()
}

/// The births of a year by clinic and month.
fn clinics(followed: &Followed, defined: Defined<'_>, year: i32, threshold: u32) -> Arc<Clinics> {
    followed.clinics(defined.indicator.fact, year, threshold, |judged| {
        let groups = groups(followed, By::Unit, |case: &Case| case.day.year() == year);
        let births = &followed.gathered.cases.births;
        let place = |birth: usize| {
            let month = births.get(birth)?.day.month().of_year();
            Some((groups.of_birth.get(birth).copied()??, usize::try_from(month - 1).ok()?))
        };
        let size = (groups.keys.len(), 12);
        (YearOf::new(followed, judged, size, threshold, place), groups.keys)
    })
}

fn by_group<'r>(
    followed: &Followed,
    query: &Query,
    defined: Defined<'r>,
    threshold: u32,
) -> Vec<Row<'r>> {
    if !query.by.is_of_women() {
        let counted = clinics(followed, defined, query.year, threshold);
        let (table, units) = &*counted;
        let at = query.unit.as_ref().map(|unit| units.iter().position(|one| one == unit));
        let of = at.map(|at| at.unwrap_or(usize::MAX));
        let mut rows: Vec<Row<'r>> = match query.by {
            By::Unit => (0..)
                .zip(units)
                .filter(|(at, _)| of.is_none_or(|of| of == *at))
                .map(|(at, unit)| {
                    named(told(defined, table, Some(at), None, query.year), unit.clone())
                })
                .collect(),
            By::Month => (0..12)
                .map(|month| {
                    let name = Month::new(query.year, month + 1).map(|month| month.to_string());
                    let at = usize::try_from(month).ok();
                    named(told(defined, table, of, at, query.year), name.unwrap_or_default())
                })
                .collect(),
            _ => Vec::new(),
        };
        rows.push(told(defined, table, of, None, query.year));
        return rows;
    }
    let asked = |case: &Case| {
        let unit = query.unit.as_ref();
        case.day.year() == query.year && unit.is_none_or(|unit| followed.unit(case.unit) == unit)
    };
    let judged = followed.judged(defined.indicator.fact);
    let groups = groups(followed, query.by, asked);
    let place = |birth: usize| Some((groups.of_birth.get(birth).copied()??, 0));
    let table = YearOf::new(followed, &judged, (groups.keys.len(), 1), threshold, place);
    let mut rows: Vec<Row<'r>> = (0..)
        .zip(groups.keys)
        .map(|(at, key)| named(told(defined, &table, Some(at), None, query.year), key))
        .collect();
    rows.push(told(defined, &table, None, None, query.year));
    rows
}

fn named<'r>(row: Row<'r>, group: String) -> Row<'r> {
    Row { group: Some(group), ..row }
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
    let hidden = matches!(value, Value::Withheld(Why::TooFew | Why::GivesAway));
    Row {
        defined,
        group: None,
        year,
        reached: target(defined, &value),
        value,
        percent_reported: tally.percent_reported(),
        pending: (!hidden && tally.pending != 1).then_some(tally.pending),
    }
}

fn target(defined: Defined<'_>, value: &Value) -> Option<Reached> {
    let target = defined.target?;
    reached(target.fact, &defined.indicator.fact.gives, value)
}

/// Answers to a survey that end in the year, by clinic or as a whole; they are counted elsewhere and come without months or groups.
fn answers<'r>(
    followed: &Followed,
    query: &Query,
    defined: Defined<'r>,
    question: &str,
    threshold: u32,
) -> Vec<Row<'r>> {
    let texts = &followed.inputs.texts;
    let asked = followed.inputs.surveys.iter().filter(|survey| {
        let unit = query.unit.as_ref();
        texts.get(survey.question) == question
            && unit.is_none_or(|unit| texts.get(survey.unit) == unit)
    });
    let mut sums: std::collections::BTreeMap<(i32, &str), [u64; 3]> = Default::default();
    for survey in asked {
        let sum = sums.entry((survey.to.first_day().year(), texts.get(survey.unit))).or_default();
        for (sum, more) in sum.iter_mut().zip([survey.asked, survey.answered, survey.counted]) {
            *sum += more;
        }
    }
    let row = |group: Option<String>, year: i32, [asked, answered, counted]: [u64; 3]| {
        let enough = answered * 100 >= asked * u64::from(defined.indicator.fact.minimum_reported);
        let value = match (answered, enough) {
            (0, _) => Value::Withheld(Why::Nobody),
            (_, false) => Value::Withheld(Why::TooLittleReported),
            _ => share(counted, answered, threshold, Level::P95),
        };
        let percent_reported = (answered * 100).checked_div(asked).unwrap_or(100);
        let reached = target(defined, &value);
        Row { defined, group, year, value, percent_reported, pending: Some(0), reached }
    };
    let sum = |year: i32| {
        let of_year = sums.iter().filter(|((of, _), _)| *of == year);
        of_year
            .fold([0; 3], |sum, (_, more)| [sum[0] + more[0], sum[1] + more[1], sum[2] + more[2]])
    };
    match query.by {
        By::Year => {
            years(followed).map(|year| row(Some(year.to_string()), year, sum(year))).collect()
        }
        By::Unit => {
            let of_year = sums.iter().filter(|((of, _), _)| *of == query.year);
            let mut rows: Vec<Row<'r>> = of_year
                .map(|((year, unit), sum)| row(Some((*unit).to_owned()), *year, *sum))
                .collect();
            // With one clinic withheld, the whole would give it away.
            let withheld = |row: &&Row<'_>| row.value == Value::Withheld(Why::TooFew);
            let gives_away = rows.iter().filter(withheld).count() == 1;
            let mut whole = row(None, query.year, sum(query.year));
            if gives_away {
                whole.value = Value::Withheld(Why::GivesAway);
            }
            rows.push(whole);
            rows
        }
        By::Whole => vec![row(None, query.year, sum(query.year))],
        _ => Vec::new(),
    }
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
            0 => Value::Withheld(Why::Nobody),
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
