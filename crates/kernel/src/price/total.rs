//! What was priced, added up by unit and month or written line by line, and the difference of two such
//! results (R41–R43).

use super::count::{Counts, Filled, Periods};
use super::linked::{Linked, YearLine};
use super::unit_lines::UnitLine;
use super::{Cell, CellLine, Pricer, Reason, TooLarge};
use crate::contact::{ContactRow, Contacts};
use crate::finding::Code;
use crate::id::PayerId;
use crate::money::Money;
use crate::time::Month;
use std::collections::{BTreeMap, BTreeSet};

/// What an amount is added up by, in the order of output (R43).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey<'r> {
    /// Unit, or another recipient of a share.
    pub unit: &'r str,
    /// Month of care, or of the unit line.
    pub month: Month,
    /// Element.
    pub element: &'r str,
    /// Payer.
    pub payer: &'r str,
    /// False for a shadow amount.
    pub payable: bool,
}

/// How many lines, and their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Lines.
    pub count: i64,
    /// Sum.
    pub amount: Money,
}

/// One line; `contact` is absent for a unit formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'r> {
    /// Number of the contact.
    pub contact: Option<u32>,
    /// What it is added up by.
    pub key: RowKey<'r>,
    /// The rate that gives it.
    pub rate: &'r str,
    /// Quantity and amount.
    pub total: Total,
}

/// Everything that pricing says of a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts<'r> {
    /// Sums.
    pub rows: BTreeMap<RowKey<'r>, Total>,
    /// Contacts in force without a price.
    pub unpriced: BTreeMap<Reason, i64>,
    /// Rejected rows.
    pub rejected: BTreeMap<Code, i64>,
}

