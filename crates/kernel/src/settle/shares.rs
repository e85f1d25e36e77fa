//! Unit lines as a settlement pays them: where the key of a monthly share is restated within the year,
//! instalments already paid stand and the rest of the pot is divided anew (R37).

use super::UnitTotals;
use super::posted::{NetKey, Posted, UnitKey};
use crate::fact::{Formula, Pay, Rate};
use crate::finding::{Code, Finding, Severity, Text};
use crate::money::{Money, Rounding, split};
use crate::price::{Division, Total, UnitLine, division, unit_lines};
use crate::register::View;
use crate::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

/// The unit lines up to `through` under a view, given what was posted up to and including `last_month`.
pub fn settled_unit_lines(
    view: &View<'_>,
    posted: &mut Posted,
    last_month: Option<Month>,
    through: Day,
) -> (UnitTotals, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut totals = totals(view, posted, unit_lines(view, through).lines);
    let Some(last_month) = last_month.filter(|_| posted.is_paid()) else {
        return (totals, findings);
    };
    for rate in view.rates_in_force() {
        let Formula::Share { pay: Pay::Monthly, pot, .. } = &rate.fact.formula else { continue };
        let number = posted.name(rate.fact.id.as_str());
        let lines = unit_lines(view, rate.fact.valid.last().unwrap_or(through)).lines;
        let lines = lines.into_iter().filter(|line| *line.rate == rate.fact.id).collect();
        let plain: UnitTotals = self::totals(view, posted, lines);
        let months: BTreeSet<Month> = plain.keys().map(|key| key.net.month).collect();
        let standing = Standing::new(posted, number, &months, last_month);
        if standing.is_empty() || standing == Standing::of(&plain, &months, last_month) {
            continue;
        }
        let Ok(division) = division(view, rate.fact) else { continue };
        let schedule: Vec<Month> = rate.fact.valid.month_starts(Day::MAX).collect();
        let settled = schedule.iter().filter(|month| **month <= last_month).count();
        let rest = Rest::new(posted, &standing, &division, &schedule, settled, &months);
        findings.extend(rest.overpaid.iter().map(|overpaid| overpaid.finding(rate.fact)));
        let rest = rest.divided(posted, *pot - division.residual);
        let open = schedule.get(settled..).unwrap_or(&[]);
        totals.retain(|key, _| key.rate != number || key.net.month > last_month);
        for (key, total) in totals.iter_mut().filter(|(key, _)| key.rate == number) {
            let index = open.iter().position(|month| *month == key.net.month).unwrap_or(0);
            total.amount = instalment(&rest, key.net.unit, index, open.len());
        }
        totals.extend(standing.totals(posted, number, &plain));
    }
    (totals, findings)
}

fn totals(view: &View<'_>, posted: &mut Posted, lines: Vec<UnitLine<'_>>) -> UnitTotals {
    let mut totals = UnitTotals::new();
    for line in lines {
        let key = unit_key(view, posted, &line);
        let total: &mut Total = totals.entry(key).or_default();
        total.count += 1;
        total.amount += line.amount;
    }
    totals
}

/// Instalments of settled months by recipient and month, whoever pays or is paid. Months in which
/// another rate has taken the share's place are not among them: it falls there as a whole (R35).
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    instalments: BTreeMap<(u32, Month), Total>,
}

impl Standing {
    fn new(posted: &Posted, rate: u32, months: &BTreeSet<Month>, last_month: Month) -> Self {
        let of_rate = posted.unit_lines().iter().filter(|(key, _)| key.rate == rate);
        Self::of(&of_rate.map(|(key, total)| (*key, *total)).collect(), months, last_month)
    }

    fn of(totals: &UnitTotals, months: &BTreeSet<Month>, last_month: Month) -> Self {
        let mut instalments: BTreeMap<(u32, Month), Total> = BTreeMap::new();
        for (key, total) in totals {
            if key.net.month <= last_month && months.contains(&key.net.month) {
                let sum = instalments.entry((key.net.unit, key.net.month)).or_default();
                sum.count += total.count;
                sum.amount += total.amount;
            }
        }
        Self { instalments }
    }

    fn is_empty(&self) -> bool {
        self.instalments.is_empty()
    }

    fn by_recipient(&self) -> BTreeMap<u32, Money> {
        let mut paid_to: BTreeMap<u32, Money> = BTreeMap::new();
        for ((unit, _), total) in &self.instalments {
            *paid_to.entry(*unit).or_default() += total.amount;
        }
        paid_to
    }

    /// The instalments under the payer, payee and agreement of today, or else as they were posted.
    fn totals(&self, posted: &Posted, rate: u32, plain: &UnitTotals) -> UnitTotals {
        let key_in = |totals: &UnitTotals, unit, month| {
            let mut keys = totals.keys();
            keys.find(|key| key.rate == rate && key.net.unit == unit && key.net.month == month)
                .copied()
        };
        let keyed = self.instalments.iter().filter_map(|((unit, month), total)| {
            let key = key_in(plain, *unit, *month);
            Some((key.or_else(|| key_in(posted.unit_lines(), *unit, *month))?, *total))
        });
        keyed.collect()
    }
}

