//! So much to each of so many, for so many months or years, against the whole.
//!
//! Owns: amounts with `vardera`, per month and per year whose number is said. Does not own: amounts per thing (`units`).
//!
//! `Tio mottagningar får 50 000 kronor vardera, sammanlagt 600 000 kronor` is 100 000 kr too much.

use super::Remark;
use super::prose::broken;
use super::units::{can_be, differs, holds_more};
use super::value::Value;
use crate::fact::Precision;
use crate::finding::Severity;
use crate::paper::lexicon::ABOUT;
use crate::paper::recipient::GETS;
use crate::paper::{Amount, Count, Kind, Paper, Token, years};
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper
        .told()
        .filter_map(|at| {
            to_each(paper, at)
                .or_else(|| to_every_one(paper, at))
                .or_else(|| on_average(paper, at))
                .or_else(|| by_time(paper, at))
                .or_else(|| for_years(paper, at))
                .or_else(|| by_year(paper, at))
                .or_else(|| in_a_year(paper, at))
        })
        .collect()
}

/// "Tio mottagningar får 50 000 kronor vardera, sammanlagt 500 000 kronor".
fn to_each(paper: &Paper, at: usize) -> Option<Remark> {
    paper.each_count(at)?;
    let each = paper.amounts().get(at)?;
    let sentence = paper.sentence(each.tokens.0);
    let [count] = paper.counts_in(&(sentence.start..each.tokens.0)) else { return None };
    times(paper, at, count, &sentence)
}

/// "7 360 000 kronor, som delas lika så att var och en av de nio kommunerna får 920 000 kronor".
fn to_every_one(paper: &Paper, at: usize) -> Option<Remark> {
    const MOST: usize = 4;
    let each = paper.amounts().get(at).filter(|each| each.per.is_none())?;
    let sentence = paper.sentence(each.tokens.0);
    let count = paper.counts_in(&(sentence.start..each.tokens.0)).last()?;
    let lead = paper.tokens_in(&(count.tokens.0.saturating_sub(MOST + 1)..count.tokens.0));
    let says = lead.windows(4).any(|four| {
        let [a, b, c, d] = four else { return false };
        a.is("var") && b.is("och") && c.is_one_of(&["en", "ett"]) && d.is("av")
    });
    let gets = paper.has_word(&(count.tokens.1 + 1..each.tokens.0), &GETS);
    let mut others = paper.amounts_in(&sentence).filter(|other| *other != at);
    let (Some(whole), None) = (others.next(), others.next()) else { return None };
    let is_whole = paper.amounts().get(whole).is_some_and(|whole| whole.per.is_none());
    let is_near = each.tokens.0 <= count.tokens.1 + 1 + MOST;
    if !says || !gets || !is_whole || !is_near {
        return None;
    }
    let (each, whole) = (Value::of(paper, at), Value::of(paper, whole));
    let product = each.clone().times(i64::try_from(count.number).ok()?)?;
    (each.printed > 0 && !can_be(paper, &product, &whole, &each))
        .then(|| differs(paper, count, &each, &whole, &product))
}

/// "280 mkr till länsstyrelserna. De 21 länsstyrelserna får i genomsnitt 13,3 mkr var": of the only amount before that goes to them.
fn on_average(paper: &Paper, at: usize) -> Option<Remark> {
    let each = paper.amounts().get(at).filter(|each| each.is_each && each.per.is_none())?;
    let sentence = paper.sentence(each.tokens.0);
    let is_mean = paper.has_word(&(sentence.start..each.tokens.0), &["genomsnitt", "snitt"]);
    let [count] = paper.counts_in(&(sentence.start..each.tokens.0)) else { return None };
    let is_only = paper.amounts_in(&sentence).len() == 1;
    let goes_to = |at: &usize| {
        let recipient = paper.recipient_of(*at);
        recipient.is_some_and(|one| one.key.split(' ').next_back() == Some(count.noun.as_str()))
    };
    let earlier = super::pointed::earlier(paper, sentence.start);
    let [whole] = earlier.into_iter().filter(goes_to).collect::<Vec<_>>()[..] else { return None };
    let (each, whole) = (Value::of(paper, at), Value::of(paper, whole));
    let product = each.clone().times(i64::try_from(count.number).ok()?)?;
    (is_mean && is_only && each.printed > 0 && !can_be(paper, &product, &whole, &each))
        .then(|| differs(paper, count, &each, &whole, &product))
}

