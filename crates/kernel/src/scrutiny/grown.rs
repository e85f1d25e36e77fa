//! A change in percent whose two ends are numbers of things, or stand apart from the percentage.
//!
//! Owns: which two numbers a percentage lies between. Does not own: `från A kronor till B` with its percentage beside (`change`), nor
//! ends that no words link (`raise`).
//!
//! `ökade från 1 240 år 2023 till 1 550 år 2024, en ökning med 35 procent` is an increase of 25.

use super::change::{by_percent, grows};
use super::figures::Figure;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::lexicon::{ABOUT, AT_LEAST};
use crate::paper::number::is_year;
use crate::paper::{Kind, Paper, Share, Token};
use std::ops::Range;

/// How words of a change begin.
const CHANGE: [&str; 14] = [
    "ök", "höj", "sänk", "minsk", "uppräkn", "räkna", "steg", "stig", "sjönk", "sjunk", "växt",
    "växer", "fler", "färre",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    // Of very many the first are looked at.
    const MOST: usize = 2_000;
    let from = paper.places_of("från").take(MOST);
    let from_to = from.filter_map(|from| between(paper, from));
    let raised = paper.told().filter_map(|at| raised_to(paper, at));
    from_to.chain(raised).collect()
}

/// The number at a token, or after a word that makes it vague.
fn end(paper: &Paper, at: usize) -> Option<Figure> {
    let is_vague = |token: &Token| token.is_one_of(&ABOUT) || token.is_one_of(&AT_LEAST);
    let is_led = paper.tokens.get(at).is_some_and(is_vague);
    Figure::at(paper, at + usize::from(is_led))
}

/// Whether a word says that something grows or falls.
fn is_change(token: &Token) -> bool {
    token.kind == Kind::Word && CHANGE.iter().any(|begin| token.text.starts_with(begin))
}

fn changes(paper: &Paper, range: &Range<usize>) -> bool {
    paper.tokens_in(range).iter().any(is_change)
}

/// "från A till B" and the percentage that is said of it: beside it, or in the sentence before or after.
fn between(paper: &Paper, at: usize) -> Option<Remark> {
    const NEAR: usize = 6;
    paper.tokens.get(at).filter(|token| token.is("från"))?;
    let sentence = paper.sentence(at);
    let from = end(paper, at + 1)?;
    let stops = |token: &Token| matches!(token.kind, Kind::Mark('.' | ';' | ','));
    let link = (from.tokens.1 + 1..sentence.end.min(from.tokens.1 + 1 + NEAR))
        .take_while(|at| paper.tokens.get(*at).is_some_and(|token| !stops(token)))
        .find(|at| paper.tokens.get(*at).is_some_and(|token| token.is("till")))?;
    let to = end(paper, link + 1)?;
    let is_alike = from.amount.is_some() == to.amount.is_some();
    let is_exact = from.is_exact && to.is_exact;
    if !is_alike || !is_exact || from.value <= 0 || to.value < 0 || paper.is_crowded(&sentence) {
        return None;
    }
    let grown = Grown { paper, sentence, start: at, from, to };
    match (grown.from.amount, grown.beside(), grown.apart()) {
        // Amounts with their percentage in one sentence are told by `change`.
        (None, Some((share, is_derived)), _) => grown.remark(share, is_derived, Severity::Error),
        (_, None, Some(share)) => grown.remark(share, true, Severity::Warning),
        _ => None,
    }
}

/// Two ends of a change, and where they stand.
struct Grown<'p> {
    paper: &'p Paper,
    sentence: Range<usize>,
    start: usize,
    from: Figure,
    to: Figure,
}

impl<'p> Grown<'p> {
    /// The percentage right before "från", or after the second end with no other number between; the latter is derived.
    fn beside(&self) -> Option<(&'p Share, bool)> {
        const NEAR: usize = 12;
        let [share] = self.paper.shares_in(&self.sentence) else { return None };
        let (first, last) = share.tokens;
        let before = self.sentence.start..first;
        if last + 1 == self.start && changes(self.paper, &before) {
            return Some((share, share.is_about));
        }
        let between = self.to.tokens.1 + 1..first;
        let is_other =
            |token: &Token| token.kind == Kind::Digits && !is_year(&token.text) || token.is("av");
        let links = self.paper.has_word(&between, &["med", "på", "motsvarar", "motsvarande"]);
        let said = changes(self.paper, &(self.sentence.start..first));
        let is_near = first > self.to.tokens.1 && between.len() <= NEAR;
        let is_free = !self.paper.tokens_in(&between).iter().any(is_other);
        (is_near && links && said && is_free).then_some((share, true))
    }

