//! All that a clinic's compartment says, as it stands: referrals, places, and who is where.
//!
//! Owns: what events come to, what may be done next, free places, the queue of a due month. Does not own: where events are kept, or the
//! order itself (`order`).
//!
//! What may be done is asked of [`Chain::admits`] before it is kept; what was kept is taken by [`Chain::take`] as it stands, so that limits
//! that are decided later change no past.

use super::Referral;
use super::course::{State, Step, Taken};
use super::ground::Assessed;
use super::order::{Position, Rank, queue};
use super::refusal::Refusal;
use kernel::fact::Eligibility;
use kernel::time::{Day, Month};
use std::collections::BTreeMap;

/// Places of a team for women who are expected to give birth in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Team.
    pub team: String,
    /// Due month.
    pub month: Month,
    /// Midwives of the team that month.
    pub midwives: u32,
    /// How many women it takes.
    pub women: u32,
}

/// Something that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A referral came, or was corrected: it states the whole anew.
    Referred(Referral),
    /// Places were stated; the last statement of a team and month is true.
    Places(Places),
    /// A step was taken.
    Taken(Taken),
}

/// A referral and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// As last stated.
    pub referral: Referral,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Day,
    /// The team and due month of its last offer.
    pub place: Option<(String, Month)>,
    /// Steps in order.
    pub taken: Vec<Taken>,
}

impl Case {
    /// Whether a step was taken since it last went back to the queue.
    pub fn reached(&self, step: Step) -> bool {
        // What went back to the queue counts from there.
        let back = self.taken.iter().rposition(|taken| taken.step == Step::Wait);
        let since = self.taken.iter().skip(back.map_or(0, |at| at + 1));
        since.into_iter().any(|taken| taken.step == step)
    }
}

/// What stands.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    /// Referrals by id.
    pub cases: BTreeMap<String, Case>,
    /// Places by due month and team.
    pub places: BTreeMap<(Month, String), Places>,
}

/// What is decided, by which referrals are read.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'d> {
    /// Limits.
    pub limits: &'d Eligibility,
    /// First two digits of residences in the region.
    pub county: &'d str,
}

impl Decided<'_> {
    /// A referral read under it.
    pub fn assess(&self, referral: &Referral) -> Assessed {
        Assessed::of(referral, self.limits, self.county)
    }
}

impl Chain {
    /// Of events in order.
    pub fn of(events: impl IntoIterator<Item = Event>) -> Self {
        let mut chain = Self::default();
        events.into_iter().for_each(|event| chain.take(event));
        chain
    }

    /// Takes what was kept.
    pub fn take(&mut self, event: Event) {
        match event {
            Event::Referred(referral) => self.refer(referral),
            Event::Places(places) => {
                self.places.insert((places.month, places.team.clone()), places);
            }
            Event::Taken(taken) => self.step(taken),
        }
    }

    fn refer(&mut self, referral: Referral) {
        if let Some(case) = self.cases.get_mut(&referral.id) {
            case.referral = referral;
            return;
        }
        let (state, since) = (State::Waiting, referral.received_on);
        let id = referral.id.clone();
        self.cases.insert(id, Case { referral, state, since, place: None, taken: Vec::new() });
    }

    fn step(&mut self, taken: Taken) {
        let Some(case) = self.cases.get_mut(&taken.referral) else { return };
        let Some(state) = case.state.after(taken.step) else { return };
        (case.state, case.since) = (state, taken.on);
        if let (Step::Offer, Some(month)) = (taken.step, taken.month) {
            case.place = Some((taken.team.clone(), month));
        }
        case.taken.push(taken);
    }

    /// Whether something may be kept.
    pub fn admits(&self, event: &Event, decided: Decided<'_>) -> Result<(), Refusal> {
        match event {
            Event::Referred(referral) => self.admits_referral(referral),
            Event::Places(_) => Ok(()),
            Event::Taken(taken) => self.admits_step(taken, decided),
        }
    }

    /// One pregnancy has one referral at a clinic: two of one person whose due days lie within 84 days (as R29) are of one.
    fn admits_referral(&self, referral: &Referral) -> Result<(), Refusal> {
        let mut others = self.cases.values().filter(|case| case.referral.id != referral.id);
        let twin = others.find(|case| {
            let other = &case.referral;
            let days = other.due_on.number().abs_diff(referral.due_on.number());
            other.person == referral.person && days <= 84 && case.state != State::Withdrawn
        });
        twin.map_or(Ok(()), |case| Err(Refusal::Twice { other: case.referral.id.clone() }))
    }

