//! `grant pay`, `grant reallocate`, `grant report` and the other acts: each is entered in the register as a decision.
//!
//! Owns: the ratebook text of an act. Does not own: whether it may be entered (`admit`), or how it is kept (`data`).
//!
//! `grant pay kulturdoula-2025 --amount "1 mkr" --recipient Kulturdoula` appends a file with one `[[grant_act]]`.

use super::account::{AccountJson, tell_account};
use super::admit;
use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Out};
use crate::ratebook;
use kernel::fact::{ActKind, Decision, Fact, GrantAct};
use kernel::grant::{account, decided_trees};
use kernel::id::is_kebab;
use kernel::money::Money;
use kernel::register::Register;
use kernel::register::check::check_files;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

/// An act to enter.
#[derive(Debug)]
pub struct Act {
    /// What is done, with its amount as written; an account has none. A report may come with what is paid back.
    pub done: Vec<(ActKind, Option<String>)>,
    /// The post it is taken from or about; a grant for what is received or accounted for.
    pub from: String,
    /// The post it is moved to.
    pub to: Option<String>,
    /// The mandate it rests on.
    pub mandate: Option<String>,
    /// Who is paid.
    pub recipient: Option<String>,
    /// How it is entered.
    pub entry: Entry,
}

/// How an act is entered.
#[derive(Debug)]
pub struct Entry {
    /// The day it was done; default today.
    pub on: Option<Day>,
    /// Id of the decision or act; made of what is done otherwise.
    pub id: Option<String>,
    /// Who decided or did it.
    pub by: Option<String>,
    /// Case number; of an account, the state's.
    pub case_number: Option<String>,
    /// Show what it would come to, enter nothing.
    pub preview: bool,
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct EnteredJson<'a> {
    decision: &'a str,
    revision: Option<u32>,
    account: AccountJson<'a>,
}

/// An act written as a decision that may be entered.
#[derive(Clone)]
pub(crate) struct Written {
    /// Id of the decision.
    pub id: String,
    /// The grant.
    pub grant: String,
    /// The day it was done.
    pub on: Day,
    today: Day,
    decision: Decision,
    body: String,
}

impl Written {
    /// Writes an act; refuses one that takes more than there is, or cannot be entered for another reason.
    pub fn new(data: &DataFolder, act: &Act) -> Result<Self, Failure> {
        if act.to.as_deref() == Some(act.from.as_str()) {
            return Err(Failure::usage(
                format!("`{}` är både från och till; ingenting skulle flyttas", act.from),
                format!("`{}` is both from and to; nothing would be moved", act.from),
            ));
        }
        let today = engine::today();
        let grant = grant_of(data.register(), &act.from)?;
        let on = act.entry.on.unwrap_or(today);
        let id = match &act.entry.id {
            Some(id) => id.clone(),
            None => {
                refuse_repeated(data.register(), act, on)?;
                free_id(data.register(), act, on)
            }
        };
        if !is_kebab(&id) {
            return Err(Failure::usage(
                format!("`{id}` är inget id; skriv små bokstäver, siffror och bindestreck"),
                format!("`{id}` is no id; write lower-case letters, digits and hyphens"),
            ));
        }
        let body = text_of(act, &grant, &id, on, today, holder(data.register(), act))?;
        let (decision, findings) = ratebook::read_text(&format!("{id}.toml"), &body);
        engine::refuse(findings)?;
        let Some(decision) = decision else {
            return Err(Failure::refused(
                format!("åtgärden `{id}` går inte att läsa som beslut"),
                format!("the act `{id}` cannot be read as a decision"),
            ));
        };
        refuse_faulty(data.register(), &decision)?;
        admit(data, &[(today, decision.clone())])?;
        Ok(Self { id, grant, on, today, decision, body })
    }

    /// Enters it; gives its revision.
    pub fn enter(self, data: &mut DataFolder) -> Result<u32, Failure> {
        data.append(vec![(self.today, self.decision, self.body)])
    }

