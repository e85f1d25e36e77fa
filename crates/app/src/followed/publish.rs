//! A year as it would be published, held against what was published of it before.
//!
//! Owns: that everything that is told of a year is held against all its publications, family by family. Does not own: which differences
//! may be told (`follow::disclose`), or the deed (`kernel::journal`).
//!
//! One late birth at one clinic: its families have changed by one woman, so the year cannot be published anew.

use super::continuity::OfYear;
use super::group::By;
use super::material::{hash, of_year};
use super::rows::{born, table_of};
use super::staffing::{Sums, Year};
use super::year::{Held, YearOf, held};
use crate::data::Followed;
use follow::disclose::Barred;
use follow::outcome::is_small;
use kernel::fact::{Gives, Indicator};
use kernel::finding::Text;
use kernel::journal::{Extent, Publication};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is told together, and how it stands beside what was published before.
#[derive(Clone, Debug)]
pub struct Part {
    /// What people call it.
    pub label: Text,
    /// Indicators in it.
    pub indicators: Vec<String>,
    /// How it stands.
    pub standing: Standing,
}

/// How a part stands beside earlier publications of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing of it was published.
    New,
    /// It is what was published last.
    Same,
    /// It has changed, and nobody can be subtracted.
    Changed,
    /// It has changed for few women.
    SmallDifference,
    /// Withheld counts could perhaps be worked out from both.
    Unproved,
    /// It is defined otherwise, so nobody can say what subtracting gives.
    Redefined,
    /// What was published cannot be worked out again, so nothing can be held against it.
    NotAsPublished,
}

impl Standing {
    /// Whether it may be published.
    pub const fn may(self) -> bool {
        matches!(self, Self::New | Self::Same | Self::Changed)
    }

    /// A stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Changed => "changed",
            Self::SmallDifference => "small-difference",
            Self::Unproved => "unproved",
            Self::Redefined => "redefined",
            Self::NotAsPublished => "not-as-published",
        }
    }

    /// For people.
    pub fn words(self) -> Text {
        let (sv, en) = match self {
            Self::New => ("inte publicerat förut", "not published before"),
            Self::Same => ("som det är publicerat", "as it is published"),
            Self::Changed => ("ändrat, ingen kan räknas ut", "changed, nobody can be subtracted"),
            Self::SmallDifference => (
                "ändrat för så få att de kan räknas ut",
                "changed for so few that they can be subtracted",
            ),
            Self::Unproved => (
                "ändrat så att dolda värden kanske kan räknas ut",
                "changed so that withheld values could perhaps be worked out",
            ),
            Self::Redefined => ("definierat på annat sätt", "defined otherwise"),
            Self::NotAsPublished => (
                "det publicerade går inte att räkna fram igen",
                "what was published cannot be worked out again",
            ),
        };
        Text::new(sv, en)
    }

    fn of(found: Held) -> Self {
        match found {
            Held::Same => Self::Same,
            Held::Apart => Self::Changed,
            Held::Barred(Barred::SmallDifference) => Self::SmallDifference,
            Held::Barred(Barred::Unproved) => Self::Unproved,
        }
    }
}

/// A year that could be published.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The year.
    pub year: i32,
    /// What it rests on.
    pub extent: Extent,
    /// The hash of what its figures follow from.
    pub hash: String,
    /// Its parts.
    pub parts: Vec<Part>,
    /// How it was published before.
    pub earlier: Vec<Publication>,
    /// Its births.
    pub births: u64,
    /// Births whose time is not over, of the indicator that has most.
    pub pending: u64,
}

impl Candidate {
    /// The year as so much of what is kept has it; `now` knows what was published.
    pub fn of(now: &Followed, year: i32, new: &Followed) -> Self {
        let publications = now.publications(year);
        let earlier: Vec<Option<State<'_>>> =
            publications.iter().map(|(_, state)| Some(State::of((*state)?, year))).collect();
        let own = State::of(new, year);
        let parts = match earlier.iter().cloned().collect::<Option<Vec<State<'_>>>>() {
            Some(earlier) => own.parts(&earlier),
            None => own.parts(&[]).into_iter().map(Part::lost).collect(),
        };
        let pending = own.families.iter().flat_map(|family| family.tables(By::Month, &own));
        let whole = super::year::Part::All;
        Self {
            year,
            extent: new.extent,
            hash: hash(new, year),
            births: born(new, year, None),
            parts,
            earlier: publications.into_iter().map(|(one, _)| one.clone()).collect(),
            pending: pending.map(|table| table.tally(None, whole).pending).max().unwrap_or(0),
        }
    }

    /// Whether it is what was published last.
    pub fn is_published(&self) -> bool {
        self.earlier.last().is_some_and(|last| last.hash == self.hash)
    }

    /// Parts that may not be published.
    pub fn barred(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| !part.standing.may())
    }
}

