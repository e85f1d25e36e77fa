//! `accrue`: cost of care that is not settled yet, for pending decisions and for what is not reported.
//!
//! Owns: how accruals are made and told. Does not own: what a decision would change (`data::radius`), or the estimate
//! (`kernel::unreported`).

mod overdue;

pub use overdue::{show, warnings};

use super::books::New;
use crate::data::{DataFolder, Radius};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::ratebook;
use kernel::fact::Status;
use kernel::finding::Text;
use kernel::journal::{Deed, DeedKind, Row};
use kernel::ledger::Account;
use kernel::money::{Money, Ratio, Unit};
use kernel::settle::Cause;
use kernel::time::{Day, Month};
use kernel::unreported::{Expected, Paid, expected};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct RadiusJson<'a> {
    contacts: usize,
    units: usize,
    months: Vec<String>,
    closed: Vec<String>,
    total_ore: i64,
    total: String,
    shadow_ore: i64,
    rows: Vec<RowJson<'a>>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    unit: &'a str,
    payee: &'a str,
    element: &'a str,
    care_month: String,
    amount_ore: i64,
}

/// Runs `register radius`: what decisions in folders would change of what is settled; nothing is stored.
pub fn radius(out: Out, folder: &Path, folders: &[PathBuf]) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let read = ratebook::read_folders(folders)?;
    engine::refuse(read.findings.into_iter().filter(|finding| finding.refuses).collect())?;
    let is_new = |id: &str| !data.register().log().iter().any(|one| one.decision.id.as_str() == id);
    let new: Vec<_> = read.decisions.into_iter().filter(|one| is_new(one.id.as_str())).collect();
    let pending = new.iter().filter(|one| one.status != Status::Decided).count();
    let radius = data.radius(new)?;
    if pending > 0 && out.format == Format::Table {
        out.say(
            &format!("{pending} förslag ändrar inget förrän de är beslutade; accrue decision visar vad de skulle kosta."),
            &format!("{pending} proposals change nothing until they are decided; accrue decision shows what they would cost."),
        );
    }
    tell_radius(out, &data, &radius)?;
    Ok(Outcome::Done)
}

fn tell_radius(out: Out, data: &DataFolder, radius: &Radius) -> Result<(), Failure> {
    let months = |months: &std::collections::BTreeSet<Month>| -> Vec<String> {
        months.iter().map(|month| month.to_string()).collect()
    };
    if out.format == Format::Json {
        let row = |(key, amount): (&'_ crate::data::RadiusKey, &Money)| -> (String, i64) {
            (key.care_month.to_string(), amount.ore())
        };
        let rows = radius.sums.iter().map(|(key, amount)| {
            let (care_month, amount_ore) = row((key, amount));
            let (unit, payee, element) = (&key.unit, &key.payee, &key.element);
            RowJson { unit, payee, element, care_month, amount_ore }
        });
        return out.json(&RadiusJson {
            contacts: radius.contacts,
            units: radius.units.len(),
            months: months(&radius.months),
            closed: months(&radius.closed),
            total_ore: radius.total.ore(),
            total: radius.total.to_string(),
            shadow_ore: radius.shadow.ore(),
            rows: rows.collect(),
        });
    }
    let mut of_unit: BTreeMap<(&str, &str), Money> = BTreeMap::new();
    for (key, amount) in &radius.sums {
        *of_unit.entry((&key.unit, &key.element)).or_default() += *amount;
    }
    let labels = data.labels();
    let cells = |((unit, element), amount): (&(&str, &str), &Money)| -> Vec<Cell> {
        vec![labels.unit(unit), labels.element(element), (*amount).into()]
    };
    let rows: Vec<_> = of_unit.iter().map(cells).collect();
    if out.format == Format::Table {
        out.synthetic_band(data.is_synthetic());
    }
    out.table_of(data.origin().name(), &RADIUS, &rows)?;
    if out.format == Format::Table {
        let Radius { contacts, units, months, closed, total, .. } = radius;
        let (units, count, closed) = (units.len(), months.len(), closed.len());
        out.say(
            &format!("\nÄndrar {total} för {contacts} kontakter vid {units} enheter i {count} avräknade månader, {closed} av dem stängda. Rättas i nästa avräkning."),
            &format!("\nChanges {total} for {contacts} contacts at {units} units in {count} settled months, {closed} of them closed. Corrected in the next settlement."),
        );
    }
    Ok(())
}

const RADIUS: [Head; 3] = [
    text("unit", "Enhet", "Unit"),
    text("element", "Ersättningsslag", "Element"),
    number("amount_ore", "Ändring", "Change"),
];

#[derive(Serialize)]
struct AccruedJson<'a> {
    id: &'a str,
    expected_ore: i64,
    low_ore: i64,
    high_ore: i64,
    booked: bool,
    rows: Vec<AccruedRowJson>,
}

#[derive(Serialize)]
struct AccruedRowJson {
    unit: String,
    element: String,
    care_month: Option<String>,
    amount_ore: i64,
}

