//! What is wrong with something that was read (avvikelse): values, collected while the run goes on.
//!
//! Owns: [`Finding`], its codes and severities. Does not own: how findings are shown, or the rules that find.
//!
//! A finding says where (file, line, field), what (value), and what was expected and can be done,
//! in Swedish and English.

use crate::named::named;
use crate::time::Day;

named! {
    /// How grave a finding is (allvarlighet).
    Severity {
        /// Something that must be mended.
        Error = "error",
        /// Something to look at.
        Warning = "warning",
        /// Something to know.
        Note = "note",
    }
}

named! {
    /// What kind of fault; the name is stable.
    Code {
        /// The file cannot be read as what it should be.
        Unreadable = "unreadable",
        /// A key or table that the form does not have.
        UnknownKey = "unknown-key",
        /// A compulsory key is missing.
        MissingKey = "missing-key",
        /// A value of the wrong form.
        BadValue = "bad-value",
        /// An id that is not kebab-case ASCII.
        BadId = "bad-id",
        /// A formula that is reserved (R40).
        ReservedFormula = "reserved-formula",
        /// A decision or rate id that occurs twice (R3, R45).
        DuplicateId = "duplicate-id",
        /// Two different statements of one identity known from the same day (R7).
        ConflictingStatements = "conflicting-statements",
        /// Overlapping periods of one id (R7, R47).
        OverlappingPeriods = "overlapping-periods",
        /// A reference to an id that no file has.
        UnknownId = "unknown-id",
        /// `replaces` names an id that no file has, itself, or a formula it cannot replace (R3, R46).
        BadReplaces = "bad-replaces",
        /// `replaces` or `of` goes in a circle (R3, R32).
        Cycle = "cycle",
        /// Two rates of one element apply to the same contact without `replaces` (R3, R54).
        ConflictingRates = "conflicting-rates",
        /// `was` is not the amount that is replaced (R45).
        WasNotEqual = "was-not-equal",
        /// A unit under two agreements on one day (R8).
        TwoAgreements = "two-agreements",
        /// Two payers match equally well (R11).
        PayerTie = "payer-tie",
        /// Two units have one code on the same day (R21).
        SharedCode = "shared-code",
        /// A condition that a unit formula cannot have (R26, R60).
        BadCondition = "bad-condition",
        /// `of` names no contact formula (R32, R47).
        BadOf = "bad-of",
        /// A share that cannot be divided (R35, R36, R47, R60).
        BadShare = "bad-share",
        /// A unit formula's line on a day without a default payer (R47).
        NoDefaultPayer = "no-default-payer",
        /// An assignment in force on a day when its element has no rate.
        RateGap = "rate-gap",
        /// An add-on assignment on a day without the base.
        AddOnWithoutBase = "add-on-without-base",
        /// A rate that goes on past the day its end was expected.
        UntilOverdue = "until-overdue",
        /// A key whose values sum to 0 or that is not known (R47).
        EmptyKey = "empty-key",
        /// The anchor does not stand in the source text.
        AnchorNotFound = "anchor-not-found",
        /// The amount does not stand in its anchor.
        AmountNotInAnchor = "amount-not-in-anchor",
        /// The source text is not at hand, so nothing in it could be verified.
        SourceNotAtHand = "source-not-at-hand",
        /// The source text is not the one that was read (its hash differs).
        SourceChanged = "source-changed",
        /// A row has fewer fields than the header.
        ShortRow = "short-row",
        /// A row has more fields than the header.
        LongRow = "long-row",
        /// A quotation mark stands inside a field that does not begin with one.
        StrayQuote = "stray-quote",
        /// A field holds bytes that are no text, or control characters.
        Undecodable = "undecodable",
        /// A compulsory field of a contact is blank (R19).
        MissingField = "missing-field",
        /// A personal number with the wrong form or check digit (R20).
        BadPerson = "bad-person",
        /// No unit has the code (R21).
        UnknownUnit = "unknown-unit",
        /// Care after the report of it (R18).
        CareDateAfterReport = "care-date-after-report",
        /// Reported on a day that has not been: not known before it (R14).
        ReportedAhead = "reported-ahead",
        /// Reports of one contact on one day that differ (R15).
        ConflictingReports = "conflicting-reports",
        /// A cancellation of a contact that was never reported (R14).
        CancellationOfNothing = "cancellation-of-nothing",
        /// Two deliveries of one person within 20 weeks.
        TwoBirths = "two-births",
        /// A second delivery of one person on the same day or the next; twins are one.
        SecondDelivery = "second-delivery",
        /// The same person, unit, kind and day under two contact ids.
        LikelyDuplicate = "likely-duplicate",
        /// A delivery DRG without a diagnosis or procedure of delivery.
        DeliveryWithoutDiagnosis = "delivery-without-diagnosis",
        /// A delivery DRG without an outcome, Z37.
        DeliveryWithoutOutcome = "delivery-without-outcome",
        /// A delivery without a delivery DRG.
        DeliveryWithoutDrg = "delivery-without-drg",
        /// A delivery before 22 weeks or after 300 days.
        ImplausibleGestationalAge = "implausible-gestational-age",
        /// Days of pregnancy that do not fit those of the contact before.
        PregnancyDatesDisagree = "pregnancy-dates-disagree",
        /// The unit is under no agreement on the care date (R8).
        NoAgreement = "no-agreement",
        /// First reported too long after the month of care (R13).
        TooLate = "too-late",
        /// No payer matches the residence (R11).
        NoPayer = "no-payer",
        /// A weight is missing (R23, R28).
        NoWeight = "no-weight",
        /// No rate applies to a contact (R22).
        NoRate = "no-rate",
        /// An individual visit without days of pregnancy, which period pay needs (R49).
        NoGestationalDays = "no-gestational-days",
        /// A code that the lists of the day do not have.
        UnknownCode = "unknown-code",
        /// A residence that is neither four digits nor a word that the register has.
        UnknownResidence = "unknown-residence",
        /// An age at which hardly anyone is pregnant.
        ImplausibleAge = "implausible-age",
        /// A share instalment is more than the new part (R37).
        PaidMoreThanPart = "paid-more-than-part",
    }
}

