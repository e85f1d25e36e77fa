//! Whether a condition holds, and if not, by which key (R24–R26).

use crate::contact::Profile;
use crate::fact::{
    ClassMatch, CodePattern, ContactCondition, Residence, Residences, UnitCondition,
};
use crate::named::named;
use crate::register::UnitHistory;
use crate::time::Day;
use std::sync::Arc;

named! {
    /// A key of `when`.
    Key {
        /// Unit.
        Unit = "unit",
        /// Assignments of the unit.
        Holds = "holds",
        /// Area of the agreement.
        Area = "area",
        /// Class of the area.
        AreaClass = "area_class",
        /// Kind of contact.
        Kind = "kind",
        /// DRG.
        Drg = "drg",
        /// Diagnosis.
        Diagnosis = "diagnosis",
        /// Procedure.
        Procedure = "procedure",
        /// Place.
        Place = "place",
        /// Profession.
        Profession = "profession",
        /// Residence.
        Residence = "residence",
        /// By the woman's own team.
        ByTeam = "by_team",
        /// Enrolled.
        Enrolled = "enrolled",
        /// Individual.
        Individual = "individual",
        /// Earlier births.
        Parity = "parity",
        /// Days of pregnancy.
        GestationalDays = "gestational_days",
        /// A class.
        Class = "class",
    }
}

/// The first key of a unit condition that does not hold on a day under an agreement.
pub(crate) fn failing_unit_key(
    condition: &UnitCondition,
    history: &UnitHistory<'_>,
    day: Day,
) -> Option<Key> {
    let under = history.under(day);
    let area = under.map(|under| under.agreement.fact.area);
    let area_class = history.statement(day).and_then(|unit| unit.fact.area_class.as_deref());
    let unit_holds = condition.unit.as_ref().is_none_or(|units| units.contains(history.id));
    let holds = |names: &Vec<_>| names.iter().any(|name| history.holds(name, day));
    if !unit_holds {
        Some(Key::Unit)
    } else if !condition.holds.as_ref().is_none_or(holds) {
        Some(Key::Holds)
    } else if !condition.area.as_ref().is_none_or(|areas| area.is_some_and(|a| areas.contains(&a)))
    {
        Some(Key::Area)
    } else if !any_text(condition.area_class.as_ref(), area_class) {
        Some(Key::AreaClass)
    } else {
        None
    }
}

/// Whether a contact satisfies a condition, for whoever asks without pricing it. A blank field satisfies no key.
pub fn satisfies(condition: &ContactCondition, contact: &Profile, county: Option<&str>) -> bool {
    failing_contact_key(condition, contact, county).is_none()
}

/// The first key of a contact condition that does not hold. A blank field satisfies no key.
pub(crate) fn failing_contact_key(
    condition: &ContactCondition,
    contact: &Profile,
    county: Option<&str>,
) -> Option<Key> {
    let residency = Residency { residence: contact.residence.as_deref(), county };
    let place = contact.place.as_deref();
    let profession = contact.profession.as_deref();
    let days = contact.gestational_days;
    // In order, and no further than the first that fails: most contacts fail at their kind.
    if !condition.kind.as_ref().is_none_or(|kinds| kinds.contains(&contact.kind)) {
        Some(Key::Kind)
    } else if !any_code(condition.drg.as_ref(), contact.drg.as_slice()) {
        Some(Key::Drg)
    } else if !any_code(condition.diagnosis.as_ref(), &contact.diagnoses) {
        Some(Key::Diagnosis)
    } else if !any_code(condition.procedure.as_ref(), &contact.procedures) {
        Some(Key::Procedure)
    } else if !any_text(condition.place.as_ref(), place) {
        Some(Key::Place)
    } else if !any_text(condition.profession.as_ref(), profession) {
        Some(Key::Profession)
    } else if !condition.residence.as_ref().is_none_or(|r| residency.is_in(r)) {
        Some(Key::Residence)
    } else if !any_bool(condition.by_team.as_ref(), contact.by_team) {
        Some(Key::ByTeam)
    } else if !any_bool(condition.enrolled.as_ref(), contact.enrolled) {
        Some(Key::Enrolled)
    } else if !any_bool(condition.individual.as_ref(), contact.individual) {
        Some(Key::Individual)
    } else if !in_range(condition.parity, contact.parity) {
        Some(Key::Parity)
    } else if !in_range(condition.gestational_days, days) {
        Some(Key::GestationalDays)
    } else if !any_class(condition.class.as_ref(), &contact.classes) {
        Some(Key::Class)
    } else {
        None
    }
}

