//! What is known of how the server does: a log line and counters for every request.
//!
//! Owns: which words about a request leave it: the pattern of its route, never its path, query or body. Does not own: the access log of
//! rows about persons (`data`).

use super::rights::Role;
use super::serve::Site;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a page may take.
const PAGE: Duration = Duration::from_secs(120);
/// How long something that is done may take: a large file is read meanwhile.
const ACT: Duration = Duration::from_secs(900);
/// Upper ends of the counted durations, in milliseconds.
const ENDS: [u64; 8] = [5, 10, 20, 50, 100, 500, 2_000, 10_000];

/// The role of who asked, put beside an answer.
#[derive(Clone, Copy, Debug)]
pub struct AskedAs(pub Role);

#[derive(Clone, Debug, Default)]
struct Counted {
    requests: u64,
    micros: u64,
    within: [u64; ENDS.len()],
}

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<BTreeMap<(String, String, u16), Counted>>);

impl Metrics {
    fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one =
            all.entry((route.to_owned(), method_name(method).to_owned(), status)).or_default();
        one.requests += 1;
        one.micros += u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let millis = took.as_millis();
        for (end, count) in ENDS.iter().zip(&mut one.within) {
            *count += u64::from(millis <= u128::from(*end));
        }
    }

    /// The counters as Prometheus reads them.
    fn written(&self) -> String {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::from("# TYPE vardkedja_requests_total counter\n");
        for ((route, method, status), one) in all.iter() {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            let _infallible =
                writeln!(out, "vardkedja_requests_total{{{labels}}} {}", one.requests);
        }
        out.push_str("# TYPE vardkedja_request_seconds histogram\n");
        for ((route, method, status), one) in all.iter() {
            let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
            for (end, count) in ENDS.iter().zip(&one.within) {
                let _infallible = writeln!(
                    out,
                    "vardkedja_request_seconds_bucket{{{labels},le=\"{}.{:03}\"}} {count}",
                    end / 1_000,
                    end % 1_000
                );
            }
            let (sum, count) = (one.micros, one.requests);
            let _infallible = writeln!(
                out,
                "vardkedja_request_seconds_bucket{{{labels},le=\"+Inf\"}} {count}\nvardkedja_request_seconds_sum{{{labels}}} {}.{:06}\nvardkedja_request_seconds_count{{{labels}}} {count}",
                sum / 1_000_000,
                sum % 1_000_000
            );
        }
        out
    }
}

const fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "OTHER",
    }
}

/// Counts and logs a request, and ends one that takes too long.
pub async fn watch(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "other".to_owned(), |route| route.as_str().to_owned());
    let response = in_time(&method, next.run(request)).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    site.metrics.count(&method, &route, status, took);
    let role = response.extensions().get::<AskedAs>().map_or("", |asked| asked.0.name());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(method = method_name(&method), route, status, ms, role, "request");
    response
}

/// An answer, or that it took too long.
async fn in_time(method: &Method, answer: impl Future<Output = Response>) -> Response {
    let limit = if *method == Method::POST { ACT } else { PAGE };
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_too_late| {
        worded(
            StatusCode::SERVICE_UNAVAILABLE,
            "Det tar för lång tid",
            "Sidan svarade inte i tid. Det som håller på att läsas in fortsätter; se efter under Inrapportering innan du försöker igen.",
            "This takes too long",
            "The page did not answer in time. What is being imported goes on; look under Reporting before you try again.",
        )
    })
}

