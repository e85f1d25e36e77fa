//! The fields of the rows of a block.
//!
//! Owns: quotation marks and separators within rows. Does not own: where blocks are cut.

use super::block::Block;
use crate::contact_file::encoding::is_suspect;
use crate::contact_file::error::FileError;
use crate::contact_file::read::{BlockRead, BlockReader, Place};
use kernel::finding::Code;
use kernel::intake::{Column, Row};
use memchr::{memchr, memchr_iter, memchr2};
use std::ops::Range;

/// Reads a block.
pub(super) fn read(reader: &mut BlockReader<'_>, separator: u8, block: Block) -> BlockRead {
    let mut read = BlockRead::default();
    let is_suspect = is_suspect(&block.text);
    if block.has_quotes {
        let refused = read_quoted(reader, separator, &block, is_suspect, &mut read);
        let file = || reader.file.to_owned();
        read.refused = refused.err().map(|line| FileError::UnclosedQuote { file: file(), line });
    } else {
        read_plain(reader, separator, &block, is_suspect, &mut read);
    }
    read
}

/// The fields of one line; for headers.
pub(in crate::contact_file) fn split(line: &str, separator: u8) -> Vec<String> {
    let mut fields = Fields { text: line, separator, at: 0, unescaped: String::new() };
    let mut names = Vec::new();
    loop {
        let Ok(field) = fields.next() else {
            return line.split(char::from(separator)).map(str::to_owned).collect();
        };
        names.push(field.span.get(line, &fields.unescaped).to_owned());
        if field.is_last {
            return names;
        }
    }
}

fn read_plain(
    reader: &mut BlockReader<'_>,
    separator: u8,
    block: &Block,
    is_suspect: bool,
    read: &mut BlockRead,
) {
    let header = reader.header;
    let columns = header.fields();
    let text = block.text.as_str();
    let bytes = text.as_bytes();
    let mut row = Row::blank();
    let mut line = block.first_line;
    let (mut start, mut fields, mut is_long) = (0, 0, false);
    let mut field = |end: usize, is_last: bool, is_whole: bool| {
        let has_return = is_last && end > start && bytes[end - 1] == b'\r';
        let value = &text[start..end - usize::from(has_return)];
        match columns.get(fields) {
            Some(column) => row.put(column, value),
            None => is_long |= !value.trim().is_empty(),
        }
        fields += 1;
        start = end + 1;
        if is_last {
            let fault = form_fault(reader, fields, is_long, None, is_whole);
            reader.row(&row, Place { line, fields, fault, is_suspect }, read);
            row.clear();
            line += 1;
            (fields, is_long) = (0, false);
        }
    };
    each_of(bytes, separator, |at| field(at, bytes[at] == b'\n', true));
    if !bytes.is_empty() && bytes.last() != Some(&b'\n') {
        field(bytes.len(), true, false);
    }
}

/// Calls `each` with the place of every separator and line feed, in order. Looks at eight bytes at a time.
fn each_of(bytes: &[u8], separator: u8, mut each: impl FnMut(usize)) {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const SEVENS: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let (separators, feeds) = (ONES * u64::from(separator), ONES * u64::from(b'\n'));
    // The high bit of every byte that is zero, and of no other.
    let zeros = |word: u64| !(((word & SEVENS) + SEVENS) | word | SEVENS);
    let (words, tail) = bytes.as_chunks::<8>();
    let mut base = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let mut found = zeros(word ^ separators) | zeros(word ^ feeds);
        while found != 0 {
            each(base + (found.trailing_zeros() / 8) as usize);
            found &= found - 1;
        }
        base += 8;
    }
    for (at, byte) in tail.iter().enumerate() {
        if *byte == separator || *byte == b'\n' {
            each(base + at);
        }
    }
}

/// What the form of a row has against it. A row that is cut off by the end of the file is not whole.
fn form_fault(
    reader: &BlockReader<'_>,
    fields: usize,
    is_long: bool,
    stray: Option<usize>,
    is_whole: bool,
) -> Option<(Code, Column)> {
    if is_long {
        return Some((Code::LongRow, Column::ContactId));
    }
    if !is_whole && fields < reader.header.fields().len() {
        return Some((Code::ShortRow, reader.column(fields)));
    }
    stray.map(|at| (Code::StrayQuote, reader.column(at)))
}

/// Where the text of a field lies: in the block, or unescaped beside it.
pub(in crate::contact_file) enum Span {
    Block(Range<usize>),
    Unescaped(Range<usize>),
}

impl Span {
    fn get<'t>(&self, block: &'t str, unescaped: &'t str) -> &'t str {
        match self {
            Self::Block(range) => block.get(range.clone()).unwrap_or(""),
            Self::Unescaped(range) => unescaped.get(range.clone()).unwrap_or(""),
        }
    }
}

