//! One midwife each, by clinic, weekday and hour, and how many midwives that needs.
//!
//! Owns: which births and minutes are counted together, and what of them may be told. Does not own: minutes (`follow::one_to_one`),
//! simulation (`follow::staffing_need`).

use super::memo::Memo;
use super::rows::base;
use super::together::{Base, Class, Key};
use super::year::{Layout, Open, Part, YearOf};
use crate::data::Followed;
use follow::case::Case;
use follow::indicator::Judged;
use follow::minute::Minute;
use follow::one_to_one::{Birth, Minutes, Outcome, Span, minutes_by};
use follow::outcome::{Value, Why, is_small};
use follow::staffing_need::{Covered, Need, NoNeed, Plan, daily_shift, need};
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
    /// All births: how many a clinic has is told everywhere.
    pub births: u64,
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

/// What is counted of a year once, for every answer of it.
pub struct Counted {
    /// Ids of the clinics in order, with their births.
    clinics: Vec<(String, u64)>,
    /// What they are told from, as one table: shares by [`PERCENTS`], births apart, births of which something is missing.
    pub(super) tables: Vec<Arc<YearOf>>,
    /// What each birth is to each table.
    classes: Vec<Arc<Vec<Class>>>,
    /// Women in active labour at each clinic.
    pub(super) active: BTreeMap<u16, u64>,
    /// By clock hour, 0–23.
    pub(super) hours: Sums,
    /// By weekday, 0 is Monday.
    pub(super) weekdays: Sums,
    /// What each clinic, or all, needs, once it was asked for.
    needs: Memo<Option<String>, Needs>,
}

/// Midwives for each shift, in the order of [`SHIFTS`] and [`COVER`].
type Needs = Result<Vec<Vec<Need>>, NoNeed>;

/// Women, and minutes of theirs, by something and clinic.
pub(super) type Sums = BTreeMap<(i64, u16), (u64, Minutes)>;

/// The births of a year.
pub struct Year<'f> {
    births: &'f [Birth],
    cases: &'f [Case],
    followed: &'f Followed,
    counted: Arc<Counted>,
    threshold: u32,
    year: i32,
}

impl<'f> Year<'f> {
    /// Picks and counts them; `None` where the year cannot be told as it was published.
    pub fn new(followed: &'f Followed, year: i32) -> Option<Self> {
        let followed = followed.of_year(year)?;
        let threshold = followed.threshold();
        let (births, cases) = births(followed, year);
        let counted = Counted::of_year(followed, year);
        Some(Self { births, cases, followed, counted, threshold, year })
    }

    /// Below this many women nothing is told.
    pub fn threshold(&self) -> u32 {
        self.threshold
    }

    pub(super) fn counted(&self) -> &Counted {
        &self.counted
    }

    /// Clinic by clinic in order of id, and all together last; all their counts are protected as one table, and together with what
    /// else is told of the births.
    pub fn clinics(&self) -> Vec<Clinic> {
        let base = base(self.followed, self.year);
        let counted = &*self.counted;
        let rows = counted.clinics.iter().enumerate();
        let rows = rows.map(|(row, (unit, births))| (Some(row), Some(unit.clone()), *births));
        let all = counted.clinics.iter().map(|(_, births)| births).sum();
        rows.chain([(None, None, all)])
            .map(|(row, unit, births)| counted.clinic(&base, row, unit, births))
            .collect()
    }

    /// Those at one clinic, or all.
    pub fn at(&self, unit: Option<&str>) -> At<'_> {
        At { of_year: self, unit: unit.map(str::to_owned) }
    }
}

fn births(followed: &Followed, year: i32) -> (&[Birth], &[Case]) {
    let (gathered, of_year) = (&followed.gathered, followed.births_of(year));
    let cases = gathered.cases.births.get(of_year.clone()).unwrap_or_default();
    (gathered.minutes.births.get(of_year).unwrap_or_default(), cases)
}

fn count(followed: &Followed, births: &[Birth], cases: &[Case], threshold: u32) -> Counted {
    let mut active = BTreeMap::new();
    let (mut hours, mut weekdays) = (Sums::new(), Sums::new());
    for (birth, case) in births.iter().zip(cases).filter(|(birth, _)| birth.active.is_some()) {
        *active.entry(case.unit).or_default() += 1;
        let add = |sums: &mut Sums, key: &dyn Fn(Minute) -> i64| {
            for (key, hers) in minutes_by(std::slice::from_ref(birth), |_, minute| key(minute)) {
                let (women, sum) = sums.entry((key, case.unit)).or_default();
                *women += 1;
                *sum += hers;
            }
        };
        add(&mut hours, &Minute::hour);
        add(&mut weekdays, &|minute| minute.day().weekday().into());
    }
    let mut units: Vec<u16> = cases.iter().map(|case| case.unit).collect();
    units.sort_unstable();
    units.dedup();
    units.sort_by_key(|unit| followed.unit(*unit));
    let place = |birth: usize| {
        let own = cases.get(birth)?.unit;
        Some((units.iter().position(|unit| *unit == own)?, 0))
    };
    let born = |unit: &u16| cases.iter().filter(|case| case.unit == *unit).count() as u64;
    let clinics: Vec<(String, u64)> =
        units.iter().map(|unit| (followed.unit(*unit).to_owned(), born(unit))).collect();
    let ids = clinics.iter().map(|(id, _)| id.clone()).collect();
    let all =
        |judge: &dyn Fn(&Birth) -> Judged| -> Vec<Judged> { births.iter().map(judge).collect() };
    let of = |holds: fn(&Outcome) -> bool| {
        all(&|birth| if holds(&birth.outcome) { Judged::Yes } else { Judged::No })
    };
    // Who had a midwife all the time had her 90 % of it too, and births less those measured are those apart and those missing.
    let mut family = PERCENTS.map(|percent| all(&|birth| judged(birth, percent))).to_vec();
    family.push(of(|outcome| matches!(outcome, Outcome::Apart(_))));
    family.push(of(|outcome| matches!(outcome, Outcome::Missing(_) | Outcome::Faulty(_))));
    let groups = vec![String::new()];
    let layout = Layout { clinics: ids, groups, open: Open::Groups, ..Layout::default() };
    let tables = YearOf::family(layout, &family, threshold, place);
    let classes = family
        .iter()
        .map(|judged| Arc::new(judged.iter().map(|judged| Class::of(*judged)).collect::<Vec<_>>()));
    Counted {
        clinics,
        tables: tables.into_iter().map(Arc::new).collect(),
        classes: classes.collect(),
        active,
        hours,
        weekdays,
        needs: Memo::default(),
    }
}

