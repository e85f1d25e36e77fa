//! Bare numbers of tables that are amounts by their column (D1).
//!
//! Owns: which cells are amounts without a unit of their own. Does not own: the unit of a column (`column`).
//!
//! Under `Belopp (tkr)` the cell `1 200` is 1 200 000 kr.

use super::line::Content;
use super::number::Flaw;
use super::table::{ColumnKind, RowKind, Table};
use super::token::{Span, Token};

/// A bare number that is money by its column.
pub(crate) struct BareAmount {
    pub tokens: (usize, usize),
    pub span: Span,
    pub ore: i128,
    pub last_digit: i128,
    pub per: Option<String>,
    pub flaw: Option<Flaw>,
    pub is_total: bool,
}

/// The numbers of a table that are money by their column and have no unit of their own.
pub(crate) fn bare_amounts(tokens: &[Token], table: &Table) -> Vec<BareAmount> {
    let mut found = Vec::new();
    for row in &table.rows {
        for (cell, column) in row.cells.iter().zip(&table.columns) {
            let Content::Number { number, has_unit: false, is_percent: false } = &cell.content
            else {
                continue;
            };
            let Some(unit) = column.unit.filter(|_| column.kind == ColumnKind::Amount) else {
                continue;
            };
            let first = cell.tokens.start;
            let (Some(begin), Some(end)) = (tokens.get(first), tokens.get(number.last)) else {
                continue;
            };
            let scale = 10_i128.pow(number.decimals.min(20));
            let ore = number.mantissa.saturating_mul(unit) / scale;
            found.push(BareAmount {
                tokens: (first, number.last),
                span: Span { start: begin.span.start, end: end.span.end },
                ore: if number.is_negative { -ore } else { ore },
                last_digit: (unit / scale).max(1),
                per: column.per.clone(),
                flaw: number.flaw,
                is_total: matches!(row.kind, RowKind::Total | RowKind::Subtotal),
            });
        }
    }
    found
}
