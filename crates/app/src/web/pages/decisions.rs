//! Beslut: the register of decisions, proposals and their approval.

use crate::web::route::{Act, Route};

/// The pages.
pub const ROUTES: &[Route] = &[];

/// What is done.
pub const ACTS: &[Act] = &[];
