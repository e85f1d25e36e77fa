//! Contacts to pregnancies: cases that a midwife can read, and random worlds that a slow reading must agree with.

mod naive;
mod world;

use follow::chain::{Basis, Chain, Ending, Phase, Reason, Rules};
use follow::minute::Minute;
use kernel::fact::ContactKind::{self, Delivery, MidwifeVisit, PhysiotherapyVisit, PostnatalVisit};
use kernel::time::Day;
use world::{Told, cares, told};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn chain(contacts: &[Told]) -> Chain {
    let (cares, reports) = cares(contacts);
    Chain::new(&cares, &reports, &Rules::assumed(), day("2024-01-31"))
}

fn reasons(chain: &Chain) -> Vec<(u32, Reason)> {
    chain.links.iter().map(|link| (link.episode, link.reason)).collect()
}

#[test]
fn a_chain_over_two_clinics() {
    let mut contacts = [
        told("a", MidwifeVisit, "2023-03-12", Some(70)),
        told("b", MidwifeVisit, "2023-06-18", Some(168)),
        told("c", MidwifeVisit, "2023-08-20", None),
        told("d", Delivery, "2023-10-08", Some(280)),
        told("e", PostnatalVisit, "2023-12-01", None),
        told("f", PhysiotherapyVisit, "2024-01-28", None),
        told("g", PhysiotherapyVisit, "2024-01-29", None),
    ];
    for (contact, unit) in contacts.iter_mut().zip([3, 3, 4, 9, 4, 5, 5]) {
        contact.unit = unit;
    }
    contacts[0].planned = "danderyd";
    contacts[1].planned = "sös";
    contacts[2].planned = "huddinge";
    let (cares, reports) = cares(&contacts);
    let rules = Rules::assumed();
    let chain = Chain::new(&cares, &reports, &rules, day("2024-01-31"));
    let [episode] = chain.episodes.as_slice() else { panic!("{:?}", chain.episodes) };
    assert_eq!((episode.start, episode.basis), (Some(day("2023-01-01")), Basis::DaysOfBirth));
    assert_eq!(episode.birth().map(|birth| (birth.unit, birth.row)), Some((9, 3)));
    assert_eq!(chain.clinics(&cares, episode), [3, 4]);
    assert_eq!(chain.enrolled_clinic(&cares, episode), Some(4));
    let planned = chain.planned_unit(&cares, episode, &rules).map(|code| cares.text(code));
    assert_eq!(planned, Some("sös"), "the last said by week 25; week 33 is too late");
    assert_eq!(chain.rows(episode, Phase::Postnatal), [4, 5]);
    // 2024-01-28 is 112 days after birth, 2024-01-29 is 113.
    assert_eq!(chain.links[6].reason, Reason::NoPregnancy);
    assert_eq!(chain.links[2].reason, Reason::WithinDates);
}

#[test]
fn days_at_the_visit_after_birth_are_no_new_pregnancy() {
    let contacts = [
        told("a", Delivery, "2023-10-08", Some(280)),
        told("b", PostnatalVisit, "2023-11-05", Some(308)),
        told("c", MidwifeVisit, "2023-11-06", Some(309)),
    ];
    let after = (0, Reason::AfterBirth);
    assert_eq!(reasons(&chain(&contacts)), [(0, Reason::Birth), after, after]);
}

#[test]
fn the_next_pregnancy_soon_after_birth_is_another_one() {
    let contacts = [
        told("a", Delivery, "2023-05-01", Some(280)),
        told("b", MidwifeVisit, "2023-09-01", Some(60)),
    ];
    let chain = chain(&contacts);
    assert_eq!(reasons(&chain), [(0, Reason::Birth), (1, Reason::DaysOfContacts)]);
    assert_eq!(chain.episodes[1].ending, Ending::Ongoing);
    assert_eq!(chain.episodes[1].start, Some(day("2023-07-03")));
}

#[test]
fn twins_are_one_birth_however_they_are_reported() {
    let child = |id, code, minute| Told {
        diagnoses: vec![code],
        born_at: Minute::parse(minute).ok(),
        ..told(id, Delivery, "2023-10-08", Some(258))
    };
    let children = |contacts: &[Told]| {
        let chain = chain(contacts);
        assert_eq!(chain.episodes.len(), 1);
        chain.episodes[0].birth().and_then(|birth| birth.children)
    };
    let first = child("a", "Z370", "2023-10-08T03:10");
    assert_eq!(children(&[child("a", "Z372", "")]), Some(2));
    assert_eq!(children(&[first.clone(), child("b", "Z370", "2023-10-08T03:19")]), Some(2));
    assert_eq!(
        children(&[first.clone(), child("b", "Z370", "2023-10-08T03:10")]),
        Some(1),
        "a double"
    );
    assert_eq!(children(&[child("a", "O800", "")]), None);
    let chain = chain(&[child("b", "Z370", ""), first]);
    assert_eq!(reasons(&chain), [(0, Reason::SameBirth), (0, Reason::Birth)], "by contact id");
}

#[test]
fn pregnancies_without_birth_say_what_is_known() {
    let ending = |contacts: &[Told]| {
        let chain = chain(contacts);
        assert_eq!(chain.episodes.len(), 1, "{chain:?}");
        chain.episodes[0].ending
    };
    let visit = |date, days| told("a", MidwifeVisit, date, Some(days));
    let loss = |kind: ContactKind, date, days| Told {
        diagnoses: vec!["O021"],
        ..told("b", kind, date, days)
    };
    // 2023-03-29 + 308 days is 2024-01-31, the last day known.
    assert_eq!(ending(&[visit("2023-06-07", 70)]), Ending::Ongoing);
    assert_eq!(ending(&[visit("2023-06-06", 70)]), Ending::LostToFollowUp);
    let gone = loss(ContactKind::DoctorVisit, "2023-06-20", None);
    assert_eq!(ending(&[visit("2023-06-07", 70), gone.clone()]), Ending::Loss(day("2023-06-20")));
    assert_eq!(ending(std::slice::from_ref(&gone)), Ending::Loss(day("2023-06-20")));
    let after = told("c", PostnatalVisit, "2023-12-20", None);
    assert_eq!(ending(&[visit("2023-06-07", 130), after]), Ending::UnseenBirth);
    let next = Told { id: "d".to_owned(), ..visit("2023-08-30", 50) };
    let chain = chain(&[visit("2023-06-07", 70), gone, next]);
    assert_eq!(chain.episodes.len(), 2, "the next start is 84+ days on, or after the loss");
}

#[test]
fn a_pregnancy_that_begins_after_a_loss_is_another_one_within_84_days() {
    let contacts = [
        told("a", MidwifeVisit, "2023-03-01", Some(40)),
        Told {
            diagnoses: vec!["O039"],
            ..told("b", ContactKind::Inpatient, "2023-03-10", Some(49))
        },
        told("c", MidwifeVisit, "2023-06-01", Some(70)),
    ];
    // Starts 2023-01-20, 2023-01-20 and 2023-03-23: 62 days apart, but the loss was on 2023-03-10.
    let chain = chain(&contacts);
    let of: Vec<u32> = chain.links.iter().map(|link| link.episode).collect();
    assert_eq!(of, [0, 0, 1]);
    assert_eq!(chain.episodes[0].ending, Ending::Loss(day("2023-03-10")));
}
