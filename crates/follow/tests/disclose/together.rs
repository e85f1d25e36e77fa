//! Tables of the same births, each protected apart, against somebody who puts them in one system.
//!
//! Owns: random regions of six indicators, and what is told of them. Does not own: the elimination (`attacker`).

use crate::attacker::{Attacker, is_within};
use crate::dice::Dice;
use crate::{THRESHOLD, worlds};
use follow::disclose::across::{Item, Place, Relations, Together, Told, protect};
use follow::disclose::{Along, Figure, Mark, Published, Release, disclose, table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Sets of births, in the order in which they are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Set {
    Born,
    Caesarean,
    Vaginal,
    Early,
    Term,
    Scored,
    Low,
    NotLow,
    BledCaesarean,
    BledCaesareanMuch,
    BledCaesareanLittle,
    BledVaginal,
    BledVaginalMuch,
    BledVaginalLittle,
    Instrument,
    NoInstrument,
    TornWithInstrument,
    TornWithout,
    TornFirst,
    NotTornWithInstrument,
    NotTornWithout,
    FirstVaginal,
    NotTornFirst,
    /// Told nowhere: no blood loss is reported.
    UnreportedCaesarean,
    UnreportedVaginal,
}

use Set::*;

const SETS: [Set; 25] = [
    Born,
    Caesarean,
    Vaginal,
    Early,
    Term,
    Scored,
    Low,
    NotLow,
    BledCaesarean,
    BledCaesareanMuch,
    BledCaesareanLittle,
    BledVaginal,
    BledVaginalMuch,
    BledVaginalLittle,
    Instrument,
    NoInstrument,
    TornWithInstrument,
    TornWithout,
    TornFirst,
    NotTornWithInstrument,
    NotTornWithout,
    FirstVaginal,
    NotTornFirst,
    UnreportedCaesarean,
    UnreportedVaginal,
];

/// Sets that are told, or follow from what is.
fn compared() -> impl Iterator<Item = Set> + Clone {
    SETS.into_iter().take_while(|set| *set != UnreportedCaesarean)
}

/// Births of whom something is reported, and those of whom it should be.
const REPORTING: [(Set, Set, Set); 2] =
    [(BledCaesarean, UnreportedCaesarean, Caesarean), (BledVaginal, UnreportedVaginal, Vaginal)];

/// Indicators: births that they are of, those that count, and the others.
const INDICATORS: [[Set; 3]; 9] = [
    [Born, Caesarean, Vaginal],
    [Born, Early, Term],
    [Scored, Low, NotLow],
    [BledCaesarean, BledCaesareanMuch, BledCaesareanLittle],
    [BledVaginal, BledVaginalMuch, BledVaginalLittle],
    [Vaginal, Instrument, NoInstrument],
    [Instrument, TornWithInstrument, NotTornWithInstrument],
    [NoInstrument, TornWithout, NotTornWithout],
    [FirstVaginal, TornFirst, NotTornFirst],
];

/// A birth, as the sets that it is in.
fn birth(dice: &mut Dice) -> Vec<Set> {
    let mut is = |share: f64| dice.unit() < share;
    let (caesarean, early, still) = (is(0.2), is(0.07), is(0.02));
    let (instrument, reported, much, low) = (is(0.08), is(0.97), is(0.1), is(0.03));
    let (first, torn) = (is(0.45), is(0.2));
    let holds = |set: &Set| match set {
        Born => true,
        Caesarean => caesarean,
        Vaginal => !caesarean,
        Early => early,
        Term => !early,
        Scored => !early && !still,
        Low => !early && !still && low,
        NotLow => !early && !still && !low,
        BledCaesarean => caesarean && reported,
        BledCaesareanMuch => caesarean && reported && much,
        BledCaesareanLittle => caesarean && reported && !much,
        BledVaginal => !caesarean && reported,
        BledVaginalMuch => !caesarean && reported && much,
        BledVaginalLittle => !caesarean && reported && !much,
        Instrument => !caesarean && instrument,
        NoInstrument => !caesarean && !instrument,
        TornWithInstrument => !caesarean && instrument && torn,
        NotTornWithInstrument => !caesarean && instrument && !torn,
        TornWithout => !caesarean && !instrument && torn,
        NotTornWithout => !caesarean && !instrument && !torn,
        FirstVaginal => !caesarean && first,
        TornFirst => !caesarean && first && torn,
        NotTornFirst => !caesarean && first && !torn,
        UnreportedCaesarean => caesarean && !reported,
        UnreportedVaginal => !caesarean && !reported,
    };
    SETS.into_iter().filter(holds).collect()
}

/// Births by clinic, month and kind.
struct Region {
    clinics: u32,
    months: u32,
    kinds: Vec<Vec<Set>>,
    cells: BTreeMap<Vec<u32>, u64>,
}

impl Region {
    fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x70_6e);
        let (clinics, months) = (dice.between(2, 4) as u32, dice.between(1, 3) as u32);
        let mut counted: BTreeMap<(u32, u32, Vec<Set>), u64> = BTreeMap::new();
        for clinic in 0..clinics {
            for month in 0..months {
                for _ in 0..[12, 60, 200, 400][dice.between(0, 3) as usize] {
                    *counted.entry((clinic, month, birth(&mut dice))).or_default() += 1;
                }
            }
        }
        let kinds: BTreeSet<Vec<Set>> = counted.keys().map(|(_, _, kind)| kind.clone()).collect();
        let kinds: Vec<Vec<Set>> = kinds.into_iter().collect();
        let mut cells = BTreeMap::new();
        for clinic in 0..clinics {
            for month in 0..months {
                for (at, kind) in (0..).zip(&kinds) {
                    let count = counted.get(&(clinic, month, kind.clone())).copied().unwrap_or(0);
                    cells.insert(vec![clinic, month, at], count);
                }
            }
        }
        Self { clinics, months, kinds, cells }
    }

    /// The births of a set, of all kinds.
    fn along(&self, set: Set) -> Along {
        let kinds = (0..).zip(&self.kinds).filter(|(_, kind)| kind.contains(&set));
        Along::Of(kinds.map(|(at, _)| at).collect())
    }

    /// Clinic and month, `All` for their sums: what is basic first.
    fn places(&self) -> Vec<[Along; 2]> {
        let (clinics, months) = (Along::each(0..self.clinics), Along::each(0..self.months));
        let all = clinics
            .iter()
            .flat_map(|clinic| months.iter().map(|month| [clinic.clone(), month.clone()]));
        let (mut basic, sums): (Vec<_>, Vec<_>) =
            all.partition(|place| !place.contains(&Along::All));
        basic.extend(sums);
        basic
    }

    fn count(&self, place: &[Along; 2], set: Set) -> u64 {
        let figure: Figure = place.iter().cloned().chain([self.along(set)]).collect();
        let within = self.cells.iter().filter(|(cell, _)| is_within(&figure, cell));
        within.map(|(_, count)| count).sum()
    }

    /// What becomes of each indicator's three counts at each place, protected apart.
    fn apart(&self, indicator: [Set; 3]) -> BTreeMap<([Along; 2], Set), Mark> {
        let mut cells: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        for (cell, count) in &self.cells {
            let kind = &self.kinds[cell[2] as usize];
            if let Some(class) = (0..2).find(|at| kind.contains(&indicator[1 + *at as usize])) {
                *cells.entry(vec![cell[0], cell[1], class]).or_default() += count;
            }
        }
        for place in self.places() {
            if let [Along::Of(clinic), Along::Of(month)] = &place {
                for class in 0..2 {
                    let cell = [clinic, month].map(|one| *one.first().expect("one"));
                    cells.entry(vec![cell[0], cell[1], class]).or_default();
                }
            }
        }
        let axes = [
            Along::each(0..self.clinics),
            Along::each(0..self.months),
            vec![Along::All, Along::one(0), Along::one(1)],
        ];
        let release = Release { cells, figures: table(&axes).into_iter().collect() };
        let outcome = disclose(&release, &[], THRESHOLD);
        let is_proved = outcome.exposed.is_empty();
        let marks = outcome.marks.into_iter().map(|(figure, mark)| {
            let answer = match &figure[2] {
                Along::All => indicator[0],
                one if *one == Along::one(0) => indicator[1],
                _ => indicator[2],
            };
            let mark = if is_proved { mark } else { Mark::Withheld };
            (([figure[0].clone(), figure[1].clone()], answer), mark)
        });
        marks.collect()
    }

    fn together(&self) -> Together {
        let number = |set: &Set| SETS.iter().position(|one| one == set).expect("a set");
        let places = self.places();
        let at = |place: &[Along; 2]| places.iter().position(|one| one == place).expect("a place");
        let apart: Vec<_> = INDICATORS.iter().map(|indicator| self.apart(*indicator)).collect();
        let basic = (self.clinics * self.months) as usize;
        let of = |place: &[Along; 2]| -> Vec<usize> {
            let holds = |part: &[Along; 2]| {
                place.iter().zip(part).all(|(whole, part)| *whole == Along::All || whole == part)
            };
            places[..basic].iter().filter(|part| holds(part)).map(at).collect()
        };
        let told = |place: &[Along; 2]| {
            let is_public = place[1] == Along::All;
            let births = if is_public { Told::Fixed } else { Told::No };
            let indicators = INDICATORS.iter().zip(&apart).map(|(sets, marks)| {
                let mut marks = sets.iter().map(|set| marks[&(place.clone(), *set)]);
                if marks.any(|mark| mark == Mark::Withheld) { Told::No } else { Told::Open }
            });
            [births].into_iter().chain(indicators).collect()
        };
        let secrets = |place: &[Along; 2]| -> Vec<usize> {
            let each = INDICATORS.iter().zip(&apart).flat_map(|(sets, marks)| {
                sets.iter().filter(|set| marks[&(place.clone(), **set)] == Mark::Withheld)
            });
            each.map(number).collect()
        };
        let place = |place: &[Along; 2]| Place {
            of: of(place),
            counts: SETS.iter().map(|set| self.count(place, *set)).collect(),
            told: told(place),
            secrets: secrets(place),
        };
        let births = Item { of: None, counted: Some(0) };
        let item = |[of, counted, _]: &[Set; 3]| Item {
            of: Some(number(of)),
            counted: Some(number(counted)),
        };
        let clinics = || (0..self.clinics).map(Along::one);
        let months = || (0..self.months).map(Along::one);
        let kinds: Vec<Vec<usize>> =
            self.kinds.iter().map(|kind| kind.iter().map(number).collect()).collect();
        let mut lines = Vec::new();
        for clinic in clinics().chain([Along::All]) {
            let members = months().map(|month| at(&[clinic.clone(), month])).collect();
            lines.push((at(&[clinic, Along::All]), members));
        }
        for month in months().chain([Along::All]) {
            let members = clinics().map(|clinic| at(&[clinic, month.clone()])).collect();
            lines.push((at(&[Along::All, month]), members));
        }
        Together {
            relations: Arc::new(Relations::of(
                &kinds,
                number(&UnreportedCaesarean),
                SETS.len(),
                &REPORTING.map(|(told, not, _)| (number(&told), number(&not))),
            )),
            items: [births].into_iter().chain(INDICATORS.iter().map(item)).collect(),
            basic,
            places: places.iter().map(place).collect(),
            lines,
            threshold: THRESHOLD,
        }
    }

    /// Every set at every place, shown where an item tells it.
    fn published(&self, together: &Together) -> Published {
        let mut marks: BTreeMap<Figure, Mark> = BTreeMap::new();
        for (place, told) in self.places().iter().zip(&together.places) {
            let items =
                together.items.iter().zip(&told.told).filter(|(_, told)| **told != Told::No);
            let shown: BTreeSet<usize> =
                items.flat_map(|(item, _)| item.of.into_iter().chain(item.counted)).collect();
            for (number, set) in SETS.iter().enumerate() {
                let figure: Figure = place.iter().cloned().chain([self.along(*set)]).collect();
                let mark = if shown.contains(&number) {
                    Mark::Shown(self.count(place, *set))
                } else {
                    Mark::Withheld
                };
                // Two sets of the same births are one figure, known from either.
                let known = marks.entry(figure).or_insert(mark);
                *known = (*known).min(mark);
            }
        }
        let figures = marks.keys().cloned().collect();
        Published { release: Release { cells: self.cells.clone(), figures }, marks }
    }

    /// Sums of births that nobody may know, as figures: counts of indicators that are not told, and few births between two sets.
    fn secrets(&self, together: &Together) -> Vec<(String, Figure)> {
        let mut found = Vec::new();
        for (place, told) in self.places().iter().zip(&together.places) {
            let figure =
                |along: Along| -> Figure { place.iter().cloned().chain([along]).collect() };
            for (indicator, told) in INDICATORS.iter().zip(told.told.iter().skip(1)) {
                if *told == Told::No {
                    found.push((
                        format!("{place:?} {indicator:?}"),
                        figure(self.along(indicator[1])),
                    ));
                }
            }
            let kinds = |set: Set| match self.along(set) {
                Along::Of(kinds) => kinds,
                Along::All => BTreeSet::new(),
            };
            for more in compared() {
                for less in compared() {
                    let (more_of, less_of) = (kinds(more), kinds(less));
                    // Of whom nothing is reported is no secret.
                    let is_reporting = REPORTING
                        .iter()
                        .any(|(told, _, meant)| *told == less && more_of.is_subset(&kinds(*meant)));
                    if is_reporting {
                        continue;
                    }
                    if less_of.is_subset(&more_of) && self.count(place, less) > 0 {
                        let rest = Along::Of(more_of.difference(&less_of).copied().collect());
                        let few = self.count(place, more) - self.count(place, less);
                        if (1..THRESHOLD).contains(&few) {
                            found.push((format!("{place:?} {more:?} less {less:?}"), figure(rest)));
                        }
                    }
                }
            }
            // Torn with an instrument and without, less those at first births.
            let torn: BTreeSet<u32> =
                kinds(TornWithInstrument).union(&kinds(TornWithout)).copied().collect();
            let rest = Along::Of(torn.difference(&kinds(TornFirst)).copied().collect());
            let few = self.count(place, TornWithInstrument) + self.count(place, TornWithout)
                - self.count(place, TornFirst);
            if (1..THRESHOLD).contains(&few) {
                found.push((format!("{place:?} torn at later births"), figure(rest)));
            }
        }
        found.retain(|(_, figure)| figure[2] != Along::Of(BTreeSet::new()));
        found
    }

    /// What the attacker finds.
    fn found(&self, together: &Together) -> Vec<String> {
        let published = self.published(together);
        let attacker = Attacker::of(std::slice::from_ref(&published));
        let secrets = self.secrets(together).into_iter();
        let known = secrets.filter(|(_, figure)| attacker.recovers(&attacker.parts(figure)));
        known.map(|(name, _)| name).collect()
    }
}

