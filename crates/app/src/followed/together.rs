//! Everything that is told of the births of a year, held together.
//!
//! Owns: which indicators, bands of continuity and counts of one to one are told of the same births, and what is withheld of them for each
//! other's sake. Does not own: what a family withholds for its own (`year`), or the search and the proof (`follow::disclose::across`).
//!
//! The whole and the clinics come first, the same whatever births are divided by; then the groups, knowing what is told of the whole; then
//! the cells within. What may not be told with a proof is not told at all.

use super::continuity::OfYear;
use super::group::By;
use super::material::of_year;
use super::rows::{Places, base, places, shared, table_of};
use super::staffing::{Counted, PERCENTS};
use super::standard::STRATA;
use super::year::{Layout, Open, Part, YearOf};
use crate::data::Followed;
use crate::engine;
use follow::disclose::across::{self, Item, Place, Relations, Told, protect};
use follow::indicator::Judged;
use follow::outcome::is_small;
use kernel::fact::{Gives, Indicator};
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

/// Something that is told of births.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// How many there are.
    Births,
    /// An indicator by its id and first day.
    Indicator(String, Day),
    /// The births for which it is too early for it.
    Pending(String, Day),
    /// The births that it is of, from which other numbers are reckoned.
    Size(String, Day),
    /// A table of one to one, by its place.
    Staffed(usize),
    /// A line and index of continuity, by its place.
    Banded(usize),
}

impl Key {
    /// That of an indicator.
    pub fn of(indicator: &Indicator) -> Self {
        Self::Indicator(indicator.id.clone(), indicator.valid.from)
    }
}

/// What a birth is to something that is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Not meant.
    Out,
    /// Too early.
    Pending,
    /// Not reported.
    Unreported,
    /// It does not count.
    No,
    /// It counts.
    Yes,
    /// A value is reported.
    Valued,
}

impl Class {
    /// What an answer is.
    pub const fn of(judged: Judged) -> Self {
        match judged {
            Judged::NotMeant => Self::Out,
            Judged::Pending => Self::Pending,
            Judged::MaybeMeant | Judged::Unreported => Self::Unreported,
            Judged::No => Self::No,
            Judged::Yes => Self::Yes,
            Judged::Value(_) => Self::Valued,
        }
    }

    const fn is_reported(self) -> bool {
        matches!(self, Self::No | Self::Yes | Self::Valued)
    }
}

/// Something that is told, and what every birth of the year is to it.
struct Source {
    key: Key,
    table: Arc<YearOf>,
    classes: Arc<Vec<Class>>,
    minimum_reported: u8,
}

/// The sets of births of a source, by number; `None` where nobody is in one.
#[derive(Clone, Copy, Default)]
struct Sets {
    of: Option<usize>,
    counted: Option<usize>,
    others: Option<usize>,
    pending: Option<usize>,
    unreported: Option<usize>,
}

/// An item, and where it comes from.
struct Entry {
    item: Item,
    /// A source; `None` for the births.
    source: Option<usize>,
    /// Which number of the source it is.
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// Births that it is of, and those that count.
    Value,
    /// Those that count alone.
    Count,
    Pending,
    Size,
}

/// The births of a year as what they are to everything that is told, and what is told of the clinics.
pub struct Base {
    sources: Vec<Source>,
    sets: Vec<Sets>,
    entries: Vec<Entry>,
    by_key: BTreeMap<Key, usize>,
    kinds: Vec<Vec<usize>>,
    /// The kind of each birth of the year, in order.
    kind_of: Vec<usize>,
    /// How many sets there are.
    size: usize,
    relations: Arc<Relations>,
    threshold: u32,
    /// By clinic, the whole last: what is told of each entry.
    clinics: Vec<Vec<Told>>,
}

/// What is told of the births of a year, divided in one way.
pub struct Together {
    base: Arc<Base>,
    by: By,
    places: Arc<Places>,
    /// The tables of the sources, divided so.
    tables: Vec<Arc<YearOf>>,
    /// By group, then by run of groups: what is told of each entry.
    groups: Vec<Vec<Told>>,
    within: OnceLock<Vec<Vec<Told>>>,
}

/// Sets of which the count is a secret at a place.
#[derive(Default)]
struct Secrets {
    anyhow: BTreeSet<usize>,
    where_few: BTreeSet<usize>,
}

