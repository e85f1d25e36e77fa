//! Care contacts in column form: every accepted report, and the contacts in force as known on a day.
//!
//! Owns: [`Reports`] (what was reported, never changed), [`Profile`] (what prices depend on) and
//! [`Contacts`] (one row for each contact in force). Does not own: reading text (`intake`), or prices.
//!
//! A later report of a contact supersedes the earlier one; it never overwrites it (R14).

use crate::fact::ContactKind;
use crate::intern::{Interner, Texts};
use crate::named::named;
use crate::time::Day;
use std::sync::{Arc, OnceLock};

named! {
    /// What a report does (R14); later variants win on the same day.
    ReportKind {
        /// A contact reported for the first time.
        New = "new",
        /// The whole contact anew.
        Correction = "correction",
        /// The contact did not take place.
        Cancellation = "cancellation",
    }
}

/// Everything about a contact that a rate's conditions and weights, or the payer, can ask for.
/// Texts are trimmed; codes are upper case without dots; a blank field is `None` or empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Profile {
    /// Kind.
    pub kind: ContactKind,
    /// Profession.
    pub profession: Option<Arc<str>>,
    /// DRG as the provider's grouper gave it.
    pub drg: Option<Arc<str>>,
    /// Diagnoses, the main one first, the others sorted.
    pub diagnoses: Vec<Arc<str>>,
    /// Procedures, sorted.
    pub procedures: Vec<Arc<str>>,
    /// Residence (folkbokföring): four digits or a word.
    pub residence: Option<Arc<str>>,
    /// Place.
    pub place: Option<Arc<str>>,
    /// Individual visit.
    pub individual: Option<bool>,
    /// Enrolled in the chain.
    pub enrolled: Option<bool>,
    /// By the woman's own team.
    pub by_team: Option<bool>,
    /// Days of pregnancy, 0–320.
    pub gestational_days: Option<i32>,
    /// Earlier births.
    pub parity: Option<i32>,
    /// Class columns that are not blank, by name.
    pub classes: Vec<(Arc<str>, Arc<str>)>,
}

/// One accepted report, in numbers of the tables in [`Reports`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Contact id.
    pub contact: u32,
    /// New, correction or cancellation.
    pub kind: ReportKind,
    /// The day it was reported; [`Day::MIN`] where that is blank (R17).
    pub reported_on: Day,
    /// Care date; of a cancellation possibly [`Day::MIN`].
    pub care_date: Day,
    /// Unit code as written.
    pub unit_code: u32,
    /// Pseudonym of the person.
    pub person: u32,
    /// Profile.
    pub profile: u32,
    /// Fields that no price depends on, as one text.
    pub extra: u32,
    /// The batch it came in, in order of arrival from 0.
    pub batch: u32,
}

/// All reports that passed intake, in columns.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// Contact ids.
    pub contact_ids: Texts,
    /// Unit codes as written.
    pub unit_codes: Texts,
    /// Profiles.
    pub profiles: Interner<Arc<Profile>>,
    /// Texts of the other fields.
    pub extras: Texts,
    rows: Vec<Report>,
    first: Vec<u32>,
    next: Vec<u32>,
    /// Made where somebody asks for single persons often; without it all rows are read for each.
    by_person: OnceLock<ByPerson>,
}

