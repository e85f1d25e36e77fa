//! The typed facts of the register, as decisions state them.
//!
//! Owns: what each fact says. Does not own: which of them are known or in force on a day
//! (`register`), nor what they make of a contact (`price`).
//!
//! A [`Decision`] is one ratebook file; its facts become known together (R4).

mod grant;

pub use grant::{
    ActKind, AllocationRule, Figure, FocusArea, Grant, GrantAct, GrantPart, Heading, Item, Mandate,
    Over, Precision, Units,
};

use crate::id::{
    AgreementId, AssignmentName, DecisionId, ElementId, KeyName, PayerId, ProviderId, RateId,
    TableId, UnitId,
};
use crate::money::{Money, Ratio, Rounding};
use crate::named::named;
use crate::time::{Day, Period};
use std::sync::Arc;

/// Where in which file something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as given.
    pub file: Arc<str>,
    /// Line from 1.
    pub line: u32,
}

/// A decision (beslut) and the facts it states.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its id; occurs once over all folders (R45).
    pub id: DecisionId,
    /// The deciding body: HSN, regionfullmäktige …
    pub body: String,
    /// Known no later than this day.
    pub known_from: Day,
    /// The day it was decided, where a source says so.
    pub decided_on: Option<Day>,
    /// Case number (diarienummer), where a source says so.
    pub case_number: Option<String>,
    /// Decided, or only proposed.
    pub status: Status,
    /// Keys that no source confirms but the rules need; a star among the marks of what rests on it.
    pub unverified: Vec<String>,
    /// Whether the whole file is illustrative: no public value exists.
    pub illustrative: bool,
    /// Where it was read.
    pub source: Option<Source>,
    /// What it states, in file order.
    pub facts: Vec<Stated>,
    /// The file.
    pub place: Place,
}

named! {
    /// Whether a decision is made (R4).
    Status {
        /// Decided.
        Decided = "decided",
        /// Proposed: kept, shown, checked, never priced.
        Proposed = "proposed",
    }
}

/// Where a decision was read (källa).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Title.
    pub title: String,
    /// Address.
    pub url: Option<String>,
    /// The day it was read.
    pub read_on: Option<Day>,
    /// File name of its text, in a folder of sources.
    pub file: Option<String>,
    /// SHA-256 of that text, in hexadecimal.
    pub sha256: Option<String>,
}

/// A fact with its place and anchor.
#[derive(Clone, Debug)]
pub struct Stated {
    /// What is stated.
    pub fact: Fact,
    /// Where.
    pub place: Place,
    /// The phrase in the source that bears the figure.
    pub anchor: Option<String>,
    /// What people call it.
    pub label: Option<String>,
}

/// One fact of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The region that pays.
    Region(Region),
    /// A legal entity.
    Provider(Provider),
    /// A clinic.
    Unit(Unit),
    /// An agreement.
    Agreement(Agreement),
    /// An approved (or applied for, or refused) assignment.
    Assignment(Assignment),
    /// Planned deliveries of a unit in a year.
    Capacity(Capacity),
    /// A weight in a table.
    Weight(Weight),
    /// A recipient's value in a key.
    Key(Key),
    /// A budget frame.
    Appropriation(Appropriation),
    /// Who bears the cost.
    Payer(Payer),
    /// A commission that is followed until answered.
    Commission(Commission),
    /// Who may be offered a place in the continuity chain.
    Eligibility(Eligibility),
    /// A price.
    Rate(Box<Rate>),
    /// A state grant of a year.
    Grant(Grant),
    /// An area that a grant may be used for.
    FocusArea(FocusArea),
    /// A heading of a grant's division.
    Heading(Heading),
    /// An item under a heading.
    Item(Item),
    /// A mandate to divide or move money.
    Mandate(Mandate),
    /// Something done with the money of a grant.
    GrantAct(GrantAct),
    /// The number that an account has in the region's chart.
    Account(ChartAccount),
    /// How a provider is paid, or the region pays.
    Payee(PaymentDetails),
}

named! {
    /// An account (konto).
    Account {
        /// Cost of care, by payer.
        CareCost = "care-cost",
        /// Owed to a provider that is a legal person of its own.
        OwedToProvider = "owed-to-provider",
        /// Internal posting to an administration of the region, the same legal person.
        InternalPosting = "internal-posting",
        /// Sent to the bank and not yet confirmed.
        InTransfer = "in-transfer",
        /// The bank account.
        Bank = "bank",
        /// Owed for care that is not settled yet: accrued cost (upplupen kostnad).
        Accrued = "accrued",
    }
}

