//! What becomes of a referral: offered, accepted, declined, started, kept.
//!
//! Owns: the states, the admitted steps between them, and which states hold a place. Does not own: whether there is a place (`chain`).
//!
//! `waiting → offered → accepted → started → kept`; who declines frees the place at once.

use kernel::finding::Text;
use kernel::named;
use kernel::time::{Day, Month};

named! {
    /// Where a referral stands.
    State {
        /// Waits for an offer.
        Waiting = "waiting",
        /// Has been offered a place.
        Offered = "offered",
        /// Has accepted it.
        Accepted = "accepted",
        /// Has met her team.
        Started = "started",
        /// Has had the chain through birth.
        Kept = "kept",
        /// Has declined.
        Declined = "declined",
        /// Refused by the clinic, which decides in the end.
        Refused = "refused",
        /// Withdrawn by the sender or by herself.
        Withdrawn = "withdrawn",
        /// Left the chain after it started.
        Ended = "ended",
    }
}

named! {
    /// What is done.
    Step {
        /// Offer a place of a team.
        Offer = "offer",
        /// She accepts.
        Accept = "accept",
        /// She declines.
        Decline = "decline",
        /// The chain starts.
        Start = "start",
        /// It was kept through birth.
        Keep = "keep",
        /// It ends before birth.
        End = "end",
        /// The clinic refuses.
        Refuse = "refuse",
        /// The referral is withdrawn.
        Withdraw = "withdraw",
        /// Back to the queue.
        Wait = "wait",
    }
}

impl State {
    /// Where a step leads; `None` where it is not admitted.
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Waiting, Step::Offer) => Some(Self::Offered),
            (Self::Waiting, Step::Refuse) => Some(Self::Refused),
            (Self::Waiting | Self::Offered | Self::Accepted, Step::Withdraw) => {
                Some(Self::Withdrawn)
            }
            (Self::Offered, Step::Accept) => Some(Self::Accepted),
            (Self::Offered | Self::Accepted, Step::Decline) => Some(Self::Declined),
            (Self::Accepted, Step::Start) => Some(Self::Started),
            (Self::Started, Step::Keep) => Some(Self::Kept),
            (Self::Started, Step::End) => Some(Self::Ended),
            (Self::Declined | Self::Refused | Self::Withdrawn, Step::Wait) => Some(Self::Waiting),
            _ => None,
        }
    }

    /// Whether it takes a place of a team.
    pub const fn holds_place(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted | Self::Started | Self::Kept)
    }

    /// Whether the woman was in the chain: what the payer calls enrolled.
    pub const fn is_enrolled(self) -> bool {
        matches!(self, Self::Started | Self::Kept)
    }

    /// The steps that are admitted.
    pub fn steps(self) -> impl Iterator<Item = Step> {
        Step::ALL.iter().copied().filter(move |step| self.after(*step).is_some())
    }

    /// In words.
    pub fn text(self) -> Text {
        let (sv, en) = match self {
            Self::Waiting => ("väntar", "waiting"),
            Self::Offered => ("erbjuden", "offered"),
            Self::Accepted => ("tackat ja", "accepted"),
            Self::Started => ("påbörjad", "started"),
            Self::Kept => ("fullföljd", "kept"),
            Self::Declined => ("tackat nej", "declined"),
            Self::Refused => ("avslagen", "refused"),
            Self::Withdrawn => ("återtagen", "withdrawn"),
            Self::Ended => ("avbruten", "ended"),
        };
        Text::new(sv, en)
    }
}

impl Step {
    /// In words, as something to do.
    pub fn text(self) -> Text {
        let (sv, en) = match self {
            Self::Offer => ("Erbjud plats", "Offer a place"),
            Self::Accept => ("Tackar ja", "Accepts"),
            Self::Decline => ("Tackar nej", "Declines"),
            Self::Start => ("Påbörja", "Start"),
            Self::Keep => ("Fullföljd till födseln", "Kept through birth"),
            Self::End => ("Avbryt", "End"),
            Self::Refuse => ("Avslå", "Refuse"),
            Self::Withdraw => ("Återta remissen", "Withdraw the referral"),
            Self::Wait => ("Tillbaka till kön", "Back to the queue"),
        };
        Text::new(sv, en)
    }

    /// Whether a reason must be given.
    pub const fn needs_note(self) -> bool {
        matches!(self, Self::End | Self::Refuse | Self::Wait)
    }
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The referral.
    pub referral: String,
    /// What.
    pub step: Step,
    /// When; never before the step before it.
    pub on: Day,
    /// The team, of an offer; else blank.
    pub team: String,
    /// The due month whose place is offered.
    pub month: Option<Month>,
    /// Why, where something is said.
    pub note: String,
    /// Who entered it.
    pub by: String,
}
