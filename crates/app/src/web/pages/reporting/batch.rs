//! One batch: what it had, and what of it stands.

use super::overview::{imported_by, origin_cell, seen_rows, sees_of, shown_name};
use super::{is_seen, standing};
use crate::data::Item;
use crate::failure::Failure;
use crate::findings;
use crate::web::ask::{Ask, missing};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::table::{Cell, Table, count, text};
use crate::words;
use kernel::time::Day;

/// The page.
pub fn show(ask: &Ask) -> Result<Answer, Failure> {
    let seq: i64 = ask.param("batch").parse().map_err(|_| missing())?;
    let batches = ask.place.data.batches();
    let found = batches.iter().enumerate().find(|(_, batch)| batch.seq == seq);
    let Some((at, batch)) = found else { return Err(missing()) };
    let Some(seen) = seen_rows(ask, at)? else { return Err(missing()) };
    let by = imported_by(ask)?.remove(&batch.source_sha256).unwrap_or_default();
    let mut facts: Vec<(String, Cell)> = vec![
        (ask.say("Rader", "Rows").into(), seen.all.into()),
        (ask.say("Godtagna", "Accepted").into(), (seen.all - seen.rejected).into()),
        (ask.say("Avvisade", "Rejected").into(), seen.rejected.into()),
        (ask.say("Inläst", "Imported").into(), batch.imported_on.to_string().into()),
        (ask.say("Ursprung", "Origin").into(), origin_cell(ask, batch)),
    ];
    if !by.is_empty() {
        facts.push((ask.say("Av", "By").into(), by.into()));
    }
    if sees_of(ask, at, "")? {
        let hash = batch.source_sha256.get(..16).unwrap_or("");
        facts.push((ask.say("Kontrollsumma", "Hash").into(), Cell::of(hash, &batch.source_sha256)));
    }
    let rejected = rejected(ask, at, &batch.name)?;
    let items: Vec<&Item> = ask.place.stands()?.iter().filter(|item| item.batch == at).collect();
    let items: Vec<&Item> = items.into_iter().filter(|item| is_seen(ask, item)).collect();
    let logged = rejected.rows.len() + items.len();
    ask.place.data.log_access(&ask.user.name, "findings", "", "", logged, &batch.source_sha256)?;
    let name = shown_name(ask, at, batch)?;
    let mut page = Page::new(name)
        .under(ask.say("Inrapportering", "Reporting"), "/inrapportering")
        .with(Block::Facts(facts));
    if seen.rejected == 0 && items.is_empty() {
        page = page.notice(
            Mood::Done,
            ask.say(
                "Alla rader är godtagna och inget i filen behöver rättas.",
                "All rows are accepted and nothing in the file needs to be mended.",
            ),
        );
    } else {
        page = page.notice(
            Mood::Attention,
            ask.say(
                "Rätta raderna i journalsystemet och skicka en ny fil med dem; en rättad rad ersätter den gamla. Det som står under Kvarstår i dag försvinner när det är gjort.",
                "Mend the rows in the record system and send a new file with them; a mended row replaces the old. What is under Standing today goes when that is done.",
            ),
        );
    }
    page = page.with(rejected).heading(ask.say("Kvarstår i dag", "Standing today"));
    Ok(page.with(standing::table(ask, &items)?).into())
}

/// The rows that were rejected when the file came, line by line, with what to do.
fn rejected(ask: &Ask, at: usize, file: &str) -> Result<Table, Failure> {
    let faulty = ask.place.faulty()?;
    let of_batch = faulty
        .rejected
        .iter()
        .filter(|(batch, _)| usize::try_from(batch - 1).is_ok_and(|batch| batch == at));
    let mut rows = Vec::new();
    let mut of_batch: Vec<_> = of_batch.map(|(_, row)| row).collect();
    of_batch.sort_by_key(|row| row.line);
    for row in of_batch {
        let about = row.about.as_ref();
        let day = about.and_then(|about| about.care_date).unwrap_or(Day::MAX);
        let written = about.map_or("", |about| about.unit.as_str());
        let id = ask.place.unit_of_code(written, day).unwrap_or("");
        if !sees_of(ask, at, id)? {
            continue;
        }
        let told = findings::of_kept_row(file, row);
        let message = told.as_ref().map_or_else(String::new, |told| ask.of(&told.message));
        let contact = told.and_then(|told| told.contact).unwrap_or_default();
        let contact = findings::shown_id(&contact);
        rows.push(vec![
            row.line.into(),
            Cell::from(words::finding(ask.lang, &row.code)),
            Cell::of(&findings::hide_numbers(if id.is_empty() { written } else { id }), id),
            contact.into(),
            row.field.as_str().into(),
            findings::hide_numbers(&row.value).into(),
            message.into(),
        ]);
    }
    let columns = vec![
        count("line", "Rad", "Line"),
        text("code", "Avvikelse", "Finding"),
        text("unit", "Enhet", "Unit"),
        text("contact", "Kontakt", "Contact"),
        text("field", "Fält", "Field"),
        text("value", "Värde", "Value"),
        text("message", "Att göra", "What to do"),
    ];
    let caption = ask.say("Avvisade när filen lästes in", "Rejected when the file was imported");
    let empty = ask.say("Ingen rad avvisades.", "No row was rejected.");
    Ok(Table::new("rejected", caption, columns).rows(rows).empty(empty).origin(ask.place.origin()))
}
