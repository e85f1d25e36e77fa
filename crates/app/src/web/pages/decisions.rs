//! Beslut: the register of decisions, proposals and their approval.
//!
//! Owns: the pages and forms. Does not own: what is wrong with a decision (`commands::register::judge`), who may approve (`data`,
//! `web::rights`).

use super::statement::month_name;
use crate::commands::register::judge;
use crate::commands::register::show::fact;
use crate::data::{DataFolder, Radius, is_same_person};
use crate::failure::Failure;
use crate::ratebook;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::html::{Html, escaped};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::rights::Right;
use crate::web::route::{Act, Done, Route};
use crate::web::table::{Cell, Table, count, money, text};
use crate::web::work::{Found, found};
use kernel::fact::{Decision, Fact, Rate, Status};
use kernel::finding::{Finding, Text};
use kernel::money::Money;
use store::Proposal;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route { path: "/beslut", needs: Right::SeeRegister, show: all },
    Route { path: "/beslut/nytt", needs: Right::Propose, show: new },
    Route { path: "/beslut/forslag/{seq}", needs: Right::SeeLog, show: proposal },
    Route { path: "/beslut/{id}", needs: Right::SeeRegister, show: one },
];

/// What is done.
pub const ACTS: &[Act] = &[
    Act { path: "/beslut/nytt", needs: Right::Propose, act: propose, back: new },
    Act {
        path: "/beslut/forslag/{seq}/godkann",
        needs: Right::Approve,
        act: approve,
        back: proposal,
    },
    Act { path: "/beslut/forslag/{seq}/avsla", needs: Right::Approve, act: refuse, back: proposal },
    Act {
        path: "/beslut/forslag/{seq}/dra-tillbaka",
        needs: Right::Propose,
        act: withdraw,
        back: proposal,
    },
];

fn all(ask: &Ask) -> Result<Answer, Failure> {
    let lead = ask.say(
        "Allt som är registrerat, med dagen det blev känt och dagen det fördes in. Ett beslut ändras aldrig; ett nytt ersätter det.",
        "Everything that is recorded, with the day it became known and the day it was entered. A decision never changes; a new one replaces it.",
    );
    let mut page = Page::new(ask.say("Beslut", "Decisions")).lead(lead);
    let mut links = vec![(
        ask.say("Kontrollera en beslutstext", "Check a decision text").to_owned(),
        "/beslut/text".to_owned(),
    )];
    if ask.may(Right::Propose) {
        links.insert(
            0,
            (
                ask.say("Registrera ett beslut", "Register a decision").to_owned(),
                "/beslut/nytt".to_owned(),
            ),
        );
    }
    page = page.with(Block::Links(links));
    if ask.may(Right::SeeLog) {
        page = page.maybe(waiting(ask)?);
    }
    let log = ask.place.data.register().log();
    let rows = log.iter().map(|recorded| {
        let decision = &recorded.decision;
        let id = decision.id.as_str();
        let mut name = Cell::from(id).to(format!("/beslut/{id}"));
        if decision.status == Status::Proposed {
            name = name.mark(ask.say("förslag", "proposed"));
        }
        if decision.illustrative {
            name = name.mark(ask.say("illustrativ", "illustrative"));
        }
        let case = decision.case_number.as_deref();
        vec![
            name,
            Cell::from(decision.body.as_str()),
            case.map_or_else(|| Cell::from(ask.say("ej verifierad", "unverified")), Cell::from),
            Cell::from(decision.decided_on.map_or_else(String::new, |day| day.to_string())),
            Cell::from(decision.known_from.to_string()),
            Cell::from(recorded.recorded_on.to_string()),
            Cell::from(i64::from(recorded.revision)),
            Cell::from(decision.facts.len()),
        ]
    });
    let columns = vec![
        text("id", "Beslut", "Decision"),
        text("body", "Beslutat av", "Decided by"),
        text("case_number", "Diarienummer", "Case number"),
        text("decided_on", "Beslutat", "Decided on"),
        text("known_from", "Känt senast", "Known by"),
        text("recorded_on", "Infört", "Recorded on"),
        count("revision", "Revision", "Revision"),
        count("facts", "Uppgifter", "Facts"),
    ];
    let empty = ask.say("Inga beslut är registrerade.", "No decisions are recorded.");
    Ok(page
        .with(
            Table::new("beslut", ask.say("Registret", "The register"), columns)
                .rows(rows)
                .empty(empty),
        )
        .into())
}

