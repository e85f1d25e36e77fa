//! Rows of a table against one another: a key, a growth that is stated, other years, the difference of two columns.
//!
//! Owns: which rows are out of line. Does not own: sums (`table`).
//!
//! Of rows that get 3 000 kr for each unit of a key, one that gets 2 250 kr is told.

use super::gathered::Gathered;
use super::raised_row::goes_its_own_way;
use super::table::{count_in, value_in};
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::table::{ColumnKind, Row, RowKind};
use crate::paper::{Paper, Span, Table};

/// Rows whose amount does not follow the key that the other rows follow, rows that leap between years, and rows whose
/// difference of two columns is not the one stated.
pub(super) fn out_of_line(paper: &Paper, gathered: &Gathered, table: &Table) -> Vec<Remark> {
    let parts: Vec<&Row> = table.parts().collect();
    // Of more columns the first are tried; it keeps the check of wide tables fast.
    const MOST: usize = 12;
    let amounts = table.columns_of(ColumnKind::Amount);
    let mut remarks = Vec::new();
    for key in table.columns_of(ColumnKind::Count).into_iter().take(MOST) {
        for column in table.sums_of_money().into_iter().take(MOST) {
            remarks.extend(off_key(paper, gathered, table, key, column));
        }
    }
    for pair in amounts.windows(2) {
        if let [before, after] = pair {
            remarks.extend(leaps(paper, table, &parts, *before, *after));
            remarks.extend(off_key(paper, gathered, table, *before, *after));
        }
    }
    remarks.extend(leap_in_row(paper, table, &parts, &amounts));
    if let [a, b, c] = amounts.as_slice() {
        remarks.extend(differences(paper, table, *a, *b, *c));
    }
    remarks
}

/// A row as a number to divide by and the amount that it gives.
struct Keyed {
    key: i128,
    key_unit: i128,
    key_place: Option<Span>,
    value: i128,
    unit: i128,
    amount: Value,
    label: std::ops::Range<usize>,
    is_total: bool,
    /// Whether it is the key times another cell of its row: so many at so much.
    is_product: bool,
}

fn keyed(paper: &Paper, table: &Table, row: &Row, key: usize, column: usize) -> Option<Keyed> {
    let amount = value_in(paper, table, row, column)?;
    let last_digit = |value: &Value| i128::from(value.last_digit(paper));
    let (number, key_unit) = match count_in(table, row, key) {
        Some((number, 0)) => (number, 0),
        _ => {
            let value = value_in(paper, table, row, key)?;
            (i128::from(value.printed), last_digit(&value))
        }
    };
    let (value, unit) = (i128::from(amount.printed), last_digit(&amount));
    // What the row itself multiplies is no key: `41 500 besök`, `50 kr`, `2 075 tkr`.
    let is_product = || {
        let others = table.columns_of(ColumnKind::Amount).into_iter();
        let mut rates = others.filter_map(|at| Some(value_in(paper, table, row, at)?.printed));
        rates.any(|rate| {
            let product = i128::from(rate).checked_mul(number).unwrap_or(0);
            key_unit == 0 && (product - value).abs() <= unit
        })
    };
    let fits = !is_product()
        && number > 0
        && number < 1_000_000_000_000_000_000
        && value > 0
        && row.kind != RowKind::Of;
    let is_total = row.kind != RowKind::Part;
    let is_factor = |other: usize| {
        let factor = value_in(paper, table, row, other).map(|one| i128::from(one.printed));
        factor.is_some_and(|factor| {
            key_unit == 0 && (factor.saturating_mul(number) - value).abs() * 2 <= unit
        })
    };
    // "365 000 portioner à 9,80": so many of the key.
    let is_number = |other: usize| {
        let times = count_in(table, row, other).filter(|(_, decimals)| *decimals == 0);
        times.is_some_and(|(times, _)| (times.saturating_mul(number) - value).abs() <= unit)
    };
    let is_product = (0..row.cells.len())
        .any(|other| other != key && other != column && (is_factor(other) || is_number(other)));
    fits.then(|| Keyed {
        key: number,
        key_unit,
        key_place: row.cells.get(key).map(|cell| cell.span(&paper.tokens)),
        value,
        unit,
        amount,
        label: row.label.clone(),
        is_total,
        is_product,
    })
}

