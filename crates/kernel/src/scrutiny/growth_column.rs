//! Columns of tables that say by how much each row changes between two others.
//!
//! Owns: a column of percentages of change. Does not own: a column of differences in kronor (`row`).
//!
//! Of `210 | 231 | 13,0` among rows whose last column is the change in percent, 10,0 is told.

use super::table::value_in;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::table::{ColumnKind, Row};
use crate::paper::{Paper, Share, Table};

/// Rows whose stated change in percent is not that from one amount to another, where it is for most rows.
pub(super) fn of_table(paper: &Paper, table: &Table) -> Vec<Remark> {
    let (amounts, shares) =
        (table.columns_of(ColumnKind::Amount), table.columns_of(ColumnKind::Share));
    let [share] = shares.as_slice() else { return Vec::new() };
    for pair in amounts.windows(2) {
        let [from, to] = pair else { continue };
        let rows: Vec<Changed> = table
            .rows
            .iter()
            .filter_map(|row| changed(paper, table, row, *from, *to, *share))
            .collect();
        let holding = rows.iter().filter(|row| row.holds()).count();
        if holding >= 2 && holding * 2 > rows.len() {
            return rows.iter().filter(|row| !row.holds()).map(|row| row.remark(paper)).collect();
        }
    }
    Vec::new()
}

/// A row with what was, what is, and the change that it states.
struct Changed {
    from: Value,
    to: Value,
    share: Share,
    is_fall: bool,
}

fn changed(
    paper: &Paper,
    table: &Table,
    row: &Row,
    from: usize,
    to: usize,
    share: usize,
) -> Option<Changed> {
    let cell = row.cells.get(share)?;
    let first = paper.tokens.get(cell.tokens.start)?;
    let share = paper.shares_in(&cell.tokens).first()?.clone();
    let (from, to) = (value_in(paper, table, row, from)?, value_in(paper, table, row, to)?);
    (from.printed > 0).then(|| Changed { from, to, share, is_fall: first.is_mark('-') })
}

impl Changed {
    /// The change in units of the last digit of the percentage, times the amount that was.
    fn off(&self) -> i128 {
        let scale = 100 * 10_i128.pow(self.share.decimals);
        let sign = if self.is_fall || self.share.mantissa < 0 { -1 } else { 1 };
        let (from, to) = (i128::from(self.from.printed), i128::from(self.to.printed));
        (to - from) * scale - sign * self.share.mantissa.abs() * from
    }

    /// Whether the percentage is right to one unit of its last digit.
    fn holds(&self) -> bool {
        self.off().abs() <= i128::from(self.from.printed)
    }

    fn remark(&self, paper: &Paper) -> Remark {
        let decimals = self.share.decimals;
        let scale = 10_i128.pow(decimals);
        let (from, to) = (i128::from(self.from.printed), i128::from(self.to.printed));
        let times = (to - from) * 100 * scale;
        // Half-up, away from zero.
        let change = (times.abs() * 2 + from) / (2 * from) * times.signum();
        let sign = if change < 0 { "−" } else { "" };
        let shown = match decimals {
            0 => format!("{sign}{}", change.abs()),
            width => format!(
                "{sign}{},{:0width$}",
                change.abs() / scale,
                change.abs() % scale,
                width = width as usize
            ),
        };
        let said = words(&paper.text(self.share.noted.span));
        let text = Text::new(
            format!(
                "ändringen mellan radens två belopp är {shown} procent, men raden säger `{said}`"
            ),
            format!(
                "the change between the two amounts of the row is {shown} percent, but the row says `{said}`"
            ),
        );
        let places =
            [self.from.places(paper), self.to.places(paper), vec![self.share.noted.span]].concat();
        let mut remark = Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places);
        remark.reconciles_by = Some(Text::new(
            format!("raden får {shown} procent"),
            format!("the row gets {shown} percent"),
        ));
        remark
    }
}
