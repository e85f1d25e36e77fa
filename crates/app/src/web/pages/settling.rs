//! Avräkning: months, drafts, attest, booking, undo, closing, accruals, and the bridge.

use crate::web::route::{Act, Route};

/// The pages.
pub const ROUTES: &[Route] = &[];

/// What is done.
pub const ACTS: &[Act] = &[];
