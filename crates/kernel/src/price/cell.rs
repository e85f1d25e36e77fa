//! One cell: what every contact of a class, at a unit in an era, is paid, or why it is not.

use super::compile::{Class, Context, Pricer, Visit, visit};
use super::condition::{Key, failing_contact_key, failing_unit_key};
use super::{Reason, TooLarge, per_weight, uplift};
use crate::contact::{ContactRow, Profile};
use crate::fact::{Formula, PregnancyPeriod};
use crate::money::Money;
use crate::time::Day;

/// The outcome for a class of contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// At least one line; in order of element and rate.
    Priced {
        /// Who pays.
        payer: u16,
        /// The lines.
        lines: Vec<CellLine>,
    },
    /// No price, and why; never 0 kr.
    Unpriced(Reason),
}

/// One line for each contact of a cell; quantity 1 (R31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellLine {
    /// Number of the rate.
    pub rate: usize,
    /// Number of the element.
    pub element: u16,
    /// Amount.
    pub amount: Money,
    /// Whether the form of agreement lets it be paid (R10).
    pub payable: bool,
}

pub(super) fn price(
    pricer: &Pricer<'_>,
    context: Option<u32>,
    era: u32,
    class: u32,
) -> Result<Cell, TooLarge> {
    let candidates = context.map_or(&[][..], |context| pricer.candidates(context, era));
    let context = context.and_then(|context| pricer.contexts.value(context));
    let Some(context) = context else { return Ok(Cell::Unpriced(Reason::NoAgreement)) };
    let Some(class) = pricer.classes.value(class) else {
        return Ok(Cell::Unpriced(Reason::NoRate));
    };
    let day = pricer.era_start(era);
    let Some(payer) = payer(pricer, class, day) else {
        return Ok(Cell::Unpriced(Reason::NoPayer));
    };
    let mut lines: Vec<CellLine> = Vec::new();
    let mut missed: Option<Reason> = None;
    for number in candidates {
        if !applies(pricer, *number, context, class, day) {
            continue;
        }
        let Some(rate) = pricer.rates.get(*number) else { continue };
        let too_large = || TooLarge { of: rate.rate().id.to_string() };
        let amount = match &rate.rate().formula {
            Formula::PerContact { amount } => *amount,
            Formula::PerWeight { amount, weights, weight_by, rounding } => {
                let found = per_weight::weights(pricer, context, class, day, weights, weight_by);
                let Some(found) = found else { return Ok(Cell::Unpriced(Reason::NoWeight)) };
                per_weight::amount(*amount, &found, *rounding).ok_or_else(too_large)?
            }
            Formula::PerPeriod { amount, period, weights, rounding } => {
                if let Some(reason) = not_taken(class.visit, *period) {
                    missed = Some(missed.map_or(reason, |other| other.min(reason)));
                }
                if class.visit != Visit::Takes(*period) {
                    continue;
                }
                let found = weights.as_ref().map_or(Some(Vec::new()), |by| {
                    per_weight::weights(pricer, context, class, day, &by.table, &by.fields)
                });
                let Some(found) = found else { return Ok(Cell::Unpriced(Reason::NoWeight)) };
                per_weight::amount(*amount, &found, *rounding).ok_or_else(too_large)?
            }
            Formula::Uplift { by, of, rounding } => {
                let base = lines.iter().filter(|line| {
                    let element = pricer.elements.get(usize::from(line.element));
                    element.is_some_and(|element| of.contains(element))
                });
                match uplift::amount(base.map(|line| line.amount), *by, *rounding) {
                    uplift::Raise::Nothing => continue,
                    uplift::Raise::Amount(amount) => amount,
                    uplift::Raise::TooLarge => return Err(too_large()),
                }
            }
            // Lines of units, and of a unit's year (`linked`).
            Formula::FixedMonthly { .. }
            | Formula::Share { .. }
            | Formula::Lump { .. }
            | Formula::Tier { .. }
            | Formula::Ceiling { .. } => continue,
        };
        let payable = rate.rate().payable_under.contains(&context.form);
        lines.push(CellLine { rate: *number, element: rate.element, amount, payable });
    }
    if lines.is_empty() {
        return Ok(Cell::Unpriced(missed.unwrap_or(Reason::NoRate)));
    }
    lines.sort_by_key(|line| (line.element, line.rate));
    Ok(Cell::Priced { payer, lines })
}

/// Why a visit to which a rate of `period` applies does not take it, where that is worth telling (R30, R49).
fn not_taken(visit: Visit, period: PregnancyPeriod) -> Option<Reason> {
    match visit {
        Visit::Included(of) if of == period => Some(Reason::IncludedInPeriod),
        Visit::WithoutDays => Some(Reason::NoGestationalDays),
        _ => None,
    }
}

