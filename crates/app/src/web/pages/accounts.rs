//! Accounts: who may log in, as what, and for which provider.
//!
//! Owns: opening, changing and closing accounts. Does not own: how a password is checked (`account`).

use crate::data::DataFolder;
use crate::engine;
use crate::failure::Failure;
use crate::web::account::{self, current, is_of_service};
use crate::web::ask::Ask;
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::query::encoded;
use crate::web::rights::{Right, Role};
use crate::web::route::{Act, Done, Route};
use crate::web::table::{Cell, Table, text};
use std::collections::BTreeSet;
use store::Account;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/konton", needs: Right::ManageAccounts, show },
    Route { path: "/konton/{name}", needs: Right::ManageAccounts, show: one },
];

/// What is done.
pub const ACTS: &[Act] = &[
    Act { path: "/konton", needs: Right::ManageAccounts, act: open, back: show },
    Act { path: "/konton/{name}/andra", needs: Right::ManageAccounts, act: change, back: one },
    Act { path: "/konton/{name}/losenord", needs: Right::ManageAccounts, act: renew, back: one },
    Act { path: "/konton/{name}/stang", needs: Right::ManageAccounts, act: close, back: one },
];

fn show(ask: &Ask) -> Result<Answer, Failure> {
    let accounts = ask.place.data.accounts()?;
    let names: BTreeSet<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
    let rows = names.into_iter().filter_map(|name| current(&accounts, name)).map(|account| {
        vec![
            Cell::from(account.name.as_str()).to(at(&account.name)),
            role_cell(ask, account),
            provider_cell(ask, account),
            way(ask, account).into(),
            account.by.as_str().into(),
            Cell::moment(&account.at),
        ]
    });
    let columns = vec![
        text("name", "Namn", "Name"),
        text("role", "Roll", "Role"),
        text("provider", "Vårdgivare", "Provider"),
        text("way", "Loggar in med", "Logs in with"),
        text("by", "Senast ändrat av", "Last changed by"),
        text("at", "När (UTC)", "When (UTC)"),
    ];
    let empty = ask.say(
        "Inget konto finns. Det första öppnas med länken som `vardkedja serve` skriver när den startar.",
        "There is no account. The first is opened with the link that `vardkedja serve` writes when it starts.",
    );
    let caption = ask.say("Öppna konton", "Open accounts");
    let table = Table::new("accounts", caption, columns).rows(rows).empty(empty);
    let name = Field::new(ask, "name", ask.say("Namn", "Name"), Input::Line, "").hint(ask.say(
        "Det som personen loggar in med, och som står i loggen.",
        "What the person logs in with, and what stands in the log.",
    ));
    let form = Form::new("/konton", ask.say("Öppna kontot", "Open the account"))
        .lead(ask.say(
            "Ett engångslösenord visas en gång; personen väljer ett eget när hon loggar in.",
            "A one-time password is shown once; the person chooses her own when she logs in.",
        ))
        .field(name.required())
        .field(role_field(ask, ""))
        .field(provider_field(ask, ""));
    Ok(Page::new(ask.say("Konton", "Accounts"))
        .lead(ask.say(
            "Vem som får logga in, som vad och för vilken vårdgivare.",
            "Who may log in, as what and for which provider.",
        ))
        .with(table)
        .heading(ask.say("Nytt konto", "New account"))
        .with(form)
        .into())
}