impl Secrets {
    fn among(mut self, counts: &[u64], threshold: u32) -> Vec<usize> {
        let is_few =
            |set: &usize| counts.get(*set).is_some_and(|count| is_small(*count, threshold));
        self.anyhow.extend(self.where_few.into_iter().filter(is_few));
        self.anyhow.into_iter().collect()
    }
}

/// Births in places, the basic ones counted by kind.
struct Layered<'b> {
    base: &'b Base,
    places: Vec<Place>,
    by_kind: Vec<Vec<u64>>,
}

impl Base {
    /// Counts and protects the clinics of a year.
    pub fn of(followed: &Followed, year: i32) -> Self {
        let sources = sources(followed, year);
        let mut sets = Numbered::default();
        let births = followed.births_of(year).len();
        let all = sets.number(&vec![true; births]);
        let mut of_source: Vec<Sets> = sources.iter().map(|source| sets.compared(source)).collect();
        let compared = sets.known.len();
        for (own, source) in of_source.iter_mut().zip(&sources) {
            let bits = source.classes.iter().map(|class| *class == Class::Unreported);
            own.unreported = sets.number(&bits.collect::<Vec<_>>());
        }
        let (entries, by_key) = entries(&sources, &of_source, all);
        let (kinds, kind_of) = sets.kinds(births);
        let size = sets.known.len();
        let reporting: Vec<(usize, usize)> =
            of_source.iter().filter_map(|own| own.of.zip(own.unreported)).collect();
        let relations = Arc::new(Relations::of(&kinds, compared, size, &reporting));
        let mut base = Self {
            sources,
            sets: of_source,
            entries,
            by_key,
            kinds,
            kind_of,
            size,
            relations,
            threshold: followed.threshold(),
            clinics: Vec::new(),
        };
        let places = places(followed, year, By::Month);
        base.clinics = base.protect_clinics(&places);
        base
    }

    fn protect_clinics(&self, places: &Places) -> Vec<Vec<Told>> {
        let clinics = places.layout.clinics.len();
        let tables = self.tables();
        let mut layered = Layered::of(self, clinics, |birth| places.place(birth).map(|at| at.0));
        let rows = (0..clinics).map(Some).chain([None]);
        for row in rows {
            let of = row.map_or((0..clinics).collect(), |row| vec![row]);
            let told = |entry: &Entry, counts: &[u64]| match entry.source {
                None => Told::Fixed,
                Some(_) if entry.what == What::Size => Told::No,
                Some(_) => self.open(&tables, entry, (row, Part::All), counts),
            };
            layered.add(of, told, self.secrets(&tables, (row, Part::All)));
        }
        let lines = vec![(clinics, (0..clinics).collect())];
        // Of the whole something is told also where nothing can be told of the clinics.
        layered.protected(clinics, lines.clone()).unwrap_or_else(|mut layered| {
            layered.places.iter_mut().take(clinics).for_each(close);
            layered.protected(clinics, lines).unwrap_or_else(Layered::closed)
        })
    }

    fn tables(&self) -> Vec<Arc<YearOf>> {
        self.sources.iter().map(|source| Arc::clone(&source.table)).collect()
    }

    /// Whether an entry would be told, as its own table has it.
    fn open(
        &self,
        tables: &[Arc<YearOf>],
        entry: &Entry,
        (row, part): (Option<usize>, Part),
        counts: &[u64],
    ) -> Told {
        let Some(at) = entry.source else { return Told::No };
        let (Some(source), Some(table), Some(sets)) =
            (self.sources.get(at), tables.get(at), self.sets.get(at))
        else {
            return Told::No;
        };
        let count = |set: Option<usize>| set.and_then(|set| counts.get(set)).copied().unwrap_or(0);
        let marks = table.withheld(row, part);
        let is_told = match entry.what {
            What::Size => !marks[0],
            What::Count => !marks[1],
            What::Value | What::Pending => {
                let (reported, unreported) = (count(sets.of), count(sets.unreported));
                let meant = (reported + unreported) * u64::from(source.minimum_reported);
                let is_valued = sets.counted.is_none() && sets.others.is_none();
                let is_withheld = if is_valued { marks[0] } else { marks.contains(&true) };
                !is_withheld && reported * 100 >= meant
            }
        };
        let is_few = entry.what == What::Pending && is_small(count(sets.pending), self.threshold);
        if is_told && !is_few { Told::Open } else { Told::No }
    }

