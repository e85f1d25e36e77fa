//! Kontakt: why a contact is paid what it is paid, and what would have been otherwise.
//!
//! Owns: the page that can be printed and sent to a clinic. Does not own: amounts, reasons (`kernel::explain`) or their words
//! (`commands::explain`). Of the woman it shows nothing but the clinic's own contact number.

use crate::commands::explain::{by_history, find, is_for_others, words};
use crate::data::{Otherwise, YesNo};
use crate::failure::Failure;
use crate::web::ask::{Ask, missing};
use crate::web::form::{Field, Form, Input};
use crate::web::html::Html;
use crate::web::page::{Answer, Block, Mood, Page};
use crate::web::query::encoded;
use crate::web::rights::Right;
use crate::web::route::{Act, Route};
use crate::web::table::{Cell, Table, money, text};
use kernel::contact::{ContactRow, ReportKind, Reports};
use kernel::explain::{Explanation, RateExplanation, explain};
use kernel::finding::Text;
use kernel::money::Money;
use kernel::price::{Judgement, Marks, Pricer};
use kernel::time::Day;

/// The pages.
pub const ROUTES: &[Route] =
    &[Route { path: "/kontakt/{contact}", needs: Right::SeeContacts, show: explained }];

/// What is done.
pub const ACTS: &[Act] = &[];

/// The unit of a contact that has been reported.
pub fn unit(ask: &Ask, contact: &str) -> Option<String> {
    unit_of(ask, ask.place.data.loaded_reports()?, contact)
}

fn explained(ask: &Ask) -> Result<Answer, Failure> {
    let contact = ask.param("contact");
    let known_on = ask.day("known_on", ask.place.today)?;
    let Some(reports) = ask.place.data.loaded_reports() else { return Err(missing()) };
    let Some(unit) = unit_of(ask, reports, contact) else { return Err(missing()) };
    if !ask.sees_unit(&unit) {
        return Err(missing());
    }
    ask.place.data.log_access(&ask.user.name, "explain", &unit, contact, 1, "")?;
    let title = format!("{} {contact}", ask.say("Kontakt", "Contact"));
    let page = Page::new(title);
    let page = if known_on == ask.place.today {
        let made = ask.place.priced()?.explain(&ask.place.data, contact, |row, explanation| {
            told(ask, page, reports, row, explanation, known_on)
        })?;
        made.unwrap_or_else(|| not_in_force(ask, contact, reports, known_on))
    } else {
        let register = ask.place.data.register();
        let mut pricer = Pricer::new(register.view(register.as_of(known_on)));
        let own = ask.place.data.reports_for(contact, &pricer)?;
        match find(&own, &pricer.view().clone(), contact, known_on) {
            Err(_) => not_in_force(ask, contact, reports, known_on),
            Ok((contacts, at)) => {
                pricer.classify(&own);
                let Some(row) = contacts.row(at) else { return Err(missing()) };
                let explanation = explain(&mut pricer, &own, &contacts, at)?;
                let Some(explanation) = explanation else { return Err(missing()) };
                told(ask, page, &own, &row, &explanation, known_on)
            }
        }
    };
    let page = with_otherwise(ask, page, contact, known_on)?;
    let page = page.maybe(posted(ask, reports, contact)).maybe(history(ask, reports, contact));
    Ok(page.with(day_form(ask, contact, known_on)).into())
}

/// The unit of the last report of a contact, by the register of today; cancellations do not move it.
fn unit_of(ask: &Ask, reports: &Reports, contact: &str) -> Option<String> {
    let number = reports.contact_ids.find(contact)?;
    let told = reports.of_contact(number).filter(|report| report.kind != ReportKind::Cancellation);
    let last = told.max_by_key(|report| (report.reported_on, report.batch))?;
    let code = reports.unit_codes.get(last.unit_code);
    Some(ask.place.unit_of_code(code, last.care_date).unwrap_or(code).to_owned())
}

fn not_in_force(ask: &Ask, contact: &str, reports: &Reports, known_on: Day) -> Page {
    let register = ask.place.data.register();
    let view = register.view(register.as_of(known_on));
    let why = match find(reports, &view, contact, known_on) {
        Err(why) => ask.of(&why.text()),
        Ok(_) => String::new(),
    };
    Page::new(format!("{} {contact}", ask.say("Kontakt", "Contact")))
        .notice(Mood::Attention, crate::web::render::sentence(&why))
}

