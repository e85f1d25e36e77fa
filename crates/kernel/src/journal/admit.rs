//! What may be done next.

use super::words::{Refused, refused};
use super::{
    Accrual, Booked, Deed, DeedKind, Dispute, DisputeState, Draft, Journal, Payment, PaymentState,
    Publication, is_same_person,
};
use crate::finding::Text;
use crate::money::Money;
use crate::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

type Admitted = Result<(), Text>;

impl Journal {
    /// Does what a deed says, or refuses it and changes nothing.
    pub fn admit(&mut self, deed: &Deed) -> Admitted {
        match deed.kind {
            DeedKind::Require => self.require(deed),
            DeedKind::Draft => self.draft(deed),
            DeedKind::Attest => self.attest(deed),
            DeedKind::Book => self.book(deed),
            DeedKind::Undo => self.undo(deed),
            DeedKind::Send => self.send(deed),
            DeedKind::Pay => self.answered_by_bank(deed, PaymentState::Paid),
            DeedKind::Return => self.answered_by_bank(deed, PaymentState::Returned),
            DeedKind::Close => self.close(deed),
            DeedKind::Reopen => self.reopen(deed),
            DeedKind::CloseYear => self.close_year(deed),
            DeedKind::ReopenYear => self.reopen_year(deed),
            DeedKind::Dispute => self.dispute(deed),
            DeedKind::Answer => self.answer(deed),
            DeedKind::Uphold => self.end_dispute(deed, DisputeState::Upheld),
            DeedKind::Dismiss => self.end_dispute(deed, DisputeState::Dismissed),
            DeedKind::Accrue => self.accrue(deed),
            DeedKind::Release => self.release(deed),
            DeedKind::Publish => self.publish(deed),
        }
    }

    fn require(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        self.is_attest_required = match deed.note.as_str() {
            "required" => true,
            "off" => false,
            _ => return Err(refused(Refused::NotAWay(&deed.note))),
        };
        Ok(())
    }

    fn draft(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        self.open_month(deed.month)?;
        if self.drafts.contains_key(&deed.subject) {
            return Err(refused(Refused::Taken(&deed.subject)));
        }
        let (month, by) = (deed.month, deed.by.clone());
        let draft = Draft { month, by, attested_by: None, booked_as: None };
        self.drafts.insert(deed.subject.clone(), draft);
        Ok(())
    }

    fn attest(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        let Some(draft) = self.drafts.get_mut(&deed.subject) else {
            return Err(refused(Refused::NoDraft(&deed.subject)));
        };
        if is_same_person(&draft.by, &deed.by) {
            return Err(refused(Refused::SamePerson(&deed.by, &deed.subject)));
        }
        if let Some(by) = &draft.attested_by {
            return Err(refused(Refused::Attested(&deed.subject, by)));
        }
        draft.attested_by = Some(deed.by.clone());
        Ok(())
    }

    fn book(&mut self, deed: &Deed) -> Admitted {
        self.open_month(deed.month)?;
        self.open_day(deed, None)?;
        if self.settlements.iter().any(|booked| booked.id == deed.subject) {
            return Err(refused(Refused::Taken(&deed.subject)));
        }
        if deed.note.is_empty() {
            if self.is_attest_required {
                return Err(refused(Refused::NotAttested(deed.month)));
            }
        } else {
            let Some(draft) = self.drafts.get(&deed.note) else {
                return Err(refused(Refused::NoDraft(&deed.note)));
            };
            if draft.attested_by.is_none() {
                return Err(refused(Refused::NotAttested(deed.month)));
            }
            if draft.month != deed.month {
                return Err(refused(Refused::OtherMonth(&deed.note)));
            }
            if let Some(id) = &draft.booked_as {
                return Err(refused(Refused::BookedAs(&deed.note, id)));
            }
        }
        if let Some(row) = deed.rows.iter().find(|row| row.settlement != deed.subject) {
            return Err(refused(Refused::NoSettlement(&row.settlement)));
        }
        if let Some(draft) = self.drafts.get_mut(&deed.note) {
            draft.booked_as = Some(deed.subject.clone());
        }
        for row in &deed.rows {
            *self.owed.entry(row.share()).or_default() += row.amount;
        }
        let (id, month, by) = (deed.subject.clone(), deed.month, deed.by.clone());
        self.settlements.push(Booked { id, month, by, on: deed.on, is_undone: false });
        Ok(())
    }

