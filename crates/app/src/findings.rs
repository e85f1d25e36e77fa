//! What a clinic is told about a row: what is the case, what was expected, and what to do.
//!
//! Owns: the words. Does not own: which rows are faulty. No personal number is ever in a finding.

pub mod beside;
mod unpriced;
mod warned;

pub use unpriced::{of_unpriced, severity_of};
pub use warned::{of_age, of_warning};

use crate::failure::Failure;
use bulk::contact_file::{Rejected, ShortRow};
use kernel::contact::{Report, Reports};
use kernel::fact::ContactKind;
use kernel::finding::{Code, Finding, Severity, Text};
use kernel::intake::{Column, normalise_person};
use kernel::time::{Day, Month};
use std::fmt::Display;
use store::RejectedRow;

/// The finding of a row that could not be read.
pub fn of_row(row: &Rejected) -> Finding {
    let column = row.fault.column;
    let place = Place { file: &row.file, line: row.line, contact_id: &row.contact_id };
    let finding = Finding::new(row.fault.code, Severity::Error, message(row.fault.code, column));
    placed(finding, place, column, &row.value)
}

/// The finding of a rejected row as it was kept; `None` where this version does not know its code.
pub fn of_kept_row(file: &str, row: &RejectedRow) -> Option<Finding> {
    let code = Code::parse(&row.code)?;
    let column = Column::parse(&row.field)?;
    let line = u64::try_from(row.line).unwrap_or(0);
    let contact_id = row.about.as_ref().map_or("", |about| about.contact_id.as_str());
    let place = Place { file, line, contact_id };
    let finding = Finding::new(code, Severity::Error, message(code, column));
    Some(placed(finding, place, column, &row.value))
}

/// The warning about a row that was read though it ends before its header does.
pub fn of_short_row(file: &str, row: &ShortRow) -> Finding {
    let message = of_short(row.found, row.expected);
    let finding = Finding::new(Code::ShortRow, Severity::Warning, message);
    let contact_id = &row.contact_id;
    placed(finding, Place { file, line: row.line, contact_id }, Column::ContactId, contact_id)
}

/// Rows of a file that are reported on days that have not been.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    /// The line of the first of them.
    pub line: u64,
    /// How many.
    pub rows: usize,
    /// The last day.
    pub last: Day,
}

impl Ahead {
    /// Of rows by line and day of report, as today is; none where all of them have been.
    pub fn of(rows: impl Iterator<Item = (u64, Day)>, today: Day) -> Option<Self> {
        let ahead = rows.filter(|(_, day)| *day > today);
        ahead.fold(None, |found: Option<Self>, (line, day)| {
            let Self { line, rows, last } = found.unwrap_or(Self { line, rows: 0, last: day });
            Some(Self { line, rows: rows + 1, last: last.max(day) })
        })
    }

    /// The warning about them.
    pub fn finding(self, file: &str) -> Finding {
        let Self { line, rows, last } = self;
        let (rows_sv, rows_en) = match rows {
            1 => (
                "1 rad är rapporterad en dag".to_owned(),
                "1 row is reported on a day that has not been".to_owned(),
            ),
            _ => (
                format!("{rows} rader är rapporterade dagar"),
                format!("{rows} rows are reported on days that have not been"),
            ),
        };
        let message = Text::new(
            format!(
                "{rows_sv} som inte har varit, som senast {last}, och räknas inte förrän då; rätta dagen om den är fel"
            ),
            format!(
                "{rows_en}, the last {last}, and not known before then; mend the day if it is wrong"
            ),
        );
        let finding = Finding::new(Code::ReportedAhead, Severity::Warning, message);
        let place = Place { file, line, contact_id: "" };
        placed(finding, place, Column::ReportedOn, &last.to_string())
    }
}

/// Adds the sheet of a workbook to what is told.
pub fn in_sheet(finding: &mut Finding, sheet: &str) {
    let text = &mut finding.message;
    text.sv = format!("blad `{sheet}`: {}", text.sv);
    text.en = format!("sheet `{sheet}`: {}", text.en);
}

/// The finding of a row that was read but does not fit the register or other reports.
pub fn of_report(reports: &Reports, report: &Report, code: Code, file: &str, line: u64) -> Finding {
    let contact_id = reports.contact_ids.get(report.contact);
    let (column, value) = match code {
        Code::UnknownUnit => (Column::Unit, reports.unit_codes.get(report.unit_code).to_owned()),
        Code::CareDateAfterReport => (Column::CareDate, report.care_date.to_string()),
        _ => (Column::ContactId, contact_id.to_owned()),
    };
    let severity = match code {
        Code::CancellationOfNothing => Severity::Warning,
        _ => Severity::Error,
    };
    let finding = Finding::new(code, severity, message(code, column));
    placed(finding, Place { file, line, contact_id }, column, &value)
}

/// Where a finding about a contact stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// File as named.
    pub file: &'a str,
    /// Line; 0 where it is not known any more.
    pub line: u64,
    /// Contact id, possibly blank.
    pub contact_id: &'a str,
}

