//! `register show`: what the register says as known on a day, the timeline of one thing, and what became known
//! between two days.

pub(crate) mod fact;
pub(crate) mod write;

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::Out;
use crate::words;
use fact::{ALWAYS, KINDS, Told, kind_of, told};
use kernel::fact::{Fact, Rate, Stated, Status};
use kernel::finding::Text;
use kernel::register::{Recorded, Register};
use kernel::time::Day;
use std::collections::BTreeMap;
use std::path::Path;

/// What to show.
#[derive(Debug)]
pub struct Ask<'a> {
    /// A kind or an id; everything where absent.
    pub of: Option<&'a str>,
    /// As known on this day.
    pub known_on: Option<Day>,
    /// And what became known from then to this day.
    pub against: Option<Day>,
    /// Only what holds on this day.
    pub valid_on: Option<Day>,
}

/// Where a statement stands as known on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It counts.
    Counts,
    /// A later statement of the same identity has taken its place (R7).
    Restated,
    /// Its decision is only proposed (R4).
    Proposed,
    /// A decision that it requires is not known (R4).
    Waits,
}

/// A statement of the register, or a decision itself.
#[derive(Debug)]
struct Entry<'r> {
    told: Told,
    recorded: &'r Recorded,
    stated: Option<&'r Stated>,
    state: State,
    /// Rates that replace this one on their own days, and the decisions that state them (R1).
    replaced_by: Vec<(&'r Rate, &'r Recorded)>,
    /// The decision whose later statement took its place.
    restated_by: Option<&'r Recorded>,
}

/// Runs `register show`.
pub fn run(out: Out, folder: &Path, ask: &Ask<'_>) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let register = data.register();
    let known_on = ask.known_on.unwrap_or_else(engine::today);
    let wanted = Wanted::new(ask.of, register)?;
    let entries = entries(register, register.as_of(known_on));
    let Some(against) = ask.against else {
        let shown = entries.into_iter().filter(|entry| wanted.has(entry));
        let shown = shown.filter(|entry| wanted.is_history() || entry.state != State::Restated);
        let shown =
            shown.filter(|entry| ask.valid_on.is_none_or(|day| entry.told.valid.contains(day)));
        write::facts(out, ask, known_on, &shown.collect::<Vec<_>>())?;
        return Ok(Outcome::Done);
    };
    if against < known_on {
        return Err(Failure::usage(
            format!("--against {against} är före --known-on {known_on}"),
            format!("--against {against} is before --known-on {known_on}"),
        ));
    }
    let later = self::entries(register, register.as_of(against));
    let mut changes = changes(&entries, &later);
    changes.retain(|change| {
        let holds = ask.valid_on.is_none_or(|day| change.entry.told.valid.contains(day));
        wanted.has(change.entry) && holds
    });
    write::changes(out, ask, known_on, against, &changes)?;
    Ok(Outcome::Done)
}

/// What is asked for.
enum Wanted<'a> {
    All,
    Kind(&'static str),
    Id(&'a str),
}

impl<'a> Wanted<'a> {
    fn new(of: Option<&'a str>, register: &Register) -> Result<Self, Failure> {
        let Some(of) = of else { return Ok(Self::All) };
        if let Some(kind) = kind_of(of) {
            return Ok(Self::Kind(kind));
        }
        let wanted = Self::Id(of);
        let all = entries(register, u32::MAX);
        if all.iter().any(|entry| wanted.has(entry)) {
            return Ok(wanted);
        }
        let ids = all.iter().flat_map(|entry| {
            let others = entry.told.others.iter().map(String::as_str);
            others.chain([entry.told.id.as_str()])
        });
        let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        let near = words::near(of, ids.chain(kinds.iter().copied()));
        let kinds = kinds.join(", ");
        Err(Failure::refused(
            format!("registret har inget som heter `{of}`{}. Slag: {kinds}", near.sv),
            format!("the register has nothing called `{of}`{}. Kinds: {kinds}", near.en),
        ))
    }

    fn has(&self, entry: &Entry<'_>) -> bool {
        match self {
            Self::All => entry.told.kind != DECISION,
            Self::Kind(kind) => entry.told.kind == *kind,
            Self::Id(id) => {
                let others = entry.told.others.iter();
                others.chain([&entry.told.id]).any(|known| known == id)
                    || entry.recorded.decision.id.as_str() == *id
            }
        }
    }

    /// Whether statements that later ones have taken the place of are shown too.
    fn is_history(&self) -> bool {
        matches!(self, Self::Id(_))
    }
}

const DECISION: &str = "decision";

/// Everything stated up to a revision, by kind, id and first day.
fn entries(register: &Register, revision: u32) -> Vec<Entry<'_>> {
    let log = register.log().iter().filter(|recorded| recorded.revision <= revision);
    let mut log: Vec<&Recorded> = log.collect();
    log.sort_by_key(|recorded| (recorded.decision.known_from, &recorded.decision.id));
    let view = register.view(revision);
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut latest: BTreeMap<String, usize> = BTreeMap::new();
    for recorded in &log {
        let proposed = recorded.decision.status == Status::Proposed;
        let state = if proposed { State::Proposed } else { State::Counts };
        entries.push(Entry::of_decision(recorded, state));
        for stated in &recorded.decision.facts {
            let told = told(&stated.fact);
            let mut entry =
                Entry { told, stated: Some(stated), ..Entry::of_decision(recorded, state) };
            if let Fact::Rate(rate) = &stated.fact {
                if state == State::Counts && !view.is_in_force(rate) {
                    entry.state = State::Waits;
                }
                entry.replaced_by = replacing(&log, rate);
            }
            if !proposed {
                let before = latest.insert(entry.told.identity.clone(), entries.len());
                if let Some(before) = before.and_then(|at| entries.get_mut(at)) {
                    before.state = State::Restated;
                    before.restated_by = Some(recorded);
                }
            }
            entries.push(entry);
        }
    }
    entries.sort_by_cached_key(|entry| {
        let told = &entry.told;
        let kind = KINDS.iter().position(|(kind, _)| *kind == told.kind);
        let group = entry.rate().map_or(told.id.clone(), |rate| rate.element.to_string());
        (kind, group, told.valid.from, told.id.clone(), entry.recorded.revision)
    });
    entries
}

