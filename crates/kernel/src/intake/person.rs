//! Personal, coordination and reserve numbers (R20, R50, R59).
//!
//! A number that passes is twelve digits; `p-…` is a pseudonym already and passes as it is.

use crate::time::Day;
use std::borrow::Cow;

/// Why a text is no person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonFault {
    /// Neither ten nor twelve digits, nor a pseudonym.
    Form,
    /// No such day.
    Date,
    /// The last digit does not check.
    CheckDigit,
}

/// A person as a row names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Person<'a> {
    /// Twelve digits as one number.
    Number(u64),
    /// `p-…`, a pseudonym already.
    Pseudonym(&'a str),
}

impl<'a> Person<'a> {
    /// Twelve digits, or the pseudonym.
    pub fn text(self) -> Cow<'a, str> {
        match self {
            Self::Number(number) => Cow::Owned(format!("{number:012}")),
            Self::Pseudonym(name) => Cow::Borrowed(name),
        }
    }
}

/// The number as twelve digits, or the pseudonym; see [`read_person`].
pub fn normalise_person(text: &str, care_date: Day) -> Result<String, PersonFault> {
    Ok(read_person(text, care_date)?.text().into_owned())
}

/// The person that a text names. Of a ten-digit number the century is the latest that does not put the
/// birth after `care_date`; `+` makes it one hundred years more.
pub fn read_person(text: &str, care_date: Day) -> Result<Person<'_>, PersonFault> {
    if let Some(name) = text.strip_prefix("p-") {
        return if name.is_empty() { Err(PersonFault::Form) } else { Ok(Person::Pseudonym(text)) };
    }
    let mut digits = [0; 12];
    let (count, separator) = read_digits(text, &mut digits).ok_or(PersonFault::Form)?;
    match (digits, count) {
        ([9, 9, ..], 12) => reserve_number(digits, separator),
        ([_, _, short @ ..], 12) => {
            check(short)?;
            birthday(number(&digits, 0, 4), &short)?;
            Ok(Person::Number(as_number(&digits)))
        }
        ([short @ .., _, _], 10) => {
            check(short)?;
            let century = century(&short, separator, care_date);
            birthday(century * 100 + number(&short, 0, 2), &short)?;
            let century = u64::try_from(century).map_err(|_| PersonFault::Date)?;
            Ok(Person::Number(century * 10_000_000_000 + as_number(&short)))
        }
        _ => Err(PersonFault::Form),
    }
}

/// How many digits, and the separator before the last four if there is one.
fn read_digits(text: &str, digits: &mut [u8; 12]) -> Option<(usize, Option<u8>)> {
    let mut count = 0;
    let mut separator = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                *digits.get_mut(count)? = byte - b'0';
                count += 1;
            }
            b'-' | b'+' if separator.is_none() && at + 5 == text.len() => separator = Some(byte),
            _ => return None,
        }
    }
    Some((count, separator))
}

fn reserve_number(digits: [u8; 12], separator: Option<u8>) -> Result<Person<'static>, PersonFault> {
    if separator.is_some() {
        return Err(PersonFault::Form);
    }
    let [_, _, _, _, checked @ ..] = digits;
    if luhn(&checked) {
        Ok(Person::Number(as_number(&digits)))
    } else {
        Err(PersonFault::CheckDigit)
    }
}

fn check(short: [u8; 10]) -> Result<(), PersonFault> {
    if luhn(&short) { Ok(()) } else { Err(PersonFault::CheckDigit) }
}

/// Whether the last digit is the Luhn digit over those before it.
fn luhn(digits: &[u8]) -> bool {
    let mut sum = 0_u32;
    for (place, digit) in digits.iter().rev().enumerate() {
        let digit = u32::from(*digit);
        // The sum of the digits of twice the digit is that less 9 from 10 on.
        let doubled = if digit > 4 { 2 * digit - 9 } else { 2 * digit };
        sum += if place % 2 == 1 { doubled } else { digit };
    }
    sum.is_multiple_of(10)
}

/// Month and day of `short` (yymmddnnnn), the day of a coordination number lowered by 60.
fn month_and_day(short: &[u8]) -> (i32, i32) {
    let day = number(short, 4, 6);
    (number(short, 2, 4), if day > 60 { day - 60 } else { day })
}

fn birthday(year: i32, short: &[u8]) -> Result<Day, PersonFault> {
    let (month, day) = month_and_day(short);
    Day::new(year, month, day).ok_or(PersonFault::Date)
}

fn century(short: &[u8], separator: Option<u8>, care_date: Day) -> i32 {
    let (year, month, day) = care_date.civil();
    let (birth_month, birth_day) = month_and_day(short);
    let of_century = number(short, 0, 2);
    let this = year / 100;
    let later_than_care = (this * 100 + of_century, birth_month, birth_day) > (year, month, day);
    let latest = if later_than_care { this - 1 } else { this };
    if separator == Some(b'+') { latest - 1 } else { latest }
}

fn number(digits: &[u8], from: usize, to: usize) -> i32 {
    let part = digits.get(from..to).unwrap_or(&[]);
    part.iter().fold(0, |number, digit| number * 10 + i32::from(*digit))
}

fn as_number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, care: &str) -> Result<String, PersonFault> {
        normalise_person(text, Day::parse(care).unwrap())
    }

    /// Reserve numbers are synthetic by nature; those of R59.
    #[test]
    fn reserve_numbers_check_over_positions_five_to_eleven() {
        for right in ["991981000010", "991945000023", "991993000032"] {
            assert_eq!(read(right, "2023-01-01").as_deref(), Ok(right));
        }
        assert_eq!(read("991981000011", "2023-01-01"), Err(PersonFault::CheckDigit));
        assert_eq!(read("99198100-0010", "2023-01-01"), Err(PersonFault::Form));
    }

    /// 121212-1212 is the number that the Swedish authorities use as an example.
    #[test]
    fn the_century_is_the_latest_before_care() {
        assert_eq!(read("121212-1212", "2023-01-01").as_deref(), Ok("201212121212"));
        assert_eq!(read("1212121212", "2012-12-11").as_deref(), Ok("191212121212"));
        assert_eq!(read("121212+1212", "2023-01-01").as_deref(), Ok("191212121212"));
        assert_eq!(read("19121212-1212", "2023-01-01").as_deref(), Ok("191212121212"));
        assert_eq!(read("121272-1219", "2023-01-01").as_deref(), Ok("201212721219"));
    }

    #[test]
    fn impossible_numbers_are_told_apart() {
        assert_eq!(read("121212-1213", "2023-01-01"), Err(PersonFault::CheckDigit));
        assert_eq!(read("12121-21212", "2023-01-01"), Err(PersonFault::Form));
        assert_eq!(read("p-", "2023-01-01"), Err(PersonFault::Form));
        assert_eq!(read("p-7", "2023-01-01").as_deref(), Ok("p-7"));
        assert_eq!(read("anna", "2023-01-01"), Err(PersonFault::Form));
        assert_eq!(read("121332-1217", "2023-01-01").map(|_| ()), Err(PersonFault::Date));
    }
}
