//! Small random worlds: a register in a dozen decisions and some tens of reports.
//!
//! Owns: [`world`], which gives the same world for the same seed, and [`features`], which tells what
//! a world exercises. Does not own: what any of it amounts to (`naive`).
//!
//! Values are few, so that rates, contacts and days often meet. Most worlds load: a later rate of an
//! element replaces the earlier ones, and no two payers match equally well. A few rates clash (R3).

mod features;
mod linked;
mod rates;
mod register;
mod reports;

pub use features::features;

use crate::naive::{Options, RawRow};
use kernel::fact::{
    Agreement, Approval, Area, Assignment, BASE, Capacity, ClassMatch, CodePattern, Condition,
    ContactCondition, ContactKind, Decision, Fact, Form, Formula, Key, LegalForm, Pay, Payer,
    Place, PregnancyPeriod, Provider, Rate, Region, Residence, Residences, ShareKey, Stated,
    Status, Step, Unit, UnitCondition, UnitKind, UpliftBy, Weight, WeightField, WeightedBy,
};
use kernel::money::{Money, Ratio, Rounding};
use kernel::time::{Day, Period};
use reports::Fields;
use std::collections::{BTreeMap, BTreeSet};

/// A register, its reports and the two days that are compared.
#[derive(Clone, Debug)]
pub struct World {
    pub decisions: Vec<Decision>,
    pub rows: Vec<RawRow>,
    pub d1: Day,
    pub d2: Day,
    pub through: Option<Day>,
    pub contacts_known_on: Option<Day>,
}

impl World {
    /// The options of one side, `d1` or `d2` (R18, R48).
    pub fn options(&self, known_on: Day) -> Options {
        let contacts_known_on = self.contacts_known_on.unwrap_or(known_on);
        let through = self.through.unwrap_or(contacts_known_on);
        Options { register_known_on: known_on, contacts_known_on, through }
    }
}

/// Steele, Lea and Flood's splitmix64.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    pub fn days(&mut self, end: usize) -> i32 {
        i32::try_from(self.below(end)).unwrap()
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// From one to `most` different values, in order.
    fn some<T: Clone>(&mut self, of: &[T], most: usize) -> Vec<T> {
        let wanted = 1 + self.below(most);
        let mut left: Vec<usize> = (0..of.len()).collect();
        while left.len() > wanted {
            left.remove(self.below(left.len()));
        }
        left.into_iter().map(|at| of[at].clone()).collect()
    }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn since(from: &str, to: Option<Day>) -> Period {
    Period::inclusive(Some(day(from)), to)
}

const START: &str = "2022-01-01";
const TURNS: [&str; 4] = ["2023-01-01", "2023-04-01", "2023-07-15", "2024-01-01"];
const KNOWN_FROM: [&str; 9] = [
    "2023-01-31",
    "2023-03-31",
    "2023-05-02",
    "2023-06-30",
    "2023-09-15",
    "2023-11-30",
    "2024-01-31",
    "2024-03-31",
    "2022-12-20",
];
const CLASSES: [&str; 3] = ["a", "b", "c"];
const DRGS: [&str; 4] = ["P05A", "P05C", "P06A", "M60X"];
const PLACES: [&str; 2] = ["home", "clinic"];
const PROFESSIONS: [&str; 2] = ["midwife", "doctor"];
const KINDS: [ContactKind; 4] = [
    ContactKind::Delivery,
    ContactKind::MidwifeVisit,
    ContactKind::PostnatalVisit,
    ContactKind::Phone,
];
const FORMS: [Form; 3] = [Form::CareChoice, Form::Procured, Form::BudgetAssignment];
const AREAS: [Area; 2] = [Area::Delivery, Area::MidwifeClinic];
const ADD_ONS: [&str; 2] = ["continuity", "home-birth"];

/// The world of a seed.
pub fn world(seed: u64) -> World {
    let mut random = Random(seed);
    let count = 4 + random.below(KNOWN_FROM.len() - 3);
    let mut draft = Draft {
        facts: vec![Vec::new(); count + 1],
        proposed: BTreeSet::new(),
        stated: BTreeSet::new(),
        units: Vec::new(),
        rates: Vec::new(),
        used: BTreeSet::new(),
        random,
    };
    for at in 1..=count {
        if draft.random.chance(12) {
            draft.proposed.insert(at);
        }
    }
    // In every third world the formulas that link contacts have less beside them.
    let is_linked = seed % 3 == 2;
    let contacts_only = draft.random.chance(if is_linked { 30 } else { 12 });
    let end = day(if is_linked { "2023-04-30" } else { "2023-09-30" });
    draft.region_and_payers(contacts_only.then_some(end));
    draft.clinics();
    draft.weights_and_keys();
    let rates = if is_linked { draft.random.below(4) } else { 5 + draft.random.below(21) };
    for number in 0..rates {
        draft.rate(number, contacts_only);
    }
    let mut rows = draft.reports();
    let random = &mut draft.random;
    let d1 = day("2023-05-15").plus(random.days(250));
    let d2 = d1.plus(random.days(200));
    let through = random.chance(25).then(|| d1.plus(random.days(90) - 45));
    let contacts_known_on = random.chance(30).then(|| d1.plus(random.days(150)));
    let before = std::mem::replace(&mut draft.random, Random(seed ^ 0x11_4ced));
    draft.linked_rates(contacts_only, if is_linked { 9 } else { 3 });
    rows.extend(draft.visits(if is_linked { 30 } else { 6 }));
    draft.random = before;
    // The order of files is no content: statements hold by the day they are known (R7).
    let mut decisions = draft.decisions();
    for at in 1..decisions.len() {
        decisions.swap(at, draft.random.below(at + 1));
    }
    World { decisions, rows, d1, d2, through, contacts_known_on }
}

/// A world in the making; decision 0 is known first.
struct Draft {
    random: Random,
    facts: Vec<Vec<Fact>>,
    proposed: BTreeSet<usize>,
    stated: BTreeSet<(usize, String)>,
    units: Vec<String>,
    rates: Vec<Rate>,
    used: BTreeSet<String>, // elements that an uplift is of
}

impl Draft {
    fn later(&mut self) -> usize {
        1 + self.random.below(self.facts.len() - 1)
    }

    fn any_decision(&mut self) -> usize {
        if self.random.chance(40) { 0 } else { self.later() }
    }

    /// Adds a fact unless the decision states that identity already (R7).
    fn state(&mut self, decision: usize, identity: String, fact: Fact) {
        if self.stated.insert((decision, identity)) {
            self.facts[decision].push(fact);
        }
    }

    fn decisions(&self) -> Vec<Decision> {
        let place = Place { file: "world.toml".into(), line: 1 };
        let decision = |(at, facts): (usize, &Vec<Fact>)| Decision {
            id: format!("decision-{at}").as_str().into(),
            body: "HSN".into(),
            known_from: if at == 0 { day("2022-12-01") } else { day(KNOWN_FROM[at - 1]) },
            decided_on: None,
            case_number: None,
            status: if self.proposed.contains(&at) { Status::Proposed } else { Status::Decided },
            unverified: Vec::new(),
            illustrative: true,
            source: None,
            facts: facts
                .iter()
                .map(|fact| Stated {
                    fact: fact.clone(),
                    place: place.clone(),
                    anchor: None,
                    label: None,
                })
                .collect(),
            place: place.clone(),
        };
        self.facts.iter().enumerate().map(decision).collect()
    }
}
