//! Text against tables elsewhere: appendices that are referred to, and rows that prose repeats.
//!
//! Owns: which table an amount of the text speaks of. Does not own: the sums of tables.
//!
//! `totalt 1 050 000 kronor, se bilaga 1` against an appendix that sums to 900 000.

use super::gathered::Gathered;
use super::prose::broken;
use super::reconcile::{is_near, is_one_slip, is_telling};
use super::table::amount_in;
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::layout::{Block, BlockKind};
use crate::paper::table::RowKind;
use crate::paper::{Kind, Paper, Table};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let references = references(paper);
    let mut remarks: Vec<Remark> = paper
        .tables
        .iter()
        .enumerate()
        .filter_map(|(at, table)| appendix(paper, at, table, &references))
        .collect();
    remarks.extend(
        paper.tables.iter().enumerate().filter_map(|(at, table)| repeated(paper, at, table)),
    );
    remarks.extend(
        paper.tables.iter().enumerate().filter_map(|(at, table)| summed_after(paper, at, table)),
    );
    remarks.extend(
        paper.tables.iter().enumerate().filter_map(|(at, table)| concluded(paper, at, table)),
    );
    remarks.extend(
        paper.tables.iter().enumerate().filter_map(|(at, table)| paid_out(paper, at, table)),
    );
    remarks.extend(super::repeated_row::check(paper, gathered));
    remarks
}

/// The number of an appendix that some tokens name: "bilaga 1", "Bilaga A".
fn named(paper: &Paper, range: &Range<usize>) -> Option<(usize, String)> {
    let at = range.clone().find(|at| {
        paper.tokens.get(*at).is_some_and(|token| token.is_one_of(&["bilaga", "bilagan", "tabell"]))
    })?;
    let next = paper
        .tokens
        .get(at + 1)
        .filter(|token| range.contains(&(at + 1)) && token.text.chars().count() <= 2);
    Some((
        at,
        next.filter(|token| token.kind != Kind::Mark('.'))
            .map_or_else(String::new, |token| token.text.clone()),
    ))
}

/// The paragraphs that name each appendix, and the token where they do.
type References<'p> = BTreeMap<String, Vec<(&'p Block, usize)>>;

fn references(paper: &Paper) -> References<'_> {
    let mut references = References::new();
    let text = paper.layout().blocks.iter();
    for block in text.filter(|block| !matches!(block.kind, BlockKind::Table(_))) {
        if let Some((at, name)) = named(paper, &block.tokens) {
            references.entry(name).or_default().push((block, at));
        }
    }
    references
}

/// The whole of the table under "Bilaga N" against the amount of the paragraph that refers to it.
fn appendix(
    paper: &Paper,
    at: usize,
    table: &Table,
    references: &References<'_>,
) -> Option<Remark> {
    let block = paper.layout().block_of_table(at)?;
    let heading =
        (block.saturating_sub(3)..block).rev().filter_map(|at| paper.block(at)).find(|block| {
            paper
                .tokens_in(&block.tokens)
                .first()
                .is_some_and(|token| token.is_one_of(&["bilaga", "tabell"]))
        })?;
    let (_, number) = named(paper, &heading.tokens)?;
    let columns = table.sums_of_money();
    // With several columns of money the text may speak of any of them.
    let is_one = columns.len() == 1;
    let column = columns.last()?;
    let total = table.sum_row().and_then(|row| amount_in(paper, row, *column));
    let rows: Vec<Value> = table
        .parts()
        .filter_map(|row| amount_in(paper, row, *column))
        .map(|at| Value::of(paper, at))
        .collect();
    let sum = Value::sum(&rows)?;
    let whole = total.map_or_else(|| sum.clone(), |at| Value::of(paper, at));
    // Of very many paragraphs that name it the first are looked at.
    const MOST: usize = 20;
    let refers = references.get(&number).into_iter().flatten().take(MOST);
    for (other, at) in refers.filter(|(other, _)| other.tokens.start < heading.tokens.start) {
        let is_whole =
            |at: &usize| paper.amounts().get(*at).is_some_and(|amount| amount.per.is_none());
        let all: Vec<usize> =
            paper.amounts_in(&(other.tokens.start..*at)).filter(is_whole).collect();
        let totals: Vec<usize> = all
            .iter()
            .copied()
            .filter(|at| paper.amounts().get(*at).is_some_and(|amount| amount.is_total))
            .collect();
        let chosen = if let [only] = all.as_slice() {
            Some(*only)
        } else if let [only] = totals.as_slice() {
            Some(*only)
        } else {
            None
        };
        let Some(stated) = chosen.map(|at| Value::of(paper, at)) else { continue };
        let in_any = |value: &Value| {
            columns.iter().any(|column| {
                table
                    .rows
                    .iter()
                    .filter(|row| row.kind != RowKind::Part)
                    .filter_map(|row| amount_in(paper, row, *column))
                    .any(|at| Value::of(paper, at).agrees(value))
            })
        };
        let agrees = |at: &usize| {
            let value = Value::of(paper, *at);
            value.agrees(&whole) || value.agrees(&sum) || in_any(&value)
        };
        let slips = |column: &usize| {
            table
                .rows
                .iter()
                .filter(|row| row.kind == RowKind::Total)
                .filter_map(|row| amount_in(paper, row, *column))
                .any(|at| is_one_slip(Value::of(paper, at).printed, stated.printed))
        };
        if !is_one && !columns.iter().any(slips) {
            continue;
        }
        if all.iter().any(agrees) {
            continue;
        }
        return Some(remark(paper, &stated, &whole, &number));
    }
    None
}

