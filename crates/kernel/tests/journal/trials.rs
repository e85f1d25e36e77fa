//! Any order of deeds, against a plain purse that knows nothing of the journal.
//!
//! Owns: random deeds. Does not own: the purse that they are held to (`purse`), or deeds on settlements of real prices, which are tried
//! on random worlds (`settling/retroactive.rs`).

use crate::dice::{Dice, rounds};
use crate::purse::Purse;
use kernel::journal::{Deed, DeedKind, Extent, Journal, PaymentState, Row, publication_note};
use kernel::ledger::{Account, Entry, transfers};
use kernel::money::Money;
use kernel::time::{Day, Month};
use std::collections::BTreeMap;

const PEOPLE: [&str; 6] = ["anna", "bo", "cecilia", "anna", "bo", ""];
const UNITS: [(&str, &str); 3] = [("u1", "p1"), ("u2", "p1"), ("u3", "p2")];

struct Trial {
    dice: Dice,
    journal: Journal,
    purse: Purse,
    number: i32,
}

impl Trial {
    fn small(&mut self, limit: u32) -> i32 {
        i32::try_from(self.dice.below(limit.into())).unwrap()
    }

    fn deed(&mut self, kind: DeedKind, subject: String) -> Deed {
        Deed {
            kind,
            subject,
            by: self.dice.pick(&PEOPLE).to_string(),
            on: Day::new(2023, 1, 1).unwrap().plus(self.number),
            due: None,
            note: self.dice.pick(&["", "because", "required", "off"]).to_string(),
            month: None,
            rows: Vec::new(),
        }
    }

    fn month(&mut self) -> Month {
        Month::new(2022, 10).unwrap().plus(self.small(8))
    }

