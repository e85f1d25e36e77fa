//! Days without a rate, add-ons without a base, and ends that are overdue.

use crate::fact::{Approval, BASE, Condition, ContactCondition, Formula, Rate, UnitCondition};
use crate::finding::{Code, Finding, Severity, Text};
use crate::id::{AssignmentName, ElementId, RateId};
use crate::register::clash::is_possible;
use crate::register::{Known, UnitHistory, View};
use crate::time::{Day, Period};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(view: &View<'_>, known_on: Day) -> Vec<Finding> {
    let mut findings = Vec::new();
    for history in &view.histories {
        findings.extend(base_gap(view, history));
        findings.extend(add_on_gaps(view, history));
        findings.extend(add_ons_without_base(view, history));
    }
    let followers = Followers::new(view);
    findings.extend(view.rates_in_force().filter_map(|rate| ended(view, &followers, rate)));
    findings.extend(view.rates_in_force().filter_map(|rate| overdue(view, rate, known_on)));
    findings
}

/// A rate that ends while contacts it took may still come, and nothing takes them on. A rate that is meant to end
/// is replaced with 0 kr (R6); a share ends with its year.
fn ended(view: &View<'_>, followers: &Followers<'_>, rate: &Known<'_, Rate>) -> Option<Finding> {
    let day = rate.fact.valid.until;
    let last = rate.fact.valid.last()?;
    if is_paid_once(&rate.fact.formula) {
        return None;
    }
    let left_alone = view.histories.iter().find(|history| {
        let holds = |condition: &UnitCondition, day| unit_holds(condition, history, day);
        if !holds(&rate.fact.when.unit, last) || !holds(&rate.fact.when.unit, day) {
            return false;
        }
        let takes_on = followers
            .of(rate.fact)
            .filter(|other| other.fact.valid.contains(day) && holds(&other.fact.when.unit, day));
        let taken: Vec<&ContactCondition> = takes_on.map(|o| &o.fact.when.contact).collect();
        is_possible(&[&rate.fact.when.contact], &taken, view.county())
    })?;
    let (id, element, unit) = (&rate.fact.id, &rate.fact.element, left_alone.id);
    let message = Text::new(
        format!(
            "`{id}` upphör efter {last} och inget följer: `{unit}` har avtal {day} men `{element}` ingen nivå för samma kontakter; ange en, på 0 kr om den ska upphöra"
        ),
        format!(
            "`{id}` ends after {last} and nothing follows: `{unit}` has an agreement on {day} but `{element}` no rate for the same contacts; state one, of 0 kr if it is to end"
        ),
    );
    let finding = Finding::new(Code::RateGap, Severity::Warning, message);
    Some(finding.at(&rate.stated.place).shown_by(unit.as_str(), element.as_str(), Some(day)))
}

/// The rates in force by element, and by what they replace.
struct Followers<'r> {
    of_element: BTreeMap<&'r ElementId, Vec<Known<'r, Rate>>>,
    replacing: BTreeMap<&'r RateId, Vec<Known<'r, Rate>>>,
}

impl<'r> Followers<'r> {
    fn new(view: &View<'r>) -> Self {
        let mut followers = Self { of_element: BTreeMap::new(), replacing: BTreeMap::new() };
        for rate in view.rates_in_force() {
            followers.of_element.entry(&rate.fact.element).or_default().push(*rate);
            for replaced in &rate.fact.replaces {
                followers.replacing.entry(replaced).or_default().push(*rate);
            }
        }
        followers
    }

    /// The rates that can take on what `rate` leaves: of its element, or replacing it.
    fn of(&self, rate: &Rate) -> impl Iterator<Item = &Known<'r, Rate>> {
        let of_element = self.of_element.get(&rate.element).into_iter().flatten();
        of_element.chain(self.replacing.get(&rate.id).into_iter().flatten())
    }
}

