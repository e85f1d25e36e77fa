//! All figures of all releases over the same unknowns.
//!
//! Owns: which unknown counts there are, which figures sum which of them, and which sums are too small to be known. Does not own:
//! what is withheld for their sake.

use super::{Cell, Figure, Mark, Published, Release, is_within};
use crate::outcome::is_small;
use std::collections::{BTreeMap, BTreeSet};

/// The basic cells of one release: their unknowns.
pub(super) type Places<'r> = BTreeMap<&'r Cell, usize>;

/// One figure of one release.
pub(super) struct Row<'r> {
    pub figure: &'r Figure,
    pub count: u64,
    /// Unknowns that it sums, rising.
    pub parts: Vec<usize>,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Published before: it cannot be taken back.
    Fixed,
    /// Withheld before.
    Hidden,
    /// Of this release, and to be shown unless something speaks against it.
    Open,
    /// Of this release, and itself too small.
    Small,
}

/// A sum that nobody may work out.
pub(super) struct Secret<'r> {
    /// Unknowns that it sums, rising.
    pub parts: Vec<usize>,
    /// Where it can be read: a figure, or the first less the second.
    pub read: (&'r Figure, Option<&'r Figure>),
}

pub(super) struct System<'r> {
    /// The count of each unknown.
    pub counts: Vec<u64>,
    /// The unknowns of each release's cells, the earliest first, this one last.
    pub places: Vec<Places<'r>>,
    pub rows: Vec<Row<'r>>,
    /// The rows that sum an unknown.
    pub rows_of: Vec<Vec<usize>>,
    pub secrets: Vec<Secret<'r>>,
    pub threshold: u64,
    /// How often each row is moved by what protects a secret: above 0 it is withheld.
    pub moved: Vec<u32>,
}

impl<'r> System<'r> {
    pub fn of(release: &'r Release, earlier: &'r [Published], threshold: u64) -> Self {
        let mut unknowns: BTreeMap<(&Cell, u64), usize> = BTreeMap::new();
        let (mut places, mut rows) = (Vec::new(), Vec::new());
        let releases = earlier.iter().map(|published| (&published.release, Some(&published.marks)));
        for (release, marks) in releases.chain([(release, None)]) {
            // A cell that is unchanged is the same unknown as before; a revised one is another.
            let mut at = Places::new();
            for (cell, &count) in &release.cells {
                let next = unknowns.len();
                at.insert(cell, *unknowns.entry((cell, count)).or_insert(next));
            }
            for figure in &release.figures {
                let (parts, count) = sum(figure, release, &at);
                let state = match marks.map(|marks| marks.get(figure)) {
                    Some(Some(Mark::Shown(_))) => State::Fixed,
                    Some(_) => State::Hidden,
                    None if is_small(count, threshold) => State::Small,
                    None => State::Open,
                };
                rows.push(Row { figure, count, parts, state });
            }
            places.push(at);
        }
        let mut counts = vec![0; unknowns.len()];
        for ((_, count), unknown) in unknowns {
            counts[unknown] = count;
        }
        let mut rows_of = vec![Vec::new(); counts.len()];
        for (index, row) in rows.iter().enumerate() {
            row.parts.iter().for_each(|&part| rows_of[part].push(index));
        }
        let secrets = secrets(&rows, threshold);
        let moved = vec![0; rows.len()];
        Self { counts, places, rows, rows_of, secrets, threshold, moved }
    }

    pub fn marks(&self) -> BTreeMap<Figure, Mark> {
        let now = self.rows.iter().zip(&self.moved).filter_map(|(row, &moved)| match row.state {
            State::Open if moved == 0 => Some((row.figure.clone(), Mark::Shown(row.count))),
            State::Open | State::Small => Some((row.figure.clone(), Mark::Withheld)),
            State::Fixed | State::Hidden => None,
        });
        now.collect()
    }
}

/// The unknowns within a figure, rising, and what they come to.
fn sum(figure: &Figure, release: &Release, at: &Places) -> (Vec<usize>, u64) {
    let within = || release.cells.iter().filter(|(cell, _)| is_within(figure, cell));
    let mut parts = within().filter_map(|(cell, _)| at.get(cell).copied()).collect::<Vec<_>>();
    parts.sort_unstable();
    (parts, within().map(|(_, count)| count).sum())
}

/// Small figures, small differences of a figure and one within it, and what was withheld before; each sum once.
fn secrets<'r>(rows: &[Row<'r>], threshold: u64) -> Vec<Secret<'r>> {
    let mut found: BTreeMap<Vec<usize>, (&Figure, Option<&Figure>)> = BTreeMap::new();
    for row in rows {
        if is_small(row.count, threshold) || row.state == State::Hidden {
            found.entry(row.parts.clone()).or_insert((row.figure, None));
        }
    }
    let mut by_count = rows.iter().collect::<Vec<_>>();
    by_count.sort_by_key(|row| row.count);
    for (index, less) in by_count.iter().enumerate() {
        let near = by_count[index..].iter().take_while(|more| more.count - less.count < threshold);
        for more in near.filter(|more| more.count > less.count && less.count > 0) {
            if let Some(rest) = rest(&more.parts, &less.parts) {
                found.entry(rest).or_insert((more.figure, Some(less.figure)));
            }
        }
    }
    // Few unknowns first: what protects a part often protects the whole.
    let mut secrets =
        found.into_iter().map(|(parts, read)| Secret { parts, read }).collect::<Vec<_>>();
    secrets.sort_by_key(|secret| secret.parts.len());
    secrets
}

/// What the first has beside the second, where the second lies within it; both rising.
fn rest(more: &[usize], less: &[usize]) -> Option<Vec<usize>> {
    let within = less.iter().all(|part| more.binary_search(part).is_ok());
    within.then(|| {
        let less = less.iter().collect::<BTreeSet<_>>();
        more.iter().filter(|part| !less.contains(part)).copied().collect()
    })
}
