//! What the synthetic region is measured by: published figures with their source, and our
//! assumptions, marked "assumed" where no public figure was found.
//!
//! Owns: every number that a reader may want to check or change. Does not own: how it is used.
//! Sources are named as in the public pages: sll.se and regionstockholm.se are the region's news.

pub mod beside;
pub mod planted;

/// Births in the region a year. 2016–2019: sll.se 2018/01, 2019/01 and 2020/01 (2016 derived);
/// 2021 (derived) and 2022: regionstockholm.se 2023/01; 2023 "just under 26 000":
/// vardgivarguiden.se 2023-11, the figure itself assumed; 2024 and 2025 assumed.
/// Another year is as the nearest here, of two as near the earlier.
pub const BIRTHS: [(i32, u64); 9] = [
    (2016, 29_443),
    (2017, 28_622),
    (2018, 28_676),
    (2019, 28_323),
    (2021, 28_800),
    (2022, 26_221),
    (2023, 25_950),
    (2024, 25_700),
    (2025, 25_500),
];

/// How births lie over the year, January first, beside the length of the month (assumed; Swedish
/// births are most in spring and summer).
pub const SEASON: [f64; 12] =
    [0.97, 0.97, 1.02, 1.04, 1.04, 1.03, 1.06, 1.04, 1.01, 0.97, 0.93, 0.92];

/// Share born at another clinic than planned in week 25: sll.se 2018/01–2020/01,
/// regionstockholm.se 2023/01, vardgivarguiden.se 2023-11; other years as 2019.
pub const ELSEWHERE: [(i32, f64); 6] =
    [(2017, 0.070), (2018, 0.064), (2019, 0.055), (2021, 0.051), (2022, 0.057), (2023, 0.050)];

/// Share in a year that [`ELSEWHERE`] does not have: 2019's, sll.se 2020/01.
pub const ELSEWHERE_OTHER_YEARS: f64 = 0.055;

/// Residents of Norrtälje among those who give birth. Source: the 2.2 % of the state grant that
/// KSON gets (decision on the grant for 2025).
pub const NORRTALJE: f64 = 0.022;

/// Women from other regions: 317 of 28 323 births in 2019 (sll.se 2020/01).
pub const OUT_OF_COUNTY: f64 = 0.0112;

/// Asylum seekers, reported with the word `asylum` (assumed).
pub const ASYLUM: f64 = 0.003;

/// Rows of women whose residence is blank: protected or without permit (assumed).
pub const NO_RESIDENCE: f64 = 0.002;

/// Municipality codes from elsewhere (assumed: neighbours and some others).
pub const OTHER_MUNICIPALITIES: [&str; 8] =
    ["0380", "0331", "0480", "0486", "1980", "0980", "1480", "2180"];

/// First-time mothers among those who give birth (assumed).
pub const FIRST_TIME: f64 = 0.46;

/// Parity of the others, 1, 2, 3 and 4 (assumed), per mille.
pub const PARITY: [u32; 4] = [650, 240, 80, 30];

/// Acute caesareans of first-time mothers and of others (assumed; about 17 % caesareans in all,
/// half of them planned: SKR's comparisons).
pub const ACUTE_CAESAREAN: [f64; 2] = [0.120, 0.054];

/// Planned caesareans of first-time mothers and of others (assumed, as above).
pub const PLANNED_CAESAREAN: [f64; 2] = [0.062, 0.103];

/// Vacuum extractions of first-time mothers and of others (assumed; about 5 % in all).
pub const VACUUM: [f64; 2] = [0.090, 0.017];

/// Twins (assumed, near the national share).
pub const TWINS: f64 = 0.014;

/// Twins that are born by caesarean (assumed).
pub const TWINS_CAESAREAN: f64 = 0.45;

/// Stillbirths (assumed, near the national share).
pub const STILLBIRTH: f64 = 0.003;

/// Births before day 259 (assumed, near the national share).
pub const PRETERM: f64 = 0.05;

/// Blood loss that is coded O72.1 (assumed).
pub const HAEMORRHAGE: f64 = 0.065;

/// Labour begun with prostaglandin or oxytocin, of vaginal births (assumed).
pub const INDUCED: f64 = 0.22;

