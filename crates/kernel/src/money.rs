//! Money in whole öre, exact ratios, named roundings and the division of a pot: the only arithmetic
//! on money in the product.
//!
//! Owns: [`Money`], [`Ratio`], [`Rounding`], [`split`], and the text forms of amounts.
//! Does not own: which rounding applies (that comes with the decision) or what an amount is for.
//!
//! `Money::parse("14 200 kr")` is 1 420 000 öre.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

/// An amount in whole öre (1 kr = 100 öre); negative for what is taken back.
///
/// `+` and `-` are checked: overflow stops the program rather than give a wrong payment. Amounts
/// read from text are limited to 10^14 kr, so sums of some hundred of them are safe; products
/// with counts go through [`Money::times`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// The largest single amount that is read from text: 10^14 kr.
const MAX_ORE: i128 = 10_000_000_000_000_000;

impl Money {
    /// No money. A price of 0 kr is a price (R6); a missing price is never this.
    pub const ZERO: Self = Self(0);

    /// The amount of `ore` öre.
    pub const fn from_ore(ore: i64) -> Self {
        Self(ore)
    }

    /// The amount of `kronor` whole kronor.
    pub const fn from_kronor(kronor: i64) -> Self {
        Self(kronor * 100)
    }

    /// Whole öre.
    pub const fn ore(self) -> i64 {
        self.0
    }

    /// `count` times this amount, or `None` where that does not fit.
    pub fn times(self, count: i64) -> Option<Self> {
        self.0.checked_mul(count).map(Self)
    }

    /// The sum, or `None` where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// This amount times `ratio`, rounded once (R27: half away from zero), or `None` where the exact
    /// product does not fit.
    pub fn scaled(self, ratio: Ratio, to: Unit) -> Option<Self> {
        let exact = i128::from(self.0).checked_mul(ratio.num)?;
        let den = ratio.den.checked_mul(i128::from(to.ore()))?;
        let rounded = div_half_away(exact, den).checked_mul(i128::from(to.ore()))?;
        i64::try_from(rounded).ok().map(Self)
    }

    /// The `index`th (from 0) of `parts` instalments: equal parts rounded down to öre, the first
    /// (öre mod parts) one öre more (R33, R37). Of a negative amount too: down is away from zero, and
    /// the instalments always sum to the whole.
    pub fn instalment(self, index: i64, parts: i64) -> Self {
        let extra = i64::from(index < self.0.rem_euclid(parts));
        Self(self.0.div_euclid(parts) + extra)
    }

    /// Reads an amount as decisions and ratebooks write it (R44): digits in groups of three divided by
    /// a space, no-break space or narrow no-break space, or undivided; `kr` with one or two
    /// decimals after a comma, `mkr` (million kronor) with up to eight; minus `-` or `−`.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let (number, decimals_max, unit_ore) = number_and_unit(text)?;
        let number = number.trim_end_matches(is_space);
        let (negative, number) = match number.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest.trim_start_matches(is_space)),
            None => (false, number),
        };
        let (whole, decimals) = match number.split_once(',') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (number, None),
        };
        let mut ore = grouped_digits(whole)?.checked_mul(unit_ore).ok_or(AmountError::TooLarge)?;
        if let Some(decimals) = decimals {
            ore += decimal_part(decimals, decimals_max, unit_ore)?;
        }
        if ore > MAX_ORE {
            return Err(AmountError::TooLarge);
        }
        let ore = i64::try_from(ore).map_err(|_| AmountError::TooLarge)?;
        Ok(Self(if negative { -ore } else { ore }))
    }
}

/// One unit of the last printed digit of an amount: 100 000 kr in `6,5 mkr`, 1 kr in `7 191 722 kr` (D5).
pub fn last_digit(text: &str) -> Result<Money, AmountError> {
    let (number, decimals_max, unit_ore) = number_and_unit(text)?;
    let decimals = number.split_once(',').map_or(0, |(_, decimals)| decimals.trim_end().len());
    if decimals > decimals_max {
        return Err(AmountError::Decimals);
    }
    let unit = (0..decimals).fold(unit_ore, |unit, _| unit / 10);
    i64::try_from(unit).map(Money).map_err(|_| AmountError::TooLarge)
}

