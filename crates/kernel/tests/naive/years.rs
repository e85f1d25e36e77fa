//! Tiers and ceilings: lines that stand on a contact's place in its unit's calendar year (R39, R51, R55).

use super::Line;
use super::arithmetic::{fraction, half_away, narrow, ore};
use super::known::Known;
use super::reports::InForce;
use kernel::fact::{Formula, Rate, Step};
use kernel::money::{Money, Ratio};
use std::collections::BTreeSet;

/// The lines by place in the year of all priced contacts.
pub fn year_lines(known: &Known, priced: &[(&InForce, Vec<Line>)]) -> Vec<Line> {
    let by_year: Vec<&Rate> = known.rates.iter().filter(|rate| is_by_year(rate)).copied().collect();
    let elements: BTreeSet<&str> = by_year.iter().map(|rate| rate.element.as_str()).collect();
    let places: BTreeSet<(&str, i32)> =
        priced.iter().map(|(reported, _)| place(reported)).collect();
    let mut lines = Vec::new();
    for element in elements {
        for place in &places {
            let mut of_year: Vec<&(&InForce, Vec<Line>)> =
                priced.iter().filter(|(reported, _)| self::place(reported) == *place).collect();
            of_year.sort_by_key(|(reported, _)| {
                (reported.contact.care_date, reported.contact.id.clone())
            });
            lines.extend(lines_of(known, element, &of_year));
        }
    }
    lines
}

fn is_by_year(rate: &Rate) -> bool {
    matches!(rate.formula, Formula::Tier { .. } | Formula::Ceiling { .. })
}

fn place(reported: &InForce) -> (&str, i32) {
    (&reported.contact.unit, reported.contact.care_date.year())
}

/// The lines of one element, unit and year; count and sum go on when another rate takes over (R51).
fn lines_of(known: &Known, element: &str, of_year: &[&(&InForce, Vec<Line>)]) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut number, mut sum) = (0, 0);
    for (reported, own_lines) in of_year {
        let contact = &reported.contact;
        let mut applicable = known.applicable(contact, &contact.unit);
        applicable.retain(|rate| is_by_year(rate) && rate.element.as_str() == element);
        let Some(rate) = applicable.first() else { continue };
        let is_base = |line: &&Line| rate.formula.of().iter().any(|of| of.as_str() == line.element);
        let base: Vec<&Line> = own_lines.iter().filter(is_base).collect();
        let Some(first) = base.first() else { continue };
        let amount: i128 = base.iter().map(|line| i128::from(line.amount)).sum();
        let (before, after) = (sum, sum + amount);
        number += 1;
        sum = after;
        let amount = match &rate.formula {
            Formula::Tier { steps, .. } => tier(steps, number, amount),
            Formula::Ceiling { steps, .. } => ceiling(steps, after) - ceiling(steps, before),
            _ => 0,
        };
        let Some(form) = known.agreement(&contact.unit, contact.care_date).map(|a| a.form) else {
            continue;
        };
        if amount != 0 {
            lines.push(Line {
                element: rate.element.to_string(),
                payable: rate.payable_under.contains(&form), // R55
                rate: rate.id.to_string(),
                amount: narrow(amount),
                ..(*first).clone()
            });
        }
    }
    lines
}

/// The percentage of the highest step below the contact's number, on its base.
fn tier(steps: &[Step<i64>], number: i64, base: i128) -> i128 {
    let below = steps.iter().filter(|step| step.over < number);
    let Some(step) = below.max_by_key(|step| step.over) else { return 0 };
    let (num, den) = beyond_hundred(step.percent);
    half_away(base * num, den)
}

/// f(S): on the part of S in each band its percentage, all together rounded once.
fn ceiling(steps: &[Step<Money>], sum: i128) -> i128 {
    let (mut num, mut den) = (0, 1);
    for (at, step) in steps.iter().enumerate() {
        let from = ore(step.over);
        let to = steps.get(at + 1).map_or(sum, |next| ore(next.over).min(sum));
        let (more, of) = beyond_hundred(step.percent);
        num = num * of + (to - from).max(0) * more * den;
        den *= of;
    }
    half_away(num, den)
}

/// (percent − 100) / 100.
fn beyond_hundred(percent: Ratio) -> (i128, i128) {
    let (num, den) = fraction(percent);
    (num - 100 * den, 100 * den)
}
