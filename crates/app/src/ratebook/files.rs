//! The files of ratebook folders.
//!
//! Owns: which files a folder gives, in which order. Does not own: what they say.

use kernel::fact::Decision;
use kernel::finding::{Code, Finding, Text};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was read: several folders are one id space.
#[derive(Clone, Debug, Default)]
pub struct RatebookRead {
    /// The decisions in order of file path.
    pub decisions: Vec<Decision>,
    /// Every fault found, in the same order.
    pub findings: Vec<Finding>,
    /// The files as read; `Decision::place` names the one it came from.
    pub files: Vec<File>,
}

/// One file as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path as given, the name that findings and places use.
    pub name: Arc<str>,
    /// Its text.
    pub text: String,
}

/// Why ratebooks could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A folder or file is not there or cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A path that is neither a folder nor a TOML file.
    #[error("`{}` is neither a folder nor a .toml file", path.display())]
    NotARatebook {
        /// Which.
        path: PathBuf,
    },
    /// A folder without any ratebook file.
    #[error("`{}` holds no .toml file", path.display())]
    NoFiles {
        /// Which.
        path: PathBuf,
    },
}

/// Reads every `.toml` file of the folders, with their subfolders, sorted by path; a path may also be
/// one such file. Hidden files are left alone, and a file that is reached twice is read once.
pub fn read_folders(paths: &[PathBuf]) -> Result<RatebookRead, ReadError> {
    let mut files = Vec::new();
    for path in paths {
        let found = files_of(path)?;
        if found.is_empty() {
            return Err(ReadError::NoFiles { path: path.clone() });
        }
        files.extend(found);
    }
    files.sort();
    files.dedup();
    let mut read = RatebookRead::default();
    for path in files {
        read_file(&path, &mut read)?;
    }
    Ok(read)
}

fn read_file(path: &Path, read: &mut RatebookRead) -> Result<(), ReadError> {
    let bytes = fs::read(path).map_err(|source| ReadError::Io { path: path.into(), source })?;
    let name: Arc<str> = path.display().to_string().into();
    match String::from_utf8(bytes) {
        Ok(text) => {
            let (decision, findings) = super::read_text(&name, &text);
            read.decisions.extend(decision);
            read.findings.extend(findings);
            read.files.push(File { name, text });
        }
        Err(error) => read.findings.push(not_utf8(&name, error.as_bytes())),
    }
    Ok(())
}

fn not_utf8(name: &str, bytes: &[u8]) -> Finding {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let line = valid.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let message = Text::new(
        "filen är inte i teckenkodningen UTF-8; spara om den som UTF-8",
        "the file is not in the character encoding UTF-8; save it again as UTF-8",
    );
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    Finding { file: name.into(), line, ..Finding::refusal(Code::Unreadable, message) }
}

fn files_of(path: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let metadata =
        fs::metadata(path).map_err(|source| ReadError::Io { path: path.into(), source })?;
    if metadata.is_dir() {
        let mut found = Vec::new();
        walk(path, &mut found)?;
        return Ok(found);
    }
    if is_toml(path) {
        return Ok(vec![path.into()]);
    }
    Err(ReadError::NotARatebook { path: path.into() })
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    let io = |source| ReadError::Io { path: folder.into(), source };
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // Linked folders are not followed: a link upwards would never end.
        if hidden {
            continue;
        } else if entry.file_type().map_err(io)?.is_dir() {
            walk(&path, found)?;
        } else if is_toml(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}
