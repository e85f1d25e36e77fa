//! One row: its texts under the header, and what they say.
//!
//! Owns: [`Row`], [`RowReader`], which fault of a row is told (R19). Does not own: what a single text may
//! say (`value`, `person`), or the numbers that stand for repeated texts ([`super::Intake`]).

use super::header::{Field, Header};
use super::part::{Part, PartPerson, PartRow};
use super::person::{Person, read_person};
use super::value::{codes, main_first, normalise_code, read_boolean, read_day, read_whole};
use super::{COLUMNS, COMPULSORY, Column};
use crate::contact::{Profile, ReportKind};
use crate::fact::ContactKind;
use crate::finding::Code;
use crate::intern::{FastMap, Texts};
use crate::time::Day;
use std::sync::Arc;

/// One row of text; positions that the file does not have are blank.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    values: [&'a str; COLUMNS],
    classes: Vec<(&'a Arc<str>, &'a str)>,
}

impl<'a> Row<'a> {
    /// A row of blanks.
    pub const fn blank() -> Self {
        Self { values: [""; COLUMNS], classes: Vec::new() }
    }

    /// The texts of a row under a header; texts beyond the header are left to the caller.
    pub fn new(header: &'a Header, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut row = Self::blank();
        for (field, text) in header.fields().iter().zip(texts) {
            row.put(field, text);
        }
        row
    }

    /// Makes all fields blank, to be used again.
    pub fn clear(&mut self) {
        self.values = [""; COLUMNS];
        self.classes.clear();
    }

    /// Sets a field to a text, trimmed. A class is given once.
    pub fn put(&mut self, field: &'a Field, text: &'a str) {
        let text = trimmed(text);
        match field {
            Field::Column(column) => {
                if let Some(value) = self.values.get_mut(*column as usize) {
                    *value = text;
                }
            }
            Field::Class(name) if !text.is_empty() => {
                let at = self.classes.partition_point(|(known, _)| *known < name);
                self.classes.insert(at, (name, text));
            }
            Field::Class(_) => {}
        }
    }

    /// The trimmed text of a column.
    pub fn get(&self, column: Column) -> &'a str {
        self.values.get(column as usize).copied().unwrap_or("")
    }

    /// Whether every field is blank.
    pub fn is_blank(&self) -> bool {
        self.classes.is_empty() && self.values.iter().all(|value| value.is_empty())
    }

    /// Every text with its column; a class is told as the contact it is of.
    pub fn texts(&self) -> impl Iterator<Item = (Column, &'a str)> + '_ {
        let columns = Column::ALL.iter().copied().zip(self.values);
        columns.chain(self.classes.iter().map(|(_, text)| (Column::ContactId, *text)))
    }
}

