//! Tables that are protected apart and told together.
//!
//! Owns: what must be withheld of each for the sake of the others, and the proof by elimination. Does not own: what a table withholds for
//! its own sake ([`super::disclose`]).
//!
//! Births, births before week 37 and children whose Apgar was taken are three tables. Births less the early less those with an Apgar are
//! the stillborn at term: 3, whom no table tells, and so the Apgar of that clinic is not told.

mod field;
mod span;

use span::{Global, Span, Vector, coordinates};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What becomes of an item at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// It is not told.
    No,
    /// It is told unless something speaks against it.
    Open,
    /// It is told, and cannot be taken back.
    Fixed,
}

/// What is told at once or not at all: sets of people with their counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// People that it is of; whoever knows them otherwise learns no secret.
    pub of: Option<usize>,
    /// The people in question among them.
    pub counted: Option<usize>,
}

impl Item {
    fn sets(&self) -> impl Iterator<Item = usize> {
        self.of.into_iter().chain(self.counted)
    }
}

/// Where people are counted: a clinic, a month, a month at a clinic, or all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The basic places that it is made of, rising; a basic place is made of itself.
    pub of: Vec<usize>,
    /// The people of each set.
    pub counts: Vec<u64>,
    /// What is told of each item.
    pub told: Vec<Told>,
    /// Sets whose count the item's own table withholds.
    pub secrets: Vec<usize>,
}

/// Everything that is told of the same people.
#[derive(Clone, Debug, Default)]
pub struct Together {
    /// What the sets are to each other.
    pub relations: Arc<Relations>,
    /// What is told.
    pub items: Vec<Item>,
    /// Where; the basic places first, in order.
    pub places: Vec<Place>,
    /// How many places are basic.
    pub basic: usize,
    /// Places that are the sum of others: each with those.
    pub lines: Vec<(usize, Vec<usize>)>,
    /// Below this many people are few.
    pub threshold: u64,
}

/// Withholds what would give a secret away, and says whether everything is proved then. Where it is not, nothing that is [`Told::Open`] may
/// be told.
///
/// Secret are counts that a table withholds; few people that are left of a set when one or two others within are taken away, when such a
/// rest is taken from a third, or of two sets without a third within them together; and what is withheld here; unless what is
/// [`Told::Fixed`] at the place gives them. Of whom nothing is reported to an item is no secret: that says how well is reported, and
/// nothing of the people. Of what gives one away, the item of the fewest people is
/// withheld. In the end the system of linear equations over all that is told gives no secret: by elimination modulo 2⁶¹ − 1, in which a
/// dependence of rational numbers is one too. A reader is taken to know every linear relation that holds between the sets (whoever had a
/// caesarean had no instrument), but no
/// bounds: of these only that nobody is in what lies within a set of nobody, at the same place, is used against a secret.
pub fn protect(together: &mut Together) -> bool {
    let relations = Arc::clone(&together.relations);
    let mut search = Search::of(together, &relations);
    // Each turn withholds something, or ends it.
    while search.withhold(together) {
        let known = search.recovered(together);
        if known.is_empty() {
            return true;
        }
        for givers in known {
            if !search.withhold_one(together, &givers) {
                return false;
            }
        }
    }
    false
}

/// What sets of people are to each other, whatever the places.
#[derive(Debug, Default)]
pub struct Relations {
    dimensions: usize,
    of_set: Vec<Vector>,
    /// Sets within other sets: the larger and the smaller.
    within: Vec<(usize, usize)>,
    /// What is left of sets when others within are taken away.
    rests: Vec<Rest>,
}

impl Relations {
    /// From the people there are: the sets that each kind of them is in, rising, no kind twice. The sets that are told, or could be
    /// reckoned from what is told, come first, and differences of these `compared` are looked at; the others of `sets` are told nowhere.
    /// `reporting` are pairs of sets: those of whom something is reported, and those of whom it is not though it should be.
    pub fn of(
        kinds: &[Vec<usize>],
        compared: usize,
        sets: usize,
        reporting: &[(usize, usize)],
    ) -> Self {
        let (of_set, dimensions) = coordinates(sets, kinds);
        let (within, rests) = Held::of(kinds, compared, sets).nested(reporting);
        Self { dimensions, of_set, within, rests }
    }
}

