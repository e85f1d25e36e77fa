//! What is left of what could be used.
//!
//! Owns: what was had less what was used, where the three stand in sections apart. Does not own: a rest that closes a division (`rest`).
//!
//! Of 4 700 000 kronor `3 915 000 kronor har förbrukats. Vid årets slut återstod 795 000 kronor` leaves 10 000 kr too much.

use super::reconcile::{is_one_slip, is_telling};
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::Paper;
use std::ops::Range;

const LEFT: [&str; 6] = ["återstod", "återstår", "kvarstod", "kvarstår", "återstått", "kvar"];
const USED: [&str; 8] = [
    "förbrukats",
    "förbrukades",
    "förbrukat",
    "använts",
    "använt",
    "användes",
    "utnyttjats",
    "utnyttjades",
];
/// Words of an amount that is all that could be used.
const HAD: [&str; 6] =
    ["alltså", "totalt", "sammanlagt", "disponera", "disponerade", "tillsammans"];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.told().filter_map(|at| of_rest(paper, at)).collect()
}

fn of_rest(paper: &Paper, at: usize) -> Option<Remark> {
    const AROUND: usize = 40;
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    // "Av förra årets medel återstod" is of other money than what was used.
    let follows = paper.has_word(&sentence, &["därmed", "alltså", "således"]);
    if amount.per.is_some() || !follows || !paper.has_word(&sentence, &LEFT) {
        return None;
    }
    let earlier = paper.sentence(sentence.start.checked_sub(1)?);
    let is_one_block = paper.block_at(earlier.start)?.tokens.contains(&sentence.start);
    let only = |range: &Range<usize>| {
        let found = paper.amounts_in(range);
        (found.len() == 1).then_some(found.start)
    };
    let used = only(&earlier).filter(|_| is_one_block && paper.has_word(&earlier, &USED))?;
    only(&sentence)?;
    let (rest, used_up) = (Value::of(paper, at), Value::of(paper, used));
    let wholes: Vec<Value> = (used.saturating_sub(AROUND)..used)
        .filter(|at| paper.amounts().get(*at).is_some_and(|one| one.per.is_none()))
        .map(|at| Value::of(paper, at))
        .filter(|whole| whole.printed > used_up.printed && whole.is_exact())
        .collect();
    let is_left = |whole: &Value| {
        let (_, low, high) = whole.minus(&used_up);
        low.ore() <= rest.high && rest.low <= high.ore()
    };
    if wholes.iter().any(is_left) || !rest.is_exact() || !used_up.is_exact() {
        return None;
    }
    let left = |whole: &Value| whole.printed - used_up.printed;
    let whole = wholes
        .iter()
        .rev()
        .find(|whole| is_telling(left(whole)) && is_one_slip(left(whole), rest.printed))?;
    let had = paper.amounts().get(*whole.of.first()?)?;
    let is_said = had.is_total || paper.has_word(&paper.sentence(had.tokens.0), &HAD);
    let severity = if is_said { Severity::Error } else { Severity::Warning };
    let (difference, ..) = rest.minus(&Value::bare(left(whole)));
    let shown = |ore: i64| Money::from_ore(ore);
    let (had, used, said, is) =
        (shown(whole.printed), shown(used_up.printed), shown(rest.printed), shown(left(whole)));
    let text = Text::new(
        format!(
            "av {had} är {used} använt och {is} kvar, men texten säger {said}: skillnaden är {difference}"
        ),
        format!(
            "of {had} {used} is used and {is} left, but the text says {said}: the difference is {difference}"
        ),
    );
    let places = [whole.places(paper), used_up.places(paper), rest.places(paper)].concat();
    Some(Remark::new(Doubt::SumDiffers, severity, text, places).off_by(difference))
}
