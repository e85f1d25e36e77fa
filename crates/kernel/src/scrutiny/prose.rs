//! Sums in running text: parts before or after their whole.
//!
//! Owns: which amounts of a paragraph are parts of which. Does not own: lists and tables, nor amounts by year (`over_years`).
//!
//! `336 mkr, varav 242 till A och 94 till B` holds.

use super::gathered::Gathered;
use super::items::FUNDS;
use super::over_years::by_year;
use super::reconcile::{is_near, is_telling, mend};
use super::value::Value;
use super::{Doubt, Remark, instalments, pointed};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::layout::BlockKind;
use crate::paper::{Amount, Kind, Paper};
use std::ops::Range;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (at, block) in paper.layout().blocks.iter().enumerate() {
        if matches!(block.kind, BlockKind::Table(_)) {
            continue;
        }
        remarks.extend(instalments::in_turns(paper, gathered, &block.tokens));
        remarks.extend(pointed::of_point_before(paper, at));
        remarks.extend(super::over_years::of_point_before(paper, at));
        for range in clusters(paper, &block.tokens) {
            let found = by_year(paper, &range)
                .or_else(|| sum_after(paper, &range))
                .or_else(|| parts_after(paper, &range, &block.tokens))
                .or_else(|| instalments::by_count(paper, &range))
                .or_else(|| instalments::nearly(paper, &range))
                .or_else(|| instalments::announced(paper, &range, &block.tokens));
            remarks.extend(found);
        }
    }
    remarks
}

/// The sentences of a block that have amounts, each with the one before it.
fn clusters(paper: &Paper, block: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut at, mut before): (usize, Option<Range<usize>>) = (block.start, None);
    while at < block.end {
        let sentence = paper.sentence(at);
        let sentence = sentence.start.max(block.start)..sentence.end.min(block.end);
        if sentence.is_empty() {
            break;
        }
        if !paper.amounts_in(&sentence).is_empty() && !paper.is_crowded(&sentence) {
            let start = before.as_ref().map_or(sentence.start, |before| before.start);
            found.push(start..sentence.end);
        }
        at = sentence.end;
        before = Some(sentence);
    }
    found
}

/// Amounts that can be parts: not per thing, and no wholes themselves.
pub(super) fn parts_in(paper: &Paper, range: &Range<usize>) -> Vec<usize> {
    let mut parts: Vec<usize> =
        paper.amounts_in(range).filter(|at| can_be_part(paper, *at)).collect();
    // "1 500 tkr i arbete (3 000 timmar à 500 kronor)": what stands in brackets explains the parts that stand outside.
    let is_open = |at: &usize| !is_in_brackets(paper, *at);
    if parts.iter().filter(|at| is_open(at)).count() > 1 {
        parts.retain(is_open);
    }
    parts
}

/// Whether an amount stands in brackets within its sentence.
fn is_in_brackets(paper: &Paper, at: usize) -> bool {
    const MOST: usize = 40;
    let Some(amount) = paper.amounts().get(at) else { return false };
    let start = paper.sentence(amount.tokens.0).start.max(amount.tokens.0.saturating_sub(MOST));
    let before = paper.tokens_in(&(start..amount.tokens.0)).iter().rev();
    let mut marks = before.filter(|token| token.is_mark('(') || token.is_mark(')'));
    marks.next().is_some_and(|token| token.is_mark('('))
}

/// Whether an amount says the one before it in other words: "450 000 kr under tio månader, det vill säga 540 000 kr på helår".
fn is_restated(paper: &Paper, at: usize) -> bool {
    let (Some(amount), Some(before)) =
        (paper.amounts().get(at), at.checked_sub(1).and_then(|at| paper.amounts().get(at)))
    else {
        return false;
    };
    let is_one = paper.sentence(amount.tokens.0).contains(&before.tokens.0);
    let is_said = |words: &[&str]| {
        let said = paper.before(amount, words.len());
        said.len() == words.len() && said.iter().zip(words).all(|(token, word)| token.is(word))
    };
    is_one && (is_said(&["det", "vill", "säga"]) || is_said(&["dvs"]) || is_said(&["d.v.s"]))
}

