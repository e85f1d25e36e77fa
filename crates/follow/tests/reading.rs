//! Rows of labour, staffing, measures and surveys: whatever a row holds, it is a value or a fault, and which rows stand does not depend on
//! the order they came in.

use follow::intake::{Header, Kind, MEASURES, read_row};
use follow::told::Reported;
use kernel::contact::ReportKind;
use kernel::time::Day;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn header(kind: Kind) -> Header {
    let names = kind.columns().iter().map(|(column, _)| column.name().to_owned());
    Header::read(
        Some(kind),
        &names.chain(["report".into(), "reported_on".into()]).collect::<Vec<_>>(),
    )
    .unwrap()
}

fn read(kind: Kind, rows: &[Vec<&str>]) -> (Reported, usize) {
    let header = header(kind);
    let mut told = Reported::default();
    let mut faults = 0;
    for row in rows {
        let mut carer = |text: &str| format!("b-{text}");
        faults +=
            usize::from(read_row(&header, row, day("2023-06-30"), &mut carer, &mut told).is_err());
    }
    (told, faults)
}

/// A row of each kind that is right.
fn right(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Labour => {
            vec!["F1", "induced", "2023-01-31T02:10", "2023-01-31 09:45:30", "new", "2023-02-01"]
        }
        Kind::Staffing => {
            vec!["Anna", "soder", "F1", "2023-01-31T07:00", "2023-01-31T15:00", "", ""]
        }
        Kind::Measure => vec!["F1", "bmi", "24,5", "correction", "2023-02-01"],
        Kind::Survey => vec!["soder", "2023-01", "2023-03", "trygg", "120", "80", "71", "", ""],
    }
}

const SPOILING: [&str; 16] = [
    "",
    " ",
    "0",
    "-1",
    "x",
    "9999999999999999999",
    "2023-02-30T10:00",
    "2023-03-26T02:30",
    "2023-10-29T02:30",
    "9999-12-31T23:59",
    "NaN",
    "1e9",
    "💥",
    "2023-01-31T09:45+99:99",
    "cancellation",
    "åäö",
];

proptest! {
    #[test]
    fn a_mutated_row_is_a_value_or_a_fault(
        kind in prop::sample::select(Kind::ALL),
        at in 0_usize..9,
        planted in prop_oneof![prop::sample::select(&SPOILING[..]).prop_map(str::to_owned), any::<String>()],
        cut in 0_usize..10,
    ) {
        let mut row = right(kind);
        if let Some(field) = row.get_mut(at) {
            *field = &planted;
        }
        row.truncate(cut.max(1));
        let (told, faults) = read(kind, &[row]);
        prop_assert_eq!(told.rows(kind) + faults, 1);
        let stands = told.in_force(day("2023-12-31"), &mut |code, _| Some(code.to_owned()));
        prop_assert!(stands.conflicts.is_empty());
    }

    #[test]
    fn a_measure_outside_its_range_is_refused(at in 0..MEASURES.len(), value in -1_000.0..30_000.0_f64) {
        let kind = &MEASURES[at];
        let text = format!("{value:.1}");
        if let Some(read) = kind.read(&text) {
            prop_assert!((kind.least..=kind.greatest).contains(&read));
            prop_assert!(kind.decimals > 0 || read.fract() == 0.0);
        }
    }

    #[test]
    fn the_order_of_arrival_makes_no_difference(
        rows in prop::collection::vec((0_u8..3, 0_u8..3, 0_u8..3, 0_u8..4), 1..12),
        turn in 0_usize..12,
    ) {
        let texts: Vec<[String; 5]> = rows.iter().map(|(contact, report, on, value)| [
            format!("F{contact}"),
            "epds".to_owned(),
            value.to_string(),
            ReportKind::ALL[usize::from(*report)].name().to_owned(),
            format!("2023-02-0{}", on + 1),
        ]).collect();
        let lines: Vec<Vec<&str>> = texts.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let mut turned = lines.clone();
        turned.rotate_left(turn % lines.len());
        let stands = |lines: &[Vec<&str>]| {
            let (told, _) = read(Kind::Measure, lines);
            let stands = told.in_force(day("2023-02-02"), &mut |_, _| None);
            let text = |number| stands.inputs.texts.get(number).to_owned();
            let measures = &stands.inputs.measures;
            (measures.iter().map(|one| (text(one.contact), one.value.to_bits())).collect::<Vec<_>>(), stands.conflicts.len())
        };
        prop_assert_eq!(stands(&lines), stands(&turned));
        // The slow reading of the same rules.
        let (told, _) = read(Kind::Measure, &lines);
        for (contact, value) in stands(&lines).0 {
            let mut own: Vec<_> = told.measures.iter()
                .filter(|one| told.texts.get(one.row.contact) == contact && one.reported_on <= day("2023-02-02"))
                .collect();
            own.sort_by_key(|one| (one.reported_on, one.report));
            let slots: Vec<_> = own.chunk_by(|a, b| (a.reported_on, a.report) == (b.reported_on, b.report)).collect();
            let agrees = |slot: &&&[&follow::told::Told<follow::inputs::Measure>]| {
                slot[0].report == ReportKind::Cancellation || slot.iter().all(|one| one.row == slot[0].row)
            };
            let last = slots.iter().rfind(agrees).unwrap()[0];
            prop_assert!(last.report != ReportKind::Cancellation);
            prop_assert_eq!(last.row.value.to_bits(), value);
        }
    }
}

