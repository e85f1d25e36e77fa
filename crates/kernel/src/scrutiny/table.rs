//! Tables: rows against their sums, columns against their total, shares and keys against amounts.
//!
//! Owns: the sums of tables. Does not own: which lines are tables (`paper::table`).
//!
//! Rows of 40 and 60 under `Summa 110` differ from it by 10.

use super::gathered::Gathered;
use super::reconcile::mend;
use super::result_row::without_inner;
use super::value::Value;
use super::{Doubt, Remark, count_column, items};
use crate::finding::{Severity, Text};
use crate::money::{Money, grouped};
use crate::paper::layout::BlockKind;
use crate::paper::recipient::key;
use crate::paper::table::{ColumnKind, Row, RowKind};
use crate::paper::{Paper, Recipient, Span, Table};
use std::collections::BTreeSet;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let all = paper.tables.iter().enumerate();
    all.flat_map(|(at, table)| of_table(paper, gathered, at, table)).collect()
}

fn of_table(paper: &Paper, gathered: &Gathered, at: usize, table: &Table) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for column in 0..table.columns.len() {
        remarks.extend(column_sums(paper, gathered, table, column));
    }
    remarks.extend(against_text(paper, gathered, at, table));
    remarks.extend(row_totals(paper, gathered, table));
    remarks.extend(count_column::totals(paper, table));
    remarks.extend(super::result_row::of_table(paper, table));
    // That shares are rounded is told where the text does not say so itself.
    let is_said = |remark: &Remark| gathered.is_rounded && remark.severity == Severity::Note;
    let shares = super::share_rows::of_table(paper, table).into_iter();
    remarks.extend(shares.filter(|remark| !is_said(remark)));
    remarks.extend(super::growth_column::of_table(paper, table));
    let is_told = |remark: &Remark| {
        let row = |one: &Remark| {
            remark.places.iter().filter(|place| one.places.contains(place)).count() > 1
        };
        remarks.iter().any(row)
    };
    let made = super::grid::of_table(paper, table);
    let made: Vec<Remark> = made.into_iter().filter(|remark| !is_told(remark)).collect();
    remarks.extend(made);
    // A slip of unit that a broken sum already tells is told once (D6).
    let places = |remarks: &[Remark], is_of: fn(Doubt) -> bool| -> BTreeSet<Span> {
        let of = remarks.iter().filter(|remark| is_of(remark.doubt));
        of.flat_map(|remark| remark.places.iter().copied()).collect()
    };
    let told = places(&remarks, |doubt| doubt == Doubt::UnitError);
    let by_heading = super::units::of_table(paper, table).into_iter().filter(|remark| {
        remark.doubt != Doubt::UnitError || !remark.places.iter().all(|place| told.contains(place))
    });
    remarks.extend(by_heading);
    // A row that a broken sum already names is told there.
    let named = places(&remarks, |_| true);
    let is_new = |remark: &Remark| {
        remark.doubt != Doubt::RowOutOfLine
            || !remark.places.iter().any(|place| named.contains(place))
    };
    remarks.extend(super::row::out_of_line(paper, gathered, table).into_iter().filter(is_new));
    remarks
}

/// The amount that stands in a cell, by its place among the amounts.
pub(super) fn amount_in(paper: &Paper, row: &Row, column: usize) -> Option<usize> {
    let cell = row.cells.get(column)?;
    let found = paper.amounts_in(&cell.tokens);
    (found.len() == 1).then_some(found.start)
}

/// Rows with something in a column, as values; a count is a value of so many öre, so that sums are the same.
pub(super) fn value_in(paper: &Paper, table: &Table, row: &Row, column: usize) -> Option<Value> {
    (table.columns.get(column)?.kind == ColumnKind::Amount).then_some(())?;
    // As printed: what the text states more finely elsewhere is rounded in the whole table.
    amount_in(paper, row, column).map(|at| Value::printed_of(paper, at))
}

/// A column as far as it is read: what a sum may be of.
#[derive(Default)]
struct Read {
    /// The parts since the last sum.
    parts: Vec<Value>,
    /// The sums of groups since the last sum of all.
    groups: Vec<Value>,
    /// The sums of all since one that closed them.
    totals: Vec<Value>,
    /// The last sums, nearest last.
    sums: Vec<Value>,
    /// All parts since the last sum of all, and since the beginning.
    all: Value,
    ever: Value,
}

