//! Logging in through the region's own identity service (OpenID Connect).
//!
//! Owns: the steps of the authorization code flow with PKCE, and that an answer belongs to the browser that asked. Does not own: what
//! the service is asked and how its token is checked (`provider`), or what the claims make somebody (`person`).
//!
//! `/logga-in/oidc` sends the browser to the service; it comes back to `/logga-in/oidc/svar` with a code, which is good once, in that
//! browser, within ten minutes.

pub mod person;
mod provider;
pub mod settings;
mod waiting;

use super::account::{self, User};
use super::html::Html;
use super::page::{Block, Mood, Page};
use super::place::Place;
use super::query::encoded;
use super::rights::Role;
use super::serve::{Asked, Site, cookie, go, html, in_background, let_in, local, set_cookie};
use crate::failure::Failure;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::finding::Text;
use person::Person;
use provider::Provider;
use settings::Settings;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use waiting::{Begun, Waiting};

/// The cookie that binds a log-in to the browser where it began. The answer comes from another site, so it may not be `Strict`.
const BROWSER: &str = "__Host-vardkedja-oidc";
/// Where the service sends the browser back to.
const ANSWER: &str = "/logga-in/oidc/svar";

/// The identity service, and who is on the way there and back.
pub struct Oidc {
    provider: Provider,
    waiting: Waiting,
}

impl Oidc {
    /// Of a file of settings. The service itself is first asked when somebody logs in.
    pub fn open(file: &Path) -> Result<Self, Failure> {
        let settings = Settings::read(file)?;
        Ok(Self { provider: Provider::new(settings)?, waiting: Waiting::default() })
    }

    /// What people call the service; none where it is not said.
    pub fn label(&self) -> Option<&str> {
        self.provider.settings.label.as_deref()
    }

    /// Whether somebody who comes this way can be an administrator.
    pub fn has_administrator(&self) -> bool {
        self.provider.settings.role.iter().any(|one| one.role == "administrator")
    }

    /// Sends the browser to the service: the address there, and the cookie to know it by when it comes back.
    fn begin(&self, till: &str) -> Result<(String, String), Failure> {
        let asked = self.provider.begin()?;
        let browser = account::new_token()?;
        let begun = Begun {
            nonce: asked.nonce,
            verifier: asked.verifier,
            browser: browser.clone(),
            till: local(till),
            at: Instant::now(),
        };
        self.waiting.add(asked.state.secret(), begun);
        Ok((asked.url.to_string(), browser))
    }

    /// Who comes back, and where to; what the service answered is checked before anything of it is believed.
    fn answered(&self, site: &Site, asked: &Asked, browser: &str) -> Result<Entered, Failure> {
        let begun = self.waiting.take(asked.query.given("state"), browser, Instant::now());
        let Some(begun) = begun else {
            tracing::warn!(why = "state", "oidc refused");
            return Err(Failure::refused(
                "inloggningen började inte i den här webbläsaren, eller för mer än tio minuter sedan, eller är redan använd; börja om",
                "the log-in did not begin in this browser, or more than ten minutes ago, or is used already; begin again",
            ));
        };
        if asked.query.value("error").is_some() {
            tracing::warn!(why = "error", "oidc refused");
            return Err(Failure::refused(
                "identitetstjänsten släppte inte in dig; försök igen, eller fråga den som sköter tjänsten",
                "the identity service did not let you in; try again, or ask whoever runs the service",
            ));
        }
        self.provider.refuse_other(asked.query.value("iss"))?;
        let claims = self.provider.claims(asked.query.given("code"), &begun)?;
        let place = site.places.current()?;
        let known = |role: Role, one: &str| place.is_known_for(role, one);
        let found = person::of(&self.provider.settings, &claims, &known)
            .and_then(|found| with_key(&place, found))
            .inspect_err(|_told_on_the_page| tracing::warn!(why = "claims", "oidc refused"))?;
        // One at a time, so that two who come at once do not take the same name.
        let _turn = site.turn();
        let user = person::bound(&place.data, found)?;
        Ok((place, user, begun.till))
    }
}

