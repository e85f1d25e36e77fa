//! The lines of one contact, apart from those that stand on its unit's year.

use super::Line;
use super::arithmetic::{fraction, narrow, ore, rounded};
use super::known::Known;
use super::periods::Visit;
use super::reports::{Contact, InForce};
use kernel::fact::{Agreement, Formula, Payer, Rate, UpliftBy, Weight, WeightField};
use kernel::money::{Money, Rounding};

/// The agreement and the payer that a contact of each unit needs, or the first reason of R22 why not.
pub fn paid_under<'a>(
    known: &Known<'a>,
    reported: &InForce,
) -> Result<(&'a Agreement, &'a Payer), &'static str> {
    let contact = &reported.contact;
    let day = contact.care_date;
    let agreement = known.agreement(&contact.unit, day).ok_or("no-agreement")?;
    // R13: counted from month to month; a blank day is never late.
    if let (Some(months), Some(first)) = (agreement.backward_months, reported.first_reported_on)
        && first.month().number() - day.month().number() > months
    {
        return Err("too-late");
    }
    let payer = known.payer(&contact.residence, day).ok_or("no-payer")?;
    Ok((agreement, payer))
}

/// The lines of a contact, or why it has none: the first reason of R22.
pub fn price_contact(
    known: &Known,
    reported: &InForce,
    visit: &Visit,
) -> Result<Vec<Line>, &'static str> {
    let contact = &reported.contact;
    let (agreement, payer) = paid_under(known, reported)?;
    let applicable = known.applicable(contact, &contact.unit);
    let mut amounts: Vec<(&Rate, i128)> = Vec::new();
    let mut by_period: Vec<&Rate> = Vec::new();
    for rate in &applicable {
        let (amount, rounding) = match &rate.formula {
            Formula::PerContact { amount } => (*amount, Rounding::HalfUpOre),
            Formula::PerWeight { amount, rounding, .. } => (*amount, *rounding),
            Formula::PerPeriod { amount, period, rounding, .. } => {
                by_period.push(rate);
                // R30: a visit that takes its period takes every rate of that period.
                if *visit != Visit::Takes(*period) {
                    continue;
                }
                (*amount, *rounding)
            }
            _ => continue,
        };
        // R23: one weight missing and the whole contact is unpriced.
        amounts.push((rate, weighted(known, rate, amount, rounding, contact).ok_or("no-weight")?));
    }
    raise(&applicable, &mut amounts);
    if amounts.is_empty() {
        return Err(visit.without_price(&by_period));
    }
    let line = |(rate, amount): (&Rate, i128)| Line {
        contact_id: Some(contact.id.clone()),
        unit: contact.unit.clone(),
        month: contact.care_date.month().to_string(), // R31
        element: rate.element.to_string(),
        payer: payer.id.to_string(),
        payable: rate.payable_under.contains(&agreement.form), // R10, R55
        rate: rate.id.to_string(),
        count: 1,
        amount: narrow(amount),
    };
    Ok(amounts.into_iter().map(line).collect())
}

/// R28: the amount times the weight of every field, if the rate has weights; exact, rounded once.
fn weighted(
    known: &Known,
    rate: &Rate,
    amount: Money,
    rounding: Rounding,
    contact: &Contact,
) -> Option<i128> {
    let (mut num, mut den) = (ore(amount), 1);
    let (table, fields) = match &rate.formula {
        Formula::PerWeight { weights, weight_by, .. } => (Some(weights), weight_by.as_slice()),
        Formula::PerPeriod { weights: Some(by), .. } => (Some(&by.table), by.fields.as_slice()),
        _ => (None, [].as_slice()),
    };
    for by in fields {
        // R60: which field; the weight's code is the whole, exact value.
        let code = match by {
            WeightField::Drg => contact.drg.clone(),
            WeightField::Unit => contact.unit.clone(),
            WeightField::Kind => contact.kind.name().to_owned(),
            WeightField::Profession => contact.profession.clone(),
            WeightField::Place => contact.place.clone(),
            WeightField::Residence => contact.residence.clone(),
            WeightField::AreaClass => {
                known.unit(&contact.unit, contact.care_date)?.area_class.clone()?
            }
            WeightField::Class(name) => contact.classes.get(name)?.clone(),
        };
        let usable = |w: &&&Weight| {
            Some(&w.table) == table
                && w.code == code
                && !code.is_empty()
                && w.valid_from <= contact.care_date
        };
        let weight = known.weights.iter().filter(usable).max_by_key(|weight| weight.valid_from)?;
        let (weight_num, weight_den) = fraction(weight.value);
        num *= weight_num;
        den *= weight_den;
    }
    Some(rounded(num, den, rounding))
}

/// R32: each uplift after all lines of the elements it is of; 5 % on 5 % in that order.
fn raise<'a>(applicable: &[&'a Rate], amounts: &mut Vec<(&'a Rate, i128)>) {
    let of = |rate: &Rate| {
        if let Formula::Uplift { of, .. } = &rate.formula { of.clone() } else { vec![] }
    };
    let mut waiting: Vec<&Rate> =
        applicable.iter().filter(|rate| !of(rate).is_empty()).copied().collect();
    while let Some(at) = waiting
        .iter()
        .position(|rate| !waiting.iter().any(|other| of(rate).contains(&other.element)))
    {
        let rate = waiting.remove(at);
        let Formula::Uplift { by, of, rounding } = &rate.formula else { continue };
        let base: Vec<i128> = amounts
            .iter()
            .filter(|(rate, _)| of.contains(&rate.element))
            .map(|(_, amount)| *amount)
            .collect();
        if base.is_empty() {
            continue; // no such line, no uplift line
        }
        let amount = match by {
            UpliftBy::Amount(amount) => ore(*amount),
            UpliftBy::Percent(percent) => {
                let (num, den) = fraction(*percent);
                rounded(base.iter().sum::<i128>() * num, den * 100, *rounding)
            }
        };
        amounts.push((rate, amount));
    }
}