/// Whether a contact of the cell takes part in the choice of the visit that is paid for its period, and which
/// period that is (R30): under agreement, with a payer, and some rate of the period applies.
pub(super) fn period_sought(
    pricer: &Pricer<'_>,
    context: Option<u32>,
    era: u32,
    class: u32,
) -> Option<PregnancyPeriod> {
    let context = pricer.contexts.value(context?)?;
    let class = pricer.classes.value(class)?;
    let Visit::Takes(period) = class.visit else { return None };
    let day = pricer.era_start(era);
    payer(pricer, class, day)?;
    let is_sought = |number: &&usize| {
        let formula = pricer.rates.get(**number).map(|rate| &rate.rate().formula);
        let is_of_period =
            matches!(formula, Some(Formula::PerPeriod { period: of, .. }) if *of == period);
        is_of_period && applies(pricer, **number, context, class, day)
    };
    pricer.order.iter().find(is_sought).map(|_| period)
}

/// The rate of an element by the unit's year that applies to a contact of the cell, if one does.
pub(super) fn yearly_rate(
    pricer: &Pricer<'_>,
    element: u16,
    context: Option<u32>,
    era: u32,
    class: u32,
) -> Option<usize> {
    let context = pricer.contexts.value(context?)?;
    let class = pricer.classes.value(class)?;
    let day = pricer.era_start(era);
    let is_one = |number: &&usize| {
        let is_of_element = pricer.rates.get(**number).is_some_and(|rate| rate.element == element);
        is_of_element && applies(pricer, **number, context, class, day)
    };
    pricer.yearly.iter().find(is_one).copied()
}

/// Whether the contact's day lets a rate's line be paid (R55).
pub(super) fn is_payable(pricer: &Pricer<'_>, rate: usize, context: Option<u32>) -> bool {
    let form =
        context.and_then(|context| pricer.contexts.value(context)).map(|context| context.form);
    let rate = pricer.rates.get(rate);
    rate.zip(form).is_some_and(|(rate, form)| rate.rate().payable_under.contains(&form))
}

/// The payer that matches most specifically (R11); of a tie, a load error, the first by id.
fn payer(pricer: &Pricer<'_>, class: &Class, day: Day) -> Option<u16> {
    let mut best: Option<(u32, u16)> = None;
    for (((period, _, _), specificity), number) in
        pricer.payers.iter().zip(&class.payers).zip(0_u16..)
    {
        let better = best.is_none_or(|(other, _)| *specificity > other);
        if *specificity > 0 && period.contains(day) && better {
            best = Some((*specificity, number));
        }
    }
    best.map(|(_, number)| number)
}

fn holds(pricer: &Pricer<'_>, number: usize, context: &Context, class: &Class, day: Day) -> bool {
    let Some(rate) = pricer.rates.get(number) else { return false };
    rate.rate().valid.contains(day)
        && context.holds.get(rate.unit_condition).copied().unwrap_or(false)
        && class.holds.get(rate.contact_condition).copied().unwrap_or(false)
}

/// Whether a rate is valid, its condition holds, and no rate that replaces it does both (R1, R2, R46).
fn applies(pricer: &Pricer<'_>, number: usize, context: &Context, class: &Class, day: Day) -> bool {
    let suppressed = |rate: &super::CompiledRate<'_>| {
        rate.suppressors.iter().any(|other| holds(pricer, *other, context, class, day))
    };
    holds(pricer, number, context, class, day) && !pricer.rates.get(number).is_none_or(suppressed)
}

/// What was found about one rate and one contact; for explanations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It gives this line.
    Line(CellLine),
    /// It gives none.
    Not(Obstacle),
}

/// Why a rate gives a contact no line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Valid later or earlier.
    NotValid,
    /// A key of its condition does not hold.
    Condition(Key),
    /// Another rate replaces it here; its number.
    Replaced(usize),
    /// It stands on lines that the contact does not have.
    NothingToRaise,
    /// It is for individual visits (R30).
    NotIndividual,
    /// The gestational days are missing (R49).
    WithoutDays,
    /// The contact is in another period of the pregnancy, or a delivery and in none.
    OtherPeriod(Option<PregnancyPeriod>),
    /// Another visit takes the pay of the period; its row.
    OtherVisit(u32),
    /// The contact's place in the unit's year gives nothing more and nothing less.
    WithinSteps,
    /// The contact as a whole is unpriced.
    Unpriced(Reason),
    /// It gives lines to units, not contacts.
    UnitFormula,
}

