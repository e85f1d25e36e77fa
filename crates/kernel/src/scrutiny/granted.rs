//! The money that a text is about.
//!
//! Owns: which amounts somebody gets as a grant or frame. Does not own: what is made of it.
//!
//! In `Regionen tilldelas 70 mkr i statsbidrag` the money is 70 000 000 kr.

use crate::paper::twin::is_rounding;
use crate::paper::{Amount, Paper};
use std::collections::BTreeSet;

/// The amounts of running text that somebody gets as a grant or frame, in the order of the text.
pub(super) fn granted(paper: &Paper) -> Vec<usize> {
    const MONEY: [&str; 14] = [
        "statsbidrag",
        "statsbidraget",
        "bidrag",
        "bidraget",
        "medel",
        "medlen",
        "anslag",
        "anslaget",
        "ram",
        "ramen",
        "stimulansmedel",
        "ersättningsram",
        "disponerar",
        "fördela",
    ];
    const IS_GIVEN: [&str; 15] = [
        "erhåller",
        "tilldelas",
        "tillförs",
        "får",
        "disponerar",
        "tillförda",
        "tilldelade",
        "uppgår",
        "beviljas",
        "avsatt",
        "avsätter",
        "beviljats",
        "tilldelats",
        "fått",
        "fördela",
    ];
    let is_granted = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            let sentence = || paper.sentence(amount.tokens.0);
            amount.per.is_none()
                && (is_apposed(paper, amount)
                    || (paper.has_word(&sentence(), &IS_GIVEN)
                        && (*at == 0 || paper.has_word(&sentence(), &MONEY))))
        })
    };
    paper.told().filter(is_granted).collect()
}

/// "Statsbidraget för år 2025, 84 360 000 kronor, fördelas": the amount between commas after what is divided.
fn is_apposed(paper: &Paper, amount: &Amount) -> bool {
    const MOST: usize = 6;
    let sentence = paper.sentence(amount.tokens.0);
    let mark = |at: usize| paper.tokens.get(at).is_some_and(|token| token.is_mark(','));
    let is_between = amount.tokens.0.checked_sub(1).is_some_and(mark) && mark(amount.tokens.1 + 1);
    let before = amount.tokens.0.saturating_sub(MOST).max(sentence.start)..amount.tokens.0;
    let after = amount.tokens.1 + 2..amount.tokens.1 + 4;
    is_between
        && paper.has_word(&before, &super::items::FUNDS)
        && paper.has_word(&after, &["fördelas", "delas"])
}

/// The money that the text is about: the first grant or frame before a token, of the years asked for.
pub(super) fn principal(
    paper: &Paper,
    granted: &[usize],
    until: usize,
    of: &BTreeSet<i32>,
) -> Option<usize> {
    let is_before =
        |at: &usize| paper.amounts().get(*at).is_some_and(|amount| amount.tokens.0 < until);
    let fits = |at: &usize| {
        let years = if of.is_empty() { BTreeSet::new() } else { paper.years_of(*at) };
        years.is_empty() || years.intersection(of).next().is_some()
    };
    // Of very many the first are looked at.
    const MOST: usize = 200;
    let mut found = granted.iter().copied().take_while(is_before).take(MOST);
    let first = found.find(fits)?;
    // Of the same money the finest figure is taken.
    let coarse = paper.amounts().get(first)?;
    let is_finer =
        |at: &usize| paper.amounts().get(*at).is_some_and(|fine| is_rounding(coarse, fine));
    Some(found.find(|at| is_finer(at) && fits(at)).unwrap_or(first))
}
