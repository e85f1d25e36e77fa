//! What every request and every answer must have.
//!
//! Owns: headers that tell browsers what a page may do, and that a form comes from one of our own pages. Does not own: rights (`rights`).

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Scripts and styles come from the program itself; nothing leaves the host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses what another site sends, and sets the headers.
pub async fn guard(request: Request, next: Next) -> Response {
    let is_changing = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_changing && is_foreign(request.headers()) {
        let told = "begäran kommer från en annan webbplats (the request comes from another site)\n";
        return with_headers((StatusCode::FORBIDDEN, told).into_response());
    }
    with_headers(next.run(request).await)
}

/// Whether a request that changes something was made by a page of another site. A program that is no browser says nothing of where it
/// comes from, and has no cookies that another site could use.
fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => {
            let from = origin.split_once("://").map_or(origin, |(_, from)| from);
            from != host
        }
        (Some(_), None) => true,
        (None, _) => {
            text("cookie").is_some()
                && text("referer").is_none_or(|referer| {
                    let from = referer.split_once("://").map_or(referer, |(_, from)| from);
                    let from = from.split('/').next().unwrap_or("");
                    text("host") != Some(from)
                })
        }
    }
}

fn with_headers(mut response: Response<Body>) -> Response {
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let other = [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ];
    for (name, value) in other {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
