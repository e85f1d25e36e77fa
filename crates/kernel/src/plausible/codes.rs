//! Codes: which mean a delivery, which have a form, and which the register knows on a day.
//!
//! The lists of ICD-10-SE and KVÅ are not part of the product, so of those only the form is looked at; of DRGs
//! and words of residence, what the register has.

use crate::contact::Profile;
use crate::fact::{Formula, Rate, Residence, Residences, WeightField};
use crate::intake::normalise_code;
use crate::price::{failing_contact_key, failing_unit_key};
use crate::register::{UnitHistory, View};
use crate::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A word of residence that needs no payer or rate of its own.
const ASYLUM: &str = "asylum";

/// NordDRG groups of delivery, by how they begin.
const DELIVERY_DRGS: [&str; 3] = ["P01", "P05", "P06"];
/// Diagnoses of delivery.
const DELIVERY_DIAGNOSES: [&str; 5] = ["O80", "O81", "O82", "O83", "O84"];
/// Procedures of delivery.
const DELIVERY_PROCEDURES: [&str; 6] = ["MCA", "MCB", "MAE", "MAF", "MAG", "MAH"];
/// Outcome of delivery.
const OUTCOME: &str = "Z37";

/// Whether a DRG is of a delivery.
pub(super) fn is_delivery_drg(drg: &str) -> bool {
    begins_as_any(drg, &DELIVERY_DRGS)
}

/// Whether a diagnosis or a procedure says that there was a delivery.
pub(super) fn has_delivery(profile: &Profile) -> bool {
    profile.diagnoses.iter().any(|code| begins_as_any(code, &DELIVERY_DIAGNOSES))
        || profile.procedures.iter().any(|code| begins_as_any(code, &DELIVERY_PROCEDURES))
}

/// The outcome of the delivery.
pub(super) fn outcome(profile: &Profile) -> Option<&Arc<str>> {
    profile.diagnoses.iter().find(|code| code.starts_with(OUTCOME))
}

fn begins_as_any(code: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| code.starts_with(beginning))
}

/// ICD-10-SE without dots: a letter, two digits and up to three letters or digits (`O702C`).
pub(super) fn is_diagnosis(code: &str) -> bool {
    let Some((head, tail)) = code.as_bytes().split_at_checked(3) else { return false };
    has_pattern(head, "A00") && tail.len() <= 3 && tail.iter().all(u8::is_ascii_alphanumeric)
}

/// KVÅ: three letters and two digits (`MCA10`) or two and three (`DT027`).
pub(super) fn is_procedure(code: &str) -> bool {
    ["AAA00", "AA000"].iter().any(|pattern| has_pattern(code.as_bytes(), pattern))
}

/// `A` stands for a capital letter, `0` for a digit.
fn has_pattern(code: &[u8], pattern: &str) -> bool {
    let fits = |(byte, kind): (&u8, u8)| match kind {
        b'A' => byte.is_ascii_uppercase(),
        _ => byte.is_ascii_digit(),
    };
    code.len() == pattern.len() && code.iter().zip(pattern.bytes()).all(fits)
}

/// What a view knows of DRGs, residences and period pay.
pub(super) struct Lists<'r> {
    /// Rates that weigh by DRG.
    rates: Vec<&'r Rate>,
    /// Rates that pay by period of pregnancy.
    by_period: Vec<&'r Rate>,
    /// The first day of each DRG in each table.
    drgs: BTreeMap<&'r str, BTreeMap<Arc<str>, Day>>,
    words: BTreeSet<&'r str>,
}