impl Read {
    fn part(&mut self, value: Value) -> Option<()> {
        self.all = self.all.plus(&value)?;
        self.ever = self.ever.plus(&value)?;
        self.parts.push(value);
        Some(())
    }

    /// What a sum that stands here is held against; empty where it closes nothing.
    fn tested(&self, is_total: bool) -> Vec<Value> {
        if is_total && !self.groups.is_empty() {
            [self.groups.clone(), self.parts.clone()].concat()
        } else if self.parts.is_empty() && self.groups.is_empty() && self.totals.len() > 1 {
            // "summa" of each group, and "Totalt" right after the last of them.
            self.totals.clone()
        } else if self.parts.len() > 1 {
            self.parts.clone()
        } else {
            Vec::new()
        }
    }

    /// Whether a sum is right by another reading: of all parts, of the sum before and what came after it, or, where nothing
    /// came after it, that sum again or the difference of two.
    fn is_otherwise(&self, stated: &Value, is_total: bool) -> bool {
        let parts = Value::sum(&self.parts);
        let carried = self.sums.last().zip(parts.as_ref()).and_then(|(sum, parts)| sum.plus(parts));
        let is_all = is_total && self.all.agrees(stated);
        let differs = |(at, one): (usize, &Value)| {
            let others = self.sums.iter().skip(at + 1);
            let apart = |other: &Value| {
                let (_, low, high) = one.minus(other);
                let (low, high) = (low.ore(), high.ore());
                (stated.low <= high && low <= stated.high)
                    || (stated.low <= -low && -high <= stated.high)
            };
            others.into_iter().any(apart)
        };
        let is_again = self.parts.is_empty()
            && (self.sums.iter().any(|sum| sum.agrees(stated))
                || self.sums.iter().enumerate().any(differs));
        is_all
            || is_again
            || self.ever.agrees(stated)
            || carried.is_some_and(|sum| sum.agrees(stated))
    }

    /// Goes on after a sum.
    fn close(&mut self, value: Value, is_total: bool) {
        const MOST: usize = 8;
        if is_total && self.parts.is_empty() && self.groups.is_empty() {
            self.totals.clear();
        } else if is_total {
            self.totals.push(value.clone());
        }
        if is_total {
            self.groups.clear();
            self.all = Value::default();
        } else {
            self.groups.push(value.clone());
        }
        self.parts.clear();
        if self.sums.len() == MOST {
            self.sums.remove(0);
        }
        self.sums.push(value);
    }
}

fn column_sums(paper: &Paper, gathered: &Gathered, table: &Table, column: usize) -> Vec<Remark> {
    let kind = table.columns.get(column).map(|column| column.kind);
    if kind == Some(ColumnKind::Count) {
        return count_column::sums(paper, gathered, table, column);
    }
    if !table.sums_of_money().contains(&column) {
        return Vec::new();
    }
    let (mut remarks, mut read) = (Vec::new(), Read::default());
    for row in &table.rows {
        let Some(value) = value_in(paper, table, row, column) else { continue };
        match row.kind {
            RowKind::Of => {}
            RowKind::Part => {
                if read.part(value).is_none() {
                    return remarks;
                }
            }
            RowKind::Subtotal | RowKind::Total => {
                let is_total = row.kind == RowKind::Total;
                let tested = read.tested(is_total);
                let is_right = Value::sum(&tested).is_some_and(|sum| sum.agrees(&value));
                if !tested.is_empty() && !is_right && !read.is_otherwise(&value, is_total) {
                    let tested = without_inner(&tested).unwrap_or(tested);
                    let is_right = Value::sum(&tested).is_some_and(|sum| sum.agrees(&value));
                    let is_right = is_right
                        || is_of_others(&value, &tested)
                        || is_rounded(paper, gathered, &value, &tested)
                        || is_of_last(&tested, &value)
                        || is_coarser(paper, &value, &tested)
                        || has_slipped(paper, row, &value, &tested);
                    let told = (!is_right).then(|| remark(paper, gathered, &value, &tested));
                    remarks.extend(told.flatten());
                }
                read.close(value, is_total);
            }
        }
    }
    remarks
}

/// Whether a sum has fewer decimals than some of its rows, and is theirs rounded.
fn is_coarser(paper: &Paper, stated: &Value, parts: &[Value]) -> bool {
    let digit = stated.last_digit(paper);
    let is_finer = parts.iter().any(|part| part.last_digit(paper) < digit);
    is_finer
        && Value::sum(parts)
            .is_some_and(|sum| sum.printed.abs_diff(stated.printed) <= (digit / 2).unsigned_abs())
}

