//! Faults planted in copies of the ratebooks: each is found with its code, its file and a witness that is true,
//! and brings nothing else with it; and the ratebooks themselves have exactly what docs/known-gaps.md explains.
//!
//! Owns: the faults, and a plain look at the facts that tells whether a witness is true (no code of the check is
//! used for that). Does not own: which rates apply, in prices (`kernel/tests`).
//!
//! A fault is drawn by seed: the kinds in turn, the file and the place by lot. `VARDKEDJA_DEEP` draws 1000.

mod books;
mod copy;
mod facts;
mod plants;

use app::commands::register::all_findings;
use app::ratebook::read_folders;
use books::{append, originals, quoted};
use copy::{Copy, listed, shown};
use facts::{Facts, is_true};
use kernel::finding::Finding;
use kernel::time::Day;
use plants::{Dice, Field, KINDS, Plant, copy_of, narrowed, put};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const KNOWN_ON: &str = "2026-11-21";

/// Seven of each kind.
const PLANTS: usize = 7 * KINDS.len();

const PLANTS_DEEP: usize = 1000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// What is wrong with what the check found of a fault.
fn judge(
    plant: &Plant,
    before: &[Finding],
    after: &[Finding],
    facts: &Facts,
) -> Result<(), String> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for finding in before {
        *known.entry(shown(finding)).or_default() += 1;
    }
    let mut new: Vec<&Finding> = Vec::new();
    for finding in after {
        match known.get_mut(&shown(finding)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(finding),
        }
    }
    let told = || new.iter().map(|f| format!("  {}", shown(f))).collect::<Vec<_>>().join("\n");
    if !new.iter().any(|finding| plant.is_of(finding)) {
        return Err(format!("not found as {} in {:?}; found\n{}", plant.code, plant.files, told()));
    }
    for finding in &new {
        let code = finding.code.name();
        // An own finding may be told at each of the files concerned.
        let own = code == plant.code && plant.files.contains(&finding.file);
        if !own && !plant.brings.contains(&code) {
            return Err(format!("and something else is found\n{}", told()));
        }
        is_true(finding, facts)?;
        let message = &finding.message;
        if message.sv.is_empty() || message.en.is_empty() || message.sv == message.en {
            return Err(format!("no words in both languages: {}", shown(finding)));
        }
        if finding.line == 0 {
            return Err(format!("no line: {}", shown(finding)));
        }
    }
    // What was found before is found still, unless the register as a whole was not looked at.
    let refused = after.iter().any(|finding| finding.refuses);
    let gone = known.iter().filter(|(_, count)| **count > 0).map(|(shown, _)| shown.clone());
    let gone: Vec<String> = gone.filter(|_| !refused).collect();
    let meant = |line: &String| {
        let about = |name: &str| plant.what.contains(name);
        line.starts_with("until-overdue") && about("eight-point-add-on-2022")
            || line.starts_with("rate-gap") && plant.code == "unknown-id"
            || line.starts_with("source-not-at-hand") && plant.code == "unknown-id"
    };
    match gone.iter().find(|line| !meant(line)) {
        Some(line) => Err(format!("no longer found: {line}")),
        None => Ok(()),
    }
}

