//! The journal (åtgärder): what people do with settlements, months, payments, disputes and published years, and what that leaves.
//!
//! Owns: what may be done next, and what has been attested, booked, undone, sent, paid, closed, disputed, accrued and published. Does not
//! own: amounts, which deeds bring with them, or entries (`ledger`).
//!
//! The state is the fold of the deeds in the order they were done: [`Journal::admit`] refuses one that may not be done, and changes nothing
//! then. What is kept was admitted once, so it is admitted again.
//!
//! A settlement of 100 kr, 30 kr of it disputed: a payment run takes 70 kr, and the 30 kr once the dispute is over.

mod admit;
mod publication;
mod words;

pub use publication::{Extent, Publication, note as publication_note};

use crate::finding::Text;
use crate::money::Money;
use crate::named::named;
use crate::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};

named! {
    /// What is done.
    DeedKind {
        /// Whether settlements must be attested before they are booked: subject `attest`, note `required` or `off`.
        Require = "require",
        /// A preview is put down to be attested.
        Draft = "draft",
        /// Another person attests a draft.
        Attest = "attest",
        /// A settlement is booked; its rows are what is owed by unit and payee.
        Book = "book",
        /// The last booked settlement is taken back whole.
        Undo = "undo",
        /// A payment run is sent to the bank; its rows are what it takes of which settlement.
        Send = "send",
        /// The bank has paid a run; rows name payees where not all are meant.
        Pay = "pay",
        /// The bank has returned a run; rows name payees where not all are meant.
        Return = "return",
        /// A month is closed, and those before it.
        Close = "close",
        /// A closed month is opened again, and those after it.
        Reopen = "reopen",
        /// A year is closed, and its months.
        CloseYear = "close-year",
        /// The last closed year is opened again; its months stay closed.
        ReopenYear = "reopen-year",
        /// A clinic contests a row of a settlement.
        Dispute = "dispute",
        /// The region answers.
        Answer = "answer",
        /// A dispute ends as the clinic wants; a corrected report or a new decision brings the correction.
        Uphold = "uphold",
        /// A dispute ends without a change.
        Dismiss = "dismiss",
        /// Cost is accrued.
        Accrue = "accrue",
        /// An accrual is released whole.
        Release = "release",
        /// A year of follow-up is published.
        Publish = "publish",
    }
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub kind: DeedKind,
    /// The settlement, draft, month, year, payment run, dispute or accrual that it is done with.
    pub subject: String,
    /// Who did it; blank where nobody said.
    pub by: String,
    /// The day it counts from.
    pub on: Day,
    /// The day something is to be done by: the answer to a dispute.
    pub due: Option<Day>,
    /// Why; of a booking the draft it was attested as, or blank.
    pub note: String,
    /// The month of a draft or a settlement.
    pub month: Option<Month>,
    /// What it is about.
    pub rows: Vec<Row>,
}

/// A row of what a deed is about. Texts that do not apply are blank.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Settlement.
    pub settlement: String,
    /// Unit.
    pub unit: String,
    /// Who is paid.
    pub payee: String,
    /// Contact.
    pub contact: String,
    /// Element.
    pub element: String,
    /// Month of care.
    pub care_month: Option<Month>,
    /// Amount.
    pub amount: Money,
}

/// What of a settlement goes to whom: a unit's payee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// Settlement.
    pub settlement: String,
    /// Unit.
    pub unit: String,
    /// Payee.
    pub payee: String,
}

impl Row {
    /// Whose share of a settlement the row is of.
    pub fn share(&self) -> Share {
        let (settlement, unit) = (self.settlement.clone(), self.unit.clone());
        Share { settlement, unit, payee: self.payee.clone() }
    }
}

/// A preview that was put down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its month.
    pub month: Option<Month>,
    /// Who made it.
    pub by: String,
    /// Who attested it.
    pub attested_by: Option<String>,
    /// The settlement it was booked as.
    pub booked_as: Option<String>,
}

/// A booked settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Its id.
    pub id: String,
    /// Its month.
    pub month: Option<Month>,
    /// Who booked it.
    pub by: String,
    /// The day it counts from.
    pub on: Day,
    /// Whether it was taken back.
    pub is_undone: bool,
}

named! {
    /// Where a payment is.
    PaymentState {
        /// Sent to the bank.
        Sent = "sent",
        /// Confirmed by the bank.
        Paid = "paid",
        /// Returned by the bank, and to be paid anew.
        Returned = "returned",
    }
}

/// One payee's part of a payment run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What it is made of.
    pub rows: Vec<Row>,
    /// Where it is.
    pub state: PaymentState,
    /// The day it was sent.
    pub sent_on: Day,
    /// How many runs were sent before it.
    pub order: usize,
}

impl Payment {
    /// The amount.
    pub fn amount(&self) -> Money {
        self.rows.iter().map(|row| row.amount).sum()
    }
}

named! {
    /// How a dispute stands.
    DisputeState {
        /// Not answered.
        Open = "open",
        /// Answered and not ended.
        Answered = "answered",
        /// Ended as the clinic wants.
        Upheld = "upheld",
        /// Ended without a change.
        Dismissed = "dismissed",
        /// Its settlement was undone.
        Moot = "moot",
    }
}

