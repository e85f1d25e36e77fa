//! The parts of a text: headings, paragraphs, tables, and lists with what introduces them.
//!
//! Owns: which block a token stands in, and which items make a list. Does not own: what the items sum to.
//!
//! `Kvar är 7 mkr:` before `• A får 3 mkr` and `• B får 4 mkr` is the introduction of a list of two items.

use super::line::Line;
use super::marker::{marker, section};
use super::token::{Kind, Token};
use std::collections::BTreeMap;
use std::ops::Range;

/// How the items of a list are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// A bullet.
    Bullet(char),
    /// A number and the mark that closes it.
    Number(char, u32),
    /// A letter and the mark that closes it.
    Letter(char, char),
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A short line that names what follows.
    Heading,
    /// A paragraph.
    Text,
    /// The first paragraph of an item.
    Item(Style),
    /// A table, by its place among the tables.
    Table(usize),
}

/// Some lines that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub kind: BlockKind,
    pub tokens: Range<usize>,
    pub indent: usize,
}

/// An item: its blocks, the lists inside it, and where those begin.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub blocks: Range<usize>,
    /// Its own tokens, without those of lists inside it.
    pub own: Vec<Range<usize>>,
}

/// A list.
#[derive(Clone, Debug)]
pub(crate) struct List {
    /// The block before the first item.
    pub intro: Option<usize>,
    pub items: Vec<Item>,
    /// The block after the last item, where it belongs to what surrounds the list.
    pub after: Option<usize>,
}

/// The parts of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    pub blocks: Vec<Block>,
    pub lists: Vec<List>,
    /// The innermost list and item of each block.
    item_of: Vec<Option<(usize, usize)>>,
    /// The block of each table.
    tables: Vec<usize>,
    /// The blocks that are headings.
    headings: Vec<usize>,
}

impl Layout {
    /// The block that a token stands in.
    pub fn block_of(&self, token: usize) -> Option<usize> {
        let next = self.blocks.partition_point(|block| block.tokens.start <= token);
        next.checked_sub(1)
    }

    /// The paragraphs below a heading or a title, up to the next thing that is no paragraph; of an item only its own.
    pub fn body(&self, at: usize) -> Vec<Range<usize>> {
        let is_item =
            self.blocks.get(at).is_some_and(|block| matches!(block.kind, BlockKind::Item(_)));
        let belongs = |(next, block): &(usize, &Block)| {
            block.kind == BlockKind::Text && (!is_item || self.item_of(*next) == self.item_of(at))
        };
        let below = self.blocks.iter().enumerate().skip(at + 1);
        below.take_while(belongs).map(|(_, block)| block.tokens.clone()).collect()
    }

    /// The heading that a block is or stands under.
    pub fn heading_of(&self, block: usize) -> Option<usize> {
        let next = self.headings.partition_point(|heading| *heading <= block);
        next.checked_sub(1).and_then(|at| self.headings.get(at)).copied()
    }

    /// The blocks from the heading above a block to the next heading.
    pub fn section(&self, block: usize) -> Range<usize> {
        let next = self.headings.partition_point(|heading| *heading <= block);
        let end = self.headings.get(next).copied().unwrap_or(self.blocks.len());
        self.heading_of(block).unwrap_or(0)..end
    }

    /// The block that a table is.
    pub fn block_of_table(&self, table: usize) -> Option<usize> {
        self.tables.get(table).copied()
    }

    /// The innermost list and item that a block stands in.
    pub fn item_of(&self, block: usize) -> Option<(usize, usize)> {
        self.item_of.get(block).copied().flatten()
    }
}

pub(crate) fn layout(
    tokens: &[Token],
    lines: &[Line],
    table_of_line: &[Option<usize>],
    is_after_heading: impl Fn(usize) -> bool,
) -> Layout {
    let blocks = blocks(tokens, lines, table_of_line, is_after_heading);
    let mut lists = lists(&blocks);
    let item_of = innermost(&lists, blocks.len());
    own_tokens(&blocks, &mut lists, &item_of);
    let mut tables: Vec<usize> = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if block.kind == BlockKind::Table(tables.len()) {
            tables.push(at);
        }
    }
    let all = blocks.iter().enumerate();
    let headings = all.filter(|(_, block)| block.kind == BlockKind::Heading).map(|(at, _)| at);
    let headings = headings.collect();
    Layout { blocks, lists, item_of, tables, headings }
}

