//! Columns of a table that are made of two others in most rows, and not in some.
//!
//! Owns: products (`Antal`, `À-pris`, `Belopp`), so many times another column (`per månad`, `per år`), and differences among many
//! columns. Does not own: columns that sum all before them (`table`), growth in percent (`growth_column`).
//!
//! Where most rows are `62 400   58,50   3 650 400`, the row `61 000   31,50   1 951 500` is 30 000 too much.

use super::reconcile::{is_one_slip, is_telling};
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::line::Content;
use crate::paper::table::{Row, RowKind};
use crate::paper::{Paper, Span, Table};

/// A number as it is printed, in ten-thousandths.
#[derive(Clone, Copy)]
struct Cell {
    value: i128,
    digit: i128,
    span: Span,
}

/// One printed unit.
const ONE: i128 = 10_000;

/// What makes a column of two others.
#[derive(Clone, Copy)]
enum Made {
    /// The product, divided by so much.
    Product(i128),
    /// So many times the first.
    Times(i128),
    /// The first with so many percent more: a tax.
    Taxed(i128),
    Sum,
    Less,
}

pub(super) fn of_table(paper: &Paper, table: &Table) -> Vec<Remark> {
    const MOST_ROWS: usize = 200;
    const MOST: usize = 9;
    let width = table.columns.len();
    if table.rows.len() > MOST_ROWS || !(2..=MOST).contains(&width) {
        return Vec::new();
    }
    let cells: Vec<(RowKind, Vec<Option<Cell>>)> = table
        .rows
        .iter()
        .map(|row| (row.kind, (0..width).map(|at| cell(paper, row, at)).collect()))
        .collect();
    (0..width).flat_map(|c| of_column(paper, &cells, c, width)).collect()
}

type Rows = [(RowKind, Vec<Option<Cell>>)];

/// What a column is made of in most rows, and the rows for which nothing of it holds.
fn of_column(paper: &Paper, rows: &Rows, c: usize, width: usize) -> Vec<Remark> {
    let mut ways: Vec<(Made, usize, usize)> = Vec::new();
    for a in (0..width).filter(|a| *a != c) {
        ways.extend([12, 4, 52].map(|factor| (Made::Times(factor), a, a)));
        ways.extend([25, 12, 6].map(|percent| (Made::Taxed(percent), a, a)));
        for b in (a + 1..width).filter(|b| *b != c) {
            ways.extend([1, 1_000].map(|divisor| (Made::Product(divisor), a, b)));
            if c > b {
                ways.extend([(Made::Sum, a, b), (Made::Less, a, b), (Made::Less, b, a)]);
            }
        }
    }
    let mut found: Vec<Fit> = ways.into_iter().filter_map(|way| fit(rows, way, c)).collect();
    found.sort_by_key(|fit| (std::cmp::Reverse(fit.holding), fit.wrong.len()));
    let Some((best, others)) = found.split_first() else { return Vec::new() };
    let is_wrong_by_all = |at: &usize| others.iter().all(|fit| fit.wrong.contains(at));
    let wrong = best.wrong.iter().copied().filter(is_wrong_by_all);
    wrong.filter_map(|at| Some(remark(paper, &triple(rows, at, best.of, c)?, best.of.0))).collect()
}

/// How many rows a way holds for, and for which it does not.
struct Fit {
    of: (Made, usize, usize),
    holding: usize,
    wrong: Vec<usize>,
}

/// The numbers of a row in two columns and in the one that is made of them.
fn triple(
    rows: &Rows,
    row: usize,
    (_, a, b): (Made, usize, usize),
    c: usize,
) -> Option<(Cell, Cell, Cell)> {
    let (_, cells) = rows.get(row)?;
    let at = |column: usize| cells.get(column).copied().flatten();
    Some((at(a)?, at(b)?, at(c)?))
}

fn cell(paper: &Paper, row: &Row, column: usize) -> Option<Cell> {
    let cell = row.cells.get(column)?;
    let Content::Number { number, is_percent: false, .. } = &cell.content else { return None };
    if number.decimals > 4 || number.mantissa > 1 << 60 {
        return None;
    }
    let digit = ONE / 10_i128.pow(number.decimals);
    let sign = if number.is_negative { -1 } else { 1 };
    Some(Cell { value: number.mantissa * digit * sign, digit, span: cell.span(&paper.tokens) })
}

/// What a row should have, and by how much it may differ where its numbers are rounded: in ten-thousandths.
fn computed(made: Made, a: &Cell, b: &Cell) -> (i128, i128) {
    match made {
        Made::Product(divisor) => {
            let rounding = (a.value.abs() * b.digit + b.value.abs() * a.digit) / 2;
            (a.value * b.value / (ONE * divisor), rounding / (ONE * divisor))
        }
        Made::Times(factor) => (a.value * factor, a.digit * factor / 2),
        Made::Taxed(percent) => (a.value * (100 + percent) / 100, a.digit),
        Made::Sum => (a.value + b.value, (a.digit + b.digit) / 2),
        Made::Less => (a.value - b.value, (a.digit + b.digit) / 2),
    }
}