fn placed(mut finding: Finding, place: Place<'_>, column: Column, value: &str) -> Finding {
    finding.file = place.file.to_owned();
    finding.line = u32::try_from(place.line).unwrap_or(u32::MAX);
    finding.contact = (!place.contact_id.is_empty()).then(|| shown_id(place.contact_id));
    finding.field = Some(column.name().to_owned());
    // Who worked is nobody's business, whatever is wrong with the row.
    let is_shown = !value.is_empty() && column != Column::Carer;
    finding.value = is_shown.then(|| hide_numbers(value));
    finding
}

/// A contact id, unless it is a personal number.
pub fn shown_id(contact_id: &str) -> String {
    let is_person = !contact_id.starts_with("p-") && normalise_person(contact_id, Day::MAX).is_ok();
    if is_person { "…".to_owned() } else { contact_id.to_owned() }
}

/// The text, unless it has the form of a personal number that stands in the wrong column: then a sign that
/// something is left out.
pub fn hide_numbers(text: &str) -> String {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let is_one = text.chars().all(is_of_number) && matches!(digits, 10 | 12);
    if is_one { "…".to_owned() } else { text.to_owned() }
}

/// The text, with a sign in place of everything in it that may be a personal number: ten digits or more, whatever divides them.
pub fn hide_within(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_numeric()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c| !is_of_number(c)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        let number = run.trim_end_matches(|c: char| !c.is_numeric());
        shown.push_str(before);
        if number.chars().filter(|c| c.is_numeric()).count() < 10 {
            shown.push_str(number);
        } else {
            shown.push('…');
        }
        shown.push_str(run.get(number.len()..).unwrap_or_default());
        rest = after;
    }
    shown + rest
}

/// Refuses a text that somebody wrote to be kept, where a personal number may be in it, valid or not. Days and months, as in
/// `2023-01-01 – 2023-12-31`, are none, unless bare digits follow them. The number is not repeated in what is said.
pub fn refuse_numbers(text: &str) -> Result<(), Failure> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || matches!(c, '–' | '—')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let is_bare = |word: Option<&&str>| word.is_some_and(|word| word.chars().all(char::is_numeric));
    let is_kept = |(at, word): (usize, &&str)| {
        let word = word.trim_end_matches(['.', ',', ';', ':', ')']);
        let is_day = Day::parse(word).is_some() || Month::parse(word).is_some();
        !is_day || is_bare(words.get(at + 1))
    };
    let shown: Vec<&str> = words
        .iter()
        .enumerate()
        .map(|(at, word)| if is_kept((at, word)) { *word } else { "d" })
        .collect();
    let shown = shown.join(" ");
    if hide_within(&shown) == shown {
        return Ok(());
    }
    Err(Failure::refused(
        "texten innehåller vad som ser ut som ett personnummer; den sparas och visas för andra, så skriv kontaktens id i stället. Inget är sparat",
        "the text holds what looks like a personal number; it is kept and shown to others, so write the id of the contact instead. Nothing is kept",
    ))
}

