//! Small random worlds: a register in a dozen decisions and some tens of reports.
//!
//! Owns: [`world`], which gives the same world for the same seed, and [`features`], which tells what
//! a world exercises. Does not own: what any of it amounts to (`naive`).
//!
//! Values are few, so that rates, contacts and days often meet. Most worlds load: a later rate of an
//! element replaces the earlier ones, and no two payers match equally well. A few rates clash (R3).

use crate::naive::{self, Options, RawRow};
use kernel::fact::{
    Agreement, Approval, Area, Assignment, BASE, Capacity, ClassMatch, CodePattern, Condition,
    ContactCondition, ContactKind, Decision, Fact, Form, Formula, Key, LegalForm, Pay, Payer,
    Place, Provider, Rate, Region, Residence, Residences, ShareKey, Stated, Status, Unit,
    UnitCondition, UnitKind, UpliftBy, Weight, WeightField,
};
use kernel::money::{Money, Ratio, Rounding};
use kernel::time::{Day, Period};
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
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn days(&mut self, end: usize) -> i32 {
        i32::try_from(self.below(end)).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
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
    let contacts_only = draft.random.chance(12);
    draft.region_and_payers(contacts_only);
    draft.clinics();
    draft.weights_and_keys();
    for number in 0..5 + draft.random.below(21) {
        draft.rate(number, contacts_only);
    }
    let rows = draft.reports();
    let random = &mut draft.random;
    let d1 = day("2023-05-15").plus(random.days(250));
    let d2 = d1.plus(random.days(200));
    let through = random.chance(25).then(|| d1.plus(random.days(90) - 45));
    let contacts_known_on = random.chance(30).then(|| d1.plus(random.days(150)));
    World { decisions: draft.decisions(), rows, d1, d2, through, contacts_known_on }
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

    fn region_and_payers(&mut self, contacts_only: bool) {
        if self.random.chance(92) {
            let region = Region {
                id: "region".into(),
                name: "Regionen".into(),
                county: "01".into(),
                org_number: None,
            };
            let decision = if self.random.chance(90) { 0 } else { self.later() };
            self.state(decision, "region".into(), Fact::Region(region));
        }
        let end = contacts_only.then(|| day("2023-09-30"));
        self.payer(0, "hsn", None, end);
        let exact = |text: &str| Residence::Exact(text.into());
        let county = |text: &str| Residence::County(text.into());
        let out = || Residence::OutOfCounty;
        let others = [
            ("kson", vec![exact("0188")], vec![]),
            ("state", vec![exact("asylum")], vec![]),
            ("stockholm", vec![county("01")], vec![exact("0126")]),
            ("uppsala", vec![county("03"), exact("1480")], vec![]),
            ("others", vec![out()], vec![exact("0380")]),
            ("rest", vec![], vec![exact("0188"), out()]),
        ];
        for (id, plain, not) in others {
            if self.random.chance(50) {
                let decision = self.any_decision();
                let residence = Residences { plain, not };
                self.payer(decision, id, Some(residence.clone()), None);
                if self.random.chance(30) {
                    let (decision, end) = (self.later(), day(self.random.pick(&TURNS)).plus(-1));
                    self.payer(decision, id, Some(residence), Some(end));
                }
            }
        }
    }

    fn payer(
        &mut self,
        decision: usize,
        id: &str,
        residence: Option<Residences>,
        end: Option<Day>,
    ) {
        let payer = Payer { id: id.into(), residence, valid: since(START, end) };
        self.state(decision, format!("payer {id}"), Fact::Payer(payer));
    }

    fn clinics(&mut self) {
        let count = 2 + self.random.below(5);
        self.units = (1..=count).map(|number| format!("unit-{number}")).collect();
        for number in 1..=count {
            let id = format!("provider-{number}");
            let provider = Provider {
                id: id.as_str().into(),
                name: id.clone(),
                legal_form: LegalForm::Private,
                org_number: None,
            };
            self.state(0, id, Fact::Provider(provider));
            let hsa = (number % 2 == 1).then(|| format!("SE2321000016-{number}"));
            let area_class =
                (!self.random.chance(20)).then(|| self.random.pick(&CLASSES).to_owned());
            self.unit(0, number, hsa, area_class, START, None);
            if !self.random.chance(8) {
                self.agreement(number);
            }
        }
        // An HSA-id moves from an odd unit to the next on some day; the latter gets a new area class.
        if self.random.chance(60) {
            let (decision, turn) = (self.later(), self.random.pick(&TURNS));
            let before = Some(day(turn).plus(-1));
            let class = Some(self.random.pick(&CLASSES).to_owned());
            self.unit(decision, 1, Some("SE2321000016-1".into()), class.clone(), START, before);
            self.unit(decision, 1, None, class, turn, None);
            let class = Some(self.random.pick(&CLASSES).to_owned());
            self.unit(decision, 2, None, class.clone(), START, before);
            self.unit(decision, 2, Some("SE2321000016-1".into()), class, turn, None);
        }
        // Another unit closes, or its class is stated anew.
        if count > 2 && self.random.chance(50) {
            let decision = self.later();
            let end = self.random.chance(50).then(|| day("2023-10-31"));
            let class = Some(self.random.pick(&CLASSES).to_owned());
            self.unit(decision, 3, Some("SE2321000016-3".into()), class, START, end);
        }
    }

    fn unit(
        &mut self,
        decision: usize,
        number: usize,
        hsa_id: Option<String>,
        area_class: Option<String>,
        from: &str,
        end: Option<Day>,
    ) {
        let id = format!("unit-{number}");
        let unit = Unit {
            id: id.as_str().into(),
            name: id.clone(),
            kind: UnitKind::DeliveryClinic,
            provider: format!("provider-{number}").as_str().into(),
            kombika: Some(format!("1100{number}")),
            hsa_id,
            municipality: None,
            area_class,
            valid: since(from, end),
        };
        self.state(decision, format!("{id} {from}"), Fact::Unit(unit));
    }

    /// The agreement of a unit: open, ended, or followed by another form; its base and add-ons.
    fn agreement(&mut self, number: usize) {
        let (first, second) = (format!("agreement-{number}"), format!("agreement-{number}-next"));
        let random = &mut self.random;
        let area = random.pick(&AREAS);
        let form = random.pick(&FORMS);
        let months = random.chance(50).then(|| random.days(4));
        let turn = random.pick(&TURNS[1..]);
        self.state_agreement(0, number, &first, area, form, months, since(START, None));
        let base_from = if self.random.chance(85) { START } else { "2023-02-01" };
        let status = if self.random.chance(94) { Approval::Approved } else { Approval::Applied };
        self.assignment(0, number, &first, BASE, status, since(base_from, None));
        let end = Some(day(turn).plus(-1));
        let change = self.random.below(10);
        if change < 4 {
            let decision = self.any_decision();
            if decision > 0 {
                self.state_agreement(
                    decision,
                    number,
                    &first,
                    area,
                    form,
                    months,
                    since(START, end),
                );
                if change < 3 {
                    self.state_agreement(
                        decision,
                        number,
                        &second,
                        area,
                        Form::BudgetAssignment,
                        months,
                        since(turn, None),
                    );
                    self.assignment(
                        decision,
                        number,
                        &second,
                        BASE,
                        Approval::Approved,
                        since(turn, None),
                    );
                }
            }
        }
        for name in ADD_ONS {
            let from = self.random.pick(&[START, TURNS[0], TURNS[1]]);
            let decision = self.any_decision();
            let status =
                self.random.pick(&[Approval::Approved, Approval::Approved, Approval::Applied]);
            let under = if self.random.chance(85) { &first } else { &second };
            self.assignment(decision, number, under, name, status, since(from, None));
            let decision = self.later();
            match self.random.below(6) {
                // R57: withdrawn whole, ended, refused (which revokes nothing); R47: approved after all.
                0 => self.assignment(
                    decision,
                    number,
                    under,
                    name,
                    Approval::Approved,
                    since(from, Some(day(from).plus(-1))),
                ),
                1 => self.assignment(
                    decision,
                    number,
                    under,
                    name,
                    Approval::Approved,
                    since(from, Some(day("2023-08-31"))),
                ),
                2 => self.assignment(
                    decision,
                    number,
                    under,
                    name,
                    Approval::Refused,
                    since(from, None),
                ),
                3 => self.assignment(
                    decision,
                    number,
                    under,
                    name,
                    Approval::Approved,
                    since(from, None),
                ),
                _ => {}
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of the fact")]
    fn state_agreement(
        &mut self,
        decision: usize,
        number: usize,
        id: &str,
        area: Area,
        form: Form,
        backward_months: Option<i32>,
        valid: Period,
    ) {
        let provider = format!("provider-{number}").as_str().into();
        let agreement = Agreement { id: id.into(), provider, area, form, valid, backward_months };
        self.state(decision, format!("{id} {}", valid.from), Fact::Agreement(agreement));
    }

    fn assignment(
        &mut self,
        decision: usize,
        number: usize,
        agreement: &str,
        name: &str,
        status: Approval,
        valid: Period,
    ) {
        let unit = format!("unit-{number}").as_str().into();
        let identity = format!("{unit} {agreement} {name} {status} {}", valid.from);
        let assignment =
            Assignment { unit, agreement: agreement.into(), name: name.into(), status, valid };
        // A successor is known only with its own decision, so an add-on under it may come to nothing.
        let exists = self
            .facts
            .iter()
            .flatten()
            .any(|fact| matches!(fact, Fact::Agreement(a) if a.id.as_str() == agreement));
        if exists {
            self.state(decision, identity, Fact::Assignment(assignment));
        }
    }

    fn weights_and_keys(&mut self) {
        let mut codes: Vec<String> =
            DRGS.iter().chain(&CLASSES).chain(&PLACES).map(|&code| code.into()).collect();
        codes.extend(["delivery", "midwife-visit", "low", "high"].map(String::from));
        codes.extend(self.units.clone());
        for table in ["t1", "t2"] {
            for code in &codes {
                if self.random.chance(90) {
                    self.weight(0, table, code, START);
                }
                for _ in 0..2 {
                    if self.random.chance(25) {
                        let (decision, from) =
                            (self.any_decision(), self.random.pick(&[START, TURNS[1], TURNS[3]]));
                        self.weight(decision, table, code, from);
                    }
                }
            }
        }
        for unit in self.units.clone() {
            for year in [2023, 2024] {
                for decision in [0, self.later()] {
                    if self.random.chance(70) {
                        let deliveries = self.random.next() % 5 * 250;
                        let capacity = Capacity { unit: unit.as_str().into(), year, deliveries };
                        self.state(
                            decision,
                            format!("capacity {unit} {year}"),
                            Fact::Capacity(capacity),
                        );
                    }
                }
            }
            let value = 1 + self.random.next() % 6;
            self.key(0, "safe", &unit, None, value);
        }
        for recipient in self.units.clone().iter().map(String::as_str).chain(["other-body"]) {
            for year in [None, Some(2023), Some(2024)] {
                for decision in [0, self.later()] {
                    if self.random.chance(50) {
                        let value = self.random.next() % 6;
                        self.key(decision, "volume", recipient, year, value);
                    }
                }
            }
        }
    }

    fn weight(&mut self, decision: usize, table: &str, code: &str, from: &str) {
        let value = Ratio::parse(
            self.random.pick(&["1", "0.8123", "1.5", "0.0005", "1.00005", "2", "0", "0.333"]),
        )
        .unwrap();
        let weight =
            Weight { table: table.into(), code: code.into(), value, valid_from: day(from) };
        self.state(decision, format!("weight {table} {code} {from}"), Fact::Weight(weight));
    }

    fn key(&mut self, decision: usize, name: &str, recipient: &str, year: Option<i32>, value: u64) {
        let key = Key { name: name.into(), recipient: recipient.into(), value, year };
        self.state(decision, format!("key {name} {recipient} {year:?}"), Fact::Key(key));
    }

    /// One more rate: of a new element, or a later rate of one that exists.
    fn rate(&mut self, number: usize, contacts_only: bool) {
        let elements: BTreeSet<String> =
            self.rates.iter().map(|rate| rate.element.to_string()).collect();
        let elements: Vec<String> = elements.into_iter().collect();
        let again = !elements.is_empty() && self.random.chance(45);
        let element = if again {
            self.random.pick(&elements)
        } else {
            format!("element-{:02}", elements.len())
        };
        let formula = self.formula(&element, contacts_only || self.used.contains(&element));
        if let Formula::Uplift { of, .. } = &formula {
            self.used.extend(of.iter().map(ToString::to_string));
        }
        let of_contacts = formula.is_of_contacts();
        // R46: a contact formula may not name a unit rate.
        let nameable = |rate: &&Rate| !of_contacts || rate.formula.is_of_contacts();
        let earlier: Vec<Rate> = self.rates.iter().filter(nameable).cloned().collect();
        let siblings: Vec<Rate> =
            earlier.iter().filter(|rate| rate.element.as_str() == element).cloned().collect();
        let mut valid = self.validity(&formula);
        let mut replaced = siblings.clone();
        let last = siblings.iter().map(|rate| rate.valid.last()).collect::<Option<Vec<Day>>>();
        if let (Some(last), true) =
            (last.and_then(|last| last.into_iter().max()), self.random.chance(40))
            && !matches!(formula, Formula::Share { .. })
        {
            (valid, replaced) = (Period::inclusive(Some(last.plus(1)), None), Vec::new());
        } else if self.random.chance(4) {
            replaced.pop(); // perhaps a clash
        }
        let named: Vec<Rate> =
            earlier.into_iter().filter(|rate| rate.element.as_str() != element).collect();
        if !named.is_empty() && self.random.chance(20) {
            replaced.extend(self.random.some(&named, 2));
        }
        let was = replaced
            .iter()
            .find_map(|rate| rate.formula.amount())
            .filter(|_| self.random.chance(20));
        let decision = self.any_decision();
        let rate = Rate {
            id: format!("rate-{number:02}").as_str().into(),
            element: element.as_str().into(),
            when: self.condition(&formula),
            formula,
            was,
            valid,
            replaces: replaced.iter().map(|rate| rate.id.clone()).collect(),
            until: None,
            requires: self
                .random
                .chance(12)
                .then(|| {
                    format!("decision-{}", self.random.below(self.facts.len() + 1)).as_str().into()
                })
                .into_iter()
                .collect(),
            payable_under: match self.random.below(8) {
                0 => FORMS.to_vec(),
                1 => vec![Form::BudgetAssignment],
                _ => vec![Form::CareChoice, Form::Procured],
            },
            financed_by: None,
            illustrative: true,
        };
        self.rates.push(rate.clone());
        self.facts[decision].push(Fact::Rate(Box::new(rate)));
    }

    fn formula(&mut self, element: &str, of_contacts: bool) -> Formula {
        // R32: only elements with contact formulas alone, and earlier ones, so that there is no cycle.
        let pure = |name: &str| {
            self.rates
                .iter()
                .filter(|r| r.element.as_str() == name)
                .all(|r| r.formula.is_of_contacts())
        };
        let below: BTreeSet<&str> = self
            .rates
            .iter()
            .map(|rate| rate.element.as_str())
            .filter(|name| *name < element && pure(name))
            .collect();
        let below: Vec<String> = below.into_iter().map(str::to_owned).collect();
        let random = &mut self.random;
        let rounding =
            random.pick(&[Rounding::HalfUpOre, Rounding::HalfUpOre, Rounding::HalfUpKrona]);
        let ore = random.pick(&[0, 1, 50, 33_333, 10_000, 1_420_000, 99_999, 123_450, -5_050]);
        let amount = Money::from_ore(ore);
        match random.below(if of_contacts { 12 } else { 17 }) {
            0..=3 => Formula::PerContact { amount },
            4..=7 => {
                use WeightField::{AreaClass, Class, Drg, Kind, Place, Unit};
                let fields = [Drg, Unit, Kind, Place, AreaClass, Class("risk".into())];
                let weights = random.pick(&["t1", "t2"]).into();
                Formula::PerWeight { amount, weights, weight_by: random.some(&fields, 2), rounding }
            }
            8..=11 if below.is_empty() => Formula::PerContact { amount },
            8..=11 => {
                let percent = random.pick(&["5", "2.5", "-10", "0.5", "33.333", "100"]);
                let percent = UpliftBy::Percent(Ratio::parse(percent).unwrap());
                let by = if random.chance(70) { percent } else { UpliftBy::Amount(amount) };
                let of = random.some(&below, 3).iter().map(|name| name.as_str().into()).collect();
                Formula::Uplift { by, of, rounding }
            }
            12..=13 => Formula::FixedMonthly { per_year: Money::from_ore(ore.max(0)) },
            _ => self.share(),
        }
    }

    fn share(&mut self) -> Formula {
        let random = &mut self.random;
        let rounding = random.pick(&Rounding::NAMES).1;
        // R36: whole kronor, of which each rounding can make something.
        let pot = Money::from_kronor(random.pick(&[0, 1, 7, 1_000, 99_999]));
        let pay = random.pick(&[Pay::Once, Pay::Monthly]);
        let safe = rounding.rounds_one_amount() && random.chance(60);
        let key = match random.below(3) {
            _ if safe => ShareKey::Named("safe".into()),
            0 => ShareKey::Capacity,
            1 => ShareKey::Named("volume".into()),
            _ => ShareKey::Named("safe".into()),
        };
        let residue = safe.then(|| self.units[0].clone());
        Formula::Share { pot, key, rounding, residue, pay }
    }

    fn validity(&mut self, formula: &Formula) -> Period {
        let random = &mut self.random;
        if matches!(formula, Formula::Share { .. }) {
            // R35, R60: within one year, with the first day of a month in it.
            let year = random.pick(&["2023", "2024"]);
            let (from, to) = random.pick(&[
                ("01-01", "12-31"),
                ("01-01", "06-30"),
                ("02-15", "12-31"),
                ("07-01", "12-31"),
                ("04-01", "08-15"),
            ]);
            return since(&format!("{year}-{from}"), Some(day(&format!("{year}-{to}"))));
        }
        let from = random.pick(&[START, START, TURNS[0], TURNS[1], TURNS[2], TURNS[3]]);
        let end = random.chance(35).then(|| day(from).plus(20 + random.days(500)));
        since(from, end)
    }

    /// From none to two keys (R24); a unit formula has those of R26 and R60 alone.
    fn condition(&mut self, formula: &Formula) -> Condition {
        let mut when = Condition::default();
        let units: Vec<_> = self.units.iter().map(|unit| unit.as_str().into()).collect();
        let random = &mut self.random;
        if let Formula::Share { residue, .. } = formula {
            let mut chosen = random.some(&units, 4);
            chosen.extend(residue.as_deref().map(Into::into));
            chosen.sort();
            chosen.dedup();
            when.unit.unit = random.chance(30).then_some(chosen);
            return when;
        }
        for _ in 0..random.pick(&[0, 1, 1, 1, 2]) {
            let key = random.below(if formula.is_of_contacts() { 18 } else { 3 });
            let UnitCondition { unit, holds, area, area_class } = &mut when.unit;
            match key {
                0 => *unit = Some(random.some(&units, 4)),
                1 => *holds = Some(random.some(&ADD_ONS.map(Into::into), 2)),
                2 => *area = Some(vec![random.pick(&AREAS)]),
                3 => *area_class = Some(random.some(&CLASSES.map(String::from), 2)),
                _ => contact_key(random, key, &mut when.contact),
            }
        }
        when
    }

    fn reports(&mut self) -> Vec<RawRow> {
        let mut rows = Vec::new();
        let mut sound: Vec<Fields> = Vec::new();
        for at in 0..20 + self.random.below(61) {
            let mut fields = if sound.is_empty() || self.random.chance(60) {
                self.contact(&format!("D{}", sound.len() + 1))
            } else {
                let before = self.random.pick(&sound);
                self.follow_up(before)
            };
            if self.random.chance(13) {
                self.spoil(&mut fields);
            } else {
                sound.push(fields.clone());
            }
            if self.random.chance(10) {
                fields.values_mut().for_each(|text| *text = format!(" {text} "));
            }
            let file = self.random.below(2);
            rows.push(RawRow { file, line: at + 2, fields });
        }
        rows
    }

    fn contact(&mut self, id: &str) -> Fields {
        let number = 1 + self.random.below(self.units.len());
        let random = &mut self.random;
        let unit = match random.below(5) {
            0 => format!("SE2321000016-{number}"),
            1 => format!("1100{number}"),
            _ => format!("unit-{number}"),
        };
        let unit = if unit.starts_with("SE") && number.is_multiple_of(2) {
            "SE2321000016-1".into()
        } else {
            unit
        };
        let care = if random.chance(25) {
            let turn = random.pick(&[
                "2023-02-01",
                "2023-04-01",
                "2023-07-15",
                "2023-09-01",
                "2024-01-01",
                "2023-10-01",
            ]);
            day(turn).plus(random.days(2) - 1)
        } else {
            day("2022-12-10").plus(random.days(480))
        };
        let delay = if random.chance(15) { 50 + random.days(150) } else { random.days(35) };
        let reported_on =
            if random.chance(8) { String::new() } else { care.plus(delay).to_string() };
        let kind = random.pick(&KINDS);
        let boolean = ["", "ja", "Nej", "1", "0", "TRUE", "false"];
        let diagnoses = ["", "O80.0 Z37.0", "O701 O800 Z370", "z370 o80.0 O70.1", "F40.9"];
        let persons = [
            "p-1",
            "p-2",
            "991981000010",
            "991945000023",
            "121212-1212",
            "191212121212",
            "121212+1212",
            "121272-1219",
        ];
        let mut fields = Fields::new();
        let mut set = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
        set("contact_id", id);
        set("report", random.pick(&["", "new", "new"]));
        set("reported_on", &reported_on);
        set("unit", &unit);
        set("person", random.pick(&persons));
        set("kind", kind.name());
        set("care_date", &care.to_string());
        set("profession", random.pick(&["", PROFESSIONS[0], PROFESSIONS[1]]));
        set("drg", random.pick(&["", "P05A", "p05c", "P05.A", "P06A", "M60X", "P05A", "X99"]));
        set("diagnoses", random.pick(&diagnoses));
        set("procedures", random.pick(&["", "MAC00", "mac00 MBA.03", "MBA03"]));
        set(
            "residence",
            random.pick(&[
                "0180", "0188", "0126", "0380", "1480", "0513", "asylum", "okänd", "", "0180",
            ]),
        );
        set("place", random.pick(&["", "home", "clinic", "clinic", "boat"]));
        for name in ["individual", "enrolled", "by_team"] {
            set(name, random.pick(&boolean));
        }
        set("gestational_days", random.pick(&["", "0", "139", "140", "280", "320"]));
        set("parity", random.pick(&["", "0", "1", "2"]));
        set("team", random.pick(&["", "blue"]));
        set("class_risk", random.pick(&["", "low", "high", "low", "odd"]));
        set("class_Level", random.pick(&["", "x"]));
        fields
    }

    /// A correction, a cancellation, a duplicate, a contradiction or a return of an earlier report.
    fn follow_up(&mut self, mut fields: Fields) -> Fields {
        let other = self.contact(&fields["contact_id"]);
        let random = &mut self.random;
        let care = fields.get("care_date").and_then(|text| Day::parse(text));
        let before = Day::parse(&fields["reported_on"]).or(care).unwrap_or(day("2023-06-30"));
        let later = before.plus(random.days(70)).to_string();
        let mut change = |fields: &mut Fields, random: &mut Random| {
            for name in random.some(
                &[
                    "unit",
                    "kind",
                    "drg",
                    "residence",
                    "place",
                    "enrolled",
                    "diagnoses",
                    "care_date",
                    "team",
                ],
                3,
            ) {
                let Some(text) = other.get(name) else { continue };
                fields.insert(name.to_owned(), text.clone());
            }
        };
        let mut set = |fields: &mut Fields, name: &str, text: &str| {
            fields.insert(name.to_owned(), text.to_owned())
        };
        match random.below(12) {
            0..=3 => {
                change(&mut fields, random);
                set(&mut fields, "report", "correction");
                set(&mut fields, "reported_on", &later);
            }
            4..=5 => {
                if random.chance(50) {
                    fields.retain(|name, _| name == "contact_id" || name == "care_date");
                }
                set(&mut fields, "report", "cancellation");
                let same_day = before.to_string();
                set(&mut fields, "reported_on", if random.chance(30) { &same_day } else { &later });
            }
            6..=7 => {
                // R15, R50: written otherwise, the same content.
                let diagnoses = fields.get("diagnoses").map_or("", String::as_str).to_lowercase();
                let mut codes: Vec<&str> = diagnoses.split(' ').collect();
                codes.get_mut(1..).unwrap_or_default().reverse();
                let diagnoses = codes.join("  ");
                set(&mut fields, "diagnoses", &diagnoses);
                let person = fields.get("person").map_or("", String::as_str).replace('-', "");
                set(
                    &mut fields,
                    "person",
                    if person.starts_with('1') { &person } else { &other["person"] },
                );
            }
            8..=9 => change(&mut fields, random),
            10 => {
                change(&mut fields, random);
                set(&mut fields, "report", "new");
                set(&mut fields, "reported_on", &later);
            }
            _ => {
                change(&mut fields, random);
                set(&mut fields, "report", "correction");
            }
        }
        fields
    }

    /// One fault of R19, or two.
    fn spoil(&mut self, fields: &mut Fields) {
        let random = &mut self.random;
        let faults = [
            ("contact_id", ""),
            ("unit", ""),
            ("person", ""),
            ("kind", ""),
            ("care_date", ""),
            ("care_date", "2023-02-30"),
            ("care_date", "20230401"),
            ("reported_on", "2023-6-1"),
            ("report", "correktion"),
            ("kind", "birth"),
            ("individual", "yes"),
            ("enrolled", "x"),
            ("gestational_days", "321"),
            ("gestational_days", "-1"),
            ("parity", "-1"),
            ("parity", "1.5"),
            ("person", "121212-1213"),
            ("person", "12121-21212"),
            ("person", "p-"),
            ("person", "anna"),
            ("person", "991981000011"),
            ("person", "99198100-0010"),
            ("person", "121332-1217"),
            ("person", "åäö"),
            ("unit", "unit-99"),
            ("unit", "se2321000016-1"),
            ("reported_on", "2022-12-09"),
            ("reported_on", "2023-01-10"),
        ];
        for (name, text) in random.some(&faults, 2) {
            fields.insert(name.to_owned(), text.to_owned());
        }
    }
}

type Fields = BTreeMap<String, String>;

fn contact_key(random: &mut Random, key: usize, when: &mut ContactCondition) {
    let pattern = |text: &str| match text.strip_suffix('*') {
        Some(prefix) => CodePattern::Prefix(prefix.into()),
        None => CodePattern::Exact(text.into()),
    };
    let yes_or_no =
        |random: &mut Random| Some(random.pick(&[vec![true], vec![false], vec![true, false]]));
    match key {
        4..=6 => when.kind = Some(random.some(&KINDS, 3)),
        7 => {
            when.drg = Some(
                random.some(&["P05*", "P06A", "P05A", "M*"], 2).into_iter().map(pattern).collect(),
            )
        }
        8 => {
            when.diagnosis = Some(
                random.some(&["O80*", "Z370", "O*", "F409"], 2).into_iter().map(pattern).collect(),
            )
        }
        9 => {
            when.procedure =
                Some(random.some(&["MAC00", "MB*"], 2).into_iter().map(pattern).collect())
        }
        10 => when.place = Some(random.some(&PLACES.map(String::from), 2)),
        11 => when.profession = Some(random.some(&PROFESSIONS.map(String::from), 2)),
        12 => {
            let (exact, county) = (Residence::Exact("0188".into()), Residence::County("01".into()));
            let plain =
                random.pick(&[vec![], vec![county], vec![exact.clone(), Residence::OutOfCounty]]);
            let not =
                if plain.len() == 2 { vec![Residence::County("03".into())] } else { vec![exact] };
            when.residence = Some(Residences { plain, not });
        }
        13 => when.by_team = yes_or_no(random),
        14 => when.enrolled = yes_or_no(random),
        15 => when.individual = yes_or_no(random),
        16 if random.chance(50) => when.parity = Some(random.pick(&[(0, 0), (1, 9), (0, 1)])),
        16 => when.gestational_days = Some(random.pick(&[(0, 139), (140, 216), (140, 320)])),
        _ => {
            let class = |name: &str, values: &[&str]| ClassMatch {
                name: name.into(),
                values: values.iter().map(ToString::to_string).collect(),
            };
            when.class = Some(random.some(
                &[class("risk", &["low"]), class("risk", &["high", "odd"]), class("Level", &["x"])],
                2,
            ));
        }
    }
}

/// How often a world has each feature, by name.
pub fn features(world: &World) -> BTreeMap<String, i64> {
    let mut count: BTreeMap<String, i64> = BTreeMap::new();
    let mut add = |name: String, number: i64| *count.entry(name).or_default() += number;
    let options = [world.options(world.d1), world.options(world.d2)];
    let price = |options| naive::price(&world.decisions, &world.rows, options);
    let output = price(&options[1]);
    let rates: BTreeMap<String, &Rate> =
        world.decisions.iter().flat_map(|d| &d.facts).filter_map(rate_of).collect();
    for line in &output.lines {
        let rate = rates[&line.rate];
        let kind = if let Formula::Share { pay, .. } = &rate.formula { pay.name() } else { "" };
        let raised = |of: &kernel::id::ElementId| {
            rates.values().any(|r| r.element == *of && matches!(r.formula, Formula::Uplift { .. }))
        };
        add(format!("line {} {kind}", rate.formula.name()), 1);
        add(format!("payable {}", line.payable), 1);
        add(format!("payer {}", line.payer), 1);
        add(format!("zero {}", line.amount == 0), 1);
        if matches!(&rate.formula, Formula::Uplift { of, .. } if of.iter().any(raised)) {
            add("uplift on uplift".into(), 1);
        }
        if let Formula::Share { rounding, .. } = &rate.formula {
            add(format!("share {}", rounding.name()), 1);
        }
    }
    for (reason, number) in output.unpriced.iter().chain(&output.rejected) {
        add(format!("reason {reason}"), *number);
    }
    let replaced = naive::replaced_pairs(&world.decisions, &world.rows, &options[1]);
    add("replaced".into(), i64::try_from(replaced).unwrap());
    add(
        "clashing worlds".into(),
        i64::from(naive::clash(&world.decisions, &world.rows, &options[1]).is_some()),
    );
    let difference = naive::difference(output, price(&options[0]));
    add("changed lines".into(), i64::try_from(difference.lines.len()).unwrap());
    add("changed rejects".into(), i64::try_from(difference.rejected.len()).unwrap());
    count
}

fn rate_of(stated: &Stated) -> Option<(String, &Rate)> {
    let Fact::Rate(rate) = &stated.fact else { return None };
    Some((rate.id.to_string(), rate))
}
