//! Kontakt: why a contact is paid what it is paid, and what would have been otherwise.

use crate::web::route::{Act, Route};

/// The pages.
pub const ROUTES: &[Route] = &[];

/// What is done.
pub const ACTS: &[Act] = &[];
