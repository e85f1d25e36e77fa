//! Betalningar: payment runs and files for the bank and the accounting system.

use crate::web::route::{Act, Route};

/// The pages.
pub const ROUTES: &[Route] = &[];

/// What is done.
pub const ACTS: &[Act] = &[];