/// Proposals that wait for another person.
fn waiting(ask: &Ask) -> Result<Option<Table>, Failure> {
    let all = ask.place.data.proposals()?;
    let rows: Vec<_> =
        all.iter().filter(|one| one.end.is_none()).map(|one| proposal_row(ask, one)).collect();
    let columns = vec![
        text("proposal", "Förslag", "Proposal"),
        text("decision", "Beslut", "Decision"),
        text("by", "Skrivet av", "Written by"),
        text("at", "När", "When"),
    ];
    let caption =
        ask.say("Väntar på en annan persons godkännande", "Waits for another person's approval");
    Ok((!rows.is_empty()).then(|| Table::new("forslag", caption, columns).rows(rows).short()))
}

fn proposal_row(ask: &Ask, one: &Proposal) -> Vec<Cell> {
    let name = format!("{} {}", ask.say("förslag", "proposal"), one.seq);
    vec![
        Cell::from(name).to(format!("/beslut/forslag/{}", one.seq)),
        Cell::from(one.decision_id.as_str()),
        Cell::from(one.by.as_str()),
        Cell::from(one.at.as_str()),
    ]
}

fn one(ask: &Ask) -> Result<Answer, Failure> {
    let id = ask.param("id");
    let log = ask.place.data.register().log();
    let Some(recorded) = log.iter().find(|one| one.decision.id.as_str() == id) else {
        return Err(missing());
    };
    let decision = &recorded.decision;
    let mut facts = about(ask, decision);
    facts.push((ask.say("Infört", "Recorded on").into(), recorded.recorded_on.to_string().into()));
    facts.push((ask.say("Revision", "Revision").into(), i64::from(recorded.revision).into()));
    let bodies = ask.place.data.recorded_bodies()?;
    let body = bodies.iter().find(|(of, _)| of == id).map(|(_, body)| body.as_str()).unwrap_or("");
    let page = Page::new(id)
        .under(ask.say("Beslut", "Decisions"), "/beslut")
        .with(Block::Facts(facts))
        .with(values(ask, decision))
        .maybe(replacements(ask, decision))
        .with(Block::Fold(
            ask.say("Filen som den registrerades", "The file as recorded").to_owned(),
            vec![toml(body)],
        ));
    Ok(page.into())
}

fn about(ask: &Ask, decision: &Decision) -> Vec<(String, Cell)> {
    let unverified = ask.say("ej verifierad", "unverified");
    let case = decision.case_number.as_deref().unwrap_or(unverified);
    let decided = decision.decided_on.map_or_else(|| unverified.to_owned(), |day| day.to_string());
    let mut facts: Vec<(String, Cell)> = vec![
        (ask.say("Beslutat av", "Decided by").into(), decision.body.as_str().into()),
        (ask.say("Diarienummer", "Case number").into(), case.into()),
        (ask.say("Beslutat", "Decided on").into(), decided.into()),
        (ask.say("Känt senast", "Known by").into(), decision.known_from.to_string().into()),
    ];
    if let Some(source) = &decision.source {
        let title = Cell::from(source.title.as_str());
        let is_web = source.url.as_deref().is_some_and(|url| url.starts_with("https://"));
        let title = if is_web { title.to(source.url.clone().unwrap_or_default()) } else { title };
        facts.push((ask.say("Källa", "Source").into(), title));
    }
    facts
}

fn toml(body: &str) -> Block {
    Block::Raw(Html::raw(format!("<pre class=\"toml\" tabindex=\"0\">{}</pre>", escaped(body))))
}

