//! The formula *ceiling*: a percentage on what a unit is paid in a year above an amount (R39, R51).
//!
//! Above 1 000 000 kr 40 %: a contact of 50 000 kr that brings the sum to 1 030 000 kr gets −18 000 kr.

use super::tier::beyond_hundred;
use crate::fact::Step;
use crate::money::{Money, Ratio, Unit};

/// What a contact adds when it brings the cumulated base from `before` to `after`: the difference of two rounded
/// amounts. `None` where it does not fit.
pub(super) fn amount(before: Money, after: Money, steps: &[Step<Money>]) -> Option<Money> {
    Some(beyond(after, steps)? - beyond(before, steps)?)
}

/// The sum over the bands of their percentage on the part of `base` within them, rounded once.
fn beyond(base: Money, steps: &[Step<Money>]) -> Option<Money> {
    let ends = steps.iter().skip(1).map(|step| step.over).chain([base]);
    let mut sum = Ratio::new(0, 1)?;
    for (step, end) in steps.iter().zip(ends) {
        let part = base.min(end) - step.over;
        if part > Money::ZERO {
            let part = Ratio::new(i128::from(part.ore()), 1)?;
            sum = sum.plus(beyond_hundred(step.percent)?.times(part)?)?;
        }
    }
    Money::from_ore(1).scaled(sum, Unit::Ore)
}
