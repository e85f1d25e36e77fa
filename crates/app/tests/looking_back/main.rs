//! The commands that look back, through the real binary: on two years of a small synthetic region, and on a
//! few contacts whose amounts can be worked out by hand.
//!
//! Owns: that bridges reach, that settlements can be computed again, that statements sum and say why. Does not
//! own: the forms of other commands (`contract`).

mod register;

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("looking-back-{name}"));
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
    command.current_dir(root()).args(arguments);
    for variable in ["VARDKEDJA_DATA", "VARDKEDJA_LANG", "LANG", "LC_ALL"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
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

/// What is paid and what is only computed, of rows.
fn sums<'v>(rows: impl IntoIterator<Item = &'v Value>) -> (i64, i64) {
    rows.into_iter().fold((0, 0), |(paid, shadow), row| {
        let amount = number(row, "amount_ore");
        if row["payable"] == true { (paid + amount, shadow) } else { (paid, shadow + amount) }
    })
}

fn end(bridge: &Value, key: &str) -> (i64, i64) {
    (number(&bridge[key], "payable_ore"), number(&bridge[key], "shadow_ore"))
}

/// Two years of a small region, every month settled; made once, and only read.
fn region() -> &'static str {
    static REGION: OnceLock<String> = OnceLock::new();
    REGION.get_or_init(|| {
        let folder = folder("region").join("data").to_string_lossy().into_owned();
        let demo = ["demo", "--scale", "6", "--to", "2022-12", "--format", "json"];
        let ran = run(&[&demo[..], &["--folder", &folder]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        folder
    })
}

/// A command on the region, its JSON.
fn ask(arguments: &[&str]) -> Value {
    let ran = run(&[arguments, &["--data", region(), "--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    ran.json()
}

/// `price` of the region's contact files as known on a day.
fn price(known_on: &str) -> Vec<Value> {
    let inbox = fs::read_dir(Path::new(region()).join("inkorg")).unwrap().flatten();
    let files = inbox.map(|entry| entry.path().to_string_lossy().into_owned());
    let files: Vec<String> = files.filter(|file| file.ends_with(".csv")).collect();
    let mut arguments = vec!["price", "--format", "json", "--known-on", known_on];
    arguments.extend(["--register", "ratebook/stockholm", "ratebook/demo", "--contacts"]);
    arguments.extend(files.iter().map(String::as_str));
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    list(&ran.json(), "rows").clone()
}

fn of_unit<'r>(rows: &'r [Value], unit: &'r str) -> impl Iterator<Item = &'r Value> {
    rows.iter().filter(move |row| unit.is_empty() || text(row, "unit") == unit)
}

// Bridges.

#[test]
fn a_bridge_reaches_from_one_price_to_the_other() {
    let last = "2023-03-31";
    let closing = price(last);
    // Two ends of years, and a day in the middle of a month.
    for first in ["2021-06-15", "2021-12-31", "2022-12-31"] {
        let opening = price(first);
        for unit in ["", "danderyd", "karolinska-huddinge"] {
            let mut arguments = vec!["bridge", "--from", first, "--to", last];
            if !unit.is_empty() {
                arguments.extend(["--unit", unit]);
            }
            let bridge = ask(&arguments);
            let place = format!("{first} {unit}");
            let rows = list(&bridge, "rows");
            let changed = sums(rows);
            let (from, to) = (end(&bridge, "opening"), end(&bridge, "closing"));
            assert_eq!(from, sums(of_unit(&opening, unit)), "{place}");
            assert_eq!(to, sums(of_unit(&closing, unit)), "{place}");
            assert_eq!((from.0 + changed.0, from.1 + changed.1), to, "{place}");
            assert!(!rows.is_empty() && of_unit(rows, unit).count() == rows.len(), "{place}");
            assert_eq!(bridge["origin"], "synthetic");
            check_rows(&place, first, rows);
            check_causes(&place, &bridge);
        }
    }
}

fn check_rows(place: &str, first: &str, rows: &[Value]) {
    let key = |row: &Value| {
        let texts = ["unit", "payer", "element", "care_month"].map(|key| text(row, key).to_owned());
        (texts, row["payable"] == true)
    };
    let keys: Vec<_> = rows.iter().map(|row| key(row).0).collect();
    assert!(keys.is_sorted(), "{place}");
    for row in rows {
        let told = format!("{place}: {row}");
        let (cause, month) = (text(row, "cause"), text(row, "care_month"));
        assert!(cause == "current" || month <= &first[..7], "{told}");
        assert!(cause != "current" || month >= &first[..7], "{told}");
        assert!(!list(row, "rates").is_empty(), "{told}");
        let (decisions, files) = (list(row, "decisions").len(), list(row, "files").len());
        match cause {
            "agreement" | "decision" => assert!(decisions > 0 && files == 0, "{told}"),
            _ => assert!((decisions == 0) != (files == 0), "{told}"),
        }
    }
}

fn check_causes(place: &str, bridge: &Value) {
    let rows = list(bridge, "rows");
    let causes = list(bridge, "causes");
    for cause in causes {
        let of = rows.iter().filter(|row| row["cause"] == cause["cause"]);
        let found = (number(cause, "payable_ore"), number(cause, "shadow_ore"));
        assert_eq!(found, sums(of), "{place}: {cause}");
    }
    let named: BTreeSet<&str> = rows.iter().map(|row| text(row, "cause")).collect();
    assert_eq!(causes.len(), named.len(), "{place}");
}

#[test]
fn a_bridge_to_the_same_day_changes_nothing() {
    let bridge = ask(&["bridge", "--from", "2022-06-15", "--to", "2022-06-15"]);
    assert!(list(&bridge, "rows").is_empty());
    assert_eq!(end(&bridge, "opening"), end(&bridge, "closing"));
    let backwards =
        run(&["bridge", "--from", "2022-06-15", "--to", "2022-06-14", "--data", region()]);
    assert_eq!((backwards.code, backwards.out.as_str()), (2, ""));
    let unknown = ["bridge", "--from", "2022-06-15", "--unit", "danderud", "--data", region()];
    let unknown = run(&unknown);
    assert_eq!(unknown.code, 3);
    assert!(unknown.err.contains("`danderyd`"), "{}", unknown.err);
}

#[test]
fn a_table_of_a_bridge_says_the_causes_first() {
    let arguments = ["bridge", "--from", "2021-06-15", "--to", "2023-03-31", "--data", region()];
    let ran = run(&[&arguments[..], &["--lang", "en"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].contains("SYNTETISKA DATA"));
    let at = |what: &str| lines.iter().position(|line| line.trim_start().starts_with(what));
    let (opening, closing) = (at("Known 2021-06-15"), at("Known 2023-03-31"));
    let (decision, heading) = (at("decision"), at("Unit"));
    assert!(opening < decision && decision < closing && closing < heading, "{}", ran.out);
    assert!(opening.is_some() && decision.is_some());
    let csv = run(&[&arguments[..], &["--format", "csv"]].concat());
    assert!(
        csv.out.starts_with("unit,payer,element,care_month,cause,payable,count,lines,amount_ore,")
    );
}

const CONTACTS: &str = "\
contact_id,reported_on,unit,person,kind,care_date,drg,residence,place,enrolled,report
K1,2023-01-25,karolinska-huddinge,p-1,delivery,2023-01-20,P05E,0188,,ja,new
K2,2023-02-20,karolinska-huddinge,p-2,delivery,2023-01-21,P05E,0188,,ja,new
K3,2023-01-25,karolinska-huddinge,p-3,delivery,2023-01-22,P05E,0180,,nej,new
K3,2023-02-21,karolinska-huddinge,p-3,delivery,2023-01-22,P05E,0180,,nej,cancellation
K4,2023-02-22,karolinska-huddinge,p-4,delivery,2023-02-10,P05E,0188,,nej,new
K5,2023-01-26,karolinska-huddinge,p-5,delivery,2023-01-22,X99,0180,,nej,new
K6,2023-01-26,karolinska-huddinge,p-6,birth,2023-01-22,P05E,0180,,nej,new
";

/// A data folder with the decisions, and the contacts above in one file.
fn by_hand(name: &str) -> String {
    let folder = folder(name);
    let data = folder.join("data").to_string_lossy().into_owned();
    let file = folder.join("januari.csv");
    fs::write(&file, CONTACTS).unwrap();
    let with = |code: i32, arguments: &[&str]| {
        let ran = run(&[arguments, &["--data", &data]].concat());
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
    };
    with(0, &["init"]);
    with(0, &["register", "load", "--replay-known", "ratebook/stockholm", "ratebook/demo"]);
    // K6 is no kind of contact.
    with(1, &["import", &file.to_string_lossy(), "--on", "2023-02-28"]);
    data
}

#[test]
fn each_step_has_its_cause_and_where_it_came_from() {
    let data = by_hand("steps");
    let arguments = ["bridge", "--from", "2023-01-30", "--to", "2023-02-28", "--data", &data];
    let bridge = run(&[&arguments[..], &["--format", "json"]].concat()).json();
    let row = |cause: &str, element: &str| -> Value {
        let mut rows = list(&bridge, "rows").iter();
        let found = rows.find(|row| row["cause"] == cause && row["element"] == element);
        found.cloned().unwrap_or_else(|| panic!("no {cause} of {element} in {bridge}"))
    };
    // K1 was known at 7 400 kr and is worth 14 200 kr from the decision of January.
    let raised = row("decision", "continuity-add-on");
    assert_eq!((number(&raised, "count"), number(&raised, "lines")), (0, 1));
    assert_eq!(number(&raised, "amount_ore"), 680_000);
    assert_eq!(raised["decisions"], serde_json::json!(["hsn-2023-01-raise"]));
    assert_eq!(raised["rates"], serde_json::json!(["continuity-2023"]));
    // K2 came late, whole, at the price of today.
    let late = row("late-report", "continuity-add-on");
    assert_eq!((number(&late, "count"), number(&late, "amount_ore")), (1, 1_420_000));
    assert_eq!(late["files"], serde_json::json!(["januari.csv"]));
    let cancelled = row("cancelled-report", "delivery-base");
    assert_eq!(number(&cancelled, "count"), -1);
    assert_eq!(cancelled["files"], serde_json::json!(["januari.csv"]));
    let new = row("current", "delivery-base");
    assert_eq!((text(&new, "care_month"), number(&new, "count")), ("2023-02", 1));
    // The fixed amount of February comes of the decision of its rate, not of a report.
    let units = list(&bridge, "rows").iter().filter(|row| list(row, "files").is_empty());
    assert!(units.clone().count() > 0);
    assert!(units.clone().all(|row| !list(row, "decisions").is_empty()));
}

// Replay.

#[test]
fn what_was_booked_can_be_computed_again() {
    let replayed = ask(&["replay", "--all"]);
    assert_eq!(replayed["same"], true);
    let settlements = list(&replayed, "settlements");
    assert_eq!(settlements.len(), 24);
    for one in settlements {
        assert_eq!((&one["same"], &one["hash"]), (&Value::Bool(true), &one["replayed_hash"]));
        assert_eq!(one["booked_with"], replayed["engine"]);
        assert!(number(one, "lines") > 0 && list(one, "differences").is_empty());
    }
    let listed = ask(&["settlements"]);
    let listed = list(&listed, "settlements");
    let pairs = listed.iter().zip(settlements);
    assert_eq!(listed.len(), 24);
    for (booked, again) in pairs {
        for key in ["id", "month", "on", "hash", "total_ore", "lines"] {
            assert_eq!(booked[key], again[key]);
        }
    }
    let one = ask(&["replay", text(&listed[7], "id")]);
    assert_eq!(list(&one, "settlements"), &settlements[7..8]);
    let unknown = run(&["replay", "a-2021-13-1", "--data", region()]);
    assert_eq!((unknown.code, unknown.out.as_str()), (3, ""));
}

/// Changes one byte in the middle of a file.
fn damage(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_damaged_file_is_told_truly() {
    let data = by_hand("damaged");
    let with = |arguments: &[&str]| run(&[arguments, &["--data", &data, "--lang", "en"]].concat());
    for month in ["2023-01", "2023-02"] {
        assert_eq!(with(&["settle", "--month", month, "--book"]).code, 0);
    }
    assert_eq!(with(&["replay", "--all"]).code, 0);
    let settlements = with(&["settlements", "--format", "json"]).json();
    let hash = text(&list(&settlements, "settlements")[0], "hash").to_owned();
    let lines = Path::new(&data).join("lines").join(format!("{hash}.parquet"));
    let whole = fs::read(&lines).unwrap();
    damage(&lines);
    // Its own settlement is compared with what was booked; the one after it does not rest on it unseen.
    let first = with(&["replay", "a-2023-01-1"]);
    assert_eq!(first.code, 1, "{}", first.err);
    assert!(first.out.contains("the kept line file is damaged"), "{}", first.out);
    assert!(first.out.contains("those that were booked, to the byte"), "{}", first.out);
    let second = with(&["replay", "a-2023-02-2"]);
    assert_eq!((second.code, second.out.as_str()), (3, ""));
    assert!(second.err.contains(&hash), "{}", second.err);
    let both = with(&["replay", "--all", "--format", "json"]);
    assert_eq!(both.code, 1);
    let same: Vec<_> =
        list(&both.json(), "settlements").iter().map(|one| one["same"].clone()).collect();
    assert_eq!(same, [false, true]);
    fs::write(&lines, whole).unwrap();
    assert_eq!(with(&["replay", "--all"]).code, 0);
    let batch = fs::read_dir(Path::new(&data).join("batches")).unwrap().flatten().next().unwrap();
    damage(&batch.path());
    let batch = batch.file_name().to_string_lossy().into_owned();
    let ran = with(&["replay", "a-2023-01-1"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains(&batch), "{}", ran.err);
}

// Statements.

#[test]
fn a_statement_sums_and_says_why_something_was_corrected() {
    let month = ["--month", "2021-06"];
    let statement = ask(&[&["statement", "--unit", "danderyd", "--lines"], &month[..]].concat());
    let rows = list(&statement, "rows");
    let total = (number(&statement, "total_ore"), number(&statement, "shadow_ore"));
    assert_eq!(total, sums(rows));
    assert_eq!(total, sums(list(&statement, "lines")), "the lines are the rows");
    for part in ["elements", "causes", "units"] {
        let parts = list(&statement, part);
        let sum = |key: &str| parts.iter().map(|part| number(part, key)).sum::<i64>();
        assert_eq!((sum("total_ore"), sum("shadow_ore")), total, "{part}");
    }
    let corrections: Vec<&Value> = rows.iter().filter(|row| row["cause"] == "decision").collect();
    assert!(!corrections.is_empty());
    for row in corrections {
        assert_eq!(row["decisions"], serde_json::json!(["avtalsutskottet-2021-06-raise"]));
        assert_eq!(row["rates"], serde_json::json!(["delivery-raise-2021-01"]));
    }
    assert!(
        rows.iter()
            .filter(|row| row["cause"] == "current")
            .all(|row| { list(row, "decisions").is_empty() && !list(row, "rates").is_empty() })
    );
    let table = ["statement", "--unit", "danderyd", "--data", region(), "--lang", "en"];
    let table = run(&[&table[..], &month[..]].concat());
    for told in ["Danderyd", "Corrections", "(danderyd)", "avtalsutskottet-2021-06-raise"] {
        assert!(table.out.contains(told), "{told}: {}", table.out);
    }
}

#[test]
fn a_payee_gets_one_statement_for_its_units() {
    let month = ["--month", "2021-06"];
    let rows = |whose: &[&str]| -> Vec<Value> {
        list(&ask(&[&["statement"], whose, &month[..]].concat()), "rows").clone()
    };
    let payees: BTreeSet<String> = rows(&["--unit", "karolinska-huddinge"])
        .iter()
        .map(|row| text(row, "payee").to_owned())
        .collect();
    let payee = payees.first().unwrap();
    let of_payee = rows(&["--payee", payee]);
    let units: BTreeSet<&str> = of_payee.iter().map(|row| text(row, "unit")).collect();
    assert!(units.len() > 1 && units.contains("karolinska-huddinge"), "{units:?}");
    let of_units: Vec<Value> = units
        .iter()
        .flat_map(|unit| rows(&["--unit", unit]))
        .filter(|row| text(row, "payee") == payee)
        .collect();
    assert_eq!(sums(&of_units), sums(&of_payee));
    let ran = run(&["statement", "--payee", "nobody", "--month", "2021-06", "--data", region()]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
}

#[test]
fn a_statement_says_what_was_not_paid() {
    let data = by_hand("not-paid");
    let with = |arguments: &[&str]| run(&[arguments, &["--data", &data]].concat());
    let statement = |unit: &str, month: &str| {
        with(&["statement", "--unit", unit, "--month", month, "--format", "json"])
    };
    assert_eq!(statement("danderyd", "2023-01").code, 3, "not settled");
    assert_eq!(with(&["settle", "--month", "2023-01", "--book"]).code, 0);
    assert_eq!(with(&["settle", "--month", "2023-02", "--book"]).code, 0);
    let january = statement("karolinska-huddinge", "2023-01").json();
    // K5 has a DRG without weight.
    assert_eq!(january["unpriced"], serde_json::json!([{"reason": "no-weight", "count": 1}]));
    assert_eq!(january["rejected"], serde_json::json!([{"code": "bad-value", "count": 1}]));
    // A unit that nothing was paid to in February gets an empty statement, not an error.
    let nothing = statement("bmm-backsippan", "2023-02");
    let nothing = if nothing.code == 3 { statement("danderyd", "2023-02") } else { nothing };
    assert_eq!(nothing.code, 0, "{}", nothing.err);
    let february = statement("karolinska-huddinge", "2023-02").json();
    let cancelled: Vec<&Value> =
        list(&february, "rows").iter().filter(|row| row["cause"] == "cancelled-report").collect();
    assert!(!cancelled.is_empty());
    assert!(cancelled.iter().all(|row| number(row, "amount_ore") < 0));
}
