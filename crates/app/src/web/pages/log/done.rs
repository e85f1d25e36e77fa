//! What was done, newest first: decisions, imports, deeds with the books, accounts.

use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, Page};
use crate::web::rights::Right;
use crate::web::table::{Cell, Table, text};
use crate::words;

/// The page.
pub fn show(ask: &Ask) -> Result<Answer, Failure> {
    let lead = ask.say(
        "Allt som har gjorts, senast först. Inget här kan ändras eller tas bort; varje rad hör till en kedja av kontrollsummor.",
        "Everything that was done, latest first. Nothing here can be changed or removed; each row belongs to a chain of hashes.",
    );
    let columns = vec![
        text("on", "Dag", "Day"),
        text("what", "Vad", "What"),
        text("about", "Om", "About"),
        text("by", "Av", "By"),
        text("note", "Not", "Note"),
    ];
    let mut rows = deeds(ask);
    rows.extend(decisions(ask));
    rows.extend(imports(ask)?);
    rows.extend(accounts(ask)?);
    // A stable sort: what was done on the same day stands by kind.
    rows.sort_by(|a, b| b.first().map(Cell::plain).cmp(&a.first().map(Cell::plain)));
    let empty = ask.say(
        "Inget är gjort ännu. Beslut, inläsningar, avräkningar, betalningar och konton hamnar här.",
        "Nothing is done yet. Decisions, imports, settlements, payments and accounts come here.",
    );
    let caption = ask.say("Gjort", "Done");
    let table = Table::new("done", caption, columns).rows(rows).empty(empty);
    Ok(Page::new(ask.say("Logg", "Log"))
        .lead(lead)
        .with(Block::Links(links(ask)))
        .with(table.origin(ask.place.origin()))
        .into())
}

fn links(ask: &Ask) -> Vec<(String, String)> {
    let mut links = vec![
        ("Vem har läst om personer", "Who has read about persons", "/logg/atkomst"),
        ("Dra ett stickprov", "Draw a spot check", "/logg/stickprov"),
        ("Kontrollera att allt är helt", "Check that all is whole", "/logg/kontroll"),
    ];
    if ask.may(Right::ManageAccounts) {
        links.push(("Konton", "Accounts", "/konton"));
    }
    let link = |(sv, en, url): (&'static str, &'static str, &str)| {
        (ask.lang.pick(sv, en).to_owned(), url.to_owned())
    };
    links.into_iter().map(link).collect()
}

fn deeds(ask: &Ask) -> Vec<Vec<Cell>> {
    let deed = |(_, deed): &(i64, kernel::journal::Deed)| {
        let mut about = Cell::from(deed.subject.as_str());
        if let Some(month) = deed.month.filter(|_| ask.may(Right::SeeAmounts)) {
            about = about.to(format!("/avrakning/{month}"));
        }
        vec![
            deed.on.to_string().into(),
            words::deed_cell(ask.lang, deed.kind).into(),
            about,
            deed.by.as_str().into(),
            words::note(ask.lang, deed).into(),
        ]
    };
    ask.place.data.deeds().iter().rev().map(deed).collect()
}

fn decisions(ask: &Ask) -> Vec<Vec<Cell>> {
    let log = ask.place.data.register().log().iter().rev();
    log.map(|recorded| {
        let id = recorded.decision.id.to_string();
        let (known, url) = (recorded.decision.known_from, format!("/beslut/{id}"));
        let note = format!("{} {known}", ask.say("känt fr.o.m.", "known from"));
        vec![
            recorded.recorded_on.to_string().into(),
            Cell::of(ask.say("Beslut infört", "Decision recorded"), "decision"),
            Cell::from(id).to(url),
            "".into(),
            note.into(),
        ]
    })
    .collect()
}

fn imports(ask: &Ask) -> Result<Vec<Vec<Cell>>, Failure> {
    let imports = ask.place.data.accesses_of("import")?;
    let by = |hash: &str| {
        let found = imports.iter().find(|(_, one)| one.note == hash);
        found.map_or_else(String::new, |(_, one)| one.by.clone())
    };
    let batches = ask.place.data.batches().iter().rev();
    let rows = batches.map(|batch| {
        let mut name = Cell::from(batch.name.as_str());
        if ask.may(Right::SeeReporting) {
            name = name.to(format!("/inrapportering/leverans/{}", batch.seq));
        }
        vec![
            batch.imported_on.to_string().into(),
            Cell::of(ask.say("Fil inläst", "File imported"), "import"),
            name,
            by(&batch.source_sha256).into(),
            format!("{} {}", batch.rows, ask.say("rader", "rows")).into(),
        ]
    });
    Ok(rows.collect())
}

fn accounts(ask: &Ask) -> Result<Vec<Vec<Cell>>, Failure> {
    let row = |account: &store::Account| {
        let what = if account.role.is_empty() {
            Cell::of(ask.say("Konto stängt", "Account closed"), "account-closed")
        } else {
            Cell::of(ask.say("Konto öppnat eller ändrat", "Account opened or changed"), "account")
        };
        let day = account.at.get(..10).unwrap_or("");
        vec![
            day.into(),
            what,
            account.name.as_str().into(),
            account.by.as_str().into(),
            account.role.as_str().into(),
        ]
    };
    Ok(ask.place.data.accounts()?.iter().rev().map(row).collect())
}