#[test]
fn planted_faults_are_found_with_true_witnesses() {
    let deep = std::env::var_os("VARDKEDJA_DEEP").is_some();
    let mut copy = Copy::new("planted");
    let books = copy.with_sources(&originals());
    let before = copy.check(&books);
    assert!(before.iter().all(|finding| finding.severity.name() != "error"), "{before:#?}");
    let original_facts = copy.facts();
    let field = Field::new(&books);
    let mut faults = Vec::new();
    for seed in 0..if deep { PLANTS_DEEP } else { PLANTS } {
        let mut dice = Dice(u64::try_from(seed).unwrap());
        let (kind, make) = KINDS[seed % KINDS.len()];
        let plant = make(&field, &original_facts, &mut dice);
        let after = copy.check(&plant.books);
        if let Err(why) = judge(&plant, &before, &after, &copy.facts()) {
            faults.push(format!("seed {seed}, {kind}: {}\n {why}", plant.what));
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}

/// What looks like a fault and is none.
#[test]
fn what_is_no_fault_is_not_found() {
    let mut copy = Copy::new("no-fault");
    let books = copy.with_sources(&originals());
    let before = listed(&copy.check(&books));
    let field = Field::new(&books);
    let split = |id: &str, one: &str, other: &str| {
        let rate = field.find("rate", "id", id);
        let mut keys = copy_of(rate, "planted");
        put(&mut keys, "when", narrowed(rate, other));
        let mut books = field.changed(rate, "when", Some(&narrowed(rate, one)));
        append(&mut books, "stockholm/kson-2016.toml", "rate", &keys);
        books
    };
    let parts = [
        ("parity = 0", "parity = [1, 20]"),
        ("drg = [\"P01*\"]", "drg = [\"P05*\", \"P06N\"]"),
        ("class = { name = \"a\", in = [\"1\"] }", "class = { name = \"a\", in = [\"2\"] }"),
        ("enrolled = true", "enrolled = false"),
        ("residence = [\"0188\"]", "residence = [\"!0188\"]"),
        ("unit = [\"danderyd\"]", "unit = [\"sodertalje\"]"),
        ("gestational_days = [0, 139]", "gestational_days = [140, 320]"),
    ];
    for (one, other) in parts {
        let found = listed(&copy.check(&split("eight-point-add-on-2022", one, other)));
        assert_eq!(found, before, "{one} beside {other}");
    }
    // Two periods of one element; a lump of a day that has passed; steps that ascend.
    let mut linked = books.clone();
    for (id, rest) in [
        ("a", "formula = \"per-period\"\nperiod = \"A\"\namount = \"1 600 kr\"\nelement = \"p\""),
        ("b", "formula = \"per-period\"\nperiod = \"B\"\namount = \"1 600 kr\"\nelement = \"p\""),
        ("l", "formula = \"lump\"\namount = \"5 mkr\"\nelement = \"l\"\nvalid_to = 2023-06-30"),
        (
            "t",
            "formula = \"tier\"\nof = \"delivery-base\"\nelement = \"t\"\nper = \"unit-year\"\nsteps = \
             [{ over = 0, percent = \"80\" }, { over = 9, percent = \"50\" }]",
        ),
    ] {
        let book = linked.get_mut("stockholm/kson-2016.toml").unwrap();
        *book += &format!("\n[[rate]]\nid = \"planted-{id}\"\nvalid_from = 2023-05-01\n{rest}\n");
    }
    assert_eq!(listed(&copy.check(&linked)), before);
    // Followed by another of its element, or by one of another element that replaces it.
    let visit = field.find("rate", "id", "demo-midwife-phone");
    for (element, replaces) in [("phone-contact", "[]"), ("new-visit", "[\"demo-midwife-phone\"]")]
    {
        let mut followed = field.changed(visit, "valid_to", Some("2024-02-29"));
        let mut keys = copy_of(visit, "planted");
        put(&mut keys, "element", quoted(element));
        put(&mut keys, "replaces", replaces.to_owned());
        put(&mut keys, "valid_from", "2024-03-01".to_owned());
        append(&mut followed, &visit.file, "rate", &keys);
        assert_eq!(listed(&copy.check(&followed)), before, "followed by {element}");
        // And with two days between them it is a gap.
        put(&mut keys, "valid_from", "2024-03-03".to_owned());
        let mut apart = field.changed(visit, "valid_to", Some("2024-02-29"));
        append(&mut apart, &visit.file, "rate", &keys);
        let found = listed(&copy.check(&apart));
        let gaps = found.iter().filter(|line| line.ends_with("| phone-contact | 2024-03-01"));
        assert_eq!((gaps.count(), found.len()), (1, before.len() + 1), "{found:#?}");
    }
    // Where a rate that replaced another ends, the other is in force again.
    let raise = field.find("rate", "id", "continuity-2023");
    let ended = field.changed(raise, "valid_to", Some("2025-12-31"));
    assert_eq!(listed(&copy.check(&ended)), before);
    // An end that is not yet overdue; a narrower payer; the same statement twice; a proposal.
    let until = "{ decision = \"awaited\", expected_by = 2026-11-21 }";
    let later = field.changed(visit, "until", Some(until));
    assert_eq!(listed(&copy.check(&later)), before);
    let mut narrower = books.clone();
    let keys =
        [("id", quoted("stockholm-city")), ("residence", "[\"0180\", \"asylum\"]".to_owned())];
    append(&mut narrower, "stockholm/kson-2016.toml", "payer", &keys);
    assert_eq!(listed(&copy.check(&narrower)), before);
    let mut twice = books.clone();
    let keys =
        [("unit", quoted("danderyd")), ("year", "2022".into()), ("deliveries", "6300".into())];
    append(&mut twice, "stockholm/hsn-2021-12-capacity.toml", "capacity", &keys);
    assert_eq!(listed(&copy.check(&twice)), before);
    let proposal =
        "[decision]\nid = \"proposal\"\nknown_from = 2024-01-01\nstatus = \"proposed\"\n";
    let mut proposed = books.clone();
    proposed.insert("demo/proposal.toml".into(), proposal.into());
    append(&mut proposed, "demo/proposal.toml", "rate", &copy_of(visit, "planted"));
    assert_eq!(listed(&copy.check(&proposed)), before);
}

/// The lines of the fenced list under a heading.
fn documented(heading: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("docs/known-gaps.md")).unwrap();
    let (_, rest) = text.split_once(heading).unwrap_or_else(|| panic!("no heading {heading}"));
    let (_, rest) = rest.split_once("```text\n").unwrap();
    rest.split("```").next().unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_ratebooks_have_exactly_the_known_gaps() {
    let folders = ["stockholm", "demo"].map(|name| root().join("ratebook").join(name));
    let found = |sources: Option<&Path>| {
        let mut findings = all_findings(read_folders(&folders).unwrap(), sources, day(KNOWN_ON));
        for finding in &mut findings {
            let path = Path::new(&finding.file).strip_prefix(root().join("ratebook")).unwrap();
            finding.file = path.to_string_lossy().into_owned();
        }
        let facts = Facts(read_folders(&folders).unwrap().decisions);
        for finding in &findings {
            is_true(finding, &facts).unwrap();
        }
        listed(&findings)
    };
    let with_sources = documented("### With the sources at hand");
    let mut without = [with_sources.clone(), documented("### In addition, without")].concat();
    without.sort();
    assert_eq!(found(None), without);
    let sources = root().join("../shared/sources");
    if sources.is_dir() {
        assert_eq!(found(Some(&sources)), with_sources);
    }
}
