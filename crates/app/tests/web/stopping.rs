//! Stopping: what goes on is finished, what begins is refused, and nobody holds it up who only keeps a line open.

use super::support::Server;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a stop may take before it counts as held up.
const SOON: Duration = Duration::from_secs(20);

const FILE: &str = "contact_id;unit;person;care_date;kind;drg;residence;report;reported_on\nSTOP-1;danderyd;191212121212;2021-06-01;midwife-visit;;0180;new;2021-06-02\n";

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < SOON, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_request_that_goes_on_is_finished_and_a_new_one_is_refused() {
    let mut server = Server::of_demo();
    let (session, from) = (server.role("controller"), server.address.clone());
    let body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"SYNTETISKA-stopp.csv\"\r\nContent-Type: text/csv\r\n\r\n{FILE}\r\n--cut--\r\n"
    );
    let head = format!(
        "POST /inrapportering HTTP/1.1\r\nHost: {from}\r\nOrigin: http://{from}\r\nCookie: __Host-vardkedja={session}\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let (first, rest) = body.split_at(body.len() / 2);
    let mut stream = TcpStream::connect(&from).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
    stream.write_all(format!("{head}{first}").as_bytes()).expect("half of it");
    // The half is with the server once another page has been asked for and come.
    assert_eq!(server.get(&session, "/inrapportering").status, 200);
    server.terminate();
    until("it still takes new requests", || TcpStream::connect(&from).is_err());
    assert!(server.ended().is_none(), "it waits for what goes on");
    stream.write_all(rest.as_bytes()).expect("the other half");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer, and the end of the line");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let mut code = None;
    until("it does not end", || {
        code = server.ended();
        code.is_some()
    });
    assert_eq!(code, Some(Some(0)), "it ended by itself, well");
    let told = server.command(&["explain", "--contact", "STOP-1"]);
    assert_eq!(told["unit"], "danderyd", "what was sent is kept: {told}");
}

#[test]
fn an_open_line_without_a_request_holds_nothing_up() {
    let mut server = Server::of_demo();
    let mut stream = TcpStream::connect(&server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
    let head = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    stream.write_all(head.as_bytes()).expect("a request");
    let mut some = [0; 512];
    let read = stream.read(&mut some).expect("an answer");
    assert!(some[..read].starts_with(b"HTTP/1.1 200"));
    server.terminate();
    let mut code = None;
    until("it waits for a line that nobody uses", || {
        code = server.ended();
        code.is_some()
    });
    assert_eq!(code, Some(Some(0)));
}
