//! Need of midwives against what queueing theory says exactly, and what must hold of any unit.

use follow::minute::Minute;
use follow::one_to_one::Span;
use follow::staffing_need::{Covered, Need, NoNeed, Plan, daily_shift, hour_of_week, need};

const WEEK: i64 = 7 * 24 * 60;

struct Chance(u64);

impl Chance {
    /// Knuth's MMIX constants; upper bits as a number from 0 to 1.
    fn unit(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn start() -> Minute {
    Minute::parse("2023-01-02T00:00").unwrap()
}

fn observed(weeks: i64) -> Span {
    Span::new(start(), start().plus(weeks * WEEK)).unwrap()
}

fn plan(covered: Covered) -> Plan {
    let percents = vec![90, 95, 99];
    Plan { percents, covered, weeks: 52, redraws: 200, confidence: 95, seed: 1 }
}

/// Two arrivals every hour on the hour and at the half: the rate is known exactly; phases of 100 to 500 minutes.
fn steady(weeks: i64) -> Vec<Span> {
    let arrivals = 0..weeks * 7 * 48;
    let phase = |number: i64| {
        let from = start().plus(number * 30);
        Span::new(from, from.plus(100 + (number * 7919) % 401)).unwrap()
    };
    arrivals.map(phase).collect()
}

/// Poisson probability of at most `k`.
fn at_most(k: usize, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for n in 1..=k {
        term *= mean / n as f64;
        sum += term;
    }
    sum
}

fn fewest(mean: f64, percent: f64) -> usize {
    (0..).find(|k| at_most(*k, mean) >= percent / 100.0).unwrap()
}

/// The number of busy servers of M/G/∞ is Poisson with mean λ · E\[S\], whatever the distribution of S: the stationary case of Eick,
/// Massey and Whitt, "The Physics of the Mt/G/∞ Queue", Operations Research 1993, doi 10.1287/opre.41.4.731.
#[test]
fn a_steady_unit_needs_what_the_infinite_server_queue_says() {
    let phases = steady(52);
    let minutes: u64 = phases.iter().map(|phase| phase.minutes()).sum();
    let mean = 2.0 * minutes as f64 / phases.len() as f64 / 60.0;
    assert!((9.9..10.1).contains(&mean), "{mean}");
    let all_hours = daily_shift(0, 24);
    assert_eq!(all_hours, (0..168).collect::<Vec<_>>());
    let needs = need(&phases, observed(52), &[all_hours], &plan(Covered::FirstMinute)).unwrap();
    for need in &needs[0] {
        let exact = fewest(mean, need.percent as f64);
        assert!(
            need.midwives.abs_diff(exact) <= usize::from(near_a_step(mean, exact, need.percent))
        );
        assert!(need.low <= exact && exact <= need.high, "{need:?} {exact}");
    }
}

/// Whether the chance of so many is so close to the per cent that a simulation may land on either side.
fn near_a_step(mean: f64, exact: usize, percent: u64) -> bool {
    let wanted = percent as f64 / 100.0;
    let near = |k: usize| (at_most(k, mean) - wanted).abs() < 0.004;
    near(exact) || exact.checked_sub(1).is_some_and(near)
}

/// Rates that change over the day: the number present is Poisson with mean ∫ λ(t − s) P(S > s) ds (the same
/// paper).
#[test]
fn a_unit_with_busy_days_needs_more_then_than_at_night() {
    let mut chance = Chance(5);
    let mut phases = Vec::new();
    for hour in 0..104 * 168 {
        let busy = (8..16).contains(&start().plus(hour * 60).hour());
        let rate = if busy { 3.0 } else { 0.5 };
        // Thirty chances an hour: near enough to Poisson to estimate rates from.
        for _ in 0..30 {
            if chance.unit() < rate / 30.0 {
                let from = start().plus(hour * 60 + (chance.unit() * 60.0) as i64);
                phases.push(Span::new(from, from.plus(240)).unwrap());
            }
        }
    }
    let (day, night) = (daily_shift(12, 13), daily_shift(4, 5));
    let needs = need(&phases, observed(104), &[day, night], &plan(Covered::FirstMinute)).unwrap();
    // At noon the last four hours count in full: 4 · 3; at four o'clock 4 · 0.5.
    for (needs, mean) in needs.iter().zip([12.0, 2.0]) {
        for need in needs {
            let exact = fewest(mean, need.percent as f64);
            assert!(need.low <= exact && exact <= need.high, "{need:?} {exact}");
            assert!(need.midwives.abs_diff(exact) <= 1, "{need:?} {exact}");
        }
    }
    let whole = need(&phases, observed(104), &[daily_shift(12, 13)], &plan(Covered::EveryMinute));
    let pairs = whole.unwrap();
    assert!(pairs[0].iter().zip(&needs[0]).all(|(every, first)| every.midwives > first.midwives));
}

#[test]
fn need_depends_on_values_alone_and_rises_with_cover() {
    let phases = steady(8);
    let shifts = [daily_shift(7, 15), daily_shift(15, 21), daily_shift(21, 7)];
    let short = Plan { redraws: 40, weeks: 8, ..plan(Covered::EveryMinute) };
    let needs = need(&phases, observed(8), &shifts, &short).unwrap();
    let mut turned = phases.clone();
    turned.reverse();
    assert_eq!(need(&turned, observed(8), &shifts, &short).unwrap(), needs);
    for of_shift in &needs {
        let midwives: Vec<usize> = of_shift.iter().map(|need| need.midwives).collect();
        assert!(midwives.is_sorted() && midwives[0] > 0);
        assert!(
            of_shift.iter().all(|need| need.low <= need.midwives && need.midwives <= need.high)
        );
    }
    let other = Plan { seed: 2, ..short.clone() };
    let close = |a: &Need, b: &Need| a.midwives.abs_diff(b.midwives) <= 2;
    let again = need(&phases, observed(8), &shifts, &other).unwrap();
    assert!(again.iter().flatten().zip(needs.iter().flatten()).all(|(a, b)| close(a, b)));
}

#[test]
fn too_little_is_no_answer() {
    let all = [daily_shift(7, 15)];
    let plan = plan(Covered::EveryMinute);
    assert_eq!(need(&steady(3), observed(3), &all, &plan), Err(NoNeed::TooShort));
    assert_eq!(need(&[], observed(4), &all, &plan), Err(NoNeed::NoPhases));
    let before = Span::new(start().plus(-60), start().plus(60)).unwrap();
    assert_eq!(need(&[before], observed(4), &all, &plan), Err(NoNeed::NoPhases));
}

#[test]
fn hours_of_the_week_are_swedish() {
    assert_eq!(hour_of_week(Minute::parse("2023-07-03T00:30").unwrap()), 0);
    assert_eq!(hour_of_week(Minute::parse("2023-07-09T23:59").unwrap()), 167);
    assert_eq!(daily_shift(21, 7)[..12], [21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 45, 46]);
    assert_eq!(daily_shift(21, 7).last(), Some(&6));
    assert_eq!(daily_shift(21, 7).len(), 70);
}
