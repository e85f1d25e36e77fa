//! Rows of tables that sum others without saying so: a result at the end, a whole at the beginning.
//!
//! Owns: which row that is, by what holds in the other columns. Does not own: rows that begin with `Summa` (`table`).
//!
//! Where `Årets resultat` is the sum above and what follows it in the column of one year, it must be so in the other.

use super::Remark;
use super::prose::broken;
use super::reconcile::{is_one_slip, is_telling};
use super::table::{is_rounding, value_in};
use super::value::Value;
use crate::finding::Severity;
use crate::paper::table::RowKind;
use crate::paper::{Paper, Table};

pub(super) fn of_table(paper: &Paper, table: &Table) -> Vec<Remark> {
    let mut remarks = last(paper, table);
    remarks.extend(alone(paper, table));
    remarks
}

/// The last row, where in at least half of the columns it is what stands above it.
fn last(paper: &Paper, table: &Table) -> Vec<Remark> {
    let columns = table.sums_of_money();
    let Some(end) = table.rows.len().checked_sub(1) else { return Vec::new() };
    let is_part = table.rows.get(end).is_some_and(|row| row.kind == RowKind::Part);
    let above = table.rows.get(..end).unwrap_or_default();
    let sum = above.iter().rposition(|row| matches!(row.kind, RowKind::Subtotal | RowKind::Total));
    let from = sum.unwrap_or(0);
    let rows = above.get(from..).unwrap_or_default();
    if !is_part || columns.len() < 2 || rows.len() < 2 {
        return Vec::new();
    }
    let read = |column: usize| {
        let stated = value_in(paper, table, table.rows.get(end)?, column)?;
        let is_counted = |kind: RowKind| kind != RowKind::Of;
        let parts = rows.iter().filter(|row| is_counted(row.kind));
        let parts: Vec<Value> =
            parts.filter_map(|row| value_in(paper, table, row, column)).collect();
        (parts.len() > 1 && stated.printed != 0).then_some((stated, parts))
    };
    let all: Vec<(Value, Vec<Value>)> = columns.into_iter().filter_map(read).collect();
    let holds = |(stated, parts): &&(Value, Vec<Value>)| {
        Value::sum(parts).is_some_and(|sum| sum.agrees(stated))
    };
    let tells = |one: &&(Value, Vec<Value>)| is_telling(one.0.printed);
    let holding = all.iter().filter(holds).filter(tells).count();
    if holding == 0 || holding * 2 < all.len() {
        return Vec::new();
    }
    // Figures that are each rounded may come to a little more or less.
    let is_rounded = |(stated, parts): &&(Value, Vec<Value>)| {
        let sum = Value::sum(parts);
        sum.is_some_and(|sum| is_rounding(paper, stated, parts, stated.minus(&sum).0))
    };
    let wrong = all.iter().filter(|one| !holds(one) && !is_rounded(one));
    wrong.filter_map(|(stated, parts)| broken(paper, stated, parts, Severity::Error)).collect()
}

/// The first or the last row of a table of one column without a sum, where it is one slip from what all the others come to.
fn alone(paper: &Paper, table: &Table) -> Option<Remark> {
    const TELLING: usize = 4;
    let [column] = table.sums_of_money()[..] else { return None };
    let are_parts = table.rows.iter().all(|row| row.kind == RowKind::Part);
    let values: Vec<Value> = table
        .rows
        .iter()
        .map(|row| value_in(paper, table, row, column))
        .collect::<Option<_>>()
        .filter(|values: &Vec<Value>| are_parts && values.len() > 3)?;
    let slip = |(whole, parts): (&Value, &[Value])| {
        let sum = Value::sum(parts)?;
        let telling = whole.printed.to_string().trim_end_matches('0').len();
        let is_rounded = is_rounding(paper, whole, parts, whole.minus(&sum).0);
        let is_slip = telling >= TELLING && is_one_slip(whole.printed, sum.printed) && !is_rounded;
        is_slip.then(|| broken(paper, whole, parts, Severity::Error))?
    };
    values.split_first().and_then(slip).or_else(|| values.split_last().and_then(slip))
}

/// Parts without those that are parts of the one before them: rows further in, whose sum that one is; `None` where there are none.
pub(super) fn without_inner(parts: &[Value]) -> Option<Vec<Value>> {
    const MOST: usize = 30;
    let inner = |at: usize, whole: &Value| {
        let mut sum = Value::default();
        let next = parts.iter().skip(at + 1).take(MOST).enumerate();
        for (count, part) in next {
            sum = sum.plus(part)?;
            if count > 0 && sum.agrees(whole) {
                return Some(count + 1);
            }
        }
        None
    };
    let (mut kept, mut at) = (Vec::new(), 0);
    while let Some(part) = parts.get(at) {
        kept.push(part.clone());
        at += 1 + if part.printed > 0 { inner(at, part).unwrap_or(0) } else { 0 };
    }
    (kept.len() < parts.len() && kept.len() > 1).then_some(kept)
}
