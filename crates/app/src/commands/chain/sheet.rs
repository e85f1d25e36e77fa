//! CSV files that a clinic sends to its compartment: rows by named columns.
//!
//! Owns: the header with Swedish names, delimiters, what makes a file unusable. Does not own: what a field may be (`referrals`, `places`).
//!
//! `remiss_id;person;…` and `referral_id,person,…` are the same header.

use crate::failure::Failure;
use kernel::finding::{Code, Finding, Severity, Text};
use kernel::intake::nearest;

/// A column: its name, its Swedish names, whether it must be there.
pub(super) struct Column {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub is_compulsory: bool,
}

/// What is wrong with a row.
pub(super) type Fault = Box<Finding>;

/// A row with its line, the header being 1.
pub(super) struct Row {
    pub line: u32,
    cells: Vec<(&'static str, String)>,
}

impl Row {
    /// A field without the blanks around it; blank where the column is not there.
    pub fn cell(&self, name: &str) -> &str {
        let cell = self.cells.iter().find(|(known, _)| *known == name);
        cell.map_or("", |(_, value)| value.as_str())
    }

    /// A fault of a field. The value is shown unless it may be a person's number.
    pub fn fault(&self, code: Code, field: &'static str, sv: &str, en: &str) -> Fault {
        let mut finding = Finding::new(code, Severity::Error, Text::new(sv, en));
        finding.line = self.line;
        finding.field = Some(field.to_owned());
        let is_person = field == "person";
        let value = self.cell(field);
        finding.value =
            (!value.is_empty() && !is_person).then(|| crate::findings::hide_numbers(value));
        Box::new(finding)
    }
}

/// The rows of a file, or why it cannot be used at all.
pub(super) fn rows(name: &str, bytes: &[u8], columns: &[Column]) -> Result<Vec<Row>, Failure> {
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
    let header = known(name, &header, columns)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() != header.len() {
            let (found, expected) = (record.len(), header.len());
            return Err(Failure::refused(
                format!(
                    "`{name}` rad {line} har {found} fält, rubriken {expected}; inget är läst, rätta raden"
                ),
                format!(
                    "`{name}` line {line} has {found} fields, the header {expected}; nothing was read, mend the line"
                ),
            ));
        }
        let cells = header.iter().copied().zip(record.iter().map(str::to_owned)).collect();
        rows.push(Row { line: u32::try_from(line).unwrap_or(u32::MAX), cells });
    }
    Ok(rows)
}

fn known(
    file: &str,
    header: &csv::StringRecord,
    columns: &[Column],
) -> Result<Vec<&'static str>, Failure> {
    let mut found: Vec<&'static str> = Vec::new();
    for title in header {
        let plain = title.to_lowercase().replace([' ', '-'], "_");
        let is =
            |column: &&Column| column.name == plain || column.aliases.contains(&plain.as_str());
        let Some(column) = columns.iter().find(is) else {
            let names = columns
                .iter()
                .flat_map(|one| [one.name].into_iter().chain(one.aliases.iter().copied()));
            let near = nearest(&plain, names).unwrap_or_default();
            let title = crate::findings::hide_numbers(title);
            return Err(Failure::refused(
                format!(
                    "`{file}` har kolumnen `{title}`, som inte är känd; den närmaste är `{near}`"
                ),
                format!(
                    "`{file}` has the column `{title}`, which is not known; the nearest is `{near}`"
                ),
            ));
        };
        if found.contains(&column.name) {
            let name = column.name;
            return Err(Failure::refused(
                format!("`{file}` har kolumnen `{name}` två gånger; ta bort den ena"),
                format!("`{file}` has the column `{name}` twice; leave one out"),
            ));
        }
        found.push(column.name);
    }
    let lacks = columns.iter().find(|one| one.is_compulsory && !found.contains(&one.name));
    match lacks {
        None => Ok(found),
        Some(column) => {
            let name = column.name;
            Err(Failure::refused(
                format!("`{file}` saknar kolumnen `{name}`, som måste finnas"),
                format!("`{file}` lacks the column `{name}`, which must be there"),
            ))
        }
    }
}
