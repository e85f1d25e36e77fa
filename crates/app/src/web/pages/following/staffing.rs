//! Bemanning: one midwife for each woman in active labour, to the minute, and how many midwives that needs.

use super::{asking, clinic, name, year};
use crate::failure::Failure;
use crate::followed::staffing::{At, Clinic, SHIFTS, Year};
use crate::followed::words;
use crate::web::ask::Ask;
use crate::web::chart::Figure;
use crate::web::chart::intervals::{self, intervals};
use crate::web::page::{Answer, Page};
use crate::web::table::{Cell, Column, Table, count, text};
use follow::one_to_one::Minutes;
use follow::outcome::{Value, Why};
use follow::staffing_need::NoNeed;
use kernel::fact::Gives;

/// The page.
pub(super) fn page(ask: &Ask) -> Result<Answer, Failure> {
    let (year, unit) = (year(ask)?, clinic(ask)?);
    let followed = ask.place.followed()?;
    let Some(of_year) = Year::new(followed, year) else {
        let why = ask.of(&words::why(Why::NotAsPublished));
        return Ok(Page::new(ask.say("Bemanning", "Staffing"))
            .with(asking(ask, "/bemanning", year, None)?)
            .text(format!("{year} {why}."))
            .into());
    };
    let at = of_year.at(unit.as_deref());
    let lead = ask.say(
        "Har varje kvinna i aktiv fas en egen barnmorska, som inte har någon annan i aktiv fas samtidigt? Räknat minut för minut ur förlopp och bemanning. Det som inte är rapporterat räknas aldrig som uppfyllt.",
        "Has every woman in active labour a midwife of her own, who has nobody else in active labour at the same time? Counted minute by minute from labour and staffing. What is not reported never counts as met.",
    );
    let mut page = Page::new(ask.say("Bemanning", "Staffing"))
        .lead(lead)
        .with(asking(ask, "/bemanning", year, unit.as_deref())?)
        .with(clinics(ask, &of_year, year, unit.as_deref()));
    if let Some(one) = followed.publication(year) {
        let said = ask.say(
            "{år}: som publicerat {på}, som känt {känt}.",
            "{år}: as published {på}, as known on {känt}.",
        );
        let said = said.replace("{år}", &year.to_string()).replace("{på}", &one.on.to_string());
        page = page.text(said.replace("{känt}", &one.extent.known_on.to_string()));
    }
    if !at.is_too_few() {
        page = page.maybe(hours(ask, &at)).maybe(weekdays(ask, &at));
    }
    page = match unit {
        Some(_) => need(ask, page, &at, year),
        None => page.text(ask.say(
            "Välj en klinik för att se hur många barnmorskor som behövs per arbetspass.",
            "Choose a clinic to see how many midwives a shift needs.",
        )),
    };
    Ok(page.into())
}

fn share(ask: &Ask, value: &Value) -> Cell {
    match value {
        Value::Share { count, of, interval } => {
            let share = *count as f64 / *of as f64;
            let (value, range) =
                (words::number(&Gives::Share, share), words::range(&Gives::Share, *interval));
            Cell::of(&format!("{} ({})", ask.of(&value), ask.of(&range)), &share.to_string())
        }
        Value::Withheld(why) => Cell::of(&ask.of(&words::why(*why)), ""),
        Value::Number { .. } => Cell::from(""),
    }
}

fn clinics(ask: &Ask, of_year: &Year<'_>, year: i32, unit: Option<&str>) -> Table {
    let shown = |count: Option<u64>| match count {
        Some(count) => Cell::from(count),
        None => Cell::of(ask.say("visas inte", "withheld"), ""),
    };
    let row = |clinic: &Clinic| {
        let name = match &clinic.unit {
            Some(unit) => Cell::from(name(ask, unit)),
            None => Cell::from(ask.say("Alla", "All")),
        };
        let mut cells =
            vec![name, shown(Some(clinic.births)), shown(clinic.apart), shown(clinic.missing)];
        cells.extend(clinic.met.iter().map(|value| share(ask, value)));
        cells
    };
    let mut all = of_year.clinics();
    let whole = all.pop();
    all.retain(|clinic| {
        let own = clinic.unit.as_deref();
        own.is_some_and(|own| ask.sees_unit(own) && unit.is_none_or(|unit| unit == own))
    });
    let columns: Vec<Column> = vec![
        text("unit", "Klinik", "Clinic"),
        count("births", "Födslar", "Births"),
        count("apart", "Utan aktiv fas", "No active phase"),
        count("missing", "Kan inte räknas", "Cannot be counted"),
        count("75", "Egen barnmorska minst 75 %", "Own midwife at least 75 %"),
        count("90", "Minst 90 %", "At least 90 %"),
        count("100", "Hela tiden", "All the time"),
    ];
    let caption = ask.say("Egen barnmorska i aktiv fas", "A midwife of her own in active labour");
    Table::new("kliniker", format!("{caption}, {year}"), columns)
        .rows(all.iter().map(row))
        .last(whole.as_ref().map(row))
        .origin(ask.place.data.follow_origin().name())
        .empty(ask.say(
            "Här visas klinikerna när födslar är inlästa för året.",
            "Clinics are shown here once births of the year are imported.",
        ))
        .short()
}

