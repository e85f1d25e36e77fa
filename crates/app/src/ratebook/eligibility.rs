//! `[[eligibility]]`: who may be offered a place in the continuity chain, and how large its teams are.
//!
//! Owns: its keys and their ranges. Does not own: who is eligible (`follow::need`).
//!
//! Nothing of it has a default: who is eligible, and what may be told of them, is decided or there is no chain.

use super::facts::{Start, only, validity};
use super::sheet::Faulty;
use super::table::Table;
use super::value::{Value, id, range, whole_between};
use kernel::fact::Eligibility;
use kernel::finding::{Code, Text};

/// With a least count of 2, what is withheld would be known to be 1.
const LEAST: u32 = 3;
/// No team is larger; beyond it a slip of the pen is likelier.
const TEAM: i32 = 50;

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
    // The scales of the Fear of Birth Scale end at 100; there are five social variables.
    let moderate = table.required("moderate_from", whole_between(1, 100));
    let severe = table.required("severe_from", whole_between(1, 100));
    let social = table.required("social_from", whole_between(1, 5));
    let team = table.required("team", team);
    let women = table.required("women_per_midwife", whole_between(1, 200));
    let least = table.required("least_count", whole_between(LEAST, 1_000));
    let valid = validity(table, Start::Compulsory);
    let (moderate, severe) = (moderate?, severe?);
    if moderate > severe {
        return Err(table.refuse_key(
            Code::BadValue,
            "moderate_from",
            Text::new(
                format!("`moderate_from` {moderate} är större än `severe_from` {severe}"),
                format!("`moderate_from` {moderate} is above `severe_from` {severe}"),
            ),
        ));
    }
    Ok(Eligibility {
        id: String::from(name?),
        moderate_from: moderate,
        severe_from: severe,
        social_from: social?,
        team: team?,
        women_per_midwife: women?,
        least_count: least?,
        valid: valid?,
    })
}

/// The fewest and the most midwives of a team.
fn team(value: &Value<'_>) -> Result<[u32; 2], Faulty> {
    let (least, most) = range(value)?;
    if least < 1 || most > TEAM {
        return Err(value.wrong(
            &format!("ett team har 1–{TEAM} barnmorskor, till exempel `[4, 8]`"),
            &format!("a team has 1–{TEAM} midwives, such as `[4, 8]`"),
        ));
    }
    Ok([least, most].map(i32::unsigned_abs))
}
