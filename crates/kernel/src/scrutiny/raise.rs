//! A change since what another sentence states: so much, or so many percent, more or less.
//!
//! Owns: raises whose two ends stand apart. Does not own: "från A till B" (`change`), nor rows of tables (`raised_row`).
//!
//! `År 2024 var bidraget 79 585 tkr. Bidraget, 84 360 tkr, ökar därmed med 4 755 tkr` is 20 tkr too little.

use super::change::CHANGES;
use super::items::OTHER_MONEY;
use super::reconcile::{is_one_slip, is_telling};
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::fact::Precision;
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Paper, Share};
use std::ops::Range;

/// Words of what was before.
const WAS: [&str; 14] = [
    "uppgick",
    "var",
    "fördelades",
    "anvisades",
    "budgeterades",
    "blev",
    "beviljades",
    "kostade",
    "utgjorde",
    "tilldelades",
    "fick",
    "erhöll",
    "betalades",
    "låg",
];

/// How many amounts before and after a change can be its ends.
const MOST: usize = 150;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let by_amount = paper.told().filter_map(|at| by_amount(paper, at));
    let by_share = paper.shares.iter().filter_map(|share| by_share(paper, share));
    by_amount.chain(by_share).collect()
}

/// Amounts that can be the ends of a change near a place among the amounts.
fn ends(paper: &Paper, at: usize) -> Vec<usize> {
    let near = at.saturating_sub(MOST)..paper.amounts().len().min(at + MOST);
    let can = |other: &usize| {
        *other != at && paper.amounts().get(*other).is_some_and(|amount| !amount.is_each)
    };
    near.filter(can).collect()
}

/// The one amount, near and before, that is said to be of an earlier time.
fn was(paper: &Paper, at: usize, sentence: &Range<usize>) -> Option<usize> {
    let before = paper.sentence(sentence.start.checked_sub(1)?);
    let block = paper.block_at(sentence.start)?;
    let start = before.start.max(block.tokens.start);
    let is_past = |other: &usize| {
        paper.amounts().get(*other).is_some_and(|amount| {
            let clause = paper.clause(*other);
            amount.per.is_none()
                && amount.precision == Precision::Exact
                && (paper.has_word(&clause, &WAS)
                    || paper.has_word(&clause, &OTHER_MONEY)
                    || paper.has_word(&(clause.start..amount.tokens.0), &["budget"]))
        })
    };
    let near = paper.amounts_in(&(start..sentence.end)).filter(|other| *other != at);
    let found: Vec<usize> = near.filter(is_past).collect();
    match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// "Bidraget ökar därmed med A, eller P procent".
fn by_amount(paper: &Paper, at: usize) -> Option<Remark> {
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let clause = paper.clause(at);
    let is_by = paper.before(amount, 2).iter().any(|token| token.is_one_of(&["med", "på", "om"]));
    let changes = is_by && paper.has_word(&(clause.start..amount.tokens.0), &CHANGES);
    let is_exact = amount.precision == Precision::Exact && !amount.is_cap && amount.per.is_none();
    let is_from_to = paper.amounts_in(&sentence).any(|other| {
        let amount = paper.amounts().get(other);
        amount.is_some_and(|one| paper.before(one, 1).iter().any(|token| token.is("från")))
    });
    if !changes || !is_exact || is_from_to {
        return None;
    }
    let base = was(paper, at, &sentence)?;
    let (by, from) = (Value::of(paper, at), Value::of(paper, base));
    if by.printed <= 0 || from.printed <= 0 || by.printed >= from.printed {
        return None;
    }
    let ends = ends(paper, at);
    let beside = paper.shares_in(&(amount.tokens.1 + 1..amount.tokens.1 + 6)).first();
    let is_of = |share: &&Share| paper.has_word(&(share.tokens.1 + 1..share.tokens.1 + 2), &["av"]);
    let share =
        beside.filter(|share| links(paper, amount.tokens.1 + 1..share.tokens.0) && !is_of(share));
    if let Some(share) = share {
        let fits = |other: &usize| is_share(share, &by, &Value::of(paper, *other));
        if !is_share(share, &by, &from) && !ends.iter().any(fits) {
            return Some(percent_differs(paper, share, &by, &from));
        }
    }
    apart_differs(paper, &by, &from, &ends)
}

/// Whether only a link stands between an amount and the percentage that it is.
fn links(paper: &Paper, range: Range<usize>) -> bool {
    paper.tokens_in(&range).iter().all(|token| {
        token.is_mark(',')
            || token.is_mark('(')
            || token.is_one_of(&["eller", "motsvarande", "dvs", "alltså", "ca", "cirka"])
    })
}

/// Whether a percentage is that of an amount, to one unit of its last digit and what the amount may be.
fn is_share(share: &Share, by: &Value, of: &Value) -> bool {
    let (parts, whole) = share.exactly();
    // In hundredths, so that a fraction in words is right to one percentage point.
    let unit = if share.parts.is_some() { whole } else { 100 };
    let (by_low, by_high) = (i128::from(by.low), i128::from(by.high));
    let (low, high) = (i128::from(of.low), i128::from(of.high));
    of.printed > 0
        && by_low * whole * 100 <= (parts * 100 + unit) * high
        && (parts * 100 - unit) * low <= by_high * whole * 100
}

fn percent_differs(paper: &Paper, share: &Share, by: &Value, from: &Value) -> Remark {
    let said = words(&paper.text(share.noted.span));
    let (stated, base) = (Money::from_ore(by.printed), Money::from_ore(from.printed));
    let tenths = (i128::from(by.printed) * 2_000 + i128::from(from.printed))
        / (i128::from(from.printed) * 2).max(1);
    let right = format!("{},{}", tenths / 10, tenths % 10);
    let text = Text::new(
        format!("{stated} av {base} är {right} procent, men texten säger `{said}`"),
        format!("{stated} of {base} is {right} percent, but the text says `{said}`"),
    );
    let places = [vec![share.noted.span], by.places(paper), from.places(paper)].concat();
    let mut remark = Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places);
    remark.reconciles_by = Some(Text::new(
        format!("ändringen skrivs som {right} procent"),
        format!("the change is written as {right} percent"),
    ));
    remark
}

