//! A bridge between two days: what was known on the first, what changed it and why, and what was known on the
//! second.
//!
//! Owns: adding up by unit, payer, element, month of care and cause, and naming what each sum came from. Does
//! not own: amounts or causes (`kernel::settle`).
//!
//! 7 400 kr as known 2023-01-30, decision `hsn-2023-01-raise` +6 800 kr, 14 200 kr as known 2023-01-31.

use super::DataFolder;
use super::compared::compare;
use super::financed::rates;
use crate::engine;
use crate::failure::Failure;
use kernel::contact::Reports;
use kernel::known::Span;
use kernel::money::Money;
use kernel::price::Total;
use kernel::register::{News, Register};
use kernel::settle::{Basis, Cause, Names, Posted, SettleLine};
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use store::Batch;

/// What is paid and what is only computed (R10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// The sum of the payable lines.
    pub payable: Money,
    /// The sum of the shadow lines.
    pub shadow: Money,
}

impl Amount {
    /// Adds an amount on its side.
    pub fn add(&mut self, payable: bool, amount: Money) {
        let side = if payable { &mut self.payable } else { &mut self.shadow };
        *side += amount;
    }
}

/// What the changes are added up by, in the order of output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepKey {
    /// Unit, or another recipient of a share.
    pub unit: String,
    /// Who pays.
    pub payer: String,
    /// Element.
    pub element: String,
    /// Month of care.
    pub care_month: Month,
    /// Why.
    pub cause: Cause,
    /// False for a shadow amount.
    pub payable: bool,
}

/// A sum of changes and what they came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepSum {
    /// Quantity and amount.
    pub total: Total,
    /// How many lines.
    pub lines: i64,
    /// The rates of the lines.
    pub rates: BTreeSet<String>,
    /// Decisions recorded between the days that the change came of; of a unit formula's new months, those of
    /// its rates.
    pub decisions: BTreeSet<String>,
    /// Contact files whose reports the change came of.
    pub files: BTreeSet<String>,
}

/// From one day's knowledge to another's.
#[derive(Clone, Debug)]
pub struct Bridge {
    /// Everything known on the first day, with care through it.
    pub opening: Amount,
    /// What changed.
    pub steps: BTreeMap<StepKey, StepSum>,
    /// Everything known on the second day, with care through it.
    pub closing: Amount,
}

impl DataFolder {
    /// The bridge from what was known on one day to what was known on another, of one unit or of all.
    ///
    /// Both ends are what `price` gives for their day; a bridge that does not reach from the one to the other
    /// to the öre is refused.
    pub fn bridge(&mut self, from: Day, to: Day, unit: Option<&str>) -> Result<Bridge, Failure> {
        self.reports()?;
        let Self { register, intake: Some(intake), batches, .. } = self else {
            return Err(Failure::refused("inget är läst", "nothing is loaded"));
        };
        let reports = &intake.reports;
        let (first, last) = (side(register, from), side(register, to));
        let mut posted = Posted::unpaid();
        let opening = compare(register, reports, &mut posted, None, &first)?;
        posted.post(&opening.lines);
        let changes = compare(register, reports, &mut posted, Some(&first), &last)?;
        let names = posted.names();
        let sources = Sources {
            news: register.news(first.revision, last.revision),
            register,
            reports,
            batches,
            from,
            to,
        };
        let steps = steps(&changes.lines, names, unit, &sources);
        let of_unit =
            |line: &&SettleLine| unit.is_none_or(|unit| names.text(line.key.unit) == unit);
        let mut bridge = Bridge { opening: Amount::default(), steps, closing: Amount::default() };
        for line in opening.lines.iter().filter(of_unit) {
            bridge.opening.add(line.key.payable, line.total.amount);
        }
        bridge.closing = priced(register, reports, to, unit)?;
        bridge.refuse_unless_it_reaches()?;
        Ok(bridge)
    }
}

fn side(register: &Register, day: Day) -> Basis {
    Basis::of_day(day, register.as_of(day))
}

