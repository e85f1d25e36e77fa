//! Lines of a label and amounts that open with what there was and close with what is left, and lines of tax.
//!
//! Owns: balances and value added tax line by line, in tables and lists. Does not own: rows that begin with `Summa` (`table`), nor
//! what is left in running text (`balance`).
//!
//! `Ingående balans 3 150`, `Överskott 420`, `Underskott −1 060`, `Utgående balans 2 610` is 100 too much.

use super::reconcile::is_one_slip;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::line::{Cell, Content};
use crate::paper::table::Row;
use crate::paper::{Amount, Kind, Paper, Span, Token};
use std::collections::BTreeMap;
use std::ops::Range;

/// How the label of what there was begins.
const OPENS: [&str; 4] = ["ingående", "ib", "ing", "balanserat"];
/// How the label of what is left begins.
const CLOSES: [&str; 10] = [
    "utgående",
    "ub",
    "utg",
    "återstår",
    "återstående",
    "kvarstår",
    "kvarstående",
    "kvar",
    "kvarvarande",
    "återstod",
];
/// How words of what lessens it begin.
const LESSENS: [&str; 14] = [
    "förbruk",
    "uttag",
    "använ",
    "utbetal",
    "återbetal",
    "underskott",
    "kostnad",
    "minsk",
    "avgår",
    "avdrag",
    "utgift",
    "betal",
    "beslut",
    "upparbet",
];

/// A number of a line: of money in öre, of a table without a unit in hundredths.
#[derive(Clone, Copy)]
struct Number {
    value: i64,
    digit: i64,
    span: Span,
}

/// A line: its label, and its numbers in their order.
struct Entry {
    label: Range<usize>,
    numbers: Vec<Number>,
}

pub(super) fn check(paper: &Paper, told: &[Remark]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for run in runs(paper) {
        remarks.extend(balances(paper, &run));
        remarks.extend(taxes(paper, &run));
    }
    let is_told = |remark: &Remark| {
        told.iter().any(|one| {
            let both = remark.places.iter().filter(|place| one.places.contains(place));
            one.severity != Severity::Note && both.count() > 1
        })
    };
    remarks.retain(|remark| !is_told(remark));
    remarks
}

/// The lines that end in numbers after a label, in runs without other lines between.
fn runs(paper: &Paper) -> Vec<Vec<Entry>> {
    const MOST: usize = 40;
    let rows = paper.tables.iter().flat_map(|table| &table.rows);
    let rows: BTreeMap<usize, &Row> =
        rows.filter_map(|row| Some((row.cells.first()?.tokens.start, row))).collect();
    let mut runs: Vec<Vec<Entry>> = vec![Vec::new()];
    for line in &paper.lines {
        let row = rows.range(line.tokens.clone()).next().map(|(_, row)| *row);
        let is_rule =
            line.of(&paper.tokens).iter().all(|token| matches!(token.kind, Kind::Mark(_)));
        match row.map_or_else(|| of_line(paper, &line.tokens), |row| of_row(paper, row)) {
            Some(entry) => match runs.last_mut().filter(|run| run.len() < MOST) {
                Some(run) => run.push(entry),
                None => runs.push(vec![entry]),
            },
            None if is_rule => {}
            None => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}

/// A row of a table, as it is printed: all of its numbers are in one unit.
fn of_row(paper: &Paper, row: &Row) -> Option<Entry> {
    let number = |cell: &Cell| {
        let Content::Number { number, is_percent: false, .. } = &cell.content else { return None };
        let digit =
            100_i64.checked_div(10_i64.checked_pow(number.decimals)?).filter(|one| *one > 0)?;
        let value = i64::try_from(number.mantissa).ok()?.checked_mul(digit)?;
        let value = if number.is_negative { -value } else { value };
        Some(Number { value, digit, span: cell.span(&paper.tokens) })
    };
    let numbers: Vec<Number> = row.cells.iter().filter_map(number).collect();
    (!numbers.is_empty()).then(|| Entry { label: row.label.clone(), numbers })
}

/// A line that is no row, and ends in amounts.
fn of_line(paper: &Paper, line: &Range<usize>) -> Option<Entry> {
    const LONG: usize = 14;
    const MOST: usize = 8;
    let amounts = paper.amounts().get(paper.amounts_in(line))?;
    let (first, last) = (amounts.first()?, amounts.last()?);
    let rest = paper.tokens_in(&(last.tokens.1 + 1..line.end));
    let is_end =
        rest.iter().all(|token| token.is_mark('|') || token.is_mark('.') || token.is_mark('-'));
    let label = line.start..first.tokens.0;
    let has_words = paper.tokens_in(&label).iter().any(|token| token.kind == Kind::Word);
    let number = |amount: &Amount| Number {
        value: amount.amount.ore(),
        digit: amount.last_digit.ore(),
        span: amount.span,
    };
    let fits = is_end && has_words && label.len() <= LONG && amounts.len() <= MOST;
    fits.then(|| Entry { label, numbers: amounts.iter().map(number).collect() })
}

/// The first word of a label.
fn first_word<'p>(paper: &'p Paper, entry: &Entry) -> Option<&'p Token> {
    paper.tokens_in(&entry.label).iter().find(|token| token.kind == Kind::Word)
}

