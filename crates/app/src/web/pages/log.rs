//! Logg: what was done, who looked at rows about persons, and whether all that is kept is whole.

mod access;
mod done;
mod whole;

use crate::web::rights::Right;
use crate::web::route::{Act, Route};

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/logg", needs: Right::SeeLog, show: done::show },
    Route { path: "/logg/atkomst", needs: Right::SeeLog, show: access::show },
    Route { path: "/logg/stickprov", needs: Right::SeeLog, show: access::spot_check },
    Route { path: "/logg/kontroll", needs: Right::SeeLog, show: whole::show },
];

/// What is done.
pub const ACTS: &[Act] = &[];
