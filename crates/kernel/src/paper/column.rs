//! Columns of tables: their headings, what their numbers are, and the unit of money that heading or caption names (D1).
//!
//! Owns: kinds and units of columns. Does not own: rows.
//!
//! `Belopp (tkr)` over numbers is a column of amounts in thousands of kronor.

use super::lexicon::{TOTAL, money_unit, month, scale};
use super::line::{Cell, Content, Line, columns};
use super::marker::marker;
use super::number::is_year;
use super::table::{Column, ColumnKind};
use super::token::{Gap, Kind, Token};
use std::ops::Range;

/// The first line of the heading above the rows.
pub(super) fn header_start(tokens: &[Token], lines: &[Line], first_row: usize) -> usize {
    let mut start = first_row;
    while let Some(at) = start.checked_sub(1).filter(|at| first_row - at <= 4) {
        let (Some(line), Some(next)) = (lines.get(at), lines.get(start)) else { break };
        let text = line.of(tokens);
        let is_rule = text.iter().all(|token| matches!(token.kind, Kind::Mark(_)));
        let ends = text.last().is_some_and(|token| token.is_mark('.') || token.is_mark(':'));
        let is_gap = next.is_after_blank && start < first_row;
        let has_bars = text.iter().any(|token| token.is_mark('|'));
        let is_long = text.len() > if has_bars { 120 } else { 40 };
        if is_gap || (!is_rule && (ends || is_long || marker(text).is_some())) {
            break;
        }
        start = at;
    }
    start
}

/// The words of the heading of each column.
pub(super) fn headings(
    chars: &[char],
    tokens: &[Token],
    lines: &[Line],
    header: Range<usize>,
    rows: &[Vec<Cell>],
    width: usize,
) -> Vec<Vec<usize>> {
    let mut headings = vec![Vec::new(); width];
    let line_start = |at: usize| {
        // From the margin: the first line of a heading may begin over the second column.
        super::line::of_token(lines, at)
            .map_or(0, |line| line.span(tokens).start.saturating_sub(line.indent))
    };
    let model = rows.iter().find(|row| row.len() == width);
    for line in lines.get(header).unwrap_or_default() {
        let mut cells = columns(chars, tokens, line);
        if cells.len() == 1 && width > 2 {
            cells = apart(tokens, line, width).unwrap_or(cells);
        }
        let count = cells.len();
        for (at, cell) in cells.into_iter().enumerate() {
            let place = |cell: &Cell| {
                let (span, start) = (cell.span(tokens), line_start(cell.tokens.start));
                (span.start.saturating_sub(start), span.end.saturating_sub(start))
            };
            let (start, end) = place(&cell);
            let overlap = |other: &Cell| {
                let (from, to) = place(other);
                end.min(to).saturating_sub(start.max(from)) * 100
                    + 100_usize.saturating_sub(end.abs_diff(to))
            };
            let nearest =
                model.and_then(|row| (0..width).max_by_key(|at| row.get(*at).map_or(0, &overlap)));
            let column = if count == width {
                Some(at)
            } else if width == 2 && count == 1 {
                last_of_words(tokens, &cell)
            } else {
                nearest
            };
            if let Some(heading) = column.and_then(|column| headings.get_mut(column)) {
                heading.extend(cell.tokens.clone());
            }
        }
    }
    headings
}

/// The words of a heading with single spaces, where there are as many as columns; units and brackets go with the word before.
fn apart(tokens: &[Token], line: &Line, width: usize) -> Option<Vec<Cell>> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut depth = 0_usize;
    for at in line.tokens.clone() {
        let token = tokens.get(at)?;
        let goes_on = depth > 0
            || token.gap == Gap::None
            || token.is_mark('(')
            || money_unit(&token.text).is_some()
            || token.is_one_of(&["i", "per", "av"])
            || at
                .checked_sub(1)
                .and_then(|at| tokens.get(at))
                .is_some_and(|t| t.is_one_of(&["i", "per", "av"]));
        if token.is_mark('(') {
            depth += 1;
        } else if token.is_mark(')') {
            depth = depth.saturating_sub(1);
        }
        match cells.last_mut().filter(|_| goes_on) {
            Some(cell) => cell.tokens.end = at + 1,
            None => cells.push(Cell { tokens: at..at + 1, content: Content::Words }),
        }
    }
    (cells.len() == width).then_some(cells)
}

