//! `explain`: why a contact is paid what it is paid.
//!
//! Owns: the words. Does not own: which rates apply or what they come to (`kernel::explain`).

pub(crate) mod paper;
pub(crate) mod words;

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Lang, Out, number, text};
use crate::workbook;
use kernel::contact::{ContactRow, Contacts, ReportKind, Reports};
use kernel::explain::{Explanation, RateExplanation, explain};
use kernel::finding::Text;
use kernel::known::Span;
use kernel::price::{Judgement, Pricer, Reason};
use kernel::register::View;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ExplainJson<'a> {
    contact: &'a str,
    unit: &'a str,
    care_date: String,
    known_on: String,
    origin: &'static str,
    agreement: Option<&'a str>,
    regime: Option<&'static str>,
    payer: Option<&'a str>,
    unpriced: Option<&'static str>,
    elements: Vec<ElementJson<'a>>,
    total_ore: i64,
    total: String,
    shadow_ore: i64,
    shadow: String,
}

#[derive(Serialize, JsonSchema)]
struct ElementJson<'a> {
    element: &'a str,
    label: &'a str,
    applies: bool,
    reason: String,
    rate: &'a str,
    valid_from: String,
    valid_to: Option<String>,
    decision: &'a str,
    body: &'a str,
    case_number: Option<&'a str>,
    decided_on: Option<String>,
    known_from: String,
    retroactive: bool,
    anchor: Option<&'a str>,
    source: Option<&'a str>,
    quantity: i64,
    arithmetic: Option<String>,
    amount_ore: i64,
    amount: Option<String>,
    payer: Option<&'a str>,
    regime: Option<&'static str>,
    payable: bool,
    illustrative: bool,
    unverified: bool,
}

/// Explains a contact of a data folder.
pub fn run(
    out: Out,
    folder: &Path,
    contact: &str,
    known_on: Option<Day>,
    by: &str,
) -> Result<Outcome, Failure> {
    run_with_file(out, folder, contact, known_on, None, by)
}

/// Runs `explain`, which may write a file beside the output.
pub fn run_with_file(
    out: Out,
    folder: &Path,
    contact: &str,
    known_on: Option<Day>,
    file: Option<&Path>,
    by: &str,
) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    if let Some(path) = file {
        paper::admit(path, data.origin().name())?;
    }
    let log = || data.log_access(by, "explain", "", contact, 1, "");
    write(out, &data, contact, known_on.unwrap_or_else(engine::today), file, log)
}

/// Explains one contact of an open data folder; `log` keeps that it was shown, before it is.
pub fn write(
    out: Out,
    data: &DataFolder,
    contact: &str,
    known_on: Day,
    file: Option<&Path>,
    log: impl FnOnce() -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let register = data.register();
    let view = register.view(register.as_of(known_on));
    let mut pricer = Pricer::new(view.clone());
    let reports = &data.reports_for(contact, &pricer)?;
    let (contacts, at) = find(reports, &view, contact, known_on)?;
    let Some(row) = contacts.row(at) else { return Err(unexplained()) };
    pricer.classify(reports);
    let Some(explanation) = explain(&mut pricer, reports, &contacts, at)? else {
        return Err(unexplained());
    };
    let origin = data.origin();
    let json = json(out, reports, &row, contact, &explanation, known_on, origin);
    log()?;
    if let Some(path) = file {
        let unit = data.labels().unit(explanation.unit).shown().to_owned();
        let told =
            paper::Told { reports, row: &row, unit, contact, explanation: &explanation, known_on };
        workbook::write_whole(path, &paper::pdf(out.lang, data.is_synthetic(), &told)?)?;
    }
    match out.format {
        Format::Json => out.json(&json)?,
        Format::Csv => out.table(&HEADS, &cells(&json))?,
        Format::Table => {
            out.synthetic_band(data.is_synthetic());
            tell(out, reports, &row, contact, &explanation, known_on);
        }
    }
    Ok(Outcome::Done)
}

fn unexplained() -> Failure {
    Failure::refused("kontakten går inte att förklara", "the contact cannot be explained")
}

const HEADS: [Head; 9] = [
    text("contact", "Kontakt", "Contact"),
    text("element", "Ersättningsslag", "Element"),
    text("rate", "Nivå", "Rate"),
    text("applies", "Gäller", "Applies"),
    text("reason", "Skäl", "Reason"),
    number("amount_ore", "Belopp", "Amount"),
    text("payable", "Betalas", "Payable"),
    text("decision", "Beslut", "Decision"),
    text("origin", "Ursprung", "Origin"),
];

