//! Tables as text.
//!
//! Owns: the header of a text, and its rows in order. Does not own: where blocks and fields end (`csv`).

use super::{Input, Knows, Rows, TableFile, TableRow, skipped, too_long};
use crate::contact_file::csv::{self, Block, Blocks, Fields, Names, Span};
use crate::contact_file::encoding::{OldLineEnds, Utf16, is_suspect};
use crate::contact_file::error::FileError;
use crate::contact_file::sniff::TextForm;
use kernel::finding::Code;
use memchr::memchr_iter;

/// The rows of a text that are still to come.
pub(super) struct Lines<'f> {
    blocks: Blocks<'f, Input>,
    separator: u8,
    file: &'f str,
}

pub(super) fn open<'f>(
    input: Input,
    form: TextForm,
    start: &[u8],
    file: &'f str,
    knows: Knows<'_>,
) -> Result<TableFile<'f>, FileError> {
    let input = decoded(input, form, start);
    let input = input.map_err(|source| FileError::Io { file: file.to_owned(), source })?;
    let mut blocks = Blocks::open(input, file)?;
    let Names { names, line, separator } = csv::names(&mut blocks, file, knows)?;
    blocks.separator = separator;
    let rows = Rows::Text(Lines { blocks, separator, file });
    let other_sheets = Vec::new();
    Ok(TableFile { names, line, sheet: None, other_sheets, file, packed: None, rows })
}

fn decoded(input: Input, form: TextForm, start: &[u8]) -> std::io::Result<Input> {
    Ok(match form {
        TextForm::Bytes(mark) => {
            let input = skipped(input, mark)?;
            let has = |byte: u8| memchr::memchr(byte, start).is_some();
            if has(b'\r') && !has(b'\n') { Box::new(OldLineEnds(input)) } else { input }
        }
        TextForm::LittleEndian(mark) => Box::new(Utf16::new(skipped(input, mark)?, true)),
        TextForm::BigEndian(mark) => Box::new(Utf16::new(skipped(input, mark)?, false)),
    })
}

impl Lines<'_> {
    pub(super) fn each(
        mut self,
        columns: usize,
        take: &mut dyn FnMut(TableRow<'_>),
    ) -> Result<(), FileError> {
        while let Some(block) = self.blocks.next()? {
            let refused = |line| FileError::UnclosedQuote { file: self.file.to_owned(), line };
            of_block(&block, self.separator, columns, take).map_err(refused)?;
        }
        Ok(())
    }
}

/// Gives the line of a row that cannot be told from those after it.
fn of_block(
    block: &Block,
    separator: u8,
    columns: usize,
    take: &mut dyn FnMut(TableRow<'_>),
) -> Result<(), u64> {
    let text = block.text.as_str();
    let may_be_suspect = is_suspect(text);
    let mut line = block.first_line;
    let mut fields = Fields::of(text, separator);
    let mut spans: Vec<Span> = Vec::new();
    while fields.at() < text.len() {
        let begin = fields.at();
        spans.clear();
        fields.forget();
        let mut stray = None;
        loop {
            let field = fields.next().map_err(|_unclosed| line)?;
            stray = stray.or(field.has_stray.then_some(spans.len()));
            spans.push(field.span);
            if field.is_last {
                break;
            }
        }
        let texts: Vec<&str> = spans.iter().map(|span| fields.text(span)).collect();
        let is_cut = fields.at() > text.len() && texts.len() < columns;
        let fault = too_long(&texts, columns)
            .or(is_cut.then_some((Code::ShortRow, texts.len())))
            .or(stray.map(|at| (Code::StrayQuote, at)))
            .or_else(|| if may_be_suspect { suspect(&texts) } else { None });
        if texts.iter().any(|text| !text.trim().is_empty()) {
            take(TableRow { line, fields: &texts, fault });
        }
        let end = fields.at().min(text.len());
        let within = text.as_bytes().get(begin..end).unwrap_or_default();
        line += memchr_iter(b'\n', within).count() as u64;
    }
    Ok(())
}

fn suspect(texts: &[&str]) -> Option<(Code, usize)> {
    texts.iter().position(|text| is_suspect(text)).map(|at| (Code::Undecodable, at))
}
