//! Logging in through an identity service: good log-ins, and everything that must not be one.

use super::provider::{CLIENT, Fault, Person, Provider, SECRET};
use super::support::{Answer, Server};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const ADDRESS: &str = "https://vardkedja.region.example";

/// A file with the secret of the client, written once for all tests of a run.
fn secret() -> &'static Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc-secret");
        let own = file.with_extension(std::process::id().to_string());
        std::fs::write(&own, format!("{SECRET}\n")).expect("a file");
        // Whole at once, for other runs that read it.
        std::fs::rename(own, &file).expect("a file");
        file
    })
}

fn settings(provider: &Provider) -> String {
    let issuer = &provider.issuer;
    let secret = secret().display();
    format!(
        r#"issuer = "{issuer}"
client_id = "{CLIENT}"
client_secret_file = "{secret}"
address = "{ADDRESS}/"
label = "Region Exempel"
scopes = ["profile"]
role_claim = "groups"
provider_claim = "org"
role = [
    {{ value = "vk-administrators", role = "administrator" }},
    {{ value = "vk-controllers", role = "controller" }},
    {{ value = "vk-clinics", role = "provider" }},
    {{ value = "vk-chain", role = "clinic-care" }},
]
provider = [
    {{ value = "SE-DS", provider = "danderyds-sjukhus-ab" }},
    {{ value = "SE-DS", provider = "danderyd" }},
    {{ value = "SE-SOS", provider = "sodersjukhuset" }},
]
"#
    )
}

/// A browser that is on its way to the service: where to, and the cookie that it was given.
fn begun(server: &Server) -> (String, String) {
    let answer = server.get("", "/logga-in/oidc?till=/avrakning");
    assert_eq!(answer.status, 303, "{}", answer.body);
    let cookie = answer.header("set-cookie");
    for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    (answer.header("location").to_owned(), cookie)
}

fn back(server: &Server, cookie: &str, path: &str) -> Answer {
    // As a browser sends it: from a page of another site.
    let head = format!("GET {path} HTTP/1.1\r\nCookie: {cookie}\r\nSec-Fetch-Site: cross-site");
    server.send(&head, b"")
}

fn person(claims: Value) -> Person {
    Person { claims, ..Person::default() }
}

fn anna() -> Value {
    json!({"sub": "1", "preferred_username": "anna", "groups": ["staff", "vk-controllers"]})
}

fn logged_in(server: &Server, provider: &Provider, person: &Person) -> Answer {
    let (address, cookie) = begun(server);
    back(server, &cookie, &provider.log_in(&address, person))
}

fn refused(answer: &Answer, why: &str) {
    assert_eq!((answer.status, answer.session().as_str()), (403, ""), "{why}: {}", answer.body);
    assert!(answer.body.contains(why), "{why}: {}", answer.body);
    assert!(answer.body.contains("href=\"/logga-in\""), "{}", answer.body);
}

#[test]
fn people_of_the_service_come_in_by_what_it_says_of_them() {
    let provider = Provider::start();
    let server = Server::with_oidc(&settings(&provider));
    let page = server.get("", "/logga-in?till=/avrakning").body;
    assert!(page.contains("Logga in med Region Exempel"), "{page}");
    assert!(page.contains("href=\"/logga-in/oidc?till=%2Favrakning\""), "{page}");
    assert!(server.get("", "/logga-in?lang=en").body.contains("Log in with Region Exempel"));
    for is_elliptic in [false, true] {
        let entered = logged_in(&server, &provider, &Person { is_elliptic, ..person(anna()) });
        assert_eq!((entered.status, entered.header("location")), (303, "/avrakning"));
        let session = entered.session();
        assert_eq!(server.get(&session, "/avrakning").status, 200, "a controller");
        assert_eq!(server.get(&session, "/konton").status, 403, "and nothing else");
    }
    let clinic = json!({"sub": "2", "preferred_username": "li@clinic.example", "groups": "vk-clinics", "org": "SE-DS"});
    let li = logged_in(&server, &provider, &person(clinic)).session();
    assert_eq!(server.get(&li, "/kliniken").status, 200);
    assert_eq!(server.get(&li, "/besked/2021-05/sodersjukhuset").status, 404, "another's");

    // An administrator sees them, has no password of theirs to change, and can close them.
    let root = json!({"sub": "3", "preferred_username": "ada", "groups": ["vk-administrators"]});
    let root = logged_in(&server, &provider, &person(root)).session();
    let list = server.get(&root, "/konton").body;
    assert!(list.contains("anna") && list.contains("identitetstjänsten"), "{list}");
    let anna_in = logged_in(&server, &provider, &person(anna())).session();
    assert_eq!(server.post(&root, "/konton/anna/losenord", "").status, 422);
    let change = server.post(&root, "/konton/anna/andra", "role=administrator&provider=");
    assert_eq!(change.status, 422);
    assert_eq!(server.post("", "/logga-in", "name=anna&password=oidc").status, 422);
    assert_eq!(server.post(&root, "/konton/anna/stang", "").status, 303);
    assert_eq!(server.get(&anna_in, "/avrakning").status, 303, "out at once");
    refused(&logged_in(&server, &provider, &person(anna())), "Kontot är stängt här");

    // Who logs out here is told of the service, and led there.
    let out = server.post(&li, "/logga-ut", "");
    assert_eq!(out.header("location"), "/logga-in?ut=1");
    assert_eq!(server.get(&li, "/kliniken").status, 303, "{}", out.head);
    assert!(server.get("", "/logga-in?ut=1").body.contains("href=\"/logga-in/oidc/ut\""));
    assert!(!server.logged().contains("/forsta"), "the service makes administrators");
    let there = server.get("", "/logga-in/oidc/ut");
    let there = there.header("location");
    assert!(there.starts_with(&format!("{}/leave?", provider.issuer)), "{there}");
    assert!(there.contains("client_id=vardkedja"), "{there}");
}