/// Everything that a decision states, with the phrase it was read in.
fn values(ask: &Ask, decision: &Decision) -> Table {
    let rows = decision.facts.iter().map(|stated| {
        let told = fact::told(&stated.fact);
        let name = Cell::from(told.id.as_str());
        let name = match &stated.fact {
            Fact::Rate(rate) => name.to(format!("/ersattningar/{}", rate.element)),
            _ => name,
        };
        let late = match &stated.fact {
            Fact::Rate(rate) if rate.valid.from < decision.known_from => {
                Some(ask.say("retroaktiv", "retroactive"))
            }
            _ => None,
        };
        let value = told.amount.map_or_else(|| ask.of(&told.value), |amount| amount.to_string());
        let last = told.valid.last().map_or_else(String::new, |last| last.to_string());
        let from = if told.valid.from == kernel::time::Day::MIN {
            String::new()
        } else {
            told.valid.from.to_string()
        };
        vec![
            Cell::from(told.kind),
            name,
            late.into_iter().fold(Cell::from(value), Cell::mark),
            Cell::from(from),
            Cell::from(last),
            Cell::from(stated.anchor.clone().unwrap_or_default()),
        ]
    });
    let columns = vec![
        text("kind", "Slag", "Kind"),
        text("id", "Uppgift", "Fact"),
        text("value", "Värde", "Value"),
        text("valid_from", "Fr.o.m.", "From"),
        text("valid_to", "T.o.m.", "To"),
        text("anchor", "I källan", "In the source"),
    ];
    Table::new("uppgifter", ask.say("Vad beslutet säger", "What the decision says"), columns)
        .rows(rows)
}

/// What the rates of a decision replaced, and what replaced them.
fn replacements(ask: &Ask, decision: &Decision) -> Option<Table> {
    let view = ask.place.data.register().view(u32::MAX);
    let mut rows = Vec::new();
    for stated in &decision.facts {
        let Fact::Rate(rate) = &stated.fact else { continue };
        for replaced in &rate.replaces {
            let by = view
                .rates
                .iter()
                .find(|other| other.fact.id == *replaced)
                .map(|other| other.decision);
            rows.push((
                rate.id.to_string(),
                ask.say("ersatte", "replaced"),
                replaced.to_string(),
                by,
            ));
        }
        for other in view.rates.iter().filter(|other| other.fact.replaces.contains(&rate.id)) {
            rows.push((
                rate.id.to_string(),
                ask.say("ersattes av", "was replaced by"),
                other.fact.id.to_string(),
                Some(other.decision),
            ));
        }
    }
    let columns = vec![
        text("rate", "Nivå", "Rate"),
        text("how", "Hur", "How"),
        text("other", "Nivå", "Rate"),
        text("decision", "Beslut", "Decision"),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(rate, how, other, decision)| {
            let decision = decision.map_or_else(
                || Cell::from(""),
                |decision| Cell::from(decision.id.as_str()).to(format!("/beslut/{}", decision.id)),
            );
            vec![Cell::from(rate), Cell::from(how), Cell::from(other), decision]
        })
        .collect();
    let caption = ask.say("Före och efter", "Before and after");
    (!rows.is_empty()).then(|| Table::new("byten", caption, columns).rows(rows).short())
}

