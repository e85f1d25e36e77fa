//! Indices of continuity against published examples, a reading of the formulas as fractions, and what must hold of any contacts.

use follow::care::{Care, Cares, NONE};
use follow::chain::{Chain, Phase, Rules};
use follow::continuity::{Share, bands, compare, continuity, met_before_birth, of_episode};
use kernel::contact::{Profile, Reports};
use kernel::fact::ContactKind::{self, Delivery, MidwifeVisit, PostnatalVisit, Ultrasound};
use kernel::time::Day;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

fn letters(text: &str) -> Vec<u32> {
    text.bytes().map(u32::from).collect()
}

fn share(part: u64, whole: u64) -> Option<Share> {
    Share::new(part, whole)
}

/// British Journal of General Practice 2023; 73(731): 279–282, doi 10.3399/bjgp23X733161, table 2 ("Worked examples of patient/patient
/// group scores"): visits, UPC, Bice–Boxerman. The table writes 2/3 as 0.67 for patient 4 and as 0.66 for patients 14 and 15.
const PUBLISHED: [(&str, &str, &str); 20] = [
    ("A", "", ""),
    ("AA", "1", "1"),
    ("AB", "0.5", "0"),
    ("AAB", "0.67", "0.33"),
    ("ABC", "0.33", "0"),
    ("AABB", "0.5", "0.33"),
    ("AABC", "0.5", "0.17"),
    ("AAABBB", "0.5", "0.4"),
    ("AAAABBBB", "0.5", "0.43"),
    ("AAAABCDE", "0.5", "0.21"),
    ("B", "", ""),
    ("BB", "1", "1"),
    ("AC", "0.5", "0"),
    ("ABB", "0.66", "0.33"),
    ("ACC", "0.66", "0.33"),
    ("AABC", "0.5", "0.17"),
    ("ABBC", "0.5", "0.17"),
    ("AABBBC", "0.5", "0.27"),
    ("AAABBBBC", "0.5", "0.32"),
    ("AABBCCCC", "0.5", "0.29"),
];

#[test]
fn published_examples_of_upc_and_coc() {
    let (mut upcs, mut cocs) = (Vec::new(), Vec::new());
    for (visits, upc, coc) in PUBLISHED {
        let found = continuity(letters(visits));
        if upc.is_empty() {
            // They leave out patients with one visit; UPC itself is defined for one.
            assert_eq!((found.contacts, found.coc), (1, None));
            continue;
        }
        let two = |share: Option<Share>| (share.unwrap().value() * 100.0).round() / 100.0;
        let printed = |text: &str| text.replace("0.66", "0.67").parse::<f64>().unwrap();
        assert_eq!(two(found.upc), printed(upc), "UPC of {visits}");
        assert_eq!(two(found.coc), printed(coc), "COC of {visits}");
        upcs.push(found.upc.unwrap().value());
        cocs.push(found.coc.unwrap().value());
    }
    let mean = |all: &[f64]| (all.iter().sum::<f64>() / all.len() as f64 * 100.0).round() / 100.0;
    // Means of the two lists and of the practice.
    assert_eq!([mean(&upcs[..9]), mean(&upcs[9..]), mean(&upcs)], [0.56, 0.59, 0.57]);
    assert_eq!([mean(&cocs[..9]), mean(&cocs[9..]), mean(&cocs)], [0.32, 0.32, 0.32]);
}

#[test]
fn the_formulas_by_hand() {
    let found = continuity(letters("AABAC"));
    // N 5, M 3, n 3, 1, 1.
    assert_eq!((found.contacts, found.carers), (5, 3));
    assert_eq!((found.upc, found.coc), (share(3, 5), share(9 + 1 + 1 - 5, 20)));
    assert_eq!((found.secon, found.k), (share(1, 4), share(2, 4)));
    // (1 − 3/5.1) / (1 − 1/5.1) = 2.1/4.1.
    assert_eq!(found.mmci, share(21, 41));
    let none = continuity([NONE, NONE]);
    assert_eq!((none.contacts, none.without_carer, none.upc, none.mmci), (0, 2, None, None));
    let gap = continuity([7, NONE, 7]);
    assert_eq!((gap.secon, gap.without_carer), (share(1, 1), 1));
}

