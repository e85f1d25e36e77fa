//! From one amount to another, and the change that is said to lie between.
//!
//! Owns: raises and cuts in kronor and percent. Does not own: shares of a whole.
//!
//! `från 7 400 kr till 14 200 kr, en ökning med 6 800 kr` holds.

use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::lexicon::{ABOUT, AT_LEAST};
use crate::paper::{Amount, Paper, SPEAKS, Share};
use std::ops::Range;

/// Words of a raise or a cut.
pub(super) const CHANGES: [&str; 28] = [
    "sänkas",
    "sänktes",
    "ökades",
    "minskades",
    "höjt",
    "sänkt",
    "ökning",
    "höjning",
    "minskning",
    "sänkning",
    "höjs",
    "ökar",
    "minskar",
    "sänks",
    "skillnad",
    "ökas",
    "höja",
    "sänka",
    "uppräkning",
    "höjningen",
    "ökningen",
    "minskningen",
    "sänkningen",
    "höjdes",
    "räknas",
    "öka",
    "minskas",
    "höjas",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.apart().filter(|at| *at > 0).filter_map(|at| change(paper, at)).collect()
}

/// The amounts before and after, where `at` is the one after.
fn change(paper: &Paper, at: usize) -> Option<Remark> {
    let (from, to) = (paper.amounts().get(at - 1)?, paper.amounts().get(at)?);
    let is_from = paper.before(from, 2).iter().any(|token| token.is("från"));
    let between = paper.tokens_in(&(from.tokens.1 + 1..to.tokens.0));
    let is_to = between.iter().any(|token| token.is("till")) && between.len() <= 6;
    let sentence = paper.sentence(to.tokens.0);
    if !is_from || !is_to || !sentence.contains(&from.tokens.0) || from.per != to.per {
        return None;
    }
    let (before, after) = (Value::of(paper, at - 1), Value::of(paper, at));
    // The verb stands at "från", with no more than "därmed" between.
    let near = sentence.start.max(from.tokens.0.saturating_sub(4))..from.tokens.0;
    let said = with_object(paper, &sentence, from.tokens.0).unwrap_or_else(|| near.clone());
    if let Some(remark) = wrong_way(paper, &before, &after, &said) {
        return Some(remark);
    }
    if let Some(remark) = doubled(paper, &before, &after, &near) {
        return Some(remark);
    }
    let by = paper.amounts_in(&sentence).find(|other| {
        let Some(amount) = paper.amounts().get(*other) else { return false };
        let said =
            paper.before(amount, 1).iter().any(|token| token.is_one_of(&["med", "på", "om"]));
        *other != at
            && *other != at - 1
            && said
            && is_of_change(paper, amount, from, to)
            && paper.has_word(&(sentence.start..amount.tokens.0), &CHANGES)
    });
    if let Some(by) = by {
        return in_kronor(paper, &before, &after, by);
    }
    let share = paper
        .shares_in(&sentence)
        .iter()
        .find(|share| paper.has_word(&(sentence.start..share.tokens.0), &CHANGES))?;
    // "med 7 procent varje år" grows upon itself.
    if paper.has_word(&(share.tokens.1 + 1..share.tokens.1 + 4), &["varje", "per", "årligen", "om"])
    {
        return None;
    }
    let is_derived = share.is_about || share.tokens.0 > to.tokens.0;
    // "varav 2,5 procent är avtalsenliga", "5,2 procent jämfört med budget" are of something else.
    let aside = to.tokens.1 + 1..share.tokens.0;
    let next = share.tokens.1 + 1..share.tokens.1 + 2;
    let is_aside = paper.has_word(&aside, &["varav", "därav"])
        || (is_derived && paper.has_word(&next, &["jämfört", "mot"]));
    if is_aside {
        return None;
    }
    // Where the text says that it rounds, the amounts are so to the last digit that says something.
    let is_rounded = paper.places_of("avrund").next().is_some();
    let coarse = if is_rounded { before.unit().min(after.unit()) } else { 0 };
    let digit = i128::from(to.last_digit.ore().max(coarse));
    if before.printed <= 0 || after.printed < 0 {
        return None;
    }
    let ends = (i128::from(before.printed), i128::from(after.printed));
    grows(share, ends, is_derived, digit)?;
    Some(by_percent(paper, share, &before, &after))
}

