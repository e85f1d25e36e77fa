//! The continuity chain in the workplace: what the clinic does, and that nobody else reads a single ground by any page, call or export.
//!
//! Owns: the attempt of every role at every address. The grounds that are planted are words that stand nowhere else.

use super::support::Server;
use app::web::api::ENDPOINTS;
use app::web::pages::{ACTS, READS, ROUTES};
use app::web::rights::{Right, Role, allowed};
use std::fmt::Write;

const CLINIC: &str = "karolinska-huddinge";
/// Planted in a note, a sender, ids of referrals and of teams. Values (72,5; the words of fear) are looked for beside them.
const NOTE: &str = "ZQXMARKERGROUNDNOTE";
const SENDER: &str = "ZQXMARKERSENDER";
const REFERRAL: &str = "ZQXMARKERREF";
const TEAM: &str = "ZQXMARKERTEAM";
const VALUES: [&str; 6] = [
    "FOBS 72,5",
    "FOBS 72.5",
    "svår rädsla",
    "måttlig rädsla",
    "1 social grund",
    "1 social ground",
];

fn referrals() -> String {
    let mut rows = String::from(
        "remiss_id;person;mottagen;beräknad_förlossning;vas_1;vas_2;önskar_vaginal;född_utomlands;arbetslös;folkbokföring;från_enhet;anteckning\n",
    );
    for n in 1..=30 {
        let (scales, social) = if n % 2 == 0 { ("70;75;ja", "nej") } else { (";;", "ja") };
        writeln!(rows, "{REFERRAL}-{n};p-zqx{n};2021-02-01;2021-06-15;{scales};{social};ja;0180;{SENDER};{NOTE} {n}").unwrap();
    }
    rows
}

const PLACES: &str = "team;månad;barnmorskor;platser\nZQXMARKERTEAM-a;2021-06;6;20\n";

/// What decided limits say of eligibility.
const OPEN: &str = "1 social ground 1 social grund";

/// What stands in an answer and may not; what was asked for comes back in the addresses of a page, and gives nothing away.
fn planted_beside(text: &str, asked: &str) -> Option<&'static str> {
    let needles = [NOTE, SENDER, REFERRAL, TEAM].into_iter().chain(VALUES);
    needles.filter(|needle| !asked.contains(needle)).find(|needle| text.contains(needle))
}

fn planted(text: &str) -> Option<&'static str> {
    planted_beside(text, "")
}

/// The paths of an address: with the names of what was planted, and with what is not there.
fn filled(path: &str) -> Vec<String> {
    let with = |value: &str| {
        let part =
            |part: &str| if part.starts_with('{') { value.to_owned() } else { part.to_owned() };
        path.split('/').map(part).collect::<Vec<_>>().join("/")
    };
    let mut all =
        vec![with("x-1"), with(&format!("{REFERRAL}-2")), with(CLINIC), with("2021-06"), with("2")];
    all.dedup();
    all
}

fn worked(server: &Server) -> String {
    let session = server.role(&format!("clinic-care:{CLINIC}"));
    let sent = server.upload_to(&session, "/vardkedjan/remisser", "remisser.csv", &referrals());
    assert_eq!(sent.status, 303, "{}", sent.body);
    let sent = server.upload_to(&session, "/vardkedjan/platser", "platser.csv", PLACES);
    assert_eq!(sent.status, 303, "{}", sent.body);
    session
}

