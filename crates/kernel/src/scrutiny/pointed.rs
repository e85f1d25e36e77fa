//! What a sentence points back at: `medlen fördelas`, `av beloppet`, `utbetalning sker`.
//!
//! Owns: which earlier amounts of the section can be the whole of what a sentence divides. Does not own: the sums.
//!
//! After `Kommunen får 20 mkr. I fjol var det 18 mkr.` the sentence `Medlen fördelas med 12 mkr till A och 8 mkr till B` is of
//! 20 mkr, since that is what the parts sum to.

use super::Remark;
use super::items::OTHER_MONEY;
use super::prose::{broken, parts_in, values};
use super::reconcile::{is_near, is_telling};
use super::value::Value;
use crate::finding::Severity;
use crate::paper::recipient::GETS;
use crate::paper::{Kind, Paper, Token};
use std::ops::Range;

/// Words just before an amount that is somebody else's.
const OF_OTHERS: [&str; 6] =
    ["rikets", "landets", "nationellt", "sveriges", "statens", "regeringens"];

/// The amounts from the heading above up to a token that can be the whole of something: neither per thing nor in tables. Of a long
/// section those that stand nearest.
pub(super) fn earlier(paper: &Paper, until: usize) -> Vec<usize> {
    const MOST: usize = 100;
    let layout = paper.layout();
    let heading = layout.block_of(until.saturating_sub(1)).and_then(|at| layout.heading_of(at));
    let start = heading.and_then(|at| paper.block(at)).map_or(0, |block| block.tokens.start);
    let is_whole = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            amount.per.is_none() && !amount.is_each && paper.table_of(amount.tokens.0).is_none()
        })
    };
    let all = paper.amounts_in(&(start..until));
    (all.start.max(all.end.saturating_sub(MOST))..all.end).filter(is_whole).collect()
}

/// Whether an amount is of another year, or of the whole country.
pub(super) fn is_of_others(paper: &Paper, at: usize) -> bool {
    const GRANTED: [&str; 6] =
        ["beviljade", "beviljades", "beviljat", "beviljats", "tilldelades", "tilldelats"];
    paper.amounts().get(at).is_some_and(|amount| {
        let before = paper.clause(at).start..amount.tokens.0;
        // What was granted as "medfinansiering" is what there is.
        let is_granted = paper.has_word(&before, &GRANTED);
        let is_other = |token: &Token| {
            token.is_one_of(&OTHER_MONEY) && !(is_granted && token.is("medfinansiering"))
        };
        paper.tokens_in(&before).iter().any(is_other)
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

/// Whether a sentence begins "Av dessa", "Av beloppet", or "Av" and what the sentence before named: "Av budgeten".
pub(super) fn is_of_before(paper: &Paper, sentence: &Range<usize>) -> bool {
    const BEGINS: usize = 4;
    let words = paper.tokens_in(sentence);
    let (Some(first), Some(second)) = (words.first(), words.get(1)) else { return false };
    let begin = |token: &Token| token.text.chars().take(BEGINS).collect::<String>();
    let earlier = sentence.start.checked_sub(1).map_or(0..0, |at| paper.sentence(at));
    let is_named = || {
        let is_long = |token: &&Token| token.kind == Kind::Word && token.text.len() > BEGINS;
        is_long(&second)
            && paper
                .tokens_in(&earlier)
                .iter()
                .filter(is_long)
                .any(|one| begin(one) == begin(second))
    };
    // "öka kostnaden med A. Av ökningen avser …"
    const CHANGES: [(&str, &str); 3] =
        [("ökning", "öka"), ("minskning", "minsk"), ("höjning", "höj")];
    let is_change = CHANGES.iter().any(|(noun, verb)| {
        second.text.starts_with(noun)
            && paper.tokens_in(&earlier).iter().any(|token| token.text.starts_with(verb))
    });
    let is_named = || is_named() || is_change;
    let points = ["dem", "dessa", "detta", "denna", "beloppet", "medlen", "summan", "det"];
    first.is_one_of(&["härav", "därav", "varav"])
        || (first.is("av") && (second.is_one_of(&points) || is_named()))
}

/// "att av dessa använda A till X och B till Y", of the only amount of the point before: "att avsätta T till …".
pub(super) fn of_point_before(paper: &Paper, block: usize) -> Option<Remark> {
    let own = paper.block(block)?;
    let sentence = paper.sentence(own.tokens.start);
    let sentence = own.tokens.start..sentence.end.min(own.tokens.end);
    let at = |at: usize| paper.tokens.get(at);
    let start = sentence.clone().take(4).find(|token| at(*token).is_some_and(|t| t.is("att")))?;
    let is_of = at(start + 1).is_some_and(|token| token.is("av"));
    let points = ["dessa", "detta", "dem", "beloppet", "medlen", "summan"];
    let points = at(start + 2).is_some_and(|token| token.is_one_of(&points));
    let before = paper.block(block.checked_sub(1)?)?;
    let [whole] = paper.amounts_in(&before.tokens).collect::<Vec<_>>()[..] else { return None };
    let parts = values(paper, &parts_in(paper, &sentence)).filter(|parts| parts.len() > 1)?;
    let (stated, sum) = (Value::of(paper, whole), Value::sum(&parts)?);
    let is_clear = sum.low > stated.high || is_near(&stated, &parts);
    (is_of && points && is_clear).then(|| broken(paper, &stated, &parts, Severity::Error))?
}

/// Whether the sentence before says what there is to divide, and this one gives it to several, as the last of the paragraph.
pub(super) fn divides_before(
    paper: &Paper,
    both: &Range<usize>,
    sentence: &Range<usize>,
    block: &Range<usize>,
) -> bool {
    let before = both.start..sentence.start;
    let is_to_divide = paper.has_word(&before, &["fördela", "fördelas", "fördelar"]);
    let gives = paper.has_word(sentence, &GETS) && paper.amounts_in(sentence).len() > 1;
    let is_some =
        ["första", "inledningsvis", "bland", "hittills", "exempelvis", "redan", "etapp", "omgång"];
    let is_last = paper.amounts_in(&(sentence.end..block.end)).is_empty();
    is_to_divide && gives && is_last && !paper.has_word(sentence, &is_some)
}
