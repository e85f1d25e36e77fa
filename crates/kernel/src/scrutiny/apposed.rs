//! Shares beside the amounts that they are, and shares that are more than the whole.
//!
//! Owns: a percentage with its amount in brackets or after a comma, of a whole said before. Does not own: `P procent av B` (`share`).
//!
//! `Av bidraget om 40 mkr går 20 procent (10 mkr) till X` is 2 mkr too much.

use super::share::{holds, remark as differs};
use super::share_rows::against_whole;
use super::value::Value;
use super::{Doubt, Remark, change, items};
use crate::finding::{Severity, Text};
use crate::paper::recipient::GETS;
use crate::paper::{Kind, Paper, Share};
use std::ops::Range;

/// "20 procent (10 mkr)" and "10 mkr, motsvarande 20 procent," against the one other amount before them.
pub(super) fn beside(paper: &Paper, sentence: &Range<usize>, group: &[&Share]) -> Vec<Remark> {
    let is_change = paper.has_word(sentence, &change::CHANGES);
    let Some(pairs) =
        group.iter().map(|share| amount_of(paper, share, sentence)).collect::<Option<Vec<_>>>()
    else {
        return Vec::new();
    };
    let others: Vec<usize> =
        paper.amounts_in(sentence).filter(|at| !pairs.iter().any(|(pair, _)| pair == at)).collect();
    let Some(base) = base(paper, sentence, &others, pairs.first().map(|(at, _)| *at)) else {
        return all_of_it(paper, group, &pairs);
    };
    if is_change || paper.amounts().get(base).is_none_or(|base| base.per.is_some()) {
        return Vec::new();
    }
    let whole = Value::of(paper, base);
    let rows: Vec<(Share, Value)> = group
        .iter()
        .zip(&pairs)
        .map(|(share, (at, is_derived))| {
            let is_about = share.is_about || *is_derived;
            (Share { is_about, ..(*share).clone() }, Value::of(paper, *at))
        })
        .collect();
    match (rows.as_slice(), pairs.as_slice()) {
        ([(share, part)], [_]) => {
            let is_held = holds(paper, share, part, &whole, share.is_about) != Some(false);
            if is_held { Vec::new() } else { vec![differs(paper, share, part, &whole)] }
        }
        _ => against_whole(paper, &rows, Some(whole)),
    }
}

/// Parts that are 100 percent together, of an amount that one of them is exactly its percentage of and the others are one slip from.
fn all_of_it(paper: &Paper, group: &[&Share], pairs: &[(usize, bool)]) -> Vec<Remark> {
    const MOST: usize = 500;
    let rows: Vec<(Share, Value)> = group
        .iter()
        .zip(pairs)
        .map(|(share, (at, _))| ((*share).clone(), Value::of(paper, *at)))
        .collect();
    let hundred = || rows.iter().map(|(share, _)| share.mantissa).sum::<i128>() == 100;
    let are_whole = rows.len() > 1
        && rows
            .iter()
            .all(|(share, _)| share.decimals == 0 && !share.is_about && share.parts.is_none());
    let holds_of = |whole: &Value| {
        rows.iter()
            .filter(|(share, part)| holds(paper, share, part, whole, false) == Some(true))
            .count()
    };
    let Some(sum) = Value::sum(&rows.iter().map(|(_, part)| part.clone()).collect::<Vec<_>>())
    else {
        return Vec::new();
    };
    if !are_whole || !hundred() || holds_of(&sum) == rows.len() {
        return Vec::new();
    }
    let is_slip = |whole: &Value| {
        rows.iter().all(|(share, part)| {
            let (parts, of) = share.exactly();
            let right = i64::try_from(i128::from(whole.printed) * parts / of).unwrap_or(0);
            right == part.printed || super::reconcile::is_one_slip(right, part.printed)
        })
    };
    let all = paper.amounts().iter().enumerate().take(MOST);
    let all =
        all.filter(|(at, one)| one.per.is_none() && !pairs.iter().any(|(pair, _)| pair == at));
    let mut wholes = all.map(|(at, _)| Value::of(paper, at)).filter(|whole| holds_of(whole) > 0);
    let whole = wholes.find(|whole| holds_of(whole) < rows.len() && is_slip(whole));
    let Some(whole) = whole else { return Vec::new() };
    let wrong =
        rows.iter().filter(|(share, part)| holds(paper, share, part, &whole, false) == Some(false));
    wrong.map(|(share, part)| differs(paper, share, part, &whole)).collect()
}

