//! Blocks of whole rows, as text.
//!
//! Owns: where a file may be cut, its encoding, and that no row is longer than a bound. Does not own: fields.

use crate::contact_file::encoding::windows_1252;
use crate::contact_file::error::FileError;
use memchr::{memchr, memchr_iter, memrchr};
use std::io::Read;

/// Bytes that are read at a time.
const BLOCK: usize = 1 << 19;
/// No row is longer; more is not read to find its end.
const LONGEST_ROW: usize = 1 << 20;

/// Some whole rows.
pub(in crate::contact_file) struct Block {
    pub(in crate::contact_file) text: String,
    /// The line that it begins on.
    pub(in crate::contact_file) first_line: u64,
    /// Whether there is a quotation mark.
    pub(in crate::contact_file) has_quotes: bool,
}

/// What the bytes so far can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Nothing but ASCII yet.
    Ascii,
    Utf8,
    Windows1252,
}

/// A file under cutting.
pub(in crate::contact_file) struct Blocks<'f, R> {
    input: R,
    file: &'f str,
    pub(in crate::contact_file) separator: u8,
    encoding: Encoding,
    rest: Vec<u8>,
    line: u64,
}

impl<'f, R: Read> Blocks<'f, R> {
    pub(in crate::contact_file) fn open(input: R, file: &'f str) -> Result<Self, FileError> {
        let encoding = Encoding::Ascii;
        let mut blocks = Self { input, file, separator: b';', encoding, rest: Vec::new(), line: 1 };
        blocks.fill(BLOCK)?;
        Ok(blocks)
    }

    /// Reads until there are `len` bytes; whether the file ended before.
    fn fill(&mut self, len: usize) -> Result<bool, FileError> {
        let missing = len.saturating_sub(self.rest.len());
        let read = self.input.by_ref().take(missing as u64).read_to_end(&mut self.rest);
        let count = read.map_err(|source| FileError::Io { file: self.file.to_owned(), source })?;
        Ok(count < missing)
    }

    /// The next line that is not blank and its number, without its end; for headers.
    pub(in crate::contact_file) fn first_line(
        &mut self,
    ) -> Result<Option<(String, u64)>, FileError> {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\r' | b'\n');
        loop {
            let is_end = self.fill(LONGEST_ROW)?;
            let Some(start) = self.rest.iter().position(|byte| !is_blank(byte)) else {
                self.line += memchr_iter(b'\n', &self.rest).count() as u64;
                self.rest.clear();
                if is_end {
                    return Ok(None);
                }
                continue;
            };
            self.line += memchr_iter(b'\n', &self.rest[..start]).count() as u64;
            let end = memchr(b'\n', &self.rest[start..]).map(|end| start + end);
            if end.is_none() && !is_end {
                return Err(self.too_long());
            }
            let rest = self.rest.split_off(end.map_or(self.rest.len(), |end| end + 1));
            let bytes = std::mem::replace(&mut self.rest, rest);
            let line = self.line;
            self.line += u64::from(end.is_some());
            let text = self.text(bytes[start..].to_vec());
            return Ok(Some((text.trim_end_matches(['\r', '\n']).to_owned(), line)));
        }
    }

    /// The next rows.
    pub(in crate::contact_file) fn next(&mut self) -> Result<Option<Block>, FileError> {
        let mut len = BLOCK;
        let (cut, has_quotes) = loop {
            let is_end = self.fill(len)?;
            let has_quotes = memchr(b'"', &self.rest).is_some();
            if is_end {
                break (self.rest.len(), has_quotes);
            }
            let cut = if has_quotes {
                last_row_end(&self.rest, self.separator)
            } else {
                memrchr(b'\n', &self.rest).ok_or(false)
            };
            match cut {
                Ok(at) => break (at + 1, has_quotes),
                Err(is_quoted) if len >= LONGEST_ROW => {
                    let (file, line) = (self.file.to_owned(), self.line);
                    let unclosed = FileError::UnclosedQuote { file, line };
                    return Err(if is_quoted { unclosed } else { self.too_long() });
                }
                Err(_) => len = LONGEST_ROW,
            }
        };
        if cut == 0 {
            return Ok(None);
        }
        let mut rest = Vec::with_capacity(BLOCK);
        rest.extend_from_slice(&self.rest[cut..]);
        self.rest.truncate(cut);
        let bytes = std::mem::replace(&mut self.rest, rest);
        let first_line = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u64;
        let text = self.text(bytes);
        Ok(Some(Block { text, first_line, has_quotes }))
    }

    fn too_long(&self) -> FileError {
        let limit_kb = LONGEST_ROW as u64 / 1_000;
        FileError::LineTooLong { file: self.file.to_owned(), line: self.line, limit_kb }
    }

    /// The first bytes that are no UTF-8 tell that the file is Windows-1252, unless it has been UTF-8 before.
    fn text(&mut self, bytes: Vec<u8>) -> String {
        if self.encoding == Encoding::Windows1252 {
            return windows_1252(&bytes);
        }
        let error = match String::from_utf8(bytes) {
            Ok(text) => {
                if self.encoding == Encoding::Ascii && !text.is_ascii() {
                    self.encoding = Encoding::Utf8;
                }
                return text;
            }
            Err(error) => error,
        };
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        if self.encoding == Encoding::Ascii && bytes[..valid].is_ascii() {
            self.encoding = Encoding::Windows1252;
            return windows_1252(&bytes);
        }
        self.encoding = Encoding::Utf8;
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The last line feed that ends a row, or whether the end is inside quotation marks.
fn last_row_end(bytes: &[u8], separator: u8) -> Result<usize, bool> {
    let mut last = None;
    let mut at = 0;
    loop {
        let Some(opening) = next_opening(bytes, at, separator) else {
            let tail = memrchr(b'\n', &bytes[at..]).map(|found| at + found);
            return tail.or(last).ok_or(false);
        };
        last = memrchr(b'\n', &bytes[at..opening]).map(|found| at + found).or(last);
        let Some(after) = after_closing(bytes, opening + 1) else { return last.ok_or(true) };
        at = after;
    }
}

/// The next quotation mark that begins a field.
fn next_opening(bytes: &[u8], from: usize, separator: u8) -> Option<usize> {
    let begins = |at: usize| match at.checked_sub(1).map(|before| bytes[before]) {
        None => true,
        Some(before) => before == separator || before == b'\n',
    };
    memchr_iter(b'"', &bytes[from..]).map(|found| from + found).find(|at| begins(*at))
}

/// What follows the quotation mark that closes the field begun before `from`.
fn after_closing(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let mark = at + memchr(b'"', &bytes[at..])?;
        if bytes.get(mark + 1) != Some(&b'"') {
            return Some(mark + 1);
        }
        at = mark + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_at_the_ends_of_rows_alone() {
        let cut = |text: &str| last_row_end(text.as_bytes(), b';');
        assert_eq!(cut("a;b\nc;d\ne"), Ok(7));
        assert_eq!(cut("a;\"b\nc\"\nd;\"e\nf"), Ok(7));
        assert_eq!(cut("\"a\n\"\"\nb"), Err(true));
        assert_eq!(cut("a;5\" rör;\"x\"\nb"), Ok("a;5\" rör;\"x\"".len()));
        assert_eq!(cut("abc"), Err(false));
        assert_eq!(cut("\"\";\"\"\n\"x"), Ok(5));
    }
}