/// People of a set and perhaps another, less those of one or two.
#[derive(Clone, Copy, Debug)]
struct Rest {
    of: usize,
    and: Option<usize>,
    less: usize,
    besides: Option<usize>,
}

impl Rest {
    /// What it comes to in the coordinates of the sets.
    fn vector(&self, of_set: &[Vector]) -> Vector {
        let sum = span::plus(&of_set[self.of], self.and.map(|and| &of_set[and]));
        let left = span::less(&sum, &of_set[self.less]);
        match self.besides {
            Some(besides) => span::less(&left, &of_set[besides]),
            None => left,
        }
    }

    fn count(&self, counts: &[u64]) -> u64 {
        let of = |set: Option<usize>| set.map_or(0, |set| counts[set]);
        let less = counts[self.less] + of(self.besides);
        (counts[self.of] + of(self.and)).saturating_sub(less)
    }
}

/// Which kinds of people each set holds, a bit for each.
struct Held {
    compared: usize,
    of_set: Vec<Vec<u64>>,
}

fn is_within(less: &[u64], more: &[u64]) -> bool {
    less.iter().zip(more).all(|(less, more)| less & !more == 0)
}

fn both(one: &[u64], other: &[u64], of: fn(u64, u64) -> u64) -> Vec<u64> {
    one.iter().zip(other).map(|(one, other)| of(*one, *other)).collect()
}

impl Held {
    fn of(kinds: &[Vec<usize>], compared: usize, sets: usize) -> Self {
        let mut of_set = vec![vec![0_u64; kinds.len().div_ceil(64)]; sets];
        for (at, kind) in kinds.iter().enumerate() {
            for &set in kind {
                of_set[set][at / 64] |= 1 << (at % 64);
            }
        }
        Self { compared, of_set }
    }

    /// Pairs of compared sets, the second within the first; and what is left of sets: of a pair, of what a pair leaves without a third set
    /// within it, of a third set that holds what a pair leaves, and of two sets that nobody is in both of without a third within them
    /// together. What is left without those of whom something is reported is of whom it is not, and no rest.
    fn nested(&self, reporting: &[(usize, usize)]) -> (Vec<(usize, usize)>, Vec<Rest>) {
        let held = |set: usize| self.of_set[set].as_slice();
        let sets = || 0..self.compared;
        let meant = reporting
            .iter()
            .map(|&(reported, not)| (reported, both(held(reported), held(not), |a, b| a | b)));
        let meant: Vec<(usize, Vec<u64>)> = meant.collect();
        let is_reporting = |of: &[u64], less: usize| {
            let own = meant.iter().filter(|(reported, _)| *reported == less);
            own.into_iter().any(|(_, meant)| is_within(of, meant))
        };
        let is_less = |less: usize, more: usize| {
            is_within(held(less), held(more)) && held(less) != held(more)
        };
        let all = sets().flat_map(|more| sets().map(move |less| (more, less)));
        let pairs: Vec<(usize, usize)> = all.filter(|&(more, less)| is_less(less, more)).collect();
        let mut rests = Vec::new();
        for &(of, less) in &pairs {
            if !is_reporting(held(of), less) {
                rests.push(Rest { of, and: None, less, besides: None });
            }
            let left = both(held(of), held(less), |of, less| of & !less);
            for third in sets().filter(|third| *third != of && *third != less) {
                if third > less && is_within(held(third), &left) && held(third) != left {
                    if !is_reporting(held(of), less) && !is_reporting(held(of), third) {
                        rests.push(Rest { of, and: None, less, besides: Some(third) });
                    }
                } else if is_within(&left, held(third)) && held(third) != left {
                    rests.push(Rest { of: third, and: Some(less), less: of, besides: None });
                }
            }
        }
        self.apart(&is_reporting, &mut rests);
        (pairs, rests)
    }

    /// Two sets that share nobody, without a third within both together and neither alone.
    fn apart(&self, is_reporting: &dyn Fn(&[u64], usize) -> bool, rests: &mut Vec<Rest>) {
        let held = |set: usize| self.of_set[set].as_slice();
        let sets = || 0..self.compared;
        for one in sets() {
            for other in one + 1..self.compared {
                let is_apart = held(one).iter().zip(held(other)).all(|(a, b)| a & b == 0);
                if !is_apart {
                    continue;
                }
                let union = both(held(one), held(other), |a, b| a | b);
                // Where both together are a set, what is left of that is looked at already.
                if sets().any(|set| held(set) == union) {
                    continue;
                }
                let thirds = sets().filter(|&less| {
                    is_within(held(less), &union)
                        && !is_within(held(less), held(one))
                        && !is_within(held(less), held(other))
                        && !is_reporting(&union, less)
                });
                rests.extend(thirds.map(|less| Rest {
                    of: one,
                    and: Some(other),
                    less,
                    besides: None,
                }));
            }
        }
    }
}

