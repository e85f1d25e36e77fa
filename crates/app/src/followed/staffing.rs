//! One midwife each, by clinic, weekday and hour, and how many midwives that needs.
//!
//! Owns: which births and minutes are counted together, and what of them may be told. Does not own: minutes (`follow::one_to_one`),
//! simulation (`follow::staffing_need`).

use crate::data::Followed;
use follow::interval::Level;
use follow::one_to_one::{Apart, Birth, Minutes, Span, Tally, minutes_by, tally};
use follow::outcome::{Value, is_small, share};
use follow::staffing_need::{Covered, Need, NoNeed, Plan, daily_shift, need};
use kernel::time::Month;

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
    /// All births.
    pub births: u64,
    /// Births without an active phase at the clinic (planned caesarean, unassisted); `None` where so few could be known again.
    pub apart: Option<u64>,
    /// Births of which something is missing or faulty; likewise.
    pub missing: Option<u64>,
    /// Births with a midwife of their own at least [`PERCENTS`] of the time, of those measured.
    pub met: [Value; 3],
}

/// The births of a year, at one clinic or all.
pub struct Year<'f> {
    births: Vec<&'f Birth>,
    units: Vec<u16>,
    followed: &'f Followed,
    threshold: u32,
    year: i32,
}

impl<'f> Year<'f> {
    /// Picks them.
    pub fn new(followed: &'f Followed, year: i32, unit: Option<&str>, threshold: u32) -> Self {
        let both = followed.gathered.minutes.births.iter().zip(&followed.gathered.cases.births);
        let asked = both.filter(|(_, case)| {
            case.day.year() == year && unit.is_none_or(|unit| followed.unit(case.unit) == unit)
        });
        let (births, units) = asked.map(|(birth, case)| (birth, case.unit)).unzip();
        Self { births, units, followed, threshold, year }
    }

    /// Clinic by clinic in order of id, and all together last.
    pub fn clinics(&self) -> Vec<Clinic> {
        let mut units = self.units.clone();
        units.sort_by_key(|unit| self.followed.unit(*unit));
        units.dedup();
        let mut clinics: Vec<Clinic> = units
            .into_iter()
            .map(|unit| {
                let own = self.births.iter().zip(&self.units).filter(|(_, of)| **of == unit);
                let own: Vec<Birth> = own.map(|(birth, _)| (*birth).clone()).collect();
                self.clinic(Some(self.followed.unit(unit).to_owned()), &own)
            })
            .collect();
        let all: Vec<Birth> = self.births.iter().map(|birth| (*birth).clone()).collect();
        clinics.push(self.clinic(None, &all));
        clinics
    }

    fn clinic(&self, unit: Option<String>, births: &[Birth]) -> Clinic {
        let sum: Tally = tally(births, &PERCENTS, |_| ()).remove(&()).unwrap_or_default();
        let shown = |count: u64| (!is_small(count, self.threshold)).then_some(count);
        let apart: u64 = [Apart::PlannedCaesarean, Apart::Unassisted]
            .iter()
            .filter_map(|apart| sum.apart.get(apart))
            .sum();
        let missing = sum.missing.values().chain(sum.faulty.values()).sum::<u64>();
        let mut met = PERCENTS.map(|_| Value::Withheld(follow::outcome::Why::Nobody));
        for (value, count) in met.iter_mut().zip(&sum.met) {
            *value = share(*count, sum.measured, self.threshold, Level::P95);
        }
        Clinic { unit, births: sum.births, apart: shown(apart), missing: shown(missing), met }
    }

    /// Minutes by clock hour, 0–23.
    pub fn by_hour(&self) -> Vec<(i64, Minutes)> {
        let births: Vec<Birth> = self.births.iter().map(|birth| (*birth).clone()).collect();
        minutes_by(&births, |_, minute| minute.hour()).into_iter().collect()
    }

    /// Minutes by weekday, 0 is Monday.
    pub fn by_weekday(&self) -> Vec<(i32, Minutes)> {
        let births: Vec<Birth> = self.births.iter().map(|birth| (*birth).clone()).collect();
        minutes_by(&births, |_, minute| minute.day().weekday()).into_iter().collect()
    }

    /// Whether so few births lie behind that nothing is told of their minutes.
    pub fn is_too_few(&self) -> bool {
        is_small(self.births.len() as u64, self.threshold)
    }

    /// What each shift needs, in the order of [`SHIFTS`] and [`COVER`], from the clinic's own arrivals and active phases.
    pub fn need(&self) -> Result<Vec<Vec<Need>>, NoNeed> {
        let phases: Vec<Span> = self.births.iter().filter_map(|birth| birth.active).collect();
        let minute = |month: Option<Month>| {
            let day = month.map(Month::first_day)?;
            follow::minute::Minute::of_clock(day, 0).ok()
        };
        let ends = minute(Month::new(self.year, 1)).zip(minute(Month::new(self.year + 1, 1)));
        let Some((from, until)) = ends else { return Err(NoNeed::TooShort) };
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
        need(&phases, Span { from, until }, &shifts, &plan)
    }
}
