//! The unit's own reports in a receipt, in the form of a contact file: every field in its normal form, persons by pseudonym.
//!
//! Rows stand in order of contact, day and kind of report, and none twice, so that the same reports have the same bytes.

use super::Fault;
use crate::failure::Failure;
use kernel::contact::{Report, ReportKind, Reports};
use kernel::intake::{Column, Header, Intake, Row};
use kernel::intern::Texts;
use kernel::time::Day;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Persons by number, as the reports number them.
pub type Persons<'p> = dyn Fn(u32) -> &'p str + 'p;

/// Between the texts of the columns that no price depends on, as `intake` joins them.
const JOINED: char = '\u{1f}';

/// Reports as a contact file.
pub fn contact_csv(reports: &Reports, rows: &[&Report], persons: &Persons<'_>) -> String {
    let classes: BTreeSet<&Arc<str>> = rows
        .iter()
        .filter_map(|row| reports.profile(row.profile))
        .flat_map(|profile| profile.classes.iter().map(|(name, _)| name))
        .collect();
    let columns = Column::ALL.iter().map(|column| column.name().to_owned());
    let heads: Vec<String> =
        columns.chain(classes.iter().map(|name| format!("class_{name}"))).collect();
    let mut texts: Vec<(String, Day, ReportKind, Vec<String>)> = rows
        .iter()
        .map(|row| {
            let id = reports.contact_ids.get(row.contact).to_owned();
            (id, row.reported_on, row.kind, row_texts(reports, row, persons, &classes))
        })
        .collect();
    texts.sort();
    texts.dedup();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    super::archive::csv_text(&heads, texts.into_iter().map(|(.., texts)| texts))
}

fn row_texts(
    reports: &Reports,
    row: &Report,
    persons: &Persons<'_>,
    classes: &BTreeSet<&Arc<str>>,
) -> Vec<String> {
    let profile = reports.profile(row.profile);
    let is_cancelled = row.kind == ReportKind::Cancellation;
    let extras: Vec<&str> = reports.extras.get(row.extra).split(JOINED).collect();
    let extra = |at: usize| extras.get(at).copied().unwrap_or("").to_owned();
    let text = |field: Option<&Arc<str>>| field.map_or_else(String::new, |text| text.to_string());
    let flag = |field: Option<bool>| field.map_or("", |yes| if yes { "1" } else { "0" }).to_owned();
    let whole = |field: Option<i32>| field.map_or_else(String::new, |number| number.to_string());
    let codes = |codes: &[Arc<str>]| codes.join(" ");
    let cell = |column: &Column| match (column, profile) {
        (Column::ContactId, _) => reports.contact_ids.get(row.contact).to_owned(),
        (Column::Report, _) => row.kind.name().to_owned(),
        (Column::ReportedOn, _) => row.reported_on.to_string(),
        (Column::CareDate, _) => row.care_date.to_string(),
        _ if is_cancelled => String::new(),
        (Column::Unit, _) => reports.unit_codes.get(row.unit_code).to_owned(),
        (Column::Person, _) => persons(row.person).to_owned(),
        (Column::Team, _) => extra(0),
        (Column::PlannedUnit, _) => extra(1),
        (Column::Carer, _) => extra(2),
        (Column::BornAt, _) => extra(3),
        (_, None) => String::new(),
        (Column::Kind, Some(of)) => of.kind.name().to_owned(),
        (Column::Profession, Some(of)) => text(of.profession.as_ref()),
        (Column::Drg, Some(of)) => text(of.drg.as_ref()),
        (Column::Diagnoses, Some(of)) => codes(&of.diagnoses),
        (Column::Procedures, Some(of)) => codes(&of.procedures),
        (Column::Residence, Some(of)) => text(of.residence.as_ref()),
        (Column::Place, Some(of)) => text(of.place.as_ref()),
        (Column::Individual, Some(of)) => flag(of.individual),
        (Column::Enrolled, Some(of)) => flag(of.enrolled),
        (Column::ByTeam, Some(of)) => flag(of.by_team),
        (Column::GestationalDays, Some(of)) => whole(of.gestational_days),
        (Column::Parity, Some(of)) => whole(of.parity),
    };
    let of_class = |name: &Arc<str>| {
        let own = profile.filter(|_| !is_cancelled).map_or(&[][..], |of| &of.classes);
        own.iter().find(|(known, _)| known == name).map_or_else(String::new, |(_, v)| v.to_string())
    };
    let classes = classes.iter().map(|name| of_class(name));
    Column::ALL.iter().map(cell).chain(classes).collect()
}

/// Adds the rows of a contact file to `intake` as batch `number`; a row that cannot be read is a fault.
pub(super) fn read(
    file: &str,
    text: &str,
    number: u32,
    intake: &mut Intake,
    person: &mut impl FnMut(&str) -> u32,
    faults: &mut Vec<Fault>,
) {
    let heads: Vec<String> = {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let first = reader.records().next().and_then(Result::ok).unwrap_or_default();
        first.iter().map(str::to_owned).collect()
    };
    let Ok(header) = Header::read(heads.iter().map(String::as_str)) else {
        faults.push(Fault::unreadable(file, 1));
        return;
    };
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    for (line, row) in super::archive::csv_rows(file, text, &heads, faults) {
        let row = Row::new(&header, row.iter());
        if intake.read(&row, number, Day::MIN, person).is_err() {
            faults.push(Fault::unreadable(file, line));
        }
    }
}

/// The reports of contact files as a receipt holds them, and their persons.
pub(crate) fn read_contacts(files: &[String]) -> Result<(Reports, Texts), Failure> {
    let (mut intake, mut persons, mut faults) = (Intake::default(), Texts::default(), Vec::new());
    for (number, text) in (0_u32..).zip(files) {
        let mut person = |name: &str| persons.text(name);
        read("", text, number, &mut intake, &mut person, &mut faults);
    }
    match faults.first() {
        None => Ok((intake.reports, persons)),
        Some(fault) => Err(Failure::Refused(fault.text(), Vec::new())),
    }
}
