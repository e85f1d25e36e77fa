//! What a text has beside amounts: shares, counts, dates and case numbers.
//!
//! Owns: their grammar. Does not own: amounts.
//!
//! `2,2 procent` is the share 2.2; `sju insatsområden` the count 7; `den 1 januari 2023` the date 2023-01-01;
//! `HSN 2024-1051` a case number.

use super::lexicon::{
    ABOUT, MEASURES, NAMES_ONE, NOT_COUNTED, OF_TIME, money_unit, month, number_word, scale,
};
use super::line::Content;
use super::number::{is_year, number_at};
use super::table::{ColumnKind, Table};
use super::token::{Gap, Kind, Span, Token};
use crate::time::{Day, Month};

/// Something in the text with the value that it is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Where.
    pub span: Span,
    /// What: a number with a point, a date, a case number, a name.
    pub value: String,
}

/// A share in percent: `mantissa / 10^decimals`.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub noted: Noted,
    pub mantissa: i128,
    pub decimals: u32,
    /// Of a fraction in words that is no whole percentage, exactly: so many of so many parts.
    pub parts: Option<(i128, i128)>,
    pub is_about: bool,
    /// Whether it is a fraction in words: "hälften", "en fjärdedel".
    pub is_in_words: bool,
    pub tokens: (usize, usize),
}

/// A number of things.
#[derive(Clone, Debug)]
pub(crate) struct Count {
    pub noted: Noted,
    pub number: i128,
    pub noun: String,
    pub tokens: (usize, usize),
}

/// A date, and the last day that it can mean.
#[derive(Clone, Debug)]
pub(crate) struct Dated {
    pub noted: Noted,
    pub last: Option<Day>,
    pub is_full: bool,
    pub tokens: (usize, usize),
}

fn noted(tokens: &[Token], first: usize, last: usize, value: String) -> Option<Noted> {
    let span = Span { start: tokens.get(first)?.span.start, end: tokens.get(last)?.span.end };
    Some(Noted { span, value })
}

/// Percentages and fractions in words.
pub(crate) fn shares(tokens: &[Token], tables: &[Table]) -> Vec<Share> {
    let mut shares = Vec::new();
    for at in 0..tokens.len() {
        let Some(token) = tokens.get(at) else { continue };
        let number = number_at(tokens, at, false).map(|n| (n.last, n.mantissa, n.decimals));
        let in_words = || {
            let word = number_word(&token.text).filter(|_| token.kind == Kind::Word)?;
            Some((at, word, 0))
        };
        let is_percent = |at: usize| {
            tokens.get(at).is_some_and(|t| {
                t.gap <= Gap::Line && (t.is_mark('%') || t.is_one_of(&["procent", "proc"]))
            })
        };
        if let Some((last, mantissa, decimals)) =
            number.or_else(in_words).filter(|(last, ..)| is_percent(last + 1))
        {
            shares.extend(share(tokens, at, last + 1, mantissa, decimals));
        } else {
            shares.extend(fraction(tokens, at));
        }
    }
    for table in tables {
        for row in &table.rows {
            for (cell, column) in row.cells.iter().zip(&table.columns) {
                let Content::Number { number, is_percent: false, has_unit: false } = &cell.content
                else {
                    continue;
                };
                if column.kind == ColumnKind::Share {
                    shares.extend(share(
                        tokens,
                        cell.tokens.start,
                        number.last,
                        number.mantissa,
                        number.decimals,
                    ));
                }
            }
        }
    }
    shares.sort_by_key(|share| share.noted.span);
    shares
}

/// "hälften", "en fjärdedel", "två tredjedelar".
fn fraction(tokens: &[Token], at: usize) -> Option<Share> {
    let token = tokens.get(at).filter(|token| token.kind == Kind::Word)?;
    if token.is_one_of(&["hälften", "halva"]) {
        let is_of_time = tokens
            .get(at + 1)
            .is_some_and(|next| ["år", "tid", "dag"].iter().any(|time| next.text.contains(time)));
        return share(tokens, at, at, 50, 0).filter(|_| !is_of_time).map(in_words);
    }
    let word = token.text.strip_suffix("ar").unwrap_or(&token.text);
    let whole = FRACTIONS.iter().find(|(name, _)| *name == word).map(|(_, whole)| *whole)?;
    let before = tokens.get(at.checked_sub(1)?)?;
    let digits = || before.text.parse::<i128>().ok().filter(|_| before.kind == Kind::Digits);
    let parts =
        number_word(&before.text).or_else(digits).filter(|parts| (1..whole).contains(parts))?;
    let hundred = 100 * parts;
    if hundred % whole == 0 {
        return share(tokens, at - 1, at, hundred / whole, 0).map(in_words);
    }
    // What is no whole percentage reads as rounded to hundredths.
    let shown = (10_000 * parts + whole / 2) / whole;
    Some(Share { parts: Some((parts, whole)), ..in_words(share(tokens, at - 1, at, shown, 2)?) })
}

