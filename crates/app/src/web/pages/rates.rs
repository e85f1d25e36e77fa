//! Ersättningar: every element in two times.
//!
//! Owns: what applied on a day as known on another. Does not own: which rate replaces which (`kernel::price`); here the conditions of
//! contacts are
//! not asked, so several rates may apply side by side.

use super::decisions::value;
use crate::commands::register::show::fact;
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::chart::Figure;
use crate::web::chart::two_times::{Asked, Band, Known, drawn};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Page};
use crate::web::rights::Right;
use crate::web::route::Route;
use crate::web::table::{Cell, Table, text};
use kernel::fact::{Fact, Rate, Stated};
use kernel::price::Marks;
use kernel::register::{Known as KnownFact, View};
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet};

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/ersattningar", needs: Right::SeeRegister, show: all },
    Route { path: "/ersattningar/{element}", needs: Right::SeeRegister, show: one },
];

type RateOf<'v, 'r> = &'v KnownFact<'r, Rate>;

/// The rates of an element that apply on a day, by what a view knows: valid, in force, and not replaced by one with the same condition.
fn applying<'v, 'r>(view: &'v View<'r>, element: &str, day: Day) -> Vec<RateOf<'v, 'r>> {
    let in_force: Vec<RateOf<'v, 'r>> =
        view.rates_in_force().filter(|rate| rate.fact.valid.contains(day)).collect();
    let is_replaced = |rate: &Rate| {
        let mut others = in_force.iter().map(|other| other.fact);
        others.any(|other| other.replaces.contains(&rate.id) && other.when == rate.when)
    };
    let of = in_force.iter().filter(|rate| rate.fact.element.as_str() == element);
    of.filter(|rate| !is_replaced(rate.fact)).copied().collect()
}

fn stated_value(ask: &Ask, stated: &Stated) -> String {
    let told = fact::told(&stated.fact);
    match (told.amount, &stated.fact) {
        (Some(amount), _) => amount.to_string(),
        (None, Fact::Rate(rate)) => value::said(ask, rate),
        (None, _) => ask.of(&told.value),
    }
}

fn marks(rate: RateOf<'_, '_>) -> Marks {
    Marks {
        illustrative: rate.fact.illustrative || rate.decision.illustrative,
        unverified: !rate.decision.unverified.is_empty(),
    }
}

fn row(ask: &Ask, rate: RateOf<'_, '_>) -> Vec<Cell> {
    let (from, last) = (rate.fact.valid.from, rate.fact.valid.last());
    vec![
        Cell::from(rate.fact.id.as_str()),
        Cell::from(stated_value(ask, rate.stated)).marked(ask.lang, marks(rate)),
        Cell::from(from.to_string()),
        Cell::from(last.map_or_else(
            || ask.say("tills\u{a0}vidare", "until further\u{a0}notice").to_owned(),
            |last| last.to_string(),
        )),
        Cell::from(rate.decision.id.as_str()).to(format!("/beslut/{}", rate.decision.id)),
        Cell::from(rate.decision.known_from.to_string()),
        Cell::from(value::condition(ask, &rate.fact.when)),
        Cell::from(rate.stated.anchor.clone().unwrap_or_default()),
    ]
}

/// A row of the answer for a day: another rate with a condition of its own may take some of the contacts (R1).
fn row_on(ask: &Ask, view: &View<'_>, rate: RateOf<'_, '_>, day: Day) -> Vec<Cell> {
    let mut cells = row(ask, rate);
    let mut others = view.rates_in_force().filter(|other| other.fact.valid.contains(day));
    let other = others.find(|other| other.fact.replaces.contains(&rate.fact.id));
    if let (Some(other), Some(cell)) = (other, cells.get_mut(1)) {
        let told = ask.say(
            "ersatt av {} där dess villkor gäller",
            "replaced by {} where its condition holds",
        );
        cell.marks.push(told.replace("{}", other.fact.id.as_str()));
    }
    cells
}

