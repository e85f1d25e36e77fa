//! Text against the rows of tables that it repeats.
//!
//! Owns: which row an amount of the text speaks of. Does not own: wholes of tables (`appendix`).
//!
//! `Lunds sjukhus tilldelas 3 500 000 kronor` against a row `Lunds sjukhus   4 200 000` is told.

use super::gathered::Gathered;
use super::reconcile::{is_one_slip, is_telling, shift};
use super::table::amount_in;
use super::twice::is_qualified;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::fact::Precision;
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::line::Cell;
use crate::paper::recipient::key;
use crate::paper::table::{Row, RowKind};
use crate::paper::{Kind, Paper, Token, twin};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let (named, called) = (&gathered.named, called(paper));
    let told = |at| {
        unit_in_prose(paper, gathered, named, at)
            .or_else(|| of_other_year(paper, named, at))
            .or_else(|| row_in_prose(paper, named, at))
            .or_else(|| other_in_row(paper, gathered, &called, at))
    };
    paper.told().filter_map(told).collect()
}

/// The rows that a word names: each by its table and row.
#[derive(Default)]
pub(super) struct Named {
    exactly: BTreeMap<String, BTreeSet<(usize, usize)>>,
    by_stem: BTreeMap<String, BTreeSet<(usize, usize)>>,
}

fn is_long(token: &&Token) -> bool {
    token.kind == Kind::Word && token.text.chars().count() >= 5
}

/// The cell that names a row: its label, or, where that is a day or a number, the first cell of words alone.
fn name_of(paper: &Paper, row: &Row) -> Range<usize> {
    let has_digits = |range: &Range<usize>| {
        paper.tokens_in(range).iter().any(|token| token.kind == Kind::Digits)
    };
    let is_name = |cell: &&Cell| cell.is_words() && !has_digits(&cell.tokens);
    let other = || row.cells.iter().skip(1).find(is_name).map(|cell| cell.tokens.clone());
    let is_day = !paper.dates_in(&row.label).is_empty();
    if is_day { other().unwrap_or_else(|| row.label.clone()) } else { row.label.clone() }
}

/// What a word is compared by when its endings may differ.
fn stem(word: &str) -> Option<&str> {
    (word.len() > 5).then(|| word.trim_end_matches(['a', 't', 'e', 'n', 's']))
}

/// The words that stand in the label of one row of a table only.
pub(super) fn named_rows(paper: &Paper) -> Named {
    let mut named = Named::default();
    for (at, table) in paper.tables.iter().enumerate() {
        let mut rows_of: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (row, of) in table.rows.iter().enumerate() {
            for token in paper.tokens_in(&name_of(paper, of)).iter().filter(is_long) {
                rows_of.entry(&token.text).or_default().insert(row);
            }
        }
        for (word, rows) in rows_of {
            let mut rows = rows.into_iter();
            let (Some(row), None) = (rows.next(), rows.next()) else { continue };
            if table.rows.get(row).is_some_and(|row| row.kind == RowKind::Part) {
                named.exactly.entry(word.to_owned()).or_default().insert((at, row));
                let stem = stem(word).map(str::to_owned);
                stem.map(|stem| named.by_stem.entry(stem).or_default().insert((at, row)));
            }
        }
    }
    named
}

impl Named {
    /// The rows that some words name, in the order of the tables; a word that names very many names none.
    pub fn by(&self, words: &[Token]) -> BTreeSet<(usize, usize)> {
        const MOST: usize = 20;
        let long = words.iter().filter(is_long);
        let few = |rows: &&BTreeSet<(usize, usize)>| rows.len() <= MOST;
        let of_word = |token: &Token| {
            let stems = stem(&token.text).and_then(|stem| self.by_stem.get(stem));
            let exact = self.exactly.get(&token.text).into_iter();
            exact.chain(stems).filter(few).flatten().copied()
        };
        long.flat_map(of_word).collect()
    }

    /// The rows that the beginning of a word names: "personalkostnaderna" of `Personal`.
    fn by_begin(&self, word: &str) -> BTreeSet<(usize, usize)> {
        const LEAST: usize = 6;
        const MOST: usize = 40;
        let ends = word.char_indices().map(|(at, _)| at).skip(LEAST).take(MOST);
        let begins = ends.filter_map(|end| word.get(..end));
        begins.filter_map(|begin| self.exactly.get(begin)).flatten().copied().collect()
    }
}

