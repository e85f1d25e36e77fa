//! Sending files: what is kept, what is refused, and what nobody must see.

use super::support::Server;

const OWN: &str = "provider:danderyds-sjukhus-ab";
const HEAD: &str = "contact_id;unit;person;care_date;kind;drg;residence;report;reported_on";
/// Made-up numbers of the form that is reserved for tests.
const PERSON: &str = "191212121212";

fn row(contact: &str, unit: &str, report: &str) -> String {
    format!("{contact};{unit};{PERSON};2021-06-01;midwife-visit;;0180;{report};2021-06-02")
}

fn file(rows: &[String]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn batches(server: &Server) -> usize {
    let folder = server.folder.join("batches");
    walk(&folder)
}

fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("batches").flatten();
    entries.map(|one| if one.path().is_dir() { walk(&one.path()) } else { 1 }).sum()
}

#[test]
fn what_stands_is_what_the_command_says() {
    let server = Server::of_demo();
    let session = server.role("controller");
    let said = server.command(&["findings", "--by", "code"]);
    let csv = server.get(&session, "/inrapportering?codes.as=csv").body;
    let counts = said["counts"].as_array().expect("counts");
    assert!(!counts.is_empty());
    for count in counts.iter().filter(|count| count["severity"] != "note") {
        let (family, code) = (&count["family"], &count["code"]);
        let line =
            format!("{},{},{},", family.as_str().unwrap(), code.as_str().unwrap(), count["count"]);
        assert!(csv.contains(&line), "{line} is not in {csv}");
    }
    let rows = server.get(&session, "/inrapportering/avvikelser?standing.as=csv").body;
    assert_eq!(rows.lines().count() - 1, said["findings"].as_array().expect("findings").len());
}

#[test]
fn a_file_is_kept_once_and_says_what_to_do() {
    let server = Server::of_demo();
    let session = server.role("controller");
    let before = batches(&server);
    let bad = row("T-2", "danderyd", "new").replace("2021-06-01", "2021-13-01");
    let content = file(&[row("T-1", "danderyd", "new"), bad]);
    let sent = server.upload(&session, "SYNTETISKA-prov.csv", &content);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = server.get(&session, sent.header("location")).body;
    assert!(page.contains("Rätta det och skicka raden igen") && page.contains("T-2"), "{page}");
    assert_eq!(batches(&server), before + 1);
    let again = server.upload(&session, "SYNTETISKA-annat-namn.csv", &content);
    assert_eq!(again.status, 303);
    assert!(again.header("set-cookie").contains("redan"), "{}", again.head);
    assert_eq!(batches(&server), before + 1);
    let mended = file(&[row("T-2", "danderyd", "new")]);
    let sent = server.upload(&session, "SYNTETISKA-mended.csv", &mended);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let csv = server.get(&session, "/inrapportering/avvikelser?standing.as=csv").body;
    assert!(!csv.contains("bad-value,care_date 2021-13-01"), "{csv}");
    let log = server.get(&session, "/logg?done.q=SYNTETISKA-prov").body;
    assert!(log.contains("test-controller"), "{log}");
}

#[test]
fn a_providers_file_with_anothers_row_is_refused_whole() {
    let server = Server::of_demo();
    let (own, all) = (server.role(OWN), server.role("controller"));
    let others = "SYNTETISKA-other.csv";
    let sent = server.upload(&all, others, &file(&[row("OTHER-1", "sodersjukhuset", "new")]));
    assert_eq!(sent.status, 303, "{}", sent.body);
    let theirs = sent.header("location").to_owned();
    let before = batches(&server);
    for (name, bad) in [
        ("unit", row("T-2", "sodersjukhuset", "new")),
        ("unknown", row("T-2", "nowhere", "new")),
        ("cancelled", row("OTHER-1", "danderyd", "cancellation")),
        ("unreadable", row("T-2", "sodersjukhuset", "new").replace("2021-06-01", "x")),
    ] {
        let content = file(&[row("T-1", "danderyd", "new"), bad]);
        let answer = server.upload(&own, &format!("SYNTETISKA-{name}.csv"), &content);
        assert_eq!(answer.status, 422, "{name}: {}", answer.head);
        assert!(answer.body.contains("rad 3 ("), "{name}: {}", answer.body);
        assert_eq!(batches(&server), before, "{name} was kept");
    }
    let answer = server.upload(&own, "SYNTETISKA-own.csv", &file(&[row("T-1", "danderyd", "new")]));
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(server.get(&own, answer.header("location")).status, 200);
    // Another's batch, rows and name are not there.
    assert_eq!(server.get(&own, &theirs).status, 404);
    assert_eq!(server.get(&own, "/inrapportering/avvikelser?unit=sodersjukhuset").status, 404);
    assert_eq!(server.get(&own, "/inrapportering/avvikelser/fil?unit=sodersjukhuset").status, 404);
    let list = server.get(&own, "/inrapportering").body;
    assert!(!list.contains(others) && !list.contains("sodersjukhuset"), "{list}");
    let csv = server.get(&own, "/inrapportering/avvikelser?standing.as=csv").body;
    assert!(csv.lines().skip(1).all(|line| line.starts_with("danderyd,")), "{csv}");
}

#[test]
fn no_personal_number_comes_out_anywhere() {
    let server = Server::of_demo();
    let session = server.role("controller");
    let wrong = row(PERSON, PERSON, "new").replace("0180", PERSON).replace("midwife-visit", PERSON);
    let content = file(&[
        row("T-1", "danderyd", "new"),
        wrong,
        row("T-3", "danderyd", "new").replace(PERSON, "191212121213"),
    ]);
    let name = format!("SYNTETISKA-{PERSON}.csv");
    let sent = server.upload(&session, &name, &content);
    let seen = |text: &str| {
        text.contains(PERSON) || text.contains("121212-1212") || text.contains("191212121213")
    };
    assert!(!seen(&sent.head) && !seen(&sent.body), "{}\n{}", sent.head, sent.body);
    for path in [
        sent.header("location"),
        "/inrapportering",
        "/inrapportering/avvikelser?standing.as=csv",
        "/logg",
        "/logg/atkomst",
    ] {
        let body = server.get(&session, path).body;
        let at = body.find(PERSON).map_or("", |at| &body[at.saturating_sub(200)..at]);
        assert!(!seen(&body), "{path}: {at}");
    }
    let broken = server.upload(
        &session,
        &format!("{PERSON}.csv"),
        &format!("{PERSON};{PERSON}\n{PERSON};x\n"),
    );
    assert!(broken.status >= 400 && !seen(&broken.body), "{}", broken.body);
    server.get(&session, &format!("/kontakt/{PERSON}?q={PERSON}"));
    let log = server.logged();
    assert!(log.contains("\"status\":") && !seen(&log), "{log}");
}
