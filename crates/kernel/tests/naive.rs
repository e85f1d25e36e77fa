//! The reference evaluator: rows and decisions to amounts, one contact and one ruling at a time.
//!
//! Owns: its own reading of R1–R60 of `rules.md`, for per-contact, per-weight, uplift, fixed-monthly
//! and share. Shares nothing with the engine but the types of facts, days and money: it reads the
//! texts, rounds and divides by itself, so that a slip in one of the two shows as a difference.
//! Does not own: load errors; [`clash`] alone tells of one, from the contacts at hand.
//!
//! One delivery under a rate of 14 200 kr is one line of 1 420 000 öre.

mod known;
mod reports;

use kernel::fact::{Decision, Formula, Pay, Rate, ShareKey, UpliftBy, Weight, WeightField};
use kernel::money::{Money, Ratio, Rounding};
use kernel::time::{Day, Month};
use known::{Known, any};
use reports::{Contact, InForce, contacts_in_force};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A row of a contact file as text.
#[derive(Clone, Debug)]
pub struct RawRow {
    /// File, from 0.
    pub file: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column name to text; class columns as `class_x`.
    pub fields: BTreeMap<String, String>,
}

/// `file 0, line 2: contact_id = D1, …`
impl fmt::Display for RawRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<String> =
            self.fields.iter().map(|(name, text)| format!("{name} = {text}")).collect();
        write!(f, "file {}, line {}: {}", self.file, self.line, fields.join(", "))
    }
}

/// What is known on which day, and how far care counts.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Decisions known on this day.
    pub register_known_on: Day,
    /// Reports known on this day.
    pub contacts_known_on: Day,
    /// The last day of care (R18).
    pub through: Day,
}

/// Unit, month, element, payer, payable (R43).
pub type RowKey = (String, String, String, String, bool);

/// What `price` answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// Count and öre.
    pub rows: BTreeMap<RowKey, (i64, i64)>,
    /// In the order of R43.
    pub lines: Vec<Line>,
    /// Contacts by reason.
    pub unpriced: BTreeMap<String, i64>,
    /// Rows by code.
    pub rejected: BTreeMap<String, i64>,
}

/// One priced line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub contact_id: Option<String>,
    pub unit: String,
    pub month: String,
    pub element: String,
    pub payer: String,
    pub payable: bool,
    pub rate: String,
    pub count: i64,
    pub amount: i64,
}

impl Line {
    fn row(&self) -> RowKey {
        let text = |text: &String| text.clone();
        let (unit, month) = (text(&self.unit), text(&self.month));
        (unit, month, text(&self.element), text(&self.payer), self.payable)
    }

    /// R43: contact_id (null last), unit, month, element, payer, payable; R52: then by rate.
    fn order(&self) -> (bool, Option<String>, RowKey, String) {
        (self.contact_id.is_none(), self.contact_id.clone(), self.row(), self.rate.clone())
    }
}

/// The amounts of all contacts and units, as known on the days of `options`.
pub fn price(decisions: &[Decision], rows: &[RawRow], options: &Options) -> Output {
    let known = Known::on(decisions, options.register_known_on);
    let mut output = Output::default();
    for contact in contacts_in_force(&known, rows, options, &mut output.rejected) {
        match price_contact(&known, &contact) {
            Ok(lines) => output.lines.extend(lines),
            Err(reason) => *output.unpriced.entry(reason.to_owned()).or_default() += 1,
        }
    }
    output.lines.extend(unit_lines(&known, options.through).into_iter().map(|(_, line)| line));
    output.lines.sort_by_cached_key(Line::order);
    for line in &output.lines {
        let row = output.rows.entry(line.row()).or_default();
        *row = (row.0 + line.count, row.1 + line.amount);
    }
    output.rows.retain(|_, row| *row != (0, 0));
    output
}

/// R41: literally D2 minus D1, also for unpriced and rejected; what is 0 throughout is left out.
pub fn difference(d2: Output, d1: Output) -> Output {
    let mut rows = d2.rows;
    for (key, (count, amount)) in d1.rows {
        let row = rows.entry(key).or_default();
        *row = (row.0 - count, row.1 - amount);
    }
    rows.retain(|_, row| *row != (0, 0));
    let counts = |mut new: BTreeMap<String, i64>, old: BTreeMap<String, i64>| {
        old.into_iter().for_each(|(name, count)| *new.entry(name).or_default() -= count);
        new.retain(|_, count| *count != 0);
        new
    };
    Output {
        rows,
        lines: line_difference(d2.lines, d1.lines),
        unpriced: counts(d2.unpriced, d1.unpriced),
        rejected: counts(d2.rejected, d1.rejected),
    }
}

