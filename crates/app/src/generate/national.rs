//! A made-up national workload: millions of contacts in one Parquet file, and a ratebook that prices them.
//!
//! Owns: how many units, items, groups and rate versions there are. The contacts (`contacts`) come group
//! after group, so that memory does not grow with the file; the ratebook (`ratebook`) is an ordinary folder.
//! Does not own: anything true about care; for that there is the region of `super`.
//!
//! Six hundred units over 2019–2025, 43 items, 40 price groups, some 20 000 versions of rates.

mod contacts;
mod ratebook;

pub use contacts::{ContactGroup, groups};
pub use ratebook::files;

use kernel::fact::{Area, ContactKind, UnitKind};
use kernel::time::Day;

/// 2019-01-01 and the days of 2019–2025.
const FIRST_DAY: Day = Day::from_number(17_897);
const DAYS: i32 = 2_557;

/// What kind of unit does which items, in how many price groups.
struct Branch {
    area: Area,
    unit_kind: UnitKind,
    /// First letter of its groups and codes.
    letter: char,
    units: usize,
    groups: usize,
    /// Of a thousand contacts.
    permille: u32,
    /// Kind and code of each item, the commonest first.
    items: &'static [(ContactKind, &'static str)],
}

use ContactKind::{
    Delivery, DoctorVisit, GroupVisit, HomeVisit, MidwifeVisit, Phone, PostnatalVisit, Ultrasound,
};

/// Deliveries are told apart by DRG, everything else by procedure.
const BRANCHES: [Branch; 3] = [
    Branch {
        area: Area::Delivery,
        unit_kind: UnitKind::DeliveryClinic,
        letter: 'd',
        units: 50,
        groups: 8,
        permille: 60,
        items: &[
            (Delivery, "P05E"),
            (Delivery, "P05C"),
            (Delivery, "P01E"),
            (Delivery, "P01C"),
            (Delivery, "P05A"),
            (Delivery, "P01A"),
            (Delivery, "P05O"),
            (Delivery, "P06N"),
            (Delivery, "P05S"),
            (Delivery, "P01O"),
            (Delivery, "P07E"),
            (Delivery, "P07C"),
            (Delivery, "P07A"),
        ],
    },
    Branch {
        area: Area::MidwifeClinic,
        unit_kind: UnitKind::MidwifeClinic,
        letter: 'm',
        units: 470,
        groups: 24,
        permille: 800,
        items: &[
            (MidwifeVisit, "M01"),
            (MidwifeVisit, "M02"),
            (MidwifeVisit, "M03"),
            (PostnatalVisit, "M04"),
            (Phone, "M05"),
            (MidwifeVisit, "M06"),
            (DoctorVisit, "M07"),
            (HomeVisit, "M08"),
            (GroupVisit, "M09"),
            (PostnatalVisit, "M10"),
            (Phone, "M11"),
            (MidwifeVisit, "M12"),
            (DoctorVisit, "M13"),
            (HomeVisit, "M14"),
            (GroupVisit, "M15"),
            (PostnatalVisit, "M16"),
            (Phone, "M17"),
            (MidwifeVisit, "M18"),
            (DoctorVisit, "M19"),
            (HomeVisit, "M20"),
            (GroupVisit, "M21"),
            (PostnatalVisit, "M22"),
        ],
    },
    Branch {
        area: Area::Ultrasound,
        unit_kind: UnitKind::UltrasoundClinic,
        letter: 'u',
        units: 80,
        groups: 8,
        permille: 140,
        items: &[
            (Ultrasound, "U01"),
            (Ultrasound, "U02"),
            (Ultrasound, "U03"),
            (DoctorVisit, "U04"),
            (Ultrasound, "U05"),
            (Ultrasound, "U06"),
            (DoctorVisit, "U07"),
            (Ultrasound, "U08"),
        ],
    },
];

/// Classes of the severity and of the complications of a delivery, which bear weights.
const SEVERITIES: [&str; 4] = ["s1", "s2", "s3", "s4"];
const COMPLICATIONS: [&str; 4] = ["c0", "c1", "c2", "c3"];

/// The id of the nth unit, from 0.
fn unit_id(unit: usize) -> String {
    format!("enhet-{:03}", unit + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workload_has_the_size_that_was_asked_for() {
        assert_eq!(BRANCHES.iter().map(|branch| branch.units).sum::<usize>(), 600);
        assert_eq!(BRANCHES.iter().map(|branch| branch.items.len()).sum::<usize>(), 43);
        assert_eq!(BRANCHES.iter().map(|branch| branch.permille).sum::<u32>(), 1_000);
        assert_eq!(FIRST_DAY, Day::new(2019, 1, 1).unwrap());
        assert_eq!(FIRST_DAY.plus(DAYS - 1), Day::new(2025, 12, 31).unwrap());
        let files = files(1);
        assert_eq!(files, super::files(1));
        assert_ne!(files, super::files(2));
        let rates = files.iter().map(|(_, text)| text.matches("[[rate]]").count()).sum::<usize>();
        assert!((20_000..20_500).contains(&rates), "{rates}");
    }

    #[test]
    fn the_same_seed_gives_the_same_contacts_however_many_follow() {
        let of = |count: u64, seed: u64| groups(count, seed).next().unwrap();
        let (one, two) = (of(3_000, 1), of(3_000, 1));
        assert_eq!(one.rows(), 3_000);
        assert_eq!(format!("{:?}", one.care_date), format!("{:?}", two.care_date));
        assert_ne!(format!("{:?}", one.care_date), format!("{:?}", of(3_000, 2).care_date));
        let days = one.care_date.iter().zip(&one.reported_on);
        assert!(days.clone().all(|(care, reported)| care <= reported));
        assert!(one.care_date.iter().all(|day| (17_897..17_897 + DAYS).contains(day)));
        let total: usize = groups(300_000, 1).map(|group| group.rows()).sum();
        assert_eq!(total, 300_000);
    }
}
