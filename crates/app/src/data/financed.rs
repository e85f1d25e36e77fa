//! What the settlements paid by rates that a grant or a frame finances.
//!
//! Owns: tracing booked lines to what their rates say they are financed by. Does not own: the account of a grant
//! (`kernel::grant`).
//!
//! A line of `transition-support-2023` is traced to the heading that the rate names.

use super::DataFolder;
use crate::failure::Failure;
use kernel::fact::Fact;
use kernel::grant::Settled;
use kernel::money::Money;
use kernel::register::Register;
use std::collections::{BTreeMap, HashMap};

/// Rates with what they are financed by, by all that is recorded.
fn sources(register: &Register) -> HashMap<&str, &str> {
    let facts = register.log().iter().flat_map(|recorded| &recorded.decision.facts);
    let rates = facts.filter_map(|stated| match &stated.fact {
        Fact::Rate(rate) => Some((rate.id.as_str(), rate.financed_by.as_deref()?)),
        _ => None,
    });
    rates.collect()
}

impl DataFolder {
    /// Payable lines of all settlements by rates that are financed by something, added up by source, month of care, rate,
    /// unit and day of settlement, in that order.
    pub fn settled(&self) -> Result<Vec<Settled>, Failure> {
        let sources = sources(self.register());
        if sources.is_empty() {
            return Ok(Vec::new());
        }
        let mut sums: BTreeMap<Settled, Money> = BTreeMap::new();
        for settlement in self.settlements() {
            let lines = self.booked_lines(settlement)?;
            for line in lines.rows().filter(|line| line.payable) {
                let Some(source) = sources.get(line.rate) else { continue };
                let key = Settled {
                    financed_by: (*source).to_owned(),
                    care_month: line.care_month,
                    rate: line.rate.to_owned(),
                    unit: line.unit.to_owned(),
                    on: settlement.booked.settled_on,
                    amount: Money::ZERO,
                };
                *sums.entry(key).or_default() += line.amount;
            }
        }
        Ok(sums.into_iter().map(|(key, amount)| Settled { amount, ..key }).collect())
    }
}
