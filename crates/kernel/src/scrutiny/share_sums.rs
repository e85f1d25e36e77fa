//! Percentages against one another: what is divided wholly is 100 percent.
//!
//! Owns: which percentages of a sentence are all of a whole, and what is told where they are not. Does not own: percentages against
//! amounts (`share`).
//!
//! `fördelas mellan tre områden: cancer 45 procent, hjärta 30 procent samt psykiatri 35 procent` is 110 percent.

use super::share::by_sentence;
use super::{Doubt, Remark, apposed, items};
use crate::finding::{Severity, Text};
use crate::money::gcd;
use crate::paper::{Kind, Paper, Share, Span};
use std::ops::Range;

/// "60 procent till X, 30 procent till Y och 10 procent till Z" must be 100.
pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (sentence, group) in by_sentence(paper) {
        if let Some(remark) = apposed::beyond_whole(paper, &sentence, &group) {
            remarks.push(remark);
            continue;
        }
        if let Some(remark) = in_parts(paper, &sentence, &group) {
            remarks.push(remark);
            continue;
        }
        let Some(first) = group.first() else { continue };
        if group.len() < 2
            || paper.table_of(first.tokens.0).is_some()
            || !paper.has_word(&sentence, &items::DIVIDES)
        {
            continue;
        }
        let goes_to = |share: &&Share| {
            (share.tokens.1 + 1..share.tokens.1 + 4).any(|at| {
                paper.tokens.get(at).is_some_and(|token| {
                    token.is_one_of(&["till", "går", "efter", "utifrån", "tillfaller", "på"])
                })
            })
        };
        let is_shared = paper.has_word(&sentence, &["delas", "delar", "fördelas", "fördelar"])
            && (group.iter().all(|share| is_of_a_name(paper, share))
                || is_told_off(paper, &sentence, &group));
        if !is_shared
            && group.iter().filter(|share| goes_to(share)).count() * 2 < group.len() * 2 - 1
        {
            continue;
        }
        let leaves = paper.has_word(
            &sentence,
            &["resterande", "återstående", "resten", "återstoden", "minst", "högst"],
        );
        remarks.extend(not_whole(&group, false).filter(|_| !leaves));
    }
    remarks
}

/// Percentages of a sentence that says itself that they are all there is: by how many parts it has, by the one that is what remains,
/// or by two who pay for it.
fn in_parts(paper: &Paper, sentence: &Range<usize>, group: &[&Share]) -> Option<Remark> {
    const PAYS: [&str; 12] = [
        "betalas",
        "utbetalas",
        "faktureras",
        "rekvireras",
        "fördelas",
        "delas",
        "fördelar",
        "svarar",
        "står",
        "betalar",
        "finansieras",
        "bekostas",
    ];
    const LEAVES: [&str; 12] = [
        "minst",
        "högst",
        "resten",
        "återstoden",
        "upp",
        "ytterligare",
        "varav",
        "därav",
        "mellan",
        "jämfört",
        "tidigare",
        "än",
    ];
    const REMAINS: [&str; 4] = ["resterande", "återstående", "övriga", "kvarvarande"];
    let (first, last) = (group.first()?, group.last()?);
    let is_free = !paper.has_word(sentence, &LEAVES)
        && group.iter().all(|share| !share.is_about)
        && paper.table_of(first.tokens.0).is_none();
    let right_before = last.tokens.0.saturating_sub(1)..last.tokens.0;
    let remains = paper.has_word(&right_before, &REMAINS);
    if group.len() < 2 || !is_free || !(remains || paper.has_word(sentence, &PAYS)) {
        return None;
    }
    let announced = paper
        .counts_in(&(sentence.start..first.tokens.0))
        .iter()
        .any(|count| usize::try_from(count.number).is_ok_and(|number| number == group.len()));
    let pairs = |words: &[&str]| paper.has_word(&(sentence.start..first.tokens.0), words);
    // "Av kostnaderna svarar regionen för 35 procent och kommunerna för 65 procent": each right after "för" or "med".
    let is_for = |share: &&Share| {
        paper.has_word(&(share.tokens.0.saturating_sub(1)..share.tokens.0), &["för", "med"])
    };
    let before_all = paper.tokens_in(&(sentence.start..first.tokens.0));
    let is_cost = before_all.iter().any(|token| token.text.starts_with("kostnad"));
    let are_two =
        group.len() == 2 && group.iter().all(is_for) && pairs(&["svarar", "står"]) && is_cost;
    let next = paper.sentence(sentence.end);
    let goes_on = are_two && (paper.has_word(&next, &REMAINS) || paper.has_word(&next, &LEAVES));
    let sum: i128 = group.iter().map(|share| share.mantissa / 10_i128.pow(share.decimals)).sum();
    let is_meant = (remains || announced || are_two) && !goes_on && (80..=120).contains(&sum);
    is_meant.then(|| not_whole(group, false))?
}

