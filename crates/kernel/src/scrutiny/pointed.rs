//! What a sentence points back at: `medlen fördelas`, `av beloppet`, `utbetalning sker`.
//!
//! Owns: which earlier amounts of the section can be the whole of what a sentence divides. Does not own: the sums.
//!
//! After `Kommunen får 20 mkr. I fjol var det 18 mkr.` the sentence `Medlen fördelas med 12 mkr till A och 8 mkr till B` is of
//! 20 mkr, since that is what the parts sum to.

use super::items::OTHER_MONEY;
use super::reconcile::{is_near, is_telling};
use super::value::Value;
use crate::paper::Paper;
use crate::paper::layout::BlockKind;
use std::ops::Range;

/// Words just before an amount that is somebody else's.
const OF_OTHERS: [&str; 6] =
    ["rikets", "landets", "nationellt", "sveriges", "statens", "regeringens"];

/// The amounts from the heading above up to a token that can be the whole of something: neither per thing nor in tables.
pub(super) fn earlier(paper: &Paper, until: usize) -> Vec<usize> {
    let blocks = &paper.layout().blocks;
    let last = paper.layout().block_of(until.saturating_sub(1)).unwrap_or(0);
    let heading = blocks.iter().take(last + 1).rposition(|block| block.kind == BlockKind::Heading);
    let start = heading.and_then(|at| blocks.get(at)).map_or(0, |block| block.tokens.start);
    let is_whole = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            amount.per.is_none() && !amount.is_each && paper.table_of(amount.tokens.0).is_none()
        })
    };
    paper.amounts_in(&(start..until)).filter(is_whole).collect()
}

/// Whether an amount is of another year, or of the whole country.
pub(super) fn is_of_others(paper: &Paper, at: usize) -> bool {
    paper.amounts().get(at).is_some_and(|amount| {
        let clause = paper.clause(at);
        paper.has_word(&(clause.start..amount.tokens.0), &OTHER_MONEY)
            || paper.before(amount, 2).iter().any(|token| token.is_one_of(&OF_OTHERS))
    })
}

/// The whole of parts that a sentence divides by pointing back; `None` where some earlier amount is what they sum to.
///
/// One slip from an earlier amount of the section, it is that; else it is the only amount of the sentence before, where that is
/// larger than each part and of the same money.
pub(super) fn whole(
    paper: &Paper,
    sentence: &Range<usize>,
    before: &Range<usize>,
    parts: &[Value],
) -> Option<Value> {
    let sum = Value::sum(parts)?;
    let value = |at: &usize| Value::of(paper, *at).times(paper.times(*at));
    let all = earlier(paper, sentence.start);
    if all.iter().filter_map(value).any(|whole| whole.agrees(&sum)) {
        return None;
    }
    let own: Vec<usize> = all.into_iter().filter(|at| !is_of_others(paper, *at)).collect();
    // A round figure is one slip from many.
    let is_slip = |whole: &Value| is_telling(whole.printed) && is_near(whole, parts);
    if let Some(near) = own.iter().rev().filter_map(value).find(is_slip) {
        return Some(near);
    }
    let near: Vec<usize> =
        own.into_iter().filter(|at| paper.amounts_in(before).contains(at)).collect();
    let [only] = near.as_slice() else { return None };
    value(only).filter(|whole| parts.iter().all(|part| part.low < whole.high))
}
