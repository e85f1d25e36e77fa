//! From what the books said of a year when it was closed to what is true of it now.
//!
//! Owns: which postings were there at the close, which came since, and what a settlement today would still correct. Does not own: amounts.

use super::DataFolder;
use super::compared::compare;
use super::settling::basis_of;
use crate::engine;
use crate::failure::Failure;
use kernel::journal::{Deed, DeedKind};
use kernel::ledger::Account;
use kernel::money::Money;
use kernel::settle::Basis;
use kernel::time::Month;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a step of the bridge is added up by, in the order of output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClosedStep {
    /// False for what a settlement today would still correct.
    pub booked: bool,
    /// The cause; of what is no settlement the kind of deed.
    pub cause: String,
    /// The settlement, accrual or other deed; blank where nothing is booked.
    pub deed: String,
    /// The decision that states the rate; blank where it is not known.
    pub decision: String,
    /// Unit.
    pub unit: String,
    /// Element.
    pub element: String,
}

/// The cost of care of a year and those before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClosedBridge {
    /// As the books said when the year was closed.
    pub opening: Money,
    /// What changed since.
    pub steps: BTreeMap<ClosedStep, Money>,
    /// As it is true now: what is booked, and what a settlement today would still correct.
    pub closing: Money,
}

impl DataFolder {
    /// The cost of care through a year, from the deed that closed it to now.
    pub fn closed_bridge(&mut self, year: i32, closing: i64) -> Result<ClosedBridge, Failure> {
        let december = Month::new(year, 12).unwrap_or_else(|| engine::today().month());
        let is_of_year = |month: Option<Month>| month.is_some_and(|month| month <= december);
        let deeds: BTreeMap<i64, &Deed> =
            self.deeds().iter().map(|(seq, deed)| (*seq, deed)).collect();
        let mut bridge = ClosedBridge::default();
        for row in self.postings()? {
            let posting = row.posting;
            if posting.account != Account::CareCost.name() || !is_of_year(posting.care_month) {
                continue;
            }
            bridge.closing += posting.amount;
            if row.deed <= closing {
                bridge.opening += posting.amount;
                continue;
            }
            let Some(deed) = deeds.get(&row.deed) else { continue };
            let cause = match deed.kind {
                DeedKind::Book => posting.cause,
                kind => kind.name().to_owned(),
            };
            let step = ClosedStep {
                booked: true,
                cause,
                deed: deed.subject.clone(),
                decision: posting.decision,
                unit: posting.unit,
                element: posting.element,
            };
            *bridge.steps.entry(step).or_default() += posting.amount;
        }
        self.add_outstanding(&mut bridge, december)?;
        bridge.steps.retain(|_, amount| *amount != Money::ZERO);
        Ok(bridge)
    }

    /// Adds what a settlement of the last settled month would correct today.
    fn add_outstanding(
        &mut self,
        bridge: &mut ClosedBridge,
        december: Month,
    ) -> Result<(), Failure> {
        let Some(last) = self.settlements().last().map(basis_of) else { return Ok(()) };
        self.reports()?;
        self.load_posted()?;
        let today = engine::today();
        let Self { register, intake: Some(intake), posted: Some(posted), .. } = self else {
            return Err(Failure::refused("inget är läst", "nothing is loaded"));
        };
        let basis = Basis {
            on: today,
            revision: register.as_of(today),
            cutoff: today.max(last.cutoff),
            batches: u32::MAX,
            ..last
        };
        let posted = Arc::make_mut(posted);
        let found = compare(register, &intake.reports, posted, Some(&last), &basis)?;
        let names = posted.names();
        let of_year = found.lines.iter().filter(|l| l.key.payable && l.key.month <= december);
        for line in of_year {
            let step = ClosedStep {
                booked: false,
                cause: line.cause.name().to_owned(),
                deed: String::new(),
                decision: String::new(),
                unit: names.text(line.key.unit).to_owned(),
                element: names.text(line.key.element).to_owned(),
            };
            *bridge.steps.entry(step).or_default() += line.total.amount;
            bridge.closing += line.total.amount;
        }
        Ok(())
    }
}
