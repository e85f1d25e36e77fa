//! `follow indicators`: what the decided indicators come to, by clinic, month, year or group of women.

use crate::data::{DataFolder, Followed};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::followed::{By, Query, Row, rows, words};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words::marks_of;
use follow::outcome::Value;
use kernel::register::View;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct IndicatorsJson {
    known_on: String,
    origin: &'static str,
    year: i32,
    by: &'static str,
    unit: Option<String>,
    threshold: u32,
    rows: Vec<RowJson>,
}

#[derive(Serialize, JsonSchema)]
struct RowJson {
    indicator: String,
    label: String,
    theme: &'static str,
    group: Option<String>,
    year: i32,
    /// The day as known on which the year was published as it is told here; blank where it is not published.
    as_published: Option<String>,
    /// A share of 1, or the mean or median.
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    count: Option<u64>,
    of: Option<u64>,
    withheld: Option<&'static str>,
    percent_reported: u64,
    minimum_reported: u8,
    pending: Option<u64>,
    direction: &'static str,
    target: Option<String>,
    target_due: Option<String>,
    reached: Option<&'static str>,
    defined_by: Option<String>,
    decision: String,
    illustrative: bool,
    unverified: bool,
}

/// Runs `follow indicators`.
pub fn run(
    out: Out,
    folder: &Path,
    query: &Query,
    known_on: Option<Day>,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let known_on = known_on.unwrap_or_else(engine::today);
    let followed = data.followed(known_on)?;
    match out.format {
        Format::Json => {
            out.json(&told(&data, &followed, query, |_| true)?)?;
            return Ok(Outcome::Done);
        }
        Format::Csv => {
            let told = told(&data, &followed, query, |_| true)?;
            let rows: Vec<Vec<Cell>> = told.rows.iter().map(csv_row).collect();
            out.table_of(told.origin, &CSV_HEADS, &rows)?;
            return Ok(Outcome::Done);
        }
        Format::Table => {}
    }
    check(&followed.view(), query)?;
    let rows = rows(&followed, query);
    let origin = data.follow_origin();
    out.synthetic_band(origin == store::Origin::Synthetic);
    let years = match query.by {
        By::Year => crate::followed::years(&followed),
        _ => query.year..query.year + 1,
    };
    note_published(out, &followed, years);
    if rows.is_empty() {
        out.say(
            "Inga indikatorer är beslutade för den tiden; de är [[indicator]] i en ratebook.",
            "No indicator is decided for that time; they are [[indicator]] in a ratebook.",
        );
    }
    let labels = data.labels();
    let table: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let of = |text: kernel::finding::Text| Cell::from(out.lang.of(&text));
            vec![
                row.label().into(),
                of(words::group(&labels, query.by, row.group.as_deref(), query.unit.as_deref())),
                of(words::value(row)),
                of(words::interval(row)),
                of(words::counts(row)),
                format!("{} %", row.percent_reported).into(),
                row.pending.map_or_else(String::new, |pending| pending.to_string()).into(),
                of(words::target(row)),
                of(row.reached.map_or_else(|| kernel::finding::Text::new("", ""), words::reached)),
                crate::words::marks(out.lang, marks_of(row.defined.indicator.decision)),
            ]
        })
        .collect();
    if !table.is_empty() {
        out.table(&HEADS, &table)?;
    }
    Ok(Outcome::Done)
}

/// What programs are told of what is followed; of rows by clinic those that are wanted, and the whole.
pub(crate) fn told(
    data: &DataFolder,
    followed: &Followed,
    query: &Query,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<IndicatorsJson, Failure> {
    check(&followed.view(), query)?;
    let rows = rows(followed, query);
    let of_year = followed.of_year(query.year).unwrap_or(followed);
    let is_seen = |row: &&Row<'_>| {
        let clinic = row.group.as_deref().filter(|_| query.by == By::Unit);
        clinic.is_none_or(&is_wanted)
    };
    Ok(IndicatorsJson {
        known_on: followed.extent.known_on.to_string(),
        origin: data.follow_origin().name(),
        year: query.year,
        by: query.by.name(),
        unit: query.unit.clone(),
        threshold: of_year.threshold(),
        rows: rows.iter().filter(is_seen).map(json).collect(),
    })
}

/// Refuses a clinic or an indicator that is not known, with the nearest.
pub(crate) fn check(view: &View<'_>, query: &Query) -> Result<(), Failure> {
    check_unit(view, query.unit.as_deref())?;
    if let Some(id) = &query.indicator
        && !view.indicators.keys().any(|(known, _)| known == id)
    {
        let near = crate::words::near(id, view.indicators.keys().map(|(known, _)| *known));
        return Err(Failure::refused(
            format!("ingen indikator heter `{id}`{}", near.sv),
            format!("no indicator is called `{id}`{}", near.en),
        ));
    }
    Ok(())
}

