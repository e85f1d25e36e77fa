//! The faults: what is planted where, drawn by lot, and what must be found of it.
//!
//! Owns: [`KINDS`], every kind of fault, and what its makers share. The makers stand by what they break: `clashes`,
//! `gaps`, `references`, `linked` (formulas that link contacts), `grants` and `values`.

mod clashes;
mod gaps;
mod grants;
mod linked;
mod references;
mod values;

use crate::books::{Books, Table, append, quoted, set, tables};
use crate::copy::source_file;
use crate::day;
use crate::facts::Facts;
use clashes::*;
use gaps::*;
use grants::*;
use kernel::fact::Unit;
use kernel::finding::Finding;
use kernel::time::Day;
use linked::*;
use references::*;
use values::*;

/// A seeded generator (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count).unwrap()).unwrap()
    }

    pub fn one<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    /// A day from the first to the last.
    pub fn day(&mut self, first: &str, last: &str) -> Day {
        let (first, last) = (day(first), day(last));
        let days = usize::try_from(last.number() - first.number() + 1).unwrap();
        first.plus(i32::try_from(self.below(days)).unwrap())
    }
}

/// A fault, and what must be found of it.
pub struct Plant {
    pub what: String,
    pub books: Books,
    pub code: &'static str,
    /// Any of these is the right file.
    pub files: Vec<String>,
    /// Codes that it brings with it, beside its own.
    pub brings: &'static [&'static str],
    /// What the fault is about: an own finding has it as value, unit, element or in its message.
    pub names: Vec<String>,
}

impl Plant {
    pub fn new(what: impl Into<String>, books: Books, code: &'static str, file: &str) -> Self {
        let (what, files) = (what.into(), vec![file.to_owned()]);
        Self { what, books, code, files, brings: &[], names: Vec::new() }
    }

    pub fn or_in(mut self, file: &str) -> Self {
        self.files.push(file.to_owned());
        self
    }

    pub fn brings(mut self, codes: &'static [&'static str]) -> Self {
        self.brings = codes;
        self
    }

    pub fn about(mut self, name: &str) -> Self {
        self.names.push(name.to_owned());
        self
    }

    pub fn is_of(&self, finding: &Finding) -> bool {
        let texts = [&finding.value, &finding.witness.unit, &finding.witness.element];
        let has = |name: &String| {
            texts.iter().any(|text| text.as_ref() == Some(name))
                || finding.message.en.contains(&format!("`{name}`"))
        };
        finding.code.name() == self.code
            && self.files.contains(&finding.file)
            && self.names.iter().all(has)
    }
}

/// What follows from a fact that is left out or no longer what it was; see docs/known-gaps.md.
pub const LEFT_OUT: &[&str] =
    &["missing-key", "unknown-id", "bad-replaces", "bad-of", "was-not-equal", "source-not-at-hand"];

pub struct Field<'b> {
    pub books: &'b Books,
    pub tables: Vec<Table>,
}

impl<'b> Field<'b> {
    /// The books without proposals, of which nothing is checked that is priced (R4).
    pub fn new(books: &'b Books) -> Self {
        let mut tables = tables(books);
        let is_proposal = |table: &&Table| table.get("status") == "proposed";
        let proposals: Vec<String> =
            tables.iter().filter(is_proposal).map(|table| table.file.clone()).collect();
        tables.retain(|table| !proposals.contains(&table.file));
        Self { books, tables }
    }

    pub fn of(&self, name: &str) -> Vec<&Table> {
        self.tables.iter().filter(|table| table.name == name).collect()
    }

    pub fn with(&self, name: &str, key: &str) -> Vec<&Table> {
        self.of(name).into_iter().filter(|table| table.has(key)).collect()
    }

    pub fn find(&self, name: &str, key: &str, value: &str) -> &Table {
        let found = self.of(name).into_iter().find(|table| table.get(key) == value);
        found.unwrap_or_else(|| panic!("no {name} with {key} = {value}"))
    }

    pub fn changed(&self, table: &Table, key: &str, value: Option<&str>) -> Books {
        let mut books = self.books.clone();
        set(&mut books, table, key, value);
        books
    }

    pub fn any_file(&self, dice: &mut Dice) -> String {
        dice.one(&self.of("decision")).file.clone()
    }

    /// Rates of every formula but share and lump, as tables.
    pub fn prices(&self) -> Vec<&Table> {
        let mut rates = self.of("rate");
        rates.retain(|rate| !["share", "lump"].contains(&rate.get("formula")));
        rates
    }

    /// Those of them that are for contacts.
    pub fn prices_of_contacts(&self) -> Vec<&Table> {
        let mut rates = self.prices();
        rates.retain(|rate| rate.get("formula") != "fixed-monthly");
        rates
    }

    /// Whether another rate has replaced it by now.
    pub fn is_replaced(&self, rate: &Table) -> bool {
        let id = quoted(rate.get("id"));
        self.with("rate", "replaces").iter().any(|other| {
            other.raw("replaces").is_some_and(|replaces| replaces.contains(&id))
                && other.get("valid_from") <= crate::KNOWN_ON
        })
    }

