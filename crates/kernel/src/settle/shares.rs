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
    let Some(last_month) = last_month else { return (totals, findings) };
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
        let rest = Rest::new(posted, &standing, &division, *pot, rate.fact, &mut findings);
        let open: Vec<Month> = months.into_iter().filter(|month| *month > last_month).collect();
        totals.retain(|key, _| key.rate != number || key.net.month > last_month);
        for (key, total) in totals.iter_mut().filter(|(key, _)| key.rate == number) {
            let index = open.iter().position(|month| *month == key.net.month).unwrap_or(0);
            total.amount = rest.instalment(key.net.unit, index, open.len());
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

/// What each recipient still has to get of the pot.
struct Rest {
    by_recipient: BTreeMap<u32, Money>,
}

impl Rest {
    fn new(
        posted: &mut Posted,
        standing: &Standing,
        division: &Division<'_>,
        pot: Money,
        rate: &Rate,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut paid_to: BTreeMap<u32, Money> = BTreeMap::new();
        for ((unit, _), total) in &standing.instalments {
            *paid_to.entry(*unit).or_default() += total.amount;
        }
        let left = pot - division.residual - paid_to.values().copied().sum();
        let mut needs: Vec<(&str, u64)> = Vec::new();
        for (participant, part) in division.participants.iter().zip(&division.parts) {
            let already = paid_to.remove(&posted.name(participant.recipient)).unwrap_or_default();
            let need = part.ore() - already.ore();
            if need < 0 {
                findings.push(overpaid(rate, participant.recipient, *part, already));
            }
            needs.push((participant.recipient, u64::try_from(need).unwrap_or(0)));
        }
        // Who was paid but has no part any more has been paid more than it.
        for (recipient, already) in paid_to.into_iter().filter(|(_, paid)| *paid > Money::ZERO) {
            let recipient = posted.names().text(recipient);
            findings.push(overpaid(rate, recipient, Money::ZERO, already));
        }
        // Without overpayment the needs make up what is left and the split gives them back unchanged.
        let parts = split(left, &needs, Rounding::LargestRemainderOre, None);
        let parts = parts.map(|split| split.parts).unwrap_or_default();
        let by_recipient = needs.iter().zip(parts);
        let by_recipient = by_recipient.map(|((id, _), part)| (posted.name(id), part)).collect();
        Self { by_recipient }
    }

    fn instalment(&self, recipient: u32, index: usize, months: usize) -> Money {
        let rest = self.by_recipient.get(&recipient).copied().unwrap_or_default();
        let narrow = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        rest.instalment(narrow(index), narrow(months))
    }
}

fn overpaid(rate: &Rate, recipient: &str, part: Money, paid: Money) -> Finding {
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