/// "10 000 kronor per månad i tolv månader, totalt 120 000 kronor".
fn by_time(paper: &Paper, at: usize) -> Option<Remark> {
    let each = paper.amounts().get(at)?;
    let time = each.per.as_deref().filter(|per| matches!(*per, "månad" | "kvartal" | "vecka"))?;
    let sentence = paper.sentence(each.tokens.0);
    let [count] = paper.counts_in(&sentence) else { return None };
    let link = count.tokens.0.checked_sub(1)?;
    let is_at_once = (each.tokens.1 + 1..each.tokens.1 + 8).contains(&link)
        && paper.has_word(&(link..link + 1), &["i", "under", "över", "för", "på"])
        && count.noun.starts_with(time.trim_end_matches('a'));
    is_at_once.then(|| times(paper, at, count, &sentence))?
}

/// "i tre år med en årlig kostnad om 2 miljoner kronor, totalt 6 miljoner kronor".
fn for_years(paper: &Paper, at: usize) -> Option<Remark> {
    let each = paper.amounts().get(at)?;
    let is_yearly = each.per.as_deref() == Some("år")
        || paper.before(each, 4).iter().any(|token| token.text.starts_with("årlig"));
    let sentence = paper.sentence(each.tokens.0);
    let number = super::over_years::counted_years(paper, &sentence).filter(|_| is_yearly)?;
    let whole = whole_of(paper, at, &sentence)?;
    let sum = Value::of(paper, at).times(number)?;
    broken(paper, &Value::of(paper, whole), &[sum], Severity::Error)
}

/// An amount so many times against the only whole that its sentence, or the next, says.
fn times(paper: &Paper, at: usize, count: &Count, sentence: &Range<usize>) -> Option<Remark> {
    let whole = whole_of(paper, at, sentence)?;
    let (each, whole) = (Value::of(paper, at), Value::of(paper, whole));
    let number = i64::try_from(count.number).ok().filter(|number| *number > 1)?;
    let product = each.clone().times(number)?;
    let is_money = each.printed > 0 && whole.printed > 0;
    (is_money && !can_be(paper, &product, &whole, &each))
        .then(|| differs(paper, count, &each, &whole, &product))
}

/// Words between an amount and what it comes to.
const RESULTS: [&str; 7] = ["blir", "ger", "motsvarar", "dvs", "säga", "alltså", "innebär"];

fn whole_of(paper: &Paper, at: usize, sentence: &Range<usize>) -> Option<usize> {
    let is_whole =
        |at: &usize| paper.amounts().get(*at).is_some_and(|one| one.is_total && one.per.is_none());
    let others: Vec<usize> = paper.amounts_in(sentence).filter(|other| *other != at).collect();
    let next = paper.sentence(sentence.end);
    let block = paper.block_at(sentence.start)?;
    let in_next: Vec<usize> =
        paper.amounts_in(&(next.start..next.end.min(block.tokens.end))).collect();
    let whole = match (others.as_slice(), in_next.as_slice()) {
        ([only], _) => {
            let is_result = paper.has_word(&paper.clause(*only), &RESULTS);
            Some(*only).filter(|only| *only > at && (is_whole(only) || is_result))
        }
        // The next sentence may speak of something else.
        ([], [only]) => {
            let speaks = ["blir", "ger", "motsvarar", "kostar", "kostnaden"];
            let leads = next.len() <= 6 || paper.has_word(&next, &speaks);
            Some(*only).filter(is_whole).filter(|_| leads)
        }
        _ => None,
    };
    whole.filter(|whole| !holds_more(paper, *whole))
}

