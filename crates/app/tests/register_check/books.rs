//! The ratebooks as text, table by table, so that a fault can be written into a copy.

use crate::root;
use std::collections::BTreeMap;
use std::fs;

/// The texts of the ratebook files by name, such as `stockholm/kson-2016.toml`.
pub type Books = BTreeMap<String, String>;

pub fn originals() -> Books {
    let mut books = Books::new();
    for folder in ["stockholm", "demo"] {
        for entry in fs::read_dir(root().join("ratebook").join(folder)).unwrap().flatten() {
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            books.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    books
}

/// One table of a file, by the lines it stands on.
#[derive(Clone, Debug)]
pub struct Table {
    pub file: String,
    pub name: String,
    pub from: usize,
    pub to: usize,
    pub keys: Vec<(String, String)>,
}

impl Table {
    pub fn raw(&self, key: &str) -> Option<&str> {
        self.keys.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The value of a key as text, without quotation marks.
    pub fn get(&self, key: &str) -> &str {
        self.raw(key).unwrap_or("").trim_matches('"')
    }

    pub fn has(&self, key: &str) -> bool {
        self.raw(key).is_some()
    }
}

pub fn tables(books: &Books) -> Vec<Table> {
    let mut all = Vec::new();
    for (file, text) in books {
        let mut open: Option<Table> = None;
        for (number, line) in text.lines().enumerate() {
            if let Some(rest) = line.strip_prefix('[') {
                all.extend(open.take());
                let name = rest.trim_matches(['[', ']']).to_owned();
                let (file, keys) = (file.clone(), Vec::new());
                open = Some(Table { file, name, from: number, to: number + 1, keys });
            } else if let (Some(table), Some((key, value))) = (&mut open, line.split_once(" = "))
                && !line.starts_with('#')
            {
                table.keys.push((key.trim().to_owned(), value.trim().to_owned()));
                table.to = number + 1;
            }
        }
        all.extend(open);
    }
    all
}

/// Writes, replaces or (with `None`) removes a key of a table.
pub fn set(books: &mut Books, table: &Table, key: &str, value: Option<&str>) {
    let text = books.get_mut(&table.file).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let begins = format!("{key} = ");
    let mut inside = table.from..table.to;
    let at = inside.find(|number| lines[*number].starts_with(&begins));
    match (at, value) {
        (Some(at), Some(value)) => lines[at] = format!("{key} = {value}"),
        (Some(at), None) => drop(lines.remove(at)),
        (None, Some(value)) => lines.insert(table.from + 1, format!("{key} = {value}")),
        (None, None) => {}
    }
    *text = lines.join("\n") + "\n";
}

pub fn append(books: &mut Books, file: &str, name: &str, keys: &[(&str, String)]) {
    let text = books.get_mut(file).unwrap();
    *text += &format!("\n[[{name}]]\n");
    for (key, value) in keys {
        *text += &format!("{key} = {value}\n");
    }
}

pub fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
