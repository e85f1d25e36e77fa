//! Besked: what a unit was paid for a month, by element and contact; receipts.

use crate::web::route::{Act, Route};

/// The pages.
pub const ROUTES: &[Route] = &[];

/// What is done.
pub const ACTS: &[Act] = &[];