/// What there was, what came and went, and what is left.
fn balances(paper: &Paper, run: &[Entry]) -> Vec<Remark> {
    const MOST: usize = 6;
    let begins = |entry: &Entry, all: &[&str]| {
        first_word(paper, entry).is_some_and(|token| token.is_one_of(all))
    };
    let Some(close) = run.iter().position(|entry| begins(entry, &CLOSES)) else {
        return Vec::new();
    };
    let opens = run.iter().take(close).rposition(|entry| begins(entry, &OPENS));
    let (is_ledger, open) = (opens.is_some(), opens.unwrap_or(0));
    let Some(part) = run.get(open..=close).filter(|part| (3..=MOST + 2).contains(&part.len()))
    else {
        return Vec::new();
    };
    // Without an opening that says so the first line is what there was, and all others are used of it.
    let used = |entry: &Entry| lessens(paper, entry) || begins(entry, &CLOSES);
    let is_named = is_ledger || part.iter().skip(1).all(used);
    let width = part.first().map_or(0, |entry| entry.numbers.len());
    if !is_named || part.iter().any(|entry| entry.numbers.len() != width) {
        return Vec::new();
    }
    (0..width).filter_map(|column| broken(paper, part, column, is_ledger)).collect()
}

fn lessens(paper: &Paper, entry: &Entry) -> bool {
    paper.tokens_in(&entry.label).iter().any(|token| {
        token.kind == Kind::Word && LESSENS.iter().any(|begin| token.text.starts_with(begin))
    })
}

/// Whether what is left is none of the sums that some signs of the lines between give, and what it should be.
fn broken(paper: &Paper, part: &[Entry], column: usize, is_ledger: bool) -> Option<Remark> {
    let all: Vec<Number> = part.iter().filter_map(|one| one.numbers.get(column).copied()).collect();
    let [open, between @ .., close] = all.as_slice() else { return None };
    // What is not to the unit may be rounded.
    let is_coarse = all.iter().any(|one| one.digit != 100);
    let slack: i64 = all.iter().map(|one| if is_coarse { one.digit / 2 } else { 0 }).sum();
    let mut sums = vec![open.value];
    for one in between {
        let with = |sum: &i64| [*sum, sum.saturating_add(one.value), sum.saturating_sub(one.value)];
        sums = sums.iter().flat_map(with).collect();
    }
    let holds = |sum: i64| sum.abs_diff(close.value) <= slack.unsigned_abs();
    if between.is_empty() || open.value <= 0 || sums.into_iter().any(holds) {
        return None;
    }
    let signed = |(one, entry): (&Number, &Entry)| {
        let is_less = one.value > 0 && (lessens(paper, entry) || !is_ledger);
        if is_less { -one.value } else { one.value }
    };
    let parts: i64 = between.iter().zip(part.get(1..)?).map(signed).sum();
    let computed = open.value.checked_add(parts)?;
    let is_near = computed.abs_diff(close.value) <= open.value.unsigned_abs() / 5 * 2;
    let name = words(&paper.text(paper.span(&part.last()?.label)));
    let said = words(&paper.text(close.span));
    let is = shown(paper, close, computed);
    let text = Text::new(
        format!("raderna ovanför ger {is}, men `{name}` är {said}"),
        format!("the rows above give {is}, but `{name}` is {said}"),
    );
    let places = all.iter().map(|one| one.span).collect();
    let mut remark = Remark::new(Doubt::SumDiffers, Severity::Error, text, places);
    remark.reconciles_by =
        Some(Text::new(format!("raden ändras till {is}"), format!("the row becomes {is}")));
    (is_near || is_one_slip(computed, close.value)).then_some(remark)
}

