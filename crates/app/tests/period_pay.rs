//! Period pay at midwife clinics under the ratebooks of this repository, on a small synthetic region, against a second
//! computation from the contact files and the ratebook texts alone (R28–R31).
//!
//! Owns: that second computation. Does not own: worked examples (`cases`).

use kernel::time::Day;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const KNOWN_ON: &str = "2024-06-28";
const THROUGH: &str = "2024-05-31";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
    let ran = command.current_dir(root()).args(arguments).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

/// A row of a contact file by column.
type Row = BTreeMap<String, String>;

/// The last report of each contact among `ids`.
fn last_rows(files: &[String], ids: &BTreeSet<String>) -> BTreeMap<String, Row> {
    let mut last: BTreeMap<String, ((String, usize), Row)> = BTreeMap::new();
    for file in files {
        let mut reader = csv::Reader::from_path(file).unwrap();
        let heads = reader.headers().unwrap().clone();
        for row in reader.records() {
            let row: Row = heads
                .iter()
                .map(str::to_owned)
                .zip(row.unwrap().iter().map(str::to_owned))
                .collect();
            let rank =
                ["new", "correction", "cancellation"].iter().position(|r| *r == row["report"]);
            let Some(rank) = rank.filter(|_| ids.contains(&row["contact_id"])) else { continue };
            let (id, order) = (row["contact_id"].clone(), (row["reported_on"].clone(), rank));
            if last.get(&id).is_none_or(|(known, _)| *known <= order) {
                last.insert(id, (order, row));
            }
        }
    }
    last.into_iter().map(|(id, (_, row))| (id, row)).collect()
}

/// The period of a day of pregnancy.
fn period(days: i32) -> char {
    match days {
        ..=139 => 'a',
        140..=216 => 'b',
        _ => 'c',
    }
}

/// Contacts that take a period, and those that are included in one of another.
fn by_period(
    rows: &BTreeMap<String, Row>,
    too_late: &BTreeSet<String>,
) -> [BTreeMap<String, char>; 2] {
    let mut starts: BTreeMap<&str, Vec<(i32, &str)>> = BTreeMap::new();
    for (id, row) in rows {
        if row["kind"] != "delivery"
            && let Ok(days) = row["gestational_days"].parse::<i32>()
        {
            let start = Day::parse(&row["care_date"]).unwrap().number() - days;
            starts.entry(&row["person"]).or_default().push((start, id));
        }
    }
    // By person, pregnancy and period.
    type Sought<'a> = BTreeMap<(&'a str, i32, char), Vec<(&'a str, &'a str)>>;
    let mut seekers: Sought<'_> = BTreeMap::new();
    for (person, mut of_person) in starts {
        of_person.sort_unstable();
        let mut first = i32::MIN;
        for (start, id) in of_person {
            if first == i32::MIN || start > first + 84 {
                first = start;
            }
            let row = &rows[id];
            let takes = row["kind"] == "midwife-visit"
                && row["unit"].starts_with("bmm-")
                && row["individual"] == "1"
                && !too_late.contains(id);
            if takes {
                let period = period(row["gestational_days"].parse().unwrap());
                seekers.entry((person, first, period)).or_default().push((&row["care_date"], id));
            }
        }
    }
    let mut found = [BTreeMap::new(), BTreeMap::new()];
    for ((_, _, period), mut visits) in seekers {
        visits.sort_unstable();
        for (nth, (_, id)) in visits.into_iter().enumerate() {
            found[usize::from(nth > 0)].insert(id.to_owned(), period);
        }
    }
    found
}

/// Relative CNI of a unit on a day in ten-thousandths, as the ratebook's text has it.
fn relative_cni(unit: &str, care_date: &str) -> i64 {
    let name =
        if care_date < "2023-01-01" { "demo-relative-cni" } else { "demo-relative-cni-2023" };
    let text = fs::read_to_string(root().join(format!("ratebook/demo/{name}.toml"))).unwrap();
    let (_, after) = text.split_once(&format!("code = \"{unit}\"\nvalue = \"")).unwrap();
    after.split('"').next().unwrap().replace('.', "").parse().unwrap()
}

