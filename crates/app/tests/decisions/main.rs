//! Decision texts are read and checked: five public texts by hand-made lists, and texts of our own.
//!
//! Owns: what is expected of which text. Does not own: the grammar (`kernel::paper`).
//!
//! The public texts are not part of the repository. Where they are not at hand, the words around each amount are read instead.

mod corpus;
mod drafts;
mod long;
mod mutated;
mod short;
mod told;

use kernel::paper::{Amount, Paper};
use kernel::scrutiny::scrutinise;
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

/// What the public texts are told of where they are at hand: the proposal of 2025 and nothing else.
#[test]
fn the_public_texts_have_their_true_findings_and_no_others() {
    for text in listed(&sources()["text"]) {
        let file = word(text, "file");
        let path = folder().join("../../../../../shared/sources").join(file);
        let Ok(whole) = std::fs::read_to_string(&path) else { continue };
        let remarks = scrutinise(&Paper::read(&whole));
        let told: Vec<(&str, &str, Option<i64>)> = remarks
            .iter()
            .map(|remark| {
                let difference = remark.difference.map(|amount| amount.ore() / 100);
                (remark.severity.name(), remark.doubt.name(), difference)
            })
            .collect();
        let expected: &[(&str, &str, Option<i64>)] = if file.starts_with("004") {
            &[
                // 326 896 457 − (150 000 000 + 80 000 000 + ca 10 000 000 + 70 000 000 + 7 191 722).
                ("error", "division-differs", Some(9_704_735)),
                // 7 200 000 − 7 191 722.
                ("note", "rounded-twin", Some(8_278)),
                ("warning", "heading-differs", None),
                // 70 − (5 + 3 + 6,5 + 2 + 2 + 11 + 5 + 2 + 4,5 + 10 + 1,5 + 1 + 3,5).
                ("error", "sum-differs", Some(13_000_000)),
                ("note", "malformed-number", Some(0)),
            ]
        } else {
            &[]
        };
        assert_eq!(told, expected, "{file}");
    }
}

/// Rows under `Mottagare` or `Kommun` name who gets what; rows under `Insats` name nobody.
#[test]
fn rows_of_recipients_name_them() {
    let named = |text: &str| -> Vec<(String, i64)> {
        let paper = Paper::read(text);
        let named = paper.recipients_in_rows().iter();
        named.map(|one| (one.name.clone(), paper.amounts()[one.amount()].amount.ore())).collect()
    };
    let rows = "Norra kliniken      1 200     1 300\nSödra kliniken        800       900\nSumma              2 000     2 200\n";
    let of = |head: &str| named(&format!("Fördelning (tkr)\n\n{head}\n{rows}"));
    let expected =
        [("Norra kliniken".to_owned(), 130_000_000), ("Södra kliniken".to_owned(), 90_000_000)];
    assert_eq!(of("Mottagare            2024      2025"), expected);
    assert_eq!(of("Bidragsmottagare     2024      2025"), expected);
    assert_eq!(of("Insats               2024      2025"), []);
    let bars = "| Kommun | Invånare | Bidrag (kr) |\n|---|---|---|\n| Alby | 200 | 2 000 |\n| Berga | 300 | 3 000 |\n";
    let both = [("Alby".to_owned(), 200_000), ("Berga".to_owned(), 300_000)];
    assert_eq!(named(bars), both);
    let stacked = "Mottagare\nBidrag (kr)\nAlby\n2 000\nBerga\n3 000\nSumma\n5 000\n";
    assert_eq!(named(stacked), both);
}
