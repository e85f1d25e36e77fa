//! The contacts around a birth: visits in pregnancy, ultrasounds, stays, and care after birth.
//!
//! Owns: how many contacts of each kind a woman has, when, and where. Does not own: the birth
//! (`pregnancy`, `delivery`) or the reports (`reporting`).

mod aftercare;

use super::calendar::Calendar;
use super::chance::Chance;
use super::content::{Codes, Content, Drg, Location, Profession, diagnosis, procedure};
use super::delivery::delivery;
use super::facts::{self, counts};
use super::places::Places;
use super::pregnancy::Pregnancy;
use kernel::fact::{ContactKind, UnitKind};
use kernel::time::Day;

/// All contacts of one pregnancy, in no particular order, and how many midwife visits are among
/// those before the birth.
pub(super) fn contacts(
    number: u32,
    pregnancy: &Pregnancy,
    places: &Places,
    calendar: &Calendar,
    chance: &mut Chance,
) -> (Vec<Content>, u32) {
    let enrolments = enrolments(pregnancy, places, chance);
    let mut visits = Visits {
        number,
        pregnancy,
        places,
        calendar,
        chance,
        enrolments,
        contacts: Vec::with_capacity(32),
    };
    let midwife_visits = visits.antenatal();
    visits.at_delivery_clinic();
    visits.postnatal();
    let birth = delivery(number, pregnancy, places, visits.chance);
    visits.physiotherapy(birth.diagnoses);
    visits.contacts.push(birth);
    (visits.contacts, midwife_visits)
}

/// A midwife clinic that the woman is enrolled at from a day on, and her midwife there.
#[derive(Clone, Copy)]
struct Enrolment {
    from: Day,
    unit: u16,
    midwife: u16,
}

/// The first clinic, and another one for a woman who changes.
fn enrolments(pregnancy: &Pregnancy, places: &Places, chance: &mut Chance) -> Vec<Enrolment> {
    let start = pregnancy.start();
    let Some(unit) = near(UnitKind::MidwifeClinic, pregnancy, places, start, chance) else {
        return Vec::new();
    };
    let midwife = places.staff(unit).midwife(chance);
    let mut enrolments = vec![Enrolment { from: start, unit, midwife }];
    if let Some(days) = pregnancy.changes_clinic {
        let from = start.plus(days.into());
        let other = places.another(unit, from, chance);
        enrolments.extend(other.map(|unit| {
            let midwife = places.staff(unit).midwife(chance);
            Enrolment { from, unit, midwife }
        }));
    }
    enrolments
}

fn near(
    kind: UnitKind,
    pregnancy: &Pregnancy,
    places: &Places,
    day: Day,
    chance: &mut Chance,
) -> Option<u16> {
    places.near(kind, pregnancy.residence.text(), day, chance)
}

struct Visits<'a> {
    number: u32,
    pregnancy: &'a Pregnancy,
    places: &'a Places,
    calendar: &'a Calendar,
    chance: &'a mut Chance,
    enrolments: Vec<Enrolment>,
    contacts: Vec<Content>,
}

/// From here on the team of the chain gives the visits: the referral is sent at the latest in
/// week 16 (vardgivarguiden.se, sammanhållen vårdkedja).
const TEAM_FROM: i32 = 120;

