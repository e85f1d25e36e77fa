//! Fixed payments, lumps and shares: lines to units, whatever contacts there are (R33–R38).

use super::Line;
use super::arithmetic::{half_away, instalment, narrow, ore};
use super::known::{Known, any};
use kernel::fact::{Formula, Pay, Rate, ShareKey};
use kernel::money::Rounding;
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

/// The lines of fixed-monthly, lump and share rates dated on or before `through` (R38), with their dates.
pub fn unit_lines(known: &Known, through: Day) -> Vec<(Day, Line)> {
    let mut lines = Vec::new();
    for rate in &known.rates {
        let dated = match &rate.formula {
            Formula::FixedMonthly { per_year } => {
                fixed_monthly(known, rate, ore(*per_year), through)
            }
            Formula::Lump { amount } => lump(known, rate, ore(*amount)),
            Formula::Share { .. } => share(known, rate),
            _ => Vec::new(),
        };
        for (date, unit, amount) in dated.into_iter().filter(|(date, ..)| *date <= through) {
            // R11: the default payer; a register without one is refused (R47).
            let Some(payer) = known.default_payer(date) else { continue };
            // R10: no agreement that day is payable, possible for share only.
            let form = known.agreement(&unit, date).map(|agreement| agreement.form);
            let line = Line {
                contact_id: None,
                unit,
                month: date.month().to_string(),
                element: rate.element.to_string(),
                payer: payer.id.to_string(),
                payable: form.is_none_or(|form| rate.payable_under.contains(&form)),
                rate: rate.id.to_string(),
                count: 1,
                amount: narrow(amount),
            };
            lines.push((date, line));
        }
    }
    lines
}

/// R33: to each unit under agreement that satisfies `when`, by the state on the first day of the month.
fn fixed_monthly(
    known: &Known,
    rate: &Rate,
    per_year: i128,
    through: Day,
) -> Vec<(Day, String, i128)> {
    let mut dated = Vec::new();
    for number in rate.valid.from.month().number()..=through.month().number() {
        let month = Month::from_number(number);
        let day = month.first_day();
        for unit in units_that_take(known, rate, day) {
            let amount = instalment(per_year, i128::from(month.of_year() - 1), 12);
            dated.push((day, unit, amount));
        }
    }
    dated
}

/// R34: once to each unit under agreement on `valid_from` that satisfies `when`.
fn lump(known: &Known, rate: &Rate, amount: i128) -> Vec<(Day, String, i128)> {
    let day = rate.valid.from;
    let units = units_that_take(known, rate, day);
    units.into_iter().map(|unit| (day, unit, amount)).collect()
}

/// The units under agreement on a day of the rate to which it applies and no other replaces it (R1).
fn units_that_take(known: &Known, rate: &Rate, day: Day) -> Vec<String> {
    let ids: BTreeSet<&str> = known.units.iter().map(|unit| unit.id.as_str()).collect();
    let takes_it = |unit: &&str| {
        let takes = |rate: &Rate| known.unit_holds(&rate.when, unit, day);
        rate.valid.contains(day)
            && known.agreement(unit, day).is_some()
            && takes(rate)
            && !known.replacing(rate, day).into_iter().any(takes)
    };
    ids.into_iter().filter(takes_it).map(str::to_owned).collect()
}

/// R35–R37: the parts of the recipients, once or in instalments.
fn share(known: &Known, rate: &Rate) -> Vec<(Day, String, i128)> {
    let Formula::Share { pot, key, rounding, residue, pay } = &rate.formula else {
        return Vec::new();
    };
    let year = rate.valid.from.year();
    let wanted = |id: &str| any(&rate.when.unit.unit, |unit| unit.as_str() == id);
    let mut values = key_values(known, key, year);
    values.retain(|recipient, value| *value > 0 && wanted(recipient));
    if values.is_empty() {
        return Vec::new(); // R47
    }
    let parts = divide(ore(*pot), &values, *rounding, residue.as_deref());
    let dates: Vec<Day> = match pay {
        Pay::Once => vec![rate.valid.from],
        Pay::Monthly => {
            let first_days = (1..=12).filter_map(|month| Day::new(year, month, 1));
            first_days.filter(|day| rate.valid.contains(*day)).collect()
        }
    };
    let mut dated = Vec::new();
    let instalments = i128::try_from(dates.len()).unwrap_or(0);
    for (index, date) in (0..).zip(dates) {
        // R35: replaced, it falls as a whole on the days the new one covers.
        if known.replacing(rate, date).is_empty() {
            let part = |(id, part): (&String, &i128)| {
                (date, id.clone(), instalment(*part, index, instalments))
            };
            dated.extend(parts.iter().map(part));
        }
    }
    dated
}

/// R35, R47: each recipient's value of the year, else the one without year.
fn key_values(known: &Known, key: &ShareKey, year: i32) -> BTreeMap<String, i128> {
    let ShareKey::Named(name) = key else {
        let of_year = known.capacities.iter().filter(|capacity| capacity.year == year);
        return of_year.map(|c| (c.unit.to_string(), i128::from(c.deliveries))).collect();
    };
    let mut values = BTreeMap::new();
    for wanted in [None, Some(year)] {
        for key in known.keys.iter().filter(|key| key.name == *name && key.year == wanted) {
            values.insert(key.recipient.clone(), i128::from(key.value));
        }
    }
    values
}

/// R36: the pot in whole kronor or öre, by the decision's rounding; ties go to the lower id.
fn divide(
    pot: i128,
    values: &BTreeMap<String, i128>,
    rounding: Rounding,
    residue: Option<&str>,
) -> BTreeMap<String, i128> {
    let size = match rounding {
        Rounding::HalfUpOre | Rounding::LargestRemainderOre => 1,
        Rounding::HalfUpKrona | Rounding::LargestRemainder | Rounding::HalfUpResidueLargest => 100,
    };
    let whole = pot / size;
    let sum: i128 = values.values().sum();
    let by_remainder =
        matches!(rounding, Rounding::LargestRemainder | Rounding::LargestRemainderOre);
    let part = |value: &i128| {
        if by_remainder { whole * value / sum } else { half_away(whole * value, sum) }
    };
    let mut parts: BTreeMap<String, i128> =
        values.iter().map(|(id, value)| (id.clone(), part(value))).collect();
    let left = whole - parts.values().sum::<i128>();
    if by_remainder {
        let mut order: Vec<&String> = values.keys().collect(); // in the order of ids; the sort is stable
        order.sort_by_key(|id| -(whole * values[*id] % sum));
        for (_, id) in (0..left).zip(order) {
            *parts.entry(id.clone()).or_default() += 1;
        }
    } else if rounding == Rounding::HalfUpResidueLargest {
        let largest = values.values().max();
        let taker =
            values.iter().find(|(_, value)| Some(*value) == largest).map(|(id, _)| id.clone());
        taker.into_iter().for_each(|id| *parts.entry(id).or_default() += left);
    } else if let Some(part) = residue.and_then(|id| parts.get_mut(id)) {
        *part += left;
    }
    parts.values_mut().for_each(|part| *part *= size);
    parts
}
