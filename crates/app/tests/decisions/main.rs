//! Decision texts are read and checked: five public texts by hand-made lists, and texts of our own.
//!
//! Owns: what is expected of which text. Does not own: the grammar (`kernel::paper`).
//!
//! The public texts are not part of the repository. Where they are not at hand, the words around each amount are read instead.

mod corpus;
mod mutated;

use kernel::paper::{Amount, Paper};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decisions")
}

/// Start, end, öre, precision and per of an amount.
type Told = (usize, usize, i64, String, String);

fn told(amount: &Amount) -> Told {
    let (span, per) = (amount.span, amount.per.clone().unwrap_or_default());
    (span.start, span.end, amount.amount.ore(), amount.precision.name().to_owned(), per)
}

fn listed(value: &Value) -> Vec<&Table> {
    value.as_array().unwrap().iter().map(|one| one.as_table().unwrap()).collect()
}

fn word<'t>(table: &'t Table, key: &str) -> &'t str {
    table[key].as_str().unwrap()
}

fn place(table: &Table, key: &str) -> usize {
    usize::try_from(table[key].as_integer().unwrap()).unwrap()
}

/// The five public texts, with the amounts that a person found in each.
fn sources() -> Table {
    std::fs::read_to_string(folder().join("sources.toml")).unwrap().parse().unwrap()
}

#[test]
fn every_amount_of_the_public_texts_is_read_and_nothing_else() {
    let sources = sources();
    for text in listed(&sources["text"]) {
        let file = word(text, "file");
        let path = folder().join("../../../../../shared/sources").join(file);
        let Ok(whole) = std::fs::read_to_string(&path) else { continue };
        let expected: Vec<Told> = listed(&text["amounts"])
            .into_iter()
            .map(|one| {
                let ore = one["amount_ore"].as_integer().unwrap();
                let (precision, per) = (word(one, "precision"), word(one, "per"));
                (place(one, "start"), place(one, "end"), ore, precision.to_owned(), per.to_owned())
            })
            .collect();
        let paper = Paper::read(&whole);
        let found: Vec<Told> = paper.amounts().iter().map(told).collect();
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn every_amount_of_the_quotations_is_read() {
    let sources = sources();
    for text in listed(&sources["text"]) {
        for one in listed(&text["amounts"]) {
            let (before, amount) = (word(one, "before"), word(one, "text"));
            let paper = Paper::read(&format!("{before}{amount}{}", word(one, "after")));
            let start = before.chars().count();
            let ends = start + amount.chars().count();
            let found = paper.amounts().iter().find(|amount| amount.span.start == start);
            let found = found.unwrap_or_else(|| panic!("{before}{amount}: {:?}", paper.amounts()));
            let ore = one["amount_ore"].as_integer().unwrap();
            assert_eq!((found.span.end, found.amount.ore()), (ends, ore), "{amount}");
        }
    }
}
