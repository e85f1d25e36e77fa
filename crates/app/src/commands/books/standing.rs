//! `books show`: where every draft, settlement, month, dispute and accrual stands.

use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use kernel::journal::{Booked, Journal, PaymentState};
use kernel::money::Money;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ShowJson<'a> {
    attest_required: bool,
    closed_through: Option<String>,
    closed_years: Vec<i32>,
    drafts: Vec<DraftJson<'a>>,
    settlements: Vec<SettlementJson<'a>>,
    accruals: Vec<AccrualJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct DraftJson<'a> {
    id: &'a str,
    month: String,
    by: &'a str,
    attested_by: Option<&'a str>,
    booked_as: Option<&'a str>,
    total_ore: i64,
    hash: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct SettlementJson<'a> {
    id: &'a str,
    month: Option<String>,
    by: &'a str,
    state: &'static str,
    owed_ore: i64,
    sent_ore: i64,
    paid_ore: i64,
    held_back_ore: i64,
}

#[derive(Serialize, JsonSchema)]
struct AccrualJson<'a> {
    id: &'a str,
    on: String,
    amount_ore: i64,
    note: &'a str,
    released: bool,
}

/// What of a settlement is where.
#[derive(Clone, Copy, Default)]
pub(crate) struct Where {
    /// Owed to providers.
    pub owed: Money,
    /// Sent to the bank and not answered.
    pub sent: Money,
    /// Paid by the bank.
    pub paid: Money,
    /// Held back by disputes.
    pub held_back: Money,
}

impl Where {
    pub(crate) fn of(journal: &Journal, settlement: &str) -> Self {
        let mut found = Self::default();
        let owed = journal.owed.iter().filter(|(share, _)| share.settlement == settlement);
        found.owed = owed.map(|(_, amount)| *amount).sum();
        for payment in journal.payments.values() {
            let rows = payment.rows.iter().filter(|row| row.settlement == settlement);
            let amount: Money = rows.map(|row| row.amount).sum();
            match payment.state {
                PaymentState::Sent => found.sent += amount,
                PaymentState::Paid => found.paid += amount,
                PaymentState::Returned => {}
            }
        }
        let disputes = journal.disputes.values().filter(|one| one.row.settlement == settlement);
        found.held_back = disputes.map(kernel::journal::Dispute::frozen).sum();
        found
    }

    /// The stable name of the state.
    pub(crate) fn state(self, booked: &Booked) -> &'static str {
        let away = self.sent + self.paid;
        match () {
            () if booked.is_undone => "undone",
            () if away == Money::ZERO => "booked",
            () if self.paid == self.owed => "paid",
            () if away == self.owed => "sent",
            () => "partly-sent",
        }
    }
}

