//! What is left of what could be used.
//!
//! Owns: what was had less what was used, wherever the three stand. Does not own: a rest that closes a division (`rest`), nor lines of a
//! table (`ledger`).
//!
//! Of 4 700 000 kronor `3 915 000 kronor har förbrukats. Vid årets slut återstod 795 000 kronor` leaves 10 000 kr too much.

use super::reconcile::{is_one_slip, is_telling};
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Kind, Paper};
use std::ops::Range;

/// How words of what is left begin.
const LEFT: [&str; 8] =
    ["återst", "kvarst", "kvar", "resterande", "outnyttja", "ofördela", "rest", "disponera"];
/// How words of what was used begin.
const USED: [&str; 22] = [
    "förbruk",
    "använ",
    "utnyttj",
    "utbetal",
    "betala",
    "rekvire",
    "upparbet",
    "anspråk",
    "nyttja",
    "fördela",
    "bevilja",
    "dispone",
    "disposition",
    "beslut",
    "avropa",
    "bund",
    "inteckna",
    "gått",
    "kost",
    "tagits",
    "uttag",
    "ianspråk",
];
/// How words of what is given begin.
const GIVES: [&str; 4] = ["bevilja", "fördela", "tilldela", "bidrag"];
/// Words of an amount that is all that could be used.
const HAD: [&str; 18] = [
    "finns",
    "avsatt",
    "alltså",
    "totalt",
    "sammanlagt",
    "disponera",
    "disponerade",
    "tillsammans",
    "disponerar",
    "anslag",
    "anslaget",
    "ramen",
    "ram",
    "budget",
    "bidrag",
    "bidraget",
    "överskott",
    "uppgår",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.told().filter_map(|at| of_rest(paper, at).or_else(|| left_over(paper, at))).collect()
}

fn begins(paper: &Paper, range: &Range<usize>, all: &[&str]) -> bool {
    paper.tokens_in(range).iter().any(|token| {
        token.kind == Kind::Word && all.iter().any(|begin| token.text.starts_with(begin))
    })
}

