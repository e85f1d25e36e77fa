//! A reader that knows which line a byte of its recent past stands on.
//!
//! Owns: counting lines whatever the line ends, blank lines and quoted texts. Does not own: what a
//! record is.

use std::cell::Cell;
use std::io::{self, Read};

/// Bytes in a chunk. A record is expected to begin in one of the last two chunks.
const CHUNK: usize = 1 << 18;

#[derive(Default)]
struct Chunk {
    /// Bytes of the input before this chunk.
    start: u64,
    /// Line breaks of the input before this chunk.
    breaks: u64,
    bytes: Vec<u8>,
}

impl Chunk {
    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    fn breaks_until_end(&self) -> u64 {
        self.breaks + breaks(&self.bytes)
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// See the module.
pub(crate) struct Tally<R> {
    input: R,
    previous: Chunk,
    current: Chunk,
    given: usize,
    /// The offset last asked for, and the line breaks before it.
    asked: Cell<(u64, u64)>,
    /// Quotation marks so far.
    quotes: u64,
}

impl<R: Read> Tally<R> {
    /// Reads the first chunk, so that its beginning can be looked at.
    pub(crate) fn new(input: R) -> io::Result<Self> {
        let (previous, current) = (Chunk::default(), Chunk::default());
        let mut tally =
            Self { input, previous, current, given: 0, asked: Cell::default(), quotes: 0 };
        tally.advance()?;
        Ok(tally)
    }

    /// The beginning of the input; call it before anything is read.
    pub(crate) fn beginning(&self) -> &[u8] {
        &self.current.bytes
    }

    /// Quotation marks in all that has been read.
    pub(crate) fn quotes(&self) -> u64 {
        self.quotes
    }

    fn advance(&mut self) -> io::Result<()> {
        std::mem::swap(&mut self.previous, &mut self.current);
        self.current.start = self.previous.end();
        self.current.breaks = self.previous.breaks_until_end();
        self.current.bytes.clear();
        self.given = 0;
        let input = self.input.by_ref();
        input.take(CHUNK as u64).read_to_end(&mut self.current.bytes)?;
        self.quotes += self.current.bytes.iter().filter(|byte| **byte == b'"').count() as u64;
        Ok(())
    }

    /// The line, from 1, of the first byte from `offset` on that is no line break. Asked for growing
    /// offsets it looks at each byte once.
    pub(crate) fn line_from(&self, offset: u64) -> u64 {
        let (from, breaks_before) = self.nearest_before(offset);
        let passed: u64 = self.between(from, offset).iter().map(|bytes| breaks(bytes)).sum();
        let breaks = breaks_before + passed;
        self.asked.set((offset, breaks));
        let rest = self.between(offset, self.current.end()).into_iter().flatten();
        let skipped = rest.take_while(|byte| matches!(**byte, b'\n' | b'\r'));
        breaks + skipped.filter(|byte| **byte == b'\n').count() as u64 + 1
    }

    /// A place that is still at hand, with the line breaks before it.
    fn nearest_before(&self, offset: u64) -> (u64, u64) {
        let asked = self.asked.get();
        if (self.previous.start..=offset).contains(&asked.0) {
            return asked;
        }
        (self.previous.start, self.previous.breaks)
    }

    /// The bytes from one offset to another, in the two chunks.
    fn between(&self, from: u64, to: u64) -> [&[u8]; 2] {
        [&self.previous, &self.current].map(|chunk| {
            let at = |offset: u64| {
                let inside = offset.clamp(chunk.start, chunk.end()) - chunk.start;
                usize::try_from(inside).unwrap_or(usize::MAX)
            };
            chunk.bytes.get(at(from)..at(to)).unwrap_or_default()
        })
    }
}

impl<R: Read> Read for Tally<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.current.bytes.len() {
            self.advance()?;
        }
        let rest = self.current.bytes.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        let (Some(into), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) else {
            return Ok(0);
        };
        into.copy_from_slice(from);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_over_chunks_and_blank_lines() {
        let line = "x".repeat(99) + "\n";
        let text = line.repeat(10_000);
        let mut tally = Tally::new(text.as_bytes()).unwrap();
        let mut buffer = [0; 4_096];
        let mut read = 0;
        loop {
            let count = tally.read(&mut buffer).unwrap() as u64;
            if count == 0 {
                break;
            }
            assert_eq!(tally.line_from(read), read / 100 + if read % 100 == 99 { 2 } else { 1 });
            read += count;
        }
        assert_eq!(read, 1_000_000);
        let tally = Tally::new(&b"a\r\n\r\n\nb"[..]).unwrap();
        assert_eq!(tally.line_from(0), 1);
        assert_eq!(tally.line_from(2), 4);
    }
}
