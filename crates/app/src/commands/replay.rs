//! `replay`: booked settlements computed again from what they rest on.

use crate::data::{DataFolder, Kept, LineKey, Replayed, Sides};
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use kernel::price::Total;
use serde::Serialize;
use std::path::Path;

const ENGINE: &str = env!("CARGO_PKG_VERSION");

#[derive(Serialize)]
struct ReplayJson<'a> {
    engine: &'static str,
    same: bool,
    settlements: Vec<SettlementJson<'a>>,
}

#[derive(Serialize)]
struct SettlementJson<'a> {
    id: &'a str,
    month: String,
    on: String,
    origin: &'static str,
    booked_with: &'a str,
    same: bool,
    hash: &'a str,
    replayed_hash: &'a str,
    kept: &'static str,
    entries_agree: bool,
    lines: i64,
    replayed_lines: usize,
    total_ore: i64,
    replayed_total_ore: i64,
    differing_lines: usize,
    differences: Vec<DifferenceJson<'a>>,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    contact_id: Option<&'a str>,
    unit: &'a str,
    care_month: &'a str,
    element: &'a str,
    payee: &'a str,
    payer: &'a str,
    payable: bool,
    rate: &'a str,
    cause: &'a str,
    kept: Option<TotalJson>,
    replayed: Option<TotalJson>,
}

#[derive(Serialize)]
struct TotalJson {
    count: i64,
    amount_ore: i64,
    amount: String,
}

/// Runs `replay`; no id stands for all settlements.
pub fn run(out: Out, folder: &Path, id: Option<&str>, by: &str) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    if let Some(id) = id {
        super::settlements::find(&data, id)?;
    }
    let replayed = data.replay(id)?;
    let same = replayed.iter().all(Replayed::is_same);
    if out.format != Format::Csv {
        let lines = replayed.iter().flat_map(|one| &one.differences);
        let of_contacts = lines.filter(|([contact, ..], _)| !contact.is_empty()).count();
        data.log_access(by, "replay", "", "", of_contacts, id.unwrap_or_default())?;
    }
    match out.format {
        Format::Json => {
            let settlements = replayed.iter().map(settlement).collect();
            out.json(&ReplayJson { engine: ENGINE, same, settlements })?;
        }
        Format::Csv => out.table_of(data.origin().name(), &HEADS, &cells(out, &replayed))?,
        Format::Table => {
            out.synthetic_band(data.is_synthetic());
            out.table(&HEADS, &cells(out, &replayed))?;
            for one in replayed.iter().filter(|one| !one.is_same()) {
                tell(out, one)?;
            }
        }
    }
    Ok(if same { Outcome::Done } else { Outcome::Findings })
}

fn cells(out: Out, replayed: &[Replayed]) -> Vec<Vec<Cell>> {
    let row = |one: &Replayed| {
        let booked = &one.settlement.booked;
        let same = if one.is_same() {
            Cell::of(out.lang.pick("ja", "yes"), "true")
        } else {
            Cell::of(out.lang.pick("NEJ", "NO"), "false")
        };
        vec![
            booked.id.as_str().into(),
            same,
            booked.lines.into(),
            booked.total.into(),
            one.total.into(),
            booked.lines_hash.as_str().into(),
            booked.engine.as_str().into(),
            ENGINE.into(),
        ]
    };
    replayed.iter().map(row).collect()
}

const HEADS: [Head; 8] = [
    text("id", "Avräkning", "Settlement"),
    text("same", "Samma", "Same"),
    number("lines", "Rader", "Lines"),
    number("total_ore", "Bokfört", "Booked"),
    number("replayed_total_ore", "Omräknat", "Replayed"),
    text("hash", "Kontrollsumma", "Hash"),
    text("booked_with", "Bokförd med", "Booked with"),
    text("engine", "Omräknad med", "Replayed with"),
];

