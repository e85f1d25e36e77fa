//! Where a contact file comes from: a path, or standard input.
//!
//! Owns: that what is read can be read twice, and its hash. Does not own: what it is (`sniff`).
//!
//! What comes through a pipe is laid in a temporary file that has no name and is gone when it is closed.

use super::error::FileError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

/// An open contact file.
#[derive(Debug)]
pub struct Source {
    name: String,
    file: File,
    len: u64,
    sha256: Option<String>,
}

impl Source {
    /// Opens a file, or whatever else can be read at the path.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let name = path.display().to_string();
        Self::open_named(path, &name).map_err(|source| FileError::Io { file: name, source })
    }

    fn open_named(path: &Path, name: &str) -> io::Result<Self> {
        let file = File::open(path)?;
        let about = file.metadata()?;
        if about.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !about.is_file() {
            return Self::laid_aside(name, file);
        }
        Ok(Self { name: name.to_owned(), file, len: about.len(), sha256: None })
    }

    /// Standard input to its end; `name` is what findings call it.
    pub fn standard_input(name: &str) -> Result<Self, FileError> {
        let error = |source| FileError::Io { file: name.to_owned(), source };
        Self::laid_aside(name, io::stdin().lock()).map_err(error)
    }

    /// Anything that can be read; for tests and for unpacking.
    pub fn laid_aside(name: &str, mut input: impl Read) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        let len = io::copy(&mut input, &mut file)?;
        file.rewind()?;
        Ok(Self { name: name.to_owned(), file, len, sha256: None })
    }

    /// What findings call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// SHA-256 in lower-case hexadecimal; reads the file once.
    pub fn sha256(&mut self) -> Result<String, FileError> {
        if let Some(known) = &self.sha256 {
            return Ok(known.clone());
        }
        let hashed =
            self.hash().map_err(|source| FileError::Io { file: self.name.clone(), source })?;
        self.sha256 = Some(hashed.clone());
        Ok(hashed)
    }

    fn hash(&mut self) -> io::Result<String> {
        let mut hasher = Sha256::new();
        self.file.rewind()?;
        let mut buffer = vec![0; 1 << 18];
        loop {
            let count = self.file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            hasher.update(&buffer[..count]);
        }
        self.file.rewind()?;
        Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// A handle of its own, from the first byte. The position is shared with this value, so only one may be
    /// read at a time.
    pub(super) fn reopened(&mut self) -> io::Result<File> {
        self.file.rewind()?;
        self.file.try_clone()
    }
}