/// The counters and the state of what is kept, for a program on the same machine.
pub async fn metrics(State(site): State<Arc<Site>>, request: Request) -> Response {
    let is_near = super::login::address(&request).is_loopback();
    if !is_near {
        return StatusCode::NOT_FOUND.into_response();
    }
    let state = tokio::task::spawn_blocking({
        let site = Arc::clone(&site);
        move || site.places.current().ok().map(|place| state(&place))
    });
    let state = state.await.ok().flatten().unwrap_or_else(|| "vardkedja_ready 0\n".to_owned());
    let text = format!("{}{state}", site.metrics.written());
    ([(axum::http::header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

fn state(place: &super::place::Place) -> String {
    let (data, mut out) = (&place.data, String::from("vardkedja_ready 1\n"));
    for (name, number) in [
        ("batches", data.batches().len()),
        ("revisions", data.register().log().len()),
        ("settlements", data.settlements().len()),
        ("deeds", data.deeds().len()),
    ] {
        let _infallible = writeln!(out, "vardkedja_{name} {number}");
    }
    out
}

/// An answer in words that needs nothing else to work.
pub fn worded(
    status: StatusCode,
    title_sv: &str,
    sv: &str,
    title_en: &str,
    en: &str,
) -> Response<Body> {
    let (fkui, theme) =
        (super::assets::address("fkui", "css"), super::assets::address("theme", "css"));
    let app = super::assets::address("app", "css");
    let page = format!(
        "<!doctype html><html lang=\"sv\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title_sv} · Vårdkedja</title><link rel=\"stylesheet\" href=\"{fkui}\"><link rel=\"stylesheet\" href=\"{theme}\"><link rel=\"stylesheet\" href=\"{app}\"></head><body><main><h1>{title_sv}</h1><p>{sv}</p><div lang=\"en\"><h2>{title_en}</h2><p>{en}</p></div><p><a class=\"anchor\" href=\"/\">Till översikten</a></p></main></body></html>"
    );
    (status, [(axum::http::header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// The answer where a handler broke.
pub fn broken() -> Response<Body> {
    worded(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Något gick fel hos oss",
        "Sidan kunde inte göras. Det som skulle sparas är antingen helt sparat eller inte alls; se efter innan du försöker igen, och säg till den som sköter systemet när det hände.",
        "Something failed here",
        "The page could not be made. What was to be kept is either wholly kept or not at all; look before you try again, and tell whoever runs the system when it happened.",
    )
}

/// The answer where what was sent cannot be taken.
pub fn not_taken(status: StatusCode) -> Response<Body> {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => worded(
            status,
            "Det är för stort",
            "Högst 256 MB filer går att skicka åt gången, och högst 4 MB text. Dela upp filerna, packa dem med gzip, eller låt driften läsa in dem med `vardkedja import`.",
            "This is too large",
            "At most 256 MB of files can be sent at a time, and at most 4 MB of text. Send fewer files, pack them with gzip, or have them imported with `vardkedja import`.",
        ),
        _ => worded(
            status,
            "Det som skickades gick inte att läsa",
            "Sändningen bröts på vägen eller är inget formulär härifrån. Inget är sparat; försök igen.",
            "What was sent could not be read",
            "The sending was broken off or is no form from here. Nothing is kept; try again.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::serve::in_background;

    /// A runtime whose clock is moved on where everything waits, so that two minutes take no time.
    fn run<T>(work: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().start_paused(true).build().unwrap().block_on(work)
    }

    fn told(response: Response) -> (u16, String) {
        let status = response.status().as_u16();
        let bytes = run(axum::body::to_bytes(response.into_body(), 1 << 20)).unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn after(time: Duration) -> Response {
        tokio::time::sleep(time).await;
        "here".into_response()
    }

    #[test]
    fn an_answer_that_comes_too_late_is_told_as_that() {
        let second = Duration::from_secs(1);
        for (method, limit) in [(Method::GET, PAGE), (Method::HEAD, PAGE), (Method::POST, ACT)] {
            let (status, text) = told(run(in_time(&method, after(limit - second))));
            assert_eq!((status, text.as_str()), (200, "here"), "{method}");
            let (status, text) = told(run(in_time(&method, after(limit + second))));
            assert_eq!(status, 503, "{method}");
            assert!(text.contains("svarade inte i tid") && text.contains("in time"), "{text}");
        }
    }

    #[test]
    fn a_page_that_breaks_is_told_as_that_without_what_it_had_in_hand() {
        let person = "19121212-1212";
        let breaks = move || -> Response { panic!("no such row: {person}") };
        let (status, text) = told(run(in_background(breaks)));
        assert_eq!(status, 500);
        assert!(text.contains("Något gick fel hos oss"), "{text}");
        assert!(text.contains("helt sparat eller inte alls"), "{text}");
        assert!(text.contains("href=\"/\"") && !text.contains(person), "{text}");
    }
}
