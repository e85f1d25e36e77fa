//! A raise from the form to the next settlement: checked, kept, approved by a second person, corrected to the öre.

use super::support::Server;
use serde_json::Value;
use std::collections::BTreeSet;

/// A raise of 100 kr a visit from April, in the form's fields.
const RAISE: [(&str, &str); 7] = [
    ("id", "hsn-raise"),
    ("body", "HSN"),
    ("known_from", "2021-06-30"),
    ("replaces", "demo-delivery-midwife-visit"),
    ("amount", "2 250 kr"),
    ("was", "2 150 kr"),
    ("valid_from", "2021-04-01"),
];

fn form(fields: &[(&str, &str)]) -> String {
    let encoded =
        |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    pairs.join("&")
}

/// The text of the decision that stands ready to be kept.
fn kept_text(page: &str) -> String {
    let (_, after) = page.split_once("name=\"toml\" value=\"").expect("a text to keep");
    let text = after.split('"').next().expect("its end");
    text.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&")
}

fn number(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

/// The visits of the element from April on that the statements of all who are paid say.
fn paid_visits(server: &Server, payees: &BTreeSet<&str>) -> i64 {
    let mut count = 0;
    for month in ["2021-04", "2021-05", "2021-06"] {
        for payee in payees {
            let said = server.command(&["statement", "--payee", payee, "--month", month]);
            let rows = said["rows"].as_array().into_iter().flatten();
            let its = rows.filter(|row| row["element"] == "delivery-clinic-visit");
            let its = its.filter(|row| row["care_month"].as_str() >= Some("2021-04"));
            count += its.map(|row| number(&row["count"])).sum::<i64>();
        }
    }
    count
}

#[test]
fn a_raise_needs_a_second_person_and_is_corrected_to_the_ore() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let checked = server.post(&anna, "/beslut/nytt", &form(&RAISE));
    assert_eq!(checked.status, 200, "{}", checked.body);
    assert!(checked.body.contains("Inga fel"), "{}", checked.body);
    let text = kept_text(&checked.body);
    assert!(text.contains("when = "), "the condition is kept: {text}");
    let kept = server.post(&anna, "/beslut/forslag", &form(&[("toml", &text)]));
    assert_eq!(kept.status, 303, "{}", kept.body);
    let proposal = kept.header("location").to_owned();
    let approve = format!("{proposal}/godkann");
    for name in ["anna", " AN na"] {
        let same = server.named("agreement-manager", name);
        let refused = server.post(&same, &approve, "note=");
        assert_eq!(refused.status, 422, "{name}");
        assert!(refused.body.contains("någon annan ska godkänna"), "{}", refused.body);
    }
    assert_eq!(server.post(&server.role("auditor"), &approve, "note=").status, 403);
    let clinic = server.role("provider:danderyds-sjukhus-ab");
    assert_eq!(server.get(&clinic, &proposal).status, 404);
    assert!(!server.get(&clinic, "/beslut").body.contains("hsn-raise"));
    assert_eq!(server.get(&anna, "/beslut/hsn-raise").status, 404);

    let bo = server.named("agreement-manager", "bo");
    let approved = server.post(&bo, &approve, "note=");
    assert_eq!((approved.status, approved.header("location")), (303, "/beslut/hsn-raise"));
    assert_eq!(server.post(&bo, &approve, "note=").status, 422, "once");
    assert!(server.get(&anna, "/beslut/hsn-raise").body.contains("demo-delivery-midwife-visit"));

    let told = server.command(&["register", "show", "hsn-raise"]);
    let today = told["facts"][0]["recorded_on"].as_str().expect("a day");
    let preview = server.command(&["settle", "--month", "2021-07", "--on", today, "--preview"]);
    let lines = preview["lines"].as_array().expect("lines");
    let payees = lines.iter().map(|line| line["payee"].as_str().expect("a payee")).collect();
    let its: Vec<&Value> = lines.iter().filter(|line| line["cause"] == "decision").collect();
    assert!(its.iter().all(|line| line["element"] == "delivery-clinic-visit"));
    let sum: i64 = its.iter().map(|line| number(&line["amount_ore"])).sum();
    let visits = paid_visits(&server, &payees);
    assert!(visits > 0);
    assert_eq!(sum, visits * 10_000);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let wrong = "[decision]\nid = \"a\"\nbody = \"HSN\"\nknown_from = 2021-01-31\n\n[[rate]]\nid = \"b\"\nelement = \"c\"\nformula = \"per-contact\"\namount = \"fjorton\"\nvalid_from = 2021-01-01\n";
    let refused = server.post(&anna, "/beslut/forslag", &form(&[("toml", wrong)]));
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("rad 10: "), "{}", refused.body);
    assert!(refused.body.contains("fjorton"), "what was typed is kept");
    let checked = server.post(&anna, "/beslut/nytt", &form(&[("toml", wrong)]));
    assert!(checked.body.contains("<li id=\"rad-10\" class=\"wrong\">"), "{}", checked.body);
    let was = [("replaces", "demo-delivery-midwife-visit"), ("was", "1 kr"), ("amount", "2 kr")];
    let head = &RAISE[..3];
    let more = [("valid_from", "2021-04-01")];
    let raise = [head, &was, &more].concat();
    let checked = server.post(&anna, "/beslut/nytt", &form(&raise));
    assert!(checked.body.contains("was-not-equal"), "{}", checked.body);
    assert!(!checked.body.contains("Spara som förslag"));
}

