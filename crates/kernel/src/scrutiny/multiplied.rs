//! So many at so much, told in prose: like parts of a whole, a price over years, the price of one and the number of them.
//!
//! Owns: products whose factors stand in words. Does not own: rates with `per` (`product`, `units`), nor rows (`grid`, `written`).
//!
//! `24 800 000 kronor betalas i fyra lika delar om 6 250 000 kronor` is 200 000 kronor too much.

use super::units::counts_noun;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::lexicon::number_word;
use crate::paper::{Kind, Paper, Span};

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    // Of very many the first are looked at.
    const MOST: usize = 2_000;
    let of = |at| {
        in_like_parts(paper, at).or_else(|| over_years(paper, at)).or_else(|| of_one(paper, at))
    };
    paper.told().take(MOST).filter_map(of).collect()
}

/// What so many at so much come to, where that is not what is stated and near it.
fn times_differs(
    paper: &Paper,
    (number, counted): (i128, Span),
    each: usize,
    whole: usize,
) -> Option<Remark> {
    let (each, whole) = (Value::of(paper, each), Value::of(paper, whole));
    let product = each.clone().times(i64::try_from(number).ok()?)?;
    let is_near = product.printed.abs_diff(whole.printed) <= whole.printed.unsigned_abs() / 5;
    let is_exact = each.is_exact() && whole.is_exact() && each.printed > 0;
    let slack =
        whole.last_digit(paper).max(each.last_digit(paper) * i64::try_from(number).ok()?) / 2;
    let is_right = product.printed.abs_diff(whole.printed) <= slack.unsigned_abs();
    if !is_near || !is_exact || is_right {
        return None;
    }
    let said = words(&paper.text(counted));
    let (unit, right) = (Money::from_ore(each.printed), Money::from_ore(product.printed));
    let stated = Money::from_ore(whole.printed);
    let text = Text::new(
        format!("`{said}` à {unit} blir {right}, men texten säger {stated}"),
        format!("`{said}` at {unit} is {right}, but the text says {stated}"),
    );
    let places = [vec![counted], each.places(paper), whole.places(paper)].concat();
    Some(
        Remark::new(Doubt::CountDiffers, Severity::Error, text, places)
            .of_difference(&whole, &product),
    )
}

/// A small number, in digits or words, at a token.
fn small_number(paper: &Paper, at: usize) -> Option<i128> {
    let token = paper.tokens.get(at)?;
    let number = match token.kind {
        Kind::Digits => token.text.parse().ok()?,
        Kind::Word => number_word(&token.text)?,
        Kind::Mark(_) => return None,
    };
    (2..=100).contains(&number).then_some(number)
}

/// "24 800 000 kronor … betalas i fyra lika delar om 6 250 000 kronor": of the last amount before.
fn in_like_parts(paper: &Paper, at: usize) -> Option<Remark> {
    const NEAR: usize = 5;
    let each = paper.amounts().get(at).filter(|each| each.per.is_none() && !each.is_each)?;
    let start = each.tokens.0.saturating_sub(NEAR);
    let like = (start..each.tokens.0)
        .find(|at| paper.tokens.get(*at).is_some_and(|token| token.is("lika")))?;
    let number = small_number(paper, like.checked_sub(1)?)?;
    let is_led = paper.before(each, 1).iter().any(|token| token.is_one_of(&["om", "på", "à"]));
    let block = paper.block_at(each.tokens.0)?.tokens.clone();
    let whole = paper.amounts_in(&(block.start..each.tokens.0)).next_back()?;
    let is_whole = paper.amounts().get(whole).is_some_and(|one| one.per.is_none() && !one.is_cap);
    (is_led && is_whole)
        .then(|| times_differs(paper, (number, paper.span(&(like - 1..like + 1))), at, whole))?
}

/// "Med priset 14 250 000 kronor per år blir värdet för de fyra åren 57 500 000 kronor".
fn over_years(paper: &Paper, at: usize) -> Option<Remark> {
    let each = paper.amounts().get(at).filter(|each| each.per.as_deref() == Some("år"))?;
    let sentence = paper.sentence(each.tokens.0);
    let whole = at + 1;
    let total = paper.amounts().get(whole).filter(|one| one.per.is_none() && !one.is_cap)?;
    let between = each.tokens.1 + 1..total.tokens.0;
    let years = between
        .clone()
        .find(|at| paper.tokens.get(*at).is_some_and(|token| token.is_one_of(&["åren", "år"])))?;
    let number = small_number(paper, years.checked_sub(1)?)?;
    let is_all = paper.amounts_in(&sentence).len() == 2 && sentence.contains(&total.tokens.0);
    let becomes =
        paper.has_word(&between, &["blir", "uppgår", "motsvarar", "är", "innebär", "ger"]);
    let is_over = paper.has_word(&between, &["för", "över", "under", "på"]);
    let is_firm = !paper.has_word(&sentence, &["index", "uppräkning", "förlängning", "option"]);
    (is_all && becomes && is_over && is_firm)
        .then(|| times_differs(paper, (number, paper.span(&(years - 1..years + 1))), at, whole))?
}

/// "En undersköterska kostar 585 000 kronor per år. Förvaltningen anställer sex undersköterskor till en kostnad av 3 150 000 kronor".
fn of_one(paper: &Paper, at: usize) -> Option<Remark> {
    const NEAR: usize = 3;
    let each = paper.amounts().get(at)?;
    let sentence = paper.sentence(each.tokens.0);
    let (first, noun) = match paper.tokens_in(&sentence) {
        [first, noun, ..] => (first, noun),
        _ => return None,
    };
    let is_price = first.is_one_of(&["en", "ett"])
        && paper.has_word(&(sentence.start..each.tokens.0), &["kostar", "beräknas", "är"])
        && paper.amounts_in(&sentence).len() == 1
        && noun.text.chars().count() > 4;
    if !is_price {
        return None;
    }
    let next = paper.sentence(sentence.end);
    let [whole] = paper.amounts_in(&next).collect::<Vec<_>>()[..] else { return None };
    let total =
        paper.amounts().get(whole).filter(|one| one.per == each.per || one.per.is_none())?;
    let plural = (next.start..total.tokens.0).find(|at| {
        paper.tokens.get(*at).is_some_and(|token| counts_noun(&token.text, &noun.text))
    })?;
    let number = (plural.saturating_sub(NEAR)..plural)
        .rev()
        .find_map(|at| Some((at, small_number(paper, at)?)))?;
    let costs =
        paper.has_word(&(plural..total.tokens.0), &["kostnad", "kostar", "kostnaden", "för"]);
    (costs && next.contains(&plural))
        .then(|| times_differs(paper, (number.1, paper.span(&(number.0..plural + 1))), at, whole))?
}
