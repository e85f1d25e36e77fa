//! Figures with what they may be: sums that respect stated precision.
//!
//! Owns: intervals (D5) and what is assumed by them. Does not own: which figures belong together.
//!
//! `ca 10 miljoner` enters a sum at 10 000 000 kr and may be from 9,5 to 10,5 million.

use crate::fact::Precision;
use crate::finding::Text;
use crate::money::Money;
use crate::paper::{Amount, Paper, Span};

/// A figure, or a sum of figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub printed: i64,
    pub low: i64,
    pub high: i64,
    /// The amounts it is made of, by their places among the amounts of the text.
    pub of: Vec<usize>,
    assumed: Vec<(Precision, String)>,
}

impl Value {
    /// The value of an amount of the text; of one with a finer twin the finer value (D5).
    pub fn of(paper: &Paper, at: usize) -> Self {
        let Some(amount) = paper.amounts().get(at) else { return Self::default() };
        if amount.precision == Precision::Rounded
            && let Some(fine) = paper.finer(at).and_then(|fine| paper.amounts().get(fine))
        {
            let mut value = Self::exact(fine.amount.ore(), at);
            value.assumed.push((Precision::Rounded, super::words(&paper.text(amount.span))));
            return value;
        }
        let mut value = Self::stated(amount, at);
        if value.low != value.high {
            value.assumed.push((amount.precision, super::words(&paper.text(amount.span))));
        }
        value
    }

    /// The value of an amount as it is printed, whatever is said of it more finely.
    pub fn printed_of(paper: &Paper, at: usize) -> Self {
        paper.amounts().get(at).map_or_else(Self::default, |amount| match amount.precision {
            Precision::Rounded => Self::exact(amount.amount.ore(), at),
            _ => Self::of(paper, at),
        })
    }

    fn stated(amount: &Amount, at: usize) -> Self {
        let printed = amount.amount.ore();
        let unit = coarse(printed).max(100).min(printed.abs()).max(amount.last_digit.ore());
        let unit = if amount.last_digit.ore() == 100 { unit } else { amount.last_digit.ore() };
        let (low, high) = match amount.precision {
            Precision::Exact => (printed, printed),
            Precision::About | Precision::Rounded => (printed - unit / 2, printed + unit / 2),
            // The upper end is not reached.
            Precision::AtLeast => (printed, printed + unit - 1),
        };
        Self { printed, low, high, of: vec![at], assumed: Vec::new() }
    }

    /// One unit of the last digit that says something.
    pub fn unit(&self) -> i64 {
        coarse(self.printed)
    }

    fn exact(ore: i64, at: usize) -> Self {
        Self { printed: ore, low: ore, high: ore, of: vec![at], assumed: Vec::new() }
    }

    /// An exact value that no amount of the text states.
    pub fn bare(ore: i64) -> Self {
        Self { printed: ore, low: ore, high: ore, ..Self::default() }
    }

    /// So many times this value.
    pub fn times(mut self, count: i64) -> Option<Self> {
        self.printed = self.printed.checked_mul(count)?;
        self.low = self.low.checked_mul(count)?;
        self.high = self.high.checked_mul(count)?;
        Some(self)
    }

    /// The sum of values; `None` where it does not fit.
    pub fn sum(values: &[Self]) -> Option<Self> {
        let mut sum = Self::default();
        for value in values {
            sum.printed = sum.printed.checked_add(value.printed)?;
            sum.low = sum.low.checked_add(value.low)?;
            sum.high = sum.high.checked_add(value.high)?;
            sum.of.extend(&value.of);
            sum.assumed.extend(value.assumed.clone());
        }
        Some(sum)
    }

    /// The sum of two without what they are made of; `None` where it does not fit.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        Some(Self {
            printed: self.printed.checked_add(other.printed)?,
            low: self.low.checked_add(other.low)?,
            high: self.high.checked_add(other.high)?,
            ..Self::default()
        })
    }

    /// One unit of the last printed digit of its amount, in öre; one krona where it has none.
    pub fn last_digit(&self, paper: &Paper) -> i64 {
        let amount = self.of.first().and_then(|at| paper.amounts().get(*at));
        amount.map_or(100, |amount| amount.last_digit.ore())
    }

    /// The difference: as printed, at least, at most.
    pub fn minus(&self, other: &Self) -> (Money, Money, Money) {
        let apart = |a: i64, b: i64| Money::from_ore(a.saturating_sub(b));
        (
            apart(self.printed, other.printed),
            apart(self.low, other.high),
            apart(self.high, other.low),
        )
    }

    /// Whether two values can be the same.
    pub fn agrees(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Whether parts that are caps (`högst 5 mkr`) can be so much less that the parts fit a whole that they exceed.
    pub fn caps_leave_room(paper: &Paper, stated: &Self, parts: &[Self]) -> bool {
        let is_cap = |value: &&Self| {
            let amount = |at: &usize| paper.amounts().get(*at).is_some_and(|amount| amount.is_cap);
            value.of.iter().any(amount)
        };
        let firm: Vec<Self> = parts.iter().filter(|part| !is_cap(part)).cloned().collect();
        firm.len() < parts.len()
            && Self::sum(parts).is_some_and(|sum| sum.low > stated.high)
            && Self::sum(&firm).is_some_and(|sum| sum.low <= stated.high)
    }

    pub const fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// Where its amounts stand.
    pub fn places(&self, paper: &Paper) -> Vec<Span> {
        self.of.iter().filter_map(|at| Some(paper.amounts().get(*at)?.span)).collect()
    }

    /// What is assumed of the figures that are not exact.
    pub fn assumes(values: &[&Self]) -> Option<Text> {
        let mut assumed: Vec<&(Precision, String)> =
            values.iter().flat_map(|value| &value.assumed).collect();
        assumed.sort();
        assumed.dedup();
        let told = |(precision, text): &(Precision, String)| match precision {
            Precision::AtLeast => (
                format!(
                    "`{text}` räknas från det tryckta beloppet till en enhet av sista siffran mer"
                ),
                format!(
                    "`{text}` is taken from the printed amount to one unit of its last digit more"
                ),
            ),
            Precision::Rounded => (
                format!("`{text}` är avrundat; det finare beloppet i texten räknas"),
                format!("`{text}` is rounded; the finer amount of the text is counted"),
            ),
            Precision::About | Precision::Exact => (
                format!("`{text}` räknas som tryckt, en halv enhet av sista siffran åt båda håll"),
                format!("`{text}` is taken as printed, half a unit of its last digit either way"),
            ),
        };
        let (sv, en): (Vec<String>, Vec<String>) = assumed.into_iter().map(told).unzip();
        (!sv.is_empty()).then(|| Text::new(sv.join("; "), en.join("; ")))
    }
}

/// One unit of the last digit that says something, where an approximate figure is written to the krona: of `ca 2 350 000 kronor`
/// ten thousand kronor, in öre; two digits always say something.
fn coarse(ore: i64) -> i64 {
    let digits = ore.abs().to_string();
    let telling = digits.trim_end_matches('0').len().max(2);
    let zeros = digits.len().saturating_sub(telling);
    10_i64.pow(u32::try_from(zeros).unwrap_or(0))
}
