//! The server: from HTTP to an ask, and from an answer to HTTP.
//!
//! Owns: paths, cookies, status codes, starting and stopping. Does not own: what a page says (`pages`).

use super::account::{self, User};
use super::ask::{Ask, Upload};
use super::oidc::Oidc;
use super::page::{Answer, Block, File, Mood, Page};
use super::place::{Place, Places};
use super::query::{Query, encoded};
use super::rights::{Reach, allowed};
use super::route::{Act, Done, Route};
use super::throttle::Throttle;
use super::watch::{self, AskedAs, Metrics};
use super::{assets, connections, guard, login, oidc, pages, render};
use crate::failure::{Failure, Outcome};
use crate::output::{Lang, Out};
use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use kernel::finding::Text;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// Bytes of a request at most: a month of a region is some 10 MB.
const BODY: usize = 256 << 20;
/// Bytes of a form without files at most.
const FORM: usize = 4 << 20;
/// Bytes of what somebody types who is not known yet, at most.
const TYPED: usize = 64 << 10;
/// The cookie of a session.
pub const SESSION: &str = "__Host-vardkedja";
const LANG: &str = "lang";
const THEME: &str = "tema";
const DONE: &str = "klart";

/// Where it listens, unless it is said: this machine alone.
pub const LISTEN: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);

/// How the workplace is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whether anybody may choose a role, which needs that all data are synthetic.
    pub has_roles: bool,
    /// A folder with source texts of decisions, to stand beside what was read in them.
    pub sources: Option<std::path::PathBuf>,
    /// How the region's identity service is reached.
    pub oidc: Option<std::path::PathBuf>,
    /// A folder with the keys of clinics' compartments of the continuity chain.
    pub clinic_care_keys: Option<std::path::PathBuf>,
}

/// What the server has.
pub struct Site {
    /// All that is kept.
    pub places: Places,
    /// How it was opened.
    pub options: Options,
    /// The region's identity service.
    pub oidc: Option<Oidc>,
    /// Who guesses passwords.
    pub throttle: Throttle,
    /// What is counted.
    pub metrics: Metrics,
    /// What the first account is opened with, as long as there is none.
    pub first: Mutex<Option<String>>,
    /// One act at a time.
    turn: Mutex<()>,
}

/// Runs `serve` until it is told to stop.
pub fn run(out: Out, folder: &Path, options: Options) -> Result<Outcome, Failure> {
    write_logs();
    let site = Arc::new(Site {
        oidc: options.oidc.as_deref().map(Oidc::open).transpose()?,
        places: Places::open(folder, options.sources.clone(), options.clinic_care_keys.clone())?,
        options,
        throttle: Throttle::default(),
        metrics: Metrics::default(),
        first: Mutex::default(),
        turn: Mutex::new(()),
    });
    let place = site.places.current()?;
    place.prepare();
    let has_administrator = site.oidc.as_ref().is_some_and(Oidc::has_administrator);
    if place.data.accounts()?.is_empty() && !site.has_roles(&place) && !has_administrator {
        *site.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(account::new_token()?);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = TcpListener::bind(site.options.listen).await?;
        let address = listener.local_addr()?;
        out.note(&Text::new(
            format!("Arbetsplatsen är öppen på http://{address}/ (avsluta med Ctrl-C)"),
            format!("The workplace is open at http://{address}/ (end it with Ctrl-C)"),
        ));
        if let Some(token) = &*site.first.lock().unwrap_or_else(PoisonError::into_inner) {
            let url = format!("http://{address}/forsta?token={token}");
            out.note(&Text::new(
                format!("Inget konto finns. Öppna det första, en administratörs, här (gäller en gång): {url}"),
                format!("There is no account. Open the first, an administrator's, here (good once): {url}"),
            ));
        }
        connections::answer(listener, router(site), stopped()).await;
        Ok(Outcome::Done)
    })
}

/// Writes a line of JSON for each request to standard error. What a handler that broke had in hand is not told, only where it broke.
fn write_logs() {
    let logs = tracing_subscriber::fmt().json().with_writer(std::io::stderr);
    // A process that has a log already keeps it.
    let _kept = logs.with_target(false).try_init();
    std::panic::set_hook(Box::new(|broke| {
        let at = broke.location().map_or_else(String::new, ToString::to_string);
        tracing::error!(at, "panic");
    }));
}

