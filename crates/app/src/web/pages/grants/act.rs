//! Doing something with the money of a grant: what is asked for, what it would come to, and entering it.
//!
//! Owns: the forms. Does not own: whether it may be done (`commands::grant`).

use super::one::{DONE, posts};
use crate::commands::grant::account::post_label;
use crate::commands::grant::acts::{ADMINISTRATION, Act, Entry, Written};
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::web::ask::{Ask, missing, sent_day};
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Mood, Page};
use crate::web::query::Query;
use crate::web::route::Done;
use crate::words;
use kernel::fact::ActKind;
use kernel::grant::{Account, account};

/// The fields that an act is made of, in the address and in forms.
const FIELDS: [&str; 9] =
    ["atgard", "fran", "till", "belopp", "mottagare", "mandat", "dag", "beslutare", "arende"];

/// A field as typed, or as the address has it.
fn given<'a>(ask: &'a Ask, name: &str) -> &'a str {
    ask.typed.value(name).or_else(|| ask.query.value(name)).unwrap_or("")
}

fn kind(ask: &Ask) -> Result<ActKind, Failure> {
    ActKind::parse(given(ask, "atgard")).ok_or_else(missing)
}

fn asked(ask: &Ask) -> Result<Act, Failure> {
    let kind = kind(ask)?;
    let some = |name: &str| Some(given(ask, name).to_owned()).filter(|text| !text.is_empty());
    let on = some("dag").as_deref().map(sent_day).transpose()?;
    let grant = ask.param("grant").to_owned();
    let has_post = !matches!(kind, ActKind::Receive | ActKind::Account);
    let from = if has_post { some("fran").unwrap_or(grant) } else { grant };
    let amount = match kind {
        ActKind::Account => None,
        _ => Some(given(ask, "belopp").to_owned()),
    };
    let (who, user) = (some("beslutare"), &ask.user.name);
    let by = format!("{} (infört av {user})", who.as_deref().unwrap_or(ADMINISTRATION));
    Ok(Act {
        done: vec![(kind, amount)],
        from,
        to: some("till").filter(|_| kind == ActKind::Reallocate),
        mandate: some("mandat").filter(|_| kind == ActKind::Reallocate),
        recipient: some("mottagare").filter(|_| kind == ActKind::Pay),
        entry: Entry { on, id: None, by: Some(by), case_number: some("arende"), preview: false },
    })
}

/// An act as it may be entered. What is written wrongly is refused like what may not be done, so that it can be mended in the form.
fn written(data: &DataFolder, ask: &Ask) -> Result<Written, Failure> {
    let written = asked(ask).and_then(|act| Written::new(data, &act));
    let written = written.map_err(|why| match why {
        Failure::Usage(text) => Failure::Refused(text, Vec::new()),
        other => other,
    })?;
    // A post of another grant than the one of the page is no post here.
    if written.grant == ask.param("grant") { Ok(written) } else { Err(missing()) }
}

/// Tries an act and goes to what it would come to; nothing is entered.
pub(super) fn tried(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    written(data, ask)?;
    let mut query = Query::default();
    for name in FIELDS {
        if !given(ask, name).is_empty() {
            query.push(name, given(ask, name));
        }
    }
    query.push("provad", "1");
    Ok(Done::new(format!("/statsbidrag/{}/gor{}", ask.param("grant"), query.written()), ""))
}

/// Enters an act.
pub(super) fn entered(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let written = written(data, ask)?;
    let id = written.id.clone();
    let revision = written.enter(data)?;
    let told = match ask.lang {
        crate::output::Lang::Sv => format!("Infört som {id}, revision {revision}."),
        crate::output::Lang::En => format!("Entered as {id}, revision {revision}."),
    };
    Ok(Done::new(format!("/statsbidrag/{}", ask.param("grant")), told))
}

