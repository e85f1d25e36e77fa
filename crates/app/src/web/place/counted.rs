//! How many contacts are reported, priced and without a price, so that the first page can show that they add up.
//!
//! Owns: counting each of them by itself; none is what the others leave. Does not own: prices (`engine`, `kernel`).

use super::today::Today;
use crate::data::DataFolder;
use crate::engine;
use crate::failure::Failure;
use kernel::known::Span;
use kernel::price::Cell;
use kernel::time::{Day, Month};
use std::collections::BTreeMap;

/// Contacts of a unit and a month of care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// In force.
    pub in_force: i64,
    /// With a price, of 0 kr too.
    pub priced: i64,
    /// Without one.
    pub unpriced: i64,
}

/// What became of every row that was ever read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// In files.
    pub delivered: i64,
    /// That could be read.
    pub read: i64,
    /// That could not.
    pub unread: i64,
    /// Contacts in force.
    pub in_force: i64,
    /// That a later one replaces or that say the same again.
    pub superseded: i64,
    /// Contacts that are cancelled.
    pub cancelled: i64,
    /// Read and rejected.
    pub rejected: i64,
    /// With care after today.
    pub later: i64,
}

/// The counts.
#[derive(Debug)]
pub struct Counted {
    /// By unit and month of care.
    pub of: BTreeMap<(String, Month), Contacts>,
    /// Over everything.
    pub rows: Rows,
}

impl Counted {
    /// Counts as known on a day.
    pub fn of(data: &DataFolder, priced: &Today, today: Day) -> Result<Self, Failure> {
        let Some(reports) = data.loaded_reports() else { return Err(Failure::NotThere) };
        let register = data.register();
        let view = register.view(register.as_of(today));
        let span = Span { known_on: today, through: today, batches: u32::MAX };
        let known = engine::in_force(reports, &view, &span);
        let sum = |of: fn(&store::Batch) -> i64| data.batches().iter().map(of).sum::<i64>();
        let rows = Rows {
            delivered: sum(|batch| batch.rows),
            read: i64::try_from(reports.rows().len()).unwrap_or(i64::MAX),
            unread: sum(|batch| batch.rejected),
            in_force: i64::try_from(known.contacts.len()).unwrap_or(i64::MAX),
            superseded: known.superseded,
            cancelled: known.cancelled,
            rejected: known.rejected.values().sum::<i64>() + known.rejected_after_span,
            later: known.after_span,
        };
        let mut by_number: BTreeMap<(u16, Month), Contacts> = BTreeMap::new();
        for row in known.contacts.rows() {
            by_number.entry((row.unit, row.care_date.month())).or_default().in_force += 1;
        }
        let of = priced.look(|priced| {
            let at = |row: &kernel::contact::ContactRow| (row.unit, row.care_date.month());
            for (number, row) in priced.contacts.rows().enumerate() {
                let is_included = priced.linked.is_included(number);
                let cell = priced.pricer.contact_cell(&row, is_included)?;
                let is_priced = cell.is_ok_and(|cell| {
                    matches!(priced.pricer.priced(cell), Some(Cell::Priced { .. }))
                });
                by_number.entry(at(&row)).or_default().priced += i64::from(is_priced);
            }
            for (contact, _) in priced.unpriced_contacts(|_| true)? {
                let found = priced.contacts.contact.binary_search(&contact);
                let row = found.ok().and_then(|number| priced.contacts.row(number));
                if let Some(row) = row {
                    by_number.entry(at(&row)).or_default().unpriced += 1;
                }
            }
            let name = |unit: u16| {
                let history = priced.pricer.view().histories.get(usize::from(unit));
                history.map_or_else(String::new, |history| history.id.to_string())
            };
            let named =
                by_number.into_iter().map(|((unit, month), sum)| ((name(unit), month), sum));
            Ok::<_, Failure>(named.collect())
        })?;
        Ok(Self { of, rows })
    }

    /// The contacts of a month of care at the units wanted.
    pub fn of_month(&self, month: Month, is_wanted: impl Fn(&str) -> bool) -> Contacts {
        let mut sum = Contacts::default();
        let found = self.of.iter().filter(|((unit, of), _)| *of == month && is_wanted(unit));
        for (_, one) in found {
            sum.in_force += one.in_force;
            sum.priced += one.priced;
            sum.unpriced += one.unpriced;
        }
        sum
    }
}
