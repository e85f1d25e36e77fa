//! Cases.

use super::super::agree::{Kind, Paid, agreement};
use super::super::chain::{Doubt, Event, Places};
use super::super::course::{State, Step};
use super::super::ground::{Assessed, Lack};
use super::super::order::Criterion;
use super::super::refusal::Refusal;
use super::super::{Answer, Fear};
use super::*;

/// Five women who wait for May: the order asked for in the module's documentation, and each one's explanation.
#[test]
fn greatest_need_goes_first_and_everybody_is_told_why_she_stands_where_she_does() {
    let mut severe = referral("r1", "2024-03-20");
    severe.scales = Some([85, 80]);
    severe.wants_vaginal = Answer::Yes;
    let mut moderate = referral("r2", "2024-03-02");
    moderate.scales = Some([70, 75]);
    moderate.wants_vaginal = Answer::Yes;
    moderate.social = [Answer::Yes, Answer::No, Answer::Yes, Answer::Blank, Answer::No];
    let mut judged = referral("r3", "2024-01-02");
    judged.fear = Some(Fear::Moderate);
    judged.wants_vaginal = Answer::Yes;
    let mut social = referral("r4", "2023-12-01");
    social.social = [Answer::Yes; 5];
    let mut unwanted = referral("r5", "2023-11-01");
    unwanted.fear = Some(Fear::Phobia);
    unwanted.social[1] = Answer::Yes;
    let mut none = referral("r6", "2023-10-01");
    none.scales = Some([59, 60]);
    none.wants_vaginal = Answer::Yes;
    let chain = chain(1, vec![none, unwanted, social, judged, moderate.clone(), severe]);
    let limits = limits();
    let queue = chain.queue(month("2024-05"), decided(&limits));
    let ids: Vec<&str> = queue.iter().map(|position| position.id.as_str()).collect();
    // r6 has the mean 59,5: no ground. r5's fear is no ground since the wish is blank, but one social ground is.
    assert_eq!(ids, ["r1", "r2", "r3", "r4", "r5"]);
    let by: Vec<_> = queue.iter().map(|position| position.by).collect();
    let expected = [None, Some(Criterion::Fear), Some(Criterion::Social), Some(Criterion::Fear)];
    assert_eq!(by, [&expected[..], &[Some(Criterion::Social)]].concat());
    assert_eq!(queue[3].ahead, [3, 0, 0, 0]);
    let told = queue[1].told(&moderate, &decided(&limits).assess(&moderate));
    assert_eq!(
        told.sv,
        "plats 2 av 5: måttlig rädsla (FOBS 72,5), 2 sociala grunder, remiss 2024-03-02; efter plats 1 eftersom större rädsla går före"
    );
}

#[test]
fn a_blank_is_no_ground_and_no_refusal_of_one() {
    let limits = limits();
    let mut woman = referral("r", "2024-01-01");
    woman.fear = Some(Fear::Severe);
    let assessed = Assessed::of(&woman, &limits, "01");
    assert_eq!(assessed.lacks, [Lack::NoGround]);
    assert!(assessed.told(&woman).sv.contains("så länge remissen inte säger"));
    woman.wants_vaginal = Answer::No;
    assert!(
        Assessed::of(&woman, &limits, "01").told(&woman).sv.contains("inte vill föda vaginalt")
    );
    woman.wants_vaginal = Answer::Yes;
    assert!(Assessed::of(&woman, &limits, "01").is_eligible());
    woman.residence = "0380".into();
    assert_eq!(Assessed::of(&woman, &limits, "01").lacks, [Lack::NotResident]);
    woman.residence = String::new();
    assert_eq!(Assessed::of(&woman, &limits, "01").lacks, [Lack::ResidenceMissing]);
}

#[test]
fn two_social_grounds_may_be_needed() {
    let limits = Eligibility { social_from: 2, ..limits() };
    let mut woman = referral("r", "2024-01-01");
    woman.social[0] = Answer::Yes;
    assert!(!Assessed::of(&woman, &limits, "01").is_eligible());
    woman.social[4] = Answer::Yes;
    assert!(Assessed::of(&woman, &limits, "01").is_eligible());
}

