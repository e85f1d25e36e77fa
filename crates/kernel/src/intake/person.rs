//! Personal, coordination and reserve numbers (R20, R50, R59).
//!
//! A number that passes is twelve digits; `p-…` is a pseudonym already and passes as it is.

use crate::time::Day;

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

/// The number as twelve digits, or the pseudonym. Of a ten-digit number the century is the
/// latest that does not put the birth after `care_date`; `+` makes it one hundred years more.
pub fn normalise_person(text: &str, care_date: Day) -> Result<String, PersonFault> {
    if let Some(name) = text.strip_prefix("p-") {
        return if name.is_empty() { Err(PersonFault::Form) } else { Ok(text.to_owned()) };
    }
    let (digits, separator) = read_digits(text).ok_or(PersonFault::Form)?;
    match digits.as_slice() {
        [9, 9, rest @ ..] if rest.len() == 10 => reserve_number(&digits, separator),
        [_, _, short @ ..] if short.len() == 10 => {
            check(short)?;
            birthday(number(&digits, 0, 4), short)?;
            Ok(as_text(&digits))
        }
        short if short.len() == 10 => {
            check(short)?;
            let century = century(short, separator, care_date);
            birthday(century * 100 + number(short, 0, 2), short)?;
            Ok(format!("{century:02}{}", as_text(short)))
        }
        _ => Err(PersonFault::Form),
    }
}

/// The digits, and the separator before the last four if there is one.
fn read_digits(text: &str) -> Option<(Vec<u8>, Option<u8>)> {
    let mut digits = Vec::with_capacity(12);
    let mut separator = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => digits.push(byte - b'0'),
            b'-' | b'+' if separator.is_none() && at + 5 == text.len() => separator = Some(byte),
            _ => return None,
        }
    }
    Some((digits, separator))
}

fn reserve_number(digits: &[u8], separator: Option<u8>) -> Result<String, PersonFault> {
    if separator.is_some() {
        return Err(PersonFault::Form);
    }
    let checked = digits.get(4..12).unwrap_or(&[]);
    if luhn(checked) { Ok(as_text(digits)) } else { Err(PersonFault::CheckDigit) }
}

fn check(short: &[u8]) -> Result<(), PersonFault> {
    if luhn(short) { Ok(()) } else { Err(PersonFault::CheckDigit) }
}

/// Whether the last digit is the Luhn digit over those before it.
fn luhn(digits: &[u8]) -> bool {
    let mut sum = 0_u32;
    for (place, digit) in digits.iter().rev().enumerate() {
        let product = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
        sum += product / 10 + product % 10;
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

fn as_text(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
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
