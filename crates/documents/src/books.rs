//! Books: accounts and balanced vouchers, the value that journals are made of.
//!
//! Owns: the value, and that it balances before anything is written. Does not own: which accounts a settlement touches
//! (`kernel::ledger`), or the layout of a format, one file each below.
//!
//! A voucher of care for 14 200 kr: debit 4412 `14 200 kr`, credit 2441 `−14 200 kr`.

pub mod beancount;
pub mod excel;
pub mod hledger;
pub mod sie;

use crate::amount::total;
use crate::legal::Legal;
use crate::letters::one_line;
use crate::marking::Marking;
use crate::refusal::Refusal;
use kernel::money::Money;
use kernel::time::{Day, Month};
use std::collections::BTreeSet;

/// Accounts and vouchers of a legal person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// Whose books.
    pub region: Legal,
    /// The day that the file is made on.
    pub made_on: Day,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The chart of accounts; every account that a posting names.
    pub accounts: Vec<Account>,
    /// Units with their labels; a unit without one is shown by its id.
    pub units: Vec<Label>,
    /// Elements with their labels.
    pub elements: Vec<Label>,
    /// Vouchers, in the order in which they are written.
    pub vouchers: Vec<Voucher>,
    /// What the amounts rest on.
    pub marking: Marking,
}

/// An account of the chart (konto).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number; the first digit tells its class as in L-Bas and BAS.
    pub number: u32,
    /// Its name.
    pub label: String,
}

/// An id with what people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Id.
    pub id: String,
    /// What people call it.
    pub label: String,
}

/// Postings that belong together and sum to zero (verifikation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Series, letters and digits.
    pub series: String,
    /// Number within the series.
    pub number: u32,
    /// The day that it is booked on.
    pub day: Day,
    /// What it is about.
    pub text: String,
    /// The postings.
    pub postings: Vec<Posting>,
}

impl Voucher {
    /// Series and number, `A12`.
    pub fn name(&self) -> String {
        format!("{}{}", self.series, self.number)
    }
}

/// One side of a voucher (kontering), with what it can be followed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Account.
    pub account: u32,
    /// Amount, debit positive.
    pub amount: Money,
    /// Unit, the cost centre.
    pub unit: Option<String>,
    /// Element of pay, the project.
    pub element: Option<String>,
    /// Who pays.
    pub payer: Option<String>,
    /// Who is paid.
    pub payee: Option<String>,
    /// Month of care.
    pub care_month: Option<Month>,
    /// Why: current, late report, decision and so on.
    pub cause: Option<String>,
    /// The decision that it rests on.
    pub decision: Option<String>,
    /// What finances it.
    pub financing: Option<String>,
}

impl Posting {
    /// A posting that can be followed by nothing yet.
    pub const fn new(account: u32, amount: Money) -> Self {
        Self {
            account,
            amount,
            unit: None,
            element: None,
            payer: None,
            payee: None,
            care_month: None,
            cause: None,
            decision: None,
            financing: None,
        }
    }

    /// What it can be followed by beside unit and element: the key of programs, the Swedish word, the value.
    fn details(&self) -> Vec<(&'static str, &'static str, String)> {
        let month = self.care_month.map(|month| month.to_string());
        let all = [
            ("care-month", "vårdmånad", month),
            ("cause", "orsak", self.cause.clone()),
            ("payer", "betalare", self.payer.clone()),
            ("payee", "mottagare", self.payee.clone()),
            ("decision", "beslut", self.decision.clone()),
            ("financing", "finansiering", self.financing.clone()),
        ];
        let stated = |(key, word, value): (_, _, Option<String>)| {
            value.filter(|value| !value.is_empty()).map(|value| (key, word, value))
        };
        all.into_iter().filter_map(stated).collect()
    }

    /// Every key with its value, unit and element first; for tags.
    fn tags(&self) -> Vec<(&'static str, String)> {
        let first = [("unit", &self.unit), ("element", &self.element)];
        let first = first.into_iter().filter_map(|(key, value)| Some((key, value.clone()?)));
        let first = first.filter(|(_, value)| !value.is_empty());
        first.chain(self.details().into_iter().map(|(key, _, value)| (key, value))).collect()
    }
}

/// The class of an account by the first digit of its number, as in L-Bas and BAS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// 1: tillgångar.
    Asset,
    /// 2: eget kapital och skulder.
    Liability,
    /// 3: intäkter.
    Revenue,
    /// 4–8: kostnader.
    Expense,
    /// 0 and 9: internal accounts.
    Internal,
}

impl Account {
    fn class(&self) -> Class {
        match self.number.to_string().as_bytes().first() {
            Some(b'1') => Class::Asset,
            Some(b'2') => Class::Liability,
            Some(b'3') => Class::Revenue,
            Some(b'4'..=b'8') => Class::Expense,
            _ => Class::Internal,
        }
    }
}

impl Books {
    /// The marks, then whose books of which days.
    fn heading(&self) -> String {
        let whose = format!("{}, fr.o.m. {} t.o.m. {}", self.region.name, self.from, self.to);
        self.marking.sentence().into_iter().chain([whose]).collect::<Vec<_>>().join(". ")
    }

    /// That every voucher has postings, known accounts and the sum zero, lies in the period, and occurs once.
    ///
    /// # Errors
    /// The first thing that is wrong; every writer asks this before it writes.
    pub fn check(&self) -> Result<(), Refusal> {
        let repeated = |field, value| Refusal::Repeated { field, value };
        self.region.stated()?;
        if one_line(&self.region.name).is_empty() {
            return Err(Refusal::Value { field: "namn", value: self.region.name.clone() });
        }
        let mut accounts = BTreeSet::new();
        for account in &self.accounts {
            if !accounts.insert(account.number) {
                return Err(repeated("konto", account.number.to_string()));
            }
        }
        let mut names = BTreeSet::new();
        for voucher in &self.vouchers {
            voucher.check(self, &accounts)?;
            if !names.insert((&voucher.series, voucher.number)) {
                return Err(repeated("verifikation", voucher.name()));
            }
        }
        Ok(())
    }
}

impl Voucher {
    fn check(&self, books: &Books, accounts: &BTreeSet<u32>) -> Result<(), Refusal> {
        let is_plain = self.series.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_plain || self.series.is_empty() {
            return Err(Refusal::Value { field: "serie", value: self.series.clone() });
        }
        if self.postings.is_empty() {
            return Err(Refusal::Value { field: "kontering", value: self.name() });
        }
        if !(books.from..=books.to).contains(&self.day) {
            return Err(Refusal::OutsidePeriod { voucher: self.name(), day: self.day });
        }
        if let Some(posting) = self.postings.iter().find(|it| !accounts.contains(&it.account)) {
            return Err(Refusal::UnknownAccount { voucher: self.name(), account: posting.account });
        }
        match total(self.postings.iter().map(|posting| posting.amount)) {
            Some(Money::ZERO) => Ok(()),
            Some(sum) => Err(Refusal::Unbalanced { voucher: self.name(), sum }),
            None => Err(Refusal::TooLarge),
        }
    }
}
