//! `verify`: a receipt checked from itself alone, every amount in it computed again.

use crate::bundle::{self, Checked, Difference, Fault, Key, Manifest};
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use kernel::price::Total;
use serde::Serialize;
use std::path::Path;

const ENGINE: &str = env!("CARGO_PKG_VERSION");

#[derive(Serialize)]
struct VerifyJson<'a> {
    accepted: bool,
    unit: &'a str,
    month: &'a str,
    origin: &'a str,
    sha256: &'a str,
    engine: &'static str,
    written_with: &'a str,
    contacts: usize,
    lines: usize,
    given: usize,
    faults: Vec<FaultJson<'a>>,
    differences: Vec<DifferenceJson<'a>>,
}

#[derive(Serialize)]
struct FaultJson<'a> {
    file: &'a str,
    line: u64,
    message: &'a str,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    settlement: &'a str,
    contact_id: Option<&'a str>,
    element: &'a str,
    care_month: &'a str,
    unit: &'a str,
    payer: &'a str,
    payee: &'a str,
    payable: bool,
    cause: &'a str,
    rate: &'a str,
    lines: &'a [u64],
    stated: Option<TotalJson>,
    computed: Option<TotalJson>,
}

#[derive(Serialize)]
struct TotalJson {
    count: i64,
    amount_ore: i64,
    amount: String,
}

/// Runs `verify`.
pub fn run(out: Out, file: &Path) -> Result<Outcome, Failure> {
    let bytes = std::fs::read(file).map_err(|error| Failure::unreadable(file.display(), &error))?;
    let Some((members, manifest, faults)) = bundle::unpack(&bytes) else {
        let shown = file.display();
        return Err(Failure::refused(
            format!(
                "`{shown}` är inget kvitto: en zip-fil med ett manifest i formen {} väntas",
                bundle::FORM
            ),
            format!(
                "`{shown}` is no receipt: a zip file with a manifest of the form {} is expected",
                bundle::FORM
            ),
        ));
    };
    let checked = bundle::check(&members, &manifest, faults);
    match out.format {
        Format::Json => out.json(&json(out, &manifest, &checked))?,
        Format::Csv => csv(out, &manifest, &checked)?,
        Format::Table => tell(out, &manifest, &checked)?,
    }
    Ok(if checked.is_accepted() { Outcome::Done } else { Outcome::Findings })
}

fn json<'a>(out: Out, manifest: &'a Manifest, checked: &'a Checked) -> VerifyJson<'a> {
    VerifyJson {
        accepted: checked.is_accepted(),
        unit: &manifest.unit,
        month: &manifest.month,
        origin: &manifest.origin,
        sha256: &checked.seal,
        engine: ENGINE,
        written_with: &manifest.engine,
        contacts: checked.contacts,
        lines: checked.lines,
        given: manifest.given.len(),
        faults: checked.faults.iter().map(|fault| fault_json(out, fault)).collect(),
        differences: checked.differences.iter().map(difference_json).collect(),
    }
}

fn fault_json(out: Out, fault: &Fault) -> FaultJson<'_> {
    let message = match out.lang {
        crate::output::Lang::Sv => &fault.sv,
        crate::output::Lang::En => &fault.en,
    };
    FaultJson { file: &fault.file, line: fault.line, message }
}

fn difference_json<'a>((key, found): (&'a Key, &'a Difference)) -> DifferenceJson<'a> {
    let total = |total: Option<Total>| {
        total.map(|total| TotalJson {
            count: total.count,
            amount_ore: total.amount.ore(),
            amount: total.amount.to_string(),
        })
    };
    DifferenceJson {
        settlement: &key.settlement,
        contact_id: Some(key.contact_id.as_str()).filter(|id| !id.is_empty()),
        element: &key.element,
        care_month: &key.care_month,
        unit: &key.unit,
        payer: &key.payer,
        payee: &key.payee,
        payable: key.payable,
        cause: &key.cause,
        rate: &key.rate,
        lines: &found.lines,
        stated: total(found.stated),
        computed: total(found.computed),
    }
}

