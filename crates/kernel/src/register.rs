//! The register: decisions in the order they became known, and what was known as of a revision.
//!
//! Owns: [`Register`] (append-only), [`View`] (the latest known statement of every fact), and what a unit
//! is under on a day. Does not own: where the log is kept (`store`), what is wrong in it (`check`), or prices.
//!
//! `register.view(register.as_of(day))` is what we knew on that day.

pub mod anchor;
pub mod check;
mod clash;
mod codes;
mod history;
mod news;

pub use codes::{UnitCodes, UnitMeaning};
pub use history::{Under, UnitHistory};
pub use news::News;

use crate::fact::{
    Agreement, Assignment, Capacity, Decision, Eligibility, Fact, Key, Payer, Provider, Rate,
    Region, Stated, Status, Unit, Weight,
};
use crate::id::{
    AgreementId, AssignmentName, DecisionId, KeyName, PayerId, ProviderId, TableId, UnitId,
};
use crate::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A decision in the log.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its place in the log, from 1.
    pub revision: u32,
    /// The day it was entered; never decreasing.
    pub recorded_on: Day,
    /// What it says.
    pub decision: Arc<Decision>,
}

/// All recorded decisions, by revision.
#[derive(Clone, Debug, Default)]
pub struct Register {
    log: Vec<Recorded>,
}

impl Register {
    /// An empty log replayed from ratebooks: decisions in order of `known_from` and id, each
    /// recorded on the day it was known.
    pub fn from_ratebooks(decisions: impl IntoIterator<Item = Decision>) -> Self {
        let mut decisions: Vec<Decision> = decisions.into_iter().collect();
        decisions.sort_by(|a, b| (a.known_from, &a.id).cmp(&(b.known_from, &b.id)));
        let mut register = Self::default();
        for decision in decisions {
            register.record(decision.known_from, Arc::new(decision));
        }
        register
    }

    /// Appends a decision that was entered on `recorded_on`, and gives its revision.
    pub fn record(&mut self, recorded_on: Day, decision: Arc<Decision>) -> u32 {
        let revision = u32::try_from(self.log.len() + 1).unwrap_or(u32::MAX);
        self.log.push(Recorded { revision, recorded_on, decision });
        revision
    }

    /// Everything recorded, by revision.
    pub fn log(&self) -> &[Recorded] {
        &self.log
    }

    /// The last revision recorded on or before `day`; 0 before the first.
    pub fn as_of(&self, day: Day) -> u32 {
        let known = self.log.iter().take_while(|recorded| recorded.recorded_on <= day);
        known.last().map_or(0, |recorded| recorded.revision)
    }

    /// What was known as of `revision`.
    pub fn view(&self, revision: u32) -> View<'_> {
        self.mixed_view(revision, revision)
    }

    /// Regions, providers, units, agreements, assignments and payers as of one revision; rates, weights, keys and
    /// plans as of another. The step between two views that divides agreement from decision.
    pub fn mixed_view(&self, structure: u32, prices: u32) -> View<'_> {
        let mut view = View::default();
        let mut order: Vec<&Recorded> = self.log.iter().collect();
        order.sort_by_key(|recorded| (recorded.decision.known_from, &recorded.decision.id));
        for recorded in order {
            let decision = recorded.decision.as_ref();
            if decision.status == Status::Proposed {
                continue;
            }
            if recorded.revision <= prices {
                view.known.insert(&decision.id);
            }
            for stated in &decision.facts {
                let cut = if is_structure(&stated.fact) { structure } else { prices };
                if recorded.revision <= cut {
                    view.state(decision, stated);
                }
            }
        }
        view.build_histories();
        view
    }
}

fn is_structure(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Region(_)
            | Fact::Provider(_)
            | Fact::Unit(_)
            | Fact::Agreement(_)
            | Fact::Assignment(_)
            | Fact::Payer(_)
    )
}

/// A fact as stated, with the decision that states it.
#[derive(Debug)]
pub struct Known<'r, T> {
    /// The fact.
    pub fact: &'r T,
    /// How it was stated.
    pub stated: &'r Stated,
    /// By which decision.
    pub decision: &'r Decision,
}

// Derived impls would ask for `T: Copy`, though only references are copied.
impl<T> Clone for Known<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Known<'_, T> {}

