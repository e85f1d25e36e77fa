//! Who looked at rows about persons, and a random draw of it to review (HSLF-FS 2016:40).
//!
//! Owns: which accesses are shown or drawn. Does not own: what is logged (`data`).

use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, Page};
use crate::web::query::{Query, encoded};
use crate::web::rights::Right;
use crate::web::table::{Cell, Column, Table, count, text};
use crate::words;
use kernel::time::Day;
use store::Access;

/// Accesses of a draw, unless the address says otherwise.
const DRAWN: usize = 20;

/// The access log of a period.
pub fn show(ask: &Ask) -> Result<Answer, Failure> {
    let (from, to) = period(ask)?;
    let who = ask.query.value("who");
    let of_period = of_period(ask, from, to)?;
    let asked = of_period.iter().filter(|(_, one)| who.is_none_or(|who| one.by == who));
    let rows: Vec<Vec<Cell>> = asked.rev().map(|one| row(ask, one)).collect();
    let empty = ask.say(
        "Ingen har läst rader om personer under perioden. Varje visning och uttag av sådana rader skrivs hit innan den visas.",
        "Nobody has read rows about persons in the period. Every look at such rows is written here before it is shown.",
    );
    let table = Table::new("access", ask.say("Läst", "Read"), columns()).rows(rows).empty(empty);
    Ok(Page::new(ask.say("Vem har läst om personer", "Who has read about persons"))
        .under(ask.say("Logg", "Log"), "/logg")
        .lead(told(ask, from, to))
        .with(Block::Links(periods(ask)))
        .with(table)
        .into())
}

/// A random draw of the accesses of a period, the same for the same seed.
pub fn spot_check(ask: &Ask) -> Result<Answer, Failure> {
    let (from, to) = period(ask)?;
    let Some(seed) = ask.query.value("seed") else {
        let seed = crate::web::account::new_token()?;
        let seed = seed.get(..12).unwrap_or("").to_owned();
        return Ok(Answer::Go(ask.with(&[("seed", &seed)])));
    };
    let wanted = ask.query.value("n").and_then(|n| n.parse().ok()).unwrap_or(DRAWN).clamp(1, 500);
    let mut all = of_period(ask, from, to)?;
    let of = all.len();
    all.sort_by_key(|(seq, _)| store::files::sha256(format!("{seed} {seq}").as_bytes()));
    all.truncate(wanted);
    all.sort_by_key(|(seq, _)| *seq);
    let drawn = all.len();
    let rows: Vec<Vec<Cell>> = all.iter().map(|one| row(ask, one)).collect();
    let lead = match ask.lang {
        crate::output::Lang::Sv => format!(
            "{drawn} av {of} läsningar {from}–{to}, dragna slumpvis. Fråga för var och en: hade personen uppdrag att läsa just detta? Anteckna fröet `{seed}` i protokollet: samma frö och period ger samma urval."
        ),
        crate::output::Lang::En => format!(
            "{drawn} of {of} accesses {from}–{to}, drawn at random. Ask of each: was it this person's task to read it? Note the seed `{seed}` in the record: the same seed and period give the same draw."
        ),
    };
    let empty = ask.say("Inget att granska under perioden.", "Nothing to review in the period.");
    let table = Table::new("drawn", ask.say("Stickprov", "Spot check"), columns());
    let again = ask.with(&[("seed", "")]);
    let mut links = vec![(ask.say("Dra ett nytt urval", "Draw anew").to_owned(), again)];
    links.extend(periods(ask));
    Ok(Page::new(ask.say("Stickprov i åtkomstloggen", "Spot check of the access log"))
        .under(ask.say("Logg", "Log"), "/logg")
        .lead(lead)
        .with(Block::Links(links))
        .with(table.rows(rows).empty(empty))
        .into())
}

/// The last thirty days, unless the address says otherwise.
fn period(ask: &Ask) -> Result<(Day, Day), Failure> {
    let to = ask.day("to", ask.place.today)?;
    Ok((ask.day("from", to.plus(-30))?, to))
}

fn told(ask: &Ask, from: Day, to: Day) -> String {
    match ask.lang {
        crate::output::Lang::Sv => format!("Visningar och uttag fr.o.m. {from} t.o.m. {to}."),
        crate::output::Lang::En => format!("Looks at rows from {from} to {to}."),
    }
}

/// Addresses of the same page for other periods.
fn periods(ask: &Ask) -> Vec<(String, String)> {
    let today = ask.place.today;
    let spans =
        [(7, "Sju dagar", "Seven days"), (30, "30 dagar", "30 days"), (365, "Ett år", "A year")];
    let link = |(days, sv, en): (i32, &'static str, &'static str)| {
        let from = today.plus(-days).to_string();
        let to = today.to_string();
        (ask.lang.pick(sv, en).to_owned(), ask.with(&[("from", &from), ("to", &to), ("seed", "")]))
    };
    spans.map(link).into()
}

fn of_period(ask: &Ask, from: Day, to: Day) -> Result<Vec<(i64, Access)>, Failure> {
    ask.place.data.accesses_between(from, to)
}

fn columns() -> Vec<Column> {
    vec![
        count("seq", "Nr", "No"),
        text("at", "När (UTC)", "When (UTC)"),
        text("by", "Vem", "Who"),
        text("action", "Vad", "What"),
        text("unit", "Enhet", "Unit"),
        text("contact", "Kontakt", "Contact"),
        count("rows", "Rader", "Rows"),
        text("note", "Not", "Note"),
    ]
}

fn row(ask: &Ask, (seq, one): &(i64, Access)) -> Vec<Cell> {
    let mut contact = Cell::from(one.contact.as_str());
    if !one.contact.is_empty() && ask.may(Right::SeeContacts) {
        contact = contact.to(format!("/kontakt/{}", encoded(&one.contact)));
    }
    let who = Query::default().with(&[("who", one.by.as_str())]);
    vec![
        (*seq).into(),
        Cell::moment(&one.at),
        Cell::from(one.by.as_str()).to(format!("/logg/atkomst{}", who.written())),
        words::access(ask.lang, &one.action).into(),
        ask.place.labels.unit(&one.unit).into(),
        contact,
        one.rows.into(),
        one.note.get(..16.min(one.note.len())).unwrap_or(&one.note).into(),
    ]
}
