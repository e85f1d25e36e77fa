//! Documents as PDF: that anything is written, and that the same document gives the same bytes. What stands in the file is asked by
//! `tests/oracles/check`.

use crate::samples::statement;
use documents::pdf::{Block, Document, Head, Language, Table, write};
use proptest::collection::vec;
use proptest::prelude::*;

#[test]
fn the_same_document_gives_the_same_bytes() {
    let bytes = write(&statement()).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(bytes, write(&statement()).unwrap());
    let mut other = statement();
    other.band = None;
    assert_ne!(bytes, write(&other).unwrap());
}

fn any_table() -> impl Strategy<Value = Block> {
    let heads = vec((".{0,30}", any::<bool>()), 1..9);
    let rows = || vec(vec(".{0,120}", 0..10), 0..6);
    (".{0,20}", heads, rows(), rows()).prop_map(|(caption, heads, rows, sums)| {
        let heads = heads.into_iter().map(|(text, numeric)| Head { text, numeric }).collect();
        Block::Table(Table { caption, heads, rows, sums })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Rows without cells, words wider than a page, cells taller than one, and characters that no font has.
    #[test]
    fn any_document_is_written(
        title in ".{0,200}",
        text in "[a-ö 日]{0,9000}",
        tables in vec(any_table(), 0..4),
        facts in vec((".{0,90}", ".{0,300}"), 0..5),
    ) {
        let lead = [Block::Text(text.clone()), Block::Facts(facts), Block::Facts(Vec::new())];
        let tall = Table {
            heads: vec![Head { text: text.chars().take(40).collect(), numeric: false }],
            rows: vec![vec![text.clone()], vec![]],
            ..Table::default()
        };
        let blocks = lead.into_iter().chain(tables).chain([Block::Table(tall), Block::Heading(2, text)]);
        let document = Document { title, lang: Language::En, band: Some(String::new()), blocks: blocks.collect() };
        prop_assert!(write(&document).is_ok(), "{:?}", write(&document).err());
    }
}

/// Marks that the font has but that cannot be seen, signs of private use, and titles of nothing.
#[test]
fn what_cannot_be_seen_is_not_written() {
    let text = "a\u{feff}b\u{202e}c\u{ad}\u{e000}\u{200b} 日本";
    let blocks = vec![Block::Text(text.into()), Block::Heading(2, " ".into())];
    for title in ["", " ", text] {
        let document = Document {
            title: title.into(),
            lang: Language::En,
            band: None,
            blocks: blocks.clone(),
        };
        assert!(write(&document).is_ok(), "{title:?}");
    }
}
