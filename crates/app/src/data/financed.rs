//! What the settlements paid by rates that a grant or a frame finances, and deliveries by residence.
//!
//! Owns: tracing booked lines to what their rates say they are financed by, and counting deliveries. Does not own: the account of a grant
//! (`kernel::grant`).
//!
//! A line of `transition-support-2023` is traced to the heading that the rate names.

use super::DataFolder;
use crate::engine;
use crate::failure::Failure;
use kernel::fact::{ContactKind, Decision, Fact, Rate};
use kernel::grant::Settled;
use kernel::known::Span;
use kernel::money::Money;
use kernel::register::Register;
use kernel::time::Day;
use std::collections::{BTreeMap, HashMap};

/// What a rate is financed by, and its marks.
struct Source<'r> {
    financed_by: &'r str,
    illustrative: bool,
    unverified: bool,
}

/// Every rate that is recorded, with the decision that states it.
pub(super) fn rates(register: &Register) -> impl Iterator<Item = (&Decision, &Rate)> {
    let decisions = register.log().iter().map(|recorded| recorded.decision.as_ref());
    let facts =
        decisions.flat_map(|decision| decision.facts.iter().map(move |one| (decision, one)));
    facts.filter_map(|(decision, stated)| match &stated.fact {
        Fact::Rate(rate) => Some((decision, rate.as_ref())),
        _ => None,
    })
}

/// Rates with what they are financed by, by all that is recorded.
fn sources(register: &Register) -> HashMap<&str, Source<'_>> {
    let financed = rates(register).filter_map(|(decision, rate)| {
        let source = Source {
            financed_by: rate.financed_by.as_deref()?,
            illustrative: rate.illustrative || decision.illustrative,
            unverified: !decision.unverified.is_empty(),
        };
        Some((rate.id.as_str(), source))
    });
    financed.collect()
}

/// Deliveries in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Of women registered in the municipality.
    pub of_residents: u64,
    /// All, those of other regions and without a known residence too.
    pub all: u64,
}

impl DataFolder {
    /// Deliveries of a year in force as known on a day, and how many of them are of residents of a municipality.
    pub fn deliveries(
        &mut self,
        year: i32,
        residence: &str,
        known_on: Day,
    ) -> Result<Deliveries, Failure> {
        self.reports()?;
        let Some(reports) = self.loaded_reports() else { return Ok(Deliveries::default()) };
        let view = self.register().view(self.register().as_of(known_on));
        let span = Span { known_on, through: known_on, batches: u32::MAX };
        let in_force = engine::in_force(reports, &view, &span);
        let mut counted = Deliveries::default();
        for row in in_force.contacts.rows().filter(|row| row.care_date.year() == year) {
            let profile = reports.profile(row.profile);
            let Some(profile) = profile.filter(|one| one.kind == ContactKind::Delivery) else {
                continue;
            };
            counted.all += 1;
            counted.of_residents += u64::from(profile.residence.as_deref() == Some(residence));
        }
        Ok(counted)
    }

    /// What all settlements up to a day paid, of care of a year or of all years, by what finances it and by element. What no
    /// rate names a source for has a blank one. The sums come to what the settlements paid.
    pub fn paid_by_source(
        &self,
        day: Day,
        year: Option<i32>,
    ) -> Result<BTreeMap<(String, String), Money>, Failure> {
        let sources = sources(self.register());
        let mut sums: BTreeMap<(String, String), Money> = BTreeMap::new();
        let booked = self.settlements().iter().filter(|one| one.booked.settled_on <= day);
        for settlement in booked {
            let lines = self.booked_lines(settlement)?;
            // Few pairs occur in a file of many lines.
            let mut of_file: HashMap<(&str, &str), Money> = HashMap::new();
            let paid = lines.rows().filter(|line| line.payable);
            for line in paid.filter(|line| year.is_none_or(|year| line.care_month.year() == year)) {
                let source = sources.get(line.rate).map_or("", |source| source.financed_by);
                *of_file.entry((source, line.element)).or_default() += line.amount;
            }
            for ((source, element), amount) in of_file {
                *sums.entry((source.to_owned(), element.to_owned())).or_default() += amount;
            }
        }
        sums.retain(|_, amount| *amount != Money::ZERO);
        Ok(sums)
    }

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
                    financed_by: source.financed_by.to_owned(),
                    care_month: line.care_month,
                    rate: line.rate.to_owned(),
                    unit: line.unit.to_owned(),
                    on: settlement.booked.settled_on,
                    illustrative: source.illustrative,
                    unverified: source.unverified,
                    amount: Money::ZERO,
                };
                *sums.entry(key).or_default() += line.amount;
            }
        }
        Ok(sums.into_iter().map(|(key, amount)| Settled { amount, ..key }).collect())
    }
}
