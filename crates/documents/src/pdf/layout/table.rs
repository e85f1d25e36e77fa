//! Tables: how wide a column is, and how rows go on over pages with their heads said again.

use super::{BOTTOM, Layout, Piece, Place, ROOM, Role, SIDE, TOP, leading};
use crate::pdf::font::{Fonts, Style};
use crate::pdf::{Head, Table};

/// Space at each side of a cell.
const PAD: f32 = 3.5;
/// Space above and below the lines of a row.
const GAP: f32 = 2.5;

/// What a word is given before it is broken.
const WORD: f32 = 110.0;

const CELL: Style = Style { size: 9.0, is_strong: false };
const STRONG: Style = Style { size: 9.0, is_strong: true };

/// A row whose cells are broken into lines.
struct Cells {
    lines: Vec<Vec<String>>,
    style: Style,
}

impl Cells {
    fn new(fonts: &Fonts, row: &[String], widths: &[f32], style: Style) -> Self {
        let cell = |(at, width): (usize, &f32)| {
            // A cell without content would be no cell at all.
            let text = row.get(at).filter(|text| !text.is_empty()).map_or(" ", String::as_str);
            fonts.lines(text, style, width - 2.0 * PAD)
        };
        Self { lines: widths.iter().enumerate().map(cell).collect(), style }
    }

    fn tallest(&self) -> usize {
        self.lines.iter().map(Vec::len).max().unwrap_or(1)
    }

    fn height(&self) -> f32 {
        self.tallest() as f32 * leading(self.style) + 2.0 * GAP
    }
}

/// A table with the widths of its columns.
struct Columns<'t> {
    heads: &'t [Head],
    widths: Vec<f32>,
    head: Cells,
}

impl Layout<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let fonts = self.fonts;
        let shown =
            |row: &Vec<String>| row.iter().map(|text| fonts.shown(text)).collect::<Vec<_>>();
        let rows: Vec<_> = table.rows.iter().map(shown).collect();
        let sums: Vec<_> = table.sums.iter().map(shown).collect();
        let heads: Vec<_> = table.heads.iter().map(|head| fonts.shown(&head.text)).collect();
        let widths = widths(fonts, &table.heads, &heads, &rows, &sums);
        let cut = |row: &Vec<String>, style| Cells::new(fonts, row, &widths, style);
        let head = cut(&heads, STRONG);
        let rows: Vec<_> = rows.iter().map(|row| cut(row, CELL)).collect();
        let sums: Vec<_> = sums.iter().map(|row| cut(row, STRONG)).collect();
        let columns = Columns { heads: &table.heads, widths: widths.clone(), head };

        let first = rows.first().map_or(0.0, Cells::height);
        self.space(4.0);
        self.reserve(leading(STRONG) + columns.head.height() + first);
        let node = self.node(Role::Table, 0);
        let caption = fonts.shown(&table.caption);
        if !caption.is_empty() {
            let place = self.node(Role::Caption, node);
            self.flow(SIDE + PAD, ROOM - 2.0 * PAD, STRONG, &caption, place);
            self.y += 2.0;
        }
        let part = self.node(Role::Head, node);
        let row = self.node(Role::Row, part);
        self.row(&columns, &columns.head, Some((row, Role::HeadCell)));
        // The last row goes with its sums, so that no sum stands alone on a page.
        let below: f32 = sums.iter().map(Cells::height).sum();
        let count = rows.len();
        for (role, rows) in [(Role::Rows, rows), (Role::Sums, sums)] {
            if rows.is_empty() {
                continue;
            }
            let part = self.node(role.clone(), node);
            for (number, cells) in (1..).zip(&rows) {
                let is_sum = role == Role::Sums;
                let with = if !is_sum && number == count { below } else { 0.0 };
                let room = BOTTOM - TOP - columns.head.height();
                if self.reserve((cells.height() + with).min(room)) {
                    self.row(&columns, &columns.head, None);
                }
                let row = self.node(Role::Row, part);
                let first = if is_sum { Role::SumCell } else { Role::Cell };
                self.row(&columns, cells, Some((row, first)));
            }
        }
        self.y += 8.0;
    }

    /// A row; heads that are said again belong to no part of the structure. `first` is what its first cell is, all of them of a head.
    fn row(&mut self, columns: &Columns<'_>, cells: &Cells, node: Option<(usize, Role)>) {
        let is_head = matches!(node, None | Some((_, Role::HeadCell)));
        let places: Vec<Place> = (0..columns.widths.len())
            .map(|at| match &node {
                None => Place::Decoration,
                Some((row, first)) => {
                    let role = if at == 0 || is_head { first.clone() } else { Role::Cell };
                    Place::Node(self.node(role, *row))
                }
            })
            .collect();
        if matches!(node, Some((_, Role::SumCell))) {
            self.rule(0.8, 0);
        }
        self.y += GAP;
        for number in 0..cells.tallest() {
            // Only a row that is taller than a page is parted.
            if self.y + leading(cells.style) > BOTTOM && self.y > TOP {
                self.new_page();
                if !is_head {
                    self.row(columns, &columns.head, None);
                    self.y += GAP;
                }
            }
            let mut x = SIDE;
            for (at, (width, lines)) in columns.widths.iter().zip(&cells.lines).enumerate() {
                if let Some(line) = lines.get(number) {
                    let numeric = columns.heads.get(at).is_some_and(|head| head.numeric);
                    let wide = self.fonts.width(line.trim_end(), cells.style);
                    let start = if numeric { x + width - PAD - wide } else { x + PAD };
                    self.line((start, self.y), cells.style, line, places[at]);
                }
                x += width;
            }
            self.y += leading(cells.style);
        }
        self.y += GAP;
        if is_head { self.rule(1.0, 0) } else { self.rule(0.4, 120) }
    }

    fn rule(&mut self, weight: f32, grey: u8) {
        self.put(Piece::Rule { x: SIDE, y: self.y, width: ROOM, weight, grey });
    }
}

