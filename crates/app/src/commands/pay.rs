//! `pay`: what can be paid, and what became of what was sent to the bank.
//!
//! Owns: how payment runs are made and told. Does not own: what can be paid (`kernel::journal`).

use super::books::New;
use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use kernel::journal::{Deed, DeedKind, Payment, Row};
use kernel::money::Money;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ShowJson<'a> {
    origin: &'static str,
    to_pay: Vec<RowJson<'a>>,
    to_pay_ore: i64,
    waiting: Vec<RowJson<'a>>,
    waiting_ore: i64,
    payments: Vec<PaymentJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct RowJson<'a> {
    settlement: &'a str,
    unit: &'a str,
    payee: &'a str,
    amount_ore: i64,
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PaymentJson<'a> {
    run: &'a str,
    payee: &'a str,
    state: &'static str,
    sent_on: String,
    amount_ore: i64,
    rows: Vec<RowJson<'a>>,
}

fn row_json(row: &Row) -> RowJson<'_> {
    RowJson {
        settlement: &row.settlement,
        unit: &row.unit,
        payee: &row.payee,
        amount_ore: row.amount.ore(),
    }
}

/// Runs `pay show`.
pub fn show(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let to_pay = data.journal().to_pay();
    let total: Money = to_pay.iter().map(|row| row.amount).sum();
    let waiting = data.journal().waiting();
    let owing: Money = waiting.iter().map(|row| row.amount).sum();
    let payments = &data.journal().payments;
    if out.format == Format::Json {
        let json = ShowJson {
            origin: data.origin().name(),
            to_pay: to_pay.iter().map(row_json).collect(),
            to_pay_ore: total.ore(),
            waiting: waiting.iter().map(row_json).collect(),
            waiting_ore: owing.ore(),
            payments: payments.iter().map(payment_json).collect(),
        };
        out.json(&json)?;
        return Ok(Outcome::Done);
    }
    let cells = |((run, payee), payment): (&(String, String), &Payment)| -> Vec<Cell> {
        vec![
            run.as_str().into(),
            payee.as_str().into(),
            payment.sent_on.to_string().into(),
            words::payment_state(out.lang, payment.state),
            payment.amount().into(),
        ]
    };
    let mut rows: Vec<_> = payments.iter().map(cells).collect();
    let payable = Cell::of(out.lang.pick("kan betalas", "payable"), "payable");
    let waits = Cell::of(out.lang.pick("väntar (skuld)", "waits (owes)"), "waiting");
    for (left, state) in [(&to_pay, payable), (&waiting, waits)] {
        let mut of_payee: BTreeMap<&str, Money> = BTreeMap::new();
        for row in left {
            *of_payee.entry(&row.payee).or_default() += row.amount;
        }
        rows.extend(of_payee.iter().map(|(payee, amount)| -> Vec<Cell> {
            vec!["".into(), (*payee).into(), "".into(), state.clone(), (*amount).into()]
        }));
    }
    if out.format == Format::Table {
        out.synthetic_band(data.is_synthetic());
    }
    out.table_of(data.origin().name(), &HEADS, &rows)?;
    if out.format == Format::Table {
        out.say(&format!("\nKan betalas nu: {total}"), &format!("\nCan be paid now: {total}"));
        if !waiting.is_empty() {
            out.say(
                &format!("Väntar tills mottagaren ska ha mer än den är skyldig: {owing}"),
                &format!("Waits until the payee is owed more than it owes: {owing}"),
            );
        }
    }
    Ok(Outcome::Done)
}

fn payment_json<'a>(
    ((run, payee), payment): (&'a (String, String), &'a Payment),
) -> PaymentJson<'a> {
    PaymentJson {
        run,
        payee,
        state: payment.state.name(),
        sent_on: payment.sent_on.to_string(),
        amount_ore: payment.amount().ore(),
        rows: payment.rows.iter().map(row_json).collect(),
    }
}

/// Runs `pay send`: everything that can be paid becomes one run.
pub fn send(out: Out, folder: &Path, by: &str, on: Option<Day>) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let run = send_all(&mut data, by, on)?;
    let payments = data.journal().payments.iter().filter(|((of, _), _)| *of == run);
    if out.format == Format::Json {
        let payments: Vec<_> = payments.map(payment_json).collect();
        out.json(&payments)?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    let (mut count, mut total) = (0, Money::ZERO);
    for (_, payment) in payments {
        count += 1;
        total += payment.amount();
    }
    out.say(
        &format!(
            "Betalning {run}: {total} till {count} vårdgivare. Filen: export pain001 --run {run}"
        ),
        &format!(
            "Payment {run}: {total} to {count} providers. The file: export pain001 --run {run}"
        ),
    );
    Ok(Outcome::Done)
}

/// Refuses to send where another sum can be paid now than the one that was looked at; the sum.
pub fn refuse_other_total(data: &DataFolder, seen_ore: Option<i64>) -> Result<Money, Failure> {
    let total: Money = data.journal().to_pay().iter().map(|row| row.amount).sum();
    if seen_ore == Some(total.ore()) {
        return Ok(total);
    }
    Err(Failure::refused(
        format!("nu kan {total} betalas, inte summan som sändes med; se på det igen"),
        format!("now {total} can be paid, not the sum that was sent; look at it again"),
    ))
}

/// Sends everything that can be paid; gives the id of the run.
pub fn send_all(data: &mut DataFolder, by: &str, on: Option<Day>) -> Result<String, Failure> {
    let runs = data.deeds().iter().filter(|(_, deed)| deed.kind == DeedKind::Send).count();
    let subject = format!("b-{}", runs + 1);
    let new = New { kind: DeedKind::Send, subject: &subject, by, note: "", on };
    data.act(Deed { rows: data.journal().to_pay(), ..new.deed() })?;
    Ok(subject)
}

/// Runs `pay confirm` and `pay return`.
pub fn answer(
    out: Out,
    folder: &Path,
    kind: DeedKind,
    run: &str,
    payees: &[String],
    by: &str,
    on: Option<Day>,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let row = |payee: &String| Row { payee: payee.clone(), ..Row::default() };
    let new = New { kind, subject: run, by, note: "", on };
    let deed = Deed { rows: payees.iter().map(row).collect(), ..new.deed() };
    let told = data.journal().payees_of(&deed).map_err(|why| Failure::refused(why.sv, why.en))?;
    let seq = data.act(deed)?;
    let told = match told.as_slice() {
        [one] => one.clone(),
        many => {
            out.lang.pick("{} vårdgivare", "{} providers").replace("{}", &many.len().to_string())
        }
    };
    let done = words::deed(kind);
    if out.format == Format::Table {
        out.say(
            &format!("{}: {run} till {told} (åtgärd {seq}).", done.sv),
            &format!("{}: {run} to {told} (deed {seq}).", done.en),
        );
    } else {
        let payments = data.journal().payments.iter().filter(|((of, _), _)| of == run);
        out.json(&payments.map(payment_json).collect::<Vec<_>>())?;
    }
    Ok(Outcome::Done)
}

const HEADS: [Head; 5] = [
    text("run", "Betalning", "Payment"),
    text("payee", "Betalningsmottagare", "Payee"),
    text("sent_on", "Sänd", "Sent on"),
    text("state", "Läge", "State"),
    number("amount_ore", "Belopp", "Amount"),
];
