//! `findings` through the real binary: what stands as known on a day, its JSON, and the files to the clinics.
//!
//! Owns: the forms that docs/formats.md promises of it, and the warnings of `import`. Does not own: the rules that
//! warn (`kernel`).

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// A data folder of a test's own with the region's decisions.
struct Region {
    folder: PathBuf,
}

impl Region {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("findings-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let region = Self { folder };
        assert_eq!(region.run(&["init"]).code, 0);
        let load = ["register", "load", "--replay-known", "ratebook/stockholm", "ratebook/demo"];
        assert_eq!(region.run(&load).code, 0);
        region
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
        command.current_dir(root).args(arguments).arg("--data").arg(self.folder.join("data"));
        let output = command.env_remove("VARDKEDJA_DATA").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap();
        Ran { code, out: text(output.stdout), err: text(output.stderr) }
    }

    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let ran = self.run(&[arguments, &["--format", "json"]].concat());
        let json = serde_json::from_str(&ran.out);
        (ran.code, json.unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err)))
    }

    fn import(&self, name: &str, on: &str, content: &str, more: &[&str]) -> (i32, Value) {
        let path = self.folder.join(name);
        fs::write(&path, content).unwrap();
        self.json(&[&["import", path.to_str().unwrap(), "--on", on], more].concat())
    }

    /// Unit, code and contact of every finding that stands.
    fn stand(&self, more: &[&str]) -> Vec<(String, String, String)> {
        let (_, json) = self.json(&[&["findings"], more].concat());
        list(&json["findings"]).iter().map(told).collect()
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

fn told(row: &Value) -> (String, String, String) {
    (text(&row["unit"]), text(&row["code"]), text(&row["contact_id"]))
}

fn row(unit: &str, code: &str, contact: &str) -> (String, String, String) {
    (unit.to_owned(), code.to_owned(), contact.to_owned())
}

/// One of each: rows 2 and 3 are two births 20 days apart, 4 has no outcome, 5–8 are rejected, 9 has no weight,
/// 10 comes before the unit's agreement, 11 is a child, 12 takes back what nobody reported.
const FEBRUARY: &str = "\
contact_id,report,reported_on,unit,person,kind,care_date,drg,diagnoses,residence
K1,new,2023-02-10,danderyd,p-1,delivery,2023-02-01,P05E,O80.0 Z37.0,0180
K2,new,2023-02-22,danderyd,p-1,delivery,2023-02-21,P05E,O80.0 Z37.0,0180
K3,new,2023-02-10,karolinska-huddinge,p-2,delivery,2023-02-02,P05E,O80.0,0180
K4,new,2023-02-10,danderyd,p-3,delivery,2023-02-30,P05E,O80.0 Z37.0,0180
K5,new,2023-02-10,okand-enhet,p-4,delivery,2023-02-02,P05E,O80.0 Z37.0,0180
K6,new,2023-02-10,okand-enhet,p-5,mvc-besok,2023-02-02,,,0180
,new,2023-02-10,danderyd,p-6,delivery,2023-02-02,P05E,O80.0 Z37.0,0180
K8,new,2023-02-10,danderyd,p-7,delivery,2023-02-02,P01X,O82.0 Z37.0,0180
K9,new,2023-02-10,sankt-goran,p-8,delivery,2023-02-02,P05E,O80.0 Z37.0,0180
K10,new,2023-02-10,danderyd,992023000013,doctor-visit,2023-02-02,,,0180
K11,cancellation,2023-02-10,,,,,,,
";

/// A reserve number of a child born in 2023, with its right check digit.
fn february() -> String {
    let child = (0..10).map(|digit| format!("99202300001{digit}")).find(|number| {
        let digits = number.bytes().skip(4).map(|byte| u32::from(byte - b'0'));
        let sum: u32 = digits
            .enumerate()
            .map(|(at, digit)| {
                let product = digit * if at % 2 == 0 { 2 } else { 1 };
                product / 10 + product % 10
            })
            .sum();
        sum.is_multiple_of(10)
    });
    FEBRUARY.replace("992023000013", &child.unwrap())
}

#[test]
fn import_warns_and_rejects_no_more_for_it() {
    let region = Region::new("import");
    let (code, json) = region.import("februari.csv", "2023-03-01", &february(), &[]);
    assert_eq!((code, &json["rows"], &json["rejected"]), (1, &11.into(), &4.into()));
    let found: Vec<_> = list(&json["findings"])
        .iter()
        .map(|f| (f["line"].as_i64().unwrap(), text(&f["code"]), text(&f["severity"])))
        .collect();
    let expected = [
        (3, "two-births", "warning"),
        (4, "delivery-without-outcome", "warning"),
        (5, "bad-value", "error"),
        (6, "unknown-unit", "error"),
        (7, "bad-value", "error"),
        (8, "missing-field", "error"),
        (9, "unknown-code", "warning"),
        (10, "no-agreement", "warning"),
        (11, "implausible-age", "warning"),
        (12, "cancellation-of-nothing", "warning"),
    ];
    let expected = expected.map(|(line, code, how)| (line, code.to_owned(), how.to_owned()));
    assert_eq!(found, expected);
    let births = &list(&json["findings"])[0];
    assert_eq!(
        (text(&births["contact_id"]), text(&births["witness"]["unit"])),
        ("K2".to_owned(), "danderyd".to_owned())
    );
    assert!(text(&births["message"]).contains("`K1`, 20 dagar"), "{births}");
    // Warnings alone do not make an import fail.
    let alone = "contact_id,unit,person,kind,care_date\nK20,danderyd,p-20,delivery,2023-02-03\n";
    let (code, json) = region.import("bara-varningar.csv", "2023-03-01", alone, &[]);
    assert_eq!(
        (code, text(&list(&json["findings"])[0]["code"])),
        (0, "delivery-without-drg".into())
    );
    // What is reported on a day to come is kept, and told.
    let ahead = "contact_id,reported_on,unit,person,kind,care_date\n\
        K21,2999-12-31,danderyd,p-21,midwife-visit,2023-02-03\n";
    let (code, json) = region.import("framtid.csv", "2023-03-01", ahead, &[]);
    let found = list(&json["findings"]).iter().find(|one| one["code"] == "reported-ahead");
    let found = found.expect("a warning");
    assert_eq!((code, text(&found["field"])), (0, "reported_on".to_owned()));
    assert!(text(&found["message"]).contains("2999-12-31"), "{found}");
    // A batch is told what it brings to contacts of earlier ones: an earlier birth of the same person.
    let late = "contact_id,reported_on,unit,person,kind,care_date,drg,diagnoses\n\
        K30,2023-02-25,danderyd,p-2,delivery,2023-01-20,P05E,O80.0 Z37.0\n";
    let (_, json) = region.import("sen.csv", "2023-03-01", late, &[]);
    let finding = &list(&json["findings"])[0];
    assert_eq!(
        (text(&finding["code"]), text(&finding["contact_id"])),
        ("two-births".to_owned(), "K3".to_owned())
    );
}

#[test]
fn findings_stand_until_they_are_mended() {
    let region = Region::new("mended");
    region.import("februari.csv", "2023-03-01", &february(), &[]);
    let (code, json) = region.json(&["findings", "--known-on", "2023-03-01"]);
    assert_eq!(code, 1);
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["by", "counts", "files", "findings", "known_on", "origin"]);
    assert_eq!((&json["known_on"], &json["origin"]), (&"2023-03-01".into(), &"reported".into()));
    let stand: Vec<_> = list(&json["findings"]).iter().map(told).collect();
    let expected = [
        row("", "cancellation-of-nothing", "K11"),
        row("danderyd", "bad-value", "K4"),
        row("danderyd", "missing-field", ""),
        // Its DRG has no weight, and so no price; that it is unknown is not said twice.
        row("danderyd", "no-weight", "K8"),
        row("danderyd", "implausible-age", "K10"),
        row("danderyd", "two-births", "K2"),
        row("karolinska-huddinge", "delivery-without-outcome", "K3"),
        row("okand-enhet", "bad-value", "K6"),
        row("okand-enhet", "unknown-unit", "K5"),
        row("sankt-goran", "no-agreement", "K9"),
    ];
    assert_eq!(stand, expected);
    let keys = "care_date code contact_id family field file line message month severity unit value";
    let rows = list(&json["findings"]);
    for row in rows {
        let own: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(own, keys.split(' ').collect::<Vec<_>>());
        assert_eq!(row["file"], "februari.csv");
        assert!(!text(&row["message"]).is_empty());
    }
    assert_eq!(
        (&rows[1]["line"], &rows[1]["field"], &rows[1]["value"], &rows[1]["month"]),
        (&5.into(), &"care_date".into(), &"2023-02-30".into(), &"2023-02".into())
    );
    // Counts come of the same rows.
    let mut counted: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (unit, code, _) in &stand {
        *counted.entry((unit.clone(), code.clone())).or_default() += 1;
    }
    let counts = list(&json["counts"]).iter();
    let counts: BTreeMap<_, _> = counts
        .map(|c| ((text(&c["unit"]), text(&c["code"])), c["count"].as_i64().unwrap()))
        .collect();
    assert_eq!(counts, counted);

    // Before they were reported there was nothing.
    let (code, json) = region.json(&["findings", "--known-on", "2023-02-09"]);
    assert_eq!((code, list(&json["findings"]).len(), list(&json["counts"]).len()), (0, 0, 0));

    let march = "\
contact_id,report,reported_on,unit,person,kind,care_date,drg,diagnoses,residence
K2,cancellation,2023-03-02,,,,,,,
K3,correction,2023-03-02,karolinska-huddinge,p-2,delivery,2023-02-02,P05E,O80.0 Z37.0,0180
K4,new,2023-03-02,danderyd,p-3,delivery,2023-02-27,P05E,O80.0 Z37.0,0180
K5,new,2023-03-02,danderyd,p-4,delivery,2023-02-02,P05E,O80.0 Z37.0,0180
K6,new,2023-03-02,danderyd,p-5,midwife-visit,2023-02-02,,,0180
K8,correction,2023-03-02,danderyd,p-7,delivery,2023-02-02,P01A,O82.0 Z37.0,0180
K10,correction,2023-03-02,danderyd,p-9,doctor-visit,2023-02-02,,,0180
";
    let (code, json) = region.import("mars.csv", "2023-03-02", march, &[]);
    assert_eq!((code, list(&json["findings"]).len()), (0, 0), "{json}");
    let left = [
        row("", "cancellation-of-nothing", "K11"),
        row("danderyd", "missing-field", ""),
        row("sankt-goran", "no-agreement", "K9"),
    ];
    assert_eq!(region.stand(&["--known-on", "2023-03-02"]), left);
    // What was known the day before is as it was.
    assert_eq!(region.stand(&["--known-on", "2023-03-01"]), expected);
}

