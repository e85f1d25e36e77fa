//! Who looked at rows about persons, and a random draw of it to review (HSLF-FS 2016:40).
//!
//! Owns: which accesses are shown or drawn. Does not own: what is logged (`data`).

use crate::failure::Failure;
use crate::output::Lang;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, Page};
use crate::web::query::{Query, encoded};
use crate::web::rights::Right;
use crate::web::table::{Cell, Column, Table, count, text};
use crate::words;
use store::{Access, Meant};

/// Rows that a page shows at most; a download has all.
const SHOWN: i64 = 200;
/// Accesses of a draw, unless the address says otherwise.
const DRAWN: usize = 20;

/// The access log of a period.
pub fn show(ask: &Ask) -> Result<Answer, Failure> {
    let period = Period::of(ask)?;
    let meant = period.meant(ask.query.value("who").unwrap_or(""));
    let all = ask.place.data.access_count(meant)?;
    let is_file = ask.query.value("access.as").is_some();
    let most = if is_file { i64::MAX } else { SHOWN };
    let rows = ask.place.data.last_accesses(meant, most)?;
    let shown = rows.len();
    let rows: Vec<Vec<Cell>> = rows.iter().map(|one| row(ask, one)).collect();
    let empty = ask.say(
        "Ingen har läst rader om personer under perioden. Varje visning och uttag av sådana rader skrivs hit innan den visas.",
        "Nobody has read rows about persons in the period. Every look at such rows is written here before it is shown.",
    );
    let table = Table::new("access", ask.say("Läst", "Read"), columns()).rows(rows).empty(empty);
    let mut page = Page::new(ask.say("Vem har läst om personer", "Who has read about persons"))
        .under(ask.say("Logg", "Log"), "/logg")
        .lead(period.told(ask))
        .with(Block::Links(periods(ask)));
    if i64::try_from(shown).is_ok_and(|shown| shown < all) {
        page = page.text(match ask.lang {
            Lang::Sv => format!(
                "De senaste {shown} av {all} rader visas. Ladda ned tabellen: den filen har alla."
            ),
            Lang::En => format!(
                "The latest {shown} of {all} rows are shown. Download the table: that file has all."
            ),
        });
    }
    Ok(page.with(table).into())
}

/// A random draw of the accesses of a period, the same for the same seed.
pub fn spot_check(ask: &Ask) -> Result<Answer, Failure> {
    let period = Period::of(ask)?;
    let Some(seed) = ask.query.value("seed") else {
        let seed = crate::web::account::new_token()?;
        let seed = seed.get(..12).unwrap_or("").to_owned();
        return Ok(Answer::Go(ask.with(&[("seed", &seed)])));
    };
    let wanted = ask.query.value("n").and_then(|n| n.parse().ok()).unwrap_or(DRAWN).clamp(1, 500);
    let mut numbers = ask.place.data.access_numbers(period.meant(""))?;
    let of = numbers.len();
    numbers.sort_by_cached_key(|seq| store::files::sha256(format!("{seed} {seq}").as_bytes()));
    numbers.truncate(wanted);
    numbers.sort_unstable();
    let drawn = numbers.len();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for seq in numbers {
        rows.extend(ask.place.data.access_row(seq)?.iter().map(|one| row(ask, one)));
    }
    let Period { from, to, .. } = &period;
    let lead = match ask.lang {
        Lang::Sv => format!(
            "{drawn} av {of} läsningar {from}–{to}, dragna slumpvis. Fråga för var och en: hade personen uppdrag att läsa just detta? Anteckna fröet `{seed}` i protokollet: samma frö och period ger samma urval."
        ),
        Lang::En => format!(
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

/// Days (UTC), both inclusive.
struct Period {
    from: String,
    to: String,
    /// The day after.
    until: String,
}

impl Period {
    /// The last thirty days, unless the address says otherwise.
    fn of(ask: &Ask) -> Result<Self, Failure> {
        let to = ask.day("to", ask.place.today)?;
        let from = ask.day("from", to.plus(-30))?;
        Ok(Self { from: from.to_string(), to: to.to_string(), until: to.plus(1).to_string() })
    }

    fn meant<'a>(&'a self, by: &'a str) -> Meant<'a> {
        Meant { from: &self.from, until: &self.until, by }
    }

    fn told(&self, ask: &Ask) -> String {
        let Self { from, to, .. } = self;
        match ask.lang {
            Lang::Sv => format!("Visningar och uttag fr.o.m. {from} t.o.m. {to}."),
            Lang::En => format!("Looks at rows from {from} to {to}."),
        }
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
