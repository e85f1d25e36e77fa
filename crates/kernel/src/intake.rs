//! From the text of a contact file to reports, or to the fault that rejects the row.
//!
//! Owns: the columns and their aliases, what each field may hold (R19), personal numbers (R20, R50, R59).
//! Does not own: file formats (`bulk`), which unit a code means or which report is in force (`known`).
//!
//! `1989-12-31`-like dates, `ja`/`nej`, codes with dots: all are normalised here, once.

mod person;

pub use person::{PersonFault, normalise_person};

use crate::contact::{Profile, Report, ReportKind, Reports};
use crate::fact::ContactKind;
use crate::finding::Code;
use crate::intern::FastMap;
use crate::named::named;
use crate::time::Day;
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

/// Swedish names that mean the same column.
pub const ALIASES: [(&str, Column); 22] = [
    ("kontakt_id", Column::ContactId),
    ("rapport", Column::Report),
    ("rapporterad", Column::ReportedOn),
    ("enhet", Column::Unit),
    ("personnummer", Column::Person),
    ("kontakttyp", Column::Kind),
    ("vårddatum", Column::CareDate),
    ("yrkeskategori", Column::Profession),
    ("drg_kod", Column::Drg),
    ("diagnoser", Column::Diagnoses),
    ("åtgärder", Column::Procedures),
    ("folkbokföring", Column::Residence),
    ("plats", Column::Place),
    ("individuellt", Column::Individual),
    ("inskriven", Column::Enrolled),
    ("av_teamet", Column::ByTeam),
    ("barnmorsketeam", Column::Team),
    ("graviditetsdagar", Column::GestationalDays),
    ("paritet", Column::Parity),
    ("planerad_enhet", Column::PlannedUnit),
    ("vårdgivare", Column::Carer),
    ("född", Column::BornAt),
];

/// What stands in one position of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A fixed column.
    Column(Column),
    /// A class column, without `class_`.
    Class(Arc<str>),
}

/// The header of a file: what each position holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    fields: Vec<Field>,
}

/// Why a header is refused (R53).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderFault {
    /// No column has this name; the nearest one.
    Unknown(String, &'static str),
    /// The column occurs twice.
    Twice(String),
    /// A compulsory column is missing.
    Missing(Column),
}

impl Header {
    /// Reads the names of the columns; `class_…` is a class, Swedish aliases count as the column.
    pub fn read<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, HeaderFault> {
        let mut fields: Vec<Field> = Vec::new();
        for name in names {
            let name = name.trim();
            let field = match field_of(name) {
                Some(field) => field,
                None => return Err(HeaderFault::Unknown(name.to_owned(), nearest_column(name))),
            };
            if fields.contains(&field) {
                return Err(HeaderFault::Twice(name.to_owned()));
            }
            fields.push(field);
        }
        let missing = COMPULSORY.into_iter().find(|c| !fields.contains(&Field::Column(*c)));
        missing.map_or(Ok(Self { fields }), |column| Err(HeaderFault::Missing(column)))
    }

    /// The positions in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }
}

fn field_of(name: &str) -> Option<Field> {
    let lower = name.to_lowercase();
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == lower).map(|(_, column)| *column);
    if let Some(column) = Column::parse(&lower).or_else(alias) {
        return Some(Field::Column(column));
    }
    let class = name.strip_prefix("class_").or_else(|| name.strip_prefix("klass_"))?;
    (!class.is_empty()).then(|| Field::Class(Arc::from(class)))
}

fn nearest_column(name: &str) -> &'static str {
    let names = Column::ALL.iter().map(|column| column.name());
    nearest(name, names).unwrap_or("")
}

/// The candidate with the smallest edit distance to `name`; the first of equals.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates.min_by_key(|candidate| edit_distance(name, candidate))
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next_row = vec![left];
        for (cb, above) in b.iter().zip(row.iter().skip(1)) {
            let substituted = diagonal + usize::from(ca != *cb);
            left = substituted.min(left + 1).min(above + 1);
            next_row.push(left);
            diagonal = *above;
        }
        row = next_row;
    }
    row.last().copied().unwrap_or(0)
}

/// One row of text; positions that the file does not have are blank.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    values: [&'a str; COLUMNS],
    classes: Vec<(&'a Arc<str>, &'a str)>,
}

impl<'a> Row<'a> {
    /// The texts of a row under a header; texts beyond the header are left to the caller.
    pub fn new(header: &'a Header, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut row = Self { values: [""; COLUMNS], classes: Vec::new() };
        for (field, text) in header.fields.iter().zip(texts) {
            let text = text.trim();
            match field {
                Field::Column(column) => row.set(*column, text),
                Field::Class(name) if !text.is_empty() => row.classes.push((name, text)),
                Field::Class(_) => {}
            }
        }
        row.classes.sort_unstable();
        row
    }

    fn set(&mut self, column: Column, text: &'a str) {
        if let Some(value) = self.values.get_mut(column as usize) {
            *value = text;
        }
    }

    /// The trimmed text of a column.
    pub fn get(&self, column: Column) -> &'a str {
        self.values.get(column as usize).copied().unwrap_or("")
    }
}

