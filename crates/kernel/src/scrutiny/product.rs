//! So many at so much where the rate, the number of things and what it comes to stand in sentences or items apart.
//!
//! Owns: which whole of a section is the product of its rate and its count. Does not own: the three in one sentence (`units`).
//!
//! `120 000 kronor per familjecentral.` `Länet har 22 familjecentraler.` `Kostnaden blir 2 760 000 kronor.` is 120 000 kr too much.

use super::Remark;
use super::reconcile::is_one_slip;
use super::twice::is_qualified;
use super::units::{counts_noun, differs, fits, holds_more};
use super::value::Value;
use crate::finding::Severity;
use crate::paper::lexicon::MEASURES;
use crate::paper::number::number_at;
use crate::paper::{Count, Noted, Paper, Span, each_before, twin};
use std::ops::Range;

/// Words of what a rate comes to.
const RESULTS: [&str; 12] = [
    "kostnaden",
    "kostnaderna",
    "kostnad",
    "kostar",
    "blir",
    "totalt",
    "sammanlagt",
    "motsvarar",
    "ger",
    "uppgår",
    "totala",
    "summan",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.told().filter_map(|at| product(paper, at)).collect()
}

/// From the heading above an amount to the next.
pub(super) fn section(paper: &Paper, token: usize) -> Option<Range<usize>> {
    let blocks = paper.layout().section(paper.layout().block_of(token)?);
    let last = paper.block(blocks.end.checked_sub(1)?)?;
    Some(paper.block(blocks.start)?.tokens.start..last.tokens.end)
}

fn product(paper: &Paper, at: usize) -> Option<Remark> {
    let unit = paper.amounts().get(at)?;
    let is_time = |per: &&str| matches!(*per, "år" | "månad" | "vecka" | "dag" | "dygn");
    // "Varje byalag får 13 500 kronor per år."
    let each_noun = each_before(&paper.tokens, unit.tokens.0);
    let noun = unit.per.as_deref().filter(|per| !is_time(per)).or(each_noun.as_deref())?;
    if unit.is_cap || is_qualified(paper, at) {
        return None;
    }
    // A section of so many amounts has no one product; it keeps the check of long texts fast.
    const MOST: usize = 200;
    const MOST_TOKENS: usize = 20_000;
    let section = section(paper, unit.tokens.0)?;
    let is_short = paper.amounts_in(&section).len() <= MOST
        && paper.counts_in(&section).len() <= MOST
        && section.len() <= MOST_TOKENS;
    is_short.then_some(())?;
    let measured = measured(paper, &section, noun);
    let count = match &measured {
        Some(count) => count,
        None => only_count(paper, &section, noun)?,
    };
    let each = Value::of(paper, at);
    let product = each.clone().times(i64::try_from(count.number).ok()?)?;
    let holds = |other: usize| {
        let whole = Value::of(paper, other);
        other != at && fits(paper, &product, &whole, &each)
    };
    if product.printed <= 0 || paper.amounts_in(&section).any(holds) {
        return None;
    }
    let rates = paper.amounts_in(&section).filter(|at| is_rate(paper, *at)).count();
    let is_whole = |other: &usize| is_result(paper, at, *other, noun, rates > 1, &product);
    let mut wholes = paper.amounts_in(&section).filter(is_whole);
    let (Some(whole), None) = (wholes.next(), wholes.next()) else { return None };
    let whole = Value::of(paper, whole);
    let is_slip = is_one_slip(whole.printed, product.printed) || whole.printed % each.printed == 0;
    let mut remark = differs(paper, count, &each, &whole, &product);
    if !is_slip {
        remark.severity = Severity::Warning;
    }
    Some(remark)
}

fn is_rate(paper: &Paper, at: usize) -> bool {
    let per = paper.amounts().get(at).and_then(|amount| amount.per.as_deref());
    per.is_some_and(|per| !matches!(per, "år" | "månad"))
}

