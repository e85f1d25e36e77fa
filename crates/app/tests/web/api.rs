//! The API: what pages do is done, the same rights hold, and what is sent twice is done once.

use super::support::{Answer, Server};
use app::web::api::ENDPOINTS;
use app::web::rights::{Reach, Role, allowed};
use serde_json::Value;
use std::collections::BTreeSet;

const OWN: &str = "provider:danderyds-sjukhus-ab";

fn json(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status, status, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap_or_else(|why| panic!("{why}: {}", answer.body))
}

fn post(server: &Server, session: &str, path: &str, body: &str) -> Answer {
    server.api(session, "POST", path, "", body)
}

fn get(server: &Server, session: &str, path: &str) -> Value {
    json(&server.api(session, "GET", path, "", ""), 200)
}

/// Refused as the API refuses: a problem in JSON.
fn problem(answer: &Answer, status: u16, why: &str) {
    let problem = json(answer, status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.contains(why) && problem["status"] == status, "{why}: {detail}");
}

#[test]
fn a_month_is_settled_attested_booked_paid_and_closed() {
    let server = Server::of_demo();
    let (anna, bo) = (server.named("controller", "anna"), server.named("controller", "bo"));
    let required = post(&server, &anna, "attest-requirement", r#"{"required":true}"#);
    assert_eq!(json(&required, 200)["kind"], "require");
    let preview = get(&server, &anna, "months/2021-07/preview");
    let draft = post(&server, &anna, "drafts", r#"{"month":"2021-07"}"#);
    json(&draft, 200);
    let books = get(&server, &anna, "books");
    let id = books["drafts"][0]["id"].as_str().expect("a draft").to_owned();
    let attested = format!("drafts/{id}/attestation");
    assert_eq!(post(&server, &anna, &attested, "").status, 409, "another attests");
    json(&post(&server, &bo, &attested, ""), 200);
    let hash = preview["hash"].as_str().expect("a hash");
    let booked = format!(r#"{{"month":"2021-07","hash":"{hash}"}}"#);
    // What was looked at is of a state that has passed.
    let old = "\r\nIf-Match: \"0\"";
    let stale = server.api(&bo, "POST", "settlements", old, &booked);
    problem(&stale, 412, "something was added");
    let now = server.api(&bo, "GET", "books", "", "");
    let state = format!("\r\nIf-Match: {}", now.header("etag"));
    json(&server.api(&bo, "POST", "settlements", &state, &booked), 200);

    let to_pay = get(&server, &anna, "payments")["to_pay_ore"].as_i64().expect("a sum");
    let off = post(&server, &anna, "payments", &format!(r#"{{"total_ore":{}}}"#, to_pay + 1));
    problem(&off, 409, "can be paid, not the sum that was sent");
    let part = post(&server, &anna, "payments", r#"{"total_ore":1.5}"#);
    problem(&part, 400, "no whole number");
    let key = "\r\nIdempotency-Key: run-1";
    let total = format!(r#"{{"total_ore":{to_pay}.0}}"#);
    let sent = json(&server.api(&anna, "POST", "payments", key, &total), 200);
    let again = json(&server.api(&anna, "POST", "payments", key, &total), 200);
    assert_eq!(sent, again, "sent twice, done once");
    let other = server.api(&anna, "POST", "payments", key, r#"{"total_ore":1}"#);
    problem(&other, 409, "another request");
    let payments = sent.as_array().expect("payments");
    let sum: i64 = payments.iter().filter_map(|one| one["amount_ore"].as_i64()).sum();
    assert_eq!(sum, to_pay);
    let (run, first) = (payments[0]["run"].as_str(), payments[0]["payee"].as_str());
    let (run, first) = (run.expect("a run"), first.expect("a payee"));
    let payee = format!(r#"{{"payees":["{first}"]}}"#);
    let returned = json(&post(&server, &anna, &format!("payments/{run}/return"), &payee), 200);
    assert_eq!(returned[0]["state"], "returned");
    let paid = json(&post(&server, &anna, &format!("payments/{run}/confirmation"), "{}"), 200);
    let states = paid.as_array().expect("payments").iter().filter(|one| one["state"] == "paid");
    assert_eq!(states.count(), payments.len() - 1);
    problem(&post(&server, &anna, "payments/b-9/return", "{}"), 404, "");

    json(&post(&server, &anna, "periods/2021-07/closing", "{}"), 200);
    assert_eq!(get(&server, &anna, "books")["closed_through"], "2021-07");
    assert_eq!(post(&server, &anna, "periods/2021-07/reopening", "{}").status, 400, "why?");
    json(&post(&server, &anna, "periods/2021-07/reopening", r#"{"note":"fel konto"}"#), 200);
    assert_eq!(get(&server, &anna, "books")["closed_through"], "2021-06");
}

const DECISION: &str = "[decision]\nid = \"hsn-ny\"\nbody = \"HSN\"\ndecided_on = 2021-06-15\nknown_from = 2021-06-15\n";

#[test]
fn a_decision_is_written_by_one_and_approved_by_another() {
    let server = Server::of_demo();
    let anna = server.named("agreement-manager", "anna");
    let bo = server.named("controller", "bo");
    let seq = json(&post(&server, &anna, "proposals", DECISION), 200)["proposal"].clone();
    let one = format!("proposals/{seq}");
    let approval = format!("{one}/approval");
    problem(&post(&server, &anna, &approval, "{}"), 409, "somebody else is to approve");
    problem(&post(&server, &bo, &format!("{one}/withdrawal"), "{}"), 409, "only `anna`");
    assert_eq!(get(&server, &bo, &one)["state"], "waiting");
    let approved = json(&post(&server, &bo, &approval, r#"{"note":"§ 14"}"#), 200);
    assert_eq!((&approved["state"], &approved["ended_by"]), (&"approved".into(), &"bo".into()));
    problem(&post(&server, &bo, &approval, "{}"), 409, "");
    let known = get(&server, &bo, "proposals");
    assert_eq!(known["proposals"][0]["note"], "§ 14");
    let wrong = post(&server, &anna, "proposals", &DECISION.replace("2021-06-15\n", "x\n"));
    assert_eq!(wrong.status, 409, "{}", wrong.body);
    let second = DECISION.replace("hsn-ny", "hsn-till");
    let seq = json(&post(&server, &anna, "proposals", &second), 200)["proposal"].clone();
    let refusal = format!("proposals/{seq}/refusal");
    problem(&post(&server, &bo, &refusal, r#"{"note":" "}"#), 409, "why the proposal is refused");
    let refused = json(&post(&server, &bo, &refusal, r#"{"note":"nej"}"#), 200);
    assert_eq!(refused["state"], "refused");
    assert_eq!(server.api(&server.role(OWN), "GET", &one, "", "").status, 404, "not a clinic's");
}

#[test]
fn the_money_of_a_grant_is_tried_and_then_entered() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let grant = "grants/statsbidrag-2023/acts";
    let before = get(&server, &anna, "register")["facts"].as_array().expect("facts").len();
    let tried = post(&server, &anna, grant, r#"{"act":"receive","amount":"1 mkr","preview":true}"#);
    assert_eq!(json(&tried, 200)["revision"], Value::Null);
    let after = get(&server, &anna, "register")["facts"].as_array().expect("facts").len();
    assert_eq!(before, after, "nothing is entered");
    let received = r#"{"act":"receive","amount":"1 mkr","by":"Regeringen"}"#;
    let entered = json(&post(&server, &anna, grant, received), 200);
    assert!(entered["revision"].is_u64(), "{entered}");
    problem(&post(&server, &anna, grant, received), 409, "entered already");
    let twice = r#"{"act":"receive","amount":"1 mkr","id":"receive-again"}"#;
    json(&post(&server, &anna, grant, twice), 200);
    let moved = r#"{"act":"receive","amount":"1 mkr","to":"raises-2023"}"#;
    problem(&post(&server, &anna, grant, moved), 400, "`to` is of `reallocate`");
    let other = r#"{"act":"use","amount":"1 kr","from":"statsbidrag-2024"}"#;
    assert_eq!(post(&server, &anna, grant, other).status, 404, "a post of another grant");
    let unknown = post(&server, &anna, "grants/x/acts", r#"{"act":"use","amount":"1 kr"}"#);
    assert_eq!(unknown.status, 404);
}

#[test]
fn indicators_are_told_as_the_command_tells_them_and_by_clinic_to_their_own() {
    let server = Server::of_demo();
    let (all, own) = (server.role("controller"), server.role(OWN));
    let of = |by: &str| get(&server, &all, &format!("follow/indicators?year=2021&by={by}"));
    for by in ["whole", "unit", "parity"] {
        let said = server.command(&["follow", "indicators", "--year", "2021", "--by", by]);
        assert!(!said["rows"].as_array().expect("rows").is_empty(), "{by}");
        assert_eq!(of(by), said, "{by}");
    }
    let known = "follow/indicators?year=2021&known_on=2021-05-01";
    let then = ["--year", "2021", "--known-on", "2021-05-01"];
    let said = server.command(&[&["follow", "indicators"], &then[..]].concat());
    assert_eq!(get(&server, &all, known), said);
    let clinics = |told: &Value| -> BTreeSet<String> {
        let rows = told["rows"].as_array().expect("rows").iter();
        rows.filter_map(|row| row["group"].as_str().map(str::to_owned)).collect()
    };
    let seen = get(&server, &own, "follow/indicators?year=2021&by=unit");
    assert!(clinics(&of("unit")).len() > 1);
    assert_eq!(clinics(&seen), BTreeSet::from(["danderyd".to_owned()]));
    let others = "follow/indicators?year=2021&unit=sodersjukhuset";
    problem(&server.api(&own, "GET", others, "", ""), 404, "");
    for (wrong, why) in [("year=21", "`21`"), ("by=age-group", "`by`"), ("theme=x", "`theme`")] {
        let answer = server.api(&all, "GET", &format!("follow/indicators?{wrong}"), "", "");
        problem(&answer, 400, why);
    }
}

const HEAD: &str = "contact_id;unit;person;care_date;kind;drg;residence;report;reported_on";

fn file(contact: &str, unit: &str) -> String {
    format!("{HEAD}\n{contact};{unit};191212121212;2021-06-01;midwife-visit;;0180;new;2021-06-02\n")
}

#[test]
fn a_clinic_sends_rows_of_its_own_units_alone() {
    let server = Server::of_demo();
    let (own, all) = (server.role(OWN), server.role("controller"));
    let import = |session: &str, name: &str, content: &str, more: &str| {
        server.api(session, "POST", &format!("imports?name={name}"), more, content)
    };
    let mixed = format!(
        "{}{}",
        file("T-1", "danderyd"),
        file("T-2", "sodersjukhuset").lines().nth(1).expect("a row")
    );
    problem(&import(&own, "SYNTETISKA-mixed.csv", &mixed, ""), 409, "");
    let key = "\r\nIdempotency-Key: own-1";
    let sent = json(&import(&own, "SYNTETISKA-own.csv", &file("T-1", "danderyd"), key), 200);
    assert_eq!((&sent["accepted"], &sent["already_imported"]), (&1.into(), &false.into()));
    let again = json(&import(&own, "SYNTETISKA-own.csv", &file("T-1", "danderyd"), key), 200);
    assert_eq!(sent, again);
    // The same bytes under another name are another request.
    let renamed = import(&own, "SYNTETISKA-other.csv", &file("T-1", "danderyd"), key);
    problem(&renamed, 409, "another request");
    // What the region called the same file is its business.
    let shared = file("T-3", "danderyd");
    json(&import(&all, "SYNTETISKA-regionens.csv", &shared, ""), 200);
    let known = import(&own, "SYNTETISKA-vart.csv", &shared, "");
    assert_eq!(json(&known, 200)["already_imported"], true);
    assert!(!known.body.contains("regionens"), "{}", known.body);
    let log = server.get(&all, "/logg?done.q=SYNTETISKA-own").body;
    assert!(log.contains("test-provider:danderyds-sjukhus-ab"), "{log}");
}

#[test]
fn what_a_role_may_not_is_refused_at_every_address() {
    let server = Server::of_demo();
    for role in Role::ALL {
        let chosen = match role {
            Role::Provider => OWN,
            Role::ClinicCare => "clinic-care:karolinska-huddinge",
            role => role.name(),
        };
        let session = server.role(chosen);
        for endpoint in ENDPOINTS {
            let method = if endpoint.does { "POST" } else { "GET" };
            let path = endpoint.path.trim_start_matches("/api/v1/");
            let path = path.replace("{month}", "2021-05").replace(['{', '}'], "x");
            let status = server.api(&session, method, &path, "", "").status;
            if allowed(*role, endpoint.needs) == Reach::Nothing {
                assert_eq!(status, 403, "{} {method} {path}", role.name());
            } else {
                assert!(status < 500 && status != 403, "{} {method} {path}", role.name());
            }
            let nobody = server.api("", method, &path, "", "");
            assert_eq!(nobody.status, 401, "{method} {path}");
        }
    }
}
