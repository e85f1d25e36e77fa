//! Which contact files a command was given: files, folders, standard input.
//!
//! Owns: which files of a folder are contact files. Does not own: how they are read (`bulk`).
//!
//! `import inkorg` reads every contact file in the folder `inkorg`, by name; `-` is standard input.

use crate::failure::Failure;
use crate::output::Out;
use bulk::contact_file::Source;
use kernel::finding::Text;
use std::path::{Path, PathBuf};

/// The names that contact files have, each possibly followed by `.gz`. What a file is its content tells; this
/// tells which files of a folder are meant.
const ENDINGS: [&str; 6] = ["csv", "txt", "tsv", "xlsx", "xlsm", "parquet"];

/// What standard input is called.
const STANDARD_INPUT: &str = "stdin";

/// A contact file that is open.
#[derive(Debug)]
pub struct Input {
    /// The file.
    pub source: Source,
    /// Its name without folders.
    pub file_name: String,
}

/// Opens a contact file; `-` is standard input.
pub fn open(path: &Path) -> Result<Input, Failure> {
    if is_standard_input(path) {
        let source = Source::standard_input(STANDARD_INPUT)?;
        return Ok(Input { source, file_name: STANDARD_INPUT.to_owned() });
    }
    let file_name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(Input { source: Source::open(path)?, file_name })
}

/// The files that the arguments mean: a folder stands for the contact files in it, sorted by name. What of a
/// folder is left out is told on stderr.
pub fn expand(out: Out, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    if paths.iter().filter(|path| is_standard_input(path)).count() > 1 {
        return Err(Failure::usage("`-` kan bara anges en gång", "`-` can be given only once"));
    }
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { files.extend(of_folder(out, path)?) } else { files.push(path.clone()) }
    }
    Ok(files)
}

/// Tells which sheet of a workbook was read, and which were not though they have a header.
pub fn tell_sheets(out: Out, file: &str, sheet: Option<&str>, others: &[String]) {
    let Some(sheet) = sheet else { return };
    let (mut sv, mut en) = (
        format!("`{file}`: bladet `{sheet}` är läst"),
        format!("`{file}`: the sheet `{sheet}` was read"),
    );
    if !others.is_empty() {
        let others = others.join("`, `");
        sv.push_str(&format!(
            "; `{others}` har också en rubrikrad och är INTE läst, spara varje blad som en egen fil"
        ));
        en.push_str(&format!(
            "; `{others}` has a header too and was NOT read, save each sheet as a file of its own"
        ));
    }
    out.note(&Text::new(sv, en));
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

fn of_folder(out: Out, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let shown = folder.display();
    let unreadable = |error: std::io::Error| Failure::unreadable(&shown, &error);
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|e| e.path())).collect();
    let mut paths = paths.map_err(unreadable)?;
    paths.sort();
    let (files, skipped): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| is_contacts(path));
    if files.is_empty() {
        return Err(Failure::refused(
            format!("mappen `{shown}` har ingen kontaktfil ({})", ENDINGS.join(", ")),
            format!("the folder `{shown}` has no contact file ({})", ENDINGS.join(", ")),
        ));
    }
    for path in skipped {
        let path = path.display();
        let (sv, en) = if Path::new(&path.to_string()).is_dir() {
            (
                format!("`{path}` är en mapp och läses inte"),
                format!("`{path}` is a folder and is not read"),
            )
        } else {
            (
                format!(
                    "`{path}` läses inte: namnet är inte en kontaktfils ({})",
                    ENDINGS.join(", ")
                ),
                format!(
                    "`{path}` is not read: its name is not a contact file's ({})",
                    ENDINGS.join(", ")
                ),
            )
        };
        out.note(&Text::new(sv, en));
    }
    Ok(files)
}

/// Hidden files and the traces that spreadsheets leave beside open files (`~$…`) are none.
fn is_contacts(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy().to_lowercase()) else {
        return false;
    };
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    let has_ending = plain
        .rsplit_once('.')
        .is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending));
    has_ending && !name.starts_with(['.', '~']) && !path.is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contact_files_are_told_by_their_names() {
        for name in ["a.csv", "A.CSV", "b.xlsx", "c.csv.gz", "d.parquet", "e.f.txt"] {
            assert!(is_contacts(Path::new(name)), "{name}");
        }
        for name in ["a.pdf", ".a.csv", "~$b.xlsx", "csv", ".csv", "a.gz", "facit.json"] {
            assert!(!is_contacts(Path::new(name)), "{name}");
        }
    }
}
