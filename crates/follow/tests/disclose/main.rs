//! Disclosure control against an attacker who solves the linear system over everything published.
//!
//! `VARDKEDJA_DEEP=1 cargo test -p follow --test disclose` tries 1 000 worlds of two years instead of 60.

mod attacker;
#[path = "../dice/mod.rs"]
mod dice;
mod revisions;
mod together;
mod world;

use attacker::Attacker;
use dice::Dice;
use follow::disclose::{Along, Figure, Mark, Outcome, Published, Release, disclose, table};
use std::collections::BTreeMap;
use world::World;

const THRESHOLD: u64 = 5;

fn worlds() -> u64 {
    if std::env::var_os("VARDKEDJA_DEEP").is_some() { 1_000 } else { 60 }
}

/// A table of units down and groups across, with margins.
fn square(rows: &[&[u64]]) -> Release {
    let cells = (0..).zip(rows).flat_map(|(unit, row)| {
        (0..).zip(*row).map(move |(group, &count)| (vec![unit, group], count))
    });
    let axes = [Along::each(0..rows.len() as u32), Along::each(0..rows[0].len() as u32)];
    Release { cells: cells.collect(), figures: table(&axes).into_iter().collect() }
}

fn cell(unit: u32, group: u32) -> Figure {
    vec![Along::one(unit), Along::one(group)]
}

fn withheld(outcome: &Outcome) -> Vec<Figure> {
    let hidden = outcome.marks.iter().filter(|(_, mark)| **mark == Mark::Withheld);
    hidden.map(|(figure, _)| figure.clone()).collect()
}

#[test]
fn a_small_count_takes_a_rectangle_with_it_and_no_margin() {
    let outcome = disclose(&square(&[&[3, 40, 60], &[25, 30, 90], &[70, 80, 20]]), &[], THRESHOLD);
    assert_eq!(withheld(&outcome), [cell(0, 0), cell(0, 1), cell(1, 0), cell(1, 1)]);
    assert_eq!(outcome.marks[&cell(2, 2)], Mark::Shown(20));
    assert_eq!(outcome.exposed, []);
}

#[test]
fn nothing_small_and_nothing_is_withheld() {
    let release = square(&[&[5, 40], &[0, 30]]);
    assert_eq!(withheld(&disclose(&release, &[], THRESHOLD)), Vec::<Figure>::new());
    let small = square(&[&[1, 40], &[2, 30]]);
    assert_eq!(withheld(&disclose(&small, &[], 1)), Vec::<Figure>::new());
    assert!(!withheld(&disclose(&small, &[], 3)).is_empty());
}

/// 97 of 100 is as telling as 3 of 100: the count is withheld, though it is large, and the denominator stays.
#[test]
fn a_small_complement_is_withheld() {
    let yes_and_no = [(0, 97, 3), (1, 60, 40), (2, 50, 70)];
    let cells =
        yes_and_no.iter().flat_map(|&(unit, yes, no)| [(vec![unit, 1], yes), (vec![unit, 0], no)]);
    let axes = [Along::each(0..3), vec![Along::All, Along::one(1)]];
    let release = Release { cells: cells.collect(), figures: table(&axes).into_iter().collect() };
    let outcome = disclose(&release, &[], THRESHOLD);
    assert_eq!(outcome.marks[&cell(0, 1)], Mark::Withheld);
    assert_eq!(outcome.marks[&vec![Along::one(0), Along::All]], Mark::Shown(100));
    assert_eq!(outcome.marks[&vec![Along::All, Along::one(1)]], Mark::Shown(207));
    assert_eq!(withheld(&outcome).len(), 2, "{:?}", withheld(&outcome));
}

/// The year's total less what was published in June would give the autumn's three.
#[test]
fn a_later_total_that_gives_a_difference_away_is_withheld() {
    let spring = [(0, 20), (1, 50)];
    let cells = |halves: &[(u32, u32, u64)]| {
        halves.iter().map(|&(unit, half, count)| (vec![unit, half], count)).collect()
    };
    let axes = [Along::each(0..2), vec![Along::one(1)]];
    let june = Release {
        cells: cells(&spring.map(|(unit, count)| (unit, 1, count))),
        figures: table(&axes).into_iter().collect(),
    };
    let outcome = disclose(&june, &[], THRESHOLD);
    assert!(withheld(&outcome).is_empty());
    let published = Published { release: june, marks: outcome.marks };
    let year = Release {
        cells: cells(&[(0, 1, 20), (1, 1, 50), (0, 2, 3), (1, 2, 60)]),
        figures: table(&[Along::each(0..2), vec![Along::All]]).into_iter().collect(),
    };
    assert!(withheld(&disclose(&year, &[], THRESHOLD)).is_empty());
    let outcome = disclose(&year, &[published], THRESHOLD);
    assert_eq!(outcome.marks[&vec![Along::one(0), Along::All]], Mark::Withheld);
    assert_eq!(outcome.exposed, []);
}

