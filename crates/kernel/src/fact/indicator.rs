//! What is followed up, as decided data: definitions of indicators, their targets, and what is too small to be shown.
//!
//! Owns: what such a fact says. Does not own: how it is counted (the crate `follow`).
//!
//! A definition is of births: `among` says which, `counts` which of those. A later definition of the same id takes over from its first day.

use super::ContactCondition;
use crate::money::Ratio;
use crate::named::named;
use crate::time::{Day, Period};

named! {
    /// Which part of follow-up an indicator belongs to.
    Theme {
        /// Birth: tears, bleeding, ways of birth.
        Birth = "birth",
        /// Before birth (mödrahälsovård).
        Antenatal = "antenatal",
        /// After birth (eftervård).
        Postnatal = "postnatal",
        /// Same team, own midwife.
        Continuity = "continuity",
        /// What women say.
        Experience = "experience",
        /// Access and capacity.
        Access = "access",
    }
}

named! {
    /// Which way is better.
    Direction {
        /// Fewer.
        Lower = "lower",
        /// More.
        Higher = "higher",
        /// Neither: a description.
        Neither = "neither",
    }
}

named! {
    /// A number of every birth that a mean or median is of.
    Quantity {
        /// Visits to a midwife before birth.
        Visits = "visits",
        /// Week of pregnancy of the first visit to a midwife (completed weeks).
        FirstVisitWeek = "first-visit-week",
        /// Different carers at those visits.
        Carers = "carers",
        /// Bice–Boxerman's COC of those visits, in per mille.
        Coc = "coc",
        /// UPC of those visits, in per mille.
        Upc = "upc",
        /// Visits after birth.
        PostnatalVisits = "postnatal-visits",
        /// Minutes of active labour.
        ActiveMinutes = "active-minutes",
    }
}

/// What an indicator gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gives {
    /// The share of births that count among those meant.
    Share,
    /// The mean of a quantity over births meant.
    Mean(Quantity),
    /// The median of it.
    Median(Quantity),
    /// The share of answers that count, of a question of a survey.
    Answers(String),
    /// Births of a calendar year against the clinic's capacity plan.
    CapacityUsed,
}

/// What must hold for a birth. What is not reported makes the answer unknown, not no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The delivery contact satisfies it (R24, R25).
    Birth(ContactCondition),
    /// It does not.
    NotBirth(ContactCondition),
    /// A measure at the birth or of its pregnancy is within both bounds, inclusive.
    Measure {
        /// Its name.
        name: String,
        /// At least.
        from: Option<Ratio>,
        /// At most.
        to: Option<Ratio>,
    },
    /// A contact of the same pregnancy satisfies it, so many days from the birth (first and last, inclusive; negative is before).
    Contact {
        /// What it must satisfy.
        when: ContactCondition,
        /// Days from the birth.
        days: (i32, i32),
    },
    /// The birth has an active phase: no planned caesarean, not unassisted.
    Labour,
    /// A midwife of her own in at least so many percent of the minutes of active labour.
    OneToOne(u8),
    /// The midwife at birth, or one of her team, has met the woman at least so many times before.
    KnownMidwife(u8),
    /// One of these of Robson's groups; 0 is unclassifiable.
    Robson(Vec<u8>),
    /// A clinic was planned.
    Planned,
    /// She gave birth at another clinic than was planned.
    Elsewhere,
    /// The midwife clinic that she went to lies in an area of one of these classes.
    AreaClass(Vec<String>),
}

/// The definition of an indicator (indikator).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// Id.
    pub id: String,
    /// Part of follow-up.
    pub theme: Theme,
    /// What it gives.
    pub gives: Gives,
    /// Which births are meant: all must hold.
    pub among: Vec<Test>,
    /// Which of those count: all must hold.
    pub counts: Vec<Test>,
    /// Which way is better.
    pub direction: Direction,
    /// Percent of the births meant that must be reported well enough; below it the value is withheld.
    pub minimum_reported: u8,
    /// Where the definition comes from, in words.
    pub defined_by: Option<String>,
    /// Indicators of one family are parts of each other, or share births, so that what is told of one could give another away.
    pub family: Option<String>,
    /// Days of birth.
    pub valid: Period,
}

/// A bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At most so many percent (or of the quantity).
    AtMost(Ratio),
    /// At least.
    AtLeast(Ratio),
    /// Less than.
    Below(Ratio),
}

/// A decided level (målnivå) of an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Indicator.
    pub indicator: String,
    /// The level, in percent for shares.
    pub bound: Bound,
    /// The day by which it shall be reached, where one was decided.
    pub due: Option<Day>,
    /// Days of birth.
    pub valid: Period,
}

/// What is too small to be shown (röjandekontroll).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// Counts of persons from 1 up to below this are withheld.
    pub threshold: u32,
    /// From when.
    pub valid: Period,
}
