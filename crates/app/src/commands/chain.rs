//! `chain`: the continuity chain in the receiving clinic's own compartment.
//!
//! Owns: what each command asks for, and its tables and JSON. Does not own: the order of need (`follow::need`), or the sealing (`store`).
//!
//! Every command but `figures` and `schema` needs the key of the clinic and who asks; whatever it shows of women is in the compartment's
//! own log.

pub mod act;
pub mod places;
pub mod referrals;
pub mod release;
mod sheet;

use crate::data::{Care, DataFolder};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use follow::need::chain::Case;
use follow::need::order::Position;
use kernel::finding::{Severity, Text};
use kernel::time::{Day, Month};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Whose compartment, and who asks.
pub struct Ask<'a> {
    /// The clinic.
    pub clinic: &'a str,
    /// Its key.
    pub key: Option<PathBuf>,
    /// Who asks.
    pub by: &'a str,
}

impl Ask<'_> {
    pub(super) fn key(&self) -> Result<&Path, Failure> {
        self.key.as_deref().ok_or_else(|| {
            Failure::usage(
                "ange klinikens nyckel med --key eller VARDKEDJA_CARE_KEY",
                "name the clinic's key with --key or VARDKEDJA_CARE_KEY",
            )
        })
    }

    /// The open compartment.
    pub(super) fn open(&self, data: &DataFolder) -> Result<Care, Failure> {
        self.whom()?;
        data.open_care(self.clinic, self.key()?)
    }

    /// Who does it, which must be said.
    pub(super) fn whom(&self) -> Result<&str, Failure> {
        if self.by.is_empty() {
            return Err(Failure::usage(
                "säg vem som gör det med --as eller VARDKEDJA_AS",
                "say who does it with --as or VARDKEDJA_AS",
            ));
        }
        Ok(self.by)
    }
}

/// Runs `chain begin`.
pub fn begin(out: Out, folder: &Path, ask: &Ask<'_>) -> Result<Outcome, Failure> {
    let (by, key) = (ask.whom()?, ask.key()?);
    let data = DataFolder::open(folder)?;
    data.begin_care(ask.clinic, key)?;
    data.open_care(ask.clinic, key)?.log(by, "begin", "", 0)?;
    let (clinic, key) = (ask.clinic, key.display());
    out.say(
        &format!("Facket för {clinic} är påbörjat. Nyckeln ligger i {key}: utan den kan ingen läsa det, så lägg en kopia på säker plats."),
        &format!("The compartment of {clinic} is begun. Its key lies in {key}: without it nobody can read it, so keep a copy in a safe place."),
    );
    Ok(Outcome::Done)
}

/// Runs `chain refer`.
pub fn refer(
    out: Out,
    folder: &Path,
    ask: &Ask<'_>,
    files: &[PathBuf],
    on: Option<Day>,
) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    let (by, on) = (ask.whom()?, act::on_option(on)?);
    let mut has_errors = false;
    let mut told = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let referred = referrals::refer(&data, &mut care, (&name, &read(file)?), on, by)?;
        has_errors |= referred.findings.iter().any(|one| one.severity == Severity::Error);
        for finding in &referred.findings {
            crate::output::tell(&out.finding(finding));
        }
        let (rows, entered, unchanged) = (referred.rows, referred.entered, referred.unchanged);
        let rejected = referred.findings.len();
        out.say(
            &format!(
                "{name}: {rows} rader, {entered} införda, {unchanged} kända, {rejected} avvisade"
            ),
            &format!(
                "{name}: {rows} rows, {entered} entered, {unchanged} known, {rejected} rejected"
            ),
        );
        told.push(ReferredJson { file: name, rows, entered, unchanged, rejected });
    }
    if out.format == Format::Json {
        out.json(&told)?;
    }
    Ok(if has_errors { Outcome::Findings } else { Outcome::Done })
}

#[derive(Serialize)]
struct ReferredJson {
    file: String,
    rows: usize,
    entered: usize,
    unchanged: usize,
    rejected: usize,
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::unreadable(file.display(), &error))
}