fn in_words(share: Share) -> Share {
    Share { is_in_words: true, ..share }
}

/// Parts of a whole, and how many of them it is.
const FRACTIONS: [(&str, i128); 8] = [
    ("tredjedel", 3),
    ("fjärdedel", 4),
    ("femtedel", 5),
    ("sjättedel", 6),
    ("sjundedel", 7),
    ("åttondel", 8),
    ("niondel", 9),
    ("tiondel", 10),
];

fn share(
    tokens: &[Token],
    first: usize,
    last: usize,
    mantissa: i128,
    decimals: u32,
) -> Option<Share> {
    // A percentage is short; what is longer is something else.
    if decimals > 6 || mantissa > 1_000_000_000 {
        return None;
    }
    let scale = 10_i128.pow(decimals);
    let value = match decimals {
        0 => mantissa.to_string(),
        width => {
            format!("{}.{:0width$}", mantissa / scale, mantissa % scale, width = width as usize)
        }
    };
    let before = first.checked_sub(1).and_then(|at| tokens.get(at));
    let is_about =
        before.is_some_and(|token| token.is_one_of(&ABOUT) || token.is_one_of(&["drygt", "över"]));
    Some(Share {
        noted: noted(tokens, first, last, value)?,
        mantissa,
        decimals,
        parts: None,
        is_about,
        is_in_words: false,
        tokens: (first, last),
    })
}

impl Share {
    /// The share exactly, as so many of so many parts of the whole.
    pub fn exactly(&self) -> (i128, i128) {
        self.parts.unwrap_or((self.mantissa, 100 * 10_i128.pow(self.decimals)))
    }
}

/// Numbers of things, with the noun that is counted.
pub(crate) fn counts(
    tokens: &[Token],
    tables: &[Table],
    is_taken: impl Fn(usize) -> bool,
) -> Vec<Count> {
    let mut counts = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_inside = counts.last().is_some_and(|count: &Count| at <= count.tokens.1);
        if is_taken(at) || is_inside || before_names_one(tokens, at) {
            continue;
        }
        let digits = number_at(tokens, at, false)
            .filter(|number| number.decimals == 0 && !is_plain_year(tokens, at, number.last));
        let in_words = || {
            number_word(&token.text)
                .filter(|value| token.kind == Kind::Word && *value > 1)
                .map(|value| (at, value))
        };
        let Some((last, number)) =
            digits.map(|number| (number.last, number.mantissa)).or_else(in_words)
        else {
            continue;
        };
        let Some(noun_at) = counted_noun(tokens, last + 1) else { continue };
        let Some(noun) = tokens.get(noun_at) else { continue };
        let Some(noted) = noted(tokens, at, noun_at, number.to_string()) else { continue };
        counts.push(Count { noted, number, noun: noun.text.clone(), tokens: (at, noun_at) });
    }
    for table in tables {
        for row in &table.rows {
            for (cell, column) in row.cells.iter().zip(&table.columns) {
                let Content::Number { number, is_percent: false, has_unit: false } = &cell.content
                else {
                    continue;
                };
                if column.kind == ColumnKind::Count
                    && let Some(noted) =
                        noted(tokens, cell.tokens.start, number.last, number.plain())
                {
                    counts.push(Count {
                        noted,
                        number: number.mantissa,
                        noun: String::new(),
                        tokens: (cell.tokens.start, number.last),
                    });
                }
            }
        }
    }
    counts.sort_by_key(|count| count.noted.span);
    counts.dedup_by_key(|count| count.noted.span.start);
    counts
}

fn is_plain_year(tokens: &[Token], first: usize, last: usize) -> bool {
    // A day in eight digits begins with its year.
    let is_day = |text: &str| text.len() == 8 && text.get(..4).is_some_and(is_year);
    first == last
        && tokens.get(first).is_some_and(|token| is_year(&token.text) || is_day(&token.text))
}

