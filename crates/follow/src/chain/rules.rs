//! What linking goes by, as data.
//!
//! Owns: the limits and the codes of loss. Does not own: what is done with them.

use kernel::contact::{Profile, Reports};

/// Limits in whole days, inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Starts that lie so close are of one pregnancy.
    pub same_pregnancy_days: i32,
    /// A delivery at fewer days is no birth that dates a pregnancy.
    pub earliest_birth_days: i32,
    /// No pregnancy is longer.
    pub longest_days: i32,
    /// How long a pregnancy is taken to be where nobody says.
    pub assumed_days: i32,
    /// Deliveries that close after a first one are of the same birth.
    pub one_birth_days: i32,
    /// How long after a birth or a loss care belongs to it.
    pub after_birth_days: i32,
    /// The last day of pregnancy week 25.
    pub planned_by_days: i32,
    /// Diagnoses of loss: beginnings, upper case without dots.
    pub loss: Vec<Box<str>>,
}

impl Rules {
    /// 84 days is R29; 140 (20 weeks), 308 (44 weeks), 280 (40 weeks), care after birth for 112 (16 weeks) and 181 (25 weeks and 6 days)
    /// are assumptions; O00–O08 is the chapter "pregnancy with abortive outcome" of ICD-10.
    pub fn assumed() -> Self {
        Self {
            same_pregnancy_days: 84,
            earliest_birth_days: 140,
            longest_days: 308,
            assumed_days: 280,
            one_birth_days: 140,
            after_birth_days: 112,
            planned_by_days: 181,
            loss: (0..=8).map(|code| format!("O0{code}").into()).collect(),
        }
    }

    pub(super) fn facts(&self, reports: &Reports) -> Vec<Facts> {
        reports.profiles.values().iter().map(|profile| self.of_profile(profile)).collect()
    }

    fn of_profile(&self, profile: &Profile) -> Facts {
        let mut codes = profile.diagnoses.iter();
        let loss = codes.any(|code| self.loss.iter().any(|start| code.starts_with(&**start)));
        let children = profile.diagnoses.iter().filter_map(|code| children(code)).max();
        Facts { loss, children }
    }
}

/// What linking asks of a profile beside its kind and days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) loss: bool,
    pub(super) children: Option<u8>,
}

/// Z37.0–1 one child, .2–.4 twins, .5–.7 more; .9 says nothing (ICD-10-SE).
fn children(code: &str) -> Option<u8> {
    match code.strip_prefix("Z37")?.bytes().next()? {
        b'0' | b'1' => Some(1),
        b'2'..=b'4' => Some(2),
        b'5'..=b'7' => Some(3),
        _ => None,
    }
}
