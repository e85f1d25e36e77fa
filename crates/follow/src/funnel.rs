//! Funnels: how far from the target units may lie by chance alone, by their size.
//!
//! Owns: exact limits for shares and for standardised ratios, over-dispersion, and which units lie outside by which rule. Does not
//! own: the target, or what a region does about a unit that is flagged. Source of the whole: Spiegelhalter, Funnel plots for
//! comparing institutional performance, Statistics in Medicine 24 (2005) 1185–1202.
//!
//! Of 410 births at a target of 15.4 % a unit between 11.9 % and 18.9 % is inside the 95 % limits.

use crate::interval::{Interval, Level, Share};
use crate::special::{binomial_cdf, poisson_cdf};
use kernel::named;

named! {
    /// Which limits a funnel flags by.
    Limits {
        /// Chance alone: binomial or Poisson.
        Exact = "exact",
        /// Chance and what differs between units anyway, where the units show that anything does.
        Spread = "spread",
    }
}

named! {
    /// The rule that flagged a unit.
    Rule {
        /// Outside the exact limits of 99.8 %.
        Exact998 = "exact-99.8",
        /// Outside the exact limits of 95 %, within those of 99.8 %.
        Exact95 = "exact-95",
        /// Outside the limits of 99.8 % widened by what differs between units.
        Spread998 = "spread-99.8",
        /// Outside the limits of 95 % so widened, within those of 99.8 %.
        Spread95 = "spread-95",
    }
}

named! {
    /// On which side.
    Side {
        /// Below the lower limit.
        Low = "low",
        /// Above the upper limit.
        High = "high",
    }
}

/// What lies behind one unit's point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// A share, to be held against a target.
    Share(Share),
    /// How many there were, and how many were expected of such women; the target is 1.
    Ratio {
        /// Counted.
        observed: u64,
        /// Expected, above 0.
        expected: f64,
    },
}

/// One unit in the funnel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Its share or ratio.
    pub value: f64,
    /// Limits of 95 % that it was held against.
    pub inner: Interval,
    /// Limits of 99.8 %.
    pub outer: Interval,
    /// On which side it lies outside, and by which rule; `None` inside.
    pub flag: Option<(Side, Rule)>,
}

/// How much units differ beside chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The winsorised mean of squared z: about 1 or less where only chance is at work.
    pub phi: f64,
    /// Variance between units, on the scale where the variance of chance does not depend on the share (arcsine or square root); 0: none
    /// seen.
    pub tau_squared: f64,
}

/// A funnel of units around a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Funnel {
    /// What units were held against; 1 for ratios.
    pub target: f64,
    /// How much they differ beside chance.
    pub spread: Spread,
    /// The limits that units are flagged by: [`Limits::Spread`] only where more than chance was seen.
    pub limits: Limits,
    /// The units, in the order given; `None` of a unit with nobody.
    pub points: Vec<Option<Point>>,
}

/// Holds units against a target and flags those outside. For ratios the target is 1, whatever is given.
pub fn funnel(units: &[Unit], target: f64, limits: Limits) -> Funnel {
    let of_ratios = units.iter().any(|unit| matches!(unit, Unit::Ratio { .. }));
    let target = if of_ratios { 1.0 } else { target };
    let spread = spread(units, target);
    let limits = if spread.tau_squared > 0.0 { limits } else { Limits::Exact };
    let mut funnel = Funnel { target, spread, limits, points: Vec::new() };
    funnel.points = units.iter().map(|&unit| funnel.point(unit)).collect();
    funnel
}

impl Funnel {
    /// The limits of 95 % and of 99.8 % at the size of a unit, whatever its value is.
    pub fn at(&self, unit: Unit) -> (Interval, Interval) {
        let of = |level| match self.limits {
            Limits::Spread => unit.spread_limits(self.target, self.spread, level),
            Limits::Exact => unit.limits(self.target, level),
        };
        (of(Level::P95), of(Level::P998))
    }

    fn point(&self, unit: Unit) -> Option<Point> {
        let value = unit.value()?;
        let (inner, outer) = self.at(unit);
        let side = if value < inner.low { Side::Low } else { Side::High };
        let rule = match (outer.holds(value), self.limits) {
            (true, Limits::Spread) => Rule::Spread95,
            (true, Limits::Exact) => Rule::Exact95,
            (false, Limits::Spread) => Rule::Spread998,
            (false, Limits::Exact) => Rule::Exact998,
        };
        let flag = (!inner.holds(value)).then_some((side, rule));
        Some(Point { value, inner, outer, flag })
    }
}

