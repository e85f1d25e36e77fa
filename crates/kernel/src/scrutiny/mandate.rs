//! Mandates: what somebody may decide against what is left to them.
//!
//! Owns: caps of mandates. Does not own: what is divided under them.
//!
//! A director who may divide at most 2,5 mkr cannot be left 5,2 mkr to divide.

use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::Paper;
use std::collections::BTreeMap;

const MAY: [&str; 9] = [
    "uppdrag",
    "mandat",
    "mandatet",
    "bemyndigas",
    "delegeras",
    "rätt",
    "besluta",
    "delegation",
    "fördela",
];

/// How the words of those who hold mandates end.
const HOLDERS: [&str; 9] = [
    "direktören",
    "direktör",
    "chefen",
    "ordföranden",
    "förvaltningen",
    "utskottet",
    "beredningen",
    "kontoret",
    "presidiet",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    // Nobody holds so many mandates.
    const MOST: usize = 40;
    let caps = paper.apart().filter_map(|at| Some((at, cap(paper, at)?)));
    let mut left: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in paper.apart() {
        if let Some(holder) = left_to(paper, at) {
            left.entry(holder).or_default().push(at);
        }
    }
    let mut remarks = Vec::new();
    for (cap, holder) in caps.take(MOST) {
        for amount in left.get(&holder).into_iter().flatten().take(MOST) {
            remarks.extend(exceeds(paper, cap, *amount, &holder).filter(|_| *amount != cap));
        }
    }
    remarks
}

fn holder(paper: &Paper, range: &std::ops::Range<usize>) -> Option<String> {
    let is_holder =
        |word: &&crate::paper::Token| HOLDERS.iter().any(|end| word.text.ends_with(end));
    paper.tokens_in(range).iter().find(is_holder).map(|token| token.text.clone())
}

/// Who may decide about at most an amount in all.
fn cap(paper: &Paper, at: usize) -> Option<String> {
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let before = sentence.start..amount.tokens.0;
    let one_by_one = paper.has_word(&sentence, &["enskilda", "enskilt", "varje", "vardera"])
        || amount.per.is_some();
    let may = paper.has_word(&before, &MAY) && amount.is_cap;
    if !may || one_by_one { None } else { holder(paper, &before) }
}

/// Who is left an amount to divide.
fn left_to(paper: &Paper, at: usize) -> Option<String> {
    let amount = paper.amounts().get(at)?;
    if amount.is_cap || amount.per.is_some() {
        return None;
    }
    let clause = paper.clause(at);
    let after = paper.tokens_in(&(amount.tokens.1 + 1..clause.end));
    let by = after.iter().position(|token| token.is("av"))?;
    let divided = after.iter().take(by).any(|token| {
        token.is_one_of(&["fördelas", "fördelade", "beslutas", "disponeras", "beviljas"])
    });
    let start = amount.tokens.1 + 1 + by;
    if divided { holder(paper, &(start..clause.end.min(start + 8))) } else { None }
}

fn exceeds(paper: &Paper, cap: usize, amount: usize, holder: &str) -> Option<Remark> {
    let (most, left) = (Value::of(paper, cap), Value::of(paper, amount));
    if left.low <= most.high {
        return None;
    }
    let (may, gets) = (Money::from_ore(most.printed), Money::from_ore(left.printed));
    let text = Text::new(
        format!("`{holder}` får fördela högst {may}, men ska fördela {gets}"),
        format!("`{holder}` may divide at most {may}, but is to divide {gets}"),
    );
    let places = [most.places(paper), left.places(paper)].concat();
    Some(
        Remark::new(Doubt::MandateDiffers, Severity::Error, text, places)
            .of_difference(&most, &left),
    )
}
