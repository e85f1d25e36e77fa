//! How contacts stand under a register: in force where, since when reported, paid for their period or not, and why not
//! priced. The same for a region's reports and for those of a receipt.

use crate::data::compared::{Given, compiled};
use crate::engine;
use crate::failure::Failure;
use kernel::contact::Reports;
use kernel::price::{Cell, Linked, Periods, Reason};
use kernel::register::{View, check};
use kernel::settle::Basis;
use std::collections::BTreeMap;

/// A contact in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The unit.
    pub unit: String,
    /// Months from the month of care to that of the first report.
    pub lag_months: u16,
    /// Whether another visit takes the pay of its period.
    pub is_included: bool,
    /// Why it has no price.
    pub unpriced: Option<Reason>,
}

/// Contacts in force by id: which they are is decided by the first view, what they are paid by the second.
pub(crate) fn standing(
    [view, prices]: [View<'_>; 2],
    reports: &Reports,
    basis: &Basis,
    given: &Given,
) -> Result<BTreeMap<String, Seen>, Failure> {
    engine::refuse(check::refusals(&view))?;
    let contacts = given.applied_to(&engine::in_force(reports, &view, &basis.span()).contacts);
    let mut pricer = compiled(prices, reports);
    let periods = Periods::new(&pricer, &contacts);
    let linked = Linked::given(&mut pricer, &contacts, &periods, reports, &given.periods)?;
    let mut standing = BTreeMap::new();
    for (number, row) in contacts.rows().enumerate() {
        let is_included = linked.is_included(number);
        let unpriced = match pricer.contact_cell(&row, is_included)? {
            Err(reason) => Some(reason),
            Ok(cell) => match pricer.priced(cell) {
                Some(Cell::Unpriced(reason)) => Some(*reason),
                _ => None,
            },
        };
        let history = view.histories.get(usize::from(row.unit));
        let seen = Seen {
            unit: history.map_or_else(String::new, |history| history.id.to_string()),
            lag_months: row.lag_months,
            is_included,
            unpriced,
        };
        standing.insert(reports.contact_ids.get(row.contact).to_owned(), seen);
    }
    Ok(standing)
}
