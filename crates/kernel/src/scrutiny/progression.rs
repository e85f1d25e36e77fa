//! One amount year by year with a stated step: so much, or so many percent, a year.
//!
//! Owns: amounts of consecutive years in one sentence, and the step. Does not own: one raise from an amount to another (`change`).
//!
//! `räknas upp med 1,5 mkr per år: 2026 är den 42,0 mkr, 2027 43,5 mkr, 2028 45,0 mkr och 2029 47,5 mkr` rises too much in 2029.

use super::change::CHANGES;
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::Paper;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut at = 0;
    while let Some(amount) = paper.amounts().get(at) {
        let sentence = paper.sentence(amount.tokens.0);
        let all = paper.amounts_in(&sentence);
        if paper.table_of(amount.tokens.0).is_none() && paper.has_word(&sentence, &CHANGES) {
            remarks.extend(by_amount(paper, all.start, all.end));
        }
        at = all.end.max(at + 1);
    }
    remarks
}

/// Amounts of one year each, the years one after the other.
fn yearly(paper: &Paper, first: usize, end: usize) -> Option<Vec<usize>> {
    let all: Vec<usize> = (first..end).collect();
    let year = |at: &usize| {
        let years = paper.years_of(*at);
        years.first().copied().filter(|_| years.len() == 1)
    };
    let years: Vec<i32> = all.iter().map(year).collect::<Option<_>>()?;
    let follow = years.windows(2).all(|two| matches!(two, [a, b] if a + 1 == *b));
    (all.len() > 2 && follow).then_some(all)
}

/// "med 1,5 mkr per år: 2026 är den 42,0 mkr, 2027 …".
fn by_amount(paper: &Paper, first: usize, end: usize) -> Option<Remark> {
    let step = paper.amounts().get(first).filter(|step| step.per.as_deref() == Some("år"))?;
    let is_by = paper.before(step, 1).iter().any(|token| token.is("med"));
    let all = yearly(paper, first + 1, end).filter(|_| is_by)?;
    let step = Value::of(paper, first);
    let values: Vec<Value> = all.iter().map(|at| Value::of(paper, *at)).collect();
    let is_fall = values.first()?.printed > values.last()?.printed;
    let next = |from: &Value| {
        if is_fall { from.printed - step.printed } else { from.printed + step.printed }
    };
    let holds = |two: &[Value]| matches!(two, [a, b] if next(a) == b.printed);
    let wrong: Vec<&[Value]> = values.windows(2).filter(|two| !holds(two)).collect();
    // One figure that is wrong breaks the step to it and the step from it.
    let (Some([from, to]), true) =
        (wrong.first(), wrong.len() <= 2 && wrong.len() * 2 < values.len())
    else {
        return None;
    };
    let expected = Money::from_ore(next(from));
    let (stated, by) = (Money::from_ore(to.printed), Money::from_ore(step.printed));
    let text = Text::new(
        format!(
            "med {by} per år blir det {expected} närmast efter {}, men texten säger {stated}",
            Money::from_ore(from.printed)
        ),
        format!(
            "at {by} a year the amount is {expected} the year after {}, but the text says {stated}",
            Money::from_ore(from.printed)
        ),
    );
    let places = [step.places(paper), from.places(paper), to.places(paper)].concat();
    let mut remark =
        Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places).off_by(stated - expected);
    remark.reconciles_by = Some(Text::new(
        format!("beloppet ändras till {expected}"),
        format!("the amount becomes {expected}"),
    ));
    Some(remark)
}
