//! Receipts of small made-up worlds that have every feature and edge: codes that change unit, agreements that end, raises on
//! raises, contradicting and faulty reports, periods of pregnancy across clinics.

use super::{checked, folder, is_deep, month, python, receipt, run, units};
use app::data::DataFolder;
use std::fs;
use std::path::{Path, PathBuf};

const MONTHS: [&str; 7] =
    ["2021-03", "2021-12", "2022-12", "2023-03", "2023-06", "2024-12", "2025-12"];

/// A world of a number, imported, and settled in some months.
fn settled(world: u64, folder: &Path) -> PathBuf {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let (data, number) = (folder.join("data"), world.to_string());
    let done = |arguments: &[&str], most: i32| {
        let (code, told) = run(&[arguments, &["--data", &text(&data)]].concat());
        assert!(code <= most, "world {world} {arguments:?}: {told}");
    };
    done(&["generate", "--world", &number, "--out", &text(folder)], 0);
    done(&["init"], 0);
    done(&["register", "load", &text(&folder.join("register")), "--replay-known"], 0);
    let contacts = text(&folder.join("contacts"));
    // Some rows are faulty on purpose: exit code 1.
    done(&["import", &contacts, "--origin", "synthetic", "--on", "2023-06-30"], 1);
    for of in MONTHS {
        done(&["settle", "--month", of, "--book"], 0);
    }
    data
}

#[test]
fn receipts_of_worlds_with_every_edge_are_accepted() {
    let base = folder("worlds");
    let worlds = if is_deep() { 1..=40 } else { 1..=2 };
    let (mut files, mut lines, mut given) = (Vec::new(), 0, 0);
    for world in worlds {
        let folder = base.join(world.to_string());
        fs::create_dir_all(&folder).unwrap();
        let mut data = DataFolder::open(&settled(world, &folder)).unwrap();
        for unit in units(&data) {
            for of in MONTHS.iter().filter(|of| data_has(&data, of)).copied().collect::<Vec<_>>() {
                let bytes = receipt(&mut data, &unit, of);
                let (_, manifest, _) = app::bundle::unpack(&bytes).unwrap();
                let found = checked(&bytes).unwrap();
                assert!(found.is_accepted(), "world {world} {unit} {of}");
                (lines, given) = (lines + found.lines, given + manifest.given.len());
                let file = folder.join(format!("SYNTETISK-{unit}-{of}.zip"));
                fs::write(&file, bytes).unwrap();
                files.push(file);
            }
        }
    }
    assert!(lines > 100 && given > 10, "{lines} lines and {given} given facts show little");
    if let Some(verdicts) = python(&files) {
        let refused = files.iter().zip(verdicts).filter(|(_, is_accepted)| !is_accepted);
        assert_eq!(refused.map(|(file, _)| file).collect::<Vec<_>>(), Vec::<&PathBuf>::new());
    }
}

fn data_has(data: &DataFolder, of: &str) -> bool {
    !data.settlements_of(month(of)).is_empty()
}