/// A heading of one cell over a label and a number says the number's unit where it has one.
fn last_of_words(tokens: &[Token], cell: &Cell) -> Option<usize> {
    let names =
        tokens.get(cell.tokens.clone())?.iter().any(|token| money_unit(&token.text).is_some());
    Some(usize::from(names))
}

/// A unit of money named in words that is no part of an amount.
fn named_unit(tokens: &[Token], range: impl Iterator<Item = usize>) -> Option<i128> {
    let named = range.filter_map(|at| {
        let token = tokens.get(at).filter(|token| token.kind == Kind::Word)?;
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let is_amount = before.is_some_and(|token| {
            (token.kind == Kind::Digits && !is_year(&token.text)) || scale(&token.text).is_some()
        });
        let after = tokens
            .get(at + 1)
            .filter(|next| next.gap <= Gap::Space && money_unit(&next.text) == Some(100));
        let scaled =
            scale(&token.text).filter(|_| after.is_some() || token.text.starts_with("milj"));
        let unit = scaled.map(|kronor| kronor * 100).or_else(|| money_unit(&token.text));
        unit.filter(|_| !is_amount)
    });
    named.last()
}

/// The unit in the lines of the heading, or in the caption above.
pub(super) fn caption_unit(
    tokens: &[Token],
    lines: &[Line],
    first_line: usize,
    first_row: usize,
) -> Option<i128> {
    let of_line = |at: usize| named_unit(tokens, lines.get(at)?.tokens.clone());
    let inside = (first_line..first_row).rev().find_map(of_line);
    let above = |steps: usize| {
        let at = first_line.checked_sub(steps)?;
        let text = lines.get(at)?.of(tokens);
        let is_caption = text.len() <= 30
            && text.iter().any(|token| {
                token.is_one_of(&[
                    "tabell", "belopp", "mkr", "tkr", "mnkr", "kr", "kronor", "miljoner", "msek",
                    "tusental", "tusen",
                ])
            });
        let last = text.iter().rfind(|token| !token.is_mark('.'));
        let in_brackets = last.is_some_and(|token| {
            token.is_mark(')') || token.is_mark(':') || token.kind == Kind::Word
        });
        of_line(at).filter(|_| is_caption && in_brackets)
    };
    inside.or_else(|| above(1)).or_else(|| above(2))
}

/// Whether a column has the unit of the caption: its heading is a time or speaks of money, or no
/// other column has a unit of its own.
fn takes_caption(tokens: &[Token], rows: &[Vec<Cell>], headings: &[Vec<usize>], at: usize) -> bool {
    let words = |at: usize| headings.get(at).into_iter().flatten().filter_map(|at| tokens.get(*at));
    let speaks = |token: &Token| SPEAKS.iter().any(|part| token.text.contains(part));
    let is_time = |token: &Token| is_year(&token.text) || month(&token.text).is_some();
    let is_other = |other: &usize| {
        let has_numbers = || rows.iter().filter_map(|row| row.get(*other)).any(Cell::is_number);
        let is_money = words(*other).any(|token| money_unit(&token.text).is_some());
        *other != at && is_money && has_numbers()
    };
    words(at).next().is_none()
        || words(at).any(|token| speaks(token) || is_time(token) || token.is_one_of(&TOTAL))
        || !(0..headings.len()).any(|other| is_other(&other))
}

/// Parts of words that speak of money.
pub(crate) const SPEAKS: [&str; 31] = [
    "resultat",
    "saldo",
    "belopp",
    "bidrag",
    "kostnad",
    "budget",
    "utfall",
    "prognos",
    "anslag",
    "ersättning",
    "intäkt",
    "avgift",
    "hyra",
    "drift",
    "invester",
    "tilldel",
    "beslut",
    "föreslag",
    "förslag",
    "fördel",
    "netto",
    "diff",
    "förändring",
    "medel",
    "stöd",
    "utgift",
    "utbetal",
    "avvikelse",
    "skillnad",
    "kredit",
    "lön",
];