pub(in crate::contact_file) struct QuotedField {
    pub(in crate::contact_file) span: Span,
    pub(in crate::contact_file) has_stray: bool,
    /// Whether it ends its row.
    pub(in crate::contact_file) is_last: bool,
}

/// A quotation mark that is not closed at the end of its field.
pub(in crate::contact_file) struct Unclosed;

/// The fields of a text, one after the other.
pub(in crate::contact_file) struct Fields<'t> {
    text: &'t str,
    separator: u8,
    at: usize,
    unescaped: String,
}

impl<'t> Fields<'t> {
    pub(in crate::contact_file) const fn of(text: &'t str, separator: u8) -> Self {
        Self { text, separator, at: 0, unescaped: String::new() }
    }

    /// Where the next field begins; past the end of the text after a field that no line feed ends.
    pub(in crate::contact_file) const fn at(&self) -> usize {
        self.at
    }

    /// Forgets the texts of the fields so far.
    pub(in crate::contact_file) fn forget(&mut self) {
        self.unescaped.clear();
    }

    /// The text of a field since the last were forgotten.
    pub(in crate::contact_file) fn text(&self, span: &Span) -> &str {
        span.get(self.text, &self.unescaped)
    }
}

impl Fields<'_> {
    pub(in crate::contact_file) fn next(&mut self) -> Result<QuotedField, Unclosed> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) != Some(&b'"') {
            let found = memchr2(self.separator, b'\n', &bytes[self.at..]);
            let end = found.map_or(bytes.len(), |found| self.at + found);
            let is_last = bytes.get(end) != Some(&self.separator);
            let has_return = is_last && end > self.at && bytes[end - 1] == b'\r';
            let range = self.at..end - usize::from(has_return);
            let has_stray = memchr(b'"', &bytes[range.clone()]).is_some();
            self.at = end + 1;
            return Ok(QuotedField { span: Span::Block(range), has_stray, is_last });
        }
        let span = self.quoted()?;
        // What may stand between the mark and the end of the field.
        while matches!(bytes.get(self.at), Some(b' ')) {
            self.at += 1;
        }
        let is_return = bytes.get(self.at) == Some(&b'\r');
        self.at += usize::from(is_return);
        let is_last = match bytes.get(self.at) {
            None | Some(b'\n') => true,
            Some(byte) if *byte == self.separator && !is_return => false,
            Some(_) => return Err(Unclosed),
        };
        self.at += 1;
        Ok(QuotedField { span, has_stray: false, is_last })
    }

    /// The text between the mark at the current place and the one that closes it; stands after that.
    fn quoted(&mut self) -> Result<Span, Unclosed> {
        let bytes = self.text.as_bytes();
        let first = self.at + 1;
        let copied = self.unescaped.len();
        let mut piece = first;
        loop {
            let mark = piece + memchr(b'"', &bytes[piece..]).ok_or(Unclosed)?;
            if bytes.get(mark + 1) != Some(&b'"') {
                self.at = mark + 1;
                if piece == first {
                    return Ok(Span::Block(first..mark));
                }
                self.unescaped.push_str(&self.text[piece..mark]);
                return Ok(Span::Unescaped(copied..self.unescaped.len()));
            }
            self.unescaped.push_str(&self.text[piece..=mark]);
            piece = mark + 2;
        }
    }
}

/// Gives the line of a row that cannot be told from those after it.
fn read_quoted(
    reader: &mut BlockReader<'_>,
    separator: u8,
    block: &Block,
    is_suspect: bool,
    read: &mut BlockRead,
) -> Result<(), u64> {
    let text = block.text.as_str();
    let header = reader.header;
    let mut line = block.first_line;
    let mut fields = Fields { text, separator, at: 0, unescaped: String::new() };
    let mut spans: Vec<Span> = Vec::new();
    while fields.at < text.len() {
        let begin = fields.at;
        spans.clear();
        fields.unescaped.clear();
        let mut stray = None;
        loop {
            let field = fields.next().map_err(|Unclosed| line)?;
            stray = stray.or(field.has_stray.then_some(spans.len()));
            spans.push(field.span);
            if field.is_last {
                break;
            }
        }
        let mut row = Row::blank();
        let mut texts = spans.iter().map(|span| span.get(text, &fields.unescaped));
        for (field, text) in header.fields().iter().zip(texts.by_ref()) {
            row.put(field, text);
        }
        let is_long = texts.any(|text| !text.trim().is_empty());
        let is_whole = fields.at <= text.len();
        let fault = form_fault(reader, spans.len(), is_long, stray, is_whole);
        reader.row(&row, Place { line, fields: spans.len(), fault, is_suspect }, read);
        let end = fields.at.min(text.len());
        line += memchr_iter(b'\n', &text.as_bytes()[begin..end]).count() as u64;
    }
    Ok(())
}