impl Unit {
    /// The share or the ratio; `None` of nobody.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Share(share) => share.value(),
            Self::Ratio { observed, expected } => {
                (expected > 0.0).then(|| observed as f64 / expected)
            }
        }
    }

    /// Limits by chance alone: the distribution's quantiles with interpolation between counts (appendix A.1.1 of the source), never
    /// below 0. A unit outside is flagged as often as the level says on both sides together; above it somewhat oftener than below.
    pub fn limits(self, target: f64, level: Level) -> Interval {
        let (size, most) = match self {
            Self::Share(share) => (share.of as f64, share.of),
            Self::Ratio { expected, .. } => {
                (expected, (expected + 40.0 + 20.0 * expected.sqrt()) as u64)
            }
        };
        let at =
            |p| ((between_counts(p, most, |count| self.chance(target, count))) / size).max(0.0);
        Interval { low: at(level.tail()), high: at(1.0 - level.tail()) }
    }

    /// How often a unit that is at the target lies outside its exact limits.
    pub fn false_alarms(self, target: f64, level: Level) -> f64 {
        let Interval { low, high } = self.limits(target, level);
        let size = match self {
            Self::Share(share) => share.of as f64,
            Self::Ratio { expected, .. } => expected,
        };
        let below = (low * size).ceil() as u64;
        let under = if below == 0 { 0.0 } else { self.chance(target, below - 1) };
        under + 1.0 - self.chance(target, (high * size).floor() as u64)
    }

    /// P(X ≤ `count`) at the target.
    fn chance(self, target: f64, count: u64) -> f64 {
        match self {
            Self::Share(share) => binomial_cdf(count, share.of, target),
            Self::Ratio { expected, .. } => poisson_cdf(count, expected),
        }
    }

    /// Limits that also allow for what differs between units: on the scale of [`Spread`], and back.
    fn spread_limits(self, target: f64, spread: Spread, level: Level) -> Interval {
        let away = level.z() * (self.variance() + spread.tau_squared).sqrt();
        let middle = self.scaled(target);
        match self {
            Self::Share(_) => Interval {
                low: (middle - away).max(0.0).sin().powi(2),
                high: (middle + away).min(std::f64::consts::FRAC_PI_2).sin().powi(2),
            },
            Self::Ratio { .. } => {
                Interval { low: (middle - away).max(0.0).powi(2), high: (middle + away).powi(2) }
            }
        }
    }

    fn scaled(self, value: f64) -> f64 {
        match self {
            Self::Share(_) => value.sqrt().asin(),
            Self::Ratio { .. } => value.sqrt(),
        }
    }

    /// Variance of chance on that scale.
    fn variance(self) -> f64 {
        match self {
            Self::Share(share) => 0.25 / share.of as f64,
            Self::Ratio { expected, .. } => 0.25 / expected,
        }
    }
}

/// Where a distribution over counts reaches `p`, between counts along a straight line; −1 is where it is 0.
fn between_counts(p: f64, most: u64, chance: impl Fn(u64) -> f64) -> f64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if chance(middle) < p { low = middle + 1 } else { high = middle }
    }
    let upper = chance(low);
    let lower = if low == 0 { 0.0 } else { chance(low - 1) };
    low as f64 - (upper - p) / (upper - lower)
}

/// Over-dispersion: z on the steady scale, the outermost tenth on each side drawn in, and the moment estimate of the variance
/// between units (appendix A.3 of the source).
fn spread(units: &[Unit], target: f64) -> Spread {
    let known = || units.iter().filter_map(|unit| Some((unit, unit.value()?)));
    let z = |(unit, value): (&Unit, f64)| {
        (unit.scaled(value) - unit.scaled(target)) / unit.variance().sqrt()
    };
    let drawn_in = winsorised(known().map(z).collect());
    let n = drawn_in.len() as f64;
    if drawn_in.len() < 2 {
        return Spread { phi: 1.0, tau_squared: 0.0 };
    }
    let phi = drawn_in.iter().map(|z| z * z).sum::<f64>() / n;
    let weights = || known().map(|(unit, _)| 1.0 / unit.variance());
    let (sum, squares) = (weights().sum::<f64>(), weights().map(|w| w * w).sum::<f64>());
    let tau_squared = ((n * phi - (n - 1.0)) / (sum - squares / sum)).max(0.0);
    Spread { phi, tau_squared }
}

/// Values beyond the tenth and ninetieth percentile are set to it.
fn winsorised(values: Vec<f64>) -> Vec<f64> {
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let quantile = |p: f64| {
        let place = p * (sorted.len() as f64 - 1.0);
        let (below, part) = (place.floor(), place.fract());
        let at = |index: f64| sorted.get(index as usize).copied();
        let low = at(below)?;
        Some(low + part * (at(below + 1.0).unwrap_or(low) - low))
    };
    match (quantile(0.1), quantile(0.9)) {
        (Some(low), Some(high)) => values.into_iter().map(|value| value.clamp(low, high)).collect(),
        _ => values,
    }
}
