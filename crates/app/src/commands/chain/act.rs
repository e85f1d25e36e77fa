//! `chain offer`, `accept`, `decline`, `start`, `keep`, `end`, `refuse`, `withdraw`, `wait`.
//!
//! Owns: filling in what is not said: the day, the due month, the only team with a free place. Does not own: what is admitted
//! (`follow::need::chain`).

use super::{Ask, case};
use crate::data::{Care, DataFolder};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::findings::hide_within;
use crate::output::{Format, Out};
use follow::need::chain::Event;
use follow::need::course::{Step, Taken};
use follow::need::refusal::Refusal;
use kernel::finding::Text;
use kernel::time::{Day, Month};
use std::path::Path;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// The referral.
    pub referral: &'a str,
    /// What.
    pub step: Step,
    /// When. Default today.
    pub on: Option<Day>,
    /// The team of an offer. Default the only one that has a free place.
    pub team: Option<&'a str>,
    /// The due month whose place is offered. Default hers.
    pub month: Option<Month>,
    /// Why.
    pub note: &'a str,
}

/// Does it, or says why it cannot be done, in words that `told` has for what is not admitted.
pub fn done(
    data: &DataFolder,
    care: &mut Care,
    act: &Act<'_>,
    by: &str,
    told: fn(&Refusal) -> Text,
) -> Result<Taken, Failure> {
    let rules = data.chain_rules(engine::today())?;
    let on = past(act.on).map_err(|why| Failure::Refused(why, Vec::new()))?;
    let due = case(care, act.referral)?.referral.due_month();
    let is_offer = act.step == Step::Offer;
    let month = is_offer.then(|| act.month.unwrap_or(due));
    let team = match (month, act.team) {
        (None, _) => String::new(),
        (Some(_), Some(team)) => team.to_owned(),
        (Some(month), None) => only_free(care, month)?,
    };
    let taken = Taken {
        referral: act.referral.to_owned(),
        step: act.step,
        on,
        team,
        month,
        note: hide_within(act.note.trim()),
        by: by.to_owned(),
    };
    let event = Event::Taken(taken.clone());
    care.chain
        .admits(&event, rules.decided())
        .map_err(|refusal| Failure::Refused(told(&refusal), Vec::new()))?;
    care.keep(vec![event], by)?;
    Ok(taken)
}

/// What is not admitted, with the option that says what is lacking.
fn with_option(refusal: &Refusal) -> Text {
    let Text { sv, en } = refusal.text();
    let (in_swedish, in_english) = match refusal {
        Refusal::NoReason { .. } | Refusal::OutOfOrder { .. } => ("--reason SKÄL", "--reason TEXT"),
        Refusal::Before { .. } => ("--on DAG", "--on DATE"),
        Refusal::NoPlace { free, .. } if free.is_empty() => {
            ("chain places FIL, eller --month MÅNAD", "chain places FILE, or --month MONTH")
        }
        Refusal::NoPlace { .. } => ("--team TEAM", "--team TEAM"),
        Refusal::Unknown { .. }
        | Refusal::Twice { .. }
        | Refusal::NotNow { .. }
        | Refusal::NotEligible { .. } => return Text { sv, en },
    };
    Text::new(format!("{sv} ({in_swedish})"), format!("{en} ({in_english})"))
}

/// A day that has been. Default today.
fn past(on: Option<Day>) -> Result<Day, Text> {
    let today = engine::today();
    match on.unwrap_or(today) {
        on if on > today => Err(Text::new(
            format!("{on} har inte varit än; ange dagen då det gjordes"),
            format!("{on} has not been yet; give the day it was done"),
        )),
        on => Ok(on),
    }
}

/// The day of `--on`, which must have been. Default today.
pub(super) fn on_option(on: Option<Day>) -> Result<Day, Failure> {
    past(on).map_err(|Text { sv, en }| {
        Failure::refused(format!("{sv} (--on DAG)"), format!("{en} (--on DATE)"))
    })
}

fn only_free(care: &Care, month: Month) -> Result<String, Failure> {
    let free = care.chain.free_teams(month);
    match free.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::refused(
            format!("inget team har en ledig plats för {month}; `chain places` visar platserna"),
            format!("no team has a free place for {month}; `chain places` shows the places"),
        )),
        several => {
            let teams = several.join(", ");
            Err(Failure::refused(
                format!("flera team har lediga platser för {month}: {teams}; ange ett med --team"),
                format!(
                    "several teams have free places for {month}: {teams}; name one with --team"
                ),
            ))
        }
    }
}

/// Runs a step.
pub fn run(out: Out, folder: &Path, ask: &Ask<'_>, act: &Act<'_>) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let mut care = ask.open(&data)?;
    on_option(act.on)?;
    let taken = done(&data, &mut care, act, ask.whom()?, with_option)?;
    let state = case(&care, act.referral)?.state;
    if out.format == Format::Json {
        let json = serde_json::json!({
            "referral": taken.referral,
            "step": taken.step.name(),
            "state": state.name(),
            "on": taken.on.to_string(),
            "team": taken.team,
        });
        out.json(&json)?;
        return Ok(Outcome::Done);
    }
    let (id, on, text) = (&taken.referral, taken.on, state.text());
    let team = if taken.team.is_empty() { String::new() } else { format!(" ({})", taken.team) };
    out.say(&format!("{id}: {} {on}{team}", text.sv), &format!("{id}: {} {on}{team}", text.en));
    Ok(Outcome::Done)
}
