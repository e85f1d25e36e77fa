//! How results are written: tables for people, JSON and CSV for programs, in Swedish or English.
//!
//! Owns: the layout of tables, the band over synthetic data, findings as text. Does not own: which rows
//! there are.
//!
//! stdout is data, stderr messages.

use crate::failure::Failure;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use kernel::finding::{Finding, Text};
use kernel::money::{Money, grouped};
use schemars::JsonSchema;
use serde::Serialize;
use std::cell::RefCell;
use std::io::{self, BufWriter, Write};

thread_local! {
    /// What is written on this thread, where it is taken instead of shown.
    static TAKEN: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Takes what some work on this thread would write to stdout.
pub fn taken<T>(work: impl FnOnce() -> T) -> (T, Vec<u8>) {
    let before = TAKEN.replace(Some(Vec::new()));
    let done = work();
    (done, TAKEN.replace(before).unwrap_or_default())
}

/// Stdout, or what takes its place.
struct Standard;

impl Write for Standard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        TAKEN.with_borrow_mut(|taken| match taken {
            Some(taken) => taken.write(bytes),
            None => io::stdout().lock().write(bytes),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        TAKEN
            .with_borrow(|taken| if taken.is_some() { Ok(()) } else { io::stdout().lock().flush() })
    }
}

/// The form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for people.
    Table,
    /// JSON for programs.
    Json,
    /// CSV for spreadsheets.
    Csv,
}

/// The language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Swedish.
    Sv,
    /// English.
    En,
}

// Written out, since values with help texts of their own would have them in one language only.
impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Table, Self::Json, Self::Csv]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
        }))
    }
}

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Sv, Self::En]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.pick("sv", "en")))
    }
}

impl Lang {
    /// The text in this language.
    pub fn of(self, text: &Text) -> &str {
        match self {
            Self::Sv => &text.sv,
            Self::En => &text.en,
        }
    }

    /// One of two fixed texts.
    pub const fn pick(self, sv: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Sv => sv,
            Self::En => en,
        }
    }
}

/// Where results go.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    /// Form.
    pub format: Format,
    /// Language.
    pub lang: Lang,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The name in CSV, as in JSON.
    pub key: &'static str,
    /// Swedish heading.
    pub sv: &'static str,
    /// English heading.
    pub en: &'static str,
    /// Whether it holds numbers.
    pub numeric: bool,
}

/// Writes a line to stderr. Whoever has closed it does not want to be told, and what is done is done all the same.
pub fn tell(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A column of text.
pub const fn text(key: &'static str, sv: &'static str, en: &'static str) -> Head {
    Head { key, sv, en, numeric: false }
}

/// A column of numbers.
pub const fn number(key: &'static str, sv: &'static str, en: &'static str) -> Head {
    Head { key, sv, en, numeric: true }
}

/// A cell: what people read, and what programs read.
#[derive(Clone, Debug)]
pub struct Cell {
    shown: String,
    plain: String,
}

impl Cell {
    /// What people read and what programs read, where they differ.
    pub fn of(shown: &str, plain: &str) -> Self {
        Self { shown: shown.to_owned(), plain: plain.to_owned() }
    }

    /// What programs read.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// What people read.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self { shown: text.to_owned(), plain: text.to_owned() }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { shown: text.clone(), plain: text }
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        let sign = if number < 0 { "−" } else { "" };
        let shown = format!("{sign}{}", grouped(number.unsigned_abs()));
        Self { shown, plain: number.to_string() }
    }
}

/// Öre for programs, kronor for people.
impl From<Money> for Cell {
    fn from(amount: Money) -> Self {
        Self { shown: amount.to_string(), plain: amount.ore().to_string() }
    }
}

