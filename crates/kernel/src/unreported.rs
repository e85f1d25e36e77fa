//! Care given and not yet reported (ännu inte rapporterad vård): what earlier months' delays say is still to come.
//!
//! Owns: the estimate, by the chain ladder on paid amounts, with the interval that the history itself has shown. Does not own: what
//! was paid, or entries (`ledger`).
//!
//! Of months that had 100 kr in their first settlement, 110 kr stood after the second: a month that is one settlement old with 200 kr
//! waits for 20 kr.

use crate::money::{Money, Ratio, Unit};
use crate::time::Month;
use std::collections::BTreeMap;

/// What a settlement paid of a month of care, for reports alone: current, late, changed and cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Month of care.
    pub care_month: Month,
    /// Month of the settlement.
    pub settled: Month,
    /// Amount.
    pub amount: Money,
}

/// What a month of care still waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Month of care.
    pub care_month: Month,
    /// Paid so far.
    pub paid: Money,
    /// Expected beside it, rounded half away from zero in öre at each step of age.
    pub expected: Money,
    /// If every step grew as little as it ever did.
    pub low: Money,
    /// If every step grew as much as it ever did.
    pub high: Money,
}

/// Growth of one step of age, over all months whose next age is known, and of the months that grew least and most.
#[derive(Clone, Copy, Debug, Default)]
struct Growth {
    now: i128,
    next: i128,
    least: Option<(i64, i64)>,
    most: Option<(i64, i64)>,
}

impl Growth {
    /// A month without an amount at the earlier age says nothing about growth: it was settled for the first time later.
    fn add(&mut self, now: Money, next: Money) {
        if now <= Money::ZERO {
            return;
        }
        self.now += i128::from(now.ore());
        self.next += i128::from(next.ore());
        let this = (next.ore(), now.ore());
        let is_below = |a: (i64, i64), b: (i64, i64)| {
            i128::from(a.0) * i128::from(b.1) < i128::from(b.0) * i128::from(a.1)
        };
        if self.least.is_none_or(|least| is_below(this, least)) {
            self.least = Some(this);
        }
        if self.most.is_none_or(|most| is_below(most, this)) {
            self.most = Some(this);
        }
    }

    fn of(ratio: Option<(i64, i64)>) -> Option<Ratio> {
        ratio.and_then(|(next, now)| Ratio::new(next.into(), now.into()))
    }

    fn all(&self) -> Option<Ratio> {
        if self.now == 0 { None } else { Ratio::new(self.next, self.now) }
    }
}

