//! Lines of unit formulas: to units, not to contacts, month by month (R33–R38).

use super::condition::failing_unit_key;
use super::{fixed_monthly, share};
use crate::fact::{Form, Formula, Pay, Rate};
use crate::id::{ElementId, RateId};
use crate::money::{Money, SplitError};
use crate::register::{Known, UnitHistory, View};
use crate::time::{Day, Month};

/// One line of a unit formula; quantity 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitLine<'r> {
    /// The unit, or another recipient of a share.
    pub unit: &'r str,
    /// Its month.
    pub month: Month,
    /// Element.
    pub element: &'r ElementId,
    /// The default payer of the line's date (R11).
    pub payer: &'r str,
    /// Whether it is paid (R10).
    pub payable: bool,
    /// Rate.
    pub rate: &'r RateId,
    /// The date that picks rate, agreement and payer (R5).
    pub date: Day,
    /// Amount.
    pub amount: Money,
}

/// All lines of unit formulas up to a day, and what stood in their way.
#[derive(Clone, Debug, Default)]
pub struct UnitLines<'r> {
    /// Lines, in order of unit, month, element, payer, payable, rate.
    pub lines: Vec<UnitLine<'r>>,
    /// Shares that cannot be divided.
    pub undivided: Vec<(Known<'r, Rate>, SplitError)>,
    /// Lines left out because their date has no default payer (a load error, R47).
    pub without_payer: Vec<(Known<'r, Rate>, Day)>,
}

/// The lines whose date is on or before `through` (R38).
pub fn unit_lines<'r>(view: &View<'r>, through: Day) -> UnitLines<'r> {
    let mut lines = UnitLines::default();
    for rate in view.rates_in_force() {
        match &rate.fact.formula {
            Formula::FixedMonthly { per_year } => {
                for month in rate.fact.valid.month_starts(through) {
                    let amount = fixed_monthly::amount(*per_year, month);
                    lines.add_to_units(view, rate, month.first_day(), amount);
                }
            }
            Formula::Lump { amount } => {
                let date = rate.fact.valid.from;
                if date <= through && rate.fact.valid.contains(date) {
                    lines.add_to_units(view, rate, date, *amount);
                }
            }
            Formula::Share { pay, .. } => match share::division(view, rate.fact) {
                Ok(division) => lines.add_shares(view, rate, *pay, &division, through),
                Err(error) => lines.undivided.push((*rate, error)),
            },
            _ => {}
        }
    }
    lines.lines.sort();
    lines
}

impl<'r> UnitLines<'r> {
    fn add_to_units(&mut self, view: &View<'r>, rate: &Known<'r, Rate>, date: Day, amount: Money) {
        for history in &view.histories {
            let applies = history.under(date).is_some()
                && failing_unit_key(&rate.fact.when.unit, history, date).is_none();
            if applies && !is_suppressed(view, rate.fact, Some(history), date) {
                let line = Line { unit: history.id.as_str(), date, month: date.month(), amount };
                self.add(view, rate, line);
            }
        }
    }

    fn add_shares(
        &mut self,
        view: &View<'r>,
        rate: &Known<'r, Rate>,
        pay: Pay,
        division: &share::Division<'r>,
        through: Day,
    ) {
        let valid = rate.fact.valid;
        let dates: Vec<(Day, i64)> = match pay {
            Pay::Once => vec![(valid.from, 0)],
            Pay::Monthly => {
                valid.month_starts(Day::MAX).map(Month::first_day).zip(0_i64..).collect()
            }
        };
        let instalments = i64::try_from(dates.len()).unwrap_or(i64::MAX);
        for (date, index) in dates {
            if date > through || is_suppressed(view, rate.fact, None, date) {
                continue;
            }
            for (participant, part) in division.participants.iter().zip(&division.parts) {
                let amount = part.instalment(index, instalments);
                let line = Line { unit: participant.recipient, date, month: date.month(), amount };
                self.add(view, rate, line);
            }
        }
    }

    fn add(&mut self, view: &View<'r>, rate: &Known<'r, Rate>, line: Line<'r>) {
        let Some(payer) = view.default_payer(line.date) else {
            if !self.without_payer.iter().any(|(other, _)| other.fact.id == rate.fact.id) {
                self.without_payer.push((*rate, line.date));
            }
            return;
        };
        let form = view
            .unit_number(line.unit)
            .and_then(|number| view.histories.get(usize::from(number)))
            .and_then(|history| history.under(line.date))
            .map(|under| under.agreement.fact.form);
        self.lines.push(UnitLine {
            unit: line.unit,
            month: line.month,
            element: &rate.fact.element,
            payer: payer.as_str(),
            payable: is_payable(rate.fact, form),
            rate: &rate.fact.id,
            date: line.date,
            amount: line.amount,
        });
    }
}

struct Line<'r> {
    unit: &'r str,
    date: Day,
    month: Month,
    amount: Money,
}

/// No agreement on the day counts as payable; only a share can have such a line (R10).
fn is_payable(rate: &Rate, form: Option<Form>) -> bool {
    form.is_none_or(|form| rate.payable_under.contains(&form))
}

/// Whether a known rate replaces this one on a day: for a unit to which its own condition applies,
/// or (a share, `unit` absent) as a whole (R1, R35).
fn is_suppressed(view: &View<'_>, rate: &Rate, unit: Option<&UnitHistory<'_>>, date: Day) -> bool {
    view.rates_in_force().any(|other| {
        other.fact.replaces.contains(&rate.id)
            && other.fact.valid.contains(date)
            && unit.is_none_or(|unit| failing_unit_key(&other.fact.when.unit, unit, date).is_none())
    })
}
