//! Clinics made comparable: what was counted against what was expected of their women.
//!
//! Owns: that a ratio rests on told numbers alone. Does not own: the arithmetic (`follow::standard`), or what may be told (`year`).
//!
//! The reference is the region of the year. A clinic's own share, the region's share in each group, and the sizes of the clinic's groups
//! are each told or withheld by the protection of the year; where one of them is withheld, so is the ratio. Whoever turns it round then
//! finds nothing but what could have been told.

use super::group::By;
use super::material::of_year;
use super::rows::{table_of, together};
use super::together::{Key, Together};
use super::year::{Part, YearOf};
use crate::data::Followed;
use follow::interval::Level;
use follow::outcome::{Value, Why};
use follow::standard::{Standardised, standardised};
use kernel::fact::{Gives, Indicator};

/// What clinics are made comparable by.
pub const STRATA: [By; 4] = [By::Parity, By::Age, By::Bmi, By::Robson];

/// A clinic.
#[derive(Clone, Debug)]
pub struct Ratio {
    /// Its id.
    pub unit: String,
    /// Counted over expected, or why that is not told.
    pub told: Result<Standardised, Why>,
}

/// The clinics of a year in order of id; `None` where the indicator is no share of births.
pub fn ratios(followed: &Followed, (id, year): (&str, i32), by: By) -> Option<Vec<Ratio>> {
    let followed = followed.of_year(year)?;
    let known = of_year(followed, year);
    let indicator = known.iter().map(|one| one.indicator.fact).find(|fact| fact.id == id)?;
    if indicator.gives != Gives::Share {
        return None;
    }
    let table = table_of(followed, &known, indicator, (year, by, followed.threshold()))?;
    let together = together(followed, year, by);
    let told = Told { table: &table, together: &together, indicator };
    let rates: Vec<Option<f64>> =
        (0..table.layout.groups.len()).map(|group| told.rate(group)).collect();
    let clinics = (0..).zip(&table.layout.clinics);
    let ratio = |(at, unit): (usize, &String)| Ratio {
        unit: unit.clone(),
        told: told.of_clinic(&rates, at),
    };
    Some(clinics.map(ratio).collect())
}

/// An indicator, and what of it may be told.
struct Told<'t> {
    table: &'t YearOf,
    together: &'t Together,
    indicator: &'t Indicator,
}

impl Told<'_> {
    fn share(&self, row: Option<usize>, part: Part) -> Value {
        if self.together.tells(&Key::of(self.indicator), row, part) {
            self.table.value(self.indicator, row, part)
        } else {
            Value::Withheld(Why::TooFew)
        }
    }

    /// The share of a group in the whole region; `None` where it is not told, or nobody is in it.
    fn rate(&self, group: usize) -> Option<f64> {
        match self.share(None, Part::Group(group)) {
            told @ Value::Share { .. } => told.number(),
            _ => None,
        }
    }

    /// How many births of a clinic are in a group, where that may be told.
    fn size(&self, at: usize, group: usize) -> Option<u64> {
        let key = Key::Size(self.indicator.id.clone(), self.indicator.valid.from);
        let size = self.table.size(Some(at), Part::Group(group));
        size.filter(|_| self.together.tells(&key, Some(at), Part::Group(group)))
    }

    fn of_clinic(&self, rates: &[Option<f64>], at: usize) -> Result<Standardised, Why> {
        let observed = match self.share(Some(at), Part::All) {
            Value::Share { count, .. } => count,
            Value::Withheld(why) => return Err(why),
            Value::Number { .. } => return Err(Why::Nobody),
        };
        let mut expected = 0.0;
        for (group, rate) in rates.iter().enumerate() {
            match (self.size(at, group), rate) {
                (Some(0), _) => {}
                (Some(of), Some(rate)) => expected += of as f64 * rate,
                _ => return Err(Why::TooFew),
            }
        }
        standardised(observed, expected, Level::P95).ok_or(Why::Nobody)
    }
}
