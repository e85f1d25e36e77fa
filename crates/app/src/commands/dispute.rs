//! `dispute`: a clinic contests a row, which is held back from payment until the dispute is over.
//!
//! Owns: finding the contested row, and how disputes are told. Does not own: what is held back (`kernel::journal`).

use super::books::New;
use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::{engine, words};
use kernel::journal::{Deed, DeedKind, Dispute, Row};
use kernel::money::Money;
use kernel::time::{Day, Month};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Days to answer in, where nothing else is said.
const DAYS: i32 = 30;

/// What is contested.
#[derive(Clone, Copy, Debug)]
pub struct Contested<'a> {
    /// The settlement.
    pub settlement: &'a str,
    /// The unit.
    pub unit: &'a str,
    /// The contact; absent for what is of no contact.
    pub contact: Option<&'a str>,
    /// The element.
    pub element: &'a str,
    /// The month of care.
    pub care_month: Option<Month>,
    /// Why.
    pub reason: &'a str,
    /// The day to answer by.
    pub due: Option<Day>,
    /// The day it counts from.
    pub on: Option<Day>,
}

/// Runs `dispute open`.
pub fn open(out: Out, folder: &Path, ask: &Contested<'_>, by: &str) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let id = opened(&mut data, ask, by)?;
    let on = ask.on.unwrap_or_else(engine::today);
    let Some(dispute) = data.journal().disputes.get(&id) else { return Ok(Outcome::Done) };
    if out.format == Format::Json {
        out.json(&json((&id, dispute)))?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    let (amount, due) = (dispute.row.amount, dispute.due.unwrap_or(on));
    if let Some(run) = &dispute.sent_in {
        out.say(
            &format!("Invändning {id}: {amount}. Raden är redan sänd till banken ({run}), så inget hålls inne. Svar senast {due}."),
            &format!("Dispute {id}: {amount}. The row was already sent to the bank ({run}), so nothing is held back. Answer by {due}."),
        );
    } else if !dispute.is_paid_out {
        let payee = &dispute.row.payee;
        out.say(
            &format!("Invändning {id}: {amount}. Inget av avräkningen betalas ut till `{payee}` för enheten, så inget hålls inne. Svar senast {due}."),
            &format!("Dispute {id}: {amount}. Nothing of the settlement is paid out to `{payee}` for the unit, so nothing is held back. Answer by {due}."),
        );
    } else {
        out.say(
            &format!("Invändning {id}: {amount} hålls inne, resten betalas. Svar senast {due}."),
            &format!("Dispute {id}: {amount} is held back, the rest is paid. Answer by {due}."),
        );
    }
    Ok(Outcome::Done)
}

/// Contests a row; gives the id of the dispute.
pub fn opened(data: &mut DataFolder, ask: &Contested<'_>, by: &str) -> Result<String, Failure> {
    let row = contested(data, ask)?;
    if !row.contact.is_empty() {
        data.log_access(by, "dispute", &row.unit, &row.contact, 1, &row.settlement)?;
    }
    let number = data.journal().disputes.len() + 1;
    let id = format!("t-{number}");
    let on = ask.on.unwrap_or_else(engine::today);
    let due = Some(ask.due.unwrap_or_else(|| on.plus(DAYS)));
    let new = New { kind: DeedKind::Dispute, subject: &id, by, note: ask.reason, on: Some(on) };
    data.act(Deed { due, rows: vec![row], ..new.deed() })?;
    Ok(id)
}

/// The row that is contested: what the payable lines of one month of care come to.
fn contested(data: &DataFolder, ask: &Contested<'_>) -> Result<Row, Failure> {
    let settlement = super::settlements::find(data, ask.settlement)?;
    let lines = data.booked_lines(settlement)?;
    let mut sums: BTreeMap<(Month, String), Money> = BTreeMap::new();
    let mine = lines.rows().filter(|line| {
        line.payable
            && line.unit == ask.unit
            && line.contact_id == ask.contact
            && line.element == ask.element
            && ask.care_month.is_none_or(|month| line.care_month == month)
    });
    for line in mine {
        let key = (line.care_month, line.payee.to_owned());
        *sums.entry(key).or_default() += line.amount;
    }
    let mut sums = sums.into_iter().filter(|(_, amount)| *amount != Money::ZERO);
    let (element, unit) = (ask.element, ask.unit);
    match (sums.next(), sums.next()) {
        (Some(((month, payee), amount)), None) => Ok(Row {
            settlement: ask.settlement.to_owned(),
            unit: unit.to_owned(),
            payee,
            contact: ask.contact.unwrap_or_default().to_owned(),
            element: element.to_owned(),
            care_month: Some(month),
            amount,
        }),
        (Some(((first, _), _)), Some(((second, _), _))) => Err(Failure::refused(
            format!(
                "avräkningen har raden för flera månader ({first}, {second} …); ange en med --care-month"
            ),
            format!(
                "the settlement has the row for several months ({first}, {second} …); name one with --care-month"
            ),
        )),
        (None, _) => {
            let of = ask.contact.unwrap_or("–");
            Err(Failure::refused(
                format!(
                    "`{}` har ingen rad att bestrida för enhet `{unit}`, kontakt {of}, ersättningsslag `{element}`; statement --lines visar raderna",
                    ask.settlement
                ),
                format!(
                    "`{}` has no row to dispute for unit `{unit}`, contact {of}, element `{element}`; statement --lines shows the rows",
                    ask.settlement
                ),
            ))
        }
    }
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DisputeJson<'a> {
    id: &'a str,
    state: &'static str,
    settlement: &'a str,
    unit: &'a str,
    payee: &'a str,
    contact: &'a str,
    element: &'a str,
    care_month: Option<String>,
    amount_ore: i64,
    held_back_ore: i64,
    by: &'a str,
    on: String,
    due: Option<String>,
    overdue: bool,
    reason: &'a str,
    answer: Option<&'a str>,
}

/// Whether the answer is late.
fn is_overdue(dispute: &Dispute) -> bool {
    dispute.state == kernel::journal::DisputeState::Open
        && dispute.due.is_some_and(|due| due < engine::today())
}

/// A dispute as programs are told of it.
pub(crate) fn json<'a>((id, dispute): (&'a String, &'a Dispute)) -> DisputeJson<'a> {
    DisputeJson {
        id,
        state: dispute.state.name(),
        settlement: &dispute.row.settlement,
        unit: &dispute.row.unit,
        payee: &dispute.row.payee,
        contact: &dispute.row.contact,
        element: &dispute.row.element,
        care_month: dispute.row.care_month.map(|month| month.to_string()),
        amount_ore: dispute.row.amount.ore(),
        held_back_ore: dispute.frozen().ore(),
        by: &dispute.by,
        on: dispute.on.to_string(),
        due: dispute.due.map(|due| due.to_string()),
        overdue: is_overdue(dispute),
        reason: &dispute.reason,
        answer: dispute.answer.as_deref(),
    }
}

/// Keeps a note of who looks at the contacts of some disputes.
pub(crate) fn log_shown<'a>(
    data: &DataFolder,
    shown: impl Iterator<Item = &'a Dispute>,
    by: &str,
) -> Result<(), Failure> {
    let of_contacts = shown.filter(|dispute| !dispute.row.contact.is_empty());
    data.log_access(by, "dispute", "", "", of_contacts.count(), "")
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ShowJson<'a> {
    pub(crate) disputes: Vec<DisputeJson<'a>>,
}

