//! Logging in and out.
//!
//! Owns: the log-in page, and the choice of a role where all data are made up. Does not own: passwords and sessions (`account`).

use super::account::{self, Entered, User, current, entered, hashed, refuse_name, refuse_password};
use super::ask::Ask;
use super::form::{Field, Form, Input};
use super::html::Html;
use super::oidc;
use super::page::{Mood, Page};
use super::pages::plain::accessibility as accessibility_page;
use super::place::Place;
use super::rights::Role;
use super::serve::{Asked, SESSION, Site, go, html, in_background, let_in, set_cookie, typed};
use super::watch::not_taken;
use crate::failure::Failure;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::finding::Text;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError};
use std::time::Instant;
use store::Account;

/// The log-in page.
pub async fn page(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = Asked::of(&request, BTreeMap::new());
    in_background(move || shown(&site, asked, None)).await
}

/// The accessibility statement, which needs no log-in; who is logged in keeps the menu.
pub async fn accessibility(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = Asked::of(&request, BTreeMap::new());
    in_background(move || {
        let Ok(place) = site.places.current() else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        let user = site.user(&place, asked.token.as_deref()).ok().flatten();
        let ask = asked.ask(place, user.unwrap_or_else(User::nobody));
        html(&ask, &accessibility_page(&ask), StatusCode::OK)
    })
    .await
}