    fn undo(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        with_reason(deed)?;
        let id = &deed.subject;
        let Some(booked) = self.settlements.iter().find(|booked| booked.id == *id) else {
            return Err(refused(Refused::NoSettlement(id)));
        };
        if booked.is_undone {
            return Err(refused(Refused::Undone(id)));
        }
        self.open_month(booked.month)?;
        self.open_day(deed, Some(booked.on))?;
        if let Some(last) = self.last_settlement().filter(|last| last.id != *id) {
            return Err(refused(Refused::NotLast(id, &last.id)));
        }
        let live = self.payments.iter().filter(|(_, one)| one.state != PaymentState::Returned);
        let of_it = |payment: &Payment| payment.rows.iter().any(|row| row.settlement == *id);
        if let Some(((run, _), _)) = live.clone().find(|(_, payment)| of_it(payment)) {
            return Err(refused(Refused::IsSent(id, run)));
        }
        for booked in self.settlements.iter_mut().filter(|booked| booked.id == *id) {
            booked.is_undone = true;
        }
        self.owed.retain(|share, _| share.settlement != *id);
        // What was attested rested on the settlement that is gone.
        for draft in self.drafts.values_mut().filter(|draft| draft.booked_as.is_none()) {
            draft.attested_by = None;
        }
        let disputes = self.disputes.values_mut().filter(|one| one.row.settlement == *id);
        for dispute in disputes.filter(|dispute| dispute.is_live()) {
            dispute.state = DisputeState::Moot;
        }
        Ok(())
    }

    fn send(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        if self.payments.keys().any(|(run, _)| *run == deed.subject) {
            return Err(refused(Refused::Taken(&deed.subject)));
        }
        let taken = |row: &super::Row| {
            let booked = self.settlements.iter().find(|booked| booked.id == row.settlement);
            booked.map(|booked| booked.on)
        };
        self.open_day(deed, deed.rows.iter().filter_map(taken).max())?;
        let mut seen = BTreeSet::new();
        let mut payments: BTreeMap<String, Payment> = BTreeMap::new();
        for row in &deed.rows {
            let share = row.share();
            let payable = self.payable(&share);
            if row.amount == Money::ZERO || payable != row.amount || !seen.insert(share) {
                return Err(refused(Refused::NotPayable(row, payable)));
            }
            let payment = payments.entry(row.payee.clone()).or_insert_with(|| Payment {
                rows: Vec::new(),
                state: PaymentState::Sent,
                sent_on: deed.on,
                order: self.runs,
            });
            payment.rows.push(row.clone());
        }
        if payments.is_empty() {
            return Err(refused(Refused::NothingToPay));
        }
        if let Some((payee, payment)) = payments.iter().find(|(_, one)| one.amount() <= Money::ZERO)
        {
            return Err(refused(Refused::NothingOwed(payee, payment.amount())));
        }
        let of_run = |(payee, payment)| ((deed.subject.clone(), payee), payment);
        let shares: BTreeSet<_> = deed.rows.iter().map(super::Row::share).collect();
        let held = self.disputes.values_mut().filter(|one| one.frozen() != Money::ZERO);
        for dispute in held.filter(|one| shares.contains(&one.row.share())) {
            dispute.held_out_of.insert(deed.subject.clone());
        }
        self.payments.extend(payments.into_iter().map(of_run));
        self.runs += 1;
        Ok(())
    }

    /// The payees of a run that a deed is about: those that its rows name, else all that wait for the bank.
    pub fn payees_of(&self, deed: &Deed) -> Result<Vec<String>, Text> {
        let of_run = self.payments.iter().filter(|((run, _), _)| *run == deed.subject);
        let of_run: BTreeMap<&str, PaymentState> =
            of_run.map(|((_, payee), payment)| (payee.as_str(), payment.state)).collect();
        if of_run.is_empty() {
            return Err(refused(Refused::NoRun(&deed.subject)));
        }
        let mut named: BTreeSet<&str> = deed.rows.iter().map(|row| row.payee.as_str()).collect();
        if named.is_empty() {
            let sent = of_run.iter().filter(|(_, state)| **state == PaymentState::Sent);
            named = sent.map(|(payee, _)| *payee).collect();
        }
        if named.is_empty() {
            return Err(refused(Refused::RunIsOver(&deed.subject)));
        }
        for payee in &named {
            match of_run.get(payee) {
                None => return Err(refused(Refused::NotInRun(payee, &deed.subject))),
                Some(PaymentState::Sent) => {}
                Some(_) => return Err(refused(Refused::RunIsOver(&deed.subject))),
            }
        }
        Ok(named.into_iter().map(str::to_owned).collect())
    }

