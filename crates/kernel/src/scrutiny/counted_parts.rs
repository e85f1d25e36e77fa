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
use crate::paper::{Count, Kind, Paper};

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let of_these = ["dessa", "dem"].into_iter().flat_map(|word| paper.places_of(word));
    let of_these = of_these.filter_map(|at| of_these_were(paper, at));
    let whereof = paper.places_of("varav").filter_map(|at| whereof(paper, at));
    let of_those = paper.places_of("de").filter_map(|at| more_than_there_are(paper, at));
    of_these.chain(whereof).chain(of_those).collect()
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
    if is_near && !is_all && !is_other {
        return two_of(paper, whole, at, sentence.end);
    }
    (is_near && is_all && !is_other).then(|| differs(paper, whole, &parts))?
}

/// "18 mottagningar, varav 11 drivs i egen regi och 8 av privata vårdgivare": one more or two than there are, or one slip.
fn two_of(paper: &Paper, whole: &Count, at: usize, end: usize) -> Option<Remark> {
    const MOST: i128 = 2;
    let figures = super::figures::Figure::all(paper, &(at..end));
    let [first, second] = figures.as_slice() else { return None };
    let is_whole =
        |one: &super::figures::Figure| one.amount.is_none() && one.value % 1_000_000 == 0;
    let between = first.tokens.1 + 1..second.tokens.0;
    let links =
        paper.tokens_in(&between).last().is_some_and(|token| token.is_one_of(&["och", "samt"]));
    // "11 drivs i egen regi och 8 av privata": of one verb.
    let after = second.tokens.1 + 1..second.tokens.1 + 2;
    let shares_verb = paper.has_word(&after, &["av", "i", "på", "hos", "vid", "till"]);
    let sum = (first.value + second.value) / 1_000_000;
    let over = sum - whole.number;
    if !is_whole(first)
        || !is_whole(second)
        || !links
        || !shares_verb
        || !(1..=MOST).contains(&over)
    {
        return None;
    }
    let said = words(&paper.text(whole.noted.span));
    let text = Text::new(
        format!("delarna är tillsammans {sum}, men texten säger `{said}`"),
        format!("the parts are {sum} together, but the text says `{said}`"),
    );
    let places = vec![whole.noted.span, first.span(paper), second.span(paper)];
    Some(Remark::new(Doubt::SumDiffers, Severity::Warning, text, places))
}

/// "Av de 44 som bedömdes beviljas 9 och avslås 38" is more than there are.
fn more_than_there_are(paper: &Paper, at: usize) -> Option<Remark> {
    const MOST: usize = 24;
    let sentence = paper.sentence(at);
    let is_of = at == sentence.start + 1 && paper.tokens.get(sentence.start)?.is("av");
    paper.tokens.get(at).filter(|token| is_of && token.is("de"))?;
    let number = |at: usize| -> Option<i64> {
        let token = paper.tokens.get(at).filter(|token| token.kind == Kind::Digits)?;
        token.text.parse().ok().filter(|number| *number < 100_000)
    };
    let whole = number(at + 1)?;
    // Each part stands right after what is done with it, and counts nothing else.
    let is_part = |part: &usize| {
        let verb = part.checked_sub(1).and_then(|at| paper.tokens.get(at));
        let next = paper.tokens.get(part + 1);
        let is_done = verb.is_some_and(|verb| verb.kind == Kind::Word && verb.text.ends_with('s'));
        let is_bare = next.is_none_or(|next| {
            matches!(next.kind, Kind::Mark(',' | '.')) || next.is_one_of(&["och", "samt"])
        });
        is_done && is_bare
    };
    let rest = at + 2..sentence.end.min(at + MOST);
    let parts: Vec<usize> = rest.filter(|at| number(*at).is_some()).collect();
    let sum: i64 = parts.iter().filter_map(|at| number(*at)).sum();
    if parts.len() < 2 || !parts.iter().all(is_part) || sum <= whole {
        return None;
    }
    let text = Text::new(
        format!("delarna är tillsammans {sum}, men texten säger {whole}"),
        format!("the parts are {sum} together, but the text says {whole}"),
    );
    let places = parts.iter().chain([&(at + 1)]).map(|at| paper.span(&(*at..at + 1))).collect();
    Some(Remark::new(Doubt::SumDiffers, Severity::Error, text, places))
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
