//! A heading that is a share of a key: parts and residual make the pot.

use crate::year::{decision, exact};
use kernel::fact::{AllocationRule, Capacity, Fact, Grant, Heading, Key, Pay, ShareKey};
use kernel::grant::{Range, trees};
use kernel::money::{Money, Rounding};
use kernel::register::Register;

fn grant() -> Fact {
    Fact::Grant(Grant {
        id: "g".into(),
        year: 2023,
        payer: None,
        amount: exact(100),
        parts: Vec::new(),
        case_numbers: Vec::new(),
        received_on: None,
        report_due: None,
        carry_forward: false,
        is_last: false,
    })
}

fn share(id: &str, key: ShareKey, rounding: Rounding) -> Fact {
    let rule =
        AllocationRule::Share { pot: exact(10), key, rounding, residue: None, pay: Pay::Once };
    Fact::Heading(Heading {
        id: id.into(),
        grant: "g".into(),
        rule,
        focus_areas: Vec::new(),
        is_permanent: false,
    })
}

fn key(recipient: &str, value: u64, year: Option<i32>) -> Fact {
    Fact::Key(Key { name: "people".into(), recipient: recipient.into(), value, year })
}

fn plan(unit: &str, year: i32, deliveries: u64) -> Fact {
    Fact::Capacity(Capacity { unit: unit.into(), year, deliveries })
}

#[test]
fn parts_and_what_rounding_leaves_make_the_pot() {
    let named = || ShareKey::Named("people".into());
    let facts = vec![
        grant(),
        share("half-up", named(), Rounding::HalfUpKrona),
        share("capacity", ShareKey::Capacity, Rounding::LargestRemainder),
        share("nobody", ShareKey::Named("empty".into()), Rounding::LargestRemainder),
        // The value of the year wins over one without year; 0 takes no part (R47).
        key("a", 1, None),
        key("b", 7, None),
        key("b", 1, Some(2023)),
        key("c", 1, Some(2023)),
        key("d", 9, Some(2022)),
        key("e", 0, None),
        plan("danderyd", 2023, 2),
        plan("sodertalje", 2023, 1),
        plan("sodertalje", 2022, 50),
    ];
    let register = Register::from_ratebooks([decision("d", facts)]);
    let all = trees(&register, u32::MAX);
    let of = |id: &str| all[0].headings.iter().find(|heading| heading.id == id).unwrap();
    let parts = |id: &str| {
        let parts = of(id).parts.iter().map(|part| (part.recipient, part.weight, part.amount));
        parts.collect::<Vec<_>>()
    };
    let kronor = Money::from_kronor;
    // 10 kr by 1, 1, 1: 3 each, 1 left.
    assert_eq!(parts("half-up"), [("a", 1, kronor(3)), ("b", 1, kronor(3)), ("c", 1, kronor(3))]);
    assert_eq!(of("half-up").residual, Range::exact(kronor(1)));
    // 6,67 and 3,33.
    assert_eq!(parts("capacity"), [("danderyd", 2, kronor(7)), ("sodertalje", 1, kronor(3))]);
    assert_eq!(of("capacity").residual, Range::default());
    assert_eq!((parts("nobody").len(), of("nobody").residual), (0, Range::exact(kronor(10))));
    assert_eq!(all[0].residual, Range::exact(kronor(70)));
}
