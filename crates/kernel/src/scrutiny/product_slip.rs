//! So many at so much wherever the rate, the number and what they come to stand in the text, where one slip makes them fit.
//!
//! Owns: products over sections, and lengths and weights in another unit than the rate's. Does not own: products of one sentence
//! (`units`) or one section (`product`).
//!
//! `12,4 kilometer förnyas. Kostnaden är 6 250 kronor per meter, vilket ger 75,7 miljoner kronor` is 77,5 with two digits swapped.

use super::product::{is_head, section};
use super::reconcile::{is_one_slip, is_telling, shift};
use super::twice::is_qualified;
use super::units::{can_be, counts_noun, holds_more};
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::number::number_at;
use crate::paper::{Paper, Span};
use std::ops::Range;

/// How many rates, and how many numbers and amounts around each, are looked at; it keeps the check of long texts fast.
const MOST_RATES: usize = 300;
const AROUND: usize = 150;

/// Measures of one kind, each with how many of the smallest it is.
const MEASURED: [(&[&str], i64); 6] = [
    (&["meter", "m"], 1),
    (&["kilometer", "km"], 1_000),
    (&["kvadratmeter", "kvm"], 1),
    (&["hektar", "ha"], 10_000),
    (&["kilo", "kg"], 1),
    (&["ton"], 1_000),
];

/// The measures that can be told in one another, by their places among all.
const KINDS: [Range<usize>; 3] = [0..2, 2..4, 4..6];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let is_rate = |at: &usize| {
        paper.amounts().get(*at).and_then(|amount| amount.per.as_deref()).is_some_and(|per| {
            !matches!(per, "år" | "månad" | "vecka" | "dag" | "dygn" | "kvartal" | "halvår")
        })
    };
    let rates = paper.told().filter(is_rate).take(MOST_RATES);
    rates.filter_map(|at| of_rate(paper, at)).collect()
}

/// A number of what a rate is per: so many of so many parts of it.
struct Number {
    parts: i64,
    whole: i64,
    span: Span,
}

impl Number {
    fn times(&self, each: &Value) -> Option<Value> {
        let mut product = each.clone().times(self.parts)?;
        (product.printed % self.whole == 0).then_some(())?;
        for value in [&mut product.printed, &mut product.low, &mut product.high] {
            *value /= self.whole;
        }
        Some(product)
    }
}

fn of_rate(paper: &Paper, at: usize) -> Option<Remark> {
    let unit = paper.amounts().get(at)?;
    let noun = unit.per.as_deref()?;
    let each = Value::of(paper, at);
    if unit.is_cap || is_qualified(paper, at) || !each.is_exact() || each.printed <= 0 {
        return None;
    }
    let numbers = numbers(paper, unit.tokens.0, noun);
    let wholes: Vec<usize> = near(paper, at).filter(|other| is_whole(paper, *other)).collect();
    let products: Vec<(&Number, Value)> =
        numbers.iter().filter_map(|number| Some((number, number.times(&each)?))).collect();
    let holds = |(_, product): &(&Number, Value)| {
        wholes.iter().any(|whole| can_be(paper, product, &Value::of(paper, *whole), &each))
    };
    if products.is_empty() || products.iter().any(holds) {
        return None;
    }
    let own = section(paper, unit.tokens.0)?;
    let found = wholes.iter().filter(|whole| is_linked(paper, at, **whole, noun, &own));
    let mut slips: Vec<(Value, &Number, &Value)> = Vec::new();
    for whole in found.map(|whole| Value::of(paper, *whole)) {
        let near = products.iter().filter(|(of, product)| {
            is_slip(of, product, &whole, &each) || is_unit_slip(paper, product, &whole)
        });
        slips.extend(near.map(|(number, product)| (whole.clone(), *number, product)));
    }
    let [(whole, number, product)] = slips.as_slice() else { return None };
    let amount = paper.amounts().get(*whole.of.first()?)?;
    // That things of other sections belong together is a guess, and that "exklusive moms" is said of both.
    let is_near =
        own.contains(&amount.tokens.0) && !whole.of.iter().any(|at| holds_more(paper, *at));
    let severity = if is_near { Severity::Error } else { Severity::Warning };
    Some(remark(paper, number, &each, whole, product, severity))
}

/// Amounts around another, by their places.
fn near(paper: &Paper, at: usize) -> impl Iterator<Item = usize> {
    let all = at.saturating_sub(AROUND)..paper.amounts().len().min(at + AROUND);
    all.filter(move |other| *other != at)
}

fn is_whole(paper: &Paper, at: usize) -> bool {
    paper.is_told(at)
        && paper.amounts().get(at).is_some_and(|amount| {
            amount.per.is_none() && !amount.is_cap && !amount.is_each && amount.amount.ore() > 0
        })
        && Value::of(paper, at).is_exact()
}

/// The numbers around a place of what a rate is per.
fn numbers(paper: &Paper, at: usize, noun: &str) -> Vec<Number> {
    if let Some(own) = MEASURED.iter().position(|(names, _)| names.contains(&noun)) {
        return measured(paper, at, own);
    }
    let next = paper.counts.partition_point(|count| count.tokens.0 < at);
    let around = next.saturating_sub(AROUND)..paper.counts.len().min(next + AROUND);
    let counts = paper.counts.get(around).unwrap_or_default().iter();
    let fits = counts.filter(|count| {
        count.number > 1 && counts_noun(&count.noun, noun) && is_head(&count.noun, noun)
    });
    let of = |count: &crate::paper::Count| {
        Some(Number { parts: i64::try_from(count.number).ok()?, whole: 1, span: count.noted.span })
    };
    fits.filter_map(of).collect()
}

