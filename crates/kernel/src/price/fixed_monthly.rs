//! The formula *fixed-monthly*: a twelfth of a yearly amount each month (R33).

use crate::money::Money;
use crate::time::Month;

/// The month's twelfth, rounded down to öre; the first (öre mod 12) calendar months have one öre more.
pub(super) fn amount(per_year: Money, month: Month) -> Money {
    per_year.instalment(i64::from(month.of_year() - 1), 12)
}