    fn admits_step(&self, taken: &Taken, decided: Decided<'_>) -> Result<(), Refusal> {
        let unknown = || Refusal::Unknown { referral: taken.referral.clone() };
        let case = self.cases.get(&taken.referral).ok_or_else(unknown)?;
        if case.state.after(taken.step).is_none() {
            return Err(Refusal::NotNow { state: case.state, step: taken.step });
        }
        if taken.on < case.since {
            return Err(Refusal::Before { on: taken.on, since: case.since });
        }
        if taken.step.needs_note() && taken.note.trim().is_empty() {
            return Err(Refusal::NoReason { step: taken.step });
        }
        match taken.step {
            Step::Offer => self.admits_offer(case, taken, decided),
            // While it was withdrawn, another referral of the pregnancy may have come.
            Step::Wait => self.admits_referral(&case.referral),
            _ => Ok(()),
        }
    }

    /// An offer needs a ground, a free place, and that nobody who needs it more waits for the same due month; past the last of these the
    /// clinic may go with a reason, which is kept.
    fn admits_offer(
        &self,
        case: &Case,
        taken: &Taken,
        decided: Decided<'_>,
    ) -> Result<(), Refusal> {
        let assessed = decided.assess(&case.referral);
        if !assessed.is_eligible() {
            return Err(Refusal::NotEligible { why: assessed.told(&case.referral) });
        }
        let month = taken.month.unwrap_or(case.referral.due_month());
        if self.free(month, &taken.team) <= 0 {
            let (team, free) = (taken.team.clone(), self.free_teams(month));
            return Err(Refusal::NoPlace { team, month, free });
        }
        let waiting = self.queue(case.referral.due_month(), decided);
        let place = waiting.iter().find(|position| position.id == case.referral.id);
        match place.map(|position| position.place) {
            Some(place) if place > 1 && taken.note.trim().is_empty() => {
                Err(Refusal::OutOfOrder { place })
            }
            _ => Ok(()),
        }
    }

    /// Who waits for a due month, first first.
    pub fn queue(&self, month: Month, decided: Decided<'_>) -> Vec<Position> {
        let waiting = self
            .cases
            .values()
            .filter(|case| case.state == State::Waiting && case.referral.due_month() == month);
        let ranks = waiting.filter_map(|case| {
            let assessed = decided.assess(&case.referral);
            assessed.is_eligible().then(|| Rank::of(&case.referral, &assessed))
        });
        queue(ranks.collect())
    }

    /// How many places of a team are taken in a due month.
    pub fn taken(&self, month: Month, team: &str) -> u32 {
        let held = self.cases.values().filter(|case| case.state.holds_place());
        let here = held
            .filter(|case| case.place.as_ref().is_some_and(|(of, on)| of == team && *on == month));
        u32::try_from(here.count()).unwrap_or(u32::MAX)
    }

    /// How many places are free; below 0 where fewer were stated after they were taken.
    pub fn free(&self, month: Month, team: &str) -> i64 {
        let stated = self.places.get(&(month, team.to_owned())).map_or(0, |places| places.women);
        i64::from(stated) - i64::from(self.taken(month, team))
    }

    /// The teams that have a free place in a due month.
    pub fn free_teams(&self, month: Month) -> Vec<String> {
        let of_month = self.places.values().filter(|places| places.month == month);
        let free = of_month.filter(|places| self.free(month, &places.team) > 0);
        free.map(|places| places.team.clone()).collect()
    }

    /// Where the stated places are not as decided: teams that are too small or too large, more women in twelve months than midwives care
    /// for.
    pub fn doubts(&self, limits: &Eligibility) -> Vec<Doubt> {
        let [least, most] = limits.team;
        let mut doubts = Vec::new();
        for ((month, team), places) in &self.places {
            if !(least..=most).contains(&places.midwives) {
                let (team, month, midwives) = (team.clone(), *month, places.midwives);
                doubts.push(Doubt::TeamSize { team, month, midwives });
            }
            let year = (0..12).filter_map(|n| self.places.get(&(month.plus(n), team.clone())));
            let year: Vec<&Places> = year.collect();
            let women: u32 = year.iter().map(|places| places.women).sum();
            // Twelve months of `women_per_midwife` each: the mean number of midwives times that.
            let midwife_months: u32 = year.iter().map(|places| places.midwives).sum();
            if year.len() == 12 && women * 12 > midwife_months * limits.women_per_midwife {
                doubts.push(Doubt::TooManyWomen { team: team.clone(), from: *month, women });
            }
        }
        doubts
    }
}

/// Something about places that is not as decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A team of too few or too many midwives.
    TeamSize {
        /// Team.
        team: String,
        /// Month.
        month: Month,
        /// Midwives.
        midwives: u32,
    },
    /// More women in the twelve months from a month than the midwives are to have.
    TooManyWomen {
        /// Team.
        team: String,
        /// First month.
        from: Month,
        /// Women in the twelve months.
        women: u32,
    },
}
