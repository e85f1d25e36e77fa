//! Whether a woman met the same midwife: indices of continuity, exactly, and the known midwife at birth.
//!
//! Owns: UPC, COC, MMCI, SECON and K of a row of contacts, how many carers, and what was met before birth. Does not own: which contacts
//! are of one pregnancy (`chain`), or anything of a single carer: no result names one.
//!
//! Formulas: UPC, COC (Bice and Boxerman 1977), MMCI and SECON as in BMC Health Services Research 2022, doi 10.1186/s12913-022-07953-z,
//! table 2. K = (N − M)/(N − 1) is known by name only: `unverified`. With N contacts, M carers and nᵢ contacts with carer i.
//!
//! Seen by A, A, B: UPC 2/3, COC (4 + 1 − 3)/(3 · 2) = 1/3, SECON 1/2, K 1/2, MMCI (1 − 2/3.1)/(1 − 1/3.1) = 11/21.

mod alike;
mod known;

pub use alike::{Band, Compared, bands, compare};
pub use known::{Met, met_before_birth};

use crate::care::{Care, Cares, NONE};
use crate::chain::{Chain, Episode, Phase};
use std::cmp::Ordering;

/// A part of a whole, exactly; not shortened. The whole is never 0.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    part: u64,
    whole: u64,
}

impl Share {
    /// `None` where the whole is 0.
    pub fn new(part: u64, whole: u64) -> Option<Self> {
        (whole > 0).then_some(Self { part, whole })
    }

    /// Numerator.
    pub const fn part(self) -> u64 {
        self.part
    }

    /// Denominator.
    pub const fn whole(self) -> u64 {
        self.whole
    }

    /// The nearest floating-point number.
    pub fn value(self) -> f64 {
        self.part as f64 / self.whole as f64
    }
}

impl PartialEq for Share {
    /// As numbers: 1/2 is 2/4.
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Share {}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |a: &Self, b: &Self| u128::from(a.part) * u128::from(b.whole);
        cross(self, other).cmp(&cross(other, self))
    }
}

/// The indices of one row of contacts; each is 0 to 1, 1 where all were with one carer, and `None` where it is undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continuity {
    /// N: contacts whose carer is known. Indices fall as it grows: compare within like numbers.
    pub contacts: u64,
    /// Contacts whose carer nobody says; they are in no index.
    pub without_carer: u64,
    /// M: different carers.
    pub carers: u64,
    /// Usual provider of care: max nᵢ / N. From one contact.
    pub upc: Option<Share>,
    /// Bice–Boxerman: (Σnᵢ² − N) / (N(N − 1)). From two contacts.
    pub coc: Option<Share>,
    /// Modified, modified continuity index: (1 − M/(N + 0.1)) / (1 − 1/(N + 0.1)) = (10N + 1 − 10M) / (10N − 9). From one contact.
    pub mmci: Option<Share>,
    /// Sequential continuity: the share of contacts with the carer of the contact before. From two contacts.
    pub secon: Option<Share>,
    /// K: (N − M) / (N − 1). From two contacts.
    pub k: Option<Share>,
}

/// The indices of contacts in their order; [`NONE`] stands for a carer nobody says. Teams in place of carers give continuity of team.
pub fn continuity(carers: impl IntoIterator<Item = u32>) -> Continuity {
    let all: Vec<u32> = carers.into_iter().collect();
    let mut seen: Vec<u32> = all.iter().copied().filter(|carer| *carer != NONE).collect();
    let contacts = seen.len() as u64;
    let same_as_before = seen.array_windows().filter(|[before, now]| before == now).count() as u64;
    seen.sort_unstable();
    let counts = || seen.chunk_by(|a, b| a == b).map(|same| same.len() as u64);
    let (carers, most) = (counts().count() as u64, counts().max().unwrap_or(0));
    let squares: u64 = counts().map(|count| count * count).sum();
    let pairs = |part| Share::new(part, contacts.saturating_sub(1));
    Continuity {
        contacts,
        without_carer: all.len() as u64 - contacts,
        carers,
        upc: Share::new(most, contacts),
        coc: Share::new(squares - contacts, contacts * contacts.saturating_sub(1)),
        mmci: Share::new(10 * (contacts - carers) + 1, (10 * contacts).saturating_sub(9)),
        secon: pairs(same_as_before),
        k: pairs(contacts - carers),
    }
}

/// The indices of a pregnancy's contacts that `counts` lets through, in one phase or (`None`) from the first to the last. `counts` is where
/// the caller says which kinds and professions are meant.
pub fn of_episode(
    chain: &Chain,
    cares: &Cares,
    episode: &Episode,
    phase: Option<Phase>,
    counts: impl Fn(&Care) -> bool,
) -> Continuity {
    let phases = Phase::ALL.iter().filter(|other| phase.is_none_or(|phase| phase == **other));
    let contacts = phases.flat_map(|phase| chain.contacts(cares, episode, *phase));
    continuity(contacts.filter(|care| counts(care)).map(|care| care.carer))
}
