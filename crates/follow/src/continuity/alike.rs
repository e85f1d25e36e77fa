//! Like with like: indices within bands of the number of contacts.
//!
//! Owns: means by band, and the difference of two groups as if both had the first one's numbers of contacts (direct standardisation).
//! Does not own: intervals, or which bands are good: they are data.
//!
//! Bands that begin at 2, 6 and 11: two to five contacts, six to ten, eleven and more. Fewer than two are in no band.

use super::Share;
use std::iter::once;

/// Pregnancies with like numbers of contacts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Fewest contacts.
    pub from: u64,
    /// Most contacts; `None`: any number.
    pub to: Option<u64>,
    /// How many pregnancies.
    pub pregnancies: u64,
    /// Their mean index; `None` where there are none.
    pub mean: Option<f64>,
}

/// Means of an index by number of contacts. `begins` are the least numbers, rising; each row is N and the index.
pub fn bands(rows: &[(u64, Share)], begins: &[u64]) -> Vec<Band> {
    let ends = begins.iter().skip(1).map(|next| Some(next - 1)).chain(once(None));
    let band = |(from, to): (&u64, Option<u64>)| {
        let fits = |n: u64| n >= *from && to.is_none_or(|to| n <= to);
        // Added up from small to large, so that the order of the rows changes no bit.
        let mut shares: Vec<Share> =
            rows.iter().filter(|(n, _)| fits(*n)).map(|(_, share)| *share).collect();
        shares.sort_unstable();
        let sum: f64 = shares.iter().map(|share| share.value()).sum();
        let pregnancies = shares.len() as u64;
        let mean = (pregnancies > 0).then(|| sum / pregnancies as f64);
        Band { from: *from, to, pregnancies, mean }
    };
    begins.iter().zip(ends).map(band).collect()
}

/// Two groups, like with like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// Mean of the first group, over the bands that both have.
    pub first: f64,
    /// Mean of the second, as if it had the first one's numbers of contacts.
    pub second: f64,
    /// Pregnancies of the first group that are in bands that both have.
    pub compared: u64,
    /// Pregnancies of the first group that have nothing to be compared with.
    pub alone: u64,
}

/// Compares two groups over the same bands; `None` where they have no band in common.
pub fn compare(first: &[Band], second: &[Band]) -> Option<Compared> {
    let (mut sums, mut compared, mut alone) = ((0.0, 0.0), 0, 0);
    for (band, other) in first.iter().zip(second) {
        match (band.mean, other.mean) {
            (Some(mean), Some(other)) => {
                compared += band.pregnancies;
                sums.0 += mean * band.pregnancies as f64;
                sums.1 += other * band.pregnancies as f64;
            }
            _ => alone += band.pregnancies,
        }
    }
    let mean = |sum: f64| sum / compared as f64;
    (compared > 0).then(|| Compared { first: mean(sums.0), second: mean(sums.1), compared, alone })
}
