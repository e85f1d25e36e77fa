//! What the price of one contact owes to others: which visit takes the pay of a period of pregnancy (R29, R30),
//! and where a contact stands in its unit's year (R39, R51, R55).
//!
//! Of two visits on days 20 and 90 of one pregnancy the first takes period A; the second is `included-in-period`.

use super::cell::{self, Cell, CellLine};
use super::compile::Pricer;
use super::count::Periods;
use super::{TooLarge, ceiling, tier};
use crate::contact::{ContactRow, Contacts, Reports};
use crate::fact::{Formula, PregnancyPeriod};
use crate::intern::FastMap;
use crate::money::Money;
use crate::pregnancy::Pregnancies;
use std::collections::{BTreeMap, BTreeSet};

/// By number of a contact: whether another visit takes the pay of its period of pregnancy.
pub type GivenPeriods = BTreeMap<u32, bool>;

/// What contacts in force owe to each other, by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Row, and the row that takes the pay of its period; in order of row.
    included: Vec<(u32, u32)>,
    /// The first again, one bit a row.
    bits: Vec<u64>,
    /// In order of row and element.
    lines: Vec<YearLine>,
}

/// A line that a contact has by its place in the unit's year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearLine {
    /// Row of the contact.
    pub row: u32,
    /// Who pays: the payer of the contact.
    pub payer: u16,
    /// The line.
    pub line: CellLine,
    /// The contact's number among those that count in the year, from 1.
    pub number: i64,
    /// The base of those before it.
    pub before: Money,
    /// Its own base.
    pub base: Money,
}

impl Linked {
    /// Links contacts in force under a pricer. Every profile must have been classified.
    pub fn new(
        pricer: &mut Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        reports: &Reports,
    ) -> Result<Self, TooLarge> {
        Self::given(pricer, contacts, periods, reports, &GivenPeriods::new())
    }

    /// The same, where it is given for some contacts whether another visit takes the pay of their period, because their
    /// persons' other visits are not among these. The row that takes it is then unknown, and told as `u32::MAX`.
    pub fn given(
        pricer: &mut Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        reports: &Reports,
        given: &GivenPeriods,
    ) -> Result<Self, TooLarge> {
        let mut linked = Self::default();
        if pricer.pays_by_period() {
            linked.include(pricer, contacts, periods, reports);
            linked.take_given(contacts, given);
        }
        let elements: BTreeSet<u16> = pricer
            .yearly
            .iter()
            .filter_map(|rate| pricer.rate(*rate))
            .map(|rate| rate.element)
            .collect();
        for element in elements {
            linked.add_year_lines(pricer, contacts, periods, reports, element)?;
        }
        linked.lines.sort_by_key(|line| (line.row, line.line.element));
        Ok(linked)
    }

    /// Rows whose period another row takes, and which one; in order of row.
    pub fn included(&self) -> &[(u32, u32)] {
        &self.included
    }

    /// Whether another row takes the pay of this row's period.
    pub fn is_included(&self, row: usize) -> bool {
        self.bits.get(row / 64).is_some_and(|bits| bits & (1 << (row % 64)) != 0)
    }

    /// The row that takes the pay of a row's period instead of it.
    pub fn taker(&self, row: usize) -> Option<u32> {
        let at = self.included.binary_search_by_key(&row, |(row, _)| *row as usize).ok()?;
        self.included.get(at).map(|(_, taker)| *taker)
    }

    /// Lines by place in the year, in order of row and element.
    pub fn year_lines(&self) -> &[YearLine] {
        &self.lines
    }

    /// Lines by place in the year of one row.
    pub fn year_lines_of(&self, row: usize) -> &[YearLine] {
        let from = self.lines.partition_point(|line| (line.row as usize) < row);
        let to = self.lines.partition_point(|line| (line.row as usize) <= row);
        self.lines.get(from..to).unwrap_or(&[])
    }