fn told(
    ask: &Ask,
    page: Page,
    reports: &Reports,
    row: &ContactRow,
    explanation: &Explanation<'_, '_>,
    known_on: Day,
) -> Page {
    let applies = |told: &&RateExplanation<'_, '_>| matches!(told.judgement, Judgement::Line(_));
    let paid = by_history(explanation.rates.iter().filter(applies));
    let unit = explanation.unit;
    let name = ask.place.labels.unit_name(unit).unwrap_or(unit);
    let month = explanation.care_date.month();
    let mut facts: Vec<(String, Cell)> = vec![
        (
            ask.say("Enhet", "Unit").into(),
            Cell::of(name, unit).to(format!("/vardgivare/enhet/{unit}")),
        ),
        (ask.say("Vårddag", "Day of care").into(), explanation.care_date.to_string().into()),
        (ask.say("Känt", "Known on").into(), known_on.to_string().into()),
    ];
    if let Some(payer) = explanation.payer {
        facts.push((ask.say("Betalare", "Payer").into(), ask.place.labels.payer(payer).into()));
    }
    if let Some(under) = &explanation.under {
        let form = crate::words::form(under.agreement.fact.form);
        facts.push((ask.say("Avtal", "Agreement").into(), Cell::from(ask.of(&form))));
    }
    let to_pay = kronor(explanation.total);
    facts.push((ask.say("Att betala", "To pay").into(), Cell::from(to_pay)));
    let lead = lead(ask, explanation, name);
    let mut page = page
        .under(ask.say("Avräkning", "Settlement"), "/avrakning")
        .under(name, format!("/besked/{month}/{unit}"))
        .lead(lead)
        .with(Block::Facts(facts));
    page = match explanation.unpriced {
        Some(_) => words::head(explanation).iter().skip(1).fold(page, |page, line| {
            page.notice(Mood::Attention, crate::web::render::sentence(&ask.of(line)))
        }),
        None => page.with(lines(ask, &paid, explanation)),
    };
    for told in &paid {
        page = page.with(Block::Raw(receipt(ask, told, explanation)));
    }
    page.with(did_not_apply(ask, reports, row, explanation))
}

fn lead(ask: &Ask, explanation: &Explanation<'_, '_>, name: &str) -> String {
    let (total, day) = (kronor(explanation.total), explanation.care_date);
    if explanation.unpriced.is_some() {
        let text = ask.say(
            "{name} får inget betalt för kontakten {day}, eftersom den inte har något pris. Här står varför.",
            "{name} is paid nothing for the contact of {day}, since it has no price. This is why.",
        );
        return text.replace("{name}", name).replace("{day}", &day.to_string());
    }
    let text = ask.say(
        "{name} får {total} kr för kontakten {day}. Här står vilka beslut det beror på och hur beloppet räknas.",
        "{name} is paid {total} kr for the contact of {day}. Here is which decisions it rests on and how the amount is made.",
    );
    text.replace("{name}", name).replace("{total}", &total).replace("{day}", &day.to_string())
}

fn kronor(amount: Money) -> String {
    Cell::from(amount).shown().to_owned()
}

fn marks(told: &RateExplanation<'_, '_>) -> Marks {
    Marks { illustrative: told.rate.illustrative, unverified: told.rate.unverified }
}

fn lines(ask: &Ask, paid: &[&RateExplanation<'_, '_>], explanation: &Explanation<'_, '_>) -> Table {
    let columns = vec![
        text("element", "Ersättningsslag", "Element"),
        text("how", "Så räknas det", "How it is made"),
        text("decision", "Beslut", "Decision"),
        money("amount_ore", "Belopp", "Amount").summed(),
    ];
    let rows = paid.iter().filter_map(|told| {
        let Judgement::Line(line) = &told.judgement else { return None };
        let known = &told.rate.known;
        let element = known.fact.element.as_str();
        let label = known.stated.label.as_deref().unwrap_or(element);
        let how = told.arithmetic.as_ref().map(|how| words::arithmetic(how, Some(line.amount)));
        let shadow = (!line.payable).then(|| ask.say("skuggbelopp", "shadow"));
        let mut amount = Cell::from(line.amount).marked(ask.lang, marks(told));
        amount = shadow.into_iter().fold(amount, Cell::mark);
        Some(vec![
            Cell::of(label, element)
                .to(format!("/ersattningar/{element}?on={}", explanation.care_date)),
            Cell::from(how.map_or_else(String::new, |how| ask.of(&how))),
            Cell::from(known.decision.id.as_str()).to(format!("/beslut/{}", known.decision.id)),
            amount,
        ])
    });
    let caption = if explanation.rates.iter().any(is_paid) {
        ask.say("Detta betalas", "This is paid")
    } else {
        ask.say("Detta räknas men betalas inte", "This is computed but not paid")
    };
    Table::new("rader", caption, columns).rows(rows).origin(ask.place.origin()).short()
}

