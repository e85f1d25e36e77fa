//! A time from one day to another: that it goes forward, and how many months or years it is.
//!
//! Owns: sentences that give both days, with the number in them or in the sentence beside, and times that end before they begin. Does not
//! own: a day stated twice (`redated`).
//!
//! `från och med den 1 mars 2025 till och med den 29 februari 2028, dvs. i 35 månader` is one month too few.

use super::dates::decision_date;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::lexicon::number_word;
use crate::paper::number::{is_year, number_at};
use crate::paper::{Dated, Kind, Paper, Token};
use crate::time::Day;
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let of_months = paper.dates.windows(2).filter_map(|two| Time::of(paper, two));
    let of_months = of_months.filter_map(|time| differs(paper, &time));
    let pairs = paper.dates.windows(2).filter_map(|two| backwards(paper, two));
    let decided = decision_date(paper);
    let until = decided.into_iter().flat_map(|(day, decided)| {
        paper.dates.iter().filter_map(move |date| past(paper, date, day, decided))
    });
    of_months.chain(pairs).chain(until).collect()
}

/// "gäller till dess att nytt avtal har beslutats i juni 2021": a time that ends before the decision of it.
fn past(paper: &Paper, date: &Dated, day: Day, decided: &Dated) -> Option<Remark> {
    const HOLDS: [&str; 6] = ["gäller", "utgår", "gälla", "utgå", "lämnas", "betalas"];
    const WAS: [&str; 6] = ["gällde", "gällt", "utgick", "tidigare", "fattades", "lämnades"];
    let last = date.last.filter(|last| *last < day)?;
    let sentence = paper.sentence(date.tokens.0);
    let before = paper.tokens_in(&(sentence.start..date.tokens.0));
    let until = before.windows(2).rposition(|two| match two {
        [till, dess] => till.is("till") && dess.is("dess"),
        _ => false,
    })?;
    let start = sentence.start + until;
    let is_only = paper.dates_in(&(start..date.tokens.0)).is_empty();
    let holds = paper.has_word(&(sentence.start..start), &HOLDS);
    if !is_only || !holds || paper.has_word(&sentence, &WAS) || decided.tokens == date.tokens {
        return None;
    }
    let text = |date: &Dated| words(&paper.text(date.noted.span));
    let (a, b) = (text(date), text(decided));
    let told = Text::new(
        format!("det gäller till dess något sker `{a}` ({last}), men beslutet är av `{b}`"),
        format!("it holds until something happens `{a}` ({last}), but the decision is of `{b}`"),
    );
    let places = vec![date.noted.span, decided.noted.span];
    Some(Remark::new(Doubt::StatedTwice, Severity::Warning, told, places))
}

/// "från och med den 1 maj 2026 till och med den 31 mars 2026": a last day before the first.
fn backwards(paper: &Paper, two: &[Dated]) -> Option<Remark> {
    let [from, to] = two else { return None };
    let (first, last) = (from.last?, to.last?);
    let before = paper.tokens_in(&(from.tokens.0.saturating_sub(5)..from.tokens.0));
    let between = paper.tokens_in(&(from.tokens.1 + 1..to.tokens.0));
    let is_from = before.iter().any(|token| token.is("från"));
    // "kan göras från och med den 1 april och ska ha kommit in senast den 28 februari"
    let sentence = paper.sentence(from.tokens.0);
    let can = paper.has_word(&(sentence.start..from.tokens.0), &["kan", "får"])
        && sentence.contains(&to.tokens.0)
        && between.iter().rev().take(3).any(|token| token.is("senast"));
    let is_to = can || between.first().is_some_and(|token| token.is("till")) && between.len() <= 4;
    if !from.is_full || !to.is_full || !is_from || !is_to || last >= first {
        return None;
    }
    let text = |date: &Dated| words(&paper.text(date.noted.span));
    let (a, b) = (text(from), text(to));
    let told = Text::new(
        format!("tiden slutar `{b}`, innan den börjar `{a}`"),
        format!("the time ends `{b}`, before it begins `{a}`"),
    );
    let places = vec![from.noted.span, to.noted.span];
    Some(Remark::new(Doubt::StatedTwice, Severity::Warning, told, places))
}

/// A time as a text states it, both days inclusive.
struct Time<'p> {
    from: &'p Dated,
    to: &'p Dated,
    first: Day,
    last: Day,
}

impl<'p> Time<'p> {
    /// "från och med den 1 maj 2026 till och med den 31 mars 2027", "1 april–31 december 2025".
    fn of(paper: &Paper, two: &'p [Dated]) -> Option<Self> {
        const WIDE: usize = 9;
        let [from, to] = two else { return None };
        let between = paper.tokens_in(&(from.tokens.1 + 1..to.tokens.0));
        let mut words = between.iter().filter(|token| !token.is_mark(','));
        let links = words.next().is_some_and(|token| {
            token.is_mark('-') || token.is_one_of(&["till", "tom", "t", "fram"])
        });
        let is_one = paper.sentence(from.tokens.0).contains(&to.tokens.0);
        let last = to.last?;
        let first = first_day(from, last)?;
        (links && is_one && between.len() <= WIDE && first < last).then_some(Self {
            from,
            to,
            first,
            last,
        })
    }

