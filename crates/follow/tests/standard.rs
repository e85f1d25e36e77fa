//! Standardised ratios beside a published example, and Robson's groups beside a published test set.

use follow::inputs::LabourStart;
use follow::interval::{Level, Share};
use follow::robson::{Birth, Presentation, Robson, robson};
use follow::standard::{Reference, standardised};

mod dice;

/// Deaths in the United States in 1940 held against the rates of 1960: Selvin, Statistical Analysis of Epidemiologic Data (2004), as
/// the example of `ageadjust.indirect` in epitools 0.5-10.1, which was run in R 4.2.2 for the figures.
#[test]
fn selvins_example_of_indirect_standardisation() {
    let deaths_1960 = [141, 926, 1253, 1080, 1869, 4891, 14956, 30888, 41725, 26501, 5928];
    let people_1960 = [
        1784033, 7065148, 15658730, 10482916, 9939972, 10563872, 9114202, 6850263, 4702482,
        1874619, 330915,
    ];
    let deaths_1940 = [45, 201, 320, 670, 1126, 3160, 9723, 17935, 22179, 13461, 2238];
    let people_1940 = [
        906897, 3794573, 10003544, 10629526, 9465330, 8249558, 7294330, 5022499, 2920220, 1019504,
        142532,
    ];
    let strata = |counts: [u64; 11], of: [u64; 11]| {
        (0..11).map(|age| (age, Share { count: counts[age], of: of[age] })).collect::<Vec<_>>()
    };
    let reference = Reference::of(strata(deaths_1960, people_1960));
    let got = reference
        .standardise(&strata(deaths_1940, people_1940), Level::P95)
        .expect("something is expected");
    assert_eq!(got.observed, 71_058);
    assert!((got.expected - 85_556.888_844_526).abs() < 1e-6, "{got:?}");
    assert!((got.ratio - 0.830_535_108_974_41).abs() < 1e-12, "{got:?}");
    assert!(got.interval.holds(got.ratio), "{got:?}");
}

/// epitools 0.5-10.1, `ageadjust.indirect(count = c(2,1,4), pop = c(40,25,30), stdcount = c(30,50,12), stdpop = c(1000,800,90))`.
#[test]
fn a_small_unit_agrees_with_epitools() {
    let key = |group: &str, count, of| (group.to_owned(), Share { count, of });
    let reference = Reference::of([key("1", 30, 1000), key("3", 50, 800), key("5", 12, 90)]);
    let unit = [key("1", 2, 40), key("3", 1, 25), key("5", 4, 30)];
    let got = reference.standardise(&unit, Level::P95).expect("something is expected");
    assert!((got.expected - 6.7625).abs() < 1e-12, "{got:?}");
    assert!((got.ratio - 1.035_120_147_874).abs() < 1e-11, "{got:?}");
}

#[test]
fn strata_that_the_reference_has_nobody_of_are_left_out_of_both_sides() {
    let reference =
        Reference::of([("A", Share { count: 10, of: 100 }), ("B", Share { count: 20, of: 100 })]);
    let unit = [
        ("A", Share { count: 3, of: 10 }),
        ("B", Share { count: 5, of: 20 }),
        ("C", Share { count: 9, of: 9 }),
    ];
    let got = reference.standardise(&unit, Level::P95).expect("something is expected");
    assert_eq!((got.observed, got.expected, got.ratio), (8, 5.0, 1.6));
    let women = unit.iter().map(|(key, share)| (key, share.of));
    assert_eq!(reference.expected(women).without_rate, 9);
    assert_eq!(standardised(3, 0.0, Level::P95), None);
}

#[test]
fn the_reference_held_against_itself_is_one() {
    let mut dice = dice::Dice::new(3);
    for _ in 0..200 {
        let strata = (0..dice.between(1, 30))
            .map(|key| {
                let of = dice.between(1, 500);
                (key, Share { count: dice.between(1, of), of })
            })
            .collect::<Vec<_>>();
        let got = Reference::of(strata.clone()).standardise(&strata, Level::P95).expect("counts");
        assert!((got.ratio - 1.0).abs() < 1e-12, "{got:?}");
    }
}

/// The test set of `robson10classifier` (github.com/ThomUK/robson10classifier, tests/testthat/test-tgcs_classify.R): all 1 296
/// combinations of the six facts and their absence, counted by group.
#[test]
fn every_combination_falls_where_a_published_test_set_has_it() {
    let flags = [Some(false), Some(true), None];
    let starts = [
        Some(LabourStart::Spontaneous),
        Some(LabourStart::Induced),
        Some(LabourStart::PlannedCaesarean),
        None,
    ];
    let lies = [
        Some(Presentation::Cephalic),
        Some(Presentation::Breech),
        Some(Presentation::Transverse),
        None,
    ];
    let mut counts = std::collections::BTreeMap::<Robson, u32>::new();
    for later in flags {
        for previous_caesarean in flags {
            for start in starts {
                for several in flags {
                    for early in flags {
                        for presentation in lies {
                            let birth = Birth {
                                parity: later.map(u32::from),
                                previous_caesarean,
                                children: several.map(|several| 1 + u32::from(several)),
                                presentation,
                                weeks: early.map(|early| if early { 36 } else { 37 }),
                                start,
                            };
                            *counts.entry(robson(birth)).or_default() += 1;
                        }
                    }
                }
            }
        }
    }
    let published = [2, 4, 1, 2, 4, 36, 36, 432, 108, 36, 635];
    let counted = Robson::ALL.iter().map(|group| counts[group]).collect::<Vec<_>>();
    assert_eq!(counted, published);
}

/// The definitions in words: WHO, Robson Classification: Implementation Manual (2017), table of the ten groups.
#[test]
fn the_ten_groups_in_words() {
    use LabourStart::{Induced, PlannedCaesarean, Spontaneous, Unassisted};
    use Presentation::{Breech, Cephalic, Transverse};
    let birth = |parity, scar, children, lie, weeks, start| Birth {
        parity: Some(parity),
        previous_caesarean: Some(scar),
        children: Some(children),
        presentation: Some(lie),
        weeks: Some(weeks),
        start: Some(start),
    };
    let rows = [
        (birth(0, false, 1, Cephalic, 39, Spontaneous), Robson::One),
        (birth(0, false, 1, Cephalic, 37, Unassisted), Robson::One),
        (birth(0, false, 1, Cephalic, 41, Induced), Robson::Two),
        (birth(0, false, 1, Cephalic, 39, PlannedCaesarean), Robson::Two),
        (birth(2, false, 1, Cephalic, 40, Spontaneous), Robson::Three),
        (birth(1, false, 1, Cephalic, 40, Induced), Robson::Four),
        (birth(1, true, 1, Cephalic, 38, PlannedCaesarean), Robson::Five),
        (birth(1, true, 1, Cephalic, 38, Spontaneous), Robson::Five),
        (birth(0, false, 1, Breech, 30, Spontaneous), Robson::Six),
        (birth(3, true, 1, Breech, 39, PlannedCaesarean), Robson::Seven),
        (birth(1, true, 2, Cephalic, 36, Induced), Robson::Eight),
        (birth(0, false, 1, Transverse, 34, PlannedCaesarean), Robson::Nine),
        (birth(1, true, 1, Cephalic, 36, Spontaneous), Robson::Ten),
        (birth(0, true, 1, Cephalic, 39, Spontaneous), Robson::Unclassifiable),
    ];
    for (birth, group) in rows {
        assert_eq!(robson(birth), group, "{birth:?}");
    }
}