    fn include(
        &mut self,
        pricer: &Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        reports: &Reports,
    ) {
        let pregnancies = Pregnancies::new(contacts, reports);
        let is_by_period = |rate: &usize| {
            let rate = pricer.rate(*rate).map(|rate| &rate.rate().formula);
            matches!(rate, Some(Formula::PerPeriod { .. }))
        };
        let bearing = Bearing::new(pricer, pricer.order.iter().copied().filter(is_by_period));
        let mut sought: FastMap<(u16, u32, u32), Option<PregnancyPeriod>> = FastMap::default();
        let mut seekers: Vec<(u32, u32)> = Vec::new();
        let nobody = u32::MAX;
        let mut takers = vec![nobody; pregnancies.count() as usize * PregnancyPeriod::ALL.len()];
        let comes_before = |row: u32, other: u32| {
            let day = |row: u32| contacts.care_date.get(row as usize);
            let id = |row: u32| {
                let contact = contacts.contact.get(row as usize);
                contact.map(|contact| reports.contact_ids.get(*contact))
            };
            day(row).cmp(&day(other)).then_with(|| id(row).cmp(&id(other))).is_lt()
        };
        for ((number, row), row_number) in contacts.rows().enumerate().zip(0_u32..) {
            if !bearing.has(pricer, &row) {
                continue;
            }
            let Some(pregnancy) = pregnancies.of(number) else { continue };
            let (period, era, class) = place(pricer, periods, &row);
            let taken = sought.entry((row.unit, period, class)).or_insert_with(|| {
                cell::period_sought(pricer, pricer.context(row.unit, era), era, class)
            });
            let Some(taken) = *taken else { continue };
            if pricer.is_too_late(row.unit, era, row.lag_months) {
                continue;
            }
            let slot = pregnancy * 3 + taken as u32;
            seekers.push((row_number, slot));
            if let Some(taker) = takers.get_mut(slot as usize)
                && (*taker == nobody || comes_before(row_number, *taker))
            {
                *taker = row_number;
            }
        }
        self.bits = vec![0; contacts.len().div_ceil(64)];
        for (row, slot) in seekers {
            let taker = takers.get(slot as usize).copied().unwrap_or(nobody);
            if taker != row {
                self.included.push((row, taker));
                if let Some(bits) = self.bits.get_mut(row as usize / 64) {
                    *bits |= 1 << (row % 64);
                }
            }
        }
    }

    fn take_given(&mut self, contacts: &Contacts, given: &GivenPeriods) {
        if given.is_empty() {
            return;
        }
        let known = |row: u32| contacts.contact.get(row as usize).and_then(|one| given.get(one));
        self.included.retain(|(row, _)| known(*row).is_none());
        let rows = (0_u32..).zip(&contacts.contact);
        let elsewhere = rows.filter(|(_, contact)| given.get(contact) == Some(&true));
        self.included.extend(elsewhere.map(|(row, _)| (row, u32::MAX)));
        self.included.sort_unstable();
        self.bits.fill(0);
        for (row, _) in &self.included {
            if let Some(bits) = self.bits.get_mut(*row as usize / 64) {
                *bits |= 1 << (row % 64);
            }
        }
    }

    fn add_year_lines(
        &mut self,
        pricer: &mut Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        reports: &Reports,
        element: u16,
    ) -> Result<(), TooLarge> {
        let mut standing = self.standing(pricer, contacts, periods, element)?;
        standing.sort_by_cached_key(|one| {
            let row = &one.contact;
            let id = reports.contact_ids.get(row.contact);
            (row.unit, row.care_date.year(), row.care_date, id)
        });
        let of_a_year = standing.chunk_by(|a, b| {
            let year = |one: &Standing| (one.contact.unit, one.contact.care_date.year());
            year(a) == year(b)
        });
        for same in of_a_year {
            let mut sum = Money::ZERO;
            for (one, number) in same.iter().zip(1_i64..) {
                let Some(rate) = pricer.rate(one.base.rate) else { continue };
                let before = sum;
                let amount = sum.plus(one.base.amount).and_then(|after| {
                    sum = after;
                    match &rate.rate().formula {
                        Formula::Tier { steps, .. } => tier::amount(number, one.base.amount, steps),
                        Formula::Ceiling { steps, .. } => ceiling::amount(before, after, steps),
                        _ => Some(Money::ZERO),
                    }
                });
                let amount = amount.ok_or_else(|| TooLarge { of: rate.rate().id.to_string() })?;
                if amount != Money::ZERO {
                    let line = CellLine {
                        rate: one.base.rate,
                        element,
                        amount,
                        payable: one.base.payable,
                    };
                    self.lines.push(YearLine {
                        row: one.row,
                        payer: one.base.payer,
                        line,
                        number,
                        before,
                        base: one.base.amount,
                    });
                }
            }
        }
        Ok(())
    }

