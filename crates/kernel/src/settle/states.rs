//! What each contact should have under a register, in a form that is cheap to compare.
//!
//! Owns: the net lines of contacts from their cells. Ranges of contacts can be done side by side; what a range gives
//! has names and lists of its own until [`super::Posted`] takes it over.

use super::posted::{Names, NetKey, NetLine};
use crate::contact::{ContactRow, Contacts, Reports};
use crate::intern::{FastMap, Interner};
use crate::price::{Cell, Linked, Periods, Pricer, Reason, TooLarge, YearLine};
use crate::time::Month;
use std::collections::BTreeMap;
use std::ops::Range;

/// What the contacts of a range should have.
#[derive(Clone, Debug, Default)]
pub struct States {
    names: Names,
    lists: Interner<Vec<NetLine>>,
    /// Contact and list.
    pub(super) of_contact: Vec<(u32, u32)>,
    pub(super) unpriced: BTreeMap<Reason, i64>,
}

impl States {
    /// Of contacts in force that are few, or on one thread.
    pub fn of_all(
        pricer: &mut Pricer<'_>,
        contacts: &Contacts,
        reports: &Reports,
    ) -> Result<Self, TooLarge> {
        let periods = Periods::new(pricer, contacts);
        let linked = Linked::new(pricer, contacts, &periods, reports)?;
        Self::new(pricer, contacts, &periods, &linked, 0..contacts.len())
    }

    /// Of the contacts in force in a range of rows. Every profile must have been classified.
    pub fn new(
        pricer: &mut Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        linked: &Linked,
        range: Range<usize>,
    ) -> Result<Self, TooLarge> {
        let mut states = Self::default();
        // Rows come about in order of time: what they ask for again is near.
        let mut known: BTreeMap<u32, FastMap<u64, Result<u32, Reason>>> = BTreeMap::new();
        for (number, row) in range.clone().zip(contacts.rows_from(range.start)) {
            let period = periods.of(row.care_date);
            let (month, era) = periods.get(period).unwrap_or((row.care_date.month(), 0));
            let class = pricer.class_of_profile().get(row.profile as usize).copied();
            let is_included = linked.is_included(number);
            let of_period = known.entry(period).or_default();
            let class = u64::from(class.unwrap_or(u32::MAX));
            let key = (class << 17) | (u64::from(row.unit) << 1) | u64::from(is_included);
            let too_late = pricer.is_too_late(row.unit, era, row.lag_months);
            let of_year = linked.year_lines_of(number);
            let state = if too_late {
                Err(Reason::TooLate)
            } else if let (Some(state), []) = (of_period.get(&key), of_year) {
                *state
            } else {
                match pricer.cell_in_era(&row, era, is_included)? {
                    Err(reason) => Err(reason),
                    Ok(cell) => {
                        let state = states.list_of_cell(pricer, cell, &row, (month, era), of_year);
                        if of_year.is_empty() {
                            of_period.insert(key, state);
                        }
                        state
                    }
                }
            };
            match state {
                Ok(list) => states.of_contact.push((row.contact, list)),
                Err(reason) => *states.unpriced.entry(reason).or_default() += 1,
            }
        }
        Ok(states)
    }

    /// The lists in the numbers of `names`, in their order.
    pub(super) fn lists(&self, names: &mut Names) -> impl Iterator<Item = Vec<NetLine>> {
        let numbers = names.numbers_of(&self.names);
        let number = move |name: u32| numbers.get(name as usize).copied().unwrap_or(name);
        self.lists.values().iter().map(move |list| {
            let renamed = list.iter().map(|line| {
                let key = NetKey {
                    unit: number(line.key.unit),
                    payee: number(line.key.payee),
                    element: number(line.key.element),
                    payer: number(line.key.payer),
                    ..line.key
                };
                NetLine { key, rate: number(line.rate), ..*line }
            });
            let mut renamed: Vec<NetLine> = renamed.collect();
            renamed.sort_unstable();
            renamed
        })
    }

    fn list_of_cell(
        &mut self,
        pricer: &Pricer<'_>,
        cell: u32,
        row: &ContactRow,
        (month, era): (Month, u32),
        of_year: &[YearLine],
    ) -> Result<u32, Reason> {
        if let Some(Cell::Unpriced(reason)) = pricer.priced(cell) {
            return Err(*reason);
        }
        let payee = self.names.number(pricer.payee(row.unit, era));
        let mut net = Vec::new();
        let of_year = of_year.iter().filter_map(|line| pricer.year_line(line, row));
        for (key, rate, amount) in pricer.cell_lines(cell, row.unit, month).chain(of_year) {
            let names = &mut self.names;
            let key = NetKey {
                month,
                unit: names.number(key.unit),
                payee,
                element: names.number(key.element),
                payer: names.number(key.payer),
                payable: key.payable,
            };
            net.push(NetLine { key, rate: names.number(rate), count: 1, amount });
        }
        net.sort_unstable();
        Ok(self.lists.number(net.as_slice(), <[NetLine]>::to_vec))
    }
}
