//! Why a contact is paid what it is paid: every element that applied or did not, and its arithmetic.
//!
//! Owns: the tree of reasons. Does not own: amounts (they are those of the priced cell) or words.

use crate::contact::{ContactRow, Contacts, Reports};
use crate::fact::{Formula, Step, UpliftBy, WeightField};
use crate::money::{Money, Ratio, Rounding};
use crate::price::{
    Cell, CellLine, CompiledRate, Judgement, Linked, Obstacle, Periods, Pricer, Reason, Told,
    TooLarge, YearLine,
};
use crate::register::Under;
use crate::time::Day;
use std::collections::BTreeMap;

/// The explanation of one contact in force.
#[derive(Clone, Debug)]
pub struct Explanation<'p, 'r> {
    /// Unit id.
    pub unit: &'r str,
    /// Care date.
    pub care_date: Day,
    /// What the unit was under.
    pub under: Option<Under<'r>>,
    /// Who pays, where the contact is priced.
    pub payer: Option<&'r str>,
    /// Why there is no price, where there is none.
    pub unpriced: Option<Reason>,
    /// Rates that applied or could have, in order of element and rate.
    pub rates: Vec<RateExplanation<'p, 'r>>,
    /// The sum of the payable lines.
    pub total: Money,
    /// The sum of the shadow lines.
    pub shadow: Money,
}

/// One rate of an explanation.
#[derive(Clone, Debug)]
pub struct RateExplanation<'p, 'r> {
    /// The rate.
    pub rate: &'p CompiledRate<'r>,
    /// Its line, or why there is none.
    pub judgement: Judgement,
    /// How the amount is made, where there is a line.
    pub arithmetic: Option<Arithmetic<'r>>,
    /// The rate that replaces it here.
    pub replaced_by: Option<&'r str>,
    /// The visit that takes the pay of the period instead.
    pub taken_by: Option<ContactRow>,
}

