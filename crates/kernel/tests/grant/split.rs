//! A pot divided at random: nothing is lost, order never matters, and every part is within one unit of its share.

use crate::dice::{Dice, rounds};
use kernel::money::{Money, Rounding, Split, SplitError, split};
use std::collections::BTreeMap;

const ROUNDINGS: [Rounding; 5] = [
    Rounding::HalfUpOre,
    Rounding::HalfUpKrona,
    Rounding::LargestRemainder,
    Rounding::LargestRemainderOre,
    Rounding::HalfUpResidueLargest,
];

struct Pot {
    amount: Money,
    weights: Vec<(String, u64)>,
    rounding: Rounding,
}

impl Pot {
    fn random(dice: &mut Dice) -> Self {
        let limit = *dice.pick(&[1, 7, 1_000, 326_896_457, 100_000_000_000_000]);
        let amount = Money::from_kronor(i64::try_from(dice.below(limit + 1)).unwrap());
        let heaviest = *dice.pick(&[1, 2, 5, 9_000, 1_000_000_000]);
        let count = 1 + dice.below(12);
        let weight = |at| (format!("r{at:02}"), dice.below(heaviest + 1));
        let mut weights: Vec<_> = (0..count).map(weight).collect();
        weights[0].1 = weights[0].1.max(u64::from(dice.below(9) > 0));
        Self { amount, weights, rounding: *dice.pick(&ROUNDINGS) }
    }

    fn split(&self, sign: i64) -> Result<Split, SplitError> {
        let weights: Vec<_> = self.weights.iter().map(|(id, weight)| (&**id, *weight)).collect();
        split(Money::from_ore(sign * self.amount.ore()), &weights, self.rounding, None)
    }

    fn by_id(&self) -> BTreeMap<String, Money> {
        let parts = self.split(1).unwrap().parts;
        self.weights.iter().map(|(id, _)| id.clone()).zip(parts).collect()
    }
}

#[test]
fn random_pots_are_divided_as_promised() {
    let mut dice = Dice(4);
    let (mut divided, mut refused) = (0, 0);
    for _ in 0..rounds(20_000, 2_000_000) {
        let mut pot = Pot::random(&mut dice);
        let sum: u128 = pot.weights.iter().map(|(_, weight)| u128::from(*weight)).sum();
        if sum == 0 {
            assert_eq!(pot.split(1), Err(SplitError::NoWeights));
            refused += 1;
            continue;
        }
        divided += 1;
        let given = pot.split(1).unwrap();
        let parts: i128 = given.parts.iter().map(|part| i128::from(part.ore())).sum();
        assert_eq!(parts + i128::from(given.residual.ore()), i128::from(pot.amount.ore()));
        let plain = pot.rounding.rounds_one_amount();
        assert!(plain || given.residual == Money::ZERO);
        let unit = i128::from(pot.rounding.unit().ore());
        for ((_, weight), part) in pot.weights.iter().zip(&given.parts) {
            assert!(*weight > 0 || *part == Money::ZERO, "zero weight gets zero");
            // part × sum against amount × weight, so that nothing is rounded here.
            let exact = i128::from(pot.amount.ore()) * i128::from(*weight);
            let far = (i128::from(part.ore()) * i128::try_from(sum).unwrap() - exact).abs();
            let takes_residue = pot.rounding == Rounding::HalfUpResidueLargest;
            assert!(takes_residue || far < unit * i128::try_from(sum).unwrap());
        }
        let mirrored = pot.split(-1).unwrap();
        assert_eq!(mirrored.residual, -given.residual);
        assert!(mirrored.parts.iter().zip(&given.parts).all(|(minus, plus)| *minus == -*plus));
        let before = pot.by_id();
        dice.shuffle(&mut pot.weights);
        assert_eq!(pot.by_id(), before, "the order of rows does not matter");
    }
    assert!(divided > 1000 && refused > 10, "{divided} {refused}");
}

/// Largest remainder by hand: one krona at a time to whoever is furthest below its share.
#[test]
fn largest_remainder_agrees_with_krona_by_krona() {
    let mut dice = Dice(11);
    for _ in 0..rounds(3_000, 100_000) {
        let mut pot = Pot::random(&mut dice);
        pot.amount = Money::from_kronor(i64::try_from(dice.below(200)).unwrap());
        pot.rounding = Rounding::LargestRemainder;
        let sum: i128 = pot.weights.iter().map(|(_, weight)| i128::from(*weight)).sum();
        if sum == 0 {
            continue;
        }
        let kronor = i128::from(pot.amount.ore() / 100);
        let mut slow: Vec<i128> =
            pot.weights.iter().map(|(_, weight)| kronor * i128::from(*weight) / sum).collect();
        while slow.iter().sum::<i128>() < kronor {
            let below = |at: &usize| kronor * i128::from(pot.weights[*at].1) - slow[*at] * sum;
            let furthest = (0..slow.len()).min_by_key(|at| (-below(at), &pot.weights[*at].0));
            slow[furthest.unwrap()] += 1;
        }
        let fast = pot.split(1).unwrap().parts;
        let fast: Vec<i128> = fast.iter().map(|part| i128::from(part.ore() / 100)).collect();
        assert_eq!(fast, slow);
    }
}