fn before_names_one(tokens: &[Token], at: usize) -> bool {
    let before = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at));
    let links = before(1).is_some_and(|token| {
        token.is_one_of(&["och", "till"])
            || token.is_mark('-')
            || token.is_mark('.')
            || token.is_mark(':')
    });
    let named = |steps: usize| {
        before(steps)
            .is_some_and(|token| token.is_one_of(&NAMES_ONE) && !token.is_one_of(&["år", "åren"]))
    };
    let is_year_list = before(1).is_some_and(|token| token.is_one_of(&["år", "åren", "året"]));
    named(1)
        || is_year_list
        || (links && before(2).is_some_and(|token| token.kind == Kind::Digits) && named(3))
}

/// "tredjedelar", "femtedel": a part, not a thing.
fn is_fraction(word: &str) -> bool {
    ["tredjedel", "fjärdedel", "femtedel", "sjättedel", "åttondel", "tiondel"]
        .iter()
        .any(|part| word.starts_with(part))
}

/// The noun that a number counts, past adjectives.
fn counted_noun(tokens: &[Token], at: usize) -> Option<usize> {
    let word = |at: usize| {
        tokens.get(at).filter(|token| {
            token.kind == Kind::Word && token.gap <= Gap::Line && token.gap != Gap::Wide
        })
    };
    let fits = |token: &Token| {
        token.gap > Gap::None
            && !token.is_one_of(&NOT_COUNTED)
            && !token.is_one_of(&OF_TIME)
            && token.text.chars().count() > 2
            && money_unit(&token.text).is_none()
            && scale(&token.text).is_none()
            && number_word(&token.text).is_none()
            && month(&token.text).is_none()
            && !token.is_capital
            && !token.text.ends_with("as")
            && !token.is_one_of(&MEASURES)
            && !is_fraction(&token.text)
            && !token.is_one_of(&[
                "procent",
                "procentenheter",
                "gånger",
                "euro",
                "dollar",
                "pund",
                "usd",
                "eur",
                "komma",
            ])
    };
    let first = word(at).filter(|token| fits(token))?;
    let is_adjective = ["ade", "nya", "olika", "iga", "nde", "ska", "erna"]
        .iter()
        .any(|end| first.text.ends_with(end))
        || first.is_one_of(&["ovan", "ovanstående"]);
    let second = word(at + 1).filter(|token| {
        fits(token) && ["or", "ar", "er", "en", "n"].iter().any(|end| token.text.ends_with(end))
    });
    Some(if is_adjective && second.is_some() { at + 1 } else { at })
}

/// Dates in digits and in words.
pub(crate) fn dates(tokens: &[Token]) -> Vec<Dated> {
    let mut dates = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match date_at(tokens, at) {
            Some(date) => {
                at = date.tokens.1 + 1;
                dates.push(date);
            }
            None => at += 1,
        }
    }
    dates
}

