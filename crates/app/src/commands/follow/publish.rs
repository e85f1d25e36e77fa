//! `follow publish`: a year as it would be told from now on, held against what was published of it before; and the deed.
//!
//! Owns: what is shown before, and that nothing is published that could be subtracted. Does not own: the comparison
//! (`followed::publish`), or what a publication rests on (`kernel::journal`).

use crate::commands::books::New;
use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::followed::publish::{Candidate, Part};
use crate::output::{Cell, Format, Head, Out, text};
use kernel::finding::Text;
use kernel::journal::{DeedKind, publication_note};
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// What is asked for.
pub struct Ask<'a> {
    /// Year of birth; the year before the known-on day where none is said.
    pub year: Option<i32>,
    /// As known on this day; today where none is said.
    pub known_on: Option<Day>,
    /// Whether it is done, or only shown.
    pub book: bool,
    /// Who does it.
    pub by: &'a str,
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
struct PublishJson {
    year: i32,
    known_on: String,
    /// Of everything that the year's figures follow from.
    hash: String,
    /// The deed that published it; blank where it was only shown.
    deed: Option<i64>,
    /// Births whose time is not over, of the indicator that has most of them.
    pending: u64,
    earlier: Vec<EarlierJson>,
    parts: Vec<PartJson>,
}

#[derive(Serialize, JsonSchema)]
struct EarlierJson {
    on: String,
    by: String,
    known_on: String,
    hash: String,
}

#[derive(Serialize, JsonSchema)]
struct PartJson {
    label: String,
    indicators: Vec<String>,
    standing: &'static str,
}

/// Runs `follow publish`.
pub fn run(out: Out, folder: &Path, ask: &Ask<'_>) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let known_on = ask.known_on.unwrap_or_else(engine::today);
    let year = ask.year.unwrap_or_else(|| super::indicators::default_year(known_on));
    let now = data.followed(known_on.max(engine::today()))?;
    let candidate = Candidate::of(&now, year, &data.followed_within(&data.extent(known_on))?);
    drop(now);
    let deed = if ask.book { Some(book(&mut data, &candidate, ask.by)?) } else { None };
    if out.format == Format::Json {
        out.json(&json(&candidate, deed))?;
        return Ok(Outcome::Done);
    }
    let rows: Vec<Vec<Cell>> = candidate.parts.iter().map(|part| row(out, part)).collect();
    out.table(&HEADS, &rows)?;
    if out.format == Format::Table {
        tell(out, &candidate, deed);
    }
    Ok(Outcome::Done)
}

/// Publishes a year, or says why it may not be.
pub(crate) fn book(data: &mut DataFolder, candidate: &Candidate, by: &str) -> Result<i64, Failure> {
    if let Some(why) = nothing_yet(candidate) {
        return Err(Failure::refused(why.sv, why.en));
    }
    if !candidate.is_published() {
        refuse(candidate)?;
    }
    let (subject, kind) = (candidate.year.to_string(), DeedKind::Publish);
    let note = publication_note(&candidate.extent, &candidate.hash);
    let deed = New { kind, subject: &subject, by, note: &note, on: None }.deed();
    data.act(deed)
}

/// Why there is nothing to publish, if there is not.
pub(crate) fn nothing_yet(candidate: &Candidate) -> Option<Text> {
    let (year, known_on) = (candidate.year, candidate.extent.known_on);
    if candidate.births == 0 {
        Some(Text::new(
            format!("ingen född {year} är känd {known_on}"),
            format!("nobody born in {year} is known on {known_on}"),
        ))
    } else if known_on > engine::today() {
        Some(Text::new(
            format!("{known_on} har inte varit; publicera som känt i dag eller tidigare"),
            format!("{known_on} has not been; publish as known today or earlier"),
        ))
    } else {
        None
    }
}

