//! The register as known on a day: which statements hold, who is under which agreement, who pays,
//! and which rates apply.

use super::reports::Contact;
use kernel::fact::{
    Agreement, Approval, Assignment, BASE, Capacity, CodePattern, Condition, Decision, Fact, Key,
    Payer, Rate, Region, Residence, Residences, Status, Unit, Weight,
};
use kernel::time::Day;
use std::collections::BTreeMap;

/// The facts known on a day: for each identity the latest statement (R7), and the rates in force.
pub struct Known<'a> {
    region: Option<&'a Region>,
    pub units: Vec<&'a Unit>,
    agreements: Vec<&'a Agreement>,
    assignments: Vec<&'a Assignment>,
    pub capacities: Vec<&'a Capacity>,
    pub weights: Vec<&'a Weight>,
    pub keys: Vec<&'a Key>,
    payers: Vec<&'a Payer>,
    pub rates: Vec<&'a Rate>,
}

macro_rules! pick {
    ($decisions:expr, $variant:ident, $fact:ident => $identity:expr) => {
        latest(
            $decisions,
            |fact| if let Fact::$variant(x) = fact { Some(x) } else { None },
            |$fact| $identity,
        )
    };
}

impl<'a> Known<'a> {
    pub fn on(decisions: &'a [Decision], day: Day) -> Self {
        // R4: known from known_from; proposed is never priced; the status covers the whole file.
        let known = |d: &&Decision| d.known_from <= day && d.status == Status::Decided;
        let decisions: Vec<&Decision> = decisions.iter().filter(known).collect();
        // R4, R45: in force only where every required decision is known.
        let is_known = |id| decisions.iter().any(|decision| decision.id == id);
        let rates = decisions.iter().flat_map(|decision| &decision.facts).filter_map(|stated| {
            let Fact::Rate(rate) = &stated.fact else { return None };
            rate.requires.iter().all(|id| is_known(id.clone())).then_some(&**rate)
        });
        let rates = rates.collect();
        let of = &decisions;
        // R7, R47: what each kind of fact is identified by.
        Self {
            region: pick!(of, Region, region => region.id.clone()).last().copied(),
            units: pick!(of, Unit, unit => (unit.id.clone(), unit.valid.from)),
            agreements: pick!(of, Agreement, agreement => (agreement.id.clone(), agreement.valid.from)),
            assignments: pick!(of, Assignment, a => {
                (a.unit.clone(), a.agreement.clone(), a.name.clone(), a.status, a.valid.from)
            }),
            capacities: pick!(of, Capacity, capacity => (capacity.unit.clone(), capacity.year)),
            weights: pick!(of, Weight, w => (w.table.clone(), w.code.clone(), w.valid_from)),
            keys: pick!(of, Key, key => (key.name.clone(), key.recipient.clone(), key.year)),
            payers: pick!(of, Payer, payer => (payer.id.clone(), payer.valid.from)),
            rates,
        }
    }

    /// R21: id, then HSA-id, then kombika, of the units open that day; R52: else of any known unit.
    pub fn unit_of_code(&self, code: &str, day: Day) -> Option<String> {
        let same = |text: &Option<String>| text.as_deref() == Some(code);
        for open_only in [true, false] {
            let units: Vec<&&Unit> =
                self.units.iter().filter(|unit| !open_only || unit.valid.contains(day)).collect();
            let by_id = units.iter().find(|unit| unit.id.as_str() == code);
            let by_hsa = || units.iter().find(|unit| same(&unit.hsa_id));
            let by_kombika = || units.iter().find(|unit| same(&unit.kombika));
            if let Some(unit) = by_id.or_else(by_hsa).or_else(by_kombika) {
                return Some(unit.id.to_string());
            }
        }
        None
    }

