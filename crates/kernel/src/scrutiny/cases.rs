//! The case number of a decision, written again with two digits swapped.
//!
//! Owns: which case number is a slip of the first. Does not own: how case numbers are read (`paper::noted`).
//!
//! `AIN 2024-0318` in the head and `Beslutet … AIN 2024-0381` at the end are one case.

use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::paper::{Noted, Paper};

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    const HEAD: usize = 15;
    let all = paper.case_numbers();
    let Some(own) = all.first().filter(|own| paper.line_number(own.span.start) <= HEAD) else {
        return Vec::new();
    };
    let is_slip = |other: &&Noted| is_swapped(&own.value, &other.value);
    let slips: Vec<&Noted> =
        all.iter().filter(is_slip).filter(|other| !is_of_another(paper, other)).collect();
    let [slip] = slips[..] else { return Vec::new() };
    let text = Text::new(
        format!("ärendet har nummer `{}`, men här står `{}`", own.value, slip.value),
        format!("the case has number `{}`, but here stands `{}`", own.value, slip.value),
    );
    vec![Remark::new(Doubt::StatedTwice, Severity::Warning, text, vec![own.span, slip.span])]
}

/// Whether two numbers are the same but for two neighbouring digits that have swapped places.
fn is_swapped(one: &str, other: &str) -> bool {
    let (a, b) = (one.as_bytes(), other.as_bytes());
    let apart: Vec<usize> = (0..a.len()).filter(|at| a.get(*at) != b.get(*at)).collect();
    let [x, y] = apart[..] else { return false };
    a.len() == b.len() && y == x + 1 && a.get(x) == b.get(y) && a.get(y) == b.get(x)
}

/// Whether a case number is told as that of an earlier decision or of another case.
fn is_of_another(paper: &Paper, case: &Noted) -> bool {
    let at = paper.tokens.partition_point(|token| token.span.end <= case.span.start);
    let sentence = paper.sentence(at);
    const OTHERS: [&str; 9] = [
        "tidigare",
        "beslutade",
        "ärendet",
        "ärende",
        "se",
        "jfr",
        "föregående",
        "remiss",
        "fastställde",
    ];
    let has_paragraph = paper.tokens_in(&sentence).iter().any(|token| token.is_mark('§'));
    has_paragraph || paper.has_word(&sentence, &OTHERS) || !paper.dates_in(&sentence).is_empty()
}
