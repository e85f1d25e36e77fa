//! The figure of a heading or a summary against the text below it.
//!
//! Owns: figures that stand nowhere else, where the text has another that they are a slip of, and a result that the table gives
//! otherwise. Does not own: one thing named in the same words (`subject`), nor figures to the krona (`alike`).
//!
//! `Regionen satsar 85 miljoner kronor` over `Av satsningen om 58 miljoner går 31 till A, 18 till B och 9 till C` has two digits
//! swapped.

use super::Remark;
use super::gathered::Gathered;
use super::reconcile::{is_one_slip, is_telling};
use super::table::amount_in;
use super::twice::remark;
use crate::finding::Severity;
use crate::paper::layout::{Block, BlockKind};
use crate::paper::table::Row;
use crate::paper::{Amount, Kind, Paper, Table, Token, twin};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    const MOST: usize = 40;
    let alone: Vec<usize> = paper.told().filter(|at| is_alone(paper, *at)).take(MOST * 2).collect();
    let told = |at: &usize| {
        let at = *at;
        let is_lead = place(paper, at).is_some();
        let of_lead = || result(paper, at).or_else(|| whole(paper, at)).filter(|_| is_lead);
        let other =
            of_lead().or_else(|| swapped(paper, at, is_lead)).or_else(|| shifted(paper, at))?;
        Some(remark(paper, gathered, at.min(other), at.max(other), Severity::Warning))
    };
    let mut remarks: Vec<Remark> = alone.iter().filter_map(told).take(MOST).collect();
    remarks.extend(tenfold(paper, gathered));
    remarks
}

/// Where a figure leads a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In one of its first headings.
    Heading,
    /// In its summary, or the first paragraph under its title.
    Summary,
}

fn place(paper: &Paper, at: usize) -> Option<Place> {
    const FIRST: usize = 12;
    const SUMMARIES: [&str; 8] = [
        "sammanfattning",
        "korthet",
        "kort",
        "ingress",
        "inledning",
        "sammanfattande",
        "huvudpunkter",
        "läget",
    ];
    let amount = paper.amounts().get(at)?;
    let layout = paper.layout();
    let block = layout.block_of(amount.tokens.0)?;
    if paper.block(block)?.kind == BlockKind::Heading {
        return (block < FIRST).then_some(Place::Heading);
    }
    let is_summary = |block: &Block| paper.has_word(&block.tokens, &SUMMARIES);
    let heading = layout.heading_of(block).and_then(|at| paper.block(at));
    // "1. Sammanfattning" may be read as an item.
    const SHORT: usize = 5;
    let above = (block.saturating_sub(SHORT)..block).rev().filter_map(|at| paper.block(at));
    let short = above.into_iter().find(|block| block.tokens.len() <= SHORT);
    let is_of_it = short.map_or_else(|| heading.is_some_and(is_summary), is_summary);
    is_of_it.then_some(Place::Summary)
}

/// Whether no other amount of the text is the same, whatever its sign, or the same more coarsely or finely.
fn is_alone(paper: &Paper, at: usize) -> bool {
    let Some(amount) = paper.amounts().get(at) else { return false };
    let plain = amount.precision == crate::fact::Precision::Exact && !amount.is_each;
    let is_same = |(other, one): (usize, &Amount)| other != at && is_one(amount, one);
    plain && !paper.amounts().iter().enumerate().any(is_same)
}

fn is_one(a: &Amount, b: &Amount) -> bool {
    let (x, y) = (a.amount.ore().abs(), b.amount.ore().abs());
    let unit = a.last_digit.ore().max(b.last_digit.ore());
    x == y || (x.abs_diff(y) * 2 <= unit.unsigned_abs() && a.last_digit != b.last_digit)
}

