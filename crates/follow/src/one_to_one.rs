//! One midwife for each woman in active labour, to the minute (en barnmorska per födande i aktiv fas).
//!
//! Owns: what each minute of each active phase was: with a midwife of her own, not, or unknown; and what that makes of the birth. Does
//! not own: the goal of the region and its year (a target is data), statistics of the counts, or when an active phase begins: the clinic
//! says that.
//!
//! A minute is *own* where some midwife is assigned to the woman and to no other woman who is in active phase in that minute. It need
//! not be the same midwife all the time (NICE QS105, statement 2), nor at the unit that reports the birth. The measure is a workable
//! definition of ours: the region's own is not public (`unverified`).
//!
//! Active phase 02:00–06:00 with a midwife who from 03:00 to 04:00 is assigned to two: 180 of 240 minutes, 75 % exactly.

mod phase;
mod spans;
mod sweep;
mod tally;

pub use spans::Span;
pub use tally::{Minutes, Tally, minutes_by, tally};

use crate::inputs::{Labour, Staffing};
use crate::minute::Minute;
use kernel::intern::FastMap;
use kernel::named;
use kernel::time::Day;
use phase::{Judged, Phases};
use sweep::{Kind, Part};

/// A delivery to answer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Contact id, a number of the same texts as those of labour and staffing.
    pub contact: u32,
    /// The woman. Deliveries of one woman (twins reported apart) are never each other's "other woman".
    pub woman: u32,
    /// Unit id, of the same texts as that of staffing; `None` where nobody knows.
    pub unit: Option<u32>,
    /// Care date.
    pub care_date: Day,
    /// Instant of birth, where it is known.
    pub born_at: Option<Minute>,
}

/// What is too long to be true. Bounds are inclusive minutes: a stretch of just so long is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest active phase.
    pub labour_minutes: i64,
    /// Longest stretch of staffing.
    pub staffing_minutes: i64,
    /// Most days between the end of an active phase and the care date of its delivery, either way.
    pub days_from_care: i32,
}

impl Limits {
    /// Three days of active phase; a day by the clock, of 25 hours in autumn, for one stretch of a shift; the care date may be that of
    /// admission, up to a week before the birth. Assumptions, no source.
    pub const ASSUMED: Self =
        Self { labour_minutes: 72 * 60, staffing_minutes: 25 * 60, days_from_care: 7 };
}

named! {
    /// Why a birth cannot be measured. Such a birth is shown, and never counts as met.
    Missing {
        /// Nothing is reported of her labour.
        NoLabour = "no-labour",
        /// Neither start nor end of the active phase.
        NoActivePhase = "no-active-phase",
        /// No start.
        NoActiveStart = "no-active-start",
        /// No end.
        NoActiveEnd = "no-active-end",
        /// Her unit reports no staffing, and nobody says to be with her, in any minute of the active phase.
        NoStaffing = "no-staffing",
        /// The same for some minutes of it.
        StaffingGap = "staffing-gap",
        /// A faulty stretch of staffing names her. Files cannot bring it about: `intake` refuses such rows.
        FaultyStaffing = "faulty-staffing",
        /// Her midwife is assigned to another woman too, of whom nobody knows whether she is in active phase.
        OtherUnknown = "other-unknown",
    }
}

named! {
    /// What is wrong with a labour or a stretch of staffing. Of files `intake` and `told` leave only [`Self::NotAtBirth`].
    Fault {
        /// It ends before it starts.
        EndBeforeStart = "end-before-start",
        /// It ends where it starts.
        ZeroLength = "zero-length",
        /// It is longer than the limit.
        TooLong = "too-long",
        /// Its active phase is days away from the care date of the delivery.
        NotAtBirth = "not-at-birth",
        /// Two reports of one labour differ.
        Conflicting = "conflicting",
    }
}

named! {
    /// Births that have no active phase at the clinic; told apart, in no share.
    Apart {
        /// Planned caesarean.
        PlannedCaesarean = "planned-caesarean",
        /// Unassisted arrival.
        Unassisted = "unassisted",
    }
}

/// What can be said of a birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every minute of the active phase is known to be own or not.
    Measured,
    /// Something is missing.
    Missing(Missing),
    /// Her labour as reported cannot be.
    Faulty(Fault),
    /// Not to be measured.
    Apart(Apart),
}

/// A delivery and the minutes of its active phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Birth {
    /// The delivery.
    pub delivery: Delivery,
    /// What can be said.
    pub outcome: Outcome,
    /// The active phase, where it can be read.
    pub active: Option<Span>,
    /// Stretches with a midwife of her own: apart, in order.
    pub own: Vec<Span>,
    /// Stretches of which nobody knows: apart, in order, none of them in `own`. Empty where the birth is measured.
    pub unknown: Vec<Span>,
}