/// R42: by (contact_id, unit, month, element, payer, payable), with the rate of D2, else of D1.
/// R52: where one side has two unit lines of a key, that key's lines stand apart by rate.
fn line_difference(d2: Vec<Line>, d1: Vec<Line>) -> Vec<Line> {
    let key = |line: &Line| (line.contact_id.clone(), line.row());
    let mut crowded = BTreeSet::new();
    for side in [&d2, &d1] {
        let mut seen = BTreeSet::new();
        crowded.extend(side.iter().map(key).filter(|key| !seen.insert(key.clone())));
    }
    let mut differences: BTreeMap<_, Line> = BTreeMap::new();
    for (sign, line) in d2.into_iter().map(|line| (1, line)).chain(d1.into_iter().map(|l| (-1, l)))
    {
        let key = key(&line);
        let rate = crowded.contains(&key).then(|| line.rate.clone());
        let (count, amount) = (sign * line.count, sign * line.amount);
        let difference =
            differences.entry((key, rate)).or_insert(Line { count: 0, amount: 0, ..line });
        difference.count += count;
        difference.amount += amount;
    }
    let mut lines: Vec<Line> = differences.into_values().collect();
    lines.retain(|line| (line.count, line.amount) != (0, 0));
    lines.sort_by_cached_key(Line::order);
    lines
}

/// Two rates of one element that both apply (R3): to a contact in force whose unit is under agreement,
/// or both giving one unit a line of the same date (R54). Names the first that is found.
pub fn clash(decisions: &[Decision], rows: &[RawRow], options: &Options) -> Option<String> {
    let known = Known::on(decisions, options.register_known_on);
    for reported in contacts_in_force(&known, rows, options, &mut BTreeMap::new()) {
        let contact = &reported.contact;
        let unit = contact.unit.clone();
        if known.agreement(&unit, contact.care_date).is_none() {
            continue;
        }
        let mut seen: BTreeMap<&str, &Rate> = BTreeMap::new();
        for rate in known.applicable(contact, &unit) {
            if let Some(other) = seen.insert(rate.element.as_str(), rate) {
                return Some(format!("contact {}: {} and {}", contact.id, other.id, rate.id));
            }
        }
    }
    let mut seen = BTreeMap::new();
    for (date, line) in unit_lines(&known, options.through) {
        let place = (line.unit.clone(), line.element.clone(), date);
        if let Some(other) = seen.insert(place, line.rate.clone()) {
            return Some(format!("unit {} on {date}: {other} and {}", line.unit, line.rate));
        }
    }
    None
}

/// How many pairs of a contact and a rate there are where the rate would apply but is replaced.
pub fn replaced_pairs(decisions: &[Decision], rows: &[RawRow], options: &Options) -> usize {
    let known = Known::on(decisions, options.register_known_on);
    let contacts = contacts_in_force(&known, rows, options, &mut BTreeMap::new());
    let replaced = |reported: &InForce| {
        let contact = &reported.contact;
        let unit = contact.unit.clone();
        let in_time = known.rates.iter().filter(|rate| rate.valid.contains(contact.care_date));
        let held = in_time.filter(|rate| {
            rate.formula.is_of_contacts() && known.holds(&rate.when, contact, &unit)
        });
        held.count() - known.applicable(contact, &unit).len()
    };
    contacts.iter().map(replaced).sum()
}

// ------------------------------------------------------------------------------- contact formulas

/// The lines of a contact, or why it has none: the first reason of R22.
fn price_contact(known: &Known, reported: &InForce) -> Result<Vec<Line>, &'static str> {
    let contact = &reported.contact;
    let day = contact.care_date;
    let unit = contact.unit.clone();
    let agreement = known.agreement(&unit, day).ok_or("no-agreement")?;
    // R13: counted from month to month; a blank day is never late.
    if let (Some(months), Some(first)) = (agreement.backward_months, reported.first_reported_on)
        && first.month().number() - day.month().number() > months
    {
        return Err("too-late");
    }
    let payer = known.payer(&contact.residence, day).ok_or("no-payer")?;
    let applicable = known.applicable(contact, &unit);
    let mut amounts: Vec<(&Rate, i128)> = Vec::new();
    for rate in &applicable {
        match &rate.formula {
            Formula::PerContact { amount } => amounts.push((rate, ore(*amount))),
            // R23: one weight missing and the whole contact is unpriced.
            Formula::PerWeight { .. } => {
                amounts.push((rate, weighted(known, rate, contact, &unit).ok_or("no-weight")?));
            }
            _ => {}
        }
    }
    raise(&applicable, &mut amounts);
    if amounts.is_empty() {
        return Err("no-rate");
    }
    let line = |(rate, amount): (&Rate, i128)| Line {
        contact_id: Some(contact.id.clone()),
        unit: unit.clone(),
        month: day.month().to_string(), // R31
        element: rate.element.to_string(),
        payer: payer.id.to_string(),
        payable: rate.payable_under.contains(&agreement.form), // R10, R55
        rate: rate.id.to_string(),
        count: 1,
        amount: narrow(amount),
    };
    Ok(amounts.into_iter().map(line).collect())
}