/// Waits until the program is told to stop.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _stops_either_way = interrupted.await;
}

/// Every path.
pub fn router(site: Arc<Site>) -> Router {
    let mut router = Router::new()
        .route("/static/{name}", get(asset))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(watch::metrics))
        .route("/val", get(choose))
        .route("/forsta", get(login::first).post(login::open_first))
        .route("/losenord", get(login::renewal).post(login::renew))
        .route("/logga-in", get(login::page).post(login::enter))
        .route("/logga-in/oidc", get(oidc::begin))
        .route("/logga-in/oidc/svar", get(oidc::answer))
        .route("/logga-in/oidc/ut", get(oidc::leave))
        .route("/logga-in/roll", post(login::as_role))
        .route("/tillganglighet", get(login::accessibility))
        .route("/logga-ut", post(login::leave));
    for route in pages::ROUTES.iter().copied().flatten() {
        let handler =
            move |State(site): State<Arc<Site>>, params: RawPathParams, request: Request| {
                show(site, route, named(&params), request)
            };
        router = router.route(route.path, get(handler));
    }
    for route in pages::READS.iter().copied().flatten() {
        let handler =
            move |State(site): State<Arc<Site>>, params: RawPathParams, request: Request| {
                read(site, route, named(&params), request)
            };
        router = router.route(route.path, post(handler));
    }
    for act in pages::ACTS.iter().copied().flatten() {
        let handler =
            move |State(site): State<Arc<Site>>, params: RawPathParams, request: Request| {
                perform(site, act, named(&params), request)
            };
        router = router.route(act.path, post(handler));
    }
    for (path, route) in super::api::routes() {
        router = router.route(path, route);
    }
    router = router.route("/openapi.json", get(super::api::described));
    router
        .fallback(|State(site): State<Arc<Site>>, request: Request| async move {
            let asked = Asked::of(&request, BTreeMap::new());
            in_background(move || site.answered(asked, |_| Err(Failure::NotThere))).await
        })
        .layer(middleware::from_fn_with_state(Arc::clone(&site), watch::watch))
        .layer(middleware::from_fn(guard::guard))
        .layer(middleware::from_fn(connections::in_time))
        .layer(tower_http::compression::CompressionLayer::new().gzip(true))
        .layer(axum::extract::DefaultBodyLimit::max(BODY))
        .with_state(site)
}

fn named(params: &RawPathParams) -> BTreeMap<String, String> {
    params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

async fn asset(axum::extract::Path(name): axum::extract::Path<String>) -> Response {
    let Some(asset) = assets::find(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, asset.media),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, asset.bytes.as_slice()).into_response()
}

