//! What a plain bookkeeper knows who knows nothing of the journal.
//!
//! Owns: a purse for every share of every settlement, with what is owed, on its way and paid. Whatever is admitted must leave the accounts
//! saying what the purses say, and nothing may be paid twice.

use kernel::journal::{Deed, DeedKind, Journal, PaymentState, Row, Share};
use kernel::ledger::{Account, Entry};
use kernel::money::Money;
use std::collections::BTreeMap;

/// What a plain bookkeeper would know.
#[derive(Default)]
pub struct Purse {
    /// Owed by share of settlements that stand.
    pub owed: BTreeMap<Share, i64>,
    /// Row by row, what was sent in which run, and whether it came back or was paid.
    pub sent: Vec<(String, Row, PaymentState)>,
    /// What was ever contested of a share.
    contested: BTreeMap<Share, i64>,
    /// Accrued and not released.
    accrued: BTreeMap<String, i64>,
    /// What was booked, to be taken back.
    pub booked: BTreeMap<String, Vec<Entry>>,
    /// Balances of all accounts.
    balances: BTreeMap<Account, i64>,
}

impl Purse {
    pub fn post(&mut self, entries: &[Entry]) {
        for entry in entries {
            assert_eq!(entry.sum(), Money::ZERO, "{entry:?}");
            for posting in &entry.postings {
                *self.balances.entry(posting.account).or_default() += posting.amount.ore();
            }
        }
    }

    pub fn balance(&self, account: Account) -> i64 {
        self.balances.get(&account).copied().unwrap_or(0)
    }

    fn sum(&self, states: &[PaymentState]) -> i64 {
        let rows = self.sent.iter().filter(|(_, _, state)| states.contains(state));
        rows.map(|(_, row, _)| row.amount.ore()).sum()
    }

    /// The accounts say what the purses say.
    pub fn check(&self, place: &str) {
        let live = [PaymentState::Sent, PaymentState::Paid];
        let owed: i64 = self.owed.values().sum();
        assert_eq!(self.balance(Account::OwedToProvider), self.sum(&live) - owed, "{place}: owed");
        assert_eq!(self.balance(Account::InTransfer), -self.sum(&[PaymentState::Sent]), "{place}");
        assert_eq!(self.balance(Account::Bank), -self.sum(&[PaymentState::Paid]), "{place}: bank");
        let accrued: i64 = self.accrued.values().sum();
        assert_eq!(self.balance(Account::Accrued), -accrued, "{place}: accrued");
        let cost = self.balance(Account::CareCost) + self.balance(Account::InternalPosting);
        assert_eq!(cost, owed + accrued, "{place}: cost");
        assert_eq!(self.balances.values().sum::<i64>(), 0, "{place}: everything");
    }

    /// How much of a share was ever contested, either way.
    fn contested(&self, share: &Share) -> i64 {
        self.contested.get(share).copied().unwrap_or(0)
    }

    /// No share was ever sent to more than what is owed of it, taken piece by piece.
    pub fn check_paid_once(&self, place: &str, journal: &Journal) {
        let mut of_share: BTreeMap<Share, i64> = BTreeMap::new();
        for (_, row, _) in self.sent.iter().filter(|(_, _, state)| *state != PaymentState::Returned)
        {
            *of_share.entry(row.share()).or_default() += row.amount.ore();
        }
        for (share, sent) in of_share {
            let owed = self.owed.get(&share).copied();
            let frozen = journal.disputes.values().filter(|one| one.row.share() == share);
            let frozen: i64 = frozen.map(|one| one.frozen().ore()).sum();
            let left = journal.payable(&share).ore();
            let sum = self.owed.get(&share).copied().unwrap_or(0);
            let contested = self.contested(&share);
            let bounds = sum.min(0) - contested..=sum.max(0) + contested;
            assert!(bounds.contains(&sent), "{place}: {share:?} {sent} of {sum}");
            assert_eq!(owed, Some(sent + frozen + left), "{place}: {share:?} paid twice or lost");
        }
    }

    /// What a bookkeeper writes down of what was admitted.
    pub fn write_down(&mut self, deed: &Deed, entries: Vec<Entry>) {
        self.post(&entries);
        match deed.kind {
            DeedKind::Book => {
                let owed = deed.rows.iter().map(|row| (row.share(), row.amount.ore()));
                self.owed.extend(owed);
                self.booked.insert(deed.subject.clone(), entries);
            }
            DeedKind::Undo => self.owed.retain(|share, _| share.settlement != deed.subject),
            DeedKind::Send => {
                let row = |row: &Row| (deed.subject.clone(), row.clone(), PaymentState::Sent);
                self.sent.extend(deed.rows.iter().map(row));
            }
            DeedKind::Pay | DeedKind::Return => {
                let state = match deed.kind {
                    DeedKind::Pay => PaymentState::Paid,
                    _ => PaymentState::Returned,
                };
                let named: Vec<&String> = deed.rows.iter().map(|row| &row.payee).collect();
                for (run, row, now) in &mut self.sent {
                    let is_meant = named.is_empty() || named.contains(&&row.payee);
                    if *run == deed.subject && is_meant && *now == PaymentState::Sent {
                        *now = state;
                    }
                }
            }
            DeedKind::Dispute => {
                for row in &deed.rows {
                    let amount = row.amount.ore().abs();
                    *self.contested.entry(row.share()).or_default() += amount;
                }
            }
            DeedKind::Accrue => {
                let amount = deed.rows.iter().map(|row| row.amount.ore()).sum();
                self.accrued.insert(deed.subject.clone(), amount);
            }
            DeedKind::Release => {
                self.accrued.remove(&deed.subject);
            }
            _ => {}
        }
    }
}
