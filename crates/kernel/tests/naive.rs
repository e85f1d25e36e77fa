//! The reference evaluator: rows and decisions to amounts, one contact and one ruling at a time.
//!
//! Owns: its own reading of R1–R60 of `rules.md`, for every formula. Shares nothing with the engine but the
//! types of facts, days and money: it reads the texts, rounds and divides by itself, so that a slip in one of
//! the two shows as a difference.
//! Does not own: load errors; [`clash`] alone tells of one, from the contacts at hand.
//!
//! One delivery under a rate of 14 200 kr is one line of 1 420 000 öre.

mod arithmetic;
mod contacts;
mod known;
mod periods;
mod reports;
mod units;
mod years;

use contacts::price_contact;
use kernel::fact::{Decision, Formula, Rate};
use kernel::time::Day;
use known::Known;
use reports::{InForce, contacts_in_force};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use units::unit_lines;
use years::year_lines;

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
    let all = contacts_in_force(&known, rows, options, &mut output.rejected);
    let mut priced = Vec::new();
    for contact in &all {
        let visit = periods::visit(&known, contact, &all);
        match price_contact(&known, contact, &visit) {
            Ok(lines) => priced.push((contact, lines)),
            Err(reason) => *output.unpriced.entry(reason.to_owned()).or_default() += 1,
        }
    }
    output.lines.extend(year_lines(&known, &priced));
    output.lines.extend(priced.into_iter().flat_map(|(_, lines)| lines));
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
        let applicable = known.applicable(contact, &unit);
        for (at, rate) in applicable.iter().enumerate() {
            let clashes =
                |other: &&&Rate| other.element == rate.element && are_at_once(other, rate);
            if let Some(other) = applicable[..at].iter().find(clashes) {
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

/// R3: of two periods, a contact is in one.
fn are_at_once(a: &Rate, b: &Rate) -> bool {
    match (&a.formula, &b.formula) {
        (Formula::PerPeriod { period: a, .. }, Formula::PerPeriod { period: b, .. }) => a == b,
        _ => true,
    }
}

/// What decides which visits take the pay of their periods, by name.
pub fn period_occasions(decisions: &[Decision], rows: &[RawRow], options: &Options) -> Vec<String> {
    let known = Known::on(decisions, options.register_known_on);
    let all = contacts_in_force(&known, rows, options, &mut BTreeMap::new());
    periods::occasions(&known, &all)
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