fn cells(json: &ExplainJson<'_>) -> Vec<Vec<Cell>> {
    let row = |element: &ElementJson<'_>| {
        vec![
            json.contact.into(),
            element.element.into(),
            element.rate.into(),
            element.applies.to_string().into(),
            element.reason.as_str().into(),
            element.amount_ore.to_string().into(),
            element.payable.to_string().into(),
            element.decision.into(),
            json.origin.into(),
        ]
    };
    json.elements.iter().map(row).collect()
}

/// The contacts in force as known on a day and the row of one, or why it is not in force.
pub(crate) fn find(
    reports: &Reports,
    view: &View<'_>,
    contact: &str,
    known_on: Day,
) -> Result<(Contacts, usize), Failure> {
    let Some(number) = reports.contact_ids.find(contact) else {
        return Err(Failure::refused(
            format!("ingen kontakt har id `{contact}`"),
            format!("no contact has the id `{contact}`"),
        ));
    };
    let span = Span { known_on, through: known_on, batches: u32::MAX };
    let resolver = kernel::known::Resolver::new(reports, view);
    let all = kernel::known::in_force(reports, &resolver, &span, 0..reports.contacts()).contacts;
    if let Ok(at) = all.contact.binary_search(&number) {
        return Ok((all, at));
    }
    let known = kernel::known::in_force(reports, &resolver, &span, number..number + 1);
    let rejected = known.rejected.keys().next();
    let why = match (rejected, known.cancelled) {
        (Some(code), _) => Text::new(
            format!("dess rapporter är avvisade, {}", crate::words::code(Lang::Sv, *code)),
            format!("its reports are rejected, {}", crate::words::code(Lang::En, *code)),
        ),
        (None, 1..) if only_cancellations(reports, number) => Text::new(
            "den är aldrig rapporterad, bara makulerad",
            "it was never reported, only cancelled",
        ),
        (None, 1..) => Text::new(
            "den är makulerad och ingenting betalas; före makuleringen visas den med --known-on",
            "it is cancelled and nothing is paid; see it before the cancellation with --known-on",
        ),
        _ => Text::new("den var inte rapporterad än", "it was not reported yet"),
    };
    Err(Failure::refused(
        format!("kontakten `{contact}` gäller inte {known_on}: {}", why.sv),
        format!("the contact `{contact}` is not in force on {known_on}: {}", why.en),
    ))
}

fn only_cancellations(reports: &Reports, contact: u32) -> bool {
    reports.of_contact(contact).all(|report| report.kind == ReportKind::Cancellation)
}

fn json<'a>(
    out: Out,
    reports: &Reports,
    row: &ContactRow,
    contact: &'a str,
    explanation: &'a Explanation<'_, '_>,
    known_on: Day,
    origin: store::Origin,
) -> ExplainJson<'a> {
    let rates = explanation.rates.iter();
    let elements = rates.map(|told| element(out, reports, row, explanation, told)).collect();
    ExplainJson {
        contact,
        unit: explanation.unit,
        care_date: explanation.care_date.to_string(),
        known_on: known_on.to_string(),
        origin: origin.name(),
        agreement: explanation.under.as_ref().map(|under| under.agreement.fact.id.as_str()),
        regime: regime(explanation),
        payer: explanation.payer,
        unpriced: explanation.unpriced.map(|reason| reason.name()),
        elements,
        total_ore: explanation.total.ore(),
        total: explanation.total.to_string(),
        shadow_ore: explanation.shadow.ore(),
        shadow: explanation.shadow.to_string(),
    }
}

fn regime(explanation: &Explanation<'_, '_>) -> Option<&'static str> {
    explanation.under.as_ref().map(|under| under.agreement.fact.form.name())
}

fn element<'a>(
    out: Out,
    reports: &Reports,
    row: &ContactRow,
    explanation: &Explanation<'_, 'a>,
    told: &'a RateExplanation<'_, '_>,
) -> ElementJson<'a> {
    let known = &told.rate.known;
    let rate = known.fact;
    let line = match &told.judgement {
        Judgement::Line(line) => Some(line),
        Judgement::Not(_) => None,
    };
    ElementJson {
        element: rate.element.as_str(),
        label: known.stated.label.as_deref().unwrap_or(rate.element.as_str()),
        applies: line.is_some(),
        reason: out.lang.of(&words::reason(reports, row, told)).to_owned(),
        rate: rate.id.as_str(),
        valid_from: rate.valid.from.to_string(),
        valid_to: rate.valid.last().map(|day| day.to_string()),
        decision: known.decision.id.as_str(),
        body: &known.decision.body,
        case_number: known.decision.case_number.as_deref(),
        decided_on: known.decision.decided_on.map(|day| day.to_string()),
        known_from: known.decision.known_from.to_string(),
        retroactive: row.care_date < known.decision.known_from,
        anchor: known.stated.anchor.as_deref(),
        source: known.decision.source.as_ref().map(|source| source.title.as_str()),
        quantity: i64::from(line.is_some()),
        arithmetic: told.arithmetic.as_ref().map(|how| {
            out.lang.of(&words::arithmetic(how, line.map(|line| line.amount))).to_owned()
        }),
        amount_ore: line.map_or(0, |line| line.amount.ore()),
        amount: line.map(|line| line.amount.to_string()),
        payer: line.and(explanation.payer),
        regime: regime(explanation),
        payable: line.is_some_and(|line| line.payable),
        illustrative: told.rate.illustrative,
        unverified: told.rate.unverified,
    }
}

