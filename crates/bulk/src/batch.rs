//! Batches as Parquet: the accepted reports of one import, as stored for good.
//!
//! Owns: the columns of a batch file. Does not own: what a report means (`kernel::contact`), who hides
//! behind a pseudonym, or where the file is kept (`store`).
//!
//! Every field stands in its own column and in its normal form; a blank field is null.

use crate::columns::{self, BLANK, Cells, IdColumn, ParquetError, Table};
use kernel::contact::{Profile, Report, ReportKind, Reports};
use kernel::fact::ContactKind;
use kernel::intern::{FastMap, Texts};
use kernel::time::Day;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

const FORM: &str = "vardkedja-batch-1";

/// The columns that a profile is made of, in the order of [`ProfileCells`].
const PROFILE_TEXTS: [&str; 8] =
    ["kind", "profession", "drg", "diagnoses", "procedures", "residence", "place", "classes"];
const PROFILE_INTS: [&str; 5] = ["individual", "enrolled", "by_team", "gestational_days", "parity"];
/// The columns that no price depends on, in the order that `intake` joins them.
const EXTRAS: [&str; 4] = ["team", "planned_unit", "carer", "born_at"];
/// Between the texts that `intake` joins.
const JOINED: char = '\u{1f}';

/// Writes the reports in `rows` of `reports`, by unit code and month of care. `person_text` gives the pseudonym of a
/// person's number.
///
/// The same reports in the same order give the same bytes. Rows outside the reports are an error.
pub fn write_batch<'a>(
    reports: &Reports,
    rows: Range<usize>,
    person_text: impl Fn(u32) -> &'a str,
) -> Result<Vec<u8>, ParquetError> {
    let Some(rows) = reports.rows().get(rows.clone()) else {
        let what = format!("rows {rows:?} of {}", reports.rows().len());
        return Err(ParquetError::Form { expected: FORM, what });
    };
    let rows = clustered(reports, rows);
    let table = WrittenBatch::of(reports, &rows, person_text);
    columns::write(FORM, rows.len(), &table.columns(), &[])
}

/// Rows of a unit and month together: they are counted together, and repeat each other most.
fn clustered<'r>(reports: &Reports, rows: &'r [Report]) -> Vec<&'r Report> {
    let codes = reports.unit_codes.values();
    let mut by_text: Vec<u32> = (0_u32..).zip(codes).map(|(number, _)| number).collect();
    by_text.sort_unstable_by_key(|number| codes.get(*number as usize));
    let mut rank = vec![0_u32; by_text.len()];
    for (place, number) in (0_u32..).zip(by_text) {
        if let Some(rank) = rank.get_mut(number as usize) {
            *rank = place;
        }
    }
    let mut rows: Vec<&Report> = rows.iter().collect();
    rows.sort_by_cached_key(|row| {
        (rank.get(row.unit_code as usize).copied(), row.care_date.month())
    });
    rows
}

/// Distinct texts and a number for each row.
#[derive(Debug, Default)]
struct TextCells {
    texts: Texts,
    numbers: Vec<u32>,
}

impl TextCells {
    fn push(&mut self, text: &str) {
        self.numbers.push(self.texts.text(text));
    }

    fn cells(&self) -> Cells<'_> {
        Cells::Text { texts: &self.texts, numbers: &self.numbers, repeated: true }
    }
}

/// Unit codes are numbers of the reports' own table, the rest of this value's.
struct WrittenBatch<'r> {
    reports: &'r Reports,
    contact: TextCells,
    report: TextCells,
    reported_on: Vec<i32>,
    care_date: Vec<i32>,
    unit_code: Vec<u32>,
    person: TextCells,
    profile_texts: [TextCells; PROFILE_TEXTS.len()],
    profile_ints: [Vec<i32>; PROFILE_INTS.len()],
    extras: [TextCells; EXTRAS.len()],
}