fn date_at(tokens: &[Token], at: usize) -> Option<Dated> {
    let token = tokens.get(at)?;
    let digits = |at: usize| tokens.get(at).filter(|t| t.kind == Kind::Digits);
    let number = |at: usize| digits(at)?.text.parse::<i32>().ok();
    let build = |last: usize, value: String, day: Option<Day>, is_full: bool| {
        Some(Dated {
            noted: noted(tokens, at, last, value)?,
            last: day,
            is_full,
            tokens: (at, last),
        })
    };
    if token.kind == Kind::Digits {
        let glued =
            at.checked_sub(1).and_then(|at| tokens.get(at)).filter(|_| token.gap == Gap::None);
        // "1 januari–31 december 2025" is two days.
        let back = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at));
        let is_month = |steps| back(steps).is_some_and(|t| month(&t.text).is_some());
        let is_after_year = back(2).is_some_and(|t| is_year(&t.text)) && is_month(3);
        let is_after_month = is_month(2) || is_after_year;
        if glued.is_some_and(|before| {
            before.kind == Kind::Digits
                || before.kind == Kind::Word
                || (before.is_mark('-') && !is_after_month)
        }) {
            return None;
        }
        let touches = |at: usize, mark: char| {
            tokens.get(at).is_some_and(|t| t.is_mark(mark) && t.gap == Gap::None)
        };
        let tight = |at: usize| digits(at).is_some_and(|t| t.gap == Gap::None && t.text.len() == 2);
        if is_year(&token.text)
            && touches(at + 1, '-')
            && tight(at + 2)
            && touches(at + 3, '-')
            && tight(at + 4)
        {
            let day = Day::new(number(at)?, number(at + 2)?, number(at + 4)?)?;
            return build(at + 4, day.to_string(), Some(day), true);
        }
        // "16–17 november 2021": the last day counts.
        let ranged = (tokens.get(at + 1)?.is_mark('-') || tokens.get(at + 1)?.is("och"))
            && digits(at + 2).is_some_and(|t| t.text.len() <= 2);
        let day_at = if ranged && token.text.len() <= 2 { at + 2 } else { at };
        let name = tokens.get(day_at + 1).filter(|t| t.kind == Kind::Word && t.gap <= Gap::Line)?;
        let (month, day) = (month(&name.text)?, number(day_at)?);
        let year = digits(day_at + 2)
            .filter(|t| is_year(&t.text) && t.gap <= Gap::Line)
            .and_then(|_| number(day_at + 2));
        return match year {
            Some(year) => {
                let day = Day::new(year, month, day)?;
                build(day_at + 2, day.to_string(), Some(day), true)
            }
            None => {
                Day::new(2024, month, day)?;
                build(day_at + 1, format!("--{month:02}-{day:02}"), None, false)
            }
        };
    }
    let month = month(&token.text).filter(|_| token.kind == Kind::Word)?;
    let year = digits(at + 1)
        .filter(|t| is_year(&t.text) && t.gap <= Gap::Line)
        .and_then(|_| number(at + 1))?;
    let month = Month::new(year, month)?;
    build(at + 1, month.to_string(), Some(month.last_day()), false)
}

/// Case numbers: letters of an office, a year and a number.
pub(crate) fn case_numbers(chars: &[char], tokens: &[Token]) -> Vec<(Noted, (usize, usize))> {
    let mut cases = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let letters = chars.get(token.span.start..token.span.end).unwrap_or_default();
        let is_office = token.kind == Kind::Word
            && token.text.chars().count() <= 6
            && letters.iter().filter(|c| c.is_alphabetic()).all(|c| c.is_uppercase());
        let is_dnr = token.is_one_of(&["dnr", "diarienummer", "diarienr", "ärendenummer"]);
        if !is_office && !is_dnr {
            continue;
        }
        let skip = |at: usize| {
            let mark = tokens
                .get(at)
                .is_some_and(|t| t.is_mark(':') || t.is_mark('.') || (t.is_mark('-') && is_office));
            if mark { at + 1 } else { at }
        };
        let year_at = skip(at + 1);
        let close = |at: usize| tokens.get(at).filter(|t| t.gap <= Gap::Line && t.gap != Gap::Wide);
        if date_at(tokens, year_at).is_some_and(|date| date.is_full) {
            continue;
        }
        let is_year_token = close(year_at).is_some_and(|t| {
            t.kind == Kind::Digits && (is_year(&t.text) || (t.text.len() == 2 && is_dnr))
        });
        let divides = close(year_at + 1).is_some_and(|t| {
            t.gap == Gap::None && (t.is_mark('-') || t.is_mark('/') || t.is_mark(':'))
        });
        let is_number = close(year_at + 2)
            .is_some_and(|t| t.gap == Gap::None && t.kind == Kind::Digits && t.text.len() >= 2);
        if !(is_year_token && divides && is_number) {
            continue;
        }
        let first = if is_dnr { year_at } else { at };
        let mut last = year_at + 2;
        while tokens
            .get(last + 1)
            .is_some_and(|t| t.gap == Gap::None && (t.is_mark('-') || t.is_mark('/')))
            && tokens
                .get(last + 2)
                .is_some_and(|t| t.gap == Gap::None && !matches!(t.kind, Kind::Mark(_)))
        {
            last += 2;
        }
        let start = tokens.get(first).map_or(0, |t| t.span.start);
        let end = tokens.get(last).map_or(start, |t| t.span.end);
        let text: String = chars.get(start..end).unwrap_or_default().iter().collect();
        let value = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(noted) = noted(tokens, first, last, value) else { continue };
        cases.push((noted, (first, last)));
    }
    cases.dedup_by_key(|(case, _)| case.span.end);
    cases
}
