//! Numbers of things that are said to be the parts of a number of things.
//!
//! Owns: `Av dessa var A, B och C` and `N anställda, varav A, B och C`. Does not own: amounts, nor tables.
//!
//! `Det gjordes 28 600 resor. Av dessa var 12 380 resor till skolan, 9 420 resor till arbetet och 6 350 resor till sjukhus` is 450 short:
//! 12 380 for 12 830 is one slip.

use super::reconcile::is_near;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::{Count, Paper};

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let of_these = ["dessa", "dem"].into_iter().flat_map(|word| paper.places_of(word));
    let of_these = of_these.filter_map(|at| of_these_were(paper, at));
    let whereof = paper.places_of("varav").filter_map(|at| whereof(paper, at));
    of_these.chain(whereof).collect()
}

/// "Av dessa var 12 390 uppdrag …", of the last number of the sentence before.
fn of_these_were(paper: &Paper, at: usize) -> Option<Remark> {
    let sentence = paper.sentence(at);
    let of = at.checked_sub(1).filter(|of| *of == sentence.start)?;
    paper.tokens.get(at).filter(|token| token.is_one_of(&["dessa", "dem"]))?;
    paper.tokens.get(of).filter(|token| token.is("av"))?;
    let before = paper.sentence(sentence.start.checked_sub(1)?);
    let whole = paper.counts_in(&before).last()?;
    let block = paper.block_at(at)?;
    let is_one_block = block.tokens.contains(&whole.tokens.0);
    let parts: Vec<&Count> = paper.counts_in(&sentence).iter().collect();
    let first = parts.first()?;
    let is_alike =
        parts.iter().all(|part| part.noun == first.noun && whole.noun.ends_with(&part.noun));
    (is_one_block && is_alike).then(|| differs(paper, whole, &parts))?
}

/// "612 frågor, varav 401 brev, 148 samtal och 63 besök".
fn whereof(paper: &Paper, at: usize) -> Option<Remark> {
    let sentence = paper.sentence(at);
    let whole = paper.counts_in(&(sentence.start..at)).last()?;
    let is_near = whole.tokens.1 + 4 >= at;
    let parts: Vec<&Count> = paper.counts_in(&(at..sentence.end)).iter().collect();
    // Two may be some of them.
    let is_all = parts.len() > 2;
    let is_other = paper.has_word(&(at..sentence.end), &["delvis", "minst", "bland"]);
    (is_near && is_all && !is_other).then(|| differs(paper, whole, &parts))?
}

/// Parts that are not their whole, and would be but for one slip.
fn differs(paper: &Paper, whole: &Count, parts: &[&Count]) -> Option<Remark> {
    let value = |count: &Count| i64::try_from(count.number).ok().map(Value::bare);
    let values: Vec<Value> = parts.iter().map(|part| value(part)).collect::<Option<_>>()?;
    let (stated, sum) = (value(whole)?, Value::sum(&values)?);
    let is_known = stated.printed < 100 || values.len() < 2 || sum.agrees(&stated);
    if is_known || !is_near(&stated, &values) {
        return None;
    }
    let (said, sum) = (words(&paper.text(whole.noted.span)), sum.printed);
    let text = Text::new(
        format!("delarna summerar till {sum}, men texten säger `{said}`"),
        format!("the parts sum to {sum}, but the text says `{said}`"),
    );
    let places = parts.iter().map(|part| part.noted.span).chain([whole.noted.span]).collect();
    Some(Remark::new(Doubt::SumDiffers, Severity::Warning, text, places))
}
