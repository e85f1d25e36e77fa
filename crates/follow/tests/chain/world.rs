//! Contacts written by hand or drawn from a seed, as follow-up reads them.

use follow::care::{Care, Cares, NONE};
use follow::minute::Minute;
use kernel::contact::{Profile, Reports};
use kernel::fact::ContactKind;
use kernel::time::Day;
use std::sync::Arc;

/// A contact in words.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: String,
    pub person: u32,
    pub kind: ContactKind,
    pub day: i32,
    pub days: Option<i32>,
    pub diagnoses: Vec<&'static str>,
    pub unit: u16,
    pub planned: &'static str,
    pub born_at: Option<Minute>,
}

pub fn told(id: &str, kind: ContactKind, day: &str, days: Option<i32>) -> Told {
    Told {
        id: id.to_owned(),
        person: 0,
        kind,
        day: Day::parse(day).unwrap().number(),
        days,
        diagnoses: Vec::new(),
        unit: 1,
        planned: "",
        born_at: None,
    }
}

/// Contacts and reports, numbered in the order given.
pub fn cares(contacts: &[Told]) -> (Cares, Reports) {
    let (mut cares, mut reports) = (Cares::default(), Reports::default());
    for told in contacts {
        let profile = Profile {
            kind: told.kind,
            profession: None,
            drg: None,
            diagnoses: told.diagnoses.iter().map(|code| (*code).into()).collect(),
            procedures: Vec::new(),
            residence: None,
            place: None,
            individual: None,
            enrolled: None,
            by_team: None,
            gestational_days: told.days,
            parity: None,
            classes: Vec::new(),
        };
        let planned_unit =
            if told.planned.is_empty() { NONE } else { cares.texts.text(told.planned) };
        cares.rows.push(Care {
            contact: reports.contact_ids.text(&told.id),
            unit: told.unit,
            person: told.person,
            kind: told.kind,
            care_date: Day::from_number(told.day),
            profile: reports.profiles.number(&profile, |profile| Arc::new(profile.clone())),
            gestational_days: told.days,
            carer: NONE,
            team: NONE,
            planned_unit,
            born_at: told.born_at,
        });
    }
    (cares, reports)
}

/// A linear congruential generator (Knuth's MMIX constants); its upper bits.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: i32) -> i32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i32::try_from((self.0 >> 33) % u64::try_from(end).unwrap()).unwrap()
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, usize::try_from(self.below(i32::try_from(at).unwrap() + 1)).unwrap());
        }
    }
}

/// A few persons over some years, with everything that should not be.
pub fn random(seed: u64) -> Vec<Told> {
    let mut chance = Chance(seed);
    let start = Day::parse("2022-01-01").unwrap().number();
    let mut all = Vec::new();
    for person in 0..u32::try_from(1 + chance.below(4)).unwrap() {
        let mut begin = start + chance.below(300);
        for _ in 0..1 + chance.below(3) {
            pregnancy(&mut all, person, begin, &mut chance);
            begin += 60 + chance.below(500);
        }
    }
    all
}

fn pregnancy(all: &mut Vec<Told>, person: u32, begin: i32, chance: &mut Chance) {
    let birth = 120 + chance.below(200);
    for _ in 0..chance.below(9) {
        let end = if chance.below(3) == 0 { 480 } else { birth + 5 };
        let day = chance.below(end);
        let kind = ContactKind::ALL[usize::try_from(chance.below(11)).unwrap()];
        let error = if chance.below(4) == 0 { chance.below(240) - 120 } else { chance.below(9) };
        let days = (day + error).clamp(0, 320);
        let mut contact = told("", kind, "2022-01-01", (chance.below(3) > 0).then_some(days));
        contact.day = begin + day;
        contact.unit = u16::try_from(chance.below(3)).unwrap();
        if chance.below(12) == 0 {
            contact
                .diagnoses
                .push(["O021", "O039", "O080", "O09"][usize::try_from(chance.below(4)).unwrap()]);
        }
        push(all, person, contact);
    }
    if chance.below(4) > 0 {
        let days = (chance.below(4) > 0).then_some(birth);
        for child in 0..1 + chance.below(5) / 3 {
            let mut contact = told("", ContactKind::Delivery, "2022-01-01", days);
            contact.day = begin + birth + child;
            contact.diagnoses =
                vec![["Z370", "Z372", "Z379", "O800"][usize::try_from(chance.below(4)).unwrap()]];
            let minute = i64::from(contact.day) * 1440 + i64::from(chance.below(2));
            contact.born_at = (chance.below(2) > 0).then(|| Minute::from_number(minute));
            push(all, person, contact);
        }
    }
}

fn push(all: &mut Vec<Told>, person: u32, contact: Told) {
    let id = format!("SYN-{}", all.len());
    all.push(Told { id, person, ..contact });
}
