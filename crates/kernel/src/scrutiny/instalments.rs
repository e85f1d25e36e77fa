//! Money that is paid or given in several parts: instalments, parts announced by their number, and parts that nearly make a whole.
//!
//! Owns: which sentences state such parts. Does not own: parts after `varav` or `fördelas` (`prose`).
//!
//! `140 mkr i två delar. Del A, 75 mkr, … Del B, 60 mkr, …` leaves 5 mkr.

use super::gathered::Gathered;
use super::prose::{broken, can_be_part, parts_in, values};
use super::reconcile::{is_near, is_telling};
use super::value::Value;
use super::{Remark, pointed};
use crate::finding::Severity;
use crate::paper::layout::BlockKind;
use crate::paper::{Amount, Count, Paper};
use std::collections::BTreeSet;
use std::ops::Range;

/// What money is paid or divided in.
const KINDS: [&str; 9] = [
    "poster",
    "delbetalningar",
    "omgångar",
    "delar",
    "rater",
    "delutbetalningar",
    "utbetalningar",
    "etapper",
    "delprojekt",
];

/// "75 miljoner kronor i två delar. Del A, 40 miljoner kronor, … Del B, 35 miljoner kronor, …".
pub(super) fn announced(
    paper: &Paper,
    cluster: &Range<usize>,
    block: &Range<usize>,
) -> Option<Remark> {
    let sentence = paper.sentence(cluster.end.saturating_sub(1));
    let [whole] = paper.amounts_in(&sentence).collect::<Vec<_>>()[..] else { return None };
    let divides =
        paper.has_word(&sentence, &["fördelas", "fördelar", "delas", "består", "fördelat"]);
    let is_kind = |count: &&Count| divides || KINDS.iter().any(|kind| count.noun.ends_with(kind));
    let count = paper.counts_in(&sentence).iter().find(is_kind)?;
    let number = usize::try_from(count.number).ok().filter(|number| (2..20).contains(number))?;
    let after = paper.amounts_in(&(sentence.end..block.end)).take(number * 2 + 2);
    let parts: Vec<usize> = after.filter(|at| can_be_part(paper, *at)).collect();
    let is_own = |at: &usize| {
        let of = |at: usize| Some(paper.sentence(paper.amounts().get(at)?.tokens.0).start);
        parts.get(at + 1).is_none_or(|next| of(*next) != parts.get(*at).and_then(|one| of(*one)))
    };
    if paper.amounts().get(whole)?.per.is_some()
        || parts.len() != number
        || !(0..number).all(|at| is_own(&at))
    {
        return None;
    }
    broken(paper, &Value::of(paper, whole), &values(paper, &parts)?, Severity::Error)
}

/// "Bidraget betalas ut i två poster: A och B" against "ett bidrag på T" before it.
pub(super) fn by_count(paper: &Paper, range: &Range<usize>) -> Option<Remark> {
    let last = paper.sentence(range.end.saturating_sub(1));
    let pays =
        paper.has_word(&last, &["betalas", "utbetalas", "rekvireras", "fördelas", "utbetalning"]);
    if !paper.has_word(&last, &KINDS) || !pays {
        return None;
    }
    let parts = parts_in(paper, &last);
    let count = paper.counts_in(&last).iter().find(|count| KINDS.contains(&count.noun.as_str()))?;
    if parts.len() < 2 || usize::try_from(count.number).ok()? != parts.len() {
        return None;
    }
    let noun = paper.tokens_in(&last).iter().find(|token| {
        ["bidraget", "ersättningen", "stödet", "anslaget", "medlen"]
            .iter()
            .any(|end| token.text.ends_with(end))
    })?;
    let of =
        |at: &usize| paper.amounts().get(*at).and_then(|amount| super::twice::fund(paper, amount));
    const MOST: usize = 60;
    let first = *parts.first()?;
    let whole = (first.saturating_sub(MOST)..first)
        .rev()
        .find(|at| of(at).is_some_and(|name| noun.text.starts_with(&name)))?;
    broken(paper, &Value::of(paper, whole), &values(paper, &parts)?, Severity::Error)
}

