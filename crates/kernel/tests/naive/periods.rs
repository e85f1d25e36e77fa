//! Pregnancies, and which visit takes the pay of a period (R29, R30, R49).

use super::contacts::paid_under;
use super::known::Known;
use super::reports::{Contact, InForce};
use kernel::fact::{ContactKind, Formula, PregnancyPeriod, Rate};

/// What a contact is to per-period rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// An individual visit that takes every rate of the period that applies to it.
    Takes(PregnancyPeriod),
    /// An individual visit of the period, but another one takes it.
    Included(PregnancyPeriod),
    /// An individual visit without gestational days.
    WithoutDays,
    /// None of these.
    Other,
}

impl Visit {
    /// Why a contact has no line, given the per-period rates whose `when` holds (R22, R30, R49).
    pub fn without_price(&self, by_period: &[&Rate]) -> &'static str {
        match self {
            Self::Included(period) if by_period.iter().any(|rate| is_of(rate, *period)) => {
                "included-in-period"
            }
            Self::WithoutDays if !by_period.is_empty() => "no-gestational-days",
            _ => "no-rate",
        }
    }
}

/// What `reported` is, among all contacts in force.
pub fn visit(known: &Known, reported: &InForce, all: &[InForce]) -> Visit {
    let contact = &reported.contact;
    if contact.individual != Some(true) {
        return Visit::Other;
    }
    if contact.gestational_days.is_none() {
        return Visit::WithoutDays;
    }
    let (Some(period), Some(pregnancy)) = (period(contact), pregnancy(contact, all)) else {
        return Visit::Other;
    };
    let is_earlier = |other: &&InForce| {
        is_before(&other.contact, contact)
            && other.contact.person == contact.person
            && self::pregnancy(&other.contact, all) == Some(pregnancy)
            && seeks(known, other) == Some(period)
    };
    if all.iter().any(|other| is_earlier(&other)) {
        Visit::Included(period)
    } else {
        Visit::Takes(period)
    }
}

/// The period whose pay a contact would take were it the first (R30): it is individual, under agreement, in
/// time and with a payer, and some rate of its period applies to it.
fn seeks(known: &Known, reported: &InForce) -> Option<PregnancyPeriod> {
    let contact = &reported.contact;
    let period = period(contact)?;
    let may = contact.individual == Some(true) && paid_under(known, reported).is_ok();
    let rates = known.applicable(contact, &contact.unit);
    (may && rates.iter().any(|rate| is_of(rate, period))).then_some(period)
}

fn is_of(rate: &Rate, wanted: PregnancyPeriod) -> bool {
    matches!(&rate.formula, Formula::PerPeriod { period, .. } if *period == wanted)
}

/// A to day 139, B to day 216, then C; a delivery is in none.
fn period(contact: &Contact) -> Option<PregnancyPeriod> {
    let days = contact.gestational_days.filter(|_| contact.kind != ContactKind::Delivery)?;
    Some(if days < 140 {
        PregnancyPeriod::A
    } else if days < 217 {
        PregnancyPeriod::B
    } else {
        PregnancyPeriod::C
    })
}

/// The first start of the pregnancy that a contact belongs to (R29), as a day number. Starts are gone through
/// in order; one more than 84 days after the first of the pregnancy at hand is the first of the next.
fn pregnancy(contact: &Contact, all: &[InForce]) -> Option<i64> {
    let own = start(contact)?;
    let of_person = all.iter().filter(|other| other.contact.person == contact.person);
    let mut starts: Vec<i64> = of_person.filter_map(|other| start(&other.contact)).collect();
    starts.sort_unstable();
    let mut first = *starts.first()?;
    for start in starts.into_iter().filter(|start| *start <= own) {
        if start - first > 84 {
            first = start;
        }
    }
    Some(first)
}

fn start(contact: &Contact) -> Option<i64> {
    period(contact)?;
    Some(i64::from(contact.care_date.number()) - contact.gestational_days?)
}

/// R30: by care date, then by id.
fn is_before(one: &Contact, other: &Contact) -> bool {
    (one.care_date, &one.id) < (other.care_date, &other.id)
}

/// What decides which visit takes a period, by name, once for each two visits between which it does.
pub fn occasions(known: &Known, all: &[InForce]) -> Vec<String> {
    let takes = |one: &InForce| {
        seeks(known, one).is_some() && matches!(visit(known, one, all), Visit::Takes(_))
    };
    let mut occasions = Vec::new();
    for (one, other) in all.iter().flat_map(|one| all.iter().map(move |other| (one, other))) {
        let (a, b) = (&one.contact, &other.contact);
        let is_same = a.person == b.person && period(a).is_some() && period(a) == period(b);
        if !is_same || a.individual != Some(true) || !is_before(a, b) {
            continue;
        }
        if pregnancy(a, all) != pregnancy(b, all) {
            let both = takes(one) && takes(other);
            occasions.extend(both.then(|| "period taken in two pregnancies".to_owned()));
        } else if let (Err(reason), true) = (paid_under(known, one), takes(other)) {
            occasions.push(format!("period not taken {reason}"));
        } else if takes(one) && seeks(known, other).is_some() {
            let on = if a.care_date == b.care_date { "the same day" } else { "an earlier day" };
            let at = if a.unit == b.unit { "the same unit" } else { "another unit" };
            occasions.push(format!("period taken {on}"));
            occasions.push(format!("period taken at {at}"));
        }
    }
    occasions
}
