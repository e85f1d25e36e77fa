//! A decision text as it is read: every amount, share, count, date, case number and recipient with its place.
//!
//! Owns: the grammar of decision texts in Swedish, and what a text says (D1–D4, D10). Does not own: what does not add up
//! (`scrutiny`), nor how a file becomes text.
//!
//! Of `Södra kliniken tilldelas 1, 5 mkr` it reads the amount 1 500 000 kr at code points 25–33, malformed by a space, and
//! the recipient.

mod amount;
mod bare;
mod column;
mod context;
mod figure;
mod implied;
pub(crate) mod layout;
pub(crate) mod lexicon;
pub(crate) mod line;
mod marker;
mod noted;
pub(crate) mod number;
pub(crate) mod recipient;
mod row_kind;
mod stacked;
pub(crate) mod table;
mod token;
pub(crate) mod twin;

pub use amount::Amount;
pub use noted::Noted;
pub use number::Flaw;
pub use recipient::Recipient;
pub use token::Span;

pub(crate) use amount::each_before;
pub(crate) use column::SPEAKS;
pub(crate) use context::years;

pub(crate) use line::Line;
pub(crate) use noted::{Count, Dated, Share};
pub(crate) use table::Table;
pub(crate) use token::{Gap, Kind, Token};

use crate::fact::Precision;
use crate::money::Money;
use amount::MOST_ORE;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A text that has been read. Places are code points of the text as given, `end` exclusive.
#[derive(Debug)]
pub struct Paper {
    chars: Vec<char>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) lines: Vec<Line>,
    pub(crate) tables: Vec<Table>,
    /// Where each sentence begins, by token.
    sentences: Vec<usize>,
    amounts: Vec<Amount>,
    unread: Vec<Span>,
    recipients: Vec<Recipient>,
    recipients_in_rows: Vec<Recipient>,
    pub(crate) shares: Vec<Share>,
    pub(crate) counts: Vec<Count>,
    pub(crate) dates: Vec<Dated>,
    cases: Vec<Noted>,
    layout: layout::Layout,
    twins: Vec<(usize, usize)>,
    /// The table of each line.
    table_of_line: Vec<Option<usize>>,
    /// Where lines end, as characters.
    line_ends: Vec<usize>,
    /// Where each word stands, by token.
    words: BTreeMap<String, Vec<usize>>,
}

impl Paper {
    /// Reads a text.
    pub fn read(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let tokens = token::tokens(&chars);
        let lines = line::without_page_heads(&tokens, line::lines(&chars, &tokens));
        let mut tables = table::tables(&chars, &tokens, &lines);
        let table_of_line = table::of_lines(&tables, lines.len());
        let sentences = sentences(&tokens, &lines, &table_of_line);
        let implied = implied(&tokens, &lines, &table_of_line);
        let (in_text, unread) = amount::amounts(&tokens, &implied);
        let kronor = in_text.iter().filter(|one| one.last_digit == Money::from_ore(100));
        table::in_kronor(&mut tables, &kronor.map(|one| one.amount.ore()).collect());
        let (amounts, unread) = all_amounts(&tokens, &lines, &tables, (in_text, unread));
        let is_after_heading = |at: usize| is_after_heading(&tokens, &lines, at);
        let layout = layout::layout(&tokens, &lines, &table_of_line, is_after_heading);
        let all = chars.iter().enumerate();
        let line_ends = all.filter(|(_, c)| token::is_line_end(**c)).map(|(at, _)| at).collect();
        let mut paper = Self {
            chars,
            tokens,
            lines,
            tables,
            sentences,
            amounts,
            unread,
            recipients: Vec::new(),
            recipients_in_rows: Vec::new(),
            shares: Vec::new(),
            counts: Vec::new(),
            dates: Vec::new(),
            cases: Vec::new(),
            layout,
            twins: Vec::new(),
            table_of_line,
            line_ends,
            words: BTreeMap::new(),
        };
        paper.words = context::words(&paper.tokens);
        paper.note();
        paper.find_twins();
        twin::round(&mut paper);
        paper
    }

    fn note(&mut self) {
        let cases = noted::case_numbers(&self.chars, &self.tokens);
        self.dates = noted::dates(&self.tokens);
        self.shares = noted::shares(&self.tokens, &self.tables);
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let ranges = self.dates.iter().map(|date| date.tokens);
        let ranges = ranges.chain(cases.iter().map(|(_, range)| *range));
        let ranges = ranges.chain(self.amounts.iter().map(|amount| amount.tokens));
        for (first, last) in ranges.chain(self.shares.iter().map(|share| share.tokens)) {
            taken.extend(first..=last);
        }
        self.counts = noted::counts(&self.tokens, &self.tables, |at| taken.contains(&at));
        self.cases = cases.into_iter().map(|(case, _)| case).collect();
        let sentence = |at: usize| self.sentence(at);
        self.recipients = recipient::recipients(&self.chars, &self.tokens, &self.amounts, sentence);
        self.recipients_in_rows =
            recipient::in_rows(&self.chars, &self.tokens, &self.tables, &self.amounts);
    }

