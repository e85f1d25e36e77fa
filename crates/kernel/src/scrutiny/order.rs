//! Days of one matter in an order that cannot be: the last day to apply after the decision or the start, a paper that came in after the
//! day of the text.
//!
//! Owns: what a day is the day of. Does not own: payment before the decision (`dates`), nor the length of a time (`period`).
//!
//! `Ansökan ska ha kommit in senast den 15 september. Nämnden beslutar om fördelningen den 31 augusti` is out of order.

use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::{Dated, Gap, Kind, Paper, Token};
use crate::time::Day;
use std::ops::Range;

/// What happens on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Event {
    /// The last day to apply or to offer.
    Deadline,
    /// The decision about what was applied for.
    Decision,
    /// What was applied for begins.
    Start,
    /// What came in is opened, or an answer is given.
    Answer,
}

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    let mut remarks = too_late(paper);
    remarks.extend(not_yet(paper));
    remarks.extend(paper.dates.iter().filter_map(|date| weekday(paper, date)));
    remarks.extend(no_day(paper));
    remarks.extend(reports(paper));
    remarks
}

/// A final report that is due before the first one.
fn reports(paper: &Paper) -> Option<Remark> {
    let due = |names: &dyn Fn(&Range<usize>) -> bool| {
        let is_due = |date: &&Dated| {
            let (before, after) = around(paper, date);
            let is_to_be = paper.has_word(&before, &["senast", "lämnas"]);
            date.is_full && is_to_be && (names(&before) || names(&after))
        };
        let mut due = paper.dates.iter().filter(is_due);
        let first = due.next()?;
        due.next().is_none().then_some(first)
    };
    let last =
        due(&|range| paper.has_word(range, &["slutrapport", "slutrapporten", "slutredovisning"]))?;
    let first = due(&|range| {
        paper.has_word(range, &["delrapport", "delrapporten", "delredovisning", "lägesrapport"])
            && !paper.has_word(range, &["slutrapport", "slutrapporten"])
    })?;
    let (end, begin) = (last.last?, first.last?);
    let (a, b) = (words(&paper.text(last.noted.span)), words(&paper.text(first.noted.span)));
    let text = Text::new(
        format!("slutrapporten ska lämnas `{a}`, före delrapporten `{b}`"),
        format!("the final report is due `{a}`, before the interim one `{b}`"),
    );
    let places = vec![last.noted.span, first.noted.span];
    (end < begin).then(|| Remark::new(Doubt::DatesDiffer, Severity::Warning, text, places))
}

/// Applications that end after what they are for is decided or has begun, in one section.
fn too_late(paper: &Paper) -> Vec<Remark> {
    const MOST: usize = 200;
    let of = paper.dates.iter().take(MOST).filter_map(|date| {
        let (day, event) = (full(paper, date)?, event(paper, date)?);
        Some((date, day, event, section(paper, date)))
    });
    let all: Vec<_> = of.collect();
    let mut remarks = Vec::new();
    for (last, day, _, section) in all.iter().filter(|(_, _, event, _)| *event == Event::Deadline) {
        let is_own = |other: &&(&Dated, Day, Event, Range<usize>)| other.3 == *section;
        let deadlines = all.iter().filter(is_own).filter(|other| other.2 == Event::Deadline);
        if deadlines.map(|other| other.1).any(|other| other != *day) {
            continue;
        }
        let early =
            all.iter().filter(is_own).find(|other| other.2 != Event::Deadline && other.1 < *day);
        remarks.extend(early.map(|(date, _, event, _)| differs(paper, last, date, *event)));
    }
    remarks
}

fn section(paper: &Paper, date: &Dated) -> Range<usize> {
    let layout = paper.layout();
    layout.block_of(date.tokens.0).map_or(0..0, |block| layout.section(block))
}

/// The day of a date with its year, which may stand in the same sentence: "den 15 maj och den 30 juni 2026".
fn full(paper: &Paper, date: &Dated) -> Option<Day> {
    date.last.filter(|_| date.is_full).or_else(|| {
        let (month, day) = date.noted.value.strip_prefix("--")?.split_once('-')?;
        let sentence = paper.sentence(date.tokens.0);
        let years: Vec<i32> =
            paper.dates_in(&sentence).iter().filter_map(|one| Some(one.last?.year())).collect();
        let [year] = years[..] else { return None };
        Day::new(year, month.parse().ok()?, day.parse().ok()?)
    })
}

