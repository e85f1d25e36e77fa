//! What is said to come of two amounts: their sum or what lies between them.
//!
//! Owns: sentences of a result, and the amounts that they speak of. Does not own: wholes and parts (`prose`), raises from one
//! amount to another (`change`).
//!
//! `Bokfört värde är 11,3 mkr. Priset är 13,35 mkr, vilket innebär en vinst på 2,15 mkr` is 0,1 mkr too much.

use super::prose::broken;
use super::reconcile::{is_near, is_telling};
use super::value::Value;
use super::{Remark, pointed};
use crate::finding::Severity;
use crate::paper::layout::BlockKind;
use crate::paper::{Kind, Paper, Token, years};
use std::ops::Range;

/// Words of what lies between two amounts, or is left of one.
const BETWEEN: [&str; 34] = [
    "tillbaka",
    "återbetala",
    "återbetalas",
    "återbetalar",
    "återkrävs",
    "återstår",
    "kvarstår",
    "kvar",
    "återstående",
    "netto",
    "överskott",
    "underskott",
    "vinst",
    "reavinst",
    "förlust",
    "differens",
    "differensen",
    "skillnad",
    "skillnaden",
    "mellanskillnad",
    "mellanskillnaden",
    "nettokostnad",
    "nettokostnaden",
    "resultat",
    "resultatet",
    "besparing",
    "överskrider",
    "överskottet",
    "underskottet",
    "vinsten",
    "förlusten",
    "besparingen",
    "saknas",
    "fattas",
];

/// Words of what comes of amounts, whichever way.
const COMES: [&str; 7] =
    ["därmed", "således", "alltså", "innebär", "varefter", "varmed", "därefter"];

/// How many of the amounts before it a result can be of.
const NEAR: usize = 3;

/// Among how many amounts before it, or after it in its sentence, they are looked for.
const MOST: usize = 14;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.told().filter(|at| *at > 1).filter_map(|at| result(paper, at)).collect()
}

/// What a result can be: the sum of two amounts, or what lies between them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Sum,
    Between,
}

fn result(paper: &Paper, at: usize) -> Option<Remark> {
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let ways = ways(paper, &sentence, at);
    if ways.is_empty() {
        return None;
    }
    let before: Vec<usize> = amounts_before(paper, at)?;
    let named = named(paper, &sentence, amount.tokens.0, &before);
    let stated = Value::of(paper, at);
    let own: Vec<usize> = if let Some(pair) = named {
        pair.to_vec()
    } else {
        let near = before.iter().rev().take(2).copied().collect::<Vec<_>>();
        near.into_iter().rev().filter(|at| is_close(paper, *at, &sentence)).collect()
    };
    let [first, second] = own[..] else { return None };
    let (x, y) = (Value::of(paper, first), Value::of(paper, second));
    // Of two years' money nothing is left but what is said to lie between.
    const APART: [&str; 6] = [
        "skillnad",
        "skillnaden",
        "mellanskillnad",
        "mellanskillnaden",
        "differens",
        "differensen",
    ];
    let year_after = |at: usize| {
        let next = paper.amounts().get(at).map_or(0, |amount| amount.tokens.1 + 1);
        years(paper.tokens_in(&(next..next + 1)))
    };
    let (one, other) = (year_after(first), year_after(second));
    let is_one_time = one.is_empty() || other.is_empty() || one == other;
    if !is_one_time && ways == [Way::Between] && !paper.has_word(&sentence, &APART) {
        return None;
    }
    let all: Vec<Value> =
        earlier_all(paper, at).into_iter().map(|at| Value::of(paper, at)).collect();
    if stated.printed <= 0 || x.printed <= 0 || y.printed <= 0 || holds(&stated, &all) {
        return None;
    }
    let is_slip = |whole: &Value, parts: &[Value]| {
        (is_telling(whole.printed) || is_telling(stated.printed)) && is_near(whole, parts)
    };
    let (large, small) = if x.printed >= y.printed { (&x, &y) } else { (&y, &x) };
    for way in ways {
        let (whole, parts) = match way {
            Way::Sum => (&stated, vec![x.clone(), y.clone()]),
            Way::Between => (large, vec![small.clone(), stated.clone()]),
        };
        if is_slip(whole, &parts) {
            return told(paper, way, &stated, large, small);
        }
    }
    None
}

/// A sum as other sums are told; a difference with both its amounts.
fn told(paper: &Paper, way: Way, stated: &Value, large: &Value, small: &Value) -> Option<Remark> {
    use crate::finding::Text;
    use crate::money::Money;
    if way == Way::Sum {
        return broken(paper, stated, &[large.clone(), small.clone()], Severity::Warning);
    }
    let mut remark = broken(paper, large, &[small.clone(), stated.clone()], Severity::Warning)?;
    let money = |ore: i64| Money::from_ore(ore);
    let computed = money(large.printed - small.printed);
    let (a, b, said) = (money(large.printed), money(small.printed), money(stated.printed));
    remark.message = Text::new(
        format!("skillnaden mellan {a} och {b} är {computed}, men texten säger {said}"),
        format!("the difference of {a} and {b} is {computed}, but the text says {said}"),
    );
    Some(remark.off_by(said - computed))
}

/// The last plain amounts of running text before a result, where it is one itself.
fn amounts_before(paper: &Paper, at: usize) -> Option<Vec<usize>> {
    let per = paper.amounts().get(at)?.per.clone();
    let is_plain = |one: &usize| {
        paper.amounts().get(*one).is_some_and(|amount| {
            amount.per == per
                && !amount.is_cap
                && !amount.is_each
                && paper.table_of(amount.tokens.0).is_none()
                && !paper.before(amount, 1).iter().any(|token| token.is_one_of(&["varav", "därav"]))
        })
    };
    is_plain(&at).then_some(())?;
    let near = at.saturating_sub(MOST)..at;
    let mut found: Vec<usize> = near.rev().filter(is_plain).take(2 * NEAR).collect();
    found.reverse();
    Some(found)
}

