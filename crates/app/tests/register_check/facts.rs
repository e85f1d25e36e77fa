//! A plain look at the facts, to tell whether a witness is true: no code of the check is used for that.

use crate::copy::shown;
use crate::{KNOWN_ON, day};
use kernel::fact::{
    Agreement, Approval, Assignment, CodePattern, Condition, ContactCondition, Decision, Fact,
    Formula, Payer, Rate, Status, Unit,
};
use kernel::finding::Finding;
use kernel::time::{Day, Period};
use std::collections::BTreeMap;

pub struct Facts(pub Vec<Decision>);

impl Facts {
    pub fn all(&self) -> impl Iterator<Item = &Fact> {
        let known = |d: &&Decision| d.status == Status::Decided && d.known_from <= day(KNOWN_ON);
        self.0.iter().filter(known).flat_map(|d| &d.facts).map(|stated| &stated.fact)
    }

    pub fn rates(&self) -> impl Iterator<Item = &Rate> {
        self.all().filter_map(|fact| if let Fact::Rate(rate) = fact { Some(&**rate) } else { None })
    }

    pub fn rate(&self, id: &str) -> Option<&Rate> {
        self.rates().find(|rate| rate.id.as_str() == id)
    }

    /// The last known statements of one kind, by identity.
    pub fn latest<'f, T, K: Ord>(
        &'f self,
        take: impl Fn(&'f Fact) -> Option<&'f T>,
        key: impl Fn(&'f T) -> K,
    ) -> Vec<&'f T> {
        let mut order: Vec<&Decision> = self.0.iter().collect();
        order.sort_by_key(|decision| (decision.known_from, decision.id.clone()));
        let mut latest = BTreeMap::new();
        for stated in order.into_iter().flat_map(|decision| &decision.facts) {
            if let Some(fact) = take(&stated.fact) {
                latest.insert(key(fact), fact);
            }
        }
        latest.into_values().collect()
    }

    pub fn units<'f>(&'f self) -> Vec<&'f Unit> {
        let take = |fact: &'f Fact| if let Fact::Unit(unit) = fact { Some(unit) } else { None };
        self.latest(take, |unit| (unit.id.to_string(), unit.valid.from))
    }

    pub fn agreements<'f>(&'f self) -> Vec<&'f Agreement> {
        let take = |fact: &'f Fact| if let Fact::Agreement(one) = fact { Some(one) } else { None };
        self.latest(take, |one| (one.id.to_string(), one.valid.from))
    }

    pub fn assignments<'f>(&'f self) -> Vec<&'f Assignment> {
        let take = |fact: &'f Fact| if let Fact::Assignment(one) = fact { Some(one) } else { None };
        let key = |one: &Assignment| {
            let names = [one.unit.as_str(), one.agreement.as_str(), one.name.as_str()];
            (names.map(str::to_owned), one.valid.from, one.status == Approval::Approved)
        };
        let mut all = self.latest(take, key);
        all.retain(|one| one.status == Approval::Approved);
        all
    }

    pub fn payers<'f>(&'f self) -> Vec<&'f Payer> {
        let take = |fact: &'f Fact| if let Fact::Payer(one) = fact { Some(one) } else { None };
        self.latest(take, |one| (one.id.to_string(), one.valid.from))
    }

    /// The agreements that the unit is under on a day.
    pub fn under(&self, unit: &str, day: Day) -> Vec<&Agreement> {
        let open = |one: &&Unit| one.id.as_str() == unit && one.valid.contains(day);
        let is_open = self.units().iter().any(open);
        let based = |agreement: &&Agreement| {
            self.assignments().iter().any(|one| {
                one.unit.as_str() == unit
                    && one.agreement == agreement.id
                    && one.name.as_str() == "base"
                    && one.valid.contains(day)
            })
        };
        let mut under = self.agreements();
        under.retain(|agreement| is_open && agreement.valid.contains(day) && based(agreement));
        under
    }

    pub fn unit_holds(&self, when: &Condition, unit: &str, day: Day) -> bool {
        let under = self.under(unit, day);
        let Some(agreement) = under.first() else { return false };
        let holds = |name: &str| {
            self.assignments().iter().any(|one| {
                one.unit.as_str() == unit
                    && one.agreement == agreement.id
                    && one.name.as_str() == name
                    && one.valid.contains(day)
            })
        };
        let units = self.units();
        let stated = units.iter().find(|one| one.id.as_str() == unit && one.valid.contains(day));
        let class = stated.and_then(|one| one.area_class.clone());
        let of_unit = &when.unit;
        of_unit.unit.as_ref().is_none_or(|ids| ids.iter().any(|id| id.as_str() == unit))
            && of_unit.holds.as_ref().is_none_or(|names| names.iter().any(|n| holds(n.as_str())))
            && of_unit.area.as_ref().is_none_or(|areas| areas.contains(&agreement.area))
            && of_unit.area_class.as_ref().is_none_or(|all| class.is_some_and(|c| all.contains(&c)))
    }

    /// Whether a rate could be paid for some contact of the unit on the day, others aside.
    pub fn in_force(&self, rate: &Rate, unit: &str, day: Day) -> bool {
        let Formula::Share { .. } = rate.formula else {
            return rate.valid.contains(day) && self.unit_holds(&rate.when, unit, day);
        };
        rate.valid.contains(day)
    }
}

