//! Paid and followed up must agree: whom the continuity add-on was paid for, and who was in the chain.
//!
//! Owns: the comparison and its kinds. Does not own: what was paid (the books), or the referrals (`chain`).
//!
//! A delivery belongs to the referral of the same person whose due day is nearest, at most 140 days away: births before 22 weeks are none,
//! and births after 43 weeks hardly occur. A shadow amount is no payment, but who has one is not told as unpaid either.

use super::chain::{Case, Chain};
use super::course::State;
use kernel::finding::Text;
use kernel::named;
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet};

named! {
    /// How the two disagree.
    Kind {
        /// Paid, and no referral of hers is here.
        PaidWithoutReferral = "paid-without-referral",
        /// Paid, and she was not in the chain.
        PaidNotEnrolled = "paid-not-enrolled",
        /// Paid for more than one delivery of one pregnancy.
        PaidTwice = "paid-twice",
        /// Kept through birth, and not paid.
        KeptNotPaid = "kept-not-paid",
        /// Started, due long ago, and neither paid, kept nor ended.
        StartedNotKept = "started-not-kept",
    }
}

/// A delivery that the add-on was computed for, net of what was taken back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paid {
    /// Contact id.
    pub contact: String,
    /// Pseudonym.
    pub person: String,
    /// Care date.
    pub care_date: Day,
    /// False for a shadow amount: nothing was paid, and nothing is to be, where the form of agreement pays no add-on.
    pub is_payable: bool,
}

/// A disagreement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// How.
    pub kind: Kind,
    /// The referral; blank where there is none.
    pub referral: String,
    /// The contact; blank where nothing was paid.
    pub contact: String,
    /// Pseudonym.
    pub person: String,
    /// The care date of the delivery, else the due day.
    pub on: Day,
}

/// What agrees and what does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Deliveries that were paid for women who were in the chain.
    pub agreed: usize,
    /// What disagrees, in order of kind, referral and contact.
    pub differences: Vec<Difference>,
}

const NEAR: u32 = 140;
/// Days after the due day at which everybody has given birth and most deliveries are reported and settled.
const LONG_AFTER: i32 = 90;

/// Compares deliveries that the add-on was computed for by a day with those who were in the chain.
pub fn agreement(chain: &Chain, paid: &[Paid], on: Day) -> Agreement {
    let mut result = Agreement::default();
    let mut paid_of: BTreeMap<&str, Vec<&Paid>> = BTreeMap::new();
    let mut shadows: BTreeSet<&str> = BTreeSet::new();
    for delivery in paid {
        match nearest(chain, delivery) {
            Some(case) if delivery.is_payable => {
                paid_of.entry(&case.referral.id).or_default().push(delivery);
            }
            Some(case) => _ = shadows.insert(&case.referral.id),
            None if delivery.is_payable => {
                result.differences.push(of_paid(Kind::PaidWithoutReferral, "", delivery));
            }
            None => {}
        }
    }
    for case in chain.cases.values() {
        let id = case.referral.id.as_str();
        let mut deliveries = paid_of.remove(id).unwrap_or_default();
        deliveries.sort();
        match deliveries.split_first() {
            None if shadows.contains(id) => {}
            None => result.differences.extend(unpaid(case, on)),
            Some((first, more)) => {
                if case.state.is_enrolled() {
                    result.agreed += 1;
                } else {
                    result.differences.push(of_paid(Kind::PaidNotEnrolled, id, first));
                }
                let more = more.iter().map(|delivery| of_paid(Kind::PaidTwice, id, delivery));
                result.differences.extend(more);
            }
        }
    }
    result.differences.sort();
    result
}

fn nearest<'c>(chain: &'c Chain, paid: &Paid) -> Option<&'c Case> {
    let days = |case: &&Case| case.referral.due_on.number().abs_diff(paid.care_date.number());
    let hers = chain.cases.values().filter(|case| case.referral.person == paid.person);
    let near = hers.filter(|case| days(case) <= NEAR);
    // One who was in the chain goes before a referral that was withdrawn.
    near.min_by_key(|case| (!case.state.is_enrolled(), days(case)))
}

fn unpaid(case: &Case, on: Day) -> Option<Difference> {
    let referral = &case.referral;
    let kind = match case.state {
        State::Kept => Kind::KeptNotPaid,
        State::Started if referral.due_on.plus(LONG_AFTER) < on => Kind::StartedNotKept,
        _ => return None,
    };
    Some(Difference {
        kind,
        referral: referral.id.clone(),
        contact: String::new(),
        person: referral.person.clone(),
        on: referral.due_on,
    })
}

fn of_paid(kind: Kind, referral: &str, paid: &Paid) -> Difference {
    Difference {
        kind,
        referral: referral.to_owned(),
        contact: paid.contact.clone(),
        person: paid.person.clone(),
        on: paid.care_date,
    }
}

impl Kind {
    /// In words, with what to do.
    pub fn text(self) -> Text {
        match self {
            Self::PaidWithoutReferral => Text::new(
                "tillägget är betalt men ingen remiss finns här: registrera remissen, eller rätta `enrolled` i kontakten",
                "the add-on was paid but there is no referral here: enter the referral, or correct `enrolled` of the contact",
            ),
            Self::PaidNotEnrolled => Text::new(
                "tillägget är betalt men hon är inte påbörjad i kedjan: registrera starten, eller rätta `enrolled` i kontakten",
                "the add-on was paid but the chain never started for her: enter the start, or correct `enrolled` of the contact",
            ),
            Self::PaidTwice => Text::new(
                "tillägget är betalt för fler än en förlossning i samma graviditet: makulera den som är fel",
                "the add-on was paid for more than one delivery of one pregnancy: cancel the one that is wrong",
            ),
            Self::KeptNotPaid => Text::new(
                "hon fullföljde kedjan men tillägget är inte betalt: rapportera förlossningen med `enrolled` = ja",
                "she had the chain through birth but the add-on was not paid: report the delivery with `enrolled` = ja",
            ),
            Self::StartedNotKept => Text::new(
                "påbörjad, beräknad för mer än 90 dagar sedan, varken fullföljd, avbruten eller betald: registrera hur det gick",
                "started, due more than 90 days ago, neither kept, ended nor paid: enter how it went",
            ),
        }
    }
}