/// The form for a decision: from a rate that is raised, or from nothing.
fn new(ask: &Ask) -> Result<Answer, Failure> {
    let lead = ask.say(
        "Skriv beslutet som en fil. Det sparas som förslag; en annan person godkänner, och först då gäller det.",
        "Write the decision as a file. It is kept as a proposal; another person approves it, and only then does it count.",
    );
    let view = ask.place.data.register().view(u32::MAX);
    let replaced: Vec<&Rate> = view.rates.iter().map(|rate| rate.fact).collect();
    let is_last = |rate: &&Rate| !replaced.iter().any(|other| other.replaces.contains(&rate.id));
    let with_amount = view
        .rates
        .iter()
        .filter(|rate| is_last(&rate.fact) && fact::told(&rate.stated.fact).amount.is_some());
    let mut choices = vec![(String::new(), ask.say("ingen", "none").to_owned())];
    choices.extend(with_amount.map(|rate| {
        let label = rate.stated.label.as_deref().unwrap_or(rate.fact.element.as_str());
        let amount = fact::told(&rate.stated.fact).amount.unwrap_or_default();
        (rate.fact.id.to_string(), format!("{label}: {amount} ({})", rate.fact.id))
    }));
    let given = |name: &str| ask.query.given(name).to_owned();
    let field = |name: &str, sv: &'static str, en: &'static str, input: Input| {
        Field::new(ask, name, ask.say(sv, en), input, &given(name))
    };
    let fill = Form::new("/beslut/nytt", ask.say("Fyll i filen", "Fill in the file"))
        .asking()
        .lead(ask.say(
            "Höjs en nivå? Välj den, så skrivs filen åt dig.",
            "Is a rate raised? Choose it, and the file is written for you.",
        ))
        .field(field("rate", "Nivå som ersätts", "Rate that is replaced", Input::Choice(choices)))
        .field(field("amount", "Nytt belopp", "New amount", Input::Line).hint("15 000 kr"))
        .field(field("from", "Gäller fr.o.m.", "Valid from", Input::Day))
        .field(field("body", "Beslutat av", "Decided by", Input::Line).hint("HSN"))
        .field(
            field("id", "Beslutets id", "Id of the decision", Input::Line)
                .hint("hsn-2026-12-raise"),
        );
    let file =
        Field::new(ask, "toml", ask.say("Filen", "The file"), Input::Lines(22), &filled(ask)?)
            .required();
    let form = Form::new("/beslut/nytt", ask.say("Spara som förslag", "Keep as a proposal"))
        .lead(ask.say(
            "Formen är den som `register load` läser (vardkedja schema ratebook). Ange bara diarienummer och dag som en källa säger.",
            "The form is what `register load` reads (vardkedja schema ratebook). Give a case number and a day only if a source says them.",
        ))
        .binding()
        .field(file);
    let page = Page::new(ask.say("Registrera ett beslut", "Register a decision"))
        .under(ask.say("Beslut", "Decisions"), "/beslut")
        .lead(lead)
        .with(fill)
        .with(form);
    Ok(page.into())
}

/// The file of a raise: the text of the replaced rate with what is new in it.
fn filled(ask: &Ask) -> Result<String, Failure> {
    let Some(rate) = ask.query.value("rate") else { return Ok(String::new()) };
    let view = ask.place.data.register().view(u32::MAX);
    let Some(old) = view.rates.iter().find(|known| known.fact.id.as_str() == rate) else {
        return Err(missing());
    };
    let bodies = ask.place.data.recorded_bodies()?;
    let body =
        bodies.iter().find(|(of, _)| of == old.decision.id.as_str()).map_or("", |(_, body)| body);
    let own = section(body, rate);
    let (today, was) = (ask.place.today, fact::told(&old.stated.fact).amount.unwrap_or_default());
    let value = |name: &str, other: &str| {
        ask.query.value(name).unwrap_or(other).replace(['"', '\\', '\n'], "")
    };
    let id = value("id", "nytt-beslut");
    let mut file = format!(
        "[decision]\nid = \"{id}\"\nbody = \"{}\"\nknown_from = {today}\nunverified = [\"case_number\"]\n\n[[rate]]\nid = \"{id}-{rate}\"\n",
        value("body", "HSN")
    );
    let skipped = [
        "id",
        "amount",
        "was",
        "valid_from",
        "valid_to",
        "replaces",
        "anchor",
        "until",
        "illustrative",
    ];
    for line in own.iter().filter(|line| {
        !skipped.iter().any(|key| line.split('=').next().is_some_and(|k| k.trim() == *key))
    }) {
        file.push_str(line);
        file.push('\n');
    }
    file.push_str(&format!(
        "amount = \"{}\"\nwas = \"{was}\"\nvalid_from = {}\nreplaces = [\"{rate}\"]\n",
        value("amount", &was.to_string()),
        value("from", &today.to_string())
    ));
    Ok(file)
}

/// The lines of a rate in the text of its decision, without its heading.
fn section<'b>(body: &'b str, rate: &str) -> Vec<&'b str> {
    let mut own: Vec<&str> = Vec::new();
    let mut all: Vec<Vec<&str>> = Vec::new();
    for line in body.lines().map(str::trim_end) {
        if line.trim_start().starts_with('[') && !line.contains('=') {
            all.push(std::mem::take(&mut own));
        } else if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            own.push(line);
        }
    }
    all.push(own);
    let is_own = |lines: &Vec<&str>| {
        lines.iter().any(|line| {
            line.split_once('=').is_some_and(|(key, value)| {
                key.trim() == "id" && value.trim().starts_with(&format!("\"{rate}\""))
            })
        })
    };
    all.into_iter().find(is_own).unwrap_or_default()
}

