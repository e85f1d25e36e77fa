//! A unit's weeks, simulated.
//!
//! Owns: rates by hour of the week, and how many women are in active phase hour by hour. Does not own: what follows for staffing.

use super::chance::Chance;
use super::{Covered, HOURS};

/// A week as observed.
#[derive(Default)]
pub(super) struct Week {
    /// The hour of the week of each of its hours: clocks may change.
    pub(super) seen: Vec<usize>,
    /// Hour of the week and minutes of each active phase that began in it.
    pub(super) arrivals: Vec<(usize, u64)>,
}

/// What simulated women are drawn from.
pub(super) struct Model {
    /// Arrivals in an hour, by hour of the week.
    rates: Vec<f64>,
    /// Minutes of active phases.
    lengths: Vec<u64>,
}

impl Model {
    pub(super) fn of(weeks: &[&Week]) -> Self {
        let (mut seen, mut came) = (vec![0_u32; HOURS], vec![0_u32; HOURS]);
        let mut lengths = Vec::new();
        for week in weeks {
            week.seen.iter().for_each(|hour| add(&mut seen, *hour));
            for (hour, minutes) in &week.arrivals {
                add(&mut came, *hour);
                lengths.push(*minutes);
            }
        }
        let rate = |(came, seen): (u32, u32)| f64::from(came) / f64::from(seen.max(1));
        Self { rates: came.into_iter().zip(seen).map(rate).collect(), lengths }
    }

    /// Women in active phase in each simulated hour, by hour of the week. The last week is followed by the first, so that there is no
    /// empty beginning.
    pub(super) fn run(
        &self,
        weeks: usize,
        covered: Covered,
        chance: &mut Chance,
    ) -> Vec<Vec<usize>> {
        let minutes = weeks * HOURS * 60;
        let mut changes = vec![0_i32; minutes];
        let mut present = 0;
        for (hour, rate) in (0..weeks * HOURS).zip(self.rates.iter().cycle()) {
            for _ in 0..chance.poisson(*rate) {
                let from = hour * 60 + chance.below(60);
                let length = chance.one_of(&self.lengths).copied().unwrap_or(0);
                let until = from + usize::try_from(length).unwrap_or(0);
                change(&mut changes, from, 1);
                change(&mut changes, until % minutes, -1);
                // Whoever is still there at the end is there at the beginning.
                present += i32::try_from(until / minutes).unwrap_or(0);
            }
        }
        let mut by_hour = vec![Vec::new(); HOURS];
        for (hour, changes) in (0..).zip(changes.chunks(60)) {
            let women = women(changes, &mut present, covered);
            if let Some(all) = by_hour.get_mut(hour % HOURS) {
                all.push(women);
            }
        }
        by_hour
    }
}

fn add(counts: &mut [u32], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

fn change(changes: &mut [i32], at: usize, by: i32) {
    if let Some(change) = changes.get_mut(at) {
        *change += by;
    }
}

/// Women in one hour; `present` goes on to the next.
fn women(changes: &[i32], present: &mut i32, covered: Covered) -> usize {
    let mut counts = changes.iter().map(|change| {
        *present += change;
        *present
    });
    let first = counts.next().unwrap_or(0);
    let most = counts.fold(first, i32::max);
    let told = if covered == Covered::EveryMinute { most } else { first };
    usize::try_from(told).unwrap_or(0)
}
