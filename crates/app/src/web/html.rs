//! Text that is safe to stand in a page.
//!
//! Owns: escaping. Everything that comes from people or files goes through [`Html::text`].

use std::fmt::{self, Write};

/// HTML that may be put into a page as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// A text, with everything escaped that would mean something.
    pub fn text(text: &str) -> Self {
        Self(escaped(text))
    }

    /// Markup that is put together by the program from escaped parts.
    pub const fn raw(markup: String) -> Self {
        Self(markup)
    }

    /// A link.
    pub fn link(url: &str, text: &str) -> Self {
        Self(format!("<a class=\"anchor\" href=\"{}\">{}</a>", escaped(url), escaped(text)))
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This and then that.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

/// A text with `&`, `<`, `>` and quotes escaped, for content and for attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Forms send lines with it; a page has no use for it.
            '\r' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {
                let _infallible = write!(safe, "\u{fffd}");
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_mean_something_is_escaped() {
        assert_eq!(escaped("<a href=\"x\">å&'"), "&lt;a href=&quot;x&quot;&gt;å&amp;&#39;");
        assert_eq!(escaped("a\r\nb\u{7}"), "a\nb\u{fffd}");
    }
}
