//! `chain release`, `chain figures` and `chain agree`: what leaves the clinic, and whether paid and followed up agree.
//!
//! Owns: their tables and JSON. Does not own: what is withheld (`follow::need::figures`), or the comparison (`follow::need::agree`).

use super::{Ask, shown};
use crate::data::{DataFolder, Release};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use follow::need::figures::Figure;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// Released figures as programs read them.
#[derive(Serialize, JsonSchema)]
pub struct FiguresJson {
    /// Each clinic and year that was released, the last release of it.
    pub figures: Vec<FigureJson>,
}

/// One clinic and year; what is withheld is null.
#[derive(Serialize, JsonSchema)]
pub struct FigureJson {
    clinic: String,
    /// The year of the due days.
    year: i32,
    /// Blank in a preview, of which nothing is released.
    released_at: String,
    /// The fewest women that a figure may be about.
    least_count: u32,
    decision: String,
    referred: Option<u32>,
    eligible: Option<u32>,
    offered: Option<u32>,
    accepted: Option<u32>,
    started: Option<u32>,
    kept: Option<u32>,
    /// Of the eligible, those with a clinical ground.
    clinical: Option<u32>,
    /// Of the eligible, those with social grounds alone.
    social_alone: Option<u32>,
    /// Deliveries that were paid and followed up differently.
    differences: Option<u32>,
}

impl From<&Release> for FigureJson {
    fn from(one: &Release) -> Self {
        let figure = |figure: Figure| one.figures.get(figure as usize).copied().flatten();
        Self {
            clinic: one.clinic.clone(),
            year: one.year,
            released_at: one.at.clone(),
            least_count: one.least_count,
            decision: one.decision.clone(),
            referred: figure(Figure::Referred),
            eligible: figure(Figure::Eligible),
            offered: figure(Figure::Offered),
            accepted: figure(Figure::Accepted),
            started: figure(Figure::Started),
            kept: figure(Figure::Kept),
            clinical: one.grounds.map(|[clinical, _]| clinical),
            social_alone: one.grounds.map(|[_, social]| social),
            differences: one.differences,
        }
    }
}

const HEADS: [Head; 12] = [
    text("clinic", "Klinik", "Clinic"),
    text("year", "Beräknat år", "Due year"),
    number("referred", "Remitterade", "Referred"),
    number("eligible", "I målgruppen", "Eligible"),
    number("offered", "Erbjudna", "Offered"),
    number("accepted", "Tackat ja", "Accepted"),
    number("started", "Påbörjade", "Started"),
    number("kept", "Fullföljda", "Kept"),
    number("clinical", "Klinisk grund", "Clinical ground"),
    number("social_alone", "Enbart sociala", "Social alone"),
    number("differences", "Skillnader mot betalt", "Differences to paid"),
    text("released_at", "Utlämnat", "Released"),
];

/// A number, or that it is withheld.
fn told(number: Option<u32>) -> Cell {
    number.map_or_else(|| Cell::of("–", ""), |number| i64::from(number).into())
}

fn row(one: &Release) -> Vec<Cell> {
    let mut row: Vec<Cell> = vec![one.clinic.as_str().into(), one.year.to_string().into()];
    row.extend(one.figures.iter().copied().map(told));
    row.push(told(one.grounds.map(|[clinical, _]| clinical)));
    row.push(told(one.grounds.map(|[_, social]| social)));
    row.push(told(one.differences));
    row.push(one.at.get(..10).unwrap_or_default().into());
    row
}

/// Runs `chain figures`: what the clinics have released. It needs no key.
pub fn figures(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    let released = DataFolder::open(folder)?.care_released()?;
    write(out, &released)?;
    Ok(Outcome::Done)
}

fn write(out: Out, released: &[Release]) -> Result<(), Failure> {
    if out.format == Format::Json {
        return out.json(&FiguresJson { figures: released.iter().map(FigureJson::from).collect() });
    }
    let rows: Vec<Vec<Cell>> = released.iter().map(row).collect();
    out.table(&HEADS, &rows)?;
    out.say(
        "– är färre kvinnor än vad som får berättas, eller skulle röja färre.",
        "– is fewer women than may be told, or would give fewer away.",
    );
    Ok(())
}

/// Runs `chain release`: shows what the region would get of a year, and releases it where that is asked for.
pub fn release(
    out: Out,
    folder: &Path,
    ask: &Ask<'_>,
    year: i32,
    is_released: bool,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    let by = if is_released { ask.whom()? } else { ask.by };
    let release = data.chain_release(&care, year, engine::today(), by)?;
    if is_released {
        care.release(release.clone())?;
    }
    // What was not released has no day of it.
    let at = if is_released { release.at.clone() } else { String::new() };
    write(out, &[Release { at, ..release }])?;
    if !is_released && out.format == Format::Table {
        out.say(
            "Förhandsvisning: inget är utlämnat. Med --book lämnas det ut.",
            "A preview: nothing is released. With --book it is.",
        );
    }
    Ok(Outcome::Done)
}

/// Runs `chain agree`: whether what was paid and who was in the chain agree, woman by woman.
pub fn agree(out: Out, folder: &Path, ask: &Ask<'_>, on: Option<Day>) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    let found = data.chain_agreement(&care, on.unwrap_or_else(engine::today))?;
    care.log(ask.by, "agree", "", found.differences.len())?;
    let heads = [
        text("kind", "Skillnad", "Difference"),
        text("referral", "Remiss", "Referral"),
        text("contact_id", "Kontakt", "Contact"),
        text("on", "Dag", "Day"),
        text("what", "Vad och vad göra", "What and what to do"),
    ];
    let rows: Vec<Vec<Cell>> = found
        .differences
        .iter()
        .map(|one| {
            vec![
                one.kind.name().into(),
                one.referral.as_str().into(),
                one.contact.as_str().into(),
                one.on.to_string().into(),
                out.lang.of(&one.kind.text()).into(),
            ]
        })
        .collect();
    shown(out, &heads, &rows)?;
    let (agreed, differing) = (found.agreed, found.differences.len());
    out.say(
        &format!(
            "{agreed} förlossningar är betalda och påbörjade i kedjan, {differing} skiljer sig."
        ),
        &format!("{agreed} deliveries are paid and were in the chain, {differing} differ."),
    );
    Ok(if found.differences.is_empty() { Outcome::Done } else { Outcome::Findings })
}
