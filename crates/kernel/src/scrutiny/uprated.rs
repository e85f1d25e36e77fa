//! Amounts that are uprated by an index or by a percentage.
//!
//! Owns: "är X och blir Y" against what they are uprated by. Does not own: raises that state their own change (`change`, `raise`).
//!
//! `Indextalet var 125,0 och är nu 131,5`: of 8 400 000 kr is 8 836 800 kr.

use super::reconcile::is_one_slip;
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::layout::BlockKind;
use crate::paper::number::number_at;
use crate::paper::{Kind, Paper, Span};
use std::ops::Range;

/// What amounts are multiplied by: so many of so many parts, and where that stands.
struct Factor {
    parts: i128,
    whole: i128,
    places: Vec<Span>,
}

/// No paragraph about an index is so long; it keeps the check of long texts fast.
const MOST: usize = 600;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let blocks = &paper.layout().blocks;
    let mut remarks = Vec::new();
    let mut before: Option<Range<usize>> = None;
    for block in blocks.iter().filter(|block| !matches!(block.kind, BlockKind::Table(_))) {
        let pairs = pairs(paper, &block.tokens);
        if !pairs.is_empty() && block.tokens.len() < MOST {
            match indexed(paper, &block.tokens) {
                Some(factor) => remarks.extend(of_index(paper, &factor, &pairs)),
                None => remarks.extend(of_percent(paper, before.as_ref(), &block.tokens, &pairs)),
            }
        }
        before = Some(block.tokens.clone());
    }
    remarks
}

/// Amounts side by side of which the second is what the first becomes.
fn pairs(paper: &Paper, block: &Range<usize>) -> Vec<(Value, Value)> {
    const BETWEEN: usize = 20;
    let amounts = paper.amounts_in(block);
    let pair = |at: usize| {
        let (one, other) = (paper.amounts().get(at)?, paper.amounts().get(at + 1)?);
        let sentence = paper.sentence(one.tokens.0);
        let becomes = one.tokens.1 + 1..other.tokens.0;
        let is_pair = becomes.len() < BETWEEN
            && paper.has_word(&becomes, &["blir"])
            && paper.amounts_in(&sentence) == (at..at + 2);
        let (from, to) = (Value::of(paper, at), Value::of(paper, at + 1));
        (is_pair && from.is_exact() && to.is_exact() && from.printed > 0).then_some((from, to))
    };
    amounts.filter_map(pair).collect()
}

/// The two numbers of an index that a paragraph states, the old one first.
fn indexed(paper: &Paper, block: &Range<usize>) -> Option<Factor> {
    let speaks = paper.tokens_in(block).iter().any(|token| token.text.starts_with("indextal"));
    let mut found = Vec::new();
    let mut at = block.start;
    while speaks && at < block.end {
        let is_number = paper.tokens.get(at).is_some_and(|token| token.kind == Kind::Digits);
        let number = number_at(&paper.tokens, at, false).filter(|_| is_number);
        let Some(number) = number else {
            at += 1;
            continue;
        };
        let range = at..number.last + 1;
        let next = &paper.tokens_in(&(range.end..range.end + 1));
        let is_share = next.iter().any(|token| token.is_one_of(&["procent"]) || token.is_mark('%'));
        if (1..=3).contains(&number.decimals) && paper.amounts_in(&range).is_empty() && !is_share {
            found.push((number.mantissa, number.decimals, paper.span(&range)));
        }
        at = range.end;
    }
    let [(old, decimals, first), (new, others, second)] = found.as_slice() else { return None };
    let is_one_kind = decimals == others && *old > 0 && *new > 0 && *new < old * 2;
    is_one_kind.then(|| Factor { parts: *new, whole: *old, places: vec![*first, *second] })
}

/// What an amount becomes, and whether that is the amount stated, to one unit of the last digit that says something.
fn becomes(paper: &Paper, factor: &Factor, (from, to): &(Value, Value)) -> Option<(i64, bool)> {
    let unit = i128::from(to.last_digit(paper).max(1));
    let exact = i128::from(from.printed).checked_mul(factor.parts)?;
    let scaled = factor.whole.checked_mul(unit)?;
    let rounded = i64::try_from((exact + scaled / 2) / scaled * unit).ok()?;
    let slack = to.last_digit(paper).max(to.unit());
    Some((rounded, rounded.abs_diff(to.printed) <= slack.unsigned_abs()))
}

/// Whether a figure has four digits or more that say something: fewer may be one slip from another by chance.
fn says_much(ore: i64) -> bool {
    ore.to_string().trim_end_matches('0').len() >= 4
}

fn of_index(paper: &Paper, factor: &Factor, pairs: &[(Value, Value)]) -> Option<Remark> {
    let [pair] = pairs else { return None };
    let (computed, is_right) = becomes(paper, factor, pair)?;
    let is_slip = !is_right && says_much(computed) && is_one_slip(computed, pair.1.printed);
    is_slip.then(|| remark(paper, factor, pair, computed, Severity::Error))
}

fn of_percent(
    paper: &Paper,
    before: Option<&Range<usize>>,
    block: &Range<usize>,
    pairs: &[(Value, Value)],
) -> Vec<Remark> {
    let near = before.filter(|range| range.len() < MOST).into_iter().chain([block]);
    // "Taxorna räknas upp med 3 procent, utom för kvällar" is not of all.
    let raises = |at: usize| {
        let sentence = paper.sentence(at);
        let mut words = paper.tokens_in(&sentence).iter();
        words.any(|word| word.text.starts_with("uppräk") || word.is("upp"))
            && !paper.has_word(&sentence, &["utom", "förutom", "undantag", "undantaget"])
    };
    let factors: Vec<Factor> = near
        .flat_map(|range| paper.shares_in(range))
        .filter(|share| share.mantissa > 0 && raises(share.tokens.0))
        .map(|share| {
            let (parts, whole) = share.exactly();
            Factor { parts: whole + parts, whole, places: vec![share.noted.span] }
        })
        .collect();
    let is_right = |pair: &(Value, Value), factor: &Factor| {
        becomes(paper, factor, pair).is_some_and(|(_, is_right)| is_right)
    };
    // Of several percentages the one is meant by which other amounts are uprated.
    let holds = |factor: &&Factor| pairs.iter().any(|pair| is_right(pair, factor));
    let Some(factor) = factors.iter().find(holds) else { return Vec::new() };
    let wrong = pairs.iter().filter(|pair| !factors.iter().any(|one| is_right(pair, one)));
    let slip = |pair: &(Value, Value)| {
        let (computed, _) = becomes(paper, factor, pair)?;
        let is_slip = says_much(computed) && is_one_slip(computed, pair.1.printed);
        is_slip.then(|| remark(paper, factor, pair, computed, Severity::Error))
    };
    wrong.filter_map(slip).collect()
}

fn remark(
    paper: &Paper,
    factor: &Factor,
    (from, to): &(Value, Value),
    computed: i64,
    severity: Severity,
) -> Remark {
    let (difference, ..) = to.minus(&Value::bare(computed));
    let (old, new, said) =
        (Money::from_ore(from.printed), Money::from_ore(computed), Money::from_ore(to.printed));
    let text = Text::new(
        format!("{old} uppräknat blir {new}, men texten säger {said}: skillnaden är {difference}"),
        format!("{old} uprated is {new}, but the text says {said}: the difference is {difference}"),
    );
    let places = [factor.places.clone(), from.places(paper), to.places(paper)].concat();
    Remark::new(Doubt::ChangeDiffers, severity, text, places).off_by(difference)
}
