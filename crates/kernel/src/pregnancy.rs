//! Which contacts belong to one pregnancy, as period pay counts them (R29).
//!
//! Owns: the grouping of a person's contacts by the start of the pregnancy that each implies. Does not own: which visit
//! is paid (`price`), or the care chain of a pregnancy.
//!
//! A visit on 2023-05-01 at 100 days implies a start on 2023-01-21; one that implies 2023-04-15 is 84 days later and still
//! the same pregnancy, 2023-04-16 begins a new one.

use crate::contact::{Contacts, Reports};
use crate::fact::ContactKind;

/// A start more than this many days after the first start of a pregnancy begins a new one.
const SAME_PREGNANCY_DAYS: i32 = 84;

const NONE: u32 = u32::MAX;

/// The pregnancy of each contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pregnancies {
    of_row: Vec<u32>,
    count: u32,
}

impl Pregnancies {
    /// Groups contacts in force by person and start. Contacts without gestational days, and deliveries, belong to none.
    pub fn new(contacts: &Contacts, reports: &Reports) -> Self {
        let days: Vec<Option<i32>> =
            reports.profiles.values().iter().map(|p| counted_days(p)).collect();
        let mut of_row = vec![NONE; contacts.len()];
        let by_person = starts_by_person(contacts, &days);
        let mut count = 0;
        for starts in &by_person.chunks {
            let Some(starts) = by_person.starts.get(starts.clone()) else { continue };
            let mut first: Option<i32> = None;
            for (start, row) in starts {
                if first.is_none_or(|first| *start > first + SAME_PREGNANCY_DAYS) {
                    first = Some(*start);
                    count += 1;
                }
                if let Some(slot) = of_row.get_mut(*row as usize) {
                    *slot = count - 1;
                }
            }
        }
        Self { of_row, count }
    }

    /// The number of a row's pregnancy, if it belongs to one.
    pub fn of(&self, row: usize) -> Option<u32> {
        self.of_row.get(row).copied().filter(|number| *number != NONE)
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.count
    }
}

fn counted_days(profile: &crate::contact::Profile) -> Option<i32> {
    profile.gestational_days.filter(|_| profile.kind != ContactKind::Delivery)
}

struct ByPerson {
    /// Start and row, sorted within each person.
    starts: Vec<(i32, u32)>,
    chunks: Vec<std::ops::Range<usize>>,
}

/// A counting sort by person: persons are numbered densely.
fn starts_by_person(contacts: &Contacts, days: &[Option<i32>]) -> ByPerson {
    let counted = || {
        let rows =
            contacts.person.iter().zip(&contacts.profile).zip(&contacts.care_date).zip(0_u32..);
        rows.filter_map(|(((person, profile), care_date), row)| {
            let days = (*days.get(*profile as usize)?)?;
            Some((*person as usize, care_date.number() - days, row))
        })
    };
    let persons = contacts.person.iter().max().map_or(0, |last| *last as usize + 1);
    let mut ends = vec![0_usize; persons];
    for (person, _, _) in counted() {
        if let Some(end) = ends.get_mut(person) {
            *end += 1;
        }
    }
    let mut total = 0;
    for end in &mut ends {
        let before = total;
        total += *end;
        *end = before;
    }
    let mut starts = vec![(0, 0); total];
    for (person, start, row) in counted() {
        let Some(at) = ends.get_mut(person) else { continue };
        if let Some(slot) = starts.get_mut(*at) {
            *slot = (start, row);
        }
        *at += 1;
    }
    let mut from = 0;
    let mut chunks = Vec::new();
    for end in ends {
        if end > from {
            if let Some(starts) = starts.get_mut(from..end) {
                starts.sort_unstable();
            }
            chunks.push(from..end);
        }
        from = end;
    }
    ByPerson { starts, chunks }
}