    /// The only percentage of the sentence before or after in the paragraph, where that has no number of its own and speaks of a change
    /// too.
    fn apart(&self) -> Option<&'p Share> {
        const OWN_WAY: [&str; 9] = [
            "eftersom",
            "däremot",
            "dock",
            "undantag",
            "utom",
            "medan",
            "istället",
            "tidigare",
            "men",
        ];
        let paper = self.paper;
        let block = paper.block_at(self.start)?.tokens.clone();
        let changes_here = changes(paper, &(self.sentence.start..self.start));
        if !changes_here || !paper.shares_in(&self.sentence).is_empty() {
            return None;
        }
        let said = |sentence: Range<usize>, is_after: bool| -> Option<&'p Share> {
            let within = block.start <= sentence.start && sentence.end <= block.end;
            let [share] = paper.shares_in(&sentence) else { return None };
            let before = sentence.start..share.tokens.0;
            let near = share.tokens.0.saturating_sub(3)..share.tokens.0;
            let is_by = paper.has_word(&near, &["med", "på"]) && changes(paper, &before);
            let opens = paper.tokens_in(&sentence).first().is_some_and(|token| {
                token.is_one_of(&["det", "detta", "vilket"]) || is_change(token)
            });
            let other = paper.tokens_in(&sentence).iter().enumerate().any(|(at, token)| {
                let at = sentence.start + at;
                let is_own = share.tokens.0 <= at && at <= share.tokens.1;
                token.kind == Kind::Digits && !is_year(&token.text) && !is_own
            });
            let is_of = paper.has_word(&(share.tokens.1 + 1..share.tokens.1 + 2), &["av"]);
            let is_plain = paper.amounts_in(&sentence).is_empty() && !other && !is_of;
            let is_one_way = !paper.has_word(&near, &["än"])
                && !paper.has_word(&sentence, &OWN_WAY)
                && !paper.has_word(&self.sentence, &OWN_WAY);
            (within && is_by && is_plain && is_one_way && (opens || !is_after)).then_some(share)
        };
        let before = self.sentence.start.checked_sub(1).map(|at| paper.sentence(at));
        let after = Some(self.sentence.end).filter(|end| *end < block.end);
        let before = before.and_then(|sentence| said(sentence, false));
        before.or_else(|| after.and_then(|end| said(paper.sentence(end), true)))
    }

    fn remark(&self, share: &Share, is_derived: bool, severity: Severity) -> Option<Remark> {
        let (from, to) = (self.from.value, self.to.value);
        let digit = if self.from.amount.is_some() { self.to.digit } else { self.to.digit * 2 };
        grows(share, (from, to), is_derived, digit)?;
        let mut remark = match (self.from.amount, self.to.amount) {
            (Some(from), Some(to)) => by_percent(
                self.paper,
                share,
                &Value::of(self.paper, from),
                &Value::of(self.paper, to),
            ),
            _ => self.of_numbers(share),
        };
        remark.severity = severity;
        Some(remark)
    }

    fn of_numbers(&self, share: &Share) -> Remark {
        let (from, to) = (self.from.span(self.paper), self.to.span(self.paper));
        let said = words(&self.paper.text(share.noted.span));
        let (a, b) = (words(&self.paper.text(from)), words(&self.paper.text(to)));
        let whole = self.from.value.max(1);
        let tenths = ((self.to.value - whole).abs() * 2_000 + whole) / (whole * 2);
        let right = match tenths % 10 {
            0 => format!("{}", tenths / 10),
            tenth => format!("{},{tenth}", tenths / 10),
        };
        let text = Text::new(
            format!("från {a} till {b} är {right} procent, men texten säger `{said}`"),
            format!("from {a} to {b} is {right} percent, but the text says `{said}`"),
        );
        let places = vec![from, to, share.noted.span];
        Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places)
    }
}

/// "var A per tjänst 2025 och räknas upp med P procent till B per tjänst 2026".
fn raised_to(paper: &Paper, at: usize) -> Option<Remark> {
    let (from, to) = (paper.amounts().get(at.checked_sub(1)?)?, paper.amounts().get(at)?);
    let sentence = paper.sentence(to.tokens.0);
    let between = from.tokens.1 + 1..to.tokens.0;
    let [share] = paper.shares_in(&between) else { return None };
    let is_to = share.tokens.1 + 2 == to.tokens.0
        && paper.has_word(&(share.tokens.1 + 1..to.tokens.0), &["till"]);
    let is_by = paper.has_word(&(share.tokens.0.saturating_sub(1)..share.tokens.0), &["med"]);
    let is_one = sentence.contains(&from.tokens.0) && from.per == to.per;
    let (before, after) = (Value::of(paper, at - 1), Value::of(paper, at));
    let is_exact = before.is_exact() && after.is_exact() && before.printed > 0;
    if !(is_to && is_by && is_one && is_exact && changes(paper, &(between.start..share.tokens.0))) {
        return None;
    }
    let ends = (i128::from(before.printed), i128::from(after.printed));
    grows(share, ends, share.is_about, i128::from(to.last_digit.ore()))?;
    Some(by_percent(paper, share, &before, &after))
}
