//! What prose says of a row that it names: a number of things, a surplus, amounts of two rows that have changed places.
//!
//! Owns: figures whose sentence says the whole name of one row. Does not own: amounts one slip from a cell (`repeated_row`).
//!
//! `Störst underskott har Primärvården med 9,0 mnkr, följt av Medicin med 6,5 mnkr` above rows of −6,5 and −9,0 has them the wrong way
//! round.

use super::figures::Figure;
use super::gathered::Gathered;
use super::reconcile::{is_one_slip, is_telling};
use super::repeated_row::{row_differs, wholly_named};
use super::table::{amount_in, count_in};
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::table::{ColumnKind, Row};
use crate::paper::{Paper, Table, twin};
use std::ops::Range;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    const MOST: usize = 2_000;
    if paper.tables.is_empty() {
        return Vec::new();
    }
    let mut remarks = Vec::new();
    for at in paper.told().take(MOST) {
        let found = swapped(paper, gathered, at)
            .or_else(|| balance(paper, gathered, at))
            .or_else(|| rate(paper, gathered, at));
        remarks.extend(found);
    }
    remarks.extend(numbers(paper, gathered));
    remarks.extend(paper.told().take(MOST).filter_map(|at| between_years(paper, gathered, at)));
    remarks
}

/// "Mellan 2025 och 2026 ökar den med 1 640 tkr" beside a row, or a sum, of 35 920 and 37 360: one slip from the difference, and that of
/// none.
fn between_years(paper: &Paper, gathered: &Gathered, at: usize) -> Option<Remark> {
    const CHANGES: [&str; 4] = ["ök", "minsk", "sjunk", "steg"];
    let by = paper.amounts().get(at).filter(|one| one.per.is_none() && !one.is_cap)?;
    let sentence = paper.sentence(by.tokens.0);
    let clause = sentence.start..by.tokens.0;
    let years: Vec<i32> = crate::paper::years(paper.tokens_in(&clause)).into_iter().collect();
    let [first, second] = years[..] else { return None };
    let is_by = paper.before(by, 1).iter().any(|token| token.is_one_of(&["med", "på"]));
    let changes = paper
        .tokens_in(&clause)
        .iter()
        .any(|token| CHANGES.iter().any(|begin| token.text.starts_with(begin)));
    if !is_by || !changes {
        return None;
    }
    let own = by.amount.ore().unsigned_abs();
    let named = only_row(paper, gathered, &clause).map(|(_, _, place)| place);
    for (nth, table) in paper.tables.iter().enumerate() {
        let column = |year: i32| {
            let mut of = (0..table.columns.len())
                .filter(|at| table.columns.get(*at).and_then(|one| one.year) == Some(year));
            of.next().filter(|_| of.next().is_none())
        };
        let (Some(from), Some(to)) = (column(first), column(second)) else { continue };
        let apart = |row: &Row| {
            let (x, y) = (amount_in(paper, row, from)?, amount_in(paper, row, to)?);
            let (a, b) = (paper.amounts().get(x)?.amount, paper.amounts().get(y)?.amount);
            Some((a.ore().abs_diff(b.ore()), x, y))
        };
        let slack = (by.last_digit.ore() / 2).unsigned_abs();
        if table.rows.iter().filter_map(apart).any(|(apart, ..)| apart.abs_diff(own) <= slack) {
            return None;
        }
        let row = match named {
            Some((table_at, row)) if table_at == nth => table.rows.get(row),
            Some(_) => None,
            None => table.sum_row(),
        };
        let Some((right, x, y)) = row.and_then(apart) else { continue };
        let is_slip = is_one_slip(i64::try_from(right).ok()?, i64::try_from(own).ok()?);
        if is_slip && is_telling(i64::try_from(right).ok()?) {
            let (said, right) =
                (Money::from_ore(by.amount.ore()), Money::from_ore(i64::try_from(right).ok()?));
            let text = Text::new(
                format!(
                    "från {first} till {second} är det {right} i tabellen, men texten säger {said}"
                ),
                format!(
                    "from {first} to {second} it is {right} in the table, but the text says {said}"
                ),
            );
            let spans = [at, x, y].into_iter().filter_map(|at| Some(paper.amounts().get(at)?.span));
            return Some(
                Remark::new(Doubt::ChangeDiffers, Severity::Error, text, spans.collect())
                    .off_by(said - right),
            );
        }
    }
    None
}

