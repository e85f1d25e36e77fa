//! The texts of our own against the truth beside them (README.md).
//!
//! Owns: the comparison with the truth. Does not own: the truth.

use super::{folder, listed, place, word};
use kernel::finding::Severity;
use kernel::paper::{Paper, Span};
use kernel::scrutiny::{Doubt, Remark, scrutinise};
use std::collections::BTreeSet;
use toml::Table;

/// A text with its truth.
struct Case {
    name: String,
    text: String,
    truth: Table,
}

fn cases() -> Vec<Case> {
    let entries = std::fs::read_dir(folder()).unwrap().flatten().map(|entry| entry.path());
    let mut texts: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    texts.sort();
    let read = |path: &std::path::PathBuf| Case {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        text: std::fs::read_to_string(path).unwrap(),
        truth: std::fs::read_to_string(path.with_extension("toml")).unwrap().parse().unwrap(),
    };
    texts.iter().map(read).collect()
}

fn all<'t>(truth: &'t Table, key: &str) -> Vec<&'t Table> {
    truth.get(key).map_or_else(Vec::new, listed)
}

/// Every place of a slice, in code points.
fn places(text: &str, slice: &str) -> Vec<Span> {
    let from_byte = |at: usize| text[..at].chars().count();
    let starts =
        (0..text.len()).filter(|at| text.is_char_boundary(*at) && text[*at..].starts_with(slice));
    starts
        .map(|at| {
            let start = from_byte(at);
            Span { start, end: start + slice.chars().count() }
        })
        .collect()
}

/// Text in composed form, as the truth is written.
fn composed(text: &str) -> String {
    let pairs = [("a\u{30a}", "å"), ("a\u{308}", "ä"), ("o\u{308}", "ö"), ("e\u{301}", "é")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn every_amount_is_read_and_no_other_number_is() {
    let mut faults = Vec::new();
    for case in cases() {
        let paper = Paper::read(&case.text);
        let expected: BTreeSet<(usize, usize, i64, String, String)> = all(&case.truth, "amount")
            .into_iter()
            .map(|amount| {
                let slice = word(amount, "text");
                let span = places(&case.text, slice)[place(amount, "nth") - 1];
                let ore = amount["amount_ore"].as_integer().unwrap();
                let per = word(amount, "per").to_lowercase();
                (span.start, span.end, ore, word(amount, "precision").to_owned(), per)
            })
            .collect();
        let found = paper.amounts().iter().map(super::told);
        let found: BTreeSet<_> =
            found.map(|(a, b, c, d, per)| (a, b, c, d, composed(&per))).collect();
        let shown = |(start, end, ore, precision, per): &(usize, usize, i64, String, String)| {
            let text = paper.text(Span { start: *start, end: *end });
            format!(
                "{} line {}: {text:?} {ore} {precision} {per:?}",
                case.name,
                paper.line_number(*start)
            )
        };
        faults.extend(expected.difference(&found).map(|one| format!("- {}", shown(one))));
        faults.extend(found.difference(&expected).map(|one| format!("+ {}", shown(one))));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The kinds of the truth that a doubt may stand for.
fn kinds(doubt: Doubt) -> &'static [&'static str] {
    match doubt {
        Doubt::SumDiffers | Doubt::DivisionDiffers => &["sum"],
        Doubt::UnitError => &["unit"],
        Doubt::CountDiffers | Doubt::ImpliedCount | Doubt::ListDiffers => &["count"],
        Doubt::ShareDiffers | Doubt::SharesDiffer | Doubt::ChangeDiffers => &["share"],
        Doubt::StatedTwice | Doubt::RoundedTwin => &["restated"],
        Doubt::HeadingDiffers => &["heading", "recipient"],
        Doubt::RecipientDiffers => &["recipient"],
        Doubt::MandateDiffers => &["mandate"],
        Doubt::PaidBeforeDecision | Doubt::OrderedBeforeDecision | Doubt::DatesDiffer => {
            &["date-order"]
        }
        Doubt::LimitExceeded => &["limit"],
        Doubt::RowOutOfLine => &["row-out-of-line"],
        Doubt::MalformedNumber | Doubt::AmountTooLarge => &["malformed"],
        Doubt::FactNotInText | Doubt::FactDiffers => &[],
    }
}

fn texts<'t>(table: &'t Table, key: &str) -> Vec<&'t str> {
    table
        .get(key)
        .and_then(|list| list.as_array())
        .map_or_else(Vec::new, |list| list.iter().filter_map(|one| one.as_str()).collect())
}

/// Whether a remark meets an expected finding; the reason where it nearly does.
fn meets(case: &Case, expected: &Table, remark: &Remark) -> Result<(), &'static str> {
    let overlaps = |quote: &&str| {
        let quoted = places(&case.text, quote);
        remark
            .places
            .iter()
            .any(|place| quoted.iter().any(|span| span.start < place.end && place.start < span.end))
    };
    let one_of = texts(expected, "one_of");
    if !texts(expected, "quotes").iter().all(&overlaps)
        || !(one_of.is_empty() || one_of.iter().any(overlaps))
    {
        return Err("places");
    }
    let codes: Vec<&str> = [vec![word(expected, "code")], texts(expected, "or_code")].concat();
    if !kinds(remark.doubt).iter().any(|kind| codes.contains(kind)) {
        return Err("code");
    }
    let severities: Vec<&str> =
        [vec![word(expected, "severity")], texts(expected, "or_severity")].concat();
    if !severities.contains(&remark.severity.name()) {
        return Err("severity");
    }
    let stated = expected.get("difference_ore").and_then(|one| one.as_integer());
    let found = remark.difference.map(|difference| difference.ore());
    let is_unsigned = codes.iter().any(|code| matches!(*code, "restated" | "mandate"));
    let differs = |a: i64, b: i64| if is_unsigned { a.abs() != b.abs() } else { a != b };
    if stated.is_some_and(|stated| found.is_none_or(|found| differs(stated, found))) {
        return Err("difference");
    }
    let range = expected.get("difference_range_ore").and_then(|one| one.as_array());
    let range = range.map(|range| (range[0].as_integer().unwrap(), range[1].as_integer().unwrap()));
    let told = remark.range.map(|(low, high)| (low.ore(), high.ore()));
    // The upper end of "drygt" is not reached, so it may be told as one öre less.
    let is_near = |a: i64, b: i64| (a - b).abs() <= 1;
    let fits = |(a, b): (i64, i64)| told.is_some_and(|(c, d)| is_near(a, c) && is_near(b, d));
    if range.is_some_and(|range| !fits(range)) {
        return Err("range");
    }
    Ok(())
}

