//! A month: its settlements, and the draft that waits.

use super::months::{next_month, origin, rows_and_amount, state, waits};
use super::sees_books;
use super::told::{End, Parts, change, corrections, seen, units};
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::pages::statement::month_name;
use crate::web::place::sums::{Sum, SumKey, added_up};
use crate::web::rights::Right;
use crate::web::table::Cell;
use crate::words::capital;
use kernel::time::Month;
use std::collections::BTreeMap;
use store::Settlement;

/// Shows a month.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let month = ask.month("month")?;
    let data = &ask.place.data;
    let settlements: Vec<&Settlement> =
        data.settlements().iter().filter(|one| one.booked.month == month).collect();
    let mut page = Page::new(capital(&month_name(ask, month)))
        .under(ask.say("Avräkning", "Settlement"), "/avrakning");
    if !sees_books(ask) {
        if settlements.is_empty() {
            return Err(missing());
        }
        return own(ask, page, month, &settlements).map(Answer::from);
    }
    let draft = data.drafts().iter().rev().find(|one| one.booked.month == month);
    let draft = draft.filter(|draft| waits(ask, draft));
    if settlements.is_empty() && draft.is_none() {
        return if next_month(ask) == Some(month) {
            Ok(Answer::Go(format!("/avrakning/{month}/forhandsvisning")))
        } else {
            Err(missing())
        };
    }
    if let Some(draft) = draft {
        page = waiting(ask, page, draft)?;
    }
    for (number, settlement) in settlements.iter().enumerate() {
        page = booked(ask, page, settlement, number)?;
    }
    let is_last = data.settlements().last().is_some_and(|last| last.booked.month == month);
    if is_last && ask.may(Right::Book) && !data.journal().is_closed(month) {
        page = page.maybe(settlements.last().map(|last| undo(ask, last)));
    }
    Ok(page.into())
}

/// A provider's own units.
fn own(ask: &Ask, page: Page, month: Month, settlements: &[&Settlement]) -> Result<Page, Failure> {
    let sums = ask.place.sums()?;
    let mut rows = Vec::new();
    for settlement in settlements {
        rows.extend(seen(ask, sums.of_settlement(&settlement.booked.id)));
    }
    let caption = ask.say("Era enheter", "Your units");
    Ok(page.with(units(ask, "enheter", caption, &rows, Some(month))).maybe(corrections(
        ask,
        "rattelser",
        &rows,
    )))
}

/// The ids of tables: a month may be settled more than once.
const IDS: [[&str; 3]; 3] = [
    ["enheter", "rattelser", "forandring"],
    ["enheterb", "rattelserb", "forandringb"],
    ["enheterc", "rattelserc", "forandringc"],
];

fn booked(ask: &Ask, page: Page, settlement: &Settlement, number: usize) -> Result<Page, Failure> {
    let data = &ask.place.data;
    let booked = &settlement.booked;
    let sums = ask.place.sums()?;
    let rows = seen(ask, sums.of_settlement(&booked.id));
    let parts = Parts::of(&rows);
    let [units_id, corrections_id, change_id] = IDS[number.min(IDS.len() - 1)];
    let state = state(ask, settlement).to("/betalningar");
    let facts = vec![
        (ask.say("Läge", "State").to_owned(), state),
        (ask.say("Avräknad", "Settled on").to_owned(), booked.settled_on.to_string().into()),
        (
            ask.say("Rapporter t.o.m.", "Reports through").to_owned(),
            booked.cutoff.to_string().into(),
        ),
        (ask.say("Rader", "Rows").to_owned(), booked.lines.into()),
        (ask.say("Löpande (kr)", "Current (kr)").to_owned(), parts.current.into()),
        (ask.say("Rättelser (kr)", "Corrections (kr)").to_owned(), parts.corrected.into()),
        (ask.say("Att betala (kr)", "To pay (kr)").to_owned(), booked.total.into()),
        (ask.say("Underlag", "Origin").to_owned(), Cell::from(origin(ask, booked.origin.name()))),
        (ask.say("Kontrollsumma", "Hash").to_owned(), short(&booked.lines_hash)),
    ];
    let caption = ask.say("Enheter", "Units");
    let before = data.settlements().iter().take_while(|one| one.booked.id != booked.id).last();
    let figure = before.map(|before| {
        let was = seen(ask, sums.of_settlement(&before.booked.id));
        let from = End { label: month_name(ask, before.booked.month), rows: &was };
        let to = End { label: month_name(ask, booked.month), rows: &rows };
        change(ask, change_id, &from, &to)
    });
    let known = format!("/avrakning/bro?from={}&to={}", booked.settled_on, ask.place.today);
    let bridge = ask.say(
        "Brygga: vad som tillkommit sedan avräkningen",
        "Bridge: what has come since the settlement",
    );
    Ok(page
        .heading(format!("{} {}", ask.say("Avräkning", "Settlement"), booked.id))
        .with(Block::Facts(facts))
        .maybe(figure)
        .maybe(corrections(ask, corrections_id, &rows))
        .with(units(ask, units_id, caption, &rows, Some(booked.month)))
        .with(Block::Links(vec![(bridge.to_owned(), known)])))
}

