//! An amount larger than everything else in the text, which is right in a smaller unit.
//!
//! Owns: thousands for millions, and a comma that is gone, where the rest of the text bears the smaller amount out. Does not own: kronor
//! under a heading in Mkr (`units`).
//!
//! `uppgår till 115 miljoner kronor` above rows of 600 000, 400 000 and 150 000 kr is 1,15 million.

use super::gathered::Gathered;
use super::table::{count_in, value_in};
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::Paper;

pub(super) fn check(paper: &Paper, gathered: &Gathered, told: &[Remark]) -> Vec<Remark> {
    const MOST: usize = 400;
    const TIMES: i64 = 2;
    if paper.amounts().len() > MOST {
        return Vec::new();
    }
    let size =
        |at: usize| paper.amounts().get(at).map_or(0, |one| one.amount.ore().saturating_abs());
    let sizes: Vec<i64> = (0..paper.amounts().len()).map(size).collect();
    let is_apart = |at: &usize| {
        let own = size(*at);
        let others = sizes.iter().enumerate().filter(|(other, _)| other != at);
        own > 0 && others.map(|(_, size)| *size).max().is_some_and(|most| own / TIMES > most)
    };
    // Or more than the others of its list together.
    let leads = |at: &usize| {
        let others = beside(paper, *at);
        let sum = others.iter().map(|other| size(*other)).fold(0, i64::saturating_add);
        others.len() > 1 && size(*at) / TIMES > sum
    };
    let largest = paper.told().filter(|at| is_apart(at) || leads(at)).filter(|at| {
        paper.amounts().get(*at).is_some_and(|one| {
            let is_told = |remark: &Remark| {
                remark.doubt == Doubt::UnitError && remark.places.contains(&one.span)
            };
            let is_plain = one.per.is_none() && !one.is_cap && !told.iter().any(is_told);
            is_plain && gathered.often(one.amount) == 1
        })
    });
    largest.filter_map(|at| smaller(paper, at)).collect()
}

/// The other amounts of an amount's list.
fn beside(paper: &Paper, at: usize) -> Vec<usize> {
    let list = |at: usize| paper.amounts().get(at).and_then(|one| paper.list_at(one.tokens.0));
    let Some(own) = list(at) else { return Vec::new() };
    (0..paper.amounts().len()).filter(|other| *other != at && list(*other) == Some(own)).collect()
}

/// The amount as it fits the rest of the text, a hundred, thousand or million times smaller.
fn smaller(paper: &Paper, at: usize) -> Option<Remark> {
    let amount = paper.amounts().get(at)?;
    let (found, places) = [1_000, 100, 1_000_000].into_iter().find_map(|factor| {
        let ore = amount.amount.ore();
        let small = (ore % factor == 0).then_some(ore / factor)?;
        let of = borne_out(paper, at, small, factor)?;
        Some((small, of))
    })?;
    let (said, right) = (amount.amount, Money::from_ore(found));
    let text = Text::new(
        format!(
            "{said} är mer än allt annat i texten; {right} stämmer med den: enheten eller kommat är fel"
        ),
        format!(
            "{said} is more than anything else in the text; {right} fits it: the unit or the comma is wrong"
        ),
    );
    let spans = places.into_iter().filter_map(|at| Some(paper.amounts().get(at)?.span));
    let places = spans.chain([amount.span]).collect();
    let mut remark =
        Remark::new(Doubt::UnitError, Severity::Error, text, places).off_by(said - right);
    remark.reconciles_by =
        Some(Text::new(format!("det skrivs {right}"), format!("it is written {right}")));
    Some(remark)
}

/// Amounts that are a smaller figure: one that stands elsewhere, rows below one another, or what the other items of a list leave of an
/// amount.
fn borne_out(paper: &Paper, at: usize, small: i64, factor: i64) -> Option<Vec<usize>> {
    const MOST: usize = 8;
    let all = 0..paper.amounts().len();
    let size =
        |at: usize| paper.amounts().get(at).map_or(0, |one| one.amount.ore().saturating_abs());
    // A hundredth that stands elsewhere is a percentage of it.
    const DIGITS: usize = 2;
    let tells = factor >= 1_000 && small.to_string().trim_end_matches('0').len() >= DIGITS;
    let again = all.clone().find(|other| *other != at && size(*other) == small && tells);
    if let Some(other) = again {
        return Some(vec![other]);
    }
    for table in &paper.tables {
        for column in 0..table.columns.len() {
            // Rows without a unit may be kronor, but for thousands they may be those too.
            let kronor = |row| {
                (factor == 100).then_some(())?;
                let (number, _) = count_in(table, row, column).filter(|(_, few)| *few == 0)?;
                let ore = i64::try_from(number.checked_mul(100)?).ok()?;
                Some(Value::bare(ore))
            };
            let read = |row| value_in(paper, table, row, column).or_else(|| kronor(row));
            let cells: Vec<Value> = table.rows.iter().filter_map(read).collect();
            for from in 0..cells.len() {
                let runs = (2..=MOST).filter_map(|count| cells.get(from..from + count));
                let sums = runs.filter_map(|run| Some((Value::sum(run)?, run)));
                let mut fits = sums.filter(|(sum, _)| sum.printed == small);
                if let Some((sum, _)) = fits.next() {
                    return Some(sum.of);
                }
            }
        }
    }
    let others = beside(paper, at);
    let sum: i64 = others.iter().map(|other| size(*other)).fold(small, i64::saturating_add);
    let whole = all.clone().find(|other| size(*other) == sum && !others.contains(other))?;
    (others.len() > 1).then(|| others.into_iter().chain([whole]).collect())
}
