//! What is right under one basis, compared with what is posted: the one call behind preview, replay and bridge.
//!
//! Owns: which registers are compiled for it. Does not own: the differences (`kernel::settle`).

use crate::engine;
use crate::failure::Failure;
use kernel::contact::Reports;
use kernel::finding::{Code, Finding};
use kernel::known::InForce;
use kernel::price::{Pricer, Reason};
use kernel::register::{Register, View, check};
use kernel::settle::{Basis, Posted, SettleLine, Step, Steps, settle};
use std::collections::BTreeMap;
use std::thread;

/// The lines that bring what is posted to what is right, and what stood in the way of more.
pub(super) struct Compared {
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

/// Compares what is right under `basis` with what is posted, which came of `previous`.
pub(super) fn compare(
    register: &Register,
    reports: &Reports,
    posted: &mut Posted,
    previous: Option<&Basis>,
    basis: &Basis,
) -> Result<Compared, Failure> {
    let (now, old) = thread::scope(|scope| {
        let changed = previous.filter(|previous| previous.revision != basis.revision);
        let old = changed.map(|previous| {
            scope.spawn(|| Under::new(register.view(previous.revision), reports, basis))
        });
        let now = Under::new(register.view(basis.revision), reports, basis);
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
        Some((old, mixed)) => Some((old.step(reports)?, mixed.step(reports)?)),
        None => None,
    };
    let steps = Steps { before, now: now.step(reports)? };
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
    fn new(view: View<'r>, reports: &Reports, basis: &Basis) -> Result<Self, Failure> {
        engine::refuse(check::refusals(&view))?;
        thread::scope(|scope| {
            let pricer = scope.spawn(|| compiled(view.clone(), reports));
            let known = engine::in_force(reports, &view, &basis.span());
            Ok(Self { pricer: engine::joined(pricer), known })
        })
    }

    fn step(&mut self, reports: &Reports) -> Result<Step<'_, 'r>, Failure> {
        let contacts = &self.known.contacts;
        let states = engine::states(&mut self.pricer, contacts, reports)?;
        Ok(Step { pricer: &mut self.pricer, contacts, states })
    }
}

fn compiled<'r>(view: View<'r>, reports: &Reports) -> Pricer<'r> {
    let mut pricer = Pricer::new(view);
    pricer.classify(reports);
    pricer
}
