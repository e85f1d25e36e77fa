//! What a row of a table is to the others: a part, a sum, a part of the row above.
//!
//! Owns: the words that a sum begins with, and whether a column ends in one. Does not own: what the rows sum to.
//!
//! `Totalt, kronor   1 400 000` is the sum of all, `Summa norra området   600 000` of some.

use super::lexicon::money_unit;
use super::line::Content;
use super::table::Row;
use super::token::{Kind, Token};
use std::ops::Range;

/// What a row is to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// One of the parts.
    Part,
    /// The sum of the parts above since the last subtotal.
    Subtotal,
    /// The sum of all.
    Total,
    /// A part of the row above: "varav".
    Of,
}

/// Words that a row of a sum begins with.
pub(super) fn row_kind(tokens: &[Token], label: &Range<usize>) -> RowKind {
    let words = tokens.get(label.clone()).unwrap_or_default();
    let Some(first) = words.iter().find(|token| token.kind == Kind::Word) else {
        return RowKind::Part;
    };
    if first.is_one_of(&["varav", "därav"]) {
        RowKind::Of
    } else if first.is_one_of(&["delsumma", "deltotal", "delsumman"]) {
        RowKind::Subtotal
    } else if first.is_one_of(&[
        "summa",
        "totalt",
        "total",
        "sammanlagt",
        "totalsumma",
        "totalsumman",
        "tillsammans",
        "helår",
        "helåret",
        "summan",
        "slutsumma",
        "s",
    ]) && (first.text != "s" || words.len() == 3)
    {
        // "Totalt, kronor" names nothing but its unit.
        let names_something =
            |token: &&Token| token.kind == Kind::Word && money_unit(&token.text).is_none();
        let names = words.iter().filter(names_something).count();
        let is_all = names == 1
            || words.iter().skip(1).any(|token| {
                token.is_one_of(&[
                    "totalt",
                    "alla",
                    "samtliga",
                    "fördelat",
                    "total",
                    "summa",
                    "statsbidrag",
                    "hela",
                    "belopp",
                ])
            });
        if is_all { RowKind::Total } else { RowKind::Subtotal }
    } else {
        RowKind::Part
    }
}

/// Whether a column ends in a sum: then "per kvartal" says how it is divided, and its amounts are per nothing. A mean is no more
/// than its largest part.
pub(super) fn has_sum(rows: &[Row], column: usize) -> bool {
    let number = |row: &Row| match &row.cells.get(column)?.content {
        Content::Number { number, .. } => {
            Some(number.mantissa * 10_i128.pow(6_u32.saturating_sub(number.decimals)))
        }
        _ => None,
    };
    let of = |kind: RowKind| rows.iter().filter(move |row| row.kind == kind).filter_map(number);
    match (of(RowKind::Part).max(), of(RowKind::Total).max()) {
        (Some(largest), Some(total)) => total > largest,
        _ => false,
    }
}
