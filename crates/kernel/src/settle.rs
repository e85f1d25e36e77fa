//! Settlement (avräkning): what is to be paid now is what should have been paid minus what was posted.
//!
//! Owns: the differences, each with its cause, and what has been posted so far. Does not own: prices
//! (`price`), which it asks for under up to three registers, or the books (`ledger`).
//!
//! posted → new reports → new agreements, assignments, payers → new rates, keys, plans: the steps add
//! up exactly. Care months not settled before are `current` whole; a contact that no earlier
//! settlement knew is `late-report` whole.
//!
//! A bridge between two days is the same call: the first day's amounts, settled from nothing, stand for
//! what was posted.

mod open;
mod posted;
mod shares;
mod states;

pub use posted::{Names, NetKey, NetLine, Posted, UnitKey};
pub use shares::settled_unit_lines;
pub use states::States;

use crate::contact::{Contacts, ReportKind, Reports};
use crate::finding::Finding;
use crate::known::{Resolver, Span, last_accepted};
use crate::money::Money;
use crate::named::named;
use crate::price::{Pricer, Reason, TooLarge, Total};
use crate::time::{Day, Month};
use open::Open;
use std::collections::BTreeMap;

named! {
    /// Why something is paid now (orsak).
    Cause {
        /// Care of months that no earlier settlement took.
        Current = "current",
        /// A contact of an earlier month that no earlier settlement knew.
        LateReport = "late-report",
        /// A later report says something else.
        ChangedReport = "changed-report",
        /// The contact was cancelled.
        CancelledReport = "cancelled-report",
        /// Agreements, assignments, units or payers became known.
        Agreement = "agreement",
        /// Rates, weights, keys or plans became known.
        Decision = "decision",
    }
}

/// What a settlement rests on (underlag), or one side of a bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The month settled; of a side, that of its last day of care.
    pub month: Month,
    /// Care up to this day, inclusive: the last of the month, or any day of a side.
    pub through: Day,
    /// The day of settlement.
    pub on: Day,
    /// Register revision.
    pub revision: u32,
    /// Reports up to this day, inclusive.
    pub cutoff: Day,
    /// How many batches, in order of arrival.
    pub batches: u32,
}

impl Basis {
    /// Everything known on a day, with care through it: a side of a bridge.
    pub fn of_day(day: Day, revision: u32) -> Self {
        let (month, batches) = (day.month(), u32::MAX);
        Self { month, through: day, on: day, revision, cutoff: day, batches }
    }

    /// The care and reports that it takes.
    pub fn span(&self) -> Span {
        Span { known_on: self.cutoff, through: self.through, batches: self.batches }
    }
}

/// One line of a settlement; names are numbers of [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettleLine {
    /// Number of the contact; absent for unit formulas.
    pub contact: Option<u32>,
    /// Who, what and when.
    pub key: NetKey,
    /// The rate: of what is now right, else of what was posted.
    pub rate: u32,
    /// Why.
    pub cause: Cause,
    /// Quantity and amount, negative for what is taken back.
    pub total: Total,
}

/// A settlement before it is booked.
#[derive(Clone, Debug, Default)]
pub struct Settlement {
    /// The lines, in order of contact id (unit lines last), key and cause.
    pub lines: Vec<SettleLine>,
    /// Contacts in force without a price.
    pub unpriced: BTreeMap<Reason, i64>,
    /// Shares that were paid beyond their new part (R37).
    pub findings: Vec<Finding>,
}

/// Contacts in force under a register, and the register compiled.
pub struct Step<'s, 'r> {
    /// The compiled view.
    pub pricer: &'s mut Pricer<'r>,
    /// Contacts in force under it.
    pub contacts: &'s Contacts,
    /// What they should have, every contact once.
    pub states: Vec<States>,
}

impl<'s, 'r> Step<'s, 'r> {
    /// On one thread.
    pub fn new(
        pricer: &'s mut Pricer<'r>,
        contacts: &'s Contacts,
        reports: &Reports,
    ) -> Result<Self, TooLarge> {
        let states = vec![States::of_all(pricer, contacts, reports)?];
        Ok(Self { pricer, contacts, states })
    }
}

