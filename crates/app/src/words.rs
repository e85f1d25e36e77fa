//! The words that people read for the codes that programs read.
//!
//! Owns: Swedish for causes, reasons, finding codes and keys in tables. The codes themselves stay in JSON
//! and CSV, and in English.

use crate::output::{Cell, Lang};
use kernel::fact::{
    ActKind, AllocationRule, Approval, Area, Bound, ContactKind, Decision, Form, LegalForm, Theme,
    UnitKind,
};
use kernel::finding::{Code, Severity, Text};
use kernel::grant::{Breach, BreachKind, ReportState};
use kernel::journal::{Deed, DeedKind, DisputeState, PaymentState};
use kernel::ledger::Account;
use kernel::price::{Key, Marks, Reason};
use kernel::settle::Cause;
use std::collections::BTreeSet;

/// Which of some names may be meant, to end a message with; nothing where none is near.
pub fn near<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Text {
    match kernel::intake::near(name, names) {
        Some(near) => {
            Text::new(format!("; närmast är `{near}`"), format!("; the nearest is `{near}`"))
        }
        None => Text::new("", ""),
    }
}

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

/// What somebody looked at, by the name it has in the access log; the name itself where we have no word for it.
pub fn access(lang: Lang, action: &str) -> Cell {
    let sv = match action {
        "bundle" => "kvitto",
        "dispute" => "invändning",
        "explain" => "förklaring",
        "export parquet" => "uttag som Parquet",
        "findings" => "avvikelser",
        "import" => "inläsning",
        "lines" => "rader i en avräkning",
        "replay" => "omräkning",
        "statement" => "besked",
        _ => action,
    };
    Cell::of(if lang == Lang::Sv { sv } else { action }, action)
}

/// What is done with the money of a grant.
pub fn act(kind: ActKind) -> Text {
    let sv = match kind {
        ActKind::Receive => "mottaget",
        ActKind::Reallocate => "omfördelat",
        ActKind::Pay => "utbetalt",
        ActKind::Use => "förbrukat",
        ActKind::Report => "redovisat",
        ActKind::Return => "återbetalt till regionen",
        ActKind::Carry => "överfört till nästa år",
        ActKind::Repay => "återbetalt till staten",
        ActKind::Account => "återrapporterat",
    };
    Text::new(sv, kind.name())
}

/// A limit of a grant that is exceeded, with the day and by how much.
pub fn breach(breach: &Breach) -> Text {
    let Breach { day, kind, id, by } = breach;
    let (sv, en) = match kind {
        BreachKind::Overdrawn => (
            format!("`{id}` är övertrasserad med {by}; omfördela till posten först"),
            format!("`{id}` is overdrawn by {by}; move money to the post first"),
        ),
        BreachKind::MandateExceeded => (
            format!("mandatet `{id}` överskrids med {by}; ett nytt mandat behövs"),
            format!("the mandate `{id}` is exceeded by {by}; a new mandate is needed"),
        ),
        BreachKind::OutsideMandate => (
            format!(
                "{by} ligger utanför mandatet `{id}`: det är okänt, gäller inte den dagen eller inte posten"
            ),
            format!(
                "{by} is outside the mandate `{id}`: it is unknown, not valid on the day or not over the post"
            ),
        ),
        BreachKind::ReportedTooMuch => (
            format!("`{id}`: {by} mer redovisas och betalas tillbaka än mottagarna har fått"),
            format!("`{id}`: {by} more is reported and paid back than the recipients got"),
        ),
        BreachKind::RepaidTooMuch => (
            format!("`{id}`: {by} mer återbetalas och överförs än vad som finns kvar"),
            format!("`{id}`: {by} more is repaid and carried forward than remains"),
        ),
        BreachKind::CarryNotPermitted => (
            format!(
                "`{id}`: {by} får inte föras över till nästa år; statsbidraget anger inte `carry_forward`"
            ),
            format!(
                "`{id}`: {by} may not be carried forward; the grant does not say `carry_forward`"
            ),
        ),
        BreachKind::Waits => (
            format!("`{id}` väntar på ett beslut som inte är känt; inget får tas från posten"),
            format!("`{id}` waits for a decision that is not known; nothing may be taken from it"),
        ),
        BreachKind::UnknownPost => (
            format!("statsbidraget har ingen beslutad post `{id}`"),
            format!("the grant has no decided post `{id}`"),
        ),
    };
    Text::new(format!("{day}: {sv}"), format!("{day}: {en}"))
}

