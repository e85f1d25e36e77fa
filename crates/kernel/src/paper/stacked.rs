//! Tables of one cell a line, as the text layer of a PDF gives them.
//!
//! Owns: which lines are the cells of such a table. Does not own: what its columns are (`column`).
//!
//! `Enhet`, `Platser`, `Belopp (kr)`, `Solhaga`, `36`, `1 512 000`, … on lines of their own are rows of three cells.

use super::column::caption_unit;
use super::line::{Cell, Content, Line, content};
use super::number::is_year;
use super::row_kind::{RowKind, row_kind};
use super::token::{Gap, Kind, Token};

/// Lines that are the cells of a table: its headings first, then its rows.
pub(super) struct Stacked {
    pub headings: Vec<Vec<usize>>,
    pub rows: Vec<Vec<Cell>>,
    /// The first line of a row, and the line after the last.
    pub first_row: usize,
    pub end: usize,
}

/// No such table has more columns.
const MOST_COLUMNS: usize = 10;

/// The table whose first heading is a line: two rows or more of as many cells as headings, under a unit of money.
pub(super) fn stacked(tokens: &[Token], lines: &[Line], at: usize) -> Option<Stacked> {
    let mut headings: Vec<Vec<usize>> = Vec::new();
    for line in at..at + 2 * MOST_COLUMNS {
        let text = lines.get(line)?;
        // "(kr)" on a line of its own goes with the heading above.
        let goes_on = text.of(tokens).first().is_some_and(|token| token.is_mark('('));
        let cell = cell(tokens, lines, line).filter(|_| line == at || is_tight(lines, line));
        let is_heading =
            cell.is_some_and(|cell| cell.is_words() || (line > at && is_of_year(tokens, &cell)));
        let count = headings.len();
        match headings.last_mut().filter(|_| goes_on && !text.is_after_blank) {
            Some(heading) => heading.extend(text.tokens.clone()),
            None if is_heading && count < MOST_COLUMNS => {
                headings.push(text.tokens.clone().collect());
            }
            None => return None,
        }
        if headings.len() > 1
            && let Some(found) = under(tokens, lines, (at, line + 1), &headings)
        {
            return Some(found);
        }
    }
    None
}

fn under(
    tokens: &[Token],
    lines: &[Line],
    (at, first_row): (usize, usize),
    headings: &[Vec<usize>],
) -> Option<Stacked> {
    let width = headings.len();
    let model = row(tokens, lines, first_row, width)?;
    row(tokens, lines, first_row + width, width).filter(|row| is_alike(&model, row))?;
    caption_unit(tokens, lines, at, first_row)?;
    let (mut rows, mut end) = (vec![model.clone()], first_row + width);
    loop {
        let next = sum(tokens, lines, end, &model).or_else(|| {
            let row = row(tokens, lines, end, width).filter(|row| is_alike(&model, row))?;
            Some((row, end + width))
        });
        let Some((row, after)) = next else { break };
        rows.push(row);
        end = after;
    }
    Some(Stacked { headings: headings.to_vec(), rows, first_row, end })
}

/// A line that is one cell: short, no item of a list, and no sentence.
fn cell(tokens: &[Token], lines: &[Line], at: usize) -> Option<Cell> {
    const MOST: usize = 12;
    let line = lines.get(at)?;
    let text = line.of(tokens);
    let is_one = text.iter().skip(1).all(|token| token.gap < Gap::Wide && !token.is_mark('|'));
    let ends = text.last().is_some_and(|token| matches!(token.kind, Kind::Mark('.' | ':' | ',')));
    let content = content(tokens, &line.tokens);
    let is_item = matches!(content, Content::Words)
        && text.first().is_some_and(|token| matches!(token.kind, Kind::Mark(_)));
    let fits = is_one && !ends && !is_item && text.len() <= MOST;
    fits.then(|| Cell { tokens: line.tokens.clone(), content })
}

/// Whether no blank line stands before a line.
fn is_tight(lines: &[Line], at: usize) -> bool {
    lines.get(at).is_some_and(|line| !line.is_after_blank)
}

fn is_of_year(tokens: &[Token], cell: &Cell) -> bool {
    matches!(tokens.get(cell.tokens.clone()), Some([only]) if is_year(&only.text))
}

/// So many lines without a blank one as a row: a name or a year first, and some number.
fn row(tokens: &[Token], lines: &[Line], at: usize, width: usize) -> Option<Vec<Cell>> {
    let read = |line: usize| cell(tokens, lines, line).filter(|_| is_tight(lines, line));
    let cells: Vec<Cell> = (at..at + width).map(read).collect::<Option<_>>()?;
    let (name, rest) = cells.split_first()?;
    let is_named = name.is_words() || is_of_year(tokens, name);
    (is_named && rest.iter().any(Cell::is_number)).then_some(cells)
}

/// Whether the cells of a row are of the kinds of another's, but for the empty ones.
fn is_alike(model: &[Cell], row: &[Cell]) -> bool {
    let is_empty = |cell: &Cell| matches!(cell.content, Content::Empty);
    model
        .iter()
        .zip(row)
        .all(|(of, cell)| is_empty(of) || is_empty(cell) || of.is_number() == cell.is_number())
}

/// A row of a sum: its numbers stand last, and where they are fewer than the columns a blank line may stand for the rest.
fn sum(tokens: &[Token], lines: &[Line], at: usize, model: &[Cell]) -> Option<(Vec<Cell>, usize)> {
    let name = cell(tokens, lines, at).filter(|_| is_tight(lines, at))?;
    let is_sum = row_kind(tokens, &name.tokens) != RowKind::Part;
    let rest = model.len().checked_sub(1).filter(|_| is_sum && name.is_words())?;
    let number = |line: usize| cell(tokens, lines, line).filter(Cell::is_number);
    let goes_on = |line: &usize| *line == at + 1 || is_tight(lines, *line);
    let numbers: Vec<Cell> = (at + 1..=at + rest).take_while(goes_on).map_while(number).collect();
    let end = at + 1 + numbers.len();
    let mut row = vec![name];
    row.resize_with(1 + rest - numbers.len(), || Cell { tokens: 0..0, content: Content::Empty });
    row.extend(numbers);
    (end > at + 1 && is_alike(model, &row)).then_some((row, end))
}
