//! A change that is told by its size, by its percentage or by both, against the two numbers that it lies between.
//!
//! Owns: sentences that say all of it in any order, and what is said of a change in another sentence than its ends. Does not own: raises
//! that name only one end (`raise`), nor rows of tables (`raised_row`).
//!
//! `från 2 140 kronor till 2 290 kronor, det vill säga med 150 kronor eller 9 procent` is 7 percent.

use super::figures::Figure;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::{Kind, Paper, Share, Span, Token};
use std::ops::Range;

/// How words of growth begin.
const UP: [&str; 12] = [
    "ök",
    "höj",
    "uppräkn",
    "räkna",
    "steg",
    "stig",
    "växt",
    "växer",
    "fler",
    "dyrare",
    "tillväxt",
    "mer",
];
/// How words of a fall begin.
const DOWN: [&str; 9] =
    ["sänk", "minsk", "sjönk", "sjunk", "färre", "billigare", "nedgång", "gått", "mindre"];
/// Words right after a number that say that it is a difference.
const MORE: [&str; 8] = ["fler", "färre", "mer", "mindre", "högre", "lägre", "dyrare", "billigare"];

pub(super) fn check(paper: &Paper, told: &[Remark]) -> Vec<Remark> {
    // Of very many the first are looked at.
    const MOST: usize = 2_000;
    let is_told = |place: Span| told.iter().any(|remark| remark.places.contains(&place));
    let mut remarks = Vec::new();
    for share in paper.shares.iter().take(MOST) {
        if paper.table_of(share.tokens.0).is_none() && !is_told(share.noted.span) {
            remarks.extend(by_percent(paper, share).or_else(|| by_both(paper, share)));
        }
    }
    let is_by = |remark: &Remark| !remark.places.iter().any(|at| is_told(*at));
    for at in paper.told().take(MOST) {
        remarks.extend(by_amount(paper, at).filter(|one| {
            !told
                .iter()
                .any(|other| one.places.iter().filter(|at| other.places.contains(at)).count() > 1)
        }));
    }
    for at in paper.places_of("från").take(MOST) {
        remarks.extend(by_number_from(paper, at).filter(is_by));
    }
    for at in paper.places_of("fler").chain(paper.places_of("färre")) {
        remarks
            .extend(by_number(paper, at).filter(|one| !one.places.iter().any(|at| is_told(*at))));
    }
    remarks
}

fn begins(token: &Token, all: &[&str]) -> bool {
    token.kind == Kind::Word && all.iter().any(|begin| token.text.starts_with(begin))
}

/// Whether a word of the tokens, the nearest to their end, says that something grows or falls.
fn direction(paper: &Paper, range: &Range<usize>) -> Option<bool> {
    let words = paper.tokens_in(range).iter().rev();
    let said = words.filter(|token| token.text.chars().count() > 3 || token.text.starts_with("ök"));
    let mut said = said.filter_map(|token| {
        if begins(token, &UP) { Some(true) } else { begins(token, &DOWN).then_some(false) }
    });
    said.next()
}

/// The two ends of a change.
struct Ends {
    from: Figure,
    to: Figure,
}

/// Whether only what leaves a sentence whole stands between two tokens: no comma, no other number.
fn is_unbroken(paper: &Paper, range: &Range<usize>, most: usize) -> bool {
    let stops = |token: &Token| matches!(token.kind, Kind::Mark('.' | ';' | ':'));
    range.len() <= most && !paper.tokens_in(range).iter().any(stops)
}