fn unit_key(view: &View<'_>, posted: &mut Posted, line: &UnitLine<'_>) -> UnitKey {
    let net = NetKey {
        month: line.month,
        unit: posted.name(line.unit),
        payee: posted.name(payee(view, line)),
        element: posted.name(line.element.as_str()),
        payer: posted.name(line.payer),
        payable: line.payable,
    };
    UnitKey { net, rate: posted.name(line.rate.as_str()) }
}

/// The provider of the agreement of the day, else the unit's own, else the recipient itself.
fn payee<'v>(view: &'v View<'_>, line: &UnitLine<'v>) -> &'v str {
    let number = view.unit_number(line.unit);
    let history = number.and_then(|number| view.histories.get(usize::from(number)));
    let Some(history) = history else { return line.unit };
    let under = history.under(line.date).map(|under| &under.agreement.fact.provider);
    let own = history.statement(line.date).or(history.statements.first());
    under.or(own.map(|unit| &unit.fact.provider)).map_or(line.unit, |provider| provider.as_str())
}

/// What each recipient still has to get of the pot, and what has gone from it.
struct Rest<'r> {
    needs: Vec<(&'r str, u64)>,
    /// Paid instalments, and those of months in which another rate took the share's place.
    gone: Money,
    overpaid: Vec<Overpaid>,
}

struct Overpaid {
    recipient: String,
    part: Money,
    paid: Money,
}

impl<'r> Rest<'r> {
    /// Walks the first `settled` months of the schedule: what was paid stands, what fell is gone as it would
    /// have been paid (R35), and the rest is for the months that are left.
    fn new(
        posted: &mut Posted,
        standing: &Standing,
        division: &Division<'r>,
        schedule: &[Month],
        settled: usize,
        months: &BTreeSet<Month>,
    ) -> Self {
        let mut rest = Self { needs: Vec::new(), gone: Money::ZERO, overpaid: Vec::new() };
        let mut paid_to = standing.by_recipient();
        for (participant, part) in division.participants.iter().zip(&division.parts) {
            let number = posted.name(participant.recipient);
            let paid = paid_to.remove(&number).unwrap_or_default();
            let mut need = *part;
            for (index, month) in schedule.iter().take(settled).enumerate() {
                let instalment = standing.instalments.get(&(number, *month));
                let taken = match instalment {
                    Some(total) => total.amount,
                    None if months.contains(month) => Money::ZERO,
                    None => need.max(Money::ZERO).instalment(0, count(schedule.len() - index)),
                };
                need = need - taken;
                rest.gone += taken;
            }
            if need < Money::ZERO {
                let recipient = participant.recipient.to_owned();
                rest.overpaid.push(Overpaid { recipient, part: *part, paid });
            }
            let need = u64::try_from(need.ore()).unwrap_or(0);
            rest.needs.push((participant.recipient, need));
        }
        // Who was paid but has no part any more has been paid more than it.
        for (recipient, paid) in paid_to.into_iter().filter(|(_, paid)| *paid != Money::ZERO) {
            rest.gone += paid;
            let recipient = posted.names().text(recipient).to_owned();
            rest.overpaid.push(Overpaid { recipient, part: Money::ZERO, paid });
        }
        rest
    }

    /// What is left of the pot by recipient. Without overpayment the needs make it up, and the split gives
    /// them back unchanged.
    fn divided(&self, posted: &mut Posted, pot: Money) -> BTreeMap<u32, Money> {
        let left = (pot - self.gone).max(Money::ZERO);
        let parts = split(left, &self.needs, Rounding::LargestRemainderOre, None);
        let parts = parts.map(|split| split.parts).unwrap_or_default();
        let by_recipient = self.needs.iter().zip(parts);
        by_recipient.map(|((id, _), part)| (posted.name(id), part)).collect()
    }
}

fn instalment(rest: &BTreeMap<u32, Money>, recipient: u32, index: usize, months: usize) -> Money {
    let rest = rest.get(&recipient).copied().unwrap_or_default();
    rest.instalment(count(index), count(months))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Overpaid {
    fn finding(&self, rate: &Rate) -> Finding {
        let Self { recipient, part, paid } = self;
        let message = Text::new(
            format!(
                "`{recipient}` har redan fått {paid} av `{}`, mer än sin nya del {part}; inget mer betalas",
                rate.id
            ),
            format!(
                "`{recipient}` was already paid {paid} of `{}`, more than its new part {part}; nothing more is paid",
                rate.id
            ),
        );
        Finding::new(Code::PaidMoreThanPart, Severity::Warning, message).shown_by(
            recipient,
            rate.element.as_str(),
            None,
        )
    }
}
