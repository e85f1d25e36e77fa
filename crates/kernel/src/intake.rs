//! From the text of a contact file to reports, or to the fault that rejects the row.
//!
//! Owns: the columns and their names (`header`), what each field may hold (R19), personal numbers (R20, R50,
//! R59). Does not own: file formats (`bulk`), which unit a code means or which report is in force (`known`).
//!
//! `1989-12-31`-like dates, `ja`/`nej`, codes with dots: all are normalised here, once.

mod header;
mod part;
mod person;
mod row;
mod value;

pub use header::{ALIASES, Field, Header, HeaderFault, near, nearest, plain};
pub use part::Part;
pub use person::{Person, PersonFault, normalise_person, read_person};
pub use row::{EXTRA, Fault, Row, RowReader};
pub use value::{normalise_code, read_boolean, read_day, read_whole};

use crate::contact::{Profile, Report, Reports};
use crate::intern::{FastMap, Texts};
use crate::named::named;
use crate::time::Day;
use part::{Extra, PartPerson, PartRow};
use std::sync::Arc;

named! {
    /// The columns of a contact file.
    Column {
        /// Unique in the region.
        ContactId = "contact_id",
        /// new, correction or cancellation.
        Report = "report",
        /// Day of the report.
        ReportedOn = "reported_on",
        /// Unit id, HSA-id or kombika code.
        Unit = "unit",
        /// Personal number, reserve number or pseudonym.
        Person = "person",
        /// Kind of contact.
        Kind = "kind",
        /// Day of care.
        CareDate = "care_date",
        /// Profession.
        Profession = "profession",
        /// DRG.
        Drg = "drg",
        /// Diagnoses, the main one first.
        Diagnoses = "diagnoses",
        /// Procedures.
        Procedures = "procedures",
        /// Residence.
        Residence = "residence",
        /// Place.
        Place = "place",
        /// Individual visit.
        Individual = "individual",
        /// Enrolled in the chain.
        Enrolled = "enrolled",
        /// By the woman's own team.
        ByTeam = "by_team",
        /// Team.
        Team = "team",
        /// Days of pregnancy.
        GestationalDays = "gestational_days",
        /// Earlier births.
        Parity = "parity",
        /// Unit planned in week 25.
        PlannedUnit = "planned_unit",
        /// Carer, a pseudonym.
        Carer = "carer",
        /// Time of birth.
        BornAt = "born_at",
    }
}

/// How many fixed columns there are.
pub const COLUMNS: usize = Column::ALL.len();

/// Columns without which a file is refused, and fields without which a row is.
pub const COMPULSORY: [Column; 5] =
    [Column::ContactId, Column::Unit, Column::Person, Column::Kind, Column::CareDate];

/// Adds what was read to [`Reports`].
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// What has been read.
    pub reports: Reports,
    reader: RowReader,
    numbers: ReaderNumbers,
}

/// What one reader's numbers are in the reports. Texts and profiles get their numbers when a row first needs
/// them, so that the order of the rows decides and not who read them.
#[derive(Clone, Debug, Default)]
pub struct ReaderNumbers {
    profiles: Vec<(Arc<Profile>, u32)>,
    units: Vec<(Arc<str>, u32)>,
}

const UNKNOWN: u32 = u32::MAX;

impl ReaderNumbers {
    fn learn(&mut self, part: &Part) {
        self.profiles.extend(part.profiles.iter().map(|profile| (profile.clone(), UNKNOWN)));
        self.units.extend(part.units.iter().map(|unit| (unit.clone(), UNKNOWN)));
    }

    fn profile(&mut self, number: u32, reports: &mut Reports) -> u32 {
        let Some((profile, known)) = self.profiles.get_mut(number as usize) else { return UNKNOWN };
        if *known == UNKNOWN {
            *known = reports.profiles.number(profile.as_ref(), |_| profile.clone());
        }
        *known
    }

    fn unit(&mut self, number: u32, reports: &mut Reports) -> u32 {
        let Some((unit, known)) = self.units.get_mut(number as usize) else { return UNKNOWN };
        if *known == UNKNOWN {
            *known = reports.unit_codes.text(unit);
        }
        *known
    }
}

/// The persons of some files, numbered from 0 in the order they first came.
#[derive(Debug, Default)]
pub struct Persons {
    numbers: FastMap<u64, u32>,
    pseudonyms: FastMap<Box<str>, u32>,
    order: Vec<Named>,
}

#[derive(Debug)]
enum Named {
    Number(u64),
    Pseudonym(Box<str>),
}

impl Persons {
    /// The number of a person, new or known.
    pub fn number(&mut self, person: Person<'_>) -> u32 {
        let next = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        match person {
            Person::Number(digits) => *self.numbers.entry(digits).or_insert_with(|| {
                self.order.push(Named::Number(digits));
                next
            }),
            Person::Pseudonym(name) => {
                if let Some(known) = self.pseudonyms.get(name) {
                    return *known;
                }
                self.order.push(Named::Pseudonym(name.into()));
                self.pseudonyms.insert(name.into(), next);
                next
            }
        }
    }

