//! Rates that clash, shares that cannot be divided, unit lines without a payer (R3, R35, R36, R47, R54).

use super::pairs::Pairs;
use crate::fact::{ContactCondition, Formula};
use crate::finding::{Code, Finding, Severity, Text};
use crate::money::SplitError;
use crate::price::{CompiledRate, Pricer, UnitLine, unit_lines};
use crate::register::clash::is_possible;
use crate::register::{Known, View};
use crate::time::Day;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let pricer = Pricer::new(view.clone());
    let mut findings = contact_clashes(&pricer);
    let lines = unit_lines(view, horizon(view));
    findings.extend(unit_clashes(view, &lines.lines));
    for (rate, error) in &lines.undivided {
        findings.push(undivided(rate, *error));
    }
    for (rate, day) in &lines.without_payer {
        let message = Text::new(
            format!(
                "`{}` ger en rad {day} men ingen betalare är förvald den dagen; ange en [[payer]] utan residence",
                rate.fact.id
            ),
            format!(
                "`{}` gives a line on {day} but no payer is the default that day; state a [[payer]] without residence",
                rate.fact.id
            ),
        );
        let finding = Finding::refusal(Code::NoDefaultPayer, message).at(&rate.stated.place);
        findings.push(finding.shown_by("", rate.fact.element.as_str(), Some(*day)));
    }
    findings
}

/// A day after which nothing in the register changes, and two month starts more.
fn horizon(view: &View<'_>) -> Day {
    let rates = view.rates.iter().flat_map(|rate| [rate.fact.valid.from, rate.fact.valid.until]);
    let units = view.histories.iter().flat_map(crate::register::UnitHistory::changes);
    let payers = view.payers.values();
    let payers = payers.flat_map(|payer| [payer.fact.valid.from, payer.fact.valid.until]);
    let days = rates.chain(units).chain(payers).filter(|day| *day != Day::MAX && *day != Day::MIN);
    days.max().map_or(Day::MIN, |day| day.month().plus(2).first_day())
}

fn contact_clashes(pricer: &Pricer<'_>) -> Vec<Finding> {
    let mut by_element: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (number, rate) in pricer.rates().iter().enumerate() {
        if rate.rate().formula.is_of_contacts() {
            by_element.entry(rate.element).or_default().push(number);
        }
    }
    let mut pairs = Pairs::new(pricer);
    let mut findings = Vec::new();
    for numbers in by_element.values() {
        for (at, one) in numbers.iter().enumerate() {
            for other in numbers.iter().skip(at + 1) {
                if pairs.can_meet(*one, *other) {
                    findings.extend(contact_clash(pricer, *one, *other));
                }
            }
        }
    }
    findings
}

/// Whether there is a unit, a day and a possible contact to which both rates apply.
fn contact_clash(pricer: &Pricer<'_>, one: usize, other: usize) -> Option<Finding> {
    let (a, b) = (pricer.rate(one)?, pricer.rate(other)?);
    let both = a.rate().valid.and(b.rate().valid);
    if both.is_empty() || are_of_two_periods(&a.rate().formula, &b.rate().formula) {
        return None;
    }
    let mut judged: BTreeSet<Vec<usize>> = BTreeSet::new();
    for (unit, day) in pricer.unit_days() {
        if !pricer.unit_holds(one, unit, day) || !pricer.unit_holds(other, unit, day) {
            continue;
        }
        let suppressors = a.suppressors.iter().chain(&b.suppressors).copied();
        let active: BTreeSet<usize> =
            suppressors.filter(|number| pricer.unit_holds(*number, unit, day)).collect();
        let active: Vec<usize> = active.into_iter().collect();
        // The same rates with the same exceptions were found apart already.
        if !judged.insert(active.clone()) {
            continue;
        }
        let all = [&a.rate().when.contact, &b.rate().when.contact];
        let exceptions = active.iter().filter_map(|number| pricer.rate(*number));
        let none: Vec<&ContactCondition> =
            exceptions.map(|rate| &rate.rate().when.contact).collect();
        if is_possible(&all, &none, pricer.view().county()) {
            let unit = pricer.unit(unit).map_or("", |history| history.id.as_str());
            let shown = if day == Day::MIN { both.last().unwrap_or(Day::MIN) } else { day };
            return Some(clash(a, b, unit, shown));
        }
    }
    None
}