impl<'r> Lists<'r> {
    pub(super) fn new(view: &View<'r>) -> Self {
        let rates: Vec<&Rate> = view
            .rates_in_force()
            .map(|known| known.fact)
            .filter(|rate| drg_table(rate).is_some())
            .collect();
        let by_period = view
            .rates_in_force()
            .map(|known| known.fact)
            .filter(|rate| matches!(rate.formula, Formula::PerPeriod { .. }))
            .collect();
        let tables: BTreeSet<&str> = rates.iter().filter_map(|rate| drg_table(rate)).collect();
        let mut drgs: BTreeMap<&str, BTreeMap<Arc<str>, Day>> = BTreeMap::new();
        for (table, code, from) in view.weights.keys() {
            if tables.contains(table.as_str()) {
                let codes = drgs.entry(table.as_str()).or_default();
                let first = codes.entry(normalise_code(code)).or_insert(*from);
                *first = (*first).min(*from);
            }
        }
        let of_payers = view.payers.values().filter_map(|payer| payer.fact.residence.as_ref());
        let of_rates =
            view.rates.iter().filter_map(|rate| rate.fact.when.contact.residence.as_ref());
        let words = of_payers.chain(of_rates).flat_map(exact).collect();
        Self { rates, by_period, drgs, words }
    }

    /// Whether rates weigh such a contact by DRG on the day, and none of their tables has its DRG then,
    /// though they have others.
    pub(super) fn lack_drg(
        &self,
        profile: &Profile,
        drg: &str,
        county: Option<&str>,
        day: Day,
    ) -> bool {
        let weighs = |rate: &&&Rate| {
            rate.valid.contains(day)
                && failing_contact_key(&rate.when.contact, profile, county).is_none()
        };
        let rates = self.rates.iter().filter(weighs);
        let tables = rates.filter_map(|rate| self.drgs.get(drg_table(rate)?));
        let (mut known, mut has_drg) = (false, false);
        for table in tables {
            known |= table.values().any(|first| *first <= day);
            has_drg |= table.get(drg).is_some_and(|first| *first <= day);
        }
        known && !has_drg
    }

    /// Whether an individual visit has no days of pregnancy though a rate would pay it by period (R49).
    pub(super) fn want_days(
        &self,
        profile: &Profile,
        history: &UnitHistory<'_>,
        county: Option<&str>,
        day: Day,
    ) -> bool {
        let is_blank = profile.individual == Some(true) && profile.gestational_days.is_none();
        let pays = |rate: &&Rate| {
            rate.valid.contains(day)
                && failing_contact_key(&rate.when.contact, profile, county).is_none()
                && failing_unit_key(&rate.when.unit, history, day).is_none()
        };
        is_blank && self.by_period.iter().any(pays)
    }

    /// Whether a residence is four digits, `asylum` or a word that a payer or a rate names.
    pub(super) fn has_residence(&self, residence: &str) -> bool {
        has_pattern(residence.as_bytes(), "0000")
            || residence == ASYLUM
            || self.words.contains(residence)
    }
}

fn drg_table(rate: &Rate) -> Option<&str> {
    match &rate.formula {
        Formula::PerWeight { weights, weight_by, .. } if weight_by.contains(&WeightField::Drg) => {
            Some(weights.as_str())
        }
        _ => None,
    }
}

fn exact(residences: &Residences) -> impl Iterator<Item = &str> {
    residences.plain.iter().chain(&residences.not).filter_map(|residence| match residence {
        Residence::Exact(word) => Some(word.as_str()),
        Residence::County(_) | Residence::OutOfCounty => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_a_form() {
        for code in ["O80", "O800", "O702C", "Z370A", "Z392X", "U071"] {
            assert!(is_diagnosis(code), "{code}");
        }
        for code in ["", "O8", "80O", "OO80", "O80-0", "MCA10X", "O800ABC", "Å80"] {
            assert!(!is_diagnosis(code), "{code}");
        }
        for code in ["MCA10", "DT027", "AM005", "XS925"] {
            assert!(is_procedure(code), "{code}");
        }
        for code in ["", "MCA1", "MCA100", "O800", "MC1A0", "MCÅ10"] {
            assert!(!is_procedure(code), "{code}");
        }
    }
}
