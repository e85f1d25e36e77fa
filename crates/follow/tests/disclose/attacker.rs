//! Somebody who has every table ever shown, pencil and time.
//!
//! Owns: exact elimination over fractions, and the search of every whole table. Does not own, and shares no code with: what withholds.

use follow::disclose::{Along, Figure, Mark, Published, Release};
use std::collections::{BTreeMap, BTreeSet};

/// An unknown: a cell, and its count in that release (a cell that was restated is two unknowns).
type Unknown = (Vec<u32>, u64);

pub struct Attacker {
    unknowns: Vec<Unknown>,
    /// What was shown: which unknowns it sums, and what they come to.
    shown: Vec<(BTreeSet<usize>, u64)>,
    hidden: Vec<(Figure, BTreeSet<usize>)>,
    all: Vec<(BTreeSet<usize>, u64)>,
    /// Reduced rows, each with its leading unknown.
    basis: BTreeMap<usize, BTreeMap<usize, Fraction>>,
}

pub fn is_within(figure: &Figure, cell: &[u32]) -> bool {
    figure.iter().zip(cell).all(|(along, value)| match along {
        Along::All => true,
        Along::Of(values) => values.contains(value),
    })
}

pub fn count(release: &Release, figure: &Figure) -> u64 {
    let within = release.cells.iter().filter(|(cell, _)| is_within(figure, cell));
    within.map(|(_, count)| count).sum()
}

/// Figures that are small themselves.
pub fn small(release: &Release, threshold: u64) -> usize {
    let counts = release.figures.iter().map(|figure| count(release, figure));
    counts.filter(|count| (1..threshold).contains(count)).count()
}