async fn ready(State(site): State<Arc<Site>>) -> Response {
    let is_ready = tokio::task::spawn_blocking(move || site.places.current().is_ok()).await;
    match is_ready {
        Ok(true) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

/// Remembers a choice of language or appearance, and goes back.
async fn choose(request: Request) -> Response {
    let query = Query::parse(request.uri().query().unwrap_or(""));
    let back = local(query.given("tillbaka"));
    let mut response = go(&back);
    for (name, known) in [(LANG, &["sv", "en"][..]), (THEME, &["light", "dark", "auto"])] {
        if let Some(value) = query.value(name).filter(|value| known.contains(value)) {
            let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
            set_cookie(&mut response, &cookie);
        }
    }
    response
}

/// An address of this site; the first page for any other.
pub fn local(address: &str) -> String {
    let is_local =
        address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    if is_local && !address.chars().any(char::is_control) {
        address.to_owned()
    } else {
        "/".to_owned()
    }
}

/// Goes to an address of this site.
pub fn go(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Sets a cookie.
pub fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// What a request says, before it is known who asks.
pub struct Asked {
    /// Path of the address.
    pub path: String,
    /// Fields of the address.
    pub query: Query,
    /// Named parts of the path.
    pub params: BTreeMap<String, String>,
    /// The token of a session.
    pub token: Option<String>,
    /// Language.
    pub lang: Lang,
    /// Appearance; blank as the system.
    pub theme: String,
    /// What was done before.
    pub done: Option<String>,
    /// What was typed.
    pub typed: Query,
    /// Files.
    pub files: Vec<Upload>,
}

impl Asked {
    /// Of a request without its body.
    pub fn of(request: &Request, params: BTreeMap<String, String>) -> Self {
        let headers = request.headers();
        let query = Query::parse(request.uri().query().unwrap_or(""));
        let lang = match (query.value(LANG), cookie(headers, LANG).as_deref()) {
            (Some("en"), _) | (None, Some("en")) => Lang::En,
            _ => Lang::Sv,
        };
        let theme =
            cookie(headers, THEME).filter(|theme| ["light", "dark"].contains(&theme.as_str()));
        Self {
            path: request.uri().path().to_owned(),
            query,
            params,
            token: cookie(headers, SESSION),
            lang,
            theme: theme.unwrap_or_default(),
            done: cookie(headers, DONE)
                .map(|done| super::query::decoded(&done))
                .filter(|d| !d.is_empty()),
            typed: Query::default(),
            files: Vec::new(),
        }
    }

    /// As an ask of somebody.
    pub fn ask(self, place: Arc<Place>, user: User) -> Ask {
        Ask {
            place,
            user,
            lang: self.lang,
            theme: self.theme,
            path: self.path,
            params: self.params,
            query: self.query,
            typed: self.typed,
            files: self.files,
            problem: None,
            done: self.done,
        }
    }
}

/// A cookie of a request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        all.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// Does work that waits for the disk where it holds nobody up.
pub async fn in_background(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_panicked| watch::broken())
}

async fn show(
    site: Arc<Site>,
    route: &'static Route,
    params: BTreeMap<String, String>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request, params);
    in_background(move || {
        site.answered(asked, |ask| {
            if allowed(ask.user.role, route.needs) == Reach::Nothing {
                return Err(Failure::NotAllowed);
            }
            (route.show)(ask)
        })
    })
    .await
}

/// Shows what comes of what was sent, and keeps nothing of it.
async fn read(
    site: Arc<Site>,
    route: &'static Route,
    params: BTreeMap<String, String>,
    request: Request,
) -> Response {
    let mut asked = Asked::of(&request, params);
    if !is_known(&site, asked.token.as_ref()).await {
        return go("/logga-in");
    }
    match body(request).await {
        Ok((typed, files)) => (asked.typed, asked.files) = (typed, files),
        Err(status) => return watch::not_taken(status),
    }
    in_background(move || {
        site.answered(asked, |ask| {
            if allowed(ask.user.role, route.needs) == Reach::Nothing {
                return Err(Failure::NotAllowed);
            }
            (route.show)(ask)
        })
    })
    .await
}

async fn perform(
    site: Arc<Site>,
    act: &'static Act,
    params: BTreeMap<String, String>,
    request: Request,
) -> Response {
    let mut asked = Asked::of(&request, params);
    if !is_known(&site, asked.token.as_ref()).await {
        return go("/logga-in");
    }
    match body(request).await {
        Ok((typed, files)) => (asked.typed, asked.files) = (typed, files),
        Err(status) => return watch::not_taken(status),
    }
    in_background(move || site.performed(act, asked)).await
}

/// Whether a token is of a session: of who is not logged in nothing large is read. It is asked again before anything is done.
pub async fn is_known(site: &Arc<Site>, token: Option<&String>) -> bool {
    let (site, Some(token)) = (Arc::clone(site), token.cloned()) else { return false };
    let known = tokio::task::spawn_blocking(move || {
        let place = site.places.current().ok()?;
        site.user(&place, Some(&token)).ok()?
    });
    known.await.ok().flatten().is_some()
}

/// The fields of a form as a log-in page sends it. Who sends it is not known yet: it is short, and files are not read.
pub async fn typed(request: Request) -> Result<Query, StatusCode> {
    fields(request, TYPED).await
}

async fn fields(request: Request, most: usize) -> Result<Query, StatusCode> {
    let bytes = axum::body::to_bytes(request.into_body(), most).await;
    let bytes = bytes.map_err(|error| connections::status(&error))?;
    Ok(Query::parse(&String::from_utf8_lossy(&bytes)))
}

/// The fields and files of a form, of who is logged in.
async fn body(request: Request) -> Result<(Query, Vec<Upload>), StatusCode> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        return Ok((fields(request, FORM).await?, Vec::new()));
    }
    let refused = |error: MultipartError| match connections::status(&error) {
        StatusCode::REQUEST_TIMEOUT => StatusCode::REQUEST_TIMEOUT,
        _ if error.status() == StatusCode::PAYLOAD_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut form =
        Multipart::from_request(request, &()).await.map_err(|_broken| StatusCode::BAD_REQUEST)?;
    let (mut typed, mut files) = (Query::default(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let name = field.name().unwrap_or("").to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file) => {
                let bytes = field.bytes().await.map_err(refused)?;
                if !file.is_empty() {
                    files.push(Upload { name: file, bytes: bytes.to_vec() });
                }
            }
            None => typed.push(&name, &field.text().await.map_err(refused)?),
        }
    }
    Ok((typed, files))
}