/// The amount that stands beside a share, and whether the share is derived from it.
fn amount_of(paper: &Paper, share: &Share, sentence: &Range<usize>) -> Option<(usize, bool)> {
    let links = |range: Range<usize>| {
        let between = paper.tokens_in(&range);
        let is_link = |token: &crate::paper::Token| {
            token.is_mark('(')
                || token.is_mark(',')
                || token.is_mark('.')
                || token.is_one_of(&["motsvarande", "eller", "dvs", "det", "vill", "säga"])
        };
        !between.is_empty() && between.len() <= 4 && between.iter().all(is_link)
    };
    // "20 procent av …" says itself what it is a share of.
    if paper.tokens.get(share.tokens.1 + 1).is_some_and(|token| token.is("av")) {
        return None;
    }
    let in_sentence = paper.amounts_in(sentence);
    let amount = |at: usize| paper.amounts().get(at).filter(|amount| amount.per.is_none());
    let after = in_sentence.clone().find(|at| {
        amount(*at).is_some_and(|amount| {
            amount.tokens.0 > share.tokens.1 && links(share.tokens.1 + 1..amount.tokens.0)
        })
    });
    let before = || {
        in_sentence.clone().find(|at| {
            amount(*at).is_some_and(|amount| {
                amount.tokens.1 < share.tokens.0 && links(amount.tokens.1 + 1..share.tokens.0)
            })
        })
    };
    after.map(|at| (at, false)).or_else(|| before().map(|at| (at, true)))
}

/// What the shares are of: the one other amount of the sentence, before them and after "av … om"; or, where the sentence
/// begins "Av beloppet", the only one of the sentence before.
fn base(
    paper: &Paper,
    sentence: &Range<usize>,
    others: &[usize],
    first: Option<usize>,
) -> Option<usize> {
    let opens = paper.tokens_in(sentence).iter().take(3).any(|token| token.is("av"));
    match others {
        // "… 55 procent (5,5 mkr) och … 45 procent (4,5 mkr) av 10 mkr"
        [only] if *only > first? => {
            let amount = paper.amounts().get(*only)?;
            let is_last = paper.amounts_in(sentence).end == only + 1;
            let is_of = paper.before(amount, 1).iter().any(|token| token.is("av"));
            (is_of && is_last).then_some(*only)
        }
        [only] if *only < first? => {
            let amount = paper.amounts().get(*only)?;
            let is_of =
                paper.before(amount, 4).iter().any(|token| token.is_one_of(&["om", "på", "av"]));
            let share = paper.amounts().get(first?)?.tokens.0;
            let is_part = paper.has_word(&(amount.tokens.1..share), &["varav", "därav"]);
            ((is_of && opens) || is_part).then_some(*only)
        }
        [] if opens
            && paper
                .has_word(&(sentence.start..(sentence.start + 4).min(sentence.end)), &OF_IT) =>
        {
            let block = paper.block_at(sentence.start)?;
            let before = paper.sentence(sentence.start.checked_sub(1)?);
            let before = paper.amounts_in(&(before.start.max(block.tokens.start)..before.end));
            (before.len() == 1).then_some(before.start)
        }
        [] => divided_before(paper, sentence, first?),
        _ => None,
    }
}

