//! What stands, row by row, and as the file that a clinic works through.

use super::overview::family_cell;
use super::{is_seen, standing_at};
use crate::commands::findings::{self, Listed, export};
use crate::data::Item;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, File, Page};
use crate::web::query::encoded;
use crate::web::rights::Right;
use crate::web::table::{Cell, Table, count, text};
use crate::words;
use kernel::finding::Severity;
use kernel::time::Month;
use std::collections::BTreeMap;

/// Rows that a page shows at most; a download has all.
const SHOWN: usize = 500;

/// The page.
pub fn show(ask: &Ask) -> Result<Answer, Failure> {
    let items = asked(ask)?;
    log(ask, items.len())?;
    let mut by_code: BTreeMap<(crate::data::Family, &str), i64> = BTreeMap::new();
    for item in &items {
        *by_code.entry((item.family, item.code)).or_default() += 1;
    }
    let columns = vec![
        text("family", "Slag", "Kind"),
        text("code", "Avvikelse", "Finding"),
        count("count", "Antal", "Count").summed(),
    ];
    let rows = by_code.into_iter().map(|((family, code), number)| {
        let name = Cell::from(words::finding(ask.lang, code)).to(ask.with(&[("code", code)]));
        vec![family_cell(ask, family), name, number.into()]
    });
    let caption = ask.say("Efter avvikelse", "By finding");
    let counts = Table::new("codes", caption, columns).rows(rows).empty(empty(ask)).short();
    let mut links = Vec::new();
    for (field, sv, en) in [
        ("unit", "Alla enheter", "All units"),
        ("code", "Alla avvikelser", "All findings"),
        ("month", "Alla månader", "All months"),
    ] {
        if ask.query.value(field).is_some() {
            links.push((ask.lang.pick(sv, en).to_owned(), ask.with(&[(field, "")])));
        }
    }
    if let Some(unit) = ask.query.value("unit").filter(|_| !items.is_empty()) {
        let url = format!("/inrapportering/avvikelser/fil{}", ask.query.written());
        let text = format!("{} {unit} (CSV)", ask.say("Filen till", "The file for"));
        links.push((text, url));
    }
    let mut page = Page::new(ask.say("Avvikelser som kvarstår", "Findings that stand"))
        .lead(lead(ask))
        .under(ask.say("Inrapportering", "Reporting"), "/inrapportering")
        .with(counts.origin(ask.place.origin()));
    if !links.is_empty() {
        page = page.with(Block::Links(links));
    }
    let is_file = ask.query.value("standing.as").is_some();
    let shown = if is_file { items.len() } else { items.len().min(SHOWN) };
    if shown < items.len() {
        let all = items.len();
        let text = match ask.lang {
            crate::output::Lang::Sv => format!(
                "De första {shown} av {all} rader visas. Välj en avvikelse eller enhet ovan, eller ladda ned tabellen: den filen har alla."
            ),
            crate::output::Lang::En => format!(
                "The first {shown} of {all} rows are shown. Choose a finding or a unit above, or download the table: that file has all."
            ),
        };
        page = page.text(text);
    }
    let some = items.get(..shown).unwrap_or(&items);
    Ok(page.with(table(ask, some)?).into())
}

/// What is asked for, in the page's words.
fn lead(ask: &Ask) -> String {
    let of = |name: &str| ask.query.value(name);
    let mut parts = Vec::new();
    if let Some(unit) = of("unit") {
        parts.push(ask.place.labels.unit_name(unit).unwrap_or(unit).to_owned());
    }
    if let Some(code) = of("code") {
        parts.push(words::finding(ask.lang, code).shown().to_owned());
    }
    parts.extend(of("month").map(str::to_owned));
    if parts.is_empty() {
        ask.say(
            "Allt som står kvar att rätta, rad för rad.",
            "All that remains to be mended, row by row.",
        )
        .to_owned()
    } else {
        parts.join(", ")
    }
}

fn empty(ask: &Ask) -> &'static str {
    ask.say(
        "Inget kvarstår här. Rader kommer hit när en fil med fel läses in, och försvinner när de är rättade.",
        "Nothing stands here. Rows come here when a file with faults is imported, and go when they are mended.",
    )
}

/// The items that the address asks for, of those that somebody may see.
fn asked(ask: &Ask) -> Result<Vec<&Item>, Failure> {
    let unit = ask.query.value("unit");
    if unit.is_some_and(|unit| !ask.sees_unit(unit)) {
        return Err(Failure::NotThere);
    }
    let code = ask.query.value("code");
    let month = ask.query.value("month").map(|month| Month::parse(month).ok_or(Failure::NotThere));
    let month = month.transpose()?;
    let notes = code.is_some();
    let is_asked = |item: &&Item| {
        (notes || item.severity != Severity::Note)
            && ask.sees_unit(&item.unit)
            && unit.is_none_or(|unit| *unit == *item.unit)
            && code.is_none_or(|code| code == item.code)
            && month.is_none_or(|month| month == item.month)
    };
    Ok(ask.place.stands()?.iter().filter(is_asked).collect())
}

