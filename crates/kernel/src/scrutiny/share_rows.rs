//! Shares in rows: items of a list and rows of a table that have a percentage and an amount each.
//!
//! Owns: D7 for columns and lists. Does not own: shares in sentences (`share`).
//!
//! Rows of 25 % and 5 000 tkr, 75 % and 15 000 tkr are right of 20 000 tkr.

use super::figures::Figure;
use super::share::{holds, remark};
use super::share_sums::not_whole;
use super::table::{amount_in, count_in};
use super::value::Value;
use super::{Doubt, Remark, items, words};
use crate::finding::{Severity, Text};
use crate::paper::layout::List;
use crate::paper::line::Content;
use crate::paper::table::{ColumnKind, Row};
use crate::paper::{Paper, Share, Span, Table};

/// Items that each have a share and an amount of the whole that the list divides.
pub(super) fn of_list(paper: &Paper, list: &List) -> Vec<Remark> {
    let read = |item: &crate::paper::layout::Item| {
        let range = item.own.first()?;
        let shares: Vec<&Share> = paper.shares_in(range).iter().collect();
        let amounts: Vec<usize> = paper.amounts_in(range).collect();
        match (shares.as_slice(), amounts.as_slice()) {
            ([share], amounts) if amounts.len() < 2 => {
                Some(((*share).clone(), amounts.first().copied()))
            }
            _ => None,
        }
    };
    let rows: Vec<(Share, Option<usize>)> = list.items.iter().filter_map(read).collect();
    if rows.len() < 2 || rows.len() != list.items.len() {
        return Vec::new();
    }
    let intro = list.intro.and_then(|at| paper.block(at)).map(|block| block.tokens.clone());
    let whole = intro.as_ref().and_then(|range| items::stated_in(paper, range));
    let with_amounts: Vec<(Share, Value)> = rows
        .iter()
        .filter_map(|(share, at)| Some((share.clone(), Value::of(paper, (*at)?))))
        .collect();
    let mut remarks = against_whole(paper, &with_amounts, whole);
    let group: Vec<&Share> = rows.iter().map(|(share, _)| share).collect();
    let divides = intro.is_some_and(|range| {
        let words = paper.tokens_in(&range);
        items::divides(paper, &range)
            || words.iter().any(|word| word.text.starts_with("fördelning"))
    });
    if remarks.is_empty() && divides {
        let total: i128 =
            group.iter().map(|share| share.mantissa / 10_i128.pow(share.decimals)).sum();
        remarks.extend(not_whole(&group, false).filter(|_| (70..=130).contains(&total)));
    }
    remarks
}

/// Rows of share and amount against a whole. Where the others hold to the krona the shares are exact; else they are derived.
pub(super) fn against_whole(
    paper: &Paper,
    rows: &[(Share, Value)],
    whole: Option<Value>,
) -> Vec<Remark> {
    let sum = || Value::sum(&rows.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>());
    let Some(whole) = whole.or_else(sum) else { return Vec::new() };
    let exactly = |(share, value): &&(Share, Value)| {
        holds(paper, share, value, &whole, share.is_about) == Some(true)
    };
    let exact = rows.iter().filter(exactly).count();
    let is_derived = exact * 3 < rows.len() * 2;
    let wrong: Vec<&(Share, Value)> = rows
        .iter()
        .filter(|(share, value)| {
            holds(paper, share, value, &whole, is_derived || share.is_about) == Some(false)
        })
        .collect();
    // Where most rows are off the shares are of something else.
    if rows.len() < 2 || wrong.len() * 2 > rows.len() {
        return Vec::new();
    }
    wrong.into_iter().map(|(share, value)| remark(paper, share, value, &whole)).collect()
}

/// The whole that most rows are exact shares of, where no row says it.
fn implied(rows: &[(Share, Value)]) -> Option<Value> {
    let base = |(share, value): &(Share, Value)| {
        let (parts, whole) = share.exactly();
        let scaled = i128::from(value.printed) * whole;
        let base = scaled.checked_div(parts)?;
        (base * parts == scaled).then(|| i64::try_from(base).ok())?
    };
    let all: Vec<i64> = rows.iter().filter_map(base).collect();
    let often = |one: &i64| all.iter().filter(|other| *other == one).count();
    let most = all.iter().take(MOST_BASES).copied().max_by_key(often)?;
    (often(&most) > 1 && often(&most) * 3 >= rows.len() * 2).then(|| Value::bare(most))
}

/// Of how many rows it is asked what whole they are shares of.
const MOST_BASES: usize = 100;