    /// The months and the years that it can be said to be.
    fn can_be(&self, length: &Length) -> bool {
        let begun = self.last.month().number() - self.first.month().number();
        let is_whole = self.first == self.first.month().first_day()
            && self.last == self.last.month().last_day();
        // Whole months where both ends are; else parts of months may be counted or not.
        let months = if is_whole { begun + 1 } else { begun };
        let years = i128::from(self.last.year() - self.first.year() + 1);
        // A plan of three years may begin in the midst of the first.
        let is_by_year = length.is_of_years && length.months == 12 * years;
        (i128::from(months)..=i128::from(begun + 1)).contains(&length.months)
            || (is_by_year && (!is_whole || months % 12 != 0))
    }

    fn months(&self) -> i32 {
        self.last.month().number() - self.first.month().number() + 1
    }
}

/// The first day that a date can mean; one without a year is in that of the last day, or the year before.
fn first_day(from: &Dated, last: Day) -> Option<Day> {
    if from.is_full {
        return from.last;
    }
    if let Some(day) = from.last {
        return Some(day.month().first_day());
    }
    let (month, day) = from.noted.value.strip_prefix("--")?.split_once('-')?;
    let of_year = |year| Day::new(year, month.parse().ok()?, day.parse().ok()?);
    of_year(last.year()).filter(|day| *day < last).or_else(|| of_year(last.year() - 1))
}

/// So many months or years, as the text says it.
struct Length {
    months: i128,
    is_of_years: bool,
    tokens: Range<usize>,
}

/// "36 månader", "tre år", "tolv kalendermånader", "treårigt", and nothing that bounds, repeats or is told of a notice.
fn lengths(paper: &Paper, range: &Range<usize>) -> Vec<Length> {
    range.clone().filter_map(|at| length_at(paper, at)).filter(|one| is_told(paper, one)).collect()
}

fn length_at(paper: &Paper, at: usize) -> Option<Length> {
    let token = paper.tokens.get(at)?;
    let whole = |number: i128, unit: &str| match unit {
        "månader" | "månad" | "kalendermånader" | "månaders" => Some((number, false)),
        "år" | "års" => Some((number * 12, true)),
        _ => None,
    };
    let digits = || {
        let number = number_at(&paper.tokens, at, false).filter(|one| one.decimals == 0)?;
        (!is_year(&token.text)).then_some((number.last, number.mantissa))
    };
    let word = || number_word(&token.text).map(|number| (at, number));
    let is_word = token.kind == Kind::Word;
    let (last, number) = if is_word { word()? } else { digits()? };
    let is_dash = |at: usize| paper.tokens.get(at).is_some_and(|token| token.is_mark('-'));
    let unit = if is_dash(last + 1) { last + 2 } else { last + 1 };
    let (months, is_of_years) = whole(number, &paper.tokens.get(unit)?.text)?;
    (months > 0).then_some(Length { months, is_of_years, tokens: at..unit + 1 })
}

fn is_told(paper: &Paper, length: &Length) -> bool {
    const BOUNDS: [&str; 16] = [
        "högst",
        "minst",
        "längst",
        "inom",
        "efter",
        "var",
        "varje",
        "per",
        "ytterligare",
        "senast",
        "maximalt",
        "vart",
        "cirka",
        "ca",
        "drygt",
        "knappt",
    ];
    const AFTER: [&str; 11] = [
        "före",
        "innan",
        "efter",
        "uppsägning",
        "uppsägningstid",
        "i",
        "per",
        "gånger",
        "sedan",
        "gammal",
        "åt",
    ];
    let before = length.tokens.start.saturating_sub(3)..length.tokens.start;
    let next = length.tokens.end..length.tokens.end + 1;
    let of_other = |token: &Token| {
        ["uppsäg", "förläng", "option", "betalning"]
            .iter()
            .any(|begin| token.text.starts_with(begin))
    };
    let is_other = paper.tokens_in(&before).iter().any(of_other)
        && !paper.has_word(&before, &["med", "är", "på"]);
    !paper.has_word(&before, &BOUNDS) && !paper.has_word(&next, &AFTER) && !is_other
}

/// How long a time is said to be: in its sentence right after or before it, else in a sentence beside it that has no day and speaks of it.
fn said(paper: &Paper, time: &Time<'_>) -> Option<Length> {
    const NEAR: usize = 9;
    let sentence = paper.sentence(time.from.tokens.0);
    let only_one = paper.dates_in(&sentence).len() == 2;
    if !only_one {
        return None;
    }
    let (start, end) = (time.to.tokens.1 + 1, sentence.end);
    let mut own = lengths(paper, &(start..end.min(start + NEAR)));
    own.retain(|length| leads_after(paper, start, length));
    let before = sentence.start..time.from.tokens.0;
    own.extend(lengths(paper, &before).into_iter().filter(|one| leads_before(paper, time, one)));
    let all = lengths(paper, &sentence).len();
    if all > 0 {
        return own.pop().filter(|_| own.is_empty() && all == 1);
    }
    beside(paper, &sentence)
}

