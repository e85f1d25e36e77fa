//! Robson's ten groups of women giving birth, by which caesareans are compared.
//!
//! Owns: the group of one birth, and that it is unclassifiable where the group cannot be told. Does not own: how the six facts are
//! found in contacts and measures. Source: Robson, Fetal and Maternal Medicine Review 12 (2001) 23–39; WHO, Robson Classification:
//! Implementation Manual (2017).
//!
//! First birth, one child, head down, week 39, labour by itself: group 1.

use crate::inputs::LabourStart;
use kernel::named;

named! {
    /// The group of a woman giving birth.
    Robson {
        /// First birth, one child head down at term, spontaneous labour.
        One = "1",
        /// First birth, one child head down at term, induced or caesarean before labour.
        Two = "2",
        /// Later birth without previous caesarean, one child head down at term, spontaneous labour.
        Three = "3",
        /// Later birth without previous caesarean, one child head down at term, induced or caesarean before labour.
        Four = "4",
        /// Later birth with a previous caesarean, one child head down at term.
        Five = "5",
        /// First birth, one child in breech.
        Six = "6",
        /// Later birth, one child in breech, previous caesareans included.
        Seven = "7",
        /// More than one child.
        Eight = "8",
        /// One child, transverse or oblique.
        Nine = "9",
        /// One child head down before term.
        Ten = "10",
        /// A fact that decides is missing, or two contradict each other.
        Unclassifiable = "unclassifiable",
    }
}

named! {
    /// How the child lay.
    Presentation {
        /// Head down.
        Cephalic = "cephalic",
        /// Breech.
        Breech = "breech",
        /// Transverse or oblique.
        Transverse = "transverse",
    }
}

/// What decides the group; `None` is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birth {
    /// Births before this one.
    pub parity: Option<u32>,
    /// Whether any of them was a caesarean.
    pub previous_caesarean: Option<bool>,
    /// Children in this pregnancy.
    pub children: Option<u32>,
    /// How the child lay.
    pub presentation: Option<Presentation>,
    /// Whole weeks at birth; 37 is term.
    pub weeks: Option<u32>,
    /// How labour began.
    pub start: Option<LabourStart>,
}

/// The group of a birth. Facts are asked for in the order children, presentation, weeks, parity, previous caesarean, start; one that is
/// missing makes the birth unclassifiable only where it is asked for. Born before anybody could assist is spontaneous.
pub fn robson(birth: Birth) -> Robson {
    group(birth).unwrap_or(Robson::Unclassifiable)
}

fn group(birth: Birth) -> Option<Robson> {
    if birth.children? > 1 {
        return Some(Robson::Eight);
    }
    match birth.presentation? {
        Presentation::Transverse => return Some(Robson::Nine),
        Presentation::Breech if birth.parity? == 0 => return Some(Robson::Six),
        Presentation::Breech => return Some(Robson::Seven),
        Presentation::Cephalic => {}
    }
    if birth.weeks? < 37 {
        return Some(Robson::Ten);
    }
    let is_first = birth.parity? == 0;
    let with_scar = match (is_first, birth.previous_caesarean) {
        (true, Some(true)) => return None,
        (true, _) => false,
        (false, scar) => scar?,
    };
    if with_scar {
        return Some(Robson::Five);
    }
    let is_spontaneous = matches!(birth.start?, LabourStart::Spontaneous | LabourStart::Unassisted);
    Some(match (is_first, is_spontaneous) {
        (true, true) => Robson::One,
        (true, false) => Robson::Two,
        (false, true) => Robson::Three,
        (false, false) => Robson::Four,
    })
}