    fn pick<'k>(&mut self, ids: impl Iterator<Item = &'k String>) -> String {
        let ids: Vec<&String> = ids.collect();
        match ids.len() {
            0 => "none".to_owned(),
            _ => (*self.dice.pick(&ids)).clone(),
        }
    }

    fn any(&mut self) -> (Deed, Vec<Entry>) {
        self.number += 1;
        let journal = self.journal.clone();
        let kind = *self.dice.pick(DeedKind::ALL);
        let fresh = format!("{}-{}", kind.name(), self.number);
        let subject = match kind {
            DeedKind::Require => "attest".to_owned(),
            DeedKind::Draft | DeedKind::Book | DeedKind::Send => fresh,
            DeedKind::Dispute | DeedKind::Accrue => fresh,
            DeedKind::Attest => self.pick(journal.drafts.keys()),
            DeedKind::Undo => {
                let last = journal.last_settlement().map(|booked| &booked.id);
                let any = journal.settlements.iter().map(|booked| &booked.id);
                if self.dice.below(3) > 0 { self.pick(last.into_iter()) } else { self.pick(any) }
            }
            DeedKind::Pay | DeedKind::Return => {
                self.pick(journal.payments.keys().map(|(run, _)| run))
            }
            DeedKind::Close | DeedKind::Reopen => self.month().to_string(),
            DeedKind::CloseYear | DeedKind::ReopenYear | DeedKind::Publish => "2022".to_owned(),
            DeedKind::Answer | DeedKind::Uphold | DeedKind::Dismiss => {
                self.pick(journal.disputes.keys())
            }
            DeedKind::Release => self.pick(journal.accruals.keys()),
        };
        let mut deed = self.deed(kind, subject);
        let mut entries = Vec::new();
        match kind {
            DeedKind::Draft => deed.month = Some(self.month()),
            DeedKind::Book => {
                deed.month = Some(self.month());
                let attested = journal.drafts.iter().filter(|(_, one)| one.attested_by.is_some());
                deed.note = String::new();
                let chosen = attested.max_by_key(|(id, _)| *id).filter(|_| self.dice.below(2) == 0);
                if let Some((id, draft)) = chosen {
                    (deed.note, deed.month) = (id.clone(), draft.month);
                }
                for (unit, payee) in UNITS {
                    let amount = Money::from_ore(i64::from(self.small(2_000)) - 500);
                    let (settlement, unit) = (deed.subject.clone(), unit.to_owned());
                    let payee = payee.to_owned();
                    deed.rows.push(Row { settlement, unit, payee, amount, ..Row::default() });
                }
                deed.rows.retain(|row| row.amount != Money::ZERO);
                entries = transfers(&deed.rows, Account::CareCost, Account::OwedToProvider);
            }
            DeedKind::Undo => {
                let booked = self.purse.booked.get(&deed.subject).cloned().unwrap_or_default();
                entries = booked.iter().map(Entry::reversed).collect();
            }
            DeedKind::Send => {
                deed.rows = journal.to_pay();
                self.dice.shuffle(&mut deed.rows);
                // Now and then a clerk who pays too much, twice, or what is not owed.
                if self.dice.below(4) == 0 {
                    for row in &mut deed.rows {
                        row.amount += Money::from_ore(i64::from(self.small(3)));
                    }
                }
                entries = transfers(&deed.rows, Account::OwedToProvider, Account::InTransfer);
            }
            DeedKind::Pay | DeedKind::Return => {
                if self.dice.below(3) == 0 {
                    deed.rows = vec![Row { payee: "p1".to_owned(), ..Row::default() }];
                }
                let payees = journal.payees_of(&deed).unwrap_or_default();
                let of_run = payees.into_iter();
                let found =
                    of_run.filter_map(|payee| journal.payments.get(&(deed.subject.clone(), payee)));
                let rows: Vec<Row> = found.flat_map(|payment| payment.rows.clone()).collect();
                let to =
                    if kind == DeedKind::Pay { Account::Bank } else { Account::OwedToProvider };
                entries = transfers(&rows, Account::InTransfer, to);
            }
            DeedKind::Dispute => {
                deed.due = Some(deed.on.plus(self.small(40) - 5));
                let booked = self.pick(journal.settlements.iter().map(|booked| &booked.id));
                let (unit, payee) = *self.dice.pick(&UNITS);
                deed.rows.push(Row {
                    settlement: booked,
                    unit: unit.to_owned(),
                    payee: payee.to_owned(),
                    contact: format!("K{}", self.dice.below(3)),
                    element: "delivery".to_owned(),
                    care_month: None,
                    amount: Money::from_ore(i64::from(self.small(300)) - 100),
                });
            }
            DeedKind::Accrue => {
                let amount = Money::from_ore(i64::from(self.small(1_000)) - 300);
                deed.rows.push(Row { unit: "u1".to_owned(), amount, ..Row::default() });
                entries = transfers(&deed.rows, Account::CareCost, Account::Accrued);
            }
            DeedKind::Release => {
                let rows = journal.accruals.get(&deed.subject).map(|one| one.rows.clone());
                entries = transfers(&rows.unwrap_or_default(), Account::Accrued, Account::CareCost);
            }
            DeedKind::Publish => {
                let known_on = Day::new(2022, 12, 20).unwrap().plus(self.small(60));
                let extent = Extent { known_on, revision: 1, batches: 2, inputs: 3 };
                // Now and then the figures are those of before.
                deed.note = publication_note(&extent, &format!("{:064x}", self.dice.below(6)));
            }
            _ => {}
        }
        (deed, entries)
    }
}

#[test]
fn any_order_of_deeds_balances_and_pays_once() {
    let mut done: BTreeMap<DeedKind, u64> = BTreeMap::new();
    let mut refused: BTreeMap<DeedKind, u64> = BTreeMap::new();
    for seed in 0..rounds(300, 20_000) {
        let (journal, purse) = (Journal::default(), Purse::default());
        let mut trial = Trial { dice: Dice(seed), journal, purse, number: 0 };
        let mut deeds = Vec::new();
        for number in 0..120 {
            let (deed, entries) = trial.any();
            let place = format!("seed {seed}, deed {number}, {:?} {}", deed.kind, deed.subject);
            let before = trial.journal.clone();
            match trial.journal.admit(&deed) {
                Err(_) => {
                    assert_eq!(trial.journal, before, "{place}: refused, and changed");
                    *refused.entry(deed.kind).or_default() += 1;
                }
                Ok(()) => {
                    trial.purse.write_down(&deed, entries);
                    *done.entry(deed.kind).or_default() += 1;
                    deeds.push(deed);
                }
            }
            trial.purse.check(&place);
            trial.purse.check_paid_once(&place, &trial.journal);
        }
        assert_eq!(Journal::of(&deeds).unwrap(), trial.journal, "seed {seed}: read back");
    }
    for kind in DeedKind::ALL {
        assert!(done.contains_key(kind), "{kind} was never done: {done:?}");
        assert!(refused.contains_key(kind), "{kind} was never refused: {refused:?}");
    }
}