proptest! {
    #[test]
    fn what_holds_of_any_contacts(carers in prop::collection::vec(0_u32..5, 0..14)) {
        let found = continuity(carers.clone());
        let n = carers.len() as f64;
        let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
        carers.iter().for_each(|carer| *counts.entry(*carer).or_default() += 1.0);
        let m = counts.len() as f64;
        let close = |share: Option<Share>, value: f64| (share.unwrap().value() - value).abs() < 1e-12;
        let one = share(1, 1);
        for index in [found.upc, found.coc, found.mmci, found.secon, found.k].into_iter().flatten() {
            prop_assert!(Some(index) <= one);
        }
        if carers.is_empty() {
            prop_assert_eq!((found.upc, found.mmci), (None, None));
        } else {
            prop_assert!(close(found.upc, counts.values().copied().fold(0.0, f64::max) / n));
            prop_assert!(close(found.mmci, (1.0 - m / (n + 0.1)) / (1.0 - 1.0 / (n + 0.1))));
        }
        if carers.len() < 2 {
            prop_assert_eq!((found.coc, found.secon, found.k), (None, None, None));
        } else {
            let squares: f64 = counts.values().map(|count| count * count).sum();
            prop_assert!(close(found.coc, (squares - n) / (n * (n - 1.0))));
            let same = (1..carers.len()).filter(|at| carers[*at] == carers[at - 1]).count();
            prop_assert!(close(found.secon, same as f64 / (n - 1.0)));
            prop_assert!(close(found.k, (n - m) / (n - 1.0)));
            prop_assert_eq!(found.coc == one, counts.len() == 1);
        }
        // Only the order of SECON matters; names never do.
        let mut sorted: Vec<u32> = carers.iter().map(|carer| 90 - carer).collect();
        sorted.sort_unstable();
        let again = continuity(sorted);
        prop_assert_eq!((again.upc, again.coc, again.mmci, again.k), (found.upc, found.coc, found.mmci, found.k));
    }
}

/// Contacts of one woman: kind, day, days of pregnancy, carer, team.
fn woman(contacts: &[(ContactKind, &str, Option<i32>, u32, u32)]) -> (Cares, Chain) {
    let (mut cares, mut reports) = (Cares::default(), Reports::default());
    for (at, (kind, day, days, carer, team)) in (0_u32..).zip(contacts) {
        let profile = Profile {
            kind: *kind,
            profession: None,
            drg: None,
            diagnoses: Vec::new(),
            procedures: Vec::new(),
            residence: None,
            place: None,
            individual: None,
            enrolled: None,
            by_team: None,
            gestational_days: *days,
            parity: None,
            classes: Vec::new(),
        };
        cares.rows.push(Care {
            contact: reports.contact_ids.text(&format!("SYN-{at}")),
            unit: 0,
            person: 0,
            kind: *kind,
            care_date: Day::parse(day).unwrap(),
            profile: reports.profiles.number(&profile, |profile| Arc::new(profile.clone())),
            gestational_days: *days,
            carer: *carer,
            team: *team,
            planned_unit: NONE,
            born_at: None,
        });
    }
    let through = Day::parse("2024-01-31").unwrap();
    let chain = Chain::new(&cares, &reports, &Rules::assumed(), through);
    (cares, chain)
}

