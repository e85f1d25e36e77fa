//! What is planted at fictive units, so that whoever looks can be shown to find it, and nowhere else.
//!
//! Owns: where, when and how much. Does not own: what a fictive unit is (`generate::beside`). No unit that has a name in reality differs
//! from the others in anything that is planted.

use super::beside;
use crate::generate::beside::is_fictive;
use kernel::time::Month;
use serde_json::{Value, json};

/// Severe tears in vaginal births without instrument, through 2022: some seven times those of others.
const TEARS: [u32; 5] = [200, 320, 100, 20, 360];
const TEARS_YEAR: i32 = 2022;

/// Parts of labours with a shared midwife, from 2023-01 to 2023-06.
const SHARED: f64 = 0.90;
const SHARED_YEAR: i32 = 2023;
const SHARED_THROUGH: i32 = 6;

/// EPDS of 12 or more from 2024-01 on: a change that stays.
const EPDS: f64 = 0.25;
const EPDS_FROM: i32 = 2024;

/// Negative experience of women born outside Europe, in all years.
const NEGATIVE: f64 = 0.24;

/// The same for programs; a member of the truth.
pub fn json() -> Value {
    let year = |year: i32, month: i32| format!("{year}-{month:02}");
    json!({
        "equity_gap": {
            "group": "country-group 3",
            "measure": "vas-experience",
            "share": NEGATIVE,
            "share_of_others": beside::NEGATIVE_EXPERIENCE,
        },
        "epds_change": {
            "from": year(EPDS_FROM, 1),
            "share": EPDS,
            "share_before": beside::EPDS_POSITIVE,
        },
        "severe_tears": {
            "from": year(TEARS_YEAR, 1),
            "to": year(TEARS_YEAR, 12),
            "share": severe(&TEARS),
            "share_of_others": severe(&super::TEARS),
        },
        "shared_midwife": {
            "from": year(SHARED_YEAR, 1),
            "to": year(SHARED_YEAR, SHARED_THROUGH),
            "share": SHARED,
            "share_of_others": beside::SHARED,
        },
    })
}

/// Share of the third and fourth grade among weights of grades 1 to 4 and none.
fn severe(weights: &[u32; 5]) -> f64 {
    f64::from(weights[2] + weights[3]) / f64::from(weights.iter().sum::<u32>())
}

/// Weights of tears, where they are not those of others.
pub fn tears(unit: &str, month: Month) -> Option<&'static [u32; 5]> {
    (is_fictive(unit) && month.year() == TEARS_YEAR).then_some(&TEARS)
}

/// Share of parts of labours with a midwife who has another woman.
pub fn shared(unit: &str, month: Month) -> Option<f64> {
    let is_then = month.year() == SHARED_YEAR && month.of_year() <= SHARED_THROUGH;
    (is_fictive(unit) && is_then).then_some(SHARED)
}

/// Share of EPDS of 12 or more.
pub fn epds(unit: &str, month: Month) -> Option<f64> {
    (is_fictive(unit) && month.year() >= EPDS_FROM).then_some(EPDS)
}

/// Share of negative experiences of a woman born outside Europe, or not.
pub fn negative(unit: &str, outside_europe: bool) -> Option<f64> {
    (is_fictive(unit) && outside_europe).then_some(NEGATIVE)
}
