//! Contacts straight in columns, for measuring how fast pricing is.
//!
//! Owns: [`columns`]. The contacts are evenly spread noise, not a region.

use super::chance::Chance;
use kernel::contact::Contacts;
use kernel::time::Day;

/// 2019-01-01 and the days of 2019–2025.
const FIRST_DAY: i32 = 17_897;
const DAYS: u64 = 2_557;

/// `count` contacts numbered from 0, care in 2019–2025, units and profiles below the given numbers.
pub fn columns(count: u32, seed: u64, units: u16, profiles: u32) -> Contacts {
    let mut chance = Chance::new(seed, &[u64::from(count)]);
    let mut unit = Vec::with_capacity(count as usize);
    let mut care_date = Vec::with_capacity(count as usize);
    let mut profile = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let bits = chance.bits();
        unit.push(scale(bits & 0xffff, units.into(), 16) as u16);
        let day = scale((bits >> 16) & 0xffff, DAYS, 16);
        care_date.push(Day::from_number(FIRST_DAY + day as i32));
        profile.push(scale(bits >> 32, profiles.into(), 32) as u32);
    }
    let lag_months = vec![0; count as usize];
    let contact: Vec<u32> = (0..count).collect();
    Contacts { person: contact.clone(), contact, unit, care_date, profile, lag_months }
}

/// A number of so many bits as one below `end`.
const fn scale(number: u64, end: u64, bits: u32) -> u64 {
    (number * end) >> bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_full_and_in_range() {
        let contacts = columns(100_000, 1, 107, 4_000);
        assert_eq!(contacts.len(), 100_000);
        assert_eq!(contacts.lag_months.len(), 100_000);
        let ends = |mut values: Vec<u32>| {
            values.sort_unstable();
            (values[0], values[values.len() - 1])
        };
        assert_eq!(ends(contacts.unit.iter().map(|unit| u32::from(*unit)).collect()), (0, 106));
        assert_eq!(ends(contacts.profile.clone()), (0, 3_999));
        let days = contacts.care_date.iter();
        assert_eq!(days.clone().min(), Day::parse("2019-01-01").as_ref());
        assert_eq!(days.max(), Day::parse("2025-12-31").as_ref());
        assert_eq!(contacts, columns(100_000, 1, 107, 4_000));
    }
}