/// "119 700 kronor per månad, motsvarande 1 436 400 kronor per år".
fn in_a_year(paper: &Paper, at: usize) -> Option<Remark> {
    const LINKS: [&str; 14] = [
        "blir",
        "motsvarande",
        "motsvarar",
        "dvs",
        "det",
        "vill",
        "säga",
        "vilket",
        "ger",
        "alltså",
        "exklusive",
        "exkl",
        "mervärdesskatt",
        "moms",
    ];
    let (each, whole) = (paper.amounts().get(at)?, paper.amounts().get(at + 1)?);
    let count = match each.per.as_deref()? {
        "månad" => 12,
        "kvartal" => 4,
        "halvår" => 2,
        _ => return None,
    };
    let is_same = paper.sentence(each.tokens.0).contains(&whole.tokens.0);
    let end = each.tokens.1 + 3;
    let between = paper.tokens_in(&(end..whole.tokens.0));
    let links = |token: &Token| {
        token.is_one_of(&LINKS)
            || matches!(token.kind, Kind::Mark(',' | '(' | '='))
            || token.is_one_of(&ABOUT)
    };
    // "… per månad är 2 mkr och kostnaden per år 24 mkr" names the same again.
    let own = paper.tokens_in(&(each.tokens.0.saturating_sub(8)..each.tokens.0));
    let is_again =
        |token: &Token| own.iter().any(|one| one.text == token.text && one.text.len() > 4);
    let again =
        |token: &Token| is_again(token) || token.is_one_of(&["och", "per", "år", "blir", "är"]);
    let between_all = paper.tokens_in(&(each.tokens.1 + 1..whole.tokens.0));
    let is_named =
        between_all.iter().any(is_again) && between_all.len() <= 6 && between_all.iter().all(again);
    let is_linked =
        is_named || (between.len() <= 6 && between.iter().all(links) && !between.is_empty());
    if !is_same || !is_linked || whole.per.as_deref() != Some("år") || each.is_cap {
        return None;
    }
    let (each, whole) = (Value::of(paper, at), Value::of(paper, at + 1));
    let product = each.clone().times(count)?;
    (!can_be(paper, &product, &whole, &each))
        .then(|| broken(paper, &whole, &[product], Severity::Error))?
}

/// "10 miljoner kronor för åren 2024–2026, med 3 miljoner kronor per år".
fn by_year(paper: &Paper, at: usize) -> Option<Remark> {
    let (whole, each) = (paper.amounts().get(at.checked_sub(1)?)?, paper.amounts().get(at)?);
    let sentence = paper.sentence(each.tokens.0);
    let is_exact = |one: &Amount| one.precision == Precision::Exact && !one.is_cap;
    let between = whole.tokens.1 + 1..each.tokens.0;
    let named = years(paper.tokens_in(&between)).len();
    let is_pair = paper.amounts_in(&sentence) == (at - 1..at + 1);
    let is_divided = paper.has_word(&between, &["med", "fördelat", "dvs", "säga", "motsvarande"])
        && !paper.has_word(&between, &["varav", "därav", "utöver", "börjar", "inledas"]);
    let fits =
        whole.per.is_none() && each.per.as_deref() == Some("år") && named > 1 && between.len() < 14;
    // "… 2 mkr per år för drift och resten för bygge" says more than so much a year.
    let ends = (each.tokens.1 + 1..sentence.end)
        .find(|at| paper.tokens.get(*at).is_some_and(|token| token.is_mark('.')))
        .is_none_or(|end| end <= each.tokens.1 + 3);
    if !(ends && is_pair && is_divided && fits && is_exact(whole) && is_exact(each)) {
        return None;
    }
    let sum = Value::of(paper, at).times(i64::try_from(named).ok()?)?;
    broken(paper, &Value::of(paper, at - 1), &[sum], Severity::Error)
}
