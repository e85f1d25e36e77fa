//! One referral: why it stands where it does, what was done, and what can be done.
//!
//! Owns: the page and its forms. Does not own: what is admitted (`follow::need::chain`).

use super::{at, care, rules};
use crate::commands::chain::act::{Act, done};
use crate::commands::chain::explained;
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Page};
use crate::web::route::Done;
use crate::web::table::{Cell, Table, text};
use follow::need::chain::Case;
use follow::need::course::Step;
use follow::need::refusal::Refusal;
use kernel::time::Day;

pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let (mut care, rules, id) = (care(ask)?, rules(ask)?, ask.param("id"));
    let case = care.chain.cases.get(id).cloned().ok_or_else(missing)?;
    care.log(&ask.user.name, "explain", id, 1)?;
    let referral = &case.referral;
    let why = explained(&care, &rules, &case);
    let assessed = rules.decided().assess(referral);
    let socials: Vec<String> = assessed.social.iter().map(|one| ask.of(&one.text())).collect();
    let mut facts: Vec<(String, Cell)> = vec![
        (ask.say("Läge", "State").into(), ask.of(&case.state.text()).into()),
        (ask.say("Varför", "Why").into(), ask.of(&why).into()),
        (ask.say("Person", "Person").into(), referral.person.as_str().into()),
        (ask.say("Mottagen", "Received").into(), referral.received_on.to_string().into()),
        (ask.say("Tillfälle", "Occasion").into(), ask.of(&referral.occasion.text()).into()),
        (ask.say("Från", "From").into(), referral.from_unit.as_str().into()),
        (ask.say("Beräknad förlossning", "Due").into(), referral.due_on.to_string().into()),
    ];
    if !socials.is_empty() {
        facts
            .push((ask.say("Sociala grunder", "Social grounds").into(), socials.join("; ").into()));
    }
    if !referral.note.is_empty() {
        facts.push((ask.say("Anteckning", "Note").into(), referral.note.as_str().into()));
    }
    let mut page = Page::new(format!("{} {id}", ask.say("Remiss", "Referral")))
        .under(ask.say("Vårdkedjan", "The care chain"), "/vardkedjan")
        .with(Block::Facts(facts))
        .with(steps(ask, &case));
    if case.state.steps().next().is_some() {
        page = page.heading(ask.say("Gör", "Do")).with(form(
            ask,
            &case,
            care.chain.free_teams(referral.due_month()),
        ));
    }
    Ok(page.into())
}

fn steps(ask: &Ask, case: &Case) -> Table {
    let columns = vec![
        text("on", "Dag", "Day"),
        text("step", "Vad", "What"),
        text("team", "Team", "Team"),
        text("note", "Varför", "Why"),
        text("by", "Vem", "Who"),
    ];
    let rows = case.taken.iter().map(|one| {
        vec![
            Cell::from(one.on.to_string()),
            Cell::of(&ask.of(&one.step.text()), one.step.name()),
            Cell::from(one.team.as_str()),
            Cell::from(one.note.as_str()),
            Cell::from(one.by.as_str()),
        ]
    });
    Table::new("steg", ask.say("Vad som gjorts", "What was done"), columns)
        .rows(rows)
        .empty(ask.say("Inget är gjort än.", "Nothing was done yet."))
}

fn form(ask: &Ask, case: &Case, free: Vec<String>) -> Form {
    let choices = case.state.steps().map(|step| (step.name().to_owned(), ask.of(&step.text())));
    let step =
        Field::new(ask, "step", ask.say("Vad", "What"), Input::Choice(choices.collect()), "");
    let today = ask.place.today.to_string();
    let on = Field::new(ask, "on", ask.say("Dag", "Day"), Input::Day, &today);
    let mut form = Form::new(at(&case.referral.id), ask.say("För in", "Enter"))
        .binding()
        .field(step.required())
        .field(on.required());
    if case.state.after(Step::Offer).is_some() {
        let none = (String::new(), ask.say("inget valt", "none chosen").to_owned());
        let teams = std::iter::once(none).chain(free.into_iter().map(|team| (team.clone(), team)));
        let label = ask.say("Team med ledig plats", "Team with a free place");
        form = form.field(Field::new(ask, "team", label, Input::Choice(teams.collect()), ""));
    }
    let reason = Field::new(ask, "reason", ask.say("Varför", "Why"), Input::Lines(2), "").hint(ask.say(
        "Måste skrivas när någon går före i kön, avslås, avbryts eller går tillbaka till kön.",
        "Must be written when somebody goes before others, is refused, ends or goes back to the queue.",
    ));
    form.field(reason)
}

pub(super) fn step(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let mut care = care(ask)?;
    let id = ask.param("id");
    if !care.chain.cases.contains_key(id) {
        return Err(missing());
    }
    let Some(step) = Step::parse(ask.typed.given("step")) else {
        return Err(Failure::refused("välj vad som ska göras", "choose what is to be done"));
    };
    let on = ask.typed.given("on");
    let Some(on) = Day::parse(on) else {
        return Err(Failure::refused(
            format!("`{on}` är inget datum; skriv som 2024-01-31"),
            format!("`{on}` is no date; write it as 2024-01-31"),
        ));
    };
    let note = ask.typed.value("reason").unwrap_or("");
    let team = ask.typed.value("team").filter(|_| step == Step::Offer);
    let due = care.chain.cases.get(id).map(|case| case.referral.due_month());
    let several = due.is_some_and(|due| care.chain.free_teams(due).len() > 1);
    if step == Step::Offer && team.is_none() && several {
        return Err(Failure::refused(
            "välj ett av teamen med ledig plats",
            "choose one of the teams with a free place",
        ));
    }
    let act = Act { referral: id, step, on: Some(on), team, month: None, note };
    done(data, &mut care, &act, &ask.user.name, Refusal::text)?;
    let state = care.chain.cases.get(id).map(|case| ask.of(&case.state.text())).unwrap_or_default();
    Ok(Done::new(at(id), format!("{id}: {state}.")))
}