/// Rows out of line with a key, or with the growth that a stated percentage gives all rows.
fn off_key(
    paper: &Paper,
    gathered: &Gathered,
    table: &Table,
    key: usize,
    column: usize,
) -> Vec<Remark> {
    let mut read: Vec<Keyed> =
        table.rows.iter().filter_map(|row| keyed(paper, table, row, key, column)).collect();
    rounded(&mut read);
    let follows = |row: &Keyed| is_stated_growth(gathered, row) || is_stated_factor(gathered, row);
    out_of(paper, gathered, &read, follows)
}

/// Whether both figures of a row have digits enough that it is no chance that they follow the other rows.
const fn is_fine(row: &Keyed) -> bool {
    row.key_unit * 50 <= row.key && row.unit * 50 <= row.value
}

/// Figures that are all so many tens, fives or hundreds are rounded to them.
fn rounded(rows: &mut [Keyed]) {
    let steps = [1_000, 500, 100, 50, 10, 5];
    let is_of = |step: &i128| rows.iter().all(|row| row.value % (row.unit * step) == 0);
    if let Some(step) = steps.into_iter().find(is_of) {
        rows.iter_mut().for_each(|row| row.unit *= step);
    }
}

/// Rows that are not in line with what most are: with a key, or with a growth that is stated.
fn out_of(
    paper: &Paper,
    gathered: &Gathered,
    read: &[Keyed],
    is_stated: impl Fn(&Keyed) -> bool,
) -> Vec<Remark> {
    let parts = read.iter().filter(|row| !row.is_total).count();
    if parts < 3 {
        return Vec::new();
    }
    // A row is in line with another where both have the same amount per unit of the key, but for rounding.
    let agrees = |a: &Keyed, b: &Keyed| {
        (a.value * b.key - b.value * a.key).abs() <= a.unit * b.key + b.unit * a.key
    };
    let friends = |a: &Keyed| read.iter().filter(|b| agrees(a, b)).count();
    // A table longer than this has a row that follows the key among its first.
    const MOST: usize = 60;
    let models = read.iter().take(MOST);
    let Some(model) = models.max_by_key(|row| (is_fine(row), friends(row), row.value)) else {
        return Vec::new();
    };
    let is_growth = model.key_unit > 0;
    // What the text itself says of a row is its own.
    let is_said = |row: &Keyed| {
        let ends = [row.key, row.value].map(|ore| i64::try_from(ore).map(Money::from_ore).ok());
        matches!(ends, [Some(from), Some(to)] if gathered.side_by_side.contains(&(from, to)))
    };
    let is_own = |row: &Keyed| is_growth && (goes_its_own_way(paper, &row.label) || is_said(row));
    // One digit of a rounded figure may be anything.
    const DIGITS: i128 = 10;
    let tells = |row: &Keyed| !is_growth || row.key.abs() >= row.key_unit * DIGITS;
    let is_out =
        |row: &&Keyed| !row.is_total && !row.is_product && tells(row) && !agrees(model, row);
    let out: Vec<&Keyed> = read.iter().filter(is_out).collect();
    // Small and rounded figures are in line with anything, so that of a growth most rows must be.
    let is_common = |model: &Keyed| {
        let says = |row: &&Keyed| is_fine(row);
        let telling = read.iter().filter(says).count();
        read.iter().filter(says).filter(|row| agrees(model, row)).count() * 2 > telling
    };
    let follows = friends(model) >= 3 && (!is_growth || (is_stated(model) && is_common(model)));
    if out.is_empty() || out.len() * 2 > parts || !follows {
        return Vec::new();
    }
    let told = out.into_iter().filter(|row| !is_own(row)).filter_map(|row| {
        let exact = model.value * row.key / model.key;
        let expected = (exact + model.unit / 2) / model.unit * model.unit;
        let expected = Money::from_ore(i64::try_from(expected).ok()?);
        let (name, value) = (
            words(&paper.text(paper.span(&row.label))),
            Money::from_ore(i64::try_from(row.value).ok()?),
        );
        let text = Text::new(
            format!("`{name}` får {value}; fördelat som på de andra raderna blir det {expected}"),
            format!(
                "`{name}` gets {value}; in proportion to the other rows it would be {expected}"
            ),
        );
        let places = row.amount.places(paper).into_iter().chain(row.key_place).collect();
        let mut remark = Remark::new(Doubt::RowOutOfLine, Severity::Warning, text, places)
            .off_by(value - expected);
        remark.reconciles_by =
            Some(Text::new(format!("raden får {expected}"), format!("the row gets {expected}")));
        Some(remark)
    });
    told.collect()
}

