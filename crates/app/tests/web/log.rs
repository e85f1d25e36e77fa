//! The log: whether all that is kept is whole is told with the moment it was checked, and checked again when asked for; who has read
//! about persons.

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

/// Who reads about the contact of a dispute stands in the access log, on whatever way; a list without contacts leaves no trace.
#[test]
fn who_reads_a_dispute_is_in_the_log() {
    let server = Server::of_demo();
    let statement =
        ["statement", "--unit", "danderyd", "--month", "2021-06", "--lines", "--as", "kliniken"];
    let said = server.command(&statement);
    let line = said["lines"].as_array().and_then(|lines| {
        let is_paid = |line: &&serde_json::Value| {
            line["contact_id"].is_string()
                && line["payable"] == true
                && line["amount_ore"].as_i64() > Some(0)
        };
        lines.iter().find(is_paid).cloned()
    });
    let line = line.expect("a paid line of a contact");
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let (contact, element) = (text("contact_id"), text("element"));
    let settlement = said["settlements"][0].as_str().expect("one settlement").to_owned();
    let asked =
        ["--settlement", &settlement, "--unit", "danderyd", "--contact", &contact, "--element"];
    let more = [element.as_str(), "--reason", "fel", "--as", "kliniken"];
    let open = [&["dispute", "open"][..], &asked, &more].concat();
    let dispute = server.command(&open);
    assert_eq!(dispute["contact"].as_str(), Some(contact.as_str()), "{dispute}");
    let session = server.named("auditor", "revisorn");
    assert_eq!(server.get(&session, "/invandningar").status, 200);
    assert!(server.get(&session, "/invandningar/t-1").body.contains(&contact));
    assert!(server.api(&session, "GET", "disputes", "", "").body.contains(&contact));
    let log = server.command(&["access", "--who", "revisorn"]);
    let told = |one: &serde_json::Value| {
        let field = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        (field("action"), field("contact"), one["rows"].as_i64())
    };
    let told: Vec<_> = log["accesses"].as_array().expect("rows").iter().map(told).collect();
    let dispute = |contact: &str| ("dispute".to_owned(), contact.to_owned(), Some(1));
    assert_eq!(told, [dispute(&contact), dispute("")]);
    // That the clinic is told to be right changes no amount: what remains to be done is said until it is.
    let controller = server.named("controller", "bo");
    assert!(!server.get(&controller, "/").body.contains("Bifallna invändningar"));
    server.command(&["dispute", "uphold", "t-1", "--reason", "det stämmer", "--as", "bo"]);
    assert!(server.get(&controller, "/").body.contains("Bifallna invändningar"));
    let page = server.get(&controller, "/invandningar/t-1").body;
    assert!(page.contains("Svaret ändrar inget belopp"), "{page}");
}
