//! What is left: a paragraph whose parts end in "återstående", and a title whose amount the text below divides.
//!
//! Owns: partitions that words of a remainder close, and amounts in titles. Does not own: lists with an introduction.
//!
//! `34 mkr till X. Vidare går 14,9 mkr till Y. Återstående 9,5 mkr avsätts` divides 58,4 mkr.

use super::gathered::Gathered;
use super::items::{OTHER_MONEY, title_of};
use super::prose::{broken, parts_in};
use super::reconcile::{is_near, is_one_slip};
use super::value::Value;
use super::{Remark, items};
use crate::finding::Severity;
use crate::paper::Paper;
use crate::paper::layout::BlockKind;
use crate::paper::recipient::GETS;
use std::ops::Range;

/// Words of what is left.
pub(super) const LEFT: [&str; 7] =
    ["resterande", "återstående", "kvarvarande", "övriga", "resten", "återstoden", "kvarstående"];

/// A paragraph of more amounts divides no one whole; it keeps the check of long texts fast.
const MOST: usize = 60;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (at, block) in paper.layout().blocks.iter().enumerate() {
        if matches!(block.kind, BlockKind::Table(_)) {
            continue;
        }
        remarks.extend(closed(paper, gathered, &block.tokens));
        remarks.extend(title(paper, at));
    }
    remarks
}

/// Parts of a paragraph up to one that is what is left.
fn closed(paper: &Paper, gathered: &Gathered, block: &Range<usize>) -> Option<Remark> {
    if paper.amounts_in(block).len() > MOST {
        return None;
    }
    let all: Vec<usize> = parts_in(paper, block)
        .into_iter()
        .filter(|at| paper.table_of(paper.amounts().get(*at).map_or(0, |a| a.tokens.0)).is_none())
        .filter(|at| !paper.amounts().get(*at).is_some_and(|one| is_within(paper, one)))
        .collect();
    let is_left = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            paper.before(amount, 3).iter().any(|token| token.is_one_of(&LEFT))
        })
    };
    let last = all.iter().position(is_left)?;
    let parts = all.get(..=last)?;
    let values = super::prose::values(paper, parts)?;
    if values.len() < 2 || values.iter().any(|value| value.printed <= 0) {
        return None;
    }
    let (first, inner) = values.split_first()?;
    // The whole stands first in the paragraph, or before it.
    let inner_sum = Value::sum(inner)?;
    let all_sum = Value::sum(&values)?;
    let from = *parts.first()?;
    let is_outside = |at: &usize| {
        paper
            .amounts()
            .get(*at)
            .is_some_and(|amount| amount.per.is_none() && !block.contains(&amount.tokens.0))
    };
    // Those near before, the first of the text, and wholes wherever they stand.
    let near = (0..1).chain(from.saturating_sub(MOST).max(1)..from).filter(|at| *at < from);
    let near = near.filter(is_outside).map(|at| Value::of(paper, at));
    let wholes = gathered.wholes_near(paper, from);
    let wholes = wholes.into_iter().filter(|whole| whole.of.iter().all(&is_outside));
    let before: Vec<Value> = near.chain(wholes).collect();
    if closes_less(&values) {
        return None;
    }
    if first.agrees(&inner_sum) || before.iter().any(|whole| whole.agrees(&all_sum)) {
        return None;
    }
    if inner.len() > 1 && is_near(first, inner) {
        return broken(paper, first, inner, Severity::Error);
    }
    let is_named = |whole: &&Value| {
        whole.of.iter().any(|at| {
            paper.amounts().get(*at).is_some_and(|amount| {
                *at == 0
                    || *at + 1 == from
                    || amount.is_total
                    || super::twice::fund(paper, amount).is_some()
            })
        })
    };
    let large = before.iter().filter(|whole| whole.printed > all_sum.printed / 2).filter(is_named);
    let whole = large.into_iter().find(|whole| is_near(whole, &values))?;
    broken(paper, whole, &values, Severity::Error)
}

/// Whether an amount is a part of the amount right before it, or the price of one: "varav 120 mkr", "å 600 tkr".
fn is_within(paper: &Paper, amount: &crate::paper::Amount) -> bool {
    let before = paper.before(amount, 2);
    before.iter().any(|token| token.is_one_of(&["varav", "därav"]))
        || before.last().is_some_and(|token| token.is_one_of(&["à", "á", "å"]))
}

/// Whether what is left closes less than all parts: it and those before it are one of the others, or it and one other are the amount
/// before it, as in "450 000 kronor tas av 1,2 mkr. Återstående 750 000 kronor används till A".
fn closes_less(values: &[Value]) -> bool {
    let Some((last, parts)) = values.split_last() else { return false };
    let is_run = |from: usize| {
        let sum = parts.get(from..).and_then(Value::sum).and_then(|sum| sum.plus(last));
        let whole = parts.get(1..from).unwrap_or_default().iter().chain(parts.first());
        sum.is_some_and(|sum| whole.into_iter().any(|whole| whole.agrees(&sum)))
    };
    let pairs = parts.split_last().is_some_and(|(whole, others)| {
        others.iter().any(|one| one.plus(last).is_some_and(|sum| sum.agrees(whole)))
    });
    pairs || (2..parts.len()).any(is_run)
}

/// A title with one amount, over text that gives it away.
fn title(paper: &Paper, at: usize) -> Option<Remark> {
    let blocks = &paper.layout().blocks;
    let block = blocks.get(at)?;
    let named = match block.kind {
        BlockKind::Heading => block.tokens.clone(),
        BlockKind::Item(_) => title_of(paper, block),
        _ => return None,
    };
    let stated = items::stated_in(paper, &named)
        .filter(|_| paper.amounts_in(&named).len() == 1 && named.len() <= 24)?;
    let body = paper.layout().body(at);
    let end = body.last().map_or(block.tokens.end, |last| last.end);
    if paper.amounts_in(&(block.tokens.end..end)).len() > MOST {
        return None;
    }
    let rest = blocks.get(at + 1..).unwrap_or_default();
    // A list or table below is compared with the title elsewhere.
    if rest.get(body.len()).is_some_and(|next| {
        matches!(next.kind, BlockKind::Item(_) | BlockKind::Table(_)) && body.is_empty()
    }) {
        return None;
    }
    let counts = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            let sentence = paper.sentence(amount.tokens.0);
            let is_other = paper.has_word(&sentence, &OTHER_MONEY)
                || paper.has_word(&sentence, &["varav", "därav", "tidigare", "kostar", "kostade"]);
            !is_other && !amount.is_cap && paper.has_word(&sentence, &GETS)
        })
    };
    let parts: Vec<usize> =
        body.iter().flat_map(|range| parts_in(paper, range)).filter(counts).collect();
    let values = super::prose::values(paper, &parts)?;
    let sum = Value::sum(&values)?;
    if values.is_empty() || stated.agrees(&sum) || values.iter().any(|value| value.agrees(&stated))
    {
        return None;
    }
    let is_clear = match values.as_slice() {
        [only] => only.printed > stated.printed || is_one_slip(only.printed, stated.printed),
        _ => sum.printed > stated.printed || is_near(&stated, &values),
    };
    if is_clear { broken(paper, &stated, &values, Severity::Error) } else { None }
}
