//! One midwife each, by clinic, weekday and hour, and how many midwives that needs.
//!
//! Owns: which births and minutes are counted together, and what of them may be told. Does not own: minutes (`follow::one_to_one`),
//! simulation (`follow::staffing_need`).

use super::year::{Layout, Part, YearOf};
use crate::data::Followed;
use follow::indicator::Judged;
use follow::minute::Minute;
use follow::one_to_one::{Birth, Minutes, Outcome, Span, minutes_by};
use follow::outcome::{Value, Why, is_small};
use follow::staffing_need::{Covered, Need, NoNeed, Plan, daily_shift, need};
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

/// Shares of the active phase that are told, in percent.
pub const PERCENTS: [u64; 3] = [75, 90, 100];

/// Shares of hours that midwives are needed for, in percent.
pub const COVER: [u64; 3] = [90, 95, 99];

/// Three shifts a day; where a clinic's own begin otherwise, the need of the hours is nearly the same.
pub const SHIFTS: [(usize, usize); 3] = [(7, 15), (15, 22), (22, 7)];

/// Births of one clinic in a year.
#[derive(Clone, Debug)]
pub struct Clinic {
    /// Its id; `None` for all.
    pub unit: Option<String>,
    /// All births; `None` where that would give the others away.
    pub births: Option<u64>,
    /// Births without an active phase at the clinic (planned caesarean, unassisted); `None` where so few could be known again.
    pub apart: Option<u64>,
    /// Births of which something is missing or faulty; likewise.
    pub missing: Option<u64>,
    /// Births with a midwife of their own at least [`PERCENTS`] of the time, of those measured.
    pub met: Vec<Value>,
}

/// A birth as a share of births counts it.
fn judged(birth: &Birth, percent: u64) -> Judged {
    match birth.outcome {
        Outcome::Apart(_) => Judged::NotMeant,
        Outcome::Missing(_) | Outcome::Faulty(_) => Judged::Unreported,
        Outcome::Measured if birth.met(percent) == Some(true) => Judged::Yes,
        Outcome::Measured => Judged::No,
    }
}

/// The births of a year.
pub struct Year<'f> {
    births: Vec<Birth>,
    units: Vec<u16>,
    followed: &'f Followed,
    threshold: u32,
    year: i32,
}

impl<'f> Year<'f> {
    /// Picks them.
    pub fn new(followed: &'f Followed, year: i32, threshold: u32) -> Self {
        let both = followed.gathered.minutes.births.iter().zip(&followed.gathered.cases.births);
        let of_year = both.filter(|(_, case)| case.day.year() == year);
        let (births, units) = of_year.map(|(birth, case)| (birth.clone(), case.unit)).unzip();
        Self { births, units, followed, threshold, year }
    }

    /// Those at one clinic, or all.
    pub fn at(&self, unit: Option<&str>) -> At {
        let both = self.births.iter().zip(&self.units);
        let asked =
            both.filter(|(_, own)| unit.is_none_or(|unit| self.followed.unit(**own) == unit));
        let (births, units) = asked.map(|(birth, own)| (birth.clone(), *own)).unzip();
        let (threshold, known_on) = (self.threshold, self.followed.known_on);
        At {
            births,
            units,
            threshold,
            is_too_few: self.is_too_few(unit),
            year: self.year,
            known_on,
        }
    }

    /// Whether the minutes of a clinic are of so few women that nothing is told of them. Those of all are not told either then: less the
    /// minutes of every other clinic, they are those of the one.
    fn is_too_few(&self, unit: Option<&str>) -> bool {
        let mut women: BTreeMap<&str, u64> = BTreeMap::new();
        for (birth, own) in self.births.iter().zip(&self.units) {
            if birth.active.is_some() {
                *women.entry(self.followed.unit(*own)).or_default() += 1;
            }
        }
        let asked = women.iter().filter(|(own, _)| unit.is_none_or(|unit| **own == unit));
        asked.map(|(_, women)| *women).any(|women| is_small(women, self.threshold))
    }

