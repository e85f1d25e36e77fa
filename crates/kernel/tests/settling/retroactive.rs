//! Retroactive runs in any order: decisions that reach back, late reports, settlements, undone settlements, closed and reopened months,
//! payments, disputes and accruals by lot, on random worlds.
//!
//! Owns: that whatever was done on the way, every contact ends with the same net, and that each row was paid at most once. Does not own:
//! the books of settlements (`books`), or the purse that payments are held to (`purse`).
//!
//! January is settled, undone and settled again after a raise, February is paid and corrected in March: the net is that of one
//! settlement of everything in the end.

use super::books::{Books, Net, Plan};
use super::{Counts, count, is_refused, legal_form};
use crate::purse::Purse;
use crate::world::{Random, World, world};
use kernel::journal::{Deed, DeedKind, Journal, Row};
use kernel::ledger::{self, Account, Entry, Traced, transfers};
use kernel::money::Money;
use kernel::settle::{Basis, SettleLine};
use kernel::time::{Day, Month};
use std::collections::BTreeMap;

/// Runs by default, and under `VARDKEDJA_DEEP`; two of each world.
const RUNS: u64 = 100;
const RUNS_DEEP: u64 = 4_000;

/// What the runs by default must have done at least.
const WANTED: [(&str, usize); 12] = [
    ("book", 200),
    ("undo", 30),
    ("close", 30),
    ("reopen", 15),
    ("send", 30),
    ("pay", 10),
    ("return", 5),
    ("dispute", 15),
    ("dismiss", 5),
    ("accrue", 15),
    ("release", 5),
    ("refused", 20),
];

#[test]
fn retroactive_runs_in_any_order_give_the_same_net() {
    let runs = if std::env::var_os("VARDKEDJA_DEEP").is_some() { RUNS_DEEP } else { RUNS };
    let (mut counts, mut done) = (Counts::new(), 0);
    for seed in 0.. {
        let world = world(seed);
        if is_refused(&world.decisions) {
            continue;
        }
        let right = once(&world);
        for turn in 0..2 {
            let mut random = Random((seed * 2 + turn) ^ 0x0bac_4a7d);
            let place = format!("world {seed}, turn {turn}");
            let net = Run::of(&place, &world, &mut random, &mut counts);
            assert_eq!(net, right, "{place}: the order matters");
            done += 1;
        }
        if done >= runs {
            break;
        }
    }
    let seldom = |(name, least): &&(&str, usize)| counts.get(*name).is_none_or(|had| had < least);
    let seldom: Vec<_> = WANTED.iter().filter(seldom).collect();
    assert!(seldom.is_empty(), "too seldom: {seldom:?} in {counts:#?}");
}

/// The net of contacts where everything is settled at once. Shares of a pot keep what was paid before a key was restated (R37), so
/// what they pay depends on when; `shares` has their rules.
fn once(world: &World) -> Net {
    let plan = Plan::all_at_once(world);
    let engine = plan.engine(world);
    let mut books = Books::new(&engine);
    for basis in plan.bases(&engine.register) {
        let (lines, findings) = books.preview(&basis).expect("the files are accepted");
        books.book(&basis, &lines, &findings);
    }
    of_contacts(&books)
}

fn of_contacts(books: &Books<'_>) -> Net {
    let mut net = books.net.clone();
    net.retain(|(contact, ..), _| contact.is_some());
    net
}

struct Run<'w, 'r> {
    place: String,
    books: Books<'w>,
    standing: Vec<(Basis, Vec<SettleLine>)>,
    journal: Journal,
    purse: Purse,
    random: &'r mut Random,
    counts: &'r mut Counts,
    number: u32,
    on: Day,
}

impl Run<'_, '_> {
    /// Does everything by lot, then settles and pays what is left. Gives the net of each contact.
    fn of(place: &str, world: &World, random: &mut Random, counts: &mut Counts) -> Net {
        let plan = Plan::in_any_order(world, random);
        let engine = plan.engine(world);
        let bases = plan.bases(&engine.register);
        let mut run = Run {
            place: place.to_owned(),
            books: Books::new(&engine),
            standing: Vec::new(),
            journal: Journal::default(),
            purse: Purse::default(),
            random,
            counts,
            number: 0,
            on: Day::MIN,
        };
        for (at, basis) in bases.iter().enumerate() {
            let is_last = at + 1 == bases.len();
            run.on = basis.on;
            // Taken back and settled again, some times over.
            loop {
                if is_last && run.journal.is_closed(basis.month) {
                    let deed = run.deed(DeedKind::Reopen, &basis.month.to_string());
                    assert!(run.act(deed, Vec::new()), "{place}: the last month stays closed");
                }
                let is_booked = run.settle(basis);
                assert!(is_booked || !is_last, "{place}: the last settlement is refused");
                run.between(is_booked);
                if !run.random.chance(25) || !run.undo() {
                    break;
                }
                run.between(false);
            }
        }
        run.end();
        of_contacts(&run.books)
    }