/// Runs `chain places`: states places from a file, or shows them.
pub fn places(
    out: Out,
    folder: &Path,
    ask: &Ask<'_>,
    file: Option<&Path>,
) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    if let Some(file) = file {
        let name = file.display().to_string();
        let count = places::state(&mut care, (&name, &read(file)?), ask.whom()?)?;
        out.say(&format!("{count} rader införda"), &format!("{count} rows entered"));
    }
    let heads = [
        text("month", "Beräknad månad", "Due month"),
        text("team", "Team", "Team"),
        number("midwives", "Barnmorskor", "Midwives"),
        number("women", "Platser", "Places"),
        number("taken", "Tagna", "Taken"),
        number("free", "Lediga", "Free"),
    ];
    let rows: Vec<Vec<Cell>> = care
        .chain
        .places
        .values()
        .map(|one| {
            let month = one.month;
            vec![
                month.to_string().into(),
                one.team.as_str().into(),
                i64::from(one.midwives).into(),
                i64::from(one.women).into(),
                i64::from(care.chain.taken(month, &one.team)).into(),
                care.chain.free(month, &one.team).into(),
            ]
        })
        .collect();
    shown(out, &heads, &rows)?;
    let doubts = care.chain.doubts(&data.chain_rules(engine::today())?.limits);
    doubts.iter().for_each(|one| out.note(&places::doubt(one)));
    Ok(if doubts.is_empty() { Outcome::Done } else { Outcome::Findings })
}

/// A table as text, CSV, or JSON by its keys.
pub(super) fn shown(out: Out, heads: &[Head], rows: &[Vec<Cell>]) -> Result<(), Failure> {
    if out.format != Format::Json {
        return out.table(heads, rows);
    }
    let object = |row: &Vec<Cell>| {
        let value = |(head, cell): (&Head, &Cell)| {
            let plain = cell.plain();
            let number = plain.parse::<i64>().ok().filter(|_| head.numeric);
            let value = number.map_or_else(|| plain.into(), serde_json::Value::from);
            (head.key.to_owned(), value)
        };
        heads.iter().zip(row).map(value).collect::<serde_json::Map<_, _>>()
    };
    out.json(&rows.iter().map(object).collect::<Vec<_>>())
}

/// Runs `chain order`: who waits for a due month, first first, and why; without a month every month that somebody waits for.
pub fn order(
    out: Out,
    folder: &Path,
    ask: &Ask<'_>,
    due: Option<Month>,
) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    let rules = data.chain_rules(engine::today())?;
    let queued = queued(&care, &rules, due);
    care.log(ask.by, "order", "", queued.len())?;
    if out.format == Format::Table && rules.is_marked {
        out.say(
            "Gränserna för rädsla och team är illustrativa eller ej verifierade.",
            "The limits of fear and teams are illustrative or unverified.",
        );
    }
    let heads = [
        text("due", "Beräknad månad", "Due month"),
        number("place", "Plats", "Place"),
        text("referral", "Remiss", "Referral"),
        text("why", "Varför", "Why"),
    ];
    let rows: Vec<Vec<Cell>> = queued
        .iter()
        .map(|(month, position, why)| {
            vec![
                month.to_string().into(),
                count(position.place).into(),
                position.id.as_str().into(),
                out.lang.of(why).into(),
            ]
        })
        .collect();
    shown(out, &heads, &rows)?;
    Ok(Outcome::Done)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A due month, a place in its queue, and why.
pub type Queued = (Month, Position, Text);

/// Everybody who waits, month by month in order, with why.
pub fn queued(care: &Care, rules: &crate::data::ChainRules, due: Option<Month>) -> Vec<Queued> {
    let months: std::collections::BTreeSet<Month> = match due {
        Some(month) => [month].into(),
        None => care.chain.cases.values().map(|case| case.referral.due_month()).collect(),
    };
    let of_month = |month: Month| {
        let queue = care.chain.queue(month, rules.decided());
        queue.into_iter().filter_map(move |position| {
            let referral = &care.chain.cases.get(&position.id)?.referral;
            let why = position.told(referral, &rules.decided().assess(referral));
            Some((month, position, why))
        })
    };
    months.into_iter().flat_map(of_month).collect()
}

/// Where a referral stands and why, in words.
pub fn explained(care: &Care, rules: &crate::data::ChainRules, case: &Case) -> Text {
    let assessed = rules.decided().assess(&case.referral);
    let queue = care.chain.queue(case.referral.due_month(), rules.decided());
    let place = queue.iter().find(|position| position.id == case.referral.id);
    match place {
        Some(position) => position.told(&case.referral, &assessed),
        None => {
            let (grounds, state) = (assessed.told(&case.referral), case.state.text());
            Text::new(
                format!("{} sedan {}: {}", state.sv, case.since, grounds.sv),
                format!("{} since {}: {}", state.en, case.since, grounds.en),
            )
        }
    }
}

