//! The slow reading: every minute of every active phase, every row of staffing.

use follow::inputs::{Labour, LabourStart, Staffing};
use follow::minute::Minute;
use follow::one_to_one::{Birth, Delivery, Limits, Outcome, measure, minutes_by, tally};
use kernel::time::Day;
use std::collections::BTreeMap;

const LIMITS: Limits = Limits { labour_minutes: 300, staffing_minutes: 200, days_from_care: 7 };

struct World {
    deliveries: Vec<Delivery>,
    labour: Vec<Labour>,
    staffing: Vec<Staffing>,
}

/// A linear congruential generator (Knuth's MMIX constants); its upper bits.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end
    }

    fn small(&mut self, end: i64) -> u32 {
        u32::try_from(self.below(end)).unwrap()
    }
}

fn world(seed: u64) -> World {
    let mut chance = Chance(seed);
    // Around the autumn change of clocks.
    let start = Minute::parse("2023-10-28T22:00").unwrap();
    let women = 1 + chance.below(5);
    let span = 60 + chance.below(500);
    let deliveries = (0..women).map(|contact| Delivery {
        contact: u32::try_from(contact).unwrap(),
        woman: chance.small(women),
        unit: (chance.below(8) > 0).then(|| chance.small(2)),
        care_date: Day::parse("2023-10-28").unwrap(),
        born_at: None,
    });
    let deliveries = deliveries.collect();
    let labour = (0..women + chance.below(3)).map(|_| {
        let from = start.plus(chance.below(span));
        let until = from.plus(chance.below(320) - 8);
        Labour {
            contact: chance.small(women + 1),
            active_from: (chance.below(12) > 0).then_some(from),
            active_until: (chance.below(12) > 0).then_some(until),
            start: LabourStart::ALL[usize::try_from((chance.below(12) - 8).max(0)).unwrap()],
        }
    });
    let mut labour: Vec<Labour> = labour.collect();
    // Mostly one report of each contact.
    if chance.below(3) > 0 {
        labour.sort_by_key(|row| row.contact);
        labour.dedup_by_key(|row| row.contact);
    }
    let staffing = (0..chance.below(14)).map(|_| {
        let from = start.plus(chance.below(span) - 30);
        Staffing {
            carer: chance.small(3),
            unit: chance.small(2),
            contact: (chance.below(6) > 0).then(|| chance.small(women + 2)),
            from,
            until: from.plus(chance.below(215) - 5),
        }
    });
    World { deliveries, labour, staffing: staffing.collect() }
}

/// In active phase in the minute: yes, no, or nobody knows.
fn contact_in_phase(world: &World, contact: u32, minute: Minute) -> Option<bool> {
    let mut rows: Vec<&Labour> = world.labour.iter().filter(|row| row.contact == contact).collect();
    rows.dedup();
    let &[row] = rows.as_slice() else {
        let all_same = rows.windows(2).all(|pair| pair[0] == pair[1]) && !rows.is_empty();
        return if all_same { one_in_phase(rows[0], minute) } else { None };
    };
    one_in_phase(row, minute)
}

fn one_in_phase(row: &Labour, minute: Minute) -> Option<bool> {
    if matches!(row.start, LabourStart::PlannedCaesarean | LabourStart::Unassisted) {
        return Some(false);
    }
    match (row.active_from, row.active_until) {
        (Some(from), Some(until)) if until > from && until.since(from) <= 300 => {
            Some(from <= minute && minute < until)
        }
        (Some(from), None) if minute < from || minute.since(from) >= 300 => Some(false),
        (None, Some(until)) if minute >= until || until.since(minute) > 300 => Some(false),
        _ => None,
    }
}

fn woman_of(world: &World, contact: u32) -> Result<u32, u32> {
    let mut all = world.deliveries.iter();
    all.find(|delivery| delivery.contact == contact).map(|d| d.woman).ok_or(contact)
}

fn contacts_of(world: &World, contact: u32) -> Vec<u32> {
    let same = |other: &u32| woman_of(world, *other) == woman_of(world, contact);
    (0..20).filter(same).collect()
}

fn woman_in_phase(world: &World, contact: u32, minute: Minute) -> bool {
    let mut hers = contacts_of(world, contact).into_iter();
    hers.any(|contact| contact_in_phase(world, contact, minute) == Some(true))
}

