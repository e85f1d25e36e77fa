//! Random regions of two years, as releases.
//!
//! Owns: cells and tables by lot. Does not own: what is withheld.

use crate::dice::Dice;
use follow::disclose::{Along, Figure, Release, table};
use std::collections::BTreeMap;

/// What a region publishes after its first year and after its second.
pub struct World {
    pub seed: u64,
    pub first: Release,
    pub second: Release,
}

impl World {
    /// Units × groups × ages × answer, over two years; some cells empty, some small, some large; some restated in the second year.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let (units, groups) = (dice.between(2, 6) as u32, dice.between(2, 5) as u32);
        let ages = dice.between(1, 3) as u32;
        Self::drawn(seed, &mut dice, [units, groups, ages], 60)
    }

    /// Units × months × classes of three indicators that share births, one a part of another and one of some births alone. First the
    /// margins with the months' quarters, then what lies within.
    pub fn family(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xfa71);
        let (units, months, classes) = (dice.between(2, 5) as u32, 6, 4);
        let mut cells = BTreeMap::new();
        for unit in 0..units {
            for month in 0..months {
                for class in 0..classes {
                    let most = [0, 3, 9, 30, 60][dice.between(0, 4) as usize];
                    cells.insert(vec![unit, month, class], dice.between(0, most));
                }
            }
        }
        let of = |classes: &[u32]| Along::Of(classes.iter().copied().collect());
        let answers: Vec<Along> = [&[2, 3][..], &[0, 1], &[3], &[0, 1, 2], &[1, 2, 3], &[1]]
            .map(of)
            .into_iter()
            .chain([Along::All])
            .collect();
        let runs: Vec<Along> =
            (0..months).map(Along::one).chain([of(&[0, 1, 2]), of(&[3, 4, 5])]).collect();
        let mut margins = table(&[Along::each(0..units), vec![Along::All], answers.clone()]);
        margins.extend(table(&[vec![Along::All], runs.clone(), answers.clone()]));
        let single = (0..units).map(Along::one).collect();
        let within = table(&[single, runs, answers]);
        let release = |figures: Vec<Figure>| Release {
            cells: cells.clone(),
            figures: figures.into_iter().collect(),
        };
        Self { seed, first: release(margins), second: release(within) }
    }

    /// So small that every table can be tried.
    pub fn tiny(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xabcd);
        Self::drawn(seed, &mut dice, [2, 2, 1], 6)
    }

    fn drawn(seed: u64, dice: &mut Dice, [units, groups, ages]: [u32; 3], most: u64) -> Self {
        let mut cells = BTreeMap::new();
        for unit in 0..units {
            for group in 0..groups {
                for age in 0..ages {
                    for answer in 0..2 {
                        for year in 0..2 {
                            let most = [0, 4, 12, most, most][dice.between(0, 4) as usize];
                            let count = dice.between(0, most);
                            cells.insert(vec![unit, group, age, answer, year], count);
                        }
                    }
                }
            }
        }
        let (before, after) = (first_year(&cells), restated(cells, dice));
        let answers = || vec![Along::All, Along::one(1)];
        let sum = || vec![Along::All];
        let by_group = |year: Along| {
            table(&[Along::each(0..units), Along::each(0..groups), sum(), answers(), vec![year]])
        };
        let by_age = |year: Along| {
            table(&[Along::each(0..units), sum(), Along::each(0..ages), answers(), vec![year]])
        };
        let mut first = by_group(Along::one(0));
        let mut second = by_group(Along::one(1));
        if dice.between(0, 1) == 0 {
            first.extend(by_age(Along::one(0)));
        }
        // Both years together, last year anew, or last year by something else.
        match dice.between(0, 3) {
            0 => second.extend(by_group(Along::All)),
            1 => second.extend(by_group(Along::one(0))),
            2 => second.extend(by_age(Along::one(0))),
            _ => second.extend(by_age(Along::All)),
        }
        Self {
            seed,
            first: Release { cells: before, figures: first.into_iter().collect() },
            second: Release { cells: after, figures: second.into_iter().collect() },
        }
    }
}

type Cells = BTreeMap<Vec<u32>, u64>;

fn first_year(cells: &Cells) -> Cells {
    let of_first = cells.iter().filter(|(cell, _)| cell[4] == 0);
    of_first.map(|(cell, &count)| (cell.clone(), count)).collect()
}

/// In one world of three a late report or two change last year's counts.
fn restated(mut cells: Cells, dice: &mut Dice) -> Cells {
    if dice.between(0, 2) == 0 {
        let places = cells.keys().filter(|cell| cell[4] == 0).cloned().collect::<Vec<_>>();
        for _ in 0..dice.between(1, 2) {
            let place = &places[dice.between(0, places.len() as u64 - 1) as usize];
            *cells.get_mut(place).expect("a cell") += dice.between(1, 9);
        }
    }
    cells
}