    /// Does something, or is refused and changes nothing.
    fn act(&mut self, deed: Deed, entries: Vec<Entry>) -> bool {
        let before = self.journal.clone();
        let is_done = self.journal.admit(&deed).is_ok();
        if is_done {
            count(self.counts, deed.kind.name(), 1);
            self.purse.write_down(&deed, entries);
        } else {
            count(self.counts, "refused", 1);
            assert_eq!(self.journal, before, "{}: refused, and changed", self.place);
        }
        self.purse.check(&self.place);
        self.purse.check_paid_once(&self.place, &self.journal);
        let care_cost: i64 = self.payable();
        let accrued: i64 = -self.purse.balance(Account::Accrued);
        assert_eq!(self.purse.balance(Account::CareCost), care_cost + accrued, "{}", self.place);
        is_done
    }

    /// What all contacts and units have, payable.
    fn payable(&self) -> i64 {
        let lines = self.standing.iter().flat_map(|(_, lines)| lines);
        lines.filter(|line| line.key.payable).map(|line| line.total.amount.ore()).sum()
    }

    fn deed(&mut self, kind: DeedKind, subject: &str) -> Deed {
        let (on, subject) = (self.on, subject.to_owned());
        let (by, note, due) = ("anna".to_owned(), "because".to_owned(), Some(on.plus(30)));
        Deed { kind, subject, by, on, due, note, month: None, rows: Vec::new() }
    }

    fn fresh(&mut self, name: &str) -> String {
        self.number += 1;
        format!("{name}-{}", self.number)
    }

    fn settle(&mut self, basis: &Basis) -> bool {
        if self.journal.is_closed(basis.month) {
            return false;
        }
        if self.books.previous.is_some_and(|previous| previous.month > basis.month) {
            return false;
        }
        let Some((lines, findings)) = self.books.preview(basis) else { return false };
        let names = self.books.names();
        let entries = ledger::entries(&lines, names, |_| Traced::default(), legal_form);
        let id = self.fresh("a");
        let owed = entries.iter().flat_map(|entry| &entry.postings);
        let mut shares: BTreeMap<(&str, &str), Money> = BTreeMap::new();
        for posting in owed.filter(|posting| posting.account == Account::OwedToProvider) {
            *shares.entry((&posting.unit, &posting.payee)).or_default() += -posting.amount;
        }
        let row = |((unit, payee), amount): ((&str, &str), Money)| Row {
            settlement: id.clone(),
            unit: unit.to_owned(),
            payee: payee.to_owned(),
            amount,
            ..Row::default()
        };
        let mut rows: Vec<Row> = shares.into_iter().map(row).collect();
        rows.retain(|row| row.amount != Money::ZERO);
        let deed = self.deed(DeedKind::Book, &id);
        let deed = Deed { note: String::new(), month: Some(basis.month), rows, ..deed };
        self.books.book(basis, &lines, &findings);
        self.standing.push((*basis, lines));
        assert!(self.act(deed, entries), "{}: an open month is refused", self.place);
        assert_eq!(self.books.net, self.books.posted_net(), "{}: added up otherwise", self.place);
        true
    }

    /// Takes the last settlement back, unless its month is closed or something of it is at the bank.
    fn undo(&mut self) -> bool {
        let Some(last) = self.journal.last_settlement().map(|booked| booked.id.clone()) else {
            return false;
        };
        let entries = self.purse.booked.get(&last).into_iter().flatten();
        let entries: Vec<Entry> = entries.map(Entry::reversed).collect();
        let deed = self.deed(DeedKind::Undo, &last);
        let mut trial = self.journal.clone();
        if trial.admit(&deed).is_ok() {
            self.standing.pop();
            self.books.take_back(&mut self.standing);
            let posted = self.books.posted_net();
            assert_eq!(self.books.net, posted, "{}: taken back otherwise", self.place);
        }
        self.act(deed, entries)
    }

    /// What people do between two settlements.
    fn between(&mut self, is_booked: bool) {
        for _ in 0..self.random.below(4) {
            match self.random.below(8) {
                0 => self.close(),
                1 => self.reopen(),
                2 => self.send(),
                3 => self.bank(),
                4 if is_booked => self.dispute(),
                5 => self.decide(),
                6 => self.accrue(),
                _ => self.release(),
            }
        }
    }

    fn close(&mut self) {
        let Some((basis, _)) = self.standing.last() else { return };
        let month: Month = basis.month.plus(-self.random.days(3));
        let deed = self.deed(DeedKind::Close, &month.to_string());
        self.act(deed, Vec::new());
    }

    fn reopen(&mut self) {
        let Some(closed) = self.journal.closed_through else { return };
        let month = closed.plus(-self.random.days(2));
        let deed = self.deed(DeedKind::Reopen, &month.to_string());
        self.act(deed, Vec::new());
    }

    fn send(&mut self) {
        let mut rows = self.journal.to_pay();
        // Now and then a clerk who sends what is sent already, or too much.
        if self.random.chance(20) {
            let sent: Vec<Row> = self.purse.sent.iter().map(|(_, row, _)| row.clone()).collect();
            rows.extend(sent.get(self.random.below(sent.len().max(1))).cloned());
        }
        let run = self.fresh("b");
        let entries = transfers(&rows, Account::OwedToProvider, Account::InTransfer);
        let deed = self.deed(DeedKind::Send, &run);
        self.act(Deed { rows, ..deed }, entries);
    }