/// The latest known statement of every fact (R7), and the histories that follow from them.
#[derive(Clone, Debug, Default)]
pub struct View<'r> {
    /// Known decisions that are decided.
    pub known: BTreeSet<&'r DecisionId>,
    /// The region.
    pub region: Option<Known<'r, Region>>,
    /// Providers.
    pub providers: BTreeMap<&'r ProviderId, Known<'r, Provider>>,
    /// Units, by id and first day.
    pub units: BTreeMap<(&'r UnitId, Day), Known<'r, Unit>>,
    /// Agreements, by id and first day.
    pub agreements: BTreeMap<(&'r AgreementId, Day), Known<'r, Agreement>>,
    /// Assignments of any approval; the key's last part is the approval's name.
    pub assignments: BTreeMap<AssignmentKey<'r>, Known<'r, Assignment>>,
    /// Payers, by id and first day.
    pub payers: BTreeMap<(&'r PayerId, Day), Known<'r, Payer>>,
    /// Capacity plans, by year and unit.
    pub capacity: BTreeMap<(i32, &'r UnitId), Known<'r, Capacity>>,
    /// Weights, by table, code and first day.
    pub weights: BTreeMap<(&'r TableId, &'r str, Day), Known<'r, Weight>>,
    /// Keys, by name, year and recipient.
    pub keys: BTreeMap<(&'r KeyName, Option<i32>, &'r str), Known<'r, Key>>,
    /// Who may be offered a place in the continuity chain, by first day and id.
    pub eligibility: BTreeMap<(Day, &'r str), Known<'r, Eligibility>>,
    /// Rates, in order of id, whether or not what they require is known.
    pub rates: Vec<Known<'r, Rate>>,
    /// What each unit was under, by unit id.
    pub histories: Vec<UnitHistory<'r>>,
}

/// The identity of an assignment (R7, R47).
pub type AssignmentKey<'r> =
    (&'r UnitId, &'r AgreementId, &'r AssignmentName, Day, crate::fact::Approval);

impl<'r> View<'r> {
    fn state(&mut self, decision: &'r Decision, stated: &'r Stated) {
        macro_rules! known {
            ($fact:expr) => {
                Known { fact: $fact, stated, decision }
            };
        }
        match &stated.fact {
            Fact::Region(fact) => self.region = Some(known!(fact)),
            Fact::Provider(fact) => {
                self.providers.insert(&fact.id, known!(fact));
            }
            Fact::Unit(fact) => {
                self.units.insert((&fact.id, fact.valid.from), known!(fact));
            }
            Fact::Agreement(fact) => {
                self.agreements.insert((&fact.id, fact.valid.from), known!(fact));
            }
            Fact::Assignment(fact) => {
                let (from, status) = (fact.valid.from, fact.status);
                let key = (&fact.unit, &fact.agreement, &fact.name, from, status);
                self.assignments.insert(key, known!(fact));
            }
            Fact::Payer(fact) => {
                self.payers.insert((&fact.id, fact.valid.from), known!(fact));
            }
            Fact::Capacity(fact) => {
                self.capacity.insert((fact.year, &fact.unit), known!(fact));
            }
            Fact::Weight(fact) => {
                let key = (&fact.table, fact.code.as_str(), fact.valid_from);
                self.weights.insert(key, known!(fact));
            }
            Fact::Key(fact) => {
                let key = (&fact.name, fact.year, fact.recipient.as_str());
                self.keys.insert(key, known!(fact));
            }
            Fact::Eligibility(fact) => {
                self.eligibility.insert((fact.valid.from, fact.id.as_str()), known!(fact));
            }
            Fact::Rate(fact) => self.rates.push(known!(fact.as_ref())),
            // Followed, not priced.
            Fact::Appropriation(_)
            | Fact::Commission(_)
            | Fact::Grant(_)
            | Fact::FocusArea(_)
            | Fact::Heading(_)
            | Fact::Item(_)
            | Fact::Mandate(_)
            | Fact::GrantAct(_)
            | Fact::Account(_)
            | Fact::Payee(_) => {}
        }
    }

    fn build_histories(&mut self) {
        self.rates.sort_by_key(|rate| &rate.fact.id);
        self.histories = history::build(self);
    }

    /// Whether everything that a rate requires is known (R4, R45).
    pub fn is_in_force(&self, rate: &Rate) -> bool {
        rate.requires.iter().all(|decision| self.known.contains(decision))
    }

    /// The rates that are in force as of this view (R4), in order of id.
    pub fn rates_in_force(&self) -> impl Iterator<Item = &Known<'r, Rate>> {
        self.rates.iter().filter(|rate| self.is_in_force(rate.fact))
    }

    /// Who may be offered a place in the continuity chain on a day: of several, what began last.
    pub fn eligibility_on(&self, day: Day) -> Option<&Known<'r, Eligibility>> {
        self.eligibility.values().rfind(|known| known.fact.valid.contains(day))
    }

    /// The number of a unit in this view.
    pub fn unit_number(&self, id: &str) -> Option<u16> {
        let at = self.histories.binary_search_by(|history| history.id.as_str().cmp(id)).ok()?;
        u16::try_from(at).ok()
    }

    /// The county code of the region, if a region is known.
    pub fn county(&self) -> Option<&'r str> {
        self.region.as_ref().map(|region| region.fact.county.as_str())
    }

    /// The default payer on a day, if there is one (R11).
    pub fn default_payer(&self, day: Day) -> Option<&'r PayerId> {
        let mut payers = self.payers.values().filter(|payer| payer.fact.residence.is_none());
        payers.find(|payer| payer.fact.valid.contains(day)).map(|payer| &payer.fact.id)
    }
}
