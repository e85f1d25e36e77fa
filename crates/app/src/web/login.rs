//! Logging in and out.
//!
//! Owns: the log-in page, and the choice of a role where all data are made up. Does not own: passwords and sessions (`account`).

use super::account::{User, checked};
use super::form::{Field, Form, Input};
use super::html::Html;
use super::page::Page;
use super::pages::plain::accessibility as accessibility_page;
use super::rights::Role;
use super::serve::{Asked, SESSION, Site, body, go, html, in_background, let_in, set_cookie};
use crate::failure::Failure;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::finding::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    let mut page = Page::new(ask.say("Logga in", "Log in")).with(form);
    if site.has_roles(&place) {
        page = page.heading(ask.say("Prova i en roll", "Try a role")).text(Html::text(ask.say(
            "Alla uppgifter här är påhittade, så vem som helst får prova.",
            "Everything here is made up, so anybody may try.",
        )));
        let roles = Role::ALL.iter().filter(|role| **role != Role::Provider);
        let mut choices: Vec<(String, String)> =
            roles.map(|role| (role.name().to_owned(), role.shown(ask.lang))).collect();
        let providers = place.providers().map(|provider| {
            let name = place.labels.provider_name(provider).unwrap_or(provider);
            let text = format!("{}: {name}", Role::Provider.shown(ask.lang));
            (format!("{}:{provider}", Role::Provider.name()), text)
        });
        choices.extend(providers);
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

/// Lets somebody in by name and password.
pub async fn enter(State(site): State<Arc<Site>>, request: Request) -> Response {
    let mut asked = Asked::of(&request, BTreeMap::new());
    match body(request).await {
        Ok((typed, _)) => asked.typed = typed,
        Err(status) => return status.into_response(),
    }
    in_background(move || {
        let entered = site.places.current().and_then(|place| {
            let accounts = place.data.accounts()?;
            let typed = &asked.typed;
            let user = checked(&accounts, typed.given("name"), typed.given("password"));
            user.map(|user| let_in(&place, &user, typed.given("till"))).transpose()
        });
        match entered {
            Ok(Some(response)) => response,
            Ok(None) => {
                let text = Text::new(
                    "namnet eller lösenordet stämmer inte",
                    "the name or the password is not right",
                );
                shown(&site, asked, Some(text))
            }
            Err(why) => shown(&site, asked, Some(why.text())),
        }
    })
    .await
}

/// Lets anybody in as a role, where all data are made up.
pub async fn as_role(State(site): State<Arc<Site>>, request: Request) -> Response {
    let mut asked = Asked::of(&request, BTreeMap::new());
    match body(request).await {
        Ok((typed, _)) => asked.typed = typed,
        Err(status) => return status.into_response(),
    }
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
            let role = Role::parse(role).filter(|role| {
                let is_known =
                    provider.as_ref().is_some_and(|one| place.providers().any(|p| p == one));
                (*role == Role::Provider) == is_known
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
        if let (Ok(place), Some(token)) = (site.places.current(), &asked.token) {
            // A session that cannot be ended now ends by its time; the cookie goes either way.
            let _ends_by_time = place.data.end_session(token);
        }
        let mut response = go("/logga-in");
        set_cookie(
            &mut response,
            &format!("{SESSION}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"),
        );
        response
    })
    .await
}
