//! Funnels beside outside implementations, and how often an unchanged unit is flagged.

mod dice;

use dice::Dice;
use follow::funnel::{Limits, Rule, Side, Unit, funnel};
use follow::gap::{are_alike, gap, gaps};
use follow::interval::{Level, Share};

#[track_caller]
fn near(got: f64, wanted: f64, within: f64) {
    assert!((got - wanted).abs() <= within * wanted.abs().max(1e-3), "{got}, wanted {wanted}");
}

fn share(count: u64, of: u64) -> Unit {
    Unit::Share(Share { count, of })
}

/// The formula of Spiegelhalter, Statistics in Medicine 24 (2005), appendix A.1.1, over the quantiles of SciPy 1.17.1.
#[test]
fn exact_limits_agree_with_scipys_quantiles() {
    let rows = [
        (50, 0.1, [0.0, 0.013862926957343676, 0.17972272762336444, 0.24012841875238997]),
        (
            410,
            0.154,
            [0.10023432839447906, 0.11861104048743933, 0.1885387761819649, 0.21017111890799536],
        ),
        (
            2900,
            0.154,
            [0.13346321056295812, 0.14080218619359097, 0.16707942872268639, 0.1748743131531342],
        ),
        (
            7200,
            0.02,
            [0.015025132496460904, 0.016759195444272824, 0.02322768326470287, 0.025217840103756863],
        ),
        (12, 0.5, [0.0215, 0.17553030303030304, 0.7411363636363636, 0.8951666666666666]),
    ];
    for (of, target, [outer_low, low, high, outer_high]) in rows {
        let (inner, outer) =
            (share(0, of).limits(target, Level::P95), share(0, of).limits(target, Level::P998));
        for (got, wanted) in
            [(outer.low, outer_low), (inner.low, low), (inner.high, high), (outer.high, outer_high)]
        {
            near(got, wanted, 1e-8);
        }
    }
    let rows = [
        (2.5, [0.0, 0.0, 2.2446102698620325, 3.26501458461236]),
        (60.1, [0.6175429399021267, 0.7468896282718661, 1.2524372408311262, 1.4132361997263414]),
        (399.5, [0.8477273127773692, 0.9018682172137849, 1.098001271346372, 1.156890041673926]),
    ];
    for (expected, [outer_low, low, high, outer_high]) in rows {
        let unit = Unit::Ratio { observed: 0, expected };
        let (inner, outer) = (unit.limits(1.0, Level::P95), unit.limits(1.0, Level::P998));
        for (got, wanted) in
            [(outer.low, outer_low), (inner.low, low), (inner.high, high), (outer.high, outer_high)]
        {
            near(got, wanted, 1e-8);
        }
    }
}

const COUNTS: [u64; 12] = [310, 150, 260, 90, 420, 205, 130, 333, 75, 510, 48, 222];

/// controlchartspy 0.1.3 (Western Australia Health), `funnel` with chart types PR and SR and `od_adjust = "yes"`.
#[test]
fn over_dispersed_limits_agree_with_an_outside_program() {
    let of = [2100, 1400, 1500, 900, 2600, 1300, 1000, 1800, 640, 2900, 410, 1350];
    let units = (0..12).map(|unit| share(COUNTS[unit], of[unit])).collect::<Vec<_>>();
    let target = COUNTS.iter().sum::<u64>() as f64 / of.iter().sum::<u64>() as f64;
    let got = funnel(&units, target, Limits::Spread);
    let point = got.points[10].expect("of somebody");
    near(point.outer.low, 0.07239824027600866, 1e-6);
    near(point.inner.low, 0.09906043246871604, 1e-6);
    near(point.inner.high, 0.21801199164671964, 1e-6);
    near(point.outer.high, 0.2586727826320157, 1e-6);

    let expected =
        [280.5, 190.2, 205.0, 120.1, 350.7, 180.3, 134.2, 250.9, 88.8, 399.5, 60.1, 190.0];
    let units =
        (0..12).map(|unit| Unit::Ratio { observed: COUNTS[unit], expected: expected[unit] });
    let got = funnel(&units.collect::<Vec<_>>(), 1.0, Limits::Spread);
    let point = got.points[10].expect("of somebody");
    near(point.outer.low, 0.3945758967878242, 1e-6);
    near(point.inner.low, 0.583937142410433, 1e-6);
    near(point.inner.high, 1.5273059447408597, 1e-6);
    near(point.outer.high, 1.88196483484346, 1e-6);
}