impl<'r> WrittenBatch<'r> {
    fn of<'a>(
        reports: &'r Reports,
        rows: &[&Report],
        person_text: impl Fn(u32) -> &'a str,
    ) -> Self {
        let no_unit = reports.unit_codes.find("");
        let unit =
            |row: &&Report| if Some(row.unit_code) == no_unit { BLANK } else { row.unit_code };
        let mut batch = Self {
            reports,
            contact: TextCells::default(),
            report: TextCells::default(),
            reported_on: rows.iter().map(|row| row.reported_on.number()).collect(),
            care_date: rows.iter().map(|row| row.care_date.number()).collect(),
            unit_code: rows.iter().map(unit).collect(),
            person: TextCells::default(),
            profile_texts: Default::default(),
            profile_ints: Default::default(),
            extras: Default::default(),
        };
        for row in rows {
            batch.contact.push(reports.contact_ids.get(row.contact));
            batch.report.push(row.kind.name());
        }
        batch.add_persons(rows, person_text);
        batch.add_profiles(rows);
        batch.add_extras(rows);
        batch
    }

    fn add_persons<'a>(&mut self, rows: &[&Report], person_text: impl Fn(u32) -> &'a str) {
        let mut known: FastMap<u32, u32> = FastMap::default();
        known.insert(u32::MAX, BLANK);
        for row in rows {
            let texts = &mut self.person.texts;
            let number =
                known.entry(row.person).or_insert_with(|| texts.text(person_text(row.person)));
            self.person.numbers.push(*number);
        }
    }

    fn add_profiles(&mut self, rows: &[&Report]) {
        let mut known: FastMap<u32, ProfileCells> = FastMap::default();
        for row in rows {
            let profile = *known
                .entry(row.profile)
                .or_insert_with(|| self.profile_cells(self.reports.profile(row.profile)));
            for (column, number) in self.profile_texts.iter_mut().zip(profile.texts) {
                column.numbers.push(number);
            }
            for (column, number) in self.profile_ints.iter_mut().zip(profile.ints) {
                column.push(number);
            }
        }
    }

    fn add_extras(&mut self, rows: &[&Report]) {
        let mut known: FastMap<u32, [u32; EXTRAS.len()]> = FastMap::default();
        for row in rows {
            let numbers = *known
                .entry(row.extra)
                .or_insert_with(|| self.extra_cells(self.reports.extras.get(row.extra)));
            for (column, number) in self.extras.iter_mut().zip(numbers) {
                column.numbers.push(number);
            }
        }
    }

    /// The four texts that `intake` joined; its last separator ends the last of them.
    fn extra_cells(&mut self, joined: &str) -> [u32; EXTRAS.len()] {
        let texts = joined.strip_suffix(JOINED).unwrap_or(joined);
        let mut numbers = [BLANK; EXTRAS.len()];
        let parts = texts.splitn(EXTRAS.len(), JOINED);
        for ((number, text), column) in numbers.iter_mut().zip(parts).zip(&mut self.extras) {
            if !text.is_empty() {
                *number = column.texts.text(text);
            }
        }
        numbers
    }

    /// The cells of a profile; its texts get their numbers here, its rows are added by the caller.
    fn profile_cells(&mut self, profile: Option<&Profile>) -> ProfileCells {
        let Some(profile) = profile else { return ProfileCells::NONE };
        let texts = profile_texts(profile);
        let mut cells = ProfileCells { texts: [BLANK; 8], ints: profile_ints(profile) };
        for ((number, text), column) in
            cells.texts.iter_mut().zip(&texts).zip(&mut self.profile_texts)
        {
            if let Some(text) = text {
                *number = column.texts.text(text);
            }
        }
        cells
    }

    fn columns(&self) -> Vec<(&'static str, Cells<'_>)> {
        let TextCells { texts, numbers } = &self.contact;
        let contact = Cells::Text { texts, numbers, repeated: false };
        let own = |texts: &'r Texts, numbers, repeated| Cells::Text { texts, numbers, repeated };
        let mut columns = vec![
            ("contact_id", contact),
            ("report", self.report.cells()),
            ("reported_on", Cells::Int(&self.reported_on)),
            ("care_date", Cells::Int(&self.care_date)),
            ("unit_code", own(&self.reports.unit_codes, &self.unit_code, true)),
            ("person", self.person.cells()),
        ];
        let texts = |cells: &'static [&'static str]| cells.iter().copied();
        columns.extend(texts(&PROFILE_TEXTS).zip(self.profile_texts.iter().map(|c| c.cells())));
        columns.extend(texts(&PROFILE_INTS).zip(self.profile_ints.iter().map(|c| Cells::Int(c))));
        columns.extend(texts(&EXTRAS).zip(self.extras.iter().map(|c| c.cells())));
        columns
    }
}

