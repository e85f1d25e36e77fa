//! Text columns page by page: a number for each row, and each text of the dictionary once.
//!
//! Owns: decoding the two encodings that our own files have (dictionary and plain, in pages of version 1). Does not
//! own: what the texts are; a page of any other kind is left to the general reader of `columns`.
//!
//! The general reader makes a text for every row, which then has to be looked up; that was most of the time.

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};

/// What takes the cells of a column, in order.
pub(crate) trait Cells {
    /// Cells so far.
    fn count(&self) -> usize;
    /// Forgets the cells after the first `count`.
    fn keep(&mut self, count: usize);
    /// The texts that `known` counts from 0, from here on.
    fn dictionary(&mut self, texts: &[Bytes]);
    /// A null.
    fn blank(&mut self);
    /// A text of the dictionary.
    fn known(&mut self, number: u32);
    /// A text that stands for itself.
    fn text(&mut self, text: &[u8]);
}

/// Why pages were not read.
pub(crate) enum Unread {
    /// They are of another kind; some cells may have been given.
    OtherKind,
    /// They cannot be read at all.
    Parquet(parquet::errors::ParquetError),
}

impl From<parquet::errors::ParquetError> for Unread {
    fn from(error: parquet::errors::ParquetError) -> Self {
        Self::Parquet(error)
    }
}

/// Gives every cell of a column chunk; `optional` tells whether there can be nulls.
pub(crate) fn read(
    pages: &mut dyn PageReader,
    optional: bool,
    cells: &mut impl Cells,
) -> Result<(), Unread> {
    let mut numbers = Vec::new();
    let mut levels = Vec::new();
    let mut size = 0;
    while let Some(page) = pages.get_next_page()? {
        match page {
            Page::DictionaryPage { buf, num_values, .. } => {
                let texts = plain_texts(&buf, num_values as usize).ok_or(Unread::OtherKind)?;
                size = texts.len();
                cells.dictionary(&texts);
            }
            Page::DataPage { buf, num_values, encoding, def_level_encoding, .. } => {
                let count = num_values as usize;
                let rest = if optional {
                    if def_level_encoding != Encoding::RLE {
                        return Err(Unread::OtherKind);
                    }
                    take_levels(&buf, count, &mut levels).ok_or(Unread::OtherKind)?
                } else {
                    levels.clear();
                    levels.resize(count, 1);
                    &buf[..]
                };
                let present = levels.iter().filter(|level| **level > 0).count();
                let given = match encoding {
                    Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                        coded(rest, present, size, &mut numbers)
                            .map(|()| give_known(&levels, &numbers, cells))
                    }
                    Encoding::PLAIN => give_plain(rest, &levels, cells),
                    _ => None,
                };
                given.ok_or(Unread::OtherKind)?;
            }
            Page::DataPageV2 { .. } => return Err(Unread::OtherKind),
        }
    }
    Ok(())
}

/// Reads the levels of a page, and gives what comes after them.
fn take_levels<'b>(bytes: &'b [u8], count: usize, levels: &mut Vec<u32>) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (packed, rest) = rest.split_at_checked(length)?;
    hybrid(packed, 1, count, levels)?;
    Some(rest)
}

/// Numbers below `size`: a byte with their width, then runs.
fn coded(bytes: &[u8], count: usize, size: usize, numbers: &mut Vec<u32>) -> Option<()> {
    if count == 0 {
        numbers.clear();
        return Some(());
    }
    let (width, rest) = bytes.split_first()?;
    hybrid(rest, u32::from(*width), count, numbers)?;
    numbers.iter().all(|number| (*number as usize) < size).then_some(())
}

/// Runs of one value, and groups of eight bit-packed values, until there are `count`.
fn hybrid(mut bytes: &[u8], width: u32, count: usize, values: &mut Vec<u32>) -> Option<()> {
    values.clear();
    if width > 32 {
        return None;
    }
    while values.len() < count {
        let header = varint(&mut bytes)?;
        let missing = count - values.len();
        if header & 1 == 0 {
            let (value, rest) = bytes.split_at_checked(width.div_ceil(8) as usize)?;
            let value = value.iter().rev().fold(0, |value, byte| (value << 8) | u32::from(*byte));
            values.extend(std::iter::repeat_n(value, missing.min((header >> 1) as usize)));
            bytes = rest;
        } else {
            let length = (header >> 1) as usize * width as usize;
            let (packed, rest) = bytes.split_at_checked(length.min(bytes.len()))?;
            unpack(packed, width, missing.min((header >> 1) as usize * 8), values)?;
            bytes = rest;
        }
    }
    Some(())
}

fn varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for shift in (0..32).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn unpack(packed: &[u8], width: u32, count: usize, values: &mut Vec<u32>) -> Option<()> {
    let mask = (1_u64 << width) - 1;
    let (mut held, mut bits) = (0_u64, 0_u32);
    let mut bytes = packed.iter();
    for _ in 0..count {
        while bits < width {
            held |= u64::from(*bytes.next()?) << bits;
            bits += 8;
        }
        values.push((held & mask) as u32);
        held >>= width;
        bits -= width;
    }
    Some(())
}

fn give_known(levels: &[u32], numbers: &[u32], cells: &mut impl Cells) {
    let mut numbers = numbers.iter();
    for level in levels {
        match numbers.as_slice().first() {
            Some(number) if *level > 0 => {
                numbers.next();
                cells.known(*number);
            }
            _ => cells.blank(),
        }
    }
}

fn give_plain(mut bytes: &[u8], levels: &[u32], cells: &mut impl Cells) -> Option<()> {
    for level in levels {
        if *level > 0 {
            let (length, rest) = bytes.split_first_chunk::<4>()?;
            let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            cells.text(text);
            bytes = rest;
        } else {
            cells.blank();
        }
    }
    Some(())
}

fn plain_texts(buffer: &Bytes, count: usize) -> Option<Vec<Bytes>> {
    let mut texts = Vec::with_capacity(count);
    let mut at = 0;
    for _ in 0..count {
        let length = buffer.get(at..)?.first_chunk::<4>()?;
        let from = at + 4;
        at = from + u32::from_le_bytes(*length) as usize;
        buffer.get(from..at)?;
        texts.push(buffer.slice(from..at));
    }
    Some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_packed_groups_are_told_apart() {
        let mut values = Vec::new();
        // Four times 5, then eight values of three bits: 0 1 2 3 4 5 6 7.
        let bytes = [8, 5, 3, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(hybrid(&bytes, 3, 12, &mut values), Some(()));
        assert_eq!(values, [5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(hybrid(&bytes, 3, 6, &mut values), Some(()));
        assert_eq!(values, [5, 5, 5, 5, 0, 1]);
        assert_eq!(hybrid(&bytes, 3, 13, &mut values), None);
        assert_eq!(hybrid(&[6], 0, 3, &mut values), Some(()));
        assert_eq!(values, [0, 0, 0]);
    }
}
