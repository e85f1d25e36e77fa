//! What a clinic is told about a contact that is hard to believe.

use super::{Place, placed};
use kernel::contact::Reports;
use kernel::finding::{Code, Finding, Severity, Text};
use kernel::intake::Column;
use kernel::plausible::{EARLIEST_BIRTH, LATEST_BIRTH, ShownBy, Warning};
use kernel::time::Day;

/// The finding of a warning; `unit` is the id of its unit.
pub fn of_warning(
    reports: &Reports,
    warning: &Warning,
    unit: &str,
    file: &str,
    line: u64,
) -> Finding {
    let report = reports.rows().get(warning.row as usize);
    let contact_id = report.map_or("", |report| reports.contact_ids.get(report.contact));
    let other = match &warning.shown_by {
        ShownBy::Other { row, days } => {
            let other = reports.rows().get(*row as usize);
            let id = other.map_or("", |other| reports.contact_ids.get(other.contact));
            Some((super::shown_id(id), *days))
        }
        ShownBy::Itself | ShownBy::Value(..) => None,
    };
    let profile = report.and_then(|report| reports.profile(report.profile));
    let drg = profile.and_then(|profile| profile.drg.as_deref()).unwrap_or("");
    let (column, value) = match &warning.shown_by {
        ShownBy::Value(column, value) => (*column, value.to_string()),
        ShownBy::Other { .. } | ShownBy::Itself => {
            let days = profile.and_then(|profile| profile.gestational_days);
            shown_field(warning.code, [contact_id, drg, unit], days)
        }
    };
    let message = match (warning.code, other) {
        (code, Some((other, days))) => of_pair(code, &other, days),
        (code, None) => of_one(code, column, drg),
    };
    let finding = Finding::new(warning.code, Severity::Warning, message);
    let mut finding = placed(finding, Place { file, line, contact_id }, column, &value);
    finding.witness.unit = Some(unit.to_owned());
    finding.witness.date = report.map(|report| report.care_date);
    finding
}

/// The field that is most likely to be mended.
fn shown_field(
    code: Code,
    [contact_id, drg, unit]: [&str; 3],
    days: Option<i32>,
) -> (Column, String) {
    match code {
        Code::DeliveryWithoutDiagnosis
        | Code::DeliveryWithoutOutcome
        | Code::DeliveryWithoutDrg => (Column::Drg, drg.to_owned()),
        Code::NoGestationalDays | Code::PregnancyDatesDisagree => {
            (Column::GestationalDays, days.map_or_else(String::new, |days| days.to_string()))
        }
        Code::NoAgreement => (Column::Unit, unit.to_owned()),
        _ => (Column::ContactId, contact_id.to_owned()),
    }
}

fn of_pair(code: Code, other: &str, days: i32) -> Text {
    match code {
        Code::TwoBirths => Text::new(
            format!(
                "personen har en förlossning till, kontakt `{other}`, {days} dagar tidigare, och båda betalas; kontrollera personnummer och vårddatum i båda, och rätta eller makulera den som är fel"
            ),
            format!(
                "the person has another delivery, contact `{other}`, {days} days earlier, and both are paid; check person and care date of both, and correct or cancel the one that is wrong"
            ),
        ),
        Code::SecondDelivery => {
            let (sv, en) = if days == 0 {
                ("samma dag", "on the same day")
            } else {
                ("dagen före", "the day before")
            };
            Text::new(
                format!(
                    "personen har redan en förlossningskontakt, `{other}`, {sv}, och båda betalas; tvillingar rapporteras som en enda förlossningskontakt med utfallet i diagnoserna (Z37.2 och följande). Makulera den ena"
                ),
                format!(
                    "the person has a delivery contact already, `{other}`, {en}, and both are paid; twins are reported as one delivery contact with the outcome among the diagnoses (Z37.2 and on). Cancel one of them"
                ),
            )
        }
        Code::LikelyDuplicate => Text::new(
            format!(
                "kontakt `{other}` har samma person, enhet, kontakttyp och dag, och båda betalas; makulera den ena om det är samma besök, annars behöver inget göras"
            ),
            format!(
                "contact `{other}` has the same person, unit, kind and day, and both are paid; cancel one of them if it is the same visit, otherwise there is nothing to do"
            ),
        ),
        _ => {
            let days = days.abs();
            Text::new(
                format!(
                    "graviditetsdagarna passar inte med dem i kontakt `{other}`: de två ger starter som skiljer {days} dagar; kontrollera dagar och datum i båda och skicka en correction. Är det en ny graviditet eller en ny datering behöver inget göras"
                ),
                format!(
                    "the days of pregnancy do not fit those of contact `{other}`: the two give starts that are {days} days apart; check days and dates of both and send a correction. If it is a new pregnancy or a new dating, there is nothing to do"
                ),
            )
        }
    }
}