/// Runs `books show`.
pub fn show(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let journal = data.journal();
    if out.format == Format::Json {
        out.json(&json(&data, journal))?;
        return Ok(Outcome::Done);
    }
    let rows: Vec<_> =
        journal.settlements.iter().map(|booked| settlement_cells(out, journal, booked)).collect();
    if out.format == Format::Csv {
        out.table_of(data.origin().name(), &SETTLEMENTS, &rows)?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    let attest = match journal.is_attest_required {
        true => ("krävs av en annan person", "required, of another person"),
        false => ("krävs inte", "not required"),
    };
    out.say(&format!("Attest: {}.", attest.0), &format!("Attest: {}.", attest.1));
    if let Some(month) = journal.closed_through {
        out.say(&format!("Stängt till och med {month}."), &format!("Closed through {month}."));
    }
    for year in &journal.closed_years {
        out.say(&format!("Året {year} är stängt."), &format!("The year {year} is closed."));
    }
    let drafts: Vec<_> = data.drafts().iter().map(|draft| draft_cells(journal, draft)).collect();
    if !drafts.is_empty() {
        out.say("\nUtkast", "\nDrafts");
        out.table(&DRAFTS, &drafts)?;
    }
    if !rows.is_empty() {
        out.say("\nAvräkningar", "\nSettlements");
        out.table(&SETTLEMENTS, &rows)?;
    }
    let accruals: Vec<_> = journal.accruals.iter().map(|one| accrual_cells(out, one)).collect();
    if !accruals.is_empty() {
        out.say("\nUpplupna kostnader", "\nAccruals");
        out.table(&ACCRUALS, &accruals)?;
    }
    Ok(Outcome::Done)
}

fn json<'a>(data: &'a DataFolder, journal: &'a Journal) -> ShowJson<'a> {
    let draft = |draft: &'a store::Settlement| {
        let state = journal.drafts.get(&draft.booked.id);
        DraftJson {
            id: &draft.booked.id,
            month: draft.booked.month.to_string(),
            by: state.map_or("", |state| state.by.as_str()),
            attested_by: state.and_then(|state| state.attested_by.as_deref()),
            booked_as: state.and_then(|state| state.booked_as.as_deref()),
            total_ore: draft.booked.total.ore(),
            hash: &draft.booked.lines_hash,
        }
    };
    let settlement = |booked: &'a Booked| {
        let found = Where::of(journal, &booked.id);
        SettlementJson {
            id: &booked.id,
            month: booked.month.map(|month| month.to_string()),
            by: &booked.by,
            state: found.state(booked),
            owed_ore: found.owed.ore(),
            sent_ore: found.sent.ore(),
            paid_ore: found.paid.ore(),
            held_back_ore: found.held_back.ore(),
        }
    };
    let accrual = |(id, one): (&'a String, &'a kernel::journal::Accrual)| AccrualJson {
        id,
        on: one.on.to_string(),
        amount_ore: one.rows.iter().map(|row| row.amount).sum::<Money>().ore(),
        note: &one.note,
        released: one.is_released,
    };
    ShowJson {
        attest_required: journal.is_attest_required,
        closed_through: journal.closed_through.map(|month| month.to_string()),
        closed_years: journal.closed_years.iter().copied().collect(),
        drafts: data.drafts().iter().map(draft).collect(),
        settlements: journal.settlements.iter().map(settlement).collect(),
        accruals: journal.accruals.iter().map(accrual).collect(),
    }
}

fn settlement_cells(out: Out, journal: &Journal, booked: &Booked) -> Vec<Cell> {
    let found = Where::of(journal, &booked.id);
    vec![
        booked.id.as_str().into(),
        booked.month.map_or_else(String::new, |month| month.to_string()).into(),
        booked.by.as_str().into(),
        words::settlement_state(out.lang, found.state(booked)),
        found.owed.into(),
        found.sent.into(),
        found.paid.into(),
        found.held_back.into(),
    ]
}

fn draft_cells(journal: &Journal, draft: &store::Settlement) -> Vec<Cell> {
    let state = journal.drafts.get(&draft.booked.id);
    let attested = state.and_then(|state| state.attested_by.as_deref()).unwrap_or("");
    let booked = state.and_then(|state| state.booked_as.as_deref()).unwrap_or("");
    vec![
        draft.booked.id.as_str().into(),
        draft.booked.month.to_string().into(),
        draft.booked.total.into(),
        state.map_or("", |state| state.by.as_str()).into(),
        attested.into(),
        booked.into(),
    ]
}

fn accrual_cells(out: Out, (id, one): (&String, &kernel::journal::Accrual)) -> Vec<Cell> {
    let amount: Money = one.rows.iter().map(|row| row.amount).sum();
    vec![
        id.as_str().into(),
        one.on.to_string().into(),
        amount.into(),
        words::is(out.lang, one.is_released),
        one.note.as_str().into(),
    ]
}

const DRAFTS: [Head; 6] = [
    text("id", "Utkast", "Draft"),
    text("month", "Månad", "Month"),
    number("total_ore", "Att betala", "To pay"),
    text("by", "Av", "By"),
    text("attested_by", "Attesterat av", "Attested by"),
    text("booked_as", "Bokfört som", "Booked as"),
];
const SETTLEMENTS: [Head; 8] = [
    text("id", "Avräkning", "Settlement"),
    text("month", "Månad", "Month"),
    text("by", "Av", "By"),
    text("state", "Läge", "State"),
    number("owed_ore", "Till vårdgivare", "To providers"),
    number("sent_ore", "Sänt", "Sent"),
    number("paid_ore", "Betalt", "Paid"),
    number("held_back_ore", "Innehållet", "Held back"),
];
const ACCRUALS: [Head; 5] = [
    text("id", "Upplupet", "Accrual"),
    text("on", "Dag", "On"),
    number("amount_ore", "Belopp", "Amount"),
    text("released", "Återfört", "Released"),
    text("note", "Not", "Note"),
];
