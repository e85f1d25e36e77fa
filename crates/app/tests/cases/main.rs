//! Worked examples in `cases/*.case`: what was decided and reported, and what is to be paid.
//!
//! Owns: running every case and comparing what comes out with what the case says. Does not own: the
//! form of a case (`form`), or how its steps are carried out (`run`).
//!
//! `UPDATE=1 cargo test -p app --test cases` rewrites the expected parts; read the diff before you
//! commit. Spaces and the form of the minus sign are not compared.

mod form;
mod grants;
mod run;

use form::{Case, Part};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Fewer means that cases went missing.
const AT_LEAST: usize = 70;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn case_files(folder: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "case"));
    files.sort();
    files
}

#[test]
fn every_case_comes_out_as_it_says() {
    let update = env::var("UPDATE").is_ok_and(|value| value == "1");
    let files = case_files("cases");
    let mut wrong = String::new();
    for path in &files {
        let (case, differences) = carry_out(path);
        if update {
            fs::write(path, case.text()).unwrap();
        } else if !differences.is_empty() {
            writeln!(wrong, "\n{}: {}\n{differences}", name(path), case.title).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}\nUPDATE=1 rewrites the expected parts");
    assert!(files.len() >= AT_LEAST, "only {} cases in cases/", files.len());
}

/// A ruling that no example shows is one that nobody can check by hand.
#[test]
fn every_ruling_is_cited_by_a_case() {
    let text = fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let numbered = text.lines().filter_map(|line| line.strip_prefix("- **R")?.split_once("**"));
    let stated: BTreeSet<u32> = numbered.filter_map(|(number, _)| number.parse().ok()).collect();
    assert!(stated.len() >= 60, "only {} rulings in docs/rules.md", stated.len());
    let mut cited = BTreeSet::new();
    for path in case_files("cases") {
        let text = fs::read_to_string(&path).unwrap();
        cited.extend(text.lines().filter(|line| line.starts_with('#')).flat_map(rulings));
    }
    let not_cited: Vec<&u32> = stated.difference(&cited).collect();
    let unknown: Vec<&u32> = cited.difference(&stated).collect();
    assert!(not_cited.is_empty(), "no case cites R{not_cited:?}");
    assert!(unknown.is_empty(), "no ruling is R{unknown:?}");
}

/// The numbers of the rulings that a remark names, each as `R1`.
fn rulings(remark: &str) -> Vec<u32> {
    let words = remark.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter_map(|word| word.strip_prefix('R')?.parse().ok()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The case with what came out in place of what it said, and where the two differ.
fn carry_out(path: &Path) -> (Case, String) {
    let text = fs::read_to_string(path).unwrap();
    let case = Case::read(&text).unwrap_or_else(|fault| panic!("{}: {fault}", name(path)));
    let results = run::run(&root(), &case);
    compare(case, &results)
}

/// Puts `results` in the place of what the steps of `case` expected, and tells where they differ.
fn compare(mut case: Case, results: &[Vec<String>]) -> (Case, String) {
    let mut differences = String::new();
    let steps = case.parts.iter_mut().filter_map(|part| match part {
        Part::Step { line, words, expected } => Some((line, words, expected)),
        _ => None,
    });
    for ((line, words, expected), result) in steps.zip(results) {
        let same = |a: &String, b: &String| form::plain(a) == form::plain(b);
        let agree = expected.len() == result.len()
            && expected.iter().zip(result).all(|(said, came)| same(said, came));
        if !agree {
            writeln!(differences, "  line {line}: {words} (− said, + came)").unwrap();
            let missing = expected.iter().filter(|said| !result.iter().any(|one| same(said, one)));
            missing.for_each(|said| writeln!(differences, "  − {}", said.trim()).unwrap());
            let new = result.iter().filter(|came| !expected.iter().any(|one| same(one, came)));
            new.for_each(|came| writeln!(differences, "  + {}", came.trim()).unwrap());
        }
        *expected = form::with_remarks(result, expected);
    }
    (case, differences)
}
