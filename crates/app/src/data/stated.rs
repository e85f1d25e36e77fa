//! What a month's settlements say about a unit, or about all units of a payee, with the decisions behind every
//! correction and what has no price.
//!
//! Owns: adding up kept lines. Does not own: amounts; the lines were computed when they were booked.

use super::DataFolder;
use super::settling::basis_of;
use crate::engine;
use crate::failure::Failure;
use bulk::lines::LineRow;
use kernel::contact::{ContactRow, Report};
use kernel::finding::Code;
use kernel::known::{Resolver, rejected_rows};
use kernel::money::Money;
use kernel::price::Reason;
use kernel::register::{News, UnitCodes, UnitMeaning};
use kernel::settle::Cause;
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use store::{RejectedRow, Settlement};

/// Whose statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose<'a> {
    /// One unit, whoever is paid for it.
    Unit(&'a str),
    /// All units that a provider is paid for.
    Payee(&'a str),
}

impl Whose<'_> {
    fn has(self, line: &LineRow<'_>) -> bool {
        match self {
            Self::Unit(unit) => line.unit == unit,
            Self::Payee(payee) => line.payee == payee,
        }
    }
}

/// What the rows of a statement are added up by, in the order of output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatedKey {
    /// A shadow amount, which is not paid.
    pub shadow: bool,
    /// Unit.
    pub unit: String,
    /// Element.
    pub element: String,
    /// Month of care.
    pub care_month: Month,
    /// Why.
    pub cause: Cause,
    /// Who pays.
    pub payer: String,
    /// Who is paid.
    pub payee: String,
}

/// What the lines of a row come to, and what they come of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedSum {
    /// Quantity.
    pub count: i64,
    /// Amount.
    pub amount: Money,
    /// Lines.
    pub lines: i64,
    /// The rates of the lines.
    pub rates: BTreeSet<String>,
    /// Of a correction by decision or agreement: the decisions recorded since the settlement before.
    pub decisions: BTreeSet<String>,
}

/// One line of a contact, or of a unit formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedLine {
    /// The contact.
    pub contact: Option<String>,
    /// What it is added up by.
    pub key: StatedKey,
    /// Rate.
    pub rate: String,
    /// Quantity.
    pub count: i64,
    /// Amount.
    pub amount: Money,
}

/// A statement of a settled month.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// Rows, those that come to nothing left out.
    pub rows: BTreeMap<StatedKey, StatedSum>,
    /// Lines, where they are asked for, in the order of the settlements.
    pub lines: Vec<StatedLine>,
    /// Contacts of the month's care without a price, as known when it was settled.
    pub unpriced: BTreeMap<Reason, i64>,
    /// Rows of the month's care that do not count, likewise; where no day of care can be read, of the month
    /// they were reported in.
    pub rejected: BTreeMap<Code, i64>,
}

impl DataFolder {
    /// The settlements of a month, in order of booking.
    pub fn settlements_of(&self, month: Month) -> Vec<&Settlement> {
        self.settlements.iter().filter(|settlement| settlement.booked.month == month).collect()
    }

    /// What the settlements of a month say.
    pub fn statement(
        &mut self,
        whose: Whose<'_>,
        month: Month,
        with_lines: bool,
    ) -> Result<Statement, Failure> {
        let mut statement = Statement::default();
        for settlement in self.settlements_of(month) {
            let before = settlement.seq.checked_sub(2).and_then(|at| usize::try_from(at).ok());
            let before = before.and_then(|at| self.settlements.get(at));
            let before = before.map_or(0, |before| basis_of(before).revision);
            let news = self.register.news(before, basis_of(settlement).revision);
            let lines = self.booked_lines(settlement)?;
            for line in lines.rows().filter(|line| whose.has(line)) {
                statement.add(&line, &news, with_lines)?;
            }
        }
        statement.rows.retain(|_, sum| (sum.count, sum.amount) != (0, Money::ZERO));
        if let Some(last) = self.settlements_of(month).last().map(|last| (*last).clone()) {
            self.unpaid(&last, whose, &mut statement)?;
        }
        Ok(statement)
    }

    fn imported_on(&self, batch: i64) -> Option<Day> {
        let found = self.batches.iter().find(|one| one.seq == batch);
        found.map(|batch| batch.imported_on)
    }