/// How an amount is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arithmetic<'r> {
    /// The amount as decided.
    Amount(Money),
    /// An amount times weights.
    Weighted {
        /// Amount at weight one.
        at_weight_one: Money,
        /// Field, code and weight of each factor.
        factors: Vec<(&'r WeightField, String, Ratio)>,
        /// Rounding of the product.
        rounding: Rounding,
    },
    /// A percentage of the lines of other elements.
    Raised {
        /// Percent.
        percent: Ratio,
        /// Element and amount of each line.
        lines: Vec<(&'r str, Money)>,
        /// Their sum.
        sum: Money,
        /// Rounding.
        rounding: Rounding,
    },
    /// A percentage by the contact's number in the unit's year.
    Tiered {
        /// Its number, from 1.
        number: i64,
        /// Its base.
        base: Money,
        /// Percent of the base that is paid above the step.
        percent: Ratio,
        /// The step: contacts up to this number are paid whole.
        over: i64,
    },
    /// A percentage on what the unit's year comes to.
    Capped {
        /// The base of the contacts before it in the year.
        before: Money,
        /// Its own base.
        base: Money,
        /// The steps.
        steps: &'r [Step<Money>],
    },
}

/// Explains the contact in force of one row; every profile must have been classified.
///
/// `contacts` are those whose price can bear on it: of the same person, and of the same unit and year.
pub fn explain<'p, 'r>(
    pricer: &'p mut Pricer<'r>,
    reports: &Reports,
    contacts: &Contacts,
    at: usize,
) -> Result<Option<Explanation<'p, 'r>>, TooLarge> {
    let linked = Linked::new(pricer, contacts, &Periods::new(pricer, contacts), reports)?;
    explain_linked(pricer, reports, contacts, at, &linked)
}

/// The same, where what the contacts owe to each other is known.
pub fn explain_linked<'p, 'r>(
    pricer: &'p mut Pricer<'r>,
    reports: &Reports,
    contacts: &Contacts,
    at: usize,
    linked: &Linked,
) -> Result<Option<Explanation<'p, 'r>>, TooLarge> {
    let Some(row) = contacts.row(at) else { return Ok(None) };
    let outcome = pricer.contact_cell(&row, linked.is_included(at))?;
    let pricer: &'p Pricer<'r> = pricer;
    let Some(history) = pricer.unit(row.unit) else { return Ok(None) };
    let Some(profile) = reports.profile(row.profile) else { return Ok(None) };
    let of_year = linked.year_lines_of(at);
    let (payer, lines, unpriced) = match outcome.map(|cell| pricer.priced(cell)) {
        Ok(None) => return Ok(None),
        Ok(Some(Cell::Priced { payer, lines })) => {
            let lines = lines.iter().chain(of_year.iter().map(|line| &line.line)).copied();
            (pricer.payer(*payer), lines.collect(), None)
        }
        Ok(Some(Cell::Unpriced(reason))) => (None, Vec::new(), Some(*reason)),
        Err(reason) => (None, Vec::new(), Some(reason)),
    };
    let taker = linked.taker(at);
    let judged = pricer.judge(&Told { row, profile, lines: &lines, unpriced, taker });
    let told = told(pricer, judged, row.care_date);
    let rates = told.into_iter().filter_map(|(number, judgement)| {
        let rate = pricer.rate(number)?;
        let arithmetic = match &judgement {
            Judgement::Line(line) => arithmetic(pricer, &row, rate, line, &lines, of_year),
            Judgement::Not(_) => None,
        };
        let replaced_by = match &judgement {
            Judgement::Not(Obstacle::Replaced(other)) => pricer.rate(*other),
            _ => None,
        };
        let replaced_by = replaced_by.map(|other| other.rate().id.as_str());
        let taken_by = match &judgement {
            Judgement::Not(Obstacle::OtherVisit(row)) => contacts.row(*row as usize),
            _ => None,
        };
        Some(RateExplanation { rate, judgement, arithmetic, replaced_by, taken_by })
    });
    let mut rates: Vec<_> = rates.collect();
    rates.sort_by_key(|told| (told.rate.element, &told.rate.rate().id));
    let sum =
        |payable| lines.iter().filter(|line| line.payable == payable).map(|line| line.amount).sum();
    Ok(Some(Explanation {
        unit: history.id.as_str(),
        care_date: row.care_date,
        under: history.under(row.care_date).copied(),
        payer: payer.map(|payer| payer.as_str()),
        unpriced,
        rates,
        total: sum(true),
        shadow: sum(false),
    }))
}

/// Leaves out unit formulas, and rates of other days where the element has a rate of the day or a nearer one.
fn told(pricer: &Pricer<'_>, judged: Vec<(usize, Judgement)>, day: Day) -> Vec<(usize, Judgement)> {
    let mut nearest: BTreeMap<u16, (i64, usize)> = BTreeMap::new();
    for (number, judgement) in &judged {
        let Some(rate) = pricer.rate(*number) else { continue };
        if *judgement != Judgement::Not(Obstacle::UnitFormula) {
            let distance = (distance(rate, day), *number);
            let best = nearest.entry(rate.element).or_insert(distance);
            *best = (*best).min(distance);
        }
    }
    let is_told = |(number, judgement): &(usize, Judgement)| {
        let rate = pricer.rate(*number);
        let best = rate.and_then(|rate| nearest.get(&rate.element));
        match judgement {
            Judgement::Not(Obstacle::UnitFormula) => false,
            Judgement::Not(Obstacle::NotValid) => best.is_some_and(|(_, best)| best == number),
            _ => true,
        }
    };
    judged.into_iter().filter(is_told).collect()
}

/// Days from `day` to the validity of a rate; 0 within it.
fn distance(rate: &CompiledRate<'_>, day: Day) -> i64 {
    let valid = rate.rate().valid;
    let number = |day: Day| i64::from(day.number());
    if day < valid.from {
        number(valid.from) - number(day)
    } else if day >= valid.until {
        number(day) - number(valid.until) + 1
    } else {
        0
    }
}

fn arithmetic<'r>(
    pricer: &Pricer<'r>,
    row: &ContactRow,
    rate: &CompiledRate<'r>,
    line: &CellLine,
    lines: &[CellLine],
    of_year: &[YearLine],
) -> Option<Arithmetic<'r>> {
    let place = || of_year.iter().find(|year| year.line.rate == line.rate);
    let formula = &rate.known.fact.formula;
    match formula {
        Formula::PerWeight { amount, rounding, .. }
        | Formula::PerPeriod { amount, weights: Some(_), rounding, .. } => {
            Some(Arithmetic::Weighted {
                at_weight_one: *amount,
                factors: pricer.factors(row, rate.known.fact, formula.weights()?.1)?,
                rounding: *rounding,
            })
        }
        Formula::Tier { steps, .. } => {
            let place = place()?;
            let step = steps.iter().rfind(|step| step.over < place.number)?;
            let (number, base) = (place.number, place.base);
            Some(Arithmetic::Tiered { number, base, percent: step.percent, over: step.over })
        }
        Formula::Ceiling { steps, .. } => {
            let place = place()?;
            Some(Arithmetic::Capped { before: place.before, base: place.base, steps })
        }
        Formula::Uplift { by: UpliftBy::Percent(percent), of, rounding } => {
            let raised = lines.iter().filter_map(|line| {
                let element = pricer.elements().get(usize::from(line.element))?;
                of.contains(element).then_some((element.as_str(), line.amount))
            });
            let raised: Vec<(&'r str, Money)> = raised.collect();
            let sum = raised.iter().map(|(_, amount)| *amount).sum();
            Some(Arithmetic::Raised { percent: *percent, lines: raised, sum, rounding: *rounding })
        }
        _ => Some(Arithmetic::Amount(line.amount)),
    }
}