impl Part {
    fn lost(self) -> Self {
        Self { standing: Standing::NotAsPublished, ..self }
    }
}

/// A year of a state, with what is told together in it.
#[derive(Clone)]
struct State<'r> {
    followed: &'r Followed,
    year: i32,
    threshold: u32,
    families: Vec<Family<'r>>,
}

/// Indicators that are one table.
#[derive(Clone)]
struct Family<'r> {
    facts: Vec<&'r Indicator>,
    labels: Vec<String>,
}

impl Family<'_> {
    fn ids(&self) -> BTreeSet<&str> {
        self.facts.iter().map(|fact| fact.id.as_str()).collect()
    }

    fn tables(&self, by: By, state: &State<'_>) -> Vec<Arc<YearOf>> {
        let known = of_year(state.followed, state.year);
        let table = |fact: &&Indicator| {
            table_of(state.followed, &known, fact, (state.year, by, state.threshold))
        };
        self.facts.iter().filter_map(table).collect()
    }
}

/// Every way in which births of a year are divided.
fn ways() -> impl Iterator<Item = By> {
    By::ALL.iter().copied().filter(|by| by.is_of_women() || *by == By::Month)
}

impl<'r> State<'r> {
    fn of(followed: &'r Followed, year: i32) -> Self {
        let mut families: Vec<Family<'r>> = Vec::new();
        for one in of_year(followed, year) {
            let (fact, stated) = (one.indicator.fact, one.indicator.stated);
            if fact.gives == Gives::CapacityUsed {
                continue;
            }
            let is_kin = |family: &&mut Family<'_>| {
                fact.family.is_some() && family.facts.iter().any(|kin| kin.family == fact.family)
            };
            let label = stated.label.clone().unwrap_or_else(|| fact.id.clone());
            match families.iter_mut().find(is_kin) {
                Some(family) => {
                    family.facts.push(fact);
                    family.labels.push(label);
                }
                None => families.push(Family { facts: vec![fact], labels: vec![label] }),
            }
        }
        Self { followed, year, threshold: followed.threshold(), families }
    }

    fn parts(&self, earlier: &[Self]) -> Vec<Part> {
        let mut parts: Vec<Part> = self
            .families
            .iter()
            .map(|family| Part {
                label: Text::new(family.labels.join(", "), family.labels.join(", ")),
                indicators: family.facts.iter().map(|fact| fact.id.clone()).collect(),
                standing: self.family(family, earlier),
            })
            .collect();
        let other = |sv: &str, en: &str, standing| Part {
            label: Text::new(sv, en),
            indicators: Vec::new(),
            standing,
        };
        parts.push(other("Antal födslar", "Numbers of births", self.births(earlier)));
        let tables = |state: &Self| OfYear::counted(state.followed, state.year).tables();
        let continuity = tables_standing(tables(self), earlier.iter().map(tables).collect());
        parts.push(other(
            "Kontinuitet efter antal kontakter",
            "Continuity by number of contacts",
            continuity,
        ));
        parts.push(other(
            "En till en och bemanning",
            "One to one and staffing",
            self.staffing(earlier),
        ));
        parts
    }

    /// A family held against every publication that told anything of it.
    fn family(&self, family: &Family<'_>, earlier: &[Self]) -> Standing {
        let mut before: Vec<(&Self, &Family<'_>)> = Vec::new();
        for state in earlier {
            let kin: Vec<&Family<'_>> =
                state.families.iter().filter(|old| !old.ids().is_disjoint(&family.ids())).collect();
            match kin.as_slice() {
                [] => {}
                [old] if old.facts == family.facts => before.push((state, old)),
                _ => return Standing::Redefined,
            }
        }
        if before.is_empty() {
            return Standing::New;
        }
        let by = |by: By| {
            let earlier = before.iter().map(|(state, old)| old.tables(by, state)).collect();
            tables_standing(family.tables(by, self), earlier)
        };
        ways().map(by).max().unwrap_or(Standing::Same)
    }

    /// Births of each clinic, which are told beside plans.
    fn births(&self, earlier: &[Self]) -> Standing {
        let all = |state: &Self| -> BTreeMap<Option<String>, u64> {
            let units = state.followed.birth_units().iter().cloned().map(Some).chain([None]);
            units
                .map(|unit| (unit.clone(), born(state.followed, state.year, unit.as_deref())))
                .filter(|(_, births)| *births > 0)
                .collect()
        };
        let own = all(self);
        let against = |old: &Self| {
            let old = all(old);
            let of = |counts: &BTreeMap<Option<String>, u64>, unit| {
                counts.get(unit).copied().unwrap_or(0)
            };
            let changes =
                own.keys().chain(old.keys()).map(|unit| of(&own, unit).abs_diff(of(&old, unit)));
            changed(changes, self.threshold)
        };
        worst(earlier.iter().map(against))
    }

    /// Births with a midwife of their own, and minutes: of an hour or weekday of a clinic nothing may have changed for few women.
    fn staffing(&self, earlier: &[Self]) -> Standing {
        let of = |state: &Self| Year::new(state.followed, state.year);
        let Some(own) = of(self) else { return Standing::NotAsPublished };
        let mut found = Vec::new();
        let mut tables = Vec::new();
        for state in earlier {
            let Some(old) = of(state) else { return Standing::NotAsPublished };
            let sums = |year: &Year<'_>, state: &Self| {
                let counted = year.counted();
                [&counted.hours, &counted.weekdays].map(|sums| named(sums, state.followed))
            };
            for (new, old) in sums(&own, self).into_iter().zip(sums(&old, state)) {
                found.push(minutes(&new, &old, self.threshold.max(state.threshold)));
            }
            tables.push(old.counted().tables.clone());
        }
        found.push(tables_standing(own.counted().tables.clone(), tables));
        worst(found.into_iter())
    }
}