/// "Ås kommun 40 %," and "Berga 35 % och".
fn is_of_a_name(paper: &Paper, share: &Share) -> bool {
    let start = share.tokens.0.saturating_sub(3);
    let named = paper.tokens_in(&(start..share.tokens.0)).iter().any(|token| token.is_capital);
    let next = paper.tokens.get(share.tokens.1 + 1);
    let ends = next.is_none_or(|token| {
        matches!(token.kind, Kind::Mark(',' | '.' | ';')) || token.is_one_of(&["och", "samt"])
    });
    named && ends && !share.is_about
}

/// "fördelas mellan tre områden: cancer 45 procent, hjärta och kärl 30 procent samt psykiatri 25 procent": after a colon each with its
/// name before it and nothing after.
fn is_told_off(paper: &Paper, sentence: &Range<usize>, group: &[&Share]) -> bool {
    const MOST: usize = 10;
    let Some(first) = group.first() else { return false };
    let mut start = first.tokens.0.saturating_sub(MOST).max(sentence.start);
    let colon = (start..first.tokens.0)
        .rfind(|at| paper.tokens.get(*at).is_some_and(|token| token.is_mark(':')));
    let Some(colon) = colon else { return false };
    start = colon + 1;
    group.iter().all(|share| {
        let own = start..share.tokens.0;
        start = share.tokens.1 + 1;
        let is_named = paper.tokens_in(&own).iter().any(|token| token.text.chars().count() > 3);
        let next = paper.tokens.get(start);
        let ends = next.is_none_or(|token| {
            matches!(token.kind, Kind::Mark(',' | '.' | ';')) || token.is_one_of(&["och", "samt"])
        });
        is_named && own.len() <= MOST && ends && !share.is_about
    })
}

/// Shares that do not sum to 100, beyond rounding where they are derived.
pub(super) fn not_whole(group: &[&Share], is_derived: bool) -> Option<Remark> {
    let decimals = group.iter().map(|share| share.decimals).max()?;
    // Exactly, so that three thirds are one: the least that all parts go into.
    let divisor =
        group.iter().map(|share| share.exactly().1).fold(1, |all, one| all / gcd(all, one) * one);
    let scaled = |share: &&Share| {
        let (parts, whole) = share.exactly();
        parts * (divisor / whole)
    };
    let all: i128 = group.iter().map(scaled).sum();
    if all == divisor {
        return None;
    }
    let hundred = 100 * 10_i128.pow(decimals);
    let sum = (all * hundred * 2 + divisor) / (divisor * 2);
    let off = sum - hundred;
    let is_rounding = off.abs() * 2 <= i128::try_from(group.len()).ok()?;
    let severity = match (is_rounding, is_derived) {
        (true, true) => Severity::Note,
        (true, false) => Severity::Warning,
        (false, _) => Severity::Error,
    };
    let scale = 10_i128.pow(decimals);
    let shown = if decimals == 0 {
        sum.to_string()
    } else {
        format!("{},{:0width$}", sum / scale, sum % scale, width = decimals as usize)
    };
    let text = Text::new(
        format!("andelarna summerar till {shown} procent, inte 100"),
        format!("the shares sum to {shown} percent, not 100"),
    );
    let places: Vec<Span> = group.iter().map(|share| share.noted.span).collect();
    Some(Remark::new(Doubt::SharesDiffer, severity, text, places))
}
