//! Lines of a text and the cells of those that are rows of a table.
//!
//! Owns: where lines and cells begin and end. Does not own: which lines make a table.
//!
//! `Danderyd   6 000   12,5` is a line of three cells.

use super::lexicon::{NOT_COUNTED, TOTAL, money_unit};
use super::number::{Flaw, Number, is_year, number_at};
use super::recipient::GETS;
use super::token::{Gap, Kind, Span, Token, is_bullet};
use std::collections::BTreeMap;
use std::ops::Range;

/// A line: its tokens, whether a blank line stands before it, and how far in it begins.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub tokens: Range<usize>,
    pub is_after_blank: bool,
    pub indent: usize,
}

impl Line {
    pub fn of<'t>(&self, tokens: &'t [Token]) -> &'t [Token] {
        tokens.get(self.tokens.clone()).unwrap_or_default()
    }

    pub fn span(&self, tokens: &[Token]) -> Span {
        let line = self.of(tokens);
        let start = line.first().map_or(0, |token| token.span.start);
        Span { start, end: line.last().map_or(start, |token| token.span.end) }
    }
}

/// The line that a token stands on.
pub(crate) fn of_token(lines: &[Line], at: usize) -> Option<&Line> {
    lines.get(lines.partition_point(|line| line.tokens.start <= at).checked_sub(1)?)
}

pub(crate) fn lines(chars: &[char], tokens: &[Token]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match lines.last_mut().filter(|_| token.gap < Gap::Line) {
            Some(line) => line.tokens.end = at + 1,
            None => {
                let before = chars.get(..token.span.start).unwrap_or_default();
                let spaces = before
                    .iter()
                    .rev()
                    .take_while(|c| c.is_whitespace() && !super::token::is_line_end(**c));
                let indent = spaces.count();
                lines.push(Line {
                    tokens: at..at + 1,
                    is_after_blank: token.gap == Gap::Blank,
                    indent,
                });
            }
        }
    }
    lines
}

/// The lines without those that only stand at the head or foot of pages: with a page number of how many, or said on
/// three pages or more in the same words.
pub(crate) fn without_page_heads(tokens: &[Token], lines: Vec<Line>) -> Vec<Line> {
    let key = |line: &Line| -> String {
        let words = line.of(tokens).iter().filter(|token| token.kind == Kind::Word);
        words.map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    let is_numbered = |line: &Line| {
        let text = line.of(tokens);
        let pattern = |four: &[Token]| match four {
            [page, open, all, close] => {
                let digits = |token: &Token| token.kind == Kind::Digits && token.text.len() <= 3;
                digits(page) && open.is_mark('(') && digits(all) && close.is_mark(')')
            }
            _ => false,
        };
        // "Sida 2 av 3"
        let of = |four: &[Token]| match four {
            [page, number, of, all] => {
                let digits = |token: &Token| token.kind == Kind::Digits && token.text.len() <= 3;
                let is_page = page.is_one_of(&["sida", "sid", "sidan"]);
                is_page && digits(number) && of.is("av") && digits(all)
            }
            _ => false,
        };
        let last = text.windows(4).last();
        text.len() <= 14 && last.is_some_and(|four| pattern(four) || of(four))
    };
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    if lines.iter().any(is_numbered) {
        lines.iter().for_each(|line| *said.entry(key(line)).or_default() += 1);
    }
    let is_head = |at: usize, line: &Line| {
        let above = at.checked_sub(1).and_then(|at| lines.get(at));
        let goes_on = above.is_some_and(is_numbered) && !line.is_after_blank;
        let repeats = |line: &Line| said.get(&key(line)).is_some_and(|count| *count > 2);
        is_numbered(line) || (goes_on && repeats(line))
    };
    let kept: Vec<bool> = lines.iter().enumerate().map(|(at, line)| !is_head(at, line)).collect();
    let first = kept.iter().position(|kept| *kept).unwrap_or(0);
    let both = lines.into_iter().zip(kept).enumerate();
    both.filter(|(at, (_, kept))| *kept || *at < first).map(|(_, (line, _))| line).collect()
}

/// What a cell of a table holds.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Nothing, or a dash.
    Empty,
    /// Words.
    Words,
    /// A number; the unit where one stands in the cell, and whether it is a percentage.
    Number { number: Number, has_unit: bool, is_percent: bool },
}

/// A cell of a line.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub tokens: Range<usize>,
    pub content: Content,
}

impl Cell {
    pub const fn is_number(&self) -> bool {
        matches!(self.content, Content::Number { .. })
    }

    /// Whether it is a percentage.
    pub const fn is_percentage(&self) -> bool {
        matches!(self.content, Content::Number { is_percent: true, .. })
    }

    /// Whether it is a number with a unit of money.
    pub const fn has_unit(&self) -> bool {
        matches!(self.content, Content::Number { has_unit: true, .. })
    }

    pub const fn is_words(&self) -> bool {
        matches!(self.content, Content::Words)
    }