/// R28: the amount times the weight of every field, exact, rounded once.
fn weighted(known: &Known, rate: &Rate, contact: &Contact, unit: &str) -> Option<i128> {
    let Formula::PerWeight { amount, weights, weight_by, rounding } = &rate.formula else {
        return None;
    };
    let (mut num, mut den) = (ore(*amount), 1);
    for by in weight_by {
        // R60: which field; the weight's code is the whole, exact value.
        let code = match by {
            WeightField::Drg => contact.drg.clone(),
            WeightField::Unit => unit.to_owned(),
            WeightField::Kind => contact.kind.name().to_owned(),
            WeightField::Profession => contact.profession.clone(),
            WeightField::Place => contact.place.clone(),
            WeightField::Residence => contact.residence.clone(),
            WeightField::AreaClass => known.unit(unit, contact.care_date)?.area_class.clone()?,
            WeightField::Class(name) => contact.classes.get(name)?.clone(),
        };
        let usable = |w: &&&Weight| {
            w.table == *weights
                && w.code == code
                && !code.is_empty()
                && w.valid_from <= contact.care_date
        };
        let weight = known.weights.iter().filter(usable).max_by_key(|weight| weight.valid_from)?;
        let (weight_num, weight_den) = fraction(weight.value);
        num *= weight_num;
        den *= weight_den;
    }
    Some(rounded(num, den, *rounding))
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

// ---------------------------------------------------------------------------------- unit formulas

/// The lines of fixed-monthly and share rates dated on or before `through` (R38), with their dates.
fn unit_lines(known: &Known, through: Day) -> Vec<(Day, Line)> {
    let mut lines = Vec::new();
    for rate in &known.rates {
        let dated = match &rate.formula {
            Formula::FixedMonthly { per_year } => {
                fixed_monthly(known, rate, ore(*per_year), through)
            }
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
    let units: BTreeSet<&str> = known.units.iter().map(|unit| unit.id.as_str()).collect();
    let mut dated = Vec::new();
    for number in rate.valid.from.month().number()..=through.month().number() {
        let month = Month::from_number(number);
        let day = month.first_day();
        for unit in units.iter().filter(|_| rate.valid.contains(day)) {
            let takes = |rate: &Rate| known.unit_holds(&rate.when, unit, day);
            let replaced = || known.replacing(rate, day).into_iter().any(takes); // R1
            if known.agreement(unit, day).is_some() && takes(rate) && !replaced() {
                let amount = instalment(per_year, i128::from(month.of_year() - 1), 12);
                dated.push((day, (*unit).to_owned(), amount));
            }
        }
    }
    dated
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

// -------------------------------------------------------------------------------------- arithmetic

fn ore(amount: Money) -> i128 {
    i128::from(amount.ore())
}

fn narrow(amount: i128) -> i64 {
    i64::try_from(amount).expect("worlds have small amounts")
}

/// R33, R37: an equal part rounded down, the first (whole mod parts) one öre more.
fn instalment(whole: i128, index: i128, parts: i128) -> i128 {
    whole / parts + i128::from(index < whole % parts)
}

/// R27: to the nearest whole number, halves away from zero.
fn half_away(num: i128, den: i128) -> i128 {
    let magnitude = (2 * num.abs() + den) / (2 * den);
    if num < 0 { -magnitude } else { magnitude }
}

/// One rounding, to öre or to kronor.
fn rounded(num: i128, den: i128, rounding: Rounding) -> i128 {
    match rounding {
        Rounding::HalfUpKrona => half_away(num, den * 100) * 100,
        _ => half_away(num, den),
    }
}

/// A ratio as numerator and denominator, from how it is written: `0,8123` is 8123/10000.
fn fraction(ratio: Ratio) -> (i128, i128) {
    let text = ratio.to_string().replace('−', "-");
    let decimals = text.split_once(',').map_or("", |(_, decimals)| decimals);
    let den = decimals.bytes().fold(1, |den, _| den * 10);
    (text.replace(',', "").parse().expect("decimal"), den)
}
