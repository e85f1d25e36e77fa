//! The log: whether all that is kept is whole is told with the moment it was checked, and checked again when asked for.

use super::support::Server;
use std::fs;

/// The link that asks for a newer check.
fn again(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"/logg/kontroll?efter=").expect("a link");
    format!("/logg/kontroll?efter={}", rest.split('"').next().unwrap_or(""))
}

/// The hour of a check.
fn hour(page: &str) -> String {
    again(page).chars().take("/logg/kontroll?efter=2026-01-31T14".len()).collect()
}

#[test]
fn a_check_says_when_it_was_made_and_a_newer_one_is_asked_for() {
    let server = Server::of_demo();
    let session = server.role("auditor");
    let first = server.made(&session, "/logg/kontroll").body;
    assert!(first.contains("filer och saldon stämmer"), "{first}");
    let lines = fs::read_dir(server.folder.join("lines")).expect("files of lines");
    let file = lines.flatten().map(|entry| entry.path()).next().expect("a file");
    fs::remove_file(&file).expect("gone");
    fs::write(&file, b"changed").expect("written");
    let same = server.made(&session, "/logg/kontroll").body;
    // Unless an hour has passed in between: then another is made.
    if hour(&same) == hour(&first) {
        assert_eq!(again(&same), again(&first), "the moment is that of the check");
    }
    let newer = server.made(&session, &again(&first)).body;
    assert!(newer.contains("Något är skadat"), "{newer}");
}
