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

/// Does it, or says why it cannot be done.
pub fn done(data: &DataFolder, care: &mut Care, act: &Act<'_>, by: &str) -> Result<Taken, Failure> {
    let (rules, on) = (data.chain_rules(engine::today())?, past(act.on)?);
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
        .map_err(|refusal| Failure::Refused(refusal.text(), Vec::new()))?;
    care.keep(vec![event], by)?;
    Ok(taken)
}

/// A day that has been. Default today.
pub(super) fn past(on: Option<Day>) -> Result<Day, Failure> {
    let today = engine::today();
    match on.unwrap_or(today) {
        on if on > today => Err(Failure::refused(
            format!("{on} har inte varit än; ange dagen då det gjordes"),
            format!("{on} has not been yet; give the day it was done"),
        )),
        on => Ok(on),
    }
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
    let taken = done(&data, &mut care, act, ask.whom()?)?;
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