/// Numbers of a measure or of another of its kind within the section: "12,4 kilometer" of a rate per metre.
fn measured(paper: &Paper, at: usize, own: usize) -> Vec<Number> {
    const MOST_TOKENS: usize = 2_000;
    let kind = KINDS.into_iter().find(|kind| kind.contains(&own)).unwrap_or(0..0);
    let unit = MEASURED.get(own).map_or(1, |(_, of)| *of);
    let measures = MEASURED.get(kind).unwrap_or_default();
    let Some(section) = section(paper, at) else { return Vec::new() };
    let read = |at: usize| {
        let number = number_at(&paper.tokens, at, false).filter(|number| number.decimals <= 3)?;
        let word = paper.tokens.get(number.last + 1)?;
        let (_, of) = measures.iter().find(|(names, _)| word.is_one_of(names))?;
        let span = paper.span(&(at..number.last + 2));
        let parts = i64::try_from(number.mantissa).ok()?.checked_mul(*of)?;
        Some(Number { parts, whole: 10_i64.pow(number.decimals) * unit, span })
    };
    section.take(MOST_TOKENS).filter_map(read).collect()
}

/// Whether an amount is of the rate's own matter: in its section with what is counted named, or elsewhere with that or the subject of the
/// rate's sentence right at it.
fn is_linked(paper: &Paper, rate: usize, at: usize, noun: &str, section: &Range<usize>) -> bool {
    const BEGINS: usize = 4;
    let (Some(unit), Some(amount)) = (paper.amounts().get(rate), paper.amounts().get(at)) else {
        return false;
    };
    let sentence = paper.sentence(amount.tokens.0);
    let (own, stem) = (paper.sentence(unit.tokens.0), stem(noun));
    if paper.is_crowded(&sentence) || is_qualified(paper, at) {
        return false;
    }
    let names = || paper.tokens_in(&sentence).iter().any(|token| token.text.contains(&stem));
    let begin = |text: &str| text.chars().take(BEGINS).collect::<String>();
    let subject = paper.tokens_in(&own).first().filter(|token| token.text.len() > BEGINS);
    let is_subject = || {
        let near = paper.before(amount, 3);
        let is_it = |begins: &str| near.iter().any(|token| token.text.starts_with(begins));
        subject.is_some_and(|subject| is_it(&begin(&subject.text)))
    };
    let is_here = section.contains(&amount.tokens.0);
    sentence == own || names() && (is_here || is_subject()) || is_here && is_subject()
}

fn stem(noun: &str) -> String {
    let letters = noun.chars().count();
    noun.chars().take(letters.saturating_sub(usize::from(letters > 4)).max(3)).collect()
}

/// Whether one slip in the rate, the number or the amount makes the product hold.
fn is_slip(number: &Number, product: &Value, whole: &Value, each: &Value) -> bool {
    let of_each = whole
        .printed
        .checked_mul(number.whole)
        .filter(|all| all.checked_rem(number.parts) == Some(0));
    let each_is = of_each.and_then(|all| all.checked_div(number.parts));
    let count_is = (number.whole == 1 && whole.printed.checked_rem(each.printed) == Some(0))
        .then(|| whole.printed / each.printed);
    let is_rate = each_is.is_some_and(|one| is_telling(one) && is_one_slip(one, each.printed));
    let is_number =
        count_is.is_some_and(|count| number.parts >= 100 && is_one_slip(count, number.parts));
    let is_amount = is_telling(product.printed) && is_one_slip(product.printed, whole.printed);
    is_rate || is_number || is_amount
}

/// Whether an amount that is said to be the product is it in the wrong unit: "15 hektar …, det vill säga 45 000 tkr".
fn is_unit_slip(paper: &Paper, product: &Value, whole: &Value) -> bool {
    const IS: [&str; 7] = ["säga", "dvs", "totalt", "sammanlagt", "blir", "ger", "motsvarar"];
    let amount = whole.of.first().and_then(|at| paper.amounts().get(*at));
    let is_said =
        amount.is_some_and(|one| paper.before(one, 2).iter().any(|token| token.is_one_of(&IS)));
    is_said && shift(product.printed, whole.printed).is_some_and(|factor| factor >= 1_000)
}

fn remark(
    paper: &Paper,
    number: &Number,
    each: &Value,
    whole: &Value,
    product: &Value,
    severity: Severity,
) -> Remark {
    let (difference, ..) = whole.minus(product);
    let (said, unit) = (words(&paper.text(number.span)), Money::from_ore(each.printed));
    let (stated, computed) = (Money::from_ore(whole.printed), Money::from_ore(product.printed));
    let text = Text::new(
        format!(
            "`{said}` à `{unit}` blir {computed}, men texten säger {stated}: skillnaden är {difference}"
        ),
        format!(
            "`{said}` at `{unit}` is {computed}, but the text says {stated}: the difference is {difference}"
        ),
    );
    let places = [vec![number.span], each.places(paper), whole.places(paper)].concat();
    Remark::new(Doubt::CountDiffers, severity, text, places).of_difference(whole, product)
}