/// An account in the region's chart of accounts (kontoplan).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartAccount {
    /// What it is for.
    pub role: Account,
    /// Its number, four to six digits.
    pub number: u32,
    /// Its name.
    pub label: String,
}

/// How a provider is paid, or the region pays (betalningsuppgifter).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentDetails {
    /// The provider or the region.
    pub party: String,
    /// Bankgiro number.
    pub bankgiro: Option<String>,
    /// Organisation number, where the table of the provider does not state it.
    pub org_number: Option<String>,
    /// VAT registration number.
    pub vat_number: Option<String>,
    /// Whether it is approved for F-tax.
    pub f_tax: bool,
    /// Whether the agreement lets the region invoice in the provider's place (självfakturering).
    pub self_billing: bool,
    /// Street or box, postal code and place.
    pub address: [String; 3],
}

/// The region (region).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// County code, two digits.
    pub county: String,
    /// Organisation number.
    pub org_number: Option<String>,
}

named! {
    /// Legal form; an administration of the region is the same legal person as the payer.
    LegalForm {
        /// An administration of the region (förvaltning): internal postings.
        RegionAdministration = "region-administration",
        /// A company that the region owns.
        RegionCompany = "region-company",
        /// A private company.
        Private = "private",
        /// An association.
        Association = "association",
    }
}

/// A provider (vårdgivare).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Id.
    pub id: ProviderId,
    /// Name.
    pub name: String,
    /// Legal form.
    pub legal_form: LegalForm,
    /// Organisation number.
    pub org_number: Option<String>,
}

named! {
    /// What kind of clinic.
    UnitKind {
        /// Förlossningsklinik.
        DeliveryClinic = "delivery-clinic",
        /// Barnmorskemottagning.
        MidwifeClinic = "midwife-clinic",
        /// Ultraljudsmottagning.
        UltrasoundClinic = "ultrasound-clinic",
        /// Fysioterapi.
        Physiotherapy = "physiotherapy",
    }
}

/// A clinic (enhet) for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Id.
    pub id: UnitId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: UnitKind,
    /// Who runs it.
    pub provider: ProviderId,
    /// Kombika code.
    pub kombika: Option<String>,
    /// HSA-id; compared exactly (R21).
    pub hsa_id: Option<String>,
    /// Municipality code.
    pub municipality: Option<String>,
    /// Class of the area it serves.
    pub area_class: Option<String>,
    /// When it is open.
    pub valid: Period,
}

named! {
    /// What an agreement is about (avtalsområde).
    Area {
        /// Delivery.
        Delivery = "delivery",
        /// Midwife clinics.
        MidwifeClinic = "midwife-clinic",
        /// Ultrasound.
        Ultrasound = "ultrasound",
        /// Physiotherapy.
        Physiotherapy = "physiotherapy",
    }
}

named! {
    /// The form of an agreement (avtalsform); it decides whether amounts are payable (R10).
    Form {
        /// Vårdval (LOV).
        CareChoice = "care-choice",
        /// Uppdrag i regionens budget.
        BudgetAssignment = "budget-assignment",
        /// Upphandlat.
        Procured = "procured",
    }
}

/// An agreement (avtal) for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Id.
    pub id: AgreementId,
    /// Whose.
    pub provider: ProviderId,
    /// About what.
    pub area: Area,
    /// Form.
    pub form: Form,
    /// When.
    pub valid: Period,
    /// Contacts first reported more than this many months after the month of care are unpriced (R13).
    pub backward_months: Option<i32>,
}

named! {
    /// Where an assignment stands (godkännande).
    Approval {
        /// Applied for.
        Applied = "applied",
        /// Approved.
        Approved = "approved",
        /// Refused; does not revoke an approval (R57).
        Refused = "refused",
    }
}

/// An assignment (basuppdrag, tilläggsuppdrag) of a unit under an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Unit.
    pub unit: UnitId,
    /// Agreement.
    pub agreement: AgreementId,
    /// `base`, or the name of an add-on.
    pub name: AssignmentName,
    /// Approval.
    pub status: Approval,
    /// When.
    pub valid: Period,
}

/// The name of the base assignment.
pub const BASE: &str = "base";

/// A row of a capacity plan (kapacitetsplan); full-year volume (R35).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Unit.
    pub unit: UnitId,
    /// Calendar year.
    pub year: i32,
    /// Planned deliveries.
    pub deliveries: u64,
}

