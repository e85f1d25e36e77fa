//! Lists against the number of things that is announced before them.
//!
//! Owns: which count announces a list. Does not own: amounts.
//!
//! `fyra områden:` before three items is told.

use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::Paper;
use crate::paper::layout::{BlockKind, List};
use crate::paper::lexicon::{ABOUT, AT_LEAST, CAP};
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.layout().lists.iter().filter_map(|list| announced(paper, list)).collect()
}

/// "fyra områden:" before a list of three.
fn announced(paper: &Paper, list: &List) -> Option<Remark> {
    let intro = list.intro.and_then(|at| paper.block(at))?;
    let end = intro.tokens.end;
    let last = paper.tokens.get(end.checked_sub(1)?)?;
    if !last.is_mark(':') || matches!(intro.kind, BlockKind::Table(_)) {
        return None;
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
    let said = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("texten säger `{said}`, men listan har {listed} punkter"),
        format!("the text says `{said}`, but the list has {listed} items"),
    );
    Some(Remark::new(Doubt::ListDiffers, Severity::Warning, text, vec![count.noted.span]))
}