impl Site {
    /// Waits for the turn to do something: one act at a time.
    pub fn turn(&self) -> std::sync::MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody may choose a role: all that is kept is made up.
    pub fn has_roles(&self, place: &Place) -> bool {
        let batches = place.data.batches();
        let inputs = place.data.inputs_kept().iter().map(|one| one.origin);
        let mut origins = batches.iter().map(|one| one.origin).chain(inputs);
        self.options.has_roles && origins.all(|one| one == store::Origin::Synthetic)
    }

    /// Whether anybody may choose to work with a clinic's continuity chain: something must be there that says that all is made up.
    /// Before the first import, a compartment may hold women who are not.
    pub fn has_care_role(&self, place: &Place) -> bool {
        self.has_roles(place) && place.data.is_synthetic()
    }

    /// Who a token lets in.
    pub fn user(&self, place: &Place, token: Option<&str>) -> Result<Option<User>, Failure> {
        let Some(token) = token else { return Ok(None) };
        Ok(place.data.session(token)?.as_ref().and_then(User::of))
    }

    /// Answers somebody who is logged in; the others go to the log-in.
    pub fn answered(
        &self,
        asked: Asked,
        show: impl FnOnce(&Ask) -> Result<Answer, Failure>,
    ) -> Response {
        let place = match self.places.current() {
            Ok(place) => place,
            Err(why) => return unavailable(asked.lang, &why),
        };
        let user = match self.user(&place, asked.token.as_deref()) {
            Ok(Some(user)) => user,
            Ok(None) => {
                let back = format!("{}{}", asked.path, asked.query.written());
                return go(&format!("/logga-in?till={}", encoded(&back)));
            }
            Err(why) => return unavailable(asked.lang, &why),
        };
        let ask = asked.ask(place, user);
        let answer = show(&ask);
        respond(&ask, answer)
    }

    fn performed(&self, act: &'static Act, asked: Asked) -> Response {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let place = match self.places.current() {
            Ok(place) => place,
            Err(why) => return unavailable(asked.lang, &why),
        };
        let user = match self.user(&place, asked.token.as_deref()) {
            Ok(Some(user)) => user,
            Ok(None) => return go("/logga-in"),
            Err(why) => return unavailable(asked.lang, &why),
        };
        let mut ask = asked.ask(place, user);
        if allowed(ask.user.role, act.needs) == Reach::Nothing {
            return respond(&ask, Err(Failure::NotAllowed));
        }
        let mut data = ask.place.data.clone();
        match (act.act)(&mut data, &ask) {
            Ok(Done { shown: Some(page), .. }) => respond(&ask, Ok(Answer::Page(page))),
            Ok(done) => {
                let mut response = go(&done.to);
                response.extensions_mut().insert(AskedAs(ask.user.role));
                let told = encoded(&done.told);
                set_cookie(
                    &mut response,
                    &format!("{DONE}={told}; Path=/; Max-Age=30; HttpOnly; SameSite=Strict"),
                );
                response
            }
            Err(Failure::NotThere) => respond(&ask, Err(Failure::NotThere)),
            Err(why) => {
                ask.problem = Some(told(&why));
                let back = (act.back)(&ask);
                let mut response = respond(&ask, back);
                if response.status() == StatusCode::OK {
                    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                }
                response
            }
        }
    }
}