    fn answered_by_bank(&mut self, deed: &Deed, state: PaymentState) -> Admitted {
        named_person(deed)?;
        let run = &deed.subject;
        let of_run = self.payments.iter().filter(|((of, _), _)| of == run);
        self.open_day(deed, of_run.map(|(_, payment)| payment.sent_on).max())?;
        for payee in self.payees_of(deed)? {
            let of_payee = |dispute: &&mut Dispute| {
                dispute.row.payee == payee && dispute.sent_in.as_ref() == Some(run)
            };
            if state == PaymentState::Returned {
                for dispute in self.disputes.values_mut().filter(of_payee) {
                    dispute.sent_in = None;
                }
            }
            if let Some(payment) = self.payments.get_mut(&(run.clone(), payee)) {
                payment.state = state;
            }
        }
        Ok(())
    }

    fn close(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        let month = month_of(deed)?;
        if self.is_closed(month) {
            return Err(refused(Refused::Closed(month)));
        }
        self.settled(month)?;
        self.closed_through = Some(month);
        Ok(())
    }

    fn settled(&self, month: Month) -> Admitted {
        let standing = self.settlements.iter().filter(|booked| !booked.is_undone);
        match standing.filter_map(|booked| booked.month).max() {
            Some(last) if last >= month => Ok(()),
            _ => Err(refused(Refused::NotSettled(month))),
        }
    }

    fn reopen(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        with_reason(deed)?;
        let month = month_of(deed)?;
        if !self.is_closed(month) {
            return Err(refused(Refused::NotClosed(month)));
        }
        let year = self.closed_years.iter().copied().find(|year| *year >= month.year());
        if let Some(year) = year {
            return Err(refused(Refused::YearClosed(month, year)));
        }
        self.closed_through = Some(month.plus(-1));
        Ok(())
    }

    fn close_year(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        let (year, december) = year_of(deed)?;
        if self.closed_years.contains(&year) {
            return Err(refused(Refused::YearIsClosed(year)));
        }
        if let Some(later) = self.closed_years.last().filter(|closed| **closed > year) {
            return Err(refused(Refused::YearsInOrder(year, *later)));
        }
        self.settled(december)?;
        self.closed_years.insert(year);
        self.closed_through = self.closed_through.max(Some(december));
        Ok(())
    }

    fn reopen_year(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        with_reason(deed)?;
        let (year, _) = year_of(deed)?;
        if !self.closed_years.contains(&year) {
            return Err(refused(Refused::YearNotClosed(year)));
        }
        if let Some(last) = self.closed_years.last().filter(|last| **last != year) {
            return Err(refused(Refused::YearNotLast(year, *last)));
        }
        self.closed_years.remove(&year);
        Ok(())
    }

    fn dispute(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        with_reason(deed)?;
        let [row] = deed.rows.as_slice() else { return Err(refused(Refused::OneRow)) };
        if self.disputes.contains_key(&deed.subject) {
            return Err(refused(Refused::Taken(&deed.subject)));
        }
        let standing = self.settlements.iter().filter(|booked| !booked.is_undone);
        if !standing.clone().any(|booked| booked.id == row.settlement) {
            return Err(refused(Refused::NoSettlement(&row.settlement)));
        }
        let live = self.disputes.iter().filter(|(_, dispute)| dispute.is_live());
        let is_same =
            |dispute: &Dispute| super::Row { amount: row.amount, ..dispute.row.clone() } == *row;
        if let Some((id, _)) = live.clone().find(|(_, dispute)| is_same(dispute)) {
            return Err(refused(Refused::Disputed(id)));
        }
        if deed.due.is_none_or(|due| due < deed.on) {
            return Err(refused(Refused::NoDeadline));
        }
        let share = row.share();
        // A run takes everything that is not held back, so the first that took of the share had this row in it.
        let live = self.payments.iter().filter(|(_, one)| one.state != PaymentState::Returned);
        let took = live.filter(|(_, one)| one.rows.iter().any(|sent| sent.share() == share));
        let was_held = |run: &String| {
            let mut same = self.disputes.values().filter(|one| is_same(one));
            same.any(|dispute| dispute.held_out_of.contains(run))
        };
        let took = took.filter(|((run, _), _)| !was_held(run));
        let sent_in = took.min_by_key(|(_, one)| one.order).map(|((run, _), _)| run.clone());
        let (by, reason, row) = (deed.by.clone(), deed.note.clone(), row.clone());
        let (on, due, state) = (deed.on, deed.due, DisputeState::Open);
        let is_paid_out = self.owed.contains_key(&share);
        let dispute = Dispute {
            row,
            by,
            on,
            due,
            reason,
            answer: None,
            state,
            is_paid_out,
            sent_in,
            held_out_of: BTreeSet::new(),
        };
        self.disputes.insert(deed.subject.clone(), dispute);
        Ok(())
    }