    /// Every person by number: twelve digits, or the pseudonym.
    pub fn texts(&self) -> impl Iterator<Item = String> + '_ {
        self.order.iter().map(|named| match named {
            Named::Number(digits) => Person::Number(*digits).text().into_owned(),
            Named::Pseudonym(name) => name.to_string(),
        })
    }
}

/// What [`Intake::add`] needs to know of the file.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The batch, in order of arrival from 0.
    pub batch: u32,
    /// Stands in for a blank day of report.
    pub default_reported_on: Day,
}

impl Intake {
    /// Reads one row of `batch`. `default_reported_on` stands in for a blank day; `pseudonym` turns a
    /// normalised personal number into a number that stands for the person.
    ///
    /// Gives the row as stored, or the fault. Source: R14–R20, R50, R59.
    pub fn read(
        &mut self,
        row: &Row<'_>,
        batch: u32,
        default_reported_on: Day,
        pseudonym: &mut impl FnMut(&str) -> u32,
    ) -> Result<Report, Fault> {
        let mut part = Part::default();
        let read = self.reader.read(row, 0, &mut part);
        self.reader.finish(&mut part);
        let mut numbers = std::mem::take(&mut self.numbers);
        let arrival = Arrival { batch, default_reported_on };
        let mut person = |person: Person<'_>| pseudonym(&person.text());
        self.add(&part, &mut numbers, arrival, &mut person);
        self.numbers = numbers;
        read?;
        let last = self.reports.rows().last().copied();
        last.ok_or_else(|| Fault::of(crate::finding::Code::BadValue, Column::ContactId, row))
    }

    /// Adds the rows of a part that a reader gave; `numbers` are that reader's. `person` gives the number
    /// that stands for a person.
    pub fn add(
        &mut self,
        part: &Part,
        numbers: &mut ReaderNumbers,
        arrival: Arrival,
        person: &mut impl FnMut(Person<'_>) -> u32,
    ) {
        numbers.learn(part);
        let reports = &mut self.reports;
        for (row, contact_id) in part.rows() {
            let contact = reports.contact_ids.text(contact_id);
            let report = Report {
                contact,
                kind: row.kind,
                reported_on: row.reported_on.unwrap_or(arrival.default_reported_on),
                care_date: row.care_date,
                unit_code: numbers.unit(row.unit, reports),
                person: match row.person {
                    PartPerson::None => u32::MAX,
                    PartPerson::Number(number) => person(Person::Number(number)),
                    PartPerson::Pseudonym(name) => person(Person::Pseudonym(part.get(name))),
                },
                profile: numbers.profile(row.profile, reports),
                extra: extra_number(&mut reports.extras, part, row),
                batch: arrival.batch,
            };
            reports.push(report);
        }
    }
}

/// Four blanks, joined as `Part` joins them.
const BLANK_EXTRA: &str = "\u{1f}\u{1f}\u{1f}\u{1f}";

fn extra_number(extras: &mut Texts, part: &Part, row: &PartRow) -> u32 {
    match row.extra {
        Extra::None => extras.text(""),
        Extra::Blank => extras.text(BLANK_EXTRA),
        Extra::Text(text) => extras.text(part.get(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Code;

    fn header(names: &[&str]) -> Header {
        Header::read(names.iter().copied()).unwrap()
    }

    const NAMES: [&str; 8] =
        ["contact_id", "unit", "person", "kind", "care_date", "report", "reported_on", "diagnoses"];

    fn read(intake: &mut Intake, texts: &[&str]) -> Result<Report, Code> {
        let header = header(&NAMES);
        let row = Row::new(&header, texts.iter().copied());
        intake.read(&row, 0, Day::MIN, &mut |_| 0).map_err(|fault| fault.code)
    }

    #[test]
    fn the_first_fault_rejects() {
        let mut intake = Intake::default();
        let mut code = |texts: &[&str]| read(&mut intake, texts).err();
        let person = "991981000010";
        assert_eq!(code(&["D1", "u", person, "delivery", "2023-02-11", "", "", ""]), None);
        assert_eq!(code(&["D1", "", "x", "delivery", "x"]), Some(Code::MissingField));
        assert_eq!(code(&["D1", "u", "x", "delivery", "2023-02-30"]), Some(Code::BadValue));
        assert_eq!(code(&["D1", "u", "x", "birth", "2023-02-11"]), Some(Code::BadValue));
        assert_eq!(code(&["D1", "u", "x", "delivery", "2023-02-11"]), Some(Code::BadPerson));
        assert_eq!(code(&["D1", "", "", "", "", "cancellation", "2023-03-01"]), None);
        assert_eq!(code(&["", "", "", "", "", "cancellation"]), Some(Code::MissingField));
    }

    #[test]
    fn codes_are_normalised_and_their_order_is_no_content() {
        let mut intake = Intake::default();
        let mut row = |diagnoses| {
            let texts =
                ["D1", "u", "p-1", "delivery", "2023-02-11", "new", "2023-02-12", diagnoses];
            read(&mut intake, &texts).unwrap().profile
        };
        let one = row("O80.0 z37.0 O701");
        assert_eq!(one, row("o800 O70.1 Z370 Z370"));
        assert_ne!(one, row("Z370 O800 O701"));
    }
}
