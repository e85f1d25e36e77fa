//! Distribution functions: beta, gamma, and with them binomial and Poisson.
//!
//! Owns: the series and continued fractions, to about twelve digits also for counts in the millions, and the search for quantiles.
//! Does not own: what they are used for.
//!
//! `beta_cdf(0.5, 2.0, 2.0)` is 0.5; `poisson_cdf(0, 1.0)` is 0.3679.

/// Smallest step that still changes a sum near one.
const TINY: f64 = 1e-300;
const STEPS: u32 = 100_000;

/// The logarithm of the gamma function of a positive number: Stirling's series (DLMF 5.11.1), after steps up to fifteen.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    let (mut at, mut below) = (x, 1.0);
    while at < 15.0 {
        below *= at;
        at += 1.0;
    }
    let inverse = 1.0 / (at * at);
    let tail =
        1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse * (1.0 / 1680.0)));
    (at - 0.5) * at.ln() - at + 0.5 * std::f64::consts::TAU.ln() + tail / at - below.ln()
}

/// The regularised incomplete beta function: the share of a beta distribution below `x`.
pub(crate) fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_cdf(1.0 - x, b, a);
    }
    let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    front.exp() / (a * beta_fraction(x, a, b))
}

/// The continued fraction of DLMF 8.17.22, from the front by Lentz's method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    lentz(1.0, |step| {
        let m = f64::from(step / 2);
        let top = if step % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        (top, 1.0)
    })
}

/// The regularised lower incomplete gamma function: the share of a gamma distribution of shape `a` below `x`.
pub(crate) fn gamma_cdf(x: f64, a: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x > a + 1.0 {
        return 1.0 - front / gamma_fraction(x, a);
    }
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    for _ in 0..STEPS {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term < sum * f64::EPSILON {
            break;
        }
    }
    front * sum
}

/// The continued fraction of DLMF 8.9.2, from the front by Lentz's method.
fn gamma_fraction(x: f64, a: f64) -> f64 {
    lentz(x + 1.0 - a, |step| {
        let n = f64::from(step);
        (-n * (n - a), x + 2.0 * n + 1.0 - a)
    })
}

/// `first` + top₁/(under₁ + top₂/(under₂ + …)), until a step changes nothing.
fn lentz(first: f64, part: impl Fn(u32) -> (f64, f64)) -> f64 {
    let off = |x: f64| if x.abs() < TINY { TINY } else { x };
    let mut value = off(first);
    let (mut c, mut d) = (value, 0.0);
    for step in 1..STEPS {
        let (top, under) = part(step);
        d = 1.0 / off(under + top * d);
        c = off(under + top / c);
        value *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// P(X ≤ `count`) where X is binomial.
pub(crate) fn binomial_cdf(count: u64, of: u64, share: f64) -> f64 {
    if count >= of {
        return 1.0;
    }
    beta_cdf(1.0 - share, (of - count) as f64, count as f64 + 1.0)
}

/// P(X ≤ `count`) where X is Poisson.
pub(crate) fn poisson_cdf(count: u64, mean: f64) -> f64 {
    1.0 - gamma_cdf(mean, count as f64 + 1.0)
}

/// Where a rising function reaches `target` between `low` and `high`: halving, to the last digit.
pub(crate) fn root(target: f64, low: f64, high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (low, high);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high || high - low < 1e-14 * high.abs() {
            return middle;
        }
        if rising(middle) < target { low = middle } else { high = middle }
    }
}