/// The cells of one profile: numbers of texts, and whole numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ProfileCells {
    texts: [u32; PROFILE_TEXTS.len()],
    ints: [i32; PROFILE_INTS.len()],
}

impl ProfileCells {
    const NONE: Self = Self { texts: [BLANK; 8], ints: [i32::MIN; 5] };
}

fn profile_texts(profile: &Profile) -> [Option<String>; PROFILE_TEXTS.len()] {
    let text = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
    [
        Some(profile.kind.name().to_owned()),
        text(&profile.profession),
        profile.drg.as_deref().map(code_text),
        codes_text(&profile.diagnoses),
        codes_text(&profile.procedures),
        text(&profile.residence),
        text(&profile.place),
        classes_text(&profile.classes),
    ]
}

fn profile_ints(profile: &Profile) -> [i32; PROFILE_INTS.len()] {
    let flag = |flag: Option<bool>| flag.map_or(i32::MIN, i32::from);
    let int = |int: Option<i32>| int.unwrap_or(i32::MIN);
    [
        flag(profile.individual),
        flag(profile.enrolled),
        flag(profile.by_team),
        int(profile.gestational_days),
        int(profile.parity),
    ]
}

/// A code has no dots, so a point alone stands for the code that was nothing but dots.
fn code_text(code: &str) -> String {
    if code.is_empty() { ".".to_owned() } else { code.to_owned() }
}

fn code_of(text: &str) -> Arc<str> {
    if text == "." { Arc::from("") } else { Arc::from(text) }
}

fn codes_text(codes: &[Arc<str>]) -> Option<String> {
    let texts: Vec<String> = codes.iter().map(|code| code_text(code)).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

fn codes_of(text: Option<&str>) -> Vec<Arc<str>> {
    text.map_or_else(Vec::new, |text| text.split(' ').map(code_of).collect())
}

/// `name=value` and a separator for each class; what could be taken for either is escaped.
fn classes_text(classes: &[(Arc<str>, Arc<str>)]) -> Option<String> {
    let mut text = String::new();
    for (name, value) in classes {
        push_escaped(&mut text, name);
        text.push('=');
        push_escaped(&mut text, value);
        text.push(JOINED);
    }
    (!text.is_empty()).then_some(text)
}

fn push_escaped(text: &mut String, part: &str) {
    for c in part.chars() {
        if matches!(c, '\\' | '=' | JOINED) {
            text.push('\\');
        }
        text.push(c);
    }
}

fn classes_of(text: Option<&str>) -> Vec<(Arc<str>, Arc<str>)> {
    let mut classes = Vec::new();
    let (mut name, mut part) = (String::new(), String::new());
    let mut chars = text.unwrap_or("").chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => part.extend(chars.next()),
            '=' => name = std::mem::take(&mut part),
            JOINED => {
                classes.push((Arc::from(name.as_str()), Arc::from(part.as_str())));
                part.clear();
            }
            other => part.push(other),
        }
    }
    classes
}

/// A column that a batch file can be searched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Contact ids.
    Contact,
    /// Pseudonyms of persons.
    Person,
}

