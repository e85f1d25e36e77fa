//! How many births each clinic has in each month.
//!
//! Owns: the division of a year's births by the capacity plan (kapacitetsplan), the season and the
//! days a clinic is open. Does not own: who gives birth, or how.

use super::chance::apportion;
use super::facts;
use super::places::Places;
use kernel::fact::UnitKind;
use kernel::time::{Month, Period};

/// The births of one clinic in the twelve months of a year.
pub(super) struct Planned {
    pub(super) clinic: u16,
    pub(super) births: [u64; 12],
}

/// Births of a calendar year by clinic and month; `scale_permille` of the region's.
///
/// The year is shared by the clinics' plans for it, whole births by largest remainder; a clinic
/// that opens during the year has its plan in the months that are left.
pub(super) fn of_year(places: &Places, year: i32, scale_permille: u32) -> Vec<Planned> {
    let clinics = places.of_kind(UnitKind::DeliveryClinic);
    let months: Vec<[f64; 12]> = clinics.iter().map(|c| open_months(places, *c, year)).collect();
    let any_plan = clinics.iter().any(|clinic| places.get(*clinic).planned(year) > 0);
    let weight = |(clinic, months): (&u16, &[f64; 12])| {
        let open = months.iter().sum::<f64>() > 0.0;
        let planned = if any_plan { places.get(*clinic).planned(year) } else { 1 };
        if open { planned as f64 } else { 0.0 }
    };
    let weights: Vec<f64> = clinics.iter().zip(&months).map(weight).collect();
    let by_clinic = apportion(in_region(year, scale_permille), &weights);
    let planned = |((clinic, births), months): ((&u16, u64), &[f64; 12])| {
        let parts = apportion(births, months);
        Planned { clinic: *clinic, births: std::array::from_fn(|month| parts[month]) }
    };
    clinics.iter().zip(by_clinic).zip(&months).map(planned).collect()
}

/// Births in the region in a year, at this scale.
pub(super) fn in_region(year: i32, scale_permille: u32) -> u64 {
    let whole = facts::nearest(facts::BIRTHS.into_iter(), year).unwrap_or(0);
    (whole * u64::from(scale_permille) + 500) / 1000
}

/// The weight of each month: its season and the days that the clinic is open.
fn open_months(places: &Places, clinic: u16, year: i32) -> [f64; 12] {
    let open = places.get(clinic).open;
    std::array::from_fn(|place| {
        let month = Month::from_number(year * 12 + place as i32);
        facts::SEASON[place] * f64::from(days(open_days(open, month)))
    })
}

/// The days of a month on which a clinic is open.
pub(super) fn open_days(open: Period, month: Month) -> Period {
    open.and(Period { from: month.first_day(), until: month.plus(1).first_day() })
}

/// How many days a period has; 0 for an empty one.
pub(super) fn days(period: Period) -> i32 {
    if period.is_empty() { 0 } else { period.until.number() - period.from.number() }
}
