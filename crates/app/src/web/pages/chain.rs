//! Vårdkedjan: the queue, places and steps for the clinic whose compartment it is; what clinics have released for everybody else.
//!
//! Owns: the pages and forms, and the one way from a request to an open compartment ([`care`]). Does not own: the order of need
//! (`follow::need`), or the sealing (`store`).

mod figures;
mod one;
mod work;

use crate::commands::chain::{Queued, places, queued};
use crate::data::{Care, ChainRules};
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::query::encoded;
use crate::web::render::sentence;
use crate::web::rights::{Right, Role};
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, count, text};
use follow::need::course::State;
use std::collections::BTreeSet;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/vardkedjan", needs: Right::SeeChain, show },
    Route { path: "/vardkedjan/remiss/{id}", needs: Right::WorkChain, show: one::show },
    Route { path: "/vardkedjan/stamma-av", needs: Right::WorkChain, show: work::agree },
];

/// What is done.
pub const ACTS: &[Act] = &[
    Act { path: "/vardkedjan/remisser", needs: Right::WorkChain, act: work::refer, back: show },
    Act { path: "/vardkedjan/platser", needs: Right::WorkChain, act: work::places, back: show },
    Act {
        path: "/vardkedjan/remiss/{id}",
        needs: Right::WorkChain,
        act: one::step,
        back: one::show,
    },
    Act { path: "/vardkedjan/lamna-ut", needs: Right::WorkChain, act: work::release, back: show },
];

/// The open compartment of those who ask: of the role `clinic-care`, its own clinic's, with the key that the server was given for it. There
/// is no other way to one from a request.
pub(super) fn care(ask: &Ask) -> Result<Care, Failure> {
    let clinic = ask.user.provider.as_deref().filter(|_| ask.user.role == Role::ClinicCare);
    let clinic = clinic.filter(|clinic| ask.place.has_unit(clinic)).ok_or_else(missing)?;
    let Some(key) = ask.place.care_key(clinic) else {
        return Err(Failure::refused(
            "arbetsplatsen har inte klinikens nyckel; starta den med serve --clinic-care-keys MAPP",
            "the workplace does not have the clinic's key; start it with serve --clinic-care-keys DIR",
        ));
    };
    ask.place.data.open_care(clinic, &key)
}

pub(super) fn rules(ask: &Ask) -> Result<ChainRules, Failure> {
    ask.place.data.chain_rules(ask.place.today)
}

pub(super) fn at(id: &str) -> String {
    format!("/vardkedjan/remiss/{}", encoded(id))
}

fn show(ask: &Ask) -> Result<Answer, Failure> {
    if !ask.may(Right::WorkChain) {
        return figures::show(ask);
    }
    let (mut care, rules) = (care(ask)?, rules(ask)?);
    let clinic = care.clinic().to_owned();
    let name = ask.place.labels.unit_name(&clinic).unwrap_or(&clinic).to_owned();
    let rows = care.chain.cases.len();
    care.log(&ask.user.name, "order", "", rows)?;
    let title = ask.say("Vårdkedjan", "The care chain");
    let mut page = Page::new(format!("{title}: {name}")).lead(ask.say(
        "Vilka som väntar på en plats, i behovsordning, och var de andra står. Bara kliniken själv kan läsa detta; allt som visas står i fackets egen logg.",
        "Who waits for a place, in the order of need, and where the others stand. Only the clinic itself can read this; all that is shown stands in the compartment's own log.",
    ));
    if rules.is_marked {
        page = page.notice(
            Mood::Info,
            ask.say(
                "Gränserna för rädsla och team är illustrativa eller ej verifierade.",
                "The limits of fear and teams are illustrative or unverified.",
            ),
        );
    }
    let queued = queued(&care, &rules, None);
    let doubts = care.chain.doubts(&rules.limits);
    for doubt in doubts.iter().take(5) {
        page =
            page.notice(Mood::Attention, sentence(&ask.of(&places::doubt(doubt)).replace('`', "")));
    }
    let links = vec![(
        ask.say("Stäm av mot det som betalats", "Compare with what was paid").to_owned(),
        "/vardkedjan/stamma-av".to_owned(),
    )];
    Ok(page
        .with(queue(ask, &queued))
        .with(stated(ask, &care))
        .with(others(ask, &care, &queued))
        .with(Block::Links(links))
        .heading(ask.say("För in", "Enter"))
        .with(Block::Columns(vec![
            vec![upload(ask, "/vardkedjan/remisser", "För in remisser", "Enter referrals").into()],
            vec![upload(ask, "/vardkedjan/platser", "För in platser", "Enter places").into()],
        ]))
        .heading(ask.say("Till regionen", "To the region"))
        .with(work::released(ask, &care))
        .with(work::release_form(ask))
        .into())
}

