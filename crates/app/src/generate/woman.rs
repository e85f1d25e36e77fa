//! Women: reserve numbers that belong to nobody, and residences.
//!
//! Owns: how a number is made (R59: `99yyyyNNNNNC`, C the Luhn digit over positions 5–11) and that
//! no two women have one. Does not own: their pregnancies.

use super::chance::Chance;
use super::facts::{self, MUNICIPALITIES, OTHER_MUNICIPALITIES};
use super::places::Places;
use std::collections::BTreeMap;

/// A woman, by the year of birth and a number within it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Woman {
    birth_year: u16,
    number: u32,
}

const NUMBERS_A_YEAR: u32 = 100_000;

impl Woman {
    /// Age in a calendar year.
    pub(super) fn age_in(self, year: i32) -> i32 {
        year - i32::from(self.birth_year)
    }

    /// The reserve number.
    pub(super) fn reserve_number(self) -> [u8; 12] {
        // The numbers of a year are spread by a factor that has no common factor with 100 000.
        let number = u64::from(self.number) * 61_803 % u64::from(NUMBERS_A_YEAR);
        let mut digits = [0; 12];
        let whole = 99_000_000_000 + u64::from(self.birth_year) * 100_000 + number;
        let mut left = whole;
        for digit in digits[..11].iter_mut().rev() {
            *digit = (left % 10) as u8;
            left /= 10;
        }
        digits[11] = luhn_digit(&digits[4..11]);
        digits.map(|digit| b'0' + digit)
    }
}

/// The digit that makes the Luhn sum a multiple of ten.
fn luhn_digit(digits: &[u8]) -> u8 {
    let doubled = |(place, digit): (usize, &u8)| {
        let product = digit * if place % 2 == 0 { 2 } else { 1 };
        u32::from(product / 10 + product % 10)
    };
    let sum: u32 = digits.iter().rev().enumerate().map(doubled).sum();
    ((10 - sum % 10) % 10) as u8
}

/// Gives out women, each number once.
#[derive(Default)]
pub(super) struct Women(BTreeMap<u16, u32>);

impl Women {
    /// A woman born in a year, or in the nearest later one whose numbers are not all taken.
    pub(super) fn new_woman(&mut self, birth_year: i32) -> Woman {
        let mut birth_year = birth_year as u16;
        while self.0.get(&birth_year).is_some_and(|taken| *taken == NUMBERS_A_YEAR) {
            birth_year += 1;
        }
        let taken = self.0.entry(birth_year).or_default();
        *taken += 1;
        Woman { birth_year, number: *taken - 1 }
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.0.values().map(|taken| u64::from(*taken)).sum()
    }
}

/// A residence (folkbokföring): its place in a list of blank, `asylum`, Norrtälje, the other
/// municipalities of the county, and some elsewhere.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Residence(u8);

impl Residence {
    const BLANK: Self = Self(0);
    const ASYLUM: Self = Self(1);
    const NORRTALJE: Self = Self(2);
    const FIRST: u8 = 3;
    const FIRST_ELSEWHERE: u8 = Self::FIRST + MUNICIPALITIES.len() as u8;

    /// As the row says it.
    pub(super) fn text(self) -> &'static str {
        match self.0 {
            0 => "",
            1 => "asylum",
            2 => "0188",
            n if n < Self::FIRST_ELSEWHERE => MUNICIPALITIES[usize::from(n - Self::FIRST)].0,
            n => OTHER_MUNICIPALITIES[usize::from(n - Self::FIRST_ELSEWHERE)],
        }
    }

    pub(super) fn is_norrtalje(self) -> bool {
        self == Self::NORRTALJE
    }

    pub(super) fn is_out_of_county(self) -> bool {
        self.0 >= Self::FIRST_ELSEWHERE
    }

    /// Registered in the county (folkbokförd i regionen).
    pub(super) fn is_in_county(self) -> bool {
        self.0 >= 2 && !self.is_out_of_county()
    }
}

/// Draws residences of women who give birth at a clinic.
pub(super) struct Residences {
    of_clinic: Vec<Vec<u32>>,
}

impl Residences {
    pub(super) fn new(places: &Places) -> Self {
        let weights = |number: usize| {
            let part = places.part(number as u16);
            let pull = |of| if part == of { facts::OWN_PART } else { 1 };
            MUNICIPALITIES.iter().map(|row| row.1 * pull(row.2)).collect()
        };
        Self { of_clinic: (0..places.all.len()).map(weights).collect() }
    }

    /// Norrtälje, other regions, `asylum` and blank at every clinic alike; the others by inhabitants
    /// and the part of the county that the clinic lies in.
    pub(super) fn draw(&self, clinic: u16, chance: &mut Chance) -> Residence {
        let mut left = chance.unit();
        for (share, residence) in [
            (facts::NORRTALJE, Residence::NORRTALJE),
            (facts::ASYLUM, Residence::ASYLUM),
            (facts::NO_RESIDENCE, Residence::BLANK),
        ] {
            if left < share {
                return residence;
            }
            left -= share;
        }
        if left < facts::OUT_OF_COUNTY {
            let place = chance.below(OTHER_MUNICIPALITIES.len());
            return Residence(Residence::FIRST_ELSEWHERE + place as u8);
        }
        let place = chance.weighted(&self.of_clinic[usize::from(clinic)]);
        Residence(Residence::FIRST + place as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::intake::normalise_person;
    use kernel::time::Day;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_are_right_and_unique() {
        let mut women = Women::default();
        let day = Day::parse("2023-01-01").unwrap();
        let mut seen = BTreeSet::new();
        for _ in 0..20_000 {
            let number = women.new_woman(1991).reserve_number();
            let text = std::str::from_utf8(&number).unwrap();
            assert_eq!(normalise_person(text, day).as_deref(), Ok(text));
            assert!(text.starts_with("991991") && seen.insert(number));
        }
        assert_eq!(women.count(), 20_000);
    }
}
