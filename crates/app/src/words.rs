//! The words that people read for the codes that programs read.
//!
//! Owns: Swedish for causes, reasons, finding codes and keys in tables. The codes themselves stay in JSON
//! and CSV, and in English.

use crate::output::{Cell, Lang};
use kernel::fact::{Approval, Area, Form, LegalForm, UnitKind};
use kernel::finding::{Code, Severity, Text};
use kernel::price::{Key, Marks, Reason};
use kernel::settle::Cause;
use std::collections::BTreeSet;

/// Why something is paid now.
pub fn cause(lang: Lang, cause: Cause) -> Cell {
    let sv = match cause {
        Cause::Current => "löpande",
        Cause::LateReport => "sen rapport",
        Cause::ChangedReport => "ändrad rapport",
        Cause::CancelledReport => "makulering",
        Cause::Agreement => "avtal",
        Cause::Decision => "beslut",
    };
    Cell::of(lang.pick(sv, cause.name()), cause.name())
}

/// Yes or no; `true` and `false` for programs.
pub fn yes_no(lang: Lang, value: bool) -> Cell {
    let shown = if value { lang.pick("ja", "yes") } else { lang.pick("nej, skugga", "no, shadow") };
    Cell::of(shown, if value { "true" } else { "false" })
}

/// The marks of an amount.
pub fn marks(lang: Lang, marks: Marks) -> Cell {
    let (shown, plain) = match (marks.illustrative, marks.unverified) {
        (true, _) => (lang.pick("illustrativ", "illustrative"), "illustrative"),
        (false, true) => (lang.pick("ej verifierad", "unverified"), "unverified"),
        (false, false) => ("", ""),
    };
    Cell::of(shown, plain)
}

/// How grave a finding is.
pub fn severity(lang: Lang, severity: Severity) -> &'static str {
    let sv = match severity {
        Severity::Error => "fel",
        Severity::Warning => "varning",
        Severity::Note => "upplysning",
    };
    lang.pick(sv, severity.name())
}

/// The most ids of a list that people are shown.
const SHOWN: usize = 3;

/// Some ids, parted by spaces; people see the first of them and how many more there are.
pub fn list(lang: Lang, ids: &BTreeSet<String>) -> Cell {
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    let more = all.len().saturating_sub(SHOWN);
    let mut shown = all.iter().take(SHOWN).copied().collect::<Vec<_>>().join(" ");
    if more > 0 {
        shown = format!("{shown} +{more} {}", lang.pick("till", "more"));
    }
    Cell::of(&shown, &all.join(" "))
}

/// Why a contact has no price, with its code.
pub fn reason(lang: Lang, reason: Reason) -> String {
    let sv = match reason {
        Reason::NoAgreement => "inget avtal den dagen",
        Reason::TooLate => "rapporterad för sent",
        Reason::NoPayer => "ingen betalare",
        Reason::NoWeight => "vikt saknas",
        Reason::IncludedInPeriod => "ingår i periodersättning",
        Reason::NoGestationalDays => "graviditetslängd saknas",
        Reason::NoRate => "ingen ersättningsnivå",
    };
    coded(lang, sv, reason.name())
}

/// What is wrong with a row, with its code.
pub fn code(lang: Lang, code: Code) -> String {
    let sv = match code {
        Code::MissingField => "fält saknas",
        Code::BadValue => "oläsligt värde",
        Code::BadPerson => "felaktigt personnummer",
        Code::UnknownUnit => "okänd enhet",
        Code::CareDateAfterReport => "vård efter rapporten",
        Code::ConflictingReports => "motstridiga rapporter",
        Code::CancellationOfNothing => "makulering av okänd kontakt",
        Code::TwoBirths => "två förlossningar inom 20 veckor",
        Code::SecondDelivery => "två förlossningskontakter för en förlossning",
        Code::LikelyDuplicate => "trolig dubblett",
        Code::DeliveryWithoutDiagnosis => "förlossnings-DRG utan förlossningskod",
        Code::DeliveryWithoutOutcome => "förlossnings-DRG utan Z37",
        Code::DeliveryWithoutDrg => "förlossning utan förlossnings-DRG",
        Code::ImplausibleGestationalAge => "orimlig graviditetslängd",
        Code::PregnancyDatesDisagree => "graviditetsdagar som inte stämmer",
        Code::UnknownCode => "okänd kod",
        Code::UnknownResidence => "okänd folkbokföring",
        Code::ImplausibleAge => "orimlig ålder",
        other => match Reason::ALL.iter().find(|reason| reason.name() == other.name()) {
            Some(of_price) => return reason(lang, *of_price),
            None => return other.name().to_owned(),
        },
    };
    coded(lang, sv, code.name())
}

/// A finding by its stable name.
pub fn finding(lang: Lang, name: &str) -> Cell {
    let shown = Code::parse(name).map_or_else(|| name.to_owned(), |of_name| code(lang, of_name));
    Cell::of(&shown, name)
}

fn coded(lang: Lang, sv: &str, name: &str) -> String {
    match lang {
        Lang::Sv => format!("{sv} ({name})"),
        Lang::En => name.to_owned(),
    }
}

/// A key of a condition, in Swedish.
pub fn key(key: Key) -> &'static str {
    match key {
        Key::Unit => "enhet",
        Key::Holds => "uppdrag",
        Key::Area => "avtalsområde",
        Key::AreaClass => "områdesklass",
        Key::Kind => "kontakttyp",
        Key::Drg => "DRG",
        Key::Diagnosis => "diagnos",
        Key::Procedure => "åtgärd",
        Key::Place => "plats",
        Key::Profession => "yrkeskategori",
        Key::Residence => "folkbokföring",
        Key::ByTeam => "av teamet",
        Key::Enrolled => "inskriven",
        Key::Individual => "individuellt besök",
        Key::Parity => "paritet",
        Key::GestationalDays => "graviditetsdagar",
        Key::Class => "klass",
    }
}

/// An area of agreements, in Swedish.
pub fn area(area: Area) -> &'static str {
    match area {
        Area::Delivery => "förlossning",
        Area::MidwifeClinic => "barnmorskemottagning",
        Area::Ultrasound => "ultraljud",
        Area::Physiotherapy => "fysioterapi",
    }
}

/// A form of agreement.
pub fn form(form: Form) -> Text {
    let sv = match form {
        Form::CareChoice => "vårdval",
        Form::BudgetAssignment => "uppdrag i regionens budget",
        Form::Procured => "upphandlat",
    };
    Text::new(sv, form.name())
}

/// A legal form.
pub fn legal_form(form: LegalForm) -> Text {
    let sv = match form {
        LegalForm::RegionAdministration => "förvaltning i regionen",
        LegalForm::RegionCompany => "bolag som regionen äger",
        LegalForm::Private => "privat bolag",
        LegalForm::Association => "förbund eller förening",
    };
    Text::new(sv, form.name())
}

/// A kind of clinic.
pub fn unit_kind(kind: UnitKind) -> Text {
    let sv = match kind {
        UnitKind::DeliveryClinic => "förlossningsklinik",
        UnitKind::MidwifeClinic => "barnmorskemottagning",
        UnitKind::UltrasoundClinic => "ultraljudsmottagning",
        UnitKind::Physiotherapy => "fysioterapi",
    };
    Text::new(sv, kind.name())
}

/// Where an assignment stands.
pub fn approval(approval: Approval) -> Text {
    let sv = match approval {
        Approval::Applied => "sökt",
        Approval::Approved => "godkänt",
        Approval::Refused => "avslaget",
    };
    Text::new(sv, approval.name())
}