/// The words before a date up to the date before it, of its sentence or its line, and those after it.
fn around(paper: &Paper, date: &Dated) -> (Range<usize>, Range<usize>) {
    const BEFORE: usize = 14;
    const AFTER: usize = 8;
    let sentence = paper.sentence(date.tokens.0);
    let earlier = paper.dates_in(&(sentence.start..date.tokens.0)).last();
    let later = paper.dates_in(&(date.tokens.1 + 1..sentence.end)).first();
    let start = earlier.map_or(sentence.start, |one| one.tokens.1 + 1);
    let end = later.map_or(sentence.end, |one| one.tokens.0);
    let is_row = |at: &usize| paper.tokens.get(*at).is_some_and(|token| token.gap == Gap::Line);
    // A line of "Beslut   Senast den 12 juni" says what it is of by its own words.
    let line = (start..=date.tokens.0).rev().find(is_row).unwrap_or(start);
    let has_label = paper
        .tokens
        .get(line + 1..date.tokens.0 + 1)
        .is_some_and(|words| words.iter().any(|token| token.gap == Gap::Wide));
    let start = if has_label { line } else { start.max(date.tokens.0.saturating_sub(BEFORE)) };
    (start..date.tokens.0, date.tokens.1 + 1..end.min(date.tokens.1 + 1 + AFTER))
}

fn event(paper: &Paper, date: &Dated) -> Option<Event> {
    const OTHERS: [&str; 19] = [
        "tidigare",
        "förra",
        "nästa",
        "omgång",
        "omgången",
        "andra",
        "komplettering",
        "dröjsmål",
        "beslutade",
        "fastställdes",
        "beslutades",
        "överklagas",
        "överklagande",
        "gällde",
        "löpande",
        "inte",
        "startade",
        "medel",
        "rekvisition",
    ];
    const BEGINS: [&str; 8] = [
        "startar",
        "projektstart",
        "trafikstart",
        "avtalsstart",
        "driftstart",
        "byggstart",
        "påbörjas",
        "inleds",
    ];
    let (before, after) = around(paper, date);
    let sentence = paper.sentence(date.tokens.0);
    // "Ansökningar om medel lämnas" are applied for, medel that are paid back are not.
    let mut pairs = paper.tokens_in(&before).windows(2);
    let of_money = pairs.any(|two| matches!(two, [om, medel] if om.is("om") && medel.is("medel")));
    let others = if of_money { OTHERS.get(..OTHERS.len() - 2) } else { OTHERS.get(..) };
    if paper.has_word(&before, others.unwrap_or_default())
        || paper.has_word(&after, &OTHERS)
        || is_plural(paper, &sentence)
    {
        return None;
    }
    let applies = |token: &Token| {
        (token.text.starts_with("ansök") || token.text.starts_with("anbud"))
            && !token.text.starts_with("anbudssekretess")
    };
    let has =
        |range: &Range<usize>, is: &dyn Fn(&Token) -> bool| paper.tokens_in(range).iter().any(is);
    let near = date.tokens.0.saturating_sub(3)..date.tokens.0;
    let is_last = paper.has_word(&near, &["senast"])
        && (has(&before, &applies) || has(&after, &applies))
        && comes_in(paper, &before, &after);
    let names_last = |token: &Token| {
        ["ansökningsdag", "anbudsdag", "ansökningsdatum"].iter().any(|end| token.text.contains(end))
    };
    let is_last_day = has(&before, &names_last)
        || (paper.has_word(&before, &["sista"]) && has(&before, &applies))
        || (has(&before, &|token: &Token| {
            ["ansökningstid", "anbudstid", "ansökningsperiod"]
                .iter()
                .any(|begin| token.text.starts_with(begin))
        }) && paper.has_word(&before, &["ut", "till", "utgår", "slutar"]));
    if is_last || is_last_day {
        return Some(Event::Deadline);
    }
    let decides = |token: &Token| {
        token.is_one_of(&[
            "beslut",
            "beslutas",
            "beslutar",
            "fattas",
            "fattar",
            "tilldelningsbeslut",
            "beviljas",
            "meddelas",
        ])
    };
    let of_granting = |token: &Token| {
        ["fördel", "ansök", "bidrag", "bevilj", "tilldel", "projekt", "stöd", "medl"]
            .iter()
            .any(|begin| token.text.starts_with(begin))
    };
    let is_label = paper.tokens_in(&before).first().is_some_and(decides) && before.len() <= 4;
    let is_future = !paper.has_word(&sentence, &["redan", "har"]) && !is_of_head(paper, date);
    let is_decided = is_label || (has(&before, &decides) && has(&before, &of_granting));
    let is_earlier = paper.has_word(&before, &["enligt", "genom"]);
    if is_decided && is_future && !is_earlier && !has(&before, &applies) {
        return Some(Event::Decision);
    }
    let begins = |token: &Token| token.is_one_of(&BEGINS);
    if has(&before, &begins) && is_future {
        return Some(Event::Start);
    }
    let opens = |token: &Token| token.is_one_of(&["öppnades", "öppnas", "öppnade"]);
    let is_opened = (has(&before, &opens) || has(&after, &opens)) && has(&before, &applies);
    let answers = |token: &Token| token.is_one_of(&["besked"]);
    let is_answered = has(&before, &answers)
        && paper.has_word(&before, &["meddelar", "lämnar", "ges", "lämnas", "meddelas", "får"]);
    (is_opened || (is_answered && is_future)).then_some(Event::Answer)
}