/// Three amounts or more of one sentence that are one slip, and little, from the only one of the sentence before: hardly by chance.
pub(super) fn nearly(paper: &Paper, range: &Range<usize>) -> Option<Remark> {
    let last = paper.sentence(range.end.saturating_sub(1));
    let [whole] = pointed::earlier(paper, last.start)
        .into_iter()
        .filter(|at| paper.amounts_in(&(range.start..last.start)).contains(at))
        .collect::<Vec<_>>()[..]
    else {
        return None;
    };
    let parts = parts_in(paper, &last);
    // Two are enough where the whole is said to be one: "sammanlagt".
    let is_total = paper.amounts().get(whole)?.is_total;
    let least = if is_total { 2 } else { 3 };
    let are_all = parts.len() >= least && parts.len() == paper.amounts_in(&last).len();
    let (stated, parts) = (Value::of(paper, whole), values(paper, &parts)?);
    let sum = Value::sum(&parts)?;
    let is_little = stated.printed.abs_diff(sum.printed) <= stated.printed.unsigned_abs() / 20;
    const PAYS: [&str; 6] =
        ["bidrar", "finansieras", "finansierar", "betalar", "svarar", "skjuter"];
    let pays = parts.len() > 2 && paper.has_word(&last, &PAYS);
    let tells = is_telling(stated.printed)
        || (is_total && stated.unit() < stated.printed / 50)
        || (pays && stated.unit() <= stated.printed / 50);
    let is_slip = is_little && tells && is_near(&stated, &parts);
    let is_own = !pointed::is_of_others(paper, whole) && is_one_time(paper, whole, &last);
    (are_all && is_slip && is_own).then(|| broken(paper, &stated, &parts, Severity::Warning))?
}

/// "Medlen betalas ut vid två tillfällen:" before as many amounts, against what there is to pay.
pub(super) fn in_turns(paper: &Paper, gathered: &Gathered, block: &Range<usize>) -> Option<Remark> {
    let sentence = paper.sentence(block.end.saturating_sub(1));
    let is_open = paper.tokens_in(block).last().is_some_and(|token| token.is_mark(':'));
    let pays = paper.has_word(&sentence, &["betalas", "utbetalas", "rekvireras", "utbetalning"]);
    if !is_open || !pays || !paper.amounts_in(&sentence).is_empty() {
        return None;
    }
    let is_kind = |count: &&Count| {
        KINDS.iter().any(|kind| count.noun.ends_with(kind)) || count.noun == "tillfällen"
    };
    let count = paper.counts_in(&sentence).iter().find(is_kind)?;
    let number = usize::try_from(count.number).ok().filter(|number| (2..13).contains(number))?;
    let next = paper.layout().block_of(block.start)? + 1;
    let end = paper.block((next + number - 1).min(paper.layout().blocks.len() - 1))?.tokens.end;
    let after = paper.amounts_in(&(block.end..end));
    let parts: Vec<usize> = (after.start..after.end.min(after.start + number)).collect();
    let parts = values(paper, &parts).filter(|parts| parts.len() == number)?;
    let sum = Value::sum(&parts)?;
    let until = after.start;
    let principal =
        super::granted::principal(paper, &gathered.granted, block.start, &BTreeSet::new());
    let own = principal.into_iter().chain(pointed::earlier(paper, block.start));
    let mut wholes: Vec<Value> = own.map(|at| Value::of(paper, at)).collect();
    wholes.extend(gathered.wholes_near(paper, until));
    if wholes.iter().any(|whole| whole.agrees(&sum)) {
        return None;
    }
    let whole =
        wholes.into_iter().find(|whole| is_telling(whole.printed) && is_near(whole, &parts))?;
    broken(paper, &whole, &parts, Severity::Error)
}