impl<'r> Amounts<'r> {
    /// Prices counted contacts, adds their lines by place in the year, and unit lines.
    pub fn new(
        pricer: &mut Pricer<'r>,
        counts: &Counts,
        periods: &Periods,
        among: (&Contacts, &Linked),
        unit_lines: &[UnitLine<'r>],
    ) -> Result<Self, TooLarge> {
        let sums = CellSums::new(pricer, &counts.filled(), periods)?;
        Self::of(pricer, [sums], counts.too_late(), among, unit_lines)
    }

    /// Adds up priced cells, part by part in order of unit, lines by place in the year, and unit lines.
    pub fn of(
        pricer: &Pricer<'r>,
        parts: impl IntoIterator<Item = CellSums<'r>>,
        too_late: i64,
        (contacts, linked): (&Contacts, &Linked),
        unit_lines: &[UnitLine<'r>],
    ) -> Result<Self, TooLarge> {
        let mut amounts = Self::default();
        if too_late > 0 {
            amounts.unpriced.insert(Reason::TooLate, too_late);
        }
        let mut rows = Vec::new();
        for mut part in parts {
            rows.append(&mut part.rows);
            for (reason, count) in part.unpriced {
                *amounts.unpriced.entry(reason).or_default() += count;
            }
        }
        amounts.rows = rows.into_iter().collect();
        for line in linked.year_lines() {
            let row = contacts.row(line.row as usize);
            if let Some((key, _, amount)) = row.and_then(|row| pricer.year_line(line, &row)) {
                amounts.add(key, Total { count: 1, amount })?;
            }
        }
        for line in unit_lines {
            let total = Total { count: 1, amount: line.amount };
            amounts.add(line.key(), total)?;
        }
        Ok(amounts)
    }

    fn add(&mut self, key: RowKey<'r>, more: Total) -> Result<(), TooLarge> {
        let total = self.rows.entry(key).or_default();
        let amount = total.amount.plus(more.amount);
        total.count += more.count;
        total.amount = amount.ok_or_else(|| TooLarge { of: key.element.to_owned() })?;
        Ok(())
    }

    /// This minus `other`; what comes to nothing is left out (R41).
    pub fn minus(mut self, other: &Self) -> Self {
        for (key, total) in &other.rows {
            let row = self.rows.entry(*key).or_default();
            row.count -= total.count;
            row.amount = row.amount - total.amount;
        }
        self.rows.retain(|_, total| *total != Total::default());
        subtract(&mut self.unpriced, &other.unpriced);
        subtract(&mut self.rejected, &other.rejected);
        self
    }
}

/// Counted contacts of some units, priced and added up; a unit is of one part whole.
pub struct CellSums<'r> {
    rows: Vec<(RowKey<'r>, Total)>,
    unpriced: BTreeMap<Reason, i64>,
}

impl<'r> CellSums<'r> {
    /// Prices the contacts of cells in order.
    pub fn new(
        pricer: &mut Pricer<'r>,
        filled: &[Filled],
        periods: &Periods,
    ) -> Result<Self, TooLarge> {
        let mut unpriced: BTreeMap<Reason, i64> = BTreeMap::new();
        let mut sums = Sums::new(pricer);
        let mut place = None;
        for Filled { unit, period, class, count } in filled {
            let Some((month, era)) = periods.get(*period) else { continue };
            match place.replace((*unit, month)) {
                Some((unit, month)) if place != Some((unit, month)) => {
                    sums.finish(pricer, unit, month);
                }
                _ => {}
            }
            let cell = pricer.cell(*unit, era, *class)?;
            match pricer.priced(cell) {
                None => {}
                Some(Cell::Unpriced(reason)) => *unpriced.entry(*reason).or_default() += count,
                Some(Cell::Priced { payer, lines }) => {
                    for line in lines {
                        sums.add(pricer, *payer, line, *count)?;
                    }
                }
            }
        }
        if let Some((unit, month)) = place {
            sums.finish(pricer, unit, month);
        }
        Ok(Self { rows: sums.rows, unpriced })
    }
}

/// Sums by unit and month, element, payer and whether payable; adding a cell looks up no text.
struct Sums<'r> {
    /// Payers by id; a payer with two validities has two numbers and one place here.
    payers: Vec<&'r PayerId>,
    place_of_payer: Vec<usize>,
    /// Of the unit and month at hand.
    totals: Vec<Total>,
    /// Finished, in order, since units, months, elements and payers come in order.
    rows: Vec<(RowKey<'r>, Total)>,
}

impl<'r> Sums<'r> {
    fn new(pricer: &Pricer<'r>) -> Self {
        let mut payers: Vec<&PayerId> = pricer.payers.iter().map(|(_, id, _)| *id).collect();
        payers.sort_unstable();
        payers.dedup();
        let place = |id: &PayerId| payers.partition_point(|other| *other < id);
        let place_of_payer = pricer.payers.iter().map(|(_, id, _)| place(id)).collect();
        let totals = vec![Total::default(); pricer.elements.len() * payers.len() * 2];
        Self { payers, place_of_payer, totals, rows: Vec::new() }
    }

    fn add(
        &mut self,
        pricer: &Pricer<'r>,
        payer: u16,
        line: &CellLine,
        count: i64,
    ) -> Result<(), TooLarge> {
        let element = usize::from(line.element);
        let payer = self.place_of_payer.get(usize::from(payer));
        let at = payer.map(|payer| element * self.payers.len() + payer);
        let total = at.and_then(|at| self.totals.get_mut(at * 2 + usize::from(line.payable)));
        let added = total.and_then(|total| {
            total.count += count;
            total.amount = total.amount.plus(line.amount.times(count)?)?;
            Some(())
        });
        added.ok_or_else(|| {
            let element = pricer.elements.get(element);
            TooLarge { of: element.map_or_else(String::new, ToString::to_string) }
        })
    }

    /// Moves the sums at hand to rows.
    fn finish(&mut self, pricer: &Pricer<'r>, unit: u16, month: Month) {
        let unit = pricer.unit(unit).map_or("", |history| history.id.as_str());
        let mut totals = self.totals.iter_mut();
        for element in &pricer.elements {
            for payer in &self.payers {
                for payable in [false, true] {
                    let total = totals.next().map(std::mem::take).unwrap_or_default();
                    if total.count != 0 {
                        let (element, payer) = (element.as_str(), payer.as_str());
                        self.rows.push((RowKey { unit, month, element, payer, payable }, total));
                    }
                }
            }
        }
    }
}

fn subtract<K: Ord + Copy>(counts: &mut BTreeMap<K, i64>, other: &BTreeMap<K, i64>) {
    for (key, count) in other {
        *counts.entry(*key).or_default() -= count;
    }
    counts.retain(|_, count| *count != 0);
}

impl<'r> UnitLine<'r> {
    /// What the line is added up by.
    pub fn key(&self) -> RowKey<'r> {
        RowKey {
            unit: self.unit,
            month: self.month,
            element: self.element.as_str(),
            payer: self.payer,
            payable: self.payable,
        }
    }

    fn line(&self) -> Line<'r> {
        let total = Total { count: 1, amount: self.amount };
        Line { contact: None, key: self.key(), rate: self.rate.as_str(), total }
    }
}

