//! Legal persons as files name them: name, organisation number, bankgiro number.
//!
//! Owns: the form and check digit of organisation and bankgiro numbers. Does not own: who has which.
//!
//! `OrgNumber::parse("232100-0016")` is Region Stockholm's; a number that does not check is never written.

use crate::refusal::Refusal;

/// A legal person (juridisk person).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legal {
    /// Name.
    pub name: String,
    /// Organisation number as it was stated, if it was.
    pub org_number: Option<String>,
}

impl Legal {
    /// The organisation number, checked; `None` where none is stated.
    ///
    /// # Errors
    /// [`Refusal::OrgNumber`] where the stated one is none.
    pub fn stated(&self) -> Result<Option<OrgNumber>, Refusal> {
        let parse = |text: &String| {
            OrgNumber::parse(text)
                .ok_or_else(|| Refusal::OrgNumber { party: self.name.clone(), value: text.clone() })
        };
        self.org_number.as_ref().map(parse).transpose()
    }

    /// The organisation number that a format demands.
    ///
    /// # Errors
    /// [`Refusal::OrgNumberMissing`] where none is stated; never one that is made up.
    pub fn demanded(&self) -> Result<OrgNumber, Refusal> {
        self.stated()?.ok_or_else(|| Refusal::OrgNumberMissing { party: self.name.clone() })
    }
}

/// A Swedish organisation number (organisationsnummer): ten digits that check, the third at least 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgNumber(String);

impl OrgNumber {
    /// Reads `232100-0016`, `2321000016` or, with the century digits 16, twelve digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix("16").filter(|rest| rest.len() >= 10).unwrap_or(text);
        let digits = match digits.split_once('-') {
            Some((front, back)) if front.len() == 6 => format!("{front}{back}"),
            Some(_) => return None,
            None => digits.to_owned(),
        };
        let is_legal = digits.as_bytes().get(2).is_some_and(|digit| *digit >= b'2');
        (digits.len() == 10 && is_legal && checks(&digits)).then_some(Self(digits))
    }

    /// Ten digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// `232100-0016`.
    pub fn dashed(&self) -> String {
        let (front, back) = self.0.split_at(6);
        format!("{front}-{back}")
    }
}

/// A bankgiro number (bankgironummer): seven or eight digits that check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bankgiro(String);

impl Bankgiro {
    /// Reads `5050-1055` or `50501055`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = match text.split_once('-') {
            Some((front, back)) if back.len() == 4 => format!("{front}{back}"),
            Some(_) => return None,
            None => text.to_owned(),
        };
        (matches!(digits.len(), 7 | 8) && checks(&digits)).then_some(Self(digits))
    }

    /// The number of a party.
    ///
    /// # Errors
    /// [`Refusal::Bankgiro`] where the text is none.
    pub fn of(party: &str, text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::Bankgiro { party: party.to_owned(), value: text.to_owned() };
        Self::parse(text).ok_or_else(wrong)
    }

    /// Seven or eight digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// Whether a text is digits of which the last is the Luhn digit of those before it.
fn checks(digits: &str) -> bool {
    let mut sum = 0_u32;
    for (place, byte) in digits.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let digit = u32::from(byte - b'0') << (place % 2);
        sum += if digit > 9 { digit - 9 } else { digit };
    }
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 232100-0016 is Region Stockholm's, in its own public documents.
    #[test]
    fn organisation_numbers_check() {
        for text in ["232100-0016", "2321000016", "162321000016", "16232100-0016"] {
            assert_eq!(OrgNumber::parse(text).unwrap().dashed(), "232100-0016");
        }
        for text in ["232100-0017", "23210-00016", "232100 0016", "121212-1212", "", "16"] {
            assert_eq!(OrgNumber::parse(text), None, "{text}");
        }
    }

    /// 5050-1055 is Skatteverket's bankgiro number, in its own public documents.
    #[test]
    fn bankgiro_numbers_check() {
        assert_eq!(Bankgiro::parse("5050-1055").unwrap().digits(), "50501055");
        assert_eq!(Bankgiro::parse("991-2346").map(|it| it.0), Some("9912346".to_owned()));
        for text in ["5050-1056", "505-01055", "050501055", "abc-defg", ""] {
            assert_eq!(Bankgiro::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_missing_number_names_the_party() {
        let clinic = Legal { name: "Exempelkliniken AB".into(), org_number: None };
        let party = "Exempelkliniken AB".to_owned();
        assert_eq!(clinic.demanded(), Err(Refusal::OrgNumberMissing { party }));
        assert_eq!(clinic.stated(), Ok(None));
    }
}