/// Whether the unit is under agreement on a day and satisfies a condition then.
pub(super) fn unit_holds(condition: &UnitCondition, history: &UnitHistory<'_>, day: Day) -> bool {
    let Some(under) = history.under(day) else { return false };
    let area_class = history.statement(day).and_then(|unit| unit.fact.area_class.as_ref());
    let holds = |names: &Vec<AssignmentName>| names.iter().any(|name| history.holds(name, day));
    let is_of_class = |classes: &Vec<String>| area_class.is_some_and(|one| classes.contains(one));
    condition.unit.as_ref().is_none_or(|units| units.contains(history.id))
        && condition.holds.as_ref().is_none_or(holds)
        && condition.area.as_ref().is_none_or(|areas| areas.contains(&under.agreement.fact.area))
        && condition.area_class.as_ref().is_none_or(is_of_class)
}

/// The first day of `period` that none of `covers` has, where it is not the end of one of them: that is told of
/// the rate that ended.
fn first_uncovered(period: Period, covers: &[Period]) -> Option<Day> {
    let day = first_day_without(period, covers)?;
    let ended = day > period.from && covers.iter().any(|cover| cover.until == day);
    (!ended).then_some(day)
}

/// The first day of `period` that none of `covers` has.
fn first_day_without(period: Period, covers: &[Period]) -> Option<Day> {
    let mut covers: Vec<Period> = covers.iter().filter(|c| !c.is_empty()).copied().collect();
    covers.sort_unstable();
    let mut day = period.from;
    for cover in covers {
        if cover.from > day {
            break;
        }
        day = day.max(cover.until);
    }
    (day < period.until).then_some(day)
}

/// Whether a rate could price a contact of the unit: its unit and area, whatever it holds.
fn concerns(condition: &Condition, history: &UnitHistory<'_>, period: Period) -> bool {
    let unit = &condition.unit;
    let areas: Vec<_> = history
        .under
        .iter()
        .filter(|under| under.period.overlaps(period))
        .map(|under| under.agreement.fact.area)
        .collect();
    unit.unit.as_ref().is_none_or(|units| units.contains(history.id))
        && unit.area.as_ref().is_none_or(|named| areas.iter().any(|area| named.contains(area)))
}

/// A share ends with its year, a lump is paid on its first day.
fn is_paid_once(formula: &Formula) -> bool {
    matches!(formula, Formula::Share { .. } | Formula::Lump { .. })
}

fn sets_a_price(rate: &Rate) -> bool {
    rate.formula.of().is_empty() && !is_paid_once(&rate.formula)
}

/// The base assignment needs a rate that asks for no add-on.
fn base_gap(view: &View<'_>, history: &UnitHistory<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told: BTreeSet<Day> = BTreeSet::new();
    for under in &history.under {
        let base: AssignmentName = BASE.into();
        let rates = view.rates_in_force().filter(|rate| {
            let asked = rate.fact.when.unit.holds.as_ref();
            sets_a_price(rate.fact)
                && rate.fact.formula.is_of_contacts()
                && asked.is_none_or(|names| names.contains(&base))
                && concerns(&rate.fact.when, history, under.period)
        });
        let covers: Vec<Period> = rates.map(|rate| rate.fact.valid).collect();
        let gap = first_uncovered(under.period, &covers);
        if let Some(day) = gap.filter(|day| told.insert(*day)) {
            let agreement = &under.agreement.fact.id;
            let message = Text::new(
                format!(
                    "basuppdraget under `{agreement}` gäller {day} men ingen ersättning gör det; kontakter den dagen blir utan pris"
                ),
                format!(
                    "the base assignment under `{agreement}` is in force on {day} but no rate is; contacts of that day will be unpriced"
                ),
            );
            let finding = Finding::new(Code::RateGap, Severity::Warning, message);
            let finding = finding.at(&under.base.stated.place);
            findings.push(finding.shown_by(history.id.as_str(), BASE, Some(day)));
        }
    }
    findings
}

