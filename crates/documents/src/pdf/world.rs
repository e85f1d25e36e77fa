//! What the typesetter sees: one source, one font in two weights, no files, no clock, no packages.
//!
//! Owns: how values and fonts reach the layout. Does not own: the layout itself (`statement.typ`).
//!
//! Texts come in as values, never as markup, so `#` and `*` in a name are `#` and `*`.

use crate::letters::within;
use crate::refusal::Refusal;
use kernel::time::Day;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, IntoValue, Value};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

const LAYOUT: &str = include_str!("statement.typ");

/// Source Sans 3 (SIL Open Font License 1.1, fonts/OFL.txt), regular and semibold.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&[u8]; 2] = [
        include_bytes!("../../fonts/SourceSans3-Regular.ttf"),
        include_bytes!("../../fonts/SourceSans3-SemiBold.ttf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// What the layout shows.
pub(super) struct Values {
    pub title: String,
    pub author: String,
    pub made_on: Day,
    /// What every page says.
    pub words: String,
    /// What the first page says.
    pub sentence: String,
    /// Words and what they are, above the tables.
    pub lead: Vec<(&'static str, String)>,
    pub tables: Vec<Table>,
}

/// A table with a row of headings.
pub(super) struct Table {
    pub heading: &'static str,
    /// Stands under the heading, where there is no row.
    pub note: String,
    /// Headings, and whether the column has numbers.
    pub head: Vec<(&'static str, bool)>,
    pub rows: Vec<Vec<String>>,
    /// The last row; empty where there is no sum.
    pub sum: Vec<String>,
}

struct Paper {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    source: Source,
}

impl World for Paper {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The bytes of the document, tagged and in the form of PDF/UA-1.
pub(super) fn pdf(values: Values) -> Result<Vec<u8>, Refusal> {
    let paper = Paper {
        library: LazyHash::new(Library::builder().with_inputs(inputs(values)).build()),
        book: LazyHash::new(FontBook::from_fonts(FONTS.iter())),
        source: Source::detached(LAYOUT),
    };
    let document = typst::compile::<PagedDocument>(&paper).output.map_err(|errors| failed(&errors));
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| Refusal::Layout { message: error.message().to_string() })?;
    let options = PdfOptions { standards, ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&document?, &options).map_err(|errors| failed(&errors));
    // What it remembers between documents is of no use for the next.
    typst::comemo::evict(0);
    bytes
}

fn failed(errors: &[SourceDiagnostic]) -> Refusal {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    Refusal::Layout { message: messages.join(", ") }
}

fn inputs(values: Values) -> Dict {
    let (year, month, day) = values.made_on.civil();
    let lead = values.lead.iter().map(|(word, text)| texts([*word, text]));
    let entries = [
        ("title", shown(&values.title).into_value()),
        ("author", shown(&values.author).into_value()),
        ("year", year.into_value()),
        ("month", month.into_value()),
        ("day", day.into_value()),
        ("words", values.words.into_value()),
        ("sentence", values.sentence.into_value()),
        ("lead", lead.collect::<Array>().into_value()),
        ("tables", values.tables.iter().map(table).collect::<Array>().into_value()),
    ];
    entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
}

fn table(table: &Table) -> Value {
    let numeric = table.head.iter().map(|(_, is_number)| is_number.into_value());
    let entries = [
        ("heading", table.heading.into_value()),
        ("note", table.note.as_str().into_value()),
        ("head", texts(table.head.iter().map(|(text, _)| *text))),
        ("numeric", numeric.collect::<Array>().into_value()),
        ("rows", table.rows.iter().map(texts).collect::<Array>().into_value()),
        ("sum", texts(&table.sum)),
    ];
    entries.into_iter().map(|(key, value)| (key.into(), value)).collect::<Dict>().into_value()
}

fn texts(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Value {
    texts.into_iter().map(|text| shown(text.as_ref()).into_value()).collect::<Array>().into_value()
}

/// The text in characters that both weights have; PDF/UA-1 takes no other.
fn shown(text: &str) -> String {
    let has = |c: char| FONTS.iter().all(|font| font.info().coverage.contains(u32::from(c)));
    // The no-break spaces of an amount are kept.
    let parts = text.split('\u{a0}').map(|part| within(part, has));
    parts.collect::<Vec<_>>().join("\u{a0}")
}
