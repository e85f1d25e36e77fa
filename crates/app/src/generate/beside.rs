//! What clinics report beside the contacts of a synthetic region: labour, staffing, measures, surveys.
//!
//! Owns: the files of a month, and the truth about one midwife each. Does not own: the births (`pregnancy`, `delivery`), which it follows
//! to the minute and the code, nor the bytes of contact files, which it leaves as they are.
//!
//! Pure as the rest: it draws from streams of its own, and a month needs only the two before it. Outliers are planted at fictive units
//! alone (`facts::planted`), those whose id begins with `fiktiv`.

mod course;
mod measures;
mod staffing;
mod surveys;
#[cfg(test)]
mod tests;
mod told;

pub use told::BesideTruth;

use super::Plan;
use super::calendar::Calendar;
use super::chance::Chance;
use super::content::Content;
use super::places::Places;
use super::pregnancy::Pregnancy;
use super::row::ContactNumber;
use course::Course;
use follow::inputs::LabourStart;
use kernel::time::{Day, Month};
use staffing::Rota;
use std::collections::BTreeMap;

/// Sets the streams of what is beside contacts apart from the others; one for each part.
const BESIDE: u64 = 1 << 33;

/// Months after the birth when questions of the postnatal visit are reported.
const POSTNATAL_MONTHS: i32 = 2;

/// A birth and the number of its contact.
#[derive(Clone, Copy)]
pub(super) struct Birth {
    pub(super) contact: ContactNumber,
    pub(super) content: Content,
}

/// A file beside the contacts: the kind of its rows, and its bytes.
pub type File = (&'static str, Vec<u8>);

/// Makes the files of one month after another.
pub(super) struct Beside {
    seed: u64,
    from: Month,
    births: BTreeMap<Month, Vec<Birth>>,
    rota: Rota,
    pub(super) truth: BesideTruth,
}

/// What the files are made from.
#[derive(Clone, Copy)]
pub(super) struct Region<'a> {
    pub(super) places: &'a Places,
    pub(super) calendar: &'a Calendar,
    pub(super) pregnancies: &'a [Pregnancy],
}

impl Beside {
    pub(super) fn new(plan: &Plan, places: &Places) -> Self {
        let truth = BesideTruth::new(places);
        Self {
            seed: plan.seed,
            from: plan.from,
            births: BTreeMap::new(),
            rota: Rota::default(),
            truth,
        }
    }

    /// Remembers a birth until its month comes.
    pub(super) fn add(&mut self, contact: ContactNumber, content: Content) {
        self.births.entry(content.care_date.month()).or_default().push(Birth { contact, content });
    }

    /// The files of a month: births of it, the postnatal visits of births two months before, and every third month a survey.
    pub(super) fn files(&mut self, month: Month, region: Region<'_>) -> Vec<File> {
        let reported_on = region.calendar.text(month.plus(1).first_day().plus(4));
        let none = Vec::new();
        let births = self.births.get(&month).unwrap_or(&none);
        let mut courses: Vec<Course> = births
            .iter()
            .map(|birth| {
                let pregnancy = &region.pregnancies[birth.content.pregnancy as usize];
                Course::draw(birth, pregnancy, &mut self.chance(1, birth.content.pregnancy.into()))
            })
            .collect();
        let starts: Vec<LabourStart> = courses.iter().map(|course| course.start).collect();
        courses.sort_by_key(|course| (course.birth.content.unit, course.sorted_by()));
        let labour = course::write(&courses, reported_on, region);
        let mut chance = self.chance(2, month.number() as u64);
        let (staffing, met) = self.rota.month(month, &courses, reported_on, region, &mut chance);
        let mut measures = measures::header();
        for (birth, start) in births.iter().zip(starts) {
            let mut chance = self.chance(3, birth.content.pregnancy.into());
            measures::at_birth((birth, start), reported_on, region, &mut chance, &mut measures);
        }
        for birth in self.births.get(&month.plus(-POSTNATAL_MONTHS)).unwrap_or(&none) {
            let mut chance = self.chance(4, birth.content.pregnancy.into());
            measures::postnatal(birth, reported_on, region, &mut chance, &mut measures);
        }
        let mut files = vec![("labour", labour), ("staffing", staffing), ("measure", measures)];
        if month.of_year() % 3 == 0 {
            let months: Vec<Month> = (-2..=0).map(|back| month.plus(back)).collect();
            let asked = surveys::asked(&months, &self.births);
            let first = months[0].max(self.from);
            let mut chance = self.chance(5, month.number() as u64);
            files.push((
                "survey",
                surveys::write((first, month), &asked, reported_on, region, &mut chance),
            ));
        }
        self.truth.add(month, &courses, &met, region.places);
        for (kind, bytes) in &files {
            *self.truth.rows.entry(*kind).or_default() += rows(bytes);
        }
        self.births = self.births.split_off(&month.plus(-1));
        files
    }

    fn chance(&self, part: u64, number: u64) -> Chance {
        Chance::new(self.seed, &[BESIDE + part, number])
    }
}

/// Rows under the header.
fn rows(bytes: &[u8]) -> u64 {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    (lines as u64).saturating_sub(1)
}

/// The text of a contact's number.
fn push_contact(contact: ContactNumber, bytes: &mut Vec<u8>) {
    push(bytes, format_args!("{}{:04}-{:07}", super::CONTACT, contact.year, contact.serial));
}

fn push(bytes: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = std::io::Write::write_fmt(bytes, text);
}

/// Whether a unit is made up, so that it may be an outlier.
pub(super) fn is_fictive(id: &str) -> bool {
    id.starts_with("fiktiv")
}

/// The text of a day.
type DayText = [u8; 10];

fn push_day(day: DayText, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&day);
}

fn day_text(calendar: &Calendar, day: Day) -> DayText {
    calendar.text(day)
}