fn is_paid(told: &RateExplanation<'_, '_>) -> bool {
    matches!(&told.judgement, Judgement::Line(line) if line.payable)
}

/// The decision behind a line, as it would be cited in a letter.
fn receipt(ask: &Ask, told: &RateExplanation<'_, '_>, explanation: &Explanation<'_, '_>) -> Html {
    let known = &told.rate.known;
    let (rate, decision) = (known.fact, known.decision);
    let label = known.stated.label.as_deref().unwrap_or(rate.element.as_str());
    let to = rate.valid.last().map_or_else(
        || ask.say("tills vidare", "until further notice").to_owned(),
        |last| format!("{} {last}", ask.say("t.o.m.", "to")),
    );
    let case = decision.case_number.as_ref().map_or_else(
        || ask.say("diarienummer ej verifierat", "case number unverified").to_owned(),
        |case| case.clone(),
    );
    let late = if explanation.care_date < decision.known_from {
        ask.say(", alltså retroaktivt för den här kontakten", ", so retroactively for this contact")
    } else {
        ""
    };
    let text = ask.say(
        "{label}: {body}, beslut {id} ({case}). Nivån {rate} gäller fr.o.m. {from} {to}. Känt senast {known}{late}.",
        "{label}: {body}, decision {id} ({case}). The rate {rate} is valid from {from} {to}. Known by {known}{late}.",
    );
    let text = text
        .replace("{label}", label)
        .replace("{body}", &decision.body)
        .replace("{id}", decision.id.as_str())
        .replace("{case}", &case)
        .replace("{rate}", rate.id.as_str())
        .replace("{from}", &rate.valid.from.to_string())
        .replace("{to}", &to)
        .replace("{known}", &decision.known_from.to_string())
        .replace("{late}", late);
    let mut html = format!("<div class=\"receipt\"><p>{}", Html::text(&text));
    if let Some(anchor) = &known.stated.anchor {
        html.push_str(&format!(" <q class=\"anchor-text\">{}</q>", Html::text(anchor)));
    }
    if let Some(source) = &decision.source {
        html.push_str(&format!(" {}: {}", ask.say("Källa", "Source"), Html::text(&source.title)));
    }
    html.push_str("</p></div>");
    Html::raw(html)
}

fn did_not_apply(
    ask: &Ask,
    reports: &Reports,
    row: &ContactRow,
    explanation: &Explanation<'_, '_>,
) -> Table {
    let not = explanation.rates.iter().filter(|told| !matches!(told.judgement, Judgement::Line(_)));
    let near = not.filter(|told| !is_for_others(told));
    let rows = by_history(near).into_iter().map(|told| {
        let known = &told.rate.known;
        let element = known.fact.element.as_str();
        let label = known.stated.label.as_deref().unwrap_or(element);
        vec![
            Cell::of(label, element)
                .to(format!("/ersattningar/{element}?on={}", explanation.care_date)),
            Cell::from(known.fact.id.as_str()),
            Cell::from(ask.of(&words::reason(reports, row, told))),
        ]
    });
    let columns = vec![
        text("element", "Ersättningsslag", "Element"),
        text("rate", "Nivå", "Rate"),
        text("reason", "Varför inte", "Why not"),
    ];
    let caption =
        ask.say("Detta prövades och gäller inte", "This was looked at and does not apply");
    let empty =
        ask.say("Inga andra nivåer för sådana kontakter.", "No other rates for such contacts.");
    Table::new("prov", caption, columns).rows(rows).empty(empty).short()
}

fn with_otherwise(ask: &Ask, page: Page, contact: &str, known_on: Day) -> Result<Page, Failure> {
    let found = ask.place.data.otherwise(contact, known_on)?;
    if found.is_empty() {
        return Ok(page);
    }
    let rows = found.iter().map(|one| {
        let mut amount = Cell::from(one.more);
        if one.shadow != Money::ZERO {
            amount = amount.mark(format!("{} {}", ask.say("skugga", "shadow"), kronor(one.shadow)));
        }
        vec![Cell::from(ask.of(&if_so(one))), amount]
    });
    let columns = vec![text("if", "Om", "If"), money("more_ore", "Skillnad", "Difference")];
    let caption = ask.say("Annorlunda rapporterat", "Reported otherwise");
    let page = page.heading(ask.say("Vad hade ändrat beloppet", "What would change the amount"));
    let page = page.text(ask.say(
        "Varje rad är uträknad: kontakten prissätts på nytt med en enda uppgift ändrad.",
        "Every row is computed: the contact is priced again with a single field changed.",
    ));
    Ok(page.with(Table::new("om", caption, columns).rows(rows).origin(ask.place.origin()).short()))
}

