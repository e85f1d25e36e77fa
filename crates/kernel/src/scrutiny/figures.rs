//! The numbers of running text in their order, whether they are money or count things.
//!
//! Owns: which numbers of a sentence can be compared with one another. Does not own: what is said of them.
//!
//! In `från 2 400 under 2025 till 2 950 under 2026` they are 2 400 and 2 950.

use super::value::Value;
use crate::paper::lexicon::{ABOUT, AT_LEAST, NAMES_ONE, money_unit, scale};
use crate::paper::number::{is_year, number_at};
use crate::paper::{Gap, Kind, Paper, Span};
use std::ops::Range;

/// A number of the text: of money in öre, of things in millionths.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub amount: Option<usize>,
    pub value: i128,
    /// One unit of its last printed digit.
    pub digit: i128,
    pub is_exact: bool,
    pub tokens: (usize, usize),
}

impl Figure {
    /// The number that begins at a token; none that is a percentage, a year, a date or the name of something.
    pub fn at(paper: &Paper, at: usize) -> Option<Self> {
        let before = at.checked_sub(1).and_then(|at| paper.tokens.get(at));
        let is_vague =
            before.is_some_and(|token| token.is_one_of(&ABOUT) || token.is_one_of(&AT_LEAST));
        if let Some(found) = paper.amounts_in(&(at..at + 1)).next() {
            return Self::of(paper, found);
        }
        let number = number_at(&paper.tokens, at, false).filter(|one| one.decimals <= 6)?;
        let only = (number.last == at).then(|| paper.tokens.get(at)).flatten();
        let next = paper.tokens.get(number.last + 1);
        let is_other = next.is_some_and(|next| {
            let is_unit = money_unit(&next.text).is_some() || scale(&next.text).is_some();
            is_unit
                || next.is_mark('%')
                || next.is_mark('/')
                || next.is_one_of(&["procent", "procentenheter", "kap"])
        });
        let is_name = before.is_some_and(|token| {
            token.is_one_of(&NAMES_ONE) || token.is_mark('§') || token.is_mark('/')
        });
        let is_date = !paper.dates_in(&(at.saturating_sub(4)..at + 1)).iter().all(|date| {
            let (first, last) = date.tokens;
            number.last < first || last < at
        });
        let is_plain_year = only.is_some_and(|token| is_year(&token.text));
        // "9" at the end of a line before "980" is half a number.
        let is_half = next.is_some_and(|next| next.kind == Kind::Digits && next.gap == Gap::Line);
        if is_half || is_other || is_name || is_date || is_plain_year {
            return None;
        }
        let digit = 10_i128.pow(6 - number.decimals);
        let value = number.mantissa.checked_mul(digit).filter(|value| *value < 1 << 80)?;
        let tokens = (at, number.last);
        Some(Self { amount: None, value, digit, is_exact: !is_vague, tokens })
    }

    /// An amount of the text, by its place among them.
    pub fn of(paper: &Paper, at: usize) -> Option<Self> {
        let amount = paper.amounts().get(at)?;
        let value = Value::printed_of(paper, at);
        Some(Self {
            amount: Some(at),
            value: i128::from(value.printed),
            digit: i128::from(amount.last_digit.ore()),
            is_exact: value.is_exact() && !amount.is_cap,
            tokens: amount.tokens,
        })
    }

    /// The numbers that begin within some tokens.
    pub fn all(paper: &Paper, range: &Range<usize>) -> Vec<Self> {
        let (mut found, mut at) = (Vec::new(), range.start);
        while at < range.end {
            let is_number = paper.tokens.get(at).is_some_and(|token| token.kind == Kind::Digits);
            let one = if is_number || !paper.amounts_in(&(at..at + 1)).is_empty() {
                Self::at(paper, at)
            } else {
                None
            };
            at = one.as_ref().map_or(at, |one: &Self| one.tokens.1) + 1;
            found.extend(one);
        }
        found
    }

    /// Whether two can be of the same kind of thing.
    pub const fn is_like(&self, other: &Self) -> bool {
        self.amount.is_some() == other.amount.is_some()
    }

    pub fn span(&self, paper: &Paper) -> Span {
        paper.span(&(self.tokens.0..self.tokens.1 + 1))
    }

    /// What it is per.
    pub fn per<'p>(&self, paper: &'p Paper) -> Option<&'p str> {
        self.amount.and_then(|at| paper.amounts().get(at)).and_then(|amount| amount.per.as_deref())
    }
}