/// A figure of the text below with two neighbouring digits the other way round, in a sentence or a row that speaks of the same.
fn swapped(paper: &Paper, at: usize, is_lead: bool) -> Option<usize> {
    let lead = paper.amounts().get(at).filter(|lead| is_telling(lead.amount.ore()))?;
    let own = words_of(paper, at);
    let is_other = |at: usize| is_of_other(paper, at) || is_compared(paper, at);
    if !is_lead && is_other(at) {
        return None;
    }
    // Of what stands in the midst of a text two things must be the same.
    let least = if is_lead { 1 } else { 2 };
    let is_slip = |other: &usize| {
        paper.amounts().get(*other).is_some_and(|one| {
            let (x, y) = (lead.amount.ore().abs(), one.amount.ore().abs());
            let is_apart = is_below(paper, at, *other) || (!is_lead && is_below(paper, *other, at));
            is_one_slip(x, y) && digits(x) == digits(y) && is_apart
        })
    };
    let alike: Vec<usize> = (0..paper.amounts().len()).filter(is_slip).collect();
    let values: BTreeSet<i64> = alike
        .iter()
        .filter_map(|at| paper.amounts().get(*at))
        .map(|one| one.amount.ore().abs())
        .collect();
    let is_of_it = |other: &&usize| {
        let words = words_of(paper, **other);
        let common = own.iter().filter(|word| words.contains(*word)).count();
        common >= least && (is_lead || !is_other(**other))
    };
    alike.iter().find(is_of_it).copied().filter(|_| values.len() == 1)
}

fn digits(ore: i64) -> Vec<char> {
    let mut digits: Vec<char> = ore.to_string().chars().collect();
    digits.sort_unstable();
    digits
}

/// Whether an amount stands after the lead in another block, and not of another year.
fn is_below(paper: &Paper, lead: usize, other: usize) -> bool {
    let (Some(a), Some(b)) = (paper.amounts().get(lead), paper.amounts().get(other)) else {
        return false;
    };
    let block = |amount: &Amount| paper.layout().block_of(amount.tokens.0);
    let (of, of_other) = (paper.years_of(lead), paper.years_of(other));
    let is_per = |amount: &Amount| amount.per.as_deref().is_none_or(|per| per == "år");
    let is_other_year = !of.is_empty() && !of_other.is_empty() && of != of_other;
    a.tokens.0 < b.tokens.0 && block(a) != block(b) && is_per(a) && is_per(b) && !is_other_year
}

/// What a sentence or a row speaks of, as stems; a result is one thing whether it is a deficit or a surplus.
fn words_of(paper: &Paper, at: usize) -> BTreeSet<String> {
    const STEM: usize = 5;
    const SILENT: [&str; 21] = [
        "miljon", "krono", "total", "sammanl", "beräkn", "uppgår", "uppgic", "region", "nämnd",
        "förvalt", "motsvar", "föresl", "besluta", "jämför", "period", "under", "totalt", "enligt",
        "tilldel", "belopp", "mellan",
    ];
    let Some(amount) = paper.amounts().get(at) else { return BTreeSet::new() };
    let sentence = paper.sentence(amount.tokens.0);
    let tokens = paper.tokens_in(&sentence).iter().enumerate();
    let telling = tokens.filter(|(at, token)| {
        let is_short_name = *at > 0
            && token.text.chars().count() > 1
            && token.is_capital
            && is_capitals(paper, token);
        token.kind == Kind::Word && (is_short_name || token.text.chars().count() >= STEM)
    });
    let stem = |token: &Token| {
        if ["undersk", "övers", "result"].iter().any(|begin| token.text.starts_with(begin)) {
            return "resultat".to_owned();
        }
        token.text.chars().take(STEM).collect::<String>()
    };
    let said = |token: &&Token| !SILENT.iter().any(|word| token.text.starts_with(word));
    telling.map(|(_, token)| token).filter(said).map(stem).collect()
}

fn is_capitals(paper: &Paper, token: &Token) -> bool {
    paper.text(token.span).chars().all(char::is_uppercase)
}