/// The number of an amount as text, how many decimals it may have, and öre in its unit.
fn number_and_unit(text: &str) -> Result<(&str, usize, i128), AmountError> {
    let text = text.trim_matches(is_space);
    if let Some(number) = text.strip_suffix("mkr") {
        Ok((number, 8, 100_000_000))
    } else if let Some(number) = text.strip_suffix("kr") {
        Ok((number, 2, 100))
    } else {
        Err(AmountError::NoUnit)
    }
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// It does not end in `kr` or `mkr`.
    NoUnit,
    /// Something other than digits in groups of three.
    Malformed,
    /// More decimals than the unit has öre for, or none after the comma.
    Decimals,
    /// More than 10^14 kr.
    TooLarge,
}

/// A whole number from 0 as tables write it: digits undivided, or in groups of three divided by a space, no-break space,
/// narrow no-break space or thin space.
///
/// # Errors
/// [`AmountError::Malformed`] for anything else, `42 045981` too; [`AmountError::TooLarge`] above 2^64 − 1.
pub fn whole_number(text: &str) -> Result<u64, AmountError> {
    let number = digits_in_groups(text, |c| is_space(c) || c == '\u{2009}')?;
    u64::try_from(number).map_err(|_| AmountError::TooLarge)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

fn grouped_digits(text: &str) -> Result<i128, AmountError> {
    digits_in_groups(text, is_space)
}

fn digits_in_groups(text: &str, divides: impl Fn(char) -> bool) -> Result<i128, AmountError> {
    let groups: Vec<&str> = text.split(divides).collect();
    let well_formed = match groups.as_slice() {
        [only] => !only.is_empty(),
        [first, rest @ ..] => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    let digits: String = groups.concat();
    if !well_formed || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AmountError::Malformed);
    }
    if digits.len() > 20 {
        return Err(AmountError::TooLarge);
    }
    digits.parse().map_err(|_| AmountError::Malformed)
}

fn decimal_part(text: &str, max: usize, unit_ore: i128) -> Result<i128, AmountError> {
    if text.is_empty() || text.len() > max {
        return Err(AmountError::Decimals);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AmountError::Malformed);
    }
    let digits: i128 = text.parse().map_err(|_| AmountError::Malformed)?;
    let scale = (0..text.len()).fold(1_i128, |scale, _| scale * 10);
    Ok(digits * unit_ore / scale)
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// `14 200,00 kr` with no-break spaces and a true minus.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let ore = self.0.unsigned_abs();
        write!(f, "{sign}{},{:02}\u{a0}kr", grouped(ore / 100), ore % 100)
    }
}

/// Digits in groups of three divided by no-break spaces.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// An exact fraction; `den` is positive and the fraction is in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self { num: 0, den: 1 };

    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// Numerator and denominator, in lowest terms; for statistics, which are no money.
    pub const fn parts(self) -> (i128, i128) {
        (self.num, self.den)
    }

    /// `num / den` in lowest terms; `None` where `den` is 0.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        let divisor = gcd(num, den);
        if den == 0 || divisor == 0 {
            return None;
        }
        let sign = if den < 0 { -1 } else { 1 };
        Some(Self { num: sign * num / divisor, den: sign * den / divisor })
    }

    /// Reads a weight or a percentage as ratebooks write it: digits with a decimal point, at most
    /// nine decimals and nine digits before them, minus allowed; `"0.8123"`.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let has_point = digits.contains('.');
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > 9
            || decimals.len() > 9
            || (has_point && decimals.is_empty())
            || !all_digits(whole)
            || !all_digits(decimals)
        {
            return None;
        }
        let den = (0..decimals.len()).fold(1_i128, |den, _| den * 10);
        let num: i128 = format!("{whole}{decimals}").parse().ok()?;
        Self::new(if negative { -num } else { num }, den)
    }

    /// This many percent as a fraction: 5 becomes 5/100.
    pub fn percent(self) -> Option<Self> {
        Self::new(self.num, self.den.checked_mul(100)?)
    }

    /// The exact sum, or `None` where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let ours = self.num.checked_mul(other.den)?;
        let theirs = other.num.checked_mul(self.den)?;
        let den = self.den.checked_mul(other.den)?;
        let num = ours.checked_add(theirs)?;
        if num == 0 { Self::new(0, 1) } else { Self::new(num, den) }
    }

    /// Its mirror below or above 0.
    pub fn negative(self) -> Self {
        Self { num: -self.num, ..self }
    }

    /// Whether it is below 0.
    pub const fn is_below_zero(self) -> bool {
        self.num < 0
    }

    /// How far it is from 0 in whole units, rounded up.
    pub fn magnitude_up(self) -> i128 {
        let whole = self.num.abs() / self.den;
        whole + i128::from(self.num % self.den != 0)
    }

    /// With so many decimals, half away from zero, and a decimal point; for programs.
    pub fn decimals(self, decimals: u32) -> Option<String> {
        let scale = 10_i128.checked_pow(decimals)?;
        let scaled = div_half_away(self.num.checked_mul(scale)?, self.den);
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, part) = (scaled.abs() / scale, scaled.abs() % scale);
        Some(format!("{sign}{whole}.{part:0width$}", width = decimals as usize))
    }

    /// The exact product, or `None` where it does not fit.
    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(self.num.checked_mul(other.num)?, self.den.checked_mul(other.den)?)
    }
}

