//! Writing a decision: the form, its text, what is wrong with it, and what it would change.

use super::proposal::{Effect, effect, numbered};
use super::written::written;
use crate::commands::register::judge;
use crate::failure::Failure;
use crate::output::Cell as Told;
use crate::web::ask::Ask;
use crate::web::form::{Field, Form, Input};
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::table::{Cell, Table, count, text};
use crate::words;
use kernel::fact::Fact;
use kernel::finding::Finding;
use kernel::time::Period;

/// The fields of a rate: blank again once the rate stands in the text.
const RATE: [&str; 10] = [
    "replaces",
    "rate",
    "element",
    "label",
    "amount",
    "was",
    "valid_from",
    "valid_to",
    "when",
    "anchor",
];

/// The file that the text of a decision is.
pub fn file_of(text: &str) -> String {
    let id = text.lines().find_map(|line| line.trim().strip_prefix("id"));
    let id = id.and_then(|rest| rest.split('"').nth(1)).unwrap_or("");
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let id: String = id.chars().filter(is_plain).collect();
    if id.is_empty() { "beslut.toml".to_owned() } else { format!("{id}.toml") }
}

/// The form; with what was typed, the text it makes, checked.
pub(super) fn show(ask: &Ask) -> Result<Answer, Failure> {
    let lead = ask.say(
        "Skriv beslutet och dess nivåer. Inget sparas förrän du väljer det, och inget gäller förrän någon annan har godkänt.",
        "Write the decision and its rates. Nothing is kept until you say so, and nothing is in force until somebody else has approved.",
    );
    let mut page = Page::new(ask.say("Registrera ett beslut", "Register a decision"))
        .under(ask.say("Beslut", "Decisions"), "/beslut")
        .lead(lead);
    if ask.typed.pairs().next().is_none() {
        return Ok(page.with(form(ask, None)).into());
    }
    let toml = written(&ask.typed, |rate| body_of(ask, rate));
    let (decision, findings) = judge(&ask.place.data, &file_of(&toml), &toml);
    page = page.heading(ask.say("Beslutet som fil", "The decision as a file"));
    page = page.with(Block::Raw(numbered(&toml, &findings)));
    page = page.with(found(ask, &findings));
    let is_whole = !findings.iter().any(|finding| finding.refuses);
    if let Some(decision) = decision.filter(|_| is_whole) {
        page = page.with(super::told::rates(ask, &decision));
        let effect = effect(ask, &toml, &decision)?;
        page = effect.on(ask, page);
        let lead = match effect {
            Effect::Waits => ask.say(
                "Verkan räknas fortfarande; den visas på förslagets sida.",
                "The effect is still being computed; it is shown on the page of the proposal.",
            ),
            Effect::Made(_) => ask.say(
                "Förslaget sparas med ditt namn. Det ändrar inget förrän någon annan har godkänt det.",
                "The proposal is kept with your name. It changes nothing until somebody else has approved it.",
            ),
        };
        let save = Form::new("/beslut/forslag", ask.say("Spara som förslag", "Keep as a proposal"));
        page = page.with(save.lead(lead).binding().hidden("toml", &toml));
    } else {
        let told = ask.say(
            "Beslutet kan inte sparas förrän felen är rättade.",
            "The decision cannot be kept until the errors are mended.",
        );
        page = page.notice(Mood::Refused, told);
    }
    page = page.heading(ask.say("Ändra", "Change"));
    Ok(page.with(form(ask, Some(&toml))).into())
}

/// What is wrong, with its lines.
fn found(ask: &Ask, findings: &[Finding]) -> Table {
    let row = |finding: &Finding| {
        let line = i64::from(finding.line);
        let line = if line > 0 { Cell::from(line).to(format!("#rad-{line}")) } else { "".into() };
        vec![
            line,
            words::severity(ask.lang, finding.severity).into(),
            ask.of(&finding.message).into(),
            Cell::from(Told::from(finding.code.name())),
        ]
    };
    let columns = vec![
        count("line", "Rad", "Line"),
        text("severity", "Allvar", "Severity"),
        text("message", "Vad", "What"),
        text("code", "Kod", "Code"),
    ];
    let empty = ask.say("Inga fel och inget att titta på.", "No errors and nothing to look at.");
    let caption = ask.say("Vad kontrollen säger", "What the check says");
    Table::new("findings", caption, columns).rows(findings.iter().map(row)).empty(empty).short()
}

/// The text of the decision that states a rate.
fn body_of(ask: &Ask, rate: &str) -> Option<String> {
    let states = |fact: &Fact| matches!(fact, Fact::Rate(one) if one.id.as_str() == rate);
    let mut log = ask.place.data.register().log().iter();
    let found = log.find(|one| one.decision.facts.iter().any(|stated| states(&stated.fact)))?;
    let bodies = ask.place.data.recorded_bodies().ok()?;
    let is_it = |(id, _): &(String, String)| id.as_str() == found.decision.id.as_str();
    bodies.into_iter().find(is_it).map(|(_, body)| body)
}

