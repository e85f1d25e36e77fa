//! The hot stage: contacts are counted by unit, period and class, and only then priced.

use super::compile::Pricer;
use super::{Reason, TooLarge};
use crate::contact::Contacts;
use crate::intern::FastMap;
use crate::time::{Day, Month};
use std::ops::Range;

/// The days of a span cut into periods: pieces of a month within one era.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Periods {
    first: i32,
    period_of_day: Vec<u32>,
    periods: Vec<(Month, u32)>,
}

impl Periods {
    /// For the days of `contacts` in `pricer`.
    pub fn new(pricer: &Pricer<'_>, contacts: &Contacts) -> Self {
        let days = contacts.care_date.iter();
        let (first, last) = days.fold((i32::MAX, i32::MIN), |(first, last), day| {
            (first.min(day.number()), last.max(day.number()))
        });
        let mut periods: Vec<(Month, u32)> = Vec::new();
        let mut period_of_day = Vec::new();
        for number in first..=last {
            let day = Day::from_number(number);
            let period = (day.month(), pricer.era(day));
            if periods.last() != Some(&period) {
                periods.push(period);
            }
            period_of_day.push(u32::try_from(periods.len() - 1).unwrap_or(u32::MAX));
        }
        Self { first, period_of_day, periods }
    }

    /// The number of the period that a day is in.
    #[inline]
    pub fn of(&self, day: Day) -> u32 {
        let at = usize::try_from(day.number() - self.first).unwrap_or(usize::MAX);
        self.period_of_day.get(at).copied().unwrap_or(u32::MAX)
    }

    /// Month and era of a period.
    pub fn get(&self, period: u32) -> Option<(Month, u32)> {
        self.periods.get(period as usize).copied()
    }
}

/// Contacts counted by unit, period and class, and those that came too late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    shape: Shape,
    table: Table,
    too_late: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    periods: usize,
    classes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Table {
    Dense(Vec<u32>),
    Sparse(FastMap<u64, u32>),
}

/// Above this many cells a hash table takes less room than a dense one.
const DENSE_CELLS: usize = 32_000_000;

impl Counts {
    /// Counts the contacts numbered in `range`. Every profile must have been classified.
    pub fn count(
        pricer: &Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        range: Range<usize>,
    ) -> Self {
        // One class more, for profiles that have not been classified: unpriced, never another's price.
        let classes = pricer.classes.values().len() + 1;
        let shape = Shape { periods: periods.periods.len(), classes };
        let cells = pricer.view.histories.len() * shape.periods * shape.classes;
        let table = if cells <= DENSE_CELLS {
            Table::Dense(vec![0; cells])
        } else {
            Table::Sparse(FastMap::default())
        };
        let mut counts = Self { shape, table, too_late: 0 };
        let columns = Columns::new(contacts, range);
        if pricer.limits_lateness {
            counts.add_timely(pricer, &columns, periods);
        } else {
            counts.add(pricer, &columns, periods);
        }
        counts
    }

    fn add(&mut self, pricer: &Pricer<'_>, columns: &Columns<'_>, periods: &Periods) {
        let classes = pricer.class_of_profile();
        let Shape { periods: n_periods, classes: n_classes } = self.shape;
        let unclassified = u32::try_from(n_classes - 1).unwrap_or(u32::MAX);
        let rows = columns.unit.iter().zip(columns.care_date).zip(columns.profile);
        match &mut self.table {
            Table::Dense(table) => {
                for ((unit, day), profile) in rows {
                    let class = classes.get(*profile as usize).copied().unwrap_or(unclassified);
                    let period = periods.of(*day) as usize;
                    let at = (usize::from(*unit) * n_periods + period) * n_classes + class as usize;
                    if let Some(count) = table.get_mut(at) {
                        *count += 1;
                    }
                }
            }
            Table::Sparse(table) => {
                for ((unit, day), profile) in rows {
                    let class = classes.get(*profile as usize).copied().unwrap_or(unclassified);
                    let period = periods.of(*day) as usize;
                    let at = (usize::from(*unit) * n_periods + period) * n_classes + class as usize;
                    *table.entry(at as u64).or_default() += 1;
                }
            }
        }
    }

