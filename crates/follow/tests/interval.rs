//! Intervals beside published tables, an outside implementation, and simulated regions.
//!
//! Numbers marked SciPy were computed once with SciPy 1.17.1 and statsmodels 0.15.0 (`proportion_confint`, `confint_poisson`,
//! `confint_proportions_2indep`) and are kept here to ten digits.

mod dice;

use dice::Dice;
use follow::interval::{Interval, Level, Share, difference, exact, poisson, ratio, wilson};

#[track_caller]
fn near(got: Interval, low: f64, high: f64, within: f64) {
    let is_near = |a: f64, b: f64| (a - b).abs() <= within * b.abs().max(1e-3);
    assert!(is_near(got.low, low) && is_near(got.high, high), "{got:?}, wanted {low} to {high}");
}

/// Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998) 857–872 gives these counts
/// as its examples; the limits are SciPy's.
#[test]
fn wilson_and_exact_agree_with_scipy() {
    let rows = [
        (81, 263, Level::P95, 0.255288519878, 0.366209576983, 0.252736745585, 0.367621922601),
        (15, 148, Level::P95, 0.0623863995307, 0.160487241723, 0.0578440100834, 0.161650490349),
        (0, 20, Level::P95, 0.0, 0.161125158053, 0.0, 0.168433470983),
        (1, 29, Level::P95, 0.00611321429276, 0.171755218793, 0.00087264688358, 0.177644295489),
        (29, 29, Level::P95, 0.8830302015, 1.0, 0.88055513093, 1.0),
        (5, 10, Level::P99, 0.184225518247, 0.815774481753, 0.128310553935, 0.871689446065),
        (
            7,
            7200,
            Level::P998,
            0.000320420549186,
            0.00294601594445,
            0.000211223531916,
            0.00272346873719,
        ),
        (
            250_000,
            1_000_000,
            Level::P998,
            0.24866428178,
            0.251340492942,
            0.248663068928,
            0.251340282689,
        ),
    ];
    for (count, of, level, low, high, exact_low, exact_high) in rows {
        near(wilson(count, of, level), low, high, 1e-10);
        near(exact(count, of, level), exact_low, exact_high, 1e-9);
    }
}

#[test]
fn poisson_rates_agree_with_scipy() {
    let rows = [
        (0, 1.0, Level::P95, 0.0, 3.68887945411),
        (1, 2.5, Level::P95, 0.0101271231937, 2.22865735638),
        (10, 8.0, Level::P998, 0.370065046593, 3.01674639318),
        (35, 27.3, Level::P95, 0.8929956924, 1.78302298055),
        (1200, 1100.0, Level::P998, 0.996176728228, 1.19177201251),
    ];
    for (count, exposure, level, low, high) in rows {
        near(poisson(count, exposure, level), low, high, 1e-10);
    }
}

/// 56 of 70 and 48 of 80, 9 of 10 and 3 of 10 are examples (a) and (b) of Newcombe, Interval estimation for the difference between
/// independent proportions, Statistics in Medicine 17 (1998) 873–890: 0.0524 to 0.3339 and 0.1705 to 0.8090. The digits are SciPy's.
#[test]
fn differences_agree_with_newcombe_and_scipy() {
    let rows = [
        ((56, 70), (48, 80), 0.0524314724, 0.333872654),
        ((9, 10), (3, 10), 0.1705227239, 0.8090179735),
        ((6, 7), (2, 7), 0.05822792748, 0.8062496375),
        ((5, 56), (0, 29), -0.0381371479, 0.1925600139),
        ((10, 10), (0, 10), 0.6075093504, 1.0),
    ];
    for ((x, m), (y, n), low, high) in rows {
        let (first, second) = (Share { count: x, of: m }, Share { count: y, of: n });
        near(difference(first, second, Level::P95), low, high, 1e-8);
    }
}