#[test]
fn what_is_asked_for_is_listed() {
    let region = Region::new("asked");
    region.import("februari.csv", "2023-03-01", &february(), &[]);
    let day = ["--known-on", "2023-03-01"];
    let stand = |more: &[&str]| region.stand(&[&day[..], more].concat());
    let all = stand(&[]);
    let of = |unit: &str| all.iter().filter(|row| row.0 == unit).cloned().collect::<Vec<_>>();
    assert_eq!(stand(&["--unit", "danderyd"]), of("danderyd"));
    assert_eq!(stand(&["--unit", "okand-enhet"]), of("okand-enhet"));
    assert_eq!(stand(&["--unit", "bb-stockholm"]), []);
    assert_eq!(stand(&["--code", "two-births"]), [row("danderyd", "two-births", "K2")]);
    assert_eq!(stand(&["--month", "2023-02"]), all);
    assert_eq!(stand(&["--month", "2023-01"]), []);
    assert_eq!(stand(&["--batch", "februari.csv"]), all);
    assert_eq!(stand(&["--severity", "error"]).len(), 4);
    assert_eq!(stand(&["--severity", "error", "--severity", "warning"]), all);
    let refused = |more: &[&str]| {
        let ran = region.run(&[&["findings"], more].concat());
        assert_eq!(ran.out, "");
        (ran.code, ran.err)
    };
    assert!(matches!(refused(&["--code", "two-birth"]), (2, err) if err.contains("`two-births`")));
    assert!(matches!(refused(&["--unit", "danderid"]), (3, err) if err.contains("`danderyd`")));
    assert!(matches!(refused(&["--batch", "mars.csv"]), (3, _)));
    for by in ["unit", "code", "month"] {
        for format in ["table", "json", "csv"] {
            let once =
                || region.run(&[&["findings", "--by", by, "--format", format], &day[..]].concat());
            let (one, other) = (once(), once());
            assert_eq!((one.code, &one.out), (1, &other.out), "{by} {format}");
        }
    }
    let (_, json) = region.json(&[&["findings", "--by", "code"], &day[..]].concat());
    let bad = list(&json["counts"]).iter().find(|count| count["code"] == "bad-value").unwrap();
    assert_eq!(
        (&bad["unit"], &bad["month"], &bad["count"]),
        (&Value::Null, &Value::Null, &2.into())
    );
    let english = region.run(&[&["findings", "--lang", "en"], &day[..]].concat());
    assert!(english.out.contains("20 days earlier, and both are paid"), "{}", english.out);
}

