//! From the bytes of a text file to UTF-8.
//!
//! Owns: UTF-16, Windows-1252 and old line ends. Does not own: where rows end (`csv`).
//!
//! `E5` alone is `å` in Windows-1252; `81` is nothing there and becomes the sign of what cannot be read.

use std::io::{self, Read};

/// What bytes that are no text become.
pub(super) const UNKNOWN: char = char::REPLACEMENT_CHARACTER;

/// Windows-1252 where it differs from Latin-1; five bytes mean nothing.
const HIGH: [char; 32] = [
    '€', UNKNOWN, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', UNKNOWN, 'Ž', UNKNOWN,
    UNKNOWN, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', UNKNOWN, 'ž', 'Ÿ',
];

/// Windows-1252 as text.
pub(super) fn windows_1252(bytes: &[u8]) -> String {
    let char_of = |byte: &u8| match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        other => char::from(*other),
    };
    bytes.iter().map(char_of).collect()
}

/// Whether a text holds what no field may: control characters, or bytes that could not be read.
pub(super) fn is_suspect(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n') || byte == 0x7f)
        || (!text.is_ascii()
            && text.chars().any(|c| c == UNKNOWN || ('\u{80}'..='\u{9f}').contains(&c)))
}

/// UTF-16 read as UTF-8. Half a surrogate pair, or half a unit at the end, becomes [`UNKNOWN`].
pub(super) struct Utf16<R> {
    input: R,
    is_little_endian: bool,
    units: Vec<u16>,
    odd: Option<u8>,
    text: Vec<u8>,
    given: usize,
    has_ended: bool,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(input: R, is_little_endian: bool) -> Self {
        Self {
            input,
            is_little_endian,
            units: Vec::new(),
            odd: None,
            text: Vec::new(),
            given: 0,
            has_ended: false,
        }
    }

    fn advance(&mut self) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(1 << 16);
        bytes.extend(self.odd.take());
        self.input.by_ref().take(1 << 16).read_to_end(&mut bytes)?;
        let is_end = bytes.len() < 2;
        self.has_ended = is_end;
        let (pairs, odd) = bytes.as_chunks::<2>();
        let unit = |pair: &[u8; 2]| {
            if self.is_little_endian {
                u16::from_le_bytes(*pair)
            } else {
                u16::from_be_bytes(*pair)
            }
        };
        self.units.extend(pairs.iter().map(unit));
        self.odd = odd.first().copied();
        // A high surrogate waits for its other half.
        let waits =
            !is_end && self.units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit));
        let held = if waits { self.units.pop() } else { None };
        let mut text = String::with_capacity(self.units.len() * 2);
        text.extend(char::decode_utf16(self.units.drain(..)).map(|read| read.unwrap_or(UNKNOWN)));
        self.units.extend(held);
        if is_end && self.odd.take().is_some() {
            text.push(UNKNOWN);
        }
        self.text = text.into_bytes();
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.has_ended {
            self.advance()?;
        }
        let rest = &self.text[self.given..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

/// Line ends that are a carriage return alone, read as line feeds.
pub(super) struct OldLineEnds<R>(pub(super) R);

impl<R: Read> Read for OldLineEnds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        buffer[..count].iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_1252_has_five_bytes_that_mean_nothing() {
        assert_eq!(windows_1252(b"v\xe5rd \x80 \x96"), "vård € –");
        let all: Vec<u8> = (0..=255).collect();
        let text = windows_1252(&all);
        assert_eq!(text.chars().filter(|c| *c == UNKNOWN).count(), 5);
        assert_eq!(text.chars().count(), 256);
    }

    #[test]
    fn utf_16_is_read_over_any_cut() {
        let text = "vård;född\r\n😀".repeat(9_000);
        for little in [true, false] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
                .collect();
            let mut read = String::new();
            Utf16::new(bytes.as_slice(), little).read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
            let mut cut = String::new();
            Utf16::new(&bytes[..bytes.len() - 1], little).read_to_string(&mut cut).unwrap();
            assert!(cut.ends_with(UNKNOWN));
        }
    }

    #[test]
    fn suspects_are_told_from_texts() {
        for good in ["", "vård\t", "a\nb", "€", "\u{a0}"] {
            assert!(!is_suspect(good), "{good:?}");
        }
        for bad in ["a\0", "\u{fffd}", "\u{81}", "\u{1f}", "\u{7f}"] {
            assert!(is_suspect(bad), "{bad:?}");
        }
    }
}
