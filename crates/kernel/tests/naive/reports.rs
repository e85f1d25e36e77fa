//! Reports as text to contacts in force as known on a day.

use super::known::Known;
use super::{Options, RawRow};
use kernel::fact::ContactKind;
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What a report says of a contact, normalised; a blank field is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    pub id: String,
    /// The unit that the code means on the care date (R21): two codes of one unit say the same (R15).
    pub unit: String,
    pub person: String,
    pub kind: ContactKind,
    pub care_date: Day,
    pub profession: String,
    pub drg: String,
    pub main_diagnosis: String,
    pub diagnoses: BTreeSet<String>,
    pub procedures: BTreeSet<String>,
    pub residence: String,
    pub place: String,
    pub individual: Option<bool>,
    pub enrolled: Option<bool>,
    pub by_team: Option<bool>,
    pub gestational_days: Option<i64>,
    pub parity: Option<i64>,
    pub classes: BTreeMap<String, String>,
    pub others: Vec<String>,
}

/// A contact in force and when it was first reported.
pub struct InForce {
    pub contact: Contact,
    pub first_reported_on: Option<Day>,
}

/// The day of a report and what it says; nothing where it cancels.
type Report = (Option<Day>, Option<Contact>);

const NEW: u8 = 0;
const CORRECTION: u8 = 1;
const CANCELLATION: u8 = 2;

/// The contacts in force with care through the last day; counts the rejected rows.
pub fn contacts_in_force(
    known: &Known,
    rows: &[RawRow],
    options: &Options,
    rejected: &mut BTreeMap<String, i64>,
) -> Vec<InForce> {
    let mut reject = |code: &str| *rejected.entry(code.to_owned()).or_default() += 1;
    // By id, day (blank: None, before every day, R17) and kind of report: what the rows say (R15).
    let mut reports: BTreeMap<(String, Option<Day>, u8), Vec<Option<Contact>>> = BTreeMap::new();
    for row in rows {
        // R18, R48: reported after the known-on day: not seen at all.
        let reported_on = Day::parse(field(row, "reported_on"));
        if reported_on.is_some_and(|day| day > options.contacts_known_on) {
            continue;
        }
        // R18, R58: a faulty row with care after the span is not counted; a valid one takes part below.
        let care_date = Day::parse(field(row, "care_date"));
        match read(known, row) {
            Ok((id, kind, contact)) => {
                reports.entry((id, reported_on, kind)).or_default().push(contact);
            }
            Err(_) if care_date.is_some_and(|day| day > options.through) => {}
            Err(code) => reject(code),
        }
    }
    let in_span = |contact: &Contact| contact.care_date <= options.through;
    let mut by_contact: BTreeMap<String, Vec<Report>> = BTreeMap::new();
    for ((id, reported_on, _), contents) in reports {
        if contents.iter().any(|content| *content != contents[0]) {
            // R15, R22: different content on one day rejects all the rows.
            contents
                .iter()
                .flatten()
                .filter(|c| in_span(c))
                .for_each(|_| reject("conflicting-reports"));
        } else {
            // R15: identical rows count once. R14: in the order of (reported_on, new < correction <
            // cancellation).
            let contents = contents.into_iter().take(1).map(|contact| (reported_on, contact));
            by_contact.entry(id).or_default().extend(contents);
        }
    }
    let in_force = |reports: Vec<Report>| {
        // R13, R49: the first report is a new or a correction.
        let first_reported_on = reports.iter().find(|(_, contact)| contact.is_some())?.0;
        // R14: the last report is in force; where it cancels there is no contact.
        let contact = reports.into_iter().last()?.1?;
        Some(InForce { contact, first_reported_on })
    };
    // R18: care after the span is left out.
    by_contact.into_values().filter_map(in_force).filter(|c| in_span(&c.contact)).collect()
}

fn field<'r>(row: &'r RawRow, name: &str) -> &'r str {
    row.fields.get(name).map_or("", |text| text.trim())
}

