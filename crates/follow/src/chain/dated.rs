//! Contacts that say how long she has been pregnant.
//!
//! Owns: which birth they belong to, or which others they gather with. Does not own: contacts without days.

use super::births::Group;
use super::person::{Draft, Member, World};
use super::{Basis, Phase, Reason};
use kernel::fact::ContactKind;

/// One contact: where it stands in the person's order, and its row.
pub(super) type Placed = (usize, u32);

/// Contacts whose starts lie close.
struct Cluster {
    /// Earliest start.
    first: i32,
    /// The last contact's place and day, and the start it implies.
    last: (usize, i32, i32),
    loss: Option<i32>,
    placed: Vec<Placed>,
}

/// Pregnancies by births and days, births first in their order; and the contacts without days that can be.
pub(super) fn drafts(
    births: &[Group],
    rows: &[u32],
    world: &World<'_>,
) -> (Vec<Draft>, Vec<Placed>) {
    let mut drafts: Vec<Draft> = (0..births.len()).map(of_birth).collect();
    let (mut loose, mut rest) = (Vec::new(), Vec::new());
    for (place, row) in (0..).zip(rows) {
        let Some(care) = world.care(*row) else { continue };
        let day = care.care_date.number();
        if care.kind == ContactKind::Delivery {
            continue;
        }
        let start = world.start_of_contact(care).filter(|start| can_be(births, *start, day));
        let Some(start) = start else {
            rest.push((place, *row));
            continue;
        };
        let birth = nearest(births, start, day, world).and_then(|birth| drafts.get_mut(birth));
        match birth {
            Some(draft) => draft.members.push(antenatal((place, *row), Reason::DaysOfBirth)),
            None => loose.push((start, place, *row)),
        }
    }
    loose.sort_unstable();
    let clusters = clusters(&loose, &ends(births, rows, world), world);
    give(clusters, births, &mut drafts, world);
    (drafts, rest)
}

fn antenatal((place, row): Placed, reason: Reason) -> Member {
    Member { phase: Phase::Antenatal, place, row, reason }
}

fn of_birth(birth: usize) -> Draft {
    Draft {
        start: None,
        basis: Basis::DaysOfBirth,
        birth: Some(birth),
        loss: None,
        unseen_birth: false,
        begins: 0,
        members: Vec::new(),
    }
}

/// No pregnancy goes on over a birth: days that would have it so are wrong.
fn can_be(births: &[Group], start: i32, day: i32) -> bool {
    let before = births.partition_point(|birth| birth.day < day);
    before.checked_sub(1).and_then(|at| births.get(at)).is_none_or(|birth| start >= birth.day)
}

/// The birth whose own start is nearest, the earlier of two.
fn nearest(births: &[Group], start: i32, day: i32, world: &World<'_>) -> Option<usize> {
    let near = world.rules.same_pregnancy_days;
    let latest = start + near + world.rules.longest_days;
    let first = births.partition_point(|birth| birth.day < day);
    let window = (first..).zip(births.iter().skip(first)).take_while(|(_, b)| b.day <= latest);
    let apart = window.filter_map(|(at, birth)| Some(((birth.start? - start).abs(), at)));
    apart.filter(|(days, _)| *days <= near).min().map(|(_, at)| at)
}

/// Days on which some pregnancy ended, in order.
fn ends(births: &[Group], rows: &[u32], world: &World<'_>) -> Vec<i32> {
    let cares = rows.iter().filter_map(|row| world.care(*row));
    let losses = cares.filter(|care| care.kind != ContactKind::Delivery && world.facts(care).loss);
    let mut ends: Vec<i32> = losses.map(|care| care.care_date.number()).collect();
    ends.extend(births.iter().map(|birth| birth.day));
    ends.sort_unstable();
    ends
}

/// As R29 has it, but that what begins after an end is another pregnancy, however close.
fn clusters(loose: &[(i32, usize, u32)], ends: &[i32], world: &World<'_>) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    for (start, place, row) in loose {
        let Some(care) = world.care(*row) else { continue };
        let day = care.care_date.number();
        let joins = clusters.last().is_some_and(|last| {
            let ended = ends.partition_point(|end| *end < last.first);
            let ended = ends.get(ended).is_some_and(|end| end < start);
            start - last.first <= world.rules.same_pregnancy_days && !ended
        });
        if !joins {
            let last = (*place, day, *start);
            clusters.push(Cluster { first: *start, last, loss: None, placed: Vec::new() });
        }
        let Some(cluster) = clusters.last_mut() else { continue };
        cluster.last = cluster.last.max((*place, day, *start));
        if world.facts(care).loss {
            cluster.loss = Some(cluster.loss.map_or(day, |loss| loss.min(day)));
        }
        cluster.placed.push((*place, *row));
    }
    clusters
}

/// Each birth that does not date itself takes the latest cluster that can have led to it; the others stand for themselves.
fn give(clusters: Vec<Cluster>, births: &[Group], drafts: &mut Vec<Draft>, world: &World<'_>) {
    let rules = world.rules;
    let mut taken = vec![false; clusters.len()];
    let mut before = i32::MIN;
    for (birth, draft) in births.iter().zip(drafts.iter_mut()) {
        let window = birth.day - rules.longest_days..=birth.day - rules.earliest_birth_days;
        let fits = |cluster: &Cluster| {
            let (_, day, start) = cluster.last;
            window.contains(&start) && day <= birth.day && start > before
        };
        let first = window.start().saturating_sub(rules.same_pregnancy_days);
        let from = clusters.partition_point(|cluster| cluster.first < first);
        let near = (from..).zip(clusters.iter().skip(from));
        let near = near.take_while(|(_, cluster)| cluster.first <= *window.end());
        let fitting = near.filter(|(at, cluster)| {
            birth.start.is_none() && fits(cluster) && taken.get(*at) == Some(&false)
        });
        let best = fitting.max_by_key(|(at, cluster)| (cluster.last.2, *at));
        let assumed = (birth.day - rules.assumed_days).max(before);
        let (start, basis) = match (birth.start, best) {
            (Some(start), _) => (start, Basis::DaysOfBirth),
            (None, Some((at, cluster))) => {
                taken.iter_mut().skip(at).take(1).for_each(|taken| *taken = true);
                let members = cluster.placed.iter();
                draft.members.extend(members.map(|p| antenatal(*p, Reason::DaysOfContacts)));
                (cluster.last.2, Basis::DaysOfContacts)
            }
            (None, None) => (assumed, Basis::Assumed),
        };
        (draft.start, draft.basis, draft.begins) = (Some(start), basis, start);
        before = birth.day;
    }
    for (cluster, _) in clusters.into_iter().zip(taken).filter(|(_, taken)| !taken) {
        let start = cluster.last.2;
        let members = cluster.placed.iter();
        drafts.push(Draft {
            start: Some(start),
            basis: Basis::DaysOfContacts,
            birth: None,
            loss: cluster.loss,
            unseen_birth: false,
            begins: start,
            members: members.map(|p| antenatal(*p, Reason::DaysOfContacts)).collect(),
        });
    }
}
