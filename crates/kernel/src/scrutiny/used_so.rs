//! Parts of the money that the text is about, told one after another.
//!
//! Owns: paragraphs that say that the money is used so, and then how. Does not own: lists and tables.
//!
//! Of 14,6 mkr `Medlen används så här. A får 9,2 mkr. B får 5,0 mkr. C får 0,7 mkr` gives away 300 000 kr too much.

use super::gathered::Gathered;
use super::prose::{broken, parts_in, values};
use super::value::Value;
use super::{Remark, granted, items};
use crate::finding::Severity;
use crate::paper::Paper;
use crate::paper::layout::BlockKind;
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let blocks = paper.layout().blocks.iter();
    let told = blocks.filter(|block| block.kind == BlockKind::Text);
    told.filter_map(|block| of_block(paper, gathered, &block.tokens)).collect()
}

fn of_block(paper: &Paper, gathered: &Gathered, block: &Range<usize>) -> Option<Remark> {
    const LEAST: usize = 3;
    const MOST: usize = 20;
    let first = paper.sentence(block.start);
    let first = block.start..first.end.min(block.end);
    let says_so = paper.tokens_in(&first).windows(2).any(|two| match two {
        [so, here] => (so.is("så") && here.is("här")) || (so.is("enligt") && here.is("följande")),
        _ => false,
    });
    let is_opening = says_so && paper.amounts_in(&first).is_empty();
    let is_money = paper.has_word(&first, &items::FUNDS);
    let rest = first.end..block.end;
    let all = paper.amounts_in(&rest);
    let parts = parts_in(paper, &rest);
    let is_told = parts.len() == all.len() && (LEAST..=MOST).contains(&parts.len());
    if !is_opening || !is_money || !is_told || paper.has_word(&rest, &["varav", "därav"]) {
        return None;
    }
    let of = crate::paper::years(paper.tokens_in(&first));
    // What the text opens with may be said to be granted in other words.
    let opens = || {
        let first = paper.amounts().first().filter(|amount| amount.tokens.1 < block.start)?;
        let is_grant = paper.has_word(&paper.sentence(first.tokens.0), &["beviljat", "bidrag"]);
        (is_grant && first.per.is_none() && !first.is_cap).then_some(0)
    };
    let whole = granted::principal(paper, &gathered.granted, block.start, &of).or_else(opens)?;
    let years = BTreeSet::from_iter(paper.years_of(whole));
    let (stated, values) = (Value::of(paper, whole), values(paper, &parts)?);
    let sum = Value::sum(&values)?;
    let is_little = sum.printed.abs_diff(stated.printed) <= stated.printed.unsigned_abs() / 10;
    let is_one_time = of.is_empty() || years.is_empty() || of == years;
    let severity = if sum.low > stated.high { Severity::Error } else { Severity::Warning };
    (is_little && is_one_time).then(|| broken(paper, &stated, &values, severity))?
}
