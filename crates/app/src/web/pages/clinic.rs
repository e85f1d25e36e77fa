//! Kliniken: what a provider sees first: its own units.

use crate::web::route::{Act, Route};

/// The pages.
pub const ROUTES: &[Route] = &[];

/// What is done.
pub const ACTS: &[Act] = &[];
