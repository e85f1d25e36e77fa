//! Figures that are nearly alike: hardly two things.
//!
//! Owns: which figures to the krona are one slip from one another, and the search for pairs. Does not own: what is said of one
//! thing in words (`twice`).
//!
//! `7 191 722 kronor` and, elsewhere, `7 119 722 kronor` are one figure with two digits swapped.

use super::Remark;
use super::gathered::Gathered;
use super::reconcile::is_one_slip;
use super::twice::remark;
use crate::finding::Severity;
use crate::money::Money;
use crate::paper::{Amount, Paper};
use std::collections::{BTreeMap, BTreeSet};

/// Figures that are one slip from one another.
pub(super) fn slips(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let figures = ByValue::of(paper, |at| is_precise(paper, at));
    let pairs = single(figures.nearly_alike().into_iter().collect());
    let places = pairs.iter().flat_map(|(one, other)| figures.places(*one, *other));
    let mut remarks: Vec<Remark> =
        places.filter_map(|(first, second)| near(paper, gathered, first, second)).collect();
    remarks.extend(swapped(paper, gathered));
    remarks
}

/// Rounder figures with two neighbouring digits swapped, in parts of the text apart: hardly two things either.
fn swapped(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
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
                && paper.is_told(*at)
        })
    };
    let figures = ByValue::of(paper, |at| is_stated(&at));
    let remark = |(first, second): (usize, usize)| {
        let named = |at: usize| paper.recipient_of(at).map(|one| &one.key);
        let are_two = matches!((named(first), named(second)), (Some(a), Some(b)) if a != b);
        (!are_two && is_apart(paper, first, second))
            .then(|| remark(paper, gathered, first, second, Severity::Warning))
    };
    let is_swap = |(one, other): &(Money, Money)| {
        let (x, y) = (one.ore(), other.ore());
        is_one_slip(x, y) && digit_sum(x) == digit_sum(y)
    };
    let pairs = single(figures.nearly_alike().into_iter().filter(is_swap).collect());
    let places = pairs.iter().flat_map(|(one, other)| figures.places(*one, *other));
    places.filter_map(remark).collect()
}

/// The pairs without those of figures that are so from many others: they are of a series.
fn single(pairs: Vec<(Money, Money)>) -> Vec<(Money, Money)> {
    const SERIES: usize = 3;
    let mut alike: BTreeMap<Money, usize> = BTreeMap::new();
    for (one, other) in &pairs {
        *alike.entry(*one).or_default() += 1;
        *alike.entry(*other).or_default() += 1;
    }
    let is_series = |value: &Money| alike.get(value).is_some_and(|others| *others > SERIES);
    pairs.into_iter().filter(|(one, other)| !is_series(one) && !is_series(other)).collect()
}

fn digit_sum(ore: i64) -> u32 {
    ore.to_string().chars().filter_map(|digit| digit.to_digit(10)).sum()
}

fn near(paper: &Paper, gathered: &Gathered, first: usize, second: usize) -> Option<Remark> {
    let (a, b) = (paper.amounts().get(first)?, paper.amounts().get(second)?);
    if !is_apart(paper, first, second) || !is_one_slip(a.amount.ore() / 100, b.amount.ore() / 100) {
        return None;
    }
    // What is stated in thousands is so near by chance more often.
    let is_fine = |amount: &Amount| amount.last_digit.ore() <= 100;
    let severity = if is_fine(a) && is_fine(b) { Severity::Error } else { Severity::Warning };
    Some(remark(paper, gathered, first, second, severity))
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
    let (list, table) = (paper.list_at(a.tokens.0), paper.table_of(a.tokens.0));
    (list.is_some() && list == paper.list_at(b.tokens.0))
        || (table.is_some() && table == paper.table_of(b.tokens.0))
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

/// Figures by their value, each with where it stands.
struct ByValue(BTreeMap<Money, Vec<usize>>);

impl ByValue {
    fn of(paper: &Paper, is_wanted: impl Fn(usize) -> bool) -> Self {
        let mut all: BTreeMap<Money, Vec<usize>> = BTreeMap::new();
        for (at, amount) in paper.amounts().iter().enumerate().filter(|(at, _)| is_wanted(*at)) {
            all.entry(amount.amount).or_default().push(at);
        }
        Self(all)
    }

    /// Pairs of values that have all digits but one in common, or all but two neighbours.
    fn nearly_alike(&self) -> BTreeSet<(Money, Money)> {
        let values: Vec<Money> = self.0.keys().copied().collect();
        let masked = |(at, value): (usize, &Money)| {
            let digits = (value.ore() / 100).to_string();
            let count = digits.len();
            (0..count).flat_map(move |from| {
                let (head, rest) = digits.split_at(from);
                let (one, two) =
                    (rest.get(1..).unwrap_or_default(), rest.get(2..).unwrap_or_default());
                [(format!("{head}?{one}"), at), (format!("{head}??{two}"), at)]
            })
        };
        let pairs = with_common(values.iter().enumerate().flat_map(masked));
        let value = |at: usize| values.get(at).copied();
        pairs.into_iter().filter_map(|(a, b)| Some((value(a)?, value(b)?))).collect()
    }

    /// The places of two values, each of one with each of the other, in the order of the text; of very many the first.
    fn places(&self, one: Money, other: Money) -> Vec<(usize, usize)> {
        const MOST: usize = 12;
        let of = |value| self.0.get(&value).into_iter().flatten().take(MOST).copied();
        of(one).flat_map(|a| of(other).map(move |b| (a.min(b), a.max(b)))).collect()
    }
}

/// How many pairs are made of those with one label; it keeps the check of long texts fast.
const MOST_PAIRS: usize = 20_000;

/// The pairs among amounts that have some label in common, in the order of the text; of very many only those that stand near
/// one another.
pub(super) fn with_common<L: Ord>(
    labelled: impl Iterator<Item = (L, usize)>,
) -> BTreeSet<(usize, usize)> {
    let mut by_label: BTreeMap<L, Vec<usize>> = BTreeMap::new();
    for (label, at) in labelled {
        by_label.entry(label).or_default().push(at);
    }
    let mut pairs = BTreeSet::new();
    for alike in by_label.values() {
        let most = (MOST_PAIRS / alike.len().max(1)).max(2);
        for (at, first) in alike.iter().enumerate() {
            pairs.extend(alike.iter().skip(at + 1).take(most).map(|second| (*first, *second)));
        }
    }
    pairs
}
