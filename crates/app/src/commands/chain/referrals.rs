//! Files of referrals: from a row to a referral, or to what is wrong with it.
//!
//! Owns: the columns, what each field may hold, and entering what is right. Does not own: who is eligible, or what may be entered twice
//! (`follow::need`).

use super::sheet::{Column, Fault, Row, rows};
use crate::data::{Care, DataFolder};
use crate::failure::Failure;
use crate::findings::hide_within;
use follow::need::chain::Event;
use follow::need::course::{Step, Taken};
use follow::need::{Answer, Fear, Occasion, Referral, Social};
use kernel::finding::{Code, Finding, Severity, Text};
use kernel::intake::{normalise_person, read_boolean, read_day, read_whole};
use kernel::time::Day;

const fn column(
    name: &'static str,
    aliases: &'static [&'static str],
    is_compulsory: bool,
) -> Column {
    Column { name, aliases, is_compulsory }
}

/// The columns of a file of referrals.
pub(super) const COLUMNS: [Column; 19] = [
    column("referral_id", &["remiss_id"], true),
    column("report", &["rapport"], false),
    column("person", &["personnummer"], true),
    column("clinic", &["mottagande_klinik", "klinik"], false),
    column("received_on", &["mottagen"], true),
    column("from_unit", &["remitterande_enhet", "från_enhet"], false),
    column("occasion", &["tillfälle"], false),
    column("due_on", &["beräknad_förlossning", "bf"], true),
    column("fobs_1", &["vas_1"], false),
    column("fobs_2", &["vas_2"], false),
    column("fear", &["rädsla", "förlossningsrädsla"], false),
    column("wants_vaginal", &["önskar_vaginal"], false),
    column("born_abroad", &["född_utomlands"], false),
    column("unemployed", &["arbetslös"], false),
    column("single_parent", &["ensamstående_förälder"], false),
    column("moved_in", &["inflyttad"], false),
    column("low_education", &["låg_utbildning"], false),
    column("residence", &["folkbokföring", "kommunkod"], false),
    column("note", &["anteckning"], false),
];

/// Of `follow::need::Social::ALL`, in order.
const SOCIAL: [&str; 5] =
    ["born_abroad", "unemployed", "single_parent", "moved_in", "low_education"];
/// Days from the last birth that a referral can be about to its receipt, and back.
const LONGEST: i32 = 310;

/// What a file gave.
#[derive(Debug, Default)]
pub struct Referred {
    /// Rows.
    pub rows: usize,
    /// Referrals and corrections that were entered.
    pub entered: usize,
    /// Rows that say what is known already.
    pub unchanged: usize,
    /// What is wrong with the others.
    pub findings: Vec<Finding>,
}

/// A row that could be read.
enum Read {
    Referral(Referral),
    Withdrawal(Taken),
}

/// Enters a file: what is right of it, at once.
pub fn refer(
    data: &DataFolder,
    care: &mut Care,
    (name, bytes): (&str, &[u8]),
    on: Day,
    by: &str,
) -> Result<Referred, Failure> {
    let rules = data.chain_rules(on)?;
    let rows = rows(name, bytes, &COLUMNS)?;
    let mut result = Referred { rows: rows.len(), ..Referred::default() };
    let mut read = Vec::new();
    for row in &rows {
        match read_row(row, care.clinic(), on, by) {
            Ok(one) => read.push((row.line, one)),
            Err(finding) => result.findings.push(*finding),
        }
    }
    let numbers: Vec<String> = read.iter().map(|(_, one)| one.person().to_owned()).collect();
    let pseudonyms = data.care_pseudonyms(&numbers)?;
    let mut chain = care.chain.clone();
    let mut events = Vec::new();
    for ((line, one), person) in read.into_iter().zip(pseudonyms) {
        let event = match one {
            Read::Referral(referral) => Event::Referred(Referral { person, ..referral }),
            Read::Withdrawal(taken) => Event::Taken(taken),
        };
        let is_known = matches!(&event, Event::Referred(new)
            if chain.cases.get(&new.id).is_some_and(|case| case.referral == *new));
        if is_known {
            result.unchanged += 1;
            continue;
        }
        match chain.admits(&event, rules.decided()) {
            Ok(()) => {
                chain.take(event.clone());
                events.push(event);
            }
            Err(refusal) => {
                let mut finding = Finding::new(Code::BadValue, Severity::Error, refusal.text());
                (finding.line, finding.field) = (line, Some("referral_id".to_owned()));
                result.findings.push(finding);
            }
        }
    }
    result.entered = events.len();
    if !events.is_empty() {
        care.keep(events, by)?;
    }
    for finding in &mut result.findings {
        name.clone_into(&mut finding.file);
    }
    result.findings.sort();
    Ok(result)
}

