//! Synthetic care contacts of a whole region, for showing and testing the product.
//!
//! Owns: a made-up stream of reports with the volumes, ways of birth, delays and faults that a
//! region has (`facts`), and the [`Truth`] about it. Does not own: files or their names (the caller
//! names them so that they say SYNTETISKA DATA), nor units (the caller makes them from a register).
//!
//! A pure function: the same plan and places give the same bytes, and a longer span begins with the
//! files of a shorter one. Persons have reserve numbers, which belong to nobody.
//!
//! ```text
//! for (month, csv) in &mut months(&plan, &places) { write(format!("SYNTETISKA-DATA-{month}.csv"), csv) }
//! ```

pub mod beside;
pub mod facts;
pub mod national;
pub mod truth;
pub mod world;

mod births;
mod calendar;
mod chance;
mod columns;
mod content;
mod delivery;
mod places;
mod pregnancy;
mod referrals;
mod reporting;
mod row;
#[cfg(test)]
mod tests;
mod visits;
mod woman;

pub use columns::columns;
pub use places::Place;
pub use referrals::{Referrals, Referred};
pub use truth::Truth;

use beside::{Beside, Region};
use calendar::Calendar;
use chance::Chance;
use kernel::fact::ContactKind;
use kernel::time::Month;
use places::Places;
use pregnancy::{Mode, Pregnancies, Pregnancy};
use reporting::Reporting;
use row::Writer;

/// How the id of every contact of a made-up region begins.
pub const CONTACT: &str = "SYN-";

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Another seed, another region of the same kind.
    pub seed: u64,
    /// First month of care and of reporting.
    pub from: Month,
    /// Last month of care and of reporting.
    pub to: Month,
    /// Size in per mille; 1000 is the whole region.
    pub scale_permille: u32,
}

/// The files of a plan, month by month.
pub fn months(plan: &Plan, places: &[Place]) -> Months {
    let places = Places::new(places);
    let first = plan.from.plus(-MONTHS_AFTER_BIRTH);
    Months {
        plan: *plan,
        next: plan.from,
        calendar: Calendar::new(first.plus(-12), plan.to.plus(24)),
        pregnancies: Pregnancies::new(plan.seed, plan.scale_permille, first, &places),
        reporting: Reporting::new(plan.from, plan.to),
        truth: Truth::default(),
        beside: Beside::new(plan, &places),
        places,
    }
}

/// A contact comes at most so many months after the birth, and before it.
const MONTHS_AFTER_BIRTH: i32 = 5;
const MONTHS_BEFORE_BIRTH: i32 = 9;

/// Sets the stream of a pregnancy's contacts apart from that of its birth.
const CONTACTS_OF_PREGNANCY: u64 = 1 << 32;

/// An iterator over each month of the span with one CSV file: all rows reported in it, in order of
/// reporting. Memory holds the pregnancies of the span and the reports of about a year.
pub struct Months {
    plan: Plan,
    next: Month,
    places: Places,
    calendar: Calendar,
    pregnancies: Pregnancies,
    reporting: Reporting,
    truth: Truth,
    beside: Beside,
}

impl Months {
    /// What has been made; complete when the iterator has ended.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// The files beside the contacts of the month that was taken last, each with its kind; once for each month.
    pub fn beside(&mut self) -> Vec<beside::File> {
        let (places, calendar) = (&self.places, &self.calendar);
        let region = Region { places, calendar, pregnancies: &self.pregnancies.all };
        let files = self.beside.files(self.next.plus(-1), region);
        self.truth.beside = self.beside.truth.clone();
        files
    }

    /// Makes everybody whose contacts can fall in the next month.
    fn make_pregnancies(&mut self) {
        while self.pregnancies.next_month() <= self.next.plus(MONTHS_BEFORE_BIRTH) {
            let month = self.pregnancies.next_month();
            let numbers = self.pregnancies.add_month(&self.places, &self.calendar);
            for number in numbers {
                self.report_pregnancy(number, month);
            }
        }
        self.truth.women = self.pregnancies.women();
        self.truth.pregnancies = self.pregnancies.all.len() as u64;
    }