/// 36 of 40 and 16 of 80 is the example of Koopman, Biometrics 40 (1984) 513–517. The digits are SciPy's, without its factor
/// N/(N−1), which is Miettinen and Nurminen's.
#[test]
fn ratios_agree_with_scipy() {
    let rows = [
        ((36, 40), (16, 80), Level::P95, 2.939569192, 7.152223435),
        ((36, 40), (16, 80), Level::P998, 2.348902267, 9.354852405),
        ((5, 56), (1, 29), Level::P95, 0.4326891706, 16.44083198),
        ((12, 400), (30, 500), Level::P998, 0.1843924437, 1.342903979),
        ((400, 7000), (350, 6700), Level::P95, 0.9515883828, 1.257506894),
    ];
    for ((x, m), (y, n), level, low, high) in rows {
        let (first, second) = (Share { count: x, of: m }, Share { count: y, of: n });
        near(ratio(first, second, level), low, high, 1e-7);
    }
}

#[test]
fn a_ratio_with_none_on_one_side_is_open_on_that_side() {
    let (none, some) = (Share { count: 0, of: 50 }, Share { count: 6, of: 60 });
    let (below, above) = (ratio(none, some, Level::P95), ratio(some, none, Level::P95));
    assert_eq!((below.low, above.high), (0.0, f64::INFINITY));
    assert!((below.high * above.low - 1.0).abs() < 1e-9, "{below:?} {above:?}");
}

#[test]
fn nobody_says_nothing() {
    let nobody = Share { count: 0, of: 0 };
    let (some, all) = (Share { count: 1, of: 2 }, Interval { low: 0.0, high: 1.0 });
    assert_eq!((wilson(0, 0, Level::P95), exact(0, 0, Level::P95)), (all, all));
    assert_eq!(difference(nobody, some, Level::P95), Interval { low: -1.0, high: 1.0 });
    assert_eq!(ratio(some, nobody, Level::P95), Interval { low: 0.0, high: f64::INFINITY });
    assert_eq!(poisson(0, 0.0, Level::P95), Interval { low: 0.0, high: f64::INFINITY });
}

/// Regions of seven clinics of 200–7 200 births with true shares of 1–60 %: how often each interval holds the truth.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let regions = if std::env::var_os("VARDKEDJA_DEEP").is_some() { 1_000 } else { 150 };
    let (mut dice, mut seen) = (Dice::new(8), 0.0);
    let (mut held_wilson, mut held_exact, mut held_rate) = (0.0, 0.0, 0.0);
    for _ in 0..regions * 7 {
        let (of, share) = (dice.between(200, 7_200), 0.01 + 0.59 * dice.unit());
        let mean = 0.5 + 60.0 * dice.unit();
        let (count, events) = (dice.binomial(of, share), dice.poisson(mean));
        seen += 1.0;
        held_wilson += f64::from(wilson(count, of, Level::P95).holds(share));
        held_exact += f64::from(exact(count, of, Level::P95).holds(share));
        held_rate += f64::from(poisson(events, 1.0, Level::P95).holds(mean));
    }
    let [wilson, exact, rate] = [held_wilson, held_exact, held_rate].map(|held| held / seen);
    eprintln!("{seen} intervals: Wilson {wilson:.4}, exact {exact:.4}, rate {rate:.4}");
    assert!((0.93..=0.97).contains(&wilson), "Wilson {wilson}");
    // Three standard errors below what is promised: the interval itself is never below it.
    let least = 0.95 - 3.0 * (0.05 * 0.95 / seen).sqrt();
    assert!(exact >= least && rate >= least, "exact {exact}, rate {rate}");
}

/// The exact probability that an interval holds the truth, summed over every count: no sampling.
#[test]
fn exact_intervals_are_never_below_their_level() {
    for (of, share) in [(7, 0.3), (20, 0.05), (60, 0.5), (150, 0.02), (150, 0.97)] {
        let mut held = (0.0, 0.0);
        let mut chance = f64::powi(1.0 - share, of);
        for count in 0..=of {
            let (x, n) = (count as u64, of as u64);
            held.0 += if exact(x, n, Level::P95).holds(share) { chance } else { 0.0 };
            held.1 += if wilson(x, n, Level::P95).holds(share) { chance } else { 0.0 };
            chance *= f64::from(of - count) / f64::from(count + 1) * share / (1.0 - share);
        }
        assert!(held.0 >= 0.95, "exact at {share} of {of}: {}", held.0);
        assert!(held.1 >= 0.85, "Wilson at {share} of {of}: {}", held.1);
    }
}
