//! The order is total, does not depend on the order of the input, and changing one fact moves only what it should.

use super::super::order::{Rank, queue};
use super::super::{Answer, Fear};
use super::*;
use proptest::prelude::*;

fn answer() -> impl Strategy<Value = Answer> {
    proptest::sample::select(Answer::ALL)
}

fn woman(n: usize) -> impl Strategy<Value = Referral> {
    let scales = proptest::option::of([0_u8..=100, 0_u8..=100]);
    let fear = proptest::option::of(proptest::sample::select(Fear::ALL));
    let social = proptest::array::uniform5(answer());
    (scales, fear, answer(), social, 0_i32..6).prop_map(
        move |(scales, fear, wants, social, days)| {
            let mut woman = referral(&format!("r{n}"), "2024-01-01");
            woman.received_on = woman.received_on.plus(days);
            Referral { scales, fear, wants_vaginal: wants, social, ..woman }
        },
    )
}

fn women() -> impl Strategy<Value = Vec<Referral>> {
    (1_usize..14).prop_flat_map(|count| (0..count).map(woman).collect::<Vec<_>>())
}

/// Ids in the order of the queue.
fn ordered(women: &[Referral]) -> Vec<String> {
    let limits = limits();
    let read = |woman: &Referral| (woman.clone(), decided(&limits).assess(woman));
    let eligible = women.iter().map(read).filter(|(_, assessed)| assessed.is_eligible());
    let ranks = eligible.map(|(woman, assessed)| Rank::of(&woman, &assessed)).collect();
    queue(ranks).into_iter().map(|position| position.id).collect()
}

/// Without one of them.
fn others(ids: &[String], but: &str) -> Vec<String> {
    ids.iter().filter(|id| *id != but).cloned().collect()
}

fn place(ids: &[String], of: &str) -> usize {
    ids.iter().position(|id| id == of).unwrap_or(usize::MAX)
}

/// A greater need: a degree more of fear, points more on a scale, a wish said, a social ground more.
fn raised(woman: &Referral, how: usize) -> Referral {
    let mut woman = woman.clone();
    match how {
        0 => {
            let next = |fear| Fear::ALL.iter().copied().find(|other| *other > fear);
            woman.fear = woman.fear.map(|fear| next(fear).unwrap_or(fear));
        }
        1 => woman.scales = woman.scales.map(|scales| scales.map(|one| (one + 15).min(100))),
        2 => woman.wants_vaginal = Answer::Yes,
        at => woman.social[at - 3] = Answer::Yes,
    }
    woman
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_input_does_not_matter(women in women(), seed in 0_u64..u64::MAX) {
        let mut shuffled = women.clone();
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        let ids = ordered(&women);
        prop_assert_eq!(&ids, &ordered(&shuffled));
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), ids.len());
    }

    #[test]
    fn who_needs_it_more_never_falls_and_the_others_keep_their_order(women in women(), which in 0_usize..14, how in 0_usize..8) {
        let at = which % women.len();
        let before = ordered(&women);
        let mut after = women.clone();
        after[at] = raised(&women[at], how);
        let after = ordered(&after);
        let id = &women[at].id;
        prop_assert_eq!(others(&before, id), others(&after, id));
        prop_assert!(place(&after, id) <= place(&before, id), "{:?} {:?}", before, after);
    }

    #[test]
    fn whoever_comes_or_goes_moves_nobody_past_another(women in women(), which in 0_usize..14) {
        let at = which % women.len();
        let fewer: Vec<Referral> = women.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, w)| w.clone()).collect();
        prop_assert_eq!(others(&ordered(&women), &women[at].id), ordered(&fewer));
    }

    #[test]
    fn what_is_no_ground_moves_nobody(women in women(), which in 0_usize..14) {
        let at = which % women.len();
        let mut after = women.clone();
        after[at].note = "something else".into();
        after[at].from_unit = "another".into();
        after[at].person = "p-other".into();
        prop_assert_eq!(ordered(&women), ordered(&after));
    }
}