    /// Sets of which a table of their own withholds the count at a place. Whom a share is of is withheld for the sake of those who count
    /// and the others, which are secrets themselves: that is one only where it is few.
    fn secrets(&self, tables: &[Arc<YearOf>], (row, part): (Option<usize>, Part)) -> Secrets {
        let mut secrets = Secrets::default();
        for (table, sets) in tables.iter().zip(&self.sets) {
            let [of, counted, others] = table.withheld(row, part);
            let is_share = sets.counted.is_some() || sets.others.is_some();
            let whom = if is_share { &mut secrets.where_few } else { &mut secrets.anyhow };
            whom.extend(sets.of.filter(|_| of));
            secrets.anyhow.extend(sets.counted.filter(|_| counted));
            secrets.anyhow.extend(sets.others.filter(|_| others));
        }
        secrets
    }

    fn is_told(&self, told: Option<&Vec<Told>>, key: &Key) -> bool {
        // What is not of births one by one is told elsewhere.
        let Some(entry) = self.by_key.get(key) else { return true };
        told.and_then(|told| told.get(*entry)).is_some_and(|told| *told != Told::No)
    }

    /// Whether something is told of a clinic, or of all.
    pub fn tells(&self, key: &Key, row: Option<usize>) -> bool {
        self.is_told(self.clinic(row), key)
    }

    /// What is told of each entry of a clinic, or of all.
    fn clinic(&self, row: Option<usize>) -> Option<&Vec<Told>> {
        row.map_or_else(|| self.clinics.last(), |row| self.clinics.get(row))
    }

    fn fixed(&self, row: Option<usize>) -> Vec<Told> {
        self.clinic(row).map_or_else(Vec::new, |told| as_fixed(told))
    }
}

impl Together {
    /// Counts and protects the births of a year, divided by clinic and something else.
    pub fn of(followed: &Followed, year: i32, by: By) -> Self {
        let base = base(followed, year);
        let places = places(followed, year, by);
        let known = of_year(followed, year);
        let table = |source: &Source| {
            let is_it = |fact: &&Indicator| Key::of(fact) == source.key;
            let fact = known.iter().map(|one| one.indicator.fact).find(is_it);
            let own = fact.and_then(|fact| {
                table_of(followed, &known, fact, (year, by, followed.threshold()))
            });
            own.unwrap_or_else(|| Arc::clone(&source.table))
        };
        let tables = base.sources.iter().map(table).collect();
        let mut new =
            Self { base, by, places, tables, groups: Vec::new(), within: OnceLock::new() };
        new.groups = new.protect_groups();
        new
    }

    /// Whether something is told of a part of the births of a clinic, or of all.
    pub fn tells(&self, key: &Key, row: Option<usize>, part: Part) -> bool {
        let Layout { groups, .. } = &self.places.layout;
        match (row, part) {
            (row, Part::All) => self.base.tells(key, row),
            (None, part) => self.base.is_told(self.groups.get(self.at(part)), key),
            (Some(row), part) => {
                let width = groups.len() + self.places.layout.runs.len();
                let within = self.within.get_or_init(|| self.protect_within());
                self.base.is_told(within.get(row * width + self.at(part)), key)
            }
        }
    }

    fn at(&self, part: Part) -> usize {
        match part {
            Part::Group(group) => group,
            Part::Run(run) => self.places.layout.groups.len() + run,
            Part::All => usize::MAX,
        }
    }

    /// Groups, and runs of them with the groups that they hold.
    fn parts(&self) -> Vec<(Part, Vec<usize>)> {
        let Layout { groups, runs, .. } = &self.places.layout;
        let groups = (0..groups.len()).map(|group| (Part::Group(group), vec![group]));
        let runs = (0..).zip(runs).map(|(run, (_, held))| (Part::Run(run), held.clone()));
        groups.chain(runs).collect()
    }

    /// Whether all births of a group, or of a clinic in it, are told anyway.
    fn births(&self) -> Told {
        if self.places.layout.open == Open::Groups { Told::Fixed } else { Told::No }
    }

    fn is_of_indicators(&self, entry: &Entry) -> bool {
        let source = entry.source.and_then(|source| self.base.sources.get(source));
        source.is_some_and(|source| matches!(source.key, Key::Indicator(..)))
    }