#[test]
fn who_works_with_a_clinics_chain_comes_in_where_its_key_is() {
    let provider = Provider::start();
    let server = Server::with_oidc_and_care(&settings(&provider), "danderyd");
    let of = |sub: &str, org: &str| {
        person(
            json!({"sub": sub, "preferred_username": format!("li-{sub}"), "groups": ["vk-chain"], "org": org}),
        )
    };
    let li = logged_in(&server, &provider, &of("4", "SE-DS")).session();
    let page = server.get(&li, "/vardkedjan");
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("I kö"), "{}", page.body);
    assert_eq!(server.get(&li, "/avrakning").status, 403, "and nothing else");
    let other = logged_in(&server, &provider, &of("5", "SE-SOS"));
    refused(&other, "inte din kliniks nyckel");
    refused(&logged_in(&server, &provider, &of("6", "SE-X")), "vilken förlossningsklinik");

    let without = Server::with_oidc(&settings(&provider));
    refused(&logged_in(&without, &provider, &of("4", "SE-DS")), "inte din kliniks nyckel");
}

#[test]
fn a_token_that_does_not_hold_lets_nobody_in() {
    let provider = Provider::start();
    let server = Server::with_oidc(&settings(&provider));
    for (fault, why) in [
        (Fault::Nonce, "(nonce)"),
        (Fault::Audience, "(audience)"),
        (Fault::TwoAudiences, "(audience)"),
        (Fault::Expired, "(expired)"),
        (Fault::Issuer, "(issuer)"),
        (Fault::Key, "(signature)"),
        (Fault::Changed, "(signature)"),
        (Fault::Unsigned, "(signature)"),
        (Fault::Symmetric, "(signature)"),
    ] {
        let answer = logged_in(&server, &provider, &Person { fault, ..person(anna()) });
        refused(&answer, why);
    }
    let log = server.logged();
    assert!(log.contains("\"why\":\"nonce\"") && !log.contains("code-"), "{log}");
    assert_eq!(logged_in(&server, &provider, &person(anna())).status, 303, "a good one still is");
}