/// A contested row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// The row.
    pub row: Row,
    /// Who contested it.
    pub by: String,
    /// When.
    pub on: Day,
    /// The day to answer by.
    pub due: Option<Day>,
    /// Why.
    pub reason: String,
    /// The answer.
    pub answer: Option<String>,
    /// How it stands.
    pub state: DisputeState,
    /// Whether anything of its settlement is paid out to that payee for that unit; internal postings are not, and nothing of them is
    /// held back.
    pub is_paid_out: bool,
    /// The payment run that had taken the row before it was contested; then nothing is held back, until the bank returns the run.
    pub sent_in: Option<String>,
    /// The payment runs that it kept the row out of.
    pub held_out_of: BTreeSet<String>,
}

impl Dispute {
    /// Whether it still waits for its end.
    pub const fn is_live(&self) -> bool {
        matches!(self.state, DisputeState::Open | DisputeState::Answered)
    }

    /// What it holds back from payment.
    pub fn frozen(&self) -> Money {
        let is_held = self.is_live() && self.is_paid_out && self.sent_in.is_none();
        if is_held { self.row.amount } else { Money::ZERO }
    }
}

/// Cost accrued for what is not settled yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accrual {
    /// What it is made of.
    pub rows: Vec<Row>,
    /// Why.
    pub note: String,
    /// When.
    pub on: Day,
    /// Whether it was released.
    pub is_released: bool,
}

/// What all deeds so far come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// Whether a settlement must be attested.
    pub is_attest_required: bool,
    /// Drafts by id.
    pub drafts: BTreeMap<String, Draft>,
    /// Settlements in order of booking.
    pub settlements: Vec<Booked>,
    /// What is owed of each settlement that stands.
    pub owed: BTreeMap<Share, Money>,
    /// How many payment runs were sent.
    pub runs: usize,
    /// Payments by run and payee.
    pub payments: BTreeMap<(String, String), Payment>,
    /// Disputes by id.
    pub disputes: BTreeMap<String, Dispute>,
    /// Accruals by id.
    pub accruals: BTreeMap<String, Accrual>,
    /// The last closed month.
    pub closed_through: Option<Month>,
    /// Closed years.
    pub closed_years: BTreeSet<i32>,
    /// Published years of follow-up, each publication in its turn.
    pub published: BTreeMap<i32, Vec<Publication>>,
}

impl Journal {
    /// The state after all deeds; the number of the first that could not be done, from 0, and why.
    pub fn of(deeds: &[Deed]) -> Result<Self, (usize, Text)> {
        let mut journal = Self::default();
        for (number, deed) in deeds.iter().enumerate() {
            journal.admit(deed).map_err(|why| (number, why))?;
        }
        Ok(journal)
    }

    /// The last settlement that stands.
    pub fn last_settlement(&self) -> Option<&Booked> {
        self.settlements.iter().rfind(|booked| !booked.is_undone)
    }

    /// Whether a settlement was taken back.
    pub fn is_undone(&self, settlement: &str) -> bool {
        self.settlements.iter().any(|booked| booked.id == settlement && booked.is_undone)
    }

    /// What was sent of a share and not returned.
    fn sent(&self, share: &Share) -> Money {
        let live = self.payments.values().filter(|one| one.state != PaymentState::Returned);
        let rows = live.flat_map(|payment| &payment.rows);
        rows.filter(|row| row.share() == *share).map(|row| row.amount).sum()
    }

    /// What can be paid of a share now: what is owed, less what is sent or held back by a dispute.
    pub fn payable(&self, share: &Share) -> Money {
        let owed = self.owed.get(share).copied().unwrap_or_default();
        let disputes = self.disputes.values().filter(|dispute| dispute.row.share() == *share);
        let frozen: Money = disputes.map(Dispute::frozen).sum();
        owed - self.sent(share) - frozen
    }

    /// What a payment run takes now: of every payee all that can be paid, where that is more than nothing. What a payee owes
    /// waits until it is owed more.
    pub fn to_pay(&self) -> Vec<Row> {
        self.left().into_values().filter(|rows| is_more_than_nothing(rows)).flatten().collect()
    }

    /// What a payment run leaves: of payees that owe as much as they are owed, or more, what waits until they are owed more.
    pub fn waiting(&self) -> Vec<Row> {
        self.left().into_values().filter(|rows| !is_more_than_nothing(rows)).flatten().collect()
    }

    /// By payee, what is neither sent nor held back.
    fn left(&self) -> BTreeMap<&str, Vec<Row>> {
        let mut of_payee: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        let mut sent: BTreeMap<Share, Money> = BTreeMap::new();
        let live = self.payments.values().filter(|one| one.state != PaymentState::Returned);
        for row in live.flat_map(|payment| &payment.rows) {
            *sent.entry(row.share()).or_default() += row.amount;
        }
        for dispute in self.disputes.values() {
            *sent.entry(dispute.row.share()).or_default() += dispute.frozen();
        }
        for (share, owed) in &self.owed {
            let amount = *owed - sent.get(share).copied().unwrap_or_default();
            if amount != Money::ZERO {
                let Share { settlement, unit, payee } = share.clone();
                let row = Row { settlement, unit, payee, amount, ..Row::default() };
                of_payee.entry(share.payee.as_str()).or_default().push(row);
            }
        }
        of_payee
    }

    /// Whether a month is closed.
    pub fn is_closed(&self, month: Month) -> bool {
        self.closed_through.is_some_and(|closed| month <= closed)
    }
}

/// Whether two names are of one person, whatever capitals and spaces they are written with. What is kept is the name as given.
pub fn is_same_person(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.to_lowercase().split_whitespace().collect::<String>();
    bare(one) == bare(other)
}

fn is_more_than_nothing(rows: &[Row]) -> bool {
    rows.iter().map(|row| row.amount).sum::<Money>() > Money::ZERO
}
