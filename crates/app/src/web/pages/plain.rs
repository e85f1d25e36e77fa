//! Pages that stand beside the menu: search, keys, accessibility.

use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::html::Html;
use crate::web::page::{Answer, Page};
use crate::web::rights::Right;
use crate::web::route::Route;
use crate::web::table::{Cell, Table, text};
use kernel::contact::Reports;
use kernel::fact::{AllocationRule, Fact, Formula, UpliftBy};
use kernel::money::Money;
use std::collections::BTreeMap;

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
                Cell::of(name, id).to(format!("/vardgivare/enhet/{id}")),
            ]);
        }
        for recorded in place.data.register().log() {
            let id = recorded.decision.id.to_string();
            if is_meant(&id) {
                let url = format!("/beslut/{id}");
                rows.push(vec![ask.say("beslut", "decision").into(), Cell::from(id).to(url)]);
            }
        }
        let reports = place.data.loaded_reports();
        let is_contact = reports.is_some_and(|reports| is_seen(ask, reports, sought));
        if is_contact && ask.may(Right::SeeContacts) {
            let url = format!("/kontakt/{}", crate::web::query::encoded(sought));
            rows.push(vec![ask.say("kontakt", "contact").into(), Cell::from(sought).to(url)]);
        }
        if let Ok(amount) = Money::parse(sought) {
            amounts(ask, amount, &mut rows)?;
        }
    }
    let columns = vec![text("kind", "Slag", "Kind"), text("what", "Träff", "Found")];
    let caption = ask.say("Träffar", "Found");
    let empty = ask.say(
        "Inget hittades. Sök på en enhets namn, ett besluts id, ett helt kontaktnummer eller ett belopp som 14 200 kr.",
        "Nothing was found. Search for the name of a unit, the id of a decision, a whole contact number or an amount such as 14 200 kr.",
    );
    let table = Table::new("hits", caption, columns).rows(rows).empty(empty).short();
    Ok(Page::new(ask.say("Sök", "Search")).with(table).into())
}

/// Whether a contact is there and one that they may see: a clinic finds its own alone.
fn is_seen(ask: &Ask, reports: &Reports, contact: &str) -> bool {
    let Some(number) = reports.contact_ids.find(contact) else { return false };
    if ask.sees_all() {
        return true;
    }
    let mut rows = reports.of_contact(number);
    rows.all(|row| {
        let unit = ask.place.unit_of_code(reports.unit_codes.get(row.unit_code), row.care_date);
        unit.is_some_and(|unit| ask.sees_unit(unit))
    })
}

/// Where an amount stands: in decisions, and as what a settlement comes to for a unit or an element of it.
fn amounts(ask: &Ask, sought: Money, rows: &mut Vec<Vec<Cell>>) -> Result<(), Failure> {
    for recorded in ask.place.data.register().log() {
        let mut facts = recorded.decision.facts.iter();
        if let Some(stated) = facts.find(|stated| states(&stated.fact, sought)) {
            let id = recorded.decision.id.as_str();
            let shown = match &stated.label {
                Some(label) => format!("{id}: {label}, {sought}"),
                None => format!("{id}: {sought}"),
            };
            let kind = ask.say("belopp i beslut", "amount in a decision");
            rows.push(vec![kind.into(), Cell::of(&shown, id).to(format!("/beslut/{id}"))]);
        }
    }
    if !ask.may(Right::SeeAmounts) {
        return Ok(());
    }
    let sums = ask.place.sums()?;
    for settlement in ask.place.data.settlements() {
        let month = settlement.booked.month;
        if ask.sees_all() && settlement.booked.total == sought {
            let kind = ask.say("avräkning", "settlement");
            let text = format!("{month}: {sought}");
            rows.push(vec![kind.into(), Cell::from(text).to(format!("/avrakning/{month}"))]);
        }
        let mut of_unit: BTreeMap<&str, Money> = BTreeMap::new();
        let mut of_element: BTreeMap<(&str, &str), Money> = BTreeMap::new();
        let seen = sums.of_settlement(&settlement.booked.id).iter();
        for (key, sum) in seen.filter(|(key, _)| !key.shadow && ask.sees_unit(&key.unit)) {
            *of_unit.entry(&key.unit).or_default() += sum.amount;
            *of_element.entry((&key.unit, &key.element)).or_default() += sum.amount;
        }
        let name = |unit: &str| ask.place.labels.unit_name(unit).unwrap_or(unit).to_owned();
        for (unit, _) in of_unit.iter().filter(|(_, amount)| **amount == sought) {
            let kind = ask.say("besked", "statement");
            let text = format!("{}, {month}: {sought}", name(unit));
            rows.push(vec![kind.into(), Cell::from(text).to(format!("/besked/{month}/{unit}"))]);
        }
        for ((unit, element), _) in of_element.iter().filter(|(_, amount)| **amount == sought) {
            let kind = ask.say("besked, ersättningsslag", "statement, element");
            let text = format!("{}, {month}, {element}: {sought}", name(unit));
            let url = format!("/besked/{month}/{unit}/{element}");
            rows.push(vec![kind.into(), Cell::from(text).to(url)]);
        }
    }
    Ok(())
}