const HEADS: [Head; 9] = [
    text("contact_id", "Kontakt", "Contact"),
    text("element", "Ersättningsslag", "Element"),
    text("care_month", "Vårdmånad", "Care month"),
    text("cause", "Orsak", "Cause"),
    text("rate", "Nivå", "Rate"),
    number("stated_count", "Antal i kvittot", "Count stated"),
    number("stated_ore", "Belopp i kvittot", "Amount stated"),
    number("computed_count", "Antal uträknat", "Count computed"),
    number("computed_ore", "Belopp uträknat", "Amount computed"),
];

const FAULT_HEADS: [Head; 3] =
    [text("file", "Fil", "File"), number("line", "Rad", "Line"), text("message", "Vad", "What")];

fn difference_rows(checked: &Checked) -> Vec<Vec<Cell>> {
    let pair = |total: Option<Total>| match total {
        Some(total) => [total.count.into(), total.amount.into()],
        None => ["".into(), "".into()],
    };
    let row = |(key, found): (&Key, &Difference)| {
        let mut row: Vec<Cell> = vec![
            key.contact_id.as_str().into(),
            key.element.as_str().into(),
            key.care_month.as_str().into(),
            key.cause.as_str().into(),
            key.rate.as_str().into(),
        ];
        row.extend(pair(found.stated));
        row.extend(pair(found.computed));
        row
    };
    checked.differences.iter().map(row).collect()
}

fn fault_rows(out: Out, checked: &Checked) -> Vec<Vec<Cell>> {
    let row = |fault: &Fault| {
        let told = fault_json(out, fault);
        let line =
            if fault.line == 0 { Cell::from("") } else { Cell::from(fault.line.to_string()) };
        vec![told.file.into(), line, told.message.into()]
    };
    checked.faults.iter().map(row).collect()
}

/// The lines that differ; what is wrong with files stands on stderr.
fn csv(out: Out, manifest: &Manifest, checked: &Checked) -> Result<(), Failure> {
    for fault in &checked.faults {
        out.note(&kernel::finding::Text::new(
            format!("{}:{} {}", fault.file, fault.line, fault.sv),
            format!("{}:{} {}", fault.file, fault.line, fault.en),
        ));
    }
    out.table_of(&manifest.origin, &HEADS, &difference_rows(checked))
}

fn tell(out: Out, manifest: &Manifest, checked: &Checked) -> Result<(), Failure> {
    out.synthetic_band(manifest.mark.is_some());
    let (unit, month) = (&manifest.unit, &manifest.month);
    out.say(
        &format!("Kvitto för {unit}, avräkningsmånad {month}"),
        &format!("Receipt for {unit}, settlement of {month}"),
    );
    for settled in &manifest.settlements {
        let (id, on) = (&settled.id, &settled.basis.on);
        let sum = kernel::money::Money::from_ore(settled.total_ore);
        out.say(&format!("{id}, {on}: {sum}"), &format!("{id}, {on}: {sum}"));
    }
    let (lines, contacts, given) = (checked.lines, checked.contacts, manifest.given.len());
    out.say(
        &format!("{lines} rader om {contacts} kontakter räknade på nytt; {given} givna uppgifter"),
        &format!("{lines} lines about {contacts} contacts computed again; {given} given facts"),
    );
    out.say(&format!("Kontrollsumma {}", checked.seal), &format!("Hash {}", checked.seal));
    if !checked.faults.is_empty() {
        out.say("\nFel i kvittot", "\nFaults of the receipt");
        out.table(&FAULT_HEADS, &fault_rows(out, checked))?;
    }
    if !checked.differences.is_empty() {
        out.say("\nRader som inte är som de ska", "\nLines that are not as they should be");
        out.table(&HEADS, &difference_rows(checked))?;
    }
    if checked.is_accepted() {
        out.say(
            "\nAllt stämmer: varje rad är vad besluten och rapporterna ger",
            "\nAll is right: every line is what the decisions and the reports give",
        );
    } else {
        out.say("\nKVITTOT STÄMMER INTE", "\nTHE RECEIPT IS NOT RIGHT");
    }
    Ok(())
}
