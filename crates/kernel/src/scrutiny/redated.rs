//! A day stated twice: until when, from when.
//!
//! Owns: which two days are said of the same thing. Does not own: payment before the decision (`dates`).
//!
//! `förlänger avtalet om familjerådgivning till och med den 31 mars 2028` and, below, `… till och med den 31 maj 2028` are one day.

use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::{Dated, Paper, twin};

/// Words of an earlier or another day.
const IS_OTHER: [&str; 14] = [
    "tidigare",
    "ursprungligen",
    "delrapport",
    "dels",
    "första",
    "andra",
    "sedan",
    "löpte",
    "löper",
    "gällde",
    "medan",
    "respektive",
    "därefter",
    "nuvarande",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    // A text of more such days has a calendar.
    const MOST: usize = 60;
    let led: Vec<(&Dated, &str)> = paper
        .dates
        .iter()
        .filter(|date| date.is_full)
        .filter_map(|date| Some((date, lead(paper, date)?)))
        .take(MOST)
        .collect();
    let pairs = led
        .iter()
        .enumerate()
        .flat_map(|(at, one)| led.iter().skip(at + 1).map(move |other| (one, other)));
    pairs
        .filter(|(one, other)| one.1 == other.1)
        .filter_map(|(one, other)| differs(paper, one.0, other.0))
        .collect()
}

/// How a day is led in: "till och med den", "från och med den". How late something may be done differs from thing to thing.
fn lead(paper: &Paper, date: &Dated) -> Option<&'static str> {
    let before = paper.tokens_in(&(date.tokens.0.saturating_sub(4)..date.tokens.0));
    let has = |word: &str| before.iter().any(|token| token.is(word));
    match () {
        () if has("till") && has("med") => Some("till"),
        () if has("från") && has("med") => Some("från"),
        () => None,
    }
}

fn differs(paper: &Paper, one: &Dated, other: &Dated) -> Option<Remark> {
    let (a, b) = (one.last?, other.last?);
    let (first, second) = (paper.sentence(one.tokens.0), paper.sentence(other.tokens.0));
    let block = |at: usize| paper.layout().block_of(at);
    let is_plain = |range: &std::ops::Range<usize>| {
        !paper.has_word(range, &IS_OTHER) && paper.dates_in(range).len() == 1
    };
    let is_apart = first != second && block(one.tokens.0) != block(other.tokens.0);
    // Another year is another period; a day or a month alone is a slip.
    let is_near = a.year() == b.year() && a != b;
    if !is_near || !is_apart || !is_plain(&first) || !is_plain(&second) {
        return None;
    }
    let common = twin::in_common(&paper.long_words(&first, 6), &paper.long_words(&second, 6));
    if common.len() < 3 {
        return None;
    }
    let (x, y) = (words(&paper.text(one.noted.span)), words(&paper.text(other.noted.span)));
    let text = Text::new(
        format!("samma dag anges som `{x}` på ett ställe och `{y}` på ett annat"),
        format!("the same day is given as `{x}` in one place and `{y}` in another"),
    );
    Some(Remark::new(
        Doubt::StatedTwice,
        Severity::Warning,
        text,
        vec![one.noted.span, other.noted.span],
    ))
}