fn comes_in(paper: &Paper, before: &Range<usize>, after: &Range<usize>) -> bool {
    const COMES: [&str; 14] = [
        "in", "inkommit", "lämnas", "lämna", "skickas", "skicka", "ansöka", "ansöker", "göras",
        "inkomma", "inne", "ges", "sökas", "ansökas",
    ];
    paper.has_word(before, &COMES) || paper.has_word(after, &COMES)
}

/// A sentence of several rounds.
fn is_plural(paper: &Paper, sentence: &Range<usize>) -> bool {
    paper.has_word(sentence, &["respektive", "omgångar", "vardera", "båda"])
}

/// Whether a date is one of those that the text itself bears.
fn is_of_head(paper: &Paper, date: &Dated) -> bool {
    borne(paper).iter().any(|own| own.last == date.last && own.tokens != date.tokens)
}

/// The days that the text bears: in its head, or where it is signed or approved.
fn borne(paper: &Paper) -> Vec<&Dated> {
    const HEAD: usize = 25;
    const NAMES: [&str; 14] = [
        "datum",
        "sammanträdesdatum",
        "beslutsdatum",
        "justering",
        "justerat",
        "justeras",
        "justerad",
        "publicerad",
        "sammanträde",
        "sammanträdesdag",
        "beslutsdag",
        "daterad",
        "anslagsdatum",
        "uppdaterad",
    ];
    let bears = |date: &&Dated| {
        let before = date.tokens.0.saturating_sub(4)..date.tokens.0;
        let is_prose = || {
            let block = paper.block_at(date.tokens.0).map_or(0..0, |block| block.tokens.clone());
            paper.tokens_in(&block).last().is_some_and(|token| token.is_mark('.'))
        };
        let is_in_head = paper.line_number(date.noted.span.start) <= HEAD && !is_prose();
        is_in_head || paper.has_word(&before, &NAMES)
    };
    paper.dates.iter().filter(|date| date.is_full).filter(bears).collect()
}