/// A weight (vikt).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Table.
    pub table: TableId,
    /// A DRG, a class value, a unit.
    pub code: String,
    /// The weight.
    pub value: Ratio,
    /// From when; in force until a later one (R28).
    pub valid_from: Day,
}

/// A recipient's value in a key (fördelningsnyckel).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Key.
    pub name: KeyName,
    /// A unit or another id.
    pub recipient: String,
    /// Value.
    pub value: u64,
    /// Of one year, or of every year that has none of its own (R47).
    pub year: Option<i32>,
}

/// A budget frame (anslag, budgetram) of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appropriation {
    /// Id.
    pub id: String,
    /// Calendar year.
    pub year: i32,
    /// Amount.
    pub amount: Money,
}

/// What a residence (folkbokföring) is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Residence {
    /// Four digits, or a word such as `asylum`.
    Exact(String),
    /// Two digits.
    County(String),
    /// Four digits of another county than the region's (R12).
    OutOfCounty,
}

/// Residences that match, and those that must not (`!…`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Residences {
    /// One of these, if there are any.
    pub plain: Vec<Residence>,
    /// None of these.
    pub not: Vec<Residence>,
}

/// A payer (betalningsansvarig) by residence (R11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Id.
    pub id: PayerId,
    /// Whose care; `None` for the default payer.
    pub residence: Option<Residences>,
    /// When.
    pub valid: Period,
}

/// A commission (uppdrag) that one body gives another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commission {
    /// Id.
    pub id: String,
    /// Who gives it.
    pub from: Option<String>,
    /// Who is to answer.
    pub to: Option<String>,
    /// What is to be done.
    pub what: String,
    /// By when.
    pub due: Option<Day>,
    /// The decision that answers it.
    pub answered_by: Option<DecisionId>,
    /// Area it concerns.
    pub area: Option<String>,
    /// Unit it concerns.
    pub unit: Option<String>,
}

/// Who may be offered a place in the continuity chain, and how large its teams are (målgrupp för sammanhållen vårdkedja). No amount
/// rests on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eligibility {
    /// Id.
    pub id: String,
    /// The least mean of the two scales of the Fear of Birth Scale, 0–100, that is moderate fear.
    pub moderate_from: u32,
    /// The least that is severe fear; not below `moderate_from`.
    pub severe_from: u32,
    /// How many of the five social variables are a ground.
    pub social_from: u32,
    /// The fewest and the most midwives of a team.
    pub team: [u32; 2],
    /// Women that a midwife of a team has in a year.
    pub women_per_midwife: u32,
    /// The fewest women that a figure may be about outside the clinic.
    pub least_count: u32,
    /// When, by the day that the referral is looked at.
    pub valid: Period,
}

/// A rate (ersättningsnivå).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Id; occurs once (R3).
    pub id: RateId,
    /// Element of pay; two rates of one element never both apply to a contact (R3).
    pub element: ElementId,
    /// How the amount is formed.
    pub formula: Formula,
    /// What the replaced amount was (R45).
    pub was: Option<Money>,
    /// When it applies, by the date that R5 names.
    pub valid: Period,
    /// Rates it suppresses on its own days (R1).
    pub replaces: Vec<RateId>,
    /// What must hold.
    pub when: Condition,
    /// Why its end is open ("till dess att …").
    pub until: Option<Until>,
    /// In force only where these decisions are known (R4).
    pub requires: Vec<DecisionId>,
    /// Forms of agreement under which it is paid (R10).
    pub payable_under: Vec<Form>,
    /// Financing source.
    pub financed_by: Option<String>,
    /// No public value exists.
    pub illustrative: bool,
}

/// An expected end (R56: it never changes an amount).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Until {
    /// What will end it.
    pub decision: Option<String>,
    /// By when that is expected.
    pub expected_by: Option<Day>,
}

