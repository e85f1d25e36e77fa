//! The tables of a file and their keys.
//!
//! Owns: which tables there are, missing and unknown keys. Does not own: what a value may be (`value`).

use super::facts;
use super::sheet::{Faulty, Sheet};
use super::value::Value;
use kernel::finding::{Code, Text};
use kernel::intake::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One table with its keys; `prefix` is the key of the table that it stands in, if any.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    sheet: &'a Sheet<'a>,
    title: &'static str,
    prefix: &'static str,
    entries: &'a DeTable<'a>,
    offset: usize,
}

impl<'a> Table<'a> {
    /// The table that a value is, with the keys it may have.
    pub(super) fn within(
        value: &Value<'a>,
        entries: &'a DeTable<'a>,
        keys: &[&'static str],
    ) -> Self {
        let table = Self {
            sheet: value.sheet(),
            title: value.key(),
            prefix: value.key(),
            entries,
            offset: value.offset(),
        };
        table.only(keys);
        table
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    fn value(&self, key: &'static str) -> Option<Value<'a>> {
        let item = self.entries.get(key)?;
        Some(Value::new(self.sheet, self.prefix, key, item))
    }

    /// The value of a key that may be left out.
    pub(super) fn optional<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&Value<'a>) -> Result<T, Faulty>,
    ) -> Result<Option<T>, Faulty> {
        self.value(key).map(|value| read(&value)).transpose()
    }

    /// The value of a compulsory key.
    pub(super) fn required<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&Value<'a>) -> Result<T, Faulty>,
    ) -> Result<T, Faulty> {
        match self.value(key) {
            Some(value) => read(&value),
            None => Err(self.missing(key)),
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub(super) fn missing(&self, key: &str) -> Faulty {
        let title = self.title;
        let message = Text::new(
            format!("`{key}` saknas i `{title}`"),
            format!("`{key}` is missing in `{title}`"),
        );
        self.refuse(Code::MissingKey, key, message)
    }

    /// A fault of the table as a whole, shown at its beginning.
    pub(super) fn refuse(&self, code: Code, key: &str, message: Text) -> Faulty {
        self.sheet.refuse(code, self.offset, Some(self.field(key)), None, message)
    }

    /// A fault of one key, shown where the key stands.
    pub(super) fn refuse_key(&self, code: Code, key: &str, message: Text) -> Faulty {
        let offset = self.entries.get_key_value(key).map(|(key, _)| key.span().start);
        let offset = offset.unwrap_or(self.offset);
        self.sheet.refuse(code, offset, Some(self.field(key)), None, message)
    }

    fn field(&self, key: &str) -> String {
        if self.prefix.is_empty() { key.to_owned() } else { format!("{}.{key}", self.prefix) }
    }

    /// The keys of the table that are not among `keys`.
    pub(super) fn others(&self, keys: &[&'static str]) -> Vec<&'a str> {
        let names = self.entries.keys().map(|key| key.get_ref().as_ref());
        names.filter(|name| !keys.contains(name)).collect()
    }

    /// Notes every key that is not among `keys`, with the nearest of them.
    pub(super) fn only(&self, keys: &[&'static str]) {
        for name in self.others(keys) {
            self.unknown(name, keys);
        }
    }

    pub(super) fn unknown(&self, name: &str, keys: &[&'static str]) {
        let near = nearest(name, keys.iter().copied()).unwrap_or("");
        let title = self.title;
        let message = Text::new(
            format!("`{name}` är ingen nyckel i `{title}`; den närmaste är `{near}`"),
            format!("`{name}` is no key of `{title}`; the nearest is `{near}`"),
        );
        self.refuse_key(Code::UnknownKey, name, message);
    }
}

/// One table of the top level.
pub(super) struct Section<'a> {
    pub(super) name: &'static str,
    pub(super) table: Table<'a>,
}

/// The tables of a file in the order they stand; what has another form is noted.
pub(super) fn sections<'a>(sheet: &'a Sheet<'a>, document: &'a DeTable<'a>) -> Vec<Section<'a>> {
    let mut found = Vec::new();
    for (key, item) in document {
        match facts::table_title(key.get_ref()) {
            Some((name, title)) => {
                tables_of(sheet, name, title, key.span().start, item, &mut found)
            }
            None => unknown_table(sheet, key),
        }
    }
    found.sort_by_key(|section| section.table.offset);
    found
}

fn tables_of<'a>(
    sheet: &'a Sheet<'a>,
    name: &'static str,
    title: &'static str,
    key_offset: usize,
    item: &'a Spanned<DeValue<'a>>,
    found: &mut Vec<Section<'a>>,
) {
    let repeated = title.starts_with("[[");
    let mut add = |entries: &'a DeTable<'a>, offset: usize| {
        found.push(Section { name, table: Table { sheet, title, prefix: "", entries, offset } });
    };
    match item.get_ref() {
        DeValue::Table(entries) if !repeated => add(entries, item.span().start),
        DeValue::Array(items) if repeated => {
            for item in items.iter() {
                match item.get_ref() {
                    DeValue::Table(entries) => add(entries, item.span().start),
                    _ => wrong_form(sheet, name, title, item.span().start),
                }
            }
        }
        _ => wrong_form(sheet, name, title, key_offset),
    }
}

fn wrong_form(sheet: &Sheet<'_>, name: &str, title: &str, offset: usize) {
    let message = Text::new(
        format!("`{name}` ska skrivas som tabellen `{title}`"),
        format!("`{name}` is to be written as the table `{title}`"),
    );
    sheet.refuse(Code::BadValue, offset, Some(name.to_owned()), None, message);
}

fn unknown_table(sheet: &Sheet<'_>, key: &Spanned<std::borrow::Cow<'_, str>>) {
    let name = key.get_ref();
    let near = nearest(name, facts::TABLES.iter().map(|(name, _)| *name)).unwrap_or("");
    let title = facts::table_title(near).map_or("", |(_, title)| title);
    let message = Text::new(
        format!("`{name}` är ingen tabell i en prislista; den närmaste är `{title}`"),
        format!("`{name}` is no table of a ratebook; the nearest is `{title}`"),
    );
    sheet.refuse(Code::UnknownKey, key.span().start, Some(name.to_string()), None, message);
}