/// The rows of every person, but for cancellations, which name nobody.
#[derive(Clone, Debug)]
struct ByPerson {
    /// By the number of a person, where its rows begin; and where those of the last end.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl ByPerson {
    fn new(rows: &[Report]) -> Self {
        let told = |report: &&Report| report.kind != ReportKind::Cancellation;
        let last = rows.iter().filter(told).map(|report| report.person).max();
        let mut starts = vec![0_u32; last.map_or(1, |last| last as usize + 2)];
        for report in rows.iter().filter(told) {
            if let Some(count) = starts.get_mut(report.person as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let (mut free, mut all) = (starts.clone(), vec![END; sum as usize]);
        for (row, report) in (0_u32..).zip(rows).filter(|(_, report)| told(report)) {
            let Some(at) = free.get_mut(report.person as usize) else { continue };
            if let Some(place) = all.get_mut(*at as usize) {
                *place = row;
            }
            *at += 1;
        }
        Self { starts, rows: all }
    }

    fn of(&self, person: u32) -> &[u32] {
        let at = person as usize;
        let range = self.starts.get(at).zip(self.starts.get(at + 1));
        let rows = range.and_then(|(from, to)| self.rows.get(*from as usize..*to as usize));
        rows.unwrap_or(&[])
    }
}

const END: u32 = u32::MAX;

impl Reports {
    /// Makes room for so many more reports; a caller that knows how many will come saves time.
    pub fn reserve(&mut self, more: usize) {
        self.contact_ids.reserve(more);
        self.rows.reserve(more);
        self.next.reserve(more);
    }

    /// Adds a report whose numbers come from this value's own tables.
    pub fn push(&mut self, report: Report) {
        let row = u32::try_from(self.rows.len()).unwrap_or(END);
        let contact = report.contact as usize;
        if self.first.len() <= contact {
            self.first.resize(contact + 1, END);
        }
        let before = self.first.get_mut(contact).map(|first| std::mem::replace(first, row));
        self.next.push(before.unwrap_or(END));
        self.rows.push(report);
        self.by_person.take();
    }

    /// All rows in order of arrival.
    pub fn rows(&self) -> &[Report] {
        &self.rows
    }

    /// How many contacts have a report.
    pub fn contacts(&self) -> u32 {
        u32::try_from(self.first.len()).unwrap_or(END)
    }

    /// The reports of one contact, the last that arrived first.
    pub fn of_contact(&self, contact: u32) -> impl Iterator<Item = &Report> {
        self.rows_of_contact(contact).filter_map(|row| self.rows.get(row as usize))
    }

    /// The row numbers of one contact's reports, the last that arrived first.
    pub fn rows_of_contact(&self, contact: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = self.first.get(contact as usize).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let row = at;
            at = self.next.get(row as usize).copied()?;
            Some(row)
        })
    }

    /// Gives the persons of the rows from `first` on the numbers that `number` maps theirs to; for a
    /// caller that learns a batch's pseudonyms after reading it.
    pub fn renumber_persons(&mut self, first: usize, number: impl Fn(u32) -> u32) {
        self.by_person.take();
        for row in self.rows.iter_mut().skip(first) {
            if row.kind != ReportKind::Cancellation {
                row.person = number(row.person);
            }
        }
    }

    /// The reports of some contacts alone, in order of arrival; persons keep their numbers.
    pub fn subset(&self, contacts: &[u32]) -> Self {
        let mut rows: Vec<u32> =
            contacts.iter().flat_map(|contact| self.rows_of_contact(*contact)).collect();
        rows.sort_unstable();
        rows.dedup();
        let mut subset = Self::default();
        for report in rows.into_iter().filter_map(|row| self.rows.get(row as usize)) {
            let profile = self.profiles.value(report.profile);
            let profile =
                profile.map_or(u32::MAX, |profile| subset.profiles.number(profile, Arc::clone));
            let extra = self.extras.value(report.extra);
            let report = Report {
                contact: subset.contact_ids.text(self.contact_ids.get(report.contact)),
                unit_code: subset.unit_codes.text(self.unit_codes.get(report.unit_code)),
                profile,
                extra: extra.map_or(u32::MAX, |extra| subset.extras.text(extra)),
                ..*report
            };
            subset.push(report);
        }
        subset
    }

    /// Notes which rows are of which person, for those who ask for many, one at a time.
    pub fn index_persons(&self) {
        self.by_person.get_or_init(|| ByPerson::new(&self.rows));
    }

    /// The contacts that somebody has in any report who has one of `contact`, in order of number.
    pub fn contacts_of_same_person(&self, contact: u32) -> Vec<u32> {
        let told = |report: &&Report| report.kind != ReportKind::Cancellation;
        let persons: Vec<u32> =
            self.of_contact(contact).filter(told).map(|report| report.person).collect();
        let mut contacts: Vec<u32> = match self.by_person.get() {
            Some(index) => {
                let rows = persons.iter().flat_map(|person| index.of(*person));
                rows.filter_map(|row| self.rows.get(*row as usize)).map(|row| row.contact).collect()
            }
            None => {
                let rows = self.rows.iter().filter(told);
                rows.filter(|row| persons.contains(&row.person)).map(|row| row.contact).collect()
            }
        };
        contacts.push(contact);
        contacts.sort_unstable();
        contacts.dedup();
        contacts
    }

