//! State grants (statsbidrag) as decisions state them: an amount to the region, divided into headings, items and mandates.

use super::{Pay, ShareKey};
use crate::id::{DecisionId, UnitId};
use crate::money::{Money, Ratio, Rounding};
use crate::named::named;
use crate::time::{Day, Period};

named! {
    /// How exactly a source states an amount (D2).
    Precision {
        /// To the last digit.
        Exact = "exact",
        /// The same thing stands somewhere more finely.
        Rounded = "rounded",
        /// "ca", "knappt", "närmare".
        About = "about",
        /// "drygt", "minst".
        AtLeast = "at-least",
    }
}

/// An amount with what its source says of its precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// As printed.
    pub amount: Money,
    /// How exact.
    pub precision: Precision,
    /// One unit of the last printed digit: 100 000 kr in `"6,5 mkr"`.
    pub last_digit: Money,
}

/// A state grant of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Id.
    pub id: String,
    /// Calendar year.
    pub year: i32,
    /// Who gives it.
    pub payer: Option<String>,
    /// What the region gets.
    pub amount: Figure,
    /// What it is made of: by population, by rural population.
    pub parts: Vec<GrantPart>,
    /// Case numbers of both parties.
    pub case_numbers: Vec<String>,
    /// When the money came.
    pub received_on: Option<Day>,
    /// When the account to the state is due.
    pub report_due: Option<Day>,
    /// Whether what is unused may be carried forward to the next year.
    pub carry_forward: bool,
    /// Whether it is the last of its kind: what it pays for stands unfinanced after it.
    pub is_last: bool,
}

/// A part of a grant's amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantPart {
    /// What it is called.
    pub name: String,
    /// Amount.
    pub amount: Money,
}

/// An area that the agreement of a year lets the money be used for (insatsområde).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FocusArea {
    /// Id.
    pub id: String,
    /// Of which year's agreement.
    pub year: i32,
}

/// A heading (rubrik) of the decision that divides a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Id.
    pub id: String,
    /// The grant it divides.
    pub grant: String,
    /// How its amount is formed, of the grant.
    pub rule: AllocationRule,
    /// Focus areas it is for, unsplit.
    pub focus_areas: Vec<String>,
    /// Whether it pays for what goes on when the grant ends, such as a raise.
    pub is_permanent: bool,
}

/// An item (post) under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Id.
    pub id: String,
    /// The heading it is under.
    pub heading: String,
    /// Who gets it.
    pub recipient: Option<String>,
    /// How its amount is formed, of the heading.
    pub rule: AllocationRule,
    /// Held by the administration (avsatta medel).
    pub is_reserve: bool,
    /// In force only once these decisions are known.
    pub requires: Vec<DecisionId>,
    /// When the recipient's final report is due.
    pub final_report_due: Option<Day>,
    /// Whether it pays for what goes on when the grant ends, such as a raise.
    pub is_permanent: bool,
}

/// A mandate to divide or move money (mandat).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// Id.
    pub id: String,
    /// The grant or heading it is over.
    pub over: Over,
    /// Who holds it.
    pub holder: String,
    /// The most that may be decided under it.
    pub cap: Option<Figure>,
    /// What for.
    pub scope: Option<String>,
    /// When.
    pub valid: Period,
}

/// Something done with the money of a grant (åtgärd). A later statement of the same id stands for the earlier, so that a
/// mistake is mended by stating the act again, with 0 kr where it was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantAct {
    /// Id.
    pub id: String,
    /// The grant.
    pub grant: String,
    /// The day it was done.
    pub on: Day,
    /// What.
    pub kind: ActKind,
    /// Amount, never below 0; of a report what was used, of an account 0.
    pub amount: Money,
    /// The post it is taken from or is about: a heading, an item, or the grant itself for what no heading has.
    pub from: Option<String>,
    /// The post it is moved to.
    pub to: Option<String>,
    /// The mandate it rests on, of a reallocation.
    pub mandate: Option<String>,
    /// Who gets it, of a payment.
    pub recipient: Option<String>,
    /// Case number of the other party, of an account.
    pub case_number: Option<String>,
}

named! {
    /// What is done with the money of a grant.
    ActKind {
        /// Received from the state (mottaget).
        Receive = "receive",
        /// Moved from one post to another (omfördelat).
        Reallocate = "reallocate",
        /// Paid to a recipient who is to report (utbetalt).
        Pay = "pay",
        /// Used by the region itself (förbrukat).
        Use = "use",
        /// Reported as used by a recipient (redovisat).
        Report = "report",
        /// Paid back by a recipient (återbetalt till regionen).
        Return = "return",
        /// Carried forward to the next year (överfört).
        Carry = "carry",
        /// Repaid to the state (återbetalt till staten).
        Repay = "repay",
        /// The account to the state (återrapport).
        Account = "account",
    }
}

/// What a mandate is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// A whole grant.
    Grant(String),
    /// One heading.
    Heading(String),
}

/// How the amount of a heading or an item is formed (fördelningsprincip).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllocationRule {
    /// As stated.
    Fixed {
        /// Amount.
        amount: Figure,
    },
    /// So much for each unit.
    PerUnit {
        /// For each.
        per_unit: Money,
        /// How many, where the decision says.
        units: Option<Units>,
        /// The stated total, where there is one.
        amount: Option<Figure>,
    },
    /// A pot shared by a key.
    Share {
        /// The pot.
        pot: Figure,
        /// The key.
        key: ShareKey,
        /// How parts are rounded.
        rounding: Rounding,
        /// Who takes what plain half-up leaves.
        residue: Option<String>,
        /// Once, or by the month.
        pay: Pay,
    },
    /// A percentage of the whole.
    Percent {
        /// As the ratebook writes it: 2.2 is 2,2 %.
        percent: Ratio,
        /// How it is rounded.
        rounding: Rounding,
    },
    /// What the others leave.
    Remainder,
    /// Left to the holder of a mandate.
    Mandate {
        /// Amount.
        amount: Figure,
    },
}

impl AllocationRule {
    /// The name in ratebooks.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fixed { .. } => "fixed",
            Self::PerUnit { .. } => "per-unit",
            Self::Share { .. } => "share",
            Self::Percent { .. } => "percent",
            Self::Remainder => "remainder",
            Self::Mandate { .. } => "mandate",
        }
    }

    /// The amount that stands in the source, where one does.
    pub const fn figure(&self) -> Option<Figure> {
        match self {
            Self::Fixed { amount } | Self::Mandate { amount } => Some(*amount),
            Self::PerUnit { amount, .. } => *amount,
            Self::Share { pot, .. } => Some(*pot),
            Self::Percent { .. } | Self::Remainder => None,
        }
    }
}

/// Units of a lump: their number, or which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Units {
    /// So many.
    Count(u64),
    /// These.
    Named(Vec<UnitId>),
}

impl Units {
    /// How many.
    pub fn count(&self) -> u64 {
        match self {
            Self::Count(count) => *count,
            Self::Named(units) => units.len() as u64,
        }
    }
}
