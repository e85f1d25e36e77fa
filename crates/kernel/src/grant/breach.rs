//! What may not be done with the money of a grant.
//!
//! Owns: the limits of posts, mandates, reports and repayments, judged at the end of each day on which something was done.
//! Does not own: the sums (`account`).
//!
//! 27 Mkr moved under a mandate of 27 Mkr leaves no room; one krona more exceeds it by 1 kr.

use super::account::{Account, Settled, account};
use crate::fact::{ActKind, GrantAct, Over};
use crate::money::Money;
use crate::named::named;
use crate::register::Register;
use crate::time::Day;

named! {
    /// A limit that is exceeded.
    BreachKind {
        /// More is taken from a post than it has.
        Overdrawn = "overdrawn",
        /// More is moved under a mandate than its cap.
        MandateExceeded = "mandate-exceeded",
        /// Moved under a mandate that is not known, not valid on the day, or not over the post.
        OutsideMandate = "outside-mandate",
        /// More is reported or paid back than the recipients of a post were paid.
        ReportedTooMuch = "reported-too-much",
        /// More is repaid or carried forward than was received and not used.
        RepaidTooMuch = "repaid-too-much",
        /// Carried forward though the grant does not permit it.
        CarryNotPermitted = "carry-not-permitted",
        /// Taken from a post that waits for a decision.
        Waits = "waits",
        /// A post that the grant does not have.
        UnknownPost = "unknown-post",
    }
}

/// A limit exceeded at the end of a day, the first on which it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// The day.
    pub day: Day,
    /// Which limit.
    pub kind: BreachKind,
    /// The post or the mandate.
    pub id: String,
    /// By how much at most, on that day or later; 0 where no amount is concerned.
    pub by: Money,
}

/// The limits of a grant that are exceeded, each on the first day that it is, by what was known at a revision.
///
/// What the settlement paid is never refused here, only what is taken beside it: a settlement follows the rates.
pub fn breaches(
    register: &Register,
    revision: u32,
    grant: &str,
    settled: &[Settled],
) -> Vec<Breach> {
    let Some(whole) = account(register, revision, grant, Day::MAX, settled) else {
        return Vec::new();
    };
    let mut days: Vec<Day> = whole.acts.iter().map(|act| act.on).collect();
    days.dedup();
    let mut found: Vec<Breach> = Vec::new();
    for day in days {
        let Some(account) = account(register, revision, grant, day, settled) else { continue };
        for breach in of_day(&account, day) {
            let same = |other: &&mut Breach| other.is_of_same(&breach);
            match found.iter_mut().find(same) {
                Some(first) => first.by = first.by.max(breach.by),
                None => found.push(breach),
            }
        }
    }
    found
}

impl Breach {
    /// Whether both are of one limit of one post or mandate.
    pub fn is_of_same(&self, other: &Self) -> bool {
        (self.kind, &self.id) == (other.kind, &other.id)
    }
}

fn of_day(account: &Account<'_>, day: Day) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut add = |kind, id: &str, by| found.push(Breach { day, kind, id: id.to_owned(), by });
    for post in &account.posts {
        let sums = &post.sums;
        // A post that the settlement alone overdraws, or a grant that is divided before it is received, is no fault of
        // an act.
        let over = sums.taken().min(-sums.left());
        if over > Money::ZERO {
            add(BreachKind::Overdrawn, post.id, over);
        }
        if sums.outstanding() < Money::ZERO {
            add(BreachKind::ReportedTooMuch, post.id, -sums.outstanding());
        }
        if !post.waits_for.is_empty() && sums.paid + sums.own_use + sums.moved_out > Money::ZERO {
            add(BreachKind::Waits, post.id, Money::ZERO);
        }
    }
    for used in &account.mandates {
        if let Some(room) = used.room.filter(|room| *room < Money::ZERO) {
            add(BreachKind::MandateExceeded, &used.mandate.id, -room);
        }
    }
    let back = account.total.repaid + account.total.carried;
    if back > Money::ZERO && account.remaining() < Money::ZERO {
        add(BreachKind::RepaidTooMuch, &account.tree.grant.id, -account.remaining());
    }
    if account.total.carried > Money::ZERO && !account.tree.grant.carry_forward {
        add(BreachKind::CarryNotPermitted, &account.tree.grant.id, account.total.carried);
    }
    for act in account.acts.iter().filter(|act| act.on == day) {
        let posts = act.from.iter().chain(&act.to);
        let is_carry = act.kind == ActKind::Carry;
        for id in posts.filter(|id| account.post(id).is_none()) {
            // What is carried forward may go to another grant.
            if !(is_carry && act.to.as_ref() == Some(id)) {
                add(BreachKind::UnknownPost, id, act.amount);
            }
        }
        if let Some(id) = act.mandate.as_ref().filter(|_| act.kind == ActKind::Reallocate)
            && !is_within_mandate(account, act, id)
        {
            add(BreachKind::OutsideMandate, id, act.amount);
        }
    }
    found
}

fn is_within_mandate(account: &Account<'_>, act: &GrantAct, id: &str) -> bool {
    let Some(used) = account.mandates.iter().find(|used| used.mandate.id == id) else {
        return false;
    };
    let from = act.from.as_deref().and_then(|from| account.post(from));
    let is_over = match &used.mandate.over {
        Over::Grant(_) => true,
        Over::Heading(heading) => from.is_some_and(|post| {
            post.id == heading.as_str() || post.heading == Some(heading.as_str())
        }),
    };
    is_over && used.mandate.valid.contains(act.on)
}
