//! Which rounding rule a published allocation follows.
//!
//! Owns: the comparison of published kronor with each rule. Does not own: the division itself (`money`).
//!
//! 1 382 000 000 kr in 2022 follows the largest remainder; 1 590 000 000 kr in 2019 no rule at all, and that is said.

use crate::money::{Money, Ratio, Rounding, SplitError, split};

/// A recipient as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Id; ties go to the lower.
    pub id: String,
    /// Weight in the key.
    pub weight: u64,
    /// What was published for it.
    pub amount: Money,
}

/// What a published allocation follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The rules that give every amount, the most usual first.
    pub rules: Vec<Rounding>,
    /// What half-up in kronor gives otherwise, where no rule gives all; in the order given.
    pub misfits: Vec<Misfit>,
    /// The pot minus the published amounts.
    pub residual: Money,
    /// The largest distance between a published amount and its exact share, in whole kronor rounded up.
    pub within_kronor: i64,
}

/// A row that the rule does not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Number of the row, from 0.
    pub row: usize,
    /// Its exact share in kronor.
    pub exact: Ratio,
    /// Published minus given.
    pub difference: Money,
}

/// The order in which rules that fit are named.
const RULES: [Rounding; 5] = [
    Rounding::LargestRemainder,
    Rounding::HalfUpKrona,
    Rounding::HalfUpResidueLargest,
    Rounding::LargestRemainderOre,
    Rounding::HalfUpOre,
];

/// Compares published amounts with what every rule makes of the pot.
///
/// # Errors
/// Where the pot cannot be divided at all: no weight above 0, or numbers too large.
pub fn fit(pot: Money, published: &[Published]) -> Result<Fit, SplitError> {
    let weights: Vec<(&str, u64)> =
        published.iter().map(|one| (one.id.as_str(), one.weight)).collect();
    let amounts: Vec<Money> = published.iter().map(|one| one.amount).collect();
    let parts = |rule| split(pot, &weights, rule, None).map(|split| split.parts);
    let rules: Vec<Rounding> =
        RULES.into_iter().filter(|rule| parts(*rule).as_ref() == Ok(&amounts)).collect();
    let sum: i128 = published.iter().map(|one| i128::from(one.weight)).sum();
    let exact =
        |weight: u64| Ratio::new(i128::from(pot.ore()).checked_mul(weight.into())?, sum * 100);
    let mut misfits = Vec::new();
    let mut within_kronor = 0;
    let half_up = match parts(Rounding::HalfUpKrona) {
        Err(SplitError::NotWholeKronor) => parts(Rounding::HalfUpOre),
        parts => parts,
    }?;
    for ((row, one), given) in published.iter().enumerate().zip(half_up) {
        let exact = exact(one.weight).ok_or(SplitError::TooLarge)?;
        within_kronor = within_kronor.max(distance(one.amount, exact).ok_or(SplitError::TooLarge)?);
        if rules.is_empty() && one.amount != given {
            let difference = one.amount.plus(-given).ok_or(SplitError::TooLarge)?;
            misfits.push(Misfit { row, exact, difference });
        }
    }
    let sum = amounts.iter().try_fold(Money::ZERO, |sum, amount| sum.plus(*amount));
    let residual = sum.and_then(|sum| pot.plus(-sum)).ok_or(SplitError::TooLarge)?;
    Ok(Fit { rules, misfits, residual, within_kronor })
}

/// Whole kronor between an amount and a share in kronor, rounded up.
fn distance(amount: Money, exact: Ratio) -> Option<i64> {
    let minus_amount = Ratio::new(-i128::from(amount.ore()), 100)?;
    i64::try_from(exact.plus(minus_amount)?.magnitude_up()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(rows: &[(&str, u64, i64)]) -> Vec<Published> {
        let row = |(id, weight, kronor): &(&str, u64, i64)| Published {
            id: (*id).to_owned(),
            weight: *weight,
            amount: Money::from_kronor(*kronor),
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn a_rule_is_named_only_where_it_gives_every_amount() {
        // 10 kr by 1, 1, 1: exact 3,33 each.
        let fit = |rows: &[(&str, u64, i64)]| {
            fit(Money::from_kronor(10), &published(rows)).expect("divides")
        };
        let hamilton = fit(&[("a", 1, 4), ("b", 1, 3), ("c", 1, 3)]);
        assert_eq!(hamilton.rules, [Rounding::LargestRemainder, Rounding::HalfUpResidueLargest]);
        assert!(hamilton.misfits.is_empty());
        let half_up = fit(&[("a", 1, 3), ("b", 1, 3), ("c", 1, 3)]);
        assert_eq!(half_up.rules, [Rounding::HalfUpKrona]);
        assert_eq!(half_up.residual, Money::from_kronor(1));
        let none = fit(&[("a", 1, 3), ("b", 1, 3), ("c", 1, 4)]);
        assert_eq!(none.rules, []);
        let [misfit] = none.misfits.as_slice() else { panic!("one row differs") };
        assert_eq!((misfit.row, misfit.difference), (2, Money::from_kronor(1)));
        assert_eq!(none.within_kronor, 1);
    }
}
