//! How old somebody is at care, as far as the number says. Only whoever reads the number can ask: reports hold
//! pseudonyms.

use crate::time::Day;

/// The ages, in whole years, at which care of pregnancy is plausible; both inclusive.
const PLAUSIBLE: std::ops::RangeInclusive<i32> = 12..=60;

/// The age at care where it is below 12 or above 60 years, of a normalised number (R20). A reserve number has
/// a year of birth only and is implausible where every day of it is; of a pseudonym nothing is known.
///
/// ```
/// # use kernel::{plausible::implausible_age, time::Day};
/// let care = Day::parse("2023-02-11").unwrap();
/// assert_eq!(implausible_age("202302110000", care), Some(0));
/// assert_eq!(implausible_age("199001010000", care), None);
/// ```
pub fn implausible_age(number: &str, care_date: Day) -> Option<i32> {
    if number.len() != 12 {
        return None;
    }
    let part = |from: usize, to: usize| number.get(from..to)?.parse::<i32>().ok();
    let (year, month, day) = care_date.civil();
    if number.starts_with("99") {
        let oldest = year - part(2, 6)?;
        let is_implausible = oldest < *PLAUSIBLE.start() || oldest - 1 > *PLAUSIBLE.end();
        return is_implausible.then_some(oldest);
    }
    let (birth_month, birth_day) = (part(4, 6)?, part(6, 8)?);
    let birth_day = if birth_day > 60 { birth_day - 60 } else { birth_day };
    let had_birthday = (month, day) >= (birth_month, birth_day);
    let age = year - part(0, 4)? - i32::from(!had_birthday);
    (!PLAUSIBLE.contains(&age)).then_some(age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_and_sixty_are_plausible() {
        let care = Day::parse("2023-02-11").unwrap();
        let age = |number| implausible_age(number, care);
        assert_eq!((age("201102110000"), age("201102120000")), (None, Some(11)));
        assert_eq!((age("196202120000"), age("196202110000")), (None, Some(61)));
        // Coordination numbers have the day raised by 60.
        assert_eq!((age("201102710000"), age("201102720000")), (None, Some(11)));
        // Reserve numbers: born some day of the year.
        assert_eq!((age("992011000000"), age("992012000000")), (None, Some(11)));
        assert_eq!((age("991962000000"), age("991961000000")), (None, Some(62)));
        assert_eq!(age("p-1"), None);
    }
}
