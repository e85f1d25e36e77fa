//! The order of need, places and figures: cases that a reader can check, then properties.

mod cases;
mod figures;
mod properties;

use super::chain::{Chain, Decided, Event, Places};
use super::course::{Step, Taken};
use super::{Answer, Occasion, Referral};
use kernel::fact::Eligibility;
use kernel::time::{Day, Month, Period};

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Illustrative limits: the region's own are not public.
pub fn limits() -> Eligibility {
    Eligibility {
        id: "x".into(),
        moderate_from: 60,
        severe_from: 80,
        social_from: 1,
        team: [4, 8],
        women_per_midwife: 40,
        least_count: 5,
        valid: Period::inclusive(None, None),
    }
}

pub fn decided(limits: &Eligibility) -> Decided<'_> {
    Decided { limits, county: "01" }
}

pub fn referral(id: &str, received_on: &str) -> Referral {
    Referral {
        id: id.into(),
        person: format!("p-{id}"),
        from_unit: "bmm".into(),
        received_on: day(received_on),
        occasion: Occasion::Week16,
        due_on: day("2024-05-15"),
        scales: None,
        fear: None,
        wants_vaginal: Answer::Blank,
        social: [Answer::Blank; 5],
        residence: "0180".into(),
        note: String::new(),
    }
}

pub fn taken(id: &str, step: Step, on: &str) -> Taken {
    Taken {
        referral: id.into(),
        step,
        on: day(on),
        team: if step == Step::Offer { "team-a".into() } else { String::new() },
        month: (step == Step::Offer).then(|| month("2024-05")),
        note: String::new(),
        by: "anna".into(),
    }
}

/// A chain with so many places of `team-a` in May 2024.
pub fn chain(women: u32, referrals: Vec<Referral>) -> Chain {
    let places = Places { team: "team-a".into(), month: month("2024-05"), midwives: 6, women };
    let referred = referrals.into_iter().map(Event::Referred);
    Chain::of(std::iter::once(Event::Places(places)).chain(referred))
}