fn if_so(one: &Otherwise) -> Text {
    let (sv, en) = match (one.field, one.value) {
        (YesNo::Enrolled, Some(true)) => (
            "inskrivning i vårdkedjan hade rapporterats",
            "enrolment in the chain had been reported",
        ),
        (YesNo::Enrolled, _) => (
            "inskrivning i vårdkedjan inte hade rapporterats",
            "enrolment in the chain had not been reported",
        ),
        (YesNo::ByTeam, Some(true)) => (
            "besöket hade rapporterats som av kvinnans eget team",
            "the visit had been reported as by the woman's own team",
        ),
        (YesNo::ByTeam, _) => (
            "besöket inte hade rapporterats som av kvinnans eget team",
            "the visit had not been reported as by the woman's own team",
        ),
        (YesNo::Individual, Some(true)) => (
            "besöket hade rapporterats som individuellt",
            "the visit had been reported as individual",
        ),
        (YesNo::Individual, _) => (
            "besöket inte hade rapporterats som individuellt",
            "the visit had not been reported as individual",
        ),
    };
    Text::new(sv, en)
}

/// What stands posted for the contact, over all settlements that stand.
fn posted(ask: &Ask, reports: &Reports, contact: &str) -> Option<Table> {
    let number = reports.contact_ids.find(contact)?;
    let rows = ask.place.data.posted_of(number)?;
    let rows = rows.into_iter().map(|line| {
        let mut amount = Cell::from(line.amount);
        if !line.payable {
            amount = amount.mark(ask.say("skuggbelopp", "shadow"));
        }
        vec![
            ask.place.labels.element(&line.element).into(),
            Cell::from(line.care_month.to_string()),
            amount,
        ]
    });
    let columns = vec![
        text("element", "Ersättningsslag", "Element"),
        text("care_month", "Vårdmånad", "Month of care"),
        money("amount_ore", "Bokfört", "Booked").summed(),
    ];
    let caption = ask.say("Bokfört hittills", "Booked so far");
    let empty = ask.say(
        "Inget är bokfört för kontakten; den tas med i nästa avräkning.",
        "Nothing is booked for the contact; it is taken in the next settlement.",
    );
    Some(
        Table::new("bokfort", caption, columns)
            .rows(rows)
            .empty(empty)
            .origin(ask.place.origin())
            .short(),
    )
}

/// What was reported of the contact, without what was reported of the woman.
fn history(ask: &Ask, reports: &Reports, contact: &str) -> Option<Table> {
    let number = reports.contact_ids.find(contact)?;
    let batches = ask.place.data.batches();
    let mut all: Vec<_> = reports.of_contact(number).copied().collect();
    all.sort_by_key(|report| (report.reported_on, report.batch));
    let rows = all.into_iter().map(|report| {
        let kind = match report.kind {
            ReportKind::New => ask.say("ny", "new"),
            ReportKind::Correction => ask.say("rättelse", "correction"),
            ReportKind::Cancellation => ask.say("makulering", "cancellation"),
        };
        let day = |day: Day| if day == Day::MIN { String::new() } else { day.to_string() };
        let batch = batches.get(report.batch as usize).map_or("", |batch| batch.name.as_str());
        vec![
            Cell::of(kind, report.kind.name()),
            Cell::from(day(report.reported_on)),
            Cell::from(day(report.care_date)),
            Cell::from(batch),
        ]
    });
    let columns = vec![
        text("report", "Rapport", "Report"),
        text("reported_on", "Rapporterad", "Reported on"),
        text("care_date", "Vårddag", "Day of care"),
        text("batch", "Leverans", "Batch"),
    ];
    let caption = ask.say("Rapporter om kontakten", "Reports of the contact");
    Some(Table::new("rapporter", caption, columns).rows(rows).short())
}

fn day_form(ask: &Ask, contact: &str, known_on: Day) -> Block {
    let url = format!("/kontakt/{}", encoded(contact));
    let (label, button) =
        (ask.say("Visa som känt den", "Show as known on"), ask.say("Visa", "Show"));
    let field = Field::new(ask, "known_on", label, Input::Day, &known_on.to_string()).required();
    Block::Form(Box::new(Form::new(url, button).asking().field(field)))
}