/// A secret: a place, and the number of a vector.
type Secret = (usize, usize);

struct Search<'v> {
    relations: &'v Relations,
    spans: Vec<Span>,
    /// What is known of each place from what cannot be taken back.
    fixed: Vec<Span>,
    /// By place and vector: the items that give it, once it was asked for.
    known: Vec<BTreeMap<usize, Option<Vec<usize>>>>,
    lines_of: Vec<Vec<usize>>,
    secrets: BTreeSet<Secret>,
    /// What sets and rests of them come to in the coordinates, by number.
    all: Vec<Vector>,
    numbers: BTreeMap<Vector, usize>,
    of_set: Vec<usize>,
    /// The vector of each rest, once it was few somewhere.
    of_rest: Vec<Option<usize>>,
}

impl<'v> Search<'v> {
    fn of(together: &Together, relations: &'v Relations) -> Self {
        let mut lines_of = vec![Vec::new(); together.places.len()];
        for (at, (total, members)) in together.lines.iter().enumerate() {
            members.iter().chain([total]).for_each(|&place| lines_of[place].push(at));
        }
        let mut new = Self {
            relations,
            spans: Vec::new(),
            fixed: Vec::new(),
            known: vec![BTreeMap::new(); together.places.len()],
            lines_of,
            secrets: BTreeSet::new(),
            all: Vec::new(),
            numbers: BTreeMap::new(),
            of_set: Vec::new(),
            of_rest: vec![None; relations.rests.len()],
        };
        new.of_set = relations.of_set.iter().map(|vector| new.number(vector.clone())).collect();
        let open = |told: Told| told != Told::No;
        new.spans = together.places.iter().map(|place| new.span(together, place, open)).collect();
        let fixed = |told: Told| told == Told::Fixed;
        new.fixed = together.places.iter().map(|place| new.span(together, place, fixed)).collect();
        for (at, place) in together.places.iter().enumerate() {
            new.secrets_of(together, at, place);
        }
        new
    }

    fn span(&self, together: &Together, place: &Place, is_meant: fn(Told) -> bool) -> Span {
        let mut span = Span::new(self.relations.dimensions);
        for (item, _) in place.told.iter().enumerate().filter(|(_, told)| is_meant(**told)) {
            for set in together.items[item].sets() {
                span.add(&self.relations.of_set[set], item);
                // Where nobody is in a set, nobody is in those within it.
                if place.counts[set] == 0 {
                    let within = self.relations.within.iter().filter(|(more, _)| *more == set);
                    within.for_each(|(_, less)| span.add(&self.relations.of_set[*less], item));
                }
            }
        }
        span
    }

    fn number(&mut self, vector: Vector) -> usize {
        let next = self.all.len();
        let number = *self.numbers.entry(vector.clone()).or_insert(next);
        if number == next {
            self.all.push(vector);
        }
        number
    }

    fn secrets_of(&mut self, together: &Together, at: usize, place: &Place) {
        let is_few = |count: u64| (1..together.threshold).contains(&count);
        for &set in &place.secrets {
            self.add(at, self.of_set[set]);
        }
        let relations = self.relations;
        for (nth, rest) in relations.rests.iter().enumerate() {
            if is_few(rest.count(&place.counts)) {
                let known = self.of_rest[nth];
                let vector = known.unwrap_or_else(|| self.number(rest.vector(&relations.of_set)));
                self.of_rest[nth] = Some(vector);
                self.add(at, vector);
            }
        }
    }

    /// What nobody is in, anywhere, is no secret, nor is what was told before.
    fn add(&mut self, place: usize, vector: usize) {
        let sought = &self.all[vector];
        if !sought.is_empty() && self.fixed[place].givers(sought).is_none() {
            self.secrets.insert((place, vector));
        }
    }

