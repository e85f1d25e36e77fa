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
use std::collections::BTreeMap;

/// The unit lines up to `through` under a view, given what was posted up to and including `last_month`.
pub fn settled_unit_lines(
    view: &View<'_>,
    posted: &mut Posted,
    last_month: Option<Month>,
    through: Day,
) -> (UnitTotals, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut totals = UnitTotals::new();
    for line in unit_lines(view, through).lines {
        let key = unit_key(view, posted, &line);
        let total: &mut Total = totals.entry(key).or_default();
        total.count += 1;
        total.amount += line.amount;
    }
    let Some(last_month) = last_month else { return (totals, findings) };
    for rate in view.rates_in_force() {
        let Formula::Share { pay: Pay::Monthly, pot, .. } = &rate.fact.formula else { continue };
        let number = posted.name(rate.fact.id.as_str());
        let paid: UnitTotals = of_rate(posted.unit_lines(), number, last_month);
        let plain: UnitTotals = of_rate(&totals, number, last_month);
        if paid.is_empty() || paid == plain {
            continue;
        }
        let Ok(division) = division(view, rate.fact) else { continue };
        let open = rate.fact.valid.month_starts(Day::MAX).filter(|month| *month > last_month);
        let open: Vec<Month> = open.collect();
        let rest = Rest::new(posted, &paid, &division, *pot, rate.fact, &mut findings);
        totals.retain(|key, _| key.rate != number || key.net.month > last_month);
        for (key, total) in &mut totals {
            if key.rate == number {
                let index = open.iter().position(|month| *month == key.net.month).unwrap_or(0);
                total.amount = rest.instalment(key.net.unit, index, open.len());
            }
        }
        totals.extend(paid);
    }
    (totals, findings)
}

fn of_rate(totals: &UnitTotals, rate: u32, last_month: Month) -> UnitTotals {
    let of_rate = totals.iter().filter(|(key, _)| key.rate == rate && key.net.month <= last_month);
    of_rate.map(|(key, total)| (*key, *total)).collect()
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
        paid: &UnitTotals,
        division: &Division<'_>,
        pot: Money,
        rate: &Rate,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut paid_to: BTreeMap<u32, Money> = BTreeMap::new();
        for (key, total) in paid {
            *paid_to.entry(key.net.unit).or_default() += total.amount;
        }
        let left = pot - paid_to.values().copied().sum();
        let mut needs: Vec<(&str, u64)> = Vec::new();
        for (participant, part) in division.participants.iter().zip(&division.parts) {
            let number = posted.name(participant.recipient);
            let already = paid_to.get(&number).copied().unwrap_or_default();
            let need = part.ore() - already.ore();
            if need < 0 {
                findings.push(overpaid(rate, participant.recipient, *part, already));
            }
            needs.push((participant.recipient, u64::try_from(need).unwrap_or(0)));
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
