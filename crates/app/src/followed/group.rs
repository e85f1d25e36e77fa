//! The groups that births are told by.

use crate::data::Followed;
use follow::case::Case;
use kernel::finding::Text;
use kernel::named;
use std::collections::BTreeMap;

named! {
    /// What births are told by.
    By {
        /// The whole alone.
        Whole = "whole",
        /// Clinic of birth.
        Unit = "unit",
        /// Month of birth.
        Month = "month",
        /// Quarter of birth.
        Quarter = "quarter",
        /// Year of birth.
        Year = "year",
        /// The woman's education.
        Education = "education",
        /// Group of countries where she was born.
        Country = "country",
        /// First birth or later.
        Parity = "parity",
        /// Age.
        Age = "age",
        /// BMI at enrolment.
        Bmi = "bmi",
        /// Whether she needs an interpreter.
        Interpreter = "interpreter",
        /// Class of the area of her midwife clinic.
        AreaClass = "area-class",
        /// Robson's group: 1 to 5, and the others together.
        Robson = "robson",
    }
}

impl By {
    /// Whether its groups are groups of women.
    pub fn is_of_women(self) -> bool {
        !matches!(self, Self::Whole | Self::Unit | Self::Month | Self::Quarter | Self::Year)
    }

    /// Whether values are told by them. By Robson's groups clinics are made comparable, and no more: the groups have indicators of their
    /// own, and what is told twice would be protected twice, each time in its own way.
    pub fn is_told(self) -> bool {
        self != Self::Robson
    }

    /// For people.
    pub fn label(self) -> Text {
        let (sv, en) = match self {
            Self::Whole => ("Hela regionen", "The whole region"),
            Self::Unit => ("Klinik", "Clinic"),
            Self::Month => ("Månad", "Month"),
            Self::Quarter => ("Kvartal", "Quarter"),
            Self::Year => ("År", "Year"),
            Self::Education => ("Utbildning", "Education"),
            Self::Country => ("Födelseland", "Country of birth"),
            Self::Parity => ("Paritet", "Parity"),
            Self::Age => ("Ålder", "Age"),
            Self::Bmi => ("BMI", "BMI"),
            Self::Interpreter => ("Behov av tolk", "Needs an interpreter"),
            Self::AreaClass => ("Områdesklass", "Class of area"),
            Self::Robson => ("Robsongrupp 1–5 och övriga", "Robson group 1–5 and others"),
        };
        Text::new(sv, en)
    }
}

/// The groups of births, in order, and that of each birth that is asked for.
pub(super) struct Groups {
    pub(super) of_birth: Vec<Option<usize>>,
    pub(super) keys: Vec<String>,
}

/// Groups the births that are asked for.
pub(super) fn groups(followed: &Followed, by: By, asked: impl Fn(&Case) -> bool) -> Groups {
    let births = followed.gathered.cases.births.iter();
    let keys: Vec<Option<String>> =
        births.map(|case| asked(case).then(|| key(followed, by, case))).collect();
    let mut order: BTreeMap<&str, usize> = keys.iter().flatten().map(|key| (&**key, 0)).collect();
    for (place, number) in order.values_mut().enumerate() {
        *number = place;
    }
    let of_birth = keys.iter().map(|key| order.get(key.as_deref()?).copied()).collect();
    Groups { of_birth, keys: order.into_keys().map(str::to_owned).collect() }
}

/// Groups sort as text; what is not known has the empty key.
pub(super) fn key(followed: &Followed, by: By, case: &Case) -> String {
    let cases = &followed.gathered.cases;
    let measure = |name: &str| cases.names.find(name).and_then(|name| cases.measure(case, name));
    let coded = |name: &str, codes: &[&str]| {
        let value = measure(name).map(|value| value as usize);
        value.and_then(|value| codes.get(value)).copied().unwrap_or("").to_owned()
    };
    match by {
        By::Whole => String::new(),
        By::Unit => followed.unit(case.unit).to_owned(),
        By::Month | By::Quarter => case.day.month().to_string(),
        By::Year => case.day.year().to_string(),
        By::Education => {
            coded("education", &["", "1-compulsory", "2-secondary", "3-post-secondary"])
        }
        By::Country => {
            coded("country-group", &["", "1-sweden", "2-other-europe", "3-outside-europe"])
        }
        By::Interpreter => coded("interpreter", &["no", "yes"]),
        By::Parity => match followed.profile(case.profile).and_then(|profile| profile.parity) {
            Some(0) => "0".to_owned(),
            Some(_) => "1-".to_owned(),
            None => String::new(),
        },
        By::Age => banded(
            measure("age"),
            &[(25.0, "-24"), (30.0, "25-29"), (35.0, "30-34"), (40.0, "35-39")],
            "40-",
        ),
        By::Bmi => {
            banded(measure("bmi"), &[(25.0, "-24.9"), (30.0, "25-29.9"), (35.0, "30-34.9")], "35-")
        }
        By::AreaClass => {
            let class = case.midwife_clinic.and_then(|unit| followed.area_class(unit));
            class.unwrap_or("").to_owned()
        }
        // Breech, twins and preterm births are few at a clinic, so that each alone could seldom be told.
        By::Robson => match case.robson {
            Some(group @ 1..=5) => group.to_string(),
            _ => "other".to_owned(),
        },
    }
}

/// The first band whose end lies above the value.
fn banded(value: Option<f64>, bands: &[(f64, &str)], last: &str) -> String {
    let Some(value) = value else { return String::new() };
    bands.iter().find(|(end, _)| value < *end).map_or(last, |(_, name)| name).to_owned()
}
