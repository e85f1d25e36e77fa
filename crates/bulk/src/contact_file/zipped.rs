//! What a workbook unpacks to, looked at before anything else is.
//!
//! Owns: that a packed file cannot fill memory. Does not own: what is in it (`excel`).

use super::error::{FileError, Kind};
use super::guard::guarded;
use super::sniff::unpacked_limit;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use zip::ZipArchive;

/// Parts of a workbook; a large one has some hundreds.
const MOST_PARTS: usize = 10_000;
/// What is kept in memory whole: all parts but the sheets.
const KEPT: u64 = 512_000_000;
/// A text in a cell is at most 32 767 characters.
const LONGEST_TEXT: u64 = 1 << 20;

/// Unpacks every part and throws it away. A part that says a size may lie; what comes out does not.
pub(super) fn check(file: &File, len: u64, name: &str) -> Result<(), FileError> {
    let damaged =
        |what: String| FileError::Damaged { file: name.to_owned(), kind: Kind::Excel, what };
    let swells =
        |limit: u64| FileError::Swells { file: name.to_owned(), limit_mb: limit / 1_000_000 };
    let input = file.try_clone().map_err(|error| damaged(error.to_string()))?;
    let archive = guarded(|| ZipArchive::new(BufReader::new(input)));
    let mut archive = archive.map_err(&damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(damaged(format!("it has {} parts", archive.len())));
    }
    let limit = unpacked_limit(len);
    let (mut all, mut kept) = (0, 0);
    for at in 0..archive.len() {
        let mut measured = Measured::default();
        let rest = limit - all + 1;
        let unpacked = guarded(|| unpack(&mut archive, at, rest, &mut measured));
        let is_sheet = unpacked.map_err(&damaged)?;
        all += measured.len;
        kept += if is_sheet { 0 } else { measured.len };
        if all > limit {
            return Err(swells(limit));
        }
        if kept > KEPT || measured.longest > LONGEST_TEXT {
            return Err(swells(KEPT));
        }
        if measured.said_count().is_some_and(|count| count > measured.len) {
            return Err(damaged("it says it has more texts than it can hold".to_owned()));
        }
    }
    let mut input = file;
    input.rewind().map_err(|error| damaged(error.to_string()))
}

/// Unpacks no more than `most` bytes of a part; whether it is a sheet.
fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    at: usize,
    most: u64,
    into: &mut Measured,
) -> io::Result<bool> {
    let part = archive.by_index(at)?;
    let is_sheet = part.name().is_ok_and(|name| name.contains("worksheets/"));
    io::copy(&mut part.take(most), into)?;
    Ok(is_sheet)
}

/// How long a part is, its longest stretch without a tag, and how it begins.
#[derive(Default)]
struct Measured {
    len: u64,
    longest: u64,
    stretch: u64,
    start: Vec<u8>,
}

impl Measured {
    /// The number of texts that a table of shared texts says it has.
    fn said_count(&self) -> Option<u64> {
        const SAID: &[u8] = b"uniqueCount=";
        let at = memchr::memmem::find(&self.start, SAID)? + SAID.len() + 1;
        let digits = self.start.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit());
        Some(digits.fold(0_u64, |count, digit| {
            count.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        }))
    }
}

impl io::Write for Measured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.len += bytes.len() as u64;
        let missing = 4_096_usize.saturating_sub(self.start.len());
        self.start.extend_from_slice(&bytes[..missing.min(bytes.len())]);
        match (memchr::memchr(b'<', bytes), memchr::memrchr(b'<', bytes)) {
            (Some(first), Some(last)) => {
                self.longest = self.longest.max(self.stretch + first as u64);
                self.stretch = (bytes.len() - last) as u64;
            }
            _ => self.stretch += bytes.len() as u64,
        }
        self.longest = self.longest.max(self.stretch);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
