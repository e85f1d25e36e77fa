//! Statements as tagged PDF (PDF/UA-1), in Swedish.
//!
//! Owns: which tables a statement has, and that its sums agree. Does not own: the layout (`pdf/statement.typ`), or amounts.
//!
//! The rows of elements and corrections sum to that of the summary, or nothing is written.

mod world;

use crate::amount::total;
use crate::marking::Marking;
use crate::refusal::Refusal;
use kernel::money::{Money, grouped};
use kernel::time::{Day, Month};
use world::{Table, Values};

/// A statement to a unit (avräkningsbesked).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementDoc {
    /// Its title, which also is the title of the file.
    pub title: String,
    /// Who settled.
    pub region: String,
    /// The unit.
    pub unit: String,
    /// Who is paid.
    pub payee: String,
    /// The month that was settled.
    pub month: Month,
    /// The day that it is made on.
    pub made_on: Day,
    /// What the amounts rest on.
    pub marking: Marking,
    /// What the sum is made of, in a few rows.
    pub summary: Vec<SummaryRow>,
    /// What is paid for the month, by element.
    pub elements: Vec<ElementRow>,
    /// What is paid or taken back for earlier months.
    pub corrections: Vec<CorrectionRow>,
    /// What is not paid, and why.
    pub unpaid: Vec<UnpaidRow>,
    /// The decisions that the amounts rest on.
    pub sources: Vec<SourceRow>,
}

/// A row of the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryRow {
    /// What it is.
    pub label: String,
    /// How much.
    pub amount: Money,
}

/// What is paid for an element in the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementRow {
    /// The element.
    pub label: String,
    /// How many contacts.
    pub contacts: u64,
    /// How much.
    pub amount: Money,
    /// Marks of the element.
    pub marking: Marking,
}

/// What is corrected of an earlier month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionRow {
    /// The month of care.
    pub care_month: Month,
    /// The element.
    pub label: String,
    /// Why, in words.
    pub cause: String,
    /// How many contacts.
    pub contacts: u64,
    /// How much; below zero for what is taken back.
    pub amount: Money,
}

/// Contacts that are not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpaidRow {
    /// Why, in words.
    pub reason: String,
    /// How many contacts.
    pub contacts: u64,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// Its id.
    pub decision: String,
    /// What it was read in.
    pub title: String,
    /// Where that is found.
    pub place: String,
}

/// The bytes of the file; the same statement gives the same bytes. A character that the font does not have is written as the
/// nearest that it has, else `?`.
///
/// # Errors
/// Where the rows do not sum to the summary, or the layout fails.
pub fn write(doc: &StatementDoc) -> Result<Vec<u8>, Refusal> {
    let summed = |amounts: &mut dyn Iterator<Item = Money>| total(amounts).ok_or(Refusal::TooLarge);
    let sum = summed(&mut doc.summary.iter().map(|row| row.amount))?;
    let elements = summed(&mut doc.elements.iter().map(|row| row.amount))?;
    let corrections = summed(&mut doc.corrections.iter().map(|row| row.amount))?;
    let rows = elements.plus(corrections).ok_or(Refusal::TooLarge)?;
    if rows != sum {
        return Err(Refusal::SumsDiffer { stated: sum, rows });
    }
    let tables = [
        summary(doc, sum),
        element_table(doc, elements),
        correction_table(doc, corrections),
        unpaid(doc),
        sources(doc),
    ];
    let month = month_in_words(doc.month);
    world::pdf(Values {
        title: format!("{}, {}, {month}", doc.title, doc.unit),
        author: doc.region.clone(),
        made_on: doc.made_on,
        words: doc.marking.words().unwrap_or_default(),
        sentence: doc.marking.sentence().unwrap_or_default(),
        lead: vec![
            ("Enhet", doc.unit.clone()),
            ("Betalningsmottagare", doc.payee.clone()),
            ("Avser", month),
            ("Från", doc.region.clone()),
            ("Upprättat", doc.made_on.to_string()),
        ],
        tables: tables.into(),
    })
}

fn summary(doc: &StatementDoc, sum: Money) -> Table {
    let rows = doc.summary.iter().map(|row| vec![row.label.clone(), row.amount.to_string()]);
    Table {
        heading: "Sammanfattning",
        note: String::new(),
        head: vec![("Post", false), ("Belopp", true)],
        rows: rows.collect(),
        sum: vec!["Att betala".to_owned(), sum.to_string()],
    }
}

fn element_table(doc: &StatementDoc, sum: Money) -> Table {
    let rows = doc.elements.iter().map(|row| {
        let marks = row.marking.words().unwrap_or_default();
        vec![row.label.clone(), marks, grouped(row.contacts), row.amount.to_string()]
    });
    Table {
        heading: "Månadens vård",
        note: none("Ingen vård under månaden har ersatts.", doc.elements.is_empty()),
        head: vec![("Ersättningsslag", false), ("Märke", false), ("Antal", true), ("Belopp", true)],
        rows: rows.collect(),
        sum: vec!["Summa".to_owned(), String::new(), String::new(), sum.to_string()],
    }
}

fn correction_table(doc: &StatementDoc, sum: Money) -> Table {
    let rows = doc.corrections.iter().map(|row| {
        let month = row.care_month.to_string();
        let (contacts, amount) = (grouped(row.contacts), row.amount.to_string());
        vec![month, row.label.clone(), row.cause.clone(), contacts, amount]
    });
    let blank = String::new;
    Table {
        heading: "Rättelser av tidigare månader",
        note: none("Inga tidigare månader har rättats.", doc.corrections.is_empty()),
        head: vec![
            ("Vårdmånad", false),
            ("Ersättningsslag", false),
            ("Orsak", false),
            ("Antal", true),
            ("Belopp", true),
        ],
        rows: rows.collect(),
        sum: vec!["Summa".to_owned(), blank(), blank(), blank(), sum.to_string()],
    }
}

fn unpaid(doc: &StatementDoc) -> Table {
    let rows = doc.unpaid.iter().map(|row| vec![row.reason.clone(), grouped(row.contacts)]);
    Table {
        heading: "Vård som inte har ersatts",
        note: none("All rapporterad vård har ersatts.", doc.unpaid.is_empty()),
        head: vec![("Orsak", false), ("Antal", true)],
        rows: rows.collect(),
        sum: Vec::new(),
    }
}

fn sources(doc: &StatementDoc) -> Table {
    let rows = doc.sources.iter();
    let rows = rows.map(|row| vec![row.decision.clone(), row.title.clone(), row.place.clone()]);
    Table {
        heading: "Beslut och källor",
        note: none("Beloppen vilar inte på något beslut.", doc.sources.is_empty()),
        head: vec![("Beslut", false), ("Källa", false), ("Finns i", false)],
        rows: rows.collect(),
        sum: Vec::new(),
    }
}

fn none(text: &str, is_empty: bool) -> String {
    if is_empty { text.to_owned() } else { String::new() }
}

/// `januari 2023`.
fn month_in_words(month: Month) -> String {
    let name = match month.of_year() {
        1 => "januari",
        2 => "februari",
        3 => "mars",
        4 => "april",
        5 => "maj",
        6 => "juni",
        7 => "juli",
        8 => "augusti",
        9 => "september",
        10 => "oktober",
        11 => "november",
        _ => "december",
    };
    format!("{name} {}", month.year())
}
