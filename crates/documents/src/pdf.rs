//! Documents as tagged PDF (PDF/UA-1): headings, paragraphs, words with what they are, tables that go on over pages, and charts.
//!
//! Owns: what a document is made of. Does not own: lines and pages (`layout`), the file (`paint`), or what stands in it.
//!
//! The same document gives the same bytes: there is no clock and no random id.

mod figure;
mod font;
mod layout;
mod paint;

pub use figure::{Figure, Level, Point, Shape, Value};

use crate::refusal::Refusal;

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Swedish.
    Sv,
    /// English.
    En,
}

/// A document on A4 pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its title: the first heading, the name of the file in a reader, and the foot of each page.
    pub title: String,
    /// The language of all its texts.
    pub lang: Language,
    /// What stands in a band on every page: that data are made up.
    pub band: Option<String>,
    /// What stands under the title.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; the title is of level 1, so the first is of level 2, and no level is passed over.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// Words, and what they are.
    Facts(Vec<(String, String)>),
    /// A table.
    Table(Table),
    /// A chart, with its numbers in a table under it.
    Figure(Figure),
}

/// A table whose heads stand on every page that it reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows; stands above it where it is not empty.
    pub caption: String,
    /// Its columns.
    pub heads: Vec<Head>,
    /// Cells, row by row; what is missing of a row is blank.
    pub rows: Vec<Vec<String>>,
    /// Rows of sums, under the others.
    pub sums: Vec<Vec<String>>,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What it says.
    pub text: String,
    /// Whether the column has numbers, which stand under each other.
    pub numeric: bool,
}

/// The bytes of the file. A character that the font does not have is written as the nearest that it has, else `?`.
///
/// # Errors
/// Where the document is not one of PDF/UA-1.
pub fn write(document: &Document) -> Result<Vec<u8>, Refusal> {
    let fonts = font::Fonts::load().ok_or_else(|| failed("font"))?;
    paint::file(document, fonts, layout::laid(document, fonts))
}

fn failed(message: impl Into<String>) -> Refusal {
    Refusal::Layout { message: message.into() }
}
