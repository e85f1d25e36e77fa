//! Votes against how many voted.
//!
//! Owns: a paragraph that says both. Does not own: who voted how, nor what was decided.
//!
//! `Nämnden har 15 tjänstgörande ledamöter. Med 8 ja-röster mot 7 nej-röster och 1 som avstår` is one vote too many.

use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::paper::lexicon::number_word;
use crate::paper::{Kind, Paper, Span};
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.places_of("nej").filter_map(|at| of_votes(paper, at)).collect()
}

/// The number right before a token.
fn number_before(paper: &Paper, at: usize) -> Option<(i128, Span)> {
    let token = paper.tokens.get(at.checked_sub(1)?)?;
    let number = match token.kind {
        Kind::Digits => token.text.parse().ok().filter(|number| *number < 1_000)?,
        Kind::Word => number_word(&token.text)?,
        Kind::Mark(_) => return None,
    };
    Some((number, token.span))
}

fn of_votes(paper: &Paper, no: usize) -> Option<Remark> {
    const MOST: usize = 400;
    let (noes, at_noes) = number_before(paper, no)?;
    let sentence = paper.sentence(no);
    let is = |at: usize, word: &str| paper.tokens.get(at).is_some_and(|token| token.is(word));
    let yes = (sentence.start..no).rev().find(|at| is(*at, "ja"))?;
    let (ayes, at_ayes) = number_before(paper, yes)?;
    let block = paper.block_at(no)?.tokens.clone();
    if block.len() > MOST {
        return None;
    }
    let abstains =
        |range: Range<usize>| paper.has_word(&range, &["avstår", "avstod", "avstått", "avstående"]);
    let members = |at: &usize| {
        paper.tokens.get(*at).is_some_and(|token| token.is_one_of(&["ledamöter", "ledamot"]))
    };
    let (mut whole, mut silent, mut is_all) = (None, None, false);
    for at in block.clone().filter(members) {
        let first = if is(at.saturating_sub(1), "tjänstgörande") { at - 1 } else { at };
        let Some(found) = number_before(paper, first) else { continue };
        let before = paper.tokens_in(&(first.saturating_sub(2)..first));
        let takes_part = before.iter().any(|token| token.is("samtliga"))
            && paper.has_word(&paper.sentence(at), &["deltar", "deltog", "röstar", "röstade"]);
        if abstains(at..(at + 5).min(block.end)) {
            silent = Some(found);
        } else if takes_part {
            (whole, is_all) = (Some(found), true);
        } else if at < yes && !abstains(paper.sentence(at)) {
            whole = Some(found);
        }
    }
    let ((whole, at_whole), silent) = (whole?, silent.unwrap_or((0, at_ayes)));
    let sum = ayes + noes + silent.0;
    // Fewer may have voted than there are, unless all did.
    if sum == whole || (sum < whole && !is_all) {
        return None;
    }
    let text = Text::new(
        format!("rösterna är tillsammans {sum}, men texten säger att {whole} deltar"),
        format!("the votes are {sum} together, but the text says that {whole} take part"),
    );
    let places = vec![at_whole, at_ayes, at_noes, silent.1];
    Some(Remark::new(Doubt::SumDiffers, Severity::Error, text, places))
}
