//! What a contact would be paid if one thing had been reported otherwise, held against the price of a file that says so.

use app::data::{DataFolder, YesNo};
use kernel::time::Day;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ON: &str = "2023-06-01";
const HEADER: &str = "contact_id;reported_on;unit;person;kind;care_date;drg;diagnoses;gestational_days;parity;enrolled;by_team;individual\n";
const REGISTERS: [&str; 2] = ["ratebook/stockholm", "ratebook/demo"];

/// A contact and what its three questions say.
type Asked<'a> = (&'a str, &'a str, [Option<bool>; 3]);

fn row((contact, of_kind, said): Asked<'_>) -> String {
    let said = said.map(|said| match said {
        Some(true) => "ja",
        Some(false) => "nej",
        None => "",
    });
    format!("{contact};2023-02-10;karolinska-huddinge;p-{contact};{of_kind};{}\n", said.join(";"))
}

fn run(arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
    let output = command.current_dir(root).args(arguments).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the contact of a file is paid, in öre.
fn priced(folder: &Path, asked: Asked<'_>) -> i64 {
    let file = folder.join("one.csv");
    fs::write(&file, [HEADER, &row(asked)].concat()).unwrap();
    let file = file.to_str().unwrap();
    let asked = ["price", "--contacts", file, "--known-on", ON, "--lines", "--format", "json"];
    let told = run(&[&asked[..], &["--register"], &REGISTERS].concat());
    let told: Value = serde_json::from_str(&told).unwrap();
    let lines = told["lines"].as_array().unwrap().iter();
    let paid = lines.filter(|line| !line["contact_id"].is_null() && line["payable"] == true);
    paid.map(|line| line["amount_ore"].as_i64().unwrap()).sum()
}

fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn every_change_is_worth_what_a_file_that_says_so_comes_to() {
    let folder = fresh("otherwise");
    let delivery = "delivery;2023-02-05;P05E;O80.0 Z37.0;280;0";
    let visit = "midwife-visit;2023-02-05;;Z34.9;200;0";
    let contacts: [Asked<'_>; 5] = [
        ("A", delivery, [Some(false), None, None]),
        ("B", delivery, [Some(true), None, Some(true)]),
        ("C", delivery, [None, Some(true), None]),
        ("D", delivery, [Some(true), Some(true), Some(true)]),
        ("E", visit, [Some(true), None, None]),
    ];
    let data = folder.join("data");
    let at = ["--data", data.to_str().unwrap()];
    run(&[&["init"], &at[..]].concat());
    run(&[&["register", "load", "--replay-known"], &REGISTERS[..], &at].concat());
    let file = folder.join("all.csv");
    fs::write(&file, HEADER.to_owned() + &contacts.map(row).concat()).unwrap();
    run(&[&["import", file.to_str().unwrap(), "--on", ON], &at[..]].concat());
    let mut data = DataFolder::open(&data).unwrap();
    data.reports().unwrap();
    let mut found = 0;
    for (contact, of_kind, said) in contacts {
        let now = priced(&folder, (contact, of_kind, said));
        let mut expected = BTreeMap::new();
        for (at, field) in ["Enrolled", "ByTeam", "Individual"].into_iter().enumerate() {
            for value in [Some(true), None].into_iter().filter(|value| *value != said[at]) {
                let mut changed = said;
                changed[at] = value;
                let more = priced(&folder, (contact, of_kind, changed)) - now;
                if more != 0 {
                    expected.insert((field, value), more);
                }
            }
        }
        let told = data.otherwise(contact, Day::parse(ON).unwrap()).unwrap();
        let told: BTreeMap<(&str, Option<bool>), i64> = told
            .into_iter()
            .map(|one| {
                let field = match one.field {
                    YesNo::Enrolled => "Enrolled",
                    YesNo::ByTeam => "ByTeam",
                    YesNo::Individual => "Individual",
                };
                ((field, one.value), one.more.ore())
            })
            .collect();
        assert_eq!(told, expected, "{contact}");
        found += told.len();
        if contact == "A" {
            assert_eq!(told, BTreeMap::from([(("Enrolled", Some(true)), 1_420_000)]));
        }
    }
    assert!(found >= 3, "{found}");
}