/// Whether an amount is what a change is by: right before "från", or after the second end with no clause of its own between.
fn is_of_change(paper: &Paper, by: &Amount, from: &Amount, to: &Amount) -> bool {
    const NEAR: usize = 4;
    const AGAIN: [&str; 8] =
        ["höjs", "sänks", "ökar", "minskar", "stiger", "sjunker", "höjdes", "sänktes"];
    const CLAUSE: [&str; 10] =
        ["eftersom", "då", "medan", "när", "som", "men", "samtidigt", "varav", "därav", "sedan"];
    let (first, second) = if by.tokens.0 < from.tokens.0 {
        (by.tokens.1 + 1, from.tokens.0)
    } else {
        (to.tokens.1 + 1, by.tokens.0)
    };
    let between = first..second;
    let is_near = by.tokens.0 > to.tokens.0 || between.len() <= NEAR;
    // "höjs från 660 kr till 700 kr, det vill säga årshyran höjs med 10 200 kr" is of all that costs so much each.
    let is_beyond = by.amount > from.amount.max(to.amount) && paper.has_word(&between, &AGAIN);
    is_near && !is_beyond && !paper.has_word(&between, &CLAUSE)
}

/// What a number becomes by a share of it, up or down as the other is, where that is not the other: a percentage that is given is
/// held to one krona or half a unit of the last digit, one that is derived to one unit of its last digit (D7).
pub(super) fn grows(
    share: &Share,
    (from, to): (i128, i128),
    is_derived: bool,
    digit: i128,
) -> Option<i128> {
    let (parts, scale) = share.exactly();
    let up = if to >= from { 1 } else { -1 };
    // Everything times what the share is of, so that nothing is rounded.
    let expected = from.checked_mul(scale + up * parts)?;
    let off = (to.checked_mul(scale)? - expected).abs();
    let rounding = (digit / 2).max(100) * scale;
    let slack = match (is_derived, share.parts) {
        // "drygt hälften" is said of what is some percent more.
        _ if share.is_about && share.is_in_words => (from * scale / 16).max(rounding),
        (true, None) => from,
        // "en ökning med en tredjedel" is said of what is nearly so.
        (true, Some(_)) => (from * scale / 50).max(rounding),
        (false, _) => rounding,
    };
    (off > slack).then_some(expected / scale)
}

/// What is told of two amounts and the percentage that is said to lie between them.
pub(super) fn by_percent(paper: &Paper, share: &Share, from: &Value, to: &Value) -> Remark {
    let (parts, scale) = share.exactly();
    let (a, up) = (i128::from(from.printed), if to.printed >= from.printed { 1 } else { -1 });
    let expected = i64::try_from(a * (scale + up * parts) / scale).unwrap_or(to.printed);
    let (before, stated, expected) =
        (Money::from_ore(from.printed), Money::from_ore(to.printed), Money::from_ore(expected));
    let said = words(&paper.text(share.noted.span));
    let text = Text::new(
        format!("en ändring med `{said}` från {before} ger {expected}, men texten säger {stated}"),
        format!("a change of `{said}` from {before} gives {expected}, but the text says {stated}"),
    );
    let places = [vec![share.noted.span], from.places(paper), to.places(paper)].concat();
    let remark = Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places);
    remark.off_by(stated - expected)
}

/// From "höja" and what it raises to the amount: "höja ersättningen för tillägget från A".
fn with_object(paper: &Paper, sentence: &Range<usize>, until: usize) -> Option<Range<usize>> {
    const MOST: usize = 12;
    const VERBS: [&str; 6] = ["höja", "sänka", "höjer", "sänker", "öka", "minska"];
    let near = sentence.start.max(until.saturating_sub(MOST))..until;
    let is_verb = |at: &usize| paper.tokens.get(*at).is_some_and(|token| token.is_one_of(&VERBS));
    let verb = near.rev().find(is_verb)?;
    let object = paper.tokens.get(verb + 1)?;
    SPEAKS.iter().any(|part| object.text.contains(part)).then_some(verb..until)
}

