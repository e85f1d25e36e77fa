//! Writing to the file that was asked for.
//!
//! Owns: that it is whole or not there, and that synthetic data say so in the name. Does not own: what stands in it.

use crate::failure::Failure;
use std::path::Path;

/// Writes a workbook; what rests on synthetic data says so in its name too.
pub fn write(path: &Path, origin: &str, sheets: &[documents::sheet::Sheet]) -> Result<(), Failure> {
    let name = marked_name("xlsx", path, origin)?;
    write_whole(path, &bytes(&name, sheets)?)
}

/// The bytes of a workbook of some name.
pub fn bytes(name: &str, sheets: &[documents::sheet::Sheet]) -> Result<Vec<u8>, Failure> {
    documents::sheet::workbook(sheets).map_err(|error| {
        Failure::refused(
            format!("`{name}` går inte att skriva: {error}"),
            format!("`{name}` cannot be written: {error}"),
        )
    })
}

/// The name of a file that an option asked for; refused where it rests on synthetic data and does not say so.
pub fn marked_name(option: &str, path: &Path, origin: &str) -> Result<String, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if origin == "synthetic" && !name.to_uppercase().contains("SYNTETISK") {
        return Err(Failure::usage(
            format!(
                "`--{option} {name}`: underlaget är syntetiskt; filnamnet ska innehålla SYNTETISK"
            ),
            format!(
                "`--{option} {name}`: it rests on synthetic data; the name must contain SYNTETISK"
            ),
        ));
    }
    Ok(name)
}

/// Writes a file whole or not at all: it has its name only once it is written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".part");
    let written =
        std::fs::write(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&unfinished);
        Failure::unwritable(path.display(), &error)
    })
}

/// Makes the folder that files are to be written in, where it is not there.
pub fn folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path).map_err(|error| Failure::unwritable(path.display(), &error))
}
