//! Percentages against amounts, and against one another.
//!
//! Owns: D7 for shares in sentences. Does not own: rows of lists and tables (`share_rows`), nor raises (`change`).
//!
//! `2,2 procent av 326 896 457 kronor` is 7 191 722 kr.

use super::gathered::Gathered;
use super::share_rows::{against_whole, of_list};
use super::value::Value;
use super::{Doubt, Remark, apposed, granted, items, pointed, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Kind, Paper, Share, Span, Token};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let of_base = |share| of_base(paper, &gathered.granted, share);
    let mut remarks: Vec<Remark> = paper.shares.iter().filter_map(of_base).collect();
    remarks.extend(pairs(paper, &gathered.granted));
    for (sentence, group) in by_sentence(paper) {
        if group.iter().all(|share| paper.table_of(share.tokens.0).is_none()) {
            remarks.extend(apposed::beside(paper, &sentence, &group));
        }
    }
    remarks.extend(sums(paper));
    remarks.extend(paper.layout().lists.iter().flat_map(|list| of_list(paper, list)));
    remarks
}

/// A share of a base in öre: exactly rounded to whole öre.
fn part_of(share: &Share, base: i64) -> Option<i64> {
    let (parts, whole) = share.exactly();
    let exact = i128::from(base).checked_mul(parts)?;
    i64::try_from((exact + whole / 2) / whole).ok()
}

/// Whether an amount is a share of a base, to one krona or, where the percentage is derived, to one unit of its last digit (D7).
pub(super) fn holds(
    paper: &Paper,
    share: &Share,
    amount: &Value,
    base: &Value,
    is_derived: bool,
) -> Option<bool> {
    let (low, high) = (part_of(share, base.low)?, part_of(share, base.high)?);
    // An amount in coarse units may be rounded to its last digit, and a third of something to the last that says something.
    let coarse = if share.parts.is_some() { amount.unit() } else { 0 };
    let rounding = (amount.last_digit(paper).max(coarse) / 2).max(100);
    let slack = if is_derived {
        // A fraction in words is no more exact than a whole percentage.
        let decimals = if share.parts.is_some() { 0 } else { share.decimals };
        let unit = Share { mantissa: 1, decimals, parts: None, ..share.clone() };
        part_of(&unit, base.high)?.max(rounding)
    } else {
        rounding
    };
    Some(amount.low <= high.saturating_add(slack) && low.saturating_sub(slack) <= amount.high)
}

const DERIVED: [&str; 11] = [
    "täcker",
    "motsvarar",
    "motsvarande",
    "utgör",
    "vilket",
    "ca",
    "cirka",
    "drygt",
    "knappt",
    "ungefär",
    "nästan",
];