#[test]
fn a_right_row_of_each_kind_is_read() {
    for kind in Kind::ALL {
        let (told, faults) = read(*kind, &[right(*kind)]);
        assert_eq!((told.rows(*kind), faults), (1, 0), "{kind}");
    }
}

#[test]
fn a_cancellation_needs_the_key_alone() {
    let rows: [(Kind, Vec<&str>); 4] = [
        (Kind::Labour, vec!["F1", "", "", "", "cancellation"]),
        (Kind::Staffing, vec!["Anna", "soder", "F1", "2023-01-31T07:00", "", "cancellation"]),
        (Kind::Measure, vec!["F1", "bmi", "", "cancellation"]),
        (Kind::Survey, vec!["soder", "2023-01", "2023-03", "trygg", "", "", "", "cancellation"]),
    ];
    for (kind, cancellation) in rows {
        let mut first = right(kind);
        let reported_on = first.len() - 1;
        first[reported_on] = "2023-02-01";
        let (told, faults) = read(kind, &[first, cancellation]);
        assert_eq!(faults, 0, "{kind}");
        let known = |on: &str| {
            let inputs = told.in_force(day(on), &mut |code, _| Some(code.to_owned())).inputs;
            inputs.labour.len()
                + inputs.staffing.len()
                + inputs.measures.len()
                + inputs.surveys.len()
        };
        assert_eq!(
            (known("2023-01-31"), known("2023-02-01"), known("2023-06-30")),
            (0, 1, 0),
            "{kind}"
        );
    }
}

#[test]
fn phases_without_sense_are_refused() {
    let row = |start, from, until| vec!["F1", start, from, until, "", "2023-02-01"];
    for (row, is_right) in [
        (row("spontaneous", "2023-01-31T02:10", "2023-01-31T09:45"), true),
        (row("spontaneous", "", "2023-01-31T09:45"), true),
        (row("spontaneous", "2023-01-31T09:45", "2023-01-31T09:45"), false),
        (row("spontaneous", "2023-01-27T09:44", "2023-01-31T09:45"), false),
        (row("planned-caesarean", "2023-01-31T08:00", "2023-01-31T09:45"), false),
        (row("unassisted", "", "2023-01-31T09:45"), true),
        (row("spontaneous", "2023-02-01T20:00", "2023-02-02T00:00"), true),
        (row("spontaneous", "2023-02-01T20:00", "2023-02-02T00:01"), false),
        (row("elective", "", ""), false),
    ] {
        let (told, _) = read(Kind::Labour, std::slice::from_ref(&row));
        assert_eq!(told.labour.len(), usize::from(is_right), "{row:?}");
    }
}

#[test]
fn two_women_taken_over_at_the_same_minute_are_two_stretches() {
    let row = |woman| vec!["Anna", "soder", woman, "2023-01-31T07:00", "2023-01-31T15:00", "", ""];
    let (told, faults) = read(Kind::Staffing, &[row("F1"), row("F2"), row(""), row("F1")]);
    assert_eq!(faults, 0);
    let stands = told.in_force(day("2023-12-31"), &mut |code, _| Some(code.to_owned()));
    assert_eq!((stands.inputs.staffing.len(), stands.conflicts.len()), (3, 0));
}