/// Whether an amount is told of another time, of more, of a part or of what somebody wants.
fn is_of_other(paper: &Paper, at: usize) -> bool {
    const OTHER: [&str; 22] = [
        "tidigare",
        "föregående",
        "förra",
        "ytterligare",
        "därutöver",
        "dessutom",
        "utöver",
        "fjol",
        "yrkar",
        "yrkade",
        "yrkande",
        "begär",
        "begärde",
        "ansöker",
        "ansökt",
        "ansökte",
        "sökt",
        "söker",
        "prognos",
        "utfall",
        "halvåret",
        "kvartalet",
    ];
    let Some(amount) = paper.amounts().get(at) else { return true };
    let sentence = paper.sentence(amount.tokens.0);
    paper.has_word(&sentence, &OTHER)
        || paper.has_word(&(sentence.start..amount.tokens.0), &["varav", "därav"])
}

/// Whether a sentence speaks of two times or of a change.
fn is_compared(paper: &Paper, at: usize) -> bool {
    const COMPARES: [&str; 18] = [
        "än",
        "jämfört",
        "höjs",
        "höjdes",
        "sänks",
        "ökar",
        "ökade",
        "ökat",
        "minskar",
        "minskade",
        "minskat",
        "fjol",
        "var",
        "uppgick",
        "blev",
        "till",
        "respektive",
        "skillnad",
    ];
    let amount = paper.amounts().get(at);
    amount.is_none_or(|amount| {
        let near = amount.tokens.0.saturating_sub(1)..amount.tokens.0;
        let sentence = paper.sentence(amount.tokens.0);
        let other = COMPARES.iter().copied().filter(|word| *word != "till").collect::<Vec<&str>>();
        paper.has_word(&near, &["till", "från"]) || paper.has_word(&sentence, &other)
    })
}

/// The same digits in thousands in one place and in millions in another.
fn shifted(paper: &Paper, at: usize) -> Option<usize> {
    let lead = paper
        .amounts()
        .get(at)
        .filter(|lead| is_telling(lead.amount.ore()) && lead.per.is_none())?;
    let sentence = paper.sentence(lead.tokens.0);
    let near = lead.tokens.0.saturating_sub(1)..lead.tokens.0;
    let next = lead.tokens.1 + 1..lead.tokens.1 + 2;
    // So much for each of a thousand is another thing.
    let is_rate = paper.has_word(&near, &["à", "á"])
        || paper.has_word(&next, &["per", "styck", "vardera"])
        || paper.has_word(&sentence, &["tusen", "promille", "vardera"])
        || paper.counts_in(&sentence).iter().any(|count| count.number == 1_000);
    let ore = lead.amount.ore().abs();
    let is_it = |other: &usize| {
        paper.amounts().get(*other).is_some_and(|one| {
            let (x, y) = (ore.max(one.amount.ore().abs()), ore.min(one.amount.ore().abs()));
            // A row of a table may have been read in the wrong unit.
            let is_apart =
                paper.sentence(one.tokens.0) != sentence && !is_in_small_column(paper, one);
            y > 0
                && y.checked_mul(1_000) == Some(x)
                && one.per.is_none()
                && is_apart
                && lead.last_digit != one.last_digit
        })
    };
    let own = words_of(paper, at);
    let speaks = |other: &usize| words_of(paper, *other).iter().any(|word| own.contains(word));
    (!is_rate).then(|| (0..paper.amounts().len()).filter(is_it).find(speaks))?
}

/// Whether an amount is a cell without a unit of its own in kronor: its column may well be of thousands.
fn is_in_small_column(paper: &Paper, amount: &Amount) -> bool {
    paper.table_of(amount.tokens.0).is_some() && amount.last_digit.ore() == 100
}