/// Tears O70.0, O70.1, O70.2 and O70.3 in vaginal births without instrument, and none (assumed;
/// the severe ones near the national 1.8 %: svt.se), per mille.
pub const TEARS: [u32; 5] = [230, 330, 15, 3, 422];

/// The same with vacuum (assumed).
pub const TEARS_VACUUM: [u32; 5] = [190, 400, 85, 10, 315];

/// DRG suffixes A, C and E of births without and with a complication (assumed), per mille.
pub const SUFFIX: [[u32; 3]; 2] = [[10, 90, 900], [230, 520, 250]];

/// Vaginal births with sterilisation or evacuation, P06N (assumed).
pub const P06N: f64 = 0.002;

/// Women a year in the chain (sammanhållen vårdkedja): karolinska.se, about 2021–2022.
pub const IN_THE_CHAIN: f64 = 640.0;

/// Teams of the chain at a clinic and midwives in each: 4 teams, 17 midwives (karolinska.se).
pub const TEAMS: u16 = 4;
/// Midwives in a team, as above, rounded.
pub const TEAM_MIDWIVES: u16 = 4;

/// Births in the chain with a midwife of the own team: 33 of 35 (hd.se, February 2019).
pub const BY_OWN_TEAM: f64 = 0.94;

/// Home births a year; before the assignment 30–60, 87 in 2018 (mitti.se 2018). Assumed.
pub const HOME_BIRTHS: std::ops::RangeInclusive<i32> = 66..=84;

/// Those who could give birth at home, of the births at a clinic: mothers before, resident, well,
/// born by themselves in time. Follows from the shares above.
pub const COULD_BE_AT_HOME: f64 = 0.364;

/// Midwife visits of first-time mothers and of others: Expressen, of Stockholm.
pub const MIDWIFE_VISITS: [f64; 2] = [10.5, 8.9];

/// Midwife visits with the woman's own midwife at the clinic (assumed).
pub const OWN_MIDWIFE: f64 = 0.72;

/// Women who choose a midwife clinic in their own municipality (assumed; the choice is free).
pub const NEAR_HOME: f64 = 0.7;

/// Women who change midwife clinic during the pregnancy (assumed).
pub const CHANGES_CLINIC: f64 = 0.06;

/// Women who move in during the pregnancy and are enrolled here late (assumed).
pub const MOVES_IN: f64 = 0.025;

/// Midwife visits during pregnancy without gestational days in the row, and with days that are
/// some weeks wrong (assumed).
pub const WITHOUT_DAYS: f64 = 0.004;
/// Days some weeks wrong, as above.
pub const WRONG_DAYS: f64 = 0.002;

/// Midwife visits during pregnancy that are not said to be individual or not (assumed).
pub const WITHOUT_INDIVIDUAL: f64 = 0.001;

/// Visits at another midwife clinic than the one of enrolment, now and then (assumed).
pub const VISITS_ANOTHER: f64 = 0.004;

/// Cell samples at the enrolment and at the postnatal visit, where one is due (assumed).
pub const CELL_SAMPLE: [f64; 2] = [0.12, 0.28];
/// Cell samples are offered from this age.
pub const CELL_SAMPLE_FROM_AGE: i32 = 23;

/// Contraceptive counselling at the midwife clinic within five months of the birth (assumed).
pub const COUNSELLING: f64 = 0.15;

/// The early test (KUB) at 35 years or more: 77 % (mitti.se, about 2022).
pub const KUB_FROM_35: f64 = 0.77;
/// The early test of younger women (assumed; together within 60–77 %).
pub const KUB_UNDER_35: f64 = 0.60;

/// Postnatal visit at the midwife clinic (assumed).
pub const POSTNATAL: f64 = 0.85;
/// Postnatal visit at the delivery clinic in the first week (assumed).
pub const POSTNATAL_AT_CLINIC: f64 = 0.45;
/// Home visits after birth in weak areas and elsewhere (assumed).
pub const HOME_VISIT: [f64; 2] = [0.20, 0.03];
/// Home visits after birth by the team of the chain, which gives aftercare at home
/// (karolinska.se; the share assumed).
pub const TEAM_HOME_VISIT: f64 = 0.6;
/// Inpatient stays before birth (assumed).
pub const INPATIENT: f64 = 0.05;