/// The only row that some tokens name, with its table.
fn only_row<'p>(
    paper: &'p Paper,
    gathered: &Gathered,
    range: &Range<usize>,
) -> Option<(&'p Table, &'p Row, (usize, usize))> {
    let rows: Vec<(usize, usize)> =
        wholly_named(paper, &gathered.named, range).into_iter().collect();
    let [(table, row)] = rows[..] else { return None };
    let of = paper.tables.get(table)?;
    Some((of, of.rows.get(row)?, (table, row)))
}

/// From the amount before to an amount, within its sentence.
fn lead(paper: &Paper, at: usize) -> Option<Range<usize>> {
    Some(paper.clause(at).start..paper.amounts().get(at)?.tokens.0)
}

/// The size of the amount in a cell.
fn size(paper: &Paper, row: &Row, column: usize) -> Option<(usize, u64)> {
    let at = amount_in(paper, row, column)?;
    Some((at, paper.amounts().get(at)?.amount.ore().unsigned_abs()))
}

/// Whether an amount is a figure of a row, or lies between two of them.
fn is_of_row(paper: &Paper, row: &Row, at: usize) -> bool {
    let Some(amount) = paper.amounts().get(at) else { return true };
    let cells: Vec<usize> =
        (0..row.cells.len()).filter_map(|column| amount_in(paper, row, column)).collect();
    let printed = |at: &usize| Value::of(paper, *at).printed;
    let own = amount.amount.ore().saturating_abs();
    let slack = amount.last_digit.ore() / 2;
    let is_near = |ore: i64| ore.saturating_abs().abs_diff(own) <= slack.unsigned_abs();
    let pairs = cells.iter().flat_map(|a| cells.iter().map(move |b| (a, b)));
    cells.iter().any(|cell| is_near(printed(cell)))
        || pairs.into_iter().any(|(a, b)| a != b && is_near(printed(a).saturating_sub(printed(b))))
}

/// "Primärvården med 9,0 mnkr, följt av Medicin med 6,5 mnkr": each has the other's figure of one column.
fn swapped(paper: &Paper, gathered: &Gathered, at: usize) -> Option<Remark> {
    let next = at + 1;
    let (first, second) = (paper.amounts().get(at)?, paper.amounts().get(next)?);
    let sentence = paper.sentence(first.tokens.0);
    if !sentence.contains(&second.tokens.0) || first.per.is_some() || second.per.is_some() {
        return None;
    }
    let (table, row, one) = only_row(paper, gathered, &lead(paper, at)?)?;
    let (_, other_row, other) = only_row(paper, gathered, &lead(paper, next)?)?;
    if one.0 != other.0 || one.1 == other.1 {
        return None;
    }
    let (a, b) = (first.amount.ore().unsigned_abs(), second.amount.ore().unsigned_abs());
    let cross = (0..table.columns.len()).find_map(|column| {
        let (at_own, own) = size(paper, row, column)?;
        let (at_other, of_other) = size(paper, other_row, column)?;
        (own == b && of_other == a && a != b).then_some((at_own, at_other))
    });
    let (x, y) = cross?;
    if is_of_row(paper, row, at) || is_of_row(paper, other_row, next) {
        return None;
    }
    let name = |row: &Row| words(&paper.text(paper.span(&row.label)));
    let (p, q) = (name(row), name(other_row));
    let text = Text::new(
        format!("beloppen för `{p}` och `{q}` har bytt plats mot tabellen"),
        format!("the amounts of `{p}` and `{q}` have changed places with the table's"),
    );
    let places = [at, next, x, y].into_iter().filter_map(|at| Some(paper.amounts().get(at)?.span));
    Some(Remark::new(Doubt::StatedTwice, Severity::Error, text, places.collect()))
}

