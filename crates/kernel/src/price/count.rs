//! The hot stage: contacts are counted by unit, period and class, and only then priced.

use super::compile::Pricer;
use super::linked::Linked;
use super::{Reason, TooLarge};
use crate::contact::{ContactRow, Contacts};
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

/// How many contacts there are of one unit, period and class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Number of the unit.
    pub unit: u16,
    /// Number of the period.
    pub period: u32,
    /// Number of the class.
    pub class: u32,
    /// Contacts, at least one.
    pub count: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    periods: usize,
    classes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Table {
    Dense(Vec<u32>),
    /// The filled cells in order.
    Sparse(Vec<(u64, u32)>),
}

/// Above this many cells a list of the filled ones takes less room than a dense table.
const DENSE_CELLS: usize = 32_000_000;

impl Counts {
    /// Counts the contacts numbered in `range`. Every profile must have been classified.
    pub fn count(
        pricer: &Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        linked: &Linked,
        range: Range<usize>,
    ) -> Self {
        // One class more, for profiles that have not been classified: unpriced, never another's price.
        let classes = pricer.classes.values().len() + 1;
        let shape = Shape { periods: periods.periods.len(), classes };
        let cells = pricer.view.histories.len() * shape.periods * shape.classes;
        let table = if cells <= DENSE_CELLS {
            Table::Dense(vec![0; cells])
        } else {
            Table::Sparse(Vec::new())
        };
        let mut counts = Self { shape, table, too_late: 0 };
        counts.add(pricer, &Columns::new(contacts, range.clone()), periods);
        counts.move_included(pricer, contacts, periods, linked, &range);
        counts.take_too_late(pricer, contacts, periods, range);
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
                let units = pricer.view.histories.len();
                let place = |day: &Day, profile: &u32| {
                    let class = classes.get(*profile as usize).copied().unwrap_or(unclassified);
                    periods.of(*day) as usize * n_classes + class as usize
                };
                *table = by_unit(columns, units, n_periods * n_classes, place);
            }
        }
    }

    /// Visits whose period another visit takes are counted under a class of their own (R30).
    fn move_included(
        &mut self,
        pricer: &Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        linked: &Linked,
        range: &Range<usize>,
    ) {
        let included = linked.included();
        let from = included.partition_point(|(row, _)| (*row as usize) < range.start);
        let to = included.partition_point(|(row, _)| (*row as usize) < range.end);
        for (row, _) in included.get(from..to).unwrap_or(&[]) {
            let Some((unit, period, class)) = self.place(pricer, contacts, periods, *row as usize)
            else {
                continue;
            };
            self.change(unit, period, class, |count| count - 1);
            self.change(unit, period, pricer.included(class), |count| count + 1);
        }
    }

    /// Takes out what was reported later than its agreement allows (R13).
    fn take_too_late(
        &mut self,
        pricer: &Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        range: Range<usize>,
    ) {
        let Some(shortest) = pricer.shortest_backward_months else { return };
        for row in range {
            let lag = contacts.lag_months.get(row).copied().unwrap_or(0);
            if i32::from(lag) <= shortest {
                continue;
            }
            let Some((unit, period, class)) = self.place(pricer, contacts, periods, row) else {
                continue;
            };
            let era = periods.get(period).map_or(0, |(_, era)| era);
            if pricer.is_too_late(unit, era, lag) {
                self.change(unit, period, class, |count| count - 1);
                self.too_late += 1;
            }
        }
    }

    fn place(
        &self,
        pricer: &Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        row: usize,
    ) -> Option<(u16, u32, u32)> {
        let unclassified = u32::try_from(self.shape.classes - 1).unwrap_or(u32::MAX);
        let profile = *contacts.profile.get(row)? as usize;
        let class = pricer.class_of_profile().get(profile).copied().unwrap_or(unclassified);
        Some((*contacts.unit.get(row)?, periods.of(*contacts.care_date.get(row)?), class))
    }

    fn change(&mut self, unit: u16, period: u32, class: u32, change: impl Fn(u32) -> u32) {
        let Shape { periods, classes } = self.shape;
        let at = (usize::from(unit) * periods + period as usize) * classes + class as usize;
        let count = match &mut self.table {
            Table::Dense(table) => table.get_mut(at),
            Table::Sparse(table) => {
                let found = table.binary_search_by_key(&(at as u64), |(cell, _)| *cell);
                let found = found.unwrap_or_else(|to| {
                    table.insert(to, (at as u64, 0));
                    to
                });
                table.get_mut(found).map(|(_, count)| count)
            }
        };
        if let Some(count) = count {
            *count = change(*count);
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
                table.extend(other);
                // Two runs in order: sorting merges them.
                table.sort();
                table.dedup_by(|more, kept| {
                    let is_same = more.0 == kept.0;
                    kept.1 += if is_same { more.1 } else { 0 };
                    is_same
                });
            }
            // One shape always has one kind of table.
            (Table::Dense(_), Table::Sparse(_)) | (Table::Sparse(_), Table::Dense(_)) => {}
        }
    }

    /// Contacts that came too late.
    pub const fn too_late(&self) -> i64 {
        self.too_late
    }

    /// The filled cells, in order of unit, period and class.
    pub fn filled(&self) -> Vec<Filled> {
        let filled: Vec<(u64, u32)> = match &self.table {
            Table::Dense(table) => {
                let numbered = (0_u64..).zip(table).filter(|(_, count)| **count > 0);
                numbered.map(|(at, count)| (at, *count)).collect()
            }
            Table::Sparse(table) => table.iter().filter(|(_, count)| *count > 0).copied().collect(),
        };
        let (periods, classes) = (self.shape.periods as u64, self.shape.classes as u64);
        let split = |(at, count): (u64, u32)| {
            let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
            let unit = u16::try_from(at / classes / periods).unwrap_or(u16::MAX);
            let (period, class) = (narrow(at / classes % periods), narrow(at % classes));
            Filled { unit, period, class, count: i64::from(count) }
        };
        filled.into_iter().map(split).collect()
    }
}