/// Period pay and CNI add-on of a visit that takes a period, in öre. The add-on is rounded half up, once.
fn pay(unit: &str, care_date: &str, period: char) -> [(String, i64); 2] {
    let raised = care_date >= "2024-03-01";
    let (product, kronor, add_on) = match (period, raised) {
        ('a', false) => (25_472, 2_480, 180),
        ('b', false) => (25_473, 2_090, 150),
        ('c', false) => (25_474, 2_980, 215),
        ('a', true) => (25_472, 2_650, 190),
        ('b', true) => (25_473, 2_240, 160),
        _ => (25_474, 3_190, 230),
    };
    let add_on = (add_on * 100 * relative_cni(unit, care_date) + 5_000) / 10_000;
    [(format!("cni-add-on-{product}"), add_on), (format!("period-pay-{period}"), kronor * 100)]
}

#[test]
fn the_first_visit_of_each_period_takes_its_pay_and_the_add_on() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("period-pay");
    let _ = fs::remove_dir_all(&folder);
    let out = folder.to_string_lossy().into_owned();
    let both = ["--register", "ratebook/stockholm", "ratebook/demo"];
    let span = ["--out", &out, "--from", "2022-10", "--to", "2024-06", "--scale", "20"];
    run(&[&["generate"], &both[..], &span].concat());
    let mut files: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".csv"))
        .collect();
    files.sort();
    let mut arguments = vec!["price", "--known-on", KNOWN_ON, "--through", THROUGH, "--lines"];
    arguments.extend(["--format", "json"]);
    arguments.extend(both);
    arguments.push("--contacts");
    arguments.extend(files.iter().map(String::as_str));
    let priced: Value = serde_json::from_str(&run(&arguments)).unwrap();

    let text = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let mut paid: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for line in priced["lines"].as_array().unwrap().iter().filter(|l| !l["contact_id"].is_null()) {
        let (id, element) = (text(line, "contact_id"), text(line, "element"));
        if element.starts_with("period-pay-") || element.starts_with("cni-add-on-") {
            let amount = line["amount_ore"].as_i64().unwrap();
            paid.entry(id.clone()).or_default().push((element, amount));
        }
        ids.insert(id);
    }
    let mut unpriced: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in priced["unpriced_contacts"].as_array().unwrap() {
        ids.insert(text(one, "contact_id"));
        unpriced.entry(text(one, "reason")).or_default().insert(text(one, "contact_id"));
    }
    let of_reason = |reason: &str| unpriced.get(reason).cloned().unwrap_or_default();

    let rows = last_rows(&files, &ids);
    let [taking, included] = by_period(&rows, &of_reason("too-late"));
    let expected: BTreeMap<String, Vec<(String, i64)>> = taking
        .iter()
        .map(|(id, period)| {
            (id.clone(), pay(&rows[id]["unit"], &rows[id]["care_date"], *period).to_vec())
        })
        .collect();
    assert_eq!(paid, expected);
    assert!(paid.len() > 2_000 && included.len() > 4_000, "{} {}", paid.len(), included.len());

    // The others are included, but for a cell sample that is paid on its own.
    let without_pay: BTreeSet<String> =
        included.into_keys().filter(|id| rows[id]["class_cell_sample"].is_empty()).collect();
    assert_eq!(of_reason("included-in-period"), without_pay);
    let without_days = |row: &Row| {
        row["kind"] == "midwife-visit"
            && row["gestational_days"].is_empty()
            && row["individual"] == "1"
            && row["diagnoses"].is_empty()
            && row["class_cell_sample"].is_empty()
    };
    let without_days: BTreeSet<String> = rows
        .iter()
        .filter(|(id, row)| without_days(row) && !of_reason("too-late").contains(*id))
        .map(|(id, _)| id.clone())
        .collect();
    assert_eq!(of_reason("no-gestational-days"), without_days);

    // The lump of May 2022 went to each of 70 midwife clinics and 30 ultrasound clinics, once.
    let lumps: Vec<&Value> = priced["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["element"] == "development-support")
        .collect();
    assert_eq!(lumps.len(), 100);
    assert!(lumps.iter().all(|row| row["amount_ore"] == 4_000_000 && row["month"] == "2022-05"));
}