    /// The items of a place that give a vector.
    fn givers(&mut self, place: usize, vector: usize) -> Option<&[usize]> {
        let (spans, all) = (&self.spans, &self.all);
        let givers = self.known[place].entry(vector);
        givers.or_insert_with(|| spans[place].givers(&all[vector])).as_deref()
    }

    /// Withholds until no secret is given by its place, or by a sum and its other parts; `false` where one must be told.
    fn withhold(&mut self, together: &mut Together) -> bool {
        loop {
            let before = self.secrets.len();
            let mut is_still = true;
            for secret in self.secrets.clone() {
                while let Some(found) = self.giving(together, secret) {
                    let open = found
                        .into_iter()
                        .filter(|&(place, item)| together.places[place].told[item] == Told::Open);
                    let people = |&(place, item): &(usize, usize)| {
                        let counts = &together.places[place].counts;
                        let sum = together.items[item].sets().map(|set| counts[set]).max();
                        (sum.unwrap_or(0), place, item)
                    };
                    let Some((place, item)) = open.min_by_key(people) else { return false };
                    self.take(together, place, item);
                    is_still = false;
                }
            }
            if is_still && self.secrets.len() == before {
                return true;
            }
        }
    }

    /// What gives a secret: items at its place, or at every other place of a line.
    fn giving(
        &mut self,
        together: &Together,
        (place, vector): Secret,
    ) -> Option<Vec<(usize, usize)>> {
        if let Some(items) = self.givers(place, vector) {
            return Some(items.iter().map(|&item| (place, item)).collect());
        }
        let lines = self.lines_of[place].clone();
        lines.into_iter().find_map(|line| {
            let (total, members) = &together.lines[line];
            let mut all = Vec::new();
            for &other in members.iter().chain([total]).filter(|&&other| other != place) {
                let items = self.givers(other, vector)?;
                all.extend(items.iter().map(|&item| (other, item)));
            }
            Some(all)
        })
    }

    /// Withholds the item of the fewest people, unless one of them is withheld already; `false` where none can be.
    fn withhold_one(&mut self, together: &mut Together, found: &[(usize, usize)]) -> bool {
        let told = |&&(place, item): &&(usize, usize)| together.places[place].told[item];
        if found.iter().any(|one| told(&one) == Told::No) {
            return true;
        }
        let people = |&&(place, item): &&(usize, usize)| {
            let counts = &together.places[place].counts;
            let sum = together.items[item].sets().map(|set| counts[set]).max();
            (sum.unwrap_or(0), place, item)
        };
        let open = found.iter().filter(|one| told(one) == Told::Open).min_by_key(people);
        let chosen = open.copied();
        if let Some((place, item)) = chosen {
            self.take(together, place, item);
        }
        chosen.is_some()
    }

    /// Withholds an item at a place: what it tells is a secret then, and whom it is of, unless that is known otherwise.
    fn take(&mut self, together: &mut Together, place: usize, item: usize) {
        together.places[place].told[item] = Told::No;
        self.spans[place] = self.span(together, &together.places[place], |told| told != Told::No);
        self.known[place].clear();
        let Item { of, counted } = together.items[item].clone();
        if let Some(set) = counted {
            self.add(place, self.of_set[set]);
        }
        // Whom a share is of may be known otherwise.
        if let Some(set) = of.filter(|_| counted.is_none()) {
            let vector = self.of_set[set];
            if self.givers(place, vector).is_none() {
                self.add(place, vector);
            }
        }
    }

    /// What the whole system of equations gives a secret from, for each that it gives.
    fn recovered(&self, together: &Together) -> Vec<Vec<(usize, usize)>> {
        let sums = || {
            let sums = together.places.iter().enumerate().skip(together.basic);
            sums.map(|(at, place)| (at, place.of.as_slice()))
        };
        let global = Global::of(&self.spans, sums(), false);
        let mut found = Vec::new();
        for &(place, vector) in &self.secrets {
            let (parts, vector) = (&together.places[place].of, &self.all[vector]);
            // Traced among the places alone that gave it.
            let Some(used) = global.gives(parts, vector) else { continue };
            let sums = sums().filter(|(at, _)| used.contains(at));
            let traced = Global::of(&self.spans, sums, true);
            found.extend(traced.givers(parts, vector).map(|givers| givers.into_iter().collect()));
        }
        found
    }
}
