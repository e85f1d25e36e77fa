//! A percentage that running text gives a row of a table: `Norra kliniken får 46,4 procent av den samlade summan`.
//!
//! Owns: which row a sentence without amounts speaks of. Does not own: percentages beside amounts (`share`).
//!
//! Of rows of 3 825 000 and 8 570 000 in all it is 44,6 percent.

use super::share::{holds, remark};
use super::table::value_in;
use super::value::Value;
use super::{Remark, items};
use crate::paper::recipient::key;
use crate::paper::table::RowKind;
use crate::paper::{Paper, Share, Table};
use std::collections::BTreeMap;

/// The row of each name that one row alone has: its table and its place there.
type Rows<'p> = BTreeMap<String, Option<(&'p Table, usize)>>;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let mut rows = Rows::new();
    for table in &paper.tables {
        let named = table.rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Part);
        for (at, row) in named {
            let name = key(&paper.tokens, row.label.clone());
            rows.entry(name).and_modify(|old| *old = None).or_insert(Some((table, at)));
        }
    }
    if rows.is_empty() {
        return Vec::new();
    }
    paper.shares.iter().filter_map(|share| of_row(paper, &rows, share)).collect()
}

fn of_row(paper: &Paper, rows: &Rows<'_>, share: &Share) -> Option<Remark> {
    const MOST_TOKENS: usize = 60;
    const MOST_WORDS: usize = 7;
    let sentence = paper.sentence(share.tokens.0);
    let is_of = paper.tokens.get(share.tokens.1 + 1).is_some_and(|token| token.is("av"));
    let near = share.tokens.1 + 2..(share.tokens.1 + 6).min(sentence.end);
    let of_all = paper.has_word(&near, &items::FUNDS)
        || paper.has_word(&near, &["totalsumman", "totalbeloppet", "totalen", "bidragen"]);
    let is_plain = sentence.len() <= MOST_TOKENS
        && paper.amounts_in(&sentence).is_empty()
        && paper.shares_in(&sentence).len() == 1
        && paper.table_of(share.tokens.0).is_none();
    if !is_of || !of_all || !is_plain {
        return None;
    }
    let is_start = |at: &usize| paper.tokens.get(*at).is_some_and(|token| token.is_capital);
    let named = |at: usize| {
        let ends = (at + 1..=at + MOST_WORDS).rev().filter(|end| *end <= share.tokens.0);
        ends.filter_map(|end| rows.get(&key(&paper.tokens, at..end)).copied().flatten()).next()
    };
    let mut found = (sentence.start..share.tokens.0).filter(is_start).filter_map(named);
    let ((table, row), None) = (found.next()?, found.next()) else { return None };
    let [column] = table.sums_of_money()[..] else { return None };
    let part = value_in(paper, table, table.rows.get(row)?, column)?;
    let whole = value_in(paper, table, table.sum_row()?, column)?;
    let all: Vec<Value> =
        table.parts().filter_map(|row| value_in(paper, table, row, column)).collect();
    let agrees = |whole: &Value| holds(paper, share, &part, whole, true) != Some(false);
    let is_right = agrees(&whole) || Value::sum(&all).is_none_or(|sum| agrees(&sum));
    (!is_right).then(|| remark(paper, share, &part, &whole))
}
