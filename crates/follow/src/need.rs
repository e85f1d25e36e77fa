//! Who is offered a place in the continuity chain (sammanhållen vårdkedja): grounds, order of need, places, and what became of them.
//!
//! Owns: [`Referral`], who is eligible and by which ground, the order, places by team and due month, the admitted steps, the figures
//! that may leave the clinic, and the comparison with what was paid. Does not own: where referrals are kept (sealed, in the receiving
//! clinic's own compartment), the limits (decided data, `kernel::fact::Eligibility`), or amounts.
//!
//! Eligible is who is resident in the region and has a ground: moderate or severe fear of birth with a wish to give birth vaginally, or
//! one or more of five social variables (vardgivarguiden.se, Sammanhållen vårdkedja). The greatest need goes first, clinical grounds before
//! social ones; ties are broken by the day the referral came and by lot. `Anna: severe fear, referred 2024-03-02` goes before `Bo: moderate
//! fear, 3 social grounds, referred 2024-01-05`.

pub mod agree;
pub mod chain;
pub mod course;
pub mod figures;
pub mod ground;
pub mod order;
pub mod refusal;

use kernel::named;
use kernel::time::{Day, Month};

named! {
    /// What a referral says to a question.
    Answer {
        /// Yes.
        Yes = "ja",
        /// No.
        No = "nej",
        /// Nothing: nobody asked, or she would not say. It is no ground, and it is no "no".
        Blank = "",
    }
}

named! {
    /// Fear of birth (förlossningsrädsla), from least to most.
    Fear {
        /// Mild (lätt).
        Mild = "mild",
        /// Moderate (måttlig).
        Moderate = "moderate",
        /// Severe (svår).
        Severe = "severe",
        /// A phobia (fobi).
        Phobia = "phobia",
    }
}

named! {
    /// The five social variables (of the seven of Care Need Index) that show a special need of continuity.
    Social {
        /// Born in Eastern Europe, Asia, Africa or South America.
        BornAbroad = "born-abroad",
        /// Unemployed or in a labour market measure, 16–64 years.
        Unemployed = "unemployed",
        /// Single parent with a child of at most 17 years.
        SingleParent = "single-parent",
        /// Moved into the area.
        MovedIn = "moved-in",
        /// Low education, 25–64 years.
        LowEducation = "low-education",
    }
}

named! {
    /// When or how a referral came about.
    Occasion {
        /// At enrolment at the midwife clinic.
        Enrolment = "enrolment",
        /// At the visit in week 16.
        Week16 = "week-16",
        /// By the woman's own form.
        OwnInterest = "own-interest",
        /// At another time.
        Other = "other",
    }
}

/// A woman's referral to a clinic's chain (remiss). Grounds in it never leave the receiving clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Id, unique at the receiving clinic.
    pub id: String,
    /// Her pseudonym.
    pub person: String,
    /// The unit that sends it; blank where she came by her own form.
    pub from_unit: String,
    /// The day the clinic received it.
    pub received_on: Day,
    /// When or how it came about.
    pub occasion: Occasion,
    /// Expected date of birth.
    pub due_on: Day,
    /// The two scales of the Fear of Birth Scale (FOBS), each 0–100, where both were answered.
    pub scales: Option<[u8; 2]>,
    /// Fear as the midwife judged it; goes before the scales.
    pub fear: Option<Fear>,
    /// Whether she wants to give birth vaginally.
    pub wants_vaginal: Answer,
    /// Answers in the order of [`Social::ALL`].
    pub social: [Answer; 5],
    /// Residence: four digits, municipality with county; possibly blank.
    pub residence: String,
    /// What else the sender says.
    pub note: String,
}

impl Referral {
    /// The month she is expected to give birth in: places are counted by it.
    pub fn due_month(&self) -> Month {
        self.due_on.month()
    }

    /// Twice the mean of the two scales, 0–200: whole, so that half points are exact.
    pub fn doubled_scale(&self) -> Option<u32> {
        self.scales.map(|[first, second]| u32::from(first) + u32::from(second))
    }

    /// The social variables that hold.
    pub fn socials(&self) -> impl Iterator<Item = Social> + '_ {
        let both = Social::ALL.iter().zip(&self.social);
        both.filter(|(_, answer)| **answer == Answer::Yes).map(|(social, _)| *social)
    }
}

#[cfg(test)]
mod tests;
