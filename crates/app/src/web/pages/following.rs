//! Uppföljning: what the money was for, indicator by indicator.
//!
//! Owns: which indicators are shown how. Does not own: what counts (`follow`), what may be shown (`followed`).

mod alike;
mod compared;
mod one;
mod publish;
mod staffing;

use crate::failure::Failure;
use crate::followed::{By, Query, Row, rows, words, years};
use crate::web::ask::{Ask, sent_year};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Page};
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Column, Table, count, text};
use crate::words::{capital, marks_of};
use follow::outcome::{Value, Why};
use kernel::fact::Theme;
use kernel::finding::Text;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/uppfoljning", needs: Right::SeeFollowUp, show: all },
    Route { path: "/uppfoljning/publicera", needs: Right::Publish, show: publish::show },
    Route { path: "/uppfoljning/{indicator}", needs: Right::SeeFollowUp, show: one::one },
    Route { path: "/bemanning", needs: Right::SeeFollowUp, show: staffing::page },
];

/// What is done.
pub const ACTS: &[Act] = &[Act {
    path: "/uppfoljning/publicera",
    needs: Right::Publish,
    act: publish::book,
    back: publish::show,
}];

/// The year that is asked for; the last whole one of births where none is.
fn year(ask: &Ask) -> Result<i32, Failure> {
    let births = &ask.place.followed()?.gathered.cases.births;
    let last = births.last().map_or(ask.place.today, |case| case.day);
    let whole = if last.civil().1 == 12 { last.year() } else { last.year() - 1 };
    let Some(given) = ask.query.value("ar") else { return Ok(whole) };
    sent_year(given)
}

/// The clinic that is asked for, if those who ask may see it; another's is told as one that is not there.
fn clinic(ask: &Ask) -> Result<Option<String>, Failure> {
    let Some(unit) = ask.query.value("enhet").filter(|unit| !unit.is_empty()) else {
        return Ok(None);
    };
    if ask.place.has_unit(unit) && ask.sees_unit(unit) {
        Ok(Some(unit.to_owned()))
    } else {
        Err(crate::web::ask::missing())
    }
}

/// What a clinic is called.
fn name<'a>(ask: &'a Ask, unit: &'a str) -> &'a str {
    ask.place.labels.unit_name(unit).unwrap_or(unit)
}

/// A number with so many decimals, as the reader's language has it.
fn decimal(ask: &Ask, value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}").replace('-', "−");
    if ask.lang == crate::output::Lang::Sv { text.replace('.', ",") } else { text }
}

/// The form that asks for another year, clinic or grouping.
fn asking(ask: &Ask, action: &str, year: i32, unit: Option<&str>) -> Result<Form, Failure> {
    let followed = ask.place.followed()?;
    let mut units = vec![(String::new(), ask.say("Hela regionen", "The whole region").to_owned())];
    units.extend(
        followed
            .birth_units()
            .iter()
            .filter(|unit| ask.sees_unit(unit))
            .map(|unit| (unit.clone(), name(ask, unit).to_owned())),
    );
    let born = years(followed);
    let born = if born.is_empty() { year..year + 1 } else { born };
    let years = born.map(|year| (year.to_string(), year.to_string())).collect();
    Ok(Form::new(action, ask.say("Visa", "Show"))
        .asking()
        .field(Field::new(
            ask,
            "ar",
            ask.say("År", "Year"),
            Input::Choice(years),
            &year.to_string(),
        ))
        .field(Field::new(
            ask,
            "enhet",
            ask.say("Klinik", "Clinic"),
            Input::Choice(units),
            unit.unwrap_or(""),
        )))
}

