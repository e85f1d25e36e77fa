//! How many midwives a shift needs so that every woman in active phase has one of her own.
//!
//! Owns: the simulation of a unit from its own arrivals and active phases, and what it says of need, with an interval. Does not own: what
//! midwives do beside active phases, rosters, or where the phases come from (`one_to_one`).
//!
//! Arrivals are a Poisson process whose rate depends on the hour of the week; active phases are drawn from those observed, whatever the
//! hour. That makes it the queue M(t)/G/∞, where the number present at an instant is a Poisson variable with a known mean (Eick, Massey
//! and Whitt, "The Physics of the Mt/G/∞ Queue", Operations Research 1993, doi 10.1287/opre.41.4.731): the tests compare. The interval
//! resamples whole weeks.
//!
//! Two arrivals an hour at all hours, active phases of 300 minutes: 10 women present on average, 15 or fewer in 95 % of instants.

mod chance;
mod simulate;

use crate::minute::Minute;
use crate::one_to_one::Span;
use kernel::named;
use simulate::{Model, Week};

/// Hours of a week; hour 0 begins on Monday at midnight by Swedish clocks.
pub const HOURS: usize = 168;

named! {
    /// When an hour counts as covered.
    Covered {
        /// In no minute of it are more women in active phase than midwives.
        EveryMinute = "every-minute",
        /// At its first minute there are not.
        FirstMinute = "first-minute",
    }
}

named! {
    /// Why there is no answer.
    NoNeed {
        /// Fewer than four whole weeks.
        TooShort = "too-short",
        /// No active phase in them.
        NoPhases = "no-phases",
    }
}

/// How to simulate. The same values give the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Shares of hours to cover, in whole per cent below 100: 90, 95, 99.
    pub percents: Vec<u64>,
    /// What an hour's cover means.
    pub covered: Covered,
    /// Weeks in each simulation, at least 1; ten times as many for the estimate itself.
    pub weeks: usize,
    /// How many times the weeks observed are drawn anew, at least 1.
    pub redraws: usize,
    /// Confidence of the interval in whole per cent.
    pub confidence: u64,
    /// Where the chances start.
    pub seed: u64,
}

/// What a shift needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Share of its hours to cover, per cent.
    pub percent: u64,
    /// Fewest midwives with which at least that share is covered.
    pub midwives: usize,
    /// Lower end of the interval, inclusive.
    pub low: usize,
    /// Upper end, inclusive.
    pub high: usize,
}

const WEEK: i64 = 7 * 24 * 60;
const FEWEST_WEEKS: usize = 4;

/// The hour of the week by Swedish clocks, below [`HOURS`].
pub fn hour_of_week(minute: Minute) -> usize {
    let hour = i64::from(minute.day().weekday()) * 24 + minute.hour();
    usize::try_from(hour).unwrap_or(0)
}

/// The hours of the week of a shift of every day, from one clock hour up to but not including another, which may lie past midnight;
/// 24 hours where both are the same.
pub fn daily_shift(from: usize, until: usize) -> Vec<usize> {
    let length = (until + 23 - from) % 24 + 1;
    let hours = (0..7).flat_map(|day| (0..length).map(move |hour| day * 24 + from + hour));
    hours.map(|hour| hour % HOURS).collect()
}

/// The needs of each shift (its hours of the week), in the order of `shifts` and of the plan's per cents. `phases` are the active phases of
/// one unit, in any order; those that begin outside the whole weeks that fit in `observed` are left out.
pub fn need(
    phases: &[Span],
    observed: Span,
    shifts: &[Vec<usize>],
    plan: &Plan,
) -> Result<Vec<Vec<Need>>, NoNeed> {
    let weeks = weeks(phases, observed);
    if weeks.len() < FEWEST_WEEKS {
        return Err(NoNeed::TooShort);
    }
    if weeks.iter().all(|week| week.arrivals.is_empty()) {
        return Err(NoNeed::NoPhases);
    }
    let estimate = needs(&weeks.iter().collect::<Vec<_>>(), shifts, plan, 10 * plan.weeks, 0);
    let mut redrawn: Vec<Vec<usize>> = vec![Vec::new(); estimate.len()];
    for redraw in 1..=plan.redraws as u64 {
        let mut chance = chance::Chance::new(plan.seed, 2 * redraw);
        let drawn: Vec<&Week> = weeks.iter().filter_map(|_| chance.one_of(&weeks)).collect();
        let needs = needs(&drawn, shifts, plan, plan.weeks, 2 * redraw + 1);
        redrawn.iter_mut().zip(needs).for_each(|(all, need)| all.push(need));
    }
    let mut told = estimate.into_iter().zip(&mut redrawn).map(|(midwives, all)| {
        let (low, high) = interval(all, plan.confidence);
        (midwives, low.min(midwives), high.max(midwives))
    });
    let of_shift = |_| {
        let percents = plan.percents.iter();
        let needs = percents.zip(told.by_ref());
        needs
            .map(|(percent, (midwives, low, high))| Need { percent: *percent, midwives, low, high })
            .collect()
    };
    Ok(shifts.iter().map(of_shift).collect())
}

/// The needs of all shifts by all per cents, one after another.
fn needs(
    weeks: &[&Week],
    shifts: &[Vec<usize>],
    plan: &Plan,
    length: usize,
    stream: u64,
) -> Vec<usize> {
    let mut chance = chance::Chance::new(plan.seed, stream);
    let by_hour = Model::of(weeks).run(length.max(1), plan.covered, &mut chance);
    let of_shift = |hours: &Vec<usize>| {
        let mut women: Vec<usize> =
            hours.iter().filter_map(|hour| by_hour.get(*hour)).flatten().copied().collect();
        women.sort_unstable();
        plan.percents.iter().map(|percent| fewest(&women, *percent)).collect::<Vec<_>>()
    };
    shifts.iter().flat_map(of_shift).collect()
}

/// The least number that at least so many per cent of the sorted are not above.
fn fewest(sorted: &[usize], percent: u64) -> usize {
    let hours = (sorted.len() as u64 * percent).div_ceil(100);
    let at = usize::try_from(hours).unwrap_or(usize::MAX).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(0)
}

/// The middle `confidence` per cent (percentile bootstrap), outer values where the ends fall between two.
fn interval(all: &mut [usize], confidence: u64) -> (usize, usize) {
    all.sort_unstable();
    let outside = all.len() as u64 * (100 - confidence.min(100)) / 200;
    let below = usize::try_from(outside).unwrap_or(0);
    let end = |at: usize| all.get(at).copied().unwrap_or(0);
    (end(below), end(all.len().saturating_sub(1 + below)))
}

/// The whole weeks of the time observed, counted in elapsed minutes from its beginning.
fn weeks(phases: &[Span], observed: Span) -> Vec<Week> {
    let count = observed.until.since(observed.from).div_euclid(WEEK);
    let mut weeks: Vec<Week> = (0..count).map(|_| Week::default()).collect();
    for (number, week) in (0..).zip(&mut weeks) {
        for hour in 0..HOURS as i64 {
            let minute = observed.from.plus(number * WEEK + hour * 60);
            week.seen.push(hour_of_week(minute));
        }
    }
    let mut sorted = phases.to_vec();
    sorted.sort_unstable();
    for phase in sorted {
        let number = phase.from.since(observed.from).div_euclid(WEEK);
        let week = usize::try_from(number).ok().and_then(|number| weeks.get_mut(number));
        if let Some(week) = week {
            week.arrivals.push((hour_of_week(phase.from), phase.minutes()));
        }
    }
    weeks
}
