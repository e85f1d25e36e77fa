//! Which pairs of rates can apply to one contact at all; the few that can are then looked at unit by unit.
//!
//! Owns: cutting by days, by unit conditions and by contact conditions, each judged once however many rates
//! share it. Does not own: whether a pair clashes, or what is said of it (`rates`).
//!
//! Of 20 000 versions of rates, each replaced by the next, hardly a pair is left.

use super::gaps::unit_holds;
use crate::fact::{ContactCondition, UnitCondition};
use crate::price::{CompiledRate, Pricer};
use crate::register::clash::is_possible;
use crate::time::Period;
use std::collections::BTreeMap;

/// See the module.
pub(super) struct Pairs<'p, 'r> {
    pricer: &'p Pricer<'r>,
    unit_conditions: Vec<&'r UnitCondition>,
    rates: Vec<Cut>,
    /// Whether some unit on some day satisfies both unit conditions.
    units: BTreeMap<(usize, usize), bool>,
    /// Whether some contact satisfies both contact conditions.
    contacts: BTreeMap<(usize, usize), bool>,
}

/// What is left of a rate, and the number of its unit condition.
struct Cut {
    unit_condition: usize,
    days: Vec<Period>,
}

impl<'p, 'r> Pairs<'p, 'r> {
    pub(super) fn new(pricer: &'p Pricer<'r>) -> Self {
        let mut unit_conditions: Vec<&UnitCondition> = Vec::new();
        let mut numbers = Vec::with_capacity(pricer.rates().len());
        for rate in pricer.rates() {
            let condition = &rate.rate().when.unit;
            let known = unit_conditions.iter().position(|other| *other == condition);
            numbers.push(known.unwrap_or(unit_conditions.len()));
            if known.is_none() {
                unit_conditions.push(condition);
            }
        }
        let cut = |(rate, number): (&CompiledRate<'_>, &usize)| {
            let takes_all = |other: &&usize| {
                let same_contacts = pricer.rate(**other).map(|rate| rate.contact_condition);
                numbers.get(**other) == Some(number)
                    && same_contacts == Some(rate.contact_condition)
            };
            let replaced = rate.suppressors.iter().filter(takes_all);
            let replaced = replaced.filter_map(|other| pricer.rate(*other));
            let replaced: Vec<Period> = replaced.map(|other| other.rate().valid).collect();
            Cut { unit_condition: *number, days: without(rate.rate().valid, replaced) }
        };
        let rates = pricer.rates().iter().zip(&numbers).map(cut).collect();
        let (units, contacts) = (BTreeMap::new(), BTreeMap::new());
        Self { pricer, unit_conditions, rates, units, contacts }
    }

    /// Whether the days, units and contacts of two rates have anything in common. Rates that replace a rate
    /// wholly (same conditions) are taken into account, the others not.
    pub(super) fn can_meet(&mut self, one: usize, other: usize) -> bool {
        let (Some(a), Some(b)) = (self.rates.get(one), self.rates.get(other)) else { return false };
        let share_a_day = a.days.iter().any(|day| b.days.iter().any(|other| day.overlaps(*other)));
        share_a_day && self.can_meet_at_a_unit(one, other) && self.can_share_a_contact(one, other)
    }

    fn can_meet_at_a_unit(&mut self, one: usize, other: usize) -> bool {
        let number = |rate: usize| self.rates.get(rate).map_or(0, |rate| rate.unit_condition);
        let (a, b) = (number(one), number(other));
        let key = (a.min(b), a.max(b));
        if let Some(known) = self.units.get(&key) {
            return *known;
        }
        let conditions = (self.unit_conditions.get(a), self.unit_conditions.get(b));
        let (Some(first), Some(second)) = conditions else { return false };
        let meet = self.pricer.view().histories.iter().any(|history| {
            let mut days = history.changes();
            days.any(|day| unit_holds(first, history, day) && unit_holds(second, history, day))
        });
        self.units.insert(key, meet);
        meet
    }

    fn can_share_a_contact(&mut self, one: usize, other: usize) -> bool {
        let rate = |number| self.pricer.rate(number);
        let (Some(a), Some(b)) = (rate(one), rate(other)) else { return false };
        let (i, j) = (a.contact_condition, b.contact_condition);
        let key = (i.min(j), i.max(j));
        if let Some(known) = self.contacts.get(&key) {
            return *known;
        }
        let both: [&ContactCondition; 2] = [&a.rate().when.contact, &b.rate().when.contact];
        let can = is_possible(&both, &[], self.pricer.view().county());
        self.contacts.insert(key, can);
        can
    }
}

/// What is left of a period when others are taken away.
fn without(whole: Period, mut others: Vec<Period>) -> Vec<Period> {
    others.retain(|other| other.overlaps(whole));
    others.sort_unstable();
    let mut left = Vec::new();
    let mut from = whole.from;
    for other in others {
        left.push(Period { from, until: other.from });
        from = from.max(other.until);
    }
    left.push(Period { from, until: whole.until });
    left.retain(|period| !period.is_empty());
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Day;

    #[test]
    fn what_is_left_of_a_period() {
        let period =
            |from, until| Period { from: Day::from_number(from), until: Day::from_number(until) };
        let whole = period(10, 20);
        assert_eq!(without(whole, vec![]), [whole]);
        assert_eq!(without(whole, vec![period(15, 30)]), [period(10, 15)]);
        let two = vec![period(14, 16), period(5, 11), period(12, 15), period(30, 40)];
        assert_eq!(without(whole, two), [period(11, 12), period(16, 20)]);
        assert!(without(whole, vec![period(0, 99)]).is_empty());
    }
}