/// Whether a sum is exactly that of the last of the rows before it: those above them belong to something else.
fn is_of_last(parts: &[Value], sum: &Value) -> bool {
    let mut last = (1..parts.len().saturating_sub(1)).filter_map(|from| parts.get(from..));
    last.any(|last| Value::sum(last).is_some_and(|of| of.printed == sum.printed))
}

/// Whether the closing row also has what a column comes to, figure for figure: then its cells were read a column apart.
fn has_slipped(paper: &Paper, row: &Row, stated: &Value, parts: &[Value]) -> bool {
    let found = (Value::sum(parts), stated.of.first().and_then(|at| paper.amounts().get(*at)));
    let (Some(sum), Some(amount)) = found else { return false };
    let digits: String = paper.text(amount.span).chars().filter(char::is_ascii_digit).collect();
    let unit = digits.parse().ok().and_then(|number: i64| stated.printed.checked_div(number));
    let Some(unit) = unit.filter(|unit| *unit != 0 && sum.printed % unit == 0) else {
        return false;
    };
    let Some(first) = paper.tokens.get(row.label.start) else { return false };
    let line = Span { start: first.span.start, end: amount.span.start };
    // Whatever divides groups and cells, so that a number stands as `grouped` writes it.
    let mut line = paper.text(line).split_whitespace().collect::<Vec<_>>().join("\u{a0}");
    line.push('\u{a0}');
    let number = u64::try_from(sum.printed / unit).map(grouped);
    number.is_ok_and(|number| line.contains(&format!("\u{a0}{number}\u{a0}")))
}

/// Whether rows come to many times the row of the sum, by no slip: then they are of something else.
fn is_of_others(stated: &Value, parts: &[Value]) -> bool {
    const MANY: i64 = 3;
    let sum = Value::sum(parts).map_or(0, |sum| sum.printed.saturating_abs());
    let is_many = sum > stated.printed.saturating_abs().saturating_mul(MANY);
    is_many && !super::reconcile::is_near(stated, parts)
}

/// One krona, in öre: what is printed in larger units may be rounded.
const COARSE: i64 = 100;

fn remark(paper: &Paper, gathered: &Gathered, stated: &Value, parts: &[Value]) -> Option<Remark> {
    let sum = Value::sum(parts)?;
    let (difference, ..) = stated.minus(&sum);
    let mended = mend(paper, stated, parts);
    let is_unit = mended.as_ref().is_some_and(|mended| mended.is_unit);
    let doubt = if is_unit { Doubt::UnitError } else { Doubt::SumDiffers };
    let (whole, computed) = (Money::from_ore(stated.printed), Money::from_ore(sum.printed));
    let text = Text::new(
        format!(
            "{} rader summerar till {computed}, men summaraden säger {whole}: skillnaden är {difference}",
            parts.len()
        ),
        format!(
            "{} rows sum to {computed}, but the row of the sum says {whole}: the difference is {difference}",
            parts.len()
        ),
    );
    let places = [stated.places(paper), sum.places(paper)].concat();
    let mut remark = Remark::new(doubt, Severity::Error, text, places).of_difference(stated, &sum);
    remark.reconciles_by = mended.map(|mended| mended.text);
    if let Some(missing) = without_row(paper, difference) {
        let name = &missing.name;
        remark.reconciles_by = Some(Text::new(
            format!("en rad med {difference} läggs till för `{name}`, som får det i texten"),
            format!("a row of {difference} is added for `{name}`, which the text gives it"),
        ));
        remark.places.push(missing.span);
        remark.places.extend(paper.amounts().get(missing.amount()).map(|amount| amount.span));
        remark.places.sort();
    }
    let is_rounding = is_rounding(paper, stated, parts, difference);
    if is_rounding && gathered.is_rounded {
        remark.severity = Severity::Note;
    } else if is_rounding && stated.last_digit(paper) > COARSE {
        // Figures that are not to the krona may each be rounded, though the text does not say so.
        remark.severity = Severity::Warning;
    }
    Some(remark)
}

/// The one recipient that running text gives what the rows of a table lack.
fn without_row(paper: &Paper, lacking: Money) -> Option<&Recipient> {
    const MOST: usize = 2_000;
    let gets = |one: &&Recipient| {
        paper.amounts().get(one.amount()).is_some_and(|amount| amount.amount == lacking)
    };
    let mut found = paper.recipients().iter().take(MOST).filter(gets);
    found.next().filter(|_| lacking > Money::ZERO && found.next().is_none())
}