#[test]
fn the_clinic_works_its_queue_from_referral_to_kept_and_the_region_gets_figures() {
    let server = Server::with_care(CLINIC);
    let session = worked(&server);
    let page = server.get(&session, "/vardkedjan").body;
    assert!(page.contains("måttlig rädsla (FOBS 72,5)"), "{page}");
    assert!(page.contains("plats 1 av 30"), "{page}");
    // A referral of the even ones goes first; an odd one needs a reason.
    let odd = format!("/vardkedjan/remiss/{REFERRAL}-1");
    let refused = server.post(&session, &odd, "step=offer&on=2021-03-01&team=ZQXMARKERTEAM-a");
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("står på plats"), "{}", refused.body);
    for n in 1..=10 {
        let path = format!("/vardkedjan/remiss/{REFERRAL}-{n}");
        for form in [
            "step=offer&on=2021-03-01&team=ZQXMARKERTEAM-a&reason=i+tur",
            "step=accept&on=2021-03-02",
            "step=start&on=2021-03-10",
            "step=keep&on=2021-06-20",
        ] {
            let done = server.post(&session, &path, form);
            assert_eq!(done.status, 303, "{path} {form}: {}", done.body);
        }
    }
    let one = server.get(&session, &format!("/vardkedjan/remiss/{REFERRAL}-2")).body;
    assert!(one.contains(NOTE) && one.contains("fullföljd"), "{one}");
    let agree = server.get(&session, "/vardkedjan/stamma-av").body;
    assert!(agree.contains("fullföljde kedjan men tillägget är inte betalt"), "{agree}");
    let released = server.post(&session, "/vardkedjan/lamna-ut", "year=2021");
    assert_eq!(released.status, 303, "{}", released.body);
    let region = server.get(&server.role("controller"), "/vardkedjan").body;
    for figure in [
        "<td class=\"number\">30</td>",
        "<td class=\"number\">10</td>",
        "<td class=\"number\">15</td>",
    ] {
        assert!(region.contains(figure), "{figure}\n{region}");
    }
    assert_eq!(planted(&region), None);
    let api = server.get(&server.role("auditor"), "/api/v1/chain/figures").body;
    let api: serde_json::Value = serde_json::from_str(&api).expect("JSON");
    assert_eq!(api["figures"][0]["kept"], 10);
    assert_eq!(api["figures"][0]["social_alone"], 15);
    // A doubt about places is a sentence.
    let small = "team;månad;barnmorskor;platser\nnatt;2021-07;2;1\n";
    server.upload_to(&session, "/vardkedjan/platser", "natt.csv", small);
    let page = server.get(&session, "/vardkedjan").body;
    assert!(page.contains("Teamet natt: 2 barnmorskor i 2021-07"), "{page}");
}

#[test]
fn nobody_but_the_clinic_reads_a_ground_by_any_page_call_or_export() {
    let server = Server::with_care(CLINIC);
    let session = worked(&server);
    server.post(
        &session,
        &format!("/vardkedjan/remiss/{REFERRAL}-2"),
        "step=offer&on=2021-03-01&team=ZQXMARKERTEAM-a&reason=first",
    );
    server.post(&session, "/vardkedjan/lamna-ut", "year=2021");
    assert!(planted(&server.get(&session, "/vardkedjan").body).is_some(), "nothing is planted");
    let mut others: Vec<String> = Role::ALL
        .iter()
        .filter(|role| !role.is_of_one())
        .map(|role| role.name().to_owned())
        .collect();
    // Another clinic's officer, the economist of the clinic's own provider, and of another.
    others.extend(
        [
            "clinic-care:sodersjukhuset",
            "provider:karolinska-universitetssjukhuset",
            "provider:danderyds-sjukhus-ab",
        ]
        .map(str::to_owned),
    );
    let mut asked = 0;
    for role in &others {
        let session = server.role(role);
        let mut paths: Vec<String> = Vec::new();
        for route in ROUTES.iter().copied().flatten() {
            paths.extend(filled(route.path));
        }
        for endpoint in ENDPOINTS.iter().filter(|endpoint| !endpoint.does) {
            paths.extend(filled(endpoint.path));
        }
        paths.extend(
            [
                "/vardkedjan?ko.as=csv",
                "/vardkedjan?ko.as=xlsx",
                "/vardkedjan?utlamnat.as=csv",
                "/sok?q=ZQXMARKER",
                "/metrics",
                "/openapi.json",
                "/logg?q=ZQX",
            ]
            .map(str::to_owned),
        );
        for path in paths {
            let answer = server.get(&session, &path);
            // What makes somebody eligible is decided and open; it is no ground of hers.
            let open = if path.starts_with("/api/v1/register") {
                "1 social ground 1 social grund"
            } else {
                ""
            };
            let known = format!("{path} {open}");
            assert_eq!(planted_beside(&answer.body, &known), None, "{role} GET {path}");
            assert_eq!(planted_beside(&answer.head, &path), None, "{role} GET {path}");
            asked += 1;
        }
        for act in ACTS.iter().copied().flatten() {
            let is_told = allowed(of(role), act.needs) == app::web::rights::Reach::Nothing;
            // What changes the world for everybody is left undone; what they may not do is tried, and their own clinic's acts too.
            if is_told || act.needs == Right::WorkChain {
                for path in filled(act.path) {
                    let answer =
                        server.post(&session, &path, "step=offer&on=2021-03-01&team=ZQXMARKER");
                    assert_ne!(answer.status, 303, "{role} POST {path}");
                    let asked_for = format!("{path} {TEAM}");
                    assert_eq!(
                        planted_beside(&answer.body, &asked_for),
                        None,
                        "{role} POST {path}"
                    );
                    asked += 1;
                }
            }
        }
        for read in READS.iter().copied().flatten() {
            let answer = server.post(&session, read.path, "text=x");
            assert_eq!(planted(&answer.body), None, "{role} POST {}", read.path);
        }
        for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.does) {
            if allowed(of(role), endpoint.needs) == app::web::rights::Reach::Nothing {
                for path in filled(endpoint.path) {
                    let answer = server.post(&session, &path, "{}");
                    assert_eq!(planted_beside(&answer.body, &path), None, "{role} POST {path}");
                }
            }
        }
    }
    assert!(asked > 1_000, "only {asked} addresses were asked");
    // What the region can write to a file, or read without the key, by command.
    for command in [
        &["chain", "figures"][..],
        &["access"],
        &["verify-log"],
        &["doctor"],
        &["books", "log"],
        &["register", "show"],
        &["chain", "order", "--clinic", CLINIC],
    ] {
        let said = server.said_by(command);
        // What makes somebody eligible is decided and open; it is no ground of hers.
        let open = if command[0] == "register" { OPEN } else { "" };
        assert_eq!(planted_beside(&said, open), None, "{command:?}");
    }
    // Nothing of it stands in the log of the server or in a file of the data folder.
    assert_eq!(planted(&server.logged()), None);
    for needle in [NOTE, SENDER, REFERRAL, TEAM] {
        assert!(!server.holds(needle), "{needle} stands in a file");
    }
}

