//! The form of a case: remarks, decisions, reports and steps in the order a person reads them.
//!
//! Owns: reading and writing that form; `cases/README.md` explains it. Does not own: what a step does.
//!
//! `settle 2023-02` followed by indented lines is a step and what it is expected to give.

/// A case as written.
pub struct Case {
    /// The first line without `#`.
    pub title: String,
    /// Everything, in order.
    pub parts: Vec<Part>,
}

/// A piece of a case.
pub enum Part {
    /// A remark or a blank line.
    Text(String),
    /// Files of `ratebook/`, without `.toml`.
    Ratebook {
        line: String,
        names: Vec<String>,
    },
    /// A decision file, and the day it was entered where that is not the day it became known.
    Decision {
        fence: String,
        recorded_on: Option<String>,
        text: String,
    },
    /// A contact file; those above a step have arrived by then.
    Contacts {
        fence: String,
        text: String,
    },
    Step {
        line: usize,
        words: String,
        expected: Vec<String>,
    },
}

const FENCE: &str = "```";

impl Case {
    pub fn read(text: &str) -> Result<Self, String> {
        let title = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let title = title.ok_or("the first line is to be `# ` and a sentence")?.to_owned();
        let mut parts = Vec::new();
        let mut lines = text.lines().enumerate().peekable();
        while let Some((at, line)) = lines.next() {
            let line = line.trim_end();
            parts.push(if line.is_empty() || line.starts_with('#') {
                Part::Text(line.to_owned())
            } else if let Some(names) = line.strip_prefix("ratebook ") {
                let names = names.split(',').map(|name| name.trim().to_owned()).collect();
                Part::Ratebook { line: line.to_owned(), names }
            } else if let Some(info) = line.strip_prefix(FENCE) {
                let mut text = String::new();
                for (_, line) in lines.by_ref().take_while(|(_, line)| !line.starts_with(FENCE)) {
                    text.push_str(line);
                    text.push('\n');
                }
                fenced(info, text).ok_or(format!("line {}: what is `{line}`?", at + 1))?
            } else if line.starts_with(' ') {
                return Err(format!("line {}: no step stands above `{}`", at + 1, line.trim()));
            } else {
                let mut expected = Vec::new();
                while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with(' ')) {
                    expected.push(line.to_owned());
                }
                Part::Step { line: at + 1, words: line.to_owned(), expected }
            });
        }
        Ok(Self { title, parts })
    }

    pub fn text(&self) -> String {
        let mut lines: Vec<&str> = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(line) | Part::Ratebook { line, .. } => lines.push(line),
                Part::Decision { fence, text, .. } | Part::Contacts { fence, text } => {
                    lines.push(fence);
                    lines.extend(text.lines());
                    lines.push(FENCE);
                }
                Part::Step { words, expected, .. } => {
                    lines.push(words);
                    lines.extend(expected.iter().map(String::as_str));
                }
            }
        }
        lines.join("\n") + "\n"
    }
}

fn fenced(info: &str, text: String) -> Option<Part> {
    let fence = format!("{FENCE}{info}");
    match info.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["toml"] => Some(Part::Decision { fence, recorded_on: None, text }),
        ["toml", "entered", day] => {
            Some(Part::Decision { fence, recorded_on: Some((*day).to_owned()), text })
        }
        ["csv"] => Some(Part::Contacts { fence, text }),
        _ => None,
    }
}

/// A line as it is compared: without its remark, spaces as one, any minus as `-`.
pub fn plain(line: &str) -> String {
    let (said, _) = remark(line);
    let words: Vec<&str> = said.split_whitespace().collect();
    words.join(" ").replace('−', "-")
}

/// What a line says, and the remark after it.
fn remark(line: &str) -> (&str, Option<&str>) {
    line.split_once("  # ").map_or((line, None), |(said, remark)| (said, Some(remark)))
}

/// The lines, each with the remark that it had before.
pub fn with_remarks(lines: &[String], before: &[String]) -> Vec<String> {
    let with_remark = |line: &String| {
        let same = before.iter().find(|old| plain(old) == plain(line));
        match same.and_then(|old| remark(old).1) {
            Some(remark) => format!("{line}  # {remark}"),
            None => line.clone(),
        }
    };
    lines.iter().map(with_remark).collect()
}

/// Columns side by side; the last two are numbers and stand to the right. Empty columns fall.
pub fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
    let width = |column| rows.iter().map(|row| cell(row, column).chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let written = rows.iter().map(|row| {
        let mut line = String::new();
        for (column, width) in widths.iter().enumerate().filter(|(_, width)| **width > 0) {
            let cell = cell(row, column);
            let padding = " ".repeat(width - cell.chars().count());
            let is_number = column + 2 >= columns;
            line.push_str("  ");
            line.push_str(&if is_number { padding + &cell } else { cell + &padding });
        }
        line.trim_end().to_owned()
    });
    written.collect()
}
