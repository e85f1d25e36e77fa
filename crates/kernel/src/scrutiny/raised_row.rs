//! What the text says of single rows of a table: by how much one grows, and which go their own way.
//!
//! Owns: a percentage that prose gives a row it names. Does not own: a percentage of every row (`row`).
//!
//! `Dans i Norr räknas upp med 10 procent` against a row `Dans i Norr   2 150   2 356` is 9 tkr too little.

use super::change::CHANGES;
use super::table::value_in;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::table::{Row, RowKind};
use crate::paper::{Kind, Paper, Share, Table};
use std::collections::BTreeMap;

/// Words of what does not change.
const STAYS: [&str; 3] = ["oförändrat", "oförändrad", "oförändrade"];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    // The rows by the first word of their labels.
    let mut by_word: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, table) in paper.tables.iter().enumerate() {
        for (row, of) in table.rows.iter().enumerate() {
            let first = paper.tokens_in(&of.label).first();
            if let Some(first) = first.filter(|_| of.kind == RowKind::Part) {
                by_word.entry(&first.text).or_default().push((at, row));
            }
        }
    }
    paper.shares.iter().filter_map(|share| raised(paper, &by_word, share)).collect()
}

/// "X räknas upp med P procent", where X is what one row is called.
fn raised(
    paper: &Paper,
    by_word: &BTreeMap<&str, Vec<(usize, usize)>>,
    share: &Share,
) -> Option<Remark> {
    const MOST: usize = 8;
    let sentence = paper.sentence(share.tokens.0);
    let is_text = paper.table_of(share.tokens.0).is_none() && !paper.is_crowded(&sentence);
    let by = share.tokens.0.checked_sub(1).and_then(|at| paper.tokens.get(at));
    let is_by = by.is_some_and(|token| token.is("med"));
    let before = sentence.start..share.tokens.0;
    if !is_text
        || !is_by
        || !paper.shares_in(&before).is_empty()
        || !paper.has_word(&before, &CHANGES)
    {
        return None;
    }
    let names = |(table, row): &(usize, usize), from: usize| {
        let row = paper.tables.get(*table).and_then(|table| table.rows.get(*row));
        row.is_some_and(|row| {
            let label = paper.tokens_in(&row.label);
            let said = paper.tokens_in(&(from..from + label.len()));
            label.iter().any(|token| token.kind == Kind::Word && token.is_capital)
                && label.len() == said.len()
                && label.iter().zip(said).all(|(a, b)| a.text == b.text)
        })
    };
    let mut found: Vec<(usize, usize)> = Vec::new();
    for at in before {
        let rows = paper.tokens.get(at).and_then(|token| by_word.get(token.text.as_str()));
        let rows = rows.filter(|rows| rows.len() <= MOST).into_iter().flatten();
        found.extend(rows.filter(|row| names(row, at)));
    }
    let [(table, row)] = found.as_slice() else { return None };
    let table = paper.tables.get(*table)?;
    differs(paper, table, table.rows.get(*row)?, share)
}

/// A row with two amounts of following years, against what the text says of it.
fn differs(paper: &Paper, table: &Table, row: &Row, share: &Share) -> Option<Remark> {
    let year = |at: &usize| table.columns.get(*at).and_then(|column| column.year);
    let columns: Vec<usize> =
        table.sums_of_money().into_iter().filter(|at| year(at).is_some()).collect();
    let [from, to] = columns[..] else { return None };
    let (is_next, a, b) = (
        year(&from)?.checked_add(1) == year(&to),
        value_in(paper, table, row, from)?,
        value_in(paper, table, row, to)?,
    );
    let (parts, whole) = share.exactly();
    let (was, is) = (i128::from(a.printed), i128::from(b.printed));
    let up = if is >= was { 1 } else { -1 };
    let off = (is * whole - was * (whole + up * parts)).abs();
    let rounding = i128::from(b.last_digit(paper).max(100)) * whole;
    let slack =
        if share.decimals == 0 && parts * 20 < whole { rounding.max(was) } else { rounding };
    if !is_next || was <= 0 || is <= 0 || off <= slack {
        return None;
    }
    let right = (was * (whole + up * parts) + whole / 2) / whole;
    let unit = i128::from(b.last_digit(paper)).max(1);
    let right = Money::from_ore(i64::try_from((right + unit / 2) / unit * unit).ok()?);
    let (name, said) =
        (words(&paper.text(paper.span(&row.label))), words(&paper.text(share.noted.span)));
    let (before, stated) = (Money::from_ore(a.printed), Money::from_ore(b.printed));
    let text = Text::new(
        format!(
            "`{name}` ändras enligt texten med `{said}`: från {before} blir det {right}, men raden säger {stated}"
        ),
        format!(
            "`{name}` changes by `{said}` as the text says: from {before} it is {right}, but the row says {stated}"
        ),
    );
    let places = [vec![share.noted.span], a.places(paper), b.places(paper)].concat();
    let mut remark =
        Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places).off_by(stated - right);
    remark.reconciles_by =
        Some(Text::new(format!("raden får {right}"), format!("the row gets {right}")));
    Some(remark)
}

/// Whether the text says of a row that it goes its own way: a word of its name stands where something rises, falls or stays.
pub(super) fn goes_its_own_way(paper: &Paper, label: &std::ops::Range<usize>) -> bool {
    const BEGINS: usize = 6;
    let tells = |at: usize| {
        let sentence = paper.sentence(at);
        paper.table_of(at).is_none()
            && (paper.has_word(&sentence, &CHANGES) || paper.has_word(&sentence, &STAYS))
    };
    let begin = |word: &str| word.chars().take(BEGINS).collect::<String>();
    let by_word = |word: &str| paper.places_of(&begin(word)).any(tells);
    // A name of short words, whole.
    let name = paper.tokens_in(label);
    let is_name = |at: &usize| {
        let said = paper.tokens_in(&(*at..at + name.len())).iter();
        said.zip(name).filter(|(a, b)| a.text == b.text).count() == name.len()
    };
    let first = name.first().map(|token| token.text.clone()).unwrap_or_default();
    let as_named = || paper.places_of(&first).filter(is_name).any(tells);
    paper.long_words(label, BEGINS).into_iter().any(by_word) || (!first.is_empty() && as_named())
}
