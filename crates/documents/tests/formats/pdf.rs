//! Documents as PDF: that anything is written, and that the same document gives the same bytes. What stands in the file is asked by
//! `tests/oracles/check`.

use crate::samples::{charts, report, statement};
use documents::pdf::{
    Block, Document, Figure, Head, Language, Level, Point, Shape, Table, Value, write,
};
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
    assert_eq!(write(&report()).unwrap(), write(&report()).unwrap());
}

/// A number, an interval, a level or how points are drawn: each is in the file.
#[test]
fn a_chart_that_differs_gives_another_file() {
    let written = |change: fn(&mut Figure)| {
        let [mut figure, _] = charts();
        change(&mut figure);
        write(&Document { blocks: vec![Block::Figure(figure)], ..report() }).unwrap()
    };
    let changes: [fn(&mut Figure); 7] = [
        |_| {},
        |it| it.points[0].value = Value::Number(613, None),
        |it| it.points[0].value = Value::Number(612, Some((611, 613))),
        |it| it.levels[0].value = 751,
        |it| it.shape = Shape::Bars,
        |it| it.alt = "x".into(),
        |it| it.axis = Some((0, 2_000)),
    ];
    let all = changes.map(written);
    for (at, one) in all.iter().enumerate() {
        assert!(all[..at].iter().all(|other| other != one), "change {at} is not seen");
    }
}

fn any_table() -> impl Strategy<Value = Block> {
    let heads = vec((".{0,30}", any::<bool>()), 1..9);
    let rows = || vec(vec(".{0,120}", 0..10), 0..6);
    (".{0,20}", heads, rows(), rows()).prop_map(|(caption, heads, rows, sums)| {
        let heads = heads.into_iter().map(|(text, numeric)| Head { text, numeric }).collect();
        Block::Table(Table { caption, heads, rows, sums })
    })
}

fn any_value() -> impl Strategy<Value = Value> {
    let ends = proptest::option::of((any::<i64>(), any::<i64>()));
    prop_oneof![
        (any::<i64>(), ends).prop_map(|(number, ends)| Value::Number(number, ends)),
        (-300..300_i64).prop_map(|number| Value::Number(number, None)),
        ".{0,30}".prop_map(Value::Missing),
    ]
}

/// No point, many points, the largest numbers, levels and an axis far away.
fn any_figure() -> impl Strategy<Value = Block> {
    let points = vec((".{0,60}", any_value()), 0..90);
    let levels = vec((".{0,60}", any::<i64>()), 0..9);
    let axis = proptest::option::of((any::<i64>(), any::<i64>()));
    let texts = (".{0,90}", ".{0,90}", ".{0,90}");
    (texts, points, levels, axis, 0..20_u8, any::<bool>()).prop_map(
        |((caption, alt, head), points, levels, axis, decimals, is_line)| {
            let point = |(label, value)| Point { label, value };
            let level = |(label, value)| Level { label, value };
            Block::Figure(Figure {
                caption,
                alt,
                shape: if is_line { Shape::Line } else { Shape::Bars },
                point_head: head.clone(),
                value_head: head.clone(),
                interval_head: head,
                decimals,
                axis,
                points: points.into_iter().map(point).collect(),
                levels: levels.into_iter().map(level).collect(),
            })
        },
    )
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
        figures in vec(any_figure(), 0..3),
    ) {
        let lead = [Block::Text(text.clone()), Block::Facts(facts), Block::Facts(Vec::new())];
        let tall = Table {
            heads: vec![Head { text: text.chars().take(40).collect(), numeric: false }],
            rows: vec![vec![text.clone()], vec![]],
            ..Table::default()
        };
        let blocks = lead.into_iter().chain(tables).chain(figures).chain([Block::Table(tall), Block::Heading(2, text)]);
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
