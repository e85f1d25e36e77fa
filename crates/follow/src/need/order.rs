//! The order of need: greatest need first, clinical grounds before social ones.
//!
//! Owns: [`Rank`], places in the queue, and why one goes before another. Does not own: who waits (`chain`), or who is eligible (`ground`).
//!
//! The order is total: fear (as clinical ground) from most to least, then the number of social grounds, then the day the referral came,
//! then a lot drawn from the referral's id, then the id. The values of the scales do not part women of one degree of fear: they are
//! measured with an error, and not everybody has them. The order is ours and not the region's, which says "greatest need first".

use super::Fear;
use super::Referral;
use super::ground::Assessed;
use kernel::finding::Text;
use kernel::named;
use kernel::time::Day;
use std::cmp::Reverse;

named! {
    /// What lets one go before another, in the order they are asked.
    Criterion {
        /// Greater fear of birth, as clinical ground.
        Fear = "fear",
        /// More social grounds.
        Social = "social",
        /// The referral came on an earlier day.
        Received = "received",
        /// The lot of the referral.
        Lot = "lot",
    }
}

/// What the order goes by; the least goes first. Two referrals of one clinic never have equal ranks, since their ids differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    fear: Reverse<Option<Fear>>,
    social: Reverse<u32>,
    received_on: Day,
    lot: u64,
    id: String,
}

impl Rank {
    /// Of a referral as it was read.
    pub fn of(referral: &Referral, assessed: &Assessed) -> Self {
        Self {
            fear: Reverse(assessed.clinical),
            social: Reverse(assessed.socials()),
            received_on: referral.received_on,
            lot: lot(&referral.id),
            id: referral.id.clone(),
        }
    }

    /// What lets this one go before a later one.
    pub fn before(&self, later: &Self) -> Criterion {
        if self.fear != later.fear {
            Criterion::Fear
        } else if self.social != later.social {
            Criterion::Social
        } else if self.received_on != later.received_on {
            Criterion::Received
        } else {
            Criterion::Lot
        }
    }
}

/// A number that nobody chose and everybody can compute again: FNV-1a over the id, mixed by the finaliser of SplitMix64.
pub fn lot(id: &str) -> u64 {
    let hashed = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mixed = (hashed ^ (hashed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A place in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Id of the referral.
    pub id: String,
    /// Place, from 1.
    pub place: usize,
    /// How many wait.
    pub of: usize,
    /// What lets the one just before go before; `None` for the first.
    pub by: Option<Criterion>,
    /// How many go before by each criterion, in the order of [`Criterion::ALL`].
    pub ahead: [usize; 4],
}

/// The queue, first first. The order of `ranks` does not matter.
pub fn queue(mut ranks: Vec<Rank>) -> Vec<Position> {
    ranks.sort();
    let position = |(at, rank): (usize, &Rank)| {
        let mut ahead = [0; 4];
        for other in ranks.iter().take(at) {
            if let Some(count) = ahead.get_mut(other.before(rank) as usize) {
                *count += 1;
            }
        }
        let last = at.checked_sub(1).and_then(|before| ranks.get(before));
        let by = last.map(|before| before.before(rank));
        Position { id: rank.id.clone(), place: at + 1, of: ranks.len(), by, ahead }
    };
    ranks.iter().enumerate().map(position).collect()
}

impl Position {
    /// Why she stands where she does, by her own facts: nothing in it says anything of one other woman but which criterion came into play.
    /// `plats 7 av 12: måttlig rädsla, 2 sociala grunder, remiss 2024-03-02; efter plats 6 eftersom fler sociala grunder går före`.
    pub fn told(&self, referral: &Referral, assessed: &Assessed) -> Text {
        let Self { place, of, .. } = self;
        let (grounds, on) = (assessed.told(referral), referral.received_on);
        let why = self.by.map_or_else(
            || Text::new("först", "first"),
            |by| {
                let (before, why) = (place.saturating_sub(1), by.text());
                Text::new(
                    format!("efter plats {before} eftersom {}", why.sv),
                    format!("after place {before} since {}", why.en),
                )
            },
        );
        Text::new(
            format!("plats {place} av {of}: {}, remiss {on}; {}", grounds.sv, why.sv),
            format!("place {place} of {of}: {}, referred {on}; {}", grounds.en, why.en),
        )
    }
}

impl Criterion {
    /// In words.
    pub fn text(self) -> Text {
        match self {
            Self::Fear => Text::new("större rädsla går före", "greater fear goes before"),
            Self::Social => {
                Text::new("fler sociala grunder går före", "more social grounds go before")
            }
            Self::Received => {
                Text::new("tidigare remiss går före", "an earlier referral goes before")
            }
            Self::Lot => Text::new(
                "lotten skiljer remisser från samma dag",
                "the lot parts referrals of one day",
            ),
        }
    }
}
