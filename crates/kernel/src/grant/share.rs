//! A share that was counted, and a share that published amounts imply, each with how far it may be off.
//!
//! Owns: the two estimates. Does not own: what is counted.
//!
//! 7 191 722 kr of 326 896 457 kr, each to the krona, is between 2,1999998 and 2,2000002 %: 2,2 %.

use super::tree::Range;
use crate::fact::Figure;
use crate::money::{Money, Ratio, Unit};

/// A share between two bounds, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The share itself.
    pub share: Ratio,
    /// At least.
    pub low: Ratio,
    /// At most.
    pub high: Ratio,
}

impl Share {
    /// What it is of an amount, in kronor, with its bounds.
    pub fn of(&self, amount: Money) -> Option<Range> {
        let part = |share| amount.scaled(share, Unit::Krona);
        Some(Range { printed: part(self.share)?, low: part(self.low)?, high: part(self.high)? })
    }

    /// Whether the two may be the same share.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let below =
            |a: Ratio, b: Ratio| b.plus(a.negative()).is_some_and(|rest| !rest.is_below_zero());
        below(self.low, other.high) && below(other.low, self.high)
    }
}

/// Decimals that bounds of a count are given with.
const SCALE: i128 = 10_000;

/// The share of `part` among `whole` that were counted, with the interval of Wilson at 95 % (z = 1,96): how far the share
/// of so few may be off by chance from year to year. None where nothing was counted, `part` is more than `whole`, or more
/// than some milliards were counted.
pub fn counted_share(part: u64, whole: u64) -> Option<Share> {
    if whole == 0 || part > whole {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    // z² = 3,8416. All is scaled by 10 000 and by n, so that only the root is rounded, away from the middle:
    // (k + z²/2 ± z·√(k(n−k)/n + z²/4)) / (n + z²).
    let z2 = 38_416;
    let product = part.checked_mul(whole - part)?.checked_mul(40_000)?;
    let spread = product.checked_add(z2 * whole)?.checked_mul(z2)?;
    // √(z²·(k(n−k)/n + z²/4)), times 10 000 and the scale; `spread` has it squared times 4n·10⁸.
    let root = root_up(spread.checked_mul(SCALE * SCALE)? / (4 * whole));
    let middle = (part * 10_000 + z2 / 2) * SCALE;
    let under = (whole * 10_000 + z2) * SCALE;
    let share = Ratio::new(part, whole)?;
    let low = Ratio::new((middle - root).max(0), under)?;
    let high = Ratio::new((middle + root).min(under), under)?;
    Some(Share { share, low, high })
}

/// The least whole number whose square is no less.
fn root_up(square: i128) -> i128 {
    let root = square.isqrt();
    root + i128::from(root * root < square)
}

/// The share that a stated part of a stated whole implies: half a unit of the part's last printed digit either way, and
/// the whole as its precision lets it be. None where the whole is 0.
pub fn implied_share(part: Figure, whole: Figure) -> Option<Share> {
    let ratio = |part: i128, whole: Money| Ratio::new(part, 2 * i128::from(whole.ore()));
    let twice = 2 * i128::from(part.amount.ore());
    let digit = i128::from(part.last_digit.ore());
    let whole = Range::of(whole);
    Some(Share {
        share: ratio(twice, whole.printed)?,
        low: ratio(twice - digit, whole.high)?,
        high: ratio(twice + digit, whole.low)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Precision;

    fn figure(kronor: i64, precision: Precision, last_digit: i64) -> Figure {
        let (amount, last_digit) = (Money::from_kronor(kronor), Money::from_kronor(last_digit));
        Figure { amount, precision, last_digit }
    }

    fn percent(share: Ratio, decimals: u32) -> String {
        share.times(Ratio::new(100, 1).unwrap()).unwrap().decimals(decimals).unwrap()
    }

    #[test]
    fn published_amounts_imply_two_point_two_percent() {
        let exact = |kronor| figure(kronor, Precision::Exact, 1);
        let of_2025 = implied_share(exact(7_191_722), exact(326_896_457)).unwrap();
        assert_eq!(percent(of_2025.low, 6), "2.200000");
        assert_eq!(percent(of_2025.high, 6), "2.200000");
        let (low, high) = (percent(of_2025.low, 8), percent(of_2025.high, 8));
        assert!(low.as_str() < "2.20000000" && high.as_str() > "2.20000000", "{low} {high}");
        // 7,35 / 337 and 7,45 / 336.
        let part = figure(7_400_000, Precision::Exact, 100_000);
        let of_2023 = implied_share(part, figure(336_000_000, Precision::AtLeast, 1_000_000));
        let of_2023 = of_2023.unwrap();
        assert_eq!(
            (percent(of_2023.low, 3), percent(of_2023.high, 3)),
            ("2.181".into(), "2.217".into())
        );
        assert!(of_2023.agrees_with(&of_2025));
    }

    #[test]
    fn a_count_has_the_interval_of_wilson() {
        // By the formula: 570 of 26 000 is 2,1923 %, between 2,0212 and 2,3775 %.
        let counted = counted_share(570, 26_000).unwrap();
        let shown = [counted.low, counted.share, counted.high].map(|share| percent(share, 4));
        assert_eq!(shown, ["2.0212", "2.1923", "2.3775"]);
        let none = counted_share(0, 10).unwrap();
        assert_eq!((percent(none.low, 3), percent(none.high, 2)), ("0.000".into(), "27.75".into()));
        assert_eq!(counted_share(0, 0), None);
        assert_eq!(counted_share(2, 1), None);
        let far = counted_share(400, 26_000).unwrap();
        assert!(!far.agrees_with(&counted_share(700, 26_000).unwrap()));
        let large = counted_share(1_000_000_000, 2_000_000_000).unwrap();
        assert_eq!(percent(large.share, 2), "50.00");
        assert_eq!(counted_share(u64::MAX / 2, u64::MAX), None);
    }
}