/// One contact as its rates are told of.
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    /// The contact.
    pub row: ContactRow,
    /// What was reported of it.
    pub profile: &'t Profile,
    /// Its lines, with those by place in the year.
    pub lines: &'t [CellLine],
    /// Why it has none.
    pub unpriced: Option<Reason>,
    /// The row that takes the pay of its period.
    pub taker: Option<u32>,
}

impl Pricer<'_> {
    /// What each rate makes of one contact, in order of rate id. The amounts are those of its lines, never
    /// computed anew.
    pub fn judge(&self, told: &Told<'_>) -> Vec<(usize, Judgement)> {
        (0..self.rates.len()).map(|number| (number, self.judge_rate(number, told))).collect()
    }

    fn judge_rate(&self, number: usize, told: &Told<'_>) -> Judgement {
        if let Some(line) = told.lines.iter().find(|line| line.rate == number) {
            return Judgement::Line(*line);
        }
        let obstacle = self.obstacle(number, told.profile, told.row.unit, told.row.care_date);
        let obstacle = obstacle.or_else(|| self.obstacle_of_visit(number, told));
        Judgement::Not(obstacle.unwrap_or_else(|| match told.unpriced {
            Some(reason) => Obstacle::Unpriced(reason),
            None if self.has_base(number, told) => Obstacle::WithinSteps,
            None => Obstacle::NothingToRaise,
        }))
    }

    fn has_base(&self, number: usize, told: &Told<'_>) -> bool {
        let formula = self.rates.get(number).map(|rate| &rate.rate().formula);
        let Some(formula) = formula.filter(|formula| formula.is_by_year()) else { return false };
        let elements =
            told.lines.iter().filter_map(|line| self.elements.get(usize::from(line.element)));
        elements.into_iter().any(|element| formula.of().contains(element))
    }

    fn obstacle_of_visit(&self, number: usize, told: &Told<'_>) -> Option<Obstacle> {
        let Formula::PerPeriod { period, .. } = &self.rates.get(number)?.rate().formula else {
            return None;
        };
        match visit(told.profile) {
            Visit::Takes(of) if of == *period => told.taker.map(Obstacle::OtherVisit),
            Visit::Takes(of) | Visit::Included(of) => Some(Obstacle::OtherPeriod(Some(of))),
            Visit::WithoutDays => Some(Obstacle::WithoutDays),
            Visit::Other if told.profile.individual != Some(true) => Some(Obstacle::NotIndividual),
            Visit::Other => Some(Obstacle::OtherPeriod(None)),
        }
    }

    fn obstacle(&self, number: usize, contact: &Profile, unit: u16, day: Day) -> Option<Obstacle> {
        let rate = self.rates.get(number)?;
        if !rate.rate().formula.is_of_contacts() {
            return Some(Obstacle::UnitFormula);
        }
        let own = self.own_obstacle(number, contact, unit, day);
        own.or_else(|| {
            let replacing = rate
                .suppressors
                .iter()
                .find(|other| self.own_obstacle(**other, contact, unit, day).is_none());
            replacing.map(|other| Obstacle::Replaced(*other))
        })
    }

    fn own_obstacle(
        &self,
        number: usize,
        contact: &Profile,
        unit: u16,
        day: Day,
    ) -> Option<Obstacle> {
        let rate = self.rates.get(number)?.rate();
        if !rate.valid.contains(day) {
            return Some(Obstacle::NotValid);
        }
        let history = self.unit(unit)?;
        failing_unit_key(&rate.when.unit, history, day)
            .or_else(|| failing_contact_key(&rate.when.contact, contact, self.view.county()))
            .map(Obstacle::Condition)
    }
}

impl Pricer<'_> {
    /// Every unit with the first day of every era in which it is under an agreement.
    pub fn unit_days(&self) -> impl Iterator<Item = (u16, Day)> + '_ {
        self.context_of.iter().zip(0_u16..).flat_map(move |(by_era, unit)| {
            let under = by_era.iter().zip(&self.eras).filter(|(context, _)| context.is_some());
            under.map(move |(_, day)| (unit, *day))
        })
    }

    /// Whether a rate is valid on a day and its unit condition holds there.
    pub fn unit_holds(&self, rate: usize, unit: u16, day: Day) -> bool {
        let context = self.context(unit, self.era(day));
        let context = context.and_then(|context| self.contexts.value(context));
        let Some(rate) = self.rates.get(rate) else { return false };
        let holds = context.and_then(|context| context.holds.get(rate.unit_condition).copied());
        holds.unwrap_or(false) && rate.rate().valid.contains(day)
    }
}