/// The first signs of a hash, and the whole for programs.
pub(super) fn short(hash: &str) -> Cell {
    Cell::of(&format!("{}…", hash.get(..16).unwrap_or(hash)), hash)
}

/// A draft, with what can be done with it.
fn waiting(ask: &Ask, page: Page, draft: &Settlement) -> Result<Page, Failure> {
    let data = &ask.place.data;
    let booked = &draft.booked;
    let lines = data.booked_lines(draft)?;
    let sums = added_up(&lines, &mut BTreeMap::new());
    let rows: Vec<(&SumKey, &Sum)> = sums.iter().map(|(key, sum)| (key, sum)).collect();
    let state = data.journal().drafts.get(&booked.id);
    let by = state.map_or("", |state| state.by.as_str());
    let attested = state.and_then(|state| state.attested_by.as_deref());
    let mut facts = vec![
        (ask.say("Lagt av", "Made by").to_owned(), by.into()),
        (ask.say("Rader", "Rows").to_owned(), booked.lines.into()),
        (ask.say("Att betala (kr)", "To pay (kr)").to_owned(), booked.total.into()),
        (
            ask.say("Avräkningsdag", "Day of settlement").to_owned(),
            booked.settled_on.to_string().into(),
        ),
        (ask.say("Kontrollsumma", "Hash").to_owned(), short(&booked.lines_hash)),
    ];
    if let Some(attested) = attested {
        facts.push((ask.say("Attesterat av", "Attested by").to_owned(), attested.into()));
    }
    let amount = rows_and_amount(ask, booked.lines, booked.total);
    let month = booked.month;
    let block = match attested {
        Some(_) if ask.may(Right::Book) => {
            let button = format!("{} {amount}", ask.say("Bokför", "Book"));
            let form = Form::new(format!("/avrakning/{month}/bokfor"), button);
            Some(form.hidden("hash", &booked.lines_hash).binding().into())
        }
        None if ask.may(Right::Attest) && ask.user.name == by => Some(Block::Notice(
            Mood::Info,
            ask.say(
                "Du lade utkastet. En annan person attesterar det.",
                "You made the draft. Another person attests it.",
            )
            .into(),
        )),
        None if ask.may(Right::Attest) => {
            let button = format!("{} {amount}", ask.say("Attestera", "Attest"));
            let form = Form::new(format!("/avrakning/{month}/attestera"), button);
            Some(form.hidden("draft", &booked.id).binding().into())
        }
        _ => None,
    };
    let compare = (
        ask.say("Förhandsvisning som känt nu", "Preview as known now").to_owned(),
        format!("/avrakning/{month}/forhandsvisning?on={}", booked.settled_on),
    );
    let caption = ask.say("Enheter i utkastet", "Units of the draft");
    Ok(page
        .heading(format!("{} {}", ask.say("Utkast", "Draft"), booked.id))
        .with(Block::Facts(facts))
        .with(units(ask, "utkast", caption, &rows, None))
        .maybe(corrections(ask, "utkastrattelser", &rows))
        .maybe(block)
        .with(Block::Links(vec![compare])))
}

fn undo(ask: &Ask, settlement: &Settlement) -> Block {
    let booked = &settlement.booked;
    let amount = rows_and_amount(ask, booked.lines, booked.total);
    let lead = ask.say(
        "Avräkningen tas tillbaka hel, med omvända verifikationer. Det går så länge inget av den är sänt till banken.",
        "The settlement is taken back whole, with entries reversed. That can be done as long as nothing of it is at the bank.",
    );
    let why = ask.say("Varför", "Why");
    let button = format!("{} {}: {amount}", ask.say("Backa", "Undo"), booked.id);
    let form = Form::new(format!("/avrakning/{}/backa", booked.month), button)
        .lead(lead)
        .hidden("settlement", &booked.id)
        .field(Field::new(ask, "reason", why, Input::Line, "").required())
        .binding();
    Block::Fold(ask.say("Backa avräkningen", "Undo the settlement").to_owned(), vec![form.into()])
}
