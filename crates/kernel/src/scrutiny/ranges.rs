//! Ranges that sum to a range.
//!
//! Owns: ranges of one sentence against the range that the next says they come to. Does not own: sums of single amounts (`prose`).
//!
//! `2,5–4 mnkr och 3,5–5,5 mnkr. Tillsammans 6–9 mnkr` has an upper end that is 500 000 kr too low.

use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::paper::Paper;
use std::ops::Range;

const TOGETHER: [&str; 5] = ["tillsammans", "sammanlagt", "totalt", "sammantaget", "summan"];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let is_low = |at: &usize| is_range(paper, *at);
    paper.told().filter(is_low).filter_map(|at| of_whole(paper, at)).collect()
}

/// Whether an amount and the next are the ends of one range.
fn is_range(paper: &Paper, at: usize) -> bool {
    let (Some(low), Some(high)) = (paper.amounts().get(at), paper.amounts().get(at + 1)) else {
        return false;
    };
    let dash = paper.tokens.get(low.tokens.1 + 1);
    high.tokens.0 == low.tokens.1 + 2
        && dash.is_some_and(|token| token.is_mark('-'))
        && low.amount < high.amount
}

/// The lower ends of some amounts that are all ranges.
fn all_ranges(paper: &Paper, amounts: &Range<usize>) -> Option<Vec<usize>> {
    let lows: Vec<usize> = amounts.clone().step_by(2).collect();
    let are_all = amounts.len().is_multiple_of(2) && lows.iter().all(|at| is_range(paper, *at));
    are_all.then_some(lows)
}

fn of_whole(paper: &Paper, at: usize) -> Option<Remark> {
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let opens = paper.has_word(&(sentence.start..sentence.start + 1), &TOGETHER);
    let is_only = paper.amounts_in(&sentence) == (at..at + 2);
    let earlier = paper.sentence(sentence.start.checked_sub(1).filter(|_| opens && is_only)?);
    let is_one_block = paper.block_at(earlier.start)?.tokens.contains(&sentence.start);
    let lows = all_ranges(paper, &paper.amounts_in(&earlier)).filter(|_| is_one_block)?;
    let is_of = paper.has_word(&earlier, &["varav", "därav"])
        || paper.has_word(&sentence, &["månader", "gånger", "åren"]);
    if lows.len() < 2 || is_of {
        return None;
    }
    let of = |step: usize| -> Option<(Value, Value)> {
        let parts: Vec<Value> = lows.iter().map(|low| Value::of(paper, low + step)).collect();
        Some((Value::of(paper, at + step), Value::sum(&parts)?))
    };
    let (stated, sum) = [of(0)?, of(1)?].into_iter().find(|(stated, sum)| !stated.agrees(sum))?;
    let (difference, ..) = stated.minus(&sum);
    // Less than a unit of the last digit may be rounding.
    let is_rounding = difference.ore().abs() < stated.last_digit(paper);
    let severity = if is_rounding { Severity::Warning } else { Severity::Error };
    let text = Text::new(
        format!(
            "intervallens ändar summerar inte till det sammanlagda intervallet: skillnaden är {difference}"
        ),
        format!(
            "the ends of the ranges do not sum to the range of all: the difference is {difference}"
        ),
    );
    let places = [stated.places(paper), sum.places(paper)].concat();
    Some(Remark::new(Doubt::SumDiffers, severity, text, places).of_difference(&stated, &sum))
}