#[test]
fn a_pregnancy_by_phase_and_the_midwife_at_birth() {
    const TEAM: u32 = 50;
    let (cares, chain) = woman(&[
        (MidwifeVisit, "2023-03-12", Some(70), 1, TEAM),
        (Ultrasound, "2023-05-01", Some(120), 9, NONE),
        (MidwifeVisit, "2023-06-18", Some(168), 2, TEAM),
        (MidwifeVisit, "2023-08-20", Some(231), 2, TEAM),
        (MidwifeVisit, "2023-10-08", Some(280), 3, TEAM),
        (Delivery, "2023-10-08", Some(280), 3, TEAM),
        (PostnatalVisit, "2023-11-01", None, 2, TEAM),
    ]);
    let episode = &chain.episodes[0];
    let midwives = |care: &Care| care.kind != Ultrasound;
    let upc = |phase| of_episode(&chain, &cares, episode, phase, midwives).upc;
    assert_eq!(upc(Some(Phase::Antenatal)), share(2, 4));
    assert_eq!(upc(Some(Phase::Birth)), share(1, 1));
    assert_eq!(upc(None), share(3, 6));
    let all = of_episode(&chain, &cares, episode, None, |_| true);
    assert_eq!((all.contacts, all.carers), (7, 4));
    // She met the midwife at birth on that very day: that is no earlier meeting. The team she had met three times.
    let met = met_before_birth(&chain, &cares, episode, midwives).unwrap();
    assert_eq!((met.carer, met.team), (Some(0), Some(3)));
    assert_eq!((met.knew_carer(1), met.knew_carer_or_team(1)), (Some(false), Some(true)));
    assert_eq!(met.knew_carer_or_team(4), Some(false));
}

#[test]
fn a_birth_whose_midwife_nobody_says_is_unknown_not_unmet() {
    let visit = (MidwifeVisit, "2023-06-18", Some(168), 2, 50);
    let birth = |carer, team| (Delivery, "2023-10-08", Some(280), carer, team);
    let met = |rows: &[_]| {
        let (cares, chain) = woman(rows);
        met_before_birth(&chain, &cares, &chain.episodes[0], |_| true)
    };
    let nobody = met(&[visit, birth(NONE, NONE)]).unwrap();
    assert_eq!((nobody.knew_carer(1), nobody.knew_carer_or_team(1)), (None, None));
    let team = met(&[visit, birth(NONE, 50)]).unwrap();
    assert_eq!((team.knew_carer_or_team(1), team.knew_carer_or_team(2)), (Some(true), None));
    let twins = met(&[visit, birth(7, NONE), birth(2, NONE)]).unwrap();
    assert_eq!(twins.knew_carer(1), Some(true));
    assert_eq!(met(&[visit]), None);
}

#[test]
fn groups_are_compared_within_like_numbers_of_contacts() {
    let row = |n, part, whole| (n, Share::new(part, whole).unwrap());
    let first = [row(2, 1, 1), row(3, 1, 2), row(8, 1, 4), row(30, 1, 8)];
    let second = [row(5, 1, 2), row(6, 1, 4), row(7, 1, 2), row(1, 1, 1)];
    let begins = [2, 6, 11];
    let bands_of = |rows: &[(u64, Share)]| bands(rows, &begins);
    let counts: Vec<_> = bands_of(&first).iter().map(|b| (b.from, b.to, b.pregnancies)).collect();
    assert_eq!(counts, [(2, Some(5), 2), (6, Some(10), 1), (11, None, 1)]);
    let compared = compare(&bands_of(&first), &bands_of(&second)).unwrap();
    // First: (1 + 1/2 + 1/4)/3; second, weighted 2 : 1: (2 · 1/2 + 3/8)/3. Thirty contacts stand alone.
    assert_eq!((compared.first, compared.second), (1.75 / 3.0, 1.375 / 3.0));
    assert_eq!((compared.compared, compared.alone), (3, 1));
    assert_eq!(compare(&bands_of(&first[3..]), &bands_of(&second)), None);
    let mut turned = first;
    turned.reverse();
    assert_eq!(bands_of(&turned), bands_of(&first));
}