/// Whether a batch file has a row with one of some texts in a column; reads no other column.
pub fn has_any(
    bytes: &[u8],
    column: Sought,
    texts: &BTreeSet<String>,
) -> Result<bool, ParquetError> {
    let table = Table::open(FORM, bytes)?;
    Ok(match column {
        Sought::Contact => {
            let ids = table.ids("contact_id")?;
            (0..ids.len()).any(|row| ids.get(row).is_some_and(|id| texts.contains(id)))
        }
        Sought::Person => {
            let persons = own(&table, "person")?;
            persons.texts.values().iter().any(|person| texts.contains(&**person))
        }
    })
}

/// Adds the reports of a batch file to `reports` as batch number `batch`. `person` gives the number of
/// a pseudonym.
///
/// The reports are exactly those that were written. An error leaves `reports` as it was.
pub fn read_batch(
    bytes: &[u8],
    batch: u32,
    reports: &mut Reports,
    person: &mut impl FnMut(&str) -> u32,
) -> Result<(), ParquetError> {
    decode(bytes)?.append(batch, reports, person);
    Ok(())
}

/// A batch file read by itself: its rows in numbers of its own tables, so that files can be read side by
/// side and put together afterwards, text by text and not row by row.
#[derive(Debug)]
pub struct DecodedBatch {
    contact: IdColumn,
    kind: Vec<ReportKind>,
    reported_on: Vec<i32>,
    care_date: Vec<i32>,
    unit_code: TextCells,
    person: TextCells,
    profiles: Vec<Arc<Profile>>,
    profile: Vec<u32>,
    extras: Vec<String>,
    extra: Vec<u32>,
}

/// Reads a batch file by itself.
pub fn decode(bytes: &[u8]) -> Result<DecodedBatch, ParquetError> {
    let table = Table::open(FORM, bytes)?;
    let report = own(&table, "report")?;
    let kinds: Vec<ReportKind> = report
        .texts
        .values()
        .iter()
        .map(|name| ReportKind::parse(name).ok_or_else(|| unknown("report", name)))
        .collect::<Result<_, _>>()?;
    let kind =
        |number: &u32| kinds.get(*number as usize).copied().ok_or_else(|| unknown("report", ""));
    let kind = report.numbers.iter().map(kind).collect::<Result<Vec<ReportKind>, _>>()?;
    let profiles = ProfileColumns::read(&table)?;
    let (profiles, profile) = profiles.distinct(table.rows())?;
    let (extras, extra) = extras(&table, &kind)?;
    Ok(DecodedBatch {
        contact: table.ids("contact_id")?,
        kind,
        reported_on: table.ints("reported_on")?,
        care_date: table.ints("care_date")?,
        unit_code: own(&table, "unit_code")?,
        person: own(&table, "person")?,
        profiles,
        profile,
        extras,
        extra,
    })
}

impl DecodedBatch {
    /// Adds the reports to `reports`, as [`read_batch`] does.
    pub fn append(&self, batch: u32, reports: &mut Reports, person: &mut impl FnMut(&str) -> u32) {
        let persons: Vec<u32> =
            self.person.texts.values().iter().map(|text| person(text)).collect();
        let units: Vec<u32> = {
            let codes = self.unit_code.texts.values().iter();
            codes.map(|code| reports.unit_codes.text(code)).collect()
        };
        let profiles: Vec<u32> = {
            let profiles = self.profiles.iter();
            profiles.map(|one| reports.profiles.number(one, Arc::clone)).collect()
        };
        let extras: Vec<u32> = self.extras.iter().map(|text| reports.extras.text(text)).collect();
        let of = |numbers: &[u32], number: u32| numbers.get(number as usize).copied();
        for row in 0..self.kind.len() {
            let unit = of(&units, self.unit_code.numbers[row]);
            let report = Report {
                contact: reports.contact_ids.text(self.contact.get(row).unwrap_or("")),
                kind: self.kind[row],
                reported_on: Day::from_number(self.reported_on[row]),
                care_date: Day::from_number(self.care_date[row]),
                unit_code: unit.unwrap_or_else(|| reports.unit_codes.text("")),
                person: of(&persons, self.person.numbers[row]).unwrap_or(u32::MAX),
                profile: of(&profiles, self.profile[row]).unwrap_or(u32::MAX),
                extra: of(&extras, self.extra[row]).unwrap_or(u32::MAX),
                batch,
            };
            reports.push(report);
        }
    }
}

