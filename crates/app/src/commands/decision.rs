//! `decision read` and `decision check`: what a decision text says, and what in it does not add up.

pub(crate) mod check;
pub mod document;
mod draft;
mod pdf;
pub(crate) mod read;
mod stored;

pub use check::run as check;
pub use read::run as read;

use kernel::paper::{Noted, Paper, Span};
use schemars::JsonSchema;
use serde::Serialize;

/// A place in the text.
#[derive(Serialize, JsonSchema)]
struct PlaceJson {
    start: usize,
    end: usize,
    text: String,
}

impl PlaceJson {
    fn new(paper: &Paper, span: Span) -> Self {
        Self { start: span.start, end: span.end, text: paper.text(span) }
    }
}

/// A place and what it is read as.
#[derive(Serialize, JsonSchema)]
struct NotedJson {
    start: usize,
    end: usize,
    text: String,
    value: String,
}

impl NotedJson {
    fn new(paper: &Paper, noted: &Noted) -> Self {
        let PlaceJson { start, end, text } = PlaceJson::new(paper, noted.span);
        Self { start, end, text, value: noted.value.clone() }
    }
}

/// Text on one line.
fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
