//! What is known at a place, and at all of them: linear spans over a field.
//!
//! Owns: coordinates of sets, elimination, and which told items a vector is made of. Does not own: what is a secret.

use super::field::{add, inverse, minus, spread, times};
use std::collections::{BTreeMap, BTreeSet};

/// Coordinates that are not 0, rising.
pub(super) type Vector = Vec<(usize, u64)>;

/// The first less the second.
pub(super) fn less(more: &Vector, less: &Vector) -> Vector {
    let mut sum: BTreeMap<usize, u64> = more.iter().copied().collect();
    for &(at, value) in less {
        let entry = sum.entry(at).or_insert(0);
        *entry = minus(*entry, value);
    }
    sum.into_iter().filter(|(_, value)| *value != 0).collect()
}

/// The sets in coordinates of those that no others give, and how many these are. Relations between sets are found by counting each kind
/// of people as a random vector: that a set seems given by others and is not has a chance below 10⁻¹⁵ for each.
pub(super) fn coordinates(sets: usize, kinds: &BTreeSet<Vec<usize>>) -> (Vec<Vector>, usize) {
    let mut sums = vec![vec![0; sets]; sets];
    for (number, kind) in (0..).zip(kinds) {
        let random: Vec<u64> = (0..).map(|at| spread(number, at)).take(sets).collect();
        for &set in kind {
            sums[set].iter_mut().zip(&random).for_each(|(sum, value)| *sum = add(*sum, *value));
        }
    }
    let mut span = Span::new(sets);
    let mut basis = 0;
    let mut of_set = Vec::with_capacity(sets);
    for sum in sums {
        let (left, mut by) = span.reduced(sum, Vec::new());
        match left.iter().position(|value| *value != 0) {
            None => {
                // Reducing takes away what gives it.
                by.iter_mut().for_each(|value| *value = minus(0, *value));
                let of = by.into_iter().enumerate().filter(|(_, value)| *value != 0);
                of_set.push(of.collect());
            }
            Some(pivot) => {
                by.resize(basis + 1, 0);
                by[basis] = add(by[basis], 1);
                span.keep(pivot, left, by);
                of_set.push(vec![(basis, 1)]);
                basis += 1;
            }
        }
    }
    (of_set, basis)
}

/// A row: its coordinates from the pivot on, and how many times each vector that was added is in it.
#[derive(Clone, Debug)]
struct Row {
    values: Vec<u64>,
    by: Vec<u64>,
}

/// What is known at a place.
pub(super) struct Span {
    dimensions: usize,
    /// By pivot.
    rows: Vec<Option<Row>>,
    /// The item of each vector that was added.
    items: Vec<usize>,
}

impl Span {
    pub fn new(dimensions: usize) -> Self {
        Self { dimensions, rows: vec![None; dimensions], items: Vec::new() }
    }

    /// Adds what an item tells.
    pub fn add(&mut self, vector: &Vector, item: usize) {
        let mut by = vec![0; self.items.len() + 1];
        by[self.items.len()] = 1;
        let (left, by) = self.reduced(self.dense(vector), by);
        if let Some(pivot) = left.iter().position(|value| *value != 0) {
            self.items.push(item);
            self.keep(pivot, left, by);
        }
    }

    fn keep(&mut self, pivot: usize, mut values: Vec<u64>, mut by: Vec<u64>) {
        let scale = inverse(values[pivot]);
        values.iter_mut().chain(&mut by).for_each(|value| *value = times(*value, scale));
        self.rows[pivot] = Some(Row { values, by });
    }

    fn dense(&self, vector: &Vector) -> Vec<u64> {
        let mut dense = vec![0; self.dimensions];
        vector.iter().for_each(|&(at, value)| dense[at] = value);
        dense
    }

    /// What is left of a vector, and how many times each vector that was added was taken away, beside `by`.
    fn reduced(&self, mut vector: Vec<u64>, mut by: Vec<u64>) -> (Vec<u64>, Vec<u64>) {
        for pivot in 0..vector.len() {
            let value = vector[pivot];
            let Some(row) = self.rows[pivot].as_ref().filter(|_| value != 0) else { continue };
            by.resize(by.len().max(row.by.len()), 0);
            let take = |from: &mut u64, what: &u64| {
                if *what != 0 {
                    *from = minus(*from, times(value, *what));
                }
            };
            vector[pivot..]
                .iter_mut()
                .zip(&row.values[pivot..])
                .for_each(|(from, what)| take(from, what));
            by.iter_mut().zip(&row.by).for_each(|(from, what)| take(from, what));
        }
        (vector, by)
    }

    /// The items of which a vector is a sum; `None` where it is not known here.
    pub fn givers(&self, vector: &Vector) -> Option<Vec<usize>> {
        let (left, by) = self.reduced(self.dense(vector), Vec::new());
        let is_known = left.iter().all(|value| *value == 0);
        is_known.then(|| {
            let used = by.iter().zip(&self.items).filter(|(value, _)| **value != 0);
            used.map(|(_, item)| *item).collect::<BTreeSet<_>>().into_iter().collect()
        })
    }

    /// A basis of what is known.
    pub fn rows(&self) -> impl Iterator<Item = Vector> {
        self.rows.iter().flatten().map(|row| sparse(&row.values))
    }
}

fn sparse(values: &[u64]) -> Vector {
    values.iter().copied().enumerate().filter(|(_, value)| *value != 0).collect()
}

/// What is known of all basic places together, beside what is known at each.
pub(super) struct Global<'s> {
    basic: &'s [Span],
    /// By pivot: a place and a coordinate.
    rows: BTreeMap<(usize, usize), BTreeMap<(usize, usize), u64>>,
}

impl<'s> Global<'s> {
    pub fn of(basic: &'s [Span]) -> Self {
        Self { basic, rows: BTreeMap::new() }
    }

    /// Adds that a vector is known of the sum of some places.
    pub fn add(&mut self, places: &[usize], vector: &Vector) {
        let mut left = self.reduced(places, vector);
        if let Some((&pivot, &value)) = left.first_key_value() {
            let scale = inverse(value);
            left.values_mut().for_each(|value| *value = times(*value, scale));
            self.rows.insert(pivot, left);
        }
    }

    /// Whether a vector is known of the sum of some places.
    pub fn gives(&self, places: &[usize], vector: &Vector) -> bool {
        self.reduced(places, vector).is_empty()
    }

    /// What is left when all is taken away that is known at each place, and of their sums.
    fn reduced(&self, places: &[usize], vector: &Vector) -> BTreeMap<(usize, usize), u64> {
        let mut left: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for &place in places {
            let span = &self.basic[place];
            let (values, _) = span.reduced(span.dense(vector), Vec::new());
            left.extend(sparse(&values).into_iter().map(|(at, value)| ((place, at), value)));
        }
        let mut from = (0, 0);
        while let Some((&pivot, &value)) = left.range(from..).next() {
            from = (pivot.0, pivot.1 + 1);
            for (&at, &other) in self.rows.get(&pivot).into_iter().flatten() {
                let entry = left.entry(at).or_insert(0);
                *entry = minus(*entry, times(value, other));
                if *entry == 0 {
                    left.remove(&at);
                }
            }
        }
        left
    }
}
