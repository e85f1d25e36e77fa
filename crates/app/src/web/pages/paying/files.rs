//! Files of payments, invoices and books: what `export` writes, to be downloaded.
//!
//! Owns: their names, and that files of made-up payments are made only where somebody has said that they mean it.

use crate::commands::export::{Books, Which, invoice_files, payment_bytes, written_books};
use crate::failure::Failure;
use crate::web::ask::{Ask, missing, sent_year};
use crate::web::html::{Html, escaped};
use crate::web::page::{Answer, Block, File};
use crate::web::pages::settling::books_only;
use crate::web::query::encoded;
use crate::web::rights::Right;
use kernel::time::{Day, Month};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// The name of a file, which says so where it rests on synthetic data.
fn name(ask: &Ask, name: &str) -> String {
    let mark = if ask.place.data.is_synthetic() { "SYNTETISKA-DATA-" } else { "" };
    format!("{mark}{name}")
}

/// Whether the box was ticked that is asked for where data are made up.
fn consents(ask: &Ask) -> Result<bool, Failure> {
    let consents = ask.query.value("syntetisk").is_some();
    if ask.place.data.is_synthetic() && !consents {
        return Err(Failure::refused(
            "underlaget är syntetiskt: inget ska betalas. Kryssa i att du vill se filen ändå",
            "the data are synthetic: nothing is to be paid. Tick that you want to see the file all the same",
        ));
    }
    Ok(consents)
}

fn consent(ask: &Ask, id: &str) -> String {
    if !ask.place.data.is_synthetic() {
        return String::new();
    }
    let text = ask.say(
        "Underlaget är syntetiskt och inget ska betalas; jag vill se filen ändå",
        "The data are synthetic and nothing is to be paid; I want to see the file all the same",
    );
    format!(
        "<div class=\"field\"><input id=\"{id}\" type=\"checkbox\" name=\"syntetisk\" value=\"1\" required> <label class=\"check\" for=\"{id}\">{}</label></div>",
        escaped(text)
    )
}

/// The form that downloads the file of a run for the bank.
pub(super) fn pain001_form(ask: &Ask, run: &str) -> Block {
    Block::Raw(Html::raw(format!(
        "<form class=\"form\" method=\"get\" action=\"/betalningar/{}/pain001\">\
         <div class=\"field\"><label for=\"dag\">{}</label><input id=\"dag\" type=\"date\" name=\"dag\"></div>{}\
         <button class=\"button button--secondary\" type=\"submit\">{}</button></form>",
        escaped(&encoded(run)),
        escaped(ask.say("Betalningsdag (valfritt)", "Day of payment (optional)")),
        consent(ask, "pain001"),
        escaped(ask.say(
            "Hämta filen till banken (pain.001)",
            "Download the file for the bank (pain.001)"
        )),
    )))
}

/// The file of a run for the bank.
pub(super) fn pain001(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let run = ask.param("run");
    if !ask.place.data.journal().payments.keys().any(|(known, _)| known == run) {
        return Err(missing());
    }
    let allow_synthetic = consents(ask)?;
    let day = match ask.query.value("dag") {
        Some(_) => Some(ask.day("dag", ask.place.today)?),
        None => None,
    };
    let bytes = payment_bytes(&ask.place.data, run, day, allow_synthetic)?;
    let name = name(ask, &format!("pain001-{run}.xml"));
    Ok(File { name, media: "application/xml", bytes }.into())
}

