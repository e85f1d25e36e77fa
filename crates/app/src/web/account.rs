//! Who somebody is: accounts, passwords and sessions.
//!
//! Owns: how a password is checked and how long a session lasts. Does not own: what a role may do (`rights`), or where it is kept
//! (`store`).

use super::rights::Role;
use crate::failure::Failure;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write;
use store::{Account, Session};

/// Hours that a session lasts.
const HOURS: i64 = 10;

/// Somebody who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name to log in with; blank of somebody who is not logged in.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The provider whose units they see, of the role `clinic-care` the clinic; none where they see all.
    pub provider: Option<String>,
}

impl User {
    /// Somebody who is not logged in. What they may see is asked for nowhere: every page but the log-in needs a session.
    pub const fn nobody() -> Self {
        Self { name: String::new(), role: Role::Administrator, provider: None }
    }

    /// Whether they are logged in.
    pub fn is_in(&self) -> bool {
        !self.name.is_empty()
    }

    /// Of a session that still holds; a provider's account without a provider is nobody.
    pub fn of(session: &Session) -> Option<Self> {
        let until: Timestamp = session.until.parse().ok()?;
        let role = Role::parse(&session.role)?;
        let provider = Some(session.provider.clone()).filter(|provider| !provider.is_empty());
        let is_whole = !role.is_of_one() || provider.is_some();
        let provider = provider.filter(|_| role.is_of_one());
        (until > Timestamp::now() && is_whole).then(|| Self {
            name: session.name.clone(),
            role,
            provider,
        })
    }

    /// A session of theirs that begins now.
    pub fn session(&self) -> Session {
        let now = Timestamp::now();
        let until = now.checked_add(SignedDuration::from_hours(HOURS)).unwrap_or(now);
        Session {
            name: self.name.clone(),
            role: self.role.name().to_owned(),
            provider: self.provider.clone().unwrap_or_default(),
            at: second(now),
            until: second(until),
        }
    }
}

fn second(moment: Timestamp) -> String {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment).to_string()
}

/// A secret that nobody can guess: 32 random bytes in hexadecimal.
pub fn new_token() -> Result<String, Failure> {
    let bytes: [u8; 32] = random()?;
    let mut token = String::with_capacity(64);
    for byte in bytes {
        let _infallible = write!(token, "{byte:02x}");
    }
    Ok(token)
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES], Failure> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::refused(error.to_string(), error.to_string()))?;
    Ok(bytes)
}

/// The hash of a password, with its salt (argon2id).
pub fn hashed(password: &str) -> Result<String, Failure> {
    let salt: [u8; 16] = random()?;
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    let refused = |error: argon2::password_hash::Error| {
        Failure::refused(
            format!("lösenordet går inte att spara: {error}"),
            format!("the password cannot be kept: {error}"),
        )
    };
    Ok(hash.map_err(refused)?.to_string())
}

/// The mark of a password that is good once: its owner must choose another.
const ONCE: &str = "once:";

/// The mark of an account of the identity service, in place of a password: whose it is.
const SERVICE: &str = "oidc:";

/// The mark of somebody whom the identity service knows by a subject.
pub fn service_mark(issuer: &str, subject: &str) -> String {
    format!("{SERVICE}{}", store::files::sha256(format!("{issuer}\n{subject}").as_bytes()))
}

/// Whether an account is of the identity service: no password lets in there.
pub fn is_of_service(password: &str) -> bool {
    password.starts_with(SERVICE)
}

/// The fewest characters of a password.
const LENGTH: usize = 12;

/// The hash of a password that is good once.
pub fn once(password: &str) -> Result<String, Failure> {
    Ok(format!("{ONCE}{}", hashed(password)?))
}

/// A password to be told once: 16 letters and digits that are not mistaken for each other.
pub fn new_secret() -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes: [u8; 16] = random()?;
    let letter = |byte: u8| LETTERS.get(usize::from(byte % 32)).copied().map_or('a', char::from);
    Ok(bytes.into_iter().map(letter).collect())
}