#[test]
fn the_rule_that_flagged_is_told() {
    let units = [share(60, 200), share(30, 200), share(45, 200), share(40, 200), share(0, 0)];
    let got = funnel(&units, 0.2, Limits::Exact);
    let flags = got.points.iter().map(|point| point.map(|point| point.flag)).collect::<Vec<_>>();
    let wanted =
        [Some(Some((Side::High, Rule::Exact998))), Some(None), Some(None), Some(None), None];
    assert_eq!(flags, wanted);
    let low = funnel(&[share(28, 200)], 0.2, Limits::Exact);
    assert_eq!(low.points[0].expect("of somebody").flag, Some((Side::Low, Rule::Exact95)));
    let wide = funnel(
        &[share(60, 200), share(20, 200), share(70, 200), share(10, 200)],
        0.2,
        Limits::Spread,
    );
    assert!(
        wide.spread.tau_squared > 0.0
            && wide.points.iter().all(|point| point.expect("of somebody").flag.is_none())
    );
}

/// The exact chance that an unchanged unit lies outside, averaged over sizes: at most a fifth from what the level says.
#[test]
fn an_unchanged_unit_is_flagged_as_often_as_the_level_says() {
    for level in [Level::P95, Level::P998] {
        for (smallest, largest, target) in
            [(60, 400, 0.15), (200, 7_200, 0.02), (200, 7_200, 0.5), (1_000, 7_200, 0.3)]
        {
            let step = (largest - smallest) / 61;
            let sizes = (0..60).map(|place| smallest + place * step);
            let alarms =
                sizes.map(|of| share(0, of).false_alarms(target, level)).sum::<f64>() / 60.0;
            let stated = 2.0 * level.tail();
            assert!(
                (alarms / stated - 1.0).abs() < 0.2,
                "{level} {smallest}: {alarms}, stated {stated}"
            );
        }
    }
}

/// The same by drawing: regions of seven clinics and thirty small ones, none of which has changed.
#[test]
fn simulated_regions_flag_unchanged_units_at_the_stated_rate() {
    let regions = if std::env::var_os("VARDKEDJA_DEEP").is_some() { 1_000 } else { 120 };
    let (mut dice, mut seen) = (Dice::new(2005), 0.0);
    let (mut inner, mut outer, mut by_spread) = (0.0, 0.0, 0.0);
    for _ in 0..regions {
        let target = 0.05 + 0.4 * dice.unit();
        let units = (0..37)
            .map(|unit| {
                let of = if unit < 7 { dice.between(500, 3_000) } else { dice.between(80, 400) };
                share(dice.binomial(of, target), of)
            })
            .collect::<Vec<_>>();
        for point in funnel(&units, target, Limits::Exact).points.into_iter().flatten() {
            seen += 1.0;
            inner += f64::from(point.flag.is_some());
            outer += f64::from(matches!(point.flag, Some((_, Rule::Exact998))));
        }
        let spread = funnel(&units, target, Limits::Spread);
        by_spread +=
            spread.points.iter().flatten().filter(|point| point.flag.is_some()).count() as f64;
    }
    let [inner, outer, by_spread] = [inner, outer, by_spread].map(|count| count / seen);
    eprintln!(
        "{seen} units: outside 95 % {inner:.4}, outside 99.8 % {outer:.5}; with spread allowed {by_spread:.4}"
    );
    assert!((inner / 0.05 - 1.0).abs() < 0.2, "{inner}");
    // Of 0.002 so few are seen in a small sample that three standard errors are allowed beside the fifth.
    let chance = 3.0 * (0.002_f64 / seen).sqrt();
    assert!((outer - 0.002).abs() < 0.0004 + chance, "{outer}");
    assert!((by_spread / 0.05 - 1.0).abs() < 0.2, "{by_spread}");
}

/// SciPy 1.17.1, `chi2_contingency([[90, 70, 33], [10, 30, 17]], correction=False)`: 15.8167, p = 0.000367652644566.
#[test]
fn whether_groups_differ_agrees_with_scipy() {
    let groups =
        [Share { count: 90, of: 100 }, Share { count: 70, of: 100 }, Share { count: 33, of: 50 }];
    near(are_alike(&groups).expect("three groups"), 0.000367652644566, 1e-9);
    assert_eq!(are_alike(&groups[..1]), None);
    assert_eq!(are_alike(&[Share { count: 0, of: 5 }, Share { count: 0, of: 7 }]), None);
}

#[test]
fn a_gap_is_the_group_less_the_others() {
    let groups =
        [Share { count: 90, of: 100 }, Share { count: 70, of: 100 }, Share { count: 0, of: 0 }];
    let got = gaps(&groups, Level::P95);
    assert_eq!(got[0], gap(groups[0], groups[1], Level::P95));
    assert_eq!(got[2], None);
    let first = got[0].expect("both have somebody");
    near(first.difference, 0.2, 1e-12);
    near(first.ratio.expect("theirs is above 0"), 9.0 / 7.0, 1e-12);
    assert!(first.difference_interval.holds(0.2) && !first.difference_interval.holds(0.0));
    assert!(first.ratio_interval.holds(9.0 / 7.0) && !first.ratio_interval.holds(1.0));
    eprintln!("{first:?}");
}
