//! Which decisions can have changed what is paid: those recorded between two revisions that touch an element,
//! or a unit.
//!
//! Owns: what a decision touches. Does not own: amounts; that something differs is for `settle` to say.
//!
//! A decision that states new weights touches every element priced by them, and every raise on such an element.

use super::{Known, Recorded, Register, View};
use crate::fact::{Decision, Fact, Formula, Rate, ShareKey, Status};
use crate::id::{ElementId, TableId};
use crate::time::{Month, Period};
use std::collections::BTreeSet;

/// The decisions recorded between two revisions, and what each of them touches.
#[derive(Clone, Debug)]
pub struct News<'r> {
    told: Vec<Touched<'r>>,
    before: View<'r>,
    after: View<'r>,
}

#[derive(Clone, Debug)]
struct Touched<'r> {
    recorded: &'r Recorded,
    /// Elements, and when.
    elements: BTreeSet<(&'r ElementId, Period)>,
}

impl Register {
    /// What was recorded after revision `from`, up to and including `to`; proposals are no news.
    pub fn news(&self, from: u32, to: u32) -> News<'_> {
        let (before, after) = (self.view(from), self.view(to));
        let new = self.log.iter().filter(|recorded| {
            let is_new = recorded.revision > from && recorded.revision <= to;
            is_new && recorded.decision.status == Status::Decided
        });
        let touched = |recorded| {
            let recorded: &Recorded = recorded;
            Touched { recorded, elements: elements(&after, &recorded.decision) }
        };
        let told = new.map(touched).collect();
        News { told, before, after }
    }
}

impl<'r> News<'r> {
    /// The decisions that touch the price of an element in a month, in order of revision; where none does, all
    /// that say something about prices, and else all.
    pub fn about_element(&self, element: &str, month: Month) -> Vec<&'r Recorded> {
        let days = Period { from: month.first_day(), until: month.plus(1).first_day() };
        let touches = |touched: &Touched<'r>| {
            let mut elements = touched.elements.iter();
            elements.any(|(other, valid)| other.as_str() == element && valid.overlaps(days))
        };
        self.those(touches, |touched| !touched.elements.is_empty())
    }

    /// The decisions that touch the agreements, assignments or payers of a unit, in order of revision; where
    /// none does, all that state such facts, and else all.
    pub fn about_unit(&self, unit: &str) -> Vec<&'r Recorded> {
        let states = |touched: &Touched<'r>, is_about: &dyn Fn(&Fact) -> bool| {
            touched.recorded.decision.facts.iter().any(|stated| is_about(&stated.fact))
        };
        self.those(
            |touched| states(touched, &|fact| self.is_about_unit(fact, unit)),
            |touched| states(touched, &super::is_structure),
        )
    }

    fn those(
        &self,
        first: impl Fn(&Touched<'r>) -> bool,
        else_: impl Fn(&Touched<'r>) -> bool,
    ) -> Vec<&'r Recorded> {
        let pick = |wanted: &dyn Fn(&Touched<'r>) -> bool| -> Vec<&'r Recorded> {
            self.told.iter().filter(|touched| wanted(touched)).map(|told| told.recorded).collect()
        };
        let touching = pick(&first);
        if !touching.is_empty() {
            return touching;
        }
        let near = pick(&else_);
        if near.is_empty() { pick(&|_| true) } else { near }
    }

    fn is_about_unit(&self, fact: &Fact, unit: &str) -> bool {
        let views = || [&self.before, &self.after].into_iter();
        let assigned = || {
            let all = views().flat_map(|view| view.assignments.values());
            all.filter(|known| known.fact.unit.as_str() == unit).map(|known| &known.fact.agreement)
        };
        match fact {
            Fact::Unit(fact) => fact.id.as_str() == unit,
            Fact::Assignment(fact) => fact.unit.as_str() == unit,
            Fact::Agreement(fact) => assigned().any(|agreement| *agreement == fact.id),
            Fact::Provider(fact) => {
                let mut units =
                    views().flat_map(|view| view.units.values()).map(|known| known.fact);
                units.any(|other| other.id.as_str() == unit && other.provider == fact.id)
            }
            Fact::Region(_) | Fact::Payer(_) => true,
            _ => false,
        }
    }
}

/// The elements whose price a decision touches, and when.
fn elements<'r>(view: &View<'r>, decision: &Decision) -> BTreeSet<(&'r ElementId, Period)> {
    let mut touched = BTreeSet::new();
    for stated in &decision.facts {
        match &stated.fact {
            Fact::Rate(rate) => {
                let of = |known: &&Known<'r, Rate>| {
                    known.fact.id == rate.id || rate.replaces.contains(&known.fact.id)
                };
                let rates = view.rates.iter().filter(of);
                touched.extend(rates.map(|known| (&known.fact.element, rate.valid)));
            }
            Fact::Weight(weight) => {
                let valid = Period { from: weight.valid_from, until: crate::time::Day::MAX };
                let uses = |rate: &Rate| rests_on(rate).weights == Some(&weight.table);
                touched.extend(elements_of(view, uses, valid));
            }
            Fact::Key(key) => {
                let uses = |rate: &Rate| {
                    let is_same =
                        |other: &ShareKey| matches!(other, ShareKey::Named(n) if *n == key.name);
                    let of_year = key.year.is_none_or(|year| year == rate.valid.from.year());
                    rests_on(rate).key.is_some_and(is_same) && of_year
                };
                touched.extend(elements_of(view, uses, ALWAYS));
            }
            Fact::Capacity(plan) => {
                let uses = |rate: &Rate| {
                    rests_on(rate).key == Some(&ShareKey::Capacity)
                        && plan.year == rate.valid.from.year()
                };
                touched.extend(elements_of(view, uses, ALWAYS));
            }
            _ => {}
        }
    }
    let waits = |rate: &Rate| rate.requires.contains(&decision.id);
    touched.extend(elements_of(view, waits, ALWAYS));
    raise(view, &mut touched);
    touched
}

