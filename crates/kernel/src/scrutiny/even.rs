//! A whole that is divided evenly.
//!
//! Owns: so much to each of so many where it is said that they get alike. Does not own: other rates and counts (`product_slip`).
//!
//! `1 500 000 kronor till språkförskolor`, of which there are six, is 250 000 kr to each.

use super::gathered::Gathered;
use super::units::counts_noun;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Paper, twin};

const LETTERS: usize = 8;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    paper.told().filter_map(|at| of_each(paper, gathered, at)).collect()
}

fn of_each(paper: &Paper, gathered: &Gathered, at: usize) -> Option<Remark> {
    let amount = paper.amounts().get(at)?;
    let noun = amount.per.as_deref()?;
    let sentence = paper.sentence(amount.tokens.0);
    let before = sentence.start..amount.tokens.0;
    let is_even = paper.has_word(&before, &["lika", "jämnt"])
        && paper.has_word(&before, &["mellan", "delar"])
        && paper.amounts_in(&sentence).len() == 1;
    let block = paper.block_at(amount.tokens.0).filter(|_| is_even)?;
    let counts = paper.counts_in(&(block.tokens.start..amount.tokens.0)).iter().rev();
    let mut fits = counts.filter(|count| count.number > 1 && counts_noun(&count.noun, noun));
    let count = fits.next()?;
    let each = Value::of(paper, at);
    let product = each.clone().times(i64::try_from(count.number).ok()?)?;
    if !each.is_exact() || gathered.often(Money::from_ore(product.printed)) > 0 {
        return None;
    }
    // What is divided is said before, to those of whom the sentence speaks.
    let subjects = paper.long_words(&before, LETTERS);
    let names = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|whole| {
            let after = whole.tokens.1 + 1..whole.tokens.1 + 4;
            let is_to = paper.has_word(&(after.start..after.start + 1), &["till", "för", "åt"]);
            let words = paper.long_words(&after, LETTERS);
            let is_named =
                words.iter().any(|word| subjects.iter().any(|one| twin::is_one_word(one, word)));
            whole.per.is_none() && is_to && is_named
        })
    };
    const AROUND: usize = 40;
    let found: Vec<usize> = (at.saturating_sub(AROUND)..at).filter(names).collect();
    let [whole] = found.as_slice() else { return None };
    let whole = Value::of(paper, *whole);
    if whole.agrees(&product) || !whole.is_exact() || product.printed > whole.printed * 2 {
        return None;
    }
    let (said, unit) = (words(&paper.text(count.noted.span)), Money::from_ore(each.printed));
    let (stated, computed) = (Money::from_ore(whole.printed), Money::from_ore(product.printed));
    let text = Text::new(
        format!("`{said}` à {unit} blir {computed}, men det som fördelas lika är {stated}"),
        format!("`{said}` at {unit} is {computed}, but what is divided evenly is {stated}"),
    );
    let places = [vec![count.noted.span], each.places(paper), whole.places(paper)].concat();
    Some(
        Remark::new(Doubt::CountDiffers, Severity::Error, text, places)
            .of_difference(&whole, &product),
    )
}