    /// What has no price, and what was rejected, among the care of the month.
    fn unpaid(
        &mut self,
        settlement: &Settlement,
        whose: Whose<'_>,
        statement: &mut Statement,
    ) -> Result<(), Failure> {
        let basis = basis_of(settlement);
        self.reports()?;
        let Some(reports) = self.loaded_reports() else { return Ok(()) };
        let view = self.register.view(basis.revision);
        let units: BTreeSet<u16> = (0_u16..)
            .zip(&view.histories)
            .filter(|(_, history)| match whose {
                Whose::Unit(unit) => history.id.as_str() == unit,
                Whose::Payee(payee) => {
                    let providers = history.under.iter().map(|u| &u.agreement.fact.provider);
                    providers.into_iter().any(|provider| provider.as_str() == payee)
                }
            })
            .map(|(number, _)| number)
            .collect();
        let units_by_code = UnitCodes::new(&view);
        let resolver = Resolver::new(reports, &view);
        let codes = reports.unit_codes.values().iter().map(|code| units_by_code.meaning(code));
        let codes: Vec<UnitMeaning> = codes.collect();
        let is_meant = |report: &Report| {
            let is_known = report.batch < basis.batches && report.reported_on <= basis.cutoff;
            let code = codes.get(report.unit_code as usize);
            let unit = code.and_then(|code| code.on(report.care_date));
            let is_of_month = report.care_date.month() == basis.month;
            is_known && is_of_month && unit.is_some_and(|unit| units.contains(&unit))
        };
        let meant = reports.rows().iter().filter(|report| is_meant(report));
        let contacts: BTreeSet<u32> = meant.map(|report| report.contact).collect();
        for (row, code) in rejected_rows(reports, &resolver, contacts.into_iter()) {
            if reports.rows().get(row as usize).is_some_and(is_meant) {
                *statement.rejected.entry(code).or_default() += 1;
            }
        }
        let unread = self.runtime.block_on(self.store.rejected_rows())?;
        for (batch, row) in unread.iter().filter(|(batch, _)| *batch <= i64::from(basis.batches)) {
            let (Some(code), Some(about)) = (unread_code(row), &row.about) else { continue };
            let day = about.care_date.or(about.reported_on).or_else(|| self.imported_on(*batch));
            let is_of_month = day.is_some_and(|day| day.month() == basis.month);
            let unit = day.and_then(|day| units_by_code.meaning(&about.unit).on(day));
            let is_known = about.reported_on.is_none_or(|day| day <= basis.cutoff);
            if is_known && is_of_month && unit.is_some_and(|unit| units.contains(&unit)) {
                *statement.rejected.entry(code).or_default() += 1;
            }
        }
        let mut priced = engine::price(view, reports, &[], &basis.span())?;
        let is_of =
            |row: &ContactRow| row.care_date.month() == basis.month && units.contains(&row.unit);
        for (_, reason) in priced.unpriced_contacts(is_of)? {
            *statement.unpriced.entry(reason).or_default() += 1;
        }
        Ok(())
    }
}

/// Why a row could not be read at all; the others are kept, and judged as the register has become.
fn unread_code(row: &RejectedRow) -> Option<Code> {
    let unread = [Code::MissingField, Code::BadValue, Code::BadPerson];
    Code::parse(&row.code).filter(|code| unread.contains(code))
}

impl Statement {
    fn add(
        &mut self,
        line: &LineRow<'_>,
        news: &News<'_>,
        with_lines: bool,
    ) -> Result<(), Failure> {
        let Some(cause) = Cause::parse(line.cause) else {
            return Err(Failure::refused(
                format!("radfilen har en okänd orsak `{}`", line.cause),
                format!("the line file has an unknown cause `{}`", line.cause),
            ));
        };
        let key = StatedKey {
            shadow: !line.payable,
            unit: line.unit.to_owned(),
            element: line.element.to_owned(),
            care_month: line.care_month,
            cause,
            payer: line.payer.to_owned(),
            payee: line.payee.to_owned(),
        };
        let sum = self.rows.entry(key.clone()).or_default();
        if sum.lines == 0 {
            let new = match cause {
                Cause::Agreement => news.about_unit(line.unit),
                Cause::Decision => news.about_element(line.element, line.care_month),
                _ => Vec::new(),
            };
            let ids = new.iter().map(|recorded| recorded.decision.id.to_string());
            sum.decisions.extend(ids);
        }
        sum.count += line.count;
        sum.amount += line.amount;
        sum.lines += 1;
        if !sum.rates.contains(line.rate) {
            sum.rates.insert(line.rate.to_owned());
        }
        if with_lines {
            self.lines.push(StatedLine {
                contact: line.contact_id.map(str::to_owned),
                key,
                rate: line.rate.to_owned(),
                count: line.count,
                amount: line.amount,
            });
        }
        Ok(())
    }
}
