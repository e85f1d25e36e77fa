//! XML as values: an element with its attributes, and text or elements in it.
//!
//! Owns: how it is written. Does not own: which elements a format has.
//!
//! `leaf("Nm", "A & B")` is `<Nm>A &amp; B</Nm>`.

use crate::letters::one_line;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io;

/// An element.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Text(String),
    Elements(Vec<Element>),
}

/// An element with elements in it.
pub(crate) fn group(name: &'static str, elements: impl IntoIterator<Item = Element>) -> Element {
    Element {
        name,
        attributes: Vec::new(),
        content: Content::Elements(elements.into_iter().collect()),
    }
}

/// An element with a text in it, on one line.
pub(crate) fn leaf(name: &'static str, text: impl AsRef<str>) -> Element {
    Element { name, attributes: Vec::new(), content: Content::Text(one_line(text.as_ref())) }
}

impl Element {
    /// With one attribute more.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    fn is_empty(&self) -> bool {
        match &self.content {
            Content::Text(text) => text.is_empty(),
            Content::Elements(elements) => elements.iter().all(Self::is_empty),
        }
    }

    /// Empty elements are left out: neither format takes them.
    fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let attributes = self.attributes.iter().map(|(name, value)| (*name, value.as_str()));
        let start = BytesStart::new(self.name).with_attributes(attributes);
        writer.write_event(Event::Start(start))?;
        match &self.content {
            Content::Text(text) => writer.write_event(Event::Text(BytesText::new(text)))?,
            Content::Elements(elements) => {
                elements.iter().try_for_each(|element| element.write(writer))?;
            }
        }
        writer.write_event(Event::End(BytesEnd::new(self.name)))
    }
}

/// A document in UTF-8, with a comment at its head where there is something to say.
pub(crate) fn document(root: &Element, comment: Option<String>) -> Vec<u8> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
    let comment = comment.map(|text| Event::Comment(BytesText::from_escaped(format!(" {text} "))));
    // Writing into memory cannot fail.
    let _ = std::iter::once(declaration)
        .chain(comment)
        .try_for_each(|event| writer.write_event(event))
        .and_then(|()| root.write(&mut writer));
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_what_is_empty_is_left_out() {
        let root = group(
            "R",
            [leaf("N", "a < b & \"c\"\u{1}").with("k", "<\">"), group("E", [leaf("F", " ")])],
        );
        let text = String::from_utf8(document(&root, Some("märkt".into()))).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1..3], ["<!-- märkt -->", "<R>"]);
        assert_eq!(lines[3], "  <N k=\"&lt;&quot;&gt;\">a &lt; b &amp; &quot;c&quot;</N>");
        assert_eq!(lines[4..], ["</R>"]);
    }
}
