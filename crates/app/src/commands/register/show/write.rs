//! The register as tables and JSON.

use super::{Ask, Change, Entry, Kind, State};
use crate::failure::Failure;
use crate::output::{Cell, Format, Head, Lang, Out, text};
use kernel::fact::Rate;
use kernel::register::Recorded;
use kernel::time::{Day, Period};
use schemars::JsonSchema;
use serde::Serialize;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FactsJson<'a> {
    of: Option<&'a str>,
    known_on: String,
    valid_on: Option<String>,
    facts: Vec<FactJson<'a>>,
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ChangesJson<'a> {
    of: Option<&'a str>,
    known_on: String,
    against: String,
    valid_on: Option<String>,
    changes: Vec<ChangeJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct ChangeJson<'a> {
    change: &'static str,
    by: ByJson<'a>,
    fact: FactJson<'a>,
    before: Option<FactJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct ByJson<'a> {
    decision: &'a str,
    known_from: String,
    recorded_on: String,
    revision: u32,
}

#[derive(Serialize, JsonSchema)]
struct FactJson<'a> {
    kind: &'static str,
    id: &'a str,
    element: Option<&'a str>,
    label: Option<&'a str>,
    valid_from: Option<String>,
    valid_to: Option<String>,
    value: &'a str,
    amount_ore: Option<i64>,
    amount: Option<String>,
    state: &'static str,
    decision: &'a str,
    body: &'a str,
    known_from: String,
    recorded_on: String,
    revision: u32,
    replaces: Vec<&'a str>,
    replaced_by: Vec<ReplacingJson<'a>>,
    restated_by: Option<ByJson<'a>>,
    illustrative: bool,
    unverified: bool,
}

#[derive(Serialize, JsonSchema)]
struct ReplacingJson<'a> {
    rate: &'a str,
    valid_from: Option<String>,
    valid_to: Option<String>,
    #[serde(flatten)]
    by: ByJson<'a>,
}

/// Writes what is stated.
pub(super) fn facts(
    out: Out,
    ask: &Ask<'_>,
    known_on: Day,
    entries: &[Entry<'_>],
) -> Result<(), Failure> {
    if out.format == Format::Json {
        return out.json(&FactsJson {
            of: ask.of,
            known_on: known_on.to_string(),
            valid_on: ask.valid_on.map(|day| day.to_string()),
            facts: entries.iter().map(|entry| fact(out.lang, entry)).collect(),
        });
    }
    out.say(
        &format!("Registret som det var känt {known_on}"),
        &format!("The register as known on {known_on}"),
    );
    if entries.is_empty() && out.format == Format::Table {
        out.say("Inget var känt då.", "Nothing was known then.");
        return Ok(());
    }
    out.table(&HEADS, &entries.iter().map(|entry| cells(out.lang, entry)).collect::<Vec<_>>())
}

/// Writes what became known between two days.
pub(super) fn changes(
    out: Out,
    ask: &Ask<'_>,
    known_on: Day,
    against: Day,
    changes: &[Change<'_, '_>],
) -> Result<(), Failure> {
    if out.format == Format::Json {
        let changes = changes.iter().map(|one| ChangeJson {
            change: kind(one.kind, out.lang).1,
            by: by(one.by),
            fact: fact(out.lang, one.entry),
            before: one.before.map(|before| fact(out.lang, before)),
        });
        return out.json(&ChangesJson {
            of: ask.of,
            known_on: known_on.to_string(),
            against: against.to_string(),
            valid_on: ask.valid_on.map(|day| day.to_string()),
            changes: changes.collect(),
        });
    }
    out.say(
        &format!("Vad som blev känt efter {known_on} till och med {against}"),
        &format!("What became known after {known_on} up to {against}"),
    );
    if changes.is_empty() && out.format == Format::Table {
        out.say("Inget.", "Nothing.");
        return Ok(());
    }
    let rows: Vec<Vec<Cell>> = changes
        .iter()
        .map(|change| {
            let (shown, plain) = kind(change.kind, out.lang);
            let decision = &change.by.decision;
            let mut row = vec![
                Cell::of(shown, plain),
                decision.id.to_string().into(),
                decision.known_from.to_string().into(),
                change.by.recorded_on.to_string().into(),
            ];
            row.extend(cells(out.lang, change.entry).into_iter().take(6));
            row
        })
        .collect();
    out.table(&CHANGE_HEADS, &rows)
}

/// For people, and for programs.
fn kind(kind: Kind, lang: Lang) -> (&'static str, &'static str) {
    match kind {
        Kind::Added => (lang.pick("tillkom", "added"), "added"),
        Kind::Replaced => (lang.pick("ersattes", "replaced"), "replaced"),
        Kind::Ended => (lang.pick("upphör", "ended"), "ended"),
        Kind::TookEffect => (lang.pick("trädde i kraft", "took effect"), "took-effect"),
    }
}

fn state(state: State, lang: Lang) -> (&'static str, &'static str) {
    match state {
        State::Counts => (lang.pick("gäller", "counts"), "counts"),
        State::Restated => (lang.pick("omskriven", "restated"), "restated"),
        State::Proposed => (lang.pick("föreslagen", "proposed"), "proposed"),
        State::Waits => (lang.pick("väntar på beslut", "waits for a decision"), "waits"),
    }
}

fn ends(valid: Period) -> (Option<String>, Option<String>) {
    let from = (valid.from != Day::MIN).then(|| valid.from.to_string());
    (from, valid.last().map(|day| day.to_string()))
}

fn by(recorded: &Recorded) -> ByJson<'_> {
    ByJson {
        decision: recorded.decision.id.as_str(),
        known_from: recorded.decision.known_from.to_string(),
        recorded_on: recorded.recorded_on.to_string(),
        revision: recorded.revision,
    }
}