/// A column of shares: against the amounts of the rows, and against 100.
pub(super) fn of_table(paper: &Paper, table: &Table) -> Vec<Remark> {
    // Of several the one with most of them: tabs may have left others empty.
    let filled = |at: &usize| table.rows.iter().filter_map(|row| share_in(paper, row, *at)).count();
    let columns = table.columns_of(ColumnKind::Share);
    let Some(column) = columns.iter().rev().copied().max_by_key(filled) else { return Vec::new() };
    let first = columns.iter().copied().find(|at| filled(at) > 0);
    let column = first.filter(|at| filled(at) * 2 > filled(&column)).unwrap_or(column);
    let share_in = |row: &Row| share_in(paper, row, column);
    let shares: Vec<Share> = table.parts().filter_map(share_in).collect();
    let amounts = table.sums_of_money();
    let total = table.sum_row();
    let mut remarks = Vec::new();
    if let [amount] = amounts.as_slice() {
        let rows: Vec<(Share, Value)> = table
            .parts()
            .filter_map(|row| {
                Some((share_in(row)?, Value::of(paper, amount_in(paper, row, *amount)?)))
            })
            .collect();
        let whole =
            total.and_then(|row| amount_in(paper, row, *amount)).map(|at| Value::of(paper, at));
        let whole = whole.or_else(|| implied(&rows));
        remarks.extend(against_whole(paper, &rows, whole));
    }
    if amounts.len() > 1 {
        remarks.extend(of_pairs(paper, table, &amounts, column));
    }
    if amounts.is_empty() {
        if is_of_more(paper, table, column) {
            return remarks;
        }
        remarks.extend(of_counts(paper, table, column));
    }
    let group: Vec<&Share> = shares.iter().collect();
    let sum: i128 = group.iter().map(|share| share.mantissa / 10_i128.pow(share.decimals)).sum();
    let claims = total
        .and_then(share_in)
        .is_some_and(|share| share.mantissa == 100 * 10_i128.pow(share.decimals));
    // Percentages of which some are below zero are changes.
    let is_below = |row: &Row| {
        let cell = row.cells.get(column).map(|cell| &cell.content);
        matches!(cell, Some(Content::Number { number, .. }) if number.is_negative || number.has_plus)
    };
    let are_parts = !table.rows.iter().any(is_below);
    remarks.extend(of_sum(paper, &group, total.and_then(share_in)).filter(|_| are_parts));
    if are_parts && group.len() > 1 && remarks.is_empty() && (claims || (80..=120).contains(&sum)) {
        let is_derived = group.iter().any(|share| share.decimals > 0) || group.len() > 4;
        remarks.extend(not_whole(&group, is_derived));
    }
    remarks
}

/// Rows in which one amount is so many percent of another: what holds for all rows but one or two holds for those.
fn of_pairs(paper: &Paper, table: &Table, amounts: &[usize], shares: usize) -> Vec<Remark> {
    const LEAST: usize = 4;
    const MOST_COLUMNS: usize = 8;
    let columns = || amounts.iter().copied().take(MOST_COLUMNS);
    let pairs = columns().flat_map(|part| columns().map(move |whole| (part, whole)));
    let read = |row: &Row, (part, whole): (usize, usize)| {
        let value = |column| Some(Value::of(paper, amount_in(paper, row, column)?));
        Some((share_in(paper, row, shares)?, value(part)?, value(whole)?))
    };
    let of_pair = |pair: (usize, usize)| {
        let rows: Vec<(Share, Value, Value)> =
            table.parts().filter_map(|row| read(row, pair)).collect();
        let is_right = |(share, part, whole): &&(Share, Value, Value)| {
            holds(paper, share, part, whole, true) == Some(true)
        };
        let right = rows.iter().filter(is_right).count();
        let is_it = pair.0 != pair.1 && right >= LEAST && right < rows.len();
        // More than a few wrong ones are of something else.
        (is_it && (rows.len() - right) * 4 <= right).then_some(rows)
    };
    let Some(rows) = pairs.into_iter().find_map(of_pair) else { return Vec::new() };
    let wrong = rows.iter().filter(|(share, part, whole)| {
        part.printed > 0 && holds(paper, share, part, whole, true) == Some(false)
    });
    wrong.map(|(share, part, whole)| remark(paper, share, part, whole)).collect()
}

/// The share in a cell of a row.
fn share_in(paper: &Paper, row: &Row, column: usize) -> Option<Share> {
    let cell = row.cells.get(column)?;
    matches!(cell.content, Content::Number { .. }).then_some(())?;
    paper.shares_in(&cell.tokens).first().cloned()
}

