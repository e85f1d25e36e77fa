//! Payment ordered before the decision is made.
//!
//! Owns: D8. Does not own: validity, which may reach back.
//!
//! A decision of 27 May that orders payment by 1 March is too late.

use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::{Dated, Paper};
use crate::time::Day;

const PAYS: [&str; 12] = [
    "utbetalas",
    "utbetalning",
    "utbetalningen",
    "utbetala",
    "utbetalningar",
    "betalas",
    "betala",
    "rekvireras",
    "utanordnas",
    "utbetalningarna",
    "överförs",
    "överföras",
];

/// Words of somebody else's payment, or of one that an earlier decision ordered, or that has been made.
const NOT_ORDERED: [&str; 22] = [
    "staten",
    "regeringen",
    "kammarkollegiet",
    "socialstyrelsen",
    "försäkringskassan",
    "tidigare",
    "enligt",
    "utbetalades",
    "betalades",
    "har",
    "retroaktivt",
    "utifrån",
    "socialdepartementet",
    "skr",
    "redan",
    "betalats",
    "utbetalats",
    "avser",
    "avseende",
    "skulle",
    "rekvirerades",
    "beslutade",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let Some((day, decided)) = decision_date(paper) else { return Vec::new() };
    paper.dates.iter().filter_map(|date| before(paper, date, day, decided)).collect()
}

/// The date of the decision: where the text names it, else the first full date in the head (D8).
fn decision_date(paper: &Paper) -> Option<(Day, &Dated)> {
    let names = |date: &&Dated| {
        let before = paper.tokens_in(&(date.tokens.0.saturating_sub(6)..date.tokens.0));
        before.iter().any(|token| {
            token.is_one_of(&[
                "sammanträde",
                "sammanträdesdatum",
                "sammanträdesdag",
                "beslutsdatum",
                "beslutsdag",
                "sammanträder",
            ])
        })
    };
    let full = || paper.dates.iter().filter(|date| date.is_full);
    let in_head = |date: &&Dated| paper.line_number(date.noted.span.start) <= 25;
    let chosen = full().find(names).or_else(|| full().find(in_head))?;
    Some((chosen.last?, chosen))
}

fn before(paper: &Paper, date: &Dated, decided_on: Day, decided: &Dated) -> Option<Remark> {
    let last = date.last.filter(|last| *last < decided_on)?;
    let sentence = paper.sentence(date.tokens.0);
    let pays = paper.has_word(&sentence, &PAYS);
    let is_other = paper.has_word(&sentence, &NOT_ORDERED)
        || names_a_case(paper, &sentence)
        || date.tokens == decided.tokens;
    let sets = paper
        .tokens_in(&(date.tokens.0.saturating_sub(5)..date.tokens.0))
        .iter()
        .any(|token| token.is_one_of(&["senast", "den", "i", "under", "före", "innan", "per"]));
    if !pays || is_other || !sets {
        return None;
    }
    let (said, day) = (words(&paper.text(date.noted.span)), words(&paper.text(decided.noted.span)));
    let text = Text::new(
        format!(
            "utbetalning anges till `{said}` ({last}), men beslutet är daterat `{day}` ({decided_on})"
        ),
        format!(
            "payment is set to `{said}` ({last}), but the decision is dated `{day}` ({decided_on})"
        ),
    );
    Some(Remark::new(
        Doubt::PaidBeforeDecision,
        Severity::Error,
        text,
        vec![decided.noted.span, date.noted.span],
    ))
}

fn names_a_case(paper: &Paper, sentence: &std::ops::Range<usize>) -> bool {
    let span = paper.span(sentence);
    paper.case_numbers().iter().any(|case| span.contains(case.span))
}
