//! How the identity service is reached, and what its claims mean here: a file of TOML (`serve --oidc FILE`).
//!
//! Owns: reading and refusing the file. Does not own: what is done with it. Its keys are described in docs/drift.md.

use crate::failure::Failure;
use openidconnect::url::{Host, Url};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// The secret of the client, where no file is named for it.
pub const SECRET: &str = "VARDKEDJA_OIDC_SECRET";

/// What stands in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The issuer, as it calls itself in its tokens.
    pub issuer: String,
    /// What the workplace is called there.
    pub client_id: String,
    /// A file with the secret of the client. Neither a file nor the environment: a public client, held by PKCE alone.
    pub client_secret_file: Option<PathBuf>,
    /// Where people reach the workplace, such as `https://vardkedja.region.example`.
    pub address: String,
    /// What people call the service, on the log-in page.
    pub label: Option<String>,
    /// What is asked for beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The claim that gives the name in the log; it is kept from the first log-in.
    #[serde(default = "name_claim")]
    pub name_claim: String,
    /// The claim with roles: a text or a list of texts.
    pub role_claim: String,
    /// The claim with the own organisation of who is of one provider or clinic.
    pub provider_claim: Option<String>,
    /// Certificates to trust in place of the public ones, as PEM.
    pub ca_file: Option<PathBuf>,
    /// What a value of the role claim makes somebody; the first in the file that fits.
    pub role: Vec<RoleOf>,
    /// Which provider, or clinic, a value of the provider claim is.
    #[serde(default)]
    pub provider: Vec<ProviderOf>,
}

/// What a value of the role claim makes somebody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleOf {
    /// The value.
    pub value: String,
    /// The role here.
    pub role: String,
    /// The provider, of `clinic-care` the clinic, where the value itself tells it.
    pub provider: Option<String>,
}

/// Which provider a value of the provider claim is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderOf {
    /// The value.
    pub value: String,
    /// The id in the register, of the provider or the clinic.
    pub provider: String,
}

fn name_claim() -> String {
    "preferred_username".to_owned()
}

impl Settings {
    /// Reads a file; what cannot hold is refused before anybody logs in.
    pub fn read(file: &Path) -> Result<Self, Failure> {
        let shown = file.display();
        let text = fs::read_to_string(file).map_err(|error| {
            Failure::usage(
                format!("`{shown}` går inte att läsa: {error}"),
                format!("`{shown}` cannot be read: {error}"),
            )
        })?;
        let settings: Self = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| {
                1 + text.get(..span.start).map_or(0, |before| before.matches('\n').count())
            });
            let why = error.message();
            Failure::usage(
                format!("{shown}:{line}: går inte att förstå: {why}"),
                format!("{shown}:{line}: cannot be understood: {why}"),
            )
        })?;
        settings.checked().map_err(|(key, value, sv, en)| {
            Failure::usage(
                format!("{shown}: `{key}` är `{value}`: {sv}"),
                format!("{shown}: `{key}` is `{value}`: {en}"),
            )
        })
    }

    fn checked(mut self) -> Result<Self, Wrong> {
        for (key, value) in [("issuer", &self.issuer), ("address", &self.address)] {
            if !is_safe(value) {
                return Err(wrong(
                    key,
                    value,
                    "skriv en hel adress med https (http bara till den egna maskinen)",
                    "write a whole address with https (http only to the same machine)",
                ));
            }
        }
        self.address = self.address.trim_end_matches('/').to_owned();
        let has_path = Url::parse(&self.address).is_ok_and(|url| url.path() != "/");
        if has_path {
            let (sv, en) = ("skriv den utan sökväg", "write it without a path");
            return Err(wrong("address", &self.address, sv, en));
        }
        for of in &self.role {
            let Some(role) = crate::web::rights::Role::parse(&of.role) else {
                let (sv, en) = ("ingen roll; se docs/rights.md", "no role; see docs/rights.md");
                return Err(wrong("role", &of.role, sv, en));
            };
            if role.is_of_one() && of.provider.is_none() && self.provider_claim.is_none() {
                return Err(wrong(
                    "role",
                    &of.role,
                    "säg vilken vårdgivare eller klinik, med `provider` eller `provider_claim`",
                    "say which provider or clinic, with `provider` or `provider_claim`",
                ));
            }
            if !role.is_of_one() && of.provider.is_some() {
                let (sv, en) = (
                    "bara `provider` och `clinic-care` är för en vårdgivare eller klinik",
                    "only `provider` and `clinic-care` are for a provider or clinic",
                );
                return Err(wrong("role", &of.role, sv, en));
            }
        }
        Ok(self)
    }

    /// The secret of the client, where there is one.
    pub fn secret(&self) -> Result<Option<String>, Failure> {
        let Some(file) = &self.client_secret_file else {
            return Ok(std::env::var(SECRET).ok().filter(|secret| !secret.is_empty()));
        };
        let shown = file.display();
        let secret = fs::read_to_string(file).map_err(|error| {
            Failure::usage(
                format!("`client_secret_file`: `{shown}` går inte att läsa: {error}"),
                format!("`client_secret_file`: `{shown}` cannot be read: {error}"),
            )
        })?;
        Ok(Some(secret.trim().to_owned()))
    }
}

type Wrong = (&'static str, String, &'static str, &'static str);

fn wrong(key: &'static str, value: &str, sv: &'static str, en: &'static str) -> Wrong {
    (key, value.to_owned(), sv, en)
}

/// Whether nobody on the way can read or change what is sent.
pub fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    is_plain && (url.scheme() == "https" || url.scheme() == "http" && is_here)
}