/// What each month of care through `through` still waits for, by what was paid up to the settlement of `through`. A step of age
/// that no month has shown, or that started from nothing, grows by nothing. `None` where a sum does not fit.
pub fn expected(paid: &[Paid], through: Month) -> Option<Vec<Expected>> {
    let mut triangle: BTreeMap<Month, BTreeMap<i32, Money>> = BTreeMap::new();
    let known = paid.iter().filter(|one| one.settled <= through && one.care_month <= through);
    for one in known {
        let age = (one.settled.number() - one.care_month.number()).max(0);
        let row = triangle.entry(one.care_month).or_default();
        let cell = row.entry(age).or_default();
        *cell = cell.plus(one.amount)?;
    }
    let mut growth: BTreeMap<i32, Growth> = BTreeMap::new();
    for (month, row) in &mut triangle {
        let oldest = through.number() - month.number();
        let mut sum = Money::ZERO;
        for age in 0..=oldest {
            let next = sum.plus(row.get(&age).copied().unwrap_or_default())?;
            if age > 0 {
                growth.entry(age - 1).or_default().add(sum, next);
            }
            sum = next;
            row.insert(age, sum);
        }
    }
    let mut all = Vec::new();
    for (month, row) in &triangle {
        let age = through.number() - month.number();
        let paid = row.get(&age).copied().unwrap_or_default();
        let grown = |ratio: fn(&Growth) -> Option<Ratio>| -> Option<Money> {
            let mut sum = paid;
            for (_, step) in growth.range(age..) {
                if let Some(ratio) = ratio(step) {
                    sum = sum.scaled(ratio, Unit::Ore)?;
                }
            }
            sum.plus(-paid)
        };
        all.push(Expected {
            care_month: *month,
            paid,
            expected: grown(Growth::all)?,
            low: grown(|step| Growth::of(step.least))?,
            high: grown(|step| Growth::of(step.most))?,
        });
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The triangle of Taylor and Ashe (1983), with the reserves that Mack (1993) gives for it: 18 680 856 together.
    const TRIANGLE: [&[i64]; 10] = [
        &[
            357_848, 1_124_788, 1_735_330, 2_218_270, 2_745_596, 3_319_994, 3_466_336, 3_606_286,
            3_833_515, 3_901_463,
        ],
        &[
            352_118, 1_236_139, 2_170_033, 3_353_322, 3_799_067, 4_120_063, 4_647_867, 4_914_039,
            5_339_085,
        ],
        &[290_507, 1_292_306, 2_218_525, 3_235_179, 3_985_995, 4_132_918, 4_628_910, 4_909_315],
        &[310_608, 1_418_858, 2_195_047, 3_757_447, 4_029_929, 4_381_982, 4_588_268],
        &[443_160, 1_136_350, 2_128_333, 2_897_821, 3_402_672, 3_873_311],
        &[396_132, 1_333_217, 2_180_715, 2_985_752, 3_691_712],
        &[440_832, 1_288_463, 2_419_861, 3_483_130],
        &[359_480, 1_421_128, 2_864_498],
        &[376_686, 1_363_294],
        &[344_014],
    ];
    const RESERVES: [i64; 10] = [
        0, 94_634, 469_511, 709_638, 984_889, 1_419_459, 2_177_641, 3_920_301, 4_278_972, 4_625_811,
    ];

    #[test]
    fn published_reserves_come_out() {
        let first = Month::new(2021, 1).unwrap();
        let mut paid = Vec::new();
        for (care, row) in (0..).zip(TRIANGLE) {
            let mut before = 0;
            for (age, sum) in (0..).zip(row) {
                let amount = Money::from_kronor(sum - before);
                let care_month = first.plus(care);
                paid.push(Paid { care_month, settled: care_month.plus(age), amount });
                before = *sum;
            }
        }
        let found = expected(&paid, first.plus(9)).unwrap();
        for (one, reserve) in found.iter().zip(RESERVES) {
            let off = (one.expected.ore() - reserve * 100).abs();
            assert!(off <= 51, "{:?}: {} instead of {reserve} kr", one.care_month, one.expected);
            assert!(one.low <= one.expected && one.expected <= one.high, "{one:?}");
        }
        let total: i64 = found.iter().map(|one| one.expected.ore()).sum();
        assert!((total - 1_868_085_600).abs() < 100, "{total}");
        // What was paid later was not known then.
        let earlier = expected(&paid, first.plus(3)).unwrap();
        assert_eq!(earlier.len(), 4);
    }

    #[test]
    fn nothing_is_expected_of_what_never_grew() {
        let month = Month::new(2021, 1).unwrap();
        let paid = |care: i32, age: i32, kronor| Paid {
            care_month: month.plus(care),
            settled: month.plus(care + age),
            amount: Money::from_kronor(kronor),
        };
        let found = expected(&[paid(0, 0, 100), paid(0, 1, 10), paid(1, 0, 200)], month.plus(1));
        let sums: Vec<Money> = found.unwrap().iter().map(|one| one.expected).collect();
        assert_eq!(sums, [Money::ZERO, Money::from_kronor(20)]);
        // Care from before the first settlement came all at once, which is no growth.
        let late = [paid(-9, 9, 5_000), paid(0, 0, 100), paid(0, 1, 10), paid(1, 0, 200)];
        let sums: Vec<Money> =
            expected(&late, month.plus(1)).unwrap().iter().map(|one| one.expected).collect();
        assert_eq!(sums, [Money::ZERO, Money::ZERO, Money::from_kronor(20)]);
        let found = expected(&[paid(0, 0, 100), paid(1, 0, 200)], month.plus(1)).unwrap();
        assert!(found.iter().all(|one| one.expected == Money::ZERO));
        assert_eq!(expected(&[], month), Some(Vec::new()));
    }
}
