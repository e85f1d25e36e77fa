//! The identity service: what it is asked, and whether its answer is to be believed.
//!
//! Owns: discovery, the code's exchange for a token, and the token's signature, issuer, audience, time and nonce; all by the crate
//! `openidconnect`. Does not own: what the claims mean here (`person`).
//!
//! The service's description and keys are asked for anew at every answer. They are kept for a minute for those who only begin.

use super::ANSWER;
use super::settings::{Settings, is_safe};
use super::waiting::Begun;
use crate::failure::Failure;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreJwsSigningAlgorithm,
};
use openidconnect::http;
use openidconnect::url::Url;
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LogoutRequest, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout,
    RedirectUrl, RequestTokenError, Scope, TokenResponse,
};
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// How long an answer of the service may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long its description is good for who begins.
const FRESH: Duration = Duration::from_secs(60);
/// How many wait for the service at once.
const AT_ONCE: usize = 32;
/// Bytes of an answer at most.
const ANSWER_BYTES: u64 = 1 << 20;
/// How a token may be signed: with a key of which only the service has the secret half.
const SIGNED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The service.
pub struct Provider {
    /// How it is reached.
    pub settings: Settings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    secret: Option<ClientSecret>,
    agent: ureq::Agent,
    found: Mutex<Option<(Instant, ProviderMetadataWithLogout)>>,
    waits: AtomicUsize,
}

/// Somebody who waits for the service.
struct Turn<'p>(&'p AtomicUsize);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What somebody is sent to the service with.
pub struct AskedFor {
    /// Where.
    pub url: Url,
    /// What its answer must bear.
    pub state: CsrfToken,
    /// What its token must bear.
    pub nonce: Nonce,
    /// What the code is fetched with.
    pub verifier: PkceCodeVerifier,
}

impl Provider {
    /// Of settings; nothing is asked yet.
    pub fn new(settings: Settings) -> Result<Self, Failure> {
        let bad = |error: openidconnect::url::ParseError| {
            Failure::usage(error.to_string(), error.to_string())
        };
        Ok(Self {
            issuer: IssuerUrl::new(settings.issuer.clone()).map_err(bad)?,
            redirect: RedirectUrl::new(format!("{}{ANSWER}", settings.address)).map_err(bad)?,
            secret: settings.secret()?.map(ClientSecret::new),
            agent: agent(&settings)?,
            found: Mutex::default(),
            waits: AtomicUsize::new(0),
            settings,
        })
    }

    /// What the service says of itself, with its keys.
    fn described(&self, fresh: Duration) -> Result<ProviderMetadataWithLogout, Failure> {
        let kept = self.kept().clone().filter(|(at, _)| at.elapsed() < fresh);
        if let Some((_, described)) = kept {
            return Ok(described);
        }
        let described = ProviderMetadataWithLogout::discover(&self.issuer, &|r| self.sent(r))
            .map_err(|_told_in_our_words| unreachable("discovery"))?;
        let mut addresses = vec![described.authorization_endpoint().as_str()];
        addresses.extend(described.token_endpoint().map(|url| url.as_str()));
        if !addresses.into_iter().all(is_safe_endpoint) {
            return Err(unreachable("address"));
        }
        *self.kept() = Some((Instant::now(), described.clone()));
        Ok(described)
    }

