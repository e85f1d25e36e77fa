//! Bare numbers of running text and lists whose unit stands once above them.
//!
//! Owns: which unit of money holds from where to where, and which bare numbers are amounts in it. Does not own: tables (`column`).
//!
//! Under `Driftbudget (tkr)` the sentence `Anslaget uppgår till 4 500 och hyran till 310.` has amounts of 4 500 000 and 310 000 kr.

use super::column::SPEAKS;
use super::lexicon::{ABOUT, AT_LEAST, CAP, NAMES_ONE, NOT_COUNTED, TOTAL, month};
use super::lexicon::{money_unit, scale};
use super::line::Line;
use super::marker::marker;
use super::number::{Number, is_year, number_at};
use super::token::{Gap, Kind, Token};
use std::ops::Range;

/// Where a unit holds for numbers that have none: in the tokens of the range, öre in one.
pub(super) struct Implied {
    /// The unit of each line, by its place among the lines.
    of_lines: Vec<(Range<usize>, i128)>,
    /// The last number of items, by its first token.
    of_items: Vec<(usize, i128)>,
}

impl Implied {
    /// The units that stand once for numbers below them; `is_heading` tells of the lines of tables and headings.
    pub fn read(
        tokens: &[Token],
        lines: &[Line],
        is_in_table: impl Fn(usize) -> bool,
        is_heading: impl Fn(usize) -> bool,
    ) -> Self {
        let (mut of_lines, mut holds, mut of_section) = (Vec::new(), None, None);
        for (at, line) in lines.iter().enumerate() {
            // A unit over a table is the table's.
            let is_of_table = (at..at + 3).any(&is_in_table);
            let said = said_unit(tokens, line).filter(|_| !is_of_table);
            if is_heading(at) {
                of_section = None;
            }
            match said {
                Some((unit, true)) => holds = Some(unit),
                Some((unit, false)) => of_section = Some(unit),
                None => {
                    let unit = of_section.or(holds).filter(|_| !is_in_table(at));
                    of_lines.extend(unit.map(|unit| (line.tokens.clone(), unit)));
                }
            }
        }
        Self { of_lines, of_items: items(tokens, lines) }
    }

    /// The number in the implied unit that begins at a token: öre in the unit and the number.
    pub fn number(&self, tokens: &[Token], at: usize) -> Option<(Number, i128)> {
        if let Ok(found) = self.of_items.binary_search_by_key(&at, |(first, _)| *first) {
            let number = number_at(tokens, at, false)?;
            return self.of_items.get(found).map(|(_, unit)| (number, *unit));
        }
        let next = self.of_lines.partition_point(|(range, _)| range.end <= at);
        let (_, unit) = self.of_lines.get(next).filter(|(range, _)| range.contains(&at))?;
        let number = number_at(tokens, at, false)?;
        is_money(tokens, at, &number).then_some((number, *unit))
    }
}

/// The unit that a line says for what is below it, and whether it holds for the rest of the text: `Budget (tkr)`,
/// `Samtliga belopp anges i tusental kronor.`
fn said_unit(tokens: &[Token], line: &Line) -> Option<(i128, bool)> {
    const MOST: usize = 16;
    let words = line.of(tokens);
    let last = words.iter().rposition(|token| token.kind == Kind::Word)?;
    let unit = unit_ending_at(words, last).filter(|_| words.len() <= MOST)?;
    let is_said = |token: &Token| token.is_one_of(&["belopp", "beloppen", "siffror", "uppgifter"]);
    let has_number = words.iter().any(|token| token.kind == Kind::Digits && !is_year(&token.text));
    if words.iter().any(is_said) && !has_number && words.iter().any(|token| token.is("i")) {
        return Some((unit, true));
    }
    let opens = words.iter().rposition(|token| token.is_mark('('))?;
    let closes = words.iter().rposition(|token| token.is_mark(')'))?;
    let is_alone = closes == last + 1 && last <= opens + 2 && closes + 1 == words.len();
    (is_alone && !has_number).then_some((unit, false))
}

/// The unit of money whose last word stands at a place: `tkr`, `tusental kronor`, `miljoner kr`.
fn unit_ending_at(words: &[Token], last: usize) -> Option<i128> {
    let word = words.get(last)?;
    let before = last.checked_sub(1).and_then(|at| words.get(at));
    let scaled = before.and_then(|word| scale(&word.text));
    let plain = money_unit(&word.text);
    match (scaled, plain) {
        (Some(kronor), Some(100)) => Some(kronor * 100),
        (_, Some(unit)) => Some(unit),
        _ => None,
    }
}

