//! Pages that stand beside the menu: search, keys, accessibility.

use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::html::Html;
use crate::web::page::{Answer, Page};
use crate::web::rights::Right;
use crate::web::route::Route;
use crate::web::table::{Table, text};

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/sok", needs: Right::SeeOverview, show: search },
    Route { path: "/tangenter", needs: Right::SeeOverview, show: keys },
];

/// What was sought among units, decisions and contacts.
fn search(ask: &Ask) -> Result<Answer, Failure> {
    let sought = ask.query.value("q").unwrap_or("");
    let mut rows = Vec::new();
    let lower = sought.to_lowercase();
    let place = &ask.place;
    if !lower.is_empty() {
        let view = place.data.register().view(u32::MAX);
        let mut units: Vec<(&str, &str)> = view
            .units
            .iter()
            .map(|((id, _), unit)| (id.as_str(), unit.fact.name.as_str()))
            .collect();
        units.dedup_by_key(|(id, _)| *id);
        let is_meant = |text: &str| text.to_lowercase().contains(&lower);
        for (id, name) in units.into_iter().filter(|(id, name)| is_meant(id) || is_meant(name)) {
            rows.push(vec![
                ask.say("enhet", "unit").into(),
                crate::web::table::Cell::of(name, id).to(format!("/vardgivare/enhet/{id}")),
            ]);
        }
        for recorded in place.data.register().log() {
            let id = recorded.decision.id.to_string();
            if is_meant(&id) {
                let url = format!("/beslut/{id}");
                rows.push(vec![
                    ask.say("beslut", "decision").into(),
                    crate::web::table::Cell::from(id).to(url),
                ]);
            }
        }
        let reports = place.data.loaded_reports();
        let is_contact = reports.is_some_and(|reports| reports.contact_ids.find(sought).is_some());
        if is_contact && ask.may(Right::SeeContacts) {
            let url = format!("/kontakt/{}", crate::web::query::encoded(sought));
            rows.push(vec![
                ask.say("kontakt", "contact").into(),
                crate::web::table::Cell::from(sought).to(url),
            ]);
        }
    }
    let columns = vec![text("kind", "Slag", "Kind"), text("what", "Träff", "Found")];
    let caption = ask.say("Träffar", "Found");
    let empty = ask.say(
        "Inget hittades. Sök på en enhets namn, ett besluts id eller ett helt kontaktnummer.",
        "Nothing was found. Search for the name of a unit, the id of a decision or a whole contact number.",
    );
    let table = Table::new("hits", caption, columns).rows(rows).empty(empty).short();
    Ok(Page::new(ask.say("Sök", "Search")).with(table).into())
}

fn keys(ask: &Ask) -> Result<Answer, Failure> {
    let keys = [
        ("/", "till sökfältet", "to the search field"),
        ("?", "den här listan", "this list"),
        ("g o", "Översikt", "Overview"),
        ("g b", "Beslut", "Decisions"),
        ("g e", "Ersättningar", "Rates"),
        ("g v", "Vårdgivare och avtal", "Providers and agreements"),
        ("g i", "Inrapportering", "Reporting"),
        ("g a", "Avräkning", "Settlement"),
        ("g s", "Statsbidrag och ramar", "Grants and frames"),
        ("g l", "Logg", "Log"),
    ];
    let rows = keys.map(|(key, sv, en)| vec![key.into(), ask.lang.pick(sv, en).into()]);
    let columns = vec![text("key", "Tangent", "Key"), text("what", "Går till", "Goes to")];
    let table = Table::new("keys", ask.say("Tangenter", "Keys"), columns).rows(rows).short();
    let lead = Html::text(ask.say(
        "Allt går att nå med tabb och retur i läsordning. De här tangenterna är genvägar.",
        "Everything can be reached with Tab and Enter in reading order. These keys are short cuts.",
    ));
    Ok(Page::new(ask.say("Tangenter", "Keys")).lead(lead).with(table).into())
}
