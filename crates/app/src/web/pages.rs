//! Every page and every act of the workplace.
//!
//! Owns: the list of paths. Each room of `pages` makes the pages of one entry of the menu.

pub mod accounts;
pub mod chain;
pub mod clinic;
pub mod contact;
pub mod decisions;
pub mod dispute;
pub mod following;
pub mod grants;
pub mod log;
pub mod overview;
pub mod paying;
pub mod plain;
pub mod providers;
pub mod rates;
pub mod reporting;
pub mod settling;
pub mod statement;
pub mod texts;

use super::ask::Ask;
use super::render::MenuItem;
use super::rights::Right;
use super::route::{Act, Route};

/// Every page, in the order of the menu.
pub const ROUTES: &[&[Route]] = &[
    overview::ROUTES,
    clinic::ROUTES,
    decisions::ROUTES,
    texts::ROUTES,
    rates::ROUTES,
    providers::ROUTES,
    reporting::ROUTES,
    settling::ROUTES,
    paying::ROUTES,
    statement::ROUTES,
    contact::ROUTES,
    dispute::ROUTES,
    grants::ROUTES,
    chain::ROUTES,
    following::ROUTES,
    log::ROUTES,
    accounts::ROUTES,
    plain::ROUTES,
];

/// Everything that is done.
pub const ACTS: &[&[Act]] = &[
    decisions::ACTS,
    texts::ACTS,
    providers::ACTS,
    reporting::ACTS,
    settling::ACTS,
    paying::ACTS,
    statement::ACTS,
    contact::ACTS,
    dispute::ACTS,
    grants::ACTS,
    chain::ACTS,
    following::ACTS,
    log::ACTS,
    accounts::ACTS,
];

/// What is sent with a form and only looked at: nothing is kept of it.
pub const READS: &[&[Route]] = &[decisions::READS, texts::READS];

/// The entries of the menu: Swedish, English, address, and what is needed.
const MENU: [(&str, &str, &str, Right); 11] = [
    ("Översikt", "Overview", "/", Right::SeeOverview),
    ("Beslut", "Decisions", "/beslut", Right::SeeRegister),
    ("Ersättningar", "Rates", "/ersattningar", Right::SeeRegister),
    ("Vårdgivare och avtal", "Providers and agreements", "/vardgivare", Right::SeeRegister),
    ("Inrapportering", "Reporting", "/inrapportering", Right::SeeReporting),
    ("Avräkning", "Settlement", "/avrakning", Right::SeeAmounts),
    ("Statsbidrag och ramar", "Grants and frames", "/statsbidrag", Right::SeeGrants),
    ("Uppföljning", "Follow-up", "/uppfoljning", Right::SeeFollowUp),
    ("Vårdkedjan", "Care chain", "/vardkedjan", Right::SeeChain),
    ("Bemanning", "Staffing", "/bemanning", Right::SeeFollowUp),
    ("Logg", "Log", "/logg", Right::SeeLog),
];

/// Pages under an entry of the menu that have addresses of their own.
const PARTS: [(&str, &[&str]); 3] = [
    ("/avrakning", &["/betalningar", "/besked", "/kontakt", "/invandningar"]),
    ("/", &["/kliniken"]),
    ("/logg", &["/konton"]),
];

fn is_part(url: &str, path: &str) -> bool {
    let is_under = |part: &str| {
        path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    PARTS.iter().any(|(entry, parts)| *entry == url && parts.iter().any(|part| is_under(part)))
}

/// The menu of those who ask.
pub fn menu(ask: &Ask) -> Vec<MenuItem> {
    if !ask.user.is_in() {
        return Vec::new();
    }
    let seen = MENU.iter().filter(|(.., right)| ask.may(*right));
    let item = |(sv, en, url, _): &(&'static str, &'static str, &'static str, Right)| {
        let is_under = ask.path.strip_prefix(url).is_some_and(|rest| rest.starts_with('/'));
        let is_here = ask.path == *url || (*url != "/" && is_under) || is_part(url, &ask.path);
        MenuItem { text: ask.lang.pick(sv, en), url, is_here }
    };
    seen.map(item).collect()
}