/// One place: offered to the first, declined, offered to the second, kept. The place is free again as soon as she declines.
#[test]
fn who_declines_frees_the_place() {
    let limits = limits();
    let mut first = referral("r1", "2024-01-01");
    first.social = [Answer::Yes; 5];
    let mut second = referral("r2", "2024-01-01");
    second.social[0] = Answer::Yes;
    let mut chain = chain(1, vec![first, second]);
    let may = month("2024-05");
    let done = |chain: &mut Chain, id: &str, step: Step, on: &str| {
        let event = Event::Taken(taken(id, step, on));
        chain.admits(&event, decided(&limits)).map(|()| chain.take(event))
    };
    assert_eq!(
        done(&mut chain, "r2", Step::Offer, "2024-02-01"),
        Err(Refusal::OutOfOrder { place: 2 })
    );
    done(&mut chain, "r1", Step::Offer, "2024-02-01").unwrap();
    assert_eq!(chain.free(may, "team-a"), 0);
    let no_place = done(&mut chain, "r2", Step::Offer, "2024-02-02").unwrap_err();
    assert!(
        matches!(no_place, Refusal::NoPlace { ref free, .. } if free.is_empty()),
        "{no_place:?}"
    );
    let early = done(&mut chain, "r1", Step::Decline, "2024-01-31").unwrap_err();
    assert_eq!(early, Refusal::Before { on: day("2024-01-31"), since: day("2024-02-01") });
    done(&mut chain, "r1", Step::Decline, "2024-02-05").unwrap();
    assert_eq!(chain.free_teams(may), ["team-a"]);
    for (step, on) in [
        (Step::Offer, "2024-02-06"),
        (Step::Accept, "2024-02-07"),
        (Step::Start, "2024-02-20"),
        (Step::Keep, "2024-05-20"),
    ] {
        done(&mut chain, "r2", step, on).unwrap();
    }
    assert_eq!(chain.cases["r2"].state, State::Kept);
    let after = done(&mut chain, "r2", Step::End, "2024-06-01").unwrap_err();
    assert!(after.text().sv.contains("inget mer kan göras"), "{}", after.text().sv);
    let back = done(&mut chain, "r1", Step::Wait, "2024-06-01").unwrap_err();
    assert_eq!(back, Refusal::NoReason { step: Step::Wait });
}

#[test]
fn every_state_is_reached_and_what_ended_stays_ended() {
    for state in State::ALL {
        let is_reached = *state == State::Waiting
            || State::ALL
                .iter()
                .any(|from| from.steps().any(|step| from.after(step) == Some(*state)));
        assert!(is_reached, "{state}");
    }
    assert_eq!(State::Kept.steps().count() + State::Ended.steps().count(), 0);
    let holding: Vec<_> = State::ALL.iter().filter(|state| state.holds_place()).collect();
    assert_eq!(holding.len(), 4);
}

#[test]
fn one_pregnancy_has_one_referral() {
    let limits = limits();
    let chain = chain(1, vec![referral("r1", "2024-01-01")]);
    let mut again = referral("r2", "2024-02-01");
    again.person = "p-r1".into();
    let event = |referral: &Referral| Event::Referred(referral.clone());
    let refused = chain.admits(&event(&again), decided(&limits)).unwrap_err();
    assert_eq!(refused, Refusal::Twice { other: "r1".into() });
    again.due_on = day("2025-11-01");
    chain.admits(&event(&again), decided(&limits)).unwrap();
    let mut corrected = referral("r1", "2024-01-01");
    corrected.social[2] = Answer::Yes;
    chain.admits(&event(&corrected), decided(&limits)).unwrap();
}

/// Six midwives and 40 women each: 240 in twelve months are as decided, 241 are not; nine midwives are no team.
#[test]
fn teams_of_other_sizes_and_too_many_women_are_told() {
    let limits = limits();
    let stated = |women: u32, midwives: u32| {
        let places = |n: i32| Places {
            team: "t".into(),
            month: month("2024-01").plus(n),
            midwives,
            women: if n == 0 { women } else { 20 },
        };
        Chain::of((0..12).map(places).map(Event::Places)).doubts(&limits)
    };
    assert_eq!(stated(20, 6), []);
    let team = || "t".to_owned();
    assert_eq!(
        stated(21, 6),
        [Doubt::TooManyWomen { team: team(), from: month("2024-01"), women: 241 }]
    );
    assert_eq!(stated(20, 9).len(), 12);
}

