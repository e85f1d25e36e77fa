//! The page of what came in: what stands by code and by unit, the batches, and the form to send files with.

use super::upload::ACTION;
use super::{is_seen, standing_at};
use crate::data::Family;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Page};
use crate::web::place::reported::Rows;
use crate::web::rights::Right;
use crate::web::table::{Cell, Table, count, text};
use crate::words;
use std::collections::BTreeMap;
use store::{Batch, Origin};

/// Rejected rows, contacts without a price, warnings.
type Families = [i64; 3];

/// The page.
pub fn show(ask: &Ask) -> Result<Answer, Failure> {
    let lead = ask.say(
        "Det som vårdgivarna har skickat, och det som står kvar att rätta. En rad som inte går att läsa avvisas med skäl; resten av filen räknas.",
        "What the providers have sent, and what remains to be mended. A row that cannot be read is rejected with its reason; the rest of the file counts.",
    );
    let mut page = Page::new(ask.say("Inrapportering", "Reporting")).lead(lead);
    if ask.may(Right::Import) {
        page = page.with(form(ask));
    }
    let (codes, units) = standing(ask)?;
    let columns = vec![vec![codes.into()], vec![units.into()]];
    Ok(page.with(Block::Columns(columns)).with(batches(ask)?).into())
}

fn form(ask: &Ask) -> Form {
    let lead = if ask.sees_all() {
        ask.say(
            "CSV, Excel eller Parquet, gärna packade med gzip, högst 256 MB åt gången. En månads fil läses på någon sekund, 100 MB på ungefär en halv minut. Lämnar du sidan fortsätter läsningen, och leveransen syns i listan när den är klar. Samma fil igen ändrar inget.",
            "CSV, Excel or Parquet, packed with gzip if you like, at most 256 MB at a time. A month's file is read in a second or so, 100 MB in about half a minute. If you leave the page the reading goes on, and the batch stands in the list when it is done. The same file again changes nothing.",
        )
    } else {
        ask.say(
            "CSV, Excel eller Parquet, gärna packade med gzip, högst 256 MB åt gången. Bara rader om era egna enheter: har filen någon annan rad tas den inte emot alls, och du får veta vilka rader det gäller. Samma fil igen ändrar inget.",
            "CSV, Excel or Parquet, packed with gzip if you like, at most 256 MB at a time. Only rows about your own units: where a file has any other row none of it is taken, and you are told which rows. The same file again changes nothing.",
        )
    };
    let files =
        Field::new(ask, "files", ask.say("Kontaktfiler", "Contact files"), Input::Files, "");
    Form::new("/inrapportering", ask.say("Läs in filerna", "Import the files"))
        .lead(lead)
        .field(files.required())
}

fn standing(ask: &Ask) -> Result<(Table, Table), Failure> {
    let mut by_code: BTreeMap<(Family, &str), i64> = BTreeMap::new();
    let mut by_unit: BTreeMap<&str, Families> = BTreeMap::new();
    for item in ask.place.stands()?.iter().filter(|item| is_seen(ask, item)) {
        *by_code.entry((item.family, item.code)).or_default() += 1;
        let unit = if ask.place.has_unit(&item.unit) { &*item.unit } else { "" };
        if let Some(count) = by_unit.entry(unit).or_default().get_mut(item.family as usize) {
            *count += 1;
        }
    }
    let empty = ask.say(
        "Inget står kvar att rätta. Avvisade rader, kontakter utan pris och varningar visas här när filer med sådana läses in.",
        "Nothing remains to be mended. Rejected rows, contacts without a price and warnings stand here once files with such are imported.",
    );
    let columns = vec![
        text("family", "Slag", "Kind"),
        text("code", "Avvikelse", "Finding"),
        count("count", "Antal", "Count").summed(),
    ];
    let rows = by_code.into_iter().map(|((family, code), number)| {
        let name = Cell::from(words::finding(ask.lang, code));
        let name = name.to(standing_at(&[("code", code)]));
        vec![family_cell(ask, family), name, number.into()]
    });
    let caption = ask.say("Kvarstår, efter avvikelse", "Standing, by finding");
    let codes = Table::new("codes", caption, columns).rows(rows).empty(empty).short();
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        count("rejected", "Avvisade rader", "Rejected rows").summed(),
        count("unpriced", "Utan pris", "Unpriced").summed(),
        count("warnings", "Varningar", "Warnings").summed(),
    ];
    let rows = by_unit.into_iter().map(|(unit, counts)| {
        let name = match unit {
            "" => Cell::of(ask.say("okänd enhet", "unknown unit"), ""),
            unit => Cell::from(ask.place.labels.unit(unit)).to(standing_at(&[("unit", unit)])),
        };
        let counts = counts.into_iter().map(Cell::from);
        std::iter::once(name).chain(counts).collect()
    });
    let caption = ask.say("Kvarstår, efter enhet", "Standing, by unit");
    let units = Table::new("units", caption, columns).rows(rows).empty(empty).short();
    let origin = ask.place.origin();
    Ok((codes.origin(origin), units.origin(origin)))
}

