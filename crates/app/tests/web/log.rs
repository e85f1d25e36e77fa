//! The log: whether all that is kept is whole is told with the moment it was checked, and checked again when asked for.

use super::support::{Answer, Server};
use std::fs;
use std::time::Duration;

/// A page once its work is done.
fn made(server: &Server, session: &str, path: &str) -> Answer {
    for _ in 0..100 {
        let answer = server.get(session, path);
        if answer.header("refresh").is_empty() {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("{path} was never made");
}

/// The link that asks for a newer check.
fn again(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"/logg/kontroll?efter=").expect("a link");
    format!("/logg/kontroll?efter={}", rest.split('"').next().unwrap_or(""))
}

#[test]
fn a_check_says_when_it_was_made_and_a_newer_one_is_asked_for() {
    let server = Server::of_demo();
    let session = server.role("auditor");
    let first = made(&server, &session, "/logg/kontroll").body;
    assert!(first.contains("filer och saldon stämmer"), "{first}");
    let lines = fs::read_dir(server.folder.join("lines")).expect("files of lines");
    let file = lines.flatten().map(|entry| entry.path()).next().expect("a file");
    fs::remove_file(&file).expect("gone");
    fs::write(&file, b"changed").expect("written");
    let same = made(&server, &session, "/logg/kontroll").body;
    assert_eq!(again(&same), again(&first), "the moment is that of the check");
    let newer = made(&server, &session, &again(&first)).body;
    assert!(newer.contains("Något är skadat"), "{newer}");
}