fn queue(ask: &Ask, queued: &[Queued]) -> Table {
    let columns = vec![
        text("due", "Beräknad månad", "Due month"),
        count("place", "Plats", "Place"),
        text("referral", "Remiss", "Referral"),
        text("why", "Varför hon står där", "Why she stands there"),
    ];
    let rows = queued.iter().map(|(month, position, why)| {
        vec![
            Cell::from(month.to_string()),
            Cell::from(position.place),
            Cell::from(position.id.as_str()).to(at(&position.id)),
            Cell::from(ask.of(why)),
        ]
    });
    Table::new("ko", ask.say("I kö", "In the queue"), columns).rows(rows).empty(ask.say(
        "Ingen väntar. Remisser förs in längre ned på sidan, eller med chain refer.",
        "Nobody waits. Referrals are entered further down the page, or with chain refer.",
    ))
}

fn stated(ask: &Ask, care: &Care) -> Table {
    let columns = vec![
        text("month", "Beräknad månad", "Due month"),
        text("team", "Team", "Team"),
        count("midwives", "Barnmorskor", "Midwives"),
        count("women", "Platser", "Places"),
        count("taken", "Tagna", "Taken"),
        count("free", "Lediga", "Free"),
    ];
    let rows = care.chain.places.values().map(|one| {
        vec![
            Cell::from(one.month.to_string()),
            Cell::from(one.team.as_str()),
            Cell::from(i64::from(one.midwives)),
            Cell::from(i64::from(one.women)),
            Cell::from(i64::from(care.chain.taken(one.month, &one.team))),
            Cell::from(care.chain.free(one.month, &one.team)),
        ]
    });
    Table::new("platser", ask.say("Platser", "Places"), columns).rows(rows).empty(ask.say(
        "Inga platser är angivna. De förs in med en fil: team, månad, barnmorskor, platser.",
        "No places are stated. They are entered with a file: team, month, midwives, women.",
    ))
}

/// Everybody who is not in the queue: also who waits and has no place in it, since she is not of those whom the chain is for.
fn others(ask: &Ask, care: &Care, queued: &[Queued]) -> Table {
    let columns = vec![
        text("state", "Läge", "State"),
        text("since", "Sedan", "Since"),
        text("referral", "Remiss", "Referral"),
        text("due", "Beräknad månad", "Due month"),
        text("team", "Team", "Team"),
    ];
    let queued: BTreeSet<&str> =
        queued.iter().map(|(_, position, _)| position.id.as_str()).collect();
    let others = care.chain.cases.values();
    let others = others.filter(|case| !queued.contains(case.referral.id.as_str()));
    let rows = others.map(|case| {
        let state = Cell::of(&ask.of(&case.state.text()), case.state.name());
        vec![
            match case.state {
                State::Waiting => {
                    state.mark(ask.say("utanför målgruppen", "not eligible").to_owned())
                }
                _ => state,
            },
            Cell::from(case.since.to_string()),
            Cell::from(case.referral.id.as_str()).to(at(&case.referral.id)),
            Cell::from(case.referral.due_month().to_string()),
            Cell::from(case.place.as_ref().map_or("", |(team, _)| team.as_str())),
        ]
    });
    let caption = ask.say("Erbjudna, påbörjade och andra", "Offered, started and others");
    Table::new("ovriga", caption, columns)
        .rows(rows)
        .empty(ask.say("Ingen har fått ett erbjudande än.", "Nobody has been offered a place yet."))
}

fn upload(ask: &Ask, action: &str, sv: &'static str, en: &'static str) -> Form {
    let file = Field::new(ask, "files", ask.say("CSV-fil", "CSV file"), Input::Files, "");
    Form::new(action, ask.say(sv, en)).field(file.required())
}
