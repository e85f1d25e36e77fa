//! One row: what it says, or why it is rejected.
//!
//! Owns: which fault of a row is told, and what each field may hold. Does not own: where a row stands in a file.

use super::columns::{Column, Header, Kind};
use super::measures::{REFUSED, measure};
use crate::inputs::{Labour, LabourStart, Measure, Staffing, Survey};
use crate::minute::Minute;
use crate::one_to_one::Limits;
use crate::told::{Reported, Told};
use kernel::contact::ReportKind;
use kernel::finding::{Code, Text};
use kernel::intake::{near, read_day};
use kernel::time::{Day, Month};

/// Why a row is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `missing-field`, `bad-value` or `care-date-after-report`.
    pub code: Code,
    /// The column.
    pub column: Column,
    /// What was expected and what to do, where that is more than the column says.
    pub why: Option<Text>,
}

impl Fault {
    const fn bad(column: Column) -> Self {
        Self { code: Code::BadValue, column, why: None }
    }

    fn because(column: Column, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: Code::BadValue, column, why: Some(Text::new(sv, en)) }
    }
}

/// Instants are in these years.
const YEARS: std::ops::Range<i32> = 2000..2100;
/// Longest id of a carer or a question.
const LONGEST_TEXT: usize = 100;

/// Reads one row under a header and adds it to what was reported. `default_reported_on` stands in for a blank day of report. `carer` gives
/// the pseudonym of a carer.
pub fn read_row(
    header: &Header,
    fields: &[&str],
    default_reported_on: Day,
    carer: &mut dyn FnMut(&str) -> String,
    into: &mut Reported,
) -> Result<(), Fault> {
    let row = Fields { header, fields };
    let report = match row.get(Column::Report) {
        "" => ReportKind::New,
        text => ReportKind::parse(text).ok_or(Fault::bad(Column::Report))?,
    };
    let cancels = report == ReportKind::Cancellation;
    row.refuse_blanks(cancels)?;
    let reported_on = match row.get(Column::ReportedOn) {
        "" => default_reported_on,
        text => read_day(text).ok_or(Fault::bad(Column::ReportedOn))?,
    };
    match header.kind {
        Kind::Labour => {
            let row = labour(row, cancels, reported_on, into)?;
            into.labour.push(Told { report, reported_on, row });
        }
        Kind::Staffing => {
            let row = staffing(row, cancels, reported_on, carer, into)?;
            into.staffing.push(Told { report, reported_on, row });
        }
        Kind::Measure => {
            let row = measured(row, cancels, into)?;
            into.measures.push(Told { report, reported_on, row });
        }
        Kind::Survey => {
            let row = survey(row, cancels, reported_on, into)?;
            into.surveys.push(Told { report, reported_on, row });
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Fields<'a> {
    header: &'a Header,
    fields: &'a [&'a str],
}

impl<'a> Fields<'a> {
    fn get(&self, column: Column) -> &'a str {
        self.header.get(column, self.fields)
    }

    fn refuse_blanks(&self, cancels: bool) -> Result<(), Fault> {
        let kind = self.header.kind;
        let is_needed = |(column, is_needed): &&(Column, bool)| {
            *is_needed && (!cancels || kind.key().contains(column))
        };
        let mut needed = kind.columns().iter().filter(is_needed).map(|(column, _)| *column);
        let blank = needed.find(|column| self.get(*column).is_empty());
        let missing = |column| Fault { code: Code::MissingField, column, why: None };
        blank.map_or(Ok(()), |column| Err(missing(column)))
    }

    fn instant(&self, column: Column) -> Result<Option<Minute>, Fault> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        let minute = Minute::parse(text).ok().filter(|minute| YEARS.contains(&minute.day().year()));
        minute.map(Some).ok_or(Fault::bad(column))
    }

    fn known_instant(&self, column: Column) -> Result<Minute, Fault> {
        self.instant(column)?.ok_or(Fault::bad(column))
    }

    fn short(&self, column: Column) -> Result<&'a str, Fault> {
        let text = self.get(column);
        if text.len() > LONGEST_TEXT { Err(Fault::bad(column)) } else { Ok(text) }
    }

    fn count(&self, column: Column) -> Result<u64, Fault> {
        let text = self.get(column);
        let is_number = text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_number).ok_or(Fault::bad(column))
    }

    /// A month, or the first day of one as a sheet may write it.
    fn month(&self, column: Column) -> Result<Month, Fault> {
        let text = self.get(column);
        let of_day = || read_day(text).filter(|day| day.month().first_day() == *day);
        let month = Month::parse(text).or_else(|| of_day().map(Day::month));
        month.filter(|month| YEARS.contains(&month.year())).ok_or(Fault::bad(column))
    }
}

