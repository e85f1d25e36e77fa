//! Pay by period, tiers, ceilings and lumps, and the visits of pregnancies that they are for.
//!
//! Drawn by a lot of their own, after all else, so that a seed keeps the world that it had without them.

use super::*;

impl Draft {
    /// Rates of the formulas by which contacts are linked, and of the others on top of and in place of them.
    pub(super) fn linked_rates(&mut self, contacts_only: bool, least: usize) {
        if self.random.chance(50) {
            self.everyday_rate();
        }
        for number in 0..least + self.random.below(12) {
            let (element, formula) = match self.restated_year() {
                Some(restated) => restated,
                None => {
                    let element = self.element();
                    let of_contacts = contacts_only || self.used.contains(&element);
                    let formula = self.linked_formula(&element, of_contacts);
                    (element, formula)
                }
            };
            self.used.extend(formula.of().iter().map(ToString::to_string));
            self.state_rate(50 + number, &element, formula);
        }
    }

    /// What every contact is paid from the start, so that years fill up.
    fn everyday_rate(&mut self) {
        let amount = Money::from_ore(self.random.pick(&[12_345, 1_420_000, -5_050]));
        self.state_rate(49, "daily", Formula::PerContact { amount });
        let Some(rate) = self.rates.last_mut() else { return };
        (rate.valid, rate.when, rate.requires) = (since(START, None), Condition::default(), vec![]);
        let stated = |fact: &&mut Fact| matches!(fact, Fact::Rate(other) if other.id == rate.id);
        if let Some(fact) = self.facts.iter_mut().flatten().find(stated) {
            *fact = Fact::Rate(Box::new(rate.clone()));
        }
    }

    /// Other steps, or the other formula, for a tier or ceiling that there is.
    fn restated_year(&mut self) -> Option<(String, Formula)> {
        let by_year: Vec<Rate> =
            self.rates.iter().filter(|rate| rate.formula.is_by_year()).cloned().collect();
        if by_year.is_empty() || !self.random.chance(30) {
            return None;
        }
        let random = &mut self.random;
        let rate = random.pick(&by_year);
        let of = rate.formula.of().to_vec();
        let formula = if matches!(rate.formula, Formula::Tier { .. }) != random.chance(15) {
            Formula::Tier { of, steps: steps(random, &TIERS, |n| n) }
        } else {
            Formula::Ceiling { of, steps: steps(random, &CEILINGS, Money::from_ore) }
        };
        Some((rate.element.to_string(), formula))
    }

    fn linked_formula(&mut self, element: &str, of_contacts: bool) -> Formula {
        let below = self.raisable(element);
        let random = &mut self.random;
        let of: Vec<_> = if below.is_empty() {
            Vec::new()
        } else {
            // The first is the daily one, the later half are the linked ones.
            let from = if random.chance(60) { below.len() / 2 } else { 0 };
            let below = if random.chance(30) { &below[..1] } else { &below[from..] };
            random.some(below, 3).iter().map(|name| name.as_str().into()).collect()
        };
        match random.below(20) {
            0..=9 => self.per_period(),
            10..=11 if !of.is_empty() => Formula::Tier { of, steps: steps(random, &TIERS, |n| n) },
            12..=14 if !of.is_empty() => {
                Formula::Ceiling { of, steps: steps(random, &CEILINGS, Money::from_ore) }
            }
            15..=16 if !of_contacts => {
                Formula::Lump { amount: Money::from_ore(random.pick(&[0, 1, 5_000_000, -250])) }
            }
            17 if !of.is_empty() => {
                let percent = UpliftBy::Percent(Ratio::parse("7.5").unwrap());
                Formula::Uplift { by: percent, of, rounding: Rounding::HalfUpOre }
            }
            _ => self.formula(element, of_contacts),
        }
    }

    fn per_period(&mut self) -> Formula {
        use WeightField::{AreaClass, Class, Kind, Unit};
        let random = &mut self.random;
        let fields = [Unit, Unit, AreaClass, Kind, Class("risk".into())];
        let weights = random.chance(30).then(|| WeightedBy {
            table: random.pick(&["t1", "t2"]).into(),
            fields: random.some(&fields, 2),
        });
        Formula::PerPeriod {
            amount: Money::from_ore(random.pick(&[0, 12_345, 160_000, 99_999, 250_050, -700])),
            period: random.pick(PregnancyPeriod::ALL),
            weights,
            rounding: random.pick(&[Rounding::HalfUpOre, Rounding::HalfUpKrona]),
        }
    }

