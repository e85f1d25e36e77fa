//! What leaves the clinic says nothing of one woman.

use super::super::figures::{Counts, FIGURES, Figure, Released};
use super::*;
use proptest::prelude::*;

fn counts(figures: [u32; FIGURES], clinical: u32) -> Counts {
    Counts { figures, clinical, differences: 0 }
}

/// 40 referred, 38 eligible, 30 offered, 27 accepted, 27 started, 24 kept, at least 5: kept is told; started is 3 more and withheld, so is
/// accepted; offered is 6 more; eligible 8 more; referred 2 more and withheld.
#[test]
fn few_more_are_withheld() {
    let told = counts([40, 38, 30, 27, 27, 24], 20).released(5);
    assert_eq!(told.figures, [None, Some(38), Some(30), None, None, Some(24)]);
    assert_eq!(told.grounds, Some([20, 18]));
    assert_eq!(counts([40, 38, 30, 27, 27, 24], 35).released(5).grounds, None);
    assert_eq!(counts([40, 38, 30, 27, 27, 24], 38).released(5).grounds, None);
    // Nobody at all is told; three of something is not.
    assert_eq!(counts([0; FIGURES], 0).released(5).figures, [Some(0); FIGURES]);
    let few = counts([3, 3, 1, 1, 0, 0], 1).released(5).figures;
    assert_eq!(few, [None, None, None, None, Some(0), Some(0)]);
}

#[test]
fn a_new_release_that_a_few_women_could_be_read_from_may_not_follow() {
    let before = counts([60, 55, 40, 30, 20, 10], 30).released(5);
    let after = |figures, clinical| counts(figures, clinical).released(5).may_follow(&before, 5);
    assert!(after([60, 55, 40, 30, 20, 10], 30));
    assert!(!after([61, 55, 40, 30, 20, 10], 30));
    assert!(!after([60, 55, 40, 30, 20, 10], 31));
    assert!(after([70, 65, 45, 35, 25, 15], 35));
    // Paid and followed up differently: three are not told, and neither is eight after five.
    let differing = |differences| Counts { differences, ..counts([60, 55, 40, 30, 20, 10], 30) };
    assert_eq!(differing(3).released(5).differences, None);
    assert_eq!(differing(5).released(5).differences, Some(5));
    assert!(!differing(8).released(5).may_follow(&differing(5).released(5), 5));
    assert!(differing(12).released(5).may_follow(&differing(5).released(5), 5));
}

/// 60 were referred; then 59 are eligible, which withholds the referred: the two releases together would say that one of sixty is not.
#[test]
fn what_one_release_tells_and_the_other_withholds_is_compared_too() {
    let before = counts([60, 55, 0, 0, 0, 0], 30).released(5);
    assert_eq!(before.figures[0], Some(60));
    let one_more = counts([60, 59, 0, 0, 0, 0], 30).released(5);
    assert_eq!(one_more.figures[..2], [None, Some(59)]);
    let alone = Released { figures: [Some(60), None, None, None, None, None], ..before.clone() };
    assert!(!one_more.may_follow(&alone, 5));
    // Either way round, since whoever reads both does not ask which came first.
    assert!(!alone.may_follow(&one_more, 5));
}

proptest! {
    /// Whatever is told, every difference of two told numbers is 0 or at least the threshold, and so is every told number.
    #[test]
    fn no_subtraction_gives_few_women(parts in proptest::array::uniform6(0_u32..12), share in 0_u32..100, least in 3_u32..9) {
        let mut figures = [0; FIGURES];
        let mut sum = 0;
        for (at, part) in parts.into_iter().enumerate().rev() {
            sum += part;
            figures[at] = sum;
        }
        let eligible = figures[Figure::Eligible as usize];
        let Released { figures: told, grounds, .. } = counts(figures, eligible * share / 100).released(least);
        let mut numbers: Vec<u32> = told.iter().copied().flatten().collect();
        numbers.push(0);
        for one in &numbers {
            for other in &numbers {
                let gap = one.abs_diff(*other);
                prop_assert!(gap == 0 || gap >= least, "{told:?}");
            }
        }
        if let Some(parts) = grounds {
            prop_assert!(parts.iter().all(|part| *part >= least));
        }
    }
}

#[test]
fn counts_are_of_the_year_of_the_due_day() {
    let limits = limits();
    let mut women: Vec<Referral> = Vec::new();
    for n in 0..12 {
        let mut woman = referral(&format!("r{n}"), "2024-01-01");
        woman.social[0] = if n < 10 { Answer::Yes } else { Answer::No };
        women.push(woman);
    }
    let mut next = referral("next", "2024-01-01");
    next.due_on = day("2025-01-01");
    women.push(next);
    let mut chain = chain(9, women);
    for n in 0..7 {
        chain.take(Event::Taken(taken(&format!("r{n}"), Step::Offer, "2024-02-01")));
    }
    chain.take(Event::Taken(taken("r0", Step::Decline, "2024-02-02")));
    chain.take(Event::Taken(taken("r1", Step::Accept, "2024-02-02")));
    let found = Counts::of(&chain, 2024, decided(&limits), 0);
    assert_eq!(found.figures, [12, 10, 7, 1, 0, 0]);
    assert_eq!(found.clinical, 0);
}
