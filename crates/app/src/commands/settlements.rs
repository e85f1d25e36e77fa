//! `settlements`: what has been booked, in the order of booking.

use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Head, Out, number, text};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;
use store::Settlement;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct SettlementsJson<'a> {
    settlements: Vec<SettlementJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct SettlementJson<'a> {
    id: &'a str,
    month: String,
    on: String,
    cutoff: String,
    through: String,
    revision: i64,
    batches: i64,
    lines: i64,
    total_ore: i64,
    total: String,
    hash: &'a str,
    engine: &'a str,
    origin: &'static str,
}

/// Runs `settlements`.
pub fn run(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    if out.format == Format::Json {
        let settlements = data.settlements().iter().map(json).collect();
        out.json(&SettlementsJson { settlements })?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    if data.settlements().is_empty() {
        out.say(
            "Inget är bokfört än; börja med settle --month MÅNAD --preview.",
            "Nothing is booked yet; begin with settle --month MONTH --preview.",
        );
    }
    let rows: Vec<_> = data
        .settlements()
        .iter()
        .map(|settlement| {
            let booked = &settlement.booked;
            vec![
                booked.id.as_str().into(),
                booked.month.to_string().into(),
                booked.settled_on.to_string().into(),
                booked.total.into(),
                booked.lines.into(),
                booked.lines_hash.as_str().into(),
                booked.origin.name().into(),
            ]
        })
        .collect();
    if out.format == Format::Csv || !rows.is_empty() {
        out.table(&HEADS, &rows)?;
    }
    Ok(Outcome::Done)
}

fn json(settlement: &Settlement) -> SettlementJson<'_> {
    let booked = &settlement.booked;
    SettlementJson {
        id: &booked.id,
        month: booked.month.to_string(),
        on: booked.settled_on.to_string(),
        cutoff: booked.cutoff.to_string(),
        through: booked.through.to_string(),
        revision: booked.revision,
        batches: booked.batches,
        lines: booked.lines,
        total_ore: booked.total.ore(),
        total: booked.total.to_string(),
        hash: &booked.lines_hash,
        engine: &booked.engine,
        origin: booked.origin.name(),
    }
}

/// The settlement of an id; refused with the nearest where there is none.
pub fn find<'d>(data: &'d DataFolder, id: &str) -> Result<&'d Settlement, Failure> {
    if data.journal().is_undone(id) {
        return Err(Failure::refused(
            format!("avräkningen `{id}` är backad; `settlements` visar dem som gäller"),
            format!("the settlement `{id}` is undone; `settlements` shows those that stand"),
        ));
    }
    let ids = || data.settlements().iter().map(|settlement| settlement.booked.id.as_str());
    let found = data.settlements().iter().find(|settlement| settlement.booked.id == id);
    found.ok_or_else(|| match kernel::intake::nearest(id, ids()) {
        Some(near) => Failure::refused(
            format!("ingen avräkning heter `{id}`; närmast är `{near}`. Alla: vardkedja settlements"),
            format!("no settlement is called `{id}`; the nearest is `{near}`. All: vardkedja settlements"),
        ),
        None => Failure::refused("inget är bokfört än", "nothing is booked yet"),
    })
}

const HEADS: [Head; 7] = [
    text("id", "Avräkning", "Settlement"),
    text("month", "Månad", "Month"),
    text("on", "Dag", "On"),
    number("total_ore", "Att betala", "To pay"),
    number("lines", "Rader", "Lines"),
    text("hash", "Kontrollsumma", "Hash"),
    text("origin", "Ursprung", "Origin"),
];