fn fit(rows: &Rows, of: (Made, usize, usize), c: usize) -> Option<Fit> {
    let made = of.0;
    let is_product = matches!(made, Made::Product(_));
    // Ones and noughts hold by themselves.
    let least = if is_product { ONE } else { 0 };
    let tells = |(a, b, c): &(Cell, Cell, Cell)| {
        a.value.abs() > least && b.value.abs() > least && (c.value != 0 || !is_product)
    };
    let read =
        rows.iter().enumerate().filter(|(_, (kind, _))| *kind == RowKind::Part || !is_product);
    let read: Vec<(usize, (Cell, Cell, Cell))> = read
        .filter_map(|(at, _)| Some((at, triple(rows, at, of, c)?)))
        .filter(|(_, row)| tells(row))
        .collect();
    let holds =
        |(a, b, c): &(Cell, Cell, Cell)| (computed(made, a, b).0 - c.value).abs() <= c.digit / 2;
    let holding = read.iter().filter(|(_, row)| holds(row)).count();
    // That nothing differs from itself tells little.
    let telling = read.iter().filter(|(_, row)| row.2.value != 0 && holds(row)).count();
    // Two rows of three, and one that is a slip.
    let slip = |(a, b, c): &(Cell, Cell, Cell)| {
        let right = computed(made, a, b).0;
        let ends = [right, c.value].map(|value| i64::try_from(value / c.digit.max(1)));
        matches!(ends, [Ok(right), Ok(said)] if is_one_slip(right, said) && is_telling(right))
    };
    let is_slip = holding == 2 && read.len() == 3 && telling == 2 && matches!(made, Made::Less);
    let is_slip = is_slip && read.iter().any(|(_, row)| !holds(row) && slip(row));
    let enough = match made {
        _ if is_slip => true,
        Made::Product(_) => holding >= 2 && holding * 3 >= read.len() * 2,
        _ => holding >= 3 && telling >= 2 && holding * 4 >= read.len() * 3,
    };
    // Where several rows hold, also what differs by far is wrong.
    const MANY: usize = 3;
    let is_wrong = |(a, b, c): &(Cell, Cell, Cell)| {
        let (right, rounding) = computed(made, a, b);
        let off = (right - c.value).abs();
        let most = right.abs().max(c.value.abs());
        // So many times another whole number is another time: eleven months.
        let is_multiple = matches!(made, Made::Times(_)) && a.value != 0 && c.value % a.value == 0;
        off > rounding + c.digit
            && !is_multiple
            && (off * 5 <= most * 2 || !is_product || holding >= MANY)
    };
    let wrong = read.into_iter().filter(|(_, row)| is_wrong(row)).map(|(at, _)| at).collect();
    enough.then_some(Fit { of, holding, wrong })
}

fn remark(paper: &Paper, (a, b, c): &(Cell, Cell, Cell), made: Made) -> Remark {
    let said = |cell: &Cell| words(&paper.text(cell.span));
    let exact = computed(made, a, b).0;
    let right = shown(exact);
    let (x, y, z) = (said(a), said(b), said(c));
    let (doubt, of) = match made {
        Made::Product(_) => (Doubt::CountDiffers, format!("{x} × {y}")),
        Made::Times(factor) => (Doubt::CountDiffers, format!("{factor} × {x}")),
        Made::Taxed(percent) => (Doubt::ShareDiffers, format!("{x} + {percent} %")),
        Made::Sum => (Doubt::SumDiffers, format!("{x} + {y}")),
        Made::Less => (Doubt::SumDiffers, format!("{x} − {y}")),
    };
    let text = Text::new(
        format!("{of} är {right} som på de andra raderna, men raden säger {z}"),
        format!("{of} is {right} as in the other rows, but the row says {z}"),
    );
    let mut remark = Remark::new(doubt, Severity::Error, text, vec![a.span, b.span, c.span]);
    // Of money in the unit of its last digit.
    let unit = paper.amount_at(c.span).map(|amount| i128::from(amount.last_digit.ore()));
    let apart = unit.and_then(|unit| i64::try_from((c.value - exact) * unit / c.digit).ok());
    remark.difference = apart.map(Money::from_ore);
    remark.range = remark.difference.map(|apart| (apart, apart));
    remark.reconciles_by =
        Some(Text::new(format!("raden får {right}"), format!("the row gets {right}")));
    remark
}

/// Ten-thousandths, as a number is written.
fn shown(value: i128) -> String {
    let sign = if value < 0 { "−" } else { "" };
    let (whole, rest) = (value.abs() / ONE, value.abs() % ONE);
    let whole = crate::money::grouped(u64::try_from(whole).unwrap_or(0));
    match rest {
        0 => format!("{sign}{whole}"),
        rest => format!("{sign}{whole},{}", format!("{rest:04}").trim_end_matches('0')),
    }
}
