//! The formula *tier*: a percentage for the contacts of a unit and year above a number (R39).
//!
//! Above 4 000 deliveries 80 %: the 4 001st of 50 000 kr gets a line of −10 000 kr.

use crate::fact::Step;
use crate::money::{Money, Ratio, Unit};

/// The line of contact `number` (from 1) on a base; 0 below the first step. `None` where it does not fit.
pub(super) fn amount(number: i64, base: Money, steps: &[Step<i64>]) -> Option<Money> {
    match steps.iter().rfind(|step| step.over < number) {
        None => Some(Money::ZERO),
        Some(step) => base.scaled(beyond_hundred(step.percent)?, Unit::Ore),
    }
}

/// What a percentage adds to the whole: 80 is −20/100, 120 is 20/100.
pub(super) fn beyond_hundred(percent: Ratio) -> Option<Ratio> {
    percent.plus(Ratio::new(-100, 1)?)?.percent()
}
