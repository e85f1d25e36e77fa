//! The compiled engine and the reference evaluator give the same rows, lines, reasons and rejections.

use crate::engine::World as Engine;
use crate::naive::{self, Output};
use crate::world::world;

/// Worlds by default, and under `VARDKEDJA_DEEP`.
const WORLDS: u64 = 1_500;
const WORLDS_DEEP: u64 = 20_000;

pub fn worlds() -> u64 {
    if std::env::var_os("VARDKEDJA_DEEP").is_some() { WORLDS_DEEP } else { WORLDS }
}

fn sorted(mut output: Output) -> Output {
    output.lines.sort();
    output
}

fn assert_same(seed: u64, side: &str, engine: Output, reference: Output) {
    let (engine, reference) = (sorted(engine), sorted(reference));
    assert_eq!(engine.rejected, reference.rejected, "rejected, world {seed}, {side}");
    assert_eq!(engine.unpriced, reference.unpriced, "unpriced, world {seed}, {side}");
    let odd = |a: &Output, b: &Output| {
        let odd = a.lines.iter().filter(|line| !b.lines.contains(line));
        odd.cloned().collect::<Vec<_>>()
    };
    let (more, fewer) = (odd(&engine, &reference), odd(&reference, &engine));
    assert!(
        more.is_empty() && fewer.is_empty(),
        "lines, world {seed}, {side}: {more:#?}\nbut {fewer:#?}"
    );
    assert_eq!(engine, reference, "world {seed}, {side}");
}

#[test]
fn the_engine_agrees_with_the_reference() {
    let mut priced = 0;
    for seed in 0..worlds() {
        let world = world(seed);
        let engine = Engine::new(&world.decisions, &world.rows);
        let (d1, d2) = (world.options(world.d1), world.options(world.d2));
        let mut refused = false;
        for (known_on, options) in [(world.d1, &d1), (world.d2, &d2)] {
            let findings = engine.refusals(known_on);
            let clash = naive::clash(&world.decisions, &world.rows, options);
            refused |= !findings.is_empty();
            if let Some(clash) = clash {
                assert!(!findings.is_empty(), "world {seed}: {clash} was not refused");
            }
        }
        if refused {
            continue;
        }
        priced += 1;
        let price = |options| naive::price(&world.decisions, &world.rows, options);
        let (first, second) = (price(&d1), price(&d2));
        for (name, options, reference) in [("d1", &d1, &first), ("d2", &d2, &second)] {
            assert_same(seed, name, engine.price(options, false).0, reference.clone());
            assert_same(seed, name, engine.price(options, true).0, reference.clone());
        }
        let reference = naive::difference(second, first);
        assert_same(seed, "difference", engine.difference(&d2, &d1), reference);
    }
    assert!(priced * 10 > worlds() * 6, "only {priced} of {} worlds were priced", worlds());
}
