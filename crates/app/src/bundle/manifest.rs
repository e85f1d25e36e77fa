//! The manifest of a receipt: what it is about, what it rests on, and the hash of every other file in it.

use kernel::settle::Basis;
use kernel::time::{Day, Month};
use serde::{Deserialize, Serialize};

/// The name of the form; another form gets another name.
pub const FORM: &str = "vardkedja-bundle-1";

/// The manifest.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORM`].
    pub form: String,
    /// What must be seen first, where the data are synthetic.
    pub mark: Option<String>,
    /// `reported` or `synthetic`.
    pub origin: String,
    /// The unit.
    pub unit: String,
    /// The settled month.
    pub month: String,
    /// The version that wrote it.
    pub engine: String,
    /// What the settlement before the first of the month rested on.
    pub previous: Option<BasisJson>,
    /// The settlements of the month, in order.
    pub settlements: Vec<Settled>,
    /// Earlier settlements with lines in `posted.csv`, in order.
    pub earlier: Vec<String>,
    /// The decisions up to the last revision, in order.
    pub decisions: Vec<Decided>,
    /// The elements of the lines and their marks.
    pub elements: Vec<Marked>,
    /// The contact files, in the order in which settlements knew them.
    pub contacts: Vec<String>,
    /// What rests on contacts of other units, and is given as a fact. The lines of these contacts rest on it.
    pub given: Vec<GivenFact>,
    /// Every other file, by name.
    pub members: Vec<Member>,
}

/// What a settlement rests on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasisJson {
    /// The month.
    pub month: String,
    /// Day of settlement.
    pub on: String,
    /// Last day of care.
    pub through: String,
    /// Last day of reports.
    pub cutoff: String,
    /// Last revision of the register.
    pub revision: u32,
    /// How many of the contact files it knows.
    pub contact_files: u32,
}

impl BasisJson {
    /// A basis that knows so many of the contact files.
    pub fn new(basis: &Basis, contact_files: u32) -> Self {
        Self {
            month: basis.month.to_string(),
            on: basis.on.to_string(),
            through: basis.through.to_string(),
            cutoff: basis.cutoff.to_string(),
            revision: basis.revision,
            contact_files,
        }
    }

    /// The basis, if every day can be read.
    pub fn basis(&self) -> Option<Basis> {
        Some(Basis {
            month: Month::parse(&self.month)?,
            through: Day::parse(&self.through)?,
            on: Day::parse(&self.on)?,
            revision: self.revision,
            cutoff: Day::parse(&self.cutoff)?,
            batches: self.contact_files,
        })
    }
}

/// A settlement of the month.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// Its id.
    pub id: String,
    /// The version that computed it.
    pub engine: String,
    /// The hash of all its lines, those of other units too, as `settlements` tells it.
    pub hash: String,
    /// What it rests on.
    pub basis: BasisJson,
    /// The unit's lines.
    pub lines: usize,
    /// The sum of those that are paid.
    pub total_ore: i64,
    /// The sum of those that are only computed.
    pub shadow_ore: i64,
}

/// A decision.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// Its place in the register, from 1.
    pub revision: u32,
    /// The day it was entered.
    pub recorded_on: String,
    /// Its id.
    pub id: String,
    /// The file with its text.
    pub file: String,
}

/// An element and its marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marked {
    /// The element.
    pub element: String,
    /// No public value exists for something it rests on.
    pub illustrative: bool,
    /// No source confirms something it rests on.
    pub unverified: bool,
}

/// Under what something is given: the steps in which a settlement is compared with what was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The reports as known now, the register as known at the settlement before.
    Reports,
    /// Agreements as known now, rates as known at the settlement before.
    Agreement,
    /// Everything as known now.
    Now,
}

impl Step {
    /// In the order of settling.
    pub const ALL: [Self; 3] = [Self::Reports, Self::Agreement, Self::Now];
}

/// What is given of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A visit that is not here takes the pay of its period of pregnancy (R30).
    IncludedInPeriod,
    /// It takes the pay of its period, though by what is here another visit would.
    TakesPeriod,
    /// Somebody else reported it later: it is not the unit's any more (R14).
    Elsewhere,
    /// Somebody else reported it too; `months` from the month of care to that of the first report (R13).
    ReportedElsewhere,
}

/// A fact that rests on contacts of other units.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenFact {
    /// Settlement.
    pub settlement: String,
    /// Contact.
    pub contact_id: String,
    /// Under what.
    pub under: Step,
    /// What.
    pub outcome: Outcome,
    /// Of `reported-elsewhere`.
    pub months: Option<u16>,
}

/// A file of the receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its name.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
}
