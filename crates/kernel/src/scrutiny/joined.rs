//! Two tables with the same rows: amounts in one that follow a key in the other.
//!
//! Owns: which tables have the same rows, and the key against the amounts. Does not own: a key beside its amounts (`row`).
//!
//! Where one table gives inhabitants and the next 40 kr for each of them, a row that gets another rate is told.

use super::Remark;
use super::row::{Keyed, keyed_by, out_of_key};
use crate::paper::recipient::key;
use crate::paper::table::{ColumnKind, Row};
use crate::paper::{Paper, Table};
use std::collections::BTreeMap;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let with_next = paper.tables.iter().enumerate().flat_map(|(at, table)| {
        let others = paper.tables.iter().skip(at + 1).take(2);
        others.flat_map(move |other| [(table, other), (other, table)])
    });
    with_next.flat_map(|(keys, amounts)| of_two(paper, keys, amounts)).collect()
}

/// The rows that are parts, by what they are called; `None` where two are called the same.
fn named<'t>(paper: &Paper, table: &'t Table) -> Option<BTreeMap<String, &'t Row>> {
    const MOST: usize = 400;
    let mut named = BTreeMap::new();
    for row in table.parts() {
        let name = key(&paper.tokens, row.label.clone());
        if name.is_empty() || named.insert(name, row).is_some() {
            return None;
        }
    }
    (named.len() > 3 && named.len() <= MOST).then_some(named)
}

fn of_two(paper: &Paper, keys: &Table, amounts: &Table) -> Vec<Remark> {
    const MOST: usize = 6;
    let counts = keys.columns_of(ColumnKind::Count);
    let (counts, sums) = (counts.into_iter().take(MOST), amounts.sums_of_money());
    if counts.len() == 0 || sums.is_empty() {
        return Vec::new();
    }
    let (Some(by), Some(of)) = (named(paper, keys), named(paper, amounts)) else {
        return Vec::new();
    };
    let common: Vec<(&Row, &Row)> =
        of.iter().filter_map(|(name, row)| Some((*by.get(name)?, *row))).collect();
    if common.len() < 4 || common.len() < of.len() || common.len() < by.len() {
        return Vec::new();
    }
    let mut remarks = Vec::new();
    for count in counts {
        for sum in sums.iter().take(MOST) {
            let keyed =
                |(by, row): &(&Row, &Row)| keyed_by(paper, (keys, by, count), (amounts, row, *sum));
            let read: Vec<Keyed> = common.iter().filter_map(keyed).collect();
            remarks.extend(out_of_key(paper, &read));
        }
    }
    remarks
}