/// The largest figure of the text, in a heading, against the next largest, which the text divides.
fn whole(paper: &Paper, at: usize) -> Option<usize> {
    let lead = paper.amounts().get(at)?;
    if place(paper, at) != Some(Place::Heading) || lead.is_cap {
        return None;
    }
    let ore = |at: usize| paper.amounts().get(at).map_or(0, |one| one.amount.ore());
    let others: Vec<usize> = paper.told().filter(|other| is_below(paper, at, *other)).collect();
    let largest = *others.iter().max_by_key(|other| ore(**other))?;
    let is_rest_smaller = others.iter().all(|other| ore(*other) <= ore(largest).min(ore(at)));
    let near = ore(at).abs_diff(ore(largest)) * 4 <= ore(at).unsigned_abs();
    let same_size = ore(at).to_string().len() == ore(largest).to_string().len();
    let is_slip = is_one_slip(ore(at), ore(largest)) && digits(ore(at)) == digits(ore(largest));
    // What is less than it by another figure of the text is a part of it.
    let apart = ore(at).abs_diff(ore(largest));
    if others.iter().any(|other| ore(*other).unsigned_abs() == apart) {
        return None;
    }
    let is_only_lead = paper.amounts_in(&paper.block_at(lead.tokens.0)?.tokens).len() == 1;
    let fits = is_only_lead && is_rest_smaller && same_size && (near || is_slip);
    (fits && divides(paper, largest)).then_some(largest)
}

/// Whether the text divides an amount in its sentence or in the list that follows it, so that the parts are the whole.
fn divides(paper: &Paper, at: usize) -> bool {
    let Some(amount) = paper.amounts().get(at) else { return false };
    let sentence = paper.sentence(amount.tokens.0);
    let ore = |at: usize| paper.amounts().get(at).map_or(0, |one| one.amount.ore());
    let block = paper.layout().block_of(amount.tokens.0);
    let list = paper.layout().lists.iter().find(|list| list.intro.is_some() && list.intro == block);
    let in_list: i64 = list.map_or(0, |list| {
        let own = |item: &crate::paper::layout::Item| {
            item.own.iter().find_map(|range| paper.amounts_in(range).next()).map_or(0, ore)
        };
        list.items.iter().map(own).fold(0, i64::saturating_add)
    });
    let rest: i64 = paper
        .amounts_in(&sentence)
        .filter(|other| *other != at)
        .map(ore)
        .fold(0, i64::saturating_add);
    let whole = ore(at);
    whole > 0 && (in_list == whole || rest == whole)
}

/// "Helårsprognosen är ett underskott på 34 mnkr", where the row of results of the only such table has another figure under its prognosis.
fn result(paper: &Paper, at: usize) -> Option<usize> {
    const RESULTS: [&str; 4] = ["underskott", "underskottet", "överskott", "överskottet"];
    const NEAR: usize = 5;
    let lead = paper.amounts().get(at)?;
    let sentence = paper.sentence(lead.tokens.0);
    let near = sentence.start.max(lead.tokens.0.saturating_sub(NEAR))..lead.tokens.0;
    let prognosis =
        |token: &Token| ["prognos", "helår"].iter().any(|part| token.text.contains(part));
    // The prognosis of somebody within is another.
    let names = paper.tokens_in(&(sentence.start + 1..sentence.end)).iter();
    let is_of_other = names.into_iter().any(|token| token.kind == Kind::Word && token.is_capital);
    let speaks = paper.has_word(&near, &RESULTS)
        && paper.tokens_in(&sentence).iter().any(prognosis)
        && place(paper, at) == Some(Place::Summary);
    if !speaks || is_of_other {
        return None;
    }
    let row_of = |table: &'_ Table| -> Option<(Vec<usize>, Vec<usize>)> {
        let is_result = |row: &&Row| {
            let label = paper.tokens_in(&row.label);
            label.len() <= 3 && label.iter().any(|token| token.text.ends_with("resultat"))
        };
        let row = table.rows.iter().rev().find(is_result)?;
        let cell = |column: usize| amount_in(paper, row, column);
        let all: Vec<usize> = (0..row.cells.len()).filter_map(cell).collect();
        let is_prognosis = |column: &usize| {
            let noun = table.columns.get(*column).and_then(|column| column.noun.as_deref());
            noun.is_some_and(|noun| noun.contains("prognos"))
        };
        let columns = (0..row.cells.len()).filter(is_prognosis);
        Some((all, columns.filter_map(cell).collect()))
    };
    let rows: Vec<(Vec<usize>, Vec<usize>)> = paper.tables.iter().filter_map(row_of).collect();
    let [(all, prognoses)] = &rows[..] else { return None };
    // Without headings, what the text below says of the prognosis tells which cell it is.
    let is_told = |cell: &&usize| {
        let said = |other: usize| {
            paper.amounts().get(other).zip(paper.amounts().get(**cell)).is_some_and(
                |(one, cell)| {
                    let sentence = paper.sentence(one.tokens.0);
                    is_one(one, cell) && paper.tokens_in(&sentence).iter().any(prognosis)
                },
            )
        };
        paper.told().any(said)
    };
    let by_text: Vec<usize> = all.iter().filter(is_told).copied().collect();
    let chosen = if prognoses.is_empty() { &by_text } else { prognoses };
    let [cell] = chosen[..] else { return None };
    let is_it = |other: &usize| paper.amounts().get(*other).is_some_and(|one| is_one(lead, one));
    let (said, shown) = (lead.amount.ore().abs(), paper.amounts().get(cell)?.amount.ore().abs());
    let is_alike = said < shown.saturating_mul(2) && shown < said.saturating_mul(2);
    (is_alike && !all.iter().any(is_it)).then_some(cell)
}

