//! A page as values: what stands on it, in order.
//!
//! Owns: the parts that pages are made of. Does not own: how they look (`render`, the templates, `app.css`).

use super::chart::Figure;
use super::form::Form;
use super::html::Html;
use super::table::{Cell, Table};

/// What a request is answered with.
pub enum Answer {
    /// A page.
    Page(Box<Page>),
    /// A file to keep.
    File(File),
    /// Go there instead.
    Go(String),
}

/// A file that is downloaded.
pub struct File {
    /// Its name; of what rests on synthetic data it says so.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A page.
#[derive(Default)]
pub struct Page {
    /// The heading, and the title of the window.
    pub title: String,
    /// What the page answers, in a sentence or two.
    pub lead: Option<Html>,
    /// The pages above it: text and address.
    pub trail: Vec<(String, String)>,
    /// What stands on it.
    pub blocks: Vec<Block>,
    /// Seconds until the browser asks again, where work goes on.
    pub again: Option<u32>,
}

/// A part of a page.
pub enum Block {
    /// A heading within the page; with an id to link to.
    Heading {
        /// Blank where nothing links to it.
        id: String,
        /// The text.
        text: String,
    },
    /// A paragraph.
    Text(Html),
    /// Facts, each with its name.
    Facts(Vec<(String, Cell)>),
    /// A table.
    Table(Box<Table>),
    /// A picture with its numbers under it.
    Figure(Box<Figure>),
    /// A form.
    Form(Box<Form>),
    /// Something to notice.
    Notice(Mood, Html),
    /// Links or buttons in a row: text and address.
    Links(Vec<(String, String)>),
    /// Parts side by side where there is room.
    Columns(Vec<Vec<Block>>),
    /// Parts that can be unfolded: what is said of them, and they.
    Fold(String, Vec<Block>),
    /// Markup of its own.
    Raw(Html),
}

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// For information.
    Info,
    /// Done as asked.
    Done,
    /// Somebody should look at it.
    Attention,
    /// It was refused, and nothing was changed.
    Refused,
}

impl Page {
    /// A page with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// With what it answers.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<Html>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    /// With a page above it.
    #[must_use]
    pub fn under(mut self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.trail.push((text.into(), url.into()));
        self
    }

    /// With another part.
    #[must_use]
    pub fn with(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }

    /// With a part where there is one.
    #[must_use]
    pub fn maybe(self, block: Option<impl Into<Block>>) -> Self {
        match block {
            Some(block) => self.with(block),
            None => self,
        }
    }

    /// With a heading.
    #[must_use]
    pub fn heading(self, text: impl Into<String>) -> Self {
        self.with(Block::Heading { id: String::new(), text: text.into() })
    }

    /// With a paragraph.
    #[must_use]
    pub fn text(self, text: impl Into<Html>) -> Self {
        self.with(Block::Text(text.into()))
    }

    /// With something to notice.
    #[must_use]
    pub fn notice(self, mood: Mood, text: impl Into<Html>) -> Self {
        self.with(Block::Notice(mood, text.into()))
    }

    /// Every table of the page, those inside other parts too.
    pub fn tables(&self) -> Vec<&Table> {
        let mut found = Vec::new();
        collect(&self.blocks, &mut found);
        found
    }
}

fn collect<'p>(blocks: &'p [Block], found: &mut Vec<&'p Table>) {
    for block in blocks {
        match block {
            Block::Table(table) => found.push(table),
            Block::Figure(figure) => found.extend(figure.numbers.as_ref()),
            Block::Columns(columns) => columns.iter().for_each(|part| collect(part, found)),
            Block::Fold(_, blocks) => collect(blocks, found),
            _ => {}
        }
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(Box::new(table))
    }
}

impl From<Form> for Block {
    fn from(form: Form) -> Self {
        Self::Form(Box::new(form))
    }
}

impl From<Figure> for Block {
    fn from(figure: Figure) -> Self {
        Self::Figure(Box::new(figure))
    }
}

impl From<Page> for Answer {
    fn from(page: Page) -> Self {
        Self::Page(Box::new(page))
    }
}

impl From<File> for Answer {
    fn from(file: File) -> Self {
        Self::File(file)
    }
}
