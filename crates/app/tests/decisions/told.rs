//! Many decision texts in one file, most of them small, each with its truth above it.
//!
//! Owns: the form of those files, and what is found and what is not. Does not own: texts with a file of their
//! own (`corpus`).
//!
//! A text begins at `### name`. `#fault kind: quote ;; quote` is a fault that some error or warning must tell of, with every quote
//! among its places; a text has no other, but for those after `#missed`, which nothing tells of yet. `#amounts a ;; b` are all its
//! amounts in order, `#non quote` is none of them.

use kernel::finding::Severity;
use kernel::paper::{Paper, Span};
use kernel::scrutiny::{Remark, scrutinise};

#[derive(Default)]
struct Told {
    name: String,
    faults: Vec<Vec<String>>,
    missed: Vec<Vec<String>>,
    amounts: Option<Vec<String>>,
    none: Vec<String>,
    text: String,
}

fn listed(line: &str) -> Vec<String> {
    line.trim_end().split(" ;; ").map(str::to_owned).collect()
}

fn told(file: &str) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for line in file.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("### ") {
            all.push(Told { name: name.trim().to_owned(), ..Told::default() });
            continue;
        }
        let Some(one) = all.last_mut() else { continue };
        if let Some(fault) = line.strip_prefix("#fault ") {
            one.faults.push(listed(fault.split_once(": ").unwrap().1));
        } else if let Some(fault) = line.strip_prefix("#missed ") {
            one.missed.push(listed(fault.split_once(": ").unwrap().1));
        } else if let Some(amounts) = line.strip_prefix("#amounts ") {
            one.amounts = Some(listed(amounts));
        } else if let Some(none) = line.strip_prefix("#non ") {
            one.none.push(none.trim_end().to_owned());
        } else {
            one.text.push_str(line);
        }
    }
    all
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every place of a quotation, in code points.
fn places(told: &Told, quote: &str) -> Vec<Span> {
    let found = told.text.match_indices(quote).map(|(at, _)| {
        let start = told.text[..at].chars().count();
        Span { start, end: start + quote.chars().count() }
    });
    let found: Vec<Span> = found.collect();
    assert!(!found.is_empty(), "{}: `{quote}` is not in the text", told.name);
    found
}

const fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

/// What is wrong with the reading and the check of one text.
fn wrong(told: &Told) -> Vec<String> {
    let paper = Paper::read(&told.text);
    let mut wrong = Vec::new();
    let read: Vec<String> =
        paper.amounts().iter().map(|amount| single_spaced(&paper.text(amount.span))).collect();
    if told.amounts.as_ref().is_some_and(|amounts| *amounts != read) {
        wrong.push(format!("amounts {:?}, not {read:?}", told.amounts));
    }
    for none in &told.none {
        let is_taken = |place: &Span| paper.amounts().iter().any(|one| overlap(one.span, *place));
        if places(told, none).iter().any(is_taken) {
            wrong.push(format!("`{none}` is no amount"));
        }
    }
    let remarks = scrutinise(&paper);
    let grave: Vec<&Remark> =
        remarks.iter().filter(|remark| remark.severity != Severity::Note).collect();
    let tells = |fault: &[String], remark: &Remark| {
        fault.iter().all(|quote| {
            places(told, quote).iter().any(|at| remark.places.iter().any(|one| overlap(*one, *at)))
        })
    };
    for fault in &told.faults {
        if !grave.iter().any(|remark| tells(fault, remark)) {
            wrong.push(format!("missed {fault:?}"));
        }
    }
    for fault in &told.missed {
        if grave.iter().any(|remark| tells(fault, remark)) {
            wrong.push(format!("is found, and no longer missed: {fault:?}"));
        }
    }
    for remark in grave {
        if !told.faults.iter().any(|fault| tells(fault, remark)) {
            wrong.push(format!("false alarm: {}", remark.message.sv));
        }
    }
    wrong
}

#[test]
fn what_is_wrong_is_told_and_nothing_else() {
    let folder = super::folder().join("told");
    let (mut wrong_texts, mut count) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        for one in told(&std::fs::read_to_string(entry.path()).unwrap()) {
            count += 1;
            let wrong = wrong(&one);
            if !wrong.is_empty() {
                wrong_texts.push(format!("{}: {}", one.name, wrong.join("; ")));
            }
        }
    }
    assert!(count > 50, "{count} texts");
    assert!(wrong_texts.is_empty(), "{}", wrong_texts.join("\n"));
}
