//! Whether two conditions can hold for one and the same contact while others do not (R54).
//!
//! Every field is tried with the values that the conditions name, their neighbours, a value that none names, and
//! blank; fields are independent, so what each can rule out adds up.

use crate::contact::Profile;
use crate::fact::{ClassMatch, CodePattern, ContactCondition, ContactKind, Residence, Residences};
use crate::price::{Key, failing_contact_key};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether some contact satisfies every condition of `all` and none of `none`.
///
/// At most 64 conditions of `none` are looked at; with more, a clash may be reported that they
/// would rule out.
pub(super) fn is_possible(
    all: &[&ContactCondition],
    none: &[&ContactCondition],
    county: Option<&str>,
) -> bool {
    let none = none.get(..64).unwrap_or(none);
    let everything: u64 = none.iter().zip(0..).fold(0, |bits, (_, at)| bits | (1_u64 << at));
    let mut ruled_out: BTreeSet<u64> = BTreeSet::from([0]);
    for key in FIELDS {
        let mut of_field: BTreeSet<u64> = BTreeSet::new();
        for contact in candidates(key, all, none, county) {
            let holds = |condition: &ContactCondition| {
                failing_contact_key(&only(condition, key), &contact, county).is_none()
            };
            if all.iter().all(|condition| holds(condition)) {
                let fails = none.iter().zip(0..).filter(|(condition, _)| !holds(condition));
                of_field.insert(fails.fold(0, |bits, (_, at)| bits | (1_u64 << at)));
            }
        }
        let combined = ruled_out.iter().flat_map(|a| of_field.iter().map(move |b| a | b));
        ruled_out = combined.collect();
    }
    ruled_out.contains(&everything)
}

const FIELDS: [Key; 13] = [
    Key::Kind,
    Key::Drg,
    Key::Diagnosis,
    Key::Procedure,
    Key::Place,
    Key::Profession,
    Key::Residence,
    Key::ByTeam,
    Key::Enrolled,
    Key::Individual,
    Key::Parity,
    Key::GestationalDays,
    Key::Class,
];

/// A code, word or value that no decision uses.
const FRESH: &str = "ZZ9Q";

/// The condition with one key alone.
fn only(condition: &ContactCondition, key: Key) -> ContactCondition {
    let mut only = ContactCondition::default();
    let from = condition.clone();
    match key {
        Key::Kind => only.kind = from.kind,
        Key::Drg => only.drg = from.drg,
        Key::Diagnosis => only.diagnosis = from.diagnosis,
        Key::Procedure => only.procedure = from.procedure,
        Key::Place => only.place = from.place,
        Key::Profession => only.profession = from.profession,
        Key::Residence => only.residence = from.residence,
        Key::ByTeam => only.by_team = from.by_team,
        Key::Enrolled => only.enrolled = from.enrolled,
        Key::Individual => only.individual = from.individual,
        Key::Parity => only.parity = from.parity,
        Key::GestationalDays => only.gestational_days = from.gestational_days,
        Key::Class => only.class = from.class,
        Key::Unit | Key::Holds | Key::Area | Key::AreaClass => {}
    }
    only
}

fn blank() -> Profile {
    Profile {
        kind: ContactKind::Other,
        profession: None,
        drg: None,
        diagnoses: Vec::new(),
        procedures: Vec::new(),
        residence: None,
        place: None,
        individual: None,
        enrolled: None,
        by_team: None,
        gestational_days: None,
        parity: None,
        classes: Vec::new(),
    }
}

