//! What was made beside contacts, so that whatever reads it can be compared.
//!
//! Owns: the counts, their JSON, and the table of every active phase. Does not own: making anything.

use super::course::Course;
use super::staffing::Met;
use super::{Places, is_fictive};
use crate::generate::facts::planted;
use follow::inputs::LabourStart;
use kernel::fact::UnitKind;
use kernel::time::Month;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What was made. Complete when the last month has been taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BesideTruth {
    /// Rows by kind of file.
    pub rows: BTreeMap<&'static str, u64>,
    /// By year and unit.
    pub one_to_one: BTreeMap<i32, BTreeMap<String, OneToOne>>,
    /// Members of [`Self::phases_json`].
    phases: String,
    /// The fictive units, and the months of the span.
    fictive: Vec<String>,
}

/// One midwife each, at a unit in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OneToOne {
    /// Births with an active phase at the clinic.
    pub births: u64,
    /// Of those, births whose phase or staffing was not written down.
    pub missing: u64,
    /// Planned caesareans, and births that nobody could assist: without a phase.
    pub without_phase: u64,
    /// Minutes of the phases that were written down.
    pub active_minutes: u64,
    /// Of those, with a midwife who had no other woman in active phase.
    pub own_minutes: u64,
    /// Births with all minutes so.
    pub at_100: u64,
    /// With 90 % or more.
    pub at_90: u64,
    /// With 75 % or more.
    pub at_75: u64,
}

impl BesideTruth {
    pub(super) fn new(places: &Places) -> Self {
        let clinics = places.of_kind(UnitKind::DeliveryClinic).iter();
        let ids = clinics.map(|clinic| places.get(*clinic).id.clone());
        Self { fictive: ids.filter(|id| is_fictive(id)).collect(), ..Self::default() }
    }

    pub(super) fn add(&mut self, month: Month, courses: &[Course], met: &[Met], places: &Places) {
        let year = self.one_to_one.entry(month.year()).or_default();
        for (course, met) in courses.iter().zip(met) {
            let of_unit = year.entry(places.get(course.birth.content.unit).id.clone()).or_default();
            if matches!(course.start, LabourStart::PlannedCaesarean | LabourStart::Unassisted) {
                of_unit.without_phase += 1;
                continue;
            }
            of_unit.births += 1;
            let Some((minutes, own)) =
                met.map(|(minutes, own)| (minutes.unsigned_abs(), own.unsigned_abs()))
            else {
                of_unit.missing += 1;
                continue;
            };
            of_unit.active_minutes += minutes;
            of_unit.own_minutes += own;
            of_unit.at_100 += u64::from(own == minutes);
            of_unit.at_90 += u64::from(own * 10 >= minutes * 9);
            of_unit.at_75 += u64::from(own * 4 >= minutes * 3);
            let contact = course.birth.contact;
            let comma = if self.phases.is_empty() { "" } else { ",\n" };
            // Writing to a string does not fail.
            let _ = write!(
                self.phases,
                "{comma}\"{}{:04}-{:07}\":[{minutes},{own}]",
                crate::generate::CONTACT,
                contact.year,
                contact.serial
            );
        }
    }

    /// An object with a line for each birth whose phase and staffing were written down: the contact, minutes of the phase, and of those
    /// minutes with a midwife of her own.
    pub fn phases_json(&self) -> String {
        format!("{{\n{}\n}}\n", self.phases)
    }

    /// Its member of the truth's JSON.
    pub(in crate::generate) fn to_json(&self) -> String {
        let of_unit = |one: &OneToOne| {
            format!(
                "{{\"active_minutes\":{},\"at_100\":{},\"at_75\":{},\"at_90\":{},\"births\":{},\"missing\":{},\"own_minutes\":{},\"without_phase\":{}}}",
                one.active_minutes,
                one.at_100,
                one.at_75,
                one.at_90,
                one.births,
                one.missing,
                one.own_minutes,
                one.without_phase
            )
        };
        let joined = |members: Vec<String>| members.join(",");
        let years = self.one_to_one.iter().map(|(year, units)| {
            let units = units.iter().map(|(unit, one)| format!("\"{unit}\":{}", of_unit(one)));
            format!("\"{year}\":{{{}}}", joined(units.collect()))
        });
        let rows = self.rows.iter().map(|(kind, rows)| format!("\"{kind}\":{rows}"));
        let planted = self.fictive.iter().map(|unit| format!("\"{unit}\":{}", planted::json()));
        format!(
            "{{\"one_to_one\":{{{}}},\"planted\":{{{}}},\"rows\":{{{}}}}}",
            joined(years.collect()),
            joined(planted.collect()),
            joined(rows.collect())
        )
    }
}