/// "den komplettering som kom in den 12 maj", in a text of April.
fn not_yet(paper: &Paper) -> Vec<Remark> {
    let borne = borne(paper);
    // A text with the days of many years has no day of its own.
    const MOST: usize = 12;
    let last =
        borne.iter().filter_map(|date| Some((date.last?, *date))).max_by_key(|(day, _)| *day);
    let Some((day, own)) = last.filter(|_| borne.len() <= MOST) else { return Vec::new() };
    let is_after = |date: &&Dated| date.is_full && date.last.is_some_and(|one| one > day);
    let told = paper.dates.iter().filter(is_after).filter(|date| has_come(paper, date));
    let remark = |date: &Dated| {
        let (a, b) = (words(&paper.text(date.noted.span)), words(&paper.text(own.noted.span)));
        let text = Text::new(
            format!("det som skedde `{a}` är senare än textens egen dag, `{b}`"),
            format!("what happened `{a}` is later than the day of the text, `{b}`"),
        );
        let places = vec![date.noted.span, own.noted.span];
        Remark::new(Doubt::DatesDiffer, Severity::Warning, text, places)
    };
    told.map(remark).collect()
}

/// Whether what stands right before or after a date says that something came, was decided or was held.
fn has_come(paper: &Paper, date: &Dated) -> bool {
    const CAME: [&str; 18] = [
        "hölls",
        "inkom",
        "inkommit",
        "mottogs",
        "lämnade",
        "lämnades",
        "skickade",
        "skickades",
        "begärde",
        "ansökte",
        "beslutade",
        "beslutades",
        "behandlade",
        "behandlades",
        "yttrade",
        "genomfördes",
        "undertecknades",
        "upprättades",
    ];
    const TO_COME: [&str; 24] = [
        "upphör",
        "gälla",
        "ska",
        "skall",
        "senast",
        "kommer",
        "planeras",
        "beräknas",
        "kan",
        "får",
        "om",
        "när",
        "till",
        "från",
        "bör",
        "väntas",
        "gäller",
        "tom",
        "före",
        "efter",
        "innan",
        "förväntas",
        "avses",
        "föreslås",
    ];
    const NEAR: usize = 7;
    let sentence = paper.sentence(date.tokens.0);
    let earlier = paper.dates_in(&(sentence.start..date.tokens.0)).last();
    let start = earlier
        .map_or(sentence.start, |one| one.tokens.1 + 1)
        .max(date.tokens.0.saturating_sub(NEAR));
    let before = start..date.tokens.0;
    let mut pairs = paper.tokens_in(&before).windows(2);
    let is_in = pairs.any(|two| {
        matches!(two, [verb, end] if verb.is_one_of(&["kom", "kommit", "lämnats", "gavs", "skickats"]) && end.is("in"))
    });
    // "har den 12 maj beslutat": what has been done.
    let has = paper.tokens_in(&before).iter().rev().take(3).any(|token| token.is("har"));
    let next = date.tokens.1 + 1..date.tokens.1 + 6;
    let is_done = has
        && paper
            .tokens_in(&next)
            .iter()
            .any(|token| token.kind == Kind::Word && is_supine(&token.text));
    (is_in || is_done || paper.has_word(&before, &CAME)) && !paper.has_word(&before, &TO_COME)
}

fn is_supine(word: &str) -> bool {
    word.chars().count() > 5 && ["at", "it", "tt"].iter().any(|end| word.ends_with(end))
}

fn differs(paper: &Paper, last: &Dated, early: &Dated, event: Event) -> Remark {
    let (a, b) = (words(&paper.text(last.noted.span)), words(&paper.text(early.noted.span)));
    let (sv, en) = match event {
        Event::Start => ("det börjar", "it begins"),
        Event::Answer => ("svaret ges", "the answer is given"),
        Event::Decision | Event::Deadline => ("beslutet fattas", "the decision is made"),
    };
    let text = Text::new(
        format!("sista dagen att ansöka eller lämna anbud är `{a}`, men {sv} redan `{b}`"),
        format!("the last day to apply or to offer is `{a}`, but {en} already `{b}`"),
    );
    let places = vec![last.noted.span, early.noted.span];
    Remark::new(Doubt::DatesDiffer, Severity::Warning, text, places)
}

