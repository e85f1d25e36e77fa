//! Identities as validated text, one type for each kind of thing, so that they cannot be mixed up.
//!
//! Owns: the id types. Does not own: what they identify.
//!
//! `RateId::from("continuity-2023")`; [`is_kebab`] tells whether a text has the form of an id.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $type:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(Arc<str>);

        impl $type {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self(Arc::from(text))
            }
        }

        impl Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )+};
}

ids! {
    /// A decision (beslut).
    DecisionId,
    /// A legal entity that gives care (vårdgivare).
    ProviderId,
    /// A clinic (enhet).
    UnitId,
    /// An agreement (avtal).
    AgreementId,
    /// The name of an assignment (uppdrag): `base`, `continuity`, `home-birth` or another.
    AssignmentName,
    /// A rate (ersättningsnivå).
    RateId,
    /// An element of pay (ersättningsslag).
    ElementId,
    /// A payer (betalningsansvarig).
    PayerId,
    /// A table of weights (vikttabell).
    TableId,
    /// A key that a pot is shared by (fördelningsnyckel).
    KeyName,
}

/// Whether `text` is kebab-case ASCII: `continuity-2023`.
pub fn is_kebab(text: &str) -> bool {
    text.split('-').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case() {
        assert!(is_kebab("hsn-2023-01-raise"));
        for wrong in ["", "-a", "a--b", "A", "å", "a_b", "a b"] {
            assert!(!is_kebab(wrong), "{wrong}");
        }
    }
}