/// The same words in both languages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The two texts.
    pub fn new(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { sv: sv.into(), en: en.into() }
    }
}

/// The unit, element and day that show a register finding to be true.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Witness {
    /// A unit id.
    pub unit: Option<String>,
    /// An element, rate or other id.
    pub element: Option<String>,
    /// A day on which it happens.
    pub date: Option<Day>,
}

/// One fault, with its place and its witness.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// File as given; empty where none is concerned.
    pub file: String,
    /// Line from 1; 0 where none is concerned.
    pub line: u32,
    /// What kind.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// Whether amounts cannot be computed from a register that has it ("load error" in rules.md).
    pub refuses: bool,
    /// Field or key.
    pub field: Option<String>,
    /// The contact as the clinic numbers it, of findings about one.
    pub contact: Option<String>,
    /// The value as written; never a personal number.
    pub value: Option<String>,
    /// What is the case, what was expected and what to do.
    pub message: Text,
    /// What shows it.
    pub witness: Witness,
}

impl Finding {
    /// An error that makes the register unusable (a load error).
    pub fn refusal(code: Code, message: Text) -> Self {
        Self { refuses: true, ..Self::new(code, Severity::Error, message) }
    }

    /// A finding without place or witness yet.
    pub fn new(code: Code, severity: Severity, message: Text) -> Self {
        Self {
            file: String::new(),
            line: 0,
            code,
            severity,
            refuses: false,
            field: None,
            contact: None,
            value: None,
            message,
            witness: Witness::default(),
        }
    }

    /// With its place.
    pub fn at(mut self, place: &crate::fact::Place) -> Self {
        self.file = place.file.to_string();
        self.line = place.line;
        self
    }

    /// With a witness; empty texts are left out.
    pub fn shown_by(mut self, unit: &str, element: &str, date: Option<Day>) -> Self {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        self.witness = Witness { unit: given(unit), element: given(element), date };
        self
    }
}