/// What was withheld last year stays so when the same births are published by something else.
#[test]
fn what_was_withheld_before_stays_unknown() {
    let first = square(&[&[3, 40], &[25, 30]]);
    let outcome = disclose(&first, &[], THRESHOLD);
    assert_eq!(withheld(&outcome).len(), 4);
    let published = Published { release: first.clone(), marks: outcome.marks };
    let again = Release { cells: first.cells, figures: [cell(0, 1)].into() };
    assert_eq!(disclose(&again, &[], THRESHOLD).marks[&cell(0, 1)], Mark::Shown(40));
    assert_eq!(disclose(&again, &[published], THRESHOLD).marks[&cell(0, 1)], Mark::Withheld);
}

/// Somebody published last year without control: it is told, not passed over.
#[test]
fn what_earlier_releases_gave_away_is_told() {
    let release = square(&[&[3, 40], &[25, 30]]);
    let naked = disclose(&release, &[], 1).marks;
    let outcome =
        disclose(&release, &[Published { release: release.clone(), marks: naked }], THRESHOLD);
    assert!(outcome.exposed.contains(&(cell(0, 0), None)), "{:?}", outcome.exposed);
}

/// Publishes both years of a world in turn; and whether the second must wait, since a secret was left without proof: that is told, is
/// rare, and then the first alone is published, as `Outcome::exposed` demands.
fn both_years(world: &World) -> (Vec<Published>, bool) {
    let first = disclose(&world.first, &[], THRESHOLD);
    assert_eq!(first.exposed, [], "world {}", world.seed);
    let first = Published { release: world.first.clone(), marks: first.marks };
    let second = disclose(&world.second, std::slice::from_ref(&first), THRESHOLD);
    if !second.exposed.is_empty() {
        return (vec![first], true);
    }
    let second = Published { release: world.second.clone(), marks: second.marks };
    (vec![first, second], false)
}

/// The claim of the module: no equation gives a figure that was withheld, in
/// either year, nor a complement that is small.
#[test]
fn an_attacker_with_two_years_of_tables_recovers_nothing() {
    let (mut figures, mut small, mut hidden, mut secrets, mut unproved) = (0, 0, 0, 0, 0);
    for seed in 0..worlds() {
        let world = World::of(seed);
        let (published, is_unproved) = both_years(&world);
        unproved += u64::from(is_unproved);
        let attacker = Attacker::of(&published);
        for secret in attacker.secrets(THRESHOLD) {
            assert!(!attacker.recovers(&secret), "world {seed}: {secret:?}");
        }
        secrets += attacker.small_sums(THRESHOLD);
        for year in &published {
            figures += year.marks.len();
            hidden += year.marks.values().filter(|mark| **mark == Mark::Withheld).count();
            small += attacker::small(&year.release, THRESHOLD);
        }
    }
    eprintln!(
        "{figures} figures, {small} small themselves, {secrets} small sums in all, {hidden} withheld; \
         {unproved} worlds with a secret without proof"
    );
    assert!(unproved * 100 <= worlds(), "{unproved}");
    assert!(small > 0 && hidden < figures * 6 / 10, "{figures} {small} {hidden}");
}

/// Indicators that share births, with months, quarters and clinics: nobody works out one from the others.
#[test]
fn an_attacker_with_a_family_of_indicators_recovers_nothing() {
    let (mut figures, mut hidden, mut unproved) = (0, 0, 0);
    for seed in 0..worlds() / 3 {
        let world = World::family(seed);
        let first = disclose(&world.first, &[], THRESHOLD);
        assert_eq!(first.exposed, [], "world {seed}");
        let first = Published { release: world.first.clone(), marks: first.marks };
        let mut second = disclose(&world.second, std::slice::from_ref(&first), THRESHOLD);
        if !second.exposed.is_empty() {
            // As the product has it: then nothing within is told.
            unproved += 1;
            second.marks.values_mut().for_each(|mark| *mark = Mark::Withheld);
        }
        let second = Published { release: world.second.clone(), marks: second.marks };
        let published = [first, second];
        let attacker = Attacker::of(&published);
        for secret in attacker.secrets(THRESHOLD) {
            assert!(!attacker.recovers(&secret), "world {seed}: {secret:?}");
        }
        for release in &published {
            figures += release.marks.len();
            hidden += release.marks.values().filter(|mark| **mark == Mark::Withheld).count();
        }
    }
    eprintln!("{figures} figures, {hidden} withheld, {unproved} worlds with nothing within");
    assert!(hidden > 0 && hidden < figures, "{figures} {hidden}");
}