impl Visits<'_> {
    /// What every contact of this woman has in common.
    fn plain(&self, kind: ContactKind, unit: u16, day: Day) -> Content {
        let days = day.number() - self.pregnancy.start().number();
        let before_birth = day < self.pregnancy.delivered;
        Content {
            pregnancy: self.number,
            care_date: day,
            unit,
            kind,
            profession: Profession::Midwife,
            carer: 0,
            drg: Drg::NONE,
            diagnoses: Codes::default(),
            procedures: Codes::default(),
            place: Location::Clinic,
            individual: None,
            enrolled: None,
            by_team: None,
            team: 0,
            gestational_days: if before_birth { u16::try_from(days).ok() } else { None },
            parity: self.pregnancy.parity,
            planned_unit: None,
            born_at: None,
            cell_sample: false,
        }
    }

    /// Whether she lives in the county by a day.
    fn has_moved_in(&self, day: Day) -> bool {
        let moves_in = self.pregnancy.moves_in;
        moves_in.is_none_or(|days| day >= self.pregnancy.start().plus(days.into()))
    }

    /// Where she is enrolled on a day.
    fn enrolment(&self, day: Day) -> Option<Enrolment> {
        let begun = self.enrolments.iter().rev().find(|enrolment| enrolment.from <= day);
        begun.or(self.enrolments.first()).copied()
    }

    /// A working day of pregnancy, before the birth.
    fn weekday_of_pregnancy(&self, days: i32) -> Day {
        let day = self.calendar.working_day(self.pregnancy.start().plus(days));
        let last = self.pregnancy.delivered.plus(-1);
        if day <= last { day } else { self.calendar.working_day_before(last) }
    }

    /// Adds a contact at the woman's midwife clinic, or at another where that is closed or she
    /// happens to be elsewhere. An individual visit says whether she is enrolled there.
    fn at_midwife_clinic(&mut self, kind: ContactKind, day: Day, change: impl Fn(&mut Content)) {
        if !self.has_moved_in(day) {
            return;
        }
        let own = self.enrolment(day).filter(|own| self.places.is_open(own.unit, day));
        let elsewhere = kind == ContactKind::MidwifeVisit && self.chance.of(facts::VISITS_ANOTHER);
        let own = own.filter(|_| !elsewhere);
        let other = || near(UnitKind::MidwifeClinic, self.pregnancy, self.places, day, self.chance);
        let Some(unit) = own.map(|own| own.unit).or_else(other) else { return };
        let mut content = self.plain(kind, unit, day);
        change(&mut content);
        content.enrolled = content.individual.map(|individual| individual && own.is_some());
        content.carer = match (content.profession, own) {
            (Profession::Doctor, _) => self.places.staff(unit).doctor(self.chance),
            (_, Some(own)) if self.chance.of(facts::OWN_MIDWIFE) => own.midwife,
            _ => self.places.staff(unit).midwife(self.chance),
        };
        self.contacts.push(content);
    }

    /// Adds a contact at the clinic of birth.
    fn at_clinic(&mut self, kind: ContactKind, day: Day, change: impl Fn(&mut Content)) {
        let unit = self.pregnancy.clinic;
        if !self.places.is_open(unit, day) || !self.has_moved_in(day) {
            return;
        }
        let mut content = self.plain(kind, unit, day);
        change(&mut content);
        content.carer = match content.profession {
            Profession::Doctor => self.places.staff(unit).doctor(self.chance),
            _ => self.places.staff(unit).midwife(self.chance),
        };
        self.contacts.push(content);
    }

    /// Adds a contact with a midwife of the woman's team.
    fn with_team(&mut self, kind: ContactKind, day: Day, place: Location) {
        let (unit, team) = (self.pregnancy.clinic, self.pregnancy.team);
        let mut content = self.plain(kind, unit, day);
        content.carer = self.places.staff(unit).of_team(team, self.chance);
        content.individual = Some(true);
        content.enrolled = Some(true);
        content.by_team = Some(true);
        content.team = team;
        content.place = place;
        self.contacts.push(content);
    }

    /// How many times: the place that is drawn in a list of per cents.
    fn times(&mut self, weights: &[u32]) -> usize {
        self.chance.weighted(weights)
    }

    fn antenatal(&mut self) -> u32 {
        if !self.pregnancy.has_antenatal_care() {
            return 0;
        }
        let midwife_visits = self.midwife_visits();
        self.other_visits();
        self.ultrasounds();
        midwife_visits
    }

    /// The visits lie closer towards the end; the first of them is the enrolment.
    fn midwife_visits(&mut self) -> u32 {
        let at_birth = i32::from(self.pregnancy.gestational_days);
        let mean = facts::MIDWIFE_VISITS[self.pregnancy.pair()];
        // Half is added because the number is rounded down.
        let drawn = (self.chance.bell(mean, 1.8) + 0.5) as i32;
        let whole = f64::from(drawn.clamp(2, 18));
        let first = (self.chance.bell(66.0, 12.0) as i32).clamp(42, 130);
        let moved =
            self.pregnancy.moves_in.map(|days| i32::from(days) + self.chance.between(2, 14));
        let cared_for = f64::from(at_birth.min(259) - moved.unwrap_or(60)).max(0.0) / 199.0;
        let count = (whole * cared_for + 0.5).max(1.0) as i32;
        let first = moved.unwrap_or(first);
        let last = at_birth - self.chance.between(1, 8);
        for nth in 0..count {
            let along = f64::from(nth) / f64::from((count - 1).max(1));
            let days = f64::from(last - first) * along * (1.6 - 0.6 * along);
            let days = first + days as i32 + self.chance.between(-2, 2);
            let day = self.weekday_of_pregnancy(days);
            let in_team = self.pregnancy.in_the_chain()
                && days >= TEAM_FROM
                && self.places.is_open(self.pregnancy.clinic, day);
            if in_team {
                self.with_team(ContactKind::MidwifeVisit, day, Location::Clinic);
            } else {
                let sampled = nth == 0 && self.cell_sample(facts::CELL_SAMPLE[0]);
                let slip = self.slip();
                self.at_midwife_clinic(ContactKind::MidwifeVisit, day, |content| {
                    content.individual = Some(true);
                    content.cell_sample = sampled;
                    slip.make(content);
                });
            }
        }
        count as u32
    }

    /// Whether a cell sample is taken at a visit where one is due with this chance.
    fn cell_sample(&mut self, due: f64) -> bool {
        let age = self.pregnancy.woman.age_in(self.pregnancy.delivered.year());
        age >= facts::CELL_SAMPLE_FROM_AGE && self.chance.of(due)
    }

    fn slip(&mut self) -> Slip {
        let drawn = self.chance.unit();
        if drawn < facts::WITHOUT_DAYS {
            Slip::WithoutDays
        } else if drawn < facts::WITHOUT_DAYS + facts::WRONG_DAYS {
            let days = self.chance.between(14, 35);
            Slip::WrongDays(if self.chance.of(0.5) { days } else { -days })
        } else if drawn < facts::WITHOUT_DAYS + facts::WRONG_DAYS + facts::WITHOUT_INDIVIDUAL {
            Slip::WithoutIndividual
        } else {
            Slip::None
        }
    }

    /// Doctor visits, group visits and telephone contacts.
    fn other_visits(&mut self) {
        for _ in 0..self.times(counts::DOCTOR) {
            let day = self.some_weekday(80);
            self.at_midwife_clinic(ContactKind::DoctorVisit, day, |content| {
                content.profession = Profession::Doctor;
                content.individual = Some(true);
            });
        }
        let first_time = self.pregnancy.parity == 0;
        let groups = self.times(if first_time { counts::GROUP_FIRST } else { counts::GROUP_LATER });
        for _ in 0..groups {
            let day = self.some_weekday(170);
            self.at_midwife_clinic(ContactKind::GroupVisit, day, |content| {
                content.individual = Some(false);
            });
        }
        for _ in 0..self.times(counts::PHONE) {
            let day = self.some_weekday(60);
            let by_phone = |content: &mut Content| content.place = Location::Blank;
            self.at_midwife_clinic(ContactKind::Phone, day, by_phone);
        }
    }

    fn some_weekday(&mut self, from: i32) -> Day {
        let days = self.chance.between(from, i32::from(self.pregnancy.gestational_days) - 1);
        self.weekday_of_pregnancy(days)
    }

    /// Week 18 for all, the early test (KUB) in weeks 11–14 for most, growth for some.
    fn ultrasounds(&mut self) {
        let age = self.pregnancy.woman.age_in(self.pregnancy.delivered.year());
        let kub = if age >= 35 { facts::KUB_FROM_35 } else { facts::KUB_UNDER_35 };
        if self.chance.of(kub) {
            let days = self.chance.between(77, 95);
            self.ultrasound(days, Some(procedure::KUB));
        }
        let days = self.chance.between(124, 138);
        self.ultrasound(days, Some(procedure::ROUTINE_ULTRASOUND));
        for _ in 0..self.times(counts::GROWTH) {
            let days = self.chance.between(190, 270);
            if days < i32::from(self.pregnancy.gestational_days) {
                self.ultrasound(days, None);
            }
        }
    }

    fn ultrasound(&mut self, days: i32, place: Option<u8>) {
        let day = self.weekday_of_pregnancy(days);
        let unit = near(UnitKind::UltrasoundClinic, self.pregnancy, self.places, day, self.chance);
        let Some(unit) = unit.filter(|_| self.has_moved_in(day)) else { return };
        let mut content = self.plain(ContactKind::Ultrasound, unit, day);
        content.individual = Some(true);
        content.procedures = place.map_or(Codes::default(), |place| Codes::default().with(place));
        content.carer = self.places.staff(unit).midwife(self.chance);
        self.contacts.push(content);
    }

    /// Acute visits on any day, specialist visits, and a stay for a few.
    fn at_delivery_clinic(&mut self) {
        let at_birth = i32::from(self.pregnancy.gestational_days);
        let start = self.pregnancy.start();
        for _ in 0..self.times(counts::ACUTE) {
            // The greater of two draws: most come late.
            let days =
                self.chance.between(140, at_birth - 1).max(self.chance.between(140, at_birth - 1));
            self.at_clinic(ContactKind::MidwifeVisit, start.plus(days), |content| {
                content.individual = Some(true);
            });
        }
        for _ in 0..self.times(counts::SPECIALIST) {
            let day = self.some_weekday(100);
            self.at_clinic(ContactKind::DoctorVisit, day, |content| {
                content.profession = Profession::Doctor;
                content.individual = Some(true);
            });
        }
        if self.chance.of(facts::INPATIENT) {
            let days = self.chance.between(154, at_birth - 1);
            let plain = self.chance.of(0.7);
            self.at_clinic(ContactKind::Inpatient, start.plus(days), |content| {
                content.profession = Profession::Doctor;
                content.diagnoses = Codes::default().with(diagnosis::PRETERM_LABOUR);
                content.drg = if plain { Drg(Drg::ANTEPARTUM.0 + 1) } else { Drg::ANTEPARTUM };
            });
        }
    }
}

/// What the clinic has wrong in the row of a visit, perhaps for ever.
#[derive(Clone, Copy)]
enum Slip {
    None,
    WithoutDays,
    WrongDays(i32),
    WithoutIndividual,
}

impl Slip {
    fn make(self, content: &mut Content) {
        match self {
            Self::None => {}
            Self::WithoutDays => content.gestational_days = None,
            Self::WrongDays(by) => {
                let days = content.gestational_days.map(|days| i32::from(days) + by);
                content.gestational_days = days.and_then(|days| u16::try_from(days).ok());
            }
            Self::WithoutIndividual => content.individual = None,
        }
    }
}
