//! Indicators: which births are meant, which of them count, and whether enough is reported to say so.
//!
//! Owns: what a decided definition makes of each birth ([`judge`]), and the sums by any grouping ([`tally`]). Does not own: the
//! definitions (facts of the register), intervals, or what may be shown (`disclose`).
//!
//! Of 100 births with an active phase, 80 have staffing reported and 60 of those a midwife all the time: 60 of 80, 80 % reported.

mod judge;
mod tally;

pub(crate) use judge::number;
pub use judge::{Judged, Satisfied, World, judge, judge_in};
pub use tally::{Summary, Tally, tally};

use kernel::fact::{Indicator, Target};
use kernel::register::{Known, View};
use kernel::time::Day;

/// A definition with the target that stands for it.
#[derive(Clone, Copy, Debug)]
pub struct Defined<'r> {
    /// The definition.
    pub indicator: Known<'r, Indicator>,
    /// Its target, if one is decided.
    pub target: Option<Known<'r, Target>>,
}

/// The definitions that apply to births of a day, in order of id.
pub fn definitions<'r>(view: &View<'r>, day: Day) -> Vec<Defined<'r>> {
    let mut all: Vec<Defined<'r>> = Vec::new();
    for indicator in view.indicators.values().filter(|one| one.fact.valid.contains(day)) {
        let mut targets = view.targets.values().filter(|target| target.fact.valid.contains(day));
        let target = targets.rfind(|target| target.fact.indicator == indicator.fact.id);
        let defined = Defined { indicator: *indicator, target: target.copied() };
        match all.last_mut().filter(|last| last.indicator.fact.id == indicator.fact.id) {
            Some(last) => *last = defined,
            None => all.push(defined),
        }
    }
    all
}

/// Below this many persons a count is not shown on a day; 0 where nothing is decided.
pub fn threshold(view: &View<'_>, day: Day) -> u32 {
    let mut known = view.disclosures.values().rev();
    known.find(|one| one.fact.valid.contains(day)).map_or(0, |one| one.fact.threshold)
}
