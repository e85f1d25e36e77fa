//! Whether all that is kept is whole: the database, the chain of hashes, files and balances.

use crate::data::{ailments, chain_of};
use crate::engine;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::table::{Cell, Table, text};
use std::time::Instant;

/// Checks it now, and tells what was found and how long it took.
pub fn show(ask: &Ask) -> Result<Answer, Failure> {
    let started = Instant::now();
    let folder = ask.place.data.folder();
    let found = ailments(folder)?;
    let chain = chain_of(folder)?;
    let took = format!("{} ms", started.elapsed().as_millis());
    let has_harm = found.iter().any(|one| one.is_harm);
    let facts: Vec<(String, Cell)> = vec![
        (ask.say("Kontrollerat (UTC)", "Checked (UTC)").into(), engine::now().into()),
        (ask.say("Tog", "Took").into(), took.into()),
        (ask.say("Länkar i kedjan", "Links of the chain").into(), chain.links.into()),
        (ask.say("Brott i kedjan", "Breaks of the chain").into(), chain.broken.len().into()),
        (ask.say("Sista kontrollsumman", "Last hash").into(), chain.head.into()),
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
    let caption = ask.say("Fynd", "Found");
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
    Ok(Page::new(ask.say("Är allt helt?", "Is all whole?"))
        .under(ask.say("Logg", "Log"), "/logg")
        .notice(mood, text)
        .with(Block::Facts(facts))
        .with(table)
        .into())
}