    fn kept(&self) -> MutexGuard<'_, Option<(Instant, ProviderMetadataWithLogout)>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place among those who wait for the service, so that a service that is slow does not hold up the pages.
    fn turn(&self) -> Result<Turn<'_>, Failure> {
        if self.waits.fetch_add(1, Ordering::Relaxed) < AT_ONCE {
            return Ok(Turn(&self.waits));
        }
        self.waits.fetch_sub(1, Ordering::Relaxed);
        Err(unreachable("busy"))
    }

    fn client(&self, described: ProviderMetadataWithLogout) -> Client {
        let methods = described.token_endpoint_auth_methods_supported();
        let takes = |method| methods.is_none_or(|methods| methods.contains(&method));
        let is_basic = takes(CoreClientAuthMethod::ClientSecretBasic);
        let id = ClientId::new(self.settings.client_id.clone());
        CoreClient::from_provider_metadata(described, id, self.secret.clone())
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(if is_basic { AuthType::BasicAuth } else { AuthType::RequestBody })
    }

    /// Somebody begins.
    pub fn begin(&self) -> Result<AskedFor, Failure> {
        let _turn = self.turn()?;
        let client = self.client(self.described(FRESH)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Ok(AskedFor { url, state, nonce, verifier })
    }

    /// Refuses an answer that says it is of another service (RFC 9207).
    pub fn refuse_other(&self, issuer: Option<&str>) -> Result<(), Failure> {
        match issuer {
            Some(issuer) if issuer != self.settings.issuer => Err(not_believed("answer-issuer")),
            _ => Ok(()),
        }
    }

    /// The claims of the token that a code gives, once everything about it holds.
    pub fn claims(&self, code: &str, begun: &Begun) -> Result<serde_json::Value, Failure> {
        let _turn = self.turn()?;
        let client = self.client(self.described(Duration::ZERO)?);
        let verifier = PkceCodeVerifier::new(begun.verifier.secret().clone());
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_no_endpoint| unreachable("token-endpoint"))?
            .set_pkce_verifier(verifier)
            .request(&|r| self.sent(r))
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(_) => not_believed("code"),
                RequestTokenError::Request(_) => unreachable("token"),
                _ => not_believed("token-answer"),
            })?;
        let token = answer.id_token().ok_or_else(|| not_believed("no-id-token"))?;
        let checker = client.id_token_verifier().set_allowed_algs(SIGNED);
        let claims =
            token.claims(&checker, &begun.nonce).map_err(|why| not_believed(wrong(&why)))?;
        let party = claims.authorized_party();
        if party.is_some_and(|party| party.as_str() != self.settings.client_id) {
            return Err(not_believed("authorized-party"));
        }
        payload(token).ok_or_else(|| not_believed("payload"))
    }

    /// Where somebody logs out of the service, if it has such a place.
    pub fn leaving(&self) -> Result<Option<Url>, Failure> {
        let _turn = self.turn()?;
        let described = self.described(FRESH)?;
        let end = described.additional_metadata().end_session_endpoint.clone();
        let Some(end) = end.filter(|end| is_safe_endpoint(end.as_str())) else { return Ok(None) };
        let request =
            LogoutRequest::from(end).set_client_id(ClientId::new(self.settings.client_id.clone()));
        let back = PostLogoutRedirectUrl::new(format!("{}/logga-in", self.settings.address));
        let request = match back {
            Ok(back) => request.set_post_logout_redirect_uri(back),
            Err(_) => request,
        };
        Ok(Some(request.http_get_url()))
    }

    /// Asks the service. It is never followed to another address.
    fn sent(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, ureq::Error> {
        let (head, body) = self.agent.run(request)?.into_parts();
        let mut bytes = Vec::new();
        body.into_reader().take(ANSWER_BYTES).read_to_end(&mut bytes)?;
        Ok(http::Response::from_parts(head, bytes))
    }
}

fn agent(settings: &Settings) -> Result<ureq::Agent, Failure> {
    let is_tls = settings.issuer.starts_with("https://");
    let roots = match &settings.ca_file {
        None => RootCerts::WebPki,
        Some(file) => RootCerts::new_with_certs(&certificates(file)?),
    };
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false)
        .https_only(is_tls)
        .tls_config(TlsConfig::builder().root_certs(roots).build());
    // A service on the same machine is reached without the proxy of the environment.
    let config = if is_tls { config } else { config.proxy(None) };
    Ok(ureq::Agent::new_with_config(config.build()))
}

fn certificates(file: &std::path::Path) -> Result<Vec<Certificate<'static>>, Failure> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|error| {
        Failure::usage(
            format!("`ca_file`: `{shown}` går inte att läsa: {error}"),
            format!("`ca_file`: `{shown}` cannot be read: {error}"),
        )
    })?;
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    let found: Vec<_> = parse_pem(&bytes).filter_map(certificate).collect();
    if found.is_empty() {
        return Err(Failure::usage(
            format!("`ca_file`: `{shown}` har inget certifikat i PEM"),
            format!("`ca_file`: `{shown}` has no certificate in PEM"),
        ));
    }
    Ok(found)
}

/// Whether an address that the service gives is safe; it may have fields.
fn is_safe_endpoint(address: &str) -> bool {
    is_safe(address.split('?').next().unwrap_or(address))
}

/// The claims as they stand in a token that has been checked.
fn payload(token: &CoreIdToken) -> Option<serde_json::Value> {
    use base64::Engine;
    let token = token.to_string();
    let part = token.split('.').nth(1)?;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// What is wrong with a token, in a word for the log: never what stands in it.
const fn wrong(why: &ClaimsVerificationError) -> &'static str {
    match why {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        _ => "token",
    }
}

fn not_believed(why: &'static str) -> Failure {
    tracing::warn!(why, "oidc refused");
    Failure::refused(
        format!(
            "svaret från identitetstjänsten godtogs inte ({why}); börja om, och säg till den som sköter systemet om det händer igen"
        ),
        format!(
            "the answer of the identity service was not accepted ({why}); begin again, and tell whoever runs the system if it happens again"
        ),
    )
}

fn unreachable(what: &'static str) -> Failure {
    tracing::warn!(why = what, "oidc unreachable");
    Failure::refused(
        format!(
            "identitetstjänsten svarar inte som den ska ({what}); försök igen om en stund, och säg till den som sköter systemet om det dröjer"
        ),
        format!(
            "the identity service does not answer as it should ({what}); try again in a while, and tell whoever runs the system if it goes on"
        ),
    )
}
