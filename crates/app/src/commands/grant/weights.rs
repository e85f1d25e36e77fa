//! The file of weights and published amounts that a pot is divided by.
//!
//! Owns: its form, and what is wrong with it, row by row. Does not own: the division.
//!
//! `42 045981` is no number: spaces part groups of three.

use crate::commands::small::{lacks, small, twice, unknown};
use crate::failure::Failure;
use kernel::finding::{Code, Finding, Severity, Text};
use kernel::grant::Published;
use kernel::intake::nearest;
use kernel::money::{AmountError, Money, whole_number};
use std::collections::BTreeMap;
use std::path::Path;

/// Names of the first column; one of them must be there.
const IDS: [&str; 3] = ["id", "region", "unit"];
const WEIGHT: &str = "weight";
const PUBLISHED: &str = "published_kr";
const KNOWN: [&str; 5] = ["id", "region", "unit", WEIGHT, PUBLISHED];
/// The largest published amount, in kronor; that of an amount in a ratebook.
const MOST_KRONOR: u64 = 100_000_000_000_000;

/// Reads a file of weights; every fault in it is told at once, and then nothing is computed.
pub(super) fn read(path: &Path, needs_published: bool) -> Result<Vec<Published>, Failure> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(&name, &error))?;
    let file = small(&name, &bytes)?;
    if file.header.iter().all(str::is_empty) {
        return Err(Failure::refused(
            format!(
                "`{name}` är tom; en rad med kolumnnamn och en rad för varje mottagare väntades"
            ),
            format!(
                "`{name}` is empty; a row of column names and one row for each recipient are expected"
            ),
        ));
    }
    let columns = Columns::new(&name, &file.header, needs_published)?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (line, record) in file.rows {
        let read = columns.row(&record).and_then(|row| match seen.insert(row.id.clone(), line) {
            None => Ok(row),
            Some(first) => Err(Wrong::new(
                columns.id_name,
                &row.id,
                format!("mottagaren står redan på rad {first}; varje id får stå en gång"),
                format!("the recipient stands on line {first} already; each id may occur once"),
            )),
        });
        match read {
            Ok(row) => rows.push(row),
            Err(wrong) => faults.push(wrong.finding(&name, line)),
        }
    }
    if !faults.is_empty() {
        let text = Text::new(
            "filen går inte att använda förrän detta är rättat",
            "the file cannot be used until this is mended",
        );
        return Err(Failure::Refused(text, faults));
    }
    if rows.is_empty() {
        return Err(Failure::refused(
            format!("`{name}` har kolumnnamn men ingen rad; en rad för varje mottagare väntades"),
            format!("`{name}` has column names but no row; one row for each recipient is expected"),
        ));
    }
    Ok(rows)
}

/// What is wrong with a field of a row.
struct Wrong {
    field: &'static str,
    value: String,
    message: Text,
}

impl Wrong {
    fn new(field: &'static str, value: &str, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field, value: value.to_owned(), message: Text::new(sv, en) }
    }

    fn finding(self, file: &str, line: u32) -> Finding {
        let mut finding = Finding::new(Code::BadValue, Severity::Error, self.message);
        finding.file = file.to_owned();
        finding.line = line;
        finding.field = Some(self.field.to_owned());
        finding.value = Some(self.value);
        finding
    }
}

struct Columns {
    count: usize,
    id: usize,
    id_name: &'static str,
    weight: usize,
    published: Option<usize>,
}

impl Columns {
    fn new(
        file: &str,
        headers: &csv::StringRecord,
        needs_published: bool,
    ) -> Result<Self, Failure> {
        for (at, name) in headers.iter().enumerate() {
            if !KNOWN.contains(&name) {
                let near = nearest(name, KNOWN.into_iter()).unwrap_or(WEIGHT);
                return Err(unknown(file, name, near));
            }
            if headers.iter().take(at).any(|other| other == name) {
                return Err(twice(file, name));
            }
        }
        let at = |name: &str| headers.iter().position(|header| header == name);
        let missing = |name: &str| lacks(file, name);
        let id = IDS.into_iter().find_map(|name| Some((at(name)?, name)));
        let (id, id_name) = id.ok_or_else(|| missing("id"))?;
        let published = at(PUBLISHED);
        if needs_published && published.is_none() {
            return Err(missing(PUBLISHED));
        }
        Ok(Self {
            count: headers.len(),
            id,
            id_name,
            weight: at(WEIGHT).ok_or_else(|| missing(WEIGHT))?,
            published: published.filter(|_| needs_published),
        })
    }

    fn row(&self, record: &csv::StringRecord) -> Result<Published, Wrong> {
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let id = cell(self.id);
        if record.len() != self.count {
            let (count, found) = (self.count, record.len());
            return Err(Wrong::new(
                self.id_name,
                id,
                format!("raden har {found} fält, kolumnerna är {count}"),
                format!("the row has {found} fields, the columns are {count}"),
            ));
        }
        if id.is_empty() {
            return Err(Wrong::new(self.id_name, id, "id är tomt", "the id is blank"));
        }
        let text = cell(self.weight);
        let weight = whole_number(text).map_err(|error| not_whole(WEIGHT, text, error))?;
        let amount = match self.published.map(cell) {
            Some(text) => published(text)?,
            None => Money::ZERO,
        };
        Ok(Published { id: id.to_owned(), weight, amount })
    }
}

/// Whole kronor, possibly below 0.
fn published(text: &str) -> Result<Money, Wrong> {
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest.trim_start()),
        None => (1, text),
    };
    let kronor = whole_number(digits).map_err(|error| not_whole(PUBLISHED, text, error))?;
    let kronor = Some(kronor).filter(|kronor| *kronor <= MOST_KRONOR);
    let kronor = kronor.and_then(|kronor| i64::try_from(kronor).ok());
    let kronor = kronor.ok_or_else(|| not_whole(PUBLISHED, text, AmountError::TooLarge))?;
    Ok(Money::from_kronor(sign * kronor))
}

fn not_whole(field: &'static str, text: &str, error: AmountError) -> Wrong {
    if error == AmountError::TooLarge {
        return Wrong::new(field, text, "talet är för stort", "the number is too large");
    }
    let (sv, en) = match field {
        PUBLISHED => (
            "ska vara hela kronor, till exempel 42045981 eller 42 045 981; mellanslag står mellan grupper om tre siffror",
            "must be whole kronor, such as 42045981 or 42 045 981; spaces part groups of three digits",
        ),
        _ => (
            "ska vara ett heltal från 0, till exempel 10230185 eller 10 230 185; mellanslag står mellan grupper om tre siffror",
            "must be a whole number from 0, such as 10230185 or 10 230 185; spaces part groups of three digits",
        ),
    };
    Wrong::new(field, text, sv, en)
}