/// The rows by what they are called.
fn called(paper: &Paper) -> BTreeMap<String, Vec<(usize, usize)>> {
    let mut called: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, table) in paper.tables.iter().enumerate() {
        for (row, of) in table.rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Part)
        {
            let name = key(&paper.tokens, of.label.clone());
            called.entry(name).or_default().push((at, row));
        }
    }
    called
}

/// The cell that says what a recipient gets, where one row bears its name, in a table with one column of money.
fn cell_of(
    paper: &Paper,
    called: &BTreeMap<String, Vec<(usize, usize)>>,
    name: &str,
) -> Option<(usize, usize, usize)> {
    let [(table, row)] = called.get(name)?.as_slice() else { return None };
    let of = paper.tables.get(*table)?;
    let columns = of.sums_of_money();
    let [column] = columns.as_slice() else { return None };
    Some((*table, *row, amount_in(paper, of.rows.get(*row)?, *column)?))
}

/// An amount to a recipient who gets another in the one row that bears its name.
fn other_in_row(
    paper: &Paper,
    gathered: &Gathered,
    called: &BTreeMap<String, Vec<(usize, usize)>>,
    at: usize,
) -> Option<Remark> {
    let amount = paper.amounts().get(at)?;
    let next = paper.tokens.get(amount.tokens.1 + 1);
    let is_plain = amount.per.is_none()
        && !amount.is_cap
        && !amount.is_each
        && !next.is_some_and(|token| token.is_one_of(&["för", "till", "av", "i"]))
        && !is_qualified(paper, at);
    let recipient = paper.recipient_of(at).filter(|_| is_plain)?;
    let (table_at, row, cell) = cell_of(paper, called, &recipient.key)?;
    let (stated, shown) = (Value::of(paper, at), Value::of(paper, cell));
    let fine = paper.amounts().get(cell)?;
    let is_twin = twin::is_rounding(amount, fine) || twin::is_rounding(fine, amount);
    if gathered.gets(recipient) > 1
        || is_twin
        || stated.agrees(&shown)
        || !paper.years_of(at).is_empty()
    {
        return None;
    }
    let table = paper.tables.get(table_at)?;
    let block = paper.block_at(amount.tokens.0)?;
    let refers =
        paper.has_word(&block.tokens, &["bilaga", "bilagan", "tabell", "tabellen", "nedan"]);
    let place = paper.layout().block_of(amount.tokens.0)?;
    let block_of_table = paper.layout().block_of_table(table_at)?;
    let above = block_of_table.checked_sub(1).and_then(|at| paper.block(at))?;
    let is_appendix = above.tokens.len() <= 3
        && paper.tokens_in(&above.tokens).first().is_some_and(|token| token.is("bilaga"));
    let is_before = block_of_table == place + 1 || is_appendix;
    if !refers && !is_before {
        return None;
    }
    let mut remark = row_differs(paper, table.rows.get(row)?, at, cell);
    if !refers {
        // That the row is of the same money is a guess.
        remark.severity = Severity::Warning;
    }
    Some(remark)
}

/// Whether the sentence of an amount says every long word of a row's name.
fn says_label(paper: &Paper, at: usize, row: &Row) -> bool {
    paper.amounts().get(at).is_some_and(|amount| says(paper, &paper.sentence(amount.tokens.0), row))
}

fn says(paper: &Paper, range: &Range<usize>, row: &Row) -> bool {
    let said = |word: &Token| {
        let words = paper.tokens_in(range).iter();
        let is_it = |token: &Token| match stem(&word.text) {
            Some(stem) => token.text.starts_with(stem),
            None => token.text == word.text,
        };
        words.into_iter().any(is_it)
    };
    paper.tokens_in(&name_of(paper, row)).iter().filter(is_long).all(said)
}