/// Every file that is not of one run.
pub(super) fn block(ask: &Ask) -> Block {
    let data = &ask.place.data;
    let years: BTreeSet<i32> = data.deeds().iter().map(|(_, d)| d.on.month().year()).collect();
    let mut html = String::new();
    if !years.is_empty() {
        let _infallible = write!(
            html,
            "<form class=\"form across\" method=\"get\" action=\"/betalningar/bok\">\
             <div class=\"field\"><label for=\"ar\">{}</label><select id=\"ar\" name=\"ar\">",
            escaped(ask.say("Boken för", "The books of"))
        );
        for year in years.iter().rev() {
            let _infallible = write!(html, "<option value=\"{year:04}\">{year:04}</option>");
        }
        let _infallible = write!(
            html,
            "</select></div><div class=\"field\"><label for=\"form\">{}</label>\
             <select id=\"form\" name=\"form\"><option value=\"sie\">SIE 4I</option>\
             <option value=\"hledger\">hledger</option><option value=\"beancount\">Beancount</option><option value=\"xlsx\">Excel</option></select></div>\
             <button class=\"button button--secondary\" type=\"submit\">{}</button></form>",
            escaped(ask.say("som", "as")),
            escaped(ask.say("Hämta boken", "Download the books"))
        );
    }
    if ask.may(Right::Pay) && !data.settlements().is_empty() {
        let _infallible = write!(
            html,
            "<form class=\"form across\" method=\"get\" action=\"/betalningar/fakturor\">\
             <div class=\"field\"><label for=\"avrakning\">{}</label><select id=\"avrakning\" name=\"avrakning\">",
            escaped(ask.say("Fakturor för avräkning", "Invoices of settlement"))
        );
        for settlement in data.settlements().iter().rev() {
            let id = escaped(&settlement.booked.id);
            let _infallible = write!(html, "<option value=\"{id}\">{id}</option>");
        }
        let _infallible = write!(
            html,
            "</select></div>{}<button class=\"button button--secondary\" type=\"submit\">{}</button></form>",
            consent(ask, "fakturor"),
            escaped(ask.say("Hämta fakturorna (zip)", "Download the invoices (zip)"))
        );
    }
    let heading = ask.say("Filer till andra system", "Files for other systems");
    Block::Columns(vec![vec![
        Block::Heading { id: "filer".to_owned(), text: heading.to_owned() },
        Block::Raw(Html::raw(html)),
    ]])
}

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The books of a year.
pub(super) fn books(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let year = sent_year(ask.query.given("ar"))?;
    let month = |number| Month::new(year, number);
    let (Some(first), Some(last)) = (month(1), month(12)) else { return Err(missing()) };
    let (books, ending, media) = match ask.query.given("form") {
        "sie" => (Books::Sie, "si", "text/plain"),
        "hledger" => (Books::Hledger, "journal", "text/plain"),
        "beancount" => (Books::Beancount, "beancount", "text/plain"),
        "xlsx" => (Books::Excel, "xlsx", WORKBOOK),
        _ => return Err(missing()),
    };
    let which = Which { from: Some(first.first_day()), to: Some(last.last_day()) };
    let (_, bytes) = written_books(&ask.place.data.apart()?, books, which)?;
    let name = name(ask, &format!("bok-{}.{ending}", first.year()));
    Ok(File { name, media, bytes }.into())
}

/// The invoices of a settlement, and which payees have none and why.
pub(super) fn invoices(ask: &Ask) -> Result<Answer, Failure> {
    books_only(ask)?;
    let id = ask.query.given("avrakning");
    let data = &ask.place.data;
    let Some(settlement) = data.settlements().iter().find(|one| one.booked.id == id) else {
        return Err(missing());
    };
    let made = invoice_files(data, id, consents(ask)?)?;
    let folder = name(ask, &format!("fakturor-{id}"));
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let mut left_out = String::new();
    for one in made {
        match one.file {
            Some((name, _, bytes)) => {
                out.start_file(format!("{folder}/{name}"), options).map_err(not_written)?;
                out.write_all(&bytes)?;
            }
            None => {
                let why = ask.of(&one.why);
                let _infallible = writeln!(left_out, "{} {}: {why}", one.payee, one.amount);
            }
        }
    }
    if !left_out.is_empty() {
        let file = ask.say("utan-faktura.txt", "without-invoice.txt");
        out.start_file(format!("{folder}/{file}"), options).map_err(not_written)?;
        out.write_all(left_out.as_bytes())?;
    }
    let bytes = out.finish().map_err(not_written)?.into_inner();
    let of: Day = settlement.booked.settled_on;
    let name = format!("{folder}-{of}.zip");
    Ok(File { name, media: "application/zip", bytes }.into())
}

fn not_written(error: zip::result::ZipError) -> Failure {
    Failure::refused(
        format!("fakturorna går inte att skriva: {error}"),
        format!("the invoices cannot be written: {error}"),
    )
}