    /// A unit for which the rate holds on a day of 2024 (or the one given), if any.
    pub fn unit_of(&self, facts: &Facts, rate: &Table, on: Day, dice: &mut Dice) -> Option<String> {
        let when = &facts.rate(rate.get("id"))?.when;
        let units = facts.units();
        let fitting: Vec<&&Unit> =
            units.iter().filter(|unit| facts.unit_holds(when, unit.id.as_str(), on)).collect();
        (!fitting.is_empty()).then(|| dice.one(&fitting).id.to_string())
    }
}

pub const DELIVERY: [(&str, &str); 7] = [
    ("danderyd", "danderyds-sjukhus-delivery"),
    ("bb-stockholm", "bb-stockholm-delivery"),
    ("karolinska-solna", "karolinska-delivery"),
    ("karolinska-huddinge", "karolinska-delivery"),
    ("sodersjukhuset", "sodersjukhuset-delivery"),
    ("sodertalje", "sodertalje-sjukhus-delivery"),
    ("sankt-goran", "st-goran-delivery"),
];

pub type Maker = fn(&Field<'_>, &Facts, &mut Dice) -> Plant;

/// Every kind of fault.
pub const KINDS: [(&str, Maker); 54] = [
    ("two rates of one element", second_rate),
    ("two rates at one unit", second_rate_of_unit),
    ("two rates that share codes, parity or class", second_rate_of_some),
    ("two shares of one element", second_share),
    ("overlapping periods", overlap),
    ("two statements of one day", two_statements),
    ("a rate that ended early", ended_early),
    ("an assignment before its rate", before_its_rate),
    ("an add-on without base", without_base),
    ("an add-on that outlives its base", outlives_base),
    ("an end that is overdue", overdue),
    ("a broken anchor", broken_anchor),
    ("an amount that is not in its anchor", another_amount),
    ("a wrong was", wrong_was),
    ("a was without replaces", was_of_nothing),
    ("an unknown provider, unit or agreement", unknown_id),
    ("an unknown unit in a condition", unknown_unit_in_when),
    ("an unknown table of weights", unknown_weights),
    ("an unknown key", unknown_key),
    ("replaces of nothing", replaces_nothing),
    ("of nothing", of_nothing),
    ("a rate that replaces itself", replaces_itself),
    ("two rates that replace each other", replace_each_other),
    ("a raise of itself", raises_itself),
    ("two agreements at once", two_agreements),
    ("two payers for one residence", payer_tie),
    ("one code for two units", shared_code),
    ("a payment to units with a condition on contacts", contact_condition),
    ("a share of two years or without end", share_days),
    ("a share with an unknown residue", share_residue),
    ("a pot that is not whole kronor", share_pot),
    ("no default payer", no_default_payer),
    ("a decision id twice", decision_twice),
    ("a rate id twice", rate_twice),
    ("a misspelt key", misspelt),
    ("a bad date", bad_date),
    ("a bad amount, weight or percent", bad_amount),
    ("a formula that is reserved", reserved),
    ("a changed source", wrong_hash),
    ("a contact rate that replaces one of units", replaces_unit_rate),
    ("two period rates of one period", second_of_period),
    ("a tier or ceiling that rests on itself", rests_on_itself),
    ("a tier or ceiling of a tier", of_a_year),
    ("steps that do not ascend", bad_steps),
    ("a tier or ceiling by something else than the unit's year", another_per),
    ("a lump with a condition on contacts", lump_of_contacts),
    ("a lump or period rate that lacks a key", lacks_a_key),
    ("a period rate with an unknown table of weights", period_without_table),
    ("a period that there is none of", no_such_period),
    ("a state grant, heading or focus area that there is none of", unknown_in_grant),
    ("a state grant divided by an unknown unit or key", unknown_in_rule),
    ("a key of another rule of division", key_of_another_rule),
    ("a state grant or a rule of division without its amount", rule_without_amount),
    ("a mandate over two things", mandate_over_two),
];

/// A rate once more under another id; what the original rests on is left out.
pub fn copy_of(rate: &Table, id: &str) -> Vec<(&'static str, String)> {
    let keep = [
        "element",
        "formula",
        "amount",
        "valid_from",
        "when",
        "weights",
        "weight_by",
        "percent",
        "of",
        "per",
        "steps",
        "period",
        "per_year",
        "pot",
        "key",
        "rounding",
        "pay",
        "valid_to",
    ];
    let mut keys = vec![("id", quoted(id))];
    keys.extend(keep.into_iter().filter_map(|key| Some((key, rate.raw(key)?.to_owned()))));
    keys
}

pub fn put(keys: &mut Vec<(&'static str, String)>, key: &'static str, value: String) {
    keys.retain(|(name, _)| *name != key);
    keys.push((key, value));
}

/// `when` with one condition more.
pub fn narrowed(rate: &Table, more: &str) -> String {
    match rate.raw("when") {
        None => format!("{{ {more} }}"),
        Some(when) => format!("{}, {more} }}", when.trim_end_matches('}').trim_end()),
    }
}