#[test]
fn every_planted_fault_is_found_and_nothing_else() {
    let mut faults = Vec::new();
    for case in cases() {
        let paper = Paper::read(&case.text);
        let remarks = scrutinise(&paper);
        let expected = all(&case.truth, "finding");
        for finding in &expected {
            let results: Vec<_> =
                remarks.iter().map(|remark| meets(&case, finding, remark)).collect();
            if !results.iter().any(Result::is_ok) {
                let near: Vec<_> = results
                    .iter()
                    .zip(&remarks)
                    .filter(|(result, _)| **result != Err("places"))
                    .map(|(result, remark)| {
                        format!(
                            "{result:?} {} {:?} {:?}",
                            remark.doubt, remark.difference, remark.range
                        )
                    })
                    .collect();
                faults.push(format!("- {}: {finding:?}\n      near: {near:?}", case.name));
            }
        }
        let is_expected =
            |remark: &&Remark| expected.iter().any(|finding| meets(&case, finding, remark).is_ok());
        let is_tolerated = |remark: &&Remark| {
            remark.severity != Severity::Error
                && all(&case.truth, "tolerated").iter().any(|one| {
                    let overlaps = |quote: &str| {
                        places(&case.text, quote).iter().any(|span| {
                            remark
                                .places
                                .iter()
                                .any(|place| span.start < place.end && place.start < span.end)
                        })
                    };
                    texts(one, "quotes").iter().any(|quote| overlaps(quote))
                })
        };
        let grave = remarks.iter().filter(|remark| remark.severity != Severity::Note);
        for remark in grave.filter(|remark| !is_expected(remark) && !is_tolerated(remark)) {
            let texts: Vec<String> = remark.places.iter().map(|place| paper.text(*place)).collect();
            faults.push(format!(
                "+ {} line {}: {} {} {} {texts:?}",
                case.name,
                paper.line_number(remark.places.first().map_or(0, |p| p.start)),
                remark.severity,
                remark.doubt,
                remark.message.sv
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
