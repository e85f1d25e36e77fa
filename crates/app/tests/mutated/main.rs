//! Ten thousand contact files with something wrong, each with what is true of it: the right finding on the right
//! line, or a refusal that leaves the data folder as it was, to the byte. Never a panic, never half an import.
//!
//! Owns: these trials, the forms of other people's writers, and random bytes (`fuzz`). Does not own: single
//! rulings (`cases`), or what a fault costs (`contract`).
//!
//! `VARDKEDJA_DEEP=1 cargo test -p app --test mutated` tries ten thousand files instead of 390.

mod fuzz;
mod mutations;
mod table;

use app::data::{Bearing, DataFolder, Imported};
use app::failure::Failure;
use app::inputs;
use app::ratebook::read_folders;
use kernel::finding::{Code, Finding, Severity};
use kernel::time::Day;
use mutations::{Expect, Trial, trial};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use store::Origin;

const TRIALS: u64 = 390;
const TRIALS_DEEP: u64 = 10_000;

fn is_deep() -> bool {
    std::env::var_os("VARDKEDJA_DEEP").is_some()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An empty folder of this test's own.
fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutated-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn today() -> Day {
    Day::parse("2023-04-01").unwrap()
}

/// A data folder that knows the units.
fn with_register(folder: &Path) {
    let ratebooks = ["stockholm", "demo"].map(|name| root().join("ratebook").join(name));
    let decisions = read_folders(&ratebooks).unwrap().decisions;
    let texts: Vec<String> = decisions
        .iter()
        .map(|decision| fs::read_to_string(&*decision.place.file).unwrap())
        .collect();
    let mut data = DataFolder::create(folder).unwrap();
    let mut all: Vec<_> = decisions
        .into_iter()
        .zip(texts)
        .map(|(decision, text)| (decision.known_from, decision, text))
        .collect();
    all.sort_by_key(|(day, decision, _)| (*day, decision.id.to_string()));
    data.append(all).unwrap();
}

/// Every file of a folder, by name.
fn bytes_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(bytes_of(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn import(data: &mut DataFolder, path: &Path) -> Result<Imported, Failure> {
    data.import(inputs::open(path)?, Origin::Reported, today(), &mut |_| {})
}

/// What was told of the form of a file that was imported, in the order of the file. Warnings about what is hard to
/// believe (R19) are another matter.
fn told(imported: &Imported) -> Vec<(&'static str, u32, &'static str)> {
    let column = |field: &str| kernel::intake::Column::parse(field).map_or("", |c| c.name());
    let field = |field: &Option<String>| column(field.as_deref().unwrap_or(""));
    let is_of_form =
        |found: &&Finding| found.severity == Severity::Error || found.code == Code::ShortRow;
    let findings = imported.findings.iter().filter(is_of_form);
    findings.map(|found| (found.code.name(), found.line, field(&found.field))).collect()
}

/// No personal number is ever told.
fn assert_silent(trial: &Trial, imported: &Imported) {
    for finding in &imported.findings {
        let value = finding.value.as_deref().unwrap_or("");
        assert!(!value.contains("19819810000") && !value.contains("121212"), "{trial:?}: {value}");
        assert!(finding.code.name() != "bad-person" || value.is_empty(), "{trial:?}");
    }
}

fn assert_true(trial: &Trial, number: u64, outcome: &Result<Imported, Failure>) {
    let what = format!("trial {number}, {}, {:?}", trial.kind, trial.dialect);
    match (outcome, &trial.expect) {
        (Ok(imported), Expect::Findings(expected)) => {
            assert_eq!(told(imported), *expected, "{what}");
            assert_silent(trial, imported);
            let batch = &imported.batch;
            assert_eq!(batch.rows, batch.accepted + batch.rejected, "{what}");
            let errors = imported.findings.iter().filter(|f| f.severity == Severity::Error);
            assert_eq!(batch.rejected, i64::try_from(errors.count()).unwrap(), "{what}");
        }
        (Err(Failure::Refused(text, _)), Expect::Refused(part)) => {
            assert!(text.sv.contains(part.as_str()), "{what}: {}, without `{part}`", text.sv);
            assert!(!text.sv.contains("panick"), "{what}: {}", text.sv);
        }
        (outcome, expected) => panic!("{what}: {outcome:?}, expected {expected:?}"),
    }
}

#[test]
fn every_mutated_file_is_told_truly_and_never_imported_in_part() {
    let place = fresh("trials");
    let pristine = place.join("pristine");
    with_register(&pristine);
    // The database of a folder may be closed after its folder is dropped, so none is used again.
    let open = |number: u64| {
        let folder = place.join(format!("data-{number}"));
        copy(&pristine, &folder);
        let data = DataFolder::open(&folder).unwrap();
        let before = bytes_of(&folder);
        (folder, data, before)
    };
    let (mut folder, mut data, mut before) = open(0);
    for number in 0..if is_deep() { TRIALS_DEEP } else { TRIALS } {
        let trial = trial(number);
        let path = place.join("contacts.csv");
        fs::write(&path, &trial.bytes).unwrap();
        let outcome = import(&mut data, &path);
        assert_true(&trial, number, &outcome);
        if outcome.is_err() {
            let after = bytes_of(&folder);
            let changed: Vec<_> =
                after.iter().filter(|(f, b)| before.get(*f) != Some(*b)).collect();
            assert!(after == before, "trial {number} left something: {changed:?}");
            continue;
        }
        // Contacts of one trial are not to meet those of the next.
        drop(data);
        fs::remove_dir_all(&folder).unwrap();
        (folder, data, before) = open(number + 1);
    }
}

/// The same contacts as pandas, pyarrow, openpyxl and XlsxWriter write them (files/make.py).
#[test]
fn what_others_write_is_read_as_the_same_contacts() {
    let place = fresh("others");
    let pristine = place.join("pristine");
    with_register(&pristine);
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutated/files");
    let batch_of = |name: &str| {
        let folder = place.join("data");
        copy(&pristine, &folder);
        let mut data = DataFolder::open(&folder).unwrap();
        let imported = import(&mut data, &files.join(name)).unwrap();
        assert_eq!(told(&imported), [], "{name}");
        assert_eq!((imported.batch.rows, imported.batch.accepted), (60, 60), "{name}");
        let about: Vec<_> = (0..60)
            .map(|number| {
                let reports =
                    data.reports_about(&format!("K{number:03}"), Bearing::Itself).unwrap();
                let row = reports.rows()[0];
                let texts = (
                    reports.unit_codes.get(row.unit_code).to_owned(),
                    reports.extras.get(row.extra).to_owned(),
                );
                let days = (row.reported_on, row.care_date, row.kind);
                (texts, days, reports.profile(row.profile).cloned())
            })
            .collect();
        about
    };
    let base = batch_of("base.csv");
    for name in [
        "base.csv.gz",
        "text.parquet",
        "typed.parquet",
        "delta.parquet",
        "pandas.parquet",
        "openpyxl.xlsx",
        "serials-1900.xlsx",
        "serials-1904.xlsx",
    ] {
        assert_eq!(batch_of(name), base, "{name}");
    }
    let mut data = DataFolder::open(&place.join("data")).unwrap();
    let refused = import(&mut data, &files.join("refused-list.parquet"));
    let Err(Failure::Refused(text, _)) = refused else { panic!("{refused:?}") };
    assert!(text.sv.contains("`diagnoses.list.element` är en lista"), "{}", text.sv);
}

/// A formula that nothing has computed is not a blank: another payer would pay.
#[test]
fn a_formula_without_a_value_is_rejected() {
    let place = fresh("formula");
    with_register(&place.join("data"));
    let mut data = DataFolder::open(&place.join("data")).unwrap();
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutated/files/refused-formula.xlsx");
    let imported = import(&mut data, &file).unwrap();
    assert_eq!((imported.batch.rows, imported.batch.accepted), (3, 2));
    let told = told(&imported);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(imported.findings[0].line, 3);
}

/// A Parquet file that is cut anywhere is refused.
#[test]
fn cut_parquet_is_refused() {
    let place = fresh("cut-parquet");
    with_register(&place.join("data"));
    let mut data = DataFolder::open(&place.join("data")).unwrap();
    let before = bytes_of(&place.join("data"));
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutated/files");
    for name in ["text.parquet", "typed.parquet", "pandas.parquet"] {
        let whole = fs::read(files.join(name)).unwrap();
        let step = if is_deep() { 7 } else { whole.len() / 40 };
        for cut in (4..whole.len()).step_by(step) {
            let path = place.join("contacts.parquet");
            fs::write(&path, &whole[..cut]).unwrap();
            let refused = import(&mut data, &path);
            let Err(Failure::Refused(text, _)) = refused else {
                panic!("{name} {cut}: {refused:?}")
            };
            assert!(text.sv.contains("skadad eller avklippt"), "{name} {cut}: {}", text.sv);
        }
    }
    assert!(bytes_of(&place.join("data")) == before);
}

/// A file of 1 GB without a line end, and gzip that unpacks to as much: refused at once, in little memory.
#[test]
fn endless_lines_and_bombs_are_refused() {
    let place = fresh("endless");
    with_register(&place.join("data"));
    let mut data = DataFolder::open(&place.join("data")).unwrap();
    let header = "contact_id;unit;person;kind;care_date\n";
    let path = place.join("contacts.csv");
    fs::write(&path, header).unwrap();
    // Holes in a file cost no disk; they read as NUL bytes.
    let len = if is_deep() { 1 << 30 } else { 1 << 24 };
    fs::File::options().write(true).open(&path).unwrap().set_len(len).unwrap();
    let mut refused = |path: &Path| match import(&mut data, path) {
        Err(Failure::Refused(text, _)) => text.sv,
        other => panic!("{other:?}"),
    };
    assert!(refused(&path).contains("rad 2 är längre än 1048 kB"));
    let line_ends = vec![b'\n'; 1 << 22];
    let bomb: Vec<u8> = table::packed(header.as_bytes());
    let ends = table::packed(&line_ends);
    let bomb = [bomb, ends.repeat(if is_deep() { 256 } else { 70 })].concat();
    fs::write(&path, bomb).unwrap();
    let told = refused(&path);
    assert!(told.contains("packas upp till mer än"), "{told}");
}
