//! Who gets something by the text and who by the rows of a table: names that stand on one side only.
//!
//! Owns: a recipient whose amount stands in a row under another name, and one named beside others that have rows. Does not own: amounts
//! that differ (`repeated_row`).
//!
//! `Stiftelsen Eken beviljas 2 150 000 kronor` beside the row `Stiftelsen Asken   2 150 000`, where neither name stands elsewhere.

use super::table::amount_in;
use super::{Doubt, Remark, words};
use crate::fact::Precision;
use crate::finding::{Severity, Text};
use crate::paper::recipient::key;
use crate::paper::table::{Row, RowKind};
use crate::paper::{Kind, Paper, Recipient, Table, Token};
use std::collections::BTreeSet;

/// What names of bodies are made of: by these they are not told apart.
const KINDS: [&str; 22] = [
    "förening",
    "förbund",
    "stiftelse",
    "organisation",
    "kommun",
    "region",
    "klinik",
    "sjukhus",
    "distrikt",
    "länet",
    "riks",
    "mottagning",
    "vård",
    "central",
    "nämnd",
    "bolag",
    "aktiebolag",
    "ideell",
    "svenska",
    "sverige",
    "norra",
    "södra",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    const MOST: usize = 200;
    let told = paper.recipients().iter().take(MOST);
    let mut remarks: Vec<Remark> = told.filter_map(|one| under_another_name(paper, one)).collect();
    remarks.extend(paper.tables.iter().filter_map(|table| without_row(paper, table)));
    remarks
}

/// The words of a name by which it is told apart from others.
fn own_words(name: &[Token]) -> Vec<&str> {
    let long =
        name.iter().filter(|token| token.kind == Kind::Word && token.text.chars().count() > 3);
    let text = long.map(|token| token.text.as_str());
    let all: Vec<&str> = text.clone().collect();
    let own: Vec<&str> =
        text.filter(|word| !KINDS.iter().any(|kind| word.starts_with(kind))).collect();
    if own.is_empty() { all } else { own }
}

fn stem(word: &str) -> &str {
    word.trim_end_matches(['s', 'n', 'a', 'e', 't', 'r'])
}

fn is_alike(one: &[&str], other: &[&str]) -> bool {
    let alike = |a: &str, b: &str| {
        let (a, b) = (stem(a), stem(b));
        a.len() > 3 && b.len() > 3 && (a.contains(b) || b.contains(a))
    };
    // Two that differ in one of their words are two.
    let common = one.iter().filter(|a| other.iter().any(|b| alike(a, b))).count();
    let back = other.iter().filter(|b| one.iter().any(|a| alike(a, b))).count();
    common > 0 && common.max(back) >= one.len().min(other.len())
}

fn initials(name: &[Token]) -> String {
    let words = name.iter().filter(|token| token.kind == Kind::Word);
    words.filter_map(|token| token.text.chars().next()).collect()
}

fn name_tokens<'p>(paper: &'p Paper, recipient: &Recipient) -> &'p [Token] {
    let first = paper.tokens.partition_point(|token| token.span.start < recipient.span.start);
    let end = paper.tokens.partition_point(|token| token.span.start < recipient.span.end);
    paper.tokens_in(&(first..end))
}

fn under_another_name(paper: &Paper, recipient: &Recipient) -> Option<Remark> {
    let amount = paper.amounts().get(recipient.amount())?;
    let is_plain = amount.per.is_none()
        && !amount.is_cap
        && amount.precision == Precision::Exact
        && paper.table_of(amount.tokens.0).is_none();
    let name = name_tokens(paper, recipient);
    let (own, short) = (own_words(name), initials(name));
    let is_named = name.first().is_some_and(|token| token.is_capital) && is_body(name);
    if !is_plain || !is_named || own.is_empty() {
        return None;
    }
    let is_it = |row: &Row| {
        let label = paper.tokens_in(&row.label);
        let is_short = label
            .iter()
            .any(|token| token.text == short || Some(&token.text) == recipient.short.as_ref());
        is_short || is_alike(&own, &own_words(label))
    };
    // Rows by another name, of tables that name whom the text names otherwise.
    let rows =
        || paper.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    if rows().any(|(_, row)| is_it(row)) {
        return None;
    }
    let has_it = |(table, row): &(&Table, &Row)| {
        row.kind == RowKind::Part
            && of_recipients(paper, table)
            && (0..row.cells.len())
                .filter_map(|column| amount_in(paper, row, column))
                .any(|at| paper.amounts().get(at).is_some_and(|one| one.amount == amount.amount))
    };
    let found: Vec<(&Table, &Row)> = rows().filter(has_it).collect();
    let [(_, row)] = found[..] else { return None };
    let label = paper.tokens_in(&row.label);
    let is_told = own_words(label).iter().all(|word| {
        word.chars().count() > 3
            && paper
                .places_of(stem(word))
                .any(|at| paper.table_of(at).is_none() && !row.label.contains(&at))
    });
    if is_told {
        return None;
    }
    let place = paper.span(&row.label);
    let (a, b) = (words(&recipient.name), words(&paper.text(place)));
    let text = Text::new(
        format!(
            "{} går till `{a}` i texten och till `{b}` i tabellen, och inget av namnen finns på det andra stället",
            amount.amount
        ),
        format!(
            "{} goes to `{a}` in the text and to `{b}` in the table, and neither name stands in the other place",
            amount.amount
        ),
    );
    let places = vec![recipient.span, amount.span, place];
    Some(Remark::new(Doubt::RecipientDiffers, Severity::Warning, text, places))
}

