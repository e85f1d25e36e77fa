//! Clients that are slow, large or broken: each is let go of, and nobody else notices.

use super::support::Server;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// A connection that is waited for at most this long.
const PATIENCE: Duration = Duration::from_secs(40);

fn connected(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    stream.set_write_timeout(Some(PATIENCE)).expect("a limit");
    stream
}

/// What comes until the server lets go.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _reset = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What is answered to bytes as they are.
fn sent(server: &Server, bytes: &[u8]) -> String {
    let mut stream = connected(&server.address);
    // A server that refuses early closes before all is sent.
    let _refused_early = stream.write_all(bytes);
    rest(&mut stream)
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn who_is_slow_is_let_go_of_and_holds_nobody_up() {
    let server = Server::of_demo();
    let session = server.role("controller");
    let (address, begun) = (server.address.clone(), Instant::now());
    let slow = |first: String, more: &'static [u8]| {
        let address = address.clone();
        thread::spawn(move || {
            let mut stream = connected(&address);
            stream.write_all(first.as_bytes()).expect("sent");
            // A byte now and then, for as long as somebody listens.
            let mut writer = stream.try_clone().expect("the stream");
            let trickle = thread::spawn(move || {
                while !more.is_empty() && writer.write_all(more).is_ok() {
                    thread::sleep(Duration::from_millis(500));
                }
            });
            let answer = rest(&mut stream);
            drop(stream);
            trickle.join().expect("it ends");
            answer
        })
    };
    let post =
        format!("POST /logga-in HTTP/1.1\r\nHost: {address}\r\nContent-Length: 100\r\n\r\nname=");
    let form = format!(
        "POST /inrapportering HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: __Host-vardkedja={session}\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 9000\r\n\r\n--cut\r\n"
    );
    let import = format!(
        "POST /api/v1/imports?name=x.csv HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {session}\r\nContent-Length: 9000\r\n\r\n"
    );
    let silent = slow(String::new(), b"");
    let head = slow("GET / HTTP/1.1\r\nHost: x\r\n".to_owned(), b"");
    let trickled = slow("GET / HTTP/1.1\r\nHost: x\r\n".to_owned(), b"X-A: b\r\n");
    let body = slow(post, b"");
    let (form, import) = (slow(form, b""), slow(import, b""));
    // Meanwhile hundreds more do the same, and others are answered at once.
    let idle: Vec<TcpStream> = (0..300).map(|_| connected(&server.address)).collect();
    let asked = Instant::now();
    assert_eq!(server.get(&session, "/").status, 200);
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
    for (name, slow, expected) in [
        ("nothing", silent, 0),
        ("half a head", head, 408),
        ("a trickled head", trickled, 408),
        ("half a body", body, 408),
        ("half a file", form, 408),
        ("half an import", import, 408),
    ] {
        let answer = slow.join().expect("an end");
        let status = status(&answer);
        assert!(status == expected || status == 0 && expected == 408, "{name}: {answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(35), "{:?}", begun.elapsed());
    drop(idle);
}

#[test]
fn what_is_too_large_or_broken_is_refused_before_it_is_read() {
    let server = Server::of_demo();
    let address = &server.address;
    let line = "x".repeat(2 << 20);
    let lines: String = (0..300).map(|number| format!("X-{number}: y\r\n")).collect();
    for (name, head) in [("a long line", format!("X-Long: {line}\r\n")), ("many lines", lines)] {
        let answer = sent(&server, format!("GET / HTTP/1.1\r\nHost: x\r\n{head}\r\n").as_bytes());
        assert_eq!(status(&answer), 431, "{name}: {answer}");
    }
    let long = sent(&server, format!("GET /{line} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes());
    assert!([414, 431].contains(&status(&long)), "{long}");
    assert_eq!(status(&sent(&server, b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n")), 400, "TLS to HTTP");
    let both = format!(
        "POST /logga-in HTTP/1.1\r\nHost: {address}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    );
    let answer = sent(&server, both.as_bytes());
    assert!(!answer.contains("vardkedja_requests_total"), "a request within a request: {answer}");

    // A body without an end, and one that says it is large: of who is not logged in nothing is waited for.
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 20, "y".repeat(1 << 20)).repeat(6);
    let endless = format!(
        "POST /logga-in HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunk}"
    );
    assert_eq!(status(&sent(&server, endless.as_bytes())), 413);
    // Nor is a file taken in from them, however it is named.
    let file = "z".repeat(1 << 20);
    let form = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"name\"; filename=\"x\"\r\n\r\n{file}\r\n--cut--\r\n"
    );
    for path in ["/logga-in", "/losenord", "/forsta", "/logga-in/roll"] {
        let answer = server.send(
            &format!("POST {path} HTTP/1.1\r\nOrigin: http://{address}\r\nContent-Type: multipart/form-data; boundary=cut"),
            form.as_bytes(),
        );
        assert_eq!(answer.status, 413, "{path}: {}", answer.body);
    }
    let begun = Instant::now();
    for (path, kind, expected) in [
        ("/inrapportering", "multipart/form-data; boundary=cut", 303),
        ("/beslut/text", "multipart/form-data; boundary=cut", 303),
        ("/api/v1/imports?name=x.csv", "application/octet-stream", 401),
        ("/api/v1/drafts", "application/json", 401),
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nContent-Type: {kind}\r\nContent-Length: 200000000\r\nConnection: close\r\n\r\n"
        );
        let answer = sent(&server, head.as_bytes());
        assert_eq!(status(&answer), expected, "{path}: {answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let session = server.role("controller");
    let large = format!("{{\"month\":\"{}\"}}", "2".repeat(5 << 20));
    let answer = server.api(&session, "POST", "drafts", "", &large);
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert!(answer.body.contains("at most 4 MB"), "{}", answer.body);
    assert_eq!(server.get("", "/healthz").body, "ok\n", "it stands");
}