/// "den andra rekvisitionen på 545 000 kronor" after "den andra rekvisitionen avsåg 5 450 000 kronor": a digit too few or too many.
fn tenfold(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    const TELLING: usize = 3;
    let led = paper.told().filter_map(|at| Some((at, led_by(paper, at)?)));
    let told = led.filter_map(|(at, noun)| {
        let amount = paper.amounts().get(at)?;
        let ore = amount.amount.ore();
        let telling = ore.to_string().trim_end_matches('0').len() >= TELLING && is_alone(paper, at);
        let sentence = paper.sentence(amount.tokens.0);
        let block = paper.layout().block_of(amount.tokens.0)?;
        let section = paper.layout().section(block);
        let is_plain = |range: &Range<usize>| {
            paper.shares_in(range).is_empty()
                && !paper.has_word(range, &["per", "varje", "vardera", "styck"])
        };
        let is_ten = |other: &usize| {
            paper.amounts().get(*other).is_some_and(|one| {
                let (x, y) = (ore.max(one.amount.ore()), ore.min(one.amount.ore()));
                let own = paper.sentence(one.tokens.0);
                let speaks =
                    paper.tokens_in(&own).iter().any(|token| twin::is_one_word(&token.text, &noun));
                let of = paper.layout().block_of(one.tokens.0);
                let is_near = of.is_some_and(|of| section.contains(&of));
                y > 0
                    && y.checked_mul(10) == Some(x)
                    && own != sentence
                    && is_near
                    && one.per.is_none()
                    && (speaks || before_speaks(paper, &own, &noun))
                    && is_plain(&own)
            })
        };
        let fits = telling && amount.per.is_none() && is_plain(&sentence);
        let other = paper.told().find(|other| fits && is_ten(other))?;
        Some(remark(paper, gathered, at.min(other), at.max(other), Severity::Warning))
    });
    told.take(4).collect()
}

/// Whether the sentence before one, of the same paragraph, speaks of a noun: "Den andra kom in … och avsåg …".
fn before_speaks(paper: &Paper, sentence: &Range<usize>, noun: &str) -> bool {
    let before = sentence.start.checked_sub(1).map_or(0..0, |at| paper.sentence(at));
    paper.tokens_in(&before).iter().any(|token| twin::is_one_word(&token.text, noun))
}

/// The definite noun that an amount is led by: "rekvisitionen på".
fn led_by(paper: &Paper, at: usize) -> Option<String> {
    const LONG: usize = 8;
    let amount = paper.amounts().get(at)?;
    let [.., noun, link] = paper.before(amount, 3) else { return None };
    let is_led = link.is_one_of(&["på", "om"]) && noun.kind == Kind::Word;
    let is_definite = ["en", "et"].iter().any(|end| noun.text.ends_with(end));
    (is_led && is_definite && noun.text.chars().count() >= LONG).then(|| noun.text.clone())
}