/// A column in numbers of a table of its own.
fn own(table: &Table, name: &str) -> Result<TextCells, ParquetError> {
    let mut texts = Texts::default();
    let numbers = table.texts(name, &mut texts)?;
    Ok(TextCells { texts, numbers })
}

/// The texts that `intake` joined, and the number of one for each row. A cancellation has no such fields at all,
/// so its text is empty rather than four blanks.
fn extras(table: &Table, kinds: &[ReportKind]) -> Result<(Vec<String>, Vec<u32>), ParquetError> {
    let mut columns: [TextCells; EXTRAS.len()] = Default::default();
    for (column, name) in columns.iter_mut().zip(EXTRAS) {
        *column = own(table, name)?;
    }
    let mut texts: Vec<String> = Vec::new();
    let mut known: FastMap<Option<[u32; EXTRAS.len()]>, u32> = FastMap::default();
    let mut number = |(row, kind): (usize, &ReportKind)| {
        let cells = (*kind != ReportKind::Cancellation)
            .then(|| std::array::from_fn(|i| columns[i].numbers[row]));
        *known.entry(cells).or_insert_with(|| {
            let mut joined = String::new();
            for (column, number) in columns.iter().zip(cells.into_iter().flatten()) {
                joined.push_str(column.texts.get(number));
                joined.push(JOINED);
            }
            texts.push(joined);
            u32::try_from(texts.len() - 1).unwrap_or(BLANK)
        })
    };
    let numbers = kinds.iter().enumerate().map(&mut number).collect();
    Ok((texts, numbers))
}

/// The columns that profiles are made of.
#[derive(Default)]
struct ProfileColumns {
    profile_texts: [TextCells; PROFILE_TEXTS.len()],
    profile_ints: [Vec<i32>; PROFILE_INTS.len()],
}

impl ProfileColumns {
    fn read(table: &Table) -> Result<Self, ParquetError> {
        let mut columns = Self::default();
        for (column, name) in columns.profile_texts.iter_mut().zip(PROFILE_TEXTS) {
            *column = own(table, name)?;
        }
        for (column, name) in columns.profile_ints.iter_mut().zip(PROFILE_INTS) {
            *column = table.ints(name)?;
        }
        Ok(columns)
    }

    /// The distinct profiles, and the number of one for each row; [`BLANK`] where there is none.
    fn distinct(&self, rows: usize) -> Result<(Vec<Arc<Profile>>, Vec<u32>), ParquetError> {
        let mut profiles = Vec::new();
        let mut known: FastMap<ProfileCells, u32> = FastMap::default();
        let mut numbers = Vec::with_capacity(rows);
        for row in 0..rows {
            let cells = ProfileCells {
                texts: std::array::from_fn(|i| self.profile_texts[i].numbers[row]),
                ints: std::array::from_fn(|i| self.profile_ints[i][row]),
            };
            let number = match known.get(&cells) {
                Some(number) => *number,
                None if cells == ProfileCells::NONE => BLANK,
                None => {
                    profiles.push(Arc::new(self.profile(&cells)?));
                    let number = u32::try_from(profiles.len() - 1).unwrap_or(BLANK);
                    known.insert(cells, number);
                    number
                }
            };
            numbers.push(number);
        }
        Ok((profiles, numbers))
    }

    fn profile(&self, cells: &ProfileCells) -> Result<Profile, ParquetError> {
        let value = |i: usize| self.profile_texts[i].texts.value(cells.texts[i]);
        let text = |i: usize| value(i).cloned();
        let [individual, enrolled, by_team, gestational_days, parity] = cells.ints;
        let int = |int: i32| (int != i32::MIN).then_some(int);
        let flag = |flag: i32| int(flag).map(|flag| flag != 0);
        let kind = value(0).map_or("", |text| text);
        Ok(Profile {
            kind: ContactKind::parse(kind).ok_or_else(|| unknown("kind", kind))?,
            profession: text(1),
            drg: value(2).map(|text| code_of(text)),
            diagnoses: codes_of(value(3).map(Arc::as_ref)),
            procedures: codes_of(value(4).map(Arc::as_ref)),
            residence: text(5),
            place: text(6),
            individual: flag(individual),
            enrolled: flag(enrolled),
            by_team: flag(by_team),
            gestational_days: int(gestational_days),
            parity: int(parity),
            classes: classes_of(value(7).map(Arc::as_ref)),
        })
    }
}