/// Refuses a clinic that is not known, with the nearest.
pub(crate) fn check_unit(view: &View<'_>, unit: Option<&str>) -> Result<(), Failure> {
    let Some(unit) = unit.filter(|unit| view.unit_number(unit).is_none()) else { return Ok(()) };
    let near = crate::words::near(unit, view.histories.iter().map(|history| history.id.as_str()));
    Err(Failure::refused(
        format!("ingen enhet heter `{unit}`{}", near.sv),
        format!("no unit is called `{unit}`{}", near.en),
    ))
}

fn json(row: &Row<'_>) -> RowJson {
    let (definition, target) = (&row.defined.indicator, row.defined.target);
    let fact = definition.fact;
    let (count, of, withheld) = match row.value {
        Value::Share { count, of, .. } => (Some(count), Some(of), None),
        Value::Number { of, .. } => (None, Some(of), None),
        Value::Withheld(why) => (None, None, Some(why.name())),
    };
    let interval = row.value.interval();
    RowJson {
        indicator: fact.id.clone(),
        label: row.label().to_owned(),
        theme: fact.theme.name(),
        group: row.group.clone(),
        year: row.year,
        as_published: row.as_published.map(|day| day.to_string()),
        value: row.value.number(),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        count,
        of,
        withheld,
        percent_reported: row.percent_reported,
        minimum_reported: fact.minimum_reported,
        pending: row.pending,
        direction: fact.direction.name(),
        target: target.map(|_| words::target(row).en),
        target_due: target.and_then(|target| target.fact.due).map(|due| due.to_string()),
        reached: row.reached.map(|reached| reached.name()),
        defined_by: fact.defined_by.clone(),
        decision: definition.decision.id.to_string(),
        illustrative: definition.decision.illustrative,
        unverified: !definition.decision.unverified.is_empty(),
    }
}

fn csv_row(row: &RowJson) -> Vec<Cell> {
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let count = |count: Option<u64>| count.map_or_else(String::new, |count| count.to_string());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        row.indicator.as_str().into(),
        text(&row.group).into(),
        row.year.to_string().into(),
        text(&row.as_published).into(),
        number(row.value).into(),
        number(row.low).into(),
        number(row.high).into(),
        count(row.count).into(),
        count(row.of).into(),
        row.withheld.unwrap_or("").into(),
        row.percent_reported.to_string().into(),
        count(row.pending).into(),
        text(&row.target).into(),
        row.reached.unwrap_or("").into(),
        row.decision.as_str().into(),
        row.illustrative.to_string().into(),
        row.unverified.to_string().into(),
    ]
}

/// The names of the JSON.
const CSV_HEADS: [Head; 17] = [
    text("indicator", "Indikator", "Indicator"),
    text("group", "Grupp", "Group"),
    number("year", "År", "Year"),
    text("as_published", "Som publicerat", "As published"),
    number("value", "Värde", "Value"),
    number("low", "Nedre gräns", "Lower limit"),
    number("high", "Övre gräns", "Upper limit"),
    number("count", "Antal", "Count"),
    number("of", "Av", "Of"),
    text("withheld", "Visas inte", "Withheld"),
    number("percent_reported", "Rapporterat", "Reported"),
    number("pending", "För tidigt", "Too early"),
    text("target", "Målnivå", "Target"),
    text("reached", "Målet", "The target"),
    text("decision", "Beslut", "Decision"),
    text("illustrative", "Illustrativ", "Illustrative"),
    text("unverified", "Ej verifierad", "Unverified"),
];

const HEADS: [Head; 10] = [
    text("indicator", "Indikator", "Indicator"),
    text("group", "Grupp", "Group"),
    number("value", "Värde", "Value"),
    text("interval", "95 % intervall", "95 % interval"),
    text("counts", "Antal", "Counts"),
    number("percent_reported", "Rapporterat", "Reported"),
    number("pending", "För tidigt", "Too early"),
    text("target", "Målnivå", "Target"),
    text("reached", "Målet", "The target"),
    text("mark", "Märke", "Mark"),
];

/// Says quietly which years are told as they were published.
pub(super) fn note_published(out: Out, followed: &Followed, years: std::ops::Range<i32>) {
    for year in years {
        if let Some(one) = followed.publication(year) {
            let known_on = one.extent.known_on;
            out.say(
                &format!("{year} visas som publicerat {} (som känt {known_on})", one.on),
                &format!("{year} is shown as published {} (as known on {known_on})", one.on),
            );
        }
    }
}

/// What is asked for where nothing is said: the last whole year of births.
pub(crate) fn default_year(known_on: Day) -> i32 {
    known_on.year() - 1
}
