//! CSV files that a clinic sends to its compartment: rows by named columns.
//!
//! Owns: the header with Swedish names. Does not own: how such a file is read (`commands::small`), what a field may be (`referrals`,
//! `places`).
//!
//! `remiss_id;person;…` and `referral_id,person,…` are the same header.

use crate::commands::small::{lacks, small, twice, unknown};
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
    let file = small(name, bytes)?;
    let header = known(name, &file.header, columns)?;
    let mut rows = Vec::new();
    for (line, record) in file.rows {
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
        rows.push(Row { line, cells });
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
            return Err(unknown(file, &crate::findings::hide_numbers(title), near));
        };
        if found.contains(&column.name) {
            return Err(twice(file, column.name));
        }
        found.push(column.name);
    }
    match columns.iter().find(|one| one.is_compulsory && !found.contains(&one.name)) {
        None => Ok(found),
        Some(column) => Err(lacks(file, column.name)),
    }
}