/// "tisdagen den 3 april 2026", which is a Friday.
fn weekday(paper: &Paper, date: &Dated) -> Option<Remark> {
    const DAYS: [&str; 7] = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"];
    const IN_ENGLISH: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let day = date.last.filter(|_| date.is_full)?;
    let before = paper.tokens_in(&(date.tokens.0.saturating_sub(2)..date.tokens.0));
    let mut words = before.iter().rev().filter(|token| !token.is("den") && !token.is_mark(','));
    let named = words.next()?.text.trim_end_matches("en");
    let said = DAYS.iter().position(|name| *name == named)?;
    let is = usize::try_from(day.weekday()).ok().filter(|is| *is != said)?;
    let (sv, en) = (DAYS.get(is)?, IN_ENGLISH.get(is)?);
    // A range, "16–17 november", has its weekday at either end.
    let is_range = paper.tokens.get(date.tokens.0 + 1).is_some_and(|token| token.is_mark('-'))
        && date.noted.span.end - date.noted.span.start > 10;
    let place = paper.span(&(date.tokens.0.saturating_sub(before.len())..date.tokens.1 + 1));
    let text = words_of(paper, place);
    let text = Text::new(
        format!("`{text}`: den dagen är en {sv}"),
        format!("`{text}`: that day is a {en}"),
    );
    (!is_range).then(|| Remark::new(Doubt::DatesDiffer, Severity::Warning, text, vec![place]))
}

fn words_of(paper: &Paper, place: crate::paper::Span) -> String {
    words(&paper.text(place))
}

/// "den 31 november": there is no such day.
fn no_day(paper: &Paper) -> Vec<Remark> {
    let is_none = |at: usize| {
        let (den, digits, name) =
            (paper.tokens.get(at)?, paper.tokens.get(at + 1)?, paper.tokens.get(at + 2)?);
        let day: i32 =
            digits.text.parse().ok().filter(|_| den.is("den") && digits.kind == Kind::Digits)?;
        let month = crate::paper::lexicon::MONTHS.iter().position(|month| name.is(month))?;
        let month = i32::try_from(month).ok()? + 1;
        let year = paper
            .tokens
            .get(at + 3)
            .filter(|token| token.kind == Kind::Digits && token.text.len() == 4);
        let year = year.and_then(|token| token.text.parse().ok()).unwrap_or(2024);
        let is_close = digits.gap <= Gap::Line && name.gap <= Gap::Line;
        (is_close && (1..=9999).contains(&year) && Day::new(year, month, day).is_none())
            .then(|| paper.span(&(at + 1..at + 3)))
    };
    let remark = |place| {
        let text = words_of(paper, place);
        let text = Text::new(
            format!("`{text}` finns inte i kalendern"),
            format!("there is no `{text}` in the calendar"),
        );
        Remark::new(Doubt::DatesDiffer, Severity::Warning, text, vec![place])
    };
    let in_figures = (0..paper.tokens.len()).filter_map(|at| no_day_in_figures(paper, at));
    paper.places_of("den").filter_map(is_none).chain(in_figures).map(remark).collect()
}

/// "2023-02-31", with a month and a day that no other month has.
fn no_day_in_figures(paper: &Paper, at: usize) -> Option<crate::paper::Span> {
    let [year, dash, month, other, day] = paper.tokens_in(&(at..at + 5)) else { return None };
    let is_close = [dash, month, other, day].iter().all(|token| token.gap == Gap::None);
    let is_apart = |at: usize| {
        let next = paper.tokens.get(at);
        next.is_none_or(|next| {
            next.gap > Gap::None || matches!(next.kind, Kind::Mark('.' | ',' | ')'))
        })
    };
    let wide =
        |token: &Token, width: usize| token.kind == Kind::Digits && token.text.len() == width;
    let is_date =
        wide(year, 4) && wide(month, 2) && wide(day, 2) && dash.is_mark('-') && other.is_mark('-');
    if !is_date || !is_close || year.gap == Gap::None || !is_apart(at + 5) {
        return None;
    }
    let (year, month, day): (i32, i32, i32) =
        (year.text.parse().ok()?, month.text.parse().ok()?, day.text.parse().ok()?);
    let is_near =
        (1900..2100).contains(&year) && (1..=12).contains(&month) && (29..=31).contains(&day);
    (is_near && Day::new(year, month, day).is_none()).then(|| paper.span(&(at..at + 5)))
}
