//! Items of a list and rows of a table that have a section of their own: the heading is their name.
//!
//! Owns: which item or row a section is about. Does not own: titles with an amount (`rest`).
//!
//! `• Spillvärme, 3 300 000 kronor` and, under the heading `Spillvärme`, `Projektet får 3 030 000 kronor` are one amount.

use super::gathered::Gathered;
use super::reconcile::{is_one_slip, is_telling};
use super::table::amount_in;
use super::value::Value;
use super::{Remark, twice};
use crate::finding::Severity;
use crate::paper::layout::{BlockKind, title};
use crate::paper::recipient::GETS;
use crate::paper::{Kind, Paper};
use std::collections::BTreeMap;
use std::ops::Range;

/// The block of each name that one heading or title alone has.
type Sections = BTreeMap<String, Option<usize>>;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let sections = sections(paper);
    let of_lists = paper.layout().lists.iter().flat_map(|list| &list.items).filter_map(|item| {
        let own = item.own.first()?;
        let [at] = paper.amounts_in(own).collect::<Vec<_>>()[..] else { return None };
        Some((name_before(paper, own, at), at))
    });
    let of_rows = paper.tables.iter().flat_map(|table| {
        let columns = table.sums_of_money();
        let column = if let [only] = columns[..] { Some(only) } else { None };
        let named = table.parts().filter_map(move |row| {
            Some((name(paper, &row.label), amount_in(paper, row, column?)?))
        });
        named.collect::<Vec<_>>()
    });
    let stated: Vec<(String, usize)> = of_lists.chain(of_rows).collect();
    let told = stated.iter().filter_map(|(name, at)| {
        let section = sections.get(name).copied().flatten()?;
        differs(paper, gathered, *at, section)
    });
    told.collect()
}

/// The words of a range, as one.
fn name(paper: &Paper, range: &Range<usize>) -> String {
    let words = paper.tokens_in(range).iter().filter(|token| token.kind == Kind::Word);
    words.map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// What stands before the comma or colon and the amount of an item.
fn name_before(paper: &Paper, own: &Range<usize>, at: usize) -> String {
    let end = paper.amounts().get(at).map_or(own.start, |amount| amount.tokens.0);
    let mark = |at: &usize| {
        paper.tokens.get(*at).is_some_and(|token| token.is_mark(',') || token.is_mark(':'))
    };
    let end = (own.start..end).find(mark).unwrap_or(end);
    name(paper, &(own.start..end))
}

fn sections(paper: &Paper) -> Sections {
    const MOST: usize = 16;
    let mut sections = Sections::new();
    for (at, block) in paper.layout().blocks.iter().enumerate() {
        let named = match block.kind {
            BlockKind::Heading => block.tokens.clone(),
            BlockKind::Item(_) => title(&paper.tokens, block),
            _ => continue,
        };
        if named.len() <= MOST && paper.amounts_in(&named).is_empty() {
            sections.entry(name(paper, &named)).and_modify(|old| *old = None).or_insert(Some(at));
        }
    }
    sections.remove("");
    sections
}

/// The one amount that a section gives, one slip from that of its item or row.
fn differs(paper: &Paper, gathered: &Gathered, at: usize, section: usize) -> Option<Remark> {
    const MOST: usize = 20;
    let stated = Value::of(paper, at);
    let body = paper.layout().body(section);
    let amounts: Vec<usize> =
        body.iter().flat_map(|range| paper.amounts_in(range)).take(MOST).collect();
    let is_plain = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| amount.per.is_none() && !amount.is_cap)
    };
    let values: Vec<Value> =
        amounts.iter().filter(|at| is_plain(at)).map(|at| Value::of(paper, *at)).collect();
    let agrees = |value: &Value| value.agrees(&stated);
    let is_known = values.iter().any(agrees) || Value::sum(&values).as_ref().is_some_and(agrees);
    if is_known || amounts.len() == MOST || amounts.contains(&at) {
        return None;
    }
    let gives = |at: &&usize| {
        let sentence = paper.amounts().get(**at).map_or(0..0, |one| paper.sentence(one.tokens.0));
        let value = Value::of(paper, **at);
        is_plain(at)
            && (is_telling(value.printed) || is_telling(stated.printed))
            && is_one_slip(value.printed, stated.printed)
            && (paper.has_word(&sentence, &GETS) || paper.has_word(&sentence, &["avsätts", "går"]))
    };
    let other = amounts.iter().find(gives)?;
    Some(twice::remark(paper, gathered, at, *other, Severity::Error))
}