/// A name of two words or more, or one that says what kind of body it is.
fn is_body(name: &[Token]) -> bool {
    let count = name.iter().filter(|token| token.kind == Kind::Word).count();
    let says = |token: &Token| KINDS.iter().take(13).any(|kind| token.text.contains(kind));
    count > 1 || name.iter().any(says)
}

/// Whether two rows or more of a table bear names that the text gives something to, with the same amounts.
fn of_recipients(paper: &Paper, table: &Table) -> bool {
    const LEAST: usize = 2;
    let called: BTreeSet<String> =
        table.parts().map(|row| key(&paper.tokens, row.label.clone())).collect();
    let in_rows = paper.recipients_in_rows().iter().filter(|one| called.contains(&one.key)).count();
    let told = paper.recipients().iter().filter(|one| called.contains(&one.key)).count();
    in_rows >= LEAST || told >= LEAST
}

/// "Nya mottagare är Njurföreningen och Afasiföreningen", of which the table has one only and the text says no more.
fn without_row(paper: &Paper, table: &Table) -> Option<Remark> {
    const SAYS: [&str; 10] = [
        "mottagare",
        "beviljas",
        "tilldelas",
        "erhåller",
        "stöd",
        "bidrag",
        "ingår",
        "omfattar",
        "får",
        "deltar",
    ];
    const OTHER: [&str; 10] = [
        "avslås", "avslag", "inte", "utan", "tidigare", "ansökt", "ej", "upphör", "varken",
        "ansökan",
    ];
    const SUFFIX: usize = 7;
    let single = |row: &Row| match paper.tokens_in(&row.label) {
        [only] if only.kind == Kind::Word => Some(only.text.clone()),
        _ => None,
    };
    let names: BTreeSet<String> = table.parts().filter_map(single).collect();
    if names.len() < 3 || table.sum_row().is_none() {
        return None;
    }
    let missing = |at: usize| {
        let link = paper.tokens.get(at)?;
        let (one, other) = (paper.tokens.get(at.checked_sub(1)?)?, paper.tokens.get(at + 1)?);
        let is_pair = link.is_one_of(&["och", "samt"]) && one.is_capital && other.is_capital;
        let sentence = paper.sentence(at);
        let end: Vec<char> = one.text.chars().rev().take(SUFFIX).collect();
        let is_same_kind =
            |token: &Token| token.text.chars().rev().take(SUFFIX).collect::<Vec<_>>() == end;
        let (has, lacks, place) = match (names.contains(&one.text), names.contains(&other.text)) {
            (true, false) => (one, other, at + 1),
            (false, true) => (other, one, at - 1),
            _ => return None,
        };
        let says = paper.has_word(&sentence, &SAYS) && !paper.has_word(&sentence, &OTHER);
        let is_alone = paper.places_of(stem(&lacks.text)).count() == 1 && has.text != lacks.text;
        let is_it =
            is_pair && is_same_kind(lacks) && says && is_alone && paper.table_of(at).is_none();
        is_it.then_some(place)
    };
    let place = paper.places_of("och").chain(paper.places_of("samt")).find_map(missing)?;
    let span = paper.span(&(place..place + 1));
    let name = words(&paper.text(span));
    let text = Text::new(
        format!("`{name}` nämns som mottagare men har ingen rad i tabellen"),
        format!("`{name}` is named as one that gets something but has no row in the table"),
    );
    let last = table.parts().last().map(|row| paper.span(&row.label));
    Some(Remark::new(
        Doubt::ListDiffers,
        Severity::Warning,
        text,
        std::iter::once(span).chain(last).collect(),
    ))
}
