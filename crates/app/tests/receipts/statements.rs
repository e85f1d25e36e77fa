//! Statements as files: every sum of a workbook is what its formula comes to, and what a clinic wrote is no formula.

use super::{folder, region, run, units};
use app::data::DataFolder;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

/// A workbook as its cells: by sheet and address, the formula and the value.
struct Book {
    sheets: BTreeMap<String, BTreeMap<String, (Option<String>, String)>>,
    strings: String,
}

fn part<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(from)?;
    Some(rest.split_once(to)?.0)
}

impl Book {
    fn open(file: &Path) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(fs::read(file).unwrap())).unwrap();
        let mut text = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let names = text("xl/workbook.xml");
        let names =
            names.split("<sheet ").skip(1).map(|sheet| part(sheet, "name=\"", "\"").unwrap());
        let mut sheets = BTreeMap::new();
        for (name, number) in names.zip(1..) {
            let xml = text(&format!("xl/worksheets/sheet{number}.xml"));
            let cells = xml.split("<c r=\"").skip(1).map(|cell| {
                let address = cell.split('"').next().unwrap().to_owned();
                let formula = part(cell, "<f>", "</f>").map(str::to_owned);
                (address, (formula, part(cell, "<v>", "</v>").unwrap_or("").to_owned()))
            });
            sheets.insert(name.to_owned(), cells.collect());
        }
        Self { sheets, strings: text("xl/sharedStrings.xml") }
    }

    /// Öre of a cell, its own formula computed down to the contacts.
    fn ore(&self, sheet: &str, address: &str) -> i64 {
        match &self.sheets[sheet][address] {
            (Some(formula), _) => formula.split('+').map(|term| self.term(sheet, term)).sum(),
            (None, value) => (value.parse::<f64>().unwrap() * 100.0).round() as i64,
        }
    }

    fn term(&self, sheet: &str, term: &str) -> i64 {
        let Some(inside) = part(term, "SUM(", ")") else {
            return if term == "0" { 0 } else { self.ore(sheet, term) };
        };
        let (sheet, range) = match inside.split_once('!') {
            Some((name, range)) => (name.trim_matches('\''), range),
            None => (sheet, inside),
        };
        let (first, last) = range.split_once(':').unwrap();
        let (column, first) = first.split_at(1);
        let rows = first.parse::<u32>().unwrap()..=last[1..].parse().unwrap();
        rows.map(|row| self.ore(sheet, &format!("{column}{row}"))).sum()
    }

    /// Formulas whose kept result is not what they come to, and how many formulas there are.
    fn wrong(&self) -> (Vec<String>, usize) {
        let (mut wrong, mut count) = (Vec::new(), 0);
        for (sheet, cells) in &self.sheets {
            for (address, (formula, value)) in cells {
                if let Some(formula) = formula {
                    count += 1;
                    let kept = (value.parse::<f64>().unwrap() * 100.0).round() as i64;
                    if kept != self.ore(sheet, address) {
                        wrong.push(format!("{sheet}!{address} ={formula}: {value}"));
                    }
                }
            }
        }
        (wrong, count)
    }
}

#[test]
fn sums_of_a_workbook_are_formulas_down_to_the_contacts() {
    let folder = folder("statements");
    let data = DataFolder::open(region()).unwrap();
    let shown = region().to_string_lossy().into_owned();
    let mut formulas = 0;
    for unit in units(&data).iter().filter(|unit| !unit.starts_with("bmm-")).take(8) {
        let file = folder.join(format!("SYNTETISK-{unit}.xlsx"));
        let out = file.to_string_lossy().into_owned();
        let asked = ["statement", "--data", &shown, "--unit", unit, "--month", "2023-02"];
        let (code, told) = run(&[&asked[..], &["--out", &out]].concat());
        assert_eq!(code, 0, "{told}");
        let (code, told) = run(&[&asked[..], &["--format", "json"]].concat());
        let json: serde_json::Value = serde_json::from_str(&told).unwrap();
        let book = Book::open(&file);
        assert!(code == 0 && book.strings.contains("SYNTETISKA DATA"), "{unit}");
        let (wrong, count) = book.wrong();
        assert_eq!(wrong, Vec::<String>::new(), "{unit}");
        formulas += count;
        let summary = &book.sheets["Sammanfattning"];
        let last = summary.keys().filter_map(|at| at.strip_prefix('E')?.parse::<u32>().ok()).max();
        let total = book.ore("Sammanfattning", &format!("E{}", last.unwrap()));
        assert_eq!(total, json["total_ore"].as_i64().unwrap(), "{unit}");
    }
    assert!(formulas > 100, "{formulas} formulas show little");
}