fn add_on_gaps(view: &View<'_>, history: &UnitHistory<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (period, name) in history.holds.iter().filter(|(_, name)| name.as_str() != BASE) {
        let mut elements: BTreeMap<&ElementId, Vec<Period>> = BTreeMap::new();
        for rate in view.rates_in_force().filter(|rate| sets_a_price(rate.fact)) {
            let asked = rate.fact.when.unit.holds.as_ref();
            if asked.is_some_and(|names| names.contains(name))
                && concerns(&rate.fact.when, history, *period)
            {
                elements.entry(&rate.fact.element).or_default().push(rate.fact.valid);
            }
        }
        if elements.is_empty() {
            findings.push(add_on_gap(view, history, name, name.as_str(), period.from));
        }
        for (element, covers) in elements {
            if let Some(day) = first_uncovered(*period, &covers) {
                findings.push(add_on_gap(view, history, name, element.as_str(), day));
            }
        }
    }
    findings
}

fn add_on_gap(
    view: &View<'_>,
    history: &UnitHistory<'_>,
    name: &AssignmentName,
    element: &str,
    day: Day,
) -> Finding {
    let message = Text::new(
        format!(
            "tilläggsuppdraget `{name}` gäller {day} men `{element}` har ingen ersättningsnivå den dagen"
        ),
        format!(
            "the add-on assignment `{name}` is in force on {day} but `{element}` has no rate on that day"
        ),
    );
    let mut assignments = view.assignments.values();
    let stated = assignments
        .find(|a| a.fact.unit == *history.id && a.fact.name == *name && a.fact.valid.contains(day));
    let finding = Finding::new(Code::RateGap, Severity::Warning, message);
    let finding = match stated {
        Some(assignment) => finding.at(&assignment.stated.place),
        None => finding,
    };
    finding.shown_by(history.id.as_str(), element, Some(day))
}

fn add_ons_without_base(view: &View<'_>, history: &UnitHistory<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for assignment in view.assignments.values() {
        let fact = assignment.fact;
        let is_add_on = fact.name.as_str() != BASE && fact.status == Approval::Approved;
        if fact.unit != *history.id || !is_add_on || fact.valid.is_empty() {
            continue;
        }
        let same = history.under.iter().filter(|u| u.agreement.fact.id == fact.agreement);
        let same: Vec<Period> = same.map(|under| under.period).collect();
        if let Some(day) = first_day_without(fact.valid, &same) {
            let message = Text::new(
                format!(
                    "tilläggsuppdraget `{}` gäller {day} utan att basuppdraget under `{}` gör det",
                    fact.name, fact.agreement
                ),
                format!(
                    "the add-on assignment `{}` is in force on {day} though the base assignment under `{}` is not",
                    fact.name, fact.agreement
                ),
            );
            let finding = Finding::new(Code::AddOnWithoutBase, Severity::Warning, message);
            let finding = finding.at(&assignment.stated.place);
            findings.push(finding.shown_by(history.id.as_str(), fact.name.as_str(), Some(day)));
        }
    }
    findings
}

/// R56: an overdue end changes no amount; it is only told.
fn overdue(view: &View<'_>, rate: &Known<'_, Rate>, known_on: Day) -> Option<Finding> {
    let until = rate.fact.until.as_ref()?;
    let expected_by = until.expected_by.filter(|day| *day < known_on)?;
    let goes_on = rate.fact.valid.contains(known_on);
    let is_replaced = view.rates_in_force().any(|other| {
        other.fact.replaces.contains(&rate.fact.id) && other.fact.valid.contains(known_on)
    });
    if !goes_on || is_replaced {
        return None;
    }
    let awaited = until.decision.as_deref().unwrap_or("");
    let message = Text::new(
        format!(
            "`{}` skulle gälla till dess att `{awaited}` kom, väntat senast {expected_by}; den gäller fortfarande {known_on}",
            rate.fact.id
        ),
        format!(
            "`{}` was to run until `{awaited}`, expected by {expected_by}; it still runs on {known_on}",
            rate.fact.id
        ),
    );
    let finding = Finding::new(Code::UntilOverdue, Severity::Warning, message);
    let day = Some(expected_by.plus(1));
    Some(finding.at(&rate.stated.place).shown_by("", rate.fact.element.as_str(), day))
}