fn fact<'a>(lang: Lang, entry: &'a Entry<'_>) -> FactJson<'a> {
    let decision = &entry.recorded.decision;
    let (valid_from, valid_to) = ends(entry.told.valid);
    let rate = entry.rate();
    let replaces =
        rate.map_or_else(Vec::new, |rate| rate.replaces.iter().map(|id| id.as_str()).collect());
    let replacing = |(rate, recorded): &(&'a Rate, &'a Recorded)| {
        let (valid_from, valid_to) = ends(rate.valid);
        ReplacingJson { rate: rate.id.as_str(), valid_from, valid_to, by: by(recorded) }
    };
    FactJson {
        kind: entry.told.kind,
        id: &entry.told.id,
        element: rate.map(|rate| rate.element.as_str()),
        label: entry.stated.and_then(|stated| stated.label.as_deref()),
        valid_from,
        valid_to,
        value: lang.of(&entry.told.value),
        amount_ore: entry.told.amount.map(|amount| amount.ore()),
        amount: entry.told.amount.map(|amount| amount.to_string()),
        state: state(entry.state, lang).1,
        decision: decision.id.as_str(),
        body: &decision.body,
        known_from: decision.known_from.to_string(),
        recorded_on: entry.recorded.recorded_on.to_string(),
        revision: entry.recorded.revision,
        replaces,
        replaced_by: entry.replaced_by.iter().map(replacing).collect(),
        restated_by: entry.restated_by.map(by),
        illustrative: decision.illustrative || rate.is_some_and(|rate| rate.illustrative),
        unverified: !decision.unverified.is_empty(),
    }
}

fn cells(lang: Lang, entry: &Entry<'_>) -> Vec<Cell> {
    let (from, to) = ends(entry.told.valid);
    let decision = &entry.recorded.decision;
    let label = entry.stated.and_then(|stated| stated.label.as_deref());
    let id = entry.told.id.as_str();
    let element = entry.rate().map_or("", |rate| rate.element.as_str());
    let (shown, plain) = state(entry.state, lang);
    let replaced: Vec<String> = entry
        .replaced_by
        .iter()
        .map(|(rate, _)| {
            let (from, to) = ends(rate.valid);
            let days = [from.unwrap_or_default(), to.unwrap_or_default()].join("–");
            format!("{} {days}", rate.id)
        })
        .chain(entry.restated_by.map(|by| by.decision.id.to_string()))
        .collect();
    vec![
        entry.told.kind.into(),
        label.map_or_else(|| id.into(), |label| Cell::of(&format!("{label} ({id})"), id)),
        element.into(),
        from.unwrap_or_default().into(),
        to.unwrap_or_default().into(),
        lang.of(&entry.told.value).into(),
        Cell::of(shown, plain),
        decision.id.to_string().into(),
        decision.known_from.to_string().into(),
        entry.recorded.recorded_on.to_string().into(),
        replaced.join("; ").into(),
    ]
}

const HEADS: [Head; 11] = [
    text("kind", "Slag", "Kind"),
    text("id", "Id", "Id"),
    text("element", "Ersättningsslag", "Element"),
    text("valid_from", "Från", "From"),
    text("valid_to", "Till", "To"),
    text("value", "Vad", "What"),
    text("state", "Läge", "State"),
    text("decision", "Beslut", "Decision"),
    text("known_from", "Känt från", "Known from"),
    text("recorded_on", "Infört", "Recorded"),
    text("replaced_by", "Ersatt av", "Replaced by"),
];

const CHANGE_HEADS: [Head; 10] = [
    text("change", "Ändring", "Change"),
    text("decision", "Genom beslut", "By decision"),
    text("known_from", "Känt från", "Known from"),
    text("recorded_on", "Infört", "Recorded"),
    text("kind", "Slag", "Kind"),
    text("id", "Id", "Id"),
    text("element", "Ersättningsslag", "Element"),
    text("valid_from", "Från", "From"),
    text("valid_to", "Till", "To"),
    text("value", "Vad", "What"),
];
