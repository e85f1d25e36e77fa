//! Doing things with settlements, payments, months and disputes: admitted by the kernel, kept by the store, or refused whole.
//!
//! Owns: carrying deeds between the two. Does not own: what may be done (`kernel::journal`) or which accounts it touches
//! (`kernel::ledger`).

use super::DataFolder;
use super::settling::refuse_far_ahead;
use crate::failure::Failure;
use crate::findings::refuse_numbers;
use kernel::journal::{Deed, DeedKind, Journal, Row};
use kernel::ledger::{Account, Entry, transfers};
use kernel::money::Money;
use kernel::settle::Cause;
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, HashMap};
use store::{Brings, DeedRow, NewDeed, NewEntry, PostingRow, Settlement};

/// The deeds of a folder, in order, and what they come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Done {
    /// With their numbers.
    pub(super) deeds: Vec<(i64, Deed)>,
    pub(super) journal: Journal,
}

impl Done {
    /// From what is kept; each deed was admitted once, so one that is not now is damaged.
    pub(super) fn of(
        kept: Vec<store::Deed>,
        settlements: &[Settlement],
        drafts: &[Settlement],
    ) -> Result<Self, Failure> {
        let months: HashMap<&str, Month> = settlements
            .iter()
            .chain(drafts)
            .map(|one| (one.booked.id.as_str(), one.booked.month))
            .collect();
        let mut done = Self::default();
        for kept in kept {
            let Some(kind) = DeedKind::parse(&kept.kind) else {
                return Err(damaged(kept.seq, "ett okänt slag", "of an unknown kind"));
            };
            let deed = Deed {
                kind,
                month: months.get(kept.subject.as_str()).copied(),
                subject: kept.subject,
                by: kept.by,
                on: kept.on,
                due: kept.due,
                note: kept.note,
                rows: kept.rows.into_iter().map(row).collect(),
            };
            if let Err(why) = done.journal.admit(&deed) {
                return Err(damaged(kept.seq, &why.sv, &why.en));
            }
            done.deeds.push((kept.seq, deed));
        }
        Ok(done)
    }

    pub(super) fn last(&self) -> i64 {
        self.deeds.last().map_or(0, |(seq, _)| *seq)
    }
}

fn damaged(seq: i64, sv: &str, en: &str) -> Failure {
    Failure::refused(
        format!("åtgärd {seq} i boken går inte att följa: {sv}; kör verify-log"),
        format!("deed {seq} of the books cannot be followed: {en}; run verify-log"),
    )
}

fn row(row: DeedRow) -> Row {
    Row {
        settlement: row.settlement,
        unit: row.unit,
        payee: row.payee,
        contact: row.contact,
        element: row.element,
        care_month: row.care_month,
        amount: row.amount,
    }
}

fn deed_row(row: &Row) -> DeedRow {
    DeedRow {
        settlement: row.settlement.clone(),
        unit: row.unit.clone(),
        payee: row.payee.clone(),
        contact: row.contact.clone(),
        element: row.element.clone(),
        care_month: row.care_month,
        amount: row.amount,
    }
}

/// An entry as it is kept.
pub(super) fn new_entry(entry: &Entry) -> NewEntry {
    let postings = entry.postings.iter().map(|posting| store::Posting {
        account: posting.account.name().to_owned(),
        unit: posting.unit.clone(),
        element: posting.element.clone(),
        payer: posting.payer.clone(),
        payee: posting.payee.clone(),
        care_month: posting.care_month,
        cause: posting.cause.map_or_else(String::new, |cause| cause.name().to_owned()),
        decision: posting.decision.clone(),
        financing: posting.financing.clone(),
        amount: posting.amount,
    });
    let text = [entry.unit.as_str(), entry.payee.as_str()];
    NewEntry {
        unit: entry.unit.clone(),
        text: text.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
        postings: postings.collect(),
    }
}

/// What of a settlement is owed to whom: the credit of what is paid through the bank, by unit and payee.
pub(super) fn owed(settlement: &str, entries: &[Entry]) -> Vec<Row> {
    let mut owed: BTreeMap<(&str, &str), Money> = BTreeMap::new();
    let postings = entries.iter().flat_map(|entry| &entry.postings);
    for posting in postings.filter(|posting| posting.account == Account::OwedToProvider) {
        *owed.entry((&posting.unit, &posting.payee)).or_default() += -posting.amount;
    }
    let row = |((unit, payee), amount): ((&str, &str), Money)| Row {
        settlement: settlement.to_owned(),
        unit: unit.to_owned(),
        payee: payee.to_owned(),
        amount,
        ..Row::default()
    };
    owed.into_iter().filter(|(_, amount)| *amount != Money::ZERO).map(row).collect()
}

impl DataFolder {
    /// What all deeds come to.
    pub fn journal(&self) -> &Journal {
        &self.done.journal
    }

    /// Every deed with its number, in order.
    pub fn deeds(&self) -> &[(i64, Deed)] {
        &self.done.deeds
    }

    /// The number of the deed that booked a settlement.
    pub fn booking_of(&self, settlement: &str) -> Option<i64> {
        let mut deeds = self.done.deeds.iter();
        let found = deeds.find(|(_, d)| d.kind == DeedKind::Book && d.subject == settlement);
        found.map(|(seq, _)| *seq)
    }

