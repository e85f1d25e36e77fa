//! `findings`: what stands against the clinics as known on a day, counted, listed, and written to a file for each
//! unit.
//!
//! Owns: what is asked for, and the forms of the answer. Does not own: what stands (`data`), or what to do about
//! it (`crate::findings`).

pub(crate) mod export;

use crate::data::{DataFolder, Family, Item, Stands};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Lang, Out, number, text};
use crate::words;
use kernel::finding::{Code, Finding, Severity};
use kernel::time::{Day, Month};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What findings are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Unit and code.
    Unit,
    /// Code alone.
    Code,
    /// Month of care and code.
    Month,
}

impl By {
    /// Every way, with its name on the command line.
    pub const NAMES: [(&str, Self); 3] =
        [("unit", Self::Unit), ("code", Self::Code), ("month", Self::Month)];
}

/// What is asked for; what is not given is not asked about.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Unit id, or a code as written that no unit has.
    pub unit: Option<String>,
    /// Name of a finding.
    pub code: Option<String>,
    /// Month of care.
    pub month: Option<Month>,
    /// Beginning of the hash of a file, or its name.
    pub batch: Option<String>,
    /// Only these.
    pub severities: Vec<Severity>,
    /// Day of knowledge; default today.
    pub known_on: Option<Day>,
    /// What is counted by.
    pub by: By,
    /// Folder for a file for each unit.
    pub export: Option<PathBuf>,
}

/// Something listed: the item and its words.
pub(crate) struct Listed<'s> {
    pub(crate) item: &'s Item,
    pub(crate) finding: Finding,
}

/// Counts by unit or month (blank for neither), family, code and severity.
type Counts<'s> = BTreeMap<(String, Family, &'static str, Severity), i64>;

/// Runs `findings`.
pub fn run(out: Out, folder: &Path, ask: &Ask, by: &str) -> Result<Outcome, Failure> {
    refuse_unknown_code(ask)?;
    let mut data = DataFolder::open(folder)?;
    let is_synthetic = data.is_synthetic();
    let origin = data.origin().name();
    let batches = asked_batches(&data, ask)?;
    let known_on = ask.known_on.unwrap_or_else(engine::today);
    data.reports()?;
    let stands = data.standing(known_on)?;
    refuse_unknown_unit(ask, &stands)?;
    let asked: Vec<&Item> =
        stands.items.iter().filter(|item| is_asked(ask, batches.as_deref(), item)).collect();
    let counts = count(ask.by, &asked);
    let listed = list(ask, &stands, &asked);
    let unit = ask.unit.as_deref().unwrap_or_default();
    let rows = listed.iter().filter(|listed| listed.finding.contact.is_some()).count();
    data.log_access(by, "findings", unit, "", rows, &known_on.to_string())?;
    let files = match &ask.export {
        Some(folder) => export::write(folder, &listed, known_on, out.lang, is_synthetic)?,
        None => Vec::new(),
    };
    match out.format {
        Format::Json => {
            out.json(&json(out.lang, ask, known_on, origin, &counts, &listed, files))?
        }
        Format::Csv => out.table_of(origin, &HEADS, &cells(out.lang, &listed))?,
        Format::Table => {
            out.synthetic_band(is_synthetic);
            tell(out, ask, known_on, &counts, &listed, &files)?;
        }
    }
    let to_mend = asked.iter().any(|item| item.severity != Severity::Note);
    Ok(if to_mend { Outcome::Findings } else { Outcome::Done })
}

fn is_asked(ask: &Ask, batches: Option<&[usize]>, item: &Item) -> bool {
    ask.unit.as_ref().is_none_or(|unit| **unit == *item.unit)
        && ask.code.as_ref().is_none_or(|code| code == item.code)
        && ask.month.is_none_or(|month| month == item.month)
        && batches.is_none_or(|batches| batches.contains(&item.batch))
        && (ask.severities.is_empty() || ask.severities.contains(&item.severity))
}

fn count<'s>(by: By, asked: &[&Item]) -> Counts<'s> {
    let mut counts = Counts::new();
    for item in asked {
        let group = match by {
            By::Unit => item.unit.to_string(),
            By::Month => item.month.to_string(),
            By::Code => String::new(),
        };
        *counts.entry((group, item.family, item.code, item.severity)).or_default() += 1;
    }
    counts
}

