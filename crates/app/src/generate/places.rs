//! The clinics that synthetic contacts happen at.
//!
//! Owns: [`Place`] (what the generator needs to know of a unit) and which clinic a woman comes to.
//! Does not own: the register; the caller makes the places from the units and assignments known.

use super::chance::Chance;
use super::facts::{self, Part};
use kernel::fact::UnitKind;
use kernel::time::{Day, Period};
use std::collections::BTreeMap;

/// A clinic.
#[derive(Clone, Debug)]
pub struct Place {
    /// The unit's id.
    pub id: String,
    /// Kind.
    pub kind: UnitKind,
    /// Municipality code: women of it come here, if it is given.
    pub municipality: Option<String>,
    /// Class of the area; in the upper half of the classes that occur there are more home visits.
    pub area_class: Option<String>,
    /// When it is open; no contact falls outside.
    pub open: Period,
    /// Planned deliveries by year; the nearest year stands for one that is not there.
    pub planned_deliveries: BTreeMap<i32, u64>,
    /// From when it holds the assignment sammanhållen vårdkedja.
    pub holds_continuity_from: Option<Day>,
    /// From when it holds the assignment hemförlossning.
    pub holds_home_birth_from: Option<Day>,
}

impl Place {
    /// Planned deliveries in a year.
    pub(super) fn planned(&self, year: i32) -> u64 {
        let plan = self.planned_deliveries.iter().map(|(year, births)| (*year, *births));
        facts::nearest(plan, year).unwrap_or(0)
    }

    pub(super) fn holds_continuity(&self, day: Day) -> bool {
        self.holds_continuity_from.is_some_and(|from| from <= day)
    }

    pub(super) fn holds_home_birth(&self, day: Day) -> bool {
        self.holds_home_birth_from.is_some_and(|from| from <= day)
    }
}

/// Midwives of a delivery clinic for each hundred births planned (assumed).
const MIDWIVES_PER_100_BIRTHS: u64 = 2;
/// Midwives of any other clinic (assumed).
const MIDWIVES: u16 = 6;
/// Doctors of any clinic (assumed).
const DOCTORS: u16 = 3;

/// The carers of a clinic, numbered through the region.
#[derive(Clone, Copy)]
pub(super) struct Staff {
    first_midwife: u16,
    midwives: u16,
    first_doctor: u16,
}

impl Staff {
    pub(super) fn midwife(self, chance: &mut Chance) -> u16 {
        self.first_midwife + chance.below(self.midwives.into()) as u16
    }

    /// A midwife of a team (from 1); the first midwives of the clinic are the teams'.
    pub(super) fn of_team(self, team: u8, chance: &mut Chance) -> u16 {
        let before = (u16::from(team) - 1) * facts::TEAM_MIDWIVES;
        self.first_midwife + before + chance.below(facts::TEAM_MIDWIVES.into()) as u16
    }

    pub(super) fn doctor(self, chance: &mut Chance) -> u16 {
        self.first_doctor + chance.below(DOCTORS.into()) as u16
    }
}

/// All clinics, with what is looked up often.
pub(super) struct Places {
    pub(super) all: Vec<Place>,
    staff: Vec<Staff>,
    weak: Vec<bool>,
    by_municipality: BTreeMap<(&'static str, String), Vec<u16>>,
    by_kind: BTreeMap<&'static str, Vec<u16>>,
}

impl Places {
    /// In the order of their ids, so that the caller's order never matters.
    pub(super) fn new(places: &[Place]) -> Self {
        let mut all = places.to_vec();
        all.sort_by(|a, b| (&a.id, a.open.from).cmp(&(&b.id, b.open.from)));
        let mut by_municipality: BTreeMap<_, Vec<u16>> = BTreeMap::new();
        let mut by_kind: BTreeMap<_, Vec<u16>> = BTreeMap::new();
        for (number, place) in all.iter().enumerate() {
            let kind = place.kind.name();
            by_kind.entry(kind).or_default().push(number as u16);
            if let Some(municipality) = &place.municipality {
                by_municipality
                    .entry((kind, municipality.clone()))
                    .or_default()
                    .push(number as u16);
            }
        }
        Self { staff: staff(&all), weak: weak(&all), all, by_municipality, by_kind }
    }

    pub(super) fn get(&self, number: u16) -> &Place {
        &self.all[usize::from(number)]
    }

    pub(super) fn staff(&self, number: u16) -> Staff {
        self.staff[usize::from(number)]
    }

    /// Whether the clinic serves a weak area.
    pub(super) fn is_weak(&self, number: u16) -> bool {
        self.weak[usize::from(number)]
    }

    pub(super) fn is_open(&self, number: u16, day: Day) -> bool {
        self.get(number).open.contains(day)
    }

    /// The clinics of a kind.
    pub(super) fn of_kind(&self, kind: UnitKind) -> &[u16] {
        self.by_kind.get(kind.name()).map_or(&[], Vec::as_slice)
    }

    /// A clinic of a kind that is open on `day`: mostly one in the municipality, if there is one.
    pub(super) fn near(
        &self,
        kind: UnitKind,
        municipality: &str,
        day: Day,
        chance: &mut Chance,
    ) -> Option<u16> {
        let near = self.by_municipality.get(&(kind.name(), municipality.to_owned()));
        let near = near.filter(|_| chance.of(facts::NEAR_HOME));
        near.and_then(|near| self.open_one(near, day, chance))
            .or_else(|| self.open_one(self.of_kind(kind), day, chance))
    }

    /// Another clinic of the same kind, open on `day`.
    pub(super) fn another(&self, than: u16, day: Day, chance: &mut Chance) -> Option<u16> {
        let same = self.of_kind(self.get(than).kind);
        self.open_one(same, day, chance).filter(|other| *other != than)
    }

    fn open_one(&self, among: &[u16], day: Day, chance: &mut Chance) -> Option<u16> {
        let drawn = chance.pick(among).filter(|number| self.is_open(*number, day));
        drawn.or_else(|| among.iter().copied().find(|number| self.is_open(*number, day)))
    }

    /// The part of the county that a clinic lies in.
    pub(super) fn part(&self, number: u16) -> Part {
        let of = |code: &str| facts::MUNICIPALITIES.iter().find(|row| row.0 == code);
        let row = self.get(number).municipality.as_deref().and_then(of);
        row.map_or(Part::Centre, |row| row.2)
    }
}

fn staff(places: &[Place]) -> Vec<Staff> {
    let (mut midwife, mut doctor) = (1, 1);
    let mut staff = Vec::new();
    for place in places {
        let largest = place.planned_deliveries.values().max().copied().unwrap_or(0);
        let teams = facts::TEAMS * facts::TEAM_MIDWIVES;
        let midwives = match place.kind {
            UnitKind::DeliveryClinic => (largest * MIDWIVES_PER_100_BIRTHS / 100) as u16 + teams,
            _ => MIDWIVES,
        };
        staff.push(Staff { first_midwife: midwife, midwives, first_doctor: doctor });
        midwife += midwives;
        doctor += DOCTORS;
    }
    staff
}

fn weak(places: &[Place]) -> Vec<bool> {
    let mut classes: Vec<&str> = places.iter().filter_map(|p| p.area_class.as_deref()).collect();
    classes.sort_unstable();
    classes.dedup();
    let upper = classes.split_off(classes.len().div_ceil(2));
    let is_weak = |place: &Place| place.area_class.as_deref().is_some_and(|c| upper.contains(&c));
    places.iter().map(is_weak).collect()
}
