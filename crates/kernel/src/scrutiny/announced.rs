//! Lists against the number of things that is announced before them.
//!
//! Owns: which count announces a list. Does not own: amounts.
//!
//! `fyra områden:` before three items is told.

use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::layout::{BlockKind, List};
use crate::paper::lexicon::{ABOUT, AT_LEAST, CAP};
use crate::paper::{Count, Kind, Paper, Token};
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let lists = paper.layout().lists.iter().filter_map(|list| announced(paper, list));
    lists.chain(paper.counts.iter().filter_map(|count| told_off(paper, count))).collect()
}

/// "Fem kommuner deltar: Alby, Berga, Dala och Edsby.": names of a word or two after a colon, and nothing else.
fn told_off(paper: &Paper, count: &Count) -> Option<Remark> {
    const NEAR: usize = 6;
    const MOST: usize = 60;
    const WIDE: usize = 2;
    let sentence = paper.sentence(count.tokens.0);
    let start = count.tokens.1 + 1;
    let token = |at: usize| paper.tokens.get(at);
    let colon = (start..(start + NEAR).min(sentence.end))
        .find(|at| token(*at).is_some_and(|token| token.is_mark(':')))?;
    let end = sentence.end.checked_sub(1).filter(|end| end.saturating_sub(colon) <= MOST)?;
    token(end).filter(|token| token.is_mark('.'))?;
    let named = paper.tokens_in(&(colon + 1..end));
    let parts = |token: &Token| token.is_mark(',') || token.is_one_of(&["och", "samt"]);
    let names: Vec<&[Token]> = named.split(parts).collect();
    let is_name = |name: &&[Token]| {
        let is_word = |token: &Token| token.kind == Kind::Word && token.is_capital;
        (1..=WIDE).contains(&name.len()) && name.iter().all(is_word)
    };
    let links = named.iter().filter(|token| token.is_one_of(&["och", "samt"])).count();
    let listed = i128::try_from(names.len()).ok()?;
    let before = count.tokens.0.saturating_sub(1)..count.tokens.0;
    let is_bound = [&AT_LEAST[..], &CAP, &ABOUT].iter().any(|words| paper.has_word(&before, words));
    let is_list = links == 1 && names.len() > 2 && names.iter().all(is_name) && !is_bound;
    let is_off = count.number != listed && count.number.abs_diff(listed) <= 2;
    if !is_list || !is_off || paper.table_of(count.tokens.0).is_some() {
        return None;
    }
    let said = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("texten säger `{said}`, men räknar upp {listed}"),
        format!("the text says `{said}`, but names {listed}"),
    );
    let places = vec![count.noted.span, paper.span(&(colon + 1..end))];
    Some(Remark::new(Doubt::ListDiffers, Severity::Warning, text, places))
}

/// "Underlaget ändras på fyra punkter." before a numbered list of three.
fn in_points(paper: &Paper, list: &List, intro: &Range<usize>) -> Option<Remark> {
    let last = intro.end.checked_sub(1)?;
    let sentence = paper.sentence(last);
    let [count] = paper.counts_in(&sentence) else { return None };
    let is_of_points = ["punkter", "delar", "steg", "moment"].contains(&count.noun.as_str());
    let is_last = paper.tokens.get(last)?.is_mark('.') && count.tokens.1 + 1 == last;
    let first = list.items.first()?.own.first()?.start;
    let is_numbered = paper
        .tokens_in(&(first.saturating_sub(2)..first + 1))
        .iter()
        .any(|token| token.kind == Kind::Digits && token.text == "1");
    let listed = i128::try_from(list.items.len()).ok()?;
    if !is_of_points || !is_last || !is_numbered || count.number == listed {
        return None;
    }
    Some(list_differs(paper, count, listed))
}

/// "fyra områden:" before a list of three.
fn announced(paper: &Paper, list: &List) -> Option<Remark> {
    let intro = list.intro.and_then(|at| paper.block(at))?;
    let end = intro.tokens.end;
    let last = paper.tokens.get(end.checked_sub(1)?)?;
    if matches!(intro.kind, BlockKind::Table(_)) {
        return None;
    }
    if !last.is_mark(':') {
        return in_points(paper, list, &intro.tokens);
    }
    let sentence = paper.sentence(end - 1);
    let within = |range: &Range<usize>| paper.counts_in(range).iter();
    let at_end = within(&sentence).find(|count| {
        let before = count.tokens.0.checked_sub(1).and_then(|at| paper.tokens.get(at));
        count.tokens.1 + 2 == end || before.is_some_and(|token| token.is("följande"))
    });
    let before_are = || {
        let says_are = end
            .checked_sub(2)
            .and_then(|at| paper.tokens.get(at))
            .is_some_and(|token| token.is("är"));
        if !says_are {
            return None;
        }
        let earlier = paper.sentence(sentence.start.checked_sub(1)?);
        within(&sentence)
            .next_back()
            .or_else(|| within(&earlier).next_back().filter(|_| sentence.len() <= 4))
    };
    let count = at_end.or_else(before_are)?;
    // "villkoret om minst 20 deltagare:" bounds something else.
    let before = count.tokens.0.saturating_sub(1)..count.tokens.0;
    if [&AT_LEAST[..], &CAP, &ABOUT].iter().any(|words| paper.has_word(&before, words)) {
        return None;
    }
    let listed = i128::try_from(list.items.len()).ok()?;
    if count.number == listed {
        return None;
    }
    Some(list_differs(paper, count, listed))
}

fn list_differs(paper: &Paper, count: &Count, listed: i128) -> Remark {
    let said = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("texten säger `{said}`, men listan har {listed} punkter"),
        format!("the text says `{said}`, but the list has {listed} items"),
    );
    Remark::new(Doubt::ListDiffers, Severity::Warning, text, vec![count.noted.span])
}
