//! State grants (statsbidrag): how a decision divides the region's amount, what becomes of it over the year, and what does
//! not add up.
//!
//! Owns: the tree of a grant (headings, items, what is left), its account (received, paid, used, repaid) with its limits
//! and books, what stands unfinanced when it ends, budget frames and the commissions that the money answers to, and
//! which rounding rule a published allocation follows.
//! Does not own: the division of a pot (`money`), or what the settlement pays (`settle`).
//!
//! 336 Mkr − 242 − 60 − 7,4 − 27 leaves −0,4 Mkr; since the source says "drygt 336", between −0,4 and 0,6 Mkr.

mod account;
mod books;
mod breach;
mod cliff;
mod commission;
mod fit;
mod frame;
mod parts;
mod share;
mod stated;
mod tree;

pub use account::{Account, FinalReport, MandateUse, Post, ReportState, Settled, Sums, account};
pub use books::{BookAccount, BookPosting, balances, postings};
pub use breach::{Breach, BreachKind, breaches};
pub use cliff::{YearFinanced, years_financed};
pub use commission::{CommissionState, Followed, commissions};
pub use fit::{Fit, Misfit, Published, fit};
pub use frame::{Frame, FrameYear, frames};
pub use parts::Part;
pub use share::{Share, counted_share, implied_share};
pub use tree::{Branch, Range, Tree, decided_trees, trees};