/// "P procent av B, A" and "A, motsvarande P procent av B".
fn of_base(paper: &Paper, granted: &[usize], share: &Share) -> Option<Remark> {
    let sentence = paper.sentence(share.tokens.0);
    if paper.table_of(share.tokens.0).is_some() || paper.is_crowded(&sentence) {
        return None;
    }
    let others = paper.shares_in(&sentence).len();
    let after = share.tokens.1 + 1;
    paper.tokens.get(after).filter(|token| token.is("av"))?;
    let amounts: Vec<usize> = paper
        .amounts_in(&sentence)
        .filter(|at| paper.amounts().get(*at).is_some_and(|a| a.per.is_none()))
        .collect();
    let follows = |at: &&usize| {
        paper
            .amounts()
            .get(**at)
            .is_some_and(|amount| amount.tokens.0 > after && amount.tokens.0 <= after + 9)
    };
    let between = |at: usize| paper.amounts().get(at).map(|amount| after + 1..amount.tokens.0);
    let has_break = |range: &Range<usize>| {
        paper.tokens_in(range).iter().any(|token| {
            token.is_mark(',')
                || token.is_mark('(')
                || token.is_one_of(&["tilldelas", "till", "eller", "dvs", "blir", "vilket"])
        })
    };
    let stated_base = amounts
        .iter()
        .find(follows)
        .copied()
        .filter(|at| between(*at).is_some_and(|range| !has_break(&range)));
    let spoken = paper.has_word(&(after..(after + 5).min(sentence.end)), &items::FUNDS)
        || paper.has_word(
            &(after..(after + 5).min(sentence.end)),
            &["totala", "hela", "totalbeloppet", "anslag", "anslaget"],
        );
    let mut rest: Vec<usize> =
        amounts.iter().copied().filter(|at| Some(*at) != stated_base).collect();
    let words = paper.tokens_in(&sentence);
    // "Det som fördelas motsvarar …" speaks of something else than the sentence before.
    let opens =
        words.first().is_some_and(|token| token.is_one_of(&["det", "detta", "vilket", "beloppet"]))
            && !words.get(1).is_some_and(|token| token.is_one_of(&["som", "av"]));
    let mut is_before = false;
    if rest.is_empty() && opens && paper.has_word(&sentence, &DERIVED) {
        let earlier = paper.sentence(sentence.start.checked_sub(1)?);
        rest = paper
            .amounts_in(&earlier)
            .filter(|at| paper.amounts().get(*at).is_some_and(|a| a.per.is_none()))
            .collect();
        is_before = true;
    }
    let [result] = rest.as_slice() else { return None };
    if others != 1 {
        return None;
    }
    let amount = paper.amounts().get(*result)?;
    let part = Value::of(paper, *result);
    let is_derived = share.is_about
        || is_before
        || paper.has_word(&(sentence.start..share.tokens.0), &DERIVED)
            && amount.tokens.0 < share.tokens.0;
    let can_be = |base: &usize| {
        let holds = holds(paper, share, &part, &Value::of(paper, *base), is_derived);
        base != result && holds == Some(true)
    };
    let earlier = pointed::earlier(paper, sentence.start);
    if stated_base.is_none() && earlier.iter().any(can_be) {
        return None;
    }
    let years = BTreeSet::new();
    let base = stated_base
        .or_else(|| spoken.then(|| granted::principal(paper, granted, sentence.start, &years))?)
        .or_else(|| named_alike(paper, after + 1, &earlier))?;
    let whole = Value::of(paper, base);
    if holds(paper, share, &part, &whole, is_derived)? {
        return None;
    }
    Some(remark(paper, share, &part, &whole))
}

/// The one earlier amount whose sentence has the word that a share is of: "kostar 12 mkr", "procent av kostnaden".
fn named_alike(paper: &Paper, word: usize, earlier: &[usize]) -> Option<usize> {
    const BEGINS: usize = 4;
    const MOST: usize = 40;
    let begin = |token: &Token| token.text.chars().take(BEGINS).collect::<String>();
    let is_before =
        |token: &Token| token.is_one_of(&["den", "det", "de", "totala", "hela", "denna"]);
    let noun = paper.tokens.get(word..)?.iter().find(|token| !is_before(token))?;
    let begins = begin(noun);
    let is_named = |at: &&usize| {
        paper.amounts().get(**at).is_some_and(|amount| {
            let sentence = paper.sentence(amount.tokens.0);
            let words = paper.tokens_in(&sentence);
            paper.shares_in(&sentence).is_empty()
                && words
                    .iter()
                    .any(|token| token.text.len() > BEGINS && token.text.starts_with(&begins))
        })
    };
    let near = earlier.get(earlier.len().saturating_sub(MOST)..)?;
    let named: Vec<&usize> = near.iter().filter(is_named).collect();
    match named.as_slice() {
        [only] if noun.text.len() > BEGINS && !pointed::is_of_others(paper, **only) => Some(**only),
        _ => None,
    }
}

