//! `export`: the books, payment runs and invoices as files that other programs read.
//!
//! Owns: which vouchers, payments and invoices there are, and what is left out and why. Does not own: the formats (`documents`).

mod chart;
mod flat;
mod invoices;
mod journal;

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Out};
use crate::workbook;
use chart::Chart;
use documents::books::{beancount, excel, hledger, sie};
use documents::legal::Legal;
use documents::marking::Marking;
use documents::payment::{self, Payment, PaymentFile};
use documents::refusal::Refusal;
use kernel::journal::PaymentState;
use kernel::money::Money;
use kernel::time::Day;
use serde::Serialize;
use std::path::Path;

pub use flat::{Of, flat};
pub(crate) use invoices::invoice_files;
pub use invoices::{AskInvoices, invoices};

/// Books that other programs read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Books {
    /// SIE 4I.
    Sie,
    /// A journal of hledger.
    Hledger,
    /// A file of Beancount.
    Beancount,
    /// An Excel workbook.
    Excel,
}

/// Which days, and what a file of synthetic data may be.
#[derive(Clone, Copy, Debug)]
pub struct Which {
    /// From this day.
    pub from: Option<Day>,
    /// Through this day.
    pub to: Option<Day>,
}

#[derive(Serialize)]
struct BooksJson<'a> {
    file: String,
    origin: &'a str,
    vouchers: usize,
    debit_ore: i64,
}

fn refused(refusal: &Refusal) -> Failure {
    let text = refusal.text();
    Failure::refused(text.sv, text.en)
}

/// What the amounts of a folder rest on.
fn marking(data: &DataFolder) -> Marking {
    let marks = data.element_marks();
    Marking {
        synthetic: data.is_synthetic(),
        illustrative: marks.values().any(|marks| marks.illustrative),
        unverified: marks.values().any(|marks| marks.unverified),
    }
}

/// Runs `export sie`, `export hledger`, `export beancount` and `export xlsx`.
pub fn books(
    out: Out,
    folder: &Path,
    books: Books,
    which: Which,
    file: &Path,
) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let name = workbook::marked_name("out", file, data.origin().name())?;
    let (journal, bytes) = written_books(&data, books, which)?;
    workbook::write_whole(file, &bytes)?;
    let postings = journal.vouchers.iter().flat_map(|voucher| &voucher.postings);
    let debit: Money = postings.map(|one| one.amount).filter(|amount| *amount > Money::ZERO).sum();
    let vouchers = journal.vouchers.len();
    if out.format == Format::Table {
        out.synthetic_band(data.is_synthetic());
        out.say(
            &format!("{name}: {vouchers} verifikationer, debet {debit}."),
            &format!("{name}: {vouchers} vouchers, debit {debit}."),
        );
    } else {
        let (origin, debit_ore) = (data.origin().name(), debit.ore());
        out.json(&BooksJson { file: name, origin, vouchers, debit_ore })?;
    }
    Ok(Outcome::Done)
}

/// The books of some days, and their file.
pub(crate) fn written_books(
    data: &DataFolder,
    books: Books,
    which: Which,
) -> Result<(documents::books::Books, Vec<u8>), Failure> {
    if let (Some(from), Some(to)) = (which.from, which.to)
        && to < from
    {
        return Err(Failure::usage(
            format!("--to {to} är före --from {from}"),
            format!("--to {to} is before --from {from}"),
        ));
    }
    let chart = Chart::of(data.register());
    let journal = journal::books(data, &chart, which, marking(data))?;
    let bytes = match books {
        Books::Sie => sie::write(&journal),
        Books::Hledger => hledger::write(&journal).map(String::into_bytes),
        Books::Beancount => beancount::write(&journal).map(String::into_bytes),
        Books::Excel => excel::write(&journal),
    };
    Ok((journal, bytes.map_err(|refusal| refused(&refusal))?))
}

/// Payments and invoices of made-up contacts are made only where someone means it.
fn refuse_synthetic(data: &DataFolder, is_allowed: bool) -> Result<(), Failure> {
    if !data.is_synthetic() || is_allowed {
        return Ok(());
    }
    Err(Failure::refused(
        "underlaget är syntetiskt: inget ska betalas. För att ändå se filen, lägg till --allow-synthetic",
        "the data are synthetic: nothing is to be paid. To see the file all the same, add --allow-synthetic",
    ))
}

#[derive(Serialize)]
struct PaymentsJson<'a> {
    file: String,
    origin: &'a str,
    run: &'a str,
    payments: usize,
    total_ore: i64,
}

/// What a payment file is made of.
#[derive(Clone, Copy, Debug)]
pub struct AskPayments<'a> {
    /// The run.
    pub run: &'a str,
    /// The day of payment; that of the run without.
    pub day: Option<Day>,
    /// The file.
    pub file: &'a Path,
    /// Whether made-up data may be paid.
    pub allow_synthetic: bool,
}