/// What is said of a failure on a page: with what was found.
fn told(why: &Failure) -> Text {
    let mut text = why.text();
    if let Failure::Refused(_, findings) = why {
        for finding in findings.iter().take(5) {
            text.sv = format!("{}; {}", text.sv, finding.message.sv);
            text.en = format!("{}; {}", text.en, finding.message.en);
        }
    }
    text
}

fn unavailable(lang: Lang, why: &Failure) -> Response {
    let text = lang.of(&why.text()).to_owned();
    (StatusCode::SERVICE_UNAVAILABLE, format!("{text}\n")).into_response()
}

/// An answer as HTTP, with the role of who asked beside it for the log.
pub fn respond(ask: &Ask, answer: Result<Answer, Failure>) -> Response {
    let mut response = answered(ask, answer);
    if ask.user.is_in() {
        response.extensions_mut().insert(AskedAs(ask.user.role));
    }
    response
}

fn answered(ask: &Ask, answer: Result<Answer, Failure>) -> Response {
    match answer {
        Ok(Answer::Page(page)) => {
            downloaded(ask, &page).unwrap_or_else(|| html(ask, &page, StatusCode::OK))
        }
        Ok(Answer::File(file)) => attached(file),
        Ok(Answer::Go(to)) => go(&to),
        Err(why) => {
            let (status, title) = match why {
                Failure::NotThere => {
                    (StatusCode::NOT_FOUND, ask.say("Sidan finns inte", "There is no such page"))
                }
                Failure::NotAllowed => {
                    (StatusCode::FORBIDDEN, ask.say("Det går inte", "That cannot be done"))
                }
                Failure::Usage(_) => {
                    (StatusCode::BAD_REQUEST, ask.say("Det går inte", "That cannot be done"))
                }
                Failure::Refused(..) => (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    ask.say("Det går inte", "That cannot be done"),
                ),
            };
            let text = render::sentence(&ask.of(&told(&why)));
            let page = Page::new(title).notice(Mood::Refused, text).with(Block::Links(vec![(
                ask.say("Till översikten", "To the overview").to_owned(),
                "/".to_owned(),
            )]));
            html(ask, &page, status)
        }
    }
}

/// A page as HTML.
pub fn html(ask: &Ask, page: &Page, status: StatusCode) -> Response {
    let Ok(text) = render::page(ask, page) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (status, headers, text).into_response();
    if let Some(seconds) = page.again {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from(seconds));
    }
    if ask.done.is_some() {
        set_cookie(
            &mut response,
            &format!("{DONE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
        );
    }
    response
}

/// The table of a page that the address asks for as a file.
fn downloaded(ask: &Ask, page: &Page) -> Option<Response> {
    let is_asked = |table: &&super::table::Table| ask.query.value(&table.field("as")).is_some();
    let table = page.tables().into_iter().find(is_asked)?;
    let name = table.file_name();
    let file = match ask.query.value(&table.field("as"))? {
        "csv" => File {
            name: format!("{name}.csv"),
            media: "text/csv; charset=utf-8",
            bytes: table.csv(&ask.query),
        },
        "xlsx" => {
            let bytes = documents::sheet::workbook(&[table.sheet(&ask.query, ask.lang)]).ok()?;
            File {
                name: format!("{name}.xlsx"),
                media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                bytes,
            }
        }
        _ => return None,
    };
    Some(attached(file))
}

fn attached(file: File) -> Response {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || "-_.".contains(*c);
    let name: String = file.name.chars().filter(is_plain).collect();
    let headers = [
        (header::CONTENT_TYPE, file.media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, Body::from(file.bytes)).into_response()
}

/// A new session for somebody: the token, in a cookie that only this site gets.
pub fn let_in(place: &Place, user: &User, to: &str) -> Result<Response, Failure> {
    let token = account::new_token()?;
    place.data.begin_session(&token, &user.session())?;
    let mut response = go(&local(to));
    set_cookie(
        &mut response,
        &format!("{SESSION}={token}; Path=/; Secure; HttpOnly; SameSite=Lax"),
    );
    Ok(response)
}