fn unknown(column: &str, value: &str) -> ParquetError {
    ParquetError::Form { expected: FORM, what: format!("the column {column} says `{value}`") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::intake::{Column, Header, Intake, Row};
    use proptest::prelude::*;

    fn header() -> Header {
        let names = Column::ALL.iter().map(|column| column.name());
        Header::read(names.chain(["class_a=b", "class_\\x", "class_ö"])).unwrap()
    }

    /// The reports of some rows; persons are their pseudonyms' numbers.
    fn intake(rows: &[Vec<String>]) -> (Intake, Texts) {
        let header = header();
        let mut intake = Intake::default();
        let mut persons = Texts::default();
        for texts in rows {
            let row = Row::new(&header, texts.iter().map(String::as_str));
            let _rejected = intake.read(&row, 0, Day::MIN, &mut |person| persons.text(person));
        }
        (intake, persons)
    }

    /// Every report as text and values, without the numbers that stand for them.
    fn told(reports: &Reports, persons: &Texts) -> Vec<String> {
        let tell = |row: &Report| {
            format!(
                "{} {} {:?} {:?} {} {} {:?} {:?} {}",
                reports.contact_ids.get(row.contact),
                row.kind,
                row.reported_on,
                row.care_date,
                reports.unit_codes.get(row.unit_code),
                persons.get(row.person),
                reports.profile(row.profile),
                reports.extras.get(row.extra),
                row.batch,
            )
        };
        reports.rows().iter().map(tell).collect()
    }

    fn check_round_trip(rows: &[Vec<String>]) -> usize {
        let (intake, persons) = intake(rows);
        let reports = &intake.reports;
        let all = 0..reports.rows().len();
        let bytes = write_batch(reports, all.clone(), |number| persons.get(number)).unwrap();
        let mut read = Reports::default();
        let mut read_persons = Texts::default();
        read_batch(&bytes, 0, &mut read, &mut |text| read_persons.text(text)).unwrap();
        let sorted = |mut told: Vec<String>| {
            told.sort();
            told
        };
        assert_eq!(sorted(told(&read, &read_persons)), sorted(told(reports, &persons)));
        let place =
            |row: &Report| (read.unit_codes.get(row.unit_code).to_owned(), row.care_date.month());
        assert!(read.rows().is_sorted_by_key(place), "not clustered");
        let again = write_batch(&read, all, |number| read_persons.get(number)).unwrap();
        assert_eq!(again, bytes);
        reports.rows().len()
    }

    fn row(cells: &[(Column, &str)], classes: [&str; 3]) -> Vec<String> {
        let mut row = vec![String::new(); Column::ALL.len()];
        for (column, text) in cells {
            row[*column as usize] = (*text).to_owned();
        }
        row.extend(classes.map(str::to_owned));
        row
    }

    #[test]
    fn reports_come_back_as_they_were() {
        let rows = [
            row(
                &[
                    (Column::ContactId, "D1"),
                    (Column::Unit, "u"),
                    (Column::Person, "p-1"),
                    (Column::Kind, "delivery"),
                    (Column::CareDate, "2023-02-11"),
                    (Column::ReportedOn, "2023-02-12"),
                    (Column::Diagnoses, "O80.0 Z37.0 ."),
                    (Column::Drg, "."),
                    (Column::Individual, "ja"),
                    (Column::ByTeam, "nej"),
                    (Column::Parity, "0"),
                    (Column::Team, "a\u{1f}b"),
                    (Column::BornAt, "2023-02-11T04:10"),
                ],
                ["1=2", "\\\u{1f}", ""],
            ),
            row(&[(Column::ContactId, "D1"), (Column::Report, "cancellation")], ["", "", ""]),
            row(
                &[
                    (Column::ContactId, "D2"),
                    (Column::Unit, "u"),
                    (Column::Person, "991981000010"),
                    (Column::Kind, "phone"),
                    (Column::CareDate, "2023-02-11"),
                ],
                ["", "", "å"],
            ),
        ];
        assert_eq!(check_round_trip(&rows), 3);
    }

    #[test]
    fn a_part_of_the_reports_can_be_written() {
        let rows: Vec<Vec<String>> = (0..4)
            .map(|i| {
                row(
                    &[(Column::ContactId, &format!("D{i}")), (Column::Report, "cancellation")],
                    [""; 3],
                )
            })
            .collect();
        let (intake, _) = intake(&rows);
        let bytes = write_batch(&intake.reports, 2..3, |_| "").unwrap();
        let mut read = Reports::default();
        read_batch(&bytes, 5, &mut read, &mut |_| 0).unwrap();
        assert_eq!(read.contact_ids.values(), [Arc::from("D2")]);
        let has = |column, text: &str| {
            has_any(&bytes, column, &BTreeSet::from([text.to_owned()])).unwrap()
        };
        assert!(has(Sought::Contact, "D2"));
        assert!(!has(Sought::Contact, "D1"));
        assert_eq!(read.rows()[0].batch, 5);
        assert!(write_batch(&intake.reports, 3..5, |_| "").is_err());
    }

    fn texts(words: &'static [&'static str]) -> impl Strategy<Value = String> {
        proptest::sample::select(words).prop_map(str::to_owned)
    }

    fn any_row() -> impl Strategy<Value = Vec<String>> {
        let fixed = (
            texts(&["D1", "D2", "D3", "å"]),
            texts(&["", "new", "correction", "cancellation"]),
            texts(&["", "2023-03-01", "2023-04-01"]),
            texts(&["u", "v"]),
            texts(&["p-1", "p-2", "991981000010"]),
            texts(&["delivery", "phone"]),
            texts(&["2023-02-11", "0001-01-01", "9999-12-31"]),
            texts(&["", "O80.0", "Z370 o80.0", ". .", ".", "O80. ."]),
        );
        let open = proptest::collection::vec("[a=\\\\\u{1f} .ö]{0,4}", 10);
        let flags = proptest::collection::vec(texts(&["", "1", "0", "7"]), 5);
        (fixed, open, flags).prop_map(|(fixed, open, flags)| {
            let (id, report, reported, unit, person, kind, care, diagnoses) = fixed;
            let [individual, enrolled, by_team, days, parity] = &flags[..] else { panic!() };
            let flag = |text: &String| if text == "7" { String::new() } else { text.clone() };
            let flags = [flag(individual), flag(enrolled), flag(by_team)];
            row(
                &[
                    (Column::ContactId, &id),
                    (Column::Report, &report),
                    (Column::ReportedOn, &reported),
                    (Column::Unit, &unit),
                    (Column::Person, &person),
                    (Column::Kind, &kind),
                    (Column::CareDate, &care),
                    (Column::Diagnoses, &diagnoses),
                    (Column::Profession, &open[0]),
                    (Column::Drg, &open[1]),
                    (Column::Place, &open[2]),
                    (Column::Team, &open[3]),
                    (Column::Carer, &open[4]),
                    (Column::BornAt, &open[5]),
                    (Column::Residence, &open[6]),
                    (Column::Individual, &flags[0]),
                    (Column::Enrolled, &flags[1]),
                    (Column::ByTeam, &flags[2]),
                    (Column::GestationalDays, days),
                    (Column::Parity, parity),
                ],
                [&open[7], &open[8], &open[9]],
            )
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_reports_come_back_as_they_were(rows in proptest::collection::vec(any_row(), 0..40)) {
            check_round_trip(&rows);
        }
    }
}
