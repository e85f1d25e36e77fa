//! A time from one day to another: that it goes forward, and how many months it is.
//!
//! Owns: sentences that give both days and the number, and times that end before they begin. Does not own: a day stated twice (`redated`).
//!
//! `från och med den 1 mars 2025 till och med den 29 februari 2028, dvs. i 35 månader` is one month too few.

use super::dates::decision_date;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::{Count, Dated, Paper, Token};
use crate::time::Day;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let of_months = paper.counts.iter().filter(|count| count.noun == "månader");
    let of_months = of_months.filter_map(|count| differs(paper, count));
    let pairs = paper.dates.windows(2).filter_map(|two| backwards(paper, two));
    let decided = decision_date(paper);
    let until = decided.into_iter().flat_map(|(day, decided)| {
        paper.dates.iter().filter_map(move |date| past(paper, date, day, decided))
    });
    of_months.chain(pairs).chain(until).collect()
}

/// "gäller till dess att nytt avtal har beslutats i juni 2021": a time that ends before the decision of it.
fn past(paper: &Paper, date: &Dated, day: Day, decided: &Dated) -> Option<Remark> {
    const HOLDS: [&str; 6] = ["gäller", "utgår", "gälla", "utgå", "lämnas", "betalas"];
    const WAS: [&str; 6] = ["gällde", "gällt", "utgick", "tidigare", "fattades", "lämnades"];
    let last = date.last.filter(|last| *last < day)?;
    let sentence = paper.sentence(date.tokens.0);
    let before = paper.tokens_in(&(sentence.start..date.tokens.0));
    let until = before.windows(2).rposition(|two| match two {
        [till, dess] => till.is("till") && dess.is("dess"),
        _ => false,
    })?;
    let start = sentence.start + until;
    let is_only = paper.dates_in(&(start..date.tokens.0)).is_empty();
    let holds = paper.has_word(&(sentence.start..start), &HOLDS);
    if !is_only || !holds || paper.has_word(&sentence, &WAS) || decided.tokens == date.tokens {
        return None;
    }
    let text = |date: &Dated| words(&paper.text(date.noted.span));
    let (a, b) = (text(date), text(decided));
    let told = Text::new(
        format!("det gäller till dess något sker `{a}` ({last}), men beslutet är av `{b}`"),
        format!("it holds until something happens `{a}` ({last}), but the decision is of `{b}`"),
    );
    let places = vec![date.noted.span, decided.noted.span];
    Some(Remark::new(Doubt::StatedTwice, Severity::Warning, told, places))
}

/// "från och med den 1 maj 2026 till och med den 31 mars 2026": a last day before the first.
fn backwards(paper: &Paper, two: &[Dated]) -> Option<Remark> {
    let [from, to] = two else { return None };
    let (first, last) = (from.last?, to.last?);
    let before = paper.tokens_in(&(from.tokens.0.saturating_sub(5)..from.tokens.0));
    let between = paper.tokens_in(&(from.tokens.1 + 1..to.tokens.0));
    let is_from = before.iter().any(|token| token.is("från"));
    // "kan göras från och med den 1 april och ska ha kommit in senast den 28 februari"
    let sentence = paper.sentence(from.tokens.0);
    let can = paper.has_word(&(sentence.start..from.tokens.0), &["kan", "får"])
        && sentence.contains(&to.tokens.0)
        && between.iter().rev().take(3).any(|token| token.is("senast"));
    let is_to = can || between.first().is_some_and(|token| token.is("till")) && between.len() <= 4;
    if !from.is_full || !to.is_full || !is_from || !is_to || last >= first {
        return None;
    }
    let text = |date: &Dated| words(&paper.text(date.noted.span));
    let (a, b) = (text(from), text(to));
    let told = Text::new(
        format!("tiden slutar `{b}`, innan den börjar `{a}`"),
        format!("the time ends `{b}`, before it begins `{a}`"),
    );
    let places = vec![from.noted.span, to.noted.span];
    Some(Remark::new(Doubt::StatedTwice, Severity::Warning, told, places))
}

fn differs(paper: &Paper, count: &Count) -> Option<Remark> {
    let sentence = paper.sentence(count.tokens.0);
    let [from, to] = paper.dates_in(&sentence) else { return None };
    let is_period = from.is_full && to.is_full && to.tokens.1 < count.tokens.0;
    let links = paper.has_word(&(from.tokens.1 + 1..to.tokens.0), &["till", "tom", "fram"])
        || paper.tokens_in(&(from.tokens.1 + 1..to.tokens.0)).len() == 1;
    let says = paper.has_word(
        &(to.tokens.1 + 1..count.tokens.0),
        &["dvs", "i", "under", "motsvarande", "alltså", "säga"],
    );
    // "2025–2027, med möjlighet till förlängning i högst 24 månader" is of another time.
    let between = paper.tokens_in(&(to.tokens.1 + 1..count.tokens.0)).iter();
    let is_more =
        |token: &Token| token.text.starts_with("förläng") || token.text.starts_with("option");
    if between.into_iter().any(is_more) {
        return None;
    }
    let is_near = count.tokens.0 <= to.tokens.1 + 8;
    let (first, last) = (from.last?, to.last?);
    // Whole months where both ends are; else parts of months may be counted or not.
    let begun = last.month().number() - first.month().number();
    let is_whole = first == first.month().first_day() && last == last.month().last_day();
    let months = if is_whole { begun + 1 } else { begun };
    let can_be = i128::from(months)..=i128::from(begun + 1);
    if !is_period || !links || !says || !is_near || months < 1 || can_be.contains(&count.number) {
        return None;
    }
    let (a, b, said) = (
        words(&paper.text(from.noted.span)),
        words(&paper.text(to.noted.span)),
        words(&paper.text(count.noted.span)),
    );
    let text = Text::new(
        format!("från `{a}` till `{b}` är det {months} månader, men texten säger `{said}`"),
        format!("from `{a}` to `{b}` is {months} months, but the text says `{said}`"),
    );
    let places = vec![from.noted.span, to.noted.span, count.noted.span];
    Some(Remark::new(Doubt::CountDiffers, Severity::Warning, text, places))
}