    /// Visits of a few women, some with two pregnancies, days apart as the rules draw the line.
    pub(super) fn visits(&mut self, least: usize) -> Vec<RawRow> {
        let mut rows = Vec::new();
        let mut sound: Vec<Fields> = Vec::new();
        let mut starts = Vec::new();
        for woman in 0..1 + self.random.below(4) {
            let person = ["p-1", "p-9", "991945000023", "121212-1212"][woman];
            let first = day("2022-09-01").plus(self.random.days(300));
            starts.push((person, first));
            if self.random.chance(50) {
                let later = self.random.pick(&[84, 85, 86, 170, 290]);
                starts.push((person, first.plus(later)));
            }
        }
        for at in 0..least + self.random.below(30) {
            let mut fields = if sound.is_empty() || self.random.chance(75) {
                let (person, start) = self.random.pick(&starts);
                let before = sound.last().and_then(|fields: &Fields| fields.get("care_date"));
                let before = before.and_then(|text| Day::parse(text));
                self.visit(&format!("V{}", sound.len() + 1), person, start, before)
            } else {
                let before = self.random.pick(&sound);
                self.change_visit(before)
            };
            if self.random.chance(3) {
                fields.insert("gestational_days".into(), "321".into());
            } else {
                sound.push(fields.clone());
            }
            rows.push(RawRow { file: 2, line: at + 2, fields });
        }
        rows
    }

    fn visit(&mut self, id: &str, person: &str, start: Day, before: Option<Day>) -> Fields {
        let mut fields = self.contact(id);
        let random = &mut self.random;
        let mut days = random.pick(&DAYS_OF_VISITS);
        let mut care = start.plus(days + random.pick(&[0, 0, 0, 0, 1, -1, 84, 85, 40]));
        // Often on the day of another visit, at the same or another clinic.
        if let Some(before) = before.filter(|_| random.chance(25)) {
            let implied = before.number() - start.number();
            if (0..=320).contains(&implied) {
                (care, days) = (before, implied);
            }
        }
        let delay = if random.chance(15) { 60 + random.days(150) } else { random.days(30) };
        let blank = random.chance(8);
        let reported_on = if blank { String::new() } else { care.plus(delay).to_string() };
        let kinds = ["midwife-visit", "midwife-visit", "midwife-visit", "phone", "delivery"];
        let days = if random.chance(10) { String::new() } else { days.to_string() };
        let individual = random.pick(&["ja", "1", "ja", "true", "ja", "ja", "nej", ""]);
        let residence = random.pick(&["", "0180", "0180", "0188", "1480", "asylum"]);
        for (name, text) in [
            ("residence", residence),
            ("person", person),
            ("care_date", &care.to_string()),
            ("reported_on", &reported_on),
            ("kind", random.pick(&kinds)),
            ("gestational_days", &days),
            ("individual", individual),
        ] {
            fields.insert(name.into(), text.into());
        }
        fields
    }

    /// A correction or a cancellation that may give the pay of a period to another visit.
    fn change_visit(&mut self, mut fields: Fields) -> Fields {
        let other = self.contact(&fields["contact_id"]);
        let random = &mut self.random;
        let care = fields.get("care_date").and_then(|text| Day::parse(text));
        let before = Day::parse(&fields["reported_on"]).or(care).unwrap_or(day("2023-06-30"));
        let later = before.plus(random.days(120)).to_string();
        let cancels = random.chance(35);
        let report = if cancels { "cancellation" } else { "correction" };
        fields.insert("report".into(), report.into());
        fields.insert("reported_on".into(), later);
        if cancels {
            return fields;
        }
        let moved = care.map(|care| care.plus(random.pick(&[-85, -84, -20, 1, 20, 84, 85])));
        let days = random.pick(&DAYS_OF_VISITS).to_string();
        for name in random.some(&["care_date", "gestational_days", "individual", "unit", "kind"], 2)
        {
            let text = match (name, moved) {
                ("care_date", Some(moved)) => moved.to_string(),
                ("gestational_days", _) => days.clone(),
                ("kind", _) => "midwife-visit".into(),
                _ => other[name].clone(),
            };
            fields.insert(name.into(), text);
        }
        fields
    }
}

const DAYS_OF_VISITS: [i32; 13] = [0, 60, 84, 85, 100, 138, 139, 140, 180, 216, 217, 250, 280];
const PERCENTS: [&str; 7] = ["80", "0", "120", "99.995", "33.333", "-50", "100"];
const TIERS: [&[i64]; 5] = [&[0], &[1, 3], &[2], &[1, 2, 5], &[4, 9]];
const CEILINGS: [&[i64]; 6] = [
    &[0],
    &[1, 250_000],
    &[99_999, 100_000, 1_500_000],
    &[-5_050, 12_345],
    &[400_000],
    &[3_000_000],
];

fn steps<T: Copy>(random: &mut Random, of: &[&[i64]], over: impl Fn(i64) -> T) -> Vec<Step<T>> {
    let chosen = random.pick(of);
    let percent = |random: &mut Random| Ratio::parse(random.pick(&PERCENTS)).unwrap();
    chosen.iter().map(|number| Step { over: over(*number), percent: percent(random) }).collect()
}
