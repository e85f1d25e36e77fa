//! What a clinic is told about a contact in force that has no price.

use super::{Place, placed};
use kernel::contact::Profile;
use kernel::finding::{Code, Finding, Severity, Text};
use kernel::intake::Column;
use kernel::price::Reason;

/// How grave it is that a contact has no price for a reason; `None` where that is as it should be.
pub const fn severity_of(reason: Reason) -> Option<Severity> {
    match reason {
        // It is paid through the visit that took the period (R30).
        Reason::IncludedInPeriod => None,
        // Not every contact is paid by itself.
        Reason::NoRate => Some(Severity::Note),
        Reason::NoAgreement
        | Reason::TooLate
        | Reason::NoPayer
        | Reason::NoWeight
        | Reason::NoGestationalDays => Some(Severity::Warning),
    }
}

/// The finding of a contact that has no price for a reason.
pub fn of_unpriced(
    reason: Reason,
    severity: Severity,
    place: Place<'_>,
    profile: Option<&Profile>,
) -> Option<Finding> {
    let code = Code::parse(reason.name())?;
    let value = |text: Option<&str>| text.unwrap_or("").to_owned();
    let (column, value) = match reason {
        Reason::NoAgreement => (Column::Unit, String::new()),
        Reason::TooLate => (Column::ReportedOn, String::new()),
        Reason::NoPayer => {
            (Column::Residence, value(profile.and_then(|profile| profile.residence.as_deref())))
        }
        Reason::NoWeight => {
            (Column::Drg, value(profile.and_then(|profile| profile.drg.as_deref())))
        }
        Reason::NoGestationalDays => (Column::GestationalDays, String::new()),
        Reason::IncludedInPeriod | Reason::NoRate => {
            (Column::Kind, value(profile.map(|profile| profile.kind.name())))
        }
    };
    let finding = Finding::new(code, severity, message(code));
    Some(placed(finding, place, column, &value))
}

fn message(code: Code) -> Text {
    match code {
        Code::TooLate => Text::new(
            "kontakten rapporterades först senare än avtalet tillåter, och betalas inte; en rättelse ändrar inte det",
            "the contact was first reported later than the agreement allows, and is not paid; a correction does not change that",
        ),
        Code::NoPayer => Text::new(
            "ingen betalare passar folkbokföringen; rätta den och skicka en correction, eller låt avtalsansvarig registrera betalaren",
            "no payer fits the residence; mend it and send a correction, or have the payer registered",
        ),
        Code::NoWeight => Text::new(
            "en vikt som ersättningen räknas med saknas på vårddatumet; kontrollera DRG och klasser och skicka en correction, eller låt avtalsansvarig registrera vikten",
            "a weight that the pay is computed with is missing on the care date; check DRG and classes and send a correction, or have the weight registered",
        ),
        Code::NoRate => Text::new(
            "ingen ersättningsnivå gäller en sådan kontakt den dagen; kontrollera kontakttyp och enhet. Ska den inte ersättas för sig behöver inget göras",
            "no rate applies to such a contact on the day; check kind and unit. If it is not to be paid by itself, there is nothing to do",
        ),
        code => super::warned::of_one(code, Column::Unit, ""),
    }
}
