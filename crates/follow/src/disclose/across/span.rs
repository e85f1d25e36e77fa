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

/// Both together.
pub(super) fn plus(one: &Vector, other: Option<&Vector>) -> Vector {
    let mut sum: BTreeMap<usize, u64> = one.iter().copied().collect();
    for &(at, value) in other.into_iter().flatten() {
        let entry = sum.entry(at).or_insert(0);
        *entry = add(*entry, value);
    }
    sum.into_iter().filter(|(_, value)| *value != 0).collect()
}

/// The sets in coordinates of those that no others give, and how many these are. Relations between sets are found by counting each kind
/// of people as a random vector: that a set seems given by others and is not has a chance below 10⁻¹⁵ for each.
pub(super) fn coordinates(sets: usize, kinds: &[Vec<usize>]) -> (Vec<Vector>, usize) {
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
}

fn sparse(values: &[u64]) -> Vector {
    values.iter().copied().enumerate().filter(|(_, value)| *value != 0).collect()
}

/// A place's coordinate.
type At = (usize, usize);

/// What is left of a vector of places, which places it was reduced by, and, where that is traced, which vectors of theirs how many times.
#[derive(Clone, Default)]
struct Left {
    values: BTreeMap<At, u64>,
    used: BTreeSet<usize>,
    by: BTreeMap<At, u64>,
}

impl Left {
    fn take(&mut self, times_of: u64, row: &Self, is_traced: bool) {
        take(&mut self.values, times_of, &row.values);
        self.used.extend(&row.used);
        if is_traced {
            take(&mut self.by, times_of, &row.by);
        }
    }
}

/// Takes so many times the second from the first.
fn take(from: &mut BTreeMap<At, u64>, times_of: u64, what: &BTreeMap<At, u64>) {
    for (&at, &value) in what {
        let entry = from.entry(at).or_insert(0);
        *entry = minus(*entry, times(times_of, value));
        if *entry == 0 {
            from.remove(&at);
        }
    }
}

/// What is known of all places together, beside what is known at each.
pub(super) struct Global<'s> {
    spans: &'s [Span],
    /// Whether it says which vectors something was reduced by.
    is_traced: bool,
    /// By pivot.
    rows: BTreeMap<At, Left>,
}

impl<'s> Global<'s> {
    /// Of places with what is known at each; of those that are sums, their basic parts are asked for.
    pub fn of<'p>(
        spans: &'s [Span],
        sums: impl Iterator<Item = (usize, &'p [usize])>,
        is_traced: bool,
    ) -> Self {
        let mut new = Self { spans, is_traced, rows: BTreeMap::new() };
        for (place, parts) in sums {
            for row in spans[place].rows.iter().flatten() {
                let mut left = new.reduced(parts, &sparse(&row.values));
                left.used.insert(place);
                if is_traced {
                    let by = (0..).zip(&row.by).filter(|(_, value)| **value != 0);
                    left.by.extend(by.map(|(at, value)| ((place, at), *value)));
                }
                new.keep(left);
            }
        }
        new
    }

    fn keep(&mut self, mut left: Left) {
        let Some((&pivot, &value)) = left.values.first_key_value() else { return };
        let scale = inverse(value);
        let all = left.values.values_mut().chain(left.by.values_mut());
        all.for_each(|value| *value = times(*value, scale));
        self.rows.insert(pivot, left);
    }

    /// The places from which a vector of the sum of some places is known; `None` where it is not.
    pub fn gives(&self, parts: &[usize], vector: &Vector) -> Option<BTreeSet<usize>> {
        let left = self.reduced(parts, vector);
        left.values.is_empty().then_some(left.used)
    }

    /// The same with the items; nothing where it is not traced.
    pub fn givers(&self, parts: &[usize], vector: &Vector) -> Option<BTreeSet<(usize, usize)>> {
        let left = self.reduced(parts, vector);
        left.values.is_empty().then(|| {
            let items = left.by.keys().filter_map(|&(place, at)| {
                self.spans[place].items.get(at).map(|item| (place, *item))
            });
            items.collect()
        })
    }

    /// What is left when all is taken away that is known at each place, and of their sums.
    fn reduced(&self, parts: &[usize], vector: &Vector) -> Left {
        let mut left = Left::default();
        for &place in parts {
            let span = &self.spans[place];
            let (values, by) = span.reduced(span.dense(vector), Vec::new());
            left.values.extend(sparse(&values).into_iter().map(|(at, value)| ((place, at), value)));
            let mut by = (0..).zip(by).filter(|(_, value)| *value != 0).peekable();
            if by.peek().is_some() {
                left.used.insert(place);
            }
            if self.is_traced {
                left.by.extend(by.map(|(at, value)| ((place, at), value)));
            }
        }
        let mut from = (0, 0);
        while let Some((&pivot, &value)) = left.values.range(from..).next() {
            from = (pivot.0, pivot.1 + 1);
            if let Some(row) = self.rows.get(&pivot) {
                left.take(value, row, self.is_traced);
            }
        }
        left
    }
}
