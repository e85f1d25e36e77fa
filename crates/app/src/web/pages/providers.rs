//! Vårdgivare och avtal: units, assignments, agreements, capacity.

use crate::web::route::{Act, Route};

/// The pages.
pub const ROUTES: &[Route] = &[];

/// What is done.
pub const ACTS: &[Act] = &[];