fn of_rest(paper: &Paper, at: usize) -> Option<Remark> {
    const AROUND: usize = 40;
    const CONCLUDES: [&str; 4] = ["därmed", "alltså", "således", "följaktligen"];
    const LEADS: [&str; 6] = ["efter", "sedan", "då", "därefter", "av", "med"];
    const OTHER: [&str; 5] = ["förra", "föregående", "fjol", "tidigare", "fjolårets"];
    let amount = paper.amounts().get(at).filter(|amount| amount.per.is_none() && !amount.is_cap)?;
    let sentence = paper.sentence(amount.tokens.0);
    let clause = paper.clause(at);
    // "Av förra årets medel återstod" is of other money than what was used.
    let around_it = sentence.start..sentence.end.min(amount.tokens.1 + 6);
    let concludes = paper.has_word(&around_it, &CONCLUDES);
    let follows =
        (concludes || paper.has_word(&around_it, &LEADS)) && !paper.has_word(&around_it, &OTHER);
    let near =
        clause.start.max(amount.tokens.0.saturating_sub(8))..clause.end.min(amount.tokens.1 + 4);
    if !follows || paper.is_crowded(&sentence) || !begins(paper, &near, &LEFT) {
        return None;
    }
    let block = paper.block_at(amount.tokens.0)?.tokens.clone();
    let of_decision = begins(paper, &around_it, &["beslut", "fördelning", "förslag"])
        && paper
            .tokens_in(&around_it)
            .first()
            .is_some_and(|first| first.is_one_of(&["efter", "med", "därefter", "genom"]));
    let section = super::product::section(paper, amount.tokens.0)?;
    let rest = Value::of(paper, at);
    let plain = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|one| one.per.is_none() && one.amount > Money::ZERO)
    };
    let around = (at.saturating_sub(AROUND)..paper.amounts_in(&block).end).filter(|one| *one != at);
    let around: Vec<Value> = around.filter(plain).map(|at| Value::of(paper, at)).collect();
    let here = paper.amounts_in(&block).filter(|one| *one != at);
    let here: Vec<Value> = here.filter(plain).map(|at| Value::of(paper, at)).collect();
    if !rest.is_exact() || rest.printed <= 0 || is_right(&rest, &around, &here) {
        return None;
    }
    // What was used is said before it in the paragraph, and is no part of what another amount was used for.
    let is_used = |other: &usize| {
        paper.amounts().get(*other).is_some_and(|one| {
            let clause = paper.clause(*other);
            let is_part = paper.has_word(&(clause.start..one.tokens.0), &["varav", "därav"]);
            let said = paper.sentence(one.tokens.0);
            !is_part && begins(paper, &said, &USED) && one.amount.ore() != rest.printed
        })
    };
    let before = paper.amounts_in(&(block.start..amount.tokens.0));
    let used: Vec<usize> = before.filter(plain).filter(is_used).collect();
    // Elsewhere the amount must be told to be what there was, or in the word that the rest is of: "av budgeten".
    let of = sentence.clone().find(|at| paper.tokens.get(*at).is_some_and(|token| token.is("av")));
    let of = of
        .and_then(|at| paper.tokens.get(at + 1))
        .map(|token| token.text.chars().take(5).collect::<String>());
    let is_meant = |whole: &Value| {
        let had = whole.of.first().and_then(|at| paper.amounts().get(*at));
        had.is_some_and(|had| {
            let said = paper.sentence(had.tokens.0);
            let is_told = had.is_total || paper.has_word(&said, &HAD);
            let is_named =
                of.as_ref().is_some_and(|of| of.len() > 4 && begins(paper, &said, &[of]));
            block.contains(&had.tokens.0)
                || is_named
                || ((concludes || of_decision) && is_told && section.contains(&had.tokens.0))
        })
    };
    let whole_of = |used: &Value| {
        let left = |whole: &Value| whole.printed - used.printed;
        let is_near = |whole: &&Value| {
            let can = whole.printed > used.printed && whole.is_exact() && used.is_exact();
            can && is_slip(left(whole), rest.printed)
        };
        around.iter().rev().filter(is_near).find(|whole| is_meant(whole)).cloned()
    };
    // "Efter detta beslut återstår": what the text gives in all, wherever it says so.
    let given = (0..paper.amounts().len()).filter(|other| {
        let one = paper.amounts().get(*other);
        let is_sum = one.is_some_and(|one| {
            let in_table = paper.table_of(one.tokens.0).is_some();
            one.is_total && (in_table || begins(paper, &paper.sentence(one.tokens.0), &GIVES))
                || in_table && is_total_row(paper, *other)
        });
        *other != at && is_sum && plain(other)
    });
    let given: Vec<usize> = if of_decision { given.collect() } else { Vec::new() };
    let all = used.iter().rev().chain(given.iter()).map(|at| Value::of(paper, *at));
    // "Genom tidigare beslut har A beviljats. Efter detta beslut återstår": both are used.
    let both = given.iter().flat_map(|one| used.iter().map(move |other| (one, other)));
    let both = both
        .filter_map(|(one, other)| Value::sum(&[Value::of(paper, *one), Value::of(paper, *other)]));
    let (used_up, whole) = all
        .chain(both)
        .find_map(|used| Some((whole_of(&used)?, used)))
        .map(|(whole, used)| (used, whole))?;
    let had = paper.amounts().get(*whole.of.first()?)?;
    let is_said = had.is_total || paper.has_word(&paper.sentence(had.tokens.0), &HAD);
    let severity = if is_said { Severity::Error } else { Severity::Warning };
    let left = whole.printed - used_up.printed;
    let (difference, ..) = rest.minus(&Value::bare(left));
    let shown = |ore: i64| Money::from_ore(ore);
    let (had, used, said, is) =
        (shown(whole.printed), shown(used_up.printed), shown(rest.printed), shown(left));
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