/// What is to be accrued.
pub(crate) struct Liability {
    /// The id of the accrual.
    pub id: String,
    /// Why.
    pub note: String,
    /// By unit and month of care.
    pub rows: Vec<Row>,
    /// At least.
    pub low: Money,
    /// At most.
    pub high: Money,
}

impl Liability {
    /// What is expected.
    pub(crate) fn total(&self) -> Money {
        self.rows.iter().map(|row| row.amount).sum()
    }

    /// Books it as accrued cost.
    pub(crate) fn book(
        &self,
        data: &mut DataFolder,
        by: &str,
        on: Option<Day>,
    ) -> Result<i64, Failure> {
        let new = New { kind: DeedKind::Accrue, subject: &self.id, by, note: &self.note, on };
        data.act(Deed { rows: self.rows.clone(), ..new.deed() })
    }
}

/// How it is done.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    /// Who; nothing is booked where it is only shown.
    pub by: &'a str,
    /// The day it counts from.
    pub on: Option<Day>,
    /// Whether to book it.
    pub book: bool,
}

fn accrue(
    out: Out,
    data: &mut DataFolder,
    liability: Liability,
    how: How<'_>,
) -> Result<Outcome, Failure> {
    let total = liability.total();
    if how.book {
        liability.book(data, how.by, how.on)?;
    }
    let Liability { id, note, rows, low, high } = liability;
    if out.format == Format::Json {
        let row = |row: Row| AccruedRowJson {
            unit: row.unit,
            element: row.element,
            care_month: row.care_month.map(|month| month.to_string()),
            amount_ore: row.amount.ore(),
        };
        let (low_ore, high_ore) = (low.ore(), high.ore());
        let rows = rows.into_iter().map(row).collect();
        let (id, booked, expected_ore) = (id.as_str(), how.book, total.ore());
        out.json(&AccruedJson { id, expected_ore, low_ore, high_ore, booked, rows })?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    out.say(
        &format!("{id}: {total} väntas, mellan {low} och {high}. {note}"),
        &format!("{id}: {total} expected, between {low} and {high}. {note}"),
    );
    if how.book {
        out.say("Bokfört som upplupen kostnad.", "Booked as accrued cost.");
    } else {
        out.say("Inget är bokfört; bokför med --book.", "Nothing is booked; book with --book.");
    }
    Ok(Outcome::Done)
}

/// The id, or with the next number where it is taken by an accrual that was released.
fn free(data: &DataFolder, id: String) -> String {
    let accruals = &data.journal().accruals;
    let numbered = |number: u32| if number == 1 { id.clone() } else { format!("{id}-{number}") };
    let is_free = |id: &String| accruals.get(id).is_none_or(|accrual| !accrual.is_released);
    (1..).map(numbered).find(is_free).unwrap_or(id)
}

/// Runs `accrue decision`: what a proposal would cost for care so far, were it decided as it stands.
pub fn decision(out: Out, folder: &Path, id: &str, how: How<'_>) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    if how.book {
        refuse_twice_for(&data, id)?;
    }
    let liability = of_proposal(&mut data, id, how.on)?;
    accrue(out, &mut data, liability, how)
}

/// What a proposal would cost for care so far.
pub(crate) fn of_proposal(
    data: &mut DataFolder,
    id: &str,
    on: Option<Day>,
) -> Result<Liability, Failure> {
    let radius = data.radius_of_proposal(id)?;
    let on = on.unwrap_or_else(engine::today);
    let (low, high) = (radius.total.min(Money::ZERO), radius.total.max(Money::ZERO));
    Ok(Liability {
        id: free(data, format!("p-{id}-{on}")),
        note: format!("{id}: {low} – {high}"),
        rows: radius.rows(),
        low,
        high,
    })
}

/// Runs `accrue unreported`: what care through a month still waits for, by the delays of the months before.
pub fn unreported(out: Out, folder: &Path, month: Month, how: How<'_>) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    if how.book {
        refuse_twice(&data)?;
        refuse_past(&data, month)?;
    }
    let liability = of_unreported(&data, month)?;
    if let Some(last) = settled_after(&data, month) {
        out.note(&Text::new(
            format!("Obs: {last} är avräknad, med det som rapporterats sent om {month}; det här går inte att bokföra."),
            format!("Note: {last} is settled, with what was reported late of {month}; this cannot be booked."),
        ));
    }
    accrue(out, &mut data, liability, how)
}

/// Refuses a second accrual of a proposal while one is live, whatever its day.
pub(crate) fn refuse_twice_for(data: &DataFolder, proposal: &str) -> Result<(), Failure> {
    let mut accruals = data.journal().accruals.iter();
    match accruals.find(|(id, one)| !one.is_released && is_of(id, proposal)) {
        None => Ok(()),
        Some((id, _)) => Err(Failure::refused(
            format!(
                "`{id}` gäller redan `{proposal}`; återför den först med `accrue release {id}`"
            ),
            format!(
                "`{id}` is already about `{proposal}`; release it first with `accrue release {id}`"
            ),
        )),
    }
}

