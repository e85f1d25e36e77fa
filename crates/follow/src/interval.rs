//! What a count may mean beside chance: intervals for a share, a rate, a difference and a ratio.
//!
//! Owns: the intervals and their levels. Does not own: which of them an indicator shows, or whether its data are good enough.
//!
//! `wilson(81, 263, Level::P95)` is 0.255 to 0.366, as in Newcombe's table of 1998.

use crate::special::{beta_cdf, gamma_cdf, root};
use kernel::named;

named! {
    /// How sure an interval or a limit is, both sides together, in per cent.
    Level {
        /// 95 %.
        P95 = "95",
        /// 99 %.
        P99 = "99",
        /// 99.8 %: the outer limit of a funnel.
        P998 = "99.8",
    }
}

impl Level {
    /// The share outside on each side.
    pub const fn tail(self) -> f64 {
        match self {
            Self::P95 => 0.025,
            Self::P99 => 0.005,
            Self::P998 => 0.001,
        }
    }

    /// How many standard deviations a normal limit lies from the middle.
    pub const fn z(self) -> f64 {
        match self {
            Self::P95 => 1.959_963_984_540_054,
            Self::P99 => 2.575_829_303_548_9,
            Self::P998 => 3.090_232_306_167_813,
        }
    }
}

/// From `low` to `high`, both ends part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end; infinite where nothing bounds it.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies in it, ends included.
    pub fn holds(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A share as counted: `count` of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many have it; at most `of`.
    pub count: u64,
    /// Out of how many.
    pub of: u64,
}

impl Share {
    /// The share itself; `None` of nobody.
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }
}

/// Wilson's score interval for a share: right on average over shares, in short samples also below the level.
///
/// Of nobody it is 0 to 1. Panics where `count` exceeds `of`. Source: Wilson, JASA 22 (1927) 209–212; Newcombe, Statistics in Medicine
/// 17 (1998) 857–872, method 3.
pub fn wilson(count: u64, of: u64, level: Level) -> Interval {
    assert!(count <= of, "{count} counted of {of}");
    if of == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let (n, z) = (of as f64, level.z());
    let share = count as f64 / n;
    let middle = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let under = 1.0 + z * z / n;
    Interval {
        low: if count == 0 { 0.0 } else { (middle - half) / under },
        high: if count == of { 1.0 } else { (middle + half) / under },
    }
}

/// Clopper and Pearson's exact interval for a share: never below the level, mostly above it.
///
/// Of nobody it is 0 to 1. Panics where `count` exceeds `of`. Source: Clopper and Pearson, Biometrika 26 (1934) 404–413; Newcombe 1998,
/// method 5.
pub fn exact(count: u64, of: u64, level: Level) -> Interval {
    assert!(count <= of, "{count} counted of {of}");
    let (x, rest, tail) = (count as f64, (of - count) as f64, level.tail());
    let quantile = |target, a, b| root(target, 0.0, 1.0, |p| beta_cdf(p, a, b));
    Interval {
        low: if count == 0 { 0.0 } else { quantile(tail, x, rest + 1.0) },
        high: if count == of { 1.0 } else { quantile(1.0 - tail, x + 1.0, rest) },
    }
}

/// The exact interval for a rate: events per unit of `exposure`, or a ratio to what was expected.
///
/// Without exposure it is 0 to infinity. Source: Garwood, Biometrika 28 (1936) 437–442.
pub fn poisson(count: u64, exposure: f64, level: Level) -> Interval {
    if exposure <= 0.0 {
        return Interval { low: 0.0, high: f64::INFINITY };
    }
    let (x, tail) = (count as f64, level.tail());
    let far = x + 40.0 + 20.0 * x.sqrt();
    let quantile = |target, shape| root(target, 0.0, far, |mean| gamma_cdf(mean, shape));
    let low = if count == 0 { 0.0 } else { quantile(tail, x) };
    Interval { low: low / exposure, high: quantile(1.0 - tail, x + 1.0) / exposure }
}

/// Newcombe's interval for the difference of two shares, the first minus the second.
///
/// −1 to 1 where either is of nobody. Source: Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10.
pub fn difference(first: Share, second: Share, level: Level) -> Interval {
    let (Some(one), Some(two)) = (first.value(), second.value()) else {
        return Interval { low: -1.0, high: 1.0 };
    };
    let a = wilson(first.count, first.of, level);
    let b = wilson(second.count, second.of, level);
    let apart = one - two;
    Interval {
        low: apart - (one - a.low).hypot(b.high - two),
        high: apart + (a.high - one).hypot(two - b.low),
    }
}

/// Koopman's score interval for the ratio of two shares, the first over the second.
///
/// 0 to infinity where either is of nobody or both are none. Source: Koopman, Biometrics 40 (1984) 513–517.
pub fn ratio(first: Share, second: Share, level: Level) -> Interval {
    let mut interval = Interval { low: 0.0, high: f64::INFINITY };
    if first.of == 0 || second.of == 0 || first.count + second.count == 0 {
        return interval;
    }
    let limit = level.z() * level.z();
    let observed =
        (first.count as f64 / first.of as f64) / (second.count as f64 / second.of as f64);
    let far = |log: f64| score(first, second, log.exp());
    if first.count > 0 {
        let middle = if second.count > 0 { observed.ln() } else { 50.0 };
        interval.low = root(-limit, -50.0, middle, |log| -far(log)).exp();
    }
    if second.count > 0 {
        let middle = if first.count > 0 { observed.ln() } else { -50.0 };
        interval.high = root(limit, middle, 50.0, far).exp();
    }
    interval
}

/// Pearson's chi-square of two counts where the first share is `ratio` times the second.
fn score(first: Share, second: Share, ratio: f64) -> f64 {
    let (m, n) = (first.of as f64, second.of as f64);
    let (x, y) = (first.count as f64, second.count as f64);
    // The likeliest first share under that ratio: the lesser root of a square equation.
    let (square, linear, plain) = (m + n, ratio * (m + y) + x + n, ratio * (x + y));
    let share = 2.0 * plain / (linear + (linear * linear - 4.0 * square * plain).max(0.0).sqrt());
    let part = |count: f64, of: f64, share: f64| {
        let away = count - of * share;
        if away == 0.0 { 0.0 } else { away * away / (of * share * (1.0 - share)) }
    };
    part(x, m, share) + part(y, n, share / ratio)
}
