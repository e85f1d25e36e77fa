//! Prices: contacts in force and a view of the register become amounts.
//!
//! Owns: which rates apply (R1–R12, R22–R26), the amount of every contact formula (one file each), and the
//! lines of unit formulas. Does not own: which contacts are in force (`known`) or what was paid (`settle`).
//!
//! The view is compiled once: the calendar is cut where anything changes (*eras*), contacts that no rule can tell
//! apart share a *class*, and a [`Cell`] (unit, era, class) is priced once however many contacts it has.

mod ceiling;
mod cell;
mod compile;
mod condition;
mod count;
mod fixed_monthly;
mod linked;
mod per_weight;
mod share;
mod tier;
mod total;
mod unit_lines;
mod uplift;

pub use cell::{Cell, CellLine, Judgement, Obstacle, Told};
pub use compile::{CompiledRate, Marks, Pricer};
pub use condition::{Key, Residency, satisfies};
pub(crate) use condition::{failing_contact_key, failing_unit_key};
pub use count::{Counts, Filled, Periods};
pub use linked::{GivenPeriods, Linked, YearLine};
pub use share::{Division, Participant, division};
pub use total::{Amounts, CellSums, Line, RowKey, Total, line_difference};
pub use unit_lines::{UnitLine, UnitLines, unit_lines};

use crate::named::named;

named! {
    /// Why a contact in force has no price, in order of precedence (R22).
    Reason {
        /// The unit is under no agreement on the care date (R8).
        NoAgreement = "no-agreement",
        /// First reported too long after the month of care (R13).
        TooLate = "too-late",
        /// No payer matches the residence (R11).
        NoPayer = "no-payer",
        /// A weight is missing (R23, R28).
        NoWeight = "no-weight",
        /// Another visit of the period is the one that is paid (R30).
        IncludedInPeriod = "included-in-period",
        /// Days of pregnancy are missing (R49).
        NoGestationalDays = "no-gestational-days",
        /// No rate applies.
        NoRate = "no-rate",
    }
}

/// An amount that does not fit in 64 bits of öre; no such sum is a real payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// The rate or element it arose in.
    pub of: String,
}