/// Whether a whole and the sentence of its parts can be of the same years, and the sentence gives its amounts to something.
fn is_one_time(paper: &Paper, whole: usize, last: &Range<usize>) -> bool {
    const GIVES: [&str; 16] = [
        "till",
        "på",
        "för",
        "av",
        "går",
        "får",
        "kostar",
        "avser",
        "är",
        "tilldelas",
        "bidrar",
        "finansieras",
        "finansierar",
        "betalar",
        "svarar",
        "skjuter",
    ];
    let (of_whole, of_parts) =
        (super::twice::years_around(paper, whole), crate::paper::years(paper.tokens_in(last)));
    let years_fit = of_parts.is_empty() || of_parts.is_subset(&of_whole);
    let is_past = ["förra", "fjol", "tidigare", "föregående", "ursprungligen", "beräknades"];
    years_fit && !paper.has_word(last, &is_past) && paper.has_word(last, &GIVES)
}

/// "Bidraget till Föreningen A betalas ut med X i januari och Y i juli" against what the text gives A elsewhere.
pub(super) fn of_recipients(paper: &Paper) -> Vec<Remark> {
    const MOST: usize = 400;
    let mut remarks = Vec::new();
    for block in paper.layout().blocks.iter().take(MOST) {
        let mut at = block.tokens.start;
        while at < block.tokens.end && !matches!(block.kind, BlockKind::Table(_)) {
            let sentence = paper.sentence(at);
            remarks.extend(of_recipient(
                paper,
                &(sentence.start.max(at)..sentence.end.min(block.tokens.end)),
            ));
            at = sentence.end.max(at + 1);
        }
    }
    remarks
}

fn of_recipient(paper: &Paper, sentence: &Range<usize>) -> Option<Remark> {
    const MOST: usize = 12;
    let parts: Vec<usize> = paper.amounts_in(sentence).collect();
    let pays = paper.has_word(sentence, &["betalas", "utbetalas", "rekvireras"]);
    let is_plain = |at: &usize| {
        paper
            .amounts()
            .get(*at)
            .is_some_and(|one| one.per.is_none() && !one.is_total && !one.is_cap && !one.is_each)
    };
    if !(2..=MOST).contains(&parts.len()) || !pays || !parts.iter().all(is_plain) {
        return None;
    }
    let first = paper.amounts().get(*parts.first()?)?.tokens.0;
    // The last name before the amounts, and no other word that begins a sentence.
    let name = (sentence.start + 1..first).rev().find(|at| {
        paper
            .tokens
            .get(*at)
            .is_some_and(|token| token.is_capital && token.text.chars().count() > 4)
    })?;
    let name = paper.tokens.get(name)?;
    let is_of = |amount: &Amount| {
        let line = crate::paper::line::of_token(&paper.lines, amount.tokens.0);
        let is_other = !sentence.contains(&amount.tokens.0) && amount.per.is_none();
        is_other
            && line.is_some_and(|line| {
                line.of(&paper.tokens)
                    .iter()
                    .any(|token| token.is_capital && token.text == name.text)
            })
    };
    let values = values(paper, &parts)?;
    let sum = Value::sum(&values)?;
    let all = paper.amounts().iter().enumerate().filter(|(_, amount)| is_of(amount));
    let all: Vec<Value> = all.map(|(at, _)| Value::of(paper, at)).take(MOST).collect();
    let apart = |whole: &Value| whole.printed.abs_diff(sum.printed);
    let whole = all.iter().min_by_key(|whole| apart(whole))?;
    let is_near = apart(whole) <= whole.printed.unsigned_abs() / 12;
    let is_more = values.iter().all(|part| part.printed < whole.printed);
    let severity = Severity::Error;
    (is_near && is_more && !whole.agrees(&sum)).then(|| broken(paper, whole, &values, severity))?
}