fn columns() -> Vec<crate::web::table::Column> {
    vec![
        text("rate", "Nivå", "Rate"),
        text("value", "Värde", "Value"),
        text("valid_from", "Fr.o.m.", "From"),
        text("valid_to", "T.o.m.", "To"),
        text("decision", "Beslut", "Decision"),
        text("known_from", "Känt", "Known from"),
        text("condition", "Villkor", "Condition"),
        text("anchor", "I källan", "In the source"),
    ]
}

/// Of a row of an element what stands in the list of all: when it was learned, its id and its words in the source stand on its own page.
fn listed<T>(first: T, row: Vec<T>) -> Vec<T> {
    let is_listed = |at: &usize| [1, 2, 3, 4, 6].contains(at);
    let rest = row.into_iter().enumerate().filter(|(at, _)| is_listed(at)).map(|(_, cell)| cell);
    std::iter::once(first).chain(rest).collect()
}

fn all(ask: &Ask) -> Result<Answer, Failure> {
    let register = ask.place.data.register();
    let view = register.view(register.as_of(ask.place.today));
    let elements: BTreeSet<&str> =
        view.rates.iter().map(|rate| rate.fact.element.as_str()).collect();
    let rows = elements.into_iter().flat_map(|element| {
        let url = format!("/ersattningar/{element}");
        let label = ask.place.labels.element(element);
        let now = applying(&view, element, ask.place.today);
        let name = Cell::from(label.clone()).to(url.clone());
        // Where labels of an element have nothing in common, each rate stands by its own.
        let name_of = |rate: RateOf<'_, '_>| match &rate.stated.label {
            Some(own) if label.shown() == element => Cell::of(own, element).to(url.clone()),
            _ => name.clone(),
        };
        let mut rows: Vec<Vec<Cell>> = now
            .iter()
            .map(|rate| listed(name_of(rate), row_on(ask, &view, rate, ask.place.today)))
            .collect();
        if rows.is_empty() {
            let none = ask.say("gäller inte idag", "does not apply today");
            let blank = ["", none, "", "", "", "", "", ""].map(Cell::from).to_vec();
            rows.push(listed(name, blank));
        }
        rows
    });
    let element = text("element", "Ersättningsslag", "Element");
    let columns = listed(element, columns());
    let table = Table::new("slag", ask.say("Gäller idag", "In force today"), columns).rows(rows);
    let lead = ask.say(
        "Varje ersättningsslag med den nivå som gäller idag. Slaget leder till hur det har varit, och när vi fick veta det.",
        "Every element with the rate in force today. It leads to how it has been, and when we learned of it.",
    );
    Ok(Page::new(ask.say("Ersättningar", "Rates")).lead(lead).with(table).into())
}

fn one(ask: &Ask) -> Result<Answer, Failure> {
    let element = ask.param("element");
    let register = ask.place.data.register();
    let whole = register.view(u32::MAX);
    if !whole.rates.iter().any(|rate| rate.fact.element.as_str() == element) {
        return Err(missing());
    }
    let on = ask.day("on", ask.place.today)?;
    let known_on = ask.day("known_on", ask.place.today)?;
    let view = register.view(register.as_of(known_on));
    let found = applying(&view, element, on);
    let label = Cell::from(ask.place.labels.element(element));
    let caption = ask.say("Gällde {on}, som känt {known}", "Applied on {on}, as known on {known}");
    let caption =
        caption.replace("{on}", &on.to_string()).replace("{known}", &known_on.to_string());
    let empty = ask.say(
        "Ingen nivå gällde den dagen, enligt vad som var känt då.",
        "No rate applied on that day, as known then.",
    );
    let answer = Table::new("svar", caption, columns())
        .rows(found.iter().map(|rate| row_on(ask, &view, rate, on)))
        .empty(empty)
        .short();
    let rates = whole.rates.iter().filter(|rate| rate.fact.element.as_str() == element);
    let history = Table::new(
        "alla",
        ask.say("Alla nivåer som har registrerats", "All rates recorded"),
        columns(),
    )
    .rows(rates.map(|rate| row(ask, rate)));
    let day = |name: &str, sv: &'static str, en: &'static str, value: Day| {
        Field::new(ask, name, ask.say(sv, en), Input::Day, &value.to_string()).required()
    };
    let form = Form::new(format!("/ersattningar/{element}"), ask.say("Visa", "Show"))
        .asking()
        .field(day("on", "Vad gällde den", "What applied on", on))
        .field(day("known_on", "som känt den", "as known on", known_on));
    let page = Page::new(label.shown())
        .under(ask.say("Ersättningar", "Rates"), "/ersattningar")
        .maybe(figure(ask, element, on, known_on))
        .with(answer)
        .with(form)
        .with(history);
    Ok(page.into())
}

