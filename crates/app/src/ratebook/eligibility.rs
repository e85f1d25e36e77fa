//! `[[eligibility]]`: who may be offered a place in the continuity chain, and how large its teams are.
//!
//! Owns: its keys and their ranges. Does not own: who is eligible (`follow::need`).

use super::facts::{Start, only, validity};
use super::sheet::Faulty;
use super::table::Table;
use super::value::{count, id, range};
use kernel::fact::Eligibility;
use kernel::finding::{Code, Text};

/// The scales of the Fear of Birth Scale end at 100.
const SCALE: u64 = 100;
/// With a least count of 2, what is withheld would be known to be 1.
const LEAST: u64 = 3;

pub(super) fn eligibility(table: &Table<'_>) -> Result<Eligibility, Faulty> {
    only(
        table,
        &[
            "id",
            "moderate_from",
            "severe_from",
            "social_from",
            "team",
            "women_per_midwife",
            "least_count",
            "valid_from",
            "valid_to",
        ],
    );
    let name = table.required("id", id::<Box<str>>);
    let moderate = table.required("moderate_from", count);
    let severe = table.required("severe_from", count);
    let social = table.optional("social_from", count);
    let team = table.required("team", range);
    let women = table.required("women_per_midwife", count);
    let least = table.optional("least_count", count);
    let valid = validity(table, Start::Compulsory);
    let (moderate, severe) = (moderate?, severe?);
    let (social, least) = (social?.unwrap_or(1), least?.unwrap_or(5));
    if moderate > severe || severe > SCALE || moderate == 0 {
        return Err(table.refuse_key(
            Code::BadValue,
            "moderate_from",
            Text::new(
                format!("`moderate_from` {moderate} och `severe_from` {severe} ska vara 1–100, den första inte större än den andra"),
                format!("`moderate_from` {moderate} and `severe_from` {severe} are to be 1–100, the first not above the second"),
            ),
        ));
    }
    if !(1..=5).contains(&social) {
        return Err(table.refuse_key(
            Code::BadValue,
            "social_from",
            Text::new(
                format!("`social_from` är {social}; det finns fem sociala variabler, skriv 1–5"),
                format!("`social_from` is {social}; there are five social variables, write 1–5"),
            ),
        ));
    }
    if least < LEAST {
        return Err(table.refuse_key(
            Code::BadValue,
            "least_count",
            Text::new(
                format!("`least_count` är {least}; minst {LEAST}, annars röjs det som hålls inne"),
                format!(
                    "`least_count` is {least}; at least {LEAST}, else what is withheld is known"
                ),
            ),
        ));
    }
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let (from, to) = team?;
    Ok(Eligibility {
        id: String::from(name?),
        moderate_from: small(moderate),
        severe_from: small(severe),
        social_from: small(social),
        team: [from, to].map(i32::unsigned_abs),
        women_per_midwife: small(women?),
        least_count: small(least),
        valid: valid?,
    })
}
