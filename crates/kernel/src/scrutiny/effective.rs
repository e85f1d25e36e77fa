//! From when what is decided is valid, and until when, said in two places.
//!
//! Owns: the day that a text gives for all that it decides, and the last day of a project or an agreement. Does not own: days in the same
//! words (`redated`), nor the order of days (`order`).
//!
//! `De nya nivåerna gäller från och med den 1 januari 2025` and, below, `träder i kraft den 1 februari 2025` are one day.

use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::layout::BlockKind;
use crate::paper::{Dated, Kind, Paper, Token};
use crate::time::Day;
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    // A text of more days is a calendar.
    const MOST: usize = 80;
    if paper.dates.len() > MOST {
        return Vec::new();
    }
    let mut remarks = Vec::new();
    for is_it in [begins as fn(&Paper, &Dated) -> bool, ends, prolongs] {
        let all: Vec<(&Dated, Day)> = paper
            .dates
            .iter()
            .filter(|date| is_it(paper, date))
            .filter_map(|date| Some((date, day_of(paper, date)?)))
            .collect();
        remarks.extend(twice(paper, &all));
    }
    remarks
}

/// The day of a date; without its year that of the other days of the text, where they are of one year.
fn day_of(paper: &Paper, date: &Dated) -> Option<Day> {
    date.last.filter(|_| date.is_full).or_else(|| {
        let (month, day) = date.noted.value.strip_prefix("--")?.split_once('-')?;
        let (month, day): (i32, i32) = (month.parse().ok()?, day.parse().ok()?);
        // The year of the last full day of the kind before it.
        let before = paper.dates.iter().filter(|one| one.tokens.1 < date.tokens.0);
        let mut before =
            before.filter(|one| one.is_full && (begins(paper, one) || ends(paper, one)));
        let year = before.next_back()?.last?.year();
        Day::new(year, month, day)
    })
}

/// Exactly two days, of which one is given once or more and the other is another.
fn twice(paper: &Paper, all: &[(&Dated, Day)]) -> Option<Remark> {
    let (first, day) = all.first()?;
    let others: Vec<&(&Dated, Day)> = all.iter().filter(|(_, other)| other != day).collect();
    let [(other, _)] = others[..] else {
        let (last, of_last) = all.last()?;
        let rest = all.get(1..)?;
        let is_first_alone = rest.len() > 1 && rest.iter().all(|(_, one)| one == of_last);
        return (is_first_alone && of_last != day).then(|| differs(paper, first, last));
    };
    let sentence = |date: &Dated| paper.sentence(date.tokens.0);
    (sentence(first) != sentence(other)).then(|| differs(paper, first, other))
}

fn differs(paper: &Paper, one: &Dated, other: &Dated) -> Remark {
    let (x, y) = (words(&paper.text(one.noted.span)), words(&paper.text(other.noted.span)));
    let text = Text::new(
        format!("samma dag anges som `{x}` på ett ställe och `{y}` på ett annat"),
        format!("the same day is given as `{x}` in one place and `{y}` in another"),
    );
    let places = vec![one.noted.span, other.noted.span];
    Remark::new(Doubt::StatedTwice, Severity::Warning, text, places)
}

/// Words of another day than that of all that is decided.
const OTHER: [&str; 34] = [
    "tidigare",
    "nuvarande",
    "gällde",
    "dittills",
    "sedan",
    "delvis",
    "undantag",
    "etapp",
    "avtalet",
    "avtal",
    "förlängning",
    "övergångsregler",
    "tillfälliga",
    "första",
    "andra",
    "dels",
    "respektive",
    "däremot",
    "retroaktivt",
    "lagen",
    "lag",
    "förordningen",
    "förordning",
    "löneavtalet",
    "därefter",
    "medan",
    "skulle",
    "utom",
    "istället",
    "enbart",
    "endast",
    "tillägget",
    "föreskrifter",
    "föregående",
];

fn plain(paper: &Paper, sentence: &Range<usize>, until: usize) -> bool {
    !paper.has_word(&(sentence.start..until), &OTHER) && paper.dates_in(sentence).len() == 1
}