/// A change that is one slip from what lies between its beginning and some other amount, and is right for none.
fn apart_differs(paper: &Paper, by: &Value, from: &Value, ends: &[usize]) -> Option<Remark> {
    let values: Vec<Value> = ends.iter().map(|at| Value::of(paper, *at)).collect();
    let is_right = |to: &Value| {
        let (_, low, high) = to.minus(from);
        let (low, high) = (low.ore(), high.ore());
        (by.low <= high && low <= by.high) || (by.low <= -low && -high <= by.high)
    };
    // A coarse figure whose exact one stands in the text says nothing more.
    let is_known = |coarse: &Value| {
        let fits = |fine: &Value| coarse.low <= fine.printed && fine.printed <= coarse.high;
        !coarse.is_exact() && values.iter().any(|fine| fine.is_exact() && fits(fine))
    };
    if !is_telling(by.printed) || values.iter().any(|to| is_right(to) && !is_known(to)) {
        return None;
    }
    let apart = |to: &Value| to.printed.saturating_sub(from.printed).abs();
    let is_slip = |to: &&Value| to.is_exact() && is_one_slip(apart(to), by.printed);
    let to = values.iter().find(is_slip)?;
    let (computed, said) = (Money::from_ore(apart(to)), Money::from_ore(by.printed));
    let (a, b) = (Money::from_ore(from.printed), Money::from_ore(to.printed));
    let text = Text::new(
        format!("från {a} till {b} är det {computed}, men texten säger {said}"),
        format!("from {a} to {b} it is {computed}, but the text says {said}"),
    );
    let places = [by.places(paper), from.places(paper), to.places(paper)].concat();
    let mut remark =
        Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places).off_by(said - computed);
    remark.reconciles_by = Some(Text::new(
        format!("ändringen skrivs som {computed}"),
        format!("the change is written as {computed}"),
    ));
    Some(remark)
}

/// "en ram på A. Det är en ökning med P procent från B".
fn by_share(paper: &Paper, share: &Share) -> Option<Remark> {
    let sentence = paper.sentence(share.tokens.0);
    if paper.table_of(share.tokens.0).is_some() || paper.is_crowded(&sentence) {
        return None;
    }
    let after = share.tokens.1 + 1..share.tokens.1 + 5;
    // "är 12 procent högre än utfallet, som var B"
    let next = after.start..after.start + 1;
    let compares = paper.has_word(&next, &["högre", "lägre", "mer", "mindre", "större"]);
    let changes = compares || paper.has_word(&(sentence.start..share.tokens.0), &CHANGES);
    let link = after.clone().find(|at| {
        let token = paper.tokens.get(*at);
        token.is_some_and(|token| {
            token.is_one_of(&["från", "jämfört", "mot"]) || (compares && token.is("än"))
        })
    })?;
    let base = paper.amounts_in(&(link..(link + 8).min(sentence.end))).next()?;
    let (one, from) = (paper.amounts().get(base)?, Value::of(paper, base));
    let is_plain = one.per.is_none() && paper.amounts_in(&(share.tokens.1..link)).is_empty();
    let before = paper.amounts_in(&(sentence.start..share.tokens.0));
    let earlier = sentence.start.checked_sub(1).map_or(0..0, |at| paper.sentence(at));
    let start = paper.block_at(sentence.start)?.tokens.start.max(earlier.start);
    let earlier = paper.amounts_in(&(start..sentence.start));
    // "minskar med 12 procent från B och blir A"
    let after = paper.amounts_in(&(one.tokens.1 + 1..sentence.end));
    let becomes = paper.amounts().get(after.start).is_some_and(|amount| {
        let near = amount.tokens.0.saturating_sub(2)..amount.tokens.0;
        paper.has_word(&near, &["blir", "till"])
    });
    let to = match (before.len(), earlier.len()) {
        (1, _) => before.start,
        (0, _) if after.len() == 1 && becomes => after.start,
        (0, 1) => earlier.start,
        _ => return None,
    };
    let is_by = paper.amounts().get(to).is_some_and(|amount| {
        amount.per.is_some()
            || paper.before(amount, 1).iter().any(|token| token.is_one_of(&["med", "på"]))
                && paper.has_word(&paper.clause(to), &CHANGES)
    });
    let to_value = Value::of(paper, to);
    let by = Value::bare(to_value.printed.saturating_sub(from.printed).abs());
    let is_exact = from.is_exact() && to_value.is_exact();
    if !changes
        || !is_plain
        || is_by
        || !is_exact
        || from.printed <= 0
        || is_share(share, &by, &from)
    {
        return None;
    }
    // Another amount may be what it has become.
    let is_other = |at: &usize| {
        let apart = Value::of(paper, *at).printed.saturating_sub(from.printed).abs();
        is_share(share, &Value::bare(apart), &from)
    };
    if by.printed * 2 > from.printed || ends(paper, base).iter().any(is_other) {
        return None;
    }
    let mut remark = percent_differs(paper, share, &by, &from);
    remark.places.extend(to_value.places(paper));
    remark.places.sort();
    Some(remark)
}
