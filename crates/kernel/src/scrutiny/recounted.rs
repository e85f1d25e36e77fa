//! A number of things stated twice.
//!
//! Owns: which two counts are of the same things. Does not own: amounts stated twice (`twice`).
//!
//! `43 leverantörer av fysioterapi` and, below, `samtliga 34 leverantörer av fysioterapi` are one number with two digits swapped.

use super::reconcile::is_one_slip;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::table::ColumnKind;
use crate::paper::{Count, Kind, Paper};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let mut by_noun: BTreeMap<&str, Vec<&Count>> = BTreeMap::new();
    let in_text =
        |count: &&Count| paper.table_of(count.tokens.0).is_none() && count.noun.chars().count() > 5;
    for count in paper.counts.iter().filter(in_text) {
        by_noun.entry(&count.noun).or_default().push(count);
    }
    let slips = by_noun.into_values().filter_map(|counts| differs(paper, &counts));
    slips.chain(pointed_at(paper)).chain(of_tables(paper)).collect()
}

/// "sammanlagt 47 platser" beside a column of places that sums to 74.
fn of_tables(paper: &Paper) -> Vec<Remark> {
    const MOST: usize = 200;
    const ALL: [&str; 5] = ["sammanlagt", "totalt", "samtliga", "alla", "tillsammans"];
    let is_all = |count: &&Count| {
        let before = count.tokens.0.saturating_sub(2)..count.tokens.0;
        paper.table_of(count.tokens.0).is_none() && paper.has_word(&before, &ALL)
    };
    let said: Vec<&Count> = paper.counts.iter().filter(is_all).take(MOST).collect();
    let sums = paper.tables.iter().take(MOST).flat_map(|table| {
        let row = table.sum_row();
        table.columns_of(ColumnKind::Count).into_iter().filter_map(move |column| {
            let noun = table.columns.get(column)?.noun.as_deref()?;
            let cell = row?.cells.get(column)?;
            let place = cell.span(&paper.tokens);
            Some((noun, paper.counts.iter().find(|count| count.noted.span == place)?))
        })
    });
    let sums: Vec<(&str, &Count)> = if said.is_empty() { Vec::new() } else { sums.collect() };
    let told = said.into_iter().filter_map(|count| {
        let of_noun: Vec<&Count> =
            sums.iter().filter(|(noun, _)| *noun == count.noun).map(|(_, sum)| *sum).collect();
        let [sum] = of_noun[..] else { return None };
        let (one, other) = (i64::try_from(count.number).ok()?, i64::try_from(sum.number).ok()?);
        (one >= 10 && is_one_slip(one, other)).then(|| remark(paper, count, sum))
    });
    told.collect()
}

/// "de sex insatsområdena" where the text says twice or more, before that at least once, that there are seven.
fn pointed_at(paper: &Paper) -> Vec<Remark> {
    const MOST: usize = 40;
    const MOST_COUNTS: usize = 1_000;
    const LEAST: usize = 10;
    let stem = |noun: &str| noun.trim_end_matches(['n', 'a', 'e', 'r', 'o']).to_owned();
    let is_pointing = |count: &&Count| {
        let before = count.tokens.0.saturating_sub(1)..count.tokens.0;
        let next = paper.tokens.get(count.tokens.1 + 1);
        // "de sex kommunerna i norr" are some of them.
        let ends = next.is_some_and(|next| next.is_mark(',') || next.is_mark('.'));
        paper.has_word(&before, &["de"])
            && ends
            && count.noun.ends_with("na")
            && count.noun.chars().count() >= LEAST
    };
    let told = |count: &Count| {
        let own = stem(&count.noun);
        let is_alike = |other: &&Count| {
            let stem = stem(&other.noun);
            let is_other = other.tokens != count.tokens;
            is_other && stem.chars().count() > 4 && own.ends_with(&stem)
        };
        let others: Vec<&Count> = paper.counts.iter().take(MOST_COUNTS).filter(is_alike).collect();
        let first = others.first().filter(|first| first.tokens.0 < count.tokens.0)?;
        let is_one = others.iter().all(|other| other.number == first.number);
        let is_near = first.number.abs_diff(count.number) == 1;
        (others.len() > 1 && is_one && is_near).then(|| remark(paper, first, count))
    };
    paper.counts.iter().filter(is_pointing).take(MOST).filter_map(told).collect()
}

/// Two numbers of one noun, one slip apart, where the later points at all of them or both are described in the same words.
fn differs(paper: &Paper, counts: &[&Count]) -> Option<Remark> {
    let numbers: BTreeSet<i128> = counts.iter().map(|count| count.number).collect();
    let (low, high) = (*numbers.first()?, *numbers.last()?);
    let is_slip = is_one_slip(i64::try_from(low).ok()?, i64::try_from(high).ok()?);
    if numbers.len() != 2 || !is_slip || low < 10 {
        return None;
    }
    let first = counts.first()?;
    let other = counts.iter().find(|count| count.number != first.number)?;
    let is_apart = paper.sentence(first.tokens.0) != paper.sentence(other.tokens.0);
    let of_all = paper.has_word(
        &(other.tokens.0.saturating_sub(1)..other.tokens.0),
        &["samtliga", "alla", "dessa", "de"],
    );
    let is_other = |count: &Count| {
        let sentence = paper.sentence(count.tokens.0);
        paper.has_word(
            &sentence,
            &[
                "ytterligare",
                "tidigare",
                "fjol",
                "föregående",
                "nya",
                "varav",
                "från",
                "fler",
                "färre",
            ],
        ) || !crate::paper::years(paper.tokens_in(&sentence)).is_empty()
    };
    let is_alike = after(paper, first).is_some() && after(paper, first) == after(paper, other);
    if !is_apart || !(of_all || is_alike) || is_other(first) || is_other(other) {
        return None;
    }
    Some(remark(paper, first, other))
}

fn remark(paper: &Paper, first: &Count, other: &Count) -> Remark {
    let text = |count: &Count| words(&paper.text(count.noted.span));
    let (a, b) = (text(first), text(other));
    let told = Text::new(
        format!("samma antal anges som `{a}` på ett ställe och `{b}` på ett annat"),
        format!("the same number is given as `{a}` in one place and `{b}` in another"),
    );
    let places = vec![first.noted.span, other.noted.span];
    Remark::new(Doubt::StatedTwice, Severity::Warning, told, places)
}

/// The two words after a count: "av fysioterapi".
fn after<'p>(paper: &'p Paper, count: &Count) -> Option<[&'p str; 2]> {
    let [one, two] = paper.tokens_in(&(count.tokens.1 + 1..count.tokens.1 + 3)) else {
        return None;
    };
    let are_words =
        one.kind == Kind::Word && two.kind == Kind::Word && two.text.chars().count() > 3;
    are_words.then_some([one.text.as_str(), two.text.as_str()])
}
