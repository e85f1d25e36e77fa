//! A decision in clauses of `att`: what they give against what they are said to cost together.
//!
//! Owns: sums over such clauses. Does not own: lists with marks (`items`).
//!
//! `att bevilja X 185 000 kr, att bevilja Y 96 500 kr samt att kostnaden, tillsammans 281 500 kr, belastar …` holds.

use super::Remark;
use super::prose::{broken, values};
use super::value::Value;
use crate::finding::Severity;
use crate::paper::Paper;
use crate::paper::layout::{Block, BlockKind};

/// No decision has more clauses that one cost sums.
const MOST: usize = 200;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let mut clauses: Vec<&Block> = Vec::new();
    let mut remarks = Vec::new();
    for block in &paper.layout().blocks {
        let begins = paper.tokens_in(&block.tokens).first().is_some_and(|token| token.is("att"));
        if !begins || block.kind != BlockKind::Text {
            clauses.clear();
            continue;
        }
        if clauses.len() <= MOST {
            remarks.extend(together(paper, &clauses, block));
        }
        clauses.push(block);
    }
    remarks
}

/// What the clauses before give, each one amount, against the cost of all that one clause states.
fn together(paper: &Paper, before: &[&Block], block: &Block) -> Option<Remark> {
    let [total] = paper.amounts_in(&block.tokens).collect::<Vec<_>>()[..] else { return None };
    let amount = paper.amounts().get(total).filter(|amount| amount.is_total)?;
    let is_cost = paper.has_word(
        &(block.tokens.start..amount.tokens.0),
        &["kostnaden", "kostnaderna", "summan", "utgifterna", "beloppen", "bidragen", "stöden"],
    );
    let parts: Vec<usize> =
        before.iter().flat_map(|block| paper.amounts_in(&block.tokens)).collect();
    let is_plain = |at: &usize| {
        paper
            .amounts()
            .get(*at)
            .is_some_and(|one| one.per.is_none() && !one.is_cap && !one.is_total)
    };
    let has_one = before.iter().all(|block| paper.amounts_in(&block.tokens).len() < 2);
    if !is_cost || !has_one || parts.len() < 2 || !parts.iter().all(is_plain) {
        return None;
    }
    broken(paper, &Value::of(paper, total), &values(paper, &parts)?, Severity::Error)
}
