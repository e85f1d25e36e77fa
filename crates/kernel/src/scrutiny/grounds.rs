//! Figures that the text bears out elsewhere: what rests on such figures alone is hardly a fault.
//!
//! Owns: which amounts some relation of the text holds for: a sum in a table, three amounts of a paragraph, a percentage, one figure in
//! several places. Does not own: what is wrong (`scrutiny`).
//!
//! Where `14 872 tkr`, `13 561 tkr` and `1 311 tkr` add up, a reading by which `1 311 tkr` is a share of `13 561 tkr` is a misreading.

use super::reconcile::is_telling;
use super::share::holds;
use super::table::value_in;
use super::value::Value;
use super::{Doubt, Remark};
use crate::money::Money;
use crate::paper::layout::BlockKind;
use crate::paper::table::{Row, RowKind};
use crate::paper::twin::is_rounding;
use crate::paper::{Paper, Table};
use std::collections::{BTreeMap, BTreeSet};

/// The amounts that the text bears out, by their places.
pub(super) struct Grounds {
    /// Those that some sum or percentage of running text holds for.
    told: BTreeSet<usize>,
    /// Those that some percentage of running text holds for.
    shared: BTreeSet<usize>,
    /// Those that some sum of a table holds for.
    tabled: BTreeSet<usize>,
    /// Those that some rows of a table sum to, however few digits they have.
    totals: BTreeSet<usize>,
    /// Those that stand in several places.
    again: BTreeSet<usize>,
}

impl Grounds {
    pub fn of(paper: &Paper) -> Self {
        let (mut told, mut tabled, mut again) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut totals = BTreeSet::new();
        paper.tables.iter().for_each(|table| of_table(paper, table, &mut tabled, &mut totals));
        stated_again(paper, &mut again);
        let blocks = &paper.layout().blocks;
        for (at, block) in blocks.iter().enumerate() {
            if !matches!(block.kind, BlockKind::Table(_)) {
                let before = at.checked_sub(1).and_then(|at| blocks.get(at));
                let before = before.filter(|one| !matches!(one.kind, BlockKind::Table(_)));
                let start = before.map_or(block.tokens.start, |one| one.tokens.start);
                of_prose(paper, paper.amounts_in(&(start..block.tokens.end)).collect(), &mut told);
            }
        }
        let mut shared = BTreeSet::new();
        of_shares(paper, &mut shared);
        told.extend(&shared);
        Self { told, shared, tabled, totals, again }
    }

    /// Whether some sum of the text holds for an amount.
    pub fn is_sum(&self, at: usize) -> bool {
        [&self.told, &self.tabled, &self.totals].iter().any(|borne| borne.contains(&at))
    }

    /// Whether a doubt rests on figures that are all borne out by something else than what is doubted.
    pub fn refute(&self, paper: &Paper, remark: &Remark) -> bool {
        // That three amounts add up says nothing of the percentage beside them.
        let is_of_percent = remark.doubt == Doubt::ChangeDiffers
            && remark.places.iter().any(|place| paper.share_at(*place));
        // How wide the ground is: of a percentage a table that adds up says nothing, of a figure that differs it does.
        let kinds: &[&BTreeSet<usize>] = match remark.doubt {
            Doubt::StatedTwice | Doubt::UnitError => &[&self.told, &self.tabled, &self.again],
            Doubt::SumDiffers | Doubt::DivisionDiffers => &[&self.told, &self.tabled],
            Doubt::ChangeDiffers if is_of_percent => &[&self.shared],
            Doubt::ShareDiffers | Doubt::CountDiffers | Doubt::ChangeDiffers => &[&self.told],
            _ => return false,
        };
        let amounts = amounts_of(paper, remark);
        let is_borne = |at: &usize| kinds.iter().any(|kind| kind.contains(at));
        amounts.len() > 1 && amounts.iter().all(is_borne)
    }
}

/// The amounts at the places of a doubt, by their places in the text.
pub(super) fn amounts_of(paper: &Paper, remark: &Remark) -> Vec<usize> {
    let all = paper.amounts();
    let at = |place: &crate::paper::Span| {
        let at = all.partition_point(|amount| amount.span < *place);
        all.get(at).filter(|amount| amount.span == *place).map(|_| at)
    };
    remark.places.iter().filter_map(at).collect()
}