/// What a personal number is written with: digits of any kind, signs and dashes, spaces.
fn is_of_number(c: char) -> bool {
    c.is_numeric()
        || c == '+'
        || c.is_whitespace()
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// What is said of a row for its form alone, whatever its columns mean.
fn of_form(code: Code, column: impl Display) -> Option<Text> {
    Some(match code {
        Code::MissingField => Text::new(
            format!("`{column}` är tomt men måste finnas; fyll i det och skicka raden igen"),
            format!("`{column}` is blank but compulsory; fill it in and send the row again"),
        ),
        Code::ShortRow => Text::new(
            "filen slutar mitt i raden; den är troligen avklippt. Skicka filen igen",
            "the file ends in the middle of the row; it is probably cut off. Send the file again",
        ),
        Code::LongRow => Text::new(
            "raden har fler fält än rubrikraden; en text som innehåller skiljetecknet ska stå inom citattecken. Rätta raden och skicka den igen",
            "the row has more fields than the header; a text that holds the separator is to stand in quotation marks. Mend the row and send it again",
        ),
        Code::StrayQuote => Text::new(
            format!(
                "ett citattecken står mitt i `{column}`; ett fält med citattecken ska börja och sluta med ett. Rätta raden och skicka den igen"
            ),
            format!(
                "a quotation mark stands inside `{column}`; a field with quotation marks is to begin and end with one. Mend the row and send it again"
            ),
        ),
        Code::Undecodable => Text::new(
            format!(
                "`{column}` innehåller tecken som inte går att läsa; spara filen som UTF-8 och skicka raden igen"
            ),
            format!(
                "`{column}` holds characters that cannot be read; save the file as UTF-8 and send the row again"
            ),
        ),
        _ => return None,
    })
}

/// What is said of a row that was read though it ends before its header does.
fn of_short(found: usize, expected: usize) -> Text {
    Text::new(
        format!(
            "raden har {found} fält, rubrikraden {expected}; det som saknas är läst som tomt. Kontrollera att raden är hel"
        ),
        format!(
            "the row has {found} fields, the header {expected}; what is missing was read as blank. Check that the row is whole"
        ),
    )
}

fn message(code: Code, column: Column) -> Text {
    if let Some(text) = of_form(code, column) {
        return text;
    }
    match code {
        Code::BadValue => {
            let (sv, en) = expected(column);
            Text::new(
                format!(
                    "värdet går inte att läsa; här väntas {sv}. Rätta det och skicka raden igen"
                ),
                format!("the value cannot be read; expected {en}. Mend it and send the row again"),
            )
        }
        Code::BadPerson => Text::new(
            "person är inget giltigt personnummer, samordningsnummer eller reservnummer (fel form, datum eller kontrollsiffra); rätta det i journalsystemet och skicka raden igen",
            "person is no valid personal, coordination or reserve number (wrong form, date or check digit); mend it in the record system and send the row again",
        ),
        Code::UnknownUnit => Text::new(
            "ingen känd enhet har den koden; rätta koden, eller låt avtalsansvarig registrera enheten så räknas raden från den dagen",
            "no known unit has this code; mend the code, or have the unit registered and the row counts from that day",
        ),
        Code::CareDateAfterReport => Text::new(
            "vården ligger efter dagen den rapporterades; rätta datumet och skicka raden igen",
            "the care is after the day it was reported; mend the date and send the row again",
        ),
        Code::ConflictingReports => Text::new(
            "samma kontakt rapporteras samma dag på samma sätt med olika innehåll, och ingen av raderna gäller; skicka en correction som säger vad som är rätt",
            "the same contact is reported on the same day in the same way with different content, and none of the rows counts; send a correction that says what is right",
        ),
        Code::CancellationOfNothing => Text::new(
            "makuleringen gäller en kontakt som aldrig rapporterats; kontrollera kontakt-id",
            "the cancellation is of a contact that was never reported; check the contact id",
        ),
        _ => Text::new(code.name(), code.name()),
    }
}

fn expected(column: Column) -> (String, String) {
    let both = |sv: &str, en: &str| (sv.to_owned(), en.to_owned());
    match column {
        Column::CareDate | Column::ReportedOn => {
            both("ett datum som 2023-01-31", "a date such as 2023-01-31")
        }
        Column::Kind => {
            let names: Vec<&str> = ContactKind::ALL.iter().map(|kind| kind.name()).collect();
            let names = names.join(", ");
            (format!("något av {names}"), format!("one of {names}"))
        }
        Column::Report => {
            both("new, correction eller cancellation", "new, correction or cancellation")
        }
        Column::Individual | Column::Enrolled | Column::ByTeam => {
            both("ja/nej, 1/0 eller true/false", "ja/nej, 1/0 or true/false")
        }
        Column::GestationalDays => {
            both("ett heltal 0–320, i dagar", "a whole number 0–320, in days")
        }
        Column::Parity => both("ett heltal från 0", "a whole number from 0"),
        _ => both("ett annat värde", "another value"),
    }
}

#[cfg(test)]
mod tests {
    use super::{hide_numbers, hide_within, refuse_numbers, shown_id};

    #[test]
    fn a_text_with_what_may_be_a_personal_number_is_refused_and_days_are_not() {
        for text in [
            "199002041235",
            "fel kvinna: 19900204-1235, se journalen",
            "pnr 900204+1235",
            "pnr 900204 1235",
            "född 1990-02-04 1235",
            "född 1990-02-04 – 1235",
            "1990-02-04-1235",
        ] {
            assert!(refuse_numbers(text).is_err(), "{text}");
        }
        for text in [
            "",
            "sen rapport 2023-01-01 – 2023-12-31",
            "gäller 2023-01 2023-02, 2023-03.",
            "kejsarsnitt, inte vaginal; 2 av 14 200,00 kr",
            "rättas i a-2023-02-3",
        ] {
            assert!(refuse_numbers(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_personal_number_in_the_wrong_column_is_not_told() {
        assert_eq!(hide_numbers("991981000010"), "…");
        assert_eq!(hide_numbers("121212-1212"), "…");
        // An HSA-id holds an organisation number, and is needed to find the fault.
        assert_eq!(hide_numbers("SE2321000016-A1B2"), "SE2321000016-A1B2");
        assert_eq!(hide_numbers("2023-02-30"), "2023-02-30");
        assert_eq!(hide_numbers("19900101–1239"), "…");
        assert_eq!(hide_within("ring 199002041235, tolk 2 ggr"), "ring …, tolk 2 ggr");
        assert_eq!(hide_within("pnr 910707-3331 imorgon"), "pnr … imorgon");
        assert_eq!(hide_within("åter 2023-03-01 kl. 10"), "åter 2023-03-01 kl. 10");
        // A contact id may well have ten digits; it is hidden only where it is a personal number.
        assert_eq!(shown_id("991981000010"), "…");
        assert_eq!((shown_id("1000000000"), shown_id("p-1")), ("1000000000".into(), "p-1".into()));
    }
}
