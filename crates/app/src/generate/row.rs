//! A report as a row of the contact file.
//!
//! Owns: the text of the rows, faults included. Does not own: what they say, or when.

use super::calendar::Calendar;
use super::content::{Codes, Content, DIAGNOSES, DRGS, Location, PROCEDURES, Profession};
use super::places::Places;
use super::pregnancy::Pregnancy;
use kernel::contact::ReportKind;
use kernel::finding::Code;
use kernel::intake::Column;
use kernel::time::Day;

/// The number of a contact: the year of care and a number within it.
#[derive(Clone, Copy)]
pub(super) struct ContactNumber {
    pub(super) year: i32,
    pub(super) serial: u32,
}

/// One report.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) reported_on: Day,
    pub(super) contact: ContactNumber,
    pub(super) report: ReportKind,
    pub(super) fault: Option<Fault>,
    pub(super) repeats: bool,
    pub(super) content: Content,
}

/// Why a row is to be rejected (R19).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Fault {
    /// The column is blank.
    Missing(Column),
    /// The column has a value that it cannot have.
    Bad(Column),
    /// The check digit is wrong.
    Person,
    /// No unit has the code.
    Unit,
    /// The care comes after the report; the content has that day.
    CareAfterReport,
    /// Another row of the contact and day says something else.
    Conflict,
}

impl Fault {
    /// The code that it is counted under.
    pub(super) const fn code(self) -> Code {
        match self {
            Self::Missing(_) => Code::MissingField,
            Self::Bad(_) => Code::BadValue,
            Self::Person => Code::BadPerson,
            Self::Unit => Code::UnknownUnit,
            Self::CareAfterReport => Code::CareDateAfterReport,
            Self::Conflict => Code::ConflictingReports,
        }
    }

    /// Columns that are blank in some faulty rows.
    pub(super) const BLANK: [Column; 5] = kernel::intake::COMPULSORY;

    /// Columns that have a bad value in some faulty rows.
    pub(super) const BAD: [Column; 6] = [
        Column::Report,
        Column::Kind,
        Column::CareDate,
        Column::Individual,
        Column::GestationalDays,
        Column::Parity,
    ];
}

/// The column that says whether a cell sample was taken at the visit: `yes` or blank.
const CELL_SAMPLE: &str = "class_cell_sample";

/// The header of every file.
pub(super) fn header() -> Vec<u8> {
    let names = Column::ALL.iter().map(|column| column.name()).chain([CELL_SAMPLE]);
    (names.collect::<Vec<&str>>().join(",") + "\n").into_bytes()
}

/// Writes rows.
pub(super) struct Writer<'a> {
    pub(super) places: &'a Places,
    pub(super) calendar: &'a Calendar,
    pub(super) pregnancies: &'a [Pregnancy],
    pub(super) bytes: Vec<u8>,
}