/// Minutes by something, as shares of the minutes that are known.
fn minutes(
    ask: &Ask,
    id: &'static str,
    (title, head): (&str, Column),
    rows: Vec<(String, Minutes)>,
) -> Option<Figure> {
    let known = |minutes: &Minutes| minutes.active - minutes.unknown;
    if rows.iter().all(|(_, minutes)| known(minutes) == 0) {
        return None;
    }
    let number = |value: f64| ask.of(&words::number(&Gives::Share, value));
    let own = words::share_of_minutes;
    let bars: Vec<intervals::Row> = rows
        .iter()
        .map(|(label, minutes)| intervals::Row {
            label: label.clone(),
            value: own(minutes).map(|value| (value, value, value)),
            shown: own(minutes).map_or_else(String::new, number),
            stands_out: false,
        })
        .collect();
    let table = rows.iter().map(|(label, minutes)| {
        vec![
            Cell::from(label.as_str()),
            own(minutes)
                .map_or_else(|| Cell::from(""), |own| Cell::of(&number(own), &own.to_string())),
            Cell::from(minutes.own),
            Cell::from(known(minutes)),
            Cell::from(minutes.unknown),
        ]
    });
    let columns = vec![
        head,
        count("share", "Med egen barnmorska", "With a midwife of her own"),
        count("own", "Minuter med egen", "Minutes with her own"),
        count("known", "Minuter kända", "Minutes known"),
        count("unknown", "Minuter okända", "Minutes unknown"),
    ];
    let description = ask.say(
        "Andel av de minuter i aktiv fas som kan räknas; axeln börjar vid noll.",
        "Share of the minutes of active labour that can be counted; the axis begins at zero.",
    );
    Some(Figure {
        svg: intervals(title, description, &bars, None),
        title: title.to_owned(),
        description: description.to_owned(),
        numbers: Some(Table::new(id, title, columns).rows(table).short()),
    })
}

fn hours(ask: &Ask, at: &At<'_>) -> Option<Figure> {
    let rows = at.by_hour().into_iter();
    let rows = rows.map(|(hour, minutes)| (words::hour(hour), minutes));
    let title = ask.say("Dygnets timmar", "Hours of the day");
    minutes(ask, "timmar", (title, text("hour", "Timme", "Hour")), rows.collect())
}

fn weekdays(ask: &Ask, at: &At<'_>) -> Option<Figure> {
    let rows = at.by_weekday().into_iter();
    let rows = rows.map(|(day, minutes)| (ask.of(&words::weekday(day)), minutes));
    let title = ask.say("Veckans dagar", "Days of the week");
    minutes(ask, "veckodagar", (title, text("weekday", "Dag", "Day")), rows.collect())
}

fn need(ask: &Ask, page: Page, at: &At<'_>, year: i32) -> Page {
    let page = page.heading(ask.say("Barnmorskor som behövs", "Midwives that are needed"));
    match at.need() {
        Err(NoNeed::TooShort | NoNeed::NoPhases) => page.text(ask.say(
            "Här visas behovet per arbetspass när kliniken har rapporterat aktiv fas för minst fyra hela veckor.",
            "The need of each shift is shown here once the clinic has reported active phases of at least four whole weeks.",
        )),
        Ok(needs) => {
            let rows = SHIFTS.iter().zip(needs).map(|((from, until), needs)| {
                let mut cells = vec![Cell::from(format!("{from:02}–{until:02}"))];
                cells.extend(needs.iter().map(|need| {
                    let shown = format!("{} ({}–{})", need.midwives, need.low, need.high);
                    Cell::of(&shown, &need.midwives.to_string())
                }));
                cells
            });
            let columns = vec![
                text("shift", "Arbetspass", "Shift"),
                count("90", "90 % av timmarna", "90 % of hours"),
                count("95", "95 % av timmarna", "95 % of hours"),
                count("99", "99 % av timmarna", "99 % of hours"),
            ];
            let caption = ask.say(
                "Så många som räcker för en var i så stor andel av timmarna",
                "As many as are enough for one each in that share of hours",
            );
            page.with(Table::new("behov", format!("{caption}, {year}"), columns).rows(rows).short())
                .text(ask.say(
                    "Simulerat ur klinikens egna ankomster och aktiva faser (samma frö ger samma svar); inom parentes 95 % intervall, hela veckor dragna om. Bara förlossningar i aktiv fas räknas, inte annat arbete på avdelningen.",
                    "Simulated from the clinic's own arrivals and active phases (the same seed gives the same answer); in brackets the 95 % interval, whole weeks drawn anew. Only active labour is counted, no other work on the ward.",
                ))
        }
    }
}