/// What `price` gives for a day.
fn priced(
    register: &Register,
    reports: &Reports,
    day: Day,
    unit: Option<&str>,
) -> Result<Amount, Failure> {
    let span = Span { known_on: day, through: day, batches: u32::MAX };
    let priced = engine::price(register.view(register.as_of(day)), reports, &[], &span)?;
    let mut amount = Amount::default();
    let rows = priced.amounts.rows.iter();
    for (key, total) in rows.filter(|(key, _)| unit.is_none_or(|unit| key.unit == unit)) {
        amount.add(key.payable, total.amount);
    }
    Ok(amount)
}

impl Bridge {
    fn refuse_unless_it_reaches(&self) -> Result<(), Failure> {
        let mut reached = self.opening;
        for (key, sum) in &self.steps {
            reached.add(key.payable, sum.total.amount);
        }
        if reached == self.closing {
            return Ok(());
        }
        let (found, right) = (reached.payable + reached.shadow, self.closing);
        let right = right.payable + right.shadow;
        Err(Failure::refused(
            format!("bryggan når {found}, men priset är {right}; felet är programmets, anmäl det"),
            format!(
                "the bridge reaches {found}, but the price is {right}; the fault is the program's, report it"
            ),
        ))
    }
}

/// Where changes come from.
struct Sources<'d> {
    news: News<'d>,
    register: &'d Register,
    reports: &'d Reports,
    batches: &'d [Batch],
    from: Day,
    to: Day,
}

fn steps(
    lines: &[SettleLine],
    names: &Names,
    unit: Option<&str>,
    sources: &Sources<'_>,
) -> BTreeMap<StepKey, StepSum> {
    let mut steps: BTreeMap<StepKey, StepSum> = BTreeMap::new();
    for line in lines {
        let text = |number| names.text(number);
        if unit.is_some_and(|unit| text(line.key.unit) != unit) {
            continue;
        }
        let key = StepKey {
            unit: text(line.key.unit).to_owned(),
            payer: text(line.key.payer).to_owned(),
            element: text(line.key.element).to_owned(),
            care_month: line.key.month,
            cause: line.cause,
            payable: line.key.payable,
        };
        let step = steps.entry(key).or_default();
        step.total.count += line.total.count;
        step.total.amount += line.total.amount;
        step.lines += 1;
        if !step.rates.contains(text(line.rate)) {
            step.rates.insert(text(line.rate).to_owned());
        }
        sources.add_files(line, &mut step.files);
    }
    steps.retain(|_, step| step.total != Total::default());
    for (key, step) in &mut steps {
        step.decisions = sources.decisions(key, step);
    }
    steps
}

impl Sources<'_> {
    /// The files of the reports that came between the days, where reports are the cause.
    fn add_files(&self, line: &SettleLine, files: &mut BTreeSet<String>) {
        let Some(contact) = line.contact else { return };
        if matches!(line.cause, Cause::Agreement | Cause::Decision) {
            return;
        }
        for report in self.reports.of_contact(contact) {
            let is_new = report.reported_on > self.from && report.reported_on <= self.to;
            let batch = self.batches.get(report.batch as usize).filter(|_| is_new);
            if let Some(batch) = batch.filter(|batch| !files.contains(&batch.name)) {
                files.insert(batch.name.clone());
            }
        }
    }

    fn decisions(&self, key: &StepKey, step: &StepSum) -> BTreeSet<String> {
        let new = match key.cause {
            Cause::Agreement => self.news.about_unit(&key.unit),
            Cause::Decision => self.news.about_element(&key.element, key.care_month),
            _ if step.files.is_empty() => return decisions_of_rates(self.register, &step.rates),
            _ => return BTreeSet::new(),
        };
        new.iter().map(|recorded| recorded.decision.id.to_string()).collect()
    }
}

/// The decisions that state rates of some ids.
pub fn decisions_of_rates(register: &Register, ids: &BTreeSet<String>) -> BTreeSet<String> {
    let stated = rates(register).filter(|(_, rate)| ids.contains(rate.id.as_str()));
    stated.map(|(decision, _)| decision.id.to_string()).collect()
}