/// Whether a bare number is money: of a sentence that speaks of money, after a word that leads to an amount, and not counting
/// anything.
fn is_money(tokens: &[Token], at: usize, number: &Number) -> bool {
    const LEADS: [&str; 14] = [
        "till",
        "om",
        "på",
        "med",
        "är",
        "blir",
        "var",
        "från",
        "totalt",
        "avsätts",
        "går",
        "kostar",
        "får",
        "tillförs",
    ];
    let before = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at));
    let is_form = number.last > at || number.decimals > 0;
    let is_plain_year =
        number.last == at && tokens.get(at).is_some_and(|token| is_year(&token.text));
    let leads = before(1).is_some_and(|token| {
        let all: [&[&str]; 5] = [&LEADS, &ABOUT, &AT_LEAST, &CAP, &TOTAL];
        all.iter().any(|words| token.is_one_of(words))
    });
    let names_one = before(1).is_some_and(|token| token.is_one_of(&NAMES_ONE));
    let next = tokens.get(number.last + 1);
    let ends = next.is_none_or(|token| match token.kind {
        Kind::Word => {
            token.gap >= Gap::Line
                || (token.is_one_of(&NOT_COUNTED) && month(&token.text).is_none())
                || token.text.ends_with('s')
        }
        Kind::Digits => token.gap >= Gap::Wide,
        Kind::Mark(mark) => !matches!(mark, '%' | '/' | '§' | '-' | ':'),
    });
    let from = at.saturating_sub(14);
    let stops = |token: &Token| matches!(token.kind, Kind::Mark('.'));
    let near = tokens.get(from..at).unwrap_or_default();
    let start = near.iter().rposition(stops).map_or(0, |stop| stop + 1);
    let speaks = near.get(start..).unwrap_or_default().iter().any(|token| {
        SPEAKS.iter().any(|part| token.text.contains(part)) || token.text.starts_with("kost")
    });
    let counts =
        near.get(start..).unwrap_or_default().iter().any(|token| token.text.starts_with("antal"));
    let has_size = is_form || number.mantissa >= 10;
    let is_after_word = before(1).is_some_and(|token| token.kind == Kind::Word);
    let is_led = (leads && speaks) || (is_form && is_after_word);
    !is_plain_year && !names_one && !counts && is_led && ends && has_size
}

/// The numbers that end the items of a list whose introduction states an amount in kronor: `1. Vind: 34 procent, 8 568 000`.
fn items(tokens: &[Token], lines: &[Line]) -> Vec<(usize, i128)> {
    let is_item = |line: &Line| marker(line.of(tokens)).is_some();
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let count =
            lines.get(at..).unwrap_or_default().iter().take_while(|line| is_item(line)).count();
        if count < 2 {
            at += 1;
            continue;
        }
        let intro = at.checked_sub(1).and_then(|at| lines.get(at));
        let is_in_kronor = intro.is_some_and(|line| {
            let words = line.of(tokens);
            let in_kronor = |two: &[Token]| {
                matches!(two, [number, unit] if number.kind == Kind::Digits && money_unit(&unit.text) == Some(100))
            };
            words.last().is_some_and(|token| token.is_mark(':')) && words.windows(2).any(in_kronor)
        });
        let ends: Vec<usize> = lines
            .get(at..at + count)
            .unwrap_or_default()
            .iter()
            .filter_map(|line| last_number(tokens, line))
            .collect();
        if is_in_kronor && ends.len() * 2 > count {
            found.extend(ends.into_iter().map(|first| (first, 100)));
        }
        at += count;
    }
    found
}

/// The number of groups of three that ends a line.
fn last_number(tokens: &[Token], line: &Line) -> Option<usize> {
    let end = line.tokens.end - usize::from(line.of(tokens).last()?.is_mark('.'));
    let is_digits = |at: &usize| tokens.get(*at).is_some_and(|token| token.kind == Kind::Digits);
    let first = line.tokens.clone().take(end - line.tokens.start).rev();
    let run = first.take_while(is_digits).last()?;
    let number = number_at(tokens, run, false)?;
    (number.last + 1 == end && number.last > run && number.flaw.is_none()).then_some(run)
}
