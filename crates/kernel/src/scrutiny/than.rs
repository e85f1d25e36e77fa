//! An amount that is so much more or less than another, all three said.
//!
//! Owns: `C. Det är D mer än i fjol, då det var B`. Does not own: `från B till C` (`change`).
//!
//! `Anslaget är 2 250 000 kronor, 50 000 kronor mer än 2024, då det var 2 150 000 kronor` is 100 000 kronor more.

use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Amount, Paper};

const MORE: [&str; 3] = ["mer", "högre", "dyrare"];
const LESS: [&str; 3] = ["mindre", "lägre", "billigare"];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.told().filter_map(|at| differs(paper, at)).collect()
}

/// Whether what follows an amount says that it is a difference, and whether upwards: "mer än".
fn is_up(paper: &Paper, by: &Amount) -> Option<bool> {
    let [more, than] = paper.tokens_in(&(by.tokens.1 + 1..by.tokens.1 + 3)) else { return None };
    let is_up = more.is_one_of(&MORE);
    (than.is("än") && (is_up || more.is_one_of(&LESS))).then_some(is_up)
}

fn differs(paper: &Paper, at: usize) -> Option<Remark> {
    const WAS: [&str; 6] = ["var", "uppgick", "fick", "låg", "blev", "utgjorde"];
    let by = paper.amounts().get(at)?;
    let is_up = is_up(paper, by)?;
    let sentence = paper.sentence(by.tokens.0);
    let here = paper.amounts_in(&sentence);
    // One amount after it, told of as what was.
    let other = (at + 2 == here.end).then_some(at + 1)?;
    let was = paper.amounts().get(other)?;
    let is_was = paper.has_word(&(by.tokens.1 + 3..was.tokens.0), &WAS);
    // One amount before it, in the sentence or as the only one of the sentence before.
    let before = paper.sentence(sentence.start.checked_sub(1)?);
    let own = if here.start + 1 == at {
        here.start
    } else {
        let found = paper.amounts_in(&before);
        let is_one_block = paper.block_at(before.start)?.tokens.contains(&sentence.start);
        (here.start == at && found.len() == 1 && is_one_block).then_some(found.start)?
    };
    let is = paper.amounts().get(own)?;
    let are_alike = is.per == was.per && !is.is_cap && !was.is_cap;
    let (x, y, d) = (Value::of(paper, own), Value::of(paper, other), Value::of(paper, at));
    let (large, small) = if is_up { (&x, &y) } else { (&y, &x) };
    let (computed, low, high) = large.minus(small);
    let slack = [&x, &y, &d].map(|value| value.last_digit(paper)).into_iter().max()? / 2;
    let holds =
        d.low <= high.ore().saturating_add(slack) && low.ore().saturating_sub(slack) <= d.high;
    // A difference many times larger is of something else.
    let is_meant = computed.ore().abs() <= x.printed.abs().max(y.printed.abs()) / 2;
    if !is_was || !are_alike || holds || !is_meant || d.printed <= 0 {
        return None;
    }
    let (a, b, said) =
        (Money::from_ore(x.printed), Money::from_ore(y.printed), Money::from_ore(d.printed));
    let apart = Money::from_ore(computed.ore().abs());
    let text = Text::new(
        format!("mellan {b} och {a} är det {apart}, men texten säger {said}"),
        format!("between {b} and {a} it is {apart}, but the text says {said}"),
    );
    let places = [x.places(paper), d.places(paper), y.places(paper)].concat();
    let remark = Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places);
    Some(remark.off_by(said - computed))
}
