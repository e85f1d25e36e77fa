//! What is said to lie within a limit, and does not.
//!
//! Owns: `ryms inom`, `ligger inom`, `understiger` of the amounts beside it. Does not own: limits of rows (`limit`), nor mandates in
//! general (`mandate`).
//!
//! `Avtalets värde är 6 560 000 kr. Chefen får besluta upp till 6,0 mkr. Beslutet ligger inom chefens rätt` does not hold.

use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Kind, Paper, Token};
use std::ops::Range;

/// How words of money that there is begin.
const THERE_IS: [&str; 5] = ["avsatt", "avsätt", "reserver", "anslag", "budgeter"];
/// How words of what something costs begin.
const COSTS: [&str; 8] =
    ["kost", "värde", "pris", "köp", "utgift", "merkostnad", "anbud", "beräkn"];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let inside = paper.places_of("inom").filter(|at| {
        let before = at.saturating_sub(8)..*at;
        paper.has_word(&before, &["ryms", "inryms", "ligger", "håller", "rymmas"])
    });
    inside.filter_map(|at| within(paper, at)).collect()
}

fn begins(paper: &Paper, range: &Range<usize>, all: &[&str]) -> bool {
    let is_it = |token: &Token| {
        token.kind == Kind::Word && all.iter().any(|begin| token.text.contains(begin))
    };
    paper.tokens_in(range).iter().any(is_it)
}

fn within(paper: &Paper, at: usize) -> Option<Remark> {
    const MOST: usize = 8;
    let sentence = paper.sentence(at);
    if paper.has_word(&sentence, &["inte", "ej", "om", "skulle", "kan", "bör", "delvis"]) {
        return None;
    }
    let own = paper.layout().block_of(at)?;
    let block = paper.block(own)?.tokens.clone();
    // What it lies within may stand right after.
    let named = !paper.amounts_in(&(at..sentence.end)).is_empty();
    let all: Vec<usize> = paper.amounts_in(&(block.start..sentence.end)).collect();
    let is_limit = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|one| {
            let clause = paper.clause(*at);
            let is_there = begins(paper, &clause, &THERE_IS)
                && !begins(paper, &(clause.start..one.tokens.0), &COSTS);
            one.per.is_none() && (one.is_cap || is_there)
        })
    };
    let limits: Vec<usize> = all.iter().copied().filter(is_limit).collect();
    let [limit] = limits[..] else { return None };
    if named {
        return None;
    }
    let most = Value::of(paper, limit);
    let is_cost = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|one| {
            let own = paper.sentence(one.tokens.0);
            let before = own.start..one.tokens.0;
            *at != limit && one.per.is_none() && !one.is_cap && begins(paper, &before, &COSTS)
        })
    };
    let mut costs: Vec<usize> = all.iter().filter(|at| is_cost(at)).copied().collect();
    let concludes = paper.has_word(&sentence, &["därmed", "alltså", "således"]);
    if costs.is_empty() && concludes {
        // "Förslaget ryms därmed inom avsättningen", of what the paragraph before says that it costs.
        let before = own.checked_sub(1).and_then(|at| paper.block(at))?;
        costs = paper.amounts_in(&before.tokens).filter(is_cost).collect();
    }
    let costs: Vec<Value> = costs.into_iter().map(|at| Value::of(paper, at)).collect();
    // Where one of them fits, that may be what is meant; what is many times more is of something else.
    let is_over = |cost: &&Value| cost.printed < most.printed.saturating_mul(3);
    let fits = |cost: &Value| cost.low <= most.high;
    let over = costs.iter().rfind(is_over).filter(|_| all.len() <= MOST)?;
    if costs.iter().any(fits) {
        return None;
    }
    let (a, b) = (Money::from_ore(over.printed), Money::from_ore(most.printed));
    let text = Text::new(
        format!("texten säger att det ryms inom {b}, men {a} är mer"),
        format!("the text says that it is within {b}, but {a} is more"),
    );
    let places = [over.places(paper), most.places(paper), vec![paper.span(&(at..at + 1))]].concat();
    Some(
        Remark::new(Doubt::LimitExceeded, Severity::Warning, text, places)
            .of_difference(over, &most),
    )
}
