//! What was made, so that whatever reads the files can be compared with it.
//!
//! Owns: the counts and their JSON. Does not own: making anything.
//!
//! All counts are of the span: births and care in its months, rows reported in them. "In force" is
//! as known on the last day of the span (R14, R16).

use super::beside::BesideTruth;
use kernel::contact::ReportKind;
use kernel::fact::ContactKind;
use kernel::finding::Code;
use kernel::time::Month;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What was made. Complete when the last month has been taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// Births by year and clinic; a birth of twins is one.
    pub births: BTreeMap<i32, BTreeMap<String, u64>>,
    /// Births by year and property.
    pub years: BTreeMap<i32, Year>,
    /// Women whose first contact before and birth are in the span, first-time mothers first; those
    /// who moved in during the pregnancy apart.
    pub followed_women: [u64; 2],
    /// Their midwife visits before birth.
    pub midwife_visits: [u64; 2],
    /// Women, whose pregnancy may lie partly outside the span.
    pub women: u64,
    /// Pregnancies of theirs.
    pub pregnancies: u64,

    /// Rows written, duplicates and faulty ones too.
    pub rows: u64,
    /// Rows by month of reporting.
    pub rows_by_month: BTreeMap<Month, u64>,
    /// Rows by kind of contact, as the row should have said it.
    pub rows_by_kind: BTreeMap<ContactKind, u64>,
    /// Rows by kind of report, as the row should have said it.
    pub rows_by_report: BTreeMap<ReportKind, u64>,
    /// Rows that repeat another word for word; they count once (R15).
    pub duplicates: u64,
    /// Rows to be rejected, by code (R19).
    pub faults: BTreeMap<Code, u64>,
    /// The same by month of reporting.
    pub faults_by_month: BTreeMap<Month, BTreeMap<Code, u64>>,
    /// Contacts first sent with a fault and then, still in the span, without.
    pub sent_again: u64,
    /// Contacts by months from care to their first report without fault, from 0.
    pub late: BTreeMap<u16, u64>,
    /// Contacts with a report without fault.
    pub contacts: u64,
    /// Contacts in force.
    pub in_force: u64,
    /// Contacts in force by kind.
    pub in_force_by_kind: BTreeMap<ContactKind, u64>,
    /// Contacts in force with a cell sample.
    pub cell_samples: u64,
    /// Midwife visits in force that say no gestational days, counselling after birth apart.
    pub without_days: u64,
    /// Rows about care in the span that would come after it and are left out.
    pub after_span: u64,
    /// What is beside contacts, where that was taken.
    pub beside: BesideTruth,
}

/// Births of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// Births.
    pub births: u64,
    /// Planned caesareans.
    pub planned_caesareans: u64,
    /// Acute caesareans.
    pub acute_caesareans: u64,
    /// Vacuum extractions.
    pub instrumental: u64,
    /// Births of twins.
    pub twins: u64,
    /// Of first-time mothers.
    pub first_time: u64,
    /// At another clinic than planned.
    pub elsewhere: u64,
    /// Of women from other regions.
    pub out_of_county: u64,
    /// Of residents of Norrtälje.
    pub norrtalje: u64,
    /// Of women in the chain.
    pub in_the_chain: u64,
    /// At home.
    pub at_home: u64,
    /// Of women who changed midwife clinic during the pregnancy.
    pub changed_clinic: u64,
    /// Of women who moved in during the pregnancy.
    pub moved_in: u64,
}

impl Year {
    /// Each count with its name.
    pub fn named(&self) -> [(&'static str, u64); 13] {
        [
            ("acute_caesareans", self.acute_caesareans),
            ("at_home", self.at_home),
            ("births", self.births),
            ("changed_clinic", self.changed_clinic),
            ("elsewhere", self.elsewhere),
            ("first_time", self.first_time),
            ("in_the_chain", self.in_the_chain),
            ("instrumental", self.instrumental),
            ("moved_in", self.moved_in),
            ("norrtalje", self.norrtalje),
            ("out_of_county", self.out_of_county),
            ("planned_caesareans", self.planned_caesareans),
            ("twins", self.twins),
        ]
    }
}

impl Truth {
    /// One line of JSON, keys sorted.
    pub fn to_json(&self) -> String {
        let numbers = |pair: &[u64; 2]| format!("[{},{}]", pair[0], pair[1]);
        let year =
            |year: &Year| object(year.named().map(|(name, count)| (name, count.to_string())));
        let by_code = |codes: &BTreeMap<Code, u64>| counts(codes.iter());
        let by_clinic = |clinics: &BTreeMap<String, u64>| counts(clinics.iter());
        object([
            ("after_span", self.after_span.to_string()),
            ("beside", self.beside.to_json()),
            ("births", object(self.births.iter().map(|(y, c)| (y, by_clinic(c))))),
            ("cell_samples", self.cell_samples.to_string()),
            ("contacts", self.contacts.to_string()),
            ("duplicates", self.duplicates.to_string()),
            ("faults", by_code(&self.faults)),
            ("faults_by_month", object(self.faults_by_month.iter().map(|(m, c)| (m, by_code(c))))),
            ("followed_women", numbers(&self.followed_women)),
            ("in_force", self.in_force.to_string()),
            ("in_force_by_kind", counts(self.in_force_by_kind.iter())),
            ("late", counts(self.late.iter())),
            ("midwife_visits", numbers(&self.midwife_visits)),
            ("pregnancies", self.pregnancies.to_string()),
            ("rows", self.rows.to_string()),
            ("rows_by_kind", counts(self.rows_by_kind.iter())),
            ("rows_by_month", counts(self.rows_by_month.iter())),
            ("rows_by_report", counts(self.rows_by_report.iter())),
            ("sent_again", self.sent_again.to_string()),
            ("without_days", self.without_days.to_string()),
            ("women", self.women.to_string()),
            ("years", object(self.years.iter().map(|(of, counts)| (of, year(counts))))),
        ])
    }
}

fn counts<'a, K: ToString + 'a>(counts: impl Iterator<Item = (K, &'a u64)>) -> String {
    object(counts.map(|(name, count)| (name, count.to_string())))
}

/// An object of names that need no escaping, sorted by name as text.
fn object<K: ToString>(members: impl IntoIterator<Item = (K, String)>) -> String {
    let mut members: Vec<_> =
        members.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    members.sort();
    let mut json = String::from("{");
    for (place, (name, value)) in members.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // Writing to a string does not fail.
        let _ = write!(json, "{comma}\"{name}\":{value}");
    }
    json + "}"
}