impl Out {
    /// Writes one JSON value and a line break.
    pub fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let mut out = BufWriter::new(Standard);
        let written = serde_json::to_writer(&mut out, value).map_err(io::Error::from);
        unless_closed(written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()))
    }

    /// Writes a table, or its CSV.
    pub fn table(self, heads: &[Head], rows: &[Vec<Cell>]) -> Result<(), Failure> {
        match self.format {
            Format::Csv => unless_closed(csv_rows(heads, rows)),
            Format::Table | Format::Json => unless_closed(self.text_table(heads, rows)),
        }
    }

    /// A table of what rests on contacts of an origin; CSV has it as a last column, since no band stands
    /// over it.
    pub fn table_of(self, origin: &str, heads: &[Head], rows: &[Vec<Cell>]) -> Result<(), Failure> {
        if self.format != Format::Csv {
            return self.table(heads, rows);
        }
        let heads: Vec<Head> =
            heads.iter().copied().chain([text("origin", "Ursprung", "Origin")]).collect();
        let rows: Vec<Vec<Cell>> =
            rows.iter().map(|row| row.iter().cloned().chain([origin.into()]).collect()).collect();
        self.table(&heads, &rows)
    }

    fn text_table(self, heads: &[Head], rows: &[Vec<Cell>]) -> io::Result<()> {
        let titles: Vec<&str> = heads.iter().map(|head| self.lang.pick(head.sv, head.en)).collect();
        let mut widths: Vec<usize> = titles.iter().map(|title| title.chars().count()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.shown.chars().count());
            }
        }
        let mut out = BufWriter::new(Standard);
        write_line(&mut out, heads, &widths, titles.iter().copied())?;
        let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        write_line(&mut out, heads, &widths, rules.iter().map(String::as_str))?;
        for row in rows {
            write_line(&mut out, heads, &widths, row.iter().map(|cell| cell.shown.as_str()))?;
        }
        out.flush()
    }

    /// Writes a line for people; nothing in the forms for programs.
    pub fn say(self, sv: &str, en: &str) {
        if self.format == Format::Table {
            let mut out = Standard;
            // A closed pipe is the reader's choice.
            let _ = writeln!(out, "{}", if self.lang == Lang::Sv { sv } else { en });
        }
    }

    /// Writes a message to stderr.
    pub fn note(self, text: &Text) {
        tell(self.lang.of(text));
    }

    /// The band over everything that rests on synthetic data.
    pub fn synthetic_band(self, is_synthetic: bool) {
        if is_synthetic {
            self.say(
                "▒▒ SYNTETISKA DATA: påhittade kontakter, inga verkliga personer ▒▒",
                "▒▒ SYNTETISKA DATA (synthetic data): made-up contacts, no real persons ▒▒",
            );
        }
    }

    /// One finding as a line.
    pub fn finding(self, finding: &Finding) -> String {
        let mut place = finding.file.clone();
        if finding.line > 0 {
            place = format!("{place}:{}", finding.line);
        }
        let severity = crate::words::severity(self.lang, finding.severity);
        let about = match (&finding.field, &finding.value) {
            (Some(field), Some(value)) => format!(" {field} = `{value}`:"),
            (Some(field), None) => format!(" {field}:"),
            _ => String::new(),
        };
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        let contact = finding.contact.as_ref().filter(|id| Some(*id) != finding.value.as_ref());
        let contact = contact.map_or_else(String::new, |id| format!(" {id}:"));
        format!(
            "{place}{severity} {}:{contact}{about} {}",
            finding.code,
            self.lang.of(&finding.message)
        )
    }
}

impl Out {
    /// Findings as CSV.
    pub fn findings_csv(self, findings: &[Finding]) -> Result<(), Failure> {
        let heads = [
            "code",
            "severity",
            "file",
            "line",
            "field",
            "value",
            "unit",
            "element",
            "date",
            "message",
            "contact_id",
        ];
        let rows: Vec<_> = findings
            .iter()
            .map(|finding| {
                let given = |text: &Option<String>| Cell::from(text.clone().unwrap_or_default());
                let date = finding.witness.date.map_or_else(String::new, |day| day.to_string());
                vec![
                    finding.code.name().into(),
                    finding.severity.name().into(),
                    finding.file.clone().into(),
                    finding.line.to_string().into(),
                    given(&finding.field),
                    given(&finding.value),
                    given(&finding.witness.unit),
                    given(&finding.witness.element),
                    date.into(),
                    self.lang.of(&finding.message).into(),
                    given(&finding.contact),
                ]
            })
            .collect();
        self.table(&heads.map(|key| text(key, key, key)), &rows)
    }
}

fn write_line<'a>(
    out: &mut impl Write,
    heads: &[Head],
    widths: &[usize],
    cells: impl Iterator<Item = &'a str>,
) -> io::Result<()> {
    let mut line = String::new();
    for ((head, width), cell) in heads.iter().zip(widths).zip(cells) {
        let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
        let (before, after) =
            if head.numeric { (padding, String::new()) } else { (String::new(), padding) };
        line.push_str(&before);
        line.push_str(cell);
        line.push_str(&after);
        line.push_str("  ");
    }
    writeln!(out, "{}", line.trim_end())
}

/// A reader that closes the pipe has seen enough; that is no fault.
fn unless_closed(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn csv_rows(heads: &[Head], rows: &[Vec<Cell>]) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(Standard);
    out.write_record(heads.iter().map(|head| head.key))?;
    for row in rows {
        out.write_record(row.iter().map(|cell| cell.plain.as_str()))?;
    }
    out.flush()
}

/// A finding in JSON.
#[derive(Serialize, JsonSchema)]
pub struct FindingJson<'f> {
    code: &'static str,
    severity: &'static str,
    message: &'f str,
    file: &'f str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_id: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'f str>,
    witness: WitnessJson<'f>,
}

#[derive(Serialize, JsonSchema)]
struct WitnessJson<'f> {
    unit: Option<&'f str>,
    element: Option<&'f str>,
    date: Option<String>,
}

impl<'f> FindingJson<'f> {
    /// In the language of the output.
    pub fn new(finding: &'f Finding, lang: Lang) -> Self {
        let date = finding.witness.date.map(|day| day.to_string()).filter(|day| !day.is_empty());
        Self {
            code: finding.code.name(),
            severity: finding.severity.name(),
            message: lang.of(&finding.message),
            file: &finding.file,
            line: finding.line,
            contact_id: finding.contact.as_deref(),
            field: finding.field.as_deref(),
            value: finding.value.as_deref(),
            witness: WitnessJson {
                unit: finding.witness.unit.as_deref(),
                element: finding.witness.element.as_deref(),
                date,
            },
        }
    }
}