    fn protect_groups(&self) -> Vec<Vec<Told>> {
        let base = &*self.base;
        let groups = self.places.layout.groups.len();
        let mut layered =
            Layered::of(base, groups, |birth| self.places.place(birth).map(|at| at.1));
        let parts = self.parts();
        for (part, held) in &parts {
            let place = (None, *part);
            let told = |entry: &Entry, counts: &[u64]| match entry.what {
                _ if entry.source.is_none() => self.births(),
                What::Size => Told::No,
                _ if self.is_of_indicators(entry) => base.open(&self.tables, entry, place, counts),
                _ => Told::No,
            };
            layered.add(held.clone(), told, self.secrets(place));
        }
        let whole = base.fixed(None);
        layered.place(
            (0..groups).collect(),
            whole,
            base.secrets(&base.tables(), (None, Part::All)),
        );
        let mut lines = vec![(parts.len(), (0..groups).collect())];
        for (at, (part, held)) in parts.iter().enumerate() {
            if matches!(part, Part::Run(_)) {
                lines.push((at, held.clone()));
            }
        }
        if !self.places.layout.runs.is_empty() {
            lines.push((parts.len(), (groups..parts.len()).collect()));
        }
        let told = layered.protected(groups, lines).unwrap_or_else(Layered::closed);
        told.into_iter().take(parts.len()).collect()
    }

    /// One to one and continuity are told of clinics and of all births alone.
    fn indicators(&self) -> &[Arc<YearOf>] {
        let is_of_births = |source: &&Source| matches!(source.key, Key::Indicator(..));
        let indicators = self.base.sources.iter().take_while(is_of_births).count();
        self.tables.get(..indicators).unwrap_or(&self.tables)
    }

    fn secrets(&self, place: (Option<usize>, Part)) -> Secrets {
        self.base.secrets(self.indicators(), place)
    }

    /// By clinic, then by group and run.
    fn protect_within(&self) -> Vec<Vec<Told>> {
        // Each family first, which takes longest.
        shared(engine::threads(), self.indicators(), |table| {
            table.withheld(Some(0), Part::Group(0));
        });
        let base = &*self.base;
        let Layout { clinics, groups, runs, .. } = &self.places.layout;
        let (clinics, groups, runs) = (clinics.len(), groups.len(), runs.len());
        let basic = clinics * groups;
        let mut layered = Layered::of(base, basic, |birth| {
            self.places.place(birth).map(|(clinic, group)| clinic * groups + group)
        });
        let parts = self.parts();
        let is_sized = STRATA.contains(&self.by);
        let cells = |rows: std::ops::Range<usize>, held: &[usize]| -> Vec<usize> {
            rows.flat_map(|row| held.iter().map(move |group| row * groups + group)).collect()
        };
        // Cells first, then runs of a clinic, then what is known: clinics, groups and runs, and all.
        let numbered = |row: usize, at: usize| match at.checked_sub(groups) {
            None => row * groups + at,
            Some(run) => basic + row * runs + run,
        };
        let mut order: Vec<(usize, usize)> =
            (0..clinics).flat_map(|row| (0..parts.len()).map(move |at| (row, at))).collect();
        order.sort_by_key(|&(row, at)| numbered(row, at));
        for (row, at) in order {
            let Some((part, held)) = parts.get(at) else { continue };
            let place = (Some(row), *part);
            let told = |entry: &Entry, counts: &[u64]| match entry.what {
                _ if entry.source.is_none() => self.births(),
                What::Size if !is_sized || at >= groups => Told::No,
                _ if self.is_of_indicators(entry) => base.open(&self.tables, entry, place, counts),
                _ => Told::No,
            };
            layered.add(cells(row..row + 1, held), told, self.secrets(place));
        }
        let all: Vec<usize> = (0..groups).collect();
        let own = base.tables();
        for row in 0..clinics {
            let secrets = base.secrets(&own, (Some(row), Part::All));
            layered.place(cells(row..row + 1, &all), base.fixed(Some(row)), secrets);
        }
        for ((part, held), told) in parts.iter().zip(&self.groups) {
            layered.place(cells(0..clinics, held), as_fixed(told), self.secrets((None, *part)));
        }
        let secrets = base.secrets(&own, (None, Part::All));
        layered.place(cells(0..clinics, &all), base.fixed(None), secrets);
        let sums = basic + clinics * runs;
        let mut lines = Vec::new();
        for row in 0..clinics {
            lines.push((sums + row, all.iter().map(|at| numbered(row, *at)).collect()));
            for (at, (part, held)) in parts.iter().enumerate() {
                if matches!(part, Part::Run(_)) {
                    let held = held.iter().map(|group| numbered(row, *group)).collect();
                    lines.push((numbered(row, at), held));
                }
            }
            if runs > 0 {
                let runs = (groups..parts.len()).map(|at| numbered(row, at)).collect();
                lines.push((sums + row, runs));
            }
        }
        for at in 0..parts.len() {
            let members = (0..clinics).map(|row| numbered(row, at)).collect();
            lines.push((sums + clinics + at, members));
        }
        let told = layered.protected(basic, lines).unwrap_or_else(Layered::closed);
        let cell = |row: usize| (0..parts.len()).map(move |at| (row, at));
        (0..clinics)
            .flat_map(cell)
            .map(|(row, at)| told.get(numbered(row, at)).cloned().unwrap_or_default())
            .collect()
    }
}

