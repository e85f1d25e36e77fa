//! `export invoices`: what a settlement owes each provider, as a document that the provider sends or that the region makes in its place.

use super::chart::Chart;
use super::{marking, refuse_synthetic};
use crate::commands::settlements;
use crate::data::{DataFolder, Labels};
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::workbook;
use documents::invoice::{Invoice, InvoiceLine, Issuer, Party, write};
use kernel::fact::PaymentDetails;
use kernel::finding::Text;
use kernel::money::Money;
use kernel::time::{Day, Month};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Days to pay in.
const DAYS: i32 = 30;

#[derive(Serialize)]
struct InvoicesJson<'a> {
    settlement: &'a str,
    origin: &'a str,
    invoices: Vec<InvoiceJson>,
    total_ore: i64,
    left_out_ore: i64,
}

#[derive(Serialize)]
struct InvoiceJson {
    payee: String,
    file: Option<String>,
    kind: Option<&'static str>,
    amount_ore: i64,
    reason: Option<String>,
}

/// What the invoices are made of.
#[derive(Clone, Copy, Debug)]
pub struct AskInvoices<'a> {
    /// The settlement.
    pub settlement: &'a str,
    /// Folder to write to.
    pub folder: &'a Path,
    /// Whether made-up data may be invoiced.
    pub allow_synthetic: bool,
}

/// What came of one payee: the file and the type of document, or why there is none.
pub(crate) struct Made {
    /// Who is paid.
    pub payee: String,
    /// Name, type of document and bytes.
    pub file: Option<(String, &'static str, Vec<u8>)>,
    /// What it comes to.
    pub amount: Money,
    /// Why there is none.
    pub why: Text,
}

/// Lines of a payee: unit, element and month of care.
type Lines = BTreeMap<(String, String, Month), Money>;

/// Runs `export invoices`. A payee that no invoice can be made for is listed with the reason, and the command says so.
pub fn invoices(out: Out, folder: &Path, ask: &AskInvoices<'_>) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let made = invoice_files(&data, ask.settlement, ask.allow_synthetic)?;
    workbook::folder(ask.folder)?;
    for (name, _, bytes) in made.iter().filter_map(|one| one.file.as_ref()) {
        workbook::write_whole(&ask.folder.join(name), bytes)?;
    }
    tell(out, &data, ask, made)
}

/// Every invoice of a settlement, and the payees that none can be made for.
pub(crate) fn invoice_files(
    data: &DataFolder,
    settlement_id: &str,
    allow_synthetic: bool,
) -> Result<Vec<Made>, Failure> {
    refuse_synthetic(data, allow_synthetic)?;
    let settlement = settlements::find(data, settlement_id)?;
    let chart = Chart::of(data.register());
    let labels = data.labels();
    let mut of_payee: BTreeMap<String, Lines> = BTreeMap::new();
    let lines = data.booked_lines(settlement)?;
    let paid = lines.rows().filter(|line| line.payable && !chart.is_internal(line.payee));
    for line in paid {
        let key = (line.unit.to_owned(), line.element.to_owned(), line.care_month);
        *of_payee.entry(line.payee.to_owned()).or_default().entry(key).or_default() += line.amount;
    }
    let mut made = Vec::new();
    for (payee, mut lines) in of_payee {
        lines.retain(|_, amount| *amount != Money::ZERO);
        let amount: Money = lines.values().copied().sum();
        if amount == Money::ZERO && lines.is_empty() {
            continue;
        }
        let on = settlement.booked.settled_on;
        let invoice = invoice(data, &chart, &labels, settlement_id, &payee, &lines, on);
        let kind = kind(invoice.issuer, amount);
        let mark = if data.is_synthetic() { "SYNTETISKA-DATA-" } else { "" };
        let name = format!("{mark}{kind}-{settlement_id}-{payee}.xml");
        match write(&invoice) {
            Ok(bytes) => {
                let file = Some((name, kind, bytes));
                made.push(Made { payee, file, amount, why: Text::new("", "") });
            }
            Err(refusal) => made.push(Made { payee, file: None, amount, why: refusal.text() }),
        }
    }
    Ok(made)
}

fn tell(
    out: Out,
    data: &DataFolder,
    ask: &AskInvoices<'_>,
    made: Vec<Made>,
) -> Result<Outcome, Failure> {
    let sum = |is_made: bool| -> Money {
        let of_kind = made.iter().filter(|one| one.file.is_some() == is_made);
        of_kind.map(|one| one.amount).sum()
    };
    let (total, left_out) = (sum(true), sum(false));
    let is_whole = made.iter().all(|one| one.file.is_some());
    if out.format == Format::Json {
        let invoice = |Made { payee, file, amount, why }: Made| {
            let reason = file.is_none().then(|| out.lang.of(&why).to_owned());
            let (file, kind) = file.map(|(name, kind, _)| (name, kind)).unzip();
            InvoiceJson { payee, file, kind, amount_ore: amount.ore(), reason }
        };
        out.json(&InvoicesJson {
            settlement: ask.settlement,
            origin: data.origin().name(),
            invoices: made.into_iter().map(invoice).collect(),
            total_ore: total.ore(),
            left_out_ore: left_out.ore(),
        })?;
    } else {
        let cells = |Made { payee, file, amount, why }: &Made| -> Vec<Cell> {
            let (name, kind) =
                file.as_ref().map_or(("", ""), |(name, kind, _)| (name.as_str(), *kind));
            let why = if file.is_some() { "" } else { out.lang.of(why) };
            vec![payee.as_str().into(), kind.into(), (*amount).into(), name.into(), why.into()]
        };
        let rows: Vec<_> = made.iter().map(cells).collect();
        if out.format == Format::Table {
            out.synthetic_band(data.is_synthetic());
        }
        out.table_of(data.origin().name(), &HEADS, &rows)?;
        if out.format == Format::Table {
            out.say(
                &format!("\nFakturerat {total}; utan faktura {left_out}."),
                &format!("\nInvoiced {total}; without an invoice {left_out}."),
            );
        }
    }
    Ok(if is_whole { Outcome::Done } else { Outcome::Findings })
}

/// The type of document, by who makes it and which way the money goes.
fn kind(issuer: Issuer, amount: Money) -> &'static str {
    match (issuer, amount < Money::ZERO) {
        (Issuer::Seller, false) => "380",
        (Issuer::Seller, true) => "381",
        (Issuer::Buyer, false) => "389",
        (Issuer::Buyer, true) => "261",
    }
}