fn any_code(patterns: Option<&Vec<CodePattern>>, codes: &[Arc<str>]) -> bool {
    patterns.is_none_or(|patterns| {
        codes.iter().any(|code| patterns.iter().any(|pattern| pattern.matches(code)))
    })
}

fn any_text(allowed: Option<&Vec<String>>, text: Option<&str>) -> bool {
    allowed.is_none_or(|allowed| text.is_some_and(|text| allowed.iter().any(|a| a == text)))
}

fn any_bool(allowed: Option<&Vec<bool>>, value: Option<bool>) -> bool {
    allowed.is_none_or(|allowed| value.is_some_and(|value| allowed.contains(&value)))
}

fn in_range(range: Option<(i32, i32)>, value: Option<i32>) -> bool {
    range.is_none_or(|(from, to)| value.is_some_and(|value| from <= value && value <= to))
}

fn any_class(matches: Option<&Vec<ClassMatch>>, classes: &[(Arc<str>, Arc<str>)]) -> bool {
    let holds = |class: &ClassMatch| {
        let value = classes.iter().find(|(name, _)| **name == *class.name);
        value.is_some_and(|(_, value)| class.values.iter().any(|allowed| **allowed == **value))
    };
    matches.is_none_or(|matches| matches.iter().any(holds))
}

/// A contact's residence seen from the region's county.
#[derive(Clone, Copy, Debug)]
pub struct Residency<'a> {
    /// Four digits, a word, or blank.
    pub residence: Option<&'a str>,
    /// The region's county; without one, every four digits are out of county (R53).
    pub county: Option<&'a str>,
}

impl Residency<'_> {
    fn four_digits(&self) -> Option<&str> {
        let is_four_digits = |r: &&str| r.len() == 4 && r.bytes().all(|b| b.is_ascii_digit());
        self.residence.filter(is_four_digits)
    }

    fn matches(&self, pattern: &Residence) -> bool {
        match pattern {
            Residence::Exact(exact) => self.residence == Some(exact.as_str()),
            Residence::County(county) => {
                self.four_digits().is_some_and(|code| code.starts_with(county.as_str()))
            }
            Residence::OutOfCounty => self
                .four_digits()
                .is_some_and(|code| self.county.is_none_or(|county| !code.starts_with(county))),
        }
    }

    /// Whether no excluded residence matches and, if any are given, one of the others does (R24).
    pub fn is_in(&self, residences: &Residences) -> bool {
        self.residence.is_some()
            && !residences.not.iter().any(|pattern| self.matches(pattern))
            && (residences.plain.is_empty()
                || residences.plain.iter().any(|pattern| self.matches(pattern)))
    }

    /// How specifically a payer's residences match (R11): 5 exact, 4 county, 3 out of county, 2 only by
    /// exclusion, 1 the default payer; `None` where they do not.
    pub fn specificity(&self, residences: Option<&Residences>) -> Option<u32> {
        let Some(residences) = residences else { return Some(1) };
        if !self.is_in(residences) {
            return None;
        }
        let best = residences.plain.iter().filter(|pattern| self.matches(pattern)).map(|pattern| {
            match pattern {
                Residence::Exact(_) => 5,
                Residence::County(_) => 4,
                Residence::OutOfCounty => 3,
            }
        });
        Some(best.max().unwrap_or(2))
    }
}