const ALWAYS: Period = Period { from: crate::time::Day::MIN, until: crate::time::Day::MAX };

fn elements_of<'r>(
    view: &View<'r>,
    is_wanted: impl Fn(&Rate) -> bool,
    valid: Period,
) -> Vec<(&'r ElementId, Period)> {
    let rates = view.rates.iter().map(|known| known.fact).filter(|rate| is_wanted(rate));
    rates.map(|rate| (&rate.element, rate.valid.and(valid))).collect()
}

/// What raises a touched element is touched too, in as many steps as raises stand on raises.
fn raise<'r>(view: &View<'r>, touched: &mut BTreeSet<(&'r ElementId, Period)>) {
    loop {
        let mut more = Vec::new();
        for (element, valid) in touched.iter() {
            let raises = |rate: &Rate| rests_on(rate).of.contains(element);
            more.extend(elements_of(view, raises, *valid));
        }
        let before = touched.len();
        touched.extend(more.into_iter().filter(|(_, valid)| !valid.is_empty()));
        if touched.len() == before {
            return;
        }
    }
}

/// What the amount of a rate rests on beside its own figure.
struct RestsOn<'f> {
    weights: Option<&'f TableId>,
    of: &'f [ElementId],
    key: Option<&'f ShareKey>,
}

fn rests_on(rate: &Rate) -> RestsOn<'_> {
    let mut rests = RestsOn { weights: None, of: &[], key: None };
    match &rate.formula {
        Formula::PerWeight { weights, .. } => rests.weights = Some(weights),
        Formula::PerPeriod { weights, .. } => {
            rests.weights = weights.as_ref().map(|weights| &weights.table);
        }
        Formula::Uplift { of, .. } | Formula::Tier { of, .. } | Formula::Ceiling { of, .. } => {
            rests.of = of
        }
        Formula::Share { key, .. } => rests.key = Some(key),
        Formula::PerContact { .. } | Formula::FixedMonthly { .. } | Formula::Lump { .. } => {}
    }
    rests
}