/// Whether an accrual is of a proposal: `p-`, its id and a day, with a number where one of that day was released.
fn is_of(accrual: &str, proposal: &str) -> bool {
    let rest = accrual.strip_prefix("p-").and_then(|rest| rest.strip_prefix(proposal));
    let Some(rest) = rest.and_then(|rest| rest.strip_prefix('-')) else { return false };
    let Some((day, number)) = rest.split_at_checked("2021-12-31".len()) else { return false };
    let is_number = |text: &str| text.parse::<u32>().is_ok();
    Day::parse(day).is_some()
        && (number.is_empty() || number.strip_prefix('-').is_some_and(is_number))
}

/// The last settled month, where it is after a month.
fn settled_after(data: &DataFolder, month: Month) -> Option<Month> {
    data.settlements().iter().map(|one| one.booked.month).max().filter(|last| *last > month)
}

/// Refuses what a month waits for where a later month is settled: what was reported late is paid there.
pub(crate) fn refuse_past(data: &DataFolder, month: Month) -> Result<(), Failure> {
    let Some(last) = settled_after(data, month) else { return Ok(()) };
    Err(Failure::refused(
        format!(
            "{last} är avräknad, med det som rapporterats sent om {month}; bokför `accrue unreported --month {last}`"
        ),
        format!(
            "{last} is settled, with what was reported late of {month}; book `accrue unreported --month {last}`"
        ),
    ))
}

/// Refuses a second accrual of what is not reported while one is live.
pub(crate) fn refuse_twice(data: &DataFolder) -> Result<(), Failure> {
    let accruals = data.journal().accruals.iter();
    let mut live = accruals.filter(|(id, one)| !one.is_released && id.starts_with("e-"));
    if let Some((id, _)) = live.next() {
        return Err(Failure::refused(
            format!(
                "`{id}` gäller redan det som inte är rapporterat; återför den först med `accrue release {id}`"
            ),
            format!(
                "`{id}` is already about what is not reported; release it first with `accrue release {id}`"
            ),
        ));
    }
    Ok(())
}

/// What care through a month still waits for.
pub(crate) fn of_unreported(data: &DataFolder, month: Month) -> Result<Liability, Failure> {
    let settled: BTreeMap<i64, Month> = data
        .settlements()
        .iter()
        .filter_map(|one| Some((data.booking_of(&one.booked.id)?, one.booked.month)))
        .collect();
    if !settled.values().any(|one| *one == month) {
        return Err(Failure::refused(
            format!("{month} är inte avräknad, så dess förseningar är inte kända än"),
            format!("{month} is not settled, so its delays are not known yet"),
        ));
    }
    let (mut paid, mut shares) = (Vec::new(), BTreeMap::<_, BTreeMap<_, Money>>::new());
    for row in data.postings()? {
        let (Some(settled), Some(care_month)) = (settled.get(&row.deed), row.posting.care_month)
        else {
            continue;
        };
        let cause = Cause::parse(&row.posting.cause);
        let is_report = !matches!(cause, None | Some(Cause::Agreement | Cause::Decision));
        if row.posting.account == Account::CareCost.name() && is_report && *settled <= month {
            paid.push(Paid { care_month, settled: *settled, amount: row.posting.amount });
            let of_month = shares.entry(care_month).or_default();
            let key = (row.posting.unit, row.posting.payee);
            *of_month.entry(key).or_default() += row.posting.amount;
        }
    }
    let too_large = || Failure::refused("summorna är för stora", "the sums are too large");
    let found = expected(&paid, month).ok_or_else(too_large)?;
    let sum = |part: fn(&Expected) -> Money| found.iter().map(part).sum::<Money>();
    let (low, high) = (sum(|one| one.low), sum(|one| one.high));
    let mut rows = Vec::new();
    for one in found.iter().filter(|one| one.expected != Money::ZERO) {
        let of_month = shares.get(&one.care_month).into_iter().flatten();
        rows.extend(parted(one, of_month).ok_or_else(too_large)?);
    }
    Ok(Liability {
        id: free(data, format!("e-{month}")),
        note: format!("{month}: {low} – {high}"),
        rows,
        low,
        high,
    })
}

/// What a month waits for, on its units by what they were paid; the last takes what rounding leaves.
fn parted<'a>(
    one: &Expected,
    shares: impl Iterator<Item = (&'a (String, String), &'a Money)>,
) -> Option<Vec<Row>> {
    let shares: Vec<_> = shares.filter(|(_, amount)| **amount > Money::ZERO).collect();
    let whole: Money = shares.iter().map(|(_, amount)| **amount).sum();
    let mut left = one.expected;
    let mut rows = Vec::new();
    for (at, ((unit, payee), amount)) in shares.iter().enumerate() {
        let share = Ratio::new(amount.ore().into(), whole.ore().into())?;
        let part =
            if at + 1 == shares.len() { left } else { one.expected.scaled(share, Unit::Ore)? };
        left = left.plus(-part)?;
        let (unit, payee) = (unit.clone(), payee.clone());
        let care_month = Some(one.care_month);
        rows.push(Row { unit, payee, care_month, amount: part, ..Row::default() });
    }
    rows.retain(|row| row.amount != Money::ZERO);
    Some(rows)
}
