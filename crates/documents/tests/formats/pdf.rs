//! Statements as PDF: what is refused, and that the same statement gives the same bytes. What stands in the file is asked by
//! `tests/oracles/check`.

use crate::samples::statement;
use documents::pdf::write;
use documents::refusal::Refusal;
use kernel::money::Money;

#[test]
fn the_same_statement_gives_the_same_bytes() {
    let bytes = write(&statement()).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(bytes, write(&statement()).unwrap());
}

#[test]
fn rows_that_do_not_come_to_the_summary_are_refused() {
    let mut wrong = statement();
    wrong.corrections[0].amount += Money::from_ore(1);
    let stated: Money = wrong.summary.iter().map(|row| row.amount).sum();
    let rows = stated + Money::from_ore(1);
    assert_eq!(write(&wrong), Err(Refusal::SumsDiffer { stated, rows }));
}

/// Tables without rows, and characters that no font has, are written too.
#[test]
fn an_empty_statement_and_any_letters_are_written() {
    let mut bare = statement();
    bare.summary.clear();
    bare.elements.clear();
    bare.corrections.clear();
    bare.unpaid.clear();
    bare.sources.clear();
    bare.unit = "Å#*_$ 日本 \u{fffe}\u{1f600} №".into();
    assert!(write(&bare).is_ok());
}
