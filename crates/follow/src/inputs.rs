//! What clinics report beside contacts: labour, staffing, measures, surveys.
//!
//! Owns: the values. Does not own: how files of them are read into text, or the contacts they name. Referrals and other grounds of
//! priority are not here: they stay in the receiving clinic's own compartment.

use crate::minute::Minute;
use kernel::intern::Texts;
use kernel::named;
use kernel::time::Month;

named! {
    /// How labour began (värkarbetets start).
    LabourStart {
        /// By itself.
        Spontaneous = "spontaneous",
        /// Induced.
        Induced = "induced",
        /// A planned caesarean before labour: it has no active phase.
        PlannedCaesarean = "planned-caesarean",
        /// Born before anybody could assist: it has no active phase at the clinic.
        Unassisted = "unassisted",
    }
}

/// The labour of one delivery contact (förlossningsförlopp).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labour {
    /// Contact id, a number of [`Inputs::texts`].
    pub contact: u32,
    /// When the active phase began, as the clinic judged it; `None` is missing.
    pub active_from: Option<Minute>,
    /// When it ended (the birth of the child); exclusive. `None` is missing.
    pub active_until: Option<Minute>,
    /// How it began.
    pub start: LabourStart,
}

/// A stretch of a midwife's shift: with one woman, or with none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staffing {
    /// Pseudonym of the carer, a number of [`Inputs::texts`].
    pub carer: u32,
    /// Unit id, a number of [`Inputs::texts`].
    pub unit: u32,
    /// The delivery contact of the woman she is assigned to, a number of [`Inputs::texts`]; `None`: on shift, assigned to nobody.
    pub contact: Option<u32>,
    /// First minute.
    pub from: Minute,
    /// The minute after the last.
    pub until: Minute,
}

/// Something measured at or about a contact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Contact id, a number of [`Inputs::texts`].
    pub contact: u32,
    /// Name of the measure (`blood-loss-ml`, `apgar-5`, `epds`), a number of [`Inputs::texts`].
    pub name: u32,
    /// Value in the unit that the name says.
    pub value: f64,
}

/// Answers to one question of a survey at one unit, counted elsewhere (Graviditetsenkäten).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Unit id, a number of [`Inputs::texts`].
    pub unit: u32,
    /// First month of the answers.
    pub from: Month,
    /// Last month, inclusive.
    pub to: Month,
    /// The question, a number of [`Inputs::texts`].
    pub question: u32,
    /// How many were asked.
    pub asked: u64,
    /// How many answered; at most `asked`.
    pub answered: u64,
    /// How many answers count; at most `answered`.
    pub counted: u64,
}

/// All of it, as in force.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Contact ids, carers, units, names and questions.
    pub texts: Texts,
    /// Labour, one for each contact.
    pub labour: Vec<Labour>,
    /// Staffing.
    pub staffing: Vec<Staffing>,
    /// Measures.
    pub measures: Vec<Measure>,
    /// Surveys.
    pub surveys: Vec<Survey>,
}