fn log(ask: &Ask, rows: usize) -> Result<(), Failure> {
    let unit = ask.query.value("unit").unwrap_or("");
    let note = ask.place.today.to_string();
    ask.place.data.log_access(&ask.user.name, "findings", unit, "", rows, &note)
}

fn listed<'i>(ask: &Ask, items: &[&'i Item]) -> Result<Vec<Listed<'i>>, Failure> {
    let stands = ask.place.data.telling(ask.place.today, ask.place.faulty()?)?;
    let mut listed = Vec::new();
    for item in items {
        let Some(mut finding) = stands.finding(item) else { continue };
        finding.message.sv = without_others(ask, &finding.message.sv);
        finding.message.en = without_others(ask, &finding.message.en);
        listed.push(Listed { item, finding });
    }
    findings::sort(&mut listed);
    Ok(listed)
}

/// A message without the contact numbers of units that are not for those who ask: the same woman may have been at two clinics.
fn without_others(ask: &Ask, message: &str) -> String {
    if ask.sees_all() {
        return message.to_owned();
    }
    let parts = message.split('`').enumerate().map(|(at, part)| {
        let is_other = at % 2 == 1 && !is_own_contact(ask, part);
        if is_other { "…" } else { part }
    });
    parts.collect::<Vec<_>>().join("`")
}

/// Whether a text is no contact of another's.
fn is_own_contact(ask: &Ask, text: &str) -> bool {
    let data = &ask.place.data;
    let Some(reports) = data.loaded_reports() else { return true };
    let Some(contact) = reports.contact_ids.find(text) else { return true };
    reports.of_contact(contact).all(|report| {
        let code = reports.unit_codes.get(report.unit_code);
        let unit = ask.place.unit_of_code(code, report.care_date);
        unit.is_some_and(|unit| ask.sees_unit(unit))
    })
}

/// A table of things that stand, each with what to do.
pub fn table(ask: &Ask, items: &[&Item]) -> Result<Table, Failure> {
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        text("contact_id", "Kontakt", "Contact"),
        text("care_date", "Vårddatum", "Care date"),
        text("code", "Avvikelse", "Finding"),
        text("value", "Fält och värde", "Field and value"),
        text("message", "Att göra", "What to do"),
        count("line", "Rad", "Line"),
        text("batch", "Leverans", "Batch"),
    ];
    let mut rows = Vec::new();
    for Listed { item, finding } in listed(ask, items)? {
        let contact = finding.contact.unwrap_or_default();
        let is_read = item.family != crate::data::Family::Rejected;
        let mut contact_cell = Cell::from(contact.as_str());
        if is_read && !contact.is_empty() && ask.may(Right::SeeContacts) {
            contact_cell = contact_cell.to(format!("/kontakt/{}", encoded(&contact)));
        }
        let value: Vec<String> = [finding.field, finding.value].into_iter().flatten().collect();
        let line = if finding.line == 0 { String::new() } else { finding.line.to_string() };
        let seq = ask.place.data.batches().get(item.batch).map_or(0, |batch| batch.seq);
        rows.push(vec![
            Cell::from(&*item.unit).to(standing_at(&[("unit", &item.unit)])),
            contact_cell,
            item.care_date.map_or_else(String::new, |day| day.to_string()).into(),
            Cell::from(words::finding(ask.lang, item.code)),
            value.join(" ").into(),
            ask.of(&finding.message).into(),
            line.into(),
            Cell::from(seq.to_string()).to(format!("/inrapportering/leverans/{seq}")),
        ]);
    }
    let caption = ask.say("Rad för rad", "Row by row");
    let table = Table::new("standing", caption, columns).rows(rows).empty(empty(ask));
    Ok(table.origin(ask.place.origin()))
}

/// The file of a unit, as `findings --export` writes it.
pub fn file(ask: &Ask) -> Result<Answer, Failure> {
    let Some(unit) = ask.query.value("unit") else { return Err(Failure::NotThere) };
    let items = asked(ask)?;
    let items: Vec<&Item> = items.into_iter().filter(|item| is_seen(ask, item)).collect();
    log(ask, items.len())?;
    let listed = listed(ask, &items)?;
    let of_unit: Vec<&Listed<'_>> = listed.iter().collect();
    let is_synthetic = ask.place.data.is_synthetic();
    let bytes = export::csv(&of_unit, ask.lang, is_synthetic)?;
    let name = export::file_name(unit, ask.place.today, is_synthetic);
    Ok(File { name, media: "text/csv; charset=utf-8", bytes }.into())
}