/// Whether figures that are each rounded to their last digit can differ so much from their sum.
pub(super) fn is_rounding(
    paper: &Paper,
    stated: &Value,
    parts: &[Value],
    difference: Money,
) -> bool {
    let slack: i64 = parts.iter().chain([stated]).map(|one| one.last_digit(paper) / 2).sum();
    difference.ore().abs() <= slack
}

/// Whether the text states several of some figures more finely elsewhere, so that all of them are rounded, and they are no
/// further from their sum than that.
fn is_rounded(paper: &Paper, gathered: &Gathered, stated: &Value, parts: &[Value]) -> bool {
    const LEAST: usize = 2;
    let printed = |value: &Value| {
        let amounts = value.of.iter().filter_map(|at| paper.amounts().get(*at));
        amounts.map(|amount| amount.amount.ore()).sum::<i64>()
    };
    let is_fine = |value: &&Value| {
        let amount = value.of.first().and_then(|at| paper.amounts().get(*at));
        amount.is_some_and(|amount| gathered.has_finer(paper, amount))
    };
    let difference = printed(stated) - parts.iter().map(printed).sum::<i64>();
    let is_near = is_rounding(paper, stated, parts, Money::from_ore(difference));
    is_near && parts.iter().chain([stated]).filter(is_fine).take(LEAST).count() == LEAST
}

/// The number in a cell that is no money.
pub(super) fn count_in(table: &Table, row: &Row, column: usize) -> Option<(i128, u32)> {
    use crate::paper::line::Content;
    let Content::Number { number, .. } = &row.cells.get(column)?.content else { return None };
    let kind = table.columns.get(column)?.kind;
    let mantissa = if number.is_negative { -number.mantissa } else { number.mantissa };
    (kind == ColumnKind::Count).then_some((mantissa, number.decimals))
}

/// The whole of a table against the whole that the text before it states.
fn against_text(paper: &Paper, gathered: &Gathered, at: usize, table: &Table) -> Option<Remark> {
    let columns = table.sums_of_money();
    // With several columns of money the one of the sum, or none, is what the text speaks of.
    let total = |column: &&usize| table.columns.get(**column).is_some_and(|column| column.is_total);
    let column = match columns.as_slice() {
        [only] => *only,
        several => *several.iter().skip(1).find(total)?,
    };
    let sum_row = table.sum_row();
    let parts: Vec<Value> =
        table.parts().filter_map(|row| value_in(paper, table, row, column)).collect();
    let rows = Value::sum(&parts).filter(|_| parts.len() > 1)?;
    let of_table =
        sum_row.and_then(|row| value_in(paper, table, row, column)).unwrap_or_else(|| rows.clone());
    let block = paper.layout().block_of_table(at)?;
    let before = |steps: usize| block.checked_sub(steps).and_then(|at| paper.block(at));
    let intro = before(1).filter(|b| !matches!(b.kind, BlockKind::Table(_)))?;
    let near = if intro.kind == BlockKind::Heading && paper.amounts_in(&intro.tokens).is_empty() {
        before(2)?
    } else {
        intro
    };
    if matches!(near.kind, BlockKind::Table(_)) {
        return None;
    }
    let last = paper.sentence(near.tokens.end.saturating_sub(1));
    let stated = items::stated_in(paper, &last).or_else(|| {
        items::stated_in(paper, &near.tokens).filter(|_| items::divides(paper, &near.tokens))
    })?;
    let is_total = |at: &usize| paper.amounts().get(*at).is_some_and(|amount| amount.is_total);
    let speaks = items::divides(paper, &near.tokens)
        || stated.of.first().is_some_and(is_total)
        || near.kind == BlockKind::Heading
        || paper.tokens_in(&last).last().is_some_and(|token| token.is_mark(':'))
        || paper.has_word(&last, &["tabell", "tabellen", "bilaga"]);
    // Another amount of the text may be the whole, or the text may speak of one row, or of another sum.
    let others = paper.amounts_in(&near.tokens).filter_map(|at| paper.amounts().get(at));
    let sums = table.rows.iter().filter(|row| row.kind != RowKind::Part);
    let sums: Vec<Value> = sums.filter_map(|row| value_in(paper, table, row, column)).collect();
    let told: BTreeSet<i64> =
        [&rows].into_iter().chain(&sums).chain(&parts).map(|value| value.printed).collect();
    let is_other = others.map(|amount| amount.amount.ore()).any(|ore| told.contains(&ore));
    // "Ingen mottagning får mindre än 1 000 tkr" bounds the rows.
    let bounds = ["ingen", "inget", "mindre", "minst", "högst", "lägst", "mest"];
    let is_bound = paper.has_word(&last, &bounds);
    let is_of_a_row = stated.of.first().and_then(|at| paper.recipient_of(*at)).is_some_and(|of| {
        table.rows.iter().any(|row| key(&paper.tokens, row.label.clone()) == of.key)
    });
    // "Det är 5 tkr mer än budget": the text says itself what lies between.
    let between = stated.minus(&of_table).0;
    let is_told = gathered.often(Money::from_ore(between.ore().abs())) > 0;
    // What is given beside the table is of the same money.
    let has_more = super::beside_table::added(paper, at).is_some() && of_table.high < stated.low;
    if !speaks
        || is_other
        || has_more
        || is_bound
        || is_of_a_row
        || is_told
        || !super::reconcile::is_likely(&stated, std::slice::from_ref(&of_table))
        || stated.agrees(&of_table)
        || stated.agrees(&rows)
    {
        return None;
    }
    let (difference, ..) = stated.minus(&of_table);
    let (said, summed) = (Money::from_ore(stated.printed), Money::from_ore(of_table.printed));
    let text = Text::new(
        format!(
            "texten före tabellen säger {said}, men tabellen summerar till {summed}: skillnaden är {difference}"
        ),
        format!(
            "the text before the table says {said}, but the table sums to {summed}: the difference is {difference}"
        ),
    );
    let places = [stated.places(paper), of_table.places(paper)].concat();
    let mut remark = Remark::new(Doubt::SumDiffers, Severity::Error, text, places)
        .of_difference(&stated, &of_table);
    remark.reconciles_by = mend(
        paper,
        &stated,
        if sum_row.is_some() { std::slice::from_ref(&of_table) } else { &parts },
    )
    .map(|mended| mended.text);
    Some(remark)
}