fn blocks(
    tokens: &[Token],
    lines: &[Line],
    table_of_line: &[Option<usize>],
    is_after_heading: impl Fn(usize) -> bool,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut last_table = None;
    for (at, line) in lines.iter().enumerate() {
        let table = table_of_line.get(at).copied().flatten();
        let text = line.of(tokens);
        let width = marker(text).filter(|_| table.is_none());
        let begins =
            line.is_after_blank || width.is_some() || is_after_heading(at) || table != last_table;
        let goes_on = table.is_some() && table == last_table;
        match blocks.last_mut().filter(|_| goes_on || !begins) {
            Some(block) => block.tokens.end = line.tokens.end,
            None => {
                let kind = match (table, width) {
                    (Some(table), _) => BlockKind::Table(table),
                    (None, Some(_)) => style(text).map_or(BlockKind::Text, BlockKind::Item),
                    (None, None) => BlockKind::Text,
                };
                blocks.push(Block { kind, tokens: line.tokens.clone(), indent: line.indent });
            }
        }
        last_table = table;
    }
    for block in &mut blocks {
        if block.kind == BlockKind::Text
            && is_heading(tokens.get(block.tokens.clone()).unwrap_or_default())
        {
            block.kind = BlockKind::Heading;
        }
    }
    blocks
}

fn is_heading(text: &[Token]) -> bool {
    let ends =
        text.last().is_some_and(|token| matches!(token.kind, Kind::Mark('.' | ':' | ',' | ';')));
    let names = text
        .first()
        .is_some_and(|token| token.is_one_of(&["bilaga", "tabell", "avsnitt", "figur"]));
    // "Belopp: 5 000 kr" states something; a heading names it.
    let states = text.iter().any(|token| token.is_mark(':')) && !names;
    let span = |text: &[Token]| Some(text.last()?.span.end - text.first()?.span.start);
    text.first().is_some_and(|token| token.is_capital || token.kind == Kind::Digits)
        && !ends
        && !states
        && span(text).is_some_and(|length| length < 130)
}

fn style(text: &[Token]) -> Option<Style> {
    if let Some((_, depth, number)) = section(text) {
        // The depth stands for the mark that closes the number.
        let close = char::from_digit(u32::try_from(depth).ok()?, 10)?;
        return Some(Style::Number(close, number));
    }
    let (first, second) = (text.first()?, text.get(1)?);
    match (first.kind, second.kind) {
        (Kind::Mark('('), Kind::Digits) => Some(Style::Number('(', second.text.parse().ok()?)),
        (Kind::Mark('('), Kind::Word) => Some(Style::Letter('(', second.text.chars().next()?)),
        (Kind::Mark(mark), _) => Some(Style::Bullet(mark)),
        (Kind::Digits, Kind::Mark(close)) => Some(Style::Number(close, first.text.parse().ok()?)),
        (Kind::Word, Kind::Mark(close)) => Some(Style::Letter(close, first.text.chars().next()?)),
        _ => Some(Style::Bullet('o')),
    }
}

/// A list that still takes items.
struct Open {
    list: usize,
    style: Style,
    indent: usize,
    /// Whether the item before the last had more than one block.
    is_sectioned: bool,
}

/// No list lies in so many others; it keeps the reading of long runs of items fast.
const MOST_DEPTH: usize = 12;

fn lists(blocks: &[Block]) -> Vec<List> {
    let numbered = Numbered::of(blocks);
    let mut lists: Vec<List> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        let keep = match block.kind {
            BlockKind::Item(style) => open
                .iter()
                .rposition(|open| follows(open, style, block.indent))
                .map(|depth| depth + 1),
            _ => Some(
                open.iter()
                    .rposition(|open| goes_on(blocks, &numbered, open, at))
                    .map_or(0, |depth| depth + 1),
            ),
        };
        if let Some(depth) = keep {
            for closed in open.drain(depth..) {
                if let Some(list) = lists.get_mut(closed.list).filter(|list| list.after.is_none()) {
                    list.after = Some(at);
                }
            }
        }
        for outer in &open {
            if let Some(item) = lists.get_mut(outer.list).and_then(|list| list.items.last_mut()) {
                item.blocks.end = at + 1;
            }
        }
        let BlockKind::Item(style) = block.kind else { continue };
        let item = Item { blocks: at..at + 1, own: Vec::new() };
        match open.last_mut().filter(|_| keep.is_some()) {
            Some(top) => {
                top.style = style;
                if let Some(list) = lists.get_mut(top.list) {
                    if let Some(before) = list.items.last_mut() {
                        before.blocks.end = at;
                        top.is_sectioned = before.blocks.len() > 1;
                    }
                    list.items.push(item);
                }
            }
            None => {
                open.retain(|outer| holds(blocks, outer, at));
                if open.len() == MOST_DEPTH {
                    open.remove(0);
                }
                lists.push(List { intro: at.checked_sub(1), items: vec![item], after: None });
                let (list, indent) = (lists.len() - 1, block.indent);
                open.push(Open { list, style, indent, is_sectioned: false });
            }
        }
    }
    lists
}

