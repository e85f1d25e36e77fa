//! Tables in plain text: which lines are rows, what each column is, and the bare numbers that are amounts.
//!
//! Owns: columns, their units from heading or caption (D1), and kinds of rows. Does not own: what the rows sum to.
//!
//! Under `Mottagare   Belopp (tkr)` the row `Danderyd   1 200` has an amount of 1 200 000 kr.

use super::column::{caption_unit, column, header_start, headings};
use super::lexicon::{NAMES_ONE, money_unit};
use super::line::{Cell, Content, Division, Line, columns, label_and_numbers};
use super::marker::marker;
use super::number::is_year;
pub(crate) use super::row_kind::RowKind;
use super::row_kind::{has_sum, row_kind};
use super::stacked::stacked;
use super::token::{Gap, Kind, Token};
use std::collections::BTreeSet;
use std::ops::Range;

/// What the numbers of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// Words that say what the row is.
    Label,
    /// Money, where a unit is known or stands in the cells.
    Amount,
    /// Things counted.
    Count,
    /// Percent.
    Share,
    /// Years, running numbers, dates.
    Other,
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub kind: ColumnKind,
    /// Öre in its unit, from heading or caption.
    pub unit: Option<i128>,
    /// What its amounts are per.
    pub per: Option<String>,
    /// The year it is about.
    pub year: Option<i32>,
    /// Whether it sums the columns before it.
    pub is_total: bool,
    /// The first word of its heading.
    pub noun: Option<String>,
    /// Whether its heading says that things are counted: `Antal`, `Platser`.
    pub is_counted: bool,
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub kind: RowKind,
    pub label: Range<usize>,
    pub cells: Vec<Cell>,
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Lines from the heading to the last row.
    pub lines: Range<usize>,
    /// The first line that is a row.
    pub first_row: usize,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

impl Table {
    /// The columns of a kind.
    pub fn columns_of(&self, kind: ColumnKind) -> Vec<usize> {
        let all = self.columns.iter().enumerate();
        all.filter(|(_, column)| column.kind == kind).map(|(at, _)| at).collect()
    }

    /// The columns of money that is per nothing.
    pub fn sums_of_money(&self) -> Vec<usize> {
        let is_whole = |column: &Column| column.kind == ColumnKind::Amount && column.per.is_none();
        let all = self.columns.iter().enumerate();
        all.filter(|(_, column)| is_whole(column)).map(|(at, _)| at).collect()
    }

    /// The rows that are parts.
    pub fn parts(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.kind == RowKind::Part)
    }

    /// The last row that is the sum of all.
    pub fn sum_row(&self) -> Option<&Row> {
        self.rows.iter().rev().find(|row| row.kind == RowKind::Total)
    }
}

/// The tables of a text, in order.
pub(crate) fn tables(chars: &[char], tokens: &[Token], lines: &[Line]) -> Vec<Table> {
    let mut tables = Vec::new();
    let (mut at, mut in_vain) = (0, 0);
    while at < lines.len() {
        if let Some(found) = stacked(tokens, lines, at) {
            let (of, end) = ((at, found.first_row), found.end);
            tables.push(assembled(tokens, lines, of, end, &found.headings, found.rows));
            (at, in_vain) = (end, 0);
            continue;
        }
        let by_columns = run(tokens, lines, at, |line| row_of_columns(chars, tokens, line));
        let by_label = if is_in_prose(tokens, lines, at) {
            (Vec::new(), at + 1)
        } else {
            run(tokens, lines, at, |line| row_of_label(tokens, line))
        };
        let by_columns = (by_columns.0, by_columns.1, Division::Columns);
        let by_label = (by_label.0, by_label.1, Division::Label);
        let is_by_columns = by_columns.0.len() >= by_label.0.len() && by_columns.0.len() > 1;
        let (first, second) =
            if is_by_columns { (by_columns, by_label) } else { (by_label, by_columns) };
        let is_one = first.0.len() < 2 && second.0.len() < 2;
        if is_one {
            in_vain = 0;
        }
        let end = first.1;
        let made = [first, second].into_iter().find_map(|(rows, end, division)| {
            let is_enough = rows.len() > 1
                || (division == Division::Columns && is_single(chars, tokens, lines, at, &rows));
            let table = is_enough.then(|| table(chars, tokens, lines, at, end, rows, division));
            table.flatten()
        });
        match made {
            Some(mut table) => {
                let made_end = table.lines.end;
                goes_on(tables.last(), &mut table);
                tables.push(table);
                (at, in_vain) = (made_end, 0);
            }
            // Rows that make no table may make one from a later row on.
            None if in_vain < MOST_STARTS => (at, in_vain) = (at + 1, in_vain + 1),
            None => (at, in_vain) = (end.max(at + 1), 0),
        }
    }
    tables
}

