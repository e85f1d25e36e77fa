//! Tables: rows against their sums, columns against their total, shares and keys against amounts.
//!
//! Owns: the sums of tables. Does not own: which lines are tables (`paper::table`).
//!
//! Rows of 40 and 60 under `Summa 110` differ from it by 10.

use super::reconcile::mend;
use super::value::Value;
use super::{Doubt, Remark, items, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::layout::BlockKind;
use crate::paper::table::{ColumnKind, Row, RowKind};
use crate::paper::{Paper, Span, Table};

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (at, table) in paper.tables.iter().enumerate() {
        for column in 0..table.columns.len() {
            remarks.extend(column_sums(paper, table, column));
        }
        remarks.extend(against_text(paper, at, table));
        remarks.extend(row_totals(paper, table));
        remarks.extend(super::share::of_table(paper, table));
        remarks.extend(super::units::of_table(paper, table));
        // A row that a broken sum already names is told there.
        let named: Vec<Span> =
            remarks.iter().flat_map(|remark: &Remark| remark.places.clone()).collect();
        let is_new = |remark: &Remark| {
            remark.doubt != Doubt::RowOutOfLine
                || !remark.places.iter().any(|place| named.contains(place))
        };
        remarks.extend(out_of_line(paper, table).into_iter().filter(is_new));
    }
    remarks
}

/// The amount that stands in a cell, by its place among the amounts.
pub(super) fn amount_in(paper: &Paper, row: &Row, column: usize) -> Option<usize> {
    let cell = row.cells.get(column)?;
    let found = paper.amounts_in(&cell.tokens);
    (found.len() == 1).then_some(found.start)
}

/// Rows with something in a column, as values; a count is a value of so many öre, so that sums are the same.
fn value_in(paper: &Paper, table: &Table, row: &Row, column: usize) -> Option<Value> {
    (table.columns.get(column)?.kind == ColumnKind::Amount).then_some(())?;
    amount_in(paper, row, column).map(|at| Value::of(paper, at))
}

fn column_sums(paper: &Paper, table: &Table, column: usize) -> Vec<Remark> {
    let kind = table.columns.get(column).map(|column| column.kind);
    if kind == Some(ColumnKind::Count) {
        return count_sums(paper, table, column);
    }
    if kind != Some(ColumnKind::Amount)
        || table.columns.get(column).is_some_and(|column| column.per.is_some())
    {
        return Vec::new();
    }
    let mut remarks = Vec::new();
    let (mut parts, mut subtotals): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let mut all: Vec<Value> = Vec::new();
    for row in &table.rows {
        let Some(value) = value_in(paper, table, row, column) else { continue };
        match row.kind {
            RowKind::Of => {}
            RowKind::Part => {
                parts.push(value.clone());
                all.push(value);
            }
            RowKind::Subtotal | RowKind::Total => {
                let is_last_total = row.kind == RowKind::Total && !subtotals.is_empty();
                let candidates: Vec<Vec<Value>> = if is_last_total {
                    vec![[subtotals.clone(), parts.clone()].concat(), all.clone()]
                } else {
                    vec![parts.clone()]
                };
                let holds =
                    |parts: &Vec<Value>| Value::sum(parts).is_some_and(|sum| sum.agrees(&value));
                let tested = candidates.first().filter(|parts| parts.len() > 1 || is_last_total);
                if let Some(tested) = tested.filter(|_| !candidates.iter().any(holds)) {
                    remarks.extend(remark(paper, &value, tested));
                }
                subtotals.push(value);
                parts.clear();
                if row.kind == RowKind::Total {
                    subtotals.clear();
                    all.clear();
                }
            }
        }
    }
    remarks
}

fn remark(paper: &Paper, stated: &Value, parts: &[Value]) -> Option<Remark> {
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
    Some(remark)
}

/// The number in a cell that is no money.
fn count_in(table: &Table, row: &Row, column: usize) -> Option<(i128, u32)> {
    use crate::paper::line::Content;
    let Content::Number { number, .. } = &row.cells.get(column)?.content else { return None };
    let kind = table.columns.get(column)?.kind;
    (kind == ColumnKind::Count).then_some((number.mantissa, number.decimals))
}

