//! `accrue show`: accruals that are not released, and which of them should be.
//!
//! Owns: when an accrual has done its work. Does not own: releasing it, which stays a person's deed (`books::act`).
//!
//! `p-proposal-2021-12-31` is overdue once a decision that answers it is recorded: the settlement pays what was decided, and the
//! release takes back what was expected. `e-2021-12` is overdue once a later month is settled, with the late reports in it.

use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use kernel::fact::Status;
use kernel::finding::Text;
use kernel::journal::Accrual;
use kernel::money::Money;
use kernel::register::check::answers;
use kernel::time::Month;
use serde::Serialize;
use std::path::Path;

/// The accruals that should be released, and why.
pub fn overdue(data: &DataFolder) -> Vec<(&str, Text)> {
    let live = data.journal().accruals.iter().filter(|(_, one)| !one.is_released);
    live.filter_map(|(id, one)| Some((id.as_str(), why(data, id, one)?))).collect()
}

fn why(data: &DataFolder, id: &str, accrual: &Accrual) -> Option<Text> {
    if let Some(month) = id.strip_prefix("e-").and_then(|rest| Month::parse(rest.get(..7)?)) {
        let settled = data.settlements().iter().map(|one| one.booked.month).max()?;
        return (settled > month).then(|| {
            Text::new(
                format!("{settled} är avräknad, med det som rapporterats sent"),
                format!("{settled} is settled, with what was reported late"),
            )
        });
    }
    let log = data.register().log();
    let of_it = |one: &&kernel::register::Recorded| {
        id.starts_with(&format!("p-{}-", one.decision.id)) && one.decision.status != Status::Decided
    };
    let proposal = log.iter().filter(of_it).max_by_key(|one| one.decision.id.as_str().len())?;
    let after = log.iter().skip_while(|one| one.decision.id != proposal.decision.id).skip(1);
    let mut after = after.filter(|one| one.recorded_on >= accrual.on);
    let view = data.register().view(u32::MAX);
    let found = after.find(|one| answers(&one.decision, &proposal.decision, &view))?;
    let decision = &found.decision.id;
    Some(Text::new(
        format!("`{decision}` har avgjort det, och avräkningen räknar efter det"),
        format!("`{decision}` has decided it, and the settlement counts by it"),
    ))
}

/// What a person should know before booking.
pub fn warnings(data: &DataFolder) -> Vec<Text> {
    let told = |(id, why): (&str, Text)| {
        Text::new(
            format!("Obs: `{id}` är upplupet än: {}; återför med `accrue release {id}`.", why.sv),
            format!(
                "Note: `{id}` is still accrued: {}; release it with `accrue release {id}`.",
                why.en
            ),
        )
    };
    overdue(data).into_iter().map(told).collect()
}

#[derive(Serialize)]
struct ShowJson<'a> {
    accruals: Vec<AccrualJson<'a>>,
    total_ore: i64,
}

#[derive(Serialize)]
struct AccrualJson<'a> {
    id: &'a str,
    on: String,
    amount_ore: i64,
    note: &'a str,
    overdue: bool,
    why: Option<&'a str>,
}

/// Runs `accrue show`; exit 1 where something should be released.
pub fn show(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let overdue = overdue(&data);
    let why = |id: &str| overdue.iter().find(|(of, _)| *of == id).map(|(_, why)| out.lang.of(why));
    let amount = |one: &Accrual| one.rows.iter().map(|row| row.amount).sum::<Money>();
    let live = data.journal().accruals.iter().filter(|(_, one)| !one.is_released);
    if out.format == Format::Json {
        let live: Vec<(&String, &Accrual)> = live.collect();
        let accruals = live.iter().map(|(id, one)| AccrualJson {
            id,
            on: one.on.to_string(),
            amount_ore: amount(one).ore(),
            note: &one.note,
            overdue: why(id).is_some(),
            why: why(id),
        });
        let total_ore = live.iter().map(|(_, one)| amount(one)).sum::<Money>().ore();
        out.json(&ShowJson { accruals: accruals.collect(), total_ore })?;
    } else {
        let cells = |(id, one): (&String, &Accrual)| -> Vec<Cell> {
            let (id, note) = (id.as_str(), one.note.as_str());
            let on = one.on.to_string();
            vec![
                id.into(),
                on.into(),
                amount(one).into(),
                note.into(),
                why(id).unwrap_or("").into(),
            ]
        };
        let rows: Vec<_> = live.map(cells).collect();
        if out.format == Format::Table {
            out.synthetic_band(data.is_synthetic());
        }
        out.table_of(data.origin().name(), &HEADS, &rows)?;
    }
    Ok(if overdue.is_empty() { Outcome::Done } else { Outcome::Findings })
}

const HEADS: [Head; 5] = [
    text("id", "Upplupet", "Accrual"),
    text("on", "Dag", "On"),
    number("amount_ore", "Belopp", "Amount"),
    text("note", "Not", "Note"),
    text("why", "Återförs, för att", "To release, because"),
];