#[test]
fn what_a_clinic_wrote_is_no_formula_and_a_receipt_keeps_it() {
    let folder = folder("hostile");
    let data = folder.join("data").to_string_lossy().into_owned();
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let rows =
        [("=1+1", "4001"), ("+46", "4002"), ("-5", "4003"), ("@x", "4004"), ("a,\"b", "4005")];
    let rows = rows.map(|(id, person)| {
        let id = id.replace('"', "\"\"");
        format!("\"{id}\",karolinska-huddinge,p-{person},delivery,2023-01-10,P05E,0180\n")
    });
    let text = format!("contact_id,unit,person,kind,care_date,drg,residence\n{}", rows.concat());
    fs::write(at("a.csv"), text).unwrap();
    let done = |arguments: &[&str]| {
        let (code, told) = run(&[arguments, &["--data", &data]].concat());
        assert!(code <= 1, "{arguments:?}: {told}");
        told
    };
    done(&["init"]);
    done(&["register", "load", "ratebook/stockholm", "ratebook/demo", "--replay-known"]);
    done(&["import", &at("a.csv"), "--on", "2023-01-12"]);
    done(&["settle", "--month", "2023-01", "--book"]);
    let asked = ["statement", "--unit", "karolinska-huddinge", "--month", "2023-01", "--out"];
    done(&[&asked[..], &[&at("b.csv")]].concat());
    done(&[&asked[..], &[&at("b.xlsx")]].concat());
    let mut file = csv::Reader::from_path(at("b.csv")).unwrap();
    let mut ids: Vec<String> = Vec::new();
    let (mut sums, mut heads) = (BTreeMap::new(), file.headers().unwrap().clone());
    heads.trim();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    for row in file.records().map(Result::unwrap) {
        ids.push(row[column("contact_id")].to_owned());
        let level = row[column("level")].to_owned();
        *sums.entry(level).or_insert(0) += row[column("amount_ore")].parse::<i64>().unwrap();
    }
    ids.retain(|id| !id.is_empty());
    ids.sort();
    ids.dedup();
    assert_eq!(ids, ["'+46", "'-5", "'=1+1", "'@x", "a,\"b"]);
    assert!(sums.len() == 3 && sums.values().all(|sum| *sum == sums["contact"]), "{sums:?}");
    let book = Book::open(Path::new(&at("b.xlsx")));
    assert!(book.strings.contains(">=1+1<") && book.wrong().0.is_empty());
    let formulas = book.sheets["Kontakter"].values().filter(|(formula, _)| formula.is_some());
    assert_eq!(formulas.count(), 0);
    let receipt = at("kvitto.zip");
    let asked = ["--unit", "karolinska-huddinge", "--month", "2023-01", "--out", &receipt];
    done(&[&["bundle"], &asked[..]].concat());
    assert_eq!(run(&["verify", &receipt]).0, 0);
    assert_ne!(super::python(&[receipt.into()]), Some(vec![false]));
}