fn labour(
    row: Fields<'_>,
    cancels: bool,
    reported_on: Day,
    into: &mut Reported,
) -> Result<Labour, Fault> {
    if cancels {
        let contact = into.texts.text(row.get(Column::ContactId));
        let start = LabourStart::Spontaneous;
        return Ok(Labour { contact, active_from: None, active_until: None, start });
    }
    let start =
        labour_start(row.get(Column::LabourStart)).ok_or(Fault::bad(Column::LabourStart))?;
    let active_from = row.instant(Column::ActiveFrom)?;
    let active_until = row.instant(Column::ActiveUntil)?;
    if active_from.is_some()
        && matches!(start, LabourStart::PlannedCaesarean | LabourStart::Unassisted)
    {
        return Err(Fault::because(
            Column::ActiveFrom,
            format!(
                "{start} har ingen aktiv fas på kliniken; lämna fältet tomt eller rätta `labour_start`"
            ),
            format!(
                "{start} has no active phase at the clinic; leave it blank or mend `labour_start`"
            ),
        ));
    }
    if let Some((from, until)) = active_from.zip(active_until) {
        refuse_span(Column::ActiveUntil, from, until, Limits::ASSUMED.labour_minutes)?;
    }
    refuse_after_report(Column::ActiveUntil, active_until.or(active_from), reported_on)?;
    let contact = into.texts.text(row.get(Column::ContactId));
    Ok(Labour { contact, active_from, active_until, start })
}

fn labour_start(text: &str) -> Option<LabourStart> {
    LabourStart::parse(text).or_else(|| match text.to_lowercase().as_str() {
        "spontan" | "spontant" => Some(LabourStart::Spontaneous),
        "inducerad" | "induktion" => Some(LabourStart::Induced),
        "planerat-kejsarsnitt" | "planerat kejsarsnitt" => Some(LabourStart::PlannedCaesarean),
        "oassisterad" => Some(LabourStart::Unassisted),
        _ => None,
    })
}

fn staffing(
    row: Fields<'_>,
    cancels: bool,
    reported_on: Day,
    pseudonym: &mut dyn FnMut(&str) -> String,
    into: &mut Reported,
) -> Result<Staffing, Fault> {
    let carer = row.short(Column::Carer)?;
    let from = row.known_instant(Column::StartsAt)?;
    let until = if cancels { from } else { row.known_instant(Column::EndsAt)? };
    if !cancels {
        refuse_span(Column::EndsAt, from, until, Limits::ASSUMED.staffing_minutes)?;
        refuse_after_report(Column::EndsAt, Some(until), reported_on)?;
    }
    let woman = Some(row.get(Column::ContactId)).filter(|text| !text.is_empty());
    Ok(Staffing {
        carer: into.texts.text(&pseudonym(carer)),
        unit: into.texts.text(row.get(Column::Unit)),
        contact: woman.map(|contact| into.texts.text(contact)),
        from,
        until,
    })
}

fn measured(row: Fields<'_>, cancels: bool, into: &mut Reported) -> Result<Measure, Fault> {
    let name = row.get(Column::Measure);
    if let Some((_, sv, en)) = refused(name) {
        return Err(Fault::because(Column::Measure, *sv, *en));
    }
    let kind = measure(name).ok_or_else(|| unknown_measure(name))?;
    let value = if cancels {
        0.0
    } else {
        kind.read(row.get(Column::Value)).ok_or_else(|| {
            let (sv, en) = kind.expected();
            let (name, sv_name, en_name) = (kind.name, kind.sv, kind.en);
            Fault::because(
                Column::Value,
                format!("`{name}` ({sv_name}) är {sv}; rätta värdet och skicka raden igen"),
                format!("`{name}` ({en_name}) is {en}; mend the value and send the row again"),
            )
        })?
    };
    let contact = into.texts.text(row.get(Column::ContactId));
    Ok(Measure { contact, name: into.texts.text(kind.name), value })
}

/// Whether a name is one of what may never be reported here, and why.
fn refused(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let plain = name.to_lowercase();
    REFUSED.iter().find(|(refused, ..)| plain.starts_with(refused))
}