/// Runs `export pain001`.
pub fn pain001(out: Out, folder: &Path, ask: &AskPayments<'_>) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    refuse_synthetic(&data, ask.allow_synthetic)?;
    let name = workbook::marked_name("out", ask.file, data.origin().name())?;
    let (file, bytes) = payment_file(&data, ask.run, ask.day)?;
    workbook::write_whole(ask.file, &bytes)?;
    let total: Money = file.payments.iter().map(|payment| payment.amount).sum();
    let (count, day) = (file.payments.len(), file.day);
    if out.format == Format::Table {
        out.synthetic_band(data.is_synthetic());
        out.say(
            &format!("{name}: {count} betalningar, {total}, betalningsdag {day}."),
            &format!("{name}: {count} payments, {total}, day of payment {day}."),
        );
    } else {
        let (origin, run) = (data.origin().name(), ask.run);
        let total_ore = total.ore();
        out.json(&PaymentsJson { file: name, origin, run, payments: count, total_ore })?;
    }
    Ok(Outcome::Done)
}

/// The payments of a run that wait for the bank, and their file.
fn payment_file(
    data: &DataFolder,
    run: &str,
    day: Option<Day>,
) -> Result<(PaymentFile, Vec<u8>), Failure> {
    let chart = Chart::of(data.register());
    let payments = &data.journal().payments;
    let of_run = payments.iter().filter(|((of, _), _)| of == run);
    let is_there = of_run.clone().next().is_some();
    let of_run: Vec<_> = of_run.filter(|(_, one)| one.state == PaymentState::Sent).collect();
    if is_there && of_run.is_empty() {
        return Err(Failure::refused(
            format!(
                "betalningen `{run}` är redan betald eller återsänd; ingen fil skrivs, så att inget betalas två gånger"
            ),
            format!(
                "the payment `{run}` is already paid or returned; no file is written, so that nothing is paid twice"
            ),
        ));
    }
    let Some((_, first)) = of_run.first() else {
        return Err(Failure::refused(
            format!("ingen betalning heter `{run}`; `pay show` visar dem"),
            format!("no payment is called `{run}`; `pay show` shows them"),
        ));
    };
    let day = day.unwrap_or(first.sent_on);
    if day < first.sent_on {
        let sent = first.sent_on;
        return Err(Failure::refused(
            format!(
                "betalningsdagen {day} är före {sent}, den dag `{run}` sändes; ange en senare dag med --day"
            ),
            format!(
                "the day of payment {day} is before {sent}, the day `{run}` was sent; give a later day with --day"
            ),
        ));
    }
    let (debtor, bankgiro) = chart.region_account()?;
    let payment = |((run, payee), payment): &(&(String, String), &kernel::journal::Payment)| {
        Ok::<_, Failure>(Payment {
            id: format!("{run}-{}", short(payee)),
            payee: chart.legal(payee),
            bankgiro: chart.bankgiro(payee)?,
            amount: payment.amount(),
            reference: format!("{run} {}", settlements(payment)),
        })
    };
    let list: Result<Vec<_>, Failure> = of_run.iter().map(payment).collect();
    let file = PaymentFile {
        id: run.to_owned(),
        created: engine::now(),
        debtor,
        bankgiro,
        bic: None,
        day,
        payments: list?,
        marking: marking(data),
    };
    let bytes = payment::write(&file).map_err(|refusal| refused(&refusal))?;
    Ok((file, bytes))
}

/// The payment file of a run, where it may be made.
pub(crate) fn payment_bytes(
    data: &DataFolder,
    run: &str,
    day: Option<Day>,
    allow_synthetic: bool,
) -> Result<Vec<u8>, Failure> {
    refuse_synthetic(data, allow_synthetic)?;
    Ok(payment_file(data, run, day)?.1)
}

/// The months that a payment is of, so that the payee knows it again.
fn settlements(payment: &kernel::journal::Payment) -> String {
    let mut settlements: Vec<&str> =
        payment.rows.iter().map(|row| row.settlement.as_str()).collect();
    settlements.dedup();
    match settlements.as_slice() {
        [one] => (*one).to_owned(),
        [first, .., last] => format!("{first} - {last}"),
        [] => String::new(),
    }
}

/// An id of a payee that fits beside the run in 35 characters, told apart from others by the whole of it.
fn short(payee: &str) -> String {
    const ROOM: usize = 24;
    if payee.len() <= ROOM {
        return payee.to_owned();
    }
    let hash = store::files::sha256(payee.as_bytes());
    let end = hash.get(..6).unwrap_or_default();
    let start: String = payee.chars().take(ROOM - 7).collect();
    format!("{}-{end}", start.trim_end_matches('-'))
}

/// A party by its id where the register has no name for it.
fn unnamed(id: &str) -> Legal {
    Legal { name: id.to_owned(), org_number: None }
}
