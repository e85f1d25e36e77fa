//! `statement`: what a unit was paid by the settlements of a month.

use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use kernel::money::Money;
use kernel::time::Month;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Serialize)]
struct StatementJson<'a> {
    unit: &'a str,
    month: String,
    origin: &'static str,
    settlements: Vec<&'a str>,
    rows: Vec<RowJson<'a>>,
    total_ore: i64,
    total: String,
    shadow_ore: i64,
}

#[derive(Serialize)]
struct RowJson<'a> {
    element: &'a str,
    care_month: String,
    cause: &'a str,
    payer: &'a str,
    payee: &'a str,
    payable: bool,
    count: i64,
    amount_ore: i64,
    amount: String,
}

type Key = (bool, String, Month, String, String, String);

/// Runs `statement`.
pub fn run(out: Out, folder: &Path, unit: &str, month: Month) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let settlements: Vec<_> =
        data.settlements().iter().filter(|settlement| settlement.booked.month == month).collect();
    if settlements.is_empty() {
        return Err(Failure::refused(
            format!("{month} är inte avräknad; bokför den först med settle --month {month} --book"),
            format!("{month} is not settled; book it first with settle --month {month} --book"),
        ));
    }
    let view = data.register().view(u32::MAX);
    if view.unit_number(unit).is_none() {
        let known = view.histories.iter().map(|history| history.id.as_str());
        let near = kernel::intake::nearest(unit, known).unwrap_or("");
        return Err(Failure::refused(
            format!("ingen enhet heter `{unit}`; närmast är `{near}`"),
            format!("no unit is called `{unit}`; the nearest is `{near}`"),
        ));
    }
    let mut sums: BTreeMap<Key, (i64, Money)> = BTreeMap::new();
    for settlement in &settlements {
        let lines = data.booked_lines(settlement)?;
        for line in lines.rows().filter(|line| line.unit == unit) {
            let (element, cause) = (line.element.to_owned(), line.cause.to_owned());
            let (payer, payee) = (line.payer.to_owned(), line.payee.to_owned());
            let key = (!line.payable, element, line.care_month, cause, payer, payee);
            let sum = sums.entry(key).or_default();
            sum.0 += line.count;
            sum.1 += line.amount;
        }
    }
    let total = |shadow: bool| {
        let of_kind = sums.iter().filter(|((is_shadow, ..), _)| *is_shadow == shadow);
        of_kind.map(|(_, (_, amount))| *amount).sum::<Money>()
    };
    let (paid, shadow) = (total(false), total(true));
    if out.format == Format::Json {
        let rows =
            sums.iter().map(|((is_shadow, element, care_month, cause, payer, payee), sum)| {
                RowJson {
                    element,
                    care_month: care_month.to_string(),
                    cause,
                    payer,
                    payee,
                    payable: !is_shadow,
                    count: sum.0,
                    amount_ore: sum.1.ore(),
                    amount: sum.1.to_string(),
                }
            });
        out.json(&StatementJson {
            unit,
            month: month.to_string(),
            origin: data.origin().name(),
            settlements: settlements.iter().map(|s| s.booked.id.as_str()).collect(),
            rows: rows.collect(),
            total_ore: paid.ore(),
            total: paid.to_string(),
            shadow_ore: shadow.ore(),
        })?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    out.say(
        &format!("Avräkningsbesked för {unit}, avräkning {month}\n"),
        &format!("Statement for {unit}, settlement {month}\n"),
    );
    let rows: Vec<Vec<Cell>> = sums
        .iter()
        .map(|((is_shadow, element, care_month, cause, payer, payee), (count, amount))| {
            vec![
                element.as_str().into(),
                care_month.to_string().into(),
                cause.as_str().into(),
                payer.as_str().into(),
                payee.as_str().into(),
                (!is_shadow).to_string().into(),
                (*count).into(),
                (*amount).into(),
            ]
        })
        .collect();
    out.table(&HEADS, &rows)?;
    out.say(&format!("\nSumma att betala {paid}"), &format!("\nTotal to pay {paid}"));
    if shadow != Money::ZERO {
        out.say(
            &format!("Skuggbelopp, betalas inte {shadow}"),
            &format!("Shadow, not paid {shadow}"),
        );
    }
    Ok(Outcome::Done)
}

const HEADS: [Head; 8] = [
    text("element", "Ersättningsslag", "Element"),
    text("care_month", "Vårdmånad", "Care month"),
    text("cause", "Orsak", "Cause"),
    text("payer", "Betalare", "Payer"),
    text("payee", "Betalningsmottagare", "Payee"),
    text("payable", "Betalas", "Payable"),
    number("count", "Antal", "Count"),
    number("amount_ore", "Belopp", "Amount"),
];
