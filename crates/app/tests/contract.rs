//! The contract through the real binary: forms of JSON, exit codes, order, and amounts that can be worked out by
//! hand or counted from the contact files.
//!
//! Owns: what programs outside rely on (docs/formats.md). Does not own: single rulings (`cases`).

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const BOTH: [&str; 3] = ["--register", "ratebook/stockholm", "ratebook/demo"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("contract-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }
}

/// Runs the command in the root of the repository.
fn run(arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
    command.current_dir(root()).args(arguments).env_remove("VARDKEDJA_DATA");
    for variable in ["VARDKEDJA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// `price --format json` with both ratebooks.
fn price(contacts: &[String], more: &[&str]) -> Value {
    let mut arguments = vec!["price", "--format", "json", "--contacts"];
    arguments.extend(contacts.iter().map(String::as_str));
    arguments.extend(BOTH);
    arguments.extend(more);
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn assert_keys(value: &Value, expected: &[&str]) {
    let keys = keys(value);
    for key in expected {
        assert!(keys.contains(key), "no `{key}` among {keys:?}");
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("`{key}` is no list in {value}"))
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("`{key}` is no text in {value}"))
}

fn number(value: &Value, key: &str) -> i64 {
    value[key].as_i64().unwrap_or_else(|| panic!("`{key}` is no whole number in {value}"))
}

fn sum(rows: &[Value]) -> i64 {
    rows.iter().map(|row| number(row, "amount_ore")).sum()
}

fn row_key(row: &Value) -> (String, String, String, String, bool) {
    let [unit, month, element, payer] =
        ["unit", "month", "element", "payer"].map(|key| text(row, key).to_owned());
    (unit, month, element, payer, row["payable"].as_bool().unwrap())
}

fn write(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path.to_string_lossy().into_owned()
}

const CONTACTS: &str = "\
contact_id,reported_on,unit,person,kind,care_date,drg,residence,place,enrolled
K2,2023-02-01,karolinska-huddinge,p-1,delivery,2023-01-20,P05E,0188,,ja
K1,2023-02-02,danderyd,p-2,delivery,2023-01-21,P05C,0180,,nej
K3,2023-02-03,karolinska-huddinge,p-3,delivery,2023-01-22,P05E,1480,home,nej
K4,2023-02-03,danderyd,p-4,delivery,2023-01-23,X99,0180,,
K5,2023-02-03,nowhere,p-5,delivery,2023-01-24,P05E,0180,,
K6,2023-02-03,danderyd,p-6,delivery,igår,P05E,0180,,
";

#[test]
fn price_gives_sorted_rows_and_lines_the_same_bytes_every_time() {
    let folder = folder("price");
    let file = write(&folder, "contacts.csv", CONTACTS);
    let files = std::slice::from_ref(&file);
    let priced = price(files, &["--known-on", "2023-03-31"]);
    assert_keys(&priced, &["rows", "unpriced", "rejected"]);
    assert!(!keys(&priced).contains("lines"));
    let rows = list(&priced, "rows");
    let order: Vec<_> = rows.iter().map(row_key).collect();
    assert!(order.is_sorted() && order.windows(2).all(|pair| pair[0] != pair[1]));
    for row in rows {
        assert_keys(row, &["unit", "month", "element", "payer", "payable", "count", "amount_ore"]);
    }
    assert_eq!(priced["unpriced"], serde_json::json!([{"reason": "no-weight", "count": 1}]));
    let rejected = serde_json::json!([{"code": "bad-value", "count": 1}, {"code": "unknown-unit", "count": 1}]);
    assert_eq!(priced["rejected"], rejected);

    let with_lines = price(files, &["--known-on", "2023-03-31", "--lines"]);
    let lines = list(&with_lines, "lines");
    let order: Vec<_> = lines
        .iter()
        .map(|line| (line["contact_id"].is_null(), line["contact_id"].as_str(), row_key(line)))
        .collect();
    assert!(order.is_sorted(), "null contact ids last");
    assert!(order.first().is_some_and(|line| line.1 == Some("K1")));
    assert!(order.last().is_some_and(|line| line.0), "unit formulas have no contact");
    let mut summed: BTreeMap<_, (i64, i64)> = BTreeMap::new();
    for line in lines {
        assert!(!text(line, "rate").is_empty());
        let total = summed.entry(row_key(line)).or_default();
        *total = (total.0 + number(line, "count"), total.1 + number(line, "amount_ore"));
    }
    let rows: BTreeMap<_, _> = rows
        .iter()
        .map(|row| (row_key(row), (number(row, "count"), number(row, "amount_ore"))))
        .collect();
    assert_eq!(summed, rows, "the lines are the rows");
    // K2: 42 253,97 + 2 112,70 + 2 218,33 + 2 000 + 5 000 + 14 200, paid by Norrtälje's association.
    let of = |contact: &str| -> Vec<Value> {
        lines.iter().filter(|line| line["contact_id"] == contact).cloned().collect()
    };
    assert_eq!(sum(&of("K2")), 6_778_500);
    assert!(of("K2").iter().all(|line| text(line, "payer") == "kson"));
    assert_eq!(sum(&of("K3")), 5_358_500 + 2_861_400);
    assert!(of("K3").iter().all(|line| text(line, "payer") == "other-region"));

    let mut all = vec!["price", "--contacts", &file, "--known-on", "2023-03-31", "--lines"];
    all.extend(BOTH);
    for format in ["json", "csv", "table"] {
        let once = || run(&[&all[..], &["--format", format]].concat());
        let (one, other) = (once(), once());
        assert_eq!((one.code, one.out), (0, other.out), "{format}");
    }
}

#[test]
fn a_difference_is_one_price_minus_the_other() {
    let folder = folder("against");
    let file = write(&folder, "contacts.csv", CONTACTS);
    let files = [file];
    let days = ["--known-on", "2023-01-30", "--against", "2023-03-31"];
    let of = |day: &str| {
        let priced = price(&files, &["--known-on", day]);
        let rows = list(&priced, "rows").iter();
        rows.map(|row| (row_key(row), (number(row, "count"), number(row, "amount_ore"))))
            .collect::<BTreeMap<_, _>>()
    };
    let (one, other) = (of("2023-01-30"), of("2023-03-31"));
    let mut expected = BTreeMap::new();
    for key in one.keys().chain(other.keys()) {
        let get = |side: &BTreeMap<_, (i64, i64)>| side.get(key).copied().unwrap_or_default();
        let difference = (get(&other).0 - get(&one).0, get(&other).1 - get(&one).1);
        if difference != (0, 0) {
            expected.insert(key.clone(), difference);
        }
    }
    let found = price(&files, &days);
    let rows = list(&found, "rows").iter();
    let rows: BTreeMap<_, _> =
        rows.map(|row| (row_key(row), (number(row, "count"), number(row, "amount_ore")))).collect();
    assert_eq!(rows, expected);

    // With the same reports on both sides only the two raises of January 2023 differ.
    let more = [&days[..2], &["--against", "2023-01-31", "--contacts-known-on", "2023-03-31"]];
    let found = price(&files, &[more.concat(), vec!["--lines"]].concat());
    let changed: Vec<_> = list(&found, "lines")
        .iter()
        .map(|line| {
            let (contact, rate) = (text(line, "contact_id"), text(line, "rate"));
            (contact.to_owned(), rate.to_owned(), number(line, "count"), number(line, "amount_ore"))
        })
        .collect();
    let expected = [("K2", "continuity-2023", 680_000), ("K3", "home-birth-2023", 99_000)];
    let expected = expected.map(|(id, rate, ore)| (id.to_owned(), rate.to_owned(), 0, ore));
    assert_eq!(changed, expected);
    assert_eq!((list(&found, "unpriced").len(), list(&found, "rejected").len()), (0, 0));
}

#[test]
fn contact_files_come_as_spreadsheets_write_them() {
    let folder = folder("forms");
    let plain = price(&[write(&folder, "plain.csv", CONTACTS)], &["--known-on", "2023-03-31"]);
    let forms = [
        ("bom.csv", format!("\u{feff}{CONTACTS}")),
        ("semicolon.csv", CONTACTS.replace(',', ";")),
        (
            "bom-semicolon-crlf.csv",
            format!("\u{feff}{}", CONTACTS.replace(',', ";").replace('\n', "\r\n")),
        ),
        ("tab.csv", CONTACTS.replace(',', "\t")),
        (
            "swedish.csv",
            CONTACTS.replacen(
                "contact_id,reported_on,unit,person",
                "kontakt_id,rapporterad,enhet,personnummer",
                1,
            ),
        ),
    ];
    for (name, content) in forms {
        let found = price(&[write(&folder, name, &content)], &["--known-on", "2023-03-31"]);
        assert_eq!(found, plain, "{name}");
    }
}

#[test]
fn exit_codes_say_how_it_ended() {
    let folder = folder("exits");
    let good = write(&folder, "good.csv", CONTACTS);
    let misspelt = write(&folder, "misspelt.csv", &CONTACTS.replacen("care_date", "care_dat", 1));
    let binary = write(&folder, "binary.csv", "\u{0}\u{1}");
    let with = |more: &[&str]| run(&[&["price"], more, &BOTH[..]].concat());
    assert_eq!(with(&["--contacts", &good, "--known-on", "2023-03-31"]).code, 0);
    // An unknown column refuses the file and names the nearest.
    for lang in ["sv", "en"] {
        let ran = with(&["--contacts", &misspelt, "--known-on", "2023-03-31", "--lang", lang]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""));
        assert!(ran.err.contains("`care_dat`") && ran.err.contains("`care_date`"), "{}", ran.err);
    }
    let ran = with(&["--contacts", &misspelt, "--known-on", "2023-03-31", "--format", "json"]);
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    assert_keys(&error, &["error", "findings"]);
    for unreadable in [&binary[..], "no-such-file.csv"] {
        assert_eq!(with(&["--contacts", unreadable, "--known-on", "2023-03-31"]).code, 3);
    }
    // Wrong usage.
    let date = with(&["--contacts", &good, "--known-on", "2023-02-29"]);
    assert_eq!((date.code, date.out.as_str()), (2, ""));
    assert_eq!(run(&["prise"]).code, 2);
    assert_eq!(run(&["price", "--contacts", &good]).code, 2);
    assert_eq!(run(&["settle", "--month", "2023-01"]).code, 2);
    assert_eq!(run(&["settle", "--month", "2023-13", "--preview"]).code, 2);
    // A register with a load error prices nothing.
    let planted = folder.join("planted");
    copy_ratebooks(&planted);
    let raise = planted.join("stockholm/hsn-2023-01-raise.toml");
    let text = fs::read_to_string(&raise).unwrap();
    fs::write(&raise, text.replace("was = \"7 400 kr\"", "was = \"7 401 kr\"")).unwrap();
    let planted = planted.to_string_lossy().into_owned();
    let arguments = ["--contacts", &good, "--register", &planted, "--known-on", "2023-03-31"];
    let ran = run(&[&["price", "--format", "json"], &arguments[..]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(error["findings"][0]["code"], "was-not-equal");
    // Findings; and a folder without any.
    let ran = run(&["register", "check", &planted, "--known-on", "2026-11-21"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let small = folder.join("small");
    fs::create_dir_all(&small).unwrap();
    let kson = root().join("ratebook/stockholm/kson-2016.toml");
    fs::copy(kson, small.join("kson.toml")).unwrap();
    assert_eq!(run(&["register", "check", &small.to_string_lossy()]).code, 0);
    assert_eq!(run(&["register", "check", "no-such-folder"]).code, 3);
    assert_eq!(
        run(&["settle", "--data", "no-such-folder", "--month", "2023-01", "--book"]).code,
        3
    );
}

fn copy_ratebooks(to: &Path) {
    for name in ["stockholm", "demo"] {
        fs::create_dir_all(to.join(name)).unwrap();
        for entry in fs::read_dir(root().join("ratebook").join(name)).unwrap().flatten() {
            fs::copy(entry.path(), to.join(name).join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn register_check_and_schema_keep_their_forms() {
    let check = ["register", "check", "ratebook/stockholm", "ratebook/demo"];
    let check = [&check[..], &["--known-on", "2026-11-21", "--format", "json"]].concat();
    let (ran, again) = (run(&check), run(&check));
    assert_eq!((ran.code, &ran.out), (1, &again.out));
    let json = ran.json();
    assert_eq!(keys(&json), BTreeSet::from(["findings"]));
    let findings = list(&json, "findings");
    let mut places = Vec::new();
    for finding in findings {
        assert_keys(finding, &["code", "severity", "message", "file", "line", "witness"]);
        assert_eq!(keys(&finding["witness"]), BTreeSet::from(["unit", "element", "date"]));
        assert!(["error", "warning", "note"].contains(&text(finding, "severity")));
        assert!(text(finding, "file").starts_with("ratebook/") && number(finding, "line") > 0);
        places.push((text(finding, "file").to_owned(), number(finding, "line")));
    }
    assert!(places.is_sorted());
    let overdue = findings.iter().find(|finding| finding["code"] == "until-overdue").unwrap();
    assert_eq!(overdue["witness"]["element"], "eight-point-add-on");
    assert_eq!(overdue["witness"]["date"], "2022-07-01");

    let columns = run(&["schema", "contacts", "--format", "json"]).json();
    let names: Vec<&str> = list(&columns, "columns").iter().map(|c| text(c, "name")).collect();
    let documented = "contact_id report reported_on unit person kind care_date profession drg \
        diagnoses procedures residence place individual enrolled by_team team gestational_days \
        parity planned_unit carer born_at";
    let missing: Vec<_> = documented.split_whitespace().filter(|n| !names.contains(n)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let compulsory: Vec<&str> = list(&columns, "columns")
        .iter()
        .filter(|column| column["compulsory"] == true)
        .map(|column| text(column, "name"))
        .collect();
    assert_eq!(compulsory, ["contact_id", "unit", "person", "kind", "care_date"]);
    let ratebook = run(&["schema", "ratebook", "--format", "json"]);
    assert!(ratebook.code == 0 && ratebook.out.contains("gestational_days"));
}

// Amounts worked out by hand.

/// The parts of 60 000 000 kr as `price` gives them over 2023, in öre.
fn transition_support(register: &str, contacts: &str, known_on: &str) -> BTreeMap<String, i64> {
    let days = ["--known-on", known_on, "--through", "2023-12-31"];
    let arguments = ["price", "--format", "json", "--contacts", contacts, "--register", register];
    let ran = run(&[&arguments[..], &days].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut parts: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for row in list(&ran.json(), "rows") {
        if row["element"] == "transition-support" {
            let part = parts.entry(text(row, "unit").to_owned()).or_default();
            part.push(number(row, "amount_ore"));
        }
    }
    for months in parts.values() {
        // R37: rounded down in öre, the first months one öre more.
        assert_eq!(months.len(), 12);
        assert!(months[0] - months[11] <= 1 && months.is_sorted_by(|a, b| a >= b));
    }
    parts.into_iter().map(|(unit, months)| (unit, months.iter().sum())).collect()
}

#[test]
fn sixty_million_by_the_plan_that_was_known() {
    let folder = folder("shares");
    let contacts = write(&folder, "none.csv", CONTACTS.lines().next().unwrap());
    copy_ratebooks(&folder);
    let file = folder.join("stockholm/hsn-2023-04-transition-support.toml");
    let text = fs::read_to_string(&file).unwrap();
    // The support as if it had been known with the first plan, so that both plans can divide it.
    fs::write(&file, text.replace("known_from = 2023-04-30", "known_from = 2021-12-31")).unwrap();
    let register = folder.to_string_lossy().into_owned();
    let kronor = |parts: [(&str, i64); 7]| -> BTreeMap<String, i64> {
        let parts = parts.into_iter().map(|(unit, kr)| (unit.to_owned(), kr * 100));
        parts.collect()
    };
    // Plan of December 2021: 29 500 deliveries in all.
    let december = kronor([
        ("bb-stockholm", 8_135_593),
        ("danderyd", 12_406_780),
        ("karolinska-huddinge", 9_152_542),
        ("karolinska-solna", 6_508_474),
        ("sankt-goran", 4_067_797),
        ("sodersjukhuset", 14_644_068),
        ("sodertalje", 5_084_746),
    ]);
    // Plan of November 2022: 28 100.
    let november = kronor([
        ("bb-stockholm", 8_540_925),
        ("danderyd", 11_743_772),
        ("karolinska-huddinge", 8_967_972),
        ("karolinska-solna", 6_832_740),
        ("sankt-goran", 4_270_463),
        ("sodersjukhuset", 14_306_050),
        ("sodertalje", 5_338_078),
    ]);
    assert_eq!(december.values().sum::<i64>(), 6_000_000_000);
    assert_eq!(november.values().sum::<i64>(), 6_000_000_000);
    assert_eq!(transition_support(&register, &contacts, "2022-11-29"), december);
    assert_eq!(transition_support(&register, &contacts, "2022-11-30"), november);
    // In the ratebooks as they are the support is known in April 2023, with the later plan alone.
    assert_eq!(transition_support("ratebook", &contacts, "2023-04-29"), BTreeMap::new());
    assert_eq!(transition_support("ratebook", &contacts, "2023-04-30"), november);
}

/// A row of a contact file by column.
type Columns = BTreeMap<String, String>;

/// The contacts of generated files that are in force on a day, as the files state them: id to the columns.
/// Reports of one contact, day and kind that say different things all fall (R15).
fn in_force(files: &[String], known_on: &str) -> BTreeMap<String, Columns> {
    let mut reports: BTreeMap<(String, String, u8), BTreeSet<Columns>> = BTreeMap::new();
    for file in files {
        let mut reader = csv::Reader::from_path(file).unwrap();
        let heads = reader.headers().unwrap().clone();
        for row in reader.records() {
            let row = row.unwrap();
            let row: Columns = heads
                .iter()
                .zip(&row)
                .map(|(head, value)| {
                    (head.trim_start_matches('\u{feff}').to_owned(), value.to_owned())
                })
                .collect();
            if &*row["reported_on"] > known_on {
                continue;
            }
            let rank = match &*row["report"] {
                "cancellation" => 2,
                "correction" => 1,
                _ => 0,
            };
            let key = (row["contact_id"].clone(), row["reported_on"].clone(), rank);
            reports.entry(key).or_default().insert(row);
        }
    }
    let accepted = reports.into_iter().filter(|(_, rows)| rows.len() == 1);
    // In order of day and kind of report: the last of each contact stays.
    let last: BTreeMap<String, (u8, Columns)> = accepted
        .flat_map(|((id, _, rank), rows)| {
            rows.into_iter().map(move |row| (id.clone(), (rank, row)))
        })
        .collect();
    let kept = last.into_iter().filter(|(_, (rank, _))| *rank < 2);
    kept.map(|(id, (_, row))| (id, row)).collect()
}

fn generated(name: &str, from: &str, to: &str, scale: &str) -> Vec<String> {
    let folder = folder(name);
    let out = folder.to_string_lossy().into_owned();
    let span = ["--out", &out, "--from", from, "--to", to, "--scale", scale, "--seed", "7"];
    assert_eq!(run(&[&["generate"], &BOTH[..], &span].concat()).code, 0);
    csv_files(&folder)
}

fn csv_files(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    let mut files: Vec<String> = files.map(|path| path.to_string_lossy().into_owned()).collect();
    files.sort();
    assert!(files.iter().all(|file| file.contains("SYNTETISKA-DATA")));
    files
}

#[test]
fn the_raises_of_2023_are_so_much_for_each_delivery_that_qualifies() {
    let files = generated("raises", "2023-01", "2023-04", "400");
    let days = ["--known-on", "2023-01-30", "--against", "2023-01-31"];
    let day = "2023-04-30";
    let found = price(&files, &[&days[..], &["--contacts-known-on", day]].concat());
    let rows = list(&found, "rows");
    assert!(rows.iter().all(|row| text(row, "unit") == "karolinska-huddinge"));
    assert!(rows.iter().all(|row| number(row, "count") == 0 && row["payable"] == true));
    let raised = |element: &str| -> i64 {
        let of = rows.iter().filter(|row| text(row, "element") == element);
        of.map(|row| number(row, "amount_ore")).sum()
    };
    // Counted from the lines of the lower rates.
    let more = ["--known-on", "2023-01-30", "--contacts-known-on", day, "--lines"];
    let before = price(&files, &more);
    let paid = |element: &str| {
        let lines = list(&before, "lines").iter();
        lines.filter(|line| text(line, "element") == element).count()
    };
    // And from the contact files alone.
    let contacts = in_force(&files, day);
    let delivered = |key: &str, value: &str| {
        let at_huddinge = contacts.values().filter(|row| {
            row["unit"] == "karolinska-huddinge"
                && row["kind"] == "delivery"
                && &*row["care_date"] <= day
        });
        at_huddinge.filter(|row| row[key] == value).count()
    };
    let (enrolled, at_home) = (delivered("enrolled", "1"), delivered("place", "home"));
    assert!(enrolled > 10 && at_home > 2, "{enrolled} enrolled, {at_home} at home");
    assert_eq!((paid("continuity-add-on"), paid("home-birth-add-on")), (enrolled, at_home));
    assert_eq!(raised("continuity-add-on"), i64::try_from(enrolled).unwrap() * 680_000);
    assert_eq!(raised("home-birth-add-on"), i64::try_from(at_home).unwrap() * 99_000);
    assert_eq!(sum(rows), raised("continuity-add-on") + raised("home-birth-add-on"));
}

#[test]
fn june_2021_adds_two_thousand_for_each_delivery() {
    let files = generated("june", "2021-01", "2021-06", "60");
    let days = ["--known-on", "2021-06-29", "--against", "2021-06-30"];
    let found = price(&files, &[&days[..], &["--contacts-known-on", "2021-06-30"]].concat());
    let rows = list(&found, "rows");
    let deliveries: i64 = rows.iter().map(|row| number(row, "count")).sum();
    for row in rows {
        assert_eq!(text(row, "element"), "delivery-raise-2021");
        assert_eq!(number(row, "amount_ore"), number(row, "count") * 200_000);
    }
    let base = price(&files, &["--known-on", "2021-06-30"]);
    let base = list(&base, "rows").iter().filter(|row| text(row, "element") == "delivery-base");
    assert_eq!(base.map(|row| number(row, "count")).sum::<i64>(), deliveries);
    assert!(deliveries > 100);
}

// A data folder: import, settle, statement, explain, demo.

#[test]
fn a_month_from_import_to_statement() {
    let folder = folder("month");
    let data = folder.join("data").to_string_lossy().into_owned();
    let file = write(&folder, "january.csv", CONTACTS);
    let with = |more: &[&str]| run(&[more, &["--data", &data, "--format", "json"]].concat());
    assert_eq!(with(&["init"]).code, 0);
    let load = ["register", "load", "--replay-known", "ratebook/stockholm", "ratebook/demo"];
    assert_eq!(with(&load).code, 0);

    let ran = with(&["import", &file, "--on", "2023-01-31"]);
    // Rows reported in February are not known in January, but they are in the file.
    let json = ran.json();
    assert_eq!(ran.code, 1);
    assert_keys(&json, &["batch", "origin", "rows", "accepted", "rejected", "findings"]);
    assert_eq!(json["origin"], "reported");
    let (rows, accepted) = (number(&json, "rows"), number(&json, "accepted"));
    assert_eq!((rows, accepted + number(&json, "rejected")), (6, 6));
    for finding in list(&json, "findings") {
        let keys = ["code", "severity", "file", "line", "field", "value", "message"];
        assert_keys(finding, &keys);
    }
    let codes: BTreeSet<&str> = list(&json, "findings").iter().map(|f| text(f, "code")).collect();
    assert!(codes.contains("bad-value"), "{codes:?}");

    let settle = |way: &str| with(&["settle", "--month", "2023-02", way]);
    let preview = settle("--preview");
    assert_eq!((preview.code, &preview.out), (0, &settle("--preview").out));
    let preview = preview.json();
    assert_keys(&preview, &["month", "on", "origin", "hash", "lines", "total_ore"]);
    assert_eq!(preview["on"], "2023-03-03");
    let lines = list(&preview, "lines");
    for line in lines {
        let keys =
            ["unit", "payee", "payer", "element", "care_month", "cause", "count", "amount_ore"];
        assert_keys(line, &keys);
    }
    assert_eq!(sum(lines), number(&preview, "total_ore"));
    let booked = settle("--book").json();
    assert_eq!((&booked["hash"], &booked["lines"]), (&preview["hash"], &preview["lines"]));
    let again = settle("--book").json();
    assert_eq!((list(&again, "lines").len(), number(&again, "total_ore")), (0, 0));

    let statement =
        with(&["statement", "--unit", "karolinska-huddinge", "--month", "2023-02"]).json();
    let huddinge: Vec<Value> =
        lines.iter().filter(|line| text(line, "unit") == "karolinska-huddinge").cloned().collect();
    assert_eq!(number(&statement, "total_ore"), sum(&huddinge));
    assert_eq!(sum(list(&statement, "rows")), sum(&huddinge));
    assert_eq!(statement["origin"], "reported");
    let misspelt = with(&["statement", "--unit", "karolinska-hudinge", "--month", "2023-02"]);
    assert_eq!(misspelt.code, 3);
    assert!(misspelt.err.contains("`karolinska-huddinge`"), "{}", misspelt.err);

    let explained = with(&["explain", "--contact", "K2", "--known-on", "2023-03-31"]).json();
    assert_keys(&explained, &["contact", "elements", "total_ore"]);
    let elements = list(&explained, "elements");
    for element in elements {
        let told = "element label applies reason rate valid_from valid_to decision known_from \
            anchor quantity amount_ore payer regime payable illustrative unverified";
        assert_keys(element, &told.split_whitespace().collect::<Vec<_>>());
    }
    assert_eq!((number(&explained, "total_ore"), sum(elements)), (6_778_500, 6_778_500));
    let mut applying = elements.iter().filter(|one| one["applies"] == true);
    let continuity = applying.find(|one| one["element"] == "continuity-add-on").unwrap();
    assert_eq!(continuity["rate"], "continuity-2023");
    assert_eq!(continuity["decision"], "hsn-2023-01-raise");
    // It was reported in February: on 30 January nobody knew of it.
    let before = with(&["explain", "--contact", "K2", "--known-on", "2023-01-30"]);
    assert_eq!((before.code, before.out.as_str()), (3, ""));
}

#[test]
fn the_first_retroactive_decision_of_the_demo_is_counted_from_its_files() {
    let folder = folder("demo").join("region").to_string_lossy().into_owned();
    let demo = ["demo", "--scale", "20", "--to", "2021-08", "--folder", &folder];
    let ran = run(&[&demo[..], &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    assert_eq!(told["origin"], "synthetic");
    assert_eq!((number(&told, "settlements"), number(&told, "settling_again_lines")), (8, 0));
    let first = &told["first_retroactive"];
    // Known on the last of June, it reaches the settlement of June.
    assert_eq!((text(first, "month"), text(first, "on")), ("2021-06", "2021-07-05"));

    // The demo settled with the reports in memory as they came; read back, they lie in another order.
    let replayed = run(&["replay", "--all", "--data", &folder, "--format", "json"]).json();
    assert_eq!(replayed["same"], true, "{replayed}");

    // Deliveries that the settlements to May had paid, and that are in force when June is settled.
    let files = csv_files(&Path::new(&folder).join("inkorg"));
    let lines = |months: usize, known_on: &str, through: &str, element: &str| {
        let days = ["--known-on", known_on, "--through", through, "--lines"];
        let priced = price(&files[..months], &days);
        let lines = list(&priced, "lines").iter();
        let of: BTreeMap<String, String> = lines
            .filter(|line| text(line, "element") == element)
            .map(|line| (text(line, "contact_id").to_owned(), text(line, "month").to_owned()))
            .collect();
        of
    };
    let paid = lines(5, "2021-06-03", "2021-05-31", "delivery-base");
    let raised = lines(6, "2021-07-05", "2021-06-30", "delivery-raise-2021");
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for (_, month) in raised.iter().filter(|(contact, _)| paid.contains_key(*contact)) {
        *expected.entry(month.clone()).or_default() += 1;
    }
    let found: Vec<(String, i64, i64)> = list(first, "care_months")
        .iter()
        .map(|row| {
            (text(row, "care_month").to_owned(), number(row, "lines"), number(row, "amount_ore"))
        })
        .collect();
    let by_hand: Vec<_> =
        expected.iter().map(|(month, count)| (month.clone(), *count, count * 200_000)).collect();
    assert_eq!(found, by_hand);
    assert_eq!(number(first, "lines"), expected.values().sum::<i64>());
    assert_eq!(number(first, "amount_ore"), expected.values().sum::<i64>() * 200_000);

    // The statements of June say the same, unit by unit.
    let units: BTreeSet<String> = {
        let priced = price(&files, &["--known-on", "2021-09-03"]);
        list(&priced, "rows").iter().map(|row| text(row, "unit").to_owned()).collect()
    };
    let mut stated: BTreeMap<String, i64> = BTreeMap::new();
    let data = ["--data", &folder, "--format", "json"];
    for unit in units.iter().filter(|unit| !unit.starts_with("bmm-") && !unit.starts_with("ul-")) {
        let ran = run(&[&["statement", "--unit", unit, "--month", "2021-06"], &data[..]].concat());
        let json = ran.json();
        assert_eq!(json["origin"], "synthetic");
        for row in list(&json, "rows").iter().filter(|row| row["cause"] == "decision") {
            let month = text(row, "care_month").to_owned();
            *stated.entry(month).or_default() += number(row, "amount_ore");
        }
    }
    let by_hand: BTreeMap<_, _> =
        expected.into_iter().map(|(month, count)| (month, count * 200_000)).collect();
    assert_eq!(stated, by_hand);

    // Settling again posts nothing; what rests on made-up data says so.
    let again = run(&[&["settle", "--month", "2021-08", "--book"], &data[..]].concat()).json();
    assert_eq!((list(&again, "lines").len(), number(&again, "total_ore")), (0, 0));
    assert!(again["booked"].is_null() && again["origin"] == "synthetic");
    let explained =
        run(&[&["explain", "--contact", raised.keys().next().unwrap()], &data[..]].concat());
    assert_eq!(explained.json()["origin"], "synthetic");
    let tables: [&[&str]; 3] = [
        &["settle", "--month", "2021-09", "--preview"],
        &["statement", "--unit", "danderyd", "--month", "2021-06"],
        &["explain", "--contact", raised.keys().next().unwrap()],
    ];
    for table in tables {
        let ran = run(&[table, &["--data", &folder]].concat());
        assert!(ran.code == 0 && ran.out.contains("SYNTETISKA DATA"), "{table:?}: {}", ran.out);
    }
}

/// What is most likely a slip of the hand is refused, with what to do about it, and leaves nothing behind.
#[test]
fn slips_are_refused() {
    let place = folder("slips");
    let data = place.join("data").to_string_lossy().into_owned();
    let with = |arguments: &[&str]| run(&[arguments, &["--data", &data]].concat());
    assert_eq!(with(&["init"]).code, 0);
    // A settlement closes its month.
    let empty = with(&["settle", "--month", "2023-01", "--book"]);
    assert_eq!((empty.code, empty.err.contains("`register load`")), (3, true), "{}", empty.err);
    let dear = place.join("dear");
    fs::create_dir_all(&dear).unwrap();
    let rate = "[decision]\nid = \"dear\"\nknown_from = 2015-01-01\n\n[[rate]]\nid = \"dear\"\nelement = \"dear\"\n\
        formula = \"per-contact\"\namount = \"99 999 999 999 999 kr\"\nvalid_from = 2015-01-01\n\
        when = { kind = [\"delivery\"] }\n";
    fs::write(dear.join("dear.toml"), rate).unwrap();
    let dear = dear.to_string_lossy();
    let folders = ["ratebook/stockholm", "ratebook/demo", &dear];
    let loaded = with(&[&["register", "load", "--replay-known"][..], &folders].concat());
    assert_eq!(loaded.code, 0, "{}", loaded.err);
    let moved = [
        "grant",
        "reallocate",
        "--from",
        "directors-mandate-2023",
        "--to",
        "kson-2023",
        "--amount",
        "1 mkr",
        "--mandate",
        "director-2023",
    ];
    assert_eq!(with(&moved).code, 0);
    let twice = with(&moved);
    assert_eq!((twice.code, twice.err.contains("--id")), (3, true), "{}", twice.err);
    let another = with(&[&moved[..], &["--id", "another-million"]].concat());
    assert_eq!(another.code, 0, "{}", another.err);
    let nowhere = ["grant", "reallocate", "--from", "kson-2023", "--to", "kson-2023"];
    let nowhere = with(&[&nowhere[..], &["--amount", "1 mkr"]].concat());
    assert_eq!((nowhere.code, nowhere.err.contains("ingenting skulle flyttas")), (2, true));
    let misspelt = with(&["grant", "share", "kson-2023", "--residence", "188"]);
    assert_eq!((misspelt.code, misspelt.err.contains("`188`")), (2, true), "{}", misspelt.err);
    let unlike = with(&["findings", "--unit", "foo"]);
    assert_eq!((unlike.code, unlike.err.contains("närmast")), (3, false), "{}", unlike.err);

    // Each amount fits, their sum does not.
    let rows = (0..1_200)
        .map(|number| format!("D{number},danderyd,p-{number},delivery,2023-01-15,P05E\n"));
    let head = "contact_id,unit,person,kind,care_date,drg\n".to_owned();
    fs::write(place.join("dear.csv"), head + &rows.collect::<String>()).unwrap();
    let file = place.join("dear.csv").to_string_lossy().into_owned();
    let imported = with(&["import", &file, "--on", "2023-01-31"]);
    assert!(imported.code < 2, "{}", imported.err);
    let previewed = with(&["settle", "--month", "2023-01", "--preview"]);
    assert_eq!((previewed.code, previewed.out.as_str()), (3, ""), "{}", previewed.err);
    assert!(previewed.err.contains("större än vad som kan räknas exakt"), "{}", previewed.err);
}