    fn live_dispute(&mut self, id: &str) -> Result<&mut Dispute, Text> {
        match self.disputes.get_mut(id) {
            None => Err(refused(Refused::NoDispute(id))),
            Some(dispute) if dispute.is_live() => Ok(dispute),
            Some(_) => Err(refused(Refused::DisputeIsOver(id))),
        }
    }

    fn answer(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        with_reason(deed)?;
        let dispute = self.live_dispute(&deed.subject)?;
        (dispute.answer, dispute.state) = (Some(deed.note.clone()), DisputeState::Answered);
        Ok(())
    }

    fn end_dispute(&mut self, deed: &Deed, state: DisputeState) -> Admitted {
        named_person(deed)?;
        with_reason(deed)?;
        let dispute = self.live_dispute(&deed.subject)?;
        if is_same_person(&dispute.by, &deed.by) {
            return Err(refused(Refused::OwnDispute(&deed.by, &deed.subject)));
        }
        dispute.state = state;
        Ok(())
    }

    fn accrue(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        if self.accruals.contains_key(&deed.subject) {
            return Err(refused(Refused::Taken(&deed.subject)));
        }
        if deed.rows.is_empty() {
            return Err(refused(Refused::NothingToAccrue));
        }
        self.open_day(deed, None)?;
        let (rows, note, on) = (deed.rows.clone(), deed.note.clone(), deed.on);
        let accrual = Accrual { rows, note, on, is_released: false };
        self.accruals.insert(deed.subject.clone(), accrual);
        Ok(())
    }

    fn release(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        self.open_day(deed, self.accruals.get(&deed.subject).map(|accrual| accrual.on))?;
        match self.accruals.get_mut(&deed.subject) {
            None => Err(refused(Refused::NoAccrual(&deed.subject))),
            Some(accrual) if accrual.is_released => Err(refused(Refused::Released(&deed.subject))),
            Some(accrual) => {
                accrual.is_released = true;
                Ok(())
            }
        }
    }

    /// A year is published once it is over, and anew only as known later and with other figures.
    fn publish(&mut self, deed: &Deed) -> Admitted {
        named_person(deed)?;
        let (year, december) = year_of(deed)?;
        let Some(new) = Publication::of(deed, year) else {
            return Err(refused(Refused::NotAPublication(&deed.note)));
        };
        if new.extent.known_on <= december.last_day() {
            return Err(refused(Refused::YearNotOver(year, new.extent.known_on)));
        }
        if let Some(last) = self.published.get(&year).and_then(|earlier| earlier.last()) {
            if new.extent.known_on < last.extent.known_on {
                return Err(refused(Refused::PublishedLater(year, last.extent.known_on)));
            }
            if new.hash == last.hash {
                return Err(refused(Refused::Published(year, last.extent.known_on)));
            }
        }
        self.published.entry(year).or_default().push(new);
        Ok(())
    }

    /// Refuses a day in a closed month, and one before what the deed rests on.
    fn open_day(&self, deed: &Deed, after: Option<Day>) -> Admitted {
        if self.is_closed(deed.on.month()) {
            return Err(refused(Refused::ClosedDay(deed.on)));
        }
        match after.filter(|after| deed.on < *after) {
            Some(after) => Err(refused(Refused::Before(deed.on, after))),
            None => Ok(()),
        }
    }

    /// Refuses a month that is closed.
    pub fn open_month(&self, month: Option<Month>) -> Admitted {
        match month {
            Some(month) if self.is_closed(month) => Err(refused(Refused::Closed(month))),
            _ => Ok(()),
        }
    }
}

fn named_person(deed: &Deed) -> Admitted {
    if deed.by.trim().is_empty() || deed.by.contains(char::is_control) {
        Err(refused(Refused::NobodySaid))
    } else {
        Ok(())
    }
}

fn with_reason(deed: &Deed) -> Admitted {
    if deed.note.trim().is_empty() { Err(refused(Refused::NoReason)) } else { Ok(()) }
}

fn month_of(deed: &Deed) -> Result<Month, Text> {
    Month::parse(&deed.subject).ok_or_else(|| refused(Refused::NotAMonth(&deed.subject)))
}

fn year_of(deed: &Deed) -> Result<(i32, Month), Text> {
    let year = deed.subject.parse().ok().filter(|_| deed.subject.len() == 4);
    let year = year.and_then(|year| Some((year, Month::new(year, 12)?)));
    year.ok_or_else(|| refused(Refused::NotAMonth(&deed.subject)))
}