/// Whether the text states the percentage by which every row grows or falls.
fn is_stated_growth(gathered: &Gathered, row: &Keyed) -> bool {
    gathered.growths.iter().any(|(parts, whole)| {
        let sides = [whole + parts, whole - parts];
        sides.iter().any(|side| (row.key * side - row.value * whole).abs() <= row.unit * whole)
    })
}

/// Whether the text counts the things of which each row has one and so many: "månadsavgiften motsvarar 20 dygnsavgifter".
fn is_stated_factor(gathered: &Gathered, row: &Keyed) -> bool {
    let factor = row.value.checked_div(row.key).filter(|factor| *factor > 1);
    let is_whole = factor.is_some_and(|factor| factor * row.key == row.value);
    is_whole && factor.is_some_and(|factor| gathered.numbers.contains(&factor))
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
        let mut remark =
            Remark::new(Doubt::SumDiffers, Severity::Error, text, places).off_by(difference);
        remark.reconciles_by =
            Some(Text::new(format!("raden får {computed}"), format!("the row gets {computed}")));
        remark
    });
    told.collect()
}

/// A row of three years or more of which one is many times the others, in a table of few rows.
fn leap_in_row(paper: &Paper, table: &Table, rows: &[&Row], columns: &[usize]) -> Vec<Remark> {
    let has_year = |at: &&usize| table.columns.get(**at).is_some_and(|one| one.year.is_some());
    let years: Vec<usize> = columns.iter().filter(has_year).copied().collect();
    if years.len() < 3 || rows.len() > 2 {
        return Vec::new();
    }
    let values = |row: &Row| -> Option<Vec<Value>> {
        years.iter().map(|column| value_in(paper, table, row, *column)).collect()
    };
    let read: Vec<(Vec<Value>, &Row)> =
        rows.iter().filter_map(|row| Some((values(row)?, *row))).collect();
    let is_steady = |values: &[&Value]| {
        let all = || values.iter().map(|value| value.printed);
        let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        least > 0 && most.saturating_mul(2) <= least.saturating_mul(3)
    };
    let out_of_line = |values: &[Value]| -> Option<usize> {
        (0..values.len()).find(|out| {
            let rest: Vec<&Value> =
                values.iter().enumerate().filter(|(at, _)| at != out).map(|(_, one)| one).collect();
            let most = rest.iter().map(|value| value.printed).max().unwrap_or(0);
            let own = values.get(*out).map_or(0, |value| value.printed);
            let least = rest.iter().map(|value| value.printed).min().unwrap_or(0);
            // Only a comma that is lost, or a unit, is a slip; an investment is not.
            let is_slip = [10, 100, 1_000].iter().map(|factor| own / factor).any(|own| {
                own.saturating_mul(3) >= least.saturating_mul(2)
                    && own.saturating_mul(2) <= most.saturating_mul(3)
            });
            is_steady(&rest) && own >= most.saturating_mul(8) && is_slip
        })
    };
    let leaping: Vec<(usize, &Vec<Value>, &Row)> =
        read.iter().filter_map(|(all, row)| Some((out_of_line(all)?, all, *row))).collect();
    let steady = read.iter().filter(|(all, _)| is_steady(&all.iter().collect::<Vec<_>>())).count();
    let [(out, values, row)] = leaping.as_slice() else { return Vec::new() };
    if steady + 1 != rows.len() {
        return Vec::new();
    }
    let name = words(&paper.text(paper.span(&row.label)));
    let own = Money::from_ore(values.get(*out).map_or(0, |value| value.printed));
    let text = Text::new(
        format!("`{name}` har {own} ett av åren, många gånger mer än de andra åren"),
        format!("`{name}` has {own} in one year, many times the amounts of the other years"),
    );
    let places = values.iter().flat_map(|value| value.places(paper)).collect();
    vec![Remark::new(Doubt::RowOutOfLine, Severity::Warning, text, places)]
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
            format!("`{name}` går från {from} till {to} mellan två år, medan de andra raderna knappt ändras"),
            format!("`{name}` goes from {from} to {to} between two years, while the other rows stay close"),
        );
        Remark::new(Doubt::RowOutOfLine, Severity::Warning, text, [a.places(paper), b.places(paper)].concat())
    });
    told.collect()
}
