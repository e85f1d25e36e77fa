//! Kliniken: what a provider sees first: its own units.
//!
//! Owns: the month grid and the ways on to statements, findings and disputes. Does not own: amounts.

use super::statement::month_name;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::chart::Figure;
use crate::web::chart::months::{Row, grid};
use crate::web::page::{Answer, Block, Page};
use crate::web::rights::Right;
use crate::web::route::Route;
use crate::web::table::{Cell, Table, count, money, text};
use kernel::money::Money;
use kernel::settle::Cause;
use kernel::time::Month;
use std::collections::BTreeMap;

/// The pages.
pub const ROUTES: &[Route] = &[Route { path: "/kliniken", needs: Right::SeeAmounts, show: clinic }];

/// Months in the grid.
const MONTHS: usize = 24;

/// Units in the grid at a time.
const UNITS: usize = 30;

/// What a unit was paid for a month by its settlement.
#[derive(Clone, Copy, Default)]
struct Paid {
    amount: Money,
    corrected: Money,
}

fn clinic(ask: &Ask) -> Result<Answer, Failure> {
    let mut months: Vec<Month> =
        ask.place.data.settlements().iter().map(|one| one.booked.month).collect();
    months.dedup();
    let months = months.get(months.len().saturating_sub(MONTHS)..).unwrap_or(&[]);
    let paid = paid(ask, months)?;
    let title = match &ask.user.provider {
        Some(provider) => ask.place.labels.provider_name(provider).unwrap_or(provider).to_owned(),
        None => ask.say("Enheterna månad för månad", "The units month by month").to_owned(),
    };
    let lead = ask.say(
        "Vad enheterna har fått, månad för månad. En prick är en rättelse, ett streck en månad utan ersättning.",
        "What the units were paid, month by month. A dot is a correction, a line a month without pay.",
    );
    let mut page = Page::new(title).lead(lead);
    let is_long = paid.len() > UNITS;
    if !is_long {
        page = page.maybe(last(ask, months, &paid));
    }
    let first = ask.query.value("fran").and_then(|first| first.parse().ok()).unwrap_or(1).max(1);
    let part: Paying<'_> =
        paid.iter().skip(first - 1).take(UNITS).map(|(unit, of)| (*unit, of.clone())).collect();
    page = page.maybe(others(ask, first, paid.len())).with(figure(ask, months, &part));
    if is_long {
        page = page.maybe(last(ask, months, &paid));
    }
    page = page.maybe(standing(ask)?);
    let links = vec![
        (ask.say("Invändningar", "Disputes").to_owned(), "/invandningar".to_owned()),
        (
            ask.say("Att rätta i rapporterna", "To mend in the reports").to_owned(),
            "/inrapportering/avvikelser".to_owned(),
        ),
    ];
    Ok(page.with(Block::Links(links)).into())
}

/// The way to the other units, where there are more than the grid has.
fn others(ask: &Ask, first: usize, all: usize) -> Option<Block> {
    let part = |at: usize| {
        let text = format!("{at}–{}", (at + UNITS - 1).min(all));
        let text = format!("{} {text}", ask.say("Enheterna", "The units"));
        (text, ask.with(&[("fran", &at.to_string())]))
    };
    let parts = (1..=all).step_by(UNITS).filter(|at| *at != first);
    (all > UNITS).then(|| Block::Links(parts.map(part).collect()))
}

/// What was paid, by unit and month.
type Paying<'a> = BTreeMap<&'a str, BTreeMap<Month, Paid>>;

fn paid<'a>(ask: &'a Ask, months: &[Month]) -> Result<Paying<'a>, Failure> {
    let sums = ask.place.sums()?;
    let mut paid = Paying::new();
    let settlements = ask.place.data.settlements().iter();
    for settlement in settlements.filter(|one| months.contains(&one.booked.month)) {
        let rows = sums.of_settlement(&settlement.booked.id).iter();
        for (key, sum) in rows.filter(|(key, _)| !key.shadow) {
            let unit: &str = &key.unit;
            let is_seen = || ask.place.has_unit(unit) && ask.sees_unit(unit);
            if !paid.contains_key(unit) && !is_seen() {
                continue;
            }
            let of_unit = paid.entry(unit).or_default();
            let of_month = of_unit.entry(settlement.booked.month).or_default();
            of_month.amount += sum.amount;
            if key.cause != Cause::Current {
                of_month.corrected += sum.amount;
            }
        }
    }
    Ok(paid)
}