/// Whether a fact states an amount.
fn states(fact: &Fact, sought: Money) -> bool {
    let is_of_rule = |rule: &AllocationRule| {
        rule.figure().is_some_and(|figure| figure.amount == sought)
            || matches!(rule, AllocationRule::PerUnit { per_unit, .. } if *per_unit == sought)
    };
    match fact {
        Fact::Rate(rate) => {
            let of_formula = match &rate.formula {
                Formula::PerContact { amount }
                | Formula::PerWeight { amount, .. }
                | Formula::Uplift { by: UpliftBy::Amount(amount), .. } => *amount == sought,
                _ => false,
            };
            of_formula || rate.was == Some(sought)
        }
        Fact::Appropriation(one) => one.amount == sought,
        Fact::Grant(one) => one.amount.amount == sought,
        Fact::Heading(one) => is_of_rule(&one.rule),
        Fact::Item(one) => is_of_rule(&one.rule),
        Fact::GrantAct(one) => one.amount == sought,
        _ => false,
    }
}

/// What is known of how accessible the pages are. It is public: who needs it may not be able to log in.
pub(crate) fn accessibility(ask: &Ask) -> Page {
    let lead = ask.say(
        "Så här tillgänglig är arbetsplatsen Vårdkedja, vad som är prövat och hur, och vad som inte är prövat.",
        "How accessible the workplace Vårdkedja is, what was tested and how, and what was not.",
    );
    Page::new(ask.say("Tillgänglighet", "Accessibility"))
        .lead(lead)
        .heading(ask.say("Hur sidorna är gjorda", "How the pages are made"))
        .text(ask.say(
            "Sidorna är vanlig HTML som fungerar utan JavaScript. Allt nås med tangentbordet i läsordning och fokus syns. Tabeller har rubriker och namn, formulär har etiketter, bilder har namn, beskrivning och sina tal i text eller tabell. Inget sägs med bara färg. Ljust och mörkt utseende kan väljas.",
            "The pages are plain HTML that works without JavaScript. Everything is reached with the keyboard in reading order and focus is seen. Tables have headings and names, forms have labels, pictures have a name, a description and their numbers as text or in a table. Nothing is said by colour alone. Light or dark can be chosen.",
        ))
        .heading(ask.say("Vad som är prövat", "What was tested"))
        .text(ask.say(
            "En webbläsare går automatiskt igenom sidor som en länk leder till. På dem körs axe-core, som finner en del av de fel som WCAG 2.1 AA räknar upp, och bredden 320 bildpunkter prövas. Det är gjort av dem som byggt systemet.",
            "A browser goes by itself through pages that a link leads to. axe-core, which finds a part of the faults that WCAG 2.1 AA lists, is run on them, and the width of 320 pixels is tried. This is done by those who built the system.",
        ))
        .heading(ask.say("Vad som inte är prövat", "What was not tested"))
        .text(ask.say(
            "Ingen som använder skärmläsare, förstoring eller talstyrning i vardagen har prövat sidorna, och ingen utomstående har granskat dem. Därför påstår vi inte att de uppfyller lagen om tillgänglighet till digital offentlig service (2018:1937) helt. Breda tabeller rullas i sidled på smala skärmar.",
            "Nobody who uses a screen reader, magnification or speech control every day has tried the pages, and nobody from outside has reviewed them. So we do not claim that they meet the act on accessibility of digital public services (2018:1937) in full. Wide tables are scrolled sideways on narrow screens.",
        ))
        .heading(ask.say("Säg till om något inte går", "Tell us what does not work"))
        .text(ask.say(
            "Vänd dig till den som förvaltar Vårdkedja i din region. Är du inte nöjd med svaret kan du anmäla det till Myndigheten för digital förvaltning, som har tillsyn.",
            "Turn to those who run Vårdkedja in your region. If you are not content with the answer you can report it to the Agency for Digital Government (Digg), which supervises.",
        ))
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
        ("g u", "Uppföljning", "Follow-up"),
        ("g k", "Vårdkedjan", "Care chain"),
        ("g m", "Bemanning", "Staffing"),
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