/// What differs, and what that means.
fn tell(out: Out, one: &Replayed) -> Result<(), Failure> {
    let booked = &one.settlement.booked;
    let (id, hash) = (&booked.id, &one.hash);
    out.say(&format!("\n{id}"), &format!("\n{id}"));
    if *hash == booked.lines_hash {
        out.say(
            "  omräkningen ger raderna som bokfördes, till varje byte",
            "  computed again the lines are those that were booked, to the byte",
        );
    } else {
        out.say(
            &format!("  omräkningen ger rader med kontrollsumman {hash}, inte den bokförda"),
            &format!("  computed again the lines have the hash {hash}, not the booked one"),
        );
    }
    match &one.kept {
        Kept::Whole => {}
        Kept::Damaged(found) => out.say(
            &format!("  den sparade radfilen är skadad: dess innehåll har kontrollsumman {found}"),
            &format!("  the kept line file is damaged: its content has the hash {found}"),
        ),
        Kept::Missing => out.say(
            "  den sparade radfilen går inte att läsa; återställ den från en säkerhetskopia",
            "  the kept line file cannot be read; restore it from a backup",
        ),
    }
    if !one.entries_agree {
        out.say(
            "  de bokförda verifikationerna är inte de som raderna ger",
            "  the booked entries are not those of the lines",
        );
    }
    if one.differing == 0 {
        if *hash != booked.lines_hash && one.kept == Kept::Whole {
            out.say(
                "  raderna är desamma; filen är skriven på ett annat sätt, av en annan version",
                "  the lines are the same; the file was written otherwise, by another version",
            );
        }
        return Ok(());
    }
    let (shown, all) = (one.differences.len(), one.differing);
    out.say(
        &format!("  rader som skiljer: {all}; här de första {shown}"),
        &format!("  lines that differ: {all}; here the first {shown}"),
    );
    out.table(&DIFFERENCE_HEADS, &one.differences.iter().map(difference_cells).collect::<Vec<_>>())
}

fn difference_cells((key, sides): &(LineKey, Sides)) -> Vec<Cell> {
    let [contact, unit, month, element, _, payer, _, rate, cause] = key;
    let side = |total: &Option<Total>| total.map_or_else(|| Cell::from("–"), |t| t.amount.into());
    let mut cells: Vec<Cell> =
        [contact, unit, month, element, payer, rate, cause].map(|text| text.as_str().into()).into();
    cells.extend([side(&sides.kept), side(&sides.replayed)]);
    cells
}

const DIFFERENCE_HEADS: [Head; 9] = [
    text("contact_id", "Kontakt", "Contact"),
    text("unit", "Enhet", "Unit"),
    text("care_month", "Vårdmånad", "Care month"),
    text("element", "Ersättningsslag", "Element"),
    text("payer", "Betalare", "Payer"),
    text("rate", "Nivå", "Rate"),
    text("cause", "Orsak", "Cause"),
    number("kept_ore", "Sparat", "Kept"),
    number("replayed_ore", "Omräknat", "Replayed"),
];

fn settlement(one: &Replayed) -> SettlementJson<'_> {
    let booked = &one.settlement.booked;
    SettlementJson {
        id: &booked.id,
        month: booked.month.to_string(),
        on: booked.settled_on.to_string(),
        origin: booked.origin.name(),
        booked_with: &booked.engine,
        same: one.is_same(),
        hash: &booked.lines_hash,
        replayed_hash: &one.hash,
        kept: match &one.kept {
            Kept::Whole => "whole",
            Kept::Damaged(_) => "damaged",
            Kept::Missing => "missing",
        },
        entries_agree: one.entries_agree,
        lines: booked.lines,
        replayed_lines: one.lines,
        total_ore: booked.total.ore(),
        replayed_total_ore: one.total.ore(),
        differing_lines: one.differing,
        differences: one.differences.iter().map(difference).collect(),
    }
}

fn difference((key, sides): &(LineKey, Sides)) -> DifferenceJson<'_> {
    let [contact, unit, care_month, element, payee, payer, payable, rate, cause] = key;
    let side = |total: &Option<Total>| {
        total.map(|total| TotalJson {
            count: total.count,
            amount_ore: total.amount.ore(),
            amount: total.amount.to_string(),
        })
    };
    DifferenceJson {
        contact_id: (!contact.is_empty()).then_some(contact),
        unit,
        care_month,
        element,
        payee,
        payer,
        payable: payable == "true",
        rate,
        cause,
        kept: side(&sides.kept),
        replayed: side(&sides.replayed),
    }
}
