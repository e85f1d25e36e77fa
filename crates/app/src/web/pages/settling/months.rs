//! Every settlement, newest first; what waits for somebody; closing and attest.

use super::sees_books;
use super::told::{Parts, seen};
use crate::commands::books::Where;
use crate::data::Family;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::form::{Field, Form, Input};
use crate::web::html::Html;
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::pages::statement::month_name;
use crate::web::rights::Right;
use crate::web::table::{Cell, Table, count, money, text};
use crate::words;
use kernel::journal::Journal;
use kernel::money::Money;
use kernel::time::Month;
use std::collections::{BTreeMap, BTreeSet};
use store::Settlement;

/// Shows the months.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let page = Page::new(ask.say("Avräkning", "Settlement"));
    if !sees_books(ask) {
        return Ok(page.lead(lead(ask)).with(own(ask)?).into());
    }
    let links = vec![
        (ask.say("Konton", "Accounts").to_owned(), "/avrakning/konton".to_owned()),
        (ask.say("Brygga", "Bridge").to_owned(), "/avrakning/bro".to_owned()),
        (ask.say("Upplupet", "Accruals").to_owned(), "/avrakning/upplupet".to_owned()),
        (ask.say("Betalningar", "Payments").to_owned(), "/betalningar".to_owned()),
    ];
    let page = page
        .lead(lead(ask))
        .with(Block::Links(links))
        .with(next(ask))
        .maybe(drafts(ask))
        .with(table(ask)?);
    Ok(if ask.may(Right::Book) { page.with(closing(ask)).into() } else { page.into() })
}

fn lead(ask: &Ask) -> &'static str {
    if sees_books(ask) {
        ask.say(
            "Varje avräkning: vad som betalas, vad som rättas och var den är på väg till banken.",
            "Every settlement: what is paid, what is corrected, and where it is on its way to the bank.",
        )
    } else {
        ask.say(
            "Vad era enheter har fått, månad för månad.",
            "What your units were paid, month by month.",
        )
    }
}

/// The next month to settle: the one after the last, or the first with care.
pub(super) fn next_month(ask: &Ask) -> Option<Month> {
    let data = &ask.place.data;
    match data.settlements().last() {
        Some(last) => Some(last.booked.month.plus(1)),
        None => data.loaded_reports()?.rows().iter().map(|row| row.care_date.month()).min(),
    }
}

fn next(ask: &Ask) -> Block {
    let Some(month) = next_month(ask) else {
        return Block::Notice(
            Mood::Info,
            ask.say(
                "Inget är inrapporterat än. När kontakter har kommit in kan den första månaden avräknas här.",
                "Nothing has been reported yet. Once contacts have come in the first month can be settled here.",
            )
            .into(),
        );
    };
    let name = month_name(ask, month);
    let text = if month.last_day() < ask.place.today {
        ask.say("Nästa månad att avräkna är {}.", "The next month to settle is {}.")
    } else {
        ask.say("Nästa månad, {}, är inte slut än.", "The next month, {}, is not over yet.")
    };
    let url = format!("/avrakning/{month}/forhandsvisning");
    let link = Html::link(&url, ask.say("Se förhandsvisningen", "See the preview"));
    let text = Html::text(&format!("{} ", text.replace("{}", &name)));
    Block::Notice(Mood::Info, text.then(&link))
}

/// Whether a draft waits: not booked, and of a month that is still to be settled.
pub(super) fn waits(ask: &Ask, draft: &Settlement) -> bool {
    let data = &ask.place.data;
    let state = data.journal().drafts.get(&draft.booked.id);
    let is_open = state.is_some_and(|state| state.booked_as.is_none());
    let mut later = data.drafts().iter().filter(|one| one.booked.month == draft.booked.month);
    let is_last = later.next_back().is_some_and(|last| last.booked.id == draft.booked.id);
    let booked = data.settlements().iter().map(|one| one.booked.month).max();
    is_open && is_last && booked.is_none_or(|last| draft.booked.month >= last)
}

/// The state of a draft.
fn draft_state(ask: &Ask, journal: &Journal, id: &str) -> Cell {
    let attested = journal.drafts.get(id).and_then(|draft| draft.attested_by.as_deref());
    match attested {
        Some(by) => {
            Cell::of(&ask.say("attesterad av {}", "attested by {}").replace("{}", by), "attested")
        }
        None => Cell::of(ask.say("utkast, väntar på attest", "draft, waits for attest"), "draft"),
    }
}