/// A row as id, kind of report and content (none for a cancellation), or the first fault of R19.
fn read(known: &Known, row: &RawRow) -> Result<(String, u8, Option<Contact>), &'static str> {
    let kind = match field(row, "report") {
        "" | "new" => Some(NEW),
        "correction" => Some(CORRECTION),
        "cancellation" => Some(CANCELLATION),
        _ => None,
    };
    let text = |name| field(row, name).to_owned();
    // R16: a cancellation is checked on contact_id and reported_on only.
    let cancels = kind == Some(CANCELLATION);
    let compulsory: &[&str] = if cancels {
        &["contact_id"]
    } else {
        &["contact_id", "unit", "person", "kind", "care_date"]
    };
    if compulsory.iter().any(|name| field(row, name).is_empty()) {
        return Err("missing-field");
    }
    let reported_on = date(row, "reported_on")?;
    if cancels {
        return Ok((text("contact_id"), CANCELLATION, None));
    }
    let report_kind = kind.ok_or("bad-value")?;
    let care_date = date(row, "care_date")?.ok_or("bad-value")?;
    let mut contact = Contact {
        id: text("contact_id"),
        unit: String::new(),
        kind: ContactKind::parse(field(row, "kind")).ok_or("bad-value")?,
        care_date,
        profession: text("profession"),
        drg: normal_code(field(row, "drg")),
        // R50: the first diagnosis is the main one; otherwise order is no content.
        main_diagnosis: codes(row, "diagnoses").into_iter().next().unwrap_or_default(),
        diagnoses: codes(row, "diagnoses").into_iter().collect(),
        procedures: codes(row, "procedures").into_iter().collect(),
        residence: text("residence"),
        place: text("place"),
        individual: boolean(row, "individual")?,
        enrolled: boolean(row, "enrolled")?,
        by_team: boolean(row, "by_team")?,
        gestational_days: integer(row, "gestational_days", 320)?,
        parity: integer(row, "parity", i64::MAX)?,
        classes: classes(row),
        others: ["team", "planned_unit", "carer", "born_at"].map(text).into(),
        person: person(field(row, "person"), care_date).ok_or("bad-person")?,
    };
    contact.unit = known.unit_of_code(field(row, "unit"), care_date).ok_or("unknown-unit")?;
    if reported_on.is_some_and(|reported_on| care_date > reported_on) {
        return Err("care-date-after-report");
    }
    Ok((contact.id.clone(), report_kind, Some(contact)))
}

fn date(row: &RawRow, name: &str) -> Result<Option<Day>, &'static str> {
    match field(row, name) {
        "" => Ok(None),
        text => Day::parse(text).map(Some).ok_or("bad-value"),
    }
}

/// R53: in any case.
fn boolean(row: &RawRow, name: &str) -> Result<Option<bool>, &'static str> {
    match field(row, name).to_lowercase().as_str() {
        "" => Ok(None),
        "1" | "ja" | "true" => Ok(Some(true)),
        "0" | "nej" | "false" => Ok(Some(false)),
        _ => Err("bad-value"),
    }
}

/// R19: from 0 to `most`.
fn integer(row: &RawRow, name: &str, most: i64) -> Result<Option<i64>, &'static str> {
    let text = field(row, name);
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = text.parse::<i64>().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()));
    number.filter(|number| (0..=most).contains(number)).map(Some).ok_or("bad-value")
}

/// R25: upper case without dots.
fn normal_code(text: &str) -> String {
    text.replace('.', "").to_uppercase()
}

fn codes(row: &RawRow, name: &str) -> Vec<String> {
    field(row, name).split_whitespace().map(normal_code).collect()
}

fn classes(row: &RawRow) -> BTreeMap<String, String> {
    let class = |(name, text): (&String, &String)| {
        let value = text.trim();
        let name = name.strip_prefix("class_")?;
        (!value.is_empty()).then(|| (name.to_lowercase(), value.to_owned()))
    };
    row.fields.iter().filter_map(class).collect()
}

/// R20, R50, R59: twelve digits or the pseudonym; none for what is no person.
fn person(text: &str, care_date: Day) -> Option<String> {
    if let Some(name) = text.strip_prefix("p-") {
        return (!name.is_empty()).then(|| text.to_owned());
    }
    let mut characters: Vec<char> = text.chars().collect();
    let before_last_four = characters.len().checked_sub(5)?;
    let separator = Some(characters[before_last_four]).filter(|c| ['-', '+'].contains(c));
    if separator.is_some() {
        characters.remove(before_last_four);
    }
    let digits: Vec<i32> = characters
        .iter()
        .map(|c| c.to_digit(10).and_then(|d| i32::try_from(d).ok()))
        .collect::<Option<_>>()?;
    let text: String = characters.into_iter().collect();
    if text.len() == 12 && text.starts_with("99") {
        // R59: a reserve number checks over positions 5–11 and has no separator.
        return (separator.is_none() && check_digit(&digits[4..11]) == digits[11]).then_some(text);
    }
    if ![10, 12].contains(&text.len()) {
        return None;
    }
    let ten = &digits[digits.len() - 10..];
    if check_digit(&ten[..9]) != ten[9] {
        return None;
    }
    let (of_century, month, day) =
        (ten[0] * 10 + ten[1], ten[2] * 10 + ten[3], ten[4] * 10 + ten[5]);
    let day = if day > 60 { day - 60 } else { day };
    let century = if text.len() == 12 {
        digits[0] * 10 + digits[1]
    } else {
        // R50: the latest century that does not put the birth after the care.
        let not_after =
            |century: &i32| (century * 100 + of_century, month, day) <= care_date.civil();
        (0..=99).rev().find(not_after)? - i32::from(separator == Some('+'))
    };
    Day::new(century * 100 + of_century, month, day)?;
    Some(format!("{century:02}{}", &text[text.len() - 10..]))
}

/// The Luhn digit: every other digit doubled from the first on, digit sums added, up to the next ten.
fn check_digit(digits: &[i32]) -> i32 {
    let mut sum = 0;
    for (place, digit) in digits.iter().enumerate() {
        let product = if place % 2 == 0 { digit * 2 } else { *digit };
        sum += product / 10 + product % 10;
    }
    (10 - sum % 10) % 10
}