/// "från A till B" of some tokens.
fn from_to(paper: &Paper, range: &Range<usize>) -> Option<Ends> {
    const NEAR: usize = 9;
    let is = |at: usize, word: &str| paper.tokens.get(at).is_some_and(|token| token.is(word));
    let past = |at: usize| {
        at + usize::from(
            paper
                .tokens
                .get(at)
                .is_some_and(|token| begins(token, &["knappt", "drygt", "cirka", "ca"])),
        )
    };
    let mut all = range.clone().filter(|at| is(*at, "från")).filter_map(|at| {
        let from = Figure::at(paper, past(at + 1))?;
        let start = from.tokens.1 + 1;
        let link = (start..range.end.min(start + NEAR))
            .find(|at| is(*at, "till") && Figure::at(paper, past(at + 1)).is_some())?;
        let to = Figure::at(paper, past(link + 1))?;
        let is_one = is_unbroken(paper, &(start..link), NEAR)
            && Figure::all(paper, &(start..link)).is_empty();
        (is_one && from.is_like(&to)).then_some(Ends { from, to })
    });
    // Of several no one is meant.
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// "A … jämfört med B" of some tokens: the number before is what it has become.
fn compared(paper: &Paper, range: &Range<usize>) -> Option<Ends> {
    const NEAR: usize = 8;
    let is = |at: usize, words: &[&str]| {
        paper.tokens.get(at).is_some_and(|token| token.is_one_of(words))
    };
    let link = range
        .clone()
        .find(|at| is(*at, &["jämfört"]) && is(*at + 1, &["med"]) || is(*at, &["mot"]))?;
    let to = Figure::all(paper, &(range.start..link)).pop().filter(|one| one.amount.is_some())?;
    let after = Figure::all(paper, &(link + 1..range.end.min(link + NEAR)));
    let from = after.into_iter().next().filter(|one| one.amount.is_some())?;
    let is_one = is_unbroken(paper, &(to.tokens.1 + 1..link), 2 * NEAR);
    // "en ökning med 1,2 mkr jämfört med 22,8 mkr" is the change itself.
    let before = to.tokens.0.saturating_sub(1)..to.tokens.0;
    let is_by = paper.has_word(&before, &["med", "på"])
        && direction(paper, &(range.start..to.tokens.0)).is_some();
    (is_one && !is_by && from.per(paper) == to.per(paper)).then_some(Ends { from, to })
}

/// "A. … minskar med P procent, till B": the only amount of the clause before, of the sentence or of the one before it.
fn becomes(paper: &Paper, share: &Share, sentence: &Range<usize>) -> Option<Ends> {
    const NEAR: usize = 5;
    let after = share.tokens.1 + 1..sentence.end.min(share.tokens.1 + 1 + NEAR);
    let to = Figure::all(paper, &after).into_iter().next().filter(|one| one.amount.is_some())?;
    let link = to.tokens.0.checked_sub(1)?;
    let is_to = paper.has_word(&(link..link + 1), &["till", "blir"]);
    let only = |range: Range<usize>| {
        let found = paper.amounts_in(&range);
        (found.len() == 1).then_some(found.start).and_then(|at| Figure::of(paper, at))
    };
    let earlier = || {
        let block = paper.block_at(sentence.start)?;
        let before = paper.sentence(sentence.start.checked_sub(1)?);
        only(before.start.max(block.tokens.start)..before.end)
    };
    let here = sentence.start..share.tokens.0;
    let from = if paper.amounts_in(&here).is_empty() { earlier()? } else { only(here)? };
    (is_to && from.per(paper) == to.per(paper)).then_some(Ends { from, to })
}

/// "År 2023 var kostnaden A. År 2024 var den B, en ökning med P procent": the one amount of each sentence.
fn since(paper: &Paper, share: &Share, sentence: &Range<usize>) -> Option<Ends> {
    const NEAR: usize = 4;
    let only = |range: &Range<usize>| {
        let found = paper.amounts_in(range);
        (found.len() == 1).then_some(found.start).and_then(|at| Figure::of(paper, at))
    };
    let block = paper.block_at(sentence.start)?;
    let before = paper.sentence(sentence.start.checked_sub(1)?);
    let before = before.start.max(block.tokens.start)..before.end;
    let (from, to) = (only(&before)?, only(sentence)?);
    let between = to.tokens.1 + 1..share.tokens.0;
    let is_beside = between.len() <= NEAR + 2 && direction(paper, &between).is_some();
    let years = |range: &Range<usize>| crate::paper::years(paper.tokens_in(range));
    let (then, now) = (years(&before), years(sentence));
    let is_later = then.len() == 1 && now.len() == 1 && then.last() < now.first();
    (is_beside && is_later && from.per(paper) == to.per(paper)).then_some(Ends { from, to })
}

/// Whether a percentage is said to be of a change, and which way.
fn changes_by(paper: &Paper, share: &Share, sentence: &Range<usize>) -> Option<bool> {
    const NEAR: usize = 7;
    let next = paper.tokens.get(share.tokens.1 + 1);
    let is_of = next
        .is_some_and(|token| token.is_one_of(&["av", "varje", "per", "årligen", "om", "ränta"]));
    let before = sentence.start.max(share.tokens.0.saturating_sub(NEAR))..share.tokens.0;
    // "varav 2,5 procent är avtalsenliga", "mer än 10 procent"
    let is_aside = paper.has_word(&before, &["varav", "därav", "än"]);
    let links = ["med", "på", "om", "eller", "motsvarande", "motsvarar"];
    let by = paper.has_word(&before, &links)
        || paper.tokens_in(&before).last().is_some_and(|token| token.is_mark('('));
    let compares = next.is_some_and(|token| token.is_one_of(&MORE));
    let says = direction(paper, &(sentence.start..share.tokens.0));
    // "Stiger index med 4 procent höjs priset från A till B" speaks of another change.
    let from = (share.tokens.1 + 1..sentence.end)
        .find(|at| paper.tokens.get(*at).is_some_and(|token| token.is("från")));
    let is_other = from.is_some_and(|from| direction(paper, &(share.tokens.1 + 1..from)).is_some());
    if is_other {
        return None;
    }
    if is_of || is_aside || share.mantissa <= 0 {
        return None;
    }
    if compares {
        return next.map(is_up);
    }
    says.filter(|_| by)
}

fn is_up(more: &Token) -> bool {
    !more.is_one_of(&["lägre", "färre", "mindre", "billigare"])
}

fn by_percent(paper: &Paper, share: &Share) -> Option<Remark> {
    let sentence = paper.sentence(share.tokens.0);
    if paper.is_crowded(&sentence) || share.is_in_words {
        return None;
    }
    changes_by(paper, share, &sentence)?;
    let block = paper.block_at(share.tokens.0)?.tokens.clone();
    let earlier = sentence
        .start
        .checked_sub(1)
        .map(|at| paper.sentence(at))
        .filter(|one| one.start >= block.start);
    // Several percentages are of several changes.
    let only = paper.shares_in(&sentence).len() == 1;
    let near = from_to(paper, &sentence)
        .or_else(|| compared(paper, &sentence))
        .or_else(|| becomes(paper, share, &sentence))
        .or_else(|| since(paper, share, &sentence))
        .or_else(|| {
            earlier
                .as_ref()
                .and_then(|one| from_to(paper, one).or_else(|| compared(paper, one)))
                .filter(|_| points_back(paper, &sentence, share))
        });
    let is_derived = |ends: &Ends| share.is_about || ends.to.tokens.0 < share.tokens.0;
    let (ends, severity) = match near {
        Some(ends) if only => (ends, Severity::Error),
        None if only => (elsewhere(paper, share, &sentence)?, Severity::Warning),
        _ => return None,
    };
    let is_fit = ends.from.is_exact
        && ends.to.is_exact
        && ends.from.value > 0
        && ends.to.value > 0
        && ends.from.value != ends.to.value;
    if !is_fit || holds(share, &ends.from, &ends.to, is_derived(&ends)) {
        return None;
    }
    // Any other two numbers beside it may be what it is said of.
    let around = Figure::all(
        paper,
        &(earlier.map_or(sentence.start, |one| one.start)
            ..paper.sentence(sentence.end).end.min(block.end)),
    );
    let is_other = |from: &Figure| {
        around
            .iter()
            .any(|to| from.is_like(to) && from.value != to.value && holds(share, from, to, true))
    };
    if severity == Severity::Error && around.len() > 4 && around.iter().any(is_other) {
        return None;
    }
    Some(percent_differs(paper, share, &ends, severity))
}

/// "Det är en ökning med …": a sentence with no number of its own but the change.
fn points_back(paper: &Paper, sentence: &Range<usize>, share: &Share) -> bool {
    let first = paper.tokens_in(sentence).first();
    let opens = first.is_some_and(|token| {
        token.is_one_of(&[
            "det",
            "detta",
            "vilket",
            "höjningen",
            "ökningen",
            "minskningen",
            "sänkningen",
            "förändringen",
            "skillnaden",
        ])
    });
    let own = Figure::all(paper, &(sentence.start..sentence.end));
    opens && own.len() <= 1 && own.iter().all(|one| one.tokens.1 < share.tokens.0)
}

/// The only two ends of the text whose sentence has several words of this one.
fn elsewhere(paper: &Paper, share: &Share, sentence: &Range<usize>) -> Option<Ends> {
    const MOST: usize = 60;
    const LEAST: usize = 3;
    const BEGIN: usize = 5;
    let stem = |word: &str| word.chars().take(BEGIN).collect::<String>();
    let stems = |range: &Range<usize>| {
        let mut all: Vec<String> = paper.long_words(range, BEGIN).into_iter().map(stem).collect();
        all.retain(|one| !begins_so(one));
        all.sort();
        all.dedup();
        all
    };
    let by = paper.has_word(&(share.tokens.0.saturating_sub(1)..share.tokens.0), &["med", "på"]);
    if !by || !Figure::all(paper, sentence).is_empty() {
        return None;
    }
    let own = stems(sentence);
    let numbered =
        paper.places_of("från").take(MOST).filter(|at| Figure::at(paper, at + 1).is_some());
    let mut found = numbered.filter_map(|at| {
        let other = paper.sentence(at);
        let shared = stems(&other).iter().filter(|one| own.contains(one)).count();
        let is_free = paper.shares_in(&other).is_empty() && other != *sentence;
        (is_free && shared >= LEAST).then(|| from_to(paper, &other)).flatten()
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn begins_so(stem: &str) -> bool {
    UP.iter().chain(&DOWN).any(|begin| stem.starts_with(begin))
        || stem.starts_with("procent")
        || stem.starts_with("föres")
}

/// Whether a percentage is that of the change, to half a unit of its last digit or, where it is derived, to one.
fn holds(share: &Share, from: &Figure, to: &Figure, is_derived: bool) -> bool {
    let (parts, scale) = share.exactly();
    let unit = if is_derived { 10 } else { 6 };
    let apart = (to.value - from.value).abs();
    // In tenths of a unit of its last digit, and what the two may be rounded by.
    let Some(off) = apart.checked_mul(scale * 10).zip(from.value.checked_mul(parts * 10)) else {
        return true;
    };
    let unit_of = if share.parts.is_some() { scale / 100 } else { 1 };
    let slack = from.value * unit * unit_of.max(1) + (to.digit + from.digit) / 2 * scale * 10;
    let slack = if share.is_about { slack * 2 } else { slack };
    (off.0 - off.1).abs() <= slack
}

/// "har minskat med 9,7 mnkr, eller 15,7 procent": of the amount beside it and another of the text that is so much more.
fn by_both(paper: &Paper, share: &Share) -> Option<Remark> {
    const NEAR: usize = 3;
    const MOST: usize = 400;
    let sentence = paper.sentence(share.tokens.0);
    let up = changes_by(paper, share, &sentence)?;
    let by = paper.amounts_in(&(sentence.start..share.tokens.0)).next_back()?;
    let amount = paper.amounts().get(by)?;
    let between = amount.tokens.1 + 1..share.tokens.0;
    let links = |token: &Token| {
        matches!(token.kind, Kind::Mark(',' | '('))
            || token.is_one_of(&["eller", "motsvarande", "dvs"])
    };
    let is_beside = between.len() <= NEAR && paper.tokens_in(&between).iter().all(links);
    let is_by = paper.before(amount, 1).iter().any(|token| token.is_one_of(&["med", "på", "om"]));
    if !is_beside || !is_by || share.is_in_words || paper.amounts().len() > MOST {
        return None;
    }
    let size =
        |at: usize| paper.amounts().get(at).map_or(0, |one| one.amount.ore().saturating_abs());
    let earlier =
        sentence.start.checked_sub(1).map_or(sentence.start, |at| paper.sentence(at).start);
    let start = paper.block_at(sentence.start)?.tokens.start.max(earlier);
    let here = paper.amounts_in(&(start..sentence.end)).filter(|at| *at != by);
    let mut pairs = here.flat_map(|one| (0..paper.amounts().len()).map(move |other| (one, other)));
    let is_apart = |(one, other): &(usize, usize)| {
        *other != by && size(*one).abs_diff(size(*other)) == size(by).unsigned_abs()
    };
    let base =
        |(one, other): (usize, usize)| if (size(one) < size(other)) == up { one } else { other };
    let found: Vec<(usize, usize)> = pairs.by_ref().filter(is_apart).collect();
    let fits = |pair: &(usize, usize)| {
        let from = base(*pair);
        let to = if from == pair.0 { pair.1 } else { pair.0 };
        let (from, to) = (Figure::of(paper, from), Figure::of(paper, to));
        let both = from.zip(to).map(|(from, to)| {
            (Figure { value: from.value.abs(), ..from }, Figure { value: to.value.abs(), ..to })
        });
        both.is_none_or(|(from, to)| holds(share, &from, &to, true))
    };
    let pair = *found.first()?;
    // What is many times as much is of something else.
    let (parts, scale) = share.exactly();
    let is_near = |pair: &(usize, usize)| {
        let (said, is) = (i128::from(size(base(*pair))) * parts, i128::from(size(by)) * scale);
        said < is * 2 && is < said * 2
    };
    if found.iter().any(fits) || !is_near(&pair) {
        return None;
    }
    let from = Figure::of(paper, base(pair))?;
    let to = Figure::of(paper, if base(pair) == pair.0 { pair.1 } else { pair.0 })?;
    let (from, to) =
        (Figure { value: from.value.abs(), ..from }, Figure { value: to.value.abs(), ..to });
    let mut remark = percent_differs(paper, share, &Ends { from, to }, Severity::Warning);
    remark.places.push(amount.span);
    remark.places.sort();
    Some(remark)
}

fn percent_differs(paper: &Paper, share: &Share, ends: &Ends, severity: Severity) -> Remark {
    let said = words(&paper.text(share.noted.span));
    let (from, to) = (ends.from.span(paper), ends.to.span(paper));
    let (a, b) = (words(&paper.text(from)), words(&paper.text(to)));
    let tenths = ((ends.to.value - ends.from.value).abs() * 2_000 + ends.from.value)
        / (ends.from.value * 2).max(1);
    let right = format!("{},{}", tenths / 10, tenths % 10);
    let text = Text::new(
        format!("från `{a}` till `{b}` är {right} procent, men texten säger `{said}`"),
        format!("from `{a}` to `{b}` is {right} percent, but the text says `{said}`"),
    );
    let mut remark =
        Remark::new(Doubt::ChangeDiffers, severity, text, vec![from, to, share.noted.span]);
    remark.reconciles_by = Some(Text::new(
        format!("ändringen skrivs som {right} procent"),
        format!("the change is written as {right} percent"),
    ));
    remark
}

/// "A, jämfört med B i fjol. Det är en ökning med X".
fn by_amount(paper: &Paper, at: usize) -> Option<Remark> {
    let by = Figure::of(paper, at)?;
    let sentence = paper.sentence(by.tokens.0);
    let is_by = paper.has_word(&(by.tokens.0.saturating_sub(1)..by.tokens.0), &["med", "på"]);
    direction(paper, &(sentence.start..by.tokens.0)).filter(|_| is_by)?;
    let block = paper.block_at(sentence.start)?.tokens.clone();
    let earlier = paper.sentence(sentence.start.checked_sub(1)?);
    let start = earlier.start.max(block.start);
    let opens =
        paper.tokens_in(&sentence).first().is_some_and(|token| token.is_one_of(&["det", "detta"]));
    let is_only = paper.amounts_in(&sentence).len() == 1;
    let ends = compared(paper, &(start..earlier.end)).filter(|_| opens && is_only)?;
    let is_pair = paper.amounts_in(&(start..earlier.end)).len() == 2;
    let apart = (ends.to.value - ends.from.value).abs();
    let slack = ends.to.digit.max(ends.from.digit).max(by.digit);
    let is_exact = by.is_exact && ends.from.is_exact && ends.to.is_exact && ends.from.value > 0;
    let is_meant = by.value < apart * 3 && apart < by.value * 3;
    (is_pair && is_exact && is_meant && (apart - by.value).abs() > slack).then(|| {
        apart_differs(
            paper,
            &ends,
            &by,
            &crate::money::Money::from_ore(i64::try_from(apart).unwrap_or(0)).to_string(),
        )
    })
}

/// "ökade med N, från A till B".
fn by_number_from(paper: &Paper, from: usize) -> Option<Remark> {
    const NEAR: usize = 3;
    let sentence = paper.sentence(from);
    let by = Figure::all(paper, &(sentence.start..from))
        .pop()
        .filter(|one| one.amount.is_none() && one.is_exact)?;
    let before = by.tokens.0.saturating_sub(1)..by.tokens.0;
    let is_by = paper.has_word(&before, &["med"]) && from <= by.tokens.1 + NEAR;
    direction(paper, &(sentence.start..by.tokens.0)).filter(|_| is_by)?;
    let ends = from_to(paper, &(from..sentence.end))
        .filter(|ends| ends.from.amount.is_none() && ends.from.is_exact && ends.to.is_exact)?;
    let apart = (ends.to.value - ends.from.value).abs();
    let is_meant = by.value < apart * 3 && apart < by.value * 3;
    // "minskar med 5,5, från 92,5 till 98,0"
    let up = direction(paper, &(sentence.start..by.tokens.0));
    let is_other_way = up.is_some_and(|up| up != (ends.to.value > ends.from.value));
    if is_other_way && apart == by.value {
        let [a, b] = [&ends.from, &ends.to].map(|one| words(&paper.text(one.span(paper))));
        let text = Text::new(
            format!("från {a} till {b} är det tvärtom mot vad texten säger"),
            format!("from {a} to {b} it is otherwise than the text says"),
        );
        let places = vec![ends.from.span(paper), ends.to.span(paper), by.span(paper)];
        return Some(Remark::new(Doubt::ChangeDiffers, Severity::Error, text, places));
    }
    (is_meant && apart != by.value).then(|| apart_differs(paper, &ends, &by, &plain(apart)))
}

fn apart_differs(paper: &Paper, ends: &Ends, by: &Figure, right: &str) -> Remark {
    let (from, to, own) = (ends.from.span(paper), ends.to.span(paper), by.span(paper));
    let [a, b, said] = [from, to, own].map(|place| words(&paper.text(place)));
    let text = Text::new(
        format!("från {a} till {b} är {right}, men texten säger {said}"),
        format!("from {a} to {b} is {right}, but the text says {said}"),
    );
    Remark::new(Doubt::ChangeDiffers, Severity::Error, text, vec![from, to, own])
}

/// "från A till B, det vill säga N fler": a number of things that is no difference of any two beside it.
fn by_number(paper: &Paper, more: usize) -> Option<Remark> {
    let sentence = paper.sentence(more);
    let before = Figure::all(paper, &(sentence.start..more));
    let by = before.iter().rev().find(|one| one.tokens.1 + 1 == more)?;
    let ends = from_to(paper, &sentence).filter(|ends| ends.from.is_like(by))?;
    let all = Figure::all(paper, &sentence);
    let apart = |a: &Figure, b: &Figure| (a.value - b.value).abs();
    let is_right = |a: &Figure| all.iter().any(|b| a.is_like(b) && apart(a, b) == by.value);
    let is_exact = by.is_exact && ends.from.is_exact && ends.to.is_exact && by.amount.is_none();
    if !is_exact
        || paper.is_crowded(&sentence)
        || all.iter().any(is_right)
        || by.tokens == ends.to.tokens
    {
        return None;
    }
    // "…, det vill säga 26 fler": else the number is of other things.
    const LINKS: [&str; 16] = [
        "det",
        "vill",
        "säga",
        "alltså",
        "dvs",
        "en",
        "ökning",
        "minskning",
        "med",
        "vilket",
        "är",
        "innebär",
        "motsvarar",
        "således",
        "blir",
        "d.v.s",
    ];
    let between = paper.tokens_in(&(ends.to.tokens.1 + 1..by.tokens.0));
    let links = |token: &Token| token.kind != Kind::Word || token.is_one_of(&LINKS);
    let comma = between.iter().position(|token| matches!(token.kind, Kind::Mark(_))).unwrap_or(0);
    if by.tokens.0 < ends.to.tokens.1 || !between.iter().skip(comma).all(links) {
        return None;
    }
    // More than the change itself is of something else.
    let change = apart(&ends.from, &ends.to);
    if by.value > change * 3 || by.value * 3 < change {
        return None;
    }
    Some(apart_differs(paper, &ends, by, &plain(change)))
}

/// A number of things, as it is told.
fn plain(millionths: i128) -> String {
    let whole = u64::try_from(millionths / 1_000_000).unwrap_or(0);
    match millionths % 1_000_000 {
        0 => crate::money::grouped(whole),
        rest => format!(
            "{},{}",
            crate::money::grouped(whole),
            format!("{rest:06}").trim_end_matches('0')
        ),
    }
}
