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
    /// The people there are: the sets that each of them is in, rising; none twice.
    pub kinds: BTreeSet<Vec<usize>>,
    /// How many sets are told, or could be reckoned from what is told: differences of them are looked at. They come first.
    pub compared: usize,
    /// How many sets there are. Those after the compared are told nowhere, and must not be known where they are few.
    pub sets: usize,
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
/// Secret are counts that a table withholds; few people in one set and not in another that holds it; few in a set that is told nowhere; and
/// what is withheld here; unless what is [`Told::Fixed`] at the place gives them. Of what gives one away, the item of the fewest people is withheld. In the end a system of linear equations over all
/// that is told gives no secret: by elimination modulo 2⁶¹ − 1, in which a dependence of rational numbers is one too. A reader is taken to
/// know every linear relation that holds between the sets (whoever had a caesarean had no instrument).
pub fn protect(together: &mut Together) -> bool {
    let vectors = Vectors::of(together);
    let mut search = Search::of(together, &vectors);
    // Each turn withholds something, or ends it; the proof asks for more than the search finds seldom.
    for _ in 0..ROUNDS {
        if !search.withhold(together) {
            return false;
        }
        let known = search.recovered(together);
        if known.is_empty() {
            return true;
        }
        for (place, _) in known {
            search.withhold_all(together, place);
        }
    }
    false
}

/// So often the proof may fail before nothing is told.
const ROUNDS: usize = 4;

/// What secrets and items come to in the coordinates of the sets.
struct Vectors {
    dimensions: usize,
    of_set: Vec<Vector>,
    /// The vectors of secrets.
    all: Vec<Vector>,
    of_secret: Vec<usize>,
    /// Sets within other sets: the larger, the smaller, and the vector of the difference.
    within: Vec<(usize, usize, usize)>,
}

impl Vectors {
    fn of(together: &Together) -> Self {
        let (of_set, dimensions) = coordinates(together.sets, &together.kinds);
        let mut known: BTreeMap<Vector, usize> = BTreeMap::new();
        let mut number = |vector: Vector| {
            let next = known.len();
            *known.entry(vector).or_insert(next)
        };
        let of_secret: Vec<usize> = of_set.iter().map(|vector| number(vector.clone())).collect();
        let within = nested(together)
            .into_iter()
            .map(|(more, less)| (more, less, number(span::less(&of_set[more], &of_set[less]))))
            .collect();
        let mut all = vec![Vector::new(); known.len()];
        for (vector, at) in known {
            all[at] = vector;
        }
        Self { dimensions, of_set, all, of_secret, within }
    }
}

/// Pairs of compared sets, the second within the first.
fn nested(together: &Together) -> Vec<(usize, usize)> {
    let words = together.kinds.len().div_ceil(64);
    let mut held = vec![vec![0_u64; words]; together.sets];
    for (at, kind) in together.kinds.iter().enumerate() {
        kind.iter().for_each(|&set| held[set][at / 64] |= 1 << (at % 64));
    }
    let is_within = |less: usize, more: usize| {
        less != more
            && held[less].iter().zip(&held[more]).all(|(less, more)| less & !more == 0)
            && held[less] != held[more]
    };
    let all = (0..together.compared)
        .flat_map(|more| (0..together.compared).map(move |less| (more, less)));
    all.filter(|&(more, less)| is_within(less, more)).collect()
}

/// A secret: a place, and the number of a vector.
type Secret = (usize, usize);

struct Search<'v> {
    vectors: &'v Vectors,
    spans: Vec<Span>,
    /// What is known of each place from what cannot be taken back.
    fixed: Vec<Span>,
    /// By place and vector: the items that give it, once it was asked for.
    known: Vec<BTreeMap<usize, Option<Vec<usize>>>>,
    lines_of: Vec<Vec<usize>>,
    secrets: BTreeSet<Secret>,
}

impl<'v> Search<'v> {
    fn of(together: &Together, vectors: &'v Vectors) -> Self {
        let mut lines_of = vec![Vec::new(); together.places.len()];
        for (at, (total, members)) in together.lines.iter().enumerate() {
            members.iter().chain([total]).for_each(|&place| lines_of[place].push(at));
        }
        let mut new = Self {
            vectors,
            spans: Vec::new(),
            fixed: Vec::new(),
            known: vec![BTreeMap::new(); together.places.len()],
            lines_of,
            secrets: BTreeSet::new(),
        };
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
        let mut span = Span::new(self.vectors.dimensions);
        for (item, _) in place.told.iter().enumerate().filter(|(_, told)| is_meant(**told)) {
            for set in together.items[item].sets() {
                span.add(&self.vectors.of_set[set], item);
            }
        }
        span
    }

    fn secrets_of(&mut self, together: &Together, at: usize, place: &Place) {
        let is_few = |count: u64| (1..together.threshold).contains(&count);
        for &set in &place.secrets {
            self.add(at, self.vectors.of_secret[set]);
        }
        for set in together.compared..together.sets {
            if is_few(place.counts[set]) {
                self.add(at, self.vectors.of_secret[set]);
            }
        }
        for &(more, less, vector) in &self.vectors.within {
            if is_few(place.counts[more] - place.counts[less]) {
                self.add(at, vector);
            }
        }
    }

    /// What nobody is in, anywhere, is no secret, nor is what was told before.
    fn add(&mut self, place: usize, vector: usize) {
        let sought = &self.vectors.all[vector];
        if !sought.is_empty() && self.fixed[place].givers(sought).is_none() {
            self.secrets.insert((place, vector));
        }
    }

    /// The items of a place that give a vector.
    fn givers(&mut self, place: usize, vector: usize) -> Option<&[usize]> {
        let (spans, vectors) = (&self.spans, self.vectors);
        let givers = self.known[place].entry(vector);
        givers.or_insert_with(|| spans[place].givers(&vectors.all[vector])).as_deref()
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

    /// Withholds an item at a place: what it tells is a secret then, and whom it is of, unless that is known otherwise.
    fn take(&mut self, together: &mut Together, place: usize, item: usize) {
        together.places[place].told[item] = Told::No;
        self.spans[place] = self.span(together, &together.places[place], |told| told != Told::No);
        self.known[place].clear();
        let Item { of, counted } = together.items[item].clone();
        if let Some(set) = counted {
            self.add(place, self.vectors.of_secret[set]);
        }
        if let Some(set) = of {
            let vector = self.vectors.of_secret[set];
            if self.givers(place, vector).is_none() {
                self.add(place, vector);
            }
        }
    }

    fn withhold_all(&mut self, together: &mut Together, place: usize) {
        for item in 0..together.items.len() {
            if together.places[place].told[item] == Told::Open {
                self.take(together, place, item);
            }
        }
    }

    /// The secrets that the whole system of equations gives.
    fn recovered(&self, together: &Together) -> Vec<Secret> {
        let basic = self.spans.get(..together.basic).unwrap_or(&self.spans);
        let mut global = Global::of(basic);
        for (place, span) in together.places.iter().zip(&self.spans).skip(together.basic) {
            span.rows().for_each(|row| global.add(&place.of, &row));
        }
        let secrets = self.secrets.iter().copied();
        secrets
            .filter(|&(place, vector)| {
                global.gives(&together.places[place].of, &self.vectors.all[vector])
            })
            .collect()
    }
}
