//! `follow one-to-one`: a midwife of her own in active labour, by clinic, hour and weekday, and how many midwives that needs.

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::followed::staffing::{At, COVER, Clinic, PERCENTS, SHIFTS, Year};
use crate::followed::words;
use crate::output::{Cell, Format, Head, Out, number, text};
use follow::one_to_one::Minutes;
use follow::outcome::{Value, Why};
use kernel::fact::Gives;
use kernel::finding::Text;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct OneToOneJson {
    known_on: String,
    origin: &'static str,
    year: i32,
    /// The day as known on which the year was published as it is told here.
    as_published: Option<String>,
    unit: Option<String>,
    threshold: u32,
    clinics: Vec<ClinicJson>,
    hours: Vec<MinutesJson>,
    weekdays: Vec<MinutesJson>,
    need: Vec<NeedJson>,
    no_need: Option<&'static str>,
    /// Rows of labour whose contact is no delivery in force.
    stray_labour: u64,
    /// Contacts whose instant of birth cannot be read.
    unreadable_births: u64,
}

#[derive(Serialize, JsonSchema)]
struct ClinicJson {
    unit: Option<String>,
    births: u64,
    apart: Option<u64>,
    missing: Option<u64>,
    met: Vec<MetJson>,
}

#[derive(Serialize, JsonSchema)]
struct MetJson {
    percent: u64,
    count: Option<u64>,
    of: Option<u64>,
    low: Option<f64>,
    high: Option<f64>,
    withheld: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct MinutesJson {
    /// Hour 0–23, or weekday from 0, Monday.
    at: i64,
    active: u64,
    own: u64,
    unknown: u64,
}

#[derive(Serialize, JsonSchema)]
struct NeedJson {
    from_hour: usize,
    until_hour: usize,
    percent: u64,
    midwives: usize,
    low: usize,
    high: usize,
}

/// Runs `follow one-to-one`.
pub fn run(
    out: Out,
    folder: &Path,
    year: Option<i32>,
    unit: Option<&str>,
    known_on: Option<Day>,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let known_on = known_on.unwrap_or_else(engine::today);
    let year = year.unwrap_or_else(|| super::indicators::default_year(known_on));
    let followed = data.followed(known_on)?;
    super::indicators::check_unit(&followed.view(), unit)?;
    let Some(of_year) = Year::new(&followed, year) else {
        return Err(not_as_published(year));
    };
    let threshold = of_year.threshold();
    // All are protected together, whichever is asked for.
    let mut clinics = of_year.clinics();
    clinics
        .retain(|clinic| unit.is_none() || clinic.unit.is_none() || clinic.unit.as_deref() == unit);
    let of_year = of_year.at(unit);
    let origin = data.follow_origin();
    let stray_labour = followed.gathered.minutes.stray_labour.len() as u64;
    let unreadable_births = followed.cares.unreadable_births;
    if out.format == Format::Json {
        let need = if unit.is_some() { Some(of_year.need()) } else { None };
        let told = !of_year.is_too_few();
        out.json(&OneToOneJson {
            known_on: known_on.to_string(),
            origin: origin.name(),
            year,
            as_published: followed.publication(year).map(|one| one.extent.known_on.to_string()),
            unit: unit.map(str::to_owned),
            threshold,
            clinics: clinics.iter().map(clinic_json).collect(),
            hours: if told {
                of_year.by_hour().into_iter().map(minutes).collect()
            } else {
                Vec::new()
            },
            weekdays: if told {
                of_year.by_weekday().into_iter().map(minutes).collect()
            } else {
                Vec::new()
            },
            no_need: need.as_ref().and_then(|need| need.as_ref().err()).map(|no| no.name()),
            need: need.and_then(Result::ok).map(needs).unwrap_or_default(),
            stray_labour,
            unreadable_births,
        })?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(origin == store::Origin::Synthetic);
    if out.format == Format::Table {
        super::indicators::note_published(out, &followed, year..year + 1);
    }
    let labels = data.labels();
    let rows: Vec<Vec<Cell>> = clinics
        .iter()
        .map(|clinic| {
            let name = match &clinic.unit {
                Some(unit) => labels.unit_name(unit).unwrap_or(unit),
                None => out.lang.pick("Alla", "All"),
            };
            let shown = |count: Option<u64>| match count {
                Some(count) => Cell::from(count.to_string()),
                None => Cell::of(out.lang.pick("visas inte", "withheld"), ""),
            };
            let mut cells = vec![
                name.into(),
                shown(Some(clinic.births)),
                shown(clinic.apart),
                shown(clinic.missing),
            ];
            cells.extend(clinic.met.iter().map(|value| share(out, value)));
            cells
        })
        .collect();
    out.table_of(origin.name(), &HEADS, &rows)?;
    if out.format == Format::Table {
        tell_minutes(out, &of_year)?;
        tell_need(out, unit, &of_year)?;
    }
    if stray_labour > 0 {
        out.note(&Text::new(
            format!("{stray_labour} förlopp hör till kontakter som inte är gällande förlossningar; kontrollera `contact_id`"),
            format!("{stray_labour} labours name contacts that are no deliveries in force; check `contact_id`"),
        ));
    }
    if unreadable_births > 0 {
        out.note(&Text::new(
            format!("{unreadable_births} kontakter har en `born_at` som inte går att läsa; skriv den som 2023-01-31T14:05"),
            format!("{unreadable_births} contacts have a `born_at` that cannot be read; write it as 2023-01-31T14:05"),
        ));
    }
    Ok(Outcome::Done)
}

/// Nothing of the year may be told beside what was published.
fn not_as_published(year: i32) -> Failure {
    let why = words::why(Why::NotAsPublished);
    Failure::refused(format!("{year} {}", why.sv), format!("{year} {}", why.en))
}

/// Minutes of active labour by hour and weekday, where they may be told.
fn tell_minutes(out: Out, at: &At) -> Result<(), Failure> {
    let row = |name: String, minutes: &Minutes| -> Vec<Cell> {
        let share = words::share_of_minutes(minutes);
        let share = share.map(|share| words::number(&Gives::Share, share));
        let whole = |count: u64| Cell::from(i64::try_from(count).unwrap_or(i64::MAX));
        vec![
            name.into(),
            share.map_or_else(String::new, |share| out.lang.of(&share).to_owned()).into(),
            whole(minutes.own),
            whole(minutes.active - minutes.unknown),
            whole(minutes.unknown),
        ]
    };
    let hours = at.by_hour().into_iter().map(|(hour, sum)| row(words::hour(hour), &sum));
    let name = |day| out.lang.of(&words::weekday(day)).to_owned();
    let days = at.by_weekday().into_iter().map(|(day, sum)| row(name(day), &sum));
    let (hours, days): (Vec<Vec<Cell>>, Vec<Vec<Cell>>) = match at.is_too_few() {
        true => (Vec::new(), Vec::new()),
        false => (hours.collect(), days.collect()),
    };
    let has_gaps = hours.len() < 24 || days.len() < 7;
    for ((sv, en), head, rows) in [
        (("\nDygnets timmar", "\nHours of the day"), text("at", "Timme", "Hour"), hours),
        (("\nVeckans dagar", "\nDays of the week"), text("at", "Dag", "Day"), days),
    ] {
        if !rows.is_empty() {
            out.say(sv, en);
            let [share, own, known, unknown] = MINUTES;
            out.table(&[head, share, own, known, unknown], &rows)?;
        }
    }
    if has_gaps {
        out.say(
            "Timmar och dagar utan kvinnor i aktiv fas, eller med så få att de inte får visas, är utelämnade.",
            "Hours and days without women in active labour, or with so few that they may not be shown, are left out.",
        );
    }
    Ok(())
}

/// How many midwives the shifts of a clinic need, or why that is not told.
fn tell_need(out: Out, unit: Option<&str>, at: &At) -> Result<(), Failure> {
    if unit.is_none() {
        out.say(
            "\nMed --unit sägs också hur många barnmorskor som behövs per arbetspass.",
            "\nWith --unit it is also told how many midwives a shift needs.",
        );
        return Ok(());
    }
    let Ok(needs) = at.need() else {
        out.say(
            "\nHur många barnmorskor som behövs sägs när kliniken har rapporterat aktiv fas för minst fyra hela veckor.",
            "\nHow many midwives are needed is told once the clinic has reported active phases of at least four whole weeks.",
        );
        return Ok(());
    };
    out.say(
        "\nBarnmorskor som räcker för en var i så stor andel av timmarna (95 % intervall)",
        "\nMidwives that are enough for one each in that share of hours (95 % interval)",
    );
    let rows: Vec<Vec<Cell>> = SHIFTS
        .iter()
        .zip(needs)
        .map(|((from, until), needs)| {
            let told = needs
                .iter()
                .map(|need| Cell::from(format!("{} ({}–{})", need.midwives, need.low, need.high)));
            std::iter::once(Cell::from(format!("{from:02}–{until:02}"))).chain(told).collect()
        })
        .collect();
    out.table(&NEED, &rows)
}

fn share(out: Out, value: &Value) -> Cell {
    match value {
        Value::Share { count, of, .. } => {
            let share = *count as f64 / *of as f64;
            Cell::of(out.lang.of(&words::number(&Gives::Share, share)), &share.to_string())
        }
        Value::Withheld(why) => Cell::of(out.lang.of(&words::why(*why)), ""),
        Value::Number { .. } => Cell::from(""),
    }
}

fn clinic_json(clinic: &Clinic) -> ClinicJson {
    let met = PERCENTS.iter().zip(&clinic.met).map(|(percent, value)| {
        let interval = value.interval();
        let (count, of, withheld) = match value {
            Value::Share { count, of, .. } => (Some(*count), Some(*of), None),
            Value::Withheld(why) => (None, None, Some(why.name())),
            Value::Number { .. } => (None, None, None),
        };
        MetJson {
            percent: *percent,
            count,
            of,
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            withheld,
        }
    });
    ClinicJson {
        unit: clinic.unit.clone(),
        births: clinic.births,
        apart: clinic.apart,
        missing: clinic.missing,
        met: met.collect(),
    }
}

fn minutes((at, sum): (i64, Minutes)) -> MinutesJson {
    MinutesJson { at, active: sum.active, own: sum.own, unknown: sum.unknown }
}

fn needs(needs: Vec<Vec<follow::staffing_need::Need>>) -> Vec<NeedJson> {
    let both = SHIFTS.iter().zip(needs);
    both.flat_map(|((from, until), needs)| {
        needs.into_iter().map(|need| NeedJson {
            from_hour: *from,
            until_hour: *until,
            percent: need.percent,
            midwives: need.midwives,
            low: need.low,
            high: need.high,
        })
    })
    .collect()
}

const HEADS: [Head; 4 + PERCENTS.len()] = [
    text("unit", "Klinik", "Clinic"),
    number("births", "Födslar", "Births"),
    number("apart", "Utan aktiv fas", "No active phase"),
    number("missing", "Kan inte räknas", "Cannot be counted"),
    number("met_75", "Minst 75 %", "At least 75 %"),
    number("met_90", "Minst 90 %", "At least 90 %"),
    number("met_100", "Hela tiden", "All the time"),
];

const MINUTES: [Head; 4] = [
    number("share", "Med egen barnmorska", "With a midwife of her own"),
    number("own", "Minuter med egen", "Minutes with her own"),
    number("known", "Minuter kända", "Minutes known"),
    number("unknown", "Minuter okända", "Minutes unknown"),
];

const NEED: [Head; 1 + COVER.len()] = [
    text("shift", "Arbetspass", "Shift"),
    number("need_90", "90 %", "90 %"),
    number("need_95", "95 %", "95 %"),
    number("need_99", "99 %", "99 %"),
];
