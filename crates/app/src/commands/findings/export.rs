//! A file for each unit, that the clinic can work through.
//!
//! `avvikelser-danderyd-2023-03-31.csv`; what rests on synthetic data is named `SYNTETISKA-DATA-avvikelser-…`.

use super::{HEADS, Listed, cells_of};
use crate::failure::Failure;
use crate::output::Lang;
use crate::workbook;
use kernel::time::Day;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes the files and gives their names in order. Each is put in its place whole; one of the same name is
/// replaced.
pub(super) fn write(
    folder: &Path,
    listed: &[Listed<'_>],
    known_on: Day,
    lang: Lang,
    is_synthetic: bool,
) -> Result<Vec<String>, Failure> {
    let mut of_units: BTreeMap<&str, Vec<&Listed<'_>>> = BTreeMap::new();
    for one in listed {
        of_units.entry(&one.item.unit).or_default().push(one);
    }
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (unit, of_unit) in of_units {
        let name = file_name(unit, known_on, is_synthetic);
        files.insert(name, csv(&of_unit, lang, is_synthetic)?);
    }
    workbook::folder(folder)?;
    for (name, content) in &files {
        workbook::write_whole(&folder.join(name), content)?;
    }
    Ok(files.into_keys().collect())
}

/// The name of the file of a unit.
pub(crate) fn file_name(unit: &str, known_on: Day, is_synthetic: bool) -> String {
    let mark = if is_synthetic { "SYNTETISKA-DATA-" } else { "" };
    format!("{mark}avvikelser-{}-{known_on}.csv", file_part(unit))
}

/// The file of a unit.
pub(crate) fn csv(
    listed: &[&Listed<'_>],
    lang: Lang,
    is_synthetic: bool,
) -> Result<Vec<u8>, Failure> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let origin = if is_synthetic { "synthetic" } else { "reported" };
    let failed = |error: csv::Error| std::io::Error::from(error);
    let heads = HEADS.iter().map(|head| head.key).chain(["origin"]);
    out.write_record(heads).map_err(failed)?;
    for one in listed {
        let cells = cells_of(lang, one);
        let texts = cells.iter().map(crate::output::Cell::plain).chain([origin]);
        out.write_record(texts).map_err(failed)?;
    }
    Ok(out.into_inner().map_err(|error| error.into_error())?)
}

/// A unit as a part of a file name. What is no id is a code that no unit has, as a clinic wrote it: its letters
/// and digits, and a hash of all of it so that two never meet.
fn file_part(unit: &str) -> String {
    let is_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if unit.is_empty() {
        return "utan-enhet".to_owned();
    }
    if unit.len() <= 80 && unit.bytes().all(is_id) && !unit.starts_with('-') {
        return unit.to_owned();
    }
    let letters: String = unit.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let hash = store::files::sha256(unit.as_bytes());
    let short = hash.get(..8).unwrap_or("");
    format!("{}-{short}", letters.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::file_part;

    #[test]
    fn a_unit_is_a_safe_part_of_a_file_name() {
        assert_eq!(file_part("danderyd"), "danderyd");
        assert_eq!(file_part(""), "utan-enhet");
        let (one, other) = (file_part("../SE2321-E1"), file_part("SE2321-E.1"));
        assert!(one.starts_with("se2321e1-") && other.starts_with("se2321e1-") && one != other);
        assert!(!file_part(&"å/".repeat(500)).contains('/'));
    }
}