/// The rows whose whole name some tokens say.
pub(super) fn wholly_named(
    paper: &Paper,
    named: &Named,
    range: &Range<usize>,
) -> BTreeSet<(usize, usize)> {
    let mut rows = named.by(paper.tokens_in(range));
    rows.extend(
        paper.tokens_in(range).iter().filter(is_long).flat_map(|token| named.by_begin(&token.text)),
    );
    rows.retain(|(table, row)| {
        let row = paper.tables.get(*table).and_then(|table| table.rows.get(*row));
        row.is_some_and(|row| says(paper, range, row))
    });
    rows
}

/// An amount of the text that names a row of a table and is one slip from a figure of it.
fn row_in_prose(paper: &Paper, named: &Named, at: usize) -> Option<Remark> {
    let is_whole = |per: &Option<String>| per.as_deref().is_none_or(|per| per == "år");
    let amount = paper.amounts().get(at).filter(|amount| is_whole(&amount.per))?;
    // What is said to be near is hardly a slip of it.
    let is_exact = matches!(amount.precision, Precision::Exact | Precision::Rounded);
    if !is_exact || !is_telling(amount.amount.ore()) {
        return None;
    }
    let rows = named.by(paper.tokens_in(&paper.clause(at)));
    let only = |(table, row): &&(usize, usize)| {
        !rows.iter().any(|(other, of)| other == table && of != row)
    };
    let years = paper.years_of(at);
    for (table, row) in rows.iter().filter(only) {
        let table = paper.tables.get(*table)?;
        let row = table.rows.get(*row)?;
        if !says_label(paper, at, row) {
            continue;
        }
        let is_of_year = |column: &usize| {
            let year = table.columns.get(*column).and_then(|column| column.year);
            years.is_empty() || year.is_none_or(|year| years.contains(&year))
        };
        let columns = (0..row.cells.len()).filter(is_of_year);
        let cells: Vec<usize> =
            columns.filter_map(|column| amount_in(paper, row, column)).collect();
        let of = |cell: &usize| paper.amounts().get(*cell).map(|amount| amount.amount.ore());
        let is_same = |cell: &usize| {
            paper.amounts().get(*cell).is_some_and(|cell| {
                let is_twin = twin::is_rounding(amount, cell) || twin::is_rounding(cell, amount);
                is_twin || cell.amount == amount.amount
            })
        };
        if cells.iter().any(is_same) {
            return None;
        }
        let slipped =
            |cell: &&usize| of(cell).is_some_and(|ore| is_one_slip(ore, amount.amount.ore()));
        if let Some(cell) = cells.iter().find(slipped) {
            return Some(row_differs(paper, row, at, *cell));
        }
    }
    None
}

/// An amount of the text for one year that the only row which its sentence names has under another year, and not under that one.
fn of_other_year(paper: &Paper, named: &Named, at: usize) -> Option<Remark> {
    const OTHER: [&str; 16] = [
        "begärde",
        "begär",
        "begärt",
        "äskat",
        "äskar",
        "yrkar",
        "jämfört",
        "tidigare",
        "nuvarande",
        "oförändrad",
        "oförändrade",
        "oförändrat",
        "utan",
        "skulle",
        "samma",
        "ger",
    ];
    let amount = paper.amounts().get(at).filter(|amount| is_telling(amount.amount.ore()))?;
    let sentence = paper.sentence(amount.tokens.0);
    if paper.has_word(&sentence, &OTHER) {
        return None;
    }
    // The row may be named in the sentence before: "Tågtrafiken bedrivs … Kostnaden är … för 2026".
    let before = sentence.start.checked_sub(1).map(|at| paper.sentence(at));
    let block = paper.block_at(amount.tokens.0)?;
    let before = before.filter(|one| block.tokens.contains(&one.start));
    let years: Vec<i32> = paper.years_of(at).into_iter().collect();
    let [year] = years[..] else { return None };
    let own = wholly_named(paper, named, &sentence);
    let rows = if own.is_empty() {
        before.map_or_else(BTreeSet::new, |one| wholly_named(paper, named, &one))
    } else {
        own
    };
    let of_row = |(table, row): &(usize, usize)| {
        let of = paper.tables.get(*table)?;
        let row = of.rows.get(*row)?;
        let cell =
            |column: usize| Some((of.columns.get(column)?.year?, amount_in(paper, row, column)?));
        let cells: Vec<(i32, usize)> = (0..row.cells.len()).filter_map(cell).collect();
        let is_it = |cell: usize| {
            paper.amounts().get(cell).is_some_and(|cell| {
                cell.amount.ore().abs() == amount.amount.ore().abs()
                    || twin::is_rounding(amount, cell)
                    || twin::is_rounding(cell, amount)
            })
        };
        let right: Vec<usize> =
            cells.iter().filter(|(of, _)| *of == year).map(|(_, at)| *at).collect();
        let other = cells.iter().find(|(of, at)| *of != year && is_it(*at)).map(|(of, _)| *of)?;
        let differs = right.iter().all(|at| !is_it(*at));
        let cell = right.first().filter(|_| differs)?;
        let (stated, shown) = (Value::of(paper, at), Value::of(paper, *cell));
        let (said, in_table) = (Money::from_ore(stated.printed), Money::from_ore(shown.printed));
        let name = words(&paper.text(paper.span(&name_of(paper, row))));
        let text = Text::new(
            format!(
                "texten anger {said} för `{name}` {year}, men det är beloppet för {other}; för {year} står {in_table}"
            ),
            format!(
                "the text gives `{name}` {said} for {year}, but that is the amount of {other}; for {year} stands {in_table}"
            ),
        );
        let places = [stated.places(paper), shown.places(paper)].concat();
        Some(
            Remark::new(Doubt::RowOutOfLine, Severity::Warning, text, places)
                .of_difference(&stated, &shown),
        )
    };
    let [only] = rows.iter().collect::<Vec<_>>()[..] else { return None };
    of_row(only)
}

