//! The care chain of a pregnancy: a woman's contacts at all clinics, put together for follow-up.
//!
//! Owns: [`Chain`]: which contact belongs to which pregnancy and why, and how each pregnancy ended as far as anybody has told. Does not
//! own: which visit of a period is paid (`kernel::pregnancy`, R29, where deliveries play no part), or measures of the chain.
//!
//! What a delivery says of its days of pregnancy anchors the start; visits whose own days imply a start within 84 days of that are of this
//! pregnancy. Other visits with days gather as R29 gathers them. Contacts without days go by their kind and date.
//!
//! A birth on 2023-10-08 at 280 days began on 2023-01-01. A visit on 2023-04-11 at 98 days implies 2023-01-03: the same pregnancy.

mod births;
mod dated;
mod order;
mod person;
mod rules;
mod undated;

pub use rules::Rules;

use crate::care::{Care, Cares, NONE};
use crate::minute::Minute;
use kernel::contact::Reports;
use kernel::fact::ContactKind;
use kernel::named;
use kernel::time::Day;
use std::ops::Range;

named! {
    /// Why a contact is where it is.
    Reason {
        /// It is the delivery.
        Birth = "birth",
        /// Another delivery of the same birth: twins reported apart, or a double.
        SameBirth = "same-birth",
        /// Its days of pregnancy imply about the same start as those of the delivery.
        DaysOfBirth = "days-of-birth",
        /// Its days imply about the same start as those of other contacts.
        DaysOfContacts = "days-of-contacts",
        /// It has no days that could be, and lies between start and end.
        WithinDates = "within-dates",
        /// It follows a birth closely enough.
        AfterBirth = "after-birth",
        /// It follows a birth that nobody reported: care after birth, late in a pregnancy without one.
        AfterUnseenBirth = "after-unseen-birth",
        /// It tells of a loss in no pregnancy that is known otherwise.
        Loss = "loss",
        /// It follows a loss closely enough.
        AfterLoss = "after-loss",
        /// It belongs to no pregnancy that can be told.
        NoPregnancy = "no-pregnancy",
    }
}

named! {
    /// Where in the chain.
    Phase {
        /// Before birth (or loss), and on its day.
        Antenatal = "antenatal",
        /// The delivery itself.
        Birth = "birth",
        /// After birth or loss.
        Postnatal = "postnatal",
    }
}

named! {
    /// What the start of a pregnancy rests on.
    Basis {
        /// Days of pregnancy at the delivery.
        DaysOfBirth = "days-of-birth",
        /// Days of pregnancy at the last contact that says them: dating is put right by ultrasound, not undone later.
        DaysOfContacts = "days-of-contacts",
        /// Nobody says; counted back from the birth.
        Assumed = "assumed",
        /// Nobody says, and there was no birth to count from.
        Unknown = "unknown",
    }
}

/// Where a contact belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Position in [`Chain::episodes`], or [`NONE`].
    pub episode: u32,
    /// Why.
    pub reason: Reason,
    /// Where in it; [`Phase::Antenatal`] says nothing where there is no episode.
    pub phase: Phase,
}

/// A birth: one delivery contact, or several of twins or doubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birth {
    /// Row of the first delivery contact, by day and contact id.
    pub row: u32,
    /// Its unit.
    pub unit: u16,
    /// Its care date.
    pub day: Day,
    /// Its instant of birth.
    pub born_at: Option<Minute>,
    /// Children by outcome code (Z37) and instants of birth; 3 stands for three or more, `None` where nothing says.
    pub children: Option<u8>,
}

/// How a pregnancy ended, as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Birth.
    Birth(Birth),
    /// Loss, on the day of the first contact that tells of it.
    Loss(Day),
    /// Care after a birth that nobody here reported.
    UnseenBirth,
    /// It may still be going on.
    Ongoing,
    /// It cannot be going on any longer, and nobody has told: moved, born elsewhere, or a loss unseen.
    LostToFollowUp,
}

/// One pregnancy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Number of the person in the reports.
    pub person: u32,
    /// First day of the pregnancy (day 0).
    pub start: Option<Day>,
    /// What the start rests on.
    pub basis: Basis,
    /// How it ended.
    pub ending: Ending,
    members: [usize; 4],
}

