//! What is paid with a twelfth every month.
//!
//! Owns: amounts per month of a paragraph that speaks of twelfths. Does not own: so much a month against so much a year (`each`).
//!
//! Of `106 996 kr` paid `med en tolftedel varje månad` `8 961 kronor per månad` is 45 kr too much.

use super::reconcile::is_one_slip;
use super::value::Value;
use super::{Doubt, Remark};
use crate::fact::Precision;
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::Paper;
use std::collections::BTreeMap;

/// Months of a year.
const MONTHS: i64 = 12;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let says = ["tolftedel", "tolftedelar", "månadsvis"];
    let blocks = paper.layout().blocks.iter().filter(|block| paper.has_word(&block.tokens, &says));
    let monthly = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            amount.precision == Precision::Exact
                && amount.last_digit == Money::from_ore(100)
                && (amount.per.as_deref() == Some("månad")
                    || amount.per.is_none()
                        && paper.has_word(&paper.sentence(amount.tokens.0), &["månadsvis"]))
        })
    };
    let all: Vec<usize> =
        blocks.flat_map(|block| paper.amounts_in(&block.tokens)).filter(monthly).collect();
    if all.is_empty() {
        return Vec::new();
    }
    // The amounts of the text by a twelfth of them in whole kronor, rounded half up.
    let mut by_twelfth: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, amount) in paper.amounts().iter().enumerate() {
        let kronor = amount.amount.ore() / 100;
        by_twelfth.entry((kronor * 2 + MONTHS) / (MONTHS * 2)).or_insert(at);
    }
    all.into_iter().filter_map(|at| differs(paper, &by_twelfth, at)).collect()
}

/// An amount per month that is one slip from a twelfth of an amount, and a twelfth of none.
fn differs(paper: &Paper, by_twelfth: &BTreeMap<i64, usize>, at: usize) -> Option<Remark> {
    const MOST: usize = 500;
    let kronor = paper.amounts().get(at)?.amount.ore() / 100;
    if by_twelfth.range(kronor - 1..=kronor + 1).next().is_some() || by_twelfth.len() > MOST {
        return None;
    }
    let mut slips = by_twelfth.iter().filter(|(twelfth, _)| is_one_slip(**twelfth, kronor));
    let (Some((right, of)), None) = (slips.next(), slips.next()) else { return None };
    let (stated, whole) = (Value::of(paper, at), Value::of(paper, *of));
    let (said, right, year) = (
        Money::from_ore(stated.printed),
        Money::from_ore(right * 100),
        Money::from_ore(whole.printed),
    );
    let text = Text::new(
        format!("en tolftedel av {year} är {right}, men texten säger {said}"),
        format!("a twelfth of {year} is {right}, but the text says {said}"),
    );
    let places = [stated.places(paper), whole.places(paper)].concat();
    let mut remark =
        Remark::new(Doubt::ShareDiffers, Severity::Error, text, places).off_by(said - right);
    remark.reconciles_by = Some(Text::new(
        format!("beloppet ändras till {right}"),
        format!("the amount becomes {right}"),
    ));
    Some(remark)
}
