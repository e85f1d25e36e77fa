//! What a single field may say: days, whole numbers, yes or no, codes.
//!
//! Owns: the spellings that mean one value. Does not own: which column wants which.
//!
//! `2023-01-31 00:00:00` is the day 2023-01-31, `20230131` is none; `39,0` is 39, `39,5` is nothing.

use crate::time::Day;
use std::sync::Arc;

/// A day as `2023-01-31`, possibly with midnight after it, as spreadsheets write a date as text. Every other form
/// is outside the set (R19): `01/02/2023` can be two days.
pub fn read_day(text: &str) -> Option<Day> {
    if let Some(day) = Day::parse(text) {
        return Some(day);
    }
    let (day, time) = text.split_at_checked(10)?;
    is_midnight(time).then(|| Day::parse(day)).flatten()
}

/// ` 00:00`, `T00:00:00`, `T00:00:00.000`.
fn is_midnight(time: &str) -> bool {
    let Some(clock) = time.strip_prefix([' ', 'T']) else { return false };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_zeros = !fraction.is_empty() && fraction.bytes().all(|b| b == b'0');
    matches!(clock, "00:00" | "00:00:00") && is_zeros
}

/// A whole number, possibly with a decimal comma or point and nothing but zeros after it.
pub fn read_whole(text: &str) -> Option<i32> {
    let (whole, zeros) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    let is_whole = !zeros.is_empty() && zeros.bytes().all(|b| b == b'0');
    (is_number && is_whole).then(|| whole.parse().ok()).flatten()
}

/// `1/0`, `ja/nej`, `true/false`, in any case (R53).
pub fn read_boolean(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("1") || is("ja") || is("true") {
        Some(true)
    } else if is("0") || is("nej") || is("false") {
        Some(false)
    } else {
        None
    }
}

/// Upper case without dots (R25).
pub fn normalise_code(text: &str) -> Arc<str> {
    let code: String = text.chars().filter(|c| *c != '.').collect();
    code.to_uppercase().into()
}

/// The codes of a list, each normalised.
pub(super) fn codes(text: &str) -> Vec<Arc<str>> {
    text.split_whitespace().map(normalise_code).collect()
}

/// The order of codes after the main diagnosis is no content (R50), nor is a repetition.
pub(super) fn main_first(codes: Vec<Arc<str>>) -> Vec<Arc<str>> {
    let mut codes = codes.into_iter();
    let Some(main) = codes.next() else { return Vec::new() };
    let mut others: Vec<Arc<str>> = codes.filter(|code| *code != main).collect();
    others.sort_unstable();
    others.dedup();
    let mut all = vec![main];
    all.append(&mut others);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way() {
        let right = Day::parse("2023-01-31");
        for text in
            ["2023-01-31", "2023-01-31 00:00:00", "2023-01-31T00:00", "2023-01-31T00:00:00.000"]
        {
            assert_eq!(read_day(text), right, "{text}");
        }
        for text in [
            "20230131",
            "2023-01-31 14:30",
            "01/02/2023",
            "31.01.2023",
            "230131",
            "2023-1-31",
            "2023-02-30",
            "20230230",
            "44957",
            "2023-01-31 24:00",
            "2023-01-31 1:00",
            "2023-01-31T14:30:00Z",
            "2023-01-31T14:30:00+02:00",
            "2023-01-31 00:00:00.",
            "2023-01-31x",
            "2023-01-3å",
            "+0230131",
            "",
        ] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn a_whole_number_may_have_zeros_after_the_comma() {
        for (text, number) in [("39", 39), ("274,0", 274), ("274.00", 274), ("-1", -1), ("007", 7)]
        {
            assert_eq!(read_whole(text), Some(number), "{text}");
        }
        for text in ["39,5", "39,", ",0", "", "-", "1 000", "1.000,0", "3e2", "+3", "99999999999"] {
            assert_eq!(read_whole(text), None, "{text}");
        }
    }
}
