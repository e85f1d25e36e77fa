//! Indirect standardisation: what would be expected of these women at the rates of a reference.
//!
//! Owns: rates by stratum, what is expected at them, and the ratio with its interval. Does not own: what a stratum is; its key is
//! opaque (Robson group, parity, age, BMI, or several together).
//!
//! Ten births of stratum A (reference 10 %) and twenty of stratum B (20 %) expect 1 + 4 = 5; with 8 counted the ratio is 1.6.

use crate::interval::{Interval, Level, Share, poisson};
use std::collections::BTreeMap;

/// The reference: how many of each stratum had it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<K> {
    strata: BTreeMap<K, Share>,
}

/// What was expected of a unit's women.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// How many would have it at the rates of the reference.
    pub count: f64,
    /// Women of strata that the reference has nobody of: they expect nothing, and what was counted among them must be left out too.
    pub without_rate: u64,
}

/// A unit held against what was expected of its women.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standardised {
    /// Counted.
    pub observed: u64,
    /// Expected at the rates of the reference.
    pub expected: f64,
    /// Observed over expected.
    pub ratio: f64,
    /// Exact Poisson interval of the ratio (Garwood): too wide rather than too narrow where most women have it.
    pub interval: Interval,
}

impl<K: Ord + Clone> Reference<K> {
    /// Sums strata, in any order, a stratum any number of times.
    pub fn of(strata: impl IntoIterator<Item = (K, Share)>) -> Self {
        let mut sums: BTreeMap<K, Share> = BTreeMap::new();
        for (key, share) in strata {
            let sum = sums.entry(key).or_insert(Share { count: 0, of: 0 });
            sum.count += share.count;
            sum.of += share.of;
        }
        Self { strata: sums }
    }

    /// The rate of a stratum; `None` where the reference has nobody of it.
    pub fn rate(&self, key: &K) -> Option<f64> {
        self.strata.get(key)?.value()
    }

    /// All strata together.
    pub fn overall(&self) -> Share {
        self.strata.values().fold(Share { count: 0, of: 0 }, |sum, share| Share {
            count: sum.count + share.count,
            of: sum.of + share.of,
        })
    }

    /// What is expected of so many women of each stratum.
    pub fn expected<'k>(&self, women: impl IntoIterator<Item = (&'k K, u64)>) -> Expected
    where
        K: 'k,
    {
        let mut expected = Expected { count: 0.0, without_rate: 0 };
        for (key, of) in women {
            match self.rate(key) {
                Some(rate) => expected.count += of as f64 * rate,
                None => expected.without_rate += of,
            }
        }
        expected
    }

    /// A unit's strata, counted, held against the reference; strata without a rate are left out of both sides. `None` where nothing is
    /// expected.
    pub fn standardise(&self, unit: &[(K, Share)], level: Level) -> Option<Standardised> {
        let with_rate = || unit.iter().filter(|(key, _)| self.rate(key).is_some());
        let observed = with_rate().map(|(_, share)| share.count).sum();
        let expected = self.expected(with_rate().map(|(key, share)| (key, share.of))).count;
        standardised(observed, expected, level)
    }
}

/// The ratio of what was counted to what was expected; `None` where nothing was.
pub fn standardised(observed: u64, expected: f64, level: Level) -> Option<Standardised> {
    (expected > 0.0).then(|| Standardised {
        observed,
        expected,
        ratio: observed as f64 / expected,
        interval: poisson(observed, expected, level),
    })
}