pub fn share_one<T: PartialEq>(one: &Option<Vec<T>>, other: &Option<Vec<T>>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return true };
    one.iter().any(|value| other.contains(value))
}

pub fn codes_meet(one: &CodePattern, other: &CodePattern) -> bool {
    match (one, other) {
        (CodePattern::Exact(a), CodePattern::Exact(b)) => a == b,
        (CodePattern::Exact(a), CodePattern::Prefix(b)) => a.starts_with(b.as_str()),
        (CodePattern::Prefix(a), CodePattern::Exact(b)) => b.starts_with(a.as_str()),
        (CodePattern::Prefix(a), CodePattern::Prefix(b)) => {
            a.starts_with(b.as_str()) || b.starts_with(a.as_str())
        }
    }
}

/// Whether one contact can satisfy both, for the keys that are planted here.
pub fn can_meet(one: &ContactCondition, other: &ContactCondition) -> bool {
    let drg = match (&one.drg, &other.drg) {
        (Some(one), Some(other)) => one.iter().any(|a| other.iter().any(|b| codes_meet(a, b))),
        _ => true,
    };
    let meet = |a: Option<(i32, i32)>, b: Option<(i32, i32)>| match (a, b) {
        (Some((a, b)), Some((c, d))) => a.max(c) <= b.min(d),
        _ => true,
    };
    let class = match (&one.class, &other.class) {
        (Some(one), Some(other)) => one.iter().any(|a| {
            let meets = |values: &Vec<String>| values.iter().any(|v| a.values.contains(v));
            other.iter().any(|b| a.name != b.name || meets(&b.values))
        }),
        _ => true,
    };
    drg && class
        && share_one(&one.kind, &other.kind)
        && share_one(&one.place, &other.place)
        && share_one(&one.enrolled, &other.enrolled)
        && share_one(&one.individual, &other.individual)
        && meet(one.parity, other.parity)
        && meet(one.gestational_days, other.gestational_days)
}

