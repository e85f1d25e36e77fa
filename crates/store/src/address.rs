//! Where the rows of a data folder are kept: in a file of the folder, or in a PostgreSQL server.
//!
//! Owns: addresses of servers, and that no message has a password. Does not own: connecting (`engine`).

use crate::StoreError;
use kernel::finding::Text;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Where the rows of a data folder are kept; bulk files, pseudonyms and their key lie in the folder all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Database {
    /// In an SQLite file of the folder.
    #[default]
    InFolder,
    /// In a PostgreSQL database.
    Postgres(Address),
}

/// The address of a PostgreSQL database; shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: String,
    shown: String,
}

impl Address {
    /// Reads `postgres://user:password@host:5432/name`. What is left out is taken from `PGHOST`, `PGUSER`, `PGPASSWORD` and the like.
    ///
    /// What is sent is not encrypted, so another machine is refused unless `sslmode=disable` says that the network is trusted.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let unfit = |sv: &str, en: &str| StoreError::Address { what: Text::new(sv, en) };
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(unfit(
                "den börjar varken med `postgres://` eller `postgresql://`",
                "it begins with neither `postgres://` nor `postgresql://`",
            ));
        }
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| unfit("den går inte att tolka", &error.to_string()))?;
        let (user, port) = (options.get_username(), options.get_port());
        let name = options.get_database().unwrap_or(user);
        let socket = options.get_socket().map(|socket| socket.display().to_string());
        let host = socket.clone().unwrap_or_else(|| options.get_host().to_owned());
        let is_trusted = matches!(options.get_ssl_mode(), PgSslMode::Disable);
        if socket.is_none() && !is_here(&host) && !is_trusted {
            return Err(StoreError::Unencrypted { host });
        }
        let shown = format!("postgres://{user}@{host}:{port}/{name}");
        Ok(Self { url: url.to_owned(), shown })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// Without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Without the password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown)
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let address = Address::parse("postgres://anna:hemligt@127.0.0.1:5433/region").unwrap();
        assert_eq!(address.to_string(), "postgres://anna@127.0.0.1:5433/region");
        assert!(!format!("{address:?}").contains("hemligt"));
        let socket =
            "postgres://anna:hemligt@localhost/region?host=/run/postgresql&password=hemligt";
        let address = Address::parse(socket).unwrap();
        assert_eq!(address.to_string(), "postgres://anna@/run/postgresql:5432/region");
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for url in ["anna:hemligt@localhost/r", "postgres://anna:hem/ligt@localhost/r", "mysql://a"]
        {
            let refused = Address::parse(url).unwrap_err();
            assert!(matches!(refused, StoreError::Address { .. }), "{refused}");
            assert!(!format!("{refused} {refused:?}").contains("ligt"), "{refused}");
        }
    }

    #[test]
    fn another_machine_is_refused_unless_the_network_is_trusted() {
        for here in ["localhost", "127.0.0.1", "[::1]"] {
            Address::parse(&format!("postgres://anna@{here}/r")).unwrap();
        }
        for mode in ["", "?sslmode=prefer", "?sslmode=require"] {
            let refused = Address::parse(&format!("postgres://a:hemligt@db.region.se/r{mode}"));
            let refused = refused.unwrap_err();
            assert!(matches!(refused, StoreError::Unencrypted { .. }), "{refused}");
            assert!(refused.to_string().contains("db.region.se"));
        }
        Address::parse("postgres://anna@db.region.se/r?sslmode=disable").unwrap();
    }
}