/// The items in words, in order. Notes are listed only where their severity or code is asked for: there may be
/// one for every contact that is not paid by itself.
fn list<'s>(ask: &Ask, stands: &Stands<'_>, asked: &[&'s Item]) -> Vec<Listed<'s>> {
    let with_notes = ask.code.is_some() || ask.severities.contains(&Severity::Note);
    let mut listed: Vec<Listed<'s>> = asked
        .iter()
        .filter(|item| with_notes || item.severity != Severity::Note)
        .filter_map(|item| Some(Listed { item, finding: stands.finding(item)? }))
        .collect();
    sort(&mut listed);
    listed
}

/// Puts what is listed in the order of files and lists.
pub(crate) fn sort(listed: &mut [Listed<'_>]) {
    listed.sort_by(|a, b| order(a).cmp(&order(b)));
}

fn order<'a>(
    listed: &'a Listed<'_>,
) -> (&'a str, Family, &'static str, Option<Day>, Option<&'a str>, usize, &'a Finding) {
    let Listed { item, finding } = listed;
    let contact = finding.contact.as_deref();
    (&item.unit, item.family, item.code, item.care_date, contact, item.batch, finding)
}

fn asked_batches(data: &DataFolder, ask: &Ask) -> Result<Option<Vec<usize>>, Failure> {
    let Some(asked) = &ask.batch else { return Ok(None) };
    let is_asked =
        |batch: &store::Batch| batch.source_sha256.starts_with(asked) || batch.name == *asked;
    let found: Vec<usize> =
        (0..).zip(data.batches()).filter(|(_, b)| is_asked(b)).map(|(at, _)| at).collect();
    if found.is_empty() || asked.is_empty() {
        return Err(Failure::refused(
            format!("ingen leverans heter `{asked}` eller har en hash som börjar så"),
            format!("no batch is named `{asked}` or has a hash that begins so"),
        ));
    }
    Ok(Some(found))
}

fn refuse_unknown_code(ask: &Ask) -> Result<(), Failure> {
    let Some(code) = ask.code.as_deref().filter(|code| Code::parse(code).is_none()) else {
        return Ok(());
    };
    let names = Code::ALL.iter().map(|code| code.name());
    let near = words::near(code, names);
    Err(Failure::usage(
        format!("det finns ingen avvikelse `{code}`{}", near.sv),
        format!("there is no finding `{code}`{}", near.en),
    ))
}

fn refuse_unknown_unit(ask: &Ask, stands: &Stands<'_>) -> Result<(), Failure> {
    let Some(unit) = &ask.unit else { return Ok(()) };
    let is_told = || stands.items.iter().any(|item| *item.unit == **unit);
    let is_known = stands.unit_ids().any(|id| id == unit) || is_told();
    if is_known {
        return Ok(());
    }
    let near = words::near(unit, stands.unit_ids());
    Err(Failure::refused(
        format!("ingen enhet heter `{unit}`{}", near.sv),
        format!("there is no unit `{unit}`{}", near.en),
    ))
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FindingsJson<'a> {
    known_on: String,
    origin: &'static str,
    by: &'static str,
    counts: Vec<CountJson<'a>>,
    findings: Vec<RowJson<'a>>,
    files: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct CountJson<'a> {
    unit: Option<&'a str>,
    month: Option<&'a str>,
    family: &'static str,
    code: &'static str,
    severity: &'static str,
    count: i64,
}

#[derive(Serialize, JsonSchema)]
struct RowJson<'a> {
    unit: &'a str,
    contact_id: Option<&'a str>,
    care_date: Option<String>,
    month: String,
    family: &'static str,
    code: &'static str,
    severity: &'static str,
    field: Option<&'a str>,
    value: Option<&'a str>,
    message: &'a str,
    file: &'a str,
    line: u32,
}

fn json<'a>(
    lang: Lang,
    ask: &Ask,
    known_on: Day,
    origin: &'static str,
    counts: &'a Counts<'_>,
    listed: &'a [Listed<'_>],
    files: Vec<String>,
) -> FindingsJson<'a> {
    let counts = counts.iter().map(|((group, family, code, severity), count)| CountJson {
        unit: (ask.by == By::Unit).then_some(group.as_str()),
        month: (ask.by == By::Month).then_some(group.as_str()),
        family: family.name(),
        code,
        severity: severity.name(),
        count: *count,
    });
    let rows = listed.iter().map(|Listed { item, finding }| RowJson {
        unit: &item.unit,
        contact_id: finding.contact.as_deref(),
        care_date: item.care_date.map(|day| day.to_string()),
        month: item.month.to_string(),
        family: item.family.name(),
        code: item.code,
        severity: item.severity.name(),
        field: finding.field.as_deref(),
        value: finding.value.as_deref(),
        message: lang.of(&finding.message),
        file: &finding.file,
        line: finding.line,
    });
    FindingsJson {
        known_on: known_on.to_string(),
        origin,
        by: match ask.by {
            By::Unit => "unit",
            By::Code => "code",
            By::Month => "month",
        },
        counts: counts.collect(),
        findings: rows.collect(),
        files,
    }
}

