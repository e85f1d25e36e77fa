//! Who is eligible, and by which ground.
//!
//! Owns: the reading of a referral under decided limits, and the reason in words. Does not own: the limits, or who goes first (`order`).
//!
//! `moderate_from = 60`: scales 70 and 75 have the mean 72.5, which is moderate fear.

use super::{Answer, Fear, Occasion, Referral, Social};
use kernel::fact::Eligibility;
use kernel::finding::Text;
use kernel::named;

named! {
    /// Why somebody is not eligible.
    Lack {
        /// Resident elsewhere.
        NotResident = "not-resident",
        /// The referral does not say where she is resident.
        ResidenceMissing = "residence-missing",
        /// Neither fear with a wish for vaginal birth nor enough social grounds.
        NoGround = "no-ground",
    }
}

/// A referral read under decided limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessed {
    /// Fear: as judged, else by the scales, which tell moderate and severe alone; `None` where they are below that or nothing is said.
    pub fear: Option<Fear>,
    /// The clinical ground, where it holds: at least moderate fear, and a wish for vaginal birth.
    pub clinical: Option<Fear>,
    /// The social variables that hold, in order.
    pub social: Vec<Social>,
    /// What is lacking; empty where she is eligible.
    pub lacks: Vec<Lack>,
}

impl Assessed {
    /// Reads a referral. `county` is the first two digits of the region's residences.
    pub fn of(referral: &Referral, limits: &Eligibility, county: &str) -> Self {
        let fear = referral.fear.or_else(|| by_scales(referral, limits));
        let is_wanted = referral.wants_vaginal == Answer::Yes;
        let clinical = fear.filter(|fear| *fear >= Fear::Moderate && is_wanted);
        let social: Vec<Social> = referral.socials().collect();
        let has_social = !social.is_empty() && count(&social) >= limits.social_from;
        let mut lacks = Vec::new();
        match referral.residence.as_str() {
            "" => lacks.push(Lack::ResidenceMissing),
            residence if !residence.starts_with(county) => lacks.push(Lack::NotResident),
            _ => {}
        }
        if clinical.is_none() && !has_social {
            lacks.push(Lack::NoGround);
        }
        Self { fear, clinical, social, lacks }
    }

    /// Whether she may be offered a place.
    pub fn is_eligible(&self) -> bool {
        self.lacks.is_empty()
    }

    /// How many social variables hold, 0–5.
    pub fn socials(&self) -> u32 {
        count(&self.social)
    }

    /// The grounds, or what is lacking, in words: `måttlig rädsla (FOBS 72,5), 2 sociala grunder`.
    pub fn told(&self, referral: &Referral) -> Text {
        let mut parts: Vec<Text> = Vec::new();
        if let Some(fear) = self.clinical {
            parts.push(fear_told(fear, referral));
        }
        match self.socials() {
            0 => {}
            1 => parts.push(Text::new("1 social grund", "1 social ground")),
            n => {
                parts.push(Text::new(format!("{n} sociala grunder"), format!("{n} social grounds")))
            }
        }
        if self.clinical.is_none() && self.fear >= Some(Fear::Moderate) {
            parts.push(unwanted(referral.wants_vaginal));
        }
        parts.extend(self.lacks.iter().map(|lack| lack.text()));
        joined(&parts)
    }
}

fn count(social: &[Social]) -> u32 {
    u32::try_from(social.len()).unwrap_or(u32::MAX)
}

fn by_scales(referral: &Referral, limits: &Eligibility) -> Option<Fear> {
    let doubled = referral.doubled_scale()?;
    if doubled >= 2 * limits.severe_from {
        Some(Fear::Severe)
    } else if doubled >= 2 * limits.moderate_from {
        Some(Fear::Moderate)
    } else {
        None
    }
}

fn fear_told(fear: Fear, referral: &Referral) -> Text {
    let fear = fear.text();
    let Some(doubled) = referral.doubled_scale() else { return fear };
    let (whole, half) = (doubled / 2, doubled % 2 * 5);
    let sv = if half == 0 { whole.to_string() } else { format!("{whole},{half}") };
    let en = sv.replace(',', ".");
    Text::new(format!("{} (FOBS {sv})", fear.sv), format!("{} (FOBS {en})", fear.en))
}

fn unwanted(answer: Answer) -> Text {
    match answer {
        Answer::Blank => Text::new(
            "rädslan är ingen grund så länge remissen inte säger om hon vill föda vaginalt",
            "fear is no ground as long as the referral does not say whether she wants to give birth vaginally",
        ),
        Answer::Yes | Answer::No => Text::new(
            "rädslan är ingen grund eftersom hon inte vill föda vaginalt",
            "fear is no ground since she does not want to give birth vaginally",
        ),
    }
}

/// Texts one after another.
pub(super) fn joined(parts: &[Text]) -> Text {
    let join = |of: fn(&Text) -> &str| parts.iter().map(of).collect::<Vec<_>>().join(", ");
    Text::new(join(|text| text.sv.as_str()), join(|text| text.en.as_str()))
}

impl Lack {
    /// In words.
    pub fn text(self) -> Text {
        match self {
            Self::NotResident => {
                Text::new("inte folkbokförd i regionen", "not resident in the region")
            }
            Self::ResidenceMissing => Text::new(
                "remissen säger inte var hon är folkbokförd",
                "the referral does not say where she is resident",
            ),
            Self::NoGround => Text::new("ingen grund för företräde", "no ground of priority"),
        }
    }
}

impl Fear {
    /// In words.
    pub fn text(self) -> Text {
        match self {
            Self::Mild => Text::new("lätt rädsla", "mild fear"),
            Self::Moderate => Text::new("måttlig rädsla", "moderate fear"),
            Self::Severe => Text::new("svår rädsla", "severe fear"),
            Self::Phobia => Text::new("fobi", "phobia"),
        }
    }
}

impl Social {
    /// In words.
    pub fn text(self) -> Text {
        match self {
            Self::BornAbroad => Text::new(
                "född i Östeuropa, Asien, Afrika eller Sydamerika",
                "born in Eastern Europe, Asia, Africa or South America",
            ),
            Self::Unemployed => {
                Text::new("arbetslös eller i åtgärd", "unemployed or in a labour market measure")
            }
            Self::SingleParent => Text::new("ensamstående förälder", "single parent"),
            Self::MovedIn => Text::new("inflyttad i området", "moved into the area"),
            Self::LowEducation => Text::new("låg utbildning", "low education"),
        }
    }
}

impl Occasion {
    /// In words.
    pub fn text(self) -> Text {
        match self {
            Self::Enrolment => Text::new("inskrivning", "enrolment"),
            Self::Week16 => Text::new("vecka 16", "week 16"),
            Self::OwnInterest => Text::new("egen intresseanmälan", "own interest"),
            Self::Other => Text::new("annat tillfälle", "another time"),
        }
    }
}