fn deed(kind: DeedKind, subject: &str, by: &str, note: &str, rows: Vec<Row>) -> Deed {
    let day = Day::new(2023, 3, 3).unwrap();
    Deed {
        kind,
        subject: subject.to_owned(),
        by: by.to_owned(),
        on: day,
        due: Some(day.plus(30)),
        note: note.to_owned(),
        month: Month::new(2023, 2),
        rows,
    }
}

fn owed(kronor: i64) -> Row {
    Row {
        settlement: "a".to_owned(),
        unit: "danderyd".to_owned(),
        payee: "danderyd-ab".to_owned(),
        amount: Money::from_kronor(kronor),
        ..Row::default()
    }
}

fn paid(journal: &Journal) -> Money {
    journal.to_pay().iter().map(|row| row.amount).sum()
}

/// In words: 100 kr settled, 30 kr of it disputed.
#[test]
fn a_disputed_row_is_held_back_and_the_rest_paid() {
    let mut journal = Journal::default();
    let row = |contact: &str, kronor| Row { contact: contact.to_owned(), ..owed(kronor) };
    journal.admit(&deed(DeedKind::Book, "a", "", "", vec![row("", 100)])).unwrap();
    journal.admit(&deed(DeedKind::Dispute, "t", "kliniken", "fel", vec![row("K1", 30)])).unwrap();
    assert_eq!(paid(&journal), Money::from_kronor(70));
    journal.admit(&deed(DeedKind::Send, "b", "anna", "", journal.to_pay())).unwrap();
    assert_eq!(paid(&journal), Money::ZERO);
    journal.admit(&deed(DeedKind::Undo, "a", "anna", "fel", Vec::new())).unwrap_err();
    journal.admit(&deed(DeedKind::Dismiss, "t", "kliniken", "rätt", Vec::new())).unwrap_err();
    journal.admit(&deed(DeedKind::Dismiss, "t", "anna", "rätt", Vec::new())).unwrap();
    assert_eq!(paid(&journal), Money::from_kronor(30));
}

/// In words: a row that a dispute kept out of a run is held back again when it is contested again.
#[test]
fn a_row_contested_again_before_it_is_paid_is_held_back_again() {
    let mut journal = Journal::default();
    let row = |contact: &str, kronor| Row { contact: contact.to_owned(), ..owed(kronor) };
    journal.admit(&deed(DeedKind::Book, "a", "", "", vec![owed(100)])).unwrap();
    journal.admit(&deed(DeedKind::Dispute, "t", "kliniken", "fel", vec![row("K1", 30)])).unwrap();
    journal.admit(&deed(DeedKind::Send, "b", "anna", "", journal.to_pay())).unwrap();
    journal.admit(&deed(DeedKind::Dismiss, "t", "anna", "rätt", Vec::new())).unwrap();
    assert_eq!(paid(&journal), Money::from_kronor(30));
    journal.admit(&deed(DeedKind::Dispute, "t2", "kliniken", "fel", vec![row("K1", 30)])).unwrap();
    assert_eq!(paid(&journal), Money::ZERO);
    journal.admit(&deed(DeedKind::Dispute, "t3", "kliniken", "fel", vec![row("K2", 20)])).unwrap();
    assert_eq!(paid(&journal), Money::ZERO, "another row was sent with the first run");
    let early = Deed {
        on: Day::new(2023, 3, 2).unwrap(),
        ..deed(DeedKind::Pay, "b", "anna", "", Vec::new())
    };
    journal.admit(&early).unwrap_err();
    journal.admit(&deed(DeedKind::Close, "2023-02", "anna", "", Vec::new())).unwrap();
    let closed = Deed {
        on: Day::new(2023, 2, 28).unwrap(),
        ..deed(DeedKind::Accrue, "e", "anna", "", vec![owed(1)])
    };
    journal.admit(&closed).unwrap_err();
}

/// In words: contested after it was sent, nothing is held back; but once the bank returns the run, the row waits.
#[test]
fn a_row_contested_after_it_was_sent_waits_when_the_bank_returns_it() {
    let mut journal = Journal::default();
    let row = |contact: &str, kronor| Row { contact: contact.to_owned(), ..owed(kronor) };
    let held = |journal: &Journal| journal.disputes.values().map(|one| one.frozen()).sum::<Money>();
    journal.admit(&deed(DeedKind::Book, "a", "", "", vec![owed(100)])).unwrap();
    journal.admit(&deed(DeedKind::Send, "b", "anna", "", journal.to_pay())).unwrap();
    journal.admit(&deed(DeedKind::Dispute, "t", "kliniken", "fel", vec![row("K1", 30)])).unwrap();
    assert_eq!(held(&journal), Money::ZERO);
    journal.admit(&deed(DeedKind::Return, "b", "anna", "", Vec::new())).unwrap();
    assert_eq!(held(&journal), Money::from_kronor(30));
    assert_eq!(paid(&journal), Money::from_kronor(70));
}