/// The only amount of the sentence before, where this one gives shares of it away: "En fjärdedel, 8 mkr, avsätts till …".
fn divided_before(paper: &Paper, sentence: &Range<usize>, part: usize) -> Option<usize> {
    const GIVES: [&str; 20] = [
        "andel",
        "andelen",
        "del",
        "svarar",
        "står",
        "bidrar",
        "finansierar",
        "betalar",
        "avsätts",
        "går",
        "fördelas",
        "används",
        "tilldelas",
        "betalas",
        "tillfaller",
        "resten",
        "återstoden",
        "resterande",
        "återstående",
        "satsas",
    ];
    let block = paper.block_at(sentence.start)?;
    // Other sentences may give other shares of it away in between.
    const MOST: usize = 12;
    let mut before = paper.sentence(sentence.start.checked_sub(1)?);
    for _ in 0..MOST {
        if paper.shares_in(&before).is_empty() || before.start <= block.tokens.start {
            break;
        }
        before = paper.sentence(before.start - 1);
    }
    let in_block = before.start.max(block.tokens.start)..before.end;
    let [base] = paper.amounts_in(&in_block).collect::<Vec<_>>()[..] else { return None };
    let is_part = Value::of(paper, part).high < Value::of(paper, base).low;
    // "Kommunernas del är 3 mkr" is no whole.
    let is_a_part = paper.has_word(&before, &["del", "delen", "andel", "andelen", "hälften"]);
    let is_own = !super::pointed::is_of_others(paper, base) && !is_a_part;
    (is_part && is_own && paper.has_word(sentence, &GIVES)).then_some(base)
}

/// What "av" may speak of when the sentence before said how much it is.
const OF_IT: [&str; 10] = [
    "beloppet",
    "bidraget",
    "anslaget",
    "detta",
    "dessa",
    "summan",
    "medlen",
    "statsbidraget",
    "ramen",
    "potten",
];

/// "Lund får 50 procent, Malmö 30 procent och Ystad 25 procent" is more than there is.
pub(super) fn beyond_whole(
    paper: &Paper,
    sentence: &Range<usize>,
    group: &[&Share],
) -> Option<Remark> {
    let from = |at: usize| {
        at.checked_sub(1)
            .and_then(|at| group.get(at))
            .map_or(sentence.start, |share| share.tokens.1 + 1)
    };
    let is_named = |(at, share): (usize, &&Share)| {
        // Before the first share much may be said; the name stands near it.
        let start = if at == 0 { share.tokens.0.saturating_sub(5) } else { from(at) };
        let clause = paper.tokens_in(&(start.max(from(at))..share.tokens.0));
        let next = paper.tokens.get(share.tokens.1 + 1);
        // "80 procent nöjda patienter" is no part of a whole.
        let stands_alone =
            next.is_none_or(|token| token.kind != Kind::Word || token.is_one_of(&["och", "samt"]));
        clause.len() <= 6
            && clause.iter().any(|token| token.is_capital)
            && stands_alone
            && !share.is_about
    };
    let first = group.first().filter(|_| group.len() > 1)?;
    let gets = paper.has_word(&(sentence.start..first.tokens.0), &GETS)
        && !paper.has_word(sentence, &change::CHANGES)
        && !paper.has_word(
            sentence,
            &["rabatt", "respektive", "ersättning", "högst", "sysselsättningsgrad"],
        );
    if !gets || !group.iter().enumerate().all(is_named) || paper.table_of(first.tokens.0).is_some()
    {
        return None;
    }
    let whole: i128 = group.iter().map(|share| share.mantissa / 10_i128.pow(share.decimals)).sum();
    if whole <= 100 {
        return None;
    }
    let before = sentence.start.checked_sub(1).map(|at| paper.sentence(at)).unwrap_or(0..0);
    let is_divided = [sentence, &before].iter().any(|range| {
        paper.has_word(range, &items::FUNDS)
            || items::divides(paper, range)
            || !paper.amounts_in(range).is_empty()
    });
    let severity = if is_divided { Severity::Error } else { Severity::Warning };
    let text = Text::new(
        format!("andelarna är tillsammans {whole} procent, mer än det hela"),
        format!("the shares are {whole} percent together, more than the whole"),
    );
    let places = group.iter().map(|share| share.noted.span).collect();
    Some(Remark::new(Doubt::SharesDiffer, severity, text, places))
}