pub(super) fn remark(paper: &Paper, share: &Share, part: &Value, whole: &Value) -> Remark {
    let computed = part_of(share, whole.printed).unwrap_or(0);
    let expected = Money::from_ore((computed + 50) / 100 * 100);
    let (stated, base) = (Money::from_ore(part.printed), Money::from_ore(whole.printed));
    let difference = stated - expected;
    let said = words(&paper.text(share.noted.span));
    let text = Text::new(
        format!(
            "`{said}` av {base} är {expected}, men texten säger {stated}: skillnaden är {difference}"
        ),
        format!(
            "`{said}` of {base} is {expected}, but the text says {stated}: the difference is {difference}"
        ),
    );
    let places = [vec![share.noted.span], part.places(paper), whole.places(paper)].concat();
    let mut remark =
        Remark::new(Doubt::ShareDiffers, Severity::Error, text, places).off_by(difference);
    remark.assumes = Value::assumes(&[part, whole]);
    remark.reconciles_by = Some(Text::new(
        format!("beloppet ändras till {expected}"),
        format!("the amount becomes {expected}"),
    ));
    remark
}

/// The shares of each sentence that has any; endless rows of them are no sentences.
fn by_sentence(paper: &Paper) -> Vec<(Range<usize>, Vec<&Share>)> {
    let mut groups: Vec<(Range<usize>, Vec<&Share>)> = Vec::new();
    for share in &paper.shares {
        match groups.last_mut() {
            Some((sentence, group)) if sentence.contains(&share.tokens.0) => group.push(share),
            _ => groups.push((paper.sentence(share.tokens.0), vec![share])),
        }
    }
    groups.retain(|(sentence, _)| !paper.is_crowded(sentence));
    groups
}

/// "Av bidraget går 60 procent, 90 mkr, till X och 40 procent, 60 mkr, till Y".
fn pairs(paper: &Paper, granted: &[usize]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (sentence, group) in by_sentence(paper) {
        let Some(first) = group.first() else { continue };
        let amounts: Vec<usize> = paper.amounts_in(&sentence).collect();
        if group.len() < 2
            || amounts.len() != group.len()
            || paper.table_of(first.tokens.0).is_some()
        {
            continue;
        }
        let beside = |(share, at): (&&Share, &usize)| {
            let amount = paper.amounts().get(*at)?;
            let (start, end) = (share.tokens.1 + 1, amount.tokens.0);
            let is_beside = start <= end && end - start <= 2 && amount.per.is_none();
            is_beside.then(|| ((*share).clone(), Value::of(paper, *at)))
        };
        let Some(rows) = group.iter().zip(&amounts).map(beside).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let earlier = sentence.start.checked_sub(1).map(|at| paper.sentence(at));
        let before: Vec<usize> =
            earlier.map_or_else(Vec::new, |range| paper.amounts_in(&range).collect());
        let whole = match before.as_slice() {
            [only] => Some(Value::of(paper, *only)),
            _ => granted::principal(paper, granted, sentence.start, &BTreeSet::new())
                .map(|at| Value::of(paper, at)),
        };
        // Another amount of the section may be the whole.
        let holds_for = |base: &usize| {
            let base = Value::of(paper, *base);
            rows.iter().all(|(share, part)| holds(paper, share, part, &base, false) == Some(true))
        };
        let is_other = pointed::earlier(paper, sentence.start).iter().any(holds_for);
        if whole.is_some() && !is_other {
            remarks.extend(against_whole(paper, &rows, whole));
        }
    }
    remarks
}

/// "60 procent till X, 30 procent till Y och 10 procent till Z" must be 100.
fn sums(paper: &Paper) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (sentence, group) in by_sentence(paper) {
        if let Some(remark) = apposed::beyond_whole(paper, &sentence, &group) {
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
            && group.iter().all(|share| is_of_a_name(paper, share));
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

fn common_multiple(one: i128, other: i128) -> i128 {
    let (mut a, mut b) = (one, other);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    one / a * other
}

/// Shares that do not sum to 100, beyond rounding where they are derived.
pub(super) fn not_whole(group: &[&Share], is_derived: bool) -> Option<Remark> {
    let decimals = group.iter().map(|share| share.decimals).max()?;
    // Exactly, so that three thirds are one: the least that all parts go into.
    let divisor = group.iter().map(|share| share.exactly().1).fold(1, common_multiple);
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
