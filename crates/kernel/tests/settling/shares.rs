//! Monthly shares whose key is restated: what was paid stands, the rest is divided anew (R37).
//!
//! Owns: which shares were restated, and what must hold for them. The months of a share are those of the
//! plain division (`naive`) as known at a settlement.

use super::books::Net;
use super::{Counts, count};
use crate::naive::{self, Options};
use kernel::fact::{Decision, Fact, Formula, Pay, Rate};
use kernel::settle::Basis;
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

/// Instalments by month and recipient.
type Instalments = BTreeMap<(String, String), i64>;

/// What the settlements so far have known of one share.
#[derive(Clone)]
struct Share {
    rate: Rate,
    pot: i64,
    plain: Instalments,
    restated: bool,
    /// The months that were settled when the key was last restated.
    settled_before: Option<Month>,
    /// The largest sum that the plain division ever had.
    largest: i64,
    /// What was posted after the settlement before.
    posted: Instalments,
}

/// The monthly shares known at a settlement, by rate.
#[derive(Default)]
pub struct Shares {
    by_rate: BTreeMap<String, Share>,
    previous: Option<Month>,
}

impl Shares {
    /// Learns how shares are divided as known at a settlement.
    pub fn learn(&mut self, decisions: &[Decision], basis: &Basis) {
        let through = Day::new(2025, 12, 31).unwrap();
        let on = basis.on;
        let options = Options { register_known_on: on, contacts_known_on: on, through };
        let mut plain: BTreeMap<String, Instalments> = BTreeMap::new();
        for line in naive::price(decisions, &[], &options).lines {
            *plain.entry(line.rate).or_default().entry((line.month, line.unit)).or_default() +=
                line.amount;
        }
        for (rate, pot) in monthly(decisions) {
            let id = rate.id.to_string();
            let plain = plain.remove(&id).unwrap_or_default();
            let sum = plain.values().sum();
            let Some(share) = self.by_rate.get_mut(&id) else {
                let share = Share {
                    rate: rate.clone(),
                    pot,
                    plain,
                    restated: false,
                    settled_before: None,
                    largest: sum,
                    posted: Instalments::new(),
                };
                self.by_rate.insert(id, share);
                continue;
            };
            if is_restated(&share.plain, &plain) {
                share.restated = true;
                share.settled_before = self.previous;
            }
            share.largest = share.largest.max(sum);
            share.plain = plain;
        }
        self.previous = Some(basis.month);
    }

    pub fn is_restated(&self, rate: &str) -> bool {
        self.by_rate.get(rate).is_some_and(|share| share.restated)
    }

    /// What was paid stands, never more than the pot is paid, and in the end everyone has its part.
    pub fn check(
        &mut self,
        place: &str,
        net: &Net,
        overpaid: &BTreeSet<String>,
        basis: &Basis,
        counts: &mut Counts,
    ) {
        for (id, share) in &mut self.by_rate {
            let posted = posted(net, id);
            let before = std::mem::replace(&mut share.posted, posted.clone());
            if !share.restated {
                count(counts, "monthly shares undisturbed", usize::from(!posted.is_empty()));
                continue;
            }
            count(counts, "monthly shares restated", 1);
            let place = format!("{place}, share {id} of {}", share.pot);
            let paid: i64 = posted.values().sum();
            let most = share.pot.max(share.largest);
            assert!(paid <= most, "{place}: {paid} paid of {most}: {posted:#?}");
            share.check_standing(&place, &before, &posted);
            let element = share.rate.element.as_str();
            if overpaid.contains(element) {
                count(counts, "paid more than the new part", 1);
                continue;
            }
            // What fell is gone (R35): no more than the months that stand give, but for roundings.
            let standing: i64 = share.plain.values().sum();
            let roundings = i64::try_from(posted.len() + share.plain.len()).unwrap() * 101;
            let most = standing + roundings;
            assert!(paid <= most, "{place}: {paid} paid, {standing} stands: {posted:#?}");
            if share.is_paid_out(basis.month) {
                count(counts, "restated and paid out whole", 1);
                let (parts, paid) = (by_recipient(&share.plain), by_recipient(&posted));
                assert_eq!(paid, parts, "{place}: paid, and the parts: {posted:#?}");
            }
        }
    }
}

impl Share {
    /// Instalments of months settled at the last restatement are as they were, where the share still stands.
    fn check_standing(&self, place: &str, before: &Instalments, posted: &Instalments) {
        let months: BTreeSet<&str> = self.plain.keys().map(|(month, _)| month.as_str()).collect();
        for ((month, recipient), amount) in before {
            if months.contains(month.as_str()) {
                let key = (month.clone(), recipient.clone());
                assert_eq!(posted.get(&key), Some(amount), "{place}: {month} {recipient}");
            }
        }
    }

    /// Whether all its months are settled, none fell away, and the restatement came before the last.
    fn is_paid_out(&self, settled: Month) -> bool {
        let last = self.rate.valid.last().unwrap_or(Day::MAX);
        let all: BTreeSet<String> =
            self.rate.valid.month_starts(last).map(|month| month.to_string()).collect();
        let months: BTreeSet<String> = self.plain.keys().map(|(month, _)| month.clone()).collect();
        months == all
            && settled >= last.month()
            && self.settled_before.is_none_or(|before| before < last.month())
    }
}

/// Whether a month that both divisions have is divided otherwise; or only one of them has any.
fn is_restated(before: &Instalments, after: &Instalments) -> bool {
    let months = |of: &Instalments| -> BTreeSet<String> {
        of.keys().map(|(month, _)| month.clone()).collect()
    };
    let of_month = |of: &Instalments, wanted: &String| -> Vec<(String, i64)> {
        let of_month = of.iter().filter(|((month, _), _)| month == wanted);
        of_month.map(|((_, recipient), amount)| (recipient.clone(), *amount)).collect()
    };
    before.is_empty() != after.is_empty()
        || months(before)
            .intersection(&months(after))
            .any(|month| of_month(before, month) != of_month(after, month))
}

fn monthly(decisions: &[Decision]) -> impl Iterator<Item = (&Rate, i64)> {
    let facts = decisions.iter().flat_map(|decision| &decision.facts);
    facts.filter_map(|stated| match &stated.fact {
        Fact::Rate(rate) => match &rate.formula {
            Formula::Share { pot, pay: Pay::Monthly, .. } => Some((&**rate, pot.ore())),
            _ => None,
        },
        _ => None,
    })
}

fn posted(net: &Net, rate: &str) -> Instalments {
    let mut posted = Instalments::new();
    for ((_, (unit, month, ..), _), (_, amount)) in
        net.iter().filter(|((contact, _, of), _)| contact.is_none() && of == rate)
    {
        *posted.entry((month.clone(), unit.clone())).or_default() += amount;
    }
    posted
}

fn by_recipient(instalments: &Instalments) -> BTreeMap<&str, i64> {
    let mut sums = BTreeMap::new();
    for ((_, recipient), amount) in instalments {
        *sums.entry(recipient.as_str()).or_default() += amount;
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}