pub(super) fn can_be_part(paper: &Paper, at: usize) -> bool {
    paper.amounts().get(at).is_some_and(|amount| {
        let from_to = paper
            .before(amount, 1)
            .iter()
            .any(|token| token.is_one_of(&["från", "à", "á", "å", "x"]) || token.is_mark('×'));
        !amount.is_total
            && !is_restated(paper, at)
            && amount.per.as_deref().is_none_or(|per| per == "år")
            && !from_to
    })
}

/// Amounts as parts of a sum, each as often as it counts.
pub(super) fn values(paper: &Paper, parts: &[usize]) -> Option<Vec<Value>> {
    parts.iter().map(|at| Value::of(paper, *at).times(paper.times(*at))).collect()
}

pub(super) fn broken(
    paper: &Paper,
    stated: &Value,
    parts: &[Value],
    severity: Severity,
) -> Option<Remark> {
    super::reconcile::is_likely(stated, parts).then(|| surely(paper, stated, parts, severity))?
}

/// A broken sum however far the parts are from it, where the text says itself that they are all of it.
pub(super) fn surely(
    paper: &Paper,
    stated: &Value,
    parts: &[Value],
    severity: Severity,
) -> Option<Remark> {
    let sum = Value::sum(parts)?;
    if stated.agrees(&sum) || Value::caps_leave_room(paper, stated, parts) {
        return None;
    }
    // "61 av de 148 miljonerna" has its part already.
    let whole = stated.of.first().and_then(|at| paper.amounts().get(*at));
    if let [number, of, these] = whole.map_or(&[][..], |whole| paper.before(whole, 3))
        && number.kind == Kind::Digits
        && of.is("av")
        && these.is_one_of(&["de", "dessa"])
    {
        return None;
    }
    let (difference, ..) = stated.minus(&sum);
    if is_of_two_units(paper, stated, parts, difference) {
        return None;
    }
    let (whole, computed) = (Money::from_ore(stated.printed), Money::from_ore(sum.printed));
    let text = Text::new(
        format!(
            "delarna summerar till {computed}, men texten säger {whole}: skillnaden är {difference}"
        ),
        format!(
            "the parts sum to {computed}, but the text says {whole}: the difference is {difference}"
        ),
    );
    let places = [stated.places(paper), sum.places(paper)].concat();
    let mended = mend(paper, stated, parts).filter(|_| stated.is_exact() && sum.is_exact());
    let doubt = if mended.as_ref().is_some_and(|mended| mended.is_unit) {
        Doubt::UnitError
    } else {
        Doubt::SumDiffers
    };
    let mut remark = Remark::new(doubt, severity, text, places).of_difference(stated, &sum);
    remark.reconciles_by = mended.map(|mended| mended.text);
    Some(remark)
}

/// Whether figures in kronor and in larger units differ by no more than those in larger units may be rounded.
fn is_of_two_units(paper: &Paper, stated: &Value, parts: &[Value], apart: Money) -> bool {
    let all = || parts.iter().chain([stated]).map(|value| value.last_digit(paper));
    let finest = all().min().unwrap_or(0);
    // Of a figure of few digits it is not said that it is rounded (D2).
    let is_fine =
        |digit: &i64| *digit > finest && digit.saturating_mul(1_000) <= stated.printed.abs();
    let slack: i64 = all().filter(is_fine).map(|digit| digit / 2).sum();
    apart.ore().abs() <= slack
}