/// Columns of numbers are as wide as their widest cell; the others share what is left, by what they would have.
fn widths(
    fonts: &Fonts,
    columns: &[Head],
    heads: &[String],
    rows: &[Vec<String>],
    sums: &[Vec<String>],
) -> Vec<f32> {
    let strong = std::iter::once(heads).chain(sums.iter().map(Vec::as_slice));
    let all: Vec<(&[String], Style)> = strong
        .map(|row| (row, STRONG))
        .chain(rows.iter().map(|row| (row.as_slice(), CELL)))
        .collect();
    let widest = |at: usize, of: &dyn Fn(&str, Style) -> f32| {
        let cells = all.iter().filter_map(|(row, style)| row.get(at).map(|text| of(text, *style)));
        cells.fold(0.0, f32::max) + 2.0 * PAD + 0.1
    };
    let whole: Vec<f32> =
        (0..columns.len()).map(|at| widest(at, &|text, style| fonts.width(text, style))).collect();
    let word = |text: &str, style| {
        text.split(' ').map(|word| fonts.width(word, style)).fold(0.0, f32::max)
    };
    // A word that is wider than this may be broken after a hyphen.
    let least: Vec<f32> = (0..columns.len()).map(|at| widest(at, &word).min(WORD)).collect();
    shared(&whole, &least, columns)
}

fn shared(whole: &[f32], least: &[f32], columns: &[Head]) -> Vec<f32> {
    let at_most = |cap: f32| -> Vec<f32> {
        let width = |at: usize| {
            if columns[at].numeric { whole[at] } else { whole[at].min(cap.max(least[at])) }
        };
        (0..whole.len()).map(width).collect()
    };
    let sum = |widths: &[f32]| widths.iter().sum::<f32>();
    let (mut low, mut high) = (0.0, ROOM);
    for _ in 0..30 {
        let cap = (low + high) / 2.0;
        if sum(&at_most(cap)) > ROOM { high = cap } else { low = cap }
    }
    let mut widths = at_most(if sum(&at_most(high)) <= ROOM { high } else { low });
    let left = ROOM - sum(&widths);
    let of_text = |at: &usize| !columns[*at].numeric;
    let texts: Vec<usize> = (0..columns.len()).filter(of_text).collect();
    if left < 0.0 {
        // Not even the longest words have room: all columns are narrowed, and words are broken.
        let share = ROOM / sum(&widths);
        widths.iter_mut().for_each(|width| *width *= share);
    } else if let Some(first) = texts.first() {
        // The first column says what the row is, and takes half of what is over.
        let each = left / (texts.len() + 1) as f32;
        widths[*first] += each;
        texts.iter().for_each(|at| widths[*at] += each);
    }
    widths
}
