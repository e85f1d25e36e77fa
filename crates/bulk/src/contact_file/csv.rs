//! CSV: found separator and encoding, cut in blocks at the ends of rows.
//!
//! Owns: which bytes are a row. Does not own: what the fields of a row may be (`kernel::intake`).
//!
//! `a;"b ""c"";d";e` has three fields, the second of them `b "c";d`.

mod block;
mod fields;

use super::ContactRead;
use super::encoding::is_suspect;
use super::error::FileError;
use super::pipeline;
use super::read::{BlockReader, Into};
use super::table::Knows;
pub(super) use block::{Block, Blocks};
pub(super) use fields::{Fields, Span, split};
use kernel::intake::Header;
use std::io::Read;
use std::num::NonZeroUsize;

/// Separators, the likelier first.
pub(super) const SEPARATORS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// Reads UTF-8 or Windows-1252, without a byte order mark.
pub(super) fn read(
    input: impl Read,
    threads: NonZeroUsize,
    into: &mut Into<'_>,
    progress: &mut dyn FnMut(),
) -> Result<ContactRead, FileError> {
    let file = into.file.to_owned();
    let mut blocks = Blocks::open(input, &file)?;
    let (header, separator) = header(&mut blocks, &file)?;
    blocks.separator = separator;
    let mut next = || {
        progress();
        blocks.next()
    };
    let read_block =
        |reader: &mut BlockReader<'_>, block: Block| fields::read(reader, separator, block);
    pipeline::run(&header, threads, &mut next, &read_block, into)
}

fn header<R: Read>(blocks: &mut Blocks<R>, file: &str) -> Result<(Header, u8), FileError> {
    let Names { names, line, separator } = names(blocks, file, &Header::knows)?;
    let header = Header::read(names.iter().map(String::as_str));
    let fault = |fault| FileError::Header { file: file.to_owned(), sheet: None, line, fault };
    Ok((header.map_err(fault)?, separator))
}

/// A first line, as the names of columns.
pub(super) struct Names {
    pub(super) names: Vec<String>,
    pub(super) line: u64,
    pub(super) separator: u8,
}

/// The first line that is not blank; a line `sep=;` before it, as spreadsheets write it, says the separator.
pub(super) fn names<R: Read>(
    blocks: &mut Blocks<R>,
    file: &str,
    knows: Knows<'_>,
) -> Result<Names, FileError> {
    let no_header = || FileError::NoHeader { file: file.to_owned() };
    let (mut text, mut line) = blocks.first_line()?.ok_or_else(no_header)?;
    let told = match text.as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator]
            if SEPARATORS.contains(separator) =>
        {
            Some(*separator)
        }
        _ => None,
    };
    if told.is_some() {
        (text, line) = blocks.first_line()?.ok_or_else(no_header)?;
    }
    if is_suspect(&text) {
        return Err(FileError::NotContacts { file: file.to_owned() });
    }
    let separator = told.unwrap_or_else(|| separator(&text, knows));
    let mut names = split(&text, separator);
    // A spreadsheet may write separators after the last column.
    while names.len() > 1 && names.last().is_some_and(|name| name.trim().is_empty()) {
        names.pop();
    }
    Ok(Names { names, line, separator })
}

/// The separator that gives most names of columns, or where that is a tie, most names.
fn separator(line: &str, knows: Knows<'_>) -> u8 {
    let told = |separator: &u8| {
        let names = split(line, *separator);
        let known = names.iter().filter(|name| knows(name)).count();
        (known, names.len())
    };
    // The last of equals wins.
    SEPARATORS.into_iter().rev().max_by_key(told).unwrap_or(b';')
}
