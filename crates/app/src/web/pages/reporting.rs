//! Inrapportering: upload, batches, and what stands against the clinics.

mod batch;
mod overview;
mod standing;
mod upload;

pub use upload::one as import_one;

use crate::data::Item;
use crate::web::ask::Ask;
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use kernel::finding::Severity;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/inrapportering", needs: Right::SeeReporting, show: overview::show },
    Route {
        path: "/inrapportering/leverans/{batch}",
        needs: Right::SeeReporting,
        show: batch::show,
    },
    Route { path: "/inrapportering/avvikelser", needs: Right::SeeReporting, show: standing::show },
    Route {
        path: "/inrapportering/avvikelser/fil",
        needs: Right::SeeReporting,
        show: standing::file,
    },
];

/// What is done.
pub const ACTS: &[Act] = &[Act {
    path: "/inrapportering",
    needs: Right::Import,
    act: upload::import,
    back: overview::show,
}];

/// Whether somebody sees a thing that stands: a clinic sees its own units'. Notes are no faults.
fn is_seen(ask: &Ask, item: &Item) -> bool {
    item.severity != Severity::Note && ask.sees_unit(&item.unit)
}

/// The address of what stands, by unit and code.
fn standing_at(fields: &[(&str, &str)]) -> String {
    let query = crate::web::query::Query::default().with(fields);
    format!("/inrapportering/avvikelser{}", query.written())
}
