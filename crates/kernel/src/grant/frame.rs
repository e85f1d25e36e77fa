//! Budget frames (anslag): what was granted for each year, what rates that they finance have paid, and a forecast.
//!
//! Owns: burn-down and forecast. Does not own: what was paid, which it is given.
//!
//! 148,5 Mkr for 2022; 11 Mkr a month through June is a forecast of 132 Mkr for the year.

use super::account::Settled;
use crate::fact::{Appropriation, Fact, Status};
use crate::money::{Money, Ratio, Unit};
use crate::register::Register;
use crate::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

/// A frame with its years.
#[derive(Clone, Debug)]
pub struct Frame<'r> {
    /// Id.
    pub id: &'r str,
    /// Label of its first year.
    pub label: Option<&'r str>,
    /// Years, in order.
    pub years: Vec<FrameYear>,
}

/// A year of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameYear {
    /// The year.
    pub year: i32,
    /// What the frame is; 0 where nothing is granted.
    pub amount: Money,
    /// Whether a decision grants anything for the year. Rates may charge the frame for care of a year that it was never granted for.
    pub is_granted: bool,
    /// What was paid for care of each month, corrections in the month they are about.
    pub paid: BTreeMap<Month, Money>,
    /// Rates that paid it.
    pub rates: Vec<String>,
    /// Months of care that count for the forecast: those paid so far.
    pub months: u32,
    /// Paid so far in twelfths of so many months: paid × 12 / months, to the öre; none before the first month.
    pub forecast: Option<Money>,
}

impl FrameYear {
    /// Paid for care of the year.
    pub fn total(&self) -> Money {
        self.paid.values().copied().sum()
    }

    /// Month by month: what was paid for its care, and what is left after it.
    pub fn burn_down(&self) -> impl Iterator<Item = (Month, Money, Money)> {
        let mut left = self.amount;
        self.paid.iter().map(move |(month, paid)| {
            left = left - *paid;
            (*month, *paid, left)
        })
    }

    /// What is left of the frame; below 0 it is exceeded.
    pub fn left(&self) -> Money {
        self.amount - self.total()
    }
}

/// All frames as known at a revision, with what was settled by a day; also years of care that a frame was charged for without a grant.
pub fn frames<'r>(
    register: &'r Register,
    revision: u32,
    day: Day,
    settled: &[Settled],
) -> Vec<Frame<'r>> {
    let mut frames: BTreeMap<&'r str, Frame<'r>> = BTreeMap::new();
    let mut known: BTreeMap<(&'r str, i32), (&'r Appropriation, Option<&'r str>)> = BTreeMap::new();
    let mut order: Vec<_> =
        register.log().iter().filter(|recorded| recorded.revision <= revision).collect();
    order.sort_by_key(|recorded| (recorded.decision.known_from, &recorded.decision.id));
    for recorded in order {
        if recorded.decision.status != Status::Decided {
            continue;
        }
        for stated in &recorded.decision.facts {
            if let Fact::Appropriation(fact) = &stated.fact {
                known.insert((fact.id.as_str(), fact.year), (fact, stated.label.as_deref()));
            }
        }
    }
    for ((id, year), (fact, label)) in known {
        let frame = frames.entry(id).or_insert_with(|| Frame { id, label, years: Vec::new() });
        frame.years.push(of_year(id, year, Some(fact.amount), day, settled));
    }
    for frame in frames.values_mut() {
        let charged = settled.iter().filter(|one| one.financed_by == frame.id && one.on <= day);
        let mut rest: BTreeSet<i32> = charged.map(|one| one.care_month.year()).collect();
        rest.retain(|year| frame.years.iter().all(|of| of.year != *year));
        let id = frame.id;
        frame.years.extend(rest.into_iter().map(|year| of_year(id, year, None, day, settled)));
        frame.years.sort_by_key(|of| of.year);
    }
    frames.into_values().collect()
}

fn of_year(
    id: &str,
    year: i32,
    granted: Option<Money>,
    day: Day,
    settled: &[Settled],
) -> FrameYear {
    let own = settled
        .iter()
        .filter(|one| one.financed_by == id && one.care_month.year() == year && one.on <= day);
    let mut paid: BTreeMap<Month, Money> = BTreeMap::new();
    let mut rates: Vec<String> = Vec::new();
    for one in own {
        *paid.entry(one.care_month).or_default() += one.amount;
        if !rates.contains(&one.rate) {
            rates.push(one.rate.clone());
        }
    }
    rates.sort_unstable();
    let months = u32::try_from(paid.len()).unwrap_or(12);
    let total: Money = paid.values().copied().sum();
    let forecast = Ratio::new(12, i128::from(months));
    let forecast = forecast.and_then(|ratio| total.scaled(ratio, Unit::Ore));
    let (amount, is_granted) = (granted.unwrap_or(Money::ZERO), granted.is_some());
    FrameYear { year, amount, is_granted, paid, rates, months, forecast }
}
