//! Every world loads and is priced, and together they show everything that can happen.

use super::world;
use crate::commands::price::read_register;
use crate::engine::{self, Priced};
use bulk::contact_file::{self, ContactFile, Source};
use kernel::finding::Code;
use kernel::intake::{Fault, Intake, Persons};
use kernel::known::Span;
use kernel::price::Reason;
use kernel::register::{Register, check};
use kernel::time::Day;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// In a folder of the test's own, since tests run at the same time.
fn written(test: &str, seed: u64) -> PathBuf {
    let name = format!("vardkedja-world-{}-{test}-{seed}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    for (name, text) in world(seed) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn read(folder: &Path) -> (Register, Intake, Vec<Fault>) {
    let register = match read_register(&[folder.join("register")]) {
        Ok(register) => register,
        Err(failure) => panic!("{}: {failure:#?}", folder.display()),
    };
    let (mut intake, mut persons) = (Intake::default(), Persons::default());
    let mut faults = Vec::new();
    for batch in 0..3 {
        let path = folder.join(format!("contacts/SYNTETISKA-DATA-{}.csv", batch + 1));
        let mut source = Source::open(&path).unwrap();
        let default_reported_on = Day::MIN;
        let threads = engine::reading_threads();
        let file = ContactFile { name: "world", batch, default_reported_on, threads };
        let read = contact_file::read(&mut source, file, &mut intake, &mut persons, &mut |_| {});
        let read = read.unwrap();
        faults.extend(read.rejected.into_iter().map(|row| row.fault));
    }
    (register, intake, faults)
}

fn priced<'r>(
    register: &'r Register,
    intake: &Intake,
    faults: &[Fault],
    known_on: &str,
) -> Priced<'r> {
    let day = Day::parse(known_on).unwrap();
    let span = Span { known_on: day, through: day, batches: u32::MAX };
    match engine::price(register.view(register.as_of(day)), &intake.reports, faults, &span) {
        Ok(priced) => priced,
        Err(failure) => panic!("{known_on}: {failure:#?}"),
    }
}

#[test]
fn every_world_is_priced_and_together_they_show_everything() {
    let seeds = if std::env::var_os("VARDKEDJA_DEEP").is_some() { 2_000 } else { 200 };
    let mut elements: BTreeSet<String> = BTreeSet::new();
    let mut reasons: BTreeSet<Reason> = BTreeSet::new();
    let mut codes: BTreeSet<Code> = BTreeSet::new();
    for seed in 0..seeds {
        let folder = written("priced", seed);
        let (register, intake, faults) = read(&folder);
        for known_on in ["2021-06-30", "2022-12-31", "2026-06-30"] {
            let priced = priced(&register, &intake, &faults, known_on);
            let amounts = &priced.amounts;
            elements.extend(amounts.rows.keys().map(|key| key.element.to_owned()));
            reasons.extend(amounts.unpriced.keys());
            codes.extend(amounts.rejected.keys());
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
    // One element for each formula and use of it; the proposal and what waits in vain give none.
    let expected = [
        "continuity-add-on",
        "delivery-base",
        "fixed-raise",
        "grant-add-on",
        "group",
        "home-birth-add-on",
        "period-pay",
        "phone",
        "pot",
        "raise",
        "raise-on-raise",
        "scan",
        "start-up",
        "support",
        "team-add-on",
        "team-pay",
        "tear-add-on",
        "visit",
        "visit-ceiling",
        "volume",
    ];
    assert_eq!(elements.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(reasons, Reason::ALL.iter().copied().collect());
    let rejections = [
        Code::MissingField,
        Code::BadValue,
        Code::BadPerson,
        Code::UnknownUnit,
        Code::CareDateAfterReport,
        Code::ConflictingReports,
    ];
    assert_eq!(codes, rejections.into_iter().collect());
}

#[test]
fn the_same_seed_gives_the_same_world() {
    assert_eq!(world(7), world(7));
    assert_ne!(world(7), world(8));
    let bytes: usize = world(7).iter().map(|(_, text)| text.len()).sum();
    assert!(bytes < 200_000, "{bytes}");
}

#[test]
fn a_world_has_no_errors_as_known_at_last() {
    for seed in 0..20 {
        let folder = written("checked", seed);
        let (register, ..) = read(&folder);
        let refused = check::refusals(&register.view(u32::MAX));
        assert!(refused.is_empty(), "{seed}: {refused:#?}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
