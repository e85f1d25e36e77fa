//! The slow reading of the chain: every question asked of every birth and every pregnancy.

use crate::world::{Told, cares, random};
use follow::care::NONE;
use follow::chain::{Basis, Chain, Ending, Episode, Phase, Reason, Rules};
use kernel::fact::ContactKind;
use kernel::time::Day;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
struct Slow<'a> {
    start: Option<i32>,
    basis: Basis,
    born: Option<i32>,
    children: Option<u8>,
    loss: Option<i32>,
    unseen: bool,
    begins: i32,
    members: Vec<(&'a Told, Reason, Phase)>,
}

impl Slow<'_> {
    fn of(start: Option<i32>, basis: Basis, begins: i32) -> Self {
        Self {
            start,
            basis,
            born: None,
            children: None,
            loss: None,
            unseen: false,
            begins,
            members: Vec::new(),
        }
    }
}

fn is_loss(contact: &Told) -> bool {
    let codes = ["O00", "O01", "O02", "O03", "O04", "O05", "O06", "O07", "O08"];
    contact.diagnoses.iter().any(|diagnosis| codes.iter().any(|code| diagnosis.starts_with(code)))
}

fn children(contact: &Told) -> Option<u8> {
    let of = |code: &&str| match *code {
        "Z370" => Some(1),
        "Z372" => Some(2),
        _ => None,
    };
    contact.diagnoses.iter().filter_map(of).max()
}

fn slow(contacts: &[Told]) -> Vec<Slow<'_>> {
    let mut sorted: Vec<&Told> = contacts.iter().collect();
    sorted.sort_by_key(|contact| (contact.day, contact.id.clone()));
    let mut all: Vec<Slow> = Vec::new();
    for contact in sorted.iter().filter(|contact| contact.kind == ContactKind::Delivery) {
        let days = contact.days.filter(|days| (140..=308).contains(days));
        let start = days.map(|days| contact.day - days);
        if let Some(same) = all.last_mut().filter(|birth| contact.day - birth.born.unwrap() <= 140)
        {
            same.start = same.start.or(start);
            same.children = same.children.max(children(contact));
            same.members.push((contact, Reason::SameBirth, Phase::Birth));
        } else {
            let mut birth = Slow::of(start, Basis::DaysOfBirth, 0);
            (birth.born, birth.children) = (Some(contact.day), children(contact));
            birth.members.push((contact, Reason::Birth, Phase::Birth));
            all.push(birth);
        }
    }
    for birth in &mut all {
        let mut instants: Vec<_> =
            birth.members.iter().filter_map(|(told, ..)| told.born_at).collect();
        instants.sort();
        instants.dedup();
        if instants.len() > 1 {
            birth.children = birth.children.max(Some(u8::try_from(instants.len().min(3)).unwrap()));
        }
    }
    let rest: Vec<&Told> =
        sorted.into_iter().filter(|contact| contact.kind != ContactKind::Delivery).collect();
    let born: Vec<i32> = all.iter().filter_map(|birth| birth.born).collect();
    let (mut loose, mut undated) = (Vec::new(), Vec::new());
    for contact in &rest {
        let start = contact.days.map(|days| contact.day - days);
        let start = start.filter(|start| {
            contact.kind != ContactKind::PostnatalVisit
                && !born.iter().any(|born| start < born && *born < contact.day)
        });
        let Some(start) = start else {
            undated.push(*contact);
            continue;
        };
        let near = all.iter_mut().filter(|birth| birth.born.unwrap() >= contact.day);
        let near = near.filter_map(|birth| Some(((birth.start? - start).abs(), birth)));
        match near.filter(|(apart, _)| *apart <= 84).min_by_key(|(apart, _)| *apart) {
            Some((_, birth)) => {
                birth.members.push((contact, Reason::DaysOfBirth, Phase::Antenatal))
            }
            None => loose.push((start, *contact)),
        }
    }
    gather(&mut all, loose, &rest);
    place(&mut all, undated);
    all.sort_by_key(|slow| slow.begins);
    all
}

/// The start and day of the last contact, and each contact with its start.
type Cluster<'a> = (i32, i32, Vec<(i32, &'a Told)>);

