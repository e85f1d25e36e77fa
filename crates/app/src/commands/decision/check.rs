//! `decision check`: a report that a board secretary can read, and the findings for programs.

use super::document::Document;
use super::{PlaceJson, single_spaced};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use crate::{ratebook, words};
use kernel::finding::Severity;
use kernel::paper::{Paper, Span};
use kernel::scrutiny::facts::bind;
use kernel::scrutiny::{Remark, scrutinise};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CheckJson<'r> {
    findings: Vec<RemarkJson<'r>>,
    unbound: Vec<UnboundJson>,
}

#[derive(Serialize, JsonSchema)]
struct RemarkJson<'r> {
    code: &'static str,
    severity: &'static str,
    difference_ore: Option<i64>,
    difference_range_ore: Option<[i64; 2]>,
    assumes: Option<&'r str>,
    message: &'r str,
    places: Vec<PlaceJson>,
    reconciles_by: Option<&'r str>,
}

#[derive(Serialize, JsonSchema)]
struct UnboundJson {
    #[serde(flatten)]
    place: PlaceJson,
    amount_ore: i64,
    amount: String,
}

/// Runs `decision check`.
pub fn run(out: Out, file: &Path, facts: &[PathBuf]) -> Result<Outcome, Failure> {
    checked(out, &Document::open(file)?, facts)
}

/// Checks a text that is at hand, by itself.
pub fn of(out: Out, document: &Document) -> Result<Outcome, Failure> {
    checked(out, document, &[])
}

fn checked(out: Out, document: &Document, facts: &[PathBuf]) -> Result<Outcome, Failure> {
    let paper = Paper::read(&document.text);
    let mut remarks = scrutinise(&paper);
    let mut unbound = Vec::new();
    if !facts.is_empty() {
        let read = ratebook::read_folders(facts)?;
        engine::refuse(read.findings)?;
        let bound = bind(&paper, &read.decisions, &document.name);
        remarks.extend(bound.remarks);
        unbound = bound.unbound;
    }
    match out.format {
        Format::Json => out.json(&json(out, &paper, &remarks, &unbound))?,
        Format::Csv => csv(out, &paper, &remarks)?,
        Format::Table => report(out, &document.name, &paper, &remarks, &unbound),
    }
    let is_grave = |remark: &Remark| remark.severity != Severity::Note;
    Ok(if remarks.iter().any(is_grave) { Outcome::Findings } else { Outcome::Done })
}

fn json<'r>(out: Out, paper: &Paper, remarks: &'r [Remark], unbound: &[usize]) -> CheckJson<'r> {
    let finding = |remark: &'r Remark| RemarkJson {
        code: remark.doubt.name(),
        severity: remark.severity.name(),
        difference_ore: remark.difference.map(kernel::money::Money::ore),
        difference_range_ore: remark.range.map(|(low, high)| [low.ore(), high.ore()]),
        assumes: remark.assumes.as_ref().map(|text| out.lang.of(text)),
        message: out.lang.of(&remark.message),
        places: remark.places.iter().map(|span| PlaceJson::new(paper, *span)).collect(),
        reconciles_by: remark.reconciles_by.as_ref().map(|text| out.lang.of(text)),
    };
    let unbound =
        unbound.iter().filter_map(|at| paper.amounts().get(*at)).map(|amount| UnboundJson {
            place: PlaceJson::new(paper, amount.span),
            amount_ore: amount.amount.ore(),
            amount: amount.amount.to_string(),
        });
    CheckJson { findings: remarks.iter().map(finding).collect(), unbound: unbound.collect() }
}

const HEADS: [Head; 9] = [
    text("code", "Kod", "Code"),
    text("severity", "Allvar", "Severity"),
    number("line", "Rad", "Line"),
    number("difference_ore", "Skillnad", "Difference"),
    number("low_ore", "Minst", "At least"),
    number("high_ore", "Högst", "At most"),
    text("message", "Vad", "What"),
    text("assumes", "Antagande", "Assumes"),
    text("reconciles_by", "Stämmer om", "Reconciled by"),
];

