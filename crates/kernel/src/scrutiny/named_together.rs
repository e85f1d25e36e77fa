//! What the text says that some rows, or some years, of a table come to together.
//!
//! Owns: which rows and columns such a sentence names. Does not own: the whole of a table (`appendix`), nor one row (`repeated_row`).
//!
//! `Almunge och Björkfors får tillsammans 6 239 200 kronor` against rows of 3 370 000 and 2 869 200 kr holds.

use super::Remark;
use super::gathered::Gathered;
use super::prose::broken;
use super::reconcile::{is_one_slip, is_telling};
use super::repeated_row::Named;
use super::table::value_in;
use super::value::Value;
use crate::finding::Severity;
use crate::paper::table::Row;
use crate::paper::{Paper, Table};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    paper.told().filter_map(|at| together(paper, &gathered.named, at)).collect()
}

/// The only amount of a sentence, where it is said to be a whole.
fn together(paper: &Paper, named: &Named, at: usize) -> Option<Remark> {
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let is_whole = amount.is_total && amount.per.is_none() && !amount.is_cap;
    let is_only = paper.amounts_in(&sentence).len() == 1;
    if !is_whole || !is_only || !is_telling(amount.amount.ore()) {
        return None;
    }
    let stated = Value::of(paper, at);
    rows(paper, named, &stated, &sentence).or_else(|| years(paper, at, &stated))
}

/// Two rows or more of one table that the sentence names.
fn rows(
    paper: &Paper,
    named: &Named,
    stated: &Value,
    sentence: &std::ops::Range<usize>,
) -> Option<Remark> {
    const MOST: usize = 8;
    let mut by_table: BTreeMap<usize, Vec<&Row>> = BTreeMap::new();
    for (table, row) in named.by(paper.tokens_in(sentence)) {
        let row = paper.tables.get(table).and_then(|table| table.rows.get(row));
        by_table.entry(table).or_default().extend(row);
    }
    let sums = |table: &Table, rows: &[&Row]| -> Vec<Vec<Value>> {
        let of = |column: usize| {
            rows.iter().map(|row| value_in(paper, table, row, column)).collect::<Option<Vec<_>>>()
        };
        table.sums_of_money().into_iter().filter_map(of).collect()
    };
    let all: Vec<Vec<Value>> = by_table
        .iter()
        .filter(|(_, rows)| (2..=MOST).contains(&rows.len()))
        .filter_map(|(table, rows)| Some(sums(paper.tables.get(*table)?, rows)))
        .flatten()
        .collect();
    slipped(paper, stated, all)
}

/// The one of some sums that is a slip from what is stated, where none is that.
fn slipped(paper: &Paper, stated: &Value, all: Vec<Vec<Value>>) -> Option<Remark> {
    let agrees = |parts: &Vec<Value>| {
        Value::sum(parts).is_some_and(|sum| sum.agrees(stated))
            || parts.iter().any(|part| part.agrees(stated))
    };
    if all.iter().any(agrees) {
        return None;
    }
    let is_slip = |parts: &Vec<Value>| {
        Value::sum(parts).is_some_and(|sum| is_one_slip(sum.printed, stated.printed))
    };
    let parts = all.into_iter().find(is_slip)?;
    broken(paper, stated, &parts, Severity::Error)
}

/// Two years or more that are columns of the table before: "2027 och 2028 svarar tillsammans för …".
fn years(paper: &Paper, at: usize, stated: &Value) -> Option<Remark> {
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let named: BTreeSet<i32> = crate::paper::years(paper.tokens_in(&sentence));
    let before = paper.tables.partition_point(|table| {
        let line = paper.lines.get(table.lines.start);
        line.is_some_and(|line| line.tokens.start < amount.tokens.0)
    });
    let table = paper.tables.get(before.checked_sub(1)?).filter(|_| named.len() > 1)?;
    // Every sentence under a table asks all its rows.
    const MOST: usize = 400;
    if table.rows.len() > MOST {
        return None;
    }
    let columns: Vec<usize> = table
        .sums_of_money()
        .into_iter()
        .filter(|at| {
            let year = table.columns.get(*at).and_then(|column| column.year);
            year.is_some_and(|year| named.contains(&year))
        })
        .collect();
    if columns.len() != named.len() {
        return None;
    }
    let of_row = |row: &Row| {
        let values = columns.iter().map(|column| value_in(paper, table, row, *column));
        values.collect::<Option<Vec<_>>>()
    };
    slipped(paper, stated, table.rows.iter().filter_map(of_row).collect())
}
