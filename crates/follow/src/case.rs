//! A birth with everything that indicators ask about it.
//!
//! Owns: [`Case`] and [`Cases`]. Does not own: how a birth was linked to its contacts (`chain`), or what an indicator makes of it.
//!
//! What was not reported stays unknown: a birth without staffing has no share of minutes, not the share 0.

use crate::continuity::Met;
use kernel::intern::Texts;
use kernel::time::Day;
use std::ops::Range;

/// What a question about a birth is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It is not reported.
    Unknown,
}

impl Answer {
    /// Of something that is known.
    pub const fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// Both: no where one is no, though the other is unknown.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

/// Minutes of active labour, and how many of them with a midwife of her own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// With one.
    pub own: u64,
    /// All.
    pub active: u64,
}

/// Where a birth was planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    /// Nobody said.
    Unknown,
    /// Here.
    Here,
    /// At another clinic.
    Elsewhere,
}

/// A contact of the same pregnancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Days from the birth; negative is before.
    pub days: i32,
    /// Its profile, a number of the reports.
    pub profile: u32,
}

/// A birth. One row for each woman and birth, twins included.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Number of the delivery contact in the reports.
    pub contact: u32,
    /// Number of the clinic in the view.
    pub unit: u16,
    /// Day of birth.
    pub day: Day,
    /// Profile of the delivery contact, a number of the reports.
    pub profile: u32,
    /// Its contacts, a range of [`Cases::linked`].
    pub linked: Range<u32>,
    /// Its measures, a range of [`Cases::measures`].
    pub measures: Range<u32>,
    /// Whether there was an active phase.
    pub labour: Answer,
    /// Minutes with a midwife of her own, where labour and staffing are reported.
    pub minutes: Option<Minutes>,
    /// How often the woman had met whoever attended the birth, or their team; `None` where that is not known.
    pub met: Option<Met>,
    /// Robson's group 1–10, 0 for unclassifiable; `None` where what it needs is not reported.
    pub robson: Option<u8>,
    /// Where it was planned.
    pub planned: Planned,
    /// Number of the midwife clinic with most of the visits before birth, if she had any.
    pub midwife_clinic: Option<u16>,
    /// Visits to a midwife before birth; `None` where no visit is reported (care elsewhere).
    pub visits: Option<u32>,
    /// Completed week of pregnancy of the first of them.
    pub first_visit_week: Option<u32>,
    /// Different carers at them.
    pub carers: Option<u32>,
    /// Bice–Boxerman's COC of them, in per mille, rounded half away from zero.
    pub coc_permille: Option<u32>,
    /// UPC of them, in per mille, rounded likewise.
    pub upc_permille: Option<u32>,
}

/// All births.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// In order of day and contact number.
    pub births: Vec<Case>,
    /// Contacts of births.
    pub linked: Vec<Linked>,
    /// Measures of births: name (a number of `names`) and value.
    pub measures: Vec<(u32, f64)>,
    /// Names of measures.
    pub names: Texts,
}

impl Cases {
    /// The contacts of a birth.
    pub fn contacts(&self, case: &Case) -> &[Linked] {
        slice(&self.linked, &case.linked)
    }

    /// The measures of a birth.
    pub fn measured(&self, case: &Case) -> &[(u32, f64)] {
        slice(&self.measures, &case.measures)
    }

    /// The last value of a measure of a birth.
    pub fn measure(&self, case: &Case, name: u32) -> Option<f64> {
        let mut values = self.measured(case).iter().rev();
        values.find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

fn slice<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or(&[])
}