fn tell(
    out: Out,
    ask: &Ask,
    known_on: Day,
    counts: &Counts<'_>,
    listed: &[Listed<'_>],
    files: &[String],
) -> Result<(), Failure> {
    if counts.is_empty() {
        out.say(
            &format!("Inga avvikelser kvarstår enligt vad som var känt {known_on}"),
            &format!("No findings stand as known on {known_on}"),
        );
        return Ok(());
    }
    out.say(
        &format!("Kvarstående avvikelser enligt vad som var känt {known_on}\n"),
        &format!("Findings that stand as known on {known_on}\n"),
    );
    let group = match ask.by {
        By::Unit => Some(text("unit", "Enhet", "Unit")),
        By::Month => Some(text("month", "Vårdmånad", "Care month")),
        By::Code => None,
    };
    let rows: Vec<Vec<Cell>> = counts
        .iter()
        .map(|((group, _, code, severity), count)| {
            let group = (ask.by != By::Code).then(|| group.as_str().into());
            let rest = [words::finding(out.lang, code), severity_cell(out.lang, *severity)];
            group.into_iter().chain(rest).chain([(*count).into()]).collect()
        })
        .collect();
    let heads: Vec<Head> = group.into_iter().chain(COUNT_HEADS).collect();
    out.table(&heads, &rows)?;
    out.say("", "");
    if ask.export.is_some() {
        for file in files {
            out.say(&format!("Skrev {file}"), &format!("Wrote {file}"));
        }
        return Ok(());
    }
    out.table(&SHOWN_HEADS, &shown_cells(out.lang, listed))
}

fn severity_cell(lang: Lang, severity: Severity) -> Cell {
    Cell::of(words::severity(lang, severity), severity.name())
}

const COUNT_HEADS: [Head; 3] = [
    text("code", "Avvikelse", "Finding"),
    text("severity", "Grad", "Severity"),
    number("count", "Antal", "Count"),
];

/// The columns for programs and for the files to the clinics.
const HEADS: [Head; 12] = [
    text("unit", "Enhet", "Unit"),
    text("contact_id", "Kontakt", "Contact"),
    text("care_date", "Vårddatum", "Care date"),
    text("month", "Månad", "Month"),
    text("family", "Slag", "Family"),
    text("code", "Avvikelse", "Finding"),
    text("severity", "Grad", "Severity"),
    text("field", "Fält", "Field"),
    text("value", "Värde", "Value"),
    text("message", "Att göra", "What to do"),
    text("file", "Fil", "File"),
    text("line", "Rad", "Line"),
];

fn cells(lang: Lang, listed: &[Listed<'_>]) -> Vec<Vec<Cell>> {
    listed.iter().map(|listed| cells_of(lang, listed)).collect()
}

fn cells_of(lang: Lang, Listed { item, finding }: &Listed<'_>) -> Vec<Cell> {
    let given = |text: &Option<String>| Cell::from(text.clone().unwrap_or_default());
    vec![
        (&*item.unit).into(),
        given(&finding.contact),
        day_cell(item.care_date),
        item.month.to_string().into(),
        item.family.name().into(),
        item.code.into(),
        severity_cell(lang, item.severity),
        given(&finding.field),
        given(&finding.value),
        lang.of(&finding.message).into(),
        finding.file.as_str().into(),
        line(finding).into(),
    ]
}

const SHOWN_HEADS: [Head; 7] = [
    text("unit", "Enhet", "Unit"),
    text("contact_id", "Kontakt", "Contact"),
    text("care_date", "Vårddatum", "Care date"),
    text("code", "Avvikelse", "Finding"),
    text("place", "Fil och rad", "File and line"),
    text("value", "Fält och värde", "Field and value"),
    text("message", "Att göra", "What to do"),
];

fn shown_cells(lang: Lang, listed: &[Listed<'_>]) -> Vec<Vec<Cell>> {
    let row = |Listed { item, finding }: &Listed<'_>| {
        let place = match finding.line {
            0 => finding.file.clone(),
            line => format!("{}:{line}", finding.file),
        };
        let value = [finding.field.as_deref(), finding.value.as_deref()];
        let value: Vec<&str> = value.into_iter().flatten().collect();
        vec![
            (&*item.unit).into(),
            finding.contact.clone().unwrap_or_default().into(),
            day_cell(item.care_date),
            words::finding(lang, item.code),
            place.into(),
            value.join(" ").into(),
            lang.of(&finding.message).into(),
        ]
    };
    listed.iter().map(row).collect()
}

fn day_cell(day: Option<Day>) -> Cell {
    day.map_or_else(String::new, |day| day.to_string()).into()
}

fn line(finding: &Finding) -> String {
    if finding.line == 0 { String::new() } else { finding.line.to_string() }
}