/// Contacts with days that no birth dates.
fn gather<'a>(all: &mut Vec<Slow<'a>>, mut loose: Vec<(i32, &'a Told)>, rest: &[&'a Told]) {
    let losses = rest.iter().filter(|contact| is_loss(contact)).map(|contact| contact.day);
    let ends: Vec<i32> = losses.chain(all.iter().filter_map(|birth| birth.born)).collect();
    loose.sort_by_key(|(start, contact)| (*start, contact.day, contact.id.clone()));
    let mut clusters: Vec<Vec<(i32, &Told)>> = Vec::new();
    for (start, contact) in loose {
        let joins = |cluster: &&mut Vec<(i32, &Told)>| {
            let first = cluster[0].0;
            start - first <= 84 && !ends.iter().any(|end| first <= *end && *end < start)
        };
        match clusters.last_mut().filter(joins) {
            Some(cluster) => cluster.push((start, contact)),
            None => clusters.push(vec![(start, contact)]),
        }
    }
    let mut clusters: Vec<Cluster<'_>> = clusters
        .into_iter()
        .map(|cluster| {
            let last = cluster.iter().max_by_key(|(_, contact)| (contact.day, contact.id.clone()));
            let (start, contact) = last.unwrap();
            (*start, contact.day, cluster)
        })
        .collect();
    let mut before = i32::MIN;
    for birth in all.iter_mut() {
        let born = birth.born.unwrap();
        if birth.start.is_none() {
            let fits = |(start, last, _): &Cluster<'_>| {
                (140..=308).contains(&(born - start)) && *last <= born && *start > before
            };
            let best = clusters.iter().enumerate().filter(|(_, cluster)| fits(cluster));
            match best.max_by_key(|(at, cluster)| (cluster.0, *at)).map(|(at, _)| at) {
                Some(at) => {
                    let (start, _, members) = clusters.remove(at);
                    (birth.start, birth.basis) = (Some(start), Basis::DaysOfContacts);
                    let member = |(_, told)| (told, Reason::DaysOfContacts, Phase::Antenatal);
                    birth.members.extend(members.into_iter().map(member));
                }
                None => {
                    (birth.start, birth.basis) = (Some((born - 280).max(before)), Basis::Assumed);
                }
            }
        }
        birth.begins = birth.start.unwrap();
        before = born;
    }
    for (start, _, members) in clusters {
        let mut slow = Slow::of(Some(start), Basis::DaysOfContacts, start);
        slow.loss =
            members.iter().filter(|(_, told)| is_loss(told)).map(|(_, told)| told.day).min();
        let member = |(_, told)| (told, Reason::DaysOfContacts, Phase::Antenatal);
        slow.members.extend(members.into_iter().map(member));
        all.push(slow);
    }
}

/// The pregnancy that began last by then.
fn latest(all: &[Slow<'_>], day: i32) -> Option<usize> {
    let begun = (0..).zip(all).filter(|(_, slow)| slow.start.is_some() && slow.begins <= day);
    begun.max_by_key(|(at, slow)| (slow.begins, *at)).map(|(at, _)| at)
}

fn place<'a>(all: &mut Vec<Slow<'a>>, undated: Vec<&'a Told>) {
    let (losses, others): (Vec<&Told>, Vec<&Told>) =
        undated.into_iter().partition(|contact| is_loss(contact));
    let mut alone: Option<usize> = None;
    for contact in losses {
        let day = contact.day;
        let known =
            latest(all, day).filter(|at| day <= all[*at].born.unwrap_or(all[*at].begins + 308));
        if let Some(at) = known {
            if all[at].born.is_none() {
                all[at].loss = Some(all[at].loss.unwrap_or(day).min(day));
            }
            all[at].members.push((contact, Reason::WithinDates, Phase::Antenatal));
        } else if let Some(at) = alone.filter(|at| day - all[*at].loss.unwrap() <= 84) {
            all[at].members.push((contact, Reason::AfterLoss, Phase::Postnatal));
        } else {
            let mut slow = Slow::of(None, Basis::Unknown, day);
            slow.loss = Some(day);
            slow.members.push((contact, Reason::Loss, Phase::Antenatal));
            alone = Some(all.len());
            all.push(slow);
        }
    }
    for contact in others {
        let day = contact.day;
        let close = |end: Option<i32>| end.is_some_and(|end| (0..=112).contains(&(day - end)));
        let after_birth = (0..).zip(&*all).filter(|(_, slow)| close(slow.born));
        let after_birth = after_birth.max_by_key(|(_, slow)| slow.born).map(|(at, _)| at);
        let after_birth = after_birth.map(|at| (at, Reason::AfterBirth, Phase::Postnatal));
        let after_loss = (0..).zip(&*all).filter(|(_, slow)| close(slow.loss));
        let after_loss = after_loss.max_by_key(|(at, slow)| (slow.loss, *at)).map(|(at, _)| at);
        let after_loss = after_loss.map(|at| (at, Reason::AfterLoss, Phase::Postnatal));
        let last = latest(all, day);
        let within = last
            .filter(|at| {
                let slow = &all[*at];
                day <= slow.born.or(slow.loss).unwrap_or(slow.begins + 308)
            })
            .map(|at| (at, Reason::WithinDates, Phase::Antenatal));
        let unseen = last
            .filter(|at| {
                let slow = &all[*at];
                let late = (140..=308 + 112).contains(&(day - slow.begins));
                slow.born.is_none() && slow.loss.is_none() && late
            })
            .map(|at| (at, Reason::AfterUnseenBirth, Phase::Postnatal));
        let found = match contact.kind {
            ContactKind::PostnatalVisit => after_birth.or(unseen),
            ContactKind::HomeVisit | ContactKind::PhysiotherapyVisit => after_birth.or(within),
            _ => within.or(after_birth),
        };
        if let Some((at, reason, phase)) = found.or(after_loss) {
            all[at].unseen |= reason == Reason::AfterUnseenBirth;
            all[at].members.push((contact, reason, phase));
        }
    }
}

