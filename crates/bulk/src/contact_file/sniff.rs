//! What a file is, told by its first bytes.
//!
//! Owns: the forms that are known, and gzip around them. Does not own: how each is read.

use super::ContactRead;
use super::encoding::{OldLineEnds, Utf16};
use super::error::{FileError, Kind};
use super::read::Into;
use super::source::Source;
use super::{csv, excel, parquet};
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::num::NonZeroUsize;
use std::rc::Rc;

/// Bytes that are looked at.
const START: usize = 1 << 14;
/// A file may unpack to this many bytes whatever its size.
const UNPACKED: u64 = 256_000_000;
/// And beyond that to so many times its size; contacts pack to a tenth.
const TIMES: u64 = 100;

/// The most that a file of `packed` bytes may unpack to.
pub(super) const fn unpacked_limit(packed: u64) -> u64 {
    let times = packed.saturating_mul(TIMES);
    if times > UNPACKED { times } else { UNPACKED }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Gzip,
    Excel,
    Parquet,
    Other(&'static str),
    Text(TextForm),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TextForm {
    /// UTF-8, Windows-1252 or ASCII; bytes of a byte order mark to leave out.
    Bytes(usize),
    LittleEndian(usize),
    BigEndian(usize),
}

pub(super) fn form(start: &[u8]) -> Form {
    const OLE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    match start {
        [0x1f, 0x8b, ..] => Form::Gzip,
        [b'P', b'K', 3, 4, ..] => zip_form(start),
        [b'P', b'A', b'R', b'1', ..] => Form::Parquet,
        _ if start.starts_with(&OLE) => {
            Form::Other("an old or password-protected Excel file (xls)")
        }
        _ if start.starts_with(b"%PDF") => Form::Other("a PDF"),
        [0xef, 0xbb, 0xbf, ..] => Form::Text(TextForm::Bytes(3)),
        [0xff, 0xfe, ..] => Form::Text(TextForm::LittleEndian(2)),
        [0xfe, 0xff, ..] => Form::Text(TextForm::BigEndian(2)),
        [1..=0x7f, 0, 1..=0x7f, 0, ..] => Form::Text(TextForm::LittleEndian(0)),
        [0, 1..=0x7f, 0, 1..=0x7f, ..] => Form::Text(TextForm::BigEndian(0)),
        _ => Form::Text(TextForm::Bytes(0)),
    }
}

fn zip_form(start: &[u8]) -> Form {
    // The name of the first part, which says what an OpenDocument file is.
    let has = |text: &[u8]| memchr::memmem::find(start.get(..256).unwrap_or(start), text).is_some();
    if has(b"opendocument") { Form::Other("an OpenDocument sheet (ods)") } else { Form::Excel }
}

/// Reads a file of any form.
pub(super) fn read(
    source: &mut Source,
    threads: NonZeroUsize,
    into: &mut Into<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<ContactRead, FileError> {
    let name = into.file.to_owned();
    let error = |source| FileError::Io { file: name.clone(), source };
    let len = source.len();
    let count = Rc::new(Cell::new(0));
    let input = Counted { input: source.reopened().map_err(error)?, count: count.clone() };
    let (start, input) = beginning(input).map_err(error)?;
    match form(&start) {
        Form::Gzip => {
            let packed = MultiGzDecoder::new(BufReader::with_capacity(1 << 16, input));
            let swelling = limited(packed, len);
            let damaged = |source| unpacking(&name, len, source);
            let (start, unpacked) = beginning(swelling).map_err(damaged)?;
            let read = match form(&start) {
                Form::Text(form) => {
                    text(unpacked, &start, form, threads, into, &mut || progress(count.get()))
                }
                form @ (Form::Excel | Form::Parquet) => {
                    let laid = Source::laid_aside(&name, unpacked);
                    let mut laid = laid.map_err(damaged)?;
                    return whole(&mut laid, form, threads, into, progress);
                }
                form => whole(source, form, threads, into, progress),
            };
            read.map_err(|error| match error {
                FileError::Io { source, .. } => unpacking(&name, len, source),
                other => other,
            })
        }
        Form::Text(form) => text(input, &start, form, threads, into, &mut || progress(count.get())),
        form => {
            drop(input);
            whole(source, form, threads, into, progress)
        }
    }
}

/// Forms that are not read from their beginning to their end.
fn whole(
    source: &mut Source,
    form: Form,
    threads: NonZeroUsize,
    into: &mut Into<'_>,
    progress: &mut dyn FnMut(u64),
) -> Result<ContactRead, FileError> {
    let error = |source| FileError::Io { file: into.file.to_owned(), source };
    let len = source.len();
    let file: File = source.reopened().map_err(error)?;
    let other = |what| FileError::OtherForm { file: into.file.to_owned(), what };
    let read = match form {
        Form::Excel => excel::read(file, len, threads, into)?,
        Form::Parquet => parquet::read(file, threads, into)?,
        Form::Other(what) => return Err(other(what)),
        Form::Gzip | Form::Text(_) => return Err(other("packed more than once")),
    };
    progress(len);
    Ok(read)
}

fn text(
    input: impl Read,
    start: &[u8],
    form: TextForm,
    threads: NonZeroUsize,
    into: &mut Into<'_>,
    progress: &mut dyn FnMut(),
) -> Result<ContactRead, FileError> {
    let name = into.file.to_owned();
    let mut input = input;
    let mut skip = |count: usize| {
        let mut mark = [0; 3];
        input
            .read_exact(&mut mark[..count])
            .map_err(|source| FileError::Io { file: name.clone(), source })
    };
    match form {
        TextForm::Bytes(mark) => {
            skip(mark)?;
            let has = |byte: u8| memchr::memchr(byte, start).is_some();
            if has(b'\r') && !has(b'\n') {
                return csv::read(OldLineEnds(input), threads, into, progress);
            }
            csv::read(input, threads, into, progress)
        }
        TextForm::LittleEndian(mark) => {
            skip(mark)?;
            csv::read(Utf16::new(input, true), threads, into, progress)
        }
        TextForm::BigEndian(mark) => {
            skip(mark)?;
            csv::read(Utf16::new(input, false), threads, into, progress)
        }
    }
}

/// The first bytes, and the input with them still to come.
pub(super) fn beginning<R: Read>(mut input: R) -> io::Result<(Vec<u8>, impl Read)> {
    let mut start = Vec::with_capacity(START);
    input.by_ref().take(START as u64).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(input)))
}

pub(super) fn unpacking(file: &str, packed: u64, error: io::Error) -> FileError {
    let file = file.to_owned();
    if error.get_ref().is_some_and(|inner| inner.is::<Swollen>()) {
        let limit_mb = unpacked_limit(packed) / 1_000_000;
        return FileError::Swells { file, limit_mb };
    }
    FileError::Damaged { file, kind: Kind::Gzip, what: error.to_string() }
}

/// Tells how many bytes have been read of it.
struct Counted<R> {
    input: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

/// What a file of `packed` bytes unpacks to, up to the limit.
pub(super) fn limited<R: Read>(input: R, packed: u64) -> impl Read {
    Limited { input, rest: unpacked_limit(packed) }
}

/// Why a file that unpacks to too much is not read on.
#[derive(Debug, thiserror::Error)]
#[error("unpacks to too much")]
struct Swollen;

/// An input that may give no more than a number of bytes.
struct Limited<R> {
    input: R,
    rest: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let rest = self.rest.checked_sub(count as u64);
        self.rest = rest.ok_or_else(|| io::Error::other(Swollen))?;
        Ok(count)
    }
}