/// Where a report stands.
pub fn report_state(lang: Lang, state: ReportState) -> Cell {
    let shown = match state {
        ReportState::Awaited => lang.pick("väntas", "awaited").to_owned(),
        ReportState::Overdue => lang.pick("försenad", "overdue").to_owned(),
        ReportState::Given(on) => format!("{} {on}", lang.pick("lämnad", "given")),
    };
    Cell::of(&shown, state.name())
}

/// Yes or no; `true` and `false` for programs.
pub fn yes_no(lang: Lang, value: bool) -> Cell {
    let shown = if value { lang.pick("ja", "yes") } else { lang.pick("nej, skugga", "no, shadow") };
    Cell::of(shown, if value { "true" } else { "false" })
}

/// The marks of what a decision states.
pub fn marks_of(decision: &Decision) -> Marks {
    Marks { illustrative: decision.illustrative, unverified: !decision.unverified.is_empty() }
}

/// The marks of an amount. Programs are told the graver one alone (docs/formats.md).
pub fn marks(lang: Lang, marks: Marks) -> Cell {
    let (shown, plain) = match (marks.illustrative, marks.unverified) {
        (true, true) => {
            (lang.pick("illustrativ, ej verifierad", "illustrative, unverified"), "illustrative")
        }
        (true, false) => (lang.pick("illustrativ", "illustrative"), "illustrative"),
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
    coded(lang, &without_price(reason).sv, reason.name())
}

/// Why a contact has no price.
pub fn without_price(reason: Reason) -> Text {
    let sv = match reason {
        Reason::NoAgreement => "inget avtal den dagen",
        Reason::TooLate => "rapporterad för sent",
        Reason::NoPayer => "ingen betalare",
        Reason::NoWeight => "vikt saknas",
        Reason::IncludedInPeriod => "ingår i periodersättning",
        Reason::NoGestationalDays => "graviditetslängd saknas",
        Reason::NoRate => "ingen ersättningsnivå",
    };
    Text::new(sv, reason.name().replace('-', " "))
}

/// What is wrong with a row, with its code.
pub fn code(lang: Lang, code: Code) -> String {
    let sv = match code {
        Code::MissingField => "fält saknas",
        Code::BadValue => "oläsligt värde",
        Code::BadPerson => "felaktigt personnummer",
        Code::UnknownUnit => "okänd enhet",
        Code::CareDateAfterReport => "vård efter rapporten",
        Code::ReportedAhead => "rapporterad en dag som inte varit",
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

/// A kind of contact.
pub fn contact_kind(kind: ContactKind) -> Text {
    let (sv, en) = match kind {
        ContactKind::Delivery => ("förlossning", "delivery"),
        ContactKind::MidwifeVisit => ("barnmorskebesök", "midwife visit"),
        ContactKind::DoctorVisit => ("läkarbesök", "doctor visit"),
        ContactKind::GroupVisit => ("gruppbesök", "group visit"),
        ContactKind::PostnatalVisit => ("eftervårdsbesök", "postnatal visit"),
        ContactKind::HomeVisit => ("hembesök", "home visit"),
        ContactKind::Ultrasound => ("ultraljud", "ultrasound"),
        ContactKind::PhysiotherapyVisit => ("fysioterapibesök", "physiotherapy visit"),
        ContactKind::Phone => ("telefon", "phone"),
        ContactKind::Inpatient => ("slutenvård", "inpatient care"),
        ContactKind::Other => ("annan kontakt", "other contact"),
    };
    Text::new(sv, en)
}

/// An assignment by its name in the register; a region's own names stand as they are.
pub fn assignment(name: &str) -> Text {
    match name {
        "base" => Text::new("grunduppdrag", "base"),
        "continuity" => Text::new("sammanhållen vårdkedja", "continuity"),
        "home-birth" => Text::new("hemförlossning", "home birth"),
        name => Text::new(name, name),
    }
}

/// A kind of fact of the register.
pub fn fact_kind(kind: &str) -> Text {
    let sv = match kind {
        "decision" => "beslut",
        "provider" => "vårdgivare",
        "unit" => "enhet",
        "agreement" => "avtal",
        "assignment" => "uppdrag",
        "capacity" => "kapacitetsplan",
        "rate" => "ersättningsnivå",
        "weight" => "vikt",
        "key" => "fördelningsnyckel",
        "payer" => "betalare",
        "appropriation" => "anslag",
        "commission" => "uppdrag till någon",
        "eligibility" => "målgrupp",
        "grant" => "statsbidrag",
        "focus_area" => "insatsområde",
        "heading" => "rubrik",
        "item" => "post",
        "mandate" => "mandat",
        "grant_act" => "åtgärd med statsbidrag",
        "account" => "konto",
        "payee" => "betalningsuppgift",
        "target" => "målnivå",
        "disclosure" => "röjandekontroll",
        "indicator" => "indikator",
        same => same,
    };
    Text::new(sv, kind.replace('_', " "))
}

/// How the amount of a heading or an item of a grant is formed.
pub fn rule(rule: &AllocationRule) -> Text {
    let sv = match rule {
        AllocationRule::Fixed { .. } => "fast belopp",
        AllocationRule::PerUnit { .. } => "per enhet",
        AllocationRule::Share { .. } => "del av en pott",
        AllocationRule::Percent { .. } => "procent",
        AllocationRule::Remainder => "resten",
        AllocationRule::Mandate { .. } => "efter mandat",
    };
    Text::new(sv, rule.name())
}

/// The same as a cell.
pub fn rule_cell(lang: Lang, rule: &AllocationRule) -> Cell {
    Cell::of(lang.of(&self::rule(rule)), rule.name())
}

/// A key of a ratebook, where a decision says that no source confirms it; keys without a word of their own stand as they are.
pub fn stated_key(key: &str) -> Text {
    let sv = match key {
        "known_from" => "känt fr.o.m.",
        "valid_from" => "gäller fr.o.m.",
        "valid_to" => "gäller t.o.m.",
        "when" => "villkor",
        "amount" => "belopp",
        "body" => "instans",
        "legal_form" => "juridisk form",
        "due" => "senast",
        "value" => "värde",
        "rounding" => "avrundning",
        "pay" => "när det betalas",
        "name" => "namn",
        "municipality" => "kommun",
        "backward_months" => "månader bakåt",
        "area_class" => "områdesklass",
        "on" => "dag",
        "to" => "mottagare",
        "of" => "vad det räknas på",
        "key" => "fördelningsnyckel",
        "deliveries" => "antal förlossningar",
        "weights" => "vikter",
        "steps" => "steg",
        "threshold" => "gräns",
        "formula" => "form",
        "provider" => "vårdgivare",
        "org_number" => "organisationsnummer",
        "financed_by" => "finansiering",
        "requires" => "förutsätter",
        "women_per_midwife" => "kvinnor per barnmorska",
        "team" => "teamets storlek",
        "per_year" => "per år",
        same => same,
    };
    Text::new(sv, key.replace('_', " "))
}

/// A value of a class column; a region's own values stand as they are.
pub fn class_value(value: &str) -> Text {
    match value {
        "yes" => Text::new("ja", "yes"),
        "no" => Text::new("nej", "no"),
        value => Text::new(value, value),
    }
}

/// Where care was given, as contacts say it; a region's own words stand as they are.
pub fn place(place: &str) -> Text {
    match place {
        "home" => Text::new("hemmet", "home"),
        place => Text::new(place, place),
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

/// A part of follow-up.
pub fn theme(theme: Theme) -> Text {
    let (sv, en) = match theme {
        Theme::Birth => ("förlossning", "birth"),
        Theme::Antenatal => ("mödrahälsovård", "antenatal care"),
        Theme::Postnatal => ("eftervård", "postnatal care"),
        Theme::Continuity => ("kontinuitet", "continuity"),
        Theme::Experience => ("upplevelse", "experience"),
        Theme::Access => ("tillgänglighet", "access"),
    };
    Text::new(sv, en)
}

/// A level that shall be reached.
pub fn bound(bound: &Bound) -> Text {
    let (sv, en, level) = match bound {
        Bound::AtMost(level) => ("högst", "at most", level),
        Bound::AtLeast(level) => ("minst", "at least", level),
        Bound::Below(level) => ("under", "below", level),
    };
    let level = level.to_string();
    Text::new(format!("{sv} {}", level.replace('.', ",")), format!("{en} {level}"))
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

/// Yes or no.
pub fn is(lang: Lang, yes: bool) -> Cell {
    let plain = if yes { "true" } else { "false" };
    Cell::of(if yes { lang.pick("ja", "yes") } else { lang.pick("nej", "no") }, plain)
}

/// What was done, as a headline.
pub fn deed(kind: DeedKind) -> Text {
    let (sv, en) = match kind {
        DeedKind::Require => ("Attest bestämd", "Attest set"),
        DeedKind::Draft => ("Utkast lagt", "Draft made"),
        DeedKind::Attest => ("Attesterat", "Attested"),
        DeedKind::Book => ("Bokfört", "Booked"),
        DeedKind::Undo => ("Backat", "Undone"),
        DeedKind::Send => ("Sänt till banken", "Sent to the bank"),
        DeedKind::Pay => ("Betalt", "Paid"),
        DeedKind::Return => ("Återsänt av banken", "Returned by the bank"),
        DeedKind::Close => ("Månad stängd", "Month closed"),
        DeedKind::Reopen => ("Månad öppnad igen", "Month reopened"),
        DeedKind::CloseYear => ("År stängt", "Year closed"),
        DeedKind::ReopenYear => ("År öppnat igen", "Year reopened"),
        DeedKind::Dispute => ("Invändning gjord", "Disputed"),
        DeedKind::Answer => ("Invändning besvarad", "Dispute answered"),
        DeedKind::Uphold => ("Invändning bifallen", "Dispute upheld"),
        DeedKind::Dismiss => ("Invändning avslagen", "Dispute dismissed"),
        DeedKind::Accrue => ("Upplupet bokfört", "Accrued"),
        DeedKind::Release => ("Upplupet återfört", "Released"),
        DeedKind::Publish => ("Uppföljning publicerad", "Follow-up published"),
    };
    Text::new(sv, en)
}

/// What was noted of a deed; what a program wrote there in the words of the page.
pub fn note(lang: Lang, deed: &Deed) -> Cell {
    let sv = match (deed.kind, deed.note.as_str()) {
        (DeedKind::Require, "required") => "krävs",
        (DeedKind::Require, "off") => "krävs inte",
        (_, said) => said,
    };
    Cell::of(if lang == Lang::Sv { sv } else { &deed.note }, &deed.note)
}

/// What was done, in a table.
pub fn deed_cell(lang: Lang, kind: DeedKind) -> Cell {
    Cell::of(lang.of(&deed(kind)), kind.name())
}

/// An account.
pub fn account(account: Account) -> Text {
    let (sv, en) = match account {
        Account::CareCost => ("Vårdkostnad", "Cost of care"),
        Account::OwedToProvider => ("Skuld till vårdgivare", "Owed to providers"),
        Account::InternalPosting => ("Internt mellanhavande", "Internal posting"),
        Account::InTransfer => ("Betalning på väg", "In transfer"),
        Account::Bank => ("Bank", "Bank"),
        Account::Accrued => ("Upplupen kostnad", "Accrued cost"),
    };
    Text::new(sv, en)
}

/// Where a settlement is, by its stable name.
pub fn settlement_state(lang: Lang, state: &'static str) -> Cell {
    let sv = match state {
        "undone" => "backad",
        "booked" => "bokförd",
        "partly-sent" => "delvis sänd",
        "sent" => "sänd",
        _ => "betald",
    };
    Cell::of(lang.pick(sv, state), state)
}

/// Where a payment is.
pub fn payment_state(lang: Lang, state: PaymentState) -> Cell {
    let sv = match state {
        PaymentState::Sent => "sänd",
        PaymentState::Paid => "betald",
        PaymentState::Returned => "återsänd",
    };
    Cell::of(lang.pick(sv, state.name()), state.name())
}

/// How a dispute stands.
pub fn dispute_state(lang: Lang, state: DisputeState) -> Cell {
    let sv = match state {
        DisputeState::Open => "obesvarad",
        DisputeState::Answered => "besvarad",
        DisputeState::Upheld => "bifallen",
        DisputeState::Dismissed => "avslagen",
        DisputeState::Moot => "förfallen",
    };
    Cell::of(lang.pick(sv, state.name()), state.name())
}

/// A text with a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
