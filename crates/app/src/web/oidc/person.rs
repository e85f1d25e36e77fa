//! What the claims of a token make somebody here.
//!
//! Owns: role and provider by the table of the settings, and that a name belongs to one person for ever. Does not own: whether the token
//! is to be believed (`provider`).
//!
//! Claims `{"sub":"7","preferred_username":"anna","groups":["vk-controllers"]}` and `{ value = "vk-controllers", role = "controller" }`
//! are the controller `anna`.

use super::settings::Settings;
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::web::account::{User, current, is_of_service, refuse_name, service_mark};
use crate::web::rights::Role;
use serde_json::Value;
use store::Account;

/// Somebody as the claims have them.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    /// Name, role and provider.
    pub user: User,
    /// Whose the name is: a hash of issuer and subject.
    pub mark: String,
}

/// Whether somebody of a role can be of a provider or clinic.
pub type Known<'k> = &'k dyn Fn(Role, &str) -> bool;

/// Somebody of claims that hold. `known` says whether there is such a provider, or clinic, for a role.
pub fn of(settings: &Settings, claims: &Value, known: Known<'_>) -> Result<Person, Failure> {
    let name = texts(claim(claims, &settings.name_claim));
    let [name] = name.as_slice() else {
        let claim = &settings.name_claim;
        return Err(Failure::refused(
            format!(
                "identitetstjänsten säger inte vad du heter (`{claim}`); den som sköter systemet behöver rätta inställningen"
            ),
            format!(
                "the identity service does not say your name (`{claim}`); whoever runs the system must mend the settings"
            ),
        ));
    };
    refuse_name(name).map_err(|_shown_nowhere| {
        let claim = &settings.name_claim;
        Failure::refused(
            format!("`{claim}` från identitetstjänsten kan inte stå i loggen: 1–64 bokstäver, siffror, punkter eller bindestreck, och inte ett personnummer"),
            format!("`{claim}` of the identity service cannot stand in the log: 1–64 letters, digits, dots or hyphens, and not a personal number"),
        )
    })?;
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or("");
    if subject.is_empty() {
        return Err(Failure::refused("identitetsbeviset saknar `sub`", "the token has no `sub`"));
    }
    let (role, provider) = role(settings, claims, known)?;
    Ok(Person {
        user: User { name: (*name).to_owned(), role, provider },
        mark: service_mark(&settings.issuer, subject),
    })
}

fn role(
    settings: &Settings,
    claims: &Value,
    known: Known<'_>,
) -> Result<(Role, Option<String>), Failure> {
    let has = texts(claim(claims, &settings.role_claim));
    let of = settings.role.iter().find(|of| has.contains(&of.value.as_str()));
    let Some((of, role)) = of.and_then(|of| Some((of, Role::parse(&of.role)?))) else {
        return Err(Failure::refused(
            "du har ingen roll här: identitetstjänsten släppte in dig, men inget av det den säger om dig ger en roll i Vårdkedja; be den som sköter behörigheter om en",
            "you have no role here: the identity service let you in, but nothing that it says of you gives a role in Vårdkedja; ask whoever manages access for one",
        ));
    };
    if !role.is_of_one() {
        return Ok((role, None));
    }
    let own = settings.provider_claim.as_ref().map(|name| texts(claim(claims, name)));
    let own = own.unwrap_or_default();
    // An organisation may be in the table twice: as the provider, and as the clinic.
    let of_claim = settings.provider.iter().filter(|of| own.contains(&of.value.as_str()));
    let one = match &of.provider {
        Some(one) => Some(one).filter(|one| known(role, one)),
        None => of_claim.map(|of| &of.provider).find(|one| known(role, one)),
    };
    match (one, role) {
        (Some(one), _) => Ok((role, Some(one.clone()))),
        (None, Role::ClinicCare) => Err(Failure::refused(
            "identitetstjänsten säger inte vilken förlossningsklinik här som är din; den som sköter systemet behöver lägga till den",
            "the identity service does not say which delivery clinic here is yours; whoever runs the system must add it",
        )),
        (None, _) => Err(Failure::refused(
            "identitetstjänsten säger inte vilken vårdgivare här som är din; den som sköter systemet behöver lägga till den",
            "the identity service does not say which provider here is yours; whoever runs the system must add it",
        )),
    }
}

/// A claim by its name, or by a path with dots (`realm_access.roles`).
fn claim<'c>(claims: &'c Value, name: &str) -> Option<&'c Value> {
    claims.get(name).or_else(|| name.split('.').try_fold(claims, |within, part| within.get(part)))
}

