//! Sums and products that are written out: `24 × 4 000 kr × 12 = 1 152 000 kr`.
//!
//! Owns: what stands before an equals sign. Does not own: sums in words (`prose`).
//!
//! `3,5 mkr + 2 mkr = 6,5 mkr` is 1 mkr too much.

use super::Remark;
use super::prose::broken;
use super::value::Value;
use crate::finding::Severity;
use crate::paper::number::number_at;
use crate::paper::{Gap, Kind, Paper, Span, Token};
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.apart().filter_map(|at| equation(paper, at)).collect()
}

/// Products of rows that nothing else tells of.
pub(super) fn in_rows(paper: &Paper, told: &[Remark]) -> Vec<Remark> {
    let is_new = |remark: &Remark| {
        let is_told = |place: &Span| told.iter().any(|other| other.places.contains(place));
        !remark.places.last().is_some_and(is_told)
    };
    paper.apart().filter_map(|at| in_row(paper, at)).filter(is_new).collect()
}

/// "700 × 174 kr   121 800 kr": a product and, in the column after it, what it comes to.
fn in_row(paper: &Paper, at: usize) -> Option<Remark> {
    let whole = paper.amounts().get(at).filter(|whole| whole.per.is_none())?;
    let first = paper.tokens.get(whole.tokens.0).filter(|token| token.gap == Gap::Wide)?;
    let line = crate::paper::line::of_token(&paper.lines, whole.tokens.0)?;
    let range = line.tokens.start..whole.tokens.0;
    let is_one = paper.tokens_in(&range).iter().filter(|token| is_times(token)).count() == 1;
    let product = factors(paper, &range).filter(|_| is_one && first.kind == Kind::Digits)?;
    broken(paper, &Value::of(paper, at), &[product], Severity::Error)
}

/// The amount after an equals sign against what stands before the sign on its line.
fn equation(paper: &Paper, at: usize) -> Option<Remark> {
    let whole = paper.amounts().get(at)?;
    let equals = whole.tokens.0.checked_sub(1)?;
    paper.tokens.get(equals).filter(|token| token.is_mark('='))?;
    let ends = |at: &usize| {
        paper
            .tokens
            .get(*at)
            .is_some_and(|token| matches!(token.kind, Kind::Mark('=' | ':' | ';' | '|')))
    };
    let sentence = paper.sentence(equals);
    let start = (sentence.start..equals).rev().find(ends).map_or(sentence.start, |at| at + 1);
    let range = start..equals;
    let stated = Value::of(paper, at);
    let parts = match (factors(paper, &range), terms(paper, &range)) {
        (Some(product), _) => vec![product],
        (None, Some(terms)) => terms,
        (None, None) => return None,
    };
    broken(paper, &stated, &parts, Severity::Error)
}

fn is_times(token: &Token) -> bool {
    token.is_one_of(&["x", "à", "gånger"]) || matches!(token.kind, Kind::Mark('×' | '*' | '·'))
}

/// The tokens between signs.
fn between(
    paper: &Paper,
    range: &Range<usize>,
    is_sign: impl Fn(&Token) -> bool,
) -> Vec<Range<usize>> {
    let signs = range.clone().filter(|at| paper.tokens.get(*at).is_some_and(&is_sign));
    let mut found = Vec::new();
    let mut start = range.start;
    for sign in signs.chain([range.end]) {
        found.push(start..sign);
        start = sign + 1;
    }
    found
}

/// One amount and the numbers that it is multiplied by.
fn factors(paper: &Paper, range: &Range<usize>) -> Option<Value> {
    const MOST: usize = 6;
    let all = between(paper, range, is_times);
    if !(2..=MOST).contains(&all.len()) {
        return None;
    }
    let [amount] = paper.amounts_in(range).collect::<Vec<_>>()[..] else { return None };
    let tokens = paper.amounts().get(amount)?.tokens;
    let mut product = Value::of(paper, amount);
    for factor in all.iter().filter(|factor| !factor.contains(&tokens.0)) {
        let numbers = factor.clone().filter_map(|at| number_at(&paper.tokens, at, false));
        let [number] = numbers.collect::<Vec<_>>()[..] else { return None };
        let count = i64::try_from(number.mantissa).ok().filter(|_| number.decimals == 0)?;
        product = product.times(count)?;
    }
    Some(product)
}

/// Amounts with a plus between.
fn terms(paper: &Paper, range: &Range<usize>) -> Option<Vec<Value>> {
    let all = between(paper, range, |token| token.is_mark('+'));
    let one = |range: &Range<usize>| match paper.amounts_in(range).collect::<Vec<_>>()[..] {
        [only] => Some(Value::of(paper, only)),
        _ => None,
    };
    all.iter().map(one).collect::<Option<Vec<_>>>().filter(|terms| terms.len() > 1)
}
