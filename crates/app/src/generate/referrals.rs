//! Referrals to the continuity chain of a synthetic region, one file for each clinic that has the assignment.
//!
//! Owns: who is referred and by which ground, and the truth about it. Does not own: who is in the chain (`pregnancy`), which decided limits
//! say who is eligible; grounds are so clear that any sensible limits agree on them.
//!
//! Everybody who is in the chain was referred, and some who are not. Grounds are drawn from a stream of their own: no contact differs.

use super::Months;
use super::chance::Chance;
use super::pregnancy::Pregnancy;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Sets the stream of a pregnancy's referral apart from the others.
const REFERRAL: u64 = 1 << 34;
/// Share of those outside the chain who are referred (assumed).
const REFERRED: f64 = 0.08;
/// Of those, the share with a ground (assumed).
const WITH_GROUND: f64 = 0.7;
/// Share of grounds that are fear of birth (assumed).
const FEAR: f64 = 0.5;
/// Days of pregnancy: enrolment, and the visit of week 16.
const ENROLMENT: i32 = 63;
const WEEK_16: i32 = 112;
/// Days of pregnancy on the day she is expected to give birth.
const DUE: i32 = 280;

/// What was made for a clinic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referrals {
    /// The file.
    pub csv: String,
    /// By year of the due day.
    pub years: BTreeMap<i32, Referred>,
}

/// Referrals of women due in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Referred {
    /// All.
    pub referred: u64,
    /// Resident in the region and with a ground.
    pub eligible: u64,
    /// Of those, with fear of birth and a wish to give birth vaginally.
    pub clinical: u64,
}

const HEADER: &str = "remiss_id,person,mottagen,tillfälle,beräknad_förlossning,vas_1,vas_2,önskar_vaginal,född_utomlands,arbetslös,ensamstående_förälder,inflyttad,låg_utbildning,folkbokföring,anteckning\n";

/// What a referral says.
struct Grounds {
    scales: Option<[i32; 2]>,
    social: [bool; 5],
}

fn grounds(has_one: bool, chance: &mut Chance) -> Grounds {
    let mut grounds = Grounds { scales: None, social: [false; 5] };
    let is_afraid = has_one && chance.of(FEAR);
    let scale = match (is_afraid, chance.of(0.4)) {
        (true, true) => Some((86, 98)),
        (true, false) => Some((63, 76)),
        (false, true) => Some((4, 45)),
        (false, false) => None,
    };
    grounds.scales = scale.map(|(low, high)| [(); 2].map(|()| chance.between(low, high)));
    if has_one && !is_afraid {
        grounds.social[chance.below(5)] = true;
    }
    for social in &mut grounds.social {
        *social |= has_one && chance.of(0.1);
    }
    grounds
}

impl Months {
    /// The referrals of everybody who has given birth in the span, by clinic; complete when the iterator has ended.
    pub fn referrals(&self) -> BTreeMap<String, Referrals> {
        let mut clinics: BTreeMap<String, Referrals> = BTreeMap::new();
        for (number, pregnancy) in self.pregnancies.all.iter().enumerate() {
            let clinic = self.places.get(pregnancy.clinic);
            let is_of_span = (self.plan.from..=self.plan.to).contains(&pregnancy.delivered.month());
            if !is_of_span || !clinic.holds_continuity(pregnancy.start()) {
                continue;
            }
            let mut chance = Chance::new(self.plan.seed, &[REFERRAL, number as u64]);
            let is_meant = pregnancy.in_the_chain() || chance.of(REFERRED);
            if is_meant && pregnancy.has_antenatal_care() {
                let of_clinic = clinics.entry(clinic.id.clone()).or_default();
                of_clinic.add(number, pregnancy, &mut chance);
            }
        }
        clinics
    }
}

impl Referrals {
    fn add(&mut self, number: usize, pregnancy: &Pregnancy, chance: &mut Chance) {
        let has_one = pregnancy.in_the_chain() || chance.of(WITH_GROUND);
        let Grounds { scales, social } = grounds(has_one, chance);
        let due_on = pregnancy.start().plus(DUE);
        let (occasion, days) = match chance.of(0.5) {
            true => ("inskrivning", ENROLMENT),
            false => ("vecka-16", WEEK_16),
        };
        let received_on = pregnancy.start().plus(days + chance.between(0, 10));
        let [first, second] = scales
            .map_or([String::new(), String::new()], |scales| scales.map(|scale| scale.to_string()));
        if self.csv.is_empty() {
            self.csv.push_str(HEADER);
        }
        let answers = social.map(|holds| if holds { "ja" } else { "nej" }).join(",");
        let person = pregnancy.woman.reserve_number().map(char::from);
        let person: String = person.iter().collect();
        // Writing to a string does not fail.
        let _ = writeln!(
            self.csv,
            "SYN-R-{number:07},{person},{received_on},{occasion},{due_on},{first},{second},ja,{answers},{},SYNTETISKA DATA",
            // A referral says a municipality, or nothing.
            Some(pregnancy.residence.text()).filter(|text| text.len() == 4).unwrap_or_default()
        );
        let year = self.years.entry(due_on.year()).or_default();
        let is_eligible = has_one && pregnancy.residence.is_in_county();
        let is_afraid = scales.is_some_and(|[first, second]| first + second >= 120);
        year.referred += 1;
        year.eligible += u64::from(is_eligible);
        year.clinical += u64::from(is_eligible && is_afraid);
    }

    /// The truth about the files of all clinics.
    pub fn to_json(clinics: &BTreeMap<String, Self>) -> String {
        let year = |(year, told): (&i32, &Referred)| {
            let Referred { referred, eligible, clinical } = told;
            format!(
                "\"{year}\":{{\"clinical\":{clinical},\"eligible\":{eligible},\"referred\":{referred}}}"
            )
        };
        let clinic = |(clinic, made): (&String, &Self)| {
            let years: Vec<String> = made.years.iter().map(year).collect();
            format!("\"{clinic}\":{{{}}}", years.join(","))
        };
        let clinics: Vec<String> = clinics.iter().map(clinic).collect();
        format!("{{{}}}\n", clinics.join(",\n"))
    }
}
