//! Which deliveries of a clinic the continuity add-on was paid for, or computed for as a shadow amount.
//!
//! Owns: which elements are that add-on: those with a rate that asks for `enrolled = true`. Does not own: the comparison
//! (`follow::need::agree`).

use super::{Care, DataFolder};
use crate::failure::Failure;
use follow::need::agree::{Agreement, Paid, agreement};
use kernel::contact::{Report, ReportKind};
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet};

impl DataFolder {
    /// The elements that are paid for women enrolled in the chain, as known today.
    fn chain_elements(&self) -> Result<BTreeSet<String>, Failure> {
        let view = self.register.view(u32::MAX);
        let asks = |enrolled: &Option<Vec<bool>>| enrolled.as_deref() == Some(&[true]);
        let rates = view.rates.iter().filter(|rate| asks(&rate.fact.when.contact.enrolled));
        let elements: BTreeSet<String> = rates.map(|rate| rate.fact.element.to_string()).collect();
        if elements.is_empty() {
            return Err(Failure::refused(
                "ingen ersättning i registret kräver `enrolled = true`, så inget tillägg för vårdkedjan kan stämmas av; läs in beslutet om det",
                "no rate of the register asks for `enrolled = true`, so there is no add-on of the chain to compare with; load the decision on it",
            ));
        }
        Ok(elements)
    }

    /// Deliveries of a unit that settlements booked up to a day have computed the add-on for, net of what they took back.
    fn chain_paid(&mut self, unit: &str, on: Day) -> Result<Vec<Paid>, Failure> {
        let elements = self.chain_elements()?;
        let mut net: BTreeMap<(String, bool), i64> = BTreeMap::new();
        let booked = self.settlements().iter().filter(|one| one.booked.settled_on <= on);
        for settlement in booked {
            let lines = self.booked_lines(settlement)?;
            let ours =
                lines.rows().filter(|line| line.unit == unit && elements.contains(line.element));
            for line in ours {
                if let Some(contact) = line.contact_id {
                    *net.entry((contact.to_owned(), line.payable)).or_default() += line.count;
                }
            }
        }
        net.retain(|_, count| *count > 0);
        self.read_reports()?;
        let reports = self.reports_loaded()?;
        let paid = |(contact, is_payable): (String, bool)| {
            let number = reports.contact_ids.find(contact.as_str());
            let told = |row: &&Report| row.kind != ReportKind::Cancellation;
            let row = number.and_then(|number| reports.of_contact(number).find(told));
            let Some(row) = row else {
                return Err(Failure::refused(
                    format!(
                        "kontakten `{contact}` är avräknad men finns inte bland rapporterna; kör doctor"
                    ),
                    format!(
                        "the contact `{contact}` was settled but is not among the reports; run doctor"
                    ),
                ));
            };
            let person = self.persons.get(row.person).to_owned();
            Ok(Paid { contact, person, care_date: row.care_date, is_payable })
        };
        net.into_keys().map(paid).collect()
    }

    /// Whether what was paid up to a day and who was in the chain agree.
    pub fn chain_agreement(&mut self, care: &Care, on: Day) -> Result<Agreement, Failure> {
        let paid = self.chain_paid(care.clinic(), on)?;
        Ok(agreement(&care.chain, &paid, on))
    }
}