/// How an amount is formed (ersättningsform).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// So much for each contact.
    PerContact {
        /// Amount.
        amount: Money,
    },
    /// Amount times weights, one rounding a contact (R28).
    PerWeight {
        /// Amount at weight one.
        amount: Money,
        /// Table.
        weights: TableId,
        /// Fields whose weights multiply.
        weight_by: Vec<WeightField>,
        /// Half-up in öre or kronor.
        rounding: Rounding,
    },
    /// A raise on the lines of other elements (R32).
    Uplift {
        /// By how much.
        by: UpliftBy,
        /// On which elements.
        of: Vec<ElementId>,
        /// Half-up in öre or kronor.
        rounding: Rounding,
    },
    /// So much for the first individual visit of a period of a pregnancy (R29–R30).
    PerPeriod {
        /// Amount, at weight one where there are weights.
        amount: Money,
        /// Which period.
        period: PregnancyPeriod,
        /// Weights that multiply it, if any.
        weights: Option<WeightedBy>,
        /// Half-up in öre or kronor.
        rounding: Rounding,
    },
    /// A percentage for the contacts of a unit and calendar year above a number (R39).
    Tier {
        /// Elements whose lines are the base.
        of: Vec<ElementId>,
        /// By number of contacts, lowest first.
        steps: Vec<Step<i64>>,
    },
    /// A percentage on what a unit is paid in a calendar year above an amount (R39).
    Ceiling {
        /// Elements whose lines are the base.
        of: Vec<ElementId>,
        /// By cumulated amount, lowest first.
        steps: Vec<Step<Money>>,
    },
    /// So much once to each unit (R34).
    Lump {
        /// Amount.
        amount: Money,
    },
    /// A twelfth of a yearly amount each month to each unit (R33).
    FixedMonthly {
        /// Amount a year.
        per_year: Money,
    },
    /// A part of a pot (R35–R37).
    Share {
        /// The pot.
        pot: Money,
        /// What it is shared by.
        key: ShareKey,
        /// How it is rounded.
        rounding: Rounding,
        /// Who takes the residual under plain half-up.
        residue: Option<String>,
        /// Once or monthly.
        pay: Pay,
    },
}

impl Formula {
    /// Whether it prices contacts; the others give lines to units (R26).
    pub const fn is_of_contacts(&self) -> bool {
        !matches!(self, Self::FixedMonthly { .. } | Self::Share { .. } | Self::Lump { .. })
    }

    /// Whether its lines stand on the order of a unit's contacts in the year (R39).
    pub const fn is_by_year(&self) -> bool {
        matches!(self, Self::Tier { .. } | Self::Ceiling { .. })
    }

    /// The elements whose lines it stands on.
    pub fn of(&self) -> &[ElementId] {
        match self {
            Self::Uplift { of, .. } | Self::Tier { of, .. } | Self::Ceiling { of, .. } => of,
            _ => &[],
        }
    }

    /// The table and fields of its weights.
    pub fn weights(&self) -> Option<(&TableId, &[WeightField])> {
        match self {
            Self::PerWeight { weights, weight_by, .. } => Some((weights, weight_by)),
            Self::PerPeriod { weights: Some(by), .. } => Some((&by.table, &by.fields)),
            _ => None,
        }
    }

    /// The amount that `was` and anchors are compared with.
    pub const fn amount(&self) -> Option<Money> {
        match self {
            Self::PerContact { amount }
            | Self::PerWeight { amount, .. }
            | Self::PerPeriod { amount, .. }
            | Self::Lump { amount } => Some(*amount),
            Self::Uplift { by: UpliftBy::Amount(amount), .. } => Some(*amount),
            Self::Uplift { .. } | Self::Tier { .. } | Self::Ceiling { .. } => None,
            Self::FixedMonthly { per_year } => Some(*per_year),
            Self::Share { pot, .. } => Some(*pot),
        }
    }

    /// The name in ratebooks.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::PerContact { .. } => "per-contact",
            Self::PerWeight { .. } => "per-weight",
            Self::PerPeriod { .. } => "per-period",
            Self::Uplift { .. } => "uplift",
            Self::Tier { .. } => "tier",
            Self::Ceiling { .. } => "ceiling",
            Self::Lump { .. } => "lump",
            Self::FixedMonthly { .. } => "fixed-monthly",
            Self::Share { .. } => "share",
        }
    }
}

named! {
    /// A part of a pregnancy (graviditetsperiod), by days from its start.
    PregnancyPeriod {
        /// Days 0–139.
        A = "A",
        /// Days 140–216.
        B = "B",
        /// From day 217.
        C = "C",
    }
}

impl PregnancyPeriod {
    /// The period that a number of days is in.
    pub const fn of(gestational_days: i32) -> Self {
        match gestational_days {
            ..=139 => Self::A,
            140..=216 => Self::B,
            _ => Self::C,
        }
    }
}

