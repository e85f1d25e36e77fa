//! What is done with settlements and months: the same calls as the commands, held to the hash that was shown.

use super::months::rows_and_amount;
use super::preview::on;
use crate::commands::books::New;
use crate::commands::settle::{refuse_changed, refused};
use crate::data::{DataFolder, Preview, Was};
use crate::engine;
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::route::Done;
use crate::words;
use kernel::journal::DeedKind;

/// What was shown when the form was made.
fn was(ask: &Ask) -> Was {
    let number = |name: &str| ask.typed.given(name).parse().unwrap_or(0);
    Was { revision: number("revision"), batches: number("batches"), deed: number("deed") }
}

/// The month as it would be settled now, if that is what was shown.
fn as_shown(data: &mut DataFolder, ask: &Ask) -> Result<Preview, Failure> {
    let month = ask.month("month")?;
    let on = on(ask, month)?;
    let preview = data.preview(month, on)?;
    if ask.typed.value("deed").is_some() && ask.typed.given("hash") != preview.hash {
        return Err(refused(
            "raderna är inte de som visades: något har ändrats sedan dess; se på dem igen nedan".to_owned(),
            "the rows are not those that were shown: something has changed since; look at them again below".to_owned(),
            &data.come_since(was(ask), &preview),
        ));
    }
    Ok(preview)
}

fn told(ask: &Ask, what: (&'static str, &'static str), id: &str, preview: &Preview) -> String {
    let lines = i64::try_from(preview.lines.len()).unwrap_or(i64::MAX);
    let amount = rows_and_amount(ask, lines, preview.total);
    format!("{} {id}: {amount}.", ask.lang.pick(what.0, what.1))
}

/// Puts the preview down as a draft.
pub(super) fn draft(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let preview = as_shown(data, ask)?;
    let id = data.draft(&preview, &ask.user.name, engine::today())?;
    let told = told(ask, ("Utkast", "Draft"), &id, &preview);
    Ok(Done::new(format!("/avrakning/{}", preview.basis.month), told))
}

/// Attests a draft that another has made.
pub(super) fn attest(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let month = ask.month("month")?;
    let draft = ask.typed.given("draft");
    act(data, ask, DeedKind::Attest, draft, "")?;
    let told = format!("{} {draft}.", ask.of(&words::deed(DeedKind::Attest)));
    Ok(Done::new(format!("/avrakning/{month}"), told))
}

/// Books the month, as its attested draft where there is one.
pub(super) fn book(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let month = ask.month("month")?;
    let attested = data.attested_draft(month).cloned();
    let preview = as_shown(data, ask)?;
    refuse_changed(data, &preview, None, attested.as_ref())?;
    refuse_changed(data, &preview, Some(ask.typed.given("hash")), None)?;
    let to = format!("/avrakning/{month}");
    match data.book(&preview, &ask.user.name)? {
        Some(settlement) => {
            let id = &settlement.booked.id;
            Ok(Done::new(to, told(ask, ("Bokfört som", "Booked as"), id, &preview)))
        }
        None => Err(Failure::refused(
            "månaden är redan bokförd och inget nytt har tillkommit",
            "the month is already booked and nothing new has come",
        )),
    }
}

/// Takes the last settlement back.
pub(super) fn undo(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let id = ask.typed.given("settlement");
    let is_hit = |one: &&kernel::journal::Dispute| one.is_live() && one.row.settlement == id;
    let moot = data.journal().disputes.values().filter(is_hit).count();
    let may_be_invoiced = data.journal().owed.keys().any(|share| share.settlement == id);
    data.undo(id, &ask.user.name, ask.typed.given("reason"), engine::today())?;
    let mut told = format!("{} {id}.", ask.of(&words::deed(DeedKind::Undo)));
    if moot > 0 {
        let fell = ask.say(
            " {} invändningar föll med den; bokförs den på nytt hålls inget inne för dem.",
            " {} disputes fell with it; if it is booked anew nothing is held back for them.",
        );
        told.push_str(&fell.replace("{}", &moot.to_string()));
    }
    if may_be_invoiced {
        told.push_str(ask.say(
            " Fakturor som exporterats av den ska mottagaren få en kreditfaktura på.",
            " Whoever has received invoices exported of it must have them credited.",
        ));
    }
    Ok(Done::new("/avrakning", told))
}

/// Closes a month and those before it, or a year.
pub(super) fn close(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    period(data, ask, DeedKind::Close, DeedKind::CloseYear)
}

/// Opens a month and those after it again, or the last closed year.
pub(super) fn reopen(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    period(data, ask, DeedKind::Reopen, DeedKind::ReopenYear)
}

fn period(
    data: &mut DataFolder,
    ask: &Ask,
    month: DeedKind,
    year: DeedKind,
) -> Result<Done, Failure> {
    let period = ask.typed.given("period");
    let kind = if period.len() == 4 { year } else { month };
    act(data, ask, kind, period, ask.typed.given("reason"))?;
    Ok(Done::new("/avrakning", format!("{}: {period}.", ask.of(&words::deed(kind)))))
}

/// Says whether settlements must be attested.
pub(super) fn require(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    act(data, ask, DeedKind::Require, "attest", ask.typed.given("attest"))?;
    let told = if data.journal().is_attest_required {
        ask.say("Attest krävs.", "Attest is required.")
    } else {
        ask.say("Attest krävs inte.", "Attest is not required.")
    };
    Ok(Done::new("/avrakning", told))
}

fn act(
    data: &mut DataFolder,
    ask: &Ask,
    kind: DeedKind,
    subject: &str,
    note: &str,
) -> Result<i64, Failure> {
    let new = New { kind, subject, by: &ask.user.name, note, on: None };
    data.act(new.deed())
}