impl Attacker {
    pub fn of(published: &[Published]) -> Self {
        let cells = published.iter().flat_map(|year| &year.release.cells);
        let unknowns = cells.map(|(cell, &count)| (cell.clone(), count)).collect::<BTreeSet<_>>();
        let unknowns = unknowns.into_iter().collect::<Vec<_>>();
        let (mut shown, mut hidden, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for Published { release, marks } in published {
            for (figure, mark) in marks {
                let is_part = |(cell, count): &Unknown| {
                    is_within(figure, cell) && release.cells.get(cell) == Some(count)
                };
                let parts = (0..unknowns.len()).filter(|&part| is_part(&unknowns[part]));
                let parts = parts.collect::<BTreeSet<_>>();
                all.push((parts.clone(), count(release, figure)));
                match mark {
                    Mark::Shown(count) => shown.push((parts, *count)),
                    Mark::Withheld => hidden.push((figure.clone(), parts)),
                }
            }
        }
        let mut attacker = Self { unknowns, shown, hidden, all, basis: BTreeMap::new() };
        for (parts, _) in attacker.shown.clone() {
            let row = attacker.reduced(&parts);
            if let Some((&lead, &first)) = row.iter().next() {
                let row = row.into_iter().map(|(at, value)| (at, value.over(first))).collect();
                attacker.basis.insert(lead, row);
            }
        }
        attacker
    }

    /// The unknowns that a figure sums.
    pub fn parts(&self, figure: &Figure) -> BTreeSet<usize> {
        let within =
            (0..self.unknowns.len()).filter(|&part| is_within(figure, &self.unknowns[part].0));
        within.collect()
    }

    /// Every sum that must not be known: what was withheld, what is small, and what is small between two figures.
    pub fn secrets(&self, threshold: u64) -> BTreeSet<BTreeSet<usize>> {
        let is_small = |count: u64| (1..threshold).contains(&count);
        let mut secrets =
            self.hidden.iter().map(|(_, parts)| parts.clone()).collect::<BTreeSet<_>>();
        for (more, count) in &self.all {
            if is_small(*count) {
                secrets.insert(more.clone());
            }
            for (less, part) in &self.all {
                if count > part && is_small(count - part) && *part > 0 && less.is_subset(more) {
                    secrets.insert(more.difference(less).copied().collect());
                }
            }
        }
        secrets
    }

    /// How many different sums are small: figures and differences.
    pub fn small_sums(&self, threshold: u64) -> usize {
        let count = |parts: &BTreeSet<usize>| parts.iter().map(|&part| self.unknowns[part].1).sum();
        let secrets = self.secrets(threshold);
        secrets.iter().filter(|parts| (1..threshold).contains(&count(parts))).count()
    }

    /// Whether some sum of shown figures, each taken a fraction of a time, is exactly this one.
    pub fn recovers(&self, parts: &BTreeSet<usize>) -> bool {
        self.reduced(parts).is_empty()
    }

    /// Whether some sum of shown figures is exactly what a figure counts in the one release less what it counts in the other.
    pub fn recovers_difference(&self, figure: &Figure, one: &Release, other: &Release) -> bool {
        let mut row: BTreeMap<usize, Fraction> = BTreeMap::new();
        for (release, sign) in [(one, Fraction::ONE), (other, Fraction(-1, 1))] {
            for (part, (cell, count)) in self.unknowns.iter().enumerate() {
                if is_within(figure, cell) && release.cells.get(cell) == Some(count) {
                    let entry = row.entry(part).or_insert(Fraction::ZERO);
                    *entry = entry.less(sign.times(Fraction(-1, 1)));
                }
            }
        }
        row.retain(|_, value| *value != Fraction::ZERO);
        self.left_of(row).is_empty()
    }

    /// What is left of a sum when the basis is taken away.
    fn reduced(&self, parts: &BTreeSet<usize>) -> BTreeMap<usize, Fraction> {
        self.left_of(parts.iter().map(|&part| (part, Fraction::ONE)).collect())
    }

    /// What is left of a row when the basis is taken away.
    fn left_of(&self, mut row: BTreeMap<usize, Fraction>) -> BTreeMap<usize, Fraction> {
        let mut from = 0;
        while let Some((&at, &value)) = row.range(from..).next() {
            from = at + 1;
            for (&place, &other) in self.basis.get(&at).into_iter().flatten() {
                let entry = row.entry(place).or_insert(Fraction::ZERO);
                *entry = entry.less(value.times(other));
                if *entry == Fraction::ZERO {
                    row.remove(&place);
                }
            }
        }
        row
    }

    /// For each withheld figure how many values it has over all whole tables that agree with what is shown; counted to `enough`.
    /// `None` where the tables were too many to be tried.
    pub fn values(&self, enough: usize) -> Vec<(Figure, Option<usize>)> {
        let values = |(figure, parts): &(Figure, BTreeSet<usize>)| {
            let others = (0..self.unknowns.len()).filter(|part| !parts.contains(part));
            let order = parts.iter().copied().chain(others).collect::<Vec<_>>();
            let mut search = Search {
                left: self.shown.iter().map(|(_, count)| *count).collect(),
                open: self.shown.iter().map(|(parts, _)| parts.len()).collect(),
                seen: BTreeSet::new(),
                steps: 0,
            };
            self.search(&order, parts.len(), 0, &mut search, enough);
            (figure.clone(), (search.steps <= MOST_STEPS).then_some(search.seen.len()))
        };
        self.hidden.iter().map(values).collect()
    }

    /// Sets the unknowns one after the other, nearest to the truth first (which only makes it faster); true when enough was seen.
    fn search(
        &self,
        order: &[usize],
        asked: usize,
        sum: u64,
        search: &mut Search,
        enough: usize,
    ) -> bool {
        search.steps += 1;
        if search.steps > MOST_STEPS {
            return true;
        }
        let done = self.unknowns.len() - order.len();
        if done == asked && search.seen.contains(&sum) {
            return false;
        }
        let Some((&part, others)) = order.split_first() else {
            search.seen.insert(sum);
            return search.seen.len() >= enough;
        };
        let rows = (0..self.shown.len()).filter(|&row| self.shown[row].0.contains(&part));
        let rows = rows.collect::<Vec<_>>();
        let truth = self.unknowns[part].1;
        let least = rows.iter().map(|&row| search.left[row]).min();
        let most = least.unwrap_or(truth + enough as u64);
        let mut values = (0..=most).collect::<Vec<_>>();
        values.sort_by_key(|value| value.abs_diff(truth));
        for value in values {
            for &row in &rows {
                search.left[row] -= value;
                search.open[row] -= 1;
            }
            let fits = rows.iter().all(|&row| search.open[row] > 0 || search.left[row] == 0);
            let sum = if done < asked { sum + value } else { sum };
            let is_enough = fits && self.search(others, asked, sum, search, enough);
            for &row in &rows {
                search.left[row] += value;
                search.open[row] += 1;
            }
            if is_enough || (done >= asked && search.seen.contains(&sum)) {
                return is_enough;
            }
        }
        false
    }
}

const MOST_STEPS: u64 = 3_000_000;

/// How far a search has come.
struct Search {
    /// What is left of each shown figure for the unknowns not yet set, and how many those are.
    left: Vec<u64>,
    open: Vec<usize>,
    seen: BTreeSet<u64>,
    steps: u64,
}

/// An exact fraction in lowest terms, the lower part above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction(i128, i128);

impl Fraction {
    const ZERO: Self = Self(0, 1);
    const ONE: Self = Self(1, 1);

    fn of(top: i128, under: i128) -> Self {
        let (mut a, mut b) = (top.abs(), under.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = under.signum();
        Self(sign * top / a, sign * under / a)
    }

    fn times(self, other: Self) -> Self {
        let product = |a: i128, b: i128| a.checked_mul(b).expect("fractions stay short");
        Self::of(product(self.0, other.0), product(self.1, other.1))
    }

    fn over(self, other: Self) -> Self {
        self.times(Self::of(other.1, other.0))
    }

    fn less(self, other: Self) -> Self {
        let product = |a: i128, b: i128| a.checked_mul(b).expect("fractions stay short");
        Self::of(product(self.0, other.1) - product(other.0, self.1), product(self.1, other.1))
    }
}