    /// The day that a settlement of a month counts from in the books: its own, but never before what it takes the place of was undone,
    /// so that no day has anything twice. What was undone of an earlier month waits for the first booking after it that stands.
    pub fn counts_from(&self, month: Month, settled_on: Day) -> Day {
        let mut undone: Vec<(Month, Day)> = Vec::new();
        for (_, deed) in &self.done.deeds {
            match (deed.kind, deed.month) {
                (DeedKind::Undo, Some(of)) => undone.push((of, deed.on)),
                (DeedKind::Book, Some(of)) if !self.done.journal.is_undone(&deed.subject) => {
                    undone.retain(|(waits, _)| *waits > of || *waits >= month);
                }
                _ => {}
            }
        }
        undone.into_iter().map(|(_, on)| on).fold(settled_on, Day::max)
    }

    /// Every posting of the deeds of the ledger.
    pub fn postings(&self) -> Result<Vec<PostingRow>, Failure> {
        let mut postings = self.runtime.block_on(self.store.postings())?;
        // Others may have done something since this folder was read.
        let last = self.done.last();
        postings.retain(|row| row.deed <= last);
        Ok(postings)
    }

    /// Does something whole, with the entries that follow from it, or refuses it and changes nothing. Gives its number.
    pub fn act(&mut self, deed: Deed) -> Result<i64, Failure> {
        refuse_far_ahead(deed.on.month())?;
        let entries = self.entries_of(&deed)?;
        self.keep_deed(deed, &entries, Brings::Nothing)
    }

    pub(super) fn keep_deed(
        &mut self,
        deed: Deed,
        entries: &[Entry],
        brings: Brings<'_>,
    ) -> Result<i64, Failure> {
        // The note of an accrual or a publication is written by the program, of amounts and hashes.
        if !matches!(deed.kind, DeedKind::Accrue | DeedKind::Publish) {
            refuse_numbers(&deed.note)?;
        }
        let mut journal = self.done.journal.clone();
        journal.admit(&deed).map_err(|why| Failure::refused(why.sv, why.en))?;
        let new = NewDeed {
            kind: deed.kind.name().to_owned(),
            subject: deed.subject.clone(),
            by: deed.by.clone(),
            on: deed.on,
            due: deed.due,
            note: deed.note.clone(),
            rows: deed.rows.iter().map(deed_row).collect(),
            entries: entries.iter().map(new_entry).collect(),
        };
        let kept = self.store.append_deed(&new, brings, self.done.last());
        let seq = self.runtime.block_on(kept)?;
        self.done.deeds.push((seq, deed));
        self.done.journal = journal;
        Ok(seq)
    }

    /// The entries of a deed that is no settlement, before it is done.
    fn entries_of(&self, deed: &Deed) -> Result<Vec<Entry>, Failure> {
        let journal = &self.done.journal;
        Ok(match deed.kind {
            DeedKind::Undo => {
                self.kept_entries(&deed.subject)?.iter().map(Entry::reversed).collect()
            }
            DeedKind::Send => transfers(&deed.rows, Account::OwedToProvider, Account::InTransfer),
            DeedKind::Pay => {
                transfers(&self.rows_of_run(deed)?, Account::InTransfer, Account::Bank)
            }
            DeedKind::Return => {
                transfers(&self.rows_of_run(deed)?, Account::InTransfer, Account::OwedToProvider)
            }
            DeedKind::Accrue => transfers(&deed.rows, Account::CareCost, Account::Accrued),
            DeedKind::Release => {
                let rows = journal.accruals.get(&deed.subject).map_or(&[][..], |one| &one.rows);
                transfers(rows, Account::Accrued, Account::CareCost)
            }
            _ => Vec::new(),
        })
    }

    fn rows_of_run(&self, deed: &Deed) -> Result<Vec<Row>, Failure> {
        let journal = &self.done.journal;
        let payees = journal.payees_of(deed).map_err(|why| Failure::refused(why.sv, why.en))?;
        let payment = |payee| journal.payments.get(&(deed.subject.clone(), payee));
        let payments = payees.into_iter().filter_map(payment);
        Ok(payments.flat_map(|payment| payment.rows.iter().cloned()).collect())
    }

    /// The entries that a settlement was booked with.
    fn kept_entries(&self, settlement: &str) -> Result<Vec<Entry>, Failure> {
        let Some(seq) = self.booking_of(settlement) else { return Ok(Vec::new()) };
        let kept = self.runtime.block_on(self.store.entries_of(seq))?;
        let posting = |posting: &store::Posting| {
            Some(kernel::ledger::Posting {
                account: Account::parse(&posting.account)?,
                unit: posting.unit.clone(),
                element: posting.element.clone(),
                payer: posting.payer.clone(),
                payee: posting.payee.clone(),
                care_month: posting.care_month,
                cause: Cause::parse(&posting.cause),
                decision: posting.decision.clone(),
                financing: posting.financing.clone(),
                amount: posting.amount,
            })
        };
        let entry = |entry: &NewEntry| {
            let postings: Option<Vec<_>> = entry.postings.iter().map(posting).collect();
            let postings = postings?;
            let payee = postings.first().map_or_else(String::new, |one| one.payee.clone());
            Some(Entry { unit: entry.unit.clone(), payee, postings })
        };
        let entries: Option<Vec<Entry>> = kept.iter().map(entry).collect();
        entries.ok_or_else(|| damaged(seq, "ett okänt konto", "an unknown account"))
    }
}