fn all(ask: &Ask) -> Result<Answer, Failure> {
    let (year, unit) = (year(ask)?, clinic(ask)?);
    let followed = ask.place.followed()?;
    let query =
        |year| Query { year, by: By::Whole, unit: unit.clone(), indicator: None, theme: None };
    let now = rows(followed, &query(year));
    let before = rows(followed, &query(year - 1));
    let mut page = Page::new(ask.say("Uppföljning", "Follow-up")).lead(ask.say(
        "Blev vården det pengarna var till för? Varje indikator räknas ur samma kontakter som betalas, och ur det klinikerna rapporterar vid sidan av dem. Saknade uppgifter räknas aldrig som uppfyllda.",
        "Did care become what the money was for? Every indicator is counted from the same contacts that are paid, and from what clinics report beside them. What is missing never counts as met.",
    ));
    page = page.with(asking(ask, "/uppfoljning", year, unit.as_deref())?);
    page = publish::state(ask, page, year)?;
    for theme in Theme::ALL {
        let of_theme = |row: &&Row<'_>| row.defined.indicator.fact.theme == *theme;
        let rows: Vec<Vec<Cell>> = now
            .iter()
            .filter(of_theme)
            .map(|row| {
                let id = &row.defined.indicator.fact.id;
                let earlier = before.iter().find(|other| other.defined.indicator.fact.id == *id);
                overview_row(ask, row, earlier, unit.as_deref())
            })
            .collect();
        if !rows.is_empty() {
            let caption = capital(&ask.of(&crate::words::theme(*theme)));
            page = page.with(
                Table::new(theme.name(), format!("{caption} {year}"), columns())
                    .rows(rows)
                    .origin(ask.place.data.follow_origin().name())
                    .short(),
            );
        }
    }
    if now.is_empty() {
        page = page.text(ask.say(
            "Här visas indikatorerna när de är beslutade i registret ([[indicator]] i en ratebook).",
            "Indicators are shown here once they are decided in the register ([[indicator]] in a ratebook).",
        ));
    }
    Ok(page.into())
}

fn columns() -> Vec<Column> {
    vec![
        text("indicator", "Indikator", "Indicator"),
        count("value", "Värde", "Value"),
        text("interval", "95 % intervall", "95 % interval"),
        text("counts", "Antal", "Counts"),
        count("before", "Året före", "The year before"),
        text("target", "Målnivå", "Target"),
        count("reported", "Rapporterat", "Reported"),
    ]
}

/// The value of a row, or why there is none, with its marks.
fn value_cell(ask: &Ask, row: &Row<'_>) -> Cell {
    let shown = ask.of(&words::value(row));
    let plain = row.value.number().map_or_else(String::new, |value| value.to_string());
    Cell::of(&shown, &plain)
}

/// The target with whether it is reached, in words.
fn target_cell(ask: &Ask, row: &Row<'_>) -> Cell {
    let target = ask.of(&words::target(row));
    let cell = Cell::from(target);
    match row.reached {
        Some(reached) => cell.mark(ask.of(&words::reached(reached))),
        None => cell,
    }
}

/// Of nobody there is no share that is reported.
fn reported_cell(row: &Row<'_>) -> Cell {
    if matches!(row.value, Value::Withheld(Why::Nobody)) {
        return Cell::from("");
    }
    Cell::of(&format!("{} %", row.percent_reported), &row.percent_reported.to_string())
}

fn overview_row(
    ask: &Ask,
    row: &Row<'_>,
    before: Option<&Row<'_>>,
    unit: Option<&str>,
) -> Vec<Cell> {
    let of = |text: Text| Cell::from(ask.of(&text));
    let definition = &row.defined.indicator;
    let marks = marks_of(definition.decision);
    let url = match unit {
        Some(unit) => format!("/uppfoljning/{}?ar={}&enhet={unit}", definition.fact.id, row.year),
        None => format!("/uppfoljning/{}?ar={}", definition.fact.id, row.year),
    };
    let earlier = before.map_or_else(
        || Cell::from(""),
        |before| match before.value {
            Value::Withheld(_) => Cell::from(""),
            _ => value_cell(ask, before),
        },
    );
    vec![
        Cell::from(row.label()).to(url).marked(ask.lang, marks),
        value_cell(ask, row),
        of(words::interval(row)),
        of(words::counts(row)),
        earlier,
        target_cell(ask, row),
        reported_cell(row),
    ]
}
