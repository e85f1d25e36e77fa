//! Percentage points, and numbers of things that are told one by one.
//!
//! Owns: the difference of two percentages, and parts of a count after a colon. Does not own: amounts.
//!
//! `höjs från 96,5 till 98,0 procent. Höjningen är 2,5 procentenheter` is one point too much.

use super::reconcile::is_one_slip;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::number::{Number, number_at};
use crate::paper::{Count, Kind, Paper, Span};
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let is_points = |at: &usize| {
        paper.tokens.get(*at).is_some_and(|token| token.text.starts_with("procentenhet"))
    };
    let points = (0..paper.tokens.len()).filter(is_points).filter_map(|at| of_points(paper, at));
    let counts = paper.counts.iter();
    let of_counts =
        counts.filter_map(|count| of_counts(paper, count).or_else(|| of_two(paper, count)));
    points.chain(of_counts).collect()
}

/// A number with its place.
struct Read {
    value: i128,
    decimals: u32,
    span: Span,
}

fn read(paper: &Paper, at: usize) -> Option<Read> {
    let Number { last, mantissa, decimals, .. } = number_at(&paper.tokens, at, false)?;
    let fits = decimals <= 4 && mantissa < 1_000_000_000;
    fits.then(|| Read { value: mantissa, decimals, span: paper.span(&(at..last + 1)) })
}

/// The number that ends just before a token.
fn before(paper: &Paper, at: usize) -> Option<Read> {
    let ends = |from: &usize| {
        number_at(&paper.tokens, *from, false).is_some_and(|number| number.last + 1 == at)
    };
    read(paper, (at.saturating_sub(3)..at).find(ends)?)
}

fn of_points(paper: &Paper, at: usize) -> Option<Remark> {
    let points = before(paper, at)?;
    let sentence = paper.sentence(at);
    let earlier = sentence.start.checked_sub(1).map_or(0..0, |at| paper.sentence(at));
    let block = paper.block_at(at)?.tokens.clone();
    let start = earlier.start.max(block.start);
    let (from, to) = from_to(paper, &(sentence.start..at))
        .or_else(|| from_to(paper, &(start..sentence.start.max(start))))
        .or_else(|| compared(paper, &(sentence.start..at)))?;
    let decimals = from.decimals.max(to.decimals).max(points.decimals);
    let scaled = |read: &Read| read.value * 10_i128.pow(decimals - read.decimals);
    let apart = (scaled(&to) - scaled(&from)).abs();
    // Each figure may be rounded to its last digit.
    let unit = 10_i128.pow(decimals - from.decimals.min(to.decimals).min(points.decimals));
    if (apart - scaled(&points)).abs() <= unit {
        return None;
    }
    let scale = 10_i128.pow(decimals);
    let shown = match decimals {
        0 => apart.to_string(),
        width => format!("{},{:0width$}", apart / scale, apart % scale, width = width as usize),
    };
    let text = |read: &Read| words(&paper.text(read.span));
    let (a, b, said) = (text(&from), text(&to), text(&points));
    let told = Text::new(
        format!("från {a} till {b} procent är det {shown} procentenheter, men texten säger {said}"),
        format!(
            "from {a} to {b} percent it is {shown} percentage points, but the text says {said}"
        ),
    );
    let places = vec![from.span, to.span, points.span];
    let mut remark = Remark::new(Doubt::ChangeDiffers, Severity::Error, told, places);
    remark.reconciles_by = Some(Text::new(
        format!("ändringen skrivs som {shown} procentenheter"),
        format!("the change is written as {shown} percentage points"),
    ));
    Some(remark)
}

/// "från 96,5 till 98,0 procent".
fn from_to(paper: &Paper, range: &Range<usize>) -> Option<(Read, Read)> {
    let is = |at: usize, word: &str| paper.tokens.get(at).is_some_and(|token| token.is(word));
    let is_percent = |at: usize| {
        paper.tokens.get(at).is_some_and(|token| token.is_mark('%') || token.is("procent"))
    };
    let at = range.clone().find(|at| is(*at, "från") && read(paper, at + 1).is_some())?;
    let from = number_at(&paper.tokens, at + 1, false)?;
    let link = if is_percent(from.last + 1) { from.last + 2 } else { from.last + 1 };
    let to = number_at(&paper.tokens, link + 1, false).filter(|_| is(link, "till"))?;
    let is_whole = is_percent(to.last + 1) && range.contains(&to.last);
    is_whole.then(|| Some((read(paper, at + 1)?, read(paper, link + 1)?)))?
}