    /// The amounts, in the order of the text.
    pub fn amounts(&self) -> &[Amount] {
        &self.amounts
    }

    /// Amounts that are too large to be read: beyond ten thousand million million kronor.
    pub fn unread(&self) -> &[Span] {
        &self.unread
    }

    /// Who gets which amount by running text, in its order; a name that gets several stands once for each.
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }

    /// Who gets which amount by the rows of tables whose first column is of recipients, in the order of the text.
    pub fn recipients_in_rows(&self) -> &[Recipient] {
        &self.recipients_in_rows
    }

    /// Percentages.
    pub fn shares(&self) -> Vec<&Noted> {
        self.shares.iter().map(|share| &share.noted).collect()
    }

    /// Numbers of things.
    pub fn counts(&self) -> Vec<&Noted> {
        self.counts.iter().map(|count| &count.noted).collect()
    }

    /// Days and months; a day without a year is `--03-01`.
    pub fn dates(&self) -> Vec<&Noted> {
        self.dates.iter().map(|date| &date.noted).collect()
    }

    /// Case numbers (diarienummer).
    pub fn case_numbers(&self) -> &[Noted] {
        &self.cases
    }

    /// The text of a place, unchanged.
    pub fn text(&self, span: Span) -> String {
        self.chars.get(span.start..span.end).unwrap_or_default().iter().collect()
    }

    /// Rows of numbers side by side of which none is an amount: the first and the last line of each run, from 1.
    pub fn rows_without_money(&self) -> Vec<(usize, usize)> {
        let has_amount = |lines: &Range<usize>| {
            let tokens = lines.clone().filter_map(|at| self.lines.get(at)).map(|line| &line.tokens);
            tokens.into_iter().any(|tokens| !self.amounts_in(tokens).is_empty())
        };
        let shown = |lines: Range<usize>| {
            let number =
                |at: usize| Some(self.line_number(self.lines.get(at)?.span(&self.tokens).start));
            Some((number(lines.start)?, number(lines.end.checked_sub(1)?)?))
        };
        let runs = table::rows(&self.chars, &self.tokens, &self.lines).into_iter();
        runs.filter(|lines| !has_amount(lines)).filter_map(shown).collect()
    }

    /// The line, from 1, that a code point stands on.
    pub fn line_number(&self, at: usize) -> usize {
        1 + self.line_ends.partition_point(|end| *end < at)
    }

    /// An amount with some words before and after it, within its sentence: a phrase to find it by.
    pub fn phrase(&self, amount: &Amount) -> Span {
        const AROUND: usize = 4;
        let sentence = self.sentence(amount.tokens.0);
        let first = amount.tokens.0.saturating_sub(AROUND).max(sentence.start);
        let end = (amount.tokens.1 + 1 + AROUND).min(sentence.end);
        self.span(&(first..end))
    }

    /// The sentence that a token stands in, by token.
    pub(crate) fn sentence(&self, at: usize) -> Range<usize> {
        let next = self.sentences.partition_point(|start| *start <= at);
        let start = next.checked_sub(1).and_then(|at| self.sentences.get(at)).copied().unwrap_or(0);
        start..self.sentences.get(next).copied().unwrap_or(self.tokens.len())
    }

    /// The place of some tokens.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        let tokens = self.tokens.get(range.clone()).unwrap_or_default();
        let start = tokens.first().map_or(0, |token| token.span.start);
        Span { start, end: tokens.last().map_or(start, |token| token.span.end) }
    }
}

/// The units that stand once above numbers without one.
fn implied(tokens: &[Token], lines: &[Line], table_of_line: &[Option<usize>]) -> implied::Implied {
    let is_in_table = |at: usize| table_of_line.get(at).copied().flatten().is_some();
    // The line before a heading's text: short, with a capital, and no full stop.
    let is_heading = |at: usize| is_after_heading(tokens, lines, at + 1) && !is_in_table(at);
    implied::Implied::read(tokens, lines, is_in_table, is_heading)
}