    pub fn span(&self, tokens: &[Token]) -> Span {
        let cell = tokens.get(self.tokens.clone()).unwrap_or_default();
        let start = cell.first().map_or(0, |token| token.span.start);
        Span { start, end: cell.last().map_or(start, |token| token.span.end) }
    }
}

/// How the cells of a line are told from one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Division {
    /// By bars, tabs or several spaces.
    Columns,
    /// A label and the numbers after it.
    Label,
}

/// The cells of a line divided by bars, tabs or several spaces.
pub(crate) fn columns(chars: &[char], tokens: &[Token], line: &Line) -> Vec<Cell> {
    let bar = divider(tokens, line);
    let is_bar = |token: &Token| bar.is_some_and(|bar| token.is_mark(bar));
    let has_bars = bar.is_some();
    let start = line.tokens.start;
    let mut cells: Vec<Range<usize>> = std::iter::once(start..start).collect();
    for at in line.tokens.clone() {
        let Some(token) = tokens.get(at) else { continue };
        let begins =
            if has_bars { is_bar(token) } else { token.gap == Gap::Wide && at > line.tokens.start };
        if begins {
            let tabs = if has_bars { 1 } else { tabs_before(chars, tokens, at).max(1) };
            for _ in 0..tabs {
                let start = if has_bars { at + 1 } else { at };
                cells.push(start..start);
            }
        }
        if let Some(cell) = cells.last_mut().filter(|_| !(has_bars && begins)) {
            cell.end = at + 1;
        }
    }
    if has_bars {
        // The bars at the ends of a line are its frame; in front alone stands an empty cell.
        let begins = line.of(tokens).first().is_some_and(is_bar) && cells.len() > 1;
        let ends = cells.last().is_some_and(Range::is_empty);
        if begins && (ends || line.indent == 0) {
            cells.remove(0);
        }
        if ends {
            cells.pop();
        }
    }
    let cells = cells
        .into_iter()
        .map(|range| if has_bars { without_emphasis(tokens, range) } else { range })
        .map(|range| Cell { content: content(tokens, &range), tokens: range });
    with_minus(tokens, cells.collect())
}

/// The mark that divides the cells of a line: a bar, or the semicolons of `Vård och omsorg;1 240;9,1`.
fn divider(tokens: &[Token], line: &Line) -> Option<char> {
    const LEAST: usize = 2;
    let text = line.of(tokens);
    if text.iter().any(|token| token.is_mark('|')) {
        return Some('|');
    }
    let marks = text.iter().filter(|token| token.is_mark(';')).count();
    let is_close =
        text.iter().filter(|token| token.is_mark(';')).all(|token| token.gap == Gap::None);
    let is_apart = text.iter().skip(1).any(|token| token.gap == Gap::Wide);
    let ends = text.last().is_some_and(|token| token.is_mark('.'));
    (marks >= LEAST && is_close && !is_apart && !ends).then_some(';')
}

/// A minus that stands apart from its amount, "Räntenetto   -   1 900 tkr", goes with it.
fn with_minus(tokens: &[Token], cells: Vec<Cell>) -> Vec<Cell> {
    let [label, minus, number] = cells.as_slice() else { return cells };
    let is_minus = minus.tokens.len() == 1
        && tokens.get(minus.tokens.start).is_some_and(|token| token.is_mark('-'));
    if !label.is_words() || !is_minus || !number.has_unit() {
        return cells;
    }
    let mut joined = number.clone();
    joined.tokens.start = minus.tokens.start;
    if let Content::Number { number, .. } = &mut joined.content {
        number.is_negative = true;
    }
    vec![label.clone(), joined]
}

/// A cell without the stars that make it bold: `**4 000**`.
fn without_emphasis(tokens: &[Token], mut cell: Range<usize>) -> Range<usize> {
    let is_star = |at: usize| tokens.get(at).is_some_and(|token| token.is_mark('*'));
    while cell.len() > 2 && is_star(cell.start) && is_star(cell.end - 1) {
        cell = cell.start + 1..cell.end - 1;
    }
    cell
}

fn tabs_before(chars: &[char], tokens: &[Token], at: usize) -> usize {
    let end = tokens.get(at).map_or(0, |token| token.span.start);
    let start = at.checked_sub(1).and_then(|at| tokens.get(at)).map_or(0, |token| token.span.end);
    chars.get(start..end).unwrap_or_default().iter().filter(|c| **c == '\t').count()
}