fn remark(paper: &Paper, stated: &Value, whole: &Value, number: &str) -> Remark {
    let (said, summed) = (Money::from_ore(stated.printed), Money::from_ore(whole.printed));
    let (difference, ..) = stated.minus(whole);
    let text = Text::new(
        format!(
            "texten säger {said} och hänvisar till bilaga {number}, som summerar till {summed}: skillnaden är {difference}"
        ),
        format!(
            "the text says {said} and refers to appendix {number}, which sums to {summed}: the difference is {difference}"
        ),
    );
    let places = [stated.places(paper), whole.places(paper)].concat();
    Remark::new(Doubt::StatedTwice, Severity::Error, text, places).of_difference(stated, whole)
}

/// A total that the paragraph after a table repeats, one slip from the table's own.
fn repeated(paper: &Paper, at: usize, table: &Table) -> Option<Remark> {
    let block = paper.layout().block_of_table(at)?;
    let next = paper.block(block + 1).filter(|next| next.kind == BlockKind::Text)?;
    let totals: Vec<usize> = table
        .rows
        .iter()
        .filter(|row| row.kind == RowKind::Total)
        .flat_map(|row| (0..row.cells.len()).filter_map(|column| amount_in(paper, row, column)))
        .collect();
    let is_total = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| amount.is_total && amount.per.is_none())
    };
    let said = paper.amounts_in(&next.tokens).find(is_total)?;
    let stated = Value::of(paper, said);
    if totals.iter().any(|total| Value::of(paper, *total).agrees(&stated)) {
        return None;
    }
    // What some columns come to together is not what all do.
    let is_of_some = (0..totals.len()).any(|left_out| {
        let others = totals.iter().enumerate().filter(|(at, _)| *at != left_out);
        let others: Vec<Value> = others.map(|(_, total)| Value::of(paper, *total)).collect();
        Value::sum(&others).is_some_and(|sum| sum.agrees(&stated))
    });
    if is_of_some {
        return None;
    }
    let shown = totals
        .iter()
        .map(|total| Value::of(paper, *total))
        .find(|total| is_telling(total.printed) && is_one_slip(total.printed, stated.printed))?;
    Some(said_after(paper, &stated, &shown))
}