impl Episode {
    /// The birth, if that is how it ended.
    pub fn birth(&self) -> Option<Birth> {
        if let Ending::Birth(birth) = self.ending { Some(birth) } else { None }
    }

    /// Days of pregnancy on a day.
    pub fn days_on(&self, day: Day) -> Option<i32> {
        Some(day.number() - self.start?.number())
    }

    fn range(&self, phase: Phase) -> Range<usize> {
        let [antenatal, birth, postnatal, end] = self.members;
        match phase {
            Phase::Antenatal => antenatal..birth,
            Phase::Birth => birth..postnatal,
            Phase::Postnatal => postnatal..end,
        }
    }
}

/// All pregnancies of all persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// By number of the person, each person's in the order they began.
    pub episodes: Vec<Episode>,
    /// One for each row of the contacts, in their order.
    pub links: Vec<Link>,
    members: Vec<u32>,
}

impl Chain {
    /// Puts contacts together. `through` is the last day anything can be known of: a pregnancy that is too old by then is lost to
    /// follow-up. The order in which contacts arrived changes nothing. Linear but for sorting within a person.
    pub fn new(cares: &Cares, reports: &Reports, rules: &Rules, through: Day) -> Self {
        let facts = rules.facts(reports);
        let world = person::World { cares, facts: &facts, rules, through: through.number() };
        let nowhere = Link { episode: NONE, reason: Reason::NoPregnancy, phase: Phase::Antenatal };
        let mut chain = Self { links: vec![nowhere; cares.rows.len()], ..Self::default() };
        let by_person = order::by_person(cares, reports);
        for rows in by_person.chunk_by(|a, b| person_of(cares, *a) == person_of(cares, *b)) {
            person::link(rows, &world, &mut chain);
        }
        chain
    }

    /// The rows of one phase of a pregnancy, by care date and contact id.
    pub fn rows(&self, episode: &Episode, phase: Phase) -> &[u32] {
        self.members.get(episode.range(phase)).unwrap_or(&[])
    }

    /// The contacts of one phase of a pregnancy, by care date and contact id.
    pub fn contacts<'a>(
        &'a self,
        cares: &'a Cares,
        episode: &Episode,
        phase: Phase,
    ) -> impl DoubleEndedIterator<Item = &'a Care> {
        self.rows(episode, phase).iter().filter_map(|row| cares.rows.get(*row as usize))
    }

    /// The clinics that saw her before birth, each once, in the order she came to them.
    pub fn clinics(&self, cares: &Cares, episode: &Episode) -> Vec<u16> {
        let mut clinics = Vec::new();
        for care in self.contacts(cares, episode, Phase::Antenatal) {
            if !clinics.contains(&care.unit) {
                clinics.push(care.unit);
            }
        }
        clinics
    }

    /// The clinic where she is enrolled: that of the last midwife visit before birth. Who enrolled her formally is not in the contacts.
    pub fn enrolled_clinic(&self, cares: &Cares, episode: &Episode) -> Option<u16> {
        let mut visits = self.contacts(cares, episode, Phase::Antenatal);
        visits.rfind(|care| care.kind == ContactKind::MidwifeVisit).map(|care| care.unit)
    }

    /// The unit code planned in week 25, as written (a number of `cares.texts`): the last said by the end of that week, else the first said
    /// later, else what the delivery says. What counts as the end of the week is in the rules.
    pub fn planned_unit(&self, cares: &Cares, episode: &Episode, rules: &Rules) -> Option<u32> {
        let said = || {
            let all = self.contacts(cares, episode, Phase::Antenatal);
            all.filter(|care| care.planned_unit != NONE)
        };
        let in_time = |care: &&Care| {
            episode.days_on(care.care_date).is_some_and(|days| days <= rules.planned_by_days)
        };
        let birth = || {
            let mut all = self.contacts(cares, episode, Phase::Birth);
            all.find(|care| care.planned_unit != NONE)
        };
        let planned = said().rfind(in_time).or_else(|| said().next()).or_else(birth);
        planned.map(|care| care.planned_unit)
    }
}

fn person_of(cares: &Cares, row: u32) -> Option<u32> {
    cares.rows.get(row as usize).map(|care| care.person)
}