/// An amount of the text that is a thousand or a million times the figure of the only row that its sentence names.
fn unit_in_prose(paper: &Paper, gathered: &Gathered, named: &Named, at: usize) -> Option<Remark> {
    let amount =
        paper.amounts().get(at).filter(|amount| amount.per.is_none() && !amount.is_each)?;
    let sentence = paper.sentence(amount.tokens.0);
    let is_alone = paper.amounts_in(&sentence).len() == 1 && gathered.often(amount.amount) == 1;
    let rows = if is_alone { named.by(paper.tokens_in(&sentence)) } else { BTreeSet::new() };
    let only = |(table, row): &&(usize, usize)| {
        !rows.iter().any(|(other, of)| other == table && of != row)
    };
    let shifts = |cell: &usize| {
        let cell = paper.amounts().get(*cell);
        let by = cell.and_then(|cell| shift(cell.amount.ore(), amount.amount.ore()));
        by.is_some_and(|by| by >= 1_000)
    };
    let cell = rows.iter().filter(only).find_map(|(table, row)| {
        let row = paper.tables.get(*table)?.rows.get(*row)?;
        (0..row.cells.len()).filter_map(|column| amount_in(paper, row, column)).find(shifts)
    })?;
    let (stated, shown) = (Value::of(paper, at), Value::of(paper, cell));
    let (said, in_table) = (Money::from_ore(stated.printed), Money::from_ore(shown.printed));
    let text = Text::new(
        format!("texten säger {said}, tabellen {in_table}: enheten är fel på ett av ställena"),
        format!("the text says {said}, the table {in_table}: the unit is wrong in one place"),
    );
    let places = [stated.places(paper), shown.places(paper)].concat();
    Some(
        Remark::new(Doubt::UnitError, Severity::Error, text, places).of_difference(&stated, &shown),
    )
}

pub(super) fn row_differs(paper: &Paper, row: &Row, at: usize, cell: usize) -> Remark {
    let (stated, shown) = (Value::of(paper, at), Value::of(paper, cell));
    let (said, in_table) = (Money::from_ore(stated.printed), Money::from_ore(shown.printed));
    let name = words(&paper.text(paper.span(&row.label)));
    let text = Text::new(
        format!("texten anger {said} för `{name}`, tabellen {in_table}"),
        format!("the text gives `{name}` {said}, the table {in_table}"),
    );
    let places = [stated.places(paper), shown.places(paper)].concat();
    Remark::new(Doubt::StatedTwice, Severity::Error, text, places).of_difference(&stated, &shown)
}