/// The last month, unit by unit.
fn last(ask: &Ask, months: &[Month], paid: &Paying<'_>) -> Option<Table> {
    let month = *months.last()?;
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        money("corrected_ore", "Varav rättelser", "Of which corrections").summed(),
        money("amount_ore", "Att betala", "To pay").summed(),
    ];
    let rows = paid.iter().filter_map(|(unit, of)| {
        let one = of.get(&month)?;
        let name = ask.place.labels.unit_name(unit).unwrap_or(unit);
        let url = format!("/besked/{month}/{unit}");
        Some(vec![Cell::of(name, unit).to(url), Cell::from(one.corrected), Cell::from(one.amount)])
    });
    let caption = format!("{} {}", ask.say("Besked för", "Statements for"), month_name(ask, month));
    Some(Table::new("besked", caption, columns).rows(rows).origin(ask.place.origin()))
}

fn figure(ask: &Ask, months: &[Month], paid: &Paying<'_>) -> Figure {
    let names: Vec<String> = months.iter().map(ToString::to_string).collect();
    let last = names.last().cloned().unwrap_or_default();
    let row = |(unit, of): (&&str, &BTreeMap<Month, Paid>)| Row {
        label: ask.place.labels.unit_name(unit).unwrap_or(unit).chars().take(38).collect(),
        href: format!("/besked/{last}/{unit}"),
        cells: months
            .iter()
            .map(|month| of.get(month).map(|one| (one.amount.ore(), one.corrected != Money::ZERO)))
            .collect(),
    };
    let rows: Vec<Row> = paid.iter().map(row).collect();
    let title = ask.say("Avräknat per enhet och månad", "Settled by unit and month").to_owned();
    let description = ask.say(
        "En rad för varje enhet, en stapel för varje månad i enhetens egen skala; prickar är rättelser, streck månader utan ersättning.",
        "A row for each unit, a bar for each month on the unit's own scale; dots are corrections, lines months without pay.",
    );
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        text("month", "Månad", "Month"),
        money("corrected_ore", "Varav rättelser", "Of which corrections"),
        money("amount_ore", "Avräknat", "Settled").summed(),
    ];
    let numbers = paid.iter().flat_map(|(unit, of)| {
        let name = ask.place.labels.unit_name(unit).unwrap_or(unit);
        of.iter().map(move |(month, one)| {
            vec![
                Cell::of(name, unit),
                Cell::from(month.to_string()).to(format!("/besked/{month}/{unit}")),
                Cell::from(one.corrected),
                Cell::from(one.amount),
            ]
        })
    });
    let numbers =
        Table::new("manader", title.clone(), columns).rows(numbers).origin(ask.place.origin());
    Figure {
        svg: grid(&title, description, &names, &rows),
        title,
        description: description.to_owned(),
        numbers: Some(numbers),
    }
}

/// How much stands against the units.
fn standing(ask: &Ask) -> Result<Option<Table>, Failure> {
    if !ask.may(Right::SeeReporting) {
        return Ok(None);
    }
    let mut counts: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let seen = ask.place.stands()?.iter().filter(|item| ask.sees_unit(&item.unit));
    for item in seen {
        *counts.entry((item.family.name(), item.code)).or_default() += 1;
    }
    let columns =
        vec![text("code", "Avvikelse", "Finding"), count("count", "Antal", "Count").summed()];
    let rows = counts.into_iter().map(|((_, code), number)| {
        let url = format!("/inrapportering/avvikelser?code={code}");
        vec![Cell::from(crate::words::finding(ask.lang, code)).to(url), Cell::from(number)]
    });
    let empty = ask.say("Inget att rätta.", "Nothing to mend.");
    let caption = ask.say("Att rätta eller kontrollera", "To mend or check");
    Ok(Some(
        Table::new("ratta", caption, columns).rows(rows).empty(empty).origin(ask.place.origin()),
    ))
}