/// Contacts that differ in one field, enough of them to tell all the conditions apart.
fn candidates(
    key: Key,
    all: &[&ContactCondition],
    none: &[&ContactCondition],
    county: Option<&str>,
) -> Vec<Profile> {
    let conditions: Vec<&ContactCondition> = all.iter().chain(none).copied().collect();
    let with = |set: &dyn Fn(&mut Profile)| {
        let mut profile = blank();
        set(&mut profile);
        profile
    };
    let booleans = [None, Some(false), Some(true)];
    match key {
        Key::Kind => ContactKind::ALL.iter().map(|kind| with(&|p| p.kind = *kind)).collect(),
        Key::Drg => {
            let codes = codes(conditions.iter().filter_map(|c| c.drg.as_ref()));
            let codes = codes.into_iter().map(Some).chain([None]);
            codes.map(|code| with(&|p| p.drg.clone_from(&code))).collect()
        }
        Key::Diagnosis => {
            let needed = all.iter().filter_map(|c| c.diagnosis.as_ref());
            let known = codes(conditions.iter().filter_map(|c| c.diagnosis.as_ref()));
            let sets = code_sets(needed, &known);
            sets.into_iter().map(|set| with(&|p| p.diagnoses.clone_from(&set))).collect()
        }
        Key::Procedure => {
            let needed = all.iter().filter_map(|c| c.procedure.as_ref());
            let known = codes(conditions.iter().filter_map(|c| c.procedure.as_ref()));
            let sets = code_sets(needed, &known);
            sets.into_iter().map(|set| with(&|p| p.procedures.clone_from(&set))).collect()
        }
        Key::Place => {
            let words = words(conditions.iter().filter_map(|c| c.place.as_ref()));
            words.into_iter().map(|word| with(&|p| p.place.clone_from(&word))).collect()
        }
        Key::Profession => {
            let words = words(conditions.iter().filter_map(|c| c.profession.as_ref()));
            words.into_iter().map(|word| with(&|p| p.profession.clone_from(&word))).collect()
        }
        Key::Residence => {
            let named = conditions.iter().filter_map(|c| c.residence.as_ref());
            let residences = sample_residences(named, county);
            residences.into_iter().map(|one| with(&|p| p.residence.clone_from(&one))).collect()
        }
        Key::ByTeam => booleans.map(|value| with(&|p| p.by_team = value)).into(),
        Key::Enrolled => booleans.map(|value| with(&|p| p.enrolled = value)).into(),
        Key::Individual => booleans.map(|value| with(&|p| p.individual = value)).into(),
        Key::Parity => {
            let numbers = numbers(conditions.iter().filter_map(|c| c.parity), i32::MAX);
            numbers.into_iter().map(|number| with(&|p| p.parity = number)).collect()
        }
        Key::GestationalDays => {
            let numbers = numbers(conditions.iter().filter_map(|c| c.gestational_days), 320);
            numbers.into_iter().map(|number| with(&|p| p.gestational_days = number)).collect()
        }
        Key::Class => {
            let sets = class_sets(all.iter().filter_map(|c| c.class.as_ref()));
            sets.into_iter().map(|set| with(&|p| p.classes.clone_from(&set))).collect()
        }
        Key::Unit | Key::Holds | Key::Area | Key::AreaClass => vec![blank()],
    }
}

/// A code for every pattern, one beyond every prefix, and one that no pattern names.
fn codes<'c>(patterns: impl Iterator<Item = &'c Vec<CodePattern>>) -> Vec<Arc<str>> {
    let mut codes: Vec<Arc<str>> = vec![FRESH.into()];
    for pattern in patterns.flatten() {
        match pattern {
            CodePattern::Exact(code) => codes.push(code.as_str().into()),
            CodePattern::Prefix(prefix) => {
                codes.push(prefix.as_str().into());
                codes.push(format!("{prefix}{FRESH}").into());
            }
        }
    }
    codes
}

/// The smallest sets of codes that have one for each of the needed keys.
fn code_sets<'c>(
    needed: impl Iterator<Item = &'c Vec<CodePattern>>,
    known: &[Arc<str>],
) -> Vec<Vec<Arc<str>>> {
    let mut sets: Vec<Vec<Arc<str>>> = vec![Vec::new()];
    for patterns in needed {
        let fits = |code: &&Arc<str>| patterns.iter().any(|pattern| pattern.matches(code));
        let fitting: Vec<&Arc<str>> = known.iter().filter(fits).collect();
        let longer = sets.iter().flat_map(|set| {
            fitting.iter().map(move |code| {
                let mut set = set.clone();
                set.push((*code).clone());
                set
            })
        });
        sets = longer.collect();
    }
    sets
}

fn words<'c>(allowed: impl Iterator<Item = &'c Vec<String>>) -> Vec<Option<Arc<str>>> {
    let named = allowed.flatten().map(|word| Some(Arc::from(word.as_str())));
    named.chain([None, Some(FRESH.into())]).collect()
}

