//! The known midwife at birth.
//!
//! Owns: how often the woman had met, before the day of birth, whoever attended it. Does not own: from how many meetings on a midwife
//! is known: that is the caller's number (1; 2 as a variant).

use crate::care::{Care, Cares, NONE};
use crate::chain::{Chain, Episode, Phase};

/// Meetings before the day of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Met {
    /// With the carer who attended (of several, the one met most); `None` where nobody says who did.
    pub carer: Option<u64>,
    /// With anybody of the team that attended, as the contacts name teams; `None` where nobody says which did.
    pub team: Option<u64>,
}

impl Met {
    /// Whether she had met the carer so often; `None` where nobody can know.
    pub fn knew_carer(self, at_least: u64) -> Option<bool> {
        Some(self.carer? >= at_least)
    }

    /// Whether she had met the carer, or her team, so often; `None` where that cannot be denied for want of data: no carer, and no team
    /// that was met often enough.
    pub fn knew_carer_or_team(self, at_least: u64) -> Option<bool> {
        let enough = |met: Option<u64>| met.is_some_and(|met| met >= at_least);
        let known = enough(self.carer) || enough(self.team);
        (known || self.carer.is_some()).then_some(known)
    }
}

/// What she had met of those who attended the birth, in contacts of the pregnancy that `counts` lets through; `None` where there is no
/// birth.
pub fn met_before_birth(
    chain: &Chain,
    cares: &Cares,
    episode: &Episode,
    counts: impl Fn(&Care) -> bool,
) -> Option<Met> {
    let birth = episode.birth()?;
    let earlier = chain.contacts(cares, episode, Phase::Antenatal);
    let earlier: Vec<&Care> =
        earlier.filter(|care| care.care_date < birth.day && counts(care)).collect();
    let most = |of: fn(&Care) -> u32| {
        let attending = chain.contacts(cares, episode, Phase::Birth).map(of);
        let met = |who| earlier.iter().filter(|care| of(care) == who).count() as u64;
        attending.filter(|who| *who != NONE).map(met).max()
    };
    Some(Met { carer: most(|care| care.carer), team: most(|care| care.team) })
}