fn csv(out: Out, paper: &Paper, remarks: &[Remark]) -> Result<(), Failure> {
    let row = |remark: &Remark| {
        let told = |text: &Option<kernel::finding::Text>| {
            text.as_ref().map_or("", |text| out.lang.of(text)).to_owned()
        };
        let ore = |amount: Option<kernel::money::Money>| {
            amount.map_or_else(|| Cell::from(""), Cell::from)
        };
        let line = remark.places.first().map_or(0, |place| paper.line_number(place.start));
        vec![
            remark.doubt.name().into(),
            remark.severity.name().into(),
            line.to_string().into(),
            ore(remark.difference),
            ore(remark.range.map(|(low, _)| low)),
            ore(remark.range.map(|(_, high)| high)),
            out.lang.of(&remark.message).into(),
            told(&remark.assumes).into(),
            told(&remark.reconciles_by).into(),
        ]
    };
    out.table(&HEADS, &remarks.iter().map(row).collect::<Vec<_>>())
}

/// The report: what must be looked at first, then notes, then what no fact accounts for.
fn report(out: Out, name: &str, paper: &Paper, remarks: &[Remark], unbound: &[usize]) {
    let count =
        |severity: Severity| remarks.iter().filter(|remark| remark.severity == severity).count();
    let (errors, warnings, notes) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let amounts = paper.amounts().len();
    let (warned, noted) = (
        if warnings == 1 { "varning" } else { "varningar" },
        if notes == 1 { "upplysning" } else { "upplysningar" },
    );
    out.say(
        &format!("Granskning av {name}: {amounts} belopp lästa; {errors} fel, {warnings} {warned}, {notes} {noted}"),
        &format!("Check of {name}: {amounts} amounts read; errors {errors}, warnings {warnings}, notes {notes}"),
    );
    let mut number = 0;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for remark in remarks.iter().filter(|remark| remark.severity == severity) {
            number += 1;
            item(out, paper, remark, number);
        }
    }
    if remarks.is_empty() && amounts > 0 {
        out.say(
            "\nDe belopp som lästes motsäger inte varandra, så långt texten själv visar hur de hör ihop.",
            "\nThe amounts that were read do not contradict one another, as far as the text itself shows how they belong together.",
        );
    }
    read_and_not_read(out, paper);
    if !unbound.is_empty() {
        out.say(
            "\nBelopp som inget i underlaget motsvarar:",
            "\nAmounts that no fact accounts for:",
        );
        for amount in unbound.iter().filter_map(|at| paper.amounts().get(*at)) {
            let place = place(paper, amount.span);
            out.say(&format!("  rad {place}"), &format!("  line {place}"));
        }
    }
}

/// What was read, and which rows of numbers were not taken as money.
fn read_and_not_read(out: Out, paper: &Paper) {
    if paper.amounts().is_empty() {
        out.say(
            "\nInga belopp kunde läsas i texten, så ingenting har kunnat prövas.",
            "\nNo amounts could be read in the text, so that nothing could be tried.",
        );
    }
    for (first, last) in paper.rows_without_money() {
        out.say(
            &format!(
                "\nRad {first}–{last} är rader med tal, men ingen rubrik anger kronor, tkr eller mkr: talen är inte prövade som belopp."
            ),
            &format!(
                "\nLines {first}–{last} are rows of numbers, but no heading names kronor, tkr or mkr: the numbers were not tried as amounts."
            ),
        );
    }
}

fn item(out: Out, paper: &Paper, remark: &Remark, number: usize) {
    let severity = words::severity(out.lang, remark.severity);
    let message = out.lang.of(&remark.message);
    let both = |text: &str| out.say(text, text);
    both(&format!("\n{number}. {severity}: {message}"));
    if let Some((low, high)) = remark.range.filter(|(low, high)| low != high) {
        out.say(
            &format!("   Skillnaden ligger mellan {low} och {high}."),
            &format!("   The difference is between {low} and {high}."),
        );
    }
    if let Some(text) = &remark.assumes {
        out.say(&format!("   Antagande: {}", text.sv), &format!("   Assumes: {}", text.en));
    }
    if let Some(text) = &remark.reconciles_by {
        out.say(&format!("   Stämmer om: {}", text.sv), &format!("   Reconciled if: {}", text.en));
    }
    const MOST: usize = 6;
    let places: Vec<String> =
        remark.places.iter().take(MOST).map(|span| place(paper, *span)).collect();
    let more = remark.places.len().saturating_sub(MOST);
    if !places.is_empty() {
        let (sv, en) = if more > 0 {
            (format!(" och {more} till"), format!(" and {more} more"))
        } else {
            (String::new(), String::new())
        };
        out.say(
            &format!("   Rad: {}{sv}", places.join("; ")),
            &format!("   Line: {}{en}", places.join("; ")),
        );
    }
}

/// A place for people: its line and its words.
fn place(paper: &Paper, span: Span) -> String {
    format!("{} `{}`", paper.line_number(span.start), single_spaced(&paper.text(span)))
}
