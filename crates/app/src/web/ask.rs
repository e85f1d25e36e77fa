//! What somebody asks for: who they are, what of, in which language.
//!
//! Owns: reading the parts of a request, and that nobody reaches a unit that is not theirs. Does not own: the answer (`pages`).

use super::account::User;
use super::place::Place;
use super::query::Query;
use super::rights::{Reach, Right, allowed};
use crate::engine;
use crate::failure::Failure;
use crate::output::Lang;
use kernel::finding::Text;
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A request.
pub struct Ask {
    /// All that is kept, as it is now.
    pub place: Arc<Place>,
    /// Who asks.
    pub user: User,
    /// In which language.
    pub lang: Lang,
    /// `light` or `dark`; blank for what the reader's system says.
    pub theme: String,
    /// The path of the address.
    pub path: String,
    /// The named parts of the path.
    pub params: BTreeMap<String, String>,
    /// What follows the `?`.
    pub query: Query,
    /// What was typed in a form.
    pub typed: Query,
    /// The files of a form.
    pub files: Vec<Upload>,
    /// Why what was sent before was refused.
    pub problem: Option<Text>,
    /// What was done before.
    pub done: Option<String>,
}

/// A file that was sent.
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Ask {
    /// One of two texts, by language.
    pub const fn say(&self, sv: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(sv, en)
    }

    /// A text in the language of the reader.
    pub fn of(&self, text: &Text) -> String {
        self.lang.of(text).to_owned()
    }

    /// A named part of the path; blank where there is none.
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// The part of the path that names a month.
    pub fn month(&self, name: &str) -> Result<Month, Failure> {
        Month::parse(self.param(name)).ok_or_else(missing)
    }

    /// A day of the address, such as `known_on`; the other where it is not given.
    pub fn day(&self, name: &str, other: Day) -> Result<Day, Failure> {
        self.query.value(name).map_or(Ok(other), sent_day)
    }

    /// For whom they may do something.
    pub fn reach(&self, right: Right) -> Reach {
        allowed(self.user.role, right)
    }

    /// Whether they may do something for anybody.
    pub fn may(&self, right: Right) -> bool {
        self.reach(right) != Reach::Nothing
    }

    /// Whether they see all units; a clinic sees its own.
    pub fn sees_all(&self) -> bool {
        self.user.provider.is_none()
    }

    /// Whether they may see what is about a unit.
    pub fn sees_unit(&self, unit: &str) -> bool {
        match &self.user.provider {
            None => true,
            Some(provider) => self.place.units_of(provider).contains(unit),
        }
    }

    /// The units that they see, where that is not all.
    pub fn own_units(&self) -> Option<&BTreeSet<String>> {
        self.user.provider.as_ref().map(|provider| self.place.units_of(provider))
    }

    /// The unit that the path names, if they may see it; another clinic's is told as one that is not there.
    pub fn unit(&self, name: &str) -> Result<&str, Failure> {
        let unit = self.param(name);
        if self.place.has_unit(unit) && self.sees_unit(unit) { Ok(unit) } else { Err(missing()) }
    }

    /// The address of this page with other fields.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        format!("{}{}", self.path, self.query.with(changes).written())
    }
}

/// A day as it was sent.
pub fn sent_day(text: &str) -> Result<Day, Failure> {
    Day::parse(text).ok_or_else(|| {
        Failure::usage(
            format!("`{text}` är inget datum; skriv som 2023-01-31"),
            format!("`{text}` is no date; write it as 2023-01-31"),
        )
    })
}

/// A year as it was sent.
pub fn sent_year(text: &str) -> Result<i32, Failure> {
    engine::year(text).ok_or_else(|| {
        Failure::usage(
            format!("`{text}` är inget år; skriv ett från 1900 till 2999"),
            format!("`{text}` is no year; write one from 1900 to 2999"),
        )
    })
}

/// What is not there, or not for those who ask.
pub fn missing() -> Failure {
    Failure::NotThere
}
