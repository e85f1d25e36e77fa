//! The delivery contact: its carer, place and codes.
//!
//! Owns: which diagnoses, procedures and DRG a birth bears. Does not own: the birth (`pregnancy`).

use super::chance::Chance;
use super::content::{Codes, Content, Drg, Location, Profession, diagnosis, procedure};
use super::facts;
use super::places::Places;
use super::pregnancy::{Mode, Pregnancy};
use kernel::fact::ContactKind;

/// The delivery contact of a pregnancy.
pub(super) fn delivery(
    number: u32,
    pregnancy: &Pregnancy,
    places: &Places,
    chance: &mut Chance,
) -> Content {
    let caesarean = pregnancy.mode.is_caesarean();
    let clinic = &places.get(pregnancy.clinic).id;
    let planted = facts::planted::tears(clinic, pregnancy.delivered.month());
    let coded = Coded::draw(pregnancy, planted, chance);
    let by_team = pregnancy.in_the_chain() && chance.of(facts::BY_OWN_TEAM);
    let staff = places.staff(pregnancy.clinic);
    let carer = if by_team { staff.of_team(pregnancy.team, chance) } else { staff.midwife(chance) };
    let minute = match pregnancy.mode {
        Mode::PlannedCaesarean => chance.between(8 * 60, 15 * 60),
        _ => chance.between(0, 24 * 60 - 1),
    };
    Content {
        pregnancy: number,
        care_date: pregnancy.delivered,
        unit: pregnancy.clinic,
        kind: ContactKind::Delivery,
        profession: if caesarean { Profession::Doctor } else { Profession::Midwife },
        carer: if caesarean { staff.doctor(chance) } else { carer },
        drg: coded.drg,
        diagnoses: coded.diagnoses,
        procedures: coded.procedures,
        place: if pregnancy.at_home { Location::Home } else { Location::Clinic },
        individual: None,
        enrolled: Some(pregnancy.in_the_chain()),
        by_team: Some(by_team),
        team: pregnancy.team,
        gestational_days: Some(pregnancy.gestational_days),
        parity: pregnancy.parity,
        planned_unit: pregnancy.planned,
        born_at: Some(minute as u16),
        cell_sample: false,
    }
}

/// The codes of a birth.
struct Coded {
    diagnoses: Codes,
    procedures: Codes,
    drg: Drg,
}

impl Coded {
    fn draw(pregnancy: &Pregnancy, planted: Option<&[u32; 5]>, chance: &mut Chance) -> Self {
        let mut coded = Self::of_mode(pregnancy.mode, chance);
        let mut complicated = coded.add_outcome(pregnancy, chance);
        if !pregnancy.at_home && chance.of(facts::HAEMORRHAGE) {
            coded.diagnoses = coded.diagnoses.with(diagnosis::HAEMORRHAGE);
            complicated = true;
        }
        if !pregnancy.mode.is_caesarean() {
            complicated |= coded.add_labour(pregnancy, planted, chance);
        }
        let weights = &facts::SUFFIX[usize::from(complicated)];
        coded.drg = match chance.weighted(weights) as u8 {
            _ if pregnancy.at_home => Drg::delivery(false, 2),
            suffix => Drg::delivery(pregnancy.mode.is_caesarean(), suffix),
        };
        if !pregnancy.mode.is_caesarean() && !pregnancy.at_home && chance.of(facts::P06N) {
            coded.drg = Drg::STERILISATION;
        }
        coded
    }

    fn of_mode(mode: Mode, chance: &mut Chance) -> Self {
        let (main, procedures) = match mode {
            Mode::Spontaneous => (diagnosis::SPONTANEOUS, Codes::default()),
            Mode::Vacuum => {
                let low = chance.of(0.6);
                let place = if low { procedure::LOW_VACUUM } else { procedure::MID_VACUUM };
                (diagnosis::VACUUM, Codes::default().with(place))
            }
            Mode::PlannedCaesarean => {
                (diagnosis::PLANNED_CAESAREAN, Codes::default().with(procedure::CAESAREAN))
            }
            Mode::AcuteCaesarean => {
                (diagnosis::ACUTE_CAESAREAN, Codes::default().with(procedure::CAESAREAN))
            }
        };
        Self { diagnoses: Codes::default().with(main), procedures, drg: Drg::NONE }
    }

    /// Outcome and length; whether they complicate.
    fn add_outcome(&mut self, pregnancy: &Pregnancy, chance: &mut Chance) -> bool {
        let stillborn = !pregnancy.twins && !pregnancy.at_home && chance.of(facts::STILLBIRTH);
        let outcome = match (pregnancy.twins, stillborn) {
            (true, _) => diagnosis::TWINS_LIVE,
            (_, true) => diagnosis::STILLBORN,
            _ => diagnosis::LIVE,
        };
        self.diagnoses = self.diagnoses.with(outcome);
        let preterm = pregnancy.gestational_days < 259;
        if preterm {
            self.diagnoses = self.diagnoses.with(diagnosis::PRETERM);
        }
        stillborn || preterm || pregnancy.twins
    }

    /// Tears, sutures and induction of a vaginal birth; whether they complicate.
    fn add_labour(
        &mut self,
        pregnancy: &Pregnancy,
        planted: Option<&[u32; 5]>,
        chance: &mut Chance,
    ) -> bool {
        let vacuum = pregnancy.mode == Mode::Vacuum;
        let weights = match planted {
            Some(planted) if !vacuum => planted,
            _ if vacuum => &facts::TEARS_VACUUM,
            _ => &facts::TEARS,
        };
        let grade = chance.weighted(weights) as u8;
        let grade = if pregnancy.at_home && grade > 1 { 4 } else { grade };
        let severe = grade == 2 || grade == 3;
        if grade < 4 {
            self.diagnoses = self.diagnoses.with(diagnosis::TEAR + grade);
        }
        if severe {
            self.procedures = self.procedures.with(procedure::SUTURE_OF_SPHINCTER);
        } else if grade == 1 {
            self.procedures = self.procedures.with(procedure::SUTURE);
        }
        if !pregnancy.at_home && chance.of(facts::INDUCED) {
            let prostaglandin = chance.of(0.7);
            let place = if prostaglandin { procedure::PROSTAGLANDIN } else { procedure::OXYTOCIN };
            self.procedures = self.procedures.with(place);
        }
        severe
    }
}
