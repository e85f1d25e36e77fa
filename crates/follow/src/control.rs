//! Control charts: whether a series changes by more than chance.
//!
//! Owns: charts of single values (XmR), shares (p), rates (u) and rare events (g, t), their limits, and the run rules. Does not own:
//! which way is better, or what anybody does about a signal. The rules are those of the NHS programme Making Data Count, as its R
//! package NHSRplotthedots (`ptd_calculate_point_type.R`) has them.
//!
//! Seven months in a row above the centre are a [`Rule::Shift`]; an unchanged series shows one in every 128 months.

mod rare;
mod rules;
mod share;

pub use rare::{GLimits, g, t};
pub use share::{p, p_laney, u, u_laney};

use kernel::named;

/// Mean range of two normal values over their standard deviation (Montgomery, Introduction to Statistical Quality Control, appendix VI,
/// n = 2).
pub const D2: f64 = 1.128;
/// Upper limit of a moving range over its mean (the same table, n = 2).
pub const D4: f64 = 3.267;
/// Fewer points than this to draw limits from, and there is no chart. Our choice.
pub const LEAST_POINTS: usize = 12;

named! {
    /// What makes a pattern more than chance.
    Rule {
        /// A point outside a limit of three sigma (or of the same chance).
        Outside = "outside",
        /// Seven points in a row on one side of the centre.
        Shift = "shift",
        /// Seven points in a row, each above the one before, or each below.
        Trend = "trend",
        /// Of three points in a row on one side, two between two thirds of the way to the limit and the limit.
        TwoOfThree = "two-of-three",
    }
}

impl Rule {
    /// How often a point of an unchanged series of independent normal values with known limits begins to show it.
    ///
    /// Outside 2(1 − Φ(3)); shift ½⁷; trend 2·7/8!; of three, with q = Φ(3) − Φ(2) and h = ½ − q, 2(3q²h + q³) less what the
    /// point before showed already, 2(q²h² + 4q³h + q⁴).
    pub const fn false_alarms(self) -> f64 {
        match self {
            Self::Outside => 0.0027,
            Self::Shift => 0.007_812_5,
            Self::Trend => 0.000_347,
            Self::TwoOfThree => 0.001_087,
        }
    }

    /// In words, Swedish and English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Outside => ("en punkt utanför styrgränsen", "a point outside the limit"),
            Self::Shift => (
                "sju punkter i följd på samma sida om centrallinjen",
                "seven points in a row on one side of the centre",
            ),
            Self::Trend => (
                "sju punkter i följd som stiger, eller sjunker",
                "seven points in a row that rise, or fall",
            ),
            Self::TwoOfThree => (
                "två av tre punkter i följd nära samma styrgräns",
                "two of three points in a row near one limit",
            ),
        }
    }
}

/// One point of a chart with the limits that it was held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// What was plotted.
    pub value: f64,
    /// The centre.
    pub centre: f64,
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

/// A pattern that is more than chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal {
    /// Where it begins to show (the point that completes the pattern), an index of the series given.
    pub at: usize,
    /// Where it ceases, inclusive.
    pub until: usize,
    /// By which rule.
    pub rule: Rule,
}

/// A series with its limits and signals.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// As many as were given; `None` where there was nothing to plot.
    pub points: Vec<Option<Point>>,
    /// By place, then rule.
    pub signals: Vec<Signal>,
}

impl Chart {
    fn of(points: Vec<Option<Point>>, rules: &[Rule]) -> Self {
        let signals = rules::signals(&points, rules);
        Self { points, signals }
    }
}

/// Values and how far each lies from the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct Xmr {
    /// The values: limits at 3/1.128 = 2.66 mean moving ranges.
    pub values: Chart,
    /// The moving ranges, one fewer: upper limit 3.267 times their mean; only [`Rule::Outside`].
    pub ranges: Chart,
}

/// A chart of single values, limits from the first `baseline` of them. `None` with fewer than [`LEAST_POINTS`] of those.
///
/// The stated rates are those of known limits. With limits from 24 points an unchanged series is outside about four times as often (1 %).
pub fn xmr(values: &[f64], baseline: usize) -> Option<Xmr> {
    let first = values.get(..baseline.min(values.len()))?;
    let (centre, range) = (mean(first)?, mean_range(first));
    let away = 3.0 * range / D2;
    let point = |value| Point { value, centre, low: centre - away, high: centre + away };
    let points = values.iter().map(|&value| Some(point(value))).collect();
    let ranges = moving_ranges(values)
        .map(|value| Some(Point { value, centre: range, low: 0.0, high: D4 * range }));
    Some(Xmr {
        values: Chart::of(points, Rule::ALL),
        ranges: Chart::of(ranges.collect(), &[Rule::Outside]),
    })
}

/// The mean of at least [`LEAST_POINTS`] values.
fn mean(values: &[f64]) -> Option<f64> {
    let is_enough = values.len() >= LEAST_POINTS;
    is_enough.then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn moving_ranges(values: &[f64]) -> impl Iterator<Item = f64> {
    values.iter().zip(values.iter().skip(1)).map(|(before, after)| (after - before).abs())
}

fn mean_range(values: &[f64]) -> f64 {
    moving_ranges(values).sum::<f64>() / (values.len() as f64 - 1.0)
}
