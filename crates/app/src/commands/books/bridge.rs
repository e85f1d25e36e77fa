//! `books bridge`: from what the books said of a year when it was closed to what is true of it now, row by row.

use super::balance::closing;
use crate::data::{ClosedStep, DataFolder};
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use kernel::journal::DeedKind;
use kernel::money::Money;
use kernel::settle::Cause;
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct BridgeJson<'a> {
    closed: i32,
    origin: &'static str,
    opening_ore: i64,
    rows: Vec<RowJson<'a>>,
    closing_ore: i64,
}

#[derive(Serialize)]
struct RowJson<'a> {
    booked: bool,
    cause: &'a str,
    deed: &'a str,
    decision: &'a str,
    unit: &'a str,
    element: &'a str,
    amount_ore: i64,
}

/// Runs `books bridge`.
pub fn bridge(out: Out, folder: &Path, year: i32) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let last = closing(&data, year)?;
    let bridge = data.closed_bridge(year, last)?;
    if out.format == Format::Json {
        let row = |(step, amount): (&'_ ClosedStep, &Money)| (step.clone(), amount.ore());
        let steps: Vec<(ClosedStep, i64)> = bridge.steps.iter().map(row).collect();
        let rows = steps.iter().map(|(step, amount_ore)| RowJson {
            booked: step.booked,
            cause: &step.cause,
            deed: &step.deed,
            decision: &step.decision,
            unit: &step.unit,
            element: &step.element,
            amount_ore: *amount_ore,
        });
        out.json(&BridgeJson {
            closed: year,
            origin: data.origin().name(),
            opening_ore: bridge.opening.ore(),
            rows: rows.collect(),
            closing_ore: bridge.closing.ore(),
        })?;
        return Ok(Outcome::Done);
    }
    let cells = |(step, amount): (&ClosedStep, &Money)| -> Vec<Cell> {
        let settled = Cause::parse(&step.cause).map(|cause| words::cause(out.lang, cause));
        let done = || DeedKind::parse(&step.cause).map(|kind| words::deed_cell(out.lang, kind));
        vec![
            words::is(out.lang, step.booked),
            settled.or_else(done).unwrap_or_else(|| step.cause.as_str().into()),
            step.deed.as_str().into(),
            step.decision.as_str().into(),
            step.unit.as_str().into(),
            step.element.as_str().into(),
            (*amount).into(),
        ]
    };
    let rows: Vec<_> = bridge.steps.iter().map(cells).collect();
    let (opening, closing) = (bridge.opening, bridge.closing);
    if out.format == Format::Table {
        out.synthetic_band(data.is_synthetic());
        out.say(
            &format!("Vårdkostnad till och med {year}, som boken sa när året stängdes: {opening}\n"),
            &format!("Cost of care through {year}, as the books said when the year was closed: {opening}\n"),
        );
    }
    out.table_of(data.origin().name(), &HEADS, &rows)?;
    if out.format == Format::Table {
        out.say(
            &format!("\nSom det är rätt nu: {closing}"),
            &format!("\nAs it is right now: {closing}"),
        );
    }
    Ok(Outcome::Done)
}

const HEADS: [Head; 7] = [
    text("booked", "Bokfört", "Booked"),
    text("cause", "Orsak", "Cause"),
    text("deed", "Åtgärd", "Deed"),
    text("decision", "Beslut", "Decision"),
    text("unit", "Enhet", "Unit"),
    text("element", "Ersättningsslag", "Element"),
    number("amount_ore", "Ändring", "Change"),
];