/// Whether something is paid, in a few words.
fn verdict(explanation: &Explanation<'_, '_>) -> Text {
    let is_paid = explanation
        .rates
        .iter()
        .any(|told| matches!(&told.judgement, Judgement::Line(line) if line.payable));
    match (explanation.unpriced, is_paid) {
        (Some(Reason::IncludedInPeriod), _) => Text::new(
            "Ingenting betalas för besöket för sig: periodersättningen betalas en gång, för ett annat besök",
            "Nothing is paid for this visit by itself: pay by period is paid once, for another visit",
        ),
        (Some(_), _) => Text::new(
            "Inget betalas förrän kontakten har ett pris",
            "Nothing is paid until the contact has a price",
        ),
        (None, true) => Text::new("Detta betalas", "This is paid"),
        (None, false) => {
            Text::new("Detta räknas men betalas inte", "This is computed but not paid")
        }
    }
}

fn tell(
    out: Out,
    reports: &Reports,
    row: &ContactRow,
    contact: &str,
    explanation: &Explanation<'_, '_>,
    known_on: Day,
) {
    let (unit, care_date) = (explanation.unit, explanation.care_date);
    out.say(
        &format!(
            "Kontakt {contact} vid {unit}, vård {care_date}, enligt vad som var känt {known_on}"
        ),
        &format!("Contact {contact} at {unit}, care {care_date}, as known on {known_on}"),
    );
    for line in words::head(explanation) {
        out.say(&line.sv, &line.en);
    }
    let applies = |told: &&RateExplanation<'_, '_>| matches!(told.judgement, Judgement::Line(_));
    let verdict = verdict(explanation);
    out.say(&format!("\n{}", verdict.sv), &format!("\n{}", verdict.en));
    for told in by_history(explanation.rates.iter().filter(applies)) {
        for line in words::applied(told, explanation) {
            out.say(&line.sv, &line.en);
        }
    }
    let (total, shadow) = (explanation.total, explanation.shadow);
    if explanation.unpriced.is_none() {
        out.say(&format!("  Summa att betala {total}"), &format!("  Total to pay {total}"));
    }
    if shadow != kernel::money::Money::ZERO {
        out.say(
            &format!("  Skuggbelopp {shadow}: räknas men betalas inte, eftersom uppdraget ersätts genom budgeten"),
            &format!("  Shadow {shadow}: computed but not paid, since the assignment is paid by the budget"),
        );
    }
    out.say("\nDetta prövades och gäller inte", "\nThis was looked at and does not apply");
    let not = explanation.rates.iter().filter(|told| !applies(told));
    let (far, near): (Vec<_>, Vec<_>) = not.partition(|told| is_for_others(told));
    for told in by_history(near.into_iter()) {
        let reason = words::reason(reports, row, told);
        let label = words::label(told);
        out.say(&format!("  {label}: {}", reason.sv), &format!("  {label}: {}", reason.en));
    }
    if !far.is_empty() {
        let count = far.len();
        out.say(
            &format!("  {count} nivåer för andra slags kontakter eller enheter (alla med --format json)"),
            &format!("  {count} rates for other kinds of contacts or units (all of them with --format json)"),
        );
    }
}

/// In the order they came to apply, which is how the amount grew.
pub(crate) fn by_history<'e, 'p, 'r>(
    rates: impl Iterator<Item = &'e RateExplanation<'p, 'r>>,
) -> Vec<&'e RateExplanation<'p, 'r>>
where
    'r: 'p,
    'p: 'e,
{
    let mut rates: Vec<_> = rates.collect();
    rates.sort_by_key(|told| told.rate.known.fact.valid.from);
    rates
}

/// Whether a rate is for another kind of contact, area or unit altogether.
pub(crate) fn is_for_others(told: &RateExplanation<'_, '_>) -> bool {
    use kernel::price::{Key, Obstacle};
    let others = [Key::Kind, Key::Area, Key::Unit, Key::AreaClass];
    matches!(&told.judgement, Judgement::Not(Obstacle::Condition(key)) if others.contains(key))
}
