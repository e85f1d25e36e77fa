//! The kernel against an independent reading of its rules.

#[cfg(test)]
mod agree;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod naive;
#[cfg(test)]
#[path = "journal/purse.rs"]
mod purse;
#[cfg(test)]
mod settling;
#[cfg(test)]
mod world;

#[cfg(test)]
mod worlds {
    use crate::naive::{clash, difference, price};
    use crate::world::{features, world};
    use std::collections::BTreeMap;

    /// What the first worlds must have, and how often at least.
    const WANTED: [(&str, i64); 77] = [
        ("ceiling below zero", 2),
        ("ceiling in shadow", 50),
        ("ceiling of a period", 10),
        ("ceiling of a raise", 2),
        ("ceiling of several lines", 10),
        ("ceiling paid on a shadow", 20),
        ("ceiling that adds", 20),
        ("changed lines", 1000),
        ("changed rejects", 50),
        ("changed unpriced", 50),
        ("clashing worlds", 5),
        ("codes other than ids", 500),
        ("line ceiling", 150),
        ("line fixed-monthly", 1000),
        ("line lump", 100),
        ("line per-contact", 1000),
        ("line per-weight", 500),
        ("line period A", 150),
        ("line period B", 60),
        ("line period C", 100),
        ("line period weighted", 60),
        ("line share monthly", 500),
        ("line share once", 200),
        ("line tier", 150),
        ("line uplift", 300),
        ("payable false contact", 300),
        ("payable false unit", 300),
        ("payable true contact", 1000),
        ("payable true unit", 1000),
        ("payer county-03", 50),
        ("payer kson", 50),
        ("payer others", 50),
        ("payer region-01", 50),
        ("payer rest", 50),
        ("payer state", 50),
        ("payer the-region", 1000),
        ("period not taken no-agreement", 10),
        ("period not taken no-payer", 1),
        ("period not taken too-late", 10),
        ("period taken an earlier day", 80),
        ("period taken at another unit", 60),
        ("period taken at the same unit", 30),
        ("period taken in two pregnancies", 50),
        ("period taken the same day", 5),
        ("proposed rates", 100),
        ("reason bad-person", 100),
        ("reason bad-value", 100),
        ("reason care-date-after-report", 100),
        ("reason conflicting-reports", 100),
        ("reason included-in-period", 50),
        ("reason missing-field", 100),
        ("reason no-agreement", 100),
        ("reason no-gestational-days", 50),
        ("reason no-payer", 20),
        ("reason no-rate", 100),
        ("reason no-weight", 100),
        ("reason too-late", 100),
        ("reason unknown-unit", 30),
        ("replaced", 1000),
        ("required rates", 100),
        ("retroactive rates", 100),
        ("share half-up-krona", 100),
        ("share half-up-ore", 100),
        ("share half-up-residue-largest", 100),
        ("share largest-remainder", 100),
        ("share largest-remainder-ore", 100),
        ("tier below zero", 5),
        ("tier in shadow", 50),
        ("tier of a period", 10),
        ("tier of a raise", 2),
        ("tier of several lines", 10),
        ("tier paid on a shadow", 20),
        ("tier that adds", 20),
        ("uplift on uplift", 100),
        ("years in a row", 10),
        ("years of two rates", 10),
        ("zero contact", 200),
    ];

    #[test]
    fn every_feature_occurs_often_enough() {
        let mut total: BTreeMap<String, i64> = BTreeMap::new();
        for seed in 0..450 {
            for (name, number) in features(&world(seed)) {
                *total.entry(name).or_default() += number;
            }
        }
        let often = |(name, least): &&(&str, i64)| total.get(*name).is_none_or(|had| had < least);
        let seldom: Vec<_> = WANTED.iter().filter(often).collect();
        assert!(seldom.is_empty(), "too seldom: {seldom:?} in {total:#?}");
    }

    /// The order of rows and of decisions is no content (R14, R15), where the register is not refused.
    #[test]
    fn order_never_matters() {
        for seed in 0..40 {
            let mut world = world(seed);
            let options = world.options(world.d2);
            if clash(&world.decisions, &world.rows, &options).is_some() {
                continue;
            }
            let before = price(&world.decisions, &world.rows, &options);
            world.rows.reverse();
            world.decisions.reverse();
            let after = price(&world.decisions, &world.rows, &options);
            assert!(before == after, "seed {seed}");
        }
    }

    /// Every row of amounts is the sum of its lines, and so is every difference (R41).
    #[test]
    fn rows_are_sums_of_lines() {
        for seed in 0..40 {
            let world = world(seed);
            let on = |day| price(&world.decisions, &world.rows, &world.options(day));
            let output = difference(on(world.d2), on(world.d1));
            let of_rows: i64 = output.rows.values().map(|(_, amount)| amount).sum();
            let of_lines: i64 = output.lines.iter().map(|line| line.amount).sum();
            assert_eq!(of_rows, of_lines, "seed {seed}");
            assert_eq!(difference(on(world.d1), on(world.d1)), crate::naive::Output::default());
        }
    }
}
