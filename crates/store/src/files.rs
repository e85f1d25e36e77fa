//! Bulk files by the hash of their content, written once and never changed.
//!
//! Owns: that a file is there whole or not at all, and that what is read is what was written. Does not
//! own: what is in it (`bulk`), or that it counts (the lists in SQL).
//!
//! `put(dir, Shelf::Lines, bytes, None)` writes `lines/<sha256>.parquet`.

use crate::StoreError;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where files of one kind lie in the data folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Reports of batches.
    Batches,
    /// What clinics report beside contacts.
    Inputs,
    /// Lines of settlements.
    Lines,
}

impl Shelf {
    const fn folder(self) -> &'static str {
        match self {
            Self::Batches => "batches",
            Self::Inputs => "inputs",
            Self::Lines => "lines",
        }
    }
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the file of a hash lies.
pub fn path(folder: &Path, shelf: Shelf, hash: &str) -> PathBuf {
    folder.join(shelf.folder()).join(format!("{hash}.parquet"))
}

/// Writes a file and gives its hash; where `expected` is given, it must be that hash (a preview's, say).
///
/// The file is written aside, brought to disk and then renamed, so that it is never there in part. A
/// file that is there already with this content stays; one with other content is replaced, since its
/// name says what it should be.
pub fn put(
    folder: &Path,
    shelf: Shelf,
    bytes: &[u8],
    expected: Option<&str>,
) -> Result<String, StoreError> {
    let found = sha256(bytes);
    let path = path(folder, shelf, &found);
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        return Err(StoreError::HashDiffers { path, expected: expected.to_owned(), found });
    }
    if get(folder, shelf, &found).is_err() {
        write_whole(&path, bytes)?;
    }
    Ok(found)
}

/// Reads the file of a hash, and checks that it is that file.
pub fn get(folder: &Path, shelf: Shelf, hash: &str) -> Result<Vec<u8>, StoreError> {
    let path = path(folder, shelf, hash);
    let bytes = fs::read(&path).map_err(StoreError::io(&path))?;
    let found = sha256(&bytes);
    if found != hash {
        return Err(StoreError::HashDiffers { path, expected: hash.to_owned(), found });
    }
    Ok(bytes)
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    let aside = path.with_extension(format!("{}.tmp", std::process::id()));
    write_new(&aside, bytes, OpenOptions::new().create(true).truncate(true))?;
    fs::rename(&aside, path).map_err(StoreError::io(path))?;
    sync_folder(folder)
}

/// Writes a file with the options given and brings it to disk.
pub(crate) fn write_new(
    path: &Path,
    bytes: &[u8],
    options: &mut OpenOptions,
) -> Result<(), StoreError> {
    let mut file = options.write(true).open(path).map_err(StoreError::io(path))?;
    file.write_all(bytes).map_err(StoreError::io(path))?;
    file.sync_all().map_err(StoreError::io(path))
}

/// Brings the names in a folder to disk; only Unix can.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        let opened = File::open(folder).map_err(StoreError::io(folder))?;
        opened.sync_all().map_err(StoreError::io(folder))?;
    }
    Ok(())
}