/// A column of totals against the columns before it, row by row.
fn row_totals(paper: &Paper, gathered: &Gathered, table: &Table) -> Vec<Remark> {
    let Some(total) = table
        .columns
        .iter()
        .position(|column| column.is_total && column.kind == ColumnKind::Amount)
    else {
        return Vec::new();
    };
    // The total stands last, or before what it sums.
    let is_first = !(0..total)
        .any(|at| table.columns.get(at).is_some_and(|column| column.kind == ColumnKind::Amount));
    let parts = if is_first { total + 1..table.columns.len() } else { 0..total };
    let before: Vec<usize> =
        table.sums_of_money().into_iter().filter(|at| parts.contains(at)).collect();
    if before.len() < 2 {
        return Vec::new();
    }
    let broken = |row: &Row| {
        let stated = value_in(paper, table, row, total)?;
        let parts: Vec<Value> =
            before.iter().filter_map(|column| value_in(paper, table, row, *column)).collect();
        let sum = Value::sum(&parts).filter(|_| parts.len() > 1)?;
        (!stated.agrees(&sum)).then_some((stated, parts, sum))
    };
    // Where most rows do not hold, the column sums something else; a part that is wrong breaks the row of the sum too.
    let of_parts = table.parts().filter_map(&broken).count();
    let broken: Vec<_> = table.rows.iter().filter_map(&broken).collect();
    let is_one_part = of_parts == 1 && table.parts().count() == 2;
    if broken.len() * 2 > table.rows.len() && !is_one_part {
        return Vec::new();
    }
    let told = broken.into_iter().map(|(stated, parts, sum)| {
        let (difference, ..) = stated.minus(&sum);
        let (whole, computed) = (Money::from_ore(stated.printed), Money::from_ore(sum.printed));
        let text = Text::new(
            format!("radens belopp summerar till {computed}, men radens summa är {whole}: skillnaden är {difference}"),
            format!("the amounts of the row sum to {computed}, but its sum is {whole}: the difference is {difference}"),
        );
        let places = [stated.places(paper), sum.places(paper)].concat();
        let mut remark = Remark::new(Doubt::SumDiffers, Severity::Error, text, places).of_difference(&stated, &sum);
        remark.reconciles_by = mend(paper, &stated, &parts).map(|mended| mended.text);
        if is_rounding(paper, &stated, &parts, difference) && stated.last_digit(paper) > COARSE {
            remark.severity =
                if gathered.is_rounded { Severity::Note } else { Severity::Warning };
        }
        remark
    });
    told.collect()
}
