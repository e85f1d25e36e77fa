//! Publishing a year: what it is held against, and the form.
//!
//! Owns: what is shown before, and that what is published is what was shown. Does not own: whether it may be (`followed::publish`).

use super::year;
use crate::commands::follow::publish::{book as booked, nothing_yet, pending};
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::followed::publish::{Candidate, Part};
use crate::web::ask::{Ask, sent_day, sent_year};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Page};
use crate::web::rights::Right;
use crate::web::route::Done;
use crate::web::table::{Cell, Table, text};
use crate::web::work::{Found, found};
use crate::words::capital;
use kernel::time::Day;
use std::sync::Arc;

/// Whether a year is published, and the way to publish it for who may.
pub(super) fn state(ask: &Ask, page: Page, year: i32) -> Result<Page, Failure> {
    let publication = ask.place.followed()?.publication(year);
    let said = match publication {
        Some(one) => {
            let (on, known_on) = (one.on, one.extent.known_on);
            let said = ask.say(
                "{år}: som publicerat {på}, som känt {känt}.",
                "{år}: as published {på}, as known on {känt}.",
            );
            said.replace("{på}", &on.to_string()).replace("{känt}", &known_on.to_string())
        }
        None => ask.say("{år} är inte publicerat.", "{år} is not published.").to_owned(),
    };
    let page = page.text(said.replace("{år}", &year.to_string()));
    if !ask.may(Right::Publish) {
        return Ok(page);
    }
    let text = match publication {
        Some(_) => ask.say("Publicera året på nytt", "Publish the year anew"),
        None => ask.say("Publicera året", "Publish the year"),
    };
    let link = (text.to_owned(), format!("/uppfoljning/publicera?ar={year}"));
    Ok(page.with(crate::web::page::Block::Links(vec![link])))
}

/// What is asked for, or was sent.
fn asked(ask: &Ask) -> Result<(i32, Day), Failure> {
    let year = match ask.typed.value("ar") {
        Some(typed) => sent_year(typed)?,
        None => year(ask)?,
    };
    let known_on = match ask.typed.value("kand") {
        Some(typed) => sent_day(typed)?,
        None => ask.day("kand", ask.place.today)?,
    };
    Ok((year, known_on))
}

/// What would be published.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let (year, known_on) = asked(ask)?;
    let place = Arc::clone(&ask.place);
    let made = found(ask, &format!("publicera {year} {known_on}"), move || {
        let new = place.data.followed_within(&place.data.extent(known_on))?;
        Ok(Candidate::of(place.followed()?, year, &new))
    })?;
    let page = match made {
        Found::Waits(page) => page,
        Found::Made(candidate) => page(ask, &candidate),
    };
    Ok(page.under(ask.say("Uppföljning", "Follow-up"), format!("/uppfoljning?ar={year}")).into())
}

fn page(ask: &Ask, candidate: &Candidate) -> Page {
    let (year, known_on) = (candidate.year, candidate.extent.known_on);
    let lead = ask.say(
        "Ett publicerat år visas därefter alltid som det publicerades, vad som än rapporteras sedan: på sidorna, i filerna och för program. Annars skulle skillnaden mellan två dagar kunna röja enstaka kvinnor.",
        "From then on a published year is always shown as it was published, whatever is reported later: on pages, in files and to programs. Else the difference between two days could give single women away.",
    );
    let title = format!("{} {year}", ask.say("Publicera", "Publish"));
    let choose = Form::new("/uppfoljning/publicera", ask.say("Visa", "Show"))
        .asking()
        .hidden("ar", &year.to_string())
        .field(Field::new(
            ask,
            "kand",
            ask.say("Som känt", "As known on"),
            Input::Day,
            &known_on.to_string(),
        ));
    let mut page = Page::new(title).lead(lead).with(choose);
    for one in &candidate.earlier {
        let said = ask.say(
            "Publicerat {på} av {vem}, som känt {känt}.",
            "Published {på} by {vem}, as known on {känt}.",
        );
        let known_on = one.extent.known_on.to_string();
        let said = said.replace("{på}", &one.on.to_string()).replace("{känt}", &known_on);
        page = page.text(said.replace("{vem}", &one.by));
    }
    if let Some(why) = nothing_yet(candidate) {
        return page.text(format!("{}.", capital(&ask.of(&why))));
    }
    if candidate.pending > 0 {
        page = page.text(ask.of(&pending(candidate)));
    }
    page = page.with(parts(ask, candidate));
    if candidate.is_published() {
        return page.text(ask.say(
            "Inget har ändrats sedan det publicerades.",
            "Nothing has changed since it was published.",
        ));
    }
    if candidate.barred().next().is_some() {
        return page.text(ask.say(
            "Kan inte publiceras på nytt: kvinnor skulle kunna räknas ut ur det som redan är publicerat. Vänta tills mer har rapporterats, eller välj en annan dag.",
            "Cannot be published anew: women could be subtracted from what is published already. Wait until more is reported, or choose another day.",
        ));
    }
    let button = format!(
        "{} {year} {} {known_on}",
        ask.say("Publicera", "Publish"),
        ask.say("som känt", "as known on")
    );
    page.with(
        Form::new("/uppfoljning/publicera", button)
            .hidden("ar", &year.to_string())
            .hidden("kand", &known_on.to_string())
            .hidden("hash", &candidate.hash)
            .binding(),
    )
}

fn parts(ask: &Ask, candidate: &Candidate) -> Table {
    let row = |part: &Part| {
        let standing = part.standing;
        vec![Cell::from(ask.of(&part.label)), Cell::of(&ask.of(&standing.words()), standing.name())]
    };
    let columns = vec![
        text("label", "Vad", "What"),
        text("standing", "Bredvid det som är publicerat", "Beside what is published"),
    ];
    let caption = format!("{} {}", ask.say("Vad som visas av", "What is shown of"), candidate.year);
    Table::new("delar", caption, columns)
        .rows(candidate.parts.iter().map(row))
        .origin(ask.place.data.follow_origin().name())
        .short()
}

/// Publishes what was shown.
pub(super) fn book(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let (year, known_on) = asked(ask)?;
    let new = data.followed_within(&data.extent(known_on))?;
    let candidate = Candidate::of(&data.followed_loaded(ask.place.today)?, year, &new);
    if ask.typed.given("hash") != candidate.hash {
        return Err(Failure::refused(
            "underlaget är inte längre det som visades; se på det igen",
            "what it rests on is not what was shown any more; look at it again",
        ));
    }
    booked(data, &candidate, &ask.user.name)?;
    let told = ask.say("Publicerat: {år} som känt {känt}.", "Published: {år} as known on {känt}.");
    let told = told.replace("{år}", &year.to_string()).replace("{känt}", &known_on.to_string());
    Ok(Done::new(format!("/uppfoljning?ar={year}"), told))
}
