//! Invändningar: a clinic contests a row, and the region answers.
//!
//! Owns: the pages and forms. Does not own: what is held back (`kernel::journal`), or how a contested row is found (`commands::dispute`).

use crate::commands::dispute::{Contested, opened};
use crate::data::{DataFolder, PostedLine};
use crate::engine;
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::html::Html;
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::query::encoded;
use crate::web::rights::Right;
use crate::web::route::{Act, Done, Route};
use crate::web::table::{Cell, Table, money, text};
use crate::words;
use kernel::journal::{Deed, DeedKind, Dispute, DisputeState};
use kernel::money::Money;
use kernel::time::Month;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/invandningar", needs: Right::SeeAmounts, show: all },
    Route { path: "/invandningar/nytt", needs: Right::Dispute, show: new },
    Route { path: "/invandningar/{id}", needs: Right::SeeAmounts, show: one },
];

/// What is done.
pub const ACTS: &[Act] = &[
    Act { path: "/invandningar/nytt", needs: Right::Dispute, act: contest, back: new },
    Act { path: "/invandningar/{id}/svar", needs: Right::AnswerDispute, act: answer, back: one },
];

fn seen<'a>(ask: &'a Ask, id: &str) -> Result<&'a Dispute, Failure> {
    let found = ask.place.data.journal().disputes.get(id);
    found.filter(|dispute| sees(ask, dispute)).ok_or_else(missing)
}

fn sees(ask: &Ask, dispute: &Dispute) -> bool {
    ask.sees_all() || ask.sees_unit(&dispute.row.unit)
}

fn all(ask: &Ask) -> Result<Answer, Failure> {
    let disputes = &ask.place.data.journal().disputes;
    let rows = disputes.iter().filter(|(_, dispute)| sees(ask, dispute)).map(|(id, dispute)| {
        let row = &dispute.row;
        let name = ask.place.labels.unit_name(&row.unit).unwrap_or(&row.unit);
        vec![
            Cell::from(id.as_str()).to(format!("/invandningar/{}", encoded(id))),
            Cell::of(name, &row.unit),
            Cell::from(ask.place.labels.element(&row.element)),
            Cell::from(row.care_month.map_or_else(String::new, |month| month.to_string())),
            Cell::from(words::dispute_state(ask.lang, dispute.state)),
            Cell::from(dispute.due.map_or_else(String::new, |due| due.to_string())),
            Cell::from(row.amount),
            Cell::from(dispute.frozen()),
        ]
    });
    let columns = vec![
        text("id", "Invändning", "Dispute"),
        text("unit", "Enhet", "Unit"),
        text("element", "Ersättningsslag", "Element"),
        text("care_month", "Vårdmånad", "Month of care"),
        text("state", "Läge", "State"),
        text("due", "Svar senast", "Answer by"),
        money("amount_ore", "Belopp", "Amount").summed(),
        money("held_back_ore", "Hålls inne", "Held back").summed(),
    ];
    let empty = ask.say(
        "Ingen har invänt mot något. En klinik invänder från sitt besked eller från en kontakts förklaring.",
        "Nobody has contested anything. A clinic contests from its statement or from the explanation of a contact.",
    );
    let table = Table::new("invandningar", ask.say("Invändningar", "Disputes"), columns)
        .rows(rows)
        .empty(empty)
        .origin(ask.place.origin());
    let lead = ask.say(
        "Den rad som en klinik invänder mot hålls inne; resten betalas.",
        "The row that a clinic contests is held back; the rest is paid.",
    );
    let mut page = Page::new(ask.say("Invändningar", "Disputes")).lead(lead).with(table);
    if ask.may(Right::Dispute) {
        let text = ask.say("Ny invändning", "New dispute").to_owned();
        page = page.with(Block::Links(vec![(text, "/invandningar/nytt".to_owned())]));
    }
    Ok(page.into())
}