fn form(ask: &Ask, toml: Option<&str>) -> Form {
    let mut form = Form::new("/beslut/nytt", ask.say("Granska", "Check"));
    match toml {
        Some(toml) => {
            let label = ask.say("Beslutets text", "Text of the decision");
            let hint = ask.say(
                "Beslutsfilen (TOML). Ändra här det som formuläret saknar.",
                "The decision file (TOML). Change here what the form lacks.",
            );
            let rows = u32::try_from(toml.lines().count()).unwrap_or(20).clamp(8, 30);
            let mut field = Field::new(ask, "toml", label, Input::Lines(rows), "").hint(hint);
            toml.clone_into(&mut field.value);
            form = form.field(field);
        }
        None => form = head(ask, form),
    }
    let mut fields = rate_fields(ask);
    if toml.is_some() {
        let of_rate = |field: &&mut Field| RATE.contains(&field.name.as_str());
        fields.iter_mut().filter(of_rate).for_each(|field| field.value.clear());
    }
    fields.into_iter().fold(form, Form::field)
}

fn head(ask: &Ask, form: Form) -> Form {
    let field = |name, sv, en, input| Field::new(ask, name, ask.say(sv, en), input, "");
    form.field(
        field("id", "Beslutets id", "Id of the decision", Input::Line)
            .hint(ask.say(
                "Som hsn-2023-01-hojning: små bokstäver, siffror, bindestreck.",
                "As hsn-2023-01-raise: small letters, digits, hyphens.",
            ))
            .required(),
    )
    .field(field("body", "Instans", "Body", Input::Line).hint("HSN").required())
    .field(
        field("known_from", "Känt fr.o.m.", "Known from", Input::Day)
            .hint(ask.say("Senast då var beslutet känt.", "The decision was known by then."))
            .required(),
    )
    .field(
        field("decided_on", "Beslutat", "Decided on", Input::Day)
            .hint(ask.say("Bara om en källa säger det.", "Only if a source says so.")),
    )
    .field(
        field("case_number", "Diarienummer", "Case number", Input::Line)
            .hint(ask.say("Bara om en källa säger det.", "Only if a source says so.")),
    )
    .field(field("source", "Källans titel", "Title of the source", Input::Line))
    .field(field("url", "Källans adress", "Address of the source", Input::Line))
}

fn rate_fields(ask: &Ask) -> Vec<Field> {
    let field = |name, sv, en, input| Field::new(ask, name, ask.say(sv, en), input, "");
    let none =
        ask.say("ingen: en ny ersättning, eller ingen nivå", "none: a new element, or no rate");
    let mut choices = vec![(String::new(), none.to_owned())];
    let view = ask.place.data.register().view(u32::MAX);
    let today = ask.place.today;
    let valid = |valid: Period| valid.until > today.plus(-1_500);
    for rate in view.rates_in_force().filter(|rate| valid(rate.fact.valid)) {
        let amount = super::value::amount(ask, rate.fact);
        let label = rate.stated.label.as_deref().unwrap_or(rate.fact.element.as_str());
        let text = format!("{label}: {} ({})", amount.shown(), rate.fact.id);
        choices.push((rate.fact.id.to_string(), text));
    }
    choices.sort_by(|a, b| (!a.0.is_empty(), &a.1).cmp(&(!b.0.is_empty(), &b.1)));
    vec![
        field("replaces", "En nivå: ersätter", "A rate: replaces", Input::Choice(choices)).hint(
            ask.say(
                "Form, vikter och villkor behålls från det som ersätts. Flera nivåer: granska, och fyll i nästa.",
                "Form, weights and condition are kept from what is replaced. More rates: check, and fill in the next.",
            ),
        ),
        field("amount", "Belopp", "Amount", Input::Line).hint("14 200 kr"),
        field("was", "Var", "Was", Input::Line)
            .hint(ask.say("Kontrolleras mot det som ersätts.", "Compared with what is replaced.")),
        field("valid_from", "Gäller fr.o.m.", "Valid from", Input::Day),
        field("valid_to", "Gäller t.o.m.", "Valid to", Input::Day)
            .hint(ask.say("Tomt: tills vidare.", "Blank: until further notice.")),
        field("when", "Annat villkor", "Other condition", Input::Line)
            .hint("{ kind = [\"delivery\"], holds = [\"continuity\"] }"),
        field("anchor", "Frasen i källan", "The phrase in the source", Input::Line).hint(ask.say(
            "Ordagrant, med beloppet.",
            "Word for word, with the amount.",
        )),
        field("rate", "Nivåns id", "Id of the rate", Input::Line)
            .hint(ask.say("Tomt: bildas av det som ersätts och dagen.", "Blank: made of what is replaced and the day.")),
        field("element", "Ny ersättnings id", "Id of a new element", Input::Line),
        field("label", "Vad den kallas", "What it is called", Input::Line),
    ]
}
