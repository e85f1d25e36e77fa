//! Figures that are nearly alike: hardly two things.
//!
//! Owns: which figures to the krona are one slip from one another, and the search for pairs. Does not own: what is said of one
//! thing in words (`twice`).
//!
//! `7 191 722 kronor` and, elsewhere, `7 119 722 kronor` are one figure with two digits swapped.

use super::Remark;
use super::reconcile::is_one_slip;
use super::twice::remark;
use crate::finding::Severity;
use crate::money::Money;
use crate::paper::{Amount, Paper};
use std::collections::{BTreeMap, BTreeSet};

/// Figures that are one slip from one another; one that is so from many others is of a series.
pub(super) fn slips(paper: &Paper) -> Vec<Remark> {
    const SERIES: usize = 3;
    let all = 0..paper.amounts().len();
    let figures: Vec<usize> = all.filter(|at| is_precise(paper, *at)).collect();
    let value = |at: &usize| paper.amounts().get(*at).map(|amount| amount.amount);
    let pairs: Vec<(usize, usize)> = nearly_alike(paper, &figures)
        .into_iter()
        .filter(|(first, second)| value(first) != value(second))
        .collect();
    let mut alike: BTreeMap<Option<Money>, BTreeSet<Option<Money>>> = BTreeMap::new();
    for (first, second) in &pairs {
        alike.entry(value(first)).or_default().insert(value(second));
        alike.entry(value(second)).or_default().insert(value(first));
    }
    let is_series = |at: &usize| alike.get(&value(at)).is_some_and(|others| others.len() > SERIES);
    let single = pairs.into_iter().filter(|(a, b)| !is_series(a) && !is_series(b));
    let mut remarks: Vec<Remark> =
        single.filter_map(|(first, second)| near(paper, first, second)).collect();
    remarks.extend(swapped(paper));
    remarks
}

/// Rounder figures with two neighbouring digits swapped, in parts of the text apart: hardly two things either.
fn swapped(paper: &Paper) -> Vec<Remark> {
    const TELLING: usize = 4;
    const LEAST: i64 = 100_000;
    let is_stated = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            let kronor = amount.amount.ore() / 100;
            let telling = kronor.to_string().trim_end_matches('0').len();
            kronor >= LEAST
                && telling >= TELLING
                && !is_precise(paper, *at)
                && amount.per.is_none()
                && paper.table_of(amount.tokens.0).is_none()
        })
    };
    let figures: Vec<usize> = (0..paper.amounts().len()).filter(is_stated).collect();
    let remark = |(first, second): (usize, usize)| {
        let (a, b) = (paper.amounts().get(first)?, paper.amounts().get(second)?);
        let (x, y) = (a.amount.ore(), b.amount.ore());
        let is_swap = is_one_slip(x, y) && digit_sum(x) == digit_sum(y);
        let named = |at: usize| paper.recipient_of(at).map(|one| &one.key);
        let are_two = matches!((named(first), named(second)), (Some(a), Some(b)) if a != b);
        (is_swap && !are_two && is_apart(paper, first, second))
            .then(|| remark(paper, first, second, Severity::Warning))
    };
    nearly_alike(paper, &figures).into_iter().filter_map(remark).collect()
}

fn digit_sum(ore: i64) -> u32 {
    ore.to_string().chars().filter_map(|digit| digit.to_digit(10)).sum()
}

fn near(paper: &Paper, first: usize, second: usize) -> Option<Remark> {
    let (a, b) = (paper.amounts().get(first)?, paper.amounts().get(second)?);
    if !is_apart(paper, first, second) || !is_one_slip(a.amount.ore() / 100, b.amount.ore() / 100) {
        return None;
    }
    // What is stated in thousands is so near by chance more often.
    let is_fine = |amount: &Amount| amount.last_digit.ore() <= 100;
    let severity = if is_fine(a) && is_fine(b) { Severity::Error } else { Severity::Warning };
    Some(remark(paper, first, second, severity))
}

/// Whether two amounts stand in different sentences, lists and tables and are not of different years.
fn is_apart(paper: &Paper, first: usize, second: usize) -> bool {
    let (Some(a), Some(b)) = (paper.amounts().get(first), paper.amounts().get(second)) else {
        return false;
    };
    let is_beside =
        paper.sentence(a.tokens.0) == paper.sentence(b.tokens.0) || siblings(paper, a, b);
    let (years, other_years) = (paper.years_of(first), paper.years_of(second));
    let is_other_year = !years.is_empty() && !other_years.is_empty() && years != other_years;
    !is_beside && !is_other_year
}

/// Whether two amounts stand in one list or table.
fn siblings(paper: &Paper, a: &Amount, b: &Amount) -> bool {
    let list = |amount: &Amount| {
        let block = paper.layout().block_of(amount.tokens.0)?;
        paper.layout().item_of(block).map(|(list, _)| list)
    };
    let table = |amount: &Amount| paper.table_of(amount.tokens.0);
    (list(a).is_some() && list(a) == list(b)) || (table(a).is_some() && table(a) == table(b))
}

/// A figure of seven digits or more, to the krona or with six that tell something: two that are nearly alike are hardly two things.
fn is_precise(paper: &Paper, at: usize) -> bool {
    let Some(amount) = paper.amounts().get(at) else { return false };
    let kronor = amount.amount.ore() / 100;
    let is_cell = paper.table_of(amount.tokens.0).is_some() && !amount.is_total;
    let telling = kronor.abs().to_string().trim_end_matches('0').len();
    let is_to_the_krona = kronor % 1_000 != 0 && amount.last_digit.ore() <= 100;
    kronor.abs() >= 1_000_000
        && (is_to_the_krona || telling >= 6)
        && amount.per.is_none()
        && !is_cell
}

/// Pairs of figures that have all digits but one in common, or all but two neighbours.
fn nearly_alike(paper: &Paper, figures: &[usize]) -> BTreeSet<(usize, usize)> {
    let masked = |at: usize| {
        let kronor = paper.amounts().get(at).map_or(0, |amount| amount.amount.ore() / 100);
        let digits = kronor.to_string();
        let count = digits.len();
        (0..count).flat_map(move |from| {
            let (head, rest) = digits.split_at(from);
            let (one, two) = (rest.get(1..).unwrap_or_default(), rest.get(2..).unwrap_or_default());
            [format!("{head}?{one}"), format!("{head}??{two}")]
        })
    };
    with_common(figures.iter().flat_map(|at| masked(*at).map(move |label| (label, *at))))
}

/// With how many of those that follow an amount is compared; it keeps the reading of long texts fast.
const MOST_PAIRS: usize = 200;

/// The pairs among amounts that have some label in common, in the order of the text.
pub(super) fn with_common<L: Ord>(
    labelled: impl Iterator<Item = (L, usize)>,
) -> BTreeSet<(usize, usize)> {
    let mut by_label: BTreeMap<L, Vec<usize>> = BTreeMap::new();
    for (label, at) in labelled {
        by_label.entry(label).or_default().push(at);
    }
    let mut pairs = BTreeSet::new();
    for alike in by_label.values() {
        for (at, first) in alike.iter().enumerate() {
            pairs
                .extend(alike.iter().skip(at + 1).take(MOST_PAIRS).map(|second| (*first, *second)));
        }
    }
    pairs
}
