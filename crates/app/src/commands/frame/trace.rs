//! `frame trace`: every krona that the settlements paid, by what finances it.
//!
//! Owns: how it is told. Does not own: tracing lines to sources (`data`).
//!
//! What no rate names a source for is paid out of the board's ordinary budget, and stands without one.

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use kernel::money::Money;
use kernel::price::Marks;
use kernel::time::Day;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Serialize)]
struct TraceJson<'a> {
    known_on: String,
    year: Option<i32>,
    origin: &'static str,
    sources: Vec<SourceJson<'a>>,
    total_ore: i64,
    total: String,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    financed_by: Option<&'a str>,
    amount_ore: i64,
    amount: String,
    elements: Vec<ElementJson<'a>>,
}

#[derive(Serialize)]
struct ElementJson<'a> {
    element: &'a str,
    amount_ore: i64,
    amount: String,
    illustrative: bool,
    unverified: bool,
}

const HEADS: [Head; 4] = [
    text("financed_by", "Finansieras av", "Financed by"),
    text("element", "Ersättningsslag", "Element"),
    number("amount_ore", "Betalt", "Paid"),
    text("mark", "Märke", "Mark"),
];

/// Runs `frame trace`.
pub fn run(
    out: Out,
    folder: &Path,
    year: Option<i32>,
    known_on: Option<Day>,
) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let known_on = known_on.unwrap_or_else(engine::today);
    let paid = data.paid_by_source(known_on, year)?;
    let total: Money = paid.values().copied().sum();
    let origin = data.origin().name();
    if out.format == Format::Json {
        let mut sources: BTreeMap<&str, Vec<(&str, Money)>> = BTreeMap::new();
        for ((source, element), amount) in &paid {
            sources.entry(source).or_default().push((element, *amount));
        }
        let marks = data.element_marks();
        let sources =
            sources.into_iter().map(|(source, of)| source_json(source, &of, &marks)).collect();
        out.json(&TraceJson {
            known_on: known_on.to_string(),
            year,
            origin,
            sources,
            total_ore: total.ore(),
            total: total.to_string(),
        })?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    let labels = data.labels();
    let marks = data.element_marks();
    let cells = paid.iter().map(|((source, element), amount)| {
        let ordinary = out.lang.pick("(nämndens budget)", "(ordinary budget)");
        vec![
            if source.is_empty() { Cell::of(ordinary, "") } else { labels.source(source) },
            labels.element(element),
            (*amount).into(),
            words::marks(out.lang, marks.get(element).copied().unwrap_or_default()),
        ]
    });
    out.table_of(origin, &HEADS, &cells.collect::<Vec<_>>())?;
    out.say(&format!("\ni allt {total}"), &format!("\nin all {total}"));
    Ok(Outcome::Done)
}

fn source_json<'a>(
    source: &'a str,
    of: &[(&'a str, Money)],
    marks: &BTreeMap<String, Marks>,
) -> SourceJson<'a> {
    let amount: Money = of.iter().map(|(_, amount)| *amount).sum();
    let element = |(element, amount): &(&'a str, Money)| {
        let Marks { illustrative, unverified } = marks.get(*element).copied().unwrap_or_default();
        let (amount_ore, amount) = (amount.ore(), amount.to_string());
        ElementJson { element, amount_ore, amount, illustrative, unverified }
    };
    SourceJson {
        financed_by: Some(source).filter(|source| !source.is_empty()),
        amount_ore: amount.ore(),
        amount: amount.to_string(),
        elements: of.iter().map(element).collect(),
    }
}
