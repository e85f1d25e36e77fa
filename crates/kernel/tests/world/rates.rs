//! Rates with their conditions; later ones replace earlier ones.

use super::*;

impl Draft {
    /// One more rate: of a new element, or a later rate of one that exists.
    pub(super) fn rate(&mut self, number: usize, contacts_only: bool) {
        let element = self.element();
        let formula = self.formula(&element, contacts_only || self.used.contains(&element));
        self.used.extend(formula.of().iter().map(ToString::to_string));
        self.state_rate(number, &element, formula);
    }

    /// The element of another rate, or a new one.
    pub(super) fn element(&mut self) -> String {
        let elements: BTreeSet<String> =
            self.rates.iter().map(|rate| rate.element.to_string()).collect();
        let elements: Vec<String> = elements.into_iter().collect();
        let again = !elements.is_empty() && self.random.chance(45);
        if again { self.random.pick(&elements) } else { format!("element-{:02}", elements.len()) }
    }

    /// A rate of an element and formula; it replaces the earlier ones of its element, or follows on them.
    pub(super) fn state_rate(&mut self, number: usize, element: &str, formula: Formula) {
        let of_contacts = formula.is_of_contacts();
        // R46: a contact formula may not name a unit rate.
        let nameable = |rate: &&Rate| !of_contacts || rate.formula.is_of_contacts();
        let earlier: Vec<Rate> = self.rates.iter().filter(nameable).cloned().collect();
        let is_sibling = |rate: &&Rate| {
            rate.element.as_str() == element && !are_of_two_periods(&rate.formula, &formula)
        };
        let siblings: Vec<Rate> = earlier.iter().filter(is_sibling).cloned().collect();
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
            element: element.into(),
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

    /// R32, R39: earlier elements, so that there is no cycle, with contact formulas alone, one of them other than
    /// tier and ceiling.
    pub(super) fn raisable(&self, element: &str) -> Vec<String> {
        let of = |name: &str| {
            let of: Vec<&Formula> = self
                .rates
                .iter()
                .filter(|rate| rate.element.as_str() == name)
                .map(|rate| &rate.formula)
                .collect();
            of.iter().all(|formula| formula.is_of_contacts())
                && of.iter().any(|formula| !formula.is_by_year())
        };
        let below: BTreeSet<&str> = self
            .rates
            .iter()
            .map(|rate| rate.element.as_str())
            .filter(|name| *name < element && of(name))
            .collect();
        below.into_iter().map(str::to_owned).collect()
    }

    pub(super) fn formula(&mut self, element: &str, of_contacts: bool) -> Formula {
        let below = self.raisable(element);
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
        if matches!(formula, Formula::Lump { .. }) {
            // R34: on a day in or out of agreement.
            let from = day(random.pick(&TURNS)).plus(random.pick(&[-1, 0, 0, 20]));
            let to = random.chance(50).then(|| from.plus(random.days(400)));
            return Period::inclusive(Some(from), to);
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
        let is_linked = formula.is_by_year() || matches!(formula, Formula::PerPeriod { .. });
        if is_linked && random.chance(60) {
            return when;
        }
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
}

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
                &[class("risk", &["low"]), class("risk", &["high", "odd"]), class("level", &["x"])],
                2,
            ));
        }
    }
}

/// R3: two rates of two periods never meet.
fn are_of_two_periods(a: &Formula, b: &Formula) -> bool {
    match (a, b) {
        (Formula::PerPeriod { period: a, .. }, Formula::PerPeriod { period: b, .. }) => a != b,
        _ => false,
    }
}
