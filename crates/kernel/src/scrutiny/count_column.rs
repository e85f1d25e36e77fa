//! Columns of numbers of things against the row that sums them, and a column of totals against the columns before it.
//!
//! Owns: sums of what is no money, in groups too. Does not own: sums of money (`table`).
//!
//! Rows of 412, 388 and 295 above `Summa   1 059` sum to 1 095.

use super::gathered::Gathered;
use super::table::count_in;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::paper::table::{ColumnKind, Row, RowKind};
use crate::paper::{Paper, Span, Table};

/// A column of numbers of things against the rows that sum them.
pub(super) fn sums(
    paper: &Paper,
    gathered: &Gathered,
    table: &Table,
    column: usize,
) -> Vec<Remark> {
    const PLACES: u32 = 6;
    // In millionths, with one unit of the last digit.
    let read = |row: &Row| {
        let (mantissa, decimals) = count_in(table, row, column)?;
        let digit = 10_i128.pow(PLACES.checked_sub(decimals)?);
        Some((mantissa.checked_mul(digit)?, digit))
    };
    // Of a column that few rows have the numbers of the others may be read as something else.
    let has_it = |row: &&Row| read(row).is_some();
    if table.parts().filter(has_it).count() * 2 < table.parts().count() {
        return Vec::new();
    }
    let (mut sum, mut places, mut remarks, mut rows): (i128, Vec<Span>, Vec<Remark>, i128) =
        (0, Vec::new(), Vec::new(), 0);
    let (mut largest, mut finest) = (0, i128::MAX);
    // A later sum may be of all rows, or of the sum before it too.
    let (mut ever, mut before) = (0, 0);
    let (mut groups, mut closing): (i128, Vec<Span>) = (0, Vec::new());
    let (mut reset, mut own): (bool, Vec<i128>) = (false, Vec::new());
    for row in &table.rows {
        if reset {
            (sum, rows, groups, largest, finest, reset) = (0, 0, 0, 0, i128::MAX, false);
            places.clear();
            closing.clear();
            own.clear();
        }
        let Some((number, digit)) = read(row) else { continue };
        let place = row.cells.get(column).map(|cell| cell.span(&paper.tokens));
        let one = 10_i128.pow(PLACES);
        // What has decimals is rounded to them.
        let is_rounded = gathered.is_rounded || finest < one;
        let slack = if is_rounded { (rows + 1) / 2 * digit } else { 0 };
        let slack = if digit > finest { slack.max(digit / 2) } else { slack };
        let agrees = |sum: i128| (number - sum).abs() <= slack;
        // The rows above the last may be of other things: square metres above kronor.
        let is_of_last = || {
            let mut sums = own.iter().rev().scan(0, |sum, one| {
                *sum += one;
                Some(*sum)
            });
            let last = own.len().saturating_sub(1);
            sums.by_ref().take(last).skip(1).any(|sum| sum == number)
        };
        match row.kind {
            RowKind::Of => {}
            RowKind::Part => {
                (sum, ever) = (sum + number, ever + number);
                (largest, finest) = (largest.max(number), finest.min(digit));
                rows += 1;
                own.push(number);
                places.extend(place);
            }
            RowKind::Subtotal => {
                // What does not nearly close a group may be of something else.
                let is_near = (number - sum).abs() * 3 <= sum.abs() && number > largest;
                if !agrees(sum) && (rows < 2 || !is_near || is_of_last()) {
                    return remarks;
                }
                places.extend(place);
                if !agrees(sum) {
                    remarks.push(count_differs(sum, number, places.clone()));
                }
                (groups, sum, rows) = (groups + number, 0, 0);
                (largest, finest) = (0, finest.min(digit));
                places.clear();
                own.clear();
                closing.extend(place);
            }
            RowKind::Total => {
                places.extend(place);
                let is_right =
                    is_of_last() || [sum, ever, before + sum, groups + sum].into_iter().any(agrees);
                let sum = groups + sum;
                let rows = rows + i128::try_from(closing.len()).unwrap_or(0);
                // With decimals a mean may close the column, which is no more than the largest of them.
                let is_mean = finest < one && number <= largest;
                let is_near = finest >= one || (number - sum).abs() * 3 <= sum.abs();
                if !is_right && rows > 1 && !is_mean && is_near {
                    let places = closing.iter().copied().chain(places.clone()).collect();
                    remarks.push(count_differs(sum, number, places));
                }
                reset = true;
                before = number;
            }
        }
    }
    remarks
}

fn count_differs(sum: i128, number: i128, places: Vec<Span>) -> Remark {
    let (sum, number) = (shown(sum), shown(number));
    let text = Text::new(
        format!("antalen i kolumnen summerar till {sum}, men summaraden säger {number}"),
        format!("the counts of the column sum to {sum}, but the row of the sum says {number}"),
    );
    Remark::new(Doubt::SumDiffers, Severity::Error, text, places)
}

/// Millionths, as a number is written.
fn shown(value: i128) -> String {
    let text = format!("{},{:06}", value / 1_000_000, value.abs() % 1_000_000);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

/// A column of totals of other numbers than money, against the columns before it.
pub(super) fn totals(paper: &Paper, table: &Table) -> Option<Remark> {
    let counts = table.columns_of(ColumnKind::Count);
    let (total, parts) = counts.split_last()?;
    let is_total = table.columns.get(*total).is_some_and(|column| column.is_total);
    let number = |row: &Row, column: usize| {
        let (mantissa, decimals) = count_in(table, row, column)?;
        mantissa.checked_mul(10_i128.pow(6_u32.checked_sub(decimals)?))
    };
    let read = |row: &Row| {
        let of: Vec<i128> = parts.iter().map(|at| number(row, *at)).collect::<Option<_>>()?;
        Some((
            number(row, *total)?,
            of.iter().sum::<i128>(),
            of.iter().filter(|one| **one != 0).count(),
        ))
    };
    let rows: Vec<(&Row, (i128, i128, usize))> =
        table.rows.iter().filter_map(|row| Some((row, read(row)?))).collect();
    let broken: Vec<_> = rows.iter().filter(|(_, (stated, sum, _))| stated != sum).collect();
    // Two rows or more hold, and one does not.
    let ([(row, (stated, sum, count))], true) = (broken.as_slice(), is_total && rows.len() > 2)
    else {
        return None;
    };
    let is_near = stated.abs_diff(*sum) <= stated.unsigned_abs() / 5;
    let text = Text::new(
        format!("radens tal summerar till {}, men radens summa är {}", shown(*sum), shown(*stated)),
        format!("the numbers of the row sum to {}, but its sum is {}", shown(*sum), shown(*stated)),
    );
    let cells = parts.iter().chain([total]).filter_map(|at| row.cells.get(*at));
    let places = cells.map(|cell| cell.span(&paper.tokens)).collect();
    (*count > 1 && is_near).then(|| Remark::new(Doubt::SumDiffers, Severity::Error, text, places))
}