    /// A register with the act in it.
    pub fn register_after(&self, register: &Register) -> Register {
        let mut after = register.clone();
        after.record(self.today, Arc::new(self.decision.clone()));
        after
    }
}

/// Enters an act, or shows what it would come to.
pub fn run(out: Out, folder: &Path, act: &Act) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let written = Written::new(&data, act)?;
    let register = written.register_after(data.register());
    let Written { id, grant, on, today, .. } = written.clone();
    let revision = if act.entry.preview { None } else { Some(written.enter(&mut data)?) };
    let settled = data.settled()?;
    let through = today.max(on);
    let Some(told) = account(&register, u32::MAX, &grant, through, &settled) else {
        return Err(unknown_post(&register, &act.from));
    };
    match out.format {
        Format::Json => {
            let account = AccountJson::new(&told, through, data.origin().name());
            out.json(&EnteredJson { decision: &id, revision, account })?;
        }
        _ => {
            match revision {
                Some(revision) => out.say(
                    &format!("infört som `{id}`, revision {revision}"),
                    &format!("entered as `{id}`, revision {revision}"),
                ),
                None => out.say(
                    &format!("`{id}` skulle ge detta; inget är infört"),
                    &format!("`{id}` would give this; nothing is entered"),
                ),
            }
            out.synthetic_band(data.is_synthetic() && told.total.settled != Money::ZERO);
            tell_account(out, &told, data.origin().name())?;
        }
    }
    Ok(Outcome::Done)
}

/// The decided grant that has a post, or is it.
pub(crate) fn grant_of(register: &Register, post: &str) -> Result<String, Failure> {
    let trees = decided_trees(register, u32::MAX);
    let has = |tree: &&kernel::grant::Tree<'_>| {
        tree.grant.id == post
            || tree.headings.iter().any(|heading| {
                heading.id == post || heading.items.iter().any(|item| item.id == post)
            })
    };
    let found = trees.iter().find(has).map(|tree| tree.grant.id.clone());
    found.ok_or_else(|| unknown_post(register, post))
}

fn unknown_post(register: &Register, post: &str) -> Failure {
    let trees = decided_trees(register, u32::MAX);
    let mut known: Vec<&str> = Vec::new();
    for tree in &trees {
        known.push(&tree.grant.id);
        for heading in &tree.headings {
            known.push(heading.id);
            known.extend(heading.items.iter().map(|item| item.id));
        }
    }
    let known = known.join(", ");
    Failure::refused(
        format!("inget beslutat statsbidrag har posten `{post}`; beslutade är: {known}"),
        format!("no decided grant has the post `{post}`; decided are: {known}"),
    )
}

fn holder<'r>(register: &'r Register, act: &Act) -> Option<&'r str> {
    let mandate = act.mandate.as_deref()?;
    let mut facts = register.log().iter().flat_map(|recorded| &recorded.decision.facts);
    facts.find_map(|stated| match &stated.fact {
        Fact::Mandate(one) if one.id == mandate => Some(one.holder.as_str()),
        _ => None,
    })
}

/// The same done to the same post on the same day is most likely the same act; one that is not is given an id.
fn refuse_repeated(register: &Register, act: &Act, on: Day) -> Result<(), Failure> {
    let same = |entered: &GrantAct| {
        act.done.iter().any(|(kind, amount)| {
            let amount = amount.as_deref().map_or(Ok(Money::ZERO), Money::parse);
            let takes = entered.from.as_deref().unwrap_or(&entered.grant) == act.from;
            *kind == entered.kind
                && (entered.on, entered.to.as_deref()) == (on, act.to.as_deref())
                && amount.is_ok_and(|amount| amount == entered.amount)
                && takes
                && (*kind != ActKind::Pay || entered.recipient == act.recipient)
        })
    };
    let mut facts = register.log().iter().flat_map(|recorded| &recorded.decision.facts);
    let known = facts.find_map(|stated| match &stated.fact {
        Fact::GrantAct(entered) if same(entered) => Some(&entered.id),
        _ => None,
    });
    let Some(known) = known else { return Ok(()) };
    Err(Failure::refused(
        format!("detta är redan infört som `{known}`; är det en till, ge den ett eget id med --id"),
        format!(
            "this is entered already as `{known}`; if it is another, give it an id of its own with --id"
        ),
    ))
}