fn as_fixed(told: &[Told]) -> Vec<Told> {
    told.iter().map(|told| if *told == Told::No { Told::No } else { Told::Fixed }).collect()
}

fn close(place: &mut Place) {
    let open = place.told.iter_mut().filter(|told| **told == Told::Open);
    open.for_each(|told| *told = Told::No);
}

impl<'b> Layered<'b> {
    fn of(base: &'b Base, basic: usize, place: impl Fn(usize) -> Option<usize>) -> Self {
        let mut by_kind = vec![vec![0; base.kinds.len()]; basic];
        for (birth, kind) in base.kind_of.iter().enumerate() {
            let counts = place(birth).and_then(|place| by_kind.get_mut(place));
            counts
                .and_then(|counts| counts.get_mut(*kind))
                .into_iter()
                .for_each(|count| *count += 1);
        }
        Self { base, places: Vec::new(), by_kind }
    }

    fn counts(&self, of: &[usize]) -> Vec<u64> {
        let mut counts = vec![0; self.base.size];
        for by_kind in of.iter().filter_map(|place| self.by_kind.get(*place)) {
            let kinds = self.base.kinds.iter().zip(by_kind).filter(|(_, count)| **count > 0);
            for (sets, count) in kinds {
                for set in sets {
                    counts.get_mut(*set).into_iter().for_each(|sum| *sum += count);
                }
            }
        }
        counts
    }

    fn add(&mut self, of: Vec<usize>, told: impl Fn(&Entry, &[u64]) -> Told, secrets: Secrets) {
        let counts = self.counts(&of);
        let secrets = secrets.among(&counts, self.base.threshold);
        let told = self.base.entries.iter().map(|entry| told(entry, &counts)).collect();
        self.places.push(Place { of, counts, told, secrets });
    }

    fn place(&mut self, of: Vec<usize>, told: Vec<Told>, secrets: Secrets) {
        let counts = self.counts(&of);
        let secrets = secrets.among(&counts, self.base.threshold);
        self.places.push(Place { of, counts, told, secrets });
    }

    /// What may be told of each place; itself where no proof is found.
    fn protected(
        self,
        basic: usize,
        lines: Vec<(usize, Vec<usize>)>,
    ) -> Result<Vec<Vec<Told>>, Self> {
        let base = self.base;
        let mut together = across::Together {
            relations: Arc::clone(&base.relations),
            items: base.entries.iter().map(|entry| entry.item.clone()).collect(),
            places: self.places.clone(),
            basic,
            lines,
            threshold: base.threshold.into(),
        };
        if protect(&mut together) {
            Ok(together.places.into_iter().map(|place| place.told).collect())
        } else {
            Err(self)
        }
    }

    /// Nothing more than was told before.
    fn closed(mut self) -> Vec<Vec<Told>> {
        self.places.iter_mut().for_each(close);
        self.places.into_iter().map(|place| place.told).collect()
    }
}

/// Sets of births by number; the same births are the same set.
#[derive(Default)]
struct Numbered {
    known: BTreeMap<Vec<bool>, usize>,
}

impl Numbered {
    fn number(&mut self, births: &[bool]) -> Option<usize> {
        if !births.contains(&true) {
            return None;
        }
        let next = self.known.len();
        Some(*self.known.entry(births.to_vec()).or_insert(next))
    }

