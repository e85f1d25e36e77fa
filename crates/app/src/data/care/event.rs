//! Rows of a compartment as JSON.
//!
//! Owns: how an event is written and read again. Does not own: what it means (`follow::need`), or the sealing.
//!
//! `{"event":"step","at":"2024-02-01T08:00:00Z","by":"anna","referral":"R-1","step":"offer","on":"2024-02-01","team":"team-a",…}`

use crate::failure::Failure;
use follow::need::chain::{Event, Places};
use follow::need::course::{Step, Taken};
use follow::need::figures::{FIGURES, Released};
use follow::need::{Answer, Fear, Occasion, Referral};
use kernel::time::{Day, Month};
use serde::{Deserialize, Serialize};

/// A row.
#[derive(Deserialize, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Kept {
    Referral(Box<ReferralRow>),
    Places(PlacesRow),
    Step(StepRow),
    Looked(Looked),
    Release(Release),
}

#[derive(Deserialize, Serialize)]
pub(super) struct ReferralRow {
    at: String,
    by: String,
    id: String,
    person: String,
    from_unit: String,
    received_on: String,
    occasion: String,
    due_on: String,
    scales: Option<[u8; 2]>,
    fear: Option<String>,
    wants_vaginal: String,
    social: [String; 5],
    residence: String,
    note: String,
}

#[derive(Deserialize, Serialize)]
pub(super) struct PlacesRow {
    at: String,
    by: String,
    team: String,
    month: String,
    midwives: u32,
    women: u32,
}

#[derive(Deserialize, Serialize)]
pub(super) struct StepRow {
    at: String,
    by: String,
    referral: String,
    step: String,
    on: String,
    team: String,
    month: Option<String>,
    note: String,
}

/// Somebody looked at, or took out, rows about women.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Looked {
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// Who; blank where nobody said.
    pub by: String,
    /// What was done.
    pub action: String,
    /// The referral; blank for many.
    pub referral: String,
    /// How many rows.
    pub rows: usize,
}

/// Figures of a year that a clinic has released to the region. It stands open in the compartment.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Release {
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// Who at the clinic.
    pub by: String,
    /// The clinic.
    pub clinic: String,
    /// The year of the due days.
    pub year: i32,
    /// The fewest women that a figure may be about.
    pub least_count: u32,
    /// The decision on eligibility that it rests on.
    pub decision: String,
    /// In the order of `follow::need::figures::Figure`; none is withheld.
    pub figures: [Option<u32>; FIGURES],
    /// Eligible with a clinical ground, and with social grounds alone; none is withheld.
    pub grounds: Option<[u32; 2]>,
    /// How many deliveries of the year were paid and followed up differently; none is withheld.
    pub differences: Option<u32>,
}

impl Release {
    /// What it tells of women.
    pub fn told(&self) -> Released {
        let Self { figures, grounds, differences, .. } = self;
        Released { figures: *figures, grounds: *grounds, differences: *differences }
    }
}

pub(super) fn written(kept: &Kept) -> Result<String, Failure> {
    serde_json::to_string(kept).map_err(|_| super::damaged())
}

pub(super) fn read(text: &str) -> Result<Kept, Failure> {
    serde_json::from_str(text).map_err(|_| super::damaged())
}

/// A row that stands open: a release, and nothing else.
pub(super) fn release(text: &str) -> Result<Release, Failure> {
    match read(text)? {
        Kept::Release(release) => Ok(release),
        _ => Err(super::damaged()),
    }
}

impl Kept {
    pub(super) fn of(event: &Event, at: &str, by: &str) -> Self {
        let (at, by) = (at.to_owned(), by.to_owned());
        match event {
            Event::Referred(one) => Self::Referral(Box::new(ReferralRow {
                at,
                by,
                id: one.id.clone(),
                person: one.person.clone(),
                from_unit: one.from_unit.clone(),
                received_on: one.received_on.to_string(),
                occasion: one.occasion.name().to_owned(),
                due_on: one.due_on.to_string(),
                scales: one.scales,
                fear: one.fear.map(|fear| fear.name().to_owned()),
                wants_vaginal: one.wants_vaginal.name().to_owned(),
                social: one.social.map(|answer| answer.name().to_owned()),
                residence: one.residence.clone(),
                note: one.note.clone(),
            })),
            Event::Places(one) => Self::Places(PlacesRow {
                at,
                by,
                team: one.team.clone(),
                month: one.month.to_string(),
                midwives: one.midwives,
                women: one.women,
            }),
            Event::Taken(one) => Self::Step(StepRow {
                at,
                by: one.by.clone(),
                referral: one.referral.clone(),
                step: one.step.name().to_owned(),
                on: one.on.to_string(),
                team: one.team.clone(),
                month: one.month.map(|month| month.to_string()),
                note: one.note.clone(),
            }),
        }
    }

    /// The event that it was written from; none where a row is damaged, or is no event.
    pub(super) fn event(self) -> Option<Event> {
        match self {
            Self::Referral(row) => row.referral().map(Event::Referred),
            Self::Places(PlacesRow { team, month, midwives, women, .. }) => {
                let month = Month::parse(&month)?;
                Some(Event::Places(Places { team, month, midwives, women }))
            }
            Self::Step(row) => Some(Event::Taken(Taken {
                step: Step::parse(&row.step)?,
                on: Day::parse(&row.on)?,
                month: match row.month {
                    Some(month) => Some(Month::parse(&month)?),
                    None => None,
                },
                referral: row.referral,
                team: row.team,
                note: row.note,
                by: row.by,
            })),
            Self::Looked(_) | Self::Release(_) => None,
        }
    }
}

impl ReferralRow {
    fn referral(self) -> Option<Referral> {
        let mut social = [Answer::Blank; 5];
        for (answer, text) in social.iter_mut().zip(&self.social) {
            *answer = Answer::parse(text)?;
        }
        Some(Referral {
            received_on: Day::parse(&self.received_on)?,
            occasion: Occasion::parse(&self.occasion)?,
            due_on: Day::parse(&self.due_on)?,
            scales: self.scales,
            fear: match self.fear {
                Some(fear) => Some(Fear::parse(&fear)?),
                None => None,
            },
            wants_vaginal: Answer::parse(&self.wants_vaginal)?,
            social,
            id: self.id,
            person: self.person,
            from_unit: self.from_unit,
            residence: self.residence,
            note: self.note,
        })
    }
}
