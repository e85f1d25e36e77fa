//! A year's table held against what was published of it before.
//!
//! Owns: that the same clinic, group and class are called the same on both sides, and what is compared beside counts. Does not own: which
//! differences are too small, or the proof (`follow::disclose::follows`).

use super::{Layout, Part, YearOf, number};
use follow::disclose::{Along, Barred, Figure, Published, Release, follows};
use follow::indicator::Tally;
use follow::outcome::is_small;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What becomes of a table that would be published anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// It is what was published last.
    Same,
    /// It is another, and nobody can be subtracted.
    Apart,
    /// It is another, and must not be published.
    Barred(Barred),
}

/// Holds a family's tables, in the order of its indicators, against its earlier publications; the last of them is the last.
pub fn held(new: &[Arc<YearOf>], earlier: &[Vec<Arc<YearOf>>]) -> Held {
    let is_same = |old: &[Arc<YearOf>]| {
        new.len() == old.len() && new.iter().zip(old).all(|(a, b)| a.is_same(b))
    };
    if earlier.last().is_none_or(|old| is_same(old)) {
        return if earlier.is_empty() { Held::Apart } else { Held::Same };
    }
    let all = || earlier.iter().flatten().chain(new);
    let threshold = all().map(|one| one.threshold()).max().unwrap_or(0);
    for old in earlier {
        if !new.iter().zip(old).all(|(new, old)| new.is_apart_from(old, threshold)) {
            return Held::Barred(Barred::SmallDifference);
        }
    }
    let mut names = Names::default();
    let published = |tables: &[Arc<YearOf>], names: &mut Names| -> Vec<Published> {
        tables.first().map(|one| one.published(names)).unwrap_or_default()
    };
    let earlier: Vec<Vec<Published>> =
        earlier.iter().map(|old| published(old, &mut names)).collect();
    let new = published(new, &mut names);
    let earlier: Vec<&[Published]> = earlier.iter().map(Vec::as_slice).collect();
    match follows(&new, &earlier, threshold.into()) {
        Ok(()) => Held::Apart,
        Err(barred) => Held::Barred(barred),
    }
}

/// Numbers that mean the same in every publication.
#[derive(Default)]
struct Names {
    clinics: BTreeMap<String, u32>,
    groups: BTreeMap<String, u32>,
    classes: BTreeMap<Vec<u8>, u32>,
}

/// The numbers of names in order, each new one the next.
fn numbered<K: Ord + Clone>(known: &mut BTreeMap<K, u32>, names: &[K]) -> Vec<u32> {
    let mut of = |name: &K| {
        let next = number(known.len());
        *known.entry(name.clone()).or_insert(next)
    };
    names.iter().map(&mut of).collect()
}

fn renamed(along: &Along, names: &[u32]) -> Along {
    let name = |at: &u32| names.get(*at as usize).copied();
    match along {
        Along::All => Along::All,
        Along::Of(values) => Along::Of(values.iter().filter_map(name).collect()),
    }
}

impl YearOf {
    /// Whether everything that is told follows from the same counts in the same way.
    fn is_same(&self, other: &Self) -> bool {
        let (own, others) = (&self.protected, &other.protected);
        self.layout == other.layout
            && self.tallies == other.tallies
            && self.answers == other.answers
            && (own.threshold, &own.classes, &own.counts)
                == (others.threshold, &others.classes, &others.counts)
    }

    /// Whether of every clinic and group nothing has changed for fewer births than the threshold: reported, counted, pending, or valued.
    fn is_apart_from(&self, old: &Self, threshold: u32) -> bool {
        let clinics: BTreeSet<&String> =
            self.layout.clinics.iter().chain(&old.layout.clinics).collect();
        let parts: BTreeSet<Option<&String>> =
            parts(&self.layout).chain(parts(&old.layout)).map(Some).chain([None]).collect();
        let rows = || clinics.iter().copied().map(Some).chain([None]);
        let tallies = |row: Option<&String>, part: Option<&String>| {
            (self.tally_of(row, part), old.tally_of(row, part))
        };
        rows().all(|row| {
            parts.iter().all(|part| {
                let (new, old) = tallies(row, *part);
                are_apart(&new, &old, threshold)
            })
        })
    }

    /// The tally of a clinic and a group or run of groups by name; of nobody where the name is not known here.
    fn tally_of(&self, row: Option<&String>, part: Option<&String>) -> Arc<Tally> {
        let layout = &self.layout;
        let row = row.map(|name| layout.clinics.iter().position(|one| one == name));
        let part = match part {
            None => Some(Part::All),
            Some(name) => {
                let group = layout.groups.iter().position(|one| one == name).map(Part::Group);
                group.or_else(|| layout.runs.iter().position(|(run, _)| run == name).map(Part::Run))
            }
        };
        match (row, part) {
            (None, Some(part)) => self.tally(None, part),
            (Some(Some(row)), Some(part)) => self.tally(Some(row), part),
            _ => Arc::default(),
        }
    }

    /// What is told of the family, margins first, under names that mean the same in every publication.
    fn published(&self, names: &mut Names) -> Vec<Published> {
        let protected = &self.protected;
        let clinics = numbered(&mut names.clinics, &self.layout.clinics);
        let groups = numbered(&mut names.groups, &self.layout.groups);
        let classes = numbered(&mut names.classes, &protected.classes);
        let axes = [clinics, groups, classes];
        let figure = |figure: &Figure| -> Figure {
            figure.iter().zip(&axes).map(|(along, names)| renamed(along, names)).collect()
        };
        let within = protected.within.get_or_init(|| protected.protect_within());
        let cells: BTreeMap<Vec<u32>, u64> = protected
            .cells()
            .cells
            .iter()
            .map(|(cell, count)| {
                let named = cell.iter().zip(&axes);
                let named = named.filter_map(|(at, names)| names.get(*at as usize).copied());
                (named.collect(), *count)
            })
            .collect();
        let release = |marks: &BTreeMap<Figure, _>| {
            let marks: BTreeMap<Figure, _> =
                marks.iter().map(|(of, mark)| (figure(of), *mark)).collect();
            let figures = marks.keys().cloned().collect();
            Published { release: Release { cells: cells.clone(), figures }, marks }
        };
        vec![release(&protected.margins.marks), release(within)]
    }
}

fn parts(layout: &Layout) -> impl Iterator<Item = &String> {
    layout.groups.iter().chain(layout.runs.iter().map(|(run, _)| run))
}

fn are_apart(new: &Tally, old: &Tally, threshold: u32) -> bool {
    let fields = |one: &Tally| {
        [one.reported, one.counted, one.reported - one.counted, one.unreported, one.pending]
    };
    let is_near = |(one, other): (u64, u64)| is_small(one.abs_diff(other), threshold);
    let (came, went) = changed(&new.values, &old.values);
    !fields(new).into_iter().zip(fields(old)).any(is_near)
        && !is_small(came, threshold)
        && !is_small(went, threshold)
}

/// How many values are in the first and not in the second, and the other way; both in order of size.
fn changed(new: &[f64], old: &[f64]) -> (u64, u64) {
    let (mut came, mut went) = (0, 0);
    let (mut left, mut right) = (new.iter().peekable(), old.iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (Some(one), Some(other)) if one == other => {
                left.next();
                right.next();
            }
            (Some(one), Some(other)) if one < other => {
                came += u64::from(left.next().is_some());
            }
            (_, Some(_)) => went += u64::from(right.next().is_some()),
            (Some(_), None) => came += u64::from(left.next().is_some()),
            (None, None) => return (came, went),
        }
    }
}
