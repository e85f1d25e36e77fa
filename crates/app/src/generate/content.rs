//! What one synthetic contact says, in small numbers, and the codes it can bear.
//!
//! Owns: [`Content`] and the lists of codes (ICD-10-SE, KVÅ, DRG; public names only, domain notes
//! 8.1 and 8.4). Does not own: when it is reported, or its text (`row`).

use kernel::fact::ContactKind;
use kernel::time::Day;

/// Everything a row says besides its number and its report.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Content {
    /// Number of the pregnancy; it knows the woman and her residence.
    pub(super) pregnancy: u32,
    pub(super) care_date: Day,
    pub(super) unit: u16,
    pub(super) kind: ContactKind,
    pub(super) profession: Profession,
    pub(super) carer: u16,
    pub(super) drg: Drg,
    pub(super) diagnoses: Codes,
    pub(super) procedures: Codes,
    pub(super) place: Location,
    pub(super) individual: Option<bool>,
    pub(super) enrolled: Option<bool>,
    pub(super) by_team: Option<bool>,
    /// Number of the team within its clinic, from 1; 0 for none.
    pub(super) team: u8,
    pub(super) gestational_days: Option<u16>,
    pub(super) parity: u8,
    pub(super) planned_unit: Option<u16>,
    /// Minute of the day.
    pub(super) born_at: Option<u16>,
    pub(super) cell_sample: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Profession {
    Midwife,
    Doctor,
    Physiotherapist,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Location {
    Clinic,
    Home,
    Blank,
}

/// A DRG, by its place in [`DRGS`].
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Drg(pub(super) u8);

/// Blank, then names of NordDRG MDC 14 (2024).
pub(super) const DRGS: [&str; 10] =
    ["", "P01A", "P01C", "P01E", "P05A", "P05C", "P05E", "P06N", "P49C", "P49E"];

impl Drg {
    pub(super) const NONE: Self = Self(0);
    pub(super) const STERILISATION: Self = Self(7);
    pub(super) const ANTEPARTUM: Self = Self(8);

    /// P01 or P05 with the suffix A, C or E (0, 1 or 2).
    pub(super) fn delivery(caesarean: bool, suffix: u8) -> Self {
        Self(if caesarean { 1 } else { 4 } + suffix)
    }

    /// The same group with the next suffix; what has no suffix is as it is.
    pub(super) fn with_other_suffix(self) -> Self {
        match self.0 {
            1..=3 => Self(1 + self.0 % 3),
            4..=6 => Self(4 + self.0 % 3),
            _ => self,
        }
    }
}

/// A set of codes, by their places in a list; a lower place comes first in the row.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Codes(pub(super) u16);

impl Codes {
    /// This set with the code at a place.
    pub(super) const fn with(self, place: u8) -> Self {
        Self(self.0 | 1 << place)
    }

    /// The set with the code where it was not, without it where it was.
    pub(super) const fn toggled(self, place: u8) -> Self {
        Self(self.0 ^ 1 << place)
    }

    /// Whether the code at a place is in it.
    pub(super) const fn has(self, place: u8) -> bool {
        self.0 & 1 << place != 0
    }

    /// The places in order.
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (place < 16).then_some(place)
        })
    }
}

/// Diagnoses; those that can be the main one first.
pub(super) const DIAGNOSES: [&str; 16] = [
    "O80.0", "O81.4", "O82.0", "O82.1", "O60.0", "Z39.2", "Z37.0", "Z37.1", "Z37.2", "O60.1",
    "O70.0", "O70.1", "O70.2", "O70.3", "O72.1", "Z30.0",
];

/// Places in [`DIAGNOSES`].
pub(super) mod diagnosis {
    pub(in super::super) const SPONTANEOUS: u8 = 0;
    pub(in super::super) const VACUUM: u8 = 1;
    pub(in super::super) const PLANNED_CAESAREAN: u8 = 2;
    pub(in super::super) const ACUTE_CAESAREAN: u8 = 3;
    pub(in super::super) const PRETERM_LABOUR: u8 = 4;
    pub(in super::super) const AFTERCARE: u8 = 5;
    pub(in super::super) const LIVE: u8 = 6;
    pub(in super::super) const STILLBORN: u8 = 7;
    pub(in super::super) const TWINS_LIVE: u8 = 8;
    pub(in super::super) const PRETERM: u8 = 9;
    /// The first of four grades.
    pub(in super::super) const TEAR: u8 = 10;
    pub(in super::super) const HAEMORRHAGE: u8 = 14;
    pub(in super::super) const CONTRACEPTION: u8 = 15;
}

/// Procedures.
pub(super) const PROCEDURES: [&str; 9] =
    ["MCA10", "MAE00", "MAE03", "MBC30", "MBC33", "DT027", "DT036", "AM012", "AM005"];

/// Places in [`PROCEDURES`].
pub(super) mod procedure {
    pub(in super::super) const CAESAREAN: u8 = 0;
    pub(in super::super) const LOW_VACUUM: u8 = 1;
    pub(in super::super) const MID_VACUUM: u8 = 2;
    pub(in super::super) const SUTURE: u8 = 3;
    pub(in super::super) const SUTURE_OF_SPHINCTER: u8 = 4;
    pub(in super::super) const PROSTAGLANDIN: u8 = 5;
    pub(in super::super) const OXYTOCIN: u8 = 6;
    pub(in super::super) const KUB: u8 = 7;
    pub(in super::super) const ROUTINE_ULTRASOUND: u8 = 8;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_in_order_and_once() {
        let codes = Codes::default().with(diagnosis::LIVE).with(diagnosis::SPONTANEOUS);
        let names: Vec<&str> = codes.places().map(|place| DIAGNOSES[place]).collect();
        assert_eq!(names, ["O80.0", "Z37.0"]);
        assert_eq!(codes.toggled(diagnosis::LIVE), Codes::default().with(0));
        assert_eq!(DRGS[Drg::delivery(true, 2).with_other_suffix().0 as usize], "P01A");
        assert_eq!(DRGS[Drg::delivery(false, 1).with_other_suffix().0 as usize], "P05E");
    }
}
