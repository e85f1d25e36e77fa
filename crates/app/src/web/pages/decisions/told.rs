//! A decision: its values beside its source, what it replaced, what replaced it, and what it has caused.

use super::{beside, named, or_unverified, status, value};
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::html::{Html, escaped};
use crate::web::page::{Answer, Block, Page};
use crate::web::pages::statement::month_name;
use crate::web::rights::Right;
use crate::web::table::{Cell, Table, count, money, text};
use crate::words;
use kernel::fact::{Decision, Fact, Rate};
use kernel::money::Money;
use kernel::register::Recorded;
use kernel::settle::Cause;
use kernel::time::Month;
use std::collections::{BTreeMap, BTreeSet};

/// Shows a decision.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let log = ask.place.data.register().log();
    let id = ask.param("id");
    let recorded = log.iter().find(|one| one.decision.id.as_str() == id).ok_or_else(missing)?;
    let decision = recorded.decision.as_ref();
    let mut page = Page::new(decision.id.to_string())
        .under(ask.say("Beslut", "Decisions"), "/beslut")
        .with(Block::Facts(facts(ask, recorded)));
    page = beside::with_source(ask, page, decision);
    if rates_of(decision).next().is_some() {
        page = page.with(rates(ask, decision)).maybe(replacing(ask, decision));
        page = caused(ask, page, decision)?;
    }
    let bodies = ask.place.data.recorded_bodies()?;
    let body = bodies.into_iter().find(|(known, _)| known == id).map(|(_, body)| body);
    let summary = ask.say("Beslutet som det registrerades", "The decision as registered");
    let name = ask.say("Beslutets fil", "The decision's file");
    let body = Html::raw(format!(
        "<pre class=\"toml\" tabindex=\"0\" role=\"group\" aria-label=\"{name}\">{}</pre>",
        escaped(&body.unwrap_or_default())
    ));
    Ok(page.with(Block::Fold(summary.to_owned(), vec![Block::Raw(body)])).into())
}

fn facts(ask: &Ask, recorded: &Recorded) -> Vec<(String, Cell)> {
    let decision = recorded.decision.as_ref();
    let fact = |sv, en, cell: Cell| (ask.say(sv, en).to_owned(), cell);
    let revision = format!("{} (revision {})", recorded.recorded_on, recorded.revision);
    let decided = or_unverified(ask, decision.decided_on.map(|day| day.to_string()));
    let mut facts = vec![
        fact("Instans", "Body", decision.body.as_str().into()),
        fact("Känt fr.o.m.", "Known from", decision.known_from.to_string().into()),
        fact("Beslutat", "Decided on", decided),
        fact("Diarienummer", "Case number", or_unverified(ask, decision.case_number.clone())),
        fact("Status", "Status", status(ask, decision.status).into()),
        fact("Infört", "Recorded", revision.into()),
    ];
    if !decision.unverified.is_empty() {
        let words = decision.unverified.iter().map(|key| ask.of(&words::stated_key(key)));
        let shown = words.collect::<Vec<_>>().join(", ");
        let keys = Cell::of(&shown, &decision.unverified.join(" "));
        facts.push(fact("Utan stöd i källan", "Not in the source", keys));
    }
    facts
}

fn rates_of(decision: &Decision) -> impl Iterator<Item = (&Rate, Option<&str>)> {
    decision.facts.iter().filter_map(|stated| match &stated.fact {
        Fact::Rate(rate) => Some((rate.as_ref(), stated.label.as_deref())),
        _ => None,
    })
}

/// The rates of a decision.
pub(super) fn rates(ask: &Ask, decision: &Decision) -> Table {
    let row = |(rate, label): (&Rate, Option<&str>)| {
        let mut amount = value::amount(ask, rate);
        if rate.illustrative || decision.illustrative {
            amount = amount.mark(ask.say("illustrativ", "illustrative"));
        }
        let element = rate.element.as_str();
        vec![
            Cell::of(label.unwrap_or(element), element).to(format!("/ersattningar/{element}")),
            rate.id.as_str().into(),
            value::formula(ask, rate).into(),
            amount,
            rate.was.map_or_else(|| Cell::from(""), Cell::from),
            value::from(rate.valid).into(),
            value::to(rate.valid).into(),
            rate.replaces.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ").into(),
            value::condition(ask, &rate.when).into(),
        ]
    };
    let columns = vec![
        text("element", "Ersättning", "Element"),
        text("rate", "Nivå", "Rate"),
        text("formula", "Form", "Form"),
        money("amount_ore", "Belopp", "Amount"),
        money("was_ore", "Var", "Was"),
        text("valid_from", "Fr.o.m.", "From"),
        text("valid_to", "T.o.m.", "To"),
        text("replaces", "Ersätter", "Replaces"),
        text("condition", "Villkor", "Condition"),
    ];
    let caption = ask.say("Ersättningsnivåer", "Rates");
    Table::new("rates", caption, columns).rows(rates_of(decision).map(row)).short()
}

