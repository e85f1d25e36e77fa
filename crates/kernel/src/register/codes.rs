//! Which unit a code in a contact file means (R21, R52).

use super::View;
use crate::time::{Day, Period};
use std::collections::BTreeMap;

/// Unit ids, HSA-ids and kombika codes, each with the units it means by period.
#[derive(Clone, Debug, Default)]
pub struct UnitCodes {
    by_rank: [BTreeMap<String, Vec<(Period, u16)>>; 3],
}

impl UnitCodes {
    /// All codes of a view.
    pub fn new(view: &View<'_>) -> Self {
        let [mut ids, mut hsa_ids, mut kombika]: [BTreeMap<String, Vec<(Period, u16)>>; 3] =
            Default::default();
        for (history, number) in view.histories.iter().zip(0_u16..) {
            for unit in &history.statements {
                let meaning = (unit.fact.valid, number);
                ids.entry(history.id.to_string()).or_default().push(meaning);
                if let Some(code) = &unit.fact.hsa_id {
                    hsa_ids.entry(code.trim().to_owned()).or_default().push(meaning);
                }
                if let Some(code) = &unit.fact.kombika {
                    kombika.entry(code.trim().to_owned()).or_default().push(meaning);
                }
            }
        }
        Self { by_rank: [ids, hsa_ids, kombika] }
    }

    /// What a code can mean: first by id, then by HSA-id, then by kombika.
    pub fn meaning(&self, code: &str) -> UnitMeaning {
        let [ids, hsa_ids, kombika] = &self.by_rank;
        let found = [ids.get(code), hsa_ids.get(code), kombika.get(code)];
        UnitMeaning { by_rank: found.map(|meanings| meanings.cloned().unwrap_or_default()) }
    }

    /// Every HSA-id and kombika code with its meanings, to look for two units on one day.
    pub fn dated(&self) -> impl Iterator<Item = (&str, &[(Period, u16)])> {
        let [_, hsa_ids, kombika] = &self.by_rank;
        let all = hsa_ids.iter().chain(kombika);
        all.map(|(code, meanings)| (code.as_str(), meanings.as_slice()))
    }
}

/// The units that a code means, by rank and period.
#[derive(Clone, Debug)]
pub struct UnitMeaning {
    by_rank: [Vec<(Period, u16)>; 3],
}

impl UnitMeaning {
    /// The unit on a day: the first by rank that is open, else the first by rank that is not (R52), of
    /// those the one that began last.
    pub fn on(&self, day: Day) -> Option<u16> {
        let mut all = self.by_rank.iter().flatten();
        let open = all.find(|(period, _)| period.contains(day));
        let known = || self.by_rank.iter().find(|meanings| !meanings.is_empty());
        let last = || known()?.iter().max_by_key(|(period, _)| period.from);
        open.or_else(last).map(|(_, unit)| *unit)
    }
}