/// "Fastighet räknar med ett överskott på 1 900 tkr" beside a row whose difference is 1 500.
fn balance(paper: &Paper, gathered: &Gathered, at: usize) -> Option<Remark> {
    const NEAR: usize = 4;
    let amount = paper.amounts().get(at).filter(|one| one.per.is_none() && !one.is_cap)?;
    let sentence = paper.sentence(amount.tokens.0);
    let near = amount.tokens.0.saturating_sub(NEAR)..amount.tokens.0;
    let is_balance = paper
        .has_word(&near, &["överskott", "underskott", "avvikelse", "överskottet", "underskottet"]);
    let is_only = paper.amounts_in(&sentence).len() == 1;
    const OTHER: [&str; 10] = [
        "tidigare",
        "föregående",
        "fjol",
        "fjolåret",
        "förra",
        "augusti",
        "varav",
        "ytterligare",
        "halvåret",
        "tertialet",
    ];
    if !is_balance || !is_only || paper.has_word(&sentence, &OTHER) {
        return None;
    }
    let (table, row, _) = only_row(paper, gathered, &(sentence.start..amount.tokens.0))?;
    let is_difference = |column: &usize| {
        let of = table.columns.get(*column);
        of.and_then(|column| column.noun.as_deref()).is_some_and(|noun| {
            ["avvik", "diff", "result", "över", "under"].iter().any(|begin| noun.starts_with(begin))
        })
    };
    let columns: Vec<usize> = (0..table.columns.len()).filter(is_difference).collect();
    let [column] = columns[..] else { return None };
    let cell = amount_in(paper, row, column)?;
    let fine = paper.amounts().get(cell)?;
    let is_twin = twin::is_rounding(amount, fine) || twin::is_rounding(fine, amount);
    if is_of_row(paper, row, at) || is_twin || gathered.often(amount.amount) > 1 {
        return None;
    }
    Some(differs(paper, row, at, cell))
}

/// The same as of a row that prose repeats; that the row is of the same money is a guess.
fn differs(paper: &Paper, row: &Row, at: usize, cell: usize) -> Remark {
    Remark { severity: Severity::Warning, ..row_differs(paper, row, at, cell) }
}

/// "Ersättningen per inskriven gravid höjs från 7 850 till 8 420 kronor" beside a row of 8 240.
fn rate(paper: &Paper, gathered: &Gathered, at: usize) -> Option<Remark> {
    let amount = paper.amounts().get(at).filter(|one| is_telling(one.amount.ore()))?;
    let before = at.checked_sub(1).and_then(|at| paper.amounts().get(at))?;
    let sentence = paper.sentence(amount.tokens.0);
    let is_to = paper.before(amount, 1).iter().any(|token| token.is("till"));
    let is_from = paper.before(before, 1).iter().any(|token| token.is("från"));
    let is_pair = paper.amounts_in(&sentence).len() == 2 && sentence.contains(&before.tokens.0);
    if !is_to || !is_from || !is_pair || gathered.often(amount.amount) > 1 {
        return None;
    }
    let (_, row, _) = only_row(paper, gathered, &(sentence.start..before.tokens.0))?;
    if is_of_row(paper, row, at) {
        return None;
    }
    let mut cells = (0..row.cells.len()).filter_map(|column| amount_in(paper, row, column));
    let cell = cells.find(|cell| {
        paper
            .amounts()
            .get(*cell)
            .is_some_and(|cell| is_one_slip(cell.amount.ore(), amount.amount.ore()))
    })?;
    Some(differs(paper, row, at, cell))
}

/// "Teknik och service, med 258 anställda" beside a row of 285.
fn numbers(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    const MOST: usize = 1_000;
    const LEAST: i128 = 100;
    let is_told = |count: &&crate::paper::Count| {
        count.number >= LEAST && paper.table_of(count.tokens.0).is_none()
    };
    let often = |number: i128| paper.counts.iter().filter(|one| one.number == number).count();
    let told = paper.counts.iter().filter(is_told).take(MOST).filter_map(|count| {
        let sentence = paper.sentence(count.tokens.0);
        let first = Figure::all(paper, &(sentence.start..count.tokens.0)).is_empty();
        let (table, row, _) =
            only_row(paper, gathered, &(sentence.start..count.tokens.0)).filter(|_| first)?;
        let cells = table.columns_of(ColumnKind::Count).into_iter();
        let cells: Vec<(i128, crate::paper::Span)> = cells
            .filter_map(|column| {
                let (number, _) = count_in(table, row, column).filter(|(_, few)| *few == 0)?;
                Some((number, row.cells.get(column)?.span(&paper.tokens)))
            })
            .collect();
        let is_known = cells.iter().any(|(number, _)| *number == count.number);
        let slip = |number: i128| {
            let (a, b) = (i64::try_from(number), i64::try_from(count.number));
            a.is_ok_and(|a| b.is_ok_and(|b| is_one_slip(a, b)))
        };
        let (_, place) = cells.iter().find(|(number, _)| slip(*number))?;
        (!is_known && often(count.number) == 1).then(|| {
            let (a, b) = (words(&paper.text(count.noted.span)), words(&paper.text(*place)));
            let text = Text::new(
                format!("texten anger `{a}`, tabellen {b} på den raden"),
                format!("the text says `{a}`, the table {b} in that row"),
            );
            Remark::new(Doubt::StatedTwice, Severity::Warning, text, vec![count.noted.span, *place])
        })
    });
    told.collect()
}
