//! Small CSV files that people write by hand or in a spreadsheet: from bytes to a header and rows.
//!
//! Owns: the character set, which separator it is, the line of each row, and what is said of columns that are wrong. Does not own: what the
//! columns are. Contact files, which may be large, are cut by `bulk`.
//!
//! `remiss_id;person` and `remiss_id,person` are the same header.

use crate::failure::Failure;

/// A file of rows.
pub(super) struct Small {
    /// Names of columns as they are written, without blanks around them.
    pub header: csv::StringRecord,
    /// Rows with their lines, the header being 1; those without anything in them too.
    pub rows: Vec<(u32, csv::StringRecord)>,
}

/// Reads a file, or says why it cannot be used at all.
pub(super) fn small(name: &str, bytes: &[u8]) -> Result<Small, Failure> {
    let Ok(content) = std::str::from_utf8(bytes) else {
        return Err(Failure::refused(
            format!("`{name}` är inte UTF-8; spara filen som CSV UTF-8"),
            format!("`{name}` is not UTF-8; save the file as CSV UTF-8"),
        ));
    };
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    let head = content.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|d| head.as_bytes().contains(d)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(content.as_bytes());
    let broken = |error: csv::Error| {
        Failure::refused(
            format!("`{name}` är ingen hel tabell: {error}"),
            format!("`{name}` is no whole table: {error}"),
        )
    };
    let header = reader.headers().map_err(broken)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((u32::try_from(line).unwrap_or(u32::MAX), record));
    }
    Ok(Small { header, rows })
}

/// A column that nobody knows.
pub(super) fn unknown(file: &str, column: &str, near: &str) -> Failure {
    Failure::refused(
        format!("`{file}` har kolumnen `{column}`, som inte är känd; den närmaste är `{near}`"),
        format!("`{file}` has the column `{column}`, which is not known; the nearest is `{near}`"),
    )
}

/// A column that is there more than once.
pub(super) fn twice(file: &str, column: &str) -> Failure {
    Failure::refused(
        format!("`{file}` har kolumnen `{column}` två gånger; ta bort den ena"),
        format!("`{file}` has the column `{column}` twice; leave one out"),
    )
}

/// A compulsory column that is not there.
pub(super) fn lacks(file: &str, column: &str) -> Failure {
    Failure::refused(
        format!("`{file}` saknar kolumnen `{column}`, som måste finnas"),
        format!("`{file}` lacks the column `{column}`, which must be there"),
    )
}