/// `str::trim`, quick where there is nothing to trim.
fn trimmed(text: &str) -> &str {
    match *text.as_bytes() {
        [] | [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// Why a row is rejected before any register is asked; the first of R19 that hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `missing-field`, `bad-value`, `bad-person`, or what the file's form has against the row.
    pub code: Code,
    /// The column.
    pub column: Column,
    /// The day of care, where that much could be read (R18).
    pub care_date: Option<Day>,
    /// The day of the report, where that much could be read (R18).
    pub reported_on: Option<Day>,
}

impl Fault {
    /// A fault of the row's form.
    pub fn of(code: Code, column: Column, row: &Row<'_>) -> Self {
        let care_date = read_day(row.get(Column::CareDate));
        let reported_on = read_day(row.get(Column::ReportedOn));
        Self { code, column, care_date, reported_on }
    }
}

/// Reads rows, and remembers the profiles and unit codes that it has seen.
#[derive(Clone, Debug, Default)]
pub struct RowReader {
    profiles: FastMap<Box<str>, u32>,
    /// By number.
    values: Vec<Arc<Profile>>,
    units: Texts,
    key: String,
    /// Profiles and unit codes that earlier parts have.
    told: (usize, usize),
}

impl RowReader {
    /// Reads one row of line `line` into `part`, or gives its fault. Source: R14–R20, R50, R59.
    pub fn read(&mut self, row: &Row<'_>, line: u64, part: &mut Part) -> Result<(), Fault> {
        let care_date = read_day(row.get(Column::CareDate));
        let reported_text = row.get(Column::ReportedOn);
        let reported_on = read_day(reported_text);
        let fault = |code, column| Fault { code, column, care_date, reported_on };
        let report_text = row.get(Column::Report);
        let kind = if report_text.is_empty() {
            Some(ReportKind::New)
        } else {
            ReportKind::parse(report_text)
        };
        let cancelled = kind == Some(ReportKind::Cancellation);
        let needed: &[Column] = if cancelled { &[Column::ContactId] } else { &COMPULSORY };
        if let Some(column) = needed.iter().find(|column| row.get(**column).is_empty()) {
            return Err(fault(Code::MissingField, *column));
        }
        let kind = kind.ok_or_else(|| fault(Code::BadValue, Column::Report))?;
        if !reported_text.is_empty() && reported_on.is_none() {
            return Err(fault(Code::BadValue, Column::ReportedOn));
        }
        let contact_id = row.get(Column::ContactId);
        if cancelled {
            let care_date = care_date.unwrap_or(Day::MIN);
            let unit = self.units.text("");
            part.push(PartRow::cancellation(kind, reported_on, care_date, unit, line), contact_id);
            return Ok(());
        }
        let care_date = care_date.ok_or_else(|| fault(Code::BadValue, Column::CareDate))?;
        let profile = self.profile(row).map_err(|column| fault(Code::BadValue, column))?;
        let person = match read_person(row.get(Column::Person), care_date) {
            Ok(Person::Number(number)) => PartPerson::Number(number),
            Ok(Person::Pseudonym(name)) => PartPerson::Pseudonym(part.text(name)),
            Err(_) => return Err(fault(Code::BadPerson, Column::Person)),
        };
        let unit = self.units.text(row.get(Column::Unit));
        let extra = part.extra(row);
        let row = PartRow {
            kind,
            reported_on,
            care_date,
            unit,
            person,
            profile,
            extra,
            line,
            contact_end: 0,
        };
        part.push(row, contact_id);
        Ok(())
    }

    /// Ends a part: it gets what this reader came to know since the part before.
    pub fn finish(&mut self, part: &mut Part) {
        let (profiles, units) = self.told;
        let new_profiles = self.values.get(profiles..).unwrap_or_default();
        let new_units = self.units.values().get(units..).unwrap_or_default();
        part.profiles = new_profiles.to_vec();
        part.units = new_units.to_vec();
        self.told = (self.values.len(), self.units.values().len());
    }

    fn profile(&mut self, row: &Row<'_>) -> Result<u32, Column> {
        self.key.clear();
        for column in PROFILE {
            self.key.push_str(row.get(column));
            self.key.push('\u{1f}');
        }
        for (name, value) in &row.classes {
            self.key.push_str(name);
            self.key.push('\u{1f}');
            self.key.push_str(value);
            self.key.push('\u{1f}');
        }
        if let Some(number) = self.profiles.get(self.key.as_str()) {
            return Ok(*number);
        }
        let profile = read_profile(row)?;
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(Arc::new(profile));
        self.profiles.insert(self.key.as_str().into(), number);
        Ok(number)
    }
}

/// The columns whose texts are kept though no price depends on them, in the order they are joined.
pub const EXTRA: [Column; 4] = [Column::Team, Column::PlannedUnit, Column::Carer, Column::BornAt];

const PROFILE: [Column; 12] = [
    Column::Kind,
    Column::Profession,
    Column::Drg,
    Column::Diagnoses,
    Column::Procedures,
    Column::Residence,
    Column::Place,
    Column::Individual,
    Column::Enrolled,
    Column::ByTeam,
    Column::GestationalDays,
    Column::Parity,
];

fn read_profile(row: &Row<'_>) -> Result<Profile, Column> {
    let kind = ContactKind::parse(row.get(Column::Kind)).ok_or(Column::Kind)?;
    let text = |column| {
        let text = row.get(column);
        (!text.is_empty()).then(|| Arc::from(text))
    };
    let boolean = |column| match row.get(column) {
        "" => Ok(None),
        text => read_boolean(text).map(Some).ok_or(column),
    };
    let drg = row.get(Column::Drg);
    let place_of_residence = row.get(Column::Residence);
    let mut procedures = codes(row.get(Column::Procedures));
    procedures.sort_unstable();
    procedures.dedup();
    Ok(Profile {
        kind,
        profession: text(Column::Profession),
        drg: (!drg.is_empty()).then(|| normalise_code(drg)),
        diagnoses: main_first(codes(row.get(Column::Diagnoses))),
        procedures,
        residence: (!place_of_residence.is_empty()).then(|| Arc::from(place_of_residence)),
        place: text(Column::Place),
        individual: boolean(Column::Individual)?,
        enrolled: boolean(Column::Enrolled)?,
        by_team: boolean(Column::ByTeam)?,
        gestational_days: integer(row, Column::GestationalDays, 0..=320)?,
        parity: integer(row, Column::Parity, 0..=i32::MAX)?,
        classes: row
            .classes
            .iter()
            .map(|(name, value)| ((*name).clone(), (*value).into()))
            .collect(),
    })
}

fn integer(
    row: &Row<'_>,
    column: Column,
    allowed: std::ops::RangeInclusive<i32>,
) -> Result<Option<i32>, Column> {
    let text = row.get(column);
    if text.is_empty() {
        return Ok(None);
    }
    read_whole(text).filter(|number| allowed.contains(number)).map(Some).ok_or(column)
}