/// The form of an act; with what it would come to where it was tried.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let (place, grant) = (&ask.place, ask.param("grant"));
    let (register, today) = (place.data.register(), place.today);
    let settled = place.settled()?;
    let before = account(register, u32::MAX, grant, today, settled).ok_or_else(missing)?;
    let kind = kind(ask)?;
    let said = DONE.iter().find(|(one, ..)| *one == kind);
    let said = said.map_or("", |(_, sv, en)| ask.lang.pick(sv, en));
    let page = Page::new(said)
        .under(ask.say("Statsbidrag och ramar", "Grants and frames"), "/statsbidrag")
        .under(super::label_of(&before.tree), format!("/statsbidrag/{grant}"));
    let is_tried = ask.query.value("provad").is_some() && ask.problem.is_none();
    if !is_tried {
        return Ok(page.with(form(ask, kind, &before)).with(posts(ask, &before, "posts")).into());
    }
    let written = match written(&place.data, ask) {
        Ok(written) => written,
        // It was admitted when it was tried; something else was entered since.
        Err(why) => {
            let text = crate::web::render::sentence(&ask.of(&why.text()));
            return Ok(page.notice(Mood::Refused, text).with(form(ask, kind, &before)).into());
        }
    };
    let after = written.register_after(register);
    let through = today.max(written.on);
    let after = account(&after, u32::MAX, grant, through, settled).ok_or_else(missing)?;
    let amount = kernel::money::Money::parse(given(ask, "belopp")).unwrap_or_default();
    let lead = format!(
        "{} {} ({}), {}.",
        ask.say("Förs in i registret som", "Is entered in the register as"),
        written.id,
        ask.of(&words::act(kind)),
        written.on
    );
    let button = match kind {
        ActKind::Account => said.to_owned(),
        _ => format!("{said} {amount}"),
    };
    let mut confirm =
        Form::new(format!("/statsbidrag/{grant}/gor"), button).lead(lead.as_str()).binding();
    for name in FIELDS {
        confirm = confirm.hidden(name, given(ask, name));
    }
    let mut back = ask.query.clone();
    back = back.with(&[("provad", "")]);
    let change = (
        ask.say("Ändra", "Change").to_owned(),
        format!("/statsbidrag/{grant}/gor{}", back.written()),
    );
    Ok(page
        .notice(
            Mood::Info,
            ask.say("Prövat; inget är infört än.", "Tried; nothing is entered yet."),
        )
        .heading(ask.say("Så blir det", "What it comes to"))
        .with(posts(ask, &after, "after"))
        .with(confirm)
        .with(crate::web::page::Block::Links(vec![change]))
        .heading(ask.say("Så är det nu", "As it is now"))
        .with(posts(ask, &before, "before"))
        .into())
}

fn form(ask: &Ask, kind: ActKind, account: &Account<'_>) -> Form {
    let grant = &account.tree.grant.id;
    let line = |name: &str, sv: &'static str, en: &'static str| {
        Field::new(ask, name, ask.say(sv, en), Input::Line, ask.query.given(name))
    };
    let chosen = |name: &str, label: &str, choice: Vec<(String, String)>| {
        Field::new(ask, name, label, Input::Choice(choice), ask.query.given(name))
    };
    let choices = || -> Vec<(String, String)> {
        let post = |post: &kernel::grant::Post<'_>| {
            let name = match post.branch {
                None => ask.say("(ofördelat)", "(unallocated)"),
                Some(_) => post_label(account, post),
            };
            let left = ask.say("kvar", "left");
            (post.id.to_owned(), format!("{name}, {left} {}", post.sums.left()))
        };
        account.posts.iter().map(post).collect()
    };
    let button = ask.say("Pröva och visa", "Try and show");
    let mut form = Form::new(format!("/statsbidrag/{grant}/prova"), button)
        .lead(ask.say(
            "Inget förs in förrän du har sett vad det blir och bekräftat.",
            "Nothing is entered until you have seen what it comes to and confirmed.",
        ))
        .hidden("atgard", kind.name());
    if !matches!(kind, ActKind::Receive | ActKind::Account) {
        let label = match kind {
            ActKind::Reallocate => ask.say("Från post", "From post"),
            _ => ask.say("Post", "Post"),
        };
        form = form.field(chosen("fran", label, choices()));
    }
    if kind == ActKind::Reallocate {
        let mut mandates = vec![(String::new(), ask.say("inget", "none").to_owned())];
        mandates.extend(account.mandates.iter().map(|used| {
            let room = used.room.map_or_else(String::new, |room| format!(", {room}"));
            (used.mandate.id.clone(), format!("{}{room}", used.mandate.holder))
        }));
        form = form
            .field(chosen("till", ask.say("Till post", "To post"), choices()))
            .field(chosen("mandat", ask.say("Enligt mandat", "Under mandate"), mandates));
    }
    if kind != ActKind::Account {
        let amount = line("belopp", "Belopp", "Amount");
        form = form.field(
            amount
                .hint(ask.say("Som 1 200 000 kr eller 1,2 mkr", "Such as 1 200 000 kr or 1,2 mkr"))
                .required(),
        );
    }
    if kind == ActKind::Pay {
        form = form.field(line("mottagare", "Mottagare", "Recipient").required());
    }
    let day = Field::new(ask, "dag", ask.say("Dag", "Day"), Input::Day, ask.query.given("dag"));
    form.field(day.hint(ask.say("I dag om inget anges", "Today if nothing is given")))
        .field(line("beslutare", "Beslutat av", "Decided by").hint(ADMINISTRATION))
        .field(line("arende", "Ärendenummer", "Case number"))
}
