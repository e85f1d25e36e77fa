//! Budget frames at random: every krona that rates charged to one stands in a year of it, granted or not.

use crate::dice::{Dice, rounds};
use crate::year::{decision, exact};
use kernel::fact::{Appropriation, Fact};
use kernel::grant::{FrameYear, Settled, frames};
use kernel::money::Money;
use kernel::register::Register;
use kernel::time::{Day, Month};
use std::collections::BTreeSet;

fn settled(dice: &mut Dice) -> Settled {
    let year = 2022 + i32::try_from(dice.below(5)).unwrap();
    let month = Month::new(year, 1).unwrap().plus(i32::try_from(dice.below(12)).unwrap());
    Settled {
        financed_by: (*dice.pick(&["frame", "other", "nobody"])).into(),
        care_month: month,
        rate: (*dice.pick(&["rate-a", "rate-b"])).into(),
        unit: "danderyd".into(),
        on: month.settlement_day(),
        illustrative: false,
        unverified: false,
        amount: exact(dice.below(1000)).amount,
    }
}

#[test]
fn nothing_charged_to_a_frame_is_lost() {
    let day = Day::new(2025, 7, 1).unwrap();
    for seed in 0..rounds(200, 20_000) {
        let mut dice = Dice(seed);
        let rows: Vec<Settled> = (0..dice.below(40)).map(|_| settled(&mut dice)).collect();
        let mut granted: BTreeSet<i32> = BTreeSet::new();
        for year in 2022..2027 {
            if dice.below(2) == 0 {
                granted.insert(year);
            }
        }
        let fact = |year: &i32| {
            let amount = Money::from_kronor(i64::from(*year));
            Fact::Appropriation(Appropriation { id: "frame".into(), year: *year, amount })
        };
        let facts = granted.iter().map(fact).collect();
        let register = Register::from_ratebooks(vec![decision("grants", facts)]);
        let all = frames(&register, register.as_of(Day::MAX), day, &rows);
        let Some(frame) = all.first() else {
            assert!(granted.is_empty(), "seed {seed}: the frame is gone");
            continue;
        };
        let mine = rows.iter().filter(|row| row.financed_by == "frame" && row.on <= day);
        let charged: Money = mine.clone().map(|row| row.amount).sum();
        let told: Money = frame.years.iter().map(FrameYear::total).sum();
        assert_eq!(told, charged, "seed {seed}");
        let charged_years = mine.map(|row| row.care_month.year());
        let expected: BTreeSet<i32> = charged_years.chain(granted.iter().copied()).collect();
        let years: Vec<i32> = frame.years.iter().map(|of| of.year).collect();
        assert_eq!(years, expected.into_iter().collect::<Vec<_>>(), "seed {seed}");
        for of in &frame.years {
            assert_eq!(of.is_granted, granted.contains(&of.year), "seed {seed}");
            let amount = if of.is_granted { i64::from(of.year) } else { 0 };
            assert_eq!(of.amount, Money::from_kronor(amount), "seed {seed}");
        }
    }
}
