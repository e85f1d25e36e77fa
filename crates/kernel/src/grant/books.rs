//! A targeted grant in the books: a liability when it is received, revenue as it is used, a liability until it is repaid.
//!
//! Owns: which accounts each act touches. Does not own: what the settlement books (`ledger`); here it is cost and bank.
//!
//! 60 kr received and 45 used: the liability is 15 kr, and so is what bank and recipients hold.

use super::account::Account;
use crate::fact::ActKind;
use crate::money::Money;
use crate::named::named;
use std::collections::BTreeMap;

named! {
    /// An account that the money of a grant stands on.
    BookAccount {
        /// Bank.
        Bank = "bank",
        /// Paid to recipients who have not reported yet.
        Advances = "advances",
        /// Owed to the state: received and not used (skuld för riktat bidrag).
        Liability = "grant-liability",
        /// Owed, but carried forward to the next year.
        CarriedLiability = "carried-liability",
        /// Revenue, as it is used.
        Revenue = "grant-revenue",
        /// Cost.
        Cost = "cost",
    }
}

/// One side; debit is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookPosting {
    /// Account.
    pub account: BookAccount,
    /// Amount.
    pub amount: Money,
}

/// The postings of an act; they sum to zero. Dividing and accounting move no money.
pub fn postings(kind: ActKind, amount: Money) -> Vec<BookPosting> {
    use BookAccount::{Advances, Bank, CarriedLiability, Cost, Liability, Revenue};
    let transfers: &[(BookAccount, BookAccount)] = match kind {
        ActKind::Receive => &[(Bank, Liability)],
        ActKind::Pay => &[(Advances, Bank)],
        ActKind::Use => &[(Cost, Bank), (Liability, Revenue)],
        ActKind::Report => &[(Cost, Advances), (Liability, Revenue)],
        ActKind::Return => &[(Bank, Advances)],
        ActKind::Carry => &[(Liability, CarriedLiability)],
        ActKind::Repay => &[(Liability, Bank)],
        ActKind::Reallocate | ActKind::Account => &[],
    };
    let both = |(debit, credit): &(BookAccount, BookAccount)| {
        [BookPosting { account: *debit, amount }, BookPosting { account: *credit, amount: -amount }]
    };
    transfers.iter().flat_map(both).collect()
}

/// What each account comes to, debit positive; they sum to zero. What the settlement paid is booked as used.
pub fn balances(account: &Account<'_>) -> BTreeMap<BookAccount, Money> {
    let acts = account.acts.iter().map(|act| (act.kind, act.amount));
    let settled = [(ActKind::Use, account.total.settled)];
    // What an earlier grant carried here is owed by this one instead.
    let carried_in = postings(ActKind::Carry, -account.carried_in);
    let mut balances: BTreeMap<BookAccount, Money> =
        BookAccount::ALL.iter().map(|account| (*account, Money::ZERO)).collect();
    let of_acts = acts.chain(settled).flat_map(|(kind, amount)| postings(kind, amount));
    for posting in of_acts.chain(carried_in) {
        *balances.entry(posting.account).or_default() += posting.amount;
    }
    balances
}
