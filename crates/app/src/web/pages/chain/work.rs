//! Files of referrals and places, what is released to the region, and the comparison with what was paid.
//!
//! Owns: the forms. Does not own: how files are read (`commands::chain`).

use super::{at, care};
use crate::commands::chain::{places as stated, referrals};
use crate::data::{Care, DataFolder};
use crate::failure::Failure;
use crate::findings::hide_within;
use crate::web::ask::{Ask, Upload, sent_year};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Page};
use crate::web::route::Done;
use crate::web::table::{Cell, Table, text};
use kernel::finding::Text;

/// The one file that was sent: of several none is entered, so that nobody believes that all are.
fn file(ask: &Ask) -> Result<&Upload, Failure> {
    match ask.files.as_slice() {
        [only] => Ok(only),
        [] => Err(Failure::refused("ingen fil är vald", "no file is chosen")),
        several => {
            let names: Vec<String> =
                several.iter().map(|file| format!("`{}`", hide_within(&file.name))).collect();
            let names = names.join(", ");
            Err(Failure::refused(
                format!("flera filer är valda: {names}; inget är infört, skicka en i taget"),
                format!(
                    "several files are chosen: {names}; nothing was entered, send one at a time"
                ),
            ))
        }
    }
}

pub(super) fn refer(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let (mut care, file) = (care(ask)?, file(ask)?);
    let sent = (file.name.as_str(), file.bytes.as_slice());
    let referred = referrals::refer(data, &mut care, sent, ask.place.today, &ask.user.name)?;
    let (rows, entered, rejected) = (referred.rows, referred.entered, referred.findings.len());
    if rejected > 0 {
        // What was right is entered; what was not is told row by row, on the page and nowhere else.
        let text = Text::new(
            format!("{entered} av {rows} rader är införda; {rejected} är inte det"),
            format!("{entered} of {rows} rows are entered; {rejected} are not"),
        );
        return Err(Failure::Refused(text, told_with_lines(referred.findings)));
    }
    let told = ask.say("Rader införda:", "Rows entered:");
    Ok(Done::new("/vardkedjan", format!("{told} {entered} / {rows}.")))
}

/// On a page a finding is told by its message alone, so that its line goes into it.
fn told_with_lines(findings: Vec<kernel::finding::Finding>) -> Vec<kernel::finding::Finding> {
    let mut findings = findings;
    for finding in &mut findings {
        let (line, field) = (finding.line, finding.field.clone().unwrap_or_default());
        let Text { sv, en } = &finding.message;
        finding.message =
            Text::new(format!("rad {line}, {field}: {sv}"), format!("line {line}, {field}: {en}"));
    }
    findings
}

pub(super) fn places(_: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let (mut care, file) = (care(ask)?, file(ask)?);
    let sent = (file.name.as_str(), file.bytes.as_slice());
    let count = stated::state(&mut care, sent, &ask.user.name).map_err(|why| match why {
        Failure::Refused(text, findings) => Failure::Refused(text, told_with_lines(findings)),
        other => other,
    })?;
    let told = ask.say("Rader införda:", "Rows entered:");
    Ok(Done::new("/vardkedjan", format!("{told} {count}.")))
}

/// What was released of each year, the last release last.
pub(super) fn released(ask: &Ask, care: &Care) -> Table {
    super::figures::table(ask, care.released.iter())
}

pub(super) fn release_form(ask: &Ask) -> Form {
    let year = ask.place.today.year() - 1;
    let field =
        Field::new(ask, "year", ask.say("Beräknat år", "Due year"), Input::Line, &year.to_string());
    Form::new("/vardkedjan/lamna-ut", ask.say("Lämna ut årets antal", "Release the year's figures"))
        .lead(ask.say(
            "Regionen får antal, aldrig grunder eller kvinnor; det som skulle röja några få hålls inne.",
            "The region gets counts, never grounds or women; what would give a few away is withheld.",
        ))
        .binding()
        .field(field.required())
}

pub(super) fn release(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let mut care = care(ask)?;
    let year = sent_year(ask.typed.given("year"))?;
    let release = data.chain_release(&care, year, ask.place.today, &ask.user.name)?;
    care.release(release)?;
    let told = ask.say("Utlämnat:", "Released:");
    Ok(Done::new("/vardkedjan", format!("{told} {year}.")))
}

/// Whether what was paid and who was in the chain agree, woman by woman.
pub(super) fn agree(ask: &Ask) -> Result<Answer, Failure> {
    let mut care = care(ask)?;
    let mut data = ask.place.data.clone();
    let found = data.chain_agreement(&care, ask.place.today)?;
    care.log(&ask.user.name, "agree", "", found.differences.len())?;
    let columns = vec![
        text("kind", "Vad och vad göra", "What and what to do"),
        text("referral", "Remiss", "Referral"),
        text("contact_id", "Kontakt", "Contact"),
        text("on", "Dag", "Day"),
    ];
    let rows = found.differences.iter().map(|one| {
        let referral = Cell::from(one.referral.as_str());
        vec![
            Cell::of(&ask.of(&one.kind.text()), one.kind.name()),
            if one.referral.is_empty() { referral } else { referral.to(at(&one.referral)) },
            Cell::from(one.contact.as_str()),
            Cell::from(one.on.to_string()),
        ]
    });
    let empty = ask.say(
        "Allt som betalats och allt som följts upp stämmer överens.",
        "All that was paid and all that was followed up agree.",
    );
    let table = Table::new("skillnader", ask.say("Skillnader", "Differences"), columns)
        .rows(rows)
        .empty(empty);
    let agreed = found.agreed;
    let lead = ask
        .say(
            "{} förlossningar är betalda som vårdkedja och påbörjade i kedjan.",
            "{} deliveries are paid as continuity and were in the chain.",
        )
        .replace("{}", &agreed.to_string());
    Ok(Page::new(ask.say("Betalt och uppföljt", "Paid and followed up"))
        .under(ask.say("Vårdkedjan", "The care chain"), "/vardkedjan")
        .lead(lead)
        .with(table)
        .into())
}
