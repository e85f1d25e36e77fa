//! `settle`: preview or book a month.

use crate::data::{DataFolder, Preview};
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use kernel::finding::Text;
use kernel::price::Total;
use kernel::settle::SummaryKey;
use kernel::time::{Day, Month};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Serialize)]
struct SettleJson<'a> {
    month: String,
    on: String,
    origin: &'static str,
    hash: &'a str,
    lines: Vec<RowJson<'a>>,
    total_ore: i64,
    total: String,
    shadow: Vec<RowJson<'a>>,
    unpriced: Vec<CountJson>,
    rejected: Vec<CountJson>,
    contacts: usize,
    booked: Option<&'a str>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    unit: &'a str,
    payee: &'a str,
    payer: &'a str,
    element: &'a str,
    care_month: String,
    cause: &'static str,
    count: i64,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize)]
struct CountJson {
    reason: &'static str,
    count: i64,
}

/// Runs `settle`.
pub fn run(
    out: Out,
    folder: &Path,
    month: Month,
    on: Option<Day>,
    book: bool,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let preview = data.preview(month, on)?;
    for finding in &preview.findings {
        eprintln!("{}", out.finding(finding));
    }
    let booked = if book { data.book(&preview)? } else { None };
    let id = booked.as_ref().map(|settlement| settlement.booked.id.as_str());
    let summary = data.summary(&preview.lines);
    match out.format {
        Format::Json => out.json(&json(&data, &preview, &summary, id))?,
        Format::Csv => out.table(&HEADS, &cells(&summary))?,
        Format::Table => tell(out, &data, &preview, &summary, book, id)?,
    }
    Ok(Outcome::Done)
}

fn json<'a>(
    data: &DataFolder,
    preview: &'a Preview,
    summary: &BTreeMap<SummaryKey<'a>, Total>,
    booked: Option<&'a str>,
) -> SettleJson<'a> {
    let rows = |payable: bool| {
        let rows = summary.iter().filter(|(key, _)| key.payable == payable);
        rows.map(|(key, total)| RowJson {
            unit: key.unit,
            payee: key.payee,
            payer: key.payer,
            element: key.element,
            care_month: key.care_month.to_string(),
            cause: key.cause.name(),
            count: total.count,
            amount_ore: total.amount.ore(),
            amount: total.amount.to_string(),
        })
        .collect()
    };
    let unpriced = preview.unpriced.iter();
    let rejected = preview.rejected.iter();
    SettleJson {
        month: preview.basis.month.to_string(),
        on: preview.basis.on.to_string(),
        origin: data.origin().name(),
        hash: &preview.hash,
        lines: rows(true),
        total_ore: preview.total.ore(),
        total: preview.total.to_string(),
        shadow: rows(false),
        unpriced: unpriced.map(|(r, n)| CountJson { reason: r.name(), count: *n }).collect(),
        rejected: rejected.map(|(c, n)| CountJson { reason: c.name(), count: *n }).collect(),
        contacts: preview.contacts,
        booked,
    }
}

const HEADS: [Head; 9] = [
    text("unit", "Enhet", "Unit"),
    text("payee", "Betalningsmottagare", "Payee"),
    text("payer", "Betalare", "Payer"),
    text("element", "Ersättningsslag", "Element"),
    text("care_month", "Vårdmånad", "Care month"),
    text("cause", "Orsak", "Cause"),
    text("payable", "Betalas", "Payable"),
    number("count", "Antal", "Count"),
    number("amount_ore", "Belopp", "Amount"),
];

fn cells(summary: &BTreeMap<SummaryKey<'_>, Total>) -> Vec<Vec<Cell>> {
    let row = |(key, total): (&SummaryKey<'_>, &Total)| {
        vec![
            key.unit.into(),
            key.payee.into(),
            key.payer.into(),
            key.element.into(),
            key.care_month.to_string().into(),
            key.cause.name().into(),
            key.payable.to_string().into(),
            total.count.into(),
            total.amount.into(),
        ]
    };
    summary.iter().map(row).collect()
}

fn tell(
    out: Out,
    data: &DataFolder,
    preview: &Preview,
    summary: &BTreeMap<SummaryKey<'_>, Total>,
    book: bool,
    booked: Option<&str>,
) -> Result<(), Failure> {
    out.synthetic_band(data.is_synthetic());
    out.table(&HEADS, &cells(summary))?;
    let (month, on, total) = (preview.basis.month, preview.basis.on, preview.total);
    out.say(
        &format!("\nAvräkning {month}, {on}: att betala {total}"),
        &format!("\nSettlement {month}, {on}: to pay {total}"),
    );
    for (reason, count) in &preview.unpriced {
        out.say(
            &format!("Ej prissatta kontakter, {reason}: {count}"),
            &format!("Unpriced contacts, {reason}: {count}"),
        );
    }
    let text = match (book, booked) {
        (false, _) => Text::new(
            "Förhandsvisning; inget är bokfört. Bokför med --book.",
            "Preview; nothing is booked. Book with --book.",
        ),
        (true, Some(id)) => Text::new(format!("Bokförd som {id}."), format!("Booked as {id}.")),
        (true, None) => Text::new(
            "Månaden är redan bokförd och inget nytt har tillkommit.",
            "The month is booked already and nothing new has come.",
        ),
    };
    out.say(&text.sv, &text.en);
    Ok(())
}
