//! Bridges on random worlds: from any day to any later one, both ends are what the reference evaluator says.

use super::books::{Books, Plan, net_of};
use super::{Counts, count, is_refused, worlds};
use crate::naive::{self, Options};
use crate::world::{Random, World, world};
use kernel::register::Register;
use kernel::settle::{Basis, Cause};
use kernel::time::Day;

const WANTED: [(&str, usize); 8] = [
    ("bridges", 150),
    ("within a month", 100),
    ("current", 500),
    ("late-report", 50),
    ("changed-report", 10),
    ("cancelled-report", 5),
    ("agreement", 20),
    ("decision", 100),
];

/// Opening and closing are the prices of their days, to the öre and the contact; shares are plain divisions.
#[test]
fn a_bridge_goes_from_one_price_to_another() {
    let mut counts = Counts::new();
    for seed in 0..worlds() {
        let world = world(seed);
        if is_refused(&world.decisions) {
            continue;
        }
        let mut random = Random(seed ^ 0xb41d_6e00);
        for _ in 0..3 {
            let first = Day::parse("2023-01-01").unwrap().plus(random.days(500));
            let last = first.plus(1 + random.days(300));
            try_bridge(seed, &world, first, last, &mut counts);
        }
    }
    let seldom = |(name, least): &&(&str, usize)| counts.get(*name).is_none_or(|had| had < least);
    let seldom: Vec<_> = WANTED.iter().filter(seldom).collect();
    assert!(seldom.is_empty(), "too seldom: {seldom:?} in {counts:#?}");
}

fn try_bridge(seed: u64, world: &World, first: Day, last: Day, counts: &mut Counts) {
    let place = format!("world {seed}, {first} to {last}");
    let plan = Plan::as_known(world);
    let engine = plan.engine(world);
    let mut books = Books::unpaid(&engine);
    for day in [first, last] {
        let basis = side(&engine.register, day);
        let Some((lines, findings)) = books.preview(&basis) else {
            count(counts, "refused", 1);
            return;
        };
        assert!(findings.is_empty(), "{place}: nothing was paid");
        for line in lines.iter().filter(|_| day == last) {
            count(counts, line.cause.name(), 1);
            let is_old = line.key.month.last_day() <= first;
            assert!(line.cause != Cause::Current || !is_old, "{place}: {:?}", books.told(&[*line]));
            let is_new = line.key.month.first_day() > first;
            assert!(line.cause == Cause::Current || !is_new, "{place}: {:?}", books.told(&[*line]));
        }
        books.book(&basis, &lines, &findings);
        let options = Options { register_known_on: day, contacts_known_on: day, through: day };
        let right = naive::price(&plan.decisions_known(day), &plan.rows_known(world, 1), &options);
        let right = net_of(&right.lines);
        let differ = right
            .keys()
            .chain(books.net.keys())
            .filter(|key| right.get(*key) != books.net.get(*key));
        let told: Vec<_> = differ.map(|key| (key, books.net.get(key), right.get(key))).collect();
        assert!(told.is_empty(), "{place}: as known {day}, bridge and right: {told:#?}");
    }
    count(counts, "bridges", 1);
    count(counts, "within a month", usize::from(first != first.month().last_day()));
}

fn side(register: &Register, day: Day) -> Basis {
    Basis::of_day(day, register.as_of(day))
}