    fn bank(&mut self) {
        let runs: Vec<String> = self.journal.payments.keys().map(|(run, _)| run.clone()).collect();
        let Some(run) = runs.get(self.random.below(runs.len().max(1))) else { return };
        let (kind, to) = if self.random.chance(60) {
            (DeedKind::Pay, Account::Bank)
        } else {
            (DeedKind::Return, Account::OwedToProvider)
        };
        let deed = self.deed(kind, run);
        let payees = self.journal.payees_of(&deed).unwrap_or_default();
        let payments =
            payees.into_iter().filter_map(|p| self.journal.payments.get(&(run.clone(), p)));
        let rows: Vec<Row> = payments.flat_map(|payment| payment.rows.clone()).collect();
        self.act(deed, transfers(&rows, Account::InTransfer, to));
    }

    fn dispute(&mut self) {
        let Some(settlement) = self.journal.last_settlement().map(|one| one.id.clone()) else {
            return;
        };
        let lines = self.standing.last().map_or(&[][..], |(_, lines)| lines);
        let payable: Vec<&SettleLine> =
            lines.iter().filter(|line| line.key.payable && line.contact.is_some()).collect();
        let Some(one) = payable.get(self.random.below(payable.len().max(1))) else { return };
        let same = payable.iter().filter(|line| line.contact == one.contact && line.key == one.key);
        let name = |number: u32| self.books.names().text(number).to_owned();
        let row = Row {
            settlement,
            unit: name(one.key.unit),
            payee: name(one.key.payee),
            contact: one.contact.map_or_else(String::new, |id| self.books.id(id).to_owned()),
            element: name(one.key.element),
            care_month: Some(one.key.month),
            amount: same.map(|line| line.total.amount).sum(),
        };
        let id = self.fresh("t");
        let deed = self.deed(DeedKind::Dispute, &id);
        self.act(Deed { by: "kliniken".to_owned(), rows: vec![row], ..deed }, Vec::new());
    }

    fn decide(&mut self) {
        let ids: Vec<String> = self.journal.disputes.keys().cloned().collect();
        let Some(id) = ids.get(self.random.below(ids.len().max(1))) else { return };
        let kind = if self.random.chance(70) { DeedKind::Dismiss } else { DeedKind::Uphold };
        let deed = self.deed(kind, id);
        self.act(deed, Vec::new());
    }

    fn accrue(&mut self) {
        let amount = Money::from_ore(i64::from(self.random.days(100_000)) - 20_000);
        let rows = vec![Row { unit: "unit-1".to_owned(), amount, ..Row::default() }];
        let id = self.fresh("e");
        let deed = self.deed(DeedKind::Accrue, &id);
        let entries = transfers(&rows, Account::CareCost, Account::Accrued);
        self.act(Deed { rows, ..deed }, entries);
    }

    fn release(&mut self) {
        let ids: Vec<String> = self.journal.accruals.keys().cloned().collect();
        let Some(id) = ids.get(self.random.below(ids.len().max(1))) else { return };
        let rows = self.journal.accruals[id].rows.clone();
        let deed = self.deed(DeedKind::Release, id);
        self.act(deed, transfers(&rows, Account::Accrued, Account::CareCost));
    }

    /// Every dispute ends, every accrual is released, everything owed is sent: nobody is left with more than nothing to get, and each
    /// has been sent what it is owed.
    fn end(&mut self) {
        let disputes: Vec<String> = self.journal.disputes.keys().cloned().collect();
        for id in disputes
            .iter()
            .filter(|id| self.journal.disputes[*id].is_live())
            .cloned()
            .collect::<Vec<_>>()
        {
            let deed = self.deed(DeedKind::Dismiss, &id);
            assert!(self.act(deed, Vec::new()), "{}: {id}", self.place);
        }
        let accruals: Vec<String> = self.journal.accruals.keys().cloned().collect();
        for id in accruals {
            let rows = self.journal.accruals[&id].rows.clone();
            let deed = self.deed(DeedKind::Release, &id);
            self.act(deed, transfers(&rows, Account::Accrued, Account::CareCost));
        }
        assert_eq!(self.purse.balance(Account::Accrued), 0, "{}: accrued still", self.place);
        let rows = self.journal.to_pay();
        if !rows.is_empty() {
            let run = self.fresh("b");
            let entries = transfers(&rows, Account::OwedToProvider, Account::InTransfer);
            let deed = self.deed(DeedKind::Send, &run);
            assert!(self.act(Deed { rows, ..deed }, entries), "{}: the last run", self.place);
        }
        let left = self.journal.to_pay();
        assert!(left.is_empty(), "{}: still to pay: {left:?}", self.place);
        assert_eq!(self.purse.balance(Account::CareCost), self.payable(), "{}", self.place);
    }
}