/// Rows that are the sum of those right above, and cells that are the sum or the difference of those before them.
fn of_table(
    paper: &Paper,
    table: &Table,
    borne: &mut BTreeSet<usize>,
    totals: &mut BTreeSet<usize>,
) {
    const MOST_ROWS: usize = 60;
    const MOST_COLUMNS: usize = 12;
    let columns = table.columns.len().min(MOST_COLUMNS);
    for column in 0..columns {
        let read = |row: &Row| Some((value_in(paper, table, row, column)?, row.kind));
        let (all, kinds): (Vec<Value>, Vec<RowKind>) =
            table.rows.iter().filter_map(read).take(MOST_ROWS).unzip();
        for (at, whole) in all.iter().enumerate() {
            let is_total = kinds.get(at) == Some(&RowKind::Total);
            if !is_telling(whole.printed) && !is_total {
                continue;
            }
            let (mut sum, above) = (Value::default(), all.get(..at).unwrap_or_default());
            for (count, part) in above.iter().rev().enumerate() {
                let Some(next) = sum.plus(part) else { break };
                sum = next;
                if count > 0 && sum.printed == whole.printed {
                    totals.extend(&whole.of);
                    if !is_telling(whole.printed) {
                        break;
                    }
                    borne.extend(&whole.of);
                    borne.extend(above.iter().rev().take(count + 1).flat_map(|part| &part.of));
                    break;
                }
            }
        }
    }
    for row in table.rows.iter().take(MOST_ROWS) {
        let cells: Vec<Value> =
            (0..columns).filter_map(|column| value_in(paper, table, row, column)).collect();
        for (at, whole) in cells.iter().enumerate().filter(|(_, whole)| is_telling(whole.printed)) {
            let before = cells.get(..at).unwrap_or_default();
            let sum: i64 = before.iter().map(|part| part.printed).fold(0, i64::saturating_add);
            let is_apart = match before {
                [.., a, b] => a.printed.abs_diff(b.printed) == whole.printed.unsigned_abs(),
                _ => false,
            };
            if (before.len() > 1 && sum == whole.printed) || is_apart {
                borne.extend(before.iter().chain([whole]).flat_map(|cell| &cell.of));
            }
        }
    }
}

/// Figures that stand in several parts of the text, or there more finely.
fn stated_again(paper: &Paper, borne: &mut BTreeSet<usize>) {
    let block = |at: usize| {
        paper.amounts().get(at).and_then(|amount| paper.layout().block_of(amount.tokens.0))
    };
    let mut by_value: BTreeMap<Money, Vec<usize>> = BTreeMap::new();
    for (at, amount) in paper.amounts().iter().enumerate() {
        if is_telling(amount.amount.ore()) {
            by_value.entry(amount.amount).or_default().push(at);
        }
    }
    for alike in by_value.values() {
        let first = alike.first().and_then(|at| block(*at));
        if alike.iter().any(|at| block(*at) != first) {
            borne.extend(alike);
        }
    }
    let all = crate::paper::twin::ByValue::of(paper.amounts());
    for (at, coarse) in paper.amounts().iter().enumerate() {
        if is_telling(coarse.amount.ore()) {
            let near = all.near(coarse.amount.ore(), coarse.last_digit.ore() / 2);
            let fine = near.into_iter().find(|fine| {
                block(*fine) != block(at)
                    && paper.amounts().get(*fine).is_some_and(|fine| is_rounding(coarse, fine))
            });
            borne.extend(fine.into_iter().flat_map(|fine| [at, fine]));
        }
    }
}

/// Three amounts of which one is the sum of the others, and runs that sum to the amount before or after them.
fn of_prose(paper: &Paper, all: Vec<usize>, borne: &mut BTreeSet<usize>) {
    const MOST: usize = 16;
    if !(3..=MOST).contains(&all.len()) {
        return;
    }
    let printed = |at: usize| paper.amounts().get(at).map_or(0, |amount| amount.amount.ore());
    let tells = |one: &usize| printed(*one) > 0;
    let all: Vec<usize> = all.into_iter().filter(tells).collect();
    for (at, x) in all.iter().enumerate() {
        for (next, y) in all.iter().enumerate().skip(at + 1) {
            let sum = printed(*x).saturating_add(printed(*y));
            let wholes = all.iter().filter(|z| printed(**z) == sum && is_telling(sum));
            for z in wholes {
                borne.extend([*x, *y, *z]);
            }
            // A run of three or more from here, with its whole before or after it.
            let run = all.get(at..=next).unwrap_or_default();
            let sum = run.iter().map(|one| printed(*one)).fold(0, i64::saturating_add);
            let ends = [at.checked_sub(1), Some(next + 1)];
            let ends = ends.into_iter().flatten().filter_map(|end| all.get(end));
            if run.len() > 2 && is_telling(sum) && ends.into_iter().any(|z| printed(*z) == sum) {
                borne.extend(run);
                borne.extend(all.iter().filter(|z| printed(**z) == sum));
            }
        }
    }
}

/// Amounts that are the percentage beside them of another of the sentence or the one before.
fn of_shares(paper: &Paper, borne: &mut BTreeSet<usize>) {
    const MOST: usize = 8;
    for share in paper.shares.iter().filter(|share| share.parts.is_none()) {
        let sentence = paper.sentence(share.tokens.0);
        let before =
            sentence.start.checked_sub(1).map_or(sentence.start, |at| paper.sentence(at).start);
        let all: Vec<usize> = paper.amounts_in(&(before..sentence.end)).collect();
        if all.len() > MOST || share.mantissa <= 0 {
            continue;
        }
        let part = all.iter().filter(|at| {
            paper.amounts().get(**at).is_some_and(|amount| {
                sentence.contains(&amount.tokens.0) && is_telling(amount.amount.ore())
            })
        });
        for part in part {
            for base in all.iter().filter(|base| *base != part) {
                let (x, y) = (Value::of(paper, *part), Value::of(paper, *base));
                let is_part = 0 < x.printed && x.printed < y.printed;
                if is_part && holds(paper, share, &x, &y, share.decimals > 0) == Some(true) {
                    borne.extend([*part, *base]);
                }
            }
        }
    }
}