#[test]
fn a_proposal_is_withdrawn_by_its_writer_and_refused_with_a_reason() {
    let server = Server::of_demo();
    let (anna, bo) = (server.named("controller", "anna"), server.named("agreement-manager", "bo"));
    let text = kept_text(&server.post(&anna, "/beslut/nytt", &form(&RAISE)).body);
    let keep = || {
        let kept = server.post(&anna, "/beslut/forslag", &form(&[("toml", &text)]));
        kept.header("location").to_owned()
    };
    let first = keep();
    assert_eq!(server.post(&bo, &format!("{first}/dra-tillbaka"), "note=").status, 422);
    assert_eq!(server.post(&bo, &format!("{first}/avsla"), "note=").status, 422);
    assert_eq!(server.post(&bo, &format!("{first}/avsla"), "note=fel+dag").status, 303);
    assert!(server.get(&anna, &first).body.contains("fel dag"));
    let second = keep();
    assert_eq!(server.post(&anna, &format!("{second}/dra-tillbaka"), "note=").status, 303);
    assert_eq!(server.post(&bo, &format!("{second}/godkann"), "note=").status, 422);
    assert_eq!(server.get(&anna, "/beslut/hsn-raise").status, 404);
}

#[test]
fn a_proposal_waits_on_the_overview_of_those_who_may_approve_it() {
    let server = Server::of_demo();
    let (anna, bo) = (server.named("controller", "anna"), server.named("agreement-manager", "bo"));
    let text = kept_text(&server.post(&anna, "/beslut/nytt", &form(&RAISE)).body);
    let keep = || {
        let kept = server.post(&anna, "/beslut/forslag", &form(&[("toml", &text)]));
        kept.header("location").to_owned()
    };
    let told = "Förslag till beslut att godkänna";
    let asks = |session: &str| server.get(session, "/").body.contains(told);
    assert!(!asks(&bo), "none is written");
    let first = keep();
    let row = format!("<a class=\"anchor\" href=\"{first}\">{told}</a>");
    assert!(server.get(&bo, "/").body.contains(&row), "one leads to itself");
    let second = keep();
    let csv = server.get(&bo, "/?needed.as=csv").body;
    assert!(csv.lines().any(|line| line.starts_with(&format!("{told},2,"))), "{csv}");
    for session in [&anna, &server.role("auditor"), &server.role("provider:danderyds-sjukhus-ab")] {
        assert!(!asks(session), "it waits for somebody else who may approve");
    }
    assert_eq!(server.post(&bo, &format!("{first}/godkann"), "note=").status, 303);
    assert_eq!(server.post(&anna, &format!("{second}/dra-tillbaka"), "note=").status, 303);
    assert!(!asks(&bo), "none is left");
}

#[test]
fn two_times_say_what_the_register_says() {
    let server = Server::of_demo();
    let anna = server.named("controller", "anna");
    let elements =
        ["delivery-clinic-visit", "delivery-raise-2021", "continuity-add-on", "home-visit"];
    let mut shown = 0;
    for element in elements {
        for (on, known_on) in [
            ("2021-03-01", "2021-05-01"),
            ("2021-03-01", "2021-07-01"),
            ("2023-03-01", "2023-01-30"),
            ("2023-03-01", "2023-01-31"),
        ] {
            let url = format!("/ersattningar/{element}?on={on}&known_on={known_on}&svar.as=csv");
            let csv = server.get(&anna, &url).body;
            let mut said: Vec<&str> =
                csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
            said.sort_unstable();
            let register = server.command(&[
                "register",
                "show",
                element,
                "--known-on",
                known_on,
                "--valid-on",
                on,
            ]);
            let facts = register["facts"].as_array().expect("facts").iter();
            let is_replaced = |fact: &Value| {
                let by = fact["replaced_by"].as_array().expect("a list").iter();
                by.into_iter().any(|by| {
                    let (from, to) = (by["valid_from"].as_str(), by["valid_to"].as_str());
                    let is_known = by["recorded_on"].as_str() <= Some(known_on);
                    is_known && from <= Some(on) && to.is_none_or(|to| to >= on)
                })
            };
            let counts = facts.filter(|fact| fact["state"] == "counts" && !is_replaced(fact));
            let mut known: Vec<&str> =
                counts.map(|fact| fact["id"].as_str().expect("an id")).collect();
            known.sort_unstable();
            shown += known.len();
            assert_eq!(said, known, "{element} on {on} as known on {known_on}");
        }
    }
    assert!(shown >= 8, "{shown}");
}
