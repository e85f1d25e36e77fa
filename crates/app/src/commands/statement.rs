//! `statement`: what a unit was paid by the settlements of a month.

use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::words;
use kernel::money::Money;
use kernel::register::Register;
use kernel::settle::Cause;
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
    shadow: String,
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
    lines: i64,
    amount_ore: i64,
    amount: String,
    illustrative: bool,
    unverified: bool,
}

type Key = (bool, String, Month, String, String, String);

/// Runs `statement`.
pub fn run(out: Out, folder: &Path, unit: &str, month: Month) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let settlements: Vec<_> =
        data.settlements().iter().filter(|settlement| settlement.booked.month == month).collect();
    if settlements.is_empty() {
        return Err(not_settled(&data, month));
    }
    refuse_unknown_unit(data.register(), unit)?;
    let mut sums: BTreeMap<Key, (i64, Money, i64)> = BTreeMap::new();
    for settlement in &settlements {
        let lines = data.booked_lines(settlement)?;
        for line in lines.rows().filter(|line| line.unit == unit) {
            let (element, cause) = (line.element.to_owned(), line.cause.to_owned());
            let (payer, payee) = (line.payer.to_owned(), line.payee.to_owned());
            let key = (!line.payable, element, line.care_month, cause, payer, payee);
            let sum = sums.entry(key).or_default();
            sum.0 += line.count;
            sum.1 += line.amount;
            sum.2 += 1;
        }
    }
    sums.retain(|_, (count, amount, _)| (*count, *amount) != (0, Money::ZERO));
    let marks = data.element_marks();
    let total = |shadow: bool| {
        let of_kind = sums.iter().filter(|((is_shadow, ..), _)| *is_shadow == shadow);
        of_kind.map(|(_, (_, amount, _))| *amount).sum::<Money>()
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
                    lines: sum.2,
                    amount_ore: sum.1.ore(),
                    amount: sum.1.to_string(),
                    illustrative: marks.get(element).is_some_and(|marks| marks.illustrative),
                    unverified: marks.get(element).is_some_and(|marks| marks.unverified),
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
            shadow: shadow.to_string(),
        })?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    out.say(&format!("Avräkningsbesked för {unit}"), &format!("Statement for {unit}"));
    for settlement in &settlements {
        let (id, on) = (&settlement.booked.id, settlement.booked.settled_on);
        out.say(
            &format!("Avräkning {month}, {id}, {on}"),
            &format!("Settlement {month}, {id}, {on}"),
        );
    }
    out.say("", "");
    let rows: Vec<Vec<Cell>> = sums
        .iter()
        .map(|((is_shadow, element, care_month, cause, payer, payee), (count, amount, lines))| {
            let marks = marks.get(element).copied().unwrap_or_default();
            let cause = Cause::parse(cause).map(|cause| words::cause(out.lang, cause));
            vec![
                element.as_str().into(),
                care_month.to_string().into(),
                cause.unwrap_or_else(|| "".into()),
                payer.as_str().into(),
                payee.as_str().into(),
                words::yes_no(out.lang, !is_shadow),
                (*count).into(),
                (*lines).into(),
                (*amount).into(),
                words::marks(out.lang, marks),
            ]
        })
        .collect();
    out.table_of(data.origin().name(), &HEADS, &rows)?;
    out.say(&format!("\nSumma att betala {paid}"), &format!("\nTotal to pay {paid}"));
    if shadow != Money::ZERO {
        out.say(
            &format!("Skuggbelopp, betalas inte {shadow}"),
            &format!("Shadow, not paid {shadow}"),
        );
    }
    Ok(Outcome::Done)
}

/// Refuses a unit that no decision states, with the nearest.
pub fn refuse_unknown_unit(register: &Register, unit: &str) -> Result<(), Failure> {
    let view = register.view(u32::MAX);
    if view.unit_number(unit).is_some() {
        return Ok(());
    }
    let known = view.histories.iter().map(|history| history.id.as_str());
    let near = kernel::intake::nearest(unit, known).unwrap_or("");
    Err(Failure::refused(
        format!("ingen enhet heter `{unit}`; närmast är `{near}`"),
        format!("no unit is called `{unit}`; the nearest is `{near}`"),
    ))
}

/// What to do about a month without a settlement of its own.
fn not_settled(data: &DataFolder, month: Month) -> Failure {
    match data.settlements().iter().map(|s| s.booked.month).find(|settled| *settled > month) {
        Some(later) => Failure::refused(
            format!("{month} har ingen egen avräkning; dess vård togs med i avräkningen {later}"),
            format!(
                "{month} has no settlement of its own; its care was taken in the settlement of {later}"
            ),
        ),
        None => Failure::refused(
            format!("{month} är inte avräknad; bokför den först med settle --month {month} --book"),
            format!("{month} is not settled; book it first with settle --month {month} --book"),
        ),
    }
}

const HEADS: [Head; 10] = [
    text("element", "Ersättningsslag", "Element"),
    text("care_month", "Vårdmånad", "Care month"),
    text("cause", "Orsak", "Cause"),
    text("payer", "Betalare", "Payer"),
    text("payee", "Betalningsmottagare", "Payee"),
    text("payable", "Betalas", "Payable"),
    number("count", "Antal", "Count"),
    number("lines", "Rader", "Lines"),
    number("amount_ore", "Belopp", "Amount"),
    text("mark", "Märke", "Mark"),
];