    /// Clinic by clinic in order of id, and all together last; all their counts are protected as one table.
    pub fn clinics(&self) -> Vec<Clinic> {
        let mut units = self.units.clone();
        units.sort_by_key(|unit| self.followed.unit(*unit));
        units.dedup();
        let place = |birth: usize| {
            let own = self.units.get(birth)?;
            Some((units.iter().position(|unit| unit == own)?, 0))
        };
        let ids: Vec<String> =
            units.iter().map(|unit| self.followed.unit(*unit).to_owned()).collect();
        let all = |judge: &dyn Fn(&Birth) -> Judged| -> Vec<Judged> {
            self.births.iter().map(judge).collect()
        };
        let of = |holds: fn(&Outcome) -> bool| {
            all(&|birth| if holds(&birth.outcome) { Judged::Yes } else { Judged::No })
        };
        // Who had a midwife all the time had her 90 % of it too, and births less those measured are those apart and those missing.
        let mut family = PERCENTS.map(|percent| all(&|birth| judged(birth, percent))).to_vec();
        family.push(of(|outcome| matches!(outcome, Outcome::Apart(_))));
        family.push(of(|outcome| matches!(outcome, Outcome::Missing(_) | Outcome::Faulty(_))));
        let layout = Layout { clinics: ids, groups: vec![String::new()], runs: Vec::new() };
        let tables = YearOf::family(layout, &family, self.threshold, place);
        let rows = (0..units.len()).map(Some).chain([None]);
        rows.map(|row| {
            let unit = row.and_then(|row| units.get(row));
            clinic(unit.map(|unit| self.followed.unit(*unit).to_owned()), &tables, row)
        })
        .collect()
    }
}

/// What is told of the births of a clinic, or of all.
fn clinic(unit: Option<String>, tables: &[YearOf], row: Option<usize>) -> Clinic {
    let (apart, missing) = (PERCENTS.len(), PERCENTS.len() + 1);
    let size = |at: usize| tables.get(at).and_then(|table| table.size(row, Part::All));
    let count = |at: usize| tables.get(at).and_then(|table| table.count(row, Part::All));
    let met = tables.iter().take(PERCENTS.len()).map(|table| match table.share(row, Part::All) {
        Value::Withheld(Why::Nobody) if count(missing) != Some(0) => {
            Value::Withheld(Why::TooLittleReported)
        }
        told => told,
    });
    Clinic {
        unit,
        births: size(apart),
        apart: count(apart),
        missing: count(missing),
        met: met.collect(),
    }
}

/// Births of a year at one clinic, or all.
pub struct At {
    births: Vec<Birth>,
    /// The clinic of each.
    units: Vec<u16>,
    threshold: u32,
    is_too_few: bool,
    year: i32,
    known_on: Day,
}

impl At {
    /// Minutes by clock hour, 0–23; hours of too few women are left out.
    pub fn by_hour(&self) -> Vec<(i64, Minutes)> {
        self.minutes_by(Minute::hour)
    }

    /// Minutes by weekday, 0 is Monday; days of too few women are left out.
    pub fn by_weekday(&self) -> Vec<(i32, Minutes)> {
        self.minutes_by(|minute| minute.day().weekday())
    }

    /// Where too few women of any clinic were in active labour nothing is told, of all clinics neither: less those of the others, their
    /// minutes are those of the one.
    fn minutes_by<K: Ord + Copy>(&self, key: impl Fn(Minute) -> K) -> Vec<(K, Minutes)> {
        let mut women: BTreeMap<(K, u16), u64> = BTreeMap::new();
        for (birth, unit) in self.births.iter().zip(&self.units) {
            let hers = minutes_by(std::slice::from_ref(birth), |_, minute| key(minute));
            for key in hers.into_keys() {
                *women.entry((key, *unit)).or_default() += 1;
            }
        }
        let few = women.iter().filter(|(_, women)| is_small(**women, self.threshold));
        let few: BTreeSet<K> = few.map(|((key, _), _)| *key).collect();
        let all = minutes_by(&self.births, |_, minute| key(minute)).into_iter();
        all.filter(|(key, _)| !few.contains(key)).collect()
    }

    /// Whether the minutes are of so few women that nothing is told of them, or give such away.
    pub fn is_too_few(&self) -> bool {
        self.is_too_few
    }

    /// What each shift needs, in the order of [`SHIFTS`] and [`COVER`], from the clinic's own arrivals and active phases.
    pub fn need(&self) -> Result<Vec<Vec<Need>>, NoNeed> {
        let phases: Vec<Span> = self.births.iter().filter_map(|birth| birth.active).collect();
        let day = |month: Option<Month>| month.map(Month::first_day);
        let minute = |day: Day| Minute::of_clock(day, 0).ok();
        let from = day(Month::new(self.year, 1)).and_then(minute);
        // A year that is not over has been seen through the day that is known.
        let next = day(Month::new(self.year + 1, 1)).map(|next| next.min(self.known_on.plus(1)));
        let ends = from.zip(next.and_then(minute)).and_then(|(from, until)| Span::new(from, until));
        let Some(observed) = ends else { return Err(NoNeed::TooShort) };
        let shifts: Vec<Vec<usize>> =
            SHIFTS.iter().map(|(from, until)| daily_shift(*from, *until)).collect();
        let plan = Plan {
            percents: COVER.to_vec(),
            covered: Covered::EveryMinute,
            weeks: 26,
            redraws: 100,
            confidence: 95,
            seed: 2_022,
        };
        need(&phases, observed, &shifts, &plan)
    }
}