fn drafts(ask: &Ask) -> Option<Table> {
    let data = &ask.place.data;
    let journal = data.journal();
    let row = |draft: &Settlement| {
        let booked = &draft.booked;
        let by = journal.drafts.get(&booked.id).map_or("", |one| one.by.as_str());
        vec![
            Cell::of(&month_name(ask, booked.month), &booked.month.to_string())
                .to(format!("/avrakning/{}", booked.month)),
            booked.id.as_str().into(),
            by.into(),
            draft_state(ask, journal, &booked.id),
            booked.lines.into(),
            booked.total.into(),
        ]
    };
    let rows: Vec<_> = data.drafts().iter().filter(|one| waits(ask, one)).map(row).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        text("month", "Månad", "Month"),
        text("id", "Utkast", "Draft"),
        text("by", "Lagt av", "Made by"),
        text("state", "Läge", "State"),
        count("lines", "Rader", "Lines"),
        money("total_ore", "Att betala", "To pay"),
    ];
    let caption = ask.say("Utkast som väntar", "Drafts that wait");
    Some(Table::new("utkast", caption, columns).rows(rows).short().origin(ask.place.origin()))
}

/// Where a settlement is, with whether its month is closed.
pub(super) fn state(ask: &Ask, settlement: &Settlement) -> Cell {
    let journal = ask.place.data.journal();
    let id = &settlement.booked.id;
    let booked = journal.settlements.iter().find(|one| one.id == *id);
    let name = booked.map_or("booked", |booked| Where::of(journal, id).state(booked));
    let cell = Cell::from(words::settlement_state(ask.lang, name));
    if journal.is_closed(settlement.booked.month) {
        return cell.mark(ask.say("stängd", "closed"));
    }
    cell
}

fn table(ask: &Ask) -> Result<Table, Failure> {
    let sums = ask.place.sums()?;
    let mut unpriced: BTreeMap<Month, i64> = BTreeMap::new();
    for item in ask.place.stands()?.iter().filter(|item| item.family == Family::Unpriced) {
        *unpriced.entry(item.month).or_default() += 1;
    }
    let row = |settlement: &Settlement| {
        let booked = &settlement.booked;
        let parts = Parts::of(&seen(ask, sums.of_settlement(&booked.id)));
        let waiting = match unpriced.get(&booked.month).copied().unwrap_or(0) {
            0 => Cell::from(0_i64),
            some => Cell::from(some)
                .to(format!("/inrapportering/avvikelser?family=unpriced&month={}", booked.month)),
        };
        vec![
            Cell::of(&month_name(ask, booked.month), &booked.month.to_string())
                .to(format!("/avrakning/{}", booked.month)),
            booked.id.as_str().into(),
            state(ask, settlement),
            booked.lines.into(),
            booked.total.into(),
            parts.corrected.into(),
            waiting,
            Cell::of(origin(ask, booked.origin.name()), booked.origin.name()),
        ]
    };
    let columns = vec![
        text("month", "Månad", "Month"),
        text("id", "Avräkning", "Settlement"),
        text("state", "Läge", "State"),
        count("lines", "Rader", "Lines"),
        money("total_ore", "Att betala", "To pay"),
        money("corrected_ore", "Varav rättelser", "Of which corrections"),
        count("unpriced", "Utan pris i dag", "Without a price today"),
        text("origin", "Underlag", "Origin"),
    ];
    let rows = ask.place.data.settlements().iter().rev().map(row);
    Ok(Table::new("manader", ask.say("Avräkningar", "Settlements"), columns)
        .rows(rows)
        .empty(ask.say(
            "Här står varje bokförd avräkning. Den första kommer av en förhandsvisning som läggs som utkast, attesteras och bokförs.",
            "Every booked settlement stands here. The first comes of a preview that is put down as a draft, attested and booked.",
        ))
        .origin(ask.place.origin()))
}

pub(super) fn origin(ask: &Ask, name: &str) -> &'static str {
    if name == "synthetic" {
        ask.say("syntetiskt", "synthetic")
    } else {
        ask.say("inrapporterat", "reported")
    }
}

/// The months of somebody's own units.
fn own(ask: &Ask) -> Result<Table, Failure> {
    let sums = ask.place.sums()?;
    let row = |settlement: &Settlement| {
        let booked = &settlement.booked;
        let parts = Parts::of(&seen(ask, sums.of_settlement(&booked.id)));
        let name = month_name(ask, booked.month);
        vec![
            Cell::of(&name, &booked.month.to_string()).to(format!("/avrakning/{}", booked.month)),
            parts.current.into(),
            parts.corrected.into(),
            parts.payable().into(),
            parts.shadow.into(),
        ]
    };
    let columns = vec![
        text("month", "Månad", "Month"),
        money("current_ore", "Löpande", "Current"),
        money("corrected_ore", "Rättelser", "Corrections"),
        money("amount_ore", "Att betala", "To pay"),
        money("shadow_ore", "Skuggbelopp", "Shadow"),
    ];
    let rows = ask.place.data.settlements().iter().rev().map(row);
    Ok(Table::new("manader", ask.say("Månader", "Months"), columns)
        .rows(rows)
        .empty(ask.say(
            "Här står varje månad som regionen har avräknat.",
            "Every month that the region has settled stands here.",
        ))
        .origin(ask.place.origin()))
}