/// As few decimals as are exact, with a decimal comma; a fraction that has no finite decimals is
/// written `num/den`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut scale: i128 = 1;
        let mut decimals = 0_usize;
        while scale % self.den != 0 && decimals < 18 {
            scale *= 10;
            decimals += 1;
        }
        if scale % self.den != 0 {
            return write!(f, "{}/{}", self.num, self.den);
        }
        let digits = (self.num * (scale / self.den)).unsigned_abs();
        let sign = if self.num < 0 { "−" } else { "" };
        let scale = scale.unsigned_abs();
        if decimals == 0 {
            return write!(f, "{sign}{digits}");
        }
        write!(f, "{sign}{},{:0decimals$}", digits / scale, digits % scale)
    }
}

/// The greatest common divisor, never negative.
pub(crate) fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        // Most fit in half the width, where a division is many times faster.
        if let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
            return i128::from(gcd_of_small(a, b));
        }
        (a, b) = (b, a % b);
    }
    a
}

const fn gcd_of_small(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// `num / den` to the nearest whole, halves away from zero (R27). `den` must be positive.
fn div_half_away(num: i128, den: i128) -> i128 {
    let magnitude = num.abs();
    let rounded = magnitude / den + i128::from(magnitude % den >= den - magnitude % den);
    if num < 0 { -rounded } else { rounded }
}

/// The unit that an amount is rounded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Öre.
    Ore,
    /// Whole kronor.
    Krona,
}

impl Unit {
    /// Öre in one unit.
    pub const fn ore(self) -> i64 {
        match self {
            Self::Ore => 1,
            Self::Krona => 100,
        }
    }
}

/// How a decision rounds (avrundning); data on the rate, never assumed (R36).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// Half away from zero, in öre; the default of the ratebook form.
    #[default]
    HalfUpOre,
    /// Half away from zero, in kronor.
    HalfUpKrona,
    /// Largest remainder in kronor; only for shares.
    LargestRemainder,
    /// Largest remainder in öre; only for shares.
    LargestRemainderOre,
    /// Half away from zero in kronor, the whole residue to the largest key; only for shares.
    HalfUpResidueLargest,
}

impl Rounding {
    /// Every rounding with its name in ratebooks.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("half-up-ore", Self::HalfUpOre),
        ("half-up-krona", Self::HalfUpKrona),
        ("largest-remainder", Self::LargestRemainder),
        ("largest-remainder-ore", Self::LargestRemainderOre),
        ("half-up-residue-largest", Self::HalfUpResidueLargest),
    ];

    /// The name in ratebooks.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, rounding)| *rounding == self).map_or("", |(name, _)| name)
    }

    /// The unit it works in.
    pub const fn unit(self) -> Unit {
        match self {
            Self::HalfUpOre | Self::LargestRemainderOre => Unit::Ore,
            Self::HalfUpKrona | Self::LargestRemainder | Self::HalfUpResidueLargest => Unit::Krona,
        }
    }

    /// Whether one amount alone can be rounded so (the others divide a pot).
    pub const fn rounds_one_amount(self) -> bool {
        matches!(self, Self::HalfUpOre | Self::HalfUpKrona)
    }
}

/// A pot divided: `parts` in the order of the weights given, and what no part got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// One part for each weight.
    pub parts: Vec<Money>,
    /// The pot minus the parts; only plain half-up leaves any.
    pub residual: Money,
}

/// Why a pot cannot be divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// No weight is above zero.
    NoWeights,
    /// A pot that is not whole kronor, under a rounding in kronor.
    NotWholeKronor,
    /// The residue's recipient is not among the participants.
    UnknownResidue,
    /// The numbers are too large to divide exactly.
    TooLarge,
}

