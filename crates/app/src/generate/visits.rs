//! The contacts around a birth: visits in pregnancy, ultrasounds, stays, and care after birth.
//!
//! Owns: how many contacts of each kind a woman has, when, and where. Does not own: the birth
//! (`pregnancy`, `delivery`) or the reports (`reporting`).

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
    let midwife_clinic =
        near(UnitKind::MidwifeClinic, pregnancy, places, pregnancy.start(), chance);
    let own_midwife = midwife_clinic.map_or(0, |unit| places.staff(unit).midwife(chance));
    let mut visits = Visits {
        number,
        pregnancy,
        places,
        calendar,
        chance,
        midwife_clinic,
        own_midwife,
        contacts: Vec::with_capacity(32),
    };
    let midwife_visits = visits.antenatal();
    visits.at_delivery_clinic();
    visits.postnatal();
    let birth = delivery(number, pregnancy, places, visits.chance);
    visits.contacts.push(birth);
    (visits.contacts, midwife_visits)
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
    midwife_clinic: Option<u16>,
    own_midwife: u16,
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
        }
    }

    /// A working day of pregnancy, before the birth.
    fn weekday_of_pregnancy(&self, days: i32) -> Day {
        let day = self.calendar.working_day(self.pregnancy.start().plus(days));
        let last = self.pregnancy.delivered.plus(-1);
        if day <= last { day } else { self.calendar.working_day_before(last) }
    }

    /// Adds a contact at the woman's midwife clinic, or at another where that is closed.
    fn at_midwife_clinic(&mut self, kind: ContactKind, day: Day, change: impl Fn(&mut Content)) {
        let own = self.midwife_clinic.filter(|unit| self.places.is_open(*unit, day));
        let other = || near(UnitKind::MidwifeClinic, self.pregnancy, self.places, day, self.chance);
        let Some(unit) = own.or_else(other) else { return };
        let mut content = self.plain(kind, unit, day);
        change(&mut content);
        let at_own = Some(unit) == self.midwife_clinic;
        content.carer = match content.profession {
            Profession::Doctor => self.places.staff(unit).doctor(self.chance),
            Profession::Midwife if at_own && self.chance.of(facts::OWN_MIDWIFE) => self.own_midwife,
            Profession::Midwife => self.places.staff(unit).midwife(self.chance),
        };
        self.contacts.push(content);
    }

    /// Adds a contact at the clinic of birth.
    fn at_clinic(&mut self, kind: ContactKind, day: Day, change: impl Fn(&mut Content)) {
        let unit = self.pregnancy.clinic;
        if !self.places.is_open(unit, day) {
            return;
        }
        let mut content = self.plain(kind, unit, day);
        change(&mut content);
        content.carer = match content.profession {
            Profession::Doctor => self.places.staff(unit).doctor(self.chance),
            Profession::Midwife => self.places.staff(unit).midwife(self.chance),
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
        let early = f64::from(at_birth.min(259) - 60) / 199.0;
        let count = (whole * early + 0.5).max(1.0) as i32;
        let first = (self.chance.bell(66.0, 12.0) as i32).clamp(42, 130);
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
                self.at_midwife_clinic(ContactKind::MidwifeVisit, day, |content| {
                    content.individual = Some(true);
                });
            }
        }
        count as u32
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
        let Some(unit) = unit else { return };
        let mut content = self.plain(ContactKind::Ultrasound, unit, day);
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

    /// The first week at the clinic, home visits, and the visit after 6–16 weeks.
    fn postnatal(&mut self) {
        let born = self.pregnancy.delivered;
        let after = |days: i32| self.calendar.working_day(born.plus(days));
        let aftercare = |content: &mut Content| {
            content.diagnoses = Codes::default().with(diagnosis::AFTERCARE);
            content.individual = Some(true);
        };
        if !self.pregnancy.at_home && self.chance.of(facts::POSTNATAL_AT_CLINIC) {
            let day = after(self.chance.between(2, 6));
            self.at_clinic(ContactKind::PostnatalVisit, day, aftercare);
        }
        if self.pregnancy.in_the_chain() && self.chance.of(facts::TEAM_HOME_VISIT) {
            let day = after(self.chance.between(3, 9));
            if self.places.is_open(self.pregnancy.clinic, day) {
                self.with_team(ContactKind::HomeVisit, day, Location::Home);
            }
        }
        if !self.pregnancy.has_antenatal_care() {
            return;
        }
        let weak = self.midwife_clinic.is_some_and(|unit| self.places.is_weak(unit));
        if self.chance.of(facts::HOME_VISIT[usize::from(!weak)]) {
            let day = after(self.chance.between(5, 21));
            self.at_midwife_clinic(ContactKind::HomeVisit, day, |content| {
                aftercare(content);
                content.place = Location::Home;
            });
        }
        if self.chance.of(facts::POSTNATAL) {
            let day = after(self.chance.between(42, 112));
            self.at_midwife_clinic(ContactKind::PostnatalVisit, day, aftercare);
        }
    }
}
