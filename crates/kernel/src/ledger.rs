//! The books: a settlement's lines as balanced entries (verifikationer).
//!
//! Owns: which accounts a payable line touches. Does not own: storage, or the chart of accounts beyond the three
//! accounts that a settlement needs.
//!
//! Debit care cost, credit what is owed to the payee; every entry sums to zero. Shadow amounts are
//! not booked.

use crate::fact::LegalForm;
use crate::money::Money;
use crate::named::named;
use crate::settle::{Cause, Names, SettleLine, summary};
use crate::time::Month;

named! {
    /// An account (konto).
    Account {
        /// Cost of care, by payer.
        CareCost = "care-cost",
        /// Owed to a provider that is a legal person of its own.
        OwedToProvider = "owed-to-provider",
        /// Internal posting to an administration of the region, the same legal person.
        InternalPosting = "internal-posting",
    }
}

/// One side of an entry (kontering); debit is positive.
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
    pub care_month: Month,
    /// Cause.
    pub cause: Cause,
    /// Amount, debit positive.
    pub amount: Money,
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
}

/// The entries of a settlement, in order of unit and payee. `legal_form` tells the form of a payee;
/// an unknown payee is treated as a legal person of its own.
pub fn entries(
    lines: &[SettleLine],
    names: &Names,
    legal_form: impl Fn(&str) -> Option<LegalForm>,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (key, sum) in summary(lines, names) {
        let total = sum.total;
        if !key.payable || total.amount == Money::ZERO {
            continue;
        }
        let owed = match legal_form(key.payee) {
            Some(LegalForm::RegionAdministration) => Account::InternalPosting,
            _ => Account::OwedToProvider,
        };
        let posting = |account, amount| Posting {
            account,
            unit: key.unit.to_owned(),
            element: key.element.to_owned(),
            payer: key.payer.to_owned(),
            payee: key.payee.to_owned(),
            care_month: key.care_month,
            cause: key.cause,
            amount,
        };
        let both = [posting(Account::CareCost, total.amount), posting(owed, -total.amount)];
        match entries.last_mut().filter(|last| last.unit == key.unit && last.payee == key.payee) {
            Some(entry) => entry.postings.extend(both),
            None => entries.push(Entry {
                unit: key.unit.to_owned(),
                payee: key.payee.to_owned(),
                postings: both.into(),
            }),
        }
    }
    entries
}