#[test]
fn an_attacker_with_the_tables_of_all_indicators_recovers_nothing() {
    let (mut told, mut open, mut unproved, mut bare) = (0, 0, 0, 0);
    for seed in 0..worlds() / 2 {
        let region = Region::of(seed);
        let mut together = region.together();
        let is_open = |told: &&Told| **told == Told::Open;
        let count = |together: &Together| {
            together.places.iter().flat_map(|place| &place.told).filter(is_open).count()
        };
        open += count(&together);
        bare += u32::from(!region.found(&together).is_empty());
        if !protect(&mut together) {
            unproved += 1;
            let items = together.places.iter_mut().flat_map(|place| &mut place.told);
            items.filter(|told| **told == Told::Open).for_each(|told| *told = Told::No);
        }
        assert_eq!(region.found(&together), Vec::<String>::new(), "region {seed}");
        told += count(&together);
    }
    eprintln!(
        "{told} of {open} items told, {unproved} regions without proof; unprotected {bare} give people away"
    );
    assert!(u64::from(bare) * 4 > worlds() && told * 3 > open && unproved * 20 <= worlds());
}

/// Clinics with 40 and 60 births, 3 early at the first: those at term less those with an Apgar are two stillborn.
#[test]
fn the_stillborn_at_term_take_the_apgar_of_two_clinics_with_them() {
    let (born, early, term, scored, low) = (0, 1, 2, 3, 4);
    let kinds = [
        vec![born, early],
        vec![born, term],
        vec![born, term, scored],
        vec![born, term, scored, low],
    ];
    let place = |of: Vec<usize>, counts: [u64; 5]| Place {
        of,
        counts: counts.to_vec(),
        told: vec![Told::Fixed, Told::Open, Told::Open],
        secrets: Vec::new(),
    };
    let mut together = Together {
        relations: Arc::new(Relations::of(&kinds, 5, 5, &[])),
        items: vec![
            Item { of: None, counted: Some(born) },
            Item { of: Some(born), counted: Some(early) },
            Item { of: Some(scored), counted: Some(low) },
        ],
        basic: 3,
        places: vec![
            place(vec![0], [140, 13, 127, 125, 20]),
            place(vec![1], [160, 20, 140, 130, 21]),
            place(vec![2], [150, 20, 130, 120, 22]),
            place(vec![0, 1, 2], [450, 53, 397, 375, 63]),
        ],
        lines: vec![(3, vec![0, 1, 2])],
        threshold: THRESHOLD,
    };
    assert!(protect(&mut together));
    let told: Vec<Told> = together.places.iter().map(|place| place.told[2]).collect();
    assert_eq!(told, [Told::No, Told::Open, Told::No, Told::Open]);
    assert!(together.places.iter().all(|place| place.told[1] == Told::Open));
}