/// Whether an item goes on an open list.
fn follows(open: &Open, style: Style, indent: usize) -> bool {
    match (open.style, style) {
        (Style::Bullet(a), Style::Bullet(b)) => a == b && open.indent.abs_diff(indent) <= 1,
        (Style::Number(a, before), Style::Number(b, number)) => a == b && number == before + 1,
        (Style::Letter(a, before), Style::Letter(b, letter)) => {
            a == b && u32::from(letter) == u32::from(before) + 1
        }
        _ => false,
    }
}

/// The items that bear each number, by the mark that closes it.
struct Numbered(BTreeMap<(char, u32), Vec<usize>>);

impl Numbered {
    fn of(blocks: &[Block]) -> Self {
        let mut numbered: BTreeMap<(char, u32), Vec<usize>> = BTreeMap::new();
        for (at, block) in blocks.iter().enumerate() {
            if let BlockKind::Item(Style::Number(close, number)) = block.kind {
                numbered.entry((close, number)).or_default().push(at);
            }
        }
        Self(numbered)
    }

    /// The first item with a number from a block on.
    fn next(&self, close: char, number: u32, from: usize) -> Option<usize> {
        let all = self.0.get(&(close, number))?;
        all.get(all.partition_point(|at| *at < from)).copied()
    }

    /// Whether the next number comes before the numbers begin anew.
    fn comes(&self, close: char, number: u32, from: usize) -> bool {
        let anew = [0, 1].into_iter().filter(|first| *first != number);
        let anew = anew.filter_map(|first| self.next(close, first, from)).min();
        let own = self.next(close, number, from);
        own.is_some_and(|own| anew.is_none_or(|anew| own < anew))
    }
}

/// Whether a block that is no item belongs to the last item of an open list.
fn goes_on(blocks: &[Block], numbered: &Numbered, open: &Open, at: usize) -> bool {
    let Some(block) = blocks.get(at) else { return false };
    match open.style {
        Style::Bullet(_) | Style::Letter(..) => {
            block.kind == BlockKind::Text && block.indent > open.indent + 1
        }
        Style::Number(close, number) => {
            numbered.comes(close, number + 1, at)
                || (block.kind != BlockKind::Heading && number > 1 && open.is_sectioned)
                || (block.kind != BlockKind::Heading && is_title_of(blocks, at, close, number))
        }
    }
}

/// Whether an item is a short title with its text below.
fn is_title_of(blocks: &[Block], at: usize, close: char, number: u32) -> bool {
    let above = at.checked_sub(1).and_then(|at| blocks.get(at));
    above.is_some_and(|above| {
        above.kind == BlockKind::Item(Style::Number(close, number)) && above.tokens.len() <= 16
    })
}

/// Whether a new list that begins at a block lies inside the last item of an open one.
fn holds(blocks: &[Block], outer: &Open, at: usize) -> bool {
    let Some(block) = blocks.get(at) else { return false };
    match (outer.style, block.kind) {
        (Style::Number(..), BlockKind::Item(Style::Number(_, 1))) => block.indent > outer.indent,
        (Style::Number(..) | Style::Letter(..), _) => true,
        (Style::Bullet(_), _) => block.indent >= outer.indent,
    }
}

/// The innermost list and item of each block.
fn innermost(lists: &[List], count: usize) -> Vec<Option<(usize, usize)>> {
    let mut found: Vec<Option<(usize, usize)>> = vec![None; count];
    let length = |(list, item): (usize, usize)| {
        let item = lists.get(list).and_then(|list| list.items.get(item));
        item.map_or(usize::MAX, |item| item.blocks.len())
    };
    let places = lists.iter().enumerate().flat_map(|(list, of)| {
        of.items.iter().enumerate().map(move |(item, of)| ((list, item), of.blocks.clone()))
    });
    for (place, blocks) in places {
        for block in found.get_mut(blocks).into_iter().flatten() {
            if block.is_none_or(|old| length(place) < length(old)) {
                *block = Some(place);
            }
        }
    }
    found
}

fn own_tokens(blocks: &[Block], lists: &mut [List], innermost: &[Option<(usize, usize)>]) {
    for (list, of) in lists.iter_mut().enumerate() {
        for (item, of) in of.items.iter_mut().enumerate() {
            let is_own =
                |block: &usize| innermost.get(*block).copied().flatten() == Some((list, item));
            let own = of.blocks.clone().filter(is_own);
            of.own = own.filter_map(|block| Some(blocks.get(block)?.tokens.clone())).collect();
        }
    }
}

/// The first line or sentence of an item: what it is called.
pub(crate) fn title(tokens: &[Token], block: &Block) -> Range<usize> {
    let text = tokens.get(block.tokens.clone()).unwrap_or_default();
    let skip = marker(text).unwrap_or(0);
    let end = text
        .iter()
        .skip(skip)
        .position(|token| matches!(token.kind, Kind::Mark('.' | ':')))
        .map_or(text.len(), |at| at + skip);
    block.tokens.start + skip..block.tokens.start + end
}