/// How many women have 0, 1, 2 … of some contacts (all assumed), per cent.
pub mod counts {
    /// Acute visits to a midwife at the delivery clinic.
    pub const ACUTE: &[u32] = &[35, 32, 19, 9, 5];
    /// Doctor visits at the delivery clinic.
    pub const SPECIALIST: &[u32] = &[62, 22, 10, 6];
    /// Doctor visits at the midwife clinic.
    pub const DOCTOR: &[u32] = &[60, 30, 10];
    /// Telephone contacts.
    pub const PHONE: &[u32] = &[45, 30, 15, 10];
    /// Group visits of first-time mothers.
    pub const GROUP_FIRST: &[u32] = &[30, 25, 25, 20];
    /// Group visits of others.
    pub const GROUP_LATER: &[u32] = &[90, 10];
    /// Visits to a physiotherapist after birth.
    pub const PHYSIOTHERAPY: &[u32] = &[88, 6, 4, 2];
    /// The same after a severe tear.
    pub const PHYSIOTHERAPY_TEAR: &[u32] = &[15, 20, 30, 20, 15];
    /// Ultrasounds for growth.
    pub const GROWTH: &[u32] = &[78, 14, 8];
}

/// How contacts are reported (all assumed: no public figure says).
pub mod reporting {
    /// Reported 1–3 months late.
    pub const LATE: f64 = 0.04;
    /// Of those, 1, 2 and 3 months late, per cent.
    pub const LATE_MONTHS: [u32; 3] = [70, 20, 10];
    /// Reported 4–8 months late.
    pub const VERY_LATE: f64 = 0.005;
    /// Corrected later.
    pub const CORRECTED: f64 = 0.015;
    /// Of the visits corrected for their gestational days, those that first had none.
    pub const BLANK_DAYS: f64 = 0.5;
    /// Of the corrected, corrected twice.
    pub const CORRECTED_TWICE: f64 = 0.12;
    /// Registered a second time under another number by mistake, and then cancelled.
    pub const CANCELLED: f64 = 0.004;
    /// Of the cancelled visits, brought back by a later report.
    pub const BROUGHT_BACK: f64 = 0.05;
    /// Sent twice in the same words on the same day.
    pub const DUPLICATED: f64 = 0.001;
    /// First sent with a fault.
    pub const FAULTY: f64 = 0.003;
    /// Of the faulty, sent again without it.
    pub const SENT_AGAIN: f64 = 0.92;
    /// Missing-field, bad-value, bad-person, unknown-unit, care-date-after-report and
    /// conflicting-reports, per cent of the faulty.
    pub const FAULTS: [u32; 6] = [25, 25, 15, 15, 10, 10];
}

/// A part of the county; women mostly give birth in theirs (assumed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// North of the city.
    North,
    /// The city and its islands.
    Centre,
    /// South of the city.
    South,
}

/// How much likelier a woman of the clinic's own part of the county is there (assumed).
pub const OWN_PART: u32 = 3;

/// Municipalities of the county but Norrtälje: inhabitants in thousands, about 2023 (assumed,
/// rounded from SCB), and the part.
pub const MUNICIPALITIES: [(&str, u32, Part); 25] = [
    ("0114", 50, Part::North),
    ("0115", 35, Part::North),
    ("0117", 49, Part::North),
    ("0120", 47, Part::South),
    ("0123", 86, Part::North),
    ("0125", 29, Part::Centre),
    ("0126", 115, Part::South),
    ("0127", 95, Part::South),
    ("0128", 17, Part::South),
    ("0136", 99, Part::South),
    ("0138", 49, Part::South),
    ("0139", 32, Part::North),
    ("0140", 12, Part::South),
    ("0160", 76, Part::North),
    ("0162", 33, Part::North),
    ("0163", 77, Part::North),
    ("0180", 989, Part::Centre),
    ("0181", 102, Part::South),
    ("0182", 110, Part::South),
    ("0183", 55, Part::North),
    ("0184", 86, Part::North),
    ("0186", 48, Part::North),
    ("0187", 12, Part::North),
    ("0191", 53, Part::North),
    ("0192", 30, Part::South),
];

/// The value of a year in a table, or of the nearest year; of two as near the earlier.
pub(super) fn nearest<T: Copy>(table: impl Iterator<Item = (i32, T)>, year: i32) -> Option<T> {
    table.min_by_key(|(of, _)| ((of - year).abs(), *of)).map(|(_, value)| value)
}