/// "A till X samt B till Y. Totalt T" and "A och B, sammanlagt T".
fn sum_after(paper: &Paper, range: &Range<usize>) -> Option<Remark> {
    let last = paper.sentence(range.end.saturating_sub(1));
    let totals: Vec<usize> = paper
        .amounts_in(&(last.start.max(range.start)..range.end))
        .filter(|at| {
            let consists = paper.has_word(&last, &["består", "bestående"]);
            let is_whole = |amount: &Amount| amount.is_total && (amount.per.is_none() || consists);
            paper.amounts().get(*at).is_some_and(is_whole)
        })
        .collect();
    let [total] = totals.as_slice() else { return None };
    let amount = paper.amounts().get(*total)?;
    let inside = parts_in(paper, &(last.start.max(range.start)..amount.tokens.0));
    let opens = paper.tokens_in(&(last.start..amount.tokens.0)).iter().take(2).any(|token| {
        token.is_one_of(&[
            "totalt",
            "sammanlagt",
            "tillsammans",
            "sammantaget",
            "summa",
            "den",
            "det",
        ])
    });
    let inside_is_empty = inside.is_empty();
    let is_yearly = matches!(inside.as_slice(), [only] if paper.times(*only) > 1);
    let parts = if inside.len() > 1 || is_yearly {
        inside
    } else if inside.is_empty() && last.start > range.start {
        let near = parts_in(paper, &(range.start..last.start));
        if near.len() > 1 { near } else { added(paper, &last, opens, &Value::of(paper, *total)) }
    } else {
        return None;
    };
    if parts.len() < 2 && !is_yearly {
        return None;
    }
    let (stated, parts) = (Value::of(paper, *total), values(paper, &parts)?);
    // A sentence that does not open with its total may speak of something else.
    if !opens && inside_is_empty && !is_near(&stated, &parts) {
        return None;
    }
    broken(paper, &stated, &parts, Severity::Error)
}

/// The parts of the sentences before a total, where the last of them adds to the others: "därutöver".
fn added(paper: &Paper, last: &Range<usize>, opens: bool, total: &Value) -> Vec<usize> {
    let block = paper.block_at(last.start);
    let Some(start) = block.map(|block| block.tokens.start).filter(|_| opens) else {
        return Vec::new();
    };
    let before = paper.sentence(last.start.saturating_sub(1));
    let adds = paper
        .tokens_in(&before)
        .first()
        .is_some_and(|token| token.is_one_of(&["därutöver", "dessutom", "vidare"]));
    const MOST: usize = 8;
    if !adds || paper.amounts_in(&(start..last.start)).len() > 2 * MOST {
        return Vec::new();
    }
    let all = parts_in(paper, &(start..last.start));
    let are_plain = all.iter().all(|at| {
        paper.amounts().get(*at).is_some_and(|amount| {
            let sentence = paper.sentence(amount.tokens.0);
            paper.amounts_in(&sentence).len() == 1
                && !paper.has_word(&sentence, &["varav", "tidigare", "föregående", "av"])
        })
    });
    // The first amounts may be of what is divided, or of other money.
    let is_small = |at: &usize| Value::of(paper, *at).printed < total.printed;
    let agrees = |from: usize| {
        let some = all.get(from..).and_then(|some| values(paper, some));
        some.and_then(|some| Value::sum(&some)).is_some_and(|sum| sum.agrees(total))
    };
    let is_whole = are_plain && all.len() < MOST && all.iter().all(is_small);
    if is_whole && !(1..all.len()).any(agrees) { all } else { Vec::new() }
}

