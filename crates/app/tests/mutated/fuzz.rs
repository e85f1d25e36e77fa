//! Random bytes: valid files of every form with bytes changed, left out, repeated or cut, and ratebooks likewise.
//!
//! Owns: that nothing panics and nothing is read without end. Does not own: what is true of a file
//! (`mutations`).
//!
//! `VARDKEDJA_DEEP=1 VARDKEDJA_FUZZ_SECONDS=900 cargo test -p app --test mutated fuzz` tries for a quarter of
//! an hour; the seed of what fails is printed.

use crate::table::{Dialect, Lot, Table, packed, workbook};
use crate::{is_deep, root};
use app::ratebook::read_text;
use bulk::contact_file::{ContactFile, Source, read};
use kernel::intake::{Intake, Persons};
use kernel::time::Day;
use std::fs;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const TRIES: u64 = 400;

fn files_in(folder: PathBuf, ending: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Files to begin with: other people's and our own.
fn contact_files(lot: &mut Lot) -> Vec<Vec<u8>> {
    let folder = || root().join("crates/app/tests/mutated/files");
    let mut files: Vec<Vec<u8>> =
        ["parquet", "xlsx", "csv", "gz"].into_iter().flat_map(|e| files_in(folder(), e)).collect();
    for _ in 0..6 {
        let (table, dialect) = (Table::right(lot), Dialect::any(lot));
        let text = dialect.bytes(&dialect.text(&table));
        files.extend([packed(&text), text, workbook(&table)]);
    }
    files
}

/// Some changes, small or large.
fn mutate(lot: &mut Lot, bytes: &mut Vec<u8>, words: &[&[u8]]) {
    for _ in 0..1 + lot.below(6) {
        if bytes.is_empty() {
            return;
        }
        let at = lot.below(bytes.len());
        let longest = 1 << lot.below(10);
        let len = (1 + lot.below(longest)).min(bytes.len() - at);
        match lot.below(8) {
            0 => bytes[at] ^= 1 << lot.below(8),
            1 => bytes[at] = u8::try_from(lot.below(256)).unwrap(),
            2 => drop(bytes.drain(at..at + len)),
            3 => {
                let again = bytes[at..at + len].to_vec();
                bytes.splice(at..at, again);
            }
            4 => bytes.truncate(at),
            5 => {
                let word = *lot.of(words);
                bytes.splice(at..at, word.iter().copied());
            }
            6 => {
                let word = *lot.of(words);
                let end = (at + word.len()).min(bytes.len());
                bytes.splice(at..end, word.iter().copied());
            }
            _ => {
                let other = lot.below(bytes.len());
                bytes.swap(at, other);
            }
        }
    }
}

const WORDS: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b";",
    b",",
    b"\t",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\x80\x80\x80\x08",
    b"\xef\xbb\xbf",
    b"sep=,\n",
    b"PAR1",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"\x1f\x8b\x08\0",
    b"<c r=\"A1\">",
    b"A1048577",
    b"</row>",
    b"2023-01-31",
    b"-1",
    b"p-",
    b"correction",
    b"\xe5",
    b"\xc3",
];

const TOML_WORDS: &[&[u8]] = &[
    b"[[rate]]",
    b"\n[decision]\n",
    b"=",
    b"\"",
    b"[",
    b"]",
    b"{",
    b"}",
    b"'",
    b"\n",
    b"\0",
    b"\xff",
    b"2023-01-31",
    b"\"14 200 kr\"",
    b"\"-1 kr\"",
    b"99999999999999999999",
    b"valid_from",
    b"replaces",
    b"when = { class = { name = \"x\", in = [] } }",
    b"\"\"\"",
    b"\\u0000",
    b"1e999",
    b"nan",
    b"of = [\"a\"]",
    b"gestational_days = [300, 1]",
    b"\xe2\x88\x92",
];

fn read_contacts(bytes: &[u8]) {
    let mut source = Source::laid_aside("k", bytes).unwrap();
    let mut intake = Intake::default();
    let threads = NonZeroUsize::new(1 + bytes.len() % 2).unwrap();
    let file = ContactFile { name: "k", batch: 0, default_reported_on: Day::MIN, threads };
    let read = read(&mut source, file, &mut intake, &mut Persons::default(), &mut |_| {});
    if let Ok(read) = read {
        let accepted = intake.reports.rows().len();
        assert_eq!(read.accepted_lines.len(), accepted);
        assert_eq!(read.rows, (accepted + read.rejected.len()) as u64);
    }
}

/// Runs tries until the time or their number is out; gives how many.
fn run(what: &str, mut one: impl FnMut(u64)) {
    let seconds = std::env::var("VARDKEDJA_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let budget = Duration::from_secs(seconds.unwrap_or(60));
    let started = Instant::now();
    let mut number = 0;
    while if is_deep() { started.elapsed() < budget } else { number < TRIES } {
        let tried = catch_unwind(AssertUnwindSafe(|| one(number)));
        assert!(tried.is_ok(), "{what}: seed {number} panics");
        number += 1;
    }
    println!("{what}: {number} tries in {:?}", started.elapsed());
}

#[test]
fn fuzz_contact_files() {
    let files = contact_files(&mut Lot::new(1));
    run("contact files", |seed| {
        let mut lot = Lot::new(seed);
        let mut bytes = lot.of(&files).clone();
        mutate(&mut lot, &mut bytes, WORDS);
        let started = Instant::now();
        read_contacts(&bytes);
        assert!(started.elapsed() < Duration::from_secs(60), "takes {:?}", started.elapsed());
    });
}

#[test]
fn fuzz_ratebooks() {
    let files =
        ["stockholm", "demo"].map(|name| files_in(root().join("ratebook").join(name), "toml"));
    let files = files.concat();
    run("ratebooks", |seed| {
        let mut lot = Lot::new(seed);
        let mut bytes = lot.of(&files).clone();
        mutate(&mut lot, &mut bytes, TOML_WORDS);
        let (decision, findings) = read_text("r.toml", &String::from_utf8_lossy(&bytes));
        assert!(decision.is_some() || !findings.is_empty());
    });
}
