//! Accepted rows as they are kept: which columns each kind has.
//!
//! Owns: that what is read is what was written. Does not own: how columns lie in a file (`bulk::told`).
//!
//! Instants are whole minutes since 1970-01-01T00:00 UTC; values of measures are texts, `24.5`.

use crate::failure::Failure;
use bulk::told::{NO_NUMBER, NO_TEXT, ToldColumn, ToldFile, write_told};
use follow::inputs::{Labour, LabourStart, Measure, Staffing, Survey};
use follow::intake::Kind;
use follow::minute::Minute;
use follow::told::{Reported, Told};
use kernel::contact::ReportKind;
use kernel::intern::Texts;
use kernel::time::{Day, Month};

type Columns = Vec<(&'static str, ToldColumn)>;

const fn form(kind: Kind) -> &'static str {
    match kind {
        Kind::Labour => "vardkedja-labour-1",
        Kind::Staffing => "vardkedja-staffing-1",
        Kind::Measure => "vardkedja-measure-1",
        Kind::Survey => "vardkedja-survey-1",
    }
}

/// Writes the rows of a kind from `first` on.
pub(super) fn write(kind: Kind, told: &Reported, first: usize) -> Result<Vec<u8>, Failure> {
    let texts = &told.texts;
    let (rows, columns) = match kind {
        Kind::Labour => of(&told.labour, first, |rows| labour(rows, texts)),
        Kind::Staffing => of(&told.staffing, first, |rows| staffing(rows, texts)),
        Kind::Measure => of(&told.measures, first, |rows| measures(rows, texts)),
        Kind::Survey => of(&told.surveys, first, |rows| surveys(rows, texts)),
    };
    Ok(write_told(form(kind), rows, &columns)?)
}

fn of<T>(
    rows: &[Told<T>],
    first: usize,
    columns: impl Fn(&[Told<T>]) -> Columns,
) -> (usize, Columns) {
    let rows = rows.get(first..).unwrap_or_default();
    let mut all = vec![
        ("report", ToldColumn::texts(rows.iter().map(|row| Some(row.report.name())))),
        ("reported_on", ToldColumn::numbers(rows.iter().map(|row| Some(row.reported_on.number())))),
    ];
    all.extend(columns(rows));
    (rows.len(), all)
}

fn minutes<T>(rows: &[Told<T>], minute: impl Fn(&T) -> Option<Minute>) -> ToldColumn {
    let number = |row: &Told<T>| i32::try_from(minute(&row.row)?.number()).ok();
    ToldColumn::numbers(rows.iter().map(number))
}

fn labour(rows: &[Told<Labour>], texts: &Texts) -> Columns {
    vec![
        (
            "contact_id",
            ToldColumn::texts(rows.iter().map(|told| Some(texts.get(told.row.contact)))),
        ),
        ("labour_start", ToldColumn::texts(rows.iter().map(|told| Some(told.row.start.name())))),
        ("active_from", minutes(rows, |row| row.active_from)),
        ("active_until", minutes(rows, |row| row.active_until)),
    ]
}

fn staffing(rows: &[Told<Staffing>], texts: &Texts) -> Columns {
    let contact = |told: &Told<Staffing>| told.row.contact.map(|contact| texts.get(contact));
    vec![
        ("carer", ToldColumn::texts(rows.iter().map(|told| Some(texts.get(told.row.carer))))),
        ("unit", ToldColumn::texts(rows.iter().map(|told| Some(texts.get(told.row.unit))))),
        ("contact_id", ToldColumn::texts(rows.iter().map(contact))),
        ("starts_at", minutes(rows, |row| Some(row.from))),
        ("ends_at", minutes(rows, |row| Some(row.until))),
    ]
}

fn measures(rows: &[Told<Measure>], texts: &Texts) -> Columns {
    let values: Vec<String> = rows.iter().map(|told| told.row.value.to_string()).collect();
    vec![
        (
            "contact_id",
            ToldColumn::texts(rows.iter().map(|told| Some(texts.get(told.row.contact)))),
        ),
        ("measure", ToldColumn::texts(rows.iter().map(|told| Some(texts.get(told.row.name))))),
        ("value", ToldColumn::texts(values.iter().map(|value| Some(value.as_str())))),
    ]
}

fn surveys(rows: &[Told<Survey>], texts: &Texts) -> Columns {
    let count = |count: fn(&Survey) -> u64| {
        ToldColumn::numbers(rows.iter().map(move |told| i32::try_from(count(&told.row)).ok()))
    };
    vec![
        ("unit", ToldColumn::texts(rows.iter().map(|told| Some(texts.get(told.row.unit))))),
        ("from_month", ToldColumn::numbers(rows.iter().map(|told| Some(told.row.from.number())))),
        ("to_month", ToldColumn::numbers(rows.iter().map(|told| Some(told.row.to.number())))),
        ("question", ToldColumn::texts(rows.iter().map(|told| Some(texts.get(told.row.question))))),
        ("asked", count(|row| row.asked)),
        ("answered", count(|row| row.answered)),
        ("counted", count(|row| row.counted)),
    ]
}

