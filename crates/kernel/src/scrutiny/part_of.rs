//! Parts that are larger than their whole, and a part that fits its whole in another unit.
//!
//! Owns: `X, varav Y` where Y is more than X, and three amounts of a paragraph that add up but for thousands for millions. Does not
//! own: the sums of what is divided (`prose`, `items`).
//!
//! `5,5 miljoner kronor per år, varav 850 miljoner kronor avser licenser` has a part that is larger than the whole.

use super::reconcile::is_telling;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::fact::Precision;
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::Paper;
use crate::paper::layout::BlockKind;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let whereof = ["varav", "därav"].into_iter().flat_map(|word| paper.places_of(word));
    let mut remarks: Vec<Remark> = whereof.filter_map(|at| larger(paper, at)).collect();
    let text =
        paper.layout().blocks.iter().filter(|block| !matches!(block.kind, BlockKind::Table(_)));
    remarks.extend(
        text.filter_map(|block| other_unit(paper, paper.amounts_in(&block.tokens).collect())),
    );
    remarks
}

/// "X, varav Y": Y is more than X.
fn larger(paper: &Paper, at: usize) -> Option<Remark> {
    const NEAR: usize = 12;
    let sentence = paper.sentence(at);
    let before = paper.amounts_in(&(sentence.start.max(at.saturating_sub(NEAR))..at)).last()?;
    let after = paper.amounts_in(&(at..sentence.end.min(at + NEAR))).next()?;
    let (one, other) = (paper.amounts().get(before)?, paper.amounts().get(after)?);
    let is_in_table = paper.table_of(at).is_some();
    let is_one_per = other.per.is_none() || other.per == one.per;
    let is_plain = one.amount > Money::ZERO && !one.is_each && !other.is_each && !is_in_table;
    // "ökar med 5 mkr, varav" is of the change, and a part of it may be larger where another falls.
    let is_change = paper.has_word(
        &(sentence.start..at),
        &[
            "ökar",
            "ökade",
            "ökat",
            "minskar",
            "minskade",
            "netto",
            "förändring",
            "resultat",
            "underskott",
            "överskott",
            "avvikelse",
            "avviker",
        ],
    );
    // What was asked for may be more.
    let is_asked = paper.has_word(
        &(other.tokens.1 + 1..sentence.end.min(other.tokens.1 + 4)),
        &["sökt", "söktes", "sökta", "ansökt", "begärdes", "begärda"],
    );
    let (whole, part) = (Value::of(paper, before), Value::of(paper, after));
    if is_asked || !is_one_per || !is_plain || is_change || part.low <= whole.high {
        return None;
    }
    let (a, b) = (Money::from_ore(part.printed), Money::from_ore(whole.printed));
    let text = Text::new(
        format!("delen {a} är större än det hela, {b}"),
        format!("the part {a} is larger than the whole, {b}"),
    );
    let places = [whole.places(paper), part.places(paper)].concat();
    Some(Remark::new(Doubt::SumDiffers, Severity::Error, text, places).of_difference(&whole, &part))
}

/// Three amounts of a paragraph of which two would be the third if one of them were in thousands, or in millions, instead.
fn other_unit(paper: &Paper, all: Vec<usize>) -> Option<Remark> {
    const MOST: usize = 12;
    if !(3..=MOST).contains(&all.len()) {
        return None;
    }
    let ore = |at: usize| paper.amounts().get(at).map_or(0, |one| one.amount.ore());
    let is_exact = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|one| {
            let telling = one.amount.ore().to_string().trim_end_matches('0').len();
            one.precision == Precision::Exact && one.per.is_none() && telling > 1
        })
    };
    let are_telling = |one: usize, other: usize| is_telling(ore(one)) && is_telling(ore(other));
    let exact: Vec<usize> = all.iter().copied().filter(is_exact).collect();
    for odd in &exact {
        for shifted in
            [ore(*odd).checked_mul(1_000), (ore(*odd) % 100_000 == 0).then(|| ore(*odd) / 1_000)]
        {
            let Some(shifted) = shifted else { continue };
            let others: Vec<usize> = exact.iter().copied().filter(|at| at != odd).collect();
            for (at, one) in others.iter().enumerate() {
                for other in others.iter().skip(at + 1) {
                    let (x, y) = (ore(*one), ore(*other));
                    if x.abs_diff(y) == shifted.unsigned_abs()
                        && x != y
                        && are_telling(*one, *other)
                    {
                        return Some(unit(paper, *odd, [*one, *other], shifted));
                    }
                }
            }
        }
    }
    None
}

fn unit(paper: &Paper, odd: usize, others: [usize; 2], shifted: i64) -> Remark {
    let value = Value::of(paper, odd);
    let said =
        paper.amounts().get(odd).map_or_else(String::new, |one| words(&paper.text(one.span)));
    let fits = Money::from_ore(shifted);
    let text = Text::new(
        format!("`{said}` stämmer med beloppen bredvid bara som {fits}: enheten är fel"),
        format!("`{said}` fits the amounts beside it only as {fits}: the unit is wrong"),
    );
    let places = others.iter().flat_map(|at| Value::of(paper, *at).places(paper));
    let places = value.places(paper).into_iter().chain(places).collect();
    Remark::new(Doubt::UnitError, Severity::Warning, text, places)
        .of_difference(&value, &Value::bare(shifted))
}