    /// As `add`, leaving out what came later than its agreement allows (R13).
    fn add_timely(&mut self, pricer: &Pricer<'_>, columns: &Columns<'_>, periods: &Periods) {
        let all = columns.unit.iter().zip(columns.care_date).zip(columns.profile);
        for (((unit, day), profile), lag) in all.zip(columns.lag_months) {
            let unit_alone = std::slice::from_ref(unit);
            let row = Columns {
                unit: unit_alone,
                care_date: std::slice::from_ref(day),
                profile: std::slice::from_ref(profile),
                lag_months: std::slice::from_ref(lag),
            };
            let era = periods.get(periods.of(*day)).map_or(0, |(_, era)| era);
            if pricer.is_too_late(*unit, era, *lag) {
                self.too_late += 1;
            } else {
                self.add(pricer, &row, periods);
            }
        }
    }

    /// Adds counts of other contacts under the same pricer and periods.
    pub fn merge(&mut self, other: Self) {
        self.too_late += other.too_late;
        match (&mut self.table, other.table) {
            (Table::Dense(table), Table::Dense(other)) => {
                for (count, more) in table.iter_mut().zip(other) {
                    *count += more;
                }
            }
            (Table::Sparse(table), Table::Sparse(other)) => {
                for (at, more) in other {
                    *table.entry(at).or_default() += more;
                }
            }
            // One shape always has one kind of table.
            (Table::Dense(_), Table::Sparse(_)) | (Table::Sparse(_), Table::Dense(_)) => {}
        }
    }

    /// Contacts that came too late.
    pub const fn too_late(&self) -> i64 {
        self.too_late
    }

    /// The filled cells in order: unit, period, class, how many.
    pub fn filled(&self) -> Vec<(u16, u32, u32, i64)> {
        let mut filled: Vec<(u64, u32)> = match &self.table {
            Table::Dense(table) => {
                let numbered = (0_u64..).zip(table).filter(|(_, count)| **count > 0);
                numbered.map(|(at, count)| (at, *count)).collect()
            }
            Table::Sparse(table) => table.iter().map(|(at, count)| (*at, *count)).collect(),
        };
        filled.sort_unstable();
        let (periods, classes) = (self.shape.periods as u64, self.shape.classes as u64);
        let split = |(at, count): (u64, u32)| {
            let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
            let unit = u16::try_from(at / classes / periods).unwrap_or(u16::MAX);
            (unit, narrow(at / classes % periods), narrow(at % classes), i64::from(count))
        };
        filled.into_iter().map(split).collect()
    }
}

struct Columns<'c> {
    unit: &'c [u16],
    care_date: &'c [Day],
    profile: &'c [u32],
    lag_months: &'c [u16],
}

impl<'c> Columns<'c> {
    fn new(contacts: &'c Contacts, range: Range<usize>) -> Self {
        Self {
            unit: contacts.unit.get(range.clone()).unwrap_or(&[]),
            care_date: contacts.care_date.get(range.clone()).unwrap_or(&[]),
            profile: contacts.profile.get(range.clone()).unwrap_or(&[]),
            lag_months: contacts.lag_months.get(range).unwrap_or(&[]),
        }
    }
}

impl Pricer<'_> {
    /// Whether a first report `lag` months after the month of care is too late under the agreement of
    /// the era (R13).
    pub fn is_too_late(&self, unit: u16, era: u32, lag: u16) -> bool {
        let context = self.context(unit, era).and_then(|context| self.contexts.value(context));
        let allowed = context.and_then(|context| context.backward_months);
        allowed.is_some_and(|allowed| i32::from(lag) > allowed)
    }

    /// The cell of one contact, or that it came too late.
    pub fn contact_cell(
        &mut self,
        unit: u16,
        day: Day,
        profile: u32,
        lag: u16,
    ) -> Result<Result<u32, Reason>, TooLarge> {
        self.cell_in_era(unit, self.era(day), profile, lag)
    }

    /// As [`Self::contact_cell`], on a day of `era`.
    pub(super) fn cell_in_era(
        &mut self,
        unit: u16,
        era: u32,
        profile: u32,
        lag: u16,
    ) -> Result<Result<u32, Reason>, TooLarge> {
        if self.limits_lateness && self.is_too_late(unit, era, lag) {
            return Ok(Err(Reason::TooLate));
        }
        let class = self.class_of_profile().get(profile as usize).copied().unwrap_or(u32::MAX);
        self.cell(unit, era, class).map(Ok)
    }
}