fn refuse(candidate: &Candidate) -> Result<(), Failure> {
    let barred: Vec<&Part> = candidate.barred().collect();
    if barred.is_empty() {
        return Ok(());
    }
    let list = |of: fn(&Text) -> &str| {
        let each = barred
            .iter()
            .map(|part| format!("\n  {}: {}", of(&part.label), of(&part.standing.words())));
        each.collect::<String>()
    };
    let (year, known_on) = (candidate.year, candidate.extent.known_on);
    Err(Failure::refused(
        format!(
            "{year} som känt {known_on} kan inte publiceras bredvid det som redan är publicerat: kvinnor skulle kunna räknas ut. Vänta tills mer har rapporterats, eller publicera som känt en annan dag; tills dess visas {year} som det är publicerat.{}",
            list(|text| &text.sv)
        ),
        format!(
            "{year} as known on {known_on} cannot be published beside what is published already: women could be subtracted. Wait until more is reported, or publish as known on another day; until then {year} is shown as it is published.{}",
            list(|text| &text.en)
        ),
    ))
}

fn tell(out: Out, candidate: &Candidate, deed: Option<i64>) {
    let (year, known_on) = (candidate.year, candidate.extent.known_on);
    for one in &candidate.earlier {
        let (on, by, known_on) = (one.on, &one.by, one.extent.known_on);
        out.say(
            &format!("{year} publicerades {on} av {by}, som känt {known_on}"),
            &format!("{year} was published {on} by {by}, as known on {known_on}"),
        );
    }
    if candidate.pending > 0 {
        out.note(&pending(candidate));
    }
    match deed {
        Some(seq) => out.say(
            &format!("Publicerat: {year} som känt {known_on} (åtgärd {seq}, {})", candidate.hash),
            &format!("Published: {year} as known on {known_on} (deed {seq}, {})", candidate.hash),
        ),
        None if candidate.is_published() => {
            out.say("Inget har ändrats sedan dess.", "Nothing has changed since.");
        }
        None if candidate.barred().next().is_some() => out.say(
            "Kan inte publiceras: kvinnor skulle kunna räknas ut ur det som redan är publicerat.",
            "Cannot be published: women could be subtracted from what is published already.",
        ),
        None => out.say(
            "Publicera med --book --as NAMN; därefter visas året så, vad som än rapporteras sedan.",
            "Publish with --book --as NAME; from then on the year is shown so, whatever is reported later.",
        ),
    }
}

/// What should be thought of before a year is published whose births are not over.
pub(crate) fn pending(candidate: &Candidate) -> Text {
    let (pending, year) = (candidate.pending, candidate.year);
    Text::new(
        format!(
            "Obs: för {pending} födslar {year} har tiden för någon indikator inte gått ut, eller inte rapporterats; publicera hellre senare."
        ),
        format!(
            "Note: for {pending} births of {year} the time of some indicator is not over, or not reported; rather publish later."
        ),
    )
}

fn row(out: Out, part: &Part) -> Vec<Cell> {
    let standing = part.standing;
    vec![
        Cell::of(out.lang.of(&part.label), &part.label.en),
        part.indicators.join(" ").into(),
        Cell::of(out.lang.of(&standing.words()), standing.name()),
    ]
}

const HEADS: [Head; 3] = [
    text("label", "Vad", "What"),
    text("indicators", "Indikatorer", "Indicators"),
    text("standing", "Bredvid det som är publicerat", "Beside what is published"),
];

fn json(candidate: &Candidate, deed: Option<i64>) -> PublishJson {
    PublishJson {
        year: candidate.year,
        known_on: candidate.extent.known_on.to_string(),
        hash: candidate.hash.clone(),
        deed,
        pending: candidate.pending,
        earlier: candidate
            .earlier
            .iter()
            .map(|one| EarlierJson {
                on: one.on.to_string(),
                by: one.by.clone(),
                known_on: one.extent.known_on.to_string(),
                hash: one.hash.clone(),
            })
            .collect(),
        parts: candidate
            .parts
            .iter()
            .map(|part| PartJson {
                label: part.label.en.clone(),
                indicators: part.indicators.clone(),
                standing: part.standing.name(),
            })
            .collect(),
    }
}
