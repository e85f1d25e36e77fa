//! Which deliveries of a clinic the continuity add-on was paid for.
//!
//! Owns: which elements are that add-on: those with a rate that asks for `enrolled = true`. Does not own: the comparison
//! (`follow::need::agree`).

use super::{Care, DataFolder};
use crate::failure::Failure;
use follow::need::agree::{Agreement, Paid, agreement};
use kernel::contact::ReportKind;
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet};

impl DataFolder {
    /// The elements that are paid for women enrolled in the chain, as known today.
    pub fn chain_elements(&self) -> BTreeSet<String> {
        let view = self.register.view(u32::MAX);
        let asks = |enrolled: &Option<Vec<bool>>| enrolled.as_deref() == Some(&[true]);
        let rates = view.rates.iter().filter(|rate| asks(&rate.fact.when.contact.enrolled));
        rates.map(|rate| rate.fact.element.to_string()).collect()
    }

    /// Deliveries of a unit that settlements booked up to a day have paid the add-on for, net of what they took back.
    pub fn chain_paid(&mut self, unit: &str, on: Day) -> Result<Vec<Paid>, Failure> {
        let elements = self.chain_elements();
        let mut net: BTreeMap<String, i64> = BTreeMap::new();
        let booked = self.settlements().iter().filter(|one| one.booked.settled_on <= on);
        for settlement in booked {
            let lines = self.booked_lines(settlement)?;
            let ours =
                lines.rows().filter(|line| line.unit == unit && elements.contains(line.element));
            for line in ours {
                if let Some(contact) = line.contact_id {
                    *net.entry(contact.to_owned()).or_default() += line.count;
                }
            }
        }
        net.retain(|_, count| *count > 0);
        self.reports()?;
        let Some(reports) = self.loaded_reports() else { return Ok(Vec::new()) };
        let paid = |contact: String| {
            let number = reports.contact_ids.find(contact.as_str())?;
            let mut rows = reports.of_contact(number);
            let row = rows.find(|row| row.kind != ReportKind::Cancellation)?;
            let person = self.persons.get(row.person).to_owned();
            Some(Paid { contact, person, care_date: row.care_date })
        };
        Ok(net.into_keys().filter_map(paid).collect())
    }

    /// Whether what was paid up to a day and who was in the chain agree.
    pub fn chain_agreement(&mut self, care: &Care, on: Day) -> Result<Agreement, Failure> {
        let paid = self.chain_paid(care.clinic(), on)?;
        Ok(agreement(&care.chain, &paid, on))
    }
}
