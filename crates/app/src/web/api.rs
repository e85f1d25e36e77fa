//! The API: the same JSON that the commands write, by address.
//!
//! Owns: which command an address asks, for whom, and errors as problem+json. Does not own: what a command gives (`commands`); its
//! JSON is in
//! docs/formats.md and, as schemas made from the structs that write it, at `/openapi.json`.
//!
//! `GET /api/v1/statements/2023-03/sodersjukhuset` is `vardkedja statement --unit sodersjukhuset --month 2023-03 --format json`.

mod acts;
mod list;
mod openapi;
mod work;

pub use list::ENDPOINTS;
pub use openapi::description;

use super::account::User;
use super::ask::Ask;
use super::connections;
use super::rights::{Reach, Right, allowed};
use super::serve::{Asked, Site, in_background, is_known};
use crate::engine;
use crate::failure::Failure;
use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of a file at most.
const FILE: usize = 256 << 20;
/// Bytes of anything else that is sent, at most.
const BODY: usize = 4 << 20;

/// How a month is written.
const MONTH: &str = "^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])$";
/// How a month or a year is written.
const PERIOD: &str = "^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})(-(0[1-9]|1[0-2]))?$";

/// What an address of the API asks.
pub struct Endpoint {
    /// Whether it does something.
    pub does: bool,
    /// The path, with `{name}` for its named parts.
    pub path: &'static str,
    /// What is needed for it.
    pub needs: Right,
    /// What it gives or does, in a sentence.
    pub summary: &'static str,
    /// Fields of the address.
    pub fields: &'static [Field],
    /// What is sent.
    pub body: Sent,
    /// What it answers with.
    pub answer: Answered,
    /// What it does.
    pub work: fn(&Call<'_>) -> Result<Reply, Failure>,
}

/// A field of an address.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub form: Form,
    /// Whether it must be given.
    pub is_required: bool,
}

/// What a field may be.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A day.
    Day,
    /// Any text that is not blank.
    Text,
    /// One of some words.
    OneOf(fn() -> Vec<&'static str>),
    /// A calendar year.
    Year,
    /// Where a page begins, as the API gave it.
    Cursor,
    /// A whole number from 1.
    Count,
}

/// What is sent with a request.
pub enum Sent {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(fn(&mut schemars::SchemaGenerator) -> schemars::Schema),
    /// A file.
    File,
    /// A text.
    Text,
}

/// What is answered.
pub enum Answered {
    /// JSON.
    Json(fn(&mut schemars::SchemaGenerator) -> schemars::Schema),
    /// A file of a media type.
    File(&'static str),
}

/// A request.
pub struct Call<'a> {
    /// Who asks for what.
    pub ask: &'a Ask,
    /// What was sent.
    pub body: Vec<u8>,
    /// Whether rows are wanted line by line (`Accept: application/x-ndjson`).
    pub wants_lines: bool,
}

/// An answer.
pub enum Reply {
    /// JSON as a command wrote it.
    Json(Vec<u8>),
    /// Bytes of a media type.
    Bytes(&'static str, Vec<u8>),
}

#[derive(Serialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    findings: Vec<String>,
}

/// The handler of every path.
pub fn routes() -> Vec<(&'static str, MethodRouter<Arc<Site>>)> {
    let mut routes: BTreeMap<&'static str, MethodRouter<Arc<Site>>> = BTreeMap::new();
    for endpoint in ENDPOINTS {
        let handler =
            move |State(site): State<Arc<Site>>, params: RawPathParams, request: Request| {
                answered(site, endpoint, named(&params), request)
            };
        let route = routes.remove(endpoint.path).unwrap_or_default();
        let added = if endpoint.does { post(handler) } else { get(handler) };
        routes.insert(endpoint.path, route.merge(added));
    }
    routes.into_iter().collect()
}

