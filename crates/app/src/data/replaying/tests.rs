//! A settlement whose kept lines or entries say something else than its basis gives.

use super::*;
use crate::commands::register::load_into;
use kernel::time::{Day, Month};
use std::path::PathBuf;
use store::Origin;

const CONTACTS: &str = "\
contact_id,reported_on,unit,person,kind,care_date,drg,residence,place,enrolled
K1,2023-01-30,karolinska-huddinge,p-1,delivery,2023-01-20,P05E,0188,,ja
K2,2023-02-20,danderyd,p-2,delivery,2023-02-10,P05C,0180,,nej
";

/// A new data folder in which January and February 2023 are booked.
fn booked(name: &str) -> DataFolder {
    let folder = std::env::temp_dir().join(format!("vardkedja-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut data = DataFolder::create(&folder.join("data")).unwrap();
    let ratebooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ratebook");
    let folders: Vec<PathBuf> = ["stockholm", "demo"].map(|name| ratebooks.join(name)).into();
    load_into(&mut data, &folders, true, None).unwrap();
    let file = folder.join("contacts.csv");
    std::fs::write(&file, CONTACTS).unwrap();
    let on = Day::parse("2023-02-28").unwrap();
    data.import(crate::inputs::open(&file).unwrap(), Origin::Reported, on, &mut |_| {}).unwrap();
    for month in ["2023-01", "2023-02"] {
        let preview = data.preview(Month::parse(month).unwrap(), None).unwrap();
        data.book(&preview, "").unwrap().unwrap();
    }
    data
}

/// Keeps other lines under a settlement's name, as a hand with access to everything could.
fn keep_instead(data: &mut DataFolder, at: usize, change: impl Fn(&mut LineColumns)) {
    let settlement = data.settlements[at].clone();
    let mut lines = lines_of_file(&data.folder, &settlement).unwrap();
    change(&mut lines);
    let bytes = write_lines(&lines).unwrap();
    let hash = files::put(&data.folder, Shelf::Lines, &bytes, None).unwrap();
    data.settlements[at].booked.lines_hash = hash;
}

#[test]
fn a_line_that_was_changed_is_told() {
    let mut data = booked("changed");
    assert!(data.replay(None).unwrap().iter().all(Replayed::is_same));
    keep_instead(&mut data, 1, |lines| lines.amount_ore[0] += 100);
    let replayed = data.replay(Some("a-2023-02-2")).unwrap();
    let [replayed] = replayed.as_slice() else { panic!("{replayed:?}") };
    assert!(!replayed.is_same());
    assert_eq!((replayed.differing, &replayed.kept), (1, &Kept::Whole));
    let (key, sides) = &replayed.differences[0];
    assert_eq!(key[0], "K2");
    let ore = |side: &Option<Total>| side.unwrap().amount.ore();
    assert_eq!(ore(&sides.kept), ore(&sides.replayed) + 100);
}

#[test]
fn what_later_settlements_rest_on_is_what_was_booked() {
    let mut data = booked("later");
    keep_instead(&mut data, 0, |lines| lines.amount_ore[0] += 100);
    let replayed = data.replay(None).unwrap();
    let [first, second] = replayed.as_slice() else { panic!("{replayed:?}") };
    assert!(!first.is_same());
    // February corrects the krona too much that January is said to have paid.
    assert_eq!((second.lines, second.differing), (first_lines(&data, 1) + 1, 1));
}

fn first_lines(data: &DataFolder, at: usize) -> usize {
    usize::try_from(data.settlements[at].booked.lines).unwrap()
}
