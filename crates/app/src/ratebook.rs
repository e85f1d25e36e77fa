//! Ratebooks: folders of TOML files, one decision each, read into facts.
//!
//! Owns: the form of a ratebook file: its tables, keys and values. Does not own: how facts fit together
//! (`kernel::register`), or what they make of a contact (`kernel::price`).
//!
//! The form is strict: an unknown key is an error that names the nearest known one. Compulsory are the
//! keys that identify a fact and those that an amount or a payee depends on; texts for people are not.
//!
//! `amount = "14 200 kr"` under `[[rate]]` becomes 1 420 000 öre with the file and line it stands on.

mod eligibility;
mod facts;
mod files;
mod grants;
mod rate;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod when;

pub use files::{File, RatebookRead, ReadError, read_folders};

use kernel::fact::{Decision, Place, Stated};
use kernel::finding::{Code, Finding, Text};
use sheet::{Faulty, Sheet};
use std::sync::Arc;
use table::{Section, sections};
use toml::de::DeTable;

/// Reads the text of one ratebook file; `file_name` is what findings call it.
///
/// Gives the decision with the facts that could be read, and every fault found, in line order. There
/// is no decision where `[decision]` itself is missing or faulty. A fact with a fault is left out; its
/// finding then refuses, so that no amount is computed without it.
pub fn read_text(file_name: &str, text: &str) -> (Option<Decision>, Vec<Finding>) {
    let sheet = Sheet::new(Arc::from(file_name), text);
    let decision = match DeTable::parse(text) {
        Ok(document) => read_document(&sheet, document.get_ref()).ok(),
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            let message = Text::new(
                format!("filen är inte giltig TOML: {}", error.message()),
                format!("the file is not valid TOML: {}", error.message()),
            );
            sheet.refuse(Code::Unreadable, offset, None, None, message);
            None
        }
    };
    (decision, sheet.into_findings())
}

/// The tables of a ratebook, the keys of a rate, of each formula and of `when`, as written.
pub fn schema() -> Vec<(&'static str, Vec<&'static str>)> {
    let tables = facts::TABLES.iter().map(|(_, title)| *title).collect();
    let mut schema = vec![("*", tables), ("[[rate]]", rate::COMMON.to_vec())];
    schema.extend(rate::OWN.iter().map(|(formula, keys)| (*formula, keys.to_vec())));
    schema.push(("when", when::KEYS.to_vec()));
    schema
}

fn read_document<'a>(sheet: &'a Sheet<'a>, document: &'a DeTable<'a>) -> Result<Decision, Faulty> {
    let sections = sections(sheet, document);
    let facts = sections.iter().filter_map(|section| read_fact(sheet, section).ok()).collect();
    let decision = sections.iter().find(|section| section.name == facts::DECISION);
    let Some(decision) = decision else {
        let message = Text::new(
            "tabellen `[decision]` saknas: den säger vilket beslut filen är och när det blev känt",
            "the table `[decision]` is missing: it says which decision the file is and since when it is known",
        );
        return Err(sheet.refuse(Code::MissingKey, 0, Some("decision".into()), None, message));
    };
    facts::decision(&decision.table, place(sheet, decision), facts)
}

fn read_fact(sheet: &Sheet<'_>, section: &Section<'_>) -> Result<Stated, Faulty> {
    if section.name == facts::DECISION {
        return Err(Faulty);
    }
    facts::stated(section.name, &section.table, place(sheet, section))
}

fn place(sheet: &Sheet<'_>, section: &Section<'_>) -> Place {
    Place { file: sheet.file(), line: sheet.line_at(section.table.offset()) }
}