/// The number of things of a noun, where a section says one only.
fn only_count<'p>(paper: &'p Paper, section: &Range<usize>, noun: &str) -> Option<&'p Count> {
    let is_head = |count: &&Count| counts_noun(&count.noun, noun) && is_head(&count.noun, noun);
    let mut fits = paper.counts_in(section).iter().filter(is_head);
    let first = fits.next().filter(|count| count.number > 1)?;
    let is_rate = paper.has_word(&(first.tokens.1 + 1..first.tokens.1 + 2), &["per"]);
    (fits.all(|other| other.number == first.number) && !is_rate).then_some(first)
}

/// Whether a word is a plural of the noun or of a compound that ends in it: no "barnmorskemottagningar" of "barnmorska".
pub(super) fn is_head(plural: &str, noun: &str) -> bool {
    const ENDING: usize = 4;
    let stem: String = noun.chars().take(noun.chars().count().saturating_sub(1).max(3)).collect();
    plural.rfind(&stem).is_none_or(|at| plural.len() <= at + stem.len() + ENDING)
}

/// So many of a measure, where a section says one number of it only: "omfattar 1 920 kvadratmeter".
fn measured(paper: &Paper, section: &Range<usize>, noun: &str) -> Option<Count> {
    if !MEASURES.contains(&noun) {
        return None;
    }
    let read = |at: usize| {
        let number = number_at(&paper.tokens, at, false).filter(|number| number.decimals == 0)?;
        let unit = paper.tokens.get(number.last + 1).filter(|token| token.is(noun))?;
        let (first, last) = (paper.tokens.get(at)?, number.last + 1);
        let noted = Noted {
            span: Span { start: first.span.start, end: unit.span.end },
            value: number.mantissa.to_string(),
        };
        Some(Count { noted, number: number.mantissa, noun: noun.to_owned(), tokens: (at, last) })
    };
    let mut found: Vec<Count> = Vec::new();
    let mut at = section.start;
    while at < section.end {
        let count = read(at);
        at = count.as_ref().map_or(at + 1, |count| count.tokens.1);
        found.extend(count);
    }
    match found.as_slice() {
        [only] if only.number > 1 => found.pop(),
        _ => None,
    }
}

/// Whether an amount is said to be what the rate comes to: of near size, with a word of a result, and of the rate's own matter.
fn is_result(
    paper: &Paper,
    rate: usize,
    at: usize,
    noun: &str,
    is_one_of_many: bool,
    product: &Value,
) -> bool {
    let (Some(unit), Some(amount)) = (paper.amounts().get(rate), paper.amounts().get(at)) else {
        return false;
    };
    let is_alike = amount.amount.ore() < product.printed.saturating_mul(2)
        && product.printed < amount.amount.ore().saturating_mul(2);
    let sentence = paper.sentence(amount.tokens.0);
    // "Om timmarna hade varit lika många hade kostnaden blivit" counts others.
    let is_told =
        paper.has_word(&sentence, &RESULTS) && !paper.has_word(&sentence, &["hade", "skulle"]);
    if !is_alike || paper.is_crowded(&sentence) || !is_told {
        return false;
    }
    let is_plain = amount.per.as_deref().is_none_or(|per| per == "år")
        && !amount.is_cap
        && paper.table_of(amount.tokens.0).is_none()
        && paper.amounts_in(&sentence).all(|other| other == at || other == rate)
        && !is_qualified(paper, at)
        && !holds_more(paper, at);
    let words = |range: &Range<usize>| -> Vec<&str> {
        let mut words = paper.long_words(range, 8);
        words.retain(|word| !word.contains(noun));
        words
    };
    let is_named = || {
        let others = words(&paper.sentence(unit.tokens.0));
        !twin::in_common(&words(&sentence), &others).is_empty()
    };
    is_plain && (!is_one_of_many || is_named())
}