/// Runs of two lines or more that are rows of numbers, whether or not they are money.
pub(crate) fn rows(chars: &[char], tokens: &[Token], lines: &[Line]) -> Vec<Range<usize>> {
    let is_row = |at: usize| {
        let cells = lines.get(at).and_then(|line| row_of_columns(chars, tokens, line));
        cells.is_some_and(|cells| cells.iter().any(Cell::is_number))
    };
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..lines.len()).filter(|at| is_row(*at)) {
        match runs.last_mut().filter(|run| run.end + 1 >= at) {
            Some(run) => run.end = at + 1,
            None => runs.push(at..at + 1),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}

/// Words before the number of a group of rows.
const NAMES_GROUP: [&str; 9] =
    ["nivå", "del", "grupp", "kategori", "zon", "etapp", "klass", "område", "prioritet"];

/// From how many rows of a run a table is looked for; it keeps the reading of long runs fast.
const MOST_STARTS: usize = 12;

/// No table has so many columns; it keeps the reading of long rows of numbers fast.
const MOST_COLUMNS: usize = 100;

/// The table of each line, of `count` lines.
pub(crate) fn of_lines(tables: &[Table], count: usize) -> Vec<Option<usize>> {
    let mut of_lines = vec![None; count];
    for (at, table) in tables.iter().enumerate() {
        for line in of_lines.get_mut(table.lines.clone()).into_iter().flatten() {
            line.get_or_insert(at);
        }
    }
    of_lines
}

/// Rows after a blank line, under a table of as many columns and without a heading of their own, have its headings.
fn goes_on(before: Option<&Table>, table: &mut Table) {
    let Some(before) = before else { return };
    let is_under = before.lines.end >= table.lines.start && before.lines.end <= table.first_row;
    let is_alike = before.columns.len() == table.columns.len();
    let has_unit = |table: &Table| table.columns.iter().any(|column| column.unit.is_some());
    if is_under && is_alike && has_unit(before) && !has_unit(table) {
        table.columns.clone_from(&before.columns);
        table.lines.start = table.first_row;
    }
}

/// Columns without a unit whose figures the text states in kronor: they are kronor too.
pub(crate) fn in_kronor(tables: &mut [Table], told: &BTreeSet<i64>) {
    const LEAST: usize = 3;
    const SMALL: i128 = 1_000;
    for table in tables {
        for (at, column) in table.columns.iter_mut().enumerate() {
            if column.kind != ColumnKind::Count || column.is_counted {
                continue;
            }
            let number = |row: &Row| match &row.cells.get(at)?.content {
                Content::Number { number, has_unit: false, is_percent: false } => {
                    Some((number.mantissa, number.decimals))
                }
                _ => None,
            };
            let all: Vec<(i128, u32)> = table.rows.iter().filter_map(number).collect();
            let is_told = |(number, decimals): &&(i128, u32)| {
                let ore = i64::try_from(number.saturating_mul(100)).ok();
                *decimals == 0 && *number >= SMALL && ore.is_some_and(|ore| told.contains(&ore))
            };
            let count = all.iter().filter(is_told).count();
            let are_large = all.iter().all(|(number, _)| *number == 0 || number.abs() >= SMALL);
            if count >= LEAST && count * 2 > all.len() && are_large {
                (column.kind, column.unit) = (ColumnKind::Amount, Some(100));
            }
        }
    }
}

/// The cells with a unit of their own and a minus apart from their number.
pub(crate) fn below_zero(tables: &[Table]) -> Vec<Range<usize>> {
    let cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
    let is_below = |cell: &&Cell| matches!(&cell.content, Content::Number { number, has_unit: true, .. } if number.is_negative);
    cells.filter(is_below).map(|cell| cell.tokens.clone()).collect()
}

/// Rows from a line on, and the line after the last.
fn run(
    tokens: &[Token],
    lines: &[Line],
    from: usize,
    row: impl Fn(&Line) -> Option<Vec<Cell>>,
) -> (Vec<Vec<Cell>>, usize) {
    let (mut rows, mut end, mut at) = (Vec::new(), from, from);
    while let Some(line) = lines.get(at) {
        let is_rule = line
            .of(tokens)
            .iter()
            .all(|token| matches!(token.kind, Kind::Mark('-' | '=' | '_' | '|' | '+' | ':')));
        let goes_on = |line: &Line| {
            let ends = line.of(tokens).last().is_some_and(|token| token.is_mark('.'));
            rows.is_empty() || !line.is_after_blank || (line.of(tokens).len() < 25 && !ends)
        };
        match row(line).filter(|_| goes_on(line) && !flows_on(tokens, lines, at)) {
            Some(cells) => {
                rows.push(cells);
                end = at + 1;
            }
            None if rows.is_empty() => break,
            None if is_rule => {}
            // The name of a group of rows, as long as the table has not come to its sum.
            None if is_group(tokens, line)
                && lines.get(at + 1).is_some_and(|next| row(next).is_some())
                && !rows.last().is_some_and(|last| is_last_row(tokens, last)) => {}
            // A label that goes over two lines.
            None if is_inner(tokens, line)
                && at == end
                && lines.get(at + 1).is_some_and(|next| row(next).is_some()) => {}
            None => break,
        }
        at += 1;
    }
    (rows, end)
}

/// Whether a line without columns ends in the middle of a sentence.
fn flows_on(tokens: &[Token], lines: &[Line], at: usize) -> bool {
    const LONG: usize = 40;
    let (Some(line), Some(next)) = (lines.get(at), lines.get(at + 1)) else { return false };
    let span = line.span(tokens);
    let is_apart = |token: &Token| token.gap == Gap::Wide;
    let begins_small =
        next.of(tokens).first().is_some_and(|token| token.kind == Kind::Word && !token.is_capital);
    span.end - span.start >= LONG
        && !next.is_after_blank
        && begins_small
        && !line.of(tokens).iter().skip(1).any(is_apart)
}

/// Whether a line goes on with the sentence of the line above: prose that is broken over lines, and no row.
fn is_in_prose(tokens: &[Token], lines: &[Line], at: usize) -> bool {
    const LONG: usize = 40;
    let (Some(line), Some(above)) = (lines.get(at), at.checked_sub(1).and_then(|at| lines.get(at)))
    else {
        return false;
    };
    let span = above.span(tokens);
    let last = above.of(tokens).last();
    let ends = last.is_some_and(|token| {
        token.is_mark('.') || token.is_mark(':') || token.kind == Kind::Digits
    });
    !line.is_after_blank
        && span.end - span.start >= LONG
        && !ends
        && above.of(tokens).iter().all(|token| token.gap < Gap::Wide || token.gap >= Gap::Line)
        && row_of_label(tokens, above).is_none()
}

/// Whether the only row from a line on stands right under a heading of as many cells, one of which names a unit of money.
fn is_single(
    chars: &[char],
    tokens: &[Token],
    lines: &[Line],
    at: usize,
    rows: &[Vec<Cell>],
) -> bool {
    let ([cells], Some(row)) = (rows, lines.get(at)) else { return false };
    let Some(above) = at.checked_sub(1).and_then(|at| lines.get(at)) else { return false };
    let heading = columns(chars, tokens, above);
    let names_money = above.of(tokens).iter().any(|token| money_unit(&token.text).is_some());
    let is_named = heading.iter().all(Cell::is_words) || is_header(tokens, &heading);
    !row.is_after_blank && heading.len() == cells.len() && names_money && is_named
}

fn is_group(tokens: &[Token], line: &Line) -> bool {
    let text = line.of(tokens);
    let ends =
        text.last().is_some_and(|token| matches!(token.kind, Kind::Mark('.' | ',' | ':' | ';')));
    let names_money = text.iter().any(|token| money_unit(&token.text).is_some());
    let is_caption = text.first().is_some_and(|token| token.is_one_of(&["tabell", "bilaga"]));
    !ends
        && !names_money
        && !is_caption
        && text.len() <= 10
        && marker(text).is_none()
        && text.first().is_some_and(|token| token.is_capital)
}

/// Whether a row is the sum of all.
fn is_last_row(tokens: &[Token], cells: &[Cell]) -> bool {
    let label = cells.first().map_or(0..0, |cell| cell.tokens.clone());
    row_kind(tokens, &label) == RowKind::Total
}

fn is_inner(tokens: &[Token], line: &Line) -> bool {
    let line_tokens = line.of(tokens);
    let has_number = line_tokens.iter().any(|token| token.kind == Kind::Digits);
    let ends = line_tokens.last().is_some_and(|token| token.is_mark('.'));
    !has_number
        && !ends
        && line_tokens.len() <= 8
        && !line.is_after_blank
        && marker(line_tokens).is_none()
}

fn row_of_columns(chars: &[char], tokens: &[Token], line: &Line) -> Option<Vec<Cell>> {
    let cells = columns(chars, tokens, line);
    let numbers = cells.iter().filter(|cell| cell.is_number()).count();
    // "A. Klinisk forskartid   16   625 000 kr" is a row; with one amount it is an item.
    let is_item = |width: usize| {
        let first = line.of(tokens).first();
        let is_letter = first.is_some_and(|t| t.kind == Kind::Word) && width == 2;
        let is_digits = first.is_some_and(|t| t.kind == Kind::Digits) && width <= 2;
        !(is_digits || is_letter && cells.len() > 2)
    };
    if marker(line.of(tokens)).is_some_and(is_item) {
        return None;
    }
    let are_short = cells.iter().all(|cell| cell.tokens.len() <= 9);
    let last_is_value = cells.last().is_some_and(|cell| !cell.is_words())
        || numbers > 1
        || (are_short && !cells.first().is_some_and(Cell::is_number));
    let has_words =
        cells.iter().any(Cell::is_words) || (numbers > 1 && begins_with_name(tokens, &cells));
    ((2..=MOST_COLUMNS).contains(&cells.len())
        && numbers > 0
        && last_is_value
        && has_words
        && !is_header(tokens, &cells))
    .then_some(cells)
}

/// Whether the first cell is a year, or before two others a number of one digit, which then is the name of the row.
fn begins_with_name(tokens: &[Token], cells: &[Cell]) -> bool {
    let first = cells.first().and_then(|cell| tokens.get(cell.tokens.clone()));
    let is_number = |only: &Token| only.kind == Kind::Digits && only.text.len() == 1;
    matches!(first, Some([only]) if is_year(&only.text) || (is_number(only) && cells.len() > 2))
}

/// A row whose only numbers are years is a heading.
fn is_header(tokens: &[Token], cells: &[Cell]) -> bool {
    let year = |cell: &Cell| {
        let text = tokens.get(cell.tokens.clone()).unwrap_or_default();
        // "2025 tkr" is a year and the unit below it.
        let in_thousands = |unit: &Token| money_unit(&unit.text).is_some_and(|ore| ore > 100);
        match text {
            [only] => is_year(&only.text) || !cell.is_number(),
            [year, unit] if is_year(&year.text) && in_thousands(unit) => true,
            _ => !cell.is_number(),
        }
    };
    let numbers = cells.iter().filter(|cell| cell.is_number()).count();
    let is_plain = |cell: &&Cell| cell.is_number() && cell.tokens.len() == 1;
    let is_series = cells.iter().filter(is_plain).count() > 1;
    let few_words = cells.iter().filter(|cell| cell.is_words()).count() <= 2 + numbers;
    numbers > 0 && cells.iter().all(year) && (few_words || is_series)
}

fn row_of_label(tokens: &[Token], line: &Line) -> Option<Vec<Cell>> {
    let text = line.of(tokens);
    let is_short = text.len() <= 24;
    if !is_short || marker(text).is_some() {
        return None;
    }
    // "Tabell 2" and "Bilaga 1" name what follows.
    let names_one = |cells: &[Cell]| {
        let word = cells.first().and_then(|label| tokens.get(label.tokens.clone())?.last());
        cells.len() == 2
            && word.is_some_and(|word| word.is_one_of(&NAMES_ONE) || word.is_one_of(&NAMES_GROUP))
    };
    label_and_numbers(tokens, line).filter(|cells| !is_header(tokens, cells) && !names_one(cells))
}

fn table(
    chars: &[char],
    tokens: &[Token],
    lines: &[Line],
    first_row: usize,
    end: usize,
    rows: Vec<Vec<Cell>>,
    division: Division,
) -> Option<Table> {
    let width = rows.iter().map(Vec::len).max()?;
    let first_line = header_start(tokens, lines, first_row);
    let headings = headings(chars, tokens, lines, first_line..first_row, &rows, width);
    let all_have_units = rows.iter().all(|row| {
        row.last()
            .is_some_and(|cell| matches!(cell.content, Content::Number { has_unit: true, .. }))
    });
    let table = assembled(tokens, lines, (first_line, first_row), end, &headings, rows);
    let knows_money = table.columns.iter().any(|column| column.kind == ColumnKind::Amount);
    let has_unit = table.columns.iter().any(|column| column.unit.is_some());
    let is_loose = division == Division::Label && !(knows_money && (all_have_units || has_unit));
    (!is_loose).then_some(table)
}

/// The table of some rows under their headings, from its first line and the first line of a row to the line after the last.
fn assembled(
    tokens: &[Token],
    lines: &[Line],
    (first_line, first_row): (usize, usize),
    end: usize,
    headings: &[Vec<usize>],
    rows: Vec<Vec<Cell>>,
) -> Table {
    let width = headings.len();
    let caption =
        caption_unit(tokens, lines, first_line, first_row).or_else(|| unit_of_sum(tokens, &rows));
    let mut columns: Vec<Column> =
        (0..width).map(|at| column(tokens, &rows, headings, at, caption)).collect();
    let model = rows.iter().find(|row| row.len() == width).cloned().unwrap_or_default();
    let placed = |cells: Vec<Cell>| place_cells(tokens, lines, &model, cells);
    let rows: Vec<Row> =
        rows.into_iter().map(placed).map(|cells| row(tokens, &columns, cells)).collect();
    for (at, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.per.is_some()) {
        if has_sum(&rows, at) {
            column.per = None;
        }
    }
    Table { lines: first_line..end, first_row, columns, rows }
}

/// The unit that the label of the sum names: `Totalt, kronor   1 400 000`.
fn unit_of_sum(tokens: &[Token], rows: &[Vec<Cell>]) -> Option<i128> {
    let label = rows.last().filter(|row| is_last_row(tokens, row))?.first()?;
    let words = tokens.get(label.tokens.clone()).filter(|words| words.len() <= 4)?;
    words.last().and_then(|word| money_unit(&word.text))
}

/// The cells of a row that has fewer than the others, each in the column that it stands under.
fn place_cells(tokens: &[Token], lines: &[Line], model: &[Cell], cells: Vec<Cell>) -> Vec<Cell> {
    if cells.len() >= model.len() || cells.len() < 2 {
        return cells;
    }
    let start_of = |cell: &Cell| {
        let line = super::line::of_token(lines, cell.tokens.start);
        line.map_or(0, |line| line.span(tokens).start - line.indent)
    };
    let end_of = |cell: &Cell| cell.span(tokens).end.saturating_sub(start_of(cell));
    let empty = |at: usize| Cell { tokens: at..at, content: Content::Empty };
    let mut placed: Vec<Cell> = model.iter().map(|_| empty(0)).collect();
    for (at, cell) in cells.iter().enumerate() {
        // A number stands under numbers, and words under words.
        let is_alike = |column: &usize| {
            let is_free =
                matches!(cell.content, Content::Empty) || (*column == 0 && cell.is_words());
            let is_kind = |of: &Cell| {
                of.is_words() != cell.is_number() && !(of.is_percentage() && cell.has_unit())
            };
            is_free || model.get(*column).is_none_or(is_kind)
        };
        let nearest = (at..model.len()).filter(is_alike).min_by_key(|column| {
            let own = model.get(*column).map_or(usize::MAX, &end_of);
            if at == 0 && cell.is_words() { *column } else { own.abs_diff(end_of(cell)) }
        });
        let free =
            nearest.and_then(|column| placed.get_mut(column)).filter(|old| old.tokens.is_empty());
        match free {
            Some(free) => *free = cell.clone(),
            None => return cells,
        }
    }
    placed
}

fn row(tokens: &[Token], columns: &[Column], cells: Vec<Cell>) -> Row {
    let labels = cells
        .iter()
        .zip(columns)
        .filter(|(cell, column)| cell.is_words() && column.kind == ColumnKind::Label);
    let label = labels.map(|(cell, _)| cell.tokens.clone()).next();
    let label =
        label.or_else(|| cells.iter().find(|cell| cell.is_words()).map(|cell| cell.tokens.clone()));
    let label = label.unwrap_or_default();
    Row { kind: row_kind(tokens, &label), label, cells }
}