#[test]
fn an_answer_is_good_once_in_the_browser_that_asked() {
    let provider = Provider::start();
    let server = Server::with_oidc(&settings(&provider));
    let why = "började inte i den här webbläsaren";
    let (address, cookie) = begun(&server);
    let path = provider.log_in(&address, &person(anna()));
    let (code, _) = path.split_once("&state=").expect("a state");
    refused(&back(&server, &cookie, &format!("{code}&state=another")), why);
    refused(&back(&server, &cookie, code), why);
    // Somebody lures another browser to their own answer.
    refused(&back(&server, "", &path), why);
    let (address, _) = begun(&server);
    let path = provider.log_in(&address, &person(anna()));
    let (_, own) = begun(&server);
    refused(&back(&server, &own, &path), why);

    let (address, cookie) = begun(&server);
    let path = provider.log_in(&address, &person(anna()));
    assert_eq!(back(&server, &cookie, &path).status, 303);
    refused(&back(&server, &cookie, &path), why);
    // The same code in a log-in of its own: the service gives nothing for it.
    let used = path.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    let (address, cookie) = begun(&server);
    let fresh = provider.log_in(&address, &person(anna()));
    let (_, state) = fresh.split_once("&state=").expect("a state");
    let replayed = format!("/logga-in/oidc/svar?code={used}&state={state}");
    refused(&back(&server, &cookie, &replayed), "(code)");
    // A code of somebody else's log-in, taken before it was used: its verifier is not here.
    let (theirs, _) = begun(&server);
    let stolen = provider.log_in(&theirs, &person(anna()));
    let stolen = stolen.split('&').next().expect("a code").to_owned();
    let (address, cookie) = begun(&server);
    let own = provider.log_in(&address, &person(anna()));
    let (_, state) = own.split_once("&state=").expect("a state");
    refused(&back(&server, &cookie, &format!("{stolen}&state={state}")), "(code)");

    let (address, cookie) = begun(&server);
    let path = provider.log_in(&address, &person(anna()));
    let other = format!("{path}&iss=https%3A%2F%2Fother.example");
    refused(&back(&server, &cookie, &other), "(answer-issuer)");
    let (address, cookie) = begun(&server);
    let path = provider.log_in(&address, &person(anna()));
    let (_, state) = path.split_once("&state=").expect("a state");
    let denied = format!("/logga-in/oidc/svar?error=access_denied&state={state}");
    refused(&back(&server, &cookie, &denied), "släppte inte in dig");
    // Afterwards nobody goes anywhere but here.
    let answer = server.get("", "/logga-in/oidc?till=https://other.example/");
    let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let path = provider.log_in(answer.header("location"), &person(anna()));
    assert_eq!(back(&server, &cookie, &path).header("location"), "/");
}

#[test]
fn who_has_no_role_or_anothers_name_is_told_so() {
    let provider = Provider::start();
    let server = Server::with_oidc(&settings(&provider));
    let none = json!({"sub": "9", "preferred_username": "eva", "groups": ["staff"]});
    refused(&logged_in(&server, &provider, &person(none)), "ingen roll här");
    let nowhere = json!({"sub": "9", "preferred_username": "eva", "groups": ["vk-clinics"]});
    refused(&logged_in(&server, &provider, &person(nowhere)), "vilken vårdgivare");
    let number =
        json!({"sub": "9", "preferred_username": "191212121212", "groups": ["vk-controllers"]});
    let answer = logged_in(&server, &provider, &person(number));
    refused(&answer, "inte ett personnummer");
    assert!(!answer.body.contains("191212121212"));

    assert_eq!(logged_in(&server, &provider, &person(anna())).status, 303);
    let impostor = json!({"sub": "8", "preferred_username": "anna", "groups": ["vk-controllers"]});
    refused(&logged_in(&server, &provider, &person(impostor)), "någon annans konto");
    // Who changes their name at the service is who they were here: nobody attests their own under two names.
    let renamed =
        json!({"sub": "1", "preferred_username": "anna-ny", "groups": ["vk-controllers"]});
    let session = logged_in(&server, &provider, &person(renamed)).session();
    let page = server.get(&session, "/").body;
    assert!(page.contains("anna") && !page.contains("anna-ny"), "{page}");
}

#[test]
fn settings_that_cannot_hold_are_refused_before_anybody_logs_in() {
    let provider = Provider::start();
    let good = settings(&provider);
    for (from, to, expected) in [
        ("client_id", "klient_id", "oidc.toml:2: går inte att förstå"),
        (provider.issuer.as_str(), "http://id.region.example", "`issuer` är"),
        (ADDRESS, "http://vardkedja.region.example", "`address` är"),
        ("\"controller\"", "\"chef\"", "`role` är `chef`: ingen roll"),
        ("provider_claim = \"org\"\n", "", "säg vilken vårdgivare"),
        ("role = \"controller\"", "role = \"controller\", provider = \"x\"", "bara `provider` och"),
    ] {
        assert!(good.contains(from), "{from}");
        let said = Server::refused_with_oidc(&good.replacen(from, to, 1));
        assert!(said.contains(expected), "{expected}: {said}");
    }
    // A service that is not there: said, and nobody is held up.
    let dead = good.replacen(&provider.issuer, "http://127.0.0.1:1", 1);
    let server = Server::with_oidc(&dead);
    let answer = server.get("", "/logga-in/oidc");
    refused(&answer, "svarar inte som den ska (discovery)");
}