/// "T, varav A till X och B till Y", "T fördelas med A till X och B till Y".
fn parts_after(paper: &Paper, range: &Range<usize>, block: &Range<usize>) -> Option<Remark> {
    const OF: [&str; 3] = ["varav", "därav", "vilka"];
    const WHOLLY: [&str; 11] = [
        "delas",
        "finansieras",
        "fördelas",
        "fördelat",
        "fördelade",
        "fördelar",
        "där",
        "uppdelat",
        "består",
        "bestående",
        "uppdelas",
    ];
    let last = paper.sentence(range.end.saturating_sub(1));
    let last = last.start.max(range.start)..range.end;
    // What rises in one place and falls in another does not sum.
    if paper.has_word(&last, &["ökar", "ökas", "ökning"])
        && paper.has_word(&last, &["minskar", "minskas", "minskning"])
    {
        return None;
    }
    // "25 mkr används till A och 10 mkr används till B" gives each its own; what money is used for may be told in part.
    let is_used = paper.tokens_in(&last).iter().filter(|token| token.is("används")).count() == 1;
    let in_last: Vec<usize> = paper.amounts_in(&last).collect();
    let first = *in_last.first()?;
    let first_at = paper.amounts().get(first)?.tokens.0;
    let marks = |from: usize, to: usize, words: &[&str]| {
        (from..to).any(|at| paper.tokens.get(at).is_some_and(|token| token.is_one_of(words)))
    };
    let is_of =
        |from: usize, to: usize| marks(from, to, &OF) || (is_used && marks(from, to, &["används"]));
    let second_at =
        in_last.get(1).and_then(|at| paper.amounts().get(*at)).map(|amount| amount.tokens.0);
    // The whole in the same sentence, before the mark; or in the sentence before, which this one divides.
    let after_first = second_at.filter(|second| {
        let end = paper.amounts().get(first).map_or(0, |amount| amount.tokens.1 + 1);
        // The colon of "2025: 48 mkr" ends the name of the next line.
        let is_colon = |at: usize| paper.tokens.get(at).is_some_and(|token| token.is_mark(':'));
        let is_number =
            |at: usize| paper.tokens.get(at).is_some_and(|token| token.kind == Kind::Digits);
        let opens_list =
            (end..*second).take(8).any(|at| is_colon(at) && !is_number(at.saturating_sub(1)));
        is_of(end, *second) || marks(end, *second, &WHOLLY) || opens_list
    });
    let after_av =
        second_at.filter(|second| after_first.is_none() && gives_of(paper, &last, first, *second));
    let (stated, parts, is_of) = if let Some(second) = after_first.or(after_av) {
        let amount = paper.amounts().get(first)?;
        if amount.per.as_deref().is_some_and(|per| per != "år") {
            return None;
        }
        let stated = Value::of(paper, first).times(paper.times(first))?;
        let end = amount.tokens.1 + 1;
        let is_of = is_of(end, second) || after_av.is_some();
        (stated, parts_in(paper, &(second..last.end)), is_of)
    } else {
        let pays = paper.has_word(&last, &["utbetalning", "betalas", "utbetalas"])
            && parts_in(paper, &last).len() > 1;
        let opens = pays
            || pointed::divides_before(paper, range, &last, block)
            || marks(last.start, first_at, &WHOLLY)
                && (marks(last.start, first_at, &FUNDS)
                    || paper.tokens_in(&last).first().is_some_and(|token| {
                        token.is_one_of(&[
                            "av", "medlen", "beloppet", "dessa", "detta", "de", "den", "det",
                        ])
                    }));
        let of_these = pointed::is_of_before(paper, &last);
        if !(opens || of_these) || last.start <= range.start {
            return None;
        }
        let parts = parts_in(paper, &last);
        let stated =
            pointed::whole(paper, &last, &(range.start..last.start), &values(paper, &parts)?)?;
        (stated, parts, of_these && !opens)
    };
    if parts.is_empty() {
        return None;
    }
    let is_left = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            paper.before(amount, 3).iter().any(|token| token.is_one_of(&super::rest::LEFT))
        })
    };
    let is_closed = parts.iter().any(is_left);
    let parts = values(paper, &parts)?;
    let sum = Value::sum(&parts)?;
    // One part alone is only told where it is more than its whole.
    if parts.len() < 2 {
        let is_more = is_of && is_next_of(paper, *stated.of.first()?) && sum.low > stated.high;
        return is_more.then(|| broken(paper, &stated, &parts, Severity::Error))?;
    }
    // What is left may have no figure.
    let leaves =
        paper.has_word(&last, &super::rest::LEFT) || paper.has_word(&last, &["delvis", "bland"]);
    let is_goes_on = || opens_with_rest(paper, last.end, block);
    if (leaves || is_goes_on()) && !is_closed && sum.low <= stated.high {
        return None;
    }
    // How often a yearly amount counts may not be said.
    if is_right_by_years(paper, &parts, &stated, &sum) {
        return None;
    }
    // "18 mkr, varav 10 till A och 8 till B, och 12 mkr till C": some of the parts may be all.
    if is_of && is_some_run(&parts, &stated) {
        return None;
    }
    // "Med beslutet om 3 mkr har 17 mkr fördelats": the first is a step, and no whole.
    let opens_with = paper.tokens_in(&last).first().is_some_and(|token| token.is("med"));
    if opens_with && !is_of {
        return None;
    }
    // "Av 48 mkr avsätts 21 till A" may tell of some only: no more than a slip is told.
    if after_av.is_some() && !(is_telling(stated.printed) && is_near(&stated, &parts)) {
        return None;
    }
    // "varav" may name only some of the parts: less than the whole is then no fault, unless it is nearly the whole.
    let is_nearly = sum.printed.saturating_mul(10) >= stated.printed.saturating_mul(9)
        || (is_near(&stated, &parts) && !is_used);
    if is_of && sum.low <= stated.high && !is_closed && (parts.len() < 3 || !is_nearly) {
        return None;
    }
    let severity = if is_of && !is_closed && sum.low <= stated.high {
        Severity::Warning
    } else {
        Severity::Error
    };
    // "avsätter T, fördelat på A till X och B till Y" says that they are all of it.
    let end = paper.amounts().get(first).map_or(0, |amount| amount.tokens.1 + 1);
    let is_said = after_first.is_some_and(|second| {
        marks(end, second, &["fördelat", "fördelade", "uppdelat", "bestående"])
    });
    if is_said {
        return surely(paper, &stated, &parts, severity);
    }
    broken(paper, &stated, &parts, severity)
}

