//! A year of follow-up as it was published (publicering): from what, so that it can be told again to the last figure.
//!
//! Owns: what such a deed says. Does not own: the figures, or whether they may be published beside earlier ones (`follow`, `app`).
//!
//! Year 2025, `as known on 2026-03-01; revisions 41; batches 12; inputs 8; sha256 9f…`: whatever is reported later, and for whichever
//! day, the same figures come of it.

use super::Deed;
use crate::time::Day;

/// How much of what is kept something rests on. What is kept is only ever added to, so these say it exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extent {
    /// Reported up to this day, inclusive.
    pub known_on: Day,
    /// The revision of the register.
    pub revision: u32,
    /// Batches of contacts before this number.
    pub batches: u32,
    /// Files beside contacts before this number.
    pub inputs: u32,
}

/// A year that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Calendar year of birth.
    pub year: i32,
    /// What it rests on.
    pub extent: Extent,
    /// SHA-256 of what its figures follow from, in hexadecimal.
    pub hash: String,
    /// The day it was published.
    pub on: Day,
    /// Who published it.
    pub by: String,
}

const PARTS: [&str; 5] = ["as known on ", "revisions ", "batches ", "inputs ", "sha256 "];

/// What a deed of publication says.
pub fn note(extent: &Extent, hash: &str) -> String {
    let Extent { known_on, revision, batches, inputs } = extent;
    let values = [
        known_on.to_string(),
        revision.to_string(),
        batches.to_string(),
        inputs.to_string(),
        hash.to_owned(),
    ];
    let parts: Vec<String> =
        PARTS.iter().zip(values).map(|(part, value)| format!("{part}{value}")).collect();
    parts.join("; ")
}

impl Publication {
    /// Reads a deed; `None` where it says something else.
    pub(super) fn of(deed: &Deed, year: i32) -> Option<Self> {
        let mut parts =
            deed.note.split("; ").zip(PARTS).map(|(part, begins)| part.strip_prefix(begins));
        let mut next = || parts.next().flatten();
        let extent = Extent {
            known_on: Day::parse(next()?)?,
            revision: next()?.parse().ok()?,
            batches: next()?.parse().ok()?,
            inputs: next()?.parse().ok()?,
        };
        let hash = next()?.to_owned();
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let new = Self { year, extent, hash, on: deed.on, by: deed.by.clone() };
        (is_hash && note(&new.extent, &new.hash) == deed.note).then_some(new)
    }
}