fn numbers(ranges: impl Iterator<Item = (i32, i32)>, max: i32) -> Vec<Option<i32>> {
    let ends =
        ranges.flat_map(|(from, to)| [from, to, from.saturating_sub(1), to.saturating_add(1)]);
    let numbers = ends.chain([0]).filter(|number| (0..=max).contains(number)).map(Some);
    numbers.chain([None]).collect()
}

type Classes = Vec<(Arc<str>, Arc<str>)>;

/// The smallest sets of class values that satisfy each of the needed keys.
fn class_sets<'c>(needed: impl Iterator<Item = &'c Vec<ClassMatch>>) -> Vec<Classes> {
    let mut sets: Vec<Classes> = vec![Vec::new()];
    for matches in needed {
        let pairs = matches.iter().flat_map(|class| {
            class
                .values
                .iter()
                .map(|value| (Arc::from(class.name.as_str()), Arc::from(value.as_str())))
        });
        let pairs: Classes = pairs.collect();
        let longer = sets.iter().flat_map(|set| {
            pairs.iter().filter_map(move |(name, value)| {
                let mut set = set.clone();
                match set.iter().find(|(other, _)| other == name) {
                    Some((_, other)) if other != value => return None,
                    Some(_) => {}
                    None => set.push((name.clone(), value.clone())),
                }
                Some(set)
            })
        });
        sets = longer.collect();
    }
    sets
}

/// Residences that tell all the named ones apart: each of them, one more of every county, one of another
/// county, a word and blank.
pub(super) fn sample_residences<'c>(
    named: impl Iterator<Item = &'c Residences>,
    county: Option<&str>,
) -> Vec<Option<Arc<str>>> {
    let mut exact: Vec<String> = Vec::new();
    let mut counties: Vec<String> = county.map(str::to_owned).into_iter().collect();
    for residences in named {
        for one in residences.plain.iter().chain(&residences.not) {
            match one {
                Residence::Exact(code) => exact.push(code.clone()),
                Residence::County(county) => counties.push(county.clone()),
                Residence::OutOfCounty => {}
            }
        }
    }
    let other_county =
        (1..100).map(|number| format!("{number:02}")).find(|c| !counties.contains(c));
    counties.extend(other_county);
    let mut samples = exact.clone();
    for county in &counties {
        let mut codes = (0..100).map(|number| format!("{county}{number:02}"));
        samples.extend(codes.find(|code| !exact.contains(code)));
    }
    samples.push(FRESH.to_owned());
    samples.into_iter().map(|code| Some(Arc::from(code))).chain([None]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drg(patterns: &[CodePattern]) -> ContactCondition {
        ContactCondition { drg: Some(patterns.to_vec()), ..ContactCondition::default() }
    }

    fn diagnosis(pattern: CodePattern) -> ContactCondition {
        ContactCondition { diagnosis: Some(vec![pattern]), ..ContactCondition::default() }
    }

    #[test]
    fn conditions_clash_only_where_a_contact_can_satisfy_both() {
        let exact = |code: &str| CodePattern::Exact(code.to_owned());
        let prefix = |code: &str| CodePattern::Prefix(code.to_owned());
        let possible = |all: &[&ContactCondition], none: &[&ContactCondition]| {
            is_possible(all, none, Some("01"))
        };
        let (p05, p05e, p01) =
            (drg(&[prefix("P05")]), drg(&[exact("P05E")]), drg(&[prefix("P01")]));
        assert!(possible(&[&p05, &p05e], &[]));
        assert!(!possible(&[&p05, &p01], &[]));
        assert!(possible(&[&p05], &[&p05e]));
        assert!(!possible(&[&p05e], &[&p05]));
        // A contact has many diagnoses, so both can hold; and one does not bring the other.
        let (o80, z37) = (diagnosis(prefix("O80")), diagnosis(prefix("Z37")));
        assert!(possible(&[&o80, &z37], &[]));
        assert!(possible(&[&o80], &[&z37]));
        assert!(!possible(&[&o80, &z37], &[&z37]));
        let enrolled =
            |value| ContactCondition { enrolled: Some(vec![value]), ..ContactCondition::default() };
        assert!(!possible(&[&enrolled(true), &enrolled(false)], &[]));
        // Blank satisfies neither, so a contact remains that both exceptions leave alone.
        assert!(possible(&[&p05], &[&enrolled(true), &enrolled(false)]));
    }
}