#[test]
fn each_unit_gets_a_file() {
    let region = Region::new("export");
    let renamed = "SYNTETISKA-DATA-2023-02.csv";
    region.import(renamed, "2023-03-01", &february(), &["--origin", "synthetic"]);
    let folder = region.folder.join("to-the-clinics");
    let export = ["findings", "--known-on", "2023-03-01", "--export", folder.to_str().unwrap()];
    let (code, json) = region.json(&export);
    let names = ["danderyd", "karolinska-huddinge", "okand-enhet", "sankt-goran", "utan-enhet"];
    let names = names.map(|unit| format!("SYNTETISKA-DATA-avvikelser-{unit}-2023-03-01.csv"));
    assert_eq!((code, &json["files"]), (1, &serde_json::json!(names)));
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let mut written: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    written.sort();
    assert_eq!(written, names);
    let before: Vec<String> = names.iter().map(|name| read(name)).collect();
    let mut reader = csv::Reader::from_reader(before[0].as_bytes());
    let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let expected =
        "unit contact_id care_date month family code severity field value message file line origin";
    assert_eq!(heads, expected.split(' ').collect::<Vec<_>>());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| &row[0] == "danderyd" && &row[12] == "synthetic"));
    // No file has a person, not even one that the clinic wrote where a contact id should be.
    for content in &before {
        assert!(!content.contains("99202300001") && !content.contains("p-1"), "{content}");
    }
    // Again the same bytes; a table tells what was written.
    let again = region.run(&export);
    assert!(
        again.out.contains("SYNTETISKA DATA") && again.out.contains(&names[0]),
        "{}",
        again.out
    );
    assert_eq!(before, names.iter().map(|name| read(name)).collect::<Vec<_>>());
}