impl Writer<'_> {
    /// Writes one row. A cancellation says only which contact, when, and the unit (R16).
    pub(super) fn write(&mut self, line: &Line) {
        let cancelled = line.report == ReportKind::Cancellation;
        for column in Column::ALL {
            if *column != Column::ContactId {
                self.bytes.push(b',');
            }
            let said = matches!(
                column,
                Column::ContactId | Column::Report | Column::ReportedOn | Column::Unit
            );
            if said || !cancelled {
                self.field(*column, line);
            }
        }
        let sampled = line.content.cell_sample && !cancelled;
        self.text(if sampled { ",yes\n" } else { ",\n" });
    }

    fn field(&mut self, column: Column, line: &Line) {
        match line.fault {
            Some(Fault::Missing(missing)) if missing == column => {}
            Some(Fault::Bad(bad)) if bad == column => self.text(bad_value(bad)),
            Some(Fault::Unit) if column == Column::Unit => {
                self.text("okand-");
                self.text(self.places.get(line.content.unit).id.as_str());
            }
            _ => self.right_field(column, line),
        }
    }

    fn right_field(&mut self, column: Column, line: &Line) {
        let content = &line.content;
        match column {
            Column::ContactId => self.contact(line.contact),
            Column::Report => self.text(line.report.name()),
            Column::ReportedOn => self.day(line.reported_on),
            Column::Unit => self.unit(content.unit),
            Column::Person => self.person(content.pregnancy, line.fault == Some(Fault::Person)),
            Column::Kind => self.text(content.kind.name()),
            Column::CareDate => self.day(content.care_date),
            Column::Profession => self.text(match content.profession {
                Profession::Midwife => "midwife",
                Profession::Doctor => "doctor",
                Profession::Physiotherapist => "physiotherapist",
            }),
            Column::Drg => self.text(DRGS[usize::from(content.drg.0)]),
            Column::Diagnoses => self.codes(content.diagnoses, &DIAGNOSES),
            Column::Procedures => self.codes(content.procedures, &PROCEDURES),
            Column::Residence => self.text(self.pregnancy(content.pregnancy).residence.text()),
            Column::Place => self.text(match content.place {
                Location::Clinic => "clinic",
                Location::Home => "home",
                Location::Blank => "",
            }),
            Column::Individual => self.boolean(content.individual),
            Column::Enrolled => self.boolean(content.enrolled),
            Column::ByTeam => self.boolean(content.by_team),
            Column::Team => self.team(content),
            Column::GestationalDays => self.optional_number(content.gestational_days),
            Column::Parity => self.number(content.parity.into(), 1),
            Column::PlannedUnit => {
                content.planned_unit.into_iter().for_each(|unit| self.unit(unit))
            }
            Column::Carer => self.carer(content),
            Column::BornAt => self.born_at(content),
        }
    }

    fn pregnancy(&self, number: u32) -> &Pregnancy {
        &self.pregnancies[number as usize]
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn day(&mut self, day: Day) {
        self.bytes.extend_from_slice(&self.calendar.text(day));
    }

    /// With at least `width` digits.
    fn number(&mut self, number: u32, width: usize) {
        let mut digits = [b'0'; 10];
        let mut first = digits.len();
        let mut left = number;
        while left > 0 || first > digits.len() - width {
            first -= 1;
            digits[first] = b'0' + (left % 10) as u8;
            left /= 10;
        }
        self.bytes.extend_from_slice(&digits[first..]);
    }

    fn optional_number(&mut self, number: Option<u16>) {
        if let Some(number) = number {
            self.number(number.into(), 1);
        }
    }

    fn boolean(&mut self, value: Option<bool>) {
        self.text(value.map_or("", |value| if value { "1" } else { "0" }));
    }

    fn contact(&mut self, contact: ContactNumber) {
        self.text(super::CONTACT);
        self.number(contact.year as u32, 4);
        self.bytes.push(b'-');
        self.number(contact.serial, 7);
    }

    fn unit(&mut self, unit: u16) {
        self.bytes.extend_from_slice(self.places.get(unit).id.as_bytes());
    }

    fn person(&mut self, pregnancy: u32, wrong: bool) {
        let mut number = self.pregnancy(pregnancy).woman.reserve_number();
        if wrong {
            number[11] = b'0' + (number[11] - b'0' + 1) % 10;
        }
        self.bytes.extend_from_slice(&number);
    }

    fn codes(&mut self, codes: Codes, names: &[&str]) {
        for (nth, place) in codes.places().enumerate() {
            if nth > 0 {
                self.bytes.push(b' ');
            }
            self.text(names[place]);
        }
    }

    fn team(&mut self, content: &Content) {
        if content.team > 0 {
            self.text("team-");
            self.unit(self.pregnancy(content.pregnancy).clinic);
            self.bytes.push(b'-');
            self.number(content.team.into(), 1);
        }
    }

    fn carer(&mut self, content: &Content) {
        self.text(match content.profession {
            Profession::Midwife => "bm-",
            Profession::Doctor => "lk-",
            Profession::Physiotherapist => "fy-",
        });
        self.number(content.carer.into(), 4);
    }

    fn born_at(&mut self, content: &Content) {
        if let Some(minute) = content.born_at {
            self.day(content.care_date);
            self.bytes.push(b'T');
            self.number(u32::from(minute) / 60, 2);
            self.bytes.push(b':');
            self.number(u32::from(minute) % 60, 2);
        }
    }
}

/// A value that the column cannot have.
const fn bad_value(column: Column) -> &'static str {
    match column {
        Column::Report => "ny",
        Column::Kind => "mvc-besok",
        Column::CareDate => "2023-02-30",
        Column::GestationalDays => "40+3",
        Column::Parity => "-1",
        _ => "kanske",
    }
}