/// The element in two times: a row for each day that we learned something of it.
fn figure(ask: &Ask, element: &str, on: Day, known_on: Day) -> Option<Figure> {
    let register = ask.place.data.register();
    let decisions = register.log().iter().filter(|recorded| {
        recorded.decision.facts.iter().any(
            |stated| matches!(&stated.fact, Fact::Rate(rate) if rate.element.as_str() == element),
        )
    });
    let known: BTreeSet<Day> = decisions.map(|recorded| recorded.recorded_on).collect();
    let whole = register.view(u32::MAX);
    let mut cuts: BTreeSet<Day> = BTreeSet::new();
    for rate in whole.rates.iter().filter(|rate| rate.fact.element.as_str() == element) {
        cuts.insert(rate.fact.valid.from);
        cuts.extend(rate.fact.valid.last().map(|last| last.plus(1)));
    }
    cuts.retain(|day| *day > Day::MIN && *day <= ask.place.today);
    let first = *cuts.iter().next()?;
    let span = i64::from(ask.place.today.number()) - i64::from(first.number());
    let at = |day: Day| {
        let part = (i64::from(day.number()) - i64::from(first.number())) * 1000 / span.max(1);
        u32::try_from(part).unwrap_or(0)
    };
    let mut before: BTreeMap<Day, Vec<String>> = BTreeMap::new();
    let (mut rows, mut numbers) = (Vec::new(), Vec::new());
    for day in &known {
        let view = register.view(register.as_of(*day));
        let mut bands = Vec::new();
        for cut in &cuts {
            let applies = applying(&view, element, *cut);
            let values: Vec<String> =
                applies.iter().map(|rate| stated_value(ask, rate.stated)).collect();
            let is_new = !values.is_empty() && before.get(cut) != Some(&values);
            let count = ask.say("{} nivåer", "{} rates").replace("{}", &values.len().to_string());
            let href = format!("/ersattningar/{element}?on={cut}&known_on={day}");
            numbers.push(vec![
                Cell::from(day.to_string()),
                Cell::from(cut.to_string()),
                Cell::from(if values.is_empty() { "–".to_owned() } else { values.join("; ") })
                    .to(href.clone()),
            ]);
            before.insert(*cut, values.clone());
            bands.push(Band { at: at(*cut), values, count, href, is_new });
        }
        rows.push(Known { from: day.to_string(), bands });
    }
    let ticks: Vec<(u32, String)> = cuts.iter().map(|day| (at(*day), day.to_string())).collect();
    let row = known.iter().take_while(|day| **day <= known_on).count().checked_sub(1);
    let is_within = first <= on && on <= ask.place.today;
    let asked = is_within.then(|| Asked { at: at(on), day: on.to_string(), row });
    let title = ask
        .say("Vad som gällde, och när vi fick veta det", "What applied, and when we learned of it")
        .to_owned();
    let description = ask.say(
        "Dagarna det gäller åt höger, dagarna vi fick veta det nedåt. Ett band som börjar på en senare rad och når bakåt är ett beslut med retroaktiv verkan.",
        "The days it applies to across, the days we learned of it downwards. A band that begins at a later row and reaches back is a decision with retroactive effect.",
    ).to_owned();
    let columns = vec![
        text("known_on", "Känt den", "Known on"),
        text("from", "Gällde fr.o.m.", "Applied from"),
        text("value", "Värde", "Value"),
    ];
    let numbers = Table::new("tider", title.clone(), columns).rows(numbers);
    Some(Figure {
        svg: drawn(&title, &description, &ticks, &rows, asked.as_ref()),
        title,
        description,
        numbers: Some(numbers),
    })
}
