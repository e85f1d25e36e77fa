//! What decisions would change of what is settled, before they are registered: the blast radius; and what pending ones may cost.
//!
//! Owns: laying decisions over the register. Does not own: amounts; they come of the same comparison as every settlement.

use super::DataFolder;
use super::compared::compare;
use super::settling::basis_of;
use crate::engine;
use crate::failure::Failure;
use kernel::fact::{Decision, Status};
use kernel::journal::Row;
use kernel::money::Money;
use kernel::register::Register;
use kernel::settle::{Basis, NetKey, SettleLine};
use kernel::time::Month;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a key of the radius is added up by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RadiusKey {
    /// Unit.
    pub unit: String,
    /// Payee.
    pub payee: String,
    /// Element.
    pub element: String,
    /// Month of care.
    pub care_month: Month,
}

/// What some decisions would change of care that is settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Radius {
    /// Contacts whose pay changes.
    pub contacts: usize,
    /// Units whose pay changes.
    pub units: BTreeSet<String>,
    /// Settled months of care that change.
    pub months: BTreeSet<Month>,
    /// Those of them that are closed.
    pub closed: BTreeSet<Month>,
    /// Payable differences.
    pub sums: BTreeMap<RadiusKey, Money>,
    /// Their sum.
    pub total: Money,
    /// The sum of what is only computed (R10).
    pub shadow: Money,
}

impl Radius {
    /// As rows to accrue.
    pub fn rows(&self) -> Vec<Row> {
        let row = |(key, amount): (&RadiusKey, &Money)| Row {
            unit: key.unit.clone(),
            payee: key.payee.clone(),
            element: key.element.clone(),
            care_month: Some(key.care_month),
            amount: *amount,
            ..Row::default()
        };
        self.sums.iter().map(row).collect()
    }
}

/// Lines by contact and key, without their causes.
type Net = BTreeMap<(Option<u32>, NetKey), Money>;

fn net(lines: &[SettleLine]) -> Net {
    let mut net = Net::new();
    for line in lines {
        *net.entry((line.contact, line.key)).or_default() += line.total.amount;
    }
    net
}

impl DataFolder {
    /// What decisions would change of the care settled so far, were they known today. Reports are those of the last settlement; corrections
    /// that wait for other reasons are left out.
    pub fn radius(&mut self, decisions: Vec<Decision>) -> Result<Radius, Failure> {
        let Some(last) = self.settlements().last().map(basis_of) else {
            return Ok(Radius::default());
        };
        self.reports()?;
        self.load_posted()?;
        let today = engine::today();
        let recorded = self.register().log().last().map_or(today, |one| one.recorded_on.max(today));
        let journal = self.journal().clone();
        let mut changed = Register::clone(&self.register);
        for decision in decisions {
            changed.record(recorded, Arc::new(decision));
        }
        let Self { register, intake: Some(intake), posted: Some(posted), .. } = self else {
            return Err(Failure::refused("inget är läst", "nothing is loaded"));
        };
        let posted = Arc::make_mut(posted);
        let mut lines_under = |register: &Register| {
            let revision = register.as_of(recorded);
            let basis = Basis { on: recorded, revision, ..last };
            compare(register, &intake.reports, posted, Some(&last), &basis).map(|found| found.lines)
        };
        let (before, after) = (net(&lines_under(register)?), net(&lines_under(&changed)?));
        let mut differences = after;
        for (key, amount) in before {
            *differences.entry(key).or_default() += -amount;
        }
        differences.retain(|_, amount| *amount != Money::ZERO);
        let names = posted.names();
        let mut radius = Radius::default();
        let contacts: BTreeSet<u32> =
            differences.keys().filter_map(|(contact, _)| *contact).collect();
        radius.contacts = contacts.len();
        for ((_, key), amount) in differences {
            radius.units.insert(names.text(key.unit).to_owned());
            radius.months.insert(key.month);
            if !key.payable {
                radius.shadow += amount;
                continue;
            }
            radius.total += amount;
            let key = RadiusKey {
                unit: names.text(key.unit).to_owned(),
                payee: names.text(key.payee).to_owned(),
                element: names.text(key.element).to_owned(),
                care_month: key.month,
            };
            *radius.sums.entry(key).or_default() += amount;
        }
        radius.sums.retain(|_, amount| *amount != Money::ZERO);
        let is_closed = |month: &&Month| journal.is_closed(**month);
        radius.closed = radius.months.iter().filter(is_closed).copied().collect();
        Ok(radius)
    }

    /// What a recorded proposal would change, were it decided as it stands.
    pub fn radius_of_proposal(&mut self, id: &str) -> Result<Radius, Failure> {
        let log = self.register().log();
        let found = log.iter().find(|recorded| recorded.decision.id.as_str() == id);
        let Some(found) = found else {
            return Err(Failure::refused(
                format!("inget beslut i registret heter `{id}`"),
                format!("no decision of the register is called `{id}`"),
            ));
        };
        if found.decision.status != Status::Proposed {
            return Err(Failure::refused(
                format!("`{id}` är beslutat och räknas redan; bara förslag periodiseras"),
                format!("`{id}` is decided and counts already; only proposals are accrued"),
            ));
        }
        let mut decided = found.decision.as_ref().clone();
        decided.id = format!("{id}-as-decided").as_str().into();
        decided.status = Status::Decided;
        self.radius(vec![decided])
    }
}
