//! Answers to a survey, counted for each clinic and quarter.
//!
//! Owns: the file. Does not own: who gave birth.

use super::{Birth, DayText, Region, push, push_day};
use crate::generate::chance::Chance;
use crate::generate::facts::beside as facts;
use kernel::time::Month;
use std::collections::BTreeMap;

/// How many gave birth at each clinic in some months.
pub(super) fn asked(months: &[Month], births: &BTreeMap<Month, Vec<Birth>>) -> BTreeMap<u16, u64> {
    let mut asked = BTreeMap::new();
    for birth in months.iter().filter_map(|month| births.get(month)).flatten() {
        *asked.entry(birth.content.unit).or_default() += 1;
    }
    asked
}

/// The file of a quarter.
pub(super) fn write(
    (from, to): (Month, Month),
    asked: &BTreeMap<u16, u64>,
    reported_on: DayText,
    region: Region<'_>,
    chance: &mut Chance,
) -> Vec<u8> {
    let mut bytes =
        b"unit,from_month,to_month,question,asked,answered,counted,reported_on\n".to_vec();
    for (unit, asked) in asked {
        let answered = part(*asked, facts::SURVEY_ANSWERED, chance);
        for (question, share) in facts::SURVEY {
            let counted = part(answered, share, chance);
            let id = &region.places.get(*unit).id;
            push(
                &mut bytes,
                format_args!("{id},{from},{to},{question},{asked},{answered},{counted},"),
            );
            push_day(reported_on, &mut bytes);
            bytes.push(b'\n');
        }
    }
    bytes
}

fn part(whole: u64, share: f64, chance: &mut Chance) -> u64 {
    (0..whole).filter(|_| chance.of(share)).count() as u64
}
