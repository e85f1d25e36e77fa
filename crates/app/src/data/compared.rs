//! What is right under one basis, compared with what is posted: the one call behind preview, replay, bridge and the
//! check of a receipt.
//!
//! Owns: which registers are compiled for it. Does not own: the differences (`kernel::settle`).

use crate::engine;
use crate::failure::Failure;
use kernel::contact::{Contacts, Reports};
use kernel::finding::{Code, Finding};
use kernel::known::InForce;
use kernel::price::{GivenPeriods, Pricer, Reason};
use kernel::register::{Register, View, check};
use kernel::settle::{Basis, Posted, SettleLine, Step, Steps, settle};
use std::collections::{BTreeMap, BTreeSet};
use std::thread;

/// The lines that bring what is posted to what is right, and what stood in the way of more.
pub(crate) struct Compared {
    /// The lines.
    pub lines: Vec<SettleLine>,
    /// Contacts in force without a price.
    pub unpriced: BTreeMap<Reason, i64>,
    /// Rejected rows.
    pub rejected: BTreeMap<Code, i64>,
    /// Contacts in force.
    pub contacts: usize,
    /// Shares paid beyond their part.
    pub findings: Vec<Finding>,
}

/// What is given of contacts under one register, because the reports that it rests on are not at hand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// Whether another visit takes the pay of its period.
    pub periods: GivenPeriods,
    /// Contacts that are not in force at the unit whose reports are at hand.
    pub elsewhere: BTreeSet<u32>,
    /// Months from the month of care to that of the first report (R13).
    pub lag_months: BTreeMap<u32, u16>,
}

impl Given {
    /// Contacts in force, as they are with what is given.
    pub fn applied_to(&self, contacts: &Contacts) -> Contacts {
        let mut applied = Contacts::default();
        for row in contacts.rows().filter(|row| !self.elsewhere.contains(&row.contact)) {
            let lag_months = self.lag_months.get(&row.contact).copied();
            applied.contact.push(row.contact);
            applied.unit.push(row.unit);
            applied.care_date.push(row.care_date);
            applied.person.push(row.person);
            applied.profile.push(row.profile);
            applied.lag_months.push(lag_months.unwrap_or(row.lag_months));
        }
        applied
    }
}

/// What is given in each step: new reports under the old register, new agreements, and all as known.
pub(crate) type GivenSteps = [Given; 3];

/// Compares what is right under `basis` with what is posted, which came of `previous`.
pub(super) fn compare(
    register: &Register,
    reports: &Reports,
    posted: &mut Posted,
    previous: Option<&Basis>,
    basis: &Basis,
) -> Result<Compared, Failure> {
    compare_given(register, reports, posted, previous, basis, &GivenSteps::default())
}

/// The same from the reports of one unit alone, with what is given of them.
pub(crate) fn compare_given(
    register: &Register,
    reports: &Reports,
    posted: &mut Posted,
    previous: Option<&Basis>,
    basis: &Basis,
    [given_reports, given_agreement, given]: &GivenSteps,
) -> Result<Compared, Failure> {
    let (now, old) = thread::scope(|scope| {
        let changed = previous.filter(|previous| previous.revision != basis.revision);
        let old = changed.map(|previous| {
            scope.spawn(|| {
                Under::new(register.view(previous.revision), reports, basis, given_reports)
            })
        });
        let now = Under::new(register.view(basis.revision), reports, basis, given);
        (now, old.map(engine::joined))
    });
    let mut now = now?;
    let mut before = match (old, previous) {
        (Some(old), Some(previous)) => {
            let mixed = register.mixed_view(basis.revision, previous.revision);
            Some((old?, Under { pricer: compiled(mixed, reports), known: now.known.clone() }))
        }
        _ => None,
    };
    let before = match &mut before {
        Some((old, mixed)) => {
            Some((old.step(reports, given_reports)?, mixed.step(reports, given_agreement)?))
        }
        None => None,
    };
    let steps = Steps { before, now: now.step(reports, given)? };
    let result = settle(posted, reports, previous, basis, steps);
    refuse_too_large(&result.lines)?;
    Ok(Compared {
        lines: result.lines,
        unpriced: result.unpriced,
        rejected: now.known.rejected,
        contacts: now.known.contacts.len(),
        findings: result.findings,
    })
}

/// Refuses amounts whose sums need not fit: whatever is added up of them later, in whatever order, then does.
fn refuse_too_large(lines: &[SettleLine]) -> Result<(), Failure> {
    let sizes = lines.iter().map(|line| line.total.amount.ore().checked_abs());
    let sum = sizes.into_iter().try_fold(0_i64, |sum, size| sum.checked_add(size?));
    if sum.is_some() {
        return Ok(());
    }
    Err(Failure::refused(
        "beloppen är tillsammans större än vad som kan räknas exakt; kontrollera nivåerna i besluten",
        "the amounts together are larger than can be computed exactly; check the rates of the decisions",
    ))
}

/// Contacts in force under a view, and the view compiled.
struct Under<'r> {
    pricer: Pricer<'r>,
    known: InForce,
}

impl<'r> Under<'r> {
    fn new(
        view: View<'r>,
        reports: &Reports,
        basis: &Basis,
        given: &Given,
    ) -> Result<Self, Failure> {
        engine::refuse(check::refusals(&view))?;
        thread::scope(|scope| {
            let pricer = scope.spawn(|| compiled(view.clone(), reports));
            let mut known = engine::in_force(reports, &view, &basis.span());
            if !given.elsewhere.is_empty() || !given.lag_months.is_empty() {
                known.contacts = given.applied_to(&known.contacts);
            }
            Ok(Self { pricer: engine::joined(pricer), known })
        })
    }

    fn step(&mut self, reports: &Reports, given: &Given) -> Result<Step<'_, 'r>, Failure> {
        let contacts = &self.known.contacts;
        let states = engine::states_given(&mut self.pricer, contacts, reports, &given.periods)?;
        Ok(Step { pricer: &mut self.pricer, contacts, states })
    }
}

pub(crate) fn compiled<'r>(view: View<'r>, reports: &Reports) -> Pricer<'r> {
    let mut pricer = Pricer::new(view);
    pricer.classify(reports);
    pricer
}
