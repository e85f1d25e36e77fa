//! A proposal: what it says and changes, and its approval by a second person.

use super::draft::file_of;
use crate::commands::register::judge;
use crate::data::{DataFolder, Radius};
use crate::engine;
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::html::{Html, escaped};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::rights::{Reach, Right};
use crate::web::route::Done;
use crate::web::table::{Cell, Table, money, text};
use crate::web::work::{Found, found};
use kernel::fact::Decision;
use kernel::finding::Finding;
use kernel::journal::is_same_person;
use kernel::money::Money;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use store::Proposal;

/// What a decision would change of what is settled.
pub(super) enum Effect {
    /// It is being computed.
    Waits,
    /// It is this.
    Made(Arc<Radius>),
}

/// What a decision would change, by its text.
pub(super) fn effect(ask: &Ask, body: &str, decision: &Decision) -> Result<Effect, Failure> {
    let key = format!("radius {}", store::files::sha256(body.as_bytes()));
    let (place, decision) = (Arc::clone(&ask.place), decision.clone());
    let made = found(ask, &key, move || place.data.clone().radius(vec![decision]))?;
    Ok(match made {
        Found::Made(radius) => Effect::Made(radius),
        Found::Waits(_) => Effect::Waits,
    })
}

impl Effect {
    /// With what it says on a page.
    pub(super) fn on(&self, ask: &Ask, page: Page) -> Page {
        let page = page.with(Block::Heading {
            id: "verkan".to_owned(),
            text: ask.say("Vad beslutet ändrar", "What the decision changes").to_owned(),
        });
        let Self::Made(radius) = self else {
            let told = ask.say(
                "Verkan räknas. Öppna eller granska sidan igen om en stund.",
                "The effect is being computed. Open or check the page again in a while.",
            );
            return page.notice(Mood::Info, told);
        };
        let fact = |sv, en, cell: Cell| (ask.say(sv, en).to_owned(), cell);
        let mut facts = vec![
            fact("Kontakter", "Contacts", radius.contacts.into()),
            fact("Enheter", "Units", radius.units.len().into()),
            fact("Avräknade vårdmånader", "Settled months of care", radius.months.len().into()),
            fact("Varav stängda", "Of them closed", radius.closed.len().into()),
            fact("Rättelse", "Correction", radius.total.to_string().into()),
        ];
        if radius.shadow != Money::ZERO {
            let shadow = radius.shadow.to_string();
            facts.push(fact("Skuggbelopp, betalas inte", "Shadow, not paid", shadow.into()));
        }
        page.with(Block::Facts(facts)).with(by_unit(ask, radius))
    }
}

fn by_unit(ask: &Ask, radius: &Radius) -> Table {
    let mut sums: BTreeMap<(&str, &str), (Money, &str, String)> = BTreeMap::new();
    for (key, amount) in &radius.sums {
        let months = key.care_month.to_string();
        let sum = sums.entry((&key.unit, &key.element));
        let sum = sum.or_insert_with(|| (Money::ZERO, &key.payee, months.clone()));
        sum.0 += *amount;
        if !sum.2.ends_with(&months) {
            let first = sum.2.split('–').next().unwrap_or("").to_owned();
            sum.2 = format!("{first}–{months}");
        }
    }
    let labels = &ask.place.labels;
    let rows = sums.into_iter().map(|((unit, element), (amount, _, months))| {
        vec![
            Cell::from(labels.unit(unit)).to(format!("/vardgivare/enhet/{unit}")),
            labels.element(element).into(),
            months.into(),
            amount.into(),
        ]
    });
    let columns = vec![
        text("unit", "Enhet", "Unit"),
        text("element", "Ersättning", "Element"),
        text("months", "Vårdmånader", "Months of care"),
        money("amount_ore", "Rättelse", "Correction").summed(),
    ];
    let empty = ask.say(
        "Inget som är avräknat ändras; beslutet gäller det som kommer.",
        "Nothing that is settled changes; the decision is about what is to come.",
    );
    let caption = ask
        .say("Rättelse per enhet i nästa avräkning", "Correction by unit in the next settlement");
    Table::new("radius", caption, columns).rows(rows).empty(empty).origin(ask.place.origin())
}

/// A text with its lines numbered, and what is wrong marked on its line.
pub(super) fn numbered(toml: &str, findings: &[Finding]) -> Html {
    let mut out = String::from("<ol class=\"lines\">");
    for (number, line) in (1_u32..).zip(toml.lines()) {
        let is_wrong = findings.iter().any(|finding| finding.line == number);
        let class = if is_wrong { " class=\"wrong\"" } else { "" };
        let _infallible =
            write!(out, "<li id=\"rad-{number}\"{class}><code>{}</code></li>", escaped(line));
    }
    out.push_str("</ol>");
    Html::raw(out)
}

