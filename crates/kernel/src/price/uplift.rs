//! The formula *uplift*: a raise on the lines of other elements (R32).
//!
//! 5 % of 42 253,97 kr = 2 112,70 kr; a second raise of 5 % on both = 2 218,33 kr.

use crate::fact::UpliftBy;
use crate::money::{Money, Rounding};

/// What an uplift comes to.
pub(super) enum Raise {
    /// The contact has no line of the elements.
    Nothing,
    /// This much.
    Amount(Money),
    /// More than fits.
    TooLarge,
}

/// The raise on `lines`, which are already rounded: a percentage of their sum, rounded once, or an
/// amount once for a contact that has one.
pub(super) fn amount(
    lines: impl Iterator<Item = Money>,
    by: UpliftBy,
    rounding: Rounding,
) -> Raise {
    let mut sum: Option<Money> = None;
    for line in lines {
        sum = match sum.unwrap_or(Money::ZERO).plus(line) {
            Some(sum) => Some(sum),
            None => return Raise::TooLarge,
        };
    }
    let Some(sum) = sum else { return Raise::Nothing };
    match by {
        UpliftBy::Amount(amount) => Raise::Amount(amount),
        UpliftBy::Percent(percent) => {
            let raised = percent.percent().and_then(|ratio| sum.scaled(ratio, rounding.unit()));
            raised.map_or(Raise::TooLarge, Raise::Amount)
        }
    }
}