fn invoice(
    data: &DataFolder,
    chart: &Chart<'_>,
    labels: &Labels,
    settlement: &str,
    payee: &str,
    lines: &Lines,
    on: Day,
) -> Invoice {
    let details = chart.details(payee);
    let by_region = details.is_some_and(|details| details.self_billing);
    let line =
        |((unit, element, care_month), amount): (&(String, String, Month), &Money)| InvoiceLine {
            label: labels.element(element).shown().to_owned(),
            description: format!("{}, {element}", labels.unit(unit).shown()),
            care_month: *care_month,
            amount: *amount,
        };
    Invoice {
        number: format!("{settlement}-{payee}"),
        issuer: if by_region { Issuer::Buyer } else { Issuer::Seller },
        issued: on,
        due: on.plus(DAYS),
        seller: party(chart.legal(payee), details),
        buyer: party(chart.region(), chart.region_details()),
        buyer_reference: settlement.to_owned(),
        agreement: None,
        corrects: None,
        bankgiro: details.and_then(|details| details.bankgiro.clone()),
        lines: lines.iter().map(line).collect(),
        marking: marking(data),
    }
}

fn party(legal: documents::legal::Legal, details: Option<&PaymentDetails>) -> Party {
    let [street, zone, city] =
        details.map_or_else(Default::default, |details| details.address.clone());
    Party {
        legal,
        vat_number: details.and_then(|details| details.vat_number.clone()),
        f_tax: details.is_some_and(|details| details.f_tax),
        street,
        zone,
        city,
    }
}

const HEADS: [Head; 5] = [
    text("payee", "Betalningsmottagare", "Payee"),
    text("kind", "Dokument", "Document"),
    number("amount_ore", "Belopp", "Amount"),
    text("file", "Fil", "File"),
    text("reason", "Varför inte", "Why not"),
];