/// The text of a PDF, as a reader that others wrote finds it.
fn text_of(file: &Path) -> String {
    let text = pdf_extract::extract_text_from_mem(&fs::read(file).unwrap()).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn people(amount: &serde_json::Value) -> String {
    amount.as_str().unwrap().replace('\u{a0}', " ")
}

#[test]
fn a_statement_as_pdf_has_every_amount_of_it_the_same_each_time() {
    let folder = folder("paper");
    let shown = region().to_string_lossy().into_owned();
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let asked = ["statement", "--data", &shown, "--unit", "sodersjukhuset", "--month", "2023-02"];
    let file = at("SYNTETISK-a.pdf");
    let more = ["--lines", "--format", "json", "--out"];
    let (code, told) = run(&[&asked[..], &more[..], &[&file]].concat());
    assert_eq!(code, 0, "{told}");
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    let text = text_of(Path::new(&file));
    assert!(text.contains("SYNTETISKA DATA") && text.contains("Sida 1 av "), "{text}");
    assert!(text.contains(&format!("Summa att betala {}", people(&json["total"]))), "{text}");
    let rows = json["rows"].as_array().unwrap().iter().chain(json["lines"].as_array().unwrap());
    for row in rows {
        assert!(text.contains(&people(&row["amount"])), "{row} {text}");
    }
    let again = at("SYNTETISK-b.PDF");
    assert_eq!(run(&[&asked[..], &["--out", &again]].concat()).0, 0);
    assert!(fs::read(&file).unwrap() == fs::read(&again).unwrap(), "other bytes");
    let english = [&["--lang", "en"][..], &asked[..], &["--out", &again]].concat();
    assert_eq!(run(&english).0, 0);
    let text = text_of(Path::new(&again));
    assert!(text.contains("Total to pay") && !text.contains("Summa att"), "{text}");
    for (name, said) in [("a.pdf", "SYNTETISK"), ("SYNTETISK.docx", ".pdf")] {
        let (code, told) = run(&[&asked[..], &["--out", &at(name)]].concat());
        assert!(code == 2 && told.contains(said) && !folder.join(name).exists(), "{told}");
    }
}

#[test]
fn an_explanation_as_pdf_says_what_the_command_says() {
    let folder = folder("why");
    let shown = region().to_string_lossy().into_owned();
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let asked = ["--data", &shown, "--format", "json"];
    let lines = ["statement", "--unit", "sodersjukhuset", "--month", "2023-02", "--lines"];
    let (_, told) = run(&[&lines[..], &asked[..]].concat());
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    let lines = json["lines"].as_array().unwrap().iter();
    let contacts: std::collections::BTreeSet<&str> =
        lines.filter_map(|line| line["contact_id"].as_str()).collect();
    assert!(contacts.len() > 2);
    for contact in contacts.into_iter().take(3) {
        let file = at(&format!("SYNTETISK-{contact}.pdf"));
        let command = ["explain", "--contact", contact, "--out", &file];
        let (code, told) = run(&[&command[..], &asked[..]].concat());
        assert_eq!(code, 0, "{told}");
        let json: serde_json::Value = serde_json::from_str(&told).unwrap();
        let text = text_of(Path::new(&file));
        assert!(text.contains(contact) && text.contains("SYNTETISKA DATA"), "{text}");
        assert!(text.contains(&format!("Summa att betala {}", people(&json["total"]))), "{text}");
        let applied = json["elements"].as_array().unwrap().iter();
        for one in applied.filter(|one| one["applies"] == true) {
            let (decision, amount) = (one["decision"].as_str().unwrap(), people(&one["amount"]));
            assert!(text.contains(decision) && text.contains(&amount), "{one} {text}");
        }
    }
    for (name, said) in [("a.pdf", "SYNTETISK"), ("SYNTETISK.xlsx", ".pdf")] {
        let command = ["explain", "--contact", "SYN-2023-0000001", "--out", &at(name)];
        let (code, told) = run(&[&command[..], &asked[..2]].concat());
        assert!(code == 2 && told.contains(said) && !folder.join(name).exists(), "{told}");
    }
}
