//! Logging in: the first account, one-time passwords, guesses, headers.

use super::support::Server;

const NEW: &str = "ett+ganska+hemligt+ord";

#[test]
fn the_first_account_is_opened_once_and_opens_others() {
    let server = Server::empty();
    let token = server.said.split("token=").nth(1).expect("a link").split_whitespace().next();
    let token = token.expect("a token");
    assert_eq!(server.get("", "/forsta?token=wrong").status, 404);
    assert_eq!(server.get("", &format!("/forsta?token={token}")).status, 200);
    let form = |name: &str, new: &str, again: &str| {
        format!("token={token}&name={name}&new={new}&again={again}")
    };
    let short = server.post("", "/forsta", &form("ada", "kort", "kort"));
    assert_eq!(short.status, 422);
    assert!(short.body.contains("minst 12 tecken"), "{}", short.body);
    let unlike = server.post("", "/forsta", &form("ada", NEW, "nagot+annat+hemligt"));
    assert!(unlike.body.contains("inte lika"), "{}", unlike.body);
    let opened = server.post("", "/forsta", &form("ada", NEW, NEW));
    let ada = opened.session();
    assert_eq!((opened.status, ada.len()), (303, 64), "{}", opened.body);
    let cookie = opened.head.lines().find(|line| line.contains("__Host-vardkedja")).expect("one");
    for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    // Once, and only while there is no account.
    assert_eq!(server.get("", &format!("/forsta?token={token}")).status, 404);
    assert_ne!(server.post("", "/forsta", &form("eve", NEW, NEW)).status, 303);

    let bo = server.post(&ada, "/konton", "name=bo&role=controller&provider=");
    assert_eq!((bo.status, bo.header("cache-control")), (200, "no-store"), "{}", bo.body);
    let secret = secret_of(&bo.body);
    assert!(!bo.head.contains(&secret), "{}", bo.head);
    let shown = server.get(&ada, "/konton/bo").body;
    assert!(!shown.contains(&secret), "shown once: {shown}");
    assert!(!server.logged().contains(&secret));
    let once = server.post("", "/logga-in", &format!("name=bo&password={secret}"));
    assert_eq!(once.session(), "", "a one-time password lets nobody in");
    assert!(once.body.contains("action=\"/losenord\""), "{}", once.body);
    let form = format!("name=bo&password={secret}&new={NEW}&again={NEW}");
    let renewed = server.post("", "/losenord", &form);
    let session = renewed.session();
    assert_eq!(server.get(&session, "/inrapportering").status, 200);
    assert_eq!(server.post("", "/logga-in", &format!("name=bo&password={NEW}")).status, 303);
    // A provider's account needs a provider, nobody changes their own, and a closed account is out at once.
    let none = server.post(&ada, "/konton", "name=li&role=provider&provider=");
    assert_eq!(none.status, 422);
    assert_eq!(server.post(&ada, "/konton/ada/stang", "").status, 422);
    assert_eq!(server.post(&ada, "/konton/bo/stang", "").status, 303);
    assert_eq!(server.get(&session, "/inrapportering").status, 303);
    assert_eq!(server.post("", "/logga-in", &format!("name=bo&password={NEW}")).status, 422);
}

#[test]
fn guesses_are_slowed_down_and_told_so() {
    let server = Server::empty();
    let guess = |name: &str| server.post("", "/logga-in", &format!("name={name}&password=x"));
    for _ in 0..4 {
        assert!(guess("ada").body.contains("stämmer inte"));
    }
    let slow = guess("ada");
    assert!(slow.body.contains("vänta") && slow.body.contains("sekunder"), "{}", slow.body);
    assert!(guess("bo").body.contains("stämmer inte"), "others are not held up");
}

#[test]
fn every_answer_has_its_headers() {
    let server = Server::empty();
    for path in ["/logga-in", "/", "/nowhere", "/healthz", "/readyz", "/metrics", "/forsta?token=x"]
    {
        let answer = server.get("", path);
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains(&["un", "safe"].concat()),
            "{path}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(!answer.body.contains(" style=") && !answer.body.contains("<script>"), "{path}");
    }
    let metrics = server.get("", "/metrics").body;
    let counted = "vardkedja_requests_total{route=\"/logga-in\",method=\"GET\",status=\"200\"} 1";
    assert!(metrics.contains(counted) && metrics.contains("vardkedja_ready 1"), "{metrics}");
    let proxied = "GET /metrics HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1";
    assert_eq!(server.send(proxied, b"").status, 404);
    let large = format!("name={}", "x".repeat(5 << 20));
    let answer = server.post("", "/logga-in", &large);
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("Högst 256 MB"), "{}", answer.body);
}

/// The one-time password of a page.
fn secret_of(page: &str) -> String {
    let (_, rest) = page.split_once("Engångslösenord</dt>").expect("a password");
    let (_, rest) = rest.split_once("<dd").expect("a password");
    let text = rest
        .split(['<', '>'])
        .find(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    text.expect("a password").to_owned()
}