/// "27 procent, mot 9 procent i riket, en skillnad på …": the only two of the sentence, compared.
fn compared(paper: &Paper, range: &Range<usize>) -> Option<(Read, Read)> {
    let [one, other] = paper.shares_in(range) else { return None };
    let between = one.tokens.1 + 1..other.tokens.0;
    let compares = paper.has_word(&between, &["jämfört", "jämföra", "mot"]) && between.len() <= 14;
    compares.then(|| Some((read(paper, one.tokens.0)?, read(paper, other.tokens.0)?)))?
}

/// "Av de 1 360 deltagarna är 707 flickor och 653 pojkar": two parts that are one slip from their whole.
fn of_two(paper: &Paper, count: &Count) -> Option<Remark> {
    let sentence = paper.sentence(count.tokens.0);
    let [whole, one, other] = paper.counts_in(&sentence) else { return None };
    let between = one.tokens.1 + 1..other.tokens.0;
    let links = between.len() <= 2 && paper.has_word(&between, &["och", "respektive"]);
    let opens = paper.has_word(&(sentence.start..whole.tokens.0), &["av"]);
    let is_of = paper.has_word(&(whole.tokens.1 + 1..one.tokens.0), &["varav", "därav"]);
    let sum = one.number.checked_add(other.number)?;
    let is_plain = paper.amounts_in(&sentence).is_empty()
        && paper.shares_in(&sentence).is_empty()
        && paper.table_of(count.tokens.0).is_none();
    let slips = is_one_slip(i64::try_from(sum).ok()?, i64::try_from(whole.number).ok()?);
    if whole.tokens != count.tokens
        || !links
        || !(opens || is_of)
        || !is_plain
        || !slips
        || sum < 20
    {
        return None;
    }
    let said = words(&paper.text(whole.noted.span));
    let text = Text::new(
        format!("texten säger `{said}`, men de två delarna summerar till {sum}"),
        format!("the text says `{said}`, but its two parts sum to {sum}"),
    );
    let places = vec![whole.noted.span, one.noted.span, other.noted.span];
    Some(Remark::new(Doubt::ListDiffers, Severity::Warning, text, places))
}

/// "120 företag: 45 i norr, 38 i mitten och 27 i söder".
fn of_counts(paper: &Paper, count: &Count) -> Option<Remark> {
    const MOST: usize = 12;
    let colon = count.tokens.1 + 1;
    paper.tokens.get(colon).filter(|token| token.is_mark(':'))?;
    let sentence = paper.sentence(count.tokens.0);
    let rest = colon + 1..sentence.end;
    let is_money = !paper.amounts_in(&rest).is_empty() || !paper.shares_in(&rest).is_empty();
    let is_some = paper.has_word(&rest, &["bland", "exempelvis", "annat", "varav", "därav"]);
    if is_money || is_some || paper.table_of(colon).is_some() || rest.len() > 80 {
        return None;
    }
    let begins = |at: &usize| {
        let before = at.checked_sub(1).and_then(|at| paper.tokens.get(at));
        let opens = before.is_some_and(|token| {
            matches!(token.kind, Kind::Mark(':' | ',')) || token.is_one_of(&["och", "samt"])
        });
        let number = number_at(&paper.tokens, *at, false).filter(|number| number.decimals == 0);
        let next = number.and_then(|number| paper.tokens.get(number.last + 1));
        opens
            && next
                .is_some_and(|token| token.is_one_of(&["i", "på", "från", "vid", "inom", "till"]))
    };
    let parts: Vec<Read> = rest.filter(begins).filter_map(|at| read(paper, at)).collect();
    let sum: i128 = parts.iter().map(|part| part.value).sum();
    if !(2..=MOST).contains(&parts.len()) || sum == count.number {
        return None;
    }
    let said = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("texten säger `{said}`, men de antal som följer summerar till {sum}"),
        format!("the text says `{said}`, but the numbers that follow sum to {sum}"),
    );
    let mut places: Vec<Span> = parts.iter().map(|part| part.span).collect();
    places.push(count.noted.span);
    Some(Remark::new(Doubt::ListDiffers, Severity::Warning, text, places))
}