/// The form to contest a row; a link from a statement fills it in.
fn new(ask: &Ask) -> Result<Answer, Failure> {
    let given = |name: &str| ask.query.given(name).to_owned();
    let line = |name: &str, sv: &'static str, en: &'static str| {
        Field::new(ask, name, ask.say(sv, en), Input::Line, &given(name))
    };
    let form = Form::new("/invandningar/nytt", ask.say("Invänd", "Contest"))
        .lead(ask.say(
            "Raden hålls inne från betalning tills invändningen är avgjord; regionen svarar inom 30 dagar.",
            "The row is held back from payment until the dispute is over; the region answers within 30 days.",
        ))
        .binding()
        .field(line("settlement", "Avräkning", "Settlement").required())
        .field(line("unit", "Enhet", "Unit").required())
        .field(line("element", "Ersättningsslag", "Element").required())
        .field(line("contact", "Kontakt", "Contact"))
        .field(line("care_month", "Vårdmånad", "Month of care").hint("2023-01"))
        .field(Field::new(ask, "reason", ask.say("Varför", "Why"), Input::Lines(4), "").required());
    let page = Page::new(ask.say("Ny invändning", "New dispute"))
        .under(ask.say("Invändningar", "Disputes"), "/invandningar")
        .with(form);
    Ok(page.into())
}

fn contest(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let unit = ask.typed.given("unit").trim();
    if !ask.place.has_unit(unit) || !ask.sees_unit(unit) {
        return Err(Failure::refused(
            format!("`{unit}` är ingen av era enheter"),
            format!("`{unit}` is none of your units"),
        ));
    }
    let Some(reason) = ask.typed.value("reason") else {
        return Err(Failure::refused("skriv varför", "say why"));
    };
    let care_month = ask.typed.value("care_month");
    let care_month = care_month.map(|month| Month::parse(month).ok_or_else(|| bad_month(month)));
    let ask_of = Contested {
        settlement: ask.typed.given("settlement").trim(),
        unit,
        contact: ask.typed.value("contact"),
        element: ask.typed.given("element").trim(),
        care_month: care_month.transpose()?,
        reason,
        due: None,
        on: None,
    };
    let id = opened(data, &ask_of, &ask.user.name)?;
    let told = ask.say("Invändningen {} är gjord.", "Dispute {} is made.").replace("{}", &id);
    Ok(Done::new(format!("/invandningar/{}", encoded(&id)), told))
}

fn bad_month(month: &str) -> Failure {
    Failure::refused(
        format!("`{month}` är ingen månad; skriv som 2023-01"),
        format!("`{month}` is no month; write it as 2023-01"),
    )
}

fn one(ask: &Ask) -> Result<Answer, Failure> {
    let id = ask.param("id");
    let dispute = seen(ask, id)?;
    let row = &dispute.row;
    let name = ask.place.labels.unit_name(&row.unit).unwrap_or(&row.unit);
    let mut facts: Vec<(String, Cell)> = vec![
        (ask.say("Läge", "State").into(), words::dispute_state(ask.lang, dispute.state).into()),
        (ask.say("Enhet", "Unit").into(), Cell::of(name, &row.unit)),
        (
            ask.say("Ersättningsslag", "Element").into(),
            ask.place.labels.element(&row.element).into(),
        ),
        (ask.say("Avräkning", "Settlement").into(), row.settlement.as_str().into()),
        (ask.say("Belopp (kr)", "Amount (kr)").into(), row.amount.into()),
        (ask.say("Hålls inne (kr)", "Held back (kr)").into(), dispute.frozen().into()),
        (ask.say("Gjord", "Made on").into(), dispute.on.to_string().into()),
        (ask.say("Av", "By").into(), dispute.by.as_str().into()),
    ];
    if let Some(due) = dispute.due {
        facts.push((ask.say("Svar senast", "Answer by").into(), due.to_string().into()));
    }
    if !row.contact.is_empty() && ask.may(Right::SeeContacts) {
        let (by, settlement) = (&ask.user.name, &row.settlement);
        ask.place.data.log_access(by, "dispute", &row.unit, &row.contact, 1, settlement)?;
        let url = format!("/kontakt/{}", encoded(&row.contact));
        facts
            .push((ask.say("Kontakt", "Contact").into(), Cell::from(row.contact.as_str()).to(url)));
    }
    let said = |text: &str| {
        Block::Raw(Html::raw(format!("<blockquote>{}</blockquote>", Html::text(text))))
    };
    let mut page = Page::new(format!("{} {id}", ask.say("Invändning", "Dispute")))
        .under(ask.say("Invändningar", "Disputes"), "/invandningar")
        .with(Block::Facts(facts))
        .heading(ask.say("Klinikens skäl", "The clinic's reason"))
        .with(said(&dispute.reason));
    let answers: Vec<&Deed> = answers(ask, id).collect();
    if !answers.is_empty() {
        page = page.heading(ask.say("Regionens svar", "The region's answer"));
    }
    for deed in answers {
        page = page.text(format!("{} {}", ask.of(&words::deed(deed.kind)), deed.on));
        page = page.with(said(&deed.note));
    }
    if awaits_correction(ask, id, dispute) {
        page = page.notice(
            Mood::Attention,
            ask.say(
                "Bifallen, och rättelsen återstår. Svaret ändrar inget belopp: kliniken skickar en rättad rapport, eller ett nytt beslut registreras, och nästa avräkning tar med rättelsen.",
                "Upheld, and the correction remains. The answer changes no amount: the clinic sends a corrected report, or a new decision is registered, and the next settlement takes the correction.",
            ),
        );
    }
    if dispute.is_live() && ask.may(Right::AnswerDispute) {
        page = page.heading(ask.say("Svara", "Answer")).with(answer_form(ask, id));
    }
    Ok(page.into())
}

