//! Writing a workbook to the file that was asked for.
//!
//! Owns: that it is whole or not there, and that synthetic data say so in the name. Does not own: what stands in it.

use crate::failure::Failure;
use std::path::Path;

/// Writes a workbook; what rests on synthetic data says so in its name too.
pub fn write(path: &Path, origin: &str, sheets: &[documents::sheet::Sheet]) -> Result<(), Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if origin == "synthetic" && !name.to_uppercase().contains("SYNTETISK") {
        return Err(Failure::usage(
            format!("`--xlsx {name}`: underlaget är syntetiskt; filnamnet ska innehålla SYNTETISK"),
            format!("`--xlsx {name}`: it rests on synthetic data; the name must contain SYNTETISK"),
        ));
    }
    let bytes = documents::sheet::workbook(sheets).map_err(|error| {
        Failure::refused(
            format!("`{name}` går inte att skriva: {error}"),
            format!("`{name}` cannot be written: {error}"),
        )
    })?;
    // Whole or not at all: the file has its name only once it is written.
    let unfinished = path.with_extension("xlsx.part");
    std::fs::write(&unfinished, bytes)?;
    std::fs::rename(&unfinished, path)?;
    Ok(())
}