pub fn in_backticks(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Whether the witness shows what the finding says; nothing to verify is true.
pub fn is_true(finding: &Finding, facts: &Facts) -> Result<(), String> {
    let unit = finding.witness.unit.as_deref().unwrap_or("");
    let element = finding.witness.element.as_deref().unwrap_or("");
    let date = finding.witness.date;
    let wrong = |why: &str| Err(format!("{why}: {}", shown(finding)));
    let names = in_backticks(&finding.message.en);
    match finding.code.name() {
        "conflicting-rates" => {
            let Some(day) = date else { return wrong("no day") };
            let rates: Option<Vec<&Rate>> = names[..2].iter().map(|id| facts.rate(id)).collect();
            let Some(rates) = rates else { return wrong("no such rates") };
            let (one, other) = (rates[0], rates[1]);
            if rates.iter().any(|rate| rate.element.as_str() != element) {
                return wrong("another element");
            }
            if rates.iter().any(|rate| !facts.in_force(rate, unit, day)) {
                return wrong("a rate is not in force there");
            }
            if one.replaces.contains(&other.id) || other.replaces.contains(&one.id) {
                return wrong("one replaces the other");
            }
            if !can_meet(&one.when.contact, &other.when.contact) {
                return wrong("no contact satisfies both");
            }
            Ok(())
        }
        "rate-gap" => {
            let Some(day) = date else { return wrong("no day") };
            if facts.under(unit, day).is_empty() {
                return wrong("no agreement");
            }
            let ended = facts.rate(names[0]).filter(|rate| rate.valid.until == day);
            let covers = facts.rates().any(|rate| {
                let follows = match ended {
                    Some(ended) => {
                        (rate.element == ended.element || rate.replaces.contains(&ended.id))
                            && can_meet(&ended.when.contact, &rate.when.contact)
                    }
                    None if element == "base" => {
                        matches!(
                            rate.formula,
                            Formula::PerContact { .. }
                                | Formula::PerWeight { .. }
                                | Formula::PerPeriod { .. }
                        ) && rate.when.unit.holds.is_none()
                    }
                    None => rate.element.as_str() == element,
                };
                follows && facts.in_force(rate, unit, day)
            });
            if covers { wrong("a rate is in force") } else { Ok(()) }
        }
        "add-on-without-base" => {
            let Some(day) = date else { return wrong("no day") };
            let assignments = facts.assignments();
            let mut held = assignments.iter().filter(|one| {
                one.unit.as_str() == unit && one.name.as_str() == element && one.valid.contains(day)
            });
            let lone = held.any(|one| {
                facts.under(unit, day).iter().all(|agreement| agreement.id != one.agreement)
            });
            if lone { Ok(()) } else { wrong("the base is in force") }
        }
        "two-agreements" => match date {
            Some(day) if facts.under(unit, day).len() >= 2 => Ok(()),
            _ => wrong("not two agreements"),
        },
        "overlapping-periods" => {
            let Some(day) = date else { return wrong("no day") };
            let name = names.get(1).copied().unwrap_or("");
            let valid: Vec<(&str, Period, String)> = match names[0] {
                "unit" => {
                    let of = |u: &&Unit| (u.id.to_string(), u.valid);
                    facts.units().iter().map(of).map(|(id, p)| ("", p, id)).collect()
                }
                "agreement" => {
                    let of = |a: &&Agreement| ("", a.valid, a.id.to_string());
                    facts.agreements().iter().map(of).collect()
                }
                "payer" => facts.payers().iter().map(|p| ("", p.valid, p.id.to_string())).collect(),
                _ => {
                    let all = facts.assignments();
                    let of = |a: &&Assignment| ("", a.valid, a.unit.to_string());
                    all.iter().map(of).collect()
                }
            };
            let same = valid.iter().filter(|(_, period, id)| id == name && period.contains(day));
            if same.count() >= 2 { Ok(()) } else { wrong("no two statements that day") }
        }
        "payer-tie" => {
            let Some(day) = date else { return wrong("no day") };
            let payers = facts.payers();
            let both = names[..2].iter().all(|id| {
                payers.iter().any(|payer| payer.id.as_str() == *id && payer.valid.contains(day))
            });
            if both { Ok(()) } else { wrong("not two payers that day") }
        }
        "shared-code" => {
            let Some(day) = date else { return wrong("no day") };
            let units = facts.units();
            let have = units.iter().filter(|one| {
                let codes = [one.kombika.as_deref(), one.hsa_id.as_deref()];
                one.valid.contains(day) && codes.contains(&Some(names[0]))
            });
            if have.count() == 2 { Ok(()) } else { wrong("not two units with the code") }
        }
        "no-default-payer" => {
            let Some(day) = date else { return wrong("no day") };
            let mut payers = facts.payers().into_iter();
            if payers.any(|payer| payer.residence.is_none() && payer.valid.contains(day)) {
                return wrong("there is a default payer");
            }
            let mut rates = facts.rates().filter(|rate| rate.element.as_str() == element);
            if rates.any(|rate| rate.valid.contains(day)) { Ok(()) } else { wrong("no rate") }
        }
        "until-overdue" => {
            let mut rates = facts.rates().filter(|rate| rate.element.as_str() == element);
            let is_so = rates.any(|rate| {
                let due = rate.until.as_ref().and_then(|until| until.expected_by);
                due.is_some_and(|due| due < day(KNOWN_ON) && Some(due.plus(1)) == date)
                    && rate.valid.contains(day(KNOWN_ON))
            });
            if is_so { Ok(()) } else { wrong("nothing is overdue") }
        }
        "conflicting-statements" => {
            let mut decisions = facts.0.iter().filter(|d| d.place.file.ends_with(&finding.file));
            match decisions.next() {
                Some(decision) if Some(decision.known_from) == date => Ok(()),
                _ => wrong("another day of knowledge"),
            }
        }
        _ => Ok(()),
    }
}