/// Whether the clinic was told that it is right, and what it contested still stands booked as it did. No amount follows from the
/// answer itself: amounts come from reports and decisions alone.
pub(super) fn awaits_correction(ask: &Ask, id: &str, dispute: &Dispute) -> bool {
    if dispute.state != DisputeState::Upheld {
        return false;
    }
    let (data, row) = (&ask.place.data, &dispute.row);
    let reports = data.loaded_reports();
    let number = reports.and_then(|reports| reports.contact_ids.find(row.contact.as_str()));
    let Some(number) = number else {
        // Of what is of no contact: until something is booked after the answer.
        let mut since = data.deeds().iter().map(|(_, deed)| deed);
        let is_upheld = |deed: &Deed| deed.subject == id && deed.kind == DeedKind::Uphold;
        return since.any(is_upheld) && !since.any(|deed| deed.kind == DeedKind::Book);
    };
    let is_own = |line: &&PostedLine| {
        line.payable
            && line.unit == row.unit
            && line.element == row.element
            && row.care_month.is_none_or(|month| line.care_month == month)
    };
    let posted = data.posted_of(number).unwrap_or_default();
    posted.iter().filter(is_own).map(|line| line.amount).sum::<Money>() == row.amount
}

/// What the region has said of a dispute, first to last: what ended it too.
fn answers<'a>(ask: &'a Ask, id: &'a str) -> impl Iterator<Item = &'a Deed> {
    let says = |kind| matches!(kind, DeedKind::Answer | DeedKind::Uphold | DeedKind::Dismiss);
    let deeds = ask.place.data.deeds().iter().map(|(_, deed)| deed);
    deeds.filter(move |deed| deed.subject == id && says(deed.kind))
}

fn answer_form(ask: &Ask, id: &str) -> Form {
    let choices = [
        ("answer", ask.say("Svara, och låt den stå öppen", "Answer, and leave it open")),
        (
            "uphold",
            ask.say(
                "Ge kliniken rätt: rättad rapport eller nytt beslut ger rättelsen",
                "Uphold: a corrected report or a new decision brings the correction",
            ),
        ),
        (
            "dismiss",
            ask.say("Avslå: raden betalas som den är", "Dismiss: the row is paid as it is"),
        ),
    ];
    let choices = choices.map(|(value, text)| (value.to_owned(), text.to_owned())).to_vec();
    let outcome =
        Field::new(ask, "outcome", ask.say("Utgång", "Outcome"), Input::Choice(choices), "answer");
    let note = Field::new(
        ask,
        "note",
        ask.say("Svar till kliniken", "Answer to the clinic"),
        Input::Lines(4),
        "",
    );
    Form::new(
        format!("/invandningar/{}/svar", encoded(id)),
        ask.say("Skicka svaret", "Send the answer"),
    )
    .binding()
    .field(outcome)
    .field(note.required())
}

fn answer(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let id = ask.param("id");
    seen(ask, id)?;
    let kind = match ask.typed.given("outcome") {
        "answer" => DeedKind::Answer,
        "uphold" => DeedKind::Uphold,
        "dismiss" => DeedKind::Dismiss,
        other => {
            return Err(Failure::refused(
                format!("`{other}` är ingen utgång"),
                format!("`{other}` is no outcome"),
            ));
        }
    };
    let Some(note) = ask.typed.value("note") else {
        return Err(Failure::refused("skriv ett svar", "write an answer"));
    };
    data.act(Deed {
        kind,
        subject: id.to_owned(),
        by: ask.user.name.clone(),
        on: engine::today(),
        due: None,
        note: note.to_owned(),
        month: None,
        rows: Vec::new(),
    })?;
    let told = ask.of(&words::deed(kind));
    Ok(Done::new(format!("/invandningar/{}", encoded(id)), format!("{told}: {id}.")))
}