fn named(params: &RawPathParams) -> BTreeMap<String, String> {
    params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The description of the API.
pub async fn described() -> Response {
    let text = description().to_string();
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

async fn answered(
    site: Arc<Site>,
    endpoint: &'static Endpoint,
    params: BTreeMap<String, String>,
    request: Request,
) -> Response {
    let mut asked = Asked::of(&request, params);
    asked.token = bearer(request.headers()).or(asked.token);
    let headers = request.headers().clone();
    if endpoint.does && !is_known(&site, asked.token.as_ref()).await {
        return not_in();
    }
    let most = if matches!(endpoint.body, Sent::File) { FILE } else { BODY };
    let body = match axum::body::to_bytes(request.into_body(), most).await {
        Ok(body) => body.to_vec(),
        Err(error) => {
            let (status, told) = match connections::status(&error) {
                StatusCode::REQUEST_TIMEOUT => {
                    (StatusCode::REQUEST_TIMEOUT, "what was sent stopped on the way".to_owned())
                }
                status => (status, format!("at most {} MB can be sent here", most >> 20)),
            };
            return problem(status, "not read", &told, &[]);
        }
    };
    in_background(move || respond(&site, endpoint, asked, &headers, body)).await
}

/// The token of `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    Some(value.strip_prefix("Bearer ")?.trim().to_owned())
}

fn respond(
    site: &Site,
    endpoint: &'static Endpoint,
    asked: Asked,
    headers: &HeaderMap,
    body: Vec<u8>,
) -> Response {
    // One act at a time, as from pages.
    let _turn = endpoint.does.then(|| site.turn());
    let place = match site.places.current() {
        Ok(place) => place,
        Err(why) => return failed(&why, StatusCode::SERVICE_UNAVAILABLE),
    };
    let session = asked.token.as_deref().map(|token| place.data.session(token));
    let user = match session.transpose() {
        Ok(session) => session.flatten().as_ref().and_then(User::of),
        Err(why) => return failed(&why, StatusCode::SERVICE_UNAVAILABLE),
    };
    let Some(user) = user else {
        return not_in();
    };
    if allowed(user.role, endpoint.needs) == Reach::Nothing {
        return problem(StatusCode::FORBIDDEN, "not allowed", "your role may not do this", &[]);
    }
    let state = format!("\"{}\"", place.data.state());
    let expected = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    if expected.is_some_and(|expected| expected != state && expected != "*") {
        return problem(
            StatusCode::PRECONDITION_FAILED,
            "changed",
            "something was added since; ask again and look at what changed",
            &[],
        );
    }
    if let Some(bad) = bad_field(endpoint, &asked) {
        return problem(StatusCode::BAD_REQUEST, "bad field", &bad, &[]);
    }
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let wants_lines = accepts.contains("ndjson");
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    let ask = asked.ask(place, user);
    let (address, body_hash) = (ask.with(&[]), store::files::sha256(&body));
    let request = format!("{} {address} {body_hash}", endpoint.path);
    if let Some(key) = key.filter(|_| endpoint.does) {
        match ask.place.data.answered_before(key, &ask.user.name) {
            Ok(Some((of, answer))) if of == request => return json(answer.into_bytes(), &state),
            Ok(Some(_)) => {
                return problem(
                    StatusCode::CONFLICT,
                    "key used",
                    "the Idempotency-Key was used for another request",
                    &[],
                );
            }
            Ok(None) => {}
            Err(why) => return failed(&why, StatusCode::SERVICE_UNAVAILABLE),
        }
    }
    let call = Call { ask: &ask, body, wants_lines };
    match (endpoint.work)(&call) {
        Ok(Reply::Json(bytes)) => {
            if let Some(key) = key.filter(|_| endpoint.does) {
                let answer = String::from_utf8_lossy(&bytes);
                if let Err(why) = ask.place.data.keep_answer(key, &ask.user.name, &request, &answer)
                {
                    return failed(&why, StatusCode::SERVICE_UNAVAILABLE);
                }
            }
            json(bytes, &state)
        }
        Ok(Reply::Bytes(media, bytes)) => {
            ([(header::CONTENT_TYPE, media)], Body::from(bytes)).into_response()
        }
        Err(why) => {
            let status = match why {
                Failure::NotThere => StatusCode::NOT_FOUND,
                Failure::NotAllowed => StatusCode::FORBIDDEN,
                Failure::Usage(_) => StatusCode::BAD_REQUEST,
                Failure::Refused(..) => StatusCode::CONFLICT,
            };
            failed(&why, status)
        }
    }
}

fn not_in() -> Response {
    let told = "log in, or send the token of a session as a bearer token";
    let mut response = problem(StatusCode::UNAUTHORIZED, "not logged in", told, &[]);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// What is wrong with the fields of an address, where something is.
fn bad_field(endpoint: &Endpoint, asked: &Asked) -> Option<String> {
    for (name, _) in asked.query.pairs() {
        if !endpoint.fields.iter().any(|field| field.name == name) && name != "lang" {
            let known: Vec<&str> = endpoint.fields.iter().map(|field| field.name).collect();
            return Some(format!(
                "`{name}` is no field of this address; there are {}",
                known.join(", ")
            ));
        }
    }
    for field in endpoint.fields {
        let given = asked.query.value(field.name);
        let is_there = asked.query.values(field.name).next().is_some();
        if field.is_required && given.is_none() || is_there && given.is_none() {
            return Some(format!("`{}` is missing or blank", field.name));
        }
        let Some(given) = given else { continue };
        let is_right = match field.form {
            Form::Day => kernel::time::Day::parse(given).is_some(),
            Form::Text => true,
            Form::OneOf(words) => words().contains(&given),
            Form::Year => engine::year(given).is_some(),
            Form::Cursor => given.len() <= 9 && given.bytes().all(|digit| digit.is_ascii_digit()),
            Form::Count => given.parse::<u32>().is_ok_and(|count| count > 0),
        };
        if !is_right {
            return Some(format!("`{given}` is no value for `{}`", field.name));
        }
    }
    None
}

fn json(bytes: Vec<u8>, state: &str) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::ETAG, state)];
    (headers, bytes).into_response()
}

fn failed(why: &Failure, status: StatusCode) -> Response {
    let findings = match why {
        Failure::Refused(_, findings) => {
            findings.iter().map(|one| one.message.en.clone()).collect()
        }
        _ => Vec::new(),
    };
    problem(status, "refused", &why.text().en, &findings)
}

fn problem(status: StatusCode, title: &'static str, detail: &str, findings: &[String]) -> Response {
    let problem = Problem {
        kind: "about:blank",
        title,
        status: status.as_u16(),
        detail: detail.to_owned(),
        findings: findings.to_vec(),
    };
    let text = serde_json::to_vec(&problem).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/problem+json")], text).into_response()
}