/// An attacker who also knows that counts are whole and not below zero cannot tell a withheld figure from `THRESHOLD` other values:
/// every world that agrees with what is shown, by trying them all.
#[test]
fn trying_every_table_leaves_enough_values_for_each_withheld_figure() {
    let (mut tried, mut too_many) = (0, 0);
    for seed in 0..worlds() / 10 {
        let world = World::tiny(seed);
        let (published, is_unproved) = both_years(&world);
        if is_unproved {
            continue;
        }
        let attacker = Attacker::of(&published);
        for (figure, values) in attacker.values(THRESHOLD as usize) {
            let Some(values) = values else {
                too_many += 1;
                continue;
            };
            assert!(values >= THRESHOLD as usize, "world {seed}: {figure:?} has {values} values");
            tried += 1;
        }
    }
    eprintln!("{tried} withheld figures tried, {too_many} with too many tables to try");
    assert!(tried > 100 && too_many * 20 < tried);
}

/// The attacker is no straw man: without complements, or without the memory of earlier releases, it finds people.
#[test]
fn the_attacker_finds_people_where_control_is_left_out() {
    let (mut without_complements, mut without_memory) = (0, 0);
    for seed in 0..40 {
        let world = World::of(seed);
        let alone = |release: &Release| {
            let marks = release.figures.iter().map(|figure| {
                let count = attacker::count(release, figure);
                let is_small = count > 0 && count < THRESHOLD;
                (figure.clone(), if is_small { Mark::Withheld } else { Mark::Shown(count) })
            });
            Published { release: release.clone(), marks: marks.collect() }
        };
        let attacker = Attacker::of(&[alone(&world.first), alone(&world.second)]);
        let found = attacker.secrets(THRESHOLD).iter().any(|secret| attacker.recovers(secret));
        without_complements += u32::from(found);

        let apart = |release: &Release| Published {
            release: release.clone(),
            marks: disclose(release, &[], THRESHOLD).marks,
        };
        let attacker = Attacker::of(&[apart(&world.first), apart(&world.second)]);
        let found = attacker.secrets(THRESHOLD).iter().any(|secret| attacker.recovers(secret));
        without_memory += u32::from(found);
    }
    eprintln!("found in {without_complements} and {without_memory} of 40 worlds");
    assert!(without_complements > 20 && without_memory > 5);
}

#[test]
fn the_order_in_which_a_release_is_put_together_does_not_matter() {
    let mut dice = Dice::new(5);
    for seed in 0..10 {
        let world = World::of(seed);
        let mut cells = world.second.cells.clone().into_iter().collect::<Vec<_>>();
        let mut figures = world.second.figures.iter().cloned().collect::<Vec<_>>();
        for index in (1..cells.len()).rev() {
            cells.swap(index, dice.between(0, index as u64) as usize);
        }
        figures.reverse();
        let shuffled = Release {
            cells: cells.into_iter().collect::<BTreeMap<_, _>>(),
            figures: figures.into_iter().collect(),
        };
        let before = both_years(&world).0[..1].to_vec();
        assert_eq!(
            disclose(&world.second, &before, THRESHOLD),
            disclose(&shuffled, &before, THRESHOLD)
        );
    }
}

/// A region's yearly table of one indicator: eight units, ten groups, five ages, margins throughout.
#[test]
fn a_whole_region_is_protected_and_most_of_it_told() {
    let mut dice = Dice::new(9);
    let mut cells = BTreeMap::new();
    for unit in 0..8 {
        for group in 0..10 {
            for age in 0..5 {
                for answer in 0..2 {
                    cells.insert(
                        vec![unit, group, age, answer],
                        dice.poisson(if answer == 1 { 1.6 } else { 8.0 }),
                    );
                }
            }
        }
    }
    let answers = || vec![Along::All, Along::one(1)];
    let all = || vec![Along::All];
    let by_group = table(&[Along::each(0..8), Along::each(0..10), all(), answers()]);
    let by_age = table(&[Along::each(0..8), all(), Along::each(0..5), answers()]);
    let release = Release { cells, figures: by_group.into_iter().chain(by_age).collect() };
    let outcome = disclose(&release, &[], THRESHOLD);
    assert_eq!(outcome.exposed, []);
    let (figures, withheld) = (outcome.marks.len(), withheld(&outcome).len());
    assert!(withheld > 0 && withheld * 2 < figures, "{withheld} of {figures} are withheld");
}