/// A row of the sum that says another percentage than 100 where its rows are 100 together, but for rounding.
fn of_sum(paper: &Paper, group: &[&Share], total: Option<Share>) -> Option<Remark> {
    const LEAST: usize = 3;
    let total = total.filter(|total| group.len() >= LEAST && total.parts.is_none())?;
    let decimals = group.iter().map(|share| share.decimals).max()?.max(total.decimals);
    let scaled = |share: &Share| share.mantissa * 10_i128.pow(decimals - share.decimals);
    let whole = 100 * 10_i128.pow(decimals);
    let sum: i128 = group.iter().map(|share| scaled(share)).sum();
    let rounding = i128::try_from(group.len()).ok()? / 2;
    let is_whole = (sum - whole).abs() <= rounding;
    let is_off = (scaled(&total) - whole).abs() > rounding.max(1) && scaled(&total) < whole * 10;
    let said = words(&paper.text(total.noted.span));
    let text = Text::new(
        format!("andelarna är tillsammans 100 procent, men summaraden säger `{said}`"),
        format!("the shares are 100 percent together, but the row of the sum says `{said}`"),
    );
    (is_whole && is_off)
        .then(|| Remark::new(Doubt::SharesDiffer, Severity::Error, text, vec![total.noted.span]))
}

/// Whether the rows are but the largest parts of a number that the text above says.
fn is_of_more(paper: &Paper, table: &Table, shares: usize) -> bool {
    let [counts] = table.columns_of(ColumnKind::Count)[..] else { return false };
    let read = |row: &Row| Some((count_in(table, row, counts)?, share_in(paper, row, shares)?));
    let rows: Vec<((i128, u32), Share)> = table.parts().filter_map(read).collect();
    let fits = |whole: i128| {
        rows.iter().all(|((number, decimals), share)| {
            let (parts, scale) = share.exactly();
            *decimals == 0 && (number * scale - parts * whole).abs() <= whole
        })
    };
    rows.len() > 2 && table.sum_row().is_none() && above(paper, table).into_iter().any(fits)
}

/// The numbers of things in the paragraphs right above a table.
fn above(paper: &Paper, table: &Table) -> Vec<i128> {
    const MOST: usize = 3;
    let block = table.lines.start;
    let block = paper.lines.get(block).and_then(|line| paper.layout().block_of(line.tokens.start));
    let Some(block) = block else { return Vec::new() };
    let blocks = (block.saturating_sub(MOST)..block).filter_map(|at| paper.block(at));
    let figures = blocks.flat_map(|block| Figure::all(paper, &block.tokens));
    figures.filter(|one| one.amount.is_none()).map(|one| one.value / 1_000_000).collect()
}

/// Rows of a number of things and the percentage that it is of all, where it is for most rows.
fn of_counts(paper: &Paper, table: &Table, shares: usize) -> Vec<Remark> {
    let [counts] = table.columns_of(ColumnKind::Count)[..] else { return Vec::new() };
    let number = |row: &Row| count_in(table, row, counts).filter(|(_, decimals)| *decimals == 0);
    let place = |row: &Row| row.cells.get(counts).map(|cell| cell.span(&paper.tokens));
    let share = |row: &Row| share_in(paper, row, shares);
    let read: Vec<(i128, Span, Share)> =
        table.parts().filter_map(|row| Some((number(row)?.0, place(row)?, share(row)?))).collect();
    let all: i128 = read.iter().map(|(number, ..)| number).sum();
    let whole = table.sum_row().and_then(number).map_or(all, |(number, _)| number);
    let holds = |(number, _, share): &(i128, Span, Share)| {
        let (parts, scale) = share.exactly();
        (number * scale - parts * whole).abs() <= whole
    };
    let wrong: Vec<&(i128, Span, Share)> = read.iter().filter(|row| !holds(row)).collect();
    if whole != all || whole <= 0 || wrong.len() * 3 > read.len() {
        return Vec::new();
    }
    let remark = |(number, place, share): &(i128, Span, Share)| {
        let scale = 10_i128.pow(share.decimals);
        let right = (number * 200 * scale + whole) / (whole * 2);
        let shown = match share.decimals {
            0 => right.to_string(),
            width => {
                format!("{},{:0width$}", right / scale, right % scale, width = width as usize)
            }
        };
        let said = words(&paper.text(share.noted.span));
        let text = Text::new(
            format!("{number} av {whole} är {shown} procent, men raden säger `{said}`"),
            format!("{number} of {whole} is {shown} percent, but the row says `{said}`"),
        );
        let places = vec![*place, share.noted.span];
        let mut remark = Remark::new(Doubt::ShareDiffers, Severity::Error, text, places);
        remark.reconciles_by = Some(Text::new(
            format!("raden får {shown} procent"),
            format!("the row gets {shown} percent"),
        ));
        remark
    };
    wrong.into_iter().map(remark).collect()
}