/// The registers that the difference is split by. Where nothing became known since the previous
/// settlement, `before` is empty and all is `now`.
pub struct Steps<'s, 'r> {
    /// New reports under the old register, and under new structure with old prices.
    pub before: Option<(Step<'s, 'r>, Step<'s, 'r>)>,
    /// New reports under the new register.
    pub now: Step<'s, 'r>,
}

/// The lines that bring what was posted to what is right, and why.
///
/// `previous` is the basis of the last booked settlement; nothing here is stored, so preview and booking
/// are the same call.
pub fn settle(
    posted: &mut Posted,
    reports: &Reports,
    previous: Option<&Basis>,
    basis: &Basis,
    mut steps: Steps<'_, '_>,
) -> Settlement {
    let mut result = Settlement::default();
    let old = steps.before.as_ref().map_or(&steps.now, |(reports_step, _)| reports_step);
    let resolver = Resolver::new(reports, old.pricer.view());
    let open = Open::new(posted, previous, basis, &steps);
    let settled = Settled { previous, basis, resolver, open };
    let mut adopt = |step: &mut Step<'_, '_>| {
        posted.adopt(std::mem::take(&mut step.states), reports.contacts())
    };
    let (now, unpriced) = adopt(&mut steps.now);
    result.unpriced = unpriced;
    let before = steps
        .before
        .as_mut()
        .map(|(reports_step, structure_step)| (adopt(reports_step).0, adopt(structure_step).0));
    for contact in 0..reports.contacts() {
        let at = contact as usize;
        let state = |states: &[u32]| states.get(at).copied().unwrap_or(0);
        let last = state(&now);
        let (first, second) =
            before.as_ref().map_or((last, last), |(first, second)| (state(first), state(second)));
        let path = [posted.of_contact(contact), first, second, last];
        if path != [last; 4] {
            settled.contact_lines(posted, reports, contact, path, &mut result.lines);
        }
    }
    settled.unit_lines(posted, &mut steps, &mut result);
    sort_lines(&mut result.lines, reports, posted.names());
    result
}

fn sort_lines(lines: &mut [SettleLine], reports: &Reports, names: &Names) {
    let id = |contact: u32| reports.contact_ids.get(contact);
    lines.sort_by(|a, b| {
        let contact = |line: &SettleLine| line.contact.map(id).map_or((1, ""), |id| (0, id));
        contact(a)
            .cmp(&contact(b))
            .then_with(|| names.key(&a.key).cmp(&names.key(&b.key)))
            .then_with(|| (a.cause, names.text(a.rate)).cmp(&(b.cause, names.text(b.rate))))
    });
}

struct Settled<'s> {
    previous: Option<&'s Basis>,
    basis: &'s Basis,
    resolver: Resolver,
    open: Open,
}