    /// The contacts to which a rate of the element applies and that have a line of its base.
    fn standing(
        &self,
        pricer: &mut Pricer<'_>,
        contacts: &Contacts,
        periods: &Periods,
        element: u16,
    ) -> Result<Vec<Standing>, TooLarge> {
        let mut bases: FastMap<(u16, u32, u32), Option<Base>> = FastMap::default();
        let mut standing = Vec::new();
        let of_element = |rate: &usize| pricer.rate(*rate).is_some_and(|r| r.element == element);
        let bearing = Bearing::new(pricer, pricer.yearly.iter().copied().filter(of_element));
        for ((number, contact), row) in contacts.rows().enumerate().zip(0_u32..) {
            if !bearing.has(pricer, &contact) {
                continue;
            }
            let (period, era, class) = place(pricer, periods, &contact);
            if pricer.is_too_late(contact.unit, era, contact.lag_months) {
                continue;
            }
            let class = if self.is_included(number) { pricer.included(class) } else { class };
            let key = (contact.unit, period, class);
            let base = match bases.get(&key) {
                Some(base) => *base,
                None => {
                    let base = base(pricer, element, contact.unit, era, class)?;
                    bases.insert(key, base);
                    base
                }
            };
            standing.extend(base.map(|base| Standing { row, contact, base }));
        }
        Ok(standing)
    }
}

/// The units and classes that some rates can apply to; most contacts are of none.
struct Bearing {
    units: Vec<bool>,
    classes: Vec<bool>,
}

impl Bearing {
    fn new(pricer: &Pricer<'_>, rates: impl Iterator<Item = usize>) -> Self {
        let rates: Vec<usize> = rates.collect();
        let units = (0..pricer.context_of.len()).map(|unit| {
            let unit = u16::try_from(unit).unwrap_or(u16::MAX);
            rates.iter().any(|rate| pricer.lets_in(*rate, unit))
        });
        let classes = pricer.classes.values().iter().map(|class| {
            let condition = |rate: &usize| Some(pricer.rates.get(*rate)?.contact_condition);
            let mut conditions = rates.iter().filter_map(condition);
            conditions.any(|condition| class.holds.get(condition).copied().unwrap_or(false))
        });
        Self { units: units.collect(), classes: classes.collect() }
    }

    fn has(&self, pricer: &Pricer<'_>, row: &ContactRow) -> bool {
        let is = |list: &[bool], at: usize| list.get(at).copied().unwrap_or(false);
        let class = pricer.class_of_profile().get(row.profile as usize);
        is(&self.units, row.unit.into())
            && class.is_some_and(|class| is(&self.classes, *class as usize))
    }
}

struct Standing {
    row: u32,
    contact: ContactRow,
    base: Base,
}

#[derive(Clone, Copy)]
struct Base {
    rate: usize,
    amount: Money,
    payer: u16,
    payable: bool,
}

fn base(
    pricer: &mut Pricer<'_>,
    element: u16,
    unit: u16,
    era: u32,
    class: u32,
) -> Result<Option<Base>, TooLarge> {
    let context = pricer.context(unit, era);
    let Some(number) = cell::yearly_rate(pricer, element, context, era, class) else {
        return Ok(None);
    };
    let cell = pricer.cell(unit, era, class)?;
    let Some(Cell::Priced { payer, lines }) = pricer.priced(cell) else { return Ok(None) };
    let Some(rate) = pricer.rate(number).map(super::CompiledRate::rate) else { return Ok(None) };
    let of = rate.formula.of();
    let is_base = |line: &&CellLine| {
        pricer.elements().get(usize::from(line.element)).is_some_and(|element| of.contains(element))
    };
    let mut lines = lines.iter().filter(is_base).map(|line| line.amount).peekable();
    if lines.peek().is_none() {
        return Ok(None);
    }
    let amount = lines.try_fold(Money::ZERO, Money::plus);
    let amount = amount.ok_or_else(|| TooLarge { of: rate.id.to_string() })?;
    let payable = cell::is_payable(pricer, number, context);
    Ok(Some(Base { rate: number, amount, payer: *payer, payable }))
}

/// Period, era and class of a contact.
fn place(pricer: &Pricer<'_>, periods: &Periods, row: &ContactRow) -> (u32, u32, u32) {
    let period = periods.of(row.care_date);
    let era = periods.get(period).map_or_else(|| pricer.era(row.care_date), |(_, era)| era);
    let class = pricer.class_of_profile().get(row.profile as usize).copied().unwrap_or(u32::MAX);
    (period, era, class)
}