/// "…, dvs. i 36 månader", "… (36 månader)"; but for an extension or an option.
fn leads_after(paper: &Paper, start: usize, length: &Length) -> bool {
    const SAYS: [&str; 8] = ["dvs", "säga", "i", "under", "motsvarande", "alltså", "det", "på"];
    let between = start..length.tokens.start;
    let is_more =
        |token: &Token| token.text.starts_with("förläng") || token.text.starts_with("option");
    let mut tokens = paper.tokens_in(&between).iter();
    let opens = paper.tokens_in(&between).last().is_some_and(|token| token.is_mark('('));
    (opens || paper.has_word(&between, &SAYS)) && !tokens.any(is_more)
}

/// "i 24 månader, från och med …", "avtalstiden är tre år, 1 maj 2026–30 april 2029".
fn leads_before(paper: &Paper, time: &Time<'_>, length: &Length) -> bool {
    const NEAR: usize = 7;
    const SAYS: [&str; 9] = ["i", "om", "på", "är", "under", "med", "löper", "omfattar", "varar"];
    const GOES_ON: [&str; 12] = [
        "från",
        "och",
        "med",
        "den",
        "under",
        "perioden",
        "tiden",
        "pågår",
        "gäller",
        "löper",
        "sträcker",
        "sig",
    ];
    let between = paper.tokens_in(&(length.tokens.end..time.from.tokens.0));
    let says = length.tokens.start.saturating_sub(1)..length.tokens.start;
    let goes_on = |token: &Token| {
        token.is_one_of(&GOES_ON)
            || matches!(token.kind, Kind::Mark(',' | '(' | ':' | '-' | '.'))
            || token.is_one_of(&["fr", "o", "m"])
    };
    between.len() <= NEAR && between.iter().all(goes_on) && paper.has_word(&says, &SAYS)
}

/// "förlänga avtalet med 12 månader." before "Förlängningen gäller från …", "Avtalstiden är därmed 36 månader." after it.
fn beside(paper: &Paper, sentence: &Range<usize>) -> Option<Length> {
    const TIMES: [&str; 12] = [
        "avtalstid",
        "hyrestid",
        "projekttid",
        "period",
        "förläng",
        "giltighetstid",
        "uppdrag",
        "avtal",
        "projekt",
        "löptid",
        "tiden",
        "kontrakt",
    ];
    let words = |range: &Range<usize>| -> Vec<&str> {
        let begin = |token: &Token| TIMES.into_iter().find(|begin| token.text.starts_with(begin));
        paper.tokens_in(range).iter().filter_map(begin).collect()
    };
    let own = words(sentence);
    let block = paper.block_at(sentence.start)?.tokens.clone();
    let is_beside = |other: &Range<usize>| {
        block.contains(&other.start) && paper.dates_in(other).is_empty() && !other.is_empty()
    };
    let speaks = |range: &Range<usize>| {
        let of = words(range);
        let is_one = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
        of.iter().any(|word| own.iter().any(|other| is_one(word, other)))
    };
    let only = |range: &Range<usize>| {
        let mut all = lengths(paper, range);
        all.pop().filter(|_| all.is_empty())
    };
    let before = paper.sentence(sentence.start.checked_sub(1)?);
    let after = paper.sentence(sentence.end);
    let says = |length: &Length| {
        let lead = length.tokens.start.saturating_sub(3)..length.tokens.start;
        paper.has_word(&lead, &["är", "blir", "motsvarar", "omfattar", "löper", "med", "i", "på"])
    };
    // "Avtalstiden är fyra år. Avtalet gäller från …", and the other way round.
    let first = || only(&before).filter(|_| is_beside(&before) && speaks(&before));
    let next = || only(&after).filter(|_| is_beside(&after) && speaks(&after));
    first().or_else(next).filter(says)
}

fn differs(paper: &Paper, time: &Time<'_>) -> Option<Remark> {
    let length = said(paper, time)?;
    if time.can_be(&length) {
        return None;
    }
    let place = paper.span(&length.tokens);
    let text = |date: &Dated| words(&paper.text(date.noted.span));
    let (a, b, said, months) =
        (text(time.from), text(time.to), words(&paper.text(place)), time.months());
    let text = Text::new(
        format!("från `{a}` till `{b}` är det {months} månader, men texten säger `{said}`"),
        format!("from `{a}` to `{b}` is {months} months, but the text says `{said}`"),
    );
    let places = vec![time.from.noted.span, time.to.noted.span, place];
    Some(Remark::new(Doubt::CountDiffers, Severity::Warning, text, places))
}
