//! Contacts in force, as follow-up reads them: also the columns that no amount rests on.
//!
//! Owns: [`Care`] and [`Cares`]. Does not own: which report is in force (`kernel::known`), or what clinics report beside contacts
//! (`inputs`).

use crate::minute::Minute;
use kernel::contact::{Profile, Reports};
use kernel::fact::ContactKind;
use kernel::intern::Texts;
use kernel::known::Current;
use kernel::time::Day;

/// Stands for a blank carer, team or unit.
pub const NONE: u32 = u32::MAX;

/// A contact in force. Numbers of texts are of [`Cares`]; `contact`, `person` and `profile` are of the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Care {
    /// Number of the contact id in the reports.
    pub contact: u32,
    /// Number of the unit in the view.
    pub unit: u16,
    /// Number of the person's pseudonym in the reports.
    pub person: u32,
    /// Kind.
    pub kind: ContactKind,
    /// Care date.
    pub care_date: Day,
    /// Number of the profile in the reports.
    pub profile: u32,
    /// Days of pregnancy, 0–320.
    pub gestational_days: Option<i32>,
    /// Pseudonym of the carer, or [`NONE`].
    pub carer: u32,
    /// Team of the chain, or [`NONE`].
    pub team: u32,
    /// Unit code of the planned clinic as written, or [`NONE`].
    pub planned_unit: u32,
    /// Instant of birth, where the clinic says one that can be read.
    pub born_at: Option<Minute>,
}

/// All contacts in force.
#[derive(Clone, Debug, Default)]
pub struct Cares {
    /// In order of contact number.
    pub rows: Vec<Care>,
    /// Texts of carers, teams and planned units.
    pub texts: Texts,
    /// Rows whose instant of birth cannot be read; they have none.
    pub unreadable_births: u64,
}

#[derive(Clone, Copy)]
struct Extra {
    team: u32,
    planned_unit: u32,
    carer: u32,
    born_at: Option<Minute>,
    is_unreadable: bool,
}

impl Cares {
    /// Contacts in force, each with the report that stands.
    pub fn of(current: &[Current], reports: &Reports) -> Self {
        let mut cares = Self::default();
        let extras: Vec<Extra> =
            reports.extras.values().iter().map(|text| extra(text, &mut cares.texts)).collect();
        let is_unreadable = |row: &&Current| {
            let report = reports.rows().get(row.row as usize);
            let extra = report.and_then(|report| extras.get(report.extra as usize));
            extra.is_some_and(|extra| extra.is_unreadable)
        };
        cares.unreadable_births = current.iter().filter(is_unreadable).count() as u64;
        cares.rows = current.iter().filter_map(|row| care(*row, reports, &extras)).collect();
        cares
    }

    /// The text of a carer, team or planned unit; empty for [`NONE`].
    pub fn text(&self, number: u32) -> &str {
        if number == NONE { "" } else { self.texts.get(number) }
    }
}

fn care(current: Current, reports: &Reports, extras: &[Extra]) -> Option<Care> {
    let report = reports.rows().get(current.row as usize)?;
    let profile: &Profile = reports.profile(report.profile)?;
    let extra = extras.get(report.extra as usize);
    Some(Care {
        contact: report.contact,
        unit: current.unit,
        person: report.person,
        kind: profile.kind,
        care_date: report.care_date,
        profile: report.profile,
        gestational_days: profile.gestational_days,
        carer: extra.map_or(NONE, |extra| extra.carer),
        team: extra.map_or(NONE, |extra| extra.team),
        planned_unit: extra.map_or(NONE, |extra| extra.planned_unit),
        born_at: extra.and_then(|extra| extra.born_at),
    })
}

/// The order is that of `kernel::intake::EXTRA`: team, planned unit, carer, instant of birth.
fn extra(joined: &str, texts: &mut Texts) -> Extra {
    let mut parts = joined.split('\u{1f}').map(str::trim);
    let mut number = |part: Option<&str>| {
        part.filter(|text| !text.is_empty()).map_or(NONE, |text| texts.text(text))
    };
    let (team, planned_unit, carer) =
        (number(parts.next()), number(parts.next()), number(parts.next()));
    let said = parts.next().unwrap_or("");
    let born_at = Minute::parse(said).ok();
    let is_unreadable = born_at.is_none() && !said.is_empty();
    Extra { team, planned_unit, carer, born_at, is_unreadable }
}