    fn compared(&mut self, source: &Source) -> Sets {
        let mut of = |holds: &dyn Fn(Class) -> bool| {
            let births: Vec<bool> = source.classes.iter().map(|class| holds(*class)).collect();
            self.number(&births)
        };
        Sets {
            of: of(&Class::is_reported),
            counted: of(&|class| class == Class::Yes),
            others: of(&|class| class == Class::No),
            pending: of(&|class| class == Class::Pending),
            unreported: None,
        }
    }

    /// The kinds of births there are, each as its sets, and that of every birth.
    fn kinds(&self, births: usize) -> (Vec<Vec<usize>>, Vec<usize>) {
        let mut of_birth = vec![Vec::new(); births];
        let mut ordered: Vec<(&Vec<bool>, usize)> =
            self.known.iter().map(|(held, at)| (held, *at)).collect();
        ordered.sort_by_key(|(_, at)| *at);
        for (held, at) in ordered {
            let within = of_birth.iter_mut().zip(held).filter(|(_, holds)| **holds);
            within.for_each(|(sets, _): (&mut Vec<usize>, _)| sets.push(at));
        }
        let mut known: HashMap<&Vec<usize>, usize> = HashMap::new();
        let kind_of = of_birth.iter().map(|sets| {
            let next = known.len();
            *known.entry(sets).or_insert(next)
        });
        let kind_of: Vec<usize> = kind_of.collect();
        let mut kinds: Vec<(usize, Vec<usize>)> =
            known.into_iter().map(|(sets, at)| (at, sets.clone())).collect();
        kinds.sort_unstable();
        (kinds.into_iter().map(|(_, sets)| sets).collect(), kind_of)
    }
}

fn sources(followed: &Followed, year: i32) -> Vec<Source> {
    let threshold = followed.threshold();
    let known = of_year(followed, year);
    let facts = known.iter().map(|one| one.indicator.fact);
    let of_births =
        facts.filter(|fact| matches!(fact.gives, Gives::Share | Gives::Mean(_) | Gives::Median(_)));
    let indicator = |fact: &Indicator| {
        let table = table_of(followed, &known, fact, (year, By::Month, threshold))?;
        let classes = followed.classes(fact, year);
        let minimum_reported = fact.minimum_reported;
        Some(Source { key: Key::of(fact), table, classes, minimum_reported })
    };
    let mut sources: Vec<Source> = of_births.filter_map(indicator).collect();
    let other = |key, (table, classes): (Arc<YearOf>, Arc<Vec<Class>>)| Source {
        key,
        table,
        classes,
        minimum_reported: 0,
    };
    let staffed = Counted::of_year(followed, year).told().into_iter().enumerate();
    sources.extend(staffed.map(|(at, one)| other(Key::Staffed(at), one)));
    let banded = OfYear::counted(followed, year).told().into_iter().enumerate();
    sources.extend(banded.map(|(at, one)| other(Key::Banded(at), one)));
    sources
}

/// Everything that is told of the sources, and its place by key; `all` is the set of all births.
fn entries(
    sources: &[Source],
    sets: &[Sets],
    all: Option<usize>,
) -> (Vec<Entry>, BTreeMap<Key, usize>) {
    let births = Item { of: None, counted: all };
    let mut entries = vec![Entry { item: births, source: None, what: What::Count }];
    let mut by_key = BTreeMap::from([(Key::Births, 0)]);
    for ((at, source), sets) in sources.iter().enumerate().zip(sets) {
        let value = Item { of: sets.of, counted: sets.counted };
        let count = |counted| Item { of: None, counted };
        let mut add = |key, item, what| {
            by_key.insert(key, entries.len());
            entries.push(Entry { item, source: Some(at), what });
        };
        match &source.key {
            Key::Indicator(id, day) => {
                add(source.key.clone(), value, What::Value);
                add(Key::Pending(id.clone(), *day), count(sets.pending), What::Pending);
                add(Key::Size(id.clone(), *day), count(sets.of), What::Size);
            }
            Key::Staffed(table) if *table >= PERCENTS.len() => {
                add(source.key.clone(), count(sets.counted), What::Count);
            }
            key => add(key.clone(), value, What::Value),
        }
    }
    (entries, by_key)
}