fn propose(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let body = ask.typed.given("toml").replace("\r\n", "\n");
    let (decision, findings) = judge(data, "arbetsplatsen.toml", &body);
    let refusing: Vec<Finding> = findings.into_iter().filter(|finding| finding.refuses).collect();
    let Some(decision) = decision.filter(|_| refusing.is_empty()) else {
        let told = refusing.iter().map(|finding| {
            let line = finding.line;
            Text::new(
                format!("rad {line}: {}", finding.message.sv),
                format!("line {line}: {}", finding.message.en),
            )
        });
        let told: Vec<Text> = told.collect();
        let join = |of: fn(&Text) -> &str| told.iter().map(of).collect::<Vec<_>>().join("; ");
        return Err(Failure::refused(
            format!("beslutet går inte att registrera: {}", join(|text| &text.sv)),
            format!("the decision cannot be recorded: {}", join(|text| &text.en)),
        ));
    };
    let file = format!("{}.toml", decision.id);
    let (decision, _) = ratebook::read_text(&file, &body);
    let Some(decision) = decision else { return Err(missing()) };
    let seq = data.propose(&decision, &body, &ask.user.name)?;
    let told = ask.say(
        "Förslag {} är sparat. En annan person godkänner det.",
        "Proposal {} is kept. Another person approves it.",
    );
    Ok(Done::new(format!("/beslut/forslag/{seq}"), told.replace("{}", &seq.to_string())))
}

fn proposal(ask: &Ask) -> Result<Answer, Failure> {
    let proposal = ask.place.data.proposal(ask.param("seq"))?;
    let title =
        format!("{} {}: {}", ask.say("Förslag", "Proposal"), proposal.seq, proposal.decision_id);
    let (decision, _) = ratebook::read_text(&proposal.file, &proposal.body);
    let Some(decision) = decision else { return Err(missing()) };
    let mut facts = about(ask, &decision);
    facts.push((ask.say("Skrivet av", "Written by").into(), proposal.by.as_str().into()));
    facts.push((ask.say("När", "When").into(), proposal.at.as_str().into()));
    let mut page = Page::new(title)
        .under(ask.say("Beslut", "Decisions"), "/beslut")
        .with(Block::Facts(facts))
        .with(values(ask, &decision));
    if let Some(end) = &proposal.end {
        let text = match end.outcome.as_str() {
            "approved" => ask.say("Godkänt av {}.", "Approved by {}."),
            "refused" => ask.say("Avslaget av {}.", "Refused by {}."),
            _ => ask.say("Återtaget av {}.", "Withdrawn by {}."),
        };
        let text = format!("{} {}", text.replace("{}", &end.by), end.note);
        page = page.notice(Mood::Info, text.trim().to_owned());
    } else {
        let (mut data, of) = (ask.place.data.clone(), decision.clone());
        let key = format!("radius {}", proposal.seq);
        match found(ask, &key, move || data.radius(vec![of]))? {
            Found::Waits(waits) => return Ok(waits.into()),
            Found::Made(radius) => page = with_radius(ask, page, &radius),
        }
        page = with_forms(ask, page, &proposal);
    }
    let fold = ask.say("Filen", "The file").to_owned();
    Ok(page.with(Block::Fold(fold, vec![toml(&proposal.body)])).into())
}

