//! The contacts after a birth: aftercare, counselling and physiotherapy.
//!
//! Owns: how many a woman has, when, and where. Does not own: contacts before the birth (`visits`).

use super::{Visits, near};
use crate::generate::content::{Codes, Content, Location, Profession, diagnosis};
use crate::generate::facts::{self, counts};
use kernel::fact::{ContactKind, UnitKind};

impl Visits<'_> {
    /// The first week at the clinic, home visits, and the visit after 6–16 weeks.
    pub(super) fn postnatal(&mut self) {
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
        let weak = self.enrolment(born).is_some_and(|own| self.places.is_weak(own.unit));
        if self.chance.of(facts::HOME_VISIT[usize::from(!weak)]) {
            let day = after(self.chance.between(5, 21));
            self.at_midwife_clinic(ContactKind::HomeVisit, day, |content| {
                aftercare(content);
                content.place = Location::Home;
            });
        }
        if self.chance.of(facts::POSTNATAL) {
            let day = after(self.chance.between(42, 112));
            let sampled = self.cell_sample(facts::CELL_SAMPLE[1]);
            self.at_midwife_clinic(ContactKind::PostnatalVisit, day, |content| {
                aftercare(content);
                content.cell_sample = sampled;
            });
        }
        if self.chance.of(facts::COUNSELLING) {
            let day = after(self.chance.between(60, 140));
            self.at_midwife_clinic(ContactKind::MidwifeVisit, day, |content| {
                content.diagnoses = Codes::default().with(diagnosis::CONTRACEPTION);
                content.individual = Some(true);
            });
        }
    }

    /// More often after a severe tear, which the visits then name.
    pub(super) fn physiotherapy(&mut self, birth: Codes) {
        if !self.pregnancy.has_antenatal_care() {
            return;
        }
        let grades = [diagnosis::TEAR + 2, diagnosis::TEAR + 3];
        let severe = grades.into_iter().find(|grade| birth.has(*grade));
        let often =
            if severe.is_some() { counts::PHYSIOTHERAPY_TEAR } else { counts::PHYSIOTHERAPY };
        let mut days = 0;
        let mut clinic = None;
        for _ in 0..self.times(often) {
            days += self.chance.between(28, 34);
            let day = self.calendar.working_day(self.pregnancy.delivered.plus(days));
            let near =
                || near(UnitKind::Physiotherapy, self.pregnancy, self.places, day, self.chance);
            clinic = clinic.filter(|unit| self.places.is_open(*unit, day)).or_else(near);
            let Some(unit) = clinic else { return };
            let mut content = self.plain(ContactKind::PhysiotherapyVisit, unit, day);
            content.profession = Profession::Physiotherapist;
            content.individual = Some(true);
            content.diagnoses =
                severe.map_or(Codes::default(), |grade| Codes::default().with(grade));
            content.carer = self.places.staff(unit).midwife(self.chance);
            self.contacts.push(content);
        }
    }
}
