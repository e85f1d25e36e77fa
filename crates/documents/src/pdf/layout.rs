//! Lines, tables and pages: where each piece of a document stands, and which part of its structure it belongs to.
//!
//! Owns: measures, line and page breaks, and the tree of tags. Does not own: how a piece is written into the file (`paint`).
//!
//! Black on white, rules and bands in grey: nothing is told by colour.

mod chart;
mod table;

use super::font::{Fonts, Style};
use super::{Block, Document, Language};

/// An A4 page, in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
/// Space at the left and right.
pub(super) const SIDE: f32 = 57.0;
const TOP: f32 = 62.0;
const BOTTOM: f32 = 780.0;
/// Width of what stands between the margins.
pub(super) const ROOM: f32 = PAGE.0 - 2.0 * SIDE;
/// From line to line, as a share of the size.
const LEADING: f32 = 1.3;

const TEXT: Style = Style { size: 10.0, is_strong: false };
const FOOT: Style = Style { size: 8.5, is_strong: false };

/// What a part of the structure is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    Root,
    Heading(u8, String),
    Paragraph,
    List,
    Item,
    Label,
    Body,
    Table,
    Caption,
    Head,
    Rows,
    Sums,
    Row,
    HeadCell,
    /// The first cell of a row of sums, which says what they are.
    SumCell,
    Cell,
    /// A chart: what is said of it, and where it stands.
    Figure {
        alt: String,
        page: usize,
        y: f32,
        height: f32,
    },
}

/// A part of the structure; its children come after it.
#[derive(Debug)]
pub(super) struct Node {
    pub role: Role,
    pub parent: usize,
}

/// What a piece is a piece of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// A part of the structure, by number.
    Node(usize),
    /// What every page has above.
    Header,
    /// What every page has below.
    Footer,
    /// Rules, shades, and heads that are said again.
    Decoration,
}

/// Something on a page; `y` is the base line of a text and the middle of a rule.
#[derive(Debug)]
pub(super) enum Piece {
    Text {
        x: f32,
        y: f32,
        style: Style,
        text: String,
        place: Place,
    },
    Rule {
        x: f32,
        y: f32,
        width: f32,
        weight: f32,
        grey: u8,
    },
    Shade {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
    /// A chart whose upper edge is at `y`; its marks count from there.
    Chart {
        y: f32,
        marks: Vec<Mark>,
        node: usize,
    },
}

/// A mark of a chart.
#[derive(Debug)]
pub(super) enum Mark {
    Text { x: f32, y: f32, style: Style, text: String },
    Line { points: Vec<(f32, f32)>, weight: f32, grey: u8, dash: &'static [f32] },
    Box { x: f32, y: f32, width: f32, height: f32, grey: u8 },
}

/// A heading in the list of contents.
#[derive(Debug)]
pub(super) struct Entry {
    pub text: String,
    pub page: usize,
    pub y: f32,
}

/// A document that is laid out.
pub(super) struct Laid {
    pub pages: Vec<Vec<Piece>>,
    /// The first is the root.
    pub nodes: Vec<Node>,
    pub entries: Vec<Entry>,
}

struct Layout<'f> {
    fonts: &'f Fonts,
    laid: Laid,
    /// How far down the page is filled.
    y: f32,
}

/// Lays out a document.
pub(super) fn laid(document: &Document, fonts: &Fonts) -> Laid {
    let root = Node { role: Role::Root, parent: 0 };
    let laid = Laid { pages: vec![Vec::new()], nodes: vec![root], entries: Vec::new() };
    let mut layout = Layout { fonts, laid, y: TOP };
    // Read out once: on the first page the band is a part of what is said.
    let band = document.band.as_ref().map(|_| layout.node(Role::Paragraph, 0));
    layout.heading(1, &title(document, fonts));
    for block in &document.blocks {
        match block {
            Block::Heading(level, text) => layout.heading(*level, text),
            Block::Text(text) => layout.paragraph(text),
            Block::Facts(facts) => layout.facts(facts),
            Block::Table(table) => layout.table(table),
            Block::Figure(figure) => layout.figure(figure, document.lang),
        }
    }
    layout.every_page(document, band);
    layout.laid
}

/// The title; a document without one is called what it is.
pub(super) fn title(document: &Document, fonts: &Fonts) -> String {
    let title = fonts.shown(&document.title);
    match document.lang {
        _ if !title.trim().is_empty() => title,
        Language::Sv => "Dokument".to_owned(),
        Language::En => "Document".to_owned(),
    }
}

fn leading(style: Style) -> f32 {
    style.size * LEADING
}

impl Layout<'_> {
    fn node(&mut self, role: Role, parent: usize) -> usize {
        self.laid.nodes.push(Node { role, parent });
        self.laid.nodes.len() - 1
    }

    fn put(&mut self, piece: Piece) {
        if let Some(page) = self.laid.pages.last_mut() {
            page.push(piece);
        }
    }

    fn new_page(&mut self) {
        self.laid.pages.push(Vec::new());
        self.y = TOP;
    }

    /// A new page where less than `height` is left; whether there is one.
    fn reserve(&mut self, height: f32) -> bool {
        let is_full = self.y + height > BOTTOM && self.y > TOP;
        if is_full {
            self.new_page();
        }
        is_full
    }

