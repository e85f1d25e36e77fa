//! What an indicator comes to in a group of births, as it is told.
//!
//! Owns: value, interval, whether it is told at all, and whether a target is reached. Does not own: counting (`indicator`), or which
//! further cells must be withheld so that these cannot be worked out (`disclose`).
//!
//! 60 of 80 with a target of at least 90 %: 75 % (64.5–83.2), not reached; 4 of 5 with at least 90 %: nobody can tell.

use crate::indicator::{Tally, number};
use crate::interval::{Interval, Level, wilson};
use kernel::fact::{Bound, Gives, Indicator, Target};
use kernel::named;

named! {
    /// Why a value is not told.
    Why {
        /// No birth is meant.
        Nobody = "nobody",
        /// Too little is reported for the decided minimum.
        TooLittleReported = "too-little-reported",
        /// So few that somebody could be known again, or it would give such a value away. Which of the two is not told: whoever knows that
        /// a value is small knows more than that it is withheld.
        TooFew = "too-few",
        /// No plan is known that it could be held against.
        NoPlan = "no-plan",
        /// The year is published, and what was published cannot be worked out again; nothing else may be told beside it.
        NotAsPublished = "not-as-published",
    }
}

named! {
    /// Whether a target is reached.
    Reached {
        /// The whole interval is on the right side.
        Yes = "yes",
        /// The whole interval is on the wrong side.
        No = "no",
        /// The interval holds the target.
        Unsettled = "unsettled",
    }
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A share of births.
    Share {
        /// Births that count.
        count: u64,
        /// Births meant and reported.
        of: u64,
        /// Wilson's interval.
        interval: Interval,
    },
    /// A mean or median of births.
    Number {
        /// Births it is of.
        of: u64,
        /// The mean or median.
        value: f64,
        /// Of a mean of 30 births or more, by the normal distribution; of a median, by order statistics; else none.
        interval: Option<Interval>,
    },
    /// Nothing.
    Withheld(Why),
}

impl Value {
    /// The share (0–1), mean or median.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Share { count, of, .. } => Some(*count as f64 / *of as f64),
            Self::Number { value, .. } => Some(*value),
            Self::Withheld(_) => None,
        }
    }

    /// Its interval.
    pub fn interval(&self) -> Option<Interval> {
        match self {
            Self::Share { interval, .. } => Some(*interval),
            Self::Number { interval, .. } => *interval,
            Self::Withheld(_) => None,
        }
    }
}

/// What is told of a tally. Counts of persons from 1 up to below `threshold`, on either side, are withheld; a threshold of 0 or 1 withholds
/// nothing.
pub fn value(indicator: &Indicator, tally: &Tally, threshold: u32, level: Level) -> Value {
    if tally.is_withheld(indicator.minimum_reported) && tally.reported > 0 {
        return Value::Withheld(Why::TooLittleReported);
    }
    if tally.reported == 0 {
        let none = tally.unreported == 0;
        return Value::Withheld(if none { Why::Nobody } else { Why::TooLittleReported });
    }
    match indicator.gives {
        Gives::Mean(_) | Gives::Median(_) if is_small(tally.reported, threshold) => {
            Value::Withheld(Why::TooFew)
        }
        Gives::Mean(_) => mean(tally, level),
        Gives::Median(_) => median(tally, level),
        _ => share(tally.counted, tally.reported, threshold, level),
    }
}

/// What is told of a share.
pub fn share(count: u64, of: u64, threshold: u32, level: Level) -> Value {
    if of == 0 {
        Value::Withheld(Why::Nobody)
    } else if is_small(count, threshold) || is_small(of - count, threshold) {
        Value::Withheld(Why::TooFew)
    } else {
        Value::Share { count, of, interval: wilson(count, of, level) }
    }
}

/// Whether a count of persons is too small to be told; nobody is no person.
pub fn is_small(count: u64, threshold: impl Into<u64>) -> bool {
    (1..threshold.into()).contains(&count)
}

/// Fewest births for the normal distribution of a mean.
const NORMAL_FROM: u64 = 30;

fn mean(tally: &Tally, level: Level) -> Value {
    let Some(summary) = tally.summary() else { return Value::Withheld(Why::Nobody) };
    let error = summary.standard_error.filter(|_| tally.reported >= NORMAL_FROM);
    let interval = error.map(|error| {
        let half = level.z() * error;
        Interval { low: summary.mean - half, high: summary.mean + half }
    });
    Value::Number { of: tally.reported, value: summary.mean, interval }
}

/// The interval of a median is between two values in order of size: those whose ranks lie z·√n/2 from the middle (the normal
/// approximation of the binomial, Conover, Practical Nonparametric Statistics, 1999, section 3.2).
fn median(tally: &Tally, level: Level) -> Value {
    let Some(summary) = tally.summary() else { return Value::Withheld(Why::Nobody) };
    let n = tally.values.len() as f64;
    let half = level.z() * n.sqrt() / 2.0;
    let rank = |rank: f64| tally.values.get((rank - 1.0) as usize).copied();
    let ends = (rank((n / 2.0 - half).ceil()), rank((n / 2.0 + half).floor() + 1.0));
    let interval = match ends {
        (Some(low), Some(high)) if tally.reported >= NORMAL_FROM => Some(Interval { low, high }),
        _ => None,
    };
    Value::Number { of: tally.reported, value: summary.median, interval }
}

/// The level of a target in the unit of the value: a share of 1, or the quantity.
pub fn target_level(target: &Target, gives: &Gives) -> f64 {
    let (Bound::AtMost(level) | Bound::AtLeast(level) | Bound::Below(level)) = &target.bound;
    match gives {
        Gives::Mean(_) | Gives::Median(_) => number(*level),
        _ => number(*level) / 100.0,
    }
}

/// Whether a value reaches a target. A value without an interval is taken as exact.
pub fn reached(target: &Target, gives: &Gives, value: &Value) -> Option<Reached> {
    let (level, told) = (target_level(target, gives), value.number()?);
    let interval = value.interval().unwrap_or(Interval { low: told, high: told });
    let holds = |value: f64| match target.bound {
        Bound::AtMost(_) => value <= level,
        Bound::AtLeast(_) => value >= level,
        Bound::Below(_) => value < level,
    };
    Some(match (holds(interval.low), holds(interval.high)) {
        (true, true) => Reached::Yes,
        (false, false) => Reached::No,
        _ => Reached::Unsettled,
    })
}