/// A contact is in one period of its pregnancy (R3).
fn are_of_two_periods(one: &Formula, other: &Formula) -> bool {
    matches!(
        (one, other),
        (Formula::PerPeriod { period: a, .. }, Formula::PerPeriod { period: b, .. }) if a != b
    )
}

fn clash(a: &CompiledRate<'_>, b: &CompiledRate<'_>, unit: &str, day: Day) -> Finding {
    conflicting(&a.known, &b.known, unit, day)
}

fn conflicting(
    one: &Known<'_, crate::fact::Rate>,
    other: &Known<'_, crate::fact::Rate>,
    unit: &str,
    day: Day,
) -> Finding {
    // Told of the one that came later, since that is the one to mend.
    let came = |rate: &Known<'_, crate::fact::Rate>| {
        (rate.decision.known_from, rate.fact.valid.from, rate.stated.place.line)
    };
    let (one, other) = if came(other) < came(one) { (other, one) } else { (one, other) };
    let (a, b) = (&one.fact.id, &other.fact.id);
    let element = other.fact.element.as_str();
    let message = Text::new(
        format!(
            "`{a}` och `{b}` är båda `{element}` och gäller samma kontakt vid {unit} den {day}; låt den ena ersätta den andra med replaces, eller skilj villkoren åt"
        ),
        format!(
            "`{a}` and `{b}` are both `{element}` and apply to the same contact at {unit} on {day}; let one name the other in replaces, or keep their conditions apart"
        ),
    );
    let finding = Finding::refusal(Code::ConflictingRates, message).at(&other.stated.place);
    finding.shown_by(unit, element, Some(day))
}

fn unit_clashes(view: &View<'_>, lines: &[UnitLine<'_>]) -> Vec<Finding> {
    let mut seen: BTreeMap<(&str, &str, Day), &UnitLine<'_>> = BTreeMap::new();
    let mut found: BTreeMap<(&str, &str), (&str, Day)> = BTreeMap::new();
    for line in lines {
        let key = (line.unit, line.element.as_str(), line.date);
        match seen.get(&key) {
            Some(other) if other.rate != line.rate => {
                let pair = (other.rate.as_str(), line.rate.as_str());
                let first = found.entry(pair).or_insert((line.unit, line.date));
                *first = (*first).min((line.unit, line.date));
            }
            Some(_) => {}
            None => {
                seen.insert(key, line);
            }
        }
    }
    let rate = |id: &str| view.rates.iter().find(|rate| rate.fact.id.as_str() == id);
    let found = found.into_iter();
    found
        .filter_map(|((a, b), (unit, day))| Some(conflicting(rate(a)?, rate(b)?, unit, day)))
        .collect()
}

fn undivided(rate: &Known<'_, crate::fact::Rate>, error: SplitError) -> Finding {
    let id = &rate.fact.id;
    let residue = match &rate.fact.formula {
        Formula::Share { residue, .. } => residue.as_deref().unwrap_or(""),
        _ => "",
    };
    let (code, refuses, message) = match error {
        SplitError::NoWeights => (
            Code::EmptyKey,
            false,
            Text::new(
                format!("`{id}` ger inga rader: nyckeln har inget känt värde över 0 för året"),
                format!("`{id}` gives no lines: its key has no known value above 0 for the year"),
            ),
        ),
        SplitError::NotWholeKronor => (
            Code::BadShare,
            true,
            Text::new(
                format!("potten för `{id}` är inte hela kronor, som avrundningen kräver"),
                format!("the pot of `{id}` is not whole kronor, as its rounding needs"),
            ),
        ),
        SplitError::UnknownResidue => (
            Code::BadShare,
            true,
            Text::new(
                format!("resten av `{id}` ska gå till `{residue}`, som inte är med i fördelningen"),
                format!("the residue of `{id}` goes to `{residue}`, which takes no part"),
            ),
        ),
        SplitError::TooLarge => (
            Code::BadShare,
            true,
            Text::new(
                format!("potten och nyckeln för `{id}` är för stora att dela exakt"),
                format!("pot and key of `{id}` are too large to divide exactly"),
            ),
        ),
    };
    let severity = if refuses { Severity::Error } else { Severity::Warning };
    let finding = Finding { refuses, ..Finding::new(code, severity, message) };
    let day = Some(rate.fact.valid.from);
    finding.at(&rate.stated.place).shown_by("", rate.fact.element.as_str(), day)
}