/// The known rates that replace one, in order of first day.
fn replacing<'r>(log: &[&'r Recorded], rate: &Rate) -> Vec<(&'r Rate, &'r Recorded)> {
    let mut found = Vec::new();
    for recorded in log.iter().filter(|one| one.decision.status == Status::Decided) {
        for stated in &recorded.decision.facts {
            if let Fact::Rate(other) = &stated.fact
                && other.replaces.contains(&rate.id)
            {
                found.push((other.as_ref(), *recorded));
            }
        }
    }
    found.sort_by_key(|(rate, _)| (rate.valid.from, &rate.id));
    found
}

impl<'r> Entry<'r> {
    fn of_decision(recorded: &'r Recorded, state: State) -> Self {
        let decision = &recorded.decision;
        let facts = decision.facts.len();
        let told = Told {
            kind: DECISION,
            id: decision.id.to_string(),
            identity: format!("{DECISION}|{}", decision.id),
            others: Vec::new(),
            valid: ALWAYS,
            value: Text::new(
                format!("{}, {facts} uppgifter", decision.body),
                format!("{}, {facts} facts", decision.body),
            ),
            amount: None,
        };
        let (replaced_by, restated_by) = (Vec::new(), None);
        Self { told, recorded, stated: None, state, replaced_by, restated_by }
    }

    /// The rate, where it is one.
    fn rate(&self) -> Option<&'r Rate> {
        match &self.stated?.fact {
            Fact::Rate(rate) => Some(rate),
            _ => None,
        }
    }
}

/// How a thing changed between two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// It was not stated before.
    Added,
    /// Another statement or another rate has taken its place.
    Replaced,
    /// It got an end, or an earlier one.
    Ended,
    /// What it required became known.
    TookEffect,
}

/// A change, and the decision that made it.
struct Change<'c, 'r> {
    kind: Kind,
    entry: &'c Entry<'r>,
    before: Option<&'c Entry<'r>>,
    by: &'r Recorded,
}

/// What became known between two states of the register, in their order.
fn changes<'c, 'r>(earlier: &'c [Entry<'r>], later: &'c [Entry<'r>]) -> Vec<Change<'c, 'r>> {
    let counts = |entry: &&Entry<'_>| entry.state != State::Restated;
    let before: BTreeMap<&str, &Entry<'r>> =
        earlier.iter().filter(counts).map(|entry| (entry.told.identity.as_str(), entry)).collect();
    let mut changes = Vec::new();
    for entry in later.iter().filter(counts) {
        let Some(old) = before.get(entry.told.identity.as_str()).copied() else {
            let by = entry.recorded;
            changes.push(Change { kind: Kind::Added, entry, before: None, by });
            continue;
        };
        let by = entry.recorded;
        if old.recorded.revision != by.revision {
            let fact = |entry: &Entry<'r>| entry.stated.map(|stated| &stated.fact);
            if fact(old) != fact(entry) {
                let has_ended = entry.told.valid.until < old.told.valid.until;
                let kind = if has_ended { Kind::Ended } else { Kind::Replaced };
                changes.push(Change { kind, entry, before: Some(old), by });
            }
        } else if old.state == State::Waits && entry.state == State::Counts {
            changes.push(Change { kind: Kind::TookEffect, entry, before: Some(old), by });
        }
        let new = entry
            .replaced_by
            .iter()
            .filter(|(rate, _)| !old.replaced_by.iter().any(|(known, _)| known.id == rate.id));
        for (_, by) in new {
            changes.push(Change { kind: Kind::Replaced, entry, before: Some(old), by });
        }
    }
    changes
}