/// What the decision would change of what is settled.
fn with_radius(ask: &Ask, page: Page, radius: &Radius) -> Page {
    let facts = vec![
        (ask.say("Kontakter", "Contacts").to_owned(), Cell::from(radius.contacts)),
        (ask.say("Enheter", "Units").to_owned(), Cell::from(radius.units.len())),
        (
            ask.say("Avräknade månader", "Settled months").to_owned(),
            Cell::from(radius.months.len()),
        ),
        (ask.say("varav stängda", "of which closed").to_owned(), Cell::from(radius.closed.len())),
        (ask.say("Att betala mer (kr)", "More to pay (kr)").to_owned(), Cell::from(radius.total)),
        (ask.say("Skuggbelopp (kr)", "Shadow (kr)").to_owned(), Cell::from(radius.shadow)),
    ];
    let mut units: std::collections::BTreeMap<&str, Money> = std::collections::BTreeMap::new();
    for (key, amount) in &radius.sums {
        *units.entry(&key.unit).or_default() += *amount;
    }
    let rows = units.into_iter().map(|(unit, amount)| {
        let name = ask.place.labels.unit_name(unit).unwrap_or(unit);
        vec![Cell::of(name, unit).to(format!("/vardgivare/enhet/{unit}")), Cell::from(amount)]
    });
    let columns =
        vec![text("unit", "Enhet", "Unit"), money("amount_ore", "Rättelse", "Correction").summed()];
    let empty = ask.say("Inget som är avräknat ändras.", "Nothing that is settled changes.");
    let caption = ask.say("Enhet för enhet", "Unit by unit");
    let closed: Vec<String> = radius.closed.iter().map(|month| month_name(ask, *month)).collect();
    let page = page
        .heading(
            ask.say("Vad det ändrar av det som är avräknat", "What it changes of what is settled"),
        )
        .with(Block::Facts(facts));
    let page = if closed.is_empty() {
        page
    } else {
        let text = ask.say(
            "Stängda månader berörs och rättas i den öppna: {}.",
            "Closed months are touched and corrected in the open one: {}.",
        );
        page.notice(Mood::Attention, text.replace("{}", &closed.join(", ")))
    };
    page.with(
        Table::new("radie", caption, columns).rows(rows).empty(empty).origin(ask.place.origin()),
    )
}

fn with_forms(ask: &Ask, page: Page, proposal: &Proposal) -> Page {
    let url = |what: &str| format!("/beslut/forslag/{}/{what}", proposal.seq);
    let note =
        |name: &str| Field::new(ask, name, ask.say("Anteckning", "Note"), Input::Lines(2), "");
    let is_own = is_same_person(&proposal.by, &ask.user.name);
    if is_own && ask.may(Right::Propose) {
        let form =
            Form::new(url("dra-tillbaka"), ask.say("Dra tillbaka", "Withdraw")).field(note("note"));
        return page
            .notice(
                Mood::Info,
                ask.say(
                    "Du har skrivit förslaget; en annan person godkänner det.",
                    "You wrote the proposal; another person approves it.",
                ),
            )
            .with(form);
    }
    if is_own || !ask.may(Right::Approve) {
        return page;
    }
    let approve = Form::new(
        url("godkann"),
        ask.say("Godkänn och för in beslutet", "Approve and record the decision"),
    )
    .lead(ask.say(
        "Beslutet förs in med dagens datum; nästa avräkning rättar det som ändras.",
        "The decision is recorded as of today; the next settlement corrects what changes.",
    ))
    .binding()
    .field(note("note"));
    let refuse = Form::new(url("avsla"), ask.say("Avslå", "Refuse")).field(note("why").required());
    page.with(approve).with(refuse)
}

fn approve(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let proposal = data.proposal(ask.param("seq"))?;
    let (decision, findings) = judge(data, &proposal.file, &proposal.body);
    crate::engine::refuse(findings)?;
    let Some(decision) = decision else { return Err(missing()) };
    data.approve_proposal(&proposal, &decision, &ask.user.name, ask.typed.given("note").trim())?;
    let told = ask.say("Beslutet {} är infört.", "The decision {} is recorded.");
    Ok(Done::new(format!("/beslut/{}", decision.id), told.replace("{}", decision.id.as_str())))
}

fn refuse(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let proposal = data.proposal(ask.param("seq"))?;
    data.refuse_proposal(&proposal, &ask.user.name, ask.typed.given("why").trim())?;
    Ok(Done::new("/beslut", ask.say("Förslaget är avslaget.", "The proposal is refused.")))
}

fn withdraw(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    let proposal = data.proposal(ask.param("seq"))?;
    data.withdraw_proposal(&proposal, &ask.user.name, ask.typed.given("note").trim())?;
    Ok(Done::new("/beslut", ask.say("Förslaget är återtaget.", "The proposal is withdrawn.")))
}