/// "Den sammanlagda kostnaden beräknas därmed till A", right after a table that sums to B.
fn concluded(paper: &Paper, at: usize, table: &Table) -> Option<Remark> {
    let block = paper.layout().block_of_table(at)?;
    let next = paper.block(block + 1).filter(|next| next.kind == BlockKind::Text)?;
    let sentence = paper.sentence(next.tokens.start);
    let concludes = paper.has_word(&sentence, &["därmed", "således", "alltså"]);
    let is_all = paper
        .tokens_in(&sentence)
        .iter()
        .take(4)
        .any(|token| ["sammanlag", "total"].iter().any(|begin| token.text.starts_with(begin)));
    let [said] = paper.amounts_in(&sentence).collect::<Vec<_>>()[..] else { return None };
    let amount = paper.amounts().get(said).filter(|one| one.per.is_none() && !one.is_cap)?;
    let sums: Vec<usize> = table
        .columns_of(crate::paper::table::ColumnKind::Amount)
        .into_iter()
        .filter_map(|column| amount_in(paper, table.sum_row()?, column))
        .collect();
    let [sum] = sums[..] else { return None };
    let (stated, shown) = (Value::of(paper, said), Value::of(paper, sum));
    let fine = paper.amounts().get(sum)?;
    let slack = amount.last_digit.ore() / 2;
    let is_near = stated.printed.abs_diff(shown.printed) <= slack.unsigned_abs();
    let is_alike = stated.printed < shown.printed.saturating_mul(2)
        && shown.printed < stated.printed.saturating_mul(2);
    let is_rounding = crate::paper::twin::is_rounding(amount, fine);
    if !concludes || !is_all || is_near || is_rounding || stated.agrees(&shown) || !is_alike {
        return None;
    }
    Some(said_after(paper, &stated, &shown))
}

/// "Bidraget betalas ut med följande belopp:" and a row for each year, which are nearly the grant of the paragraph before.
fn paid_out(paper: &Paper, at: usize, table: &Table) -> Option<Remark> {
    const PAYS: [&str; 5] = ["betalas", "utbetalas", "fördelas", "rekvireras", "delbetalningar"];
    let block = paper.layout().block_of_table(at)?;
    let intro = paper.block(block.checked_sub(1)?)?;
    let [column] = table.sums_of_money()[..] else { return None };
    let values: Vec<Value> = table
        .parts()
        .map(|row| amount_in(paper, row, column).map(|at| Value::of(paper, at)))
        .collect::<Option<_>>()?;
    let is_year = |row: &crate::paper::table::Row| {
        paper.tokens_in(&row.label).first().is_some_and(|token| {
            token.kind == Kind::Digits && crate::paper::number::is_year(&token.text)
        })
    };
    let pays = paper.has_word(&intro.tokens, &PAYS);
    if !pays || values.len() < 2 || !table.rows.iter().all(is_year) {
        return None;
    }
    let above = paper.block(block.checked_sub(2)?)?;
    let is_whole = |at: &usize| paper.amounts().get(*at).is_some_and(|one| one.per.is_none());
    let all = paper.amounts_in(&(above.tokens.start..intro.tokens.end)).filter(is_whole);
    let [whole] = all.collect::<Vec<_>>()[..] else { return None };
    let stated = Value::of(paper, whole);
    is_near(&stated, &values).then(|| broken(paper, &stated, &values, Severity::Error))?
}

/// The whole that the sentence after a table without a sum states: "Projektets totala budget är …".
fn summed_after(paper: &Paper, at: usize, table: &Table) -> Option<Remark> {
    let block = paper.layout().block_of_table(at)?;
    let next = paper.block(block + 1).filter(|next| next.kind == BlockKind::Text)?;
    let columns = table.sums_of_money();
    let [column] = columns.as_slice() else { return None };
    let values: Vec<Value> = table
        .parts()
        .map(|row| amount_in(paper, row, *column).map(|at| Value::of(paper, at)))
        .collect::<Option<_>>()?;
    let has_sum = table.rows.iter().any(|row| row.kind != RowKind::Part);
    let sentence = paper.sentence(next.tokens.start);
    let [whole] = paper.amounts_in(&sentence).collect::<Vec<_>>()[..] else { return None };
    let amount = paper.amounts().get(whole)?;
    let is_whole = amount.is_total && amount.per.is_none() && !amount.is_cap;
    let stated = Value::of(paper, whole);
    let fits = is_whole && !has_sum && values.len() > 2 && is_near(&stated, &values);
    let is_repeated = values.iter().any(|value| value.agrees(&stated));
    (fits && !is_repeated).then(|| broken(paper, &stated, &values, Severity::Error))?
}

fn said_after(paper: &Paper, stated: &Value, shown: &Value) -> Remark {
    let (a, b) = (Money::from_ore(stated.printed), Money::from_ore(shown.printed));
    let text = Text::new(
        format!("texten efter tabellen säger {a}, tabellen {b}"),
        format!("the text after the table says {a}, the table {b}"),
    );
    let places = [stated.places(paper), shown.places(paper)].concat();
    Remark::new(Doubt::StatedTwice, Severity::Error, text, places).of_difference(stated, shown)
}
