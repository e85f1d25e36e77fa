//! Beslut: the register of decisions, proposals and their approval.
//!
//! Owns: what stands on the pages. Does not own: what is wrong with a decision (`commands::register`), or what it changes (`data::radius`).

mod beside;
mod draft;
mod proposal;
mod told;
pub(super) mod value;
mod written;

pub use draft::file_of;
pub use proposal::whole;

use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Block, Page};
use crate::web::rights::{Reach, Right};
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, count, text};
use kernel::fact::{Decision, Status};

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/beslut", needs: Right::SeeRegister, show: list },
    Route { path: "/beslut/nytt", needs: Right::Propose, show: draft::show },
    Route { path: "/beslut/forslag/{seq}", needs: Right::SeeAmounts, show: proposal::show },
    Route { path: "/beslut/{id}", needs: Right::SeeRegister, show: told::show },
];

/// What is only looked at.
pub const READS: &[Route] =
    &[Route { path: "/beslut/nytt", needs: Right::Propose, show: draft::show }];

/// What is done.
pub const ACTS: &[Act] = &[
    Act {
        path: "/beslut/forslag",
        needs: Right::Propose,
        act: proposal::propose,
        back: draft::show,
    },
    Act {
        path: "/beslut/forslag/{seq}/godkann",
        needs: Right::Approve,
        act: proposal::approve,
        back: proposal::show,
    },
    Act {
        path: "/beslut/forslag/{seq}/avsla",
        needs: Right::Approve,
        act: proposal::refuse,
        back: proposal::show,
    },
    Act {
        path: "/beslut/forslag/{seq}/dra-tillbaka",
        needs: Right::Propose,
        act: proposal::withdraw,
        back: proposal::show,
    },
];

/// A decision's id, with its marks, as a link.
fn named(ask: &Ask, decision: &Decision) -> Cell {
    let id = decision.id.as_str();
    let mut cell = Cell::from(id).to(format!("/beslut/{id}"));
    if decision.illustrative {
        cell = cell.mark(ask.say("illustrativ", "illustrative"));
    }
    if !decision.unverified.is_empty() {
        cell = cell.mark(ask.say("ej verifierad", "unverified"));
    }
    cell
}

/// What no source says is said to be so.
fn or_unverified(ask: &Ask, value: Option<String>) -> Cell {
    value.map_or_else(|| Cell::from("").mark(ask.say("ej verifierad", "unverified")), Cell::from)
}

const fn status(ask: &Ask, status: Status) -> &'static str {
    match status {
        Status::Decided => ask.say("beslutat", "decided"),
        Status::Proposed => ask.say("föreslaget", "proposed"),
    }
}

fn list(ask: &Ask) -> Result<Answer, Failure> {
    let log = ask.place.data.register().log();
    let rows = log.iter().rev().map(|recorded| {
        let decision = &recorded.decision;
        vec![
            named(ask, decision),
            decision.body.as_str().into(),
            decision.known_from.to_string().into(),
            or_unverified(ask, decision.decided_on.map(|day| day.to_string())),
            or_unverified(ask, decision.case_number.clone()),
            status(ask, decision.status).into(),
            decision.facts.len().into(),
            recorded.recorded_on.to_string().into(),
            Cell::from(i64::from(recorded.revision)),
        ]
    });
    let columns = vec![
        text("decision", "Beslut", "Decision"),
        text("body", "Instans", "Body"),
        text("known_from", "Känt fr.o.m.", "Known from"),
        text("decided_on", "Beslutat", "Decided on"),
        text("case_number", "Diarienummer", "Case number"),
        text("status", "Status", "Status"),
        count("facts", "Uppgifter", "Facts"),
        text("recorded_on", "Infört", "Recorded"),
        count("revision", "Revision", "Revision"),
    ];
    let caption = ask.say("Registrerade beslut", "Registered decisions");
    let empty = ask.say(
        "Här står besluten när de är registrerade.",
        "Decisions stand here when they are registered.",
    );
    let lead = ask.say(
        "Varje belopp vilar på ett beslut här. Ett beslut ändras aldrig; ett senare beslut ersätter.",
        "Every amount rests on a decision here. A decision is never changed; a later one replaces it.",
    );
    let mut links = Vec::new();
    if ask.may(Right::Propose) {
        let text = ask.say("Registrera ett beslut", "Register a decision");
        links.push((text.to_owned(), "/beslut/nytt".to_owned()));
    }
    let text = ask.say("Granska en beslutstext", "Check a decision text");
    links.push((text.to_owned(), "/beslut/text".to_owned()));
    let mut page = Page::new(ask.say("Beslut", "Decisions")).lead(lead).with(Block::Links(links));
    if ask.reach(Right::SeeAmounts) == Reach::All {
        page = proposal::waiting(ask, page)?;
    }
    Ok(page.with(Table::new("decisions", caption, columns).rows(rows).empty(empty)).into())
}