/// What weights are looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightedBy {
    /// Table.
    pub table: TableId,
    /// Fields whose weights multiply.
    pub fields: Vec<WeightField>,
}

/// From where on a percentage applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<T> {
    /// Above this number or amount.
    pub over: T,
    /// Percent of the base, as the ratebook writes it: 80 pays four fifths.
    pub percent: Ratio,
}

/// The size of a raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpliftBy {
    /// Percent of the sum of the lines, as the ratebook writes it: 5 is five percent.
    Percent(Ratio),
    /// Once for a contact that has one of the lines.
    Amount(Money),
}

/// What a pot is shared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShareKey {
    /// The capacity plan of the year.
    Capacity,
    /// A named key.
    Named(KeyName),
}

named! {
    /// When a share is paid.
    Pay {
        /// In the month of `valid_from`.
        Once = "once",
        /// In equal instalments over the months of the validity.
        Monthly = "monthly",
    }
}

/// What a weight is looked up by (R60).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WeightField {
    /// The contact's DRG.
    Drg,
    /// The unit id.
    Unit,
    /// The kind of contact.
    Kind,
    /// Profession.
    Profession,
    /// Place.
    Place,
    /// Residence.
    Residence,
    /// The area class of the unit on the care date.
    AreaClass,
    /// A class column, without `class_`.
    Class(String),
}

named! {
    /// What kind of contact.
    ContactKind {
        /// Förlossning.
        Delivery = "delivery",
        /// Barnmorskebesök.
        MidwifeVisit = "midwife-visit",
        /// Läkarbesök.
        DoctorVisit = "doctor-visit",
        /// Gruppbesök.
        GroupVisit = "group-visit",
        /// Eftervårdsbesök.
        PostnatalVisit = "postnatal-visit",
        /// Hembesök.
        HomeVisit = "home-visit",
        /// Ultraljud.
        Ultrasound = "ultrasound",
        /// Besök hos fysioterapeut.
        PhysiotherapyVisit = "physiotherapy-visit",
        /// Telefon.
        Phone = "phone",
        /// Slutenvård.
        Inpatient = "inpatient",
        /// Annat.
        Other = "other",
    }
}

/// A code, exact or by its beginning; upper case without dots (R25).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CodePattern {
    /// The whole code.
    Exact(String),
    /// `P05*`.
    Prefix(String),
}

impl CodePattern {
    /// Whether a normalised code matches.
    pub fn matches(&self, code: &str) -> bool {
        match self {
            Self::Exact(exact) => code == exact,
            Self::Prefix(prefix) => code.starts_with(prefix),
        }
    }
}

/// What must hold for a rate (R24–R26): every key that is given, any of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The unit's own keys.
    pub unit: UnitCondition,
    /// The contact's keys.
    pub contact: ContactCondition,
}

/// The keys that the register answers for a unit and day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UnitCondition {
    /// One of these units.
    pub unit: Option<Vec<UnitId>>,
    /// An approved assignment of one of these names (R9).
    pub holds: Option<Vec<AssignmentName>>,
    /// The area of the agreement of the day.
    pub area: Option<Vec<Area>>,
    /// The unit's area class on the day.
    pub area_class: Option<Vec<String>>,
}

/// The keys that the contact answers; a blank field satisfies none (R24).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContactCondition {
    /// Kind.
    pub kind: Option<Vec<ContactKind>>,
    /// DRG.
    pub drg: Option<Vec<CodePattern>>,
    /// Any of the diagnoses.
    pub diagnosis: Option<Vec<CodePattern>>,
    /// Any of the procedures.
    pub procedure: Option<Vec<CodePattern>>,
    /// Place.
    pub place: Option<Vec<String>>,
    /// Profession.
    pub profession: Option<Vec<String>>,
    /// Residence.
    pub residence: Option<Residences>,
    /// By the woman's own team.
    pub by_team: Option<Vec<bool>>,
    /// Enrolled in the chain.
    pub enrolled: Option<Vec<bool>>,
    /// Individual visit.
    pub individual: Option<Vec<bool>>,
    /// Earlier births, from and to inclusive.
    pub parity: Option<(i32, i32)>,
    /// Days of pregnancy, from and to inclusive.
    pub gestational_days: Option<(i32, i32)>,
    /// Any of these classes.
    pub class: Option<Vec<ClassMatch>>,
}

/// A class column with one of some values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClassMatch {
    /// The column without `class_`.
    pub name: String,
    /// Values.
    pub values: Vec<String>,
}