fn one(ask: &Ask) -> Result<Answer, Failure> {
    let accounts = ask.place.data.accounts()?;
    let name = ask.param("name");
    let Some(account) = current(&accounts, name) else { return Err(Failure::NotThere) };
    let facts: Vec<(String, Cell)> = vec![
        (ask.say("Roll", "Role").into(), role_cell(ask, account)),
        (ask.say("Vårdgivare", "Provider").into(), provider_cell(ask, account)),
        (ask.say("Loggar in med", "Logs in with").into(), way(ask, account).into()),
        (ask.say("Senast ändrat (UTC)", "Last changed (UTC)").into(), Cell::moment(&account.at)),
    ];
    let change =
        Form::new(format!("{}/andra", at(name)), ask.say("Ändra rollen", "Change the role"))
            .lead(ask.say(
                "Personen loggas ut och får den nya rollen vid nästa inloggning.",
                "The person is logged out and has the new role from the next log-in.",
            ))
            .field(role_field(ask, &account.role))
            .field(provider_field(ask, &account.provider));
    let renew = Form::new(
        format!("{}/losenord", at(name)),
        ask.say("Ge ett engångslösenord", "Give a one-time password"),
    )
    .lead(ask.say(
        "Det gamla lösenordet slutar gälla genast och personen loggas ut.",
        "The old password ends at once and the person is logged out.",
    ));
    let close = Form::new(format!("{}/stang", at(name)), ask.say("Stäng kontot", "Close the account"))
        .lead(ask.say(
            "Personen loggas ut genast och kommer inte in igen. Det hon har gjort står kvar i loggen.",
            "The person is logged out at once and does not get in again. What she has done stays in the log.",
        ))
        .binding();
    let page =
        Page::new(name).under(ask.say("Konton", "Accounts"), "/konton").with(Block::Facts(facts));
    let page = if is_of_service(&account.password) {
        page.text(ask.say(
            "Roll och vårdgivare följer av vad identitetstjänsten säger vid varje inloggning.",
            "Role and provider follow from what the identity service says at every log-in.",
        ))
    } else {
        page.heading(ask.say("Roll", "Role"))
            .with(change)
            .heading(ask.say("Lösenord", "Password"))
            .with(renew)
    };
    Ok(page.heading(ask.say("Stänga", "Closing")).with(close).into())
}

fn open(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let name = ask.typed.value("name").unwrap_or("").to_owned();
    account::refuse_name(&name)?;
    if current(&data.accounts()?, &name).is_some() {
        return Err(Failure::refused(
            format!("det finns redan ett konto som heter `{name}`"),
            format!("there is an account named `{name}` already"),
        ));
    }
    let (role, provider) = chosen(ask)?;
    let secret = account::new_secret()?;
    let password = account::once(&secret)?;
    say(data, ask, Account { name: name.clone(), role, provider, password, ..Account::default() })?;
    Ok(told(ask, &name, &secret))
}

fn change(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let account = local(data, ask)?;
    let (role, provider) = chosen(ask)?;
    let name = account.name.clone();
    say(data, ask, Account { role, provider, ..account })?;
    data.end_sessions_of(&name)?;
    Ok(Done::new(at(&name), ask.say("Rollen är ändrad.", "The role is changed.")))
}

fn renew(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let account = local(data, ask)?;
    let (name, secret) = (account.name.clone(), account::new_secret()?);
    say(data, ask, Account { password: account::once(&secret)?, ..account })?;
    data.end_sessions_of(&name)?;
    Ok(told(ask, &name, &secret))
}

fn close(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let account = other(data, ask)?;
    let name = account.name.clone();
    // Whose the name was stays, so that the identity service does not open it again.
    let mark =
        if is_of_service(&account.password) { account.password.clone() } else { String::new() };
    let closed = Account { role: String::new(), password: mark, ..account };
    say(data, ask, closed)?;
    data.end_sessions_of(&name)?;
    Ok(Done::new("/konton", ask.say("Kontot är stängt.", "The account is closed.")))
}

/// The account that the path names. One's own is for another administrator, so that one always remains.
fn other(data: &DataFolder, ask: &Ask) -> Result<Account, Failure> {
    let name = ask.param("name");
    let accounts = data.accounts()?;
    let account = current(&accounts, name).cloned().ok_or(Failure::NotThere)?;
    if account.name == ask.user.name {
        return Err(Failure::refused(
            "ditt eget konto ändras av en annan administratör",
            "your own account is changed by another administrator",
        ));
    }
    Ok(account)
}

/// The same, where its role and password are ours to change.
fn local(data: &DataFolder, ask: &Ask) -> Result<Account, Failure> {
    let account = other(data, ask)?;
    if is_of_service(&account.password) {
        return Err(Failure::refused(
            "kontot är identitetstjänstens: roll och lösenord ändras där; här går det att stänga",
            "the account is the identity service's: role and password are changed there; here it can be closed",
        ));
    }
    Ok(account)
}