/// Reads what [`write`] wrote behind what is there.
pub(super) fn append(kind: Kind, bytes: &[u8], told: &mut Reported) -> Result<(), Failure> {
    let file = ToldFile::open(form(kind), bytes)?;
    let read = Read { heads: heads(&file)?, file };
    match kind {
        Kind::Labour => read.labour(told),
        Kind::Staffing => read.staffing(told),
        Kind::Measure => read.measures(told),
        Kind::Survey => read.surveys(told),
    }
}

struct Read {
    file: ToldFile,
    heads: Vec<(ReportKind, Day)>,
}

fn damaged(what: &str) -> Failure {
    Failure::refused(
        format!("en fil med underlag är skadad: {what}; läs in en säkerhetskopia"),
        format!("a file of inputs is damaged: {what}; restore a backup"),
    )
}

/// Texts of few kinds, each as what it means.
fn named<T: Copy>(
    file: &ToldFile,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Failure> {
    let mut texts = Texts::default();
    let numbers = file.texts(name, &mut texts)?;
    let meanings: Vec<Option<T>> = texts.values().iter().map(|text| parse(text)).collect();
    let meaning = |number: &u32| meanings.get(*number as usize).copied().flatten();
    numbers.iter().map(|number| meaning(number).ok_or_else(|| damaged(name))).collect()
}

fn heads(file: &ToldFile) -> Result<Vec<(ReportKind, Day)>, Failure> {
    let reports = named(file, "report", ReportKind::parse)?;
    let days = file.numbers("reported_on")?;
    Ok(reports.into_iter().zip(days.into_iter().map(Day::from_number)).collect())
}

fn minute(number: i32) -> Option<Minute> {
    (number != NO_NUMBER).then(|| Minute::from_number(i64::from(number)))
}

impl Read {
    fn told<T>(&self, row: usize, what: T) -> Option<Told<T>> {
        let (report, reported_on) = *self.heads.get(row)?;
        Some(Told { report, reported_on, row: what })
    }

    fn each<T>(
        &self,
        into: &mut Vec<Told<T>>,
        row: impl Fn(usize) -> Option<T>,
    ) -> Result<(), Failure> {
        into.reserve(self.file.rows());
        for at in 0..self.file.rows() {
            let told = row(at).and_then(|row| self.told(at, row));
            into.push(told.ok_or_else(|| damaged("row"))?);
        }
        Ok(())
    }

    fn labour(&self, told: &mut Reported) -> Result<(), Failure> {
        let contacts = self.file.texts("contact_id", &mut told.texts)?;
        let starts = named(&self.file, "labour_start", LabourStart::parse)?;
        let from = self.file.numbers("active_from")?;
        let until = self.file.numbers("active_until")?;
        self.each(&mut told.labour, |at| {
            Some(Labour {
                contact: *contacts.get(at)?,
                active_from: minute(*from.get(at)?),
                active_until: minute(*until.get(at)?),
                start: *starts.get(at)?,
            })
        })
    }

    fn staffing(&self, told: &mut Reported) -> Result<(), Failure> {
        let carers = self.file.texts("carer", &mut told.texts)?;
        let units = self.file.texts("unit", &mut told.texts)?;
        let contacts = self.file.texts("contact_id", &mut told.texts)?;
        let from = self.file.numbers("starts_at")?;
        let until = self.file.numbers("ends_at")?;
        self.each(&mut told.staffing, |at| {
            Some(Staffing {
                carer: *carers.get(at)?,
                unit: *units.get(at)?,
                contact: Some(*contacts.get(at)?).filter(|contact| *contact != NO_TEXT),
                from: minute(*from.get(at)?)?,
                until: minute(*until.get(at)?)?,
            })
        })
    }

    fn measures(&self, told: &mut Reported) -> Result<(), Failure> {
        let contacts = self.file.texts("contact_id", &mut told.texts)?;
        let names = self.file.texts("measure", &mut told.texts)?;
        let values: Vec<f64> = named(&self.file, "value", |text| text.parse().ok())?;
        self.each(&mut told.measures, |at| {
            let (contact, name) = (*contacts.get(at)?, *names.get(at)?);
            Some(Measure { contact, name, value: *values.get(at)? })
        })
    }

    fn surveys(&self, told: &mut Reported) -> Result<(), Failure> {
        let units = self.file.texts("unit", &mut told.texts)?;
        let questions = self.file.texts("question", &mut told.texts)?;
        let (from, to) = (self.file.numbers("from_month")?, self.file.numbers("to_month")?);
        let counts = [
            self.file.numbers("asked")?,
            self.file.numbers("answered")?,
            self.file.numbers("counted")?,
        ];
        let count = |counts: &[i32], at: usize| u64::try_from(*counts.get(at)?).ok();
        self.each(&mut told.surveys, |at| {
            Some(Survey {
                unit: *units.get(at)?,
                from: Month::from_number(*from.get(at)?),
                to: Month::from_number(*to.get(at)?),
                question: *questions.get(at)?,
                asked: count(&counts[0], at)?,
                answered: count(&counts[1], at)?,
                counted: count(&counts[2], at)?,
            })
        })
    }
}