/// Whether the sentence that begins here speaks of what is left: "Resterande 40 mkr användes till C".
fn opens_with_rest(paper: &Paper, start: usize, block: &Range<usize>) -> bool {
    const OPENS: usize = 3;
    const LEFT: [&str; 3] = ["rest", "återst", "överskjutande"];
    let words = paper.tokens_in(&(start..block.end.min(start + OPENS))).iter();
    words.into_iter().any(|token| {
        token.is_one_of(&super::rest::LEFT) || LEFT.iter().any(|one| token.text.starts_with(one))
    })
}

/// Whether the parts are the whole where one that is per year counts for some more years.
fn is_right_by_years(paper: &Paper, parts: &[Value], stated: &Value, sum: &Value) -> bool {
    const MOST: i64 = 10;
    let is_yearly = |part: &&Value| {
        let at = part.of.first();
        at.is_some_and(|at| {
            let per = paper.amounts().get(*at).and_then(|amount| amount.per.as_deref());
            per == Some("år") && paper.times(*at) == 1
        })
    };
    let again = |part: &Value, more: i64| part.clone().times(more).and_then(|all| all.plus(sum));
    parts
        .iter()
        .filter(is_yearly)
        .any(|part| (1..MOST).filter_map(|more| again(part, more)).any(|sum| sum.agrees(stated)))
}

/// Whether some of the parts that stand side by side are the whole.
fn is_some_run(parts: &[Value], stated: &Value) -> bool {
    (0..parts.len()).any(|from| {
        let run = |end: usize| parts.get(from..end).and_then(Value::sum);
        (from + 2..=parts.len()).filter_map(run).any(|sum| sum.agrees(stated))
    })
}

/// "Av ramen på 48,7 mkr avsätts 21,5 mkr till A, …": the first amount is the whole of those after it.
fn gives_of(paper: &Paper, sentence: &Range<usize>, first: usize, second: usize) -> bool {
    const GIVES: [&str; 14] = [
        "avsätts",
        "går",
        "används",
        "får",
        "fördelas",
        "tilldelas",
        "disponerar",
        "satsas",
        "anslås",
        "läggs",
        "reserveras",
        "beviljas",
        "avser",
        "avsattes",
    ];
    let Some(amount) = paper.amounts().get(first) else { return false };
    let opens = paper.tokens_in(sentence).first().is_some_and(|token| token.is("av"));
    let is_near = amount.tokens.0 < sentence.start + 8 && second <= amount.tokens.1 + 12;
    opens && is_near && paper.has_word(&(amount.tokens.1 + 1..second), &GIVES)
}

/// Whether "varav" stands between an amount and the next, and nothing says that the first is a change or a comparison.
fn is_next_of(paper: &Paper, at: usize) -> bool {
    const MOST: usize = 8;
    let end = paper.amounts().get(at).map_or(0, |amount| amount.tokens.1 + 1);
    let next = paper.amounts().get(at + 1).map_or(end, |amount| amount.tokens.0);
    let sentence = paper.sentence(end.saturating_sub(1));
    let compares = [
        "söktes",
        "sökt",
        "ansökt",
        "mindre",
        "mer",
        "lägre",
        "högre",
        "underskott",
        "överskott",
        "netto",
        "än",
    ];
    next <= end + MOST
        && paper.has_word(&(next.saturating_sub(2)..next), &["varav", "därav"])
        && !paper.has_word(&sentence, &compares)
        && !paper.has_word(&sentence, &super::change::CHANGES)
}
