//! Chance: a seeded stream of random numbers and the few distributions the generator needs.
//!
//! Owns: the choice of algorithm (xoshiro256++, named, so that its numbers never change with a
//! library version) and arithmetic that gives the same result on every machine (`+`, `−`, `×` of
//! `f64` only; no `exp`, no `powf`). Does not own: what any probability is.
//!
//! `Chance::new(7, &[2021]).of(0.17)` is true about once in six.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// One stream; streams of different parts are independent of each other.
pub(super) struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// The stream of `parts` under `seed`: the same parts give the same stream, whatever came before.
    pub(super) fn new(seed: u64, parts: &[u64]) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(
            parts.iter().fold(seed, |seed, part| mix(seed ^ mix(*part))),
        ))
    }

    /// Sixty-four random bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// From 0 up to but not including 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub(super) fn of(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From 0 up to but not including `end`; 0 where `end` is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (((self.bits() >> 32) * end as u64) >> 32) as usize
    }

    /// Both ends included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1).max(1) as usize) as i32
    }

    /// Bell-shaped about `mean` with standard deviation `spread`, never beyond 3.5 of them:
    /// the sum of four uniform numbers.
    pub(super) fn bell(&mut self, mean: f64, spread: f64) -> f64 {
        const DEVIATION: f64 = 37_837.0; // of the sum: 65 536 / √3
        let bits = self.bits();
        let sum =
            (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
        mean + spread * (sum as f64 - 131_070.0) / DEVIATION
    }

    /// One of the values, each alike.
    pub(super) fn pick<T: Copy>(&mut self, values: &[T]) -> Option<T> {
        values.get(self.below(values.len())).copied()
    }

    /// The place of a weight, in proportion to the weights; 0 where they sum to 0.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum::<u32>() as usize) as u32;
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        0
    }
}

/// The finaliser of SplitMix64.
fn mix(value: u64) -> u64 {
    let value = (value.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ (value >> 30))
        .wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Takes a share of those that come by, evenly: after `n` with rate `r` about `n × r` were taken,
/// much closer than independent throws would come.
#[derive(Default)]
pub(super) struct Spread(f64);

impl Spread {
    /// Whether the one that comes by is taken.
    pub(super) fn takes(&mut self, rate: f64, chance: &mut Chance) -> bool {
        self.0 += 2.0 * rate * chance.unit();
        let taken = self.0 >= 1.0;
        if taken {
            self.0 -= 1.0;
        }
        taken
    }
}

/// Splits `total` over weights, largest remainder, ties to the earlier; all 0 where the weights are.
pub(super) fn apportion(total: u64, weights: &[f64]) -> Vec<u64> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| total as f64 * weight / sum).collect();
    let mut parts: Vec<u64> = exact.iter().map(|part| *part as u64).collect();
    let mut order: Vec<usize> = (0..parts.len()).filter(|place| weights[*place] > 0.0).collect();
    let remainder = |place: &usize| exact[*place] - parts[*place] as f64;
    order.sort_by(|a, b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(b)));
    let missing = total.saturating_sub(parts.iter().sum());
    for place in order.into_iter().take(missing as usize) {
        parts[place] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_never_change() {
        let mut chance = Chance::new(1, &[2, 3]);
        assert_eq!(
            [chance.bits(), chance.bits()],
            [17_059_772_145_302_061_568, 10_008_035_468_785_654_222]
        );
    }

    #[test]
    fn distributions_have_their_means() {
        let mut chance = Chance::new(1, &[]);
        let n = 100_000;
        let mean = (0..n).map(|_| chance.bell(10.0, 2.0)).sum::<f64>() / f64::from(n);
        assert!((mean - 10.0).abs() < 0.03, "{mean}");
        let hits = (0..n).filter(|_| chance.of(0.17)).count();
        assert!((16_500..17_500).contains(&hits), "{hits}");
        let mut spread = Spread::default();
        let taken = (0..n).filter(|_| spread.takes(0.01, &mut chance)).count();
        assert!((990..=1_010).contains(&taken), "{taken}");
        assert_eq!(apportion(10, &[1.0, 1.0, 1.0, 0.0]), [4, 3, 3, 0]);
        assert_eq!(apportion(10, &[0.0]), [0]);
    }
}