impl<'r> Pricer<'r> {
    /// Who is paid for the care of a unit in an era: the provider of its agreement.
    pub fn payee(&self, unit: u16, era: u32) -> &'r str {
        let under = self.unit(unit).and_then(|history| history.under(self.era_start(era)));
        under.map_or("", |under| under.agreement.fact.provider.as_str())
    }

    /// The lines of one contact of a priced cell: key, rate and amount, in order of element.
    pub fn cell_lines(
        &self,
        cell: u32,
        unit: u16,
        month: Month,
    ) -> impl Iterator<Item = (RowKey<'r>, &'r str, Money)> + '_ {
        let (payer, lines) = match self.priced(cell) {
            Some(Cell::Priced { payer, lines }) => (self.payer(*payer), lines.as_slice()),
            _ => (None, &[][..]),
        };
        let unit = self.unit(unit).map_or("", |history| history.id.as_str());
        lines.iter().filter_map(move |line| {
            let rate = self.rate(line.rate)?.rate();
            let key = RowKey {
                unit,
                month,
                element: rate.element.as_str(),
                payer: payer?.as_str(),
                payable: line.payable,
            };
            Some((key, rate.id.as_str(), line.amount))
        })
    }

    /// A line by place in the year: key, rate and amount.
    pub fn year_line(
        &self,
        line: &YearLine,
        row: &ContactRow,
    ) -> Option<(RowKey<'r>, &'r str, Money)> {
        let rate = self.rate(line.line.rate)?.rate();
        let key = RowKey {
            unit: self.unit(row.unit)?.id.as_str(),
            month: row.care_date.month(),
            element: rate.element.as_str(),
            payer: self.payer(line.payer)?.as_str(),
            payable: line.line.payable,
        };
        Some((key, rate.id.as_str(), line.line.amount))
    }

    /// Every line, contacts in the order given and unit lines last.
    pub fn lines(
        &mut self,
        contacts: &Contacts,
        linked: &Linked,
        unit_lines: &[UnitLine<'r>],
    ) -> Result<Vec<Line<'r>>, TooLarge> {
        let mut lines = Vec::with_capacity(contacts.len() * 2);
        let periods = Periods::new(self, contacts);
        for (number, row) in contacts.rows().enumerate() {
            let day = row.care_date;
            let period = periods.get(periods.of(day));
            let (month, era) = period.unwrap_or_else(|| (day.month(), self.era(day)));
            let Ok(cell) = self.cell_in_era(&row, era, linked.is_included(number))? else {
                continue;
            };
            let of_year = linked.year_lines_of(number).iter();
            let of_year = of_year.filter_map(|line| self.year_line(line, &row));
            let of_contact = self.cell_lines(cell, row.unit, month).chain(of_year);
            lines.extend(of_contact.map(|(key, rate, amount)| Line {
                contact: Some(row.contact),
                key,
                rate,
                total: Total { count: 1, amount },
            }));
        }
        lines.extend(unit_lines.iter().map(UnitLine::line));
        Ok(lines)
    }
}

/// `lines` minus `others` by contact and key; the rate is that of `lines` where both have one (R42).
/// Where a unit has two lines of one key, they stand apart by rate (R52).
pub fn line_difference<'r>(lines: &[Line<'r>], others: &[Line<'r>]) -> Vec<Line<'r>> {
    let apart = apart_by_rate(lines).chain(apart_by_rate(others)).collect::<BTreeSet<_>>();
    let rate = |line: &Line<'r>| {
        let stands_apart = line.contact.is_none() && apart.contains(&line.key);
        stands_apart.then_some(line.rate)
    };
    let mut differences: BTreeMap<_, (&'r str, Total)> = BTreeMap::new();
    for (lines, sign) in [(lines, 1), (others, -1)] {
        for line in lines {
            let key = (line.contact, line.key, rate(line));
            let (_, total) = differences.entry(key).or_insert((line.rate, Total::default()));
            total.count += sign * line.total.count;
            let amount = if sign < 0 { -line.total.amount } else { line.total.amount };
            total.amount += amount;
        }
    }
    differences
        .into_iter()
        .filter(|(_, (_, total))| *total != Total::default())
        .map(|((contact, key, _), (rate, total))| Line { contact, key, rate, total })
        .collect()
}

/// The keys of unit lines that occur more than once.
fn apart_by_rate<'l, 'r>(lines: &'l [Line<'r>]) -> impl Iterator<Item = RowKey<'r>> + 'l {
    let mut seen = BTreeSet::new();
    let of_units = lines.iter().filter(|line| line.contact.is_none());
    of_units.map(|line| line.key).filter(move |key| !seen.insert(*key))
}