impl Read {
    /// The person, normalised; a withdrawal needs none.
    fn person(&self) -> &str {
        match self {
            Self::Referral(referral) => &referral.person,
            Self::Withdrawal(_) => "p-",
        }
    }
}

fn read_row(row: &Row, clinic: &str, on: Day, by: &str) -> Result<Read, Fault> {
    let id = compulsory(row, "referral_id")?;
    if !id.starts_with("p-") && normalise_person(id, on).is_ok() {
        return Err(row.fault(
            Code::BadValue,
            "referral_id",
            "remissens id får inte vara ett personnummer; ge remissen ett eget nummer",
            "the id of a referral may not be a personal number; give the referral a number of its own",
        ));
    }
    let to = row.cell("clinic");
    if !to.is_empty() && to != clinic {
        return Err(row.fault(
            Code::UnknownUnit,
            "clinic",
            &format!("remissen är till en annan klinik än `{clinic}`, vars fack det här är; skicka den dit"),
            &format!("the referral is to another clinic than `{clinic}`, whose compartment this is; send it there"),
        ));
    }
    let received_on = day(row, "received_on")?;
    if received_on > on {
        return Err(row.fault(
            Code::BadValue,
            "received_on",
            "dagen har inte varit än; skriv dagen då remissen kom",
            "the day has not been yet; write the day the referral came",
        ));
    }
    match row.cell("report") {
        "" | "new" | "correction" | "ny" | "rättelse" => {
            Ok(Read::Referral(referral(row, id, received_on)?))
        }
        "cancellation" | "makulering" => Ok(Read::Withdrawal(Taken {
            referral: id.to_owned(),
            step: Step::Withdraw,
            on: received_on,
            team: String::new(),
            month: None,
            note: hide_within(row.cell("note")),
            by: by.to_owned(),
        })),
        _ => Err(row.fault(
            Code::BadValue,
            "report",
            "här väntas new, correction eller cancellation",
            "expected new, correction or cancellation",
        )),
    }
}

fn referral(row: &Row, id: &str, received_on: Day) -> Result<Referral, Fault> {
    let person = normalise_person(compulsory(row, "person")?, received_on).map_err(|_| {
        row.fault(
            Code::BadPerson,
            "person",
            "ingen person: person-, samordnings- eller reservnummer med rätt kontrollsiffra, eller p-…, väntas",
            "no person: a personal, coordination or reserve number with the right check digit, or p-…, is expected",
        )
    })?;
    let due_on = day(row, "due_on")?;
    if (due_on.number() - received_on.number()).abs() > LONGEST {
        return Err(row.fault(
            Code::BadValue,
            "due_on",
            "beräknad förlossning ligger mer än 310 dagar från det att remissen kom; rätta den ena dagen",
            "the expected birth is more than 310 days from the day the referral came; mend one of the days",
        ));
    }
    let mut social = [Answer::Blank; 5];
    for (answer, name) in social.iter_mut().zip(SOCIAL) {
        *answer = answered(row, name)?;
    }
    Ok(Referral {
        id: id.to_owned(),
        person,
        from_unit: hide_within(row.cell("from_unit")),
        received_on,
        occasion: occasion(row)?,
        due_on,
        scales: scales(row)?,
        fear: fear(row)?,
        wants_vaginal: answered(row, "wants_vaginal")?,
        social,
        residence: residence(row)?,
        note: hide_within(row.cell("note")),
    })
}

fn compulsory<'r>(row: &'r Row, name: &'static str) -> Result<&'r str, Fault> {
    match row.cell(name) {
        "" => Err(row.fault(
            Code::MissingField,
            name,
            "fältet är tomt men måste finnas; fyll i det och skicka raden igen",
            "the field is blank but compulsory; fill it in and send the row again",
        )),
        value => Ok(value),
    }
}

fn day(row: &Row, name: &'static str) -> Result<Day, Fault> {
    read_day(compulsory(row, name)?).ok_or_else(|| {
        row.fault(
            Code::BadValue,
            name,
            "här väntas ett datum som 2024-05-15",
            "a date such as 2024-05-15 is expected",
        )
    })
}