    /// Space above what follows, but not at the top of a page.
    fn space(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    /// A line whose top is at `top`.
    fn line(&mut self, (x, top): (f32, f32), style: Style, text: &str, place: Place) {
        let y = top + style.size;
        self.put(Piece::Text { x, y, style, text: text.to_owned(), place });
    }

    /// Lines under each other from `y` on, over pages if need be.
    fn flow(&mut self, x: f32, room: f32, style: Style, text: &str, node: usize) {
        for line in self.fonts.lines(text, style, room) {
            self.reserve(leading(style));
            self.line((x, self.y), style, &line, Place::Node(node));
            self.y += leading(style);
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        let text = self.fonts.shown(text);
        if text.trim().is_empty() {
            return;
        }
        let (size, above, below) = match level {
            1 => (18.0, 0.0, 6.0),
            2 => (12.5, 16.0, 3.0),
            _ => (10.5, 10.0, 2.0),
        };
        let style = Style { size, is_strong: true };
        self.space(above);
        // A heading does not stand alone at the end of a page.
        self.reserve(leading(style) + below + 70.0);
        let node = self.node(Role::Heading(level, text.clone()), 0);
        let (page, y) = (self.laid.pages.len() - 1, self.y);
        self.laid.entries.push(Entry { text: text.clone(), page, y });
        self.flow(SIDE, ROOM, style, &text, node);
        self.y += below;
    }

    fn paragraph(&mut self, text: &str) {
        let text = self.fonts.shown(text);
        if text.trim().is_empty() {
            return;
        }
        let node = self.node(Role::Paragraph, 0);
        self.flow(SIDE, ROOM, TEXT, &text, node);
        self.y += 5.0;
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        let strong = Style { is_strong: true, ..TEXT };
        let shown = |text: &String| self.fonts.shown(text);
        let facts: Vec<_> = facts.iter().map(|(word, text)| (shown(word), shown(text))).collect();
        let widths = facts.iter().map(|(word, _)| self.fonts.width(word, strong));
        let widest = widths.fold(0.0, f32::max).min(ROOM * 0.4);
        let indent = widest + 14.0;
        let list = if facts.is_empty() { 0 } else { self.node(Role::List, 0) };
        for (word, text) in &facts {
            let (words, lines) = (
                self.fonts.lines(word, strong, widest),
                self.fonts.lines(text, TEXT, ROOM - indent),
            );
            // A fact of a few lines is not parted by a page.
            self.reserve(leading(TEXT) * words.len().max(lines.len()).min(8) as f32);
            let item = self.node(Role::Item, list);
            let label = self.node(Role::Label, item);
            let body = self.node(Role::Body, item);
            let columns = [(words, SIDE, strong, label), (lines, SIDE + indent, TEXT, body)];
            self.beside(&columns);
        }
        self.y += 6.0;
    }

    /// Columns of lines that begin at the same height; goes on over pages if need be.
    fn beside(&mut self, columns: &[(Vec<String>, f32, Style, usize)]) {
        let tallest = columns.iter().map(|(lines, ..)| lines.len()).max().unwrap_or(0);
        for number in 0..tallest {
            self.reserve(leading(TEXT));
            for (lines, x, style, node) in columns {
                if let Some(line) = lines.get(number) {
                    self.line((*x, self.y), *style, line, Place::Node(*node));
                }
            }
            self.y += leading(TEXT);
        }
    }

    /// The band above and the foot below, on every page.
    fn every_page(&mut self, document: &Document, first: Option<usize>) {
        let fonts = self.fonts;
        let strong = Style { size: 9.5, is_strong: true };
        let band = document.band.as_ref().map(|text| fonts.shown(text));
        let band = band.filter(|text| !text.trim().is_empty());
        let title = title(document, fonts);
        let count = self.laid.pages.len();
        for (number, page) in (1..).zip(&mut self.laid.pages) {
            if let Some(text) = &band {
                let (line, y) = (fonts.lines(text, strong, ROOM - 8.0).swap_remove(0), 26.0);
                page.push(Piece::Shade { x: SIDE, y, width: ROOM, height: 20.0 });
                for y in [y, y + 20.0] {
                    page.push(Piece::Rule { x: SIDE, y, width: ROOM, weight: 1.0, grey: 0 });
                }
                let x = SIDE + (ROOM - fonts.width(line.trim_end(), strong)) / 2.0;
                let y = y + 13.3;
                let first = first.filter(|_| number == 1);
                let place = first.map_or(Place::Header, Place::Node);
                page.push(Piece::Text { x, y, style: strong, text: line, place });
            }
            let place = Place::Footer;
            let numbers = match document.lang {
                Language::Sv => format!("Sida {number} av {count}"),
                Language::En => format!("Page {number} of {count}"),
            };
            let width = fonts.width(&numbers, FOOT);
            let mut lines = fonts.lines(&title, FOOT, ROOM - width - 20.0);
            let y = PAGE.1 - 36.0;
            page.push(Piece::Text { x: SIDE, y, style: FOOT, text: lines.swap_remove(0), place });
            let x = SIDE + ROOM - width;
            page.push(Piece::Text { x, y, style: FOOT, text: numbers, place });
        }
    }
}