/// Divides `pot` in proportion to `weights` (fördelning efter andel) by `rounding`.
///
/// Ties go to the lower id, so that the order given never matters; a negative pot mirrors a
/// positive one. With plain half-up the residual stays unallocated unless `residue` names the
/// recipient that takes it. Source: R35, R36; the rounding comes with the decision.
pub fn split(
    pot: Money,
    weights: &[(&str, u64)],
    rounding: Rounding,
    residue: Option<&str>,
) -> Result<Split, SplitError> {
    let unit = rounding.unit().ore();
    if pot.0 % unit != 0 {
        return Err(SplitError::NotWholeKronor);
    }
    let sign = if pot.0 < 0 { -1 } else { 1 };
    let units = i128::from(pot.0.abs() / unit);
    let sum: i128 = weights.iter().map(|(_, weight)| i128::from(*weight)).sum();
    if sum == 0 {
        return Err(SplitError::NoWeights);
    }
    let mut exact = Vec::with_capacity(weights.len());
    for (_, weight) in weights {
        exact.push(units.checked_mul(i128::from(*weight)).ok_or(SplitError::TooLarge)?);
    }
    let mut parts: Vec<i128> = match rounding {
        Rounding::LargestRemainder | Rounding::LargestRemainderOre => {
            largest_remainder(units, sum, &exact, weights)
        }
        _ => exact.iter().map(|part| div_half_away(*part, sum)).collect(),
    };
    let residual = units - parts.iter().sum::<i128>();
    let taker = match (rounding, residue) {
        (Rounding::HalfUpResidueLargest, _) => largest_weight(weights),
        (_, Some(id)) => Some(
            weights.iter().position(|(other, _)| *other == id).ok_or(SplitError::UnknownResidue)?,
        ),
        (_, None) => None,
    };
    if let Some(part) = taker.and_then(|taker| parts.get_mut(taker)) {
        *part += residual;
    }
    let to_money =
        |units: i128| i64::try_from(units).ok().and_then(|units| Money(sign * unit).times(units));
    let parts: Option<Vec<Money>> = parts.into_iter().map(to_money).collect();
    let parts = parts.ok_or(SplitError::TooLarge)?;
    let residual = pot - parts.iter().copied().sum();
    Ok(Split { parts, residual })
}

fn largest_remainder(units: i128, sum: i128, exact: &[i128], weights: &[(&str, u64)]) -> Vec<i128> {
    let floors: Vec<i128> = exact.iter().map(|part| part / sum).collect();
    let missing = units - floors.iter().sum::<i128>();
    let mut order: Vec<(i128, &str, usize)> = exact
        .iter()
        .zip(weights)
        .enumerate()
        .map(|(at, (part, (id, _)))| (-(part % sum), *id, at))
        .collect();
    order.sort_unstable();
    let mut parts = floors;
    for (_, (_, _, at)) in (0..missing).zip(order) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    parts
}

