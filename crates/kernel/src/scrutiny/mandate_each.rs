//! Grants of a decision by delegation against what its maker may give each.
//!
//! Owns: caps per recipient. Does not own: caps of all that is given (`mandate`).
//!
//! Who may give `högst 400 000 kronor per organisation` cannot decide `Jag beslutar att bevilja A 425 000 kronor`.

use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::Paper;

/// Words of those who get something each.
const EACH: [&str; 9] = [
    "organisation",
    "förening",
    "mottagare",
    "sökande",
    "ansökan",
    "projekt",
    "insats",
    "verksamhet",
    "ärende",
];
const MAY: [&str; 5] = ["besluta", "bevilja", "delegationsordning", "delegation", "delegat"];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let Some(cap) = paper.told().find(|at| is_cap(paper, *at)) else { return Vec::new() };
    let decides = paper.places_of("beslutar").find(|at| {
        let who = at.checked_sub(1).and_then(|at| paper.tokens.get(at));
        let gives = paper.has_word(&(at + 1..at + 4), &["bevilja", "fördela", "bidrag"]);
        who.is_some_and(|word| word.is("jag")) && gives
    });
    decides.map_or_else(Vec::new, |from| given(paper, cap, from))
}

/// Whether an amount is the most that somebody may give each: "får besluta om bidrag med högst 400 000 kronor per organisation".
fn is_cap(paper: &Paper, at: usize) -> bool {
    paper.amounts().get(at).is_some_and(|amount| {
        let sentence = paper.sentence(amount.tokens.0);
        let per = amount.per.as_deref().and_then(|per| per.split(' ').next());
        let is_each = per.is_some_and(|per| EACH.iter().any(|each| per.ends_with(each)));
        let before = sentence.start..amount.tokens.0;
        amount.is_cap
            && is_each
            && paper.has_word(&before, &["får"])
            && paper.has_word(&before, &MAY)
            && paper.amounts_in(&sentence).len() == 1
    })
}

/// The amounts that are given from a place on, up to their sum or the end of their blocks, and are more than the cap.
fn given(paper: &Paper, cap: usize, from: usize) -> Vec<Remark> {
    const MOST: usize = 40;
    let most = Value::of(paper, cap);
    let Some(block) = paper.layout().block_of(from) else { return Vec::new() };
    let list = paper.block(block + 1).filter(|block| !paper.amounts_in(&block.tokens).is_empty());
    let end = list.or_else(|| paper.block(block)).map_or(from, |block| block.tokens.end);
    let given = paper.amounts_in(&(from..end)).take(MOST).map_while(|at| {
        let amount = paper.amounts().get(at)?;
        (!amount.is_total && amount.per.is_none()).then(|| Value::of(paper, at))
    });
    given.filter(|value| value.low > most.high).map(|value| exceeds(paper, &most, &value)).collect()
}

fn exceeds(paper: &Paper, most: &Value, given: &Value) -> Remark {
    let (may, gets) = (Money::from_ore(most.printed), Money::from_ore(given.printed));
    let text = Text::new(
        format!("den som beslutar får bevilja högst {may} var, men beviljar {gets}"),
        format!("who decides may grant at most {may} each, but grants {gets}"),
    );
    let places = [most.places(paper), given.places(paper)].concat();
    Remark::new(Doubt::MandateDiffers, Severity::Error, text, places).of_difference(most, given)
}