/// A number as the one that it is instead of: an amount of running text as money.
fn shown(paper: &Paper, like: &Number, value: i64) -> String {
    let is_money = paper.amount_at(like.span).is_some_and(|one| one.amount.ore() == like.value);
    if is_money {
        return Money::from_ore(value).to_string();
    }
    let sign = if value < 0 { "−" } else { "" };
    let whole = crate::money::grouped(value.unsigned_abs() / 100);
    match value.unsigned_abs() % 100 {
        0 => format!("{sign}{whole}"),
        rest => format!("{sign}{whole},{rest:02}"),
    }
}

/// "Moms 25 procent" below the price it is of.
fn taxes(paper: &Paper, run: &[Entry]) -> Vec<Remark> {
    let lines = run.iter().enumerate().filter(|(at, entry)| *at > 0 && is_tax(paper, entry));
    let of_line = |(at, entry): (usize, &Entry)| {
        let above = run.get(..at).unwrap_or_default();
        let column = |column| tax_differs(paper, above, entry, column);
        (0..entry.numbers.len()).filter_map(column).collect::<Vec<_>>()
    };
    lines.flat_map(of_line).collect()
}

fn is_tax(paper: &Paper, entry: &Entry) -> bool {
    const OTHER: [&str; 6] = ["exklusive", "exkl", "inklusive", "inkl", "utan", "ingår"];
    let label = paper.tokens_in(&entry.label);
    let names =
        |token: &Token| ["moms", "mervärdesskatt"].iter().any(|word| token.text.starts_with(word));
    label.iter().take(3).any(names)
        && !label.iter().any(|token| token.is_one_of(&OTHER))
        && paper.shares_in(&entry.label).len() == 1
}

fn tax_differs(paper: &Paper, above: &[Entry], entry: &Entry, column: usize) -> Option<Remark> {
    let [rate] = paper.shares_in(&entry.label) else { return None };
    let (parts, whole) = rate.exactly();
    let tax = entry.numbers.get(column).filter(|tax| tax.value > 0)?;
    let fits = above.iter().filter(|one| one.numbers.len() == entry.numbers.len());
    let bases: Vec<&Number> = fits.filter_map(|one| one.numbers.get(column)).collect();
    let right = |base: i64| i128::from(base) * parts / whole.max(1);
    // To one unit, or half of what is printed last.
    let slack = i128::from((tax.digit / 2).max(100));
    let holds = |base: i64| (right(base) - i128::from(tax.value)).abs() <= slack;
    // The tax may be of several lines, and the price may stand elsewhere.
    let sum =
        |from: usize| bases.get(from..).map(|all| all.iter().map(|one| one.value).sum::<i64>());
    let mut runs = (0..bases.len()).filter_map(sum);
    let base = bases.last().filter(|base| base.value > 0)?;
    // A tax of one of several lines is said below that line; below their sum it is of all.
    let is_of_sum = above.last().is_some_and(|entry| {
        let first = first_word(paper, entry);
        first.is_some_and(|token| {
            token.is_one_of(&["summa", "totalt", "delsumma", "netto", "nettobelopp"])
        })
    });
    let is_money = paper.amounts().iter().filter(|one| one.span < tax.span);
    let is_other = bases.iter().any(|one| holds(one.value))
        || is_money.rev().take(30).any(|one| holds(one.amount.ore()));
    if holds(base.value) || runs.any(holds) || (is_other && !is_of_sum) {
        return None;
    }
    let severity = if is_other { Severity::Warning } else { Severity::Error };
    let computed = i64::try_from(right(base.value)).ok()?;
    let is_meant = tax.value < computed.saturating_mul(2) && computed < tax.value.saturating_mul(2);
    let (is, said) = (shown(paper, tax, computed), words(&paper.text(tax.span)));
    let (percent, price) = (words(&paper.text(rate.noted.span)), words(&paper.text(base.span)));
    let text = Text::new(
        format!("`{percent}` av {price} är {is}, men raden säger {said}"),
        format!("`{percent}` of {price} is {is}, but the row says {said}"),
    );
    let places = vec![rate.noted.span, tax.span, base.span];
    let mut remark = Remark::new(Doubt::ShareDiffers, severity, text, places);
    remark.reconciles_by =
        Some(Text::new(format!("raden ändras till {is}"), format!("the row becomes {is}")));
    is_meant.then_some(remark)
}