/// "15 000 000 kronor att fördela. Av dem fördelas 14 150 000 kronor", and elsewhere "de resterande 650 000 kronorna".
fn left_over(paper: &Paper, at: usize) -> Option<Remark> {
    let rest = paper.amounts().get(at).filter(|one| one.per.is_none() && !one.is_cap)?;
    let is_left = paper
        .before(rest, 2)
        .iter()
        .any(|token| token.is_one_of(&["resterande", "återstående", "kvarvarande"]));
    if !is_left {
        return None;
    }
    const MOST: usize = 120;
    let all: Vec<usize> = paper.told().filter(|other| *other != at).take(MOST).collect();
    let ore = |at: usize| Value::of(paper, at).printed;
    let left = ore(at);
    let fits = all.iter().any(|one| all.iter().any(|other| ore(*one) - ore(*other) == left));
    if fits || left <= 0 {
        return None;
    }
    // What is used of what there is, said right after it.
    let pair = all.windows(2).find(|two| {
        let [whole, used] = two else { return false };
        let (Some(a), Some(b)) = (paper.amounts().get(*whole), paper.amounts().get(*used)) else {
            return false;
        };
        let sentence = paper.sentence(b.tokens.0);
        let opens = paper.tokens_in(&(sentence.start..sentence.start + 2));
        let is_of = matches!(opens, [of, these] if of.is("av") && these.is_one_of(&["dem", "dessa", "detta"]));
        let is_plain = a.per.is_none() && b.per.is_none() && !b.is_cap;
        let is_one = paper.amounts_in(&sentence).len() == 1
            && paper.sentence(sentence.start.saturating_sub(1)).contains(&a.tokens.0);
        is_of && is_plain && is_one && is_one_slip(ore(*whole) - ore(*used), left)
    })?;
    let [whole, used] = pair else { return None };
    let right = Money::from_ore(ore(*whole) - ore(*used));
    let [had, gone, said] = [*whole, *used, at].map(|at| Money::from_ore(ore(at)));
    let text = Text::new(
        format!("av {had} är {gone} använt och {right} kvar, men texten säger {said}"),
        format!("of {had} {gone} is used and {right} left, but the text says {said}"),
    );
    let spans =
        [*whole, *used, at].into_iter().filter_map(|at| Some(paper.amounts().get(at)?.span));
    Some(
        Remark::new(Doubt::SumDiffers, Severity::Error, text, spans.collect()).off_by(said - right),
    )
}

/// Whether an amount stands in a row that sums others.
fn is_total_row(paper: &Paper, at: usize) -> bool {
    let Some(amount) = paper.amounts().get(at) else { return false };
    paper.table_of(amount.tokens.0).and_then(|table| paper.tables.get(table)).is_some_and(|table| {
        table.sum_row().is_some_and(|row| {
            (0..row.cells.len())
                .any(|column| super::table::amount_in(paper, row, column) == Some(at))
        })
    })
}

/// Whether a rest is one slip from another, and by little where it has but two digits: else that may be by chance.
fn is_slip(left: i64, rest: i64) -> bool {
    let is_little = left.abs_diff(rest) <= rest.unsigned_abs() / 5;
    let tells = left.to_string().trim_end_matches('0').len() >= 2;
    is_one_slip(left, rest) && (is_telling(left) || (tells && is_little))
}

/// Whether what is left is what lies between two amounts around it, of which one stands in its paragraph, or between one and some that
/// stand beside one another there.
fn is_right(rest: &Value, around: &[Value], here: &[Value]) -> bool {
    const MOST: usize = 6;
    let is_left = |whole: &Value, used: &Value| {
        let (_, low, high) = whole.minus(used);
        low.ore() <= rest.high && rest.low <= high.ore()
    };
    let runs = (0..here.len()).flat_map(|from| {
        let all = (1..=MOST).filter_map(move |count| here.get(from..from + count));
        all.filter_map(Value::sum)
    });
    let is_used = |used: &Value| around.iter().any(|whole| is_left(whole, used));
    let is_whole = |whole: &Value| around.iter().any(|used| is_left(whole, used));
    runs.into_iter().any(|used| is_used(&used)) || here.iter().any(is_whole)
}