/// An id that no decision has: what is done, the post and the day, and a number from the second on.
fn free_id(register: &Register, act: &Act, on: Day) -> String {
    let kind = act.done.first().map_or("", |(kind, _)| kind.name());
    let stem = format!("{kind}-{}-{on}", act.to.as_deref().unwrap_or(&act.from));
    let is_free = |id: &String| {
        register.log().iter().all(|recorded| recorded.decision.id.as_str() != id.as_str())
    };
    let numbered = (2..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.clone()).chain(numbered).find(is_free).unwrap_or(stem.clone())
}

/// Who does what nobody else is said to do.
pub(crate) const ADMINISTRATION: &str = "hälso- och sjukvårdsförvaltningen";

fn text_of(
    act: &Act,
    grant: &str,
    id: &str,
    on: Day,
    today: Day,
    holder: Option<&str>,
) -> Result<String, Failure> {
    let by = act.entry.by.as_deref().or(holder).unwrap_or(ADMINISTRATION);
    let mut text =
        format!("[decision]\nid = {}\nbody = {}\nknown_from = {today}\n", quoted(id), quoted(by));
    let key = |text: &mut String, name: &str, value: Option<&str>| {
        if let Some(value) = value {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{name} = {}", quoted(value));
        }
    };
    let is_account = act.done.iter().any(|(kind, _)| *kind == ActKind::Account);
    let case_number = act.entry.case_number.as_deref();
    key(&mut text, "case_number", case_number.filter(|_| !is_account));
    for (kind, amount) in &act.done {
        let act_id = if act.done.len() > 1 { format!("{id}-{kind}") } else { id.to_owned() };
        text.push_str("\n[[grant_act]]\n");
        key(&mut text, "id", Some(&act_id));
        key(&mut text, "act", Some(kind.name()));
        key(&mut text, "grant", Some(grant));
        let _ = writeln!(text, "on = {on}");
        if let Some(amount) = amount {
            key(&mut text, "amount", Some(amount_text(amount)?.as_str()));
        }
        let has_post = !matches!(kind, ActKind::Receive | ActKind::Account);
        key(&mut text, "from", Some(act.from.as_str()).filter(|_| has_post));
        key(&mut text, "to", act.to.as_deref());
        key(&mut text, "mandate", act.mandate.as_deref());
        key(&mut text, "recipient", act.recipient.as_deref().filter(|_| *kind == ActKind::Pay));
        key(&mut text, "case_number", case_number.filter(|_| is_account));
    }
    Ok(text)
}

fn amount_text(written: &str) -> Result<String, Failure> {
    let amount = Money::parse(written).ok().filter(|amount| *amount >= Money::ZERO);
    let amount = amount.ok_or_else(|| {
        Failure::usage(
            format!("`{written}` är inget belopp från 0 kr; skriv till exempel \"1 200 000 kr\" eller \"1,2 mkr\""),
            format!("`{written}` is no amount from 0 kr; write for instance \"1 200 000 kr\" or \"1,2 mkr\""),
        )
    })?;
    Ok(amount.to_string())
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn refuse_faulty(register: &Register, new: &Decision) -> Result<(), Failure> {
    if register.log().iter().any(|recorded| recorded.decision.id == new.id) {
        let id = &new.id;
        return Err(Failure::refused(
            format!("beslutet `{id}` finns redan; välj ett annat id"),
            format!("the decision `{id}` is there already; choose another id"),
        ));
    }
    let earlier = register.log().iter().map(|recorded| recorded.decision.as_ref());
    let all: Vec<&Decision> = earlier.chain([new]).collect();
    engine::refuse(check_files(&all))
}