    fn report_pregnancy(&mut self, number: usize, month: Month) {
        let pregnancy = self.pregnancies.all[number];
        let mut chance = Chance::new(self.plan.seed, &[CONTACTS_OF_PREGNANCY, number as u64]);
        let (places, calendar) = (&self.places, &self.calendar);
        let (contacts, midwife_visits) =
            visits::contacts(number as u32, &pregnancy, places, calendar, &mut chance);
        if (self.plan.from..=self.plan.to).contains(&month) {
            count_birth(&mut self.truth, &pregnancy, places);
            let wholly = pregnancy.start() >= self.plan.from.first_day();
            if wholly && pregnancy.has_antenatal_care() && pregnancy.moves_in.is_none() {
                self.truth.followed_women[pregnancy.pair()] += 1;
                self.truth.midwife_visits[pregnancy.pair()] += u64::from(midwife_visits);
            }
        }
        for content in contacts {
            let reporting = &mut self.reporting;
            let number = reporting.report(content, places, calendar, &mut chance, &mut self.truth);
            if let Some(number) = number.filter(|_| content.kind == ContactKind::Delivery) {
                self.beside.add(number, content);
            }
        }
    }

    fn write_month(&mut self) -> Vec<u8> {
        let lines = self.reporting.take_month();
        let mut bytes = row::header();
        bytes.reserve(lines.len() * ROW_LENGTH);
        let mut writer = Writer {
            places: &self.places,
            calendar: &self.calendar,
            pregnancies: &self.pregnancies.all,
            bytes,
        };
        for line in &lines {
            writer.write(line);
        }
        count_rows(&mut self.truth, self.next, &lines);
        writer.bytes
    }
}

/// A little more than the mean length of a row.
const ROW_LENGTH: usize = 150;

impl Iterator for Months {
    type Item = (Month, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        let month = self.next;
        if month > self.plan.to {
            return None;
        }
        self.make_pregnancies();
        let bytes = self.write_month();
        self.next = month.plus(1);
        Some((month, bytes))
    }
}

fn count_birth(truth: &mut Truth, pregnancy: &Pregnancy, places: &Places) {
    let year = pregnancy.delivered.year();
    let clinic = places.get(pregnancy.clinic).id.clone();
    *truth.births.entry(year).or_default().entry(clinic).or_default() += 1;
    let counts = truth.years.entry(year).or_default();
    let elsewhere = pregnancy.planned.is_some_and(|planned| planned != pregnancy.clinic);
    for (count, holds) in [
        (&mut counts.births, true),
        (&mut counts.planned_caesareans, pregnancy.mode == Mode::PlannedCaesarean),
        (&mut counts.acute_caesareans, pregnancy.mode == Mode::AcuteCaesarean),
        (&mut counts.instrumental, pregnancy.mode == Mode::Vacuum),
        (&mut counts.twins, pregnancy.twins),
        (&mut counts.first_time, pregnancy.parity == 0),
        (&mut counts.elsewhere, elsewhere),
        (&mut counts.out_of_county, pregnancy.residence.is_out_of_county()),
        (&mut counts.norrtalje, pregnancy.residence.is_norrtalje()),
        (&mut counts.in_the_chain, pregnancy.in_the_chain()),
        (&mut counts.at_home, pregnancy.at_home),
        (&mut counts.changed_clinic, pregnancy.changes_clinic.is_some()),
        (&mut counts.moved_in, pregnancy.moves_in.is_some()),
    ] {
        *count += u64::from(holds);
    }
}

fn count_rows(truth: &mut Truth, month: Month, lines: &[row::Line]) {
    truth.rows += lines.len() as u64;
    truth.rows_by_month.insert(month, lines.len() as u64);
    for line in lines {
        *truth.rows_by_kind.entry(line.content.kind).or_default() += 1;
        *truth.rows_by_report.entry(line.report).or_default() += 1;
        truth.duplicates += u64::from(line.repeats);
        if let Some(fault) = line.fault {
            *truth.faults.entry(fault.code()).or_default() += 1;
            let of_month = truth.faults_by_month.entry(month).or_default();
            *of_month.entry(fault.code()).or_default() += 1;
        }
    }
}