/// A day and an hour from a moment.
fn moment(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}

/// The proposals that wait, on the page of decisions.
pub(super) fn waiting(ask: &Ask, page: Page) -> Result<Page, Failure> {
    let all = ask.place.data.proposals()?;
    let row = |proposal: &Proposal| {
        let end = proposal.end.as_ref();
        vec![
            Cell::from(proposal.decision_id.as_str())
                .to(format!("/beslut/forslag/{}", proposal.seq)),
            proposal.by.as_str().into(),
            moment(&proposal.at).into(),
            outcome(ask, proposal).into(),
            end.map_or("", |end| end.by.as_str()).into(),
            end.map_or("", |end| end.note.as_str()).into(),
        ]
    };
    let columns = || {
        vec![
            text("decision", "Beslut", "Decision"),
            text("by", "Skrivet av", "Written by"),
            text("at", "När", "When"),
            text("outcome", "Läge", "State"),
            text("ended_by", "Av", "By"),
            text("note", "Anteckning", "Note"),
        ]
    };
    let (open, ended): (Vec<&Proposal>, Vec<&Proposal>) =
        all.iter().partition(|one| one.end.is_none());
    let empty = ask.say(
        "Här står förslag som någon har skrivit och någon annan ska godkänna. Inget väntar.",
        "Proposals that somebody has written and another is to approve stand here. None waits.",
    );
    let caption = ask.say("Väntar på godkännande", "Waiting for approval");
    let table = Table::new("waiting", caption, columns()).rows(open.into_iter().map(row));
    let page = page.with(table.empty(empty).short());
    if ended.is_empty() {
        return Ok(page);
    }
    let caption = ask.say("Avslutade förslag", "Ended proposals");
    let table = Table::new("ended", caption, columns()).rows(ended.into_iter().rev().map(row));
    Ok(page.with(Block::Fold(caption.to_owned(), vec![table.into()])))
}

fn outcome(ask: &Ask, proposal: &Proposal) -> &'static str {
    match proposal.end.as_ref().map(|end| end.outcome.as_str()) {
        None => ask.say("väntar på godkännande", "waits for approval"),
        Some("approved") => ask.say("godkänt", "approved"),
        Some("refused") => ask.say("avslaget", "refused"),
        Some(_) => ask.say("tillbakadraget", "withdrawn"),
    }
}

/// Shows a proposal.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    if ask.reach(Right::SeeAmounts) != Reach::All {
        return Err(missing());
    }
    let proposal = ask.place.data.proposal(ask.param("seq"))?;
    let fact = |sv, en, cell: Cell| (ask.say(sv, en).to_owned(), cell);
    let mut facts = vec![
        fact("Läge", "State", outcome(ask, &proposal).into()),
        fact("Skrivet av", "Written by", proposal.by.as_str().into()),
        fact("När", "When", moment(&proposal.at).into()),
    ];
    if let Some(end) = &proposal.end {
        facts.push(fact("Avslutat av", "Ended by", end.by.as_str().into()));
        facts.push(fact("Avslutat", "Ended", moment(&end.at).into()));
        facts.push(fact("Anteckning", "Note", end.note.as_str().into()));
    }
    let title = format!("{}: {}", ask.say("Förslag", "Proposal"), proposal.decision_id);
    let mut page =
        Page::new(title).under(ask.say("Beslut", "Decisions"), "/beslut").with(Block::Facts(facts));
    let text = Block::Raw(numbered(&proposal.body, &[]));
    let summary = ask.say("Beslutet som fil", "The decision as a file");
    if proposal.end.is_some() {
        if proposal.end.as_ref().is_some_and(|end| end.outcome == "approved") {
            let link = ask.say("Till beslutet", "To the decision").to_owned();
            let url = format!("/beslut/{}", proposal.decision_id);
            page = page.with(Block::Links(vec![(link, url)]));
        }
        return Ok(page.with(Block::Fold(summary.to_owned(), vec![text])).into());
    }
    let (decision, findings) = judge(&ask.place.data, &proposal.file, &proposal.body);
    for finding in findings.iter().filter(|finding| finding.refuses) {
        page =
            page.notice(Mood::Attention, crate::web::render::sentence(&ask.of(&finding.message)));
    }
    let Some(decision) = decision else { return Ok(page.with(text).into()) };
    page = page.with(super::told::rates(ask, &decision));
    let effect = effect(ask, &proposal.body, &decision)?;
    page = effect.on(ask, page);
    if matches!(effect, Effect::Waits) && ask.problem.is_none() {
        page.again = Some(2);
    }
    page = page.with(Block::Fold(summary.to_owned(), vec![text]));
    Ok(with_forms(ask, page, &proposal, &effect).into())
}