fn answered(row: &Row, name: &'static str) -> Result<Answer, Fault> {
    match row.cell(name) {
        "" => Ok(Answer::Blank),
        text => match read_boolean(text) {
            Some(true) => Ok(Answer::Yes),
            Some(false) => Ok(Answer::No),
            None => Err(row.fault(
                Code::BadValue,
                name,
                "här väntas ja, nej eller tomt (ingen uppgift)",
                "ja, nej or blank (nothing said) is expected",
            )),
        },
    }
}

fn occasion(row: &Row) -> Result<Occasion, Fault> {
    Ok(match row.cell("occasion").to_lowercase().as_str() {
        "enrolment" | "inskrivning" => Occasion::Enrolment,
        "week-16" | "vecka-16" | "vecka 16" => Occasion::Week16,
        "own-interest" | "egen-intresseanmälan" | "egen intresseanmälan" => Occasion::OwnInterest,
        "" | "other" | "annat" => Occasion::Other,
        _ => {
            return Err(row.fault(
                Code::BadValue,
                "occasion",
                "här väntas enrolment, week-16, own-interest eller other",
                "enrolment, week-16, own-interest or other is expected",
            ));
        }
    })
}

fn fear(row: &Row) -> Result<Option<Fear>, Fault> {
    Ok(match row.cell("fear").to_lowercase().as_str() {
        "" => None,
        "mild" | "lätt" => Some(Fear::Mild),
        "moderate" | "måttlig" => Some(Fear::Moderate),
        "severe" | "svår" => Some(Fear::Severe),
        "phobia" | "fobi" => Some(Fear::Phobia),
        _ => {
            return Err(row.fault(
                Code::BadValue,
                "fear",
                "här väntas mild (lätt), moderate (måttlig), severe (svår), phobia (fobi) eller tomt",
                "mild, moderate, severe, phobia or blank is expected",
            ));
        }
    })
}

/// Both scales or none: one alone has no mean.
fn scales(row: &Row) -> Result<Option<[u8; 2]>, Fault> {
    let [first, second] = ["fobs_1", "fobs_2"].map(|name| (name, row.cell(name)));
    if first.1.is_empty() && second.1.is_empty() {
        return Ok(None);
    }
    let scale = |(name, text): (&'static str, &str)| {
        let number = read_whole(text).filter(|number| (0..=100).contains(number));
        number.and_then(|number| u8::try_from(number).ok()).ok_or_else(|| {
            row.fault(
                Code::BadValue,
                name,
                "här väntas ett heltal 0–100; FOBS är medelvärdet av två skalor, så båda behövs eller ingen",
                "a whole number 0–100 is expected; FOBS is the mean of two scales, so both are needed or none",
            )
        })
    };
    Ok(Some([scale(first)?, scale(second)?]))
}

fn residence(row: &Row) -> Result<String, Fault> {
    let text = row.cell("residence");
    let is_code = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if text.is_empty() || is_code {
        return Ok(text.to_owned());
    }
    Err(row.fault(
        Code::BadValue,
        "residence",
        "här väntas fyra siffror (län och kommun), eller tomt",
        "four digits (county and municipality), or blank, are expected",
    ))
}

/// What stands in each column, in words.
pub(super) fn values(name: &str) -> Text {
    let social = SOCIAL.iter().zip(Social::ALL).find(|(known, _)| **known == name);
    if let Some((_, social)) = social {
        let Text { sv, en } = social.text();
        return Text::new(
            format!("ja, nej eller tomt; ja: {sv}"),
            format!("ja, nej or blank; ja: {en}"),
        );
    }
    let (sv, en) = match name {
        "referral_id" => ("text, unik hos kliniken", "text, unique at the clinic"),
        "report" => (
            "new (förval) | correction | cancellation",
            "new (default) | correction | cancellation",
        ),
        "person" => (
            "person-, samordnings- eller reservnummer, eller p-…",
            "personal, coordination or reserve number, or p-…",
        ),
        "clinic" => ("den mottagande klinikens id", "id of the receiving clinic"),
        "received_on" | "due_on" => ("datum, 2024-05-15", "date, 2024-05-15"),
        "occasion" => (
            "enrolment | week-16 | own-interest | other (förval)",
            "enrolment | week-16 | own-interest | other (default)",
        ),
        "fobs_1" | "fobs_2" => ("heltal 0–100, båda eller ingen", "0–100, both or none"),
        "fear" => ("mild | moderate | severe | phobia", "mild | moderate | severe | phobia"),
        "residence" => ("fyra siffror", "four digits"),
        "from_unit" | "note" => ("fri text", "text"),
        _ => ("ja, nej eller tomt", "ja, nej or blank"),
    };
    Text::new(sv, en)
}