/// The label and the numbers after it, of a line whose words are divided by single spaces.
pub(crate) fn label_and_numbers(tokens: &[Token], line: &Line) -> Option<Vec<Cell>> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut start =
        line.tokens.clone().find(|at| numbers_from(tokens, *at, line.tokens.end).is_some())?;
    // A year may be the name of a row.
    if start == line.tokens.start && tokens.get(start).is_some_and(|token| is_year(&token.text)) {
        start += 1;
    }
    let label = line.tokens.start..start;
    let words = tokens.get(label.clone())?;
    let is_sum = words.iter().filter(|token| token.kind == Kind::Word).count() == 1
        && words.first().is_some_and(|token| token.is_one_of(&TOTAL));
    let ends_in_prose = !is_sum
        && words.last().is_some_and(|token| {
            token.is_one_of(&NOT_COUNTED) || token.is_mark('-') || token.is_mark('(')
        });
    // "Norra kliniken tilldelas 7 miljoner kronor." is a sentence.
    const TELLS: [&str; 9] =
        ["att", "fördelades", "är", "blir", "var", "blev", "kostar", "uppgår", "höjs"];
    let tells = |token: &Token| token.is_one_of(&GETS) || token.is_one_of(&TELLS);
    let is_sentence =
        words.iter().any(tells) && line.of(tokens).last().is_some_and(|token| token.is_mark('.'));
    let is_named = matches!(words, [only] if is_year(&only.text))
        || words.iter().any(|token| token.kind == Kind::Word);
    if !is_named || ends_in_prose || is_sentence {
        return None;
    }
    cells.push(Cell { tokens: label, content: Content::Words });
    while start < line.tokens.end {
        start = after_leader(tokens, start);
        let (end, content) = number_cell(tokens, start, line.tokens.end)?;
        cells.push(Cell { tokens: start..end, content });
        start = end;
    }
    Some(cells)
}

/// Whether numbers alone stand from a token to the end of the line.
fn numbers_from(tokens: &[Token], mut at: usize, end: usize) -> Option<()> {
    while at < end {
        at = number_cell(tokens, after_leader(tokens, at), end)?.0;
    }
    Some(())
}

/// Where a row of points ends that leads from one cell to the next: "28 % .......... 6 720 000 kr".
fn after_leader(tokens: &[Token], at: usize) -> usize {
    const LEAST: usize = 3;
    let points = tokens.get(at..).unwrap_or_default().iter();
    let points = points.take_while(|token| token.is_mark('.')).count();
    if points < LEAST { at } else { at + points }
}

/// A number with its unit or percent sign at a token: where it ends and what it is.
fn number_cell(tokens: &[Token], at: usize, end: usize) -> Option<(usize, Content)> {
    let has_plus = tokens.get(at)?.is_mark('+');
    let is_signed = has_plus || tokens.get(at)?.is_mark('-');
    // "7–9" is one thing, and no two numbers.
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let is_joined =
        tokens.get(at)?.gap == Gap::None && before.is_some_and(|token| token.kind == Kind::Digits);
    if is_signed && is_joined {
        return None;
    }
    let first = if is_signed { at + 1 } else { at };
    let mut number = number_at(tokens, first, is_signed)?;
    number.is_negative |= is_signed && !has_plus;
    number.has_plus = has_plus;
    let mut last = number.last + 1;
    let after = |at: usize| tokens.get(at).filter(|_| at < end);
    let is_percent = after(last).is_some_and(|token| token.is_mark('%') || token.is("procent"));
    let has_unit = after(last).is_some_and(|token| {
        money_unit(&token.text).is_some() || super::lexicon::scale(&token.text).is_some()
    });
    if is_percent {
        last += 1;
    }
    // "per förlossning" may follow a unit; more words, or a new sentence, are prose.
    const WORDS: usize = 4;
    let unit_end = last;
    while has_unit
        && after(last).is_some_and(|token| token.kind == Kind::Word || token.is_mark('.'))
    {
        last += 1;
    }
    let words = tokens.get(unit_end..last).unwrap_or_default();
    let begins_again = words
        .windows(2)
        .any(|pair| matches!(pair, [dot, next] if dot.is_mark('.') && next.is_capital));
    if words.len() > WORDS + 1 || begins_again {
        return None;
    }
    (last <= end).then_some((last, Content::Number { number, has_unit, is_percent }))
}

pub(super) fn content(tokens: &[Token], range: &Range<usize>) -> Content {
    let cell = tokens.get(range.clone()).unwrap_or_default();
    if cell
        .iter()
        .all(|token| matches!(token.kind, Kind::Mark(c) if is_bullet(c) || c == '.' || c == '='))
    {
        return Content::Empty;
    }
    if let Some((end, content)) = number_cell(tokens, range.start, range.end) {
        let rest = tokens.get(end..range.end).unwrap_or_default();
        if rest
            .iter()
            .all(|token| matches!(token.kind, Kind::Mark(mark) if mark != '|' && mark != '-'))
        {
            return content;
        }
    }
    malformed(cell, range).unwrap_or(Content::Words)
}

/// A cell of nothing but digits whose groups are not of three: one number, malformed (D4).
fn malformed(cell: &[Token], range: &Range<usize>) -> Option<Content> {
    let all_digits = cell.iter().all(|token| token.kind == Kind::Digits);
    let digits: String = cell.iter().map(|token| token.text.as_str()).collect();
    let mantissa = digits.parse().ok().filter(|_| all_digits && digits.len() <= 15)?;
    let flaw = Some(Flaw::Groups);
    let number = Number {
        last: range.end.saturating_sub(1),
        mantissa,
        decimals: 0,
        flaw,
        is_negative: false,
        has_plus: false,
    };
    Some(Content::Number { number, has_unit: false, is_percent: false })
}