/// What kind of thing stands, in words.
pub fn family_cell(ask: &Ask, family: Family) -> Cell {
    let shown = match family {
        Family::Rejected => ask.say("avvisad rad", "rejected row"),
        Family::Unpriced => ask.say("utan pris", "unpriced"),
        Family::Warning => ask.say("varning", "warning"),
    };
    Cell::of(shown, family.name())
}

/// The rows of a batch that somebody sees; none where the batch is not for them.
pub fn seen_rows(ask: &Ask, batch: usize) -> Result<Option<Rows>, Failure> {
    let reported = ask.place.reported()?;
    let mut sum = Rows::default();
    let mut is_seen = ask.sees_all();
    for (unit, rows) in reported.of_batch(batch) {
        if ask.sees_all() || sees_of(ask, batch, unit)? {
            is_seen = true;
            sum.all += rows.all;
            sum.rejected += rows.rejected;
        }
    }
    Ok(is_seen.then_some(sum))
}

/// Whether somebody sees the rows of a unit in a batch. Rows without a known unit are a clinic's own where all others of the batch are.
pub fn sees_of(ask: &Ask, batch: usize, unit: &str) -> Result<bool, Failure> {
    if ask.sees_all() || ask.sees_unit(unit) {
        return Ok(true);
    }
    if !unit.is_empty() {
        return Ok(false);
    }
    let mut known = ask.place.reported()?.of_batch(batch).filter(|(unit, _)| !unit.is_empty());
    let first_is_own = known.next().is_some_and(|(unit, _)| ask.sees_unit(unit));
    Ok(first_is_own && known.all(|(unit, _)| ask.sees_unit(unit)))
}

fn batches(ask: &Ask) -> Result<Table, Failure> {
    let by = imported_by(ask)?;
    let mut stands: BTreeMap<usize, i64> = BTreeMap::new();
    for item in ask.place.stands()?.iter().filter(|item| is_seen(ask, item)) {
        *stands.entry(item.batch).or_default() += 1;
    }
    let columns = vec![
        count("seq", "Nr", "No"),
        text("file", "Fil", "File"),
        count("rows", "Rader", "Rows").summed(),
        count("accepted", "Godtagna", "Accepted").summed(),
        count("rejected", "Avvisade", "Rejected").summed(),
        count("standing", "Kvarstår", "Standing").summed(),
        text("imported_on", "Inläst", "Imported"),
        text("by", "Av", "By"),
        text("origin", "Ursprung", "Origin"),
    ];
    let mut rows = Vec::new();
    for (at, batch) in ask.place.data.batches().iter().enumerate().rev() {
        let Some(seen) = seen_rows(ask, at)? else { continue };
        let standing = stands.get(&at).copied().unwrap_or(0);
        rows.push(vec![
            batch.seq.into(),
            Cell::from(shown_name(ask, at, batch)?)
                .to(format!("/inrapportering/leverans/{}", batch.seq)),
            seen.all.into(),
            (seen.all - seen.rejected).into(),
            seen.rejected.into(),
            standing.into(),
            batch.imported_on.to_string().into(),
            by.get(&batch.source_sha256).cloned().unwrap_or_default().into(),
            origin_cell(ask, batch),
        ]);
    }
    let caption = ask.say("Leveranser", "Batches");
    let empty = ask.say(
        "Här står varje fil som har lästs in. Den första kommer hit när någon läser in den med formuläret ovan.",
        "Every imported file stands here. The first comes when somebody imports it with the form above.",
    );
    Ok(Table::new("batches", caption, columns).rows(rows).empty(empty).origin(ask.place.origin()))
}

/// The name of a batch; a file that has others' rows too may be named for them.
pub fn shown_name(ask: &Ask, at: usize, batch: &Batch) -> Result<String, Failure> {
    let is_own = sees_of(ask, at, "")?;
    let number = batch.seq;
    Ok(if is_own {
        batch.name.clone()
    } else {
        format!("{} {number}", ask.say("leverans", "batch"))
    })
}

/// Where a batch comes from.
pub fn origin_cell(ask: &Ask, batch: &Batch) -> Cell {
    match batch.origin {
        Origin::Reported => Cell::of(ask.say("rapporterad", "reported"), "reported"),
        Origin::Synthetic => Cell::of("", "synthetic").mark(ask.say("syntetisk", "synthetic")),
    }
}

/// Who imported which file, by its hash, among those that came through the workplace. A clinic is not told who others are.
pub fn imported_by(ask: &Ask) -> Result<BTreeMap<String, String>, Failure> {
    if !ask.sees_all() {
        return Ok(BTreeMap::new());
    }
    let imports = ask.place.data.accesses_of(ACTION)?;
    Ok(imports.into_iter().map(|(_, one)| (one.note, one.by)).collect())
}