/// "fördubblas från 40 000 kr till 70 000 kr" is less than that.
fn doubled(paper: &Paper, from: &Value, to: &Value, said: &Range<usize>) -> Option<Remark> {
    let is_double =
        paper.has_word(said, &["fördubblas", "fördubblades", "fördubblats", "dubbleras"]);
    let is_half = paper.has_word(said, &["halveras", "halverades", "halverats"]);
    let about = paper.has_word(said, &ABOUT) || paper.has_word(said, &AT_LEAST);
    let is_exact = from.is_exact() && to.is_exact() && from.printed > 0 && !about;
    let expected = if is_double { from.printed.checked_mul(2)? } else { from.printed / 2 };
    let slack = to.last_digit(paper).max(100) / 2;
    if is_double == is_half || !is_exact || to.printed.abs_diff(expected) <= slack.unsigned_abs() {
        return None;
    }
    let (before, stated, right) =
        (Money::from_ore(from.printed), Money::from_ore(to.printed), Money::from_ore(expected));
    let (sv, en) = if is_double { ("dubbla", "twice") } else { ("halva", "half") };
    let text = Text::new(
        format!("det {sv} av {before} är {right}, men texten säger {stated}"),
        format!("{en} {before} is {right}, but the text says {stated}"),
    );
    let places = [from.places(paper), to.places(paper)].concat();
    let difference = stated - right;
    Some(Remark::new(Doubt::ChangeDiffers, Severity::Warning, text, places).off_by(difference))
}

/// "höjs från 2 150 kr till 1 180 kr" lowers.
fn wrong_way(paper: &Paper, from: &Value, to: &Value, said: &Range<usize>) -> Option<Remark> {
    const UP: [&str; 7] = ["höjs", "höjas", "höjdes", "höjer", "ökas", "ökar", "höja"];
    const DOWN: [&str; 7] = ["sänker", "sänks", "sänkas", "sänktes", "minskas", "minskar", "sänka"];
    let (is_up, is_down) = (paper.has_word(said, &UP), paper.has_word(said, &DOWN));
    let is_wrong = (is_up && !is_down && to.high < from.low && to.printed > 0)
        || (is_down && !is_up && to.low > from.high && from.printed > 0);
    let is_other = paper.has_word(said, &["inte", "ej", "än", "om", "medan", "efter", "och"]);
    if !is_wrong || is_other || !paper.amounts_in(said).is_empty() {
        return None;
    }
    let (before, after) = (Money::from_ore(from.printed), Money::from_ore(to.printed));
    let (sv, en) = if is_up { ("höjs", "rises") } else { ("sänks", "falls") };
    let text = Text::new(
        format!("texten säger att beloppet {sv}, men från {before} till {after} är det tvärtom"),
        format!("the text says that the amount {en}, but from {before} to {after} it is otherwise"),
    );
    let places = [from.places(paper), to.places(paper)].concat();
    Some(Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places))
}

fn in_kronor(paper: &Paper, before: &Value, after: &Value, by: usize) -> Option<Remark> {
    let stated = Value::of(paper, by);
    let (apart, low, high) = after.minus(before);
    let (small, large) =
        (low.ore().abs().min(high.ore().abs()), low.ore().abs().max(high.ore().abs()));
    if stated.low <= large && small <= stated.high {
        return None;
    }
    let (computed, said) = (Money::from_ore(apart.ore().abs()), Money::from_ore(stated.printed));
    let difference = said - computed;
    let text = Text::new(
        format!(
            "från {} till {} är det {computed}, men texten säger {said}",
            Money::from_ore(before.printed),
            Money::from_ore(after.printed)
        ),
        format!(
            "from {} to {} it is {computed}, but the text says {said}",
            Money::from_ore(before.printed),
            Money::from_ore(after.printed)
        ),
    );
    let places = [before.places(paper), after.places(paper), stated.places(paper)].concat();
    let mut remark =
        Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places).off_by(difference);
    remark.assumes = Value::assumes(&[before, after, &stated]);
    remark.reconciles_by = Some(Text::new(
        format!("ändringen skrivs som {computed}"),
        format!("the change is written as {computed}"),
    ));
    Some(remark)
}
