//! Which unit a code in a contact file means (R21, R52).

use super::View;
use crate::time::{Day, Period};
use std::collections::BTreeMap;

/// Unit ids, HSA-ids and kombika codes, each with the unit it means on a day.
#[derive(Clone, Debug, Default)]
pub struct UnitCodes {
    ids: BTreeMap<String, u16>,
    hsa_ids: BTreeMap<String, Vec<(Period, u16)>>,
    kombika: BTreeMap<String, Vec<(Period, u16)>>,
}

impl UnitCodes {
    /// All codes of a view.
    pub fn new(view: &View<'_>) -> Self {
        let mut codes = Self::default();
        for (history, number) in view.histories.iter().zip(0_u16..) {
            codes.ids.insert(history.id.to_string(), number);
            for unit in &history.statements {
                let meaning = (unit.fact.valid, number);
                if let Some(hsa_id) = &unit.fact.hsa_id {
                    codes.hsa_ids.entry(hsa_id.to_uppercase()).or_default().push(meaning);
                }
                if let Some(kombika) = &unit.fact.kombika {
                    codes.kombika.entry(kombika.trim().to_owned()).or_default().push(meaning);
                }
            }
        }
        codes
    }

    /// What a code can mean: by id, then HSA-id (without case), then kombika.
    pub fn meaning(&self, code: &str) -> UnitMeaning<'_> {
        if let Some(unit) = self.ids.get(code) {
            return UnitMeaning::Always(*unit);
        }
        let dated = self.hsa_ids.get(&code.to_uppercase()).or_else(|| self.kombika.get(code));
        dated.map_or(UnitMeaning::Unknown, |meanings| UnitMeaning::Dated(meanings))
    }

    /// Every dated code with its meanings, to look for two units on one day.
    pub fn dated(&self) -> impl Iterator<Item = (&str, &[(Period, u16)])> {
        let all = self.hsa_ids.iter().chain(&self.kombika);
        all.map(|(code, meanings)| (code.as_str(), meanings.as_slice()))
    }
}

/// What a unit code means.
#[derive(Clone, Copy, Debug)]
pub enum UnitMeaning<'c> {
    /// No unit.
    Unknown,
    /// The same unit on every day.
    Always(u16),
    /// Units by period.
    Dated(&'c [(Period, u16)]),
}

impl UnitMeaning<'_> {
    /// The unit on a day; a code that only a closed unit has finds that unit (R52), the one that had it
    /// last.
    pub fn on(&self, day: Day) -> Option<u16> {
        match self {
            Self::Unknown => None,
            Self::Always(unit) => Some(*unit),
            Self::Dated(meanings) => {
                let open = meanings.iter().find(|(period, _)| period.contains(day));
                let last = || meanings.iter().max_by_key(|(period, _)| period.from);
                open.or_else(last).map(|(_, unit)| *unit)
            }
        }
    }
}
