//! What was reported and is hard to believe (rimlighet): warnings about contacts in force (R19).
//!
//! Owns: the rules that warn, and their limits. Does not own: words for people, or what is rejected (`intake`,
//! `known`). No price reads a warning: a contact that is warned about is priced as it stands.
//!
//! Two deliveries of one person 100 days apart: one of the two is probably wrong, and both are paid.

mod age;
mod codes;
mod persons;

pub use age::implausible_age;
pub use persons::of_persons;

use crate::contact::{Profile, Report, Reports};
use crate::fact::ContactKind;
use crate::finding::Code;
use crate::intake::Column;
use crate::intern::FastMap;
use crate::known::Current;
use crate::register::View;
use codes::Lists;
use std::sync::Arc;

/// A delivery before this day of pregnancy, 22 weeks, is implausible.
pub const EARLIEST_BIRTH: i32 = 154;
/// A delivery after this day of pregnancy is implausible.
pub const LATEST_BIRTH: i32 = 300;

/// A warning about the report in force of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Row of the report.
    pub row: u32,
    /// Number of the unit in the view.
    pub unit: u16,
    /// What is hard to believe.
    pub code: Code,
    /// What shows it.
    pub shown_by: ShownBy,
}

/// What shows a warning to be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShownBy {
    /// The report itself.
    Itself,
    /// A value of it.
    Value(Column, Arc<str>),
    /// It and the report in force of another contact of the same person.
    Other {
        /// Row of the other report.
        row: u32,
        /// Days from the other care date to this, or between the beginnings of pregnancy that they imply.
        days: i32,
    },
}

/// The warnings that each contact shows by itself, in the order given.
pub fn of_contacts(view: &View<'_>, reports: &Reports, current: &[Current]) -> Vec<Warning> {
    let lists = Lists::new(view);
    let mut of_profiles: FastMap<u32, Vec<(Code, ShownBy)>> = FastMap::default();
    let mut warnings = Vec::new();
    for Current { row, unit } in current {
        let Some(report) = reports.rows().get(*row as usize) else { continue };
        let Some(profile) = reports.profile(report.profile) else { continue };
        let of_profile =
            of_profiles.entry(report.profile).or_insert_with(|| judge_profile(profile, &lists));
        let dated = judge_on_day(view, &lists, report, profile, *unit);
        let found = dated.into_iter().chain(of_profile.iter().cloned());
        warnings.extend(found.map(|(code, shown_by)| Warning {
            row: *row,
            unit: *unit,
            code,
            shown_by,
        }));
    }
    warnings
}

fn judge_on_day(
    view: &View<'_>,
    lists: &Lists<'_>,
    report: &Report,
    profile: &Profile,
    unit: u16,
) -> Vec<(Code, ShownBy)> {
    let Some(history) = view.histories.get(usize::from(unit)) else { return Vec::new() };
    let day = report.care_date;
    if history.under(day).is_none() {
        return vec![(Code::NoAgreement, ShownBy::Itself)];
    }
    let mut found = Vec::new();
    if lists.want_days(profile, history, view.county(), day) {
        found.push((Code::NoGestationalDays, ShownBy::Itself));
    }
    if let Some(drg) = &profile.drg
        && lists.lack_drg(profile, drg, view.county(), day)
    {
        found.push((Code::UnknownCode, ShownBy::Value(Column::Drg, drg.clone())));
    }
    found
}

fn judge_profile(profile: &Profile, lists: &Lists<'_>) -> Vec<(Code, ShownBy)> {
    let mut found = Vec::new();
    let mut warn = |code, shown_by| found.push((code, shown_by));
    let is_delivery_drg = profile.drg.as_deref().is_some_and(codes::is_delivery_drg);
    if is_delivery_drg && !codes::has_delivery(profile) {
        warn(Code::DeliveryWithoutDiagnosis, ShownBy::Itself);
    }
    if is_delivery_drg && codes::outcome(profile).is_none() {
        warn(Code::DeliveryWithoutOutcome, ShownBy::Itself);
    }
    if profile.kind == ContactKind::Delivery {
        if !is_delivery_drg {
            warn(Code::DeliveryWithoutDrg, value_or_blank(Column::Drg, profile.drg.as_ref()));
        }
        if let Some(days) = profile.gestational_days.filter(|days| is_implausible(*days, profile)) {
            let days = Arc::from(days.to_string());
            warn(Code::ImplausibleGestationalAge, ShownBy::Value(Column::GestationalDays, days));
        }
    }
    let unknown = |codes: &[Arc<str>], has_form: fn(&str) -> bool| {
        codes.iter().find(|code| !has_form(code)).cloned()
    };
    if let Some(code) = unknown(&profile.diagnoses, codes::is_diagnosis) {
        warn(Code::UnknownCode, ShownBy::Value(Column::Diagnoses, code));
    }
    if let Some(code) = unknown(&profile.procedures, codes::is_procedure) {
        warn(Code::UnknownCode, ShownBy::Value(Column::Procedures, code));
    }
    if let Some(residence) = profile.residence.as_ref().filter(|text| !lists.has_residence(text)) {
        let shown_by = ShownBy::Value(Column::Residence, residence.clone());
        warn(Code::UnknownResidence, shown_by);
    }
    found
}

fn value_or_blank(column: Column, value: Option<&Arc<str>>) -> ShownBy {
    value.map_or(ShownBy::Itself, |value| ShownBy::Value(column, value.clone()))
}

/// A birth before 22 weeks whose outcome code says that it was so early is as it should be.
fn is_implausible(days: i32, profile: &Profile) -> bool {
    let says_early = codes::outcome(profile).is_some_and(|code| code.ends_with('A'));
    days > LATEST_BIRTH || (days < EARLIEST_BIRTH && !says_early)
}
