//! The draft of a ratebook file for a person to finish.
//!
//! Owns: what a draft looks like. Does not own: whether it is right; it begins by saying that it is not.

use super::document::Document;
use super::single_spaced;
use crate::failure::Failure;
use kernel::fact::Precision;
use kernel::paper::{Amount, Paper};
use std::fmt::Write;
use std::path::Path;

/// Writes the draft; an existing file is never written over.
pub fn write(to: &Path, document: &Document, paper: &Paper) -> Result<(), Failure> {
    let shown = to.display();
    if to.exists() {
        return Err(Failure::refused(
            format!("`{shown}` finns redan; välj ett annat namn på utkastet"),
            format!("`{shown}` is there already; choose another name for the draft"),
        ));
    }
    let text = text(document, paper);
    std::fs::write(to, text).map_err(|error| Failure::unwritable(shown, &error))
}

fn text(document: &Document, paper: &Paper) -> String {
    let mut draft = String::from(
        "# UTKAST: läst av programmet, inte granskat. Fyll i det som står inom hakar, pröva varje rad mot texten och ta bort det som inte hör till beslutet.\n",
    );
    let id = id(&document.name);
    let day = paper
        .dates()
        .iter()
        .map(|date| date.value.clone())
        .find(|day| day.len() == 10 && !day.starts_with('-'));
    let case = paper.case_numbers().first().map(|case| case.value.clone());
    let first = document.text.lines().find(|line| !line.trim().is_empty());
    let title = single_spaced(first.unwrap_or(&document.name));
    let line = |draft: &mut String, text: &str| {
        draft.push_str(text);
        draft.push('\n');
    };
    line(&mut draft, "[decision]");
    line(&mut draft, &format!("id = {}", quoted(&id)));
    line(&mut draft, "body = \"[nämnd eller annan beslutande]\"");
    match day {
        Some(day) => {
            line(&mut draft, &format!("known_from = {day}   # den första hela dagen i texten"))
        }
        None => line(&mut draft, "# known_from = ÅÅÅÅ-MM-DD   # texten har ingen hel dag"),
    }
    if let Some(case) = case {
        line(&mut draft, &format!("case_number = {}", quoted(&case)));
    }
    line(&mut draft, "status = \"proposed\"");
    let (name, sha256) = (quoted(&document.name), &document.sha256);
    line(
        &mut draft,
        &format!("source = {{ title = {}, file = {name}, sha256 = \"{sha256}\" }}", quoted(&title)),
    );
    for (at, amount) in paper.amounts().iter().enumerate() {
        draft.push_str(&fact(paper, at, amount));
    }
    draft
}

/// One amount as an item with its phrase; what kind of fact it is, a person must say.
fn fact(paper: &Paper, at: usize, amount: &Amount) -> String {
    let mut fact = String::new();
    let number = at + 1;
    let line = paper.line_number(amount.span.start);
    let mut all = paper.recipients().iter().chain(paper.recipients_in_rows());
    let recipient = all.find(|recipient| recipient.amount() == at);
    let per = amount.per.as_deref().map(|per| format!(", per {per}")).unwrap_or_default();
    let _ = writeln!(fact, "\n# Belopp {number}, rad {line}{per}");
    let _ = writeln!(fact, "[[item]]\nid = \"belopp-{number}\"\nheading = \"[rubrikens id]\"");
    if let Some(recipient) = recipient {
        let _ = writeln!(fact, "recipient = {}", quoted(&recipient.name));
    }
    let _ = writeln!(fact, "rule = \"fixed\"\namount = {}", quoted(&amount.amount.to_string()));
    if amount.precision != Precision::Exact {
        let _ = writeln!(fact, "precision = \"{}\"", amount.precision.name());
    }
    let _ =
        writeln!(fact, "anchor = {}", quoted(&single_spaced(&paper.text(paper.phrase(amount)))));
    fact
}

/// A name as an id: kebab-case ASCII.
fn id(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let plain = stem.chars().map(|c| match c {
        'å' | 'ä' => 'a',
        'ö' => 'o',
        c if c.is_ascii_alphanumeric() => c,
        _ => '-',
    });
    let joined: String = plain.collect();
    joined.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