/// Who works with a clinic's chain, where the server has the clinic's key: without it there is nothing for them here.
fn with_key(place: &Place, found: Person) -> Result<Person, Failure> {
    let clinic = found.user.provider.as_deref().filter(|_| found.user.role == Role::ClinicCare);
    if clinic.is_some_and(|clinic| !place.has_care_key(clinic)) {
        return Err(Failure::refused(
            "arbetsplatsen har inte din kliniks nyckel till vårdkedjan; den som sköter systemet behöver lägga till den",
            "the workplace does not have your clinic's key to the care chain; whoever runs the system must add it",
        ));
    }
    Ok(found)
}

type Entered = (Arc<Place>, User, String);

/// Sends who wants to log in to the identity service.
pub async fn begin(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = Asked::of(&request, BTreeMap::new());
    in_background(move || {
        let Some(oidc) = &site.oidc else { return StatusCode::NOT_FOUND.into_response() };
        match oidc.begin(asked.query.given("till")) {
            Err(why) => refused(&site, asked, &why.text()),
            Ok((url, browser)) => {
                let Ok(url) = HeaderValue::from_str(&url) else {
                    return StatusCode::BAD_GATEWAY.into_response();
                };
                let mut response =
                    (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response();
                let cookie = format!(
                    "{BROWSER}={browser}; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"
                );
                set_cookie(&mut response, &cookie);
                response
            }
        }
    })
    .await
}

/// Lets in who comes back from the identity service with an answer that holds.
pub async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = Asked::of(&request, BTreeMap::new());
    let browser = cookie(request.headers(), BROWSER).unwrap_or_default();
    in_background(move || {
        let Some(oidc) = &site.oidc else { return StatusCode::NOT_FOUND.into_response() };
        let entered = oidc.answered(&site, &asked, &browser);
        let let_in = entered.and_then(|(place, user, till)| let_in(&place, &user, &till));
        let mut response = let_in.unwrap_or_else(|why| refused(&site, asked, &why.text()));
        let cookie = format!("{BROWSER}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
        set_cookie(&mut response, &cookie);
        response
    })
    .await
}

/// Sends who has logged out here to where they log out of the identity service too.
pub async fn leave(State(site): State<Arc<Site>>, request: Request) -> Response {
    let asked = Asked::of(&request, BTreeMap::new());
    in_background(move || {
        let Some(oidc) = &site.oidc else { return StatusCode::NOT_FOUND.into_response() };
        match oidc.provider.leaving() {
            Err(why) => refused(&site, asked, &why.text()),
            Ok(None) => go("/logga-in"),
            Ok(Some(url)) => match HeaderValue::from_str(url.as_str()) {
                Ok(url) => (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response(),
                Err(_) => go("/logga-in"),
            },
        }
    })
    .await
}

fn refused(site: &Site, asked: Asked, why: &Text) -> Response {
    let Ok(place) = site.places.current() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let ask = asked.ask(place, User::nobody());
    let page = Page::new(ask.say("Inloggningen gick inte", "The log-in failed"))
        .notice(Mood::Refused, super::render::sentence(&ask.of(why)))
        .with(Block::Links(vec![(
            ask.say("Till inloggningen", "To the log-in").to_owned(),
            "/logga-in".to_owned(),
        )]));
    html(&ask, &page, StatusCode::FORBIDDEN)
}

/// The way to the service, for the log-in page.
pub fn links(ask: &super::ask::Ask, oidc: &Oidc, till: &str) -> Block {
    let label = match oidc.label() {
        Some(label) => format!("{} {label}", ask.say("Logga in med", "Log in with")),
        None => ask
            .say("Logga in med identitetstjänsten", "Log in with the identity service")
            .to_owned(),
    };
    Block::Links(vec![(label, format!("/logga-in/oidc?till={}", encoded(till)))])
}

/// What is said to who has just logged out here.
pub fn left(ask: &super::ask::Ask) -> Html {
    let text = ask.say(
        "Du är utloggad här. Den som använder samma dator kan ändå komma in, så länge du är inloggad i identitetstjänsten.",
        "You are logged out here. Who uses the same computer can still get in, as long as you are logged in to the identity service.",
    );
    let link = ask.say("Logga ut där också", "Log out there too");
    Html::raw(format!("{} {}", Html::text(text), Html::link("/logga-in/oidc/ut", link)))
}