/// The worst there is; new where nothing was before.
fn worst(each: impl Iterator<Item = Standing>) -> Standing {
    each.max().unwrap_or(Standing::New)
}

fn tables_standing(new: Vec<Arc<YearOf>>, earlier: Vec<Vec<Arc<YearOf>>>) -> Standing {
    let earlier: Vec<Vec<Arc<YearOf>>> =
        earlier.into_iter().filter(|tables| !tables.is_empty()).collect();
    if earlier.is_empty() || new.is_empty() {
        return if earlier.is_empty() { Standing::New } else { Standing::Changed };
    }
    Standing::of(held(&new, &earlier))
}

fn changed(changes: impl Iterator<Item = u64>, threshold: u32) -> Standing {
    let each = changes.map(|change| match change {
        0 => Standing::Same,
        few if is_small(few, threshold) => Standing::SmallDifference,
        _ => Standing::Changed,
    });
    each.max().unwrap_or(Standing::Same)
}

/// Women and their minutes by hour or weekday, and clinic; and of all clinics.
type Named = BTreeMap<(i64, Option<String>), (u64, [u64; 3])>;

fn named(sums: &Sums, followed: &Followed) -> Named {
    let mut all = Named::new();
    for ((key, unit), (women, minutes)) in sums {
        for unit in [Some(followed.unit(*unit).to_owned()), None] {
            let sum = all.entry((*key, unit)).or_default();
            sum.0 += women;
            let [active, own, unknown] = &mut sum.1;
            *active += minutes.active;
            *own += minutes.own;
            *unknown += minutes.unknown;
        }
    }
    all
}

fn minutes(new: &Named, old: &Named, threshold: u32) -> Standing {
    let keys = new.keys().chain(old.keys());
    let of = |all: &Named, key| all.get(key).copied().unwrap_or_default();
    let each = keys.map(|key| match (of(new, key), of(old, key)) {
        (new, old) if new == old => Standing::Same,
        // Minutes of the same number of women: of how few they have changed nobody can say.
        (new, old) if new.0.abs_diff(old.0) < u64::from(threshold.max(1)) => {
            Standing::SmallDifference
        }
        _ => Standing::Changed,
    });
    each.max().unwrap_or(Standing::Same)
}