/// Amounts of running text and of tables, in order, and those that are too large.
fn all_amounts(
    tokens: &[Token],
    lines: &[Line],
    tables: &[Table],
    (in_text, mut unread): (Vec<Amount>, Vec<Span>),
) -> (Vec<Amount>, Vec<Span>) {
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut amounts = Vec::new();
    let from = |token: usize| in_text.partition_point(|amount| amount.tokens.1 < token);
    let until = |token: usize| in_text.partition_point(|amount| amount.tokens.0 <= token);
    for table in tables {
        // "Budget 2025 mkr" in a heading is a year and a unit.
        let heading = lines.get(table.lines.start..table.first_row).unwrap_or_default();
        for line in heading {
            let is_year = |at: &usize| {
                let first = in_text.get(*at).and_then(|amount| tokens.get(amount.tokens.0));
                first.is_some_and(|token| {
                    number::is_year(&token.text) && line.span(tokens).contains(token.span)
                })
            };
            let last = line.tokens.end.saturating_sub(1);
            taken.extend((from(line.tokens.start)..until(last)).filter(is_year));
        }
        for bare in bare::bare_amounts(tokens, table) {
            taken.extend(from(bare.tokens.0)..until(bare.tokens.1));
            let span = bare.span;
            match of_cell(bare) {
                Some(amount) => amounts.push(amount),
                None => unread.push(span),
            }
        }
    }
    let below = table::below_zero(tables);
    let free = in_text.into_iter().enumerate().filter(|(at, _)| !taken.contains(at));
    amounts.extend(free.map(|(_, mut amount)| {
        // "-   1 900 tkr": the minus of the cell stands apart.
        let next = below.partition_point(|cell| cell.end <= amount.tokens.0);
        let is_below = below.get(next).is_some_and(|cell| cell.contains(&amount.tokens.0));
        if is_below && amount.amount > Money::ZERO {
            amount.amount = Money::ZERO - amount.amount;
        }
        amount
    }));
    amounts.sort_by_key(|amount| amount.span);
    unread.sort();
    (amounts, unread)
}

fn of_cell(bare: bare::BareAmount) -> Option<Amount> {
    let ore = i64::try_from(bare.ore).ok().filter(|ore| i128::from(*ore).abs() <= MOST_ORE)?;
    let last_digit = i64::try_from(bare.last_digit).ok()?;
    Some(Amount {
        span: bare.span,
        amount: Money::from_ore(ore),
        last_digit: Money::from_ore(last_digit),
        precision: Precision::Exact,
        per: bare.per,
        is_cap: false,
        flaw: bare.flaw,
        is_total: bare.is_total,
        is_each: false,
        tokens: bare.tokens,
    })
}

/// Abbreviations after whose point a sentence goes on.
const ABBREVIATIONS: [&str; 30] = [
    "ca", "milj", "bl", "a", "t", "ex", "s", "k", "f", "d", "nr", "dnr", "resp", "inkl", "exkl",
    "tel", "kl", "jfr", "o", "fr", "st", "kap", "dvs", "ev", "motsv", "max", "min", "p", "g", "m",
];

/// Where sentences begin: after a point, a blank line, at the mark of an item, at a row of a table and after a heading.
fn sentences(tokens: &[Token], lines: &[Line], table_of_line: &[Option<usize>]) -> Vec<usize> {
    let mut starts: BTreeSet<usize> = BTreeSet::new();
    starts.insert(0);
    for (at, line) in lines.iter().enumerate() {
        let is_in_table = |at: usize| table_of_line.get(at).copied().flatten().is_some();
        // The line after a table begins a sentence too.
        let is_row = is_in_table(at) || at.checked_sub(1).is_some_and(is_in_table);
        if is_row
            || line.is_after_blank
            || marker::marker(line.of(tokens)).is_some()
            || is_after_heading(tokens, lines, at)
        {
            starts.insert(line.tokens.start);
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let ends = before.is_some_and(|mark| matches!(mark.kind, Kind::Mark('.' | '!' | '?')));
        let word = at.checked_sub(2).and_then(|at| tokens.get(at));
        let is_short = word.is_some_and(|word| {
            word.is_one_of(&ABBREVIATIONS)
                || (word.kind == Kind::Digits && word.gap >= Gap::Line && word.text.len() <= 3)
        });
        if ends
            && token.gap > Gap::None
            && !is_short
            && (token.is_capital || token.kind != Kind::Word)
        {
            starts.insert(at);
        }
    }
    // No sentence is so long; it keeps the check of texts without full stops fast.
    const MOST: usize = 1_000;
    let last = tokens.len();
    let bounds: Vec<usize> = starts.iter().copied().chain([last]).collect();
    for pair in bounds.windows(2) {
        if let [start, end] = pair {
            starts.extend((*start..*end).step_by(MOST));
        }
    }
    starts.into_iter().collect()
}

/// A short line without a full stop, before a line that begins with a capital, is a heading.
fn is_after_heading(tokens: &[Token], lines: &[Line], at: usize) -> bool {
    let (Some(above), Some(line)) = (at.checked_sub(1).and_then(|at| lines.get(at)), lines.get(at))
    else {
        return false;
    };
    let text = above.of(tokens);
    let span = above.span(tokens);
    let ends =
        text.last().is_some_and(|token| matches!(token.kind, Kind::Mark('.' | ',' | '-' | ';')));
    let begins = line.of(tokens).first().is_some_and(|token| token.is_capital);
    let before_is_break = above.is_after_blank || at < 2 || marker::marker(text).is_some();
    begins && !ends && before_is_break && span.end - span.start < 90
}