/// The filled cells of each unit in turn: rows are first put together by unit, so that the counts of one
/// unit stay near at hand. `place` gives the cell within the unit.
fn by_unit(
    columns: &Columns<'_>,
    units: usize,
    cells: usize,
    place: impl Fn(&Day, &u32) -> usize,
) -> Vec<(u64, u32)> {
    let mut next = vec![0_usize; units + 1];
    for unit in columns.unit {
        if let Some(count) = next.get_mut(usize::from(*unit) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut next {
        sum += *start;
        *start = sum;
    }
    let starts = next.clone();
    let mut places = vec![0_u32; columns.unit.len()];
    for ((unit, day), profile) in columns.unit.iter().zip(columns.care_date).zip(columns.profile) {
        let Some(to) = next.get_mut(usize::from(*unit)) else { continue };
        if let Some(slot) = places.get_mut(*to) {
            *slot = u32::try_from(place(day, profile)).unwrap_or(u32::MAX);
            *to += 1;
        }
    }
    let mut counts = vec![0_u32; cells];
    let (mut touched, mut filled) = (Vec::new(), Vec::new());
    for (span, unit) in starts.windows(2).zip(0_u64..) {
        let &[from, to] = span else { continue };
        for at in places.get(from..to).unwrap_or(&[]) {
            if let Some(count) = counts.get_mut(*at as usize) {
                if *count == 0 {
                    touched.push(*at);
                }
                *count += 1;
            }
        }
        touched.sort_unstable();
        for at in touched.drain(..) {
            if let Some(count) = counts.get_mut(at as usize) {
                filled.push((unit * cells as u64 + u64::from(at), std::mem::take(count)));
            }
        }
    }
    filled
}

struct Columns<'c> {
    unit: &'c [u16],
    care_date: &'c [Day],
    profile: &'c [u32],
}

impl<'c> Columns<'c> {
    fn new(contacts: &'c Contacts, range: Range<usize>) -> Self {
        Self {
            unit: contacts.unit.get(range.clone()).unwrap_or(&[]),
            care_date: contacts.care_date.get(range.clone()).unwrap_or(&[]),
            profile: contacts.profile.get(range).unwrap_or(&[]),
        }
    }
}

impl Pricer<'_> {
    /// Whether a first report `lag` months after the month of care is too late under the agreement of
    /// the era (R13).
    pub fn is_too_late(&self, unit: u16, era: u32, lag: u16) -> bool {
        if self.shortest_backward_months.is_none_or(|shortest| i32::from(lag) <= shortest) {
            return false;
        }
        let context = self.context(unit, era).and_then(|context| self.contexts.value(context));
        let allowed = context.and_then(|context| context.backward_months);
        allowed.is_some_and(|allowed| i32::from(lag) > allowed)
    }

    /// The cell of one contact, or that it came too late.
    pub fn contact_cell(
        &mut self,
        row: &ContactRow,
        is_included: bool,
    ) -> Result<Result<u32, Reason>, TooLarge> {
        self.cell_in_era(row, self.era(row.care_date), is_included)
    }

    /// As [`Self::contact_cell`], on a day of `era`.
    pub(crate) fn cell_in_era(
        &mut self,
        row: &ContactRow,
        era: u32,
        is_included: bool,
    ) -> Result<Result<u32, Reason>, TooLarge> {
        if self.is_too_late(row.unit, era, row.lag_months) {
            return Ok(Err(Reason::TooLate));
        }
        let class = self.class_of_profile().get(row.profile as usize).copied().unwrap_or(u32::MAX);
        let class = if is_included { self.included(class) } else { class };
        self.cell(row.unit, era, class).map(Ok)
    }
}
