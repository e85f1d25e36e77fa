//! Fields of an address or a form: names and values in order.
//!
//! Owns: reading and writing `a=1&b=2`. `Query::parse("q=s%C3%B6s").value("q")` is `sös`.

use std::fmt::Write;

/// Names and values, in the order they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what follows the `?`, or the body of a form.
    pub fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        };
        Self(pairs.map(pair).collect())
    }

    /// Adds a field.
    pub fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// The value of a field, trimmed; none where it is missing or blank.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The value of a field as it was given; blank where it is missing.
    pub fn given(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field.
    pub fn values<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All fields.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same with other values for some fields; a blank value takes the field away.
    #[must_use]
    pub fn with(&self, changes: &[(&str, &str)]) -> Self {
        let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
        let kept = self.0.iter().filter(|(name, _)| !is_changed(name)).cloned();
        let new = changes.iter().filter(|(_, value)| !value.is_empty());
        Self(kept.chain(new.map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))).collect())
    }

    /// As it stands in an address, with the `?`; nothing where there are no fields.
    pub fn written(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.push_str(&encoded(name));
            text.push('=');
            text.push_str(&encoded(value));
        }
        text
    }
}

/// A text as it may stand in an address.
pub fn encoded(text: &str) -> String {
    let mut safe = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(byte.into());
        } else {
            let _infallible = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

/// The text that was encoded, `+` as a space; bytes that are no UTF-8 are replaced.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or(&[]);
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let query = Query::parse("q=s%C3%B6s+a&page=2&x");
        assert_eq!(query.value("q"), Some("sös a"));
        assert_eq!(query.value("x"), None);
        let changed = query.with(&[("page", ""), ("sort", "-a&b")]);
        assert_eq!(Query::parse(&changed.written()[1..]), changed);
        assert_eq!(decoded("100%"), "100%");
    }
}