/// In words: K1 100 kr and a correction of K2 by −30 kr; the correction is contested, so 100 kr is paid, and the 30 kr are taken off the
/// next run once the region has not agreed, though the bank returned the first run in between.
#[test]
fn a_contested_debt_is_taken_off_once() {
    let mut journal = Journal::default();
    let row = |contact: &str, kronor| Row { contact: contact.to_owned(), ..owed(kronor) };
    journal.admit(&deed(DeedKind::Book, "a", "", "", vec![owed(70)])).unwrap();
    journal.admit(&deed(DeedKind::Dispute, "t", "kliniken", "fel", vec![row("K2", -30)])).unwrap();
    for run in ["b-1", "b-2"] {
        assert_eq!(paid(&journal), Money::from_kronor(100), "{run}");
        journal.admit(&deed(DeedKind::Send, run, "anna", "", journal.to_pay())).unwrap();
        if run == "b-1" {
            journal.admit(&deed(DeedKind::Return, run, "anna", "", Vec::new())).unwrap();
        }
    }
    journal.admit(&deed(DeedKind::Dismiss, "t", "anna", "rätt", Vec::new())).unwrap();
    assert_eq!(paid(&journal), Money::ZERO, "a debt alone is no payment");
    let waiting: Money = journal.waiting().iter().map(|row| row.amount).sum();
    assert_eq!(waiting, Money::from_kronor(-30));
    let next = Row { settlement: "a2".to_owned(), ..owed(50) };
    journal.admit(&deed(DeedKind::Book, "a2", "", "", vec![next])).unwrap();
    assert_eq!(paid(&journal), Money::from_kronor(20));
    journal.admit(&deed(DeedKind::Send, "b-3", "anna", "", journal.to_pay())).unwrap();
    assert_eq!((paid(&journal), journal.waiting()), (Money::ZERO, Vec::new()));
    // Contested again, it is the run that took the debt which had it.
    journal.admit(&deed(DeedKind::Dispute, "t2", "kliniken", "fel", vec![row("K2", -30)])).unwrap();
    assert_eq!(journal.disputes["t2"].sent_in.as_deref(), Some("b-3"));
    journal.admit(&deed(DeedKind::Return, "b-3", "anna", "", Vec::new())).unwrap();
    assert_eq!(paid(&journal), Money::from_kronor(50), "contested, and not taken off");
}

/// In words: what the bank returned is undone and booked anew; it is paid once, and the old run can be neither confirmed nor sent.
#[test]
fn what_was_returned_undone_and_booked_anew_is_paid_once() {
    let mut journal = Journal::default();
    journal.admit(&deed(DeedKind::Book, "a", "", "", vec![owed(100)])).unwrap();
    let rows = journal.to_pay();
    journal.admit(&deed(DeedKind::Send, "b-1", "anna", "", rows.clone())).unwrap();
    journal.admit(&deed(DeedKind::Undo, "a", "anna", "fel", Vec::new())).unwrap_err();
    journal.admit(&deed(DeedKind::Return, "b-1", "anna", "", Vec::new())).unwrap();
    journal.admit(&deed(DeedKind::Undo, "a", "anna", "fel", Vec::new())).unwrap();
    journal.admit(&deed(DeedKind::Pay, "b-1", "anna", "", Vec::new())).unwrap_err();
    journal.admit(&deed(DeedKind::Send, "b-2", "anna", "", rows)).unwrap_err();
    let anew = Row { settlement: "a2".to_owned(), ..owed(100) };
    journal.admit(&deed(DeedKind::Book, "a2", "", "", vec![anew])).unwrap();
    journal.admit(&deed(DeedKind::Send, "b-2", "anna", "", journal.to_pay())).unwrap();
    let sent = journal.payments.iter().filter(|(_, one)| one.state != PaymentState::Returned);
    assert_eq!(sent.map(|(_, one)| one.amount()).sum::<Money>(), Money::from_kronor(100));
    assert_eq!((paid(&journal), journal.waiting()), (Money::ZERO, Vec::new()));
}
