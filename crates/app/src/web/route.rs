//! What a path leads to: what is needed for it, and what it shows or does.
//!
//! Owns: the form of a route. The list of all of them is `pages::ROUTES`: rights, tests and the documents are made from it.

use super::ask::Ask;
use super::page::{Answer, Page};
use super::rights::Right;
use crate::data::DataFolder;
use crate::failure::Failure;

/// A page, or a file.
pub struct Route {
    /// The path, with `{name}` for its named parts.
    pub path: &'static str,
    /// What is needed to see it.
    pub needs: Right,
    /// What it shows.
    pub show: fn(&Ask) -> Result<Answer, Failure>,
}

/// Something that is done.
pub struct Act {
    /// The path that a form is sent to.
    pub path: &'static str,
    /// What is needed to do it.
    pub needs: Right,
    /// What it does with a copy of the open folder that is its own: what it adds is seen by the next request. It says what was done and
    /// where to go then.
    pub act: fn(&mut DataFolder, &Ask) -> Result<Done, Failure>,
    /// The page that the form stands on; it comes back with what was typed where the act is refused.
    pub back: fn(&Ask) -> Result<Answer, Failure>,
}

/// What was done.
pub struct Done {
    /// Where to go.
    pub to: String,
    /// What is said there.
    pub told: String,
    /// What is shown at once and never again, in place of going there.
    pub shown: Option<Box<Page>>,
}

impl Done {
    /// Done, and to be told on another page.
    pub fn new(to: impl Into<String>, told: impl Into<String>) -> Self {
        Self { to: to.into(), told: told.into(), shown: None }
    }

    /// Done, and shown in the answer itself: it is kept nowhere, neither here nor in the browser.
    pub fn once(page: Page) -> Self {
        Self { to: String::new(), told: String::new(), shown: Some(Box::new(page)) }
    }
}
