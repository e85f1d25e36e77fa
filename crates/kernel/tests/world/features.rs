//! What a world exercises, counted.

use super::World;
use crate::naive::{self, Line, Output, RawRow};
use kernel::fact::{Decision, Fact, Formula, Rate, Status};
use std::collections::{BTreeMap, BTreeSet};

/// How often a world has each feature, by name.
pub fn features(world: &World) -> BTreeMap<String, i64> {
    let mut count: BTreeMap<String, i64> = BTreeMap::new();
    let mut add = |name: String, number: usize| {
        *count.entry(name).or_default() += i64::try_from(number).unwrap();
    };
    let price = |known_on| naive::price(&world.decisions, &world.rows, &world.options(known_on));
    let (before, output) = (price(world.d1), price(world.d2));
    let rates: BTreeMap<&str, &Rate> =
        rates_of(world).map(|(_, rate)| (rate.id.as_str(), rate)).collect();
    for line in &output.lines {
        let rate = rates[line.rate.as_str()];
        let of = if line.contact_id.is_some() { "contact" } else { "unit" };
        add(format!("payable {} {of}", line.payable), 1);
        add(format!("payer {}", line.payer), 1);
        add(format!("zero {of}"), usize::from(line.amount == 0));
        match &rate.formula {
            Formula::Share { pay, rounding, .. } => {
                add(format!("line share {pay}"), 1);
                add(format!("share {}", rounding.name()), 1);
            }
            Formula::PerPeriod { period, weights, .. } => {
                add(format!("line period {period}"), 1);
                add("line period weighted".into(), usize::from(weights.is_some()));
            }
            formula => add(format!("line {}", formula.name()), 1),
        }
        add("uplift on uplift".into(), usize::from(raises_a_raise(rate, &rates)));
    }
    for (name, number) in of_years(&output, &rates) {
        add(name, number);
    }
    for occasion in naive::period_occasions(&world.decisions, &world.rows, &world.options(world.d2))
    {
        add(occasion, 1);
    }
    for (reason, number) in output.unpriced.iter().chain(&output.rejected) {
        add(format!("reason {reason}"), usize::try_from(*number).unwrap());
    }
    for (decision, rate) in rates_of(world) {
        add("proposed rates".into(), usize::from(decision.status == Status::Proposed));
        add("required rates".into(), usize::from(!rate.requires.is_empty()));
        add("retroactive rates".into(), usize::from(rate.valid.from < decision.known_from));
    }
    let is_code =
        |row: &&RawRow| !row.fields.get("unit").is_none_or(|unit| unit.trim().starts_with("unit-"));
    add("codes other than ids".into(), world.rows.iter().filter(is_code).count());
    let options = world.options(world.d2);
    add("replaced".into(), naive::replaced_pairs(&world.decisions, &world.rows, &options));
    let clash = naive::clash(&world.decisions, &world.rows, &options);
    add("clashing worlds".into(), usize::from(clash.is_some()));
    let difference = naive::difference(output, before);
    add("changed lines".into(), difference.lines.len());
    add("changed unpriced".into(), difference.unpriced.len());
    add("changed rejects".into(), difference.rejected.len());
    count
}

fn rates_of(world: &World) -> impl Iterator<Item = (&Decision, &Rate)> {
    world.decisions.iter().flat_map(|decision| {
        decision.facts.iter().filter_map(move |stated| match &stated.fact {
            Fact::Rate(rate) => Some((decision, &**rate)),
            _ => None,
        })
    })
}

fn raises_a_raise(rate: &Rate, rates: &BTreeMap<&str, &Rate>) -> bool {
    let Formula::Uplift { of, .. } = &rate.formula else { return false };
    let is_raise = |rate: &&Rate| matches!(rate.formula, Formula::Uplift { .. });
    rates.values().filter(|rate| is_raise(rate)).any(|rate| of.contains(&rate.element))
}

/// What the lines by place in the year stand on.
fn of_years(output: &Output, rates: &BTreeMap<&str, &Rate>) -> Vec<(String, usize)> {
    let formula = |line: &Line| &rates[line.rate.as_str()].formula;
    let mut found = Vec::new();
    let mut by_unit: BTreeMap<(&str, &str), BTreeSet<(&str, &str)>> = BTreeMap::new();
    for line in output.lines.iter().filter(|line| formula(line).is_by_year()) {
        let of = formula(line).of();
        let is_base = |base: &&Line| {
            base.contact_id == line.contact_id && of.iter().any(|of| of.as_str() == base.element)
        };
        let base: Vec<&Line> = output.lines.iter().filter(is_base).collect();
        let name = formula(line).name();
        let mut add =
            |what: &str, is_so| found.push((format!("{name} {what}"), usize::from(is_so)));
        add("of a raise", base.iter().any(|line| matches!(formula(line), Formula::Uplift { .. })));
        add(
            "of a period",
            base.iter().any(|line| matches!(formula(line), Formula::PerPeriod { .. })),
        );
        add("of several lines", base.len() > 1);
        add("below zero", base.iter().map(|line| line.amount).sum::<i64>() < 0);
        add("paid on a shadow", line.payable && base.iter().any(|line| !line.payable));
        add("that adds", line.amount > 0);
        add("in shadow", !line.payable);
        let place = (line.unit.as_str(), line.element.as_str());
        by_unit.entry(place).or_default().insert((&line.rate, &line.month[..4]));
    }
    for places in by_unit.values() {
        let rates: BTreeSet<&str> = places.iter().map(|(rate, _)| *rate).collect();
        let years: BTreeSet<&str> = places.iter().map(|(_, year)| *year).collect();
        let in_a_year = years.iter().any(|year| places.iter().filter(|p| p.1 == *year).count() > 1);
        found.push(("years of two rates".into(), usize::from(rates.len() > 1 && in_a_year)));
        found.push(("years in a row".into(), usize::from(years.len() > 1)));
    }
    found
}