fn largest_weight(weights: &[(&str, u64)]) -> Option<usize> {
    let largest = weights.iter().map(|(_, weight)| *weight).max()?;
    let (at, _) = weights
        .iter()
        .enumerate()
        .filter(|(_, (_, weight))| *weight == largest)
        .min_by_key(|(_, (id, _))| *id)?;
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_decisions_write_them() {
        let ore = |text| Money::parse(text).map(Money::ore);
        assert_eq!(ore("14 200 kr"), Ok(1_420_000));
        assert_eq!(ore("14\u{a0}200,50 kr"), Ok(1_420_050));
        assert_eq!(ore("14\u{202f}200,5\u{a0}kr"), Ok(1_420_050));
        assert_eq!(ore("6,5 mkr"), Ok(650_000_000));
        assert_eq!(ore("0,00000001 mkr"), Ok(1));
        assert_eq!(ore("−990 kr"), Ok(-99_000));
        assert_eq!(ore("100000 kr"), Ok(10_000_000));
        assert_eq!(ore("0 kr"), Ok(0));
        for wrong in
            ["14 20 kr", "1 4200 kr", "kr", "14,2000 kr", "14, kr", "1.5 kr", "14 200", " "]
        {
            assert!(ore(wrong).is_err(), "{wrong}");
        }
        assert_eq!(ore("1000000000000000 kr"), Err(AmountError::TooLarge));
    }

    #[test]
    fn amounts_are_written_for_people() {
        assert_eq!(Money(1_420_000).to_string(), "14\u{a0}200,00\u{a0}kr");
        assert_eq!(Money(-5).to_string(), "−0,05\u{a0}kr");
        assert_eq!(Ratio::parse("0.8123").unwrap().to_string(), "0,8123");
        assert_eq!(Ratio::parse("5").unwrap().to_string(), "5");
    }

    #[test]
    fn half_is_rounded_away_from_zero() {
        let five = Ratio::parse("5").unwrap().percent().unwrap();
        assert_eq!(Money(4_225_397).scaled(five, Unit::Ore), Some(Money(211_270)));
        assert_eq!(Money(4_436_667).scaled(five, Unit::Ore), Some(Money(221_833)));
        let half = Ratio::new(1, 2).unwrap();
        assert_eq!(Money(5).scaled(half, Unit::Ore), Some(Money(3)));
        assert_eq!(Money(-5).scaled(half, Unit::Ore), Some(Money(-3)));
        assert_eq!(Money(5_050).scaled(Ratio::ONE, Unit::Krona), Some(Money(5_100)));
    }

    #[test]
    fn twelve_instalments_make_the_whole() {
        let year = Money(100_007);
        let months: Vec<Money> = (0..12).map(|month| year.instalment(month, 12)).collect();
        assert_eq!(months.iter().copied().sum::<Money>(), year);
        assert_eq!(months.first(), Some(&Money(8_334)));
        assert_eq!(months.last(), Some(&Money(8_333)));
        let taken_back: Vec<i64> =
            (0..12).map(|month| Money(-100).instalment(month, 12).ore()).collect();
        assert_eq!(taken_back, [-8, -8, -8, -8, -8, -8, -8, -8, -9, -9, -9, -9]);
    }

    /// The transition support of 2023 by the capacity plans of December 2021 and November 2022.
    #[test]
    fn sixty_million_by_planned_capacity() {
        let kronor = |weights: &[(&str, u64)]| {
            let pot = Money::from_kronor(60_000_000);
            let split = split(pot, weights, Rounding::LargestRemainder, None).unwrap();
            assert_eq!(split.residual, Money::ZERO);
            split.parts.iter().map(|part| part.ore() / 100).collect::<Vec<_>>()
        };
        let plan_2021 = [
            ("danderyd", 6100),
            ("bb-stockholm", 4000),
            ("karolinska-solna", 3200),
            ("karolinska-huddinge", 4500),
            ("sodersjukhuset", 7200),
            ("sodertalje", 2500),
            ("sankt-goran", 2000),
        ];
        let expected =
            [12_406_780, 8_135_593, 6_508_474, 9_152_542, 14_644_068, 5_084_746, 4_067_797];
        assert_eq!(kronor(&plan_2021), expected);
    }

    #[test]
    fn known_apportionments() {
        let parts = |pot, weights: &[(&str, u64)]| {
            let split = split(Money(pot), weights, Rounding::LargestRemainderOre, None).unwrap();
            split.parts.iter().map(|part| part.ore()).collect::<Vec<_>>()
        };
        let six = [("a", 98), ("b", 92), ("c", 98), ("d", 123), ("e", 102), ("f", 92)];
        assert_eq!(parts(613, &six), [99, 93, 99, 125, 104, 93]);
        assert_eq!(parts(1003, &[("a", 49), ("b", 51)]), [491, 512]);
        assert_eq!(parts(1, &[("a", 1), ("b", 1)]), [1, 0]);
        assert_eq!(parts(1, &[("b", 1), ("a", 1)]), [0, 1]);
        assert_eq!(parts(-5, &[("a", 1), ("b", 1)]), [-3, -2]);
        assert_eq!(parts(29_900, &[("a", 26_509), ("b", 0), ("c", 3_391)]), [26_509, 0, 3_391]);
        let none = split(Money(5), &[("a", 0)], Rounding::LargestRemainderOre, None);
        assert_eq!(none, Err(SplitError::NoWeights));
    }

    #[test]
    fn plain_half_up_leaves_its_residual_in_sight() {
        let weights = [("a", 1), ("b", 1), ("c", 1)];
        let pot = Money::from_kronor(100);
        let plain = split(pot, &weights, Rounding::HalfUpKrona, None).unwrap();
        assert_eq!(plain.parts, [Money(3_300); 3]);
        assert_eq!(plain.residual, Money(100));
        let to_c = split(pot, &weights, Rounding::HalfUpKrona, Some("c")).unwrap();
        assert_eq!(to_c.parts.last(), Some(&Money(3_400)));
        let largest = split(pot, &weights, Rounding::HalfUpResidueLargest, None).unwrap();
        assert_eq!(largest.parts.first(), Some(&Money(3_400)));
    }
}