fn with_forms(ask: &Ask, page: Page, proposal: &Proposal, effect: &Effect) -> Page {
    let base = format!("/beslut/forslag/{}", proposal.seq);
    let note = |label| Field::new(ask, "note", label, Input::Line, "");
    let is_own = is_same_person(&proposal.by, &ask.user.name);
    if is_own && ask.may(Right::Propose) {
        let told = ask.say(
            "Du har skrivit förslaget. Någon annan ska godkänna det.",
            "You wrote the proposal. Somebody else is to approve it.",
        );
        let withdraw = Form::new(
            format!("{base}/dra-tillbaka"),
            ask.say("Dra tillbaka förslaget", "Withdraw the proposal"),
        );
        let label = ask.say("Anteckning", "Note");
        return page.notice(Mood::Info, told).with(withdraw.field(note(label)));
    }
    if !ask.may(Right::Approve) {
        return page;
    }
    let binds = match effect {
        Effect::Waits => ask.say("Godkänn och registrera", "Approve and register").to_owned(),
        Effect::Made(radius) => format!(
            "{}: {} ({} {})",
            ask.say("Godkänn och registrera", "Approve and register"),
            radius.total,
            radius.contacts,
            ask.say("kontakter", "contacts")
        ),
    };
    let lead = ask.say(
        "Beslutet registreras i dag med ditt namn som den som godkände, och kan inte ändras sedan. Nästa avräkning får rättelserna.",
        "The decision is registered today with your name as the one who approved, and cannot be changed then. The next settlement has the corrections.",
    );
    let approve = Form::new(format!("{base}/godkann"), binds).lead(lead).binding();
    let refuse =
        Form::new(format!("{base}/avsla"), ask.say("Avslå förslaget", "Refuse the proposal"));
    let why = ask.say("Varför det avslås", "Why it is refused");
    page.with(approve.field(note(ask.say("Anteckning", "Note"))))
        .with(refuse.field(note(why).required()))
}

/// Refuses a text that cannot be recorded, with the lines of what is wrong.
pub fn whole(data: &DataFolder, file: &str, body: &str) -> Result<Decision, Failure> {
    let (decision, findings) = judge(data, file, body);
    let findings = findings.into_iter().map(|mut finding| {
        if finding.line > 0 {
            finding.message.sv = format!("rad {}: {}", finding.line, finding.message.sv);
            finding.message.en = format!("line {}: {}", finding.line, finding.message.en);
        }
        finding
    });
    engine::refuse(findings.collect())?;
    let decision = decision.ok_or_else(missing)?;
    crate::commands::grant::admit(data, &[(engine::today(), decision.clone())])?;
    Ok(decision)
}

/// Keeps a proposal.
pub(super) fn propose(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let body = ask.typed.given("toml").replace("\r\n", "\n");
    let decision = whole(data, &file_of(&body), &body)?;
    let seq = data.propose(&decision, &body, &ask.user.name)?;
    let told = ask.say(
        "Förslaget är sparat. Någon annan ska godkänna det.",
        "The proposal is kept. Somebody else is to approve it.",
    );
    Ok(Done::new(format!("/beslut/forslag/{seq}"), told))
}

/// Approves a proposal.
pub(super) fn approve(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let proposal = data.proposal(ask.param("seq"))?;
    let decision = whole(data, &proposal.file, &proposal.body)?;
    let note = ask.typed.value("note").unwrap_or("");
    data.approve_proposal(&proposal, &decision, &ask.user.name, note)?;
    let told = ask.say(
        "Beslutet är registrerat. Nästa avräkning får rättelserna.",
        "The decision is registered. The next settlement has the corrections.",
    );
    Ok(Done::new(format!("/beslut/{}", decision.id), told))
}

/// Sends a proposal back.
pub(super) fn refuse(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let proposal = data.proposal(ask.param("seq"))?;
    data.refuse_proposal(&proposal, &ask.user.name, ask.typed.value("note").unwrap_or(""))?;
    Ok(Done::new("/beslut", ask.say("Förslaget är avslaget.", "The proposal is refused.")))
}

/// Takes back a proposal of one's own.
pub(super) fn withdraw(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let proposal = data.proposal(ask.param("seq"))?;
    data.withdraw_proposal(&proposal, &ask.user.name, ask.typed.value("note").unwrap_or(""))?;
    Ok(Done::new("/beslut", ask.say("Förslaget är tillbakadraget.", "The proposal is withdrawn.")))
}