fn unknown_measure(name: &str) -> Fault {
    let names = || super::measures::MEASURES.iter().map(|kind| kind.name);
    let near = near(name, names());
    let (near_sv, near_en) = near.map_or_else(Default::default, |near| {
        (format!(" Menas `{near}`?"), format!(" Is `{near}` meant?"))
    });
    Fault::because(
        Column::Measure,
        format!("måttet finns inte; `vardkedja schema measures` visar alla.{near_sv}"),
        format!("there is no such measure; `vardkedja schema measures` has all.{near_en}"),
    )
}

fn survey(
    row: Fields<'_>,
    cancels: bool,
    reported_on: Day,
    into: &mut Reported,
) -> Result<Survey, Fault> {
    let question = row.short(Column::Question)?;
    if let Some((_, sv, en)) = refused(question) {
        return Err(Fault::because(Column::Question, *sv, *en));
    }
    let (from, to) = (row.month(Column::FromMonth)?, row.month(Column::ToMonth)?);
    if from > to {
        return Err(Fault::because(
            Column::ToMonth,
            "den sista månaden kommer före den första; rätta månaderna",
            "the last month comes before the first; mend the months",
        ));
    }
    let (mut asked, mut answered, mut counted) = (0, 0, 0);
    if !cancels {
        asked = row.count(Column::Asked)?;
        answered = row.count(Column::Answered)?;
        counted = row.count(Column::Counted)?;
        if answered > asked {
            return Err(Fault::because(
                Column::Answered,
                format!("fler har svarat än de {asked} som tillfrågades; rätta antalen"),
                format!("more answered than the {asked} who were asked; mend the counts"),
            ));
        }
        if counted > answered {
            return Err(Fault::because(
                Column::Counted,
                format!("fler räknas än de {answered} som svarade; rätta antalen"),
                format!("more count than the {answered} who answered; mend the counts"),
            ));
        }
        if from.first_day() > reported_on {
            return Err(after_report(Column::FromMonth));
        }
    }
    let unit = into.texts.text(row.get(Column::Unit));
    let question = into.texts.text(question);
    Ok(Survey { unit, from, to, question, asked, answered, counted })
}

fn refuse_span(column: Column, from: Minute, until: Minute, longest: i64) -> Result<(), Fault> {
    let minutes = until.since(from);
    if minutes > longest {
        let hours = longest / 60;
        return Err(Fault::because(
            column,
            format!("tiden är längre än {hours} timmar; rätta början eller slut"),
            format!("the time is longer than {hours} hours; mend its start or its end"),
        ));
    }
    if minutes > 0 {
        return Ok(());
    }
    Err(Fault::because(
        column,
        "slutet kommer inte efter början; rätta det ena",
        "the end does not come after the start; mend one of them",
    ))
}

fn refuse_after_report(
    column: Column,
    last: Option<Minute>,
    reported_on: Day,
) -> Result<(), Fault> {
    let is_after = last.is_some_and(|last| last.plus(-1).day() > reported_on);
    if is_after { Err(after_report(column)) } else { Ok(()) }
}

const fn after_report(column: Column) -> Fault {
    Fault { code: Code::CareDateAfterReport, column, why: None }
}

/// What a column may hold, in Swedish and in English.
pub const fn expected(column: Column) -> (&'static str, &'static str) {
    match column {
        Column::Report => {
            ("`new`, `correction` eller `cancellation`", "`new`, `correction` or `cancellation`")
        }
        Column::ReportedOn => ("ett datum som 2023-01-31", "a date such as 2023-01-31"),
        Column::LabourStart => (
            "`spontaneous`, `induced`, `planned-caesarean` eller `unassisted`",
            "`spontaneous`, `induced`, `planned-caesarean` or `unassisted`",
        ),
        Column::ActiveFrom | Column::ActiveUntil | Column::StartsAt | Column::EndsAt => (
            "en svensk klocktid som 2023-01-31T14:05; när klockan ställs tillbaka med +02:00 eller +01:00 efter, och aldrig i timmen som hoppas över",
            "a Swedish clock time such as 2023-01-31T14:05; when clocks go back with +02:00 or +01:00 after it, and never in the hour that is skipped",
        ),
        Column::FromMonth | Column::ToMonth => ("en månad som 2023-01", "a month such as 2023-01"),
        Column::Asked | Column::Answered | Column::Counted => {
            ("ett heltal från 0", "a whole number from 0")
        }
        Column::Carer | Column::Question => {
            ("en text på högst 100 tecken", "a text of at most 100 characters")
        }
        Column::ContactId | Column::Unit | Column::Measure | Column::Value => {
            ("ett värde", "a value")
        }
    }
}
