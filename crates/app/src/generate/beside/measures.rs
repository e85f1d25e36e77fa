//! What is measured at a birth, and asked at the postnatal visit.
//!
//! Owns: values that fit the codes of the contact, and the file of them. Does not own: the names of measures (`follow::intake`).

use super::{Birth, DayText, Region, push, push_contact, push_day};
use crate::generate::chance::Chance;
use crate::generate::content::diagnosis;
use crate::generate::facts::{beside as facts, planted};
use crate::generate::pregnancy::{Mode, Pregnancy};
use follow::inputs::LabourStart;
use follow::robson::{self, Presentation, Robson};

pub(super) fn header() -> Vec<u8> {
    b"contact_id,measure,value,reported_on\n".to_vec()
}

struct Rows<'a> {
    birth: &'a Birth,
    reported_on: DayText,
    bytes: &'a mut Vec<u8>,
}

impl Rows<'_> {
    fn row(&mut self, measure: &str, value: impl std::fmt::Display) {
        push_contact(self.birth.contact, self.bytes);
        push(self.bytes, format_args!(",{measure},{value},"));
        push_day(self.reported_on, self.bytes);
        self.bytes.push(b'\n');
    }
}

/// The rows of a birth whose labour began in a way.
pub(super) fn at_birth(
    (birth, start): (&Birth, LabourStart),
    reported_on: DayText,
    region: Region<'_>,
    chance: &mut Chance,
    bytes: &mut Vec<u8>,
) {
    let content = &birth.content;
    let pregnancy = &region.pregnancies[content.pregnancy as usize];
    let mut rows = Rows { birth, reported_on, bytes };
    rows.row("age", pregnancy.woman.age_in(content.care_date.year()));
    let tenths = (chance.bell(250.0, 42.0) as i32).clamp(165, 480);
    rows.row("bmi", format_args!("{}.{}", tenths / 10, tenths % 10));
    let caesarean = pregnancy.mode.is_caesarean();
    let (low, high) = match (content.diagnoses.has(diagnosis::HAEMORRHAGE), caesarean) {
        (true, _) => (1_010, 2_600),
        (false, true) => (250, 990),
        (false, false) => (120, 900),
    };
    rows.row("blood-loss-ml", chance.between(low, high) / 10 * 10);
    if !caesarean {
        let grade = (0_u8..4).find(|grade| content.diagnoses.has(diagnosis::TEAR + *grade));
        rows.row("tear-grade", grade.map_or(0, |grade| grade + 1));
    }
    let apgar = if chance.of(facts::LOW_APGAR) {
        chance.between(2, 6)
    } else {
        7 + chance.weighted(&facts::APGAR) as i32
    };
    if !content.diagnoses.has(diagnosis::STILLBORN) {
        rows.row("apgar-5", apgar);
    }
    if pregnancy.twins {
        rows.row("children", 2);
    }
    let presentation = 1 + chance.weighted(&facts::PRESENTATION[usize::from(caesarean)]);
    rows.row("presentation", presentation);
    let before = facts::PREVIOUS_CAESAREAN[usize::from(pregnancy.mode == Mode::PlannedCaesarean)];
    let previous = chance.of(before) && pregnancy.parity > 0;
    if pregnancy.parity > 0 {
        rows.row("previous-caesarean", i32::from(previous));
    }
    rows.row("robson", robson(pregnancy, presentation, previous, start).name());
    rows.row("country-group", country_group(content.pregnancy, region));
    rows.row("education", 1 + chance.weighted(&facts::EDUCATION));
    if country_group(content.pregnancy, region) == 3 {
        rows.row("interpreter", i32::from(chance.of(facts::INTERPRETER)));
    }
}

/// The rows of her postnatal visit.
pub(super) fn postnatal(
    birth: &Birth,
    reported_on: DayText,
    region: Region<'_>,
    chance: &mut Chance,
    bytes: &mut Vec<u8>,
) {
    let content = &birth.content;
    let id = &region.places.get(content.unit).id;
    let mut rows = Rows { birth, reported_on, bytes };
    let positive = planted::epds(id, content.care_date.month()).unwrap_or(facts::EPDS_POSITIVE);
    let epds = if chance.of(positive) { chance.between(12, 24) } else { chance.between(0, 11) };
    if chance.of(facts::EPDS_ANSWERED) {
        rows.row("epds", epds);
    }
    let fed = chance.weighted(&facts::BREASTFEEDING);
    if chance.of(facts::BREASTFEEDING_ANSWERED) {
        rows.row("breastfeeding-4w", fed);
    }
    let outside = country_group(content.pregnancy, region) == 3;
    let negative = planted::negative(id, outside).unwrap_or(facts::NEGATIVE_EXPERIENCE);
    let experience = if chance.of(negative) { chance.between(1, 4) } else { chance.between(5, 10) };
    if chance.of(facts::EXPERIENCE_ANSWERED) {
        rows.row("vas-experience", experience);
    }
}

/// Of a pregnancy always the same.
fn country_group(pregnancy: u32, region: Region<'_>) -> usize {
    let woman = region.pregnancies[pregnancy as usize].woman.reserve_number();
    let number = woman.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    1 + Chance::new(number, &[super::BESIDE]).weighted(&facts::COUNTRY_GROUP)
}

/// Robson's group of a birth; everything that decides is known.
fn robson(
    pregnancy: &Pregnancy,
    presentation: usize,
    previous_caesarean: bool,
    start: LabourStart,
) -> Robson {
    let presentation = match presentation {
        3 => Presentation::Transverse,
        2 => Presentation::Breech,
        _ => Presentation::Cephalic,
    };
    robson::robson(robson::Birth {
        parity: Some(pregnancy.parity.into()),
        previous_caesarean: Some(previous_caesarean),
        children: Some(if pregnancy.twins { 2 } else { 1 }),
        presentation: Some(presentation),
        weeks: Some((pregnancy.gestational_days / 7).into()),
        start: Some(start),
    })
}