    /// The profile of a number.
    pub fn profile(&self, number: u32) -> Option<&Profile> {
        self.profiles.value(number).map(Arc::as_ref)
    }
}

/// Contacts in force, one row each, in columns of equal length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// Number of the contact id.
    pub contact: Vec<u32>,
    /// Number of the unit in the view.
    pub unit: Vec<u16>,
    /// Care date.
    pub care_date: Vec<Day>,
    /// Number of the person.
    pub person: Vec<u32>,
    /// Number of the profile.
    pub profile: Vec<u32>,
    /// Months from the month of care to that of the first report; 0 where that is blank (R13).
    pub lag_months: Vec<u16>,
}

impl Contacts {
    /// How many.
    pub fn len(&self) -> usize {
        self.contact.len()
    }

    /// One row.
    pub fn row(&self, at: usize) -> Option<ContactRow> {
        Some(ContactRow {
            contact: *self.contact.get(at)?,
            unit: *self.unit.get(at)?,
            care_date: *self.care_date.get(at)?,
            person: *self.person.get(at)?,
            profile: *self.profile.get(at)?,
            lag_months: *self.lag_months.get(at)?,
        })
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = ContactRow> + '_ {
        self.rows_from(0)
    }

    /// All from a row on, in order.
    pub fn rows_from(&self, first: usize) -> impl Iterator<Item = ContactRow> + '_ {
        let columns = self.contact.iter().zip(&self.unit).zip(&self.care_date);
        columns
            .zip(&self.person)
            .zip(&self.profile)
            .zip(&self.lag_months)
            .map(|(((((contact, unit), care_date), person), profile), lag_months)| ContactRow {
                contact: *contact,
                unit: *unit,
                care_date: *care_date,
                person: *person,
                profile: *profile,
                lag_months: *lag_months,
            })
            .skip(first)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.contact.is_empty()
    }
}

/// One row of [`Contacts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactRow {
    /// Number of the contact id.
    pub contact: u32,
    /// Number of the unit in the view.
    pub unit: u16,
    /// Care date.
    pub care_date: Day,
    /// Number of the person.
    pub person: u32,
    /// Number of the profile.
    pub profile: u32,
    /// Months from the month of care to that of the first report.
    pub lag_months: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports(of: &[(u32, u32, ReportKind)]) -> Reports {
        let mut reports = Reports::default();
        for (contact, person, kind) in of.iter().copied() {
            let (reported_on, care_date) = (Day::MIN, Day::MIN);
            let (unit_code, profile, extra, batch) = (0, 0, 0, 0);
            let report = Report {
                contact,
                kind,
                reported_on,
                care_date,
                unit_code,
                person,
                profile,
                extra,
                batch,
            };
            reports.push(report);
        }
        reports
    }

    #[test]
    fn the_contacts_of_a_person_are_the_same_with_the_index_and_without() {
        use ReportKind::{Cancellation, Correction, New};
        // Contact 2 was one woman's and then another's; a cancellation names nobody.
        let told =
            [(0, 7, New), (1, 3, New), (2, 7, New), (2, 3, Correction), (4, 7, Cancellation)];
        let plain = reports(&told);
        let indexed = reports(&told);
        indexed.index_persons();
        for contact in 0..6 {
            let found = indexed.contacts_of_same_person(contact);
            assert_eq!(found, plain.contacts_of_same_person(contact), "{contact}");
        }
        assert_eq!(indexed.contacts_of_same_person(2), [0, 1, 2]);
        let mut more = indexed.clone();
        let report = *more.rows().first().unwrap();
        more.push(Report { contact: 5, ..report });
        assert_eq!(more.contacts_of_same_person(0), [0, 2, 5], "what comes later is found too");
    }
}
