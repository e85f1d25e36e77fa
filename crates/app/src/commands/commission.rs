//! `commission list`: what council, board and administration have commissioned, what is overdue, and what answered it.
//!
//! Owns: how commissions are told. Does not own: where one stands (`kernel::grant`).

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, text};
use crate::ratebook;
use crate::words;
use kernel::grant::{CommissionState, Followed, commissions};
use kernel::price::Marks;
use kernel::register::Register;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Where commissions stand, by name.
pub const STATES: [&str; 3] = ["open", "overdue", "answered"];

/// What to list.
#[derive(Debug)]
pub struct Ask {
    /// Ratebook folders, instead of the data folder.
    pub register: Vec<PathBuf>,
    /// As known on a day.
    pub known_on: Option<Day>,
    /// Only those that stand so.
    pub state: Option<String>,
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ListJson<'a> {
    known_on: String,
    commissions: Vec<CommissionJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct CommissionJson<'a> {
    id: &'a str,
    label: Option<&'a str>,
    from: Option<&'a str>,
    to: Option<&'a str>,
    what: &'a str,
    due: Option<String>,
    state: &'static str,
    answered_by: Option<&'a str>,
    answered_known_from: Option<String>,
    area: Option<&'a str>,
    unit: Option<&'a str>,
    decision: &'a str,
    known_from: String,
    illustrative: bool,
}

/// Runs `commission list`.
pub fn list(out: Out, folder: &Path, ask: &Ask) -> Result<Outcome, Failure> {
    if ask.register.is_empty() {
        return write(out, DataFolder::open(folder)?.register(), ask);
    }
    let read = ratebook::read_folders(&ask.register)?;
    engine::refuse(read.findings)?;
    write(out, &Register::from_ratebooks(read.decisions), ask)
}

fn write(out: Out, register: &Register, ask: &Ask) -> Result<Outcome, Failure> {
    let known_on = ask.known_on.unwrap_or_else(engine::today);
    let all = commissions(register, register.as_of(known_on), known_on);
    let is_asked =
        |one: &&Followed<'_>| ask.state.as_ref().is_none_or(|state| one.state.name() == state);
    let shown: Vec<&Followed<'_>> = all.iter().filter(is_asked).collect();
    if out.format == Format::Json {
        let commissions = shown.iter().map(|one| json(one)).collect();
        out.json(&ListJson { known_on: known_on.to_string(), commissions })?;
        return Ok(Outcome::Done);
    }
    let cells: Vec<Vec<Cell>> = shown.iter().map(|one| row(out, one)).collect();
    out.table(&HEADS, &cells)?;
    let count = |name: &str| shown.iter().filter(|one| one.state.name() == name).count();
    let [open, overdue, answered] = STATES.map(count);
    out.say(
        &format!("{open} öppna, {overdue} försenade, {answered} besvarade"),
        &format!("{open} open, {overdue} overdue, {answered} answered"),
    );
    Ok(Outcome::Done)
}

fn json<'a>(one: &'a Followed<'_>) -> CommissionJson<'a> {
    let commission = one.commission;
    let answer = answer(one);
    CommissionJson {
        id: &commission.id,
        label: one.stated.label.as_deref(),
        from: commission.from.as_deref(),
        to: commission.to.as_deref(),
        what: &commission.what,
        due: commission.due.map(|due| due.to_string()),
        state: one.state.name(),
        answered_by: answer.map(|decision| decision.id.as_str()),
        answered_known_from: answer.map(|decision| decision.known_from.to_string()),
        area: commission.area.as_deref(),
        unit: commission.unit.as_deref(),
        decision: one.decision.id.as_str(),
        known_from: one.decision.known_from.to_string(),
        illustrative: one.decision.illustrative,
    }
}

fn answer<'a>(one: &'a Followed<'_>) -> Option<&'a kernel::fact::Decision> {
    match one.state {
        CommissionState::Answered(decision) => Some(decision),
        _ => None,
    }
}

const HEADS: [Head; 10] = [
    text("id", "Uppdrag", "Commission"),
    text("from", "Från", "From"),
    text("to", "Till", "To"),
    text("due", "Senast", "Due"),
    text("unit", "Enhet", "Unit"),
    text("state", "Läge", "State"),
    text("answered_by", "Besvarat av", "Answered by"),
    text("decision", "Beslut", "Decision"),
    text("mark", "Märke", "Mark"),
    text("what", "Vad", "What"),
];

fn row(out: Out, one: &Followed<'_>) -> Vec<Cell> {
    let commission = one.commission;
    let shown = match one.state {
        CommissionState::Open => out.lang.pick("öppet", "open"),
        CommissionState::Overdue => out.lang.pick("försenat", "overdue"),
        CommissionState::Answered(_) => out.lang.pick("besvarat", "answered"),
    };
    let marks = Marks { illustrative: one.decision.illustrative, unverified: false };
    let optional = |text: &Option<String>| Cell::from(text.clone().unwrap_or_default());
    vec![
        commission.id.as_str().into(),
        optional(&commission.from),
        optional(&commission.to),
        commission.due.map_or_else(String::new, |due| due.to_string()).into(),
        optional(&commission.unit),
        Cell::of(shown, one.state.name()),
        answer(one).map_or("", |decision| decision.id.as_str()).into(),
        one.decision.id.as_str().into(),
        words::marks(out.lang, marks),
        commission.what.as_str().into(),
    ]
}