impl Settled<'_> {
    fn contact_lines(
        &self,
        posted: &Posted,
        reports: &Reports,
        contact: u32,
        path: [u32; 4],
        lines: &mut Vec<SettleLine>,
    ) {
        let [before, first, second, last] = path;
        let report_cause = self.report_cause(reports, contact);
        let steps: &[(u32, u32, Cause)] = if report_cause == Cause::LateReport {
            &[(before, last, Cause::LateReport)]
        } else {
            &[
                (before, first, report_cause),
                (first, second, Cause::Agreement),
                (second, last, Cause::Decision),
            ]
        };
        let mut add = |from, to, cause, wanted: bool| {
            for (key, rate, total) in posted.difference(from, to) {
                if self.open.has_contact_line(key.month, contact, before != 0) == wanted {
                    lines.push(SettleLine { contact: Some(contact), key, rate, cause, total });
                }
            }
        };
        add(before, last, Cause::Current, true);
        for (from, to, cause) in steps {
            add(*from, *to, *cause, false);
        }
    }

    /// Why the reports of a contact make a difference, under the register of the previous settlement.
    fn report_cause(&self, reports: &Reports, contact: u32) -> Cause {
        let Some(previous) = self.previous else { return Cause::Current };
        let accepted = |span: &Span| last_accepted(reports, &self.resolver, span, contact);
        let was_reported = reports
            .of_contact(contact)
            .any(|row| row.batch < previous.batches && row.reported_on <= previous.cutoff);
        let (before, now) = (accepted(&previous.span()), accepted(&self.basis.span()));
        match (before, now) {
            _ if !was_reported => Cause::LateReport,
            // What was reported was rejected; only now does a report count (R16).
            (None, Some(_)) => Cause::LateReport,
            (_, Some(ReportKind::Cancellation)) => Cause::CancelledReport,
            _ => Cause::ChangedReport,
        }
    }

    fn unit_lines(&self, posted: &mut Posted, steps: &mut Steps<'_, '_>, result: &mut Settlement) {
        let through = self.basis.through;
        let last_month = self.previous.map(|previous| previous.month);
        let (now, findings) =
            settled_unit_lines(steps.now.pricer.view(), posted, last_month, through);
        result.findings = findings;
        let (first, second) = match &steps.before {
            None => (now.clone(), now.clone()),
            Some((reports, structure)) => {
                let mut lines = |step: &Step<'_, '_>| {
                    settled_unit_lines(step.pricer.view(), posted, last_month, through).0
                };
                (lines(reports), lines(structure))
            }
        };
        let before = posted.unit_lines().clone();
        let path = [
            (&before, &first, Cause::ChangedReport),
            (&first, &second, Cause::Agreement),
            (&second, &now, Cause::Decision),
        ];
        let lines = &mut result.lines;
        let mut add = |from: &UnitTotals, to: &UnitTotals, cause, wanted| {
            for (key, total) in unit_difference(from, to) {
                if self.open.has_unit_line(key.net.month, key.rate) == wanted {
                    let (key, rate) = (key.net, key.rate);
                    lines.push(SettleLine { contact: None, key, rate, cause, total });
                }
            }
        };
        add(&before, &now, Cause::Current, true);
        for (from, to, cause) in path {
            add(from, to, cause, false);
        }
    }
}

/// Unit lines by key.
pub type UnitTotals = BTreeMap<UnitKey, Total>;

fn unit_difference(from: &UnitTotals, to: &UnitTotals) -> Vec<(UnitKey, Total)> {
    let mut difference = to.clone();
    for (key, total) in from {
        let entry = difference.entry(*key).or_default();
        entry.count -= total.count;
        entry.amount = entry.amount - total.amount;
    }
    difference.into_iter().filter(|(_, total)| *total != Total::default()).collect()
}

/// What a settlement comes to for one unit, payee, payer, element, care month and cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SummaryKey<'n> {
    /// Unit.
    pub unit: &'n str,
    /// Who is paid.
    pub payee: &'n str,
    /// Who pays.
    pub payer: &'n str,
    /// Element.
    pub element: &'n str,
    /// Month of care.
    pub care_month: Month,
    /// Why.
    pub cause: Cause,
    /// False for a shadow amount.
    pub payable: bool,
}

/// The sum of some lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Quantity and amount.
    pub total: Total,
    /// How many lines; a correction of an amount has quantity 0 but is a line.
    pub lines: i64,
}

/// Adds up lines by unit, payee, payer, element, care month and cause; what comes to nothing stays out.
pub fn summary<'n>(lines: &[SettleLine], names: &'n Names) -> BTreeMap<SummaryKey<'n>, Sum> {
    let mut sums: BTreeMap<SummaryKey<'n>, Sum> = BTreeMap::new();
    for line in lines {
        let key = SummaryKey {
            unit: names.text(line.key.unit),
            payee: names.text(line.key.payee),
            payer: names.text(line.key.payer),
            element: names.text(line.key.element),
            care_month: line.key.month,
            cause: line.cause,
            payable: line.key.payable,
        };
        let sum = sums.entry(key).or_default();
        sum.total.count += line.total.count;
        sum.total.amount += line.total.amount;
        sum.lines += 1;
    }
    sums.retain(|_, sum| sum.total != Total::default());
    sums
}

/// The sum of the payable lines.
pub fn payable_total(lines: &[SettleLine]) -> Money {
    lines.iter().filter(|line| line.key.payable).map(|line| line.total.amount).sum()
}
