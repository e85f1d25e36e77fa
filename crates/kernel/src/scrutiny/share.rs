//! Percentages against amounts.
//!
//! Owns: D7 for shares in sentences. Does not own: rows of lists and tables (`share_rows`), sums (`share_sums`), nor raises (`change`).
//!
//! `2,2 procent av 326 896 457 kronor` is 7 191 722 kr.

use super::gathered::Gathered;
use super::share_rows::{against_whole, of_list};
use super::value::Value;
use super::{Doubt, Remark, apposed, granted, items, pointed, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Kind, Paper, Share, Token};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let of_base = |share| of_base(paper, gathered, share);
    let mut remarks: Vec<Remark> = paper.shares.iter().filter_map(of_base).collect();
    remarks.extend(pairs(paper, &gathered.granted));
    for (sentence, group) in by_sentence(paper) {
        if group.iter().all(|share| paper.table_of(share.tokens.0).is_none()) {
            remarks.extend(apposed::beside(paper, &sentence, &group));
        }
    }
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
    // "nästan hälften" is said of what is some percent less.
    if share.is_about && share.is_in_words {
        let near = Share { mantissa: 6, decimals: 0, parts: None, ..share.clone() };
        let slack = part_of(&near, base.high)?;
        return Some(
            amount.low <= high.saturating_add(slack) && low.saturating_sub(slack) <= amount.high,
        );
    }
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
fn of_base(paper: &Paper, gathered: &Gathered, share: &Share) -> Option<Remark> {
    let granted = &gathered.granted;
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
    let is_derived = share.is_about || is_before || amount.tokens.0 < share.tokens.0;
    let can_be = |base: &usize| {
        let holds = holds(paper, share, &part, &Value::of(paper, *base), is_derived);
        base != result && holds == Some(true)
    };
    let earlier = pointed::earlier(paper, sentence.start);
    let named = named_alike(paper, after + 1, &earlier);
    // "5,0 procent av bidraget" may be of last year's, said in another section.
    const MOST: usize = 400;
    let before = sentence.start.checked_sub(1).map_or(0..0, |at| paper.sentence(at));
    let years = crate::paper::years(paper.tokens_in(&(before.start..sentence.end)));
    let is_of_year = |at: &usize| !paper.years_of(*at).is_disjoint(&years);
    // A whole percentage may be so of something else by chance.
    let most = if share.decimals > 0 { MOST } else { 0 };
    let mut anywhere = paper.told().take(most).filter(is_of_year);
    let is_known = earlier.iter().any(can_be) || anywhere.any(|at| can_be(&at));
    if stated_base.is_none() && is_known {
        return None;
    }
    let years = BTreeSet::new();
    let base = stated_base
        .or_else(|| spoken.then(|| granted::principal(paper, granted, sentence.start, &years))?)
        .or(named)
        .or_else(|| of_fund(paper, after + 1, sentence.start))?;
    let whole = Value::of(paper, base);
    // What is many times more than the whole is no part of it.
    const MANY: i64 = 10;
    if stated_base.is_none() && part.printed / MANY > whole.printed {
        return None;
    }
    // "upp till 10 procent av bidraget, 240 000 kr" after other amounts, of a grant of 2 400 000 kr stated far above.
    let is_of_another = stated_base.is_none()
        && base_of(share, part.printed).is_some_and(|base| gathered.often(base) > 0);
    // Two amounts beside it of which one is the percentage of the other are what is meant.
    let near = paper.block_at(sentence.start).map_or(sentence.start, |block| block.tokens.start);
    // Of a long paragraph those that stand nearest.
    const NEAR: usize = 60;
    let near = paper.amounts_in(&(near..sentence.end));
    let near = near.start.max(near.end.saturating_sub(NEAR))..near.end;
    let near: Vec<Value> = near.map(|at| upright(Value::of(paper, at))).collect();
    let is_part = |one: &Value| {
        near.iter()
            .any(|base| base != one && holds(paper, share, one, base, is_derived) == Some(true))
    };
    let is_said = near.len() <= MOST_NEAR && near.iter().any(is_part);
    if holds(paper, share, &part, &whole, is_derived)? || is_of_another || is_said {
        return None;
    }
    Some(remark(paper, share, &part, &whole))
}

/// A paragraph of more amounts says nothing of one percentage.
const MOST_NEAR: usize = 12;

/// A deficit as so much money.
fn upright(value: Value) -> Value {
    if value.high < 0 { Value::bare(-value.printed) } else { value }
}

/// What an amount is exactly so large a share of, where that is whole öre.
fn base_of(share: &Share, part: i64) -> Option<Money> {
    let hundred = 10_i128.checked_pow(share.decimals.checked_add(2)?)?;
    let scaled = i128::from(part).checked_mul(hundred)?;
    let is_whole = share.parts.is_none() && share.mantissa > 0 && scaled % share.mantissa == 0;
    i64::try_from(scaled / share.mantissa.max(1)).ok().filter(|_| is_whole).map(Money::from_ore)
}

/// The one earlier amount whose sentence has the word that a share is of: "kostar 12 mkr", "procent av kostnaden".
fn named_alike(paper: &Paper, word: usize, earlier: &[usize]) -> Option<usize> {
    const BEGINS: usize = 4;
    const MOST: usize = 40;
    let begin = |token: &Token| token.text.chars().take(BEGINS).collect::<String>();
    let noun = noun_of(paper, word)?;
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

/// The noun that a share is of, past what stands before it: "de samlade kostnaderna".
fn noun_of(paper: &Paper, word: usize) -> Option<&Token> {
    let is_before = |token: &Token| {
        token.is_one_of(&["den", "det", "de", "totala", "hela", "denna"])
            || token.text.ends_with("ade")
            || token.text.ends_with("lagda")
    };
    paper.tokens.get(word..)?.iter().find(|token| !is_before(token))
}

/// The size that the text gives the fund that a share is of, where it gives one only: "klimatfondens 15 mkr", "av fonden".
fn of_fund(paper: &Paper, word: usize, until: usize) -> Option<usize> {
    const MOST: usize = 60;
    const KINDS: [&str; 6] = ["fond", "pott", "ram", "anslag", "budget", "reserv"];
    let bare = |word: &str| -> String {
        let ends = ["ens", "ets", "en", "et", "s"];
        let end = ends.iter().find_map(|end| word.strip_suffix(end));
        end.unwrap_or(word).to_owned()
    };
    let noun = paper.tokens.get(word).filter(|token| token.kind == Kind::Word)?;
    let name = bare(&noun.text);
    let is_fund = KINDS.iter().any(|kind| name.ends_with(kind)) && !noun.is_one_of(&items::FUNDS);
    let is_so_large = |at: &usize| {
        let amount = paper.amounts().get(*at).filter(|amount| amount.per.is_none());
        let before = amount.map_or(&[][..], |amount| paper.before(amount, 2));
        let own = match before {
            [own, of] if of.is_one_of(&["om", "på"]) => Some(own),
            [.., own] if own.text.ends_with('s') => Some(own),
            _ => None,
        };
        own.is_some_and(|own| bare(&own.text).ends_with(&name))
    };
    let found: Vec<usize> = paper.amounts_in(&(0..until)).take(MOST).filter(is_so_large).collect();
    let first = *found.first().filter(|_| is_fund)?;
    let value = Value::of(paper, first);
    found.iter().all(|at| Value::of(paper, *at).agrees(&value)).then_some(first)
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
pub(super) fn by_sentence(paper: &Paper) -> Vec<(Range<usize>, Vec<&Share>)> {
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