const THROUGH: i32 = 19_700;

/// One pregnancy, in a form in which both readings can be held against each other.
type Seen = (Option<i32>, Basis, String, Vec<(String, Reason, Phase)>);

fn seen_slow(slow: &Slow<'_>) -> Seen {
    let ending = match (slow.born, slow.loss) {
        (Some(born), _) => format!("birth {born} {:?}", slow.children),
        (None, Some(loss)) => format!("loss {loss}"),
        (None, None) if slow.unseen => "unseen".to_owned(),
        (None, None) if slow.begins + 308 >= THROUGH => "ongoing".to_owned(),
        (None, None) => "lost".to_owned(),
    };
    let mut members: Vec<_> = slow
        .members
        .iter()
        .map(|(told, reason, phase)| (told.id.clone(), *reason, *phase))
        .collect();
    members.sort();
    (slow.start, slow.basis, ending, members)
}

fn seen_fast(chain: &Chain, episode: &Episode, members: Vec<(String, Reason, Phase)>) -> Seen {
    let ending = match episode.ending {
        Ending::Birth(birth) => {
            assert_eq!(chain.rows(episode, Phase::Birth).first(), Some(&birth.row));
            format!("birth {} {:?}", birth.day.number(), birth.children)
        }
        Ending::Loss(day) => format!("loss {}", day.number()),
        Ending::UnseenBirth => "unseen".to_owned(),
        Ending::Ongoing => "ongoing".to_owned(),
        Ending::LostToFollowUp => "lost".to_owned(),
    };
    (episode.start.map(Day::number), episode.basis, ending, members)
}

/// By person, each one's pregnancies; and how many contacts are in none.
fn fast(contacts: &[Told]) -> (BTreeMap<u32, Vec<Seen>>, usize) {
    let (cares, reports) = cares(contacts);
    let rules = Rules::assumed();
    let chain = Chain::new(&cares, &reports, &rules, Day::from_number(THROUGH));
    let mut members: BTreeMap<u32, Vec<(String, Reason, Phase)>> = BTreeMap::new();
    for (care, link) in cares.rows.iter().zip(&chain.links) {
        let id = reports.contact_ids.get(care.contact).to_owned();
        members.entry(link.episode).or_default().push((id, link.reason, link.phase));
    }
    let none = members.remove(&NONE).unwrap_or_default();
    assert!(none.iter().all(|(_, reason, _)| *reason == Reason::NoPregnancy));
    let mut persons: BTreeMap<u32, Vec<Seen>> = BTreeMap::new();
    for (number, episode) in (0..).zip(&chain.episodes) {
        let mut members = members.remove(&number).unwrap();
        members.sort();
        let rows = Phase::ALL.iter().map(|phase| chain.rows(episode, *phase).len());
        assert_eq!(rows.sum::<usize>(), members.len());
        persons.entry(episode.person).or_default().push(seen_fast(&chain, episode, members));
    }
    (persons, none.len())
}

#[test]
fn random_worlds_agree_with_the_slow_reading_in_any_order() {
    let mut reasons: BTreeMap<Reason, usize> = BTreeMap::new();
    let mut endings: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..4_000 {
        let mut contacts = random(seed);
        let (persons, none) = fast(&contacts);
        let mut placed = 0;
        for person in 0..4 {
            let hers: Vec<Told> =
                contacts.iter().filter(|contact| contact.person == person).cloned().collect();
            let slow: Vec<Seen> = slow(&hers).iter().map(seen_slow).collect();
            assert_eq!(persons.get(&person).cloned().unwrap_or_default(), slow, "seed {seed}");
            for (_, _, ending, members) in &slow {
                placed += members.len();
                let kind = ending.split(' ').next().unwrap().to_owned();
                *endings.entry(kind).or_default() += 1;
                members.iter().for_each(|member| *reasons.entry(member.1).or_default() += 1);
            }
        }
        assert_eq!(placed + none, contacts.len());
        crate::world::Chance(seed).shuffle(&mut contacts);
        assert_eq!(fast(&contacts), (persons, none), "seed {seed}");
    }
    assert_eq!(reasons.len(), Reason::ALL.len() - 1, "all but no-pregnancy occur: {reasons:?}");
    assert_eq!(endings.len(), 5, "{endings:?}");
}