/// Runs `dispute show`.
pub fn show(out: Out, folder: &Path, by: &str) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let disputes = &data.journal().disputes;
    log_shown(&data, disputes.values(), by)?;
    if out.format == Format::Json {
        out.json(&ShowJson { disputes: disputes.iter().map(json).collect() })?;
        return Ok(Outcome::Done);
    }
    if out.format == Format::Table {
        out.synthetic_band(data.is_synthetic());
        if disputes.is_empty() {
            out.say("Inga invändningar.", "No disputes.");
            return Ok(Outcome::Done);
        }
    }
    let cells = |(id, dispute): (&String, &Dispute)| -> Vec<Cell> {
        let due = dispute.due.map_or_else(String::new, |due| due.to_string());
        vec![
            id.as_str().into(),
            words::dispute_state(out.lang, dispute.state),
            dispute.row.settlement.as_str().into(),
            dispute.row.unit.as_str().into(),
            dispute.row.contact.as_str().into(),
            dispute.row.element.as_str().into(),
            dispute.row.amount.into(),
            dispute.frozen().into(),
            due.into(),
            words::is(out.lang, is_overdue(dispute)),
            dispute.reason.as_str().into(),
            dispute.answer.as_deref().unwrap_or("").into(),
        ]
    };
    let rows: Vec<_> = disputes.iter().map(cells).collect();
    out.table_of(data.origin().name(), &HEADS, &rows)?;
    Ok(Outcome::Done)
}

const HEADS: [Head; 12] = [
    text("id", "Invändning", "Dispute"),
    text("state", "Läge", "State"),
    text("settlement", "Avräkning", "Settlement"),
    text("unit", "Enhet", "Unit"),
    text("contact", "Kontakt", "Contact"),
    text("element", "Ersättningsslag", "Element"),
    number("amount_ore", "Belopp", "Amount"),
    number("held_back_ore", "Hålls inne", "Held back"),
    text("due", "Svar senast", "Answer by"),
    text("overdue", "Försenat", "Overdue"),
    text("reason", "Skäl", "Reason"),
    text("answer", "Svar", "Answer"),
];
