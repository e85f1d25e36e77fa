//! What no earlier basis took: care of later days, which is `current` whole.
//!
//! Owns: the line between what is open and what is closed. A settlement takes whole months; a bridge may begin
//! on any day, and then the day's own month is divided by date.
//!
//! After 2023-06-15 the care of 20 June is open, the fixed amount of June closed.

use super::{Basis, Posted, Steps};
use crate::price::unit_lines;
use crate::time::{Day, Month};
use std::collections::BTreeSet;

pub(super) struct Open {
    /// The last day of care that an earlier basis took.
    after: Option<Day>,
    /// Contacts with later care in the divided month, in order.
    contacts: BTreeSet<u32>,
    /// Rates with a unit line of a later date in the divided month.
    rates: BTreeSet<u32>,
}

impl Open {
    pub(super) fn new(
        posted: &mut Posted,
        previous: Option<&Basis>,
        basis: &Basis,
        steps: &Steps<'_, '_>,
    ) -> Self {
        let after = previous.map(|previous| previous.through);
        let mut open = Self { after, contacts: BTreeSet::new(), rates: BTreeSet::new() };
        let Some(after) = after.filter(|after| *after != after.month().last_day()) else {
            return open;
        };
        let is_later = |day: Day| day > after && day.month() == after.month();
        let rows = steps.now.contacts.rows().filter(|row| is_later(row.care_date));
        open.contacts.extend(rows.map(|row| row.contact));
        let before = steps.before.iter().flat_map(|(reports, structure)| [reports, structure]);
        for step in before.chain([&steps.now]) {
            let lines = unit_lines(step.pricer.view(), basis.through).lines;
            let later = lines.iter().filter(|line| is_later(line.date));
            open.rates.extend(later.map(|line| posted.name(line.rate.as_str())));
        }
        open
    }

    /// Whether a line of a contact is open; `was_posted` says whether the contact had lines before.
    pub(super) fn has_contact_line(&self, month: Month, contact: u32, was_posted: bool) -> bool {
        self.has_month(month).unwrap_or(!was_posted && self.contacts.contains(&contact))
    }

    /// Whether a unit line of a rate is open.
    pub(super) fn has_unit_line(&self, month: Month, rate: u32) -> bool {
        self.has_month(month).unwrap_or(self.rates.contains(&rate))
    }

    /// Nothing for the month that is divided.
    fn has_month(&self, month: Month) -> Option<bool> {
        let Some(after) = self.after else { return Some(true) };
        let is_divided = month.first_day() <= after && after < month.last_day();
        (!is_divided).then(|| month.first_day() > after)
    }
}
