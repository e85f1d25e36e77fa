//! The books: what happens with money as balanced entries (verifikationer).
//!
//! Owns: which accounts a payable line, a payment or an accrual touches. Does not own: storage, or the numbers that a region gives its
//! accounts (facts of the register).
//!
//! A settlement debits care cost and credits what is owed to the payee; every entry sums to zero. Shadow amounts are
//! not booked.

pub use crate::fact::Account;
use crate::fact::LegalForm;
use crate::journal::Row;
use crate::money::Money;
use crate::settle::{Cause, Names, NetKey, SettleLine};
use crate::time::Month;
use std::collections::BTreeMap;

/// One side of an entry (kontering); debit is positive. Texts that do not apply are blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Account.
    pub account: Account,
    /// Unit.
    pub unit: String,
    /// Element.
    pub element: String,
    /// Payer.
    pub payer: String,
    /// Payee.
    pub payee: String,
    /// Month of care.
    pub care_month: Option<Month>,
    /// Cause; none for what is no settlement.
    pub cause: Option<Cause>,
    /// The decision that states the rate.
    pub decision: String,
    /// What finances the rate.
    pub financing: String,
    /// Amount, debit positive.
    pub amount: Money,
}

impl Posting {
    /// The same on another account.
    fn on(&self, account: Account, amount: Money) -> Self {
        Self { account, amount, ..self.clone() }
    }
}

/// Postings that belong together (verifikation): one for each unit and payee; they sum to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Unit.
    pub unit: String,
    /// Payee.
    pub payee: String,
    /// The postings.
    pub postings: Vec<Posting>,
}

impl Entry {
    /// The sum of the postings; always zero.
    pub fn sum(&self) -> Money {
        self.postings.iter().map(|posting| posting.amount).sum()
    }

    /// The entry that takes this one back.
    pub fn reversed(&self) -> Self {
        let postings = self.postings.iter();
        let postings = postings.map(|one| one.on(one.account, -one.amount)).collect();
        Self { postings, ..self.clone() }
    }
}

/// Where a rate comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Traced {
    /// The decision that states it.
    pub decision: String,
    /// What finances it; blank for the ordinary budget.
    pub financing: String,
}

/// The entries of a settlement, in order of unit and payee. `traced` tells where a rate comes from, `legal_form` the form of a
/// payee; an unknown payee is treated as a legal person of its own.
pub fn entries(
    lines: &[SettleLine],
    names: &Names,
    traced: impl Fn(&str) -> Traced,
    legal_form: impl Fn(&str) -> Option<LegalForm>,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (debit, amount) in sums(lines, names, traced) {
        let debit = Posting { amount, ..debit };
        let owed = match legal_form(&debit.payee) {
            Some(LegalForm::RegionAdministration) => Account::InternalPosting,
            _ => Account::OwedToProvider,
        };
        let both = [debit.on(Account::CareCost, amount), debit.on(owed, -amount)];
        let same = |last: &&mut Entry| last.unit == debit.unit && last.payee == debit.payee;
        match entries.last_mut().filter(same) {
            Some(entry) => entry.postings.extend(both),
            None => entries.push(Entry {
                unit: debit.unit.clone(),
                payee: debit.payee.clone(),
                postings: both.into(),
            }),
        }
    }
    entries
}

/// Payable lines added up by everything a posting says, in its order; what comes to nothing stays out.
fn sums(
    lines: &[SettleLine],
    names: &Names,
    traced: impl Fn(&str) -> Traced,
) -> Vec<(Posting, Money)> {
    let mut of_rate: BTreeMap<(NetKey, Cause, u32), Money> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.key.payable) {
        *of_rate.entry((line.key, line.cause, line.rate)).or_default() += line.total.amount;
    }
    let mut sums: BTreeMap<_, Money> = BTreeMap::new();
    for ((key, cause, rate), amount) in of_rate {
        let place = [key.unit, key.payee, key.payer, key.element].map(|name| names.text(name));
        let key = (place, key.month, cause, traced(names.text(rate)));
        *sums.entry(key).or_default() += amount;
    }
    sums.retain(|_, amount| *amount != Money::ZERO);
    let posting =
        |([unit, payee, payer, element], care_month, cause, from): ([&str; 4], _, _, _)| {
            let Traced { decision, financing } = from;
            Posting {
                account: Account::CareCost,
                unit: unit.to_owned(),
                element: element.to_owned(),
                payer: payer.to_owned(),
                payee: payee.to_owned(),
                care_month: Some(care_month),
                cause: Some(cause),
                decision,
                financing,
                amount: Money::ZERO,
            }
        };
    sums.into_iter().map(|(key, amount)| (posting(key), amount)).collect()
}

/// The entries that move the amounts of rows from one account to another, one for each unit and payee.
pub fn transfers(rows: &[Row], debit: Account, credit: Account) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut rows: Vec<&Row> = rows.iter().filter(|row| row.amount != Money::ZERO).collect();
    rows.sort();
    rows.sort_by_key(|row| (&row.unit, &row.payee));
    for row in rows {
        let from = Posting {
            account: debit,
            unit: row.unit.clone(),
            element: row.element.clone(),
            payer: String::new(),
            payee: row.payee.clone(),
            care_month: row.care_month,
            cause: None,
            decision: String::new(),
            financing: String::new(),
            amount: row.amount,
        };
        let both = [from.on(debit, row.amount), from.on(credit, -row.amount)];
        match entries.last_mut().filter(|last| last.unit == row.unit && last.payee == row.payee) {
            Some(entry) => entry.postings.extend(both),
            None => entries.push(Entry {
                unit: row.unit.clone(),
                payee: row.payee.clone(),
                postings: both.into(),
            }),
        }
    }
    entries
}