fn count_sums(paper: &Paper, table: &Table, column: usize) -> Vec<Remark> {
    let (mut sum, mut places, mut remarks, mut rows): (i128, Vec<Span>, Vec<Remark>, usize) =
        (0, Vec::new(), Vec::new(), 0);
    for row in &table.rows {
        let Some((number, 0)) = count_in(table, row, column) else { continue };
        let place = row.cells.get(column).map(|cell| cell.span(&paper.tokens));
        match row.kind {
            RowKind::Of => {}
            RowKind::Part => {
                sum += number;
                rows += 1;
                places.extend(place);
            }
            RowKind::Subtotal => return remarks,
            RowKind::Total => {
                places.extend(place);
                if sum != number && rows > 1 {
                    let text = Text::new(
                        format!(
                            "antalen i kolumnen summerar till {sum}, men summaraden säger {number}"
                        ),
                        format!(
                            "the counts of the column sum to {sum}, but the row of the sum says {number}"
                        ),
                    );
                    remarks.push(Remark::new(
                        Doubt::SumDiffers,
                        Severity::Error,
                        text,
                        places.clone(),
                    ));
                }
                (sum, rows) = (0, 0);
                places.clear();
            }
        }
    }
    remarks
}

/// The whole of a table against the whole that the text before it states.
fn against_text(paper: &Paper, at: usize, table: &Table) -> Option<Remark> {
    let mut columns = (0..table.columns.len()).filter(|column| {
        table
            .columns
            .get(*column)
            .is_some_and(|column| column.kind == ColumnKind::Amount && column.per.is_none())
    });
    let column = columns.next()?;
    // With several columns of money the one of the sum, or none, is what the text speaks of.
    let more: Vec<usize> = columns.collect();
    let total = |column: &usize| table.columns.get(*column).is_some_and(|column| column.is_total);
    let column =
        if more.is_empty() { column } else { *more.iter().find(|column| total(column))? };
    let sum_row = table.rows.iter().rev().find(|row| row.kind == RowKind::Total);
    let parts: Vec<Value> = table
        .rows
        .iter()
        .filter(|row| row.kind == RowKind::Part)
        .filter_map(|row| value_in(paper, table, row, column))
        .collect();
    let rows = Value::sum(&parts).filter(|_| parts.len() > 1)?;
    let of_table =
        sum_row.and_then(|row| value_in(paper, table, row, column)).unwrap_or_else(|| rows.clone());
    let block =
        paper.layout().blocks.iter().position(|block| block.kind == BlockKind::Table(at))?;
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
    let speaks = items::divides(paper, &near.tokens)
        || near.kind == BlockKind::Heading
        || paper.tokens_in(&last).last().is_some_and(|token| token.is_mark(':'))
        || paper.has_word(&last, &["tabell", "tabellen", "bilaga"]);
    if !speaks || stated.agrees(&of_table) || stated.agrees(&rows) {
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
fn row_totals(paper: &Paper, table: &Table) -> Vec<Remark> {
    let Some(total) = table
        .columns
        .iter()
        .position(|column| column.is_total && column.kind == ColumnKind::Amount)
    else {
        return Vec::new();
    };
    let before: Vec<usize> = (0..total)
        .filter(|at| {
            table
                .columns
                .get(*at)
                .is_some_and(|column| column.kind == ColumnKind::Amount && column.per.is_none())
        })
        .collect();
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
    let broken: Vec<_> = table.rows.iter().filter_map(broken).collect();
    // Where most rows do not hold, the column sums something else.
    if broken.len() * 2 > table.rows.len() {
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
        remark
    });
    told.collect()
}

/// Rows whose amount does not follow the key that the other rows follow, rows that leap between years, and rows whose
/// difference of two columns is not the one stated.
fn out_of_line(paper: &Paper, table: &Table) -> Vec<Remark> {
    let parts: Vec<&Row> = table.rows.iter().filter(|row| row.kind == RowKind::Part).collect();
    let kinds = |kind: ColumnKind| {
        (0..table.columns.len())
            .filter(move |at| table.columns.get(*at).is_some_and(|c| c.kind == kind))
    };
    let amounts: Vec<usize> = kinds(ColumnKind::Amount).collect();
    let mut remarks = Vec::new();
    for key in kinds(ColumnKind::Count) {
        let is_plain = |column: &&usize| {
            table.columns.get(**column).is_some_and(|column| column.per.is_none())
        };
        for column in amounts.iter().filter(is_plain) {
            remarks.extend(off_key(paper, table, key, *column));
        }
    }
    for pair in amounts.windows(2) {
        if let [before, after] = pair {
            remarks.extend(leaps(paper, table, &parts, *before, *after));
            remarks.extend(off_key(paper, table, *before, *after));
        }
    }
    if let [a, b, c] = amounts.as_slice() {
        remarks.extend(differences(paper, table, *a, *b, *c));
    }
    remarks
}

/// A row as a number to divide by and the amount that it gives.
struct Keyed {
    key: i128,
    key_unit: i128,
    value: i128,
    unit: i128,
    amount: Value,
    label: std::ops::Range<usize>,
    is_total: bool,
}

fn keyed(paper: &Paper, table: &Table, row: &Row, key: usize, column: usize) -> Option<Keyed> {
    let amount = value_in(paper, table, row, column)?;
    let last_digit =
        |value: &Value| Some(i128::from(paper.amounts().get(*value.of.first()?)?.last_digit.ore()));
    let (number, key_unit) = match count_in(table, row, key) {
        Some((number, 0)) => (number, 0),
        _ => {
            let value = value_in(paper, table, row, key)?;
            (i128::from(value.printed), last_digit(&value)?)
        }
    };
    let (value, unit) = (i128::from(amount.printed), last_digit(&amount)?);
    let fits = number > 0 && value > 0 && row.kind != RowKind::Of;
    let is_total = row.kind != RowKind::Part;
    fits.then(|| Keyed {
        key: number,
        key_unit,
        value,
        unit,
        amount,
        label: row.label.clone(),
        is_total,
    })
}

/// Rows out of line with a key, or with the growth that a stated percentage gives all rows.
fn off_key(paper: &Paper, table: &Table, key: usize, column: usize) -> Vec<Remark> {
    let read: Vec<Keyed> =
        table.rows.iter().filter_map(|row| keyed(paper, table, row, key, column)).collect();
    let parts = read.iter().filter(|row| !row.is_total).count();
    if parts < 3 {
        return Vec::new();
    }
    // A row is in line with another where both have the same amount per unit of the key, but for rounding.
    let agrees = |a: &Keyed, b: &Keyed| {
        (a.value * b.key - b.value * a.key).abs() <= a.unit * b.key + b.unit * a.key
    };
    let friends = |a: &Keyed| read.iter().filter(|b| agrees(a, b)).count();
    let Some(model) = read.iter().max_by_key(|row| (friends(row), row.value)) else {
        return Vec::new();
    };
    let out: Vec<&Keyed> = read.iter().filter(|row| !row.is_total && !agrees(model, row)).collect();
    let is_growth = model.key_unit > 0;
    let follows = if is_growth {
        is_stated_growth(paper, model) && friends(model) >= 3
    } else {
        friends(model) >= 3
    };
    if out.is_empty() || out.len() * 2 > parts || !follows {
        return Vec::new();
    }
    let told = out.into_iter().filter_map(|row| {
        let exact = model.value * row.key / model.key;
        let expected = (exact + model.unit / 2) / model.unit * model.unit;
        let expected = Money::from_ore(i64::try_from(expected).ok()?);
        let (name, value) = (
            words(&paper.text(paper.span(&row.label))),
            Money::from_ore(i64::try_from(row.value).ok()?),
        );
        let text = Text::new(
            format!(
                "`{name}` får {value}, men i proportion som de andra raderna blir det {expected}"
            ),
            format!(
                "`{name}` gets {value}, but in proportion as the other rows it would be {expected}"
            ),
        );
        let mut remark =
            Remark::new(Doubt::RowOutOfLine, Severity::Warning, text, row.amount.places(paper));
        remark.difference = Some(value - expected);
        remark.range = remark.difference.map(|difference| (difference, difference));
        remark.reconciles_by =
            Some(Text::new(format!("raden får {expected}"), format!("the row gets {expected}")));
        Some(remark)
    });
    told.collect()
}

/// Whether the text states the percentage by which a row grows or falls.
fn is_stated_growth(paper: &Paper, row: &Keyed) -> bool {
    paper.shares.iter().any(|share| {
        let scale = 10_i128.pow(share.decimals) * 100;
        let sides = [scale + share.mantissa, scale - share.mantissa];
        share.mantissa > 0
            && sides
                .iter()
                .any(|side| (row.key * side - row.value * scale).abs() <= row.unit * scale)
    })
}

/// A column that is the difference of the two before it in most rows, and not in some.
fn differences(paper: &Paper, table: &Table, a: usize, b: usize, c: usize) -> Vec<Remark> {
    let read: Vec<[Value; 3]> = table
        .rows
        .iter()
        .filter_map(|row| {
            Some([
                value_in(paper, table, row, a)?,
                value_in(paper, table, row, b)?,
                value_in(paper, table, row, c)?,
            ])
        })
        .collect();
    let down = |[a, b, c]: &[Value; 3]| a.printed - b.printed == c.printed;
    let up = |[a, b, c]: &[Value; 3]| b.printed - a.printed == c.printed;
    let count = |holds: &dyn Fn(&[Value; 3]) -> bool| read.iter().filter(|row| holds(row)).count();
    let (downs, ups) = (count(&down), count(&up));
    let most = downs.max(ups);
    if most < 3 || most * 3 < read.len() * 2 {
        return Vec::new();
    }
    let broken = read.iter().filter(|row| if downs >= ups { !down(row) } else { !up(row) });
    let told = broken.map(|[a, b, c]| {
        let (from, minus) = if downs >= ups { (a, b) } else { (b, a) };
        let computed = Money::from_ore(from.printed - minus.printed);
        let stated = Money::from_ore(c.printed);
        let difference = stated - computed;
        let text = Text::new(
            format!("skillnaden mellan radens två belopp är {computed}, men raden säger {stated}"),
            format!(
                "the difference of the row's two amounts is {computed}, but the row says {stated}"
            ),
        );
        let places = [a.places(paper), b.places(paper), c.places(paper)].concat();
        let mut remark = Remark::new(Doubt::SumDiffers, Severity::Error, text, places);
        remark.difference = Some(difference);
        remark.range = Some((difference, difference));
        remark.reconciles_by =
            Some(Text::new(format!("raden får {computed}"), format!("the row gets {computed}")));
        remark
    });
    told.collect()
}

/// A row that grows or falls many times between two years, when no other does.
fn leaps(paper: &Paper, table: &Table, rows: &[&Row], before: usize, after: usize) -> Vec<Remark> {
    let year = |column: usize| table.columns.get(column).and_then(|column| column.year);
    if year(before).is_none() || year(after).is_none() {
        return Vec::new();
    }
    let read: Vec<(Value, Value, &Row)> = rows
        .iter()
        .filter_map(|row| {
            Some((value_in(paper, table, row, before)?, value_in(paper, table, row, after)?, *row))
        })
        .collect();
    let ends = |a: &Value, b: &Value| (a.printed.min(b.printed), a.printed.max(b.printed));
    let is_leap = |a: &Value, b: &Value| {
        let (small, large) = ends(a, b);
        small > 0 && large >= small.saturating_mul(8)
    };
    let is_near = |a: &Value, b: &Value| {
        let (small, large) = ends(a, b);
        large.saturating_mul(2) <= small.saturating_mul(3)
    };
    let leaping: Vec<_> = read.iter().filter(|(a, b, _)| is_leap(a, b)).collect();
    let steady = read.iter().filter(|(a, b, _)| is_near(a, b)).count();
    if read.len() < 3 || leaping.len() != 1 || steady + 1 != read.len() {
        return Vec::new();
    }
    let told = leaping.into_iter().map(|(a, b, row)| {
        let (from, to, name) = (Money::from_ore(a.printed), Money::from_ore(b.printed), words(&paper.text(paper.span(&row.label))));
        let text = Text::new(
            format!("`{name}` går från {from} till {to} mellan två år, medan de andra raderna ligger nära varandra"),
            format!("`{name}` goes from {from} to {to} between two years, while the other rows stay close"),
        );
        Remark::new(Doubt::RowOutOfLine, Severity::Warning, text, [a.places(paper), b.places(paper)].concat())
    });
    told.collect()
}