pub(super) fn column(
    tokens: &[Token],
    rows: &[Vec<Cell>],
    headings: &[Vec<usize>],
    at: usize,
    caption: Option<i128>,
) -> Column {
    const COUNTED: [&str; 41] = [
        "antal",
        "platser",
        "besök",
        "förlossningar",
        "invånare",
        "befolkning",
        "kapacitet",
        "vikt",
        "födslar",
        "födda",
        "listade",
        "mottagningar",
        "kontakter",
        "patienter",
        "vårdtillfällen",
        "personer",
        "årsarbetare",
        "tjänster",
        "timmar",
        "barn",
        "kvinnor",
        "gravida",
        "volym",
        "inskrivna",
        "nyckeltal",
        "nyckel",
        "fördelningsnyckel",
        "enheter",
        "elever",
        "deltagare",
        "medlemmar",
        "studenter",
        "lägenheter",
        "hushåll",
        "föreställningar",
        "anställda",
        "dagar",
        "dygn",
        "resor",
        "ålder",
        "åldrar",
    ];
    const SHORT: [&str; 4] = ["tim", "st", "km", "m"];
    let words: Vec<&Token> =
        headings.get(at).into_iter().flatten().filter_map(|at| tokens.get(*at)).collect();
    let has = |names: &[&str]| words.iter().any(|token| token.is_one_of(names));
    let unit = named_unit(tokens, headings.get(at).into_iter().flatten().copied());
    let caption = caption.filter(|_| takes_caption(tokens, rows, headings, at));
    let cells = || rows.iter().filter_map(|row| row.get(at));
    let numbers = || cells().filter(|cell| cell.is_number());
    let percents = numbers()
        .filter(|cell| matches!(cell.content, Content::Number { is_percent: true, .. }))
        .count();
    let with_units = numbers()
        .filter(|cell| matches!(cell.content, Content::Number { has_unit: true, .. }))
        .count();
    let is_percent = words.iter().any(|token| token.is_mark('%'))
        || has(&["procent", "andel", "andelar"])
        || percents * 2 > numbers().count();
    let years = words
        .iter()
        .filter(|token| is_year(&token.text))
        .filter_map(|token| token.text.parse().ok());
    let all_years = || {
        let year = |cell: &Cell| matches!(tokens.get(cell.tokens.clone()), Some([only]) if is_year(&only.text));
        numbers().count() > 0 && numbers().all(year)
    };
    let is_counted = words.iter().any(|token| {
        COUNTED.iter().any(|word| token.text.ends_with(word))
            || token.text.starts_with("antal")
            || token.is_one_of(&SHORT)
    });
    let kind = if numbers().count() == 0
        || numbers().count() * 2 < cells().filter(|cell| cell.is_words()).count()
    {
        ColumnKind::Label
    } else if has(&[
        "år",
        "nr",
        "nummer",
        "datum",
        "vecka",
        "id",
        "kod",
        "kombika",
        "telefon",
        "diarienummer",
    ]) && !is_counted
        && unit.is_none()
        && with_units == 0
        || (at == 0 && with_units == 0 && unit.is_none())
        || (all_years() && unit.is_none())
    {
        ColumnKind::Other
    } else if is_percent && unit.is_none() && with_units == 0 {
        ColumnKind::Share
    } else if is_counted && unit.is_none() && with_units == 0 {
        ColumnKind::Count
    } else if unit.or(caption).is_some() || with_units > 0 {
        ColumnKind::Amount
    } else {
        ColumnKind::Count
    };
    let per = words.iter().position(|token| token.is("per") || token.is_mark('/'));
    let per = per
        .and_then(|at| words.get(at + 1))
        .filter(|noun| noun.kind == Kind::Word)
        .map(|noun| noun.text.clone());
    let is_total = has(&["totalt", "summa", "total", "sammanlagt"]);
    let unit = if kind == ColumnKind::Amount { unit.or(caption) } else { None };
    let noun = words.iter().find(|token| token.kind == Kind::Word).map(|token| token.text.clone());
    Column { kind, unit, per, year: years.max(), is_total, noun, is_counted }
}