fn chosen(ask: &Ask) -> Result<(String, String), Failure> {
    let role = Role::parse(ask.typed.given("role"));
    let Some(role) = role else {
        return Err(Failure::refused("välj en roll", "choose a role"));
    };
    if !role.is_of_one() {
        return Ok((role.name().to_owned(), String::new()));
    }
    let provider = ask.typed.given("provider");
    if !ask.place.is_known_for(role, provider) {
        let (sv, en) = match role {
            Role::ClinicCare => (
                "välj vilken förlossningsklinik kontot är för",
                "choose the delivery clinic that the account is for",
            ),
            _ => (
                "välj vilken vårdgivare kontot är för",
                "choose the provider that the account is for",
            ),
        };
        return Err(Failure::refused(sv, en));
    }
    Ok((role.name().to_owned(), provider.to_owned()))
}

fn say(data: &DataFolder, ask: &Ask, account: Account) -> Result<(), Failure> {
    let account = Account { by: ask.user.name.clone(), at: engine::now(), ..account };
    data.say_of_account(&account, false)?;
    Ok(())
}

/// The one-time password, in the answer itself: it stands in no address, cookie or log, and is not there when the page is asked for again.
fn told(ask: &Ask, name: &str, secret: &str) -> Done {
    let facts = vec![
        (ask.say("Namn", "Name").to_owned(), Cell::from(name)),
        (ask.say("Engångslösenord", "One-time password").to_owned(), Cell::from(secret)),
    ];
    let link = ask.say("Till kontot", "To the account").to_owned();
    let page = Page::new(ask.say("Engångslösenord", "One-time password"))
        .under(ask.say("Konton", "Accounts"), "/konton")
        .notice(
            Mood::Done,
            ask.say(
                "Det visas bara nu. Ge det till personen själv; hon väljer ett eget när hon loggar in.",
                "It is shown only now. Give it to the person herself; she chooses her own when she logs in.",
            ),
        )
        .with(Block::Facts(facts))
        .with(Block::Links(vec![(link, at(name))]));
    Done::once(page)
}

fn at(name: &str) -> String {
    format!("/konton/{}", encoded(name))
}

fn way(ask: &Ask, account: &Account) -> &'static str {
    if is_of_service(&account.password) {
        ask.say("identitetstjänsten", "the identity service")
    } else {
        ask.say("lösenord", "password")
    }
}

fn role_cell(ask: &Ask, account: &Account) -> Cell {
    let shown = Role::parse(&account.role).map_or_else(String::new, |role| role.shown(ask.lang));
    Cell::of(&shown, &account.role)
}

fn provider_cell(ask: &Ask, account: &Account) -> Cell {
    let labels = &ask.place.labels;
    let name = match Role::parse(&account.role) {
        Some(Role::ClinicCare) => labels.unit_name(&account.provider),
        _ => labels.provider_name(&account.provider),
    };
    let name = name.unwrap_or(&account.provider);
    Cell::of(name, &account.provider)
}

fn role_field(ask: &Ask, value: &str) -> Field {
    let roles = Role::ALL.iter().map(|role| (role.name().to_owned(), role.shown(ask.lang)));
    Field::new(ask, "role", ask.say("Roll", "Role"), Input::Choice(roles.collect()), value)
}

fn provider_field(ask: &Ask, value: &str) -> Field {
    let none = (String::new(), ask.say("ingen", "none").to_owned());
    let providers = ask.place.providers().map(|provider| {
        let name = ask.place.labels.provider_name(provider).unwrap_or(provider);
        (provider.to_owned(), name.to_owned())
    });
    let clinics = ask.place.data.delivery_clinics().into_iter().map(|clinic| {
        let name = ask.place.labels.unit_name(&clinic).unwrap_or(&clinic).to_owned();
        let text = format!("{}: {name}", ask.say("klinik", "clinic"));
        (clinic, text)
    });
    let choices = std::iter::once(none).chain(providers).chain(clinics).collect();
    let label = ask.say("Vårdgivare eller klinik", "Provider or clinic");
    Field::new(ask, "provider", label, Input::Choice(choices), value).hint(ask.say(
        "För rollen Vårdgivare en vårdgivare, för vårdkedjans handläggare en klinik.",
        "For the role Provider a provider, for a care chain officer a clinic.",
    ))
}