/// Refuses a name that is blank, too long or a personal number: it stands in addresses and in the log.
pub fn refuse_name(name: &str) -> Result<(), Failure> {
    let length = name.chars().count();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    let is_person = kernel::intake::normalise_person(name, kernel::time::Day::MAX).is_ok();
    if (1..=64).contains(&length) && name.chars().all(is_plain) && !is_person {
        return Ok(());
    }
    Err(Failure::refused(
        "namnet ska ha 1–64 bokstäver, siffror, punkter eller bindestreck, och får inte vara ett personnummer",
        "the name must have 1–64 letters, digits, dots or hyphens, and may not be a personal number",
    ))
}

/// Refuses a password that is short or the name. What it is made of is nobody's business.
pub fn refuse_password(name: &str, password: &str, again: &str) -> Result<(), Failure> {
    if password.chars().count() < LENGTH {
        return Err(Failure::refused(
            format!("lösenordet ska ha minst {LENGTH} tecken"),
            format!("the password must have at least {LENGTH} characters"),
        ));
    }
    if password.len() > 1_000 {
        return Err(Failure::refused("lösenordet är för långt", "the password is too long"));
    }
    let (name, lower) = (name.to_lowercase(), password.to_lowercase());
    let rest = lower.replace(&name, "");
    if !name.is_empty() && lower.contains(&name) && rest.chars().count() < LENGTH - 4 {
        return Err(Failure::refused(
            "lösenordet får inte vara namnet",
            "the password may not be the name",
        ));
    }
    if password != again {
        return Err(Failure::refused(
            "de två lösenorden är inte lika",
            "the two passwords are not the same",
        ));
    }
    Ok(())
}

/// Who let in a name and password, and whether the password is good once only.
pub struct Entered {
    /// Who.
    pub user: User,
    /// Whether another password must be chosen first.
    pub is_once: bool,
}

/// The user of a name and password among what was said of accounts, in order. A password that is good once lets nobody in.
pub fn checked(accounts: &[Account], name: &str, password: &str) -> Option<User> {
    entered(accounts, name, password).filter(|found| !found.is_once).map(|found| found.user)
}

/// The user of a name and password among what was said of accounts, in order. Takes as long where there is no such name.
pub fn entered(accounts: &[Account], name: &str, password: &str) -> Option<Entered> {
    /// Of a password that nobody knows.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let has_password =
        |account: &&Account| !account.password.is_empty() && !is_of_service(&account.password);
    let account = current(accounts, name).filter(has_password);
    let hash = account.map_or(NOBODY, |account| account.password.as_str());
    let is_once = hash.starts_with(ONCE);
    let hash = PasswordHash::new(hash.strip_prefix(ONCE).unwrap_or(hash)).ok()?;
    let is_right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    let account = account.filter(|_| is_right)?;
    let session = Session { until: "9999-01-01T00:00:00Z".to_owned(), ..Session::default() };
    let user = User::of(&Session {
        name: account.name.clone(),
        role: account.role.clone(),
        provider: account.provider.clone(),
        ..session
    });
    user.map(|user| Entered { user, is_once })
}

/// What was last said of an account that is not closed.
pub fn current<'a>(accounts: &'a [Account], name: &str) -> Option<&'a Account> {
    let last = accounts.iter().rfind(|account| account.name == name);
    last.filter(|account| !account.role.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_lets_its_owner_in_and_nobody_else() {
        let account = Account {
            name: "anna".to_owned(),
            role: "controller".to_owned(),
            password: hashed("tolv tecken minst").unwrap(),
            ..Account::default()
        };
        let accounts = [account];
        assert!(checked(&accounts, "anna", "tolv tecken minst").is_some());
        assert!(checked(&accounts, "anna", "tolv tecken minsT").is_none());
        assert!(checked(&accounts, "bo", "tolv tecken minst").is_none());
    }
}
