//! Amounts as other programs read them.
//!
//! Owns: the one way from öre to text in files for programs. Does not own: amounts for people (`kernel::money`).
//!
//! `point(Money::from_ore(-50))` is `-0.50`.

use kernel::money::Money;

/// Kronor with a decimal point and always two decimals, minus as `-`.
pub(crate) fn point(money: Money) -> String {
    let sign = if money.ore() < 0 { "-" } else { "" };
    let ore = money.ore().unsigned_abs();
    format!("{sign}{}.{:02}", ore / 100, ore % 100)
}

/// The sum, or `None` where it does not fit.
pub(crate) fn total(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
    amounts.into_iter().try_fold(Money::ZERO, Money::plus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decimals_are_always_written() {
        let texts = [0, 5, -5, 100, -123_456].map(|ore| point(Money::from_ore(ore)));
        assert_eq!(texts, ["0.00", "0.05", "-0.05", "1.00", "-1234.56"]);
        assert_eq!(point(Money::from_ore(i64::MIN)), "-92233720368547758.08");
    }
}