    pub fn unit(&self, id: &str, day: Day) -> Option<&'a Unit> {
        self.units.iter().find(|unit| unit.id.as_str() == id && unit.valid.contains(day)).copied()
    }

    /// Whether an approved assignment covers the day (R9, R57: what was applied for or refused does not matter).
    fn approved(&self, unit: &str, agreement: &Agreement, name: &str, day: Day) -> bool {
        self.assignments.iter().any(|assignment| {
            assignment.status == Approval::Approved
                && assignment.unit.as_str() == unit
                && assignment.agreement == agreement.id
                && assignment.name.as_str() == name
                && assignment.valid.contains(day)
        })
    }

    /// R8: the agreement for which unit, approved base assignment and agreement all cover the day.
    pub fn agreement(&self, unit: &str, day: Day) -> Option<&'a Agreement> {
        self.unit(unit, day)?;
        let covers = |agreement: &&&Agreement| {
            agreement.valid.contains(day) && self.approved(unit, agreement, BASE, day)
        };
        self.agreements.iter().find(covers).copied()
    }

    /// R11: the payer whose match is the most specific; R24: `!` entries shut out.
    pub fn payer(&self, residence: &str, day: Day) -> Option<&'a Payer> {
        let rank = |payer: &Payer| match &payer.residence {
            None => Some(0),
            Some(_) if residence.is_empty() => None,
            Some(listed) if listed.not.iter().any(|entry| self.lives(residence, entry)) => None,
            Some(listed) if listed.plain.is_empty() => Some(1),
            Some(listed) => {
                let matching = listed.plain.iter().filter(|entry| self.lives(residence, entry));
                matching
                    .map(|entry| match entry {
                        Residence::OutOfCounty => 2,
                        Residence::County(_) => 3,
                        Residence::Exact(_) => 4,
                    })
                    .max()
            }
        };
        let valid = self.payers.iter().filter(|payer| payer.valid.contains(day));
        let ranked = valid.filter_map(|payer| Some((rank(payer)?, *payer)));
        ranked.max_by_key(|(rank, _)| *rank).map(|(_, payer)| payer)
    }

    /// R11: a unit formula's payer is the default payer.
    pub fn default_payer(&self, day: Day) -> Option<&'a Payer> {
        self.payer("", day)
    }

    /// Whether a residence is what the entry says; R12, R53: out of county is four digits of another
    /// county, and every four digits where no region is known.
    fn lives(&self, residence: &str, entry: &Residence) -> bool {
        let four_digits = residence.len() == 4 && residence.bytes().all(|b| b.is_ascii_digit());
        match entry {
            Residence::Exact(exact) => residence == exact,
            Residence::County(county) => four_digits && residence.starts_with(county.as_str()),
            Residence::OutOfCounty => {
                four_digits && self.region.is_none_or(|r| !residence.starts_with(r.county.as_str()))
            }
        }
    }

    /// The known rates that name `rate` and whose own validity has the day (R1); that they may be
    /// replaced themselves makes no difference (R2).
    pub fn replacing(&self, rate: &Rate, day: Day) -> Vec<&'a Rate> {
        let names = |other: &&&Rate| other.replaces.contains(&rate.id) && other.valid.contains(day);
        self.rates.iter().filter(names).copied().collect()
    }

    /// The contact formulas that apply to a contact: by care date (R5), by `when`, and not replaced by a
    /// rate, of whatever formula, whose own `when` takes this contact (R1, R46, R55).
    pub fn applicable(&self, contact: &Contact, unit: &str) -> Vec<&'a Rate> {
        let day = contact.care_date;
        let takes = |rate: &Rate| self.holds(&rate.when, contact, unit);
        let applies = |rate: &&&Rate| {
            rate.formula.is_of_contacts()
                && rate.valid.contains(day)
                && takes(rate)
                && !self.replacing(rate, day).into_iter().any(takes)
        };
        self.rates.iter().filter(applies).copied().collect()
    }

    /// R24, R26: the unit's keys on a day.
    pub fn unit_holds(&self, when: &Condition, unit: &str, day: Day) -> bool {
        let keys = &when.unit;
        let agreement = || self.agreement(unit, day);
        let approved = |name: &str| agreement().is_some_and(|a| self.approved(unit, a, name, day));
        let class = || self.unit(unit, day).and_then(|unit| unit.area_class.as_deref());
        any(&keys.unit, |id| id.as_str() == unit)
            && any(&keys.holds, |name| approved(name.as_str()))
            && any(&keys.area, |area| agreement().is_some_and(|agreement| agreement.area == *area))
            && any(&keys.area_class, |wanted| class().is_some_and(|class| class == wanted))
    }

    /// R24, R25: every key that is given, any of its values; a blank field satisfies none.
    pub fn holds(&self, when: &Condition, contact: &Contact, unit: &str) -> bool {
        let keys = &when.contact;
        let code = |pattern: &CodePattern, code: &String| match pattern {
            _ if code.is_empty() => false,
            CodePattern::Exact(exact) => exact == code,
            CodePattern::Prefix(prefix) => code.starts_with(prefix.as_str()),
        };
        let within = |range: &Option<(i32, i32)>, value: Option<i64>| match range {
            None => true,
            Some((from, to)) => value.is_some_and(|v| i64::from(*from) <= v && v <= i64::from(*to)),
        };
        let text = |wanted: &String, field: &str| !field.is_empty() && wanted == field;
        let class = |name: &str| contact.classes.get(name).map_or("", String::as_str);
        self.unit_holds(when, unit, contact.care_date)
            && any(&keys.kind, |kind| *kind == contact.kind)
            && any(&keys.drg, |pattern| code(pattern, &contact.drg))
            && any(&keys.diagnosis, |pattern| contact.diagnoses.iter().any(|c| code(pattern, c)))
            && any(&keys.procedure, |pattern| contact.procedures.iter().any(|c| code(pattern, c)))
            && any(&keys.place, |place| text(place, &contact.place))
            && any(&keys.profession, |profession| text(profession, &contact.profession))
            && keys.residence.as_ref().is_none_or(|listed| self.residence_holds(listed, contact))
            && any(&keys.by_team, |value| contact.by_team == Some(*value))
            && any(&keys.enrolled, |value| contact.enrolled == Some(*value))
            && any(&keys.individual, |value| contact.individual == Some(*value))
            && within(&keys.parity, contact.parity)
            && within(&keys.gestational_days, contact.gestational_days)
            && any(&keys.class, |m| m.values.iter().any(|value| text(value, class(&m.name))))
    }

    fn residence_holds(&self, listed: &Residences, contact: &Contact) -> bool {
        let lives = |entry: &Residence| self.lives(&contact.residence, entry);
        !contact.residence.is_empty()
            && !listed.not.iter().any(lives)
            && (listed.plain.is_empty() || listed.plain.iter().any(lives))
    }
}

/// R7: of each identity the statement of the latest known decision.
fn latest<'a, T, K: Ord>(
    decisions: &[&'a Decision],
    pick: impl Fn(&'a Fact) -> Option<&'a T>,
    identity: impl Fn(&T) -> K,
) -> Vec<&'a T> {
    let mut found: BTreeMap<K, (Day, &'a T)> = BTreeMap::new();
    for decision in decisions {
        for fact in decision.facts.iter().filter_map(|stated| pick(&stated.fact)) {
            let of_now = (decision.known_from, fact);
            let kept = found.entry(identity(fact)).or_insert(of_now);
            if kept.0 <= of_now.0 {
                *kept = of_now;
            }
        }
    }
    found.into_values().map(|(_, fact)| fact).collect()
}

/// A key that is not given holds; one that is given needs one of its values.
pub fn any<T>(key: &Option<Vec<T>>, matches: impl Fn(&T) -> bool) -> bool {
    key.as_ref().is_none_or(|values| values.iter().any(matches))
}