pub(super) fn of_one(code: Code, column: Column, drg: &str) -> Text {
    match code {
        Code::DeliveryWithoutDiagnosis => Text::new(
            format!(
                "DRG `{drg}` är en förlossning, men det finns varken diagnos O80–O84 eller åtgärd MCA, MCB, MAE, MAF, MAG eller MAH; komplettera koderna, eller gruppera om ifall det inte var en förlossning, och skicka en correction"
            ),
            format!(
                "DRG `{drg}` is a delivery, but there is neither a diagnosis O80–O84 nor a procedure MCA, MCB, MAE, MAF, MAG or MAH; add the codes, or group anew if it was no delivery, and send a correction"
            ),
        ),
        Code::DeliveryWithoutOutcome => Text::new(
            format!(
                "DRG `{drg}` är en förlossning, men utfallet Z37 saknas bland diagnoserna; lägg till det och skicka en correction"
            ),
            format!(
                "DRG `{drg}` is a delivery, but the outcome Z37 is missing among the diagnoses; add it and send a correction"
            ),
        ),
        Code::DeliveryWithoutDrg => Text::new(
            "förlossningen har ingen DRG för förlossning (P01, P05 eller P06); gruppera den, eller rätta kontakttypen, och skicka en correction",
            "the delivery has no DRG of delivery (P01, P05 or P06); group it, or mend the kind of contact, and send a correction",
        ),
        Code::ImplausibleGestationalAge => Text::new(
            format!(
                "en förlossning väntas mellan dag {EARLIEST_BIRTH} (22 veckor) och dag {LATEST_BIRTH}; kontrollera graviditetsdagar och vårddatum och skicka en correction"
            ),
            format!(
                "a delivery is expected between day {EARLIEST_BIRTH} (22 weeks) and day {LATEST_BIRTH}; check days of pregnancy and care date and send a correction"
            ),
        ),
        Code::NoAgreement => Text::new(
            "enheten har inget avtal på vårddatumet, och kontakten får inget pris; kontrollera enhet och vårddatum, eller låt avtalsansvarig registrera avtalet så räknas den",
            "the unit is under no agreement on the care date, and the contact has no price; check unit and care date, or have the agreement registered and it counts",
        ),
        Code::NoGestationalDays => Text::new(
            "ett individuellt besök utan graviditetsdagar kan inte räknas i periodersättningen; fyll i dem och skicka en correction",
            "an individual visit without days of pregnancy cannot be counted for period pay; fill them in and send a correction",
        ),
        Code::UnknownCode => unknown_code(column),
        Code::UnknownResidence => Text::new(
            "folkbokföring är varken en kommunkod med fyra siffror eller ett ord som registret har; rätta den och skicka en correction",
            "residence is neither a municipality of four digits nor a word that the register has; mend it and send a correction",
        ),
        _ => Text::new(code.name(), code.name()),
    }
}

fn unknown_code(column: Column) -> Text {
    match column {
        Column::Drg => Text::new(
            "viktlistan har inte den här DRG-koden på vårddatumet; gruppera om och skicka en correction, eller låt avtalsansvarig registrera vikten",
            "the table of weights does not have this DRG on the care date; group anew and send a correction, or have the weight registered",
        ),
        Column::Procedures => Text::new(
            "åtgärden har inte formen av en KVÅ-kod, som MCA10 eller DT027; rätta den och skicka en correction",
            "the procedure does not have the form of a KVÅ code, such as MCA10 or DT027; mend it and send a correction",
        ),
        _ => Text::new(
            "diagnosen har inte formen av en ICD-10-SE-kod, som O80.0 eller Z39.2X; rätta den och skicka en correction",
            "the diagnosis does not have the form of an ICD-10-SE code, such as O80.0 or Z39.2X; mend it and send a correction",
        ),
    }
}

/// The finding of an age, as the personal number gives it, at which hardly anyone is pregnant.
pub fn of_age(place: Place<'_>, age: &str, unit: &str, care_date: Day) -> Finding {
    let message = Text::new(
        format!(
            "personnumret ger åldern {age} år vid vården; kontrollera att det är kvinnans nummer och inte barnets, och skicka en correction"
        ),
        format!(
            "the personal number gives the age {age} at care; check that it is the woman's number and not the child's, and send a correction"
        ),
    );
    let finding = Finding::new(Code::ImplausibleAge, Severity::Warning, message);
    let mut finding = placed(finding, place, Column::Person, "");
    finding.witness.unit = Some(unit.to_owned());
    finding.witness.date = Some(care_date);
    finding
}