impl Birth {
    /// Minutes of the active phase.
    pub fn active_minutes(&self) -> u64 {
        self.active.map_or(0, Span::minutes)
    }

    /// Minutes with a midwife of her own.
    pub fn own_minutes(&self) -> u64 {
        spans::minutes(&self.own)
    }

    /// Whether at least so many per cent of the active phase were own, exactly; `None` where the birth is not measured.
    pub fn met(&self, percent: u64) -> Option<bool> {
        let met = || self.own_minutes() * 100 >= self.active_minutes() * percent;
        (self.outcome == Outcome::Measured).then(met)
    }

    /// When the child was born: the end of the active phase, else as the contact says.
    pub fn born(&self) -> Option<Minute> {
        self.active.map(|active| active.until).or(self.delivery.born_at)
    }
}

/// All births, and what was wrong with what they rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneToOne {
    /// One for each delivery, in their order.
    pub births: Vec<Birth>,
    /// Positions of faulty stretches of staffing; they are left out.
    pub faulty_staffing: Vec<(usize, Fault)>,
    /// Positions of labour of contacts that are no delivery here. It still counts against the midwives of others.
    pub stray_labour: Vec<usize>,
}

/// Measures every delivery. Linear but for sorting; the order of labour and staffing, and doubles among them, change nothing.
///
/// A woman of whom it is unknown whether she is in active phase (nothing reported, a start without an end …) makes the minutes of whoever
/// shares her midwife unknown, as far as she may be in it.
pub fn measure(
    deliveries: &[Delivery],
    labour: &[Labour],
    staffing: &[Staffing],
    limits: &Limits,
) -> OneToOne {
    let phases = Phases::new(deliveries, labour, limits);
    let faulty_staffing: Vec<(usize, Fault)> = (0..)
        .zip(staffing)
        .filter_map(|(at, row)| {
            Some((at, phase::fault(row.from, row.until, limits.staffing_minutes)?))
        })
        .collect();
    let faulty: FastMap<u32, ()> = faulty_staffing
        .iter()
        .filter_map(|(at, _)| Some((staffing.get(*at)?.contact?, ())))
        .collect();
    let sound = || {
        let fits =
            |row: &&Staffing| phase::fault(row.from, row.until, limits.staffing_minutes).is_none();
        staffing.iter().filter(fits)
    };
    let parts = sweep::parts(sound(), &phases);
    let units = sweep::reported(sound());
    let births = deliveries.iter().map(|delivery| {
        let reported = delivery.unit.and_then(|unit| units.get(&unit)).map_or(&[][..], |s| s);
        birth(*delivery, &phases, &parts, reported, faulty.contains_key(&delivery.contact))
    });
    OneToOne { births: births.collect(), faulty_staffing, stray_labour: phases.stray(labour) }
}

fn birth(
    delivery: Delivery,
    phases: &Phases,
    parts: &[Part],
    reported: &[Span],
    faulty: bool,
) -> Birth {
    let without =
        |outcome| Birth { delivery, outcome, active: None, own: Vec::new(), unknown: Vec::new() };
    let active = match phases.of_contact(delivery.contact) {
        Judged::Known(active) => active,
        Judged::Open { outcome, .. } | Judged::Never(outcome) => return without(outcome),
    };
    let hers = sweep::of_woman(parts, phases.woman(delivery.contact));
    let of_kind = |kind| {
        let hers = hers.iter().filter(|part| part.kind == kind);
        spans::merge(hers.filter_map(|part| part.span.and(active)).collect())
    };
    let own = of_kind(Kind::Own);
    if own == [active] {
        let (active, unknown) = (Some(active), Vec::new());
        return Birth { delivery, outcome: Outcome::Measured, active, own, unknown };
    }
    let (doubted, mut told) = (of_kind(Kind::Doubted), of_kind(Kind::With));
    told.extend(spans::within(reported, active));
    let untold = spans::minus(&[active], &spans::merge(told));
    let rest = spans::minus(&[active], &own);
    let (unknown, reason) = if faulty && !rest.is_empty() {
        (rest, Missing::FaultyStaffing)
    } else {
        let reason = match spans::minutes(&untold) {
            0 => Missing::OtherUnknown,
            some if some < active.minutes() => Missing::StaffingGap,
            _ => Missing::NoStaffing,
        };
        (spans::minus(&spans::merge([doubted, untold].concat()), &own), reason)
    };
    let outcome = if unknown.is_empty() { Outcome::Measured } else { Outcome::Missing(reason) };
    Birth { delivery, outcome, active: Some(active), own, unknown }
}