fn of(role: &str) -> Role {
    Role::parse(role.split(':').next().unwrap_or("")).expect("a role")
}

#[test]
fn without_the_keys_the_page_says_what_to_do_and_the_rest_of_the_workplace_is_open() {
    let server = Server::of_demo();
    let session = server.role(&format!("clinic-care:{CLINIC}"));
    let page = server.get(&session, "/vardkedjan");
    assert_eq!(page.status, 422);
    assert!(page.body.contains("--clinic-care-keys"), "{}", page.body);
    assert_eq!(server.get(&session, "/").status, 303);
    assert_eq!(server.get(&server.role("controller"), "/vardkedjan").status, 200);
    let wrong = server.post("", "/logga-in/roll", "roll=clinic-care:danderyds-sjukhus-ab&name=x");
    assert_ne!(wrong.status, 303, "a provider is no clinic");
}

/// Before the first import nothing says that all is made up: a compartment may hold women who are not.
#[test]
fn the_care_chain_is_not_to_be_chosen_as_a_role_before_something_made_up_is_imported() {
    let chosen = format!("roll=clinic-care:{CLINIC}&name=x");
    let server = Server::before_imports();
    assert!(!server.get("", "/logga-in").body.contains("clinic-care:"));
    let refused = server.post("", "/logga-in/roll", &chosen);
    assert_ne!(refused.status, 303, "{}", refused.body);
    assert!(!server.role("auditor").is_empty());
    assert!(Server::of_demo().get("", "/logga-in").body.contains("clinic-care:"));
}

#[test]
fn of_several_files_at_once_none_is_entered() {
    let server = Server::with_care(CLINIC);
    let session = server.role(&format!("clinic-care:{CLINIC}"));
    let second = "\r\n--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"b.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    let both = format!("{}{second}{}", referrals(), referrals());
    let sent = server.upload_to(&session, "/vardkedjan/remisser", "a 199002041235.csv", &both);
    assert_eq!(sent.status, 422, "{}", sent.body);
    assert!(sent.body.contains("a ….csv") && sent.body.contains("b.csv"), "{}", sent.body);
    assert_eq!(planted(&server.get(&session, "/vardkedjan").body), None);
}
