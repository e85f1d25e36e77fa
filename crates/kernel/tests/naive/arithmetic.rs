//! Exact numbers, rounded once.

use kernel::money::{Money, Ratio, Rounding};

pub fn ore(amount: Money) -> i128 {
    i128::from(amount.ore())
}

pub fn narrow(amount: i128) -> i64 {
    i64::try_from(amount).expect("worlds have small amounts")
}

/// R33, R37: an equal part rounded down, the first (whole mod parts) one öre more.
pub fn instalment(whole: i128, index: i128, parts: i128) -> i128 {
    whole / parts + i128::from(index < whole % parts)
}

/// R27: to the nearest whole number, halves away from zero.
pub fn half_away(num: i128, den: i128) -> i128 {
    let magnitude = (2 * num.abs() + den) / (2 * den);
    if num < 0 { -magnitude } else { magnitude }
}

/// One rounding, to öre or to kronor.
pub fn rounded(num: i128, den: i128, rounding: Rounding) -> i128 {
    match rounding {
        Rounding::HalfUpKrona => half_away(num, den * 100) * 100,
        _ => half_away(num, den),
    }
}

/// A ratio as numerator and denominator, from how it is written: `0,8123` is 8123/10000.
pub fn fraction(ratio: Ratio) -> (i128, i128) {
    let text = ratio.to_string().replace('−', "-");
    let decimals = text.split_once(',').map_or("", |(_, decimals)| decimals);
    let den = decimals.bytes().fold(1, |den, _| den * 10);
    (text.replace(',', "").parse().expect("decimal"), den)
}
