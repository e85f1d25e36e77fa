//! Receipts: those of a small region are accepted, by the program and by the example in Python; whatever is changed in one
//! is found, and where it was changed is named. And a receipt tells of nobody else's contacts.
//!
//! Owns: these trials. Does not own: what a month comes to (`looking_back`, `contract`).
//!
//! `VARDKEDJA_DEEP=1 cargo test -p app --test receipts` tries a thousand changes instead of 60, and more months.

mod moved;
mod statements;
mod tamper;
mod worlds;

use app::bundle::{Checked, Members, check, unpack};
use app::commands::bundle::checked_bundle;
use app::data::DataFolder;
use kernel::time::Month;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

fn is_deep() -> bool {
    std::env::var_os("VARDKEDJA_DEEP").is_some()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("receipts-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
    command.current_dir(root()).args(arguments);
    for variable in ["VARDKEDJA_DATA", "VARDKEDJA_LANG", "LANG", "LC_ALL"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
}

/// A small region to the spring of 2023, every month settled; made once, and only read.
fn region() -> &'static Path {
    static REGION: OnceLock<PathBuf> = OnceLock::new();
    REGION.get_or_init(|| {
        let folder = folder("region").join("data");
        let demo = ["demo", "--scale", "6", "--to", "2023-03", "--format", "json", "--folder"];
        let (code, told) = run(&[&demo[..], &[&folder.to_string_lossy()]].concat());
        assert_eq!(code, 0, "{told}");
        folder
    })
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Every unit of the region's register.
fn units(data: &DataFolder) -> Vec<String> {
    let view = data.register().view(u32::MAX);
    view.histories.iter().map(|history| history.id.to_string()).collect()
}

fn receipt(data: &mut DataFolder, unit: &str, of: &str) -> Vec<u8> {
    let (_, bytes, _) = checked_bundle(data, unit, month(of))
        .unwrap_or_else(|failure| panic!("{unit} {of}: {failure:?}"));
    bytes
}

/// What the program finds; `None` where it says that the bytes are no receipt.
fn checked(bytes: &[u8]) -> Option<Checked> {
    let (members, manifest, faults) = unpack(bytes)?;
    Some(check(&members, &manifest, faults))
}

/// The files of a receipt as a zip that somebody else wrote: without a folder, otherwise packed.
fn zipped(members: &Members) -> Vec<u8> {
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members.iter().rev() {
        out.start_file(name.as_str(), options).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// Which of some receipts the example in Python accepts; `None` without a Python that has `tomllib`.
fn python(files: &[PathBuf]) -> Option<Vec<bool>> {
    let probe = Command::new("python3").args(["-c", "import tomllib"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        assert!(!is_deep(), "python3 from 3.11 on is needed for the example in tools");
        eprintln!("without python3 from 3.11 on: tools/verify.py is not tried");
        return None;
    }
    let script = root().join("tools/verify.py");
    let output = Command::new("python3").arg("-B").arg(script).args(files).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let verdict = |file: &PathBuf| {
        let shown = file.display();
        let is_accepted = told.lines().any(|line| line == format!("{shown}: accepted"));
        let is_rejected = told.lines().any(|line| line == format!("{shown}: rejected"));
        assert!(is_accepted != is_rejected, "{shown}: {}", String::from_utf8_lossy(&output.stderr));
        is_accepted
    };
    Some(files.iter().map(verdict).collect())
}

#[test]
fn receipts_of_every_unit_are_accepted_by_the_program_and_by_the_example() {
    let mut data = DataFolder::open(region()).unwrap();
    let folder = folder("accepted");
    // The first month, one after a decision that reached back, and the months of two more.
    let months: &[&str] = match is_deep() {
        true => &["2021-01", "2021-06", "2022-01", "2022-12", "2023-02", "2023-03"],
        false => &["2021-06", "2023-02"],
    };
    let mut files = Vec::new();
    let mut lines = 0;
    for (at, unit) in units(&data).iter().enumerate() {
        for (other, of) in months.iter().enumerate() {
            // By default every other unit, in one of the months.
            if !is_deep() && at % (2 * months.len()) != other {
                continue;
            }
            let bytes = receipt(&mut data, unit, of);
            let again = checked(&bytes).unwrap();
            assert!(again.is_accepted(), "{unit} {of}: {again:?}");
            lines += again.lines;
            let file = folder.join(format!("SYNTETISK-{unit}-{of}.zip"));
            fs::write(&file, bytes).unwrap();
            files.push(file);
        }
    }
    assert!(files.len() > 50 && lines > 100, "{} receipts, {lines} lines", files.len());
    if let Some(verdicts) = python(&files) {
        let refused = files.iter().zip(verdicts).filter(|(_, is_accepted)| !is_accepted);
        assert_eq!(refused.map(|(file, _)| file).collect::<Vec<_>>(), Vec::<&PathBuf>::new());
    }
}

#[test]
fn the_same_receipt_has_the_same_bytes_and_may_be_packed_anew() {
    let mut data = DataFolder::open(region()).unwrap();
    let bytes = receipt(&mut data, "karolinska-huddinge", "2023-02");
    let mut other = DataFolder::open(region()).unwrap();
    assert_eq!(bytes, receipt(&mut other, "karolinska-huddinge", "2023-02"));
    let (members, _, faults) = unpack(&bytes).unwrap();
    assert!(faults.is_empty() && members.len() > 20);
    let packed = zipped(&members);
    assert_ne!(packed, bytes);
    let (again, first) = (checked(&packed).unwrap(), checked(&bytes).unwrap());
    assert!(again.is_accepted() && again.seal == first.seal);
    let file = folder("packed").join("SYNTETISK.zip");
    fs::write(&file, packed).unwrap();
    assert_ne!(python(&[file]), Some(vec![false]));
}

#[test]
fn a_receipt_tells_of_nobody_elses_contacts() {
    let mut data = DataFolder::open(region()).unwrap();
    // Contact, and the codes of the units that ever reported it, as the clinics sent them.
    let mut reported: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in fs::read_dir(region().join("inkorg")).unwrap().flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "csv") {
            let mut file = csv::Reader::from_path(entry.path()).unwrap();
            let heads = file.headers().unwrap().clone();
            let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
            let (id, unit) = (at("contact_id"), at("unit"));
            for row in file.records().map(Result::unwrap) {
                reported.entry(row[id].to_owned()).or_default().insert(row[unit].to_owned());
            }
        }
    }
    let mut given = 0;
    for unit in units(&data).iter().filter(|unit| unit.starts_with("bmm-")) {
        let bytes = receipt(&mut data, unit, "2021-06");
        let (members, manifest, _) = unpack(&bytes).unwrap();
        given += manifest.given.len();
        let mut told: BTreeSet<String> =
            manifest.given.iter().map(|fact| fact.contact_id.clone()).collect();
        for (name, bytes) in members.iter().filter(|(name, _)| name.ends_with(".csv")) {
            let mut file = csv::Reader::from_reader(bytes.as_slice());
            let heads = file.headers().unwrap().clone();
            let at = heads.iter().position(|head| head == "contact_id").unwrap();
            let of = heads.iter().position(|head| head == "unit");
            for row in file.records().map(Result::unwrap) {
                let is_own = of.is_none_or(|of| row[of].is_empty() || row[of] == **unit);
                assert!(is_own, "{unit} {name}: {row:?}");
                told.insert(row[at].to_owned());
            }
        }
        told.remove("");
        for id in told {
            assert!(reported[&id].contains(unit.as_str()), "{unit} is told of {id}");
        }
    }
    assert!(given > 0, "no visit of another clinic takes a period: the test shows nothing");
}

#[test]
fn the_commands_write_check_and_refuse() {
    let folder = folder("commands");
    let data = region().to_string_lossy().into_owned();
    let file = folder.join("SYNTETISK-kvitto.zip").to_string_lossy().into_owned();
    let bundle = |out: &str, month: &str| {
        run(&[
            "bundle", "--data", &data, "--unit", "danderyd", "--month", month, "--out", out,
            "--lang", "en",
        ])
    };
    let unmarked = folder.join("kvitto.zip").to_string_lossy().into_owned();
    let (code, told) = bundle(&unmarked, "2023-02");
    assert!(code == 2 && told.contains("SYNTETISK") && !Path::new(&unmarked).exists(), "{told}");
    let (code, told) = bundle(&file, "2023-04");
    assert!(code == 3 && told.contains("2023-04") && !Path::new(&file).exists(), "{told}");
    let (code, told) = bundle(&file, "2023-02");
    assert_eq!(code, 0, "{told}");
    let (code, told) = run(&["verify", &file, "--lang", "en"]);
    assert!(
        code == 0 && told.contains("SYNTETISKA DATA") && told.contains("All is right"),
        "{told}"
    );
    let (code, told) = run(&["verify", &file, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(code == 0 && json["accepted"] == true && json["origin"] == "synthetic", "{told}");
    let bytes = fs::read(&file).unwrap();
    let changed = tamper::first_amount(&bytes);
    fs::write(&file, zipped(&changed)).unwrap();
    let (code, told) = run(&["verify", &file, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    let difference = &json["differences"][0];
    let amount = |side: &str| difference[side]["amount_ore"].as_i64().unwrap();
    assert!(code == 1 && json["accepted"] == false, "{told}");
    assert_eq!(amount("stated"), amount("computed") + 100, "{told}");
    fs::write(&file, b"no zip").unwrap();
    assert_eq!(run(&["verify", &file]).0, 3);
}