fn sound(row: &Staffing) -> bool {
    row.until > row.from && row.until.since(row.from) <= 200
}

/// Own, not own, or unknown.
fn minute_of(world: &World, delivery: &Delivery, minute: Minute) -> Option<bool> {
    let rows = || {
        let covers = |row: &&Staffing| sound(row) && row.from <= minute && minute < row.until;
        world.staffing.iter().filter(covers)
    };
    let hers = contacts_of(world, delivery.contact);
    let is_hers = |row: &&Staffing| row.contact.is_some_and(|contact| hers.contains(&contact));
    let mut doubted = false;
    for mine in rows().filter(is_hers) {
        let others = || rows().filter(|row| row.carer == mine.carer && !is_hers(row));
        let others = || others().filter_map(|row| row.contact);
        if others().any(|other| woman_in_phase(world, other, minute)) {
            continue;
        }
        if others().all(|other| contact_in_phase(world, other, minute) == Some(false)) {
            return Some(true);
        }
        doubted = true;
    }
    let told = rows().any(|row| Some(row.unit) == delivery.unit) || rows().any(|row| is_hers(&row));
    let faulty =
        world.staffing.iter().any(|row| !sound(row) && row.contact == Some(delivery.contact));
    if doubted || !told || faulty { None } else { Some(false) }
}

fn agrees(world: &World, birth: &Birth) {
    let (mut own, mut unknown) = (0, 0);
    let Some(active) = birth.active else {
        assert_ne!(birth.outcome, Outcome::Measured);
        assert_eq!(birth.own_minutes(), 0);
        return;
    };
    for number in active.from.number()..active.until.number() {
        let minute = Minute::from_number(number);
        assert_eq!(contact_in_phase(world, birth.delivery.contact, minute), Some(true));
        match minute_of(world, &birth.delivery, minute) {
            Some(true) => own += 1,
            Some(false) => {}
            None => unknown += 1,
        }
    }
    let unknown_told: u64 = birth.unknown.iter().map(|span| span.minutes()).sum();
    assert_eq!((birth.own_minutes(), unknown_told), (own, unknown), "{birth:?}");
    assert_eq!(birth.outcome == Outcome::Measured, unknown == 0);
}

#[test]
fn random_worlds_agree_minute_by_minute() {
    let (mut measured, mut own, mut shared) = (0, 0, 0);
    for seed in 0..3_000 {
        let mut world = world(seed);
        let result = measure(&world.deliveries, &world.labour, &world.staffing, &LIMITS);
        for birth in &result.births {
            agrees(&world, birth);
            measured += u64::from(birth.outcome == Outcome::Measured);
            own += birth.own_minutes();
            shared += u64::from(birth.met(100) == Some(false) && birth.own_minutes() > 0);
        }
        closes(&result.births);
        world.labour.reverse();
        let half = world.staffing.len() / 2;
        world.staffing.rotate_right(half);
        world.staffing.extend(world.staffing.clone());
        let again = measure(&world.deliveries, &world.labour, &world.staffing, &LIMITS);
        assert_eq!(again.births, result.births, "order and doubles change nothing");
    }
    assert!(measured > 500 && own > 5_000 && shared > 50, "{measured} {own} {shared}");
}

fn closes(births: &[Birth]) {
    let by_weekday = tally(births, &[75, 90, 100], |birth| birth.born().map(|m| m.day().weekday()));
    let sum =
        |count: fn(&follow::one_to_one::Tally) -> u64| by_weekday.values().map(count).sum::<u64>();
    assert_eq!(sum(|tally| tally.births), births.len() as u64);
    for tally in by_weekday.values() {
        let rest = tally.missing.values().chain(tally.faulty.values()).chain(tally.apart.values());
        assert_eq!(tally.measured + rest.sum::<u64>(), tally.births);
        assert!(tally.met.is_sorted_by(|a, b| a >= b) && tally.met[0] <= tally.measured);
    }
    let by_hour: BTreeMap<(u32, i64), _> =
        minutes_by(births, |birth, minute| (birth.delivery.contact, minute.hour()));
    let active: u64 = births.iter().map(Birth::active_minutes).sum();
    let own: u64 = births.iter().map(Birth::own_minutes).sum();
    assert_eq!(by_hour.values().map(|sum| sum.active).sum::<u64>(), active);
    assert_eq!(by_hour.values().map(|sum| sum.own).sum::<u64>(), own);
}
