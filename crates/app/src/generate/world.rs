//! A small world with every feature and edge of ratebooks and contact files, for tests.
//!
//! Owns: which decisions and reports there are, and that they hang together: the ratebook loads without a refusal,
//! whatever the seed. Does not own: what anything comes to; that is what such a world is for.
//!
//! `world(7)` always gives the same files: a ratebook under `register`, contact files under `contacts`.

mod contacts;
mod register;
#[cfg(test)]
mod tests;

use super::chance::Chance;
use kernel::time::Day;

/// Sets these streams apart from all others of a seed.
const STREAM: u64 = 0x77_6f72_6c64;

/// Names and texts, in order of name.
pub fn world(seed: u64) -> Vec<(String, String)> {
    let mut files = register::files(&mut Chance::new(seed, &[STREAM, 1]));
    files.extend(contacts::files(&mut Chance::new(seed, &[STREAM, 2])));
    files.sort();
    files
}

/// Units by area, as the register states them. The last clinic of each kind closes.
const DELIVERY_UNITS: [&str; 4] = ["bb-nord", "bb-syd", "bb-vast", "bb-ost"];
const MIDWIFE_UNITS: [&str; 5] = ["bmm-ek", "bmm-al", "bmm-ask", "bmm-lind", "bmm-bok"];
const ULTRASOUND_UNITS: [&str; 2] = ["ul-ett", "ul-tva"];

/// A unit that is under an agreement only from this year on, and one whose code a later unit has.
const LATE_UNIT: &str = "bmm-bok";
const LATE_FROM_YEAR: i32 = 2022;

/// The day that `bb-syd` moves to a budget assignment.
const SWITCH: &str = "2023-03-01";

/// Days on which something ends or begins, or that calendars stumble over.
const EDGES: [&str; 12] = [
    "2021-01-01",
    "2021-02-28",
    "2021-12-31",
    "2022-01-01",
    "2022-12-31",
    "2023-01-01",
    "2023-02-28",
    "2023-03-01",
    "2023-12-31",
    "2024-01-01",
    "2024-02-29",
    "2024-03-01",
];

fn edge(chance: &mut Chance) -> Day {
    chance.pick(&EDGES).and_then(Day::parse).unwrap_or(Day::MIN)
}