impl Counted {
    /// The births of a year as they are in a state, counted once.
    pub(super) fn of_year(followed: &Followed, year: i32) -> Arc<Self> {
        let threshold = followed.threshold();
        let (births, cases) = births(followed, year);
        let counted = || Arc::new(count(followed, births, cases, threshold));
        followed.staffed.get((year, threshold), counted)
    }

    /// Each table with what every birth is to it.
    pub(super) fn told(&self) -> Vec<(Arc<YearOf>, Arc<Vec<Class>>)> {
        self.tables.iter().cloned().zip(self.classes.iter().cloned()).collect()
    }

    /// What is told of the births of a clinic, or of all.
    fn clinic(&self, base: &Base, row: Option<usize>, unit: Option<String>, births: u64) -> Clinic {
        let (apart, missing) = (PERCENTS.len(), PERCENTS.len() + 1);
        let told = |at: usize| self.tables.get(at).filter(|_| base.tells(&Key::Staffed(at), row));
        let count = |at: usize| told(at).and_then(|table| table.count(row, Part::All));
        let met = (0..PERCENTS.len()).map(|at| {
            let share = told(at).map(|table| table.share(row, Part::All));
            match share.unwrap_or(Value::Withheld(Why::TooFew)) {
                Value::Withheld(Why::Nobody) if count(missing) != Some(0) => {
                    Value::Withheld(Why::TooLittleReported)
                }
                told => told,
            }
        });
        Clinic { unit, births, apart: count(apart), missing: count(missing), met: met.collect() }
    }
}

/// Births of a year at one clinic, or all.
pub struct At<'y> {
    of_year: &'y Year<'y>,
    unit: Option<String>,
}

impl At<'_> {
    /// Minutes by clock hour, 0–23; hours of too few women are left out.
    pub fn by_hour(&self) -> Vec<(i64, Minutes)> {
        self.minutes(&self.of_year.counted.hours)
    }

    /// Minutes by weekday, 0 is Monday; days of too few women are left out.
    pub fn by_weekday(&self) -> Vec<(i64, Minutes)> {
        self.minutes(&self.of_year.counted.weekdays)
    }

    /// Where too few women of any clinic were in active labour nothing is told, of all clinics neither: less those of the others, their
    /// minutes are those of the one.
    fn minutes(&self, sums: &Sums) -> Vec<(i64, Minutes)> {
        let asked = || sums.iter().filter(|((_, unit), _)| self.is_asked(*unit));
        let few = asked().filter(|(_, (women, _))| is_small(*women, self.of_year.threshold));
        let few: BTreeSet<i64> = few.map(|((key, _), _)| *key).collect();
        let mut told: BTreeMap<i64, Minutes> = BTreeMap::new();
        for ((key, _), (_, minutes)) in asked().filter(|((key, _), _)| !few.contains(key)) {
            *told.entry(*key).or_default() += *minutes;
        }
        told.into_iter().collect()
    }

    fn is_asked(&self, unit: u16) -> bool {
        self.unit.as_ref().is_none_or(|asked| self.of_year.followed.unit(unit) == asked)
    }

    /// Whether the minutes are of so few women that nothing is told of them. Those of all are not told either then: less the minutes of
    /// every other clinic, they are those of the one.
    pub fn is_too_few(&self) -> bool {
        let asked = self.of_year.counted.active.iter().filter(|(unit, _)| self.is_asked(**unit));
        asked.map(|(_, women)| *women).any(|women| is_small(women, self.of_year.threshold))
    }

    /// What each shift needs, in the order of [`SHIFTS`] and [`COVER`], from the clinic's own arrivals and active phases.
    pub fn need(&self) -> Needs {
        self.of_year.counted.needs.get(self.unit.clone(), || self.simulated())
    }

    fn simulated(&self) -> Needs {
        let Year { births, cases, year, followed, .. } = *self.of_year;
        let asked = births.iter().zip(cases).filter(|(_, case)| self.is_asked(case.unit));
        let phases: Vec<Span> = asked.filter_map(|(birth, _)| birth.active).collect();
        let day = |month: Option<Month>| month.map(Month::first_day);
        let minute = |day: Day| Minute::of_clock(day, 0).ok();
        let from = day(Month::new(year, 1)).and_then(minute);
        // A year that is not over has been seen through the day that is known.
        let next =
            day(Month::new(year + 1, 1)).map(|next| next.min(followed.extent.known_on.plus(1)));
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