/// Why a row is rejected before any register is asked; the first of R19 that hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `missing-field`, `bad-value` or `bad-person`.
    pub code: Code,
    /// The column.
    pub column: Column,
    /// The day of care, where that much could be read (R18).
    pub care_date: Option<Day>,
    /// The day of the report, where that much could be read (R18).
    pub reported_on: Option<Day>,
}

/// Reads rows into [`Reports`].
#[derive(Debug, Default)]
pub struct Intake {
    /// What has been read.
    pub reports: Reports,
    profiles: FastMap<Box<str>, u32>,
    key: String,
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
        let care_date = Day::parse(row.get(Column::CareDate));
        let reported_text = row.get(Column::ReportedOn);
        let reported_on = Day::parse(reported_text);
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
        let reported_on_or_default = reported_on.unwrap_or(default_reported_on);
        if cancelled {
            let report = Report {
                contact: self.reports.contact_ids.text(contact_id),
                kind,
                reported_on: reported_on_or_default,
                care_date: care_date.unwrap_or(Day::MIN),
                unit_code: self.reports.unit_codes.text(""),
                person: u32::MAX,
                profile: u32::MAX,
                extra: self.reports.extras.text(""),
                batch,
            };
            self.reports.push(report);
            return Ok(report);
        }
        let care = care_date.ok_or_else(|| fault(Code::BadValue, Column::CareDate))?;
        let profile = self.profile(row).map_err(|column| fault(Code::BadValue, column))?;
        let person = normalise_person(row.get(Column::Person), care)
            .map_err(|_| fault(Code::BadPerson, Column::Person))?;
        let report = Report {
            contact: self.reports.contact_ids.text(contact_id),
            kind,
            reported_on: reported_on_or_default,
            care_date: care,
            unit_code: self.reports.unit_codes.text(row.get(Column::Unit)),
            person: pseudonym(&person),
            profile,
            extra: self.extra(row),
            batch,
        };
        self.reports.push(report);
        Ok(report)
    }

    fn extra(&mut self, row: &Row<'_>) -> u32 {
        self.key.clear();
        for column in EXTRA {
            self.key.push_str(row.get(column));
            self.key.push('\u{1f}');
        }
        self.reports.extras.text(&self.key)
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
        let number = self.reports.profiles.number(&profile, |p| Arc::new(p.clone()));
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
    let mut procedures = codes(row.get(Column::Procedures));
    procedures.sort_unstable();
    procedures.dedup();
    Ok(Profile {
        kind,
        profession: text(Column::Profession),
        drg: (!drg.is_empty()).then(|| normalise_code(drg)),
        diagnoses: main_first(codes(row.get(Column::Diagnoses))),
        procedures,
        residence: text(Column::Residence),
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

/// The order of codes after the main diagnosis is no content (R50), nor is a repetition.
fn main_first(codes: Vec<Arc<str>>) -> Vec<Arc<str>> {
    let mut codes = codes.into_iter();
    let Some(main) = codes.next() else { return Vec::new() };
    let mut others: Vec<Arc<str>> = codes.filter(|code| *code != main).collect();
    others.sort_unstable();
    others.dedup();
    let mut all = vec![main];
    all.append(&mut others);
    all
}

fn codes(text: &str) -> Vec<Arc<str>> {
    text.split_whitespace().map(normalise_code).collect()
}

/// Upper case without dots (R25).
pub fn normalise_code(text: &str) -> Arc<str> {
    let code: String = text.chars().filter(|c| *c != '.').collect();
    code.to_uppercase().into()
}

/// `1/0`, `ja/nej`, `true/false` in any case (R53).
pub fn read_boolean(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("1") || is("ja") || is("true") {
        Some(true)
    } else if is("0") || is("nej") || is("false") {
        Some(false)
    } else {
        None
    }
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
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = if digits.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None };
    number.filter(|number| allowed.contains(number)).map(Some).ok_or(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Header {
        Header::read(names.iter().copied()).unwrap()
    }

    const NAMES: [&str; 9] = [
        "contact_id",
        "unit",
        "person",
        "kind",
        "care_date",
        "report",
        "reported_on",
        "diagnoses",
        "enhet_extra",
    ];

    fn read(intake: &mut Intake, texts: &[&str]) -> Result<Report, Code> {
        let header = header(&NAMES[..8]);
        let row = Row::new(&header, texts.iter().copied());
        intake.read(&row, 0, Day::MIN, &mut |_| 0).map_err(|fault| fault.code)
    }

    #[test]
    fn a_header_names_its_nearest_column() {
        let fault = Header::read(NAMES.into_iter()).unwrap_err();
        assert!(matches!(fault, HeaderFault::Unknown(name, _) if name == "enhet_extra"));
        let fault = Header::read(["contact_id", "care_dat"].into_iter()).unwrap_err();
        assert_eq!(fault, HeaderFault::Unknown("care_dat".into(), "care_date"));
        let fault = Header::read(["contact_id"].into_iter()).unwrap_err();
        assert_eq!(fault, HeaderFault::Missing(Column::Unit));
        let swedish = ["kontakt_id", "Enhet", "personnummer", "kontakttyp", "vårddatum", "class_x"];
        assert_eq!(header(&swedish).fields().len(), 6);
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
