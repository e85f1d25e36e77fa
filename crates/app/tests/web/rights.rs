//! Every right, route and act by role: as docs/rights.md says it, and as the server keeps it.

use super::support::Server;
use app::web::api::ENDPOINTS;
use app::web::pages::{ACTS, ROUTES};
use app::web::rights::{Reach, Right, Role, allowed};
use std::fmt::Write;
use std::path::Path;

fn reach(role: Role, right: Right) -> &'static str {
    match allowed(role, right) {
        Reach::Nothing => "",
        Reach::Own => "egna",
        Reach::All => "ja",
    }
}

fn row(out: &mut String, first: &str, needs: Right) {
    write!(out, "| {first} |").expect("a text");
    for role in Role::ALL {
        write!(out, " {} |", reach(*role, needs)).expect("a text");
    }
    out.push('\n');
}

fn heads(out: &mut String, first: &str) {
    write!(out, "| {first} |").expect("a text");
    for role in Role::ALL {
        write!(out, " {} |", role.label().sv).expect("a text");
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(Role::ALL.len()));
    out.push('\n');
}

fn written() -> String {
    let mut out = String::from(
        "# Rights: who may see and do what\n\nMade from `allowed()` and the lists of pages and acts by the test `web`; `UPDATE=1 cargo test -p app --test web rights` writes it anew. `ja` is for all, `egna` for the units of the own provider, blank is no. Where `egna` stands, what nothing of the own provider is in answers 404.\n\n## Rights\n\n",
    );
    heads(&mut out, "Right");
    for right in Right::ALL {
        row(&mut out, &format!("`{}`", right.name()), *right);
    }
    out.push_str("\n## Pages\n\n");
    heads(&mut out, "Page");
    for route in ROUTES.iter().copied().flatten() {
        row(&mut out, &format!("`{}`", route.path), route.needs);
    }
    out.push_str("\n## Acts\n\n");
    heads(&mut out, "Act");
    for act in ACTS.iter().copied().flatten() {
        row(&mut out, &format!("`POST {}`", act.path), act.needs);
    }
    out.push_str("\n## API\n\n");
    heads(&mut out, "Address");
    for endpoint in ENDPOINTS {
        let method = if endpoint.does { "POST" } else { "GET" };
        row(&mut out, &format!("`{method} {}`", endpoint.path), endpoint.needs);
    }
    out
}

#[test]
fn the_matrix_of_rights_is_as_written() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rights.md");
    let written = written();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &written).expect("docs/rights.md is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == written,
        "docs/rights.md differs: UPDATE=1 cargo test -p app --test web rights"
    );
}

#[test]
fn an_auditor_has_no_act() {
    for act in ACTS.iter().copied().flatten() {
        assert_eq!(allowed(Role::Auditor, act.needs), Reach::Nothing, "{}", act.path);
    }
    // Having a text read keeps nothing.
    for endpoint in ENDPOINTS.iter().filter(|one| one.does && one.needs != Right::CheckText) {
        assert_eq!(allowed(Role::Auditor, endpoint.needs), Reach::Nothing, "{}", endpoint.path);
    }
}

/// A path with something in place of its named parts.
fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "x-1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn what_a_role_may_not_is_refused_by_the_server_and_no_site_but_ours_is_heard() {
    let server = Server::of_demo();
    let provider = "provider:danderyds-sjukhus-ab";
    for role in Role::ALL {
        let chosen = match role {
            Role::Provider => provider,
            Role::ClinicCare => "clinic-care:karolinska-huddinge",
            _ => role.name(),
        };
        let session = server.role(chosen);
        for route in ROUTES.iter().copied().flatten() {
            let may = allowed(*role, route.needs) != Reach::Nothing;
            let status = server.get(&session, &filled(route.path)).status;
            if may {
                assert!(status < 500, "{} {}: {status}", role.name(), route.path);
            } else {
                assert_eq!(status, 403, "{} {}", role.name(), route.path);
            }
        }
        for act in ACTS.iter().copied().flatten() {
            if allowed(*role, act.needs) == Reach::Nothing {
                let status = server.post(&session, &filled(act.path), "x=1").status;
                assert_eq!(status, 403, "{} {}", role.name(), act.path);
            }
        }
    }
    let session = server.role("controller");
    let form = "Content-Type: application/x-www-form-urlencoded";
    for act in ACTS.iter().copied().flatten() {
        let path = filled(act.path);
        let head = format!("POST {path} HTTP/1.1\r\nCookie: __Host-vardkedja={session}\r\n{form}");
        for foreign in [
            "Origin: https://other.example",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site",
            "X-None: 1",
        ] {
            let answer = server.send(&format!("{head}\r\n{foreign}"), b"x=1");
            assert_eq!(answer.status, 403, "{} {foreign}", act.path);
            assert!(answer.body.contains("annan webbplats"), "{}", answer.body);
        }
    }
    let log = server.logged();
    assert!(log.contains("\"route\":\"/inrapportering/leverans/{batch}\""), "{log}");
    assert!(!log.contains("x-1"), "a raw path is in the log");
}
