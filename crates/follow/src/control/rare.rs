//! Charts of rare events: what lies between one and the next, in cases (g) or in time (t).
//!
//! Owns: their limits. Does not own: run rules. A long gap is few events. Sources: Benneyan, Number-between g-type statistical quality
//! control charts, Health Care Management Science 4 (2001) 305–318; Nelson, A control chart for parts-per-million nonconforming items,
//! Journal of Quality Technology 26 (1994) 239–240; Provost and Murray, The Health Care Data Guide (2011).

use super::{Chart, Point, Rule, mean, xmr};
use kernel::named;

named! {
    /// How the limits of a g chart are drawn.
    GLimits {
        /// Mean plus three sigma, as most books and programs have it; no lower limit. Of an unchanged series 1.8 % of gaps lie above.
        ThreeSigma = "three-sigma",
        /// 0.135 % of gaps above, like three sigma of a normal value, and at most as many below: a lower limit needs a mean above 740.
        Chance = "chance",
    }
}

impl GLimits {
    /// How often a gap of an unchanged series lies above the upper limit, where the mean is known and large: e⁻⁴ for three sigma.
    pub const fn false_alarms_above(self) -> f64 {
        match self {
            Self::ThreeSigma => 0.0183,
            Self::Chance => 0.001_35,
        }
    }
}

/// Cases between events (births between severe tears): geometric. Limits from the first `baseline` gaps, the centre at the median that
/// a geometric distribution of their mean has, so that half lie on either side. Rules: outside, shift, trend.
pub fn g(gaps: &[u64], baseline: usize, limits: GLimits) -> Option<Chart> {
    let values = gaps.iter().map(|&gap| gap as f64).collect::<Vec<_>>();
    let mean = mean(values.get(..baseline.min(values.len()))?)?;
    let sigma = (mean * (mean + 1.0)).sqrt();
    // A gap of at least k cases has the chance (mean / (mean + 1))^k; half a case is added for what lies between counts.
    let reached = |chance: f64| match mean > 0.0 {
        true => chance.ln() / (mean / (mean + 1.0)).ln(),
        false => 0.0,
    };
    let (low, high) = match limits {
        GLimits::ThreeSigma => (0.0, mean + 3.0 * sigma),
        GLimits::Chance => ((reached(0.998_65).floor() - 0.5).max(0.0), reached(0.001_35) - 0.5),
    };
    let centre = (reached(0.5) - 0.5).max(0.0);
    let points = values.iter().map(|&value| Some(Point { value, centre, low, high })).collect();
    Some(Chart::of(points, &[Rule::Outside, Rule::Shift, Rule::Trend]))
}

/// Time between events, in any unit: exponential, made nearly normal by the power 1/3.6, charted as single values and turned back. All
/// rules.
pub fn t(gaps: &[f64], baseline: usize) -> Option<Chart> {
    let power = 3.6;
    let even = gaps.iter().map(|gap| gap.max(0.0).powf(1.0 / power)).collect::<Vec<_>>();
    let Chart { points, signals } = xmr(&even, baseline)?.values;
    let back = |value: f64| value.max(0.0).powf(power);
    let turned = |point: Point| Point {
        value: back(point.value),
        centre: back(point.centre),
        low: back(point.low),
        high: back(point.high),
    };
    let points = points.into_iter().map(|point| point.map(turned)).collect();
    Some(Chart { points, signals })
}