fn shown(site: &Site, asked: Asked, problem: Option<Text>) -> Response {
    let place = match site.places.current() {
        Ok(place) => place,
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let mut ask = asked.ask(Arc::clone(&place), User::nobody());
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    ask.problem = problem;
    let till = ask.query.value("till").or(ask.typed.value("till")).unwrap_or("/").to_owned();
    let name = Field::new(&ask, "name", ask.say("Namn", "Name"), Input::Line, "").required();
    let password =
        Field::new(&ask, "password", ask.say("Lösenord", "Password"), Input::Password, "");
    let form = Form::new("/logga-in", ask.say("Logga in", "Log in"))
        .hidden("till", &till)
        .field(name)
        .field(password.required());
    let mut page = Page::new(ask.say("Logga in", "Log in"));
    if let Some(oidc) = &site.oidc {
        if ask.query.value("ut").is_some() {
            page = page.text(oidc::left(&ask));
        }
        page = page.with(oidc::links(&ask, oidc, &till));
        page = page.heading(ask.say("Med lösenord", "With a password"));
    }
    page = page.with(form);
    if site.has_roles(&place) {
        page = page.heading(ask.say("Prova i en roll", "Try a role")).text(Html::text(ask.say(
            "Alla uppgifter här är påhittade, så vem som helst får prova.",
            "Everything here is made up, so anybody may try.",
        )));
        let roles = Role::ALL.iter().filter(|role| !role.is_of_one());
        let mut choices: Vec<(String, String)> =
            roles.map(|role| (role.name().to_owned(), role.shown(ask.lang))).collect();
        let providers = place.providers().map(|provider| {
            let name = place.labels.provider_name(provider).unwrap_or(provider);
            let text = format!("{}: {name}", Role::Provider.shown(ask.lang));
            (format!("{}:{provider}", Role::Provider.name()), text)
        });
        choices.extend(providers);
        let clinics = site.has_care_role(&place).then(|| place.data.delivery_clinics());
        choices.extend(clinics.into_iter().flatten().map(|clinic| {
            let name = place.labels.unit_name(&clinic).unwrap_or(&clinic);
            let text = format!("{}: {name}", Role::ClinicCare.shown(ask.lang));
            (format!("{}:{clinic}", Role::ClinicCare.name()), text)
        }));
        let role = Field::new(&ask, "roll", ask.say("Roll", "Role"), Input::Choice(choices), "");
        let who = Field::new(&ask, "name", ask.say("Namn", "Name"), Input::Line, "").hint(ask.say(
            "Det som syns i loggen; en annan person attesterar under ett annat namn.",
            "What stands in the log; another person attests under another name.",
        ));
        let form = Form::new("/logga-in/roll", ask.say("Prova", "Try"));
        page = page.with(form.hidden("till", &till).field(role).field(who));
    }
    html(&ask, &page, status)
}

/// What was asked, with the form that was sent.
async fn sent(request: Request) -> Result<Asked, Response> {
    let mut asked = Asked::of(&request, BTreeMap::new());
    asked.typed = typed(request).await.map_err(not_taken)?;
    Ok(asked)
}

/// Lets somebody in by name and password, unless too many tries have failed lately.
pub async fn enter(State(site): State<Arc<Site>>, request: Request) -> Response {
    let from = address(&request);
    let asked = match sent(request).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    in_background(move || {
        let found = try_in(&site, &asked, from);
        match found {
            Ok((_, found)) if found.is_once => {
                let text = Text::new(
                    "engångslösenordet stämmer; välj ett eget lösenord",
                    "the one-time password is right; choose a password of your own",
                );
                renewal_shown(&site, asked, Some(text))
            }
            Ok((place, found)) => let_in(&place, &found.user, asked.typed.given("till"))
                .unwrap_or_else(|why| shown(&site, asked, Some(why.text()))),
            Err(why) => shown(&site, asked, Some(why.text())),
        }
    })
    .await
}

/// Who the typed name and password let in.
fn try_in(site: &Site, asked: &Asked, from: IpAddr) -> Result<(Arc<Place>, Entered), Failure> {
    let (name, password) = (asked.typed.given("name"), asked.typed.given("password"));
    let now = Instant::now();
    if let Some(wait) = site.throttle.wait(name, from, now) {
        let seconds = wait.as_secs() + 1;
        return Err(Failure::refused(
            format!("för många försök har misslyckats; vänta {seconds} sekunder och försök igen"),
            format!("too many tries have failed; wait {seconds} seconds and try again"),
        ));
    }
    site.throttle.tried(name, from, now);
    let place = site.places.current()?;
    let Some(found) = entered(&place.data.accounts()?, name, password) else {
        return Err(Failure::refused(
            "namnet eller lösenordet stämmer inte",
            "the name or the password is not right",
        ));
    };
    site.throttle.let_in(name, from);
    Ok((place, found))
}

/// Where a request comes from. A proxy on the same machine says for whom it asks, last in the list.
pub fn address(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let told = request.headers().get("x-forwarded-for").and_then(|told| told.to_str().ok());
    let told = told.and_then(|told| told.rsplit(',').next()?.trim().parse().ok());
    told.filter(|_| peer.is_loopback()).unwrap_or(peer)
}

/// The page where a password is chosen.
pub async fn renewal(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = Asked::of(&request, BTreeMap::new());
    in_background(move || renewal_shown(&site, asked, None)).await
}

fn renewal_shown(site: &Site, asked: Asked, problem: Option<Text>) -> Response {
    let Ok(place) = site.places.current() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut ask = asked.ask(place, User::nobody());
    ask.problem = problem;
    let name = Field::new(&ask, "name", ask.say("Namn", "Name"), Input::Line, "").required();
    let label = ask.say("Lösenordet du har nu", "The password you have now");
    let old = Field::new(&ask, "password", label, Input::Password, "");
    let form = Form::new("/losenord", ask.say("Byt lösenord", "Change the password"))
        .field(name)
        .field(old.required());
    let form = with_new_password(&ask, form);
    let page = Page::new(ask.say("Välj lösenord", "Choose a password")).with(form);
    html(&ask, &page, status)
}

fn with_new_password(ask: &Ask, form: Form) -> Form {
    let hint = ask.say(
        "Minst 12 tecken, gärna några ord. Inte namnet.",
        "At least 12 characters, some words for instance. Not the name.",
    );
    let new = Field::new(ask, "new", ask.say("Nytt lösenord", "New password"), Input::Password, "");
    let label = ask.say("Samma igen", "The same again");
    let again = Field::new(ask, "again", label, Input::Password, "");
    form.field(new.hint(hint).required()).field(again.required())
}

/// Changes one's own password and lets in.
pub async fn renew(State(site): State<Arc<Site>>, request: Request) -> Response {
    let from = address(&request);
    let asked = match sent(request).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    in_background(move || {
        let renewed = try_in(&site, &asked, from).and_then(|(place, found)| {
            let (name, new) = (found.user.name.as_str(), asked.typed.given("new"));
            refuse_password(name, new, asked.typed.given("again"))?;
            if new == asked.typed.given("password") {
                return Err(Failure::refused(
                    "det nya lösenordet är det gamla; välj ett annat",
                    "the new password is the old one; choose another",
                ));
            }
            let accounts = place.data.accounts()?;
            let account = current(&accounts, name).cloned().ok_or(Failure::NotThere)?;
            let (by, at) = (account.name.clone(), crate::engine::now());
            let said = Account { password: hashed(new)?, by, at, ..account };
            place.data.say_of_account(&said, false)?;
            place.data.end_sessions_of(name)?;
            let_in(&place, &found.user, "/")
        });
        renewed.unwrap_or_else(|why| renewal_shown(&site, asked, Some(why.text())))
    })
    .await
}

/// The page where the first account is opened, for who has the link.
pub async fn first(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = Asked::of(&request, BTreeMap::new());
    in_background(move || first_shown(&site, asked, None)).await
}

fn first_shown(site: &Site, asked: Asked, problem: Option<Text>) -> Response {
    let Ok(place) = site.places.current() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let mut ask = asked.ask(place, User::nobody());
    let token = ask.query.value("token").or(ask.typed.value("token")).unwrap_or("").to_owned();
    if !is_first(site, &ask.place, &token) {
        let page = Page::new(ask.say("Länken gäller inte", "The link does not hold")).notice(
            Mood::Refused,
            ask.say(
                "Den gäller en gång, tills det första kontot finns och tills servern startas om. Har kontot redan öppnats loggar du in i stället.",
                "It is good once, until the first account is there and until the server is started anew. If the account is open already, log in instead.",
            ),
        );
        return html(&ask, &page, StatusCode::NOT_FOUND);
    }
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    ask.problem = problem;
    let name = Field::new(&ask, "name", ask.say("Namn", "Name"), Input::Line, "").required();
    let form = Form::new("/forsta", ask.say("Öppna kontot", "Open the account"))
        .lead(ask.say(
            "Det blir en administratörs, som öppnar konton för andra men inte ser några belopp.",
            "It is an administrator's, who opens accounts for others but sees no amounts.",
        ))
        .hidden("token", &token)
        .field(name);
    let form = with_new_password(&ask, form);
    let page = Page::new(ask.say("Det första kontot", "The first account")).with(form);
    html(&ask, &page, status)
}

fn is_first(site: &Site, place: &Place, token: &str) -> bool {
    let first = site.first.lock().unwrap_or_else(PoisonError::into_inner);
    // Compared by their hashes, so that the time it takes tells nothing of the token.
    let hash = |token: &str| store::files::sha256(token.as_bytes());
    let is_right = first.as_ref().is_some_and(|first| hash(first) == hash(token));
    is_right && place.data.accounts().is_ok_and(|accounts| accounts.is_empty())
}

/// Opens the first account and lets in.
pub async fn open_first(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = match sent(request).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    in_background(move || {
        let opened = site.places.current().and_then(|place| {
            let typed = &asked.typed;
            if !is_first(&site, &place, typed.given("token")) {
                return Err(Failure::refused("länken gäller inte", "the link does not hold"));
            }
            let name = typed.value("name").unwrap_or("").to_owned();
            refuse_name(&name)?;
            refuse_password(&name, typed.given("new"), typed.given("again"))?;
            let user = User { name: name.clone(), role: Role::Administrator, provider: None };
            let account = Account {
                name: name.clone(),
                role: Role::Administrator.name().to_owned(),
                password: hashed(typed.given("new"))?,
                by: name,
                at: crate::engine::now(),
                ..Account::default()
            };
            if !place.data.say_of_account(&account, true)? {
                return Err(Failure::refused(
                    "ett konto finns redan",
                    "there is an account already",
                ));
            }
            *site.first.lock().unwrap_or_else(PoisonError::into_inner) = None;
            let_in(&place, &user, "/konton")
        });
        opened.unwrap_or_else(|why| first_shown(&site, asked, Some(why.text())))
    })
    .await
}

/// Lets anybody in as a role, where all data are made up.
pub async fn as_role(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = match sent(request).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    in_background(move || {
        let entered = site.places.current().and_then(|place| {
            if !site.has_roles(&place) {
                return Err(Failure::refused(
                    "roller går att välja bara när alla uppgifter är påhittade",
                    "roles can be chosen only where everything is made up",
                ));
            }
            let chosen = asked.typed.given("roll");
            let (role, provider) = chosen.split_once(':').unwrap_or((chosen, ""));
            let provider = Some(provider.to_owned()).filter(|provider| !provider.is_empty());
            let role = Role::parse(role).filter(|role| match &provider {
                Some(one) => {
                    place.is_known_for(*role, one)
                        && (*role != Role::ClinicCare || site.has_care_role(&place))
                }
                None => !role.is_of_one(),
            });
            let Some(role) = role else {
                return Err(Failure::refused("den rollen finns inte", "there is no such role"));
            };
            let name = asked.typed.value("name").unwrap_or(role.name()).to_owned();
            let_in(&place, &User { name, role, provider }, asked.typed.given("till"))
        });
        entered.unwrap_or_else(|why| shown(&site, asked, Some(why.text())))
    })
    .await
}

/// Ends a session.
pub async fn leave(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = Asked::of(&request, BTreeMap::new());
    in_background(move || {
        let mut to = "/logga-in";
        if let (Ok(place), Some(token)) = (site.places.current(), &asked.token) {
            if site.oidc.is_some() && is_of_service(&place, token) {
                to = "/logga-in?ut=1";
            }
            // A session that cannot be ended now ends by its time; the cookie goes either way.
            let _ends_by_time = place.data.end_session(token);
        }
        let mut response = go(to);
        set_cookie(
            &mut response,
            &format!("{SESSION}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"),
        );
        response
    })
    .await
}

/// Whether a session is of somebody who came from the identity service.
fn is_of_service(place: &Place, token: &str) -> bool {
    let session = place.data.session(token).ok().flatten();
    let accounts = place.data.accounts().unwrap_or_default();
    session
        .and_then(|session| current(&accounts, &session.name))
        .is_some_and(|account| account::is_of_service(&account.password))
}
