//! One midwife each, by clinic, weekday and hour, and how many midwives that needs.
//!
//! Owns: which births and minutes are counted together, and what of them may be told. Does not own: minutes (`follow::one_to_one`),
//! simulation (`follow::staffing_need`).

use super::year::YearOf;
use crate::data::Followed;
use follow::indicator::Judged;
use follow::one_to_one::{Birth, Minutes, Outcome, Span, minutes_by};
use follow::outcome::{Value, Why, is_small};
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

/// A birth as a share of births counts it.
fn judged(birth: &Birth, percent: u64) -> Judged {
    match birth.outcome {
        Outcome::Apart(_) => Judged::NotMeant,
        Outcome::Missing(_) | Outcome::Faulty(_) => Judged::Unreported,
        Outcome::Measured if birth.met(percent) == Some(true) => Judged::Yes,
        Outcome::Measured => Judged::No,
    }
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

    /// Clinic by clinic in order of id, and all together last. Where one clinic's births without a measure are too few to be told, neither
    /// these nor those of all are, so that nobody works them out.
    pub fn clinics(&self) -> Vec<Clinic> {
        let mut units = self.units.clone();
        units.sort_by_key(|unit| self.followed.unit(*unit));
        units.dedup();
        let place = |birth: usize| {
            let own = self.units.get(birth)?;
            Some((units.iter().position(|unit| unit == own)?, 0))
        };
        let tables = PERCENTS.map(|percent| {
            let judged: Vec<Judged> =
                self.births.iter().map(|birth| judged(birth, percent)).collect();
            YearOf::new(self.followed, &judged, (units.len(), 1), self.threshold, place)
        });
        let mut clinics: Vec<Clinic> = units
            .iter()
            .enumerate()
            .map(|(at, unit)| {
                let own = self.births.iter().zip(&self.units).filter(|(_, of)| *of == unit);
                let id = Some(self.followed.unit(*unit).to_owned());
                self.clinic(id, own.map(|(birth, _)| *birth), &tables, Some(at))
            })
            .collect();
        let mut all = self.clinic(None, self.births.iter().copied(), &tables, None);
        if clinics.iter().any(|clinic| clinic.apart.is_none()) {
            (all.apart, all.missing) = (None, None);
        }
        clinics.push(all);
        clinics
    }

    fn clinic<'b>(
        &self,
        unit: Option<String>,
        births: impl Iterator<Item = &'b Birth>,
        tables: &[YearOf; 3],
        at: Option<usize>,
    ) -> Clinic {
        let (mut count, mut apart, mut missing) = (0, 0, 0);
        for birth in births {
            count += 1;
            match birth.outcome {
                Outcome::Apart(_) => apart += 1,
                Outcome::Missing(_) | Outcome::Faulty(_) => missing += 1,
                Outcome::Measured => {}
            }
        }
        let is_told = !is_small(apart, self.threshold) && !is_small(missing, self.threshold);
        let met = tables.each_ref().map(|table| match table.share(at, None) {
            Value::Withheld(Why::Nobody) if missing > 0 => Value::Withheld(Why::TooLittleReported),
            value => value,
        });
        let shown = |count: u64| is_told.then_some(count);
        Clinic { unit, births: count, apart: shown(apart), missing: shown(missing), met }
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