fn texts(claim: Option<&Value>) -> Vec<&str> {
    match claim {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The user whom a person is here, kept as an account without a password. Who has come before keeps the name of then, so that nobody
/// attests what they put down under another; a name that is somebody else's is refused, and a closed account stays closed.
pub fn bound(data: &DataFolder, person: Person) -> Result<User, Failure> {
    let accounts = data.accounts()?;
    let before = accounts.iter().rfind(|account| account.password == person.mark);
    let mut user = person.user;
    if let Some(before) = before {
        let last = accounts.iter().rfind(|account| account.name == before.name);
        if last.is_some_and(|last| last.role.is_empty() && last.password == person.mark) {
            return Err(Failure::refused(
                "kontot är stängt här; be en administratör om du behöver det",
                "the account is closed here; ask an administrator if you need it",
            ));
        }
        user.name.clone_from(&before.name);
    }
    let last = accounts.iter().rfind(|account| account.name == user.name);
    let is_anothers = last.is_some_and(|last| {
        last.password != person.mark && (!last.role.is_empty() || is_of_service(&last.password))
    });
    if is_anothers {
        let name = &user.name;
        return Err(Failure::refused(
            format!(
                "namnet `{name}` är redan någon annans konto här; en administratör behöver stänga det först"
            ),
            format!(
                "the name `{name}` is somebody else's account here; an administrator must close it first"
            ),
        ));
    }
    let provider = user.provider.clone().unwrap_or_default();
    let is_kept = current(&accounts, &user.name)
        .is_some_and(|kept| kept.role == user.role.name() && kept.provider == provider);
    if !is_kept {
        let account = Account {
            name: user.name.clone(),
            role: user.role.name().to_owned(),
            provider,
            password: person.mark,
            by: user.name.clone(),
            at: crate::engine::now(),
        };
        data.say_of_account(&account, false)?;
        data.end_sessions_of(&user.name)?;
    }
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings() -> Settings {
        toml::from_str(
            r#"issuer = "https://id.example"
            client_id = "vk"
            address = "https://vk.example"
            role_claim = "realm_access.roles"
            provider_claim = "org"
            [[role]]
            value = "auditors"
            role = "auditor"
            [[role]]
            value = "controllers"
            role = "controller"
            [[role]]
            value = "clinics"
            role = "provider"
            [[role]]
            value = "chain"
            role = "clinic-care"
            [[role]]
            value = "chain-south"
            role = "clinic-care"
            provider = "south"
            [[provider]]
            value = "SE1"
            provider = "clinic-ab"
            [[provider]]
            value = "SE1"
            provider = "north"
            [[provider]]
            value = "SE2"
            provider = "gone-ab""#,
        )
        .unwrap()
    }

    fn made(claims: &Value) -> Result<Person, Failure> {
        of(&settings(), claims, &|role, one| match role {
            Role::ClinicCare => one == "north" || one == "south",
            _ => one == "clinic-ab",
        })
    }

    fn claims(roles: &Value, org: &str) -> Value {
        json!({"sub": "7", "preferred_username": "anna", "realm_access": {"roles": roles}, "org": org})
    }

    #[test]
    fn the_first_role_of_the_file_that_fits_is_theirs() {
        let person = made(&claims(&json!(["x", "controllers", "auditors"]), "")).unwrap();
        assert_eq!((person.user.name.as_str(), person.user.role), ("anna", Role::Auditor));
        let person = made(&claims(&json!("controllers"), "")).unwrap();
        assert_eq!(person.user.role, Role::Controller);
    }

    #[test]
    fn a_provider_is_of_an_organisation_that_is_known() {
        let person = made(&claims(&json!(["clinics"]), "SE1")).unwrap();
        assert_eq!(person.user.provider.as_deref(), Some("clinic-ab"));
        for org in ["", "SE2", "SE3", "clinic-ab"] {
            assert!(made(&claims(&json!(["clinics"]), org)).is_err(), "{org}");
        }
    }

    #[test]
    fn who_works_with_a_chain_is_of_one_clinic_that_is_known() {
        let person = made(&claims(&json!(["chain"]), "SE1")).unwrap();
        assert_eq!(
            (person.user.role, person.user.provider.as_deref()),
            (Role::ClinicCare, Some("north"))
        );
        let person = made(&claims(&json!(["chain-south"]), "SE1")).unwrap();
        assert_eq!(person.user.provider.as_deref(), Some("south"), "the role says which");
        for org in ["", "SE2", "SE3", "north", "clinic-ab"] {
            let why = made(&claims(&json!(["chain"]), org)).unwrap_err().text();
            assert!(why.sv.contains("vilken förlossningsklinik"), "{org}: {}", why.sv);
        }
    }

    #[test]
    fn who_has_no_role_no_name_or_a_personal_number_for_a_name_is_refused() {
        assert!(made(&claims(&json!(["x"]), "")).is_err());
        assert!(made(&claims(&json!([]), "")).is_err());
        let mut unnamed = claims(&json!(["auditors"]), "");
        unnamed["preferred_username"] = json!(null);
        assert!(made(&unnamed).is_err());
        unnamed["preferred_username"] = json!("191212121212");
        let why = made(&unnamed).unwrap_err().text();
        assert!(why.sv.contains("personnummer") && !why.sv.contains("1912"), "{}", why.sv);
    }
}