/// Closing, opening again, and whether attest is required.
fn closing(ask: &Ask) -> Block {
    let journal = ask.place.data.journal();
    let mut blocks = Vec::new();
    let (closable, closed) = (closable(ask), closed(ask, journal));
    if !closable.is_empty() {
        let label = ask.say("Stäng till och med", "Close through");
        let lead = ask.say(
            "I en stängd månad bokförs inget mer och inget backas; det som ändras rättas i nästa öppna månad.",
            "In a closed month nothing more is booked and nothing undone; what changes is corrected in the next open month.",
        );
        blocks.push(
            Form::new("/avrakning/stang", ask.say("Stäng perioden", "Close the period"))
                .lead(lead)
                .field(Field::new(ask, "period", label, Input::Choice(closable), ""))
                .binding()
                .into(),
        );
    }
    if !closed.is_empty() {
        let label = ask.say("Öppna igen från och med", "Open again from");
        let why = ask.say("Varför", "Why");
        blocks.push(
            Form::new("/avrakning/oppna", ask.say("Öppna perioden igen", "Open the period again"))
                .field(Field::new(ask, "period", label, Input::Choice(closed), ""))
                .field(Field::new(ask, "reason", why, Input::Line, "").required())
                .binding()
                .into(),
        );
    }
    let (text, button, value) = if journal.is_attest_required {
        (
            ask.say(
                "Attest krävs: en avräkning bokförs först när en annan person än den som lade utkastet har attesterat det.",
                "Attest is required: a settlement is booked only once another person than the one who made the draft has attested it.",
            ),
            ask.say("Kräv inte attest", "Do not require attest"),
            "off",
        )
    } else {
        (
            ask.say(
                "Attest krävs inte: en förhandsvisning kan bokföras direkt.",
                "Attest is not required: a preview can be booked at once.",
            ),
            ask.say("Kräv attest", "Require attest"),
            "required",
        )
    };
    let form = Form::new("/avrakning/attestkrav", button).lead(text).hidden("attest", value);
    blocks.push(form.binding().into());
    let heading = ask.say("Stänga, öppna, attestkrav", "Close, open, require attest");
    Block::Fold(heading.to_owned(), blocks)
}

fn choice(period: String) -> (String, String) {
    (period.clone(), period)
}

/// Settled months and years that are open, newest first.
fn closable(ask: &Ask) -> Vec<(String, String)> {
    let data = &ask.place.data;
    let journal = data.journal();
    let months: BTreeSet<Month> = data.settlements().iter().map(|one| one.booked.month).collect();
    let last = months.last().copied();
    let is_whole = |year: i32| Month::new(year, 12).is_some_and(|december| last >= Some(december));
    let latest = journal.closed_years.last().copied();
    let years: BTreeSet<i32> = months.iter().map(|month| month.year()).collect();
    let years = years.into_iter().filter(|year| is_whole(*year) && latest < Some(*year));
    let open = months.iter().rev().filter(|month| !journal.is_closed(**month));
    let mut periods: Vec<_> = open.map(|month| choice(month.to_string())).collect();
    periods.extend(years.rev().map(|year| choice(format!("{year:04}"))));
    periods
}

/// Closed months and years that can be opened, newest first.
fn closed(ask: &Ask, journal: &Journal) -> Vec<(String, String)> {
    let year = journal.closed_years.last().copied();
    let mut periods: Vec<_> = year.into_iter().map(|year| choice(format!("{year:04}"))).collect();
    let months: BTreeSet<Month> =
        ask.place.data.settlements().iter().map(|one| one.booked.month).collect();
    let is_open =
        |month: &&Month| journal.is_closed(**month) && year.is_none_or(|year| month.year() > year);
    periods.extend(months.iter().rev().filter(is_open).map(|month| choice(month.to_string())));
    periods
}

/// An amount and a number of rows, as a button says them.
pub(super) fn rows_and_amount(ask: &Ask, lines: i64, amount: Money) -> String {
    let lines = kernel::money::grouped(lines.unsigned_abs());
    format!("{lines} {}, {amount}", ask.say("rader", "rows"))
}
