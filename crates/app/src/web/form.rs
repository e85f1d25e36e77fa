//! Forms as values.
//!
//! Owns: which fields there are and what was typed in them. Does not own: what is done with it (`pages`).
//!
//! A form that was refused comes back with what was typed: fields take their values from the ask that made the page.

use super::ask::Ask;
use super::html::Html;

/// A form that is sent with POST.
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// What is said over its button; what it binds.
    pub lead: Option<Html>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// What its button says: what is done, such as "Bokför 4 812 rader, 103 204 118 kr".
    pub button: String,
    /// Whether it binds: then the button stands out.
    pub binds: bool,
    /// Whether files are sent with it.
    pub has_files: bool,
    /// Whether it only asks for a page.
    pub asks: bool,
}

/// A field of a form.
pub struct Field {
    /// Its name.
    pub name: String,
    /// What stands over it.
    pub label: String,
    /// What is expected in it, under the label; possibly blank.
    pub hint: String,
    /// What it takes.
    pub input: Input,
    /// What stands in it.
    pub value: String,
    /// Whether it must be filled in.
    pub is_required: bool,
}

/// What a field takes.
pub enum Input {
    /// A line of text.
    Line,
    /// A secret.
    Password,
    /// A day.
    Day,
    /// A month.
    Month,
    /// Text of many lines.
    Lines(u32),
    /// One of some values, each with what it is called.
    Choice(Vec<(String, String)>),
    /// Yes or nothing.
    Check,
    /// Files.
    Files,
    /// Nothing that is seen.
    Hidden,
}

impl Form {
    /// A form with a button.
    pub fn new(action: impl Into<String>, button: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            lead: None,
            fields: Vec::new(),
            button: button.into(),
            binds: false,
            has_files: false,
            asks: false,
        }
    }

    /// With what is said over the button.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<Html>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    /// That binds.
    #[must_use]
    pub fn binding(mut self) -> Self {
        self.binds = true;
        self
    }

    /// That asks for a page and changes nothing: its fields stand in the address.
    #[must_use]
    pub const fn asking(mut self) -> Self {
        self.asks = true;
        self
    }

    /// With a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.has_files |= matches!(field.input, Input::Files);
        self.fields.push(field);
        self
    }

    /// With a value that is sent along unseen.
    #[must_use]
    pub fn hidden(self, name: &str, value: &str) -> Self {
        let (name, value, label) = (name.to_owned(), value.to_owned(), String::new());
        let hint = String::new();
        self.field(Field { name, label, hint, input: Input::Hidden, value, is_required: false })
    }
}

impl Field {
    /// A field with what was typed in it before, else `value`.
    pub fn new(ask: &Ask, name: &str, label: &str, input: Input, value: &str) -> Self {
        let typed = ask.typed.pairs().find(|(known, _)| *known == name).map(|(_, typed)| typed);
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            input,
            value: typed.unwrap_or(value).to_owned(),
            is_required: false,
        }
    }

    /// With what is expected in it.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// That must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
}