/// What it replaced, and what replaced it.
fn replacing(ask: &Ask, decision: &Decision) -> Option<Table> {
    let mut rows = Vec::new();
    let row = |how: &str, mine: &Rate, other: &Rate, recorded: &Recorded| {
        vec![
            how.into(),
            mine.id.as_str().into(),
            other.id.as_str().into(),
            value::amount(ask, other),
            value::from(other.valid).into(),
            value::to(other.valid).into(),
            named(ask, &recorded.decision),
        ]
    };
    for (mine, _) in rates_of(decision) {
        for recorded in ask.place.data.register().log() {
            for (other, _) in rates_of(&recorded.decision) {
                if mine.replaces.contains(&other.id) {
                    rows.push(row(ask.say("ersatte", "replaced"), mine, other, recorded));
                }
                if other.replaces.contains(&mine.id) {
                    rows.push(row(ask.say("ersattes av", "replaced by"), mine, other, recorded));
                }
            }
        }
    }
    let columns = vec![
        text("how", "Hur", "How"),
        text("rate", "Nivå här", "Rate here"),
        text("other", "Andra nivån", "Other rate"),
        money("amount_ore", "Dess belopp", "Its amount"),
        text("valid_from", "Fr.o.m.", "From"),
        text("valid_to", "T.o.m.", "To"),
        text("decision", "Beslut", "Decision"),
    ];
    let caption = ask.say("Ersatte och ersattes av", "Replaced and replaced by");
    (!rows.is_empty()).then(|| Table::new("replaced", caption, columns).rows(rows).short())
}

/// The corrections whose rows bear its rates, by month of settlement and unit.
fn caused(ask: &Ask, page: Page, decision: &Decision) -> Result<Page, Failure> {
    if !ask.may(Right::SeeAmounts) {
        return Ok(page);
    }
    let own: BTreeSet<&str> = rates_of(decision).map(|(rate, _)| rate.id.as_str()).collect();
    let sums = ask.place.sums()?;
    let mut found: BTreeMap<(Month, &str, &str), (i64, Money, bool)> = BTreeMap::new();
    for settlement in ask.place.data.settlements() {
        for (key, sum) in sums.of_settlement(&settlement.booked.id) {
            let is_its = sum.rates.iter().any(|rate| own.contains(rate.as_ref()));
            let is_shown = key.cause == Cause::Decision && !key.shadow;
            if !is_its || !is_shown || !ask.sees_unit(&key.unit) {
                continue;
            }
            let at = (settlement.booked.month, key.unit.as_ref(), key.element.as_ref());
            let of = found.entry(at).or_default();
            of.0 += sum.lines;
            of.1 += sum.amount;
            of.2 |= sum.rates.iter().any(|rate| !own.contains(rate.as_ref()));
        }
    }
    let labels = &ask.place.labels;
    let rows =
        found.into_iter().rev().map(|((month, unit, element), (lines, amount, is_shared))| {
            let mut amount = Cell::from(amount);
            if is_shared {
                amount = amount.mark(ask.say("även andra nivåer", "other rates too"));
            }
            vec![
                Cell::of(&month_name(ask, month), &month.to_string())
                    .to(format!("/avrakning/{month}")),
                Cell::from(labels.unit(unit)).to(format!("/besked/{month}/{unit}")),
                labels.element(element).into(),
                lines.into(),
                amount,
            ]
        });
    let columns = vec![
        text("month", "Avräknad", "Settled"),
        text("unit", "Enhet", "Unit"),
        text("element", "Ersättning", "Element"),
        count("lines", "Rader", "Lines").summed(),
        money("amount_ore", "Rättelse", "Correction").summed(),
    ];
    let empty = ask.say(
        "Här står de rättelser som beslutet leder till, när de är bokförda.",
        "The corrections that the decision leads to stand here when they are booked.",
    );
    let caption = ask.say("Rättelser genom beslutet", "Corrections by the decision");
    let table = Table::new("caused", caption, columns).rows(rows).empty(empty);
    Ok(page.with(table.origin(ask.place.origin())))
}