#[test]
fn what_was_paid_and_who_was_in_the_chain_are_compared_woman_by_woman() {
    let mut women: Vec<Referral> =
        ["r1", "r2", "r3", "r4", "r5"].map(|id| referral(id, "2024-01-01")).into();
    women.iter_mut().for_each(|woman| woman.social[0] = Answer::Yes);
    let mut chain = chain(9, women);
    for id in ["r1", "r2", "r3", "r5"] {
        for step in [Step::Offer, Step::Accept, Step::Start] {
            chain.take(Event::Taken(taken(id, step, "2024-02-01")));
        }
    }
    for id in ["r1", "r2"] {
        chain.take(Event::Taken(taken(id, Step::Keep, "2024-05-20")));
    }
    let paid = |contact: &str, person: &str, on: &str| Paid {
        contact: contact.into(),
        person: person.into(),
        care_date: day(on),
        is_payable: true,
    };
    let paid = [
        paid("k1", "p-r1", "2024-05-14"),
        paid("k2", "p-r1", "2024-05-15"),
        paid("k4", "p-r4", "2024-05-20"),
        paid("k9", "p-else", "2024-05-20"),
        paid("k5", "p-r5", "2024-05-20"),
        // Another pregnancy of the same woman.
        paid("k6", "p-r2", "2022-05-20"),
    ];
    let found = agreement(&chain, &paid, day("2024-09-01"));
    assert_eq!(found.agreed, 2);
    let told: Vec<_> = found
        .differences
        .iter()
        .map(|d| (d.kind, d.referral.as_str(), d.contact.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Kind::PaidWithoutReferral, "", "k6"),
            (Kind::PaidWithoutReferral, "", "k9"),
            (Kind::PaidNotEnrolled, "r4", "k4"),
            (Kind::PaidTwice, "r1", "k2"),
            (Kind::KeptNotPaid, "r2", ""),
            (Kind::StartedNotKept, "r3", ""),
        ]
    );
    // Ninety days after the due day it is still early.
    assert_eq!(agreement(&chain, &paid, day("2024-08-13")).differences.len(), 5);
    // Where nothing but shadow amounts was computed nobody is paid, and who has one is not told as unpaid.
    let shadow = |paid: &Paid| Paid { is_payable: false, ..paid.clone() };
    let shadows: Vec<Paid> = paid.iter().map(shadow).collect();
    let found = agreement(&chain, &shadows, day("2024-09-01"));
    assert_eq!(found.agreed, 0);
    let told: Vec<_> = found.differences.iter().map(|d| (d.kind, d.referral.as_str())).collect();
    assert_eq!(told, [(Kind::KeptNotPaid, "r2"), (Kind::StartedNotKept, "r3")]);
}

/// r1 is withdrawn, r2 of the same pregnancy comes, and r1 cannot come back beside it.
#[test]
fn what_was_withdrawn_comes_back_only_where_no_other_referral_of_the_pregnancy_has_come() {
    let limits = limits();
    let mut chain = chain(1, vec![referral("r1", "2024-01-01")]);
    chain.take(Event::Taken(taken("r1", Step::Withdraw, "2024-01-05")));
    let wait =
        Event::Taken(Taken { note: "came anew".into(), ..taken("r1", Step::Wait, "2024-01-20") });
    chain.admits(&wait, decided(&limits)).unwrap();
    let again = Referral { person: "p-r1".into(), ..referral("r2", "2024-01-10") };
    chain.admits(&Event::Referred(again.clone()), decided(&limits)).unwrap();
    chain.take(Event::Referred(again));
    let refused = chain.admits(&wait, decided(&limits)).unwrap_err();
    assert_eq!(refused, Refusal::Twice { other: "r2".into() });
    chain.take(Event::Taken(taken("r2", Step::Withdraw, "2024-01-21")));
    chain.admits(&wait, decided(&limits)).unwrap();
}
