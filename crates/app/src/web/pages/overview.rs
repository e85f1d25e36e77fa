//! Översikt: what needs me today, and whether everything that was reported is priced, attested and paid.

use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::page::{Answer, Page};
use crate::web::rights::Right;
use crate::web::route::Route;

/// The pages.
pub const ROUTES: &[Route] = &[Route { path: "/", needs: Right::SeeOverview, show: overview }];

fn overview(ask: &Ask) -> Result<Answer, Failure> {
    let page = Page::new(ask.say("Översikt", "Overview"));
    Ok(page.into())
}
