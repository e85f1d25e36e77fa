//! What each unit was under, day by day: its statements, its agreement and the assignments it held.

use super::{Known, View};
use crate::fact::{Agreement, Approval, Assignment, BASE, Unit};
use crate::id::{AssignmentName, UnitId};
use crate::time::{Day, Period};
use std::collections::BTreeMap;

/// A unit through time.
#[derive(Clone, Debug)]
pub struct UnitHistory<'r> {
    /// The unit.
    pub id: &'r UnitId,
    /// Its statements, by first day.
    pub statements: Vec<Known<'r, Unit>>,
    /// Where unit, approved base assignment and agreement all cover the days (R8).
    pub under: Vec<Under<'r>>,
    /// Where it holds an assignment under the agreement of the base in force (R9).
    pub holds: Vec<(Period, &'r AssignmentName)>,
}

/// A period under an agreement.
#[derive(Clone, Copy, Debug)]
pub struct Under<'r> {
    /// The days.
    pub period: Period,
    /// The agreement.
    pub agreement: Known<'r, Agreement>,
    /// The approved base assignment.
    pub base: Known<'r, Assignment>,
}

impl<'r> UnitHistory<'r> {
    /// What is stated of the unit on a day it is open.
    pub fn statement(&self, day: Day) -> Option<&Known<'r, Unit>> {
        self.statements.iter().find(|unit| unit.fact.valid.contains(day))
    }

    /// The agreement on a day.
    pub fn under(&self, day: Day) -> Option<&Under<'r>> {
        self.under.iter().find(|under| under.period.contains(day))
    }

    /// Whether it holds an assignment on a day.
    pub fn holds(&self, name: &AssignmentName, day: Day) -> bool {
        self.holds.iter().any(|(period, held)| *held == name && period.contains(day))
    }

    /// Every day on which something about the unit changes.
    pub fn changes(&self) -> impl Iterator<Item = Day> + '_ {
        let statements = self.statements.iter().map(|unit| unit.fact.valid);
        let under = self.under.iter().map(|under| under.period);
        let holds = self.holds.iter().map(|(period, _)| *period);
        statements.chain(under).chain(holds).flat_map(|period| [period.from, period.until])
    }
}

pub(super) fn build<'r>(view: &View<'r>) -> Vec<UnitHistory<'r>> {
    let mut histories: BTreeMap<&UnitId, UnitHistory<'r>> = BTreeMap::new();
    for ((id, _), unit) in &view.units {
        let new = || UnitHistory { id, statements: vec![], under: vec![], holds: vec![] };
        histories.entry(id).or_insert_with(new).statements.push(*unit);
    }
    for assignment in approved(view).filter(|assignment| assignment.fact.name.as_str() == BASE) {
        if let Some(history) = histories.get_mut(&assignment.fact.unit) {
            history.under.extend(under(view, history, *assignment));
        }
    }
    for assignment in approved(view) {
        if let Some(history) = histories.get_mut(&assignment.fact.unit) {
            let held: Vec<_> = held(history, assignment.fact).collect();
            history.holds.extend(held);
        }
    }
    histories.into_values().collect()
}

fn approved<'v, 'r>(view: &'v View<'r>) -> impl Iterator<Item = &'v Known<'r, Assignment>> {
    view.assignments.values().filter(|assignment| assignment.fact.status == Approval::Approved)
}

fn under<'r>(
    view: &View<'r>,
    history: &UnitHistory<'r>,
    base: Known<'r, Assignment>,
) -> Vec<Under<'r>> {
    let mut periods = Vec::new();
    let agreements = view.agreements.iter().filter(|((id, _), _)| **id == base.fact.agreement);
    for (_, agreement) in agreements {
        for unit in &history.statements {
            let period = base.fact.valid.and(agreement.fact.valid).and(unit.fact.valid);
            if !period.is_empty() {
                periods.push(Under { period, agreement: *agreement, base });
            }
        }
    }
    periods.sort_by_key(|under| under.period);
    periods
}

fn held<'h, 'r>(
    history: &'h UnitHistory<'r>,
    assignment: &'r Assignment,
) -> impl Iterator<Item = (Period, &'r AssignmentName)> + 'h {
    let under = history.under.iter();
    let same = under.filter(|under| under.agreement.fact.id == assignment.agreement);
    let periods = same.map(|under| under.period.and(assignment.valid));
    periods.filter(|period| !period.is_empty()).map(|period| (period, &assignment.name))
}
