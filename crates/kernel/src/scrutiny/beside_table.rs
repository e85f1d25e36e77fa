//! What is given beside a table, of the same money.
//!
//! Owns: a table and the sentence right after it that goes on dividing. Does not own: the sums of tables.
//!
//! `Kommunen har fått 6 280 000 kronor.` A table that sums to 6 132 000. `Därutöver avsätts 248 000 kronor` is 100 000 kr too much.

use super::Remark;
use super::gathered::Gathered;
use super::prose::broken;
use super::reconcile::is_near;
use super::table::value_in;
use super::value::Value;
use crate::finding::Severity;
use crate::paper::layout::BlockKind;
use crate::paper::{Paper, Table};

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let tables = paper.tables.iter().enumerate();
    tables.filter_map(|(at, table)| beside(paper, gathered, at, table)).collect()
}

/// What the sentence right after a table gives beside it, and whether that is all that is left.
pub(super) fn added(paper: &Paper, at: usize) -> Option<(usize, bool)> {
    const ADDS: [&str; 4] = ["därutöver", "dessutom", "vidare", "därtill"];
    const GIVES: [&str; 7] =
        ["avsätts", "reserveras", "fördelas", "används", "går", "behålls", "tilldelas"];
    let block = paper.layout().block_of_table(at)?;
    let next = paper.block(block + 1).filter(|next| next.kind == BlockKind::Text)?;
    let sentence = paper.sentence(next.tokens.start);
    let first = paper.tokens_in(&sentence).first()?;
    let leaves = first.is_one_of(&super::rest::LEFT);
    let [added] = paper.amounts_in(&sentence).collect::<Vec<_>>()[..] else { return None };
    let amount = paper.amounts().get(added)?;
    let is_plain = amount.per.is_none() && !amount.is_cap;
    // "Därutöver avsätts egna medel" is other money.
    let is_other = paper.has_word(&sentence, &["egna", "egen", "ordinarie", "ur", "från", "utom"]);
    let goes_on = (leaves || first.is_one_of(&ADDS)) && !is_other;
    (goes_on && is_plain && paper.has_word(&sentence, &GIVES)).then_some((added, leaves))
}

fn beside(paper: &Paper, gathered: &Gathered, at: usize, table: &Table) -> Option<Remark> {
    let [column] = table.sums_of_money()[..] else { return None };
    let sum = value_in(paper, table, table.sum_row()?, column)?;
    let block = paper.layout().block_of_table(at)?;
    let (added, leaves) = added(paper, at)?;
    let whole = whole(paper, gathered, block)?;
    let (whole, parts) = (Value::of(paper, whole), [sum, Value::of(paper, added)]);
    let all = Value::sum(&parts)?;
    let is_clear = leaves || all.low > whole.high || is_near(&whole, &parts);
    // The table may be of other money than what was got.
    let is_of_it = parts.iter().all(|part| part.high < whole.low)
        && all.printed < whole.printed.saturating_mul(2)
        && whole.printed < all.printed.saturating_mul(2);
    (is_clear && is_of_it).then(|| broken(paper, &whole, &parts, Severity::Error))?
}

/// The one amount of the paragraph above a table that somebody is said to have got.
fn whole(paper: &Paper, gathered: &Gathered, table: usize) -> Option<usize> {
    const GOT: [&str; 6] = ["fått", "tilldelats", "erhållit", "beviljats", "erhåller", "får"];
    let above = (table.saturating_sub(2)..table).rev().filter_map(|at| paper.block(at));
    let above = above.into_iter().find(|block| block.kind == BlockKind::Text)?;
    let is_plain = |at: &usize| paper.amounts().get(*at).is_some_and(|one| one.per.is_none());
    let [whole] = paper.amounts_in(&above.tokens).filter(is_plain).collect::<Vec<_>>()[..] else {
        return None;
    };
    let sentence = paper.sentence(paper.amounts().get(whole)?.tokens.0);
    let is_got = gathered.granted.binary_search(&whole).is_ok() || paper.has_word(&sentence, &GOT);
    is_got.then_some(whole)
}
