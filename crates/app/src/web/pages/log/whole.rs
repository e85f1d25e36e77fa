//! Whether all that is kept is whole: the database, the chain of hashes, files and balances.
//!
//! Owns: when it is checked. Everything that is kept is read for it, which takes seconds, so a check is made aside, says when it was made,
//! and is shown for an hour at most; a newer one is asked for by its link. Does not own: what is checked (`data`).

use crate::data::{Ailment, examined};
use crate::engine;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::query::encoded;
use crate::web::table::{Cell, Table, text};
use crate::web::work::{Found, found};
use std::path::Path;
use std::time::Instant;
use store::Chain;

/// What a check found.
struct Checked {
    at: String,
    took_ms: u128,
    found: Vec<Ailment>,
    chain: Chain,
}

fn checked(folder: &Path) -> Result<Checked, Failure> {
    let (at, started) = (engine::now(), Instant::now());
    let (found, chain) = examined(folder)?;
    Ok(Checked { at, took_ms: started.elapsed().as_millis(), found, chain })
}

/// Tells what a check found, when it was made and how long it took.
pub fn show(ask: &Ask) -> Result<Answer, Failure> {
    let now = engine::now();
    let hour = now.get(..13).unwrap_or_default();
    // A moment of this hour that has been: nothing else asks for a newer check.
    let asked = ask.query.value("efter").filter(|at| at.starts_with(hour) && *at <= now.as_str());
    let (after, folder) = (asked.unwrap_or(hour), ask.place.data.folder().to_owned());
    // What went wrong is kept as what was found is, and asked for again in the same way.
    let check = move || Ok(checked(&folder).map_err(|why| why.text()));
    let made = match found(ask, &format!("kontroll {after}"), check)? {
        Found::Made(made) => made,
        Found::Waits(page) => return Ok(under(ask, page).into()),
    };
    Ok(match made.as_ref() {
        Ok(checked) => told(ask, checked).into(),
        Err(why) => page(ask, Mood::Refused, &ask.of(why)).with(again(ask, &now)).into(),
    })
}

fn page(ask: &Ask, mood: Mood, text: &str) -> Page {
    under(ask, Page::new(ask.say("Är allt helt?", "Is all whole?"))).notice(mood, text)
}

/// The link to a check that is newer than a moment.
fn again(ask: &Ask, at: &str) -> Block {
    let text = ask.say("Kontrollera igen", "Check again").to_owned();
    Block::Links(vec![(text, format!("/logg/kontroll?efter={}", encoded(at)))])
}

fn under(ask: &Ask, page: Page) -> Page {
    page.under(ask.say("Logg", "Log"), "/logg")
}

fn told(ask: &Ask, checked: &Checked) -> Page {
    let Checked { at, took_ms, found, chain } = checked;
    let has_harm = found.iter().any(|one| one.is_harm);
    let facts: Vec<(String, Cell)> = vec![
        (ask.say("Kontrollerat (UTC)", "Checked (UTC)").into(), Cell::moment(at)),
        (ask.say("Tog", "Took").into(), format!("{took_ms} ms").into()),
        (ask.say("Länkar i kedjan", "Links of the chain").into(), chain.links.into()),
        (ask.say("Brott i kedjan", "Breaks of the chain").into(), chain.broken.len().into()),
        (ask.say("Sista kontrollsumman", "Last hash").into(), chain.head.as_str().into()),
    ];
    let rows = found.iter().map(|one| {
        let grade = if one.is_harm { ask.say("fel", "error") } else { ask.say("notis", "note") };
        vec![grade.into(), one.code.into(), ask.of(&one.what).into()]
    });
    let columns = vec![
        text("severity", "Grad", "Severity"),
        text("code", "Vad", "What"),
        text("message", "Att göra", "What to do"),
    ];
    let caption = ask.say("Avvikelser", "Findings");
    let empty = ask.say("Inget är fel.", "Nothing is wrong.");
    let table = Table::new("ailments", caption, columns).rows(rows).empty(empty).short();
    let (mood, text) = if has_harm {
        (
            Mood::Attention,
            ask.say(
                "Något är skadat. Läs in en säkerhetskopia innan något mer görs.",
                "Something is damaged. Restore a backup before anything else is done.",
            ),
        )
    } else {
        (
            Mood::Done,
            ask.say(
                "Databas, kedja, filer och saldon stämmer. Anteckna den sista kontrollsumman på annat håll: då syns också om slutet av kedjan skulle tas bort.",
                "Database, chain, files and balances hold. Note the last hash elsewhere: then it shows if the end of the chain is cut off.",
            ),
        )
    };
    page(ask, mood, text).with(Block::Facts(facts)).with(table).with(again(ask, at))
}