/// Every amount that a result can be of: all that stand before it within some paragraphs, and those after it in its sentence.
fn earlier_all(paper: &Paper, at: usize) -> Vec<usize> {
    let sentence = paper.amounts().get(at).map_or(0..0, |amount| paper.sentence(amount.tokens.0));
    let after = paper.amounts_in(&sentence).filter(|other| *other > at).take(MOST);
    (at.saturating_sub(MOST)..at).chain(after).collect()
}

/// Whether a result is some sum or difference of the amounts around it.
fn holds(stated: &Value, all: &[Value]) -> bool {
    let agrees = |low: i64, high: i64| stated.low <= high && low <= stated.high;
    let pairs =
        all.iter().enumerate().flat_map(|(at, x)| all.iter().skip(at + 1).map(move |y| (x, y)));
    let by_pair = pairs.into_iter().any(|(x, y)| {
        agrees(x.low.saturating_add(y.low), x.high.saturating_add(y.high))
            || agrees(x.low.saturating_sub(y.high), x.high.saturating_sub(y.low))
            || agrees(y.low.saturating_sub(x.high), y.high.saturating_sub(x.low))
    });
    let runs = (0..all.len()).any(|from| {
        let Some(first) = all.get(from) else { return false };
        let (mut low, mut high) = (0_i64, 0_i64);
        all.iter().skip(from + 1).any(|next| {
            (low, high) = (low.saturating_add(next.low), high.saturating_add(next.high));
            agrees(first.low.saturating_sub(high), first.high.saturating_sub(low))
                || agrees(first.low.saturating_add(low), first.high.saturating_add(high))
        })
    });
    by_pair || runs || all.iter().any(|value| value.agrees(stated))
}

/// What the clause says that the result is, before the amount.
fn ways(paper: &Paper, sentence: &Range<usize>, at: usize) -> Vec<Way> {
    let until = paper.amounts().get(at).map_or(0, |amount| amount.tokens.0);
    let before = paper.clause(at).start..until;
    let is_between = paper.has_word(&before, &BETWEEN);
    let comes = paper.has_word(&before, &COMES);
    let adds = comes
        && paper
            .has_word(&before, &["totalt", "sammanlagt", "sammanlagda", "tillsammans", "totala"]);
    let with = paper
        .tokens_in(sentence)
        .first()
        .is_some_and(|token| token.is_one_of(&["med", "efter", "inklusive"]));
    let reaches = paper.has_word(&before, &["uppgår", "blir", "ökar", "är"]);
    if is_between {
        vec![Way::Between]
    } else if adds {
        vec![Way::Sum]
    } else if comes || (with && reaches) {
        vec![Way::Sum, Way::Between]
    } else {
        Vec::new()
    }
}

/// Whether an amount stands in the sentence of the result or one of the three before it, in the same paragraph.
fn is_close(paper: &Paper, at: usize, sentence: &Range<usize>) -> bool {
    let Some(amount) = paper.amounts().get(at) else { return false };
    let block = |token: usize| paper.layout().block_of(token);
    let own = paper.sentence(amount.tokens.0);
    let earlier = |later: &Range<usize>| Some(paper.sentence(later.start.checked_sub(1)?));
    let near = std::iter::successors(Some(sentence.clone()), earlier).take(4);
    let is_near = near.into_iter().any(|near| near == own);
    is_near && block(amount.tokens.0) == block(sentence.start) && !pointed::is_of_others(paper, at)
}

/// The two earlier amounts that a sentence names again: "Med tillskottet uppgår nämndens ram till …".
fn named(
    paper: &Paper,
    sentence: &Range<usize>,
    until: usize,
    before: &[usize],
) -> Option<[usize; 2]> {
    const BEGINS: usize = 4;
    let is_noun = |token: &&Token| {
        token.kind == Kind::Word
            && token.text.ends_with(['t', 'n', 'm', 'g'])
            && token.text.chars().count() > 2
    };
    let stem = |token: &Token| token.text.trim_end_matches("en").trim_end_matches("et").to_owned();
    let said: Vec<String> =
        paper.tokens_in(&(sentence.start..until)).iter().filter(is_noun).map(stem).collect();
    let own_block = paper.layout().block_of(sentence.start);
    let name_of = |at: usize| -> Option<String> {
        let amount = paper.amounts().get(at)?;
        let own = paper.sentence(amount.tokens.0);
        let is_text = paper
            .block_at(own.start)
            .is_some_and(|block| !matches!(block.kind, BlockKind::Table(_)));
        let near = own.start.max(amount.tokens.0.saturating_sub(6))..amount.tokens.0;
        let words = paper.tokens_in(&near).iter().filter(|token| token.kind == Kind::Word);
        let mut names = words
            .map(stem)
            .filter(|name| name.chars().count() >= BEGINS - 1 && said.contains(name));
        names.next_back().filter(|_| is_text)
    };
    let found: Vec<(usize, String)> =
        before.iter().filter_map(|at| Some((*at, name_of(*at)?))).collect();
    let is_elsewhere = |at: usize| {
        let block = paper.amounts().get(at).and_then(|one| paper.layout().block_of(one.tokens.0));
        block != own_block
    };
    match found.as_slice() {
        [(x, a), (y, b)] if a != b && (is_elsewhere(*x) || is_elsewhere(*y)) => Some([*x, *y]),
        _ => None,
    }
}