/// Whether a day is from when what the text decides is valid: "De nya avgifterna gäller från och med", "ändringen träder i kraft".
fn begins(paper: &Paper, date: &Dated) -> bool {
    const NEAR: usize = 9;
    const MATTERS: [&str; 10] = [
        "ändring",
        "avgift",
        "taxa",
        "taxor",
        "nivå",
        "belopp",
        "ersättning",
        "regl",
        "villkor",
        "höjning",
    ];
    let sentence = paper.sentence(date.tokens.0);
    let before = sentence.start.max(date.tokens.0.saturating_sub(NEAR))..date.tokens.0;
    let is_in_force =
        paper.has_word(&before, &["kraft"]) && paper.has_word(&before, &["träder", "träda", "i"]);
    let is_valid = paper.has_word(&before, &["gäller", "gälla", "tillämpas", "införs"])
        && paper.has_word(&before, &["från", "fr", "börjar"]);
    let speaks = |token: &Token| {
        token.kind == Kind::Word && MATTERS.iter().any(|matter| token.text.contains(matter))
    };
    // A heading: "Ersättning från och med den 1 januari 2026".
    let heading = paper.block_at(date.tokens.0).filter(|block| block.kind == BlockKind::Heading);
    let is_title = heading.is_some_and(|block| {
        paper.tokens_in(&block.tokens).iter().any(speaks)
            && paper.has_word(&before, &["från"])
            && paper.dates_in(&block.tokens).len() == 1
    });
    if is_title {
        return true;
    }
    let until = before.clone();
    let first_verb = until.start;
    let of_all = paper.tokens_in(&(sentence.start..date.tokens.0));
    let is_new = of_all.iter().any(|token| token.is_one_of(&["nya", "ny", "nytt", "beslutade", "reviderade"]))
        || of_all.iter().find(|token| token.kind == Kind::Word && token.text.chars().count() > 3)
            .is_some_and(speaks)
        || paper.tokens_in(&(first_verb..date.tokens.0)).first().is_some_and(speaks)
        || of_all.windows(2).any(|two| matches!(two, [matter, verb] if speaks(matter) && verb.is_one_of(&["träder", "gäller"])));
    (is_in_force || is_valid)
        && is_new
        && of_all.iter().any(speaks)
        && plain(paper, &sentence, date.tokens.0)
}

/// Whether a day is until when an agreement is prolonged: "avtalet förlängs till och med".
fn prolongs(paper: &Paper, date: &Dated) -> bool {
    const PROLONGS: [&str; 4] = ["förlängs", "förlänga", "förlänger", "förlängas"];
    const OTHER: [&str; 9] = [
        "option",
        "ytterligare",
        "längst",
        "kan",
        "får",
        "möjlighet",
        "respektive",
        "därefter",
        "år",
    ];
    let sentence = paper.sentence(date.tokens.0);
    let before = sentence.start..date.tokens.0;
    let led = paper.tokens_in(&(date.tokens.0.saturating_sub(4)..date.tokens.0));
    let until = led.iter().any(|token| token.is("med")) && led.iter().any(|token| token.is("till"));
    until
        && date.is_full
        && paper.has_word(&before, &PROLONGS)
        && paper.tokens_in(&before).iter().any(|token| token.text.starts_with("avtal"))
        && !paper.has_word(&before, &OTHER)
        && paper.dates_in(&sentence).len() == 1
}

/// Whether a day is the last of the project: "projekttiden, det vill säga till och med".
fn ends(paper: &Paper, date: &Dated) -> bool {
    const NEAR: usize = 10;
    const TIMES: [&str; 4] = ["projekttid", "avtalstid", "projektperiod", "avtalsperiod"];
    let sentence = paper.sentence(date.tokens.0);
    let before = sentence.start.max(date.tokens.0.saturating_sub(NEAR))..date.tokens.0;
    let names = |token: &Token| TIMES.iter().any(|time| token.text.starts_with(time));
    let is_named = paper.tokens_in(&before).iter().any(names);
    let led = paper.tokens_in(&(date.tokens.0.saturating_sub(4)..date.tokens.0));
    let until = led.iter().any(|token| token.is("med")) && led.iter().any(|token| token.is("till"));
    // "projekttid den 1 januari 2025–31 december 2027"
    let dash = led.last().is_some_and(|token| token.is_mark('-') || token.is("till"));
    let others = paper.dates_in(&(sentence.start..date.tokens.0)).len();
    let of_others = ["förläng", "option", "tidigare", "nuvarande", "längst"];
    let is_other = paper
        .tokens_in(&sentence)
        .iter()
        .any(|token| of_others.iter().any(|begin| token.text.starts_with(begin)));
    let is_last = paper.dates_in(&(date.tokens.1 + 1..sentence.end)).is_empty();
    let range = dash && others == 1;
    is_named && (until || range) && others <= 1 && is_last && !is_other
}