/// Runs `chain explain`.
pub fn explain(out: Out, folder: &Path, ask: &Ask<'_>, id: &str) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    let rules = data.chain_rules(engine::today())?;
    let case = case(&care, id)?.clone();
    care.log(ask.by, "explain", id, 1)?;
    let why = explained(&care, &rules, &case);
    let mut steps = vec![vec![
        Cell::from(case.referral.received_on.to_string()),
        Cell::from(out.lang.pick("remiss", "referral")),
        Cell::from(case.referral.from_unit.as_str()),
        Cell::from(out.lang.of(&case.referral.occasion.text())),
    ]];
    steps.extend(case.taken.iter().map(|taken| {
        vec![
            Cell::from(taken.on.to_string()),
            Cell::of(out.lang.of(&taken.step.text()), taken.step.name()),
            Cell::from(taken.team.as_str()),
            Cell::from(taken.note.as_str()),
        ]
    }));
    if out.format == Format::Json {
        let json = serde_json::json!({
            "referral": id,
            "state": case.state.name(),
            "since": case.since.to_string(),
            "why": out.lang.of(&why),
            "decision": rules.decision,
            "illustrative": rules.is_marked,
        });
        out.json(&json)?;
        return Ok(Outcome::Done);
    }
    out.say(&format!("{id}: {}", why.sv), &format!("{id}: {}", why.en));
    let heads = [
        text("on", "Dag", "Day"),
        text("step", "Vad", "What"),
        text("team", "Enhet eller team", "Unit or team"),
        text("note", "Anteckning", "Note"),
    ];
    out.table(&heads, &steps)?;
    Ok(Outcome::Done)
}

pub(super) fn case<'c>(care: &'c Care, id: &str) -> Result<&'c Case, Failure> {
    care.chain.cases.get(id).ok_or_else(|| {
        Failure::refused(
            format!("remissen `{id}` finns inte här; `chain list` visar alla"),
            format!("there is no referral `{id}` here; `chain list` shows all"),
        )
    })
}

/// Runs `chain list`: every referral and where it stands.
pub fn list(out: Out, folder: &Path, ask: &Ask<'_>) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    let rows: Vec<Vec<Cell>> = care
        .chain
        .cases
        .values()
        .map(|case| {
            vec![
                case.referral.id.as_str().into(),
                case.referral.due_month().to_string().into(),
                Cell::of(out.lang.of(&case.state.text()), case.state.name()),
                case.since.to_string().into(),
                case.place.as_ref().map_or("", |(team, _)| team.as_str()).into(),
            ]
        })
        .collect();
    care.log(ask.by, "list", "", rows.len())?;
    let heads = [
        text("referral", "Remiss", "Referral"),
        text("due", "Beräknad månad", "Due month"),
        text("state", "Läge", "State"),
        text("since", "Sedan", "Since"),
        text("team", "Team", "Team"),
    ];
    shown(out, &heads, &rows)?;
    Ok(Outcome::Done)
}

/// Runs `chain export-enrolled`: what the payer gets, and nothing else.
pub fn export_enrolled(out: Out, folder: &Path, ask: &Ask<'_>) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    let rows: Vec<Vec<Cell>> = care
        .chain
        .cases
        .values()
        .filter(|case| case.state.is_enrolled())
        .map(|case| {
            let team = case.place.as_ref().map_or("", |(team, _)| team.as_str());
            vec![case.referral.person.as_str().into(), "ja".into(), team.into()]
        })
        .collect();
    care.log(ask.by, "export-enrolled", "", rows.len())?;
    let heads = [
        text("person", "Person", "Person"),
        text("enrolled", "Inskriven", "Enrolled"),
        text("team", "Team", "Team"),
    ];
    shown(out, &heads, &rows)?;
    Ok(Outcome::Done)
}

/// Runs `chain access`: who has looked.
pub fn access(out: Out, folder: &Path, ask: &Ask<'_>) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let care = ask.open(&data)?;
    let heads = [
        text("at", "När", "When"),
        text("by", "Vem", "Who"),
        text("action", "Vad", "What"),
        text("referral", "Remiss", "Referral"),
        number("rows", "Rader", "Rows"),
    ];
    let row = |one: &crate::data::Looked| -> Vec<Cell> {
        vec![
            one.at.as_str().into(),
            one.by.as_str().into(),
            one.action.as_str().into(),
            one.referral.as_str().into(),
            count(one.rows).into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = care.looked.iter().map(row).collect();
    shown(out, &heads, &rows)?;
    Ok(Outcome::Done)
}

/// Runs `chain schema`: the columns of a file of referrals.
pub fn schema(out: Out) -> Result<Outcome, Failure> {
    let heads = [
        text("name", "Kolumn", "Column"),
        text("compulsory", "Måste finnas", "Compulsory"),
        text("aliases", "Svenskt namn", "Swedish name"),
        text("values", "Värden", "Values"),
    ];
    let row = |column: &sheet::Column| -> Vec<Cell> {
        vec![
            column.name.into(),
            if column.is_compulsory { out.lang.pick("ja", "yes") } else { "" }.into(),
            column.aliases.join(" ").into(),
            out.lang.of(&referrals::values(column.name)).into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = referrals::COLUMNS.iter().map(row).collect();
    shown(out, &heads, &rows)?;
    Ok(Outcome::Done)
}
