//! State grants (statsbidrag): how a decision divides the region's amount, and what does not add up.
//!
//! Owns: the tree of a grant (headings, items, what is left), and which rounding rule a published allocation follows.
//! Does not own: the division of a pot (`money`), or what is paid (`settle`).
//!
//! 336 Mkr − 242 − 60 − 7,4 − 27 leaves −0,4 Mkr; since the source says "drygt 336", between −0,4 and 0,6 Mkr.

mod fit;
mod tree;

pub use fit::{Fit, Misfit, Published, fit};
pub use tree::{Branch, Range, Tree, trees};
