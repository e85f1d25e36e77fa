//! `decision read`.

use super::document::Document;
use super::{NotedJson, PlaceJson, draft, single_spaced};
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Lang, Out, number, text};
use kernel::fact::Precision;
use kernel::paper::{Amount, Noted, Paper, Recipient};
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ReadJson {
    amounts: Vec<AmountJson>,
    shares: Vec<NotedJson>,
    dates: Vec<NotedJson>,
    case_numbers: Vec<NotedJson>,
    counts: Vec<NotedJson>,
    recipients: Vec<NotedJson>,
}

#[derive(Serialize, JsonSchema)]
struct AmountJson {
    #[serde(flatten)]
    place: PlaceJson,
    amount_ore: i64,
    amount: String,
    precision: &'static str,
    per: Option<String>,
}

/// Runs `decision read`; with a path for it, the draft of a ratebook file is written too.
pub fn run(out: Out, file: &Path, to: Option<&Path>) -> Result<Outcome, Failure> {
    let document = Document::open(file)?;
    let paper = Paper::read(&document.text);
    if let Some(to) = to {
        draft::write(to, &document, &paper)?;
    }
    told(out, &paper)
}

/// Reads a text that is at hand.
pub fn of(out: Out, document: &Document) -> Result<Outcome, Failure> {
    told(out, &Paper::read(&document.text))
}

fn told(out: Out, paper: &Paper) -> Result<Outcome, Failure> {
    match out.format {
        Format::Json => out.json(&json(paper))?,
        Format::Csv => out.table(&HEADS, &rows(paper, out.lang))?,
        Format::Table => tables(out, paper)?,
    }
    Ok(Outcome::Done)
}

fn json(paper: &Paper) -> ReadJson {
    let noted = |all: Vec<&Noted>| all.into_iter().map(|one| NotedJson::new(paper, one)).collect();
    let amount = |amount: &Amount| AmountJson {
        place: PlaceJson::new(paper, amount.span),
        amount_ore: amount.amount.ore(),
        amount: amount.amount.to_string(),
        precision: amount.precision.name(),
        per: amount.per.clone(),
    };
    ReadJson {
        amounts: paper.amounts().iter().map(amount).collect(),
        shares: noted(paper.shares()),
        dates: noted(paper.dates()),
        case_numbers: noted(paper.case_numbers().iter().collect()),
        counts: noted(paper.counts()),
        recipients: noted(named(paper).iter().collect()),
    }
}

/// The places that name a recipient; one that gets several amounts in one place stands once.
fn named(paper: &Paper) -> Vec<Noted> {
    let noted = |of: &Recipient| Noted { span: of.span, value: of.name.clone() };
    let all = paper.recipients().iter().chain(paper.recipients_in_rows());
    let mut named: Vec<Noted> = all.map(noted).collect();
    named.sort_by_key(|noted| noted.span);
    named.dedup();
    named
}

const HEADS: [Head; 8] = [
    text("kind", "Slag", "Kind"),
    number("line", "Rad", "Line"),
    text("text", "I texten", "In the text"),
    text("value", "Läst som", "Read as"),
    text("precision", "Precision", "Precision"),
    text("per", "Per", "Per"),
    number("start", "Från", "Start"),
    number("end", "Till", "End"),
];

fn rows(paper: &Paper, lang: Lang) -> Vec<Vec<Cell>> {
    let line = |at: usize| Cell::from(i64::try_from(paper.line_number(at)).unwrap_or(0));
    let place = |at: usize| Cell::from(i64::try_from(at).unwrap_or(0));
    let mut rows = Vec::new();
    for amount in paper.amounts() {
        let ore = amount.amount.ore().to_string();
        rows.push(vec![
            Cell::of(lang.pick("belopp", "amount"), "amount"),
            line(amount.span.start),
            single_spaced(&paper.text(amount.span)).into(),
            Cell::of(&amount.amount.to_string(), &ore),
            precision(lang, amount.precision),
            amount.per.clone().unwrap_or_default().into(),
            place(amount.span.start),
            place(amount.span.end),
        ]);
    }
    let recipients = named(paper);
    let kinds: [(Cell, Vec<&Noted>); 5] = [
        (Cell::of(lang.pick("andel", "share"), "share"), paper.shares()),
        (Cell::of(lang.pick("antal", "count"), "count"), paper.counts()),
        (Cell::of(lang.pick("datum", "date"), "date"), paper.dates()),
        (
            Cell::of(lang.pick("ärende", "case number"), "case-number"),
            paper.case_numbers().iter().collect(),
        ),
        (Cell::of(lang.pick("mottagare", "recipient"), "recipient"), recipients.iter().collect()),
    ];
    for (kind, all) in kinds {
        for noted in all {
            let text = single_spaced(&paper.text(noted.span));
            let value = Cell::from(noted.value.as_str());
            let (from, to) = (place(noted.span.start), place(noted.span.end));
            let blank = || Cell::from("");
            let line = line(noted.span.start);
            rows.push(vec![kind.clone(), line, text.into(), value, blank(), blank(), from, to]);
        }
    }
    rows
}

/// A word for a precision.
fn precision(lang: Lang, precision: Precision) -> Cell {
    let sv = match precision {
        Precision::Exact => "exakt",
        Precision::Rounded => "avrundat",
        Precision::About => "ungefär",
        Precision::AtLeast => "minst",
    };
    Cell::of(lang.pick(sv, precision.name()), precision.name())
}

/// For people, without the places.
fn tables(out: Out, paper: &Paper) -> Result<(), Failure> {
    let rows: Vec<Vec<Cell>> =
        rows(paper, out.lang).into_iter().map(|row| row.into_iter().take(6).collect()).collect();
    let heads = HEADS.get(..6).unwrap_or_default();
    out.table(heads, &rows)?;
    let count = paper.amounts().len();
    out.say(&format!("\n{count} belopp"), &format!("\n{count} amounts"));
    Ok(())
}
